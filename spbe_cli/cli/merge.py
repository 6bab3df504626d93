"""`spbe merge`: one score sheet out of those of several desks."""

from pathlib import Path
from typing import Annotated

import typer

from spbe_cli.cli.command import Run, command, new_app
from spbe_cli.cli.options import (
    MissingLevels,
    MissingOption,
    ReplaceOption,
    Sheets,
    misuse,
    wishes_from,
)
from spbe_cli.cli.streams import ExitCode
from spbe_cli.core.problem import Severity

_ENDINGS = (".yaml", ".yml")

app = new_app()


@command(app)
def merge(
    run: Run,
    *,
    sheets: Sheets,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write the sheet to this file, as YAML."
        ),
    ] = None,
    force: ReplaceOption = False,
    missing: MissingOption = MissingLevels.ERROR,
) -> ExitCode:
    """Merge the score sheets of several desks, each with its indicators, into one.

    \b
    Examples:
      spbe merge kominfo.xlsx bappeda.yaml inspektorat.csv -o nilai.yaml
      spbe merge unit/*.xlsx -o nilai.yaml --missing bounds

    \b
    Two that give one indicator must agree. Who is responsible for a level that is still
    missing is named; --missing bounds writes the sheet all the same.
    """
    bounds = missing is MissingLevels.BOUNDS
    if output not in (None, "-") and Path(str(output)).suffix.lower() not in _ENDINGS:
        run.note([misuse("output-ending", str(output), known=", ".join(_ENDINGS))])
    readings = run.readings(sheets, missing_allowed=True)
    run.refuse_errors()
    from spbe_cli.formats.forms import sheet_text
    from spbe_cli.read.merge import merged, owed_problems

    wishes, _ = wishes_from(sheets.how, missing_allowed=True)
    if wishes is None or not readings:
        return run.refused()
    reading = run.found(merged(readings, wishes))
    run.note(reading.notices)
    owing = owed_problems(reading, output or "-", Severity.NOTICE if bounds else Severity.ERROR)
    run.refuse_if(owing)
    run.show()
    folder = "." if output in (None, "-") else str(Path(str(output)).parent)
    run.written = run.written._replace(force=force)
    run.answer(sheet_text(reading, folder, run.words), output)
    if output not in (None, "-"):
        run.console.tell(_said(run, str(output), len(readings)))
    return ExitCode.DONE


def _said(run: Run, output: str, count: int) -> str:
    from spbe_cli.formats.blocks import typed

    return run.words(
        "{file} holds {count} {count:sheet|sheets} as one; then: spbe score {file}",
        file=typed(output),
        count=str(count),
    )
