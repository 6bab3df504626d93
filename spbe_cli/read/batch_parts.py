"""An input of any size and form as a series of parts, each small enough to hold."""

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from spbe_cli.core.assessment import Source
from spbe_cli.core.problem import Problem
from spbe_cli.read.assessments import TREES, FileReadings, Wishes, is_table, read_file
from spbe_cli.read.blocks import Block, Readable, Rest, blocks_of, opened
from spbe_cli.read.files import LARGEST, STDIN, File, file_of, os_problem
from spbe_cli.read.parquet import PARQUET, blocks_of_parquet
from spbe_cli.read.tables import read_grid
from spbe_cli.read.wide_form import WideTable
from spbe_cli.read.wide_rows import WideReader
from spbe_cli.read.wide_text import WideText, wide_table, wide_text

__all__ = ["Part", "Rows", "TextRows", "parts_of"]

SMALL = 2 * 1024 * 1024
"""Up to how many bytes a file is read as a whole: some ten thousand institutions."""


class Rows(NamedTuple):
    """A wide table that is in memory, and what is wrong with its form."""

    reader: WideReader
    table: WideTable
    problems: tuple[Problem, ...] = ()


class TextRows(NamedTuple):
    """Rows of a wide table that are still text."""

    reader: WideReader
    layout: WideText
    block: Block

    def parsed(self) -> Rows:
        """Return the rows as a table."""
        table, problems = self.layout.table(self.block)
        return Rows(self.reader, table, tuple(problems))


Part = Rows | TextRows | FileReadings


def parts_of(path: str, wishes: Wishes) -> Iterator[Part]:
    """Yield what a file (`-`: standard input) holds, part by part, with all problems.

    Small files, workbooks, YAML and tables with a row an indicator come as a whole.
    """
    with opened(path) as stream:
        if isinstance(stream, Problem):
            yield FileReadings(problems=(stream,))
            return
        name = "<stdin>" if path == STDIN else path
        try:
            head = stream.read(SMALL + 1)
            if head.startswith(PARQUET):
                yield from _parquet(name, Rest(head, stream), wishes)
                return
            rest = Rest(head, stream)
            layout, problems = _layout(File(name, head))
            if layout is not None:
                yield from _streamed(layout, problems, rest, wishes)
            else:
                yield from _whole(name, rest, wishes)
        except OSError as error:
            yield FileReadings(problems=(os_problem(path, error),))


def _layout(head: File) -> tuple[WideText | None, list[Problem]]:
    """Return how a file is read block by block, by its beginning; None where it is not."""
    if len(head.content) <= SMALL or head.is_workbook or head.suffix in TREES:
        return None, []
    first = next(blocks_of(Rest(head.content, io.BytesIO()), head.path))
    return (None, []) if isinstance(first, Problem) else wide_text(first, head.path)


def _whole(path: str, stream: Readable, wishes: Wishes) -> Iterator[Part]:
    """Yield a file that is read as a whole."""
    file = file_of(path, stream.read(LARGEST + 1))
    if isinstance(file, Problem):
        yield FileReadings(problems=(file,))
        return
    if is_table(file):
        grid, problems = read_grid(file)
        table, found = wide_table(grid) if grid is not None and grid.rows else (None, [])
        if table is not None and table.has_rows:
            yield Rows(WideReader(wishes, Source(*file)), table, (*problems, *found))
            return
    yield read_file(file, wishes)


def _parquet(path: str, stream: Readable, wishes: Wishes) -> Iterator[Part]:
    """Yield a Parquet table, as the CSV that it would be."""
    blocks = blocks_of_parquet(path, stream)
    first = next(blocks)
    if isinstance(first, Problem):
        yield FileReadings(problems=(first,))
        return
    layout, problems = wide_text(first, path)
    rest = chain([first], blocks)
    if layout is not None:
        yield from _rows(layout, problems, rest, wishes)
    else:
        content = b"".join(block.content for block in rest if isinstance(block, Block))
        yield from _whole(f"{path}.csv", io.BytesIO(content), wishes)


def _streamed(
    layout: WideText, problems: Sequence[Problem], stream: Readable, wishes: Wishes
) -> Iterator[Part]:
    yield from _rows(layout, problems, blocks_of(stream, layout.path), wishes)


def _rows(
    layout: WideText,
    problems: Sequence[Problem],
    blocks: Iterable[Block | Problem],
    wishes: Wishes,
) -> Iterator[Part]:
    if problems:
        yield FileReadings(problems=tuple(problems))
    reader = WideReader(wishes, Source(layout.path, b""))
    for block in blocks:
        if isinstance(block, Problem):
            yield FileReadings(problems=(block,))
        else:
            yield TextRows(reader, layout, layout.rows_in(block))
