"""Blocks of a wide table as text, scored by polars: what is plain in them, and which rows are not.

A level column is read as whole numbers at once. Whatever polars cannot read so becomes null, and a
row with a null is left to the reader that names problems. Polars cuts a row with too many cells in
silence, so the delimiters are counted.
"""

import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from typing import Literal, NamedTuple

import polars as pl

from spbe_cli.answers.batch import notice_codes
from spbe_cli.batch.columns import IndexColumns
from spbe_cli.core.number import exact, fixed, rounded
from spbe_cli.core.score import Reading
from spbe_cli.core.units import WHOLE, Node, Units, in_ticks
from spbe_cli.formats.data import FORMULA_SIGNS
from spbe_cli.read.header import Header, Role
from spbe_cli.read.row_faults import Setting
from spbe_cli.read.stream import Block
from spbe_cli.read.stream_rows import GoodRow, TextRows, with_levels

_ROW, _UNITS, _BEYOND = "spbe_row", "spbe_units", "spbe_beyond"
_WHO = (Role.INSTITUTION, Role.CATEGORY, Role.PROVINCE)
_DECIDING = (Role.YEAR, Role.STAGE, Role.INSTRUMENT)
_NAMES = [role.value for role in _WHO]
_BEFORE_CODES = 2 + len((*_NAMES, "year", "stage", "instrument", "index", "predicate"))

_LARGEST_BYTE = 255
_LONGEST = 1000
_MOST_SETTINGS = 50
"""More years, stages and instruments than this in one block are no table's."""

_MANY = 20
"""Where more than one row in this many is odd, levels are read as text: `3.0` is right as well."""

_ODD_NAME = (
    r"^\s*(?i:sub|grand|total|jumlah|rerata|rata|average|mean|indeks|index|predikat)"
    r"|[\x00-\x08\x0e-\x1f\u200b-\u200f\u2060\ufeff]"
)
"""Names of totals, and characters that the ordinary reader strips or refuses."""

_RUNNING = tuple(sign.encode() for sign in FORMULA_SIGNS.replace("\t\r\n", ""))
_LEADS = frozenset(sign[:1] for sign in _RUNNING)
_FORMULA = "^[" + FORMULA_SIGNS.replace("-", r"\-") + "]"
_NUMBER = r"^[+-]?[0-9]+(?:\.[0-9]+)?(?:/[0-9]+)?(?:\.\.[+-]?[0-9]+(?:\.[0-9]+)?(?:/[0-9]+)?)?$"


class ScoredPart(NamedTuple):
    """The rows of one setting, scored: as text, with the exact index in units.

    `rows` are the same rows with their levels in ticks, in the columns that `levels` names; `above`
    says whose all rows are.
    """

    text: pl.DataFrame
    rows: pl.DataFrame
    setting: Setting
    levels: Sequence[str]
    above: Mapping[str, str]

    @property
    def units(self) -> int:
        """The sum of the exact indices, in units."""
        return int(self.text.get_column(_UNITS).sum())

    def predicates(self) -> dict[str, int]:
        """Return how many rows each predicate has."""
        return dict(self.text.get_column("predicate").value_counts().iter_rows())

    def failing(self, units: int | None, predicates: Collection[str] | None) -> pl.DataFrame:
        """Return the rows below a number of units, or with another predicate than these."""
        fails = pl.lit(value=False)
        if units is not None:
            fails |= pl.col(_UNITS) < units
        if predicates is not None:
            fails |= ~pl.col("predicate").is_in(list(predicates))
        return self.rows.filter(self.text.select(fails).to_series())

    def readings(self, rows: pl.DataFrame) -> Iterator[Reading]:
        """Yield some of the rows as the ordinary reader would give them."""
        for row in rows.iter_rows(named=True):
            institution, category, province = (row.get(n) or self.above.get(n) for n in _NAMES)
            ticks = [row[name] for name in self.levels]
            yield with_levels(GoodRow((institution, category, province), self.setting, ticks))


@dataclass(frozen=True, slots=True)
class ScoredBlock:
    """The plain rows of a block in their order, as text.

    `may_run` says whether a name may be what a spreadsheet program would run, `may_need_quotes`
    whether one may hold a comma, a quote or a line end.
    """

    frame: pl.DataFrame
    parts: Sequence[ScoredPart]
    may_run: bool
    may_need_quotes: bool
    written: dict[bool, bytes] = field(default_factory=dict, compare=False)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the domains and aspects, in their order."""
        return tuple(self.frame.columns[_BEFORE_CODES:-1])

    @property
    def rows(self) -> pl.DataFrame:
        """The rows as they are written."""
        return self.frame.drop(_ROW, _UNITS)

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.frame.height

    def between(self, first: int, last: int | None) -> "ScoredBlock":
        """Return the rows whose numbers in the block are at least `first` and below `last`."""
        if first == 0 and last is None:
            return self
        number = self.frame.get_column(_ROW)
        start = int(number.search_sorted(first))
        stop = self.frame.height if last is None else int(number.search_sorted(last))
        return replace(self, frame=self.frame.slice(start, stop - start), written={})

    def csv(self, *, raw: bool) -> bytes:
        """Return the rows as Python's csv module writes them. Formulas are neutralised, but raw."""
        if raw not in self.written:
            frame = self.rows
            if self.may_run and not raw:
                frame = frame.with_columns(map(_neutral, _NAMES))
            style: Literal["necessary", "never"] = "necessary" if self.may_need_quotes else "never"
            text = io.BytesIO()  # several times as fast as a file
            frame.write_csv(text, include_header=False, quote_style=style)
            self.written[raw] = text.getvalue()
        return self.written[raw]


class Found(NamedTuple):
    """The plain rows of a block, scored, and the numbers of the others."""

    scored: ScoredBlock | None
    odd: Sequence[int]


class BlockScorer:
    """Scores blocks of any tables. Nothing is counted: that may be done beside each other."""

    def __init__(self, *, with_exact: bool) -> None:
        self._with_exact = with_exact
        self._tables: dict[int, tuple[Header, _TableScorer | None]] = {}

    def score(self, part: TextRows) -> Found | None:
        """Return the scores of a block's plain rows; None where the block is not plain.

        A block is plain if each of its lines is a row with as many cells as the header.
        """
        header = part.layout.header
        if id(header) not in self._tables:
            columns = _Columns.of(header, part.layout.dialect.delimiter)
            table = _TableScorer(columns, with_exact=self._with_exact) if columns else None
            self._tables[id(header)] = header, table
        table = self._tables[id(header)][1]
        return None if table is None else table.score(part)


class _Columns(NamedTuple):
    """Where things stand in a row: one column each, by the role's name; levels from the left."""

    width: int
    delimiter: str
    who: Mapping[str, int]
    deciding: Mapping[str, int]
    levels: Sequence[int]

    @classmethod
    def of(cls, header: Header, delimiter: str) -> "_Columns | None":
        """Return where things stand; None where two columns hold the same, which is rare."""
        found = {role: [column.index for column in header.of(role)] for role in Role}
        if any(len(found[role]) > 1 for role in (*_WHO, *_DECIDING)):
            return None
        who, deciding = (
            {role.value: found[role][0] for role in roles if found[role]}
            for roles in (_WHO, _DECIDING)
        )
        return cls(header.width, delimiter, who, deciding, found[Role.LEVEL_OF])

    @property
    def names(self) -> dict[str, str]:
        """What the columns that are read are called, by their names in a file without header."""
        names = {place: role for role, place in {**self.who, **self.deciding}.items()}
        names |= {place: f"level_{place}" for place in self.levels}
        names[self.width] = _BEYOND
        return {f"column_{place + 1}": name for place, name in sorted(names.items())}

    def schema(self, level: type[pl.DataType]) -> dict[str, type[pl.DataType]]:
        """Return the types of all columns, and of one beyond the last."""
        return {
            f"column_{place + 1}": level if place in self.levels else pl.String
            for place in range(self.width + 1)
        }


class _Recipe:
    """How rows of one setting are scored: made once, for it takes longer than scoring a few.

    `levels` names their columns. `least` and `most` are the ends of the scale in ticks; `in_bytes`
    says whether levels are whole numbers that polars can read as such.
    """

    def __init__(
        self, setting: Setting, who: Collection[str], above: Mapping[str, str], *, with_exact: bool
    ) -> None:
        self.setting = setting
        self.levels = [f"level_{place}" for place in setting.places.values()]
        self.above = above
        units = in_ticks(setting.reading.instrument)
        columns = IndexColumns(pl, units)
        self.least, self.most = columns.lowest, columns.highest
        self.in_bytes = units.counted.each == 1 and columns.step == 1
        longest = max(len(at) for node in units.nodes for at in node.weighted.values())
        self._layers = columns.layers(self.levels, setting.reading.assessment.year)
        if self.most * longest > _LARGEST_BYTE:  # polars adds bytes in bytes
            wider = pl.UInt32 if self.in_bytes else pl.Int64
            self._layers.insert(0, [pl.col(self.levels).cast(wider)])
        written = _written(setting.reading, units, who, above, with_exact=with_exact)
        self._written = [_ROW, pl.col(f"{WHOLE}_exact").alias(_UNITS), *written]

    def score(self, rows: pl.DataFrame) -> ScoredPart:
        """Return rows with plain levels, scored."""
        table = rows.lazy()
        for layer in self._layers:
            table = table.with_columns(layer)
        text = table.select(self._written).collect()
        return ScoredPart(text, rows, self.setting, self.levels, self.above)


class _TableScorer:
    """Scores blocks of tables that share one header."""

    def __init__(self, columns: _Columns, *, with_exact: bool) -> None:
        self._columns = columns
        self._with_exact = with_exact
        self._as_text = False
        self._recipes: dict[int, _Recipe] = {}
        within_field = '[^"]*(?:""[^"]*)*'
        ends = re.escape(columns.delimiter)
        self._quoted = re.compile(
            rf'(?:(?<=[{ends}\n])|(?<![\s\S]))"{within_field}"(?=[{ends}\r\n]|\Z)'.encode()
        )

    def score(self, part: TextRows) -> Found | None:
        content, rows = part.block.content, part.block.lines
        if not self._is_plain(content, rows):
            return None
        as_text = self._as_text  # other blocks are scored at the same time
        frame = self._read(content, as_text=as_text)
        if frame.height != rows or frame.get_column(_BEYOND).null_count() != rows:
            return None
        groups = self._groups(frame.drop(_BEYOND).with_row_index(_ROW), part)
        if groups is None:
            return None
        parts: list[ScoredPart] = []
        odd: list[int] = []
        for group, recipe in groups:
            plain, unfit = self._divided(group, recipe, as_text=as_text)
            odd += unfit
            if recipe is not None and plain.height:
                parts.append(recipe.score(plain))
        if not as_text and len(odd) * _MANY > rows:
            self._as_text = True
            return self.score(part)
        if len({tuple(each.text.columns) for each in parts}) > 1:
            return None
        return Found(self._block(parts, content) if parts else None, sorted(odd))

    def _is_plain(self, content: bytes, rows: int) -> bool:
        bare = content
        if b'"' in content:
            bare = self._quoted.sub(b"", content)
            if b'"' in bare:
                return False
        delimiters = bare.count(self._columns.delimiter.encode())
        return delimiters == rows * (self._columns.width - 1)

    def _read(self, content: bytes, *, as_text: bool) -> pl.DataFrame:
        names = self._columns.names
        return pl.read_csv(
            content,
            has_header=False,
            schema=self._columns.schema(pl.String if as_text else pl.UInt8),
            columns=list(names),
            separator=self._columns.delimiter,
            ignore_errors=True,
            missing_columns="insert",
        ).rename(names)

    def _groups(
        self, frame: pl.DataFrame, part: TextRows
    ) -> list[tuple[pl.DataFrame, _Recipe | None]] | None:
        """Return the rows of each setting, None in its place where it is odd; None for very many.

        The texts that decide on the setting are mostly the same in all rows.
        """
        deciding = list(self._columns.deciding)
        first = frame.select(deciding).row(0) if deciding else ()
        same = (pl.col(n).eq_missing(pl.lit(v)).all() for n, v in zip(deciding, first, strict=True))
        if not deciding or frame.select(pl.all_horizontal(same)).item():
            return [(frame, self._recipe(part, 0))]
        keys = frame.group_by(deciding, maintain_order=True).agg(pl.col(_ROW).first())
        if keys.height > _MOST_SETTINGS:
            return None
        groups = []
        for key in keys.iter_rows(named=True):
            of_key = (pl.col(name).eq_missing(pl.lit(key[name])) for name in deciding)
            groups.append((frame.filter(of_key), self._recipe(part, key[_ROW])))
        return groups

    def _recipe(self, part: TextRows, row: int) -> _Recipe | None:
        """Return how rows with the setting of one are scored; None where that is odd."""
        line = part.block.content.split(b"\n", row + 1)[row] + b"\n"
        table, problems = part.layout.table(Block.of(line, part.block.lines_before + row))
        at = table.header.last_row + 1
        is_there = not problems and at < len(table.grid.rows)  # a row of blanks is none
        setting = part.reader.setting(table, at) if is_there else None
        if setting is None:
            return None
        if id(setting) not in self._recipes:
            above = {role.value: table.above[role].text for role in _WHO if role in table.above}
            who = self._columns.who.keys()
            made = _Recipe(setting, who, above, with_exact=self._with_exact)
            self._recipes[id(setting)] = made  # holds the setting, so that its id stays its own
        return self._recipes[id(setting)]

    def _divided(
        self, rows: pl.DataFrame, recipe: _Recipe | None, *, as_text: bool
    ) -> tuple[pl.DataFrame, list[int]]:
        """Return the rows in which every level and name is plain, and the numbers of the others."""
        if recipe is None or not (as_text or recipe.in_bytes):
            return rows.clear(), rows.get_column(_ROW).to_list()
        names = recipe.levels
        if as_text:
            known = recipe.setting.ticks
            rows = rows.with_columns(_ticks(rows.get_column(name), known) for name in names)
        who = [name for name in self._columns.who if rows.get_column(name).null_count() < len(rows)]
        rows = rows.with_columns(pl.col(name).str.strip_chars() for name in who)
        odd = [
            pl.col(n).str.contains(_ODD_NAME) | (pl.col(n).str.len_bytes() > _LONGEST) for n in who
        ]
        if not _are_on_scale(rows, recipe):
            on_scale = (pl.col(name).is_between(recipe.least, recipe.most) for name in names)
            odd.append(~pl.all_horizontal(each.fill_null(value=False) for each in on_scale))
        if 0 not in recipe.setting.places.values():  # then a row without a name may be a total's
            named = "institution" in who
            odd.append(pl.col("institution").is_null() if named else pl.lit(value=True))
        unfit = pl.any_horizontal(each.fill_null(value=False) for each in odd)
        numbers = rows.filter(unfit).get_column(_ROW).to_list() if odd else []
        return (rows.filter(~unfit) if numbers else rows), numbers

    def _block(self, parts: Sequence[ScoredPart], content: bytes) -> ScoredBlock:
        frames = [part.text for part in parts]
        return ScoredBlock(
            pl.concat(frames).sort(_ROW) if len(frames) > 1 else frames[0],
            parts,
            may_run=_may_run(content),
            may_need_quotes=b'"' in content or self._columns.delimiter != ",",
        )


def _may_run(content: bytes) -> bool:
    """Return whether a sign is there that begins a formula; a byte is sought faster than three."""
    there = {lead for lead in _LEADS if lead in content}
    return any(sign in content for sign in _RUNNING if sign[:1] in there)


def _are_on_scale(rows: pl.DataFrame, recipe: _Recipe) -> bool:
    """Return whether every level is there and on the scale: mostly so, and quickly seen."""
    levels = pl.col(recipe.levels)
    found = rows.select(
        pl.min_horizontal(levels.min()).alias("lowest"),
        pl.max_horizontal(levels.max()).alias("highest"),
        pl.sum_horizontal(levels.null_count()).alias("missing"),
    ).row(0, named=True)
    if found["missing"] or found["lowest"] is None:
        return False
    return bool(recipe.least <= found["lowest"] and found["highest"] <= recipe.most)


def _ticks(levels: pl.Series, known: Mapping[str, int | None]) -> pl.Series:
    """Return levels written as text in ticks, null for what is no level."""
    texts = levels.unique().drop_nulls().to_list()
    ticks = [known[text] for text in texts]
    return levels.replace_strict(texts, ticks, default=None, return_dtype=pl.Int64)


def _written(
    reading: Reading,
    units: Units,
    who: Collection[str],
    above: Mapping[str, str],
    *,
    with_exact: bool,
) -> Iterator[pl.Expr]:
    """Yield the columns of a scored table as they are written."""
    for name in _NAMES:
        text = pl.lit(above.get(name), dtype=pl.String)
        yield pl.coalesce(name, text) if name in who else text.alias(name)
    assessment, instrument = reading.assessment, reading.instrument
    year = None if assessment.year is None else str(assessment.year)
    yield pl.lit(year, dtype=pl.String).alias("year")
    yield pl.lit(assessment.stage, dtype=pl.String).alias("stage")
    yield pl.lit(instrument.id).alias("instrument")
    shown = _exact if with_exact else _rounded(units)
    yield shown(units.whole)
    yield pl.col("predicate")
    for group, _, _ in instrument.nodes:
        yield shown(units.node_by_code[group.code])
    yield _notices(notice_codes(reading))


def _rounded(units: Units) -> Callable[[Node], pl.Expr]:
    """Return what gives a node's shown value: one of the few texts that there are."""
    scale = units.scale
    lowest, texts = _texts(scale.lowest, scale.highest, units.instrument.places)

    def shown(node: Node) -> pl.Expr:
        at = (pl.col(node.code) - lowest).cast(pl.UInt32, strict=False)  # null off the scale
        return pl.lit(texts).gather(at, null_on_oob=True).alias(node.code)

    return shown


@cache
def _texts(first: Fraction, last: Fraction, places: int) -> tuple[int, pl.Series]:
    """Return the lowest value that can be shown, as a whole number, and all texts from it on."""
    lowest, highest = (int(rounded(end, places) * 10**places) for end in (first, last))
    values = (Fraction(number, 10**places) for number in range(lowest, highest + 1))
    return lowest, pl.Series([fixed(value, places) for value in values])


def _exact(node: Node) -> pl.Expr:
    """Return a node's exact value, each one made a text once a block."""

    def texts(units: pl.Series) -> pl.Series:
        values = units.unique().to_list()
        said = [exact(node.index_at(each)) for each in values]
        return units.replace_strict(values, said, return_dtype=pl.String)

    return pl.col(f"{node.code}_exact").map_batches(texts, pl.String).alias(node.code)


def _notices(usual: str) -> pl.Expr:
    differing = " ".join(filter(None, [usual, "bases-differ"]))
    differs = pl.col("predicate_by_exact") != pl.col("predicate_by_rounded")
    said = pl.when(differs).then(pl.lit(differing))
    return said.otherwise(pl.lit(usual or None, dtype=pl.String)).alias("notices")


def _neutral(name: str) -> pl.Expr:
    """Return a column in which text that a spreadsheet program would run has an apostrophe."""
    text = pl.col(name)
    runs = text.str.contains(_FORMULA) & ~text.str.contains(_NUMBER)
    return pl.when(runs).then(pl.lit("'") + text).otherwise(text).alias(name)
