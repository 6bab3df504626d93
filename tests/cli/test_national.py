"""`spbe rank`, `spbe profile` and `spbe audit`: tables for people, data for programs."""

import json
from pathlib import Path

import pytest
import xlsxwriter
from conftest import ROOT, Spbe
from jsonschema import validate
from support.sheets import NATIONAL
from support.tables import records_of
from syrupy.assertion import SnapshotAssertion

COMMANDS = {
    "rank": ["rank", NATIONAL, "--by", "category", "--top", "2"],
    "find": ["rank", NATIONAL, "--find", "kota jambi"],
    "profile": ["profile", NATIONAL, "--target", "baik"],
    "profile-detail": ["profile", NATIONAL, "--detail", "aspect"],
    "audit": ["audit", NATIONAL],
}


@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("name", COMMANDS)
def test_widths_and_languages(
    spbe: Spbe, text: SnapshotAssertion, name: str, language: str, columns: int
) -> None:
    result = spbe(*COMMANDS[name], "--lang", language, columns=columns)
    assert result.err == ""
    assert result.code == (1 if name == "audit" else 0)
    assert all(len(line) <= columns for line in result.out.splitlines())
    assert result.out == text


@pytest.mark.parametrize("name", COMMANDS)
def test_json_has_its_schema(spbe: Spbe, name: str) -> None:
    document = json.loads(spbe(*COMMANDS[name], "--format", "json").out)
    file = f"{document['format'].replace('/', '-')}.schema.json"
    validate(document, json.loads((ROOT / "schemas" / file).read_text()))


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("format_", ["jsonl", "csv", "markdown"])
def test_every_format(spbe: Spbe, name: str, format_: str) -> None:
    result = spbe(*COMMANDS[name], "--format", format_)
    assert result.err == ""
    assert len(result.out.splitlines()) > 3 or name == "find"


def write(path: Path, content: str) -> str:
    path.write_text(content, encoding="utf-8")
    return str(path)


def test_exact_indices_rank_where_levels_are_known(spbe: Spbe, tmp_path: Path) -> None:
    head = ",".join(["instansi", "tahun", *map(str, range(1, 48))])
    low, high = ["3"] * 47, ["3"] * 47
    high[0] = "4"  # 3.013, shown as 3.01, and below another that is shown as 3.01 as well
    low[0], low[1], low[2], low[3] = "4", "4", "2", "3"
    sheet = write(
        tmp_path / "a.csv",
        f"{head}\nA,2023,{','.join(low)}\nB,2023,{','.join(high)}\nC,2023,{','.join(low)}\n",
    )
    found = json.loads(spbe("rank", sheet, "--format", "json").out)["results"]
    assert [each["institution"] for each in found] == ["A", "B", "C"]
    assert [each["overall"]["place"] for each in found] == [1, 1, 1]
    assert {each["known"] for each in found} == {"levels"}
    scored = spbe("score", sheet, "--format", "csv").out
    again = json.loads(spbe("rank", "-", "--format", "json", stdin=scored.encode()).out)["results"]
    assert {each["known"] for each in again} == {"published index"}
    assert [each["index"]["exact"] for each in again] == ["3.01", "3.01", "3.01"]


def test_ties_share_a_place(spbe: Spbe, tmp_path: Path) -> None:
    table = write(tmp_path / "a.csv", "instansi;indeks\nA;3,00\nB;2,00\nC;3,00\nD;1,00\nE;4,00\n")
    places = [
        (row["institution"], row["place"]) for row in records_of(spbe("rank", table, "-fcsv").out)
    ]
    assert places == [("E", "1"), ("A", "2"), ("C", "2"), ("B", "4"), ("D", "5")]


def test_what_changed_since_an_earlier_table(spbe: Spbe, tmp_path: Path) -> None:
    before = write(tmp_path / "b.csv", "instansi,tahun,indeks\nA,2022,3\nB,2022,2.5\nX,2022,1\n")
    after = write(tmp_path / "a.csv", "instansi,tahun,indeks\n b ,2023,3.2\nA,2023,3.1\nN,2023,1\n")
    found = records_of(spbe("rank", after, "--previous", before, "--format", "csv").out)
    told = [
        (row["institution"], row["change"], row["previous_place"], row["shift"]) for row in found
    ]
    assert told == [("b", "+0.70", "2", "+1"), ("A", "+0.10", "1", "-1"), ("N", "", "", "")]
    table = spbe("rank", after, "--previous", before).out
    assert "Only in the earlier table: X" in table


YEARS = {
    2021: "Kota A,Kota,2.10\nKota B,Kota,2.20\nKab. C,Kabupaten,1.90\nKota X,Kota,3.00\n",
    2022: "Kab C,Kabupaten,2.90\nKota A,Kota,2.75\nKota Y,Kota,2.00\n",
    2023: "Kota A,Kota,3.2\nKota B,Kota,3.2\nKabupaten C,Kabupaten,3.21\nN,,3.5\n",
}


def by_year(folder: Path) -> dict[int, str]:
    return {
        year: write(
            folder / f"{year}.csv",
            "instansi,kategori,indeks,tahun\n" + rows.replace("\n", f",{year}\n"),
        )
        for year, rows in YEARS.items()
    }


def test_places_over_several_years_of_who_comes_and_goes(spbe: Spbe, tmp_path: Path) -> None:
    paths = by_year(tmp_path)
    earlier = ["--previous", paths[2021], "--previous", paths[2022]]
    backwards = ["--previous", paths[2022], "--previous", paths[2021]]
    found = spbe("rank", paths[2023], *earlier, "--format", "json")
    assert found.out == spbe("rank", paths[2023], *backwards, "--format", "json").out
    document = json.loads(found.out)
    assert (document["years"], document["gone"]) == ([2021, 2022], ["Kota Y", "Kota X"])
    places = {
        each["institution"]: [(past["year"], past["place"], past["of"]) for past in each["history"]]
        for each in document["results"]
    }
    assert places == {
        "N": [],
        "Kabupaten C": [(2021, 4, 4), (2022, 1, 3)],
        "Kota A": [(2021, 3, 4), (2022, 2, 3)],
        "Kota B": [(2021, 2, 4)],
    }
    assert [each["before"] is None for each in document["results"]] == [True, False, False, True]
    page = spbe("rank", paths[2023], *backwards).out
    assert "2022  2021" in page
    assert [word for word in page.split() if word in ("new", "back")] == ["new", "back"]
    assert "Last in 2022: Kota Y" in page
    assert "Last in 2021: Kota X" in page
    again = write(tmp_path / "o.csv", spbe("rank", paths[2023], *earlier, "-fcsv").out)
    assert spbe("rank", again).err == ""
    assert [row["place"] for row in records_of(spbe("rank", again, "-fcsv").out)] == list("1233")


def test_a_table_with_a_column_a_year_is_its_own_earlier_one(spbe: Spbe) -> None:
    table = "tests/trials/published-years.csv"
    found = spbe("rank", table, "--only-year", "2023", "--previous", table, "-fcsv")
    assert found.code == 0
    assert "of --previous 2023 was left out" in found.err
    told = [[r["institution"], r["place_2021"], r["place_2022"]] for r in records_of(found.out)]
    assert told == [["Kota A", "2", "1"], ["Kota B", "1", ""], ["Kota C", "3", "2"]]
    absent = spbe("rank", table, "--only-year", "2022")
    assert "1 institution has no value of 2022, and is left out: Kota B" in absent.err
    audited = spbe("audit", table)
    assert "Audit of 8 results in 3 rows, 2021, 2022, 2023" in audited.out
    assert "A row of several years counts once for each of them" in audited.out


def test_places_gained_within_the_category(spbe: Spbe, tmp_path: Path) -> None:
    paths = by_year(tmp_path)
    asked = ("rank", paths[2023], "--previous", paths[2022])
    found = spbe(*asked, "--by", "category")
    assert "ranked as a group of its own: N" in found.err
    assert "Without a category: 1" in found.out
    shifts = {each["institution"]: each for each in records_of(spbe(*asked, "-fcsv").out)}
    assert [shifts[name]["shift"] for name in ("Kota A", "Kabupaten C")] == ["-1", "-1"]
    assert [shifts[name]["category_shift"] for name in ("Kota A", "Kabupaten C")] == ["0", "0"]


def test_what_is_no_earlier_table(spbe: Spbe, tmp_path: Path) -> None:
    paths = by_year(tmp_path)
    later = spbe("rank", paths[2022], "--previous", paths[2023])
    assert (later.code, later.out) == (3, "")
    assert "--previous is of 2023, later than 2022" in later.err
    assert (
        "--previous is of 2023 as well" in spbe("rank", paths[2023], "--previous", paths[2023]).err
    )
    plain = write(tmp_path / "t.csv", "instansi,indeks\nA,3\n")
    itself = spbe("rank", plain, "--previous", plain)
    assert (itself.code, "[compared-with-itself]" in itself.err) == (0, True)
    several = spbe("rank", paths[2023], "--previous", plain, "--previous", paths[2022])
    assert "[previous-without-year]" in several.err


def test_decimals_tell_neighbours_and_bases_apart(spbe: Spbe, tmp_path: Path) -> None:
    head = ",".join(["instansi", "tahun", *map(str, range(1, 48))])
    rows = []
    for name, changed in (("A", {0: "4"}), ("B", {31: "4", 20: "2"}), ("C", {})):
        levels = [changed.get(at, "3") for at in range(47)]
        rows.append(f"{name},2024,{','.join(levels)}")
    table = write(tmp_path / "a.csv", "\n".join([head, *rows]))
    out = spbe("rank", table).out
    shown = [line.split()[2] for line in out.splitlines()[3:6]]
    assert shown == ["3.0130", "3.0125", "3.00"]
    text = (ROOT / "tests/cli/threshold-by-rounding.yaml").read_text("utf-8")
    sheet = write(tmp_path / "b.yaml", text.replace("year: 2023", "year: 2024"))
    out = " ".join(spbe("rank", sheet).out.split())
    assert " 2.595 Cukup" in out
    assert "The exact index 2.595 gives Cukup, the rounded one 2.60 gives Baik" in out


@pytest.mark.parametrize("heading", ["Peringkat", "Rank", "Ranking", "RANKING NASIONAL", "Urutan"])
def test_published_places_that_contradict_the_index(
    spbe: Spbe, tmp_path: Path, heading: str
) -> None:
    def said(*rows: str) -> str:
        table = "\n".join([f"{heading};Instansi;Kategori;Indeks", *rows])
        found = spbe("rank", write(tmp_path / "a.csv", table))
        assert spbe("audit", str(tmp_path / "a.csv")).err == found.err
        return found.err

    assert said("1;A;k;3,5", "2;B;k;3,2", "2;C;k;3,2", "4;D;k;3,1") == ""
    assert said("1;A;k;3,5", "3;B;k;3,2", "2;C;k;3,2", "4;D;k;3,1") == ""
    assert said("1;A;k;3,5", "2;B;k;3,2", "2;C;k;3,2", "3;D;k;3,1") == ""
    assert said("7;A;k;3,5", "90;B;k;3,2", "511;C;k;3,1") == ""  # a part of a larger table
    assert said("1;A;k;3,5", "1;B;p;3,2", "2;C;k;3,1", "2;D;p;2,9") == ""  # within a category
    wrong = said("1;A;k;3,5", "3;B;k;3,2", "2;C;k;3,1", "4;D;k;3,0", "5;E;k;2,9")
    assert f'the column "{heading}" contradicts the index in 1 row: ' in wrong
    both = said("3;A;k;3,5", "2;C;k;3,3", "1;B;k;3,2")
    assert "contradicts the index in 2 rows: " in both


def test_a_running_number_is_no_place(spbe: Spbe, tmp_path: Path) -> None:
    for heading in ("No", "Urutan", "No. Urut"):
        table = write(tmp_path / "a.csv", f"{heading};Instansi;Indeks\n1;A;2\n2;B;3\n3;C;1\n")
        assert spbe("rank", table).err == ""


def test_what_a_table_without_values_is_told(spbe: Spbe, tmp_path: Path) -> None:
    table = write(tmp_path / "a.csv", "Instansi;Tahun\nKota A;2023\n")
    for command in ("rank", "profile", "audit"):
        found = spbe(command, table)
        assert found.code == 3
        assert "no heading row names institutions and a value of theirs; found: Insta" in found.err
        assert "missing here" not in found.err
    alone = write(tmp_path / "b.csv", "Instansi;Indeks\nKota A;2,1\n")
    for command in ("rank", "profile", "audit"):
        assert (spbe(command, alone).code, spbe(command, alone).err) == (0, "")


def test_domain_indices_alone_give_an_uncertain_index(spbe: Spbe, tmp_path: Path) -> None:
    table = write(tmp_path / "a.csv", "instansi,D1,D2,D3,D4\nA,5.00,4.00,2.91,4.69\n")
    result = spbe("rank", table)
    assert "4.26" in result.out  # published as 4.27: docs/method.md
    assert "its last decimal is uncertain" in result.out


HOSTILE = 'instansi,kategori,indeks\n=HYPERLINK(0),kota,3\n[/],kota,2\n"a\nb",مدن,1\n'


def test_hostile_names(spbe: Spbe, tmp_path: Path) -> None:
    table = write(tmp_path / "a.csv", HOSTILE)
    assert "'=HYPERLINK(0)" in spbe("rank", table, "--format", "csv").out
    shown = spbe("rank", table, "--by", "category").out
    assert "[/]" in shown
    assert "a b" in shown
    assert "مدن" in spbe("profile", table).out
    assert spbe("audit", table).code == 0


def test_a_workbook_and_an_old_encoding(spbe: Spbe, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("Hasil")
        for number, row in enumerate([["Instansi", "Indeks", "Predikat"], ["A", 3.1, "Baik"]]):
            sheet.write_row(number, 0, row)
    assert records_of(spbe("rank", str(tmp_path / "a.xlsx"), "-fcsv").out)[0]["index"] == "3.10"
    (tmp_path / "b.csv").write_bytes("Instansi;Indeks\r\nKota Caf\xe9;2,5\r\n".encode("latin-1"))
    result = spbe("rank", str(tmp_path / "b.csv"), "-fcsv")
    assert records_of(result.out)[0]["institution"] == "Kota Café"


def test_an_audit_of_aspects_and_thirds(spbe: Spbe, tmp_path: Path) -> None:
    head = "instansi,tahun,A6,A7,D3,indeks,predikat\n"
    table = write(tmp_path / "a.csv", head + "A,2018,2.71,2.67,2.70,2.64,Baik\n")
    assert spbe("audit", table).code == 0
    wrong = write(tmp_path / "b.csv", head + "A,2018,2.71,2.66,2.70,2.64,Baik\n")
    result = spbe("audit", wrong)
    assert result.code == 1
    assert "A7 2.66" in result.out
    assert "2.50, 2.67" in result.out
    assert spbe("audit", wrong, "--exit-zero").code == 0


def test_groups_are_recognised_however_they_are_written(spbe: Spbe, tmp_path: Path) -> None:
    table = write(tmp_path / "a.csv", "instansi;kategori;indeks\nA;Kota;3\nB;kota;2\nC; KOTA;1\n")
    found = records_of(spbe("rank", table, "--format", "csv").out)
    assert [(row["category"], row["category_place"]) for row in found] == [
        ("Kota", "1"),
        ("Kota", "2"),
        ("Kota", "3"),
    ]


def test_further_sheets_of_a_workbook_are_read_or_named(spbe: Spbe, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for name, institution in (("Kota", "Kota A"), ("Provinsi", "B"), ("Ringkasan", "B")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Instansi", "Indeks"])
            sheet.write_row(1, 0, [institution, 3.1])
    result = spbe("rank", str(tmp_path / "a.xlsx"), "--format", "csv")
    assert [row["institution"] for row in records_of(result.out)] == ["B", "Kota A"]
    assert "[sheets-not-read]" in result.err
    assert "Ringkasan" in result.err


def test_rows_that_are_left_out_end_no_table(spbe: Spbe, tmp_path: Path) -> None:
    means = "Rata-rata,2\n" * 10_001
    table = write(tmp_path / "a.csv", f"instansi,indeks\nA,3\n{means}B,4\n")
    found = records_of(spbe("rank", table, "--format", "csv").out)
    assert [row["institution"] for row in found] == ["B", "A"]


def test_predicates_that_no_basis_gives(spbe: Spbe, tmp_path: Path) -> None:
    table = write(tmp_path / "a.csv", "instansi,indeks,predikat\nA,3.00,Memuaskan\n")
    result = spbe("audit", table)
    assert result.code == 1
    assert "No basis gives the predicates of this table" in result.out


@pytest.mark.parametrize(
    ("target", "said"),
    [("5.01", "target-off-scale"), ("bak", 'did you mean "Baik"?')],
)
def test_a_target_of_a_profile_is_checked_as_any_other(spbe: Spbe, target: str, said: str) -> None:
    done = spbe("profile", NATIONAL, "--target", target)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


@pytest.mark.parametrize(("target", "number"), [("3", 2), ("3.01", 1), ("2.99", 2), ("baik", 3)])
def test_who_stands_at_a_target_has_reached_it(
    spbe: Spbe, tmp_path: Path, target: str, number: int
) -> None:
    table = write(tmp_path / "a.csv", "instansi;indeks\nA;3,00\nB;2,60\nC;4,00\n")
    found = json.loads(spbe("profile", table, "--target", target, "--format", "json").out)
    assert found["results"][0]["at_target"]["number"] == number


def test_a_name_alone_goes_before_names_that_begin_so(spbe: Spbe, tmp_path: Path) -> None:
    names = ["Kota Jambi Barat", "Kota Jambi", "Kota Medan"]
    table = write(tmp_path / "a.csv", "instansi;indeks\n" + "".join(f"{n};3,00\n" for n in names))
    for wanted, found in (("kota  jambi", names[1:2]), ("jambi", names[:2]), ("KOTA", names)):
        rows = records_of(spbe("rank", table, "--find", wanted, "-fcsv").out)
        assert sorted(row["institution"] for row in rows) == sorted(found)
