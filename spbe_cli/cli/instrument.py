"""`spbe instrument`: list, show, check and diff instruments."""

from typing import TYPE_CHECKING, Annotated

import typer

from spbe_cli.cli.command import RefusedError, Run, command, new_app
from spbe_cli.cli.options import Colour, ColourOption, LanguageOption, named_instrument

if TYPE_CHECKING:
    from spbe_cli.core.instrument import Instrument
    from spbe_cli.formats.blocks import Section

app = new_app(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})
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


@command(app, "list")
def list_(run: Run) -> str:
    """List the instruments that come with spbe."""
    from spbe_cli.answers.instrument import list_page
    from spbe_cli.read.instruments import shipped_ids, shipped_instrument

    return run.page(list_page([shipped_instrument(id_) for id_ in shipped_ids()], run.words))


@command(app)
def show(run: Run, *, name: Name = "spbe-2020") -> str:
    """Show an instrument with all its weights."""
    from spbe_cli.answers.instrument import show_page

    return run.page(show_page(run.found(named_instrument(name)), run.words))


@command(app)
def check(
    run: Run,
    *,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The instrument's file.")],
) -> str:
    """Validate an instrument of your own."""
    from spbe_cli.read.instruments import instrument_from_file

    found = run.found(instrument_from_file(file))
    sentence = run.words(
        "valid: {id} (groups: {groups}, indicators: {indicators}, weights: {weight})",
        id=found.id,
        groups=str(len(found.nodes)),
        indicators=str(len(found.indicators)),
        weight=run.words.weight(found.weight),
    )
    return f"{sentence}\n"


@command(app)
def diff(run: Run, *, before: Name, after: Name) -> str:
    """Show what differs between two instruments, and which old evidence serves again."""
    from spbe_cli.answers.instrument import difference_page
    from spbe_cli.core.compare import difference

    (old, in_old), (new, in_new) = named_instrument(before), named_instrument(after)
    run.refuse_if([*in_old, *in_new])
    if old is None or new is None:
        raise RefusedError
    return run.page(difference_page(difference(old, new), run.words), *_carried(run, old, new))


def _carried(run: Run, old: "Instrument", new: "Instrument") -> "list[Section]":
    """Return the page of the evidence for the first that serves again for the second."""
    from spbe_cli.answers.carried import carried_page
    from spbe_cli.read.carried import read_carried

    table, problems = read_carried(new)
    run.refuse_if(problems)
    if table is None or table.before != old.id:
        return []
    return [carried_page(old, new, table, run.words)]
