"""Forms to fill in, as YAML and CSV."""

import csv
import io
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.assessment import Entry, Missing, Origin, Share, Stage
from spbe_cli.core.instrument import Criteria, Indicator, Instrument
from spbe_cli.core.number import exact
from spbe_cli.core.score import ChosenBy, Reading
from spbe_cli.formats.blocks import typed, visible
from spbe_cli.words import Words

_PLAIN = re.compile(r"[A-Za-z]{3,}[A-Za-z0-9.]*(?: [A-Za-z0-9.]+)*")
_WORDS = {"null", "true", "false", "yes", "off"}  # what some YAML readers do not take as text


def sheet_text(reading: Reading, folder: str, words: Words, comments: Sequence[str] = ()) -> str:
    """Return the YAML of an assessment, to be saved in `folder`, under lines of comment.

    Who, when, notes, evidence and every level are kept, under keys in the reader's language; a
    user's own instrument is named by its path from the folder.
    """
    lines = [f"# {visible(comment)}" for comment in comments]
    assessment = reading.assessment
    head = {
        words("Institution"): assessment.institution,
        words("Category"): assessment.category,
        words("Province"): assessment.province,
        words("Year"): str(assessment.year) if assessment.year is not None else None,
        words("Stage"): stage_name(assessment.stage, words) if assessment.stage else None,
        words("Instrument"): _instrument(reading, folder),
        words("Note"): assessment.note or None,
    }
    said = {key.casefold(): value for key, value in head.items() if value is not None}
    lines += [f"{key}: {yaml_text(value)}" for key, value in said.items()]
    indices = {code: exact(index) for code, index in _indices(reading).items()}
    if indices:
        listed = ", ".join(f"{code}: {text}" for code, text in indices.items())
        lines.append(f"{words('indices')}: {{{listed}}}")
    lines += [f"{words('levels')}:", *_levels(reading, words)]
    return "\n".join(lines) + "\n"


def _indices(reading: Reading) -> Mapping[str, Fraction]:
    """Return the indices of other evaluations, but those whose values were changed afterwards."""
    entries = reading.assessment.entries
    changed = {
        external.code
        for external in reading.instrument.external
        if any(entries[code].origin is not Origin.INDEX for code in external.gives)
    }
    given = reading.assessment.indices
    return {code: index for code, index in given.items() if code not in changed}


def _instrument(reading: Reading, folder: str) -> str | None:
    """Return the name by which a reader finds the instrument again; none where the year tells."""
    if reading.chosen_by in (ChosenBy.YEAR, ChosenBy.DEFAULT):
        return None
    path = reading.instrument.path
    return reading.instrument.id if path is None else os.path.relpath(path, folder)


def _levels(reading: Reading, words: Words) -> Iterator[str]:
    for group, _, _ in reading.instrument.nodes:
        if group.indicators:
            yield f"  # {visible(f'{group.code}: {group.name}')}"
        for indicator in group.indicators:
            yield from _level(indicator, reading.assessment.entries[indicator.code], words)


def _level(indicator: Indicator, entry: Entry, words: Words) -> Iterator[str]:
    if entry.level is Missing.ABSENT and entry == Entry(Missing.ABSENT):
        return
    level = "" if isinstance(entry.level, Missing) else exact(entry.level)
    said = {words("Level"): level}
    if entry.note:
        said[words("Note")] = yaml_text(entry.note)
    if entry.evidence:
        said[words("Evidence")] = f"[{', '.join(map(yaml_text, entry.evidence))}]"
    if entry.responsible:
        said[words("Responsible")] = yaml_text(entry.responsible)
    if entry.accepted is not None:
        shares = (f"{exact(at)}: {_share(share)}" for at, share in entry.accepted.items())
        said[words("Accepted")] = f"{{{', '.join(shares)}}}"
    parts = [f"{label.casefold()}: {text}" for label, text in said.items() if text]
    plain = bool(level) and len(parts) == 1
    value = level if plain else f"{{{', '.join(parts)}}}" if parts else ""
    yield f"  {yaml_text(indicator.code)}: {value}".rstrip()


def _share(share: Share) -> str:
    """Return the accepted pieces of a level as a score sheet has them."""
    if share.numbers is None:
        return f"{share.accepted}/{share.pieces}"
    return f"[{', '.join(map(str, sorted(share.numbers)))}]"


def yaml_text(text: str) -> str:
    """Return text as YAML: as it is where every reader takes it so, else quoted."""
    if text.replace(".", "", 1).isdecimal() and text.isascii():
        return text
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else _escaped(c) for c in quoted)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004


SCHEMA_NAME = "spbe-assessment.schema.json"
"""The file beside a YAML form by which editors check and complete it."""


class Form(NamedTuple):
    """What a form is about; `name` is the file's, for the line that says what to do next.

    `instrument_name` is what names the instrument in the file, None where the year tells;
    `criteria` by indicator code, empty for an instrument without.
    """

    name: str
    instrument: Instrument
    instrument_name: str | None = None
    institution: str = ""
    year: int | None = None
    criteria: Mapping[str, Criteria] = {}


def form_yaml(form: Form, words: Words) -> str:
    """Return the form as YAML, with every indicator's name beside its empty level."""
    instrument = form.instrument
    lines = yaml_head(
        form,
        _about(instrument, words),
        words(
            "Fill in a level ({scale}) after each colon; then: spbe score {name}",
            scale=words.scale(str(instrument.scale)),
            name=typed(visible(form.name)),
        ),
        words(
            "With a note, evidence and who is responsible: {example}",
            example=_example(words),
        ),
        words=words,
    )
    lines.append(f"{words('levels')}:")
    lines += _yaml_levels(instrument)
    return "\n".join(lines) + "\n"


def _example(words: Words) -> str:
    """Return all that may be said of a level, as YAML."""
    labels = words("Level"), words("Note"), words("Evidence"), words("Responsible")
    said = zip(map(str.casefold, labels), ("3", '"..."', '["..."]', '"..."'), strict=True)
    return f"{{{', '.join(f'{key}: {value}' for key, value in said)}}}"


def yaml_head(form: Form, *comments: str, words: Words) -> list[str]:
    """Return the first lines of a YAML form: comments, then who and when.

    The keys are the labels of other forms in lower case, which readers take in either language.
    """
    stages = ", ".join(stage_name(stage, words) for stage in Stage)
    head = head_of(form, words)
    values = {
        words("Institution"): yaml_text(visible(form.institution)) if form.institution else "",
        words("Stage"): f"{stage_name(Stage.SELF, words)}  # {stages}",
        words("Instrument"): yaml_text(form.instrument_name or ""),
    }
    return [
        f"# yaml-language-server: $schema={SCHEMA_NAME}",
        *(f"# {comment}" for comment in comments),
        *(f"{key.casefold()}: {values.get(key, value)}".rstrip() for key, value in head),
    ]


def _about(instrument: Instrument, words: Words) -> str:
    basis = instrument.references[0].title if instrument.references else instrument.title
    return visible(words("Score sheet, instrument {id} ({basis})", id=instrument.id, basis=basis))


def _yaml_levels(instrument: Instrument) -> Iterator[str]:
    width = max(len(yaml_text(code)) for code in instrument.indicator_by_code) + 2
    for group, _, _ in instrument.nodes:
        yield f"  # {visible(f'{group.code} {group.name}')}"
        for indicator in group.indicators:
            key = f"{yaml_text(indicator.code)}:"
            yield f"  {key:<{width}}  # {visible(indicator.name)}"


def form_csv(form: Form, words: Words) -> str:
    """Return the form as a table that a spreadsheet program opens.

    Indonesian ones take a semicolon between the cells. Names stand behind a label or a code, so
    that no cell begins as a formula does.
    """
    rows = [[f"{label}: {value}".rstrip()] for label, value in head_of(form, words)]
    headings = [words("Code"), words("Name of the indicator"), words("Level"), words("Note")]
    rows += [[], [*headings, words("Evidence"), words("Responsible")]]
    for indicator in form.instrument.indicators:
        name = visible(indicator.name)
        rows.append([indicator.code, f" {name}" if name[:1] in "=+-@" else name, "", "", "", ""])
    return csv_text(rows, words)


def head_of(form: Form, words: Words) -> list[tuple[str, str]]:
    """Return who and when, as labels and values above a table."""
    head = [
        (words("Institution"), visible(form.institution)),
        (words("Category"), ""),
        (words("Province"), ""),
        (words("Year"), str(form.year) if form.year is not None else ""),
        (words("Stage"), stage_name(Stage.SELF, words)),
    ]
    if form.instrument_name is not None:
        head.append((words("Instrument"), form.instrument_name))
    return head


def csv_text(rows: Sequence[Sequence[str]], words: Words) -> str:
    """Return rows as CSV for spreadsheet programs; Indonesian ones take a semicolon."""
    written = io.StringIO()
    # the mark in front tells spreadsheet programs that this is UTF-8
    written.write("\ufeff")
    csv.writer(written, delimiter=";" if words.language == "id" else ",").writerows(rows)
    return written.getvalue()


def stage_name(stage: Stage, words: Words) -> str:
    """Return a stage as a score sheet may name it."""
    return words(f"stage {stage}").removeprefix("stage ")
