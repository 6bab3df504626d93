"""The change between assessments, and the gates against a fall."""

from dataclasses import replace
from fractions import Fraction

import pytest
from support.sheets import (
    JUST_BY_ROUNDING,
    ON_THRESHOLD,
    bandar_lampung,
    card_of,
    denpasar,
    sheet,
    spbe_2020,
)

from spbe_cli.core.assessment import Stage
from spbe_cli.core.compare import (
    Comparison,
    DropGate,
    TargetOutcome,
    check_drops,
    compare,
    matched,
    series_of,
    trend,
)
from spbe_cli.core.problem import Severity
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import Reading, Scorecard, Target, score


def card(stage: Stage) -> Scorecard:
    return card_of(denpasar(stage))


@pytest.fixture
def self_and_external() -> Comparison:
    return compare(card(Stage.SELF), card(Stage.EXTERNAL))


def at(levels: dict[str, int], year: int) -> Scorecard:
    return score(spbe_2020(), sheet(levels, year))


def test_denpasar_2018_self_and_external(self_and_external: Comparison) -> None:
    found = self_and_external
    assert (found.before.index, found.after.index) == (Fraction("3.67"), Fraction("2.64"))
    assert found.delta == Fraction("-1.03")
    assert (len(found.fallen), len(found.risen), len(found.changed)) == (20, 1, 21)
    assert sum(item.contribution for item in found.indicators) == found.delta


def test_what_it_cost_by_indicator(self_and_external: Comparison) -> None:
    worst = self_and_external.fallen[0]
    assert worst.indicator.code == "35.1"
    assert worst.before == 5
    assert worst.after == 1
    assert worst.contribution == Fraction(-2, 15)
    assert [item.indicator.code for item in self_and_external.fallen[1:4]] == ["23", "24", "19"]
    (risen,) = self_and_external.risen
    assert (risen.indicator.code, risen.contribution) == ("25", Fraction("0.05"))


def test_what_it_cost_by_domain_and_aspect(self_and_external: Comparison) -> None:
    groups = {item.group.code: item for item in self_and_external.groups}
    assert [groups[code].contribution for code in ("D1", "D2", "D3")] == [
        Fraction("-0.12"),
        Fraction("-0.36"),
        Fraction("-0.55"),
    ]
    assert groups["D3"].delta == -1
    assert (groups["A7"].before, groups["A7"].after) == (Fraction("4.5"), Fraction("2.5"))


def test_different_instruments_compare_by_index_and_predicate_only() -> None:
    reading = bandar_lampung()
    found = compare(card(Stage.EXTERNAL), score(reading.instrument, reading.assessment))
    assert not found.comparable
    assert found.delta == Fraction("2.1545") - Fraction("2.64")
    assert (found.groups, found.indicators, found.changed) == ((), (), ())


def test_the_same_levels_earn_another_predicate_on_another_basis() -> None:
    found = compare(at(JUST_BY_ROUNDING, 2023), at(JUST_BY_ROUNDING, 2024))
    assert found.comparable
    assert found.delta == 0
    assert found.changed == ()
    assert (found.before.predicate.name, found.after.predicate.name) == ("Baik", "Cukup")


def test_a_rise_exactly_onto_the_threshold() -> None:
    found = compare(at(JUST_BY_ROUNDING, 2024), at(ON_THRESHOLD, 2024))
    assert found.delta == Fraction("0.005")
    assert [item.contribution for item in found.changed] == [Fraction("-0.025"), Fraction("0.03")]
    assert (found.before.predicate.name, found.after.predicate.name) == ("Cukup", "Baik")


def test_a_trend_has_every_step_and_the_whole_way() -> None:
    cards = [at(JUST_BY_ROUNDING, 2021), at(ON_THRESHOLD, 2022), at(JUST_BY_ROUNDING, 2023)]
    found = trend(cards)
    assert found.cards == tuple(cards)
    assert [step.delta for step in found.changes] == [Fraction("0.005"), Fraction("-0.005")]
    assert found.whole.delta == 0


def test_one_card_is_no_trend() -> None:
    with pytest.raises(ValueError, match="two"):
        trend([at(ON_THRESHOLD, 2022)])


def test_drops(self_and_external: Comparison) -> None:
    gates = [
        DropGate(),
        DropGate(Fraction("1.03")),
        DropGate(Fraction("1.02")),
        DropGate(Fraction(1), "d3"),
        DropGate(Fraction("0.5"), "D3"),
    ]
    outcomes, problems = check_drops(gates, self_and_external)
    assert problems == []
    assert [outcome.met for outcome in outcomes] == [False, True, False, True, False]
    assert [outcome.over_by for outcome in outcomes] == [
        Fraction("1.03"),
        None,
        Fraction("0.01"),
        None,
        Fraction("0.5"),
    ]
    assert outcomes[3].before == 4
    assert outcomes[3].after == 3


def test_a_drop_that_rounding_hides_is_one() -> None:
    found = compare(at(ON_THRESHOLD, 2023), at(JUST_BY_ROUNDING, 2023))
    (outcome,), _ = check_drops([DropGate()], found)
    assert outcome.over_by == Fraction("0.005")


def test_a_gate_on_an_unknown_node(self_and_external: Comparison) -> None:
    outcomes, (problem,) = check_drops([DropGate(node="D9")], self_and_external)
    assert outcomes == []
    assert (problem.code, problem.severity) == ("gate-unknown-node", Severity.USAGE)
    assert problem.values["found"] == "D9"


def test_a_gate_on_a_node_of_different_instruments() -> None:
    found = compare(card(Stage.EXTERNAL), at(ON_THRESHOLD, 2023))
    (whole,), (problem,) = check_drops([DropGate(), DropGate(node="D1")], found)
    assert whole.over_by == Fraction("0.04")
    assert problem.code == "gate-not-comparable"
    assert problem.values == {"found": "D1", "before": "spbe-2018", "after": "spbe-2020"}


def test_another_scale_makes_instruments_different() -> None:
    instrument = spbe_2020()
    wider = replace(instrument, scale=Scale(Fraction(0), Fraction(5), Fraction(1)))
    levels = sheet(ON_THRESHOLD, 2023)
    found = compare(score(instrument, levels), score(wider, levels))
    assert (found.comparable, found.groups, found.indicators) == (False, (), ())


def reading_of(
    stage: Stage | None, year: int | None = 2023, institution: str | None = None
) -> Reading:
    reading = bandar_lampung()
    assessment = reading.assessment._replace(stage=stage, year=year)
    if institution is not None:
        assessment = assessment._replace(institution=institution)
    return reading._replace(assessment=assessment)


@pytest.mark.parametrize("stage", [each for each in Stage if each not in ("target", "self")])
def test_what_assessors_make_of_a_self_assessment_is_a_verdict(stage: Stage) -> None:
    assert series_of([reading_of(Stage.SELF), reading_of(stage)]).is_verdict
    between = reading_of(Stage.TARGET, 2022)
    assert series_of([reading_of(Stage.SELF), between, reading_of(stage)]).is_verdict


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (reading_of(Stage.SELF), reading_of(Stage.TARGET)),  # a plan is nobody's verdict
        (reading_of(Stage.SELF), reading_of(Stage.SELF)),
        (reading_of(Stage.SELF), reading_of(None)),
        (reading_of(Stage.EXTERNAL), reading_of(Stage.FINAL)),
        (reading_of(None), reading_of(Stage.FINAL)),
        (reading_of(Stage.SELF, 2022), reading_of(Stage.FINAL)),  # a year passed
        (reading_of(Stage.SELF, None), reading_of(Stage.FINAL)),
    ],
)
def test_anything_else_is_none(first: Reading, last: Reading) -> None:
    assert not series_of([first, last]).is_verdict


@pytest.mark.parametrize(("by", "met"), [("0.005", True), ("0", True), ("-0.005", False)])
def test_a_target_is_met_from_its_threshold_on(by: str, met: bool) -> None:  # noqa: FBT001
    assert TargetOutcome(Target("", Fraction(3)), Fraction(3), Fraction(by)).met == met


def test_that_nothing_matches_is_said_where_nothing_else_is_wrong() -> None:
    one, other = (reading_of(Stage.FINAL, institution=name) for name in ("Kota A", "Kota B"))
    third = reading_of(Stage.FINAL, institution="Kota C")
    groups, problems = matched([[one, other], [third]])
    codes = [problem.code for problem in problems]
    assert (groups, codes) == ([], ["compare-unmatched", "compare-unmatched", "compare-no-match"])
    groups, problems = matched([[one, one], [third]])
    assert groups == []
    assert "compare-repeated" in [problem.code for problem in problems]
    assert "compare-no-match" not in [problem.code for problem in problems]
