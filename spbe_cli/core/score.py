"""The index: scorecards, results of sheets, and gates on them.

With consistent weights each formula of Permenpan RB 59/2020, annex I (aspect, domain, SPBE index)
equals the sum of level times weight over a node's indicators, divided by the sum of those weights:
so computes `core.units`. Nothing is rounded on the way.

A gate looks at the lowest score that missing levels leave possible, so that it passes only if it
passes for certain.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.assessment import Assessment, Changed, Entry, Missing, wrong_in
from spbe_cli.core.instrument import Basis, Group, Indicator, Instrument, Predicate
from spbe_cli.core.number import (
    NotANumberError,
    adding_places,
    apportioned,
    exact,
    fixed,
    is_number,
    parse,
    rounded,
)
from spbe_cli.core.problem import (
    NOWHERE,
    InvalidInputError,
    Place,
    Problem,
    Severity,
    nearest,
)
from spbe_cli.core.shown import Presented
from spbe_cli.core.units import WHOLE, least_index, least_index_on, units_of


class MissingLevelError(ValueError):
    """An indicator has no level, so there is no index. `codes` names them; see `score_bounds`."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        self.codes = codes
        super().__init__(f"no level for indicator {', '.join(codes)}")


class Verdict(NamedTuple):
    """A predicate, the basis that decided it, and what each basis would have said.

    `exact` is the exact index. `next` is the predicate above, None at the top.
    """

    instrument: Instrument
    exact: Fraction
    predicate: Predicate
    basis: Basis
    by_exact: Predicate
    by_rounded: Predicate
    next: Predicate | None

    def __repr__(self) -> str:
        """Return the predicate, its basis, and what each basis says."""
        both = f"exact: {self.by_exact.name}, rounded: {self.by_rounded.name}"
        return f"<Verdict {self.name} by the {self.basis} index ({both})>"

    @property
    def name(self) -> str:
        """The predicate's name."""
        return self.predicate.name

    @property
    def least(self) -> Fraction | None:
        """The least exact index that earns the next predicate, None at the top."""
        return self.least_for(self.next) if self.next is not None else None

    @property
    def distance(self) -> Fraction | None:
        """The points that the exact index lacks to the next predicate, None at the top."""
        return self.distance_to(self.next) if self.next is not None else None

    @property
    def spare(self) -> Fraction | None:
        """The points that can be lost without losing the predicate; None for the lowest."""
        held = self.predicate.threshold is not None
        return self.exact - self.least_for(self.predicate) if held else None

    def least_for(self, predicate: Predicate) -> Fraction:
        """Return the least exact index that earns a predicate on this basis."""
        return least_index_on(self.instrument, predicate, self.basis)

    def distance_to(self, predicate: Predicate) -> Fraction:
        """Return the points that the exact index lacks to a predicate, 0 where it is met."""
        return max(Fraction(0), self.least_for(predicate) - self.exact)

    @property
    def bases_differ(self) -> bool:
        """Whether the exact and the rounded index give different predicates."""
        return self.by_exact != self.by_rounded


class IndicatorScore(NamedTuple):
    """An indicator with its entry, and what it contributes to the index, in points."""

    indicator: Indicator
    entry: Entry
    level: Fraction
    contribution: Fraction


@dataclass(frozen=True, slots=True)
class NodeScore:
    """A domain or aspect: its index on the scale, and its contribution to the SPBE index.

    `predicate` holds its index against the same thresholds; the regulation itself gives one to the
    SPBE index only.
    """

    group: Group
    parent: str | None
    index: Fraction
    contribution: Fraction
    predicate: Predicate


@dataclass(frozen=True, slots=True, repr=False)
class Scorecard(Presented):
    """The whole result. `index` and every other number are exact; contributions add up to it."""

    instrument: Instrument
    assessment: Assessment
    index: Fraction
    verdict: Verdict
    nodes: tuple[NodeScore, ...]
    indicators: tuple[IndicatorScore, ...]

    def _brief(self) -> str:
        places = self.instrument.places
        return f"{self.assessment.who}: {fixed(self.index, places)} {self.predicate.name}"

    @property
    def predicate(self) -> Predicate:
        """The predicate on the basis of the assessment's year."""
        return self.verdict.predicate

    def index_at(self, code: str) -> Fraction:
        """Return the index of the domain or aspect `code`; KeyError if there is none."""
        for node in self.nodes:
            if node.group.code == code:
                return node.index
        raise KeyError(code)


class Points(NamedTuple):
    """Contributions as they are shown: with so many decimals they add up at every node."""

    places: int
    total: Fraction
    groups: Mapping[str, Fraction]
    indicators: Mapping[str, Fraction]


def points_shown(
    instrument: Instrument,
    total: Fraction,
    groups: Mapping[str, Fraction],
    indicators: Mapping[str, Fraction],
    *,
    with_indicators: bool = True,
) -> Points:
    """Return contributions by code as they are shown, so that they add up to the total as shown.

    Decimals are as many as show each as it is, the indicators' too where asked for, up to four; a
    third has no end, so there each is rounded to its side, from the whole downwards.
    """
    parts = (*groups.values(), *(indicators.values() if with_indicators else ()))
    places = adding_places((total, *parts), instrument.places, instrument.places + 2)
    shown: dict[str, Fraction] = {}
    shown_indicators: dict[str, Fraction] = {}

    def share_out(inner: Sequence[Group], whole: Fraction) -> None:
        values = apportioned([groups[group.code] for group in inner], whole, places)
        for group, value in zip(inner, values, strict=True):
            shown[group.code] = value
            if group.groups:
                share_out(group.groups, value)
            own = [indicators[each.code] for each in group.indicators]
            if own:
                codes = (each.code for each in group.indicators)
                shown_indicators.update(zip(codes, apportioned(own, value, places), strict=True))

    whole = rounded(total, places)
    share_out(instrument.groups, whole)
    return Points(places, whole, shown, shown_indicators)


def points_in(card: Scorecard, *, with_indicators: bool = True) -> Points:
    """Return what every node and indicator adds to the index, as it is shown."""
    return points_shown(
        card.instrument,
        card.index,
        {node.group.code: node.contribution for node in card.nodes},
        {item.indicator.code: item.contribution for item in card.indicators},
        with_indicators=with_indicators,
    )


class Bounds(NamedTuple):
    """The range that missing levels leave open: all of them lowest, all of them highest.

    `predicates` runs from the highest's to the lowest's, with whatever lies between.
    """

    lowest: Scorecard
    highest: Scorecard
    missing: tuple[str, ...]
    predicates: tuple[Predicate, ...]

    def __repr__(self) -> str:
        """Return who, both ends, and how many levels are missing."""
        lowest, highest = self.lowest, self.highest
        places, who = lowest.instrument.places, lowest.assessment.who
        ends = f"{fixed(lowest.index, places)} to {fixed(highest.index, places)}"
        return f"<Bounds {who}: {ends}, {len(self.missing)} missing>"


def verdict_on(instrument: Instrument, index: Fraction, year: int | None) -> Verdict:
    """Return the predicate of an index in a year, with both bases and the way to the next."""
    basis = instrument.basis_in(year).basis
    by_exact = instrument.predicate_of(index, Basis.EXACT)
    by_rounded = instrument.predicate_of(index, Basis.ROUNDED)
    predicate = by_exact if basis is Basis.EXACT else by_rounded
    place = instrument.predicates.index(predicate)
    above = instrument.predicates[place - 1] if place else None
    return Verdict(instrument, index, predicate, basis, by_exact, by_rounded, above)


def score(instrument: Instrument, assessment: Assessment) -> Scorecard:
    """Return the index, weight and contribution of every node, and the predicate.

    Args:
        instrument: the instrument whose codes the assessment uses.
        assessment: a level on the instrument's scale for every indicator.

    Raises:
        MissingLevelError: if a level is missing. A missing level is never counted as 0 and never
            drops out of the denominator: the regulation knows no "not applicable".
        InvalidInputError: if a level is off the scale, or the codes are not the instrument's.
    """
    wrong = wrong_in(instrument, assessment)
    if wrong:
        raise InvalidInputError(wrong)
    absent = [code for code in instrument.indicator_by_code if code not in assessment.entries]
    if absent or assessment.missing:
        raise MissingLevelError((*absent, *assessment.missing))
    levels = {
        code: entry.level
        for code, entry in assessment.entries.items()
        if not isinstance(entry.level, Missing)
    }
    units = units_of(instrument)
    found = units.indices([levels[each.code] for each in instrument.indicators])
    index = found[WHOLE]
    verdict = verdict_on(instrument, index, assessment.year)
    nodes = tuple(
        NodeScore(
            group,
            parent,
            at_node := found[group.code],
            at_node * group.weight / instrument.weight,
            instrument.predicate_of(at_node, verdict.basis),
        )
        for group, parent, _ in instrument.nodes
    )
    indicators = tuple(
        IndicatorScore(
            indicator,
            assessment.entries[indicator.code],
            level := levels[indicator.code],
            level * worth,
        )
        for indicator, worth in zip(instrument.indicators, units.worth, strict=True)
    )
    return Scorecard(instrument, assessment, index, verdict, nodes, indicators)


def score_bounds(instrument: Instrument, assessment: Assessment) -> Bounds:
    """Return the scores with every missing level at the scale's lowest, and at its highest."""
    missing = assessment.missing
    scale = instrument.scale
    lowest = score(instrument, assessment.with_levels(dict.fromkeys(missing, scale.lowest)))
    highest = score(instrument, assessment.with_levels(dict.fromkeys(missing, scale.highest)))
    top = instrument.predicates.index(highest.predicate)
    bottom = instrument.predicates.index(lowest.predicate)
    return Bounds(lowest, highest, missing, instrument.predicates[top : bottom + 1])


class ChosenBy(StrEnum):
    """What decided which instrument an assessment is scored with."""

    OPTION = "option"
    FILE = "file"
    YEAR = "year"
    DEFAULT = "default"


class Reading(NamedTuple):
    """An assessment with its instrument, what chose it, and what must be known of both."""

    assessment: Assessment
    instrument: Instrument
    chosen_by: ChosenBy
    notices: tuple[Problem, ...] = ()


class Result(NamedTuple):
    """A reading and its score; bounds where levels are missing. `changes` were made beforehand.

    `scenario` is the name under which they were asked for, if they have one.
    """

    reading: Reading
    outcome: Scorecard | Bounds
    changes: tuple[Changed, ...] = ()
    scenario: str | None = None

    @property
    def lowest(self) -> Scorecard:
        """The score, or the lowest one that missing levels leave possible."""
        return self.outcome.lowest if isinstance(self.outcome, Bounds) else self.outcome

    @property
    def card(self) -> Scorecard | None:
        """The score, None where levels are missing."""
        return None if isinstance(self.outcome, Bounds) else self.outcome

    @property
    def bounds(self) -> Bounds | None:
        """What missing levels leave possible, None where none are."""
        return self.outcome if isinstance(self.outcome, Bounds) else None

    @property
    def cards(self) -> tuple[Scorecard, ...]:
        """The score, or the lowest and the highest that missing levels leave possible."""
        outcome = self.outcome
        return (outcome.lowest, outcome.highest) if isinstance(outcome, Bounds) else (outcome,)

    @property
    def missing(self) -> tuple[str, ...]:
        """The indicators without a level."""
        return self.outcome.missing if isinstance(self.outcome, Bounds) else ()


def result_of(reading: Reading, changes: Sequence[Changed] = ()) -> Result:
    """Return the score of a reading, or its bounds if levels are missing."""
    missing = reading.assessment.missing
    outcome = (score_bounds if missing else score)(reading.instrument, reading.assessment)
    return Result(reading, outcome, tuple(changes))


class Target(NamedTuple):
    """What is to be reached: an index, or a predicate (`threshold` is then its own).

    `text` names it: the predicate's name, or the index as it was written.
    """

    text: str
    threshold: Fraction
    predicate: Predicate | None = None

    def least(self, instrument: Instrument, year: int | None) -> Fraction:
        """Return the least exact index that reaches it in a year."""
        if self.predicate is None:
            return self.threshold
        return least_index(instrument, self.predicate, year)


def target_on(instrument: Instrument, predicate: Predicate) -> Target:
    """Return a predicate as a target."""
    return Target(predicate.name, predicate.threshold or instrument.scale.lowest, predicate)


def parse_target(instrument: Instrument, text: str, place: Place = NOWHERE) -> Target | Problem:
    """Return the target written as `3.1` or `baik`, or why it is none of this instrument."""
    if is_number(text):
        scale = instrument.scale
        if scale.lowest <= parse(text) <= scale.highest:
            return Target(text, parse(text))
        values = {"found": text, "scale": str(scale)}
        return Problem("target-off-scale", place, values, Severity.USAGE)
    predicate = predicate_called(instrument, text, place)
    return predicate if isinstance(predicate, Problem) else target_on(instrument, predicate)


def predicate_called(instrument: Instrument, name: str, place: Place) -> Predicate | Problem:
    """Return the predicate of this name, or that there is none, with the nearest."""
    predicate = instrument.predicate_named(name)
    if predicate is not None:
        return predicate
    names = [each.name for each in instrument.predicates]
    values = {"found": name, "known": ", ".join(names), **nearest(name, names)}
    return Problem("predicate-unknown", place, values, Severity.USAGE)


class IndexGate(NamedTuple):
    """At least this exact index, of the whole (`node` None) or of a domain or aspect.

    `place` is where it was asked for.
    """

    least: Fraction
    node: str | None = None
    kind: str = "min-index"
    place: Place = NOWHERE


class PredicateGate(NamedTuple):
    """At least this predicate, on the basis of the assessment's year."""

    name: str
    node: None = None
    kind: str = "min-predicate"
    place: Place = NOWHERE


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


def parse_node_gate(text: str, place: Place = NOWHERE) -> IndexGate | Problem:
    """Return the gate written as `D2=3.0`, or why it is none."""
    node, equals, least = text.partition("=")
    try:
        if equals and node.strip():
            return IndexGate(parse(least), node.strip(), "min", place)
    except NotANumberError:
        pass
    return Problem("gate-wrong", place, {"found": text}, Severity.USAGE)


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
        return Problem("gate-off-scale", gate.place, values, Severity.USAGE)
    if gate.node is None:
        found = card.index
    elif isinstance(group := instrument.find(gate.node), Group):
        found = card.index_at(group.code)
    else:
        values = {"found": gate.node, "known": ", ".join(instrument.node_by_code)}
        return Problem("gate-unknown-node", gate.place, values, Severity.USAGE)
    short_by = gate.least - found if found < gate.least else None
    return GateOutcome(gate, result, gate.least, found, short_by)


def _predicate_outcome(gate: PredicateGate, result: Result) -> GateOutcome | Problem:
    card = result.lowest
    expected = predicate_called(card.instrument, gate.name, gate.place)
    if isinstance(expected, Problem):
        return expected
    order = card.instrument.predicates
    met = order.index(card.predicate) <= order.index(expected)
    short_by = None if met else card.verdict.distance_to(expected)
    return GateOutcome(gate, result, expected, card.predicate, short_by)
