"""From levels to index: the one formula, at every node.

With consistent weights each formula of Permenpan RB 59/2020, annex I (aspect, domain, SPBE index)
equals the sum of level times weight over a node's indicators, divided by the sum of those weights.
Nothing is rounded on the way.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.assessment import Assessment, Entry, Missing
from spbe_cli.core.instrument import Basis, Group, Indicator, Instrument, Predicate
from spbe_cli.core.number import rounded

__all__ = [
    "Bounds",
    "IndicatorScore",
    "MissingLevelError",
    "NodeScore",
    "Scorecard",
    "Verdict",
    "index_of",
    "score",
    "score_bounds",
    "verdict_on",
]


class MissingLevelError(ValueError):
    """An indicator has no level, so there is no index. `codes` names them; see `score_bounds`."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        self.codes = codes
        super().__init__(f"no level for indicator {', '.join(codes)}")


class Verdict(NamedTuple):
    """A predicate, the basis that decided it, and what each basis would have said.

    `held` is the index that the basis looks at, exact or rounded. `next` is the predicate above,
    None at the top.
    """

    predicate: Predicate
    basis: Basis
    by_exact: Predicate
    by_rounded: Predicate
    next: Predicate | None
    held: Fraction

    @property
    def name(self) -> str:
        """The predicate's name."""
        return self.predicate.name

    @property
    def distance(self) -> Fraction | None:
        """The points from the index held to the next predicate's threshold, None at the top."""
        return self.distance_to(self.next) if self.next is not None else None

    def distance_to(self, predicate: Predicate) -> Fraction:
        """Return the points from the index held to a predicate's threshold, 0 where it is met."""
        return max(Fraction(0), (predicate.threshold or Fraction(0)) - self.held)

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


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The whole result. `index` and every other number are exact; contributions add up to it."""

    instrument: Instrument
    assessment: Assessment
    index: Fraction
    verdict: Verdict
    nodes: tuple[NodeScore, ...]
    indicators: tuple[IndicatorScore, ...]

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


class Bounds(NamedTuple):
    """The range that missing levels leave open: all of them lowest, all of them highest.

    `predicates` runs from the highest's to the lowest's, with whatever lies between.
    """

    lowest: Scorecard
    highest: Scorecard
    missing: tuple[str, ...]
    predicates: tuple[Predicate, ...]


def index_of(indicators: Iterable[Indicator], levels: Mapping[str, Fraction]) -> Fraction:
    """Return the weighted mean of the indicators' levels, exactly."""
    total = weights = Fraction(0)
    for indicator in indicators:
        total += levels[indicator.code] * indicator.weight
        weights += indicator.weight
    return total / weights


def verdict_on(instrument: Instrument, index: Fraction, year: int | None) -> Verdict:
    """Return the predicate of an index in a year, with both bases and the way to the next."""
    basis = instrument.basis_in(year).basis
    by_exact = instrument.predicate_of(index, Basis.EXACT)
    by_rounded = instrument.predicate_of(index, Basis.ROUNDED)
    predicate = by_exact if basis is Basis.EXACT else by_rounded
    place = instrument.predicates.index(predicate)
    above = instrument.predicates[place - 1] if place else None
    held = rounded(index, instrument.places) if basis is Basis.ROUNDED else index
    return Verdict(predicate, basis, by_exact, by_rounded, above, held)


def score(instrument: Instrument, assessment: Assessment) -> Scorecard:
    """Return the index, weight and contribution of every node, and the predicate.

    Args:
        instrument: the instrument whose codes the assessment uses.
        assessment: a level on the instrument's scale for every indicator.

    Raises:
        MissingLevelError: if a level is missing. A missing level is never counted as 0 and never
            drops out of the denominator: the regulation knows no "not applicable".
    """
    if assessment.missing:
        raise MissingLevelError(assessment.missing)
    levels = {
        code: entry.level
        for code, entry in assessment.entries.items()
        if not isinstance(entry.level, Missing)
    }
    index = index_of(instrument.indicators, levels)
    verdict = verdict_on(instrument, index, assessment.year)
    nodes = tuple(
        NodeScore(
            group,
            parent,
            at_node := index_of(below, levels),
            at_node * group.weight / instrument.weight,
            instrument.predicate_of(at_node, verdict.basis),
        )
        for group, parent, below in instrument.nodes
    )
    indicators = tuple(
        IndicatorScore(
            indicator,
            assessment.entries[indicator.code],
            level := levels[indicator.code],
            level * indicator.weight / instrument.weight,
        )
        for indicator in instrument.indicators
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
