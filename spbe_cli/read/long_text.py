"""A table of any length with a row an indicator: the rows of an institution stand together.

What does not fit into memory is read institution by institution. One whose rows stand scattered
over the file is then taken for several with levels missing, which is said; in a smaller file they
are put together.
"""

from collections.abc import Iterable, Iterator

from spbe_cli.core.problem import Place, Problem
from spbe_cli.read.assessments import FileReadings, readings_in
from spbe_cli.read.blocks import Block
from spbe_cli.read.columns import Role
from spbe_cli.read.files import LARGEST, File
from spbe_cli.read.grid import Grid
from spbe_cli.read.layout import lay_out
from spbe_cli.read.sheet import Parsed
from spbe_cli.read.sheet_reader import Wishes
from spbe_cli.read.table_text import TableText

__all__ = ["long_readings"]

_KEYS = (Role.INSTITUTION, Role.YEAR, Role.STAGE)


def long_readings(
    layout: TableText, blocks: Iterable[Block | Problem], wishes: Wishes
) -> Iterator[FileReadings]:
    """Yield the institutions of each block, the last one with the block in which it ends."""
    file = File(layout.path, b"")
    held = Block(b"", layout.lines, 0)
    for block in blocks:
        if isinstance(block, Problem):
            yield FileReadings(problems=(block,))
            return
        rows = _joined(held, layout.rows_in(block))
        grid, problems = layout.grid(rows)
        first = _first_of_last(grid, layout)
        if first is None:
            if len(rows.content) > LARGEST:
                values = {"limit": f"{LARGEST // 1024 // 1024} MiB"}
                place = Place(layout.path, rows.lines_before + 1, 1)
                yield FileReadings(problems=(Problem("row-too-large", place, values),))
                return
            held = rows
            continue
        line = grid.place_of(first, 0).line or 0
        whole = Grid(grid.rows[:first], grid.place_of, grid.delimiter)
        found = [problem for problem in problems if (problem.place.line or 0) < line]
        yield _readings(whole, found, file, wishes)
        held = _from_line(rows, line)
    if held.content:
        grid, problems = layout.grid(held)
        yield _readings(grid, problems, file, wishes)


def _readings(grid: Grid, problems: Iterable[Problem], file: File, wishes: Wishes) -> FileReadings:
    parsed = lay_out(grid)
    return readings_in(Parsed(parsed.sheets, (*problems, *parsed.problems)), file, wishes)


def _joined(held: Block, rows: Block) -> Block:
    if not held.content:
        return rows
    content = held.content + rows.content
    return Block(content, held.lines_before, held.lines + rows.lines, rows.notices)


def _from_line(rows: Block, line: int) -> Block:
    """Return the rows from a line of the file on."""
    passed = line - 1 - rows.lines_before
    return Block(rows.content.split(b"\n", passed)[passed], line - 1, rows.lines - passed)


def _first_of_last(grid: Grid, layout: TableText) -> int | None:
    """Return the row with which the last institution begins; None if it is the only one.

    An empty key repeats the row before, as in merged cells.
    """
    columns = [column.index for role in _KEYS for column in layout.header.of(role)]
    last = [""] * len(columns)
    begins = None
    for row in range(len(grid.rows) - 1, layout.header.last_row, -1):
        texts = [grid.text(row, column) for column in columns]
        if any(text and known and text != known for text, known in zip(texts, last, strict=True)):
            return begins
        if texts and texts[0]:
            begins = row
        last = [known or text for text, known in zip(texts, last, strict=True)]
    return None
