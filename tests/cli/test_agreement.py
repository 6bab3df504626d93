"""What two places say agrees: costs, options, indices, shares, counts, a single predicate."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from conftest import Spbe
from support.sheets import (
    AMBANG,
    BANDAR_LAMPUNG,
    DENPASAR,
    JAMBI_2022,
    JAMBI_2023,
    ON_THRESHOLD,
    sheet,
    spbe_2020,
)

from spbe_cli.answers.shared import percent
from spbe_cli.core.compare import target_met
from spbe_cli.core.number import apportioned, enough_places, rounded_up, share_places
from spbe_cli.core.score import score, target_on
from spbe_cli.words import Words

PEMDI = "tests/broken/instrument-provisional.yaml"
SMALL = """\
id: kecil
title: Kecil
index: Indeks Kecil
scale: {lowest: 1, highest: 5}
predicates: PREDICATES
basis: [{compare: exact}]
groups:
  - {code: G1, name: Satu, weight: 100, indicators: [{code: 1, name: a, weight: 40},
     {code: 2, name: b, weight: 60}]}
"""


def results(spbe: Spbe, *arguments: str) -> list[dict[str, Any]]:
    found = spbe(*arguments, "--format", "json")
    assert found.code in (0, 1), found.err
    answers: list[dict[str, Any]] = json.loads(found.out)["results"]
    return answers


# One distance


@pytest.mark.parametrize("sheet", [BANDAR_LAMPUNG, AMBANG, JAMBI_2022, DENPASAR, PEMDI])
def test_one_distance_in_score_levers_plan_whatif_and_compare(spbe: Spbe, sheet: str) -> None:
    (scored,) = results(spbe, "score", sheet)
    need = Fraction(scored["next"]["distance"])
    assert Fraction(scored["next"]["least"]) == Fraction(scored["index"]["exact"]) + need
    (levers,) = results(spbe, "levers", sheet)
    assert Fraction(levers["to_next"]["exact"]) == need
    (plan,) = results(spbe, "plan", sheet, "--brief")
    assert plan["target"]["index"]["exact"] == scored["next"]["least"]
    gained = Fraction(plan["after"]["index"]["exact"]) - Fraction(plan["before"]["index"]["exact"])
    assert gained >= need
    (whatif,) = results(spbe, "whatif", sheet, "--set", "1=+0")
    assert whatif["next"] == scored["next"]
    target = ("--target", scored["next"]["name"])
    (compared,) = results(spbe, "compare", sheet, sheet, *target)
    assert Fraction(compared["target"]["by"]["exact"]) == -need
    assert compared["target"]["index"]["exact"] == scored["next"]["least"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [("0.4405", "0.4405"), ("0.45", "0.45"), ("1/3", "0.3334"), ("0.00001", "0.00001"),
     ("0.00005", "0.00005"), ("1/30000", "0.000034"), ("0.123456", "0.1235"), ("3", "3.00")],
)  # fmt: skip
def test_what_is_needed_is_never_shown_as_less(value: str, shown: str) -> None:
    places = enough_places(Fraction(value))
    assert Words("en").number(rounded_up(Fraction(value), places), places) == shown


def test_parts_add_up_whatever_their_decimals() -> None:
    thirds = [Fraction(1, 3)] * 3
    assert apportioned(thirds, Fraction(1), 2) == [Fraction(n, 100) for n in (33, 33, 34)]
    falls = [-Fraction(1, 3), -Fraction(2, 3)]
    assert sum(apportioned(falls, Fraction(-1), 4)) == -1


# Sentences that are true


@pytest.mark.parametrize(
    ("sheet", "says"),
    [
        (AMBANG, "Target Baik (2.595, shown as 2.60): met exactly"),
        (JAMBI_2023, "Target Baik (2.595, shown as 2.60): exceeded by 1.67"),
        (BANDAR_LAMPUNG, "Target Baik (2.595, shown as 2.60): missed by 0.4405"),
    ],
)
def test_met_exactly_only_where_it_is(spbe: Spbe, sheet: str, says: str) -> None:
    assert says in spbe("compare", sheet, sheet, "--target", "baik").out


@pytest.mark.parametrize(
    ("more", "year", "by"),
    [({}, 2023, "0.005"), ({"47": 4}, 2023, "-0.025"), ({"47": 4, "11": 2}, 2023, "0"),
     ({"47": 4, "11": 2}, 2024, "-0.005"), ({}, 2024, "0"), ({"1": 2}, 2024, "0.013")],
)  # fmt: skip
def test_a_target_is_met_exactly_by_the_exact_index(
    more: dict[str, int], year: int, by: str
) -> None:
    """2.6 is shown as 2.60 like 2.595, and in 2023 only the latter is just enough."""
    card = score(spbe_2020(), sheet({**ON_THRESHOLD, **more}, year))
    baik = card.instrument.predicate_named("baik")
    assert baik is not None
    assert target_met(target_on(card.instrument, baik), card).by == Fraction(by)


@pytest.mark.parametrize(
    ("part", "of", "one", "two"),
    [(2999, 3000, "99.97", "99.97"), (24_999, 25_000, "99.996", "99.996"), (1, 25_000, "0.004",
     "0.004"), (3000, 3000, "100.0", "100.00"), (0, 7, "0.0", "0.00"), (999_999, 1_000_000,
     "99.9999", "99.9999"), (1, 3, "33.3", "33.33"), (1999, 2000, "99.95", "99.95")],
)  # fmt: skip
def test_a_share_is_all_only_if_it_is(part: int, of: int, one: str, two: str) -> None:
    share = Fraction(100 * part, of)
    assert (Words("en").share(share, 1), Words("en").share(share)) == (one, two)
    assert Words("id").share(share) == two.replace(".", ",")
    assert (Fraction(percent(share)) in (0, 100)) == (share in (0, 100))
    assert share_places(share) >= 2


def test_shares_of_many_institutions(spbe: Spbe, tmp_path: Path) -> None:
    """Place 2 of 25,000 is no percentile of 100, in JSON neither; nor are 24,999 all of them."""
    table = tmp_path / "banyak.csv"
    rows = "".join(f"Instansi {at},2023,{'4.00' if at else '1.00'}\n" for at in range(3000))
    table.write_text(f"institution,year,index\nPuncak,2023,5.00\n{rows}", encoding="utf-8")
    (second,) = results(spbe, "rank", str(table), "--find", "Instansi 7")
    assert second["overall"]["percentile"] == "99.97"
    (last,) = results(spbe, "rank", str(table), "--find", "Instansi 0")
    assert last["overall"]["percentile"] == "0.03"
    said = spbe("profile", str(table), "--target", "3").out
    assert "3000 of 3001" in said
    assert "99.97 %" in said
    assert "100.0" not in said
    assert "99,97%" in spbe("profile", str(table), "--target", "3", "--lang", "id").out


@pytest.mark.parametrize(
    ("count", "says"),
    [("1", "1 indicator to fill"), ("2", "2 indicators to fill"), ("0", "0 indicators to fill"),
     ("11", "11 indicators to fill"), ("1.5", "1.5 indicators to fill")],
)  # fmt: skip
def test_one_indicator_and_two_indicators(count: str, says: str) -> None:
    sentence = (
        "{file} has {count} {count:indicator|indicators} of {id} ({status}) to fill in; "
        "then: spbe score {file}"
    )
    said = Words("en")(sentence, file="x", count=count, id="i", status="s")
    assert says.replace("to fill", "of i (s) to fill in") in said
    assert f"{count} indikator i" in Words("id")(
        sentence, file="x", count=count, id="i", status="s"
    )


@pytest.mark.parametrize(
    ("missing", "says"),
    [(1, "1 without a level: indicator 1"), (2, "2 without a level: indicators 1, 2"),
     (5, "5 without a level: indicators 1-5")],
)  # fmt: skip
def test_problems_count_as_well(spbe: Spbe, missing: int, says: str) -> None:
    levels = ", ".join(f"{code}: 3" for code in range(missing + 1, 48))
    found = spbe("score", "-", stdin=f"year: 2024\nlevels: {{{levels}}}\n".encode())
    assert found.code == 3
    assert says in found.err
    assert "46 without a level: indicators 2-47" in spbe("explain", "level-missing").out


@pytest.fixture
def only_one(tmp_path: Path) -> tuple[str, str]:
    """An instrument with one predicate, and a sheet of it."""
    own = tmp_path / "own.yaml"
    own.write_text(SMALL.replace("PREDICATES", "[{name: Cukup}]"), encoding="utf-8")
    levels = tmp_path / "levels.yaml"
    levels.write_text("institution: A\nyear: 2024\nlevels: {1: 2, 2: 4}\n", encoding="utf-8")
    return str(levels), str(own)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    "command",
    [["score"], ["levers"], ["plan"], ["whatif", "--set", "1=5"], ["outlook", "--agreement", "0.9"],
     ["report"], ["compare"]],
)  # fmt: skip
def test_an_instrument_with_one_predicate(
    spbe: Spbe, only_one: tuple[str, str], command: list[str], language: str
) -> None:
    sheet, own = only_one
    files = [sheet, sheet] if command == ["compare"] else [sheet]
    asked = (command[0], *files, *command[1:], "--instrument", own)
    found = spbe(*asked, "--lang", language)
    assert found.code == 0, found.err
    assert "highest predicate" not in found.out
    assert "Thresholds: \n" not in found.out
    if command[0] in ("score", "whatif", "report"):
        assert {"id": "satu-satunya", "en": "the only predicate"}[language] in found.out


# Two places that say what something costs


def cost_of(spbe: Spbe, tmp_path: Path, costs: str) -> dict[str, str]:
    """What each rise of indicator 21 by one level costs, by the level that is reached."""
    file = tmp_path / "costs.yaml"
    file.write_text(costs, encoding="utf-8")
    asked = ("plan", BANDAR_LAMPUNG, "--costs", str(file), "--only", "21", "--brief")
    found: dict[str, str] = {}
    for budget in range(2, 6):
        (plan,) = results(spbe, *asked, "--cap", str(budget), "--budget", "1000")
        found[str(budget)] = plan["cost"]
    return found


@pytest.mark.parametrize(
    ("costs", "totals"),
    [
        ("{A5: {2: 9, 3: 9, 4: 9, 5: 9}, 21: 1}", "1 2 3 4"),  # of all its levels
        ("{21: 1, A5: {2: 9, 3: 9, 4: 9, 5: 9}}", "9 18 27 36"),
        ("{21: {3: 7}, D3: 2}", "2 4 6 8"),
        ("{21: {3: 7}, all: {each: 2, 4: 5}}", "2 4 9 11"),
        ("{D3: 2, 21: {3: 7}}", "2 9 11 13"),
        ("{A5: {3: 7}, 21: {4: 1}}", "3 10 11 14"),  # neither is of every level
    ],
)
def test_a_later_cost_speaks_over_an_earlier_one(
    spbe: Spbe, tmp_path: Path, costs: str, totals: str
) -> None:
    found = cost_of(spbe, tmp_path, f"each: 3\nindicators: {costs}\n")
    assert list(found.values()) == totals.split()


@pytest.mark.parametrize(
    ("costs", "total"),
    [
        ("{1: {2.5: 4}}", "2.5"),  # half of 4, and half of 1
        ("{1: {3: 4}}", "4"),  # both halves of level 3
        ("{1: {2.5: 4, 3: 6}}", "5"),
        ("{1: {2,5: 4}}", "2.5"),
        ("{1: {2.5: 4}, all: 2}", "2"),
        ("{1: {2.5: 4}, G1: {3: 2}}", "2"),  # what comes later speaks for both halves
    ],
)
def test_costs_of_half_levels_are_exact(
    spbe: Spbe, tmp_path: Path, only_one: tuple[str, str], costs: str, total: str
) -> None:
    sheet, own = only_one
    half = Path(own).read_text("utf-8").replace("highest: 5", "highest: 5, step: 0.5")
    Path(own).write_text(half, encoding="utf-8")
    (tmp_path / "costs.yaml").write_text(f"indicators: {costs}\n".replace("2,5", "'2,5'"), "utf-8")
    asked = ("--costs", str(tmp_path / "costs.yaml"), "--only", "1", "--cap", "3")
    (plan,) = results(spbe, "plan", sheet, "--instrument", own, *asked, "--budget", "99", "--brief")
    assert plan["cost"] == total


@pytest.mark.parametrize("level", ["2.5", "1", "0", "5.5", "3.0001"])
def test_a_cost_of_a_level_that_no_rise_reaches(spbe: Spbe, tmp_path: Path, level: str) -> None:
    (tmp_path / "costs.yaml").write_text(f"indicators: {{21: {{{level}: 4}}}}\n", "utf-8")
    found = spbe("plan", BANDAR_LAMPUNG, "--costs", str(tmp_path / "costs.yaml"))
    assert (found.code, found.err.count("[level-not-reached]")) == (3, 1)


@pytest.mark.parametrize(
    "asked",
    [
        ("plan", BANDAR_LAMPUNG, "--costs", "examples/biaya.yaml", "--costs", "lain.yaml"),
        ("plan", BANDAR_LAMPUNG, "--target", "baik", "--target=memuaskan"),
        ("score", BANDAR_LAMPUNG, "--min-index", "2", "--min-index", "3"),
        ("score", BANDAR_LAMPUNG, "-f", "json", "--format", "csv"),
        ("compare", JAMBI_2022, JAMBI_2023, "--stages", "self", "final", "--stages", "self",
         "visit"),
        ("outlook", BANDAR_LAMPUNG, "--agreement", "0.9", "--agreement", "0.8"),
    ],
)  # fmt: skip
def test_an_option_with_two_values_is_refused(spbe: Spbe, asked: tuple[str, ...]) -> None:
    found = spbe(*asked)
    assert (found.code, found.out) == (2, "")
    assert found.err.count("[option-repeated]") == 1


def test_what_may_be_said_again(spbe: Spbe) -> None:
    twice = ("--set", "1=2", "--set", "2=2", "--min", "D1=1", "--min", "D2=1", "--lang", "id")
    found = spbe("score", BANDAR_LAMPUNG, *twice, "--lang", "en", "--stage", "final", "--stage",
                 "final", "--exit-zero", "--exit-zero")  # fmt: skip
    assert found.code == 0
    assert "option-repeated" not in found.err


# Two indices


def of_own(tmp_path: Path, name: str, changed: str) -> tuple[str, str]:
    """A sheet and an own instrument, which is that of spbe-2020 but for what is changed."""
    own = tmp_path / f"{name}.yaml"
    text = SMALL.replace("PREDICATES", "[{name: Baik, from: 2.6}, {name: Kurang}]")
    old, new = changed.split(" -> ")
    assert old in text
    own.write_text(text.replace(old, new), encoding="utf-8")
    levels = tmp_path / f"{name}-levels.yaml"
    sheet = f"institution: A\nyear: 2024\ninstrument: {own}\nlevels: {{1: 2, 2: 4}}\n"
    levels.write_text(sheet, encoding="utf-8")
    return str(levels), str(own)


def test_spbe_and_pemdi_have_no_difference(spbe: Spbe) -> None:
    pair = (JAMBI_2023, PEMDI)
    (result,) = results(spbe, "compare", *pair)
    assert (result["comparable"], result["delta"]) == (False, None)
    assert [step["delta"] for step in result["steps"]] == [None]
    assert [each["predicate"]["name"] for each in result["periods"]] == [
        "Memuaskan",
        "Baik (Berkembang)",
    ]
    for language, why in (("en", "measure different things"), ("id", "mengukur hal yang berbeda")):
        said = spbe("compare", *pair, "--lang", language).out
        assert why in said
        assert "Memuaskan" in said
        assert "Baik (Berkembang)" in said
        assert not {"-1,27", "-1.27", "falls", "turun", "Trend", "Tren"} & set(said.split())
        report = spbe("report", PEMDI, "--previous", JAMBI_2023, "--lang", language).out
        assert why in report
        assert not {"-1.27", "-1,27"} & set(report.replace("|", " ").split())
    rows = spbe("compare", *pair, "--format", "csv").out.splitlines()
    assert len(rows) == 2
    assert rows[1].endswith(",4.265,3,,")


@pytest.mark.parametrize(
    "gates",
    [["--fail-on-drop"], ["--max-drop", "3"], ["--max-drop", "A1=1"],
     ["--fail-on-drop", "--exit-zero"], ["--max-drop", "0", "--format", "json"]],
)  # fmt: skip
def test_gates_on_a_fall_between_two_indices_are_wrong_usage(spbe: Spbe, gates: list[str]) -> None:
    for language in ("id", "en"):
        found = spbe("compare", JAMBI_2023, PEMDI, *gates, "--lang", language)
        assert found.code == 2
        if "json" in gates:  # the problems, and no answer
            told = json.loads(found.out)["problems"]
            errors = {each["code"] for each in told if each["severity"] != "notice"}
            assert errors == {"gate-other-index"}
        else:
            assert not found.out
        assert "[gate-other-index]" in found.err
        assert "Indeks SPBE (spbe-2020)" in found.err


def test_gates_look_at_the_last_step_alone(spbe: Spbe) -> None:
    back = ("compare", PEMDI, JAMBI_2022, JAMBI_2023)
    (result,) = results(spbe, *back)
    assert [each["delta"] and each["delta"]["exact"] for each in result["steps"]] == ["1.48", None]
    refused = spbe(*back, "--fail-on-drop")  # years are in order: the last step is to another index
    assert (refused.code, "[gate-other-index]" in refused.err) == (2, True)
    assert spbe("compare", JAMBI_2023, JAMBI_2022, "--fail-on-drop").code == 0
    assert result["delta"] is None
    assert "Trend" not in spbe(*back).out


def test_the_two_instruments_of_spbe_have_one_index(spbe: Spbe) -> None:
    (result,) = results(spbe, "compare", DENPASAR, JAMBI_2022)
    assert (result["comparable"], result["delta"]["exact"]) == (False, "0.145")
    assert spbe("compare", DENPASAR, JAMBI_2022, "--fail-on-drop").code == 0


@pytest.mark.parametrize(
    ("changed", "is_one"),
    [
        ("index: Indeks Kecil -> index: Indeks Lain", False),
        ("from: 2.6 -> from: 2.7", False),
        ("{name: Baik, from: 2.6} -> {name: Unggul, from: 4}, {name: Baik, from: 2.6}", False),
        ("name: Kurang -> name: Rendah", True),
        ("weight: 40 -> weight: 40.0", True),
        ("title: Kecil -> title: Kecil sekali", True),
    ],
)
def test_what_makes_another_index(
    spbe: Spbe,
    tmp_path: Path,
    changed: str,
    is_one: bool,  # noqa: FBT001
) -> None:
    one, _ = of_own(tmp_path, "satu", "id: kecil -> id: satu")
    other, _ = of_own(tmp_path, "dua", changed)
    (result,) = results(spbe, "compare", one, other)
    assert (result["delta"] is not None) == is_one
    assert (spbe("compare", one, other, "--fail-on-drop").code == 0) == is_one
    said = spbe("compare", one, other).out
    assert ("there is no difference" in " ".join(said.split())) != is_one
