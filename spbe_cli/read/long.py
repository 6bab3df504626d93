"""Tables with a row an indicator."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from spbe_cli.core.assessment import ReadRows, Stage, TableRead
from spbe_cli.core.instrument import Instrument, folded, indicator_code
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.read.evidence import (
    Identified,
    Judgement,
    columns_read,
    identify,
    most_common,
    read_of,
    split_decimals,
    weights_apart,
)
from spbe_cli.read.grid import FEWEST_NAMES, SHORTEST_NAME, Cell, Grid, Sheet, column_letters
from spbe_cli.read.header import METADATA, Column, Header, Role
from spbe_cli.read.instruments import DEFAULT, shipped_instrument
from spbe_cli.read.levels import level_columns, unread, unread_notice, without_levels
from spbe_cli.read.rows import (
    MOST_PROBLEMS,
    Above,
    Found,
    Headings,
    InstrumentOf,
    Kind,
    Places,
    kind_of,
    mark_problems,
    metadata_in_row,
    metadata_problems,
    repeated_heading,
    row_length_problems,
    rows_read,
    values_of,
)
from spbe_cli.read.values import stage_of

_KEYS = (Role.INSTITUTION, Role.YEAR, Role.STAGE)  # rows that agree in these are one score sheet
_DETAILS = (Role.NOTE, Role.EVIDENCE, Role.RESPONSIBLE)
_NAMED = 400  # rows that may name indicators
_MOSTLY = 5  # one row in so many may differ by a slip; more are about something else


class _Group:
    """The rows of one score sheet, and what they say of it."""

    def __init__(self) -> None:
        self.metadata: dict[str, Found] = {}
        self.rows: list[int] = []


class LongReader:
    """Reads a table with a row an indicator. `problems` holds all that is wrong with it."""

    def __init__(
        self, grid: Grid, header: Header, above: Above, instrument_of: InstrumentOf
    ) -> None:
        self.problems: list[Problem] = []
        self._grid = grid
        self._header = header
        self._instrument_of = instrument_of
        by_rank = sorted(header.of(Role.INDICATOR), key=lambda column: column.meaning.rank)
        self._columns = [column.index for column in by_rank]
        self._levels = [column.index for column in header.of(Role.LEVEL)]
        self._details = [column for column in header.columns if column.role in _DETAILS]
        self._said: set[tuple[str, Place]] = set()
        self._without: dict[int, str] = {}  # the columns of metadata that are about something else
        self._above = dict(above)
        self._named = self._by_names()

    def _by_names(self) -> str:
        """Return the instrument that the rows name, where it is not the one they are read with."""
        grid, header = self._grid, self._header
        rows = range(header.last_row + 1, min(header.last_row + 1 + _NAMED, len(grid.rows)))
        cells = [
            (r, i) for r in rows for i in self._columns if len(grid.text(r, i)) >= SHORTEST_NAME
        ]
        if len(cells) < FEWEST_NAMES:
            return ""
        from spbe_cli.read.official import instrument_in_rows

        own = metadata_in_row(grid, header, cells[0][0])
        texts = {grid.text(row, index) for row in rows for index in self._columns}
        other = instrument_in_rows(texts, self._instrument({**self._above, **own}))
        if other is None:
            return ""
        found = Found(other.id, cells[0], (header.first_row, cells[0][1]))
        self._above.setdefault(Role.INSTRUMENT, found)
        return other.id

    def read(self) -> tuple[list[Sheet], list[Problem]]:
        """Return a score sheet for every institution, year and stage, and all problems."""
        kinds = self._kinds()
        rows = [row for row, kind in kinds.items() if kind is Kind.DATA]
        self._judge_metadata(rows)
        groups = self._groups(rows)
        left_out = rows_read(self._grid, kinds)
        sheets = []
        for group in groups:
            if len(self.problems) >= MOST_PROBLEMS:
                break
            sheet = self._sheet(group, alone=len(groups) == 1, rows_left_out=left_out)
            if sheet is not None:
                sheets.append(sheet)
        return sheets, self.problems[:MOST_PROBLEMS]

    def keys(self) -> list[int]:
        """Return the columns that tell score sheets apart: a decree's year in a row does not."""
        self._judge_metadata([row for row, kind in self._kinds().items() if kind is Kind.DATA])
        named = (column.index for role in _KEYS for column in self._header.of(role))
        return [index for index in named if index not in self._without]

    def first_of_last(self, keys: Sequence[int]) -> int | None:
        """Return the row with which the last score sheet begins; None if it is the only one.

        An empty key repeats the row before, as in merged cells. A heading that stands again on the
        next page, or a signature, is of nobody.
        """
        grid = self._grid
        last = [""] * len(keys)
        begins = None
        for row in range(len(grid.rows) - 1, self._header.last_row, -1):
            texts = [grid.text(row, column) for column in keys]
            if not any(texts) or self._kind(row) is not Kind.DATA:
                continue
            pairs = zip(texts, last, strict=True)
            if any(text and known and text != known for text, known in pairs):
                return begins
            if texts[0]:
                begins = row
            last = [known or text for text, known in zip(texts, last, strict=True)]
        return None

    def _instrument(self, metadata: Mapping[str, Found]) -> Instrument:
        return self._instrument_of(metadata) or shipped_instrument(DEFAULT)

    def _kinds(self) -> dict[int, Kind]:
        """Return what each row below the header is; blank ones are left out."""
        rows = range(self._header.last_row + 1, len(self._grid.rows))
        kinds = {row: self._kind(row) for row in rows if not self._grid.is_blank(row)}
        data = [row for row, kind in kinds.items() if kind is Kind.DATA]
        return {**kinds, **dict.fromkeys(self._notes(data), Kind.REMARK)}

    def _notes(self, rows: Sequence[int]) -> Iterator[int]:
        """Yield the rows of a numbered note or legend below: `2 | Terkelola`, and no more.

        Their numbers stand above with a level, and they have none.
        """
        grid, columns, instrument = self._grid, set(self._columns), self._instrument_above
        lacking = {row for row in rows if not any(grid.text(row, i) for i in self._levels)}
        filled: set[str | None] = set()
        for row in rows if lacking else ():
            meant = [instrument.meant(text) for i in columns if (text := grid.text(row, i))]
            codes = {each.by_code for each in meant if each.by_code}
            if row not in lacking:
                filled |= codes
                continue
            says_more = len(codes) < len(meant) and not any(each.by_name for each in meant)
            is_alone = all(i in columns for i, text in enumerate(grid.rows[row]) if text.strip())
            if codes and codes <= filled and says_more and is_alone:
                yield row

    def _kind(self, row: int) -> Kind:
        if self._headings.holds(self._grid, row):
            return Kind.HEADING
        return kind_of(self._grid, row, self._columns, self._levels, self._instrument_above)

    @cached_property
    def _headings(self) -> Headings:
        return repeated_heading(self._grid, self._header)

    @cached_property
    def _instrument_above(self) -> Instrument:
        return self._instrument(self._above)

    def _judge_metadata(self, rows: Sequence[int]) -> None:
        """Leave out the columns that say something else than what the score sheet is of."""
        grid = self._grid
        for column in self._header.columns:
            if column.role not in METADATA:
                continue
            given = {row: text for row in rows if (text := grid.text(row, column.index))}
            texts = [folded(text) for text in given.values()]
            if not texts or self._separates(column, rows):
                continue
            above = self._above.get(column.role)
            if above is not None and set(texts) != {folded(above.text)}:
                self._leave_out(column, "column-beside-heading", given, first=above.text)
            elif len(set(texts)) > 1:
                text, times = most_common(texts)
                odd = next(row for row in given if folded(given[row]) != text)
                if (len(texts) - times) * _MOSTLY < len(texts):
                    values = {"key": column.role, "found": given[odd]}
                    values["first"] = next(t for t in given.values() if folded(t) == text)
                    problem = grid.problem("metadata-twice", (odd, column.index), **values)
                    self.problems.append(problem)
                    self._without[column.index] = "metadata-twice"
                else:
                    self._leave_out(column, "column-varies", given)

    def _leave_out(self, column: Column, code: str, given: Mapping[int, str], **more: str) -> None:
        found = ", ".join(list(dict.fromkeys(given.values()))[:3])
        values = {"column": column.name.strip(), "at": column_letters(column.index)}
        problem = self._grid.problem(code, column.header, **values, found=found, **more)
        self.problems.append(problem._replace(severity=Severity.NOTICE))
        self._without[column.index] = code

    def _separates(self, column: Column, rows: Sequence[int]) -> bool:
        """Return whether a column tells apart rows that would be of one indicator else."""
        keys = [c for c in self._header.columns if c.role in METADATA and c.index != column.index]
        instrument = self._instrument(self._above)
        first: dict[tuple[str, ...], str] = {}
        before = {column.index: "", **{key.index: "" for key in keys}}
        for row in rows:
            for index, above in before.items():
                before[index] = self._grid.text(row, index) or above
            here = (self._code(row, instrument), *(before[key.index] for key in keys))
            value = before[column.index]
            if first.setdefault(here, value) != value:
                return True
        return False

    def _code(self, row: int, instrument: Instrument) -> str:
        """Return which indicator a row seems to be of."""
        texts = [text for index in self._columns if (text := self._grid.text(row, index))]
        known = (code for text in texts if (code := instrument.meant(text).code))
        return next(known, texts[0] if texts else "")

    def _groups(self, rows: Sequence[int]) -> list[_Group]:
        groups: dict[tuple[str, ...], _Group] = {}
        before: dict[str, Found] = {}
        for row in rows:
            metadata = self._metadata(row, before)
            before = {role: metadata[role] for role in _KEYS if role in metadata}
            key = tuple(metadata[role].text if role in metadata else "" for role in _KEYS)
            group = groups.setdefault(key, _Group())
            group.metadata = {**metadata, **group.metadata}
            group.rows.append(row)
        return list(groups.values())

    def _metadata(self, row: int, before: Mapping[str, Found]) -> dict[str, Found]:
        """Return a row's metadata; an empty key repeats the row before, as in merged cells."""
        own = metadata_in_row(self._grid, self._header, row, self._without)
        self.problems += metadata_problems(self._grid, own)
        for role in _KEYS:
            if role not in own and role in before:
                own[role] = before[role]
            if (own[role].text if role in own else "") != (
                before[role].text if role in before else ""
            ):
                break
        return own

    def _sheet(
        self, group: _Group, *, alone: bool, rows_left_out: Sequence[ReadRows]
    ) -> Sheet | None:
        grid, header = self._grid, self._header
        metadata = {**self._above, **group.metadata}
        named = self._instrument_of(metadata)
        instrument = named or shipped_instrument(DEFAULT)
        judgement = Judgement()
        identified = identify(grid, header, group.rows, instrument, judgement)
        stage = stage_of(metadata[Role.STAGE].text) if Role.STAGE in metadata else None
        levels = level_columns(grid, header, identified, instrument, stage, judgement)
        if named is None:  # which is said later, and of the columns nothing is certain
            judgement.problems.clear()
        self._say_once(judgement.problems)
        at_fault = [] if named is None else without_levels(grid, levels, identified, instrument)
        at_fault += self._split_in(group.rows, levels.values(), instrument)
        if at_fault:
            self.problems += at_fault
            return None
        sheet = _LongSheet(grid, identified, levels, self._details, alone=alone)
        for row in group.rows:
            self.problems += row_length_problems(grid, header, row)
            self.problems += mark_problems(grid, sheet.marked(row))
            self.problems += sheet.take(row)
        by_code = {row: c for row, t in identified.codes.items() if (c := instrument.meant(t).code)}
        self.problems += weights_apart(grid, header, by_code, instrument)
        for index, name in unread(grid, header, by_code, instrument):
            judgement.left_out[index] = "column-unread"
            self._say_once([unread_notice(grid, header, index, name)])
        left_out = {**self._without, **judgement.left_out}
        columns = columns_read(grid, header, self._taken(sheet, left_out), left_out)
        read = read_of(grid, header)._replace(
            columns=tuple(columns), rows_left_out=tuple(rows_left_out), instrument=self._named
        )
        made = sheet.made(metadata, read)
        if made is not None and self._named:
            made = made._replace(named=self._named)
        if made is None or not instrument.external:
            return made
        from spbe_cli.read.indices import with_indices_above

        return with_indices_above(made, grid, header.first_row, instrument)

    def _say_once(self, problems: Sequence[Problem]) -> None:
        """Say of the table's columns what every score sheet in it would say."""
        for problem in problems:
            key = (problem.code, problem.place)
            if key not in self._said:
                self._said.add(key)
                self.problems.append(problem)

    def _split_in(
        self, rows: Sequence[int], columns: Collection[Column], instrument: Instrument
    ) -> Iterator[Problem]:
        grid = self._grid
        for column in columns:
            step = instrument.scale.step
            any_value = step is None or step < 1
            if split_decimals(grid, self._header, column.index, rows, any_value=any_value):
                cells = (grid.text(rows[0], column.index + i) for i in (0, 1))
                found = ",".join(cells)
                values = {"column": column.name.strip(), "found": found}
                yield grid.problem("decimals-split", (rows[0], column.index), **values)

    def _taken(self, sheet: "_LongSheet", left_out: Mapping[int, str]) -> dict[int, str]:
        kept = (*_DETAILS, *METADATA, Role.INDICATOR)
        taken = {c.index: c.role.value for c in self._header.columns if c.role in kept}
        taken |= {column.index: "level" for column in sheet.levels.values()}
        return {index: role for index, role in taken.items() if index not in left_out}


class _LongSheet:
    """One score sheet of a long table, taken row by row."""

    def __init__(
        self,
        grid: Grid,
        identified: Identified,
        levels: Mapping[Stage | None, Column],
        details: Sequence[Column],
        *,
        alone: bool,
    ) -> None:
        self.levels = levels
        self._grid = grid
        self._identified = identified
        self._details = details
        self._alone = alone
        self._rows: dict[str, int] = {}
        self._given: dict[Stage | None, dict[str, Any]] = {}
        self._places = Places((grid, 0, 0))

    def marked(self, row: int) -> list[Cell]:
        """Return the cells of a row that must hold plain values."""
        code = self._identified.cells.get(row, self._identified.column.index)
        return [(row, code), *((row, column.index) for column in self.levels.values())]

    def take(self, row: int) -> list[Problem]:
        """Take a row's levels, and return what is wrong with its indicator."""
        grid = self._grid
        column = self._identified.cells.get(row, self._identified.column.index)
        code = self._identified.codes.get(row)
        if code is None:
            given = any(grid.text(row, each.index) for each in self.levels.values())
            return [grid.problem("indicator-missing", (row, column))] if given else []
        if (row, column) in grid.marks:
            return []
        if code in self._rows:
            first = grid.spot((self._rows[code], column))
            values = {"indicator": indicator_code(code), "first": first}
            return [grid.problem("duplicate-indicator", (row, column), **values)]
        self._rows[code] = row
        for stage, each in self.levels.items():
            self._given.setdefault(stage, {})[code] = self._level(row, stage, each, code, column)
        return []

    def _level(
        self, row: int, stage: Stage | None, column: Column, code: str, at: int
    ) -> str | dict[str, Any]:
        """Return a level alone, or with what the row says of it."""
        grid, cells = self._grid, self._places.cells
        level = grid.text(row, column.index)
        here = ("levels", code) if stage is None else ("stages", str(stage), code)
        cells[here] = (grid, row, column.index)
        self._places.keys[here] = (grid, row, at)
        said: dict[Role, list[str]] = {}
        for detail in self._details:
            text = grid.text(row, detail.index)
            if text and (stage is None or detail.meaning.stage in (None, stage)):
                said.setdefault(detail.role, []).append(text)
                cells.setdefault((*here, str(detail.role)), (grid, row, detail.index))
        if not said:
            return level
        entry: dict[str, Any] = {"level": level}
        if Role.NOTE in said:
            entry["note"] = "\n".join(said[Role.NOTE])
        if Role.EVIDENCE in said:
            lines = (line.strip() for text in said[Role.EVIDENCE] for line in text.splitlines())
            entry["evidence"] = [line for line in lines if line]
        if Role.RESPONSIBLE in said:
            entry["responsible"] = ", ".join(said[Role.RESPONSIBLE])
        return entry

    def made(self, metadata: Mapping[str, Found], read: TableRead) -> Sheet | None:
        """Return the sheet, None where no row was of it."""
        if not self._given:
            return None
        places = self._places
        places.add_metadata(self._grid, metadata)
        data: dict[str, Any] = dict(values_of(metadata))
        of_stages = {str(stage): levels for stage, levels in self._given.items() if stage}
        if None in self._given:
            data["levels"] = self._given[None]
            places.cells["levels",] = self._top(self.levels[None])
        if of_stages:
            data["stages"] = of_stages
            places.cells["stages",] = self._top(next(iter(self.levels.values())))
            for stage, column in self.levels.items():
                places.cells["stages", str(stage)] = self._top(column)
        places.top = self._top(self._identified.column)
        return Sheet(data, places, read)

    def _top(self, column: Column) -> tuple[Grid, int, int]:
        """Return where a column begins: at its header, or at the sheet's first row."""
        if self._alone:
            return (self._grid, *column.header)
        return self._grid, next(iter(self._rows.values())), column.index
