"""A Parquet table in blocks of rows, as the CSV that it would be."""

import io
from collections.abc import Iterator
from pathlib import Path

from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.read.blocks import Block, Readable
from spbe_cli.read.files import is_there

__all__ = ["PARQUET", "blocks_of_parquet"]

PARQUET = b"PAR1"
"""How a Parquet file begins."""

_ROWS = 60_000
"""How many rows are read at a time."""


def blocks_of_parquet(path: str, stream: Readable) -> Iterator[Block | Problem]:
    """Yield a table in blocks, the first with the columns' names as its header.

    Lines are counted as in that CSV: the first row is on line 2. A file is read as it is needed;
    what comes from standard input is held.
    """
    try:
        import polars as pl
    except ImportError:
        values = {"extra": "batch", "purpose": "Parquet"}
        yield Problem("extra-missing", Place(path), values, Severity.USAGE)
        return
    try:
        source = path if is_there(Path(path)) else io.BytesIO(stream.read())
        table = pl.scan_parquet(source)
        rows = table.select(pl.len()).collect().item()
        lines = 0
        for start in range(0, max(rows, 1), _ROWS):
            frame = table.slice(start, _ROWS).collect()
            content = frame.write_csv(include_header=not start).encode()
            yield Block.of(content, lines)
            lines += frame.height + (not start)
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).partition("\n")[0]
        yield Problem("parquet-wrong", Place(path), {"reason": reason})
