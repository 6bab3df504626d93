"""What was read before it is understood: sheets of texts and cells, each with its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from spbe_cli.core.assessment import HELPER, TableRead
from spbe_cli.core.instrument import bare
from spbe_cli.core.problem import Place, Problem, Severity

Location = tuple[str | int, ...]
"""A symbolic place in a sheet's data, `("levels", "12")`: keys and indices from the top."""


class PlaceOf(Protocol):
    """From a location in a sheet's data to its place in the file."""

    def __call__(self, location: Location, key: bool = False, /) -> Place:  # noqa: FBT001, FBT002
        """Return the place of a value, or of its key."""
        ...


class Sheet(NamedTuple):
    """One institution's score sheet as found in a file: every value still text.

    `data` has the shape of `schema.AssessmentDocument`: `institution`, `year`, ... and either
    `levels` or, for stages side by side, `stages`. `place_of(location)` gives the place of a
    value in the file, `place_of(location, True)` that of its key (in a table: the same cell); for
    a location that is not there it gives the nearest one above. `read` says what was taken of the
    table. `unmarked` are the indicators of a checklist of which no piece has a mark. `named` is the
    shipped instrument whose official names stand for the indicators, where nothing else told it.
    """

    data: Mapping[str, Any]
    place_of: PlaceOf
    read: TableRead | None = None
    unmarked: frozenset[str] = frozenset()
    named: str = ""


class Parsed(NamedTuple):
    """The sheets of one file, and everything that was wrong with its form."""

    sheets: tuple[Sheet, ...] = ()
    problems: tuple[Problem, ...] = ()


HEADER_WITHIN = 30
"""The header is looked for in this many rows; titles and the institution stand above it."""

FEWEST_NAMES = 5
"""So many official names of indicators are no chance."""

SHORTEST_NAME = 13
"""The characters of the shortest official name of an indicator: Analisis Data."""

LONGEST_CODE = 8
"""The characters of the longest text that is taken for a code; a longer one is a name."""

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
        if column is None or column >= len(cells):
            return ""
        return bare(cells[column]) if cells[column] else ""

    def is_blank(self, row: int) -> bool:
        """Return whether a row holds nothing but blanks."""
        return not any(cell and not cell.isspace() for cell in self.rows[row])

    def problem(self, code: str, cell: Cell, **values: str) -> Problem:
        """Return a problem at a cell."""
        return Problem(code, self.place_of(*cell), values)

    def line(self, row: int) -> str:
        """Return the number of a row in its file or sheet."""
        place = self.place_of(row, 0)
        return (place.cell or "").lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or str(place.line or row + 1)

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


class SheetXml:
    """How many rows and columns the filled cells take, and the cells that show no value."""

    __slots__ = ("height", "hidden_columns", "hidden_rows", "marks", "merged", "width")

    def __init__(self) -> None:
        self.height = 0
        self.width = 0
        self.marks: dict[Cell, tuple[Mark, str]] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []
        self.merged: list[tuple[Cell, Cell]] = []


class _Places(NamedTuple):
    """The places of a sheet's cells."""

    path: str
    sheet: str
    rows: list[list[str]]

    def __call__(self, row: int, column: int, /) -> Place:
        """Return a cell's place, with its text as excerpt."""
        cells = self.rows[row] if row < len(self.rows) else []
        text = cells[column] if column < len(cells) else ""
        name = f"{column_letters(column)}{row + 1}"
        return Place(self.path, sheet=self.sheet, cell=name, excerpt=text, width=max(len(text), 1))


def placed_grid(  # noqa: PLR0913, PLR0917
    path: str,
    name: str,
    rows: list[list[str]],
    marks: dict[Cell, Mark],
    merged: Sequence[tuple[Cell, Cell]],
    known: SheetXml,
) -> tuple[Grid, list[Problem]]:
    """Return a sheet without what a person does not see, and what is to be said of that."""
    _uncover(rows, marks, merged)
    notices = _hide(path, name, rows, marks, known)
    spans = {
        (top, left): min(right, known.width - 1) - left + 1
        for (top, left), (_, right) in merged
        if top <= HEADER_WITHIN and left < right
    }
    return Grid(rows, _Places(path, name, rows), marks=marks, spans=spans), notices


def _uncover(
    rows: list[list[str]], marks: dict[Cell, Mark], merged: Sequence[tuple[Cell, Cell]]
) -> None:
    """Drop what lies under merged cells: each row of one shows what its first cell says."""
    for (top, left), (bottom, right) in merged:
        for row in range(top, min(bottom + 1, len(rows))):
            for column in range(left, min(right + 1, len(rows[row]))):
                if (row, column) == (top, left):
                    continue
                is_below = column == left and left == right
                rows[row][column] = rows[top][left] if is_below else ""
                marks.pop((row, column), None)
                if is_below and (top, left) in marks:
                    marks[row, column] = marks[top, left]


def _hide(
    path: str,
    name: str,
    rows: list[list[str]],
    marks: dict[Cell, Mark],
    known: SheetXml,
) -> list[Problem]:
    """Drop what stands in hidden rows and columns, and say so where it was something."""
    problems = []
    hidden_rows = [row for row in sorted(known.hidden_rows) if row < len(rows) and any(rows[row])]
    for row in hidden_rows:
        rows[row] = [""] * known.width
    columns = [
        column
        for column in range(known.width)
        if any(first <= column <= last for first, last in known.hidden_columns)
        and any(cells[column] for cells in rows)
    ]
    ours = [column for column in columns if HELPER in (cells[column] for cells in rows)]
    for cells in rows:
        for column in columns:
            cells[column] = ""
    for cell in [c for c in marks if c[0] in known.hidden_rows or c[1] in columns]:
        del marks[cell]
    found = {
        "hidden-rows": [str(row + 1) for row in hidden_rows],
        "hidden-columns": [column_letters(column) for column in columns if column not in ours],
    }
    for code, names in found.items():
        if names:
            values = {"sheet": name, "found": _listed(names)}
            problems.append(Problem(code, Place(path), values, Severity.NOTICE))
    return problems


def _listed(names: Sequence[str]) -> str:
    most = 10
    return ", ".join(names[:most]) + (f", ... ({len(names)})" if len(names) > most else "")
