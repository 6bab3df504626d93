"""Rows that an engine scored, as text ready to be written, and what is to be counted of them."""

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from typing import Literal, NamedTuple

import narwhals as nw
import polars as pl

from spbe_cli.batch.block import WHO, BlockSetting
from spbe_cli.batch.frame import with_indices
from spbe_cli.batch.sums import Sums
from spbe_cli.core.number import exact, fixed, rounded

__all__ = [
    "ROW",
    "UNITS",
    "ScoredBlock",
    "ScoredPart",
    "as_bytes_hold",
    "neutral",
    "written_columns",
]

ROW = "spbe_row"
UNITS = "spbe_units"
_HEAD = (*WHO, "year", "stage", "instrument", "index", "predicate")
_LARGEST_BYTE = 255
_FORMULA = r"^[=+\-@\t\r]"
_NUMBER = r"^[+-]?[0-9]+(?:\.[0-9]+)?(?:/[0-9]+)?(?:\.\.[+-]?[0-9]+(?:\.[0-9]+)?(?:/[0-9]+)?)?$"


class ScoredPart(NamedTuple):
    """The rows of one setting, scored: as text, with the exact index in units.

    `rows` are the same rows with their levels in ticks, in the columns that `levels` names.
    """

    text: pl.DataFrame
    rows: pl.DataFrame
    setting: BlockSetting
    levels: Sequence[str]

    @classmethod
    def of(
        cls,
        rows: pl.DataFrame,
        setting: BlockSetting,
        sums: Sums,
        levels: Sequence[str],
        *,
        with_exact: bool,
    ) -> "ScoredPart":
        """Return rows with plain levels, scored."""
        lazy = as_bytes_hold(rows.lazy(), sums, levels)
        table = with_indices(nw.from_native(lazy), sums, levels, setting.year).to_native()
        if with_exact:
            table = table.collect().lazy()  # which values there are must be known
        written = written_columns(table, setting, sums, with_exact=with_exact)
        text = table.select(ROW, pl.col("index_exact").alias(UNITS), *written)
        return cls(text.collect(), rows, setting, levels)

    @property
    def units(self) -> int:
        """The sum of the exact indices, in units."""
        return int(self.text.get_column(UNITS).sum())

    def predicates(self) -> Iterator[tuple[str, int]]:
        """Yield each predicate with its number of rows."""
        yield from self.text.get_column("predicate").value_counts().iter_rows()

    def failing(self, units: int | None, predicates: Collection[str] | None) -> pl.DataFrame:
        """Return the rows below a number of units, or with another predicate than these."""
        fails = pl.lit(value=False)
        if units is not None:
            fails |= pl.col(UNITS) < units
        if predicates is not None:
            fails |= ~pl.col("predicate").is_in(list(predicates))
        return self.rows.filter(self.text.select(fails).to_series())

    def who(self, row: Mapping[str, object]) -> tuple[str | None, str | None, str | None]:
        """Return whose a row is."""
        found = (row.get(name) or self.setting.who.get(name) for name in WHO)
        institution, category, province = (None if each is None else str(each) for each in found)
        return institution, category, province


def as_bytes_hold(rows: pl.LazyFrame, sums: Sums, levels: Sequence[str]) -> pl.LazyFrame:
    """Return rows whose levels can be added up: polars adds bytes in bytes."""
    longest = max(len(places) for node in sums.nodes for places in node.weighted.values())
    if sums.highest * longest <= _LARGEST_BYTE:
        return rows
    return rows.with_columns(pl.col(levels).cast(pl.UInt32))


def written_columns(
    table: pl.LazyFrame, setting: BlockSetting, sums: Sums, *, with_exact: bool
) -> list[pl.Expr]:
    """Return the columns of a scored table as they are written."""
    there = table.collect_schema().names()
    above = {name: pl.lit(setting.who.get(name), dtype=pl.String) for name in WHO}
    codes = ["index", *(group.code for group, _, _ in setting.instrument.nodes)]
    shown = {code: (_exact if with_exact else _rounded)(table, sums, code) for code in codes}
    year = None if setting.year is None else str(setting.year)
    return [
        *(
            pl.coalesce(name, above[name]) if name in there else above[name].alias(name)
            for name in WHO
        ),
        pl.lit(year, dtype=pl.String).alias("year"),
        pl.lit(setting.stage, dtype=pl.String).alias("stage"),
        pl.lit(setting.instrument.id).alias("instrument"),
        shown.pop("index"),
        pl.col("predicate"),
        *shown.values(),
        _notices(setting.notices),
    ]


def _rounded(_: pl.LazyFrame, sums: Sums, code: str) -> pl.Expr:
    """Return a node's shown value: one of the few texts that there are."""
    scale = sums.instrument.scale
    lowest, texts = _texts(scale.lowest, scale.highest, sums.instrument.places)
    at = (pl.col(code) - lowest).cast(pl.UInt32, strict=False)  # null off the scale
    return pl.lit(texts).gather(at, null_on_oob=True).alias(code)


@cache
def _texts(first: Fraction, last: Fraction, places: int) -> tuple[int, pl.Series]:
    """Return the lowest value that can be shown, as a whole number, and all texts from it on."""
    lowest, highest = (int(rounded(end, places) * 10**places) for end in (first, last))
    values = (Fraction(number, 10**places) for number in range(lowest, highest + 1))
    return lowest, pl.Series([fixed(value, places) for value in values])


def _exact(table: pl.LazyFrame, sums: Sums, code: str) -> pl.Expr:
    unit = next(node.unit for node in sums.nodes if node.code == code)
    units = table.select(pl.col(f"{code}_exact").unique()).collect().to_series().to_list()
    texts = [exact(each * unit) for each in units]
    said = pl.col(f"{code}_exact").replace_strict(units, texts, return_dtype=pl.String)
    return said.alias(code)


def _notices(usual: str) -> pl.Expr:
    differing = " ".join(filter(None, [usual, "bases-differ"]))
    differs = pl.col("predicate_by_exact") != pl.col("predicate_by_rounded")
    said = pl.when(differs).then(pl.lit(differing))
    return said.otherwise(pl.lit(usual or None, dtype=pl.String)).alias("notices")


@dataclass(frozen=True, slots=True)
class ScoredBlock:
    """The plain rows of a block in their order, as text."""

    frame: pl.DataFrame
    parts: Sequence[ScoredPart]
    may_run: bool
    may_need_quotes: bool
    written: dict[bool, bytes] = field(default_factory=dict, compare=False)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the domains and aspects, in their order."""
        return tuple(self.frame.columns[2 + len(_HEAD) : -1])

    @property
    def rows(self) -> pl.DataFrame:
        """The rows as they are written."""
        return self.frame.drop(ROW, UNITS)

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.frame.height

    def between(self, first: int, last: int | None) -> "ScoredBlock":
        """Return the rows whose numbers in the block are at least `first` and below `last`."""
        number = self.frame.get_column(ROW)
        if last is None:
            rows = self.frame.slice(int(number.search_sorted(first)))
            return replace(self, frame=rows, written={})
        start, stop = number.search_sorted(pl.Series([first, last], dtype=number.dtype)).to_list()
        return replace(self, frame=self.frame.slice(start, stop - start), written={})

    @classmethod
    def of(
        cls, parts: Sequence[ScoredPart], *, may_run: bool, may_need_quotes: bool
    ) -> "ScoredBlock | None":
        """Return the rows of all parts; None where their domains and aspects differ.

        `may_run` says whether a name may be what a spreadsheet program would run,
        `may_need_quotes` whether one may hold a comma, a quote or a line end.
        """
        frames = [part.text for part in parts]
        if any(frame.columns != frames[0].columns for frame in frames):
            return None
        frame = pl.concat(frames).sort(ROW) if len(frames) > 1 else frames[0]
        return cls(frame, parts, may_run, may_need_quotes)

    def csv(self, *, raw: bool) -> bytes:
        """Return the rows as Python's csv module writes them. Formulas are neutralised, but raw."""
        if raw in self.written:
            return self.written[raw]
        frame = self.rows
        if self.may_run and not raw:
            frame = frame.with_columns(map(neutral, WHO))
        style: Literal["necessary", "never"] = "necessary" if self.may_need_quotes else "never"
        text = io.BytesIO()  # several times as fast as a file
        frame.write_csv(text, include_header=False, quote_style=style)
        return self.written.setdefault(raw, text.getvalue())


def neutral(name: str) -> pl.Expr:
    """Return a column in which text that a spreadsheet program would run has an apostrophe."""
    text = pl.col(name)
    runs = text.str.contains(_FORMULA) & ~text.str.contains(_NUMBER)
    return pl.when(runs).then(pl.lit("'") + text).otherwise(text).alias(name)
