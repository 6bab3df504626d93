"""`spbe profile`: what many institutions look like together."""

from enum import StrEnum
from typing import Annotated

import typer

from spbe_cli.cli.command import Answer, Run, command, new_app
from spbe_cli.cli.options import Tables, WrittenChart, not_alike
from spbe_cli.core.problem import Place
from spbe_cli.core.score import parse_target

app = new_app()


class Range(StrEnum):
    """Of what the ranges are shown."""

    INDEX = "index"
    ASPECT = "aspect"


@command(app, written=WrittenChart)
def profile(
    run: Run,
    *,
    target: Annotated[
        str | None,
        typer.Option(
            "--target", metavar="INDEX|PREDICATE", help="Count the institutions that reach this."
        ),
    ] = None,
    detail: Annotated[
        Range, typer.Option("--detail", help="Show the range of each domain and aspect as well.")
    ] = Range.INDEX,
    tables: Tables,
) -> Answer:
    """Show means, ranges and predicates of institutions, per category and in all.

    \b
    Examples:
      spbe profile examples/national-2023.csv --target baik
      spbe profile nilai-2023.csv --format markdown --output profil.md
      spbe profile examples/national-2023.csv -o profil.html
    """
    members = run.members(tables)
    run.note(not_alike(members, tables.files[0]))
    wanted = None
    if target and members:
        wanted = run.parsed(parse_target(members[0].instrument, target, Place("--target")))
    run.refuse_errors()
    from spbe_cli.answers.charts import profile_charts
    from spbe_cli.answers.profile import profile_document, profile_pages, profile_rows
    from spbe_cli.core.population import profile as profile_of

    found = profile_of(members, wanted)
    unicode, every = run.console.has_unicode(), detail is Range.ASPECT
    return Answer(
        lambda: profile_document(found),
        lambda: profile_rows(found),
        lambda: profile_pages(found, members, run.words, every_node=every, unicode=unicode),
        charts=lambda: profile_charts(found, run.words),
    )
