"""The answer of `spbe outlook`: data and page."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from spbe_cli.answers.gates import bar, percent, share
from spbe_cli.answers.score import above_of, heading_of, tone_of
from spbe_cli.answers.shape import Columns, Document, Shape, Value, csv_rows, take
from spbe_cli.answers.shared import WHO, Head, ScoreShape, placed, span
from spbe_cli.core.assessment import Stage
from spbe_cli.core.instrument import Basis
from spbe_cli.core.number import exact, fixed
from spbe_cli.core.outlook import (
    AgreedBy,
    Calibration,
    Chance,
    ChanceOutcome,
    Foreseen,
    Model,
    Outlook,
    OutlookBounds,
)
from spbe_cli.core.score import Bounds, Reading, Scorecard
from spbe_cli.formats.blocks import Cell, Column, Line, Row, Section, Table, Tone
from spbe_cli.words import Words

_PLACES = 12
"""The decimals of a probability in CSV, where a spreadsheet wants a number."""


class CalibrationShape(Shape):
    """What became of claimed levels; `further` of the moved ones went more than one level."""

    compared: int
    confirmed: int
    lowered: int
    raised: int
    further: int
    agreement: str | None


class AgreementShape(Shape):
    """The probability that a level is confirmed, of any indicator and of some by code.

    `agreed_by` is `option`, `file` or `calibration`.
    """

    each: str = take("agreement.each")
    indicators: dict[str, str] = take("agreement.by_indicator")
    agreed_by: str
    calibration: CalibrationShape | None


def _at_least(chances: Sequence[Chance]) -> dict[str, Fraction]:
    return {chance.predicate.name: chance.at_least for chance in chances}


class DistributionShape(Shape):
    """A distribution. Probabilities are exact: a decimal, or a fraction such as 16/37."""

    probabilities: dict[str, str] = take(
        lambda outlook: {each.predicate.name: each.probability for each in outlook.chances}
    )
    at_least: dict[str, str] = take(lambda outlook: _at_least(outlook.chances))
    at_least_by_basis: dict[str, dict[str, str]] = take(
        lambda outlook: {basis: _at_least(outlook.by_basis[basis]) for basis in Basis}
    )
    mean: Value
    variance: str
    quantiles: dict[str, Value] = take(
        lambda outlook: {exact(each.share): each.at for each in outlook.quantiles}
    )
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


class OutlookResult(Head, within="reading"):
    """The outlook of one assessment. With `bounds` the distribution's own keys are null."""

    claimed: ScoreShape | None = take(
        lambda one: one.claimed if isinstance(one.claimed, Scorecard) else None
    )
    model: str = take("agreement.model")
    agreement: AgreementShape = take(lambda one: one)
    basis: str = take(lambda one: _basis(one.reading))
    probabilities: dict[str, str] | None = _own("probabilities")
    at_least: dict[str, str] | None = _own("at_least")
    at_least_by_basis: dict[str, dict[str, str]] | None = _own("at_least_by_basis")
    mean: Value | None = _own("mean")
    variance: str | None = _own("variance")
    quantiles: dict[str, Value] | None = _own("quantiles")
    lowest: Value | None = _own("lowest")
    highest: Value | None = _own("highest")
    missing: list[str] = take("reading.assessment.missing")
    bounds: BoundsShape | None = take(
        lambda one: one.outcome if isinstance(one.outcome, OutlookBounds) else None
    )


class ChanceGateShape(Shape):
    """A gate and how one result (by its place, from 0) stands to it.

    `short_by` is null where it is met.
    """

    result: int = take("place")
    gate: str
    predicate: str = take("outcome.predicate.name")
    institution: str | None = take("outcome.result.reading.assessment.institution")
    source: str | None = take("outcome.result.reading.assessment.source.path")
    expected: str = take("outcome.expected")
    found: str = take("outcome.found")
    short_by: str | None = take("outcome.short_by")
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
        for ends in [_ends(one.outcome)]
        for chances in zip(*(end.chances for end in ends), strict=True)
    )
    return csv_rows([WHO, _CLAIM, _CHANCES, _DISTRIBUTION], rows)


_CLAIM: Columns = {
    "stage": "reading.assessment.stage",
    "claimed_index": lambda one: _shown(
        (card.index for card in _cards(one.claimed)), one.reading.instrument.places
    ),
    "claimed_predicate": lambda one: span(card.predicate.name for card in _cards(one.claimed)),
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


def _cards(claimed: Scorecard | Bounds) -> list[Scorecard]:
    return [claimed.lowest, claimed.highest] if isinstance(claimed, Bounds) else [claimed]


def _ends(outcome: Outlook | OutlookBounds) -> list[Outlook]:
    return [*outcome] if isinstance(outcome, OutlookBounds) else [outcome]


def _basis(reading: Reading) -> Basis:
    return reading.instrument.basis_in(reading.assessment.year).basis


def outlook_page(found: Foreseen, words: Words, *, unicode: bool = True) -> Section:
    """Return the page of an outlook; `unicode` says whether bars may be of block characters."""
    outcome = found.outcome
    if isinstance(outcome, OutlookBounds):
        table = Table(_bound_columns(words), list(_bound_rows(found, outcome, words)))
    else:
        table = Table(_columns(words), list(_rows(found, outcome, words, unicode=unicode)))
    above = [*above_of(found.reading, words), *_above(found, words)]
    return Section(heading_of(found.reading, words), [*above, table, *_below(found, words)])


def calibration_text(calibration: Calibration, words: Words) -> str:
    """Return from how many indicators an agreement was estimated, and what became of them."""
    return words(
        "estimated from {compared} {compared:indicator|indicators}: {confirmed} confirmed, "
        "{lowered} lowered, {raised} raised",
        compared=str(calibration.compared),
        confirmed=str(calibration.confirmed),
        lowered=str(calibration.lowered),
        raised=str(calibration.raised),
    )


def _above(found: Foreseen, words: Words) -> Iterator[Line]:
    yield Line(_claim(found, words), Tone.STRONG)
    stage = found.reading.assessment.stage
    if stage in (Stage.EXTERNAL, Stage.FINAL):
        text = words(
            "Taken: {stage}, which the assessors have settled; an outlook is meant for a claim",
            stage=words(f"stage {stage}"),
        )
        yield Line(text, Tone.FAIR)
    agreement, model = found.agreement, found.agreement.model
    said = words(
        "Each level is confirmed with a probability of {share}, else it falls by one"
        if model is Model.LOWER
        else "Each level is confirmed with a probability of {share}, else it falls or rises by one",
        share=share(agreement.each, words),
    )
    yield Line(said)
    if found.agreed_by is AgreedBy.CALIBRATION and found.calibration is not None:
        yield Line(calibration_text(found.calibration, words), depth=1)
        yield from _further(found.calibration, words)
    own = agreement.by_indicator
    for probability in dict.fromkeys(own.values()):
        codes = [code for code, other in own.items() if other == probability]
        text = words(
            "{count:Indicator|Indicators} {indicators}: {share}",
            share=share(probability, words),
            count=str(len(codes)),
            indicators=found.reading.instrument.listed(codes),
        )
        yield Line(text, depth=1)
    yield from _missing(found, words)


def _further(calibration: Calibration, words: Words) -> Iterator[Line]:
    if calibration.further:
        text = words(
            "{further} of them moved by more than one level, further than the model looks: "
            "the real range is wider",
            further=str(calibration.further),
        )
        yield Line(text, Tone.FAIR, depth=1)


def _missing(found: Foreseen, words: Words) -> Iterator[Line]:
    missing = found.reading.assessment.missing
    if missing:
        said = words(
            "{count} {count:level is|levels are} missing ({indicators}): all taken as lowest, "
            "and as highest"
            if isinstance(found.outcome, OutlookBounds)
            else "{count} {count:level is|levels are} missing ({indicators}): any level is taken "
            "as equally likely",
            count=str(len(missing)),
            indicators=found.reading.instrument.listed(missing),
        )
        yield Line(said, Tone.FAIR)


def _claim(found: Foreseen, words: Words) -> str:
    claimed, places = found.claimed, found.reading.instrument.places
    cards = _cards(claimed)
    indices = dict.fromkeys(
        words.exact(card.index)  # two decimals would contradict one of the predicates
        if card.verdict.bases_differ
        else words.number(card.index, places)
        for card in cards
    )
    names = dict.fromkeys(card.predicate.name for card in cards)
    return words(
        "Claimed: index {index}, {predicate}",
        index=_from_to(list(indices), words),
        predicate=_from_to(list(names), words),
    )


def _from_to(texts: list[str], words: Words) -> str:
    if len(texts) == 1:
        return texts[0]
    return words("{lowest} to {highest}", lowest=texts[0], highest=texts[-1])


def _columns(words: Words) -> list[Column]:
    return [
        Column(words("Predicate")),
        Column(words("Probability"), numeric=True),
        Column(words("At least"), numeric=True),
        Column(""),
    ]


def _rows(found: Foreseen, outlook: Outlook, words: Words, *, unicode: bool) -> Iterator[Row]:
    instrument = found.reading.instrument
    for chance in outlook.chances:
        tone = tone_of(instrument, chance.predicate) if chance.probability else Tone.FAINT
        yield Row(
            (
                Cell(chance.predicate.name, tone),
                Cell(percent(chance.probability, words), tone),
                Cell(percent(chance.at_least, words)),
                Cell(bar(chance.probability, unicode=unicode), tone),
            )
        )


def _bound_columns(words: Words) -> list[Column]:
    return [
        Column(words("At least")),
        Column(words("Lowest"), numeric=True),
        Column(words("Highest"), numeric=True),
    ]


def _bound_rows(found: Foreseen, bounds: OutlookBounds, words: Words) -> Iterator[Row]:
    for low, high in zip(bounds.lowest.chances, bounds.highest.chances, strict=True):
        yield Row(
            (
                Cell(low.predicate.name, tone_of(found.reading.instrument, low.predicate)),
                Cell(percent(low.at_least, words)),
                Cell(percent(high.at_least, words)),
            )
        )


def _below(found: Foreseen, words: Words) -> Iterator[Line]:
    kept = found.kept
    if kept is not None:
        text = words(
            "Chance to keep at least {predicate}: {percent}",
            predicate=kept.predicate.name,
            percent=percent(kept.at_least, words),
        )
        yield Line(text, Tone.STRONG)
    outcome, places = found.outcome, found.reading.instrument.places
    ends = _ends(outcome)
    low, high = ends[0], ends[-1]
    means = dict.fromkeys(words.number(end.mean, places) for end in ends)
    medians = dict.fromkeys(words.number(end.quantiles[1].at, places) for end in ends)
    yield Line(
        words(
            "Index: mean {mean}, median {median}; 90 % likely between {low} and {high}",
            mean=_from_to(list(means), words),
            median=_from_to(list(medians), words),
            low=words.number(low.quantiles[0].at, places),
            high=words.number(high.quantiles[-1].at, places),
        )
    )
    yield Line(
        words(
            "Possible at all: from {low} to {high}",
            low=words.number(low.lowest, places),
            high=words.number(high.highest, places),
        )
    )
    if not isinstance(outcome, OutlookBounds):
        yield from _bases(found, outcome, words)


def _bases(found: Foreseen, outlook: Outlook, words: Words) -> Iterator[Line]:
    """Say on which basis the chances stand where the other one would show others."""
    basis = _basis(found.reading)
    other = Basis.ROUNDED if basis is Basis.EXACT else Basis.EXACT
    changed = [
        f"{there.predicate.name} {percent(there.at_least, words)}"
        for here, there in zip(outlook.chances, outlook.by_basis[other], strict=True)
        if percent(here.at_least, words) != percent(there.at_least, words)
    ]
    if changed:
        said = words(
            "The exact index decides in this year; by the rounded one at least: {chances}"
            if basis is Basis.EXACT
            else "The rounded index decides in this year; by the exact one at least: {chances}",
            chances=", ".join(changed),
        )
        yield Line(said, Tone.FAIR)
