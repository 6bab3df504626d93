"""`spbe audit`: whether published tables can be right."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from spbe_cli.cli.command import Answer, text_of
from spbe_cli.cli.console import Console
from spbe_cli.cli.options import (
    Colour,
    ColourOption,
    Format,
    FormatOption,
    InputOptions,
    InstrumentOption,
    LanguageOption,
    OutputOption,
    Tables,
    YearOption,
    read_members,
)
from spbe_cli.cli.streams import ExitCode
from spbe_cli.core.audit import audit
from spbe_cli.core.problem import errors_of
from spbe_cli.formats.blocks import Page

if TYPE_CHECKING:
    from spbe_cli.answers.audit import AuditDocument

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(name="audit")
def audit_command(
    context: typer.Context,
    inputs: Tables,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 even if something is wrong.")
    ] = False,
    instrument: InstrumentOption = None,
    year: YearOption = None,
    format_: FormatOption = Format.TABLE,
    output: OutputOption = None,
    lang: LanguageOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Check whether levels can give the published domain values, indices and predicates.

    \b
    Examples:
      spbe audit examples/national-2023.csv
      spbe audit terbitan.xlsx --format csv --output pemeriksaan.csv

    \b
    Exit codes: 0 everything can be right, 1 something cannot, 2 wrong usage,
    3 invalid data, 4 a file cannot be read or written.
    """
    console: Console = context.obj
    members, problems = read_members(inputs, InputOptions(instrument, year))
    if errors_of(problems):
        return console.refuse(problems)
    console.report(problems)
    found = audit(members)

    def document() -> "AuditDocument":
        from spbe_cli.answers.audit import audit_document

        return audit_document(found)

    def rows() -> Iterator[list[str]]:
        from spbe_cli.answers.audit import audit_rows

        return audit_rows(found)

    def pages() -> list[Page]:
        from spbe_cli.answers.audit import audit_pages

        return audit_pages(found, console.words)

    written = console.answer(text_of(Answer(document, rows, pages), format_, console), output)
    unmet = ExitCode.GATE_NOT_MET if found.faulty and not exit_zero else ExitCode.DONE
    return written or unmet
