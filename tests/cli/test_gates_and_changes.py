"""Gates compare exactly; --set scores as if."""

import json
from pathlib import Path

import pytest
from conftest import Spbe
from support.sheets import AMBANG, BANDAR_LAMPUNG


@pytest.mark.parametrize("format_", ["table", "json", "jsonl", "csv", "markdown"])
def test_a_gate_works_in_every_format(spbe: Spbe, format_: str) -> None:
    arguments = ("score", BANDAR_LAMPUNG, "--min-index", "2.6", "--format", format_)
    unmet = spbe(*arguments)
    assert unmet.code == 1
    assert unmet.err == (
        "gate not met: Pemerintah Kota Bandar Lampung, 2023, stage final: "
        "expected at least 2.60, found 2.1545, short by 0.4455\n"
    )
    assert spbe(*arguments, "--exit-zero").code == 0


def test_a_gate_shows_more_decimals_where_two_would_hide_it(spbe: Spbe) -> None:
    found = spbe("score", AMBANG, "--min-index", "2.6")
    assert found.code == 1
    assert "expected at least 2.60, found 2.595, short by 0.005" in found.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--min-index", "2.1545"], 0),
        (["--min-index", "2.15450001"], 1),
        (["--min-index", "2,15"], 0),
        (["--min", "D4=3.03"], 0),
        (["--min", "D4=3.04"], 1),  # shown 3.04, exactly 276.5/91
        (["--min", "a8=7/3"], 0),
        (["--min", "D1=1.4", "--min", "D2=1.8"], 1),
        (["--min-predicate", "cukup"], 0),
        (["--min-predicate", "sangat-baik"], 1),
        (["--min-predicate", "Sangat Baik", "--exit-zero"], 0),
    ],
)
def test_gates(spbe: Spbe, arguments: list[str], code: int) -> None:
    found = spbe("score", BANDAR_LAMPUNG, *arguments)
    assert found.code == code
    assert ("gate not met" in found.err) is (code == 1 or "--exit-zero" in arguments)


def test_the_predicate_gate_follows_the_basis_of_the_year(spbe: Spbe) -> None:
    gate = ("--min-predicate", "baik")
    assert spbe("score", AMBANG, *gate).code == 0
    unmet = spbe("score", AMBANG, "--year", "2024", *gate, "--lang", "id")
    assert unmet.code == 1
    assert (
        "diharapkan paling sedikit Baik (2,60), ditemukan Cukup (2,595), kurang 0,005 poin"
        in unmet.err
    )


def test_gates_of_a_sheet_with_gaps_count_the_lowest(spbe: Spbe) -> None:
    sheet = b"year: 2024\nlevels: {" + b", ".join(b"%d: 3" % n for n in range(1, 47)) + b"}"
    arguments = ("score", "-", "--missing", "bounds", "--min-index")
    assert spbe(*arguments, "2.94", stdin=sheet).code == 0
    assert spbe(*arguments, "2.95", stdin=sheet).code == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--min-index", "7"], "gate-off-scale"),
        (["--min-index", "tiga"], "gate-wrong"),
        (["--min", "D9=3"], "gate-unknown-node"),
        (["--min", "D2"], "gate-wrong"),
        (["--min-predicate", "baek"], "predicate-unknown"),
        (["--set", "12=9"], "change-off-scale"),
        (["--set", "12=2.5"], "change-off-scale"),
        (["--set", "12=+0.5"], "change-off-scale"),
        (["--set", "48=3"], "change-unknown-target"),
        (["--set", "12"], "change-wrong"),
        (["--stage", "akhirr"], "stage-unknown"),
        (["--instrument", "spbe-2021"], "instrument-unknown"),
    ],
)
def test_requests_that_make_no_sense(spbe: Spbe, arguments: list[str], code: str) -> None:
    for format_ in ("table", "json"):
        found = spbe("score", BANDAR_LAMPUNG, *arguments, "--format", format_)
        assert found.code == 2
        told = json.loads(found.out)["problems"] if format_ == "json" else []
        assert [each["code"] for each in told] == [code] * (format_ == "json")
        assert (found.out == "") == (format_ == "table")
        assert f"[{code}]" in found.err
        assert found.err.count("[") == 1


def index(spbe: Spbe, *arguments: str) -> str:
    found = spbe("score", BANDAR_LAMPUNG, *arguments, "--format", "json")
    assert found.code == 0, found.err
    exact: str = json.loads(found.out)["results"][0]["index"]["exact"]
    return exact


def test_what_set_does(spbe: Spbe) -> None:
    assert index(spbe, "--set", "11=2") == "2.1795"  # 2.1545 + 2.5/100
    assert index(spbe, "--set", "A6=+1") == "2.1995"  # 2.1545 + 4.5/100
    assert index(spbe, "--set", "d3=5") == "2.8145"  # 2.1545 + 4 x 16.5/100
    assert index(spbe, "--set", "all=+1") == "3.1545"
    assert index(spbe, "--set", "all=-5") == "1"
    assert index(spbe, "--set", "all=-1", "--set", "all=+1") != "2.1545"  # held at 1, then raised
    assert index(spbe, "--set", "all=5") == "5"
    assert index(spbe, "--set", "all=5", "--set", "1=4") == "4.987"  # the last speaks


def test_a_relative_change_is_held_at_the_end_of_the_scale_and_says_so(spbe: Spbe) -> None:
    found = spbe("score", BANDAR_LAMPUNG, "--set", "all=+4", "--format", "json")
    assert found.code == 0
    assert "change-held" in found.err
    (result,) = json.loads(found.out)["results"]
    assert result["index"]["exact"] == "5"
    assert result["notices"][0]["code"] == "change-held"
    assert len(result["changes"]) == 47
    assert result["changes"][0] == {"indicator": "1", "from": "1", "to": "5"}


def test_set_fills_a_gap(spbe: Spbe) -> None:
    sheet = b"year: 2024\nlevels: {" + b", ".join(b"%d: 3" % n for n in range(1, 47)) + b"}"
    assert spbe("score", "-", stdin=sheet).code == 3
    found = spbe("score", "-", "--set", "47=3", stdin=sheet)
    assert found.code == 0
    assert "3.00" in found.out
    assert spbe("score", "-", "--set", "1=4", stdin=sheet).code == 3


@pytest.mark.parametrize(
    ("language", "said"), [("en", 'mean "Baik"?'), ("id", 'maksudnya "Baik"?')]
)
@pytest.mark.parametrize("command", [["score"], ["batch", "--output", "hasil.csv"]])
def test_a_predicate_that_is_not_there_gets_the_nearest(
    spbe: Spbe, command: list[str], language: str, said: str
) -> None:
    asked = ["--min-predicate", "baek", "--lang", language]
    refused = spbe(*command, "examples/lembar-nilai.csv", *asked)
    assert refused.code == 2
    assert said in refused.err
    assert not Path("hasil.csv").exists()
