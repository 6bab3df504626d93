"""Sums of independent whole numbers and mixtures of such sums: exact, nothing drawn or rounded.

A sum is kept as two halves, each with the chance of every value it can take. The chance of at most
so many units then takes one pass over the smaller half, and no list of all values is ever made.
How the values lie in halves is found once for sums that differ in their chances alone.

Where the larger half takes very many values it is one long number, digit by digit in a base that no
mass reaches: with one more part it is that number shifted, multiplied and added up.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import accumulate, combinations, product
from math import gcd, isqrt, lcm, prod
from operator import mul
from typing import NamedTuple, TypeVar

_T = TypeVar("_T")

_LISTED = 20_000
"""Up to about so many values of a half are listed one by one."""

_FEW = 10_000
"""So many values has the smaller half at most where the larger one is a number, if often asked."""

OFTEN = 36
"""About how often a distribution is asked for whose points are sought."""

_SHARE_OF_OFTEN = 6  # asked a few times, the smaller half may be so many times larger

_MOST_DIGITS = 4
"""So many digits has that number at most for each value of a half that would be listed."""

_ADDED, _ASKED = 2, 2
"""What adding two values' masses up, and asking for one, takes to what listing one takes."""


Masses = Mapping[int, int]
"""What a sum may come to, in units, and the mass of each: its chance times the sum of them all."""


class Part(NamedTuple):
    """What one indicator adds: steps of `weight` units each, with their masses."""

    weight: int
    masses: Masses


class Sum:
    """The sum of independent parts; `asked` is about how often it will be asked."""

    def __init__(self, parts: Sequence[Part], asked: int = OFTEN) -> None:
        alike: dict[int, dict[int, tuple[Masses, int]]] = {}
        for weight, masses in parts:
            kinds = alike.setdefault(weight, {})
            _, times = kinds.get(id(masses), (masses, 0))
            kinds[id(masses)] = masses, times + 1
        groups = [
            {step * weight: mass for step, mass in _repeated([*kinds.values()]).items()}
            for weight, kinds in alike.items()
        ]
        self.lowest = sum(map(min, groups))
        self.highest = sum(map(max, groups))
        self._halves = _halves(groups, asked)
        self.whole = prod(sum(group.values()) for group in groups)

    def upto(self, units: int) -> int:
        """Return the mass of at most so many units, of the `whole`."""
        return self._halves.upto(units)


def _repeated(kinds: Sequence[tuple[Masses, int]]) -> dict[int, int]:
    """Return the sum of so many of each kind of masses.

    Where its values lie close the masses are digits of long numbers, whose product it is.
    """
    apart = gcd(*(_apart(masses) for masses, _ in kinds))
    width = sum(_width(masses) * times for masses, times in kinds)
    if width > apart * _MOST_DIGITS * prod(len(masses) ** times for masses, times in kinds):
        found: dict[int, int] = {0: 1}
        for masses in (masses for masses, times in kinds for _ in range(times)):
            found = _added(found, masses)
        return found
    size = prod(sum(masses.values()) ** times for masses, times in kinds).bit_length() // 8 + 1
    least, number = 0, 1
    for masses, times in kinds:
        low = min(masses)
        least += low * times
        digits = (
            mass << 8 * size * ((step - low) // (apart or 1)) for step, mass in masses.items()
        )
        number *= sum(digits) ** times
    every = _digits(number, width // (apart or 1) + 1, size)
    found = {at: int.from_bytes(digit, "little") for at, digit in enumerate(every)}
    return {least + at * apart: mass for at, mass in found.items() if mass}


def _halves(groups: Sequence[Masses], asked: int) -> "_Listed | _Digits":
    """Return the two halves of a sum.

    Each time it is asked the smaller one is gone through, the larger one is only made once.
    """
    layout = _layout(tuple(map(tuple, groups)), asked)
    found = _in_digits(groups, layout.ways, asked) if layout.ways > _LISTED else None
    return found or _Listed(layout, groups)


def _in_digits(groups: Sequence[Masses], ways: int, asked: int) -> "_Digits | None":
    """Return halves of which the larger one is a number; None where a list is shorter."""
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
        return _Digits(few, rest)
    return None


class _Form(NamedTuple):
    """How many values a group has at most, from the lowest to the highest, and how far apart."""

    size: int
    width: int
    apart: int

    def joined(self, other: "_Form") -> "_Form":
        """Return that of the sums of the values of both."""
        apart, width = gcd(self.apart, other.apart), self.width + other.width
        return _Form(min(self.size * other.size, width // (apart or 1) + 1), width, apart)


class _Layout:
    """How the values of a sum lie in halves: found once for whatever masses they have.

    Two groups whose sums often fall together are joined first: of each joining the places of both,
    their sum stands last. The halves then list all sums of what remains, as they come.
    """

    def __init__(self, groups: Sequence[Sequence[int]], asked: int) -> None:
        self._groups, self._asked = groups, asked
        self._joined: list[tuple[int, int]] = []
        forms = [_Form(len(each), max(each) - min(each), _apart(each)) for each in groups]
        while (pair := self._worth_joining(forms)) is not None:
            self._joined.append(pair)
            one, other = (forms[place] for place in pair)
            forms = [*_without(forms, pair), one.joined(other)]
        sizes = [form.size for form in forms]
        self.ways = isqrt(prod(sizes))
        self._few = self._smaller(sizes)
        self._places: tuple[int | None, list[int]] = (None, [])

    def _worth_joining(self, forms: Sequence[_Form]) -> tuple[int, int] | None:
        """Return two groups whose joining takes less work than it spares, None without any."""
        ways, found = prod(form.size for form in forms), None
        least = self._work(ways)
        for pair in combinations(range(len(forms)), 2) if len(forms) > 2 else ():  # noqa: PLR2004
            one, other = (forms[place] for place in pair)
            count, alone = one.joined(other).size, one.size * other.size
            if count < alone:
                work = _ADDED * alone + self._work(ways // alone * count)
                if work < least:
                    least, found = work, pair
        return found

    def _work(self, ways: int) -> int:
        """Return how much work halves of the best sizes are."""
        return 2 * isqrt(2 * ways * (1 + _ASKED * self._asked))

    def _smaller(self, sizes: Sequence[int]) -> tuple[int, ...]:
        """Return which groups are best taken into the smaller half."""
        found: dict[int, tuple[int, ...]] = {1: ()}
        for place, size in enumerate(sizes):
            more = {n * size: (*own, place) for n, own in found.items() if n * size <= self.ways}
            found = more | found
        ways, once = prod(sizes), 1 + _ASKED * self._asked
        return found[min(found, key=lambda size: size * once + 2 * ways // size)]

    def halves(self, groups: Sequence[Masses]) -> tuple[list[Masses], list[Masses]]:
        """Return what the smaller and the larger half are the sums of."""
        left = list(groups)
        for pair in self._joined:
            one, other = (left[place] for place in pair)
            left = [*_without(left, pair), _added(one, other)]
        few = [left[place] for place in self._few]
        return few, [each for place, each in enumerate(left) if place not in self._few]

    @cached_property
    def _values(self) -> tuple[list[int], list[int], list[int]]:
        """The smaller half's values, the order of the larger one's, and these in that order."""
        halves = self.halves([dict.fromkeys(group, 1) for group in self._groups])
        few, many = ([*map(sum, product(*half))] for half in halves)
        order = sorted(range(len(many)), key=many.__getitem__)
        return few, order, [many[at] for at in order]

    @property
    def order(self) -> Sequence[int]:
        """In which order the values of the larger half rise."""
        return self._values[1]

    def places(self, units: int) -> Sequence[int]:
        """Return how many values of the larger half each of the smaller one leaves room for."""
        if self._places[0] != units:
            few, _, many = self._values
            self._places = units, [bisect_right(many, units - value) for value in few]
        return self._places[1]


@lru_cache(maxsize=4)
def _layout(groups: tuple[tuple[int, ...], ...], asked: int) -> _Layout:
    return _Layout(groups, asked)


def _without(every: Sequence[_T], pair: tuple[int, int]) -> list[_T]:
    return [each for place, each in enumerate(every) if place not in pair]


class _Listed:
    """Halves whose values stand one by one, the larger one's with the mass of all up to each."""

    def __init__(self, layout: _Layout, groups: Sequence[Masses]) -> None:
        self._layout = layout
        self._few, many = (_products(half) for half in layout.halves(groups))
        self._upto = [0, *accumulate(map(many.__getitem__, layout.order))]

    def upto(self, units: int) -> int:
        """Return the mass of at most so many units."""
        return sum(map(mul, self._few, map(self._upto.__getitem__, self._layout.places(units))))


def _products(groups: Iterable[Masses]) -> list[int]:
    """Return the masses of all sums of one value of each group, in the order of `product`."""
    found = [1]
    for group in groups:
        masses = group.values()
        found = [one * mass for one in found for mass in masses]
    return found


def _width(group: Masses) -> int:
    return max(group) - min(group)


class _Digits:
    """Halves of which the larger one is a number.

    Its values lie at even distances, their masses are its digits, the lowest value's first.
    """

    def __init__(self, few: Masses, groups: Sequence[Masses]) -> None:
        self._few = sorted(few)
        self._masses = [few[value] for value in self._few]
        self._lowest = sum(min(group) for group in groups)
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

    def upto(self, units: int) -> int:
        """Return the mass of at most so many units.

        The first values of the smaller half may leave more than there is, the last too little.
        """
        left, apart, upto = units - self._lowest + self._apart, self._apart, self._upto
        first = bisect_right(self._few, left - apart * len(upto))
        last = bisect_right(self._few, left)
        found = (upto[(left - value) // apart] for value in self._few[first:last])
        mass: int = sum(map(mul, self._masses[first:last], found))
        return mass + sum(self._masses[:first]) * upto[-1]

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


def _apart(group: Iterable[int]) -> int:
    """Return of what all distances between a group's values are multiples."""
    first, *others = group
    return gcd(*(value - first for value in others))


class Node(NamedTuple):
    """One of several sums that may hold, with its chance."""

    chance: Fraction
    parts: Sequence[Part]


class Mixture:
    """A sum of parts that depend on each other through the node that holds."""

    def __init__(self, nodes: Iterable[Node], asked: int = OFTEN) -> None:
        self._nodes = [node for node in nodes if node.chance]
        sums = [Sum(node.parts, asked) for node in self._nodes]
        wholes = [
            node.chance.denominator * each.whole
            for node, each in zip(self._nodes, sums, strict=True)
        ]
        self._whole = lcm(*wholes)
        self._sums = [
            (self._whole // whole * node.chance.numerator, each)
            for whole, node, each in zip(wholes, self._nodes, sums, strict=True)
        ]
        self._known: dict[int, int] = {}
        self.lowest = min(each.lowest for each in sums)
        self.highest = max(each.highest for each in sums)

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
        return Fraction(self._mass(units), self._whole)

    def _mass(self, units: int) -> int:
        """Return the same in parts of the whole."""
        if units >= self.highest:
            return self._whole
        if units < self.lowest:
            return 0
        found = self._known.get(units)
        if found is None:
            found = sum(times * each.upto(units) for times, each in self._sums)
            self._known[units] = found
        return found

    def quantile(self, share: Fraction, near: Fraction) -> int:
        """Return the fewest units that are not exceeded with a chance of at least `share`.

        `near` is a first guess, in standard deviations from the mean: it decides how long the
        search takes, not what it finds.
        """
        wanted = -(-share.numerator * self._whole // share.denominator)
        deviation = isqrt(int(self.variance)) + 1
        low, high = self.lowest - 1, self.highest
        guess, reach = int(self.mean + near * deviation), max(1, deviation // 16)
        while high - low > 1:
            guess = min(max(guess, low + 1), high - 1)
            if self._mass(guess) >= wanted:
                high, guess = guess, guess - reach
            else:
                low, guess = guess, guess + reach
            reach *= 2
            if not low < guess < high:
                guess = self._between(low, high, wanted)
        return high

    def _between(self, low: int, high: int, wanted: int) -> int:
        """Return where the mass would be `wanted` if it rose evenly, held off the ends."""
        below, above = self._mass(low), self._mass(high)
        quarter = (high - low) // 4
        even = low + (high - low) * (wanted - below) // (above - below)
        return min(max(even, low + quarter), high - quarter)


def _moments(nodes: Sequence[Node]) -> tuple[Fraction, Fraction]:
    """Return the mean and the variance of a mixture."""
    mean = square = Fraction(0)
    for chance, parts in nodes:
        weights: dict[int, list[int]] = {}
        every = {id(part.masses): part.masses for part in parts}
        for part in parts:
            weights.setdefault(id(part.masses), []).append(part.weight)
        common = lcm(*(sum(masses.values()) for masses in every.values()))
        own = spread = 0
        for name, masses in every.items():
            whole = sum(masses.values())
            first = sum(step * mass for step, mass in masses.items())
            second = sum(step * step * mass for step, mass in masses.items())
            own += sum(weights[name]) * first * (common // whole)
            squared = sum(weight * weight for weight in weights[name])
            spread += squared * (second * whole - first * first) * (common // whole) ** 2
        mean += chance * Fraction(own, common)
        square += chance * Fraction(spread + own * own, common * common)
    return mean, square - mean * mean


def _added(old: Mapping[int, int], more: Mapping[int, int]) -> dict[int, int]:
    """Return the masses of a sum: of what there is, and of one more."""
    found: dict[int, int] = {}
    get = found.get
    for value, mass in more.items():
        for other, m in old.items():
            at = value + other
            found[at] = get(at, 0) + m * mass
    return found
