"""Small charts as SVG: titled, described for screen readers, legible in black and white.

Colours stand as attributes, so that a chart looks right by itself; a page's style may override
them by class. Coordinates are floats: they place ink, and no figure is taken from them.
"""

from collections.abc import Sequence
from fractions import Fraction
from html import escape
from math import cos, pi, sin

from spbe_cli.formats.blocks import Ladder, Radar, RadarLine

_INK, _FAINT, _GRID = "#1b2733", "#55636f", "#aab4bd"
_FONT = "system-ui, sans-serif"
_LINES = (
    # colour, dashes, shape of the marker
    ("#0b5f8a", "", "circle"),
    ("#b04a00", "6 3", "square"),
    ("#5b3a8e", "2 3", "triangle"),
)
_BANDS = ("#f0f2f4", "#dde2e7")  # neighbours differ in shade, not in hue
_CENTRE, _RADIUS = (210.0, 186.0), 130.0
_WIDTH, _HEIGHT = 420, 366
_LEGEND_LINE = 20
_ROOM, _CODE = 50, 10  # characters of a label, of a code
_CROWDED = 16  # axes
_LADDER_WIDTH = 400.0
_CHARACTER = 5.6  # the width of a character of a band's name, on average


def radar(chart: Radar, key: str, font: str = _FONT) -> str:
    """Return a radar chart; `key` makes its ids unique on a page."""
    rings = [_ring(chart, value, shown) for value, shown in chart.rings]
    axes = [_axis(chart, place) for place in range(len(chart.axes))]
    outlines = [
        _outline(chart, line, *_LINES[place % len(_LINES)])
        for place, line in reversed(list(enumerate(chart.lines)))
    ]
    legend = [_legend(place, line.label) for place, line in enumerate(chart.lines)]
    height = _HEIGHT + _LEGEND_LINE * len(chart.lines)
    inside = "".join([*rings, *axes, *outlines, *legend])
    return _svg(chart, (key, font), (_WIDTH, height), inside)


def ladder(chart: Ladder, key: str, font: str = _FONT) -> str:
    """Return the scale of the index with its predicates, and a mark for each index."""
    lowest, highest = chart.bands[0][1], chart.top[0]

    def at(value: Fraction) -> float:
        return float((value - lowest) / (highest - lowest)) * (_LADDER_WIDTH - 20) + 10

    parts = []
    ends = [*(low for _, low, _ in chart.bands[1:]), highest]
    for place, ((name, low, shown), high) in enumerate(zip(chart.bands, ends, strict=True)):
        left, width = at(low), at(high) - at(low)
        room = int(width / _CHARACTER)
        short = name if len(name) <= room else f"{name[: max(room - 1, 1)]}…"
        fill = _BANDS[place % 2]
        parts.append(
            f'<rect class="band band-{place % 2}" x="{left:.1f}" y="30" width="{width:.1f}" '
            f'height="24" fill="{fill}" stroke="{_GRID}"/>'
            + _text(left + width / 2, 46, short, size=10, anchor="middle")
            + _text(left, 68, shown, size=9, anchor="middle", faint=True)
        )
    parts.append(_text(at(highest), 68, chart.top[1], size=9, anchor="middle", faint=True))
    parts += [
        _mark(at(value), label, first=not place)
        for place, (label, value) in reversed(list(enumerate(chart.marks)))
    ]
    size = (int(_LADDER_WIDTH), 74)
    return _svg(chart, (key, font), size, "".join(parts))


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
    top = chart.rings[-1][0]
    share = float(value / top)
    angle = 2 * pi * place / len(chart.axes) - pi / 2
    return _CENTRE[0] + _RADIUS * share * cos(angle), _CENTRE[1] + _RADIUS * share * sin(angle)


def _points(chart: Radar, values: Sequence[Fraction]) -> str:
    points = (_point(chart, place, value) for place, value in enumerate(values))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _ring(chart: Radar, value: Fraction, shown: str) -> str:
    around = _points(chart, [value] * len(chart.axes))
    x, y = _point(chart, 0, value)
    return (
        f'<polygon class="grid" points="{around}" fill="none" stroke="{_GRID}" '
        f'stroke-width="0.7"/>' + _text(x + 4, y + 10, shown, size=9, faint=True)
    )


def _axis(chart: Radar, place: int) -> str:
    top = chart.rings[-1][0]
    x, y = _point(chart, place, top)
    far_x, far_y = _point(chart, place, top * Fraction(113, 100))
    side = "middle" if abs(far_x - _CENTRE[0]) < 20 else "start" if far_x > x else "end"  # noqa: PLR2004
    code, shown = chart.axes[place][0][:_CODE], chart.lines[0].shown[place]
    is_crowded = len(chart.axes) > _CROWDED  # the values stand in the table
    if far_y < _CENTRE[1] - _RADIUS / 2 and not is_crowded:  # two lines above the corner, not on it
        far_y -= 12
    return (
        f'<line class="grid" x1="{_CENTRE[0]}" y1="{_CENTRE[1]}" x2="{x:.1f}" y2="{y:.1f}" '
        f'stroke="{_GRID}" stroke-width="0.7"/>'
        + _text(far_x, far_y, code, size=9 if is_crowded else 13, anchor=side, bold=True)
        + ("" if is_crowded else _text(far_x, far_y + 14, shown, size=12, anchor=side))
    )


def _outline(chart: Radar, line: RadarLine, colour: str, dashes: str, shape: str) -> str:
    fill = "none" if dashes else colour
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    outline = (
        f'<polygon class="outline line-{shape}" points="{_points(chart, line.values)}" '
        f'fill="{fill}" fill-opacity="0.15" stroke="{colour}" stroke-width="2"{dashed}/>'
    )
    corners = (_point(chart, place, value) for place, value in enumerate(line.values))
    return outline + "".join(_marker(x, y, colour, shape) for x, y in corners)


def _marker(x: float, y: float, colour: str, shape: str) -> str:
    look = f'class="marker line-{shape}" fill="{colour}"'
    if shape == "circle":
        return f'<circle {look} cx="{x:.1f}" cy="{y:.1f}" r="3.2"/>'
    if shape == "square":
        return f'<rect {look} x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6"/>'
    corners = f"{x:.1f},{y - 4:.1f} {x + 4:.1f},{y + 3:.1f} {x - 4:.1f},{y + 3:.1f}"
    return f'<polygon {look} points="{corners}"/>'


def _legend(place: int, label: str) -> str:
    colour, dashes, shape = _LINES[place % len(_LINES)]
    y = _HEIGHT + _LEGEND_LINE * place + 4.0
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line class="outline line-{shape}" x1="24" y1="{y}" x2="64" y2="{y}" '
        f'stroke="{colour}" stroke-width="2"{dashed}/>'
        + _marker(44, y, colour, shape)
        + _text(74, y + 4, label if len(label) <= _ROOM else f"{label[:_ROOM]}…", size=12)
    )


def _mark(x: float, label: str, *, first: bool) -> str:
    """Return an arrow on the ladder; an earlier index has a hollow one below."""
    anchor = "start" if x < 30 else "end" if x > _LADDER_WIDTH - 30 else "middle"  # noqa: PLR2004
    if first:
        arrow = f"{x:.1f},32 {x - 6:.1f},20 {x + 6:.1f},20"
        look = f'class="mark" fill="{_INK}"'
        return f'<polygon {look} points="{arrow}"/>' + _text(
            x, 15, label, size=13, anchor=anchor, bold=True
        )
    arrow = f"{x:.1f},52 {x - 5:.1f},62 {x + 5:.1f},62"
    look = f'class="mark-before" fill="#fff" stroke="{_INK}"'
    return f'<polygon {look} points="{arrow}"/>'


def _text(  # noqa: PLR0913
    x: float,
    y: float,
    text: str,
    *,
    size: int,
    anchor: str = "start",
    bold: bool = False,
    faint: bool = False,
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    look = f'class="{"faint" if faint else "ink"}" fill="{_FAINT if faint else _INK}"'
    return (
        f'<text {look} x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
        f"{weight}>{escape(text)}</text>"
    )
