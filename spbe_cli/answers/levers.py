"""What one level more is worth: as a page for people, as `spbe-levers/1`, and as rows."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from typing_extensions import TypedDict  # typing's own makes no JSON Schema before Python 3.12

from spbe_cli.answers.score import above_of, bases_lines, heading_of, step_text
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
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.levers import Decider, Lever, Levers
from spbe_cli.core.number import exact, telling_places
from spbe_cli.core.score import Reading
from spbe_cli.formats.blocks import Cell, Column, Line, Page, Row, Tone
from spbe_cli.words import Words

Found = Sequence[tuple[Reading, Levers]]

LeverShape = TypedDict(
    "LeverShape", {"indicator": str, "name": str, "from": str, "to": str, "gain": Value}
)
DeciderShape = TypedDict(
    "DeciderShape", {"indicator": str, "from": str, "to": str, "index": Value, "predicate": str}
)


class LeversResult(Head):
    """What the indicators of one assessment are worth.

    `winners` reach the next predicate alone, `losers` lose the present one alone; `to_next` is
    the exact gain that the next takes, `to_lose` the loss beyond which the present one is gone.
    """

    before: ScoreShape
    rises: list[LeverShape]
    winners: list[DeciderShape]
    losers: list[DeciderShape]
    to_next: Value | None
    to_lose: Value | None


class LeversDocument(TypedDict):
    """One run: the levers of every assessment."""

    format: str
    results: list[LeversResult]
    gates: list[str]


def levers_document(found: Found, *, top: int | None = None) -> LeversDocument:
    """Return the whole run in the shape of `spbe-levers/1`."""
    results = [_result(reading, levers, top) for reading, levers in found]
    return {"format": "spbe-levers/1", "results": results, "gates": []}


def levers_rows(found: Found, *, top: int | None = None) -> Iterator[list[str]]:
    """Yield a header, and a row for each indicator that can rise, largest gain first."""
    yield [*WHO, "indicator", "name", "from", "to", "gain"]
    for reading, levers in found:
        for lever in levers.rises[:top]:
            levels = [exact(lever.before), exact(lever.after)]
            yield [
                *who_of(reading, levers.card),
                lever.indicator.code,
                lever.indicator.name,
                *levels,
                exact(lever.gain),
            ]


def levers_page(reading: Reading, levers: Levers, words: Words, *, top: int | None = None) -> Page:
    """Return the page of an assessment: the rises, and who alone decides the predicate.

    `top` is the number of rises shown, all without it.
    """
    columns = [
        Column(""),
        Column(words("Name")),
        Column(words("Level")),
        Column(words("Gain"), numeric=True),
    ]
    return Page(
        heading_of(reading, words),
        list(above_of(reading, words)),
        columns if levers.rises else (),
        [_row(lever, words) for lever in levers.rises[:top]],
        list(_below(levers, words)),
    )


def _row(lever: Lever, words: Words) -> Row:
    indicator = lever.indicator
    levels = step_text(lever.before, lever.after, words)
    gain = words.number(lever.gain, max(4, telling_places(lever.gain)))
    return Row(tuple(Cell(text) for text in (indicator.code, indicator.name, levels, gain)))


def _below(levers: Levers, words: Words) -> Iterator[Line]:
    card, verdict = levers.card, levers.card.verdict
    places = card.instrument.places
    index = words.number(card.index, places)
    yield Line(
        words("Index {index}, {predicate}", index=index, predicate=verdict.name), Tone.STRONG
    )
    yield from bases_lines(card, words)
    if verdict.next is not None and levers.to_next is not None:
        yield Line(
            words(
                "{predicate} takes {points} points more; alone enough: {indicators}",
                predicate=verdict.next.name,
                points=_points(levers.to_next, words),
                indicators=_listed(levers.winners, words),
            )
        )
    if levers.to_lose is not None:
        yield Line(
            words(
                "{predicate} lasts up to a loss of {points} points; alone enough: {indicators}",
                predicate=verdict.name,
                points=_points(levers.to_lose, words),
                indicators=_listed(levers.losers, words),
            )
        )


def _listed(deciders: Sequence[Decider], words: Words) -> str:
    if not deciders:
        return words("none")
    return ", ".join(
        f"{d.indicator.code} ({step_text(d.before, d.after, words)})" for d in deciders
    )


def _points(value: Fraction, words: Words) -> str:
    return words.number(value, telling_places(value))


def _result(reading: Reading, levers: Levers, top: int | None) -> LeversResult:
    instrument = reading.instrument
    return {
        **head_of(reading),
        "before": score_of(levers.card),
        "rises": [_lever(instrument, lever) for lever in levers.rises[:top]],
        "winners": [_decider(instrument, decider) for decider in levers.winners],
        "losers": [_decider(instrument, decider) for decider in levers.losers],
        "to_next": None if levers.to_next is None else value_of(instrument, levers.to_next),
        "to_lose": None if levers.to_lose is None else value_of(instrument, levers.to_lose),
    }


def _lever(instrument: Instrument, lever: Lever) -> LeverShape:
    return {
        "indicator": lever.indicator.code,
        "name": lever.indicator.name,
        "from": exact(lever.before),
        "to": exact(lever.after),
        "gain": value_of(instrument, lever.gain),
    }


def _decider(instrument: Instrument, decider: Decider) -> DeciderShape:
    return {
        "indicator": decider.indicator.code,
        "from": exact(decider.before),
        "to": exact(decider.after),
        "index": value_of(instrument, decider.reached),
        "predicate": decider.predicate.name,
    }
