"""Ranks and profiles held against second methods: counting and sorting."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from spbe_cli.core.places import rank
from spbe_cli.core.population import Known, Member, profile
from spbe_cli.read.instruments import shipped_instrument


def member(name: str, index: Fraction, category: str | None = "kota") -> Member:
    return Member(name, shipped_instrument("spbe-2020"), index, Known.PUBLISHED, category=category)


INDICES = st.lists(st.integers(100, 130).map(lambda n: Fraction(n, 100)), min_size=1, max_size=30)


@given(INDICES)
def test_places_count_who_is_above(indices: list[Fraction]) -> None:
    ranking = rank([member(f"K{n}", index) for n, index in enumerate(indices)])
    assert [each.member.index for each in ranking.ranked] == sorted(indices, reverse=True)
    for each in ranking.ranked:
        own = each.member.index
        assert each.overall.place == 1 + sum(index > own for index in indices)
        share = Fraction(100 * sum(index <= own for index in indices), len(indices))
        assert each.overall.percentile == share
    assert ranking.ranked[0].overall.percentile == 100


@given(INDICES, st.randoms())
def test_no_order_of_the_table_changes_a_place(indices: list[Fraction], chance: object) -> None:
    members = [member(f"K{n}", index) for n, index in enumerate(indices)]
    places = {each.member.institution: each.overall for each in rank(members).ranked}
    chance.shuffle(members)  # type: ignore[attr-defined]
    assert {each.member.institution: each.overall for each in rank(members).ranked} == places


@given(INDICES)
def test_a_profile_is_what_sorting_and_adding_give(indices: list[Fraction]) -> None:
    found = profile([member(f"K{n}", index) for n, index in enumerate(indices)])
    spread = found.whole.index
    assert spread.mean * len(indices) == sum(indices)
    assert (spread.lowest, spread.highest) == (min(indices), max(indices))
    below = sum(index < spread.median for index in indices)
    above = sum(index > spread.median for index in indices)
    assert max(below, above) * 2 <= len(indices)
    assert sum(number for _, number in found.whole.predicates) == len(indices)
