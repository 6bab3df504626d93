"""What a group of institutions looks like: means and ranges, predicates, share at a target."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.instrument import Instrument, Predicate
from spbe_cli.core.population import Member, Population, grouped

__all__ = ["GroupProfile", "Profile", "Spread", "Target", "profile"]


class Spread(NamedTuple):
    """Number, mean, median, lowest and highest of a value."""

    number: int
    mean: Fraction
    median: Fraction
    lowest: Fraction
    highest: Fraction


class Target(NamedTuple):
    """What is to be reached: an index, or a predicate."""

    text: str
    least: Fraction | None = None
    predicate: Predicate | None = None

    def is_met(self, member: Member) -> bool:
        """Return whether an institution reaches it."""
        if self.predicate is None:
            return self.least is not None and member.index >= self.least
        order = member.instrument.predicates
        return order.index(member.predicate) <= order.index(self.predicate)


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


class Profile(NamedTuple):
    """All institutions, and each category in the order of the table."""

    instrument: Instrument
    whole: GroupProfile
    categories: tuple[GroupProfile, ...]
    target: Target | None


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
        None if target is None else sum(map(target.is_met, members)),
        instrument.places,
    )


def _spread(values: Iterable[Fraction]) -> Spread:
    ordered = sorted(values)
    number = len(ordered)
    middle = ordered[(number - 1) // 2] + ordered[number // 2]
    mean = sum(ordered, Fraction(0)) / number
    return Spread(number, mean, middle / 2, ordered[0], ordered[-1])
