"""What the commands about many institutions do first."""

from collections.abc import Sequence
from typing import Annotated

import typer

from spbe_cli.cli.inputs import wishes_from
from spbe_cli.cli.options import InputOptions
from spbe_cli.core.population import Member
from spbe_cli.core.problem import Place, Problem
from spbe_cli.read.published import read_population

__all__ = ["Tables", "not_alike", "read_members"]

Tables = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...",
        help="Tables with a row an institution (index, domains, predicate, or levels), or score "
        "sheets; - is standard input.",
    ),
]


def read_members(paths: Sequence[str], options: InputOptions) -> tuple[list[Member], list[Problem]]:
    """Return the institutions in all files, and all problems at once."""
    wishes, problems = wishes_from(options)
    if wishes is None:
        return [], problems
    members, found = read_population(paths, wishes)
    return members, [*problems, *found]


def not_alike(members: Sequence[Member], path: str) -> list[Problem]:
    """Return why institutions have no common order or mean: several instruments, several years."""
    instruments = dict.fromkeys(member.instrument.id for member in members)
    if len(instruments) > 1:
        values = {"instruments": ", ".join(instruments)}
        return [Problem("several-instruments", Place(path), values)]
    years = dict.fromkeys(str(member.year) for member in members if member.year is not None)
    if len(years) > 1:
        return [Problem("several-years", Place(path), {"years": ", ".join(sorted(years))})]
    return []
