"""Sums of independent whole numbers and mixtures of such sums: exact, nothing drawn or rounded.

A sum is kept as two halves, each with the chance of every value it can take. The chance of at most
so many units then takes one pass over the smaller half, and no list of all values is ever made.
How the values lie in halves is found once for sums that differ in their chances alone.

Where the larger half takes very many values it is one long number, digit by digit in a base that no
mass reaches: with one more part it is that number shifted, multiplied and added up.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import accumulate
from math import gcd, isqrt, lcm, prod
from operator import mul
from typing import NamedTuple, TypeVar

OFTEN = 36
"""About how often a distribution is asked for whose points are sought."""

_LISTED, _ADDED, _ASKED = 3, 3, 3
"""What a value of the larger half takes, adding two values up, and asking for one.

All as multiples of what listing a value of the smaller half takes.
"""

_DIGIT = Fraction(1, 2)
"""What a digit takes for each value of the groups that it is made of."""

_SHIFTED = 50
"""A group of so many values and more is taken into a long number as a long number itself."""

_SPARSE = 4
"""From so many digits for each value on a sum of alike parts is not made in digits."""

Masses = Mapping[int, int]
"""What a sum may come to, in units, and the mass of each: its chance times the sum of them all."""


_Values = tuple[int, ...]
_Group = TypeVar("_Group", Masses, _Values)


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
        split, self._layout = layout_of(tuple(map(tuple, groups)), asked)
        few, many = split.halves(groups, _added)
        self._few = _products(few)
        self._upto = [0, *accumulate(self._layout.in_order(many))]
        self.whole = prod(sum(group.values()) for group in groups)

    def upto(self, units: int) -> int:
        """Return the mass of at most so many units, of the `whole`."""
        return sum(map(mul, self._few, map(self._upto.__getitem__, self._layout.places(units))))


def _repeated(kinds: Sequence[tuple[Masses, int]]) -> dict[int, int]:
    """Return the sum of so many of each kind of masses.

    Where its values lie close the masses are digits of long numbers, whose product it is.
    """
    apart = gcd(*(_apart(masses) for masses, _ in kinds))
    width = sum(_width(masses) * times for masses, times in kinds)
    if width > apart * _SPARSE * prod(len(masses) ** times for masses, times in kinds):
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


class _Form(NamedTuple):
    """How many values a group has at most, from the lowest to the highest, and how far apart."""

    size: int
    width: int
    apart: int

    def joined(self, other: "_Form") -> "_Form":
        """Return that of the sums of the values of both."""
        apart, width = gcd(self.apart, other.apart), self.width + other.width
        return _Form(min(self.size * other.size, width // (apart or 1) + 1), width, apart)


class Split(NamedTuple):
    """Which groups the smaller half takes, by their places; the larger one has the others.

    Each time a sum is asked the smaller half is gone through, the larger one is only made once.
    Groups whose sums often fall together are `joined` two by two before: their sum stands after all
    others. `digits` says whether the larger half is kept in digits, `work` how much all that takes.
    """

    work: int
    few: tuple[int, ...]
    joined: tuple[tuple[int, int], ...] = ()
    digits: bool = False

    def halves(
        self, groups: Sequence[_Group], add: Callable[[_Group, _Group], _Group]
    ) -> tuple[list[_Group], list[_Group]]:
        """Return what the smaller and the larger half are the sums of; `add` joins two groups."""
        every, joined = list(groups), {place for pair in self.joined for place in pair}
        for one, other in self.joined:
            every.append(add(every[one], every[other]))
        left = [place for place in range(len(every)) if place not in joined]
        left.sort(key=lambda place: len(every[place]))  # a long last group makes short lists before
        few = [every[place] for place in left if place in self.few]
        return few, [every[place] for place in left if place not in self.few]


def best_split(forms: Sequence[_Form], asked: int) -> Split:
    """Return the halves that take least work."""
    once = 1 + _ASKED * asked
    joined, left = _joined(forms, once)
    listed = _listed(left, once)
    work = listed.work + sum(together for _, together in joined)
    listed = listed._replace(work=work, joined=tuple(pair for pair, _ in joined))
    return min([listed, *_in_digits(forms, once)], key=lambda split: split.work)


_Pair = tuple[int, int]


def _joined(forms: Sequence[_Form], once: int) -> tuple[list[tuple[_Pair, int]], dict[int, int]]:
    """Return which groups to join, with the work, and how many values each has that is left then.

    Groups are joined as long as that spares work. Left are groups by their places, sums of two
    after all others.
    """
    left: dict[int, _Form] = {}
    together: dict[_Pair, tuple[int, int]] = {}
    for place, form in enumerate(forms):
        together |= _overlaps(left, place, form)
        left[place] = form
    joined: list[tuple[_Pair, int]] = []
    while together and len(left) > 2:  # noqa: PLR2004
        ways = prod(form.size for form in left.values())
        works = {
            pair: _ADDED * alone + _work_listed(ways // alone * size, once)
            for pair, (alone, size) in together.items()
        }
        pair = min(works, key=works.__getitem__)
        if works[pair] >= _work_listed(ways, once):
            break
        place, form = len(forms) + len(joined), left.pop(pair[0]).joined(left.pop(pair[1]))
        joined.append((pair, _ADDED * together[pair][0]))
        together = {other: both for other, both in together.items() if not {*other} & {*pair}}
        together |= _overlaps(left, place, form)
        left[place] = form
    return joined, {place: form.size for place, form in left.items()}


def _overlaps(
    left: Mapping[int, _Form], place: int, form: _Form
) -> Iterator[tuple[_Pair, tuple[int, int]]]:
    """Yield with which groups one has fewer sums than pairs of values, and how many of both."""
    for other, theirs in left.items():
        alone, size = theirs.size * form.size, theirs.joined(form).size
        if size < alone:
            yield (other, place), (alone, size)


def _work_listed(ways: int, once: int) -> int:
    """Return how much work listed halves of the best sizes are."""
    return 2 * isqrt(_LISTED * ways * once)


def _listed(sizes: Mapping[int, int], once: int) -> Split:
    """Return the best halves whose values are all listed, of groups with so many values."""
    ways, found = prod(sizes.values()), dict[int, tuple[int, ...]]({1: ()})
    most = isqrt(ways)
    for place, size in sizes.items():
        more = {n * size: (*own, place) for n, own in found.items() if n * size <= most}
        found = more | found
    return min(Split(n * once + _LISTED * (ways // n), few) for n, few in found.items())


def _in_digits(forms: Sequence[_Form], once: int) -> Iterator[Split]:
    """Yield halves of which the larger one is kept in digits: groups with a common measure."""
    aparts: set[int] = set()
    for form in forms:
        aparts |= {form.apart, *(gcd(form.apart, apart) for apart in aparts)}
    for apart in aparts - {0}:
        few = tuple(place for place, form in enumerate(forms) if form.apart % apart)
        many = [form for form in forms if not form.apart % apart]
        digits = sum(form.width for form in many) // apart + 1
        each = _LISTED + int(_DIGIT * sum(min(form.size, _SHIFTED) for form in many))
        yield Split(prod(forms[at].size for at in few) * once + digits * each, few, digits=True)


class _Layout:
    """How the values of a sum lie in halves: found once for whatever masses they have."""

    def __init__(self, few: Sequence[_Values], many: Sequence[_Values]) -> None:
        self._few = _sums(few)
        self._asked: tuple[int | None, Sequence[int]] = (None, ())
        self._arrange(many)

    def _arrange(self, many: Sequence[_Values]) -> None:
        values = _sums(many)
        self._order = sorted(range(len(values)), key=values.__getitem__)
        self._many = [values[at] for at in self._order]

    def in_order(self, many: Sequence[Masses]) -> Iterable[int]:
        """Return the masses of the larger half, the lowest value's first."""
        return map(_products(many).__getitem__, self._order)

    def places(self, units: int) -> Sequence[int]:
        """Return how many values of the larger half each of the smaller one leaves room for."""
        asked, places = self._asked  # taken together: another thread may ask meanwhile
        if asked != units:
            places = self._places(units)
            self._asked = units, places
        return places

    def _places(self, units: int) -> Sequence[int]:
        return [bisect_right(self._many, units - value) for value in self._few]


class _InDigits(_Layout):
    """The same where the larger half is kept in digits: its values lie at even distances."""

    def _arrange(self, many: Sequence[_Values]) -> None:
        self._apart = gcd(*map(_apart, many)) or 1
        self._size = sum(map(_width, many)) // self._apart + 1
        self._lowest = sum(map(min, many))

    def in_order(self, many: Sequence[Masses]) -> Iterable[int]:
        """Return the masses of the larger half, the lowest value's first."""
        return _Digits(many).masses()

    def _places(self, units: int) -> Sequence[int]:
        first, apart, size = units - self._lowest + self._apart, self._apart, self._size
        return [min(max((first - value) // apart, 0), size) for value in self._few]


@lru_cache(maxsize=4)
def layout_of(groups: tuple[_Values, ...], asked: int) -> tuple[Split, _Layout]:
    """Return the best halves for groups of values, and how these lie in them."""
    split = best_split([_Form(len(g), max(g) - min(g), _apart(g)) for g in groups], asked)
    halves = split.halves(groups, _values_added)
    return split, (_InDigits if split.digits else _Layout)(*halves)


def _products(groups: Iterable[Masses]) -> list[int]:
    """Return the masses of all sums of one value of each group, the first value changing first."""
    found = [1]
    for group in groups:
        masses = group.values()
        found = [one * mass for mass in masses for one in found]
    return found


def _sums(groups: Iterable[Iterable[int]]) -> list[int]:
    """Return all sums of one value of each group, in the same order."""
    found = [0]
    for group in groups:
        found = [one + value for value in group for one in found]
    return found


def _width(group: Collection[int]) -> int:
    return max(group) - min(group)


class _Digits:
    """Masses of values at even distances: digits of one number, the lowest value's first.

    Digits have room for the masses so far; as these grow they are made half as long again.
    """

    def __init__(self, groups: Sequence[Masses]) -> None:
        self._apart, self._width, self._number, self._size = 0, 0, 1, 1
        rest, whole = list(groups), 1
        self._most = prod(sum(group.values()) for group in groups).bit_length() // 8 + 1
        while rest:
            group = min(rest, key=self._count_with)
            rest.remove(group)
            whole *= sum(group.values())
            self._lay_out(gcd(self._apart, _apart(group)), whole.bit_length() // 8 + 1)
            self._add(group)

    def masses(self) -> Iterator[int]:
        """Yield the digits."""
        return (int.from_bytes(digit, "little") for digit in self._digits())

    def _count_with(self, group: Masses) -> int:
        """Return how many digits there are with one group more."""
        return (self._width + _width(group)) // (gcd(self._apart, _apart(group)) or 1)

    def _digits(self) -> Iterator[bytes]:
        return _digits(self._number, self._width // (self._apart or 1) + 1, self._size)

    def _lay_out(self, apart: int, size: int) -> None:
        """Bring values so far apart, with zeros between their digits, of at least so many bytes."""
        size = self._size if size <= self._size else min(size * 3 // 2, self._most)
        if (apart, size) != (self._apart, self._size):
            zeros = bytes(max(self._apart // (apart or 1), 1) * size - self._size)
            self._number = int.from_bytes(zeros.join(self._digits()), "little")
            self._apart, self._size = apart, size

    def _add(self, group: Masses) -> None:
        """Take in one group more."""
        least, apart, size = min(group), self._apart or 1, self._size
        self._width += _width(group)
        if len(group) >= _SHIFTED:
            every = (group.get(value, 0) for value in range(least, max(group) + 1, apart))
            digits = b"".join(mass.to_bytes(size, "little") for mass in every)
            self._number *= int.from_bytes(digits, "little")
            return
        shifts = ((value - least) // apart * 8 * size for value in group)
        number, masses = self._number, group.values()
        self._number = sum(number * m << shift for m, shift in zip(masses, shifts, strict=True))


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


def _values_added(old: _Values, more: _Values) -> _Values:
    """Return the values of the same, in the same order."""
    return tuple(dict.fromkeys(value + other for value in more for other in old))
