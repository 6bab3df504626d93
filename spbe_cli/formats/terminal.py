"""Pages for a terminal, through Rich: in colour on one, the same without when piped."""

import io
import textwrap
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from spbe_cli.formats.blocks import Cell, Line, Page, Row, Tone, visible

_LINES = box.Box("    \n    \n ── \n    \n ── \n    \n    \n    \n")
_ASCII_LINES = box.Box("    \n    \n -- \n    \n -- \n    \n    \n    \n", ascii=True)
"""A line under the headings and one above the total; nothing else."""

_STYLES = {
    Tone.PLAIN: "",
    Tone.STRONG: "bold",
    Tone.FAINT: "dim",
    Tone.GOOD: "green",
    Tone.FAIR: "yellow",
    Tone.POOR: "red",
}


def render_pages(pages: list[Page], *, colour: bool, width: int, unicode: bool = True) -> str:
    """Return pages as text of at most `width` columns. Long names wrap; nothing is cut.

    Text from files goes through `Text`, never through markup: `[/]` in a name is a name.
    """
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width,
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        safe_box=not unicode,
    )
    for number, page in enumerate(pages):
        if number:
            console.print()
        _print_lines(console, [Line(page.heading, Tone.STRONG), *page.above])
        if page.columns:
            console.print(_table(page, unicode=unicode))
        _print_lines(console, page.below)
    lines = stream.getvalue().splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _print_lines(console: Console, lines: Sequence[Line]) -> None:
    """Print lines in one go, which is ten times as fast as one by one."""
    text = Text()
    for line in lines:
        for part in _wrapped(line, console.width):
            text.append(part + "\n", _STYLES[line.tone])
    if lines:
        console.print(text, end="", soft_wrap=True)


def _wrapped(line: Line, width: int) -> list[str]:
    """Return the lines that a text takes; Rich knows how wide other scripts are, textwrap not."""
    indent, shown = "  " * line.depth, visible(line.text)
    if not shown.isascii():
        parts = Text(shown).wrap(Console(width=width), width - len(indent), overflow="fold")
        return [indent + part.plain.rstrip() for part in parts]
    wrapped = textwrap.wrap(
        shown, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
    return wrapped or [""]


def _table(page: Page, *, unicode: bool) -> Table:
    table = Table(
        box=_LINES if unicode else _ASCII_LINES,
        show_edge=False,
        show_header=any(column.heading for column in page.columns),
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="bold",
    )
    for column in page.columns:
        table.add_column(
            Text(column.heading),
            justify="right" if column.numeric else "left",
            overflow="fold",
            no_wrap=column.numeric,
        )
    rows = list(page.rows)
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        table.add_row(*_cells(row), end_section=following is not None and following.section)
    return table


def _cells(row: Row) -> list[Text]:
    first, *others = row.cells
    indented = Cell("  " * row.depth + first.text, first.tone)
    return [Text(visible(cell.text), style=_STYLES[cell.tone]) for cell in (indented, *others)]
