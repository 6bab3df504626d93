"""Ranks and audits held against second methods: counting, sorting, and all levels there are."""

import itertools
from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from support.strategies import instruments

from spbe_cli.core.assessment import Assessment, Entry
from spbe_cli.core.audit import Explained, FindingKind, audit, indices_that_round_to
from spbe_cli.core.instrument import Basis, Group, Indicator, Instrument
from spbe_cli.core.number import rounded
from spbe_cli.core.population import Known, Member, profile, rank
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import Scorecard, score
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


def every_card(instrument: Instrument) -> list[Scorecard]:
    levels = list(instrument.scale.levels())
    codes = list(instrument.indicator_by_code)
    return [
        score(
            instrument, Assessment(instrument.id, dict(zip(codes, map(Entry, each), strict=True)))
        )
        for each in itertools.product(levels, repeat=len(codes))
    ]


def has_few_levels(instrument: Instrument) -> bool:
    return instrument.scale.step is not None and instrument.scale.step >= Fraction(1, 2)


SMALL = instruments(most=4).filter(has_few_levels)


@given(SMALL, st.data())
def test_what_a_value_may_be_is_what_all_levels_give(
    instrument: Instrument, data: st.DataObject
) -> None:
    cards = every_card(instrument)
    code = data.draw(st.sampled_from(["index", *instrument.node_by_code]))
    values = {card.index if code == "index" else card.index_at(code) for card in cards}
    shown = data.draw(st.sampled_from(sorted({rounded(value) for value in values})))
    for value in (shown, shown + Fraction(1, 100)):
        expected = sorted(each for each in values if rounded(each) == value)
        assert indices_that_round_to(instrument, code, value) == tuple(expected)


@given(SMALL, st.data())
def test_an_audit_finds_what_no_levels_give(instrument: Instrument, data: st.DataObject) -> None:
    cards = every_card(instrument)
    card = data.draw(st.sampled_from(cards))
    codes = [group.code for group, _, _ in instrument.nodes]
    kept = data.draw(st.lists(st.sampled_from(codes), unique=True))
    nodes = {code: rounded(card.index_at(code)) for code in codes if code in kept}
    spoilt: bool = data.draw(st.booleans())
    if nodes and spoilt:
        code = data.draw(st.sampled_from(list(nodes)))
        nodes[code] += data.draw(st.sampled_from([Fraction(1, 100), Fraction(1)]))
    index = rounded(card.index) + data.draw(st.sampled_from([Fraction(0), Fraction(1, 100)]))
    published = data.draw(st.sampled_from(instrument.predicates))
    row = Member(
        "A",
        instrument,
        index,
        Known.PUBLISHED,
        nodes=nodes,
        published_index=index,
        published=published,
    )
    (found,) = audit([row]).rows
    fitting = [
        each
        for each in cards
        if rounded(each.index) == index
        and all(rounded(each.index_at(code)) == value for code, value in nodes.items())
    ]
    alone = {
        code
        for code, value in nodes.items()
        if not any(rounded(each.index_at(code)) == value for each in cards)
    }
    assert {f.node for f in found.findings if f.kind is FindingKind.VALUE} == alone
    assert bool(fitting) == (found.lowest is not None)
    if fitting:
        indices = [each.index for each in fitting]
        assert (found.lowest, found.highest) == (min(indices), max(indices))
        by = {
            basis: any(instrument.predicate_of(each, basis) == published for each in indices)
            for basis in Basis
        }
        expected = {
            (True, True): Explained.EITHER,
            (True, False): Explained.EXACT,
            (False, True): Explained.ROUNDED,
            (False, False): Explained.NEITHER,
        }[by[Basis.EXACT], by[Basis.ROUNDED]]
        assert found.explained is expected
    elif not alone:
        assert [f.kind for f in found.findings] == [FindingKind.INDEX]


def test_what_stands_beside_a_domain_must_fit_it() -> None:
    """A5 and A6 at 3 leave D3 nothing but 3: each of the three alone could be."""
    row = member("A", Fraction("2.80"))
    for domain, possible in (("3.00", True), ("3.09", False)):
        nodes = {"A5": Fraction(3), "A6": Fraction(3), "D3": Fraction(domain)}
        given = replace(row, nodes=nodes, published_index=row.index)
        (found,) = audit([given]).rows
        assert (found.lowest is not None) == possible
        assert [finding.kind for finding in found.findings] == [FindingKind.INDEX] * (not possible)


@given(st.data())
def test_below_zero_a_tie_is_rounded_downwards(data: st.DataObject) -> None:
    scale = Scale(Fraction(-2), Fraction(2), Fraction(1, 2))
    instrument = replace(data.draw(instruments(most=2)), scale=scale)
    values = {card.index for card in every_card(instrument)}
    shown = data.draw(st.sampled_from(sorted({rounded(value) for value in values})))
    expected = sorted(each for each in values if rounded(each) == shown)
    assert indices_that_round_to(instrument, "index", shown) == tuple(expected)


def test_ties_below_zero() -> None:
    """-0.995 is shown as -1.00, and -1.005 as -1.01."""
    weights = {"1": Fraction("99.5"), "2": Fraction("0.5")}
    indicators = tuple(Indicator(code, code, weight) for code, weight in weights.items())
    group = Group("domain", "D1", "D1", Fraction(100), (), indicators)
    scale = Scale(Fraction(-2), Fraction(2), Fraction(1))
    instrument = replace(shipped_instrument("spbe-2020"), groups=(group,), scale=scale)
    for code in ("index", "D1"):
        found = indices_that_round_to(instrument, code, Fraction(-1))
        assert found == (Fraction(-1), Fraction("-0.995"))
        assert indices_that_round_to(instrument, code, Fraction("-1.01"))[-1] == Fraction("-1.005")
        assert indices_that_round_to(instrument, code, Fraction(0)) == (Fraction(0),)
