"""What if: an assessment beside itself with other levels, by changes or scenarios."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.assessment import Assessment, Change, apply_changes
from spbe_cli.core.compare import IndicatorChange, NodeChange, compare
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import fixed
from spbe_cli.core.problem import Place, Problem, Severity, errors_of, notices_of
from spbe_cli.core.score import Reading, Result, Scorecard, result_of, score


class WhatIf(NamedTuple):
    """The scores without and with a change, and what each part of it does.

    `changes` are the indicators whose level is another one, with what that adds to the index or
    takes from it; they add up to `delta`. `groups` holds every domain and aspect. The way to the
    next predicate is `after.verdict.distance`.
    """

    before: Scorecard
    after: Scorecard
    changes: tuple[IndicatorChange, ...]
    groups: tuple[NodeChange, ...]

    def __repr__(self) -> str:
        """Return both scores, and how many levels changed."""
        places = self.after.instrument.places
        before, after = (fixed(card.index, places) for card in (self.before, self.after))
        who, changed = self.before.assessment.who, len(self.changes)
        return f"<WhatIf {who}: {before} to {after}, {changed} changed>"

    @property
    def delta(self) -> Fraction:
        """The change of the index."""
        return self.after.index - self.before.index


class WhatIfBounds(NamedTuple):
    """The same where levels are missing: all of them at the scale's lowest, and at its highest."""

    lowest: WhatIf
    highest: WhatIf


def what_if(instrument: Instrument, before: Assessment, after: Assessment) -> WhatIf:
    """Return what it does to the score that `after` holds other levels than `before`.

    `spbe_cli.core.change.apply_changes` makes `after`.

    Raises:
        MissingLevelError: if a level is missing in either; see `what_if_bounds`.
    """
    comparison = compare(score(instrument, before), score(instrument, after))
    return WhatIf(comparison.before, comparison.after, comparison.changed, comparison.groups)


def what_if_bounds(instrument: Instrument, before: Assessment, after: Assessment) -> WhatIfBounds:
    """Return what a change does with every missing level lowest, and with every one highest.

    An indicator that has a level only in `after` rises or falls from the level it was filled with.
    """
    ends = instrument.scale.lowest, instrument.scale.highest
    lowest, highest = (
        what_if(
            instrument,
            before.with_levels(dict.fromkeys(before.missing, end)),
            after.with_levels(dict.fromkeys(after.missing, end)),
        )
        for end in ends
    )
    return WhatIfBounds(lowest, highest)


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

    @property
    def only(self) -> WhatIf | None:
        """The outcome where no level is missing."""
        return None if isinstance(self.outcome, WhatIfBounds) else self.outcome

    @property
    def nodes(self) -> tuple[tuple[NodeChange, ...], ...]:
        """Every domain and aspect, each at both ends of the outcome."""
        return tuple(zip(*(end.groups for end in self.ends), strict=True))


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
