"""What one level more of each indicator is worth, and which indicator alone decides the predicate.

Everything follows from the weights: an indicator's level times its weight is its part of the index.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil
from operator import itemgetter
from typing import NamedTuple

from spbe_cli.core.assessment import Assessment
from spbe_cli.core.instrument import Indicator, Instrument, Predicate
from spbe_cli.core.score import Scorecard, score, verdict_on
from spbe_cli.core.units import Units, least_index, steps_in_level, units_of


class Lever(NamedTuple):
    """An indicator below the top, one level more, and the points of the index that gains.

    On a scale finer than whole levels the last rise may be the part of a level that is left.
    """

    indicator: Indicator
    before: Fraction
    after: Fraction
    gain: Fraction


class Decider(NamedTuple):
    """An indicator that alone changes the predicate: the least change of level that does it.

    `reached` is the exact index it would give, `predicate` its predicate.
    """

    indicator: Indicator
    before: Fraction
    after: Fraction
    reached: Fraction
    predicate: Predicate


class Levers(NamedTuple):
    """What the indicators are worth at the present levels.

    `rises` stand largest gain first. `winners` are the indicators that reach the next predicate
    alone, `losers` those that lose the present one alone: fewest levels first, then the largest
    change of the index, then the order of the instrument. `to_next` is the exact gain that the
    next predicate takes, None at the top; `to_lose` the exact loss beyond which the present one
    is gone, None for the lowest.
    """

    card: Scorecard
    rises: tuple[Lever, ...]
    winners: tuple[Decider, ...]
    losers: tuple[Decider, ...]
    to_next: Fraction | None
    to_lose: Fraction | None


def levers(instrument: Instrument, assessment: Assessment) -> Levers:
    """Return what one level more of each indicator gains, and which ones decide the predicate.

    Thresholds are held on the basis of the assessment's year.

    Raises:
        MissingLevelError: if a level is missing.
    """
    card = score(instrument, assessment)
    units = units_of(instrument)
    year, above = assessment.year, card.verdict.next
    needed = None if above is None else least_index(instrument, above, year) - card.index
    held = card.predicate.threshold is not None
    spare = card.index - least_index(instrument, card.predicate, year) if held else None
    return Levers(
        card,
        rises_of(card),
        _deciders(card, units, ceil(needed / units.size)) if needed is not None else (),
        _deciders(card, units, -(spare // units.size) - 1) if spare is not None else (),
        needed,
        spare,
    )


def rises_of(card: Scorecard) -> tuple[Lever, ...]:
    """Return one level more of each indicator below the top, the largest gain first."""
    found = sorted(_rises(card, units_of(card.instrument)), key=itemgetter(0))
    return tuple(lever for _, lever in found)


def _rises(card: Scorecard, units: Units) -> Iterator[tuple[int, Lever]]:
    """Yield the rises, each behind what it gains in units, negative: sorted, largest first."""
    one, top = steps_in_level(units.scale), units.steps(units.scale.highest)
    for item, weight in zip(card.indicators, units.weights, strict=True):
        before = units.steps(item.level)
        steps = min(one, top - before)
        if steps:
            after, gained = units.level(before + steps), steps * weight
            yield -gained, Lever(item.indicator, item.level, after, gained * units.size)


def _deciders(card: Scorecard, units: Units, change: int) -> tuple[Decider, ...]:
    """Return the indicators that alone change the index by that many units or further."""
    found = []
    for item, weight in zip(card.indicators, units.weights, strict=True):
        steps = ceil(Fraction(abs(change), weight)) * (1 if change > 0 else -1)
        after = item.level + steps * units.scale.step
        if units.scale.lowest <= after <= units.scale.highest:
            index = card.index + steps * weight * units.size
            predicate = verdict_on(card.instrument, index, card.assessment.year).predicate
            found.append(Decider(item.indicator, item.level, after, index, predicate))
    return tuple(
        sorted(found, key=lambda d: (abs(d.after - d.before), -abs(d.reached - card.index)))
    )
