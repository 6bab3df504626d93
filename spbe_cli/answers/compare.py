"""The answer of `spbe compare`: JSON and page."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from typing_extensions import TypedDict  # typing's own makes no JSON Schema before Python 3.12

from spbe_cli.answers.change import (
    bases_lines,
    change_cell,
    indicator_columns,
    indicator_rows,
    labels_of,
    names_of,
    predicate_line,
    signed,
    stacked,
)
from spbe_cli.answers.score import above_of, tone_of
from spbe_cli.answers.shared import Head, ScoreShape, Value, head_of, score_of, value_of
from spbe_cli.core.compare import (
    Comparison,
    DropOutcome,
    IndicatorChange,
    NodeChange,
    Series,
    TargetOutcome,
    points_of,
)
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import adding_places, exact, shown_apart, telling_places
from spbe_cli.core.score import Reading, Scorecard
from spbe_cli.formats.blocks import Cell, Column, Line, Page, Row, Tone, sparkline
from spbe_cli.words import Words


class PeriodShape(Head, ScoreShape):
    """One score sheet: whose, when, and its score."""


class StepShape(TypedDict):
    """The change from one score sheet to the next."""

    comparable: bool
    delta: Value


class GroupShape(TypedDict):
    """A domain or aspect. `contribution` is its part of the change of the whole index."""

    kind: str
    code: str
    parent: str | None
    name: str
    weight: str
    before: Value
    after: Value
    delta: Value
    contribution: Value


IndicatorShape = TypedDict(
    "IndicatorShape",
    {"code": str, "name": str, "weight": str, "from": str, "to": str, "contribution": Value},
)


class TargetShape(TypedDict):
    """The target, and by how much the last index exceeds it; negative where it misses it."""

    index: Value
    predicate: str | None
    by: Value
    met: bool


class CompareResult(TypedDict):
    """The comparison of one institution, first score sheet against last.

    `periods` holds all of them, `steps` the change from each to the next. Contributions add up to
    `delta` exactly: those of the domains, of the aspects and of the indicators. `groups` and
    `indicators` are empty where the instruments differ (`comparable` false).
    """

    institution: str | None
    comparable: bool
    before: PeriodShape
    after: PeriodShape
    delta: Value
    groups: list[GroupShape]
    indicators: list[IndicatorShape]
    periods: list[PeriodShape]
    steps: list[StepShape]
    target: TargetShape | None


class DropShape(TypedDict):
    """A gate and how one result (by its place, from 0) stands to it: the last two score sheets.

    `expected` is the most that may be lost, `found` what was lost (negative: gained), `over_by`
    null where the gate is met.
    """

    result: int
    gate: str
    node: str | None
    institution: str | None
    source: str | None
    before: str
    after: str
    expected: str
    found: str
    over_by: str | None
    met: bool


class CompareDocument(TypedDict):
    """One run: a comparison for every institution, every gate."""

    format: str
    results: list[CompareResult]
    gates: list[DropShape]


def compare_document(series: Sequence[Series]) -> CompareDocument:
    """Return the whole run in the shape of `spbe-compare/1`."""
    return {
        "format": "spbe-compare/1",
        "results": [_result(one) for one in series],
        "gates": [_drop(drop, place) for place, one in enumerate(series) for drop in one.drops],
    }


def compare_rows(series: Sequence[Series]) -> Iterator[list[str]]:
    """Yield a header, and for each step a row for the index, each group and each indicator.

    Values are exact, and the contributions of one kind add up to the change of the index. A step
    between different instruments has the row of the index only.
    """
    yield [
        *("institution", "before_year", "before_stage", "before_instrument"),
        *("after_year", "after_stage", "after_instrument", "notices"),
        *("kind", "code", "parent", "name", "before", "after", "change", "contribution"),
    ]
    for one in series:
        steps = zip(one.trend.changes, one.readings, one.readings[1:], strict=False)
        for comparison, before, after in steps:
            who = _who(before, after)
            for row in _rows(comparison):
                yield [*who, *row]


def _who(before: Reading, after: Reading) -> list[str]:
    notices = dict.fromkeys(n.code for reading in (before, after) for n in reading.notices)
    return [
        after.assessment.institution or before.assessment.institution or "",
        *_when(before),
        *_when(after),
        " ".join(notices),
    ]


def _when(reading: Reading) -> list[str]:
    assessment = reading.assessment
    return [str(assessment.year or ""), str(assessment.stage or ""), assessment.instrument]


def _rows(comparison: Comparison) -> Iterator[list[str]]:
    before, after = comparison.before, comparison.after
    delta = exact(comparison.delta)
    indices = [exact(before.index), exact(after.index)]
    yield ["index", "", "", after.instrument.index_name, *indices, delta, delta]
    for node in comparison.groups:
        group = node.group
        values = (node.before, node.after, node.delta, node.contribution)
        yield [group.kind, group.code, node.parent or "", group.name, *map(exact, values)]
    parents = {
        indicator.code: group.code
        for group, _, _ in after.instrument.nodes
        for indicator in group.indicators
    }
    for item in comparison.indicators:
        code = item.indicator.code
        values = (item.before, item.after, item.delta, item.contribution)
        yield ["indicator", code, parents[code], item.indicator.name, *map(exact, values)]


def _result(one: Series) -> CompareResult:
    whole = one.trend.whole
    instrument = whole.after.instrument
    pairs = zip(one.readings, one.trend.cards, strict=True)
    periods = [_period(reading, card) for reading, card in pairs]
    return {
        "institution": one.readings[-1].assessment.institution,
        "comparable": whole.comparable,
        "before": periods[0],
        "after": periods[-1],
        "delta": value_of(instrument, whole.delta),
        "groups": [_group(instrument, node) for node in whole.groups],
        "indicators": [_indicator(instrument, item) for item in whole.indicators],
        "periods": periods,
        "steps": [
            {"comparable": step.comparable, "delta": value_of(instrument, step.delta)}
            for step in one.trend.changes
        ],
        "target": None if one.target is None else _target(instrument, one.target),
    }


def _period(reading: Reading, card: Scorecard) -> PeriodShape:
    return {**head_of(reading), **score_of(card)}


def _group(instrument: Instrument, node: NodeChange) -> GroupShape:
    return {
        "kind": node.group.kind,
        "code": node.group.code,
        "parent": node.parent,
        "name": node.group.name,
        "weight": exact(node.group.weight),
        "before": value_of(instrument, node.before),
        "after": value_of(instrument, node.after),
        "delta": value_of(instrument, node.delta),
        "contribution": value_of(instrument, node.contribution),
    }


def _indicator(instrument: Instrument, item: IndicatorChange) -> IndicatorShape:
    return {
        "code": item.indicator.code,
        "name": item.indicator.name,
        "weight": exact(item.indicator.weight),
        "from": exact(item.before),
        "to": exact(item.after),
        "contribution": value_of(instrument, item.contribution),
    }


def _target(instrument: Instrument, outcome: TargetOutcome) -> TargetShape:
    predicate = outcome.target.predicate
    return {
        "index": value_of(instrument, outcome.target.threshold),
        "predicate": predicate.name if predicate else None,
        "by": value_of(instrument, outcome.by),
        "met": outcome.met,
    }


def _drop(outcome: DropOutcome, place: int) -> DropShape:
    assessment = outcome.comparison.after.assessment
    return {
        "result": place,
        "gate": outcome.gate.kind,
        "node": outcome.gate.node,
        "institution": assessment.institution,
        "source": assessment.source.path if assessment.source else None,
        "before": exact(outcome.before),
        "after": exact(outcome.after),
        "expected": exact(outcome.gate.most),
        "found": exact(outcome.fall),
        "over_by": None if outcome.over_by is None else exact(outcome.over_by),
        "met": outcome.met,
    }


_LARGEST = 5
"""How many rises and falls are shown where not every one was asked for."""

_TWO = 2


class Shown(NamedTuple):
    """How much is shown: periods in one table (None: all), every indicator, block characters."""

    room: int | None = None
    every_indicator: bool = False
    unicode: bool = True


def compare_pages(series: Series, words: Words, shown: Shown) -> Iterator[Page]:
    """Yield the pages of one institution: the whole, the groups, what rose and what fell."""
    view = _View(series, words, shown)
    if len(series.readings) > _TWO:
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
        parts = [node.contribution for node in self._whole.groups]
        self._places = adding_places(parts, self._instrument.places)

    def before_and_after(self) -> Page:
        words, whole = self._words, self._whole
        columns = [
            Column(""),
            Column(words("Name")),
            *(Column(stacked(label), numeric=True) for label in self.labels),
            Column(words("Change"), numeric=True),
        ]
        if self.comparable:
            columns.append(Column(words("Points"), numeric=True))
        return Page(
            self._heading(),
            list(self._above()),
            columns,
            list(self._rows([whole.before, whole.after])),
            list(self._below()),
        )

    def periods(self) -> Page:
        """Return one row a score sheet: index, change, predicate."""
        words = self._words
        columns = [
            Column(""),
            Column(words("Index"), numeric=True),
            Column(words("Change"), numeric=True),
            Column(words("Predicate")),
        ]
        cards, places = self._series.trend.cards, self._instrument.places
        changes = [None, *self._series.trend.changes]
        rows = []
        for label, card, step in zip(self.labels, cards, changes, strict=True):
            change = change_cell([step.delta], words, places) if step else Cell("")
            predicate = Cell(card.predicate.name, tone_of(card.instrument, card.predicate))
            index = Cell(words.number(card.index, places), Tone.STRONG)
            rows.append(Row((Cell(label, Tone.STRONG), index, change, predicate)))
        picture = sparkline([card.index for card in cards], unicode=self._shown.unicode)
        whole = signed(self._whole.delta, words, places)
        trend = Line(words("Trend {picture} {change}", picture=picture, change=whole), Tone.STRONG)
        return Page(self._heading(), list(self._above()), columns, rows, [trend, *self._below()])

    def groups_over_time(self) -> Page:
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
        return Page(self._span(), (), columns, list(self._rows(cards, trend=True)))

    def rises_and_falls(self) -> Iterator[Page]:
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

    def _list(self, heading: str, changes: Sequence[IndicatorChange]) -> Page:
        words, labels = self._words, self.labels
        sentence = words(
            "{heading}: {count}, {points} points",
            heading=heading,
            count=str(len(changes)),
            points=signed(points_of(changes), words),
        )
        columns = indicator_columns(labels[0], labels[-1], words("Points"), words)
        every = self._shown.every_indicator or len(changes) == _LARGEST + 1
        most = None if every else _LARGEST
        rows = indicator_rows(changes, words, most=most, whole=self._whole.indicators)
        return Page(sentence, (), columns, list(rows))

    def _rows(self, cards: Sequence[Scorecard], *, trend: bool = False) -> Iterator[Row]:
        depths: dict[str | None, int] = {None: -1}
        for place, node in enumerate(self._whole.groups if self.comparable else ()):
            depth = depths[node.group.code] = depths[node.parent] + 1
            tone = Tone.STRONG if depth == 0 and node.group.groups else Tone.PLAIN
            values = [card.nodes[place].index for card in cards]
            yield self._node(node, [self._number(value, tone) for value in values], depth, trend)
        whole = self._whole
        total = [Cell(""), Cell(self._instrument.index_name, Tone.STRONG)]
        places = self._instrument.places
        if len(cards) == _TWO:
            places = shown_apart(cards[0].index, cards[1].index, places)
        numbers = (self._words.number(card.index, places) for card in cards)
        total += [Cell(number, Tone.STRONG) for number in numbers]
        total.append(change_cell([whole.delta], self._words, self._instrument.places, Tone.STRONG))
        if self.comparable:
            points = self._words.number(whole.delta, self._places, sign=True)
            total.append(Cell(points, Tone.STRONG))
        if trend:
            total.append(self._picture(None))
        yield Row(tuple(total), section=self.comparable)

    def _node(self, node: NodeChange, values: list[Cell], depth: int, trend: bool) -> Row:  # noqa: FBT001
        group, tone = node.group, values[0].tone
        points = self._words.number(node.contribution, self._places, sign=True)
        cells = [
            Cell(group.code, tone),
            Cell(group.name, tone),
            *values,
            change_cell([node.delta], self._words, self._instrument.places, tone),
            Cell(points, tone if node.contribution else Tone.FAINT),
        ]
        if trend:
            cells.append(self._picture(group.code))
        return Row(tuple(cells), depth)

    def _number(self, value: Fraction, tone: Tone) -> Cell:
        return Cell(self._words.number(value, self._instrument.places), tone)

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
        return self._words("{before} to {after}", before=self.labels[0], after=self.labels[-1])

    def _above(self) -> Iterator[Line]:
        readings = {reading.instrument.id: reading for reading in self._series.readings}
        for reading in readings.values():
            yield from above_of(reading, self._words)
        if not self.comparable:
            said = self._words(
                "Index and predicate are compared; "
                "the rest is not comparable, since the instruments differ"
            )
            yield Line(said, Tone.FAIR)

    def _below(self) -> Iterator[Line]:
        words, whole = self._words, self._whole
        yield predicate_line(whole.before, whole.after, words)
        if self.comparable and not whole.changed:
            yield Line(words("No level changed"))
        if self._series.target is not None:
            yield _target_line(self._series.target, words, self._instrument.places)
        yield from bases_lines(zip(self.labels, self._series.trend.cards, strict=True), words)


def _target_line(outcome: TargetOutcome, words: Words, places: int) -> Line:
    _, least, predicate = outcome.target
    target = words.number(least, adding_places([least], places))
    if predicate is not None:
        target = f"{predicate.name} ({target})"
    if not outcome.by:
        return Line(words("Target {target}: met exactly", target=target), Tone.GOOD)
    points = words.number(abs(outcome.by), telling_places(outcome.by, places))
    if outcome.met:
        sentence = words("Target {target}: exceeded by {points}", target=target, points=points)
        return Line(sentence, Tone.GOOD)
    sentence = words("Target {target}: missed by {points}", target=target, points=points)
    return Line(sentence, Tone.POOR)
