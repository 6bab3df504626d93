"""An outlook is what counting every outcome finds, and what drawing a million finds nearly."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate, pairwise, product
from math import prod, sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
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

from spbe_cli.core import distribution
from spbe_cli.core.assessment import Assessment, Entry, Missing
from spbe_cli.core.instrument import Basis, Instrument
from spbe_cli.core.observed import Calibration, Claim, calibrate, claim_of, falls_of, top_groups
from spbe_cli.core.outlook import (
    Agreement,
    Model,
    Outlook,
    distribution_of,
    outlook,
    outlook_bounds,
)
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import score, verdict_on
from spbe_cli.core.units import units_of
from spbe_cli.read.instruments import shipped_instrument

SCALES = [
    Scale(Fraction(1), Fraction(5), Fraction(1)),
    Scale(Fraction(0), Fraction(5), Fraction(1)),
    Scale(Fraction(1), Fraction(3), Fraction(1, 2)),
    *BANDED,
    NAMED,
]
FEW_CELLS = 6
"""More cells of strictness than these are joined; the tests count where none is."""
HALF = Fraction(1, 2)
PROBABILITIES = st.fractions(0, 1, max_denominator=12)
Case = tuple[Instrument, Assessment, Agreement]


@st.composite
def agreements(draw: st.DrawFn, instrument: Instrument) -> Agreement:
    codes = st.sampled_from(list(instrument.indicator_by_code))
    model = draw(st.sampled_from(Model))
    falls = None
    if model is Model.OBSERVED:
        pairs = draw(
            st.lists(st.tuples(assessments(instrument), assessments(instrument)), max_size=3)
        )
        seen = calibrate(instrument, pairs) if pairs else on_two()
        falls = falls_of(seen, draw(st.sampled_from([Fraction(1, 2), Fraction(2)])))
    return Agreement(
        draw(PROBABILITIES),
        draw(st.dictionaries(codes, PROBABILITIES, max_size=3)),
        model,
        falls,
        draw(st.sampled_from([Fraction(0), Fraction(3, 10), Fraction(1)])),
    )


def on_two() -> Calibration:
    """What became of 47 claims of 3 in another instrument: a third fell, some by two."""
    spbe = spbe_2020()
    found = {
        code: 1 + place % 3 + (place % 6 == 4) for place, code in enumerate(spbe.indicator_by_code)
    }
    return calibrate(spbe, [(sheet(dict.fromkeys(found, 3), 2024), sheet(found, 2024))])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Small instruments and assessments, some levels missing."""
    scale = draw(st.sampled_from(SCALES) | banded_scales())
    instrument = replace(draw(instruments(most=3)), scale=scale)
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
    """Where an indicator's level may end, and how likely, lowest first: the model, said again."""
    instrument, assessment, agreement = case
    scale, level = instrument.scale, assessment.entries[code].level
    if isinstance(level, Missing):
        every = list(scale.levels())
        if scale.step is None:
            every = [(band.start + band.end) / 2 for band in scale.bands]
        return [(end, Fraction(1, len(every))) for end in every]
    claim = None
    if agreement.model is Model.OBSERVED:
        claim = claim_of(instrument, top_groups(instrument)[code], level)
    moves = moves_of(agreement, code, claim)
    found: dict[Fraction, Fraction] = {}
    for move, chance in moves.items():
        end = landed(scale, level, move if claim is None else max(move, -claim.room))
        if claim is not None:
            grain = scale.step or Fraction(1, 10)
            end = level + (1 if end > level else -1) * (abs(end - level) // grain) * grain
        found[end] = found.get(end, Fraction(0)) + chance
    return sorted((end, chance) for end, chance in found.items() if chance)


def moves_of(agreement: Agreement, code: str, claim: Claim | None) -> dict[int, Fraction]:
    """How likely a level moves by how much; of a claim as earlier ones did."""
    confirmed = agreement.by_indicator.get(code, agreement.each)
    doubt = 1 - confirmed
    if claim is None:
        if agreement.model is Model.LOWER:
            return {-1: doubt, 0: confirmed}
        return {-1: doubt / 2, 0: confirmed, 1: doubt / 2}
    assert agreement.falls is not None
    moves = agreement.falls.of(claim)
    if code not in agreement.by_indicator:
        return moves
    down = {move: chance for move, chance in moves.items() if move < 0 and chance} or {-1: HALF}
    up = {move: chance for move, chance in moves.items() if move >= 0 and chance} or {0: HALF}
    falling, standing = sum(down.values()), sum(up.values())
    return {move: chance / falling * doubt for move, chance in down.items()} | {
        move: chance / standing * confirmed for move, chance in up.items()
    }


def landed(scale: Scale, level: Fraction, move: int) -> Fraction:
    """Where a level ends that moves by levels: as far inside the band below or above."""
    if scale.step is not None:
        return min(max(level + move, scale.lowest), scale.highest)
    bands = scale.bands
    at = max(place for place, band in enumerate(bands) if band.start <= level)
    share = (level - bands[at].start) / (bands[at].end - bands[at].start)
    if not 0 <= at + move < len(bands):
        return scale.lowest if move < 0 else scale.highest
    return bands[at + move].start + share * (bands[at + move].end - bands[at + move].start)


def ends_of(case: Case) -> Iterator[tuple[dict[str, Fraction], Fraction]]:
    """Every outcome of all indicators, one by one, with its probability.

    Each indicator that follows the strictness finds the outcome at that quantile; strictness is
    cut wherever an outcome ends, so that between two cuts all followers are settled.
    """
    _, assessment, agreement = case
    odds = {code: outcomes(case, code) for code in assessment.entries}
    cuts = {Fraction(0), Fraction(1)}
    for code in odds.keys() - set(assessment.missing):
        cuts |= set(accumulate(chance for _, chance in odds[code]))
    assume(len(cuts) <= FEW_CELLS + 1 or not agreement.correlation)
    follow = root_of(agreement.correlation) if len(cuts) > 2 else Fraction(0)
    for low, high in pairwise(sorted(cuts) if follow else [Fraction(0), Fraction(1)]):
        inside = {}
        for code, every in odds.items():
            alone = dict(every)
            if code not in assessment.missing:
                upto = list(accumulate(alone.values()))
                settled = next(end for end, share in zip(alone, upto, strict=True) if share > low)
                alone = {end: chance * (1 - follow) for end, chance in every}
                alone[settled] += follow
            inside[code] = list(alone.items())
        for ends in product(*inside.values()):
            probability = prod((chance for _, chance in ends), start=high - low)
            if probability:
                yield dict(zip(inside, (end for end, _ in ends), strict=True)), probability


def root_of(correlation: Fraction) -> Fraction:
    """How often a level follows: the nearest hundredth to the root."""
    return Fraction(round(100 * sqrt(correlation)), 100)


def counted(case: Case) -> Iterator[tuple[Fraction, Fraction]]:
    """Every index that can come out, with its probability, over all outcomes one by one."""
    for levels, probability in ends_of(case):
        yield weighted_mean(case[0].indicators, levels), probability


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


IN_DIGITS = [distribution.Split(0, tuple(range(few)), digits=True) for few in range(3)]
JOINED = distribution.Split(0, (2,), ((0, 1),))


@pytest.mark.parametrize("shifted", [1, 50])
@pytest.mark.parametrize("split", [*IN_DIGITS, JOINED])
@given(case=cases())
@settings(max_examples=30)
def test_other_halves_hold_what_counting_finds(
    case: Case, split: distribution.Split, shifted: int
) -> None:
    """The ways of sums with very many values, taken by small ones: long numbers, joined groups."""

    def split_of(forms: Sequence[object], _: int) -> distribution.Split:
        few = tuple(place for place in split.few if place < len(forms))
        return split._replace(few=few, joined=split.joined if len(forms) > 1 else ())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distribution, "best_split", split_of)
        patch.setattr(distribution, "_SHIFTED", shifted)
        distribution.layout_of.cache_clear()
        _, found = distribution_of(*case)
    distribution.layout_of.cache_clear()
    units, other = distribution_of(*case)
    assert (found.lowest, found.highest) == (other.lowest, other.highest)
    every = [(units.whole.least(index), chance) for index, chance in counted(case)]
    for at in {value + more for value, _ in every[:40] for more in (-1, 0, 1)}:
        assert found.upto(at) == sum(chance for value, chance in every if value <= at)


def test_an_outlook_of_two_million_values_is_what_a_grid_of_them_says() -> None:
    """The weights of epss-2022 have no common unit worth the name."""
    instrument = shipped_instrument("epss-2022")
    units = units_of(instrument)
    levels = [2 + place % 3 for place in range(len(units.weights))]
    entries = {
        code: Entry(Fraction(level))
        for code, level in zip(instrument.indicator_by_code, levels, strict=True)
    }
    agreement = Agreement(Fraction(17, 20), model=Model.SYMMETRIC)
    found = outlook(instrument, Assessment(instrument.id, entries, year=2024), agreement)
    present = sum((n - 1) * w for n, w in zip(levels, units.weights, strict=True))
    total = sum(units.weights)
    grid = np.zeros(2 * total + 1)
    grid[total] = 1
    for weight in units.weights:
        moved = 0.85 * grid
        moved[weight:] += 0.075 * grid[:-weight]
        moved[:-weight] += 0.075 * grid[weight:]
        grid = moved
    above = Fraction(0)
    for chance in found.by_basis[Basis.EXACT]:
        least = units.least_for(chance.predicate, Basis.EXACT) - present + total
        assert float(chance.at_least) == pytest.approx(grid[max(0, least) :].sum(), abs=1e-12)
        above += chance.probability
    assert above == 1


@given(shipped())
@settings(max_examples=25)
def test_probabilities_add_up_to_exactly_one(case: Case) -> None:
    found = outlook(*case)
    assert sum(item.probability for item in found.chances) == 1
    assert found.chances[-1].at_least == 1
    assert all(item.probability >= 0 for item in found.chances)
    assert case[0].predicates == tuple(item.predicate for item in found.chances)
    for place, item in enumerate(found.chances):
        assert item.at_least == sum(i.probability for i in found.chances[: place + 1])


@given(shipped())
@settings(max_examples=25)
def test_the_points_stand_in_their_order(case: Case) -> None:
    found = outlook(*case)
    points = [found.lowest, *(quantile.at for quantile in found.quantiles), found.highest]
    assert points == sorted(points)
    assert found.lowest <= found.mean <= found.highest
    assert found.variance >= 0
    claimed = score(*case[:2]).index
    if case[2].model is not Model.OBSERVED:  # where claims may rise, all of them may
        assert found.lowest <= claimed or case[2].each < 1
    if case[2].model is Model.LOWER:
        assert found.highest <= claimed


@given(shipped(), st.sampled_from([Model.LOWER, Model.SYMMETRIC]))
def test_full_agreement_is_certain(case: Case, model: Model) -> None:
    instrument, assessment, agreement = case
    certain = Agreement(Fraction(1), model=model, correlation=agreement.correlation)
    found = outlook(instrument, assessment, certain)
    card = score(instrument, assessment)
    assert found.lowest == found.mean == found.highest == card.index
    assert {item.predicate for item in found.chances if item.probability} == {card.predicate}


@given(shipped(), PROBABILITIES)
@settings(max_examples=25)
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

    def between(found: Outlook) -> None:
        for low, here, high in zip(
            bounds.lowest.chances, found.chances, bounds.highest.chances, strict=True
        ):
            assert low.at_least <= here.at_least <= high.at_least
        assert bounds.lowest.mean <= found.mean <= bounds.highest.mean

    between(outlook(*case))
    for levels in product(instrument.scale.levels(), repeat=len(assessment.missing)):
        filled = assessment.with_levels(dict(zip(assessment.missing, levels, strict=True)))
        between(outlook(instrument, filled, agreement, assessment.missing))


@given(shipped(), st.data())
@settings(max_examples=25)
def test_calibration_counts_every_indicator_once(case: Case, data: st.DataObject) -> None:
    instrument, claimed, _ = case
    final = data.draw(assessments(instrument))
    there, back = (calibrate(instrument, [pair]) for pair in ((claimed, final), (final, claimed)))
    assert there.confirmed + there.lowered + there.raised == there.compared
    assert there.compared == len(instrument.indicators)
    assert (there.confirmed, there.lowered) == (back.confirmed, back.raised)
    assert there.stood + there.lowered == there.could_fall
    assert calibrate(instrument, [(claimed, claimed)]).agreement in (1, None)
    falls = falls_of(there)
    for moves in (falls.pool, *falls.by_level.values()):
        assert sum(moves.values()) == 1
        assert min(moves.values()) > 0


@given(shipped())
@settings(max_examples=25)
def test_strictness_changes_neither_the_mean_nor_what_can_be(case: Case) -> None:
    """It only moves the levels together: the range gets wider, the mean stays."""
    instrument, assessment, agreement = case
    alone, tied = (
        outlook(instrument, assessment, agreement._replace(correlation=rho))
        for rho in (Fraction(0), Fraction(1, 4))
    )
    assert (alone.mean, alone.lowest, alone.highest) == (tied.mean, tied.lowest, tied.highest)
    assert alone.variance <= tied.variance


@given(st.sampled_from([Fraction(1, 10), Fraction(3, 10), Fraction(1)]), PROBABILITIES)
def test_two_levels_of_the_same_odds_have_the_correlation_asked_for(
    rho: Fraction, agreed: Fraction
) -> None:
    """The variance of 47 equal indicators is that of one, times 1 + 46 rho, weights apart."""
    instrument = spbe_2020()
    assessment = sheet(dict.fromkeys(instrument.indicator_by_code, 3), 2024)
    alone, tied = (
        outlook(instrument, assessment, Agreement(agreed, correlation=each)).variance
        for each in (Fraction(0), rho)
    )
    squares = sum(each.weight**2 for each in instrument.indicators)
    wanted = 1 + (100**2 - squares) / squares * root_of(rho) ** 2
    assert tied == alone * wanted


DRAWS = 1_000_000


@pytest.mark.parametrize("year", [2023, 2024])
@pytest.mark.parametrize("model", [Model.LOWER, Model.SYMMETRIC])
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


def test_a_million_strict_and_lenient_assessors() -> None:
    """The mixture drawn: a strictness for each sheet, followed by each level or not."""
    instrument, units = spbe_2020(), units_of(spbe_2020())
    levels = {code: 1 + place % 5 for place, code in enumerate(instrument.indicator_by_code)}
    falls = falls_of(on_two())
    agreement = Agreement(
        Fraction(1), model=Model.OBSERVED, falls=falls, correlation=Fraction(9, 100)
    )
    found = outlook(instrument, sheet(levels, 2024), agreement)
    case = (instrument, sheet(levels, 2024), agreement)
    source = np.random.default_rng(20181218)
    strict = source.random(DRAWS)
    total = np.zeros(DRAWS, dtype=np.int64)
    for code, weight in zip(levels, units.weights, strict=True):
        ends, chances = zip(*outcomes(case, code), strict=True)
        quantile = np.where(source.random(DRAWS) < 0.3, strict, source.random(DRAWS))
        upto = [float(share) for share in accumulate(chances)][:-1]
        steps = np.array([units.steps(end) for end in ends])
        total += weight * steps[np.searchsorted(upto, quantile)]
    spread = sqrt(found.variance / DRAWS)
    assert abs(1 + total.mean() * float(units.size) - float(found.mean)) < 5 * spread
    assert sum(0 < item.probability < 1 for item in found.chances) >= 2
    for item in found.chances:
        if item.predicate.threshold is not None:
            share = float((total >= units.least(item.predicate.threshold)).mean())
            error = sqrt(item.at_least * (1 - item.at_least) / DRAWS)
            assert abs(share - float(item.at_least)) <= 5 * error + 1e-9
    for quantile_ in found.quantiles:
        below = float((total < units.least(quantile_.at)).mean())
        upto_ = float((total <= units.least(quantile_.at)).mean())
        assert below - 0.003 <= quantile_.share <= upto_ + 0.003
