"""Parts of reports: charts that stand by themselves, content on real cases."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from fractions import Fraction

import pytest
from support.sheets import bandar_lampung, denpasar, sheet, spbe_2020

from spbe_cli.answers.report import document_of
from spbe_cli.core.assessment import Stage
from spbe_cli.core.report import Omission, Report, report_on
from spbe_cli.core.score import ChosenBy, Reading
from spbe_cli.formats.blocks import Ladder, Radar, RadarLine, bar_text
from spbe_cli.formats.svg import bar, ladder, radar
from spbe_cli.words import Words

SVG = "{http://www.w3.org/2000/svg}"


def level_of_all(level: int) -> Report:
    levels = dict.fromkeys(map(str, range(1, 48)), level)
    return report_on(Reading(sheet(levels, 2023), spbe_2020(), ChosenBy.YEAR), {})


def test_bandar_lampung_leads_with_administration_and_lags_with_management() -> None:
    report = report_on(bandar_lampung(), {})
    assert [node.group.code for node in report.leading] == ["A7"]
    assert [node.group.code for node in report.lagging] == ["A5", "A6"]
    assert len(report.below_target) == 32
    assert len(report.recommendations) == 47
    seventh = report.findings[6]
    assert [s.indicator.code for s in seventh.strengths] == [
        "32", "33", "34", "35", "36", "37", "40",
    ]  # fmt: skip
    assert [s.indicator.code for s in seventh.weaknesses] == ["39"]


def test_where_all_is_equal_none_leads() -> None:
    report = level_of_all(3)
    assert report.leading == report.lagging == ()
    assert not report.below_target
    sections = {section.id: section for section in document_of(report, Words("en")).sections}
    assert "none leads and none lags" in str(sections["findings"])
    assert "Every indicator has reached it." in str(sections["findings"])


def test_at_the_top_there_is_nothing_to_recommend() -> None:
    report = level_of_all(5)
    assert report.recommendations == ()
    sections = {section.id: section for section in document_of(report, Words("en")).sections}
    assert "Every indicator is at the highest level." in str(sections["recommendations"])


def test_what_the_inputs_lack_is_left_out_and_named() -> None:
    report = report_on(denpasar(Stage.EXTERNAL), {})
    assert set(report.omissions) >= {Omission.CRITERIA, Omission.PREVIOUS, Omission.PEERS}
    assert Omission.RADAR not in report.omissions


def a_radar(values: Sequence[Fraction], label: str = "2023") -> Radar:
    shown = [str(value) for value in values]
    codes = [(f"A{n}", f"Aspek {n}") for n, _ in enumerate(values, 1)]
    rings = [(Fraction(n), str(n)) for n in range(1, 6)]
    return Radar("Judul <b>", "Isi & makna", codes, [RadarLine(label, values, shown)] * 2, rings)


def test_a_radar_is_titled_described_and_to_scale() -> None:
    values = [Fraction(5), Fraction(5, 2), Fraction(1), Fraction(0)]
    root = ET.fromstring(radar(a_radar(values), "k"))  # noqa: S314 - our own
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "k-title k-text"
    assert [root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")] == [
        "Judul <b>", "Isi & makna",
    ]  # fmt: skip
    outlines = root.findall(f"{SVG}polygon[@class='outline line-circle']")
    points = [tuple(map(float, pair.split(","))) for pair in outlines[0].get("points", "").split()]
    x, y = points[3]  # 0 stands in the middle
    lengths = [round(((px - x) ** 2 + (py - y) ** 2) ** 0.5, 0) for px, py in points]
    assert lengths == [130, 65, 26, 0]
    assert points[0][0] == pytest.approx(x)
    assert points[0][1] < y  # the first axis points up
    assert points[1][0] > x  # and the next is to its right


def test_outlines_differ_without_colour() -> None:
    text = radar(a_radar([Fraction(1), Fraction(2), Fraction(3)]), "k")
    dashes = re.findall(r'class="outline[^>]*?(stroke-dasharray="[^"]*")?/>', text)
    assert len(set(dashes)) == 2
    assert "<circle" in text
    assert text.count("<rect") == 4  # three corners and the legend


def test_a_long_or_hostile_label_stays_text() -> None:
    text = radar(a_radar([Fraction(1)] * 3, "<script>" + "x" * 100), "k")
    assert "<script>" not in text
    assert "…" in text


def test_a_ladder_puts_the_index_where_it_belongs() -> None:
    bands = [("Kurang", Fraction(1), "1.00"), ("Baik", Fraction(3), "3.00")]
    marks = [("2.00", Fraction(2)), ("before 4.00", Fraction(4))]
    chart = Ladder("T", "D", bands, marks, (Fraction(5), "5.00"))
    root = ET.fromstring(ladder(chart, "k"))  # noqa: S314 - our own
    arrow = root.find(f"{SVG}polygon[@class='mark']")
    assert arrow is not None
    assert arrow.get("points", "").split(",")[0] == "105.0"  # a quarter of 380, after 10
    assert [each.text for each in root.iter(f"{SVG}text")][:2] == ["Kurang", "1.00"]


def test_numbers_below_narrow_bands_do_not_touch() -> None:
    lows = ("1.00", "2.90", "3.00", "4.50", "4.80", "4.90")
    bands = [(f"P{low}", Fraction(low), low) for low in lows]
    chart = Ladder("T", "D", bands, [("5.00", Fraction(5))], (Fraction(5), "5.00"))
    root = ET.fromstring(ladder(chart, "k"))  # noqa: S314 - our own
    below = [each.text for each in root.iter(f"{SVG}text") if each.get("y") == "68.0"]
    assert below == ["1.00", "2.90", "4.50", "5.00"]


@pytest.mark.parametrize(
    ("share", "width", "blocks"),
    [
        (Fraction(0), "0", "░░░░░"),
        (Fraction(1, 5), "20", "█░░░░"),
        (Fraction(1, 2), "50", "███░░"),
        (Fraction(1), "100", "█████"),
        (Fraction(7, 5), "100", "█████"),
    ],
)
def test_bars(share: Fraction, width: str, blocks: str) -> None:
    assert f'<rect width="{width}" height="8"/>' in bar(share)
    assert bar_text(share) == blocks
