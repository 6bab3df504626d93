"""Pairs of a claim and of what the assessors found: put together, and what follows from them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.assessment import Assessment, Missing, Stage
from spbe_cli.core.distribution import OFTEN, Mixture
from spbe_cli.core.observed import (
    STRENGTH,
    Calibration,
    calibrate,
    correlation_of,
    falls_of,
    together,
)
from spbe_cli.core.outlook import (
    AgreedBy,
    Agreement,
    Estimate,
    Model,
    Record,
    distribution_of,
)
from spbe_cli.core.problem import Place, Problem
from spbe_cli.core.score import Reading, verdict_on
from spbe_cli.core.units import WHOLE, Units, least_index

_OF_ASSESSORS = (
    Stage.DOCUMENT,
    Stage.HARMONISATION,
    Stage.INTERVIEW,
    Stage.VISIT,
    Stage.EXTERNAL,
    Stage.FINAL,
)
"""The stages at which assessors decide, in their order."""

_LOW, _HIGH = Fraction(5, 100), Fraction(95, 100)
"""The ends of the range in which what comes should lie."""

_NEAR = Fraction(164, 100)  # about where they lie, in deviations

_Key = tuple[str, int | None, str]


class Pair(NamedTuple):
    """The self-assessment of an institution and year, and the last stage after it."""

    claimed: Reading
    found: Reading

    @property
    def calibration(self) -> Calibration:
        """What became of this pair's claimed levels."""
        return calibrate(
            self.claimed.instrument, [(self.claimed.assessment, self.found.assessment)]
        )


class Paired(NamedTuple):
    """All pairs, what became of their claimed levels together, and what gives no pair."""

    pairs: tuple[Pair, ...]
    calibration: Calibration
    problems: tuple[Problem, ...]


def pairs_of(readings: Iterable[Reading]) -> Paired:
    """Return the pairs in assessments of any institutions, years and stages.

    A pair is of one institution, year and instrument. Nothing is left out in silence: what gives
    no pair, or stands there twice, is a problem.
    """
    stages: dict[_Key, dict[Stage | None, Reading]] = {}
    problems: list[Problem] = []
    for reading in readings:
        at_key = stages.setdefault(_key(reading), {})
        stage = reading.assessment.stage
        first = at_key.setdefault(stage, reading)
        if first is not reading and stage is not None:
            values = {"who": _who(reading), "stage": stage, "first": _path(first)}
            problems.append(Problem("pair-repeated", Place(_path(reading)), values))
    pairs: list[Pair] = []
    calibrations: list[Calibration] = []
    for at_key in stages.values():
        pair = _pair(at_key)
        own = Calibration() if pair is None else pair.calibration
        if pair is not None and own.compared:
            pairs.append(pair)
            calibrations.append(own)
        else:
            problems.append(_incomplete(at_key))
    return Paired(tuple(pairs), together(calibrations), tuple(problems))


def _pair(stages: Mapping[Stage | None, Reading]) -> Pair | None:
    found = next((stages[stage] for stage in reversed(_OF_ASSESSORS) if stage in stages), None)
    claimed = stages.get(Stage.SELF)
    return Pair(claimed, found) if claimed is not None and found is not None else None


def _incomplete(stages: Mapping[Stage | None, Reading]) -> Problem:
    reading = next(iter(stages.values()))
    found = ", ".join(stage or "-" for stage in stages)
    return Problem("pair-incomplete", Place(_path(reading)), {"who": _who(reading), "found": found})


def _key(reading: Reading) -> _Key:
    assessment = reading.assessment
    name = " ".join((assessment.institution or "").casefold().split())
    return name, assessment.year, assessment.instrument


def _who(reading: Reading) -> str:
    assessment = reading.assessment
    parts = [assessment.institution or _path(reading), assessment.year]
    return ", ".join(str(part) for part in parts if part)


def _path(reading: Reading) -> str:
    return reading.assessment.source.path if reading.assessment.source else ""


LEAST_FOR_RECORD = 3
"""How many pairs it takes to predict each from the others."""


class Method(NamedTuple):
    """How odds are estimated from pairs; `correlation` None where it is to be estimated too."""

    model: Model = Model.OBSERVED
    strength: Fraction = STRENGTH
    by_group: bool = False
    correlation: Fraction | None = None


class Estimated(NamedTuple):
    """The agreement that pairs give, and what it rests on."""

    agreement: Agreement
    estimate: Estimate


class Trial(NamedTuple):
    """How a prediction of one pair from the others stood the test.

    `chance` is that of keeping at least the claimed predicate; `covered` says whether what came
    lies in the 90 percent range of the index.
    """

    chance: Fraction
    kept: bool
    covered: bool


class Prediction(NamedTuple):
    """One pair, predicted from the others: the 90 percent range of its index, and what came.

    `chance` is that of keeping at least the claimed predicate.
    """

    pair: Pair
    low: Fraction
    high: Fraction
    final: Fraction
    chance: Fraction
    kept: bool

    @property
    def covered(self) -> bool:
        """Whether what came lies in the range."""
        return self.low <= self.final <= self.high


def estimated(calibration: Calibration, method: Method) -> Estimated | None:
    """Return the agreement that pairs give; None where no claim could fall and the model asks."""
    grouped = calibration if method.by_group else calibration.ungrouped
    falls = falls_of(grouped, method.strength, by_group=method.by_group)
    own = correlation_of(grouped, falls) if method.correlation is None else None
    correlation = method.correlation or own or Fraction(0)
    interval = calibration.interval(correlation)
    observed = method.model is Model.OBSERVED
    if interval is None and not observed:
        return None
    each = Fraction(1) if interval is None else interval.share
    by = AgreedBy.CALIBRATION if own is not None else None
    return Estimated(
        Agreement(
            each,
            model=method.model,
            falls=falls if observed else None,
            correlation=correlation,
        ),
        Estimate(calibration, interval, AgreedBy.OPTION if method.correlation is not None else by),
    )


def predictions(pairs: Sequence[Pair], method: Method) -> tuple[Prediction, ...]:
    """Return every pair without a missing level, predicted from the others; none from too few."""
    return tuple(_prediction(pair, agreement) for pair, agreement in _from_others(pairs, method))


def trials(pairs: Sequence[Pair], method: Method) -> tuple[Trial, ...]:
    """Return how the same predictions stood the test, without their ranges, which take longer."""
    return tuple(_trial(pair, agreement) for pair, agreement in _from_others(pairs, method))


def _from_others(pairs: Sequence[Pair], method: Method) -> Iterator[tuple[Pair, Agreement]]:
    """Yield every pair without a missing level with what the others say; nothing from too few."""
    whole = [
        pair
        for pair in pairs
        if not pair.claimed.assessment.missing and not pair.found.assessment.missing
    ]
    if len(whole) < LEAST_FOR_RECORD:
        return
    calibrations = [
        (pair, pair.calibration if method.by_group else pair.calibration.ungrouped)
        for pair in pairs
    ]
    for pair in whole:
        others = together(own for other, own in calibrations if other is not pair)
        basis = estimated(others, method)
        if basis is not None:
            yield pair, basis.agreement


class _Held(NamedTuple):
    """A pair's prediction as it is held against what came, `least` units keeping the predicate."""

    units: Units
    distribution: Mixture
    final: Fraction
    least: int
    kept: bool

    @property
    def chance(self) -> Fraction:
        """The chance of keeping at least the claimed predicate."""
        return 1 - self.distribution.upto(self.least - 1)


def _held(pair: Pair, agreement: Agreement, asked: int = OFTEN) -> _Held:
    instrument, claimed = pair.claimed.instrument, pair.claimed.assessment
    units, distribution = distribution_of(instrument, claimed, agreement, asked=asked)
    before, final = (_index(units, each.assessment) for each in pair)
    wanted = verdict_on(instrument, before, claimed.year).predicate
    least = least_index(instrument, wanted, claimed.year)
    return _Held(units, distribution, final, units.least(least), final >= least)


def _index(units: Units, assessment: Assessment) -> Fraction:
    """Return the index alone of an assessment without a missing level."""
    every = (assessment.entries[code].level for code in units.instrument.indicator_by_code)
    return units.indices([level for level in every if not isinstance(level, Missing)])[WHOLE]


def _prediction(pair: Pair, agreement: Agreement) -> Prediction:
    held = _held(pair, agreement)
    low, high = (
        held.units.index_at(held.distribution.quantile(share, near))
        for share, near in ((_LOW, -_NEAR), (_HIGH, _NEAR))
    )
    return Prediction(pair, low, high, held.final, held.chance, held.kept)


def _trial(pair: Pair, agreement: Agreement) -> Trial:
    """Return the same without the range: what came lies in it by the chance of so much and less."""
    held = _held(pair, agreement, asked=2)
    whole, upto = held.units.whole, held.distribution.upto
    at_most = upto(whole.most(held.final))
    covered = at_most >= _LOW and (at_most < _HIGH or upto(whole.least(held.final) - 1) < _HIGH)
    return Trial(held.chance, held.kept, covered)


def record_of(predicted: Sequence[Prediction | Trial]) -> Record | None:
    """Return how predictions stood the test, None without any."""
    if not predicted:
        return None
    squares = sum(((each.chance - each.kept) ** 2 for each in predicted), Fraction(0))
    covered = sum(each.covered for each in predicted)
    return Record(len(predicted), covered, squares / len(predicted))
