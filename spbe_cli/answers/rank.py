"""The answer of `spbe rank`: data and page."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from spbe_cli.answers.score import tone_of
from spbe_cli.answers.shape import Columns, Count, Document, Number, Shape, Value, csv_rows, take
from spbe_cli.answers.shared import MEMBER, MemberShape, percent
from spbe_cli.core.number import fixed
from spbe_cli.core.population import Known, Member, Ranked, Ranking, Standing
from spbe_cli.formats.blocks import Cell, Column, Line, Row, Section, Table, Tone, visible
from spbe_cli.words import Words


class StandingShape(Shape):
    """A place among so many; the share of the group that stands at or below, in percent."""

    place: Count
    of_: Count = take("of")
    percentile: Number = take(lambda standing: percent(standing.percentile))


class BeforeShape(Shape):
    """The index and place in the earlier table, what changed, and the places gained."""

    index: Value
    place: Count
    change: Value
    shift: int


class RankedShape(MemberShape, within="member"):
    """An institution and where it stands."""

    overall: StandingShape
    in_category: StandingShape | None
    in_province: StandingShape | None
    before: BeforeShape | None


class RankDocument(Document):
    """The answer of `spbe rank`: highest index first; `gone` were in the earlier table only."""

    version = "spbe-rank/1"
    results: list[RankedShape]
    gone: list[str]
    gates: list[str]


def rank_document(ranking: Ranking, ranked: Sequence[Ranked]) -> dict[str, Any]:
    """Return these institutions of a ranking."""
    gone = [member.institution for member in ranking.gone]
    return RankDocument.holding(results=ranked, gone=gone)


def rank_rows(ranked: Sequence[Ranked]) -> Iterator[list[str]]:
    """Yield a header and a row an institution."""
    standing = StandingShape.columns()
    in_category, in_province = (
        {f"{group}_{name}": get for name, get in standing.items()}
        for group in ("category", "province")
    )
    parts = [{**MEMBER, "known": "known"}, standing, in_category, in_province, _BEFORE]
    rows = (
        (each.member, each.overall, each.in_category, each.in_province, each.before and each)
        for each in ranked
    )
    return csv_rows(parts, rows)


_BEFORE: Columns = {
    "previous_index": lambda each: fixed(each.before.index, each.member.instrument.places),
    "change": lambda each: fixed(each.before.change, each.member.instrument.places, sign=True),
    "previous_place": "before.place",
    "shift": lambda each: _shift(each.before.shift),
}


def _shift(places: int) -> str:
    return f"{places:+d}" if places else "0"


class GroupOf(NamedTuple):
    """A group's name, how many it has, and those that are shown with their places in it."""

    name: str
    size: int
    ranked: Sequence[tuple[int, Ranked]]


def rank_pages(ranking: Ranking, groups: Sequence[GroupOf], words: Words) -> list[Section]:
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
        pages.append(Section(visible(heading), [Table(columns, rows), *below]))
    return pages


def found_pages(found: Sequence[Ranked], words: Words) -> list[Section]:
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
        category = words.category(member.category or "-")
        among = [
            (words("all institutions"), each.overall),
            (
                words("category {name}", name=category),
                each.in_category,
            ),
            (words("province {name}", name=member.province or "-"), each.in_province),
        ]
        rows = [_standing(name, where, words) for name, where in among]
        number = words.number(member.index, member.instrument.places)
        above = [
            Line(words("Index {index}, {predicate}", index=number, predicate=member.predicate.name))
        ]
        above += _change(each, words)
        note = Line(words("Percentile: the share of the group that stands at or below"), Tone.FAINT)
        pages.append(Section(_who(member), [*above, Table(columns, rows), note]))
    return pages


def known_lines(members: Sequence[Member], words: Words) -> Iterator[Line]:
    """Yield what the indices were taken from, where they are not exact."""
    known = {member.known for member in members}
    if Known.PUBLISHED in known:
        yield Line(words("Index as it stands in the table"), Tone.FAINT)
    if Known.GROUPS in known:
        said = words("Index from rounded domain indices: its last decimal is uncertain")
        yield Line(said, Tone.FAIR)


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
        shift = "" if before is None else _shift(before.shift)
        cells += [Cell(change), Cell(shift)]
    return Row(tuple(cells))


def _standing(name: str, where: Standing | None, words: Words) -> Row:
    if where is None:
        return Row((Cell(name, Tone.FAINT), Cell("-"), Cell("-"), Cell("-")))
    percentile = words.share(where.percentile)
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
                shift=_shift(before.shift),
            )
        )


def _gone(ranking: Ranking, words: Words) -> Iterator[Line]:
    if ranking.gone:
        names = ", ".join(member.institution for member in ranking.gone)
        yield Line(words("Only in the earlier table: {names}", names=names), Tone.FAIR)


def _who(member: Member) -> str:
    parts = [member.institution, member.year]
    return visible(", ".join(str(part) for part in parts if part))
