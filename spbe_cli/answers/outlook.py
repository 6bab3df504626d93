"""The answer of `spbe outlook`: data and page."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from typing_extensions import TypedDict  # typing's own makes no JSON Schema before Python 3.12

from spbe_cli.answers.gates import bar, percent, share
from spbe_cli.answers.score import above_of, heading_of, tone_of
from spbe_cli.answers.shared import (
    WHO,
    Head,
    ScoreShape,
    Value,
    head_of,
    score_of,
    value_of,
    who_of,
)
from spbe_cli.core.assessment import Stage
from spbe_cli.core.instrument import Basis, Instrument
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
from spbe_cli.core.score import Bounds, Scorecard
from spbe_cli.formats.blocks import Cell, Column, Line, Page, Row, Tone
from spbe_cli.words import Words

_PLACES = 12
"""The decimals of a probability in CSV, where a spreadsheet wants a number."""


class CalibrationShape(TypedDict):
    """What became of claimed levels; `further` of the moved ones went more than one level."""

    compared: int
    confirmed: int
    lowered: int
    raised: int
    further: int
    agreement: str | None


class AgreementShape(TypedDict):
    """The probability that a level is confirmed, of any indicator and of some by code.

    `agreed_by` is `option`, `file` or `calibration`.
    """

    each: str
    indicators: dict[str, str]
    agreed_by: str
    calibration: CalibrationShape | None


class DistributionShape(TypedDict):
    """A distribution. Probabilities are exact: a decimal, or a fraction such as 16/37."""

    probabilities: dict[str, str]
    at_least: dict[str, str]
    at_least_by_basis: dict[str, dict[str, str]]
    mean: Value
    variance: str
    quantiles: dict[str, Value]
    lowest: Value
    highest: Value


class BoundsShape(TypedDict):
    """The distributions with every missing level at the scale's lowest, and at its highest."""

    if_lowest: DistributionShape
    if_highest: DistributionShape


class OutlookResult(Head):
    """The outlook of one assessment. With `bounds` the distribution's own keys are null."""

    claimed: ScoreShape | None
    model: str
    agreement: AgreementShape
    basis: str
    probabilities: dict[str, str] | None
    at_least: dict[str, str] | None
    at_least_by_basis: dict[str, dict[str, str]] | None
    mean: Value | None
    variance: str | None
    quantiles: dict[str, Value] | None
    lowest: Value | None
    highest: Value | None
    missing: list[str]
    bounds: BoundsShape | None


class ChanceGateShape(TypedDict):
    """A gate and how one result (by its place, from 0) stands to it.

    `short_by` is null where it is met.
    """

    result: int
    gate: str
    predicate: str
    institution: str | None
    source: str | None
    expected: str
    found: str
    short_by: str | None
    met: bool


class OutlookDocument(TypedDict):
    """One run: the outlook of every assessment, every gate."""

    format: str
    results: list[OutlookResult]
    gates: list[ChanceGateShape]


def outlook_document(found: Sequence[Foreseen], gates: Sequence[ChanceOutcome]) -> OutlookDocument:
    """Return the whole run in the shape of `spbe-outlook/1`."""
    places = {id(one): place for place, one in enumerate(found)}
    return {
        "format": "spbe-outlook/1",
        "results": [_result(one) for one in found],
        "gates": [_gate(outcome, places[id(outcome.result)]) for outcome in gates],
    }


def calibration_of(calibration: Calibration) -> CalibrationShape:
    """Return what became of claimed levels."""
    agreement = calibration.agreement
    return {
        "compared": calibration.compared,
        "confirmed": calibration.confirmed,
        "lowered": calibration.lowered,
        "raised": calibration.raised,
        "further": calibration.further,
        "agreement": None if agreement is None else exact(agreement),
    }


def outlook_rows(found: Sequence[Foreseen]) -> Iterator[list[str]]:
    """Yield a header, and a row for each predicate of each outlook.

    Probabilities have twelve decimals (JSON has them exactly). Where missing levels leave bounds,
    what they bound is a range, `0.2..0.9`, and the probability of one predicate alone is empty.
    """
    yield [*WHO, "stage", "claimed_index", "claimed_predicate", "model", "agreement", "predicate",
           "probability", "at_least", "mean", "p05", "p50", "p95", "lowest", "highest"]  # fmt: skip
    for one in found:
        ends = _ends(one.outcome)
        head = [*who_of(one.reading), str(one.reading.assessment.stage or ""), *_claim_shape(one)]
        head += [one.agreement.model, _probability(one.agreement.each)]
        instrument = one.reading.instrument
        for chances in zip(*(end.chances for end in ends), strict=True):
            alone = _probability(chances[0].probability) if len(ends) == 1 else ""
            at_least = _span(_probability(chance.at_least) for chance in chances)
            yield [*head, chances[0].predicate.name, alone, at_least, *_points(instrument, ends)]


def _points(instrument: Instrument, ends: Sequence[Outlook]) -> Iterator[str]:
    places = instrument.places
    yield _span(fixed(end.mean, places) for end in ends)
    for quantiles in zip(*(end.quantiles for end in ends), strict=True):
        yield _span(fixed(quantile.at, places) for quantile in quantiles)
    yield fixed(ends[0].lowest, places)
    yield fixed(ends[-1].highest, places)


def _claim_shape(one: Foreseen) -> list[str]:
    claimed, places = one.claimed, one.reading.instrument.places
    cards = [claimed.lowest, claimed.highest] if isinstance(claimed, Bounds) else [claimed]
    indices = _span(fixed(card.index, places) for card in cards)
    return [indices, _span(card.predicate.name for card in cards)]


def _ends(outcome: Outlook | OutlookBounds) -> list[Outlook]:
    return [*outcome] if isinstance(outcome, OutlookBounds) else [outcome]


def _probability(value: Fraction) -> str:
    return fixed(value, _PLACES)


def _span(texts: Iterator[str]) -> str:
    return "..".join(dict.fromkeys(texts))


def _result(one: Foreseen) -> OutlookResult:
    reading, outcome = one.reading, one.outcome
    instrument, missing = reading.instrument, list(reading.assessment.missing)
    bounds = outcome if isinstance(outcome, OutlookBounds) else None
    own = _distribution(instrument, outcome) if isinstance(outcome, Outlook) else None
    return {
        **head_of(reading),
        "claimed": score_of(one.claimed) if isinstance(one.claimed, Scorecard) else None,
        "model": one.agreement.model,
        "agreement": _agreement(one),
        "basis": instrument.basis_in(reading.assessment.year).basis,
        "probabilities": own and own["probabilities"],
        "at_least": own and own["at_least"],
        "at_least_by_basis": own and own["at_least_by_basis"],
        "mean": own and own["mean"],
        "variance": own and own["variance"],
        "quantiles": own and own["quantiles"],
        "lowest": own and own["lowest"],
        "highest": own and own["highest"],
        "missing": missing,
        "bounds": _bounds(instrument, bounds) if bounds else None,
    }


def _bounds(instrument: Instrument, bounds: OutlookBounds) -> BoundsShape:
    return {
        "if_lowest": _distribution(instrument, bounds.lowest),
        "if_highest": _distribution(instrument, bounds.highest),
    }


def _distribution(instrument: Instrument, outlook: Outlook) -> DistributionShape:
    return {
        "probabilities": {c.predicate.name: exact(c.probability) for c in outlook.chances},
        "at_least": _at_least(outlook.chances),
        "at_least_by_basis": {basis: _at_least(outlook.by_basis[basis]) for basis in Basis},
        "mean": value_of(instrument, outlook.mean),
        "variance": exact(outlook.variance),
        "quantiles": {exact(q.share): value_of(instrument, q.at) for q in outlook.quantiles},
        "lowest": value_of(instrument, outlook.lowest),
        "highest": value_of(instrument, outlook.highest),
    }


def _at_least(chances: Sequence[Chance]) -> dict[str, str]:
    return {chance.predicate.name: exact(chance.at_least) for chance in chances}


def _agreement(one: Foreseen) -> AgreementShape:
    own = one.agreement.by_indicator
    return {
        "each": exact(one.agreement.each),
        "indicators": {code: exact(probability) for code, probability in own.items()},
        "agreed_by": one.agreed_by,
        "calibration": calibration_of(one.calibration) if one.calibration else None,
    }


def _gate(outcome: ChanceOutcome, place: int) -> ChanceGateShape:
    assessment = outcome.result.reading.assessment
    return {
        "result": place,
        "gate": outcome.gate.kind,
        "predicate": outcome.predicate.name,
        "institution": assessment.institution,
        "source": assessment.source.path if assessment.source else None,
        "expected": exact(outcome.expected),
        "found": exact(outcome.found),
        "short_by": None if outcome.short_by is None else exact(outcome.short_by),
        "met": outcome.met,
    }


def outlook_page(found: Foreseen, words: Words, *, unicode: bool = True) -> Page:
    """Return the page of an outlook; `unicode` says whether bars may be of block characters."""
    outcome = found.outcome
    bounded = isinstance(outcome, OutlookBounds)
    return Page(
        heading_of(found.reading, words),
        [*above_of(found.reading, words), *_above(found, words)],
        _bound_columns(words) if bounded else _columns(words),
        list(
            _bound_rows(found, outcome, words)
            if isinstance(outcome, OutlookBounds)
            else _rows(found, outcome, words, unicode=unicode)
        ),
        list(_below(found, words)),
    )


def calibration_text(calibration: Calibration, words: Words) -> str:
    """Return from how many indicators an agreement was estimated, and what became of them."""
    return words(
        "estimated from {compared} indicators: {confirmed} confirmed, {lowered} lowered, "
        "{raised} raised",
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
            "Indicator {indicators}: {share}",
            share=share(probability, words),
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
            "{count} levels are missing ({indicators}): all taken as lowest, and as highest"
            if isinstance(found.outcome, OutlookBounds)
            else "{count} levels are missing ({indicators}): any level is taken as equally likely",
            count=str(len(missing)),
            indicators=found.reading.instrument.listed(missing),
        )
        yield Line(said, Tone.FAIR)


def _claim(found: Foreseen, words: Words) -> str:
    claimed, places = found.claimed, found.reading.instrument.places
    cards = [claimed.lowest, claimed.highest] if isinstance(claimed, Bounds) else [claimed]
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
    ends = [*outcome] if isinstance(outcome, OutlookBounds) else [outcome]
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
    basis = found.reading.instrument.basis_in(found.reading.assessment.year).basis
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
