"""The index in whole numbers: what one step of each indicator adds, in units of the index.

The index moves in equal units: the greatest common divisor of the weights, times a step of the
scale, over the sum of the weights. In spbe-2020 one is 1/2000 point, and an indicator's step is
worth 26 to 60 of them. Searches and sums run over these integers; nothing is lost.
"""

from fractions import Fraction
from math import ceil, gcd, lcm
from typing import NamedTuple

from spbe_cli.core.instrument import Basis, Instrument, Predicate, Scale


class Units(NamedTuple):
    """An instrument's arithmetic in integers.

    `weights` are the units that one step of each indicator adds, in the instrument's order; `size`
    is one unit in points of the index. With every indicator at the scale's lowest there are none.
    """

    scale: Scale
    weights: tuple[int, ...]
    size: Fraction

    def steps(self, level: Fraction) -> int:
        """Return how many steps a level lies above the scale's lowest."""
        return int((level - self.scale.lowest) / self.scale.step)

    def level(self, steps: int) -> Fraction:
        """Return the level so many steps above the scale's lowest."""
        return self.scale.lowest + steps * self.scale.step

    def index_at(self, units: int) -> Fraction:
        """Return the exact index that a number of units is."""
        return self.scale.lowest + units * self.size

    def least(self, index: Fraction) -> int:
        """Return the fewest units whose index is at least `index`."""
        return ceil((index - self.scale.lowest) / self.size)


def units_of(instrument: Instrument) -> Units:
    """Return the instrument's weights as integers without a common divisor, and their unit."""
    weights = [indicator.weight for indicator in instrument.indicators]
    denominator = lcm(*(weight.denominator for weight in weights))
    whole = [int(weight * denominator) for weight in weights]
    divisor = gcd(*whole)
    smallest = tuple(weight // divisor for weight in whole)
    return Units(instrument.scale, smallest, instrument.scale.step / sum(smallest))


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
    return ceil(1 / scale.step)


def moved(scale: Scale, level: Fraction, levels: int) -> Fraction:
    """Return the level so many whole levels away, held at the ends of the scale."""
    wanted = level + levels * steps_in_level(scale) * scale.step
    return min(max(wanted, scale.lowest), scale.highest)


def tick_of(scale: Scale) -> Fraction:
    """Return the largest number of which every level of a scale is a whole multiple."""
    if not scale.lowest:
        return scale.step
    one, other = scale.lowest, scale.step
    shared = gcd(one.numerator * other.denominator, other.numerator * one.denominator)
    return Fraction(shared, one.denominator * other.denominator)
