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
    assert [row["institution"] for row in records_of(result.out)] == ["Kota A", "B"]
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
