"""`spbe check`: validation, and the claims that the evidence does not carry."""

from spbe_cli.cli.command import Answer, Run, command, new_app
from spbe_cli.cli.options import MissingLevels, MissingOption, Sheets, WrittenCheck
from spbe_cli.core.problem import errors_of
from spbe_cli.formats.endings import CheckFormat

app = new_app()


@command(app, written=WrittenCheck)
def check(run: Run, *, sheets: Sheets, missing: MissingOption = MissingLevels.ERROR) -> Answer:
    """Validate score sheets, say what was read, and which claims their evidence does not carry.

    \b
    Examples:
      spbe check examples/bandar-lampung-2023.yaml
      spbe check *.yaml *.csv *.xlsx
      spbe check daftar-periksa.xlsx --format csv --output kurang.csv
      spbe check lembar/ --format sarif --output spbe.sarif
    """
    readings = run.readings(sheets, missing_allowed=missing is MissingLevels.BOUNDS)
    is_right = not errors_of(run.problems)
    run.note_readings(readings, are_tables_shown=is_right and _shows_tables(run))
    run.refuse_errors()
    from spbe_cli.answers.check import Checked, check_document, check_pages, check_rows
    from spbe_cli.core.evidence import claims_of

    asked = (
        each.instrument
        for each in readings
        if any(entry.accepted is not None for entry in each.assessment.entries.values())
    )
    criteria = run.criteria(asked)
    checked = [
        Checked(
            each, claims_of(each.instrument, each.assessment, criteria.get(each.instrument.id, {}))
        )
        for each in readings
    ]
    return Answer(
        lambda: check_document(checked, run.problems, run.words),
        lambda: check_rows(checked),
        lambda: check_pages(checked, len(sheets.files), run.words),
    )


def _shows_tables(run: Run) -> bool:
    """Return whether the answer is pages, which say what was read of tables."""
    return run.written.format_ in (CheckFormat.TABLE, CheckFormat.MARKDOWN)
