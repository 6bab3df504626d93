"""What python-calamine does not tell of a sheet: how far it reaches, and which cells show no value.

Calamine reads `#DIV/0!` as empty and a formula that was never computed as 0, and it fills all
cells up to the farthest one, at the cost of the process where that one is far away.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError

from spbe_cli.read.grid import Cell, Mark
from spbe_cli.read.workbook_parts import UnfitWorkbookError, parser_of

__all__ = ["SheetXml", "read_sheet_xml"]

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII | re.IGNORECASE)
_LAST_ROW, _LAST_COLUMN = 1_048_575, 16_383  # from 0, as in Excel
_LONGEST_FORMULA = 200


@dataclass(slots=True)
class SheetXml:
    """How many rows and columns the filled cells take, and the cells that show no value."""

    height: int = 0
    width: int = 0
    marks: dict[Cell, tuple[Mark, str]] = field(default_factory=dict)


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


def _cell(reference: str) -> Cell:
    """Return the row and column of a reference such as `C14`, from 0."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise UnfitWorkbookError("workbook-damaged")
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1
