"""A page of text and tables, before it is laid out for a terminal or for Markdown."""

import re
from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

__all__ = [
    "Cell",
    "Column",
    "Line",
    "Page",
    "Row",
    "Tone",
    "breakable",
    "harmless",
    "visible",
]

# What would steer a terminal, turn the direction of the text around it, or break a document: C0,
# C1, bidi controls, and what is no character.
_STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


class Tone(StrEnum):
    """What a piece of text means. Colour follows it, and never stands alone."""

    PLAIN = "plain"
    STRONG = "strong"
    FAINT = "faint"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


class Cell(NamedTuple):
    """A text with its tone. `bar` is a part of one that may be drawn beside it."""

    text: str
    tone: Tone = Tone.PLAIN
    bar: Fraction | None = None


class Column(NamedTuple):
    """A column's heading and whether it holds numbers, which stand to the right."""

    heading: str
    numeric: bool = False


class Row(NamedTuple):
    """Cells of one row. `section` draws a line above it, `depth` indents its first cell."""

    cells: tuple[Cell, ...]
    depth: int = 0
    section: bool = False


class Line(NamedTuple):
    """A line of text under the table, or over it; `depth` indents it."""

    text: str
    tone: Tone = Tone.PLAIN
    depth: int = 0


class Page(NamedTuple):
    """A heading, lines, one table, and what is to be said below it."""

    heading: str
    above: Sequence[Line] = ()
    columns: Sequence[Column] = ()
    rows: Sequence[Row] = ()
    below: Sequence[Line] = ()


def harmless(text: str) -> str:
    """Return text with a replacement character for each one that would steer a terminal."""
    if text.isprintable() or text.replace("\n", "").isprintable():
        return text
    return _STEERING.sub("\ufffd", text)


def visible(text: str) -> str:
    """Return text from a file as it may stand on one line: harmless, without line breaks."""
    return text if text.isprintable() else " ".join(harmless(text).split())


def breakable(text: str, longest: int, mark: str) -> str:
    """Return text with a mark after every eighth character of words longer than `longest`."""
    if len(text) <= longest:
        return text
    return re.sub(
        rf"\S{{{longest + 1},}}",
        lambda word: mark.join(re.findall(".{1,8}", word[0])),
        text,
    )
