"""Numbers: what goes in comes out, and rounding is half up."""

import decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spbe_cli.core.number import (
    NotANumberError,
    adding_places,
    exact,
    fixed,
    parse,
    rounded,
    shown_apart,
    telling_places,
)

FRACTIONS = st.fractions(max_denominator=10**6).filter(lambda value: abs(value) < 10**9)


@given(FRACTIONS)
def test_an_exact_value_is_read_back_as_it_was(value: Fraction) -> None:
    text = exact(value)
    digits = text.lstrip("-").replace(".", "").replace("/", "")
    if len(digits) <= 18:
        assert parse(text) == value


@given(FRACTIONS, st.integers(0, 6))
def test_rounding_agrees_with_the_decimal_module(value: Fraction, places: int) -> None:
    with decimal.localcontext(prec=60):
        # Only decimals that end can be held exactly by the second method.
        ending = Fraction(round(value * 10**8), 10**8)
        number = decimal.Decimal(ending.numerator) / decimal.Decimal(ending.denominator)
        expected = number.quantize(decimal.Decimal(1).scaleb(-places), decimal.ROUND_HALF_UP)
        assert rounded(ending, places) == Fraction(expected)
        assert Fraction(fixed(ending, places)) == Fraction(expected)


@given(FRACTIONS, st.integers(0, 6))
def test_rounding_moves_by_at_most_half_a_unit(value: Fraction, places: int) -> None:
    assert abs(rounded(value, places) - value) * 2 * 10**places <= 1


@given(st.integers(-(10**6), 10**6), st.integers(1, 4))
def test_a_tie_goes_away_from_zero(units: int, places: int) -> None:
    tie = Fraction(2 * units + 1, 2 * 10**places)
    expected = Fraction(units + 1 if units >= 0 else units, 10**places)
    assert rounded(tie, places) == expected


@given(st.fractions(0, 5, max_denominator=2000), st.fractions(0, 5, max_denominator=2000))
def test_different_values_are_shown_differently(one: Fraction, other: Fraction) -> None:
    places = shown_apart(one, other)
    assert (fixed(one, places) == fixed(other, places)) == (one == other)


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", "3"), (" 3,0 ", "3"), ("3.0", "3"), ("10/3", "10/3"), ("-1.25", "-5/4"), ("+2", "2")],
)
def test_what_is_a_number(text: str, value: str) -> None:
    assert parse(text) == Fraction(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "tiga",
        "1e3",
        "nan",
        "inf",
        "0x1",
        "3/0",
        "1.000,5",
        "1 000",
        "٣",
        "3.",
        ".5",
        "1/2/3",
        "3.5/2",
        "1" * 19,
        "1." + "1" * 19,
        "1/" + "1" * 19,
    ],
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(NotANumberError):
        parse(text)


def test_published_half_up_cases() -> None:
    assert fixed(Fraction("4.745")) == "4.75"  # Kominfo 2024
    assert fixed(Fraction("4.485")) == "4.49"  # Surabaya 2023
    assert fixed(Fraction("4.265")) == "4.27"  # Kota Jambi 2023


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("0", 2, "0.00"),
        ("0.5", 2, "0.50"),
        ("0.005", 2, "0.01"),
        ("0.05", 4, "0.0500"),
        ("-0.05", 2, "-0.05"),
        ("0.4", 0, "0"),
        ("-0.004", 2, "0.00"),
    ],
)
def test_a_value_below_one_begins_with_a_zero(value: str, places: int, text: str) -> None:
    assert fixed(Fraction(value), places) == text


@pytest.mark.parametrize(
    ("value", "places"),
    [("0.45", 2), ("0.005", 3), ("0.036", 3), ("0.0333", 2), ("1/110", 2), ("-1/110", 2), ("0", 2)],
)
def test_a_small_difference_is_shown_with_places_that_tell_it(value: str, places: int) -> None:
    """Rounding may change it by a tenth, as it does 1/110, and by no more."""
    assert telling_places(Fraction(value)) == places


@pytest.mark.parametrize(
    ("values", "places"),
    [
        (["1.5"], 2),
        (["0.005"], 3),
        (["0.004"], 3),
        (["-0.004", "0.0005"], 4),
        (["-0.005"], 3),
        (["1/3"], 4),
        ([], 2),
    ],
)
def test_values_are_shown_so_that_they_add_up(values: list[str], places: int) -> None:
    assert adding_places(map(Fraction, values)) == places
