"""The one door to exact numbers: text in, rationals inside, text out.

Nothing else in the project parses, rounds or prints a weight, a level or an index. No binary
float exists on the way: `Fraction` is exact, and a shown value is rounded half up from it.
"""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

_MOST_PLACES = 9
_DIGITS_OF_A_FRACTION = 12  # decimals that nobody types
_LARGEST_DENOMINATOR = 1000

_PATTERN = re.compile(
    r"\s*([+-]?)([0-9]{1,18})(?:[.,]([0-9]{1,18}))?(?:/([0-9]{1,18}))?\s*", re.ASCII
)


class NotANumberError(ValueError):
    """A text is neither a decimal number nor a fraction such as `10/3`."""


def parse(text: str) -> Fraction:
    """Return the exact value of `3`, `3.0`, `3,0`, `-1.25` or `10/3`.

    A comma is a decimal comma, never a thousands separator. At most 18 digits a part.

    Raises:
        NotANumberError: for anything else, `1e3`, `nan`, `0x1`, `3/0` and the empty text included.
    """
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise NotANumberError(text)
    sign, whole, decimals, denominator = match.groups()
    if denominator is not None and (decimals is not None or not int(denominator)):
        raise NotANumberError(text)
    decimals = decimals or ""
    value = Fraction(int(whole + decimals), int(denominator or 10 ** len(decimals)))
    return -value if sign == "-" else value


def unrounded(value: Fraction, text: str) -> Fraction:
    """Return the fraction that a spreadsheet cut to 15 digits: 7/6 for `1.16666666666667`.

    With fewer than twelve decimals, or where no denominator up to 1000 has just these digits, it
    is the value as it stands.
    """
    places = len(re.split("[.,]", text.strip())[-1])
    if places < _DIGITS_OF_A_FRACTION or value.denominator <= _LARGEST_DENOMINATOR:
        return value
    near = value.limit_denominator(_LARGEST_DENOMINATOR)
    return near if abs(near - value) < Fraction(1, 10**places) else value


def is_number(text: str) -> bool:
    """Return whether `parse` reads the text."""
    try:
        parse(text)
    except NotANumberError:
        return False
    return True


def rounded(value: Fraction, places: int = 2) -> Fraction:
    """Return `value` rounded half up (away from zero at a tie) to `places` decimals.

    Half up is what the published tables of 2023 and 2024 show: docs/method.md.
    """
    units = _units(value, places)
    return Fraction(-units if value.numerator < 0 else units, 10**places)


def _units(value: Fraction, places: int) -> int:
    """Return the size of a value in units of its last decimal, rounded half up."""
    scale: int = 2 * 10**places
    return (abs(value.numerator) * scale + value.denominator) // (2 * value.denominator)


def fixed(value: Fraction, places: int = 2, *, sign: bool = False, comma: bool = False) -> str:
    """Return `value` rounded half up with exactly `places` decimals: `2.15`, `+1.48`, `4,27`."""
    units = _units(value, places)
    digits = str(units).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    prefix = ("-" if value.numerator < 0 else "+" if sign else "") if units else ""
    return prefix + (text.replace(".", ",") if comma else text)


def exact(value: Fraction, *, comma: bool = False) -> str:
    """Return `value` with nothing lost: `2.1545` where the decimals end, else `991/300`."""
    twos = fives = 0
    rest = value.denominator
    if rest == 1:
        return str(value.numerator)
    while rest % 2 == 0:
        rest //= 2
        twos += 1
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    return fixed(value, max(twos, fives), comma=comma)


def rounded_up(value: Fraction, places: int = 2) -> Fraction:
    """Return the least number with so many decimals that is not below `value`."""
    return Fraction(ceil(value * 10**places), 10**places)


def rounded_down(value: Fraction, places: int = 2) -> Fraction:
    """Return the greatest number with so many decimals that is not above `value`."""
    return Fraction(floor(value * 10**places), 10**places)


def enough_places(value: Fraction, places: int = 2) -> int:
    """Return how many decimals it takes to say what is needed, and hardly more than that.

    As many as show it as it is, up to four; beyond that it is rounded to the safe side, and takes
    more where that would change it by more than a tenth.
    """
    places = adding_places([value], places)
    while places < _MOST_PLACES and (rounded_up(value, places) - value) * 10 > value:
        places += 1
    return places


def share_places(percent: Fraction, places: int = 2) -> int:
    """Return how many decimals show a percentage as 0 or 100 only where it is just that.

    `places` for 99.5; three for 99.996, which two decimals would show as 100.
    """
    while rounded(percent, places) in (0, 100) and rounded(percent, places) != percent:
        places += 1
    return places


def apportioned(values: Sequence[Fraction], total: Fraction, places: int) -> list[Fraction]:
    """Return the values with so many decimals, so that they add up to `total` as it is shown.

    Each is rounded down or up, up those with the largest remainder, of equal ones the last.
    `total` has these decimals and lies between the sums of all rounded down and of all rounded up.
    """
    scale: int = 10**places
    units = [value.numerator * scale // value.denominator for value in values]
    missing = total.numerator * scale // total.denominator - sum(units)
    if missing:
        order = sorted(range(len(values)), key=lambda at: (units[at] - values[at] * scale, -at))
        for at in order[:missing]:
            units[at] += 1
    return [_decimal(each, scale) for each in units]


@lru_cache(maxsize=4096)
def _decimal(units: int, scale: int) -> Fraction:
    return Fraction(units, scale)


def telling_places(value: Fraction, places: int = 2) -> int:
    """Return how many decimals a small difference needs: rounding may change it by a tenth at most.

    `places` for 0.45; three for 0.005, which two decimals would show as 0.01.
    """
    while places < _MOST_PLACES and abs(rounded(value, places) - value) * 10 > abs(value):
        places += 1
    return places


def shown_apart(found: Fraction, expected: Fraction, places: int = 2) -> int:
    """Return how many decimals it takes to show two different values differently.

    `places` where that is enough; up to nine where rounding would print the same text twice.
    """
    while (
        places < _MOST_PLACES
        and found != expected
        and rounded(found, places) == rounded(expected, places)
    ):
        places += 1
    return places


def adding_places(values: Iterable[Fraction], least: int = 2, most: int = 4) -> int:
    """Return how many decimals show every value as it is, so that they visibly add up.

    Between `least` and `most`: a third has no end, and more digits would hide the others.
    """
    places = least
    for value in values:
        while places < most and 10**places % value.denominator:
            places += 1
    return places
