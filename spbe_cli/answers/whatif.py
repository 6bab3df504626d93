"""The answer of `spbe whatif`: JSON and page."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from operator import attrgetter
from typing import Any, NamedTuple

from spbe_cli.answers.change import (
    bases_lines,
    change_cell,
    indicator_columns,
    indicator_rows,
    predicate_line,
    signed_whole,
    stacked,
)
from spbe_cli.answers.score import (
    GateShape,
    NextShape,
    above_of,
    heading_of,
    next_of,
    next_text,
    predicate_cell,
)
from spbe_cli.answers.shape import Columns, Document, Number, Shape, Value, csv_rows, take
from spbe_cli.answers.shared import WHO, Head, ScoreShape, node_rows, placed, span, whole_row
from spbe_cli.core.assessment import Missing
from spbe_cli.core.compare import NodeChange
from spbe_cli.core.instrument import Group, Indicator, Instrument, Predicate
from spbe_cli.core.number import enough_places, rounded_up
from spbe_cli.core.score import GateOutcome, Scorecard
from spbe_cli.core.whatif import Imagined
from spbe_cli.formats.blocks import Cell, Column, Line, Row, Section, Table, Tone
from spbe_cli.words import Words


class _Gain(NamedTuple):
    """A changed indicator; no level before and no gain where its level was missing."""

    indicator: Indicator
    before: Fraction | None
    after: Fraction
    gain: Fraction | None

    @property
    def delta(self) -> Fraction | None:
        return None if self.before is None else self.after - self.before


def _gains_of(imagined: Imagined) -> Iterator[_Gain]:
    gains = {item.indicator.code: item.contribution for item in imagined.ends[0].changes}
    for changed in imagined.result.changes:
        if isinstance(changed.before, Missing):
            yield _Gain(changed.indicator, None, changed.after, None)
        else:
            gain = gains[changed.indicator.code]
            yield _Gain(changed.indicator, changed.before, changed.after, gain)


class GainShape(Shape):  # noqa: D101  (a docstring would stand in the schema)
    indicator: str = take("indicator.code")
    name: str = take("indicator.name")
    from_: Number | None = take("before")
    to: Number = take("after")
    gain: Value | None


def _alone(part: str) -> Any:  # noqa: ANN401  (it stands where the field's value would)
    """Return a value of a node at each end, where it is the same, else None."""
    get = attrgetter(part)

    def alone(nodes: Sequence[NodeChange]) -> Fraction | None:
        values = {get(node) for node in nodes}
        return values.pop() if len(values) == 1 else None

    return alone


class GroupChangeShape(Shape):
    """A domain or aspect. `contribution` is its part of the change of the whole index.

    Values that a missing level leaves open are null.
    """

    kind: str = take(lambda nodes: nodes[0].group.kind)
    code: str = take(lambda nodes: nodes[0].group.code)
    parent: str | None = take(lambda nodes: nodes[0].parent)
    name: str = take(lambda nodes: nodes[0].group.name)
    weight: Number = take(lambda nodes: nodes[0].group.weight)
    before: Value | None = _alone("before")
    after: Value | None = _alone("after")
    delta: Value | None = _alone("delta")
    contribution: Value | None = _alone("contribution")


class EndShape(Shape):
    """The outcome with all missing levels lowest, or all highest."""

    before: ScoreShape
    after: ScoreShape
    delta: Value


class WhatIfBoundsShape(Shape):
    """What missing levels leave possible. `missing` are those that the scenario leaves."""

    missing: list[str] = take("result.reading.assessment.missing")
    lowest: EndShape = take("outcome.lowest")
    highest: EndShape = take("outcome.highest")


class WhatIfResult(Head, within="result.reading"):
    """What one scenario does to one assessment.

    `before`, `after`, `delta` and `next` are null where levels are missing: see `bounds`.
    """

    scenario: str | None = take("result.scenario")
    changes: list[GainShape] = take(_gains_of)
    before: ScoreShape | None = take("only.before")
    after: ScoreShape | None = take("only.after")
    delta: Value | None = take("only.delta")
    next: NextShape | None = take(lambda each: next_of(each.only and each.only.after))
    groups: list[GroupChangeShape] = take("nodes")
    bounds: WhatIfBoundsShape | None = take(lambda each: None if each.only else each)


class WhatIfDocument(Document):
    """One run: a result for every assessment and scenario."""

    version = "spbe-whatif/1"
    results: list[WhatIfResult]
    gates: list[GateShape]


def whatif_document(found: Sequence[Imagined], gates: Sequence[GateOutcome]) -> dict[str, Any]:
    """Return the whole run in the shape of `spbe-whatif/1`."""
    results = [imagined.result for imagined in found]
    return WhatIfDocument.holding(results=found, gates=placed(results, gates))


def whatif_rows(found: Sequence[Imagined]) -> Iterator[list[str]]:
    """Yield a header, and a row for the index, each group and each changed indicator.

    Values are exact. Where missing levels leave a range it is written `2.15..2.31`.
    """
    rows = (
        ([imagined.result.reading], imagined.result, row)
        for imagined in found
        for row in _rows(imagined)
    )
    return csv_rows([WHO, {"scenario": "scenario"}, _ROW], rows)


class _Row(NamedTuple):
    """What a scenario does to the index, a group or an indicator, at each end of the outcome."""

    kind: str
    node: Instrument | Group | Indicator
    before: Sequence[Fraction | None]
    after: Sequence[Fraction | None]
    change: Sequence[Fraction | None]
    contribution: Sequence[Fraction | None]


_ROW: Columns = {
    "kind": "kind",
    "code": lambda row: "" if isinstance(row.node, Instrument) else row.node.code,
    "name": lambda row: row.node.index_name if isinstance(row.node, Instrument) else row.node.name,
    "weight": "node.weight",
    "before": lambda row: span(row.before),
    "after": lambda row: span(row.after),
    "change": lambda row: span(row.change),
    "contribution": lambda row: span(row.contribution),
}


def _rows(imagined: Imagined) -> Iterator[_Row]:
    ends = imagined.ends
    before, after = [end.before.index for end in ends], [end.after.index for end in ends]
    deltas = [end.delta for end in ends]
    yield _Row("index", imagined.before.instrument, before, after, deltas, deltas)
    for nodes in imagined.nodes:
        ends_of = zip(*((n.before, n.after, n.delta, n.contribution) for n in nodes), strict=True)
        yield _Row(nodes[0].group.kind, nodes[0].group, *ends_of)
    for each in _gains_of(imagined):
        values = ([value] for value in (each.before, each.after, each.delta, each.gain))
        yield _Row("indicator", each.indicator, *values)


def whatif_pages(
    found: Sequence[Imagined], words: Words, *, side_by_side: int | None = None
) -> Iterator[Section]:
    """Yield the pages of every assessment: what becomes of each node, then each change's gain.

    `found` holds the scenarios of one assessment after the other. At most `side_by_side` of them
    stand in one table.
    """
    for scenarios in _by_assessment(found):
        if len(scenarios) == 1:
            yield _page(scenarios[0], words)
        else:
            step = side_by_side or len(scenarios)
            for start in range(0, len(scenarios), step):
                yield _side_by_side(scenarios[start : start + step], words)
        for imagined in scenarios:
            if imagined.result.changes:
                yield _gains(imagined, words, named=len(scenarios) > 1)


def _by_assessment(found: Sequence[Imagined]) -> list[list[Imagined]]:
    groups: dict[int, list[Imagined]] = {}
    for imagined in found:
        groups.setdefault(id(imagined.before), []).append(imagined)
    return list(groups.values())


def _page(imagined: Imagined, words: Words) -> Section:
    cells = _Cells(imagined, words)
    columns = [
        Column(""),
        Column(words("Name")),
        Column(words("Weight"), numeric=True),
        Column(words("Before"), numeric=True),
        Column(words("After"), numeric=True),
        Column(words("Change"), numeric=True),
    ]

    def at_node(place: int, group: Group, tone: Tone) -> Iterator[Cell]:
        nodes = imagined.nodes[place]
        yield Cell(words.weight(group.weight))
        yield cells.value([node.before for node in nodes], tone)
        yield cells.value([node.after for node in nodes], tone)
        yield cells.change([node.delta for node in nodes], tone)

    ends, instrument = imagined.ends, imagined.before.instrument
    total = (
        Cell(words.weight(instrument.weight)),
        cells.value([end.before.index for end in ends], Tone.STRONG),
        cells.value([end.after.index for end in ends], Tone.STRONG),
        cells.whole_change([end.delta for end in ends]),
    )
    heading = heading_of(imagined.before, words)
    if imagined.result.scenario is not None:
        heading = f"{heading}: {imagined.result.scenario}"
    rows = [*node_rows(instrument, at_node), whole_row(instrument, total)]
    table = Table(columns, rows)
    return Section(heading, [*above_of(imagined.before, words), table, *_below(imagined, words)])


def _side_by_side(scenarios: Sequence[Imagined], words: Words) -> Section:
    first, all_cells = scenarios[0], [_Cells(imagined, words) for imagined in scenarios]
    columns = [Column(""), Column(words("Name")), Column(words("Now"), numeric=True)]
    columns += [Column(stacked(_name(imagined)), numeric=True) for imagined in scenarios]

    def at_node(place: int, _: Group, tone: Tone) -> Iterator[Cell]:
        yield all_cells[0].value([node.before for node in first.nodes[place]])
        for cells, imagined in zip(all_cells, scenarios, strict=True):
            yield cells.value([node.after for node in imagined.nodes[place]], tone)

    rows = node_rows(first.before.instrument, at_node)
    table = Table(columns, [*rows, *_totals(scenarios, all_cells, words)])
    return Section(
        heading_of(first.before, words),
        [*above_of(first.before, words), table, *_side_by_side_below(scenarios, words)],
    )


def _totals(
    scenarios: Sequence[Imagined], all_cells: "Sequence[_Cells]", words: Words
) -> Iterator[Row]:
    first, own = scenarios[0], all_cells[0]
    pairs = list(zip(all_cells, scenarios, strict=True))
    index = own.value([end.before.index for end in first.ends], Tone.STRONG)
    indices = [cells.value([e.after.index for e in i.ends], Tone.STRONG) for cells, i in pairs]
    yield whole_row(first.before.instrument, [index, *indices])
    changes = [cells.whole_change([e.delta for e in i.ends]) for cells, i in pairs]
    yield Row((Cell(""), Cell(words("Change")), Cell(""), *changes))
    predicates = [cells.predicate([end.after for end in i.ends]) for cells, i in pairs]
    now = own.predicate([end.before for end in first.ends])
    yield Row((Cell(""), Cell(words("Predicate")), now, *predicates))
    ways = [cells.way([end.after for end in i.ends]) for cells, i in pairs]
    now = own.way([end.before for end in first.ends])
    yield Row((Cell(""), Cell(words("Points to the next predicate")), now, *ways))


def _side_by_side_below(scenarios: Sequence[Imagined], words: Words) -> Iterator[Line]:
    for imagined in scenarios:
        if not imagined.result.changes:
            yield Line(f"{_name(imagined)}: {_nothing(words)}", Tone.FAIR)
        if len(imagined.ends) > 1:
            yield Line(f"{_name(imagined)}: {_missing(imagined, words)}", Tone.FAIR)
        else:
            yield from bases_lines([(_name(imagined), imagined.ends[0].after)], words)


def _gains(imagined: Imagined, words: Words, *, named: bool) -> Section:
    changes = sorted(imagined.ends[0].changes, key=lambda change: -change.contribution)
    heading = words("What each change gains")
    if named:
        heading = f"{_name(imagined)}: {heading}"
    columns = indicator_columns(words("level before"), words("level after"), words("Gain"), words)
    below = []
    if len(imagined.ends) > 1:
        below.append(Line(words("Missing levels are taken as the lowest here"), Tone.FAINT))
    rows = indicator_rows(imagined.before.instrument, changes, words)
    return Section(heading, [Table(columns, list(rows)), *below])


class _Cells:
    """The cells of one scenario: a value, or the two ends that missing levels leave."""

    def __init__(self, imagined: Imagined, words: Words) -> None:
        self._words = words
        self._instrument = imagined.before.instrument

    def value(self, values: Sequence[Fraction], tone: Tone = Tone.PLAIN) -> Cell:
        places = self._instrument.places
        texts = (self._words.number(value, places) for value in values)
        return Cell("..".join(dict.fromkeys(texts)), tone)

    def change(self, values: Sequence[Fraction], tone: Tone) -> Cell:
        return change_cell(values, self._words, self._instrument.places, tone)

    def whole_change(self, values: Sequence[Fraction]) -> Cell:
        places = self._instrument.places
        texts = dict.fromkeys(signed_whole(value, self._words, places) for value in values)
        return Cell("..".join(texts), Tone.STRONG if any(values) else Tone.FAINT)

    def predicate(self, cards: Sequence[Scorecard]) -> Cell:
        """Return a predicate without what follows in brackets; a range is said below the table."""
        lowest, highest = cards[0].predicate, cards[-1].predicate
        if lowest != highest:
            return Cell("")
        cell = predicate_cell(self._instrument, lowest)
        return cell._replace(text=lowest.name.partition(" (")[0])

    def way(self, cards: Sequence[Scorecard]) -> Cell:
        places = self._instrument.places
        ways = [card.verdict.distance for card in cards]
        texts = ["-" if way is None else self._needed(way, places) for way in ways]
        return Cell("..".join(dict.fromkeys(texts)))

    def _needed(self, way: Fraction, places: int) -> str:
        places = enough_places(way, places)
        return self._words.number(rounded_up(way, places), places)


def _below(imagined: Imagined, words: Words) -> Iterator[Line]:
    if not imagined.result.changes:
        yield Line(_nothing(words), Tone.FAIR)
    if len(imagined.ends) > 1:
        yield Line(_missing(imagined, words), Tone.FAIR)
        return
    (only,) = imagined.ends
    yield predicate_line(only.before, only.after, words)
    yield Line(next_text(only.after, words))
    named = ((words("Before"), only.before), (words("After"), only.after))
    yield from bases_lines(named, words)


def _nothing(words: Words) -> str:
    return words("Nothing changes: the levels asked for are there already")


def _missing(imagined: Imagined, words: Words) -> str:
    """Return what the levels that are still missing leave possible, or that none are."""
    lowest, highest = (end.after for end in (imagined.ends[0], imagined.ends[-1]))
    codes = imagined.result.reading.assessment.missing
    if not codes:
        codes = imagined.before.assessment.missing
        return words(
            "{count} {count:level is|levels are} missing before the change ({indicators}); "
            "{predicate} after it",
            count=str(len(codes)),
            indicators=imagined.before.instrument.listed(codes),
            predicate=highest.predicate.name,
        )
    return words(
        "levels missing: {count} ({indicators}); possible: {predicates}",
        count=str(len(codes)),
        indicators=imagined.before.instrument.listed(codes),
        predicates=_span(lowest.predicate, highest.predicate, words),
    )


def _span(lowest: Predicate, highest: Predicate, words: Words) -> str:
    if lowest == highest:
        return lowest.name
    return words("{lowest} to {highest}", lowest=lowest.name, highest=highest.name)


def _name(imagined: Imagined) -> str:
    return imagined.result.scenario or "--set"
