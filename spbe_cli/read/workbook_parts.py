"""The parts of an XLSX file, taken out of its zip with care: no bombs, no entities."""

import io
import posixpath
import struct
import xml.parsers.expat
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Package", "SheetEntry", "UnfitWorkbookError", "open_package", "parser_of"]

_MEBIBYTE = 1024 * 1024
_LARGEST = 128 * _MEBIBYTE
_HIGHEST_RATIO = 200  # a real sheet is packed to a tenth; a bomb to a thousandth
_WITHOUT_RATIO = _MEBIBYTE
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1  # the bit of a zip entry's flags
_DAMAGE = (
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
        self.sheets = tuple(
            SheetEntry(
                attributes.get("name", ""),
                parts[relation],
                attributes.get("state", "visible") == "visible",
            )
            for name, attributes in elements
            if name == "sheet" and (relation := _relation_id(attributes)) in parts
        )
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
            allowed = info.compress_size * _HIGHEST_RATIO + _WITHOUT_RATIO
            if info.file_size > allowed or info.file_size > _LARGEST - self._size():
                size = f"{-(-info.file_size // _MEBIBYTE)} MiB"
                limit = f"{min(allowed, _LARGEST) // _MEBIBYTE} MiB"
                raise UnfitWorkbookError("workbook-too-large", part=name, size=size, limit=limit)
            if info.compress_type not in _PACKED:
                raise UnfitWorkbookError("workbook-damaged")
            content = self._archive.read(info)
        except _DAMAGE as error:
            raise UnfitWorkbookError("workbook-damaged") from error
        self._parts[name] = content
        return content

    def _size(self) -> int:
        return sum(map(len, self._parts.values()))

    def only(self, sheet: SheetEntry, content: bytes) -> bytes:
        """Return a zip of one sheet and what it needs, for a reader that takes no care itself.

        Its parts are those that were looked at here, whatever else the file's zip says.
        """
        names = [
            "_rels/.rels",
            self._main,
            self._relations,
            *self._related(self._main, "/sharedStrings").values(),
            *self._related(self._main, "/styles").values(),
        ]
        present = set(self._archive.namelist())
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for name in dict.fromkeys(names):
                if name in present:
                    archive.writestr(name, self.part(name))
            archive.writestr(sheet.part, content)
        return target.getvalue()

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
    except _DAMAGE as error:
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


def _relation_id(attributes: Mapping[str, str]) -> str:
    """Return the reference in `r:id`, under whatever prefix its namespace has."""
    return next((value for name, value in attributes.items() if name.endswith(":id")), "")
