"""The tables of published results in a file: their heading rows, and what each column holds."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from spbe_cli.core.assessment import Stage
from spbe_cli.core.number import is_number
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.read.assessments import TREES
from spbe_cli.read.choice import Wishes
from spbe_cli.read.columns import MAY_BE_INSTITUTION, MAY_BE_PREDICATE, STRONG, Headings, named
from spbe_cli.read.evidence import split_decimals
from spbe_cli.read.grid import HEADER_WITHIN, Grid, column_letters
from spbe_cli.read.header import (
    COLUMN_NAMES,
    METADATA,
    Column,
    Header,
    Meaning,
    Role,
    numbers_columns,
)
from spbe_cli.read.instruments import shipped_ids, shipped_instrument
from spbe_cli.read.official import weighed
from spbe_cli.read.published_rows import Table, Values, kind_of_row, same_text
from spbe_cli.read.rows import Found, Kind, above_problems, all_above
from spbe_cli.read.tables import read_grids
from spbe_cli.read.text import File

_VALUES = (Role.INDEX, Role.NODE, Role.PREDICATE)
_ABOVE = (Role.YEAR, Role.CATEGORY, Role.PROVINCE, Role.INSTRUMENT)
_FEWEST = 3
_LOOKED_AT, _BEFORE_TEXT = 100, b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # blanks, and marks of encodings
_PLAIN_NAMES = frozenset(("nama", "name"))
_WEIGHTS = frozenset(COLUMN_NAMES[Role.WEIGHT])
_IN_TITLE = re.compile(r"\b(?:tahun|year|ta|thn)\.?\s*:?\s*(20[0-9]{2})\b", re.IGNORECASE)
_OF_LAW = re.compile(r"\b(?:nomor|no)\b\.?\s*[0-9]+\w*\s*tahun\s*20[0-9]{2}", re.IGNORECASE)
_IN_NAME = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")


def published_tables(file: File, wishes: Wishes) -> tuple[list[Table], list[Problem]]:
    """Return the tables of published results in a file, the best first; none if it holds levels."""
    if file.suffix in TREES and not file.is_workbook and not _is_array(file):
        return [], []
    grids, problems = read_grids(file, wishes)
    meanings = Headings(wishes.likely)
    every = [each for grid in grids if (each := _best(grid, meanings)) is not None]
    found = [table for table in every if not _is_of_parts(table)]
    best = [table for table in found if _is_covered(table)] or found
    if not best:
        return [], []
    best.sort(key=lambda table: len(table.header.columns), reverse=True)
    of_levels = [
        (weight[:2], header, grid)
        for grid in grids
        for weight, header in weighed(grid.rows, grid.spans, wishes.likely)
        if not any(
            table.grid is grid and (_is_data(table, header) or _names_nodes(table, header))
            for table in best
        )
    ]
    if of_levels:
        weight, header, grid = max(of_levels, key=lambda each: each[0])
        above = grid is best[0].grid and header.first_row < best[0].header.first_row
        surely = weight >= (True, 1) or (weight[0] and header.wide and above)
        if surely and (header.wide or not _is_of_institutions(best[0], header)):
            return [], []
    return [_with_year(table, file) for table in best], problems


def _is_array(file: File) -> bool:
    return file.content[:_LOOKED_AT].lstrip(_BEFORE_TEXT)[:1] in (b"[", b"{")


def _is_data(table: Table, of_levels: Header) -> bool:
    """Return whether a row of numbers that may be codes is a row of a published table."""
    row = of_levels.first_row
    if not of_levels.wide or row not in table.rows:
        return False
    index = next((each.index for each in table.values if each.index is not None), None)
    has_index = index is None or is_number(table.text(row, index))
    return bool(table.name(row)) and has_index and kind_of_row(table, row)[0] is Kind.DATA


def _names_nodes(table: Table, of_levels: Header) -> bool:
    """Return whether the numbers of a heading are those of domains: `Domain` over 1 | 2 | 3 | 4."""
    nodes = {column.index for column in table.header.columns if column.role is Role.NODE}
    return of_levels.wide and nodes >= {column.index for column in of_levels.of(Role.LEVEL_OF)}


def _is_of_parts(table: Table) -> bool:
    """Return whether names stand beside weights: those of domains and aspects, no institutions'."""
    header = table.header
    headings = {named(cell) for cell in table.grid.rows[header.first_row]}
    return named(table.who[Role.INSTITUTION].name) in _PLAIN_NAMES and bool(headings & _WEIGHTS)


def _is_of_institutions(table: Table, of_levels: Header) -> bool:
    """Return whether each row is of another institution: a sheet of levels repeats the same."""
    rows = [row for row in table.rows if table.has_values(row)]
    year = table.who.get(Role.YEAR)
    names = [(named(name), table.text(row, year)) for row in rows if (name := table.name(row))]
    by_name = any(column.meaning.rank < _FEWEST for column in of_levels.of(Role.INDICATOR))
    few = len(rows) < _FEWEST and not by_name
    return len(names) * 2 > len(rows) and (len(set(names)) * 2 > len(names) or few)


def _best(grid: Grid, meanings: Headings) -> Table | None:
    """Return the table below the heading row, or two, that names the most columns with values."""
    headings = []
    stop = min(len(grid.rows), HEADER_WITHIN)
    for row in range(stop):
        if row >= stop:
            break
        single = _columns_at(grid, row, meanings)
        if _is_surely_heading(single):
            stop = min(stop, row + 2)
        for last, columns in ((row, single), (row + 1, _over_two(grid, row, single, meanings))):
            if any(column.role in _VALUES for column in columns):
                headings.append((len(columns), -row, last, columns))
    found = None
    for _, above, last, columns in sorted(headings, key=lambda each: each[:3], reverse=True):
        table = _table(grid, -above, last, columns, meanings)
        if table is not None and _is_covered(table):
            return table
        found = found or table
    return found


def _is_surely_heading(columns: Sequence[Column]) -> bool:
    """Return whether a row names institutions and the index or a domain: below it stand rows."""
    named_values = any(
        column.role is Role.NODE or (column.role is Role.INDEX and column.meaning.rank == STRONG)
        for column in columns
    )
    return named_values and any(
        column.role is Role.INSTITUTION and column.meaning.rank < _FEWEST for column in columns
    )


def _is_covered(table: Table) -> bool:
    """Return whether any value stands under the headings."""
    return any(
        is_number(table.text(row, column))
        or (column.role is Role.PREDICATE and table.text(row, column))
        for column in table.value_columns
        for row in table.rows
    )


def _columns_at(grid: Grid, row: int, meanings: Headings) -> list[Column]:
    """Return the known columns of a row; a merged cell's text counts for all that it spans."""
    found = []
    for index in range(len(grid.rows[row])):
        text = grid.text(row, index)
        meaning = meanings.meaning(text) if text else None
        if meaning is not None:
            found.append(Column(index, text, meaning, (row, index)))
    return found


def _over_two(
    grid: Grid, row: int, upper: Sequence[Column], meanings: Headings
) -> Sequence[Column]:
    """Return the columns of two heading rows; none where the lower is a row of data.

    "Indeks SPBE" over 2022 | 2023, "Nilai Domain" over Kebijakan | Tata Kelola, 2023 over Indeks |
    Predikat: what stands above reaches right over the columns that have a heading below.
    """
    if row + 1 >= len(grid.rows):
        return ()
    by_upper = {column.index: column for column in upper}
    filled = [i for i in range(len(grid.rows[row])) if grid.text(row, i)]
    found: list[Column] = []
    above, from_lower = "", False
    for index in range(max(len(grid.rows[row]), len(grid.rows[row + 1]))):
        here, below = grid.text(row, index), grid.text(row + 1, index)
        above = here or (above if below else "")
        if not below or below == here:
            if index in by_upper:
                found.append(by_upper[index])
            continue
        text, meaning = _joined(above, below, meanings)
        if meaning is None:
            if is_number(below) or (here and index in by_upper):
                return ()
            continue
        if index in by_upper and by_upper[index].role is Role.INSTITUTION:
            return ()  # an institution below its heading: a row of data
        if meaning.role is Role.INSTITUTION and len(filled) == 1 and filled[0] <= index:
            return ()  # a title above the table, no heading over some of its columns
        found.append(Column(index, text, meaning, (row + 1, index)))
        from_lower = True
    return found if from_lower else ()


def _joined(above: str, below: str, meanings: Headings) -> tuple[str, Meaning | None]:
    """Return what two headings mean together: the lower one's, with the year of the upper."""
    upper, lower = (meanings.meaning(text) if text else None for text in (above, below))
    both = f"{above} {below}".strip()
    if lower is not None and lower.role not in _VALUES:
        return below, lower
    if lower is None or (lower.role is Role.INDEX and lower.year is not None):
        together = meanings.meaning(both)
        if together is not None and together.role in _VALUES:
            return both, together
        if lower is None:
            return below, None
    if upper is None or upper.role not in _VALUES:
        return below, lower
    if lower.year is not None and upper.role is not Role.INDEX:
        return above, upper._replace(year=lower.year)
    year = lower.year if lower.year is not None else upper.year
    return below, lower._replace(year=year, stage=lower.stage or upper.stage)


def _table(
    grid: Grid, row: int, last: int, columns: Sequence[Column], meanings: Headings
) -> Table | None:
    """Return the table below one heading row or two; None where these name no institutions."""
    width = max(i + 1 for r in (row, last) for i, cell in enumerate(grid.rows[r]) if cell.strip())
    header = Header(row, last, tuple(columns), wide=True, width=width)
    below = next((r for r in range(last + 1, len(grid.rows)) if not grid.is_blank(r)), None)
    if below is not None and numbers_columns(header, grid.rows, below):
        header = header._replace(last_row=below)
    rows = range(header.last_row + 1, len(grid.rows))
    columns = _with_predicates(grid, rows, columns)
    header = header._replace(columns=tuple(columns))
    who, problems = _describing(grid, rows, columns)
    if Role.INSTITUTION not in who:
        return None
    values, more = _values(grid, rows, columns)
    if not values:
        return None
    every = {role: found for role, found in all_above(grid, row).items() if role in _ABOVE}
    above = {role: found[0] for role, found in every.items()}
    problems += [*more, *above_problems(grid, every), *_split_decimals(grid, header, rows, who)]
    return Table(grid, header, who, values, meanings, above, problems)


def _with_predicates(grid: Grid, rows: range, columns: Sequence[Column]) -> list[Column]:
    """Take a column of a doubtful heading that holds predicates throughout for what it is."""
    found = list(columns)
    if any(column.role is Role.PREDICATE for column in found):
        return found
    heading_row = {column.header[0] for column in found}
    by_index = {column.index: column for column in found}
    for row in heading_row:
        for index in range(len(grid.rows[row])):
            name = grid.text(row, index)
            if named(name) not in MAY_BE_PREDICATE or not _holds_predicates(grid, rows, index):
                continue
            column = Column(index, name, Meaning(Role.PREDICATE), (row, index))
            if index in by_index:
                found.remove(by_index[index])
            return [*found, column]
    return found


def _holds_predicates(grid: Grid, rows: range, index: int) -> bool:
    texts = {text for row in rows if (text := grid.text(row, index)) and text != "-"}
    instruments = [shipped_instrument(id_) for id_ in shipped_ids()]
    return bool(texts) and all(
        any(instrument.predicate_named(text) for instrument in instruments) for text in texts
    )


def _describing(
    grid: Grid, rows: range, columns: Sequence[Column]
) -> tuple[dict[Role, Column], list[Problem]]:
    """Return the columns that describe the institutions, by role, and those that contradict."""
    who: dict[Role, Column] = {}
    problems: list[Problem] = []
    names = sorted(
        (column for column in columns if column.role is Role.INSTITUTION),
        key=lambda column: column.meaning.rank,
    )
    for column in columns:
        if column.role not in METADATA or column.role is Role.INSTITUTION:
            continue
        other = who.setdefault(column.role, column)
        if other is not column and not _agree(grid, rows, column, other):
            problems.append(_twice(grid, column, other))
    place = next((c for c in columns if c.role is Role.PROVINCE), None)
    codes_alone = not names or names[0].meaning.rank > _FEWEST
    if codes_alone and place is not None and named(place.name) in MAY_BE_INSTITUTION:
        names.insert(0, place)
        del who[Role.PROVINCE]
    if not names:
        return who, problems
    varied = [column for column in names if _varies(grid, rows, column)]
    taken = (varied or names)[0]
    for other in names:
        same = other.meaning.rank == taken.meaning.rank and other is not taken
        if same and other.role is taken.role and not _agree(grid, rows, other, taken):
            problems.append(_twice(grid, other, taken))
    who[Role.INSTITUTION] = taken
    return who, problems


def _varies(grid: Grid, rows: range, column: Column) -> bool:
    texts = [text for row in rows if (text := grid.text(row, column.index))]
    return len(set(texts)) > 1 or len(texts) == 1


def _agree(grid: Grid, rows: range, one: Column, other: Column) -> bool:
    texts = ((grid.text(row, one.index), grid.text(row, other.index)) for row in rows)
    return all(same_text(a, b) for a, b in texts if a or b)


def _twice(grid: Grid, column: Column, first: Column) -> Problem:
    values = {"column": column.name.strip(), "at": column_letters(column.index)}
    values |= {"first": first.name.strip(), "first_at": column_letters(first.index)}
    return grid.problem("duplicate-column", column.header, **values)


def _values(
    grid: Grid, rows: range, columns: Sequence[Column]
) -> tuple[list[Values], list[Problem]]:
    """Return the columns of values by year, and what is to be said of those not taken."""
    problems: list[Problem] = []
    every = [column for column in columns if column.role in _VALUES]
    years = sorted({c.meaning.year for c in every if c.meaning.year is not None})
    plain = [column for column in every if column.meaning.year is None]
    plain_index = any(column.role is Role.INDEX for column in plain)
    groups: list[tuple[int | None, list[Column]]] = [
        (year, [column for column in every if column.meaning.year == year]) for year in years
    ]
    if len(groups) == 1 and not plain_index:
        groups = [(years[0], every)]
    elif not groups or plain_index:
        groups.append((None, plain))
    else:
        problems += [_not_taken(grid, column) for column in plain]
    found = []
    for year, of_year in groups:
        index, more = _one(grid, rows, [c for c in of_year if c.role is Role.INDEX])
        predicate, again = _one(grid, rows, [c for c in of_year if c.role is Role.PREDICATE])
        nodes: dict[str, Column] = {}
        for column in of_year:
            if column.role is Role.NODE:
                other = nodes.setdefault(column.meaning.indicator, column)
                if other is not column and not _agree(grid, rows, column, other):
                    more.append(_twice(grid, column, other))
        problems += [*more, *again]
        found.append(Values(year, index, predicate, tuple(nodes.values())))
    return found, problems


def _one(grid: Grid, rows: range, columns: Sequence[Column]) -> tuple[Column | None, list[Problem]]:
    """Return the surest of the columns that could hold one value, and what is said of others."""
    order = list(Stage)

    def surely(column: Column) -> tuple[int, int]:
        stage = column.meaning.stage
        return column.meaning.rank, -order.index(stage) if stage is not None else 0

    if not columns:
        return None, []
    taken, *others = sorted(columns, key=surely)
    problems = []
    for other in others:
        if _agree(grid, rows, taken, other):
            continue
        if surely(other) == surely(taken):
            problems.append(_twice(grid, other, taken))
        else:
            problems.append(_not_taken(grid, other, taken))
    return taken, problems


def _not_taken(grid: Grid, column: Column, taken: Column | None = None) -> Problem:
    """Return that a column of values is left out: another is surer, or its year is not said."""
    values = {"column": column.name.strip(), "at": column_letters(column.index)}
    if taken is None:
        problem = grid.problem("value-without-year", column.header, **values)
        return problem._replace(severity=Severity.NOTICE)
    values |= {"taken": taken.name.strip(), "taken_at": column_letters(taken.index)}
    problem = grid.problem("index-chosen", column.header, **values)
    return problem._replace(severity=Severity.NOTICE)


def _split_decimals(
    grid: Grid, header: Header, every: range, who: Mapping[Role, Column]
) -> list[Problem]:
    """Return the problem of decimal commas that cut the values in two."""
    known = {column.index for column in header.columns if column.role in _VALUES}
    known |= {column.index for column in who.values()}
    rows = [row for row in every if not grid.is_blank(row)]
    for column in header.columns:
        index = column.index
        if column.role not in (Role.INDEX, Role.NODE) or index + 1 in known:
            continue
        bare = header._replace(columns=())
        if split_decimals(grid, bare, index, rows, any_value=True):
            found = f"{grid.text(rows[0], index)},{grid.text(rows[0], index + 1)}"
            values = {"column": column.name, "found": found}
            return [grid.problem("decimals-split", (rows[0], index), **values)]
    return []


def _with_year(table: Table, file: File) -> Table:
    """Take the year of a table's title or its sheet's name, where it says none itself; say so."""
    has_year = Role.YEAR in table.who or Role.YEAR in table.above
    if has_year or any(each.year is not None for each in table.values):
        return table
    texts = [text for row in range(table.header.first_row) for text in table.grid.rows[row]]
    years = {year for text in texts for year in _IN_TITLE.findall(_OF_LAW.sub(" ", text))}
    years = years or set(_IN_NAME.findall(sheet_of(table)))
    if len(years) != 1:
        return table
    year = years.pop()
    cell = table.who[Role.INSTITUTION].header
    notice = Problem("year-in-title", Place(file.path), {"year": year}, Severity.NOTICE)
    above = {**table.above, Role.YEAR: Found(year, cell, cell)}
    return replace(table, above=above, problems=[*table.problems, notice])


def sheet_of(table: Table) -> str:
    """Return the name of the sheet that a table stands in; empty for a text."""
    return table.grid.place_of(0, 0).sheet or ""
