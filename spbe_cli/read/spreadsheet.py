"""Workbooks of other formats: .ods, .xls and .xlsb, read by calamine within bounds.

Calamine fills all cells up to the farthest one and tells neither hidden rows nor formulas without a
result. So a file's own structure is looked at first, as far as it tells: an .ods tells all of it,
an .xlsb how far its cells reach, an .xls nothing, which is said.
"""

import io
import xml.parsers.expat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.read.grid import (
    LARGEST_TABLE,
    WIDEST,
    Cell,
    Grid,
    Mark,
    SheetXml,
    column_letters,
    placed_grid,
)
from spbe_cli.read.ole import UnsoundContainerError, reaches_of
from spbe_cli.read.text import OLE, File
from spbe_cli.read.workbook import (
    DAMAGE,
    HIGHEST_RATIO,
    LARGEST,
    WITHOUT_RATIO,
    UnfitWorkbookError,
    parser_of,
    read_workbook,
    table_of,
)

ODS, XLS, XLSB = ".ods", ".xls", ".xlsb"
_CELL_RECORDS = range(1, 13)  # of an .xlsb: blanks, numbers, texts, formulas
_ROW_RECORD = 0
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
_LONGEST_NUMBER = 4  # bytes of a record's size


def read_spreadsheet(file: File, wanted: str | None = None) -> tuple[list[Grid], list[Problem]]:
    """Return the sheets of a workbook of any format, as `read_workbook` does of an .xlsx."""
    if file.content.startswith(OLE) and _ENCRYPTED_PART in file.content:
        return [], [Problem("workbook-encrypted", Place(file.path))]
    other = format_of(file.content)
    return read_workbook(file, wanted) if other is None else read_other(file, other, wanted)


def format_of(content: bytes) -> str | None:
    """Return which of these formats a workbook has; None for an .xlsx."""
    if content.startswith(OLE):
        return XLS
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).NameToInfo
    except DAMAGE:
        return None
    if "content.xml" in names and "mimetype" in names:
        return ODS
    return XLSB if "xl/workbook.bin" in names else None


def read_other(file: File, ending: str, wanted: str | None) -> tuple[list[Grid], list[Problem]]:
    """Return every visible sheet, or the one of a name, and what is wrong with the file."""
    try:
        known = _looked_at(file.content, ending)
        book = _opened(file.content, ending)
        sheets = [
            (each.name, str(each.visible).endswith(".Visible")) for each in book.sheets_metadata
        ]
        taken = [name for name, shown in sheets if shown]
        if wanted is not None:
            taken = [name for name, _ in sheets if name.casefold() == wanted.casefold()]
            if not taken:
                values = {"found": wanted, "known": ", ".join(name for name, _ in sheets)}
                return [], [Problem("sheet-unknown", Place(file.path), values, Severity.USAGE)]
        grids, problems = [], []
        for name in taken:
            grid, notices = _grid(file, book, name, known.get(name))
            grids.append(grid)
            problems += notices
    except UnfitWorkbookError as error:
        place = Place(file.path, cell=error.cell) if error.cell else Place(file.path)
        return [], [Problem(error.code, place, error.values)]
    if ending != ODS:
        values = {"format": ending}
        problems.append(Problem("format-tells-less", Place(file.path), values, Severity.NOTICE))
    return grids, problems if grids else [*problems, Problem("table-empty", Place(file.path))]


def _opened(content: bytes, ending: str) -> Any:  # noqa: ANN401
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_object(io.BytesIO(content))
    except (KeyboardInterrupt, SystemExit):
        raise
    except PasswordError as error:
        raise UnfitWorkbookError("workbook-encrypted") from error
    except BaseException as error:  # a panic of the library is no Exception
        code = "workbook-not-xlsx" if ending == XLS else "workbook-damaged"
        raise UnfitWorkbookError(code) from error


def _grid(
    file: File,
    book: Any,  # noqa: ANN401
    name: str,
    known: SheetXml | None,
) -> tuple[Grid, list[Problem]]:
    try:
        sheet = book.get_sheet_by_name(name)
        height, width = sheet.total_height + 1, sheet.total_width + 1
        _bound(height, width)
        values = sheet.to_python(skip_empty_area=False)
        merged = sheet.merged_cell_ranges or []
    except (KeyboardInterrupt, SystemExit, UnfitWorkbookError):
        raise
    except BaseException as error:
        raise UnfitWorkbookError("workbook-damaged") from error
    width = max(map(len, values), default=0)
    found = known or SheetXml()
    found.height, found.width = max(found.height, len(values)), max(found.width, width)
    rows, marks = table_of(values, found)
    return placed_grid(file.path, name, rows, marks, [*merged, *found.merged], found)


def _bound(height: int, width: int) -> None:
    if height * width > LARGEST_TABLE:
        last = f"{column_letters(width - 1)}{height}"
        limits = {"cells": str(LARGEST_TABLE), "columns": str(WIDEST)}
        raise UnfitWorkbookError("table-too-large", last, **limits)


def _looked_at(content: bytes, ending: str) -> dict[str, SheetXml]:
    """Return what an .ods says of each sheet's cells; of the others only that they have bounds."""
    if ending == XLS:
        _bound_xls(content)
        return {}
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        _bound_parts(archive)
        if ending == ODS:
            return _ods_sheets(archive.read("content.xml"))
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".bin"):
                _bound(*_reach_of(archive.read(name)))
    except DAMAGE as error:
        raise UnfitWorkbookError("workbook-damaged") from error
    return {}


def _bound_xls(content: bytes) -> None:
    try:
        reaches = reaches_of(content)
    except UnsoundContainerError as error:
        raise UnfitWorkbookError("workbook-not-xlsx") from error
    for each in reaches:
        _bound(each.height, each.width)
    _bound(sum(each.height * each.width for each in reaches), 1)  # all are read at once


def _bound_parts(archive: zipfile.ZipFile) -> None:
    for info in archive.infolist():
        allowed = info.compress_size * HIGHEST_RATIO + WITHOUT_RATIO
        if info.file_size > min(allowed, LARGEST):
            mebibyte = 1024 * 1024
            size = f"{-(-info.file_size // mebibyte)} MiB"
            limit = f"{min(allowed, LARGEST) // mebibyte} MiB"
            values = {"part": info.filename, "size": size, "limit": limit}
            raise UnfitWorkbookError("workbook-too-large", **values)


def _reach_of(content: bytes) -> tuple[int, int]:
    """Return how many rows and columns the cells of an .xlsb's sheet take."""
    at, height, width = 0, 0, 0
    while at < len(content):
        kind, at = _number(content, at, 2)
        size, at = _number(content, at, _LONGEST_NUMBER)
        if kind == _ROW_RECORD:
            height = max(height, int.from_bytes(content[at : at + 4], "little") + 1)
        elif kind in _CELL_RECORDS:
            width = max(width, int.from_bytes(content[at : at + 4], "little") + 1)
        at += size
    return height, width


def _number(content: bytes, at: int, most: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, and where the next thing begins."""
    number = 0
    for place in range(most):
        if at >= len(content):
            break
        byte = content[at]
        at += 1
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:  # noqa: PLR2004  (the last byte has no eighth bit)
            break
    return number, at


def _ods_sheets(content: bytes) -> dict[str, SheetXml]:
    reader = _OdsReader()
    parser = parser_of()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(content, True)  # noqa: FBT003
    except (xml.parsers.expat.ExpatError, ValueError, LookupError) as error:
        raise UnfitWorkbookError("workbook-damaged") from error
    for found in reader.sheets.values():
        _bound(found.height, found.width)
    return reader.sheets


@dataclass(slots=True)
class _OdsReader:
    """Follows the elements of an .ods: tables, columns, rows and cells, each of them repeated."""

    sheets: dict[str, SheetXml] = field(default_factory=dict)
    _found: SheetXml = field(default_factory=SheetXml)
    _row: int = 0
    _column: int = 0
    _repeats: int = 1
    _deep: int = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "table":
                self._deep += 1
                if self._deep == 1:
                    self._found, self._row, self._column = SheetXml(), 0, 0
                    self.sheets[attributes.get("table:name", "")] = self._found
            case "table-column":
                repeats = _repeated(attributes, "table:number-columns-repeated")
                if attributes.get("table:visibility", "visible") != "visible":
                    self._found.hidden_columns.append((self._column, self._column + repeats - 1))
                self._column += repeats
            case "table-row":
                self._column = 0
                self._repeats = _repeated(attributes, "table:number-rows-repeated")
                if attributes.get("table:visibility", "visible") != "visible":
                    last = min(self._row + self._repeats, LARGEST_TABLE)
                    self._found.hidden_rows.update(range(self._row, last))
            case "table-cell" | "covered-table-cell" as kind:
                self._cell(attributes, covered=kind == "covered-table-cell")

    def end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "table":
                self._deep -= 1
            case "table-row":
                self._row += self._repeats

    def _cell(self, attributes: Mapping[str, str], *, covered: bool) -> None:
        repeats = _repeated(attributes, "table:number-columns-repeated")
        kind = (
            None
            if covered
            else attributes.get("office:value-type") or attributes.get("calcext:value-type")
        )
        if kind is not None:
            self._found.height = max(self._found.height, self._row + self._repeats)
            self._found.width = max(self._found.width, self._column + repeats)
            cell = (self._row, self._column)
            if attributes.get("calcext:value-type") == "error":
                self._found.marks[cell] = (Mark.ERROR, "#ERR")
        rows = _repeated(attributes, "table:number-rows-spanned")
        columns = _repeated(attributes, "table:number-columns-spanned")
        if (rows > 1 or columns > 1) and len(self._found.merged) < LARGEST_TABLE:
            last: Cell = (self._row + rows - 1, self._column + columns - 1)
            self._found.merged.append(((self._row, self._column), last))
        self._column += repeats


def _repeated(attributes: Mapping[str, str], name: str) -> int:
    return max(int(attributes.get(name, "1")), 1)
