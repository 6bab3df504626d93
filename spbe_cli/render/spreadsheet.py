"""The index as formulas of a spreadsheet: whole numbers all the way, so that they are exact.

A spreadsheet computes with binary floating point. Sums of whole numbers below 2**53 are exact in
it, and so is rounding half up by whole division; comparing a float with a threshold is not.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil, lcm
from typing import Any, NamedTuple

from spbe_cli.core.instrument import Basis, Indicator, Instrument
from spbe_cli.core.number import exact
from spbe_cli.core.units import units_of

__all__ = ["NodeFormulas", "Sheet", "level_rule"]

_MOST_CHOICES = 20  # levels in a drop-down


class NodeFormulas(NamedTuple):
    """The formulas of one node. `numerator` stands in a cell of its own, to which others refer.

    It holds the index times `divisor`.
    """

    divisor: int
    numerator: str
    exact: str
    rounded: str
    predicate: str


class Sheet(NamedTuple):
    """Where a sheet has the levels and the whole weights of the indicators.

    `rows` holds each indicator's row, counted from 1, by its code. Between the rows of a node's
    indicators there may be others whose level and weight are empty. `prefix` names the sheet for
    formulas on another one: `'Indikator'!`.
    """

    instrument: Instrument
    rows: Mapping[str, int]
    level: str
    weight: str
    prefix: str = ""

    def contribution(self, code: str) -> str:
        """Return the formula of what an indicator adds to the index, in points."""
        row, total = self.rows[code], sum(units_of(self.instrument).weights)
        return f"={self.prefix}{self.level}{row}*{self.prefix}{self.weight}{row}/{total}"

    def filled(self) -> str:
        """Return the expression of how many levels are filled in."""
        return f"COUNT({self.cells(self.instrument.indicators, self.level)})"

    def cells(self, below: Sequence[Indicator], column: str) -> str:
        """Return the cells of some indicators that follow each other, in a column."""
        first, last = self.rows[below[0].code], self.rows[below[-1].code]
        return f"{self.prefix}${column}${first}:${column}${last}"

    def node(
        self, below: Sequence[Indicator], numerator_at: str, year: int | str | None
    ) -> NodeFormulas:
        """Return the formulas of the node that holds these indicators.

        `numerator_at` is the cell of its numerator; the year, or the cell that holds it, says what
        decides the predicate.
        """
        scale, places = self.instrument.scale, self.instrument.places
        weights = units_of(self.instrument).weights
        weight_of = dict(zip(self.instrument.indicators, weights, strict=True))
        size = scale.step / sum(weight_of[indicator] for indicator in below)
        divisor = lcm(size.denominator, scale.lowest.denominator)
        levels, units = self.cells(below, self.level), self.cells(below, self.weight)
        steps = f"ROUND(({levels}-{_plain(scale.lowest)})/{_plain(scale.step)},0)"
        shown = 10**places
        hundredths = f"INT((2*{numerator_at}*{shown}+{divisor})/{2 * divisor})"
        return NodeFormulas(
            divisor,
            f"={scale.lowest * divisor}+SUMPRODUCT({steps},{units})*{size * divisor}",
            f"={numerator_at}/{divisor}",
            f"={hundredths}/{shown}",
            "=" + self._predicate(numerator_at, hundredths, divisor, year),
        )

    def _predicate(
        self, numerator: str, hundredths: str, divisor: int, year: int | str | None
    ) -> str:
        """Return the predicate on the basis of the year; of a cell's year by asking the cell."""
        if not isinstance(year, str):
            basis = self.instrument.basis_in(year).basis
            return self._predicate_on(basis, numerator, hundredths, divisor)
        formula = ""
        for period in self.instrument.basis:
            here = self._predicate_on(period.basis, numerator, hundredths, divisor)
            if not formula:
                formula = here
            else:
                before = f"AND(ISNUMBER({year}),{year}<{period.first_year or 0})"
                formula = f"IF({before},{formula},{here})"
        return formula

    def _predicate_on(self, basis: Basis, numerator: str, hundredths: str, divisor: int) -> str:
        """Return nested conditions, the highest predicate first."""
        formula = '""'
        for predicate in reversed(self.instrument.predicates):
            name = '"' + predicate.name.replace('"', '""') + '"'
            least = predicate.threshold
            if least is None:
                formula = name
            elif basis is Basis.ROUNDED:
                enough = ceil(least * 10**self.instrument.places)
                formula = f"IF({hundredths}>={enough},{name},{formula})"
            else:
                enough = least.numerator * divisor
                formula = f"IF({numerator}*{least.denominator}>={enough},{name},{formula})"
        return formula


def level_rule(instrument: Instrument, title: str, message: str) -> dict[str, Any]:
    """Return the data validation of a level: a drop-down, or the ends of a fine scale."""
    scale = instrument.scale
    said = {"error_title": title[:32], "error_message": message[:255]}
    if (scale.highest - scale.lowest) / scale.step < _MOST_CHOICES:
        return {"validate": "list", "source": [exact(level) for level in scale.levels()], **said}
    ends = {"minimum": float(scale.lowest), "maximum": float(scale.highest)}
    return {"validate": "decimal", "criteria": "between", **ends, **said}


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"({value})"
