"""What an instrument demands at each level of an indicator, and which evidence proves it."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.instrument import Indicator, Instrument

__all__ = ["Criteria", "Demand", "demands_between"]


class Criteria(NamedTuple):
    """One indicator's criteria and evidence (data dukung) by level, lowest first.

    Evidence that begins with Opsional, Dan/atau, Atau or Boleh is not cumulative.
    """

    about: str
    levels: Mapping[Fraction, str]
    evidence: Mapping[Fraction, tuple[str, ...]]


class Demand(NamedTuple):
    """What one level of an indicator demands: its name, criterion and evidence, where known."""

    level: Fraction
    name: str | None
    criterion: str | None
    evidence: tuple[str, ...]


def demands_between(
    instrument: Instrument,
    indicator: Indicator,
    span: tuple[Fraction, Fraction],
    criteria: Criteria | None,
) -> Iterator[Demand]:
    """Yield what every level above the first of `span` demands, up to and with the second."""
    before, after = span
    names = instrument.scale.names.get(indicator.capability or "", {})
    for level in sorted(criteria.levels if criteria else names):
        if before < level <= after:
            yield Demand(
                level,
                names.get(level),
                criteria.levels.get(level) if criteria else None,
                criteria.evidence.get(level, ()) if criteria else (),
            )
