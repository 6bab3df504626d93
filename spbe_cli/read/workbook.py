"""XLSX workbooks to a grid: the first sheet the user sees that holds a score sheet's columns."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.read.files import OLE, File
from spbe_cli.read.grid import LARGEST_TABLE, WIDEST, Cell, Grid, Mark, column_letters
from spbe_cli.read.header import HEADER_WITHIN, find_header, recognised
from spbe_cli.read.layout import lay_out
from spbe_cli.read.sheet_xml import read_sheet_xml
from spbe_cli.read.workbook_parts import Package, SheetEntry, UnfitWorkbookError, open_package

__all__ = ["read_workbook"]

_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
_DIGITS = 15  # as many as a spreadsheet shows and compares

Values = list[list[Any]]


def read_workbook(file: File) -> tuple[Grid | None, list[Problem]]:
    """Return the sheet that holds the needed columns, else the one that comes nearest.

    None and the reasons where no sheet can be read. Hidden sheets are left out.
    """
    if file.content.startswith(OLE):
        encrypted = _ENCRYPTED_PART in file.content
        code = "workbook-encrypted" if encrypted else "workbook-not-xlsx"
        return None, [Problem(code, Place(file.path))]
    try:
        package = open_package(file.content)
    except UnfitWorkbookError as error:
        return None, [Problem(error.code, Place(file.path), error.values)]
    grids: list[tuple[SheetEntry, Grid]] = []
    problems: list[Problem] = []
    visible = [sheet for sheet in package.sheets if sheet.visible]
    for number, sheet in enumerate(visible):
        try:
            grid = _grid(file, package, sheet)
        except UnfitWorkbookError as error:
            place = Place(file.path, sheet=sheet.name, cell=error.cell)
            problems.append(Problem(error.code, place, error.values))
            continue
        if find_header(grid.rows, grid.spans):
            rest = visible[number + 1 :]
            others = [other.name for other in rest if _scores(file, package, other)]
            return grid, _others_left(file, sheet, others)
        grids.append((sheet, grid))
    if problems or not grids:
        return None, problems or [Problem("table-empty", Place(file.path))]
    taken, nearest = max(grids, key=lambda found: recognised(found[1].rows))
    alike = [
        sheet.name for sheet, grid in grids if sheet is not taken and any(recognised(grid.rows))
    ]
    return nearest, _others_left(file, taken, alike)


def _scores(file: File, package: Package, sheet: SheetEntry) -> bool:
    """Return whether a sheet holds levels as well: the needed columns, and rows below them."""
    try:
        grid = _grid(file, package, sheet)
    except UnfitWorkbookError:
        return False
    return bool(lay_out(grid).sheets)


def _others_left(file: File, taken: SheetEntry, others: Sequence[str]) -> list[Problem]:
    """Return the notice that further sheets hold levels and are not read."""
    if not others:
        return []
    values = {"sheet": taken.name, "others": ", ".join(others)}
    return [Problem("sheets-not-read", Place(file.path), values, Severity.NOTICE)]


@dataclass(frozen=True, slots=True)
class _Places:
    """The places of a sheet's cells."""

    path: str
    sheet: str
    rows: list[list[str]]

    def __call__(self, row: int, column: int, /) -> Place:
        """Return a cell's place, with its text as excerpt."""
        cells = self.rows[row] if row < len(self.rows) else []
        text = cells[column] if column < len(cells) else ""
        name = f"{column_letters(column)}{row + 1}"
        return Place(self.path, sheet=self.sheet, cell=name, excerpt=text, width=max(len(text), 1))


def _grid(file: File, package: Package, sheet: SheetEntry) -> Grid:
    content = package.part(sheet.part)
    known = read_sheet_xml(content, recalculates=package.recalculates)
    if known.height * known.width > LARGEST_TABLE:
        last = f"{column_letters(known.width - 1)}{known.height}"
        limits = {"cells": str(LARGEST_TABLE), "columns": str(WIDEST)}
        raise UnfitWorkbookError("table-too-large", last, **limits)
    values, merged = _values(package.only(sheet, content), sheet.name) if known.height else ([], [])
    marks: dict[Cell, Mark] = {}
    rows = [[""] * known.width for _ in range(known.height)]
    for row, cells in enumerate(values):
        for column, value in enumerate(cells):
            rows[row][column] = _text(value, (row, column), marks)
    for (row, column), (mark, text) in known.marks.items():
        marks[row, column] = mark
        rows[row][column] = text
    spans = {
        (top, left): min(right, known.width - 1) - left + 1
        for (top, left), (_, right) in merged
        if top <= HEADER_WITHIN and left < right
    }
    return Grid(rows, _Places(file.path, sheet.name, rows), marks=marks, spans=spans)


def _values(content: bytes, sheet: str) -> tuple[Values, list[tuple[Cell, Cell]]]:
    """Return a sheet's values from its first cell on, and the ranges of its merged cells."""
    from python_calamine import CalamineWorkbook

    try:
        found = CalamineWorkbook.from_object(io.BytesIO(content)).get_sheet_by_name(sheet)
        return found.to_python(skip_empty_area=False), found.merged_cell_ranges or []
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the library is no Exception
        raise UnfitWorkbookError("workbook-damaged") from error


def _text(value: Any, cell: Cell, marks: dict[Cell, Mark]) -> str:  # noqa: ANN401
    """Return a value as the spreadsheet shows it: 3.0 is `3`. A date is marked as such."""
    match value:
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return f"{value:.{_DIGITS}g}"
        case _:
            marks[cell] = Mark.DATE
            return value.isoformat() if hasattr(value, "isoformat") else str(value)
