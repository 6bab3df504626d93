"""`spbe plan`: the cheapest rises that reach a target."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, NamedTuple

import typer

from spbe_cli.cli.command import Answer, Run, command, new_app
from spbe_cli.cli.options import Sheets, misuse
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import is_number, parse
from spbe_cli.core.plan import Costs, Limits, Planned, plan, stops_by_pieces
from spbe_cli.core.problem import Place, Problem
from spbe_cli.core.score import Reading, Target, parse_target, score, target_on

app = new_app()


class Request(NamedTuple):
    """The options of a plan, as the user wrote them."""

    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            metavar="PREDICATE|INDEX",
            help="What to reach; by default the next predicate.",
        ),
    ] = None
    budget: Annotated[
        str | None,
        typer.Option("--budget", metavar="EFFORT", help="The best index for this effort."),
    ] = None
    costs: Annotated[
        str | None,
        typer.Option("--costs", metavar="FILE", help="Efforts by indicator and level, as YAML."),
    ] = None
    lock: Annotated[
        list[str] | None,
        typer.Option("--lock", metavar="CODE", help="Leave this indicator, aspect or domain."),
    ] = None
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="CODE", help="Raise nothing but this."),
    ] = None
    cap: Annotated[
        list[str] | None,
        typer.Option("--cap", metavar="LEVEL|CODE=LEVEL", help="Raise no higher than this level."),
    ] = None
    max_step: Annotated[
        str | None,
        typer.Option("--max-step", metavar="LEVELS", help="Raise no indicator by more levels."),
    ] = None


@command(app)
def plan_command(
    run: Run,
    *,
    request: Request,
    brief: Annotated[
        bool, typer.Option("--brief", help="Leave out criteria and evidence.")
    ] = False,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 even if the target is out of reach.")
    ] = False,
    sheets: Sheets,
) -> Answer:
    """Find the cheapest set of level rises that reaches a target, and prove it.

    \b
    Examples:
      spbe plan nilai.yaml
      spbe plan nilai.yaml --target memuaskan --max-step 1
      spbe plan nilai.yaml --target 3.1 --lock D1 --cap 4
      spbe plan nilai.yaml --budget 12 --costs biaya.yaml

    \b
    Without --costs a rise by one level is an effort of 1. Of equal efforts the plan with
    the fewest indicators is taken, then the one with the smallest rises, then the one
    that comes first in the order of the indicators.
    """
    readings = run.readings(sheets)
    plans = [found for each in readings if (found := planned(run, each, request)) is not None]
    run.refuse_errors()
    run.note_readings(readings)
    criteria = {} if brief else run.criteria(reading.instrument for reading in readings)
    from spbe_cli.answers.plan import plan_document, plan_page, plan_rows

    return Answer(
        lambda: plan_document(plans, criteria),
        lambda: plan_rows(plans),
        lambda: [plan_page(found, criteria, run.words) for found in plans],
        met=all(found.plan.reached for found in plans),
        exit_zero=exit_zero,
    )


def planned(run: Run, reading: Reading, request: Request) -> Planned | None:
    """Return the plan that was asked for, None where the request makes no sense."""
    instrument, assessment = reading.instrument, reading.assessment
    problems: list[Problem] = []
    target = _target(reading, request, problems)
    budget = _amount(request.budget, "--budget", problems)
    limits = _limits(instrument, request, problems)
    costs = Costs()
    if request.costs is not None:
        from spbe_cli.read.requests import read_costs

        costs, found = read_costs(request.costs, instrument)
        problems += found
    run.note(problems)
    if problems:
        return None
    stops = {}
    if any(entry.accepted is not None for entry in assessment.entries.values()):
        criteria = run.criteria([instrument])[instrument.id]
        evidence = {code: each.evidence for code, each in criteria.items()}
        stops = stops_by_pieces(instrument, assessment, evidence)
    made = plan(
        instrument,
        assessment,
        target=None if target is None else target.least(instrument, assessment.year),
        budget=budget,
        costs=costs,
        limits=limits,
        stops=stops,
    )
    return Planned(reading, made, None if target is None else target.predicate)


def _target(reading: Reading, request: Request, problems: list[Problem]) -> Target | None:
    """Return what is to be reached; without any wish the next predicate."""
    instrument = reading.instrument
    if request.target is None:
        card = score(instrument, reading.assessment)
        above = card.verdict.next or card.predicate
        return target_on(instrument, above) if request.budget is None else None
    target = parse_target(instrument, request.target, Place("--target"))
    if isinstance(target, Problem):
        problems.append(target)
        return None
    return target


def _limits(instrument: Instrument, request: Request, problems: list[Problem]) -> Limits:
    locked = _codes(instrument, request.lock or (), "--lock", problems)
    only = _codes(instrument, request.only, "--only", problems) if request.only else None
    if only is not None and only <= locked:
        both = {"indicators": instrument.listed(only), "count": str(len(only))}
        problems.append(misuse("limits-contradict", "--only", **both))
    cap: Fraction | None = None
    caps: dict[str, Fraction] = {}
    for text in request.cap or ():
        target, equals, level = text.rpartition("=")
        if not is_number(level) or not instrument.scale.holds(parse(level)):
            scale = str(instrument.scale)
            problems.append(misuse("cap-wrong", "--cap", found=text, scale=scale))
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
            problems.append(misuse("target-unknown", option, found=target, known=known))
    return frozenset(codes)


def _amount(text: str | None, option: str, problems: list[Problem]) -> Fraction | None:
    if text is None or (is_number(text) and parse(text) >= 0):
        return parse(text) if text is not None else None
    problems.append(misuse("amount-wrong", option, found=text))
    return None
