"""Charts and workbooks of compare, rank and profile: every value is that of the JSON."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from conftest import Spbe
from openpyxl import load_workbook

from spbe_cli.core.number import parse
from spbe_cli.formats.charts import MOST_BARS

SVG = "{http://www.w3.org/2000/svg}"
NATIONAL = "examples/national-2023.csv"
JAMBI = ("examples/kota-jambi-2022.yaml", "examples/kota-jambi-2023.yaml")
LONG = "Pemerintah Kabupaten " + "Kepulauan Anak Agung Gde Raja Wijayakusumanegara " * 6


def drawn(spbe: Spbe, folder: Path, *arguments: str) -> ET.Element:
    path = folder / "bagan.svg"
    ran = spbe(*arguments, "-o", str(path), "--force")
    assert ran.code == 0, ran.err
    return ET.fromstring(path.read_text("utf-8"))  # noqa: S314 - our own


def answered(spbe: Spbe, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(spbe(*arguments, "--format", "json").out)
    return found


def groups(root: ET.Element) -> list[ET.Element]:
    return [each for each in root.iter(f"{SVG}g") if each.get("data-name") is not None]


def bars(root: ET.Element) -> list[tuple[str, str]]:
    return [(g.get("data-name", ""), g.get("data-value", "")) for g in groups(root)]


def described(root: ET.Element) -> list[ET.Element]:
    """The pictures in a picture; each has a title and a description."""
    pictures = [each for each in root.iter() if each.get("role") == "img"]
    for each in pictures:
        ids = {child.get("id"): child.text for child in each if child.get("id")}
        assert all(ids[key] for key in each.get("aria-labelledby", "").split())
    assert pictures
    return pictures


@pytest.mark.parametrize(
    "asked",
    [(), ("--top", "3"), ("--province", "jambi"), ("--category", "KOTA"),
     ("--category", "kota", "--province", "Provinsi Jambi"), ("--find", "jambi"),
     ("--category", "kota", "--around", "kota jambi")],
    ids=str,
)  # fmt: skip
def test_bars_of_a_league_table(spbe: Spbe, tmp_path: Path, asked: tuple[str, ...]) -> None:
    root = drawn(spbe, tmp_path, "rank", NATIONAL, *asked)
    results = answered(spbe, "rank", NATIONAL, *asked)["results"]
    expected = [(each["institution"], each["index"]["exact"]) for each in results]
    assert bars(root) == expected[:MOST_BARS]
    (picture,) = described(root)
    left = len(expected) - MOST_BARS
    said = " ".join("".join(each.itertext()) for each in root.iter(f"{SVG}text"))
    assert (f"{left} more institutions are not drawn" in said) == (left > 0)
    assert picture.findtext(f"{SVG}desc", "").count(";") == min(len(expected), MOST_BARS) - 1
    lengths = [float(g.find(f"{SVG}rect").get("width")) for g in groups(root)]  # type: ignore[union-attr, arg-type]
    for length, (_, index) in zip(lengths, expected, strict=False):
        assert length == pytest.approx(230 * float(parse(index)) / 5, abs=0.06)


def test_a_chart_for_each_group(spbe: Spbe, tmp_path: Path) -> None:
    root = drawn(spbe, tmp_path, "rank", NATIONAL, "--by", "category", "--top", "2")
    assert len(described(root)) == 7
    results = answered(spbe, "rank", NATIONAL, "--by", "category", "--top", "2")["results"]
    assert bars(root) == [(each["institution"], each["index"]["exact"]) for each in results]


def test_lines_of_two_periods_and_of_several(spbe: Spbe, tmp_path: Path) -> None:
    for files in (JAMBI, (*JAMBI, JAMBI[0])):
        root = drawn(spbe, tmp_path, "compare", *files)
        (result,) = answered(spbe, "compare", *files)["results"]
        lines = {g.get("data-name"): g.get("data-values", "").split() for g in groups(root)}
        index = [period["index"]["exact"] for period in result["periods"]]
        assert lines.pop("Indeks SPBE") == index
        domains = [each for each in result["groups"] if each["kind"] == "domain"]
        assert {name: (values[0], values[-1]) for name, values in lines.items()} == {
            f"{each['code']} {each['name']}": (each["before"]["exact"], each["after"]["exact"])
            for each in domains
        }
        described(root)
        # told apart without colour
        looks = [(g[0].get("stroke-dasharray"), g[0].get("class")) for g in groups(root)]
        assert len(set(looks)) == len(looks)


def test_no_line_goes_from_one_index_to_another(spbe: Spbe, tmp_path: Path) -> None:
    files = (*JAMBI, "examples/kab-aceh-tengah-2026.yaml")
    (line,) = groups(drawn(spbe, tmp_path, "compare", *files))
    assert len(line.findall(f"{SVG}line")) == 1
    assert line.get("data-name") == "Indeks SPBE / Indeks Pemdi"


def test_the_distribution_of_all_and_of_each_category(spbe: Spbe, tmp_path: Path) -> None:
    root = drawn(spbe, tmp_path, "profile", NATIONAL)
    results = answered(spbe, "profile", NATIONAL)["results"]
    assert bars(root) == [
        (each["name"], str(each["number"])) for group in results for each in group["predicates"]
    ]
    assert len(described(root)) == len(results) == 8


def table(path: Path, names: list[str], index: str = "3.00") -> Path:
    rows = [f"{name},kab,Jambi,2023,{index}\n" for name in names]
    path.write_text("institution,category,province,year,index\n" + "".join(rows), "utf-8")
    return path


@pytest.mark.parametrize(
    "names",
    [["Kota Satu"], [f"{LONG[:328]} {n}" for n in range(3)], ["W" * 330, "部" * 330, '<b> & "q"'],
     [f"Kab. {n}" for n in range(621)]],
    ids=["one", "long", "wide", "621-equal"],
)  # fmt: skip
def test_no_text_is_on_another_and_none_leaves_the_picture(
    spbe: Spbe, tmp_path: Path, names: list[str]
) -> None:
    path = table(tmp_path / "tabel.csv", [name.replace('"', '""') for name in names])
    quoted = path.read_text("utf-8").replace('<b> & ""q""', '"<b> & ""q"""')
    path.write_text(quoted, "utf-8")
    root = drawn(spbe, tmp_path, "rank", str(path))
    assert [name for name, _ in bars(root)] == sorted(names, key=str.casefold)[:MOST_BARS]
    width, height = (float(each) for each in root.get("viewBox", "").split()[2:])
    ends: list[float] = []
    for group in groups(root):
        texts, bar = group.findall(f"{SVG}text"), group.find(f"{SVG}rect")
        assert bar is not None
        ys = [float(each.get("y", "")) for each in texts]
        assert ys == sorted(ys)
        assert all(b - a >= 12 for a, b in pairwise(ys[:-1]))
        top = float(bar.get("y", ""))
        assert ys[-2] + 4 <= top
        assert not ends or ys[0] - 11 >= ends[-1]
        ends.append(top + 12)
        assert float(bar.get("width", "")) + 150 < width
    assert ends[-1] < height


def test_a_page_has_every_chart_and_every_table(spbe: Spbe, tmp_path: Path) -> None:
    path = tmp_path / "halaman.html"
    assert spbe("rank", NATIONAL, "-o", str(path), "--lang", "id").code == 0
    page = lxml.html.fromstring(path.read_text("utf-8"))
    assert page.get("lang") == "id"
    assert len(page.findall(".//svg")) == 1
    cells = [[cell.text_content() for cell in row] for row in page.iter("tr")][1:]
    results = answered(spbe, "rank", NATIONAL)["results"]
    assert [row[1] for row in cells] == [each["institution"] for each in results]
    assert [row[2].replace(",", ".") for row in cells] == [
        each["index"]["rounded"] for each in results
    ]


def test_hostile_names_are_text(spbe: Spbe, tmp_path: Path) -> None:
    name = "</title><script>alert(1)</script>"
    path = table(tmp_path / "tabel.csv", [name, "=1+1"])
    root = drawn(spbe, tmp_path, "rank", str(path))
    assert not list(root.iter(f"{SVG}script"))
    page = tmp_path / "x.html"
    assert spbe("rank", str(path), "-o", str(page)).code == 0
    assert "<script" not in page.read_text("utf-8")


def sheet_of(path: Path) -> list[list[Any]]:
    book = load_workbook(io.BytesIO(path.read_bytes()))
    (sheet,) = book.worksheets
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize(
    "command", [("rank", NATIONAL), ("profile", NATIONAL), ("compare", *JAMBI)]
)
def test_a_workbook_has_the_rows_of_the_csv(
    spbe: Spbe, tmp_path: Path, command: tuple[str, ...]
) -> None:
    path, other = tmp_path / "x.xlsx", tmp_path / "x.csv"
    assert spbe(*command, "-o", str(path)).code == spbe(*command, "-o", str(other)).code == 0
    with other.open(encoding="utf-8", newline="") as stream:
        expected = list(csv.reader(stream))
    found = sheet_of(path)
    assert len(found) == len(expected)
    for cells, texts in zip(found, expected, strict=True):
        for cell, text in zip(cells, texts, strict=True):
            if isinstance(cell, int | float):
                assert Fraction(str(cell)) == parse(text.removeprefix("'"))
            else:
                assert (cell or "") == text
    if command[0] == "rank":
        results = answered(spbe, *command)["results"]
        at = found[0].index("index")
        assert [row[at] for row in found[1:]] == [float(r["index"]["rounded"]) for r in results]


def test_a_batch_writes_a_workbook_that_is_read_back(spbe: Spbe, tmp_path: Path) -> None:
    source = tmp_path / "nilai.csv"
    head = ",".join(["institution", "year", *(f"I{n}" for n in range(1, 48))])
    rows = [f"=1+{n},2023," + ",".join(str(1 + (n + k) % 5) for k in range(47)) for n in range(9)]
    source.write_text("\n".join([head, *rows]), "utf-8")
    path, other = tmp_path / "hasil.xlsx", tmp_path / "hasil.csv"
    assert spbe("batch", str(source), "-o", str(path)).code == 0
    assert spbe("batch", str(source), "-o", str(other), "--raw").code == 0
    lines = [line.split(",") for line in other.read_text("utf-8").splitlines()]
    found = sheet_of(path)
    assert found[0] == lines[0]
    at = lines[0].index("index")
    assert [row[at] for row in found[1:]] == [float(line[at]) for line in lines[1:]]
    assert [row[0] for row in found[1:]] == [f"=1+{n}" for n in range(9)]
    again = spbe("rank", str(path), "--format", "json")
    assert again.code == 0
    places = {
        each["institution"]: each["index"]["exact"] for each in json.loads(again.out)["results"]
    }
    assert {row[0]: float(places[row[0]]) for row in found[1:]} == {
        row[0]: row[at] for row in found[1:]
    }


def test_a_batch_with_more_rows_than_a_sheet(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spbe_cli.formats.sheets.MOST_ROWS", 3)
    for rows, code in ((2, 0), (3, 2)):
        levels = ", ".join(f"{code}: 3" for code in range(1, 48))
        head = "institution: Kota {}\nyear: 2023\nlevels: "
        sheets = [f"{head.format(n)}{{{levels}}}\n" for n in range(rows)]
        (tmp_path / "nilai.yaml").write_text("---\n".join(sheets), "utf-8")
        path = tmp_path / f"{rows}.xlsx"
        ran = spbe("batch", str(tmp_path / "nilai.yaml"), "-o", str(path))
        assert (ran.code, path.exists()) == (code, code == 0), ran.err
    assert "[sheet-full]" in ran.err


def test_the_ending_says_the_format(spbe: Spbe, tmp_path: Path) -> None:
    begins = {"svg": "<svg", "html": "<!doctype", "json": "{", "md": "## ", "csv": "institution,",
              "txt": "All institutions: 621\n"}  # fmt: skip
    for ending, begin in begins.items():
        path = tmp_path / f"x.{ending}"
        assert spbe("rank", NATIONAL, "-o", str(path)).code == 0
        assert path.read_text("utf-8").startswith(begin), ending
    for arguments in (("-o", "x.pdf"), ("-o", "x.svg", "--format", "csv"), ("-o", "x.yaml")):
        ran = spbe("rank", NATIONAL, *arguments)
        assert (ran.code, "[output-ending]" in ran.err) == (2, True)
    assert ".table" not in ran.err
    # what settings say is no contradiction
    assert (
        spbe("rank", NATIONAL, "-o", str(tmp_path / "x.svg"), "--force", SPBE_FORMAT="json").code
        == 0
    )
    assert (tmp_path / "x.svg").read_text("utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("asked", "code"),
    [(("--province", "Jmabi"), "did you mean Jambi?"),
     (("--category", "kta"), "did you mean kota?"),
     (("--province", "zzzz"), "[group-unknown]"),
     (("--around", "kota jmabi"), "[institution-unknown]"),
     (("--around", "jambi"), "[institution-several]"),
     (("--category", "kota", "--province", "Papua Selatan"), "[group-unknown]")],
    ids=str,
)  # fmt: skip
def test_who_is_not_there_is_refused(spbe: Spbe, asked: tuple[str, ...], code: str) -> None:
    ran = spbe("rank", NATIONAL, *asked)
    assert ran.code == 2
    assert code in ran.err


def test_filters_are_those_of_the_data(spbe: Spbe) -> None:
    """Held against the whole ranking, which is filtered here."""
    whole = answered(spbe, "rank", NATIONAL)["results"]

    def names(*asked: str) -> list[str]:
        return [each["institution"] for each in answered(spbe, "rank", NATIONAL, *asked)["results"]]

    jambi = [each["institution"] for each in whole if each["province"] == "Jambi"]
    assert names("--province", "jambi") == jambi
    kota = [each["institution"] for each in whole if each["category"] == "kota"]
    assert names("--category", "kota") == kota
    assert names("--category", "kota", "--province", "Jambi") == [n for n in jambi if n in kota]
    at = kota.index("Pemerintah Kota Bandar Lampung")
    assert names("--category", "kota", "--around", "kota bandar lampung") == kota[at - 5 : at + 6]
    everyone = [each["institution"] for each in whole]
    at = everyone.index("Pemerintah Kota Bandar Lampung")
    assert names("--around", "Pemerintah Kota Bandar Lampung") == everyone[at - 5 : at + 6]
    page = spbe("rank", NATIONAL, "--province", "jambi").out
    assert re.search(r"^ +1  Pemerintah Kota Jambi", page, re.MULTILINE)
    assert page.startswith("Jambi: 12\n")


def test_who_is_gone_is_of_the_group_that_is_shown(spbe: Spbe, tmp_path: Path) -> None:
    rows = ["Kota A,kota,Jambi,{},3.1", "Kab. B,kabupaten,Bali,{},3.2", "Kota C,kota,Jambi,{},3.3"]
    tables = []
    for year, held in ((2022, rows), (2023, rows[:2])):
        tables.append(tmp_path / f"{year}.csv")
        text = "\n".join(["institution,category,province,year,index", *held])
        tables[-1].write_text(text.replace("{}", str(year)) + "\n", encoding="utf-8")
    before, now = map(str, tables)

    def gone(*asked: str) -> object:
        return answered(spbe, "rank", now, "--previous", before, *asked)["gone"]

    assert gone() == gone("--province", "jambi") == gone("--category", "kota") == ["Kota C"]
    assert gone("--province", "bali") == gone("--category", "kabupaten") == []
    assert "Kota C" not in spbe("rank", now, "--previous", before, "--province", "bali").out


def test_a_chart_of_those_found_says_of_how_many(spbe: Spbe, tmp_path: Path) -> None:
    path = tmp_path / "x.svg"
    assert spbe("rank", NATIONAL, "--find", "jambi", "-o", str(path)).code == 0
    assert '<title id="chart-title">All institutions: 621</title>' in path.read_text("utf-8")
