"""Rows of a wide table, one institution each, read quickly where nothing is wrong with them.

The ordinary reader looks at every cell of a score sheet by itself; of a table with thousands of
institutions nearly all cells are plain levels. Here a row is taken as it is if each of its levels
was seen to be right before, and handed to the ordinary reader if anything about it is not plain:
so the problems are the same, row by row.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from spbe_cli.core.assessment import Entry, Source
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.problem import Problem, errors_of, notices_of
from spbe_cli.core.score import Reading
from spbe_cli.core.units import tick_of
from spbe_cli.read.columns import Role
from spbe_cli.read.levels import code_in, judged, level_in
from spbe_cli.read.schema import stage_name
from spbe_cli.read.sheet import Sheet
from spbe_cli.read.sheet_reader import Wishes, read_sheet
from spbe_cli.read.wide_form import WideTable, sums_up

__all__ = ["GoodRow", "OddRow", "Setting", "WideReader", "setting_of", "with_levels"]

_LONGEST = 1000
"""A longer name is refused by the ordinary reader (`schema.Name`)."""

_MOST_KEPT = 10_000

_WHO = (Role.INSTITUTION, Role.CATEGORY, Role.PROVINCE)
_DECIDING = (Role.YEAR, Role.STAGE, Role.INSTRUMENT)


class Ticks(dict[str, int | None]):
    """What the texts of levels mean in ticks of the scale; None for a text that is no level."""

    def __init__(self, instrument: Instrument) -> None:
        super().__init__()
        self._scale = instrument.scale
        self._tick = tick_of(instrument.scale)

    def __missing__(self, text: str) -> int | None:
        level = level_in(self._scale, text)
        ticks = None if level is None else int(level / self._tick)
        if len(self) < _MOST_KEPT:
            self[text] = ticks
        return ticks


class Setting(NamedTuple):
    """What rows with the same year, stage and instrument have in common.

    `reading` is one without levels; `places` holds the columns of the levels, in the order of the
    instrument.
    """

    reading: Reading
    places: tuple[int, ...]
    ticks: Mapping[str, int | None]


class GoodRow(NamedTuple):
    """An institution with its levels in ticks, in the order of the instrument."""

    who: tuple[str | None, str | None, str | None]
    setting: Setting
    ticks: Sequence[int]


class OddRow(NamedTuple):
    """What the ordinary reader makes of a row: a reading, problems, or neither for a blank row."""

    reading: Reading | None
    problems: Sequence[Problem]


class WideReader:
    """Reads the rows of grids that share one header."""

    def __init__(self, wishes: Wishes, source: Source) -> None:
        self._wishes = wishes
        self._source = source
        self._settings: dict[tuple[str, ...], Setting | None] = {}
        self._columns: dict[Role, list[int]] = {}

    def read(self, table: WideTable, row: int) -> GoodRow | OddRow:
        """Return a row's institution and levels, or what is odd about it."""
        plain = None if table.grid.marks else self._plain(table, row)
        return plain if plain is not None else self._odd(table, row)

    def setting(self, table: WideTable, row: int) -> Setting | None:
        """Return what the row's year, stage and instrument lead to; None where they are odd."""
        key = tuple([self._text(table, row, role) for role in _DECIDING])
        if key not in self._settings:
            if len(self._settings) >= _MOST_KEPT:
                self._settings.clear()
            self._settings[key] = setting_of(table, row, self._wishes, self._source)
        return self._settings[key]

    def leaves_out(self, setting: Setting) -> bool:
        """Return whether rows are of another stage than the one asked for."""
        wanted = self._wishes.stage
        return wanted is not None and setting.reading.assessment.stage is not wanted

    def _plain(self, table: WideTable, row: int) -> GoodRow | OddRow | None:
        """Return a row of which nothing but levels can be wrong; None for any other."""
        cells = table.grid.rows[row]
        if len(cells) != table.header.width:
            return None
        who = [self._text(table, row, role) or None for role in _WHO]
        setting = self.setting(table, row)
        if setting is None or any(name and len(name) > _LONGEST for name in who):
            return None
        if self.leaves_out(setting):
            return None
        known = setting.ticks
        ticks = [known[cells[place]] for place in setting.places]
        if sums_up(who[0] or _first(table, row), ()):
            return None
        whole = [each for each in ticks if each is not None]
        if len(whole) < len(ticks):
            return OddRow(None, _level_problems(table, row, setting))
        return GoodRow((who[0], who[1], who[2]), setting, whole)

    def _text(self, table: WideTable, row: int, role: Role) -> str:
        """Return what a row says in the first filled column of a role, else what stands above."""
        columns = self._columns.get(role)
        if columns is None:
            columns = [column.index for column in table.header.of(role)]
            self._columns[role] = columns
        for index in columns:
            if text := table.grid.text(row, index):
                return text
        return table.above[role].text if role in table.above else ""

    def _odd(self, table: WideTable, row: int) -> OddRow:
        sheet, problems = table.sheet(row)
        if sheet is None:
            return OddRow(None, problems)
        wanted = self._wishes.stage
        if wanted is not None and stage_name(sheet.data.get("stage")) != wanted:
            return OddRow(None, ())
        unreadable = {problem.place for problem in errors_of(problems)}
        reading, found = read_sheet(sheet, self._wishes, self._source)
        found = [problem for problem in found if problem.place not in unreadable]
        problems = sorted([*problems, *found], key=_order)
        if errors_of(problems):
            return OddRow(None, problems)
        return OddRow(reading, notices_of(problems))


def with_levels(good: GoodRow) -> Reading:
    """Return a good row as the reading that the ordinary reader would give."""
    reading = good.setting.reading
    tick = tick_of(reading.instrument.scale)
    codes = reading.instrument.indicator_by_code
    entries = {code: Entry(each * tick) for code, each in zip(codes, good.ticks, strict=True)}
    institution, category, province = good.who
    assessment = reading.assessment._replace(
        entries=entries, institution=institution, category=category, province=province
    )
    return reading._replace(assessment=assessment)


def setting_of(table: WideTable, row: int, wishes: Wishes, source: Source) -> Setting | None:
    """Return the setting of a row, None where its year, stage or instrument is not plain."""
    sheet, problems = table.sheet(row)
    if sheet is None or errors_of(problems):
        return None
    without = Sheet({**sheet.data, "levels": {}}, sheet.place_of)
    reading, _ = read_sheet(without, wishes._replace(missing_allowed=True), source)
    if reading is None:
        return None
    codes = {code_in(reading.instrument, name): c.index for name, c in table.columns.items()}
    known = reading.instrument.indicator_by_code
    if len(codes) < len(table.columns) or codes.keys() != known.keys():
        return None
    return Setting(reading, tuple(codes[code] for code in known), Ticks(reading.instrument))


def _level_problems(table: WideTable, row: int, setting: Setting) -> list[Problem]:
    """Return what is wrong with a row's levels, as the ordinary reader says it."""
    instrument = setting.reading.instrument
    problems: list[Problem] = []
    blank: dict[str, int] = {}
    cells, known = table.grid.rows[row], setting.ticks
    for code, column in zip(instrument.indicator_by_code, setting.places, strict=True):
        if known[cells[column]] is not None:
            continue
        text = table.grid.text(row, column)
        if not text:
            blank[code] = column
        else:
            found = judged(instrument.scale, code, text)
            if isinstance(found, Problem):
                problems.append(found.at(table.grid.place_of(row, column)))
    if blank:
        values = {"indicators": instrument.listed(blank), "count": str(len(blank))}
        first = next(c.index for c in table.columns.values() if c.index in blank.values())
        problems.append(Problem("level-missing", table.grid.place_of(row, first), values))
    return sorted(problems, key=_order)


def _first(table: WideTable, row: int) -> str:
    cells = range(len(table.grid.rows[row]))
    return next((text for i in cells if (text := table.grid.text(row, i))), "")


def _order(problem: Problem) -> tuple[int, int]:
    return problem.place.line or 0, problem.place.column or 0
