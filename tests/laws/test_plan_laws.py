"""A plan is what an exhaustive search finds, ties included, and what a solver finds where that is
out of reach.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import ceil, lcm
from typing import NamedTuple

import highspy
import pytest
from highspy.highs import highs_linear_expression
from hypothesis import given, settings
from hypothesis import strategies as st
from support.sheets import sheet, spbe_2020, weighted_mean
from support.strategies import BANDED, NAMED, assessments, banded_scales, instruments

from spbe_cli.core.alternatives import Style, Wanted, alternatives, plan_of, styles_of
from spbe_cli.core.assessment import Assessment, Entry, Missing
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.plan import BY_BANDS, EQUAL_COSTS, Costs, Effort, Limits, Plan, Stop, plan
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import score
from spbe_cli.core.units import least_index, units_for, units_of
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


class Case(NamedTuple):
    """Everything a plan is asked with."""

    instrument: Instrument
    assessment: Assessment
    costs: Costs
    limits: Limits
    target: Fraction | None
    budget: Fraction | None
    stops: Mapping[str, Sequence[Stop]] = BY_BANDS

    def plan(self) -> Plan:
        return plan(
            self.instrument,
            self.assessment,
            target=self.target,
            budget=self.budget,
            costs=self.costs,
            limits=self.limits,
            stops=self.stops,
        )


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


def levels_in(assessment: Assessment) -> dict[str, Fraction]:
    entries = assessment.entries.items()
    return {code: e.level for code, e in entries if not isinstance(e.level, Missing)}


def may_rise(case: Case, code: str, before: Fraction, after: Fraction) -> bool:
    limits, scale = case.limits, case.instrument.scale
    return after == before or (
        code not in limits.locked
        and (limits.only is None or code in limits.only)
        and after <= scale.highest
        and (limits.cap is None or after <= limits.cap)
        and after <= limits.caps.get(code, after)
        and (limits.max_step is None or levels_up(scale, before, after) <= limits.max_step)
    )


def shares(scale: Scale, before: Fraction, after: Fraction) -> dict[int, Fraction]:
    """How much of each band lies between two values, by its level."""
    found = {
        int(band.level): (min(after, band.end) - max(before, band.start)) / (band.end - band.start)
        for band in scale.bands
    }
    return {level: share for level, share in found.items() if share > 0}


def levels_up(scale: Scale, before: Fraction, after: Fraction) -> Fraction:
    if scale.step is not None:
        return after - before
    return sum(shares(scale, before, after).values(), Fraction(0))


def pieces(case: Case, code: str, before: Fraction, after: Fraction) -> list[Stop]:
    """The stops of a ladder between two values."""
    return [stop for stop in case.stops[code] if before < stop.after <= after]


def cost_of(case: Case, code: str, before: Fraction, after: Fraction) -> Fraction:
    """The cost of a rise, step by step; a step costs its part of the level it leads to."""
    scale = case.instrument.scale
    if code in case.stops:
        between = pieces(case, code, before, after)
        return sum((p.share * case.costs.of_level(code, p.level) for p in between), Fraction(0))
    if scale.step is None:
        return sum(
            (share * case.costs.of_level(code, level))
            for level, share in shares(scale, before, after).items()
        ) or Fraction(0)
    total, level, step = Fraction(0), before, scale.step
    while level < after:
        level += step
        flat = case.costs.by_indicator.get(code, case.costs.each)
        total += step * case.costs.by_level.get((code, ceil(level)), flat)
    return total


def stops(case: Case, code: str, before: Fraction) -> list[Fraction]:
    """Where an indicator may end: at a level, at the end of a band, or inside one at its limit."""
    scale, limits = case.instrument.scale, case.limits
    ends = {before, *scale.levels()}
    if code in case.stops:
        afters = [stop.after for stop in pieces(case, code, before, scale.highest)]
        return [before, *(after for after in afters if may_rise(case, code, before, after))]
    if scale.step is None:
        ends.add(limits.caps.get(code, scale.highest))
        ends.add(scale.highest if limits.cap is None else limits.cap)
        rest = limits.max_step or Fraction(0)
        for band in scale.bands:
            share = (band.end - max(before, band.start)) / (band.end - band.start)
            if share > 0 and rest > 0:
                ends.add(max(before, band.start) + min(share, rest) * (band.end - band.start))
                rest -= min(share, rest)
        within = [end for end in ends if end >= before and may_rise(case, code, before, end)]
        inside = [end for end in within if end not in {*scale.levels(), before, max(within)}]
        return sorted(set(within) - set(inside))  # inside a band only the outermost limit counts
    return sorted(end for end in ends if end >= before and may_rise(case, code, before, end))


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


class Programme:
    """The same request as an integer programme: which rise of each indicator, if any."""

    def __init__(self, case: Case, style: Style = Style.CHEAPEST) -> None:
        levels = levels_in(case.assessment)
        afters = {code: stops(case, code, level)[1:] for code, level in levels.items()}
        target = case.instrument.scale.target
        self.fixed = []  # whether an indicator must rise
        for code, level in levels.items():
            least = level if target is None or style is not Style.TARGET_LEVEL else target
            self.fixed.append(level < least and bool(afters[code]))
            if self.fixed[-1]:
                least = min(least, afters[code][-1])
                afters[code] = [after for after in afters[code] if after >= least]
        every = [*levels.values(), *(each for ends in afters.values() for each in ends)]
        self.units = units_for(case.instrument, every)
        costs = {
            code: [
                Fraction(1) if style is Style.FEWEST else cost_of(case, code, levels[code], after)
                for after in ends
            ]
            for code, ends in afters.items()
        }
        self.one = lcm(*(cost.denominator for each in costs.values() for cost in each))
        steps = self.units.steps
        self.rises = [  # what each costs and gains, by indicator
            [
                (int(cost * self.one), weight * (steps(after) - steps(levels[code])))
                for cost, after in zip(costs[code], afters[code], strict=True)
            ]
            for code, weight in zip(afters, self.units.weights, strict=True)
        ]

    def cheapest(self, gain: int) -> int | None:
        """The least cost of a gain in units, None if there is none."""
        solver, cost, gained = self._model()
        solver.addConstr(gained >= gain)
        solver.minimize(cost)
        if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return None
        found_cost, found_gain = self._solution(solver)
        assert found_gain >= gain
        assert abs(solver.getInfo().mip_dual_bound - found_cost) < Fraction(1, 2)
        return found_cost

    def best(self, cost: int) -> int:
        """The best gain in units for a cost."""
        solver, spent, gained = self._model()
        solver.addConstr(spent <= cost)
        solver.maximize(gained)
        found_cost, found_gain = self._solution(solver)
        assert found_cost <= cost
        assert abs(solver.getInfo().mip_dual_bound - found_gain) < Fraction(1, 2)
        return found_gain

    def _model(self) -> tuple[highspy.Highs, highs_linear_expression, highs_linear_expression]:
        """Return the programme without its goal, its cost and its gain; all of it in integers."""
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)  # noqa: FBT003 - highspy's own signature
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.setOptionValue("mip_abs_gap", 0.0)
        spent, gained = solver.expr(), solver.expr()
        for rises, fixed in zip(self.rises, self.fixed, strict=True):
            taken = [solver.addBinary() for _ in rises]
            if taken:
                solver.addConstr(solver.qsum(taken) <= 1)
            if fixed:
                solver.addConstr(solver.qsum(taken) >= 1)
            spent += solver.qsum(c * x for (c, _), x in zip(rises, taken, strict=True))
            gained += solver.qsum(g * x for (_, g), x in zip(rises, taken, strict=True))
        return solver, spent, gained

    def _solution(self, solver: highspy.Highs) -> tuple[int, int]:
        """Return cost and gain of what the solver chose, which it holds within a tolerance."""
        assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        chosen = [round(value) for value in solver.getSolution().col_value]
        every = [rise for rises in self.rises for rise in rises]
        costs = sum(cost * x for (cost, _), x in zip(every, chosen, strict=True))
        return costs, sum(gain * x for (_, gain), x in zip(every, chosen, strict=True))


def random_case(seed: int) -> Case:
    source = random.Random(seed)
    instrument = spbe_2020()
    codes = list(instrument.indicator_by_code)
    lowest, highest = source.choice([(1, 5), (1, 3), (2, 4), (1, 2)])
    levels = {code: source.randint(lowest, highest) for code in codes}
    dearest = source.choice([3, 20, 1000])
    by_level = {
        (code, level): Fraction(source.randint(0, dearest)) for code in codes for level in range(6)
    }
    limits = Limits(
        frozenset(source.sample(codes, source.choice([0, 0, 5, 15]))),
        source.choice([None, None, frozenset(source.sample(codes, 30))]),
        source.choice([None, None, Fraction(4)]),
        {code: Fraction(source.randint(1, 5)) for code in source.sample(codes, 10)},
        source.choice([None, None, Fraction(1), Fraction(2)]),
    )
    target = source.choice([*(p.threshold for p in instrument.predicates if p.threshold), None])
    if target is None:
        target = Fraction(source.randint(1000, 5000), 1000)
    year = source.choice([2023, 2024])
    return Case(instrument, sheet(levels, year), Costs(by_level=by_level), limits, target, None)


def banded_case(seed: int) -> Case:
    """Values of Pemerintah Digital, every other time with pieces of evidence of some indicators."""
    source = random.Random(seed)
    instrument = shipped_instrument("pemdi-2026")
    codes = list(instrument.indicator_by_code)
    most = source.choice([100, 250, 500])
    entries = {
        code: Entry(Fraction(source.randint(100, most), 100) if source.random() < 0.8 else SIXTHS)
        for code in codes
    }
    costs = Costs(by_indicator={code: Fraction(source.randint(0, 3)) for code in codes})
    limits = Limits(
        frozenset(source.sample(codes, source.choice([0, 0, 4]))),
        cap=source.choice([None, Fraction("3.84"), Fraction(4)]),
        max_step=source.choice([None, Fraction(1), Fraction(3, 2)]),
    )
    target = Fraction(source.randint(100, 500), 100)
    with_pieces = source.sample(codes, source.choice([0, 8, 20]))
    ladders = {code: in_pieces(instrument.scale, source) for code in with_pieces}
    assessment = Assessment(instrument.id, entries, year=2026)
    return Case(
        instrument, assessment, source.choice([costs, Costs()]), limits, target, None, ladders
    )


SIXTHS = Fraction(7, 6)


def in_pieces(scale: Scale, source: random.Random) -> list[Stop]:
    """Every band in so many pieces of evidence."""
    counts = [source.randint(1, 5) for _ in scale.bands]
    return [
        Stop(
            band.start + (band.end - band.start) * Fraction(number, count),
            int(band.level),
            Fraction(1, count),
        )
        for band, count in zip(scale.bands, counts, strict=True)
        for number in range(1, count + 1)
    ]


def empty_case(seed: int) -> Case:
    """A checklist in which nothing is accepted yet: the longest ladders that there are."""
    source = random.Random(seed)
    case = banded_case(seed)
    scale = case.instrument.scale
    codes = case.instrument.indicator_by_code
    assessment = Assessment("pemdi-2026", dict.fromkeys(codes, Entry(scale.lowest)), year=2026)
    ladders = {code: in_pieces(scale, source) for code in codes}
    return case._replace(assessment=assessment, stops=ladders)


@pytest.mark.parametrize("within", [False, True])
@pytest.mark.parametrize("cases_of", [random_case, banded_case, empty_case])
@pytest.mark.parametrize("seed", range(15))
def test_what_a_plan_does_not_look_at_is_no_part_of_the_answer(
    seed: int, cases_of: Callable[[int], Case], *, within: bool
) -> None:
    """Held against the frontier, which is drawn in full."""
    case = cases_of(seed)
    target = case.target
    assert target is not None
    if within:
        case = case._replace(budget=Fraction(random.Random(seed).randint(0, 60)))
    found = case.plan()
    allowed = [e for e in found.frontier if case.budget is None or e.cost <= case.budget]
    reaching = [effort for effort in allowed if effort.best >= target]
    assert found.reached is bool(reaching)
    assert found.cost == (reaching or allowed[-1:])[0].cost
    assert found.after.index >= (target if reaching else allowed[-1].best)
    cheaper = [effort for effort in found.frontier if effort.cost < found.cost]
    assert found.next_best == (cheaper[-1] if cheaper else None)


@pytest.mark.parametrize("seed", range(200))
def test_a_plan_costs_what_a_solver_finds(seed: int) -> None:
    solved(random_case(seed))


@pytest.mark.parametrize("seed", range(60))
def test_a_plan_on_bands_costs_what_a_solver_finds(seed: int) -> None:
    solved(banded_case(seed))


@pytest.mark.parametrize("seed", range(20))
def test_a_plan_of_an_empty_checklist_costs_what_a_solver_finds(seed: int) -> None:
    solved(empty_case(seed))


def solved(case: Case) -> None:
    """Hold a case's plan against what the solver finds."""
    assert case.target is not None
    found, programme = case.plan(), Programme(case)
    present = programme.units.least(found.before.index)
    cheapest = programme.cheapest(programme.units.least(case.target) - present)
    assert found.reached == (cheapest is not None)
    if cheapest is not None:
        assert found.cost * programme.one == cheapest
        assert found.after.index >= case.target
    else:
        gain = programme.units.least(found.after.index) - present
        assert found.cost * programme.one == programme.cheapest(gain)
        assert programme.cheapest(gain + 1) is None
    if found.next_best is not None:
        best = programme.best(int(found.cost * programme.one) - 1)
        assert found.next_best.best == programme.units.index_at(present + best)


@pytest.mark.parametrize("style", [Style.STEPWISE, Style.TARGET_LEVEL, Style.FEWEST])
@pytest.mark.parametrize("seed", range(200, 400))
def test_a_plan_of_each_style_is_as_good_as_a_solver(seed: int, style: Style) -> None:
    """Each style as a programme of its own: fewer rises to choose from, or another goal."""
    case = random_case(seed)
    target = case.target
    assert target is not None
    wanted = Wanted(target, None, case.costs, case.limits)
    found = plan_of(style, case.instrument, case.assessment, wanted)
    if style is Style.STEPWISE:  # no limit of a random case is narrower
        case = case._replace(limits=case.limits._replace(max_step=Fraction(1)))
    programme = Programme(case, style)
    present = programme.units.least(found.before.index)
    goal = programme.units.least(target if found.reached else found.after.index) - present
    if not found.reached:
        assert programme.cheapest(programme.units.least(target) - present) is None
        assert programme.cheapest(goal + 1) is None
    assert programme.cheapest(goal) == (len(found.steps) if style is Style.FEWEST else found.cost)
