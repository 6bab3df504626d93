"""One assessment: an institution, a year, a stage, and a level or Missing for each indicator."""

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

__all__ = ["Assessment", "Entry", "Missing", "Source", "Stage"]


class Stage(StrEnum):
    """The stages of an assessment, in their order. A target is a plan, not a finding."""

    TARGET = "target"
    SELF = "self"
    VERIFICATION = "verification"
    DOCUMENT = "document"
    HARMONISATION = "harmonisation"
    INTERVIEW = "interview"
    VISIT = "visit"
    EXTERNAL = "external"
    FINAL = "final"


class Missing(StrEnum):
    """Why an indicator has no level. It is never counted as 0 and never leaves the denominator."""

    ABSENT = "absent"  # the file does not name the indicator
    BLANK = "blank"  # the file names it and gives no level


class Entry(NamedTuple):
    """What a score sheet says of one indicator."""

    level: Fraction | Missing
    note: str = ""
    evidence: tuple[str, ...] = ()
    responsible: str = ""
    kept_from: Stage | None = None  # the earlier stage whose level stands here


class Source(NamedTuple):
    """Where an assessment was read: the path as given, and the bytes that were there."""

    path: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The SHA-256 of the content, in hex."""
        from hashlib import sha256  # loads OpenSSL: only where the sum is shown

        return sha256(self.content).hexdigest()


class Assessment(NamedTuple):
    """Levels by indicator code, in the order of the instrument, one entry for every indicator.

    `instrument` is the id of the instrument whose codes the entries use. Build one with
    `spbe_cli.read_assessment`; whatever it holds lies on the instrument's scale.
    """

    instrument: str
    entries: Mapping[str, Entry]
    institution: str | None = None
    category: str | None = None
    province: str | None = None
    year: int | None = None
    stage: Stage | None = None
    source: Source | None = None
    note: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The codes of the indicators without a level."""
        return tuple(c for c, entry in self.entries.items() if isinstance(entry.level, Missing))

    def with_levels(self, levels: Mapping[str, Fraction]) -> "Assessment":
        """Return the same assessment with other levels for some indicators."""
        entries = {
            code: entry._replace(level=levels[code], kept_from=None) if code in levels else entry
            for code, entry in self.entries.items()
        }
        return self._replace(entries=entries)
