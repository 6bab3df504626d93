"""An outlook as a command passes it on, and gates on its probabilities, compared exactly."""

from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.instrument import Predicate
from spbe_cli.core.number import exact, is_number, parse
from spbe_cli.core.outlook import (
    Agreement,
    Calibration,
    Chance,
    Outlook,
    OutlookBounds,
    outlook,
    outlook_bounds,
)
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.core.result import Reading, result_of
from spbe_cli.core.scoring import Bounds, Scorecard

__all__ = [
    "AgreedBy",
    "ChanceGate",
    "ChanceOutcome",
    "Foreseen",
    "agreement_problem",
    "chance_outcome",
    "foreseen",
    "parse_chance_gate",
]


class AgreedBy(StrEnum):
    """What said how likely levels are confirmed."""

    OPTION = "option"
    FILE = "file"
    CALIBRATION = "calibration"


class Foreseen(NamedTuple):
    """A reading and its outlook; bounds where missing levels are taken as lowest and highest.

    `claimed` is the score of the levels as they are, `calibration` what the agreement was
    estimated from, if it was.
    """

    reading: Reading
    outcome: Outlook | OutlookBounds
    claimed: Scorecard | Bounds
    agreement: Agreement
    agreed_by: AgreedBy
    calibration: Calibration | None = None

    @property
    def lowest(self) -> Outlook:
        """The outlook, or the one with every missing level at the scale's lowest."""
        return self.outcome.lowest if isinstance(self.outcome, OutlookBounds) else self.outcome

    @property
    def kept(self) -> Chance | None:
        """The chance of the claimed predicate, None where missing levels leave several open."""
        if isinstance(self.claimed, Bounds) or isinstance(self.outcome, OutlookBounds):
            return None
        predicate = self.claimed.predicate
        return next(c for c in self.outcome.chances if c.predicate == predicate)


class ChanceGate(NamedTuple):
    """At least this predicate with at least this probability."""

    name: str
    least: Fraction
    option: str = "--min-probability"


class ChanceOutcome(NamedTuple):
    """How an outlook stands to a gate. `short_by` is None where the gate is met."""

    gate: ChanceGate
    result: Foreseen
    predicate: Predicate
    expected: Fraction
    found: Fraction
    short_by: Fraction | None

    @property
    def met(self) -> bool:
        """Whether the outlook passes."""
        return self.short_by is None


def foreseen(
    reading: Reading,
    agreement: Agreement,
    agreed_by: AgreedBy,
    calibration: Calibration | None = None,
    *,
    as_bounds: bool = False,
) -> Foreseen:
    """Return the outlook of a reading.

    A missing level is as likely to be any level of the scale as any other, or, with `as_bounds`,
    taken as the lowest and as the highest.
    """
    instrument, assessment = reading.instrument, reading.assessment
    bounded = as_bounds and bool(assessment.missing)
    outcome = (outlook_bounds if bounded else outlook)(instrument, assessment, agreement)
    claimed = result_of(reading).outcome
    return Foreseen(reading, outcome, claimed, agreement, agreed_by, calibration)


def agreement_problem(text: str, place: Place) -> Problem | None:
    """Return what is wrong with a probability; of a percentage also the right form."""
    if is_number(text) and 0 <= parse(text) <= 1:
        return None
    values = {"found": text.strip()}
    percent = text.strip().removesuffix("%").rstrip()
    plainly = percent != text.strip() or (is_number(percent) and parse(percent) >= 2)  # noqa: PLR2004
    if plainly and is_number(percent) and 0 <= parse(percent) <= 100:  # noqa: PLR2004
        values["nearest"] = exact(parse(percent) / 100)
    return Problem("agreement-wrong", place, values)


def parse_chance_gate(text: str) -> ChanceGate | Problem:
    """Return the gate written as `baik=0.9`, or why it is none."""
    name, equals, least = text.rpartition("=")
    if equals and name.strip() and is_number(least) and 0 <= parse(least) <= 1:
        return ChanceGate(name.strip(), parse(least))
    values = {"found": text}
    return Problem("probability-gate-wrong", Place("--min-probability"), values, Severity.USAGE)


def chance_outcome(gate: ChanceGate, predicate: Predicate, found: Foreseen) -> ChanceOutcome:
    """Return how an outlook stands to a gate, in the least favourable case of missing levels."""
    chance = next(c.at_least for c in found.lowest.chances if c.predicate == predicate)
    short_by = gate.least - chance if chance < gate.least else None
    return ChanceOutcome(gate, found, predicate, gate.least, chance, short_by)
