"""`spbe plan`: the cheapest rises that reach a target."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from spbe_cli.cli.command import Answer, text_of
from spbe_cli.cli.console import Console
from spbe_cli.cli.options import (
    Colour,
    ColourOption,
    Files,
    Format,
    FormatOption,
    InputOptions,
    InstrumentOption,
    LanguageOption,
    OutputOption,
    StageOption,
    YearOption,
)
from spbe_cli.cli.streams import ExitCode
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import is_number, parse
from spbe_cli.core.plan import Costs, Limits, Planned, plan
from spbe_cli.core.problem import Place, Problem, Severity, errors_of
from spbe_cli.core.score import Reading, Target, parse_target, score, target_on
from spbe_cli.formats.blocks import Page
from spbe_cli.words import Words

if TYPE_CHECKING:
    from spbe_cli.answers.plan import PlanDocument
    from spbe_cli.core.instrument import Criteria


class Request(NamedTuple):
    """The options of a plan, as the user wrote them."""

    target: str | None = None
    budget: str | None = None
    costs: str | None = None
    lock: Sequence[str] = ()
    only: Sequence[str] = ()
    cap: Sequence[str] = ()
    max_step: str | None = None


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
        target=None if target is None else target.least(instrument, reading.assessment.year),
        budget=budget,
        costs=costs,
        limits=limits,
    )
    return Planned(reading, made, None if target is None else target.predicate), []


def _target(reading: Reading, request: Request, problems: list[Problem]) -> Target | None:
    """Return what is to be reached; without any wish the next predicate."""
    if request.target is None:
        return _next_predicate(reading) if request.budget is None else None
    target = parse_target(reading.instrument, request.target, Place("--target"))
    if isinstance(target, Problem):
        problems.append(target)
        return None
    return target


def _next_predicate(reading: Reading) -> Target:
    card = score(reading.instrument, reading.assessment)
    return target_on(reading.instrument, card.verdict.next or card.predicate)


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


app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def plan_command(
    context: typer.Context,
    files: Files,
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            metavar="PREDICATE|INDEX",
            help="What to reach; by default the next predicate.",
        ),
    ] = None,
    budget: Annotated[
        str | None,
        typer.Option("--budget", metavar="EFFORT", help="The best index for this effort."),
    ] = None,
    costs: Annotated[
        str | None,
        typer.Option("--costs", metavar="FILE", help="Efforts by indicator and level, as YAML."),
    ] = None,
    lock: Annotated[
        list[str] | None,
        typer.Option("--lock", metavar="CODE", help="Leave this indicator, aspect or domain."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="CODE", help="Raise nothing but this."),
    ] = None,
    cap: Annotated[
        list[str] | None,
        typer.Option("--cap", metavar="LEVEL|CODE=LEVEL", help="Raise no higher than this level."),
    ] = None,
    max_step: Annotated[
        str | None,
        typer.Option("--max-step", metavar="LEVELS", help="Raise no indicator by more levels."),
    ] = None,
    brief: Annotated[
        bool, typer.Option("--brief", help="Leave out criteria and evidence.")
    ] = False,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 even if the target is out of reach.")
    ] = False,
    instrument: InstrumentOption = None,
    year: YearOption = None,
    stage: StageOption = None,
    format_: FormatOption = Format.TABLE,
    output: OutputOption = None,
    lang: LanguageOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
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
    from spbe_cli.cli.options import criteria_by_instrument, read_readings

    console: Console = context.obj
    request = Request(target, budget, costs, lock or (), only or (), cap or (), max_step)
    readings, problems = read_readings(files, InputOptions(instrument, year, stage))
    plans = []
    for reading in readings:
        found, wrong = planned(reading, request)
        problems += [problem for problem in wrong if problem not in problems]
        plans += [found] if found else []
    if errors_of(problems):
        return console.refuse(problems)
    console.report([*problems, *(n for reading in readings for n in reading.notices)])
    criteria = (
        {}
        if brief
        else criteria_by_instrument((found.reading.instrument for found in plans), console)
    )
    text = text_of(_answer(plans, criteria, console.words), format_, console)
    reached = exit_zero or all(found.plan.reached for found in plans)
    return console.answer(text, output) or (ExitCode.DONE if reached else ExitCode.GATE_NOT_MET)


def _answer(
    plans: "list[Planned]", criteria: "dict[str, dict[str, Criteria]]", words: Words
) -> Answer:
    def document() -> "PlanDocument":
        from spbe_cli.answers.plan import plan_document

        return plan_document(plans, criteria)

    def rows() -> Iterator[list[str]]:
        from spbe_cli.answers.plan import plan_rows

        return plan_rows(plans)

    def pages() -> list[Page]:
        from spbe_cli.answers.plan import plan_page

        return [plan_page(found, criteria, words) for found in plans]

    return Answer(document, rows, pages)
