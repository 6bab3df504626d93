"""Rows as Parquet: in parts, each of its own columns, joined at the end without loading them."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import polars as pl

__all__ = ["frame_of_cells", "join_parts", "write_part"]

_TEXTS = ("institution", "category", "province", "stage", "instrument", "predicate", "notices")


def frame_of_cells(head: Sequence[str], rows: Sequence[Sequence[str]]) -> pl.DataFrame:
    """Return cells of text as a frame; an empty cell is null."""
    cells = ([cell or None for cell in row] for row in rows)
    return pl.DataFrame(list(cells), schema=dict.fromkeys(head, pl.String), orient="row")


def write_part(frame: pl.DataFrame, path: Path, *, with_exact: bool) -> None:
    """Write a part. Values are decimals as shown; exact ones stay text, for some are fractions."""
    numbers = [name for name in frame.columns if name not in (*_TEXTS, "year")]
    typed = frame.with_columns(pl.col("year").cast(pl.Int32), pl.col(_TEXTS).cast(pl.String))
    if not with_exact:
        typed = typed.with_columns(pl.col(numbers).cast(pl.Decimal(18, _places(frame, numbers))))
    typed.write_parquet(path)


def _places(frame: pl.DataFrame, numbers: Sequence[str]) -> int:
    """Return how many decimals the values are shown with."""
    text = frame.get_column(numbers[0]).first() or ""
    return len(str(text).partition(".")[2])


def join_parts(parts: Sequence[Path], stream: BinaryIO, head: Sequence[str]) -> None:
    """Write all parts as one file; columns that a part lacks are null there."""
    if not parts:
        pl.DataFrame(schema=dict.fromkeys(head, pl.String)).write_parquet(stream)
        return
    whole = pl.concat([pl.scan_parquet(part) for part in parts], how="diagonal_relaxed")
    names = [name for name in whole.collect_schema().names() if name != "notices"]
    whole.select(*names, "notices").sink_parquet(stream)
