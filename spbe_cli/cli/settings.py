"""`spbe settings`: what is taken where an option is not given, and where that comes from."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spbe_cli.cli.command import Answer, Run, command, new_app
from spbe_cli.cli.defaults import PARAMETERS, Defaults

if TYPE_CHECKING:
    from spbe_cli.core.instrument import Instrument
    from spbe_cli.core.problem import Problem

app = new_app()


@command(app, judges_settings=True)
def settings(run: Run) -> Answer:
    """Show the settings: each value, where it comes from, and what is wrong with it.

    \b
    Examples:
      spbe settings
      spbe settings --format json
    """
    from spbe_cli.answers.settings import Held, settings_document, settings_page, settings_rows

    defaults = run.console.defaults
    run.note([*defaults.problems, *defaults.wrong.values(), *_of_instruments(defaults)])
    run.note(defaults.unknown)
    found = ((key, defaults.settings.get(key)) for key in PARAMETERS)
    held = [Held(key, each and each.value, each and str(each.place)) for key, each in found]
    return Answer(
        lambda: settings_document(held, run.problems, run.words),
        lambda: settings_rows(held),
        lambda: [settings_page(held, run.words)],
        stands=True,
    )


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
