"""Data formats: for machines, the same bytes for the same input."""

import csv
import io
import json
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
from conftest import ROOT, Spbe

BANDAR_LAMPUNG = "examples/bandar-lampung-2023.yaml"
SHEETS = [BANDAR_LAMPUNG, "examples/denpasar-2018.yaml", "examples/kota-jambi-2023.yaml"]


def test_json_has_what_the_contract_says(spbe: Spbe) -> None:
    document = json.loads(spbe("score", BANDAR_LAMPUNG, "--format", "json").out)
    assert document["format"] == "spbe-score/1"
    (result,) = document["results"]
    assert result["index"] == {"exact": "2.1545", "rounded": "2.15"}
    assert result["predicate"] == {
        "name": "Cukup",
        "basis": "rounded",
        "exact_name": "Cukup",
        "rounded_name": "Cukup",
    }
    assert (result["institution"], result["year"]) == ("Pemerintah Kota Bandar Lampung", 2023)
    assert (result["stage"], result["instrument"]) == ("final", "spbe-2020")
    domain, aspect = result["groups"][0], result["groups"][1]
    assert (domain["kind"], domain["code"], domain["weight"]) == ("domain", "D1", "13")
    assert (aspect["kind"], aspect["code"], aspect["parent"]) == ("aspect", "A1", "D1")
    assert result["groups"][-1]["index"] == {"exact": "7/3", "rounded": "2.33"}
    assert result["indicators"][0]["level"] == "1"
    assert result["indicators"][0]["weight"] == "1.3"
    total = sum(Fraction(indicator["contribution"]) for indicator in result["indicators"])
    assert total == Fraction("2.1545")
    assert result["source"]["path"] == BANDAR_LAMPUNG
    assert len(result["source"]["sha256"]) == 64
    assert document["gates"] == []


def test_json_follows_its_published_schema(spbe: Spbe) -> None:
    schema = json.loads((ROOT / "schemas" / "spbe-score-1.schema.json").read_text("utf-8"))
    gates = ["--min-index", "2.6", "--min", "D2=3", "--min-predicate", "kurang"]
    documents = [
        spbe("score", *SHEETS, *gates, "--format", "json").out,
        spbe("score", *SHEETS, "--set", "12=4", "--format", "json").out,
        spbe("score", "-", "--missing", "bounds", "--format", "json", stdin=b"levels: {1: 3}").out,
    ]
    for document in documents:
        jsonschema.validate(json.loads(document), schema)


def test_json_lines_hold_one_result_each(spbe: Spbe) -> None:
    found = spbe("score", *SHEETS, "--min-index", "2.5", "--format", "jsonl")
    lines = [json.loads(line) for line in found.out.splitlines()]
    assert [line["index"]["rounded"] for line in lines] == ["2.15", "2.64", "4.27"]
    assert [line["gates"][0]["met"] for line in lines] == [False, True, True]
    assert found.code == 1


def test_csv_columns(spbe: Spbe) -> None:
    found = spbe("score", BANDAR_LAMPUNG, "--format", "csv")
    head, row = csv.reader(io.StringIO(found.out))
    assert ",".join(head) == (
        "institution,category,province,year,stage,instrument,index,predicate,"
        "D1,A1,D2,A2,A3,A4,D3,A5,A6,D4,A7,A8,notices"
    )
    assert row[:8] == [
        "Pemerintah Kota Bandar Lampung", "kota", "Lampung", "2023", "final", "spbe-2020", "2.15",
        "Cukup",
    ]  # fmt: skip


def test_csv_exact(spbe: Spbe) -> None:
    found = spbe("score", BANDAR_LAMPUNG, "--format", "csv", "--exact")
    (row,) = csv.DictReader(io.StringIO(found.out))
    assert (row["index"], row["A8"]) == ("2.1545", "7/3")


def test_a_name_that_is_a_formula_is_not_run(spbe: Spbe) -> None:
    sheet = b"institution: =HYPERLINK(1)\nyear: 2023\nlevels: {1: 3}"
    found = spbe("score", "-", "--missing", "bounds", "--format", "csv", stdin=sheet)
    (row,) = csv.DictReader(io.StringIO(found.out))
    assert row["institution"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("format_", ["json", "jsonl", "csv", "markdown"])
@pytest.mark.parametrize(
    "environment", [{"FORCE_COLOR": "1"}, {"COLUMNS": "40"}, {"TERM": "dumb"}, {"TZ": "Asia/Tokyo"}]
)
def test_same_input_same_bytes(
    spbe_process: Callable[..., subprocess.CompletedProcess[bytes]],
    format_: str,
    environment: dict[str, str],
) -> None:
    plain = spbe_process("score", BANDAR_LAMPUNG, "--format", format_)
    other = spbe_process("score", BANDAR_LAMPUNG, "--format", format_, **environment)
    assert plain.returncode == 0
    assert plain.stdout
    assert plain.stdout == other.stdout


@pytest.mark.parametrize("format_", ["json", "jsonl", "csv"])
def test_data_formats_speak_no_language(spbe: Spbe, format_: str) -> None:
    english = spbe("score", *SHEETS, "--format", format_, "--lang", "en")
    indonesian = spbe("score", *SHEETS, "--format", format_, "--lang", "id")
    assert english.out == indonesian.out


def test_markdown_escapes_names(spbe: Spbe) -> None:
    sheet = b"institution: 'a|b *c* <d> _e_'\nyear: 2023\nlevels: {1: 3}"
    found = spbe("score", "-", "--missing", "bounds", "--format", "markdown", stdin=sheet)
    assert found.out.startswith("## a\\|b \\*c\\* \\<d\\> \\_e\\_, 2023\n")


def test_output_is_written_whole(spbe: Spbe, tmp_path: Path) -> None:
    target = tmp_path / "hasil.json"
    target.write_text("old", encoding="utf-8")
    found = spbe("score", BANDAR_LAMPUNG, "--format", "json", "--output", str(target))
    assert (found.code, found.out) == (0, "")
    assert json.loads(target.read_text("utf-8"))["results"][0]["index"]["rounded"] == "2.15"
    assert [path.name for path in tmp_path.iterdir()] == ["hasil.json"]


def test_output_stays_as_it_was_without_an_answer(spbe: Spbe, tmp_path: Path) -> None:
    target = tmp_path / "hasil.json"
    target.write_text("old", encoding="utf-8")
    found = spbe("score", "tests/broken/level-off-scale.yaml", "--output", str(target))
    assert found.code == 3
    assert target.read_text("utf-8") == "old"


def test_output_that_cannot_be_written(spbe: Spbe, tmp_path: Path) -> None:
    for target in (tmp_path / "no" / "such" / "folder.json", tmp_path):
        found = spbe("score", BANDAR_LAMPUNG, "--output", str(target))
        assert found.code == 4
        assert "output-unwritable" in found.err
    assert list(tmp_path.iterdir()) == []


def test_output_through_a_link_goes_to_the_file(spbe: Spbe, tmp_path: Path) -> None:
    target, link = tmp_path / "hasil.csv", tmp_path / "link.csv"
    target.touch()
    link.symlink_to(target)
    spbe("score", BANDAR_LAMPUNG, "--format", "csv", "--output", str(link))
    assert link.is_symlink()
    assert "2.15" in target.read_text("utf-8")
