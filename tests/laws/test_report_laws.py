"""Reports: gains that come true, places that counting gives, whole numbers that are the core's."""

import json
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from support.strategies import assessments, instruments, shipped_or_random

from spbe_cli.answers.report import document_of
from spbe_cli.answers.report_whatif import whatif_of
from spbe_cli.core.assessment import Assessment, Entry
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import fixed, rounded
from spbe_cli.core.places import rank
from spbe_cli.core.population import Grouping, Known, Member, PeerTable
from spbe_cli.core.report import Report, is_strength, report_on
from spbe_cli.core.score import ChosenBy, Reading, score
from spbe_cli.read.instruments import shipped_instrument
from spbe_cli.words import Words


def report_of(instrument: Instrument, assessment: Assessment) -> Report:
    return report_on(Reading(assessment, instrument, ChosenBy.DEFAULT), {})


@given(shipped_or_random())
def test_every_recommendation_gains_what_it_says(found: tuple[Instrument, Assessment]) -> None:
    instrument, assessment = found
    report = report_of(instrument, assessment)
    scale = instrument.scale
    strong = [is_strength(scale, each.lever.before) for each in report.recommendations]
    assert strong == sorted(strong)
    for is_at_the_top in (False, True):
        room = [
            score(instrument, assessment.with_levels({each.score.indicator.code: scale.highest}))
            for each in report.recommendations
            if is_strength(scale, each.lever.before) == is_at_the_top
        ]
        reached = [card.index for card in room]
        assert reached == sorted(reached, reverse=True)
    for each in report.recommendations:
        risen = assessment.with_levels({each.lever.indicator.code: each.lever.after})
        assert score(instrument, risen).index - report.card.index == each.lever.gain
    at_the_top = [s for s in report.card.indicators if s.level == instrument.scale.highest]
    assert len(report.recommendations) + len(at_the_top) == len(instrument.indicators)


@given(shipped_or_random())
def test_findings_hold_every_indicator_at_most_once(
    found: tuple[Instrument, Assessment],
) -> None:
    report = report_of(*found)
    strong = [s for finding in report.findings for s in finding.strengths]
    weak = [s for finding in report.findings for s in finding.weaknesses]
    scale = report.card.instrument.scale
    least = Fraction(4, 5) * scale.highest
    if scale.bands:  # the fourth of five begins it, the last of three
        least = next(b.start for b in scale.bands if 5 * b.level >= 4 * len(scale.bands))
    expected = [s for s in report.card.indicators if s.level >= least]
    assert sorted(strong, key=id) == sorted(expected, key=id)
    assert not {s.indicator.code for s in strong} & {s.indicator.code for s in weak}
    for finding in report.findings:
        assert [s.level for s in finding.strengths] == sorted(
            (s.level for s in finding.strengths), reverse=True
        )
        assert [s.level for s in finding.weaknesses] == sorted(s.level for s in finding.weaknesses)


@given(shipped_or_random())
def test_the_leading_and_the_lagging_are_at_the_ends(found: tuple[Instrument, Assessment]) -> None:
    report = report_of(*found)
    indices = [finding.node.index for finding in report.findings]
    assert {node.index for node in report.leading} <= {max(indices)}
    assert {node.index for node in report.lagging} <= {min(indices)}
    assert bool(report.leading) == bool(report.lagging) == (len(set(indices)) > 1)


@given(shipped_or_random(), st.sampled_from(["en", "id"]))
def test_every_report_can_be_said(found: tuple[Instrument, Assessment], language: str) -> None:
    report = report_of(*found)
    document = document_of(report, Words(language))
    assert document.headline.value == fixed(report.card.index, comma=language == "id")


@given(st.data())
def test_the_whole_numbers_of_the_page_are_the_index(data: st.DataObject) -> None:
    """What the page's script computes, here in Python: of the whole and of every node."""
    instrument = data.draw(instruments())
    assessment = data.draw(assessments(instrument))
    card = score(instrument, assessment)
    report = report_of(instrument, assessment)
    whatif = whatif_of(report, Words("en"))
    told, steps = json.loads(whatif.instrument), whatif.steps

    def index_of(node: dict[str, object]) -> Fraction:
        at = node["indicators"]
        assert isinstance(at, list)
        units = int(sum(steps[each] * told["indicators"][each]["weight"] for each in at))
        numerator = Fraction(str(node["offset"])) + units * Fraction(str(node["factor"]))
        return numerator / Fraction(str(node["divisor"]))

    assert index_of(told["whole"]) == card.index
    assert [index_of(node) for node in told["nodes"]] == [node.index for node in card.nodes]
    whole = told["whole"]["indicators"]
    units = sum(steps[at] * told["indicators"][at]["weight"] for at in whole)
    predicate = next(each for each in told["predicates"] if units >= each["least"])
    assert predicate["name"] == card.predicate.name


LEVELS = st.lists(st.integers(1, 5), min_size=47, max_size=47)
OTHERS = st.lists(
    st.tuples(
        st.integers(100, 500),
        st.sampled_from(["kota", "Kota", "kabupaten", None]),
        st.sampled_from(["Jambi", "Bali", None]),
    ),
    min_size=1,
    max_size=12,
)


@given(LEVELS, OTHERS, st.booleans(), st.sampled_from(list(Known)))
def test_the_place_among_peers_is_that_of_the_ranking(
    levels: list[int],
    others: list[tuple[int, str | None, str | None]],
    listed: bool,  # noqa: FBT001
    known: Known,
) -> None:
    instrument = shipped_instrument("spbe-2020")
    entries = {
        indicator.code: Entry(Fraction(level))
        for indicator, level in zip(instrument.indicators, levels, strict=True)
    }
    own = Assessment(instrument.id, entries, "Kami", "kota", "Jambi", 2023)
    card = score(instrument, own)
    members = [
        Member(f"K{n}", instrument, Fraction(hundredths, 100), known, category, province, 2023)
        for n, (hundredths, category, province) in enumerate(others)
    ]
    if listed:
        members.append(Member(" KAMI", instrument, Fraction(3), known, "kota", "jambi", 2023))
    peers = PeerTable(members).peers_of(card)
    held = card.index if known is Known.LEVELS else rounded(card.index)
    us = Member("Kami", instrument, held, known, "kota", "jambi", 2023)
    folded = [
        Member(m.institution, instrument, m.index, known, fold(m.category), fold(m.province))
        for m in members[: len(others)]
    ]
    ranked = next(each for each in rank([*folded, us]).ranked if each.member is us)
    expected = {Grouping.ALL: ranked.overall}
    if listed or any(m.category == "kota" for m in folded):
        expected[Grouping.CATEGORY] = ranked.in_category or ranked.overall
    if listed or any(m.province == "jambi" for m in folded):
        expected[Grouping.PROVINCE] = ranked.in_province or ranked.overall
    assert {group.grouping: group.standing for group in peers.groups} == expected
    assert bool(peers.listed) == listed


def fold(name: str | None) -> str | None:
    return name.casefold() if name else None
