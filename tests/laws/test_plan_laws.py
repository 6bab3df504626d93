"""A plan is what an exhaustive search finds, ties included."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import ceil
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from support.plans import Case, cost_of, levels_in, may_rise, pieces, shares, stops
from support.sheets import weighted_mean
from support.strategies import BANDED, NAMED, assessments, banded_scales, instruments

from spbe_cli.core.alternatives import Style, alternatives, plan_of, styles_of
from spbe_cli.core.plan import BY_BANDS, EQUAL_COSTS, Costs, Effort, Limits, Stop, Wanted, plan
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import score
from spbe_cli.core.units import least_index, units_of
from spbe_cli.read.instruments import shipped_instrument

SCALES = [
    Scale(Fraction(1), Fraction(5), Fraction(1)),
    Scale(Fraction(0), Fraction(5), Fraction(1)),
    Scale(Fraction(1), Fraction(3), Fraction(1, 2)),
    Scale(Fraction(1, 2), Fraction(3), Fraction(1, 2)),
    Scale(Fraction(1), Fraction(5), Fraction(2)),
    *BANDED,
    NAMED,
]


COSTS = st.sampled_from([Fraction(text) for text in ("0", "1/3", "1/2", "1", "1", "2", "3")])


class Candidate(NamedTuple):
    """One way to rise, with everything that plans are compared by. Steps are in the order."""

    reached: Fraction
    cost: Fraction
    number: int
    begun: list[int]
    steps: tuple[Fraction, ...]

    @property
    def effort(self) -> tuple[Fraction, int, list[int], list[Fraction]]:
        return self.cost, self.number, self.begun, [-step for step in self.steps]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    drawn = draw(instruments(most=4))
    instrument = replace(drawn, scale=draw(st.sampled_from(SCALES) | banded_scales()))
    codes = sorted(instrument.indicator_by_code)
    levels = st.sampled_from(list(instrument.scale.levels()))
    places = st.tuples(st.sampled_from(codes), st.integers(1, 5))
    costs = Costs(
        draw(COSTS),
        draw(st.dictionaries(st.sampled_from(codes), COSTS)),
        draw(st.dictionaries(places, COSTS)),
    )
    limits = Limits(
        draw(st.frozensets(st.sampled_from(codes), max_size=1)),
        draw(st.none() | st.frozensets(st.sampled_from(codes), min_size=1)),
        draw(st.none() | levels),
        draw(st.dictionaries(st.sampled_from(codes), levels, max_size=2)),
        draw(st.none() | st.sampled_from([Fraction(1), Fraction(3, 2), Fraction(2)])),
    )
    indices = st.fractions(0, 6, max_denominator=60)
    assessment = draw(assessments(instrument))
    pieces = draw(st.booleans()) and instrument.scale.step is None
    return Case(
        instrument,
        assessment,
        costs,
        limits,
        draw(indices | st.none()),
        draw(st.none() | st.fractions(0, 12, max_denominator=6)),
        {code: draw(ladders(instrument.scale)) for code in codes[:2]} if pieces else BY_BANDS,
    )


@st.composite
def ladders(draw: st.DrawFn, scale: Scale) -> list[Stop]:
    """Where one may stop piece by piece: values that rise, in levels that rise, by any shares."""
    values = st.fractions(scale.lowest, scale.highest, max_denominator=12)
    afters = sorted(draw(st.sets(values, max_size=5)))
    levels = sorted(draw(st.integers(1, 5)) for _ in afters)
    shares = [draw(st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(1, 7)])) for _ in afters]
    return [Stop(*each) for each in zip(afters, levels, shares, strict=True)]


def begun(case: Case, code: str, before: Fraction, after: Fraction) -> int:
    """How many levels are begun; one is as many steps as it takes to be at least one level."""
    scale = case.instrument.scale
    if code in case.stops:
        return len({stop.level for stop in pieces(case, code, before, after)})
    if scale.step is None:
        return len(shares(scale, before, after))
    return ceil((after - before) / (ceil(1 / scale.step) * scale.step))


def candidates(case: Case) -> Iterator[Candidate]:
    before = levels_in(case.assessment)
    choices = [stops(case, code, level) for code, level in before.items()]
    for chosen in product(*choices):
        after = dict(zip(before, chosen, strict=True))
        rises = [after[code] - level for code, level in before.items()]
        yield Candidate(
            weighted_mean(case.instrument.indicators, after),
            sum((cost_of(case, code, before[code], after[code]) for code in before), Fraction(0)),
            sum(rise > 0 for rise in rises),
            sorted(
                (
                    begun(case, code, before[code], after[code])
                    for code in before
                    if after[code] > before[code]
                ),
                reverse=True,
            ),
            tuple(rises),
        )


@given(cases())
def test_a_plan_is_what_an_exhaustive_search_finds(case: Case) -> None:
    found = case.plan()
    every = list(candidates(case))
    affordable = [c for c in every if case.budget is None or c.cost <= case.budget]
    best = max(c.reached for c in affordable)
    wanted = best if case.target is None else min(case.target, best)
    expected = min((c for c in every if c.reached >= wanted), key=lambda c: c.effort)

    assert found.reached == (case.target is None or best >= case.target)
    assert found.cost == expected.cost
    assert found.after.index == expected.reached
    rises = {step.indicator.code: step.after - step.before for step in found.steps}
    order = case.assessment.entries
    assert tuple(rises.get(code, Fraction(0)) for code in order) == expected.steps


def keeps_to(style: Style, case: Case) -> bool:
    """Whether a style makes sense of a request."""
    budget, target = case.budget, case.instrument.scale.target
    if style in (Style.CHEAPEST, Style.STEPWISE):
        return True
    return budget is None and (style is Style.FEWEST or target is not None)


@given(cases(), st.sampled_from(Style), st.none() | st.fractions(0, 5, max_denominator=2))
def test_a_plan_of_each_style_is_what_an_exhaustive_search_finds(
    case: Case, style: Style, level: Fraction | None
) -> None:
    """The same search among the rises that keep to the style, by its order."""
    instrument = replace(case.instrument, scale=case.instrument.scale._replace(target=level))
    case = case._replace(instrument=instrument)
    wanted = Wanted(case.target, case.budget, case.costs, case.limits, case.stops)
    assert (style in styles_of(instrument, wanted)) == keeps_to(style, case)
    if not keeps_to(style, case):
        return
    found = plan_of(style, instrument, case.assessment, wanted)
    if style is Style.STEPWISE:
        most = min(Fraction(1), case.limits.max_step or Fraction(1))
        case = case._replace(limits=case.limits._replace(max_step=most))
    every = list(candidates(case))
    if style is Style.TARGET_LEVEL and level is not None:
        before = levels_in(case.assessment)
        ends = [stops(case, code, at) for code, at in before.items()]
        least = [
            at if at >= level else min((end for end in stop if end >= level), default=stop[-1])
            for at, stop in zip(before.values(), ends, strict=True)
        ]
        every = [
            candidate
            for candidate in every
            if all(
                at + step >= end
                for at, step, end in zip(before.values(), candidate.steps, least, strict=True)
            )
        ]
    affordable = [c for c in every if case.budget is None or c.cost <= case.budget]
    best = max(c.reached for c in affordable)
    goal = best if case.target is None else min(case.target, best)

    def order(c: Candidate) -> tuple[object, ...]:
        return (c.number, *c.effort) if style is Style.FEWEST else c.effort

    expected = min((c for c in every if c.reached >= goal), key=order)
    assert found.reached == (case.target is None or best >= case.target)
    assert (found.cost, found.after.index) == (expected.cost, expected.reached)
    rises = {step.indicator.code: step.after - step.before for step in found.steps}
    assert tuple(rises.get(code, Fraction(0)) for code in case.assessment.entries) == expected.steps
    less = [c for c in every if order(c)[0] < order(expected)[0]]  # type: ignore[operator]
    proof = max((c.reached for c in less), default=None)
    assert (None if found.next_best is None else found.next_best.best) == proof


@given(cases())
def test_alternatives_count_levels_and_pieces_of_their_rises(case: Case) -> None:
    wanted = Wanted(case.target, case.budget, case.costs, case.limits, case.stops)
    pieces = Costs(Fraction(3), {}, {("1", 2): Fraction(5)})
    for each in alternatives(case.instrument, case.assessment, wanted, pieces):
        for costs, counted in ((EQUAL_COSTS, each.levels), (pieces, each.pieces)):
            own = case._replace(costs=costs)
            assert counted == sum(
                cost_of(own, step.indicator.code, step.before, step.after)
                for step in each.plan.steps
            )


@given(cases())
def test_the_frontier_is_every_point_that_nothing_beats(case: Case) -> None:
    best: dict[Fraction, Fraction] = {}
    for candidate in candidates(case):
        best[candidate.cost] = max(best.get(candidate.cost, Fraction(0)), candidate.reached)
    expected: list[Effort] = []
    for cost, index in sorted(best.items()):
        if not expected or index > expected[-1].best:
            expected.append(Effort(cost, index))
    assert case.plan().frontier == tuple(expected)


@given(cases())
def test_a_plan_adds_up_and_keeps_to_its_limits(case: Case) -> None:
    found = case.plan()
    assert found.before == score(case.instrument, case.assessment)
    assert found.after.index - found.before.index == sum(step.gain for step in found.steps)
    assert found.cost == sum(step.cost for step in found.steps)
    for step in found.steps:
        assert step.after > step.before
        assert may_rise(case, step.indicator.code, step.before, step.after)
        assert step.cost == cost_of(case, step.indicator.code, step.before, step.after)
    assert case.budget is None or found.cost <= case.budget
    if found.next_best is not None:
        assert found.next_best.cost < found.cost
        assert found.next_best.best < found.after.index
        assert case.target is None or not found.reached or found.next_best.best < case.target


@given(cases(), st.integers(0, 4))
def test_a_predicate_as_target_is_earned(case: Case, place: int) -> None:
    instrument, wanted = case.instrument, case.instrument.predicates[place]
    target = least_index(instrument, wanted, case.assessment.year)
    found = plan(instrument, case.assessment, target=target)
    if found.reached:
        assert instrument.predicates.index(found.after.predicate) <= place
        if found.steps:
            assert instrument.predicates.index(found.before.predicate) > place
    else:
        assert instrument.predicates.index(found.after.predicate) > place


@settings(max_examples=5)
@given(st.data())
def test_a_fine_scale_rises_where_weight_is_cheapest(data: st.DataObject) -> None:
    """With one cost a level the dearest weights rise first: then a plan can be worked by hand."""
    scale = Scale(Fraction(1), Fraction(5), Fraction(1, 100))
    instrument = replace(shipped_instrument("pemdi-2026"), scale=scale)
    assessment = data.draw(assessments(instrument))
    target = data.draw(st.fractions(1, 5, max_denominator=1000))
    found = plan(instrument, assessment, target=target)
    units = units_of(instrument)
    needed = units.least(target) - units.least(found.before.index)
    rooms = sorted(
        (weight, units.steps(units.scale.highest) - units.steps(item.level))
        for weight, item in zip(units.weights, found.before.indicators, strict=True)
    )
    steps = 0
    while needed > 0:
        weight, room = rooms.pop()
        taken = min(room, ceil(Fraction(needed, weight)))
        steps, needed = steps + taken, needed - taken * weight
    assert found.reached
    assert found.after.index >= target
    assert found.cost == steps * units.counted.each
