"""Whether the places that a table publishes agree with its indices.

A higher index has a better place; equal ones may share a place or not, and how a table goes on
after shared places is its own affair. A part of a larger table keeps the places of the whole.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple

from spbe_cli.core.population import Member
from spbe_cli.core.problem import Problem, Severity
from spbe_cli.read.columns import named
from spbe_cli.read.header import Column, Meaning, Role
from spbe_cli.read.published_rows import Table

_HEADINGS = re.compile(
    r"(?:peringkat|ranking|rangking|rank|urutan|place|posisi)"
    r"(?: (?:nasional|indeks|spbe|instansi|akhir|national|overall|ke|20[0-9]{2}))*"
)
_NUMBER = re.compile(r"(?:ke ?-? ?)?(?P<place>[0-9]{1,6})(?:[.,]0*)?(?:\s*(?:/|dari|of)\s*[0-9]+)?")
_YEAR = re.compile("20[0-9]{2}")
_MAY_ONLY_COUNT = "urutan"
_MOST_NAMED = 5


class _Placed(NamedTuple):
    """An institution of a row, its published place, and the group of rows that it stands in."""

    row: int
    member: Member
    place: int
    section: int


def place_columns(table: Table) -> list[Column]:
    """Return the columns of published places."""
    known = {column.index for column in table.value_columns}
    known |= {column.index for column in table.who.values()}
    row = table.header.last_row
    texts = enumerate(table.grid.text(row, at) for at in range(len(table.grid.rows[row])))
    return [
        Column(at, text, Meaning(Role.INDEX), (row, at))
        for at, text in texts
        if at not in known and _HEADINGS.fullmatch(named(text))
    ]


def place_problems(
    table: Table, members: Sequence[tuple[int, Member]], sections: Sequence[int]
) -> list[Problem]:
    """Return a notice for each column of places that contradicts the indices, naming the rows.

    `members` are those of the table with their rows, `sections` the rows of groups. Where the
    rows hold several years nothing tells which year the places are of.
    """
    years = {member.year for _, member in members}
    if len(years) > 1:
        return []
    problems = []
    for column in place_columns(table):
        of_year = _YEAR.search(column.name)
        if of_year is not None and years != {int(of_year[0])}:
            continue
        placed = list(_placed(table, column, members, sections))
        if named(column.name).startswith(_MAY_ONLY_COUNT) and _only_count(placed):
            continue
        wrong = _contradicting(placed)
        if wrong:
            problems.append(_problem(table, column, wrong))
    return problems


def _placed(
    table: Table,
    column: Column,
    members: Sequence[tuple[int, Member]],
    sections: Sequence[int],
) -> Iterable[_Placed]:
    for row, member in members:
        match = _NUMBER.fullmatch(table.text(row, column).strip().casefold())
        if match is not None and member.known_index is not None:
            section = bisect_right(sections, row)
            yield _Placed(row, member, int(match["place"]), section)


def _only_count(placed: Sequence[_Placed]) -> bool:
    """Return whether the numbers only count the rows, from the first on."""
    return [each.place for each in placed] == list(range(1, len(placed) + 1))


def _contradicting(placed: Sequence[_Placed]) -> list[_Placed]:
    """Return the fewest rows without which places and indices agree; none where all do.

    Places may begin anew in each category, province or section of the table.
    """
    ways: Sequence[Callable[[_Placed], Hashable]] = (
        lambda _: 0,
        lambda each: each.member.category,
        lambda each: each.member.province,
        lambda each: each.section,
    )
    found: list[list[_Placed]] = []
    for number, way in enumerate(ways):
        groups: dict[Hashable, list[_Placed]] = {}
        for each in placed:
            groups.setdefault(way(each), []).append(each)
        begin = sum(min(each.place for each in group) == 1 for group in groups.values())
        if number and begin < 2:  # noqa: PLR2004
            continue
        found.append([each for group in groups.values() for each in _outside(group)])
    wrong = min(found, key=len, default=[])
    return sorted(wrong, key=lambda each: each.row)


def _outside(group: Sequence[_Placed]) -> list[_Placed]:
    """Return the rows outside a longest part in which a higher index has a better place."""
    order = sorted(group, key=lambda each: (-each.member.index, each.place))
    ranks = {index: at for at, index in enumerate(dict.fromkeys(e.member.index for e in order))}
    keys: list[tuple[int, int]] = []
    ends: list[int] = []
    before: list[int | None] = []
    for at, each in enumerate(order):
        key = (each.place, -ranks[each.member.index])  # one place of two indices goes down
        length = bisect_right(keys, key)
        before.append(ends[length - 1] if length else None)
        keys[length : length + 1] = [key]
        ends[length : length + 1] = [at]
    kept: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return [each for at, each in enumerate(order) if at not in kept]


def _problem(table: Table, column: Column, wrong: Sequence[_Placed]) -> Problem:
    names = [f"{each.member.institution} ({each.place})" for each in wrong[:_MOST_NAMED]]
    values = {
        "column": column.name.strip(),
        "count": str(len(wrong)),
        "rows": ", ".join(names) + (", ..." if len(wrong) > _MOST_NAMED else ""),
    }
    problem = table.grid.problem("places-contradict", (wrong[0].row, column.index), **values)
    return problem._replace(severity=Severity.NOTICE)
