"""`spbe settings`: what is taken where an option is not given, and where that comes from."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spbe_cli.cli.command import Run, command, new_app
from spbe_cli.cli.defaults import PARAMETERS, Defaults
from spbe_cli.cli.streams import ExitCode

if TYPE_CHECKING:
    from spbe_cli.core.instrument import Instrument
    from spbe_cli.core.problem import Problem

app = new_app()


@command(app)
def settings(run: Run) -> ExitCode:
    """Show the settings: each value, where it comes from, and what is wrong with it.

    \b
    Examples:
      spbe settings
    """
    from spbe_cli.formats.blocks import Cell, Column, Row, Section, Table

    words, defaults = run.words, run.console.defaults
    found = defaults.settings
    rows = [
        Row(
            (
                Cell(key),
                Cell(found[key].value if key in found else "-"),
                Cell(str(found[key].place) if key in found else words("the default")),
            )
        )
        for key in PARAMETERS
    ]
    columns = [Column(words("Setting")), Column(words("Value")), Column(words("From"))]
    run.answer(run.page(Section(words("Settings"), [Table(columns, rows)])))
    run.refuse_if([*defaults.problems, *defaults.wrong.values(), *_of_instruments(defaults)])
    run.note(defaults.unknown)
    run.show()
    return ExitCode.DONE


def _of_instruments(defaults: Defaults) -> "Iterator[Problem]":
    """Yield what only an instrument tells: one that cannot be read, a predicate of none."""
    from spbe_cli.read.instruments import find_instrument, shipped_ids, shipped_instrument
    from spbe_cli.read.text import load

    instruments: list[Instrument] = [shipped_instrument(id_) for id_ in shipped_ids()]
    if name := defaults.value("instrument"):
        own, problems = find_instrument(name)
        yield from problems
        instruments = instruments if own is None else [own]
    predicate = defaults.value("min-predicate")
    if predicate and not any(each.predicate_named(predicate) for each in instruments):
        names = dict.fromkeys(each.name for one in instruments for each in one.predicates)
        yield defaults.settings["min-predicate"].wrong(tuple(names))
    if costs := defaults.value("costs"):
        file = load(costs, regular=True)
        if not hasattr(file, "content"):
            yield file
