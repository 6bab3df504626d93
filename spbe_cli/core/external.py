"""Indices of other evaluations that feed an instrument: SDI, SJIG, IPS, IKASANDI."""

from bisect import bisect_right
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.scale import Scale


class Condition(NamedTuple):
    """An indicator whose levels, from one on, ask for an index of at least the same level."""

    indicator: str
    level: Fraction | None = None


class External(NamedTuple):
    """An index of another evaluation, and what becomes of it.

    `points` lead from the index to a value, lowest first, and straight on between two of them;
    `inferred` says that the way between them is not printed, but our reading. `gives` are the
    indicators whose value it is, `conditions` those that it only limits.
    """

    code: str
    name: str
    owner: str
    points: tuple[tuple[Fraction, Fraction], ...]
    gives: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    inferred: bool = False
    source: str = ""

    @property
    def lowest(self) -> Fraction:
        """The least that the index can be."""
        return self.points[0][0]

    @property
    def highest(self) -> Fraction:
        """The most that the index can be."""
        return self.points[-1][0]

    def value_of(self, index: Fraction) -> Fraction:
        """Return the exact value of an index between the lowest and the highest."""
        after = min(
            max(bisect_right([at for at, _ in self.points], index), 1), len(self.points) - 1
        )
        (left, low), (right, high) = self.points[after - 1 : after + 1]
        return low + (high - low) * (index - left) / (right - left)

    def is_read(self, index: Fraction) -> bool:
        """Return whether the value of an index is our reading: between points, if not printed."""
        return self.inferred and all(index != at for at, _ in self.points)

    def is_exceeded(
        self, scale: Scale, condition: Condition, index: Fraction, value: Fraction
    ) -> bool:
        """Return whether a value lies in a higher level than the index that conditions it."""
        allowed, reached = self.value_of(index), value
        above, below = scale.band_of(value), scale.band_of(allowed)
        if above is not None and below is not None:
            allowed, reached = below.level, above.level
        return reached > allowed and (condition.level is None or reached >= condition.level)
