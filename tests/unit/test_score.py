"""One score: predicates on the basis of the year, distances, gates, and levels that are changed."""

from fractions import Fraction

import pytest
from support.sheets import JUST_BY_ROUNDING, bandar_lampung, sheet, spbe_2020

from spbe_cli.core.assessment import Assessment, Entry, Stage
from spbe_cli.core.score import (
    IndexGate,
    PredicateGate,
    Scorecard,
    check_gates,
    result_of,
    score,
)

# D4 is 118.25/45.5 = 2.5989...: shown 2.60
A_DOMAIN_JUST_BY_ROUNDING = {
    **dict.fromkeys(map(str, range(1, 48)), 1),
    **dict.fromkeys(map(str, range(32, 41)), 2),
    **dict.fromkeys(("42", "43", "44", "45"), 5),
}


@pytest.mark.parametrize(("year", "name"), [(2023, "Baik"), (2024, "Cukup")])
def test_a_domain_has_its_predicate_on_the_basis_of_the_year(year: int, name: str) -> None:
    card = score(spbe_2020(), sheet(A_DOMAIN_JUST_BY_ROUNDING, year))
    node = next(node for node in card.nodes if node.group.code == "D4")
    assert (node.index, node.predicate.name) == (Fraction("118.25") / Fraction("45.5"), name)


def at(year: int) -> Scorecard:
    return score(spbe_2020(), sheet(JUST_BY_ROUNDING, year))


@pytest.mark.parametrize(
    ("year", "points"),
    [(2023, ["1.6", "0.9", "0", "0", "0"]), (2024, ["1.605", "0.905", "0.005", "0", "0"])],
)
def test_what_is_reached_is_no_distance_away(year: int, points: list[str]) -> None:
    verdict = at(year).verdict
    found = [verdict.distance_to(predicate) for predicate in spbe_2020().predicates]
    assert found == list(map(Fraction, points))


@pytest.mark.parametrize("least", ["1", "5"])
def test_a_gate_may_stand_at_the_ends_of_the_scale(least: str) -> None:
    (outcome,), problems = check_gates([IndexGate(Fraction(least))], [result_of(bandar_lampung())])
    assert problems == []
    assert outcome.met == (least == "1")


def test_a_gate_that_makes_no_sense_is_named_once_for_all_sheets() -> None:
    gates: list[IndexGate | PredicateGate] = [IndexGate(Fraction(9)), PredicateGate("baik")]
    outcomes, problems = check_gates(gates, [result_of(bandar_lampung())] * 3)
    assert [problem.code for problem in problems] == ["gate-off-scale"]
    assert len(outcomes) == 3


def test_a_changed_level_is_not_one_kept_from_an_earlier_stage() -> None:
    kept = Entry(Fraction(2), "catatan", kept_from=Stage.SELF)
    before = Assessment("x", {"1": kept, "2": kept})
    after = before.with_levels({"1": Fraction(3)})
    assert after.entries == {"1": Entry(Fraction(3), "catatan"), "2": kept}
