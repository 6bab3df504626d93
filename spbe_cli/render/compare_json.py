"""`spbe-compare/1`: what changed between score sheets, as JSON and as rows."""

from collections.abc import Iterator, Sequence

from typing_extensions import TypedDict  # typing's own makes no JSON Schema before Python 3.12

from spbe_cli.core.compare import (
    Comparison,
    DropOutcome,
    IndicatorChange,
    NodeChange,
    Series,
    TargetOutcome,
)
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import exact
from spbe_cli.core.score import Reading, Scorecard
from spbe_cli.render.data import Head, ScoreShape, Value, head_of, score_of, value_of

__all__ = ["CompareDocument", "compare_document", "compare_rows"]


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
        "index": value_of(instrument, outcome.target.least),
        "predicate": predicate.name if predicate else None,
        "by": value_of(instrument, outcome.by),
        "met": outcome.met,
    }


def _drop(outcome: DropOutcome, place: int) -> DropShape:
    assessment = outcome.comparison.after.assessment
    return {
        "result": place,
        "gate": outcome.gate.option.removeprefix("--"),
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
