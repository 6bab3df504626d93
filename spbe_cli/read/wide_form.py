"""The wide form: a row per institution, a column per indicator."""

from collections.abc import Mapping
from dataclasses import dataclass

from spbe_cli.core.problem import Place, Problem
from spbe_cli.read.columns import Role
from spbe_cli.read.grid import Cell, Grid
from spbe_cli.read.header import Column, Header
from spbe_cli.read.sheet import Location, Sheet
from spbe_cli.read.table_data import (
    MOST_PROBLEMS,
    Found,
    is_subtotal,
    mark_problems,
    metadata_in_row,
    metadata_problems,
    row_length_problems,
    values_of,
)

__all__ = ["read_wide"]


def read_wide(
    grid: Grid, header: Header, above: Mapping[str, Found]
) -> tuple[list[Sheet], list[Problem]]:
    """Return a score sheet for every row below the header, and what is wrong with the rows.

    `above` is the metadata that stands over the header; a row's own goes before it.
    """
    columns: dict[str, Column] = {}
    for column in header.of(Role.LEVEL_OF):
        columns.setdefault(column.meaning.indicator, column)
    last = max(column.index for column in columns.values())
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    for row in range(header.last_row + 1, len(grid.rows)):
        if len(problems) >= MOST_PROBLEMS:
            break
        own = metadata_in_row(grid, header, row)
        levels = {code: grid.text(row, column.index) for code, column in columns.items()}
        if not own and not any(levels.values()):
            continue
        name = own[Role.INSTITUTION].text if Role.INSTITUTION in own else ""
        if is_subtotal(grid, row, name):
            continue
        problems += metadata_problems(grid, own)
        problems += row_length_problems(grid, header, row, last)
        problems += mark_problems(grid, ((row, column.index) for column in columns.values()))
        metadata = {**above, **own}
        places = _Places(grid, row, columns, metadata)
        sheets.append(Sheet({**values_of(metadata), "levels": levels}, places))
    return sheets, problems


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
