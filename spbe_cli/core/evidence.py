"""From accepted pieces of evidence to a level, and what a claim lacks of them.

A piece (butir data dukung) is known by its indicator, its level and its number from 1. Where levels
are bands, the value is the lower bound of the first level that is not full, and of its width the
part that is accepted: inferred from the first published result (instruments/pemdi-2026.yaml). Where
they are single levels, it is the highest one up to which every piece that counts is accepted.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from spbe_cli.core.assessment import Assessment, Missing, Share
from spbe_cli.core.instrument import Criteria, Demand, Indicator, Instrument, demands_between
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import Scorecard, score

Evidence = Mapping[Fraction, Sequence[str]]
"""The pieces of evidence of one indicator by level, as the criteria list them."""
Accepted = Mapping[Fraction, Share]
"""What is accepted of them by level; of a level that is not there, none."""

YES = frozenset(
    ("ya", "yes", "y", "x", "v", "1", "1.0", "1,0", "true", "benar", "diterima", "accepted")
) | {"\u2713", "\u2714", "\u221a", "\u2611"}
"""What marks a piece as accepted in a checklist, folded; ticks of any kind are among it."""
NO = frozenset(
    ("tidak", "tdk", "no", "n", "0", "0.0", "0,0", "false", "salah", "ditolak", "rejected", "-")
) | {"\u2013", "\u2014", "\u2610"}
"""What marks it as not accepted, as an empty cell does."""

_NOT_CUMULATIVE = ("opsional", "dan/atau", "atau", "boleh")


def is_cumulative(text: str) -> bool:
    """Return whether a piece must be there: none that begins Opsional, Dan/atau, Atau, Boleh."""
    first = text.replace(":", " ").split(maxsplit=1)
    return not first or first[0].casefold() not in _NOT_CUMULATIVE


def value_of(scale: Scale, evidence: Evidence, accepted: Accepted) -> Fraction:
    """Return the exact value that accepted pieces carry; the scale's lowest for none.

    A level is full when all that counts of it is accepted; one without pieces never is. A further
    piece never lowers the value, and full levels end exactly where the next begins. On a scale with
    a step the value is the step that is reached.
    """
    if not scale.bands:
        reached = scale.lowest
        for level in scale.levels():
            if not _is_full(evidence.get(level, ()), accepted.get(level)):
                break
            reached = level
        return reached
    for band in scale.bands:
        part = _part(evidence.get(band.level, ()), accepted.get(band.level))
        if part < 1:
            value = band.start + (band.end - band.start) * part
            rest = (value - scale.lowest) % scale.step if scale.step is not None else 0
            return value - rest
    return scale.highest


def _part(pieces: Sequence[str], share: Share | None) -> Fraction:
    """Return which part of a band's pieces is accepted: each of them counts."""
    return Fraction(share.accepted, share.pieces) if share and pieces else Fraction(0)


def _is_full(pieces: Sequence[str], share: Share | None) -> bool:
    if share is None or not pieces:
        return False
    if share.numbers is None:
        return share.accepted == share.pieces
    return all(
        number in share.numbers for number, text in enumerate(pieces, 1) if is_cumulative(text)
    )


def levels_with_pieces(scale: Scale) -> Iterator[Fraction]:
    """Yield the levels of which criteria list evidence, lowest first."""
    if scale.bands:
        yield from (band.level for band in scale.bands)
    else:
        yield from scale.levels()


class Further(NamedTuple):
    """One more accepted piece: its level, which part of that it is, and the value from then on."""

    level: Fraction
    part: Fraction
    value: Fraction


def further(scale: Scale, evidence: Evidence, accepted: Accepted) -> Iterator[Further]:
    """Yield piece after piece that must still be accepted, lowest level first, up to the top."""
    now = dict(accepted)
    for level in levels_with_pieces(scale):
        pieces, share = evidence.get(level, ()), now.get(level)
        lacking = _lacking(pieces, share, every=bool(scale.bands))
        every = len(pieces) if scale.bands else sum(map(is_cumulative, pieces))
        number = len(lacking)
        if share is not None and share.numbers is None:
            every, number = share.pieces, share.pieces - share.accepted
        for _ in range(number):
            now[level] = _with(now.get(level), lacking, 1, len(pieces))
            lacking = lacking[1:]
            yield Further(level, Fraction(1, every), value_of(scale, evidence, now))


class Gap(NamedTuple):
    """What a level lacks for a claim: `needed` of these pieces, by number and text.

    `points` is what they are worth together, once the levels below are full; what is accepted
    already of the levels above, and only then counts, is among it.
    """

    level: Fraction
    pieces: tuple[tuple[int, str], ...]
    needed: int
    points: Fraction


class Claim(NamedTuple):
    """A level that a sheet claims beside its accepted evidence, and the value which that carries.

    `points` is what the index loses if the claim is cut to it; 0 where it is not.
    """

    indicator: Indicator
    claimed: Fraction
    carried: Fraction
    points: Fraction
    gaps: tuple[Gap, ...]

    @property
    def is_cut(self) -> bool:
        """Whether the evidence carries less than is claimed."""
        return self.carried < self.claimed


class Claims(NamedTuple):
    """All claims beside evidence, and the score as claimed and as carried.

    These are None without such claims, and where a level is missing.
    """

    claims: tuple[Claim, ...]
    claimed: Scorecard | None
    carried: Scorecard | None

    @property
    def cut(self) -> tuple[Claim, ...]:
        """The claims that the evidence does not carry, what is worth most first."""
        return tuple(sorted((c for c in self.claims if c.is_cut), key=lambda c: -c.points))

    @property
    def exceeded(self) -> tuple[Claim, ...]:
        """The claims that lie below what the evidence carries."""
        return tuple(claim for claim in self.claims if claim.carried > claim.claimed)


def demands_of(
    instrument: Instrument,
    indicator: Indicator,
    span: tuple[Fraction, Fraction],
    criteria: Criteria | None,
    accepted: Accepted | None,
) -> Iterator[Demand]:
    """Yield what every level of a rise demands; of its evidence what is not accepted yet."""
    demands = demands_between(instrument, indicator, span, criteria)
    if accepted is None or criteria is None:
        yield from demands
        return
    claim = claim_of(instrument, indicator, span[1], criteria.evidence, accepted)
    gaps = {gap.level: gap for gap in claim.gaps}
    for demand in demands:
        gap = gaps.get(demand.level)
        lacking = tuple(text for _, text in gap.pieces) if gap is not None else ()
        needed = gap.needed if gap is not None else 0
        yield demand._replace(evidence=lacking, needed=needed)


def claims_of(
    instrument: Instrument, assessment: Assessment, criteria: Mapping[str, Criteria]
) -> Claims:
    """Return how the levels of an assessment stand to the evidence that is given with them."""
    found = []
    for indicator in instrument.indicators:
        entry = assessment.entries[indicator.code]
        if entry.accepted is None or isinstance(entry.level, Missing):
            continue
        evidence = criteria[indicator.code].evidence
        found.append(claim_of(instrument, indicator, entry.level, evidence, entry.accepted))
    cut = {each.indicator.code: each.carried for each in found if each.is_cut}
    if assessment.missing or not found:
        return Claims(tuple(found), None, None)
    return Claims(
        tuple(found),
        score(instrument, assessment),
        score(instrument, assessment.with_levels(cut)),
    )


def claim_of(
    instrument: Instrument,
    indicator: Indicator,
    claimed: Fraction,
    evidence: Evidence,
    accepted: Accepted,
) -> Claim:
    """Return how one claimed level stands to the evidence that is accepted for it."""
    carried = value_of(instrument.scale, evidence, accepted)
    worth = indicator.weight / instrument.weight
    gaps = tuple(_gaps(instrument.scale, claimed, evidence, accepted, worth))
    points = max(Fraction(0), claimed - carried) * worth
    return Claim(indicator, claimed, carried, points, gaps)


def _gaps(
    scale: Scale, claimed: Fraction, evidence: Evidence, accepted: Accepted, worth: Fraction
) -> Iterator[Gap]:
    """Yield what lacks, lowest level first; the points add up to what the claim is short of."""
    now = dict(accepted)
    value = value_of(scale, evidence, now)
    for level, part in _needed_parts(scale, claimed):
        pieces, share = evidence.get(level, ()), now.get(level)
        if value >= claimed:
            return
        if not pieces:
            yield Gap(level, (), 0, (claimed - value) * worth)
            return
        lacking = _lacking(pieces, share, every=bool(scale.bands))
        whole = share.pieces if share is not None else len(pieces)
        needed = len(lacking)
        if scale.bands:
            needed = max(0, ceil(part * whole) - (share.accepted if share is not None else 0))
        elif share is not None and share.numbers is None:
            needed = share.pieces - share.accepted
        if not needed:
            continue
        now[level] = _with(share, lacking, needed, whole)
        after = min(claimed, value_of(scale, evidence, now))
        yield Gap(level, lacking, needed, (after - value) * worth)
        value = after


def _needed_parts(scale: Scale, claimed: Fraction) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield each level up to a claimed value, and which part of it the claim takes."""
    for band in scale.bands:
        if band.start < claimed:
            end = min(claimed, band.end)
            yield band.level, (end - band.start) / (band.end - band.start)
    if not scale.bands:
        yield from ((level, Fraction(1)) for level in scale.levels() if level <= claimed)


def _lacking(
    pieces: Sequence[str], share: Share | None, *, every: bool
) -> tuple[tuple[int, str], ...]:
    """Return the pieces that are not accepted, or may not be where only their number is known."""
    known = (share.numbers or frozenset()) if share is not None else frozenset()
    return tuple(
        (number, text)
        for number, text in enumerate(pieces, 1)
        if number not in known and (every or is_cumulative(text))
    )


def _with(
    share: Share | None, lacking: Sequence[tuple[int, str]], needed: int, whole: int
) -> Share:
    if share is not None and share.numbers is None:
        return share._replace(accepted=share.accepted + needed)
    before = share.numbers or frozenset() if share is not None else frozenset()
    numbers = before | {number for number, _ in lacking[:needed]}
    return Share(len(numbers), whole, numbers)
