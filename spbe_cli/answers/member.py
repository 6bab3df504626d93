"""An institution among others, as rank and audit answer with it: its keys and its columns."""

from spbe_cli.answers.shape import Columns, Shape, Value, take
from spbe_cli.core.number import fixed
from spbe_cli.core.population import Known, Member


class MemberShape(Shape, places="instrument.places"):
    """An institution, its index and predicate, and what the index was taken from."""

    institution: str
    category: str | None
    province: str | None
    year: int | None
    instrument: str = take("instrument.id")
    index: Value
    known: Known
    predicate: str = take("predicate.name")


def predicate_name(member: Member) -> str | None:
    """Return an institution's predicate, None where neither it nor an index was published."""
    is_known = member.published is not None or member.known_index is not None
    return member.predicate.name if is_known else None


MEMBER: Columns = {
    **MemberShape.columns("institution", "category", "province", "year", "instrument"),
    "index": lambda member: (
        "" if member.known_index is None else fixed(member.known_index, member.instrument.places)
    ),
    "predicate": predicate_name,
}
"""The first columns of a table of institutions."""
