"""Data formats: for machines, the same bytes for the same input."""

import json
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
from conftest import ROOT, Spbe
from support.sheets import BANDAR_LAMPUNG
from support.tables import cells_of, records_of

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
    head, row = cells_of(found.out)
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
    (row,) = records_of(found.out)
    assert (row["index"], row["A8"]) == ("2.1545", "7/3")


def test_a_name_that_is_a_formula_is_not_run(spbe: Spbe) -> None:
    sheet = b"institution: =HYPERLINK(1)\nyear: 2023\nlevels: {1: 3}"
    found = spbe("score", "-", "--missing", "bounds", "--format", "csv", stdin=sheet)
    (row,) = records_of(found.out)
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
    target = tmp_path / "hasil.csv"
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


def test_a_missing_level_is_none_not_the_lowest(spbe: Spbe) -> None:
    """Bounds fill a gap to compute with; what is shown stays a gap."""
    levels = b", ".join(b"%d: 3" % number for number in range(2, 48))
    sheet = b"year: 2024\nlevels: {1: , " + levels + b"}"
    bounds = ("score", "-", "--missing", "bounds")
    (result,) = json.loads(spbe(*bounds, "--format", "json", stdin=sheet).out)["results"]
    first, second = result["indicators"][:2]
    assert (first["level"], first["contribution"]) == (None, None)
    assert second["level"] == "3"
    assert result["groups"][0]["index"] is None
    table = spbe(*bounds, "--detail", "indicator", stdin=sheet, columns=120).out
    row = next(line for line in table.splitlines() if "Arsitektur SPBE" in line)
    assert row.count("missing") == 2
    assert "Rintisan" not in row
    assert "Points" not in table  # the points of one end would pass for those of the sheet


def test_every_format_says_where_the_bases_differ(spbe: Spbe) -> None:
    sheet = "tests/cli/threshold-by-rounding.yaml"
    for command in ("score", "levers"):
        (row, *_) = records_of(spbe(command, sheet, "--format", "csv").out)
        assert row["notices"] == "bases-differ"
        for format_ in ("table", "markdown"):
            assert "2.595 gives Cukup" in spbe(command, sheet, "--format", format_, columns=200).out


def test_a_file_gets_no_looks_of_the_terminal(spbe: Spbe, tmp_path: Path) -> None:
    target = tmp_path / "hasil.txt"
    spbe("score", BANDAR_LAMPUNG, "-o", str(target), FORCE_COLOR="1")
    assert "\x1b" not in target.read_text("utf-8")
    spbe("score", BANDAR_LAMPUNG, "-o", str(target), "--color", "always")
    assert "\x1b" in target.read_text("utf-8")


def test_a_file_keeps_its_permissions(spbe: Spbe, tmp_path: Path) -> None:
    target = tmp_path / ("n" * 250 + ".txt")
    target.touch(mode=0o600)
    assert spbe("score", BANDAR_LAMPUNG, "-o", str(target)).code == 0
    assert target.stat().st_mode & 0o777 == 0o600


def test_an_answer_never_replaces_what_it_was_computed_from(spbe: Spbe, tmp_path: Path) -> None:
    sheet, link = tmp_path / "nilai.json", tmp_path / "link.json"
    content = (ROOT / BANDAR_LAMPUNG).read_bytes()
    sheet.write_bytes(content)
    link.symlink_to(sheet)
    for output in (["-o", str(sheet)], [f"--output={link}"]):
        found = spbe("score", str(sheet), *output)
        assert found.code == 2
        assert "[output-is-input]" in found.err
    assert sheet.read_bytes() == content
