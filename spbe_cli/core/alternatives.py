"""Plans of several styles for one request, and efforts counted in pieces of evidence."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from spbe_cli.core.assessment import Assessment
from spbe_cli.core.evidence import is_cumulative
from spbe_cli.core.instrument import Criteria, Instrument, Predicate
from spbe_cli.core.plan import (
    EQUAL_COSTS,
    Costs,
    Limits,
    Plan,
    Wanted,
    furthest,
    plan,
    spent_by,
)
from spbe_cli.core.score import Reading, Scorecard, score
from spbe_cli.core.yearly import plan_by_years


class Style(StrEnum):
    """Which rises a plan prefers.

    CHEAPEST: the least cost. STEPWISE: the same, no indicator by more than one level.
    TARGET_LEVEL: first every indicator to the instrument's target level, then the cheapest.
    FEWEST: the fewest indicators, then the least cost.
    """

    CHEAPEST = "cheapest"
    STEPWISE = "stepwise"
    TARGET_LEVEL = "target-level"
    FEWEST = "fewest"


class EffortUnit(StrEnum):
    """What an effort of 1 is: a level, a piece of evidence, or what a file of costs says."""

    LEVELS = "levels"
    EVIDENCE = "evidence"
    COSTS = "costs"


class Alternative(NamedTuple):
    """A plan of one style, with its effort in levels, and in pieces of evidence where known."""

    style: Style
    plan: Plan
    levels: Fraction
    pieces: Fraction | None


class Year(NamedTuple):
    """One year of a plan: the levels of the indicators that rise in it, what that costs, the end.

    `number` counts from 1, the first year after the assessment.
    """

    number: int
    levels: Mapping[str, Fraction]
    cost: Fraction
    after: Scorecard


class Planned(NamedTuple):
    """A plan for a reading, and the predicate that it was for, if it was for one.

    `alternatives` are the plans of every style that the instrument allows, `cheaper_above` the
    indicators whose level costs less than the one below it, by level; `years` the plan year by
    year, where it takes several.
    """

    reading: Reading
    plan: Plan
    predicate: Predicate | None
    style: Style = Style.CHEAPEST
    unit: EffortUnit = EffortUnit.LEVELS
    alternatives: tuple[Alternative, ...] = ()
    cheaper_above: Mapping[int, tuple[str, ...]] = MappingProxyType({})
    years: tuple[Year, ...] = ()


class Years(NamedTuple):
    """How many years a plan takes, and by how many levels an indicator rises in one at most."""

    number: int
    pace: Fraction


def styles_of(instrument: Instrument, wanted: Wanted) -> Iterator[Style]:
    """Yield the styles that make sense of a request.

    A budget asks for the best index, which leaves cost nothing to be compared with; and not every
    instrument states a level that all indicators should reach.
    """
    yield Style.CHEAPEST
    yield Style.STEPWISE
    if wanted.budget is None:
        if instrument.scale.target is not None:
            yield Style.TARGET_LEVEL
        yield Style.FEWEST


def plan_of(style: Style, instrument: Instrument, assessment: Assessment, wanted: Wanted) -> Plan:
    """Return the plan of a style, cheapest or best among all that keep to it.

    Raises:
        MissingLevelError: if a level is missing.
        ValueError: if a cost or the budget is negative, or the style knows no budget.
    """
    limits = wanted.limits
    if style is Style.STEPWISE:
        one = Fraction(1)
        limits = limits._replace(
            max_step=min(one, one if limits.max_step is None else limits.max_step)
        )
    if style is Style.TARGET_LEVEL:
        limits = limits._replace(floor=instrument.scale.target)
    return plan(
        instrument,
        assessment,
        target=wanted.target,
        budget=wanted.budget,
        costs=wanted.costs,
        limits=limits,
        stops=wanted.stops,
        by_number=style is Style.FEWEST,
    )


def alternatives(
    instrument: Instrument,
    assessment: Assessment,
    wanted: Wanted,
    evidence: Costs | None = None,
) -> tuple[Alternative, ...]:
    """Return the plans of all styles, with their efforts in levels and in pieces of evidence."""
    scale = instrument.scale
    found = []
    for style in styles_of(instrument, wanted):
        made = plan_of(style, instrument, assessment, wanted)
        pieces = None if evidence is None else spent_by(made, scale, evidence, wanted.stops)
        found.append(
            Alternative(style, made, spent_by(made, scale, EQUAL_COSTS, wanted.stops), pieces)
        )
    return tuple(found)


def pace_of(instrument: Instrument, max_step: Fraction | None) -> Fraction:
    """Return by how many levels an indicator rises in a year at most: 1 if nothing else is said.

    Where levels have a step that is a whole number of steps.
    """
    pace, step = Fraction(1) if max_step is None else max_step, instrument.scale.step
    return pace if step is None else pace // step * step


def years_of(
    made: Plan, instrument: Instrument, assessment: Assessment, wanted: Wanted, years: Years
) -> tuple[Year, ...]:
    """Return a plan year by year, every rise as early as the pace lets it.

    So no other order of the same rises has a higher index at the end of any year.
    """
    after = {step.indicator.code: step.after for step in made.steps}
    rising = [item for item in made.before.indicators if item.indicator.code in after]
    found, spent, now = [], Fraction(0), {i.indicator.code: i.level for i in rising}
    for number in range(1, years.number + 1):
        most = number * years.pace
        ends = {
            item.indicator.code: furthest(
                item,
                instrument.scale,
                wanted.costs,
                Limits(cap=after[item.indicator.code], max_step=most),
                wanted.stops.get(item.indicator.code),
            )
            for item in rising
        }
        levels = {code: level for code, (level, _) in ends.items() if level != now[code]}
        now |= levels
        cost = sum((cost for _, cost in ends.values()), Fraction(0))
        card = score(instrument, assessment.with_levels(now))
        found.append(Year(number, levels, cost - spent, card))
        spent = cost
    return tuple(found)


def yearly_plan(
    instrument: Instrument,
    assessment: Assessment,
    wanted: Wanted,
    years: Years,
    targets: Sequence[Fraction],
) -> Plan:
    """Return the cheapest rises that reach a target in every year, the last one that of the plan.

    Years without one, between those that have and the last, may be as they come.
    Where a year's target is out of reach the most that can be reached in it stands in its place.

    Raises:
        MissingLevelError: if a level is missing.
    """
    made = plan_of(Style.CHEAPEST, instrument, assessment, wanted)
    found = years_of(made, instrument, assessment, wanted, years)
    if all(year.after.index >= target for year, target in zip(found, targets, strict=False)):
        return made
    free = [instrument.scale.lowest] * (years.number - 1 - len(targets))
    paces = [Fraction(number) * years.pace for number in range(1, years.number + 1)]
    return plan_by_years(
        instrument,
        assessment,
        costs=wanted.costs,
        stops=wanted.stops,
        limits=[wanted.limits._replace(max_step=pace) for pace in paces],
        targets=[*targets, *free, made.after.index if wanted.target is None else wanted.target],
    )


def evidence_costs(criteria: Mapping[str, Criteria]) -> Costs | None:
    """Return what each level costs in pieces of evidence that must be there, None without any."""
    by_level = {
        (code, int(level)): Fraction(sum(map(is_cumulative, pieces)))
        for code, own in criteria.items()
        for level, pieces in own.evidence.items()
    }
    return Costs(by_level=by_level) if any(by_level.values()) else None


def cheaper_above(card: Scorecard, costs: Costs) -> dict[int, tuple[str, ...]]:
    """Return the indicators whose level costs less than the one below it, by level.

    Only of levels that lie wholly above the present one: nothing else is to be chosen.
    """
    found: dict[int, list[str]] = {}
    for item in card.indicators:
        code = item.indicator.code
        levels = sorted(level for own, level in costs.by_level if own == code)
        for level in levels:
            below = costs.by_level.get((code, level - 1))
            above = level - 1 > item.level
            if above and below is not None and costs.by_level[code, level] < below:
                found.setdefault(level, []).append(code)
    return {level: tuple(codes) for level, codes in sorted(found.items())}
