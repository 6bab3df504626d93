"""Gates: the least that a result must reach, compared exactly, with by how much it fails.

A gate looks at the lowest score that missing levels leave possible, so that it passes only if it
passes for certain.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.instrument import Instrument, Predicate
from spbe_cli.core.number import NotANumberError, exact, parse
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.core.result import Result

__all__ = [
    "GateOutcome",
    "IndexGate",
    "PredicateGate",
    "check_gates",
    "find_predicate",
    "parse_node_gate",
]


class IndexGate(NamedTuple):
    """At least this exact index, of the whole (`node` None) or of a domain or aspect."""

    least: Fraction
    node: str | None = None
    option: str = "--min-index"


class PredicateGate(NamedTuple):
    """At least this predicate, on the basis of the assessment's year."""

    name: str
    option: str = "--min-predicate"


class GateOutcome(NamedTuple):
    """How a result stands to a gate. `short_by` is in points, None where the gate is met."""

    gate: IndexGate | PredicateGate
    result: Result
    expected: Fraction | Predicate
    found: Fraction | Predicate
    short_by: Fraction | None

    @property
    def met(self) -> bool:
        """Whether the result passes."""
        return self.short_by is None


def parse_node_gate(text: str) -> IndexGate | Problem:
    """Return the gate written as `D2=3.0`, or why it is none."""
    node, equals, least = text.partition("=")
    try:
        if equals and node.strip():
            return IndexGate(parse(least), node.strip(), "--min")
    except NotANumberError:
        pass
    return Problem("gate-wrong", Place("--min"), {"found": text}, Severity.USAGE)


def check_gates(
    gates: Iterable[IndexGate | PredicateGate], results: Iterable[Result]
) -> tuple[list[GateOutcome], list[Problem]]:
    """Return how every result stands to every gate, and the gates that make no sense for one."""
    gates = tuple(gates)
    outcomes: list[GateOutcome] = []
    problems: list[Problem] = []
    for result in results:
        for gate in gates:
            outcome = (
                _index_outcome(gate, result)
                if isinstance(gate, IndexGate)
                else _predicate_outcome(gate, result)
            )
            if isinstance(outcome, GateOutcome):
                outcomes.append(outcome)
            elif outcome not in problems:
                problems.append(outcome)
    return outcomes, problems


def _index_outcome(gate: IndexGate, result: Result) -> GateOutcome | Problem:
    card = result.lowest
    instrument, scale = card.instrument, card.instrument.scale
    if not scale.lowest <= gate.least <= scale.highest:
        values = {"found": exact(gate.least), "scale": str(scale)}
        return Problem("gate-off-scale", Place(gate.option), values, Severity.USAGE)
    if gate.node is None:
        found = card.index
    elif (code := instrument.group_code(gate.node)) is not None:
        found = card.index_at(code)
    else:
        values = {"found": gate.node, "known": ", ".join(instrument.node_by_code)}
        return Problem("gate-unknown-node", Place(gate.option), values, Severity.USAGE)
    short_by = gate.least - found if found < gate.least else None
    return GateOutcome(gate, result, gate.least, found, short_by)


def _predicate_outcome(gate: PredicateGate, result: Result) -> GateOutcome | Problem:
    card = result.lowest
    expected = find_predicate(card.instrument, gate.name)
    if expected is None:
        names = [predicate.name for predicate in card.instrument.predicates]
        values = {"found": gate.name, "known": ", ".join(names)}
        return Problem("predicate-unknown", Place(gate.option), values, Severity.USAGE)
    order = card.instrument.predicates
    met = order.index(card.predicate) <= order.index(expected)
    short_by = None if met else card.verdict.distance_to(expected)
    return GateOutcome(gate, result, expected, card.predicate, short_by)


def find_predicate(instrument: Instrument, name: str) -> Predicate | None:
    """Return the predicate of this name, however it is capitalised or hyphenated.

    `Baik` also finds `Baik (Berkembang)`, as pemdi-2026 calls it.
    """
    wanted = _folded(name)
    for predicate in instrument.predicates:
        if wanted in (_folded(predicate.name), _folded(predicate.name.partition("(")[0])):
            return predicate
    return None


def _folded(name: str) -> str:
    return " ".join(name.replace("-", " ").replace("_", " ").casefold().split())
