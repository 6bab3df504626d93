"""Sums of independent whole numbers and mixtures of such sums: exact, nothing drawn or rounded.

A sum is kept as two halves, each with the chance of every value it can take. The chance of at most
so many units then takes one pass over the smaller half, and no list of all values is ever made.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from math import isqrt, lcm, prod
from typing import NamedTuple

_MANY = 12
"""From so many equally likely values in a row on they are taken in all at once."""


class Part(NamedTuple):
    """What one indicator adds: steps of `weight` units each, with their chances, which sum to 1."""

    weight: int
    chances: Mapping[int, Fraction]

    @property
    def mean(self) -> Fraction:
        """The mean, in units."""
        return self.weight * sum((s * p for s, p in self.chances.items()), Fraction(0))

    @property
    def variance(self) -> Fraction:
        """The variance, in units squared."""
        square = sum((s * s * p for s, p in self.chances.items()), Fraction(0))
        return self.weight**2 * square - self.mean**2


class Sum:
    """The sum of independent parts."""

    def __init__(self, parts: Sequence[Part]) -> None:
        wholes = [lcm(*(p.denominator for p in part.chances.values())) for part in parts]
        by_weight: dict[int, dict[int, int]] = {}
        for part, whole in zip(parts, wholes, strict=True):
            masses = {step: int(p * whole) for step, p in part.chances.items() if p}
            by_weight[part.weight] = _added(by_weight.get(part.weight, {0: 1}), masses)
        few: dict[int, int] = {0: 1}
        many: dict[int, int] = {0: 1}
        for weight, steps in sorted(by_weight.items(), key=lambda item: -len(item[1])):
            few, many = sorted((few, many), key=len)
            few = _added(few, {step * weight: mass for step, mass in steps.items()})
        few, many = sorted((few, many), key=len)
        self._few = sorted(few.items())
        self._units = sorted(many)
        self._upto = [0, *accumulate(many[units] for units in self._units)]
        self._whole = prod(wholes)
        self.lowest = self._few[0][0] + self._units[0]
        self.highest = self._few[-1][0] + self._units[-1]

    def upto(self, units: int) -> Fraction:
        """Return the chance of at most so many units."""
        values, upto = self._units, self._upto
        mass = sum([m * upto[bisect_right(values, units - own)] for own, m in self._few])
        return Fraction(mass, self._whole)


class Node(NamedTuple):
    """One of several sums that may hold, with its chance."""

    chance: Fraction
    parts: Sequence[Part]


class Mixture:
    """A sum of parts that depend on each other through the node that holds."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        kept = [node for node in nodes if node.chance]
        self._sums = [(node.chance, Sum(node.parts)) for node in kept]
        self._known: dict[int, Fraction] = {}
        self.lowest = min(each.lowest for _, each in self._sums)
        self.highest = max(each.highest for _, each in self._sums)
        self.mean, self.variance = _moments(kept)

    def upto(self, units: int) -> Fraction:
        """Return the chance of at most so many units."""
        if units >= self.highest:
            return Fraction(1)
        if units < self.lowest:
            return Fraction(0)
        found = self._known.get(units)
        if found is None:
            found = sum((chance * each.upto(units) for chance, each in self._sums), Fraction(0))
            self._known[units] = found
        return found

    def quantile(self, share: Fraction, near: Fraction) -> int:
        """Return the fewest units that are not exceeded with a chance of at least `share`.

        `near` is a first guess, in standard deviations from the mean: it decides how long the
        search takes, not what it finds.
        """
        deviation = isqrt(int(self.variance)) + 1
        low, high = self.lowest - 1, self.highest
        guess, reach = int(self.mean + near * deviation), max(1, deviation // 16)
        while high - low > 1:
            guess = min(max(guess, low + 1), high - 1)
            if self.upto(guess) >= share:
                high, guess = guess, guess - reach
            else:
                low, guess = guess, guess + reach
            reach *= 2
            if not low < guess < high:
                guess = self._between(low, high, share)
        return high

    def _between(self, low: int, high: int, share: Fraction) -> int:
        """Return where the chance would be `share` if it rose evenly, held off the ends."""
        below, above = self.upto(low), self.upto(high)
        quarter = (high - low) // 4
        even = low + int((high - low) * (share - below) / (above - below))
        return min(max(even, low + quarter), high - quarter)


def _moments(nodes: Sequence[Node]) -> tuple[Fraction, Fraction]:
    """Return the mean and the variance of a mixture."""
    mean = square = Fraction(0)
    for chance, parts in nodes:
        own = sum((part.mean for part in parts), Fraction(0))
        spread = sum((part.variance for part in parts), Fraction(0))
        mean += chance * own
        square += chance * (spread + own * own)
    return mean, square - mean * mean


def _added(old: Mapping[int, int], more: Mapping[int, int]) -> dict[int, int]:
    """Return the masses of a sum: of what there is, and of one more."""
    if len(more) >= _MANY and len(set(more.values())) == 1:
        run = sorted(more)
        if run == list(range(run[0], run[-1] + 1)):
            return _with_run(old, run, next(iter(more.values())))
    found: dict[int, int] = {}
    get = found.get
    for value, mass in more.items():
        for other, m in old.items():
            at = value + other
            found[at] = get(at, 0) + m * mass
    return found


def _with_run(old: Mapping[int, int], run: Sequence[int], mass: int) -> dict[int, int]:
    """Return the same for values in a row, all equally likely.

    Each mass is the one a step before, and what comes within reach, less what falls out of it.
    """
    least, found, window = min(old) + run[0], {}, 0
    for at in range(least, max(old) + run[-1] + 1):
        window += old.get(at - run[0], 0) - old.get(at - run[-1] - 1, 0)
        if window:
            found[at] = window * mass
    return found
