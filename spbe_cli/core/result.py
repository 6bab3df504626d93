"""What a command passes on: an assessment as read, and what was computed from it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from spbe_cli.core.assessment import Assessment
from spbe_cli.core.change import Changed
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.problem import Problem
from spbe_cli.core.scoring import Bounds, Scorecard, score, score_bounds

__all__ = ["ChosenBy", "Reading", "Result", "result_of"]


class ChosenBy(StrEnum):
    """What decided which instrument an assessment is scored with."""

    OPTION = "option"
    FILE = "file"
    YEAR = "year"
    DEFAULT = "default"


class Reading(NamedTuple):
    """An assessment with its instrument, what chose it, and what must be known of both."""

    assessment: Assessment
    instrument: Instrument
    chosen_by: ChosenBy
    notices: tuple[Problem, ...] = ()


class Result(NamedTuple):
    """A reading and its score; bounds where levels are missing. `changes` were made beforehand.

    `scenario` is the name under which they were asked for, if they have one.
    """

    reading: Reading
    outcome: Scorecard | Bounds
    changes: tuple[Changed, ...] = ()
    scenario: str | None = None

    @property
    def lowest(self) -> Scorecard:
        """The score, or the lowest one that missing levels leave possible."""
        return self.outcome.lowest if isinstance(self.outcome, Bounds) else self.outcome


def result_of(reading: Reading, changes: Sequence[Changed] = ()) -> Result:
    """Return the score of a reading, or its bounds if levels are missing."""
    missing = reading.assessment.missing
    outcome = (score_bounds if missing else score)(reading.instrument, reading.assessment)
    return Result(reading, outcome, tuple(changes))
