"""A report as blocks of text, tables and charts, before it is a page, a PDF or a workbook.

Every figure stands here as it is shown: renderers lay out, and compute nothing. Each sees to it
that no character of a text steers what it writes.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.render.view import Column, Row, Tone

__all__ = [
    "Block",
    "Card",
    "Document",
    "Facts",
    "Headline",
    "Ladder",
    "Listing",
    "Radar",
    "RadarLine",
    "Section",
    "Table",
    "Text",
]


class Text(NamedTuple):
    """A paragraph."""

    text: str
    tone: Tone = Tone.PLAIN


class Facts(NamedTuple):
    """Names and their values, one pair a line."""

    pairs: Sequence[tuple[str, str]]


class Table(NamedTuple):
    """A table with a caption. The cell of the column `row_heading` names its row."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    row_heading: int = 1


class Listing(NamedTuple):
    """Items under a label; an empty label stands for none."""

    label: str
    items: Sequence[str]


class Card(NamedTuple):
    """One matter with a title, a short remark beside it, a paragraph and lists."""

    title: str
    remark: str = ""
    text: str = ""
    listings: Sequence[Listing] = ()


class RadarLine(NamedTuple):
    """One outline of a radar chart: a value on each axis, and how each is shown."""

    label: str
    values: Sequence[Fraction]
    shown: Sequence[str]


class Radar(NamedTuple):
    """A radar chart: axes by code and name, a scale, and up to three outlines.

    `description` says in words what the chart shows.
    """

    title: str
    description: str
    axes: Sequence[tuple[str, str]]
    lines: Sequence[RadarLine]
    rings: Sequence[tuple[Fraction, str]]


class Ladder(NamedTuple):
    """The scale of the index with its predicates, and marks on it.

    `bands` hold a name, the lowest index and how that is shown, lowest first; `marks` a label and
    an index. `top` is the scale's highest.
    """

    title: str
    description: str
    bands: Sequence[tuple[str, Fraction, str]]
    marks: Sequence[tuple[str, Fraction]]
    top: tuple[Fraction, str]


Block = Text | Facts | Table | Card | Radar | Ladder | Listing


class Section(NamedTuple):
    """A part with a heading; `id` is its address on a page."""

    id: str
    title: str
    blocks: Sequence[Block]


class Headline(NamedTuple):
    """What stands at the top: who, when, and the result in one line each."""

    institution: str
    when: str
    index_name: str
    value: str
    predicate: str
    tone: Tone
    distance: str
    scale: str


class Document(NamedTuple):
    """A whole report in one language."""

    language: str
    title: str
    headline: Headline
    ladder: Ladder
    sections: Sequence[Section]
    contents: str  # the heading of the table of contents
    ending: str
