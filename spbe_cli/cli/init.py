"""`spbe init`: a form to fill in."""

from typing import Annotated

import typer

from spbe_cli.cli.console import Console
from spbe_cli.cli.options import Colour, ColourOption, InstrumentOption, LanguageOption, YearOption

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def init(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The form to write: .yaml, .csv or .xlsx.")
    ],
    institution: Annotated[
        str, typer.Option("--institution", metavar="NAME", help="The institution that is assessed.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
    instrument: InstrumentOption = None,
    year: YearOption = None,
    lang: LanguageOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Write a form with every indicator, to be filled in and scored.

    \b
    Examples:
      spbe init nilai.yaml --year 2024
      spbe init nilai.xlsx --institution "Pemerintah Kota Contoh" --year 2025
      spbe init nilai.csv --instrument spbe-2018

    \b
    The Excel form has drop-downs, the criteria of every level and a live index; it needs
    a library that pip install "spbe-cli[xlsx]" installs.
    """
    from spbe_cli.cli.form_files import Wanted, write_form

    console: Console = context.obj
    return write_form(Wanted(file, institution, instrument, year, force=force), console)
