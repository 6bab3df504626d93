"""Whether published tables can be right: exact sets of what levels can give, no tolerance.

All indices of an instrument move in whole units (`core.units`), so the set of a node's possible
indices is a set of integers. It is kept as the bits of one whole number: a bit for each number of
units. Adding an indicator shifts the set by each of its levels; adding nodes adds their sets; a
published value keeps the units that round to it, at its own last place.

Every node is judged from its parts upwards. One that no levels give is blamed, and so is one that
its parts, as they were published, do not leave. Either may then be the wrong one, so what stands
above is held against both: one slip is blamed once, and a second one is still found.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from spbe_cli.core.instrument import Basis, Instrument, Predicate
from spbe_cli.core.number import rounded
from spbe_cli.core.population import Known, Member, Population
from spbe_cli.core.problem import Place, Problem
from spbe_cli.core.units import WHOLE, Count, Node, Units, tick_of, units_of

MOST_UNITS = 10**8
"""So many units an index may have: a set of them takes 12 MB."""


class FindingKind(StrEnum):
    """What is wrong with a published row."""

    VALUE = "value-impossible"  # no levels give this value of a domain or aspect
    PARTS = "parts-impossible"  # no levels give it together with the values published below it
    INDEX = "index-impossible"  # no levels give this index, or none with the published values
    PREDICATE = "predicate-impossible"  # the predicate follows on no basis


class Explained(StrEnum):
    """Which basis explains a published predicate."""

    EITHER = "either"
    EXACT = "exact"
    ROUNDED = "rounded"
    NEITHER = "neither"


class Shown(NamedTuple):
    """A value as it was published: rounded half up to `places` decimals."""

    value: Fraction
    places: int


class Finding(NamedTuple):
    """One thing that cannot be: the node (`index` is the whole), the value, the nearest possible.

    `found` is None where a predicate stands without an index, `places` is in how many decimals it
    was written. `parts` are the nodes whose published values it contradicts, none where no levels
    at all give it. `with_zeros` says that missing levels, counted as 0 at full weight, would.
    """

    kind: FindingKind
    node: str
    found: Fraction | None
    places: int
    nearest: tuple[Fraction, ...] = ()
    parts: tuple[str, ...] = ()
    with_zeros: bool = False


class RowAudit(NamedTuple):
    """A row, what cannot be in it, and which basis explains its predicate (None: none is given).

    `published` holds the values that were judged, by node. `lowest` and `highest` bound the exact
    indices that they leave possible, `by_basis` the predicates that these have; None and empty
    where a value cannot be.
    """

    member: Member
    published: Mapping[str, Shown]
    findings: tuple[Finding, ...]
    explained: Explained | None
    lowest: Fraction | None
    highest: Fraction | None
    by_basis: Mapping[Basis, tuple[Predicate, ...]]


class Column(NamedTuple):
    """A node of an instrument, and in how many rows of the table its value was judged."""

    instrument: Instrument
    code: str
    rows: int


class Audit(NamedTuple):
    """All rows in their order."""

    rows: tuple[RowAudit, ...]

    @property
    def faulty(self) -> tuple[RowAudit, ...]:
        """The rows with something that cannot be."""
        return tuple(row for row in self.rows if row.findings)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every node of every instrument of the table, the whole last, with its judged values."""
        instruments = {id(row.member.instrument): row.member.instrument for row in self.rows}
        return tuple(
            Column(instrument, code, sum(code in row.published for row in rows))
            for instrument in instruments.values()
            for rows in [[row for row in self.rows if row.member.instrument is instrument]]
            for code in [*instrument.node_by_code, WHOLE]
        )

    @property
    def predicates(self) -> int:
        """The number of predicates that were judged."""
        return sum(row.member.published is not None for row in self.rows if row.published)

    def explained_by(self, basis: Explained) -> tuple[RowAudit, ...]:
        """Return the rows whose predicate is explained so."""
        return tuple(row for row in self.rows if row.explained is basis)


def unfit(members: Population) -> Iterator[Problem]:
    """Yield why institutions cannot be audited: nothing was published, or in units too small."""
    if not any(map(published_in, members)):
        yield Problem("nothing-published", Place(members[0].place.source))
    for instrument in {member.instrument.id: member.instrument for member in members}.values():
        units = _counted(instrument)
        number = sum(units.weights) * units.counted.of(instrument.scale.highest)
        if number > MOST_UNITS:
            values = {"instrument": instrument.id, "found": str(number), "limit": str(MOST_UNITS)}
            yield Problem("audit-too-fine", Place(instrument.path or ""), values)


def audit(members: Population) -> Audit:
    """Return for every row whether levels can give its published values, index and predicate."""
    auditors: dict[int, _Auditor] = {}
    rows = []
    for member in members:
        auditor = auditors.get(id(member.instrument))
        if auditor is None:
            auditor = auditors[id(member.instrument)] = _Auditor(member.instrument)
        rows.append(auditor.row(member))
    return Audit(tuple(rows))


def indices_that_round_to(
    instrument: Instrument, code: str, value: Fraction
) -> tuple[Fraction, ...]:
    """Return the exact indices of a node (or `index`) that levels can give and that show so."""
    auditor = _Auditor(instrument)
    units = auditor.shown(code, Shown(value, instrument.places)) & auditor.reachable[code]
    return tuple(auditor.index(code, each) for each in _members(units))


def published_in(member: Member) -> dict[str, Shown]:
    """Return what was published of an institution, by node; nothing where its levels are known."""
    if member.known is Known.LEVELS:
        return {}
    values = dict(member.nodes)
    if member.published_index is not None:
        values[WHOLE] = member.published_index
    usual = member.instrument.places
    return {code: Shown(value, member.places.get(code, usual)) for code, value in values.items()}


def _counted(instrument: Instrument) -> Units:
    """Return the instrument in whole numbers from 0 on, so that a value below the scale has one."""
    scale = instrument.scale
    tick = tick_of(scale._replace(step=instrument.shown_step))
    return units_of(instrument, Count(min(Fraction(0), scale.lowest), tick))


class _Auditor:
    """The sets of one instrument. `reachable` holds every node's, by code."""

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument
        self._units = _counted(instrument)
        self._nodes = self._units.node_by_code
        self._below = {code: frozenset(self._codes(code)) for code in self._nodes}
        self._together: dict[tuple[str, ...], int] = {}
        self.reachable = {code: self._of_levels(node) for code, node in self._nodes.items()}

    def row(self, member: Member) -> RowAudit:
        """Return what cannot be in a row, and which basis explains its predicate."""
        published = published_in(member)
        if not published:
            exact = member.known_index if member.known is Known.LEVELS else None
            return RowAudit(member, {}, (), None, exact, exact, {})
        findings: list[Finding] = []
        possible = self._judged(WHOLE, published, findings)
        by_basis = {basis: self._predicates(possible, basis) for basis in Basis}
        explained = _explained(member.published, by_basis)
        values_fit = not findings
        if explained is Explained.NEITHER:
            index = published.get(WHOLE)
            written = (None, self._instrument.places) if index is None else index
            findings.append(Finding(FindingKind.PREDICATE, WHOLE, *written))
        if not values_fit:
            return RowAudit(member, published, tuple(findings), None, None, None, {})
        lowest = (possible & -possible).bit_length() - 1
        ends = self.index(WHOLE, lowest), self.index(WHOLE, possible.bit_length() - 1)
        return RowAudit(member, published, tuple(findings), explained, *ends, by_basis)

    def index(self, code: str, units: int) -> Fraction:
        """Return the exact index of a node that a number of units is."""
        return self._nodes[code].index_at(units)

    def shown(self, code: str, shown: Shown) -> int:
        """Return the units of a node whose index is shown so."""
        first, stop = self._range(code, shown)
        return _between(first, stop)

    def _range(self, code: str, shown: Shown) -> tuple[int, int]:
        value, node = shown.value, self._nodes[code]
        half = Fraction(1, 2 * 10**shown.places)
        # a tie is rounded away from zero: which end belongs to the value depends on its sign
        first = node.least(value - half) if value > 0 else node.most(value - half) + 1
        stop = node.least(value + half) if value >= 0 else node.most(value + half) + 1
        return max(0, first), max(0, stop)

    def _codes(self, code: str) -> Iterator[str]:
        yield code
        for inner in self._nodes[code].inner:
            yield from self._codes(inner)

    def _of_levels(self, node: Node, *, or_zero: bool = False) -> int:
        """Return the set of units that some levels of a node's indicators give."""
        scale, counted = self._instrument.scale, self._units.counted
        lowest, step = counted.of(scale.lowest), int(self._instrument.shown_step / counted.each)
        number = (counted.of(scale.highest) - lowest) // step + 1
        found = 1
        for place in node.below:
            weight = self._units.weights[place]
            given = _copies(found, weight * step, number) << weight * lowest
            found = given | found if or_zero else given
        return found

    def _judged(
        self, code: str, published: Mapping[str, Shown], findings: list[Finding] | None = None
    ) -> int:
        """Return the units that a node may have, and add what cannot be in it to the findings."""
        of_parts = self._of_parts(code, published, findings)
        shown = published.get(code)
        if shown is None:
            return of_parts
        own = self.shown(code, shown)
        alone = own & self.reachable[code]
        if alone and own & of_parts:
            return own & of_parts
        if findings is not None and alone:
            findings.append(self._contradicted(code, published, of_parts))
        elif findings is not None:
            findings.append(self._impossible(code, shown))
        return of_parts | (alone or own)

    def _of_parts(
        self, code: str, published: Mapping[str, Shown], findings: list[Finding] | None = None
    ) -> int:
        """Return the sums of what the parts of a node may have."""
        inner = self._nodes[code].inner
        silent = tuple(each for each in inner if self._below[each].isdisjoint(published))
        if len(silent) == len(inner):
            return self.reachable[code]
        whole = self._sum_of(silent)
        for each in inner:
            if each not in silent:
                whole = _sums(whole, self._judged(each, published, findings))
        return whole

    def _sum_of(self, codes: tuple[str, ...]) -> int:
        """Return what nodes of which nothing was published may have in all."""
        found = self._together.get(codes)
        if found is None:
            found = _sums(self._sum_of(codes[:-1]), self.reachable[codes[-1]]) if codes else 1
            self._together[codes] = found
        return found

    def _impossible(self, code: str, shown: Shown) -> Finding:
        kind = FindingKind.INDEX if code == WHOLE else FindingKind.VALUE
        nearest = self._nearest(code, shown, self.reachable[code])
        with_zeros = bool(self._with_zeros[code] & self.shown(code, shown))
        return Finding(kind, code, *shown, nearest, with_zeros=with_zeros)

    def _contradicted(self, code: str, published: Mapping[str, Shown], of_parts: int) -> Finding:
        """Return that the parts of a node do not leave its value, and which of them it takes."""
        kind = FindingKind.INDEX if code == WHOLE else FindingKind.PARTS
        shown = published[code]
        own = self.shown(code, shown)
        order = [each for each in self._below_first(code) if each in published]
        kept = {each: published[each] for each in order}
        for each in order:
            fewer = {other: value for other, value in kept.items() if other != each}
            if not own & self._of_parts(code, fewer):
                kept = fewer
        parts = tuple(each for each in self._instrument.node_by_code if each in kept)
        return Finding(kind, code, *shown, self._nearest(code, shown, of_parts), parts)

    def _below_first(self, code: str) -> Iterator[str]:
        """Yield the codes below a node, those farthest from it first."""
        layer = list(self._nodes[code].inner)
        if layer:
            yield from (each for inner in layer for each in self._below_first(inner))
            yield from layer

    def _nearest(self, code: str, shown: Shown, possible: int) -> tuple[Fraction, ...]:
        """Return the nearest possible values below and above, as they would be shown."""
        first, stop = self._range(code, shown)
        below, above = possible & _between(0, first), possible >> stop
        units = [below.bit_length() - 1] if below else []
        units += [stop + (above & -above).bit_length() - 1] if above else []
        return tuple(rounded(self.index(code, each), shown.places) for each in units)

    @cached_property
    def _with_zeros(self) -> Mapping[str, int]:
        """What every node has if some levels are missing and counted as 0."""
        if self._instrument.scale.lowest <= 0:
            return dict.fromkeys(self._nodes, 0)
        return {code: self._of_levels(node, or_zero=True) for code, node in self._nodes.items()}

    def _predicates(self, possible: int, basis: Basis) -> tuple[Predicate, ...]:
        """Return the predicates that a basis gives the units of the whole."""
        return tuple(
            predicate
            for predicate, first, stop in self._ranges[basis]
            if (possible >> first if stop is None else possible & _between(first, stop))
        )

    @cached_property
    def _ranges(self) -> Mapping[Basis, Sequence[tuple[Predicate, int, int | None]]]:
        """From which units on and below which a basis gives each predicate."""
        found: dict[Basis, list[tuple[Predicate, int, int | None]]] = {}
        for basis in Basis:
            stop: int | None = None
            for predicate in self._instrument.predicates:
                first = 0
                if predicate.threshold is not None:
                    first = max(0, self._units.least_for(predicate, basis))
                found.setdefault(basis, []).append((predicate, first, stop))
                stop = first
        return found


def _explained(
    published: Predicate | None, by_basis: Mapping[Basis, Sequence[Predicate]]
) -> Explained | None:
    if published is None:
        return None
    exact, by_rounding = (published in by_basis[basis] for basis in (Basis.EXACT, Basis.ROUNDED))
    if exact and by_rounding:
        return Explained.EITHER
    if exact or by_rounding:
        return Explained.EXACT if exact else Explained.ROUNDED
    return Explained.NEITHER


def _between(first: int, stop: int) -> int:
    """Return the set of the numbers from `first` to below `stop`."""
    return (1 << stop) - (1 << first) if stop > first else 0


def _copies(numbers: int, stride: int, number: int) -> int:
    """Return the union of so many copies of a set, each shifted by `stride` more."""
    whole, have = numbers, 1
    while have < number:
        more = min(have, number - have)
        whole |= whole << more * stride
        have += more
    return whole


def _sums(one: int, other: int) -> int:
    """Return the set of the sums of a number from each of two sets.

    Zeros at the low ends cost nothing, and a run of numbers as much as one.
    """
    if not one or not other:
        return 0
    few, many = sorted((one, other), key=int.bit_count)
    offset = _lowest(few) + _lowest(many)
    few, many = few >> _lowest(few), many >> _lowest(many)
    whole = at = 0
    while few:
        at += _lowest(few)
        few >>= _lowest(few)
        run = _lowest(~few)
        whole |= _copies(many, 1, run) << at
        at += run
        few >>= run
    return whole << offset


def _lowest(numbers: int) -> int:
    """Return the lowest number in a set."""
    return (numbers & -numbers).bit_length() - 1


def _members(bits: int) -> Iterator[int]:
    """Yield the numbers in a set, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
