"""`spbe explain`: a problem code, an indicator, or a domain or aspect."""

from typing import TYPE_CHECKING, Annotated

import typer

from spbe_cli.cli.command import Run, command, new_app
from spbe_cli.cli.options import InstrumentOption, misuse, named_instrument
from spbe_cli.core.instrument import Group
from spbe_cli.core.problem import nearest

if TYPE_CHECKING:
    from spbe_cli.core.instrument import Instrument
    from spbe_cli.formats.blocks import Line

app = new_app()


@command(app)
def explain(
    run: Run,
    *,
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="A problem code, an indicator (12), a domain or aspect (D2).",
        ),
    ],
    instrument: InstrumentOption = None,
) -> str:
    """Explain a problem code, or an indicator with its criteria and evidence.

    \b
    Examples:
      spbe explain level-off-scale
      spbe explain 12
      spbe explain A3 --instrument spbe-2018
    """
    from spbe_cli.answers.instrument import group_page, indicator_page, problem_page

    if what in run.words.codes:
        return run.page(problem_page(what, run.words))
    from spbe_cli.read.instruments import DEFAULT, read_criteria

    found = run.found(named_instrument(instrument or DEFAULT))
    if code := found.meant(what).by_code:
        criteria, problems = read_criteria(found)
        run.note(problems)
        run.refuse_errors()
        serving = _serving(run, found, code)
        return run.page(indicator_page(found, code, criteria.get(code), run.words, serving))
    group = found.find(what)
    if not isinstance(group, Group):
        names = [*run.words.codes, *found.indicator_by_code, *found.node_by_code]
        run.refuse(misuse("explain-unknown", found=what, **nearest(what, names)))
    return run.page(group_page(found, group.code, run.words))


def _serving(run: Run, instrument: "Instrument", code: str) -> "list[Line]":
    """Return which old evidence serves an indicator again, and which later ones its own serves."""
    from spbe_cli.answers.carried import served_lines, serves_lines
    from spbe_cli.read.carried import read_carried, tables_from

    table, problems = read_carried(instrument)
    run.note(problems)
    run.refuse_errors()
    lines = [] if table is None else list(serves_lines(table.before, code, table, run.words))
    return [*lines, *served_lines(list(tables_from(instrument)), code, run.words)]
