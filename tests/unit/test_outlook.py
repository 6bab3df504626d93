"""Outlooks: real sheets, thresholds, missing levels, and agreement from pairs."""

from dataclasses import replace
from fractions import Fraction

import pytest
from support.sheets import (
    JUST_BY_ROUNDING,
    ON_THRESHOLD,
    bandar_lampung,
    denpasar,
    sheet,
    spbe_2020,
)

from spbe_cli.core.assessment import Assessment, Entry, Missing, Stage
from spbe_cli.core.observed import calibrate
from spbe_cli.core.outlook import Agreement, Model, Outlook, Quantile, outlook, outlook_bounds
from spbe_cli.core.scale import Scale
from spbe_cli.read.instruments import shipped_instrument

SPBE = spbe_2020()
CERTAIN = Agreement(Fraction(1))


def likely(found: Outlook) -> dict[str, Fraction]:
    return {c.predicate.name: c.probability for c in found.chances if c.probability}


def one_of_two(level: int, highest: int = 5) -> Assessment:
    """Every indicator at the lowest but 47, so that only that one can be lowered."""
    return sheet({**dict.fromkeys(ON_THRESHOLD, 1), "47": min(level, highest)}, 2024)


def test_certainty() -> None:
    reading = bandar_lampung()
    found = outlook(reading.instrument, reading.assessment, CERTAIN)
    assert likely(found) == {"Cukup": 1}
    assert found.mean == found.lowest == found.highest == Fraction("2.1545")
    assert found.variance == 0
    assert {quantile.at for quantile in found.quantiles} == {Fraction("2.1545")}


def test_bandar_lampung() -> None:
    reading = bandar_lampung()
    found = outlook(reading.instrument, reading.assessment, Agreement(Fraction(9, 10)))
    assert found.highest == Fraction("2.1545")
    # Ten times what is lost if every level above 1 is lowered.
    assert found.highest - found.mean == (found.highest - found.lowest) / 10
    assert sum(chance.probability for chance in found.chances) == 1
    assert [quantile.share for quantile in found.quantiles] == [
        Fraction(1, 20),
        Fraction(1, 2),
        Fraction(19, 20),
    ]


def test_one_indicator_by_hand() -> None:
    found = outlook(SPBE, one_of_two(3), Agreement(Fraction(3, 4)))
    assert (found.lowest, found.highest) == (Fraction("1.03"), Fraction("1.06"))
    assert found.mean == Fraction("1.0525")
    assert found.variance == Fraction("0.03") ** 2 * Fraction(3, 16)
    assert found.quantiles == (
        Quantile(Fraction(1, 20), Fraction("1.03")),
        Quantile(Fraction(1, 2), Fraction("1.06")),
        Quantile(Fraction(19, 20), Fraction("1.06")),
    )


def test_a_quantile_is_the_smallest_index_with_enough_below_it() -> None:
    found = outlook(SPBE, one_of_two(3), Agreement(Fraction(1, 2)))
    assert found.quantiles[1].at == Fraction("1.03")  # exactly half lies at or below
    found = outlook(SPBE, one_of_two(3), Agreement(Fraction(1, 2) + Fraction(1, 10**30)))
    assert found.quantiles[1].at == Fraction("1.06")


def test_the_lowest_level_stays() -> None:
    found = outlook(SPBE, sheet(dict.fromkeys(ON_THRESHOLD, 1)), Agreement(Fraction(0)))
    assert found.lowest == found.highest == 1


def test_symmetric_at_the_ends_of_the_scale() -> None:
    """47 of 3 percent at the top: what cannot go up is confirmed; the others cannot go down."""
    certain = dict.fromkeys(ON_THRESHOLD, Fraction(1))
    agreement = Agreement(Fraction(1, 2), {**certain, "47": Fraction(1, 2)}, Model.SYMMETRIC)
    top = outlook(SPBE, one_of_two(5), agreement)
    assert (top.lowest, top.highest) == (Fraction("1.09"), Fraction("1.12"))
    assert top.mean == Fraction("1.12") - Fraction("0.03") / 4
    bottom = outlook(SPBE, one_of_two(1), agreement)
    assert bottom.mean == 1 + Fraction("0.03") / 4
    middle = outlook(SPBE, one_of_two(3), agreement)
    assert (middle.lowest, middle.highest) == (Fraction("1.03"), Fraction("1.09"))
    assert middle.mean == Fraction("1.06")


def test_agreement_by_indicator() -> None:
    agreement = Agreement(Fraction(1), {"47": Fraction(0)})
    found = outlook(SPBE, one_of_two(3), agreement)
    assert found.lowest == found.highest == Fraction("1.03")


@pytest.mark.parametrize("wrong", [Fraction(-1, 10), Fraction(11, 10)])
def test_an_agreement_is_a_probability(wrong: Fraction) -> None:
    with pytest.raises(ValueError, match=r"indicator 1$"):
        outlook(SPBE, sheet(ON_THRESHOLD), Agreement(wrong))


@pytest.mark.parametrize(
    ("levels", "year", "name"),
    [
        (ON_THRESHOLD, 2023, "Baik"),
        (ON_THRESHOLD, 2024, "Baik"),
        (JUST_BY_ROUNDING, 2023, "Baik"),
        (JUST_BY_ROUNDING, 2024, "Cukup"),
    ],
)
def test_a_sheet_on_the_threshold_and_one_just_by_rounding(
    levels: dict[str, int], year: int, name: str
) -> None:
    assert likely(outlook(SPBE, sheet(levels, year), CERTAIN)) == {name: 1}


def test_on_the_threshold_only_full_agreement_keeps_the_predicate() -> None:
    """17 indicators stand above level 1."""
    found = outlook(SPBE, sheet(JUST_BY_ROUNDING, 2023), Agreement(Fraction(9, 10)))
    assert likely(found)["Baik"] == Fraction(9, 10) ** 17
    assert [c.at_least for c in found.chances][2:] == [Fraction(9, 10) ** 17, 1, 1]


def test_a_missing_level_is_any_level_alike() -> None:
    entries = {**one_of_two(1).entries, "47": Entry(Missing.BLANK)}
    found = outlook(SPBE, one_of_two(1)._replace(entries=entries), CERTAIN)
    assert found.lowest == 1
    assert (found.mean, found.highest) == (Fraction("1.06"), Fraction("1.12"))
    assert found.variance == Fraction("0.03") ** 2 * 2


def test_missing_levels_as_bounds() -> None:
    entries = {**sheet(ON_THRESHOLD).entries, "47": Entry(Missing.BLANK)}
    assessment = sheet(ON_THRESHOLD, 2024)._replace(entries=entries)
    found = outlook_bounds(SPBE, assessment, Agreement(Fraction(9, 10)))
    assert found.highest.highest == Fraction("2.6")
    assert found.lowest.highest == Fraction("2.48")
    assert found.highest.mean - found.lowest.mean == Fraction("0.12")
    assert likely(found.lowest) == {"Cukup": 1}
    assert likely(found.highest)["Baik"] == Fraction(9, 10) ** 15


def test_a_band_is_lowered_as_far_inside_the_one_below() -> None:
    """3.40 is nine tenths of level 3, 1.20 is in the lowest, 3.75 is half of level 4."""
    pemdi = shipped_instrument("pemdi-2026")
    levels = dict.fromkeys(pemdi.indicator_by_code, Fraction("3.40"))
    levels |= {"19": Fraction("3.75"), "20": Fraction("1.20")}
    entries = {code: Entry(level) for code, level in levels.items()}
    found = outlook(pemdi, Assessment(pemdi.id, entries, year=2026), Agreement(Fraction(0)))
    assert found.lowest == found.highest
    expected = Fraction("2.40") * Fraction("0.75") + Fraction(3) * Fraction("0.1")
    assert found.lowest == expected + Fraction("0.15")


def test_a_fine_scale_is_lowered_by_a_whole_level() -> None:
    scale = Scale(Fraction(1), Fraction(5), Fraction(1, 100))
    pemdi = replace(shipped_instrument("pemdi-2026"), scale=scale)
    levels = dict.fromkeys(pemdi.indicator_by_code, Fraction("3.40")) | {"20": Fraction("1.20")}
    entries = {code: Entry(level) for code, level in levels.items()}
    found = outlook(pemdi, Assessment(pemdi.id, entries, year=2026), Agreement(Fraction(0)))
    assert found.lowest == found.highest
    assert found.lowest == Fraction("2.40") * Fraction("0.85") + Fraction("0.15")


def test_calibration_leaves_missing_levels_out() -> None:
    claimed = sheet(ON_THRESHOLD)
    entries = {**claimed.entries, "1": Entry(Missing.BLANK)}
    gone = claimed._replace(entries=entries)
    there, back = calibrate(SPBE, [(claimed, gone)]), calibrate(SPBE, [(gone, claimed)])
    assert there.compared == back.compared == 46
    assert calibrate(SPBE, []).agreement is None


def test_calibration_needs_one_instrument() -> None:
    with pytest.raises(ValueError, match="spbe-2018 beside spbe-2020"):
        calibrate(SPBE, [(denpasar(Stage.SELF).assessment, sheet(ON_THRESHOLD))])
