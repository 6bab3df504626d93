"""Places as tables for people."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from spbe_cli.core.population import Known, Member, Ranked, Ranking, Standing
from spbe_cli.render.score_page import tone_of
from spbe_cli.render.view import Cell, Column, Line, Page, Row, Tone, visible
from spbe_cli.words import Words

__all__ = ["GroupOf", "found_pages", "known_lines", "rank_pages"]


class GroupOf(NamedTuple):
    """A group's name, how many it has, and those that are shown with their places in it."""

    name: str
    size: int
    ranked: Sequence[tuple[int, Ranked]]


def rank_pages(ranking: Ranking, groups: Sequence[GroupOf], words: Words) -> list[Page]:
    """Return a page a group: places, institutions, indices, and what changed where compared."""
    columns = [
        Column(words("Place"), numeric=True),
        Column(words("Institution")),
        Column(words("Index"), numeric=True),
        Column(words("Predicate")),
    ]
    if ranking.compared:
        columns += [
            Column(words("Change"), numeric=True),
            Column(words("Places gained"), numeric=True),
        ]
    pages = []
    for number, group in enumerate(groups):
        name = group.name or words("All institutions")
        heading = words("{name}: {number}", name=name, number=str(group.size))
        rows = [_row(place, each, words, compared=ranking.compared) for place, each in group.ranked]
        last = number == len(groups) - 1
        below = [*known_lines([r.member for r in ranking.ranked], words)] if last else []
        below += _gone(ranking, words) if last else []
        pages.append(Page(visible(heading), columns=columns, rows=rows, below=below))
    return pages


def found_pages(found: Sequence[Ranked], words: Words) -> list[Page]:
    """Return a page an institution: its place and percentile in the whole and in its groups."""
    columns = [
        Column(words("Among")),
        Column(words("Place"), numeric=True),
        Column(words("of"), numeric=True),
        Column(words("Percentile"), numeric=True),
    ]
    pages = []
    for each in found:
        member = each.member
        among = [
            (words("all institutions"), each.overall),
            (words("category {name}", name=member.category or "-"), each.in_category),
            (words("province {name}", name=member.province or "-"), each.in_province),
        ]
        rows = [_standing(name, where, words) for name, where in among]
        number = words.number(member.index, member.instrument.places)
        above = [
            Line(words("Index {index}, {predicate}", index=number, predicate=member.predicate.name))
        ]
        above += _change(each, words)
        note = Line(words("Percentile: the share of the group that stands at or below"), Tone.FAINT)
        pages.append(Page(_who(member), above, columns, rows, [note]))
    return pages


def known_lines(members: Sequence[Member], words: Words) -> Iterator[Line]:
    """Yield what the indices were taken from, where they are not exact."""
    known = {member.known for member in members}
    if Known.PUBLISHED in known:
        yield Line(words("Index as it stands in the table"), Tone.FAINT)
    if Known.GROUPS in known:
        sentence = "Index from rounded domain indices: its last decimal is uncertain"
        yield Line(words(sentence), Tone.FAIR)


def _row(place: int, each: Ranked, words: Words, *, compared: bool) -> Row:
    member = each.member
    cells = [
        Cell(str(place)),
        Cell(member.institution),
        Cell(words.number(member.index, member.instrument.places)),
        Cell(member.predicate.name, tone_of(member.instrument, member.predicate)),
    ]
    if compared:
        before = each.before
        change = words("new") if before is None else words.number(before.change, sign=True)
        shift = "" if before is None else f"{before.shift:+d}" if before.shift else "0"
        cells += [Cell(change), Cell(shift)]
    return Row(tuple(cells))


def _standing(name: str, where: Standing | None, words: Words) -> Row:
    if where is None:
        return Row((Cell(name, Tone.FAINT), Cell("-"), Cell("-"), Cell("-")))
    percentile = words.number(where.percentile)
    return Row((Cell(name), Cell(str(where.place)), Cell(str(where.of)), Cell(percentile)))


def _change(each: Ranked, words: Words) -> Iterator[Line]:
    before = each.before
    if before is not None:
        yield Line(
            words(
                "Before: {index}, place {place}; change {change}, places gained {shift}",
                index=words.number(before.index),
                place=str(before.place),
                change=words.number(before.change, sign=True),
                shift=f"{before.shift:+d}" if before.shift else "0",
            )
        )


def _gone(ranking: Ranking, words: Words) -> Iterator[Line]:
    if ranking.gone:
        names = ", ".join(member.institution for member in ranking.gone)
        yield Line(words("Only in the earlier table: {names}", names=names), Tone.FAIR)


def _who(member: Member) -> str:
    parts = [member.institution, member.year]
    return visible(", ".join(str(part) for part in parts if part))
