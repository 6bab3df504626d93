"""What the assessors may find: the exact distribution of the index, and gates on it.

Assessors confirm a claimed level or move it by levels, with given odds; each indicator by itself,
or tied to the others by how strict the assessors are (`spbe_cli.core.strictness`). The chance of
every index is that of a sum of whole numbers (`spbe_cli.core.units`), with probabilities as
integers over one common denominator: nothing is sampled and nothing rounded.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from spbe_cli.core.assessment import Assessment, Missing
from spbe_cli.core.distribution import OFTEN, Mixture
from spbe_cli.core.instrument import Basis, Instrument, Predicate
from spbe_cli.core.number import exact, fixed, is_number, parse
from spbe_cli.core.observed import (
    FEW_PAIRS,
    Calibration,
    Claim,
    Falls,
    Interval,
    Moves,
    claim_of,
    top_groups,
    with_standing,
)
from spbe_cli.core.problem import NOWHERE, Place, Problem, Severity
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import Bounds, Reading, Scorecard, predicate_called, result_of
from spbe_cli.core.shown import Presented
from spbe_cli.core.strictness import Outcomes, nodes_of
from spbe_cli.core.units import Units, moved, units_for

_SHARES = {
    Fraction(5, 100): Fraction(-164, 100),
    Fraction(50, 100): Fraction(0),
    Fraction(95, 100): Fraction(164, 100),
}
"""The points of the distribution that are shown, and about where they lie, in deviations."""

_FINEST_MOVE = Fraction(1, 10)


class Model(StrEnum):
    """Where a level goes that is not confirmed.

    OBSERVED: as claims of the same level went in the pairs that were given. LOWER: one level down.
    SYMMETRIC: half of the time one down, half of the time one up. A level is held at the ends of
    the scale, so the chance of a move beyond them goes to confirming.
    """

    OBSERVED = "observed"
    LOWER = "lower"
    SYMMETRIC = "symmetric"


class Agreement(NamedTuple):
    """The probability that assessors confirm a level: of any indicator, or of one by its code.

    With the model OBSERVED `falls` are the odds, and a probability in `by_indicator` that of no
    fall. `correlation` is how much the levels of one sheet go together.
    """

    each: Fraction
    by_indicator: Mapping[str, Fraction] = MappingProxyType({})
    model: Model = Model.LOWER
    falls: Falls | None = None
    correlation: Fraction = Fraction(0)

    def __repr__(self) -> str:
        """Return the probability, for how many indicators there is another, and the model."""
        others = f", {len(self.by_indicator)} other" if self.by_indicator else ""
        is_exact = isinstance(self.each, Fraction | int)  # else outlook says what was expected
        each = fixed(Fraction(self.each), 4) if is_exact else repr(self.each)
        return f"<Agreement {each}{others}, {self.model}>"

    def of(self, code: str) -> Fraction:
        """Return the probability for an indicator.

        Raises:
            ValueError: if it does not lie between 0 and 1.
        """
        probability = self.by_indicator.get(code, self.each)
        if not 0 <= probability <= 1:
            raise ValueError(f"an agreement of {probability} for indicator {code}")
        return probability

    def moves_of(self, code: str, claim: Claim) -> Moves:
        """Return the odds of the moves of an indicator's claim, in levels.

        Raises:
            ValueError: if an agreement does not lie between 0 and 1, or the odds are lacking.
        """
        agreed, doubt = self.of(code), 1 - self.of(code)
        match self.model:
            case Model.LOWER:
                return {-1: doubt, 0: agreed}
            case Model.SYMMETRIC:
                return {-1: doubt / 2, 0: agreed, 1: doubt / 2}
            case Model.OBSERVED:
                if self.falls is None:
                    raise ValueError("the model observed without falls")
                odds = self.falls.of(claim)
                if code in self.by_indicator:
                    return claim.held(with_standing(odds, agreed))
                return odds

    def at(self, interval: Interval, end: Fraction) -> "Agreement":
        """Return the same if the agreement of all lies at one end of its interval."""
        falls = None if self.falls is None else self.falls.at(interval, end)
        return self._replace(each=end, falls=falls)


class Chance(NamedTuple):
    """The exact probability of a predicate, and of it or a higher one."""

    predicate: Predicate
    probability: Fraction
    at_least: Fraction


class Quantile(NamedTuple):
    """The smallest index that is not exceeded with a probability of at least `share`."""

    share: Fraction
    at: Fraction


@dataclass(frozen=True, slots=True, repr=False)
class Outlook(Presented):
    """The distribution of the index. Every number is exact; probabilities add up to 1.

    `chances` holds every predicate, highest first, on the basis of the assessment's year;
    `by_basis` the same on either basis.
    `quantiles` are those of 5, 50 and 95 percent; `lowest` and `highest` the ends of what can
    happen at all. `instrument`, `assessment` and `agreement` are what it is the outlook of.
    """

    chances: tuple[Chance, ...]
    mean: Fraction
    variance: Fraction
    quantiles: tuple[Quantile, ...]
    lowest: Fraction
    highest: Fraction
    by_basis: Mapping[Basis, tuple[Chance, ...]]
    instrument: Instrument
    assessment: Assessment
    agreement: Agreement

    def _brief(self) -> str:
        likely = [c for c in self.chances if fixed(100 * c.probability, 0) != "0"]
        odds = ", ".join(f"{c.predicate.name} {fixed(100 * c.probability, 0)}%" for c in likely)
        mean = fixed(self.mean, self.instrument.places)
        return f"{self.assessment.who}: {odds}; mean {mean}"


class OutlookBounds(NamedTuple):
    """The outlooks with every missing level at the scale's lowest, and with every one highest.

    Whatever the missing levels are, `at_least` of a predicate, the mean and the quantiles lie
    between the two. The probability of one single predicate need not: one in the middle may be
    likeliest in between.
    """

    lowest: Outlook
    highest: Outlook


def outlook(
    instrument: Instrument,
    assessment: Assessment,
    agreement: Agreement,
    certain: Collection[str] = (),
) -> Outlook:
    """Return the chance of every predicate and the distribution of the index.

    A missing level is as likely to be any level of the scale as any other; of levels that are
    bands, the middle of any.

    Args:
        instrument: the instrument whose codes the assessment uses.
        assessment: the levels claimed.
        agreement: how likely they are confirmed, and what becomes of them otherwise.
        certain: the indicators whose levels are settled.

    Raises:
        ValueError: if an agreement does not lie between 0 and 1.
    """
    units, distribution = distribution_of(instrument, assessment, agreement, certain)
    return _summary(instrument, assessment, agreement, units, distribution)


def outlook_bounds(
    instrument: Instrument, assessment: Assessment, agreement: Agreement
) -> OutlookBounds:
    """Return the outlooks with every missing level lowest, and with every one highest.

    These levels are taken as certain; the others as `agreement` says.

    Raises:
        ValueError: if an agreement does not lie between 0 and 1.
    """
    missing = assessment.missing
    lowest, highest = (
        outlook(instrument, assessment.with_levels(dict.fromkeys(missing, end)), agreement, missing)
        for end in (instrument.scale.lowest, instrument.scale.highest)
    )
    return OutlookBounds(lowest, highest)


def distribution_of(
    instrument: Instrument,
    assessment: Assessment,
    agreement: Agreement,
    certain: Collection[str] = (),
    asked: int = OFTEN,
) -> tuple[Units, Mixture]:
    """Return the distribution of the index, as `outlook` sums it up, and the units it is in.

    `asked` is about how often it will be asked: it decides how long that takes, not what it says.
    """
    groups, outcomes = top_groups(instrument), list[Outcomes | None]()
    apart = agreement.falls is not None and agreement.falls.by_group
    known: dict[tuple[Fraction, str, Fraction | None], Outcomes] = {}
    grain = grain_of(instrument.scale) if agreement.model is Model.OBSERVED else None
    for code, entry in assessment.entries.items():
        if isinstance(entry.level, Missing):
            outcomes.append(None)
        elif code in certain:
            outcomes.append({entry.level: Fraction(1)})
        else:
            group = groups[code] if apart else ""
            alike = (entry.level, group, agreement.by_indicator.get(code))
            if alike not in known:
                moves = agreement.moves_of(code, claim_of(instrument, group, entry.level))
                known[alike] = _outcomes(instrument.scale, entry.level, moves, grain)
            outcomes.append(known[alike])
    any_level = _any_level(instrument.scale)
    units = units_for(instrument, {v for each in (*outcomes, any_level) for v in each or ()})
    return units, Mixture(nodes_of(units, outcomes, any_level, agreement.correlation), asked)


def _any_level(scale: Scale) -> Outcomes:
    """Return the probabilities of a missing level: every level alike, of bands their middles."""
    if scale.step is None:
        values = [(band.start + band.end) / 2 for band in scale.bands]
    else:
        values = list(scale.levels())
    return dict.fromkeys(values, Fraction(1, len(values)))


def grain_of(scale: Scale) -> Fraction:
    """Return of what whole multiples claims move as earlier ones did: about a tenth of a point.

    Where in a level a claim lands that fell nobody knows, and finer sums take far longer.
    """
    if scale.step is None:
        return _FINEST_MOVE
    return scale.step * max(1, _FINEST_MOVE // scale.step)


def _outcomes(scale: Scale, level: Fraction, moves: Moves, grain: Fraction | None) -> Outcomes:
    """Return the probability of each value that a level may end at, lowest first.

    On a scale with a fine step a move is one of whole levels, held at the ends of the scale; where
    there is a grain it is cut to whole multiples of that.
    """
    outcomes: dict[Fraction, Fraction] = {}
    for move, chance in sorted(moves.items()):
        if chance:
            value = moved(scale, level, move)
            if grain is not None:
                value = level + int((value - level) / grain) * grain
            outcomes[value] = outcomes.get(value, Fraction(0)) + chance
    return outcomes


def _summary(
    instrument: Instrument,
    assessment: Assessment,
    agreement: Agreement,
    units: Units,
    distribution: Mixture,
) -> Outlook:
    by_basis = {b: tuple(_chances(instrument, b, units, distribution)) for b in Basis}
    return Outlook(
        by_basis[instrument.basis_in(assessment.year).basis],
        units.index_at(0) + distribution.mean * units.size,
        distribution.variance * units.size**2,
        tuple(
            Quantile(share, units.index_at(distribution.quantile(share, near)))
            for share, near in _SHARES.items()
        ),
        units.index_at(distribution.lowest),
        units.index_at(distribution.highest),
        by_basis,
        instrument,
        assessment,
        agreement,
    )


def _chances(
    instrument: Instrument, basis: Basis, units: Units, distribution: Mixture
) -> Iterator[Chance]:
    above = Fraction(0)
    for predicate in instrument.predicates:
        at_least = 1 - distribution.upto(units.least_for(predicate, basis) - 1)
        yield Chance(predicate, at_least - above, at_least)
        above = at_least


class AgreedBy(StrEnum):
    """What said how likely levels are confirmed."""

    OPTION = "option"
    FILE = "file"
    CALIBRATION = "calibration"


@dataclass(frozen=True)
class End:
    """The outlook if the agreement is as low, or as high, as its interval allows.

    Of the whole outlook, which takes long, only that is computed which is asked for.
    """

    agreement: Fraction
    of: tuple[Instrument, Assessment, Agreement]

    @cached_property
    def outcome(self) -> Outlook:
        """The whole outlook."""
        return outlook(*self.of)

    @cached_property
    def chances_and_mean(self) -> tuple[tuple[Chance, ...], Fraction]:
        """What pages say of it: the chances on the basis of the year, and the mean."""
        instrument, assessment, _ = self.of
        basis = instrument.basis_in(assessment.year).basis
        units, distribution = distribution_of(*self.of, asked=2)  # few thresholds can be reached
        chances = tuple(_chances(instrument, basis, units, distribution))
        return chances, units.index_at(0) + distribution.mean * units.size


class Record(NamedTuple):
    """How outlooks of pairs, each made from the other pairs, stood the test.

    `covered` findings lay between the 5 and the 95 percent point. The Brier score is the mean
    square of how far the chance to keep the claimed predicate was from what came: 0 is best, 0.25
    what saying one half each time would have.
    """

    pairs: int
    covered: int
    brier: Fraction


class Estimate(NamedTuple):
    """What an agreement was estimated from, how sure it is, and how such outlooks did.

    `correlated_by` says where the correlation comes from, None where there were too few pairs.
    """

    calibration: Calibration
    interval: Interval | None
    correlated_by: AgreedBy | None = None
    record: Record | None = None

    @property
    def few_pairs(self) -> bool:
        """Whether there are too few pairs to believe in 1 percent."""
        return len(self.calibration.pairs) < FEW_PAIRS


class Foreseen(NamedTuple):
    """A reading and its outlook; bounds where missing levels are taken as lowest and highest.

    `claimed` is the score of the levels as they are, `estimate` what the agreement was estimated
    from, if it was, and `ends` the outlooks at the ends of its interval.
    """

    reading: Reading
    outcome: Outlook | OutlookBounds
    claimed: Scorecard | Bounds
    agreement: Agreement
    agreed_by: AgreedBy
    estimate: Estimate | None = None
    ends: tuple[End, ...] = ()

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
    estimate: Estimate | None = None,
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
    found = Foreseen(reading, outcome, claimed, agreement, agreed_by, estimate)
    if estimate is None or estimate.interval is None or bounded:
        return found
    interval = estimate.interval
    ends = (
        End(end, (instrument, assessment, agreement.at(interval, end)))
        for end in (interval.low, interval.high)
    )
    return found._replace(ends=tuple(ends))


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
