"""`spbe check`: validation alone."""

from spbe_cli.cli.command import Run, command, new_app
from spbe_cli.cli.options import MissingLevels, MissingOption, Sheets

app = new_app()


@command(app)
def check(run: Run, *, sheets: Sheets, missing: MissingOption = MissingLevels.ERROR) -> str:
    """Validate score sheets, say what was read of tables, and compute nothing.

    \b
    Examples:
      spbe check examples/bandar-lampung-2023.yaml
      spbe check *.yaml *.csv *.xlsx
    """
    from spbe_cli.answers.check import read_lines

    readings = run.readings(sheets, missing_allowed=missing is MissingLevels.BOUNDS)
    run.note_readings(readings)
    levels = sum(len(r.assessment.entries) - len(r.assessment.missing) for r in readings)
    sentence = run.words(
        "valid (files: {files}, score sheets: {sheets}, levels: {levels})",
        files=str(len(sheets.files)),
        sheets=str(len(readings)),
        levels=str(levels),
    )
    return "\n".join([sentence, *read_lines(readings, run.words)]) + "\n"
