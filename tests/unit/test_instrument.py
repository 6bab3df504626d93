"""What a text means in an instrument, and what is to be reached."""

from fractions import Fraction

import pytest

from spbe_cli.core.instrument import Group, Indicator, Instrument
from spbe_cli.core.problem import Place, Problem
from spbe_cli.core.score import Target, parse_target
from spbe_cli.read.instruments import shipped_instrument

SPBE = shipped_instrument("spbe-2020")
OLDER = shipped_instrument("spbe-2018")


@pytest.mark.parametrize(
    ("instrument", "text", "code"),
    [
        (SPBE, "12", "12"),
        (SPBE, " i12 ", "12"),
        (SPBE, "I47", "47"),
        (SPBE, "a3", "A3"),
        (SPBE, "D4", "D4"),
        (OLDER, "I35.2", "35.2"),
        (SPBE, "48", None),
        (SPBE, "A9", None),
        (SPBE, "", None),
        (SPBE, "I", None),
    ],
)
def test_a_text_means_one_node(instrument: Instrument, text: str, code: str | None) -> None:
    found = instrument.find(text)
    assert (found.code if isinstance(found, Indicator | Group) else None) == code


def test_indicators_of_a_text() -> None:
    assert SPBE.indicators_at("ALL") == SPBE.indicators
    assert [each.code for each in SPBE.indicators_at("d1")] == [str(n) for n in range(1, 11)]
    assert SPBE.indicators_at("0") == ()


def test_a_target_is_an_index_or_a_predicate() -> None:
    assert parse_target(SPBE, "3,1") == Target("3,1", Fraction("3.1"))
    found = parse_target(SPBE, "sangat-baik")
    assert isinstance(found, Target)
    assert (found.text, found.threshold) == ("Sangat Baik", Fraction("3.5"))
    assert found.least(SPBE, 2023) == Fraction("3.495")
    assert found.least(SPBE, 2024) == Fraction("3.5")


def test_a_target_that_is_none_says_the_nearest() -> None:
    place = Place("--target")
    unknown = parse_target(SPBE, "memuaskn", place)
    assert isinstance(unknown, Problem)
    assert (unknown.code, unknown.place) == ("predicate-unknown", place)
    assert unknown.values["nearest"] == "Memuaskan"
    off = parse_target(SPBE, "5.01", place)
    assert isinstance(off, Problem)
    assert (off.code, off.values["scale"]) == ("target-off-scale", "1-5")
