"""The heading row of a table, and what each of its columns holds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from spbe_cli.core.assessment import Stage
from spbe_cli.core.problem import Problem
from spbe_cli.read.grid import Cell, Grid, column_letters, indicator_code

LONGEST_NAME = 80
"""A longer text is no name of a stage or a column."""

NAMES: Mapping[Stage, tuple[str, ...]] = {
    Stage.TARGET: ("target",),
    Stage.SELF: ("mandiri", "penilaianmandiri", "self", "self assessment", "asesor internal"),
    Stage.VERIFICATION: ("verif", "verifikasi", "verifikator", "verifikator internal"),
    Stage.DOCUMENT: ("dokumen", "document"),
    Stage.HARMONISATION: ("harmonisasi", "harmonisation"),
    Stage.INTERVIEW: ("interviu", "wawancara", "interview"),
    Stage.VISIT: ("visitasi", "visit"),
    Stage.EXTERNAL: ("eks", "eksternal", "external", "pusat", "asesor external"),
    Stage.FINAL: ("akhir", "akhir external", "akhir eksternal", "final"),
}
"""What offices and applications call each stage."""

_BEFORE = ("", "nilai ", "penilaian ", "level ", "tingkat kematangan ", "skor ")
_NOT_LETTERS = re.compile(r"[\W_]+")

STAGE_BY_NAME: Mapping[str, Stage] = {
    before + name: stage
    for stage, names in NAMES.items()
    for name in (*names, stage.value)
    for before in _BEFORE
}
"""Every name of a stage, folded: `penilaian mandiri`, `nilai akhir`."""


def folded(text: str) -> str:
    """Return a name without capitals, line breaks, underscores and punctuation."""
    return _NOT_LETTERS.sub(" ", text.casefold()).strip()


def stage_of(text: str) -> Stage | None:
    """Return the stage that a text names in either language, or None."""
    return STAGE_BY_NAME.get(folded(text)) if len(text) <= LONGEST_NAME else None


class Role(StrEnum):
    """What a column holds, named as the key in a sheet's data."""

    INDICATOR = "indicator"  # the indicator's code, one a row
    LEVEL = "level"  # the level, of one stage where the header says which
    LEVEL_OF = "level_of"  # the level of the one indicator that the header names
    NOTE = "note"
    EVIDENCE = "evidence"
    RESPONSIBLE = "responsible"
    INSTITUTION = "institution"
    CATEGORY = "category"
    PROVINCE = "province"
    YEAR = "year"
    STAGE = "stage"
    INSTRUMENT = "instrument"


METADATA = (
    Role.INSTITUTION,
    Role.CATEGORY,
    Role.PROVINCE,
    Role.YEAR,
    Role.STAGE,
    Role.INSTRUMENT,
)
"""The roles that describe a whole score sheet, and not one indicator."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A column's role; its stage or indicator where the header names one.

    Of several columns that may hold the code, the one with the lowest `rank` is tried first: a
    column "Indikator" often holds names and "No" the codes.
    """

    role: Role
    stage: Stage | None = None
    indicator: str = ""
    rank: int = 0


_INDICATOR = (
    ("kode", "kode indikator", "code", "indicator code", "id indikator"),
    ("no indikator", "nomor indikator", "indicator no", "indicator number"),
    ("indikator", "indicator"),
    ("no", "nomor", "number"),
)
_NAMES = {
    Role.LEVEL: (
        "level",
        "tingkat",
        "tingkat kematangan",
        "level kematangan",
        "nilai",
        "nilai tingkat kematangan",
        "nilai kematangan",
        "nilaikematangan",
        "skor",
        "score",
        "tk",
        "capaian",
        "maturity level",
    ),
    Role.NOTE: ("note", "notes", "catatan", "penjelasan", "keterangan"),
    Role.EVIDENCE: ("evidence", "data dukung", "bukti", "bukti dukung"),
    Role.RESPONSIBLE: ("responsible", "opd", "pic", "opd pic", "penanggung jawab"),
    Role.INSTITUTION: ("institution", "instansi", "nama instansi", "institution name"),
    Role.CATEGORY: ("category", "kategori"),
    Role.PROVINCE: ("province", "provinsi"),
    # "Tahun Anggaran" is not here: the budget's year is often not the year that is assessed
    Role.YEAR: ("year", "tahun", "tahun penilaian", "tahun evaluasi", "assessment year"),
    Role.STAGE: ("stage", "tahap", "tahapan"),
    Role.INSTRUMENT: ("instrument", "instrumen"),
}
_MEANINGS = {
    **{name: Meaning(Role.LEVEL, stage) for name, stage in STAGE_BY_NAME.items()},
    **{name: Meaning(role) for role, names in _NAMES.items() for name in names},
    **{
        name: Meaning(Role.INDICATOR, rank=rank)
        for rank, names in enumerate(_INDICATOR)
        for name in names
    },
}
_CODE = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
_CODE_IN_HEADER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,2})?", re.ASCII)  # a year is no indicator
_IN_BRACKETS = re.compile(r"\([^()]*\)")


def is_code(text: str) -> bool:
    """Return whether a text is an indicator's code, in whatever way it is written."""
    return _CODE.fullmatch(indicator_code(text)) is not None


@lru_cache(maxsize=4096)
def meaning_of(header: str) -> Meaning | None:
    """Return what a column with this header holds; None for a column that is not read.

    Capitals, line breaks, underscores and punctuation do not matter, nor does a remark in
    brackets: `Level (1-5)`.
    """
    if len(header) > LONGEST_NAME:
        return None
    found = _MEANINGS.get(folded(header)) or _MEANINGS.get(folded(_IN_BRACKETS.sub("", header)))
    if found is not None:
        return found
    code = indicator_code(header)
    return Meaning(Role.LEVEL_OF, indicator=code) if _CODE_IN_HEADER.fullmatch(code) else None


def names_of(role: Role) -> tuple[str, ...]:
    """Return the names under which a column of this role is found, to suggest the nearest."""
    if role is Role.INDICATOR:
        return tuple(name for names in _INDICATOR for name in names)
    return (*_NAMES[role], *(STAGE_BY_NAME if role is Role.LEVEL else ()))


HEADER_WITHIN = 30
"""The header is looked for in this many rows; titles and the institution stand above it."""

_COLUMNS_LOOKED_AT = 2_000
_FEWEST_CODES = 3
_MOST_LEVELS = 6  # a scale of whole levels has at most these: 0 to 5
_LOOKED_AT = 200  # cells of a row that is searched for misspelt names
_SHORTEST_NAME = 4  # below, every word is near
_WORTH_SHOWING = 8
_NEEDED = {Role.INDICATOR, Role.LEVEL}

Rows = Sequence[Sequence[str]]
Spans = Mapping[Cell, int]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is read: its index, its header as written, and where that header stands."""

    index: int
    name: str
    meaning: Meaning
    header: Cell

    @property
    def role(self) -> Role:
        """The column's role."""
        return self.meaning.role


@dataclass(frozen=True, slots=True)
class Header:
    """The header's first and last row, its columns in their order, and the form of the table.

    `wide` says that a row holds an institution; else it holds an indicator. `width` is the number
    of columns up to the last one with a name.
    """

    first_row: int
    last_row: int
    columns: tuple[Column, ...]
    wide: bool
    width: int

    def of(self, role: Role) -> list[Column]:
        """Return the columns of a role, from the left."""
        return [column for column in self.columns if column.role is role]


def find_header(rows: Rows, spans: Spans | None = None) -> Header | None:
    """Return the first row, or pair of rows, that holds the columns of a score sheet.

    These are an indicator's code and a level, or three indicators side by side. None where no
    row holds them.
    """
    upper = list(_single(rows[0], 0, spans or {})) if rows else []
    for row in range(min(len(rows), HEADER_WITHIN)):
        single = _header(row, row, upper, rows)
        if single is not None and single.wide:
            return single
        lower = []
        if row + 1 < len(rows):
            lower = list(_single(rows[row + 1], row + 1, spans or {}))
            double = _double(rows, row, upper, lower)
            if double is not None:
                return double
        if single is not None:
            return single
        upper = lower
    return None


def _header(first: int, last: int, columns: Sequence[Column], rows: Rows) -> Header | None:
    """Return the header that these columns make, or None where one that is needed lacks."""
    roles = {column.role for column in columns}
    wide = _has_run_of_codes(columns)
    if not wide and not roles >= _NEEDED:
        return None
    width = max(_width(rows[row]) for row in range(first, last + 1))
    width = max(width, *(column.index + 1 for column in columns))
    unread = Role.LEVEL if wide else Role.LEVEL_OF
    read = tuple(column for column in columns if column.role is not unread)
    return Header(first, last, read, wide, width)


def _has_run_of_codes(columns: Sequence[Column]) -> bool:
    """Tell a header of codes from a row of levels, which looks alike.

    Three codes with letters (`I7`), three of which each follows the one before (`1, 2, 3`), or more
    different whole numbers than a scale has levels.
    """
    of_levels = [column for column in columns if column.role is Role.LEVEL_OF]
    codes = [column.meaning.indicator for column in of_levels]
    lettered = [column for column in of_levels if any(map(str.isalpha, column.name))]
    whole = {code for code in codes if code.isdecimal()}
    if len(lettered) >= _FEWEST_CODES or (_MOST_LEVELS < len(whole) == len(set(codes))):
        return True
    run = 1
    for before, code in pairwise(codes):
        run = run + 1 if _follows(code, before) else 1
        if run == _FEWEST_CODES:
            return True
    return False


def _follows(code: str, before: str) -> bool:
    whole, _, part = code.partition(".")
    whole_before, _, part_before = before.partition(".")
    if part and part_before and whole == whole_before:
        return int(part) == int(part_before) + 1
    return int(whole) == int(whole_before) + 1


def _single(cells: Sequence[str], row: int, spans: Spans) -> Iterator[Column]:
    """Yield a row's known columns; a merged cell's text counts for all the columns it spans."""
    for index, cell in enumerate(cells[:_COLUMNS_LOOKED_AT]):
        meaning = meaning_of(cell) if cell else None
        if meaning is not None:
            for column in range(index, index + spans.get((row, index), 1)):
                yield Column(column, cell, meaning, (row, index))


def _double(
    rows: Rows, row: int, of_upper: Sequence[Column], of_lower: Sequence[Column]
) -> Header | None:
    """Return the header that two rows make together, where each of them adds to it.

    "Nilai" over Mandiri | Eks | Akhir, or Mandiri | Eks over Nilai | Catatan | Nilai | Catatan.
    """
    upper = {column.index: column for column in of_upper}
    lower = {column.index: column for column in of_lower}
    if not _is_second_row(rows[row + 1], upper, lower):
        return None
    columns, from_upper, from_lower = [], False, False
    above: Column | None = None  # the upper cell that reaches over this column
    width = max(_width(rows[row]), _width(rows[row + 1]))
    for index in range(width):
        if _at(rows[row], index):
            above = upper.get(index)
        below = lower.get(index)
        if below is not None:
            stage = above.meaning.stage if above is not None else None
            qualified = stage is not None and below.meaning.stage is None
            if qualified and below.role in (Role.LEVEL, Role.NOTE, Role.EVIDENCE):
                below = Column(index, below.name, Meaning(below.role, stage), below.header)
                from_upper = True
            columns.append(below)
            from_lower = True
        elif index in upper and index < _width(rows[row + 1]):
            columns.append(upper[index])
            from_upper = from_upper or not _at(rows[row + 1], index)
        elif index in upper:
            columns.append(upper[index])
    header = _header(row, row + 1, columns, rows)
    return header if from_upper and from_lower else None


def _is_second_row(
    cells: Sequence[str], upper: Mapping[int, Column], lower: Mapping[int, Column]
) -> bool:
    """Tell the second row of a header from the first row of data, which has a code."""
    roles = {column.role for column in upper.values()}
    if _has_run_of_codes(list(lower.values())):  # "Indikator" over 1 | 2 | 3, not data of stages
        return not roles >= _NEEDED
    if not any(column.role is Role.LEVEL for column in lower.values()):
        return False
    codes = [index for index, column in upper.items() if column.role is Role.INDICATOR]
    return all(
        not _at(cells, index) or (index in lower and lower[index].role is Role.INDICATOR)
        for index in codes
    )


def _at(cells: Sequence[str], index: int) -> str:
    return cells[index].strip() if index < len(cells) else ""


def _width(cells: Sequence[str]) -> int:
    return next((i + 1 for i in range(len(cells) - 1, -1, -1) if cells[i].strip()), 0)


def recognised(rows: Rows) -> tuple[int, int]:
    """Return how many needed columns, and how many kinds of columns, the best first row holds.

    To compare tables. `Instansi | Kota X` is nearer to metadata than to a header.
    """
    return max(map(_kinds, rows[:HEADER_WITHIN]), default=(0, 0))


def _kinds(cells: Sequence[str]) -> tuple[int, int]:
    roles = {meaning.role for cell in cells[:_LOOKED_AT] if cell and (meaning := meaning_of(cell))}
    return len(roles & _NEEDED), len(roles - {Role.LEVEL_OF})


def duplicate_columns(grid: Grid, header: Header) -> list[Problem]:
    """Return a problem for every column that says what another one says already.

    Notes, evidence and responsible units may stand in several columns. Of several columns that
    may hold the indicator's code one is chosen, so only the same name twice is a problem there.
    """
    first: dict[tuple[Meaning, str], Column] = {}
    problems = []
    for column in header.columns:
        if column.role in (Role.NOTE, Role.EVIDENCE, Role.RESPONSIBLE):
            continue
        by_name = column.role is Role.INDICATOR
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


def no_header(grid: Grid) -> Problem:
    """Return the problem that no row holds the needed columns, at the row that comes nearest."""
    filled = [row for row in range(min(len(grid.rows), HEADER_WITHIN)) if not grid.is_blank(row)]
    row = max(filled, key=lambda row: (_kinds(grid.rows[row]), _cells(grid.rows[row]) > 1))
    cells = grid.rows[row][:_LOOKED_AT]
    named = [(index, cell.strip()) for index, cell in enumerate(cells) if cell.strip()]
    roles = {meaning.role for _, cell in named if (meaning := meaning_of(cell))}
    missing = [role for role in (Role.INDICATOR, Role.LEVEL) if role not in roles]
    index, near = _misspelt(named, missing)
    found = ", ".join(name[:40] for _, name in named[:_WORTH_SHOWING])
    values = {"found": found, "missing": ", ".join(missing), **near}
    return grid.problem("no-header", (row, named[0][0] if index is None else index), **values)


def _cells(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells[:_LOOKED_AT] if cell.strip())


def _misspelt(
    named: Sequence[tuple[int, str]], missing: Sequence[Role]
) -> tuple[int | None, dict[str, str]]:
    """Return the column that looks like a missing one misspelt, and the name it is nearest to."""
    from spbe_cli.core.problem import nearest

    wanted = [name for role in missing for name in names_of(role) if len(name) >= _SHORTEST_NAME]
    for index, name in named:
        if len(name) <= max(map(len, wanted), default=0) and not meaning_of(name):
            near = nearest(name, wanted)
            if near:
                return index, near
    return None, {}
