"""The fronts of a plan: for every effort the most that can be gained, indicator by indicator."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

_LONG_RUN = 4  # steps alike, from which on bundles of them are fewer


class Fronts:
    """The front of all indicators, of all but the first, ... of none.

    A point is one integer: an effort, and below it in `bits` binary digits the units missing to
    the highest index that the limits allow. So points sort by effort, and a rise is an addition.
    `gains` are the units that each indicator gains by each of its rises, as `ladders` the efforts.
    """

    def __init__(self, gains: Sequence[Sequence[int]], ladders: Sequence[Sequence[int]]) -> None:
        self.gains, self.ladders = gains, ladders
        self.room = sum(of_one[-1] for of_one in gains)
        self.too_much = 1 + sum(ladder[-1] for ladder in ladders)
        self.bits = self.room.bit_length()
        self.mask = (1 << self.bits) - 1
        fronts = [[self.room]]
        for of_one, ladder in zip(reversed(gains), reversed(ladders), strict=True):
            moves = [
                (effort << self.bits) - gain for effort, gain in zip(ladder, of_one, strict=True)
            ]
            fronts.append(self._joined(fronts[-1], moves))
        self.fronts = fronts[::-1]

    def points(self) -> Iterator[tuple[int, int]]:
        """Yield each effort at which the best gain rises, least first, and that gain."""
        for point in self.fronts[0]:
            yield point >> self.bits, self._gain(point)

    def rises(self, gain: int) -> Iterator[int]:
        """Yield how many steps each indicator rises where a gain takes the least effort."""
        for place, (gains, ladder) in enumerate(zip(self.gains, self.ladders, strict=True)):
            least = self._least_effort(place, gain)
            rise = len(ladder) - 1
            while ladder[rise] + self._least_effort(place + 1, gain - gains[rise]) != least:
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
