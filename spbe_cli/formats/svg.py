"""Small charts as SVG: titled, described for screen readers, legible in black and white.

Colours stand as attributes, so that a chart looks right by itself; a page's style may override
them by class. Coordinates are floats: they place ink, and no figure is taken from them.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from html import escape
from itertools import pairwise
from math import cos, pi, sin
from textwrap import wrap
from typing import NamedTuple
from unicodedata import east_asian_width

from spbe_cli.formats.blocks import Bars, ChartLine, Ladder, Lines, Radar, RadarLine

_INK, _FAINT, _GRID = "#1b2733", "#55636f", "#aab4bd"
FONT = "system-ui, sans-serif"
_LINES = (("#0b5f8a", "circle"), ("#b04a00", "square"), ("#5b3a8e", "triangle"))  # and markers
_DASHES = ("", "6 3", "2 3", "9 3 2 3", "1 4", "12 4")
_BANDS = ("#f0f2f4", "#dde2e7")  # neighbours differ in shade, not in hue
_CENTRE, _RADIUS = (280.0, 196.0), 130.0
_WIDTH, _HEIGHT = 560, 386
_LEGEND_LINE = 20
_ROOM, _HALF_ROOM, _CODE = 50, 32, 10  # characters of a label, of one beside another, of a code
_CROWDED = 16  # axes
_NAME_LINE, _NAME_LINES = 22, 3  # characters and lines of an axis's name
_LADDER_WIDTH = 400.0
CHART_WIDTH, _MARGIN = 420, 10
_LINE, _LINE_LENGTH, _MOST_LINES = 14, 48, 4  # of names: height, characters, lines
_BAR, GAP, _LONGEST_BAR = 12, 9, 230
_SHORT, _SHORT_CODE = 22, 8  # characters beside a bar, of a code beside a line
_PLOT, _PLOT_LEFT, _PLOT_RIGHT = 220, 78, 342  # the height of a plot of lines, and its sides
_APART = 13  # of labels above each other
_MOST_PERIODS, _PERIOD_LENGTH = 6, 12
_BAR_FILL, _OTHER_FILL = "#0b5f8a", "#aab4bd"
_DIGIT, _BETWEEN = 5.0, 3.0  # of the numbers below a scale: a character's width, a gap
_CHARACTER, _SMALL_CHARACTER = 5.6, 4.5  # the width of one of a band's name, on average


Chart = Radar | Ladder | Bars | Lines
Drawn = tuple[str, int]
"""What is drawn, and how high it is."""


def radar(chart: Radar, key: str, font: str = FONT) -> str:
    """Return a radar chart; `key` makes its ids unique on a page."""
    frame = _Frame(len(chart.axes), chart.rings[-1][0])
    rings = [_ring(frame, value, shown) for value, shown in chart.rings]
    axes = [
        _axis(frame, place, axis, shown)
        for place, (axis, shown) in enumerate(zip(chart.axes, chart.lines[0].shown, strict=True))
    ]
    outlines = [
        _outline(frame, line, place) for place, line in reversed(list(enumerate(chart.lines)))
    ]
    labels = [line.label for line in chart.lines]
    beside = 1 if any(len(label) > _HALF_ROOM for label in labels) or len(labels) == 1 else 2
    legend = [_legend(place, label, beside) for place, label in enumerate(labels)]
    height = _HEIGHT + _LEGEND_LINE * -(-len(labels) // beside)
    inside = "".join([*rings, *axes, *outlines, *legend])
    return _svg(chart, (key, font), (_WIDTH, height), inside)


def ladder(chart: Ladder, key: str, font: str = FONT) -> str:
    """Return the scale of the index with its predicates, and a mark for each index."""
    ends = chart.bands[0][1], chart.top[0]
    parts = [_bands(tuple(chart.bands), chart.top)]
    parts += [
        _mark(_across(value, ends), label, first=not place)
        for place, (label, value) in reversed(list(enumerate(chart.marks)))
    ]
    size = (int(_LADDER_WIDTH), 74 if len(chart.marks) == 1 else 96)
    return _svg(chart, (key, font), size, "".join(parts))


def _across(value: Fraction, ends: tuple[Fraction, Fraction]) -> float:
    """Return where a value stands on a ladder."""
    lowest, highest = ends
    return float((value - lowest) / (highest - lowest)) * (_LADDER_WIDTH - 20) + 10


@lru_cache(maxsize=64)
def _bands(bands: tuple[tuple[str, Fraction, str], ...], top: tuple[Fraction, str]) -> str:
    """Return the bands of a ladder, which every report on an instrument has alike."""
    parts = []
    lows = [_across(low, (bands[0][1], top[0])) for _, low, _ in bands]
    highs = [*lows[1:], _across(top[0], (bands[0][1], top[0]))]
    edges = [*zip(lows, (shown for *_, shown in bands), strict=True), (highs[-1], top[1])]
    legible = set(_legible(edges))
    for place, ((name, _, shown), left, high) in enumerate(zip(bands, lows, highs, strict=True)):
        width = high - left
        fill = _BANDS[place % 2]
        label = _band_label(name, left + width / 2, width)
        parts.append(
            f'<rect class="band band-{place % 2}" x="{left:.1f}" y="30" width="{width:.1f}" '
            f'height="24" fill="{fill}" stroke="{_GRID}"/>'
            + label
            + (text_at(left, 68, shown, size=9, anchor="middle", faint=True) * (left in legible))
        )
    parts.append(text_at(highs[-1], 68, top[1], size=9, anchor="middle", faint=True))
    return "".join(parts)


def _legible(edges: Sequence[tuple[float, str]]) -> Iterator[float]:
    """Yield where numbers stand below a scale: both ends, and between them none that touches."""
    before, *inner, last = edges
    yield before[0]
    for at, text in inner:
        room = ((len(text) + len(other)) / 2 * _DIGIT + _BETWEEN for _, other in (before, last))
        if all(abs(at - x) > each for each, (x, _) in zip(room, (before, last), strict=True)):
            yield at
            before = at, text
    yield last[0]


def _band_label(name: str, middle: float, width: float) -> str:
    """Return the name of a band in it: on one line, on two smaller ones, or cut short."""
    if len(name) <= int(width / _CHARACTER):
        return text_at(middle, 46, name, size=10, anchor="middle")
    for size in (8, 7):
        room = max(int(width * 8 / (_SMALL_CHARACTER * size)), 2)
        lines = wrap(name, room)
        if len(lines) <= 2 and all(len(line) <= room for line in lines):  # noqa: PLR2004
            texts = zip((40, 50) if len(lines) > 1 else (46,), lines, strict=True)
            placed = (text_at(middle, y, line, size=size, anchor="middle") for y, line in texts)
            return "".join(placed)
    room = max(int(width / _SMALL_CHARACTER), 2)
    return text_at(middle, 46, f"{name[: room - 1]}…", size=8, anchor="middle")


def bars_or_lines(chart: Bars | Lines, key: str, font: str = FONT) -> str:
    """Return bars or lines with their title; `key` makes its ids unique on a page."""
    inside, height = drawn(chart)
    return _svg(chart, (key, font), (CHART_WIDTH, height), ground(height) + inside)


def ground(height: int) -> str:
    """Return what bars and lines stand on."""
    return f'<rect class="ground" width="{CHART_WIDTH}" height="{height}" fill="#fff"/>'


def drawn(chart: Bars | Lines) -> Drawn:
    """Return a chart without its frame, and how high it is."""
    inside, height = _paragraph(chart.title, 0, bold=True)
    body, bottom = _bars(chart, height) if isinstance(chart, Bars) else _lines(chart, height)
    note, end = _paragraph(chart.note, bottom, faint=True) if chart.note else ("", bottom)
    return inside + body + note, end + GAP


def _paragraph(
    text: str, top: int, *, left: float = _MARGIN, bold: bool = False, faint: bool = False
) -> Drawn:
    """Return text in lines that stay in the picture; what has no room ends in an ellipsis."""
    room = (CHART_WIDTH - _MARGIN - left) / (1.12 if bold else 1)
    lines = wrapped(text, int(room / _character(text)))
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


def wrapped(text: str, room: int, most: int = _MOST_LINES) -> list[str]:
    """Return a text in lines; what has no room there ends in an ellipsis."""
    lines = wrap(" ".join(text.split()), room) or [""]
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1][: room - 1]}…"]


def _bars(chart: Bars, top: int) -> Drawn:
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
            f'y="{below}" width="{width:.1f}" height="{_BAR}" fill="{fill}" stroke="{_INK}" '
            f'stroke-width="0.6"/>'
            + text_at(_MARGIN + width + 6, below + 10, shown, size=12)
            + "</g>"
        )
        top = below + _BAR + GAP
    return "".join(parts), top


def _lines(chart: Lines, top: int) -> Drawn:
    top += GAP
    lowest, highest = chart.rings[0][0], chart.rings[-1][0]
    height = max(_PLOT, _APART * len(chart.lines))
    last = max(len(chart.periods) - 1, 1)

    def across(place: int) -> float:
        return _PLOT_LEFT + (_PLOT_RIGHT - _PLOT_LEFT) * place / last

    def down(value: Fraction) -> float:
        return top + height * (1 - float((value - lowest) / (highest - lowest)))

    parts = [_level(down(value), shown) for value, shown in chart.rings]
    for number, line in enumerate(chart.lines):
        at = [(across(place), down(value)) for place, value in enumerate(line.values)]
        parts.append(_line(line, at, number, chart.breaks))
    for end, anchor, x in ((0, "end", _PLOT_LEFT - 8), (-1, "start", _PLOT_RIGHT + 8)):
        ys = _apart([down(line.values[end]) for line in chart.lines], top, top + height)
        parts += [
            text_at(x, y + 4, _end(line, end), size=11, anchor=anchor)
            for line, y in zip(chart.lines, ys, strict=True)
        ]
    names, bottom = _period_names(chart, across, top + height + 6)
    parts.append(names)
    for number, line in enumerate(chart.lines):
        name, below = _paragraph(f"{line.code} {line.name}".strip(), bottom, left=_MARGIN + 50)
        parts.append(sample(_MARGIN, bottom + _LINE - 4, number) + name)
        bottom = below
    return "".join(parts), bottom


def _end(line: ChartLine, end: int) -> str:
    return f"{line.code[:_SHORT_CODE]} {line.shown[end]}".strip()


def _level(y: float, shown: str) -> str:
    return (
        f'<line class="grid" x1="{_PLOT_LEFT}" y1="{y:.1f}" x2="{_PLOT_RIGHT}" y2="{y:.1f}" '
        f'stroke="{_GRID}" stroke-width="0.7"/>' + text_at(4, y + 4, shown, size=10, faint=True)
    )


def _line(
    line: ChartLine, at: Sequence[tuple[float, float]], number: int, breaks: frozenset[int]
) -> str:
    colour, shape, dashed = look(number)
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


def _period_names(chart: Lines, across: Callable[[int], float], top: float) -> Drawn:
    """Return the names of the periods, of many the first, the last and some between."""
    step = -(-len(chart.periods) // _MOST_PERIODS)
    last = len(chart.periods) - 1
    shown = [place for place in range(last + 1) if place % step == 0 and last - place >= step]
    parts, most = [], 1
    for place in dict.fromkeys([*shown, last]):
        lines = wrapped(chart.periods[place], _PERIOD_LENGTH if last else _LINE_LENGTH, 3)
        most = max(most, len(lines))
        parts += [
            text_at(across(place), top + 12 * number, line, size=11, anchor="middle")
            for number, line in enumerate(lines, 1)
        ]
    return "".join(parts), int(top) + 12 * most + GAP


def bar(share: Fraction) -> str:
    """Return a bar that fills a part of its length; the number stands beside it as text."""
    width = float(min(max(share, Fraction(0)), Fraction(1))) * 100
    return (
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" width="100" height="8"/><rect width="{width:.4g}" height="8"/></svg>'
    )


def _svg(chart: Chart, key_font: tuple[str, str], size: tuple[int, int], inside: str) -> str:
    (key, font), (width, height) = key_font, size
    kind = {Radar: " radar", Ladder: " ladder"}.get(type(chart), "")
    fixed = "" if kind else f' width="{width}" height="{height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart{kind}" role="img" '
        f'viewBox="0 0 {width} {height}"{fixed} aria-labelledby="{key}-title {key}-text" '
        f'font-family="{font}">{told(chart, key)}{inside}</svg>'
    )


def told(chart: Chart, key: str) -> str:
    """Return the title and the description of a chart, for screen readers."""
    return (
        f'<title id="{key}-title">{escape(chart.title)}</title>'
        f'<desc id="{key}-text">{escape(chart.description)}</desc>'
    )


class _Frame(NamedTuple):
    """What radar charts of one instrument share: the number of axes, and the value at their end."""

    axes: int
    highest: Fraction


def _point(frame: _Frame, place: int, value: Fraction) -> tuple[float, float]:
    """Return where a value stands on an axis; the innermost ring is the lowest of the scale."""
    length = _RADIUS * float(value) / float(frame.highest)
    across, down = _direction(place, frame.axes)
    return _CENTRE[0] + length * across, _CENTRE[1] + length * down


@cache
def _direction(place: int, count: int) -> tuple[float, float]:
    angle = 2 * pi * place / count - pi / 2
    return cos(angle), sin(angle)


def _joined(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


@lru_cache(maxsize=64)
def _ring(frame: _Frame, value: Fraction, shown: str) -> str:
    around = _joined([_point(frame, place, value) for place in range(frame.axes)])
    x, y = _point(frame, 0, value)
    return (
        f'<polygon class="grid" points="{around}" fill="none" stroke="{_GRID}" '
        f'stroke-width="0.7"/>' + text_at(x + 4, y + 10, shown, size=9, faint=True)
    )


def _axis(frame: _Frame, place: int, axis: tuple[str, str], shown: str) -> str:
    """Return an axis with its code, the value on it, and its name; codes alone where crowded."""
    line, names, (x, y, side) = _bare_axis(frame, place, axis)
    code = axis[0][:_CODE]
    if frame.axes > _CROWDED:  # the values stand in the table
        return line + text_at(x, y, code, size=9, anchor=side, bold=True)
    return line + text_at(x, y, f"{code}  {shown}", size=12, anchor=side, bold=True) + names


@lru_cache(maxsize=256)
def _bare_axis(
    frame: _Frame, place: int, axis: tuple[str, str]
) -> tuple[str, str, tuple[float, float, str]]:
    """Return an axis and its name, and where its code stands: its place and how it is set."""
    top = frame.highest
    x, y = _point(frame, place, top)
    far_x, far_y = _point(frame, place, top * Fraction(109, 100))
    side = "middle" if abs(far_x - _CENTRE[0]) < 20 else "start" if far_x > x else "end"  # noqa: PLR2004
    line = (
        f'<line class="grid" x1="{_CENTRE[0]}" y1="{_CENTRE[1]}" x2="{x:.1f}" y2="{y:.1f}" '
        f'stroke="{_GRID}" stroke-width="0.7"/>'
    )
    if frame.axes > _CROWDED:
        return line, "", (far_x, far_y + 3, side)
    lines = name_lines(axis[1]).split("\n")
    height = 12 * len(lines)
    share = (far_y - _CENTRE[1]) / _RADIUS  # -1 at the top, where a label ends, 1 at the bottom
    first = far_y + 5 + height * (share - 1) / 2
    names = (
        text_at(far_x, first + 12 * number, each, size=10, anchor=side)
        for number, each in enumerate(lines, 1)
    )
    return line, "".join(names), (far_x, first, side)


def name_lines(name: str) -> str:
    """Return a name in lines of a label; what has no room there ends in an ellipsis."""
    return "\n".join(wrapped(name, _NAME_LINE, _NAME_LINES))


def _outline(frame: _Frame, line: RadarLine, place: int) -> str:
    colour, shape, dashed = look(place)
    corners = [_point(frame, place, value) for place, value in enumerate(line.values)]
    fill = "none" if dashed else colour
    outline = (
        f'<polygon class="outline line-{shape}" points="{_joined(corners)}" '
        f'fill="{fill}" fill-opacity="0.15" stroke="{colour}" stroke-width="2"{dashed}/>'
    )
    return outline + "".join(marker(x, y, colour, shape) for x, y in corners)


def marker(x: float, y: float, colour: str, shape: str) -> str:
    """Return the mark of a line at a point, which tells it from others without colour."""
    look = f'class="marker line-{shape}" fill="{colour}"'
    if shape == "circle":
        return f'<circle {look} cx="{x:.1f}" cy="{y:.1f}" r="3.2"/>'
    if shape == "square":
        return f'<rect {look} x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6"/>'
    corners = f"{x:.1f},{y - 4:.1f} {x + 4:.1f},{y + 3:.1f} {x - 4:.1f},{y + 3:.1f}"
    return f'<polygon {look} points="{corners}"/>'


def _legend(place: int, label: str, beside: int) -> str:
    """Return what a line is called, as many `beside` each other as there is room for."""
    y = _HEIGHT + _LEGEND_LINE * (place // beside) + 4.0
    x = 90 if beside == 1 else 30 + 260 * (place % beside)
    shown = label if len(label) <= _ROOM else f"{label[:_ROOM]}…"
    return sample(x, y, place) + text_at(x + 50, y + 4, shown, size=12)


def look(number: int) -> tuple[str, str, str]:
    """Return colour, marker and dashes of a line: six differ without their colour."""
    colour, shape = _LINES[number % len(_LINES)]
    dashes = _DASHES[number % len(_DASHES)]
    return colour, shape, f' stroke-dasharray="{dashes}"' if dashes else ""


def sample(x: float, y: float, number: int) -> str:
    """Return a piece of a line with its marker, for a legend."""
    colour, shape, dashed = look(number)
    return (
        f'<line class="outline line-{shape}" x1="{x}" y1="{y}" x2="{x + 40}" y2="{y}" '
        f'stroke="{colour}" stroke-width="2"{dashed}/>' + marker(x + 20, y, colour, shape)
    )


def _mark(x: float, label: str, *, first: bool) -> str:
    """Return an arrow on the ladder; an earlier index has a hollow one below, and its label."""
    anchor = "start" if x < 30 else "end" if x > _LADDER_WIDTH - 30 else "middle"  # noqa: PLR2004
    if first:
        arrow = f"{x:.1f},32 {x - 6:.1f},20 {x + 6:.1f},20"
        look = f'class="mark" fill="{_INK}"'
        return f'<polygon {look} points="{arrow}"/>' + text_at(
            x, 15, label, size=13, anchor=anchor, bold=True
        )
    arrow = f"{x:.1f},70 {x - 5:.1f},80 {x + 5:.1f},80"
    return (
        f'<line class="grid" x1="{x:.1f}" y1="54" x2="{x:.1f}" y2="70" stroke="{_INK}" '
        'stroke-width="0.8" stroke-dasharray="2 2"/>'
        f'<polygon class="mark-before" fill="#fff" stroke="{_INK}" points="{arrow}"/>'
        + text_at(x, 92, label, size=10, anchor=anchor)
    )


def text_at(  # noqa: PLR0913
    x: float,
    y: float,
    text: str,
    *,
    size: int,
    anchor: str = "start",
    bold: bool = False,
    faint: bool = False,
) -> str:
    """Return a text at a point, escaped."""
    weight = ' font-weight="bold"' if bold else ""
    look = f'class="{"faint" if faint else "ink"}" fill="{_FAINT if faint else _INK}"'
    return (
        f'<text {look} x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
        f"{weight}>{escape(text)}</text>"
    )
