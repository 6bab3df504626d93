"""All 621 institutions of 2023: ranks, profile and audit give what was published, and say why."""

from collections import Counter
from fractions import Fraction

import pytest
from conftest import ROOT
from support.sheets import NATIONAL

from spbe_cli.core.audit import Audit, Explained, FindingKind, audit, indices_that_round_to
from spbe_cli.core.number import exact, fixed
from spbe_cli.core.places import Ranking, rank
from spbe_cli.core.population import Known, Member, profile
from spbe_cli.core.score import Target, verdict_on
from spbe_cli.read.choice import Wishes
from spbe_cli.read.published import read_population

TABLE = str(ROOT / NATIONAL)


@pytest.fixture(scope="module")
def members() -> list[Member]:
    found, problems = read_population([TABLE], Wishes())
    assert problems == []
    return found


@pytest.fixture(scope="module")
def ranking(members: list[Member]) -> Ranking:
    return rank(members)


@pytest.fixture(scope="module")
def audited(members: list[Member]) -> Audit:
    return audit(members)


def test_every_published_predicate_follows_from_the_published_index(members: list[Member]) -> None:
    wrong = [m for m in members if verdict_on(m.instrument, m.index, 2023).predicate != m.published]
    assert wrong == []


def test_all_621_institutions_are_there(members: list[Member]) -> None:
    assert len(members) == 621
    assert {member.known for member in members} == {Known.PUBLISHED}
    counted = Counter(member.predicate.name for member in members)
    assert counted == {"Memuaskan": 24, "Sangat Baik": 90, "Baik": 274, "Cukup": 186, "Kurang": 47}


def test_the_first_cities(ranking: Ranking) -> None:
    cities = [each for each in ranking.ranked if each.member.category == "kota"]
    first = [(each.member.institution, fixed(each.member.index)) for each in cities[:3]]
    assert first == [
        ("Pemerintah Kota Surabaya", "4.49"),
        ("Pemerintah Kota Madiun", "4.45"),
        ("Pemerintah Kota Jambi", "4.27"),
    ]
    assert [each.in_category and each.in_category.place for each in cities[:3]] == [1, 2, 3]
    assert cities[2].in_category is not None
    assert cities[2].in_category.of == 94
    assert cities[2].in_category.percentile == Fraction(9200, 94)


def test_the_province_of_jambi(ranking: Ranking) -> None:
    own = [each for each in ranking.ranked if each.member.province == "Jambi"]
    indices = [fixed(each.member.index) for each in own]
    assert indices[:6] == ["4.27", "3.31", "3.11", "2.91", "2.81", "2.62"]
    places = [each.in_province.place for each in own if each.in_province]
    assert places == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 12]
    assert {each.member.predicate.name for each in own[6:11]} == {"Cukup"}
    assert own[11].member.predicate.name == "Kurang"


def test_the_profile(members: list[Member]) -> None:
    baik = members[0].instrument.predicates[2]
    found = profile(members, Target("Baik", Fraction("2.6"), baik))
    assert fixed(found.whole.index.mean) == "2.82"
    assert fixed(found.whole.index.mean, 4) == "2.8159"  # the report's headline says 2.79
    means = {group.name: fixed(group.index.mean) for group in found.categories}
    assert means["kementerian"] == "3.66"
    assert means["provinsi"] == "2.96"
    assert means["kota"] == "3.03"
    assert means["kabupaten"] == "2.63"
    assert [number for _, number in found.whole.predicates] == [24, 90, 274, 186, 47]
    assert found.whole.at_target == 388 == 24 + 90 + 274


def test_one_value_is_impossible(audited: Audit) -> None:
    (row,) = audited.faulty
    (finding,) = row.findings
    assert row.member.institution == "Pemerintah Kab. Banyuasin"
    assert finding.found is not None
    assert (finding.kind, finding.node, exact(finding.found)) == (FindingKind.VALUE, "D4", "0.3")
    assert finding.with_zeros
    assert row.lowest is None


def test_every_other_index_is_reachable(audited: Audit) -> None:
    for row in audited.rows:
        if not row.findings:
            assert row.lowest is not None
            assert row.highest is not None
            assert fixed(row.lowest) == fixed(row.highest) == fixed(row.member.index)


def test_the_table_follows_the_rounded_index(audited: Audit) -> None:
    rounded = audited.explained_by(Explained.ROUNDED)
    assert [(row.member.institution, row.lowest, row.highest) for row in rounded] == [
        ("Pemerintah Kab. Nias Barat", Fraction("1.795"), Fraction("1.7975")),
        ("Pemerintah Kab. Boven Digoel", Fraction("1.7995"), Fraction("1.7995")),
    ]
    assert audited.explained_by(Explained.EXACT) == ()
    assert audited.explained_by(Explained.NEITHER) == ()
    assert len(audited.explained_by(Explained.EITHER)) == 618


def test_what_a_published_domain_value_may_be(members: list[Member]) -> None:
    instrument = members[0].instrument
    assert indices_that_round_to(instrument, "D1", Fraction("3.40")) == (Fraction("3.4"),)
    assert indices_that_round_to(instrument, "D1", Fraction("3.41")) == ()
    assert indices_that_round_to(instrument, "D3", Fraction("2.91")) == (Fraction(32, 11),)
    assert Fraction("213.5") / Fraction("45.5") in indices_that_round_to(
        instrument, "D4", Fraction("4.69")
    )
