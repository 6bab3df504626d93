"""The job of `spbe batch`, names and 13 numbers, written by hand with one library or another.

python tests/bench/batch_others.py LIBRARY IN.csv OUT.csv
"""

import sys

SIZES = {"A1": 10, "A2": 4, "A3": 4, "A4": 2, "A5": 8, "A6": 3, "A7": 10, "A8": 6}
PARTS = {"A1": 26, "A2": 50, "A3": 50, "A4": 50, "A5": 30, "A6": 30, "A7": 55, "A8": 60}
DOMAINS = {"D1": ["A1"], "D2": ["A2", "A3", "A4"], "D3": ["A5", "A6"], "D4": ["A7", "A8"]}
NODES = {"index": list(SIZES), **DOMAINS, **{aspect: [aspect] for aspect in SIZES}}
WHO = ["institution", "category", "province", "year"]


def members(aspect: str) -> list[str]:
    """Return the codes of an aspect's indicators."""
    codes = iter(range(1, 48))
    own = {name: [str(next(codes)) for _ in range(size)] for name, size in SIZES.items()}
    return own[aspect]


def weight(node: str) -> int:
    """Return a node's weight in twentieths of a percent."""
    return sum(SIZES[aspect] * PARTS[aspect] for aspect in NODES[node])


def polars(source: str, target: str) -> None:
    """Score with polars: aspects first, levels read as bytes."""
    import polars as pl

    schema = {**dict.fromkeys(WHO, pl.String), **{str(i): pl.UInt8 for i in range(1, 48)}}
    sums = [(pl.sum_horizontal(members(a)).cast(pl.UInt32) * PARTS[a]).alias(a) for a in SIZES]
    shown = [
        ((pl.sum_horizontal(a) * 200 + weight(n)) // (2 * weight(n)) / 100).alias(n)
        for n, a in NODES.items()
    ]
    scored = pl.scan_csv(source, schema=schema).with_columns(sums).select(*WHO, *shown)
    scored.sink_csv(target, float_precision=2)


def pandas(source: str, target: str) -> None:
    """Score with pandas."""
    import pandas as pd

    table = pd.read_csv(source, dtype={str(i): "uint8" for i in range(1, 48)})
    for a in SIZES:
        table[a] = table[members(a)].sum(axis=1).astype("int64") * PARTS[a]
    shown = {
        n: (table[a].sum(axis=1) * 200 + weight(n)) // (2 * weight(n)) / 100
        for n, a in NODES.items()
    }
    pd.concat([table[WHO], pd.DataFrame(shown)], axis=1).to_csv(target, index=False)


def duckdb(source: str, target: str) -> None:
    """Score with DuckDB."""
    import duckdb

    sums = {a: "+".join(f'"{code}"::INT' for code in members(a)) for a in SIZES}
    units = {
        n: "+".join(f"({sums[a]})*{PARTS[a]}" for a in aspects) for n, aspects in NODES.items()
    }
    shown = ", ".join(
        f'(({value})*200+{weight(n)})//{2 * weight(n)}/100 AS "{n}"' for n, value in units.items()
    )
    duckdb.sql(
        f"COPY (SELECT {', '.join(WHO)}, {shown} FROM read_csv('{source}')) "  # noqa: S608
        f"TO '{target}' (HEADER)"
    )


def numpy(source: str, target: str) -> None:
    """Score the levels with numpy, names left out."""
    import numpy as np

    levels = np.loadtxt(
        source, delimiter=",", skiprows=1, usecols=range(4, 51), dtype=np.uint8
    ).astype(np.int64)
    places = {a: [int(code) - 1 for code in members(a)] for a in SIZES}
    sums = {a: levels[:, places[a]].sum(axis=1) * PARTS[a] for a in SIZES}
    shown = [
        (sum(sums[a] for a in aspects) * 200 + weight(n)) // (2 * weight(n)) / 100
        for n, aspects in NODES.items()
    ]
    np.savetxt(target, np.column_stack(shown), fmt="%.2f", delimiter=",", header=",".join(NODES))


if __name__ == "__main__":
    library, *files = sys.argv[1:]
    known = {
        "polars": polars,
        "pandas": pandas,
        "duckdb": duckdb,
        "numpy": numpy,
    }
    known[library](*files)
