"""Places by exact index, in the whole and in each institution's category and province.

Equal indices share a place, and the next is as many places further: 1 2 2 4. The percentile of an
institution is the share of its group whose index is at most its own, itself included: the first of
a group stands at 100, and half of the group stands at or below the 50th.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.population import Member, Population, folded_name, grouped

__all__ = ["Before", "Ranked", "Ranking", "Standing", "found_in", "rank"]


class Standing(NamedTuple):
    """A place among so many, and the percentile."""

    place: int
    of: int
    percentile: Fraction


@dataclass(frozen=True, slots=True)
class Before:
    """How an institution stood in an earlier table, against now.

    `shift` is the number of places gained, negative where they were lost.
    """

    index: Fraction
    place: int
    change: Fraction
    shift: int


class Ranked(NamedTuple):
    """An institution and where it stands; None where it has no category or province."""

    member: Member
    overall: Standing
    in_category: Standing | None
    in_province: Standing | None
    before: Before | None = None


class Ranking(NamedTuple):
    """All institutions, highest index first; `gone` were in the earlier table only."""

    ranked: tuple[Ranked, ...]
    gone: tuple[Member, ...] = ()
    compared: bool = False


def rank(members: Population, previous: Population = ()) -> Ranking:
    """Return where every institution stands, and how that changed since an earlier table."""
    overall = _standings(members, lambda _: "")
    in_category = _standings(members, lambda member: member.category)
    in_province = _standings(members, lambda member: member.province)
    earlier = {folded_name(member.institution): member for member in previous}
    places = _standings(previous, lambda _: "")
    ranked = []
    for member in sorted(members, key=lambda member: -member.index):
        here = id(member)
        was = earlier.pop(folded_name(member.institution), None)
        before = None if was is None else _before(was, places[id(was)], member, overall[here])
        standing = (overall[here], in_category.get(here), in_province.get(here))
        ranked.append(Ranked(member, *standing, before))
    return Ranking(tuple(ranked), tuple(earlier.values()), compared=bool(previous))


def found_in(ranking: Ranking, name: str) -> tuple[Ranked, ...]:
    """Return the institutions of this name, else those whose name has it as a part."""
    wanted = folded_name(name)
    names = [(folded_name(each.member.institution), each) for each in ranking.ranked]
    exact = tuple(each for found, each in names if found == wanted)
    return exact or tuple(each for found, each in names if wanted in found)


def _before(was: Member, then: Standing, member: Member, now: Standing) -> Before:
    return Before(was.index, then.place, member.index - was.index, then.place - now.place)


def _standings(
    members: Iterable[Member], by: Callable[[Member], str | None]
) -> dict[int, Standing]:
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
