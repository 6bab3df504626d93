"""Frames of Spark are scored where they are; CI runs this where Java and PySpark can be had."""

import os

import pytest
from support.sheets import JUST_BY_ROUNDING, ON_THRESHOLD

from spbe_cli.batch import score_frame
from spbe_cli.read.instruments import shipped_instrument

if "SPBE_REQUIRE_SPARK" not in os.environ:
    pytest.importorskip("pyspark", reason="PySpark is not installed")

LAST = {**ON_THRESHOLD, "1": 6}


@pytest.mark.filterwarnings("ignore")  # PySpark's own
def test_a_frame_of_spark() -> None:
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    )
    try:
        codes = list(ON_THRESHOLD)
        sheets = (ON_THRESHOLD, JUST_BY_ROUNDING, JUST_BY_ROUNDING, LAST)
        years = (2023, 2023, 2024, 2024)
        rows = [
            (*(sheet[code] for code in codes), year)
            for sheet, year in zip(sheets, years, strict=True)
        ]
        frame = spark.createDataFrame(rows, [*codes, "tahun"])
        scored = score_frame(frame, shipped_instrument("spbe-2020"), year="tahun").collect()
        found = [
            (row["valid"], row["index"], row["index_exact"], row["predicate"]) for row in scored
        ]
    finally:
        spark.stop()
    assert found == [
        (True, 260, 5200, "Baik"),
        (True, 260, 5190, "Baik"),
        (True, 260, 5190, "Cukup"),
        (False, None, None, None),
    ]
