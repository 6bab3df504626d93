"""What a batch run counts of its rows, and holds against gates, without keeping them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import NamedTuple

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
from spbe_cli.core.units import Units

Gates = Sequence[IndexGate | PredicateGate]

MOST_KEPT = 200
"""How many problems and unmet gates are kept to be shown; the rest is counted."""


class InstrumentTally(NamedTuple):
    """The rows of one instrument: how many, their mean index, and how many of each predicate."""

    instrument: Instrument
    scored: int
    mean: Fraction
    predicates: tuple[tuple[str, int], ...]


class Tally:
    """Rows scored and rejected; the sum of indices in units and the predicates per instrument."""

    def __init__(self) -> None:
        self.rejected = 0
        self._instruments: dict[str, tuple[Instrument, Fraction]] = {}
        self._units: dict[str, int | Fraction] = {}
        self._predicates: dict[str, Counter[str]] = {}

    @property
    def scored(self) -> int:
        """How many rows have a score."""
        return sum(counted.total() for counted in self._predicates.values())

    def begin(self, instrument: Instrument, unit: Fraction) -> None:
        """Count rows of an instrument from now on; `unit` is what a unit of its index is worth."""
        self._instruments[instrument.id] = instrument, unit
        self._units.setdefault(instrument.id, 0)
        self._predicates.setdefault(instrument.id, Counter())

    def add(
        self, instrument: Instrument, units: int | Fraction, predicates: Mapping[str, int]
    ) -> None:
        """Count rows by their predicates; `units` is the sum of their exact indices."""
        self._units[instrument.id] += units
        counted = self._predicates[instrument.id]
        for name, rows in predicates.items():
            counted[name] += rows

    def by_instrument(self) -> list[InstrumentTally]:
        """Return what was counted of each instrument; predicates stand highest first."""
        found = []
        for id_, (instrument, unit) in self._instruments.items():
            counted = self._predicates[id_]
            scored = counted.total()
            if scored:
                names = [predicate.name for predicate in instrument.predicates]
                mean = self._units[id_] * unit / scored
                each = tuple((name, counted[name]) for name in names)
                found.append(InstrumentTally(instrument, scored, mean, each))
        return found


class Least(NamedTuple):
    """What the gates ask of one instrument's rows: units of the whole, and a predicate's name.

    `exactly` is what `units` are rounded up from.
    """

    units: int | None
    predicates: frozenset[str] | None
    exactly: Fraction = Fraction(0)

    def passes(self, units: int | Fraction, predicate: str) -> bool:
        """Return whether a row meets the gates."""
        enough = self.units is None or units >= self.exactly
        return enough and (self.predicates is None or predicate in self.predicates)


class BatchGates:
    """The gates of a run. `unmet` counts the rows that fail, `outcomes` explains the first."""

    def __init__(self, gates: Gates) -> None:
        self._gates = gates
        self.unmet = 0
        self.outcomes: list[GateOutcome] = []

    def least(self, units: Units) -> Least | None:
        """Return what the gates ask of an instrument's rows, None without gates."""
        if not self._gates:
            return None
        indices = [gate.least for gate in self._gates if isinstance(gate, IndexGate)]
        names = [gate.name for gate in self._gates if isinstance(gate, PredicateGate)]
        exactly = max(indices, default=Fraction(0)) / units.size
        named = _at_least(units.instrument, names[-1]) if names else None
        return Least(ceil(exactly) if indices else None, named, exactly)

    def misfits(self, reading: Reading) -> list[Problem]:
        """Return the gates that make no sense for the instrument of a reading."""
        if not self._gates:
            return []
        lowest = reading.instrument.scale.lowest
        levels = dict.fromkeys(reading.instrument.indicator_by_code, lowest)
        assessment = reading.assessment.with_levels(levels)
        return check_gates(self._gates, [result_of(reading._replace(assessment=assessment))])[1]

    @property
    def room(self) -> int:
        """How many more rows will be explained."""
        return max(0, MOST_KEPT - self.unmet)

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
