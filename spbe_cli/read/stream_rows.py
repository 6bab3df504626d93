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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import BinaryIO, NamedTuple, cast

from spbe_cli.core.assessment import Entry, Source
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.problem import Place, Problem, errors_of, notices_of
from spbe_cli.core.score import Reading
from spbe_cli.core.units import tick_of
from spbe_cli.read.assessments import TREES, FileReadings, is_table, read_file, readings_in
from spbe_cli.read.choice import Wishes
from spbe_cli.read.grid import Grid, Parsed
from spbe_cli.read.header import Role
from spbe_cli.read.long import LongReader
from spbe_cli.read.row_faults import (
    Refusal,
    in_order,
    length_problems,
    level_problems,
    refusal_of,
)
from spbe_cli.read.schema import stage_name
from spbe_cli.read.shapes import WideTable, instrument_of, lay_out, sums_up, with_indices
from spbe_cli.read.sheet import code_in, read_sheet
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
from spbe_cli.read.values import level_in


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
"""A longer name is refused by the ordinary reader (`schema.Name`)."""

_MOST_KEPT = 10_000
_LENGTH = ("row-too-long", "row-too-short")  # which says nothing of the cells that are there

_WHO = (Role.INSTITUTION, Role.CATEGORY, Role.PROVINCE)
_DECIDING = (Role.YEAR, Role.STAGE, Role.INSTRUMENT)


class Ticks(dict[str, int | None]):
    """What the texts of levels mean in ticks of the scale; None for a text that is no level.

    None, too, for a level between two ticks, where the scale has no step: the ordinary reader
    looks at that row.
    """

    def __init__(self, instrument: Instrument) -> None:
        super().__init__()
        self._scale = instrument.scale
        self._tick = tick_of(instrument.scale)

    def __missing__(self, text: str) -> int | None:
        """Return the ticks of a text that is met for the first time, and keep them."""
        level = level_in(self._scale, text)
        exact = None if level is None else level / self._tick
        ticks = exact.numerator if exact is not None and exact.denominator == 1 else None
        if len(self) < _MOST_KEPT:
            self[text] = ticks
        return ticks


class Setting(NamedTuple):
    """What rows with the same year, stage and instrument have in common.

    `reading` is one without levels; `places` holds the columns of the levels, in the order of the
    instrument.
    """

    reading: Reading
    places: tuple[int, ...]
    ticks: Mapping[str, int | None]


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
        self._settings: dict[tuple[str, ...], Setting | None] = {}
        self._refusals: dict[tuple[str, ...], Refusal | None] = {}
        self._columns: dict[Role, list[int]] = {}

    def read(self, table: WideTable, row: int) -> GoodRow | OddRow:
        """Return a row's institution and levels, or what is odd about it."""
        plain = None if table.grid.marks else self._plain(table, row)
        return plain if plain is not None else self._odd(table, row)

    def setting(self, table: WideTable, row: int) -> Setting | None:
        """Return what the row's year, stage and instrument lead to; None where they are odd."""
        key = self._key(table, row)
        if key not in self._settings:
            if len(self._settings) >= _MOST_KEPT:
                self._settings.clear()
            self._settings[key] = setting_of(table, row, self._wishes, self._source)
        return self._settings[key]

    def _key(self, table: WideTable, row: int) -> tuple[str, ...]:
        return tuple([self._text(table, row, role) for role in _DECIDING])

    def _refused(self, table: WideTable, row: int) -> OddRow | None:
        """Return what is wrong with a row's year, stage or instrument, where nothing else is said.

        The same texts are wrong in the same way in every row.
        """
        key = self._key(table, row)
        if key not in self._refusals:
            if len(self._refusals) >= _MOST_KEPT:
                self._refusals.clear()
            columns = {each.index for role in _DECIDING for each in table.header.of(role)}
            self._refusals[key] = refusal_of(table, row, columns, self._wishes, self._source)
        refusal = self._refusals[key]
        if refusal is None or table.is_remark(row):
            return None
        place_of = table.grid.place_of
        return OddRow(None, [e if c is None else e.at(place_of(row, c)) for e, c in refusal])

    def leaves_out(self, setting: Setting) -> bool:
        """Return whether rows are of another stage than the one asked for."""
        wanted = self._wishes.stage
        return wanted is not None and setting.reading.assessment.stage is not wanted

    def _plain(self, table: WideTable, row: int) -> GoodRow | OddRow | None:
        """Return a row of which nothing but levels, length or setting can be wrong; else None."""
        cells = table.grid.rows[row]
        width = table.header.width
        who = [self._text(table, row, role) or None for role in _WHO]
        if any(name and len(name) > _LONGEST for name in who):
            return None
        setting = self.setting(table, row)
        if setting is not None and self.leaves_out(setting):
            return None
        if sums_up(who[0] or _first(table, row), ()):
            return None
        if setting is None:
            return self._refused(table, row) if len(cells) == width else None
        known = setting.ticks
        there = [place for place in setting.places if place < len(cells)]
        ticks = [known[cells[place]] for place in there]
        whole = [each for each in ticks if each is not None]
        if len(cells) == width and len(whole) == len(ticks):
            return GoodRow((who[0], who[1], who[2]), setting, whole)
        if len(cells) == width:
            wrong = level_problems(table, row, setting.reading.instrument, setting)
        else:
            right = whole and len(whole) == len(ticks)
            wrong = length_problems(table, row) if right else []
        return OddRow(None, wrong) if wrong else None

    def _text(self, table: WideTable, row: int, role: Role) -> str:
        """Return what a row says in the first filled column of a role, else what stands above."""
        columns = self._columns.get(role)
        if columns is None:
            columns = [column.index for column in table.header.of(role)]
            self._columns[role] = columns
        for index in columns:
            if text := table.grid.text(row, index):
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


def setting_of(table: WideTable, row: int, wishes: Wishes, source: Source) -> Setting | None:
    """Return the setting of a row, None where its year, stage or instrument is not plain."""
    sheet, problems = table.sheet(row)
    if sheet is None or any(each.code not in _LENGTH for each in errors_of(problems)):
        return None
    without = sheet._replace(data={**sheet.data, "levels": {}})
    reading, _ = read_sheet(without, wishes._replace(missing_allowed=True), source)
    if reading is None:
        return None
    if (
        reading.instrument.external
        and "indices" in with_indices(sheet, table, row, lambda _: reading.instrument).data
    ):  # the ordinary reader converts them
        return None
    codes = {code_in(reading.instrument, name): c.index for name, c in table.columns.items()}
    known = reading.instrument.indicator_by_code
    if len(codes) < len(table.columns) or codes.keys() != known.keys():
        return None
    return Setting(reading, tuple(codes[code] for code in known), Ticks(reading.instrument))


def _first(table: WideTable, row: int) -> str:
    cells = range(len(table.grid.rows[row]))
    return next((text for i in cells if (text := table.grid.text(row, i))), "")


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
