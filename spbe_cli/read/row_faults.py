"""What is wrong with rows of a wide table, said as fast as good rows are read.

A table may be wrong in every row, by one mistake. What the ordinary reader would say of it
is said here without reading each row as a sheet.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import Protocol

from spbe_cli.core.assessment import Source
from spbe_cli.core.instrument import Instrument, bare
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.read.choice import Wishes
from spbe_cli.read.rows import row_length_problems
from spbe_cli.read.shapes import WideTable
from spbe_cli.read.sheet import read_sheet
from spbe_cli.read.values import is_no_level, judged, none_right

_NO_LEVEL = "?"


class Levels(Protocol):
    """Where the levels stand, in the order of the instrument, and which texts are levels."""

    @property
    def places(self) -> tuple[int, ...]:
        """The columns."""

    @property
    def ticks(self) -> Mapping[str, int | None]:
        """The ticks of a text; None for one that is no level."""


Refusal = Sequence[tuple[Problem, int | None]]
"""What is wrong with rows of the same year, stage and instrument, and in which columns.

None for what is wrong with a heading, which is said once.
"""


def refusal_of(
    table: WideTable, row: int, columns: Collection[int], wishes: Wishes, source: Source
) -> Refusal | None:
    """Return why a row is refused before its levels are looked at; None where that is not plain."""
    sheet, problems = table.sheet(row)
    if sheet is None or problems:
        return None
    found = [
        read_sheet(sheet._replace(data={**sheet.data, "levels": levels}), wishes, source)
        for levels in ({}, dict.fromkeys(islice(table.columns, 1), _NO_LEVEL))
    ]
    if any(reading is not None for reading, _ in found) or found[0] != found[1]:
        return None
    at: dict[Place, int | None] = {}
    at |= {table.grid.place_of(*column.header): None for column in table.header.columns}
    at |= {table.grid.place_of(row, column): column for column in columns}
    wrong = sorted(found[0][1], key=in_order)
    if not all(is_error(each) and each.place in at for each in wrong):
        return None
    return [(each, at[each.place]) for each in wrong]


def length_problems(table: WideTable, row: int) -> list[Problem]:
    """Return what is wrong with a row of right levels that is too long or short, if that is all."""
    problems = [] if table.is_remark(row) else row_length_problems(table.grid, table.header, row)
    return problems if all(map(is_error, problems)) else []


def is_error(problem: Problem) -> bool:
    """Return whether a problem keeps a row from being scored."""
    return problem.severity is Severity.ERROR


def level_problems(
    table: WideTable, row: int, instrument: Instrument, levels: Levels
) -> list[Problem]:
    """Return what is wrong with a row's levels, as the ordinary reader says it, if that is all."""
    if table.is_remark(row):
        return []
    problems: list[Problem] = []
    blank: dict[str, int] = {}
    cells, known = table.grid.rows[row], levels.ticks
    pairs = zip(instrument.indicator_by_code, levels.places, strict=True)
    odd = [pair for pair in pairs if known[cells[pair[1]]] is None]
    bares = {text: bare(text) for text in {cells[column] for _, column in odd}}
    wrong = {}
    for code, column in odd:
        if text := bares[cells[column]]:
            wrong[column] = code, text
        else:
            blank[code] = column
    if len(odd) == len(levels.places) and (said := _none_right(instrument, wrong, bares.values())):
        column, values = said
        problems.append(Problem("levels-off-scale", table.grid.place_of(row, column), values))
        wrong.clear()
    for column, (code, text) in wrong.items():
        found = judged(instrument, code, text)
        if isinstance(found, Problem):
            problems.append(found.at(table.grid.place_of(row, column)))
    if blank:
        values = {"indicators": instrument.listed(blank), "count": str(len(blank))}
        first = next(c.index for c in table.columns.values() if c.index in blank.values())
        problems.append(Problem("level-missing", table.grid.place_of(row, first), values))
    return sorted(problems, key=in_order)


def in_order(problem: Problem) -> tuple[int, int]:
    """Return what problems of a row are sorted by."""
    return problem.place.line or 0, problem.place.column or 0


def _none_right(
    instrument: Instrument, wrong: Mapping[int, tuple[str, str]], texts: Collection[str]
) -> tuple[int, dict[str, str]] | None:
    """Return where and how it is said that no level of a row is right; None where one may be."""
    if not all(is_no_level(instrument.scale, text) for text in texts if text):
        return None
    values = none_right(instrument.scale, [wrong[column][1] for column in sorted(wrong)])
    return None if values is None else (min(wrong), values)
