"""What `spbe plan` is asked for: a target, limits and costs, from options to core values."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.instrument import Instrument, Predicate
from spbe_cli.core.number import is_number, parse
from spbe_cli.core.plan import Costs, Limits, Planned, plan
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.core.score import Reading, find_predicate, verdict_on
from spbe_cli.core.units import least_index

__all__ = ["Request", "planned"]


class Request(NamedTuple):
    """The options of a plan, as the user wrote them."""

    target: str | None = None
    budget: str | None = None
    costs: str | None = None
    lock: Sequence[str] = ()
    only: Sequence[str] = ()
    cap: Sequence[str] = ()
    max_step: str | None = None


class _Target(NamedTuple):
    least: Fraction | None
    predicate: Predicate | None


def planned(reading: Reading, request: Request) -> tuple[Planned | None, list[Problem]]:
    """Return the plan that was asked for, or why the request makes no sense."""
    instrument, problems = reading.instrument, list[Problem]()
    target = _target(reading, request, problems)
    budget = _amount(request.budget, "--budget", problems)
    limits = _limits(instrument, request, problems)
    costs = Costs()
    if request.costs is not None:
        from spbe_cli.read.requests import read_costs

        costs, found = read_costs(request.costs, instrument)
        problems += found
    if problems:
        return None, problems
    made = plan(
        instrument,
        reading.assessment,
        target=target.least,
        budget=budget,
        costs=costs,
        limits=limits,
    )
    return Planned(reading, made, target.predicate), []


def _target(reading: Reading, request: Request, problems: list[Problem]) -> _Target:
    """Return the least exact index; without any wish that of the next predicate."""
    instrument, year = reading.instrument, reading.assessment.year
    text = request.target
    if text is None:
        return _Target(None, None) if request.budget is not None else _next_predicate(reading)
    if is_number(text):
        least = parse(text)
        if instrument.scale.lowest <= least <= instrument.scale.highest:
            return _Target(least, None)
        values = {"found": text, "scale": str(instrument.scale)}
        problems.append(_usage("target-off-scale", "--target", **values))
        return _Target(None, None)
    predicate = find_predicate(instrument, text)
    if predicate is None:
        from spbe_cli.read.shape import nearest

        names = [predicate.name for predicate in instrument.predicates]
        values = {"found": text, "known": ", ".join(names), **nearest(text, names)}
        problems.append(_usage("predicate-unknown", "--target", **values))
        return _Target(None, None)
    return _Target(least_index(instrument, predicate, year), predicate)


def _next_predicate(reading: Reading) -> _Target:
    from spbe_cli.core.score import score

    instrument, assessment = reading.instrument, reading.assessment
    card = score(instrument, assessment)
    above = verdict_on(instrument, card.index, assessment.year).next or card.predicate
    return _Target(least_index(instrument, above, assessment.year), above)


def _limits(instrument: Instrument, request: Request, problems: list[Problem]) -> Limits:
    locked = _codes(instrument, request.lock, "--lock", problems)
    only = _codes(instrument, request.only, "--only", problems) if request.only else None
    if only is not None and only <= locked:
        both = instrument.listed(only)
        problems.append(_usage("limits-contradict", "--only", indicators=both))
    cap: Fraction | None = None
    caps: dict[str, Fraction] = {}
    for text in request.cap:
        target, equals, level = text.rpartition("=")
        if not is_number(level) or not instrument.scale.holds(parse(level)):
            values = {"found": text, "scale": str(instrument.scale)}
            problems.append(_usage("cap-wrong", "--cap", **values))
        elif equals:
            caps |= dict.fromkeys(_codes(instrument, [target], "--cap", problems), parse(level))
        else:
            cap = parse(level)
    return Limits(locked, only, cap, caps, _amount(request.max_step, "--max-step", problems))


def _codes(
    instrument: Instrument, targets: Sequence[str], option: str, problems: list[Problem]
) -> frozenset[str]:
    codes: set[str] = set()
    for target in targets:
        indicators = instrument.indicators_at(target.strip())
        codes |= {indicator.code for indicator in indicators}
        if not indicators:
            known = ", ".join(instrument.node_by_code)
            problems.append(_usage("target-unknown", option, found=target, known=known))
    return frozenset(codes)


def _amount(text: str | None, option: str, problems: list[Problem]) -> Fraction | None:
    if text is None or (is_number(text) and parse(text) >= 0):
        return parse(text) if text is not None else None
    problems.append(_usage("amount-wrong", option, found=text))
    return None


def _usage(code: str, option: str, **values: str) -> Problem:
    return Problem(code, Place(option), values, Severity.USAGE)
