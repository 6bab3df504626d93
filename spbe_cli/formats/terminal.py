"""Pages for a terminal, through Rich: in colour on one, the same without when piped."""

import io
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text as RichText

from spbe_cli.formats.blocks import (
    ASCII_SIGNS,
    Block,
    Card,
    Cell,
    Facts,
    Ladder,
    Line,
    Lines,
    Listing,
    Radar,
    Row,
    Section,
    Table,
    Text,
    Tone,
    visible,
)
from spbe_cli.formats.endings import Answered, Look

_LINES = box.Box("    \n    \n ── \n    \n ── \n    \n    \n    \n")
_ASCII_LINES = box.Box("    \n    \n -- \n    \n -- \n    \n    \n    \n", ascii=True)
"""A line under the headings and one above the total; nothing else."""

_WIDEST_HEADING, _NARROW = 20, 12
"""A longer heading takes several narrow lines: numbers are not to crowd out the names."""
_STYLES = {
    Tone.PLAIN: "",
    Tone.STRONG: "bold",
    Tone.FAINT: "dim",
    Tone.GOOD: "green",
    Tone.SOUND: "cyan",
    Tone.FAIR: "yellow",
    Tone.POOR: "red",
}


def answer_text(answer: Answered, look: Look) -> str:
    """Return an answer as a terminal shows it."""
    return pages_text(answer.pages(), look)


def pages_text(pages: Iterable[Section], look: Look) -> str:
    """Return pages as text of at most the look's width. Long names wrap; nothing is cut.

    Text from files goes through `RichText`, never through markup: `[/]` in a name is a name.
    """
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=look.width,
        force_terminal=look.colour,
        no_color=not look.colour,
        color_system="standard" if look.colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        safe_box=not look.unicode,
    )
    for number, page in enumerate(pages):
        if number:
            console.print()
        lines = [Line(page.title, Tone.STRONG)]
        for block in page.blocks:
            lines += _lines(block)
            if isinstance(block, Table):
                _print_lines(console, lines)
                console.print(_table(block, unicode=look.unicode))
                lines = []
        _print_lines(console, lines)
    shown = stream.getvalue().splitlines()
    return "\n".join(line.rstrip() for line in shown) + "\n"


def _print_lines(console: Console, lines: Sequence[Line]) -> None:
    """Print lines in one go, which is ten times as fast as one by one."""
    text = RichText()
    for line in lines:
        for part in _wrapped(line, console.width):
            text.append(part + "\n", _STYLES[line.tone])
    if lines:
        console.print(text, end="", soft_wrap=True)


def _lines(block: Block) -> Iterator[Line]:
    """Yield what stands in lines: of a table its caption, of a chart what it shows."""
    match block:
        case Line():
            yield block
        case Text():
            yield Line(block.text, block.tone)
        case Facts():
            yield from (Line(f"{name}: {said}") for name, said in block.pairs)
        case Listing():
            yield from [Line(block.label)] if block.label else []
            yield from (Line(f"- {item}", depth=1) for item in block.items)
        case Card():
            remark = f" ({block.remark})" if block.remark else ""
            yield Line(f"{block.title}{remark}", Tone.STRONG)
            yield from [Line(block.text)] if block.text else []
            for listing in block.listings:
                yield from _lines(listing)
        case Table():
            yield from [Line(block.caption, Tone.STRONG)] if block.caption else []
        case Radar() | Ladder() | Lines():
            yield Line(block.description)
        case _:
            assert_never(block)


def _wrapped(line: Line, width: int) -> list[str]:
    """Return the lines that a text takes; Rich knows how wide other scripts are, textwrap not."""
    indent, shown = "  " * line.depth, visible(line.text)
    if not shown.isascii():
        parts = RichText(shown).wrap(Console(width=width), width - len(indent), overflow="fold")
        return [indent + part.plain.rstrip() for part in parts]
    wrapped = textwrap.wrap(
        shown, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
    return wrapped or [""]


def _table(block: Table, *, unicode: bool) -> RichTable:
    table = RichTable(
        box=_LINES if unicode else _ASCII_LINES,
        show_edge=False,
        show_header=any(column.heading for column in block.columns),
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="bold",
    )
    for column in block.columns:
        table.add_column(
            RichText(_heading(column.heading) if column.numeric else column.heading),
            justify="right" if column.numeric else "left",
            overflow="fold",
            no_wrap=column.numeric,
        )
    rows = list(block.rows)
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        table.add_row(
            *_cells(row, unicode=unicode), end_section=following is not None and following.section
        )
    return table


def _heading(text: str) -> str:
    return text if len(text) <= _WIDEST_HEADING else "\n".join(textwrap.wrap(text, _NARROW))


def _cells(row: Row, *, unicode: bool) -> list[RichText]:
    first, *others = row.cells
    indented = first._replace(text="  " * row.depth + first.text)
    return [
        RichText(_signed(cell, unicode=unicode), style=_STYLES[cell.tone])
        for cell in (indented, *others)
    ]


def _signed(cell: Cell, *, unicode: bool) -> str:
    """Return what stands in a cell, its sign behind it."""
    text = visible(cell.text)
    if not cell.sign:
        return text
    return f"{text} {cell.sign if unicode else ASCII_SIGNS[cell.sign]}"
