"""The rows of a table with one row an indicator."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from spbe_cli.core.assessment import Stage
from spbe_cli.core.problem import Place, Problem
from spbe_cli.read.grid import Cell, Grid, Location, Mark, Sheet, indicator_code
from spbe_cli.read.header import METADATA, Column, Header, Role, is_code, meaning_of, stage_of

MOST_PROBLEMS = 10_000
"""After as many problems the rest of a table is not read: it is no score sheet."""

_GROUP = re.compile(
    r"(?:domain|aspek|aspect|indeks|index|total|jumlah|rata|predikat)\b.*"
    r"|[AD]\s*[.-]?\s*[0-9]+\.?",
    re.IGNORECASE | re.DOTALL,
)
_SUMMARY = re.compile(
    r"(?:(?:(?:sub|grand)[ -]?)?total|jumlah|rerata|rata\s*-?\s*rata|rata2|average|mean"
    r"|indeks|index|predikat)\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_LETTERED_CODE = re.compile(r"[^\W\d_]{1,10}[\s._-]{0,2}[0-9]+(?:\.[0-9]+)*")
_CELLS_WITH_A_NAME = 3  # a code, a short name, a name
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2}).*")
_DAY_ZERO = "1900"  # a workbook counts its days from the beginning of this year


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of metadata: its text, its cell, and the cell that names it."""

    text: str
    cell: Cell
    label: Cell


def metadata_above(grid: Grid, header_row: int) -> dict[str, Found]:
    """Return what rows like `Instansi | Kota X` or `Tahun: 2023` above a header say, by key."""
    found: dict[str, Found] = {}
    for row in range(header_row):
        cells = [(i, text) for i in range(len(grid.rows[row])) if (text := grid.text(row, i))]
        for role, each in _labelled(row, cells):
            found.setdefault(role, each)
    return found


def _labelled(row: int, cells: Sequence[tuple[int, str]]) -> Iterator[tuple[str, Found]]:
    for position, (index, text) in enumerate(cells):
        label, _, value = text.partition(":")
        role = _role(label)
        if role is None:
            continue
        at = index
        if not value.strip():
            rest = ((i, each.strip(" :")) for i, each in cells[position + 1 :])
            at, value = next(((i, each) for i, each in rest if each), (index, ""))
        if value.strip() and _role(value) is None:
            yield role, Found(_said(role, value.strip()), (row, at), (row, index))


def _role(label: str) -> Role | None:
    meaning = meaning_of(label)
    return meaning.role if meaning is not None and meaning.role in METADATA else None


def _said(role: Role, text: str) -> str:
    """Return a stage by its English name, where it is one; other text unchanged."""
    return str(stage_of(text) or text) if role is Role.STAGE else text


def metadata_in_row(grid: Grid, header: Header, row: int) -> dict[str, Found]:
    """Return what the metadata columns say in a row, by key; the first of two with one role."""
    found: dict[str, Found] = {}
    for column in header.columns:
        if column.role in METADATA and (text := grid.text(row, column.index)):
            each = Found(_said(column.role, text), (row, column.index), column.header)
            found.setdefault(column.role, each)
    return found


def values_of(metadata: Mapping[str, Found]) -> dict[str, str]:
    """Return the metadata as a sheet's data holds it, in the order of the schema."""
    return {role.value: metadata[role].text for role in METADATA if role in metadata}


def is_subtotal(grid: Grid, row: int, code: str) -> bool:
    """Return whether a row sums up a group: D1, "Aspek 2", "Indeks SPBE", or I with such a name."""
    if is_code(code) or (_LETTERED_CODE.fullmatch(code) and not _GROUP.fullmatch(code)):
        return False
    cells = (text for i in range(len(grid.rows[row])) if (text := grid.text(row, i)))
    return any(
        _GROUP.fullmatch(text) for text, _ in zip(cells, range(_CELLS_WITH_A_NAME), strict=False)
    )


def is_summary(name: str, *, alone: bool = False) -> bool:
    """Return whether a name begins as that of a total or a mean; `alone`: and says no more."""
    found = _SUMMARY.fullmatch(name)
    return found is not None and not (alone and found["rest"].strip(" :."))


def mark_problems(grid: Grid, cells: Iterable[Cell]) -> list[Problem]:
    """Return a problem for each of these cells that holds an error, a date or no result."""
    if not grid.marks:
        return []
    return [
        grid.problem(mark.value, cell, found=grid.text(*cell), **_meant(mark, grid.text(*cell)))
        for cell in cells
        if (mark := grid.marks.get(cell)) is not None
    ]


def metadata_problems(grid: Grid, metadata: Mapping[str, Found]) -> list[Problem]:
    """Return a problem for each piece of metadata that is an error or no result.

    A date is none here: a year's cell may well hold one, and it is judged as any other text.
    """
    cells = (found.cell for found in metadata.values())
    return mark_problems(grid, (c for c in cells if grid.marks.get(c) is not Mark.DATE))


def _meant(mark: Mark, text: str) -> dict[str, str]:
    """Return what was typed before Excel made a date of it: 3.5, or 3 in a cell for dates."""
    match = _DATE.fullmatch(text) if mark is Mark.DATE else None
    if match is None:
        return {}
    year, month, day = match.groups()
    if year == _DAY_ZERO and month == "01":
        return {"nearest": str(int(day))}
    return {"nearest": f"{int(day)}.{int(month)}"}


def row_length_problems(grid: Grid, header: Header, row: int, needed: int) -> list[Problem]:
    """Return what is wrong with a row's length where rows are cut at delimiters.

    A row must reach the column `needed`, and must hold nothing beyond the header: there, a
    delimiter too many has moved its cells. A workbook's cells cannot move.
    """
    if not grid.delimiter:
        return []
    cells = grid.rows[row]
    if len(cells) <= needed:
        values = {"cells": str(len(cells)), "needed": str(needed + 1)}
        return [grid.problem("row-too-short", (row, len(cells)), **values)]
    beyond = next((i for i in range(header.width, len(cells)) if grid.text(row, i)), None)
    if beyond is None:
        return []
    filled = max(i for i in range(beyond, len(cells)) if grid.text(row, i))
    values = {"cells": str(filled + 1), "width": str(header.width), "delimiter": grid.delimiter}
    return [grid.problem("row-too-long", (row, beyond), **values)]


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
