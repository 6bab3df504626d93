"""`spbe plan` and `spbe levers` as their users see them."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import ROOT, Spbe
from support.sheets import AMBANG, BANDAR_LAMPUNG
from support.tables import cells_of, records_of
from syrupy.assertion import SnapshotAssertion


def schema(name: str) -> dict[str, Any]:
    path = ROOT / "schemas" / f"spbe-{name}-1.schema.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize("language", ["id", "en"])
def test_widths_and_languages(
    spbe: Spbe, text: SnapshotAssertion, columns: int, language: str
) -> None:
    found = spbe("plan", BANDAR_LAMPUNG, "--lang", language, columns=columns)
    assert found.code == 0
    assert max(map(len, found.out.splitlines())) <= columns
    assert found.out == text


def test_levers(spbe: Spbe, text: SnapshotAssertion) -> None:
    found = spbe("levers", AMBANG, "--top", "5", "--lang", "id")
    assert found.code == 0
    assert found.out == text


def test_a_plan_with_costs_limits_and_budget(spbe: Spbe, text: SnapshotAssertion) -> None:
    found = spbe(
        "plan", BANDAR_LAMPUNG, "--target", "3", "--costs", "examples/biaya.yaml", "--lock", "A6",
        "--cap", "4", "--max-step", "2", "--brief",
    )  # fmt: skip
    assert found.code == 0
    assert found.out == text


def result_of(spbe: Spbe, *arguments: str) -> dict[str, Any]:
    document = json.loads(spbe("plan", *arguments, "--format", "json").out)
    jsonschema.validate(document, schema("plan"))
    (result,) = document["results"]
    return dict(result)


def test_the_styles_stand_side_by_side(spbe: Spbe) -> None:
    """Whichever is shown in full, the table holds all of them, and says which falls short."""
    result = result_of(spbe, BANDAR_LAMPUNG)
    ways = {way["style"]: way for way in result["alternatives"]}
    assert list(ways) == ["cheapest", "stepwise", "target-level", "fewest"]
    assert (result["style"], result["cost"]) == ("cheapest", ways["cheapest"]["cost"])
    assert all(way["reached"] for way in ways.values())
    assert Fraction(ways["stepwise"]["effort_levels"]) == ways["stepwise"]["indicators"] == 16
    assert set(ways["target-level"]["levels"].values()) >= {"3"}
    assert ways["fewest"]["indicators"] <= ways["cheapest"]["indicators"]
    for style, way in ways.items():
        full = result_of(spbe, BANDAR_LAMPUNG, "--style", style)
        assert {step["indicator"]: step["to"] for step in full["steps"]} == way["levels"]
        assert (full["cost"], full["proof"]) == (way["cost"], way["proof"])
    page = spbe("plan", BANDAR_LAMPUNG, "--target", "memuaskan", "--brief", "--lang", "en").out
    assert "at most one level each (falls short)" in page


def test_effort_in_pieces_of_evidence(spbe: Spbe) -> None:
    """A plan by pieces takes no more of them than the one by levels, and says what misleads."""
    by_levels = result_of(spbe, BANDAR_LAMPUNG)
    by_pieces = result_of(spbe, BANDAR_LAMPUNG, "--effort", "evidence")
    assert (by_levels["effort_unit"], by_pieces["effort_unit"]) == ("levels", "evidence")
    counted = {way["style"]: Fraction(way["effort_evidence"]) for way in by_levels["alternatives"]}
    assert Fraction(by_pieces["cost"]) <= counted["cheapest"]
    optional = ("opsional", "dan/atau", "atau", "boleh")
    pieces = sum(
        not piece.casefold().startswith(optional)
        for step in by_pieces["steps"]
        for demand in step["demands"]
        for piece in demand["evidence"]
    )
    assert Fraction(by_pieces["cost"]) == pieces
    page = spbe("plan", BANDAR_LAMPUNG, "--effort", "evidence", "--lang", "en").out
    assert "Level 5 asks for fewer pieces of evidence than the level below it: indicator 11" in page
    costs = result_of(spbe, BANDAR_LAMPUNG, "--costs", "examples/biaya.yaml")
    assert costs["effort_unit"] == "costs"


def test_a_plan_over_three_years(spbe: Spbe) -> None:
    """One level a year if nothing else is said; the years add up to the plan."""
    arguments = (BANDAR_LAMPUNG, "--target", "memuaskan", "--years", "3")
    result = result_of(spbe, *arguments)
    assert [year["year"] for year in result["years"]] == [1, 2, 3]
    assert sum(Fraction(year["cost"]) for year in result["years"]) == Fraction(result["cost"])
    ends: dict[str, str] = {}
    for year in result["years"]:
        ends |= year["levels"]
    assert ends == {step["indicator"]: step["to"] for step in result["steps"]}
    assert all(int(step["to"]) - int(step["from"]) <= 3 for step in result["steps"])
    assert result["years"][-1]["index"] == result["after"]["index"]
    page = spbe("plan", *arguments, "--brief", "--lang", "en").out
    assert "2026  1-3, 11-16, 18, 19, 21-30, 39, 45-47" in page
    one = spbe("plan", *arguments[:-1], "1")
    assert one.code == 1
    assert spbe("plan", *arguments[:-1], "1", "--max-step", "4").code == 0
    assert spbe("plan", *arguments[:-1], "0").code == 2
    assert result_of(spbe, BANDAR_LAMPUNG)["years"] == []


def test_a_target_in_each_year(spbe: Spbe) -> None:
    """An early target that the cheapest way misses costs more, and is met."""
    arguments = (BANDAR_LAMPUNG, "--target", "3.3", "--years", "3")
    late = result_of(spbe, *arguments)
    early = result_of(spbe, *arguments, "--yearly", "3.05", "--yearly", "3.1")
    first = [Fraction(each["years"][0]["index"]["exact"]) for each in (late, early)]
    assert first[0] < Fraction("3.05") <= first[1]
    assert Fraction(early["cost"]) > Fraction(late["cost"])
    assert Fraction(early["after"]["index"]["exact"]) >= Fraction("3.3")
    assert (early["frontier"], early["proof"], early["alternatives"]) == ([], None, [])
    page = spbe("plan", *arguments, "--yearly", "3.05", "--brief", "--lang", "en").out
    assert "Proof: nothing of less effort reaches what is wanted in every year" in page
    beyond = spbe("plan", *arguments, "--yearly", "memuaskan")
    assert beyond.code == 1
    assert spbe("plan", *arguments, "--yearly", "3", "--budget", "9").code == 2
    assert spbe("plan", *arguments, *(["--yearly", "3"] * 3)).code == 2


def test_a_budget_knows_two_styles(spbe: Spbe) -> None:
    result = result_of(spbe, BANDAR_LAMPUNG, "--budget", "5")
    assert [way["style"] for way in result["alternatives"]] == ["cheapest", "stepwise"]


def test_json_holds_the_plan_its_proof_and_its_frontier(spbe: Spbe) -> None:
    found = spbe("plan", BANDAR_LAMPUNG, "--target", "memuaskan", "--format", "json")
    document = json.loads(found.out)
    jsonschema.validate(document, schema("plan"))
    (result,) = document["results"]
    assert result["reached"] is True
    assert result["target"] == {
        "index": {"exact": "4.195", "rounded": "4.20"},  # 2023: the shown index decides
        "predicate": "Memuaskan",
    }
    gains = sum(Fraction(step["gain"]["exact"]) for step in result["steps"])
    after = Fraction(result["after"]["index"]["exact"])
    assert after == Fraction(result["before"]["index"]["exact"]) + gains
    assert after >= Fraction("4.195")
    assert sum(Fraction(step["cost"]) for step in result["steps"]) == Fraction(result["cost"])
    costs = [Fraction(effort["cost"]) for effort in result["frontier"]]
    indices = [Fraction(effort["index"]["exact"]) for effort in result["frontier"]]
    assert costs == sorted(set(costs))
    assert indices == sorted(set(indices))
    proof = result["proof"]
    assert Fraction(proof["cost"]) < Fraction(result["cost"])
    assert Fraction(proof["index"]["exact"]) < Fraction("4.195")
    first = result["steps"][0]["demands"][0]
    assert first["criterion"]
    assert first["evidence"]


def test_the_plan_is_what_score_says_of_the_changed_sheet(spbe: Spbe) -> None:
    plan = json.loads(spbe("plan", BANDAR_LAMPUNG, "--format", "json").out)["results"][0]
    changes = [part for s in plan["steps"] for part in ("--set", f"{s['indicator']}={s['to']}")]
    again = json.loads(spbe("score", BANDAR_LAMPUNG, *changes, "--format", "json").out)
    assert again["results"][0]["index"] == plan["after"]["index"]
    assert again["results"][0]["predicate"]["name"] == "Baik"


@pytest.mark.parametrize(
    ("arguments", "reached", "steps"),
    [
        (["--target", "baik"], True, 0),  # 2023: 2.595 is shown as 2.60
        (["--target", "baik", "--year", "2024"], True, 1),
        (["--target", "2.6"], True, 1),
        (["--target", "2.595"], True, 0),
        (["--target", "5", "--cap", "4"], False, None),
        (["--budget", "0"], True, 0),
        (["--target", "5", "--budget", "1"], False, 1),
        (["--only", "12", "--target", "4"], False, 0),  # it stands at 5 already
    ],
)
def test_targets_at_a_threshold(
    spbe: Spbe, arguments: list[str], *, reached: bool, steps: int | None
) -> None:
    found = spbe("plan", AMBANG, *arguments, "--format", "json")
    (result,) = json.loads(found.out)["results"]
    assert result["reached"] is reached
    assert found.code == (0 if reached else 1)
    assert steps is None or len(result["steps"]) == steps
    assert spbe("plan", AMBANG, *arguments, "--exit-zero").code == 0


def test_rows(spbe: Spbe) -> None:
    found = spbe("plan", BANDAR_LAMPUNG, "--format", "csv")
    rows = records_of(found.out)
    assert [row["indicator"] for row in rows] == ["39", "45", "46", "47"]
    assert sum(Fraction(row["cost"]) for row in rows) == 15
    found = spbe("levers", BANDAR_LAMPUNG, "--format", "csv")
    gains = [Fraction(row["gain"]) for row in records_of(found.out)]
    assert gains == sorted(gains, reverse=True)
    assert len(gains) == 47


def test_levers_json(spbe: Spbe) -> None:
    document = json.loads(spbe("levers", AMBANG, "--year", "2024", "--format", "json").out)
    jsonschema.validate(document, schema("levers"))
    (result,) = document["results"]
    assert result["to_next"]["exact"] == "0.005"
    assert {winner["predicate"] for winner in result["winners"]} == {"Baik"}
    assert "1" in {winner["indicator"] for winner in result["winners"]}


@pytest.mark.parametrize("command", ["plan", "levers"])
def test_markdown(spbe: Spbe, command: str) -> None:
    found = spbe(command, BANDAR_LAMPUNG, "--format", "markdown")
    assert found.code == 0
    assert found.out.startswith("## Pemerintah Kota Bandar Lampung, 2023, stage final\n")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--target", "7"], "target-off-scale"),
        (["--target", "baek"], "predicate-unknown"),
        (["--lock", "99"], "target-unknown"),
        (["--only", "D1", "--lock", "D1"], "limits-contradict"),
        (["--cap", "9"], "cap-wrong"),
        (["--cap", "12=2.5"], "cap-wrong"),
        (["--budget", "-1"], "amount-wrong"),
        (["--max-step", "satu"], "amount-wrong"),
    ],
)
def test_requests_that_make_no_sense(spbe: Spbe, arguments: list[str], code: str) -> None:
    found = spbe("plan", BANDAR_LAMPUNG, *arguments)
    assert (found.code, found.out) == (2, "")
    assert f"[{code}]" in found.err


def test_a_mistyped_predicate_gets_the_nearest(spbe: Spbe) -> None:
    assert "Baik" in spbe("plan", BANDAR_LAMPUNG, "--target", "baek").err


def test_a_sheet_with_gaps_has_no_plan(spbe: Spbe) -> None:
    found = spbe("plan", "-", stdin=b"year: 2024\nlevels: {1: 3}")
    assert found.code == 3
    assert "[level-missing]" in found.err


def test_the_largest_gains_only(spbe: Spbe) -> None:
    rows = cells_of(spbe("levers", AMBANG, "--top", "3", "-f", "csv").out)
    assert len(rows) == 4
    document = json.loads(spbe("levers", AMBANG, "--top", "3", "-f", "json").out)
    assert len(document["results"][0]["rises"]) == 3


def test_a_budget_of_nothing_reaches_no_target(spbe: Spbe) -> None:
    found = spbe("plan", BANDAR_LAMPUNG, "--budget", "0")
    assert found.code == 0
    assert "reached already" not in found.out


def test_costs_of_which_something_is_to_be_known_give_a_plan(spbe: Spbe, tmp_path: Path) -> None:
    """A notice ended the command without an answer, and with exit code 0."""
    costs = tmp_path / "biaya.yaml"
    costs.write_bytes("each: 1  # ékuivalen\n".encode("cp1252"))
    found = spbe("plan", BANDAR_LAMPUNG, "--brief", "--costs", str(costs))
    assert "2.15 Cukup becomes 2.60 Baik" in found.out
    assert "[encoding-guessed]" in found.err


def test_a_budget_that_may_be_in_thousands_says_how_it_is_taken(spbe: Spbe) -> None:
    asked = ("plan", BANDAR_LAMPUNG, "--brief", "--only", "21", "--budget")
    found = spbe(*asked, "50.000")
    assert found.out == spbe(*asked, "50").out
    assert "50.000 is taken as 50: its separator marks decimals" in found.err
    assert "effort-with-thousands" not in spbe(*asked, "0.125").err
    assert "effort-with-thousands" not in spbe(*asked, "9", "--max-step", "1.500").err
