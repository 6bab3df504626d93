"""Scores row by row, without any library: for tables that are not worth loading one."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

from spbe_cli.core.instrument import Basis, Instrument
from spbe_cli.core.units import in_ticks

Shown = TypeVar("Shown")
Number = int | Fraction

_MOST_KEPT = 200_000
"""How many values are kept ready: spbe-2020 has 8,001 possible indices, pemdi-2026 far more."""


class RowScore(NamedTuple, Generic[Shown]):
    """A row's score: the exact index in units, and everything as it is to be shown.

    `groups` stand in the order of the instrument.
    """

    units: Number
    whole: Shown
    groups: Sequence[Shown]
    by_exact: str
    by_rounded: str


class RowScorer(Generic[Shown]):
    """Scores rows of one instrument. `show` makes of an exact value what is to be shown.

    A table holds the same few values over and over, so each is shown only once.
    """

    def __init__(self, instrument: Instrument, show: Callable[[Fraction], Shown]) -> None:
        self.units = in_ticks(instrument)
        self._show = show
        self._nodes = [
            (tuple(node.weighted.items()), [self._place(code) for code in node.inner])
            for node in self.units.nodes
        ]
        self._order = [self._place(group.code) for group, _, _ in instrument.nodes]
        self._shown: list[dict[Number, Shown]] = [{} for _ in self.units.nodes]
        self._predicates: dict[Number, tuple[str, str]] = {}

    def score(self, ticks: Sequence[Number]) -> RowScore[Shown]:
        """Return the score of levels in ticks, in the order of the instrument.

        On a scale without a step a level need not be a whole number of ticks.
        """
        units: list[Number] = []
        for weighted, inner in self._nodes:
            total: Number = 0
            for weight, places in weighted:
                total += weight * sum([ticks[place] for place in places])
            for place in inner:
                total += units[place]
            units.append(total)
        shown = [
            known[value] if value in known else self._new(place, value)
            for place, (known, value) in enumerate(zip(self._shown, units, strict=True))
        ]
        whole = units[-1]
        by_exact, by_rounded = self._predicates.get(whole) or self._predicates_at(whole)
        return RowScore(whole, shown[-1], [shown[p] for p in self._order], by_exact, by_rounded)

    def _place(self, code: str) -> int:
        return next(i for i, node in enumerate(self.units.nodes) if node.code == code)

    def _new(self, place: int, units: Number) -> Shown:
        known = self._shown[place]
        shown = self._show(units * self.units.nodes[place].size)
        if len(known) < _MOST_KEPT:
            known[units] = shown
        return shown

    def _predicates_at(self, units: Number) -> tuple[str, str]:
        index, named = self.units.index_at(units), self.units.instrument.predicate_of
        found = named(index, Basis.EXACT).name, named(index, Basis.ROUNDED).name
        if len(self._predicates) < _MOST_KEPT:
            self._predicates[units] = found
        return found
