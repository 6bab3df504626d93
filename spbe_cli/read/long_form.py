"""The long form: a row per indicator, one level column or a column for each stage."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from spbe_cli.core.assessment import Stage
from spbe_cli.core.problem import Problem
from spbe_cli.read.columns import Role, is_code
from spbe_cli.read.grid import Grid
from spbe_cli.read.header import Column, Header
from spbe_cli.read.long_places import LongPlaces
from spbe_cli.read.sheet import Sheet, indicator_code
from spbe_cli.read.stages import stage_of
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

__all__ = ["read_long"]

_KEYS = (Role.INSTITUTION, Role.YEAR, Role.STAGE)  # rows that agree in these are one score sheet
_DETAILS = (Role.NOTE, Role.EVIDENCE, Role.RESPONSIBLE)
_CODES_LOOKED_AT = 20
_WORD = re.compile(r"[^\W\d_]{3,}")
_COLUMN_NUMBER = re.compile(r"\(?([0-9]{1,2})\)?")
_FEWEST_COLUMN_NUMBERS = 3


def read_long(
    grid: Grid, header: Header, above: Mapping[str, Found]
) -> tuple[list[Sheet], list[Problem]]:
    """Return a score sheet for every institution, year and stage, and what is wrong with the rows.

    `above` is the metadata that stands over the header; what the rows say goes before it.
    """
    first = header.last_row + 1
    rows = [row for row in range(first, len(grid.rows)) if not grid.is_blank(row)]
    if _numbers_columns(grid, header, rows):
        rows = rows[1:]
    reader = _LongReader(grid, header, above, _indicator_column(grid, header, rows))
    for row in rows:
        if len(reader.problems) >= MOST_PROBLEMS:
            break
        reader.read(row)
    return reader.sheets(), reader.problems


@dataclass(slots=True)
class _Group:
    """The rows of one score sheet: its metadata, its levels by stage, each indicator's row."""

    metadata: dict[str, Found]
    rows: dict[str, int] = field(default_factory=dict)
    levels: dict[Stage | None, dict[str, Any]] = field(default_factory=dict)


class _LongReader:
    """Reads rows one after the other. `problems` holds all that is wrong with them."""

    def __init__(
        self, grid: Grid, header: Header, above: Mapping[str, Found], indicator: Column
    ) -> None:
        self.problems: list[Problem] = []
        self._grid = grid
        self._header = header
        self._above = above
        self._indicator = indicator
        self._levels = _level_columns(header, above)
        self._details = [column for column in header.columns if column.role in _DETAILS]
        self._needed = max(c.index for c in (self._indicator, *self._levels.values()))
        self._groups: dict[tuple[str, ...], _Group] = {}
        self._before: dict[str, Found] = {}

    def read(self, row: int) -> None:
        """Take a row into its score sheet, unless it is a title or sums up a group."""
        grid = self._grid
        written = grid.text(row, self._indicator.index)
        if is_subtotal(grid, row, written):
            return
        metadata = self._metadata(row)
        given = any(grid.text(row, column.index) for column in self._levels.values())
        if not given and (not written or _is_title(written)):
            return
        self.problems += row_length_problems(grid, self._header, row, self._needed)
        cells = [(row, column.index) for column in (self._indicator, *self._levels.values())]
        self.problems += mark_problems(grid, cells)
        if not written:
            self.problems.append(grid.problem("indicator-missing", cells[0]))
        elif cells[0] not in grid.marks:
            self._take(row, metadata)

    def sheets(self) -> list[Sheet]:
        """Return the score sheets in the order in which they begin."""
        return [self._sheet(group) for group in self._groups.values()]

    def _metadata(self, row: int) -> dict[str, Found]:
        """Return a row's metadata; an empty key repeats the row before, as in merged cells."""
        own = metadata_in_row(self._grid, self._header, row)
        self.problems += metadata_problems(self._grid, own)
        for role in _KEYS:
            if role not in own and role in self._before:
                own[role] = self._before[role]
            if _text(own, role) != _text(self._before, role):
                break
        self._before = {role: own[role] for role in _KEYS if role in own}
        return own

    def _take(self, row: int, metadata: dict[str, Found]) -> None:
        key = tuple(_text(metadata, role) for role in _KEYS)
        group = self._groups.setdefault(key, _Group({}))
        group.metadata = {**metadata, **group.metadata}
        code = self._grid.text(row, self._indicator.index)  # what it means, the instrument says
        if code in group.rows:
            first = self._grid.spot((group.rows[code], self._indicator.index))
            here = (row, self._indicator.index)
            values = {"indicator": indicator_code(code), "first": first}
            self.problems.append(self._grid.problem("duplicate-indicator", here, **values))
            return
        group.rows[code] = row
        for stage, column in self._levels.items():
            group.levels.setdefault(stage, {})[code] = self._level(row, stage, column)

    def _level(self, row: int, stage: Stage | None, column: Column) -> str | dict[str, Any]:
        """Return a level alone, or with what the row says of it."""
        level = self._grid.text(row, column.index)
        said: dict[Role, list[str]] = {}
        for detail in self._details:
            text = self._grid.text(row, detail.index)
            if text and (stage is None or detail.meaning.stage in (None, stage)):
                said.setdefault(detail.role, []).append(text)
        if not said:
            return level
        entry: dict[str, Any] = {"level": level}
        if Role.NOTE in said:
            entry["note"] = "\n".join(said[Role.NOTE])
        if Role.EVIDENCE in said:
            lines = (line.strip() for text in said[Role.EVIDENCE] for line in text.splitlines())
            entry["evidence"] = [line for line in lines if line]
        if Role.RESPONSIBLE in said:
            entry["responsible"] = ", ".join(said[Role.RESPONSIBLE])
        return entry

    def _sheet(self, group: _Group) -> Sheet:
        metadata = {**self._above, **group.metadata}
        data: dict[str, Any] = dict(values_of(metadata))
        of_stages = {str(stage): levels for stage, levels in group.levels.items() if stage}
        if None in group.levels:
            data["levels"] = group.levels[None]
        if of_stages:
            data["stages"] = of_stages
        first = next(iter(group.rows.values()))
        places = LongPlaces(
            grid=self._grid,
            indicator=self._indicator,
            levels={str(stage or ""): column for stage, column in self._levels.items()},
            details=self._details,
            rows=group.rows,
            metadata=metadata,
            first_row=first if len(self._groups) > 1 else None,
        )
        return Sheet(data, places)


def _text(metadata: Mapping[str, Found], role: Role) -> str:
    return metadata[role].text if role in metadata else ""


def _is_title(text: str) -> bool:
    """Tell a title between the rows from an indicator that is written wrongly."""
    return _WORD.search(text) is not None and not is_code(text)


def _numbers_columns(grid: Grid, header: Header, rows: Sequence[int]) -> bool:
    """Return whether the first row only numbers the columns, `(1) | (2) | (3)`.

    Without brackets it could be indicator 1, unless that comes once more soon after.
    """
    cells = [cell.strip() for cell in grid.rows[rows[0]] if cell.strip()] if rows else []
    matches = [_COLUMN_NUMBER.fullmatch(cell) for cell in cells]
    numbers = [int(match[1]) for match in matches if match is not None]
    if len(cells) < _FEWEST_COLUMN_NUMBERS or numbers != list(range(1, len(cells) + 1)):
        return False
    return cells[0].startswith("(") or any(
        grid.text(rows[0], column.index) == grid.text(row, column.index) != ""
        for column in header.of(Role.INDICATOR)
        for row in rows[1 : _FEWEST_COLUMN_NUMBERS + 1]
    )


def _indicator_column(grid: Grid, header: Header, rows: Sequence[int]) -> Column:
    """Return the column that holds codes: by rank, the first with one in its first cells."""
    columns = sorted(header.of(Role.INDICATOR), key=lambda column: column.meaning.rank)
    for column in columns:
        cells = (grid.text(row, column.index) for row in rows)
        if any(map(is_code, _first(_CODES_LOOKED_AT, cells))):
            return column
    return columns[0]


def _first(number: int, texts: Iterable[str]) -> list[str]:
    return [text for text, _ in zip(filter(None, texts), range(number), strict=False)]


def _level_columns(header: Header, above: Mapping[str, Found]) -> dict[Stage | None, Column]:
    """Return the level columns by stage, the first of each; without stages, one under None.

    Beside stages, a column that names none is the stage named above the table, else the final
    one; where that has a column of its own, it goes before. Beside a target alone it stays without
    a stage: a target is a plan, and tells nothing of what the other column is.
    """
    columns: dict[Stage | None, Column] = {}
    for column in header.of(Role.LEVEL):
        columns.setdefault(column.meaning.stage, column)
    stage = stage_of(above[Role.STAGE].text) if Role.STAGE in above else None
    if len(columns) > 1 and None in columns and (stage or columns.keys() - {None, Stage.TARGET}):
        columns.setdefault(stage or Stage.FINAL, columns.pop(None))
    return columns
