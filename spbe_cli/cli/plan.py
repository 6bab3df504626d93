"""`spbe plan`: the cheapest rises to a target, with proof."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from spbe_cli.cli.answer import Answer, text_of
from spbe_cli.cli.console import Console
from spbe_cli.cli.exits import ExitCode
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
from spbe_cli.core.problem import errors_of
from spbe_cli.render.view import Page
from spbe_cli.words import Words

if TYPE_CHECKING:
    from spbe_cli.core.instrument import Criteria
    from spbe_cli.core.plan import Planned
    from spbe_cli.render.plan import PlanDocument

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def plan(
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
    from spbe_cli.cli.demands import criteria_by_instrument
    from spbe_cli.cli.inputs import read_readings
    from spbe_cli.cli.planning import Request, planned

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
        from spbe_cli.render.plan import plan_document

        return plan_document(plans, criteria)

    def rows() -> Iterator[list[str]]:
        from spbe_cli.render.plan import plan_rows

        return plan_rows(plans)

    def pages() -> list[Page]:
        from spbe_cli.render.plan import plan_page

        return [plan_page(found, criteria, words) for found in plans]

    return Answer(document, rows, pages)
