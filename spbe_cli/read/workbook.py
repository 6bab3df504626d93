"""Excel workbooks: the parts of the file, a sheet's XML, and the grid that it makes.

Calamine reads `#DIV/0!` as empty and a formula that was never computed as 0, and it fills all
cells up to the farthest one, at the cost of the process where that one is far away.
"""

import io
import posixpath
import re
import struct
import xml.parsers.expat
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from xml.parsers.expat import ExpatError

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
from spbe_cli.read.official import find_header
from spbe_cli.read.text import File

_MEBIBYTE = 1024 * 1024
LARGEST = 128 * _MEBIBYTE
HIGHEST_RATIO = 200  # a real sheet is packed to a tenth; a bomb to a thousandth
WITHOUT_RATIO = _MEBIBYTE
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1  # the bit of a zip entry's flags
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    LookupError,
    OverflowError,
)


class UnfitWorkbookError(Exception):
    """A workbook cannot be used; the code, cell and values are those of the problem."""

    def __init__(self, code: str, cell: str | None = None, **values: str) -> None:
        self.code = code
        self.cell = cell
        self.values = values
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet as the workbook lists it: its name, its part, whether the user sees it."""

    name: str
    part: str
    visible: bool


class Package:
    """The parts of a workbook that hold sheets, each read when it is asked for.

    `recalculates` says that no spreadsheet has computed the formulas since the file was written.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._parts: dict[str, bytes] = {}
        self._size = 0
        main = self._related("", "/officeDocument").get("", "")
        if not main.endswith(".xml"):
            raise UnfitWorkbookError("workbook-not-xlsx")
        self._relations = posixpath.join(
            posixpath.dirname(main), "_rels", posixpath.basename(main) + ".rels"
        )
        self._main = main
        elements = _elements(self.part(main))
        if not elements or elements[0][0] != "workbook":
            raise UnfitWorkbookError("workbook-not-xlsx")
        parts = self._related(main, "/worksheet")
        sheets = (
            SheetEntry(
                attributes.get("name", ""),
                parts[relation],
                attributes.get("state", "visible") == "visible",
            )
            for name, attributes in elements
            if name == "sheet" and (relation := _relation_id(attributes)) in parts
        )
        once = {each.part: each for each in reversed([*sheets])}  # a part named twice is read once
        self.sheets = tuple(reversed(once.values()))
        self.recalculates = any(
            name == "calcPr" and attributes.get("fullCalcOnLoad") in ("1", "true")
            for name, attributes in elements
        )

    def part(self, name: str) -> bytes:
        """Return a part's bytes.

        Raises:
            UnfitWorkbookError: where it is not there, damaged, encrypted or suspiciously large.
        """
        if name in self._parts:
            return self._parts[name]
        try:
            info = self._archive.getinfo(name)
            if info.flag_bits & _ENCRYPTED:
                raise UnfitWorkbookError("workbook-encrypted")
            allowed = info.compress_size * HIGHEST_RATIO + WITHOUT_RATIO
            if info.file_size > allowed or info.file_size > LARGEST - self._size:
                size = f"{-(-info.file_size // _MEBIBYTE)} MiB"
                limit = f"{min(allowed, LARGEST) // _MEBIBYTE} MiB"
                raise UnfitWorkbookError("workbook-too-large", part=name, size=size, limit=limit)
            if info.compress_type not in _PACKED:
                raise UnfitWorkbookError("workbook-damaged")
            content = self._archive.read(info)
        except DAMAGE as error:
            raise UnfitWorkbookError("workbook-damaged") from error
        self._parts[name] = content
        self._size += len(content)
        return content

    @cached_property
    def book(self) -> Any:  # noqa: ANN401
        """The sheets as calamine's workbook, opened once for all; or why it cannot be."""
        from python_calamine import CalamineWorkbook

        try:
            return CalamineWorkbook.from_object(io.BytesIO(self._only_sheets()))
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001  (a panic of the library is no Exception)
            return error

    def _only_sheets(self) -> bytes:
        """Return a zip of what was looked at here, for a reader that takes no care itself."""
        names = ["_rels/.rels", self._main, self._relations, *self._shared_strings]
        names += self._related(self._main, "/styles").values()
        present = set(self._archive.namelist())
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for name in dict.fromkeys(names):
                if name in present:
                    archive.writestr(name, self.part(name))
            for sheet in self.sheets:
                with suppress(UnfitWorkbookError):  # said where that sheet is read
                    archive.writestr(sheet.part, self.part(sheet.part))
        return target.getvalue()

    @cached_property
    def _shared_strings(self) -> tuple[str, ...]:
        """Return the parts with the strings that sheets refer to, their counts looked at once."""
        names = tuple(self._related(self._main, "/sharedStrings").values())
        for name in names:
            if name in self._archive.NameToInfo:
                _check_counts(self.part(name))
        return names

    def _related(self, part: str, kind: str) -> dict[str, str]:
        """Return the parts of a kind to which a part refers, by the reference's id.

        The workbook itself stands under the empty id.
        """
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", name + ".rels")
        if relations not in self._archive.NameToInfo:
            return {}
        return {
            attributes.get("Id", "") if part else "": posixpath.normpath(
                posixpath.join("/", folder, attributes.get("Target", ""))
            ).lstrip("/")
            for name, attributes in _elements(self.part(relations))
            if name == "Relationship" and attributes.get("Type", "").endswith(kind)
        }


def open_package(content: bytes) -> Package:
    """Return the parts of a workbook.

    Raises:
        UnfitWorkbookError: where the bytes are no sound zip, or not that of an XLSX workbook.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except DAMAGE as error:
        raise UnfitWorkbookError("workbook-damaged") from error
    return Package(archive)


def parser_of() -> xml.parsers.expat.XMLParserType:
    """Return an XML parser that refuses a document type, and with it every entity.

    Raises:
        UnfitWorkbookError: from the parser, where a document type begins.
    """
    parser = xml.parsers.expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise UnfitWorkbookError("workbook-doctype")

    parser.StartDoctypeDeclHandler = refuse
    return parser


def _elements(content: bytes) -> list[tuple[str, Mapping[str, str]]]:
    """Return the elements of a small part without their prefixes, with their attributes."""
    found: list[tuple[str, Mapping[str, str]]] = []
    parser = parser_of()

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append((name.rpartition(":")[2], attributes))

    parser.StartElementHandler = start
    try:
        parser.Parse(content, True)  # noqa: FBT003
    except (xml.parsers.expat.ExpatError, ValueError, LookupError) as error:
        raise UnfitWorkbookError("workbook-damaged") from error
    return found


def _check_counts(content: bytes) -> None:
    """Refuse shared strings that claim to be more than their part can hold.

    A reader that takes the memory for them at once is ended by the system, and all files with it.
    """
    counts: list[str] = []
    parser = parser_of()

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "sst":
            # `count` is of the cells that refer to them, in all sheets: it may exceed the part.
            most = {"uniqueCount": len(content), "count": LARGEST}
            counts.extend(
                value
                for attribute, value in attributes.items()
                if (limit := most.get(attribute.rpartition(":")[2])) and _number(value) > limit
            )

    parser.StartElementHandler = start
    try:
        parser.Parse(content, True)  # noqa: FBT003
    except (ExpatError, ValueError, LookupError) as error:
        raise UnfitWorkbookError("workbook-damaged") from error
    if counts:
        raise UnfitWorkbookError("workbook-damaged")


def _number(text: str) -> int:
    """Return a count as a number; what is none counts as nothing, and readers pass over it."""
    digits = text.strip().lstrip("+0")
    return int(digits[:20]) if digits.isdecimal() else 0


def _relation_id(attributes: Mapping[str, str]) -> str:
    """Return the reference in `r:id`, under whatever prefix its namespace has."""
    return next((value for name, value in attributes.items() if name.endswith(":id")), "")


_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII | re.IGNORECASE)
_LAST_ROW, _LAST_COLUMN = 1_048_575, 16_383  # from 0, as in Excel
_LONGEST_FORMULA = 200


def read_sheet_xml(content: bytes, *, recalculates: bool) -> SheetXml:
    """Return what a sheet's XML says of its cells.

    `recalculates` says that the workbook was never computed: then a formula's 0 is no result.

    Raises:
        UnfitWorkbookError: where the XML is damaged or declares a document type.
    """
    reader = _Reader(recalculates=recalculates)
    parser = parser_of()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(content, True)  # noqa: FBT003
    except (ExpatError, ValueError, LookupError) as error:
        raise UnfitWorkbookError("workbook-damaged") from error
    return reader.found


class _Reader:
    """Follows a sheet's elements: rows, cells, and in a cell its formula and value."""

    def __init__(self, *, recalculates: bool) -> None:
        self.found = SheetXml()
        self._recalculates = recalculates
        self._row = -1  # of the row element
        self._cell = (-1, -1)
        self._kind = ""
        self._filled = False
        self._inside = ""
        self._texts: dict[str, str] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "c":
                self._start_cell(attributes)
            case "row":
                self._row = int(attributes.get("r", self._row + 2)) - 1
                self._cell = (self._row, -1)
                if _is_hidden(attributes, "ht"):
                    self.found.hidden_rows.add(self._row)
            case "col" if _is_hidden(attributes, "width"):
                ends = int(attributes.get("min", "0")) - 1, int(attributes.get("max", "0")) - 1
                self.found.hidden_columns.append(ends)
            case ("v" | "f") as inside:
                self._filled = True
                self._inside = inside
                self._texts.setdefault(inside, "")
            case "is":
                self._filled = True

    def end(self, name: str) -> None:
        self._inside = ""
        if self._filled and name.rpartition(":")[2] == "c":
            self._end_cell()

    def text(self, text: str) -> None:
        if self._inside and len(self._texts[self._inside]) < _LONGEST_FORMULA:
            self._texts[self._inside] += text

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        following = (self._row, self._cell[1] + 1)
        self._cell = following if reference is None else _cell(reference)
        self._kind = attributes.get("t", "")
        self._filled = False
        self._texts.clear()

    def _end_cell(self) -> None:
        found, cell = self.found, self._cell
        lowest = max(self._row, cell[0])  # where they differ, a reader may take either
        if not (0 <= cell[0] <= lowest <= _LAST_ROW and cell[1] <= _LAST_COLUMN):
            raise UnfitWorkbookError("workbook-damaged")
        found.height = max(found.height, lowest + 1)
        found.width = max(found.width, cell[1] + 1)
        value = self._texts.get("v", "")
        if self._kind == "e":
            found.marks[cell] = (Mark.ERROR, value)
        elif "f" in self._texts and self._kind != "str" and self._is_no_result(value):
            found.marks[cell] = (Mark.NOT_CALCULATED, "=" + self._texts["f"])
        self._filled = False

    def _is_no_result(self, value: str) -> bool:
        return not value or (self._recalculates and value == "0")


def _is_hidden(attributes: Mapping[str, str], size: str) -> bool:
    """Return whether a row or column is not shown: hidden by name, or of no size."""
    return attributes.get("hidden") in ("1", "true") or attributes.get(size) in ("0", "0.0")


def _cell(reference: str) -> Cell:
    """Return the row and column of a reference such as `C14`, from 0."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise UnfitWorkbookError("workbook-damaged")
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


_DIGITS = 15  # as many as a spreadsheet shows and compares

Values = list[list[Any]]


def read_workbook(file: File, wanted: str | None = None) -> tuple[list[Grid], list[Problem]]:
    """Return every visible sheet, or the one of a name, and what is wrong with the others.

    What a person does not see (hidden sheets, columns and rows, values under a merged cell) is not
    read; where it holds something, that is said.
    """
    try:
        package = open_package(file.content)
    except UnfitWorkbookError as error:
        return [], [Problem(error.code, Place(file.path), error.values)]
    sheets = [each for each in package.sheets if _is_wanted(each, wanted)]
    if wanted is not None and not sheets:
        values = {"found": wanted, "known": ", ".join(each.name for each in package.sheets)}
        return [], [Problem("sheet-unknown", Place(file.path), values, Severity.USAGE)]
    return _visible(file, package, sheets, with_hidden=wanted is None)


def _is_wanted(sheet: SheetEntry, wanted: str | None) -> bool:
    return sheet.visible if wanted is None else sheet.name.casefold() == wanted.casefold()


def _visible(
    file: File, package: Package, sheets: Sequence[SheetEntry], *, with_hidden: bool
) -> tuple[list[Grid], list[Problem]]:
    """Return the tables of some sheets, and what is wrong with them or not read."""
    grids: list[Grid] = []
    problems: list[Problem] = []
    damaged: list[Problem] = []
    for sheet in sheets:
        try:
            grid, notices = _grid(file, package, sheet)
        except UnfitWorkbookError as error:
            place = Place(file.path, sheet=sheet.name, cell=error.cell)
            damaged.append(Problem(error.code, place, error.values))
            continue
        grids.append(grid)
        problems += notices
    if damaged and not any(find_header(grid.rows, grid.spans) for grid in grids):
        return [], damaged
    if not grids:
        return [], [Problem("table-empty", Place(file.path))]
    if with_hidden:
        problems += _hidden_sheets(file, package)
    return grids, [*damaged, *problems]


def _hidden_sheets(file: File, package: Package) -> list[Problem]:
    """Return the notice that hidden sheets hold tables of levels as well."""
    names = []
    for sheet in package.sheets:
        if sheet.visible:
            continue
        try:
            grid, _ = _grid(file, package, sheet)
        except UnfitWorkbookError:
            continue
        if find_header(grid.rows, grid.spans):
            names.append(sheet.name)
    if not names:
        return []
    values = {"found": ", ".join(names)}
    return [Problem("hidden-sheets", Place(file.path), values, Severity.NOTICE)]


def _grid(file: File, package: Package, sheet: SheetEntry) -> tuple[Grid, list[Problem]]:
    content = package.part(sheet.part)
    known = read_sheet_xml(content, recalculates=package.recalculates)
    if known.height * known.width > LARGEST_TABLE:
        last = f"{column_letters(known.width - 1)}{known.height}"
        limits = {"cells": str(LARGEST_TABLE), "columns": str(WIDEST)}
        raise UnfitWorkbookError("table-too-large", last, **limits)
    values, merged = _values(package.book, sheet.name) if known.height else ([], [])
    rows, marks = table_of(values, known)
    return placed_grid(file.path, sheet.name, rows, marks, merged, known)


def table_of(values: Values, known: SheetXml) -> tuple[list[list[str]], dict[Cell, Mark]]:
    """Return a sheet's values as texts in rows of one width, and the cells that hold none."""
    marks: dict[Cell, Mark] = {}
    rows = [[""] * known.width for _ in range(known.height)]
    for row, cells in enumerate(values):
        for column, value in enumerate(cells):
            rows[row][column] = _text(value, (row, column), marks)
    for (row, column), (mark, text) in known.marks.items():
        marks[row, column] = mark
        rows[row][column] = text
    return rows, marks


def _values(book: Any, sheet: str) -> tuple[Values, list[tuple[Cell, Cell]]]:  # noqa: ANN401
    """Return a sheet's values from its first cell on, and the ranges of its merged cells."""
    if isinstance(book, UnfitWorkbookError):
        raise book
    try:
        found = book.get_sheet_by_name(sheet)
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
