"""A form for one assessment, to be filled in and read back by `spbe score`: as YAML and as CSV."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from spbe_cli.core.assessment import Stage
from spbe_cli.core.instrument import Criteria, Instrument
from spbe_cli.render.sheet_yaml import yaml_text
from spbe_cli.render.view import visible
from spbe_cli.words import Words

__all__ = ["SCHEMA_NAME", "Form", "form_csv", "form_yaml"]

SCHEMA_NAME = "spbe-assessment.schema.json"
"""The file beside a YAML form by which editors check and complete it."""


class Form(NamedTuple):
    """What a form is about.

    `instrument_name` is what names the instrument in the file, None where the year tells;
    `criteria` by indicator code, empty for an instrument without.
    """

    instrument: Instrument
    instrument_name: str | None = None
    institution: str = ""
    year: int | None = None
    criteria: Mapping[str, Criteria] = {}


def form_yaml(form: Form, words: Words, name: str) -> str:
    """Return the form as YAML, with every indicator's name beside its empty level.

    `name` is the file's name, for the line that says what to do next.
    """
    instrument = form.instrument
    lines = [
        f"# yaml-language-server: $schema={SCHEMA_NAME}",
        f"# {_about(instrument, words)}",
        "# "
        + words(
            "Fill in a level ({scale}) after each colon; then: spbe score {name}",
            scale=str(instrument.scale),
            name=visible(name),
        ),
        "# "
        + words(
            "With a note, evidence and who is responsible: {example}",
            example='{level: 3, note: "...", evidence: ["..."], responsible: "..."}',
        ),
        f"institution: {yaml_text(visible(form.institution)) if form.institution else ''}".rstrip(),
        "category:",
        "province:",
        f"year: {form.year or ''}".rstrip(),
        f"stage: {Stage.SELF}  # {', '.join(Stage)}",
    ]
    if form.instrument_name is not None:
        lines.append(f"instrument: {yaml_text(form.instrument_name)}")
    lines.append("levels:")
    lines += _yaml_levels(instrument)
    return "\n".join(lines) + "\n"


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
    instrument = form.instrument
    year = str(form.year) if form.year is not None else ""
    head = [
        (words("Institution"), visible(form.institution)),
        (words("Category"), ""),
        (words("Province"), ""),
        (words("Year"), year),
        (words("Stage"), str(Stage.SELF)),
    ]
    if form.instrument_name is not None:
        head.append((words("Instrument"), form.instrument_name))
    written = io.StringIO()
    # the mark in front tells spreadsheet programs that this is UTF-8
    written.write("\ufeff")
    rows = csv.writer(written, delimiter=";" if words.language == "id" else ",")
    rows.writerows([f"{label}: {value}".rstrip()] for label, value in head)
    rows.writerow([])
    rows.writerow(
        [
            words("Code"),
            words("Name of the indicator"),
            words("Level"),
            words("Note"),
            words("Evidence"),
            words("Responsible"),
        ]
    )
    for indicator in instrument.indicators:
        name = visible(indicator.name)
        rows.writerow([indicator.code, f" {name}" if name[:1] in "=+-@" else name, "", "", "", ""])
    return written.getvalue()
