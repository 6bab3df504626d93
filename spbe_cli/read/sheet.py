"""What every format is brought to before it is validated: one score sheet as plain text values."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from spbe_cli.core.problem import Place, Problem

__all__ = ["Location", "Parsed", "PlaceOf", "Sheet", "bare", "indicator_code"]

Location = tuple[str | int, ...]
"""A symbolic place in a sheet's data, `("levels", "12")`: keys and indices from the top."""


class PlaceOf(Protocol):
    """From a location in a sheet's data to its place in the file."""

    def __call__(self, location: Location, key: bool = False, /) -> Place:  # noqa: FBT001, FBT002
        """Return the place of a value, or of its key."""
        ...


_INDICATOR = re.compile(
    r"(?:i|ind|indikator|indicator|no)?[\s._:-]*0*([0-9]+)(?:[.,]([0-9]+))?\.?", re.IGNORECASE
)
_INVISIBLE = re.compile("^[\\s\u200b-\u200f\u2060\ufeff]+|[\\s\u200b-\u200f\u2060\ufeff]+$")


class Sheet(NamedTuple):
    """One institution's score sheet as found in a file: every value still text.

    `data` has the shape of `schema.AssessmentDocument`: `institution`, `year`, ... and either
    `levels` or, for stages side by side, `stages`. `place_of(location)` gives the place of a
    value in the file, `place_of(location, True)` that of its key (in a table: the same cell); for
    a location that is not there it gives the nearest one above.
    """

    data: Mapping[str, Any]
    place_of: PlaceOf


class Parsed(NamedTuple):
    """The sheets of one file, and everything that was wrong with its form."""

    sheets: tuple[Sheet, ...] = ()
    problems: tuple[Problem, ...] = ()


def bare(text: str) -> str:
    """Return a text without blanks and invisible characters around it, as web pages leave them."""
    return text.strip() if text.isascii() else _INVISIBLE.sub("", text)


def indicator_code(text: str) -> str:
    """Return the code in `12`, `12.`, `12,0`, `I12`, `Indikator 12`, `012`; other text unchanged.

    `35.1` stays as it is: spbe-2018 asks indicator 35 for three services.
    """
    match = _INDICATOR.fullmatch(bare(text))
    if match is None:
        return bare(text)
    whole, part = match.groups()
    return f"{whole}.{part}" if part and part.strip("0") else str(whole)
