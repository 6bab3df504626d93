"""What the JSON and CSV answers about many institutions share."""

from fractions import Fraction

from typing_extensions import TypedDict

from spbe_cli.core.number import exact, fixed
from spbe_cli.core.population import Member
from spbe_cli.render.data import Value, value_of

__all__ = ["MEMBER_HEAD", "MemberShape", "member_cells", "member_shape", "percent"]

MEMBER_HEAD = ["institution", "category", "province", "year", "instrument", "index", "predicate"]
"""The headings of the cells that `member_cells` gives."""


class MemberShape(TypedDict):
    """An institution, its index and predicate, and what the index was taken from."""

    institution: str
    category: str | None
    province: str | None
    year: int | None
    instrument: str
    index: Value
    known: str
    predicate: str


def member_shape(member: Member) -> MemberShape:
    """Return an institution for JSON."""
    return {
        "institution": member.institution,
        "category": member.category,
        "province": member.province,
        "year": member.year,
        "instrument": member.instrument.id,
        "index": value_of(member.instrument, member.index),
        "known": member.known,
        "predicate": member.predicate.name,
    }


def member_cells(member: Member) -> list[str]:
    """Return an institution's first cells in CSV."""
    who = [member.institution, member.category or "", member.province or ""]
    index = fixed(member.index, member.instrument.places)
    year = str(member.year or "")
    return [*who, year, member.instrument.id, index, member.predicate.name]


def percent(share: Fraction) -> str:
    """Return a percentage with its decimals where they end, else with two."""
    return exact(share) if share == Fraction(fixed(share)) else fixed(share)
