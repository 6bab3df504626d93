"""Twelve files as Excel and its users write them: one score sheet, the same levels from each."""

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from support.tables import table_text

from spbe_cli.core.number import parse
from spbe_cli.core.problem import Severity
from spbe_cli.read.tables import read_table
from spbe_cli.read.text import File, load

LEVELS = {str(code): str(code * 7 % 5 + 1) for code in range(1, 48)}
HEADER = ["No", "Indikator", "Nilai", "Catatan"]
ROWS = [[code, f"Kebijakan, tata kelola {code}", level, ""] for code, level in LEVELS.items()]


def text_of(
    rows: list[list[str]], *, delimiter: str = ",", end: str = "\r\n", top: str = ""
) -> str:
    return table_text(rows, delimiter=delimiter, end=end, top=top)


def semicolon() -> bytes:
    return text_of([HEADER, *ROWS], delimiter=";").encode()


def tabs() -> bytes:
    return text_of([HEADER, *ROWS], delimiter="\t").encode()


def byte_order_mark() -> bytes:
    return text_of([HEADER, *ROWS]).encode("utf-8-sig")


def utf_16() -> bytes:
    return text_of([HEADER, *ROWS], delimiter="\t").encode("utf-16")


def windows_1252() -> bytes:
    rows = [[code, name.replace("Kebijakan", "Café"), *rest] for code, name, *rest in ROWS]
    return text_of([HEADER, *rows], delimiter=";").encode("windows-1252")


def sep_line() -> bytes:
    return text_of([HEADER, *ROWS], delimiter=";", top="sep=;\r\n").encode()


def decimal_comma() -> bytes:
    rows = [[code, name, f"{level},0", note] for code, name, level, note in ROWS]
    return text_of([HEADER, *rows], delimiter=";").encode()


def blank_tail() -> bytes:
    rows = [[*row, "", "", ""] for row in [HEADER, *ROWS]]
    return text_of([*rows, *[[""] * 7] * 900], delimiter=";").encode()


def carriage_returns() -> bytes:
    return text_of([HEADER, *ROWS], end="\r").encode()


def quoted_line_breaks() -> bytes:
    rows = [[code, name.replace(" ", "\n"), level, "a\r\n\r\nb"] for code, name, level, _ in ROWS]
    return text_of([["No", "Indikator", "Nilai\nTingkat Kematangan", "Catatan"], *rows]).encode()


def merged_header() -> bytes:
    top = [["No", "Indikator", "Nilai", "", "Catatan"], ["", "", "Mandiri", "Akhir", ""]]
    rows = [[code, name, "1", level, note] for code, name, level, note in ROWS]
    return text_of([*top, *rows], delimiter=";").encode()


def xlsx_text() -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate([HEADER, *ROWS]):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)
    book.close()
    return target.getvalue()


def xlsx_merged_header() -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.merge_range("A1:A2", "No")
    sheet.merge_range("B1:B2", "Indikator")
    sheet.merge_range("C1:D1", "Nilai")
    sheet.write_row("C2", ["Mandiri", "Akhir"])
    for number, (code, name, level, _) in enumerate(ROWS):
        sheet.write_row(number + 2, 0, [int(code), name, 1, float(level)])
    book.close()
    return target.getvalue()


HABITS = [
    semicolon,
    tabs,
    byte_order_mark,
    utf_16,
    windows_1252,
    sep_line,
    decimal_comma,
    blank_tail,
    carriage_returns,
    quoted_line_breaks,
    xlsx_text,
    merged_header,
    xlsx_merged_header,
]


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.__name__)
def test_the_same_levels_from_every_file(habit: Callable[[], bytes], tmp_path: Path) -> None:
    path = tmp_path / "nilai"
    path.write_bytes(habit())
    file = load(str(path))
    assert isinstance(file, File)
    parsed = read_table(file)
    notices = [(problem.code, problem.severity) for problem in parsed.problems]
    guessed = [("encoding-guessed", Severity.NOTICE)] if habit is windows_1252 else []
    assert notices == guessed
    (sheet,) = parsed.sheets
    levels = sheet.data["stages"]["final"] if "stages" in sheet.data else sheet.data["levels"]
    found = {
        code: parse(level["level"] if isinstance(level, dict) else level)
        for code, level in levels.items()
    }
    assert found == {code: parse(level) for code, level in LEVELS.items()}
    written = {f"{level},0" if habit is decimal_comma else level for level in LEVELS.values()}
    assert {e["level"] if isinstance(e, dict) else e for e in levels.values()} == written


def test_every_level_of_every_file_has_its_own_place() -> None:
    for habit in HABITS:
        (sheet,) = read_table(File("nilai", habit())).sheets
        top = ("stages", "final") if "stages" in sheet.data else ("levels",)
        places = {sheet.place_of((*top, code)) for code in LEVELS}
        assert len({(place.line, place.cell) for place in places}) == len(LEVELS)
        for code, level in LEVELS.items():
            place = sheet.place_of((*top, code))
            excerpt = place.excerpt or ""
            start = (place.column or 1) - 1
            assert parse(excerpt[start : start + place.width]) == parse(level)


def test_reading_tables_imports_nothing_heavy() -> None:
    heavy = ["python_calamine", "xml", "difflib", "polars", "openpyxl"]
    program = f"import sys, spbe_cli.read.tables; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
