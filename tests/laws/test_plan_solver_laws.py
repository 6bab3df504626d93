"""A plan is what a solver finds where an exhaustive search is out of reach."""

import random
from collections.abc import Callable
from fractions import Fraction
from math import lcm

import highspy
import pytest
from highspy.highs import highs_linear_expression
from support.plans import Case, cost_of, levels_in, stops
from support.sheets import sheet, spbe_2020

from spbe_cli.core.alternatives import Style, plan_of
from spbe_cli.core.assessment import Assessment, Entry
from spbe_cli.core.plan import Costs, Limits, Stop, Wanted
from spbe_cli.core.scale import Scale
from spbe_cli.core.units import units_for
from spbe_cli.read.instruments import shipped_instrument


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
