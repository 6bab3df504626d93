"""A row of numbers as a small picture, one character each."""

from collections.abc import Sequence
from fractions import Fraction

__all__ = ["bar_text", "sparkline"]

_BLOCKS = "▁▂▃▄▅▆▇█"
_ASCII = "_.-=*#"


def sparkline(values: Sequence[Fraction], *, unicode: bool = True) -> str:
    """Return one block a value, from lowest to highest; in ASCII where the stream has no blocks.

    The picture spans at least one level, so that a change of a hundredth looks like none.
    """
    marks = _BLOCKS if unicode else _ASCII
    span = max(Fraction(1), max(values) - min(values))
    lowest = (max(values) + min(values) - span) / 2
    return "".join(
        marks[min(len(marks) - 1, int((value - lowest) / span * len(marks)))] for value in values
    )


def bar_text(share: Fraction, length: int = 5) -> str:
    """Return a part of one as full and empty blocks, `███░░`, rounded half up."""
    full = min(length, int((2 * share * length + 1) // 2))
    return "█" * full + "░" * (length - full)
