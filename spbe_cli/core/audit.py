"""Whether published tables can be right: exact sets of what levels can give, no tolerance.

All indices of an instrument move in whole units (`core.units`), so the set of a node's possible
indices is a set of integers. It is kept as the bits of one whole number: a bit for each number of
units. Adding an indicator shifts the set by each of its levels; adding nodes adds their sets; a
published value keeps the units that round to it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from spbe_cli.core.instrument import Basis, Group, Indicator, Instrument, Predicate
from spbe_cli.core.number import rounded
from spbe_cli.core.population import Member, Population
from spbe_cli.core.units import units_of

_WHOLE = "index"


class FindingKind(StrEnum):
    """What is wrong with a published row."""

    VALUE = "value-impossible"  # no levels give this value of a domain or aspect
    INDEX = "index-impossible"  # no levels give this index together with the published values
    PREDICATE = "predicate-impossible"  # the predicate follows on no basis


class Explained(StrEnum):
    """Which basis explains a published predicate."""

    EITHER = "either"
    EXACT = "exact"
    ROUNDED = "rounded"
    NEITHER = "neither"


class Finding(NamedTuple):
    """One thing that cannot be: the node (`index` is the whole), the value, the nearest possible.

    `with_zeros` says that missing levels, counted as 0 at full weight, would give the value.
    """

    kind: FindingKind
    node: str
    found: Fraction
    nearest: tuple[Fraction, ...] = ()
    with_zeros: bool = False


class RowAudit(NamedTuple):
    """A row, what cannot be in it, and which basis explains its predicate (None: none is given).

    `lowest` and `highest` bound the exact indices that the published values leave possible; None
    where there are none.
    """

    member: Member
    findings: tuple[Finding, ...]
    explained: Explained | None
    lowest: Fraction | None
    highest: Fraction | None


class Audit(NamedTuple):
    """All rows in their order."""

    rows: tuple[RowAudit, ...]

    @property
    def faulty(self) -> tuple[RowAudit, ...]:
        """The rows with something that cannot be."""
        return tuple(row for row in self.rows if row.findings)

    def explained_by(self, basis: Explained) -> tuple[RowAudit, ...]:
        """Return the rows whose predicate is explained so."""
        return tuple(row for row in self.rows if row.explained is basis)


def audit(members: Population) -> Audit:
    """Return for every row whether levels can give its published values, index and predicate."""
    auditors: dict[int, _Auditor] = {}
    rows = []
    for member in members:
        auditor = auditors.setdefault(id(member.instrument), _Auditor(member.instrument))
        rows.append(auditor.row(member))
    return Audit(tuple(rows))


def indices_that_round_to(
    instrument: Instrument, code: str, value: Fraction
) -> tuple[Fraction, ...]:
    """Return the exact indices of a node (or `index`) that levels can give and that show so."""
    auditor = _Auditor(instrument)
    reachable = auditor.reachable[code]
    return tuple(auditor.index(code, u) for u in _members(auditor.shown(code, value) & reachable))


class _Auditor:
    """The sets of one instrument. `reachable` holds every node's, by code."""

    def __init__(self, instrument: Instrument, lowest: Fraction | None = None) -> None:
        self._instrument = instrument
        self._units = units_of(instrument)
        scale = instrument.scale
        self._lowest = scale.lowest if lowest is None else lowest
        self._weights = {
            each.code: weight
            for each, weight in zip(instrument.indicators, self._units.weights, strict=True)
        }
        steps = int((scale.highest - scale.lowest) / scale.step)
        below = int((scale.lowest - self._lowest) / scale.step)
        self._levels = [0] * bool(below) + [below + step for step in range(steps + 1)]
        self._totals = {group.code: self._total(under) for group, _, under in instrument.nodes}
        self._totals[_WHOLE] = self._total(instrument.indicators)
        self.reachable = {
            group.code: self._of_levels(under) for group, _, under in instrument.nodes
        }
        self.reachable[_WHOLE] = self._of_levels(instrument.indicators)
        self._zeros: _Auditor | None = None

    def row(self, member: Member) -> RowAudit:
        """Return what cannot be in a row, and which basis explains its predicate."""
        published = dict(member.nodes)
        findings = [
            self._impossible(FindingKind.VALUE, code, value)
            for code, value in published.items()
            if not self.reachable[code] & self.shown(code, value)
        ]
        index = member.published_index
        possible = self._possible(self._instrument.groups, published)
        if index is not None:
            both = possible & self.shown(_WHOLE, index)
            if not both and not findings:
                nearest = self._nearest(_WHOLE, index, possible)
                findings.append(Finding(FindingKind.INDEX, _WHOLE, index, nearest))
            possible = both
        explained = self._explained(member, possible)
        if explained is Explained.NEITHER and member.published is not None and possible:
            shown = index if index is not None else member.index
            findings.append(Finding(FindingKind.PREDICATE, _WHOLE, shown))
        units = (possible & -possible).bit_length() - 1, possible.bit_length() - 1
        ends = [self.index(_WHOLE, each) for each in units] if possible else [None, None]
        return RowAudit(member, tuple(findings), explained, *ends)

    def index(self, code: str, units: int) -> Fraction:
        """Return the exact index of a node that a number of units is."""
        return self._lowest + self._instrument.scale.step * Fraction(units, self._totals[code])

    def shown(self, code: str, value: Fraction) -> int:
        """Return the units of a node whose index is shown as a value."""
        half = Fraction(1, 2 * 10**self._instrument.places)
        per_unit = self._instrument.scale.step / self._totals[code]
        first = max(0, ceil((value - half - self._lowest) / per_unit))
        stop = ceil((value + half - self._lowest) / per_unit)
        # a tie is rounded away from zero: below zero the ends change sides
        return _between(first, stop) if value >= 0 else _between(first, stop + 1)

    def _total(self, indicators: Iterable[Indicator]) -> int:
        return sum(self._weights[each.code] for each in indicators)

    def _of_levels(self, indicators: Iterable[Indicator]) -> int:
        """Return the set of units that some levels of these indicators give."""
        found = 1
        for indicator in indicators:
            weight = self._weights[indicator.code]
            found = _union(found << weight * step for step in self._levels)
        return found

    def _possible(self, groups: Sequence[Group], published: Mapping[str, Fraction]) -> int:
        """Return the sums of units that some levels give below the groups, as far as published."""
        whole = 1
        for group in groups:
            own = self.reachable[group.code]
            if group.groups and any(inner.code in published for inner in group.groups):
                own = self._possible(group.groups, published)
            if group.code in published:
                own &= self.shown(group.code, published[group.code])
            whole = _sums(whole, own)
        return whole

    def _explained(self, member: Member, possible: int) -> Explained | None:
        if member.published is None or not possible:
            return None
        indices = [self.index(_WHOLE, units) for units in _members(possible)]
        by = {basis: {self._named(index, basis) for index in indices} for basis in Basis}
        exact, by_rounding = (
            member.published in by[Basis.EXACT],
            member.published in by[Basis.ROUNDED],
        )
        if exact and by_rounding:
            return Explained.EITHER
        if exact or by_rounding:
            return Explained.EXACT if exact else Explained.ROUNDED
        return Explained.NEITHER

    def _named(self, index: Fraction, basis: Basis) -> Predicate:
        return self._instrument.predicate_of(index, basis)

    def _impossible(self, kind: FindingKind, code: str, value: Fraction) -> Finding:
        nearest = self._nearest(code, value, self.reachable[code])
        return Finding(kind, code, value, nearest, with_zeros=self._with_zeros(code, value))

    def _nearest(self, code: str, value: Fraction, possible: int) -> tuple[Fraction, ...]:
        """Return the nearest possible values below and above, as they would be shown."""
        places = self._instrument.places
        shown = sorted({rounded(self.index(code, u), places) for u in _members(possible)})
        below = [each for each in shown if each < value][-1:]
        return (*below, *[each for each in shown if each > value][:1])

    def _with_zeros(self, code: str, value: Fraction) -> bool:
        """Return whether the value comes about if some levels are 0."""
        if self._lowest <= 0 or self._instrument.scale.lowest % self._instrument.scale.step:
            return False
        if self._zeros is None:
            self._zeros = _Auditor(self._instrument, Fraction(0))
        return bool(self._zeros.reachable[code] & self._zeros.shown(code, value))


def _between(first: int, stop: int) -> int:
    """Return the set of the numbers from `first` to below `stop`."""
    return (1 << stop) - (1 << first) if stop > first else 0


def _union(sets: Iterable[int]) -> int:
    whole = 0
    for each in sets:
        whole |= each
    return whole


def _sums(one: int, other: int) -> int:
    """Return the set of the sums of a number from each of two sets."""
    few, many = sorted((one, other), key=int.bit_count)
    return _union(many << number for number in _members(few))


def _members(bits: int) -> Iterator[int]:
    """Yield the numbers in a set, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
