"""`spbe rank`: institutions by their exact index."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from spbe_cli.answers.rank import GroupOf
from spbe_cli.cli.command import Answer, text_of
from spbe_cli.cli.console import Console
from spbe_cli.cli.options import (
    Colour,
    ColourOption,
    Format,
    FormatOption,
    InputOptions,
    InstrumentOption,
    LanguageOption,
    OutputOption,
    Tables,
    YearOption,
    not_alike,
    read_members,
)
from spbe_cli.core.population import Ranked, Ranking, Standing, found_in, rank
from spbe_cli.core.problem import Place, Problem, Severity, errors_of
from spbe_cli.formats.blocks import Page
from spbe_cli.words import Words

if TYPE_CHECKING:
    from spbe_cli.answers.rank import RankDocument

app = typer.Typer(add_completion=False, rich_markup_mode=None)


class By(StrEnum):
    """What groups institutions."""

    CATEGORY = "category"
    PROVINCE = "province"


@app.command(name="rank")
def rank_command(
    context: typer.Context,
    inputs: Tables,
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
    instrument: InstrumentOption = None,
    year: YearOption = None,
    format_: FormatOption = Format.TABLE,
    output: OutputOption = None,
    lang: LanguageOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Rank institutions by their exact index; equal ones share a place.

    \b
    Examples:
      spbe rank examples/national-2023.csv --by category --top 3
      spbe rank examples/national-2023.csv --find "kota jambi"
      spbe rank nilai-2023.csv --previous nilai-2022.csv --format csv
    """
    console: Console = context.obj
    members, problems = read_members(inputs, InputOptions(instrument, year))
    earlier, found = read_members(previous, InputOptions(instrument)) if previous else ([], [])
    problems += [*found, *not_alike(members, inputs[0])]
    problems += not_alike(earlier, previous[0]) if previous else []
    ranking = rank(members, earlier)
    chosen = _chosen(ranking, by, top, find)
    if isinstance(chosen, Problem) and not errors_of(problems):
        problems.append(chosen)
    if errors_of(problems) or isinstance(chosen, Problem):
        return console.refuse(problems)
    console.report(problems)
    answer = _answer(ranking, chosen, console.words, finding=find is not None)
    return console.answer(text_of(answer, format_, console), output)


def _chosen(
    ranking: Ranking, by: By | None, top: int | None, find: str | None
) -> list[GroupOf] | Problem:
    """Return the groups that are shown, with the places in them; a problem for an unknown name."""
    if find is not None:
        found = found_in(ranking, find)
        if not found:
            from spbe_cli.core.problem import nearest

            names = [each.member.institution for each in ranking.ranked]
            values = {"found": find, **nearest(find, names)}
            return Problem("institution-unknown", Place("--find"), values, Severity.USAGE)
        return [GroupOf("", len(found), [(each.overall.place, each) for each in found])]
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


def _answer(ranking: Ranking, groups: Sequence[GroupOf], words: Words, *, finding: bool) -> Answer:
    ranked = [each for group in groups for _, each in group.ranked]

    def document() -> "RankDocument":
        from spbe_cli.answers.rank import rank_document

        return rank_document(ranking, ranked)

    def rows() -> Iterator[list[str]]:
        from spbe_cli.answers.rank import rank_rows

        return rank_rows(ranked)

    def pages() -> list[Page]:
        from spbe_cli.answers.rank import found_pages, rank_pages

        return found_pages(ranked, words) if finding else rank_pages(ranking, groups, words)

    return Answer(document, rows, pages)
