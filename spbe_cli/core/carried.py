"""Which evidence for an earlier instrument serves again. It converts no value."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Use(StrEnum):
    """What becomes of old evidence."""

    REUSE = "reuse"
    UPDATE = "update"
    PARTLY = "partly"  # most of it is new
    NEW = "new"  # nothing serves again


class Carried(NamedTuple):
    """The earlier indicators whose evidence serves an indicator again, and how.

    `another` is what another version of the source says, `second` what a second source lists;
    None and nothing where they say no more.
    """

    before: tuple[str, ...]
    use: Use
    another: Use | None = None
    second: tuple[str, ...] = ()


class CarriedTable(NamedTuple):
    """What serves again, by the code of the later indicator: from which instrument, and by whom.

    `source` says that by language.
    """

    before: str
    official: bool
    source: Mapping[str, str]
    second_source: str
    by_code: Mapping[str, Carried]

    def serving(self, code: str) -> tuple[str, ...]:
        """Return the later indicators that the evidence for an earlier one serves."""
        return tuple(later for later, each in self.by_code.items() if code in each.before)
