"""The rows of any table: what kind each is, where its cells stand, and what stands above them."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from spbe_cli.core.assessment import ReadRows
from spbe_cli.core.instrument import Instrument, Meant, bare, folded
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.read.grid import Cell, Grid, Location, Mark, column_letters
from spbe_cli.read.header import (
    CHECKLIST,
    METADATA,
    Column,
    Header,
    Meaning,
    Role,
    is_code,
    meaning_of,
)
from spbe_cli.read.values import stage_of

MOST_PROBLEMS = 10_000
"""After as many problems the rest of a table is not read: it is no score sheet."""

_GROUP = re.compile(
    r"(?:(?:nilai|skor|score)\s+)?"
    r"(?:domain|aspek|aspect|indeks|index|total|jumlah|rata|rerata|predikat)\b.*"
    r"|[AD]\s*[.-]?\s*[0-9]+\.?",
    re.IGNORECASE | re.DOTALL,
)
_SUMMARY = re.compile(
    r"(?:(?:(?:sub|grand)[ -]?)?total|jumlah|rerata|rata\s*-?\s*rata|rata2|average|mean"
    r"|indeks|index|predikat)\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_LETTERED_CODE = re.compile(r"[^\W\d_]{1,10}[\s._-]{0,2}[0-9]+(?:\.[0-9]+)*")
_NUMERAL = re.compile(  # I-IV or A-D before a group's name
    r"(?:[IVX]{1,4}|[A-HJ-L]|[ivx]{1,4}|[a-hj-l])\s*[.)]?"
)
_TITLE = re.compile(
    r"(?:(?P<kind>domain|aspek|aspect)\b[\W_]*)?"
    r"(?:(?P<number>[0-9]{1,2}(?:\.[0-9]{1,2})?|[IVX]{1,4}|[A-HJ-L])(?![^\W_]))?"
    r"[\W_]*(?P<name>.*)",
    re.IGNORECASE | re.DOTALL,
)
_LEVEL_LIKE = re.compile(r"[+-]?[0-9][0-9.,]*|[^\W\d_]|[\W_]+")  # a number, or a mark: x, v, ?
_SIGNED_CELLS = 3  # at most as many cells of a row hold a signature: two side by side, a stamp
_VALUE = re.compile(r"[+-]?[0-9][0-9.,]{0,6}%?")
_WORD = re.compile(r"[^\W\d_]{3,}")
_CELLS_WITH_A_NAME = 3  # a code, a short name, a name
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2}).*")
_OF_ASSESSMENT = re.compile(r"penilaian|evaluasi|assessment", re.IGNORECASE)
_DECIDING = (Role.YEAR, Role.STAGE, Role.INSTRUMENT, Role.INSTITUTION)
_DAY_ZERO = "1900"  # a workbook counts its days from the beginning of this year


class Found(NamedTuple):
    """A piece of metadata: its text, its cell, and the cell that names it."""

    text: str
    cell: Cell
    label: Cell


Above = Mapping[str, Found]
InstrumentOf = Callable[[Mapping[str, Found]], Instrument | None]


def all_above(grid: Grid, header_row: int) -> dict[str, list[Found]]:
    """Return all that rows above a header say, by key: what names the assessment goes first."""
    found: dict[str, list[Found]] = {}
    for row in range(header_row):
        cells = [(i, text) for i in range(len(grid.rows[row])) if (text := grid.text(row, i))]
        for role, each in _labelled(row, cells):
            found.setdefault(role, []).append(each)
    for every in found.values():
        every.sort(key=lambda each: not _OF_ASSESSMENT.search(grid.text(*each.label)))
    return found


def above_problems(grid: Grid, above: Mapping[str, Sequence[Found]]) -> Iterator[Problem]:
    """Yield what is to be said of two places above the header that give different answers."""
    for role, (first, *others) in above.items():
        for other in others:
            if folded(other.text) == folded(first.text) or role not in _DECIDING:
                continue
            is_named = _OF_ASSESSMENT.search(grid.text(*first.label)) is not None
            is_other = _OF_ASSESSMENT.search(grid.text(*other.label)) is not None
            values = {"key": role, "found": other.text, "first": first.text}
            problem = grid.problem("metadata-twice", other.cell, **values)
            if is_named and not is_other:
                severity = Severity.NOTICE
                yield problem._replace(code="metadata-chosen", severity=severity)
            else:
                yield problem


def _labelled(row: int, cells: Sequence[tuple[int, str]]) -> Iterator[tuple[str, Found]]:
    for position, (index, text) in enumerate(cells):
        label, _, value = text.partition(":")
        role = _role(label)
        if role is None:
            continue
        at = index
        if not value.strip():
            rest = ((i, each.strip(" :")) for i, each in cells[position + 1 :])
            at, value = next(((i, each) for i, each in rest if each), (index, ""))
        if value.strip() and _role(value) is None:
            yield role, Found(_said(role, value.strip()), (row, at), (row, index))


def _role(label: str) -> Role | None:
    meaning = meaning_of(label)
    return meaning.role if meaning is not None and meaning.role in METADATA else None


def _said(role: Role, text: str) -> str:
    """Return a stage by its English name, where it is one; other text unchanged."""
    return str(stage_of(text) or text) if role is Role.STAGE else text


def metadata_in_row(
    grid: Grid, header: Header, row: int, without: Collection[int] = ()
) -> dict[str, Found]:
    """Return what the metadata columns say in a row, by key; the first of two with one role."""
    found: dict[str, Found] = {}
    for column in header.columns:
        if column.index in without:
            continue
        if column.role in METADATA and (text := grid.text(row, column.index)):
            each = Found(_said(column.role, text), (row, column.index), column.header)
            found.setdefault(column.role, each)
    return found


def values_of(metadata: Mapping[str, Found]) -> dict[str, str]:
    """Return the metadata as a sheet's data holds it, in the order of the schema."""
    return {role.value: metadata[role].text for role in METADATA if role in metadata}


def is_subtotal(grid: Grid, row: int, code: str) -> bool:
    """Return whether a row sums up a group: D1, "Aspek 2", "Indeks SPBE", or I with such a name."""
    if is_code(code) or (_LETTERED_CODE.fullmatch(code) and not _GROUP.fullmatch(code)):
        return False
    cells = (text for i in range(len(grid.rows[row])) if (text := grid.text(row, i)))
    return any(
        _GROUP.fullmatch(text) for text, _ in zip(cells, range(_CELLS_WITH_A_NAME), strict=False)
    )


def is_summary(name: str, *, alone: bool = False) -> bool:
    """Return whether a name begins as that of a total or a mean; `alone`: and says no more."""
    found = _SUMMARY.fullmatch(name)
    return found is not None and not (alone and found["rest"].strip(" :."))


# compiled where a row asks for it: most sheets have none


@cache
def _remarks() -> re.Pattern[str]:
    """Return what begins a remark, a source or a line of a signature."""
    return re.compile(
        r"(?:mengetahui|menyetujui|nip\b|sumber|source|catatan|keterangan|note|dicetak|halaman|\*)"
        r"|.*,\s*(?:tanggal\s+)?[0-9]{1,2}\s+[^\W\d_]+\s+20[0-9]{2}$",
        re.IGNORECASE,
    )


@cache
def _signers() -> re.Pattern[str]:
    """Return what begins a signature, and what follows it may be any name."""
    return re.compile(
        r"(?:mengetahui|menyetujui|mengesahkan|disahkan|ditetapkan|diverifikasi|ttd|tanda tangan"
        r"|hormat|plt|plh|pj|kepala|sekretaris|ketua|bupati|wali\s?kota|gubernur|menteri|direktur|inspektur"
        r"|koordinator|asesor|evaluator|tim (?:asesor|evaluator|penilai)|penanggung jawab|pejabat"
        r"|nip|nrp|pangkat|pembina|penata)\b|a\.?\s?n\.|u\.?\s?b\."
        r"|.*,\s*(?:tanggal\s+)?(?:[0-9]{1,2}|[\s._\u2026]+)\s*[^\W\d_]+\s+20[0-9]{2}$",
        re.IGNORECASE,
    )


def is_signature(text: str) -> bool:
    """Return whether a text is that of a signature, a source or a remark below a table."""
    return _remarks().match(text) is not None


def signed_rows(grid: Grid, header: Header, values: Sequence[int]) -> frozenset[int]:
    """Return the rows of the signatures below a table, and of those at the foot of its pages.

    They begin with words of a signature, have text in few cells and no number where the values
    stand. Where values follow, before the headings stand again, they are none: a row between
    institutions is one of an institution.
    """
    headings = repeated_heading(grid, header)
    signed: list[int] = []
    open_: list[int] = []
    for row in range(header.last_row + 1, len(grid.rows)):
        cells = grid.rows[row]
        given = (grid.text(row, i) for i in values if i < len(cells) and cells[i])
        has_value = any(map(_VALUE.fullmatch, given))
        is_heading = bool(open_) and headings.holds(grid, row)  # whose codes look like values
        if is_heading:
            signed += open_
        if is_heading or has_value:
            open_ = []
        elif _is_signed(grid, row, begun=bool(open_)):
            open_.append(row)
    return frozenset([*signed, *open_])


def _is_signed(grid: Grid, row: int, *, begun: bool) -> bool:
    texts = [text for i in range(len(grid.rows[row])) if (text := grid.text(row, i))]
    if not 0 < len(texts) <= _SIGNED_CELLS or any(map(_VALUE.fullmatch, texts)):
        return False
    return begun or any(map(_signers().match, texts))


def mark_problems(grid: Grid, cells: Iterable[Cell]) -> list[Problem]:
    """Return a problem for each of these cells that holds an error, a date or no result."""
    if not grid.marks:
        return []
    return [
        grid.problem(mark.value, cell, found=grid.text(*cell), **_meant(mark, grid.text(*cell)))
        for cell in cells
        if (mark := grid.marks.get(cell)) is not None
    ]


def metadata_problems(grid: Grid, metadata: Mapping[str, Found]) -> list[Problem]:
    """Return a problem for each piece of metadata that is an error or no result.

    A date is none here: a year's cell may well hold one, and it is judged as any other text.
    """
    cells = (found.cell for found in metadata.values())
    return mark_problems(grid, (c for c in cells if grid.marks.get(c) is not Mark.DATE))


def _meant(mark: Mark, text: str) -> dict[str, str]:
    """Return what was typed before Excel made a date of it: 3.5, or 3 in a cell for dates."""
    match = _DATE.fullmatch(text) if mark is Mark.DATE else None
    if match is None:
        return {}
    year, month, day = match.groups()
    if year == _DAY_ZERO and month == "01":
        return {"nearest": str(int(day))}
    return {"nearest": f"{int(day)}.{int(month)}"}


def row_length_problems(grid: Grid, header: Header, row: int) -> list[Problem]:
    """Return what is wrong with a row's length where rows are cut at delimiters.

    A row must reach the last column that has a name, and must hold nothing beyond it: a delimiter
    too few or too many has moved its cells. A workbook's cells cannot move.
    """
    if not grid.delimiter:
        return []
    cells = grid.rows[row]
    if len(cells) < header.width:
        values = {"cells": str(len(cells)), "needed": str(header.width)}
        return [grid.problem("row-too-short", (row, len(cells)), **values)]
    beyond = next((i for i in range(header.width, len(cells)) if grid.text(row, i)), None)
    if beyond is None:
        return []
    filled = max(i for i in range(beyond, len(cells)) if grid.text(row, i))
    values = {"cells": str(filled + 1), "width": str(header.width), "delimiter": grid.delimiter}
    return [grid.problem("row-too-long", (row, beyond), **values)]


Spot = tuple[Grid, int, int]
"""A cell that knows the grid in which it stands."""


class Places:
    """Where a sheet's values (`cells`) and keys stand, by location; the rest stands at `top`."""

    __slots__ = ("cells", "keys", "top")

    def __init__(
        self,
        top: Spot,
        cells: Mapping[Location, Spot] | None = None,
        keys: Mapping[Location, Spot] | None = None,
    ) -> None:
        self.top = top
        self.cells: dict[Location, Spot] = dict(cells or {})
        self.keys: dict[Location, Spot] = dict(keys or {})

    def __call__(self, location: Location, key: bool = False, /) -> Place:  # noqa: FBT001, FBT002
        """Return the place of a value, or of its key, or of the nearest location above."""
        grid, row, column = self.spot(location, key)
        return grid.place_of(row, column)

    def spot(self, location: Location, key: bool = False, /) -> Spot:  # noqa: FBT001, FBT002
        """Return the cell of a value, or of its key, or of the nearest location above."""
        here = tuple(map(str, location))
        spot = self.keys.get(here) if key else None
        while spot is None:
            spot = self.cells.get(here, None if here else self.top)
            here = here[:-1]
        return spot

    def add_metadata(self, grid: Grid, metadata: Mapping[str, Found]) -> None:
        """Note where pieces of metadata stand."""
        for role, found in metadata.items():
            self.cells[(str(role),)] = (grid, *found.cell)
            self.keys[(str(role),)] = (grid, *found.label)


class Kind(StrEnum):
    """What a row below the heading row is."""

    DATA = "data"
    BLANK = "blank"
    HEADING = "heading repeated"
    GROUP = "domain or aspect"
    TOTAL = "total or mean"
    REMARK = "title, remark or signature"


def repeated_heading(grid: Grid, header: Header) -> "Headings":
    """Return what tells whether a row repeats the heading row, as each printed page does."""
    rows = range(header.first_row, header.last_row + 1)
    return Headings(frozenset(_folded_row(grid, row) for row in rows))


class Headings(NamedTuple):
    """The rows of a heading, folded."""

    rows: frozenset[tuple[str, ...]]

    def holds(self, grid: Grid, row: int) -> bool:
        """Return whether a row is one of them again; its first cell nearly always tells."""
        first = tuple(folded(text) for text in grid.rows[row][:1])
        may_be = any(heading[:1] in (first, ()) for heading in self.rows)
        return may_be and _folded_row(grid, row) in self.rows


def _folded_row(grid: Grid, row: int) -> tuple[str, ...]:
    cells = [folded(text) for text in grid.rows[row]]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def kind_of(  # noqa: PLR0911  (one line a kind)
    grid: Grid, row: int, codes: Sequence[int], levels: Sequence[int], instrument: Instrument
) -> Kind:
    """Return what a row is whose indicator is named in some columns, its levels in others."""
    written = [text for column in codes if (text := grid.text(row, column))]
    meant = [instrument.meant(text) for text in written]
    given = [text for column in levels if (text := grid.text(row, column))]
    if _names_group(written, meant, instrument, has_level=bool(given)):
        return Kind.GROUP
    if any(each.by_name for each in meant):
        return Kind.DATA
    if any(each.by_code for each in meant) or any(map(is_code, written)):
        return Kind.DATA
    code = written[0] if written else ""
    if not (_LETTERED_CODE.fullmatch(code) and not _GROUP.fullmatch(code)):
        if is_subtotal(grid, row, code):
            return Kind.GROUP
        if len(written) > 1 and any(map(_NUMERAL.fullmatch, written)):
            return Kind.GROUP
    if not given:
        return Kind.REMARK if not written or _WORD.search(code) else Kind.DATA
    if not any(_LEVEL_LIKE.fullmatch(text) for text in given):
        is_text = not written or _WORD.search(code)
        return Kind.REMARK if is_text and any(map(_WORD.search, given)) else Kind.DATA
    return Kind.DATA


def _names_group(
    written: Sequence[str], meant: Sequence[Meant], instrument: Instrument, *, has_level: bool
) -> bool:
    """Return whether a row is that of a domain or aspect: `2 | NAME`, `II. NAME`, `Aspek 2: NAME`.

    An aspect may have the name of one of its indicators: then its number tells, or no level.
    """
    numbers_of = instrument.group_numbers
    titles = [(text, *_title(text)) for text in written]
    named = [title for title in titles if title[-1] in numbers_of]
    others = [text for text, *_, name in titles if name not in numbers_of]
    if not named:  # `2 | Aspek 2`
        return any(kind and not name and number in others for _, kind, number, name in titles)
    codes = [text for text in others if is_code(text) or instrument.meant(text).by_code]
    alone = all(name in instrument.names_of_groups_alone for *_, name in named)
    if alone and any(kind for _, kind, *_ in named):
        return True
    given = [number for *_, number, _ in named]
    numbers = [*(bare(text).rstrip(".)") for text in codes), *filter(is_code, given)]
    if numbers:
        fits = all(number in numbers_of[name] for number in numbers for *_, name in named)
        is_indicator = {each.by_code for each in meant} & {each.by_name for each in meant} - {None}
        return (fits and not is_indicator) or (alone and not has_level)
    numbered = any(_NUMERAL.fullmatch(text) or _GROUP.fullmatch(text) for text in (*others, *given))
    return alone or numbered or not has_level


@lru_cache(maxsize=1024)
def _title(text: str) -> tuple[str, str, str]:
    """Return what a text may say of a group: `Aspek`, its number, and its name, folded."""
    kind, number, name = _TITLE.findall(bare(text))[0]  # it fits any text
    return kind, number, folded(name)


def rows_read(grid: Grid, kinds: Mapping[int, Kind]) -> list[ReadRows]:
    """Return the rows that were left out, those of one kind that follow each other as one."""
    found: list[tuple[Kind, list[int]]] = []
    for row, kind in kinds.items():
        if kind in (Kind.DATA, Kind.BLANK):
            continue
        if found and found[-1][0] is kind and found[-1][1][-1] == row - 1:
            found[-1][1].append(row)
        else:
            found.append((kind, [row]))
    return [
        ReadRows(_lines(grid, rows), _first_text(grid, rows[0]), kind.value) for kind, rows in found
    ]


def _lines(grid: Grid, rows: Sequence[int]) -> str:
    first, last = (grid.line(row) for row in (rows[0], rows[-1]))
    return first if first == last else f"{first}-{last}"


def _first_text(grid: Grid, row: int) -> str:
    return next((text for i in range(len(grid.rows[row])) if (text := grid.text(row, i))), "")


_MANY = (
    Role.LEVEL,  # judged by what they hold
    Role.NOTE,
    Role.EVIDENCE,
    Role.RESPONSIBLE,
    Role.WEIGHT,
    Role.GROUP,
    *CHECKLIST,  # of a checklist, by its reader
)


def duplicate_columns(grid: Grid, header: Header) -> list[Problem]:
    """Return a problem for every column that says what another one says already, or two things.

    Notes, evidence and responsible units may stand in several columns. Of several columns that
    may hold the indicator's code one is chosen, so only the same name twice is a problem there.
    """
    first: dict[tuple[Meaning, str], Column] = {}
    problems = []
    for column in header.columns:
        if column.role in _MANY:
            continue
        by_name = column.role is Role.INDICATOR
        if column.meaning.number:
            values = {"found": column.name.strip(), "count": "1", "first": column.meaning.number}
            values["second"] = column.meaning.indicator
            problems.append(grid.problem("indicators-disagree", column.header, **values))
        key = (column.meaning, column.name.strip().casefold() if by_name else "")
        other = first.setdefault(key, column)
        if other.header != column.header:
            values = {
                "column": column.name.strip(),
                "at": column_letters(column.index),
                "first": other.name.strip(),
                "first_at": column_letters(other.index),
            }
            problems.append(grid.problem("duplicate-column", column.header, **values))
    return problems
