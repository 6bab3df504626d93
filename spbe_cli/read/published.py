"""Tables of published results: a row an institution, with its index, domains and predicate."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.instrument import Instrument, Predicate
from spbe_cli.core.number import NotANumberError, exact, parse
from spbe_cli.core.population import Known, Member, folded_name, index_from, member_of
from spbe_cli.core.problem import Place, Problem, Severity, errors_of, nearest
from spbe_cli.read.assessments import TREES, read_file
from spbe_cli.read.grid import Cell, Grid, column_letters
from spbe_cli.read.header import (
    HEADER_WITHIN,
    LONGEST_NAME,
    METADATA,
    Header,
    Role,
    find_header,
    folded,
    meaning_of,
)
from spbe_cli.read.instruments import DEFAULT, instrument_of_year, shipped_ids, shipped_instrument
from spbe_cli.read.rows import MOST_PROBLEMS, is_summary, row_length_problems
from spbe_cli.read.sheet import Wishes
from spbe_cli.read.tables import read_grid
from spbe_cli.read.text import File, load

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


class _Table(NamedTuple):
    grid: Grid
    columns: Mapping[str, _Column]
    row: int  # of the header
    width: int
    problems: Sequence[Problem] = ()  # of the file: its encoding, its quotes


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
    table = _published(file)
    if table is None:
        return _scored(file, wishes)
    problems = [*table.problems, *_duplicate_columns(table)]
    members = []
    wrong = 0
    for row in range(table.row + 1, len(table.grid.rows)):
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


def _published(file: File) -> _Table | None:
    """Return the table of published results in a file; None where it holds levels."""
    if file.suffix in TREES and not file.is_workbook:
        return None
    grid, problems = read_grid(file)
    if grid is None or find_header(grid.rows, grid.spans) is not None:
        return None
    for row in range(min(len(grid.rows), HEADER_WITHIN)):
        columns = list(_columns(grid, row))
        keys = {column.key for column in columns}
        has_values = _INDEX_KEY in keys or any(key[1:].isdecimal() for key in keys)
        if Role.INSTITUTION in keys and has_values:
            first: dict[str, _Column] = {}
            for column in columns:
                first.setdefault(column.key, column)
            width = max(i + 1 for i, cell in enumerate(grid.rows[row]) if cell.strip())
            return _Table(grid, first, row, width, problems)
    return None


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
    for column in _columns(table.grid, table.row):
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
        if grid.is_blank(row):
            return None, []
        if is_summary(name, alone=True):
            notice = self._problem("row-not-read", Role.INSTITUTION, found=name)
            return None, [notice._replace(severity=Severity.NOTICE)]
        last = max(column.cell[1] for column in self._table.columns.values())
        header = Header(self._table.row, self._table.row, (), wide=True, width=self._table.width)
        self._problems += row_length_problems(grid, header, row, last)
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
