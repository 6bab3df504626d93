"""Many institutions with an index each, however that index is known."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from spbe_cli.core.instrument import Instrument, Predicate
from spbe_cli.core.problem import NOWHERE, Place
from spbe_cli.core.result import Reading
from spbe_cli.core.scoring import score, verdict_on

__all__ = ["Known", "Member", "Population", "folded_name", "grouped", "index_from", "member_of"]


class Known(StrEnum):
    """What an index was taken from."""

    LEVELS = "levels"  # exact
    PUBLISHED = "published index"  # rounded as it was published
    GROUPS = "domain indices"  # computed from rounded values, so the last place is uncertain


@dataclass(frozen=True, slots=True)
class Member:
    """One institution. `nodes` holds the indices of domains and aspects that are known, by code.

    `published` is the predicate that stands in the table, None where none does; `published_index`
    likewise. `predicate` follows from the index on the basis of the year.
    """

    institution: str
    instrument: Instrument
    index: Fraction
    known: Known
    category: str | None = None
    province: str | None = None
    year: int | None = None
    nodes: Mapping[str, Fraction] = field(default_factory=dict)
    published_index: Fraction | None = None
    published: Predicate | None = None
    place: Place = NOWHERE

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
        index=card.index,
        known=Known.LEVELS,
        category=assessment.category,
        province=assessment.province,
        year=assessment.year,
        nodes={node.group.code: node.index for node in card.nodes},
        place=place,
    )


def index_from(instrument: Instrument, nodes: Mapping[str, Fraction]) -> Fraction | None:
    """Return the index that the outermost groups' indices give, None where one is not known."""
    if any(group.code not in nodes for group in instrument.groups):
        return None
    total = sum((nodes[group.code] * group.weight for group in instrument.groups), Fraction(0))
    return total / instrument.weight


def folded_name(name: str) -> str:
    """Return a name by which institutions are recognised: without capitals and blanks around."""
    return " ".join(name.casefold().split())


def grouped(
    members: Iterable[Member], by: Callable[[Member], str | None]
) -> dict[str | None, list[Member]]:
    """Return the members of each group, groups in the order of their first member."""
    groups: dict[str | None, list[Member]] = {}
    for member in members:
        groups.setdefault(by(member), []).append(member)
    return groups
