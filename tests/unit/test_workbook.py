"""Workbooks to rows: values, marks, merged cells, the right sheet, and files that are none."""

import datetime as dt
import io
import re
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
from support.tables import read_content

from spbe_cli.core.problem import Place, Severity
from spbe_cli.words import Words

CODES = Words("en").codes
SHEET_1 = "xl/worksheets/sheet1.xml"


def workbook(fill: Callable[[Any], None]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    fill(book)
    book.close()
    return target.getvalue()


def sheet_of(*rows: list[Any]) -> bytes:
    def fill(book: Any) -> None:  # noqa: ANN401
        sheet = book.add_worksheet("Nilai")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    return workbook(fill)


def changed(content: bytes, **parts: Callable[[bytes], bytes]) -> bytes:
    """Return the workbook with some parts changed, named `sheet1`, `workbook` and so on."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            stem = name.rsplit("/", 1)[-1].removesuffix(".xml")
            archive.writestr(name, parts.get(stem, bytes)(source.read(name)))
    return target.getvalue()


def codes_of(content: bytes) -> list[str]:
    parsed = read_content(content)
    assert parsed.sheets == ()
    assert all(problem.code in CODES for problem in parsed.problems)
    return [problem.code for problem in parsed.problems]


def test_values_are_text_as_the_spreadsheet_shows_them() -> None:
    rows: list[list[Any]] = [
        [1, 3.0],
        [2, 2.5],
        [3, "3"],
        [4, "3,0"],
        [5, True],
        [6, 0.1 + 0.2],
        ["35.1", 29 * 0.1],
    ]
    parsed = read_content(sheet_of(["No", "Nilai"], *rows))
    assert parsed.problems == ()
    assert parsed.sheets[0].data == {
        "levels": {
            "1": "3",
            "2": "2.5",
            "3": "3",
            "4": "3,0",
            "5": "TRUE",
            "6": "0.3",
            "35.1": "2.9",
        }
    }


def test_places_are_sheet_and_cell() -> None:
    parsed = read_content(sheet_of(["Tahun", 2023], [], ["No", "", "Nilai"], [7, "", "tiga"]))
    (sheet,) = parsed.sheets
    assert sheet.data == {"year": "2023", "levels": {"7": "tiga"}}
    assert sheet.place_of(("levels", "7")) == Place(
        "nilai.xlsx", sheet="Nilai", cell="C4", excerpt="tiga", width=4
    )
    assert sheet.place_of(("levels", "7"), True).cell == "A4"  # noqa: FBT003
    assert sheet.place_of(("levels", "8")).cell == "C3"
    assert sheet.place_of(("year",)).cell == "B1"


def marked(book: Any) -> None:  # noqa: ANN401
    sheet = book.add_worksheet("Nilai")
    sheet.write_row("A1", ["No", "Nama", "Nilai"])
    sheet.write_row("A2", [1, "a"])
    sheet.write_formula("C2", "=1/0", value="#DIV/0!")
    sheet.write_row("A3", [2, "b"])
    sheet.write_formula("C3", "=AVERAGE(D3:F3)")
    sheet.write_row("A4", [3, "c"])
    sheet.write_formula("C4", "=1+1", value="")
    sheet.write_row("A5", [4, "d"])
    sheet.write_formula("C5", "=1+2", value=3)
    sheet.write_row("A6", [5, "e"])
    day = book.add_format({"num_format": "d-mmm"})
    sheet.write_datetime("C6", dt.datetime(2023, 5, 3), day)  # noqa: DTZ001
    sheet.write_row("A7", [6, "f"])
    sheet.write_number("C7", 3, day)
    sheet.write_datetime("A8", dt.datetime(2023, 1, 7), day)  # noqa: DTZ001
    sheet.write("C8", 3)
    sheet.write_formula("B9", "=1/0", value="#REF!")
    sheet.write_row("A10", ["Total", "", ""])
    sheet.write_formula("C10", "=1/0", value="#DIV/0!")
    sheet.write_row("A11", [8, "h", 4, "", "catatan di samping"])
    sheet.write_formula("B11", "=1/0", value="#N/A")
    sheet.write_row("A12", [9, "i"])
    sheet.write_datetime("C12", dt.time(3, 5), book.add_format({"num_format": "hh:mm"}))


def test_errors_dates_and_formulas_without_a_result_are_told_where_they_matter() -> None:
    parsed = read_content(workbook(marked))
    found = [(problem.place.cell, problem.code, problem.values) for problem in parsed.problems]
    assert found == [
        ("C2", "cell-error", {"found": "#DIV/0!"}),
        ("C3", "cell-not-calculated", {"found": "=AVERAGE(D3:F3)"}),
        ("C4", "cell-not-calculated", {"found": "=1+1"}),
        ("C6", "cell-is-date", {"found": "2023-05-03", "nearest": "3.5"}),
        ("C7", "cell-is-date", {"found": "1900-01-03", "nearest": "3"}),
        ("A8", "cell-is-date", {"found": "2023-01-07", "nearest": "7.1"}),
        ("C12", "cell-is-date", {"found": "03:05:00"}),
    ]
    assert {problem.place.sheet for problem in parsed.problems} == {"Nilai"}
    assert parsed.sheets[0].data["levels"] == {
        "1": "#DIV/0!",
        "2": "=AVERAGE(D3:F3)",
        "3": "=1+1",
        "4": "3",
        "5": "2023-05-03",
        "6": "1900-01-03",
        "8": "4",
        "9": "03:05:00",
    }


def test_a_zero_is_a_result_where_a_spreadsheet_has_calculated() -> None:
    def fill(book: Any) -> None:  # noqa: ANN401
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["No", "Nilai"])
        sheet.write("A2", 1)
        sheet.write_formula("B2", "=1-1")

    calculated = changed(
        workbook(fill), workbook=lambda xml: xml.replace(b' fullCalcOnLoad="1"', b"")
    )
    assert read_content(calculated).sheets[0].data["levels"] == {"1": "0"}
    assert read_content(calculated).problems == ()
    assert [problem.code for problem in read_content(workbook(fill)).problems] == [
        "cell-not-calculated"
    ]


def test_a_whole_column_that_was_never_calculated() -> None:
    def fill(book: Any) -> None:  # noqa: ANN401
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["No", "Nilai"])
        for row in range(1, 4):
            sheet.write(row, 0, row)
            sheet.write_formula(row, 1, "=1+1", value="")

    cells = [problem.place.cell for problem in read_content(workbook(fill)).problems]
    assert cells == ["B2", "B3", "B4"]


def test_an_error_as_metadata_is_told() -> None:
    def fill(book: Any) -> None:  # noqa: ANN401
        sheet = book.add_worksheet("S")
        sheet.write("A1", "Instansi")
        sheet.write_formula("B1", "=1/0", value="#REF!")
        sheet.write_row("A2", ["No", "Nilai", "Tahun"])
        sheet.write_row("A3", [1, 3])
        sheet.write_formula("C3", "=1/0", value="#NAME?")

    found = [
        (problem.place.cell, problem.code) for problem in read_content(workbook(fill)).problems
    ]
    assert found == [("B1", "cell-error"), ("C3", "cell-error")]


def test_the_first_visible_sheet_with_the_needed_columns_is_read() -> None:
    def fill(book: Any) -> None:  # noqa: ANN401
        cover, hidden, very, scores, other = map(book.add_worksheet, "ABCDE")
        cover.write("A1", "Lembar Kerja Evaluasi")
        for sheet, level in ((hidden, 1), (very, 2), (scores, 3), (other, 4)):
            sheet.write_row("A1", ["No", "Nilai"])
            sheet.write_row("A2", [1, level])
        hidden.hide()
        very.very_hidden()

    parsed = read_content(workbook(fill))
    (sheet,) = parsed.sheets
    assert sheet.data == {"levels": {"1": "3"}}
    assert sheet.place_of(("levels", "1")).sheet == "D"
    hidden_sheets, problem = parsed.problems
    assert (hidden_sheets.code, hidden_sheets.values) == ("hidden-sheets", {"found": "B, C"})
    assert (problem.code, problem.severity) == ("sheets-not-read", Severity.NOTICE)
    assert problem.values == {"sheet": "D", "others": "E"}


def test_a_sheet_without_levels_is_not_called_unread() -> None:
    def fill(book: Any) -> None:  # noqa: ANN401
        scores, criteria, empty = map(book.add_worksheet, "ABC")
        for sheet in (scores, empty):
            sheet.write_row("A1", ["No", "Nilai"])
        scores.write_row("A2", [1, 3])
        criteria.write_row("A1", ["No", "Kriteria"])
        criteria.write_row("A2", [1, "Konsep"])

    assert read_content(workbook(fill)).problems == ()


def test_without_the_needed_columns_the_nearest_sheet_is_told() -> None:
    def fill(book: Any) -> None:  # noqa: ANN401
        book.add_worksheet("Sampul").write("A1", "LKE")
        book.add_worksheet("Isi").write_row("A1", ["Indikator", "Nilei"])

    (problem,) = read_content(workbook(fill)).problems
    assert (problem.code, problem.place.sheet, problem.place.cell) == ("no-header", "Isi", "B1")
    assert problem.values == {"found": "Indikator, Nilei", "missing": "level", "nearest": "nilai"}


def test_merged_headers() -> None:
    def fill(book: Any) -> None:  # noqa: ANN401
        sheet = book.add_worksheet()
        sheet.merge_range("A1:C1", "Lembar Kerja Evaluasi SPBE")
        sheet.merge_range("A3:A4", "No")
        sheet.merge_range("B3:B4", "Indikator")
        sheet.merge_range("C3:D3", "Nilai")
        sheet.write_row("C4", ["Mandiri", "Akhir"])
        sheet.write_row("A5", [1, "Arsitektur", 3, 2])

    parsed = read_content(workbook(fill))
    assert parsed.problems == ()
    assert parsed.sheets[0].data == {"stages": {"self": {"1": "3"}, "final": {"1": "2"}}}


def test_a_merged_header_counts_for_all_its_columns() -> None:
    def fill(book: Any) -> None:  # noqa: ANN401
        sheet = book.add_worksheet()
        sheet.merge_range("A1:B1", "Indikator")
        sheet.write("C1", "Nilai")
        sheet.write_row("A2", ["Arsitektur", 1, 3])

    parsed = read_content(workbook(fill))
    assert parsed.problems == ()
    assert parsed.sheets[0].data == {"levels": {"1": "3"}}


def test_cells_beside_the_table_do_no_harm() -> None:
    assert read_content(sheet_of(["No", "Nilai"], [1, 3, "", "catatan"], [2])).problems == ()


XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
PLAIN = sheet_of(["No", "Nilai"], [1, 3])


def renamed(content: bytes, old: str, new: str) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w") as archive,
    ):
        for name in source.namelist():
            archive.writestr(name.replace(old, new), source.read(name))
    return target.getvalue()


def with_cells(xml: str) -> bytes:
    cells = f"<sheetData>{xml}</sheetData>".encode()
    return changed(
        PLAIN, sheet1=lambda old: re.sub(b"<sheetData>.*</sheetData>", lambda _: cells, old)
    )


def counted(counts: bytes) -> bytes:
    """Return a workbook whose shared strings claim to be as many as this."""
    pattern = rb'count="\d+" uniqueCount="\d+"'
    return changed(PLAIN, sharedStrings=lambda xml: re.sub(pattern, counts, xml))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (XLS, "workbook-not-xlsx"),
        (XLS + "EncryptedPackage".encode("utf-16-le"), "workbook-encrypted"),
        (PLAIN[:500], "workbook-damaged"),
        (PLAIN[: len(PLAIN) // 2], "workbook-damaged"),
        (b"PK\x03\x04", "workbook-damaged"),
        (renamed(PLAIN, "_rels/.rels", "_rels/x"), "workbook-not-xlsx"),
        (renamed(PLAIN, SHEET_1, "xl/x.xml"), "workbook-damaged"),
        (renamed(PLAIN, "xl/sharedStrings.xml", "xl/x.xml"), "workbook-damaged"),
        (changed(PLAIN, workbook=lambda _: b"<document/>"), "workbook-not-xlsx"),
        (changed(PLAIN, sheet1=lambda xml: xml[:300]), "workbook-damaged"),
        (changed(PLAIN, sheet1=lambda xml: b"<!DOCTYPE a>" + xml[55:]), "workbook-doctype"),
        (
            changed(PLAIN, workbook=lambda _: b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
            "workbook-doctype",
        ),
        (changed(PLAIN, sheet1=lambda xml: xml + b" " * 50_000_000), "workbook-too-large"),
        (changed(PLAIN, sharedStrings=lambda xml: xml + b" " * 50_000_000), "workbook-too-large"),
        (counted(b'count="2" uniqueCount="99999999999"'), "workbook-damaged"),
        (counted(b'uniqueCount="99999999999999999999999999"'), "workbook-damaged"),
        (counted(b'count="99999999999"'), "workbook-damaged"),
        (with_cells('<row r="1"><c r="ZZZZ1"><v>1</v></c></row>'), "workbook-damaged"),
        (with_cells('<row r="x"><c r="A1"><v>1</v></c></row>'), "workbook-damaged"),
        (with_cells('<row r="1048577"><c><v>1</v></c></row>'), "workbook-damaged"),
        (with_cells('<row r="1"><c r="A1" t="zz"><v>1</v></c></row>'), "workbook-damaged"),
        (with_cells('<row r="9"><c r="A1"><v>1</v></c><c><v>2</v></c></row>'), "no-header"),
        (with_cells(""), "table-empty"),
        (workbook(lambda book: book.add_chartsheet() and book.add_worksheet()), "table-empty"),
    ],
)
def test_files_that_cannot_be_read(content: bytes, code: str) -> None:
    assert codes_of(content) == [code]


def test_a_cell_far_away_is_refused_before_it_takes_all_memory() -> None:
    content = with_cells('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>')
    (problem,) = read_content(content).problems
    assert (problem.code, problem.place.cell) == ("table-too-large", "XFD1048576")


def test_a_size_that_lies_is_found() -> None:
    small = bytearray(changed(PLAIN, sheet1=lambda xml: xml + b" " * 50_000_000))
    at = small.rindex(b"PK\x01\x02", 0, small.rindex(SHEET_1.encode()))
    small[at + 24 : at + 28] = struct.pack("<I", 2000)
    assert codes_of(bytes(small)) == ["workbook-damaged"]


def test_an_encrypted_part_is_told() -> None:
    content = bytearray(PLAIN)
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(SHEET_1.encode()))
    content[at + 8] |= 1
    assert codes_of(bytes(content)) == ["workbook-encrypted"]


@pytest.mark.parametrize("at", range(0, len(PLAIN), 97))
def test_a_wrong_byte_anywhere_is_no_crash(at: int) -> None:
    content = bytearray(PLAIN)
    content[at] ^= 0xFF
    parsed = read_content(bytes(content))
    assert all(problem.code in CODES for problem in parsed.problems)


def test_a_text_with_the_name_of_a_workbook_is_read_as_text() -> None:
    assert read_content(b"no;nilai\n1;3\n").sheets[0].data == {"levels": {"1": "3"}}


def test_a_year_may_stand_in_a_cell_for_dates() -> None:
    def fill(book: Any) -> None:  # noqa: ANN401
        sheet = book.add_worksheet()
        dates = book.add_format({"num_format": "yyyy"})
        sheet.write("A1", "Tahun")
        sheet.write_datetime("B1", dt.datetime(2023, 1, 1), dates)  # noqa: DTZ001
        sheet.write_row("A2", ["No", "Nilai"])
        sheet.write_row("A3", [1, 3])

    parsed = read_content(workbook(fill))
    assert parsed.problems == ()
    assert parsed.sheets[0].data["year"].startswith("2023")
