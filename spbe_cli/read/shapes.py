"""The rows of a table with one row an institution, and which of the two a table is."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.read.grid import Cell, Grid, Location, Parsed, Sheet, bare
from spbe_cli.read.header import Column, Header, Role, duplicate_columns, find_header, no_header
from spbe_cli.read.rows import (
    MOST_PROBLEMS,
    Found,
    is_summary,
    mark_problems,
    metadata_above,
    metadata_in_row,
    metadata_problems,
    read_long,
    row_length_problems,
    values_of,
)

_LEVEL = re.compile(r"[0-9](?:[.,]0+)?")  # as a level of any scale is written


def read_wide(
    grid: Grid, header: Header, above: Mapping[str, Found]
) -> tuple[list[Sheet], list[Problem]]:
    """Return a score sheet for every row below the header, and what is wrong with the rows.

    `above` is the metadata that stands over the header; a row's own goes before it.
    """
    table = WideTable.of(grid, header, above)
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    for row in range(header.last_row + 1, len(grid.rows)):
        if len(problems) >= MOST_PROBLEMS:
            break
        sheet, found = table.sheet(row)
        problems += found
        if sheet is not None:
            sheets.append(sheet)
    return sheets, problems


@dataclass(frozen=True, slots=True)
class WideTable:
    """A grid whose rows are institutions. `columns` holds each indicator's, by its code."""

    grid: Grid
    header: Header
    above: Mapping[str, Found]
    columns: Mapping[str, Column]
    last: int

    @classmethod
    def of(cls, grid: Grid, header: Header, above: Mapping[str, Found]) -> "WideTable":
        """Return the table that a header makes of a grid."""
        columns = _columns(header)
        return cls(grid, header, above, columns, max(c.index for c in columns.values()))

    @property
    def has_rows(self) -> bool:
        """Whether any row below the header is a score sheet, or something is to be said of it."""
        rows = range(self.header.last_row + 1, len(self.grid.rows))
        return any(sheet is not None or found for sheet, found in map(self.sheet, rows))

    def sheet(self, row: int) -> tuple[Sheet | None, list[Problem]]:
        """Return a row's score sheet, None for an empty row or a total, and what is wrong there."""
        grid = self.grid
        own = metadata_in_row(grid, self.header, row)
        levels = {code: grid.text(row, column.index) for code, column in self.columns.items()}
        if not own and not any(levels.values()):
            return None, []
        name = _name(grid, row, own)
        if sums_up(grid.text(*name), levels.values()):
            if not any(levels.values()):
                return None, []
            notice = grid.problem("row-not-read", name, found=grid.text(*name))
            return None, [notice._replace(severity=Severity.NOTICE)]
        problems = metadata_problems(grid, own)
        problems += row_length_problems(grid, self.header, row, self.last)
        problems += mark_problems(grid, ((row, column.index) for column in self.columns.values()))
        metadata = {**self.above, **own}
        places = _Places(grid, row, self.columns, metadata)
        return Sheet({**values_of(metadata), "levels": levels}, places), problems


def _columns(header: Header) -> dict[str, Column]:
    """Return the first column of each indicator by its code as written: `I2` may be its name."""
    first: dict[str, Column] = {}
    for column in header.of(Role.LEVEL_OF):
        first.setdefault(column.meaning.indicator, column)
    return {bare(column.name): column for column in first.values()}


def _name(grid: Grid, row: int, own: Mapping[str, Found]) -> Cell:
    """Return the cell that says whose row it is: the institution's, else the first that is filled.

    A mean's name often stands in cells that are merged with the number's.
    """
    if Role.INSTITUTION in own:
        return own[Role.INSTITUTION].cell
    return row, next(index for index in range(len(grid.rows[row])) if grid.text(row, index))


def sums_up(name: str, levels: Collection[str]) -> bool:
    """Return whether a row is a total or a mean, by the name that it gives in place of one.

    "Total Kabupaten Z" may be anything, so a row of levels is taken for an institution's unless
    it says nothing but "Total" or "Rata-rata".
    """
    given = list(filter(None, levels))
    whole = sum(1 for level in given if _LEVEL.fullmatch(level))
    return is_summary(name, alone=True) or (is_summary(name) and whole * 2 <= len(given))


@dataclass(frozen=True, slots=True)
class _Places:
    """The places of one row's sheet: a level's key is its column's header."""

    grid: Grid
    row: int
    columns: Mapping[str, Column]
    metadata: Mapping[str, Found]

    def __call__(self, location: Location, key: bool = False, /) -> Place:  # noqa: FBT001, FBT002
        """Return the place of a value, or of its key; the row where there is no such location."""
        return self.grid.place_of(*self._cell(tuple(map(str, location)), key=key))

    def _cell(self, location: tuple[str, ...], *, key: bool) -> Cell:
        match location:
            case ("levels", code, *rest) if code in self.columns:
                column = self.columns[code]
                return column.header if key and not rest else (self.row, column.index)
            case (name, *_) if name in self.metadata:
                return self.metadata[name].label if key else self.metadata[name].cell
            case _:
                return self.row, self._first()

    def _first(self) -> int:
        """Return the column in which the row begins."""
        cells = range(len(self.grid.rows[self.row]))
        return next((index for index in cells if self.grid.text(self.row, index)), 0)


def lay_out(grid: Grid) -> Parsed:
    """Return the score sheets in a grid, and every problem of its form.

    The form is told by the header: an indicator and a level column make the long form, three
    indicators side by side the wide one.
    """
    if all(map(grid.is_blank, range(len(grid.rows)))):
        return Parsed(problems=(grid.problem("table-empty", (0, 0)),))
    header = find_header(grid.rows, grid.spans)
    if header is None:
        return Parsed(problems=(no_header(grid),))
    problems = duplicate_columns(grid, header)
    above = metadata_above(grid, header.first_row)
    problems += metadata_problems(grid, above)
    sheets, found = (read_wide if header.wide else read_long)(grid, header, above)
    if not sheets and not found:
        found = [grid.problem("table-empty", header.columns[0].header)]
    return Parsed(tuple(sheets), (*problems, *found))
