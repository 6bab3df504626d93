"""The answer of `spbe compare`: JSON and page."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from spbe_cli.answers.change import (
    bases_lines,
    change_cell,
    indicator_columns,
    indicator_rows,
    labels_of,
    names_of,
    no_difference_text,
    predicate_line,
    signed_whole,
    stacked,
)
from spbe_cli.answers.score import above_of, least_text, predicate_cell
from spbe_cli.answers.shape import Columns, Count, Document, Number, Shape, Value, csv_rows, take
from spbe_cli.answers.shared import (
    Head,
    Placed,
    PredicateShape,
    as_shown,
    at_least,
    node_rows,
    whole_row,
)
from spbe_cli.core.compare import (
    Comparison,
    IndicatorChange,
    NodeChange,
    Series,
    TargetOutcome,
    points_between,
    points_of,
)
from spbe_cli.core.instrument import Group
from spbe_cli.core.number import shown_apart, telling_places
from spbe_cli.core.score import Reading, Scorecard
from spbe_cli.formats.blocks import Cell, Column, Line, Row, Section, Table, Tone, sparkline
from spbe_cli.words import Words


class PeriodShape(Head, within="reading"):
    """One score sheet: whose, when, and its score."""

    index: Value = take("card.index")
    predicate: PredicateShape = take("card.verdict")


class StepShape(Shape):
    """The change from one score sheet to the next; `delta` is null between different indices."""

    comparable: bool
    delta: Value | None


class GroupShape(Shape):
    """A domain or aspect. `contribution` is its part of the change of the whole index."""

    kind: str = take("group.kind")
    code: str = take("group.code")
    parent: str | None
    name: str = take("group.name")
    weight: Number = take("group.weight")
    before: Value
    after: Value
    delta: Value
    contribution: Value


class IndicatorShape(Shape):  # noqa: D101  (a docstring would stand in the schema)
    code: str = take("indicator.code")
    name: str = take("indicator.name")
    weight: Number = take("indicator.weight")
    from_: Number = take("before")
    to: Number = take("after")
    contribution: Value


class TargetShape(Shape):
    """The target as the least exact index that reaches it, and its predicate, if it is one.

    `by` is how much the last index exceeds it; negative where it misses it.
    """

    index: Value = take("least")
    predicate: str | None = take("target.predicate.name")
    by: Value
    met: bool


class _Period(NamedTuple):
    reading: Reading
    card: Scorecard


def _periods(series: Series) -> list[_Period]:
    return list(map(_Period, series.readings, series.trend.cards))


class CompareResult(Shape, places="trend.whole.after.instrument.places"):
    """The comparison of one institution, first score sheet against last.

    `periods` holds all of them, `steps` the change from each to the next. Contributions add up to
    `delta` exactly: those of the domains, of the aspects and of the indicators. `groups` and
    `indicators` are empty where the instruments differ (`comparable` false); `delta` is null where
    the index has another name or other thresholds (SPBE and Pemdi).
    """

    institution: str | None = take(lambda series: series.readings[-1].assessment.institution)
    comparable: bool = take("trend.whole.comparable")
    before: PeriodShape = take(lambda series: _periods(series)[0])
    after: PeriodShape = take(lambda series: _periods(series)[-1])
    delta: Value | None = take("trend.whole.delta")
    groups: list[GroupShape] = take("trend.whole.groups")
    indicators: list[IndicatorShape] = take("trend.whole.indicators")
    periods: list[PeriodShape] = take(_periods)
    steps: list[StepShape] = take("trend.changes")
    target: TargetShape | None


class DropShape(Shape):
    """A gate and how one result (by its place, from 0) stands to it: the last two score sheets.

    `expected` is the most that may be lost, `found` what was lost (negative: gained), `over_by`
    null where the gate is met.
    """

    result: Count = take("place")
    gate: str
    node: str | None = take("outcome.gate.node")
    institution: str | None = take("outcome.comparison.after.assessment.institution")
    source: str | None = take("outcome.comparison.after.assessment.source.path")
    before: Number = take("outcome.before")
    after: Number = take("outcome.after")
    expected: Number = take("outcome.gate.most")
    found: Number = take("outcome.fall")
    over_by: Number | None = take("outcome.over_by")
    met: bool = take("outcome.met")


class CompareDocument(Document):
    """One run: a comparison for every institution, every gate."""

    version = "spbe-compare/1"
    results: list[CompareResult]
    gates: list[DropShape]


def compare_document(series: Sequence[Series]) -> dict[str, Any]:
    """Return the whole run in the shape of `spbe-compare/1`."""
    gates = [Placed(place, drop) for place, one in enumerate(series) for drop in one.drops]
    return CompareDocument.holding(results=series, gates=gates)


def compare_rows(series: Sequence[Series]) -> Iterator[list[str]]:
    """Yield a header, and for each step a row for the index, each group and each indicator.

    Values are exact, and the contributions of one kind add up to the change of the index. A step
    between different instruments has the row of the index only, and no change where that is
    another index.
    """
    rows = (
        ((before, after), before, after, (before, after), row)
        for one in series
        for step, before, after in zip(
            one.trend.changes, one.readings, one.readings[1:], strict=False
        )
        for row in _rows(step)
    )
    return csv_rows([_WHOSE, _when("before"), _when("after"), _NOTICES, _ROW], rows)


_WHOSE: Columns = {
    "institution": lambda pair: pair[1].assessment.institution or pair[0].assessment.institution
}
_NOTICES: Columns = {
    "notices": lambda pair: " ".join(dict.fromkeys(n.code for r in pair for n in r.notices))
}


def _when(side: str) -> Columns:
    return {f"{side}_{part}": f"assessment.{part}" for part in ("year", "stage", "instrument")}


class _Row(NamedTuple):
    """What became of the index, a group or an indicator; the columns are the fields."""

    kind: str
    code: str | None
    parent: str | None
    name: str
    before: Fraction
    after: Fraction
    change: Fraction | None
    contribution: Fraction | None


_ROW: Columns = {name: name for name in _Row._fields}


def _rows(step: Comparison) -> Iterator[_Row]:
    before, after = step.before.index, step.after.index
    instrument = step.after.instrument
    yield _Row("index", None, None, instrument.index_name, before, after, step.delta, step.delta)
    for node in step.groups:
        yield _Row(node.group.kind, node.group.code, node.parent, node.group.name, *_values(node))
    parents = {
        each.code: group.code for group, _, _ in instrument.nodes for each in group.indicators
    }
    for item in step.indicators:
        code = item.indicator.code
        yield _Row("indicator", code, parents[code], item.indicator.name, *_values(item))


def _values(part: NodeChange | IndicatorChange) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    return part.before, part.after, part.delta, part.contribution


_LARGEST = 5
"""How many rises and falls are shown where not every one was asked for."""

_TWO = 2


class Shown(NamedTuple):
    """How much is shown: periods in one table (None: all), every indicator, block characters."""

    room: int | None = None
    every_indicator: bool = False
    unicode: bool = True


def compare_pages(series: Series, words: Words, shown: Shown) -> Iterator[Section]:
    """Yield the pages of one institution: the whole, the groups, what rose and what fell."""
    view = _View(series, words, shown)
    if len(series.readings) > _TWO or not view.is_one_index:
        yield view.periods()
        if view.comparable:
            yield view.groups_over_time()
    else:
        yield view.before_and_after()
    if view.comparable:
        yield from view.rises_and_falls()


class _View:
    """The tables of one series, with a label for each of its score sheets."""

    def __init__(self, series: Series, words: Words, shown: Shown) -> None:
        self.labels = labels_of(series.readings, words)
        self.comparable = all(step.comparable for step in series.trend.changes)
        self._series = series
        self._words = words
        self._shown = shown
        self._whole = series.trend.whole
        self._instrument = self._whole.after.instrument
        self.is_one_index = all(step.is_one_index for step in series.trend.changes)
        self._points = points_between(self._whole) if self._whole.comparable else None

    def before_and_after(self) -> Section:
        words, whole = self._words, self._whole
        columns = [
            Column(""),
            Column(words("Name")),
            *(Column(stacked(label), numeric=True) for label in self.labels),
            Column(words("Change"), numeric=True),
        ]
        if self.comparable:
            columns.append(Column(words("Points"), numeric=True))
        table = Table(columns, list(self._rows([whole.before, whole.after])))
        return Section(self._heading(), [*self._above(), table, *self._below()])

    def periods(self) -> Section:
        """Return one row a score sheet: index, change, predicate; the index by name if several."""
        words, one = self._words, self.is_one_index
        columns = [
            Column(""),
            *([] if one else [Column(words("Name"))]),
            Column(words("Index"), numeric=True),
            Column(words("Change"), numeric=True),
            Column(words("Predicate")),
        ]
        cards = self._series.trend.cards
        changes = [None, *self._series.trend.changes]
        rows = []
        for label, card, step in zip(self.labels, cards, changes, strict=True):
            instrument = card.instrument
            index = Cell(words.number(card.index, instrument.places), Tone.STRONG)
            change = Cell("" if step is None else "-")
            if step is not None and step.delta is not None:
                change = Cell(self._whole_change(step.delta))
            predicate = predicate_cell(instrument, card.predicate)
            name = [] if one else [Cell(instrument.index_name)]
            rows.append(Row((Cell(label, Tone.STRONG), *name, index, change, predicate)))
        table = Table(columns, rows)
        return Section(self._heading(), [*self._above(), table, *self._trend(), *self._below()])

    def _trend(self) -> Iterator[Line]:
        """Yield the picture of the index over time, where it is one index throughout."""
        delta = self._whole.delta
        if self.is_one_index and delta is not None:
            cards = self._series.trend.cards
            picture = sparkline([card.index for card in cards], unicode=self._shown.unicode)
            change = self._whole_change(delta)
            said = self._words("Trend {picture} {change}", picture=picture, change=change)
            yield Line(said, Tone.STRONG)

    def _whole_change(self, delta: Fraction) -> str:
        return signed_whole(delta, self._words, self._instrument.places)

    def groups_over_time(self) -> Section:
        """Return every domain and aspect with its values, where they have room, and its picture."""
        words, room = self._words, self._shown.room
        cards, labels = list(self._series.trend.cards), self.labels
        if room is not None and len(cards) > room:
            cards, labels = [cards[0], cards[-1]], [labels[0], labels[-1]]
        columns = [
            Column(""),
            Column(words("Name")),
            *(Column(stacked(label), numeric=True) for label in labels),
            Column(words("Change"), numeric=True),
            Column(words("Points"), numeric=True),
            Column(words("Trend")),
        ]
        return Section(self._span(), [Table(columns, list(self._rows(cards, trend=True)))])

    def rises_and_falls(self) -> Iterator[Section]:
        """Yield what rose and what fell; what assessors cut in a self-assessment comes first."""
        words, whole = self._words, self._whole
        if self._series.is_verdict:
            cut = words("Indicators that the assessors cut")
            raised = words("Indicators that the assessors raised")
            lists = [(cut, whole.fallen), (raised, whole.risen)]
        else:
            rose, fell = words("Indicators that rose"), words("Indicators that fell")
            lists = [(rose, whole.risen), (fell, whole.fallen)]
        for heading, changes in lists:
            if changes:
                yield self._list(heading, changes)

    def _list(self, heading: str, changes: Sequence[IndicatorChange]) -> Section:
        words, labels = self._words, self.labels
        sentence = words(
            "{heading}: {count}, {points} points",
            heading=heading,
            count=str(len(changes)),
            points=signed_whole(points_of(changes), words, self._instrument.places),
        )
        columns = indicator_columns(labels[0], labels[-1], words("Points"), words)
        every = self._shown.every_indicator or len(changes) == _LARGEST + 1
        most = None if every else _LARGEST
        instrument = self._whole.after.instrument
        rows = indicator_rows(instrument, changes, words, most=most, whole=self._whole.indicators)
        return Section(sentence, [Table(columns, list(rows))])

    def _rows(self, cards: Sequence[Scorecard], *, trend: bool = False) -> Iterator[Row]:
        shown = self._points if self.comparable else None

        def at_node(place: int, group: Group, tone: Tone) -> Iterator[Cell]:
            node = self._whole.groups[place]
            for card in cards:
                number = self._words.number(card.nodes[place].index, self._instrument.places)
                yield Cell(number, tone)
            yield change_cell([node.delta], self._words, self._instrument.places, tone)
            if shown is not None:
                points = self._words.number(shown.groups[group.code], shown.places, sign=True)
                yield Cell(points, tone if node.contribution else Tone.FAINT)
            if trend:
                yield self._picture(group.code)

        if shown is not None:
            yield from node_rows(self._instrument, at_node)
        whole, places = self._whole, self._instrument.places
        if len(cards) == _TWO:
            places = shown_apart(cards[0].index, cards[1].index, places)
        numbers = (self._words.number(card.index, places) for card in cards)
        total = [Cell(number, Tone.STRONG) for number in numbers]
        if whole.delta is not None:
            tone = Tone.STRONG if whole.delta else Tone.FAINT
            total.append(Cell(self._whole_change(whole.delta), tone))
        if shown is not None:
            points = self._words.number(shown.total, shown.places, sign=True)
            total.append(Cell(points, Tone.STRONG))
        if trend:
            total.append(self._picture(None))
        yield whole_row(self._instrument, total, section=self.comparable)

    def _picture(self, code: str | None) -> Cell:
        cards = self._series.trend.cards
        values = [card.index if code is None else card.index_at(code) for card in cards]
        return Cell(sparkline(values, unicode=self._shown.unicode))

    def _heading(self) -> str:
        assessments = [reading.assessment for reading in self._series.readings]
        names = (
            []
            if self.labels == names_of(self._series.readings)
            else names_of(self._series.readings)
        )
        years = {str(a.year) for a in assessments if a.year is not None}
        alike = {" ".join(name.casefold().split()): name for name in names}
        parts = [" / ".join(alike.values()), *(years if len(years) == 1 else ())]
        who = ", ".join(filter(None, parts))
        return f"{who}: {self._span()}" if who else self._span()

    def _span(self) -> str:
        return self._words("{first} to {last}", first=self.labels[0], last=self.labels[-1])

    def _above(self) -> Iterator[Line]:
        readings = {reading.instrument.id: reading for reading in self._series.readings}
        for reading in readings.values():
            yield from above_of(reading, self._words)
        for step in self._series.trend.changes:
            if not step.is_one_index:
                yield Line(no_difference_text(step, self._words), Tone.FAIR)
        if self.is_one_index and not self.comparable:
            said = self._words(
                "Index and predicate are compared; "
                "the rest is not comparable, since the instruments differ"
            )
            yield Line(said, Tone.FAIR)

    def _below(self) -> Iterator[Line]:
        words, whole = self._words, self._whole
        if self.is_one_index:
            yield predicate_line(whole.before, whole.after, words)
        if self.comparable and not whole.changed:
            yield Line(words("No level changed"))
        if self._series.target is not None:
            yield _target_line(self._series.target, whole.after, words)
        yield from bases_lines(zip(self.labels, self._series.trend.cards, strict=True), words)


def _target_line(outcome: TargetOutcome, card: Scorecard, words: Words) -> Line:
    predicate, places = outcome.target.predicate, card.instrument.places
    target = words.full(outcome.least, places)
    if predicate is not None:
        target = f"{predicate.name} ({least_text(card.verdict, predicate, words)})"
    if not outcome.by:
        return Line(words("Target {target}: met exactly", target=target), Tone.GOOD)
    if outcome.met:
        points = as_shown(outcome.by, words, telling_places(outcome.by, places))
        sentence = words("Target {target}: exceeded by {points}", target=target, points=points)
        return Line(sentence, Tone.GOOD)
    points = at_least(-outcome.by, words, places)
    sentence = words("Target {target}: missed by {points}", target=target, points=points)
    return Line(sentence, Tone.POOR)
