"""Named sets of changes, and an assessment as each of them would make it."""

from collections.abc import Sequence
from typing import NamedTuple

from spbe_cli.core.change import Change, apply_changes
from spbe_cli.core.problem import Place, Problem, Severity, errors_of, notices_of
from spbe_cli.core.result import Reading, Result, result_of
from spbe_cli.core.whatif import WhatIf, WhatIfBounds, what_if, what_if_bounds

__all__ = ["Imagined", "Scenario", "Wish", "imagine"]


class Wish(NamedTuple):
    """A change, and where it was asked for."""

    change: Change
    place: Place


class Scenario(NamedTuple):
    """Changes that belong together. One from the command line has no name.

    `severity` is that of what is wrong with it: a file is invalid data, an option wrong usage.
    """

    name: str | None
    wishes: tuple[Wish, ...]
    severity: Severity = Severity.USAGE


class Imagined(NamedTuple):
    """An assessment as read, the result after a scenario, and what the scenario does.

    `outcome` has two ends where levels are missing.
    """

    before: Reading
    result: Result
    outcome: WhatIf | WhatIfBounds

    @property
    def ends(self) -> tuple[WhatIf, ...]:
        """The lowest and the highest outcome; one where no level is missing."""
        if isinstance(self.outcome, WhatIfBounds):
            return self.outcome.lowest, self.outcome.highest
        return (self.outcome,)


def imagine(reading: Reading, scenario: Scenario) -> tuple[Imagined | None, list[Problem]]:
    """Return what a scenario makes of an assessment, with its notices, or why it makes no sense."""
    instrument, before = reading.instrument, reading.assessment
    changes = [wish.change for wish in scenario.wishes]
    after, changed, found = apply_changes(instrument, before, changes)
    problems = _placed(found, scenario)
    if errors_of(problems):
        return None, problems
    notices = (*reading.notices, *notices_of(problems))
    imagined = reading._replace(assessment=after, notices=notices)
    result = result_of(imagined, changed)._replace(scenario=scenario.name)
    what = what_if_bounds if before.missing else what_if
    return Imagined(reading, result, what(instrument, before, after)), []


def _placed(problems: Sequence[Problem], scenario: Scenario) -> list[Problem]:
    """Put each problem where its change was asked for."""
    places = {wish.change.text: wish.place for wish in scenario.wishes}
    return [
        problem._replace(
            place=places.get(problem.values["found"], problem.place),
            severity=scenario.severity if problem.severity is Severity.USAGE else problem.severity,
        )
        for problem in problems
    ]
