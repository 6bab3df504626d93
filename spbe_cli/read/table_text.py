"""A table as text of any length: its header once, then block after block of rows."""

from collections.abc import Mapping
from io import StringIO
from itertools import islice
from typing import NamedTuple

from spbe_cli.core.problem import Place, Problem
from spbe_cli.read.blocks import Block
from spbe_cli.read.delimited import Dialect, dialect_of, line_ends, read_delimited, read_rows
from spbe_cli.read.files import Text
from spbe_cli.read.grid import Grid
from spbe_cli.read.header import Header, duplicate_columns, find_header
from spbe_cli.read.table_data import Found, metadata_above, metadata_problems
from spbe_cli.read.wide_form import WideTable

__all__ = ["TableText", "table_text", "wide_table"]

_HEAD = 256 * 1024
"""In how many characters the header is looked for."""

_UTF_8 = "utf-8"


class TableText(NamedTuple):
    """How the blocks of a text are read: what stands up to its header, and what that says.

    `head` is the text up to the last line of the header, `lines` the number of its lines.
    """

    path: str
    head: str
    lines: int
    dialect: Dialect
    header: Header
    above: Mapping[str, Found]

    def rows_in(self, block: Block) -> Block:
        """Return a block without the head, which the first one begins with."""
        if block.lines_before:
            return block
        content = block.content[len(self.head.encode()) :]
        return Block(content, self.lines, block.lines - self.lines, block.notices)

    def grid(self, rows: Block) -> tuple[Grid, list[Problem]]:
        """Return a block's rows, under the head, and what is wrong with its quotes.

        The first row of data is the one after the header's last.
        """
        text = Text(self.path, self.head + rows.content.decode(), _UTF_8)
        grid, problems = read_rows(text, self.dialect)
        moved = rows.lines_before - self.lines

        def place(found: Place) -> Place:
            if found.line is None or found.line <= self.lines:
                return found
            return found._replace(line=found.line + moved)

        def place_of(row: int, column: int) -> Place:
            return place(grid.place_of(row, column))

        placed = Grid(grid.rows, place_of, grid.delimiter)
        return placed, [problem.at(place(problem.place)) for problem in problems]

    def table(self, rows: Block) -> tuple[WideTable, list[Problem]]:
        """Return a block's rows as a wide table, and what is wrong with its quotes."""
        grid, problems = self.grid(rows)
        return WideTable.of(grid, self.header, self.above), problems


def table_text(block: Block, path: str) -> tuple[TableText | None, list[Problem]]:
    """Return how a text is read that begins with a block; None where it is no table."""
    content = block.content[:_HEAD]
    if len(content) < len(block.content):
        content = content[: content.rfind(b"\n") + 1]
    text = Text(path, content.decode(), _UTF_8)
    grid, _ = read_delimited(text)
    header = find_header(grid.rows, grid.spans) if grid.rows else None
    if header is None:
        return None, []
    begun = grid.place_of(header.last_row, 0).line or 1
    stop = begun + sum(map(line_ends, grid.rows[header.last_row]))  # a heading may break its line
    head = list(islice(StringIO(text.content, newline=""), stop))
    above = metadata_above(grid, header.first_row)
    layout = TableText(path, "".join(head), len(head), dialect_of(text), header, above)
    return layout, [*duplicate_columns(grid, header), *metadata_problems(grid, above)]


def wide_table(grid: Grid) -> tuple[WideTable | None, list[Problem]]:
    """Return the wide table in a grid and what is wrong with its head; None where it is none."""
    header = find_header(grid.rows, grid.spans)
    if header is None or not header.wide:
        return None, []
    above = metadata_above(grid, header.first_row)
    problems = [*duplicate_columns(grid, header), *metadata_problems(grid, above)]
    return WideTable.of(grid, header, above), problems
