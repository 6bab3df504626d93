"""The fronts of a plan: for every effort the most that can be gained, indicator by indicator."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

Choices = Sequence[Sequence[int]]
"""For each indicator what its rises by 0, 1, 2, ... steps gain, or take."""

_FIRST_SLACK = 12  # of what so many parts of a step take: most plans are found at once
_MORE_SLACK = 4  # times as much, where plans are wanting
_LONG_RUN = 4  # steps alike, from which on bundles of them are fewer


class Price(NamedTuple):
    """About what a unit of gain is worth, in effort, and by how much plans may fail to be worth it.

    It decides how much is left out at once, never what is found: see `Fronts`.
    """

    each: int
    slack: int


class Costed(NamedTuple):
    """A whole cost, and the units gained for it."""

    cost: int
    gain: int


class Fronts:
    """The front of all indicators, of all but the first, ... of none.

    A point is one integer: an effort, and below it in `bits` binary digits the units missing to
    the highest index that the limits allow. So points sort by effort, and a rise is an addition.
    `gains` are the units that each indicator gains by each of its rises, as `ladders` the efforts.

    With a price a point is left out if no plan through it is worth its effort. Let gains be paid
    for: effort less pay is a sum over the indicators, each of which has a least one. What a point
    takes, together with the least of those that are not yet in it, may be at most the least of all
    and the slack. So every plan that takes at most that is in the fronts.
    """

    def __init__(self, gains: Choices, ladders: Choices, price: Price | None = None) -> None:
        self.gains, self.ladders = gains, ladders
        self.room = sum(of_one[-1] for of_one in gains)
        self.too_much = 1 + sum(ladder[-1] for ladder in ladders)
        self.bits = self.room.bit_length()
        self.mask = (1 << self.bits) - 1
        self.each = price.each if price else 0
        least = [
            min(effort - gain * self.each for effort, gain in zip(ladder, of_one, strict=True))
            for of_one, ladder in zip(gains, ladders, strict=True)
        ]
        self.least = sum(least)
        left = self.room * self.each + (price.slack if price else 0)
        fronts = [[self.room]]
        for of_one, ladder, own in zip(
            reversed(gains), reversed(ladders), reversed(least), strict=True
        ):
            moves = [
                (effort << self.bits) - gain for effort, gain in zip(ladder, of_one, strict=True)
            ]
            left += own
            front = self._joined(fronts[-1], moves)
            fronts.append(self._within(front, left) if price else front)
        self.fronts = fronts[::-1]

    def _within(self, front: Sequence[int], most: int) -> list[int]:
        each, bits, mask = self.each, self.bits, self.mask
        return [point for point in front if (point >> bits) + (point & mask) * each <= most]

    def slack(self, effort: int, gain: int) -> int:
        """Return with what slack every plan is here that takes at most this and gains as much."""
        return effort - gain * self.each - self.least

    def costed(self, one: int) -> list[Costed]:
        """Return each cost at which the best gain rises, least first; `one` is a cost of 1."""
        best = {(p >> self.bits) // one: self.room - (p & self.mask) for p in self.fronts[0]}
        return [Costed(*each) for each in best.items()]

    def rises(self, gain: int) -> Iterator[int]:
        """Yield how many steps each indicator rises where a gain takes the least effort."""
        for place, (gains, ladder) in enumerate(zip(self.gains, self.ladders, strict=True)):
            least = self._least_effort(place, gain)
            rise = len(ladder) - 1
            while ladder[rise] + self._least_effort(place + 1, gain - gains[rise]) > least:
                rise -= 1
            yield rise
            gain -= gains[rise]

    def _least_effort(self, place: int, gain: int) -> int:
        """Return the least effort for a gain, without the indicators before `place`.

        It is more than any plan takes if nothing gains so much.
        """
        front = self.fronts[place]
        found = bisect_left(front, gain, key=self._gain)
        return front[found] >> self.bits if found < len(front) else self.too_much

    def _gain(self, point: int) -> int:
        return self.room - (point & self.mask)

    def _joined(self, front: list[int], moves: Sequence[int]) -> list[int]:
        """Return the front with one indicator more, which makes one of these moves."""
        points: list[int] = []
        for first, difference, more in _runs(moves):
            run = [point + first for point in front]
            if more < _LONG_RUN:
                points += run
                for count in range(1, more + 1):
                    points += [point + count * difference for point in run]
                continue
            for bundle in _bundles(more):
                run = self._best([*run, *(point + bundle * difference for point in run)])
            points += run
        return self._best(points)

    def _best(self, points: list[int]) -> list[int]:
        """Return the points that gain more than every point of less effort, sorted."""
        points.sort()
        mask, least = self.mask, self.room + 1
        best = []
        for point in points:
            missing = point & mask
            if missing < least:
                least = missing
                best.append(point)
        return best


def _runs(moves: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Yield the moves as runs of one difference: the first, the difference, and how many more."""
    differences = [after - before for before, after in pairwise(moves)] + [0]
    place = 0
    while place < len(moves):
        difference, more = differences[place], 0
        while place + more + 1 < len(moves) and differences[place + more] == difference:
            more += 1
        yield moves[place], difference, more
        place += more + 1


def _bundles(count: int) -> Iterator[int]:
    """Yield 1, 2, 4, ... and a rest, `count` in all: some of them add up to any number below."""
    size = 1
    while count:
        yield min(size, count)
        count -= min(size, count)
        size *= 2


class Cheapest(NamedTuple):
    """The steps by which each indicator rises, and the best that costs less, None if nothing.

    `slack` is the one that fronts must have to prove it.
    """

    rises: tuple[int, ...]
    cheaper: Costed | None
    slack: int


def cheapest(
    gains: Choices, ladders: Choices, one: int, wanted: int, dearest: int | None
) -> Cheapest:
    """Return the plan of least effort for a gain, or the best that costs at most `dearest`.

    `one` is the effort that a cost of 1 is. Fronts are drawn with more and more slack, until
    everything is in them that could be better than what they hold.
    """
    wanted = max(wanted, sum(of_one[0] for of_one in gains))  # no plan gains less
    most = 1 + sum(ladder[-1] for ladder in ladders)
    if dearest is not None:
        most = min(most, (dearest + 1) * one - 1)
    price = _price(gains, ladders, wanted, most)
    while True:
        found = _found(Fronts(gains, ladders, price), one, wanted, most)
        if found is not None and found.slack <= price.slack:
            return found
        more = _MORE_SLACK * price.slack
        price = price._replace(slack=more if found is None else min(found.slack, more))


def _found(fronts: Fronts, one: int, wanted: int, most: int) -> Cheapest | None:
    """Return the best plan that is in fronts, and the best that costs less, None without them."""
    costed = fronts.costed(one)
    allowed = [each.gain for each in costed if each.cost <= most // one]
    if not allowed:
        return None
    gain = min(wanted, allowed[-1])
    rises = tuple(fronts.rises(gain))
    effort = sum(ladder[rise] for ladder, rise in zip(fronts.ladders, rises, strict=True))
    slack = fronts.slack(most if gain < wanted else effort, gain)
    cost = effort // one
    if cost == sum(ladder[0] for ladder in fronts.ladders) // one:
        return Cheapest(rises, None, slack)
    cheaper = max((each for each in costed if each.cost < cost), default=None)
    if cheaper is None:
        return None
    return Cheapest(rises, cheaper, max(slack, fronts.slack(cost * one - 1, cheaper.gain)))


def _price(gains: Choices, ladders: Choices, wanted: int, most: int) -> Price:
    """Return what a unit is about worth where a gain or the most effort is reached."""
    finest = 2 * sum(of_one[-1] for of_one in gains).bit_length()
    steps = [step for each in zip(gains, ladders, strict=True) for step in _worthwhile(*each)]
    steps.sort(key=lambda step: (step[1] << finest) // step[0])
    gained = sum(of_one[0] for of_one in gains)
    spent = sum(ladder[0] for ladder in ladders)
    for gain, effort in steps:
        gained += gain
        spent += effort
        if gained >= wanted or spent >= most:
            return Price(effort // gain, 1 + effort // _FIRST_SLACK)
    return Price(0, 1)


def _worthwhile(gains: Sequence[int], ladder: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the steps of an indicator that gain most for their effort: each gain and effort."""
    hull = list[tuple[int, int]]()
    for gain, effort in zip(gains, ladder, strict=True):
        while len(hull) > 1:
            (early, little), (late, much) = hull[-2:]
            if (much - little) * (gain - late) < (effort - much) * (late - early):
                break
            hull.pop()
        hull.append((gain, effort))
    for (early, little), (late, much) in pairwise(hull):
        yield late - early, much - little
