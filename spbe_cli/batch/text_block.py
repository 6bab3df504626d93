"""Blocks of a wide table as text, scored by polars: what is plain in them, and which rows are not.

A level column is read as whole numbers at once. Whatever polars cannot read so becomes null, and a
row with a null is left to the reader that names problems. Polars cuts a row with too many cells in
silence, so the delimiters are counted.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from spbe_cli.batch.block import BlockColumns, BlockSetting
from spbe_cli.batch.scored_block import ROW, ScoredBlock, ScoredPart
from spbe_cli.batch.sums import Sums, sums_of
from spbe_cli.core.instrument import Instrument

__all__ = ["BEYOND", "BlockEngine", "Found", "is_odd", "names_of_columns", "schema_of"]

BEYOND = "spbe_beyond"
_LONGEST = 1000
_RUNNING = (b"=", b"+", b"-", b"@")  # what begins a formula in a spreadsheet program
_NEVER = pl.lit(value=False)
_MOST_SETTINGS = 50
"""More years, stages and instruments than this in one block are no table's."""

_MANY = 20
"""Where more than one row in this many is odd, levels are read as text: `3.0` is right as well."""

_ODD_NAME = (
    r"^\s*(?i:sub|grand|total|jumlah|rerata|rata|average|mean|indeks|index|predikat)"
    r"|[\x00-\x08\x0e-\x1f\u200b-\u200f\u2060\ufeff]"
)
"""Names of totals, and characters that the ordinary reader strips or refuses."""


SettingOf = Callable[[int], BlockSetting | None]
"""From a row of the block to its setting; None where that is odd."""


class Found(NamedTuple):
    """The plain rows of a block, scored, and the numbers of the others."""

    scored: ScoredBlock | None
    odd: Sequence[int]


class BlockEngine:
    """Scores blocks of tables that share one header."""

    def __init__(self, columns: BlockColumns, *, with_exact: bool) -> None:
        self._columns = columns
        self._with_exact = with_exact
        self._as_text = False
        self._sums: dict[int, Sums] = {}
        self._names = names_of_columns(columns)
        within_field = '[^"]*(?:""[^"]*)*'
        ends = re.escape(columns.delimiter)
        self._quoted = re.compile(
            rf'(?:(?<=[{ends}\n])|(?<![\s\S]))"{within_field}"(?=[{ends}\r\n]|\Z)'.encode()
        )

    def score(self, content: bytes, rows: int, setting_of: SettingOf) -> Found | None:
        """Return the scores of a block's plain rows; None where the block is not plain.

        A block is plain if each of its lines is a row with as many cells as the header.
        """
        if not self._is_plain(content, rows):
            return None
        as_text = self._as_text  # other blocks are scored at the same time
        frame = self._read(content, as_text=as_text)
        if frame.height != rows or frame.get_column(BEYOND).null_count() != rows:
            return None
        frame = frame.drop(BEYOND).with_row_index(ROW)
        settings = self._settings(frame, setting_of)
        if settings is None:
            return None
        parts, odd = self._parts(frame, settings, as_text=as_text)
        if not as_text and len(odd) * _MANY > rows:
            self._as_text = True
            return self.score(content, rows, setting_of)
        if not parts:
            return Found(None, sorted(odd))
        scored = ScoredBlock.of(
            parts,
            may_run=any(mark in content for mark in _RUNNING),
            may_need_quotes=b'"' in content or self._columns.delimiter != ",",
        )
        return Found(scored, sorted(odd)) if scored is not None else None

    def _is_plain(self, content: bytes, rows: int) -> bool:
        bare = content
        if b'"' in content:
            bare = self._quoted.sub(b"", content)
            if b'"' in bare:
                return False
        delimiters = bare.count(self._columns.delimiter.encode())
        return delimiters == rows * (self._columns.width - 1)

    def _read(self, content: bytes, *, as_text: bool) -> pl.DataFrame:
        beyond = f"column_{self._columns.width + 1}"
        return pl.read_csv(
            content,
            has_header=False,
            schema=schema_of(self._columns, pl.String if as_text else pl.UInt8),
            columns=[*self._names, beyond],
            separator=self._columns.delimiter,
            ignore_errors=True,
            missing_columns="insert",
        ).rename({**self._names, beyond: BEYOND})

    def _settings(
        self, frame: pl.DataFrame, setting_of: SettingOf
    ) -> list[tuple[pl.Expr, BlockSetting | None]] | None:
        """Return which rows have which setting, by the texts that decide; None for very many."""
        deciding = list(self._columns.deciding)
        first = frame.select(deciding).row(0) if deciding else ()
        same = (pl.col(n).eq_missing(pl.lit(v)).all() for n, v in zip(deciding, first, strict=True))
        if not deciding or frame.select(pl.all_horizontal(same)).item():
            return [(pl.lit(value=True), setting_of(0))]
        keys = frame.group_by(deciding, maintain_order=True).agg(pl.col(ROW).first())
        if keys.height > _MOST_SETTINGS:
            return None
        return [
            (
                pl.all_horizontal(pl.col(name).eq_missing(pl.lit(key[name])) for name in deciding),
                setting_of(key[ROW]),
            )
            for key in keys.iter_rows(named=True)
        ]

    def _parts(
        self,
        frame: pl.DataFrame,
        settings: Sequence[tuple[pl.Expr, BlockSetting | None]],
        *,
        as_text: bool,
    ) -> tuple[list[ScoredPart], list[int]]:
        parts: list[ScoredPart] = []
        odd: list[int] = []
        for which, setting in settings:
            rows = frame if len(settings) == 1 else frame.filter(which)
            if setting is None:
                odd += rows.get_column(ROW).to_list()
                continue
            names = [f"level_{place}" for place in setting.places]
            sums = self._sums_of(setting.instrument)
            if as_text:
                rows = rows.with_columns(_ticks(rows.get_column(n), setting.ticks) for n in names)
            rows, unfit = self._plain(rows, setting, names, sums)
            odd += unfit
            if rows.height:
                part = ScoredPart.of(rows, setting, sums, names, with_exact=self._with_exact)
                parts.append(part)
        return parts, odd

    def _sums_of(self, instrument: Instrument) -> Sums:
        if id(instrument) not in self._sums:
            self._sums[id(instrument)] = sums_of(instrument)
        return self._sums[id(instrument)]

    def _plain(
        self, rows: pl.DataFrame, setting: BlockSetting, names: Sequence[str], sums: Sums
    ) -> tuple[pl.DataFrame, list[int]]:
        """Return the rows in which every level and name is plain, and the numbers of the others."""
        of_bytes = rows.schema[names[0]] == pl.UInt8
        if of_bytes and (sums.tick != 1 or sums.step != 1):
            return rows.clear(), rows.get_column(ROW).to_list()
        who = [name for name in self._columns.who if rows.get_column(name).null_count() < len(rows)]
        rows = rows.with_columns(pl.col(name).str.strip_chars() for name in who)
        odd = [is_odd(name) for name in who]
        if not _are_on_scale(rows, names, sums):
            on_scale = (pl.col(name).is_between(sums.lowest, sums.highest) for name in names)
            odd.append(~pl.all_horizontal(each.fill_null(value=False) for each in on_scale))
        if 0 not in setting.places:  # then a row without a name may be a total's
            unnamed = (
                pl.col("institution").is_null() if "institution" in who else pl.lit(value=True)
            )
            odd.append(unnamed)
        unfit = pl.any_horizontal(each.fill_null(value=False) for each in odd)
        numbers = rows.filter(unfit).get_column(ROW).to_list() if odd else []
        return (rows.filter(~unfit) if numbers else rows), numbers


def names_of_columns(columns: BlockColumns) -> dict[str, str]:
    """Return what the columns that are read are called, by their names in a file without header."""
    roles = {**columns.who, **columns.deciding}
    names = {place: role for role, place in roles.items()}
    names |= {place: f"level_{place}" for place in columns.levels}
    return {f"column_{place + 1}": name for place, name in sorted(names.items())}


def schema_of(columns: BlockColumns, level: type[pl.DataType]) -> dict[str, type[pl.DataType]]:
    """Return the types of all columns, and of one beyond the last."""
    levels = set(columns.levels)
    return {
        f"column_{place + 1}": level if place in levels else pl.String
        for place in range(columns.width + 1)
    }


def is_odd(name: str) -> pl.Expr:
    """Return which rows have a name that the ordinary reader should look at."""
    return pl.col(name).str.contains(_ODD_NAME) | (pl.col(name).str.len_bytes() > _LONGEST)


def _are_on_scale(rows: pl.DataFrame, names: Sequence[str], sums: Sums) -> bool:
    """Return whether every level is there and on the scale: mostly so, and quickly seen."""
    levels = pl.col(list(names))
    found = rows.select(
        pl.min_horizontal(levels.min()).alias("lowest"),
        pl.max_horizontal(levels.max()).alias("highest"),
        pl.sum_horizontal(levels.null_count()).alias("missing"),
    ).row(0, named=True)
    if found["missing"] or found["lowest"] is None:
        return False
    return bool(sums.lowest <= found["lowest"] and found["highest"] <= sums.highest)


def _ticks(levels: pl.Series, known: Mapping[str, int | None]) -> pl.Series:
    """Return levels written as text in ticks, null for what is no level."""
    texts = levels.unique().drop_nulls().to_list()
    ticks = [known[text] for text in texts]
    return levels.replace_strict(texts, ticks, default=None, return_dtype=pl.Int32)
