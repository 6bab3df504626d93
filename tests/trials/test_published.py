"""Published tables in the shapes of portals, decrees, news and applications, and our own.

The right values, or a refusal; what was left out is said. Each kind has its shapes here.
"""

import io
import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import xlsxwriter
from conftest import Spbe

from spbe_cli.core.institution import folded_name, identity
from spbe_cli.core.places import rank
from spbe_cli.core.population import Member
from spbe_cli.core.problem import errors_of
from spbe_cli.read.choice import Wishes
from spbe_cli.read.published import read_population
from spbe_cli.read.published_rows import is_group, is_mean_or_total

Cells = Sequence[Sequence[Any]]


class Found(NamedTuple):
    """What was read of a table: institutions, the codes of errors, and those of notices."""

    members: list[Member]
    errors: list[str]
    notices: list[str]

    @property
    def indices(self) -> dict[str, str]:
        """The indices by name, as decimals."""
        return {each.institution: f"{float(each.index):g}" for each in self.members}

    @property
    def nodes(self) -> dict[str, str]:
        """The nodes of the only institution."""
        (member,) = self.members
        return {code: f"{float(value):g}" for code, value in member.nodes.items()}


def read(path: Path, **wishes: Any) -> Found:  # noqa: ANN401
    members, problems = read_population([str(path)], Wishes(**wishes))
    wrong = errors_of(problems)
    said = [problem.code for problem in problems if problem not in wrong]
    return Found(members, [problem.code for problem in wrong], said)


def text(folder: Path, rows: Cells, delimiter: str = ";", **wishes: Any) -> Found:  # noqa: ANN401
    path = folder / "tabel.csv"
    lines = (delimiter.join(map(str, row)) for row in rows)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read(path, **wishes)


def book(folder: Path, sheets: dict[str, Cells], merged: Sequence[Any] = ()) -> Found:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            for cells in merged:
                sheet.merge_range(*cells)
    path = folder / "tabel.xlsx"
    path.write_bytes(content.getvalue())
    return read(path)


# Headings

INSTITUTIONS = """Instansi;Nama Instansi;Nama Pemda;Pemda;Pemerintah Daerah
Nama Pemerintah Daerah;K/L;Nama K/L;Kementerian/Lembaga;K/L/PD;Kabupaten/Kota
nama_kabupaten_kota;kab_kota;Kab./Kota;kode_kabupaten_kota;kode_instansi;Provinsi
nama_provinsi;OPD;Nama OPD;Perangkat Daerah;Satker;Satuan Kerja;SKPD;Unit Kerja;Institution
Institution Name;Agency;Local Government;Province;Ministry;Nama;NAMA INSTANSI PEMERINTAH
Instansi Pusat/Pemerintah Daerah;City;Regency/City;Nama Daerah"""
INDICES = """Indeks;Index;Nilai;Skor;Score;Nilai SPBE;Indeks SPBE;indeks_spbe;INDEKS AKHIR
Nilai Akhir;Nilai Indeks;Nilai Indeks SPBE;SPBE Index;Indeks Akhir SPBE;Skor SPBE
Hasil Evaluasi;Nilai Evaluasi;Indeks Hasil Evaluasi SPBE;Capaian;Capaian Indeks SPBE
Final Index;Overall Score;Maturity Index;Indeks (0-5);Indeks Kematangan SPBE
Hasil Pemantauan dan Evaluasi SPBE;SPBE;Total Nilai;Index Value
Nilai Indeks Sistem Pemerintahan Berbasis Elektronik;e-Government Index"""
PREDICATES = """Predikat;Predicate;Predikat SPBE;PREDIKAT INDEKS;Kategori;Kriteria
Keterangan;Level;Kategori Predikat;Kualifikasi;Rating;Klasifikasi;Category;Predikat/Kategori"""


def names(words: str) -> list[str]:
    return words.replace("\n", ";").split(";")


@pytest.mark.parametrize("heading", names(INSTITUTIONS))
def test_headings_of_the_institution(heading: str, tmp_path: Path) -> None:
    rows: Cells = [["No", heading, "Indeks"], [1, "A", "3,20"], [2, "B", "2,75"]]
    found = text(tmp_path, rows)
    assert (found.indices, found.errors, found.notices) == ({"A": "3.2", "B": "2.75"}, [], [])


@pytest.mark.parametrize("heading", names(INDICES))
def test_headings_of_the_index(heading: str, tmp_path: Path) -> None:
    rows = [["No", "Instansi", heading, "Predikat"]]
    rows += [["1", "A", "3,20", "Baik"], ["2", "B", "3,9", "Sangat Baik"]]
    found = text(tmp_path, rows)
    assert (found.indices, found.errors, found.notices) == ({"A": "3.2", "B": "3.9"}, [], [])


@pytest.mark.parametrize("heading", names(PREDICATES))
def test_headings_of_the_predicate(heading: str, tmp_path: Path) -> None:
    rows = [["Nama Instansi", "Nilai", heading], ["A", "3.20", "Baik"], ["B", "3.9", "SANGAT BAIK"]]
    found = text(tmp_path, rows, ",")
    assert [each.published and each.published.name for each in found.members] == [
        "Baik",
        "Sangat Baik",
    ]


@pytest.mark.parametrize(
    "headings",
    [
        ["D1", "D2", "D3", "D4"],
        ["domain_1", "domain_2", "domain_3", "domain_4"],
        ["Kebijakan", "Tata Kelola", "Manajemen", "Layanan"],
        ["Kebijakan Internal SPBE", "Tata Kelola SPBE", "Manajemen SPBE", "Layanan SPBE"],
        ["Domain Kebijakan", "Domain Tata Kelola", "Domain Manajemen", "Domain Layanan"],
        ["Nilai Domain 1", "Nilai Domain 2", "Nilai Domain 3", "Nilai Domain 4"],
        ["D2001", "D2002", "D2003", "D2004"],
        ["Domain I", "DOMAIN II", "Nilai Domain III", "Domain IV Layanan SPBE"],
        ["Policy", "Governance", "Management", "Services"],
        ["Domain 1: Kebijakan", "D2 - Tata Kelola", "D3 (Manajemen)", "Indeks Layanan SPBE"],
    ],
)
def test_headings_of_the_domains(headings: list[str], tmp_path: Path) -> None:
    rows = [["Instansi", "Tahun", *headings], ["A", "2023", "1,30", "4,00", "2,91", "4,69"]]
    found = text(tmp_path, rows)
    assert found.nodes == {"D1": "1.3", "D2": "4", "D3": "2.91", "D4": "4.69"}
    assert found.members[0].places == {"D1": 2, "D2": 2, "D3": 2, "D4": 2}
    whole = 13 * Fraction("1.3") + 25 * 4 + Fraction("16.5") * Fraction("2.91")
    assert found.members[0].index == (whole + Fraction("45.5") * Fraction("4.69")) / 100


ASPECTS_2020 = [
    "Kebijakan Internal Tata Kelola SPBE",
    "Perencanaan Strategis SPBE",
    "Teknologi Informasi dan Komunikasi",
    "Penyelenggara SPBE",
    "Penerapan Manajemen SPBE",
    "Pelaksanaan Audit TIK",
    "Layanan Administrasi Pemerintahan Berbasis Elektronik",
    "Layanan Publik Berbasis Elektronik",
]


@pytest.mark.parametrize(
    "headings",
    [
        ASPECTS_2020,
        [f"A{number}" for number in range(1, 9)],
        [f"A200{number}" for number in range(1, 9)],
        [f"Aspek {number} {name}" for number, name in enumerate(ASPECTS_2020, 1)],
        [name.removesuffix(" SPBE").removesuffix(" Berbasis Elektronik") for name in ASPECTS_2020],
        [f"Nilai {name}".upper() for name in ASPECTS_2020],
    ],
)
def test_headings_of_the_aspects(headings: list[str], tmp_path: Path) -> None:
    values = ["2", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7"]
    rows = [["Instansi", "Indeks", *headings], ["A", "2.5", *values]]
    found = text(tmp_path, rows, ",")
    assert list(found.nodes.values()) == values
    assert list(found.nodes) == [f"A{number}" for number in range(1, 9)]


def test_a_name_means_the_node_of_the_rows_instrument(tmp_path: Path) -> None:
    rows = [["Instansi", "Tahun", "Indeks", "Layanan SPBE"], ["A", "2019", "2.5", "2.6"]]
    assert text(tmp_path, rows, ",").nodes == {"D3": "2.6"}
    rows[1][1] = "2023"
    assert text(tmp_path, rows, ",").nodes == {"D4": "2.6"}


def test_a_heading_that_contradicts_itself_is_not_read(tmp_path: Path) -> None:
    rows = [["Instansi", "Indeks", "Domain 1 Tata Kelola"], ["A", "2.5", "2.6"]]
    assert text(tmp_path, rows, ",").nodes == {}


def test_nodes_of_an_own_instrument_at_any_depth(tmp_path: Path, spbe: Spbe) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "id: own\ntitle: t\nscale: {lowest: 1, highest: 3}\n"
        "predicates: [{name: B, from: 2}, {name: C}]\ngroups:\n"
        "  - code: G1\n    name: Pertama\n    weight: 50\n    groups:\n"
        "      - code: K7\n        name: Dalam\n        weight: 50\n        indicators:\n"
        '          - {code: "1", name: x, weight: 50}\n'
        "  - code: G2\n    name: Kedua\n    weight: 50\n    indicators:\n"
        '      - {code: "2", name: y, weight: 50}\n'
    )
    table = tmp_path / "t.csv"
    table.write_text("Instansi,Nilai,g1,Dalam,Indeks Kedua\nA,2.5,2.00,3,1.500\n")
    result = spbe("rank", str(table), "--instrument", str(own), "--format", "csv")
    assert result.code == 0
    from spbe_cli.read.instruments import instrument_from_file

    instrument, _ = instrument_from_file(str(own))
    found = read(table, instrument=instrument)
    assert found.nodes == {"G1": "2", "K7": "3", "G2": "1.5"}
    assert found.members[0].places == {"index": 1, "G1": 2, "K7": 0, "G2": 3}


# F07, F17, F22: what the trials hold, and further shapes of each kind

MEANS = """Rata-rata;Rata-rata Nasional;rata - rata kabupaten;RATA-RATA PROVINSI LAMPUNG
Rerata Nilai;Rata2 K/L;Mean;Mean of provinces;Average;Average index;National average
Nilai rata-rata;Nilai Rata-Rata Nasional;Kabupaten rata-rata;Total;Total K/L;TOTAL NILAI
Jumlah;Jumlah kabupaten;Jumlah Provinsi Lampung;Grand Total;Sub-total Kota;Median
Nilai Tertinggi;Terendah;Standar Deviasi;Indeks Nasional;Rata-rata Jawa Barat;Rataan
1. Rata-rata;Rata-rata Kota Se-Indonesia;Target;Target Nasional;Target RPJMN 2024;Baseline 2023
Realisasi Nasional;Ambang batas;Batas Baik;Jumlah Sangat Baik"""
GROUPS = """Kementerian;Kementerian/Lembaga;A. Kementerian;II. Pemerintah Provinsi;Nasional
INDONESIA;Pemerintah Daerah;Instansi Pusat;Kabupaten/Kota;Pemerintah Kabupaten dan Kota
National;All institutions;Wilayah Sumatera;II. Wilayah Timur"""
NO_MEANS = """Kab. Total;Kota Jumlah;Jumlah Batu;Total Bangun Persada;Meanjin;Kota Mean
Averaging Agency;Kabupaten Lima Puluh Kota;Provinsi Lampung;Kota Jambi;Kementerian Agama
Badan Pusat Statistik;A Kota B;Indeks Karya;Kabupaten Kota Baru;Pemerintah Kota Metro
Nilai Utama;Dinas Rata Air;Kota Tertinggi;Batas Karya;Kab. Target"""


@pytest.mark.parametrize("name", [*names(MEANS), *names(GROUPS)])
def test_rows_of_means_totals_and_groups_are_left_out_and_said(name: str, tmp_path: Path) -> None:
    rows = [["Instansi", "Indeks"], ["Kab. A", "4.00"], [name, "3.00"], ["Kab. B", "2.00"]]
    found = text(tmp_path, rows, ",")
    assert found.indices == {"Kab. A": "4", "Kab. B": "2"}
    assert (found.errors, found.notices) == ([], ["row-not-read"])


@pytest.mark.parametrize("name", names(NO_MEANS))
def test_an_institution_called_so_is_none(name: str, tmp_path: Path) -> None:
    assert not is_mean_or_total(name)
    assert not is_group(name)
    rows = [["Instansi", "Indeks"], ["Kab. A", "4.00"], [name, "3.00"]]
    assert text(tmp_path, rows, ",").indices == {"Kab. A": "4", name: "3"}


def test_a_mean_beside_the_column_of_institutions(tmp_path: Path) -> None:
    rows: Cells = [["No", "Instansi", "Indeks"], [1, "A", "4.00"], ["Rata-rata", "", "4.00"]]
    found = text(tmp_path, rows, ",")
    assert (found.indices, found.notices) == ({"A": "4"}, ["row-not-read"])


def test_remarks_end_no_table_and_a_missing_index_is_said(tmp_path: Path) -> None:
    rows = [["Instansi", "Indeks"], ["A", "3"], ["Sumber: Kementerian PANRB", ""], ["B", "2"]]
    assert text(tmp_path, rows).indices == {"A": "3", "B": "2"}
    assert text(tmp_path, [*rows, ["Kota C", ""]]).errors == ["index-absent"]


@pytest.mark.parametrize("value", ["Nilai", "Skor", "Capaian", "Score", "Hasil"])
@pytest.mark.parametrize("number", ["No", "Kode", "id", "Peringkat", "No."])
def test_a_ranking_with_a_column_of_values_is_the_index(
    value: str, number: str, tmp_path: Path
) -> None:
    rows = [[number, "Instansi", value, "Predikat"]]
    rows += [["1", "Kabupaten A", "4,26", "Memuaskan"], ["2", "Kabupaten B", "3,90", "Sangat Baik"]]
    rows += [["3", "Kota C", "3", "Baik"], ["4", "Kabupaten D", "2", "Cukup"]]
    indices = {"Kabupaten A": "4.26", "Kabupaten B": "3.9", "Kota C": "3", "Kabupaten D": "2"}
    assert text(tmp_path, rows).indices == indices


def test_levels_with_a_column_of_institutions_are_still_levels(tmp_path: Path) -> None:
    rows = [["Instansi", "No", "Nilai"]]
    rows += [[name, str(code), "3"] for name in ("A", "B") for code in range(1, 48)]
    assert text(tmp_path, rows).indices == {"A": "3", "B": "3"}
    once = [["Instansi", "No", "Nilai"], ["A", "1", "3"]]
    once += [["", str(code), "4"] for code in range(2, 48)]
    (member,) = text(tmp_path, once).members
    assert member.known == "levels"


APPLICATION: dict[str, Any] = {
    "kode": "1111",
    "tahun": "2025",
    "nama_instansi": "Institution Z",
    "kategori": "Kementerian",
    "nilai": {"D2001": "5.0000000000", "A2001": "5.0000000000", "D2002": "4.0000000000"},
}


@pytest.mark.parametrize("ending", [".json", ".jsonl", ".ndjson", ".txt"])
@pytest.mark.parametrize("key", ["indeks", "nilai_indeks", "indeks_spbe", "nilai_akhir", "index"])
def test_an_answer_of_the_application(ending: str, key: str, tmp_path: Path) -> None:
    row = {**APPLICATION, "nilai": {**APPLICATION["nilai"], key: "4.2125000000"}}
    made = json.dumps(row) + "\n" if "l" in ending or "nd" in ending else json.dumps([row])
    (tmp_path / f"a{ending}").write_text(made)
    found = read(tmp_path / f"a{ending}")
    assert found.nodes == {"D1": "5", "A1": "5", "D2": "4"}
    assert found.members[0].index == Fraction("4.2125")
    assert found.members[0].places == {"index": 10, "D1": 10, "A1": 10, "D2": 10}


@pytest.mark.parametrize("path", ["data", "result.records", "results", "items", "data.rows"])
def test_rows_in_the_envelope_of_an_api(path: str, tmp_path: Path) -> None:
    made: Any = [{"instansi": "A", "tahun": 2023, "indeks": 3.1}, {"instansi": "B", "indeks": 2}]
    for key in reversed(path.split(".")):
        made = {"success": True, key: made}
    (tmp_path / "a.json").write_text(json.dumps(made))
    assert read(tmp_path / "a.json").indices == {"A": "3.1", "B": "2"}


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
@pytest.mark.parametrize("command", ["rank", "audit"])
def test_our_answers_are_read_back(form: str, command: str, tmp_path: Path, spbe: Spbe) -> None:
    table = tmp_path / "t.csv"
    table.write_text("Instansi,Kategori,Tahun,Indeks\nKota A,kota,2023,3.1\nKab. B,kab,2023,2\n")
    out = tmp_path / f"out.{form}"
    assert spbe(command, str(table), "--format", form, "-o", str(out)).code == 0
    assert read(out).indices == {"Kota A": "3.1", "Kab. B": "2"}
    answer = out.read_bytes()
    assert spbe("rank", "-", stdin=answer).code == 0


def test_a_table_in_markdown_is_read(tmp_path: Path, spbe: Spbe) -> None:
    out = tmp_path / "out.md"
    arguments = ("rank", "examples/national-2023.csv", "--top", "3", "--format", "markdown")
    assert spbe(*arguments, "-o", str(out)).code == 0
    assert len(read(out).members) == 3


def test_of_several_stages_the_last_is_taken_and_said(tmp_path: Path) -> None:
    rows = [["Instansi", "Tahap", "Indeks"], ["A", "akhir", "3"], ["A", "mandiri", "4"]]
    found = text(tmp_path, [*rows, ["B", "mandiri", "2"]])
    assert (found.indices, found.errors) == ({"A": "3", "B": "2"}, [])
    assert found.notices == ["stages-left-out"]
    twice = text(tmp_path, [*rows, ["A", "akhir", "3"]])
    assert twice.errors == ["institution-repeated"] * 2
    assert text(tmp_path, [*rows, ["A", "", "3"]]).errors == ["institution-repeated"] * 2


def test_several_years_under_one_year_are_one_problem(tmp_path: Path) -> None:
    rows = [["Instansi", "Tahun", "Indeks"]]
    rows += [[name, year, "3"] for name in "ABC" for year in ("2023", "2024")]
    found = text(tmp_path, rows, year=2023)
    assert (found.errors, found.notices) == (["several-years"], [])


PORTAL = [
    "id,kode_provinsi,nama_provinsi,kode_kabupaten_kota,nama_kabupaten_kota,indeks_spbe,satuan,tahun",
    "1,32,JAWA BARAT,3201,KABUPATEN BOGOR,3.21,INDEKS,2022",
    "2,32,JAWA BARAT,3202,KABUPATEN SUKABUMI,2.90,INDEKS,2022",
    "3,32,JAWA BARAT,3201,KABUPATEN BOGOR,3.51,INDEKS,2023",
    "4,32,JAWA BARAT,3202,KABUPATEN SUKABUMI,3.00,INDEKS,2023",
]


def test_a_portals_table_of_several_years(tmp_path: Path, spbe: Spbe) -> None:
    path = tmp_path / "portal.csv"
    path.write_text("\n".join(PORTAL))
    found = read(path, only_year=2023)
    assert found.indices == {"KABUPATEN BOGOR": "3.51", "KABUPATEN SUKABUMI": "3"}
    assert {each.province for each in found.members} == {"JAWA BARAT"}
    for command in ("rank", "profile", "audit"):
        assert spbe(command, str(path), "--only-year", "2023").code == 0
    refused = spbe("rank", str(path))
    assert (refused.code, "[several-years]" in refused.err) == (3, True)
    assert "--only-year" in refused.err
    other = spbe("rank", str(path), "--only-year", "2020")
    assert (other.code, "2022, 2023" in other.err) == (3, True)


def test_a_year_asked_for_over_the_tables_is_said(tmp_path: Path) -> None:
    rows = [["Instansi", "Tahun", "Indeks"], ["A", "2023", "3"]]
    found = text(tmp_path, rows, year=2024)
    assert (found.members[0].year, found.notices) == (2024, ["year-overridden"])
    assert text(tmp_path, rows, year=2023).notices == []
    assert text(tmp_path, [["Instansi", "Indeks"], ["A", "3"]], year=2023).notices == []


# Years in headings, headings over two rows


@pytest.mark.parametrize(
    "headings",
    [
        ["Indeks 2022", "Indeks 2023"],
        ["2022", "2023"],
        ["Indeks SPBE Tahun 2022", "Indeks SPBE Tahun 2023"],
        ["Nilai SPBE (2022)", "Nilai SPBE (2023)"],
        ["indeks_2022", "indeks_2023"],
        ["Tahun 2022", "Tahun 2023"],
        ["Skor TA 2022", "Skor TA 2023"],
    ],
)
def test_a_year_in_the_heading_is_the_year(headings: list[str], tmp_path: Path) -> None:
    rows = [["Instansi", *headings], ["A", "2.5", "3"], ["B", "", "4"]]
    found = text(tmp_path, rows, ",")
    years = [(each.institution, each.year, f"{float(each.index):g}") for each in found.members]
    assert years == [("A", 2022, "2.5"), ("A", 2023, "3"), ("B", 2023, "4")]
    assert text(tmp_path, rows, ",", only_year=2023).indices == {"A": "3", "B": "4"}


def test_a_heading_and_a_column_that_differ_in_the_year_are_refused(tmp_path: Path) -> None:
    rows = [["Instansi", "Tahun", "Indeks 2023"], ["A", "2022", "3"]]
    assert text(tmp_path, rows).errors == ["metadata-twice"]
    rows[1][1] = "2023"
    assert text(tmp_path, rows).errors == []


def test_headings_over_two_rows(tmp_path: Path) -> None:
    rows: Cells = [
        ["No", "Instansi", "Indeks SPBE", ""],
        ["", "", "2022", "2023"],
        [1, "A", "2.5", "3"],
    ]
    assert [m.year for m in text(tmp_path, rows, ",").members] == [2022, 2023]
    rows = [
        ["Instansi", "2022", "", "2023", ""],
        ["", "Indeks", "Predikat", "Indeks", "Predikat"],
        ["A", "2.5", "Cukup", "3", "Baik"],
    ]
    found = text(tmp_path, rows, ",").members
    assert [(m.year, m.published and m.published.name) for m in found] == [
        (2022, "Cukup"),
        (2023, "Baik"),
    ]
    rows = [
        ["Instansi", "Nilai Domain", "", "", "", "Indeks"],
        ["", "Kebijakan", "Tata Kelola", "Manajemen", "Layanan", ""],
        ["A", "1", "2", "3", "4", "3"],
    ]
    assert text(tmp_path, rows, ",").nodes == {"D1": "1", "D2": "2", "D3": "3", "D4": "4"}
    rows = [["", "Domain", ""], ["Instansi", "1 Kebijakan", "2 Tata Kelola"], ["A", "1", "2"]]
    assert text(tmp_path, rows, ",", parts_allowed=True).nodes == {"D1": "1", "D2": "2"}
    rows = [["", "Aspek", ""], ["Nama OPD", "A1", "A2"], ["A", "1", "2"]]
    assert text(tmp_path, rows, ",", parts_allowed=True).nodes == {"A1": "1", "A2": "2"}


def test_merged_headings_of_a_workbook(tmp_path: Path) -> None:
    rows: Cells = [
        ["Hasil Evaluasi SPBE"],
        ["No", "Instansi", "Indeks SPBE", "", "Predikat"],
        ["", "", "2022", "2023", ""],
        [1, "Kab. A", 2.5, 3.1, "Baik"],
        [2, "Kota B", 2.7, 3.5, "Sangat Baik"],
    ]
    merged = [(0, 0, 0, 4, "Hasil Evaluasi SPBE"), (1, 2, 1, 3, "Indeks SPBE")]
    merged += [(1, column, 2, column, name) for column, name in ((0, "No"), (1, "Instansi"))]
    found = book(tmp_path, {"Rekap": rows}, merged)
    assert [(m.institution, m.year, str(m.index)) for m in found.members] == [
        ("Kab. A", 2022, "5/2"),
        ("Kab. A", 2023, "31/10"),
        ("Kota B", 2022, "27/10"),
        ("Kota B", 2023, "7/2"),
    ]
    assert (found.errors, found.notices) == ([], ["value-without-year"])


def test_a_sheet_a_year_and_a_sheet_a_category(tmp_path: Path) -> None:
    head = ["Instansi", "Indeks"]
    by_year = book(tmp_path, {"2022": [head, ["A", 2.5]], "2023": [head, ["A", 3]]})
    assert {(m.year, str(m.index)) for m in by_year.members} == {(2022, "5/2"), (2023, "3")}
    by_kind = book(tmp_path, {"Kab": [head, ["Kab. A", 2.5]], "Kota": [head, ["Kota A", 3]]})
    assert by_kind.indices == {"Kab. A": "2.5", "Kota A": "3"}


def test_the_year_of_the_title(tmp_path: Path) -> None:
    table = [["Instansi", "Indeks"], ["A", "3"]]
    title = ["Lampiran Keputusan Nomor 13 Tahun 2024 tentang Hasil Evaluasi SPBE Tahun 2023"]
    found = text(tmp_path, [title, *table])
    assert (found.members[0].year, found.notices) == (2023, ["year-in-title"])
    found = text(tmp_path, [["Tahun", "2022"], *table])
    assert (found.members[0].year, found.notices) == (2022, [])
    two = text(tmp_path, [["Evaluasi Tahun 2022 dan Tahun 2023"], *table])
    assert (two.members[0].year, two.notices) == (None, [])


# One institution, however it is written

ONE = """Kab. Bogor;Kab Bogor;KABUPATEN BOGOR;Kabupaten Bogor;Pemerintah Kabupaten Bogor
Pemkab Bogor;Pemerintah Kab. Bogor;Bogor, Kab.;Bogor (Kabupaten)
Pemerintah Daerah Kabupaten Bogor;Kab.Bogor;\u00a0Kabupaten\u2003Bogor ;Kab\uff0e Bogor
\uff2babupaten Bogor;kabupaten-bogor;Kabupaten \u2013 Bogor;Kabupa\u00adten Bogor
\ufeffKab. Bogor\u200b;Pemda Kabupaten Bogor"""


@pytest.mark.parametrize("name", names(ONE))
def test_one_institution_however_it_is_written(name: str) -> None:
    assert folded_name(name) == "kabupaten bogor"


@pytest.mark.parametrize(
    "name", ["Kota Bogor", "Bogor", "Kab. Bogor Barat", "Provinsi Bogor", "Pemkot Bogor"]
)
def test_another_institution(name: str) -> None:
    assert folded_name(name) != "kabupaten bogor"


def test_composed_and_decomposed_letters_are_one() -> None:
    assert folded_name("Kab. Caf\u00e9") == folded_name("KABUPATEN CAFE\u0301")
    assert folded_name("Kepulauan Riau") == folded_name("Kep. Riau")
    assert identity("Bogor", "Kota") == identity("Kota Bogor", None)


@pytest.mark.parametrize("name", names(ONE))
def test_duplicates_previous_and_categories(name: str, tmp_path: Path) -> None:
    name = name.replace(";", ",")
    head = "institution\tcategory\tindex"
    (tmp_path / "a.tsv").write_text(f"{head}\nKab. Bogor\tKab.\t3\n", encoding="utf-8")
    (tmp_path / "b.tsv").write_text(f"{head}\n{name}\tKabupaten\t2\n", encoding="utf-8")
    both, problems = read_population([str(tmp_path / "a.tsv"), str(tmp_path / "b.tsv")], Wishes())
    assert [problem.code for problem in problems] == ["institution-repeated"]
    assert {member.category for member in both} == {"Kab."}
    ranking = rank(read(tmp_path / "a.tsv").members, read(tmp_path / "b.tsv").members)
    assert ranking.gone == ()
    assert ranking.ranked[0].before is not None
    assert ranking.ranked[0].before.change == 1


def test_one_name_in_two_provinces_is_two_institutions(tmp_path: Path) -> None:
    head = ["Instansi", "Provinsi", "Indeks"]
    rows = [head, ["Dinas Kesehatan", "Jambi", "3"], ["Dinas Kesehatan", "Provinsi Riau", "2"]]
    now = text(tmp_path, rows)
    assert (len(now.members), now.errors) == (2, [])
    swapped = [head, ["DINAS KESEHATAN", "Riau", "1"], ["Dinas Kesehatan", "Prov. Jambi", "1"]]
    before = text(tmp_path, swapped)
    ranking = rank(now.members, before.members)
    changes = {each.member.province: each.before and each.before.change for each in ranking.ranked}
    assert changes == {"Jambi": 2, "Provinsi Riau": 1}
    once = text(tmp_path, [head, rows[1], ["Dinas Kesehatan", "", "2"]])
    assert once.errors == ["institution-repeated"]
    twice = text(tmp_path, [head, rows[1], ["Dinas Kesehatan", "PROV. JAMBI", "2"]])
    assert twice.errors == ["institution-repeated"]


def test_a_city_and_a_regency_of_one_name(tmp_path: Path) -> None:
    rows = [["Nama Daerah", "Jenis", "Indeks"], ["Bogor", "Kota", "3"], ["Bogor", "Kab.", "2"]]
    now = text(tmp_path, rows)
    assert (len(now.members), now.errors) == (2, [])
    before = text(tmp_path, [["Instansi", "Indeks"], ["Kab. Bogor", "1"], ["Kota Bogor", "1"]])
    ranked = rank(now.members, before.members).ranked
    changes = [each.before and each.before.change for each in ranked]
    assert changes == [2, 1]


def test_peers_are_found_by_the_same_names(tmp_path: Path, spbe: Spbe) -> None:
    (tmp_path / "p.csv").write_text("Nama Pemda,Nilai\nKOTA JAMBI,4.27\nKab. A,3\nRata-rata,3.6\n")
    out = tmp_path / "laporan.md"
    sheet = "examples/kota-jambi-2023.yaml"
    result = spbe("report", sheet, "--peers", str(tmp_path / "p.csv"), "-o", str(out))
    assert (result.code, "[row-not-read]" in result.err) == (0, True)
    assert "not in the table" not in out.read_text(encoding="utf-8")


# Problems of a table, all at once, and each cause once


def test_a_column_of_other_things_is_one_problem(tmp_path: Path) -> None:
    rows = [["Instansi", "Nilai"], ["A", "78,5"], ["B", "81"], ["C", "66,2"]]
    assert text(tmp_path, rows).errors == ["published-off-scale"]
    assert text(tmp_path, [*rows, ["D", "3,1"]]).errors == ["published-off-scale"] * 3


def test_a_year_without_an_instrument_is_said_once(tmp_path: Path) -> None:
    rows = [["Instansi", "Tahun", "Indeks"], ["A", "2016", "3"], ["B", "2016", "9,x"]]
    assert text(tmp_path, rows).errors == ["year-without-instrument", "published-not-number"]


def test_all_problems_of_a_row_are_said(tmp_path: Path) -> None:
    rows = [["Instansi", "Tahun", "Indeks", "Predikat"], ["", "x", "7", "Hebat"]]
    found = text(tmp_path, rows)
    codes = ["institution-absent", "not-a-whole-number", "published-off-scale"]
    assert sorted(found.errors) == sorted([*codes, "published-predicate-unknown"])


def test_what_was_read_is_known(tmp_path: Path) -> None:
    rows = [["No", "Instansi", "Kebijakan", "Catatan", "Nilai"], ["1", "A", "2", "baik", "3"]]
    read_ = text(tmp_path, [*rows, ["", "Rata-rata", "2", "", "3"]]).members[0].read
    assert read_ is not None
    taken = [(each.heading, each.role, each.indicator) for each in read_.columns]
    assert taken == [
        ("No", "", ""),
        ("Instansi", "institution", ""),
        ("Kebijakan", "node", "D1"),
        ("Catatan", "", ""),
        ("Nilai", "index", ""),
    ]
    assert [row.text for row in read_.rows_left_out] == ["Rata-rata"]


def test_a_workbook_drops_zeros_at_the_end(tmp_path: Path) -> None:
    found = book(tmp_path, {"A": [["Instansi", "Indeks"], ["A", 3.5], ["B", 3.21], ["C", 3]]})
    assert [each.places for each in found.members] == [{"index": 2}] * 3


# F14: what changes from indicator to indicator says nothing of the institution

LONG = range(1, 48)


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        ("No;Kategori;Nilai", lambda code: [code, f"Kapabilitas {code // 20}", 3]),
        ("Kategori;No;Nilai", lambda code: [f"Aspek {code // 9}", code, 3]),
        ("No;Nilai;Kategori", lambda code: [code, 3, "Kebijakan" if code < 11 else "Layanan"]),
        ("No;Jenis;Nilai", lambda code: [code, ("Kebijakan", "Layanan")[code % 2], 3]),
        ("Code;Category;Score", lambda code: [code, ("process", "function")[code > 10], 3]),
        ("No;Provinsi;Nilai", lambda code: [code, ("Jambi", "Riau")[code % 2], 3]),
        ("No;Kelompok;Nilai", lambda code: [code, f"K{code % 3}", 3]),
    ],
)
def test_what_changes_row_by_row_is_no_category(
    headings: str, cells: Callable[[int], list[Any]], tmp_path: Path
) -> None:
    rows: Cells = [["Instansi", "Kota X"], ["Tahun", 2023], headings.split(";")]
    found = text(tmp_path, [*rows, *map(cells, LONG)])
    (member,) = found.members
    assert (member.category, member.province) == (None, None)
    assert (member.index, found.errors) == (Fraction(3), [])


@pytest.mark.parametrize("odd", [1, 2, 30, 47])
def test_a_category_that_differs_once_is_refused(odd: int, tmp_path: Path) -> None:
    rows: Cells = [["Instansi", "Kota X"], ["Tahun", 2023], ["No", "Kategori", "Nilai"]]
    kinds = [[code, "kab" if code == odd else "kota", 3] for code in LONG]
    assert text(tmp_path, [*rows, *kinds]).errors == ["metadata-twice"]
    same = [[code, "kota", 3] for code in LONG]
    assert text(tmp_path, [*rows, *same]).members[0].category == "kota"


@pytest.mark.parametrize("over", ["Domain", "Nilai Domain", "Indeks per Domain"])
@pytest.mark.parametrize("numbers", [["1", "2", "3", "4"], ["I", "II", "III", "IV"]])
def test_numbers_below_the_word_domain_are_no_indicators(
    over: str, numbers: list[str], spbe: Spbe, tmp_path: Path
) -> None:
    rows = [
        ["No", "Instansi", "Tahun", over, "", "", "", "Indeks"],
        ["", "", "", *numbers, ""],
        ["1", "Kota A", "2023", "0.30", "4.00", "2.91", "4.69", "4.27"],
    ]
    (tmp_path / "a.csv").write_text("\n".join(map(",".join, rows)))
    found = spbe("audit", str(tmp_path / "a.csv"))
    assert (found.code, "D1 0.30" in " ".join(found.out.split())) == (1, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_rows_of_keys_in_any_encoding(encoding: str, ending: str, tmp_path: Path) -> None:
    rows = [{"instansi": "Kab. A", "indeks": "4.26"}, {"instansi": "Kota B", "indeks": "3.90"}]
    made = "\n".join(map(json.dumps, rows)) if ending == "jsonl" else json.dumps(rows)
    path = tmp_path / f"a.{ending}"
    path.write_bytes(made.encode(encoding))
    members, problems = read_population([str(path)], Wishes())
    assert [member.institution for member in members] == ["Kab. A", "Kota B"]
    assert errors_of(problems) == []
