"""Charts of answers: bars and lines as SVG, alone or on a page above the tables.

Legible without colour: bars have their values beside them, lines differ in dashes and markers and
are named at their ends. Each mark has its name and exact value as data, for whoever reads the
picture by machine.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from html import escape
from itertools import pairwise
from textwrap import wrap
from typing import NamedTuple, Protocol
from unicodedata import east_asian_width

from markupsafe import Markup

from spbe_cli.formats.blocks import Table, harmless
from spbe_cli.formats.endings import Answered, Look
from spbe_cli.formats.html import rendered, shares_of
from spbe_cli.formats.svg import FONT, GRID, INK, LINES, marker, text_at

MOST_BARS = 40
"""How many bars a chart has: more are no longer read."""

_WIDTH, _MARGIN = 420, 10
_LINE, _LINE_LENGTH, _MOST_LINES = 14, 48, 4  # of names: height, characters, lines
_BAR, _GAP, _LONGEST_BAR = 12, 9, 230
_SHORT, _CODE = 22, 8  # characters beside a bar, of a code beside a line
_PLOT, _LEFT, _RIGHT = 220, 78, 342  # the height of a plot of lines, and its sides
_APART = 13  # of labels above each other
_MOST_PERIODS, _PERIOD_LENGTH = 6, 12
_BAR_FILL, _OTHER_FILL = "#0b5f8a", "#aab4bd"
_DASHES = ("", "6 3", "2 3", "9 3 2 3", "1 4", "12 4")


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


Chart = Bars | Lines
_Drawn = tuple[str, int]
"""What is drawn, and how high it is."""


class Charted(Answered, Protocol):
    """An answer that is drawn as well."""

    @property
    def charts(self) -> Callable[[], Iterable[Chart]]:
        """What makes the charts."""


def answer_svg(answer: Charted, _: Look) -> str:
    """Return the charts of an answer as one picture, below each other."""
    charts = list(answer.charts())
    if len(charts) == 1:
        return harmless(chart_svg(charts[0], "chart")) + "\n"
    parts, top = [], 0
    for number, chart in enumerate(charts, 1):
        inside, height = _drawn(chart)
        key = f"chart-{number}"
        parts.append(
            f'<g transform="translate(0 {top})" role="img" '
            f'aria-labelledby="{key}-title {key}-text">{_told(chart, key)}{inside}</g>'
        )
        top += height + 2 * _GAP
    return harmless(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" {_size(top)} '
        f'font-family="{FONT}"><title>{escape(charts[0].of_all)}</title>{_ground(top)}'
        f"{''.join(parts)}</svg>\n"
    )


def answer_html(answer: Charted, look: Look) -> str:
    """Return a page with the charts of an answer, and below each what the tables say."""
    charts = list(answer.charts())
    pages = list(answer.pages())
    drawn = [Markup(chart_svg(each, f"chart-{n}")) for n, each in enumerate(charts, 1)]  # noqa: S704
    return rendered(
        "charts.html",
        styles=("charts.css",),
        title=charts[0].title if len(charts) == 1 else charts[0].of_all,
        language=look.language,
        charts=drawn,
        pages=pages,
        shares_of=_shares,
    )


def _shares(table: Table) -> list[str]:
    """Return what each column takes of a phone's width; names get the rest."""
    longest = [
        sum(len(row.cells[at].text) for row in table.rows) * (not column.numeric)
        for at, column in enumerate(table.columns)
    ]
    return shares_of(table._replace(row_heading=longest.index(max(longest))))


def chart_svg(chart: Chart, key: str) -> str:
    """Return a chart; `key` makes its ids unique on a page."""
    inside, height = _drawn(chart)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" '
        f'{_size(height)} aria-labelledby="{key}-title {key}-text" '
        f'font-family="{FONT}">{_told(chart, key)}{_ground(height)}{inside}</svg>'
    )


def _size(height: int) -> str:
    return f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'


def _told(chart: Chart, key: str) -> str:
    return (
        f'<title id="{key}-title">{escape(chart.title)}</title>'
        f'<desc id="{key}-text">{escape(chart.description)}</desc>'
    )


def _ground(height: int) -> str:
    return f'<rect class="ground" width="{_WIDTH}" height="{height}" fill="#fff"/>'


def _drawn(chart: Chart) -> _Drawn:
    inside, height = _paragraph(chart.title, 0, bold=True)
    body, bottom = _bars(chart, height) if isinstance(chart, Bars) else _lines(chart, height)
    note, end = _paragraph(chart.note, bottom, faint=True) if chart.note else ("", bottom)
    return inside + body + note, end + _GAP


def _paragraph(
    text: str, top: int, *, left: float = _MARGIN, bold: bool = False, faint: bool = False
) -> _Drawn:
    """Return text in lines that stay in the picture; what has no room ends in an ellipsis."""
    room = (_WIDTH - _MARGIN - left) / (1.12 if bold else 1)
    lines = _wrapped(text, int(room / _character(text)))
    drawn = (
        text_at(left, top + _LINE * number, line, size=12, bold=bold, faint=faint)
        for number, line in enumerate(lines, 1)
    )
    return "".join(drawn), top + _LINE * len(lines) + 4


def _character(text: str) -> float:
    """Return how wide a character of a text is on average, in a wide font of 12."""
    widths = [
        12.0 if each in "MW@" or east_asian_width(each) in "WF" else 9.2 if each.isupper() else 7.4
        for each in text
    ]
    return sum(widths) / len(widths) if widths else 7.4


def _wrapped(text: str, room: int, most: int = _MOST_LINES) -> list[str]:
    lines = wrap(" ".join(text.split()), room) or [""]
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1][: room - 1]}…"]


def _bars(chart: Bars, top: int) -> _Drawn:
    """Return each bar below its name, so that no name is in the way of another."""
    parts = []
    span = chart.highest - chart.lowest
    is_mixed = len({bar.strong for bar in chart.bars}) > 1
    for bar in chart.bars:
        name, below = _paragraph(
            f"{bar.before}  {bar.name}".strip(), top, bold=bar.strong and is_mixed
        )
        below += 2
        share = float((bar.value - chart.lowest) / span) if span else 0
        width = max(min(share, 1) * _LONGEST_BAR, 1)
        fill = _BAR_FILL if bar.strong else _OTHER_FILL
        shown = bar.shown if len(bar.shown) <= _SHORT else f"{bar.shown[: _SHORT - 1]}…"
        parts.append(
            f'<g data-name="{escape(bar.name)}" data-value="{bar.exact}">{name}'
            f'<rect class="{"asked" if bar.strong else "other"}" x="{_MARGIN}" '
            f'y="{below}" width="{width:.1f}" height="{_BAR}" fill="{fill}" stroke="{INK}" '
            f'stroke-width="0.6"/>'
            + text_at(_MARGIN + width + 6, below + 10, shown, size=12)
            + "</g>"
        )
        top = below + _BAR + _GAP
    return "".join(parts), top


def _lines(chart: Lines, top: int) -> _Drawn:
    top += _GAP
    lowest, highest = chart.rings[0][0], chart.rings[-1][0]
    height = max(_PLOT, _APART * len(chart.lines))
    last = max(len(chart.periods) - 1, 1)

    def across(place: int) -> float:
        return _LEFT + (_RIGHT - _LEFT) * place / last

    def down(value: Fraction) -> float:
        return top + height * (1 - float((value - lowest) / (highest - lowest)))

    parts = [_ring(down(value), shown) for value, shown in chart.rings]
    for number, line in enumerate(chart.lines):
        at = [(across(place), down(value)) for place, value in enumerate(line.values)]
        parts.append(_line(line, at, number, chart.breaks))
    for end, anchor, x in ((0, "end", _LEFT - 8), (-1, "start", _RIGHT + 8)):
        ys = _apart([down(line.values[end]) for line in chart.lines], top, top + height)
        parts += [
            text_at(x, y + 4, _end(line, end), size=11, anchor=anchor)
            for line, y in zip(chart.lines, ys, strict=True)
        ]
    names, bottom = _period_names(chart, across, top + height + 6)
    parts.append(names)
    for number, line in enumerate(chart.lines):
        name, below = _paragraph(f"{line.code} {line.name}".strip(), bottom, left=_MARGIN + 50)
        parts.append(_key(bottom + _LINE - 4, number) + name)
        bottom = below
    return "".join(parts), bottom


def _end(line: ChartLine, end: int) -> str:
    return f"{line.code[:_CODE]} {line.shown[end]}".strip()


def _ring(y: float, shown: str) -> str:
    return (
        f'<line class="grid" x1="{_LEFT}" y1="{y:.1f}" x2="{_RIGHT}" y2="{y:.1f}" '
        f'stroke="{GRID}" stroke-width="0.7"/>' + text_at(4, y + 4, shown, size=10, faint=True)
    )


def _line(
    line: ChartLine, at: Sequence[tuple[float, float]], number: int, breaks: frozenset[int]
) -> str:
    colour, shape, dashed = _look(number)
    parts = []
    for place, ((x, y), (next_x, next_y)) in enumerate(pairwise(at), 1):
        if place not in breaks:
            parts.append(
                f'<line class="outline line-{shape}" x1="{x:.1f}" y1="{y:.1f}" '
                f'x2="{next_x:.1f}" y2="{next_y:.1f}" stroke="{colour}" stroke-width="2"{dashed}/>'
            )
    parts += [marker(x, y, colour, shape) for x, y in at]
    values = " ".join(line.exact)
    name = escape(f"{line.code} {line.name}".strip())
    return f'<g data-name="{name}" data-values="{values}">{"".join(parts)}</g>'


def _look(number: int) -> tuple[str, str, str]:
    """Return colour, marker and dashes: six lines differ without their colour."""
    colour, _, shape = LINES[number % len(LINES)]
    dashes = _DASHES[number % len(_DASHES)]
    return colour, shape, f' stroke-dasharray="{dashes}"' if dashes else ""


def _key(y: float, number: int) -> str:
    colour, shape, dashed = _look(number)
    return (
        f'<line class="outline line-{shape}" x1="{_MARGIN}" y1="{y}" x2="{_MARGIN + 40}" y2="{y}" '
        f'stroke="{colour}" stroke-width="2"{dashed}/>' + marker(_MARGIN + 20, y, colour, shape)
    )


def _apart(wanted: Sequence[float], top: float, bottom: float) -> list[float]:
    """Return where labels stand: near their marks, none on another."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    found = [0.0] * len(wanted)
    at = top - _APART
    for place in order:
        at = found[place] = max(wanted[place], at + _APART)
    at = max(bottom, top + _APART * (len(wanted) - 1)) + _APART
    for place in reversed(order):
        at = found[place] = min(found[place], at - _APART)
    return found


def _period_names(chart: Lines, across: Callable[[int], float], top: float) -> _Drawn:
    """Return the names of the periods, of many the first, the last and some between."""
    step = -(-len(chart.periods) // _MOST_PERIODS)
    last = len(chart.periods) - 1
    shown = [place for place in range(last + 1) if place % step == 0 and last - place >= step]
    parts, most = [], 1
    for place in dict.fromkeys([*shown, last]):
        lines = _wrapped(chart.periods[place], _PERIOD_LENGTH if last else _LINE_LENGTH, 3)
        most = max(most, len(lines))
        parts += [
            text_at(across(place), top + 12 * number, line, size=11, anchor="middle")
            for number, line in enumerate(lines, 1)
        ]
    return "".join(parts), int(top) + 12 * most + _GAP
