"""An assessment as a YAML score sheet, in the form that `spbe score` reads."""

import json
import os
import re
from collections.abc import Iterator, Sequence

from spbe_cli.core.assessment import Entry, Missing
from spbe_cli.core.instrument import Indicator
from spbe_cli.core.number import exact
from spbe_cli.core.score import ChosenBy, Reading
from spbe_cli.render.view import visible

__all__ = ["sheet_text", "yaml_text"]

_PLAIN = re.compile(r"[A-Za-z]{3,}[A-Za-z0-9.]*(?: [A-Za-z0-9.]+)*")
_WORDS = {"null", "true", "false", "yes", "off"}  # what some YAML readers do not take as text


def sheet_text(reading: Reading, folder: str, comments: Sequence[str] = ()) -> str:
    """Return the YAML of an assessment, to be saved in `folder`, under lines of comment.

    Who, when, notes, evidence and every level are kept; a user's own instrument is named by its
    path from the folder.
    """
    lines = [f"# {visible(comment)}" for comment in comments]
    assessment = reading.assessment
    head = {
        "institution": assessment.institution,
        "category": assessment.category,
        "province": assessment.province,
        "year": str(assessment.year) if assessment.year is not None else None,
        "stage": assessment.stage,
        "instrument": _instrument(reading, folder),
        "note": assessment.note or None,
    }
    lines += [f"{key}: {yaml_text(value)}" for key, value in head.items() if value is not None]
    lines += ["levels:", *_levels(reading)]
    return "\n".join(lines) + "\n"


def _instrument(reading: Reading, folder: str) -> str | None:
    """Return the name by which a reader finds the instrument again; none where the year tells."""
    if reading.chosen_by in (ChosenBy.YEAR, ChosenBy.DEFAULT):
        return None
    path = reading.instrument.path
    return reading.instrument.id if path is None else os.path.relpath(path, folder)


def _levels(reading: Reading) -> Iterator[str]:
    for group, _, _ in reading.instrument.nodes:
        if group.indicators:
            yield f"  # {visible(f'{group.code}: {group.name}')}"
        for indicator in group.indicators:
            yield from _level(indicator, reading.assessment.entries[indicator.code])


def _level(indicator: Indicator, entry: Entry) -> Iterator[str]:
    if entry.level is Missing.ABSENT and entry == Entry(Missing.ABSENT):
        return
    level = "" if isinstance(entry.level, Missing) else exact(entry.level)
    parts = [f"level: {level}"] if level else []
    if entry.note:
        parts.append(f"note: {yaml_text(entry.note)}")
    if entry.evidence:
        parts.append(f"evidence: [{', '.join(yaml_text(item) for item in entry.evidence)}]")
    if entry.responsible:
        parts.append(f"responsible: {yaml_text(entry.responsible)}")
    plain = bool(level) and len(parts) == 1
    value = level if plain else f"{{{', '.join(parts)}}}" if parts else ""
    yield f"  {yaml_text(indicator.code)}: {value}".rstrip()


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
