"""What the long and the wide form share: metadata, marked cells, rows of a wrong length."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spbe_cli.core.problem import Problem
from spbe_cli.read.columns import METADATA, Role, is_code, meaning_of
from spbe_cli.read.grid import Cell, Grid, Mark
from spbe_cli.read.header import Header
from spbe_cli.read.stages import stage_of

__all__ = [
    "MOST_PROBLEMS",
    "Found",
    "is_subtotal",
    "is_summary",
    "mark_problems",
    "metadata_above",
    "metadata_in_row",
    "metadata_problems",
    "row_length_problems",
    "values_of",
]

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
