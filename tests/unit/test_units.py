"""The index in integers, and the least index that earns a predicate."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.sheets import spbe_2020, weighted_mean
from support.strategies import shipped_or_random

from spbe_cli.core.assessment import Assessment, Missing
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import score, verdict_on
from spbe_cli.core.units import (
    WHOLE,
    in_ticks,
    least_index,
    moved,
    steps_in_level,
    units_of,
)
from spbe_cli.read.instruments import shipped_instrument


def test_the_weights_of_spbe_2020_in_units() -> None:
    units = units_of(spbe_2020())
    assert sorted(set(units.weights)) == [26, 30, 50, 55, 60]
    assert sum(units.weights) == 2000
    assert units.size == Fraction(1, 2000)


def test_weights_without_a_finite_decimal() -> None:
    units = units_of(shipped_instrument("spbe-2018"))
    assert sum(units.weights) * units.size == 1
    assert units.weights[-1] * units.size == Fraction(10, 300)


@given(shipped_or_random())
def test_units_give_the_index_of_the_formula(pair: tuple[Instrument, Assessment]) -> None:
    instrument, assessment = pair
    units = units_of(instrument)
    total = 0
    for (_, entry), weight in zip(assessment.entries.items(), units.weights, strict=True):
        assert not isinstance(entry.level, Missing)
        assert units.level(units.steps(entry.level)) == entry.level
        total += units.steps(entry.level) * weight
    index = score(instrument, assessment).index
    assert units.index_at(total) == index
    assert units.least(index) == total


@given(shipped_or_random())
def test_every_node_has_the_index_of_the_formula_however_levels_are_counted(
    pair: tuple[Instrument, Assessment],
) -> None:
    instrument, assessment = pair
    levels = {code: entry.level for code, entry in assessment.entries.items()}
    known = {code: level for code, level in levels.items() if not isinstance(level, Missing)}
    expected = {
        code: weighted_mean(below, known) for code, below in instrument.node_by_code.items()
    }
    expected[WHOLE] = weighted_mean(instrument.indicators, known)
    assert units_of(instrument).indices(list(known.values())) == expected
    for units in (units_of(instrument), in_ticks(instrument)):
        counted = [units.counted.of(level) for level in known.values()]
        found: dict[str, int] = {}
        for node in units.nodes:
            own = sum(w * sum(counted[at] for at in ats) for w, ats in node.weighted.items())
            found[node.code] = own + sum(found[code] for code in node.inner)
            total = sum(counted[at] * units.weights[at] for at in node.below)
            assert found[node.code] == total
            assert node.index_at(total) == expected[node.code]
            assert node.least(expected[node.code]) == total
            offset, factor, divisor = node.formula
            assert Fraction(offset + total * factor, divisor) == expected[node.code]
    assert found.keys() == expected.keys()


def test_levels_off_the_scale_are_weighed_as_they_are() -> None:
    instrument = spbe_2020()
    levels = [Fraction(7, 3)] * 46 + [Fraction("0.1")]
    by_code = dict(zip(instrument.indicator_by_code, levels, strict=True))
    mean = weighted_mean(instrument.indicators, by_code)
    assert units_of(instrument).indices(levels)[WHOLE] == mean


@given(shipped_or_random(), st.integers(0, 4), st.fractions(0, 5, max_denominator=10**5))
def test_the_least_index_of_a_predicate_divides_the_indices(
    pair: tuple[Instrument, Assessment], place: int, index: Fraction
) -> None:
    instrument, year = pair[0], pair[1].year
    wanted = instrument.predicates[place]
    least = least_index(instrument, wanted, year)
    for found in (least, index, least - Fraction(1, 10**9)):
        predicate = verdict_on(instrument, found, year).predicate
        earned = instrument.predicates.index(predicate) <= place
        assert earned == (found >= least or wanted.threshold is None)


def test_the_basis_of_the_year_decides() -> None:
    baik = spbe_2020().predicates[2]
    assert least_index(spbe_2020(), baik, 2023) == Fraction("2.595")
    assert least_index(spbe_2020(), baik, 2024) == Fraction("2.6")


@pytest.mark.parametrize(
    ("step", "steps", "from_two_and_a_bit"),
    [("1", 1, ("1", "3")), ("1/2", 2, ("3/2", "7/2")), ("1/100", 100, ("1.37", "3.37"))],
)
def test_one_level_more_or_less(step: str, steps: int, from_two_and_a_bit: tuple[str, str]) -> None:
    scale = Scale(Fraction(1), Fraction(5), Fraction(step))
    assert steps_in_level(scale) == steps
    down, up = map(Fraction, from_two_and_a_bit)
    assert moved(scale, down + 1, -1) == down
    assert moved(scale, down + 1, 1) == up
    assert moved(scale, down, -5) == 1
    assert moved(scale, up, 9) == 5


@given(shipped_or_random(), st.fractions(0, 1).filter(lambda part: 0 < part < 1))
def test_between_two_indices_the_upper_one_is_the_least(
    pair: tuple[Instrument, Assessment], part: Fraction
) -> None:
    units = units_of(pair[0])
    total = units.least(score(*pair).index)
    assert units.least(units.index_at(total) + part * units.size) == total + 1
    assert units.least(units.index_at(total) - part * units.size) == total
