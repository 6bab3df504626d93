"""`spbe levers`: what one level more of each indicator is worth."""

from typing import Annotated

import typer

from spbe_cli.cli.command import Answer, Run, command, new_app
from spbe_cli.cli.options import Sheets

app = new_app()


@command(app)
def levers(
    run: Run,
    *,
    top: Annotated[
        int | None,
        typer.Option("--top", metavar="N", min=1, max=999, help="Show the N largest gains only."),
    ] = None,
    sheets: Sheets,
) -> Answer:
    """Show what one level more of each indicator is worth, and which alone decide the predicate.

    \b
    Examples:
      spbe levers nilai.yaml
      spbe levers nilai.xlsx --top 10
    """
    readings = run.readings(sheets)
    run.refuse_errors()
    run.note_readings(readings)
    from spbe_cli.answers.levers import levers_document, levers_page, levers_rows
    from spbe_cli.core.levers import levers as levers_of

    found = [(each, levers_of(each.instrument, each.assessment)) for each in readings]
    return Answer(
        lambda: levers_document(found, top=top),
        lambda: levers_rows(found, top=top),
        lambda: [levers_page(reading, each, run.words, top=top) for reading, each in found],
    )
