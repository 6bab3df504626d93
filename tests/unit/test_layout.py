"""Rows to score sheets: headers, long and wide form, stages, metadata, places, problems."""

from typing import Any

import pytest
from support.tables import read_content

from spbe_cli.core.instrument import indicator_code
from spbe_cli.core.problem import Place, Severity
from spbe_cli.read.grid import Location, Sheet
from spbe_cli.read.header import Role, meaning_of
from spbe_cli.read.values import stage_of
from spbe_cli.words import Words


def sheets_of(content: str) -> tuple[Sheet, ...]:
    parsed = read_content(content)
    assert parsed.problems == ()
    return parsed.sheets


def data_of(content: str) -> Any:  # noqa: ANN401
    (sheet,) = sheets_of(content)
    return sheet.data


def problems_of(content: str) -> list[tuple[str, str, dict[str, str]]]:
    return [(str(p.place), p.code, dict(p.values)) for p in read_content(content).problems]


def spot(sheet: Sheet, *location: str, key: bool = False) -> tuple[int | None, int | None]:
    place = sheet.place_of(location, key)
    return place.line, place.column


@pytest.mark.parametrize(
    ("header", "role", "stage"),
    [
        ("No.", "indicator", None),
        ("Nama Indikator", "indicator", None),
        ("Bobot", "weight", None),
        ("Kode\nIndikator", "indicator", None),
        ("NO_INDIKATOR", "indicator", None),
        ("Nilai Tingkat\r\n Kematangan", "level", None),
        ("nilaikematangan", "level", None),
        ("Level (1-5)", "level", None),
        ("TK", "level", None),
        ("Target", "level", "target"),
        ("Nilai Mandiri", "level", "self"),
        ("nilai_asesor_internal", "level", "self"),
        ("Self-Assessment", "level", "self"),
        ("nilai_verifikator_internal", "level", "verification"),
        ("Penilaian Dokumen", "level", "document"),
        ("Harmonisasi", "level", "harmonisation"),
        ("Wawancara", "level", "interview"),
        ("Visitasi", "level", "visit"),
        ("Nilai Pusat", "level", "external"),
        ("nilai_asesor_external", "level", "external"),
        ("nilai_akhir_external", "level", "final"),
        ("OPD / PIC", "responsible", None),
        ("Data Dukung", "evidence", None),
        ("Penjelasan", "note", None),
        ("Nama Instansi", "institution", None),
    ],
)
def test_names_of_columns(header: str, role: str, stage: str | None) -> None:
    meaning = meaning_of(header)
    assert meaning is not None
    assert (meaning.role, meaning.stage) == (role, stage)


@pytest.mark.parametrize("header", ["Rekomendasi", "Tindak Lanjut", "2023", "", "x" * 99])
def test_other_columns_are_not_read(header: str) -> None:
    assert meaning_of(header) is None


@pytest.mark.parametrize("header", ["7", "I7", "indikator 7", "Indikator_7", "07", "7.0"])
def test_a_header_may_name_an_indicator(header: str) -> None:
    meaning = meaning_of(header)
    assert meaning is not None
    assert (meaning.role, meaning.indicator) == (Role.LEVEL_OF, "7")


def test_names_of_stages() -> None:
    assert (stage_of("Penilaian Mandiri"), stage_of("final"), stage_of("x")) == (
        "self",
        "final",
        None,
    )


def test_long_form() -> None:
    content = (
        "No;Nama Indikator;Bobot;Nilai;Catatan;Data Dukung;OPD / PIC\n"
        "1;Arsitektur;1,3;3;;;\n"
        'I2;Peta Rencana;1,3;3,0;ada;"SK 1\n\n Perwali 2";Diskominfo\n'
        "Indikator 03;Data;1,3;;;;\n"
        "48x;?;;4;;;\n"
    )
    assert data_of(content) == {
        "levels": {
            "1": "3",
            "I2": {
                "level": "3,0",
                "note": "ada",
                "evidence": ["SK 1", "Perwali 2"],
                "responsible": "Diskominfo",
            },
            "Indikator 03": "",
            "48x": "4",
        }
    }


def test_places_in_the_long_form() -> None:
    (sheet,) = sheets_of("Tahun;2023\n\nno;nama;nilai;catatan\n1;a;3;x\n12;b;4;\n")
    assert sheet.data == {"year": "2023", "levels": {"1": {"level": "3", "note": "x"}, "12": "4"}}
    assert sheet.place_of(("levels", "12")) == Place("nilai.csv", 5, 6, excerpt="12;b;4;")
    assert sheet.place_of(("levels", "12"), True) == Place(  # noqa: FBT003
        "nilai.csv", 5, 1, excerpt="12;b;4;", width=2
    )
    assert spot(sheet, "levels", "12", "level") == (5, 6)
    assert spot(sheet, "levels", "1", "note") == (4, 7)
    assert spot(sheet, "levels", "1", "evidence", "0") == (4, 5)
    assert spot(sheet, "year") == (1, 7)
    assert spot(sheet, "year", key=True) == (1, 1)
    assert spot(sheet, "levels") == spot(sheet, "levels", "47") == (3, 9)
    assert spot(sheet) == spot(sheet, "institution") == (3, 1)


def test_stages_side_by_side() -> None:
    content = "no;Target;Mandiri;Verif;Eks;Akhir;Catatan\n1;4;3;3;2;2;a\n2;3;2;;;;\n"
    (sheet,) = sheets_of(content)
    assert sheet.data["stages"]["self"] == {"1": {"level": "3", "note": "a"}, "2": "2"}
    assert list(sheet.data["stages"]) == ["target", "self", "verification", "external", "final"]
    assert sheet.data["stages"]["final"]["2"] == ""
    assert spot(sheet, "stages", "external", "2") == (3, 8)
    assert spot(sheet, "stages", "external", "1", "note") == (2, 13)
    assert spot(sheet, "stages", "external") == (1, 25)
    assert spot(sheet, "stages", "visit") == spot(sheet, "stages") == (1, 4)


@pytest.mark.parametrize(
    ("header", "stages"),
    [
        ("no;Dokumen;Nilai", {"document": {"1": "4"}, "final": {"1": "3"}}),
        ("Tahap: Mandiri\nno;Target;Nilai", {"target": {"1": "4"}, "self": {"1": "3"}}),
    ],
)
def test_a_plain_level_beside_stages(header: str, stages: object) -> None:
    assert data_of(f"{header}\n1;4;3\n")["stages"] == stages


def test_a_plain_level_that_differs_from_the_final_one_is_left_out_and_that_is_said() -> None:
    parsed = read_content("no;Akhir;Nilai\n1;4;3\n")
    assert parsed.sheets[0].data["stages"] == {"final": {"1": "4"}}
    (problem,) = parsed.problems
    assert (problem.code, problem.severity) == ("column-beside-stage", Severity.NOTICE)
    assert problem.values == {"column": "Nilai", "at": "C", "taken": "Akhir"}
    assert read_content("no;Akhir;Nilai\n1;4;4\n").problems == ()


@pytest.mark.parametrize(
    "header",
    [
        "No;Indikator;Nilai;;;Catatan\n;;Mandiri;Eks;Akhir;\n",
        ";;Nilai;;;\nNo;Indikator;Mandiri;Eks;Akhir;Catatan\n",
        "No;Indikator;Mandiri;Eks;Akhir;Catatan\n;;Nilai;Nilai;Nilai;\n",
        "No;Indikator;Mandiri;Eks;Akhir;Catatan\n(1);(2);(3);(4);(5);(6)\n",
        "No;Indikator;Mandiri;Eks;Akhir;Catatan\n1;2;3;4;5;6\n",
    ],
)
def test_headers_of_two_rows(header: str) -> None:
    (sheet,) = sheets_of(f"LKE SPBE\n\n{header}1;Arsitektur;1;2;3;x\n")
    assert {stage: levels["1"]["level"] for stage, levels in sheet.data["stages"].items()} == {
        "self": "1",
        "external": "2",
        "final": "3",
    }
    assert spot(sheet, "stages", "external", "1") == (5, 16)


def test_a_header_with_a_level_and_a_note_for_each_stage() -> None:
    content = "No;Mandiri;;Eks;\n;Nilai;Catatan;Nilai;Catatan\n1;3;a;4;b\n"
    assert data_of(content)["stages"] == {
        "self": {"1": {"level": "3", "note": "a"}},
        "external": {"1": {"level": "4", "note": "b"}},
    }


def test_the_code_stands_in_the_first_column_that_holds_codes() -> None:
    assert data_of("No;Indikator;Nilai\n7;Arsitektur;3\n")["levels"] == {"7": "3"}
    assert data_of("Indikator;Nilai\nI12;3\n")["levels"] == {"I12": "3"}
    assert data_of("Indikator;Nilai\nArsitektur;3\n")["levels"] == {"Arsitektur": "3"}


def test_metadata_above_the_header() -> None:
    content = (
        "LEMBAR KERJA EVALUASI;;\n"
        "Nama Instansi;:;Pemerintah Kota X\n"
        "Kategori: kota;Provinsi;;Jambi\n"
        "Tahun : 2023\n"
        "Instrumen;\n"
        "no;nilai\n1;3\n"
    )
    (sheet,) = sheets_of(content)
    assert sheet.data == {
        "institution": "Pemerintah Kota X",
        "category": "kota",
        "province": "Jambi",
        "year": "2023",
        "levels": {"1": "3"},
    }
    assert spot(sheet, "institution") == (2, 17)
    assert spot(sheet, "province") == (3, 26)
    assert spot(sheet, "category") == (3, 1)


def test_rows_of_several_institutions_become_sheets_in_their_order() -> None:
    content = (
        "Instansi;Tahun;Provinsi;No;Nilai\n"
        "B;2022;P;1;3\n;;;2;4\nA;2022;;1;5\nB;2023;;1;1\nB;2022;;3;2\n"
    )
    first, second, third = sheets_of(content)
    assert first.data == {
        "institution": "B",
        "province": "P",
        "year": "2022",
        "levels": {"1": "3", "2": "4", "3": "2"},
    }
    assert second.data == {"institution": "A", "year": "2022", "levels": {"1": "5"}}
    assert third.data == {"institution": "B", "year": "2023", "levels": {"1": "1"}}
    assert spot(first, "institution") == (2, 1)
    assert spot(first, "institution", key=True) == (1, 1)
    assert spot(second, "levels", "1") == (4, 11)
    assert spot(second, "levels", "2") == spot(second, "levels") == (4, 11)


def test_titles_and_subtotals_are_passed_over() -> None:
    content = (
        "No;Indikator;Nilai\n"
        "D1;Kebijakan;3,20\nDomain 1;;3,2\n;Aspek 1;3\nI;Domain Tata Kelola;3\n"
        "Tata Kelola SPBE;;\n;;\n1;Arsitektur;3\n;Indeks SPBE;2,60\nTotal;;2,6\n"
        ";;\nSumber: Diskominfo\n"
    )
    assert data_of(content) == {"levels": {"1": "3"}}


def test_wide_form() -> None:
    content = (
        "LKE 2023\nNo;Instansi;Kategori;Tahun;1;I2;indikator 3;35.1;Indeks\n"
        "1;Kota A;kota;2023;3;3,0;;5;2,6\n;;;;;;;;\n"
        "2;Kab B;;2023;1;2;3;4;\n"
    )
    first, second = sheets_of(content)
    assert first.data == {
        "institution": "Kota A",
        "category": "kota",
        "year": "2023",
        "levels": {"1": "3", "I2": "3,0", "indikator 3": "", "35.1": "5"},
    }
    assert second.data["levels"] == {"1": "1", "I2": "2", "indikator 3": "3", "35.1": "4"}
    assert spot(first, "levels", "I2") == (3, 22)
    assert spot(first, "levels", "I2", "level") == (3, 22)
    assert spot(first, "levels", "I2", key=True) == (2, 30)
    assert spot(first, "year") == (3, 15)
    assert spot(second, "category") == spot(second, "levels") == (5, 1)


@pytest.mark.parametrize(
    "row",
    ["A1;Kota X", "D1;", "1;Total Kabupaten Z", "1;Indeks Kota", "1;D1", "Aspek 2;Rata-rata Kota"],
)
def test_a_row_of_levels_is_an_institution_whatever_it_is_called(row: str) -> None:
    (sheet,) = sheets_of(f"No;Instansi;1;2;3\n{row};3;4,0;\n")
    assert list(sheet.data["levels"].values()) == ["3", "4,0", ""]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (";Rata-rata;2;2;2", "Rata-rata"),
        ("Rata-rata;;2,3;;", "Rata-rata"),
        ("Total:;;6;8;4", "Total:"),
        (";Rata-rata nasional;2,61;2,5;2", "Rata-rata nasional"),
        ("2;JUMLAH KOTA;14;25;", "JUMLAH KOTA"),
        (";Indeks;2.6;3;3", "Indeks"),
        (";Rata-rata Kota;2.5;3;", "Rata-rata Kota"),  # of half of the levels
    ],
)
def test_a_row_of_totals_is_left_out_and_that_is_said(row: str, found: str) -> None:
    parsed = read_content(f"No;Instansi;1;2;3\n1;Kota A;3;4;5\n{row}\n;Rata-rata;;;\n")
    (problem,) = parsed.problems
    assert (problem.code, problem.severity) == ("row-not-read", Severity.NOTICE)
    assert (problem.values, problem.place.line) == ({"found": found}, 3)
    assert problem.place.width == len(found)
    assert [sheet.data["institution"] for sheet in parsed.sheets] == ["Kota A"]


def test_a_code_with_letters_is_kept_as_it_is_written() -> None:
    content = "Kode;Nama;Nilai\nI1;a;3\nX-3;Indeks Kepuasan;4\n I2\u200b;c;\u20605\nI1;d;2\n"
    assert problems_of(content) == [
        ("nilai.csv:5:1", "duplicate-indicator", {"indicator": "1", "first": "2"})
    ]
    (sheet,) = read_content(content).sheets
    assert sheet.data["levels"] == {"I1": "3", "X-3": "4", "I2": "5"}
    assert spot(sheet, "levels", "X-3") == (3, 21)


@pytest.mark.parametrize(
    "above",
    ["Tahun Penilaian;2023\n", "TAHUN EVALUASI : 2023\n", "Tahun;2023\nTahun Anggaran;2024\n"],
)
def test_names_of_the_year(above: str) -> None:
    assert data_of(f"{above}no;nilai\n1;3\n")["year"] == "2023"
    assert data_of("no;nilai;Tahun Evaluasi\n1;3;2023\n")["year"] == "2023"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,0", "1"),
        ("12.00", "12"),
        ("35,1", "35.1"),
        ("35.10", "35.10"),
        ("Indikator 07.", "7"),
        ("\ufeff\u00a0I12\u200b", "12"),
        ("X-3", "X-3"),
    ],
)
def test_codes_as_spreadsheets_write_them(text: str, code: str) -> None:
    assert indicator_code(text) == code


def test_a_plain_level_beside_a_target_has_no_stage() -> None:
    (sheet,) = sheets_of("No;TK;Target\n1;3;4\n")
    assert sheet.data == {"levels": {"1": "3"}, "stages": {"target": {"1": "4"}}}
    assert spot(sheet, "levels", "1") == (2, 3)
    assert spot(sheet, "stages", "target", "1") == (2, 5)


def test_a_wide_header_of_two_rows() -> None:
    assert data_of("Instansi;Indikator;;\n;1;2;3\nA;3;4;5\n") == {
        "institution": "A",
        "levels": {"1": "3", "2": "4", "3": "5"},
    }


def test_one_institution_alone_in_the_wide_form() -> None:
    codes = [str(number) for number in range(1, 48)]
    found = data_of(",".join(codes) + "\n" + ",".join(["3"] * 47) + "\n")
    assert found == {"levels": dict.fromkeys(codes, "3")}
    assert problems_of("1,2,3\n3,4,5\n")[0][1] == "no-header"


@pytest.mark.parametrize(
    ("content", "place", "values"),
    [
        (
            "Kode;Levle\n1;3\n",
            Place("nilai.csv", 1, 6, excerpt="Kode;Levle", width=5),
            {"found": "Kode, Levle", "missing": "level", "nearest": "level"},
        ),
        (
            "LKE\nIndkator;Nilai\n1;3\n",
            Place("nilai.csv", 2, 1, excerpt="Indkator;Nilai", width=8),
            {"found": "Indkator, Nilai", "missing": "indicator", "nearest": "indikator"},
        ),
        (
            "Instansi;Kota X\nTahun;2023\nNo;Nilai 2022;Nilai 2023\n1;3;4\n",
            Place("nilai.csv", 3, 4, excerpt="No;Nilai 2022;Nilai 2023", width=10),
            {"found": "No, Nilai 2022, Nilai 2023", "missing": "level", "nearest": "nilai"},
        ),
        (
            "1;3\n2;4\n",
            Place("nilai.csv", 1, 1, excerpt="1;3"),
            {"found": "1, 3", "missing": "indicator, level"},
        ),
        (
            "1,Arsitektur,1.3,3\n",
            Place("nilai.csv", 1, 1, excerpt="1,Arsitektur,1.3,3"),
            {"found": "1, Arsitektur, 1.3, 3", "missing": "indicator, level"},
        ),
    ],
)
def test_no_header(content: str, place: Place, values: dict[str, str]) -> None:
    (problem,) = read_content(content).problems
    assert (problem.code, problem.place, problem.values) == ("no-header", place, values)


def test_a_header_is_looked_for_in_thirty_rows() -> None:
    assert read_content("x\n" * 29 + "no;nilai\n1;3\n").problems == ()
    assert problems_of("x\n" * 30 + "no;nilai\n1;3\n")[0][1] == "no-header"


def test_duplicate_columns() -> None:
    assert problems_of("no;Nilai;Level;Tahun;tahun;No\n1;3;4;2023;2023;1\n") == [
        (
            "nilai.csv:1:22",
            "duplicate-column",
            {"column": "tahun", "at": "E", "first": "Tahun", "first_at": "D"},
        ),
        (
            "nilai.csv:1:28",
            "duplicate-column",
            {"column": "No", "at": "F", "first": "no", "first_at": "A"},
        ),
        (
            "nilai.csv:1:10",
            "duplicate-column",
            {"column": "Level", "at": "C", "first": "Nilai", "first_at": "B"},
        ),
    ]
    assert problems_of("instansi;1;2;3;I3\nA;3;4;5;5\n") == [
        (
            "nilai.csv:1:16",
            "duplicate-column",
            {"column": "I3", "at": "E", "first": "3", "first_at": "D"},
        )
    ]


def test_several_notes_are_joined() -> None:
    data = data_of("no;nilai;Catatan;Keterangan;Bukti;Data Dukung;OPD;PIC\n1;3;a;b;c;d;e;f\n")
    assert data["levels"]["1"] == {
        "level": "3",
        "note": "a\nb",
        "evidence": ["c", "d"],
        "responsible": "e, f",
    }


def test_all_problems_of_the_rows_at_once() -> None:
    content = "no,nama,nilai\n1,a,3,0\n2,b\n,c,4\n1,d,5\n2,e,2,,\n"
    assert problems_of(content) == [
        ("nilai.csv:2:7", "row-too-long", {"cells": "4", "width": "3", "delimiter": ","}),
        ("nilai.csv:3:4", "row-too-short", {"cells": "2", "needed": "3"}),
        ("nilai.csv:4:1", "indicator-missing", {}),
        ("nilai.csv:5:1", "duplicate-indicator", {"indicator": "1", "first": "2"}),
        ("nilai.csv:6:1", "duplicate-indicator", {"indicator": "2", "first": "3"}),
    ]
    (sheet,) = read_content(content).sheets
    assert sheet.data == {"levels": {"1": "3", "2": ""}}


def test_rows_of_a_wrong_length_in_the_wide_form() -> None:
    assert problems_of("instansi,1,2,3\nA,1,2\nB,1,2,3,0\n") == [
        ("nilai.csv:2:6", "row-too-short", {"cells": "3", "needed": "4"}),
        ("nilai.csv:3:9", "row-too-long", {"cells": "5", "width": "4", "delimiter": ","}),
    ]


@pytest.mark.parametrize("content", ["no;nilai\n", "no;nilai\n;\n", "instansi;1;2;3\n;;;\n"])
def test_a_header_without_data(content: str) -> None:
    assert problems_of(content) == [("nilai.csv:1:1", "table-empty", {})]


def test_reading_stops_after_ten_thousand_problems() -> None:
    assert len(read_content("no;nilai\n" + "1;3\n" * 10_100).problems) == 10_000
    assert len(read_content("instansi;1;2;3\n" + "A;1;3\n" * 10_100).problems) == 10_000


def test_every_location_has_a_place() -> None:
    locations: list[Location] = [(), ("levels",), ("levels", "9"), ("stages", "self", "9"), ("x",)]
    for content in ("no;nilai\n1;3\n", "no;mandiri\n1;3\n", "instansi;1;2;3\nA;3;3;3\n"):
        (sheet,) = sheets_of(content)
        for location in locations:
            for key in (False, True):
                assert sheet.place_of(location, key).line in (1, 2)


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_problem_can_be_said(language: str) -> None:
    content = 'no,nilai,level\n1,3,0,7\n2\n,4,4\n1,5,5\n3,"a"b,3\n4,"5,5\n'
    for problem in (*read_content(content).problems, *read_content("Kode;Levle\n").problems):
        assert all(Words(language).problem(problem))


def test_a_label_beside_a_label_is_no_value() -> None:
    above = "Instansi;Tahun;\n;;\nKategori:;Provinsi:;Jambi\n"
    assert data_of(f"{above}no;nilai;\n1;3;\n") == {"province": "Jambi", "levels": {"1": "3"}}


def test_seven_whole_numbers_are_codes_whatever_their_order() -> None:
    codes = ["40", "2", "30", "4", "20", "6", "10"]
    found = data_of(f"{','.join(codes)}\n3,3,3,3,3,3,3\n")
    assert found == {"levels": dict.fromkeys(codes, "3")}
    (problem, *_) = problems_of("40,2,30,4,20,6\n3,3,3,3,3,3\n")
    assert problem[1] == "no-header"
