"""Checklists: tables with a row a piece of evidence, marked as accepted or not."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from spbe_cli.core.assessment import ReadRows, TableRead
from spbe_cli.core.evidence import NO, YES
from spbe_cli.core.instrument import Criteria, Instrument, folded
from spbe_cli.core.number import exact
from spbe_cli.core.problem import Problem, Severity, errors_of
from spbe_cli.read.accepted import level_of, number_of
from spbe_cli.read.evidence import columns_read, read_of
from spbe_cli.read.grid import Grid, Sheet, column_letters
from spbe_cli.read.header import CHECKLIST, METADATA, Column, Header, Role
from spbe_cli.read.indices import with_indices_above
from spbe_cli.read.instruments import DEFAULT, read_criteria, shipped_instrument
from spbe_cli.read.rows import (
    MOST_PROBLEMS,
    Above,
    Found,
    InstrumentOf,
    Kind,
    Places,
    is_summary,
    mark_problems,
    metadata_in_row,
    metadata_problems,
    repeated_heading,
    row_length_problems,
    rows_read,
    values_of,
)

if TYPE_CHECKING:
    from fractions import Fraction

_KEYS = (Role.INSTITUTION, Role.YEAR, Role.STAGE)  # rows that agree in these are one checklist
_ENOUGH = 9  # a column gives the indicators if it does for nine rows where the best does for ten


class _Columns(NamedTuple):
    """Where a checklist has what; the claim may be nowhere."""

    codes: Sequence[int]
    level: int
    item: int
    accepted: int
    claim: int | None
    evidence: Sequence[int]


class _Row(NamedTuple):
    """A row's indicator, level and piece, as written; what lacks repeats the row above."""

    row: int
    code: str
    level: str
    item: str


def read_checklist(
    grid: Grid, header: Header, above: Above, instrument_of: InstrumentOf
) -> tuple[list[Sheet], list[Problem]]:
    """Return a score sheet for every institution, year and stage, and all problems."""
    problems = _twice(grid, header)
    if problems:
        return [], problems
    groups, kinds = _groups(grid, header, problems)
    left_out = rows_read(grid, kinds)
    sheets = []
    for metadata, rows in groups:
        said = {**above, **metadata}
        instrument = instrument_of(said) or shipped_instrument(DEFAULT)
        checklist = _Checklist(grid, header, instrument, rows)
        problems += checklist.problems
        if checklist.levels:
            sheets.append(checklist.sheet(said, left_out))
    return sheets, problems[:MOST_PROBLEMS]


def _twice(grid: Grid, header: Header) -> list[Problem]:
    problems = []
    for role in (Role.LEVEL, Role.ITEM, Role.ACCEPTED, Role.CLAIM):
        columns = header.of(role)
        for other in columns[1:]:
            first = columns[0]
            values = {"column": other.name.strip(), "at": column_letters(other.index)}
            values |= {"first": first.name.strip(), "first_at": column_letters(first.index)}
            problems.append(grid.problem("duplicate-column", other.header, **values))
    return problems


def _groups(
    grid: Grid, header: Header, problems: list[Problem]
) -> tuple[list[tuple[dict[str, Found], list[int]]], dict[int, Kind]]:
    """Return the rows of each checklist in the table, and what the others are."""
    headings = repeated_heading(grid, header)
    needed = [c.index for r in (Role.ITEM, Role.ACCEPTED, Role.CLAIM) for c in header.of(r)]
    names = [column.index for column in header.of(Role.INDICATOR)]
    groups: dict[tuple[str, ...], tuple[dict[str, Found], list[int]]] = {}
    kinds: dict[int, Kind] = {}
    before: dict[str, Found] = {}
    for row in range(header.last_row + 1, len(grid.rows)):
        if grid.is_blank(row):
            continue
        if headings.holds(grid, row):
            kinds[row] = Kind.HEADING
        elif not any(grid.text(row, index) for index in needed):
            kinds[row] = Kind.REMARK
        elif any(is_summary(grid.text(row, index)) for index in names):
            kinds[row] = Kind.TOTAL
        else:
            own = metadata_in_row(grid, header, row)
            problems += metadata_problems(grid, own)
            problems += row_length_problems(grid, header, row)
            before = {**before, **own}
            key = tuple(before[role].text if role in before else "" for role in _KEYS)
            groups.setdefault(key, (dict(before), []))[1].append(row)
    return list(groups.values()), kinds


class _Checklist:
    """The rows of one checklist. `levels` is what a score sheet's data holds of them."""

    def __init__(
        self, grid: Grid, header: Header, instrument: Instrument, rows: Sequence[int]
    ) -> None:
        self.problems: list[Problem] = []
        self.levels: dict[str, dict[str, Any]] = {}
        self._grid, self._header, self._instrument = grid, header, instrument
        self._criteria: Mapping[str, Criteria]
        self._criteria, faults = read_criteria(instrument)
        self.problems += faults
        self._columns = self._found_columns(rows)
        self._places = Places((grid, *header.of(Role.ACCEPTED)[0].header))
        self._listed: dict[tuple[str, Fraction, int], int] = {}  # pieces by their row
        self._claimed: dict[str, int] = {}
        self._marked: set[str] = set()
        for each in self._rows(rows):
            self._take(each)
        self._judge_marks()

    def _found_columns(self, rows: Sequence[int]) -> _Columns:
        header = self._header
        claim = header.of(Role.CLAIM)
        return _Columns(
            [column.index for column in self._indicators(rows)],
            header.of(Role.LEVEL)[0].index,
            header.of(Role.ITEM)[0].index,
            header.of(Role.ACCEPTED)[0].index,
            claim[0].index if claim else None,
            [column.index for column in header.of(Role.EVIDENCE)],
        )

    def _indicators(self, rows: Sequence[int]) -> list[Column]:
        """Return the columns that say the indicator, the surest first; others must agree.

        A column that numbers the rows says none: few of its numbers are indicators.
        """
        columns = sorted(self._header.of(Role.INDICATOR), key=lambda each: each.meaning.rank)
        meant = self._instrument.meant
        known = {
            column.index: {
                row: code
                for row in rows
                if (code := meant(self._grid.text(row, column.index)).code) is not None
            }
            for column in columns
        }
        most = max(map(len, known.values()), default=0)
        sure = [c for c in columns if len(known[c.index]) * 10 >= most * _ENOUGH]
        for first, other in ((sure[0], each) for each in sure[1:]):
            mine, theirs = known[first.index], known[other.index]
            apart = [row for row in mine if theirs.get(row, mine[row]) != mine[row]]
            if apart:
                row = apart[0]
                cells = (self._grid.text(row, each.index) for each in (first, other))
                values = {"found": " | ".join(cells), "first": mine[row], "second": theirs[row]}
                values["count"] = str(len(apart))
                problem = self._grid.problem("indicators-disagree", (row, first.index), **values)
                self.problems.append(problem)
        return sure

    def _rows(self, rows: Sequence[int]) -> Iterator[_Row]:
        """Yield the rows with their piece; an indicator and a level hold until the next one."""
        grid, columns = self._grid, self._columns
        code = level = ""
        for row in rows:
            written = next((t for index in columns.codes if (t := grid.text(row, index))), "")
            here = self._instrument.meant(written).code or written
            if here and here != code:
                code, level = here, ""
            level = grid.text(row, columns.level) or level
            yield _Row(row, code, level, grid.text(row, columns.item))

    def _take(self, each: _Row) -> None:
        grid, columns, row = self._grid, self._columns, each.row
        cells = [columns.level, columns.item, columns.accepted, *columns.codes[:1]]
        marked = mark_problems(grid, [(row, index) for index in cells])
        if marked:
            self.problems += marked
            return
        if each.code:
            self._claim(each)
            self._remark(each)
        mark = grid.text(row, columns.accepted)
        if not each.item and not mark:
            return
        lacking = [
            name
            for name, text in (("indicator", each.code), ("level", each.level), ("item", each.item))
            if not text
        ]
        if lacking:
            self._report("checklist-row-incomplete", row, columns.item, missing=", ".join(lacking))
            return
        if not self._is_piece(each):
            return
        folded_mark = mark.casefold()
        if folded_mark and folded_mark not in YES | NO:
            self._report("evidence-unclear", row, columns.accepted, found=mark)
            return
        if mark:
            self._marked.add(each.code)
        self._note(each, accepted=folded_mark in YES)

    def _is_piece(self, each: _Row) -> bool:
        """Return whether a row is of a piece that is there, once, and not of another's text."""
        grid, columns = self._grid, self._columns
        criteria = self._criteria.get(each.code)
        level, number = level_of(each.level), number_of(each.item)
        pieces = criteria.evidence.get(level, ()) if criteria and level is not None else ()
        if criteria is None or level is None or not pieces:
            return True  # which is said where all sheets are judged
        if number is None or not 1 <= number <= len(pieces):
            values = {"indicator": each.code, "found": each.item, "pieces": str(len(pieces))}
            self._report("evidence-item-wrong", each.row, columns.item, **values)
            return False
        key = (each.code, level, number)
        if key in self._listed:
            values = {"indicator": each.code, "found": each.item}
            self._report("evidence-item-repeated", each.row, columns.item, **values)
            return False
        self._listed[key] = each.row
        for index in columns.evidence:
            text = folded(grid.text(each.row, index))
            own = [
                (of_level, place)
                for of_level, texts in criteria.evidence.items()
                for place, known in enumerate(texts, 1)
                if text and folded(known) == text
            ]
            if own and (level, number) not in own:
                values = {"indicator": each.code, "level": exact(own[0][0])}
                values["number"] = str(own[0][1])
                self._report("evidence-item-disagrees", each.row, index, **values)
                return False
        return True

    def _claim(self, each: _Row) -> None:
        """Take the level that is claimed in a row; a second one must be the same."""
        column = self._columns.claim
        text = self._grid.text(each.row, column)
        if column is None or not text:
            return
        entry = self._entry(each)
        first = entry.setdefault("level", text)
        if first != text:
            values = {"indicator": each.code, "found": text, "first": first}
            self._report("claim-repeated", each.row, column, **values)
        elif each.code not in self._claimed:
            self._claimed[each.code] = each.row
            self._places.cells["levels", each.code, "level"] = (self._grid, each.row, column)

    def _remark(self, each: _Row) -> None:
        """Add the notes of a row, and who is responsible, to what is said of its indicator."""
        for key, role, between in (
            ("note", Role.NOTE, "\n"),
            ("responsible", Role.RESPONSIBLE, ", "),
        ):
            for column in self._header.of(role):
                text = self._grid.text(each.row, column.index)
                entry = self._entry(each) if text else {}
                known = entry.get(key, "")
                if text and text not in known.split(between):
                    entry[key] = f"{known}{between}{text}" if known else text

    def _entry(self, each: _Row) -> dict[str, Any]:
        if each.code not in self.levels:
            spot = (self._grid, each.row, self._columns.codes[0])
            self._places.cells["levels", each.code] = spot
            self._places.keys["levels", each.code] = spot
        return self.levels.setdefault(each.code, {})

    def _note(self, each: _Row, *, accepted: bool) -> None:
        here = ("levels", each.code, "accepted", each.level)
        by_level = self._entry(each).setdefault("accepted", {})
        numbers = by_level.setdefault(each.level, [])
        spot = (self._grid, each.row, self._columns.level)
        self._places.cells.setdefault(here, spot)
        self._places.keys.setdefault(here, spot)
        if accepted:
            item = (self._grid, each.row, self._columns.item)
            self._places.cells[*here, str(len(numbers))] = item
            numbers.append(each.item)

    def _judge_marks(self) -> None:
        """Say what nothing is marked of, and which pieces have no row."""
        given = [code for code in self.levels if "accepted" in self.levels[code]]
        known = [code for code in given if code in self._instrument.indicator_by_code]
        column = self._header.of(Role.ACCEPTED)[0]
        if not self._marked and not self._claimed:
            if not self.problems and given:
                self.problems.append(self._grid.problem("checklist-blank", column.header))
            self.levels.clear()
            return
        if errors_of(self.problems):
            return
        unmarked = [code for code in known if code not in self._marked | self._claimed.keys()]
        if unmarked:
            self._notice("evidence-none-marked", unmarked)
        lacking = {
            code: missing
            for code in known
            if code in self._criteria and (missing := self._lacking(code))
        }
        if lacking:
            self._notice("evidence-left-out", list(lacking), count=str(sum(lacking.values())))

    def _lacking(self, code: str) -> int:
        every = sum(map(len, self._criteria[code].evidence.values()))
        return every - sum(1 for listed in self._listed if listed[0] == code)

    def _notice(self, code: str, indicators: Sequence[str], **values: str) -> None:
        values["indicators"] = self._instrument.listed(indicators)
        column = self._header.of(Role.ACCEPTED)[0]
        problem = self._grid.problem(code, column.header, **values)
        self.problems.append(problem._replace(severity=Severity.NOTICE))

    def _report(self, code: str, row: int, column: int, **values: str) -> None:
        self.problems.append(self._grid.problem(code, (row, column), **values))

    def sheet(self, metadata: Mapping[str, Found], left_out: Sequence[ReadRows]) -> Sheet:
        """Return the score sheet of the checklist."""
        self._places.add_metadata(self._grid, metadata)
        data = {**values_of(metadata), "levels": self.levels}
        unmarked = frozenset(self.levels) - self._marked
        sheet = Sheet(data, self._places, self._read(left_out), unmarked)
        return with_indices_above(sheet, self._grid, self._header.first_row, self._instrument)

    def _read(self, left_out: Sequence[ReadRows]) -> TableRead:
        header, columns = self._header, self._columns
        taken = {c.index: c.role.value for c in header.columns if c.role in METADATA}
        roles = (Role.LEVEL, *CHECKLIST, Role.NOTE, Role.EVIDENCE, Role.RESPONSIBLE)
        taken |= {c.index: c.role.value for c in header.columns if c.role in roles}
        taken |= dict.fromkeys(columns.codes, Role.INDICATOR.value)
        found = columns_read(self._grid, header, taken, {})
        read = read_of(self._grid, header)._replace(form="checklist", columns=tuple(found))
        return read._replace(rows_left_out=tuple(left_out))
