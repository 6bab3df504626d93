"""The cheapest rises that reach a target, and the best index for every cost: exactly.

A dynamic programme over integer units of the index (`spbe_cli.core.units`) takes the indicators in
one by one. After each it keeps a front: every gain, unless another at least as high takes less
effort. The last front is the answer and its proof: whatever was left out is beaten by what stayed.

Effort is compared in this order, so that equal requests have one answer:

1. the cost;
2. how many indicators rise;
3. how far they rise, in whole levels begun: fewest of the largest rises, then fewest of the next.
   Two rises of two levels come before one of three and one of one;
4. the order of the instrument: of two plans the one that rises further in the first indicator in
   which they differ.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from math import ceil, lcm
from types import MappingProxyType
from typing import NamedTuple

from spbe_cli.core.assessment import Assessment
from spbe_cli.core.instrument import Indicator, Instrument, Predicate
from spbe_cli.core.score import IndicatorScore, Reading, Scorecard, score
from spbe_cli.core.units import Units, steps_in_level, units_of


class Costs(NamedTuple):
    """What it costs to rise by one whole level; a part of a level costs its part of that.

    `each` holds where nothing else is said, `by_indicator` for every level of an indicator, by
    its code, and `by_level` for one level, by code and the whole level that is reached: from 3 to
    4 is level 4, and so is from 3.40 to 3.41.
    """

    each: Fraction = Fraction(1)
    by_indicator: Mapping[str, Fraction] = MappingProxyType({})
    by_level: Mapping[tuple[str, int], Fraction] = MappingProxyType({})

    def of_level(self, code: str, level: int) -> Fraction:
        """Return what the whole level that ends at `level` costs.

        Raises:
            ValueError: if that is less than nothing.
        """
        cost = self.by_level.get((code, level), self.by_indicator.get(code, self.each))
        if cost < 0:
            raise ValueError(f"level {level} of indicator {code} costs {cost}")
        return cost


class Limits(NamedTuple):
    """Which indicators may rise, and how far.

    `locked` ones may not; where `only` is given, no others may. `cap` is the highest level to
    rise to, `caps` the same for one indicator, by its code; `max_step` is the most levels that an
    indicator may rise by. Whatever stands above its cap stays there.
    """

    locked: frozenset[str] = frozenset()
    only: frozenset[str] | None = None
    cap: Fraction | None = None
    caps: Mapping[str, Fraction] = MappingProxyType({})
    max_step: Fraction | None = None

    def room(self, code: str, level: Fraction, units: Units) -> int:
        """Return how many steps of the scale an indicator may rise from `level`."""
        if code in self.locked or (self.only is not None and code not in self.only):
            return 0
        highest = [units.scale.highest, self.caps.get(code, units.scale.highest)]
        if self.cap is not None:
            highest.append(self.cap)
        if self.max_step is not None:
            highest.append(level + self.max_step)
        return max(0, int((min(highest) - level) // units.scale.step))


class Rise(NamedTuple):
    """One indicator of a plan: from level to level, what that costs, and the points it gains."""

    indicator: Indicator
    before: Fraction
    after: Fraction
    cost: Fraction
    gain: Fraction


class Effort(NamedTuple):
    """A point of the frontier: a cost, and the best exact index that it can reach."""

    cost: Fraction
    best: Fraction


class Plan(NamedTuple):
    """The cheapest rises to a target, or to the best index there is if that falls short of it.

    `target` is the least exact index wanted, None where only a budget was given. `frontier` runs
    from cost 0 upwards; every point is dearer and better than the one before, and between two
    points more cost brings nothing.
    """

    target: Fraction | None
    reached: bool
    cost: Fraction
    before: Scorecard
    after: Scorecard
    steps: tuple[Rise, ...]
    frontier: tuple[Effort, ...]

    @property
    def next_best(self) -> Effort | None:
        """The most that any cheaper plan can do, None where no plan is cheaper.

        It certifies the plan: for less than its cost no index above this one can be had.
        """
        place = bisect_left(self.frontier, self.cost, key=lambda effort: effort.cost)
        return self.frontier[place - 1] if place else None


class Planned(NamedTuple):
    """A plan for a reading, and the predicate that it was for, if it was for one."""

    reading: Reading
    plan: Plan
    predicate: Predicate | None


EQUAL_COSTS = Costs()
NO_LIMITS = Limits()


def plan(  # noqa: PLR0913 - one request, every part of it named
    instrument: Instrument,
    assessment: Assessment,
    *,
    target: Fraction | None = None,
    budget: Fraction | None = None,
    costs: Costs = EQUAL_COSTS,
    limits: Limits = NO_LIMITS,
) -> Plan:
    """Return the cheapest rises that reach a target, or the best index for a budget.

    Args:
        instrument: the instrument whose codes the assessment uses.
        assessment: a level on the instrument's scale for every indicator.
        target: the least exact index wanted; `spbe_cli.core.units.least_index` gives it for a
            predicate. Without one it is the best index that budget and limits allow.
        budget: the most that the plan may cost.
        costs: what rises cost, by default 1 a level.
        limits: which indicators may rise, and how far.

    Raises:
        MissingLevelError: if a level is missing.
        ValueError: if a cost or the budget is negative.
    """
    if budget is not None and budget < 0:
        raise ValueError(f"a budget of {budget}")
    before = score(instrument, assessment)
    units = units_of(instrument)
    step_costs = [_step_costs(item, units, costs, limits) for item in before.indicators]
    efforts = _efforts_of(step_costs, steps_in_level(units.scale))
    fronts = _Fronts(units.weights, efforts.ladders)
    present = units.least(before.index)
    best = {effort // efforts.one: present + gain for effort, gain in fronts.points()}
    frontier = tuple(
        Effort(Fraction(cost, efforts.denominator), units.index_at(reached))
        for cost, reached in best.items()
    )
    within = [effort.best for effort in frontier if budget is None or effort.cost <= budget][-1]
    wanted = within if target is None else min(target, within)
    rises = fronts.rises(units.least(wanted) - present)
    steps = tuple(_steps(before, units, step_costs, rises))
    after = assessment.with_levels({step.indicator.code: step.after for step in steps})
    return Plan(
        target,
        target is None or target <= within,
        sum((step.cost for step in steps), Fraction(0)),
        before,
        score(instrument, after),
        steps,
        frontier,
    )


def _steps(
    before: Scorecard, units: Units, step_costs: Sequence[Sequence[Fraction]], rises: Iterable[int]
) -> Iterator[Rise]:
    """Yield the indicators that rise, with what that costs and gains."""
    for item, weight, costs, rise in zip(
        before.indicators, units.weights, step_costs, rises, strict=True
    ):
        if rise:
            after = item.level + rise * units.scale.step
            cost = sum(costs[:rise], Fraction(0))
            yield Rise(item.indicator, item.level, after, cost, rise * weight * units.size)


def _step_costs(item: IndicatorScore, units: Units, costs: Costs, limits: Limits) -> list[Fraction]:
    """Return what each step costs that an indicator may rise, the first one first."""
    step, code = units.scale.step, item.indicator.code
    return [
        step * costs.of_level(code, ceil(item.level + rise * step))
        for rise in range(1, limits.room(code, item.level, units) + 1)
    ]


class _Efforts(NamedTuple):
    """Efforts as integers that compare as the head of this file says, and add up.

    An effort is a number whose digits are counts, in a base that no count reaches: the cost, how
    many indicators rise, how many of them rise furthest, ..., by one level. `ladders` are the
    efforts of each indicator's rises by 0, 1, 2, ... steps; `one` is the effort that a cost of
    1/`denominator` is.
    """

    ladders: tuple[tuple[int, ...], ...]
    one: int
    denominator: int


def _efforts_of(step_costs: Sequence[Sequence[Fraction]], level: int) -> _Efforts:
    """Return the efforts of rises whose steps cost so much, `level` steps being a level."""
    denominator = lcm(*{cost.denominator for costs in step_costs for cost in costs})
    base = len(step_costs) + 1
    riser = base ** ceil(Fraction(max(map(len, step_costs)), level))
    one = base * riser
    ladders = []
    for costs in step_costs:
        spent = accumulate(int(cost * denominator) for cost in costs)
        ladders.append(
            (0, *(cost * one + riser + base ** (rise // level) for rise, cost in enumerate(spent)))
        )
    return _Efforts(tuple(ladders), one, denominator)


class _Fronts:
    """The front of all indicators, of all but the first, ... of none.

    A point is one integer: an effort, and below it in `bits` binary digits the units missing to
    the highest index that the limits allow. So points sort by effort, and a rise is an addition.
    """

    def __init__(self, weights: Sequence[int], ladders: Sequence[Sequence[int]]) -> None:
        self.weights, self.ladders = weights, ladders
        self.room = sum(w * (len(ladder) - 1) for w, ladder in zip(weights, ladders, strict=True))
        self.too_much = 1 + sum(ladder[-1] for ladder in ladders)
        self.bits = self.room.bit_length()
        self.mask = (1 << self.bits) - 1
        fronts = [[self.room]]
        for weight, ladder in zip(reversed(weights), reversed(ladders), strict=True):
            moves = [(effort << self.bits) - rise * weight for rise, effort in enumerate(ladder)]
            fronts.append(self._joined(fronts[-1], moves))
        self.fronts = fronts[::-1]

    def points(self) -> Iterator[tuple[int, int]]:
        """Yield each effort at which the best gain rises, least first, and that gain."""
        for point in self.fronts[0]:
            yield point >> self.bits, self._gain(point)

    def rises(self, gain: int) -> Iterator[int]:
        """Yield how many steps each indicator rises where a gain takes the least effort."""
        for place, (weight, ladder) in enumerate(zip(self.weights, self.ladders, strict=True)):
            least = self._least_effort(place, gain)
            rise = len(ladder) - 1
            while ladder[rise] + self._least_effort(place + 1, gain - rise * weight) != least:
                rise -= 1
            yield rise
            gain -= rise * weight

    def _least_effort(self, place: int, gain: int) -> int:
        """Return the least effort for a gain, without the indicators before `place`.

        It is more than any plan takes if nothing gains so much.
        """
        front = self.fronts[place]
        found = bisect_left(front, gain, key=self._gain)
        return front[found] >> self.bits if found < len(front) else self.too_much

    def _gain(self, point: int) -> int:
        return self.room - (point & self.mask)

    def _joined(self, front: list[int], moves: Sequence[int]) -> list[int]:
        """Return the front with one indicator more, which makes one of these moves."""
        points: list[int] = []
        for first, difference, more in _runs(moves):
            run = [point + first for point in front]
            for bundle in _bundles(more):
                run = self._best([*run, *(point + bundle * difference for point in run)])
            points += run
        return self._best(points)

    def _best(self, points: list[int]) -> list[int]:
        """Return the points that gain more than every point of less effort, sorted."""
        points.sort()
        mask, least = self.mask, self.room + 1
        best = []
        for point in points:
            missing = point & mask
            if missing < least:
                least = missing
                best.append(point)
        return best


def _runs(moves: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Yield the moves as runs of one difference: the first, the difference, and how many more."""
    differences = [after - before for before, after in pairwise(moves)] + [0]
    place = 0
    while place < len(moves):
        difference, more = differences[place], 0
        while place + more + 1 < len(moves) and differences[place + more] == difference:
            more += 1
        yield moves[place], difference, more
        place += more + 1


def _bundles(count: int) -> Iterator[int]:
    """Yield 1, 2, 4, ... and a rest, `count` in all: some of them add up to any number below."""
    size = 1
    while count:
        yield min(size, count)
        count -= min(size, count)
        size *= 2
