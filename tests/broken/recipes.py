"""Broken inputs that cannot be committed as files: each is made when its test runs.

A recipe gets an empty folder and returns the path to read. expected.yaml names what is found.
"""

import errno
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

__all__ = ["RECIPES", "Recipe"]

Recipe = Callable[[Path, pytest.MonkeyPatch], Path]

MEBIBYTE = 1024 * 1024
DEEP = 20_000
SHEET = "institution: Kota Contoh\nyear: 2023\nlevels:\n" + "".join(
    f"  {number}: 3\n" for number in range(1, 48)
)
TABLE = "no;nilai\n1;3\n2;4\n3;2\n4;3\n"
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8


def _bytes(name: str, content: bytes) -> Recipe:
    def make(folder: Path, _: pytest.MonkeyPatch) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return make


def _text(name: str, content: str, encoding: str = "utf-8") -> Recipe:
    return _bytes(name, content.encode(encoding))


def _nothing(folder: Path, _: pytest.MonkeyPatch) -> Path:
    return folder / "hasl.yaml"


def _below_a_file(folder: Path, _: pytest.MonkeyPatch) -> Path:
    (folder / "nilai.yaml").write_text(SHEET)
    return folder / "nilai.yaml" / "2023.yaml"


def _folder(folder: Path, _: pytest.MonkeyPatch) -> Path:
    path = folder / "nilai.yaml"
    path.mkdir()
    return path


def _sparse(folder: Path, _: pytest.MonkeyPatch) -> Path:
    path = folder / "cadangan.csv"
    with path.open("wb") as stream:
        stream.truncate(200 * MEBIBYTE)
    return path


def _loop(folder: Path, _: pytest.MonkeyPatch) -> Path:
    path = folder / "nilai.yaml"
    path.symlink_to(path)
    return path


def _forbidden(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """Forbid by replacing Path.open: for root, as in a container, chmod forbids nothing."""
    path = folder / "rahasia.yaml"
    path.write_text(SHEET)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    patch.setattr(Path, "open", refuse)
    return path


def _workbook(name: str, fill: Callable[[xlsxwriter.Workbook], None]) -> Recipe:
    def make(folder: Path, _: pytest.MonkeyPatch) -> Path:
        path = folder / name
        with xlsxwriter.Workbook(path) as workbook:
            fill(workbook)
        return path

    return make


def _edited(recipe: Recipe, part: str, old: str, new: str) -> Recipe:
    """Change a part of a workbook that a recipe makes: xlsxwriter writes only sound ones."""

    def make(folder: Path, patch: pytest.MonkeyPatch) -> Path:
        path = recipe(folder, patch)
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        text = parts[part].decode()
        assert old in text
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, text.replace(old, new) if name == part else content)
        return path

    return make


def _levels(*levels: float | str | tuple[str, float | str]) -> Callable[..., None]:
    """Fill a sheet with these levels; a pair is a formula and the value it was computed to."""

    def fill(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet("Penilaian")
        sheet.write_row(0, 0, ["No", "Nilai"])
        for row, level in enumerate(levels, 1):
            sheet.write_number(row, 0, row)
            if isinstance(level, tuple):
                formula, value = level
                sheet.write_formula(row, 1, formula, None, value)
            else:
                sheet.write(row, 1, level)

    return fill


def _dated(workbook: xlsxwriter.Workbook) -> None:
    _levels(3, 4, 2, 3)(workbook)
    sheet = workbook.get_worksheet_by_name("Penilaian")
    sheet.write_datetime("B3", date(2024, 5, 3), workbook.add_format({"num_format": "d mmm"}))


def _far(workbook: xlsxwriter.Workbook) -> None:
    _levels(3, 4, 2, 3)(workbook)
    workbook.get_worksheet_by_name("Penilaian").write(1_048_575, 16_383, 3)


def _hidden(workbook: xlsxwriter.Workbook) -> None:
    workbook.add_worksheet("Petunjuk").write(0, 0, "Isi lembar berikut")
    _levels(3, 6, 2, 3)(workbook)


def _two_years(workbook: xlsxwriter.Workbook) -> None:
    _levels(3, 4, 2, 3)(workbook)
    workbook.add_worksheet("2024").write_column("A1", ["No", 1, 2, 3, 4])
    workbook.get_worksheet_by_name("2024").write_column("B1", ["Nilai", 4, 4, 3, 3])


def _two_under_one(workbook: xlsxwriter.Workbook) -> None:
    _levels(3, 4, 2, 3)(workbook)
    sheet = workbook.get_worksheet_by_name("Penilaian")
    sheet.merge_range("B1:C1", "Nilai")
    sheet.write_column("C2", [1, 1, 1, 1])


def _unseen(workbook: xlsxwriter.Workbook) -> None:
    _levels(3, 4, 2, 3, 5)(workbook)
    sheet = workbook.get_worksheet_by_name("Penilaian")
    sheet.write_column("C1", ["Akhir", 5, 5, 5, 5])
    sheet.set_column("C:C", None, None, {"hidden": True})
    sheet.set_row(5, None, None, {"hidden": True})
    workbook.add_worksheet("Lama").write_column("A1", ["No", 1, 2, 3, 4])
    workbook.get_worksheet_by_name("Lama").write_column("B1", ["Nilai", 1, 1, 1, 1])
    workbook.get_worksheet_by_name("Lama").hide()


def _in_two(workbook: xlsxwriter.Workbook) -> None:
    for name, rows in (("Aspek 1", [(1, 3), (2, 4)]), ("Aspek 2", [(3, 2), (4, 3)])):
        sheet = workbook.add_worksheet(name)
        sheet.write_row(0, 0, ["No", "Nilai"])
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)


def _zipped(name: str, **parts: bytes) -> Recipe:
    def make(folder: Path, _: pytest.MonkeyPatch) -> Path:
        path = folder / name
        with zipfile.ZipFile(path, "w") as archive:
            for part, content in parts.items():
                archive.writestr(part, content)
        return path

    return make


def _cut(recipe: Recipe) -> Recipe:
    """Leave out the last part of a file, as a broken transfer does."""

    def make(folder: Path, patch: pytest.MonkeyPatch) -> Path:
        path = recipe(folder, patch)
        path.write_bytes(path.read_bytes()[:-1000])
        return path

    return make


SHEET_XML = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
SOUND = _workbook("nilai.xlsx", _levels(3, 4, 2, 3))
RECIPES: dict[str, Recipe] = {
    "file-not-found": _nothing,
    "heading-over-two": _workbook("nilai.xlsx", _two_under_one),
    "hidden-rows": _workbook("nilai.xlsx", _unseen),
    "hidden-columns": _workbook("nilai.xlsx", _unseen),
    "hidden-sheets": _workbook("nilai.xlsx", _unseen),
    "sheets-joined": _workbook("nilai.xlsx", _in_two),
    "file-not-found--below-a-file": _below_a_file,
    "file-is-directory": _folder,
    "file-no-permission": _forbidden,
    "file-unreadable": _loop,
    "file-too-large": _sparse,
    "file-empty": _bytes("nilai.yaml", b""),
    "file-empty--blank": _bytes("nilai.csv", b" \r\n\t\n"),
    "file-binary": _bytes("foto.png", PICTURE),
    "file-binary--wrong-name": _bytes("nilai.yaml", PICTURE),
    "control-character": _text("nilai.yaml", SHEET.replace("12: 3", "12: 3\x00")),
    "control-character--csv": _text("nilai.csv", "indicator,level\n1,3\n2,\x013\n" + "9" * 100),
    "encoding-wrong": _bytes(
        "nilai.yaml", SHEET.replace("Kota", "Kota\xa0?").encode("latin-1").replace(b"?", b"\x81")
    ),
    "encoding-wrong--utf-16": _bytes("nilai.yaml", b"\xff\xfe" + SHEET.encode("utf-16-le") + b"\n"),
    "encoding-wrong--utf-8": _bytes("nilai.yaml", b"\xef\xbb\xbfinstitution: Caf\xe9\n"),
    "encoding-guessed": _text("nilai.yaml", SHEET.replace("Kota", "Café"), "windows-1252"),
    "level-off-scale--utf-16": _text("nilai.yaml", SHEET.replace("12: 3", "12: 6"), "utf-16"),
    "level-off-scale--utf-16-without-mark": _text(
        "nilai.yaml", SHEET.replace("12: 3", "12: 6"), "utf-16-be"
    ),
    "level-off-scale--old-mac-lines": _text(
        "nilai.yaml", SHEET.replace("12: 3", "12: 6").replace("\n", "\r")
    ),
    "level-off-scale--line-separator": _text(
        "nilai.yaml", 'note: "a\u2028b\x85c"\n' + SHEET.replace("12: 3", "12: 6")
    ),
    "yaml-too-deep--flow": _text("nilai.yaml", "levels: " + "[" * 500 + "]" * 500),
    "yaml-too-deep--block": _text("nilai.yaml", "- " * DEEP + "3\n"),
    "cell-error": _workbook("nilai.xlsx", _levels(3, ("=1/0", "#DIV/0!"), 2, 3)),
    "cell-not-calculated": _edited(
        _workbook("nilai.xlsx", _levels(3, ("=40+2", 42), 2, 3)), SHEET_XML, "<v>42</v>", ""
    ),
    "cell-not-calculated--zero": _workbook("nilai.xlsx", _levels(3, ("=2+2", 0), 2, 3)),
    "cell-is-date": _workbook("nilai.xlsx", _dated),
    "level-off-scale--workbook": _workbook("nilai.xlsx", _levels(0, 6, 2, 3)),
    "level-off-scale--second-sheet": _workbook("nilai.xlsx", _hidden),
    "level-off-scale--table-named-xlsx": _text("nilai.xlsx", TABLE.replace("2;4", "2;6")),
    "level-off-step--workbook": _workbook("nilai.xlsx", _levels(3, 2.5, 2, 3)),
    "level-not-number--workbook": _workbook("nilai.xlsx", _levels(3, True, "tiga", 3)),  # noqa: FBT003
    "sheets-not-read": _workbook("nilai.xlsx", _two_years),
    "workbook-damaged": _cut(SOUND),
    "workbook-damaged--xml": _edited(SOUND, SHEET_XML, "</sheetData>", ""),
    "workbook-doctype": _edited(
        SOUND, SHEET_XML, "<worksheet", '<!DOCTYPE x [<!ENTITY a "3">]>\n<worksheet'
    ),
    "workbook-encrypted": _bytes(
        "nilai.xlsx", OLE + "EncryptedPackage".encode("utf-16-le") + bytes(512)
    ),
    "workbook-not-xlsx": _bytes("nilai.xlsx", OLE),
    "workbook-not-xlsx--zip": _zipped("nilai.xlsx", **{"nilai.csv": b"no;nilai"}),
    "workbook-too-large": _edited(
        SOUND, SHEET_XML, "<sheetData>", f"<sheetData>{' ' * 100 * MEBIBYTE}"
    ),
    "table-too-large--cells": _workbook("nilai.xlsx", _far),
    "table-too-large--rows": _text("nilai.csv", TABLE + (";" * 10_000 + "\n") * 201),
    "table-too-large--columns": _text("nilai.csv", TABLE + ";" * 20_000 + "\n"),
    "table-empty--workbook": _workbook("nilai.xlsx", lambda book: book.add_worksheet("Nilai")),
    "field-too-long": _text("nilai.csv", f'{TABLE};;"{"x" * 200_000}"\n'),
    "encoding-guessed--table": _text(
        "nilai.csv", "instansi;tahun;1;2;3;4\nKota Café;2023;3;4;2;3\n", "windows-1252"
    ),
}
