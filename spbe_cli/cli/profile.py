"""`spbe profile`: what many institutions look like together."""

from collections.abc import Iterator
from enum import StrEnum
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
    not_alike,
    read_members,
)
from spbe_cli.core.population import profile
from spbe_cli.core.problem import Place, Problem, errors_of
from spbe_cli.core.score import parse_target
from spbe_cli.formats.blocks import Page

if TYPE_CHECKING:
    from spbe_cli.answers.profile import ProfileDocument

app = typer.Typer(add_completion=False, rich_markup_mode=None)


class Detail(StrEnum):
    """Of what the ranges are shown."""

    INDEX = "index"
    ASPECT = "aspect"


@app.command(name="profile")
def profile_command(
    context: typer.Context,
    inputs: Tables,
    target: Annotated[
        str | None,
        typer.Option(
            "--target", metavar="INDEX|PREDICATE", help="Count the institutions that reach this."
        ),
    ] = None,
    detail: Annotated[
        Detail, typer.Option("--detail", help="Show the range of each domain and aspect as well.")
    ] = Detail.INDEX,
    instrument: InstrumentOption = None,
    year: YearOption = None,
    format_: FormatOption = Format.TABLE,
    output: OutputOption = None,
    lang: LanguageOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Show means, ranges and predicates of institutions, per category and in all.

    \b
    Examples:
      spbe profile examples/national-2023.csv --target baik
      spbe profile nilai-2023.csv --format markdown --output profil.md
    """
    console: Console = context.obj
    members, problems = read_members(inputs, InputOptions(instrument, year))
    problems += not_alike(members, inputs[0])
    wanted = None
    if target and members:
        wanted = parse_target(members[0].instrument, target, Place("--target"))
    if isinstance(wanted, Problem):
        problems.append(wanted)
    if errors_of(problems) or isinstance(wanted, Problem):
        return console.refuse(problems)
    console.report(problems)
    found = profile(members, wanted)

    def document() -> "ProfileDocument":
        from spbe_cli.answers.profile import profile_document

        return profile_document(found)

    def rows() -> Iterator[list[str]]:
        from spbe_cli.answers.profile import profile_rows

        return profile_rows(found)

    def pages() -> list[Page]:
        from spbe_cli.answers.profile import profile_pages

        return profile_pages(
            found,
            members,
            console.words,
            every_node=detail is Detail.ASPECT,
            unicode=console.has_unicode(),
        )

    return console.answer(text_of(Answer(document, rows, pages), format_, console), output)
