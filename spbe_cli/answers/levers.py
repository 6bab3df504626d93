"""What one level more is worth: as a page for people, as `spbe-levers/1`, and as rows."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from spbe_cli.answers.score import above_of, bases_lines, heading_of
from spbe_cli.answers.shape import Document, Number, Shape, Value, csv_rows, take
from spbe_cli.answers.shared import WHO, Head, ScoreShape, at_least, at_most, step_text
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.levers import Decider, Lever, Levers
from spbe_cli.core.number import telling_places
from spbe_cli.core.score import Reading
from spbe_cli.formats.blocks import Cell, Column, Line, Row, Section, Table, Tone
from spbe_cli.words import Words

Found = Sequence[tuple[Reading, Levers]]


class Weighed(NamedTuple):
    """A reading, and what its indicators are worth."""

    reading: Reading
    levers: Levers


class LeverShape(Shape):  # noqa: D101  (a docstring would stand in the schema)
    indicator: str = take("indicator.code")
    name: str = take("indicator.name")
    from_: Number = take("before")
    to: Number = take("after")
    gain: Value


class DeciderShape(Shape):  # noqa: D101  (a docstring would stand in the schema)
    indicator: str = take("indicator.code")
    from_: Number = take("before")
    to: Number = take("after")
    index: Value = take("reached")
    predicate: str = take("predicate.name")


class LeversResult(Head, within="reading"):
    """What the indicators of one assessment are worth.

    `winners` reach the next predicate alone, `losers` lose the present one alone; `to_next` is
    the exact gain that the next takes, `to_lose` the loss beyond which the present one is gone.
    """

    before: ScoreShape = take("levers.card")
    rises: list[LeverShape] = take("levers.rises")
    winners: list[DeciderShape] = take("levers.winners")
    losers: list[DeciderShape] = take("levers.losers")
    to_next: Value | None = take("levers.to_next")
    to_lose: Value | None = take("levers.to_lose")


class LeversDocument(Document):
    """One run: the levers of every assessment."""

    version = "spbe-levers/1"
    results: list[LeversResult]
    gates: list[str]


def levers_document(found: Found, *, top: int | None = None) -> dict[str, Any]:
    """Return the whole run in the shape of `spbe-levers/1`."""
    return LeversDocument.holding(results=_first(found, top))


def levers_rows(found: Found, *, top: int | None = None) -> Iterator[list[str]]:
    """Yield a header, and a row for each indicator that can rise, largest gain first."""
    rows = (
        ((reading, levers.card), lever)
        for reading, levers in _first(found, top)
        for lever in levers.rises
    )
    return csv_rows([WHO, LeverShape.columns()], rows)


def _first(found: Found, top: int | None) -> list[Weighed]:
    """Return what is found with its `top` largest rises."""
    return [Weighed(reading, each._replace(rises=each.rises[:top])) for reading, each in found]


def levers_page(
    reading: Reading, levers: Levers, words: Words, *, top: int | None = None
) -> Section:
    """Return the page of an assessment: the rises, and who alone decides the predicate.

    `top` is the number of rises shown, all without it.
    """
    columns = [
        Column(""),
        Column(words("Name")),
        Column(words("Level")),
        Column(words("Gain"), numeric=True),
    ]
    rows = [_row(levers.card.instrument, lever, words) for lever in levers.rises[:top]]
    tables = [Table(columns, rows)] if levers.rises else []
    return Section(
        heading_of(reading, words),
        [*above_of(reading, words), *tables, *_below(levers, words)],
    )


def _row(instrument: Instrument, lever: Lever, words: Words) -> Row:
    indicator = lever.indicator
    levels = step_text(instrument, lever.before, lever.after, words)
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
                "{predicate} takes {points} points more; alone enough: {indicators}"
                if levers.winners
                else "{predicate} takes {points} points more; alone enough: none",
                predicate=verdict.next.name,
                points=at_least(levers.to_next, words, places),
                indicators=_listed(levers.card.instrument, levers.winners, words),
            )
        )
    if levers.to_lose is not None:
        yield Line(
            words(
                "{predicate} lasts up to a loss of {points} points; alone enough: {indicators}"
                if levers.losers
                else "{predicate} lasts up to a loss of {points} points; alone enough: none",
                predicate=verdict.name,
                points=at_most(levers.to_lose, words, places),
                indicators=_listed(levers.card.instrument, levers.losers, words),
            )
        )


def _listed(instrument: Instrument, deciders: Sequence[Decider], words: Words) -> str:
    return ", ".join(
        f"{d.indicator.code} ({step_text(instrument, d.before, d.after, words)})" for d in deciders
    )
