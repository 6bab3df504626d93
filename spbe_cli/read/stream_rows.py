"""The rows of blocks: institutions row by row, or row by row an indicator.

What does not fit into memory is read institution by institution. One whose rows stand scattered
over the file is then taken for several with levels missing, which is said; in a smaller file they
are put together.

The ordinary reader looks at every cell of a score sheet by itself; of a table with thousands of
institutions nearly all cells are plain levels. Here a row is taken as it is if each of its levels
was seen to be right before, and handed to the ordinary reader if anything about it is not plain:
so the problems are the same, row by row.
"""

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import BinaryIO, NamedTuple, cast

from spbe_cli.core.assessment import Entry, Source
from spbe_cli.core.instrument import Instrument, bare
from spbe_cli.core.problem import Place, Problem, errors_of, notices_of
from spbe_cli.core.score import Reading
from spbe_cli.core.units import tick_of
from spbe_cli.read.assessments import TREES, FileReadings, is_table, read_file, readings_in
from spbe_cli.read.choice import Wishes
from spbe_cli.read.grid import Grid, Parsed
from spbe_cli.read.header import Role
from spbe_cli.read.long import LongReader
from spbe_cli.read.row_faults import (
    DECIDING,
    NAMES,
    Judge,
    Judged,
    Setting,
    in_order,
    text_faults,
    wrong_in,
)
from spbe_cli.read.rows import is_summary
from spbe_cli.read.schema import stage_name
from spbe_cli.read.shapes import WideTable, instrument_of, lay_out, with_indices
from spbe_cli.read.sheet import read_sheet
from spbe_cli.read.stream import (
    PARQUET,
    Block,
    Readable,
    Rest,
    TableText,
    blocks_of,
    blocks_of_parquet,
    from_line,
    joined,
    opened,
    table_text,
    whole_tails,
    wide_table,
)
from spbe_cli.read.tables import read_grids
from spbe_cli.read.text import GZIP, LARGEST, STDIN, File, file_of, os_problem


def long_readings(
    layout: TableText, blocks: Iterable[Block | Problem], wishes: Wishes
) -> Iterator[FileReadings]:
    """Yield the institutions of each block, the last one with the block in which it ends."""
    file = File(layout.path, b"")
    held = Block(b"", layout.lines, 0)
    of_metadata = instrument_of(wishes, layout.path)
    keys: list[int] | None = None
    for block in blocks:
        if isinstance(block, Problem):
            yield FileReadings(problems=(block,))
            return
        rows = joined(held, layout.rows_in(block))
        grid, problems = layout.grid(rows)
        reader = LongReader(grid, layout.header, layout.above, of_metadata)
        keys = reader.keys() if keys is None else keys
        first = reader.first_of_last(keys)
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
        held = from_line(rows, line)
    if held.content:
        grid, problems = layout.grid(held)
        yield _readings(grid, problems, file, wishes)


def _readings(grid: Grid, problems: Iterable[Problem], file: File, wishes: Wishes) -> FileReadings:
    parsed = lay_out(grid, wishes)
    return readings_in(Parsed(parsed.sheets, (*problems, *parsed.problems)), file, wishes)


_LONGEST = 1000
"""A longer name is refused (`schema.Name`)."""


class GoodRow(NamedTuple):
    """An institution with its levels in ticks, in the order of the instrument."""

    who: tuple[str | None, str | None, str | None]
    setting: Setting
    ticks: Sequence[int]


class OddRow(NamedTuple):
    """What the ordinary reader makes of a row: a reading, problems, or neither for a blank row."""

    reading: Reading | None
    problems: Sequence[Problem]


class WideReader:
    """Reads the rows of grids that share one header."""

    def __init__(self, wishes: Wishes, source: Source) -> None:
        self._wishes = wishes
        self._source = source
        self._judge = Judge(wishes, source)
        self._columns: dict[Role, list[int]] = {}

    def read(self, table: WideTable, row: int) -> GoodRow | OddRow:
        """Return a row's institution and levels, or what is odd about it."""
        plain = None if table.grid.marks else self._plain(table, row)
        return plain if plain is not None else self._odd(table, row)

    def setting(self, table: WideTable, row: int) -> Setting | None:
        """Return what rows like this are scored by as they stand; None where they are odd."""
        judged = self._judged(table, row)
        setting = None if judged.faults or judged.left_out else judged.setting
        if setting is None or not setting.is_whole or setting.like_heading:
            return None
        return setting

    def _judged(self, table: WideTable, row: int) -> Judged:
        cells = table.grid.rows[row]
        texts = tuple([self._text(table, cells, role) for role in DECIDING])
        return self._judge.of(table, row, texts)

    def _plain(self, table: WideTable, row: int) -> GoodRow | OddRow | None:
        """Return what a row is that can be told without reading it as a sheet; else None."""
        cells = table.grid.rows[row]
        who = [self._text(table, cells, role) or None for role in NAMES]
        judged = self._judged(table, row)
        if is_summary(table.name(row)) and table.is_total(row):
            return OddRow(None, () if table.is_remark(row) else table.total(row))
        if judged.left_out:
            return OddRow(None, ())
        setting = judged.setting
        if setting is None and judged.refusal is None:
            return None
        is_odd = any(len(name or "") > _LONGEST for name in who) or len(cells) < table.header.width
        length = [] if len(cells) == table.header.width else table.length_problems(row)
        if setting is not None and setting.is_whole and not (judged.faults or is_odd or length):
            known, columns = setting.ticks, setting.places.values()
            ticks = [each for i in columns if (each := known[cells[i]]) is not None]
            is_odd = not who[0] or Role.INSTITUTION in table.above or setting.like_heading
            if len(ticks) == len(columns) and not (is_odd and table.is_remark(row)):
                return GoodRow((who[0], who[1], who[2]), setting, ticks)
        return OddRow(None, ()) if table.is_remark(row) else self._bad(table, row, judged, length)

    def _bad(
        self, table: WideTable, row: int, judged: Judged, of_length: Sequence[Problem]
    ) -> OddRow | None:
        """Return what is wrong with a row; None where it is not certain, or nothing is."""
        cells = table.grid.rows[row]
        cells = [*cells, *[""] * (table.header.width - len(cells))]
        faults = [
            (role, problem)
            for role in NAMES
            if len(name := self._text(table, cells, role)) > _LONGEST
            for problem in text_faults(role, name)
        ]
        found = [p.at(self._place(table, row, role)) for role, p in (*faults, *judged.faults)]
        found += wrong_in(table, row, cells, judged)
        if judged.setting is not None and judged.setting.misleads(found):
            return None
        cut = {each.place for each in of_length}
        found = [each for each in found if each.place not in cut]
        wrong = sorted([*of_length, *found], key=in_order)
        return OddRow(None, wrong) if wrong else None

    def _place(self, table: WideTable, row: int, role: Role) -> Place:
        """Return where a row says what `_text` returns."""
        filled = (i for i in self._columns[role] if table.grid.text(row, i))
        column = next(filled, None)
        return table.grid.place_of(*(table.above[role].cell if column is None else (row, column)))

    def _text(self, table: WideTable, cells: Sequence[str], role: Role) -> str:
        """Return what a row says in the first filled column of a role, else what stands above."""
        columns = self._columns.get(role)
        if columns is None:
            columns = [column.index for column in table.header.of(role)]
            self._columns[role] = columns
        for index in columns:
            if index < len(cells) and (text := bare(cells[index])):
                return text
        return table.above[role].text if role in table.above else ""

    def _odd(self, table: WideTable, row: int) -> OddRow:
        sheet, problems = table.sheet(row)
        if sheet is None:
            return OddRow(None, problems)
        sheet = with_indices(sheet, table, row, instrument_of(self._wishes, self._source.path))
        wanted = self._wishes.stage
        if wanted is not None and stage_name(sheet.data.get("stage")) != wanted:
            return OddRow(None, ())
        unreadable = {problem.place for problem in errors_of(problems)}
        reading, found = read_sheet(sheet, self._wishes, self._source)
        found = [problem for problem in found if problem.place not in unreadable]
        problems = sorted([*problems, *found], key=in_order)
        if errors_of(problems):
            return OddRow(None, problems)
        return OddRow(reading, notices_of(problems))


def with_levels(good: GoodRow) -> Reading:
    """Return a good row as the reading that the ordinary reader would give."""
    reading = good.setting.reading
    tick = tick_of(reading.instrument.scale)
    codes = reading.instrument.indicator_by_code
    entries = {code: Entry(each * tick) for code, each in zip(codes, good.ticks, strict=True)}
    institution, category, province = good.who
    assessment = reading.assessment._replace(
        entries=entries, institution=institution, category=category, province=province
    )
    return reading._replace(assessment=assessment)


SMALL = 2 * 1024 * 1024
"""Up to how many bytes a file is read as a whole: some ten thousand institutions."""

_FIRST = 16 * 1024
"""By how many bytes of a block it is mostly told whether it holds rows."""


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
            readable, name = _unpacked(stream, name)
            head = readable.read(SMALL + 1)
            if head.startswith(PARQUET):
                yield from _parquet(name, Rest(head, readable), wishes)
                return
            layout, problems = _layout(File(name, head), wishes.likely)
            if layout is not None and layout.header.wide:
                blocks = blocks_of(Rest(head, readable), name)
                yield from _rows(layout, problems, blocks, wishes)
                return
            content = head + readable.read(LARGEST + 1 - len(head))
            if layout is not None and len(content) > LARGEST:
                yield from long_readings(layout, blocks_of(Rest(content, readable), name), wishes)
            else:
                yield from _whole(name, Rest(content, readable), wishes)
        except (OSError, EOFError, zlib.error) as error:
            wrong = error if isinstance(error, OSError) else OSError()
            yield FileReadings(problems=(os_problem(path, wrong),))


def _unpacked(stream: BinaryIO, name: str) -> tuple[Readable, str]:
    """Return a stream, and in place of a compressed one (`nilai.csv.gz`) what is packed in it."""
    head = stream.read(len(GZIP))
    whole = Rest(head, stream)
    if head != GZIP:
        return whole, name
    packed = gzip.GzipFile(fileobj=cast("BinaryIO", whole))
    return cast("Readable", packed), name.removesuffix(".gz")


def _layout(head: File, instrument: Instrument | None) -> tuple[TableText | None, list[Problem]]:
    """Return how a file is read block by block, by its beginning; None where it is not."""
    if len(head.content) <= SMALL or head.is_workbook or head.suffix in TREES:
        return None, []
    first = next(blocks_of(Rest(head.content, io.BytesIO()), head.path))
    return (None, []) if isinstance(first, Problem) else table_text(first, head.path, instrument)


def _whole(path: str, stream: Readable, wishes: Wishes) -> Iterator[Part]:
    """Yield a file that is read as a whole."""
    file = file_of(path, stream.read(LARGEST + 1))
    if isinstance(file, Problem):
        yield FileReadings(problems=(file,))
        return
    if is_table(file):
        grids, problems = read_grids(file, wishes)
        grid = grids[0] if len(grids) == 1 and grids[0].rows else None
        table, found = wide_table(grid, wishes.likely) if grid is not None else (None, [])
        if errors_of(found):  # of the head: what its columns mean is not certain
            yield FileReadings(problems=(*problems, *found))
            return
        if table is not None and table.has_rows:
            source = Source(*file, read=table.read)
            found += table.notices(instrument_of(wishes, file.path))
            yield Rows(WideReader(wishes, source), table, (*problems, *found))
            return
    yield read_file(file, wishes)


def _parquet(path: str, stream: Readable, wishes: Wishes) -> Iterator[Part]:
    """Yield a Parquet table, as the CSV that it would be."""
    blocks = blocks_of_parquet(path, stream)
    first = next(blocks)
    if isinstance(first, Problem):
        yield FileReadings(problems=(first,))
        return
    layout, problems = table_text(first, path, wishes.likely)
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
    if problems:
        yield FileReadings(problems=tuple(problems))
    if errors_of(problems):  # of the head: what its columns mean is not certain
        return
    reader = WideReader(wishes, Source(layout.path, b""))
    is_empty = True
    for rows in whole_tails(layout, blocks):
        if isinstance(rows, Problem):
            yield FileReadings(problems=(rows,))
            return
        is_empty = is_empty and not _has_rows(layout, rows)
        yield TextRows(reader, layout, rows)
    if is_empty:
        head, _ = layout.table(Block(b"", layout.lines, 0))
        empty = head.grid.problem("table-empty", layout.header.columns[0].header)
        yield FileReadings(problems=(empty,))


def _has_rows(layout: TableText, rows: Block) -> bool:
    """Return whether a block holds more than blank rows and totals of nothing.

    Its first lines nearly always tell, so that a block is not parsed twice for it.
    """
    end = rows.content.find(b"\n", _FIRST) + 1
    first = Block.of(rows.content[:end], rows.lines_before)
    return any(layout.table(part)[0].has_rows for part in (first, rows))
