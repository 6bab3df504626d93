"""Sums of independent whole numbers and mixtures of such sums: exact, nothing drawn or rounded.

A sum is kept as two halves, each with the chance of every value it can take. The chance of at most
so many units then takes one pass over the smaller half, and no list of all values is ever made.

Where the larger half takes very many values it is one long number, digit by digit in a base that no
mass reaches: with one more part it is that number shifted, multiplied and added up.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from math import gcd, isqrt, lcm, prod
from operator import mul
from typing import NamedTuple

_LISTED = 20_000
"""Up to about so many values of a half are listed one by one."""

_FEW = 10_000
"""So many values has the smaller half at most where the larger one is a number, if often asked."""

OFTEN = 36
"""About how often a distribution is asked for whose points are sought."""

_SHARE_OF_OFTEN = 6  # asked a few times, the smaller half may be so many times larger

_MOST_DIGITS = 4
"""So many digits has that number at most for each value of a half that would be listed."""

_OVERLAP = 8
"""Where values take more of their room than one in so many, a half hardly grows by another part."""

_MANY = 12
"""From so many equally likely values in a row on they are taken in all at once."""


class Part(NamedTuple):
    """What one indicator adds: steps of `weight` units each, with their chances, which sum to 1."""

    weight: int
    chances: Mapping[int, Fraction]


Masses = Mapping[int, int]
"""What a sum may come to, in units, and the mass of each: its chance times a common whole."""


class Sum:
    """The sum of independent parts; `asked` is about how often it will be asked."""

    def __init__(self, parts: Sequence[Part], asked: int = OFTEN) -> None:
        in_whole = {id(part.chances): _in_whole(part.chances) for part in parts}
        by_weight: dict[int, dict[int, int]] = {}
        for part in parts:
            masses, _ = in_whole[id(part.chances)]
            by_weight[part.weight] = _added(by_weight.get(part.weight, {0: 1}), masses)
        groups = [
            {step * weight: mass for step, mass in steps.items()}
            for weight, steps in sorted(by_weight.items(), key=lambda item: -len(item[1]))
        ]
        few, self._many = _halves(groups, asked)
        self._few, self._masses = zip(*sorted(few.items()), strict=True)
        self._whole = prod(in_whole[id(part.chances)][1] for part in parts)
        self.lowest: int = self._few[0] + self._many.lowest
        self.highest: int = self._few[-1] + self._many.highest

    def upto(self, units: int) -> Fraction:
        """Return the chance of at most so many units."""
        masses = map(mul, self._masses, self._many.upto(units, self._few))
        return Fraction(sum(masses), self._whole)


def _in_whole(chances: Mapping[int, Fraction]) -> tuple[dict[int, int], int]:
    """Return chances times their common denominator, without those of 0; and that."""
    whole = lcm(*(p.denominator for p in chances.values()))
    masses = {s: p.numerator * (whole // p.denominator) for s, p in chances.items() if p}
    return masses, whole


def _halves(groups: Sequence[Masses], asked: int) -> tuple[Masses, "_Listed | _Digits"]:
    """Return two halves of a sum: the smaller one, and what answers for the larger one.

    Each time it is asked the smaller one is gone through, the larger one is only made once.
    """
    ways = isqrt(prod(map(len, groups)))
    if ways > _LISTED:
        found = _in_digits(groups, ways, asked)
        if found is not None:
            return found
    few, many = {0: 1}, {0: 1}
    lie_apart = ways * _OVERLAP * gcd(*map(_apart, groups)) < sum(map(_width, groups))
    for group in groups:
        if len(few) * (asked if lie_apart else 1) <= len(many):
            few = _added(few, group)
        else:
            many = _added(many, group)
    few, many = sorted((few, many), key=len)
    return few, _Listed(many)


def _in_digits(groups: Sequence[Masses], ways: int, asked: int) -> tuple[Masses, "_Digits"] | None:
    """Return the halves where the larger one is a number; None where a list is shorter."""
    few: Masses = {0: 1}
    rest = []
    most = _FEW * min(max(OFTEN // asked, 1), _SHARE_OF_OFTEN)
    for group in sorted(groups, key=lambda group: -_width(group) // len(group).bit_length()):
        if len(group) == 1 or len(few) * len(group) <= most:
            few = _added(few, group)
        else:
            rest.append(group)
    apart = gcd(*map(_apart, rest))
    if rest and sum(map(_width, rest)) < _MOST_DIGITS * ways * apart:
        return few, _Digits(rest)
    return None


def _width(group: Masses) -> int:
    return max(group) - min(group)


class _Listed:
    """Values one by one, with the mass of all up to each."""

    def __init__(self, masses: Masses) -> None:
        self._values = sorted(masses)
        self._upto = [0, *accumulate(masses[value] for value in self._values)]
        self.lowest, self.highest = self._values[0], self._values[-1]

    def upto(self, units: int, others: Sequence[int]) -> list[int]:
        """Return the mass of all values up to what each of the others leaves of so many units."""
        values, upto = self._values, self._upto
        return [upto[bisect_right(values, units - other)] for other in others]


class _Digits:
    """Values at even distances, their masses digits of one number, the lowest value's first."""

    def __init__(self, groups: Sequence[Masses]) -> None:
        self.lowest = sum(min(group) for group in groups)
        self.highest = sum(max(group) for group in groups)
        self._size = prod(sum(group.values()) for group in groups).bit_length() // 8 + 1
        self._apart, number = 0, 1
        width, rest = 0, list(groups)
        while rest:
            group = min(rest, key=lambda g: (width + _width(g)) // gcd(self._apart, _apart(g)))
            rest.remove(group)
            number = self._spread(number, width, gcd(self._apart, _apart(group)))
            number = self._with(number, group)
            width += _width(group)
        digits = _digits(number, width // self._apart + 1, self._size)
        self._upto = [0, *accumulate(int.from_bytes(digit, "little") for digit in digits)]

    def upto(self, units: int, others: Sequence[int]) -> list[int]:
        """Return the mass of all values up to what each of the others leaves of so many units.

        The others are sorted: the first may leave more than there is, the last too little.
        """
        left, apart, upto = units - self.lowest + self._apart, self._apart, self._upto
        first = bisect_right(others, left - apart * len(upto))
        last = bisect_right(others, left)
        found = [upto[(left - other) // apart] for other in others[first:last]]
        return [upto[-1]] * first + found + [0] * (len(others) - last)

    def _spread(self, number: int, width: int, apart: int) -> int:
        """Return the number with zeros between its digits, so that values lie so far apart."""
        before, self._apart = self._apart, apart
        if before in {0, apart}:
            return number
        zeros = bytes((before // apart - 1) * self._size)
        digits = _digits(number, width // before + 1, self._size)
        return int.from_bytes(zeros.join(digits), "little")

    def _with(self, number: int, group: Masses) -> int:
        """Return the number of the sum with one group more."""
        least, bits = min(group), 8 * self._size
        shifts = ((value - least) // self._apart * bits for value in group)
        return sum(number * m << shift for m, shift in zip(group.values(), shifts, strict=True))


def _digits(number: int, count: int, size: int) -> Iterator[bytes]:
    """Yield the digits of a number, so many bytes each, the lowest first."""
    whole = number.to_bytes(count * size, "little")
    return (whole[at : at + size] for at in range(0, len(whole), size))


def _apart(group: Masses) -> int:
    """Return of what all distances between a group's values are multiples."""
    least = min(group)
    return gcd(*(value - least for value in group))


class Node(NamedTuple):
    """One of several sums that may hold, with its chance."""

    chance: Fraction
    parts: Sequence[Part]


class Mixture:
    """A sum of parts that depend on each other through the node that holds."""

    def __init__(self, nodes: Iterable[Node], asked: int = OFTEN) -> None:
        kept = [node for node in nodes if node.chance]
        self._sums = [(node.chance, Sum(node.parts, asked)) for node in kept]
        self._known: dict[int, Fraction] = {}
        self.lowest = min(each.lowest for _, each in self._sums)
        self.highest = max(each.highest for _, each in self._sums)
        self._nodes = kept

    @property
    def mean(self) -> Fraction:
        """The mean, in units."""
        return self._moments[0]

    @property
    def variance(self) -> Fraction:
        """The variance, in units squared."""
        return self._moments[1]

    @cached_property
    def _moments(self) -> tuple[Fraction, Fraction]:
        return _moments(self._nodes)

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
        weights: dict[int, list[int]] = {}
        every = {id(part.chances): part.chances for part in parts}
        for part in parts:
            weights.setdefault(id(part.chances), []).append(part.weight)
        own = spread = Fraction(0)
        for name, chances in every.items():
            masses, whole = _in_whole(chances)
            first = sum(step * mass for step, mass in masses.items())
            second = sum(step * step * mass for step, mass in masses.items())
            own += Fraction(sum(weights[name]) * first, whole)
            squared = sum(weight * weight for weight in weights[name])
            spread += Fraction(squared * (second * whole - first * first), whole * whole)
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
