"""Pairs of a claim and of what the assessors found: put together, and what follows from them."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.assessment import Stage
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
from spbe_cli.core.score import Reading, score
from spbe_cli.core.units import least_index

_OF_ASSESSORS = (
    Stage.DOCUMENT,
    Stage.HARMONISATION,
    Stage.INTERVIEW,
    Stage.VISIT,
    Stage.EXTERNAL,
    Stage.FINAL,
)
"""The stages at which assessors decide, in their order."""

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
    pairs = []
    for at_key in stages.values():
        pair = _pair(at_key)
        if pair is not None and pair.calibration.compared:
            pairs.append(pair)
        else:
            problems.append(_incomplete(at_key))
    calibration = together(pair.calibration for pair in pairs)
    return Paired(tuple(pairs), calibration, tuple(problems))


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
    falls = falls_of(calibration, method.strength, by_group=method.by_group)
    own = correlation_of(calibration, falls) if method.correlation is None else None
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
    whole = [
        pair
        for pair in pairs
        if not pair.claimed.assessment.missing and not pair.found.assessment.missing
    ]
    if len(whole) < LEAST_FOR_RECORD:
        return ()
    found, calibrations = [], [(pair, pair.calibration) for pair in pairs]
    for pair in whole:
        others = together(own for other, own in calibrations if other is not pair)
        basis = estimated(others, method)
        if basis is not None:
            found.append(_prediction(pair, basis.agreement))
    return tuple(found)


def _prediction(pair: Pair, agreement: Agreement) -> Prediction:
    instrument, claimed, found = pair.claimed.instrument, *(each.assessment for each in pair)
    units, distribution = distribution_of(instrument, claimed, agreement)
    index = score(instrument, found).index
    wanted = score(instrument, claimed).verdict.predicate
    least = units.least(least_index(instrument, wanted, claimed.year))
    low, high = (
        units.index_at(distribution.quantile(Fraction(share, 100), Fraction(near, 100)))
        for share, near in ((5, -164), (95, 164))
    )
    chance = 1 - distribution.upto(least - 1)
    kept = index >= least_index(instrument, wanted, claimed.year)
    return Prediction(pair, low, high, index, chance, kept)


def record_of(predicted: Sequence[Prediction]) -> Record | None:
    """Return how predictions stood the test, None without any."""
    if not predicted:
        return None
    squares = sum(((each.chance - each.kept) ** 2 for each in predicted), Fraction(0))
    covered = sum(each.covered for each in predicted)
    return Record(len(predicted), covered, squares / len(predicted))
