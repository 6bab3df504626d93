"""`spbe whatif`: the index if levels were others."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from spbe_cli.cli.command import Answer, text_of
from spbe_cli.cli.console import Console
from spbe_cli.cli.options import (
    SET,
    Colour,
    ColourOption,
    Files,
    Format,
    FormatOption,
    InputOptions,
    InstrumentOption,
    LanguageOption,
    MissingLevels,
    MissingOption,
    OutputOption,
    StageOption,
    YearOption,
    gates_from,
    read_readings,
)
from spbe_cli.cli.streams import ExitCode
from spbe_cli.core.assessment import parse_change
from spbe_cli.core.problem import Place, Problem, Severity, errors_of
from spbe_cli.core.score import GateOutcome, check_gates
from spbe_cli.core.whatif import Imagined, Scenario, Wish, imagine
from spbe_cli.formats.blocks import Page

if TYPE_CHECKING:
    from spbe_cli.answers.whatif import WhatIfDocument


class Asked(NamedTuple):
    """The options that say what is changed, as the user wrote them."""

    changes: Sequence[str] = ()
    scenario_file: str | None = None


class SaveTo(NamedTuple):
    """Where the changed assessment goes, and the files that it must not replace."""

    path: str
    others: Sequence[str | None]


def imagined(
    files: Sequence[str], options: InputOptions, asked: Asked
) -> tuple[list[Imagined], list[Problem]]:
    """Return what each scenario does to each assessment, and all problems at once."""
    scenarios, problems = _scenarios(asked)
    readings, in_files = read_readings(files, options)
    problems += in_files
    found: list[Imagined] = []
    for reading in readings:
        for scenario in scenarios:
            made, wrong = imagine(reading, scenario)
            problems += [problem for problem in wrong if problem not in problems]
            if made is not None:
                found.append(made)
    for made in found:
        problems += [n for n in made.result.reading.notices if n not in problems]
    return found, problems


def _scenarios(asked: Asked) -> tuple[list[Scenario], list[Problem]]:
    """Return the scenarios of a file, and one more of what the command line changes."""
    if not asked.changes and asked.scenario_file is None:
        return [], [Problem("whatif-nothing", Place("--set"), severity=Severity.USAGE)]
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    if asked.scenario_file is not None:
        from spbe_cli.read.requests import read_scenarios

        scenarios, problems = read_scenarios(asked.scenario_file)
        if errors_of(problems):
            scenarios = []
    wishes = []
    for text in asked.changes:
        change = parse_change(text, SET)
        if isinstance(change, Problem):
            problems.append(change)
        else:
            wishes.append(Wish(change, SET))
    if wishes:
        scenarios.append(Scenario(None, tuple(wishes)))
    return scenarios, problems


def save_problems(save: SaveTo, found: Sequence[Imagined]) -> list[Problem]:
    """Return why a changed assessment cannot be saved: there are several, or it is in the way."""
    problems = []
    if any(other is not None and _same(save.path, other) for other in (*save.others, "-")):
        problems.append(
            Problem("save-in-use", Place("--save"), {"found": save.path}, Severity.USAGE)
        )
    if len(found) > 1:
        values = {"count": str(len(found))}
        problems.append(Problem("save-not-one", Place("--save"), values, Severity.USAGE))
    return problems


def _same(path: str, other: str) -> bool:
    """Return whether two paths are one file, by whatever link."""
    try:
        return path == other or Path(path).resolve() == Path(other).resolve()
    except (OSError, ValueError, RuntimeError):  # a NUL, a loop of links
        return False


app = typer.Typer(add_completion=False, rich_markup_mode=None)

_NAME_COLUMNS = 32
_SCENARIO_COLUMN = 13
"""How wide a table is without scenarios, and what each adds at most."""


@app.command()
def whatif(
    context: typer.Context,
    files: Files,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="WHAT=LEVEL",
            help="What is changed: 12=4, A3=+1, D1=5, all=+1. May be given several times.",
        ),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            "--scenario",
            metavar="FILE",
            help="Named scenarios, as YAML, side by side; --set is then one more.",
        ),
    ] = None,
    save: Annotated[
        str | None,
        typer.Option(
            "--save", metavar="FILE", help="Write the changed score sheet to this file, as YAML."
        ),
    ] = None,
    instrument: InstrumentOption = None,
    year: YearOption = None,
    stage: StageOption = None,
    missing: MissingOption = MissingLevels.ERROR,
    min_index: Annotated[
        str | None, typer.Option("--min-index", metavar="INDEX", help="Gate: at least this index.")
    ] = None,
    min_predicate: Annotated[
        str | None,
        typer.Option("--min-predicate", metavar="NAME", help="Gate: at least this predicate."),
    ] = None,
    minimum: Annotated[
        list[str] | None,
        typer.Option(
            "--min", metavar="CODE=INDEX", help="Gate: at least this index of a domain or aspect."
        ),
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 even if a gate is not met.")
    ] = False,
    format_: FormatOption = Format.TABLE,
    output: OutputOption = None,
    lang: LanguageOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Show what a change of levels would gain: before, after, and the part of each indicator.

    \b
    Examples:
      spbe whatif nilai.yaml --set 12=4 --set A3=+1
      spbe whatif nilai.yaml --set all=+1 --min-predicate baik
      spbe whatif nilai.yaml --scenario skenario.yaml
      spbe whatif nilai.yaml --set D3=3 --save rencana.yaml

    \b
    Gates look at the result after the change.
    """
    console: Console = context.obj
    gates = gates_from(min_index, min_predicate, minimum)
    options = InputOptions(instrument, year, stage, missing=missing)
    found, problems = imagined(files, options, Asked(changes or (), scenario))
    outcomes, misfits = check_gates(gates.gates, [made.result for made in found])
    problems = [*gates.problems, *problems, *misfits]
    if save is not None:
        problems += save_problems(SaveTo(save, [*files, scenario, instrument, output]), found)
    if errors_of(problems):
        return console.refuse(problems)
    console.report(problems)
    text = text_of(_answer(found, outcomes, console, format_), format_, console)
    written = _save(found[0], save, console) or console.answer(text, output)
    return written or console.gates(outcomes, exit_zero=exit_zero)


def _save(made: "Imagined", save: str | None, console: Console) -> ExitCode:
    """Write the changed assessment, with a comment that says what it is."""
    if save is None:
        return ExitCode.DONE
    from spbe_cli.formats.forms import sheet_text

    reading, before = made.result.reading, made.before.assessment.source
    said = console.words(
        "Not assessed: levels of {source} as spbe whatif changed them ({indicators})",
        source=before.path if before else "-",
        indicators=reading.instrument.listed(c.indicator.code for c in made.result.changes) or "-",
    )
    return console.answer(sheet_text(reading, str(Path(save).parent), [said]), save)


def _answer(
    found: "Sequence[Imagined]",
    outcomes: Sequence[GateOutcome],
    console: Console,
    format_: Format,
) -> Answer:
    def document() -> "WhatIfDocument":
        from spbe_cli.answers.whatif import whatif_document

        return whatif_document(found, outcomes)

    def rows() -> Iterator[list[str]]:
        from spbe_cli.answers.whatif import whatif_rows

        return whatif_rows(found)

    def pages() -> list[Page]:
        from spbe_cli.answers.whatif import whatif_pages

        room = max(1, (console.width() - _NAME_COLUMNS) // _SCENARIO_COLUMN)
        in_one = room if format_ is Format.TABLE else None
        return list(whatif_pages(found, console.words, side_by_side=in_one))

    return Answer(document, rows, pages)
