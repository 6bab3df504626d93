"""A plan over several years is what trying every way through the years finds."""

import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product

import highspy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.sheets import sheet, spbe_2020, weighted_mean
from support.strategies import assessments, instruments

from spbe_cli.core.alternatives import Style, Years, pace_of, plan_of, yearly_plan, years_of
from spbe_cli.core.assessment import Assessment, Missing
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.plan import Costs, Limits, Wanted
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import score
from spbe_cli.core.units import units_of

SCALES = [
    Scale(Fraction(1), Fraction(5), Fraction(1)),
    Scale(Fraction(0), Fraction(3), Fraction(1, 2)),
]
INDICES = st.fractions(0, 5, max_denominator=20)
COSTS = st.sampled_from([Fraction(text) for text in ("0", "1/2", "1", "2")])


Way = tuple[Fraction, list[Fraction], dict[str, Fraction]]


def levels_in(assessment: Assessment) -> dict[str, Fraction]:
    entries = assessment.entries.items()
    return {code: e.level for code, e in entries if not isinstance(e.level, Missing)}


def ways_through(
    instrument: Instrument,
    before: dict[str, Fraction],
    costs: Costs,
    number: int,
    pace: Fraction,
) -> Iterator[Way]:
    """Every path of levels that never falls and keeps to the pace: its cost, indices and end."""
    levels = list(instrument.scale.levels())
    paths = {
        code: [
            path
            for path in product(levels, repeat=number)
            if all(
                0 <= later - earlier <= pace
                for earlier, later in zip((level, *path), path, strict=False)
            )
        ]
        for code, level in before.items()
    }
    for chosen in product(*paths.values()):
        ends = dict(zip(paths, chosen, strict=True))
        cost = sum(
            ((path[-1] - before[code]) * costs.by_indicator[code] for code, path in ends.items()),
            Fraction(0),
        )
        indices = [
            weighted_mean(instrument.indicators, {code: path[at] for code, path in ends.items()})
            for at in range(number)
        ]
        yield cost, indices, {code: path[-1] for code, path in ends.items()}


@settings(max_examples=60)
@given(st.data())
def test_no_way_through_the_years_is_cheaper_or_earlier(data: st.DataObject) -> None:
    """Every path of levels that never falls and keeps to the pace, year by year, one by one."""
    drawn = data.draw(instruments(most=2))
    instrument = replace(drawn, scale=data.draw(st.sampled_from(SCALES)))
    assessment = data.draw(assessments(instrument))
    codes = list(assessment.entries)
    costs = Costs(by_indicator={code: data.draw(COSTS) for code in codes})
    number = data.draw(st.integers(1, 3))
    pace = pace_of(instrument, data.draw(st.sampled_from([None, Fraction(1), Fraction(3, 2)])))
    target = data.draw(st.fractions(0, 5, max_denominator=20))
    wanted = Wanted(target, None, costs, Limits(max_step=number * pace))
    made = plan_of(Style.CHEAPEST, instrument, assessment, wanted)
    years = years_of(made, instrument, assessment, wanted, Years(number, pace))

    before = levels_in(assessment)
    ways = list(ways_through(instrument, before, costs, number, pace))
    best = max(indices[-1] for _, indices, _ in ways)
    goal = min(target, best)
    cheapest = min(cost for cost, indices, _ in ways if indices[-1] >= goal)
    assert made.reached == (best >= target)
    assert made.cost == cheapest == sum(year.cost for year in years)

    now = dict(before)
    for year in years:
        for code, level in year.levels.items():
            assert 0 < level - now[code] <= pace
            now[code] = level
        assert year.after.index == weighted_mean(instrument.indicators, now)
    assert now == {**before, **{step.indicator.code: step.after for step in made.steps}}
    for at, year in enumerate(years):
        same_end = [indices[at] for _, indices, ends in ways if ends == now]
        assert year.after.index == max(same_end)


@settings(max_examples=60)
@given(st.data())
def test_targets_of_every_year_are_met_with_the_least_effort(data: st.DataObject) -> None:
    drawn = data.draw(instruments(most=3))
    instrument = replace(drawn, scale=data.draw(st.sampled_from(SCALES)))
    assessment = data.draw(assessments(instrument))
    costs = Costs(by_indicator={code: data.draw(COSTS) for code in assessment.entries})
    number, pace = 2, pace_of(instrument, data.draw(st.sampled_from([None, Fraction(3, 2)])))
    first, last = sorted(data.draw(st.lists(INDICES, min_size=2, max_size=2)))
    years = Years(number, pace)
    wanted = Wanted(last, None, costs, Limits(max_step=number * pace))
    made = yearly_plan(instrument, assessment, wanted, years, [first])
    found = years_of(made, instrument, assessment, wanted, years)

    ways = list(ways_through(instrument, levels_in(assessment), costs, number, pace))
    goals = [
        min(target, max(indices[at] for _, indices, _ in ways))
        for at, target in enumerate((first, last))
    ]
    assert made.reached == (goals == [first, last])
    assert all(year.after.index >= goal for year, goal in zip(found, goals, strict=True))
    assert made.cost == min(
        cost
        for cost, indices, _ in ways
        if all(index >= goal for index, goal in zip(indices, goals, strict=True))
    )


@pytest.mark.parametrize("seed", range(60))
def test_targets_of_three_years_cost_what_a_solver_finds(seed: int) -> None:
    """47 indicators, random levels and costs, a target for each of three years."""
    source = random.Random(seed)
    instrument, units = spbe_2020(), units_of(spbe_2020())
    levels = {code: source.randint(1, 3) for code in instrument.indicator_by_code}
    costs = Costs(by_indicator={code: Fraction(source.randint(1, 9)) for code in levels})
    assessment, years = sheet(levels, 2024), Years(3, Fraction(1))
    now = units.least(score(instrument, assessment).index)
    rooms = [  # what each year can gain at most, all rising by one a year
        sum(w * min(year, 5 - at) for w, at in zip(units.weights, levels.values(), strict=True))
        for year in (1, 2, 3)
    ]
    needs = [room * source.randint(20, 80) // 100 for room in rooms]
    wanted = Wanted(units.index_at(now + needs[-1]), None, costs, Limits(max_step=Fraction(3)))
    targets = [units.index_at(now + need) for need in needs[:-1]]
    made = yearly_plan(instrument, assessment, wanted, years, targets)
    assert made.reached

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)  # noqa: FBT003 - highspy's own signature
    solver.setOptionValue("mip_rel_gap", 0.0)
    spent, gained = solver.expr(), [solver.expr() for _ in needs]
    for (code, level), weight in zip(levels.items(), units.weights, strict=True):
        rises = range(1, min(3, 5 - level) + 1)
        taken = [solver.addBinary() for _ in rises]
        solver.addConstr(solver.qsum(taken) <= 1)
        each = int(costs.by_indicator[code])
        spent += solver.qsum(each * rise * x for rise, x in zip(rises, taken, strict=True))
        for year in (1, 2, 3):
            gained[year - 1] += solver.qsum(
                weight * min(rise, year) * x for rise, x in zip(rises, taken, strict=True)
            )
    for need, total in zip(needs, gained, strict=True):
        solver.addConstr(total >= need)
    solver.minimize(spent)
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    assert made.cost == round(solver.getObjectiveValue())
