"""Frames of every engine hold what the core gives, whatever stands in their cells."""

import sys
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.frames import (
    ENGINES,
    Dirty,
    DirtyRows,
    assert_institutions,
    assert_rows,
    dirty_frames,
    dirty_rows,
    dotted,
)
from support.strategies import shipped_or_random

from spbe_cli import load_instrument
from spbe_cli.batch import denominators, score_frame
from spbe_cli.core.instrument import Group, Indicator
from spbe_cli.core.problem import InvalidInputError

TENTHS = tuple(
    Indicator(code, code, Fraction(weight))
    for code, weight in (("4.1", 20), ("4.10", 50), ("4.2", 30))
)
SPBE = load_instrument("spbe-2020")
ROWS: dict[str, Any] = {"instrument": "spbe-2020", "institution": "3", "code": "1", "level": "2"}
THREES = {code: [3] for code in SPBE.indicator_by_code}


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_a_dirty_frame_of_any_engine_says_what_is_wrong(engine: str, data: st.DataObject) -> None:
    instrument, _ = data.draw(shipped_or_random())
    instrument = data.draw(dotted(instrument))
    dirty: Dirty = data.draw(dirty_frames(instrument))
    made, read = ENGINES[engine]
    found = read(score_frame(made(dirty.frame), instrument, year="tahun"))
    assert_rows(instrument, dirty, found)


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_a_row_an_indicator_gives_what_the_core_gives(engine: str, data: st.DataObject) -> None:
    instrument, _ = data.draw(shipped_or_random())
    instrument = data.draw(dotted(instrument))
    dirty: DirtyRows = data.draw(dirty_rows(instrument))
    made, read = ENGINES[engine]
    asked: dict[str, Any] = {
        "institution": "nama",
        "code": "kode",
        "level": "nilai",
        "year": "tahun",
    }
    found = read(score_frame(made(dirty.frame), instrument, **asked))
    assert_institutions(instrument, dirty, found)


@pytest.mark.parametrize("engine", ENGINES)
def test_columns_stand_in_the_order_of_the_instrument(engine: str) -> None:
    made, read = ENGINES[engine]
    (row,) = read(score_frame(made(pl.DataFrame({"nama": ["A"], **THREES})), "spbe-2020"))
    groups = [name for code in SPBE.node_by_code for name in (code, f"{code}_exact")]
    predicates = ["predicate", "predicate_by_exact", "predicate_by_rounded"]
    added = ["valid", "reason", "index", "index_exact", *predicates, *groups]
    assert list(row) == ["nama", *THREES, *added]
    assert (row["index"], row["index_exact"]) == (3.0, 6000)


@pytest.mark.parametrize("engine", ENGINES)
def test_whole_numbers_of_the_last_place_where_they_are_asked_for(engine: str) -> None:
    made, read = ENGINES[engine]
    (row,) = read(score_frame(made(pl.DataFrame(THREES)), "spbe-2020", decimals=False))
    assert (row["index"], row["D1"]) == (300, 300)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_instrument_of_a_row_is_that_of_its_year(engine: str) -> None:
    made, read = ENGINES[engine]
    of_2018 = load_instrument("spbe-2018")
    codes = dict.fromkeys([*of_2018.indicator_by_code, *THREES])
    years: list[int | None] = [2018, 2023, 1999, None]
    columns: dict[str, Any] = {code: [2, 3, 3, 3] for code in codes} | {"tahun": years}
    found = read(score_frame(made(pl.DataFrame(columns)), None, year="tahun"))
    ids = ["spbe-2018", "spbe-2020"]
    assert [row["instrument"] for row in found[:2]] == ids
    assert [row["index"] for row in found[:2]] == [2.0, 3.0]
    assert [row["reason"] for row in found[2:]] == ["year-without-instrument", "year-absent"]
    named = read(score_frame(made(pl.DataFrame(columns)), ids, year="tahun"))
    assert [row["predicate"] for row in named[:2]] == [row["predicate"] for row in found[:2]]


def test_an_instrument_without_its_columns_says_which_levels_its_rows_lack() -> None:
    found = score_frame(pl.DataFrame({**THREES, "tahun": [2018]}), None, year="tahun")
    missing = "; ".join(f"level-missing {code}" for code in ("35.1", "35.2", "35.3"))
    assert found["reason"].to_list() == [missing]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_long_form_has_a_row_a_node(engine: str) -> None:
    made, read = ENGINES[engine]
    found = read(score_frame(made(pl.DataFrame(THREES | {"47": [4]})), "spbe-2020", long=True))
    assert [row["code"] for row in found] == ["index", *SPBE.node_by_code]
    wide = score_frame(pl.DataFrame(THREES | {"47": [4]}), "spbe-2020").to_dicts()[0]
    assert [row["value"] for row in found] == [wide[row["code"]] for row in found]
    assert [row["exact"] for row in found] == [wide[f"{row['code']}_exact"] for row in found]
    assert {row["predicate"] for row in found} == {wide["predicate"]}


@pytest.mark.parametrize("engine", ENGINES)
def test_existing_columns_are_refused_or_stay_beside_prefixed_ones(engine: str) -> None:
    made, read = ENGINES[engine]
    frame = made(pl.DataFrame({**THREES, "Index": [9], "valid": [7]}))
    with pytest.raises(ValueError, match=r"the frame has 'valid', 'index' already: give a prefix"):
        score_frame(frame, "spbe-2020")
    (row,) = read(score_frame(frame, "spbe-2020", prefix="spbe_"))
    assert (row["Index"], row["valid"], row["spbe_index"]) == (9, 7, 3.0)
    assert bool(row["spbe_valid"]) is True


def test_a_column_of_pandas_may_hold_values_of_several_types() -> None:
    frame = pd.DataFrame({code: [3, 3, 3] for code in THREES})
    frame["2"] = pd.Series([3, "3,0", 2.5], dtype=object)
    frame["4"] = pd.Series([Fraction(3), None, "x"], dtype=object).map(lambda v: v and str(v))
    found = score_frame(frame, "spbe-2020")
    assert found["valid"].to_list() == [True, False, False]
    reasons = found["reason"].to_list()[1:]
    assert reasons == ["level-missing 4", "level-off-step 2; level-not-number 4"]


def test_texts_of_years_and_dates_are_years() -> None:
    years = ["2023", " 2024,0 ", "abc", "2023.5", "1999", ""]
    frame = pl.DataFrame({code: [3] * 6 for code in THREES} | {"tahun": years})
    found = score_frame(frame, "spbe-2020", year="tahun")
    wrong = ["not-a-whole-number year"] * 2
    assert found["reason"].to_list() == [None, None, *wrong, "instrument-other-year", None]
    dates = pl.Series(["2023-05-01", "1999-01-01"]).str.to_date()
    frame = pl.DataFrame({code: [3, 3] for code in THREES}).with_columns(tahun=dates)
    assert score_frame(frame, "spbe-2020", year="tahun")["valid"].to_list() == [True, False]


@pytest.mark.parametrize("value", [True, date(2023, 1, 1), [3], b"3"])
def test_a_column_of_another_kind_holds_no_level(value: object) -> None:
    frame = pl.DataFrame({**THREES, "12": [value]})
    assert score_frame(frame, "spbe-2020")["reason"].to_list() == ["level-not-number 12"]


MISTAKES: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"instrument": 3}, TypeError, "instrument: expected an Instrument, .* got int 3"),
    ({"instrument": "spbe-2019"}, InvalidInputError, 'there is no instrument "spbe-2019"'),
    ({"instrument": "spbe-2020", "year": 1999}, ValueError, "spbe-2020 is not used in 1999"),
    ({"instrument": "spbe-2020", "year": "th"}, ValueError, "no column 'th' for the year"),
    ({"instrument": "spbe-2020", "year": 2.5}, TypeError, "year: expected a year or the name"),
    ({"instrument": None, "year": 2023}, ValueError, "an instrument a row needs year"),
    ({"instrument": []}, TypeError, "instrument: expected"),
    ({"code": "1"}, ValueError, "needs institution, code and level; institution and level are not"),
    ({"code": "1", "level": "2"}, ValueError, "code and level; institution is not given"),
    (ROWS | {"level": "nilai"}, ValueError, "no column 'nilai' for the level"),
    (ROWS | {"institution": ["3", "nama"]}, ValueError, "no column 'nama' for the institution"),
    (ROWS | {"institution": []}, ValueError, "institution: expected the name of a column or sev"),
    (ROWS | {"institution": [3]}, TypeError, "institution: expected the name of a column or sev"),
    (ROWS | {"code": 1}, TypeError, "code: expected the name of a column, got int 1"),
    (ROWS | {"code": "2"}, ValueError, "institution, year, code and level need a column each"),
    (ROWS | {"columns": {"1": "x"}}, ValueError, "columns: a frame with a row an indicator has"),
]


@pytest.mark.parametrize(("arguments", "kind", "said"), MISTAKES)
def test_a_mistaken_argument_says_what_was_expected(
    arguments: dict[str, Any], kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=said):
        score_frame(pl.DataFrame(THREES), **arguments)


@pytest.mark.parametrize(
    "frame", [None, [[3] * 47], dict(THREES), "levels.csv", pl.Series([3]), pd.Series([3])]
)
def test_what_is_no_frame_says_what_was_expected(frame: object) -> None:
    said = "frame: expected a frame of polars, pandas, pyarrow, DuckDB or PySpark, got "
    with pytest.raises(TypeError, match=said + "(NoneType|list|dict|str|Series)"):
        score_frame(frame, "spbe-2020")


def test_without_narwhals_the_install_command_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "narwhals", None)
    with pytest.raises(ImportError, match=r'score_frame needs .* "spbe-cli\[batch\]"'):
        score_frame(pl.DataFrame(THREES), "spbe-2020")


@pytest.mark.parametrize(
    ("columns", "error", "said"),
    [
        ({"99": "1"}, ValueError, "columns: there is no indicator '99'"),
        ({1: "2", "I1": "2"}, ValueError, "columns: there is no indicator 'I1', 1"),
        (["1"], TypeError, "columns: expected a mapping by indicator code, got list"),
    ],
)
def test_columns_of_a_frame_are_those_of_indicators(
    columns: dict[str, str], error: type[Exception], said: str
) -> None:
    frame = pl.DataFrame({str(code): [3] for code in range(1, 48)})
    with pytest.raises(error, match=said):
        score_frame(frame, "spbe-2020", columns=columns)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", ["5.00000001", "0.99999999", "3.0000001", "3.00000000001"])
def test_a_text_is_no_level_beside_it(engine: str, text: str) -> None:
    made, read = ENGINES[engine]
    levels: dict[str, list[Any]] = THREES | {"12": [text]}
    (row,) = read(score_frame(made(pl.DataFrame(levels)), "spbe-2020"))
    assert (row["valid"], row["reason"].split()[1]) == (False, "12")


TWENTY = load_instrument("pemdi-2026").indicator_by_code


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", ["7/6", " 7/6", "+7/6", "14/12", "007/006", "1.16666666666667"])
def test_a_fraction_is_a_value_where_the_scale_has_no_step(engine: str, text: str) -> None:
    made, read = ENGINES[engine]
    frame = pl.DataFrame({code: [text, "1/1"] for code in TWENTY})
    first, second = read(score_frame(made(frame), "pemdi-2026"))
    unit = denominators("pemdi-2026")["index"]
    assert (first["index_exact"] * unit, second["index_exact"] * unit) == (Fraction(7, 6), 1)
    long = pl.DataFrame({"nama": ["A"] * 20, "kode": list(TWENTY), "nilai": [text] * 20})
    asked = ROWS | {"instrument": "pemdi-2026"}
    asked |= {"institution": "nama", "code": "kode", "level": "nilai"}
    (row,) = read(score_frame(made(long), **asked))
    assert row["index_exact"] * unit == Fraction(7, 6)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_fraction_is_no_year_and_no_level_of_a_scale_with_a_step(engine: str) -> None:
    made, read = ENGINES[engine]
    levels: dict[str, list[Any]] = THREES | {"12": ["4/1"], "tahun": ["2023/1"]}
    (row,) = read(score_frame(made(pl.DataFrame(levels)), "spbe-2020", year="tahun"))
    assert row["reason"] == "level-not-number 12; not-a-whole-number year"


def rows_of(**columns: object) -> pl.DataFrame:
    """Return a frame with a row for each indicator, each with level 3, and other columns."""
    return pl.DataFrame({"kode": list(THREES), "nilai": [3] * 47}).with_columns(
        **{name: pl.lit(value) for name, value in columns.items()}
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", [pl.Int8, pl.Float64, pl.String, pl.Categorical])
def test_codes_may_be_numbers(engine: str, kind: pl.DataType) -> None:
    made, read = ENGINES[engine]
    frame = rows_of(nama="A").with_columns(pl.col("kode").cast(pl.Int8).cast(pl.String).cast(kind))
    asked = ROWS | {"institution": "nama", "code": "kode", "level": "nilai"}
    (row,) = read(score_frame(made(frame), **asked))
    assert list(row)[:4] == ["nama", "valid", "reason", "index"]
    assert (bool(row["valid"]), row["index"], row["index_exact"]) == (True, 3.0, 6000)


def test_numbers_that_could_be_two_codes_are_none() -> None:
    group = Group("aspect", "A1", "A", Fraction(100), (), TENTHS)
    own = replace(SPBE, id="own", groups=(group,))
    codes = ["4.1", "4.10", "4.2"]
    frame = pl.DataFrame({"nama": ["A"] * 3, "kode": codes, "nilai": [3, 4, 5]})
    asked: dict[str, Any] = {"institution": "nama", "code": "kode", "level": "nilai"}
    assert score_frame(frame, own, **asked)["index"].to_list() == [4.1]
    numbers = frame.with_columns(pl.col("kode").cast(pl.Float64))
    reason = "level-missing 4.1; level-missing 4.10; indicator-unknown 4.1"
    assert score_frame(numbers, own, **asked)["reason"].to_list() == [reason]


def test_each_year_of_an_institution_is_a_row_with_its_own_instrument() -> None:
    of_2018 = load_instrument("spbe-2018")
    old = pl.DataFrame({"kode": list(of_2018.indicator_by_code), "nilai": [2] * 37})
    every = pl.concat(
        [old.with_columns(nama=pl.lit("A"), tahun=2018), rows_of(nama="A", tahun=2023)]
    )
    asked: dict[str, Any] = {
        "institution": "nama",
        "code": "kode",
        "level": "nilai",
        "year": "tahun",
    }
    found = score_frame(every, None, **asked).select("tahun", "instrument", "index", "reason")
    assert found.rows() == [(2018, "spbe-2018", 2.0, None), (2023, "spbe-2020", 3.0, None)]


def test_keys_of_pandas_stay_as_they_are() -> None:
    frame = pd.concat([rows_of(nama="A").to_pandas(), rows_of(nama="B").to_pandas()])
    frame["wilayah"] = pd.Categorical(["Jawa"] * 47 + ["Bali"] * 47)
    frame["nomor"] = pd.array([2**60 + 1] * 47 + [None] * 47, dtype="Int64")
    frame["hal"] = pd.Series([1] * 47 + ["1"] * 47, dtype=object, index=frame.index)
    keys = ["nama", "wilayah", "nomor", "hal"]
    found = score_frame(frame, "spbe-2020", institution=keys, code="kode", level="nilai")
    assert found[keys].dtypes.to_list() == frame[keys].dtypes.to_list()
    assert found["nomor"].to_list() == [2**60 + 1, pd.NA]
    assert found["hal"].to_list() == [1, "1"]
    assert found["index"].to_list() == [3.0, 3.0]


def test_a_frame_without_rows_has_no_institution() -> None:
    asked = ROWS | {"institution": "nama", "code": "kode", "level": "nilai"}
    for made, read in ENGINES.values():
        assert read(score_frame(made(rows_of(nama="A").head(0)), **asked)) == []
