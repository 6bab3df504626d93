"""What the rows of a wide table lead to and what is wrong with them, as fast as good ones are read.

A table may be wrong in every row, by one mistake or ever another one. What the ordinary reader
would say of it is said here without reading each row as a sheet.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from spbe_cli.core.assessment import Source
from spbe_cli.core.instrument import Instrument, bare
from spbe_cli.core.number import exact
from spbe_cli.core.problem import NOWHERE, Place, Problem, Severity, errors_of
from spbe_cli.core.score import Reading
from spbe_cli.core.units import tick_of
from spbe_cli.read.choice import Wishes, instrument_named
from spbe_cli.read.grid import Location, Sheet
from spbe_cli.read.header import Role
from spbe_cli.read.rows import Places
from spbe_cli.read.schema import AssessmentDocument, stage_name
from spbe_cli.read.shape import shape_problems
from spbe_cli.read.shapes import WideTable, with_indices
from spbe_cli.read.sheet import code_in, other_instrument, read_sheet
from spbe_cli.read.values import is_no_level, judged, level_in, none_right, of_one_cause

if TYPE_CHECKING:
    from fractions import Fraction

NAMES = (Role.INSTITUTION, Role.CATEGORY, Role.PROVINCE)
DECIDING = (Role.YEAR, Role.STAGE, Role.INSTRUMENT)
"""What a row's levels are read by."""

LENGTH = ("row-too-long", "row-too-short")
"""What says nothing of the cells that are there."""

_BETWEEN = ("level-off-step", "levels-off-scale")
"""What may say that a level lies between the steps of a scale: by itself, or with all others."""

_MOST_KEPT, _LONGEST_KEPT = 10_000, 1000
"""How many texts are kept, and how long they may be: memory is not to grow with a file."""

_NO_LEVEL = "?"
_BEGIN = -1

Texts = tuple[str, ...]

Refusal = Sequence[tuple[Problem, int | None]]
"""What keeps the levels of rows from being read, and in which columns.

-1 is where the row begins; None: it is said of a heading or a file, and stays at its place.
"""


class Ticks(dict[str, int | None]):
    """What the texts of levels mean in ticks of the scale; None for a text that is no level.

    None, too, for a level between two ticks, where the scale has no step: the ordinary reader
    looks at that row.
    """

    def __init__(self, instrument: Instrument) -> None:
        super().__init__()
        self._instrument = instrument
        self._tick = tick_of(instrument.scale)
        self._listed: dict[Texts, str] = {}
        self._judged: dict[tuple[str | None, str], Fraction | Problem] = {}

    def __missing__(self, text: str) -> int | None:
        """Return the ticks of a text that is met for the first time, and keep them."""
        level = level_in(self._instrument.scale, text)
        count = None if level is None else level / self._tick
        ticks = count.numerator if count is not None and count.denominator == 1 else None
        if len(self) < _MOST_KEPT and len(text) <= _LONGEST_KEPT:
            self[text] = ticks
        return ticks

    def listed(self, codes: Texts) -> str:
        """Return codes as `Instrument.listed` does: the same levels often miss in many rows."""
        said = self._listed.get(codes)
        if said is None:
            said = self._instrument.listed(codes)
            if len(self._listed) < _MOST_KEPT:
                self._listed[codes] = said
        return said

    def wrong(self, code: str, text: str, place: Place) -> Problem | None:
        """Return why a text is no level of an indicator; None for one that is.

        That is the same for all indicators whose levels have the same names.
        """
        key = self._instrument.indicator_by_code[code].capability, text
        found = self._judged.get(key)
        if found is None:
            found = judged(self._instrument, code, text)
            if len(self._judged) < _MOST_KEPT and len(text) <= _LONGEST_KEPT:
                self._judged[key] = found
        if not isinstance(found, Problem):
            return None
        return Problem(found.code, place, {**found.values, "indicator": code})


class Setting(NamedTuple):
    """What rows with the same year, stage and instrument have in common.

    `reading` is one without levels; `places` holds the columns of the levels by their codes, in
    the order of the instrument. `absent` are the indicators without a column, `unknown` is what is
    wrong with columns whose indicator there is not: either makes every row a bad one. Columns that
    `may_be_of_another` instrument are taken for that where levels between the steps say so too.
    `like_heading`: the heading, where it is repeated, looks like levels.
    """

    reading: Reading
    places: Mapping[str, int]
    ticks: Ticks
    absent: tuple[str, ...] = ()
    unknown: tuple[tuple[int, Problem], ...] = ()
    may_be_of_another: bool = False
    like_heading: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the table has a column for each indicator, and no other."""
        return not self.absent and not self.unknown

    @property
    def is_of_other_codes(self) -> bool:
        """Whether many columns are of unknown indicators, beside which no level is missed."""
        return any(problem.code == "indicators-unknown" for _, problem in self.unknown)

    def misleads(self, problems: Iterable[Problem]) -> bool:
        """Return whether a row may be read by the wrong instrument, which is looked into."""
        return self.may_be_of_another and any(each.code in _BETWEEN for each in problems)


class Judged(NamedTuple):
    """What a row's year, stage and instrument lead to.

    `faults` is what is wrong with each by itself. The levels are read by the `setting`, or kept
    from that by the `refusal`; where there is neither, the ordinary reader looks at the row.
    `left_out`: it is of another stage than the one asked for.
    """

    setting: Setting | None = None
    refusal: Refusal | None = None
    faults: Sequence[tuple[Role, Problem]] = ()
    left_out: bool = False


class Judge:
    """Tells what rows lead to: what is the same in them is judged once.

    Texts may be wrong in ever other ways: what is wrong with one of them is said of it alone, and
    the row is judged as one without it.
    """

    def __init__(self, wishes: Wishes, source: Source) -> None:
        self._wishes = wishes
        self._source = source
        self._known: dict[Texts, Judged] = {}
        self._of_right: dict[Texts, Judged] = {}

    def of(self, table: WideTable, row: int, texts: Texts) -> Judged:
        """Return what a row with these texts leads to."""
        found = self._known.get(texts)
        if found is None:
            found = self._judged(table, row, texts)
            if found is None:  # a remark: of other rows it says nothing
                return Judged()
            _keep(self._known, texts, found)
        return found

    def _judged(self, table: WideTable, row: int, texts: Texts) -> Judged | None:
        wishes = self._wishes
        by_role = dict(zip(DECIDING, texts, strict=True))
        left_out = wishes.stage is not None and stage_name(by_role[Role.STAGE]) != wishes.stage
        faults = [
            (role, problem)
            for role, text in by_role.items()
            if text
            for problem in text_faults(role, text)
        ]
        wrong = {role for role, _ in faults}
        named = "" if Role.INSTRUMENT in wrong else by_role[Role.INSTRUMENT]
        if wishes.instrument is None:
            instrument, problems = instrument_named(named, self._source) if named else (None, [])
            if named and instrument is None:
                if not all(is_error(each) and not each.place.source for each in problems):
                    return Judged(left_out=left_out)
                faults += [(Role.INSTRUMENT, each) for each in problems]
                return Judged(refusal=(), faults=faults, left_out=left_out)
            if Role.YEAR in wrong and wishes.year is None and instrument is None:
                return Judged(refusal=(), faults=faults, left_out=left_out)
        right = tuple("" if role in wrong else text for role, text in by_role.items())
        found = self._of_right.get(right)
        if found is None:
            sheet, problems = table.sheet(row)
            if sheet is None or any(each.code not in LENGTH for each in errors_of(problems)):
                return None
            found = self._right(table, row, sheet, wrong)
            _keep(self._of_right, right, found)
        return found._replace(faults=faults, left_out=left_out)

    def _right(self, table: WideTable, row: int, sheet: Sheet, wrong: Collection[Role]) -> Judged:
        """Return what a row leads to by what is not wrong in it."""
        data = {key: sheet.data[key] for key in sheet.data.keys() - {*wrong, *NAMES}}
        rest = sheet._replace(data=data)
        setting = setting_of(table, row, rest, self._wishes, self._source)
        refusal = None
        if setting is None:
            refusal = refusal_of(table, row, rest, self._wishes, self._source)
        return Judged(setting, refusal)


def _keep(known: dict[Texts, Judged], texts: Texts, found: Judged) -> None:
    if sum(map(len, texts)) > _LONGEST_KEPT:
        return
    if len(known) >= _MOST_KEPT:
        known.clear()
    known[texts] = found


@lru_cache(maxsize=100)
def text_faults(role: Role, text: str) -> Sequence[Problem]:
    """Return what is wrong with the text of a row's year, stage, instrument or name by itself."""
    try:
        AssessmentDocument.model_validate({role.value: text})
    except ValidationError as error:
        return shape_problems(error, AssessmentDocument, lambda *_: NOWHERE)
    return []


def setting_of(
    table: WideTable, row: int, sheet: Sheet, wishes: Wishes, source: Source
) -> Setting | None:
    """Return the setting of a row, None where its year, stage or instrument is not plain."""
    without = sheet._replace(data={**sheet.data, "levels": {}})
    reading, _ = read_sheet(without, wishes._replace(missing_allowed=True), source)
    if reading is None:
        return None
    if (
        reading.instrument.external
        and "indices" in with_indices(sheet, table, row, lambda _: reading.instrument).data
    ):  # the ordinary reader converts them
        return None
    codes = {code_in(reading.instrument, name): c.index for name, c in table.columns.items()}
    if len(codes) < len(table.columns):
        return None
    known = reading.instrument.indicator_by_code
    places = {code: codes[code] for code in known if code in codes}
    ticks = Ticks(reading.instrument)
    headings = range(table.header.first_row, table.header.last_row + 1)
    like_heading = any(
        all(ticks[table.grid.text(heading, i)] is not None for i in places.values())
        for heading in headings
    )
    setting = Setting(reading, places, ticks, like_heading=like_heading)
    if codes.keys() == known.keys():
        return setting
    return _in_part(setting, table, sheet, wishes, source) if places else None


def _in_part(
    setting: Setting, table: WideTable, sheet: Sheet, wishes: Wishes, source: Source
) -> Setting | None:
    """Return the setting of a table that lacks columns, or has some that no indicator has."""
    instrument = setting.reading.instrument
    level = exact(instrument.scale.lowest)
    right = sheet._replace(data={**sheet.data, "levels": dict.fromkeys(table.columns, level)})
    problems = errors_of(read_sheet(right, wishes, source)[1])
    known = instrument.indicator_by_code
    other = [c.index for name, c in table.columns.items() if code_in(instrument, name) not in known]
    at = {name: column.index for name, column in table.columns.items()}
    unknown = tuple(
        (at.get(each.values["found"], other[0]), each)  # that of many stands at the first of them
        for each in problems
        if each.code in {"indicator-unknown", "indicators-unknown"}
    )
    if sum(int(each.values.get("count", "1")) for _, each in unknown) < len(other):
        return None
    return setting._replace(
        absent=tuple(instrument.indicator_by_code.keys() - setting.places.keys()),
        unknown=unknown,
        may_be_of_another=other_instrument(sheet, instrument) is not None,
    )


def refusal_of(
    table: WideTable, row: int, sheet: Sheet, wishes: Wishes, source: Source
) -> Refusal | None:
    """Return why a row's levels are not looked at; None where they may be, or that is not plain.

    What is the same with blank levels and with wrong ones is said whatever they are.
    """
    at = _Spots(table, row, sheet)
    blank, wrong = (
        read_sheet(
            sheet._replace(
                data={**sheet.data, "levels": dict.fromkeys(table.columns, text)}, place_of=at
            ),
            wishes,
            source,
        )
        for text in ("", _NO_LEVEL)
    )
    if blank[0] is not None or blank != wrong:
        return None
    problems = wrong[1]
    if not all(is_error(each) and at.knows(each.place) for each in problems):
        return None
    return [(each, at.column_of(each.place)) for each in problems]


class _Spots:
    """The places of a row's sheet, and in which of its columns they are."""

    def __init__(self, table: WideTable, row: int, sheet: Sheet) -> None:
        self._places = sheet.place_of
        self._row = row
        self._source = table.grid.place_of(row, 0).source
        self._given: dict[int, tuple[Place, int | None]] = {}

    def __call__(self, location: Location, key: bool = False, /) -> Place:  # noqa: FBT001, FBT002
        """Return a place as the sheet gives it, and keep it."""
        place = self._places(location, key)
        if isinstance(self._places, Places):
            spot = self._places.spot(location, key)
            column = _BEGIN if spot is self._places.top else spot[2]
            self._given[id(place)] = place, column if spot[1] == self._row else None
        return place

    def knows(self, place: Place) -> bool:
        """Return whether a place was given here, or is no place in the table."""
        is_in_table = place.source == self._source and (place.line or place.cell)
        return id(place) in self._given or not is_in_table

    def column_of(self, place: Place) -> int | None:
        """Return the column of a place in the row; None for one that is not in it."""
        return self._given.get(id(place), (place, None))[1]


def is_error(problem: Problem) -> bool:
    """Return whether a problem keeps a row from being scored."""
    return problem.severity is Severity.ERROR


def wrong_in(table: WideTable, row: int, cells: Sequence[str], judged: Judged) -> Iterator[Problem]:
    """Yield what is wrong with a row's levels, or what keeps them from being read.

    `cells` are those of the row, and as many as there are columns.
    """
    if judged.setting is not None:
        yield from _of_levels(table, row, cells, judged.setting)
    for problem, column in judged.refusal or ():
        if column is None:
            yield problem
        else:
            at = table.begin(row) if column == _BEGIN else column
            yield problem.at(table.grid.place_of(row, at))


def _of_levels(
    table: WideTable, row: int, cells: Sequence[str], setting: Setting
) -> Iterator[Problem]:
    """Yield what is wrong with a row's levels, as the ordinary reader says it."""
    instrument, known = setting.reading.instrument, setting.ticks
    place_of = table.grid.place_of
    odd = [pair for pair in setting.places.items() if known[cells[pair[1]]] is None]
    bares = {text: bare(text) for text in {cells[column] for _, column in odd}}
    blank: dict[str, int] = {}
    wrong = {}
    for code, column in odd:
        if text := bares[cells[column]]:
            wrong[column] = code, text
        else:
            blank[code] = column
    nothing = len(odd) == len(setting.places)  # unless a level with its name is right
    found = [*setting.unknown]
    if nothing and (said := _none_right(instrument, wrong, bares.values())):
        column, values = said
        found.append((column, Problem("levels-off-scale", place_of(row, column), values)))
        wrong.clear()
    of_levels = [
        (column, problem)
        for column, (code, text) in wrong.items()
        if (problem := known.wrong(code, text, place_of(row, column))) is not None
    ]
    problems = [problem for _, problem in sorted([*found, *of_levels], key=itemgetter(0))]
    nothing = nothing and len(of_levels) == len(wrong)
    yield from of_one_cause(instrument.scale, problems) if nothing else problems
    missing = (*blank, *setting.absent)
    all_missing = len(missing) == len(instrument.indicators)
    if missing and not (all_missing and setting.is_of_other_codes):
        values = {"indicators": known.listed(missing), "count": str(len(missing))}
        blanks = {*blank.values()}
        columns = (c.index for c in table.columns.values() if c.index in blanks)
        yield Problem("level-missing", place_of(row, next(columns, table.begin(row))), values)


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
