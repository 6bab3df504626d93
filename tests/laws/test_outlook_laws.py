"""An outlook is what counting every outcome finds, and what drawing a million finds nearly."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import prod, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.sheets import sheet, spbe_2020, weighted_mean
from support.strategies import (
    BANDED,
    NAMED,
    assessments,
    banded_scales,
    instruments,
    shipped_or_random,
)

from spbe_cli.core.assessment import Assessment, Entry, Missing
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.outlook import Agreement, Model, Outlook, calibrate, outlook, outlook_bounds
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import score, verdict_on
from spbe_cli.core.units import units_of

SCALES = [
    Scale(Fraction(1), Fraction(5), Fraction(1)),
    Scale(Fraction(0), Fraction(5), Fraction(1)),
    Scale(Fraction(1), Fraction(3), Fraction(1, 2)),
    *BANDED,
    NAMED,
]
PROBABILITIES = st.fractions(0, 1, max_denominator=12)
Case = tuple[Instrument, Assessment, Agreement]


@st.composite
def agreements(draw: st.DrawFn, instrument: Instrument) -> Agreement:
    codes = st.sampled_from(list(instrument.indicator_by_code))
    return Agreement(
        draw(PROBABILITIES),
        draw(st.dictionaries(codes, PROBABILITIES, max_size=3)),
        draw(st.sampled_from(Model)),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Small instruments and assessments, some levels missing."""
    scale = draw(st.sampled_from(SCALES) | banded_scales())
    instrument = replace(draw(instruments(most=4)), scale=scale)
    assessment = draw(assessments(instrument))
    gone = draw(st.sets(st.sampled_from(list(instrument.indicator_by_code)), max_size=2))
    entries = {
        code: Entry(Missing.BLANK) if code in gone else entry
        for code, entry in assessment.entries.items()
    }
    return instrument, assessment._replace(entries=entries), draw(agreements(instrument))


@st.composite
def shipped(draw: st.DrawFn) -> Case:
    """Cases of any instrument but epss-2022, whose million units take seconds each."""
    found = shipped_or_random().filter(lambda pair: pair[0].id != "epss-2022")
    instrument, assessment = draw(found)
    return instrument, assessment, draw(agreements(instrument))


def outcomes(case: Case, code: str) -> list[tuple[Fraction, Fraction]]:
    """Where an indicator's level may end, and how likely: the model, said another way."""
    instrument, assessment, agreement = case
    scale, level = instrument.scale, assessment.entries[code].level
    every = list(scale.levels())
    if scale.step is None:
        return banded(scale, level, agreement, code)
    if isinstance(level, Missing):
        return [(end, Fraction(1, len(every))) for end in every]
    confirmed = agreement.by_indicator.get(code, agreement.each)
    doubt = 1 - confirmed
    if agreement.model is Model.LOWER:
        if level == scale.lowest:
            return [(level, Fraction(1))]
        return [(level, confirmed), (max(scale.lowest, level - 1), doubt)]
    found = [(level, confirmed)]
    for beyond, end in (
        (level == scale.lowest, max(scale.lowest, level - 1)),
        (level == scale.highest, min(scale.highest, level + 1)),
    ):
        found.append((level if beyond else end, doubt / 2))
    return found


def banded(
    scale: Scale, level: Fraction | Missing, agreement: Agreement, code: str
) -> list[tuple[Fraction, Fraction]]:
    """The same where levels are bands: as far inside the band below or above."""
    bands = scale.bands
    if isinstance(level, Missing):
        return [((band.start + band.end) / 2, Fraction(1, len(bands))) for band in bands]
    at = max(place for place, band in enumerate(bands) if band.start <= level)
    share = (level - bands[at].start) / (bands[at].end - bands[at].start)

    def inside(place: int) -> Fraction:
        if not 0 <= place < len(bands):
            return scale.lowest if place < 0 else scale.highest
        return bands[place].start + share * (bands[place].end - bands[place].start)

    confirmed = agreement.by_indicator.get(code, agreement.each)
    doubt = 1 - confirmed
    if agreement.model is Model.LOWER:
        return [(level, confirmed), (inside(at - 1), doubt)]
    return [(level, confirmed), (inside(at - 1), doubt / 2), (inside(at + 1), doubt / 2)]


def counted(case: Case) -> Iterator[tuple[Fraction, Fraction]]:
    """Every index that can come out, with its probability, over all outcomes one by one."""
    instrument, assessment, _ = case
    codes = list(assessment.entries)
    for ends in product(*(outcomes(case, code) for code in codes)):
        probability = prod((chance for _, chance in ends), start=Fraction(1))
        if probability:
            levels = dict(zip(codes, (level for level, _ in ends), strict=True))
            yield weighted_mean(instrument.indicators, levels), probability


@given(cases())
def test_an_outlook_is_what_counting_finds(case: Case) -> None:
    instrument, assessment, _ = case
    found = outlook(*case)
    every = sorted(counted(case))
    assert (found.lowest, found.highest) == (every[0][0], every[-1][0])
    mean = sum(index * chance for index, chance in every)
    assert found.mean == mean
    assert found.variance == sum((index - mean) ** 2 * chance for index, chance in every)
    likely = dict.fromkeys(instrument.predicates, Fraction(0))
    for index, chance in every:
        likely[verdict_on(instrument, index, assessment.year).predicate] += chance
    assert {item.predicate: item.probability for item in found.chances} == likely
    for quantile in found.quantiles:
        below = sum(chance for index, chance in every if index < quantile.at)
        upto = sum(chance for index, chance in every if index <= quantile.at)
        assert below < quantile.share <= upto


@given(shipped())
def test_probabilities_add_up_to_exactly_one(case: Case) -> None:
    found = outlook(*case)
    assert sum(item.probability for item in found.chances) == 1
    assert found.chances[-1].at_least == 1
    assert all(item.probability >= 0 for item in found.chances)
    assert case[0].predicates == tuple(item.predicate for item in found.chances)
    for place, item in enumerate(found.chances):
        assert item.at_least == sum(i.probability for i in found.chances[: place + 1])


@given(shipped())
def test_the_points_stand_in_their_order(case: Case) -> None:
    found = outlook(*case)
    points = [found.lowest, *(quantile.at for quantile in found.quantiles), found.highest]
    assert points == sorted(points)
    assert found.lowest <= found.mean <= found.highest
    assert found.variance >= 0
    claimed = score(*case[:2]).index
    assert found.lowest <= claimed or case[2].each < 1
    if case[2].model is Model.LOWER:
        assert found.highest <= claimed


@given(shipped())
def test_full_agreement_is_certain(case: Case) -> None:
    instrument, assessment, agreement = case
    found = outlook(instrument, assessment, Agreement(Fraction(1), model=agreement.model))
    card = score(instrument, assessment)
    assert found.lowest == found.mean == found.highest == card.index
    assert {item.predicate for item in found.chances if item.probability} == {card.predicate}


@given(shipped(), PROBABILITIES)
def test_more_agreement_makes_lowering_less_likely(case: Case, other: Fraction) -> None:
    instrument, assessment, agreement = case
    less, more = sorted((agreement.each, other))
    low, high = (outlook(instrument, assessment, Agreement(each)) for each in (less, more))
    assert all(a.at_least <= b.at_least for a, b in zip(low.chances, high.chances, strict=True))
    assert low.mean <= high.mean


@given(cases())
def test_bounds_hold_every_level_that_is_missing(case: Case) -> None:
    instrument, assessment, agreement = case
    bounds = outlook_bounds(*case)
    certain = dict(agreement.by_indicator) | dict.fromkeys(assessment.missing, Fraction(1))

    def between(found: Outlook) -> None:
        for low, here, high in zip(
            bounds.lowest.chances, found.chances, bounds.highest.chances, strict=True
        ):
            assert low.at_least <= here.at_least <= high.at_least
        assert bounds.lowest.mean <= found.mean <= bounds.highest.mean

    between(outlook(*case))
    for levels in product(instrument.scale.levels(), repeat=len(assessment.missing)):
        filled = assessment.with_levels(dict(zip(assessment.missing, levels, strict=True)))
        between(outlook(instrument, filled, agreement._replace(by_indicator=certain)))


@given(shipped(), st.data())
def test_calibration_counts_every_indicator_once(case: Case, data: st.DataObject) -> None:
    instrument, claimed, _ = case
    final = data.draw(assessments(instrument))
    there, back = calibrate([(claimed, final)]), calibrate([(final, claimed)])
    assert there.confirmed + there.lowered + there.raised == there.compared
    assert there.compared == len(instrument.indicators)
    assert (there.confirmed, there.lowered) == (back.confirmed, back.raised)
    assert calibrate([(claimed, claimed)]).agreement == 1


DRAWS = 1_000_000


@pytest.mark.parametrize("year", [2023, 2024])
@pytest.mark.parametrize("model", Model)
def test_a_million_draws_agree_within_their_error(model: Model, year: int) -> None:
    """47 indicators near the threshold of Baik; five standard errors, with a fixed seed."""
    instrument, units = spbe_2020(), units_of(spbe_2020())
    levels = {code: 1 + place % 5 for place, code in enumerate(instrument.indicator_by_code)}
    by_indicator = {"3": Fraction(1, 3), "47": Fraction(1, 2)}
    agreement = Agreement(Fraction(9, 10), by_indicator, model)
    if model is Model.SYMMETRIC:
        levels = {code: 2 + place % 3 - (place < 18) for place, code in enumerate(levels)}
    found = outlook(instrument, sheet(levels, year), agreement)

    source = np.random.default_rng(20260601)
    total = np.zeros(DRAWS, dtype=np.int64)
    for (code, level), weight in zip(levels.items(), units.weights, strict=True):
        drawn = source.random(DRAWS)
        confirmed = float(agreement.of(code))
        down = drawn < ((1 - confirmed) if model is Model.LOWER else (1 - confirmed) / 2)
        up = (drawn > 1 - (1 - confirmed) / 2) & (model is Model.SYMMETRIC)
        total += weight * (np.clip(level - down.astype(int) + up.astype(int), 1, 5) - 1)

    spread = sqrt(found.variance / DRAWS)
    assert abs(1 + total.mean() * float(units.size) - float(found.mean)) < 5 * spread
    assert sum(0 < item.probability < 1 for item in found.chances) >= 2
    for item in found.chances:
        threshold = item.predicate.threshold
        if threshold is None:
            continue
        least = threshold - (Fraction(1, 200) if year == 2023 else 0)
        share = float((total >= units.least(least)).mean())
        error = sqrt(item.at_least * (1 - item.at_least) / DRAWS)
        assert abs(share - float(item.at_least)) <= 5 * error + 1e-9
    for quantile in found.quantiles:
        below = float((total < units.least(quantile.at)).mean())
        upto = float((total <= units.least(quantile.at)).mean())
        assert below - 0.003 <= quantile.share <= upto + 0.003
