"""The evaluation of statistics: weights as shares of their parent, and no year that chooses it."""

from fractions import Fraction
from pathlib import Path

import pytest

from spbe_cli.read.instruments import instrument_from_file, instrument_of_year, shipped_instrument

EPSS = shipped_instrument("epss-2022")
# Relative weights as the official slides print them: products of the shares
PRINTED = {
    "10101": "7", "10401": "7",
    "20101": "3.024", "20102": "2.016", "20201": "3.84", "20301": "2.52",
    "20401": "1.7136", "20402": "1.6632", "20403": "1.6632", "20502": "2.52",
    "30101": "2.0064", "30103": "2.0672", "30201": "4.94", "30302": "1.995", "30401": "3.99",
    "40101": "1.4875", "40201": "2.55", "40304": "1.4875",
    "50101": "1.3872", "50103": "1.3464", "50201": "3.96", "50301": "1.3068", "50303": "1.3464",
}  # fmt: skip


def test_shares_give_the_relative_weights_exactly() -> None:
    assert EPSS.shares
    assert len(EPSS.indicators) == 38
    assert EPSS.weight == 100
    weights = {each.code: each.weight for each in EPSS.indicators}
    assert {code: weights[code] for code in PRINTED} == {
        code: Fraction(weight) for code, weight in PRINTED.items()
    }
    domains = [group.weight for group in EPSS.groups]
    assert domains == [28, 24, 19, 17, 12]
    for group, _, below in EPSS.nodes:
        assert sum(each.weight for each in below) == group.weight


@pytest.mark.parametrize("year", range(2018, 2031))
def test_no_year_chooses_it(year: int) -> None:
    found = instrument_of_year(year)
    assert found is not None
    assert found.id != EPSS.id


OWN = """
id: own
title: own
weights: shares
scale: {{lowest: 1, highest: 5}}
predicates: [{{name: Ada}}]
aspects:
  - code: A1
    name: one
    weight: 40
    indicators:
      - {{code: "1", weight: {first}, name: one}}
      - {{code: "2", weight: 200/3, name: two}}
  - code: A2
    name: two
    weight: 60
    indicators: [{{code: "3", weight: 100, name: three}}]
"""


def test_shares_that_do_not_add_up_are_refused_as_shares(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN.format(first="100/3"), encoding="utf-8")
    instrument, problems = instrument_from_file(str(path))
    assert not problems
    assert instrument is not None
    assert [each.weight for each in instrument.indicators] == [
        Fraction(40, 3),
        Fraction(80, 3),
        Fraction(60),
    ]
    path.write_text(OWN.format(first="30"), encoding="utf-8")
    instrument, (problem,) = instrument_from_file(str(path))
    assert instrument is None
    assert problem.code == "weights-do-not-add-up"
    assert (problem.values["node"], problem.values["sum"], problem.values["expected"]) == (
        *("A1", "290/3"),
        "100",
    )
