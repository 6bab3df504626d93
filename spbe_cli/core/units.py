"""The index in whole numbers: what one step of each indicator adds, in units of the index.

Levels are counted in whole numbers, weights are whole over one common denominator; so the index of
every node is a whole number of *units*, and rounding it half up is one whole division. In spbe-2020
a unit is 1/2000 point, and an indicator's step is worth 26 to 60 of them. Scores, searches, sums,
proofs, batches, workbooks and the page run over these integers; nothing is lost.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, gcd, lcm
from typing import NamedTuple

from spbe_cli.core.instrument import Basis, Group, Instrument, Predicate
from spbe_cli.core.scale import Scale

WHOLE = "index"
"""The code of the whole instrument's node."""

FINEST = Fraction(1, 630_000)
"""What tables, pages and workbooks count in where a scale has no step.

Whole are values with up to four decimals, and fractions whose denominator is at most 10; others
are taken to the nearest.
"""


class Count(NamedTuple):
    """How levels are counted: `first` is the level that counts 0, `each` what one more is worth."""

    first: Fraction
    each: Fraction

    def of(self, level: Fraction) -> int:
        """Return the count of a level."""
        return int((level - self.first) / self.each)

    def exactly(self, level: Fraction) -> int | Fraction:
        """Return the count of a level; no whole number where it lies between two of them."""
        found = (level - self.first) / self.each
        return found.numerator if found.denominator == 1 else found

    def level(self, count: int) -> Fraction:
        """Return the level of a count."""
        return self.first + count * self.each


class Formula(NamedTuple):
    """An index by whole numbers alone: (offset + units * factor) / divisor."""

    offset: int
    factor: int
    divisor: int


class Node(NamedTuple):
    """A domain, an aspect or the whole: its units are a sum of counted levels times weights.

    `below` holds the positions of all indicators that count, `total` the sum of their weights.
    The same units are the sum of those of the `inner` nodes and of the indicators directly here:
    `weighted` maps each weight to the positions of those that have it.
    """

    code: str
    counted: Count
    below: tuple[int, ...]
    total: int
    weighted: Mapping[int, tuple[int, ...]]
    inner: tuple[str, ...]

    @property
    def size(self) -> Fraction:
        """What one unit is worth, in points."""
        return self.counted.each / self.total

    @property
    def formula(self) -> Formula:
        """The index of a number of units, by whole numbers."""
        size, first = self.size, self.counted.first
        divisor = lcm(size.denominator, first.denominator)
        return Formula(int(first * divisor), int(size * divisor), divisor)

    def index_at(self, units: int | Fraction) -> Fraction:
        """Return the exact index that a number of units is."""
        return self.counted.first + units * self.size

    def least(self, index: Fraction) -> int:
        """Return the fewest units whose index is at least `index`."""
        return ceil((index - self.counted.first) / self.size)

    def most(self, index: Fraction) -> int:
        """Return the most units whose index is at most `index`."""
        return floor((index - self.counted.first) / self.size)


@dataclass(frozen=True)
class Units:
    """An instrument's arithmetic in integers.

    `weights` are the units that one count of each indicator adds, in the instrument's order; they
    have no common divisor.
    """

    instrument: Instrument
    counted: Count
    weights: tuple[int, ...]

    @property
    def scale(self) -> Scale:
        """The instrument's scale."""
        return self.instrument.scale

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every node; inner ones come before those that add them up, the whole is the last."""
        groups = [group for group, _, _ in reversed(self.instrument.nodes)]
        return (*(self._node(group) for group in groups), self.whole)

    @cached_property
    def node_by_code(self) -> Mapping[str, Node]:
        """Every node by its code; the whole is `index`."""
        return {node.code: node for node in self.nodes}

    @cached_property
    def _place(self) -> Mapping[str, int]:
        return {code: place for place, code in enumerate(self.instrument.indicator_by_code)}

    @cached_property
    def whole(self) -> Node:
        """The whole instrument's node."""
        inner = tuple(group.code for group in self.instrument.groups)
        everything = tuple(range(len(self.weights)))
        return Node(WHOLE, self.counted, everything, sum(self.weights), {}, inner)

    @cached_property
    def size(self) -> Fraction:
        """What one unit of the index is worth, in points."""
        return self.whole.size

    @cached_property
    def worth(self) -> tuple[Fraction, ...]:
        """What one level of each indicator adds to the index, in the instrument's order."""
        whole = self.instrument.weight
        return tuple(each.weight / whole for each in self.instrument.indicators)

    def steps(self, level: Fraction) -> int:
        """Return how many steps a level lies above the scale's lowest."""
        return self.counted.of(level)

    def level(self, steps: int) -> Fraction:
        """Return the level so many steps above the scale's lowest."""
        return self.counted.level(steps)

    def index_at(self, units: int | Fraction) -> Fraction:
        """Return the exact index that a number of units is."""
        return self.whole.index_at(units)

    def least(self, index: Fraction) -> int:
        """Return the fewest units whose index is at least `index`."""
        return self.whole.least(index)

    def least_for(self, predicate: Predicate, basis: Basis) -> int:
        """Return the fewest units that earn a predicate on a basis."""
        return self.least(least_index_on(self.instrument, predicate, basis))

    def indices(self, levels: Sequence[Fraction]) -> dict[str, Fraction]:
        """Return every node's exact index, by its code, for levels in the instrument's order."""
        one = lcm(*(level.denominator for level in levels))
        whole = [level.numerator * (one // level.denominator) for level in levels]
        weighed = [level * weight for level, weight in zip(whole, self.weights, strict=True)]
        return {
            node.code: Fraction(sum([weighed[at] for at in node.below]), node.total * one)
            for node in self.nodes
        }

    def _node(self, group: Group) -> Node:
        place = self._place
        below = tuple(place[each.code] for each in self.instrument.node_by_code[group.code])
        weighted: dict[int, tuple[int, ...]] = {}
        for own in (place[each.code] for each in group.indicators):
            weight = self.weights[own]
            weighted[weight] = (*weighted.get(weight, ()), own)
        total = sum(self.weights[at] for at in below)
        inner = tuple(each.code for each in group.groups)
        return Node(group.code, self.counted, below, total, weighted, inner)


def units_of(instrument: Instrument, counted: Count | None = None) -> Units:
    """Return the instrument in whole numbers, levels counted by their steps above the lowest."""
    if counted is None:  # an institution after the other asks for these
        return instrument.once("units", lambda: _units(instrument, None))
    return _units(instrument, counted)


def _units(instrument: Instrument, counted: Count | None) -> Units:
    weights = [indicator.weight for indicator in instrument.indicators]
    denominator = lcm(*(weight.denominator for weight in weights))
    whole = [weight.numerator * (denominator // weight.denominator) for weight in weights]
    divisor = gcd(*whole)
    smallest = tuple(weight // divisor for weight in whole)
    scale = instrument.scale
    return Units(instrument, counted or Count(scale.lowest, step_of(scale)), smallest)


def units_for(instrument: Instrument, levels: Iterable[Fraction]) -> Units:
    """Return the same, so fine that each of these levels is whole where the scale has no step."""
    scale = instrument.scale
    if scale.step is not None:
        return units_of(instrument)
    above = {level - scale.lowest for level in (*scale.levels(), *levels)}
    finest = Fraction(1, lcm(*(each.denominator for each in above)))
    return units_of(instrument, Count(scale.lowest, finest))


def step_of(scale: Scale) -> Fraction:
    """Return the scale's step, or the finest that is counted in where it has none."""
    if scale.step is not None:
        return scale.step
    ends = [scale.lowest, *scale.levels()]
    return Fraction(1, lcm(FINEST.denominator, *(each.denominator for each in ends)))


def in_ticks(instrument: Instrument) -> Units:
    """Return the instrument in whole numbers, levels counted in ticks from zero.

    Every level that is itself a whole number counts so much where the tick is 1.
    """
    return units_of(instrument, Count(Fraction(0), tick_of(instrument.scale)))


def least_index(instrument: Instrument, predicate: Predicate, year: int | None) -> Fraction:
    """Return the least exact index that earns a predicate in a year."""
    return least_index_on(instrument, predicate, instrument.basis_in(year).basis)


def least_index_on(instrument: Instrument, predicate: Predicate, basis: Basis) -> Fraction:
    """Return the least exact index that earns a predicate on a basis.

    On the exact basis that is the threshold. On the rounded basis it is half a unit of the last
    shown place below it, since a tie is rounded up. For the lowest predicate, which has no
    threshold, it is the lowest of the scale.
    """
    if predicate.threshold is None:
        return instrument.scale.lowest
    if basis is Basis.EXACT:
        return predicate.threshold
    shown = 10**instrument.places
    return Fraction(2 * ceil(predicate.threshold * shown) - 1, 2 * shown)


def steps_in_level(scale: Scale) -> int:
    """Return how many steps one level is: 1, or 100 on a scale with two decimals."""
    return ceil(1 / step_of(scale))


def moved(scale: Scale, level: Fraction, levels: int) -> Fraction:
    """Return the level so many whole levels away, held at the ends of the scale.

    Where levels are bands, as far inside the other band as it was inside its own.
    """
    if scale.step is None:
        return scale.at(scale.position(level) + levels)
    wanted = level + levels * steps_in_level(scale) * step_of(scale)
    return min(max(wanted, scale.lowest), scale.highest)


def tick_of(scale: Scale) -> Fraction:
    """Return the largest number of which every level of a scale is a whole multiple.

    Without a step, the one in which its levels are counted.
    """
    step = step_of(scale)
    if not scale.lowest:
        return step
    one, other = scale.lowest, step
    shared = gcd(one.numerator * other.denominator, other.numerator * one.denominator)
    return Fraction(shared, one.denominator * other.denominator)
