"""The heading row of a table, and what each of its columns holds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from spbe_cli.core.assessment import Stage
from spbe_cli.core.instrument import Instrument, folded, indicator_code
from spbe_cli.read.grid import HEADER_WITHIN, Cell
from spbe_cli.read.values import LONGEST_NAME, STAGE_BY_NAME


class Role(StrEnum):
    """What a column holds, named as the key in a sheet's data."""

    INDICATOR = "indicator"  # the indicator's code, one a row
    LEVEL = "level"  # the level, of one stage where the header says which
    LEVEL_OF = "level_of"  # the level of the one indicator that the header names
    WEIGHT = "weight"  # the weight of an indicator: not read, and known not to be a level
    GROUP = "group"  # the domain or aspect of an indicator: not read either
    ITEM = "item"  # the number of a piece of evidence at its level, one a row: of a checklist
    ACCEPTED = "accepted"  # whether it is accepted
    CLAIM = "claim"  # the level that is claimed beside it
    NOTE = "note"
    EVIDENCE = "evidence"
    RESPONSIBLE = "responsible"
    INSTITUTION = "institution"
    CATEGORY = "category"
    PROVINCE = "province"
    YEAR = "year"
    STAGE = "stage"
    INSTRUMENT = "instrument"
    INDEX = "index"  # of a published table
    NODE = "node"  # a domain's or aspect's index there
    PREDICATE = "predicate"


CHECKLIST = (Role.ITEM, Role.ACCEPTED, Role.CLAIM)
"""The roles that only a checklist has; elsewhere such columns are not read."""

METADATA = (
    Role.INSTITUTION,
    Role.CATEGORY,
    Role.PROVINCE,
    Role.YEAR,
    Role.STAGE,
    Role.INSTRUMENT,
)
"""The roles that describe a whole score sheet, and not one indicator."""


class Meaning(NamedTuple):
    """A column's role; its stage or indicator where the header names one.

    Of several columns that may hold the code, the one with the lowest `rank` is tried first: a
    column "Indikator" often holds names and "No" the codes. `indicator` is a node's code in a
    published table, `year` the year that such a heading names. `number` is the indicator of a
    heading's number where its name is that of another.
    """

    role: Role
    stage: Stage | None = None
    indicator: str = ""
    rank: int = 0
    year: int | None = None
    number: str = ""


INDICATOR_NAMES = (
    ("kode", "kode indikator", "code", "indicator code"),
    ("no indikator", "nomor indikator", "indicator no", "indicator number"),
    ("indikator", "indicator"),
    ("no", "nomor", "number", "no urut"),
    ("nama indikator", "indicator name", "name of the indicator", "uraian indikator", "nama"),
    ("id indikator", "id", "indicator id"),
)
NAME, ID = len(INDICATOR_NAMES) - 2, len(INDICATOR_NAMES) - 1
"""The ranks of a column of names, and of one of ids: it gives codes where no other column does."""


def _names(listed: str) -> tuple[str, ...]:
    return tuple(listed.split(", "))


COLUMN_NAMES = {
    Role.LEVEL: _names(
        "level, tingkat, tingkat kematangan, level kematangan, nilai, "
        "nilai tingkat kematangan, nilai kematangan, nilaikematangan, skor, score, tk, "
        "capaian, maturity level, nilai indikator, skor indikator, "
        "tingkat kematangan indikator"
    ),
    Role.WEIGHT: ("bobot", "bobot indikator", "weight"),
    Role.GROUP: _names("domain, aspek, aspect, kode domain, kode aspek, nama domain, nama aspek"),
    Role.ITEM: _names(
        "item, butir, no butir, nomor butir, no item, nomor item, item no, item number, piece"
    ),
    Role.ACCEPTED: ("accepted", "diterima", "terpenuhi", "disetujui"),
    Role.CLAIM: _names("claim, claimed, claimed level, klaim, nilai klaim, tingkat klaim"),
    Role.NOTE: ("note", "notes", "catatan", "penjelasan", "keterangan"),
    Role.EVIDENCE: _names(
        "evidence, data dukung, bukti, bukti dukung, evidence given, data dukung yang diberikan"
    ),
    Role.RESPONSIBLE: ("responsible", "opd", "pic", "opd pic", "penanggung jawab"),
    Role.INSTITUTION: _names(
        "institution, instansi, nama instansi, institution name, pemerintah daerah, "
        "nama pemerintah daerah, pemda, nama pemda, k l, nama k l, kabupaten kota, "
        "nama kabupaten kota"
    ),
    Role.CATEGORY: ("category", "kategori", "kategori instansi", "jenis instansi"),
    Role.PROVINCE: ("province", "provinsi", "nama provinsi"),
    # "Tahun Anggaran" is not here: the budget's year is often not the year that is assessed
    Role.YEAR: ("year", "tahun", "tahun penilaian", "tahun evaluasi", "assessment year"),
    Role.STAGE: ("stage", "tahap", "tahapan"),
    Role.INSTRUMENT: ("instrument", "instrumen"),
}
_MEANINGS = {
    **{name: Meaning(Role.LEVEL, stage) for name, stage in STAGE_BY_NAME.items()},
    **{name: Meaning(role) for role, names in COLUMN_NAMES.items() for name in names},
    **{
        name: Meaning(Role.INDICATOR, rank=rank)
        for rank, names in enumerate(INDICATOR_NAMES)
        for name in names
    },
}
_CODE = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
_CODE_IN_HEADER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,2})?", re.ASCII)  # a year is no indicator
_IN_BRACKETS = re.compile(r"\([^()]*\)")


def is_code(text: str) -> bool:
    """Return whether a text is an indicator's code, however it is written."""
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


_COLUMNS_LOOKED_AT = 2_000
_FEWEST_CODES = 3
_MOST_LEVELS = 6  # a scale of whole levels has at most these: 0 to 5
_BODY = 200  # rows below a heading row that speak for it
_WORDS_LOOKED_AT = 20
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_LEVEL = re.compile(r"[0-9](?:[.,][0-9]{1,4})?")  # as a level of any scale is written
_DECIMAL = re.compile(r"[0-9]+[.,](?:[0-9]{2,}|[1-9])")  # 2.70 is no code, unless one has it
_LETTERED = re.compile(r"[^\W\d_]{1,10}[\s._-]{0,2}[0-9]+(?:\.[0-9]+)*")
_REMARK = re.compile(r"[0-9][\s.:)_-]+[^\W\d_]|[0-9][.,][0-9]*$")  # "2 dokumen", 2.00
NEEDED = {Role.INDICATOR, Role.LEVEL}

_SECOND = (Role.LEVEL, Role.LEVEL_OF)  # what a second heading row adds

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


class Header(NamedTuple):
    """The header's first and last row, its columns in their order, and the form of the table.

    `wide` says that a row holds an institution; else it holds an indicator. `width` is the number
    of columns up to the last one with a name. `named` is the shipped instrument whose names told
    the columns where no other did.
    """

    first_row: int
    last_row: int
    columns: tuple[Column, ...]
    wide: bool
    width: int
    named: str = ""

    def of(self, role: Role) -> list[Column]:
        """Return the columns of a role, from the left."""
        return [column for column in self.columns if column.role is role]

    @property
    def is_checklist(self) -> bool:
        """Whether a row holds a piece of evidence."""
        needed = (Role.LEVEL, Role.ITEM, Role.ACCEPTED)
        return not self.wide and all(map(self.of, needed))


Weight = tuple[bool, int, int, int]
"""How much speaks for a heading row: names, the rows or indicators below it, kinds, its place."""


def candidates(
    rows: Rows, spans: Spans | None = None, instrument: Instrument | None = None
) -> list[tuple[Weight, Header]]:
    """Return every row, or pair of rows, that may name the columns, with what speaks for it.

    A row of names goes before any row of numbers, and the more of an instrument it leads to. One
    that repeats another, as each printed page does, never goes before it.
    """
    headers = []
    upper = list(named_columns(rows[0], 0, spans or {}, instrument)) if rows else []
    for row in range(min(len(rows), HEADER_WITHIN)):
        single = _header(row, row, upper, rows, instrument) if len(upper) > 1 else None
        lower = []
        double = None
        if row + 1 < len(rows):
            lower = list(named_columns(rows[row + 1], row + 1, spans or {}, instrument))
            if upper and lower and (single is None or not single.wide):
                double = _double(rows, row, upper, lower, instrument)
        if double is not None or single is not None:
            headers.append(double or single)
        upper = lower
    found = [header for header in headers if header is not None]
    first = {tuple((c.index, folded(c.name)) for c in h.columns): h for h in reversed(found)}
    return [(_weight(header, found, rows), header) for header in reversed(first.values())]


def _weight(header: Header, headers: Sequence[Header], rows: Rows) -> Weight:
    names = [folded(column.name) for column in header.columns]
    others = (
        each.first_row
        for each in headers
        if each.first_row > header.last_row
        and [folded(column.name) for column in each.columns] != names
    )
    stop = min(min(others, default=len(rows)), header.last_row + 1 + _BODY)
    body = [row for row in range(header.last_row + 1, stop) if _width(rows[row])]
    roles = {column.role for column in header.columns if not _is_number(column.name)}
    return bool(roles), _covered(header, body, rows), len(roles), -header.first_row


def _covered(header: Header, body: Sequence[int], rows: Rows) -> int:
    """Return of how many indicators a heading row gives levels, by a glance at the rows below."""
    if header.wide:
        columns = header.of(Role.LEVEL_OF)
        filled = [c for c in columns if any(_LEVEL.fullmatch(_at(rows[r], c.index)) for r in body)]
        return len({column.meaning.indicator for column in filled})
    codes = [column.index for column in header.of(Role.INDICATOR)]
    levels = [column.index for column in header.of(Role.LEVEL)]
    coded = [row for row in body if any(_at(rows[row], index) for index in codes)]
    filled_rows = sum(any(_LEVEL.match(_at(rows[row], i)) for i in levels) for row in coded)
    return filled_rows or min(len(coded), 1)


def _is_number(text: str) -> bool:
    without = _IN_BRACKETS.sub("", text).strip() or text  # 3 (Terdefinisi) is a level
    return without.strip(" .,()").replace(".", "").replace(",", "").isdecimal()


def _header(
    first: int, last: int, columns: Sequence[Column], rows: Rows, instrument: Instrument | None
) -> Header | None:
    """Return the header that these columns make, or None where one that is needed lacks."""
    roles = {column.role for column in columns}
    wide = _names_indicators(columns, instrument)
    if not wide and not roles >= NEEDED:
        return None
    width = max(_width(rows[row]) for row in range(first, last + 1))
    width = max(width, *(column.index + 1 for column in columns))
    unread = (Role.LEVEL, Role.INDICATOR) if wide else (Role.LEVEL_OF,)
    read = tuple(column for column in columns if column.role not in unread)
    header = Header(first, last, read, wide, width)
    below = next((row for row in range(last + 1, len(rows)) if _width(rows[row])), None)
    if below is not None and numbers_columns(header, rows, below):
        header = Header(first, below, read, wide, width)
    return header


def numbers_columns(header: Header, rows: Rows, row: int) -> bool:
    """Return whether a row only numbers the columns, `(1) | (2) | (3)` or `a | b | c`.

    Without brackets it could be indicator 1: then a number must stand where the rows below hold
    words.
    """
    cells = [cell.strip() for cell in rows[row] if cell.strip()]
    if len(cells) < 2:  # noqa: PLR2004  (one number numbers nothing)
        return False
    inside = [cell.partition("=")[0].strip(" ().") for cell in cells]
    if all(cell.startswith("(") for cell in cells) and all(map(str.isdecimal, inside)):
        numbers = list(map(int, inside))  # a hidden column's is not there
        return numbers[0] == 1 and all(b > a for a, b in pairwise(numbers))
    if len(cells) < _FEWEST_CODES:
        return False
    if [cell.casefold() for cell in inside] == list(_ALPHABET[: len(cells)]):
        return True
    if inside != [str(number) for number in range(1, len(cells) + 1)]:
        return False
    below = rows[row + 1 : row + 1 + _WORDS_LOOKED_AT]
    return any(
        sum(1 for cells in below if _is_words(_at(cells, index))) * 2 > len(below)
        for index in range(header.width)
        if _at(rows[row], index)
    )


def _is_words(text: str) -> bool:
    return sum(map(str.isalpha, text)) > 1 and not _LETTERED.fullmatch(text)


def _names_indicators(columns: Sequence[Column], instrument: Instrument | None) -> bool:
    """Tell a header of codes from a row of levels, which looks alike.

    A third of the instrument's indicators, where that is known, or more different whole numbers
    than a scale has levels, and hardly one twice; three codes with letters (`I7`); beside an
    institution's heading one such or three of which each follows the one before.
    """
    of_levels = [column for column in columns if column.meaning.role is Role.LEVEL_OF]
    if not of_levels:
        return False
    codes = [c.meaning.indicator for c in of_levels if not _DECIMAL.fullmatch(c.name.strip())]
    of_whom = any(column.role in (Role.INSTITUTION, Role.YEAR) for column in columns)
    if instrument is not None:
        known = instrument.indicator_by_code
        further = {code: each.code for each in known.values() for code in each.also if of_whom}
        named_so = (column.meaning.indicator for column in of_levels)
        there = {further.get(code, code) for code in named_so} & known.keys()
        if len(there) * 3 >= len(known) and (of_whom or 2 * len(there) > len(of_levels) + 1):
            return True
    lettered = [column for column in of_levels if any(map(str.isalpha, column.name))]
    whole = {code for code in codes if code.isdecimal()}
    different = _MOST_LEVELS < len(whole) == len(set(codes)) and 2 * len(whole) > len(codes)
    if len(lettered) >= _FEWEST_CODES or different:
        return True
    named = any(column.role is Role.INSTITUTION for column in columns)
    return named and (bool(lettered) or _has_run(codes))


def _has_run(codes: Sequence[str]) -> bool:
    """Return whether three codes follow each other: `1, 2, 3`."""
    run = 1
    for before, code in pairwise(codes):
        run = run + 1 if _follows(code, before) else 1
        if run == _FEWEST_CODES:
            return True
    return False


def _follows(code: str, before: str) -> bool:
    if not (_CODE.fullmatch(code) and _CODE.fullmatch(before)):
        return False
    whole, _, part = code.partition(".")
    whole_before, _, part_before = before.partition(".")
    if part and part_before and whole == whole_before:
        return int(part) == int(part_before) + 1
    return int(whole) == int(whole_before) + 1


def named_columns(
    cells: Sequence[str], row: int, spans: Spans, instrument: Instrument | None
) -> Iterator[Column]:
    """Yield a row's known columns; a merged cell's text counts for all the columns it spans."""
    for index, cell in enumerate(cells[:_COLUMNS_LOOKED_AT]):
        meaning = _meaning_in(cell, instrument) if cell else None
        if meaning is not None:
            for column in range(index, index + spans.get((row, index), 1)):
                yield Column(column, cell, meaning, (row, index))


def _meaning_in(cell: str, instrument: Instrument | None) -> Meaning | None:
    """Return what a heading means, by the instrument's own codes and names too."""
    meaning = meaning_of(cell)
    if instrument is None or (meaning is not None and meaning.role is not Role.LEVEL_OF):
        return meaning
    meant = instrument.meant(cell)
    if meant.by_code and meant.by_name and meant.code is None:
        return Meaning(Role.LEVEL_OF, indicator=meant.by_name, number=meant.by_code)
    code = meant.code if meant.by_name or (meant.by_code and not _REMARK.search(cell)) else None
    return Meaning(Role.LEVEL_OF, indicator=code) if code is not None else meaning


def _double(
    rows: Rows,
    row: int,
    of_upper: Sequence[Column],
    of_lower: Sequence[Column],
    instrument: Instrument | None,
) -> Header | None:
    """Return the header that two rows make together, where each of them adds to it.

    "Nilai" over Mandiri | Eks | Akhir, or Mandiri | Eks over Nilai | Catatan | Nilai | Catatan.
    """
    if not any(column.meaning.role in _SECOND for column in of_lower):
        return None
    upper = {column.index: column for column in of_upper}
    lower = {column.index: column for column in of_lower}
    if any(_stands_above(rows, row, c.index) for c in of_upper if c.role in METADATA):
        return None
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
    header = _header(row, row + 1, columns, rows, instrument)
    return header if from_upper and from_lower else None


def _stands_above(rows: Rows, row: int, index: int) -> bool:
    """Return whether `Tahun | 2023` stands above a heading row, and is not the upper one of two.

    Below it is another heading, or a number where the codes have no heading.
    """
    body = next((cells for cells in rows[row + 2 :] if _width(cells)), ())
    is_code_below = _CODE_IN_HEADER.fullmatch(_at(body, index)) is not None
    return bool(_at(rows[row + 1], index)) or is_code_below


def _is_second_row(
    cells: Sequence[str], upper: Mapping[int, Column], lower: Mapping[int, Column]
) -> bool:
    """Tell the second row of a header from the first row of data, which has a code."""
    roles = {column.role for column in upper.values()}
    codes_below = [
        column.meaning.indicator
        for column in lower.values()
        if column.role is Role.LEVEL_OF and not _DECIMAL.fullmatch(column.name.strip())
    ]
    codes = [index for index, column in upper.items() if column.role is Role.INDICATOR]
    if _has_run(codes_below):  # "Indikator" over 1 | 2 | 3, not data of stages
        blank = not any(_at(cells, index) for index in codes)
        return not roles >= NEEDED or (Role.INSTITUTION in roles and blank)
    if not any(column.role is Role.LEVEL for column in lower.values()):
        return False
    return all(
        not _at(cells, index) or (index in lower and lower[index].role is Role.INDICATOR)
        for index in codes
    )


def _at(cells: Sequence[str], index: int) -> str:
    return cells[index].strip() if index < len(cells) else ""


def _width(cells: Sequence[str]) -> int:
    return next((i + 1 for i in range(len(cells) - 1, -1, -1) if cells[i].strip()), 0)
