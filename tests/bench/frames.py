"""What `score_frame` costs on each engine, a million rows, against the engine's own sums.

    python tests/bench/frames.py [ROWS [ENGINE...]]

Levels lie in Parquet. Each engine sums every column and scores every row, twice in turn; the second
time counts. Engines that are not installed are left out; ENGINE names some.
"""

import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl

from spbe_cli.batch import score_frame

CODES = [str(code) for code in range(1, 48)]


def main() -> None:
    rows = int(sys.argv[1]) if sys.argv[1:] else 1_000_000
    wanted = sys.argv[2:] or list(ENGINES)
    random = np.random.default_rng(1)
    columns: dict[str, Any] = {code: random.integers(1, 6, rows) for code in CODES}
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "levels.parquet")
        pl.DataFrame(columns | {"tahun": random.integers(2021, 2026, rows)}).write_parquet(
            path, row_group_size=125_000
        )
        for engine, jobs in ENGINES.items():
            if engine in wanted and find_spec(engine.split()[0]) is not None:
                sums, scores = jobs(path)
                seconds = [_seconds(job) for job in (sums, scores) * 2][2:]
                print(
                    f"{engine:14} sums {seconds[0]:7.2f} s  score_frame {seconds[1]:7.2f} s", end=""
                )
                print(f"  {seconds[1] / seconds[0]:6.1f}", flush=True)


def _seconds(job: Callable[[], object]) -> float:
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


Jobs = tuple[Callable[[], object], Callable[[], object]]


def _scored(frame: Any) -> Any:  # noqa: ANN401
    return score_frame(frame, "spbe-2020", year="tahun")


def _polars(path: str) -> Jobs:
    frame = pl.read_parquet(path)
    return lambda: frame.select(pl.col(CODES).sum()), lambda: _scored(frame)


def _lazy(path: str) -> Jobs:
    frame = pl.scan_parquet(path)
    return lambda: frame.select(pl.col(CODES).sum()).collect(), lambda: _scored(frame).collect()


def _pandas(path: str) -> Jobs:
    import pandas as pd

    frame = pd.read_parquet(path)
    return frame[CODES].sum, lambda: _scored(frame)


def _pyarrow(path: str) -> Jobs:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    return lambda: [pc.sum(table[code]) for code in CODES], lambda: _scored(table)


def _duckdb(path: str) -> Jobs:
    import duckdb

    connection = duckdb.connect()
    sums = ", ".join(f'sum("{code}")' for code in CODES)
    scores = path + ".scores"

    def score() -> None:
        _scored(connection.read_parquet(path)).write_parquet(scores)

    return lambda: connection.sql(f"select {sums} from '{path}'").fetchall(), score  # noqa: S608


def _spark(path: str) -> Jobs:
    from pyspark.sql import SparkSession
    from pyspark.sql import functions as F  # noqa: N812

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    frame = builder.config("spark.driver.memory", "3g").getOrCreate().read.parquet(path)
    scored = _scored(frame)
    return (
        lambda: frame.agg(*(F.sum(f"`{code}`") for code in CODES)).collect(),
        lambda: scored.write.format("noop").mode("overwrite").save(),
    )


ENGINES: dict[str, Callable[[str], Jobs]] = {
    "polars": _polars,
    "polars lazy": _lazy,
    "pandas": _pandas,
    "pyarrow": _pyarrow,
    "duckdb": _duckdb,
    "pyspark": _spark,
}

if __name__ == "__main__":
    main()
