"""`spbe plan`: the cheapest rises that reach a target."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, NamedTuple

import typer

from spbe_cli.cli.command import Answer, Run, command, new_app
from spbe_cli.cli.options import Sheets, misuse
from spbe_cli.core.alternatives import (
    EffortUnit,
    Planned,
    Style,
    Years,
    alternatives,
    cheaper_above,
    evidence_costs,
    pace_of,
    plan_of,
    styles_of,
    yearly_plan,
    years_of,
)
from spbe_cli.core.instrument import Criteria, Instrument
from spbe_cli.core.number import is_number, parse
from spbe_cli.core.plan import Costs, Limits, Wanted, stops_by_pieces
from spbe_cli.core.problem import Place, Problem, errors_of
from spbe_cli.core.score import Reading, Target, parse_target, score, target_on

app = new_app()


class Counted(StrEnum):
    """What an effort of 1 is."""

    LEVELS = "levels"
    EVIDENCE = "evidence"


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
    years: Annotated[
        int | None,
        typer.Option(
            "--years",
            metavar="NUMBER",
            min=1,
            max=20,
            help="Reach it in so many years; --max-step, 1 by default, then holds for each.",
        ),
    ] = None
    yearly: Annotated[
        list[str] | None,
        typer.Option(
            "--yearly",
            metavar="PREDICATE|INDEX",
            help="What to reach in the first year, given again in the next: before --target.",
        ),
    ] = None
    style: Annotated[
        Style,
        typer.Option(
            "--style",
            help="The cheapest rises, none by more than a level, first all to the target level, "
            "or the fewest indicators.",
        ),
    ] = Style.CHEAPEST
    effort: Annotated[
        Counted,
        typer.Option("--effort", help="Count levels, or the pieces of evidence they demand."),
    ] = Counted.LEVELS


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
      spbe plan nilai.yaml --style stepwise --effort evidence
      spbe plan nilai.yaml --target memuaskan --years 3 --yearly baik --yearly 3.5

    \b
    Without --costs a rise by one level is an effort of 1. Of equal efforts the plan with
    the fewest indicators is taken, then the one with the smallest rises, then the one
    that comes first in the order of the indicators.
    """
    if request.effort is Counted.EVIDENCE and request.costs is not None:
        run.note([misuse("effort-twice", "--effort")])
    readings = run.readings(sheets)
    by_evidence = request.effort is Counted.EVIDENCE
    criteria = run.criteria(r.instrument for r in readings) if by_evidence or not brief else {}
    plans = []
    for reading in readings:
        made = planned(run, reading, request, criteria.get(reading.instrument.id, {}))
        if made is not None:
            plans.append(made)
    run.refuse_errors()
    run.note_readings(readings)
    criteria = {} if brief else criteria
    from spbe_cli.answers.plan import plan_document, plan_page, plan_rows, plan_unmet

    return Answer(
        lambda: plan_document(plans, criteria),
        lambda: plan_rows(plans),
        lambda: [plan_page(found, criteria, run.words) for found in plans],
        met=all(found.plan.reached for found in plans),
        unmet=lambda: plan_unmet(plans, run.words),
        exit_zero=exit_zero,
    )


def planned(
    run: Run, reading: Reading, request: Request, criteria: Mapping[str, Criteria] | None = None
) -> Planned | None:
    """Return the plan that was asked for, None where the request makes no sense.

    With the instrument's criteria, be they empty, also the plans of the other styles.
    """
    instrument, assessment = reading.instrument, reading.assessment
    problems: list[Problem] = []
    target = _target(reading, request, problems)
    budget = _amount(request.budget, "--budget", problems)
    if budget is not None:
        from spbe_cli.read.requests import thousands_notice

        problems.extend(thousands_notice(str(request.budget), Place("--budget")))
    limits = _limits(instrument, request, problems)
    years = None
    if request.years is not None:
        years = Years(request.years, pace_of(instrument, limits.max_step))
        limits = limits._replace(max_step=years.number * years.pace)
    evidence = evidence_costs(criteria or {})
    costs = _costs(instrument, request, evidence, problems)
    least = None if target is None else target.least(instrument, assessment.year)
    stops = {}
    if any(entry.accepted is not None for entry in assessment.entries.values()):
        known = criteria or run.criteria([instrument])[instrument.id]
        pieces = {code: each.evidence for code, each in known.items()}
        stops = stops_by_pieces(instrument, assessment, pieces)
    wanted = Wanted(least, budget, costs, limits, stops)
    if request.style not in styles_of(instrument, wanted):
        code = "target-level-unknown" if budget is None else "style-with-budget"
        problems.append(misuse(code, "--style", style=request.style, instrument=instrument.id))
    targets = _yearly(reading, request, problems)
    run.note(problems)
    if errors_of(problems):
        return None
    if targets and years is not None:
        made = yearly_plan(instrument, assessment, wanted, years, targets)
        return Planned(
            reading,
            made,
            None if target is None else target.predicate,
            unit=EffortUnit.COSTS if request.costs is not None else EffortUnit(request.effort),
            years=years_of(made, instrument, assessment, wanted, years),
        )
    if criteria is None:
        made = plan_of(request.style, instrument, assessment, wanted)
        return Planned(reading, made, None if target is None else target.predicate)
    every = alternatives(instrument, assessment, wanted, evidence)
    made = next(each.plan for each in every if each.style is request.style)
    by_evidence = request.effort is Counted.EVIDENCE
    return Planned(
        reading,
        made,
        None if target is None else target.predicate,
        request.style,
        EffortUnit.COSTS if request.costs is not None else EffortUnit(request.effort),
        every,
        cheaper_above(made.before, costs) if by_evidence else {},
        () if years is None else years_of(made, instrument, assessment, wanted, years),
    )


def _yearly(reading: Reading, request: Request, problems: list[Problem]) -> list[Fraction]:
    """Return the least index wanted in each year before the last."""
    asked = request.yearly or ()
    if not asked:
        return []
    if request.budget is not None or request.style is not Style.CHEAPEST:
        problems.append(misuse("yearly-alone", "--yearly"))
    if len(asked) >= (request.years or 1):
        count = str((request.years or 1) - 1)
        problems.append(misuse("yearly-too-many", "--yearly", found=str(len(asked)), count=count))
    found = []
    for text in asked:
        target = parse_target(reading.instrument, text, Place("--yearly"))
        if isinstance(target, Problem):
            problems.append(target)
        else:
            found.append(target.least(reading.instrument, reading.assessment.year))
    return found


def _costs(
    instrument: Instrument, request: Request, evidence: Costs | None, problems: list[Problem]
) -> Costs:
    """Return what rises cost: a level, its pieces of evidence, or what a file says."""
    if request.effort is Counted.EVIDENCE:
        if evidence is None:
            problems.append(misuse("evidence-unknown", "--effort", instrument=instrument.id))
        return evidence or Costs()
    if request.costs is None:
        return Costs()
    from spbe_cli.read.requests import read_costs

    costs, found = read_costs(request.costs, instrument)
    problems += found
    return costs


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
    if text is None:
        return None
    if is_number(text) and parse(text) >= 0:
        return parse(text)
    problems.append(misuse("amount-wrong", option, found=text))
    return None
