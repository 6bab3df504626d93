"""The page of an outlook."""

from collections.abc import Iterator
from fractions import Fraction
from typing import assert_never

from spbe_cli.answers.estimate import (
    agreement_line,
    calibration_text,
    correlation_lines,
    observed_lines,
    record_line,
    said_percent,
)
from spbe_cli.answers.gates import bar, percent, share
from spbe_cli.answers.outlook import basis_of, cards_of, ends_of
from spbe_cli.answers.score import above_of, heading_of, predicate_cell, tone_of
from spbe_cli.core.assessment import Stage
from spbe_cli.core.instrument import Basis
from spbe_cli.core.observed import Calibration
from spbe_cli.core.outlook import AgreedBy, Chance, Foreseen, Model, Outlook, OutlookBounds
from spbe_cli.formats.blocks import Cell, Column, Line, Row, Section, Table, Tone
from spbe_cli.words import Words


def outlook_page(found: Foreseen, words: Words, *, unicode: bool = True) -> Section:
    """Return the page of an outlook; `unicode` says whether bars may be of block characters."""
    outcome = found.outcome
    if isinstance(outcome, OutlookBounds):
        table = Table(_bound_columns(words), list(_bound_rows(found, outcome, words)))
    else:
        table = Table(_columns(words), list(_rows(found, outcome, words, unicode=unicode)))
    above = [*above_of(found.reading, words), *_above(found, words)]
    return Section(heading_of(found.reading, words), [*above, table, *_below(found, words)])


def _above(found: Foreseen, words: Words) -> Iterator[Line]:
    yield Line(_claim(found, words), Tone.STRONG)
    stage = found.reading.assessment.stage
    if stage in (Stage.EXTERNAL, Stage.FINAL):
        text = words(
            "Taken: {stage}, which the assessors have settled; an outlook is meant for a claim",
            stage=words(f"stage {stage}"),
        )
        yield Line(text, Tone.FAIR)
    yield Line(_model_text(found, words))
    agreement, estimate = found.agreement, found.estimate
    if estimate is not None:
        yield Line(calibration_text(estimate.calibration, words), depth=1)
        yield Line(agreement_line(estimate, words), depth=1)
        if agreement.model is not Model.OBSERVED:
            yield from _further(estimate.calibration, words)
        yield from observed_lines(agreement, estimate, words)
    elif agreement.correlation:
        yield from correlation_lines(agreement.correlation, AgreedBy.OPTION, words)
    own = agreement.by_indicator
    for probability in dict.fromkeys(own.values()):
        codes = [code for code, other in own.items() if other == probability]
        text = words(
            "{count:Indicator|Indicators} {indicators}: {share}",
            count=str(len(codes)),
            share=share(probability, words),
            indicators=found.reading.instrument.listed(codes),
        )
        yield Line(text, depth=1)
    yield from _missing(found, words)


def _model_text(found: Foreseen, words: Words) -> str:
    agreement, said = found.agreement, share(found.agreement.each, words)
    assumed = found.agreed_by is not AgreedBy.CALIBRATION
    match agreement.model:
        case Model.OBSERVED:
            strength = agreement.falls.strength if agreement.falls is not None else Fraction(0)
            pairs = found.estimate.calibration.pairs if found.estimate is not None else ()
            return words(
                "Each level moves as claims of that level did (pairs: {pairs}), drawn towards all "
                "claims with the weight of {strength}",
                pairs=str(len(pairs)),
                strength=words.exact(strength),
            )
        case Model.LOWER:
            return words(
                "Assumption: each level is confirmed with a probability of {share}, else it falls "
                "by one"
                if assumed
                else "Each level is confirmed with a probability of {share}, else it falls by one",
                share=said,
            )
        case Model.SYMMETRIC:
            return words(
                "Assumption: each level is confirmed with a probability of {share}, else it falls "
                "or rises by one"
                if assumed
                else "Each level is confirmed with a probability of {share}, else it falls or "
                "rises by one",
                share=said,
            )
        case _:
            assert_never(agreement.model)


def _few(found: Foreseen) -> bool:
    return found.estimate is not None and found.estimate.few_pairs


def _percent(chance: Chance, found: Foreseen, words: Words) -> str:
    """Return the chance of a predicate or a higher one; of the lowest it is certain."""
    if chance.predicate.threshold is None:
        return percent(chance.at_least, words)
    return said_percent(chance.at_least, words, few=_few(found))


def _shown(probability: Fraction, few: bool) -> Fraction:  # noqa: FBT001
    """Return a probability as it is drawn: from few pairs between 1 and 99 percent."""
    if not few:
        return probability
    return min(max(probability, Fraction(1, 100)), Fraction(99, 100))


def _at_ends(found: Foreseen, kept: Chance, words: Words) -> Iterator[Line]:
    """Yield what the chance would be at either end of the agreement's interval."""
    for end in found.ends:
        chances, mean = end.chances_and_mean
        chance = next(c for c in chances if c.predicate == kept.predicate)
        places = found.reading.instrument.places
        text = words(
            "if the agreement is {share}: {percent}, index {mean} on average",
            share=share(end.agreement, words),
            percent=_percent(chance, found, words),
            mean=words.number(mean, places),
        )
        yield Line(text, depth=1)


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
    cards = cards_of(claimed)
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
    instrument, few = found.reading.instrument, _few(found)
    for chance in outlook.chances:
        tone = tone_of(instrument, chance.predicate) if chance.probability else Tone.FAINT
        yield Row(
            (
                predicate_cell(instrument, chance.predicate)._replace(tone=tone),
                Cell(said_percent(chance.probability, words, few=few), tone),
                Cell(_percent(chance, found, words)),
                Cell(bar(_shown(chance.probability, few), unicode=unicode), tone),
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
                predicate_cell(found.reading.instrument, low.predicate),
                Cell(_percent(low, found, words)),
                Cell(_percent(high, found, words)),
            )
        )


def _below(found: Foreseen, words: Words) -> Iterator[Line]:
    kept = found.kept
    if kept is not None:
        text = words(
            "Chance to keep at least {predicate}: {percent}",
            predicate=kept.predicate.name,
            percent=_percent(kept, found, words),
        )
        yield Line(text, Tone.STRONG)
        yield from _at_ends(found, kept, words)
    outcome, places = found.outcome, found.reading.instrument.places
    ends = ends_of(outcome)
    low, high = ends[0], ends[-1]
    means = dict.fromkeys(words.number(end.mean, places) for end in ends)
    medians = dict.fromkeys(words.number(end.quantiles[1].at, places) for end in ends)
    yield Line(
        words(
            "Index: mean {mean}, median {median}; at least 90 % likely between {low} and {high}",
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
    if found.estimate is not None:
        yield from record_line(found.estimate, words)
    if not isinstance(outcome, OutlookBounds):
        yield from _bases(found, outcome, words)


def _bases(found: Foreseen, outlook: Outlook, words: Words) -> Iterator[Line]:
    """Say on which basis the chances stand where the other one would show others."""
    basis = basis_of(found.reading)
    other = Basis.ROUNDED if basis is Basis.EXACT else Basis.EXACT
    changed = [
        f"{there.predicate.name} {_percent(there, found, words)}"
        for here, there in zip(outlook.chances, outlook.by_basis[other], strict=True)
        if _percent(here, found, words) != _percent(there, found, words)
    ]
    if changed:
        said = words(
            "The exact index decides in this year; by the rounded one at least: {chances}"
            if basis is Basis.EXACT
            else "The rounded index decides in this year; by the exact one at least: {chances}",
            chances=", ".join(changed),
        )
        yield Line(said, Tone.FAIR)
