"""Odds from pairs: what is counted, how it is drawn together, and how far it may be trusted."""

import random
from collections.abc import Mapping
from fractions import Fraction
from statistics import NormalDist

import pytest
from support.sheets import denpasar, sheet, spbe_2020

from spbe_cli.core.assessment import Assessment, Entry, Stage
from spbe_cli.core.calibration import (
    Method,
    Pair,
    estimated,
    pairs_of,
    predictions,
    record_of,
    trials,
)
from spbe_cli.core.observed import (
    Calibration,
    Claim,
    calibrate,
    claim_of,
    correlation_of,
    falls_of,
    standing_of,
    together,
    top_groups,
    wilson,
    with_standing,
)
from spbe_cli.core.outlook import AgreedBy, Agreement, Model, foreseen, outlook
from spbe_cli.core.score import ChosenBy, Reading
from spbe_cli.read.instruments import shipped_instrument

SPBE = spbe_2020()
HALF = Fraction(1, 2)


def pair(claimed: Mapping[str, int], found: Mapping[str, int]) -> Calibration:
    """What becomes of some claims, every other one of level 1 confirmed."""
    ones = dict.fromkeys(SPBE.indicator_by_code, 1)
    return calibrate(SPBE, [(sheet({**ones, **claimed}, 2024), sheet({**ones, **found}, 2024))])


def on_denpasar() -> Calibration:
    claimed, found = denpasar(Stage.SELF), denpasar(Stage.EXTERNAL)
    return calibrate(claimed.instrument, [(claimed.assessment, found.assessment)])


def test_denpasar_2018_by_claimed_level() -> None:
    """Counted by hand from the two columns of the sheet; its scale begins at 0."""
    found = on_denpasar()
    assert (found.compared, found.confirmed, found.lowered, found.raised) == (37, 16, 20, 1)
    assert found.further == 13
    assert {int(level): dict(moves) for level, moves in found.by_level().items()} == {
        1: {0: 8},
        2: {0: 1, 1: 1},
        3: {-2: 1, -1: 3, 0: 7},
        5: {-4: 1, -3: 2, -2: 9, -1: 4},
    }
    assert found.could_fall == 37
    assert found.agreement == Fraction(17, 37)


def test_claims_that_cannot_fall_say_nothing_of_falls() -> None:
    found = pair({"1": 3, "2": 4}, {"1": 2, "2": 4})
    assert (found.compared, found.confirmed) == (47, 46)
    assert (found.could_fall, found.stood) == (2, 1)
    assert found.agreement == HALF
    assert falls_of(found).pool == {-1: HALF, 0: HALF}


def test_levels_that_were_raised_are_no_falls() -> None:
    threes = dict.fromkeys(SPBE.indicator_by_code, 3)
    found = pair(threes, dict.fromkeys(threes, 4))
    assert (found.lowered, found.raised) == (0, 47)
    assert found.agreement == 1
    basis = estimated(found, Method())
    assert basis is not None
    seen = outlook(SPBE, sheet(threes, 2024), basis.agreement)
    assert seen.lowest == seen.highest == 4


def test_a_hundredth_is_no_fall_of_a_level() -> None:
    """A change inside a level is counted, and moves no odds."""
    pemdi = shipped_instrument("pemdi-2026")
    every = dict.fromkeys(pemdi.indicator_by_code, Entry(Fraction("3.40")))
    less = dict.fromkeys(pemdi.indicator_by_code, Entry(Fraction("3.39")))
    claimed, found = (Assessment(pemdi.id, levels, year=2026) for levels in (every, less))
    calibration = calibrate(pemdi, [(claimed, found)])
    assert (calibration.confirmed, calibration.lowered, calibration.within) == (20, 0, 20)
    assert calibration.agreement == 1


def test_each_level_is_drawn_towards_the_pool() -> None:
    """Four claims of 5 fell by 2, four of 3 stood; the pool is half and half."""
    codes = list(SPBE.indicator_by_code)
    claimed = dict.fromkeys(codes[:4], 5) | dict.fromkeys(codes[4:8], 3)
    found = pair(claimed, dict.fromkeys(codes[:8], 3))
    falls = falls_of(found, Fraction(4))
    assert falls.by_level[Fraction(5)] == {-2: Fraction(3, 4), 0: Fraction(1, 4)}
    assert falls.by_level[Fraction(3)] == {-2: Fraction(1, 4), 0: Fraction(3, 4)}
    assert falls_of(found, Fraction(0)).by_level[Fraction(3)] == {0: 1}
    never_claimed = claim_of(SPBE, "D1", Fraction(4))
    assert falls.of(never_claimed) == {-2: HALF, 0: HALF}
    assert falls.of(claim_of(SPBE, "D1", Fraction(2))) == {-1: HALF, 0: HALF}


def test_a_claim_is_held_at_the_ends_of_the_scale() -> None:
    claim = Claim("x", "D1", Fraction(2), room=1, head=0)
    assert claim.held({-3: HALF, -1: Fraction(1, 4), 1: Fraction(1, 4)}) == {
        -1: Fraction(3, 4),
        0: Fraction(1, 4),
    }


def test_domains_speak_for_themselves_where_claims_suffice() -> None:
    """47 claims of 3; those of D4 (16 indicators, and too few from one pair) fell by 1."""
    threes = dict.fromkeys(SPBE.indicator_by_code, 3)
    lower = {each.code: 2 for each in SPBE.node_by_code["D4"]}
    once = pair(threes, threes | lower)
    assert falls_of(once, by_group=True).by_group == {}
    twice = together([once, once])
    falls = falls_of(twice, Fraction(2), by_group=True)
    assert {group for _, group, _ in falls.by_group} == {"D4"}
    everywhere = falls.by_level[Fraction(3)]
    assert everywhere == {-1: Fraction(16, 47), 0: Fraction(31, 47)}
    own = falls.of(claim_of(SPBE, "D4", Fraction(3)))
    assert own[-1] == (32 + 2 * Fraction(16, 47)) / 34
    assert falls.of(claim_of(SPBE, "D1", Fraction(3))) == everywhere
    other = claim_of(shipped_instrument("spbe-2018"), "D4", Fraction(3))
    assert falls.of(other) == everywhere


def test_another_probability_of_no_fall_keeps_the_proportions() -> None:
    moves = {-2: Fraction(1, 10), -1: Fraction(3, 10), 0: Fraction(5, 10), 1: Fraction(1, 10)}
    found = with_standing(moves, Fraction(1, 5))
    assert found == {
        -2: Fraction(1, 5),
        -1: Fraction(3, 5),
        0: Fraction(1, 6),
        1: Fraction(1, 30),
    }
    assert with_standing({0: Fraction(1)}, HALF) == {-1: HALF, 0: HALF}
    assert with_standing({-2: Fraction(1)}, HALF) == {-2: HALF, 0: HALF}
    assert with_standing({-2: Fraction(0), 0: Fraction(1)}, HALF) == {-1: HALF, 0: HALF}


@pytest.mark.parametrize(("stood", "count"), [(17, 37), (0, 8), (8, 8), (1, 2), (900, 1000)])
def test_wilsons_interval(stood: int, count: int) -> None:
    """The ends are the shares from which what was seen lies 1.64485 deviations away."""
    found = wilson(Fraction(stood, count), Fraction(count))
    z, p = NormalDist().inv_cdf(0.95), stood / count
    for end in (found.low, found.high):
        if 0 < end < 1:
            away = abs(p - float(end)) / (float(end) * (1 - float(end)) / count) ** 0.5
            assert away == pytest.approx(z, abs=0.002 * count)
    assert found.low <= found.share <= found.high
    assert (found.low == 0) == (stood == 0)
    assert (found.high == 1) == (stood == count)


def test_the_agreement_at_its_ends_moves_every_level_alike() -> None:
    calibration = on_denpasar()
    interval = calibration.interval()
    assert interval is not None
    falls = falls_of(calibration, Fraction(0))
    for end in (interval.low, interval.high):
        at_end = falls.at(interval, end)
        counts = calibration.by_level()
        standing = sum(
            counts[level].total() * standing_of(moves) for level, moves in at_end.by_level.items()
        )
        assert standing / 37 == end


def together_by(rho_like: list[int]) -> Calibration:
    """Pairs of 47 claims of 3, of which so many fell by one."""
    codes = list(SPBE.indicator_by_code)
    threes = dict.fromkeys(codes, 3)
    return together(pair(threes, threes | dict.fromkeys(codes[:n], 2)) for n in rho_like)


def test_correlation_from_pairs() -> None:
    """Spread as chance alone would have it there is none; all or nothing is as much as can be."""
    none = together_by([20, 26, 23])
    assert correlation_of(none, falls_of(none)) == 0
    full = together_by([0, 47, 0, 47])
    assert correlation_of(full, falls_of(full)) == 1
    two = together_by([0, 47])
    assert correlation_of(two, falls_of(two)) is None


def test_correlation_by_hand() -> None:
    """Four pairs of 47 claims, half of them fallen: 13, 21, 26, 34.

    A fall has the variance 1/4. The sums lie 10.5, 2.5, 2.5 and 10.5 from 23.5: squares 233 in
    all, times 4/3 for the odds taken from the same pairs. Chance alone gives 4 x 47/4 = 47, one
    strictness for all 4 x 47 x 47/4, so 47 x 46 more. Raised by 5/2.
    """
    found = together_by([13, 21, 26, 34])
    plain = (233 * Fraction(4, 3) - 47) / (47 * 46)
    wanted = plain * Fraction(5, 2)
    correlation = correlation_of(found, falls_of(found))
    assert correlation is not None
    assert 0 <= correlation - wanted < Fraction(1, 100)


def test_a_wider_interval_where_claims_fall_together() -> None:
    found = together_by([13, 21, 26, 34])
    alone, tied = found.interval(), found.interval(Fraction(1, 5))
    assert alone is not None
    assert tied is not None
    assert tied.low < alone.low
    assert alone.high < tied.high
    assert tied.share == alone.share


def test_an_own_agreement_is_that_of_no_fall() -> None:
    basis = estimated(on_denpasar(), Method(strength=Fraction(0)))
    assert basis is not None
    agreement = basis.agreement._replace(by_indicator={"1": Fraction(1, 4)})
    claim = Claim("spbe-2018", "D1", Fraction(5), room=5, head=0)
    own = agreement.moves_of("1", claim)
    assert own[0] == Fraction(1, 4)
    assert own[-2] == Fraction(3, 4) * Fraction(9, 16)
    lowest = Claim("spbe-2018", "D1", Fraction(0), room=0, head=5)
    assert min(agreement.moves_of("1", lowest)) == 0


def test_an_own_agreement_as_high_as_that_of_all_is_still_its_own() -> None:
    """Indicators that share a level share their odds; one with its own agreement does not."""
    instrument, assessment = denpasar(Stage.SELF).instrument, denpasar(Stage.SELF).assessment
    each = Fraction(17, 37)
    plain = Agreement(each, model=Model.OBSERVED, falls=falls_of(on_denpasar()))
    code = next(code for code, entry in assessment.entries.items() if entry.level == 5)
    own = plain._replace(by_indicator={code: each})
    weights = {each.code: each.weight for each in instrument.indicators}
    claim = Claim(instrument.id, top_groups(instrument)[code], Fraction(5), room=5, head=0)
    means = [
        sum(move * chance for move, chance in agreement.moves_of(code, claim).items())
        for agreement in (plain, own)
    ]
    found = [outlook(instrument, assessment, agreement).mean for agreement in (plain, own)]
    moved = (means[1] - means[0]) * weights[code] / sum(weights.values())
    assert found[1] - found[0] == moved != 0


def test_observed_needs_its_odds() -> None:
    with pytest.raises(ValueError, match="without falls"):
        outlook(
            SPBE,
            sheet(dict.fromkeys(SPBE.indicator_by_code, 3), 2024),
            Agreement(HALF, model=Model.OBSERVED),
        )


def test_denpasar_2018_is_ordinary_under_what_was_observed() -> None:
    """Impossible under a fall by one, in the middle of the range that the odds give."""
    claimed = denpasar(Stage.SELF)
    instrument = claimed.instrument
    lower = outlook(instrument, claimed.assessment, Agreement(Fraction(17, 37)))
    assert lower.lowest > Fraction("2.64")
    basis = estimated(on_denpasar(), Method())
    assert basis is not None
    observed = outlook(instrument, claimed.assessment, basis.agreement)
    low, middle, high = (float(quantile.at) for quantile in observed.quantiles)
    assert (round(low, 2), round(middle, 2), round(high, 2)) == (2.25, 2.52, 2.77)
    assert round(float(observed.mean), 2) == 2.52


def test_what_pages_say_is_what_whole_outlooks_say() -> None:
    """Of predictions and of the ends of an interval only what is shown is computed."""
    chance, instrument = random.Random(14), shipped_instrument("spbe-2018")
    codes = list(instrument.indicator_by_code)

    def reading(stage: Stage, levels: list[int]) -> Reading:
        entries = {c: Entry(Fraction(level)) for c, level in zip(codes, levels, strict=True)}
        sheet = Assessment(instrument.id, entries, f"Kota {len(pairs)}", year=2018, stage=stage)
        return Reading(sheet, instrument, ChosenBy.DEFAULT)

    pairs: list[Pair] = []
    for _ in range(4):
        levels = [chance.randint(1, 5) for _ in codes]
        found = [max(1, level - (chance.random() < 0.3)) for level in levels]
        pairs.append(Pair(reading(Stage.SELF, levels), reading(Stage.FINAL, found)))
    predicted, tried = predictions(pairs, Method()), trials(pairs, Method())
    assert [(p.chance, p.kept, p.covered) for p in predicted] == list(tried)
    assert record_of(predicted) == record_of(tried)
    basis = estimated(pairs_of([each for pair in pairs for each in pair]).calibration, Method())
    assert basis is not None
    made = foreseen(pairs[0].claimed, basis.agreement, AgreedBy.CALIBRATION, basis.estimate)
    assert len(made.ends) == 2
    for end in made.ends:
        assert end.chances_and_mean == (end.outcome.chances, end.outcome.mean)
