"""`spbe rank`: institutions by their exact index."""

from enum import StrEnum
from typing import Annotated

import typer

from spbe_cli.answers.rank import GroupOf
from spbe_cli.cli.command import Answer, Run, command, new_app
from spbe_cli.cli.options import Tables, misuse, not_alike
from spbe_cli.core.population import Ranked, Ranking, Standing, found_in
from spbe_cli.core.population import rank as rank_of
from spbe_cli.core.problem import Place, Problem, Severity, nearest

_MOST_NAMED = 5

app = new_app()


class By(StrEnum):
    """What groups institutions."""

    CATEGORY = "category"
    PROVINCE = "province"


@command(app)
def rank(
    run: Run,
    *,
    by: Annotated[
        By | None, typer.Option("--by", help="Rank within each category or province.")
    ] = None,
    top: Annotated[
        int | None,
        typer.Option("--top", metavar="N", min=1, max=100_000, help="Only the first N places."),
    ] = None,
    previous: Annotated[
        list[str] | None,
        typer.Option(
            "--previous",
            metavar="FILE",
            help="An earlier table: show what changed. May be given several times.",
        ),
    ] = None,
    find: Annotated[
        str | None,
        typer.Option("--find", metavar="NAME", help="Only the institutions with this in the name."),
    ] = None,
    tables: Tables,
) -> Answer:
    """Rank institutions by their exact index; equal ones share a place.

    \b
    Examples:
      spbe rank examples/national-2023.csv --by category --top 3
      spbe rank examples/national-2023.csv --find "kota jambi"
      spbe rank nilai-2023.csv --previous nilai-2022.csv --format csv
    """
    members = run.members(tables)
    earlier = run.members(Tables(previous, tables.instrument)) if previous else []
    run.note(not_alike(members, tables.files[0]))
    run.note(not_alike(earlier, previous[0]) if previous else ())
    run.refuse_errors()
    ranking = rank_of(members, earlier)
    if by is not None and find is None:
        run.note(_without_group(ranking, by, tables.files[0]))
    groups = _groups(ranking, by, top) if find is None else [_found(run, ranking, find)]
    ranked = [each for group in groups for _, each in group.ranked]
    from spbe_cli.answers.rank import found_pages, rank_document, rank_pages, rank_rows

    return Answer(
        lambda: rank_document(ranking, ranked),
        lambda: rank_rows(ranked),
        lambda: (
            rank_pages(ranking, groups, run.words)
            if find is None
            else found_pages(ranked, run.words)
        ),
    )


def _found(run: Run, ranking: Ranking, name: str) -> GroupOf:
    """Return those with this in the name; an unknown name ends the run."""
    found = found_in(ranking, name)
    if not found:
        near = nearest(name, [each.member.institution for each in ranking.ranked])
        run.refuse(misuse("institution-unknown", "--find", found=name, **near))
    return GroupOf("", len(found), [(each.overall.place, each) for each in found])


def _without_group(ranking: Ranking, by: By, path: str) -> list[Problem]:
    """Return who is in no group, so that nobody is left out in silence."""
    names = [each.member.institution for each in ranking.ranked if _group(each, by)[1] is None]
    if not names:
        return []
    shown = ", ".join(names[:_MOST_NAMED]) + (", ..." if len(names) > _MOST_NAMED else "")
    values = {"key": by.value, "count": str(len(names)), "of": str(len(ranking.ranked))}
    values["institutions"] = shown
    return [Problem("rank-without-group", Place(path), values, Severity.NOTICE)]


def _groups(ranking: Ranking, by: By | None, top: int | None) -> list[GroupOf]:
    """Return the groups by name, with those that are shown and their places in it."""
    groups: dict[str, list[tuple[int, Ranked]]] = {}
    sizes: dict[str, int] = {}
    for each in ranking.ranked:
        name, standing = _group(each, by)
        if standing is not None and (top is None or standing.place <= top):
            groups.setdefault(name, []).append((standing.place, each))
            sizes[name] = standing.of
    return [GroupOf(name, sizes[name], groups[name]) for name in sorted(groups)]


def _group(each: Ranked, by: By | None) -> tuple[str, Standing | None]:
    match by:
        case By.CATEGORY:
            return each.member.category or "", each.in_category
        case By.PROVINCE:
            return each.member.province or "", each.in_province
        case None:
            return "", each.overall
