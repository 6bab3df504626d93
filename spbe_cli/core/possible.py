"""What the nodes of an instrument may have, as sets: what levels give, what is shown as a value.

All indices of a scale with a step move in whole units (`core.units`), so that a set of them is a
set of whole numbers. It is kept as the bits of one: a bit for each number of units. Adding an
indicator shifts the set by each of its levels, adding nodes adds their sets. Without a step any
value may be given, and a set is one of spans. Nothing is tolerated or sampled in either.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import reduce
from typing import NamedTuple, Protocol, TypeVar

from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import rounded
from spbe_cli.core.units import Count, tick_of, units_of


class Shown(NamedTuple):
    """A value as it was published: rounded half up to `places` decimals."""

    value: Fraction
    places: int


S = TypeVar("S")


class Sets(Protocol[S]):
    """Sets of what the nodes of an instrument may have, in units that add up from node to node.

    A set is false where it is empty.
    """

    def of_levels(self, code: str, *, or_missing: bool = False) -> S:
        """Return what levels give a node; also such as are missing and counted as 0."""

    def shown(self, code: str, shown: Shown) -> S:
        """Return what is shown so."""

    def both(self, one: S, other: S) -> S:
        """Return what is in both."""

    def either(self, one: S, other: S) -> S:
        """Return what is in one or the other."""

    def sums(self, sets: Sequence[S]) -> S:
        """Return the sums of one of each."""

    def around(self, code: str, shown: Shown, of: S) -> Iterator[Fraction]:
        """Yield the nearest below and above that `of` holds, as they would be shown."""

    def ends(self, of: S) -> tuple[Fraction, Fraction]:
        """Return the lowest and the highest index of the whole."""

    def has(self, of: S, least: Fraction | None, below: Fraction | None) -> bool:
        """Return whether the whole may have an index from `least` on and below `below`."""


class Grid:
    """Sets of whole units, as the bits of one whole number: bit 3 says that 3 units may be.

    Units are counted from 0 on, so that a value below the scale has some as well.
    """

    def __init__(self, instrument: Instrument) -> None:
        self._scale = scale = instrument.scale
        first = min(Fraction(0), scale.lowest)
        self._units = units_of(instrument, Count(first, tick_of(scale)))
        self.nodes = self._units.node_by_code
        self._range_of: dict[tuple[Fraction | None, Fraction | None], tuple[int, int | None]] = {}

    @property
    def size(self) -> int:
        """The most units that an index has."""
        return self._units.whole.total * self._units.counted.of(self._scale.highest)

    def of_levels(self, code: str, *, or_missing: bool = False) -> int:
        """Return what levels give a node: every indicator shifts the set by each of its levels."""
        counted = self._units.counted
        levels = [counted.of(level) for level in self._scale.levels()]
        first, step = levels[0], levels[1] - levels[0]
        found = 1
        for place in self.nodes[code].below:
            weight = self._units.weights[place]
            given = _copies(found, weight * step, len(levels)) << weight * first
            found = given | found if or_missing else given
        return found

    def shown(self, code: str, shown: Shown) -> int:
        """Return the units that are shown so."""
        return _between(*self._range(code, shown))

    def both(self, one: int, other: int) -> int:
        """Return the units in both."""
        return one & other

    def either(self, one: int, other: int) -> int:
        """Return the units in one or the other."""
        return one | other

    def sums(self, sets: Sequence[int]) -> int:
        """Return the sums of one of each."""
        return reduce(_sums, sets, 1)

    def around(self, code: str, shown: Shown, of: int) -> Iterator[Fraction]:
        """Yield the nearest below and above, as they would be shown."""
        first, stop = self._range(code, shown)
        below, above = of & _between(0, first), of >> stop
        if below:
            yield rounded(self.nodes[code].index_at(below.bit_length() - 1), shown.places)
        if above:
            yield rounded(self.nodes[code].index_at(stop + _lowest(above)), shown.places)

    def ends(self, of: int) -> tuple[Fraction, Fraction]:
        """Return the lowest and the highest index of the whole."""
        return self._units.index_at(_lowest(of)), self._units.index_at(of.bit_length() - 1)

    def has(self, of: int, least: Fraction | None, below: Fraction | None) -> bool:
        """Return whether the whole may have an index from `least` on and below `below`."""
        span = self._range_of.get((least, below))
        if span is None:
            first = 0 if least is None else max(0, self._units.least(least))
            span = first, None if below is None else max(0, self._units.least(below))
            self._range_of[least, below] = span
        first, stop = span
        return bool(of >> first if stop is None else of & _between(first, stop))

    def _range(self, code: str, shown: Shown) -> tuple[int, int]:
        value, node = shown.value, self.nodes[code]
        half = Fraction(1, 2 * 10**shown.places)
        # a tie is rounded away from zero: which end belongs to the value depends on its sign
        first = node.least(value - half) if value > 0 else node.most(value - half) + 1
        stop = node.least(value + half) if value >= 0 else node.most(value + half) + 1
        return max(0, first), max(0, stop)


class Span(NamedTuple):
    """All numbers from `least` on, up to `end`, with it where it is `closed`."""

    least: Fraction
    end: Fraction
    closed: bool


Spans = tuple[Span, ...]


class Continuum:
    """Sets of spans, where a scale without a step holds any value: an index times its weight."""

    def __init__(self, instrument: Instrument) -> None:
        self._scale = instrument.scale
        self._units = units_of(instrument)

    def of_levels(self, code: str, *, or_missing: bool = False) -> Spans:
        """Return what values give a node: all between the ends, for every sum of weights."""
        node = self._units.node_by_code[code]
        sums = 1
        for place in node.below if or_missing else ():
            sums |= sums << self._units.weights[place]
        lowest, highest = self._scale.lowest, self._scale.highest
        weights = members_of(sums) if or_missing else [node.total]
        return tuple(Span(lowest * each, highest * each, closed=True) for each in weights)

    def shown(self, code: str, shown: Shown) -> Spans:
        """Return what is shown so."""
        half, weight = Fraction(1, 2 * 10**shown.places), self._units.node_by_code[code].total
        least = max(shown.value - half, Fraction(0))
        return (Span(least * weight, (shown.value + half) * weight, closed=False),)

    def both(self, one: Spans, other: Spans) -> Spans:
        """Return what is in both."""
        pairs = ((a, b) for a in one for b in other)
        ends = ((max(a.least, b.least), *min(a[1:], b[1:])) for a, b in pairs)
        return tuple(
            Span(*each) for each in ends if each[0] < each[1] or (each[2] and each[0] == each[1])
        )

    def either(self, one: Spans, other: Spans) -> Spans:
        """Return what is in one or the other."""
        return (*one, *other)

    def sums(self, sets: Sequence[Spans]) -> Spans:
        """Return the sums of one of each."""
        found = [Span(Fraction(0), Fraction(0), closed=True)]
        for each in sets:
            found = [
                Span(a.least + b.least, a.end + b.end, a.closed and b.closed)
                for a in found
                for b in each
            ]
        return tuple(found)

    def around(self, code: str, shown: Shown, of: Spans) -> Iterator[Fraction]:
        """Yield the nearest below and above, as they would be shown."""
        (own,), weight = self.shown(code, shown), self._units.node_by_code[code].total
        below = [
            Span(each.least, *min(each[1:], (own.least, False)))
            for each in of
            if each.least < own.least
        ]
        if below:
            end, closed = max(each[1:] for each in below)
            last = Fraction(1, 10**shown.places)
            seen = rounded(end / weight, shown.places)
            yield seen if closed or seen - last / 2 < end / weight else seen - last
        above = [
            max(each.least, own.end)
            for each in of
            if each.end > own.end or (each.closed and each.end == own.end)
        ]
        if above:
            yield rounded(min(above) / weight, shown.places)

    def ends(self, of: Spans) -> tuple[Fraction, Fraction]:
        """Return the lowest and the highest index of the whole."""
        weight = self._units.whole.total
        return min(each.least for each in of) / weight, max(each.end for each in of) / weight

    def has(self, of: Spans, least: Fraction | None, below: Fraction | None) -> bool:
        """Return whether the whole may have an index from `least` on and below `below`."""
        weight = self._units.whole.total
        first = Fraction(0) if least is None else least * weight
        end = (self._scale.highest * weight, True) if below is None else (below * weight, False)
        return bool(self.both(of, (Span(first, *end),)))


def _between(first: int, stop: int) -> int:
    """Return the set of the numbers from `first` to below `stop`."""
    return (1 << stop) - (1 << first) if stop > first else 0


def _copies(numbers: int, stride: int, number: int) -> int:
    """Return the union of so many copies of a set, each shifted by `stride` more."""
    whole, have = numbers, 1
    while have < number:
        more = min(have, number - have)
        whole |= whole << more * stride
        have += more
    return whole


def _sums(one: int, other: int) -> int:
    """Return the set of the sums of a number from each of two sets.

    Zeros at the low ends cost nothing, and a run of numbers as much as one.
    """
    if not one or not other:
        return 0
    few, many = sorted((one, other), key=int.bit_count)
    offset = _lowest(few) + _lowest(many)
    few, many = few >> _lowest(few), many >> _lowest(many)
    whole = at = 0
    while few:
        at += _lowest(few)
        few >>= _lowest(few)
        run = _lowest(~few)
        whole |= _copies(many, 1, run) << at
        at += run
        few >>= run
    return whole << offset


def _lowest(numbers: int) -> int:
    """Return the lowest number in a set."""
    return (numbers & -numbers).bit_length() - 1


def members_of(bits: int) -> Iterator[int]:
    """Yield the numbers in a set, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
