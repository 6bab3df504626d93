"""The cheapest rises that reach a target, and the best index for every cost: exactly.

A dynamic programme over integer units of the index (`spbe_cli.core.units`) takes the indicators in
one by one. After each it keeps a front: every gain, unless another at least as high takes less
effort. The last front is the answer and its proof: whatever was left out is beaten by what stayed,
or is not worth its effort where the answer lies (`spbe_cli.core.fronts`).

Effort is compared in this order, so that equal requests have one answer:

1. the cost;
2. how many indicators rise;
3. how far they rise, in whole levels begun: fewest of the largest rises, then fewest of the next.
   Two rises of two levels come before one of three and one of one;
4. the order of the instrument: of two plans the one that rises further in the first indicator in
   which they differ.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from math import ceil, floor, lcm
from types import MappingProxyType
from typing import NamedTuple, overload

from spbe_cli.core.assessment import Assessment
from spbe_cli.core.evidence import Accepted, Evidence, further, levels_with_pieces, value_of
from spbe_cli.core.fronts import Choices, Costed, Fronts, cheapest
from spbe_cli.core.instrument import Indicator, Instrument
from spbe_cli.core.number import exact, fixed
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import IndicatorScore, Scorecard, score
from spbe_cli.core.shown import Presented
from spbe_cli.core.units import Formula, Units, steps_in_level, units_for


class Costs(NamedTuple):
    """What it costs to rise by one whole level; a part of a level costs its part of that.

    `each` holds where nothing else is said, `by_indicator` for every level of an indicator, by
    its code, and `by_level` for one level, by code and the whole level that is reached: from 3 to
    4 is level 4, and so is from 3.40 to 3.41. Where levels are bands it is the band that is filled.
    `by_step` holds for a level between two whole ones, as a scale with half levels has them.
    """

    each: Fraction = Fraction(1)
    by_indicator: Mapping[str, Fraction] = MappingProxyType({})
    by_level: Mapping[tuple[str, int], Fraction] = MappingProxyType({})
    by_step: Mapping[tuple[str, Fraction], Fraction] = MappingProxyType({})

    def __repr__(self) -> str:
        """Return what a level costs, and for how much something else is said."""
        other = len(self.by_indicator) + len(self.by_level) + len(self.by_step)
        return f"<Costs {exact(self.each)} a level, {other} other>"

    def of_level(self, code: str, level: int | Fraction) -> Fraction:
        """Return what a whole level costs in the step that ends at `level`.

        Raises:
            ValueError: if that is less than nothing.
        """
        each = self.by_indicator.get(code, self.each)
        cost = self.by_level.get((code, ceil(level)), each)
        if isinstance(level, Fraction):
            cost = self.by_step.get((code, level), cost)
        if cost < 0:
            raise ValueError(f"level {level} of indicator {code} costs {cost}")
        return cost


class Limits(NamedTuple):
    """Which indicators may rise, and how far.

    `locked` ones may not; where `only` is given, no others may. `cap` is the highest level to
    rise to, `caps` the same for one indicator, by its code; `max_step` is the most levels that an
    indicator may rise by. Whatever stands above its cap stays there. With a `floor` every
    indicator that may rise does so at least to that level, as far as the others let it.
    """

    locked: frozenset[str] = frozenset()
    only: frozenset[str] | None = None
    cap: Fraction | None = None
    caps: Mapping[str, Fraction] = MappingProxyType({})
    max_step: Fraction | None = None
    floor: Fraction | None = None

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


class Stop(NamedTuple):
    """A value at which a rise may stop: which level is worked in up to it, and how much of that.

    `share` is the part of the level's work between the stop before, or the present value, and this
    one: half of a band, one piece of evidence of four.
    """

    after: Fraction
    level: int
    share: Fraction


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


class _Counted(NamedTuple):
    """How whole costs and gains become exact: `one` is the effort that a cost of 1 is."""

    one: int
    denominator: int
    present: int
    formula: Formula

    def effort(self, point: Costed) -> Effort:
        """Return what a cost and a gain are."""
        offset, factor, divisor = self.formula
        index = Fraction(offset + (self.present + point.gain) * factor, divisor)
        return Effort(Fraction(point.cost, self.denominator), index)


class _Frontier(Sequence[Effort]):
    """The efforts of a plan, worked out when they are asked for."""

    def __init__(self, gains: Choices, ladders: Choices, counted: _Counted) -> None:
        self._gains, self._ladders, self._counted = gains, ladders, counted

    @cached_property
    def _points(self) -> list[Costed]:
        return Fronts(self._gains, self._ladders).costed(self._counted.one)

    def __bool__(self) -> bool:
        """Return that there are efforts: none at all is one of them."""
        return True

    def __len__(self) -> int:
        """Return how many efforts there are."""
        return len(self._points)

    @overload
    def __getitem__(self, place: int) -> Effort: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Effort]: ...

    def __getitem__(self, place: int | slice) -> Effort | Sequence[Effort]:
        """Return an effort, or those of a slice."""
        if isinstance(place, slice):
            return tuple(self._counted.effort(point) for point in self._points[place])
        return self._counted.effort(self._points[place])

    def __eq__(self, other: object) -> bool:
        """Return whether the other holds the same efforts."""
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        """Return the hash of the efforts."""
        return hash(tuple(self))


EQUAL_COSTS = Costs()
NO_LIMITS = Limits()
BY_BANDS: Mapping[str, Sequence[Stop]] = MappingProxyType({})


class Wanted(NamedTuple):
    """What a plan is asked for, whatever its style."""

    target: Fraction | None = None
    budget: Fraction | None = None
    costs: Costs = EQUAL_COSTS
    limits: Limits = NO_LIMITS
    stops: Mapping[str, Sequence[Stop]] = BY_BANDS


@dataclass(frozen=True, slots=True, repr=False)
class Plan(Presented):
    """The cheapest rises to a target, or to the best index there is if that falls short of it.

    `target` is the least exact index wanted, None where only a budget was given. `frontier` runs
    from cost 0 upwards; every point is dearer and better than the one before, and between two
    points more cost brings nothing. Where the fewest indicators come `by_number`, it counts them in
    place of the cost.

    `next_best` is the most that any cheaper plan can do, None where no plan is cheaper. It
    certifies the plan: for less than its effort no index above this one can be had. `wanted` is
    what was asked for, None for a plan with a target in every year.
    """

    target: Fraction | None
    reached: bool
    cost: Fraction
    before: Scorecard
    after: Scorecard
    steps: tuple[Rise, ...]
    frontier: Sequence[Effort]
    next_best: Effort | None = None
    by_number: bool = False
    wanted: Wanted | None = field(default=None, compare=False)

    def _brief(self) -> str:
        before, after = self.before, self.after
        places = before.instrument.places
        to = f"{fixed(before.index, places)} to {fixed(after.index, places)}"
        reached = after.predicate.name if self.reached else "out of reach"
        return f"{to} {reached}: {len(self.steps)} indicators, cost {exact(self.cost)}"

    @property
    def effort(self) -> Fraction:
        """What the frontier counts: the cost, or how many indicators rise."""
        return Fraction(len(self.steps)) if self.by_number else self.cost


def plan(  # noqa: PLR0913 - one request, every part of it named
    instrument: Instrument,
    assessment: Assessment,
    *,
    target: Fraction | None = None,
    budget: Fraction | None = None,
    costs: Costs = EQUAL_COSTS,
    limits: Limits = NO_LIMITS,
    stops: Mapping[str, Sequence[Stop]] = BY_BANDS,
    by_number: bool = False,
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
        stops: the values at which an indicator may stop, lowest first, by its code; where nothing
            is said, every step of the scale, or the end of every band. `stops_by_pieces` gives
            those of the very pieces of evidence that are missing.
        by_number: whether fewer indicators come before less cost; a budget knows only cost.

    Raises:
        MissingLevelError: if a level is missing.
        ValueError: if a cost or the budget is negative, or a budget meets a floor or `by_number`.
    """
    if budget is not None and (budget < 0 or by_number or limits.floor is not None):
        raise ValueError(f"a budget of {budget}")
    before = score(instrument, assessment)
    every = [
        rungs_of(item, instrument.scale, costs, limits, stops.get(item.indicator.code))
        for item in before.indicators
    ]
    levels = [item.level for item in before.indicators]
    units = units_for(instrument, [*levels, *(rung.after for rungs in every for rung in rungs)])
    fixed = [_fixed(*each, limits.floor) for each in zip(levels, every, strict=True)]
    efforts = efforts_of(every, by_number=by_number)
    gains = [
        [0, *((units.steps(rung.after) - units.steps(level)) * weight for rung in rungs)]
        for level, weight, rungs in zip(levels, units.weights, every, strict=True)
    ]
    choices = _from(gains, fixed), _from(efforts.ladders, fixed)
    present = units.least(before.index)
    room = sum(of_one[-1] for of_one in choices[0])
    wanted = room if target is None else min(room, units.least(target) - present)
    most = None if budget is None else floor(budget * efforts.denominator)
    found = cheapest(*choices, efforts.one, wanted, most)
    rises = (least + rise for least, rise in zip(fixed, found.rises, strict=True))
    steps = tuple(rises_of(before, units, every, rises))
    after = score(
        instrument, assessment.with_levels({step.indicator.code: step.after for step in steps})
    )
    counted = _Counted(efforts.one, efforts.denominator, present, units.whole.formula)
    return Plan(
        target,
        target is None or target <= after.index,
        sum((step.cost for step in steps), Fraction(0)),
        before,
        after,
        steps,
        _Frontier(*choices, counted),
        None if found.cheaper is None else counted.effort(found.cheaper),
        by_number,
        Wanted(target, budget, costs, limits, stops),
    )


def spent_by(
    plan: Plan, scale: Scale, costs: Costs, stops: Mapping[str, Sequence[Stop]] = BY_BANDS
) -> Fraction:
    """Return what the rises of a plan cost by other costs than those it was made with."""
    after = {step.indicator.code: step.after for step in plan.steps}
    total = Fraction(0)
    for item in plan.before.indicators:
        code = item.indicator.code
        if code in after:
            own = Limits(cap=after[code])
            total += furthest(item, scale, costs, own, stops.get(code))[1]
    return total


def furthest(
    item: IndicatorScore,
    scale: Scale,
    costs: Costs,
    limits: Limits,
    stops: Sequence[Stop] | None = None,
) -> tuple[Fraction, Fraction]:
    """Return the highest level that limits leave an indicator, and what it costs to get there."""
    rungs = rungs_of(item, scale, costs, limits, stops)
    cost = sum((rung.cost for rung in rungs), Fraction(0))
    return (rungs[-1].after if rungs else item.level), cost


class Rung(NamedTuple):
    """One step of a rise: the level after it, what it costs, and how many levels are begun then."""

    after: Fraction
    cost: Fraction
    begun: int


def rises_of(
    before: Scorecard, units: Units, every: Sequence[Sequence[Rung]], rises: Iterable[int]
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


def rungs_of(
    item: IndicatorScore,
    scale: Scale,
    costs: Costs,
    limits: Limits,
    stops: Sequence[Stop] | None,
) -> list[Rung]:
    """Return the steps by which an indicator may rise, the first one first."""
    code, level = item.indicator.code, item.level
    highest = limits.highest(code, level, scale)
    if stops is None and scale.step is None:
        stops = list(_rests(level, highest, scale))
    if stops is not None:
        allowed = [stop for stop in stops if level < stop.after <= highest]
        begun = set[int]()
        rungs = []
        for stop in allowed:
            begun.add(stop.level)
            cost = stop.share * costs.of_level(code, stop.level)
            rungs.append(Rung(stop.after, cost, len(begun)))
        return rungs
    assert scale.step is not None  # noqa: S101  (for the types: above it is none)
    step, one = scale.step, steps_in_level(scale)
    afters = (level + rise * step for rise in range(1, int((highest - level) // step) + 1))
    return [
        Rung(after, step * costs.of_level(code, after), -(-rise // one))
        for rise, after in enumerate(afters, 1)
    ]


def stops_by_pieces(
    instrument: Instrument, assessment: Assessment, evidence: Mapping[str, Evidence]
) -> dict[str, list[Stop]]:
    """Return the stops of the indicators whose level is the one that their evidence carries.

    A stop is where accepting one missing piece after another lifts the value; `evidence` holds the
    pieces by indicator and level.
    """
    scale, found = instrument.scale, {}
    for code, entry in assessment.entries.items():
        pieces, accepted = evidence.get(code), entry.accepted
        if pieces is None or accepted is None:
            continue
        known = all(pieces.get(level) for level in levels_with_pieces(scale))
        if known and value_of(scale, pieces, accepted) == entry.level:
            found[code] = list(_pieces(scale, pieces, accepted))
    return found


def _pieces(scale: Scale, evidence: Evidence, accepted: Accepted) -> Iterator[Stop]:
    """Yield where the value rises; pieces that do not lift it count to the stop that follows."""
    value, share = value_of(scale, evidence, accepted), Fraction(0)
    for piece in further(scale, evidence, accepted):
        share += piece.part
        if piece.value > value:
            yield Stop(piece.value, int(piece.level), share)
            value, share = piece.value, Fraction(0)


def _rests(level: Fraction, highest: Fraction, scale: Scale) -> Iterator[Stop]:
    """Yield the rest of a level's band, then band after band; the last as far as it may rise."""
    for band in scale.bands:
        start, end = max(level, band.start), min(highest, band.end)
        if start < end:
            yield Stop(end, int(band.level), (end - start) / (band.end - band.start))


def _fixed(level: Fraction, rungs: Sequence[Rung], floor: Fraction | None) -> int:
    """Return how many steps of a rise are not to be chosen: those up to the floor."""
    if floor is None or level >= floor:
        return 0
    return min(len(rungs), 1 + sum(rung.after < floor for rung in rungs))


def _from(every: Sequence[Sequence[int]], fixed: Sequence[int]) -> Choices:
    """Return the choices of each indicator from its fixed rise on."""
    return tuple(of_one[least:] for of_one, least in zip(every, fixed, strict=True))


class _Efforts(NamedTuple):
    """Efforts as integers that compare as the head of this file says, and add up.

    An effort is a number whose digits are counts, in a base that no count reaches: the cost, how
    many indicators rise, how many of them rise furthest, ..., by one level. `ladders` are the
    efforts of each indicator's rises by 0, 1, 2, ... steps; `one` is the effort that a cost of
    1/`denominator` is. By number the indicators that rise come first, and `one` is one of them.
    """

    ladders: tuple[tuple[int, ...], ...]
    one: int
    denominator: int


def efforts_of(every: Sequence[Sequence[Rung]], *, by_number: bool) -> _Efforts:
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
    if not by_number:
        return _Efforts(tuple(ladders), one, denominator)
    first = 1 + sum(ladder[-1] for ladder in ladders)
    counted = (tuple(effort + first * (effort > 0) for effort in ladder) for ladder in ladders)
    return _Efforts(tuple(counted), first, 1)
