"""The method for Python callers: instruments by their ids, targets by their names, mistakes named.

Each function is that of `spbe_cli.core` of the same name, which takes values alone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from os import PathLike
from typing import TypeVar

from spbe_cli.core import assessment as of_assessment
from spbe_cli.core import audit as of_audit
from spbe_cli.core import compare as of_compare
from spbe_cli.core import levers as of_levers
from spbe_cli.core import observed as of_observed
from spbe_cli.core import outlook as of_outlook
from spbe_cli.core import places as of_places
from spbe_cli.core import plan as of_plan
from spbe_cli.core import population as of_population
from spbe_cli.core import score as of_score
from spbe_cli.core import whatif as of_whatif
from spbe_cli.core.assessment import Assessment, Change, Changed, instrument_from
from spbe_cli.core.audit import Audit
from spbe_cli.core.compare import Comparison
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.levers import Levers
from spbe_cli.core.number import exact, is_number, parse
from spbe_cli.core.observed import Calibration
from spbe_cli.core.outlook import Agreement, Outlook
from spbe_cli.core.places import Ranking
from spbe_cli.core.plan import BY_BANDS, EQUAL_COSTS, NO_LIMITS, Costs, Limits, Plan, Stop
from spbe_cli.core.population import Member, Profile
from spbe_cli.core.problem import NOWHERE, InvalidInputError, Place, Problem
from spbe_cli.core.score import Bounds, Scorecard, Target
from spbe_cli.core.shown import answering, kind_of
from spbe_cli.core.whatif import WhatIf

T = TypeVar("T")

Named = Instrument | str | PathLike[str]
"""An instrument, its id or the path of its file."""

Wished = Target | Fraction | int | str
"""What is to be reached: a predicate by its name, or an index; a text is either."""


def score(instrument: Named, assessment: Assessment) -> Scorecard:
    """Return the index, weight and contribution of every node, and the predicate.

    Args:
        instrument: the instrument whose codes the assessment uses, its id, or its file.
        assessment: a level on the instrument's scale for every indicator.

    Raises:
        MissingLevelError: if a level is missing. A missing level is never counted as 0 and never
            drops out of the denominator: the regulation knows no "not applicable".
        InvalidInputError: if a level is off the scale, or the codes are not the instrument's.
        TypeError: if an argument is something else.
    """
    return of_score.score(instrument_from(instrument), assessment)


def score_bounds(instrument: Named, assessment: Assessment) -> Bounds:
    """Return the scores with every missing level at the scale's lowest, and at its highest.

    Arguments and errors as `score`, but that levels may be missing.
    """
    found = instrument_from(instrument)
    _looked_at(found, assessment)
    return of_score.score_bounds(found, assessment)


def levers(instrument: Named, assessment: Assessment) -> Levers:
    """Return what one level more of each indicator gains, and which ones decide the predicate.

    Thresholds are held on the basis of the assessment's year. Arguments and errors as `score`.
    """
    return of_levers.levers(instrument_from(instrument), assessment)


def plan(  # noqa: PLR0913 - one request, every part of it named
    instrument: Named,
    assessment: Assessment,
    *,
    target: Wished | None = None,
    budget: Fraction | int | None = None,
    costs: Costs = EQUAL_COSTS,
    limits: Limits = NO_LIMITS,
    stops: Mapping[str, Sequence[Stop]] | None = None,
    by_number: bool = False,
) -> Plan:
    """Return the cheapest rises that reach a target, or the best index for a budget.

    Args:
        instrument: the instrument whose codes the assessment uses, its id, or its file.
        assessment: a level on the instrument's scale for every indicator.
        target: a predicate's name, or the least exact index wanted. Without one it is the best
            index that budget and limits allow.
        budget: the most that the plan may cost.
        costs: what rises cost, by default 1 a level.
        limits: which indicators may rise, and how far.
        stops: the values at which an indicator may stop, lowest first, by its code; where nothing
            is said of it, every step of the scale, or the end of every band. Without any, as the
            command does: the missing pieces of what the accepted evidence carries; `{}` is none.
        by_number: whether fewer indicators come before less cost; a budget knows only cost.

    Raises:
        MissingLevelError: if a level is missing.
        InvalidInputError: if there is no such predicate, or a level is off the scale.
        ValueError: if a cost or the budget is negative, or a budget meets a floor or `by_number`.
        TypeError: if an argument is something else: every amount is a Fraction or a whole number.
    """
    found = instrument_from(instrument)
    _looked_at(found, assessment)
    for name, given, kind in (("costs", costs, Costs), ("limits", limits, Limits)):
        _one(given, kind, name)
    _exact("budget", budget)
    _exact("costs", costs.each, costs.by_indicator, costs.by_level, costs.by_step)
    _exact("limits", limits.cap, limits.caps, limits.max_step, limits.floor)
    least = None
    if target is not None:
        least = target_from(found, target).least(found, assessment.year)
    return of_plan.plan(
        found,
        assessment,
        target=least,
        budget=None if budget is None else Fraction(budget),
        costs=costs,
        limits=limits,
        stops=_stops(found, assessment) if stops is None else stops,
        by_number=by_number,
    )


def _stops(instrument: Instrument, assessment: Assessment) -> Mapping[str, Sequence[Stop]]:
    """Return the stops by the missing pieces of evidence, where some are accepted."""
    known = answering()
    if known is None or all(entry.accepted is None for entry in assessment.entries.values()):
        return BY_BANDS
    return of_plan.stops_by_pieces(instrument, assessment, known.evidence(instrument))


def outlook(
    instrument: Named,
    assessment: Assessment,
    agreement: Agreement | Fraction | int | str,
    certain: Collection[str] = (),
) -> Outlook:
    """Return the chance of every predicate and the distribution of the index.

    A missing level is as likely to be any level of the scale as any other; of levels that are
    bands, the middle of any.

    Args:
        instrument: the instrument whose codes the assessment uses, its id, or its file.
        assessment: the levels claimed.
        agreement: how likely levels are confirmed, and what becomes of them otherwise; a
            probability alone is that of every level, which otherwise falls by one.
        certain: the indicators whose levels are settled.

    Raises:
        InvalidInputError: if a level is off the scale, or the agreement no probability.
        ValueError: if an agreement does not lie between 0 and 1.
        TypeError: if an argument is something else, such as a float, which is not exact.
    """
    found = instrument_from(instrument)
    _looked_at(found, assessment)
    return of_outlook.outlook(found, assessment, _agreement(agreement), certain)


def what_if(instrument: Named, before: Assessment, after: Assessment) -> WhatIf:
    """Return what it does to the score that `after` holds other levels than `before`.

    `apply_changes` makes `after`. Arguments and errors as `score`.
    """
    return of_whatif.what_if(instrument_from(instrument), before, after)


def apply_changes(
    instrument: Named, assessment: Assessment, changes: Iterable[Change], place: Place = NOWHERE
) -> tuple[Assessment, list[Changed], list[Problem]]:
    """Return the changed assessment, what changed, and problems and notices.

    Changes, as `parse_change` gives them, apply one after the other, so that a later one speaks
    last. Indicators whose level stays the same are left out of what changed.
    """
    found = instrument_from(instrument)
    _looked_at(found, assessment)
    return of_assessment.apply_changes(found, assessment, _all(changes, Change, "changes"), place)


def calibrate(instrument: Named, pairs: Iterable[tuple[Assessment, Assessment]]) -> Calibration:
    """Return what became of claimed levels, counted over pairs of a claim and a finding.

    Args:
        instrument: the instrument of all of them, its id, or its file.
        pairs: the claimed and the final levels of an institution. Indicators that lack a level in
            either are left out.

    Raises:
        InvalidInputError: if a level is off the scale.
        ValueError: if one was made with another instrument.
    """
    found = instrument_from(instrument)
    every = list(pairs)
    for pair in every:
        for each in pair:
            if not isinstance(each, Assessment) or each.instrument == found.id:
                _looked_at(found, each)
    return of_observed.calibrate(found, every)


def compare(before: Scorecard, after: Scorecard) -> Comparison:
    """Return the change from one scorecard to another, split into contributions.

    Contributions are in points of the index and exact; those of the indicators, of the innermost
    groups and of the outermost groups each add up to `delta`.

    Raises:
        TypeError: if either is no scorecard.
    """
    _all((before,), Scorecard, "before")
    _all((after,), Scorecard, "after")
    return of_compare.compare(before, after)


def rank(members: Iterable[Member], previous: Iterable[Member] = ()) -> Ranking:
    """Return where every institution stands, and how that changed since an earlier table.

    Both are institutions as `read_population` gives them; equal ones share a place.
    """
    return of_places.rank(_all(members, Member, "members"), _all(previous, Member, "previous"))


def profile(members: Iterable[Member], target: Wished | None = None) -> Profile:
    """Return the profile of institutions that were assessed with the same instrument.

    Means are of exact indices where levels are known, else of the published ones.

    Args:
        members: institutions as `read_population` gives them.
        target: a predicate's name or an index, to count those that reach it.

    Raises:
        InvalidInputError: if there is no such predicate.
        ValueError: without institutions, or if their instruments differ.
    """
    every = _all(members, Member, "members")
    wanted = None
    if target is not None and every:
        wanted = target_from(every[0].instrument, target)
    return of_population.profile(every, wanted)


def audit(members: Iterable[Member]) -> Audit:
    """Return for every row whether levels can give its published values, index and predicate.

    Raises:
        InvalidInputError: if nothing was published, or an instrument is too fine to be looked at.
        ValueError: without institutions.
    """
    every = _all(members, Member, "members")
    if not every:
        raise ValueError("an audit needs institutions")
    problems = list(of_audit.unfit(every))
    if problems:
        raise InvalidInputError(problems)
    return of_audit.audit(every)


def target_from(instrument: Instrument, wished: Wished) -> Target:
    """Return a target from a predicate's name, from an index, or as it is.

    Raises:
        InvalidInputError: if there is no such predicate, or the index is off the scale.
        TypeError: if it is something else.
    """
    if isinstance(wished, Target):
        return wished
    if isinstance(wished, bool) or not isinstance(wished, str | Fraction | int):
        expected = "expected a predicate's name, a Fraction, a whole number or a text such as '3.1'"
        raise TypeError(f"target: {expected}, got {kind_of(wished)}")
    text = wished if isinstance(wished, str) else exact(Fraction(wished))
    found = of_score.parse_target(instrument, text)
    if isinstance(found, Problem):
        raise InvalidInputError([found])
    return found


def _agreement(given: Agreement | Fraction | int | str) -> Agreement:
    if isinstance(given, Agreement):
        _exact("agreement", given.each, given.by_indicator, given.correlation)
        return given
    if isinstance(given, bool) or not isinstance(given, str | Fraction | int):
        expected = "expected an Agreement, a Fraction or a text such as '0.9'"
        raise TypeError(f"agreement: {expected}, got {kind_of(given)}")
    text = given if isinstance(given, str) else exact(Fraction(given))
    wrong = of_outlook.agreement_problem(text, NOWHERE)
    if wrong is not None or not is_number(text):
        raise InvalidInputError([wrong] if wrong is not None else [])
    return Agreement(parse(text))


def _looked_at(instrument: Instrument, assessment: Assessment) -> None:
    """Raise what is wrong with the levels of an assessment."""
    problems = of_assessment.wrong_in(instrument, assessment)
    if problems:
        raise InvalidInputError(problems)


def _exact(name: str, *given: object) -> None:
    """Raise a TypeError where an amount is neither a Fraction nor a whole number, nor none."""
    for each in given:
        for value in each.values() if isinstance(each, Mapping) else (each,):
            if value is None or (isinstance(value, Fraction | int) and not isinstance(value, bool)):
                continue
            raise TypeError(f"{name}: expected a Fraction or a whole number, got {kind_of(value)}")


def _one(value: object, kind: type, name: str) -> None:
    """Raise a TypeError where a value is of another kind."""
    if not isinstance(value, kind):
        raise TypeError(f"{name}: expected {kind.__name__}, got {kind_of(value)}")


def _all(values: Iterable[T], kind: type[T], name: str) -> tuple[T, ...]:
    """Return the values as a tuple; TypeError where one is of another kind."""
    if not isinstance(values, Iterable) or hasattr(values, "_fields"):
        raise TypeError(f"{name}: expected several {kind.__name__}s, got {kind_of(values)}")
    every = tuple(values)
    for each in every:
        if not isinstance(each, kind):
            raise TypeError(f"{name}: expected a {kind.__name__}, got {kind_of(each)}")
    return every
