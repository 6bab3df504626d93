"""An input of any size and form as a series of parts, each small enough to hold."""

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from spbe_cli.core.assessment import Source
from spbe_cli.core.problem import Problem
from spbe_cli.read.assessments import TREES, FileReadings, is_table, read_file
from spbe_cli.read.blocks import Block, Readable, Rest, blocks_of, opened
from spbe_cli.read.files import LARGEST, STDIN, File, file_of, os_problem
from spbe_cli.read.long_text import long_readings
from spbe_cli.read.parquet import PARQUET, blocks_of_parquet
from spbe_cli.read.sheet_reader import Wishes
from spbe_cli.read.table_text import TableText, table_text, wide_table
from spbe_cli.read.tables import read_grid
from spbe_cli.read.wide_form import WideTable
from spbe_cli.read.wide_rows import WideReader

__all__ = ["Part", "Rows", "TextRows", "first_rows", "parts_of"]

SMALL = 2 * 1024 * 1024
"""Up to how many bytes a file is read as a whole: some ten thousand institutions."""


WHOLE = 256 * 1024 * 1024
"""Up to how many bytes a file may be scored in one stream: beyond, that takes ever more memory."""


class Rows(NamedTuple):
    """A wide table that is in memory, and what is wrong with its form."""

    reader: WideReader
    table: WideTable
    problems: tuple[Problem, ...] = ()


class TextRows(NamedTuple):
    """Rows of a wide table that are still text."""

    reader: WideReader
    layout: TableText
    block: Block

    def parsed(self) -> Rows:
        """Return the rows as a table."""
        table, problems = self.layout.table(self.block)
        return Rows(self.reader, table, tuple(problems))


Part = Rows | TextRows | FileReadings


def parts_of(path: str, wishes: Wishes) -> Iterator[Part]:
    """Yield what a file (`-`: standard input) holds, part by part, with all problems.

    Small files, workbooks and YAML come as a whole; so do tables with a row an indicator, up to
    the size of a score sheet's file.
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
            layout, problems = _layout(File(name, head))
            if layout is not None and layout.header.wide:
                blocks = blocks_of(Rest(head, stream), name)
                yield from _rows(layout, problems, blocks, wishes)
                return
            content = head + stream.read(LARGEST + 1 - len(head))
            if layout is not None and len(content) > LARGEST:
                yield from long_readings(layout, blocks_of(Rest(content, stream), name), wishes)
            else:
                yield from _whole(name, Rest(content, stream), wishes)
        except OSError as error:
            yield FileReadings(problems=(os_problem(path, error),))


def first_rows(path: str, wishes: Wishes) -> TextRows | None:
    """Return the first rows of a large wide table, not too large, without faults in its head.

    None for any other, and for what is no file or does not begin in plain UTF-8.
    """
    try:
        if not Path(path).is_file() or not SMALL < Path(path).stat().st_size <= WHOLE:
            return None
        with Path(path).open("rb") as stream:
            head = stream.read(SMALL + 1)
    except (OSError, ValueError):  # named when it is read in earnest
        return None
    layout, problems = _layout(File(path, head))
    if layout is None or not layout.header.wide or problems:
        return None
    if not head.startswith(layout.head.encode()):
        return None
    after = head[len(layout.head.encode()) :]
    block = Block.of(after[: after.rfind(b"\n") + 1], layout.lines)
    return TextRows(WideReader(wishes, Source(path, b"")), layout, block)


def _layout(head: File) -> tuple[TableText | None, list[Problem]]:
    """Return how a file is read block by block, by its beginning; None where it is not."""
    if len(head.content) <= SMALL or head.is_workbook or head.suffix in TREES:
        return None, []
    first = next(blocks_of(Rest(head.content, io.BytesIO()), head.path))
    return (None, []) if isinstance(first, Problem) else table_text(first, head.path)


def _whole(path: str, stream: Readable, wishes: Wishes) -> Iterator[Part]:
    """Yield a file that is read as a whole."""
    file = file_of(path, stream.read(LARGEST + 1))
    if isinstance(file, Problem):
        yield FileReadings(problems=(file,))
        return
    if is_table(file):
        grid, problems = read_grid(file)
        table, found = wide_table(grid) if grid is not None and grid.rows else (None, [])
        if found:  # of the head: what its columns mean is not certain
            yield FileReadings(problems=(*problems, *found))
            return
        if table is not None and table.has_rows:
            yield Rows(WideReader(wishes, Source(*file)), table, tuple(problems))
            return
    yield read_file(file, wishes)


def _parquet(path: str, stream: Readable, wishes: Wishes) -> Iterator[Part]:
    """Yield a Parquet table, as the CSV that it would be."""
    blocks = blocks_of_parquet(path, stream)
    first = next(blocks)
    if isinstance(first, Problem):
        yield FileReadings(problems=(first,))
        return
    layout, problems = table_text(first, path)
    rest = chain([first], blocks)
    if layout is not None and layout.header.wide:
        yield from _rows(layout, problems, rest, wishes)
        return
    held: list[Block] = []
    for block in rest:
        if isinstance(block, Problem):
            yield FileReadings(problems=(block,))
            return
        held.append(block)
        if layout is not None and sum(len(each.content) for each in held) > LARGEST:
            yield from long_readings(layout, chain(held, rest), wishes)
            return
    content = b"".join(block.content for block in held)
    yield from _whole(f"{path}.csv", io.BytesIO(content), wishes)


def _rows(
    layout: TableText,
    problems: Sequence[Problem],
    blocks: Iterable[Block | Problem],
    wishes: Wishes,
) -> Iterator[Part]:
    if problems:  # of the head: what its columns mean is not certain
        yield FileReadings(problems=tuple(problems))
        return
    reader = WideReader(wishes, Source(layout.path, b""))
    for block in blocks:
        if isinstance(block, Problem):
            yield FileReadings(problems=(block,))
        else:
            yield TextRows(reader, layout, layout.rows_in(block))
