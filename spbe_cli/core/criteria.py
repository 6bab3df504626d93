"""What an instrument demands at each level of an indicator, and which evidence proves it."""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

__all__ = ["Criteria"]


class Criteria(NamedTuple):
    """One indicator's criteria and evidence (data dukung) by level, lowest first.

    Evidence that begins with Opsional, Dan/atau, Atau or Boleh is not cumulative.
    """

    about: str
    levels: Mapping[Fraction, str]
    evidence: Mapping[Fraction, tuple[str, ...]]
