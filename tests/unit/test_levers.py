"""What one level more is worth, and who decides the predicate."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from support.sheets import JUST_BY_ROUNDING, ON_THRESHOLD, bandar_lampung, sheet, spbe_2020
from support.strategies import shipped_or_random

from spbe_cli.core.assessment import Assessment, Entry
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.levers import Levers, levers
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import score
from spbe_cli.read.instruments import shipped_instrument


def at(levels: dict[str, int], year: int) -> Levers:
    return levers(spbe_2020(), sheet(levels, year))


def test_bandar_lampung() -> None:
    reading = bandar_lampung()
    found = levers(reading.instrument, reading.assessment)
    assert len(found.rises) == 47
    assert [lever.indicator.code for lever in found.rises[:7]] == [
        *("42", "43", "44", "45", "46", "47"),
        "32",
    ]
    assert found.rises[0].gain == Fraction("0.03")
    assert found.rises[-1].gain == Fraction("0.013")
    assert found.to_next == Fraction("2.595") - Fraction("2.1545")
    assert found.to_lose == Fraction("2.1545") - Fraction("1.795")
    assert (found.winners, found.losers) == ((), ())


def test_on_the_threshold_every_fall_loses() -> None:
    found = at(ON_THRESHOLD, 2024)
    assert found.to_lose == 0
    able = [code for code, level in ON_THRESHOLD.items() if level > 1]
    assert {decider.indicator.code for decider in found.losers} == set(able)
    assert {decider.before - decider.after for decider in found.losers} == {1}
    assert [decider.indicator.code for decider in found.losers[:2]] == ["42", "43"]
    assert found.losers[0].predicate.name == "Cukup"
    assert found.losers[0].reached == Fraction("2.57")


def test_the_rounded_basis_leaves_room_to_fall() -> None:
    found = at(ON_THRESHOLD, 2023)
    assert found.to_lose == Fraction("0.005")
    assert len(found.losers) == 16


def test_just_below_the_threshold_every_rise_wins() -> None:
    found = at(JUST_BY_ROUNDING, 2024)
    assert found.to_next == Fraction("0.005")
    assert len(found.winners) == 47 - sum(level == 5 for level in JUST_BY_ROUNDING.values())
    assert found.winners[0].indicator.code == "47"
    assert found.winners[0].predicate.name == "Baik"


def test_reached_just_by_rounding() -> None:
    found = at(JUST_BY_ROUNDING, 2023)
    assert found.card.predicate.name == "Baik"
    assert found.to_lose == 0
    assert len(found.losers) == 17


def test_the_top_has_no_next_and_the_bottom_nothing_to_lose() -> None:
    top = at(dict.fromkeys(ON_THRESHOLD, 5), 2024)
    assert (top.rises, top.winners, top.to_next) == ((), (), None)
    assert len(top.losers) == 0
    bottom = at(dict.fromkeys(ON_THRESHOLD, 1), 2024)
    assert (bottom.losers, bottom.to_lose) == ((), None)


def test_bands_rise_by_their_rest_and_decide_by_shown_values() -> None:
    pemdi = shipped_instrument("pemdi-2026")
    entries = {code: Entry(Fraction(7, 6)) for code in pemdi.indicator_by_code}
    entries |= {"19": Entry(Fraction("3.5")), "20": Entry(Fraction("4.25"))}
    found = levers(pemdi, Assessment(pemdi.id, entries, year=2026))
    rises = {lever.indicator.code: (lever.after, lever.gain) for lever in found.rises}
    assert rises["1"] == (Fraction("1.5"), Fraction(1, 60))
    assert rises["19"] == (Fraction(4), Fraction("0.05"))
    assert rises["20"] == (Fraction(5), Fraction("0.1125"))
    assert found.card.index == Fraction("0.75") * Fraction(7, 6) + Fraction("0.9875")
    # 0.3625 are to lose: 20 alone does so at 1.83, and 1.84 would not
    assert found.to_lose == Fraction("0.3625")
    loser = found.losers[0]
    assert (loser.indicator.code, loser.after) == ("20", Fraction("1.83"))


def test_a_fine_scale_rises_by_whole_levels_and_decides_by_steps() -> None:
    scale = Scale(Fraction(1), Fraction(5), Fraction(1, 100))
    pemdi = replace(shipped_instrument("pemdi-2026"), scale=scale)
    levels = dict.fromkeys(pemdi.indicator_by_code, Fraction("3.49")) | {"20": Fraction("4.75")}
    entries = {code: Entry(level) for code, level in levels.items()}
    found = levers(pemdi, Assessment(pemdi.id, entries, year=2026))
    gains = {lever.indicator.code: lever.gain for lever in found.rises}
    assert gains["19"] == Fraction("0.1")
    assert gains["20"] == Fraction("0.0375")
    assert found.card.index == Fraction("3.679")
    assert found.to_lose == Fraction("0.179")
    loser = found.losers[0]
    assert loser.indicator.code == "20"
    assert loser.after == Fraction("3.55")
    assert loser.reached == Fraction("3.499")


@given(shipped_or_random())
def test_every_decider_decides_and_one_step_less_does_not(
    pair: tuple[Instrument, Assessment],
) -> None:
    instrument, assessment = pair
    found = levers(instrument, assessment)
    order = instrument.predicates.index
    present = order(found.card.predicate)
    for deciders, sign in ((found.winners, 1), (found.losers, -1)):
        for decider in deciders:
            code, step = decider.indicator.code, sign * instrument.shown_step
            card = score(instrument, assessment.with_levels({code: decider.after}))
            assert card.index == decider.reached
            assert card.predicate == decider.predicate
            assert (order(card.predicate) - present) * sign < 0
            less = assessment.with_levels({code: decider.after - step})
            assert (order(score(instrument, less).predicate) - present) * sign >= 0
    everyone = set(instrument.indicator_by_code)
    for code in everyone - {decider.indicator.code for decider in found.winners}:
        top = score(instrument, assessment.with_levels({code: instrument.scale.highest}))
        assert order(top.predicate) >= present
    for code in everyone - {decider.indicator.code for decider in found.losers}:
        bottom = score(instrument, assessment.with_levels({code: instrument.scale.lowest}))
        assert order(bottom.predicate) <= present


@given(shipped_or_random())
def test_a_lever_gains_what_the_formula_says(pair: tuple[Instrument, Assessment]) -> None:
    instrument, assessment = pair
    found = levers(instrument, assessment)
    for lever in found.rises:
        after = assessment.with_levels({lever.indicator.code: lever.after})
        assert score(instrument, after).index - found.card.index == lever.gain
    assert [lever.gain for lever in found.rises] == sorted(
        (lever.gain for lever in found.rises), reverse=True
    )
