"""`spbe audit`: whether published tables can be right."""

from typing import Annotated

import typer

from spbe_cli.cli.command import Answer, Run, command, new_app
from spbe_cli.cli.options import Tables

app = new_app()


@command(app)
def audit(
    run: Run,
    *,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 even if something is wrong.")
    ] = False,
    tables: Tables,
) -> Answer:
    """Check whether levels can give the published values, indices and predicates.

    \b
    Examples:
      spbe audit examples/national-2023.csv
      spbe audit terbitan.xlsx --format csv --output pemeriksaan.csv

    \b
    Exit codes: 0 everything can be right, 1 something cannot, 2 wrong usage,
    3 invalid data, 4 a file cannot be read or written.
    """
    members = run.members(tables, parts_allowed=True)
    run.refuse_errors()
    from spbe_cli.answers.audit import audit_document, audit_pages, audit_rows, audit_unmet
    from spbe_cli.core.audit import audit as audit_of
    from spbe_cli.core.audit import unfit

    run.note(unfit(members))
    run.refuse_errors()
    found = audit_of(members)
    return Answer(
        lambda: audit_document(found),
        lambda: audit_rows(found),
        lambda: audit_pages(found, run.words),
        met=not found.faulty,
        unmet=lambda: audit_unmet(found, run.words),
        exit_zero=exit_zero,
    )
