"""What was read before it is understood: sheets of texts and cells, each with its place."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from spbe_cli.core.problem import Place, Problem

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


LARGEST_TABLE = 2_000_000
"""The most cells that are read: all 621 institutions with 47 levels take 30,000."""

WIDEST = 16_384
"""The most columns of a table, as many as Excel has."""

Cell = tuple[int, int]
"""A row and a column of a grid, both counted from 0."""


class CellPlace(Protocol):
    """From a row and a column to the place in the file; a column beyond the row is its end."""

    def __call__(self, row: int, column: int, /) -> Place:
        """Return the place of a cell, both counted from 0."""
        ...


class Mark(StrEnum):
    """What makes a workbook's cell unfit to be a level, named as the problem it is there."""

    ERROR = "cell-error"  # the cell shows #DIV/0!, #REF! or the like
    NOT_CALCULATED = "cell-not-calculated"  # a formula that no spreadsheet has computed yet
    DATE = "cell-is-date"  # Excel reads 3.5 as the third of May


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as found. Only a text's rows differ in length; a workbook's are all as wide.

    `delimiter` is empty for a workbook. `marks` names the cells that hold no plain value; their
    text is the error, the formula or the date. `spans` says over how many columns a merged cell
    reaches.
    """

    rows: Sequence[Sequence[str]]
    place_of: CellPlace
    delimiter: str = ""
    marks: Mapping[Cell, Mark] = field(default_factory=dict)
    spans: Mapping[Cell, int] = field(default_factory=dict)

    def text(self, row: int, column: int | None) -> str:
        """Return a cell's text without blanks around it; empty where there is no such cell."""
        cells = self.rows[row]
        return bare(cells[column]) if column is not None and column < len(cells) else ""

    def is_blank(self, row: int) -> bool:
        """Return whether a row holds nothing but blanks."""
        return not any(cell and not cell.isspace() for cell in self.rows[row])

    def problem(self, code: str, cell: Cell, **values: str) -> Problem:
        """Return a problem at a cell."""
        return Problem(code, self.place_of(*cell), values)

    def spot(self, cell: Cell) -> str:
        """Return where a cell stands in a word: its line in a text, its name in a workbook."""
        place = self.place_of(*cell)
        return place.cell or str(place.line)


def column_letters(column: int) -> str:
    """Return a spreadsheet's name for a column counted from 0: A, B, ... Z, AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
