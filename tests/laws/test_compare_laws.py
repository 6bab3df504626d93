"""Contributions add up exactly at every layer, whichever way the comparison looks."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from support.strategies import assessments, shipped_or_random

from spbe_cli.core.compare import Comparison, DropGate, check_drops, compare, trend
from spbe_cli.core.instrument import Group
from spbe_cli.core.score import Scorecard, score
from spbe_cli.core.whatif import what_if


@st.composite
def cards(draw: st.DrawFn, number: int) -> list[Scorecard]:
    instrument, first = draw(shipped_or_random())
    others = [draw(assessments(instrument)) for _ in range(number - 1)]
    return [score(instrument, assessment) for assessment in (first, *others)]


def comparisons() -> st.SearchStrategy[Comparison]:
    return cards(2).map(lambda pair: compare(*pair))


@given(comparisons())
def test_contributions_add_up_at_every_layer(found: Comparison) -> None:
    assert found.comparable
    parts = {item.group.code: item.contribution for item in found.groups}
    parts |= {f"indicator {i.indicator.code}": i.contribution for i in found.indicators}

    def whole(groups: tuple[Group, ...]) -> Fraction:
        for group in groups:
            below = whole(group.groups) if group.groups else Fraction(0)
            below += sum((parts[f"indicator {i.code}"] for i in group.indicators), Fraction(0))
            assert parts[group.code] == below
        return sum((parts[group.code] for group in groups), Fraction(0))

    assert whole(found.before.instrument.groups) == found.delta
    assert sum(item.contribution for item in found.changed) == found.delta


@given(comparisons())
def test_a_contribution_is_the_change_of_level_times_weight(found: Comparison) -> None:
    weight = found.before.instrument.weight
    for item in found.indicators:
        change = item.after - item.before
        assert item.contribution == change * item.indicator.weight / weight
    for node in found.groups:
        assert node.contribution == node.delta * node.group.weight / weight


@given(comparisons())
def test_looking_back_turns_every_sign(found: Comparison) -> None:
    back = compare(found.after, found.before)
    assert back.delta is not None
    assert found.delta == -back.delta
    assert [i.contribution for i in back.indicators] == [-i.contribution for i in found.indicators]
    assert [i.contribution for i in back.groups] == [-i.contribution for i in found.groups]
    assert {i.indicator for i in back.risen} == {i.indicator for i in found.fallen}


@given(comparisons())
def test_what_rose_and_what_fell_is_what_changed(found: Comparison) -> None:
    rose, fell = found.risen, found.fallen
    assert {i.indicator for i in (*rose, *fell)} == {i.indicator for i in found.changed}
    assert all(i.contribution > 0 for i in rose)
    assert all(i.contribution < 0 for i in fell)
    assert sum(i.contribution for i in (*rose, *fell)) == found.delta


@given(comparisons())
def test_the_order_of_the_changes_does_not_matter(found: Comparison) -> None:
    """Made one by one, each change adds its contribution, whatever was changed before it."""
    instrument, assessment = found.before.instrument, found.before.assessment
    for item in reversed(found.changed):
        after = assessment.with_levels({item.indicator.code: item.after})
        step = what_if(instrument, assessment, after)
        assert [change.contribution for change in step.changes] == [item.contribution]
        assert step.delta == item.contribution
        assessment = after
    assert score(instrument, assessment).index == found.after.index


@given(cards(3))
def test_the_steps_of_a_trend_are_the_whole_way(three: list[Scorecard]) -> None:
    found = trend(three)
    assert sum(step.delta or 0 for step in found.changes) == found.whole.delta
    for one, two, both in zip(
        *(step.indicators for step in found.changes), found.whole.indicators, strict=True
    ):
        assert one.contribution + two.contribution == both.contribution


@given(comparisons(), st.fractions(0, 4, max_denominator=100), st.data())
def test_a_gate_is_met_exactly_up_to_its_limit(
    found: Comparison, most: Fraction, data: st.DataObject
) -> None:
    node = data.draw(st.sampled_from(found.groups))
    gates = [
        DropGate(most, node.group.code),
        DropGate(max(Fraction(0), -node.delta), node.group.code),
    ]
    (outcome, limit), problems = check_drops(gates, found)
    assert problems == []
    assert outcome.met == (node.delta >= -most)
    assert outcome.met or outcome.over_by == -node.delta - most
    assert limit.met
