"""Pemerintah Digital 2026: the instrument's codes, what it rests on, and its criteria."""

import csv
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from spbe_cli import read_assessment, score
from spbe_cli.batch import score_frame
from spbe_cli.core.instrument import Indicator, Standing
from spbe_cli.read.instruments import instrument_from_file, read_criteria, shipped_instrument

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
    from spbe_cli.read.assessments import read_file
    from spbe_cli.read.sheet import Wishes

    (problem,) = read_file(str(path), Wishes()).problems
    assert (problem.code, problem.values["indicator"]) == ("duplicate-indicator", "12")


def test_a_frame_may_name_its_columns_by_the_evaluators_codes() -> None:
    with (TRIALS / "evaluators-codes.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.reader(stream) if row[0] in CODES]
    frame = pl.DataFrame({code: [float(level)] for code, _, level in rows})
    found = score_frame(frame, PEMDI, year=2026)
    assert found["index"].to_list() == [124]
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
