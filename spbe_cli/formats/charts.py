"""Charts of answers: bars and lines as SVG, alone or on a page above the tables.

Legible without colour: bars have their values beside them, lines differ in dashes and markers and
are named at their ends. Each mark has its name and exact value as data, for whoever reads the
picture by machine.
"""

from collections.abc import Callable, Iterable
from html import escape
from typing import Protocol

from markupsafe import Markup

from spbe_cli.formats.blocks import Bars, Lines, Table, harmless
from spbe_cli.formats.endings import Answered, Look
from spbe_cli.formats.html import rendered, shares_of
from spbe_cli.formats.svg import CHART_WIDTH, FONT, GAP, bars_or_lines, drawn, ground, told

MOST_BARS = 40
"""How many bars a chart has: more are no longer read."""

Chart = Bars | Lines


class Charted(Answered, Protocol):
    """An answer that is drawn as well."""

    @property
    def charts(self) -> Callable[[], Iterable[Chart]]:
        """What makes the charts."""


def answer_svg(answer: Charted, _: Look) -> str:
    """Return the charts of an answer as one picture, below each other."""
    charts = list(answer.charts())
    if len(charts) == 1:
        return harmless(bars_or_lines(charts[0], "chart")) + "\n"
    parts, top = [], 0
    for number, chart in enumerate(charts, 1):
        inside, height = drawn(chart)
        key = f"chart-{number}"
        parts.append(
            f'<g transform="translate(0 {top})" role="img" '
            f'aria-labelledby="{key}-title {key}-text">{told(chart, key)}{inside}</g>'
        )
        top += height + 2 * GAP
    return harmless(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" '
        f'viewBox="0 0 {CHART_WIDTH} {top}" width="{CHART_WIDTH}" height="{top}" '
        f'font-family="{FONT}"><title>{escape(charts[0].of_all)}</title>{ground(top)}'
        f"{''.join(parts)}</svg>\n"
    )


def answer_html(answer: Charted, look: Look) -> str:
    """Return a page with the charts of an answer, and below each what the tables say."""
    charts = list(answer.charts())
    pages = list(answer.pages())
    drawn = [Markup(bars_or_lines(each, f"chart-{n}")) for n, each in enumerate(charts, 1)]  # noqa: S704
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
