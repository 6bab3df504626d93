"""The answer of `spbe score`: page, CSV and JSON."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import Annotated, Any, NamedTuple

from spbe_cli.answers.shape import (
    OMITTED,
    Columns,
    Count,
    Document,
    Number,
    Shape,
    Value,
    csv_rows,
    take,
)
from spbe_cli.answers.shared import (
    Head,
    PredicateShape,
    at_least,
    node_rows,
    notices_of,
    placed,
    provisional_text,
    span,
    whole_row,
)
from spbe_cli.core.assessment import Assessment, Missing, Origin
from spbe_cli.core.instrument import Basis, Group, Indicator, Instrument, Predicate, Status
from spbe_cli.core.number import exact, fixed, rounded
from spbe_cli.core.scale import Band
from spbe_cli.core.score import (
    Bounds,
    ChosenBy,
    GateOutcome,
    IndicatorScore,
    NodeScore,
    Reading,
    Result,
    Scorecard,
    Verdict,
    points_in,
)
from spbe_cli.formats.blocks import (
    SIGNS,
    Cell,
    Column,
    Line,
    Row,
    Section,
    Table,
    Tone,
    tone_at,
    visible,
)
from spbe_cli.words import Words


def score_page(
    result: Result, words: Words, *, with_indicators: bool = False, exact: bool = False
) -> Section:
    """Return the page of a result.

    `with_indicators` adds a row for each indicator under its aspect, with its contribution to the
    index in points; `exact` shows every value with nothing lost.
    """
    layout = _Layout(result, words, with_indicators=with_indicators, exact=exact)
    table = Table(layout.columns(), list(layout.rows()))
    return Section(
        heading_of(result.reading, words),
        [*above_of(result.reading, words), table, *_below(result, words)],
    )


def heading_of(reading: Reading, words: Words) -> str:
    """Return who and when: `Pemerintah Kota Bandar Lampung, 2023, final`."""
    return name_of(reading.assessment, words)


def name_of(assessment: Assessment, words: Words) -> str:
    """Return who and when of an assessment, in the form of `heading_of`."""
    source = assessment.source.path if assessment.source else ""
    parts = [assessment.institution or source, assessment.year, _stage(assessment.stage, words)]
    return visible(", ".join(str(part) for part in parts if part))


def tone_of(instrument: Instrument, predicate: Predicate) -> Tone:
    """Return the tone of a predicate: the upper two good, the lowest poor, others fair."""
    return tone_at(instrument.predicates.index(predicate), len(instrument.predicates))


def predicate_cell(instrument: Instrument, predicate: Predicate) -> Cell:
    """Return a predicate with its colour, and the sign that tells it without colour."""
    tone = tone_of(instrument, predicate)
    return Cell(predicate.name, tone, sign=SIGNS.get(tone, ""))


def _stage(stage: str | None, words: Words) -> str:
    return words(f"stage {stage}") if stage else ""


def _chosen(reading: Reading, basis: str, words: Words) -> str:
    """Return with which instrument an assessment is scored, and what chose it."""
    return words(
        {
            ChosenBy.OPTION: "Instrument {id} ({basis}), as asked for",
            ChosenBy.FILE: "Instrument {id} ({basis}), named in the file",
            ChosenBy.YEAR: "Instrument {id} ({basis}), chosen by the year {year}",
            ChosenBy.DEFAULT: "Instrument {id} ({basis}), the default without a year",
        }[reading.chosen_by],
        id=reading.instrument.id,
        basis=basis,
        year=str(reading.assessment.year),
    )


def above_of(reading: Reading, words: Words) -> Iterator[Line]:
    """Yield the lines under a heading: the instrument, what chose it, and whether it is certain."""
    instrument = reading.instrument
    basis = instrument.references[0].title if instrument.references else instrument.title
    source = reading.assessment.source
    told = "" if source is None or source.read is None else source.read.instrument
    if reading.chosen_by is ChosenBy.FILE and told == instrument.id:
        said = words(
            "Instrument {id} ({basis}), told by its indicators' names", id=told, basis=basis
        )
    else:
        said = _chosen(reading, basis, words)
    yield Line(said, Tone.FAINT)
    if instrument.status is Status.PROVISIONAL:
        yield Line(provisional_text(instrument, words), Tone.POOR)


class _Layout:
    """Columns and rows of one result; the range of missing levels takes two index columns."""

    def __init__(self, result: Result, words: Words, *, with_indicators: bool, exact: bool) -> None:
        self._words = words
        self._outcome, self._cards = result.outcome, result.cards
        self._card = result.lowest
        self._scores = {score.indicator.code: score for score in result.lowest.indicators}
        self._instrument = result.reading.instrument
        self._with_indicators = with_indicators
        self._exact = exact
        has_points = with_indicators and not isinstance(result.outcome, Bounds)
        self._shown = points_in(self._card) if has_points else None

    def columns(self) -> list[Column]:
        words = self._words
        columns = [Column(""), Column(words("Name")), Column(words("Weight"), numeric=True)]
        if isinstance(self._outcome, Bounds):
            columns += [
                Column(words("Lowest"), numeric=True),
                Column(words("Highest"), numeric=True),
            ]
        else:
            columns.append(Column(words("Index"), numeric=True))
        if self._shown is not None:
            columns.append(Column(words("Points"), numeric=True))
        return [*columns, Column(words("Predicate"))]

    def rows(self) -> Iterator[Row]:
        below = self._indicator_cells if self._with_indicators else None
        yield from node_rows(self._instrument, self._node_cells, below)
        yield whole_row(self._instrument, self._whole_cells())

    def _node_cells(self, place: int, group: Group, tone: Tone) -> Iterator[Cell]:
        node = self._card.nodes[place]
        if isinstance(self._outcome, Bounds):
            upper = self._outcome.highest.nodes[place]
            index = [node.index, upper.index]
            predicate = self._span(node.predicate, upper.predicate)
        else:
            index = [node.index]
            predicate = predicate_cell(self._instrument, node.predicate)
        yield Cell(self._words.weight(group.weight))
        yield from (Cell(self._value(value), tone) for value in index)
        yield from self._points(node.contribution, group.code)
        yield predicate

    def _indicator_cells(self, _: Group, indicator: Indicator) -> Iterator[Cell]:
        score, words, outcome = self._scores[indicator.code], self._words, self._outcome
        missing = isinstance(outcome, Bounds) and indicator.code in outcome.missing
        level = words("missing") if missing else words.given(self._instrument, score.level)
        for text in (indicator.code, indicator.name, words.weight(indicator.weight)):
            yield Cell(text, Tone.FAINT)
        yield from [Cell(level)] * (2 if isinstance(outcome, Bounds) else 1)
        yield from self._points(score.contribution, indicator.code, of_group=False)
        name = "" if missing else self._instrument.level_name(indicator, score.level)
        yield Cell(name, Tone.FAINT)

    def _whole_cells(self) -> Iterator[Cell]:
        cards = self._cards
        yield Cell(self._words.weight(self._instrument.weight))
        yield from (Cell(self._value(card.index), Tone.STRONG) for card in cards)
        yield from self._points(cards[0].index)
        yield self._span(cards[0].predicate, cards[-1].predicate)

    def _points(
        self, contribution: Fraction, code: str | None = None, *, of_group: bool = True
    ) -> list[Cell]:
        """Return the cell of what a node adds to the index; the whole has no code."""
        shown = self._shown
        if shown is None:
            return []
        if self._exact:
            return [Cell(self._words.exact(contribution))]
        value = shown.total
        if code is not None:
            value = (shown.groups if of_group else shown.indicators)[code]
        return [Cell(self._words.number(value, shown.places))]

    def _value(self, value: Fraction) -> str:
        if self._exact:
            return self._words.exact(value)
        return self._words.number(value, self._instrument.places)

    def _span(self, lowest: Predicate, highest: Predicate) -> Cell:
        if lowest == highest:
            return predicate_cell(self._instrument, lowest)
        return Cell(self._words("{lowest} to {highest}", lowest=lowest.name, highest=highest.name))


def _below(result: Result, words: Words) -> Iterator[Line]:
    outcome = result.outcome
    if isinstance(outcome, Bounds):
        names = ", ".join(predicate.name for predicate in outcome.predicates)
        yield Line(
            words(
                "levels missing: {count} ({indicators}); possible: {predicates}",
                count=str(len(outcome.missing)),
                indicators=result.reading.instrument.listed(outcome.missing),
                predicates=names,
            ),
            Tone.FAIR,
        )
    else:
        yield Line(next_text(outcome, words))
    for card in result.cards:
        yield from bases_lines(card, words)


def bases_lines(card: Scorecard, words: Words) -> Iterator[Line]:
    """Yield what must be said where the exact and the rounded index give different predicates."""
    if card.verdict.bases_differ:
        yield Line(bases_text(card, words), Tone.FAIR)


def next_text(card: Scorecard, words: Words) -> str:
    """Return the way to the next predicate, or that there is none above."""
    verdict = card.verdict
    if verdict.next is None or verdict.distance is None:
        if len(card.instrument.predicates) == 1:
            return words("{predicate} is the only predicate", predicate=verdict.name)
        return words("{predicate} is the highest predicate", predicate=verdict.name)
    return words(
        "{points} points to {predicate} ({least})",
        points=at_least(verdict.distance, words, card.instrument.places),
        predicate=words.predicate(verdict.next.name),
        least=least_text(verdict, verdict.next, words),
    )


def least_text(verdict: Verdict, predicate: Predicate, words: Words) -> str:
    """Return the least index that earns a predicate: `2.60`, or `2.595, shown as 2.60`."""
    least, places = verdict.least_for(predicate), verdict.instrument.places
    if verdict.basis is Basis.EXACT or rounded(least, places) == least:
        return words.full(least, places)
    shown = words.number(least, places)
    return words("{exact}, shown as {shown}", exact=words.full(least, places), shown=shown)


def bases_text(card: Scorecard, words: Words) -> str:
    """Return what the exact and the rounded index say where they give different predicates."""
    return verdict_bases_text(card.verdict, words)


def verdict_bases_text(verdict: Verdict, words: Words) -> str:
    """Return what either basis says of an index where they give different predicates."""
    return words(
        (
            "The exact index {exact} gives {by_exact}, the rounded one {rounded} gives "
            "{by_rounded}; the predicate of this year follows the exact index"
        )
        if verdict.basis is Basis.EXACT
        else (
            "The exact index {exact} gives {by_exact}, the rounded one {rounded} gives "
            "{by_rounded}; the predicate of this year follows the rounded index"
        ),
        exact=words.exact(verdict.exact),
        rounded=words.number(verdict.exact, verdict.instrument.places),
        by_exact=verdict.by_exact.name,
        by_rounded=verdict.by_rounded.name,
    )


_WHOSE: Columns = {
    name: f"reading.assessment.{name}"
    for name in ("institution", "category", "province", "year", "stage", "instrument")
}
HEAD = (*_WHOSE, "index", "predicate")
"""The headings before those of domains and aspects."""


def score_rows(results: Sequence[Result], *, with_exact: bool = False) -> Iterator[list[str]]:
    """Yield a header and a row a result, values rounded, or exact with `with_exact`.

    The last column holds the codes of the result's notices. Where levels are missing an index is
    a range, `2.15..2.31`, and so is the predicate.
    """

    def shown(result: Result, values: Iterable[Fraction]) -> str:
        places = result.reading.instrument.places
        return span(values, exact if with_exact else lambda value: fixed(value, places))

    def at_node(result: Result, code: str) -> str:
        known = code in result.reading.instrument.node_by_code
        return shown(result, (card.index_at(code) for card in result.cards if known))

    codes = dict.fromkeys(code for each in results for code in each.reading.instrument.node_by_code)
    columns: Columns = {
        **_WHOSE,
        "index": lambda result: shown(result, (card.index for card in result.cards)),
        "predicate": lambda result: span(card.predicate.name for card in result.cards),
        **{code: partial(at_node, code=code) for code in codes},
        "notices": lambda result: notices_of(result.reading, *result.cards),
    }
    return csv_rows([columns], ([result] for result in results))


class NextShape(Shape):
    """The next predicate and the way to it under the basis of the year.

    `least` is the least exact index that earns it, `distance` what the exact index lacks to that.
    """

    name: str = take("next.name")
    threshold: Number = take("next.threshold")
    least: Number
    distance: Number


class BoundsShape(Shape):
    """What missing levels leave possible."""

    missing: list[str]
    lowest: Value = take("lowest.index")
    highest: Value = take("highest.index")
    predicates: list[str] = take(lambda bounds: [each.name for each in bounds.predicates])


class GroupShape(Shape):
    """A domain or aspect. `index` is null where a level below it is missing."""

    kind: str = take("part.group.kind")
    code: str = take("part.group.code")
    parent: str | None = take("part.parent")
    name: str = take("part.group.name")
    weight: Number = take("part.group.weight")
    index: Value | None = take("known.index")
    contribution: Number | None = take("known.contribution")


class BandShape(Shape):
    """The level in which a value lies, where an instrument's levels are bands of values."""

    level: Number
    name: str


class IndicatorShape(Shape):
    """An indicator; `level` and `contribution` are null where the level is missing.

    Where levels are bands, `level` is the value that was given, and `band` the level it lies in.
    `origin` says so where the level was not given: accepted evidence (inferred where levels are
    bands), or another index.
    """

    code: str = take("part.indicator.code")
    name: str = take("part.indicator.name")
    weight: Number = take("part.indicator.weight")
    level: Number | None = take("known.level")
    contribution: Number | None = take("known.contribution")
    band: Annotated[BandShape | None, OMITTED]
    origin: Annotated[str | None, OMITTED] = take(lambda each: _origin(each.part))


class ChangeShape(Shape):  # noqa: D101  (a docstring would stand in the schema)
    indicator: str = take("indicator.code")
    from_: Number | None = take(
        lambda each: None if isinstance(each.before, Missing) else each.before
    )
    to: Number = take("after")


def _origin(part: NodeScore | IndicatorScore) -> str | None:
    """Return where a level comes from that the sheet does not give."""
    if isinstance(part, NodeScore) or part.entry.origin is Origin.SHEET:
        return None
    return part.entry.origin


class _Part(NamedTuple):
    """A group or indicator, and the same again where no missing level leaves it open."""

    part: NodeScore | IndicatorScore
    known: NodeScore | IndicatorScore | None
    band: Band | None = None


def _groups(result: Result) -> Iterator[_Part]:
    missing, below = set(result.missing), result.lowest.instrument.node_by_code
    for node in result.lowest.nodes:
        is_open = missing & {member.code for member in below[node.group.code]}
        yield _Part(node, None if is_open else node)


def _indicators(result: Result) -> Iterator[_Part]:
    scale = result.lowest.instrument.scale
    for score in result.lowest.indicators:
        is_missing = score.indicator.code in result.missing
        yield _Part(score, *((None,) if is_missing else (score, scale.band_of(score.level))))


def next_of(card: Scorecard | None) -> Verdict | None:
    """Return the verdict of a score that has a predicate above it, else None."""
    return None if card is None or card.verdict.next is None else card.verdict


class ScoreResult(Head, within="reading"):
    """The score of one assessment; `indices` are those of other evaluations, where any is given."""

    index: Value | None = take("card.index")
    predicate: PredicateShape | None = take("card.verdict")
    next: NextShape | None = take(lambda result: next_of(result.card))
    bounds: BoundsShape | None
    groups: list[GroupShape] = take(_groups)
    indicators: list[IndicatorShape] = take(_indicators)
    indices: Annotated[dict[str, str] | None, OMITTED] = take(
        lambda result: result.reading.assessment.indices or None
    )
    changes: list[ChangeShape]


class GateShape(Shape):
    """A gate and how one result (by its place, from 0) stands to it.

    `short_by` is null where it is met.
    """

    result: Count = take("place")
    gate: str
    node: str | None = take("outcome.gate.node")
    institution: str | None = take("outcome.result.reading.assessment.institution")
    source: str | None = take("outcome.result.reading.assessment.source.path")
    expected: str = take(lambda gate: _held(gate.outcome.expected))
    found: str = take(lambda gate: _held(gate.outcome.found))
    short_by: Number | None = take("outcome.short_by")
    met: bool = take("outcome.met")


def _held(value: Fraction | Predicate) -> Fraction | str:
    return value.name if isinstance(value, Predicate) else value


class ScoreDocument(Document):
    """One run: every result, every gate."""

    version = "spbe-score/1"
    results: list[ScoreResult]
    gates: list[GateShape]


def score_document(results: Sequence[Result], gates: Sequence[GateOutcome]) -> dict[str, Any]:
    """Return the whole run in the shape of `spbe-score/1`."""
    return ScoreDocument.holding(results=results, gates=placed(results, gates))
