"""The answer of `spbe outlook` as data: `spbe-outlook/1`, and rows."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from spbe_cli.answers.estimate import CalibrationShape, EstimateShape
from spbe_cli.answers.shape import Columns, Count, Document, Number, Shape, Value, csv_rows, take
from spbe_cli.answers.shared import WHO, Head, ScoreShape, placed, span
from spbe_cli.core.instrument import Basis
from spbe_cli.core.number import exact, fixed
from spbe_cli.core.outlook import (
    AgreedBy,
    Chance,
    ChanceOutcome,
    Foreseen,
    Model,
    Outlook,
    OutlookBounds,
)
from spbe_cli.core.score import Bounds, Reading, Scorecard

_PLACES = 12
"""The decimals of a probability in CSV, where a spreadsheet wants a number."""


class AgreementShape(Shape):
    """The probability that a level is confirmed, of any indicator and of some by code.

    `agreed_by` is `option`, `file` or `calibration`.
    """

    each: Number = take("agreement.each")
    indicators: dict[str, Number] = take("agreement.by_indicator")
    agreed_by: AgreedBy
    calibration: CalibrationShape | None = take("estimate.calibration")
    estimate: EstimateShape | None = take(lambda one: None if one.estimate is None else one)


def _at_least(chances: Sequence[Chance]) -> dict[str, Fraction]:
    return {chance.predicate.name: chance.at_least for chance in chances}


def _points(outlook: Outlook) -> dict[str, Fraction]:
    return {exact(each.share): each.at for each in outlook.quantiles}


class DistributionShape(Shape):
    """A distribution. Probabilities are exact: a decimal, or a fraction such as 16/37."""

    probabilities: dict[str, Number] = take(
        lambda outlook: {each.predicate.name: each.probability for each in outlook.chances}
    )
    at_least: dict[str, Number] = take(lambda outlook: _at_least(outlook.chances))
    at_least_by_basis: dict[str, dict[str, Number]] = take(
        lambda outlook: {basis: _at_least(outlook.by_basis[basis]) for basis in Basis}
    )
    mean: Value
    variance: Number
    quantiles: dict[str, Value] = take(_points)
    lowest: Value
    highest: Value


class BoundsShape(Shape):
    """The distributions with every missing level at the scale's lowest, and at its highest."""

    if_lowest: DistributionShape = take("lowest")
    if_highest: DistributionShape = take("highest")


def _own(key: str) -> Any:  # noqa: ANN401  (it stands where the field's value would)
    """Return what a key of the distribution is taken from, None where bounds stand in its place."""
    get = take(DistributionShape.columns(key)[key])
    return lambda one: get(one.outcome) if isinstance(one.outcome, Outlook) else None


class EndShape(Shape):
    """The outlook if the agreement lies at one end of its interval."""

    agreement: Number
    at_least: dict[str, Number] = take(lambda end: _at_least(end.outcome.chances))
    mean: Value = take("outcome.mean")
    quantiles: dict[str, Value] = take(lambda end: _points(end.outcome))


def _correlated_by(one: Foreseen) -> AgreedBy | None:
    if one.estimate is not None:
        return one.estimate.correlated_by
    return AgreedBy.OPTION if one.agreement.correlation else None


class CorrelationShape(Shape):
    """How much the levels of a sheet fall together: 0 each for itself, 1 all as one.

    `from` is `option`, `calibration`, or null where nothing says so and 0 is taken.
    """

    rho: Number = take("agreement.correlation")
    from_: AgreedBy | None = take(_correlated_by)


class OutlookResult(Head, within="reading"):
    """The outlook of one assessment. With `bounds` the distribution's own keys are null."""

    claimed: ScoreShape | None = take(
        lambda one: one.claimed if isinstance(one.claimed, Scorecard) else None
    )
    model: Model = take("agreement.model")
    agreement: AgreementShape = take(lambda one: one)
    correlation: CorrelationShape = take(lambda one: one)
    basis: Basis = take(lambda one: basis_of(one.reading))
    probabilities: dict[str, Number] | None = _own("probabilities")
    at_least: dict[str, Number] | None = _own("at_least")
    at_least_by_basis: dict[str, dict[str, Number]] | None = _own("at_least_by_basis")
    mean: Value | None = _own("mean")
    variance: Number | None = _own("variance")
    quantiles: dict[str, Value] | None = _own("quantiles")
    lowest: Value | None = _own("lowest")
    highest: Value | None = _own("highest")
    ends: list[EndShape]
    missing: list[str] = take("reading.assessment.missing")
    bounds: BoundsShape | None = take(
        lambda one: one.outcome if isinstance(one.outcome, OutlookBounds) else None
    )


class ChanceGateShape(Shape):
    """A gate and how one result (by its place, from 0) stands to it.

    `short_by` is null where it is met.
    """

    result: Count = take("place")
    gate: str
    predicate: str = take("outcome.predicate.name")
    institution: str | None = take("outcome.result.reading.assessment.institution")
    source: str | None = take("outcome.result.reading.assessment.source.path")
    expected: Number = take("outcome.expected")
    found: Number = take("outcome.found")
    short_by: Number | None = take("outcome.short_by")
    met: bool = take("outcome.met")


class OutlookDocument(Document):
    """One run: the outlook of every assessment, every gate."""

    version = "spbe-outlook/1"
    results: list[OutlookResult]
    gates: list[ChanceGateShape]


def outlook_document(found: Sequence[Foreseen], gates: Sequence[ChanceOutcome]) -> dict[str, Any]:
    """Return the whole run in the shape of `spbe-outlook/1`."""
    return OutlookDocument.holding(results=found, gates=placed(found, gates))


def outlook_rows(found: Sequence[Foreseen]) -> Iterator[list[str]]:
    """Yield a header, and a row for each predicate of each outlook.

    Probabilities have twelve decimals (JSON has them exactly). Where missing levels leave bounds,
    what they bound is a range, `0.2..0.9`, and the probability of one predicate alone is empty.
    """
    rows = (
        ([one.reading], one, chances, (one.reading.instrument.places, ends))
        for one in found
        for ends in [ends_of(one.outcome)]
        for chances in zip(*(end.chances for end in ends), strict=True)
    )
    return csv_rows([WHO, _CLAIM, _CHANCES, _DISTRIBUTION], rows)


_CLAIM: Columns = {
    "stage": "reading.assessment.stage",
    "claimed_index": lambda one: _shown(
        (card.index for card in cards_of(one.claimed)), one.reading.instrument.places
    ),
    "claimed_predicate": lambda one: span(card.predicate.name for card in cards_of(one.claimed)),
    "model": "agreement.model",
    "agreement": lambda one: fixed(one.agreement.each, _PLACES),
}
_CHANCES: Columns = {
    "predicate": lambda chances: chances[0].predicate.name,
    "probability": lambda chances: (
        fixed(chances[0].probability, _PLACES) if len(chances) == 1 else ""
    ),
    "at_least": lambda chances: _shown((chance.at_least for chance in chances), _PLACES),
}
_DISTRIBUTION: Columns = {  # of the decimals shown, and the outlook at each end
    "mean": lambda at: _shown((end.mean for end in at[1]), at[0]),
    "p05": lambda at: _shown((end.quantiles[0].at for end in at[1]), at[0]),
    "p50": lambda at: _shown((end.quantiles[1].at for end in at[1]), at[0]),
    "p95": lambda at: _shown((end.quantiles[2].at for end in at[1]), at[0]),
    "lowest": lambda at: fixed(at[1][0].lowest, at[0]),
    "highest": lambda at: fixed(at[1][-1].highest, at[0]),
}


def _shown(values: Iterable[Fraction], places: int) -> str:
    return span(values, lambda value: fixed(value, places))


def cards_of(claimed: Scorecard | Bounds) -> list[Scorecard]:
    """Return the card of a claim, or those at both ends."""
    return [claimed.lowest, claimed.highest] if isinstance(claimed, Bounds) else [claimed]


def ends_of(outcome: Outlook | OutlookBounds) -> list[Outlook]:
    """Return the outlook, or those at both ends."""
    return [*outcome] if isinstance(outcome, OutlookBounds) else [outcome]


def basis_of(reading: Reading) -> Basis:
    """Return which index decides in the year of a reading."""
    return reading.instrument.basis_in(reading.assessment.year).basis
