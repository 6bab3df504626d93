"""Whether published tables can be right: exact sets of what levels can give, no tolerance.

All indices of an instrument move in whole units (`core.units`), so the set of a node's possible
indices is a set of integers. It is kept as the bits of one whole number: a bit for each number of
units. Adding an indicator shifts the set by each of its levels; adding nodes adds their sets; a
published value keeps the units that round to it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.instrument import Basis, Group, Instrument, Predicate
from spbe_cli.core.number import rounded
from spbe_cli.core.population import Member, Population
from spbe_cli.core.units import WHOLE, Count, Node, units_of


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

    def __init__(self, instrument: Instrument, *, with_zero: bool = False) -> None:
        self._instrument = instrument
        scale = instrument.scale
        first = Fraction(0) if with_zero else scale.lowest
        units = units_of(instrument, Count(first, instrument.shown_step))
        self._nodes = units.node_by_code
        self._weights = units.weights
        counts = list(range(units.counted.of(scale.lowest), units.counted.of(scale.highest) + 1))
        self._counts = [0, *counts] if with_zero else counts
        self.reachable = {code: self._of_levels(node) for code, node in self._nodes.items()}
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
            both = possible & self.shown(WHOLE, index)
            if not both and not findings:
                nearest = self._nearest(WHOLE, index, possible)
                findings.append(Finding(FindingKind.INDEX, WHOLE, index, nearest))
            possible = both
        explained = self._explained(member, possible)
        if explained is Explained.NEITHER and member.published is not None and possible:
            shown = index if index is not None else member.index
            findings.append(Finding(FindingKind.PREDICATE, WHOLE, shown))
        units = (possible & -possible).bit_length() - 1, possible.bit_length() - 1
        ends = [self.index(WHOLE, each) for each in units] if possible else [None, None]
        return RowAudit(member, tuple(findings), explained, *ends)

    def index(self, code: str, units: int) -> Fraction:
        """Return the exact index of a node that a number of units is."""
        return self._nodes[code].index_at(units)

    def shown(self, code: str, value: Fraction) -> int:
        """Return the units of a node whose index is shown as a value."""
        half, node = Fraction(1, 2 * 10**self._instrument.places), self._nodes[code]
        # a tie is rounded away from zero: which end belongs to the value depends on its sign
        first = node.least(value - half) if value > 0 else node.most(value - half) + 1
        stop = node.least(value + half) if value >= 0 else node.most(value + half) + 1
        return _between(max(0, first), stop)

    def _of_levels(self, node: Node) -> int:
        """Return the set of units that some levels of a node's indicators give."""
        found = 1
        for place in node.below:
            found = _union(found << self._weights[place] * count for count in self._counts)
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
        indices = [self.index(WHOLE, units) for units in _members(possible)]
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
        scale = self._instrument.scale
        if scale.lowest <= 0 or scale.lowest % self._instrument.shown_step:
            return False
        if self._zeros is None:
            self._zeros = _Auditor(self._instrument, with_zero=True)
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
