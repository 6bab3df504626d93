"""`spbe report`: the report that an institution hands in."""

from typing import Annotated

import typer

from spbe_cli.cli.console import Console
from spbe_cli.cli.options import (
    Colour,
    ColourOption,
    Files,
    InputOptions,
    InstrumentOption,
    LanguageOption,
    StageOption,
    YearOption,
)
from spbe_cli.render.report.formats import ReportFormat

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def report(
    context: typer.Context,
    files: Files,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write the report to this file: .html, .pdf, .docx, .xlsx or .md.",
        ),
    ] = None,
    output_dir: Annotated[
        str | None,
        typer.Option(
            "--output-dir",
            metavar="FOLDER",
            help="Write a report for every institution, and an index page, into this folder.",
        ),
    ] = None,
    format_: Annotated[
        ReportFormat | None,
        typer.Option(
            "--format",
            "-f",
            help="How the report is written; by default as the file's ending says, html in a "
            "folder, md on the standard output.",
        ),
    ] = None,
    previous: Annotated[
        list[str] | None,
        typer.Option(
            "--previous", metavar="FILE", help="An earlier score sheet: show what changed."
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--target", metavar="PREDICATE|INDEX", help="Show the cheapest plan that reaches this."
        ),
    ] = None,
    peers: Annotated[
        list[str] | None,
        typer.Option(
            "--peers",
            metavar="FILE",
            help="A table of institutions: show the place among them, and their averages.",
        ),
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(
            "--template", metavar="DOCX", help="A letterhead for .docx: the report goes into it."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
    instrument: InstrumentOption = None,
    year: YearOption = None,
    stage: StageOption = None,
    lang: LanguageOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Write the report on an assessment: as a page, PDF, Word or Excel file, or Markdown.

    \b
    Examples:
      spbe report nilai.yaml -o laporan.html
      spbe report nilai.yaml -o laporan.pdf --previous nilai-2022.yaml --target memuaskan
      spbe report nilai.yaml -o laporan.docx --template kop-surat.docx
      spbe report nilai-semua.csv --output-dir laporan/ --peers examples/national-2023.csv

    \b
    The page and the files need no network. PDF, Word and Excel each need a library that
    pip install "spbe-cli[pdf,docx,xlsx]" installs.
    """
    from spbe_cli.cli.report_files import Destination, write_reports
    from spbe_cli.cli.reporting import Asked

    console: Console = context.obj
    destination = Destination(output, output_dir, format_, template, force=force)
    asked = Asked(tuple(previous or ()), target, tuple(peers or ()))
    return write_reports(files, InputOptions(instrument, year, stage), asked, destination, console)
