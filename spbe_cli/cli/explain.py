"""`spbe explain`: a problem code, an indicator, or a domain or aspect."""

from typing import Annotated

import typer

from spbe_cli.cli.console import Console
from spbe_cli.cli.options import (
    Colour,
    ColourOption,
    InstrumentOption,
    LanguageOption,
    named_instrument,
)
from spbe_cli.core.instrument import Group
from spbe_cli.core.problem import Place, Problem, Severity, errors_of
from spbe_cli.formats.blocks import Page

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def explain(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="A problem code, an indicator (12), a domain or aspect (D2).",
        ),
    ],
    instrument: InstrumentOption = None,
    lang: LanguageOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Explain a problem code, or an indicator with its criteria and evidence.

    \b
    Examples:
      spbe explain level-off-scale
      spbe explain 12
      spbe explain A3 --instrument spbe-2018
    """
    console: Console = context.obj
    if what in console.words.codes:
        from spbe_cli.answers.instrument import problem_page

        return console.answer(console.pages([problem_page(what, console.words)]))
    found = _instrument_page(what, instrument, console)
    if isinstance(found, list):
        return console.refuse(found)
    return console.answer(console.pages([found]))


def _instrument_page(what: str, name: str | None, console: Console) -> Page | list[Problem]:
    from spbe_cli.answers.instrument import group_page, indicator_page
    from spbe_cli.read.grid import indicator_code
    from spbe_cli.read.instruments import DEFAULT

    instrument, problems = named_instrument(name or DEFAULT)
    if instrument is None:
        return problems
    code = indicator_code(what)
    if code in instrument.indicator_by_code:
        from spbe_cli.read.instruments import read_criteria

        criteria, problems = read_criteria(instrument)
        if errors_of(problems):
            return problems
        return indicator_page(instrument, code, criteria.get(code), console.words)
    group = instrument.find(what)
    if isinstance(group, Group):
        return group_page(instrument, group.code, console.words)
    names = [*console.words.codes, *instrument.indicator_by_code, *instrument.node_by_code]
    return [_unknown(what, names)]


def _unknown(what: str, names: list[str]) -> Problem:
    from spbe_cli.core.problem import nearest

    values = {"found": what, **nearest(what, names)}
    return Problem("explain-unknown", Place(), values, Severity.USAGE)
