"""A whole file of plain rows in one go: polars reads, scores and writes it in a stream.

What would be odd in a block is only counted here. If anything is, the result is of no use, and the
file is read block by block.
"""

import warnings
from collections.abc import Mapping
from typing import Any, BinaryIO, Literal, NamedTuple

import narwhals as nw
import polars as pl

from spbe_cli.batch.block import WHO, BlockColumns, BlockSetting
from spbe_cli.batch.frame import with_indices
from spbe_cli.batch.scored_block import UNITS, as_bytes_hold, neutral, written_columns
from spbe_cli.batch.sums import Sums, sums_of
from spbe_cli.batch.text_block import BEYOND, is_odd, names_of_columns, schema_of

__all__ = ["WholeScore", "WholeText", "score_whole"]


class WholeText(NamedTuple):
    """A file, how many lines stand above its rows, the first of these, and where things stand."""

    path: str
    lines: int
    first: bytes
    columns: BlockColumns


class WholeScore(NamedTuple):
    """How many rows were written, the sum of their exact indices in units, their predicates."""

    rows: int
    units: int
    predicates: Mapping[str, int]


def score_whole(
    text: WholeText, setting: BlockSetting, stream: BinaryIO, *, raw: bool
) -> WholeScore | None:
    """Write the scores of all rows as CSV and return what they add up to; None if any is odd.

    Names must hold no quote. What was written to the stream is wrong where None comes back.
    """
    sums = sums_of(setting.instrument)
    if sums.tick != 1 or sums.step != 1:
        return None
    levels = [f"level_{place}" for place in setting.places]
    columns = text.columns
    rows = _named(pl.scan_csv(text.path, skip_lines=text.lines, **_options(columns)), columns)
    first = _named(pl.read_csv(text.first, **_options(columns)).lazy(), columns).collect()
    scored = with_indices(
        nw.from_native(as_bytes_hold(rows, sums, levels)), sums, levels, setting.year
    ).to_native()
    written = scored.select(written_columns(scored, setting, sums, with_exact=False))
    if not raw:
        written = written.with_columns(map(neutral, WHO))
    style: Literal["necessary", "never"] = "never" if columns.delimiter == "," else "necessary"
    sink = written.sink_csv(stream, include_header=False, quote_style=style, lazy=True)
    looks = scored.select(
        pl.len().alias("rows"),
        _any_odd(columns, setting, sums, levels, first).alias("odd"),
        pl.col("index_exact").sum().alias(UNITS),
        *((pl.col("predicate") == p.name).sum().alias(p.name) for p in sums.instrument.predicates),
    )
    try:
        with warnings.catch_warnings(action="ignore"):  # of rows that will be read otherwise
            found, _ = pl.collect_all([looks, sink], engine="streaming")
    except pl.exceptions.PolarsError:  # text that is no plain table
        return None
    seen = found.row(0, named=True)
    if seen["odd"]:
        return None
    counted = {predicate.name: seen[predicate.name] for predicate in sums.instrument.predicates}
    return WholeScore(seen["rows"], seen[UNITS], counted)


def _options(columns: BlockColumns) -> dict[str, Any]:
    return {
        "has_header": False,
        "schema": schema_of(columns, pl.UInt8),
        "separator": columns.delimiter,
        "ignore_errors": True,
        "missing_columns": "insert",
    }


def _named(rows: pl.LazyFrame, columns: BlockColumns) -> pl.LazyFrame:
    names = {**names_of_columns(columns), f"column_{columns.width + 1}": BEYOND}
    rows = rows.select(pl.col(old).alias(new) for old, new in names.items())
    return rows.with_columns(pl.col(name).str.strip_chars() for name in columns.who)


def _any_odd(
    columns: BlockColumns,
    setting: BlockSetting,
    sums: Sums,
    levels: list[str],
    first: pl.DataFrame,
) -> pl.Expr:
    """Return whether any row is one that the ordinary reader should see."""
    each = pl.col(levels)
    odd = [
        pl.col(BEYOND).is_not_null().any(),
        pl.min_horizontal(each.min()) < sums.lowest,
        pl.max_horizontal(each.max()) > sums.highest,
        pl.sum_horizontal(each.null_count()) > 0,
        *(is_odd(name).any() for name in columns.who),
        *(
            pl.col(name).ne_missing(pl.lit(first.item(0, name), dtype=pl.String)).any()
            for name in columns.deciding
        ),
    ]
    if 0 not in setting.places:  # then a row without a name may be a total's
        there = "institution" in columns.who
        odd.append(pl.col("institution").is_null().any() if there else pl.lit(value=True))
    return pl.any_horizontal(odd)
