"""The outlook of one assessment as a page: the chance of every predicate, and of the index."""

from collections.abc import Iterator

from spbe_cli.core.assessment import Stage
from spbe_cli.core.instrument import Basis
from spbe_cli.core.outlook import AgreedBy, Calibration, Foreseen, Model, Outlook, OutlookBounds
from spbe_cli.core.score import Bounds
from spbe_cli.render.chance_text import bar, percent, share
from spbe_cli.render.score_page import above_of, heading_of, tone_of
from spbe_cli.render.view import Cell, Column, Line, Page, Row, Tone
from spbe_cli.words import Words

__all__ = ["calibration_text", "outlook_page"]


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
    sentence = (
        "Each level is confirmed with a probability of {share}, else it falls by one"
        if model is Model.LOWER
        else "Each level is confirmed with a probability of {share}, else it falls or rises by one"
    )
    yield Line(words(sentence, share=share(agreement.each, words)))
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
        sentence = (
            "{count} levels are missing ({indicators}): all taken as lowest, and as highest"
            if isinstance(found.outcome, OutlookBounds)
            else "{count} levels are missing ({indicators}): any level is taken as equally likely"
        )
        listed = found.reading.instrument.listed(missing)
        yield Line(words(sentence, count=str(len(missing)), indicators=listed), Tone.FAIR)


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
        sentence = (
            "The exact index decides in this year; by the rounded one at least: {chances}"
            if basis is Basis.EXACT
            else "The rounded index decides in this year; by the exact one at least: {chances}"
        )
        yield Line(words(sentence, chances=", ".join(changed)), Tone.FAIR)
