"""Assessments of the same institution, one after the other, and how the last meets a target."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.assessment import Stage
from spbe_cli.core.compare import Comparison, DropOutcome, IndicatorChange, Trend, trend
from spbe_cli.core.instrument import Predicate
from spbe_cli.core.problem import Place, Problem, Severity, errors_of
from spbe_cli.core.result import Reading
from spbe_cli.core.scoring import Scorecard, score

__all__ = ["Series", "Target", "TargetOutcome", "matched", "points_of", "series_of", "target_met"]


class Target(NamedTuple):
    """An index to reach, or a predicate, which is held against the index of its basis."""

    least: Fraction
    predicate: Predicate | None = None


class TargetOutcome(NamedTuple):
    """How an index stands to a target: `by` points above it, negative below."""

    target: Target
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

    A predicate looks at the index that decides it, exact or rounded; a plain index is compared
    exactly.
    """
    held = card.index if target.predicate is None else card.verdict.held
    return TargetOutcome(target, held - target.least)


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
