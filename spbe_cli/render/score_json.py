"""`spbe-score/1`: results as JSON.

The shapes are typed dictionaries; schemas/spbe-score-1.schema.json is generated from them.
"""

from collections.abc import Collection, Sequence
from fractions import Fraction

from typing_extensions import TypedDict  # typing's own makes no JSON Schema before Python 3.12

from spbe_cli.core.assessment import Changed, Missing
from spbe_cli.core.instrument import Predicate
from spbe_cli.core.number import exact
from spbe_cli.core.score import (
    Bounds,
    GateOutcome,
    IndexGate,
    IndicatorScore,
    NodeScore,
    Result,
    Scorecard,
    Verdict,
)
from spbe_cli.render.data import Head, PredicateShape, Value, head_of, predicate_of, value_of

__all__ = [
    "GateShape",
    "NextShape",
    "ScoreDocument",
    "ScoreResult",
    "gate_shapes",
    "next_of",
    "score_document",
]

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
        "gate": outcome.gate.option.removeprefix("--"),
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
