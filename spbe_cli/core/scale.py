"""The scale of an instrument: single levels by a step, or any value in levels that are bands."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from spbe_cli.core.number import exact, fixed


class Band(NamedTuple):
    """A level that is a band of values: from `start` on, up to `end`, which the next one begins."""

    level: Fraction
    name: str
    start: Fraction
    end: Fraction

    def __str__(self) -> str:
        """Return the level with its name: `4 Melembaga`."""
        return f"{exact(self.level)} {self.name}".strip()


class Scale(NamedTuple):
    """The levels that may be given: `lowest`, `lowest + step`, ... `highest`.

    `bands`, lowest first, say which values belong to which level; a bound belongs to the upper one,
    the highest to the last. Without a step any value between the ends may be given, and it is by
    bands that one rises; with a step they only name what is given.

    `names` maps a capability (process, service) to the names of its levels; `target` is the level
    that every indicator should reach, where the instrument states one.
    """

    lowest: Fraction
    highest: Fraction
    step: Fraction | None
    names: Mapping[str, Mapping[Fraction, str]] = MappingProxyType({})
    target: Fraction | None = None
    bands: tuple[Band, ...] = ()

    def holds(self, level: Fraction) -> bool:
        """Return whether `level` lies on the scale."""
        within = self.lowest <= level <= self.highest
        return within and (self.step is None or (level - self.lowest) % self.step == 0)

    def levels(self) -> Iterator[Fraction]:
        """Yield every level of the scale, lowest first; without a step, the bounds of the bands."""
        if self.step is None:
            yield from (band.start for band in self.bands)
            yield self.highest
            return
        level = self.lowest
        while level <= self.highest:
            yield level
            level += self.step

    def band_of(self, value: Fraction) -> Band | None:
        """Return the band that a value lies in, None where levels are no bands."""
        return next((band for band in reversed(self.bands) if value >= band.start), None)

    def rest_of_band(self, value: Fraction) -> Fraction:
        """Return where the band of a value ends."""
        band = self.band_of(value)
        return self.highest if band is None else band.end

    def position(self, value: Fraction) -> Fraction:
        """Return how many levels a value lies above the lowest: 1.5 in the middle of the second.

        On a scale with a step that is the difference to the lowest.
        """
        band = self.band_of(value)
        if band is None or self.step is not None:
            return value - self.lowest
        return self.bands.index(band) + (value - band.start) / (band.end - band.start)

    def at(self, position: Fraction) -> Fraction:
        """Return the value that lies so many levels above the lowest, held at the ends."""
        if self.step is not None:
            return min(max(self.lowest + position, self.lowest), self.highest)
        if position >= len(self.bands):
            return self.highest
        whole = max(0, position // 1)
        band = self.bands[whole]
        return band.start + max(position - whole, Fraction(0)) * (band.end - band.start)

    def __str__(self) -> str:
        """Return `1-5`, `1-5 (0.01)` with a step that is not one, `1.00-5.00` without a step."""
        if self.step is None:
            return f"{fixed(self.lowest)}-{fixed(self.highest)}"
        span = f"{exact(self.lowest)}-{exact(self.highest)}"
        return span if self.step == 1 else f"{span} ({exact(self.step)})"
