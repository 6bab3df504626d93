"""What `score_frame` costs on each engine, a million rows, against the engine's own sums.

    python tests/bench/frames.py [ROWS [ENGINE...]]
    python tests/bench/frames.py recipe [ROWS [FOLDER]]

Levels lie in Parquet. Each engine sums every column and scores every row; then, of as long a table
with a row an indicator, it sums the levels of each institution and scores it. Each does so twice in
turn; the second time counts. Engines that are not installed are left out; ENGINE names some.

`recipe` runs what docs/batch.md says of Spark: from Parquet to Parquet with rejects, one row in a
hundred with a level that is none. Counts must match, and the core must say the same of a sample.
"""

import sys
import time
from collections.abc import Callable
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl

from spbe_cli import Assessment, load_instrument, score
from spbe_cli.batch import denominators, score_frame

CODES = [str(code) for code in range(1, 48)]
MILLION = 1_000_000
FAULTY = 100  # one row in so many


def main() -> None:
    asked = sys.argv[1:]
    if asked[:1] == ["recipe"]:
        rows = int(asked[1]) if asked[1:] else 10 * MILLION
        with TemporaryDirectory(dir=asked[2] if asked[2:] else None) as folder:
            _recipe(Path(folder), rows)
        return
    rows = int(asked[0]) if asked else MILLION
    wanted = asked[1:] or list(ENGINES)
    with TemporaryDirectory() as folder:
        wide, long = str(Path(folder) / "wide.parquet"), str(Path(folder) / "long.parquet")
        _levels(rows, seed=1).write_parquet(wide, row_group_size=125_000)
        _by_row(_levels(rows // len(CODES), seed=2)).write_parquet(long, row_group_size=125_000)
        print(
            "engine         sums    score_frame  times   row an indicator: sums  score_frame  times"
        )
        for engine, jobs in ENGINES.items():
            if engine in wanted and find_spec(engine.split()[0]) is not None:
                seconds = [_seconds(job) for job in jobs(wide, long) * 2][4:]
                shown = [f"{engine:12}"]
                for own, ours in (seconds[:2], seconds[2:]):
                    shown.append(f"{own:7.2f} s  {ours:7.2f} s  {ours / own:6.1f}")
                print("  ".join(shown), flush=True)


def _levels(rows: int, *, seed: int) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    columns: dict[str, Any] = {code: random.integers(1, 6, rows) for code in CODES}
    return pl.DataFrame(columns | {"tahun": random.integers(2021, 2026, rows)})


def _by_row(levels: pl.DataFrame) -> pl.DataFrame:
    named = levels.with_row_index("instansi").with_columns(
        pl.format("Instansi {}", "instansi").alias("instansi")
    )
    keys = ["instansi", "tahun"]
    return named.unpivot(index=keys, variable_name="kode", value_name="nilai").sort("instansi")


def _seconds(job: Callable[[], object]) -> float:
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


Jobs = list[Callable[[], object]]
KEYS = ["instansi", "tahun"]


def _scored(frame: Any) -> Any:  # noqa: ANN401
    return score_frame(frame, "spbe-2020", year="tahun")


def _scored_by_row(frame: Any) -> Any:  # noqa: ANN401
    asked: dict[str, Any] = {
        "institution": "instansi",
        "code": "kode",
        "level": "nilai",
        "year": "tahun",
    }
    return score_frame(frame, "spbe-2020", **asked)


def _polars(wide: str, long: str) -> Jobs:
    frame, rows = pl.read_parquet(wide), pl.read_parquet(long)
    return [
        lambda: frame.select(pl.col(CODES).sum()),
        lambda: _scored(frame),
        lambda: rows.group_by(KEYS).agg(pl.col("nilai").sum()),
        lambda: _scored_by_row(rows),
    ]


def _lazy(wide: str, long: str) -> Jobs:
    frame, rows = pl.scan_parquet(wide), pl.scan_parquet(long)
    return [
        lambda: frame.select(pl.col(CODES).sum()).collect(),
        lambda: _scored(frame).collect(),
        lambda: rows.group_by(KEYS).agg(pl.col("nilai").sum()).collect(),
        lambda: _scored_by_row(rows).collect(),
    ]


def _pandas(wide: str, long: str) -> Jobs:
    import pandas as pd

    frame, rows = pd.read_parquet(wide), pd.read_parquet(long)
    return [
        frame[CODES].sum,
        lambda: _scored(frame),
        rows.groupby(KEYS)["nilai"].sum,
        lambda: _scored_by_row(rows),
    ]


def _pyarrow(wide: str, long: str) -> Jobs:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table, rows = pq.read_table(wide), pq.read_table(long)
    return [
        lambda: [pc.sum(table[code]) for code in CODES],
        lambda: _scored(table),
        lambda: rows.group_by(KEYS).aggregate([("nilai", "sum")]),
        lambda: _scored_by_row(rows),
    ]


def _duckdb(wide: str, long: str) -> Jobs:
    import duckdb

    connection = duckdb.connect()
    sums = ", ".join(f'sum("{code}")' for code in CODES)
    of_each = f"select {', '.join(KEYS)}, sum(nilai) from '{long}' group by all"  # noqa: S608
    scores = wide + ".scores"
    return [
        lambda: connection.sql(f"select {sums} from '{wide}'").fetchall(),  # noqa: S608
        lambda: _scored(connection.read_parquet(wide)).write_parquet(scores),
        lambda: connection.sql(of_each).write_parquet(scores),
        lambda: _scored_by_row(connection.read_parquet(long)).write_parquet(scores),
    ]


def _spark(wide: str, long: str) -> Jobs:
    from pyspark.sql import functions as F  # noqa: N812

    session = _session()
    frame, rows = session.read.parquet(wide), session.read.parquet(long)
    scored, by_row = _scored(frame), _scored_by_row(rows)
    return [
        lambda: frame.agg(*(F.sum(f"`{code}`") for code in CODES)).collect(),
        lambda: _nowhere(scored),
        lambda: _nowhere(rows.groupBy(*KEYS).agg(F.sum("nilai"))),
        lambda: _nowhere(by_row),
    ]


def _session() -> Any:  # noqa: ANN401
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    return builder.config("spark.driver.memory", "4g").getOrCreate()


def _nowhere(frame: Any) -> None:  # noqa: ANN401
    frame.write.format("noop").mode("overwrite").save()


def _recipe(folder: Path, rows: int) -> None:
    """Run the recipe and check what it wrote."""
    from pyspark.sql import functions as F  # noqa: N812

    levels, scores, rejects = (str(folder / name) for name in ("levels", "scores", "rejects"))
    Path(levels).mkdir()
    for start in range(0, rows, MILLION):
        part = _levels(min(MILLION, rows - start), seed=start).with_row_index("id", start)
        wrong = pl.when(pl.col("id") % FAULTY == 0).then(6 - pl.col("id") // FAULTY % 2 * 6)
        part = part.with_columns(wrong.otherwise(pl.col("12")).alias("12"))
        part.write_parquet(f"{levels}/{start}.parquet", row_group_size=125_000)
    session = _session()
    frame = session.read.parquet(levels)

    def sums() -> None:
        frame.agg(*(F.sum(f"`{code}`") for code in CODES)).collect()

    def scored() -> None:
        every = _scored(frame)
        every.filter("valid").drop("reason", *CODES).write.parquet(scores)

    def rejected() -> None:
        _scored(frame).filter("not valid").write.parquet(rejects)

    for name, job in (
        ("sums, first", sums),
        ("sums", sums),
        ("scores", scored),
        ("rejects", rejected),
    ):
        print(f"{rows} rows, {name}: {_seconds(job):.1f} s", flush=True)
    good, bad = session.read.parquet(scores), session.read.parquet(rejects)
    assert good.count() == rows - -(-rows // FAULTY)
    assert bad.count() == -(-rows // FAULTY)
    sample = (
        session.read.parquet(levels)
        .join(good.drop("tahun"), "id")
        .filter("id % 9973 = 7")
        .collect()
    )
    instrument, unit = load_instrument("spbe-2020"), denominators("spbe-2020")["index"]
    for row in sample:
        own = Assessment.from_levels([row[code] for code in CODES], instrument, year=row["tahun"])
        card = score(instrument, own)
        assert Fraction(row["index_exact"]) * unit == card.index
        assert row["predicate"] == card.predicate.name
    said = {(row["reason"], row["12"]) for row in bad.select("reason", "`12`").distinct().collect()}
    assert said == {("level-off-scale 12", 0), ("level-off-scale 12", 6)}
    print(f"{len(sample)} rows of the scores are those of the core, {bad.count()} rejects say why")
    session.stop()


ENGINES: dict[str, Callable[[str, str], Jobs]] = {
    "polars": _polars,
    "polars lazy": _lazy,
    "pandas": _pandas,
    "pyarrow": _pyarrow,
    "duckdb": _duckdb,
    "pyspark": _spark,
}

if __name__ == "__main__":
    main()
