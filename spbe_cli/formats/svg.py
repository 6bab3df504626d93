"""Small charts as SVG: titled, described for screen readers, legible in black and white.

Colours stand as attributes, so that a chart looks right by itself; a page's style may override
them by class. Coordinates are floats: they place ink, and no figure is taken from them.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from html import escape
from math import cos, pi, sin
from textwrap import wrap

from spbe_cli.formats.blocks import Ladder, Radar, RadarLine

INK, _FAINT, GRID = "#1b2733", "#55636f", "#aab4bd"
FONT = "system-ui, sans-serif"
LINES = (
    # colour, dashes, shape of the marker
    ("#0b5f8a", "", "circle"),
    ("#b04a00", "6 3", "square"),
    ("#5b3a8e", "2 3", "triangle"),
)
_BANDS = ("#f0f2f4", "#dde2e7")  # neighbours differ in shade, not in hue
_CENTRE, _RADIUS = (280.0, 196.0), 130.0
_WIDTH, _HEIGHT = 560, 386
_LEGEND_LINE = 20
_ROOM, _HALF_ROOM, _CODE = 50, 32, 10  # characters of a label, of one beside another, of a code
_CROWDED = 16  # axes
_NAME_LINE, _NAME_LINES = 22, 3  # characters and lines of an axis's name
_LADDER_WIDTH = 400.0
_CHARACTER, _SMALL_CHARACTER = 5.6, 4.5  # the width of one of a band's name, on average


def radar(chart: Radar, key: str, font: str = FONT) -> str:
    """Return a radar chart; `key` makes its ids unique on a page."""
    rings = [_ring(chart, value, shown) for value, shown in chart.rings]
    axes = [_axis(chart, place) for place in range(len(chart.axes))]
    outlines = [
        _outline(chart, line, *LINES[place % len(LINES)])
        for place, line in reversed(list(enumerate(chart.lines)))
    ]
    labels = [line.label for line in chart.lines]
    beside = 1 if any(len(label) > _HALF_ROOM for label in labels) or len(labels) == 1 else 2
    legend = [_legend(place, label, beside) for place, label in enumerate(labels)]
    height = _HEIGHT + _LEGEND_LINE * -(-len(labels) // beside)
    inside = "".join([*rings, *axes, *outlines, *legend])
    return _svg(chart, (key, font), (_WIDTH, height), inside)


def ladder(chart: Ladder, key: str, font: str = FONT) -> str:
    """Return the scale of the index with its predicates, and a mark for each index."""
    lowest, highest = chart.bands[0][1], chart.top[0]

    def at(value: Fraction) -> float:
        return float((value - lowest) / (highest - lowest)) * (_LADDER_WIDTH - 20) + 10

    parts = []
    ends = [*(low for _, low, _ in chart.bands[1:]), highest]
    for place, ((name, low, shown), high) in enumerate(zip(chart.bands, ends, strict=True)):
        left, width = at(low), at(high) - at(low)
        fill = _BANDS[place % 2]
        label = _band_label(name, left + width / 2, width)
        parts.append(
            f'<rect class="band band-{place % 2}" x="{left:.1f}" y="30" width="{width:.1f}" '
            f'height="24" fill="{fill}" stroke="{GRID}"/>'
            + label
            + text_at(left, 68, shown, size=9, anchor="middle", faint=True)
        )
    parts.append(text_at(at(highest), 68, chart.top[1], size=9, anchor="middle", faint=True))
    parts += [
        _mark(at(value), label, first=not place)
        for place, (label, value) in reversed(list(enumerate(chart.marks)))
    ]
    size = (int(_LADDER_WIDTH), 74 if len(chart.marks) == 1 else 96)
    return _svg(chart, (key, font), size, "".join(parts))


def _band_label(name: str, middle: float, width: float) -> str:
    """Return the name of a band in it: on one line, on two smaller ones, or cut short."""
    if len(name) <= int(width / _CHARACTER):
        return text_at(middle, 46, name, size=10, anchor="middle")
    room = max(int(width / _SMALL_CHARACTER), 2)
    lines = wrap(name, room)
    if len(lines) > 2 or any(len(line) > room for line in lines):  # noqa: PLR2004
        return text_at(middle, 46, f"{name[: room - 1]}…", size=8, anchor="middle")
    texts = zip((40, 50) if len(lines) > 1 else (46,), lines, strict=True)
    return "".join(text_at(middle, y, line, size=8, anchor="middle") for y, line in texts)


def bar(share: Fraction) -> str:
    """Return a bar that fills a part of its length; the number stands beside it as text."""
    width = float(min(max(share, Fraction(0)), Fraction(1))) * 100
    return (
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" width="100" height="8"/><rect width="{width:.4g}" height="8"/></svg>'
    )


def _svg(chart: Radar | Ladder, look: tuple[str, str], size: tuple[int, int], inside: str) -> str:
    (key, font), (width, height) = look, size
    name = "radar" if isinstance(chart, Radar) else "ladder"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {name}" role="img" '
        f'viewBox="0 0 {width} {height}" aria-labelledby="{key}-title {key}-text" '
        f'font-family="{font}">'
        f'<title id="{key}-title">{escape(chart.title)}</title>'
        f'<desc id="{key}-text">{escape(chart.description)}</desc>{inside}</svg>'
    )


def _point(chart: Radar, place: int, value: Fraction) -> tuple[float, float]:
    """Return where a value stands on an axis; the innermost ring is the lowest of the scale."""
    length = _RADIUS * float(value) / float(chart.rings[-1][0])
    across, down = _direction(place, len(chart.axes))
    return _CENTRE[0] + length * across, _CENTRE[1] + length * down


@cache
def _direction(place: int, count: int) -> tuple[float, float]:
    angle = 2 * pi * place / count - pi / 2
    return cos(angle), sin(angle)


def _points(chart: Radar, values: Sequence[Fraction]) -> str:
    points = (_point(chart, place, value) for place, value in enumerate(values))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _ring(chart: Radar, value: Fraction, shown: str) -> str:
    around = _points(chart, [value] * len(chart.axes))
    x, y = _point(chart, 0, value)
    return (
        f'<polygon class="grid" points="{around}" fill="none" stroke="{GRID}" '
        f'stroke-width="0.7"/>' + text_at(x + 4, y + 10, shown, size=9, faint=True)
    )


def _axis(chart: Radar, place: int) -> str:
    """Return an axis with its code, the value on it, and its name; codes alone where crowded."""
    top = chart.rings[-1][0]
    x, y = _point(chart, place, top)
    far_x, far_y = _point(chart, place, top * Fraction(109, 100))
    side = "middle" if abs(far_x - _CENTRE[0]) < 20 else "start" if far_x > x else "end"  # noqa: PLR2004
    code, name = chart.axes[place]
    shown = chart.lines[0].shown[place]
    axis = (
        f'<line class="grid" x1="{_CENTRE[0]}" y1="{_CENTRE[1]}" x2="{x:.1f}" y2="{y:.1f}" '
        f'stroke="{GRID}" stroke-width="0.7"/>'
    )
    if len(chart.axes) > _CROWDED:  # the values stand in the table
        return axis + text_at(far_x, far_y + 3, code[:_CODE], size=9, anchor=side, bold=True)
    lines = name_lines(name).split("\n")
    height = 12 * len(lines)
    share = (far_y - _CENTRE[1]) / _RADIUS  # -1 at the top, where a label ends, 1 at the bottom
    first = far_y + 5 + height * (share - 1) / 2
    label = text_at(far_x, first, f"{code[:_CODE]}  {shown}", size=12, anchor=side, bold=True)
    names = (
        text_at(far_x, first + 12 * number, line, size=10, anchor=side)
        for number, line in enumerate(lines, 1)
    )
    return axis + label + "".join(names)


def name_lines(name: str) -> str:
    """Return a name in lines of a label; what has no room there ends in an ellipsis."""
    lines = wrap(name, _NAME_LINE)
    if len(lines) > _NAME_LINES:
        lines = [*lines[: _NAME_LINES - 1], f"{lines[_NAME_LINES - 1][: _NAME_LINE - 1]}…"]
    return "\n".join(lines)


def _outline(chart: Radar, line: RadarLine, colour: str, dashes: str, shape: str) -> str:
    fill = "none" if dashes else colour
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    outline = (
        f'<polygon class="outline line-{shape}" points="{_points(chart, line.values)}" '
        f'fill="{fill}" fill-opacity="0.15" stroke="{colour}" stroke-width="2"{dashed}/>'
    )
    corners = (_point(chart, place, value) for place, value in enumerate(line.values))
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
    colour, dashes, shape = LINES[place % len(LINES)]
    y = _HEIGHT + _LEGEND_LINE * (place // beside) + 4.0
    x = 90 if beside == 1 else 30 + 260 * (place % beside)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line class="outline line-{shape}" x1="{x}" y1="{y}" x2="{x + 40}" y2="{y}" '
        f'stroke="{colour}" stroke-width="2"{dashed}/>'
        + marker(x + 20, y, colour, shape)
        + text_at(x + 50, y + 4, label if len(label) <= _ROOM else f"{label[:_ROOM]}…", size=12)
    )


def _mark(x: float, label: str, *, first: bool) -> str:
    """Return an arrow on the ladder; an earlier index has a hollow one below, and its label."""
    anchor = "start" if x < 30 else "end" if x > _LADDER_WIDTH - 30 else "middle"  # noqa: PLR2004
    if first:
        arrow = f"{x:.1f},32 {x - 6:.1f},20 {x + 6:.1f},20"
        look = f'class="mark" fill="{INK}"'
        return f'<polygon {look} points="{arrow}"/>' + text_at(
            x, 15, label, size=13, anchor=anchor, bold=True
        )
    arrow = f"{x:.1f},70 {x - 5:.1f},80 {x + 5:.1f},80"
    return (
        f'<line class="grid" x1="{x:.1f}" y1="54" x2="{x:.1f}" y2="70" stroke="{INK}" '
        'stroke-width="0.8" stroke-dasharray="2 2"/>'
        f'<polygon class="mark-before" fill="#fff" stroke="{INK}" points="{arrow}"/>'
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
    look = f'class="{"faint" if faint else "ink"}" fill="{_FAINT if faint else INK}"'
    return (
        f'<text {look} x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
        f"{weight}>{escape(text)}</text>"
    )
