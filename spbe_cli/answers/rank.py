"""The answer of `spbe rank`: data and page."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from spbe_cli.answers.member import MEMBER, MemberShape
from spbe_cli.answers.score import predicate_cell, verdict_bases_text
from spbe_cli.answers.shape import (
    Columns,
    Count,
    Document,
    Getter,
    Number,
    Shape,
    Value,
    csv_rows,
    take,
)
from spbe_cli.answers.shared import percent
from spbe_cli.core.number import adding_places, fixed, rounded, shown_apart, telling_places
from spbe_cli.core.places import Past, Ranked, Ranking
from spbe_cli.core.population import Known, Member, Standing, grouped
from spbe_cli.core.score import verdict_on
from spbe_cli.formats.blocks import Cell, Column, Line, Row, Section, Table, Tone, visible
from spbe_cli.words import Words


class StandingShape(Shape):
    """A place among so many; the share of the group that stands at or below, in percent.

    Institutions that name no category (province) are a group where others name one.
    """

    place: Count
    of_: Count = take("of")
    percentile: Number = take(lambda standing: percent(standing.percentile))


class BeforeShape(Shape):
    """The index and place in the last of the earlier years, what changed, and the places gained.

    `category_shift` and `province_shift` are those within the group; null where it was in another.
    """

    index: Value
    place: Count
    change: Value
    shift: int
    category_shift: int | None
    province_shift: int | None


class PastShape(Shape, places="member.instrument.places"):
    """How an institution stood in an earlier year."""

    year: int | None = take("member.year")
    index: Value = take("member.index")
    predicate: str = take("member.predicate.name")
    place: Count = take("overall.place")
    of_: Count = take("overall.of")
    category_place: Count | None = take("in_category.place")
    province_place: Count | None = take("in_province.place")


class RankedShape(MemberShape, within="member"):
    """An institution and where it stands."""

    overall: StandingShape
    in_category: StandingShape | None
    in_province: StandingShape | None
    before: BeforeShape | None
    history: list[PastShape]


class RankDocument(Document):
    """The answer of `spbe rank`: highest index first; `gone` were in earlier tables only.

    `years` are those of the earlier tables; each institution's `history` has those that hold it.
    """

    version = "spbe-rank/1"
    results: list[RankedShape]
    gone: list[str]
    years: list[int | None]
    gates: list[str]


def rank_document(ranking: Ranking, ranked: Sequence[Ranked]) -> dict[str, Any]:
    """Return these institutions of a ranking."""
    gone = [member.institution for member in ranking.gone]
    return RankDocument.holding(results=ranked, gone=gone, years=list(ranking.years))


def rank_rows(ranking: Ranking, ranked: Sequence[Ranked]) -> Iterator[list[str]]:
    """Yield a header and a row an institution, with its place in each of the earlier years."""
    standing = StandingShape.columns()
    in_category, in_province = (
        {f"{group}_{name}": get for name, get in standing.items()}
        for group in ("category", "province")
    )
    places = {f"place_{year}": _place_in(year) for year in ranking.years if year is not None}
    parts = [{**MEMBER, "known": "known"}, standing, in_category, in_province, _BEFORE, places]
    rows = (
        (each.member, each.overall, each.in_category, each.in_province, each.before and each, each)
        for each in ranked
    )
    return csv_rows(parts, rows)


def _place_in(year: int) -> Getter:
    def get(each: Ranked) -> int | None:
        return next((past.overall.place for past in each.history if past.member.year == year), None)

    return get


_BEFORE: Columns = {
    "previous_index": lambda each: fixed(each.before.index, each.member.instrument.places),
    "change": lambda each: fixed(each.before.change, each.member.instrument.places, sign=True),
    "previous_place": "before.place",
    "shift": lambda each: _shift(each.before.shift),
    "category_shift": lambda each: _shift(each.before.category_shift),
    "province_shift": lambda each: _shift(each.before.province_shift),
}


def _shift(places: int | None) -> str:
    return "" if places is None else f"{places:+d}" if places else "0"


class GroupOf(NamedTuple):
    """A group's name, how many it has, and those that are shown with their places in it."""

    name: str
    size: int
    ranked: Sequence[tuple[int, Ranked]]


def rank_pages(
    ranking: Ranking, groups: Sequence[GroupOf], words: Words, *, by: str | None = None
) -> list[Section]:
    """Return a page a group: places, institutions, indices, and what changed where compared.

    With several earlier years there is a column for each, with the place in it: within the group
    that `by` names, as the places gained are.
    """
    several = len(ranking.years) > 1
    columns = [
        Column(words("Place"), numeric=True),
        *(Column(str(year), numeric=True) for year in ranking.years[::-1] if several),
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
        name = group.name or _nameless(by, groups, words)
        heading = words("{name}: {number}", name=name, number=str(group.size))
        rows = list(_rows(ranking, group, words, by))
        last = number == len(groups) - 1
        below = [*_said(ranking, words)] if last else []
        pages.append(Section(visible(heading), [Table(columns, rows), *below]))
    return pages


def _nameless(by: str | None, groups: Sequence[GroupOf], words: Words) -> str:
    """Return what the group without a name is called: all, or those that name none."""
    if by is None or len(groups) == 1:
        return words("All institutions")
    return words("Without a category") if by == "category" else words("Without a province")


def _said(ranking: Ranking, words: Words) -> Iterator[Line]:
    """Yield what is said of the whole: what indices were taken from, who is gone, bases."""
    members = [each.member for each in ranking.ranked]
    yield from known_lines(members, words)
    for member in members:
        if bases_differ(member):
            yield Line(f"{member.institution}: {member_bases_text(member, words)}", Tone.FAIR)
    yield from _gone(ranking, words)


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
        number = words.number(member.index, _places(member))
        above = [
            Line(words("Index {index}, {predicate}", index=number, predicate=member.predicate.name))
        ]
        if bases_differ(member):
            above.append(Line(member_bases_text(member, words), Tone.FAIR))
        above += _change(each, words)
        above += _history(each, words)
        note = Line(words("Percentile: the share of the group that stands at or below"), Tone.FAINT)
        pages.append(Section(_who(member), [*above, Table(columns, rows), note]))
    return pages


def bases_differ(member: Member) -> bool:
    """Return whether the predicate depends on the basis, where the table does not give it."""
    if member.published is not None:
        return False
    return verdict_on(member.instrument, member.index, member.year).bases_differ


def member_bases_text(member: Member, words: Words) -> str:
    """Return what either basis gives."""
    return verdict_bases_text(verdict_on(member.instrument, member.index, member.year), words)


def known_lines(members: Sequence[Member], words: Words) -> Iterator[Line]:
    """Yield what the indices were taken from, where they are not exact."""
    known = {member.known for member in members}
    if Known.PUBLISHED in known:
        yield Line(words("Index as it stands in the table"), Tone.FAINT)
    if Known.GROUPS in known:
        said = words("Index from rounded domain indices: its last decimal is uncertain")
        yield Line(said, Tone.FAIR)


def _rows(ranking: Ranking, group: GroupOf, words: Words, by: str | None) -> Iterator[Row]:
    """Yield a row an institution, its index with the decimals that tell it from its neighbours."""
    decimals = _decimals([each.member for _, each in group.ranked])
    for (place, each), places in zip(group.ranked, decimals, strict=True):
        member, before = each.member, each.before
        shown = words.number(member.index, places)
        past = {past.member.year: past for past in each.history}
        years = ranking.years[::-1] if len(ranking.years) > 1 else ()
        cells = [
            Cell(str(place)),
            *(Cell(_past_place(past.get(year), by)) for year in years),
            Cell(member.institution),
            Cell(shown),
            predicate_cell(member.instrument, member.predicate),
        ]
        if ranking.compared and before is None:
            cells += [Cell(words("back") if past else words("new")), Cell("")]
        elif before is not None:
            shift = getattr(before, f"{by}_shift") if by and each.in_category else before.shift
            telling = telling_places(before.change, member.instrument.places)
            cells += [Cell(words.number(before.change, telling, sign=True)), Cell(_shift(shift))]
        yield Row(tuple(cells))


def _decimals(members: Sequence[Member]) -> list[int]:
    """Return how many decimals tell each index from its neighbours, as these are shown."""
    found = [_places(member) for member in members]
    pairs = [(at, at + 1) for at in range(len(members) - 1)]
    apart = [(a, b) for a, b in pairs if members[a].index != members[b].index]
    alike = apart
    while alike := [
        (a, b)
        for a, b in alike
        if rounded(members[a].index, found[a]) <= rounded(members[b].index, found[b])
    ]:
        for a, b in alike:
            places = max(found[a], found[b])
            found[a] = found[b] = shown_apart(members[a].index, members[b].index, places)
        alike = apart
    return found


def _places(member: Member) -> int:
    """Return how many decimals an index takes: more where the bases differ by them."""
    places = member.instrument.places
    return adding_places([member.index], places) if bases_differ(member) else places


def _past_place(past: Past | None, by: str | None) -> str:
    standing = past and (getattr(past, f"in_{by}") if by else past.overall)
    return str(standing.place) if standing else "-"


def _standing(name: str, where: Standing | None, words: Words) -> Row:
    if where is None:
        return Row((Cell(name, Tone.FAINT), Cell("-"), Cell("-"), Cell("-")))
    percentile = words.share(where.percentile)
    return Row((Cell(name), Cell(str(where.place)), Cell(str(where.of)), Cell(percentile)))


def _change(each: Ranked, words: Words) -> Iterator[Line]:
    before = each.before
    if before is not None:
        places = each.member.instrument.places
        telling = telling_places(before.change, places)
        yield Line(
            words(
                "Before: {index}, place {place}; change {change}, places gained {shift}",
                index=words.number(
                    before.index, shown_apart(before.index, each.member.index, places)
                ),
                place=str(before.place),
                change=words.number(before.change, telling, sign=True),
                shift=_shift(before.shift),
            )
        )


def _history(each: Ranked, words: Words) -> Iterator[Line]:
    """Yield how it stood in each year, where there are several."""
    if len(each.history) > 1:
        stood = [
            words(
                "{year}: {index}, place {place} of {of}",
                year=str(past.member.year),
                index=words.number(past.member.index, past.member.instrument.places),
                place=str(past.overall.place),
                of=str(past.overall.of),
            )
            for past in each.history
        ]
        yield Line(words("Earlier years: {years}", years="; ".join(stood)))


def _gone(ranking: Ranking, words: Words) -> Iterator[Line]:
    if not ranking.gone:
        return
    if len(ranking.years) == 1:
        names = ", ".join(member.institution for member in ranking.gone)
        yield Line(words("Only in the earlier table: {names}", names=names), Tone.FAIR)
        return
    by_year = grouped(ranking.gone, lambda member: str(member.year))
    for year, gone in by_year.items():
        names = ", ".join(member.institution for member in gone)
        yield Line(words("Last in {year}: {names}", year=year or "-", names=names), Tone.FAIR)


def _who(member: Member) -> str:
    parts = [member.institution, member.year]
    return visible(", ".join(str(part) for part in parts if part))
