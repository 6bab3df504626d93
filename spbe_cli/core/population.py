"""Many institutions: their spread, and the peers of one.

Equal indices share a place, and the next is as many places further: 1 2 2 4. The percentile of an
institution is the share of its group whose index is at most its own, itself included: the first of
a group stands at 100, and half of the group stands at or below the 50th.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.assessment import Stage, TableRead
from spbe_cli.core.institution import folded_name, folded_province, identity, same_kind, same_place
from spbe_cli.core.instrument import Instrument, Predicate
from spbe_cli.core.number import fixed, rounded
from spbe_cli.core.problem import NOWHERE, Place
from spbe_cli.core.score import Reading, Scorecard, Target, score, verdict_on
from spbe_cli.core.shown import Brief, Presented


class Known(StrEnum):
    """What an index was taken from."""

    LEVELS = "levels"  # exact
    PUBLISHED = "published index"  # rounded as it was published
    GROUPS = "domain indices"  # computed from rounded values, so the last place is uncertain
    PARTS = "some values"  # no index is known: only an audit takes such an institution


@dataclass(frozen=True, slots=True, repr=False)
class Member(Brief):
    """One institution. `nodes` holds the indices of groups that are known, at any depth, by code.

    `published` is the predicate that stands in the table, None where none does; `published_index`
    likewise. `predicate` follows from the index on the basis of the year. `known_index` is None
    where only parts are known. `places` holds in how many decimals each published value is
    written, by its node's code (`index`: the whole); `read` what was taken of the table.
    """

    institution: str
    instrument: Instrument
    known_index: Fraction | None
    known: Known
    category: str | None = None
    province: str | None = None
    year: int | None = None
    nodes: Mapping[str, Fraction] = field(default_factory=dict)
    published_index: Fraction | None = None
    published: Predicate | None = None
    place: Place = NOWHERE
    places: Mapping[str, int] = field(default_factory=dict)
    read: TableRead | None = None
    stage: Stage | None = None

    def _brief(self) -> str:
        year = "" if self.year is None else f", {self.year}"
        if self.known_index is None:
            return f"{self.institution}{year}: {self.known}"
        index = fixed(self.known_index, self.instrument.places)
        return f"{self.institution}{year}: {index} {self.predicate.name}"

    @property
    def index(self) -> Fraction:
        """The index; ValueError where none is known."""
        if self.known_index is None:
            raise ValueError(f"{self.institution}: no index is known")
        return self.known_index

    @property
    def predicate(self) -> Predicate:
        """The published predicate, else the one that follows from the index."""
        if self.published is not None:
            return self.published
        return verdict_on(self.instrument, self.index, self.year).predicate


Population = Sequence[Member]


def member_of(reading: Reading, place: Place) -> Member:
    """Return an institution whose levels are known, scored.

    Raises:
        MissingLevelError: if a level is missing.
    """
    card = score(reading.instrument, reading.assessment)
    assessment = reading.assessment
    return Member(
        institution=assessment.institution or place.source,
        instrument=reading.instrument,
        known_index=card.index,
        known=Known.LEVELS,
        category=assessment.category,
        province=assessment.province,
        year=assessment.year,
        nodes={node.group.code: node.index for node in card.nodes},
        place=place,
        read=assessment.source.read if assessment.source is not None else None,
        stage=assessment.stage,
    )


def index_from(instrument: Instrument, nodes: Mapping[str, Fraction]) -> Fraction | None:
    """Return the index that the outermost groups' indices give, None where one is not known."""
    if any(group.code not in nodes for group in instrument.groups):
        return None
    total = sum((nodes[group.code] * group.weight for group in instrument.groups), Fraction(0))
    return total / instrument.weight


class ByName:
    """Institutions by name, and by province and kind where several have one name."""

    def __init__(self, members: Iterable[Member]) -> None:
        """Take the institutions."""
        every = list(members)
        self._left = {id(member): member for member in every}
        self._named = grouped(every, lambda member: folded_name(member.institution))
        self._known = grouped(every, lambda each: identity(each.institution, each.category))

    def find(self, name: str, province: str | None, category: str | None) -> Member | None:
        """Return the one institution of this name that may be of this province and kind."""
        for named in (
            self._known.get(identity(name, category), []),
            self._named.get(folded_name(name), []),
        ):
            there = [
                each
                for each in named
                if id(each) in self._left
                and same_place(each.province, province)
                and same_kind(each.category, category)
            ]
            own = [each for each in there if each.province and province]
            if own or len(there) == 1:
                return (own or there)[0]
        return None

    def taken(self, name: str, province: str | None, category: str | None) -> Member | None:
        """Return it, and do not find it again."""
        found = self.find(name, province, category)
        if found is not None:
            del self._left[id(found)]
        return found

    @property
    def left(self) -> tuple[Member, ...]:
        """Those that were not taken."""
        return tuple(self._left.values())


def grouped(
    members: Iterable[Member], by: Callable[[Member], str | None]
) -> dict[str | None, list[Member]]:
    """Return the members of each group, groups in the order of their first member."""
    groups: dict[str | None, list[Member]] = {}
    for member in members:
        groups.setdefault(by(member), []).append(member)
    return groups


class Standing(NamedTuple):
    """A place among so many, and the percentile."""

    place: int
    of: int
    percentile: Fraction


def standings(members: Iterable[Member], by: Callable[[Member], str | None]) -> dict[int, Standing]:
    """Return each member's standing in its group; none for a member that is in no group."""
    found: dict[int, Standing] = {}
    for name, group in grouped(members, by).items():
        if name is None:
            continue
        indices = sorted(member.index for member in group)
        found.update({id(member): _standing(member.index, indices) for member in group})
    return found


def _standing(index: Fraction, indices: Sequence[Fraction]) -> Standing:
    at_most = bisect_right(indices, index)
    above = len(indices) - at_most
    return Standing(above + 1, len(indices), Fraction(100 * at_most, len(indices)))


class Spread(NamedTuple):
    """Number, mean, median, lowest and highest of a value."""

    number: int
    mean: Fraction
    median: Fraction
    lowest: Fraction
    highest: Fraction


@dataclass(frozen=True, slots=True)
class GroupProfile:
    """One category, or all (`name` None): the spread of the index and of each node that is known.

    `predicates` holds the number of institutions of each predicate, highest first; `at_target` the
    number that reach the target, None without one; `places` is how many decimals are shown.
    """

    name: str | None
    index: Spread
    nodes: dict[str, Spread]
    predicates: tuple[tuple[Predicate, int], ...]
    at_target: int | None
    places: int


@dataclass(frozen=True, slots=True, repr=False)
class Profile(Presented):
    """All institutions, and each category in the order of the table."""

    instrument: Instrument
    whole: GroupProfile
    categories: tuple[GroupProfile, ...]
    target: Target | None
    members: tuple[Member, ...] = ()

    def _brief(self) -> str:
        spread, places = self.whole.index, self.instrument.places
        mean, median = fixed(spread.mean, places), fixed(spread.median, places)
        groups = f"{len(self.categories)} categories"
        return f"{spread.number} institutions, {groups}: mean {mean}, median {median}"


def profile(members: Population, target: Target | None = None) -> Profile:
    """Return the profile of institutions that were assessed with the same instrument.

    Means are of exact indices where levels are known, else of the published ones.

    Raises:
        ValueError: without institutions, or if their instruments differ.
    """
    if len({member.instrument.id for member in members}) != 1:
        raise ValueError("a profile is of institutions with one instrument")
    categories = grouped((m for m in members if m.category), lambda member: member.category)
    return Profile(
        members[0].instrument,
        _group(None, members, target),
        tuple(_group(name, group, target) for name, group in categories.items()),
        target,
        tuple(members),
    )


def _group(name: str | None, members: Sequence[Member], target: Target | None) -> GroupProfile:
    instrument = members[0].instrument
    codes = [group.code for group, _, _ in instrument.nodes]
    nodes = {
        code: _spread(member.nodes[code] for member in members if code in member.nodes)
        for code in codes
        if any(code in member.nodes for member in members)
    }
    found = [member.predicate for member in members]
    return GroupProfile(
        name,
        _spread(member.index for member in members),
        nodes,
        tuple((predicate, found.count(predicate)) for predicate in instrument.predicates),
        None if target is None else sum(_reaches(member, target) for member in members),
        instrument.places,
    )


def _reaches(member: Member, target: Target) -> bool:
    if target.predicate is None:
        return member.index >= target.threshold
    order = member.instrument.predicates
    return order.index(member.predicate) <= order.index(target.predicate)


def _spread(values: Iterable[Fraction]) -> Spread:
    ordered = sorted(values)
    number = len(ordered)
    middle = ordered[(number - 1) // 2] + ordered[number // 2]
    mean = sum(ordered, Fraction(0)) / number
    return Spread(number, mean, middle / 2, ordered[0], ordered[-1])


class Grouping(StrEnum):
    """What makes institutions peers."""

    ALL = "all"
    CATEGORY = "category"
    PROVINCE = "province"


class PeerGroup(NamedTuple):
    """A group in the table, and where the institution stands in it with its own index.

    The place counts the institution once, whether the table lists it or not; `profile` is of the
    table as it is. Among indices that were published rounded its own is held rounded as well.
    """

    grouping: Grouping
    name: str | None
    standing: Standing
    profile: GroupProfile


class Peers(NamedTuple):
    """The groups of an institution, and the index with which it is compared.

    `held` is that index; `listed` is how the table has the institution, None if it has not.
    """

    year: int | None
    held: Fraction
    listed: Member | None
    groups: tuple[PeerGroup, ...]


class _Group(NamedTuple):
    indices: list[Fraction]
    profile: GroupProfile


class PeerTable:
    """Institutions of one instrument and year, ready for many questions."""

    def __init__(self, members: Sequence[Member]) -> None:
        """Take the institutions; ValueError without any, or if their instruments differ."""
        if len({member.instrument.id for member in members}) != 1:
            raise ValueError("peers are institutions with one instrument")
        self.instrument = members[0].instrument
        self._members = members
        self._by_name = ByName(members)
        self.is_rounded = any(member.known is not Known.LEVELS for member in members)
        self._groups: dict[tuple[Grouping, str], _Group] = {}

    def peers_of(self, card: Scorecard) -> Peers:
        """Return where an institution stands in all, in its category and in its province.

        These come from the assessment, else from the table; a group that the table does not have
        is left out.
        """
        own, index = card.assessment, card.index
        if self.is_rounded:
            index = rounded(index, card.instrument.places)
        listed = self._by_name.find(own.institution or "", own.province, own.category)
        names = {
            Grouping.ALL: "",
            Grouping.CATEGORY: own.category or (listed.category if listed else None),
            Grouping.PROVINCE: own.province or (listed.province if listed else None),
        }
        groups = [
            self._group_with(grouping, _folded(grouping, name), index, listed)
            for grouping, name in names.items()
            if name is not None
        ]
        return Peers(
            self._members[0].year, index, listed, tuple(group for group in groups if group)
        )

    def _group_with(
        self, grouping: Grouping, name: str, index: Fraction, listed: Member | None
    ) -> PeerGroup | None:
        group = self._group(grouping, name)
        if group is None:
            return None
        inside = listed is not None and _name_in(listed, grouping) == name
        of = len(group.indices) + (0 if inside else 1)
        above = len(group.indices) - bisect_right(group.indices, index)
        if inside and listed is not None and listed.index > index:
            above -= 1
        standing = Standing(above + 1, of, Fraction(100 * (of - above), of))
        return PeerGroup(grouping, group.profile.name, standing, group.profile)

    def _group(self, grouping: Grouping, name: str) -> _Group | None:
        if (grouping, name) not in self._groups:
            members = [each for each in self._members if _name_in(each, grouping) == name]
            if not members:
                return None
            said = getattr(members[0], grouping) if grouping is not Grouping.ALL else None
            whole = replace(profile(members).whole, name=said)
            indices = sorted(member.index for member in members)
            self._groups[grouping, name] = _Group(indices, whole)
        return self._groups[grouping, name]


def _name_in(member: Member, grouping: Grouping) -> str | None:
    if grouping is Grouping.ALL:
        return ""
    name = member.category if grouping is Grouping.CATEGORY else member.province
    return None if name is None else _folded(grouping, name)


def _folded(grouping: Grouping, name: str) -> str:
    return folded_province(name) if grouping is Grouping.PROVINCE else folded_name(name)
