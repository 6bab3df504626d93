"""Strict and lenient assessors: one mixture that ties the levels of a sheet together, exactly.

The assessor of a sheet has a strictness from 0 to 1, every value alike likely. Each level follows
it with a probability `follow`: then the strictest values find the lowest outcome, as many of them
as it is likely. Otherwise it is found by itself. So each level keeps its own odds, and two levels
of the same odds have a correlation of `follow` squared. Strictness is cut where an outcome ends,
into a few cells; within each the levels are independent.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from math import gcd, isqrt, lcm
from operator import mul
from typing import NamedTuple

from spbe_cli.core.distribution import Masses, Node, Part
from spbe_cli.core.units import Units

Outcomes = Mapping[Fraction, Fraction]
"""The probability of each value, lowest first; they add up to 1."""

_MOST_CELLS = 6
_PERCENT = 100


class Cell(NamedTuple):
    """A span of strictness, from the strictest (0) to the most lenient (the common whole)."""

    low: int
    high: int

    @property
    def width(self) -> int:
        """How likely an assessor's strictness lies here, of the common whole."""
        return self.high - self.low

    def part_of(self, masses: Iterable[int]) -> list[int]:
        """Return how much of this strictness finds each outcome of a level that follows it."""
        bounds = pairwise(accumulate(masses, initial=0))
        return [max(0, min(above, self.high) - max(below, self.low)) for below, above in bounds]


class Strictness(NamedTuple):
    """The cells, and the probability with which a level follows the strictness of its sheet.

    Cells and masses are in parts of one `whole`, `follow` is in percent.
    """

    whole: int
    cells: tuple[Cell, ...]
    follow: int

    def masses_in(self, cell: Cell, masses: Sequence[int]) -> list[int]:
        """Return the masses of an indicator where the strictness lies in a cell, in least terms."""
        if self.follow:
            alone, tied = (_PERCENT - self.follow) * cell.width, self.follow * self.whole
            masses = [
                alone * m + tied * p for m, p in zip(masses, cell.part_of(masses), strict=True)
            ]
        divisor = gcd(*masses)
        return [mass // divisor for mass in masses]


def strictness_of(every: Sequence[Outcomes], correlation: Fraction) -> Strictness:
    """Return what gives levels with these odds a correlation, to the nearest hundredth of `follow`.

    Where the odds cut strictness into more than a few cells the smallest are joined. What that
    takes from the correlation is given back by following more often; where that is not enough
    nothing is joined.
    """
    whole = lcm(*(chance.denominator for each in every for chance in each.values()))
    distinct = {tuple(each.items()): _in_parts(each, whole) for each in every}
    cells = _cells_of(distinct.values(), whole)
    if not correlation or len(cells) == 1:
        return Strictness(whole, (Cell(0, whole),), 0)
    few = _joined(cells)
    kept = _share_between(distinct, few)
    if kept < correlation:
        few, kept = cells, Fraction(1)
    squared = correlation / kept
    hundredths = (isqrt(int(squared * (2 * _PERCENT) ** 2)) + 1) // 2
    return Strictness(whole, tuple(few), hundredths)


def _in_parts(outcomes: Outcomes, whole: int) -> list[int]:
    return [p.numerator * (whole // p.denominator) for p in outcomes.values()]


def _cells_of(every: Iterable[Sequence[int]], whole: int) -> list[Cell]:
    """Return the cells in each of which every indicator that follows has one outcome."""
    bounds = {bound for masses in every for bound in accumulate(masses)}
    return [Cell(*pair) for pair in pairwise(sorted({0, whole, *bounds}))]


def _joined(cells: Sequence[Cell]) -> list[Cell]:
    found = list(cells)
    while len(found) > _MOST_CELLS:
        place = min(range(len(found)), key=lambda at: found[at].width)
        beside = [at for at in (place - 1, place + 1) if 0 <= at < len(found)]
        other = min(beside, key=lambda at: found[at].width)
        first, last = sorted((place, other))
        found[first : last + 1] = [Cell(found[first].low, found[last].high)]
    return found


def _share_between(
    every: Mapping[tuple[tuple[Fraction, Fraction], ...], Sequence[int]], cells: Sequence[Cell]
) -> Fraction:
    """Return how much of the variance of followers lies between the cells, over all odds."""
    fine = lcm(*(value.denominator for outcomes in every for value, _ in outcomes))
    within = [0] * len(cells)
    squares = means = whole = 0
    for outcomes, masses in every.items():
        values = [int(value * fine) for value, _ in outcomes]
        whole = sum(masses)
        means += sum(map(mul, values, masses)) ** 2
        squares += sum(value * value * mass for value, mass in zip(values, masses, strict=True))
        for at, cell in enumerate(cells):
            within[at] += sum(map(mul, values, cell.part_of(masses))) ** 2
    total = squares - Fraction(means, whole)
    between = sum(
        (Fraction(w, cell.width) for w, cell in zip(within, cells, strict=True)), Fraction(0)
    )
    return (between - Fraction(means, whole)) / total if total else Fraction(1)


def nodes_of(
    units: Units, outcomes: Sequence[Outcomes | None], any_level: Outcomes, correlation: Fraction
) -> Iterator[Node]:
    """Yield what adds up to the index, in units; missing levels follow no strictness.

    Indicators with the same outcomes share their masses: what follows from them is made once.
    """
    each_once = {id(each): each for each in outcomes if each is not None}
    strictness = strictness_of(list(each_once.values()), correlation)
    whole = strictness.whole
    known = {
        name: ([units.steps(value) for value in each], _in_parts(each, whole))
        for name, each in each_once.items()
    }
    missing: Masses = dict.fromkeys(map(units.steps, any_level), 1)
    for cell in strictness.cells:
        masses: dict[int, Masses] = {
            name: {
                step: m for step, m in zip(steps, strictness.masses_in(cell, own), strict=True) if m
            }
            for name, (steps, own) in known.items()
        }
        masses[id(None)] = missing
        parts = [Part(w, masses[id(one)]) for w, one in zip(units.weights, outcomes, strict=True)]
        yield Node(Fraction(cell.width, whole), parts)
