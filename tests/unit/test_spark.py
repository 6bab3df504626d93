"""Frames of Spark are scored where they are; .ci/run has Java and PySpark."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.frames import assert_institutions, assert_rows, dirty_frames, dirty_rows, dotted
from support.sheets import JUST_BY_ROUNDING, ON_THRESHOLD
from support.strategies import instruments

from spbe_cli import load_instrument
from spbe_cli.batch import score_frame
from spbe_cli.core.instrument import Instrument

if "SPBE_REQUIRE_SPARK" not in os.environ:
    pytest.importorskip("pyspark", reason="PySpark is not installed")

pytestmark = pytest.mark.filterwarnings("ignore")  # PySpark's own
LAST = {**ON_THRESHOLD, "1": 6}
ROWS: dict[str, Any] = {"institution": "nama", "code": "kode", "level": "nilai"}
TYPES = {pl.Float64: "double", pl.Int64: "bigint", pl.String: "string"}


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.shuffle.partitions", "1").getOrCreate()
    yield session
    session.stop()


def sent(spark: Any, frame: pl.DataFrame) -> Any:  # noqa: ANN401
    schema = ", ".join(f"`{name}` {TYPES[kind]}" for name, kind in frame.schema.items())  # type: ignore[index]
    return spark.createDataFrame(frame.rows(), schema)


def test_a_frame_of_spark(spark: Any) -> None:  # noqa: ANN401
    codes = list(ON_THRESHOLD)
    sheets = (ON_THRESHOLD, JUST_BY_ROUNDING, JUST_BY_ROUNDING, LAST)
    years = (2023, 2023, 2024, 2024)
    rows = [
        (*(sheet[code] for code in codes), year) for sheet, year in zip(sheets, years, strict=True)
    ]
    frame = spark.createDataFrame(rows, [*codes, "tahun"])
    scored = score_frame(frame, "spbe-2020", year="tahun").collect()
    names = ("valid", "reason", "index", "index_exact", "predicate")
    assert [tuple(row[name] for name in names) for row in scored] == [
        (True, None, 2.6, 5200, "Baik"),
        (True, None, 2.6, 5190, "Baik"),
        (True, None, 2.6, 5190, "Cukup"),
        (False, "level-off-scale 1", None, None, None),
    ]


@pytest.mark.parametrize("id_", ["spbe-2018", "spbe-2020", "pemdi-2026"])
@settings(max_examples=2, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_dirty_frame_of_shipped_instruments(spark: Any, id_: str, data: st.DataObject) -> None:  # noqa: ANN401
    held(spark, load_instrument(id_), data)


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_dirty_frame_of_random_instruments(spark: Any, data: st.DataObject) -> None:  # noqa: ANN401
    held(spark, data.draw(instruments(most=6)), data)


def held(spark: Any, instrument: Instrument, data: st.DataObject) -> None:  # noqa: ANN401
    instrument = data.draw(dotted(instrument))
    dirty = data.draw(dirty_frames(instrument))
    found = score_frame(sent(spark, dirty.frame), instrument, year="tahun").collect()
    assert_rows(instrument, dirty, [row.asDict() for row in found])
    rows = data.draw(dirty_rows(instrument))
    found = score_frame(sent(spark, rows.frame), instrument, year="tahun", **ROWS).collect()
    assert_institutions(instrument, rows, [row.asDict() for row in found])


def test_columns_forms_and_years_are_those_of_polars(spark: Any) -> None:  # noqa: ANN401
    codes = dict.fromkeys(
        [
            *load_instrument("spbe-2018").indicator_by_code,
            *load_instrument("spbe-2020").indicator_by_code,
        ]
    )
    years = [2018, 2023, 1999, None]
    frame = pl.DataFrame({code: [2, 3, 3, 3] for code in codes} | {"tahun": years})
    for how in ({}, {"long": True}, {"decimals": False}, {"prefix": "x."}):
        own = score_frame(frame, None, year="tahun", **how)
        found = score_frame(sent(spark, frame), None, year="tahun", **how)
        assert found.columns == own.columns
        rows = [row.asDict() for row in found.collect()]
        assert sorted(map(repr, rows)) == sorted(map(repr, own.to_dicts()))
        long = (
            frame.with_row_index("nama")
            .cast({"nama": pl.Int64})
            .unpivot(index=["nama", "tahun"], variable_name="kode", value_name="nilai")
        )
        own = score_frame(long, None, year="tahun", **ROWS, **how)
        found = score_frame(sent(spark, long), None, year="tahun", **ROWS, **how)
        assert found.columns == own.columns
        rows = [row.asDict() for row in found.collect()]
        assert sorted(map(repr, rows)) == sorted(map(repr, own.to_dicts()))


def test_no_stage_is_one_long_method(spark: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """Whole stages of 47 levels run interpreted: each projection stands outside of one."""
    path = str(tmp_path / "levels")
    codes = load_instrument("spbe-2020").indicator_by_code
    spark.createDataFrame([(3,) * 47], list(codes)).write.parquet(path)
    scored = score_frame(spark.read.parquet(path), "spbe-2020")
    assert stages(scored) == ["Project"] * 3
    valid = scored.filter("valid").drop("reason", *codes)
    assert stages(valid) == ["Project", "Filter", "Project", "Project"]  # levels are read once


def test_a_row_an_indicator_is_grouped_outside_of_a_stage(spark: Any, tmp_path: Path) -> None:  # noqa: ANN401
    path = str(tmp_path / "levels")
    rows = [("A", code, 3) for code in load_instrument("spbe-2020").indicator_by_code]
    spark.createDataFrame(rows, list(ROWS.values())).write.parquet(path)
    scored = score_frame(spark.read.parquet(path), "spbe-2020", **ROWS)
    assert stages(scored) == ["Project"] * 3 + ["ObjectHashAggregate"] * 2


def stages(scored: Any) -> list[str]:  # noqa: ANN401
    """Return its projections, filters and aggregates, the last first; a star is a whole stage."""
    plan = scored._jdf.queryExecution().executedPlan().toString()  # noqa: SLF001
    step = r"^[ :+-]*((?:\*\(\d+\) )?(?:Project|Filter|\w*Aggregate))"
    return re.findall(step, plan, re.MULTILINE)
