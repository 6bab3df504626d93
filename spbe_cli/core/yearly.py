"""The least effort that meets several needs at once: exactly, by bounds that leave little to try.

Each indicator makes one choice, with an effort and a gain towards each need. Whatever prices stand
on the needs, effort less what the gains are worth can be minimised for each indicator by itself,
and that bounds every plan from below (Lagrange). Good prices leave few partial plans whose bound
lies below the effort looked for; these are kept, the best for each set of gains. If none of them
meets all needs the effort looked for is raised; what is found is therefore the least.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from operator import add, mul
from typing import NamedTuple

from spbe_cli.core.assessment import Assessment
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.plan import Costs, Limits, Plan, Stop, efforts_of, furthest, rises_of, rungs_of
from spbe_cli.core.score import score
from spbe_cli.core.units import units_for

_SCALE = 1 << 16
"""Prices are whole numbers of this part of an effort."""

_CYCLES = 6
_HALVINGS = 40
_STEPS = 200


class Choice(NamedTuple):
    """One choice of an indicator: its effort, and what it gains towards each need."""

    effort: int
    gains: tuple[int, ...]


class _Partial(NamedTuple):
    """What the first indicators chose: the effort, and the place of each choice."""

    effort: int
    chosen: tuple[int, ...]


def least_effort(
    every: Sequence[Sequence[Choice]], needs: Sequence[int], one: int
) -> tuple[int, ...]:
    """Return the choice of each indicator that meets all needs with the least effort.

    Of equal efforts the one that chooses further in the first indicator in which they differ.

    Args:
        every: the choices of each indicator, efforts rising from 0 and gains never falling.
        needs: what the gains have to add up to; they can be met.
        one: by how much effort the search is widened first.
    """
    wanted = tuple(max(0, need) for need in needs)
    prices = _refined(every, wanted, _prices(every, wanted))
    rests = [*accumulate((_cheapest(choices, prices) for choices in reversed(every)), initial=0)]
    bound = rests[-1] + sum(p * need for p, need in zip(prices, wanted, strict=True))
    least = most = -(-bound // _SCALE)
    while True:
        found = _within(every, wanted, prices, rests[::-1], most)
        if found is not None:
            return found.chosen
        most += max(one, (most - least) // 3)  # each wider search takes far longer


def _within(
    every: Sequence[Sequence[Choice]],
    wanted: tuple[int, ...],
    prices: Sequence[int],
    rests: Sequence[int],
    most: int,
) -> _Partial | None:
    """Return the best plan of at most some effort, None if there is none."""
    worth = sum(map(mul, prices, wanted))
    front = {(0,) * len(wanted): _Partial(0, ())}
    for choices, rest in zip(every, rests[1:], strict=True):
        after: dict[tuple[int, ...], _Partial] = {}
        room = most * _SCALE - rest - worth
        for gained, (effort, chosen) in front.items():
            for place, choice in enumerate(choices):
                total = effort + choice.effort
                gains = tuple(map(min, map(add, gained, choice.gains), wanted))
                if total * _SCALE - sum(map(mul, prices, gains)) > room:
                    continue
                candidate = _Partial(total, (*chosen, place))
                known = after.get(gains)
                if known is None or _better(candidate, known):
                    after[gains] = candidate
        front = after
    return front.get(wanted)


def _better(one: _Partial, other: _Partial) -> bool:
    return (-one.effort, one.chosen) > (-other.effort, other.chosen)


def _cheapest(choices: Sequence[Choice], prices: Sequence[int]) -> int:
    """Return the least of effort less worth that an indicator can have."""
    return min(_reduced(choice, prices) for choice in choices)


def _reduced(choice: Choice, prices: Sequence[int]) -> int:
    worth = sum(p * gain for p, gain in zip(prices, choice.gains, strict=True))
    return choice.effort * _SCALE - worth


def _prices(every: Sequence[Sequence[Choice]], wanted: Sequence[int]) -> list[int]:
    """Return prices on the needs under which effort less worth is nearly as high as it can be.

    One after the other each price is set where the choices it leads to just meet its need.
    """
    prices = [0] * len(wanted)
    top = 1 + max((c.effort for choices in every for c in choices), default=0) * _SCALE
    for _ in range(_CYCLES):
        before = list(prices)
        for place, need in enumerate(wanted):
            low, high = 0, top
            for _ in range(_HALVINGS + top.bit_length()):
                if low >= high:
                    break
                prices[place] = (low + high) // 2
                if _gained(every, prices, place) >= need:
                    high = prices[place]
                else:
                    low = prices[place] + 1
            prices[place] = low
        if prices == before:
            break
    return prices


def _refined(
    every: Sequence[Sequence[Choice]], wanted: Sequence[int], prices: Sequence[int]
) -> list[int]:
    """Return better prices: ever smaller steps towards the needs that are missed, the best kept."""
    now, best, highest = list(prices), list(prices), -1
    reach = 64
    for _ in range(_STEPS):
        chosen = [min(choices, key=lambda choice: _reduced(choice, now)) for choices in every]
        missed = [
            need - sum(choice.gains[place] for choice in chosen)
            for place, need in enumerate(wanted)
        ]
        effort = sum(choice.effort for choice in chosen) * _SCALE
        bound = effort + sum(p * miss for p, miss in zip(now, missed, strict=True))
        if bound > highest:
            best, highest = list(now), bound
        else:
            reach += 8
        square = sum(miss * miss for miss in missed)
        if not square:
            break
        now = [
            max(0, p + max(bound, highest) * miss // (square * reach))
            for p, miss in zip(now, missed, strict=True)
        ]
    return best


def _gained(every: Sequence[Sequence[Choice]], prices: Sequence[int], place: int) -> int:
    """Return what the choices gain towards a need that prices lead to."""
    return sum(
        min(choices, key=lambda choice: _reduced(choice, prices)).gains[place] for choices in every
    )


def plan_by_years(  # noqa: PLR0913 - one request, every part of it named
    instrument: Instrument,
    assessment: Assessment,
    *,
    costs: Costs,
    stops: Mapping[str, Sequence[Stop]],
    limits: Sequence[Limits],
    targets: Sequence[Fraction],
) -> Plan:
    """Return the cheapest rises that reach a target at the end of each year.

    `limits` say how far an indicator may have risen by the end of each. The plan has no frontier:
    its proof is that nothing of less effort meets all targets.
    """
    before, scale = score(instrument, assessment), instrument.scale
    every, tops = [], []
    for item in before.indicators:
        own = stops.get(item.indicator.code)
        every.append(rungs_of(item, scale, costs, limits[-1], own))
        tops.append([furthest(item, scale, costs, each, own)[0] for each in limits])
    levels = [item.level for item in before.indicators]
    values = [*levels, *(r.after for rungs in every for r in rungs), *(v for t in tops for v in t)]
    units = units_for(instrument, values)
    efforts = efforts_of(every, by_number=False)
    choices = []
    for level, weight, rungs, ladder, top in zip(
        levels, units.weights, every, efforts.ladders, tops, strict=True
    ):
        ends = [level, *(rung.after for rung in rungs)]
        gains = [
            [weight * (units.steps(min(e, t)) - units.steps(level)) for t in top] for e in ends
        ]
        choices.append([Choice(*each) for each in zip(ladder, map(tuple, gains), strict=True)])
    present = units.least(before.index)
    most = [sum(own[-1].gains[year] for own in choices) for year in range(len(limits))]
    needs = [units.least(target) - present for target in targets]
    within = [min(need, reach) for need, reach in zip(needs, most, strict=True)]
    chosen = least_effort(choices, within, efforts.one)
    steps = tuple(rises_of(before, units, every, chosen))
    after = assessment.with_levels({step.indicator.code: step.after for step in steps})
    cost = sum((step.cost for step in steps), Fraction(0))
    reached = within == needs
    return Plan(targets[-1], reached, cost, before, score(instrument, after), steps, ())
