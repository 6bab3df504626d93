"""The rows of a published table: what kind each is, and the institution that it is of."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

from spbe_cli.core.instrument import Instrument, Predicate, folded
from spbe_cli.core.number import NotANumberError, exact, is_number, parse
from spbe_cli.core.population import Known, Member, index_from
from spbe_cli.core.problem import Place, Problem, Severity, errors_of, nearest
from spbe_cli.core.units import WHOLE
from spbe_cli.read.choice import Wishes, beside
from spbe_cli.read.columns import Headings as Meanings
from spbe_cli.read.columns import named
from spbe_cli.read.grid import Grid
from spbe_cli.read.header import Column, Header, Role
from spbe_cli.read.instruments import (
    instrument_of,
    referenced_instrument,
)
from spbe_cli.read.rows import (
    Found,
    Headings,
    Kind,
    is_signature,
    mark_problems,
    repeated_heading,
    row_length_problems,
    signed_rows,
)
from spbe_cli.read.values import LONGEST_NAME, stage_of

_YEAR = re.compile(r"(?:tahun|thn|ta|fy|year)?[\s.:]*(?P<year>[0-9]{4})(?:[.,]0+)?", re.IGNORECASE)
_NO_VALUE = re.compile(r"[-\u2010-\u2015\u2212]+|n\.?\s?/?\s?a\.?", re.IGNORECASE)
_RULE = re.compile(r"[-=:_\u2500\u2014\s]*")  # a blank row, or the rule below a heading in Markdown
_NUMBERED = re.compile(r"\s*\(?(?:(?P<letter>[IVX]{1,4}|[A-H])|[0-9]{1,2})\s*[.)]+\s*(?=\S)")
_MEAN = r"(?:rata rata|rata2|rerata|rataan|average|avg|mean|median)"
_BEGINS_MEAN = re.compile(
    rf"(?:(?:nilai|skor|score|indeks|index|capaian|total) )*{_MEAN}(?: .*)?", re.IGNORECASE
)
_ENDS_MEAN = re.compile(r"(?P<before>.+?) (?:rata rata|rata2|rerata|rataan)(?: (?P<after>.*))?")
_NATIONAL_MEAN = re.compile(rf"(?P<before>.+) {_MEAN}")
_TOTAL = re.compile(
    r"(?:(?:(?:nilai|skor|score|indeks|index) )?(?:tertinggi|terendah|maksimum|maksimal|minimum"
    r"|minimal|max|min|maximum|highest|lowest|standar deviasi|simpangan baku|stdev)"
    r"|(?:(?:sub|grand) ?)?(?:total|jumlah|sum|indeks|index|nilai|skor|score|predikat|predicate"
    r"|standard deviation|std|count|banyaknya)|target|realisasi|baseline|ambang|batas)"
    r"(?: (?P<rest>.*))?"
)
_GROUP_WORDS = frozenset(
    {
        *("kabupaten", "kab", "kota", "provinsi", "prov", "kementerian", "lembaga", "kl", "k", "l"),
        *("klpd", "pemda", "pemerintah", "pemerintahan", "daerah", "pusat", "instansi", "opd"),
        *("nasional", "national", "indonesia", "seluruh", "semua", "keseluruhan", "se", "all"),
        *("dan", "di", "of", "the", "for", "and", "wilayah", "lpnk", "non", "pd", "satker"),
        *("ministries", "agencies", "institutions", "provinces", "regencies", "cities"),
        *("regional", "provincial", "overall", "central", "local", "government", "governments"),
        *("koordinator", "setingkat", "struktural", "nonstruktural", "perangkat", "skpd"),
        *("spbe", "nilai", "skor", "score", "indeks", "index", "predikat", "capaian", "tahun"),
        *(
            "year",
            "responden",
            "unit",
            "hasil",
            "evaluasi",
            "pemdi",
            "kategori",
            "kelompok",
            "klaster",
            "domain",
            "aspek",
            "maturity",
            "rpjmn",
            "rpjmd",
            "renstra",
        ),
    }
)
_AGGREGATES = frozenset(
    {
        *("average", "mean", "rata", "rerata", "total", "jumlah", "keseluruhan"),
        *("batas", "atas", "bawah", "memuaskan", "sangat", "baik", "cukup", "kurang"),
    }
)
_NAMES_NO_GROUP = frozenset(
    {"koordinator", "government", "unit", "tahun", "year", "k", "l", "di", "se", "hasil"}
)
_KIND_ALONE = re.compile(r"(?:kota|kabupaten|kab|provinsi|prov)")


@dataclass(frozen=True)
class Values:
    """The columns of values of one year; of the row's own where `year` is None."""

    year: int | None
    index: Column | None
    predicate: Column | None
    nodes: Sequence[Column]

    @property
    def columns(self) -> Sequence[Column]:
        """All of them."""
        found = (self.index, self.predicate, *self.nodes)
        return [column for column in found if column is not None]


@dataclass(frozen=True)
class Table:
    """A table of published results: its heading, what its columns hold, what stands above.

    `who` holds the columns that describe the institution, by role.
    """

    grid: Grid
    header: Header
    who: Mapping[Role, Column]
    values: Sequence[Values]
    meanings: Meanings
    above: Mapping[str, Found]
    problems: Sequence[Problem] = ()

    @cached_property
    def headings(self) -> Headings:
        """What tells a heading row that is repeated."""
        return repeated_heading(self.grid, self.header)

    @cached_property
    def signed(self) -> frozenset[int]:
        """The rows of signatures."""
        return signed_rows(self.grid, self.header, [each.index for each in self.value_columns])

    @property
    def rows(self) -> range:
        """The rows below the heading."""
        return range(self.header.last_row + 1, len(self.grid.rows))

    @cached_property
    def value_columns(self) -> Sequence[Column]:
        """The columns of values of all years."""
        return [column for each in self.values for column in each.columns]

    def text(self, row: int, column: Column | None) -> str:
        """Return what stands in a row under a column."""
        return "" if column is None else self.grid.text(row, column.index)

    @cached_property
    def most_decimals(self) -> Mapping[int, int]:
        """The most decimals of a number in each column of values."""
        return {
            column.index: max(
                (decimals(t) for row in self.rows if is_number(t := self.text(row, column))),
                default=0,
            )
            for column in self.value_columns
        }

    def name(self, row: int) -> str:
        """Return whose row it is."""
        return self.text(row, self.who[Role.INSTITUTION])

    def has_values(self, row: int) -> bool:
        """Return whether a row holds any value."""
        return any(self.text(row, column) for column in self.value_columns)


def kind_of_row(table: Table, row: int) -> tuple[Kind, str]:
    """Return what a row is, and the text by which it is known."""
    grid = table.grid
    if all(map(_RULE.fullmatch, grid.rows[row])):
        return Kind.BLANK, ""
    name = table.name(row)
    if table.headings.holds(grid, row):
        return Kind.HEADING, name
    texts = [(i, text) for i in range(len(grid.rows[row])) if (text := grid.text(row, i))]
    values = {column.index for column in table.value_columns}
    words = [text for index, text in texts if index not in values]
    said = name or next((word for word in words if any(map(str.isalpha, word))), "")
    if any(map(is_mean_or_total, [said] if name else words)):
        return Kind.TOTAL, said
    if is_group(said):
        return Kind.GROUP, said
    if table.has_values(row) and row not in table.signed:
        return Kind.DATA, name
    return _without_values("" if row in table.signed else name, [text for _, text in texts])


def _without_values(name: str, texts: Sequence[str]) -> tuple[Kind, str]:
    """Return what a row without values is: an institution that lacks them, a group or a remark."""
    if not texts:  # characters that nobody sees
        return Kind.BLANK, ""
    numbered = _NUMBERED.match(name) if name and len(texts) == 1 else None
    if numbered is not None and numbered["letter"]:  # A. Kementerian
        return Kind.GROUP, name
    if not name or is_signature(texts[0]) or is_signature(name) or len(name) > LONGEST_NAME:
        return Kind.REMARK, texts[0]
    return Kind.DATA, name


def is_mean_or_total(text: str) -> bool:
    """Return whether a text names a mean, a total or an extreme, and no institution.

    No institution's name begins with "Rata-rata". "Total" and "Jumlah" may begin one, so what
    follows must be the words of a group: `Jumlah K/L`, `Total Provinsi Lampung`.
    """
    name = named(_NUMBERED.sub("", text, count=1))
    if not name or len(name) > 2 * LONGEST_NAME:
        return False
    if _BEGINS_MEAN.fullmatch(name):
        return True
    match = _ENDS_MEAN.fullmatch(name) or _NATIONAL_MEAN.fullmatch(name)
    if match is not None:
        before = match["before"].split()
        if all(word in _GROUP_WORDS for word in before) and not (
            len(before) == 1 and _KIND_ALONE.fullmatch(before[0]) and "rata" not in name
        ):
            return True
    match = _TOTAL.fullmatch(name)
    if match is None:
        return False
    rest = (match["rest"] or "").split()
    return not rest or rest[0] in _GROUP_WORDS | _AGGREGATES or rest[0].isdecimal()


def is_group(text: str) -> bool:
    """Return whether a text is a group of institutions and none itself: `Kementerian/Lembaga`."""
    words = named(_NUMBERED.sub("", text, count=1)).split()
    if not words or all(word in _NAMES_NO_GROUP for word in words):
        return False
    return words[0] == "wilayah" or all(word in _GROUP_WORDS for word in words)


class Row:
    """Reads one row of a published table, for one of its years."""

    def __init__(self, table: Table, row: int, values: Values, wishes: Wishes) -> None:
        self.table = table
        self.row = row
        self.values = values
        self.problems: list[Problem] = []
        self.filled: list[Problem] = []  # what settings say where the row does not
        self._wishes = wishes
        self.year = self._year()

    @property
    def has_values(self) -> bool:
        """Whether the row has anything of the year."""
        return any(self.table.text(self.row, column) for column in self.values.columns)

    @property
    def is_of_other_years(self) -> bool:
        """Whether the row has values of other years alone: institutions come and go."""
        table = self.table
        return len(table.values) > 1 and not self.has_values and table.has_values(self.row)

    def member(self, *, first: bool) -> Member | None:
        """Return the row's institution; None where something is wrong, or nothing of the year.

        `first`: it is the first year of the row, for which the row itself is looked at.
        """
        table, grid = self.table, self.table.grid
        if not first and not self.has_values:
            return None
        who = table.who[Role.INSTITUTION]
        name = table.name(self.row)
        if first:
            self.problems += row_length_problems(grid, table.header, self.row)
            if not name:
                self._say("institution-absent", who)
        if self.is_of_other_years:
            return None
        cells = ((self.row, column.index) for column in self.values.columns)
        marked = mark_problems(grid, cells)
        self.problems += marked
        year = self._wishes.year if self._wishes.year is not None else self.year
        if year is None and self._wishes.assumed.year is not None:
            year = self._wishes.assumed.year
            self.filled.append(self._wishes.assumed.notices["year"])
        instrument = self._instrument(year)
        return self._member(name, year, instrument)

    def _member(self, name: str, year: int | None, instrument: Instrument | None) -> Member | None:
        places: dict[str, int] = {}
        nodes: dict[str, Fraction] = {}
        by_code: dict[str, Column] = {}
        for column in self.values.nodes:
            code = None
            if instrument is not None:
                code = self.table.meanings.nodes(instrument).code(column.name)
            if code is not None:
                by_code.setdefault(code, column)
        for code in [] if instrument is None else instrument.node_by_code:
            if code not in by_code:
                continue
            value = self._value(code, by_code[code], instrument, places)
            if value is not None:
                nodes[code] = value
        published = self._value(WHOLE, self.values.index, instrument, places)
        predicate = self._predicate(instrument)
        if errors_of(self.problems) or instrument is None:
            return None
        index = published if published is not None else index_from(instrument, nodes)
        known = Known.PUBLISHED if published is not None else Known.GROUPS
        if index is None:
            if not self._wishes.parts_allowed or not (nodes or predicate):
                self._say("index-absent", self.values.index or self.table.who[Role.INSTITUTION])
                return None
            known = Known.PARTS
        category, province = self._about(Role.CATEGORY), self._about(Role.PROVINCE)
        return Member(
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
            place=self._place(self.table.who[Role.INSTITUTION]),
            places=places,
            stage=stage_of(self._about(Role.STAGE)),
        )

    def _about(self, role: Role) -> str:
        """Return what the row says of the institution, else what stands above the table."""
        own = self.table.text(self.row, self.table.who.get(role))
        if own or role not in self.table.above or role in self.table.who:
            return own
        return self.table.above[role].text

    def _year(self) -> int | None:
        """Return the year of the row's column, heading or table, whatever is asked for."""
        column = self.table.who.get(Role.YEAR)
        text = self._about(Role.YEAR)
        match = _YEAR.fullmatch(text)
        own = int(match["year"]) if match else None
        if text and match is None and self._wishes.year is None and column is not None:
            self._say("not-a-whole-number", column, key="year", found=text)
        of_heading = self.values.year
        if of_heading is None or own is None or own == of_heading or column is None:
            return of_heading if of_heading is not None else own
        if self.table.text(self.row, column) and self._wishes.year is None:
            values = {"key": "year", "found": text, "first": str(of_heading)}
            self._say("metadata-twice", column, **values)
        return of_heading

    def _instrument(self, year: int | None) -> Instrument | None:
        if self._wishes.instrument is not None:
            return self._wishes.instrument
        name = self._about(Role.INSTRUMENT)
        if not name and self._wishes.assumed.instrument is not None:
            self.filled.append(self._wishes.assumed.notices["instrument"])
            return self._wishes.assumed.instrument
        column = self.table.who.get(Role.INSTRUMENT) or self.table.who[Role.INSTITUTION]
        instrument, problems = _instrument_named(name, year, self._place(column).source)
        here = self._place(column if name else self.table.who.get(Role.YEAR, column))
        self.problems += [p if p.place.line else p.at(here) for p in problems]
        return instrument

    def _value(
        self,
        code: str,
        column: Column | None,
        instrument: Instrument | None,
        places: dict[str, int],
    ) -> Fraction | None:
        text = self.table.text(self.row, column)
        if column is None or not text or _NO_VALUE.fullmatch(text):
            return None
        if (self.row, column.index) in self.table.grid.marks:
            return None
        try:
            value = parse(text)
        except NotANumberError:
            self._say("published-not-number", column, column=column.name, found=text)
            return None
        # a published value may be too low, which the audit explains; none is above the scale
        if instrument is not None and not 0 <= value <= instrument.scale.highest:
            values = {"found": text, "highest": exact(instrument.scale.highest)}
            self._say("published-off-scale", column, column=column.name, **values)
            return None
        if "/" not in text:
            places[code] = self._places(text, column, instrument)
        return value

    def _places(self, text: str, column: Column, instrument: Instrument | None) -> int:
        """Return in how many decimals a value is written; a workbook drops zeros at the end."""
        own = decimals(text)
        if self.table.grid.delimiter or instrument is None:
            return own
        return max(own, min(self.table.most_decimals[column.index], instrument.places))

    def _predicate(self, instrument: Instrument | None) -> Predicate | None:
        column = self.values.predicate
        text = self.table.text(self.row, column)
        if not text or column is None or instrument is None or _NO_VALUE.fullmatch(text):
            return None
        found = instrument.predicate_named(text)
        if found is None:
            names = [predicate.name for predicate in instrument.predicates]
            values = {"found": text, "known": ", ".join(names), **nearest(text, names)}
            self._say("published-predicate-unknown", column, **values)
        return found

    def _place(self, column: Column) -> Place:
        return self.table.grid.place_of(self.row, column.index)

    def _say(self, code: str, at: Column, /, **values: str) -> None:
        self.problems.append(Problem(code, self._place(at), values))


@lru_cache(maxsize=256)
def _instrument_named(
    name: str, year: int | None, source: str
) -> tuple[Instrument | None, tuple[Problem, ...]]:
    """Return the instrument of a name, else of a year; None with the reason why there is none."""
    if name:
        instrument, problems = referenced_instrument(beside(name, source))
        return instrument, tuple(problems)
    instrument, problems = instrument_of(None, year, Place(source))
    return instrument, tuple(problems)


def decimals(text: str) -> int:
    """Return how many decimals a number is written with."""
    return len(text.replace(",", ".").partition(".")[2])


def left_out_notice(table: Table, row: int, text: str) -> Problem:
    """Return that a row is left out, with what it says."""
    column = table.who[Role.INSTITUTION].index
    problem = table.grid.problem("row-not-read", (row, column), found=text)
    return problem._replace(severity=Severity.NOTICE)


def same_text(one: str, other: str) -> bool:
    """Return whether two cells say the same: a number in any form, or words."""
    try:
        return parse(one) == parse(other)
    except NotANumberError:
        return folded(one) == folded(other)
