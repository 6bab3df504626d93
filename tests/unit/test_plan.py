"""Plans: targets, budgets, costs, limits, ties, and what certifies them."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from support.sheets import (
    JUST_BY_ROUNDING,
    ON_THRESHOLD,
    bandar_lampung,
    sheet,
    spbe_2020,
)

from spbe_cli.core.assessment import Assessment, Entry, Missing
from spbe_cli.core.instrument import Basis, BasisPeriod, Group, Indicator, Instrument, Predicate
from spbe_cli.core.plan import Costs, Effort, Limits, Plan, Stop, plan
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import MissingLevelError
from spbe_cli.core.units import least_index
from spbe_cli.read.instruments import shipped_instrument
from spbe_cli.read.requests import read_costs

SPBE = spbe_2020()
BAIK = SPBE.predicates[2]
THREE = Scale(Fraction(1), Fraction(3), Fraction(1))


def of(*weights: int, scale: Scale = THREE) -> Instrument:
    indicators = tuple(
        Indicator(str(place), f"Indikator {place}", Fraction(weight))
        for place, weight in enumerate(weights, start=1)
    )
    group = Group("aspect", "A1", "Aspek", Fraction(sum(weights)), indicators=indicators)
    predicates = (Predicate("Baik", Fraction(2)), Predicate("Kurang"))
    return Instrument(
        "small", "Small", (group,), scale, predicates, basis=(BasisPeriod(Basis.EXACT),)
    )


def at(*levels: int | Fraction) -> Assessment:
    entries = {str(place): Entry(Fraction(level)) for place, level in enumerate(levels, start=1)}
    return Assessment("small", entries)


def rises(found: Plan) -> dict[str, Fraction]:
    return {step.indicator.code: step.after - step.before for step in found.steps}


def test_bandar_lampung_to_baik() -> None:
    reading = bandar_lampung()
    target = least_index(reading.instrument, BAIK, 2023)
    found = plan(reading.instrument, reading.assessment, target=target)
    assert found.reached
    assert found.cost == 15
    assert found.after.index == Fraction("2.597")
    assert found.after.predicate is BAIK
    assert rises(found) == {"39": 3, "45": 4, "46": 4, "47": 4}
    assert sum(step.gain for step in found.steps) == found.after.index - found.before.index
    assert found.next_best == Effort(Fraction(14), Fraction("2.5745"))


def test_the_frontier_of_bandar_lampung() -> None:
    reading = bandar_lampung()
    found = plan(reading.instrument, reading.assessment, target=Fraction(5))
    assert found.frontier[0] == Effort(Fraction(0), Fraction("2.1545"))
    assert found.frontier[1] == Effort(Fraction(1), Fraction("2.1845"))
    assert found.frontier[-1] == Effort(Fraction(144), Fraction(5))
    assert found.cost == 144
    assert {item.level for item in found.after.indicators} == {5}


def test_a_budget_buys_the_best_index() -> None:
    reading = bandar_lampung()
    found = plan(reading.instrument, reading.assessment, budget=Fraction("12.5"))
    assert found.target is None
    assert found.reached
    assert found.cost == 12
    assert found.after.index == Fraction("2.5145")
    assert found.next_best == Effort(Fraction(11), Fraction("2.4845"))


def test_a_target_beyond_the_budget_gives_the_best_there_is() -> None:
    reading = bandar_lampung()
    found = plan(
        reading.instrument, reading.assessment, target=Fraction("2.595"), budget=Fraction(12)
    )
    assert not found.reached
    assert found.after.index == Fraction("2.5145")


def test_a_target_out_of_reach_gives_the_best_there_is() -> None:
    reading = bandar_lampung()
    limits = Limits(cap=Fraction(3))
    found = plan(reading.instrument, reading.assessment, target=Fraction(4), limits=limits)
    assert not found.reached
    assert found.after.index == found.frontier[-1].best == Fraction("3.2525")
    kept = [item.level for item in found.before.indicators if item.level > 3]
    assert [item.level for item in found.after.indicators if item.level > 3] == kept


def test_a_target_already_reached_costs_nothing() -> None:
    reading = bandar_lampung()
    found = plan(reading.instrument, reading.assessment, target=Fraction("2.1545"))
    assert found.reached
    assert found.cost == 0
    assert found.steps == ()
    assert found.next_best is None
    assert found.after.index == found.before.index


@pytest.mark.parametrize(
    ("levels", "year", "cost"),
    [
        (ON_THRESHOLD, 2023, 0),
        (ON_THRESHOLD, 2024, 0),
        (JUST_BY_ROUNDING, 2023, 0),
        (JUST_BY_ROUNDING, 2024, 1),
    ],
)
def test_a_sheet_on_the_threshold_and_one_just_by_rounding(
    levels: dict[str, int], year: int, cost: int
) -> None:
    found = plan(SPBE, sheet(levels, year), target=least_index(SPBE, BAIK, year))
    assert found.cost == cost
    assert found.after.predicate is BAIK


def test_a_plan_that_reaches_the_predicate_just_by_rounding() -> None:
    levels = {**ON_THRESHOLD, "32": 4, "33": 4, "47": 4, "1": 2, "2": 2, "3": 2, "4": 2, "21": 2}
    found = plan(SPBE, sheet(levels, 2023), target=least_index(SPBE, BAIK, 2023))
    assert found.before.index == Fraction("2.582")
    assert rises(found) == {"1": 1}
    assert found.after.index == Fraction("2.595")
    assert found.after.predicate is BAIK
    found = plan(SPBE, sheet(levels, 2024), target=least_index(SPBE, BAIK, 2024))
    assert rises(found) == {"11": 1}
    assert found.after.index == Fraction("2.607")


def test_limits() -> None:
    instrument, assessment = of(1, 1, 1, 1), at(1, 1, 1, 1)

    def best(limits: Limits) -> list[Fraction]:
        found = plan(instrument, assessment, target=Fraction(3), limits=limits)
        return [item.level for item in found.after.indicators]

    assert best(Limits(locked=frozenset("2"))) == [3, 1, 3, 3]
    assert best(Limits(only=frozenset("24"))) == [1, 3, 1, 3]
    assert best(Limits(only=frozenset("24"), locked=frozenset("2"))) == [1, 1, 1, 3]
    assert best(Limits(cap=Fraction(2))) == [2, 2, 2, 2]
    assert best(Limits(caps={"3": Fraction(2)})) == [3, 3, 2, 3]
    assert best(Limits(max_step=Fraction(1))) == [2, 2, 2, 2]
    assert best(Limits(max_step=Fraction(0))) == [1, 1, 1, 1]


def test_fewest_indicators_first() -> None:
    found = plan(of(2, 1, 1), at(1, 1, 1), target=Fraction(3, 2))
    assert rises(found) == {"1": 1}
    found = plan(of(2, 2, 1), at(1, 2, 2), target=Fraction(12, 5))
    assert rises(found) == {"1": 2}


def test_then_the_smaller_rises() -> None:
    five = Scale(Fraction(1), Fraction(5), Fraction(1))
    found = plan(of(1, 1, 1, scale=five), at(1, 1, 1), target=Fraction(8, 3))
    assert rises(found) == {"1": 3, "2": 2}


def test_on_a_fine_scale_rises_compare_by_the_levels_begun() -> None:
    fine = Scale(Fraction(1), Fraction(5), Fraction(1, 2))
    found = plan(of(1, 1, 1, scale=fine), at(1, 1, 1), target=Fraction(17, 6))
    assert rises(found) == {"1": 3, "2": Fraction(5, 2)}


def test_then_the_order_of_the_instrument() -> None:
    instrument = of(1, 1, 1)
    assert rises(plan(instrument, at(1, 1, 1), target=Fraction(4, 3))) == {"1": 1}
    assert rises(plan(instrument, at(1, 1, 1), target=Fraction(2))) == {"1": 2, "2": 1}


def test_costs_by_indicator_and_level() -> None:
    costs = Costs(
        Fraction(2), {"2": Fraction(1, 3)}, {("2", 3): Fraction(5), ("1", 3): Fraction(0)}
    )
    found = plan(of(1, 1), at(1, 1), target=Fraction(3), costs=costs)
    assert [step.cost for step in found.steps] == [2, Fraction(16, 3)]
    assert found.frontier == (
        Effort(Fraction(0), Fraction(1)),
        Effort(Fraction(1, 3), Fraction(3, 2)),
        Effort(Fraction(2), Fraction(2)),
        Effort(Fraction(7, 3), Fraction(5, 2)),
        Effort(Fraction(22, 3), Fraction(3)),
    )


def test_what_is_free_is_not_done_for_its_own_sake() -> None:
    free = Costs(Fraction(0))
    found = plan(of(1, 1), at(1, 1), target=Fraction(3, 2), costs=free)
    assert rises(found) == {"1": 1}
    assert found.next_best is None
    assert found.frontier == (Effort(Fraction(0), Fraction(3)),)


FORMS = ("{what}: {cost}", "{what}: {{3: {cost}}}", "{what}: {{2.5: {cost}}}")
STEPS = tuple(Fraction(each, 2) for each in range(3, 11))  # from 1.5 to 5


def speaks(form: str, step: Fraction) -> bool:
    """Whether an entry is of a step: of every level, of all up to a whole one, of one step."""
    return "{{" not in form or (2 < step <= 3 if "{{3" in form else step == Fraction(5, 2))


@pytest.mark.parametrize("first", ["1", "A1", "D1", "all"])
@pytest.mark.parametrize("later", ["1", "A1", "D1", "all"])
def test_a_later_entry_of_costs_speaks_over_an_earlier_one(
    tmp_path: Path, first: str, later: str
) -> None:
    """Whatever the forms of the two are, on a scale with half levels."""
    half = replace(SPBE, scale=Scale(Fraction(1), Fraction(5), Fraction(1, 2)))
    path = tmp_path / "biaya.yaml"
    for one, other in product(FORMS, FORMS):
        same = "I1" if first == "1" else first.swapcase()  # YAML has a key once
        named = same if first == later else first
        lines = (one.format(what=named, cost=7), other.format(what=later, cost=9))
        path.write_text("each: 5\nindicators:\n  " + "\n  ".join(lines), encoding="utf-8")
        costs, problems = read_costs(str(path), half)
        assert problems == []
        for step in STEPS:
            own = 9 if speaks(other, step) else 7 if speaks(one, step) else 5
            assert costs.of_level("1", step) == own, (lines, step)


def test_a_part_of_a_level_costs_its_part() -> None:
    """Indicator 20 weighs 15 percent, 19 weighs 10, and 0.1 more is wanted."""
    scale = Scale(Fraction(1), Fraction(5), Fraction(1, 100))
    pemdi = replace(shipped_instrument("pemdi-2026"), scale=scale)
    entries = {code: Entry(Fraction("3.40")) for code in pemdi.indicator_by_code}
    assessment = Assessment(pemdi.id, entries, year=2026)
    found = plan(pemdi, assessment, target=Fraction("3.5"))
    assert rises(found) == {"20": Fraction("0.67")}
    assert found.cost == Fraction("0.67")
    dear = Costs(by_level={("20", 4): Fraction(2)})
    found = plan(pemdi, assessment, target=Fraction("3.5"), costs=dear)
    assert rises(found) == {"19": 1}
    assert found.cost == 1
    assert found.next_best == Effort(Fraction("0.99"), Fraction("3.499"))


def test_a_step_is_the_rest_of_a_band() -> None:
    """From 3.4 to 3.5 is a tenth of level 3, from there to 4 the whole of level 4."""
    pemdi = shipped_instrument("pemdi-2026")
    entries = {code: Entry(Fraction("3.40")) for code in pemdi.indicator_by_code}
    assessment = Assessment(pemdi.id, entries, year=2026)
    found = plan(pemdi, assessment, target=Fraction("3.475"))
    assert rises(found) == {"20": Fraction("0.6")}
    assert found.cost == Fraction("1.1")
    assert found.next_best == Effort(Fraction(1), Fraction("3.464"))
    capped = plan(pemdi, assessment, target=Fraction(4), limits=Limits(cap=Fraction("3.84")))
    assert rises(capped)["20"] == Fraction("0.44")
    assert capped.cost == 20 * (Fraction("0.1") + Fraction("0.68"))
    dear = Costs(by_level={(code, 4): Fraction(9) for code in pemdi.indicator_by_code})
    assert len(plan(pemdi, assessment, target=Fraction("3.475"), costs=dear).steps) == 13


def test_pieces_of_one_level_are_one_level_begun() -> None:
    """1 by two halves of level 2 is as far as 2 at once, and the first in order then rises."""
    pemdi = shipped_instrument("pemdi-2026")
    entries = {code: Entry(Fraction("1.5")) for code in pemdi.indicator_by_code}
    assessment = Assessment(pemdi.id, entries, year=2026)
    halves = [Stop(Fraction(end), 2, Fraction(1, 2)) for end in ("2", "2.5")]
    found = plan(
        pemdi,
        assessment,
        target=Fraction("1.55"),
        limits=Limits(only=frozenset({"1", "2"})),
        stops={"1": halves},
    )
    assert rises(found) == {"1": 1}
    assert found.cost == 1
    assert found.next_best == Effort(Fraction(1, 2), Fraction("1.525"))


def test_a_missing_level_has_no_plan() -> None:
    assessment = at(1, 1)._replace(entries={"1": Entry(Missing.BLANK), "2": Entry(Fraction(1))})
    with pytest.raises(MissingLevelError):
        plan(of(1, 1), assessment, target=Fraction(2))


@pytest.mark.parametrize(
    "costs",
    [
        Costs(Fraction(-1)),
        Costs(by_indicator={"2": Fraction(-1)}),
        Costs(by_level={("1", 3): Fraction(-1)}),
    ],
)
def test_negative_costs_are_refused(costs: Costs) -> None:
    with pytest.raises(ValueError, match="costs -1"):
        plan(of(1, 1), at(1, 1), target=Fraction(2), costs=costs)


def test_a_negative_budget_is_refused() -> None:
    with pytest.raises(ValueError, match="budget of -1"):
        plan(of(1, 1), at(1, 1), budget=Fraction(-1))
