"""Gates on every row of a batch: compared in integers, explained for those that are shown."""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from spbe_cli.batch.sums import Sums
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.problem import Problem
from spbe_cli.core.score import (
    GateOutcome,
    IndexGate,
    PredicateGate,
    Reading,
    check_gates,
    result_of,
)

__all__ = ["BatchGates", "Least"]

_MOST_KEPT = 200

Gates = Sequence[IndexGate | PredicateGate]


class Least(NamedTuple):
    """What the gates ask of one instrument's rows: units of the whole, and a predicate's name."""

    units: int | None
    predicates: frozenset[str] | None

    def passes(self, units: int, predicate: str) -> bool:
        """Return whether a row meets the gates."""
        enough = self.units is None or units >= self.units
        return enough and (self.predicates is None or predicate in self.predicates)


class BatchGates:
    """The gates of a run. `unmet` counts the rows that fail, `outcomes` explains the first."""

    def __init__(self, gates: Gates) -> None:
        self._gates = gates
        self.unmet = 0
        self.outcomes: list[GateOutcome] = []

    def least(self, sums: Sums) -> Least | None:
        """Return what the gates ask of an instrument's rows, None without gates."""
        if not self._gates:
            return None
        indices = [gate.least for gate in self._gates if isinstance(gate, IndexGate)]
        names = [gate.name for gate in self._gates if isinstance(gate, PredicateGate)]
        units = ceil(max(indices) / sums.whole.unit) if indices else None
        return Least(units, _at_least(sums.instrument, names[-1]) if names else None)

    def misfits(self, reading: Reading) -> list[Problem]:
        """Return the gates that make no sense for the instrument of a reading."""
        if not self._gates:
            return []
        lowest = reading.instrument.scale.lowest
        levels = dict.fromkeys(reading.instrument.indicator_by_code, lowest)
        assessment = reading.assessment.with_levels(levels)
        return check_gates(self._gates, [result_of(reading._replace(assessment=assessment))])[1]

    @property
    def are_set(self) -> bool:
        """Whether there are any."""
        return bool(self._gates)

    @property
    def room(self) -> int:
        """How many more rows will be explained."""
        return max(0, _MOST_KEPT - self.unmet)

    def fail(self, reading: Reading) -> None:
        """Count a row that fails, and explain it."""
        self.unmet += 1
        outcomes, _ = check_gates(self._gates, [result_of(reading)])
        self.outcomes += [outcome for outcome in outcomes if not outcome.met]


def _at_least(instrument: Instrument, name: str) -> frozenset[str]:
    """Return the names of the predicates from this one up; none where there is no such."""
    expected = instrument.predicate_named(name)
    names = [predicate.name for predicate in instrument.predicates]
    return frozenset(names[: names.index(expected.name) + 1]) if expected else frozenset()
