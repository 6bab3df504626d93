"""What a change would gain."""

from fractions import Fraction

import pytest
from support.sheets import JUST_BY_ROUNDING, bandar_lampung, sheet, spbe_2020

from spbe_cli.core.assessment import Assessment, Change, Entry, Missing, apply_changes, parse_change
from spbe_cli.core.score import MissingLevelError
from spbe_cli.core.whatif import WhatIf, what_if, what_if_bounds

SPBE = spbe_2020()


def changed(assessment: Assessment, *texts: str) -> Assessment:
    changes = [change for text in texts if isinstance(change := parse_change(text), Change)]
    return apply_changes(SPBE, assessment, changes)[0]


def what(assessment: Assessment, *texts: str) -> WhatIf:
    return what_if(SPBE, assessment, changed(assessment, *texts))


def test_gains_add_up() -> None:
    found = what(bandar_lampung().assessment, "12=4", "A3=+1", "47=2")
    gains = {item.indicator.code: item.contribution for item in found.changes}
    assert list(gains) == ["12", "15", "16", "17", "18", "47"]
    assert gains["12"] == Fraction("0.075")
    assert found.delta == sum(gains.values()) == Fraction("0.205")
    assert {item.group.code for item in found.groups if item.delta} == {
        *("D2", "A2", "A3"),
        *("D4", "A8"),
    }


def test_nothing_changed() -> None:
    found = what(bandar_lampung().assessment, "10=3")
    assert found.changes == ()
    assert found.delta == 0
    assert found.before.index == found.after.index


@pytest.mark.parametrize(
    ("year", "before", "points"), [(2023, "Baik", "0.895"), (2024, "Cukup", "0.9")]
)
def test_a_change_exactly_onto_the_threshold(year: int, before: str, points: str) -> None:
    found = what(sheet(JUST_BY_ROUNDING, year), "11=1", "47=5")
    assert (found.before.predicate.name, found.after.predicate.name) == (before, "Baik")
    assert (found.before.index, found.after.index) == (Fraction("2.595"), Fraction("2.6"))
    assert found.after.verdict.distance == Fraction(points)


def test_a_missing_level_gives_two_answers() -> None:
    assessment = bandar_lampung().assessment
    entries = {**assessment.entries, "1": Entry(Missing.BLANK), "12": Entry(Missing.ABSENT)}
    assessment = assessment._replace(entries=entries)
    after = changed(assessment, "12=4", "13=2")
    with pytest.raises(MissingLevelError):
        what_if(SPBE, assessment, after)
    found = what_if_bounds(SPBE, assessment, after)
    gains = [
        {item.indicator.code: item.contribution for item in end.changes}
        for end in (found.lowest, found.highest)
    ]
    assert gains == [
        {"12": Fraction("0.075"), "13": Fraction("0.025")},
        {"12": Fraction("-0.025"), "13": Fraction("0.025")},
    ]
    assert found.highest.after.index - found.lowest.after.index == Fraction("0.052")
