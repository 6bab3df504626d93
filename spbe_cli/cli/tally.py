"""What a batch run counts, so that it can be said at the end without keeping the rows."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.instrument import Instrument

__all__ = ["InstrumentTally", "Tally"]


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
        self._units: Counter[str] = Counter()
        self._predicates: dict[str, Counter[str]] = {}

    @property
    def scored(self) -> int:
        """How many rows have a score."""
        return sum(counted.total() for counted in self._predicates.values())

    def begin(self, instrument: Instrument, unit: Fraction) -> None:
        """Count rows of an instrument from now on; `unit` is what a unit of its index is worth."""
        self._instruments[instrument.id] = instrument, unit
        self._predicates.setdefault(instrument.id, Counter())

    def add(self, instrument: Instrument, units: int, predicates: Mapping[str, int]) -> None:
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
