"""`spbe levers`: what one level more of each indicator is worth."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from spbe_cli.cli.command import Answer, text_of
from spbe_cli.cli.console import Console
from spbe_cli.cli.options import (
    Colour,
    ColourOption,
    Files,
    Format,
    FormatOption,
    InputOptions,
    InstrumentOption,
    LanguageOption,
    OutputOption,
    StageOption,
    YearOption,
)
from spbe_cli.core.problem import errors_of
from spbe_cli.formats.blocks import Page
from spbe_cli.words import Words

if TYPE_CHECKING:
    from spbe_cli.answers.levers import LeversDocument
    from spbe_cli.core.levers import Levers
    from spbe_cli.core.score import Reading

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def levers(
    context: typer.Context,
    files: Files,
    top: Annotated[
        int | None,
        typer.Option("--top", metavar="N", min=1, max=999, help="Show the N largest gains only."),
    ] = None,
    instrument: InstrumentOption = None,
    year: YearOption = None,
    stage: StageOption = None,
    format_: FormatOption = Format.TABLE,
    output: OutputOption = None,
    lang: LanguageOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Show what one level more of each indicator is worth, and which alone decide the predicate.

    \b
    Examples:
      spbe levers nilai.yaml
      spbe levers nilai.xlsx --top 10
    """
    from spbe_cli.cli.options import read_readings
    from spbe_cli.core.levers import levers as levers_of

    console: Console = context.obj
    readings, problems = read_readings(files, InputOptions(instrument, year, stage))
    if errors_of(problems):
        return console.refuse(problems)
    console.report([*problems, *(n for reading in readings for n in reading.notices)])
    found = [(reading, levers_of(reading.instrument, reading.assessment)) for reading in readings]
    return console.answer(text_of(_answer(found, console.words, top), format_, console), output)


def _answer(found: "list[tuple[Reading, Levers]]", words: Words, top: int | None) -> Answer:
    def document() -> "LeversDocument":
        from spbe_cli.answers.levers import levers_document

        return levers_document(found, top=top)

    def rows() -> Iterator[list[str]]:
        from spbe_cli.answers.levers import levers_rows

        return levers_rows(found, top=top)

    def pages() -> list[Page]:
        from spbe_cli.answers.levers import levers_page

        return [levers_page(reading, levers, words, top=top) for reading, levers in found]

    return Answer(document, rows, pages)
