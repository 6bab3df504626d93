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
from math import isqrt
from typing import NamedTuple

from spbe_cli.core.distribution import Node, Part
from spbe_cli.core.units import Units

Outcomes = Mapping[Fraction, Fraction]
"""The probability of each value, lowest first; they add up to 1."""

_MOST_CELLS = 6
_PERCENT = 100


class Cell(NamedTuple):
    """A span of strictness, from the strictest (0) to the most lenient (1)."""

    low: Fraction
    high: Fraction

    @property
    def chance(self) -> Fraction:
        """How likely an assessor's strictness lies here."""
        return self.high - self.low

    def part_of(self, outcomes: Outcomes) -> dict[Fraction, Fraction]:
        """Return the probabilities of an indicator that follows this strictness."""
        found, below = {}, Fraction(0)
        for value, chance in outcomes.items():
            above = below + chance
            shared = min(above, self.high) - max(below, self.low)
            if shared > 0:
                found[value] = shared / self.chance
            below = above
        return found


class Strictness(NamedTuple):
    """The cells, and the probability with which a level follows the strictness of its sheet."""

    cells: tuple[Cell, ...]
    follow: Fraction

    def odds_in(self, cell: Cell, outcomes: Outcomes) -> Outcomes:
        """Return the probabilities of an indicator where the strictness lies in a cell."""
        if not self.follow:
            return outcomes
        part, alone = cell.part_of(outcomes), 1 - self.follow
        return {v: alone * p + self.follow * part.get(v, 0) for v, p in outcomes.items()}


INDEPENDENT = Strictness((Cell(Fraction(0), Fraction(1)),), Fraction(0))


def strictness_of(every: Iterable[Outcomes], correlation: Fraction) -> Strictness:
    """Return what gives levels with these odds a correlation, to the nearest hundredth of `follow`.

    Where the odds cut strictness into more than a few cells the smallest are joined. What that
    takes from the correlation is given back by following more often; where that is not enough
    nothing is joined.
    """
    distinct = list({tuple(each.items()): each for each in every}.values())
    cells = cells_of(distinct)
    if not correlation or len(cells) == 1:
        return INDEPENDENT
    few = _joined(cells)
    kept = _share_between(distinct, few)
    if kept < correlation:
        few, kept = cells, Fraction(1)
    squared = correlation / kept
    hundredths = (isqrt(int(squared * (2 * _PERCENT) ** 2)) + 1) // 2
    return Strictness(tuple(few), Fraction(hundredths, _PERCENT))


def cells_of(every: Iterable[Outcomes]) -> list[Cell]:
    """Return the cells in each of which every indicator that follows has one outcome."""
    bounds = {bound for each in every for bound in accumulate(each.values())}
    return [Cell(*pair) for pair in pairwise(sorted({Fraction(0), Fraction(1), *bounds}))]


def _joined(cells: Sequence[Cell]) -> list[Cell]:
    found = list(cells)
    while len(found) > _MOST_CELLS:
        place = min(range(len(found)), key=lambda at: found[at].chance)
        beside = [at for at in (place - 1, place + 1) if 0 <= at < len(found)]
        other = min(beside, key=lambda at: found[at].chance)
        first, last = sorted((place, other))
        found[first : last + 1] = [Cell(found[first].low, found[last].high)]
    return found


def _share_between(every: Sequence[Outcomes], cells: Sequence[Cell]) -> Fraction:
    """Return how much of the variance of followers lies between the cells, over all odds."""
    between = total = Fraction(0)
    for outcomes in every:
        mean = mean_of(outcomes)
        total += sum(((v - mean) ** 2 * p for v, p in outcomes.items()), Fraction(0))
        between += sum(
            ((mean_of(cell.part_of(outcomes)) - mean) ** 2 * cell.chance for cell in cells),
            Fraction(0),
        )
    return between / total if total else Fraction(1)


def nodes_of(
    units: Units, outcomes: Sequence[Outcomes | None], any_level: Outcomes, correlation: Fraction
) -> Iterator[Node]:
    """Yield what adds up to the index, in units; missing levels follow no strictness.

    Indicators with the same outcomes share their chances: what follows from them is made once.
    """
    known = [each for each in outcomes if each is not None]
    strictness = strictness_of(known, correlation)
    each_once = {id(each): each for each in known}
    for cell in strictness.cells:
        chances = {
            name: {units.steps(v): p for v, p in strictness.odds_in(cell, each).items()}
            for name, each in each_once.items()
        }
        chances[id(None)] = {units.steps(v): p for v, p in any_level.items()}
        parts = [Part(w, chances[id(one)]) for w, one in zip(units.weights, outcomes, strict=True)]
        yield Node(cell.chance, parts)


def mean_of(outcomes: Outcomes) -> Fraction:
    """Return the mean of a distribution."""
    return sum((value * chance for value, chance in outcomes.items()), Fraction(0))
