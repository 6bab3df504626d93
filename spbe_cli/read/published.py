"""Tables of published results: a row an institution, with its index, domains and predicate."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from spbe_cli.core.assessment import ReadColumn, Stage, TableRead
from spbe_cli.core.institution import folded_name, folded_province, identity, same_kind, same_place
from spbe_cli.core.population import Member, member_of
from spbe_cli.core.problem import Place, Problem, Severity, errors_of
from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.evidence import columns_read, read_of
from spbe_cli.read.grid import column_letters
from spbe_cli.read.header import (
    Column,
    Header,
    Role,
)
from spbe_cli.read.published_places import place_columns, place_problems
from spbe_cli.read.published_rows import (
    Row,
    Table,
    Values,
    kind_of_row,
    left_out_notice,
)
from spbe_cli.read.published_tables import published_tables, sheet_of
from spbe_cli.read.rows import MOST_PROBLEMS, Kind, rows_read
from spbe_cli.read.text import File, load

_FEWEST = 3  # so many wrong values of one column, and no right one, have one cause
_MOST_NAMED = 5
_PARQUET = b"PAR1"


def read_population(paths: Sequence[str], wishes: Wishes) -> tuple[list[Member], list[Problem]]:
    """Return the institutions of all files (`-`: standard input), and every problem.

    A file holds levels, which are scored, or what was published of each institution. An institution
    may stand there once a year, or once at each of its stages: the last of them is taken.
    """
    members: list[Member] = []
    problems: list[Problem] = []
    years: set[int] = set()
    for path in paths:
        found = _read(path, wishes)
        members += found.members
        problems += found.problems
        years |= found.years
    members, of_stages = _at_last_stage(_of_one_spelling(members))
    problems += of_stages
    repeated = _repeated(members)
    if repeated and wishes.year is not None and len(years) > 1:  # one cause, whatever repeats
        values = {"years": ", ".join(map(str, sorted(years)))}
        repeated = [Problem("several-years", Place(paths[0]), values)]
        problems = [problem for problem in problems if problem.code != "year-overridden"]
    problems += repeated
    if not members and not errors_of(problems):
        problems.append(_nothing(paths[0], wishes, years))
    return members, problems


class _Population(NamedTuple):
    """The institutions of a file, its problems, and the years that it holds."""

    members: Sequence[Member] = ()
    problems: Sequence[Problem] = ()
    years: frozenset[int] = frozenset()


def _nothing(path: str, wishes: Wishes, years: set[int]) -> Problem:
    """Return the problem that a table holds no institution, or none of the year asked for."""
    if wishes.only_year is None:
        return Problem("file-empty", Place(path))
    if not years:
        return Problem("year-not-said", Place(path), {"year": str(wishes.only_year)})
    values = {"year": str(wishes.only_year), "known": ", ".join(map(str, sorted(years)))}
    return Problem("year-not-held", Place(path), values)


def _read(path: str, wishes: Wishes) -> _Population:
    file = load(path)
    if isinstance(file, File) and file.content.startswith(_PARQUET):
        file = _as_text(file)
    if isinstance(file, Problem):
        return _Population(problems=[file])
    tables, problems = published_tables(file, wishes)
    if not tables:
        return _scored(file, wishes)
    found: list[tuple[Table, _Population]] = []
    for table in tables:
        population = _members(table, wishes)
        if any(_overlap(population.members, other.members) for _, other in found):
            continue
        if not found or population.members or errors_of(population.problems):
            found.append((table, population))
    read = {sheet_of(table): None for table, _ in found}
    others = [name for table in tables if (name := sheet_of(table)) not in read]
    if others:
        values = {"sheet": ", ".join(read), "others": ", ".join(dict.fromkeys(others))}
        problems.append(Problem("sheets-not-read", Place(path), values, Severity.NOTICE))
    years = frozenset(year for _, population in found for year in population.years)
    if wishes.year is not None and years - {wishes.year}:
        values = {"found": ", ".join(map(str, sorted(years))), "year": str(wishes.year)}
        problems.append(Problem("year-overridden", Place(path), values, Severity.NOTICE))
    members = [member for _, population in found for member in population.members]
    problems += [problem for _, population in found for problem in population.problems]
    return _Population(members, problems, years)


def _overlap(one: Sequence[Member], other: Sequence[Member]) -> bool:
    """Return whether two sheets of a workbook have an institution and year in common."""
    return bool(set(map(_who, one)) & set(map(_who, other)))


def _who(member: Member) -> tuple[str, str, int | None]:
    province = folded_province(member.province) if member.province else ""
    return identity(member.institution, member.category), province, member.year


def _as_text(file: File) -> File | Problem:
    """Return a Parquet file as the table that it is."""
    import io

    from spbe_cli.read.stream import Block, blocks_of_parquet

    content = b""
    for block in blocks_of_parquet(file.path, io.BytesIO(file.content)):
        if not isinstance(block, Block):
            return block
        content += block.content
    return File(f"{file.path}", content)


def _scored(file: File, wishes: Wishes) -> _Population:
    """Return the institutions in a file of levels."""
    found = read_file(file, wishes)
    problems = [_of_published(problem) for problem in found.problems]
    for notice in (notice for reading in found.readings for notice in reading.notices):
        if notice not in problems:
            problems.append(notice)
    members = [member_of(reading, Place(file.path)) for reading in found.readings]
    years = frozenset(member.year for member in members if member.year is not None)
    wanted = wishes.only_year
    return _Population([m for m in members if wanted in (None, m.year)], problems, years)


def _of_published(problem: Problem) -> Problem:
    """Return what is wrong with a table that holds neither levels nor published values."""
    if problem.code != "no-header" or "nearest" in problem.values:
        return problem
    return Problem("no-published-header", problem.place, {"found": problem.values["found"]})


def _members(table: Table, wishes: Wishes) -> _Population:
    """Return the institutions of a table, the problems of its rows, and the years that it holds."""
    members: list[Member] = []
    problems = [*table.problems]
    of_rows: list[Problem] = []
    years: set[int] = set()
    kinds: dict[int, Kind] = {}
    rows: list[tuple[int, Member]] = []
    absent: list[str] = []
    for row in table.rows:
        kinds[row], said = kind_of_row(table, row)
        if kinds[row] in (Kind.TOTAL, Kind.GROUP) and len(problems) < MOST_PROBLEMS:
            problems.append(left_out_notice(table, row, said))
        if kinds[row] is not Kind.DATA or len(of_rows) >= MOST_PROBLEMS:
            continue
        for number, values in enumerate(table.values):
            reader = Row(table, row, values, wishes)
            if reader.year is not None and _has_any(table, row, values):
                years.add(reader.year)
            if wishes.only_year is not None and reader.year != wishes.only_year:
                continue
            if wishes.only_year is not None and reader.is_of_other_years:
                absent.append(table.name(row))
            member = reader.member(first=not number or wishes.only_year is not None)
            of_rows += reader.problems
            problems += [notice for notice in reader.filled if notice not in problems]
            if member is not None:
                members.append(member)
                rows.append((row, member))
    if not members and not errors_of(of_rows) and not years and wishes.only_year is None:
        of_rows.append(table.grid.problem("table-empty", table.who[Role.INSTITUTION].header))
    problems += _absent(table, absent, wishes)
    groups = [row for row, kind in kinds.items() if kind is Kind.GROUP]
    problems += place_problems(table, rows, groups)
    read = _table_read(table, kinds, members)
    of_members = [replace(member, read=read) for member in members]
    return _Population(of_members, [*problems, *_by_cause(table, of_rows)], frozenset(years))


def _absent(table: Table, names: Sequence[str], wishes: Wishes) -> list[Problem]:
    """Return that institutions have values of other years alone, and so are not there."""
    if not names:
        return []
    shown = ", ".join(names[:_MOST_NAMED]) + (", ..." if len(names) > _MOST_NAMED else "")
    values = {"count": str(len(names)), "year": str(wishes.only_year), "institutions": shown}
    problem = table.grid.problem("not-in-year", table.who[Role.INSTITUTION].header, **values)
    return [problem._replace(severity=Severity.NOTICE)]


def _has_any(table: Table, row: int, values: Values) -> bool:
    return any(table.text(row, column) for column in values.columns)


def _by_cause(table: Table, problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems of rows, those of one cause once: a wrong year, a column of other things.

    A column of which no value can be read is one mistake, not one a row.
    """
    found: list[Problem] = []
    said: set[tuple[str, ...]] = set()
    wrong: dict[tuple[str, str], int] = {}
    for problem in problems:
        key = (problem.code, problem.values.get("column", ""))
        wrong[key] = wrong.get(key, 0) + 1
    whole = {
        (code, column.name)
        for column in table.value_columns
        for code in ("published-off-scale", "published-not-number")
        if _FEWEST <= wrong.get((code, column.name), 0) == _filled(table, column)
    }
    for problem in problems:
        cause: tuple[str, ...] = (problem.code, str(problem.place))
        if (problem.code, problem.values.get("column", "")) in whole:
            cause = (problem.code, problem.values["column"])
        elif problem.code in ("year-without-instrument", "instrument-unknown"):
            cause = (problem.code, problem.values.get("year", ""), problem.values.get("found", ""))
        if cause not in said:
            said.add(cause)
            found.append(problem)
    return found


def _filled(table: Table, column: Column) -> int:
    rows = (row for row in table.rows if kind_of_row(table, row)[0] is Kind.DATA)
    return sum(1 for row in rows if table.text(row, column))


def _table_read(table: Table, kinds: Mapping[int, Kind], members: Sequence[Member]) -> TableRead:
    """Return what was read of the table, and what was left."""
    instruments = {member.instrument.id: member.instrument for member in members}
    taken: dict[int, str] = {column.index: role.value for role, column in table.who.items()}
    codes: dict[int, str] = {}
    for column in table.value_columns:
        if column.role is not Role.NODE:
            taken[column.index] = column.role.value
            continue
        named_by = (table.meanings.nodes(each).code(column.name) for each in instruments.values())
        code = next(filter(None, named_by), None)
        if code is not None:
            taken[column.index] = column.role.value
            codes[column.index] = code
    columns = columns_read(table.grid, table.header, taken, {})
    read = read_of(table.grid, table.header)
    return read._replace(
        form="published",
        columns=tuple(_of_place(_of_node(each, table.header, codes), table) for each in columns),
        rows_left_out=tuple(rows_read(table.grid, kinds)),
    )


def _of_node(read: ReadColumn, header: Header, codes: Mapping[int, str]) -> ReadColumn:
    column = next((c for c in header.columns if column_letters(c.index) == read.at), None)
    code = codes.get(column.index, "") if column is not None else ""
    return read._replace(indicator=code)


def _of_place(read: ReadColumn, table: Table) -> ReadColumn:
    """Return a column of places as read: it was held against the index."""
    places = {column_letters(column.index) for column in place_columns(table)}
    return read._replace(role="place", left_out="") if read.at in places else read


def _of_one_spelling(members: Sequence[Member]) -> list[Member]:
    """Return the members with categories and provinces as they are written first."""
    categories: dict[str, str] = {}
    provinces: dict[str, str] = {}
    found = []
    for member in members:
        category, province = member.category, member.province
        if category is not None:
            category = categories.setdefault(folded_name(category), category)
        if province is not None:
            province = provinces.setdefault(folded_province(province), province)
        found.append(replace(member, category=category, province=province))
    return found


def _at_last_stage(members: Sequence[Member]) -> tuple[list[Member], list[Problem]]:
    """Return each institution of a file at its last stage only, and what is said of the others."""
    order = list(Stage)
    by_who: dict[tuple[object, ...], list[Member]] = {}
    for member in members:
        by_who.setdefault((*_who(member), member.place.source), []).append(member)
    left_out: dict[int, Stage] = {}
    for of_one in by_who.values():
        stages = [each.stage for each in of_one if each.stage is not None]
        if len(of_one) == len(set(stages)) > 1:
            last = max(stages, key=order.index)
            left_out |= {id(m): m.stage for m in of_one if m.stage and m.stage is not last}
    problems = []
    for path in dict.fromkeys(each.place.source for each in members if id(each) in left_out):
        of_file = [each for each in members if id(each) in left_out and each.place.source == path]
        names = dict.fromkeys(str(left_out[id(each)]) for each in of_file)
        values = {"count": str(len(of_file)), "stages": ", ".join(names)}
        problems.append(Problem("stages-left-out", Place(path), values, Severity.NOTICE))
    return [each for each in members if id(each) not in left_out], problems


def _repeated(members: Sequence[Member]) -> list[Problem]:
    """Return a problem for an institution that stands there twice for the same year.

    One name in two provinces is two institutions, as are a city and a regency of one name.
    """
    known: dict[tuple[str, int | None], list[Member]] = {}
    problems = []
    for member in members:
        key = (identity(member.institution, member.category), member.year)
        others = known.setdefault(key, [])
        other = next((each for each in others if _may_be_one(each, member)), None)
        if other is not None:
            values = {"institution": member.institution, "first": str(other.place)}
            problems.append(Problem("institution-repeated", member.place, values))
        others.append(member)
    return problems


def _may_be_one(one: Member, other: Member) -> bool:
    return same_place(one.province, other.province) and same_kind(one.category, other.category)
