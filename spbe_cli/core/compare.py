"""What changed between assessments, two of them or a series; and how two instruments differ.

With one instrument the change of the index is the sum over the indicators of change of level times
weight, divided by all weight. So the contributions of indicators, of aspects and of domains each
add up to it exactly, whatever order they are taken in.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from spbe_cli.core.assessment import Stage
from spbe_cli.core.instrument import Group, Indicator, Instrument
from spbe_cli.core.number import fixed
from spbe_cli.core.problem import NOWHERE, Place, Problem, Severity, errors_of
from spbe_cli.core.score import Points, Reading, Scorecard, Target, points_shown, score
from spbe_cli.core.shown import Presented


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


@dataclass(frozen=True, slots=True, repr=False)
class Comparison(Presented):
    """Two scorecards, and the change of the index from one to the other, split up.

    `groups` and `indicators` hold every node, the unchanged ones too, in the instrument's order.
    They are empty where the two instruments differ in structure, weights or scale: then only
    index and predicate compare. Where the index has another name or other thresholds (SPBE and
    Pemdi), nothing does: the two stand side by side.
    """

    before: Scorecard
    after: Scorecard
    comparable: bool
    groups: tuple[NodeChange, ...] = ()
    indicators: tuple[IndicatorChange, ...] = ()

    def _brief(self) -> str:
        one, other = (
            f"{card.assessment.who}: {fixed(card.index, card.instrument.places)}"
            for card in (self.before, self.after)
        )
        places = self.after.instrument.places
        change = "no difference" if self.delta is None else fixed(self.delta, places, sign=True)
        return f"{one}; {other}; {change}"

    @property
    def is_one_index(self) -> bool:
        """Whether both sides are the same index, so that there is a difference between them."""
        return is_one_index(self.before.instrument, self.after.instrument)

    @property
    def delta(self) -> Fraction | None:
        """The change of the index, None between two different ones."""
        return self.after.index - self.before.index if self.is_one_index else None

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
    kind: str = "max-drop"
    place: Place = NOWHERE


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
    if not is_one_index(old, new) or (old.groups, old.scale) != (new.groups, new.scale):
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


def is_one_index(before: Instrument, after: Instrument) -> bool:
    """Return whether two instruments measure one index, by its name and its thresholds."""
    thresholds = ([each.threshold for each in one.predicates] for one in (before, after))
    return before.index_name == after.index_name and next(thresholds) == next(thresholds)


def points_between(comparison: Comparison) -> Points:
    """Return the contributions of domains and aspects as they are shown, adding up.

    They are those of one instrument: a ValueError where the two sides do not compare.
    """
    if comparison.delta is None or not comparison.comparable:
        raise ValueError("contributions between different instruments")
    return points_shown(
        comparison.after.instrument,
        comparison.delta,
        {node.group.code: node.contribution for node in comparison.groups},
        {item.indicator.code: item.contribution for item in comparison.indicators},
        with_indicators=False,
    )


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
    instrument = comparison.before.instrument
    if not comparison.is_one_index:
        sides = {"before": instrument, "after": comparison.after.instrument}
        values = {side: f"{each.index_name} ({each.id})" for side, each in sides.items()}
        return Problem("gate-other-index", gate.place, values, Severity.USAGE)
    if gate.node is not None:
        group = instrument.find(gate.node)
        if not isinstance(group, Group):
            values = {"found": gate.node, "known": ", ".join(instrument.node_by_code)}
            return Problem("gate-unknown-node", gate.place, values, Severity.USAGE)
        if not comparison.comparable:
            values = {"found": gate.node, "before": instrument.id}
            values["after"] = comparison.after.instrument.id
            return Problem("gate-not-comparable", gate.place, values, Severity.USAGE)
        before = comparison.before.index_at(group.code)
        after = comparison.after.index_at(group.code)
    over_by = before - after - gate.most
    return DropOutcome(gate, comparison, before, after, over_by if over_by > 0 else None)


class TargetOutcome(NamedTuple):
    """How an index stands to a target: `by` points above the `least` exact index, or below."""

    target: Target
    least: Fraction
    by: Fraction

    @property
    def met(self) -> bool:
        """Whether the target is reached."""
        return self.by >= 0


class Series(NamedTuple):
    """The readings of one institution in their order, compared."""

    readings: tuple[Reading, ...]
    trend: Trend
    target: TargetOutcome | None = None
    drops: tuple[DropOutcome, ...] = ()

    @property
    def last_step(self) -> Comparison:
        """The last reading against the one before it, which gates look at."""
        return self.trend.changes[-1]

    @property
    def is_verdict(self) -> bool:
        """Whether this is what assessors made of a self-assessment, and no passing of time."""
        first, last = self.readings[0].assessment, self.readings[-1].assessment
        by_others = last.stage not in (None, Stage.TARGET, Stage.SELF)
        return first.stage is Stage.SELF and by_others and first.year == last.year


def series_of(readings: Sequence[Reading]) -> Series:
    """Return the readings of one institution, scored and compared in their order.

    Raises:
        ValueError: if there are fewer than two.
        MissingLevelError: if one has a missing level.
    """
    cards = [score(reading.instrument, reading.assessment) for reading in readings]
    return Series(tuple(readings), trend(cards))


def target_met(target: Target, card: Scorecard) -> TargetOutcome:
    """Return by how much a score exceeds or misses a target.

    Either is a least exact index: that of a predicate follows from the basis of the year.
    """
    least = target.least(card.instrument, card.assessment.year)
    return TargetOutcome(target, least, card.index - least)


def points_of(changes: Iterable[IndicatorChange]) -> Fraction:
    """Return what indicators add to the change of the index together, in points."""
    return sum((change.contribution for change in changes), Fraction(0))


def matched(
    sides: Sequence[Sequence[Reading]],
) -> tuple[list[tuple[Reading, ...]], list[Problem]]:
    """Return the readings that belong together, and what is to be said of the others.

    One reading on every side belongs together whatever it is called; otherwise the name of the
    institution decides. One that is on a single side only is left out, and said.
    """
    if all(len(side) == 1 for side in sides):
        readings = tuple(side[0] for side in sides)
        return [readings], _differing(readings)
    problems = [problem for side in sides for problem in _twice(side)]
    by_name = [{_folded(reading): reading for reading in side} for side in sides]
    groups: list[tuple[Reading, ...]] = []
    for name in dict.fromkeys(name for side in by_name for name in side):
        found = tuple(side[name] for side in by_name if name in side)
        if len(found) > 1:
            groups.append(found)
    problems += _unmatched(by_name)
    if not groups and not errors_of(problems):
        problems.append(Problem("compare-no-match", Place(), severity=Severity.USAGE))
    return groups, problems


def in_order_of_years(
    sides: Sequence[Sequence[Reading]],
) -> tuple[list[Sequence[Reading]], list[Problem]]:
    """Return the sides in the order of their years, and that they were given in another one.

    As they are given where one names no year.
    """
    years = [[reading.assessment.year for reading in side] for side in sides]
    known = [[year for year in side if year is not None] for side in years]
    if years != known or not all(known):
        return list(sides), []
    order = sorted(range(len(sides)), key=lambda at: max(known[at]))
    if order == list(range(len(sides))):
        return list(sides), []
    given, taken = (", ".join(str(max(known[at])) for at in o) for o in (range(len(sides)), order))
    values = {"given": given, "taken": taken}
    notice = Problem("years-reordered", Place(_path(sides[0][0])), values, Severity.NOTICE)
    return [sides[at] for at in order], [notice]


def said_of(readings: Sequence[Reading]) -> list[Problem]:
    """Return what must be known of sheets that are compared: other stages, or one sheet twice."""
    problems = []
    for before, after in pairwise(readings):
        if are_one_sheet(before, after):
            problems.append(_nothing_changed(_path(before), _path(after)))
        elif stages_differ(before, after):
            problems.append(stages_differ_notice(before, after))
    return problems


def _nothing_changed(first: str, file: str) -> Problem:
    """Return the notice that a file is compared with itself, or with its copy elsewhere."""
    if file == first:
        return Problem("compared-with-itself", Place(file), {"file": file}, Severity.NOTICE)
    values = {"file": file, "first": first}
    return Problem("compared-with-copy", Place(file), values, Severity.NOTICE)


def stages_differ(before: Reading, after: Reading) -> bool:
    """Return whether two years are held at different stages; those of one year are a verdict."""
    one, other = before.assessment, after.assessment
    known = one.stage is not None and other.stage is not None
    return known and one.stage is not other.stage and one.year != other.year


def stages_differ_notice(before: Reading, after: Reading) -> Problem:
    """Return that the stages of two sheets differ."""
    values = {
        "stage": str(after.assessment.stage),
        "earlier": str(before.assessment.stage),
        "year": str(after.assessment.year or "-"),
        "earlier_year": str(before.assessment.year or "-"),
    }
    return Problem("stages-differ", Place(_path(after)), values, Severity.NOTICE)


def are_one_sheet(before: Reading, after: Reading) -> bool:
    """Return whether two readings are the same stage of the same bytes."""
    one, other = before.assessment, after.assessment
    return (
        one.source is not None
        and other.source is not None
        and one.source.content == other.source.content
        and (one.institution, one.year, one.stage) == (other.institution, other.year, other.stage)
    )


def _differing(readings: Sequence[Reading]) -> list[Problem]:
    names = dict.fromkeys(_name(reading) for reading in readings)
    if len({name.casefold() for name in names}) == 1:
        return []
    values = {"institutions": " / ".join(names)}
    place = Place(_path(readings[-1]))
    return [Problem("compare-other-institution", place, values, Severity.NOTICE)]


def _twice(side: Sequence[Reading]) -> list[Problem]:
    names = [_folded(reading) for reading in side]
    twice = {_folded(reading): reading for reading in side if names.count(_folded(reading)) > 1}
    return [
        Problem(
            "compare-repeated",
            Place(_path(reading)),
            {"institution": _name(reading)},
            Severity.USAGE,
        )
        for reading in twice.values()
    ]


def _unmatched(by_name: Sequence[dict[str, Reading]]) -> list[Problem]:
    """Name for each side the institutions that only others have."""
    every = {name: reading for side in by_name for name, reading in side.items()}
    problems = []
    for side in by_name:
        absent = [_name(reading) for name, reading in every.items() if name not in side]
        if absent:
            place = Place(_path(next(iter(side.values()))))
            values = {"institutions": ", ".join(absent), "count": str(len(absent))}
            problems.append(Problem("compare-unmatched", place, values, Severity.NOTICE))
    return problems


def _folded(reading: Reading) -> str:
    return " ".join(_name(reading).casefold().split())


def _name(reading: Reading) -> str:
    return reading.assessment.institution or "-"


def _path(reading: Reading) -> str:
    return reading.assessment.source.path if reading.assessment.source else ""


class NodeFacts(NamedTuple):
    """What an instrument says of one node."""

    name: str
    weight: Fraction
    parent: str | None


class NodeDifference(NamedTuple):
    """A domain, aspect or indicator that is not the same in both; None where it is not there."""

    kind: str
    code: str
    before: NodeFacts | None
    after: NodeFacts | None


class Difference(NamedTuple):
    """Two instruments and every node that differs, groups first."""

    before: Instrument
    after: Instrument
    nodes: tuple[NodeDifference, ...]


def difference(before: Instrument, after: Instrument) -> Difference:
    """Return the nodes whose name, weight or parent differs, matched by kind and code."""
    old, new = dict(_facts(before)), dict(_facts(after))
    nodes = [
        NodeDifference(kind, code, old.get((kind, code)), new.get((kind, code)))
        for kind, code in dict.fromkeys([*old, *new])
        if old.get((kind, code)) != new.get((kind, code))
    ]
    nodes.sort(key=lambda node: node.kind == "indicator")
    return Difference(before, after, tuple(nodes))


def _facts(instrument: Instrument) -> Iterator[tuple[tuple[str, str], NodeFacts]]:
    for group, parent, _ in instrument.nodes:
        yield (group.kind, group.code), NodeFacts(group.name, group.weight, parent)
        for indicator in group.indicators:
            facts = NodeFacts(indicator.name, indicator.weight, group.code)
            yield ("indicator", indicator.code), facts
