"""Sheets of Pemerintah Digital in the evaluators' codes, alone and beside running numbers."""

import json
from collections.abc import Callable
from random import Random

import pytest
import yaml
from conftest import ROOT
from support.office_sheets import (
    NAMES_PEMDI,
    PEMDI,
    WEIGHTS_PEMDI,
    Rows,
    book,
    errors,
    index,
    index_in,
    notices,
    read,
    text,
)

from spbe_cli.core.problem import errors_of
from spbe_cli.read.assessments import FileReadings
from spbe_cli.read.choice import Wishes
from spbe_cli.read.instruments import shipped_instrument
from spbe_cli.read.published import read_population

SIZES = (2, 2, 4, 4, 2, 4, 2)
PLACES = [(aspect, place) for aspect, size in enumerate(SIZES, 1) for place in range(1, size + 1)]
CODES = dict(zip(NAMES_PEMDI, (f"{aspect}.{place}" for aspect, place in PLACES), strict=True))
INDEX = index(PEMDI, WEIGHTS_PEMDI)
COMMA = {code: f"{float(level):.2f}".replace(".", ",") for code, level in PEMDI.items()}
POINT = {code: f"{float(level):.2f}" for code, level in PEMDI.items()}
SHUFFLED = Random(15).sample(list(CODES), 20)


def semicolons_and_decimal_commas() -> FileReadings:
    rows = [[CODES[code], NAMES_PEMDI[code], COMMA[code]] for code in CODES]
    return read(text([["Tahun", "2026"], ["Kode", "Indikator", "Nilai"], *rows], ";"))


def a_workbook_in_another_order() -> FileReadings:
    rows: Rows = [["Assessment year", "2026"], ["Code", "Indicator", "Score"]]
    rows += [[CODES[code], NAMES_PEMDI[code], POINT[code]] for code in SHUFFLED]
    return read(book({"Scores": rows}), "scores.xlsx")


def a_wide_table() -> FileReadings:
    heads = ["Instansi", "Tahun", *(f"I{code}" for code in CODES.values())]
    rows = [heads, ["Kota Y", "2026", *POINT.values()]]
    return read(text(rows, "\t"), "tabel.tsv")


def yaml_of_levels() -> FileReadings:
    levels = {CODES[code]: POINT[code] for code in SHUFFLED}
    return read(yaml.safe_dump({"year": 2026, "levels": levels}).encode(), "nilai.yaml")


def rows_of_keys() -> FileReadings:
    rows = [{"kode": CODES[code], "nilai": POINT[code], "tahun": 2026} for code in SHUFFLED]
    return read(json.dumps(rows).encode(), "nilai.json")


def beside(heads: list[str], order: list[str], delimiter: str, levels: dict[str, str]) -> bytes:
    rows = [[code, CODES[code], NAMES_PEMDI[code], levels[code]] for code in order]
    return text([["Tahun", "2026"], heads, *rows], delimiter)


def numbers_before_codes() -> FileReadings:
    return read(beside(["Nomor", "Kode", "Nama", "Nilai"], list(CODES), ";", COMMA))


def numbers_in_another_order() -> FileReadings:
    return read(beside(["No", "Kode Indikator", "Indikator", "Nilai"], SHUFFLED, ",", POINT))


def english_headings() -> FileReadings:
    return read(beside(["No", "Code", "Indicator", "Score"], list(CODES), "\t", POINT), "a.tsv")


def a_workbook_of_both() -> FileReadings:
    rows: Rows = [["Tahun", "2026"], ["Kode", "No", "Nilai"]]
    rows += [[CODES[code], code, POINT[code]] for code in CODES]
    return read(book({"Penilaian": rows}), "a.xlsx")


def letters_before_codes() -> FileReadings:
    rows = [[code, f"I{CODES[code]}", NAMES_PEMDI[code], COMMA[code]] for code in CODES]
    return read(text([["Tahun", "2026"], ["No", "Kode", "Nama Indikator", "Nilai"], *rows], "|"))


SHAPES = [
    *(semicolons_and_decimal_commas, a_workbook_in_another_order, a_wide_table),
    *(yaml_of_levels, rows_of_keys, numbers_before_codes, numbers_in_another_order),
    *(english_headings, a_workbook_of_both, letters_before_codes),
]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_evaluators_codes_alone_and_beside_numbers(shape: Callable[[], FileReadings]) -> None:
    assert index_in(shape()) == INDEX


@pytest.mark.parametrize("pair", [("1", "2"), ("4", "5"), ("12", "13"), ("19", "20"), ("1", "20")])
def test_a_number_and_a_code_of_two_indicators_are_refused(pair: tuple[str, str]) -> None:
    one, other = pair
    swapped = {one: other, other: one}
    rows = [[code, CODES[swapped.get(code, code)], POINT[code]] for code in CODES]
    found = read(text([["Tahun", "2026"], ["No", "Kode", "Nilai"], *rows]))
    assert errors(found)


@pytest.mark.parametrize("heads", [["Instansi"], ["Instansi", "Tahun"]])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_codes_alone_head_a_wide_table_of_a_known_instrument(
    heads: list[str], delimiter: str
) -> None:
    who = ["Kota Y", "2026"][: len(heads)]
    rows = [[*heads, *CODES.values()], [*who, *POINT.values()]]
    pemdi = shipped_instrument("pemdi-2026")
    assert index_in(read(text(rows, delimiter), instrument=pemdi)) == INDEX


@pytest.mark.parametrize("mean", ["", "2,45"])
@pytest.mark.parametrize("style", [["{0}", "{1}"], ["{0}", "Aspek {0}"], ["", "{0}. {1}"]])
@pytest.mark.parametrize("evaluators", [False, True])
def test_rows_of_numbered_aspects_are_left_out(
    style: list[str], mean: str, *, evaluators: bool
) -> None:
    """Aspect 4 is called as indicator 10 is."""
    rows: Rows = []
    for (aspect, place), code in zip(PLACES, CODES, strict=True):
        if place == 1:
            name = shipped_instrument("pemdi-2026").groups[aspect - 1].name
            rows.append([*(each.format(aspect, name) for each in style), mean])
        rows.append([CODES[code] if evaluators else code, NAMES_PEMDI[code], COMMA[code]])
    found = read(text([["Tahun", "2026"], ["No", "Indikator", "Nilai"], *rows], ";"))
    assert index_in(found) == INDEX


WIDE = ["Instansi", *CODES.values()]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize("turned", [False, True])
def test_bare_codes_head_a_wide_table_and_tell_the_instrument(
    delimiter: str, *, turned: bool
) -> None:
    """Nothing else says it, and no row of levels begins with the heading of an institution."""
    order = SHUFFLED if turned else list(CODES)
    heads = ["Nama Pemda", *(CODES[code] for code in order)]
    rows = [["Rekapitulasi"], heads, ["Kota Y", *(COMMA[code] for code in order)]]
    found = read(text(rows, delimiter))
    assert index_in(found) == INDEX
    assert "instrument-by-names" in [problem.code for problem in found.readings[0].notices]
    dated = [[*row, *more] for row, more in zip(rows[1:], (["Tahun"], ["2026"]), strict=True)]
    assert index_in(read(text(dated, delimiter))) == INDEX
    other = [[*row, *more] for row, more in zip(rows[1:], (["Tahun"], ["2023"]), strict=True)]
    assert errors(read(text(other, delimiter))) == ["instrument-mismatch"]


def test_a_wide_table_without_one_of_the_codes_lacks_its_level() -> None:
    rows = [WIDE[:-1], ["Kota Y", *list(POINT.values())[:-1]]]
    assert errors(read(text(rows, ";"))) == ["level-missing"]


@pytest.mark.parametrize("kept", [0, 5, 17])
def test_few_codes_or_no_heading_tell_nothing(kept: int) -> None:
    rows = [WIDE[: kept + 1], ["Kota Y", *list(POINT.values())[:kept]]]
    assert errors(read(text(rows, ";"))) == ["no-header"]
    assert errors(read(text([WIDE[1:], list(POINT.values())], ";"))) == ["no-header"]


@pytest.mark.parametrize("heading", ["Kode", "No", "Indikator", "ID", "Kode Indikator"])
@pytest.mark.parametrize("code", ["X{}", "9{:02}", "K-{}", "{}a"])
@pytest.mark.parametrize("first", [False, True])
def test_codes_of_another_matter_beside_names_are_left_out_and_said(
    heading: str, code: str, *, first: bool
) -> None:
    order = (0, 1, 2) if first else (1, 0, 2)
    rows: Rows = [[heading, "Nama Indikator", "Nilai"]]
    rows += [[code.format(at), NAMES_PEMDI[key], POINT[key]] for at, key in enumerate(POINT, 1)]
    turned = [[row[at] for at in order] for row in rows]
    found = read(text([["Tahun", "2026"], *turned], ";"))
    assert index_in(found) == INDEX
    assert notices(found) == ["identifier-left-out"]


@pytest.mark.parametrize("code", ["X{}", "9{:02}", "K-{}"])
def test_codes_of_another_matter_alone_are_one_problem(code: str) -> None:
    rows = [["Kode", "Nilai"], *([code.format(at), "3"] for at in range(1, 21))]
    assert errors(read(text([["Tahun", "2026"], *rows], ";"))) == ["indicators-unknown"]


@pytest.mark.parametrize("path", ["examples/national-2023.csv", "examples/lembar-nilai.csv"])
def test_ordinary_tables_ask_no_instrument_for_further_codes(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They would all be loaded for it."""
    monkeypatch.setattr("spbe_cli.read.official.shipped_instrument", pytest.fail)
    members, problems = read_population([str(ROOT / path)], Wishes())
    assert (bool(members), errors_of(problems)) == (True, [])
