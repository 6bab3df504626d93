"""What changed between assessments, node by node, and whether anything fell too far.

With one instrument the change of the index is the sum over the indicators of change of level times
weight, divided by all weight. So the contributions of indicators, of aspects and of domains each
add up to it exactly, whatever order they are taken in.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from spbe_cli.core.instrument import Group, Indicator
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.core.scoring import Scorecard

__all__ = [
    "Comparison",
    "DropGate",
    "DropOutcome",
    "IndicatorChange",
    "NodeChange",
    "Trend",
    "check_drops",
    "compare",
    "trend",
]


class NodeChange(NamedTuple):
    """A domain or aspect: its index before and after, and its part of the whole change."""

    group: Group
    parent: str | None
    before: Fraction
    after: Fraction
    contribution: Fraction

    @property
    def delta(self) -> Fraction:
        """The change of the node's own index."""
        return self.after - self.before


class IndicatorChange(NamedTuple):
    """An indicator: its level before and after, and its part of the whole change, in points."""

    indicator: Indicator
    before: Fraction
    after: Fraction
    contribution: Fraction

    @property
    def delta(self) -> Fraction:
        """The change of the level."""
        return self.after - self.before


class Comparison(NamedTuple):
    """Two scorecards, and the change of the index from one to the other, split up.

    `groups` and `indicators` hold every node, the unchanged ones too, in the instrument's order.
    They are empty where the two instruments differ in structure, weights or scale: then only
    index and predicate compare.
    """

    before: Scorecard
    after: Scorecard
    comparable: bool
    groups: tuple[NodeChange, ...] = ()
    indicators: tuple[IndicatorChange, ...] = ()

    @property
    def delta(self) -> Fraction:
        """The change of the index."""
        return self.after.index - self.before.index

    @property
    def changed(self) -> tuple[IndicatorChange, ...]:
        """The indicators whose level is another one."""
        return tuple(item for item in self.indicators if item.before != item.after)

    @property
    def risen(self) -> tuple[IndicatorChange, ...]:
        """The indicators whose level rose, the largest contribution first."""
        rises = [item for item in self.indicators if item.after > item.before]
        return tuple(sorted(rises, key=lambda item: -item.contribution))

    @property
    def fallen(self) -> tuple[IndicatorChange, ...]:
        """The indicators whose level fell, the largest loss first."""
        falls = [item for item in self.indicators if item.after < item.before]
        return tuple(sorted(falls, key=lambda item: item.contribution))


class Trend(NamedTuple):
    """Several scorecards in their order: each compared with the one before, and last with first."""

    cards: tuple[Scorecard, ...]
    changes: tuple[Comparison, ...]
    whole: Comparison


class DropGate(NamedTuple):
    """The most that the index may fall, of the whole (`node` None) or of a domain or aspect."""

    most: Fraction = Fraction(0)
    node: str | None = None
    option: str = "--max-drop"


class DropOutcome(NamedTuple):
    """How a comparison stands to a gate. `over_by` is in points, None where the gate is met."""

    gate: DropGate
    comparison: Comparison
    before: Fraction
    after: Fraction
    over_by: Fraction | None

    @property
    def met(self) -> bool:
        """Whether the comparison passes."""
        return self.over_by is None

    @property
    def fall(self) -> Fraction:
        """The points that were lost; negative where they were gained."""
        return self.before - self.after


def compare(before: Scorecard, after: Scorecard) -> Comparison:
    """Return the change from one scorecard to another, split into contributions.

    Contributions are in points of the index and exact; those of the indicators, of the innermost
    groups and of the outermost groups each add up to `delta`.
    """
    old, new = before.instrument, after.instrument
    if (old.groups, old.scale) != (new.groups, new.scale):
        return Comparison(before, after, comparable=False)
    groups = tuple(
        NodeChange(was.group, was.parent, was.index, now.index, now.contribution - was.contribution)
        for was, now in zip(before.nodes, after.nodes, strict=True)
    )
    indicators = tuple(
        IndicatorChange(was.indicator, was.level, now.level, now.contribution - was.contribution)
        for was, now in zip(before.indicators, after.indicators, strict=True)
    )
    return Comparison(before, after, comparable=True, groups=groups, indicators=indicators)


def trend(cards: Sequence[Scorecard]) -> Trend:
    """Return the changes from each scorecard to the next, and from the first to the last.

    Raises:
        ValueError: if there are fewer than two.
    """
    if len(cards) <= 1:
        raise ValueError("a trend needs two scorecards")
    changes = tuple(compare(before, after) for before, after in pairwise(cards))
    return Trend(tuple(cards), changes, compare(cards[0], cards[-1]))


def check_drops(
    gates: Iterable[DropGate], comparison: Comparison
) -> tuple[list[DropOutcome], list[Problem]]:
    """Return how a comparison stands to every gate, and the gates that make no sense for it."""
    outcomes: list[DropOutcome] = []
    problems: list[Problem] = []
    for gate in gates:
        outcome = _outcome(gate, comparison)
        if isinstance(outcome, DropOutcome):
            outcomes.append(outcome)
        else:
            problems.append(outcome)
    return outcomes, problems


def _outcome(gate: DropGate, comparison: Comparison) -> DropOutcome | Problem:
    before, after = comparison.before.index, comparison.after.index
    if gate.node is not None:
        instrument = comparison.before.instrument
        code = instrument.group_code(gate.node)
        if code is None:
            values = {"found": gate.node, "known": ", ".join(instrument.node_by_code)}
            return Problem("gate-unknown-node", Place(gate.option), values, Severity.USAGE)
        if not comparison.comparable:
            values = {"found": gate.node, "before": instrument.id}
            values["after"] = comparison.after.instrument.id
            return Problem("gate-not-comparable", Place(gate.option), values, Severity.USAGE)
        before = comparison.before.index_at(code)
        after = comparison.after.index_at(code)
    over_by = before - after - gate.most
    return DropOutcome(gate, comparison, before, after, over_by if over_by > 0 else None)
