"""Whether published tables can be right: exact sets of what levels can give, no tolerance.

A published value keeps, of the set of what a node may have (`core.possible`), what is shown so at
its own last place. Every node is judged from its parts upwards. One that no levels give is blamed,
and so is one that its parts, as they were published, do not leave. Either may then be the wrong
one, so what stands above is held against both: one slip is blamed once, a second is still found.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Generic, NamedTuple, TypeVar

from spbe_cli.core.instrument import Basis, Instrument, Predicate
from spbe_cli.core.population import Known, Member, Population
from spbe_cli.core.possible import Continuum, Grid, Sets, Shown, members_of
from spbe_cli.core.problem import Place, Problem
from spbe_cli.core.shown import Presented
from spbe_cli.core.units import WHOLE, least_index_on

MOST_UNITS = 10**8
"""So many units an index may have: a set of them takes 12 MB."""

S = TypeVar("S")


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


@dataclass(frozen=True, slots=True, repr=False)
class Audit(Presented):
    """All rows in their order."""

    rows: tuple[RowAudit, ...]

    def _brief(self) -> str:
        judged = sum(bool(row.published) for row in self.rows)
        faulty = len(self.faulty)
        return f"{len(self.rows)} rows, {judged} judged, {faulty} with what cannot be"

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
        number = 0 if instrument.scale.step is None else Grid(instrument).size
        if number > MOST_UNITS:
            values = {"instrument": instrument.id, "found": str(number), "limit": str(MOST_UNITS)}
            yield Problem("audit-too-fine", Place(instrument.path or ""), values)


def audit(members: Population) -> Audit:
    """Return for every row whether levels can give its published values, index and predicate."""
    auditors: dict[int, _Auditor[Any]] = {}
    rows = []
    for member in members:
        instrument = member.instrument
        auditor = auditors.get(id(instrument))
        if auditor is None:
            is_grid = instrument.scale.step is not None
            sets: Sets[Any] = Grid(instrument) if is_grid else Continuum(instrument)
            auditor = auditors[id(instrument)] = _Auditor(instrument, sets)
        rows.append(auditor.row(member))
    return Audit(tuple(rows))


def indices_that_round_to(
    instrument: Instrument, code: str, value: Fraction
) -> tuple[Fraction, ...]:
    """Return the exact indices of a node (or `index`) that levels can give and that show so.

    Without a step of the scale they have no number: ValueError.
    """
    if instrument.scale.step is None:
        raise ValueError("indices of a scale without a step have no number")
    grid = Grid(instrument)
    units = grid.shown(code, Shown(value, instrument.places)) & grid.of_levels(code)
    return tuple(grid.nodes[code].index_at(each) for each in members_of(units))


def published_in(member: Member) -> dict[str, Shown]:
    """Return what was published of an institution, by node; nothing where its levels are known."""
    if member.known is Known.LEVELS:
        return {}
    values = dict(member.nodes)
    if member.published_index is not None:
        values[WHOLE] = member.published_index
    usual = member.instrument.places
    return {code: Shown(value, member.places.get(code, usual)) for code, value in values.items()}


class _Auditor(Generic[S]):
    """What was found of one instrument and serves for every row."""

    def __init__(self, instrument: Instrument, sets: Sets[S]) -> None:
        self._instrument = instrument
        self._sets = sets
        self._inner = {
            group.code: [g.code for g in group.groups] for group, _, _ in instrument.nodes
        }
        self._inner[WHOLE] = [group.code for group in instrument.groups]
        self._below = {code: frozenset(self._codes(code)) for code in self._inner}
        self._reachable = {code: sets.of_levels(code) for code in self._inner}
        self._missing: dict[str, S] = {}
        self._together: dict[tuple[str, ...], S] = {}
        self._bounds = {basis: list(_bounds(instrument, basis)) for basis in Basis}

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
        ends = self._sets.ends(possible)
        return RowAudit(member, published, tuple(findings), explained, *ends, by_basis)

    def _codes(self, code: str) -> Iterator[str]:
        yield code
        for inner in self._inner[code]:
            yield from self._codes(inner)

    def _judged(
        self, code: str, published: Mapping[str, Shown], findings: list[Finding] | None = None
    ) -> S:
        """Return what a node may have, and add what cannot be in it to the findings."""
        of_parts = self._of_parts(code, published, findings)
        shown = published.get(code)
        if shown is None:
            return of_parts
        own = self._sets.shown(code, shown)
        alone = self._sets.both(own, self._reachable[code])
        fitting = self._sets.both(own, of_parts)
        if alone and fitting:
            return fitting
        if findings is not None and alone:
            blamed = [finding.node for finding in findings]
            findings.append(self._contradicted(code, published, of_parts, blamed))
        elif findings is not None:
            findings.append(self._impossible(code, shown))
        return self._sets.either(of_parts, alone or own)

    def _of_parts(
        self, code: str, published: Mapping[str, Shown], findings: list[Finding] | None = None
    ) -> S:
        """Return the sums of what the parts of a node may have."""
        inner = self._inner[code]
        silent = tuple(each for each in inner if self._below[each].isdisjoint(published))
        if len(silent) == len(inner):
            return self._reachable[code]
        said = [self._judged(each, published, findings) for each in inner if each not in silent]
        together = self._together.get(silent)
        if together is None:
            together = self._sets.sums([self._reachable[each] for each in silent])
            self._together[silent] = together
        return self._sets.sums([together, *said])

    def _impossible(self, code: str, shown: Shown) -> Finding:
        kind = FindingKind.INDEX if code == WHOLE else FindingKind.VALUE
        nearest = tuple(self._sets.around(code, shown, self._reachable[code]))
        if code not in self._missing:
            self._missing[code] = self._sets.of_levels(code, or_missing=True)
        with_zeros = bool(self._sets.both(self._missing[code], self._sets.shown(code, shown)))
        return Finding(kind, code, *shown, nearest, with_zeros=with_zeros)

    def _contradicted(
        self, code: str, published: Mapping[str, Shown], of_parts: S, blamed: Collection[str]
    ) -> Finding:
        """Return that the parts of a node do not leave its value, and which parts these are.

        Those are named that lie next below it, unless it takes what lies below them as well.
        """
        kind = FindingKind.INDEX if code == WHOLE else FindingKind.PARTS
        shown = published[code]
        below = {
            each: published[each]
            for each in self._below[code] - {code, *blamed}
            if each in published
        }
        named = {each: below[each] for each in self._next_below(code, below)}
        if self._sets.both(self._sets.shown(code, shown), self._of_parts(code, named)):
            named = below
        parts = tuple(each for each in self._inner if each in named)
        nearest = tuple(self._sets.around(code, shown, of_parts))
        return Finding(kind, code, *shown, nearest, parts)

    def _next_below(self, code: str, among: Collection[str]) -> Iterator[str]:
        """Yield of the codes below a node those with no other in between."""
        for inner in self._inner[code]:
            if inner in among:
                yield inner
            else:
                yield from self._next_below(inner, among)

    def _predicates(self, possible: S, basis: Basis) -> tuple[Predicate, ...]:
        """Return the predicates that a basis gives to what the whole may have."""
        return tuple(
            predicate
            for predicate, least, below in self._bounds[basis]
            if self._sets.has(possible, least, below)
        )


def _bounds(
    instrument: Instrument, basis: Basis
) -> Iterator[tuple[Predicate, Fraction | None, Fraction | None]]:
    """Yield from which index on and below which one a basis gives each predicate."""
    below = None
    for predicate in instrument.predicates:
        has_least = predicate.threshold is not None
        least = least_index_on(instrument, predicate, basis) if has_least else None
        yield predicate, least, below
        below = least


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
