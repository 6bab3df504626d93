"""A page of text and tables, before it is laid out for a terminal or for Markdown."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

__all__ = ["Cell", "Column", "Line", "Page", "Row", "Tone"]


class Tone(StrEnum):
    """What a piece of text means. Colour follows it, and never stands alone."""

    PLAIN = "plain"
    STRONG = "strong"
    FAINT = "faint"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


class Cell(NamedTuple):
    """A text with its tone."""

    text: str
    tone: Tone = Tone.PLAIN


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
    """A line of text under the table, or over it."""

    text: str
    tone: Tone = Tone.PLAIN


class Page(NamedTuple):
    """A heading, lines, one table, and what is to be said below it."""

    heading: str
    above: Sequence[Line] = ()
    columns: Sequence[Column] = ()
    rows: Sequence[Row] = ()
    below: Sequence[Line] = ()
