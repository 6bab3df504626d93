"""What holds for every instrument and every assessment."""

import random
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from support.strategies import assessments, instruments, shipped_or_random

from spbe_cli import Assessment, Entry, Instrument, Missing, fixed, score, score_bounds
from spbe_cli.core.instrument import Basis, Group

Pair = tuple[Instrument, Assessment]


@given(shipped_or_random())
def test_every_index_lies_on_the_scale(pair: Pair) -> None:
    instrument, assessment = pair
    card = score(instrument, assessment)
    scale = instrument.scale
    for index in (card.index, *(node.index for node in card.nodes)):
        assert scale.lowest <= index <= scale.highest


@given(shipped_or_random())
def test_contributions_add_up_exactly_to_the_index(pair: Pair) -> None:
    card = score(*pair)
    assert sum(score.contribution for score in card.indicators) == card.index
    tops = [node for node in card.nodes if node.parent is None]
    assert sum(node.contribution for node in tops) == card.index


@given(shipped_or_random())
def test_each_stage_of_the_regulation_gives_the_same_index(pair: Pair) -> None:
    """Aspect from indicators, domain from aspects, index from domains: annex I, step by step."""
    instrument, assessment = pair

    def stepwise(group: Group) -> Fraction:
        parts = [(stepwise(inner), inner.weight) for inner in group.groups]
        for indicator in group.indicators:
            level = assessment.entries[indicator.code].level
            assert not isinstance(level, Missing)
            parts.append((level, indicator.weight))
        return sum((value * weight for value, weight in parts), Fraction(0)) / group.weight

    whole = Fraction(0)
    card = score(instrument, assessment)
    for group in instrument.groups:
        assert stepwise(group) == card.index_at(group.code)
        whole += stepwise(group) * group.weight / 100
    assert whole == card.index


@given(shipped_or_random(), st.data())
def test_the_index_rises_with_every_level(pair: Pair, data: st.DataObject) -> None:
    instrument, assessment = pair
    code = data.draw(st.sampled_from(sorted(assessment.entries)))
    level = assessment.entries[code].level
    assert not isinstance(level, Missing)
    if level == instrument.scale.highest:
        return
    step = instrument.scale.step
    higher = (level + instrument.scale.highest) / 2 if step is None else level + step
    raised = score(instrument, assessment.with_levels({code: higher}))
    before = score(instrument, assessment)
    assert raised.index > before.index
    for after_node, before_node in zip(raised.nodes, before.nodes, strict=True):
        assert after_node.index >= before_node.index
    order = instrument.predicates
    assert order.index(raised.predicate) <= order.index(before.predicate)


@given(shipped_or_random(), st.randoms(use_true_random=False))
def test_the_order_of_entries_has_no_effect(pair: Pair, shuffler: random.Random) -> None:
    instrument, assessment = pair
    codes = list(assessment.entries)
    shuffler.shuffle(codes)
    entries = {code: assessment.entries[code] for code in codes}
    shuffled = score(instrument, assessment._replace(entries=entries))
    assert shuffled.index == score(instrument, assessment).index


@given(shipped_or_random())
def test_all_levels_alike_give_that_level_everywhere(pair: Pair) -> None:
    instrument, assessment = pair
    for level in (instrument.scale.lowest, instrument.scale.highest):
        entries = dict.fromkeys(assessment.entries, Entry(level))
        card = score(instrument, assessment._replace(entries=entries))
        assert {card.index, *(node.index for node in card.nodes)} == {level}


@given(shipped_or_random(), st.data())
def test_bounds_hold_whatever_the_missing_levels_are(pair: Pair, data: st.DataObject) -> None:
    instrument, assessment = pair
    codes = sorted(assessment.entries)
    missing = data.draw(st.sets(st.sampled_from(codes)))
    entries = {
        code: Entry(Missing.BLANK) if code in missing else entry
        for code, entry in assessment.entries.items()
    }
    bounds = score_bounds(instrument, assessment._replace(entries=entries))
    real = score(instrument, assessment)
    assert bounds.lowest.index <= real.index <= bounds.highest.index
    assert real.predicate in bounds.predicates
    assert set(bounds.missing) == missing


@given(st.data())
def test_predicates_meet_at_every_threshold(data: st.DataObject) -> None:
    """A threshold belongs to the higher predicate; half a unit below it only by rounding."""
    instrument = data.draw(instruments())
    for above, below in zip(instrument.predicates, instrument.predicates[1:], strict=False):
        assert above.threshold is not None
        at, half_unit = above.threshold, Fraction(1, 200)
        tiny = Fraction(1, 10 ** data.draw(st.integers(4, 18)))
        for basis in Basis:
            assert instrument.predicate_of(at, basis) == above
        assert instrument.predicate_of(at - half_unit, Basis.ROUNDED) == above
        assert instrument.predicate_of(at - half_unit, Basis.EXACT) == below
        assert instrument.predicate_of(at - half_unit - tiny, Basis.ROUNDED) == below
        assert instrument.predicate_of(at - tiny, Basis.EXACT) == below


@given(shipped_or_random())
def test_the_verdict_says_when_the_bases_differ(pair: Pair) -> None:
    instrument, assessment = pair
    verdict = score(instrument, assessment).verdict
    index = score(instrument, assessment).index
    assert verdict.by_exact == instrument.predicate_of(index, Basis.EXACT)
    assert verdict.by_rounded == instrument.predicate_of(Fraction(fixed(index)), Basis.EXACT)
    assert verdict.predicate in (verdict.by_exact, verdict.by_rounded)


@given(st.data())
def test_adding_what_is_missing_reaches_the_next_predicate(data: st.DataObject) -> None:
    instrument = data.draw(instruments())
    verdict = score(instrument, data.draw(assessments(instrument))).verdict
    if verdict.next is not None:
        assert verdict.distance is not None
        assert verdict.distance > 0
        reached = verdict.exact + verdict.distance
        assert reached == verdict.least
        assert instrument.predicate_of(reached, verdict.basis) == verdict.next
        assert instrument.predicate_of(reached - Fraction(1, 10**9), verdict.basis) != verdict.next


@given(st.data())
def test_what_can_be_spared_keeps_the_predicate_and_no_more(data: st.DataObject) -> None:
    instrument = data.draw(instruments())
    verdict = score(instrument, data.draw(assessments(instrument))).verdict
    if verdict.spare is not None:
        kept = verdict.exact - verdict.spare
        assert instrument.predicate_of(kept, verdict.basis) == verdict.predicate
        lost = kept - Fraction(1, 10**9)
        assert instrument.predicate_of(lost, verdict.basis) != verdict.predicate
