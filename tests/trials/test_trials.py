"""Sheets in the shapes that offices, portals and programs produce: the right index, or a refusal.

Each kind of fault of version 0.1.0 has its shapes here. Silence with a wrong number is never right:
where the meaning is open, a notice says what was taken, or the sheet is refused.
"""

import gzip
import json
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Spbe
from support.office_sheets import (
    HEADING,
    INDEX,
    LEVELS,
    NAMES,
    NAMES_2018,
    NAMES_PEMDI,
    OTHER,
    PEMDI,
    SHEET,
    TOP,
    WEIGHTS_PEMDI,
    Rows,
    book,
    errors,
    index,
    index_in,
    long,
    notices,
    read,
    text,
)

from spbe_cli.core.problem import errors_of
from spbe_cli.core.score import score
from spbe_cli.read.assessments import FileReadings, files_in, read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.instruments import instrument_from_file, shipped_instrument
from spbe_cli.read.published import read_population


@pytest.fixture(params=[",", ";", "\t", "|", "xlsx"])
def written(request: pytest.FixtureRequest) -> Callable[[Rows], FileReadings]:
    """Every shape as text with each delimiter, and as a workbook."""

    def of(rows: Rows) -> FileReadings:
        if request.param == "xlsx":
            return read(book({"Lembar": rows}), "lembar.xlsx")
        return read(text(rows, request.param))

    return of


Written = Callable[[Rows], FileReadings]


# Numbers of a data row taken for a heading row


@pytest.mark.parametrize(
    "above",
    [
        [["Skala", "1", "2", "3", "4", "5"]],
        [["", "1", "2", "3", "4", "5"], ["", "Rintisan", "Terkelola", "Terdefinisi", "Terpadu"]],
        [["Level", "1", "2", "3", "4", "5"], ["Arti", "a", "b", "c", "d", "e"]],
        [["Bobot domain", "13", "25", "16.5", "45.5"]],
        [["No", "Domain", "Nilai"], ["1", "Kebijakan Internal SPBE", "2,1"], ["2", "x", "3,00"]],
        [["1", "2", "3", "4", "5", "6"]],
    ],
)
def test_a_legend_or_a_summary_above_is_no_heading(above: Rows, written: Written) -> None:
    assert index_in(written([*TOP, *above, HEADING, *long()])) == INDEX


def test_column_numbers_below_the_headings(written: Written) -> None:
    for numbers in (["(1)", "(2)", "(3)"], ["1", "2", "3"], ["a", "b", "c"], ["1.", "2.", "3."]):
        assert index_in(written([*TOP, HEADING, numbers, *long()])) == INDEX


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize(
    ("heading", "first", "again"),
    [
        (["Kode", "Mandiri", "Akhir"], ["1", "2", "3"], ["1", "2", "4"]),
        (["No", "Nilai", "Target"], ["1", "2", "3"], ["1", "3", "3"]),
        (["No Indikator", "Mandiri", "Eks", "Akhir"], ["1", "2", "3", "4"], ["1", "1", "1", "1"]),
        (["Kode", "Nilai", "Bobot"], ["1", "2", "3"], ["01", "2", "3"]),
        (["Indikator", "Mandiri", "Akhir"], ["1", "2", "3"], ["Indikator 1", "2", "3"]),
    ],
)
def test_a_first_row_of_levels_that_counts_is_data(
    heading: list[str], first: list[str], again: list[str], delimiter: str
) -> None:
    rest = [[code, *["2"] * (len(heading) - 1)] for code in NAMES if code != "1"]
    rows = [["Tahun", "2023"], heading, first, again, *rest]
    assert "duplicate-indicator" in errors(read(text(rows, delimiter)))


def test_no_institution_is_lost_above_a_repeated_heading(written: Written) -> None:
    heading = ["Instansi", "No", "Indikator", "Nilai"]
    rows: Rows = [["Tahun", "2026"], heading]
    for number in range(14):
        rows += [[f"Kota {number}", *row] for row in long(PEMDI, NAMES_PEMDI)]
        if number == 0:
            rows += [["", "", "Tata Kelola dan Manajemen", ""], heading]
    found = written(rows)
    assert errors(found) == []
    assert [r.assessment.institution for r in found.readings] == [f"Kota {n}" for n in range(14)]


PUBLISHED: dict[str, Rows] = {
    "values that follow each other": [
        ["Instansi", "Tahun", "Domain 1", "Domain 2", "Domain 3", "Domain 4", "Indeks"],
        ["Kab. Rimba", "2023", "1.00", "2.00", "3.00", "4.00", "2.95"],
        ["Kab. Muara", "2023", "5.00", "3.80", "2.09", "3.56", "3.57"],
    ],
    "columns in another order": [
        ["Indeks", "D1", "D2", "D3", "D4", "Nama Instansi", "Predikat"],
        ["2.43", "1.40", "2.10", "3.20", "2.00", "Kota Rimba", "Cukup"],
        ["2.15", "1.40", "1.70", "1.00", "3.04", "Kota Muara", "Cukup"],
    ],
    "whole numbers": [
        ["institution", "index", "D1", "D2", "D3"],
        ["Rimba", "3", "1", "2", "3"],
        ["Muara", "2", "2", "3", "4"],
    ],
    "column numbers": [
        ["No", "Instansi", "Indeks"],
        ["1", "2", "3"],
        ["1", "Kab. Rimba", "2.61"],
        ["2", "Kab. Muara", "2.20"],
    ],
    "the headings once more": [
        ["Instansi", "Indeks"],
        ["Kab. Rimba", "2.61"],
        ["Instansi", "Indeks"],
        ["Kab. Muara", "2.20"],
    ],
    "a signature": [
        ["Instansi", "Indeks"],
        ["Kab. Rimba", "2.61"],
        ["Kab. Muara", "2.20"],
        ["", ""],
        ["Rimba, 12 Desember 2023", ""],
        ["NIP. 1234", ""],
    ],
}


@pytest.mark.parametrize("rows", PUBLISHED.values(), ids=PUBLISHED)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_of_published_results_is_read_as_one(
    rows: Rows, delimiter: str, tmp_path: Path
) -> None:
    path = tmp_path / "tabel.csv"
    path.write_bytes(text(rows, delimiter))
    members, problems = read_population([str(path)], Wishes())
    assert errors_of(problems) == []
    assert len(members) == 2


def test_what_batch_writes_is_ranked(spbe: Spbe, tmp_path: Path) -> None:
    wide = [["institution", "year", *NAMES]]
    wide += [[f"Kab. {n}", "2023", *(str(1 + (n + int(c)) % 5) for c in NAMES)] for n in range(4)]
    (tmp_path / "a.csv").write_bytes(text(wide))
    out = str(tmp_path / "b.csv")
    assert spbe("batch", str(tmp_path / "a.csv"), "-o", out).code == 0
    for command in ("rank", "profile", "audit"):
        assert spbe(command, out).code == 0


def test_rows_of_keys_are_a_table(tmp_path: Path) -> None:
    rows = [{"nama_instansi": f"Kab. {n}", "tahun": 2023, "indeks": f"2.{n}1"} for n in range(3)]
    contents = {
        "a.json": json.dumps(rows),
        "b.jsonl": "\n".join(map(json.dumps, rows)),
        "c.json": json.dumps(rows, indent=2),
        "d.ndjson": "\n".join(map(json.dumps, rows)) + "\n\n",
        "e.json": json.dumps([{**row, "nilai": {"D1": "2.00"}} for row in rows]),
    }
    for name, content in contents.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
        members, problems = read_population([str(tmp_path / name)], Wishes())
        assert (len(members), errors_of(problems)) == (3, []), name


# The delimiter


@pytest.mark.parametrize("note", ["a;b;c;d", "1;2;3;4;5", "x|y|z", "1, 2, 3, 4", "a\tb", "; ; ;"])
def test_separators_in_notes(note: str, written: Written) -> None:
    rows = [[*row, note if row[0] in ("3", "7", "12") else "ada"] for row in long()]
    assert index_in(written([*TOP, [*HEADING, "Catatan"], *rows])) == INDEX


# Two places that answer one question


@pytest.mark.parametrize(
    "swapped", [("1", "47"), ("5", "6"), ("20", "33"), ("2", "46"), ("9", "8")]
)
@pytest.mark.parametrize(
    "headings",
    [["id_indikator", "no_indikator", "nilai"], ["Kode", "No Indikator", "Nilai"]],
)
def test_two_codes_that_differ_are_refused(swapped: tuple[str, str], headings: list[str]) -> None:
    other = {**{code: code for code in NAMES}, swapped[0]: swapped[1], swapped[1]: swapped[0]}
    rows = [[other[code], code, str(level)] for code, level in LEVELS.items()]
    assert errors(read(text([TOP[1], headings, *rows]))) == ["indicators-disagree"]


@pytest.mark.parametrize("pair", [("1", "47"), ("5", "6"), ("20", "33"), ("2", "46"), ("9", "8")])
def test_names_against_numbers_are_refused(pair: tuple[str, str], written: Written) -> None:
    one, other = pair
    names = {**NAMES, one: NAMES[other], other: NAMES[one]}
    assert errors(written([*TOP, HEADING, *long(names=names)])) == ["indicators-disagree"]


@pytest.mark.parametrize("order", ["reversed", "by name", "by level"])
@pytest.mark.parametrize("heading", ["No", "Nomor", "No Urut"])
def test_running_numbers_beside_names_are_no_codes(
    order: str, heading: str, written: Written
) -> None:
    rows = long()
    keys: dict[str, Callable[[list[Any]], Any]] = {
        "reversed": lambda row: -int(row[0]),
        "by name": lambda row: row[1],
        "by level": lambda row: (row[2], row[1]),
    }
    rows.sort(key=keys[order])
    numbered = [[str(n), name, level] for n, (_, name, level) in enumerate(rows, 1)]
    found = written([*TOP, [heading, "Indikator", "Nilai"], *numbered])
    assert index_in(found) == INDEX
    assert "identifier-left-out" in notices(found)


@pytest.mark.parametrize(
    ("heading", "years"),
    [
        ("Tahun", ["2022"]),
        ("tahun", ["2020", "2021"]),
        ("Year", ["2018"]),
        ("Tahun Penilaian", ["2019", "2022", "2021"]),
        ("TAHUN", ["2022", ""]),
    ],
)
def test_a_column_of_other_years_belongs_to_the_evidence(
    heading: str, years: list[str], written: Written
) -> None:
    rows = [[*row, years[n % len(years)]] for n, row in enumerate(long())]
    found = written([TOP[0], ["Tahun Penilaian", "2024"], [*HEADING, heading], *rows])
    assert index_in(found) == INDEX
    assert found.readings[0].assessment.year == 2024
    assert notices(found) == ["column-beside-heading"]


@pytest.mark.parametrize("named", ["Tahun Penilaian", "Tahun Evaluasi", "Assessment Year"])
@pytest.mark.parametrize("first", [True, False])
def test_of_two_years_above_the_one_of_the_assessment_is_taken(named: str, *, first: bool) -> None:
    above = [["Tahun", "2022"], [named, "2024"]]
    found = read(text([*(above if first else above[::-1]), HEADING, *long()]))
    assert found.readings[0].assessment.year == 2024
    assert notices(found) == ["metadata-chosen"]


@pytest.mark.parametrize("key", ["Tahun", "Instansi", "Tahap", "Instrumen"])
def test_two_answers_above_are_refused(key: str) -> None:
    values = {"Tahun": ("2022", "2024"), "Instansi": ("Kota A", "Kota B")}
    values |= {"Tahap": ("mandiri", "akhir"), "Instrumen": ("spbe-2018", "spbe-2020")}
    above = [[key, value] for value in values[key]]
    assert "metadata-twice" in errors(read(text([*above, HEADING, *long()])))


@pytest.mark.parametrize("role", ["Kategori", "Provinsi", "Instansi", "Tahap", "Tahun"])
def test_what_changes_from_indicator_to_indicator_is_left_out(role: str) -> None:
    values = {"Tahun": ["2021", "2022"], "Tahap": ["mandiri", "akhir"]}.get(role, ["a", "b", "c"])
    rows = [[*row, values[n % len(values)]] for n, row in enumerate(long())]
    found = read(text([[*HEADING, role], *rows]))
    assert index_in(found) == INDEX
    assert "column-varies" in notices(found)


def test_a_slip_in_a_column_is_refused() -> None:
    for role, value, slip in (("Tahun", "2023", "2019"), ("Instansi", "Kota A", "Kota B")):
        rows = [[*row, slip if row[0] == "12" else value] for row in long()]
        assert "metadata-twice" in errors(read(text([[*HEADING, role], *rows])))


# Level columns


@pytest.mark.parametrize("divisor", [5, 1, 100])
@pytest.mark.parametrize(
    "headings",
    [
        ["No", "Indikator", "Bobot", "Nilai", "Nilai Akhir"],
        ["Kode", "Indikator", "Bobot (%)", "Tingkat Kematangan", "Akhir"],
        ["No", "Nama Indikator", "Bobot", "Mandiri", "Nilai Akhir"],
    ],
)
def test_levels_times_weights_are_no_levels(
    divisor: int, headings: list[str], written: Written
) -> None:
    rows = [
        [code, name, f"{float(WEIGHTS_PEMDI[code]):g}", f"{float(PEMDI[code]):g}", points]
        for code, name in NAMES_PEMDI.items()
        for points in [f"{float(PEMDI[code] * WEIGHTS_PEMDI[code] / divisor):.2f}"]
    ]
    found = written([TOP[0], ["Tahun", "2026"], headings, *rows])
    assert index_in(found) == index(PEMDI, WEIGHTS_PEMDI)
    assert "column-of-points" in notices(found)


@pytest.mark.parametrize("written_as", ["{:g}", "{:.2f}", "{:g}%", "{:.1f} %"])
def test_a_row_whose_cells_moved_is_refused_by_its_weight(
    written_as: str, written: Written
) -> None:
    rows: Rows = [
        [code, name, written_as.format(float(WEIGHTS_PEMDI[code])), "2", "catatan"]
        for code, name in NAMES_PEMDI.items()
    ]
    top = [TOP[0], ["Tahun", "2026"], ["No", "Indikator", "Bobot", "Nilai", "Catatan"]]
    assert index_in(written([*top, *rows])) == 2
    rows[5][2:] = ["", f"{float(WEIGHTS_PEMDI['6']):g}", "2"]  # its weight is a level as well
    assert errors(written([*top, *rows])) == ["weight-disagrees"]


def test_weights_of_another_instrument_say_nothing_of_a_row(written: Written) -> None:
    rows = [[code, name, "5", "3"] for code, name in NAMES_PEMDI.items()]
    found = written([TOP[0], ["Tahun", "2026"], ["No", "Indikator", "Bobot", "Nilai"], *rows])
    assert index_in(found) == 3


@pytest.mark.parametrize("fill", ["", "0"])
@pytest.mark.parametrize("plain", ["Nilai", "TK", "Level", "Capaian", "Skor"])
def test_an_empty_final_column_leaves_the_levels(fill: str, plain: str, written: Written) -> None:
    rows = [[*row, fill] for row in long()]
    found = written([*TOP, ["No", "Indikator", plain, "Nilai Akhir"], *rows])
    assert index_in(found) == INDEX
    assert notices(found) == ["stage-not-held"]


@pytest.mark.parametrize("plain", ["Nilai", "TK", "Level", "Capaian", "Skor"])
def test_a_level_column_beside_the_final_one_is_said(plain: str, written: Written) -> None:
    rows = [[code, str(LEVELS[code]), str(OTHER[code])] for code in NAMES]
    found = written([*TOP, ["No", plain, "Akhir"], *rows])
    assert index_in(found) == index(OTHER)
    assert notices(found) == ["column-beside-stage"]


def test_a_final_column_filled_in_part_beside_levels_is_refused() -> None:
    rows = [[code, str(level), "" if int(code) % 3 else "2"] for code, level in LEVELS.items()]
    assert "level-columns-disagree" in errors(read(text([*TOP, ["No", "Nilai", "Akhir"], *rows])))


@pytest.mark.parametrize("heading", ["Nilai", "Tingkat Kematangan", "Akhir", "Mandiri", "Skor"])
@pytest.mark.parametrize("width", [2, 3])
def test_one_heading_over_two_filled_columns_is_refused(heading: str, width: int) -> None:
    def merge(sheet: Any) -> None:  # noqa: ANN401
        sheet.merge_range(2, 2, 2, 1 + width, heading)

    def both(second: Callable[[str], str]) -> FileReadings:
        rows = [[*row, *[""] * (width - 2), second(row[0])] for row in long()]
        above = [*TOP, ["No", "Indikator", heading, ""]]
        return read(book({"S": [*above, *rows]}, merge), "lembar.xlsx")

    assert errors(both(lambda code: str(OTHER[code]))) == ["heading-over-two"]
    assert index_in(both(lambda code: str(LEVELS[code]))) == INDEX
    assert index_in(both(lambda _: "")) == INDEX


@pytest.mark.parametrize("last", ["3", "10", "30", "46", "47"])
def test_a_merged_level_is_that_of_each_row_and_nothing_under_it_is_read(last: str) -> None:
    row = 2 + int(last)

    def merge(sheet: Any) -> None:  # noqa: ANN401
        sheet.merge_range(row - 2, 2, row, 2, int(LEVELS[last]))
        sheet.write(row, 2, 5)

    levels = {**LEVELS, **{str(int(last) - n): LEVELS[last] for n in range(3) if int(last) > n}}
    assert index_in(read(book({"S": SHEET}, merge), "lembar.xlsx")) == index(levels)


@pytest.mark.parametrize("stages", [["Verif"], ["Verif", "Akhir"], ["Dokumen", "Interviu", "Eks"]])
@pytest.mark.parametrize("zero", ["0", "0,0", "0.00"])
def test_a_stage_of_zeros_has_not_taken_place(
    stages: list[str], zero: str, written: Written
) -> None:
    rows = [[code, str(level), *([zero] * len(stages))] for code, level in LEVELS.items()]
    found = written([*TOP, ["No", "Mandiri", *stages], *rows])
    assert index_in(found) == INDEX
    assert notices(found) == ["stage-not-held"] * len(stages)
    assert found.readings[0].assessment.stage == "self"


def test_zeros_where_0_is_a_level() -> None:
    rows = [[code, "3", "0"] for code in NAMES_2018]
    found = read(text([["Tahun", "2019"], ["No", "Mandiri", "Akhir"], *rows]))
    assert index_in(found) == 3
    only = read(text([["Tahun", "2019"], ["No", "Mandiri"], *([c, "0"] for c in NAMES_2018)]))
    assert index_in(only) == 0


@pytest.mark.parametrize("stage", ["self", "document"])
def test_a_stage_that_is_not_asked_for_does_not_stand_in_the_way(stage: str) -> None:
    rows = [[code, str(level), str(level), "9"] for code, level in LEVELS.items()]
    content = text([*TOP, ["No", "Mandiri", "Penilaian Dokumen", "Akhir"], *rows])
    assert index_in(read(content, stage=stage)) == INDEX


@pytest.mark.parametrize("heading", ["Verifikasi", "Verif", "Dokumen", "Visitasi", "Interviu"])
@pytest.mark.parametrize("mark", ["1", "v", "ada", "12", "counts", "names"])
def test_a_column_named_like_a_stage_that_holds_no_levels(
    heading: str, mark: str, written: Written
) -> None:
    fill: dict[str, Callable[[int], str]] = {
        "counts": lambda n: str(n % 9),
        "names": lambda n: f"bukti-{n}.pdf",
    }
    if mark not in fill:
        fill[mark] = lambda _: mark
    made = fill[mark]
    rows = [[*row, made(n)] for n, row in enumerate(long())]
    found = written([*TOP, ["No", "Indikator", "Mandiri", heading], *rows])
    assert index_in(found) == INDEX
    assert "column-of-marks" in notices(found)
    assert found.readings[0].assessment.stage == "self"


@pytest.mark.parametrize("text_of", ["Level {}", "TK {}", "Tingkat {}", "{}.0", "{} ", "level {}"])
def test_levels_with_words_around_them(text_of: str, written: Written) -> None:
    rows = [[code, name, text_of.format(level)] for code, name, level in long()]
    assert index_in(written([*TOP, HEADING, *rows])) == INDEX


def test_levels_with_their_names() -> None:
    process = ["Rintisan", "Terkelola", "Terdefinisi", "Terpadu dan Terukur", "Optimum"]
    service = ["Informasi", "Interaksi", "Transaksi", "Kolaborasi", "Optimum"]

    def named(code: str, style: str, off: int = 0) -> str:
        names = process if int(code) <= 31 else service
        level = LEVELS[code]
        return style.format(level, names[(level - 1 + off) % 5])

    for style in ("{} ({})", "{} - {}", "Level {} ({})", "{} {}", "{}: {}"):
        rows = [[code, named(code, style)] for code in NAMES]
        assert index_in(read(text([*TOP, ["No", "Nilai"], *rows], ";"))) == INDEX
        beside: Rows = [["A", *(named(code, style) for code in NAMES)], ["B", *LEVELS.values()]]
        for heading in (list(NAMES), list(NAMES.values())):  # levels with names are no codes
            wide = text([TOP[1], ["Instansi", *heading], *beside], ";")
            found = read(wide, instrument=shipped_instrument("spbe-2020"))
            assert errors(found) == []
            cards = [score(reading.instrument, reading.assessment) for reading in found.readings]
            assert [card.index for card in cards] == [INDEX, INDEX]
        wrong = [[code, named(code, style, 1 if code == "5" else 0)] for code in NAMES]
        assert errors(read(text([*TOP, ["No", "Nilai"], *wrong], ";"))) == ["level-name-wrong"]


@pytest.mark.parametrize(
    ("word", "number"), [("tiga", "3"), ("III", "3"), ("IV", "4"), ("two", "2")]
)
def test_numerals_and_words_are_refused_with_the_number(word: str, number: str) -> None:
    rows = [[code, word if code == "9" else str(level)] for code, level in LEVELS.items()]
    found = read(text([*TOP, ["No", "Nilai"], *rows]))
    (problem,) = errors_of(found.problems)
    assert (problem.code, problem.values["nearest"]) == ("level-not-number", number)


@pytest.mark.parametrize("heading", ["Nilai 2022", "Asesor 1", "Hasil", "Lama", "Usulan"])
def test_a_column_of_unknown_heading_with_levels_is_said(heading: str, written: Written) -> None:
    rows = [[*row, str(OTHER[row[0]])] for row in long()]
    found = written([*TOP, [*HEADING, heading], *rows])
    assert index_in(found) == INDEX
    assert notices(found) == ["column-unread"]


# Rows


@pytest.mark.parametrize("note", ["Catatan", "Keterangan", "Data Dukung", "Bukti", "Penjelasan"])
def test_a_row_with_fewer_fields_is_refused(note: str) -> None:
    for lost in (1, 2):
        rows = [[code, str(level), "3"] for code, level in LEVELS.items()]
        rows[11].pop(lost)
        found = read(text([*TOP, ["No", "Nilai", note], *rows], ";"))
        assert "row-too-short" in errors(found)


@pytest.mark.parametrize("heading", ["Catatan", "Keterangan", "Bukti", "", "Penjelasan"])
def test_decimal_commas_without_quotes_are_refused(heading: str) -> None:
    rows = [[code, *f"{float(value):.2f}".split(".")] for code, value in PEMDI.items()]
    found = read(text([["Tahun", "2026"], ["No", "Nilai", heading], *rows]))
    assert errors(found)[0] in ("decimals-split", "row-too-long")
    whole = [[code, str(level), "0"] for code, level in LEVELS.items()]
    assert errors(read(text([["Tahun", "2023"], ["No", "Nilai", heading], *whole])))


@pytest.mark.parametrize("digits", [["2", "21"], ["3", "5"], ["1", "00"], ["4", "09"], ["2", "7"]])
def test_decimal_commas_of_a_ranking_are_refused(digits: list[str], tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [[f"Kab. {n}", digits[0], digits[1]] for n in range(3)]
    path.write_bytes(text([["Instansi", "Indeks", "Keterangan"], *rows]))
    _, problems = read_population([str(path)], Wishes())
    assert [problem.code for problem in errors_of(problems)] == ["decimals-split"]


@pytest.mark.parametrize(
    "below",
    [
        [["", "", "Rimba, 12 Desember 2023"], ["", "", "Ketua Tim,"], ["", "", "NIP. 1970"]],
        [["Rimba, 1 Mei 2024"], ["Kepala Dinas"], ["NAMA"], ["NIP 19700101 199001 1 001"]],
        [["", "Mengetahui", ""], ["", "Sekretaris Daerah", ""]],
        [["Catatan: nilai sementara"], ["Sumber: Diskominfo"]],
        [[], ["", "", "*) hasil verifikasi"], [], ["Halaman 2 dari 2"]],
    ],
)
def test_a_signature_below_is_left_out(below: Rows, written: Written) -> None:
    assert index_in(written([*SHEET, *below])) == INDEX


@pytest.mark.parametrize("every", [7, 12, 20, 23, 40])
def test_headings_repeated_on_each_page(every: int, written: Written) -> None:
    rows: Rows = []
    for number, row in enumerate(long()):
        if number and number % every == 0:
            rows += [["LEMBAR KERJA EVALUASI"], HEADING, ["(1)", "(2)", "(3)"]]
        rows.append(row)
    assert index_in(written([*TOP, HEADING, ["(1)", "(2)", "(3)"], *rows])) == INDEX


DOMAINS = {"1": "Kebijakan Internal SPBE", "11": "Tata Kelola SPBE"}
DOMAINS |= {"21": "Manajemen SPBE", "32": "Layanan SPBE"}


@pytest.mark.parametrize(
    "labels", ["I II III IV", "A B C D", "I. II. III. IV.", "a) b) c) d)", "D1 D2 D3 D4", ". . . ."]
)
@pytest.mark.parametrize("mean", ["", "2,45", "3"])
def test_rows_of_groups_are_left_out(labels: str, mean: str, written: Written) -> None:
    label = iter(labels.replace(". . . .", " ".join(["Domain"] * 4)).split())
    rows: Rows = []
    for row in long():
        if row[0] in DOMAINS:
            rows.append([next(label), DOMAINS[row[0]], mean])
        rows.append(row)
    total = ["", "Indeks SPBE", "2,85"]
    assert index_in(written([*TOP, HEADING, *rows, total, ["", "Rata-rata", "2,8"]])) == INDEX


ASPECTS_FROM = {"1": "Kebijakan Internal Tata Kelola SPBE", "11": "Perencanaan Strategis SPBE"}
ASPECTS_FROM |= {"15": "Teknologi Informasi dan Komunikasi", "19": "Penyelenggara SPBE"}
ASPECTS_FROM |= {"21": "Penerapan Manajemen SPBE", "29": "Pelaksanaan Audit TIK"}
ASPECTS_FROM |= {"32": "Layanan Administrasi Pemerintahan Berbasis Elektronik"}
ASPECTS_FROM |= {"42": "Layanan Publik Berbasis Elektronik"}


@pytest.mark.parametrize("mean", ["", "2,45", "3"])
@pytest.mark.parametrize(
    "style",
    [
        ["{0}", "{1}"],
        ["{0}", "Aspek {0}: {1}"],
        ["{0}.", "ASPEK {0} - {1}"],
        ["", "{0}. {1}"],
        ["{0}", "Aspek {1}"],
        ["Aspek {0}", "{1}"],
        ["{0}", "Aspek {0}"],
    ],
)
def test_rows_of_numbered_groups_are_left_out(style: list[str], mean: str) -> None:
    numbers = {first: number for number, first in enumerate(ASPECTS_FROM, 1)}
    rows: Rows = []
    for row in long():
        if row[0] in ASPECTS_FROM:
            number, name = numbers[row[0]], ASPECTS_FROM[row[0]]
            rows.append([*(each.format(number, name) for each in style), mean])
        rows.append(row)
    domains = [[str(n), name, "2,10"] for n, name in enumerate(DOMAINS.values(), 1)]
    below = [["Rekapitulasi"], ["No", "Domain", "Nilai"], *domains]
    assert index_in(read(text([*TOP, HEADING, *rows, *below], ";"))) == INDEX


@pytest.mark.parametrize("labels", ["I II III IV", "a b c d", "A. B. C. D."])
def test_rows_of_groups_with_shortened_names_are_left_out(labels: str, written: Written) -> None:
    label = iter(labels.split())
    rows: Rows = []
    for row in long():
        if row[0] in DOMAINS:
            rows.append([next(label), DOMAINS[row[0]].removesuffix(" SPBE"), "2,45"])
        rows.append(row)
    assert index_in(written([*TOP, HEADING, *rows])) == INDEX


@pytest.mark.parametrize("number", ["2", "17", "I2"])
def test_an_indicator_named_as_a_domain_is_refused(number: str) -> None:
    """Where the number is that of the domain, its level is missing; else the name contradicts."""
    rows = [row if row[0] != "2" else [number, "Tata Kelola SPBE", row[2]] for row in long()]
    found = read(text([*TOP, HEADING, *rows], ";"))
    assert errors(found) == ["level-missing", *(["indicator-unknown"] if number != "2" else [])]


@pytest.mark.parametrize(
    "below",
    [
        [["Keterangan:"], ["1", "Rintisan"], ["2", "Terkelola"], ["3", "Terdefinisi"]],
        [["Catatan"], ["1.", "Nilai 1 s.d. 5"], ["2.", "Bukti dukung diunggah"]],
        [["1", "Level 1 belum ada kebijakan", ""]],
    ],
)
def test_a_numbered_legend_below_is_left_out(below: Rows, written: Written) -> None:
    assert index_in(written([*SHEET, [], *below])) == INDEX


def test_a_number_that_comes_again_without_a_name_or_with_a_level_is_refused() -> None:
    for again in (["2", "", ""], ["2", "Terkelola", "3"], ["2", NAMES["2"], ""]):
        assert errors(read(text([*SHEET, again]))) == ["duplicate-indicator"]


@pytest.mark.parametrize("over", ["Nilai Indikator", "Tingkat Kematangan", "Nilai", "Indikator"])
@pytest.mark.parametrize("style", ["{}", "I{}"])
def test_one_heading_over_all_indicators_side_by_side(
    over: str, style: str, written: Written
) -> None:
    rows = [
        ["No", "Nama Instansi", "Tahun", over],
        ["", "", "", *map(style.format, LEVELS)],
        ["1", "Kab. Rimba", "2023", *map(str, LEVELS.values())],
    ]
    assert index_in(written(rows)) == INDEX


@pytest.mark.parametrize("above", [TOP, [*TOP, ["Tahap", "Akhir"]], TOP[::-1]])
def test_codes_without_a_heading_take_nothing_from_above(above: Rows, written: Written) -> None:
    """`Tahun | 2023` was taken for the upper one of two heading rows, and the year was lost."""
    found = written([*above, ["", "Indikator", "Nilai"], *long()])
    assert index_in(found) == INDEX
    assert found.readings[0].assessment.year == 2023
    assert notices(found) == []


@pytest.mark.parametrize(
    ("heading", "near"),
    [
        ("Nilai Asesmen", "nilai"),
        ("Nilai Tahun 2023", "nilai"),
        ("Level SPBE", "level"),
        ("Nilai Akhir Tingkat Kematangan", "tingkat kematangan"),
    ],
)
def test_a_heading_that_says_more_is_nearest_to_the_name_within(heading: str, near: str) -> None:
    (problem,) = read(text([*TOP, ["No", "Indikator", heading], *long()])).problems
    assert (problem.code, problem.values["nearest"]) == ("no-header", near)
    (problem,) = read(f"Daftar berkas {heading} dari semua dinas\n".encode()).problems
    assert (problem.code, problem.values.get("nearest")) == ("no-header", None)


# Names identify


CHANGES: dict[str, Callable[[str], str]] = {
    "suffix": lambda name: f"{name} (revisi)",
    "prefix": lambda name: f"Indikator {name}",
    "order": lambda name: " ".join([*name.split()[1:], name.split()[0]]),
    "first word": lambda name: " ".join(name.split()[1:]),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("in_one", [False, True])
def test_numbers_beside_names_that_are_nearly_those_of_others_are_refused(
    change: str, *, in_one: bool, written: Written
) -> None:
    """No name is official: running numbers in another order were taken for the indicators'."""
    turned = random.Random(5).sample(list(NAMES), len(NAMES))
    for order, right in ((list(NAMES), True), (turned, False)):
        names = [CHANGES[change](NAMES[code]) for code in order]
        rows = [
            [str(n), name, str(LEVELS[c])]
            for n, (name, c) in enumerate(zip(names, order, strict=True), 1)
        ]
        head = HEADING
        if in_one:
            head, rows = HEADING[1:], [[f"{n} {name}", level] for n, name, level in rows]
        found = written([*TOP, head, *rows])
        if right:
            assert index_in(found) == INDEX
        else:
            assert set(errors(found)) == {"indicators-disagree"}


@pytest.mark.parametrize("style", ["{1}", "{0}. {1}", "Indikator {0}: {1}", "{0} {1}", "{0} - {1}"])
@pytest.mark.parametrize("heading", ["Indikator", "Nama Indikator", "Uraian Indikator"])
def test_official_names_say_the_indicator(style: str, heading: str, written: Written) -> None:
    rows = [[style.format(code, name.upper()), level] for code, name, level in long()]
    assert index_in(written([*TOP, [heading, "Nilai"], *rows])) == INDEX


def test_a_name_that_is_nearly_right_is_refused_with_the_nearest() -> None:
    names = {**NAMES, "7": NAMES["7"].replace("Penghubung", "Penghubug")}
    rows = [[name, level] for _, name, level in long(names=names)]
    found = read(text([*TOP, ["Indikator", "Nilai"], *rows]))
    assert errors(found) == ["level-missing", "indicator-unknown"]
    assert errors_of(found.problems)[1].values["nearest"] == f"7 ({NAMES['7']})"


# One cause, one problem


@pytest.mark.parametrize("year", ["2026", "2019"])
@pytest.mark.parametrize("column", [0, 1])
def test_a_sheet_of_another_instrument_is_one_problem(year: str, column: int) -> None:
    rows = [[row[column], row[2]] for row in long()]
    found = read(text([["Tahun", year], ["Indikator", "Nilai"], *rows]))
    (problem,) = errors_of(found.problems)
    assert (problem.code, problem.values["right"]) == ("instrument-mismatch", "spbe-2020")


@pytest.mark.parametrize("year", ["2026", "2019"])
def test_numbers_and_names_of_another_instrument_are_one_problem(year: str) -> None:
    found = read(text([["Tahun", year], HEADING, *long()]))
    assert errors(found) == ["instrument-mismatch"]


@pytest.mark.parametrize("fill", ["-", "0", "tetap", "n/a"])
@pytest.mark.parametrize("heading", ["Akhir", "Nilai Akhir", "Eksternal"])
def test_a_later_stage_with_levels_in_few_rows_is_not_left_out(heading: str, fill: str) -> None:
    """The self-assessment was taken for the whole."""
    rows = [[c, str(level), str(OTHER[c]) if int(c) <= 10 else fill] for c, level in LEVELS.items()]
    found = read(text([*TOP, ["No", "Mandiri", heading], *rows], ";"))
    assert set(errors(found)) <= {"level-not-number", "level-off-scale"}
    assert errors(found)


@pytest.mark.parametrize("fill", ["v", "ada", "80", "Baik", "selesai"])
def test_a_wrong_column_is_one_problem(fill: str, written: Written) -> None:
    rows = [[code, name, fill] for code, name in NAMES.items()]
    assert errors(written([*TOP, HEADING, *rows])) == ["column-without-levels"]


def test_an_empty_form_and_a_missing_aspect_are_one_problem() -> None:
    empty = [[code, name, ""] for code, name in NAMES.items()]
    assert errors(read(text([*TOP, HEADING, *empty]))) == ["level-missing"]
    assert errors(read(text([*TOP, HEADING, *long()[:31]]))) == ["level-missing"]


# Workbooks


CRITERIA: Rows = [["Nama Indikator", "1", "2", "3", "4", "5"]]
CRITERIA += [[name, "a", "b", "c", "d", "e"] for name in NAMES.values()]
RECAP: Rows = [["REKAP"], ["Domain", "D1", "D2", "D3", "D4"], ["Nilai", "1.4", "2.7", "3", "4.04"]]
ASPECTS: Rows = [["No", "Aspek", "Nilai"], *([str(n), f"Aspek {n}", "2.5"] for n in range(1, 9))]


@pytest.mark.parametrize("name", ["Penilaian", "LKE", "Sheet1", "Lembar Kerja", "Isian"])
def test_the_sheet_that_holds_the_levels_is_read(name: str) -> None:
    sheets = {"Kriteria": CRITERIA, "Rekap": RECAP, "Aspek": ASPECTS, name: SHEET}
    found = read(book(sheets), "lembar.xlsx")
    assert index_in(found) == INDEX
    assert found.readings[0].assessment.source is not None


@pytest.mark.parametrize("parts", [2, 3, 4, 8, 47])
def test_sheets_that_complement_each_other_are_one_assessment(parts: int) -> None:
    rows = long()
    size = -(-len(rows) // parts)
    sheets = {
        f"Bagian {n}": [*(TOP if n == 0 else []), HEADING, *rows[n * size : (n + 1) * size]]
        for n in range(-(-len(rows) // size))
    }
    found = read(book(sheets), "lembar.xlsx")
    assert index_in(found) == INDEX
    assert notices(found) == ["sheets-joined"]


def test_sheets_of_several_institutions_or_years_are_several() -> None:
    of_years = {
        "2022": [["Instansi", "Kota X"], ["Tahun", "2022"], HEADING, *long(OTHER)],
        "2023": [["Instansi", "Kota X"], ["Tahun", "2023"], HEADING, *long()],
    }
    found = read(book(of_years), "lembar.xlsx")
    assert errors(found) == []
    assert [reading.assessment.year for reading in found.readings] == [2022, 2023]
    by_name = {"LKE 2022": [HEADING, *long(OTHER)], "LKE 2023": [HEADING, *long()]}
    found = read(book(by_name), "lembar.xlsx")
    assert [reading.assessment.year for reading in found.readings] == [2022, 2023]
    alike = {"A": [*TOP, HEADING, *long()], "B": [*TOP, HEADING, *long(OTHER)]}
    found = read(book(alike), "lembar.xlsx")
    assert index_in(found) == INDEX
    assert notices(found) == ["sheets-not-read"]


def test_a_sheet_is_chosen_by_its_name() -> None:
    content = book({"A": SHEET, "B": [*TOP, HEADING, *long(OTHER)]})
    assert index_in(read(content, "lembar.xlsx", sheet="b")) == index(OTHER)
    assert errors(read(content, "lembar.xlsx", sheet="C")) == ["sheet-unknown"]


@pytest.mark.parametrize(
    ("shown", "hidden"),
    [
        ("Mandiri", "Akhir"),
        ("Verif", "Eks"),
        ("Nilai", "Akhir"),
        ("Dokumen", "Visitasi"),
        ("Interviu", "Nilai Akhir"),
    ],
)
def test_what_is_hidden_is_not_read_and_that_is_said(shown: str, hidden: str) -> None:
    rows: Rows = [*TOP, [*HEADING, hidden], *([*row, "5"] for row in long())]
    rows[2][2] = shown
    rows.append(["1", "lama", "5", "5"])

    def hide(sheet: Any) -> None:  # noqa: ANN401
        sheet.set_column(3, 3, None, None, {"hidden": True})
        sheet.set_row(len(rows) - 1, None, None, {"hidden": True})

    sheets = {"Lembar": rows, "Lama": [*TOP, HEADING, *long(OTHER)]}
    found = read(book(sheets, hide, hide=["Lama"]), "lembar.xlsx")
    assert index_in(found) == INDEX
    assert sorted(notices(found)) == ["hidden-columns", "hidden-rows", "hidden-sheets"]


# More ways in


def test_a_web_page_saved_as_a_workbook_has_its_sentence() -> None:
    for page in (
        b"<!DOCTYPE html><html><table></table></html>",
        b"<html xmlns:x='x'><body>",
        b"\n\n  <!doctype HTML>\n<HTML>",
        b"\xef\xbb\xbf<html><head></head></html>",
        b"<table border=1><tr><td>No</td></tr></table>",
    ):
        for name in ("a.xls", "a.xlsx", "a.ods"):
            assert errors(read(page, name)) == ["web-page"]


def test_a_compressed_table(tmp_path: Path, spbe: Spbe) -> None:
    content = gzip.compress(text(SHEET))
    path = tmp_path / "lembar.csv.gz"
    path.write_bytes(content)
    assert index_in(read_file(str(path), Wishes())) == INDEX
    assert spbe("batch", str(path), "-o", "-").out.count("Kabupaten Rimba") == 1


def test_our_own_answer_reads_back(tmp_path: Path, spbe: Spbe) -> None:
    path = tmp_path / "lembar.csv"
    path.write_bytes(text(SHEET))
    for name, form in (("a.json", "json"), ("b.jsonl", "jsonl")):
        assert spbe("score", str(path), "-f", form, "-o", str(tmp_path / name)).code == 0
        found = read_file(str(tmp_path / name), Wishes())
        assert index_in(found) == INDEX
        assessment = found.readings[0].assessment
        assert (assessment.institution, assessment.year) == ("Kabupaten Rimba", 2023)


def test_score_sheets_as_rows_of_keys() -> None:
    rows = [{"no": int(c), "nilai": level, "tahun": 2023} for c, level in LEVELS.items()]
    wide = [{"instansi": "Kota X", "tahun": 2023, **LEVELS}]
    for content in (json.dumps(rows), json.dumps(rows, indent=1), json.dumps(wide)):
        assert index_in(read(content.encode(), "a.json")) == INDEX
    assert index_in(read("\n".join(map(json.dumps, rows)).encode(), "a.jsonl")) == INDEX


def test_indonesian_keys() -> None:
    detail = {"nilai": 3, "catatan": "ada", "data_dukung": ["SK"], "penanggung_jawab": "OPD"}
    data = {"instansi": "Kota X", "kategori": "kota", "provinsi": "P", "tahun": 2023}
    data |= {"tahap": "mandiri", "nilai": {**LEVELS, "1": detail}}
    for content in (yaml.safe_dump(data), json.dumps(data)):
        found = read(content.encode(), "a.yaml")
        assert index_in(found) == index({**LEVELS, "1": 3})
        assessment = found.readings[0].assessment
        assert (assessment.institution, assessment.category) == ("Kota X", "kota")
        assert (assessment.stage, assessment.year) == ("self", 2023)
        assert assessment.entries["1"][1:4] == ("ada", ("SK",), "OPD")
    twice = read(b"tahun: 2023\nyear: 2024\nlevels: {1: 3}\n", "a.yaml")
    assert "duplicate-key" in errors(twice)


def test_files_of_a_folder(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv.gz", "~$a.xlsx", "c.pdf", ".d.csv", "e.ods"):
        (tmp_path / name).write_bytes(b"x")
    paths, problems = files_in([str(tmp_path)])
    assert [Path(path).name for path in paths] == ["a.csv", "b.csv.gz", "e.ods"]
    (problem,) = problems
    assert problem.code == "files-not-read"
    assert problem.values["found"] == str(tmp_path / "c.pdf")
    paths, problems = files_in([str(tmp_path / "*.csv")])
    assert ([Path(path).name for path in paths], problems) == (["a.csv"], [])


def test_every_command_takes_folders_and_patterns(tmp_path: Path, spbe: Spbe) -> None:
    (tmp_path / "a.csv").write_bytes(text(SHEET))
    other = [["Instansi", "Kota Y"], TOP[1], HEADING, *long(OTHER)]
    (tmp_path / "b.csv").write_bytes(text(other))
    for command in ("score", "check", "rank"):
        for wanted in (str(tmp_path), str(tmp_path / "*.csv")):
            assert spbe(command, wanted).code == 0, command


# Instruments of one's own in wide tables


OWN = """\
id: own
title: t
scale: {{lowest: 1, highest: 5}}
predicates: [{{name: B, from: 4}}, {{name: C}}]
groups:
  - {{code: G1, name: a, weight: 100, indicators: [{indicators}]}}
"""


@pytest.mark.parametrize(
    ("codes", "headings"),
    [
        (["1", "2"], ["1", "2"]),
        (["K1", "K2", "K3", "K4"], ["K1", "K2", "K3", "K4"]),
        (["1", "2"], ["I2", "I1"]),
        (["IND-A", "2", "3", "4"], ["IND-A", "2", "3", "4"]),
        (["1", "2"], ["Mutu Satu", "Mutu Dua"]),
        (["a", "b"], ["B", "A"]),
    ],
)
def test_few_or_lettered_codes(codes: list[str], headings: list[str], tmp_path: Path) -> None:
    names = dict(zip(codes, ["Mutu Satu", "Mutu Dua", "Mutu Tiga", "Mutu Empat"], strict=False))
    weight = 100 // len(codes)
    each = (f'{{code: "{c}", name: {names[c]}, weight: {weight}}}' for c in codes)
    path = tmp_path / "own.yaml"
    path.write_text(OWN.format(indicators=", ".join(each)), encoding="utf-8")
    instrument, problems = instrument_from_file(str(path))
    assert problems == []
    rows = [["institution", "year", *headings], ["K", "2024", "5", "4", "3", "3"][: 2 + len(codes)]]
    for delimiter in ",;\t":
        found = read(text(rows, delimiter), instrument=instrument)
        total = sum([5, 4, 3, 3][: len(codes)])
        assert index_in(found) == Fraction(total, len(codes))


@pytest.mark.parametrize("levels", [("3", "2", "3"), ("1", "2", "3"), ("2", "3", "1")])
def test_a_row_of_a_small_instrument_is_no_heading(levels: Sequence[str], tmp_path: Path) -> None:
    """`1 | Mutu Satu | 3` names two of three indicators, and is the row of one."""
    names = dict(zip("123", ["Mutu Satu", "Mutu Dua", "Mutu Tiga"], strict=True))
    each = (f'{{code: "{c}", name: {names[c]}, weight: 100/3}}' for c in names)
    path = tmp_path / "own.yaml"
    path.write_text(OWN.format(indicators=", ".join(each)), encoding="utf-8")
    instrument, problems = instrument_from_file(str(path))
    assert problems == []
    rows = [["Kode", "Nama indikator", "Tingkat"]]
    rows += [[code, names[code], level] for code, level in zip("123", levels, strict=True)]
    assert index_in(read(text(rows), instrument=instrument)) == Fraction(sum(map(int, levels)), 3)


def test_json_carries_what_was_read(spbe: Spbe, tmp_path: Path) -> None:
    rows = [[*row, str(n)] for n, row in enumerate(long())]
    path = tmp_path / "lembar.csv"
    path.write_bytes(text([*TOP, [*HEADING, "Nomor surat"], *rows]))
    done = spbe("score", str(path), "--format", "json")
    read = json.loads(done.out)["results"][0]["source"]["read"]
    assert (read["form"], read["heading"]) == ("long", "3")
    assert [column["heading"] for column in read["columns"]] == [*HEADING, "Nomor surat"]
    assert [bool(column["left_out"]) for column in read["columns"]] == [False, False, False, True]


def test_a_name_that_two_indicators_have_is_not_held_against_their_numbers(tmp_path: Path) -> None:
    indicators = [{"code": str(n), "name": "Layanan Publik", "weight": 50} for n in (1, 2)]
    own: dict[str, Any] = {"id": "own", "title": "Own", "scale": {"lowest": 1, "highest": 5}}
    own |= {"predicates": [{"name": "Baik", "from": 3}, {"name": "Kurang"}]}
    own |= {"groups": [{"code": "G1", "name": "a", "weight": 100, "indicators": indicators}]}
    (tmp_path / "own.yaml").write_text(yaml.safe_dump(own))
    instrument, _ = instrument_from_file(str(tmp_path / "own.yaml"))
    rows = [["Tahun", "2023"], HEADING, ["1", "Layanan Publik", "4"], ["2", "Layanan Publik", "2"]]
    assert index_in(read(text(rows), instrument=instrument)) == 3
