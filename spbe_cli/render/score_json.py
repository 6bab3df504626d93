"""`spbe-score/1`: results as JSON. Numbers are strings, so that nothing is lost; no clock, no host.

The shapes are typed dictionaries; schemas/spbe-score-1.schema.json is generated from them.
"""

import json
from collections.abc import Sequence
from fractions import Fraction

from typing_extensions import TypedDict  # typing's own makes no JSON Schema before Python 3.12

from spbe_cli.core.assessment import Missing
from spbe_cli.core.gates import GateOutcome, IndexGate
from spbe_cli.core.instrument import Predicate
from spbe_cli.core.number import exact, fixed
from spbe_cli.core.problem import Problem
from spbe_cli.core.result import Result
from spbe_cli.core.scoring import Bounds, IndicatorScore, NodeScore, Scorecard, Verdict

__all__ = ["ScoreDocument", "ScoreResult", "score_document", "to_json", "to_jsonl"]


FORMAT = "spbe-score/1"


class Value(TypedDict):
    """An index: exact (a decimal, or a fraction such as 991/300) and as shown."""

    exact: str
    rounded: str


class PredicateShape(TypedDict):
    """The predicate, the basis that decided it, and what each basis gives."""

    name: str
    basis: str
    exact_name: str
    rounded_name: str


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


class ChangeShape(TypedDict):
    """A level changed with --set."""

    indicator: str
    before: str | None
    after: str


class NoticeShape(TypedDict):
    """What must be known with the result: a problem code and its values."""

    code: str
    values: dict[str, str]


class SourceShape(TypedDict):
    """The file, as named, and the SHA-256 of its bytes."""

    path: str
    sha256: str


class ScoreResult(TypedDict):
    """The score of one assessment."""

    institution: str | None
    category: str | None
    province: str | None
    year: int | None
    stage: str | None
    instrument: str
    chosen_by: str
    index: Value | None
    predicate: PredicateShape | None
    next: NextShape | None
    bounds: BoundsShape | None
    groups: list[GroupShape]
    indicators: list[IndicatorShape]
    changes: list[ChangeShape]
    notices: list[NoticeShape]
    source: SourceShape | None


class GateShape(TypedDict):
    """A gate and how one result stands to it; `short_by` is null where it is met."""

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
        "gates": [_gate(outcome) for outcome in gates],
    }


def to_json(document: ScoreDocument) -> str:
    """Return one JSON object, indented, names as they are."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def to_jsonl(results: Sequence[Result], gates: Sequence[GateOutcome]) -> str:
    """Return one line a result, each with its format and its gates."""
    lines = []
    for result in results:
        mine = [_gate(outcome) for outcome in gates if outcome.result is result]
        line = {"format": FORMAT, **_result(result), "gates": mine}
        lines.append(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    return "".join(lines)


def _result(result: Result) -> ScoreResult:
    assessment = result.reading.assessment
    outcome = result.outcome
    card = result.lowest
    bounds = outcome if isinstance(outcome, Bounds) else None
    open_nodes = _open_nodes(bounds) if bounds else frozenset()
    source = assessment.source
    return {
        "institution": assessment.institution,
        "category": assessment.category,
        "province": assessment.province,
        "year": assessment.year,
        "stage": assessment.stage,
        "instrument": assessment.instrument,
        "chosen_by": result.reading.chosen_by,
        "index": None if bounds else _value(card, card.index),
        "predicate": None if bounds else _predicate(card.verdict),
        "next": None if bounds else _next(card.verdict),
        "bounds": _bounds(bounds) if bounds else None,
        "groups": [_group(card, node, open_nodes) for node in card.nodes],
        "indicators": [_indicator(score) for score in card.indicators],
        "changes": [
            {
                "indicator": change.indicator.code,
                "before": None if isinstance(change.before, Missing) else exact(change.before),
                "after": exact(change.after),
            }
            for change in result.changes
        ],
        "notices": [_notice(problem) for problem in result.reading.notices],
        "source": {"path": source.path, "sha256": source.sha256} if source else None,
    }


def _open_nodes(bounds: Bounds) -> frozenset[str]:
    """Return the groups that hold a missing level."""
    below = bounds.lowest.instrument.node_by_code
    missing = set(bounds.missing)
    return frozenset(
        code for code, members in below.items() if missing & {member.code for member in members}
    )


def _value(card: Scorecard, value: Fraction) -> Value:
    return {"exact": exact(value), "rounded": fixed(value, card.instrument.places)}


def _predicate(verdict: Verdict) -> PredicateShape:
    return {
        "name": verdict.name,
        "basis": verdict.basis,
        "exact_name": verdict.by_exact.name,
        "rounded_name": verdict.by_rounded.name,
    }


def _next(verdict: Verdict) -> NextShape | None:
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
        "lowest": _value(bounds.lowest, bounds.lowest.index),
        "highest": _value(bounds.highest, bounds.highest.index),
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
        "index": None if is_open else _value(card, node.index),
        "contribution": None if is_open else exact(node.contribution),
    }


def _indicator(score: IndicatorScore) -> IndicatorShape:
    missing = isinstance(score.entry.level, Missing)
    return {
        "code": score.indicator.code,
        "name": score.indicator.name,
        "weight": exact(score.indicator.weight),
        "level": None if missing else exact(score.level),
        "contribution": None if missing else exact(score.contribution),
    }


def _notice(problem: Problem) -> NoticeShape:
    return {
        "code": problem.code,
        "values": {key: str(value) for key, value in problem.values.items()},
    }


def _gate(outcome: GateOutcome) -> GateShape:
    assessment = outcome.result.reading.assessment
    return {
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
