"""The places of institutions, and how they came by them over the years.

The order is that of the exact index; equal indices share a place, and stand there by their names,
so that no order of files or rows is seen in it. An institution that names no category (province)
is in the group of those that name none, where others do.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.compare import is_one_index
from spbe_cli.core.institution import folded_name, folded_province
from spbe_cli.core.population import ByName, Member, Population, Standing, grouped, standings
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.core.shown import Presented


class Past(NamedTuple):
    """How an institution stood in an earlier year; None in a group where nobody names one."""

    member: Member
    overall: Standing
    in_category: Standing | None
    in_province: Standing | None


@dataclass(frozen=True, slots=True)
class Before:
    """How an institution stood in the last of the earlier years, against now.

    `shift` is the number of places gained, negative where they were lost; `category_shift` and
    `province_shift` are those within its group, None where it was in another one or in none.
    """

    index: Fraction
    place: int
    change: Fraction
    shift: int
    category_shift: int | None = None
    province_shift: int | None = None


class Ranked(NamedTuple):
    """An institution and where it stands; None in a group where nobody names one.

    `before` is None where it is not in the last of the earlier years; `history` holds every
    earlier year that has it, the first first.
    """

    member: Member
    overall: Standing
    in_category: Standing | None
    in_province: Standing | None
    before: Before | None = None
    history: tuple[Past, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Ranking(Presented):
    """All institutions, highest index first; `years` are the earlier ones, the first first.

    `gone` were in earlier years only, each as it stood last.
    """

    ranked: tuple[Ranked, ...]
    gone: tuple[Member, ...] = ()
    years: tuple[int | None, ...] = ()

    def _brief(self) -> str:
        first = ", ".join(repr(each.member)[8:-1] for each in self.ranked[:1])
        return f"{len(self.ranked)} institutions; first: {first}"

    @property
    def compared(self) -> bool:
        """Whether there is anything earlier."""
        return bool(self.years)


class _Places:
    """The places in the table of one year."""

    def __init__(self, members: Population) -> None:
        self.by_name = ByName(members)
        self._overall = standings(members, lambda _: "")
        self._in_category = standings(members, _group_by(members, _category))
        self._in_province = standings(members, _group_by(members, _province))

    def of(self, member: Member) -> tuple[Standing, Standing | None, Standing | None]:
        here = id(member)
        return self._overall[here], self._in_category.get(here), self._in_province.get(here)

    def past_of(self, member: Member) -> Past | None:
        """Return how an institution of another year stood here, and do not find it again."""
        was = self.by_name.taken(member.institution, member.province, member.category)
        return None if was is None else Past(was, *self.of(was))


def rank(members: Population, previous: Population = ()) -> Ranking:
    """Return where every institution stands, and how that changed over the years of `previous`."""
    now = _Places(members)
    by_year = grouped(_in_order(previous), _year_of)
    past = [(by_year[year][0].year, _Places(by_year[year])) for year in sorted(by_year, key=str)]
    ranked = []
    for member in _in_order(members):
        here = Ranked(member, *now.of(member))
        found = [places.past_of(member) for _, places in past]
        before = _before(found[-1], here) if found and found[-1] is not None else None
        history = tuple(each for each in found if each is not None)
        ranked.append(here._replace(before=before, history=history))
    gone = tuple(_gone([places for _, places in past]))
    return Ranking(tuple(ranked), gone, tuple(year for year, _ in past))


def found_in(ranking: Ranking, name: str) -> tuple[Ranked, ...]:
    """Return the institutions of this name, else those whose name has it as a part."""
    wanted = folded_name(name)
    names = [(folded_name(each.member.institution), each) for each in ranking.ranked]
    exact = tuple(each for found, each in names if found == wanted)
    return exact or tuple(each for found, each in names if wanted in found)


def earlier_than(members: Population, previous: Population) -> tuple[list[Member], list[Problem]]:
    """Return those of `previous` that are not later, and what is to be said of it.

    A table of several years may be its own earlier one: the years from that of `members` on are
    left out of it. One that has no earlier year is refused, or the same year is said.
    """
    years = {each.year for each in members if each.year is not None}
    if not members or not previous:
        return list(previous), []
    year = min(years, default=None)
    where = Place(previous[0].place.source)
    problems = [
        Problem("previous-other-index", Place(each.place.source), _indices(each, members[0]))
        for each in {each.instrument.id: each for each in previous}.values()
        if not is_one_index(each.instrument, members[0].instrument)
    ]
    if any(each.year is None for each in previous) and len({_table(p) for p in previous}) > 1:
        without = next(each for each in previous if each.year is None)
        problems.append(Problem("previous-without-year", Place(without.place.source)))
    if year is None:
        if {each.place.source for each in previous} == {each.place.source for each in members}:
            values = {"file": where.source}
            problems.append(Problem("compared-with-itself", where, values, Severity.NOTICE))
        return list(previous), problems
    earlier = [each for each in previous if each.year is None or each.year < year]
    late = sorted({each.year for each in previous if each.year is not None and each.year >= year})
    values = {"years": ", ".join(map(str, late)), "year": str(year)}
    if earlier and late:
        problems.append(Problem("previous-years-left-out", where, values, Severity.NOTICE))
    elif late and late != [year]:
        problems.append(Problem("previous-later", where, values))
    elif late:
        values = {"years": values["years"]}
        problems.append(Problem("previous-same-year", where, values, Severity.NOTICE))
        earlier = list(previous)
    return earlier, [*problems, *_stages(members, earlier)]


def _indices(one: Member, other: Member) -> dict[str, str]:
    return {
        side: f"{each.instrument.index_name} ({each.instrument.id})"
        for side, each in (("before", one), ("after", other))
    }


def _table(member: Member) -> tuple[int | None, str]:
    """Return which table an institution stands in: its year, else its file."""
    return member.year, "" if member.year is not None else member.place.source


def _stages(members: Population, earlier: Population) -> list[Problem]:
    """Return that two years stand at different stages, where both tables say which."""
    year = max((each.year for each in earlier if each.year is not None), default=None)
    before = {each.stage for each in earlier if each.year == year} - {None}
    now = {each.stage for each in members} - {None}
    if not before or not now or before == now or year is None:
        return []
    values = {
        "stage": ", ".join(sorted(map(str, now))),
        "earlier": ", ".join(sorted(map(str, before))),
        "year": str(members[0].year or "-"),
        "earlier_year": str(year),
    }
    return [Problem("stages-differ", Place(earlier[0].place.source), values, Severity.NOTICE)]


def _year_of(member: Member) -> str | None:
    return None if member.year is None else str(member.year)


def _in_order(members: Population) -> list[Member]:
    return sorted(members, key=_order)


def _order(member: Member) -> tuple[Fraction, str, str, str, str]:
    province = folded_province(member.province or "")
    category = folded_name(member.category or "")
    return -member.index, folded_name(member.institution), province, category, member.institution


def _group_by(
    members: Population, named: Callable[[Member], str | None]
) -> Callable[[Member], str | None]:
    """Return what groups these: those that name none are together, where any does."""
    none = "" if any(map(named, members)) else None
    return lambda member: named(member) or none


def _category(member: Member) -> str | None:
    return member.category and folded_name(member.category)


def _province(member: Member) -> str | None:
    return member.province and folded_province(member.province)


def _before(was: Past, now: Ranked) -> Before:
    shifts = (
        then.place - here.place
        if then and here and named(was.member) == named(now.member)
        else None
        for then, here, named in (
            (was.in_category, now.in_category, _category),
            (was.in_province, now.in_province, _province),
        )
    )
    shift = was.overall.place - now.overall.place
    change = now.member.index - was.member.index
    return Before(was.member.index, was.overall.place, change, shift, *shifts)


def _gone(past: Sequence[_Places]) -> Iterator[Member]:
    """Yield the institutions of earlier years that are there no more, as they stood last."""
    later: list[ByName] = []
    for places in reversed(past):
        left = places.by_name.left
        for each in left:
            who = (each.institution, each.province, each.category)
            if not any(names.find(*who) for names in later):
                yield each
        later.append(ByName(left))
