"""`spbe check`: validation alone."""

import typer

from spbe_cli.cli.console import Console
from spbe_cli.cli.options import (
    Colour,
    ColourOption,
    Files,
    InputOptions,
    InstrumentOption,
    LanguageOption,
    MissingLevels,
    MissingOption,
    StageOption,
    YearOption,
)
from spbe_cli.core.problem import errors_of

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def check(
    context: typer.Context,
    files: Files,
    instrument: InstrumentOption = None,
    year: YearOption = None,
    stage: StageOption = None,
    missing: MissingOption = MissingLevels.ERROR,
    lang: LanguageOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Validate score sheets and compute nothing.

    \b
    Examples:
      spbe check examples/bandar-lampung-2023.yaml
      spbe check *.yaml *.csv *.xlsx
    """
    from spbe_cli.cli.options import read_readings

    console: Console = context.obj
    options = InputOptions(instrument, year, stage, missing=missing)
    readings, problems = read_readings(files, options)
    problems += [notice for reading in readings for notice in reading.notices]
    if errors_of(problems):
        return console.refuse(problems)
    console.report(problems)
    levels = sum(len(r.assessment.entries) - len(r.assessment.missing) for r in readings)
    said = console.words(
        "valid (files: {files}, score sheets: {sheets}, levels: {levels})",
        files=str(len(files)),
        sheets=str(len(readings)),
        levels=str(levels),
    )
    return console.answer(said + "\n")
