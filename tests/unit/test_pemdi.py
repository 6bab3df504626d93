"""Pemerintah Digital 2026: the instrument's codes, what it rests on, and its criteria."""

import csv
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from spbe_cli import read_assessment, score
from spbe_cli.batch import score_frame
from spbe_cli.core.instrument import Indicator, Standing, demands_between
from spbe_cli.core.problem import Problem
from spbe_cli.core.report import is_strength, is_weakness
from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.instruments import instrument_from_file, read_criteria, shipped_instrument
from spbe_cli.read.values import judged, level_in

PEMDI = shipped_instrument("pemdi-2026")
TRIALS = Path(__file__).parents[1] / "trials"
CODES = [
    *("1.1", "1.2", "2.1", "2.2", "3.1", "3.2", "3.3", "3.4", "4.1", "4.2"),
    *("4.3", "4.4", "5.1", "5.2", "6.1", "6.2", "6.3", "6.4", "7.1", "7.2"),
]  # the evaluators' codes: the aspect, and the place in it


def test_the_evaluators_codes_are_further_codes() -> None:
    assert [each.also for each in PEMDI.indicators] == [(code,) for code in CODES]
    for number, code in enumerate(CODES, 1):
        for text in (code, f"I{code}", str(number)):
            found = PEMDI.find(text)
            assert isinstance(found, Indicator)
            assert found.code == str(number)
    assert PEMDI.find("7.3") is None


@pytest.mark.parametrize("name", ["evaluators-codes.csv", "evaluators-codes-beside-numbers.csv"])
def test_a_sheet_in_the_evaluators_codes_is_read(name: str) -> None:
    assessment = read_assessment(TRIALS / name)
    assert score(PEMDI, assessment).index == Fraction("1.2415")


def test_an_indicator_under_both_of_its_codes_is_one_too_many(tmp_path: Path) -> None:
    path = tmp_path / "sheet.yaml"
    levels = {str(n): 1 for n in range(1, 21)} | {"4.4": 2}
    lines = [f"  {code}: {level}" for code, level in levels.items()]
    path.write_text("\n".join(["year: 2026", "levels:", *lines]), encoding="utf-8")
    (problem,) = read_file(str(path), Wishes()).problems
    assert (problem.code, problem.values["indicator"]) == ("duplicate-indicator", "12")


def test_a_frame_may_name_its_columns_by_the_evaluators_codes() -> None:
    with (TRIALS / "evaluators-codes.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.reader(stream) if row[0] in CODES]
    frame = pl.DataFrame({code: [float(level)] for code, _, level in rows})
    found = score_frame(frame, PEMDI, year=2026)
    assert found["index"].to_list() == [1.24]
    assert found["valid"].to_list() == [True]


def test_a_further_code_that_is_taken_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        """
id: own
title: own
scale: {lowest: 1, highest: 5}
predicates: [{name: Ada}]
aspects:
  - code: A1
    name: one
    weight: 100
    indicators:
      - {code: "1", also: ["2"], weight: 50, name: one}
      - {code: "2", weight: 50, name: two}
""",
        encoding="utf-8",
    )
    instrument, (problem,) = instrument_from_file(str(path))
    assert instrument is None
    assert (problem.code, problem.values["repeated"], problem.place.line) == (
        *("code-repeated", "2"),
        12,
    )


def test_each_reason_names_its_source_in_both_languages() -> None:
    assert {reason.standing for reason in PEMDI.reasons} == set(Standing)
    for reason in PEMDI.reasons:
        assert reason.source
        assert set(reason.says) == {"id", "en"}
    assert PEMDI.reasons_by_standing() == {"confirmed": "3", "untested": "3", "inferred": "2"}


def test_all_hundred_levels_have_a_criterion_and_evidence() -> None:
    criteria, problems = read_criteria(PEMDI)
    assert not problems
    assert list(criteria) == [each.code for each in PEMDI.indicators]
    for of_one in criteria.values():
        assert list(of_one.levels) == [Fraction(level) for level in range(1, 6)]
        assert all(of_one.evidence[level] for level in of_one.levels)
    assert sum(len(of_one.evidence) for of_one in criteria.values()) == 100


BOUNDS = [Fraction(bound) for bound in ("1", "1.5", "2.5", "3.5", "4", "5")]


@pytest.mark.parametrize(
    ("value", "level"),
    [
        ("1", 1), ("1.49", 1), ("1.5", 2), ("2.4999", 2), ("2.5", 3),
        ("3.5", 4), ("3.84", 4), ("4", 5), ("5", 5),
    ],
)  # fmt: skip
def test_a_bound_belongs_to_the_upper_level(value: str, level: int) -> None:
    band = PEMDI.scale.band_of(Fraction(value))
    assert band is not None
    assert band.level == level


def test_a_position_counts_levels_and_goes_back() -> None:
    scale = PEMDI.scale
    assert [scale.position(bound) for bound in BOUNDS] == [0, 1, 2, 3, 4, 5]
    assert scale.position(Fraction(7, 6)) == Fraction(1, 3)
    assert scale.at(Fraction(7, 2)) == Fraction("3.75")
    for hundredth in range(100, 501):
        value = Fraction(hundredth, 100)
        assert scale.at(scale.position(value)) == value
    assert [scale.at(Fraction(end)) for end in (-1, 6)] == [1, 5]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.1667", Fraction("1.1667")),
        ("7/6", Fraction(7, 6)),
        ("1,17", Fraction("1.17")),
        ("1.16666666666667", Fraction(7, 6)),
        ("1.1666666666666667", Fraction(7, 6)),
        ("1.33333333333333", Fraction(4, 3)),
        ("2.10000000000000", Fraction("2.1")),
        ("1.16666666666", Fraction("1.16666666666")),  # fewer digits than a spreadsheet keeps
        ("1.23456789012345", Fraction("1.23456789012345")),  # no small denominator has these digits
        ("5.01", None),
        ("0.99", None),
        ("7/0", None),
    ],
)
def test_any_exact_value_on_the_scale_is_read(text: str, value: Fraction | None) -> None:
    assert level_in(PEMDI.scale, text) == value
    if value is None:
        assert isinstance(judged(PEMDI, "1", text), Problem)


def test_a_fraction_is_no_level_where_there_are_steps() -> None:
    assert level_in(shipped_instrument("spbe-2020").scale, "4/1") is None


@pytest.mark.parametrize(
    ("before", "after", "levels"),
    [
        ("3.5", "3.84", [4]), ("1.26", "1.5", [1]), ("1.26", "2", [1, 2]),
        ("1.5", "2.5", [2]), ("1", "5", [1, 2, 3, 4, 5]),
    ],
)  # fmt: skip
def test_a_rise_demands_the_levels_that_it_works_in(
    before: str, after: str, levels: list[int]
) -> None:
    criteria, _ = read_criteria(PEMDI)
    indicator = PEMDI.indicators[0]
    span = Fraction(before), Fraction(after)
    found = list(demands_between(PEMDI, indicator, span, criteria[indicator.code]))
    assert [demand.level for demand in found] == levels
    assert all(demand.name and demand.criterion and demand.evidence for demand in found)


def test_strengths_are_the_levels_four_and_five() -> None:
    scale = PEMDI.scale
    assert [is_strength(scale, Fraction(v)) for v in ("3.49", "3.5", "4.2")] == [0, 1, 1]
    assert [is_weakness(scale, Fraction(v)) for v in ("1", "2.49", "2.5")] == [1, 1, 0]
    steps = shipped_instrument("spbe-2020").scale
    assert [is_strength(steps, Fraction(v)) for v in (3, 4)] == [0, 1]
    assert [is_weakness(steps, Fraction(v)) for v in (2, 3)] == [1, 0]
