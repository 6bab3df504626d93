"""What became of claimed levels: counts of falls and rises by the level that was claimed.

From these the odds of the next claim follow. Of a claimed level they are the shares that were
seen, drawn towards the shares of all claims as if `strength` more claims had been seen that went
as all did (the mean of a Dirichlet distribution). A claim moves by whole levels; the pool is of
claims that could fall, since those at the lowest level say nothing of falls.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from math import ceil, isqrt, lcm
from types import MappingProxyType
from typing import NamedTuple

from spbe_cli.core.assessment import Assessment, Missing
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.scale import Scale
from spbe_cli.core.units import step_of, steps_in_level

STRENGTH = Fraction(2)
"""How many claims of the pool stand beside those of one level, if nothing else is said."""

ENOUGH_IN_GROUP = 30
"""From so many claims on that could fall the claims of a domain speak for themselves."""

FEW_PAIRS = 5
"""Below this many pairs nobody should believe in 1 percent."""

LEAST_FOR_CORRELATION = 3
"""How many pairs it takes to tell strictness from chance."""

_Z = Fraction(164485, 100000)
"""The 95 percent point of the normal distribution: intervals are of 90 percent."""

_FINE = 10**4

Moves = Mapping[int, Fraction]
"""The probability of each move, in levels, the furthest fall first; they add up to 1."""


class Claim(NamedTuple):
    """What a claim was: in which top group of which instrument, of which level.

    `room` and `head` are by how many levels it could fall and rise.
    """

    instrument: str
    group: str
    level: Fraction
    room: int
    head: int

    def held(self, moves: Moves) -> dict[int, Fraction]:
        """Return the moves with those beyond the ends of the scale held there."""
        found: dict[int, Fraction] = {}
        for move, chance in moves.items():
            at = min(max(move, -self.room), self.head)
            found[at] = found.get(at, Fraction(0)) + chance
        return found


class Interval(NamedTuple):
    """A share, and between which two it may really lie (Wilson, 90 percent)."""

    low: Fraction
    share: Fraction
    high: Fraction


class Calibration(NamedTuple):
    """What became of claimed levels, for each pair of a claim and a finding: claims and moves.

    `within` of the moves of 0 changed the value and not its level.
    """

    pairs: tuple[Mapping[Claim, Mapping[int, int]], ...] = ()
    within: int = 0

    def __repr__(self) -> str:
        """Return how many pairs, claims and confirmed ones there are."""
        found = f"{self.compared} compared, {self.confirmed} confirmed, {self.lowered} lowered"
        return f"<Calibration of {len(self.pairs)} pairs: {found}, {self.raised} raised>"

    @property
    def compared(self) -> int:
        """How many claims were compared."""
        return sum(self._moved(lambda _: True))

    @property
    def confirmed(self) -> int:
        """How many claims kept their level."""
        return sum(self._moved(lambda move: move == 0))

    @property
    def lowered(self) -> int:
        """How many claims fell."""
        return sum(self._moved(lambda move: move < 0))

    @property
    def raised(self) -> int:
        """How many claims rose."""
        return sum(self._moved(lambda move: move > 0))

    @property
    def further(self) -> int:
        """How many claims moved by more than one level."""
        return sum(self._moved(lambda move: abs(move) > 1))

    @property
    def could_fall(self) -> int:
        """How many claims stood above the lowest level."""
        return sum(n for claim, moves in self._all() if claim.room for n in moves.values())

    @property
    def stood(self) -> int:
        """How many of these did not fall."""
        return self.could_fall - self.lowered

    @property
    def agreement(self) -> Fraction | None:
        """The share of claims that did not fall among those that could; None if there are none."""
        return Fraction(self.stood, self.could_fall) if self.could_fall else None

    @property
    def ungrouped(self) -> "Calibration":
        """The same with claims of one level taken together, whatever top group they are of."""
        pairs = []
        for pair in self.pairs:
            found: dict[Claim, Counter[int]] = {}
            for claim, moves in pair.items():
                found.setdefault(claim._replace(group=""), Counter()).update(moves)
            pairs.append(found)
        return self._replace(pairs=tuple(pairs))

    def interval(self, correlation: Fraction = Fraction(0)) -> Interval | None:
        """Return the agreement with its interval; the more claims fall together the wider."""
        share = self.agreement
        if share is None:
            return None
        together = 1 + (Fraction(self.could_fall, len(self.pairs)) - 1) * correlation
        return wilson(share, self.could_fall / max(together, Fraction(1)))

    def by_level(self, group: str | None = None) -> dict[Fraction, Counter[int]]:
        """Return how often each claimed level moved by how much, lowest level first.

        Of the claims of one group, or of all.
        """
        found: dict[Fraction, Counter[int]] = {}
        for claim, moves in self._all():
            if group not in (None, claim.group):
                continue
            found.setdefault(claim.level, Counter()).update(moves)
        return dict(sorted(found.items()))

    def _all(self) -> Iterable[tuple[Claim, Mapping[int, int]]]:
        return (item for pair in self.pairs for item in pair.items())

    def _moved(self, wanted: Callable[[int], bool]) -> Iterable[int]:
        return (n for _, moves in self._all() for move, n in moves.items() if wanted(move))


class Falls(NamedTuple):
    """The odds of a claim's moves, by what was claimed; `pool` of a level never claimed."""

    pool: Moves
    by_level: Mapping[Fraction, Moves]
    by_group: Mapping[tuple[str, str, Fraction], Moves] = MappingProxyType({})
    strength: Fraction = STRENGTH
    by_domain: bool = False

    def of(self, claim: Claim) -> dict[int, Fraction]:
        """Return the odds of one claim."""
        general = self.by_level.get(claim.level, self.pool)
        return claim.held(self.by_group.get(claim[:3], general))

    def at(self, interval: Interval, end: Fraction) -> "Falls":
        """Return the odds if the agreement lies at one end of its interval."""

        def moved(moves: Moves) -> Moves:
            return with_standing(moves, moved_share(standing_of(moves), interval, end))

        return Falls(
            moved(self.pool),
            {key: moved(moves) for key, moves in self.by_level.items()},
            {key: moved(moves) for key, moves in self.by_group.items()},
            self.strength,
            self.by_domain,
        )


def claim_of(instrument: Instrument, group: str, level: Fraction) -> Claim:
    """Return a claim at a level; on a fine scale without bands that of the nearest whole level."""
    scale = instrument.scale
    band = scale.band_of(level)
    if band is not None and scale.step is None:
        place = scale.bands.index(band)
        return Claim(instrument.id, group, band.level, place, len(scale.bands) - 1 - place)
    room = levels_between(scale, scale.lowest, level)
    head = levels_between(scale, level, scale.highest)
    number = scale.lowest + room * steps_in_level(scale) * step_of(scale)
    return Claim(instrument.id, group, number, room, head)


def levels_between(scale: Scale, low: Fraction, high: Fraction) -> int:
    """Return how many levels lie from one value to another: of bands, or the nearest whole."""
    first, last = scale.band_of(low), scale.band_of(high)
    if first is not None and last is not None and scale.step is None:
        return scale.bands.index(last) - scale.bands.index(first)
    wide = (high - low) / (steps_in_level(scale) * step_of(scale))
    return ceil(wide - Fraction(1, 2)) if wide >= 0 else -ceil(-wide - Fraction(1, 2))


def top_groups(instrument: Instrument) -> dict[str, str]:
    """Return the code of every indicator's domain, or of whatever stands at the top."""
    return {
        indicator.code: group.code
        for group in instrument.groups
        for indicator in instrument.node_by_code[group.code]
    }


def calibrate(
    instrument: Instrument, pairs: Iterable[tuple[Assessment, Assessment]]
) -> Calibration:
    """Return what became of claimed levels.

    Args:
        instrument: the instrument of all of them.
        pairs: the claimed and the final levels of an institution. Indicators that lack a level in
            either are left out.

    Raises:
        ValueError: if one was made with another instrument.
    """
    groups, found, within = top_groups(instrument), [], 0
    claims: dict[Fraction, Claim] = {}
    known: dict[tuple[Fraction, Fraction], int] = {}
    for claimed, final in pairs:
        for one in (claimed, final):
            if one.instrument != instrument.id:
                raise ValueError(f"{one.instrument} beside {instrument.id}")
        counts: dict[tuple[str, Fraction], Counter[int]] = {}
        for code, entry in claimed.entries.items():
            level, after = entry.level, final.entries[code].level
            if isinstance(level, Missing) or isinstance(after, Missing):
                continue
            if (level, after) not in known:
                known[level, after] = levels_between(instrument.scale, level, after)
            move = known[level, after]
            within += move == 0 and level != after
            counts.setdefault((groups[code], level), Counter())[move] += 1
        own: dict[Claim, Counter[int]] = {}
        for (group, level), moves in counts.items():
            if level not in claims:
                claims[level] = claim_of(instrument, group, level)
            own.setdefault(claims[level]._replace(group=group), Counter()).update(moves)
        found.append(own)
    return Calibration(tuple(found), within)


def together(calibrations: Iterable[Calibration]) -> Calibration:
    """Return several calibrations as one."""
    every = list(calibrations)
    pairs = tuple(pair for each in every for pair in each.pairs)
    return Calibration(pairs, sum(each.within for each in every))


def falls_of(
    calibration: Calibration, strength: Fraction = STRENGTH, *, by_group: bool = False
) -> Falls:
    """Return the odds that pairs give, each level drawn towards the pool.

    With `by_group` the claims of a top group come first where there are enough of them, drawn
    towards the odds of their level everywhere.
    """
    every = [item for pair in calibration.pairs for item in pair.items()]
    pool = _shares(_sum(moves for claim, moves in every if claim.room))
    pool = pool or _shares(_sum(moves for _, moves in every))
    by_level = {
        level: _drawn(moves, pool, strength) for level, moves in calibration.by_level().items()
    }
    if not by_group:
        return Falls(pool, by_level, strength=strength)
    enough: Counter[tuple[str, str]] = Counter()
    own: dict[tuple[str, str, Fraction], Counter[int]] = {}
    for claim, moves in every:
        enough[claim[:2]] += sum(moves.values()) if claim.room else 0
        own.setdefault(claim[:3], Counter()).update(moves)
    grouped = {
        key: _drawn(moves, by_level[key[2]], strength)
        for key, moves in own.items()
        if enough[key[:2]] >= ENOUGH_IN_GROUP
    }
    return Falls(pool, by_level, grouped, strength, by_domain=True)


def _sum(every: Iterable[Mapping[int, int]]) -> Counter[int]:
    found: Counter[int] = Counter()
    for moves in every:
        found.update(moves)
    return found


def _shares(moves: Mapping[int, int]) -> Moves:
    whole = sum(moves.values())
    return {move: Fraction(moves[move], whole) for move in sorted(moves) if moves[move]}


def _drawn(moves: Mapping[int, int], towards: Moves, strength: Fraction) -> Moves:
    whole = sum(moves.values()) + strength
    seen = {m: moves.get(m, 0) + strength * towards.get(m, Fraction(0)) for m in {*moves, *towards}}
    return {move: seen[move] / whole for move in sorted(seen) if seen[move]}


def standing_of(moves: Moves) -> Fraction:
    """Return the probability of no fall."""
    return sum((chance for move, chance in moves.items() if move >= 0), Fraction(0))


def with_standing(moves: Moves, wanted: Fraction) -> dict[int, Fraction]:
    """Return the odds with another probability of no fall; falls keep their proportions.

    What never fell falls by one, what always fell stays.
    """
    stands = standing_of(moves)
    found = {move: chance for move, chance in moves.items() if chance}
    if stands in (0, 1):
        found[int(-stands)] = Fraction(0)
    for move, chance in found.items():
        if move >= 0:
            found[move] = chance / stands * wanted if stands else wanted * (move == 0)
        else:
            found[move] = chance / (1 - stands) * (1 - wanted) if stands != 1 else 1 - wanted
    return dict(sorted(found.items()))


def wilson(share: Fraction, count: Fraction) -> Interval:
    """Return a share of `count` with Wilson's interval of 90 percent, outwards to 0.01 percent."""
    z2 = _Z * _Z / count
    middle = share + z2 / 2
    square = z2 * (share * (1 - share) + z2 / 4)
    half = Fraction(isqrt(ceil(square * _FINE**4)) + 1, _FINE**2)
    low = (middle - half) / (1 + z2)
    high = (middle + half) / (1 + z2)
    least = Fraction(int(max(low, Fraction(0)) * _FINE), _FINE)
    most = Fraction(ceil(min(high, Fraction(1)) * _FINE), _FINE)
    return Interval(min(least, share), share, max(most, share))


def moved_share(standing: Fraction, interval: Interval, end: Fraction) -> Fraction:
    """Return a probability of no fall where the agreement lies at one end of its interval.

    It moves as far towards 0 or 1, in proportion, as the agreement does.
    """
    if end > interval.share:
        return standing + (1 - standing) * (end - interval.share) / (1 - interval.share)
    return standing * end / interval.share if interval.share else standing


def correlation_of(calibration: Calibration, falls: Falls) -> Fraction | None:
    """Return how much the moves of one sheet go together, None from too few pairs.

    By moments: how far the sums of the pairs' moves lie from what the odds expect, less what
    chance alone gives, over what full correlation would give. The odds come from the same pairs,
    which hides a part; and a few pairs can look alike by luck, so the estimate is raised, by half
    from five pairs, to hundredths.
    """
    count = len(calibration.pairs)
    if count < LEAST_FOR_CORRELATION:
        return None
    odds: dict[Claim, _Odds] = {}
    found = alone = full = Fraction(0)
    for pair in calibration.pairs:
        numbers = {claim: sum(moves.values()) for claim, moves in pair.items()}
        odds |= {claim: _odds(falls.of(claim)) for claim in numbers if claim not in odds}
        found += _distance(pair, odds) ** 2
        chance = sum((n * odds[claim].variance for claim, n in numbers.items()), Fraction(0))
        alone += chance
        full += _common(numbers, odds) - chance
    if not full:
        return Fraction(0)
    plain = (found * Fraction(count, count - 1) - alone) / full
    raised = plain * Fraction(count + 1, count - 2)
    return Fraction(ceil(min(max(raised, Fraction(0)), Fraction(1)) * 100), 100)


class _Odds(NamedTuple):
    """The odds of a claim's moves, the furthest fall first, their mean and their variance."""

    moves: Moves
    mean: Fraction
    variance: Fraction


def _odds(moves: Moves) -> _Odds:
    mean = sum((move * chance for move, chance in moves.items()), Fraction(0))
    square = sum((move * move * chance for move, chance in moves.items()), Fraction(0))
    return _Odds(moves, mean, square - mean * mean)


def _distance(pair: Mapping[Claim, Mapping[int, int]], odds: Mapping[Claim, _Odds]) -> Fraction:
    """Return how far the moves of a pair lie from what was to be expected."""
    moved = sum(n * move for moves in pair.values() for move, n in moves.items())
    expected = (sum(moves.values()) * odds[claim].mean for claim, moves in pair.items())
    return moved - sum(expected, Fraction(0))


def _common(numbers: Mapping[Claim, int], odds: Mapping[Claim, _Odds]) -> Fraction:
    """Return the variance of a sum of moves that all follow one strictness.

    Strictness is gone through from its lowest, in whole numbers: the sum changes where an outcome
    of a claim ends and the next begins.
    """
    whole = lcm(*(p.denominator for claim in numbers for p in odds[claim].moves.values()))
    changes: Counter[int] = Counter()
    for claim, number in numbers.items():
        at, before = 0, 0
        for move, chance in odds[claim].moves.items():
            changes[at] += number * move - before
            at, before = at + chance.numerator * (whole // chance.denominator), number * move
    moved = total = square = 0
    for at, end in pairwise([*sorted(changes), whole]):
        moved += changes[at]
        total += (end - at) * moved
        square += (end - at) * moved**2
    return Fraction(square * whole - total**2, whole**2)
