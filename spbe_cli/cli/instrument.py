"""`spbe instrument`: list, show, check and diff instruments."""

from typing import Annotated

import typer

from spbe_cli.cli.console import Console
from spbe_cli.cli.options import Colour, ColourOption, LanguageOption, named_instrument
from spbe_cli.core.problem import Problem, errors_of

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
Name = Annotated[str, typer.Argument(metavar="ID|FILE", help="An instrument's id, or its file.")]


@app.callback()
def instrument(lang: LanguageOption = None, color: ColourOption = Colour.AUTO) -> None:
    """List, show, check and compare instruments.

    \b
    Examples:
      spbe instrument list
      spbe instrument show spbe-2020
      spbe instrument check my.yaml
      spbe instrument diff spbe-2018 spbe-2020
    """


@app.command("list")
def list_(
    context: typer.Context, lang: LanguageOption = None, color: ColourOption = Colour.AUTO
) -> int:
    """List the instruments that come with spbe."""
    console: Console = context.obj
    from spbe_cli.answers.instrument import list_page
    from spbe_cli.read.instruments import shipped_ids, shipped_instrument

    page = list_page([shipped_instrument(id_) for id_ in shipped_ids()], console.words)
    return console.answer(console.pages([page]))


@app.command()
def show(
    context: typer.Context,
    name: Name = "spbe-2020",
    lang: LanguageOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Show an instrument with all its weights."""
    console: Console = context.obj
    from spbe_cli.answers.instrument import show_page

    found, problems = named_instrument(name)
    if found is None:
        return console.refuse(problems)
    console.report(problems)
    return console.answer(console.pages([show_page(found, console.words)]))


@app.command()
def check(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The instrument's file.")],
    lang: LanguageOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Validate an instrument of your own."""
    console: Console = context.obj
    from spbe_cli.read.instruments import instrument_from_file

    found, problems = instrument_from_file(file)
    if found is None:
        return console.refuse(problems)
    console.report(problems)
    return console.answer(
        console.words(
            "valid: {id} (groups: {groups}, indicators: {indicators}, weights: {weight})",
            id=found.id,
            groups=str(len(found.nodes)),
            indicators=str(len(found.indicators)),
            weight=console.words.weight(found.weight),
        )
        + "\n"
    )


@app.command()
def diff(
    context: typer.Context,
    before: Name,
    after: Name,
    lang: LanguageOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Show what differs between two instruments."""
    console: Console = context.obj
    from spbe_cli.answers.instrument import difference_page
    from spbe_cli.core.instrument import difference

    problems: list[Problem] = []
    pair = []
    for name in (before, after):
        found, reasons = named_instrument(name)
        problems += reasons
        if found is not None:
            pair.append(found)
    if errors_of(problems):
        return console.refuse(problems)
    console.report(problems)
    page = difference_page(difference(*pair), console.words)
    return console.answer(console.pages([page]))
