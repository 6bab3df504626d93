"""An institution among others: its place by its own index, and what its groups look like."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.number import rounded
from spbe_cli.core.population import Known, Member, folded_name
from spbe_cli.core.profile import GroupProfile, profile
from spbe_cli.core.ranking import Standing
from spbe_cli.core.scoring import Scorecard

__all__ = ["Grouping", "PeerGroup", "PeerTable", "Peers"]


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
        self._by_name = {folded_name(member.institution): member for member in members}
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
        listed = self._by_name.get(folded_name(own.institution or ""))
        names = {
            Grouping.ALL: "",
            Grouping.CATEGORY: own.category or (listed.category if listed else None),
            Grouping.PROVINCE: own.province or (listed.province if listed else None),
        }
        groups = [
            self._group_with(grouping, folded_name(name), index, listed)
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
    return None if name is None else folded_name(name)
