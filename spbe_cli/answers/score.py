"""The answer of `spbe score`: page, CSV and JSON.

The shapes are typed dictionaries; schemas/spbe-score-1.schema.json is generated from them.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from fractions import Fraction

from typing_extensions import TypedDict  # typing's own makes no JSON Schema before Python 3.12

from spbe_cli.answers.shared import (
    Head,
    PredicateShape,
    Value,
    head_of,
    notices_of,
    predicate_of,
    value_of,
)
from spbe_cli.core.assessment import Assessment, Changed, Missing
from spbe_cli.core.instrument import Basis, Instrument, Predicate, Status
from spbe_cli.core.number import exact, fixed, telling_places
from spbe_cli.core.score import (
    Bounds,
    ChosenBy,
    GateOutcome,
    IndexGate,
    IndicatorScore,
    NodeScore,
    Reading,
    Result,
    Scorecard,
    Verdict,
)
from spbe_cli.formats.blocks import Cell, Column, Line, Page, Row, Tone, visible
from spbe_cli.words import Words


def score_page(
    result: Result, words: Words, *, with_indicators: bool = False, exact: bool = False
) -> Page:
    """Return the page of a result.

    `with_indicators` adds a row for each indicator under its aspect, with its contribution to the
    index in points; `exact` shows every value with nothing lost.
    """
    layout = _Layout(result, words, with_indicators=with_indicators, exact=exact)
    return Page(
        heading=heading_of(result.reading, words),
        above=list(above_of(result.reading, words)),
        columns=layout.columns(),
        rows=list(layout.rows()),
        below=list(_below(result, words)),
    )


def heading_of(reading: Reading, words: Words) -> str:
    """Return who and when: `Pemerintah Kota Bandar Lampung, 2023, final`."""
    return name_of(reading.assessment, words)


def name_of(assessment: Assessment, words: Words) -> str:
    """Return who and when of an assessment, in the form of `heading_of`."""
    source = assessment.source.path if assessment.source else ""
    parts = [assessment.institution or source, assessment.year, _stage(assessment.stage, words)]
    return visible(", ".join(str(part) for part in parts if part))


def step_text(before: Fraction, after: Fraction, words: Words) -> str:
    """Return a change of level: `1 to 4`."""
    return words("{before} to {after}", before=words.exact(before), after=words.exact(after))


def tone_of(instrument: Instrument, predicate: Predicate) -> Tone:
    """Return the tone of a predicate: the upper two good, the lowest poor, others fair."""
    place = instrument.predicates.index(predicate)
    if place < 2:  # noqa: PLR2004
        return Tone.GOOD
    return Tone.POOR if place == len(instrument.predicates) - 1 else Tone.FAIR


def _stage(stage: str | None, words: Words) -> str:
    return words(f"stage {stage}") if stage else ""


def above_of(reading: Reading, words: Words) -> Iterator[Line]:
    """Yield the lines under a heading: the instrument, what chose it, and whether it is certain."""
    instrument, year = reading.instrument, str(reading.assessment.year)
    basis = instrument.references[0].title if instrument.references else instrument.title
    said = words(
        {
            ChosenBy.OPTION: "Instrument {id} ({basis}), as asked for",
            ChosenBy.FILE: "Instrument {id} ({basis}), named in the file",
            ChosenBy.YEAR: "Instrument {id} ({basis}), chosen by the year {year}",
            ChosenBy.DEFAULT: "Instrument {id} ({basis}), the default without a year",
        }[reading.chosen_by],
        id=instrument.id,
        basis=basis,
        year=year,
    )
    yield Line(said, Tone.FAINT)
    if instrument.status is Status.PROVISIONAL:
        yield Line(words("PROVISIONAL: the weights and thresholds are not confirmed"), Tone.POOR)


class _Layout:
    """Columns and rows of one result; the range of missing levels takes two index columns."""

    def __init__(self, result: Result, words: Words, *, with_indicators: bool, exact: bool) -> None:
        self._words = words
        self._outcome = result.outcome
        self._card = result.lowest
        self._instrument = result.reading.instrument
        self._with_indicators = with_indicators
        self._exact = exact
        self._has_points = with_indicators and not isinstance(result.outcome, Bounds)

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
        if self._has_points:
            columns.append(Column(words("Points"), numeric=True))
        return [*columns, Column(words("Predicate"))]

    def rows(self) -> Iterator[Row]:
        depths: dict[str | None, int] = {None: -1}
        by_code = {score.indicator.code: score for score in self._card.indicators}
        for place, node in enumerate(self._card.nodes):
            depth = depths[node.group.code] = depths[node.parent] + 1
            yield self._node_row(place, node, depth)
            if self._with_indicators:
                for indicator in node.group.indicators:
                    yield self._indicator_row(by_code[indicator.code], depth + 1)
        yield self._total_row()

    def _node_row(self, place: int, node: NodeScore, depth: int) -> Row:
        group, tone = node.group, Tone.STRONG if depth == 0 and node.group.groups else Tone.PLAIN
        if isinstance(self._outcome, Bounds):
            upper = self._outcome.highest.nodes[place]
            index = [node.index, upper.index]
            predicate = self._span(node.predicate, upper.predicate)
        else:
            index = [node.index]
            predicate = self._verdict(node.predicate)
        cells = [
            Cell(group.code, tone),
            Cell(group.name, tone),
            Cell(self._words.weight(group.weight)),
        ]
        cells += [Cell(self._value(value), tone) for value in index]
        return Row((*cells, *self._points(node.contribution), predicate), depth)

    def _indicator_row(self, score: IndicatorScore, depth: int) -> Row:
        indicator, words = score.indicator, self._words
        names = self._instrument.scale.names.get(indicator.capability or "", {})
        outcome = self._outcome
        missing = isinstance(outcome, Bounds) and indicator.code in outcome.missing
        level = words("missing") if missing else words.exact(score.level)
        points = self._points(score.contribution)
        cells = [Cell(text, Tone.FAINT) for text in (indicator.code, indicator.name)]
        cells += [Cell(words.weight(indicator.weight), Tone.FAINT)]
        cells += [Cell(level)] * (2 if isinstance(self._outcome, Bounds) else 1)
        name = "" if missing else names.get(score.level, "")
        return Row((*cells, *points, Cell(name, Tone.FAINT)), depth)

    def _total_row(self) -> Row:
        strong = Tone.STRONG
        words, outcome = self._words, self._outcome
        cards = [outcome.lowest, outcome.highest] if isinstance(outcome, Bounds) else [outcome]
        name = Cell(self._instrument.index_name, strong)
        return Row(
            (
                Cell(""),
                name,
                Cell(words.weight(self._instrument.weight)),
                *(Cell(self._value(card.index), strong) for card in cards),
                *self._points(cards[0].index),
                self._span(cards[0].predicate, cards[-1].predicate),
            ),
            section=True,
        )

    def _points(self, contribution: Fraction) -> list[Cell]:
        return [Cell(self._value(contribution))] if self._has_points else []

    def _value(self, value: Fraction) -> str:
        if self._exact:
            return self._words.exact(value)
        return self._words.number(value, self._instrument.places)

    def _verdict(self, predicate: Predicate) -> Cell:
        return Cell(predicate.name, tone_of(self._instrument, predicate))

    def _span(self, lowest: Predicate, highest: Predicate) -> Cell:
        if lowest == highest:
            return self._verdict(lowest)
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
    cards = [outcome.lowest, outcome.highest] if isinstance(outcome, Bounds) else [outcome]
    for card in cards:
        yield from bases_lines(card, words)


def bases_lines(card: Scorecard, words: Words) -> Iterator[Line]:
    """Yield what must be said where the exact and the rounded index give different predicates."""
    if card.verdict.bases_differ:
        yield Line(bases_text(card, words), Tone.FAIR)


def next_text(card: Scorecard, words: Words) -> str:
    """Return the way to the next predicate, or that there is none above."""
    verdict, places = card.verdict, card.instrument.places
    if verdict.next is None or verdict.distance is None or verdict.next.threshold is None:
        return words("{predicate} is the highest predicate", predicate=verdict.name)
    return words(
        "{points} points to {predicate} ({threshold})",
        points=words.number(verdict.distance, telling_places(verdict.distance, places)),
        predicate=verdict.next.name,
        threshold=words.number(verdict.next.threshold, places),
    )


def bases_text(card: Scorecard, words: Words) -> str:
    """Return what the exact and the rounded index say where they give different predicates."""
    verdict = card.verdict
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
        exact=words.exact(card.index),
        rounded=words.number(card.index, card.instrument.places),
        by_exact=verdict.by_exact.name,
        by_rounded=verdict.by_rounded.name,
    )


HEAD = ("institution", "category", "province", "year", "stage", "instrument", "index", "predicate")
"""The headings before those of domains and aspects."""


def score_rows(results: Sequence[Result], *, with_exact: bool = False) -> Iterator[list[str]]:
    """Yield a header and a row a result, values rounded, or exact with `with_exact`.

    The last column holds the codes of the result's notices. Where levels are missing an index is
    a range, `2.15..2.31`, and so is the predicate.
    """
    codes = list(dict.fromkeys(n.group.code for r in results for n in r.lowest.nodes))
    yield [*HEAD, *codes, "notices"]
    for result in results:
        yield list(_cells(result, codes, with_exact=with_exact))


def _cells(result: Result, codes: Sequence[str], *, with_exact: bool) -> Iterator[str]:
    assessment, places = result.reading.assessment, result.reading.instrument.places
    show = exact if with_exact else lambda value: fixed(value, places)
    outcome = result.outcome
    cards = [outcome.lowest, outcome.highest] if isinstance(outcome, Bounds) else [outcome]
    yield from (str(part or "") for part in (assessment.institution, assessment.category))
    yield from (str(part or "") for part in (assessment.province, assessment.year))
    yield from (str(assessment.stage or ""), assessment.instrument)
    yield _span([card.index for card in cards], show)
    yield "..".join(dict.fromkeys(card.predicate.name for card in cards))
    by_code = [{node.group.code: node.index for node in card.nodes} for card in cards]
    for code in codes:
        yield _span([at[code] for at in by_code if code in at], show)
    yield notices_of(result.reading, *cards)


def _span(values: Sequence[Fraction], show: Callable[[Fraction], str]) -> str:
    return "..".join(dict.fromkeys(show(value) for value in values))


FORMAT = "spbe-score/1"


class NextShape(TypedDict):
    """The next predicate and the points to it, from the index that the basis looks at."""

    name: str
    threshold: str
    distance: str


class BoundsShape(TypedDict):
    """What missing levels leave possible."""

    missing: list[str]
    lowest: Value
    highest: Value
    predicates: list[str]


class GroupShape(TypedDict):
    """A domain or aspect. `index` is null where a level below it is missing."""

    kind: str
    code: str
    parent: str | None
    name: str
    weight: str
    index: Value | None
    contribution: str | None


class IndicatorShape(TypedDict):
    """An indicator; `level` and `contribution` are null where the level is missing."""

    code: str
    name: str
    weight: str
    level: str | None
    contribution: str | None


ChangeShape = TypedDict("ChangeShape", {"indicator": str, "from": str | None, "to": str})
"""A level changed with --set."""


class ScoreResult(Head):
    """The score of one assessment."""

    index: Value | None
    predicate: PredicateShape | None
    next: NextShape | None
    bounds: BoundsShape | None
    groups: list[GroupShape]
    indicators: list[IndicatorShape]
    changes: list[ChangeShape]


class GateShape(TypedDict):
    """A gate and how one result (by its place, from 0) stands to it.

    `short_by` is null where it is met.
    """

    result: int
    gate: str
    node: str | None
    institution: str | None
    source: str | None
    expected: str
    found: str
    short_by: str | None
    met: bool


class ScoreDocument(TypedDict):
    """One run: every result, every gate."""

    format: str
    results: list[ScoreResult]
    gates: list[GateShape]


def score_document(results: Sequence[Result], gates: Sequence[GateOutcome]) -> ScoreDocument:
    """Return the whole run in the shape of `spbe-score/1`."""
    return {
        "format": FORMAT,
        "results": [_result(result) for result in results],
        "gates": gate_shapes(results, gates),
    }


def gate_shapes(results: Sequence[Result], gates: Sequence[GateOutcome]) -> list[GateShape]:
    """Return how each result stands to each gate."""
    places = {id(result): place for place, result in enumerate(results)}
    return [_gate(outcome, places[id(outcome.result)]) for outcome in gates]


def _result(result: Result) -> ScoreResult:
    outcome, card = result.outcome, result.lowest
    bounds = outcome if isinstance(outcome, Bounds) else None
    open_nodes = _open_nodes(bounds) if bounds else frozenset()
    missing = bounds.missing if bounds else ()
    return {
        **head_of(result.reading),
        "index": None if bounds else value_of(card.instrument, card.index),
        "predicate": None if bounds else predicate_of(card.verdict),
        "next": None if bounds else next_of(card.verdict),
        "bounds": _bounds(bounds) if bounds else None,
        "groups": [_group(card, node, open_nodes) for node in card.nodes],
        "indicators": [_indicator(score, missing) for score in card.indicators],
        "changes": [_change(changed) for changed in result.changes],
    }


def _change(changed: Changed) -> ChangeShape:
    before = None if isinstance(changed.before, Missing) else exact(changed.before)
    return {"indicator": changed.indicator.code, "from": before, "to": exact(changed.after)}


def _open_nodes(bounds: Bounds) -> frozenset[str]:
    """Return the groups that hold a missing level."""
    below = bounds.lowest.instrument.node_by_code
    missing = set(bounds.missing)
    return frozenset(
        code for code, members in below.items() if missing & {member.code for member in members}
    )


def next_of(verdict: Verdict) -> NextShape | None:
    """Return the next predicate and the points to it; None at the top."""
    if verdict.next is None or verdict.distance is None or verdict.next.threshold is None:
        return None
    return {
        "name": verdict.next.name,
        "threshold": exact(verdict.next.threshold),
        "distance": exact(verdict.distance),
    }


def _bounds(bounds: Bounds) -> BoundsShape:
    return {
        "missing": list(bounds.missing),
        "lowest": value_of(bounds.lowest.instrument, bounds.lowest.index),
        "highest": value_of(bounds.highest.instrument, bounds.highest.index),
        "predicates": [predicate.name for predicate in bounds.predicates],
    }


def _group(card: Scorecard, node: NodeScore, open_nodes: frozenset[str]) -> GroupShape:
    group, is_open = node.group, node.group.code in open_nodes
    return {
        "kind": group.kind,
        "code": group.code,
        "parent": node.parent,
        "name": group.name,
        "weight": exact(group.weight),
        "index": None if is_open else value_of(card.instrument, node.index),
        "contribution": None if is_open else exact(node.contribution),
    }


def _indicator(score: IndicatorScore, codes_missing: Collection[str]) -> IndicatorShape:
    missing = score.indicator.code in codes_missing
    return {
        "code": score.indicator.code,
        "name": score.indicator.name,
        "weight": exact(score.indicator.weight),
        "level": None if missing else exact(score.level),
        "contribution": None if missing else exact(score.contribution),
    }


def _gate(outcome: GateOutcome, place: int) -> GateShape:
    assessment = outcome.result.reading.assessment
    return {
        "result": place,
        "gate": outcome.gate.kind,
        "node": outcome.gate.node if isinstance(outcome.gate, IndexGate) else None,
        "institution": assessment.institution,
        "source": assessment.source.path if assessment.source else None,
        "expected": _held(outcome.expected),
        "found": _held(outcome.found),
        "short_by": None if outcome.short_by is None else exact(outcome.short_by),
        "met": outcome.met,
    }


def _held(value: Fraction | Predicate) -> str:
    return value.name if isinstance(value, Predicate) else exact(value)
