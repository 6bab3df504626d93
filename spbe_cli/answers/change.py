"""What whatif and compare say alike of a change from one score to another."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from textwrap import wrap

from spbe_cli.answers.score import bases_text, name_of, tone_of
from spbe_cli.core.compare import Comparison, IndicatorChange, points_of
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import adding_places, apportioned, rounded, telling_places
from spbe_cli.core.score import Reading, Scorecard
from spbe_cli.formats.blocks import Cell, Column, Line, Row, Tone, visible
from spbe_cli.words import Words

_WIDEST = 12


def signed(value: Fraction, words: Words, places: int = 2) -> str:
    """Return a change with its sign, with as many decimals as tell it: `+0.36`, `-0.005`."""
    return words.number(value, telling_places(value, places), sign=True)


def signed_whole(value: Fraction, words: Words, places: int) -> str:
    """Return a change of the whole index, to be held against the points that it lacks: `+0.4425`.

    It has as many decimals as show it as it is, up to four.
    """
    return signed(value, words, adding_places([value], places))


def no_difference_text(step: Comparison, words: Words) -> str:
    """Return why there is no difference from one index to another."""
    before, after = step.before.instrument, step.after.instrument
    if before.index_name != after.index_name:
        return words(
            "{before} and {after} measure different things: there is no difference between them",
            before=before.index_name,
            after=after.index_name,
        )
    return words(
        "{before} and {after} have different thresholds: there is no difference between their "
        "indices",
        before=before.id,
        after=after.id,
    )


def change_cell(
    values: Sequence[Fraction], words: Words, places: int, tone: Tone = Tone.PLAIN
) -> Cell:
    """Return a change, or the two ends of one; no change is faint."""
    text = "..".join(dict.fromkeys(signed(value, words, places) for value in values))
    return Cell(text, tone if any(values) else Tone.FAINT)


def stacked(heading: str) -> str:
    """Return a heading in lines of at most twelve characters, for a column of numbers."""
    return "\n".join(wrap(visible(heading), _WIDEST)) or "-"


def predicate_line(before: Scorecard, after: Scorecard, words: Words) -> Line:
    """Return what becomes of the predicate."""
    was, now = before.predicate, after.predicate
    tone = tone_of(after.instrument, now)
    if was.name == now.name:
        return Line(words("The predicate stays {predicate}", predicate=now.name), tone)
    order = after.instrument.predicates
    if before.instrument.predicates != order:
        sentence = words("The predicate {before} becomes {after}", before=was.name, after=now.name)
    elif order.index(now) < order.index(was):
        sentence = words(
            "The predicate rises from {before} to {after}", before=was.name, after=now.name
        )
    else:
        sentence = words(
            "The predicate falls from {before} to {after}", before=was.name, after=now.name
        )
    return Line(sentence, tone)


def bases_lines(cards: Iterable[tuple[str, Scorecard]], words: Words) -> Iterator[Line]:
    """Yield a line for each score whose predicate depends on the basis, under its name."""
    for name, card in cards:
        if card.verdict.bases_differ:
            said = name or name_of(card.assessment, words)
            yield Line(f"{said}: {bases_text(card, words)}", Tone.FAIR)


def indicator_columns(before: str, after: str, points: str, words: Words) -> list[Column]:
    """Return the columns of a table of changed indicators."""
    return [
        Column(""),
        Column(words("Name")),
        Column(stacked(before), numeric=True),
        Column(stacked(after), numeric=True),
        Column(points, numeric=True),
    ]


def indicator_rows(
    instrument: Instrument,
    changes: Sequence[IndicatorChange],
    words: Words,
    *,
    most: int | None = None,
    whole: Sequence[IndicatorChange] | None = None,
) -> Iterator[Row]:
    """Yield a row for each changed indicator, `most` of them at most, and their sum.

    Decimals are as many as make the parts in `whole` visibly add up.
    """
    places = adding_places(change.contribution for change in whole or changes)
    total = rounded(points_of(changes), places)
    shown = apportioned([change.contribution for change in changes], total, places)
    for change, value in zip(changes[:most], shown, strict=False):
        indicator = change.indicator
        levels = [words.given(instrument, each) for each in (change.before, change.after)]
        points = words.number(value, places, sign=True)
        texts = (indicator.code, indicator.name, *levels, points)
        yield Row(tuple(Cell(text) for text in texts))
    others = changes[len(changes) if most is None else most :]
    if others:
        more = words("{count} more: --detail indicator", count=str(len(others)))
        points = words.number(sum(shown[most:], Fraction(0)), places, sign=True)
        texts = ("", more, "", "", points)
        yield Row(tuple(Cell(text, Tone.FAINT) for text in texts))
    cells = [Cell(""), Cell(words("Sum"), Tone.STRONG), Cell(""), Cell("")]
    shown_total = words.number(total, places, sign=True)
    yield Row((*cells, Cell(shown_total, Tone.STRONG)), section=True)


def labels_of(readings: Sequence[Reading], words: Words) -> list[str]:
    """Return what tells the score sheets apart: year, stage, both, name, file, or their place.

    Years alone do not, where stages differ: the final result of one is no self-assessment.
    """
    assessments = [reading.assessment for reading in readings]
    years = [str(a.year or "") for a in assessments]
    stages = [words(f"stage {a.stage}") if a.stage else "" for a in assessments]
    both = [" ".join(filter(None, pair)) for pair in zip(years, stages, strict=True)]
    files = [Path(a.source.path).name if a.source else "" for a in assessments]
    one_stage = len({a.stage for a in assessments} - {None}) < 2  # noqa: PLR2004
    telling = (years, stages, both) if one_stage or not all(years) else (both, stages)
    if len(set(years)) == 1:
        telling = (stages, both)
    every: list[list[str]] = [*telling, names_of(readings), files]
    for labels in every:
        if len(set(labels)) == len(labels) and all(labels):
            return labels
    if len(readings) == 2:  # noqa: PLR2004
        return [words("Before"), words("After")]
    return [str(place) for place, _ in enumerate(readings, 1)]


def names_of(readings: Sequence[Reading]) -> list[str]:
    """Return what the institutions are called, else the files."""
    assessments = (reading.assessment for reading in readings)
    return [a.institution or (a.source.path if a.source else "") for a in assessments]
