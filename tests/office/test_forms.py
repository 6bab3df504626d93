"""Forms as workbooks: nothing is cut off, choices are offered, what is filled in counts."""

import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from conftest import ROOT, Spbe
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from support.office import book_of, fill_in, office, typed_in
from xlsxwriter.utility import xl_pixel_width

from spbe_cli import fixed, load_instrument, read_assessment, score
from spbe_cli.core.assessment import Origin, Share
from spbe_cli.core.evidence import value_of
from spbe_cli.read.instruments import read_criteria

READY = {"spbe-2020": 2025, "pemdi-2026": 2026}
# Excel measures by Calibri; LibreOffice takes what is there, DejaVu Sans at the widest.
FONTS = {"Calibri": 1.0, "the widest": 1.3}
WIDTH_OF_ZERO, PADDING, LINE = 7, 5, 15
LARGEST_MARGIN = 4  # points above and below


def pixels(cell: Any, text: str) -> float:  # noqa: ANN401
    bold = 1.08 if cell.font.b else 1
    return float(xl_pixel_width(text)) * (cell.font.sz or 11) / 11 * bold


def room(sheet: Any, cell: Any) -> float:  # noqa: ANN401
    """The pixels of a cell, of those that it is merged with, or of empty ones on its right."""
    columns = [cell.column]
    merged = [each for each in sheet.merged_cells.ranges if cell.coordinate in each]
    if merged:
        columns = list(range(merged[0].min_col, merged[0].max_col + 1))
    elif not cell.alignment.wrap_text:
        for column in range(cell.column + 1, cell.column + 8):
            if sheet.cell(cell.row, column).value is not None:
                break
            columns.append(column)
    widths: Iterator[float] = (sheet.column_dimensions[letter(sheet, at)].width for at in columns)
    return sum(float(width) * WIDTH_OF_ZERO for width in widths) - PADDING


def letter(sheet: Worksheet, column: int) -> str:
    """The name under which the width of a column stands: that of the first of those alike."""

    name = get_column_letter(column)
    for first, each in sheet.column_dimensions.items():
        if (each.min or 0) <= column <= (each.max or 0):
            return str(first)
    return name


def lines(cell: Any, text: str, width: float, font: float) -> int:  # noqa: ANN401
    """How many lines a text takes when it is broken between words."""
    number, used = 1, 0.0
    for word in text.split():
        needed = pixels(cell, f"{word} ") * font
        if used + needed > width and used:
            number, used = number + 1, 0.0
        used += needed
    return number


def cut_off(sheet: Any) -> Iterator[str]:  # noqa: ANN401
    for row in sheet.iter_rows():
        for cell in row:
            text = cell.value
            if not isinstance(text, str) or text.startswith("="):
                continue
            width = room(sheet, cell)
            for font, wider in FONTS.items():
                size = cell.font.sz or 11
                widest = max(pixels(cell, word) for word in text.split()) * wider
                if widest > width or (
                    not cell.alignment.wrap_text and pixels(cell, text) * wider > width
                ):
                    yield f"{sheet.title}!{cell.coordinate} in {font}: {text}"
                height = sheet.row_dimensions[cell.row].height or LINE
                needed = lines(cell, text, width, wider) * LINE * size / 11 - LARGEST_MARGIN
                if cell.alignment.wrap_text and needed > height:
                    yield f"{sheet.title}!{cell.coordinate} in {font}, {height} points: {text}"


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", ["spbe-2020", "pemdi-2026", "spbe-2018", "epss-2022"])
def test_nothing_is_cut_off(spbe: Spbe, tmp_path: Path, name: str, language: str) -> None:
    form = tmp_path / "nilai.xlsx"
    assert spbe("init", str(form), "--instrument", name, "--lang", language).code == 0
    found = [each for sheet in book_of(form).worksheets for each in cut_off(sheet)]
    assert found == []


def test_what_is_cut_off_is_found() -> None:
    sheet: Any = Workbook().worksheets[0]
    sheet.column_dimensions["A"].width = 13
    sheet["A1"], sheet["B1"] = "Indeks Pemerintah Digital", "2,31"
    assert len(list(cut_off(sheet))) == len(FONTS)
    sheet["B1"] = None
    sheet.column_dimensions["A"].width = 40
    assert list(cut_off(sheet)) == []


@pytest.mark.parametrize("name", list(READY))
def test_what_can_be_chosen_is_offered(name: str) -> None:
    book = book_of(ROOT / f"forms/{name}.xlsx")
    sheet, choices = book.worksheets[0], book["Pilihan"]
    rules = {str(each.sqref): each for each in sheet.data_validations.dataValidation}
    offered = {at: str(rules[at].formula1) for at in ("B4", "B5", "F4")}
    assert offered["B4"] == "'Pilihan'!$A$2:$A$8"
    assert offered["B5"] == "'Pilihan'!$B$2:$B$39"
    assert "penilaian mandiri" in offered["F4"]
    assert [cell.value for cell in choices["A"]][1:8][-3:] == ["kabupaten", "kota", "lainnya"]
    provinces = [cell.value for cell in choices["B"]][1:]
    assert (len(provinces), len(set(provinces))) == (38, 38)
    codes = {str(row[0].value): row[0].row for row in sheet.iter_rows(min_row=8) if row[0].value}
    assert codes.keys() == set(load_instrument(name).indicator_by_code)
    levels = {rules[f"D{row}"].type for row in codes.values()}
    assert levels == ({"list"} if name == "spbe-2020" else {"decimal"})  # a value has no step
    said = str(sheet["A2"].value)
    names = ("1 Rintisan", "1 Informasi") if name == "spbe-2020" else ("2 Membangun mulai 1,50",)
    assert all(each in said for each in names)


@pytest.mark.parametrize("name", list(READY))
def test_it_is_ready_to_type(name: str) -> None:
    """The first cell is selected, headings stay in sight and on every page, rows grow."""
    path = ROOT / f"forms/{name}.xlsx"
    book = book_of(path)
    sheets = book.worksheets
    assert [sheet.freeze_panes for sheet in sheets] == ["C8", "C7", "C5", None]
    assert [sheet.print_title_rows for sheet in sheets] == ["$7:$7", "$6:$6", "$4:$4", "$1:$1"]
    assert book.active == sheets[0]
    assert [view.activeCell for view in sheets[0].sheet_view.selection][-1] == "B3"
    assert not sheets[0]["B3"].protection.locked
    with ZipFile(path) as parts:
        written = [parts.read(f"xl/worksheets/sheet{at}.xml") for at in (1, 2, 3)]
    assert all(b"<row " in each and b"customHeight" not in each for each in written)
    inputs = [cell for row in sheets[0].iter_rows(min_row=8) for cell in row[5:8]]
    assert all(cell.alignment.wrap_text for cell in inputs if not cell.protection.locked)
    assert not any(each.hidden for each in sheets[0].column_dimensions.values())


def marked(
    book: Workbook, name: str, codes: set[str], chance: random.Random
) -> dict[str, dict[Fraction, Share]]:
    """Mark some pieces of the indicators in the checklist; return what is accepted."""
    criteria, _ = read_criteria(load_instrument(name))
    found: dict[str, dict[Fraction, set[int]]] = {}
    for row in book.worksheets[1].iter_rows(min_row=7):
        code, level, number = str(row[0].value), row[2].value, row[3].value
        if code not in codes or not isinstance(number, int):
            continue
        numbers = found.setdefault(code, {}).setdefault(Fraction(str(level)), set())
        is_accepted = chance.random() < 0.9
        row[5].value = "ya" if is_accepted else "tidak"
        if is_accepted:
            numbers.add(number)
    return {
        code: {
            level: Share(len(numbers), len(criteria[code].evidence[level]), frozenset(numbers))
            for level, numbers in by_level.items()
        }
        for code, by_level in found.items()
    }


@pytest.mark.parametrize("name", list(READY))
def test_levels_and_evidence_are_one_assessment(spbe: Spbe, tmp_path: Path, name: str) -> None:
    """Some desks give levels, some mark evidence, some do both: each is what it says."""
    instrument, chance = load_instrument(name), random.Random(7)
    criteria, _ = read_criteria(instrument)
    codes = list(instrument.indicator_by_code)
    with_levels, with_marks = set(codes[: len(codes) * 2 // 3]), set(codes[len(codes) // 3 :])
    book = book_of(ROOT / f"forms/{name}.xlsx")
    book.worksheets[0]["B3"] = "Kota Contoh"
    levels = {code: chance.choice(list(instrument.scale.levels())) for code in with_levels}
    fill_in(book.worksheets[0], levels, 3)
    accepted = marked(book, name, with_marks, chance)
    path = tmp_path / "nilai.xlsx"
    book.save(path)
    carried = {
        code: value_of(instrument.scale, criteria[code].evidence, accepted[code])
        for code in with_marks
    }
    assessment = read_assessment(path)
    assert (assessment.institution, assessment.year) == ("Kota Contoh", READY[name])
    for code, entry in assessment.entries.items():
        origin = Origin.SHEET if code in with_levels else Origin.EVIDENCE
        assert (code, entry.level) == (code, levels.get(code, carried.get(code)))
        assert (code, entry.origin, entry.accepted) == (code, origin, accepted.get(code))
    ran = spbe("score", str(path), "-f", "json")
    assert "[sheets-joined]" in ran.err
    assert "[hidden-" not in ran.err
    ran = spbe("check", str(path))
    assert "Daftar periksa" in ran.out


@pytest.mark.parametrize("name", list(READY))
def test_the_forms_of_three_desks_are_one(spbe: Spbe, tmp_path: Path, name: str) -> None:
    """Each fills in its part of a ready-made workbook; the last one by evidence alone."""
    instrument, chance = load_instrument(name), random.Random(3)
    criteria, _ = read_criteria(instrument)
    codes = chance.sample(list(instrument.indicator_by_code), len(instrument.indicators))
    wanted: dict[str, Fraction] = {}
    paths = []
    for at, desk in enumerate((codes[::3], codes[1::3], codes[2::3])):
        book = book_of(ROOT / f"forms/{name}.xlsx")
        book.worksheets[0]["B3"] = "Kota Contoh"
        if at < 2:
            levels = {code: chance.choice(list(instrument.scale.levels())) for code in desk}
            fill_in(book.worksheets[0], levels, 3)
        else:
            levels = {
                code: value_of(instrument.scale, criteria[code].evidence, accepted)
                for code, accepted in marked(book, name, set(desk), chance).items()
            }
        wanted |= levels
        paths.append(tmp_path / f"unit-{at}.xlsx")
        book.save(paths[-1])
    target = tmp_path / "semua.yaml"
    ran = spbe("merge", *map(str, paths), "-o", str(target))
    assert ran.code == 0, ran.err
    assessment = read_assessment(target)
    assert {code: entry.level for code, entry in assessment.entries.items()} == wanted
    assert assessment.institution == "Kota Contoh"


def test_two_claims_of_one_indicator_are_not_joined(spbe: Spbe, tmp_path: Path) -> None:
    """A checklist of another hand, with claims of its own beside the score sheet."""
    book = book_of(ROOT / "forms/spbe-2020.xlsx")
    levels = {code: Fraction(3) for code in load_instrument("spbe-2020").indicator_by_code}
    fill_in(book.worksheets[0], levels, 3)
    checklist: Any = book.worksheets[1]
    checklist["H6"] = "Klaim"
    checklist["F7"], checklist["H7"] = "ya", 4
    path = tmp_path / "nilai.xlsx"
    book.save(path)
    assert "[sheets-not-read]" in spbe("score", str(path)).err
    checklist["H7"] = 3
    book.save(path)
    ran = spbe("score", str(path))
    assert "[sheets-joined]" in ran.err
    assert ran.code == 0


@pytest.mark.parametrize("name", list(READY))
def test_what_libreoffice_types_in_scores_the_same(tmp_path: Path, name: str) -> None:
    """LibreOffice opens the ready-made form, types levels and names in, and saves it."""
    office()
    instrument, chance = load_instrument(name), random.Random(2)
    levels = {
        code: chance.choice(list(instrument.scale.levels()))
        for code in instrument.indicator_by_code
    }
    rows = {
        str(row[0].value): row[0].row
        for row in book_of(ROOT / f"forms/{name}.xlsx").worksheets[0].iter_rows(min_row=8)
    }
    typed: dict[str, str | float] = {"B3": "Kabupaten Contoh", "B4": "kabupaten", "B5": "Bali"}
    typed |= {f"D{rows[code]}": float(level) for code, level in levels.items()}
    typed |= {f"F{rows['1']}": "panjang " * 40}
    path = typed_in(ROOT / f"forms/{name}.xlsx", typed, tmp_path)
    assessment = read_assessment(path)
    assert {code: entry.level for code, entry in assessment.entries.items()} == levels
    assert (assessment.institution, assessment.province) == ("Kabupaten Contoh", "Bali")
    card = score(instrument, assessment)
    shown = book_of(path, values=True).worksheets[0]
    assert f"{shown['B6'].value:.2f}" == fixed(card.index)
    assert shown["F6"].value == card.predicate.name
    sheet: Any = book_of(path).worksheets[0]
    assert (sheet.row_dimensions[rows["1"]].height or 0) > 100  # it grew with its note
