"""Tables of published results: a row an institution, with its index, domains and predicate."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from spbe_cli.core.instrument import Instrument, Predicate, folded
from spbe_cli.core.number import NotANumberError, exact, is_number, parse
from spbe_cli.core.population import Known, Member, folded_name, index_from, member_of
from spbe_cli.core.problem import Place, Problem, Severity, errors_of, nearest
from spbe_cli.read.assessments import TREES, read_file
from spbe_cli.read.evidence import split_decimals
from spbe_cli.read.grid import HEADER_WITHIN, Cell, Grid, column_letters
from spbe_cli.read.header import (
    METADATA,
    Column,
    Header,
    Meaning,
    Role,
    candidates,
    meaning_of,
    named_columns,
    numbers_columns,
)
from spbe_cli.read.instruments import DEFAULT, instrument_of_year, shipped_ids, shipped_instrument
from spbe_cli.read.rows import (
    MOST_PROBLEMS,
    Headings,
    is_signature,
    is_summary,
    repeated_heading,
    row_length_problems,
)
from spbe_cli.read.sheet import Wishes
from spbe_cli.read.tables import read_grids
from spbe_cli.read.text import File, load
from spbe_cli.read.values import LONGEST_NAME

_INDEX_KEY, _PREDICATE_KEY = "index", "predicate"
_INDEX = ("index", "indeks", "indeks spbe", "spbe index", "nilai indeks", "nilai indeks spbe")
_PREDICATE = ("predicate", "predikat", "predikat spbe")
_NODE = re.compile(
    r"(?:(?:indeks|index|nilai) )?(?P<kind>domain|aspek|aspect|[da])\s*(?P<number>[0-9]{1,2})"
)
_YEAR = re.compile(r"[0-9]{4}")
_CODES = {"domain": "D", "d": "D", "aspek": "A", "aspect": "A", "a": "A"}


@dataclass(frozen=True, slots=True)
class _Column:
    """What a column holds: metadata's role, `index`, `predicate`, or a node's code."""

    name: str
    key: str
    cell: Cell


@dataclass(frozen=True)
class _Table:
    """A table of published results: its columns by key, its heading rows, what is to be said."""

    grid: Grid
    columns: Mapping[str, _Column]
    header: Header
    problems: Sequence[Problem] = ()

    @cached_property
    def headings(self) -> Headings:
        """What tells a heading row that is repeated."""
        return repeated_heading(self.grid, self.header)


def read_population(paths: Sequence[str], wishes: Wishes) -> tuple[list[Member], list[Problem]]:
    """Return the institutions of all files (`-`: standard input), and every problem.

    A file holds levels, which are scored, or what was published of each institution. An institution
    may stand there once a year.
    """
    members: list[Member] = []
    problems: list[Problem] = []
    for path in paths:
        found, wrong = _read(path, wishes)
        members += found
        problems += wrong
    members = _of_one_spelling(members)
    problems += _repeated(members)
    if not members and not errors_of(problems):
        problems.append(Problem("file-empty", Place(paths[0])))
    return members, problems


def _read(path: str, wishes: Wishes) -> tuple[list[Member], list[Problem]]:
    file = load(path)
    if isinstance(file, Problem):
        return [], [file]
    table = _published(file, wishes)
    if table is None:
        return _scored(file, wishes)
    problems = [*table.problems, *_duplicate_columns(table), *_split_decimals(table)]
    members = []
    wrong = 0
    for row in range(table.header.last_row + 1, len(table.grid.rows)):
        if wrong >= MOST_PROBLEMS:
            break
        member, found = _Row(table, row, wishes).member()
        problems += found
        wrong += len(errors_of(found))
        if member is not None:
            members.append(member)
    return members, problems


def _scored(file: File, wishes: Wishes) -> tuple[list[Member], list[Problem]]:
    """Return the institutions in a file of levels."""
    found = read_file(file, wishes)
    problems = list(found.problems)
    for notice in (notice for reading in found.readings for notice in reading.notices):
        if notice not in problems:
            problems.append(notice)
    return [member_of(reading, Place(file.path)) for reading in found.readings], problems


def _published(file: File, wishes: Wishes) -> _Table | None:
    """Return the table of published results in a file; None where it holds levels."""
    if file.suffix in TREES and not file.is_workbook and not _is_array(file):
        return None
    grids, problems = read_grids(file, wishes)
    found = [each for grid in grids for each in _candidates(grid)]
    if not found:
        return None
    of_levels = [
        weight[:2]
        for grid in grids
        for weight, _ in candidates(grid.rows, grid.spans, wishes.instrument)
    ]
    _, table = max(found, key=lambda each: each[0])
    if of_levels and max(of_levels) >= (True, 1):
        return None
    others = [
        each.grid.place_of(0, 0).sheet or "" for _, each in found if each.grid is not table.grid
    ]
    if others:
        values = {"sheet": table.grid.place_of(0, 0).sheet or ""}
        values["others"] = ", ".join(dict.fromkeys(others))
        notice = Problem("sheets-not-read", Place(file.path), values, Severity.NOTICE)
        problems = [*problems, notice]
    return replace(table, problems=problems)


def _is_array(file: File) -> bool:
    return file.content.lstrip()[:1] in (b"[", b"{")


def _candidates(grid: Grid) -> Iterator[tuple[tuple[int, int, int], _Table]]:
    """Yield every heading row of published results with what speaks for it: rows, kinds, place."""
    for row in range(min(len(grid.rows), HEADER_WITHIN)):
        columns = list(_columns(grid, row))
        keys = {column.key for column in columns}
        values = [c for c in columns if c.key == _INDEX_KEY or c.key[1:].isdecimal()]
        if Role.INSTITUTION not in keys or not values:
            continue
        first: dict[str, _Column] = {}
        for column in columns:
            first.setdefault(column.key, column)
        width = max(i + 1 for i, cell in enumerate(grid.rows[row]) if cell.strip())
        named = tuple(
            Column(column.cell[1], column.name, Meaning(Role.NOTE), column.cell)
            for column in first.values()
        )
        header = Header(row, row, named, wide=True, width=width)
        below = next((r for r in range(row + 1, len(grid.rows)) if not grid.is_blank(r)), None)
        if below is not None and numbers_columns(header, grid.rows, below):
            header = Header(row, below, named, wide=True, width=width)
        rows = range(header.last_row + 1, len(grid.rows))
        covered = sum(any(is_number(grid.text(r, c.cell[1])) for c in values) for r in rows)
        yield (min(covered, 1), len(keys), -row), _Table(grid, first, header)


def _split_decimals(table: _Table) -> list[Problem]:
    """Return the problem of decimal commas that cut the values in two."""
    grid = table.grid
    read = {column.cell[1] for column in table.columns.values()}
    first = table.header.first_row
    names = named_columns(grid.rows[first], first, grid.spans, None)
    header = replace(table.header, columns=tuple(names))
    every = range(table.header.last_row + 1, len(grid.rows))
    rows = [row for row in every if not grid.is_blank(row)]
    for key, column in table.columns.items():
        index = column.cell[1]
        is_value = key == _INDEX_KEY or key[1:].isdecimal()
        if not is_value or index + 1 in read:
            continue
        if split_decimals(grid, header, index, rows, any_value=True):
            found = f"{grid.text(rows[0], index)},{grid.text(rows[0], index + 1)}"
            values = {"column": column.name, "found": found}
            return [grid.problem("decimals-split", (rows[0], index), **values)]
    return []


def _columns(grid: Grid, row: int) -> Iterator[_Column]:
    for index, cell in enumerate(grid.rows[row]):
        key = _key(cell) if cell.strip() and len(cell) <= LONGEST_NAME else None
        if key is not None:
            yield _Column(cell.strip(), key, (row, index))


def _key(header: str) -> str | None:
    name = folded(header)
    if name in _INDEX:
        return _INDEX_KEY
    if name in _PREDICATE:
        return _PREDICATE_KEY
    meaning = meaning_of(header)
    if meaning is not None and meaning.role in METADATA:
        return meaning.role.value
    node = _NODE.fullmatch(name)
    return _CODES[node["kind"]] + str(int(node["number"])) if node else None


def _duplicate_columns(table: _Table) -> list[Problem]:
    problems = []
    for column in _columns(table.grid, table.header.first_row):
        first = table.columns[column.key]
        if first.cell != column.cell:
            values = {
                "column": column.name,
                "at": column_letters(column.cell[1]),
                "first": first.name,
                "first_at": column_letters(first.cell[1]),
            }
            problems.append(table.grid.problem("duplicate-column", column.cell, **values))
    return problems


def _of_one_spelling(members: Sequence[Member]) -> list[Member]:
    """Return the members with categories and provinces as they are written first."""
    first: dict[str, str] = {}

    def spelt(name: str | None) -> str | None:
        return None if name is None else first.setdefault(folded_name(name), name)

    return [
        replace(member, category=spelt(member.category), province=spelt(member.province))
        for member in members
    ]


def _repeated(members: Sequence[Member]) -> list[Problem]:
    """Return a problem for an institution that stands there twice for the same year."""
    first: dict[tuple[str, int | None], Member] = {}
    problems = []
    for member in members:
        other = first.setdefault((folded_name(member.institution), member.year), member)
        if other is not member:
            values = {"institution": member.institution, "first": str(other.place)}
            problems.append(Problem("institution-repeated", member.place, values))
    return problems


class _Row:
    """Reads one row of published results."""

    def __init__(self, table: _Table, row: int, wishes: Wishes) -> None:
        self._table = table
        self._row = row
        self._wishes = wishes
        self._problems: list[Problem] = []

    def member(self) -> tuple[Member | None, list[Problem]]:
        """Return the row's institution, None for a blank row or a mean, and what is wrong there."""
        grid, row = self._table.grid, self._row
        name = self._text(Role.INSTITUTION)
        if grid.is_blank(row) or self._table.headings.holds(grid, row):
            return None, []
        if not any(map(self._text, self._table.columns.keys() - {Role.INSTITUTION})) and (
            not name or is_signature(name)
        ):
            return None, []
        if is_summary(name, alone=True):
            notice = self._problem("row-not-read", Role.INSTITUTION, found=name)
            return None, [notice._replace(severity=Severity.NOTICE)]
        self._problems += row_length_problems(grid, self._table.header, row)
        if not name:
            self._say("institution-absent", Role.INSTITUTION)
        year = self._year()
        instrument = self._instrument(year)
        if errors_of(self._problems) or instrument is None:
            return None, self._problems
        return self._member(name, year, instrument)

    def _member(
        self, name: str, year: int | None, instrument: Instrument
    ) -> tuple[Member | None, list[Problem]]:
        nodes = {
            code: value
            for code in instrument.node_by_code
            if code in self._table.columns and (value := self._value(code, instrument)) is not None
        }
        published = self._value(_INDEX_KEY, instrument)
        index = published if published is not None else index_from(instrument, nodes)
        predicate = self._predicate(instrument)
        if index is None and not self._problems:
            self._say("index-absent", _INDEX_KEY if self._has(_INDEX_KEY) else Role.INSTITUTION)
        if errors_of(self._problems) or index is None:
            return None, self._problems
        known = Known.PUBLISHED if published is not None else Known.GROUPS
        place = self._place(Role.INSTITUTION)
        category, province = self._text(Role.CATEGORY), self._text(Role.PROVINCE)
        member = Member(
            name,
            instrument,
            index,
            known,
            category=category or None,
            province=province or None,
            year=year,
            nodes=nodes,
            published_index=published,
            published=predicate,
            place=place,
        )
        return member, self._problems

    def _year(self) -> int | None:
        text = self._text(Role.YEAR).partition(".")[0].partition(",")[0]
        if self._wishes.year is not None or not text:
            return self._wishes.year
        if not _YEAR.fullmatch(text):
            self._say("not-a-whole-number", Role.YEAR, key="year", found=text)
            return None
        return int(text)

    def _instrument(self, year: int | None) -> Instrument | None:
        if self._wishes.instrument is not None:
            return self._wishes.instrument
        named = self._text(Role.INSTRUMENT)
        if named in shipped_ids():
            return shipped_instrument(named)
        if named:
            values = {"found": named, "known": ", ".join(shipped_ids())}
            self._say("instrument-unknown", Role.INSTRUMENT, **values)
            return None
        instrument = shipped_instrument(DEFAULT) if year is None else instrument_of_year(year)
        if instrument is None:
            values = {"year": str(year), "known": ", ".join(shipped_ids())}
            self._say("year-without-instrument", Role.YEAR, **values)
        return instrument

    def _value(self, key: str, instrument: Instrument) -> Fraction | None:
        text = self._text(key)
        if not text or text == "-":
            return None
        scale = instrument.scale
        try:
            value = parse(text)
        except NotANumberError:
            self._say("published-not-number", key, column=self._table.columns[key].name, found=text)
            return None
        # a published value may be too low, which the audit explains; none is above the scale
        if not 0 <= value <= scale.highest:
            values = {"found": text, "highest": exact(scale.highest)}
            self._say("published-off-scale", key, column=self._table.columns[key].name, **values)
            return None
        return value

    def _predicate(self, instrument: Instrument) -> Predicate | None:
        text = self._text(_PREDICATE_KEY)
        found = instrument.predicate_named(text) if text else None
        if text and found is None:
            names = [predicate.name for predicate in instrument.predicates]
            values = {"found": text, "known": ", ".join(names), **nearest(text, names)}
            self._say("published-predicate-unknown", _PREDICATE_KEY, **values)
        return found

    def _has(self, key: str) -> bool:
        return key in self._table.columns

    def _text(self, key: str) -> str:
        column = self._table.columns.get(key)
        return self._table.grid.text(self._row, column.cell[1]) if column is not None else ""

    def _place(self, key: str) -> Place:
        return self._table.grid.place_of(self._row, self._table.columns[key].cell[1])

    def _problem(self, code: str, at: str, /, **values: str) -> Problem:
        return Problem(code, self._place(at), values)

    def _say(self, code: str, at: str, /, **values: str) -> None:
        self._problems.append(self._problem(code, at, **values))
