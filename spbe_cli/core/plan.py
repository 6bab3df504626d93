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
from spbe_cli.core.evidence import Accepted, Evidence, further, levels_with_pieces, value_of
from spbe_cli.core.instrument import Indicator, Instrument, Predicate
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import IndicatorScore, Reading, Scorecard, score
from spbe_cli.core.units import Units, steps_in_level, units_for


class Costs(NamedTuple):
    """What it costs to rise by one whole level; a part of a level costs its part of that.

    `each` holds where nothing else is said, `by_indicator` for every level of an indicator, by
    its code, and `by_level` for one level, by code and the whole level that is reached: from 3 to
    4 is level 4, and so is from 3.40 to 3.41. Where levels are bands it is the band that is filled.
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

    def highest(self, code: str, level: Fraction, scale: Scale) -> Fraction:
        """Return the value up to which an indicator may rise from `level`: at least that."""
        if code in self.locked or (self.only is not None and code not in self.only):
            return level
        highest = [scale.highest, self.caps.get(code, scale.highest)]
        if self.cap is not None:
            highest.append(self.cap)
        if self.max_step is not None:
            highest.append(scale.at(scale.position(level) + self.max_step))
        return max(level, min(highest))


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
    evidence: Mapping[str, Evidence] = MappingProxyType({}),
) -> Plan:
    """Return the cheapest rises that reach a target, or the best index for a budget.

    Where a level follows from accepted evidence, the steps are the very pieces that are missing.

    Args:
        instrument: the instrument whose codes the assessment uses.
        assessment: a level on the instrument's scale for every indicator.
        target: the least exact index wanted; `spbe_cli.core.units.least_index` gives it for a
            predicate. Without one it is the best index that budget and limits allow.
        budget: the most that the plan may cost.
        costs: what rises cost, by default 1 a level.
        limits: which indicators may rise, and how far.
        evidence: the pieces of evidence by indicator and level, for levels that follow from them.

    Raises:
        MissingLevelError: if a level is missing.
        ValueError: if a cost or the budget is negative.
    """
    if budget is not None and budget < 0:
        raise ValueError(f"a budget of {budget}")
    before = score(instrument, assessment)
    every = [
        _rungs(item, instrument.scale, costs, limits, evidence.get(item.indicator.code))
        for item in before.indicators
    ]
    levels = [item.level for item in before.indicators]
    units = units_for(instrument, [*levels, *(rung.after for rungs in every for rung in rungs)])
    efforts = _efforts_of(every)
    gains = [
        [0, *((units.steps(rung.after) - units.steps(level)) * weight for rung in rungs)]
        for level, weight, rungs in zip(levels, units.weights, every, strict=True)
    ]
    fronts = _Fronts(gains, efforts.ladders)
    present = units.least(before.index)
    best = {effort // efforts.one: present + gain for effort, gain in fronts.points()}
    frontier = tuple(
        Effort(Fraction(cost, efforts.denominator), units.index_at(reached))
        for cost, reached in best.items()
    )
    within = [effort.best for effort in frontier if budget is None or effort.cost <= budget][-1]
    wanted = within if target is None else min(target, within)
    rises = fronts.rises(units.least(wanted) - present)
    steps = tuple(_steps(before, units, every, rises))
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


class _Rung(NamedTuple):
    """One step of a rise: the level after it, what it costs, and how many levels are begun then."""

    after: Fraction
    cost: Fraction
    begun: int


def _steps(
    before: Scorecard, units: Units, every: Sequence[Sequence[_Rung]], rises: Iterable[int]
) -> Iterator[Rise]:
    """Yield the indicators that rise, with what that costs and gains."""
    total = sum(units.weights)
    for item, weight, rungs, rise in zip(
        before.indicators, units.weights, every, rises, strict=True
    ):
        if rise:
            after = rungs[rise - 1].after
            cost = sum((rung.cost for rung in rungs[:rise]), Fraction(0))
            gain = (after - item.level) * weight / total
            yield Rise(item.indicator, item.level, after, cost, gain)


def _rungs(
    item: IndicatorScore,
    scale: Scale,
    costs: Costs,
    limits: Limits,
    evidence: Evidence | None,
) -> list[_Rung]:
    """Return the steps by which an indicator may rise, the first one first."""
    code, level = item.indicator.code, item.level
    highest = limits.highest(code, level, scale)
    accepted = item.entry.accepted
    if evidence is not None and accepted is not None and _follows(scale, level, evidence, accepted):
        return list(_pieces(item, highest, scale, costs, evidence))
    if scale.step is None:
        return list(_rests(item, highest, scale, costs))
    step, one = scale.step, steps_in_level(scale)
    return [
        _Rung(
            level + rise * step,
            step * costs.of_level(code, ceil(level + rise * step)),
            ceil(Fraction(rise, one)),
        )
        for rise in range(1, int((highest - level) // step) + 1)
    ]


def _follows(scale: Scale, level: Fraction, evidence: Evidence, accepted: Accepted) -> bool:
    """Return whether a level is the one that its evidence carries, and all levels have evidence."""
    known = all(evidence.get(each) for each in levels_with_pieces(scale))
    return known and value_of(scale, evidence, accepted) == level


def _pieces(
    item: IndicatorScore, highest: Fraction, scale: Scale, costs: Costs, evidence: Evidence
) -> Iterator[_Rung]:
    """Yield the rises by one missing piece after another; a piece costs its part of its level."""
    value, spent, levels = item.level, Fraction(0), set[Fraction]()
    for piece in further(scale, evidence, item.entry.accepted or {}):
        if piece.value > highest:
            return
        spent += piece.part * costs.of_level(item.indicator.code, int(piece.level))
        levels.add(piece.level)
        if piece.value > value:
            yield _Rung(piece.value, spent, len(levels))
            value, spent = piece.value, Fraction(0)


def _rests(item: IndicatorScore, highest: Fraction, scale: Scale, costs: Costs) -> Iterator[_Rung]:
    """Yield the rest of a level's band, then band after band; the last as far as it may rise."""
    begun = 0
    for band in scale.bands:
        start, end = max(item.level, band.start), min(highest, band.end)
        if start < end:
            begun += 1
            share = (end - start) / (band.end - band.start)
            yield _Rung(end, share * costs.of_level(item.indicator.code, int(band.level)), begun)


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


def _efforts_of(every: Sequence[Sequence[_Rung]]) -> _Efforts:
    """Return the efforts of rises by these steps."""
    denominator = lcm(*{rung.cost.denominator for rungs in every for rung in rungs})
    base = len(every) + 1
    riser = base ** max((rungs[-1].begun for rungs in every if rungs), default=0)
    one = base * riser
    ladders = []
    for rungs in every:
        spent = accumulate(int(rung.cost * denominator) for rung in rungs)
        efforts = (
            cost * one + riser + base ** (rung.begun - 1)
            for rung, cost in zip(rungs, spent, strict=True)
        )
        ladders.append((0, *efforts))
    return _Efforts(tuple(ladders), one, denominator)


class _Fronts:
    """The front of all indicators, of all but the first, ... of none.

    A point is one integer: an effort, and below it in `bits` binary digits the units missing to
    the highest index that the limits allow. So points sort by effort, and a rise is an addition.
    `gains` are the units that each indicator gains by each of its rises, as `ladders` the efforts.
    """

    def __init__(self, gains: Sequence[Sequence[int]], ladders: Sequence[Sequence[int]]) -> None:
        self.gains, self.ladders = gains, ladders
        self.room = sum(of_one[-1] for of_one in gains)
        self.too_much = 1 + sum(ladder[-1] for ladder in ladders)
        self.bits = self.room.bit_length()
        self.mask = (1 << self.bits) - 1
        fronts = [[self.room]]
        for of_one, ladder in zip(reversed(gains), reversed(ladders), strict=True):
            moves = [
                (effort << self.bits) - gain for effort, gain in zip(ladder, of_one, strict=True)
            ]
            fronts.append(self._joined(fronts[-1], moves))
        self.fronts = fronts[::-1]

    def points(self) -> Iterator[tuple[int, int]]:
        """Yield each effort at which the best gain rises, least first, and that gain."""
        for point in self.fronts[0]:
            yield point >> self.bits, self._gain(point)

    def rises(self, gain: int) -> Iterator[int]:
        """Yield how many steps each indicator rises where a gain takes the least effort."""
        for place, (gains, ladder) in enumerate(zip(self.gains, self.ladders, strict=True)):
            least = self._least_effort(place, gain)
            rise = len(ladder) - 1
            while ladder[rise] + self._least_effort(place + 1, gain - gains[rise]) != least:
                rise -= 1
            yield rise
            gain -= gains[rise]

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
