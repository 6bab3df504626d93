"""An instrument's formula as sums of whole numbers.

Every level is a whole number of ticks, every weight a whole number over one common denominator. So
the index of a node is a sum of products of integers, its *units*, over a fixed denominator, and
rounding half up is one integer division. Equal to `core.scoring` by a property test.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from spbe_cli.core.instrument import Basis, Instrument
from spbe_cli.core.units import least_index_on, tick_of, units_of

__all__ = ["WHOLE", "NodeSum", "Rounding", "Step", "Sums", "denominators", "sums_of"]

WHOLE = "index"
"""The code of the whole instrument's sum."""


class Rounding(NamedTuple):
    """Half up as one division: `(units * factor + half) // divisor`, away from zero if negative.

    That is the shown value in units of its last place.
    """

    factor: int
    half: int
    divisor: int

    def of(self, units: int) -> int:
        """Return the shown value in units of the last shown place: 215 for 2.15."""
        shown = (abs(units) * self.factor + self.half) // self.divisor
        return -shown if units < 0 else shown


class NodeSum(NamedTuple):
    """How a node's units come about: weighted ticks of indicators, or the sum of inner nodes.

    `weighted` maps an integer weight to the positions of the indicators that have it. The exact
    index is `units * unit`; `unit` is a fraction with the numerator 1 unless the scale's tick has
    another.
    """

    code: str
    weighted: Mapping[int, tuple[int, ...]]
    inner: tuple[str, ...]
    unit: Fraction
    rounding: Rounding


class Step(NamedTuple):
    """A predicate and the least units that earn it; the lowest predicate has none."""

    name: str
    least: int | None


class Sums(NamedTuple):
    """An instrument in integers.

    `tick` is the largest number of which every level is a whole multiple. `nodes` stand so that
    inner ones come before those that add them up; the last is the whole. `steps` holds the
    predicates, highest first, on each basis.
    """

    instrument: Instrument
    tick: Fraction
    nodes: tuple[NodeSum, ...]
    steps: Mapping[Basis, tuple[Step, ...]]

    @property
    def whole(self) -> NodeSum:
        """The sum of the whole instrument."""
        return self.nodes[-1]

    @property
    def lowest(self) -> int:
        """The scale's lowest level in ticks."""
        return int(self.instrument.scale.lowest / self.tick)

    @property
    def highest(self) -> int:
        """The scale's highest level in ticks."""
        return int(self.instrument.scale.highest / self.tick)

    @property
    def step(self) -> int:
        """The scale's step in ticks."""
        return int(self.instrument.scale.step / self.tick)

    def predicate_at(self, units: int, basis: Basis) -> str:
        """Return the predicate of a number of units on a basis."""
        return next(s.name for s in self.steps[basis] if s.least is None or units >= s.least)


def denominators(instrument: Instrument) -> dict[str, Fraction]:
    """Return what one unit of each node is worth, by the node's code and `index` for the whole.

    `score_frame` gives exact values as whole numbers: the index is `index_exact` times this.
    """
    return {node.code: node.unit for node in sums_of(instrument).nodes}


def sums_of(instrument: Instrument) -> Sums:
    """Return the instrument's formula in integers."""
    tick = tick_of(instrument.scale)
    weights = units_of(instrument).weights
    places = {each.code: place for place, each in enumerate(instrument.indicators)}

    def node(code: str, own: Sequence[int], below: Sequence[int], inner: Sequence[str]) -> NodeSum:
        weighted: dict[int, tuple[int, ...]] = {}
        for place in own:
            weighted[weights[place]] = (*weighted.get(weights[place], ()), place)
        unit = tick / sum(weights[place] for place in below)
        return NodeSum(code, weighted, tuple(inner), unit, _rounding(unit, instrument.places))

    nodes = [
        node(
            group.code,
            [places[each.code] for each in group.indicators],
            [places[each.code] for each in below],
            [each.code for each in group.groups],
        )
        for group, _, below in reversed(instrument.nodes)
    ]
    nodes.append(node(WHOLE, [], range(len(weights)), [group.code for group in instrument.groups]))
    steps = {basis: tuple(_steps(instrument, basis, nodes[-1].unit)) for basis in Basis}
    return Sums(instrument, tick, tuple(nodes), steps)


def _rounding(unit: Fraction, places: int) -> Rounding:
    factor = 2 * unit.numerator * 10**places
    return Rounding(factor, unit.denominator, 2 * unit.denominator)


def _steps(instrument: Instrument, basis: Basis, unit: Fraction) -> list[Step]:
    return [
        Step(
            predicate.name,
            None
            if predicate.threshold is None
            else ceil(least_index_on(instrument, predicate, basis) / unit),
        )
        for predicate in instrument.predicates
    ]
