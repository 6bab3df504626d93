"""Probabilities for people: as percent, and as a bar."""

from fractions import Fraction

from spbe_cli.core.number import rounded
from spbe_cli.words import Words

__all__ = ["bar", "percent", "share"]

_BLOCKS = " ▏▎▍▌▋▊▉█"
_ASCII = " -#"
_CELLS = 10


def percent(probability: Fraction, words: Words, places: int = 2) -> str:
    """Return `12.34 %`; `0 %` and `100 %` only of what cannot be and of what is certain."""
    value, step = probability * 100, Fraction(1, 10**places)
    near = rounded(value, places)
    if probability in (0, 1):
        return f"{words.exact(value)} %"
    if near == 0:
        return f"< {words.number(step, places)} %"
    if near == 100:  # noqa: PLR2004
        return f"> {words.number(100 - step, places)} %"
    return f"{words.number(value, places)} %"


def share(probability: Fraction, words: Words) -> str:
    """Return a given probability in percent as short as it is: `90 %`, `43.24 %`."""
    value = probability * 100
    if rounded(value) == value:
        return f"{words.exact(value)} %"
    return percent(probability, words)


def bar(probability: Fraction, *, unicode: bool = True) -> str:
    """Return a bar of up to ten blocks; what is possible has some, what is not certain not all."""
    marks = _BLOCKS if unicode else _ASCII
    parts = len(marks) - 1
    whole = _CELLS * parts
    filled = int(probability * whole)
    if 0 < probability < 1:
        filled = min(max(filled, 1), whole - 1)
    return (marks[-1] * (filled // parts) + marks[filled % parts]).rstrip()
