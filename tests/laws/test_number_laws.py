"""Numbers: what goes in comes out, and rounding is half up."""

import decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spbe_cli.core.number import NotANumberError, exact, fixed, parse, rounded, shown_apart

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
    ],
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(NotANumberError):
        parse(text)


def test_published_half_up_cases() -> None:
    assert fixed(Fraction("4.745")) == "4.75"  # Kominfo 2024
    assert fixed(Fraction("4.485")) == "4.49"  # Surabaya 2023
    assert fixed(Fraction("4.265")) == "4.27"  # Kota Jambi 2023
