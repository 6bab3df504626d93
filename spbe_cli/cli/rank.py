"""`spbe rank`: institutions by their exact index."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import typer

from spbe_cli.answers.rank import GroupOf
from spbe_cli.cli.command import Answer, Run, command, new_app
from spbe_cli.cli.options import Tables, WrittenChart, misuse, not_alike
from spbe_cli.core.institution import folded_name, folded_province
from spbe_cli.core.places import Ranked, Ranking, earlier_than, found_in
from spbe_cli.core.places import rank as rank_of
from spbe_cli.core.population import Member, Standing
from spbe_cli.core.problem import Place, Problem, Severity, nearest

_MOST_NAMED = 5
_NEXT = 5  # institutions above and below the one asked for

app = new_app()


class By(StrEnum):
    """What groups institutions."""

    CATEGORY = "category"
    PROVINCE = "province"


@command(app, written=WrittenChart)
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
            help="An earlier table, or one of several years: show what changed, and the places of "
            "every year. May be given several times.",
        ),
    ] = None,
    find: Annotated[
        str | None,
        typer.Option("--find", metavar="NAME", help="Only the institutions with this in the name."),
    ] = None,
    province: Annotated[
        str | None,
        typer.Option("--province", metavar="NAME", help="Only the institutions of this province."),
    ] = None,
    category: Annotated[
        str | None,
        typer.Option("--category", metavar="NAME", help="Only those of this category."),
    ] = None,
    around: Annotated[
        str | None,
        typer.Option(
            "--around", metavar="NAME", help="Only this institution and its neighbours: five each."
        ),
    ] = None,
    tables: Tables,
) -> Answer:
    """Rank institutions by their exact index; equal ones share a place.

    \b
    Examples:
      spbe rank examples/national-2023.csv --by category --top 3
      spbe rank examples/national-2023.csv --find "kota jambi"
      spbe rank examples/national-2023.csv --category kota --around "kota jambi"
      spbe rank examples/national-2023.csv --province Jambi -o peringkat.svg
      spbe rank nilai-2023.csv --previous nilai-2022.csv --format csv
      spbe rank indeks.csv --only-year 2024 --previous indeks.csv
    """
    if around is not None:
        run.note(_excluded("--around", {"--top": top, "--find": find}))
    elif find is not None:
        run.note(_excluded("--find", {"--top": top, "--by": by}))
    members = run.members(tables)
    run.note(not_alike(members, tables.files[0]))
    earlier = _earlier(run, members, previous, tables) if previous else []
    run.refuse_errors()
    ranking = rank_of(members, earlier)
    if by is not None and find is None:
        run.note(_without_group(ranking, by, tables.files[0]))
    some = _within(run, ranking, By.PROVINCE, province)
    some = _within(run, some, By.CATEGORY, category)
    if by is None and (province is None) != (category is None):
        by = By.PROVINCE if category is None else By.CATEGORY
    groups = _groups(some, by, top) if find is None else [_found(run, some, find)]
    asked = [] if around is None else [_one(run, some, around)]
    groups = [_neighbours(group, each) for each in asked for group in groups] if asked else groups
    groups = [group for group in groups if group.ranked]
    ranked = [each for group in groups for _, each in group.ranked]
    from spbe_cli.answers.charts import rank_charts
    from spbe_cli.answers.rank import found_pages, rank_document, rank_pages, rank_rows

    return Answer(
        lambda: rank_document(some, ranked),
        lambda: rank_rows(some, ranked),
        lambda: (
            rank_pages(some, groups, run.words, by=by and by.value)
            if find is None
            else found_pages(ranked, run.words)
        ),
        charts=lambda: rank_charts(groups, run.words, asked),
    )


def _excluded(option: str, others: Mapping[str, object]) -> list[Problem]:
    """Return that an option takes none of these beside it, for each that is given."""
    given = [other for other, value in others.items() if value is not None]
    return [misuse("options-exclude", other, option=option, other=other) for other in given]


def _earlier(
    run: Run, members: Sequence[Member], previous: list[str], tables: Tables
) -> Sequence[Member]:
    """Return the institutions of the earlier years; what forbids the comparison is kept."""
    found = run.members(Tables(previous, tables.instrument))
    by_year = {each.year: [m for m in found if m.year == each.year] for each in found}
    for of_year in by_year.values():
        run.note(not_alike(of_year, of_year[0].place.source))
    earlier, problems = earlier_than(members, found)
    run.note(problems)
    return earlier


def _within(run: Run, ranking: Ranking, by: By, name: str | None) -> Ranking:
    """Return the ranking with those of a group alone; an unknown name ends the run."""
    if name is None:
        return ranking
    key = folded_province if by is By.PROVINCE else folded_name

    def group_of(member: Member) -> str:
        return getattr(member, by.value) or ""

    def is_meant(member: Member) -> bool:
        return bool(group_of(member)) and key(group_of(member)) == key(name)

    kept = tuple(each for each in ranking.ranked if is_meant(each.member))
    if not kept:
        near = nearest(name, list(filter(None, (group_of(each.member) for each in ranking.ranked))))
        run.refuse(misuse("group-unknown", f"--{by.value}", key=by.value, found=name, **near))
    return replace(ranking, ranked=kept, gone=tuple(filter(is_meant, ranking.gone)))


def _one(run: Run, ranking: Ranking, name: str) -> Ranked:
    """Return the one institution of this name; none or several end the run."""
    (_, found), *others = _found(run, ranking, name, "--around").ranked
    if others:
        names = ", ".join(each.member.institution for _, each in [(0, found), *others[:4]])
        values = {"found": name, "count": str(len(others) + 1), "institutions": names}
        run.refuse(misuse("institution-several", "--around", **values))
    return found


def _neighbours(group: GroupOf, asked: Ranked) -> GroupOf:
    """Return the group with those alone who stand next to the one asked for, which may be none."""
    at = [number for number, (_, each) in enumerate(group.ranked) if each is asked]
    near = group.ranked[max(at[0] - _NEXT, 0) : at[0] + _NEXT + 1] if at else []
    return group._replace(ranked=near)


def _found(run: Run, ranking: Ranking, name: str, option: str = "--find") -> GroupOf:
    """Return those with this in the name; an unknown name ends the run."""
    found = found_in(ranking, name)
    if not found:
        near = nearest(name, [each.member.institution for each in ranking.ranked])
        run.refuse(misuse("institution-unknown", option, found=name, **near))
    return GroupOf("", found[0].overall.of, [(each.overall.place, each) for each in found])


def _without_group(ranking: Ranking, by: By, path: str) -> list[Problem]:
    """Return who names no group, so that it is known why these stand together."""
    names = [each.member.institution for each in ranking.ranked if not _group(each, by)[0]]
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
        if top is None or standing.place <= top:
            groups.setdefault(name, []).append((standing.place, each))
            sizes[name] = standing.of
    named = sorted(groups, key=lambda name: (not name, name))
    return [GroupOf(name, sizes[name], groups[name]) for name in named]


def _group(each: Ranked, by: By | None) -> tuple[str, Standing]:
    """Return the group that an institution names, empty where it names none, and its place there.

    Where nobody names one, all are that group.
    """
    match by:
        case By.CATEGORY:
            return each.member.category or "", each.in_category or each.overall
        case By.PROVINCE:
            return each.member.province or "", each.in_province or each.overall
        case None:
            return "", each.overall
