"""From a grid to score sheets: a row an indicator (long), or a row an institution (wide)."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from spbe_cli.core.assessment import TableRead
from spbe_cli.core.instrument import Instrument, bare, indicator_code
from spbe_cli.core.problem import Problem, Severity, nearest
from spbe_cli.read.choice import Wishes, instrument_for
from spbe_cli.read.evidence import columns_read, heading, read_of
from spbe_cli.read.grid import SHORTEST_NAME, Cell, Grid, Parsed, Sheet
from spbe_cli.read.header import (
    METADATA,
    Column,
    Header,
    Role,
)
from spbe_cli.read.levels import unread, unread_notice
from spbe_cli.read.long import LongReader
from spbe_cli.read.nearest import NearestIndicator
from spbe_cli.read.official import find_header, no_header
from spbe_cli.read.rows import (
    MOST_PROBLEMS,
    Above,
    Found,
    Headings,
    InstrumentOf,
    Kind,
    Places,
    above_problems,
    all_above,
    duplicate_columns,
    is_signature,
    is_summary,
    mark_problems,
    metadata_in_row,
    metadata_problems,
    repeated_heading,
    row_length_problems,
    rows_read,
    signed_rows,
    values_of,
)

_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]{0,6}")
_LEVEL = re.compile(r"[0-9](?:[.,]0+)?")  # as a level of any scale is written


def lay_out(grid: Grid, wishes: Wishes | None = None) -> Parsed:
    """Return the score sheets in a grid, and every problem of its form.

    The form is told by the header: an indicator and a level column make the long form, indicators
    side by side the wide one.
    """
    wishes = wishes or Wishes()
    if all(map(grid.is_blank, range(len(grid.rows)))):
        return Parsed(problems=(grid.problem("table-empty", (0, 0)),))
    header = find_header(grid.rows, grid.spans, wishes.likely)
    if header is None:
        return Parsed(problems=(no_header(grid),))
    return sheets_under(grid, header, wishes)


def sheets_under(grid: Grid, header: Header, wishes: Wishes) -> Parsed:
    """Return the score sheets below a header."""
    above, problems = metadata_over(grid, header)
    of_metadata = instrument_of(wishes, grid.place_of(0, 0).source)
    problems += duplicate_columns(grid, header)
    if header.wide and wishes.most and len(grid.rows) - header.last_row - 1 > wishes.most:
        values = {"limit": str(wishes.most)}
        found = [grid.problem("sheets-too-many", (header.last_row + 1 + wishes.most, 0), **values)]
        return Parsed((), (*problems, *found))
    if header.wide:
        sheets, found = read_wide(grid, header, above, of_metadata)
    elif header.is_checklist:
        from spbe_cli.read.checklist import read_checklist

        sheets, found = read_checklist(grid, header, above, of_metadata)
    else:
        reader = LongReader(grid, header, above, of_metadata)
        sheets, found = reader.read()
    if not sheets and not found:
        found = [grid.problem("table-empty", header.columns[0].header)]
    return Parsed(tuple(sheets), (*problems, *found))


def instrument_of(wishes: Wishes, source: str) -> InstrumentOf:
    """Return what leads from metadata to the instrument; to None where that is said later."""

    def found(metadata: Mapping[str, Found]) -> Instrument | None:
        year, name = (
            metadata[role].text if role in metadata else None
            for role in (Role.YEAR, Role.INSTRUMENT)
        )
        return instrument_for(year, name, wishes, source)

    return found


def metadata_over(grid: Grid, header: Header) -> tuple[dict[str, Found], list[Problem]]:
    """Return what stands over a header by key, and what is wrong with it."""
    every = all_above(grid, header.first_row)
    above = {role: found[0] for role, found in every.items()}
    problems = [*metadata_problems(grid, above), *above_problems(grid, every)]
    if header.named:
        first = next(c.header for c in header.columns if c.role is Role.LEVEL_OF)
        above.setdefault(Role.INSTRUMENT, Found(header.named, first, first))
    return above, problems


# A row an institution


def read_wide(
    grid: Grid, header: Header, above: Above, instrument_of: InstrumentOf
) -> tuple[list[Sheet], list[Problem]]:
    """Return a score sheet for every row below the header, and what is wrong with the rows.

    `above` is the metadata that stands over the header; a row's own goes before it.
    """
    table = WideTable.of(grid, header, above)
    problems = table.notices(instrument_of)
    sheets: list[Sheet] = []
    for row in range(header.last_row + 1, len(grid.rows)):
        if len(problems) >= MOST_PROBLEMS:
            break
        sheet, found = table.sheet(row)
        problems += found
        if sheet is not None:
            sheets.append(with_indices(sheet, table, row, instrument_of))
    return sheets, problems


def with_indices(sheet: Sheet, table: "WideTable", row: int, instrument_of: InstrumentOf) -> Sheet:
    """Return a row's sheet with the indices of other evaluations that stand beside its levels."""
    instrument = table.instrument_in(row, instrument_of)
    if instrument is None or not instrument.external:
        return sheet
    from spbe_cli.read.indices import with_indices_above, with_indices_beside

    sheet = with_indices_above(sheet, table.grid, table.header.first_row, instrument)
    return with_indices_beside(sheet, table.grid, table.header, row, instrument)


@dataclass(frozen=True)
class WideTable:
    """A grid whose rows are institutions. `columns` holds each indicator's, by its code."""

    grid: Grid
    header: Header
    above: Above
    columns: Mapping[str, Column]

    @classmethod
    def of(cls, grid: Grid, header: Header, above: Above) -> "WideTable":
        """Return the table that a header makes of a grid."""
        return cls(grid, header, above, _columns(header))

    @property
    def has_rows(self) -> bool:
        """Whether any row below the header is a score sheet, or something is to be said of it."""
        rows = range(self.header.last_row + 1, len(self.grid.rows))
        return any(sheet is not None or found for sheet, found in map(self.sheet, rows))

    @cached_property
    def headings(self) -> Headings:
        """What tells a heading row that is repeated."""
        return repeated_heading(self.grid, self.header)

    def has_levels(self, row: int) -> bool:
        """Return whether a number stands under any indicator."""
        return any(_NUMBER.fullmatch(text) for _, text in self._given(row))

    @cached_property
    def signed(self) -> frozenset[int]:
        """The rows of signatures."""
        columns = [column.index for column in self.columns.values()]
        return signed_rows(self.grid, self.header, columns)

    @cached_property
    def read(self) -> TableRead:
        """What is read of the table."""
        taken = {c.index: c.role.value for c in self.header.columns if c.role in METADATA}
        taken |= {column.index: "level" for column in self.columns.values()}
        columns = columns_read(self.grid, self.header, taken, {})
        read = read_of(self.grid, self.header)
        left_out = tuple(rows_read(self.grid, self._kinds()))
        named = self.header.named
        return read._replace(columns=tuple(columns), rows_left_out=left_out, instrument=named)

    def _kinds(self) -> dict[int, Kind]:
        """Return what the rows are; one that begins with a level is seldom looked at further."""
        first = next(iter(self.columns.values())).index
        kinds = {}
        for row in range(self.header.last_row + 1, len(self.grid.rows)):
            name = next((t for c in self._named if (t := self.grid.text(row, c.index))), "")
            if name and not is_summary(name) and _NUMBER.fullmatch(self.grid.text(row, first)):
                kinds[row] = Kind.DATA
            else:
                own = metadata_in_row(self.grid, self.header, row)
                kinds[row] = self._kind(row, own, self._levels(row))
        return kinds

    def _levels(self, row: int) -> dict[str, str]:
        given = dict(self._given(row))
        return {code: given.get(code, "") for code in self.columns}

    def _given(self, row: int) -> Iterator[tuple[str, str]]:
        """Yield the texts that stand under the indicators, by their codes."""
        cells = self.grid.rows[row]
        for code, index in self._places:
            if index < len(cells) and cells[index] and (text := bare(cells[index])):
                yield code, text

    @cached_property
    def _places(self) -> tuple[tuple[str, int], ...]:
        return tuple((code, column.index) for code, column in self.columns.items())

    def _name(self, row: int, own: Above) -> str:
        return self.grid.text(*_name(self.grid, row, own))

    def _kind(self, row: int, own: Above, levels: Mapping[str, str]) -> Kind:
        """Return what a row is that says this of whom it is, and of the levels."""
        if not own and not any(levels.values()):
            return Kind.BLANK if self.grid.is_blank(row) else Kind.REMARK
        name = own[Role.INSTITUTION].text if Role.INSTITUTION in own else None
        if self.headings.holds(self.grid, row):
            return Kind.HEADING
        if self._says_words(row, name, levels.values()):
            return Kind.REMARK
        return Kind.TOTAL if sums_up(self._name(row, own), levels.values()) else Kind.DATA

    def sheet(self, row: int) -> tuple[Sheet | None, list[Problem]]:
        """Return a row's score sheet, None for an empty row or a total, and what is wrong there."""
        grid = self.grid
        own = metadata_in_row(grid, self.header, row)
        levels = self._levels(row)
        kind = self._kind(row, own, levels)
        if kind is Kind.TOTAL:
            return None, self.total(row)
        if kind is not Kind.DATA:
            return None, []
        problems = metadata_problems(grid, own)
        problems += row_length_problems(grid, self.header, row)
        problems += mark_problems(grid, ((row, column.index) for column in self.columns.values()))
        metadata = {**self.above, **own}
        places = Places((grid, row, _first_filled(grid, row)))
        places.add_metadata(grid, metadata)
        for code, column in self.columns.items():
            places.cells["levels", code] = (grid, row, column.index)
            places.keys["levels", code] = (grid, *column.header)
        data = {**values_of(metadata), "levels": levels}
        return Sheet(data, places, self.read, named=self.header.named), problems

    def name(self, row: int) -> str:
        """Return the text that says whose row it is: the institution's, else the first there is."""
        cells = (self.grid.text(row, column.index) for column in self._named)
        return next(filter(None, cells), "") or self.grid.text(row, self.begin(row))

    def begin(self, row: int) -> int:
        """Return the column in which a row begins."""
        return _first_filled(self.grid, row)

    def is_total(self, row: int) -> bool:
        """Return whether a row is a total or a mean, by its name and what stands below."""
        return sums_up(self.name(row), self._levels(row).values())

    def total(self, row: int) -> list[Problem]:
        """Return what is said of a total or a mean, of which something is not read."""
        if not any(self._levels(row).values()):
            return []
        name = _name(self.grid, row, metadata_in_row(self.grid, self.header, row))
        notice = self.grid.problem("row-not-read", name, found=self.grid.text(*name))
        return [notice._replace(severity=Severity.NOTICE)]

    def length_problems(self, row: int) -> list[Problem]:
        """Return what is wrong with a row's length."""
        return row_length_problems(self.grid, self.header, row)

    def is_remark(self, row: int) -> bool:
        """Return whether a row is a heading again, a signature or the like."""
        texts = (text for _, text in self._given(row))
        named = (self.grid.text(row, each.index) for each in self._named)
        if self.headings.holds(self.grid, row):
            return True
        return self._says_words(row, next(filter(None, named), None), texts)

    @cached_property
    def _named(self) -> tuple[Column, ...]:
        return tuple(self.header.of(Role.INSTITUTION))

    def _says_words(self, row: int, name: str | None, levels: Iterable[str]) -> bool:
        """Return whether a row says words where the levels stand, or is of a signature."""
        given = False
        for text in filter(None, levels):
            if _NUMBER.fullmatch(text):
                return False
            given = True
        return name is None or (not given and is_signature(name)) or row in self.signed

    def notices(self, instrument_of: InstrumentOf) -> list[Problem]:
        """Return what is to be said of columns that are not read and hold levels.

        One whose heading is nearly the name of an indicator without a column is refused.
        """
        grid, header = self.grid, self.header
        rows = [row for row in range(header.last_row + 1, len(grid.rows)) if not grid.is_blank(row)]
        rows = rows[:_ROWS_LOOKED_AT]
        instrument = self.instrument_in(rows[0], instrument_of) if rows else None
        if instrument is None:
            return []
        codes = dict.fromkeys(rows, instrument.indicators[0].code)
        named = dict(unread(grid, header, codes, instrument))
        if named and instrument.external:
            from spbe_cli.read.indices import index_columns

            for index in index_columns(grid, header, instrument):
                named.pop(index, None)
        misspelt = dict(self._misspelt(rows, instrument))
        said = [unread_notice(grid, header, i, n) for i, n in named.items() if i not in misspelt]
        return [*said, *misspelt.values()]

    def _misspelt(
        self, rows: Sequence[int], instrument: Instrument
    ) -> Iterator[tuple[int, Problem]]:
        """Yield the headings over levels that are nearly the name of an indicator without one."""
        read = {column.index for column in self.header.columns}
        meant = map(instrument.meant, self.columns)
        given = {each.by_code or each.by_name for each in meant}
        if given >= instrument.indicator_by_code.keys():
            return
        names = {each.name: each.code for each in instrument.indicators}
        find = NearestIndicator(instrument)
        for index in set(range(self.header.width)) - read:
            name = heading(self.grid, self.header, index)
            texts = [text for row in rows if (text := self.grid.text(row, index))]
            if len(name) < SHORTEST_NAME or not texts or not all(map(_NUMBER.fullmatch, texts)):
                continue
            near = nearest(name, names).get("nearest")
            if near is not None and names[near] not in given:
                first, last = self.header.first_row, self.header.last_row
                top = next(r for r in range(first, last + 1) if self.grid.text(r, index))
                values = {"found": name, **find(name)}
                yield index, self.grid.problem("indicator-unknown", (top, index), **values)

    def instrument_in(self, row: int, instrument_of: InstrumentOf) -> Instrument | None:
        """Return the instrument of a row; None where it is not known."""
        return instrument_of({**self.above, **metadata_in_row(self.grid, self.header, row)})


_ROWS_LOOKED_AT = 200


def _columns(header: Header) -> dict[str, Column]:
    """Return the first column of each indicator by its code as written: `I2` may be its name."""
    first: dict[str, Column] = {}
    for column in header.of(Role.LEVEL_OF):
        first.setdefault(column.meaning.indicator, column)
    return {
        bare(column.name) if indicator_code(column.name) == code else code: column
        for code, column in first.items()
    }


def _name(grid: Grid, row: int, own: Mapping[str, Found]) -> Cell:
    """Return the cell that says whose row it is: the institution's, else the first that is filled.

    A mean's name often stands in cells that are merged with the number's.
    """
    if Role.INSTITUTION in own:
        return own[Role.INSTITUTION].cell
    return row, _first_filled(grid, row)


def sums_up(name: str, levels: Collection[str]) -> bool:
    """Return whether a row is a total or a mean, by the name that it gives in place of one.

    "Total Kabupaten Z" may be anything, so a row of levels is taken for an institution's unless
    it says nothing but "Total" or "Rata-rata".
    """
    given = list(filter(None, levels))
    whole = sum(1 for level in given if _LEVEL.fullmatch(level))
    return is_summary(name, alone=True) or (is_summary(name) and whole * 2 <= len(given))


def _first_filled(grid: Grid, row: int) -> int:
    """Return the column in which the row begins."""
    cells = range(len(grid.rows[row]))
    return next((index for index in cells if grid.text(row, index)), 0)
