"""What the assessors may find: the exact distribution of the index, and gates on it.

Assessors confirm a claimed level with a given probability, each indicator by itself; otherwise
they move it by one level. The chance of every index is a convolution over integer units of the
index (`spbe_cli.core.units`), with probabilities as integers over one common denominator: nothing
is sampled and nothing rounded.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate
from math import ceil, lcm
from operator import add, mul
from types import MappingProxyType
from typing import NamedTuple

from spbe_cli.core.assessment import Assessment, Missing
from spbe_cli.core.instrument import Basis, Instrument, Predicate
from spbe_cli.core.number import exact, is_number, parse
from spbe_cli.core.problem import NOWHERE, Place, Problem, Severity
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import Bounds, Reading, Scorecard, predicate_called, result_of
from spbe_cli.core.units import Units, moved, units_for, units_of

_SHARES = (Fraction(5, 100), Fraction(50, 100), Fraction(95, 100))


class Model(StrEnum):
    """Where a level goes that is not confirmed.

    LOWER: one level down. SYMMETRIC: half of the time one down, half of the time one up. A level
    is held at the ends of the scale, so the chance of a move beyond them goes to confirming.
    """

    LOWER = "lower"
    SYMMETRIC = "symmetric"


class Agreement(NamedTuple):
    """The probability that assessors confirm a level: of any indicator, or of one by its code."""

    each: Fraction
    by_indicator: Mapping[str, Fraction] = MappingProxyType({})
    model: Model = Model.LOWER

    def of(self, code: str) -> Fraction:
        """Return the probability for an indicator.

        Raises:
            ValueError: if it does not lie between 0 and 1.
        """
        probability = self.by_indicator.get(code, self.each)
        if not 0 <= probability <= 1:
            raise ValueError(f"an agreement of {probability} for indicator {code}")
        return probability


class Chance(NamedTuple):
    """The exact probability of a predicate, and of it or a higher one."""

    predicate: Predicate
    probability: Fraction
    at_least: Fraction


class Quantile(NamedTuple):
    """The smallest index that is not exceeded with a probability of at least `share`."""

    share: Fraction
    at: Fraction


class Outlook(NamedTuple):
    """The distribution of the index. Every number is exact; probabilities add up to 1.

    `chances` holds every predicate, highest first, on the basis of the assessment's year;
    `by_basis` the same on either basis.
    `quantiles` are those of 5, 50 and 95 percent; `lowest` and `highest` the ends of what can
    happen at all.
    """

    chances: tuple[Chance, ...]
    mean: Fraction
    variance: Fraction
    quantiles: tuple[Quantile, ...]
    lowest: Fraction
    highest: Fraction
    by_basis: Mapping[Basis, tuple[Chance, ...]]


class OutlookBounds(NamedTuple):
    """The outlooks with every missing level at the scale's lowest, and with every one highest.

    Whatever the missing levels are, `at_least` of a predicate, the mean and the quantiles lie
    between the two. The probability of one single predicate need not: one in the middle may be
    likeliest in between.
    """

    lowest: Outlook
    highest: Outlook


class Calibration(NamedTuple):
    """What became of claimed levels: how many of those compared were confirmed, or moved.

    `further` of the moved ones went further than one level.
    """

    compared: int
    confirmed: int
    lowered: int
    raised: int
    further: int = 0

    @property
    def agreement(self) -> Fraction | None:
        """The share of levels that were confirmed, None where there was nothing to compare."""
        return Fraction(self.confirmed, self.compared) if self.compared else None


class _Masses(NamedTuple):
    """A distribution in integers: `masses[i]` of `whole` is the chance of `first` + i units.

    Where a scale has no step, units are fine and few of them can come about: then `at` names the
    units of each mass, lowest first.
    """

    first: int
    masses: list[int]
    whole: int
    at: Sequence[int] = ()

    @property
    def units(self) -> Sequence[int]:
        """The units that the masses are of."""
        return self.at or range(self.first, self.first + len(self.masses))


def outlook(instrument: Instrument, assessment: Assessment, agreement: Agreement) -> Outlook:
    """Return the chance of every predicate and the distribution of the index.

    A missing level is as likely to be any level of the scale as any other; of levels that are
    bands, the middle of any.

    Args:
        instrument: the instrument whose codes the assessment uses.
        assessment: the levels claimed.
        agreement: how likely they are confirmed, and what becomes of them otherwise.

    Raises:
        ValueError: if an agreement does not lie between 0 and 1.
    """
    if instrument.scale.step is None:
        return _of_bands(instrument, assessment, agreement)
    units = units_of(instrument)
    distribution = _Masses(0, [1], 1)
    for indicator, weight in zip(instrument.indicators, units.weights, strict=True):
        level = assessment.entries[indicator.code].level
        if isinstance(level, Missing):
            distribution = _with_any_step(distribution, weight, units.steps(units.scale.highest))
        else:
            outcomes = _outcomes(level, agreement.of(indicator.code), agreement.model, units.scale)
            moves = {units.steps(to) * weight: chance for to, chance in outcomes.items() if chance}
            distribution = _with_moves(distribution, moves)
    return _summary(instrument, assessment.year, units, distribution)


def _of_bands(instrument: Instrument, assessment: Assessment, agreement: Agreement) -> Outlook:
    """Return the outlook where levels are bands: few values, anywhere on the scale."""
    scale = instrument.scale
    middles = [(band.start + band.end) / 2 for band in scale.bands]
    outcomes: list[Mapping[Fraction, Fraction]] = []
    for indicator in instrument.indicators:
        level = assessment.entries[indicator.code].level
        if isinstance(level, Missing):
            outcomes.append(dict.fromkeys(middles, Fraction(1, len(middles))))
        else:
            agreed = agreement.of(indicator.code)
            outcomes.append(_outcomes(level, agreed, agreement.model, scale))
    units = units_for(instrument, (value for of_one in outcomes for value in of_one))
    masses, whole = {0: 1}, 1
    for of_one, weight in zip(outcomes, units.weights, strict=True):
        shared = lcm(*(chance.denominator for chance in of_one.values()))
        after: dict[int, int] = {}
        for value, chance in of_one.items():
            move, factor = units.steps(value) * weight, int(chance * shared)
            for at, mass in masses.items() if factor else ():
                after[at + move] = after.get(at + move, 0) + factor * mass
        masses, whole = after, whole * shared
    reached = sorted(masses)
    distribution = _Masses(reached[0], [masses[at] for at in reached], whole, reached)
    return _summary(instrument, assessment.year, units, distribution)


def outlook_bounds(
    instrument: Instrument, assessment: Assessment, agreement: Agreement
) -> OutlookBounds:
    """Return the outlooks with every missing level lowest, and with every one highest.

    These levels are taken as certain; the others as `agreement` says.

    Raises:
        ValueError: if an agreement does not lie between 0 and 1.
    """
    missing = assessment.missing
    certain = dict(agreement.by_indicator) | dict.fromkeys(missing, Fraction(1))
    agreed = agreement._replace(by_indicator=certain)
    lowest, highest = (
        outlook(instrument, assessment.with_levels(dict.fromkeys(missing, end)), agreed)
        for end in (instrument.scale.lowest, instrument.scale.highest)
    )
    return OutlookBounds(lowest, highest)


def calibrate(pairs: Iterable[tuple[Assessment, Assessment]]) -> Calibration:
    """Return how many claimed levels were confirmed, lowered and raised.

    Args:
        pairs: the claimed and the final levels of an institution. Indicators that lack a level in
            either are left out.

    Raises:
        ValueError: if the two of a pair were made with different instruments.
    """
    moves: list[Fraction] = []
    for claimed, final in pairs:
        if claimed.instrument != final.instrument:
            raise ValueError(f"{claimed.instrument} beside {final.instrument}")
        for code, entry in claimed.entries.items():
            found = final.entries[code].level
            if not isinstance(entry.level, Missing) and not isinstance(found, Missing):
                moves.append(found - entry.level)
    lowered, raised = sum(move < 0 for move in moves), sum(move > 0 for move in moves)
    further = sum(abs(move) > 1 for move in moves)
    return Calibration(len(moves), len(moves) - lowered - raised, lowered, raised, further)


def _outcomes(
    level: Fraction, agreement: Fraction, model: Model, scale: Scale
) -> Mapping[Fraction, Fraction]:
    """Return the probabilities of where a level ends."""
    doubt = 1 - agreement
    chances = (agreement, doubt, Fraction(0))
    if model is Model.SYMMETRIC:
        chances = (agreement, doubt / 2, doubt / 2)
    outcomes: dict[Fraction, Fraction] = {}
    for levels, chance in zip((0, -1, 1), chances, strict=True):
        reached = moved(scale, level, levels)
        outcomes[reached] = outcomes.get(reached, Fraction(0)) + chance
    return outcomes


def _with_moves(old: _Masses, moves: Mapping[int, Fraction]) -> _Masses:
    """Return the distribution of a sum: of the units so far and of a move with these chances."""
    least = min(moves)
    whole = lcm(*(chance.denominator for chance in moves.values()))
    masses = [0] * (len(old.masses) + max(moves) - least)
    for move, chance in moves.items():
        factor, place = int(chance * whole), move - least
        reached = masses[place : place + len(old.masses)]
        masses[place : place + len(reached)] = map(add, reached, [factor * m for m in old.masses])
    return _Masses(old.first + least, masses, old.whole * whole)


def _with_any_step(old: _Masses, weight: int, steps: int) -> _Masses:
    """Return the same for a move by 0, 1, ... `steps` steps, all equally likely.

    Each mass is the one a step before, and what comes within reach, less what falls out of it.
    """
    masses = old.masses + [0] * (steps * weight)
    beyond = [0] * ((steps + 1) * weight) + old.masses
    for place in range(weight, len(masses)):
        masses[place] += masses[place - weight] - beyond[place]
    return _Masses(old.first, masses, old.whole * (steps + 1))


def _summary(
    instrument: Instrument, year: int | None, units: Units, distribution: _Masses
) -> Outlook:
    masses, whole, places = distribution.masses, distribution.whole, distribution.units
    mean = Fraction(sum(map(mul, places, masses)), whole)
    square = Fraction(sum(i * i * mass for i, mass in zip(places, masses, strict=True)), whole)
    by_basis = {b: tuple(_chances(instrument, b, units, distribution)) for b in Basis}
    return Outlook(
        by_basis[instrument.basis_in(year).basis],
        units.scale.lowest + mean * units.size,
        (square - mean * mean) * units.size**2,
        _quantiles(units, distribution),
        units.index_at(places[0]),
        units.index_at(places[-1]),
        by_basis,
    )


def _chances(
    instrument: Instrument, basis: Basis, units: Units, distribution: _Masses
) -> Iterator[Chance]:
    above = Fraction(0)
    for predicate in instrument.predicates:
        least = units.least_for(predicate, basis)
        enough = bisect_left(distribution.units, least)
        at_least = Fraction(sum(distribution.masses[enough:]), distribution.whole)
        yield Chance(predicate, at_least - above, at_least)
        above = at_least


def _quantiles(units: Units, distribution: _Masses) -> tuple[Quantile, ...]:
    sums = list(accumulate(distribution.masses))
    places = distribution.units
    return tuple(
        Quantile(share, units.index_at(places[bisect_left(sums, ceil(share * distribution.whole))]))
        for share in _SHARES
    )


class AgreedBy(StrEnum):
    """What said how likely levels are confirmed."""

    OPTION = "option"
    FILE = "file"
    CALIBRATION = "calibration"


class Foreseen(NamedTuple):
    """A reading and its outlook; bounds where missing levels are taken as lowest and highest.

    `claimed` is the score of the levels as they are, `calibration` what the agreement was
    estimated from, if it was.
    """

    reading: Reading
    outcome: Outlook | OutlookBounds
    claimed: Scorecard | Bounds
    agreement: Agreement
    agreed_by: AgreedBy
    calibration: Calibration | None = None

    @property
    def lowest(self) -> Outlook:
        """The outlook, or the one with every missing level at the scale's lowest."""
        return self.outcome.lowest if isinstance(self.outcome, OutlookBounds) else self.outcome

    @property
    def kept(self) -> Chance | None:
        """The chance of the claimed predicate, None where missing levels leave several open."""
        if isinstance(self.claimed, Bounds) or isinstance(self.outcome, OutlookBounds):
            return None
        predicate = self.claimed.predicate
        return next(c for c in self.outcome.chances if c.predicate == predicate)


class ChanceGate(NamedTuple):
    """At least this predicate with at least this probability."""

    name: str
    least: Fraction
    kind: str = "min-probability"
    place: Place = NOWHERE


class ChanceOutcome(NamedTuple):
    """How an outlook stands to a gate. `short_by` is None where the gate is met."""

    gate: ChanceGate
    result: Foreseen
    predicate: Predicate
    expected: Fraction
    found: Fraction
    short_by: Fraction | None

    @property
    def met(self) -> bool:
        """Whether the outlook passes."""
        return self.short_by is None


def foreseen(
    reading: Reading,
    agreement: Agreement,
    agreed_by: AgreedBy,
    calibration: Calibration | None = None,
    *,
    as_bounds: bool = False,
) -> Foreseen:
    """Return the outlook of a reading.

    A missing level is as likely to be any level of the scale as any other, or, with `as_bounds`,
    taken as the lowest and as the highest.
    """
    instrument, assessment = reading.instrument, reading.assessment
    bounded = as_bounds and bool(assessment.missing)
    outcome = (outlook_bounds if bounded else outlook)(instrument, assessment, agreement)
    claimed = result_of(reading).outcome
    return Foreseen(reading, outcome, claimed, agreement, agreed_by, calibration)


def agreement_problem(text: str, place: Place) -> Problem | None:
    """Return what is wrong with a probability; of a percentage also the right form."""
    if is_number(text) and 0 <= parse(text) <= 1:
        return None
    values = {"found": text.strip()}
    percent = text.strip().removesuffix("%").rstrip()
    plainly = percent != text.strip() or (is_number(percent) and parse(percent) >= 2)  # noqa: PLR2004
    if plainly and is_number(percent) and 0 <= parse(percent) <= 100:  # noqa: PLR2004
        values["nearest"] = exact(parse(percent) / 100)
    return Problem("agreement-wrong", place, values)


def parse_chance_gate(text: str, place: Place = NOWHERE) -> ChanceGate | Problem:
    """Return the gate written as `baik=0.9`, or why it is none."""
    name, equals, least = text.rpartition("=")
    if equals and name.strip() and is_number(least) and 0 <= parse(least) <= 1:
        return ChanceGate(name.strip(), parse(least), place=place)
    values = {"found": text}
    return Problem("probability-gate-wrong", place, values, Severity.USAGE)


def chance_outcome(gate: ChanceGate, found: Foreseen) -> ChanceOutcome | Problem:
    """Return how an outlook stands to a gate, in the least favourable case of missing levels.

    A gate with a predicate that the instrument does not have makes no sense, which is returned.
    """
    predicate = predicate_called(found.reading.instrument, gate.name, gate.place)
    if isinstance(predicate, Problem):
        return predicate
    chance = next(c.at_least for c in found.lowest.chances if c.predicate == predicate)
    short_by = gate.least - chance if chance < gate.least else None
    return ChanceOutcome(gate, found, predicate, gate.least, chance, short_by)
