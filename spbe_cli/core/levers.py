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
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import Scorecard, score, verdict_on
from spbe_cli.core.units import Units, moved, units_for


class Lever(NamedTuple):
    """An indicator below the top, one level more, and the points of the index that gains.

    On a scale finer than whole levels the last rise may be the part of a level that is left; where
    levels are bands it is always the rest of one.
    """

    indicator: Indicator
    before: Fraction
    after: Fraction
    gain: Fraction


class Decider(NamedTuple):
    """An indicator that alone changes the predicate: the least change of level that does it.

    On a scale without a step that is the nearest value with the decimals that are shown.

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

    def __repr__(self) -> str:
        """Return whose they are, and how many indicators rise, win and lose."""
        numbers = f"{len(self.rises)} rises, {len(self.winners)} winners, {len(self.losers)} losers"
        return f"<Levers {self.card.assessment.who}: {numbers}>"


def levers(instrument: Instrument, assessment: Assessment) -> Levers:
    """Return what one level more of each indicator gains, and which ones decide the predicate.

    Thresholds are held on the basis of the assessment's year.

    Raises:
        MissingLevelError: if a level is missing.
    """
    card = score(instrument, assessment)
    units = _units(card)
    needed, spare = card.verdict.distance, card.verdict.spare
    return Levers(
        card,
        rises_of(card),
        _deciders(card, units, needed) if needed is not None else (),
        _deciders(card, units, -spare) if spare is not None else (),
        needed,
        spare,
    )


def rises_of(card: Scorecard) -> tuple[Lever, ...]:
    """Return one level more of each indicator below the top, the largest gain first."""
    found = sorted(_rises(card, _units(card)), key=itemgetter(0))
    return tuple(lever for _, lever in found)


def rooms_of(card: Scorecard) -> dict[str, int]:
    """Return what each indicator can still add to the index, in whole units of one size."""
    units = _units(card)
    top = units.steps(units.scale.highest)
    steps = {level: top - units.steps(level) for level in {item.level for item in card.indicators}}
    return {
        item.indicator.code: steps[item.level] * weight
        for item, weight in zip(card.indicators, units.weights, strict=True)
    }


def _units(card: Scorecard) -> Units:
    return units_for(card.instrument, (item.level for item in card.indicators))


def _rises(card: Scorecard, units: Units) -> Iterator[tuple[int, Lever]]:
    """Yield the rises, each behind what it gains in units, negative: sorted, largest first."""
    rises: dict[Fraction, tuple[Fraction, int]] = {}  # many indicators share them, and gains
    gains: dict[int, Fraction] = {}
    for item, weight in zip(card.indicators, units.weights, strict=True):
        rise = rises.get(item.level)
        if rise is None:
            after = _risen(units.scale, item.level)
            rise = rises[item.level] = after, units.steps(after) - units.steps(item.level)
        after, steps = rise
        if steps:
            gained = steps * weight
            gain = gains.get(gained) or gains.setdefault(gained, gained * units.size)
            yield -gained, Lever(item.indicator, item.level, after, gain)


def _risen(scale: Scale, level: Fraction) -> Fraction:
    """Return a level after one level more: the end of its band, where levels are bands."""
    return scale.rest_of_band(level) if scale.step is None else moved(scale, level, 1)


def _deciders(card: Scorecard, units: Units, change: Fraction) -> tuple[Decider, ...]:
    """Return the indicators that alone change the index by that much, or below by more."""
    found = []
    total = sum(units.weights)
    for item, weight in zip(card.indicators, units.weights, strict=True):
        after = _deciding(card.instrument, item.level, change * total / weight)
        if units.scale.lowest <= after <= units.scale.highest:
            index = card.index + (after - item.level) * weight / total
            predicate = verdict_on(card.instrument, index, card.assessment.year).predicate
            found.append(Decider(item.indicator, item.level, after, index, predicate))
    return tuple(
        sorted(found, key=lambda d: (abs(d.after - d.before), -abs(d.reached - card.index)))
    )


def _deciding(instrument: Instrument, level: Fraction, change: Fraction) -> Fraction:
    """Return the nearest level that lies at least that much above, or more than that below.

    Levels go by the scale's step from where they are; without one, by that of shown values.
    """
    step = instrument.shown_step
    begun = level if instrument.scale.step is not None else Fraction(0)
    away = (level + change - begun) / step
    return begun + (ceil(away) if change > 0 else ceil(away) - 1) * step
