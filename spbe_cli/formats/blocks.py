"""Blocks of text, tables and charts, before they are laid out.

Every figure stands here as it is shown: renderers lay out, and compute nothing. Each sees to it
that no character of a text steers what it writes.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from spbe_cli.words import Words

# What would steer a terminal, turn the direction of the text around it, or break a document: C0,
# C1, bidi controls, and what is no character.
_STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)

_PLAIN = bytes([ord("\n"), *range(ord(" "), ord("~") + 1)])


class Tone(StrEnum):
    """What a piece of text means. Colour follows it, and never stands alone."""

    PLAIN = "plain"
    STRONG = "strong"
    FAINT = "faint"
    GOOD = "good"
    SOUND = "sound"
    FAIR = "fair"
    POOR = "poor"


COLOURS = {
    Tone.GOOD: "14663A",
    Tone.SOUND: "1A4F8A",
    Tone.FAIR: "7A4B00",
    Tone.POOR: "A11D1D",
    Tone.FAINT: "55636F",
}
"""The colours of tones on paper, each dark enough to be read on white."""


SIGNS = {Tone.GOOD: "▲", Tone.SOUND: "△", Tone.FAIR: "▽", Tone.POOR: "▼"}
"""What stands behind a verdict, so that it is told without its colour."""
ASCII_SIGNS = {"▲": "++", "△": "+", "▽": "-", "▼": "--"}
"""The signs where the characters of ASCII are all that can be shown."""


def tone_at(place: int, count: int) -> Tone:
    """Return the tone of a predicate: the upper two good, the lowest poor, others fair.

    Of five and more the third is sound: Baik is not shown as Cukup is.
    """
    if place < 2:  # noqa: PLR2004
        return Tone.GOOD
    if place == 2 and count > 4:  # noqa: PLR2004
        return Tone.SOUND
    return Tone.POOR if place == count - 1 else Tone.FAIR


class Cell(NamedTuple):
    """A text with its tone. `bar` is a part of one that may be drawn beside it.

    `sign` stands behind the text, and is nothing that is read out.
    """

    text: str
    tone: Tone = Tone.PLAIN
    bar: Fraction | None = None
    sign: str = ""


class Column(NamedTuple):
    """A column's heading and whether it holds numbers, which stand to the right."""

    heading: str
    numeric: bool = False


class Row(NamedTuple):
    """Cells of one row. `section` draws a line above it, `depth` indents its first cell."""

    cells: tuple[Cell, ...]
    depth: int = 0
    section: bool = False


def harmless(text: str) -> str:
    """Return text with a replacement character for each one that would steer a terminal."""
    if text.isprintable():
        return text
    odd = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN)  # little of a whole page
    if odd.decode("utf-8", "surrogatepass").isprintable():
        return text
    return _STEERING.sub("\ufffd", text)


def visible(text: str) -> str:
    """Return text from a file as it may stand on one line: harmless, without line breaks."""
    return text if text.isprintable() else " ".join(harmless(text).split())


def typed(path: str) -> str:
    """Return a path as it is typed after a command, in PowerShell, cmd and elsewhere."""
    return f'"{path}"' if " " in path else path


def breakable(text: str, longest: int, mark: str) -> str:
    """Return text with a mark after every eighth character of words longer than `longest`."""
    if len(text) <= longest:
        return text
    return re.sub(
        rf"\S{{{longest + 1},}}",
        lambda word: mark.join(re.findall(".{1,8}", word[0])),
        text,
    )


class Text(NamedTuple):
    """A paragraph."""

    text: str
    tone: Tone = Tone.PLAIN


class Line(NamedTuple):
    """A note over or under a table, on a line of its own; `depth` indents it."""

    text: str
    tone: Tone = Tone.PLAIN
    depth: int = 0


class Facts(NamedTuple):
    """Names and their values, one pair a line."""

    pairs: Sequence[tuple[str, str]]


class Table(NamedTuple):
    """A table, of which a caption may tell. The cell of the column `row_heading` names its row."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    caption: str = ""
    row_heading: int = 1


class Listing(NamedTuple):
    """Items under a label; an empty label stands for none. `text` stands on the label's line.

    `foreign` says that text and items are in Indonesian, whatever the language of the report.
    """

    label: str
    items: Sequence[str]
    text: str = ""
    foreign: bool = False


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


class Bar(NamedTuple):
    """A bar: its name, value, what stands beside it, and what before its name.

    One that is `strong` was asked for.
    """

    name: str
    value: Fraction
    exact: str
    shown: str
    strong: bool = True
    before: str = ""


class Bars(NamedTuple):
    """Bars from `lowest` to `highest`; `note` says what is not drawn.

    `of_all` is the title of all charts where there are several.
    """

    title: str
    description: str
    bars: Sequence[Bar]
    lowest: Fraction
    highest: Fraction
    note: str = ""
    of_all: str = ""


class ChartLine(NamedTuple):
    """One line: a short and a full name, a value a period, and how each is shown."""

    code: str
    name: str
    values: Sequence[Fraction]
    exact: Sequence[str]
    shown: Sequence[str]


class Lines(NamedTuple):
    """Lines over periods: a slope where there are two. `rings` are the values with a line across.

    No line goes to a period whose place is among the `breaks`: what is there is another index.
    """

    title: str
    description: str
    periods: Sequence[str]
    lines: Sequence[ChartLine]
    rings: Sequence[tuple[Fraction, str]]
    breaks: frozenset[int] = frozenset()
    note: str = ""
    of_all: str = ""


Block = Text | Line | Facts | Table | Card | Radar | Ladder | Lines | Listing


class Section(NamedTuple):
    """Blocks under a heading: a page of an answer, or a part of a report, whose address is `id`.

    One that `begins_page` does so on paper.
    """

    title: str
    blocks: Sequence[Block]
    id: str = ""
    begins_page: bool = False

    def and_then(self, blocks: Iterable[Block]) -> "Section":
        """Return the section with more blocks at its end."""
        return self._replace(blocks=[*self.blocks, *blocks])


def title_size(text: str) -> int:
    """Return 0 for a name that is set as large as a title may be, 1 and 2 for longer ones."""
    return sum(len(text) > most for most in (70, 160))


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
    number: str = ""
    sign: str = ""


class Signing(NamedTuple):
    """Where and when a report is signed, and by whom: position, name, and number of each."""

    where: str
    signatories: Sequence[tuple[str, str, str]]


class Letter(NamedTuple):
    """What an office gives for its letter, as it is shown; empty where it does not."""

    number: str = ""
    date: str = ""
    place: str = ""


class WhatIf(NamedTuple):
    """What a page needs to compute the index of other levels: facts for its script.

    `instrument` is JSON; `steps` are the levels as steps above the lowest, `target` the level that
    each indicator should reach, empty without one.
    """

    instrument: str
    steps: Sequence[int]
    target: str


_WORD = re.compile(r"\w+")


class Names(tuple[str, ...]):  # noqa: SLOT001  (what is made once is kept beside)
    """Names to be found in texts; what finds them is made once."""

    @cached_property
    def known(self) -> frozenset[str]:
        """The names, without an empty one."""
        return frozenset(filter(None, self))

    @cached_property
    def shortest(self) -> int:
        """The length of the shortest; more than any text has where there is none."""
        return min(map(len, self.known), default=sys.maxsize)

    @cached_property
    def begun_by(self) -> dict[str, list[tuple[int, int]]]:
        """How long the names are that have a word first, the longest first, and what precedes it.

        `(Baru) Layanan` begins one place before its first word.
        """
        found: dict[str, set[tuple[int, int]]] = {}
        for name in self.known:
            if first := _WORD.search(name):
                found.setdefault(first[0], set()).add((len(name), first.start()))
        return {word: sorted(each, reverse=True) for word, each in found.items()}


class Document(NamedTuple):
    """A whole report in one language. `whatif` is made only for who asks for it.

    `names` are the Indonesian names in a text of another language; `kind` says what report it is.
    """

    language: str
    kind: str
    title: str
    headline: Headline
    ladder: Ladder
    sections: Sequence[Section]
    contents: str  # the heading of the table of contents
    ending: str
    whatif: Callable[[], WhatIf]
    signing: Signing | None = None
    names: tuple[str, ...] = ()
    letter: Letter = Letter()


def spoken(text: str, names: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """Yield a text in parts, each with whether it is one of the names: of another language.

    Most texts are a name or shorter than any, which is seen without a search.
    """
    if not names:
        yield text, False
        return
    sought = names if isinstance(names, Names) else Names(names)
    if text in sought.known or 0 < len(text) < sought.shortest:
        yield text, text in sought.known
        return
    begun = 0
    for word in _WORD.finditer(text):
        for length, before in sought.begun_by.get(word[0], ()):
            start = word.start() - before
            end = start + length
            is_whole = start >= begun and not (before and start and _WORD.match(text[start - 1]))
            if is_whole and text[start:end] in sought.known and not _WORD.match(text, end):
                if begun < start:
                    yield text[begun:start], False
                yield text[start:end], True
                begun = end
                break
    if begun < len(text):
        yield text[begun:], False


class Made(NamedTuple):
    """What a report is written from.

    `report` is the core's own: only a workbook with live formulas knows it. `template` is the
    letterhead of a Word document.
    """

    document: Document
    words: Words
    report: Any
    template: bytes | None = None


_BLOCKS = "▁▂▃▄▅▆▇█"
_ASCII = "_.-=*#"


def sparkline(values: Sequence[Fraction], *, unicode: bool = True) -> str:
    """Return one block a value, from lowest to highest; in ASCII where the stream has no blocks.

    The picture spans at least one level, so that a change of a hundredth looks like none.
    """
    marks = _BLOCKS if unicode else _ASCII
    span = max(Fraction(1), max(values) - min(values))
    lowest = (max(values) + min(values) - span) / 2
    return "".join(
        marks[min(len(marks) - 1, int((value - lowest) / span * len(marks)))] for value in values
    )


def bar_text(share: Fraction, length: int = 5) -> str:
    """Return a part of one as full and empty blocks, `███░░`, rounded half up."""
    full = min(length, int((2 * share * length + 1) // 2))
    return "█" * full + "░" * (length - full)
