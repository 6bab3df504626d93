"""`spbe explain`: a problem code, an indicator, or a domain or aspect."""

from typing import TYPE_CHECKING, Annotated

import typer

from spbe_cli.cli.command import Run, command, new_app
from spbe_cli.cli.options import InstrumentOption, misuse, named_instrument
from spbe_cli.core.instrument import Group, folded
from spbe_cli.core.problem import nearest

if TYPE_CHECKING:
    from spbe_cli.core.instrument import Instrument
    from spbe_cli.formats.blocks import Line

app = new_app()
_MOST_NEAR = 5
"""Of how many codes with a word in their names all are suggested."""


@command(app)
def explain(
    run: Run,
    *,
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="A problem code, an indicator (12), a domain or aspect (D2), a predicate, or "
            "the name of one of these.",
        ),
    ],
    instrument: InstrumentOption = None,
) -> str:
    """Explain a problem code, an indicator with its criteria and evidence, or a predicate.

    \b
    Examples:
      spbe explain level-off-scale
      spbe explain 12
      spbe explain A3 --instrument spbe-2018
      spbe explain "sangat baik"
    """
    from spbe_cli.answers.instrument import (
        group_page,
        indicator_page,
        predicate_page,
        problem_page,
    )

    if what in run.words.codes:
        return run.page(problem_page(what, run.words))
    from spbe_cli.read.instruments import DEFAULT, read_criteria

    found = run.found(named_instrument(instrument or DEFAULT))
    meant = found.meant(what)
    if code := meant.by_code or meant.by_name:
        criteria, problems = read_criteria(found)
        run.note(problems)
        run.refuse_errors()
        serving = _serving(run, found, code)
        return run.page(indicator_page(found, code, criteria.get(code), run.words, serving))
    group = found.find(what) or next(
        (each for each, _, _ in found.nodes if folded(each.name) == folded(what)), None
    )
    if isinstance(group, Group):
        return run.page(group_page(found, group.code, run.words))
    predicate = found.predicate_named(what)
    if predicate is None:
        run.refuse(misuse("explain-unknown", found=what, **_nearest(run, found, what)))
    return run.page(predicate_page(found, predicate, run.words))


def _nearest(run: Run, instrument: "Instrument", what: str) -> dict[str, str]:
    """Return what may have been meant: parts of an indicator, else the nearest code or name.

    The nearest group is one of its kind, D4 for D9; part of a name leads to all that have it.
    """
    if parts := [code for code in instrument.indicator_by_code if code.startswith(f"{what}.")]:
        return {"nearest": ", ".join(parts)}
    if what.isdecimal():
        from spbe_cli.read.nearest import NearestIndicator

        found = NearestIndicator(instrument)(what)
        return {key: value for key, value in found.items() if key == "nearest"}
    letter, number = what[:1].casefold(), what[1:]
    groups = [code for code in instrument.node_by_code if code[:1].casefold() == letter]
    if number.isdecimal() and groups and all(code[1:].isdecimal() for code in groups):
        return {"nearest": min(groups, key=lambda code: abs(int(code[1:]) - int(number)))}
    by_name = {each.code: each.name for each in instrument.indicators}
    by_name |= {group.code: group.name for group, _, _ in instrument.nodes}
    holding = [code for code, name in by_name.items() if folded(what) in folded(name)]
    if 0 < len(holding) <= _MOST_NEAR and folded(what):
        return {"nearest": ", ".join(holding)}
    names = [predicate.name for predicate in instrument.predicates]
    names += [indicator.name for indicator in instrument.indicators]
    names += [group.name for group, _, _ in instrument.nodes]
    codes = [*run.words.codes, *instrument.indicator_by_code, *instrument.node_by_code]
    return nearest(what, [*codes, *names])


def _serving(run: Run, instrument: "Instrument", code: str) -> "list[Line]":
    """Return which old evidence serves an indicator again, and which later ones its own serves."""
    from spbe_cli.answers.carried import served_lines, serves_lines
    from spbe_cli.read.carried import read_carried, tables_from

    table, problems = read_carried(instrument)
    run.note(problems)
    run.refuse_errors()
    lines = [] if table is None else list(serves_lines(table.before, code, table, run.words))
    return [*lines, *served_lines(list(tables_from(instrument)), code, run.words)]
