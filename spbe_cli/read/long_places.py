"""The places of a long table's score sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spbe_cli.core.problem import Place
from spbe_cli.read.grid import Cell, Grid
from spbe_cli.read.header import Column
from spbe_cli.read.sheet import Location
from spbe_cli.read.table_data import Found

__all__ = ["LongPlaces"]


@dataclass(frozen=True, slots=True)
class LongPlaces:
    """From a location in a sheet's data to a cell: a level's key is its indicator's cell.

    `levels` holds the level columns by stage, the one of no stage under the empty name.
    `first_row` is the sheet's first row where the table holds several sheets.
    """

    grid: Grid
    indicator: Column
    levels: Mapping[str, Column]
    details: Sequence[Column]
    rows: Mapping[str, int]
    metadata: Mapping[str, Found]
    first_row: int | None

    def __call__(self, location: Location, key: bool = False, /) -> Place:  # noqa: FBT001, FBT002
        """Return the place of a value, or of its key, or of the nearest location above."""
        return self.grid.place_of(*self._cell(tuple(map(str, location)), key=key))

    def _cell(self, location: tuple[str, ...], *, key: bool) -> Cell:
        match location:
            case ("levels", *rest) if "" in self.levels:
                return self._level("", rest, key=key)
            case ("stages", stage, *rest) if stage in self.levels:
                return self._level(stage, rest, key=key)
            case ("stages", *_):
                return self._top(next(iter(self.levels.values())))
            case (name, *_) if name in self.metadata:
                return self.metadata[name].label if key else self.metadata[name].cell
            case _:
                return self._top(self.indicator)

    def _level(self, stage: str, location: Sequence[str], *, key: bool) -> Cell:
        column = self.levels[stage]
        if not location or location[0] not in self.rows:
            return self._top(column)
        row = self.rows[location[0]]
        match location[1:]:
            case []:
                return row, self.indicator.index if key else column.index
            case [role, *_]:
                return row, self._detail(stage, role, row, column)
        return row, column.index

    def _detail(self, stage: str, role: str, row: int, column: Column) -> int:
        """Return the column of a note, evidence or responsible unit: the first that says one."""
        of_role = [
            detail.index
            for detail in self.details
            if detail.role == role and (not stage or detail.meaning.stage in (None, stage))
        ]
        return next((index for index in of_role if self.grid.text(row, index)), column.index)

    def _top(self, column: Column) -> Cell:
        """Return where a column begins: at its header, or at the sheet's first row."""
        return column.header if self.first_row is None else (self.first_row, column.index)
