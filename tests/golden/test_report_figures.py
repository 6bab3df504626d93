"""Every figure of the published report of Bandar Lampung 2023, in all five formats, tolerance 0."""

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, Spbe
from support.reports import READERS, plain_text
from support.sheets import (
    BANDAR_LAMPUNG,
    JAMBI_2022,
    JAMBI_2023,
    NATIONAL,
    bandar_lampung,
    card_of,
    spbe_2020,
    weighted_mean,
)

from spbe_cli import Scorecard, fixed, plan, read_assessment, score
from spbe_cli.core.instrument import Indicator
from spbe_cli.core.number import rounded

PUBLISHED = yaml.safe_load(
    (ROOT / "tests" / "golden" / "cases" / "bandar-lampung-2023.yaml").read_text("utf-8")
)["expect"]


@pytest.fixture(scope="module")
def card() -> Scorecard:
    return card_of(bandar_lampung())


def rows_of(card: Scorecard, language: str) -> Iterator[str]:
    """The rows of the published tables: domains and aspects, then all indicators."""

    def said(text: str) -> str:
        return text.replace(".", ",") if language == "id" else text

    for node in card.nodes:
        values = [fixed(node.group.weight), PUBLISHED["nodes"][node.group.code]]
        values.append(fixed(node.contribution, 4))
        name = f"{node.group.code} {node.group.name}"
        yield f"{name} {said(' '.join(values))} {node.predicate.name}"
    for item in card.indicators:
        names = card.instrument.scale.names[item.indicator.capability or ""]
        weight, points = fixed(item.indicator.weight), fixed(item.contribution, 4)
        level = f"{item.level} {names[item.level]}"
        name = f"{item.indicator.code} {item.indicator.name}"
        yield f"{name} {said(weight)} {level} {said(points)}"


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("ending", [e for e in READERS if e != "xlsx"])
def test_every_figure_stands_in_the_report(
    spbe: Spbe, tmp_path: Path, card: Scorecard, ending: str, language: str
) -> None:
    path = tmp_path / f"laporan.{ending}"
    assert spbe("report", BANDAR_LAMPUNG, "-o", str(path), "--lang", language).code == 0
    text = plain_text(path)
    missing = [row for row in rows_of(card, language) if row not in text]
    assert not missing
    comma = language == "id"
    for figure in (fixed(card.index, comma=comma), "2,1545" if comma else "2.1545", "Cukup"):
        assert figure in text
    assert f"{fixed(card.verdict.distance or card.index, comma=comma)}" in text


def test_the_workbook_holds_every_figure_as_a_number(
    spbe: Spbe, tmp_path: Path, card: Scorecard
) -> None:
    path = tmp_path / "laporan.xlsx"
    assert spbe("report", BANDAR_LAMPUNG, "-o", str(path), "--lang", "id").code == 0
    text = plain_text(path)
    names = card.instrument.scale.names
    wanted = [
        f"{node.group.code} {node.group.name} {fixed(node.group.weight)} "
        f"{PUBLISHED['nodes'][node.group.code]} {fixed(node.contribution, 4)} {node.predicate.name}"
        for node in card.nodes
    ]
    wanted += [
        f"{item.indicator.code} {item.indicator.name} {fixed(item.indicator.weight)} {item.level} "
        f"{item.level} {names[item.indicator.capability or ''][item.level]} "
        f"{fixed(item.contribution, 4)}"
        for item in card.indicators
    ]
    assert not [row for row in wanted if row not in text]
    assert f"Indeks SPBE {PUBLISHED['index']} {PUBLISHED['predicate']}" in text


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("more", [(), ("--full", "--target", "baik", "--peers", NATIONAL)])
def test_the_workbook_is_read_back_and_nothing_of_it_is_strange(
    spbe: Spbe, tmp_path: Path, card: Scorecard, more: tuple[str, ...], language: str
) -> None:
    """Summary, recommendations, plan and what charts are drawn from are ours beside the levels."""
    path = tmp_path / "laporan.xlsx"
    how = ("--lang", language)
    assert spbe("report", BANDAR_LAMPUNG, "-o", str(path), *more, *how).code == 0
    found = spbe("score", str(path), "--stage", "final", "--lang", "en")
    assert (found.code, found.err) == (0, "")
    read = read_assessment(path)
    assert read._replace(source=None) == card.assessment._replace(source=None)
    ranked = spbe("rank", str(path), "--lang", "en")
    assert "All institutions: 1\n" in ranked.out
    assert "Pemerintah Kota Bandar Lampung   2.15  Cukup" in ranked.out


@pytest.mark.parametrize("ending", list(READERS))
def test_the_same_input_gives_the_same_bytes(spbe: Spbe, tmp_path: Path, ending: str) -> None:
    files = [tmp_path / f"{name}.{ending}" for name in ("a", "b")]
    for file in files:
        assert spbe("report", BANDAR_LAMPUNG, "-o", str(file), "--target", "baik").code == 0
    first, second = (file.read_bytes() for file in files)
    assert first == second


# Everything that a report says beside its own levels: change, places, means, plan, recommendations.
# Computed here from the two score sheets and the published table alone.

EVERYTHING = (
    JAMBI_2023, "--previous", JAMBI_2022, "--peers", NATIONAL, "--target", "4.5",
)  # fmt: skip
SAYS = {
    "en": ("{} to {}", "not stated", "{} of {}", "level {}, +{} points", ("all institutions",
           "category kota", "province Jambi"), "reaches {}, Memuaskan", "Before: {}; change {}"),
    "id": ("dari {} ke {}", "tidak disebut", "{} dari {}", "tingkat {}, +{} poin",
           ("semua instansi", "kategori kota", "provinsi Jambi"), "mencapai {}, Memuaskan",
           "Sebelumnya: {}; perubahan {}"),
}  # fmt: skip


class Figures:
    """What the two sheets and the table give, each figure by its own few lines."""

    def __init__(self) -> None:
        self.now, self.before = (
            {str(code): Fraction(level) for code, level in yaml.safe_load(text)["levels"].items()}
            for text in ((ROOT / path).read_text("utf-8") for path in (JAMBI_2023, JAMBI_2022))
        )
        self.instrument = spbe_2020()
        with (ROOT / NATIONAL).open(encoding="utf-8", newline="") as stream:
            table = list(csv.DictReader(stream))
        (own,) = (row for row in table if row["institution"].endswith("Kota Jambi"))
        self.groups = [
            [row for row in table if name is None or row[name] == own[name]]
            for name in (None, "category", "province")
        ]

    def index(self, indicators: Iterable[Indicator], levels: Mapping[str, Any]) -> Fraction:
        return weighted_mean(indicators, levels)

    def points(self, below: Iterable[Indicator], levels: Mapping[str, Any]) -> Fraction:
        whole = sum((Fraction(levels[each.code]) * each.weight for each in below), Fraction(0))
        return whole / 100

    def standings(self) -> Iterator[list[str]]:
        """Place, of how many, percentile, mean and both ends of each group."""
        own = rounded(self.index(self.instrument.indicators, self.now))
        for group in self.groups:
            indices = [Fraction(row["index"]) for row in group]
            place = 1 + sum(each > own for each in indices)
            share = Fraction(100 * sum(each <= own for each in indices), len(indices))
            shown = [fixed(share), fixed(sum(indices, Fraction(0)) / len(indices))]
            yield [str(place), str(len(indices)), *shown, fixed(min(indices)), fixed(max(indices))]

    def plan(self) -> list[tuple[Indicator, Fraction, Fraction, Fraction]]:
        """The rises of the core's plan to 4.5, which solvers hold elsewhere."""
        card = score(self.instrument, read_assessment(ROOT / JAMBI_2023))
        made = plan(self.instrument, card.assessment, target=Fraction("4.5"))
        return [(s.indicator, s.before, s.after, s.gain) for s in made.steps]


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("ending", list(READERS))
def test_every_other_figure_stands_in_every_format(
    spbe: Spbe, tmp_path: Path, ending: str, language: str
) -> None:
    path = tmp_path / f"laporan.{ending}"
    assert spbe("report", *EVERYTHING, "-o", str(path), "--lang", language).code == 0
    text = re.sub(r"[()]", "", plain_text(path))
    cells, texts = expected(Figures(), language, is_workbook=ending == "xlsx")
    if ending == "xlsx":  # numbers are numbers there, whatever the language
        cells = [re.sub(r"(?<= )\+", "", row).replace(",", ".") for row in cells]
        cells = [re.sub(r"(?<=\d)\.(?= )", ",", row) for row in cells]
    elif language == "id":
        cells = [re.sub(r"(?<=\d)\.(?=\d)", ",", row) for row in cells]
    if language == "id":
        texts = [re.sub(r"(?<=\d)\.(?=\d)", ",", row) for row in texts]
    assert [row for row in [*cells, *texts] if re.sub(r"[()]", "", row) not in text] == []


def expected(figures: Figures, language: str, *, is_workbook: bool) -> tuple[list[str], list[str]]:
    """The rows of tables, and what stands in sentences and headings."""
    step, nobody, of, advice, names, reached, change = SAYS[language]
    now, before, whole = figures.now, figures.before, figures.instrument.indicators
    rows, texts = [], []
    for group, _, below in figures.instrument.nodes:
        one, other = figures.index(below, before), figures.index(below, now)
        moved = figures.points(below, now) - figures.points(below, before)
        values = f"{fixed(one)} {fixed(other)} +{fixed(other - one)} +{fixed(moved, 3)}"
        rows.append(f"{group.code} {group.name} {values}")
    for group in figures.instrument.groups:
        column = group.code.replace("D", "domain_")
        known = [[Fraction(row[column]) for row in each] for each in figures.groups]
        means = [sum(values, Fraction(0)) / len(values) for values in known]
        own = figures.index(figures.instrument.node_by_code[group.code], now)
        rows.append(f"{group.code} {group.name} {' '.join(map(fixed, [own, *means]))}")
    for name, (place, count, share, mean, low, high) in zip(
        names, figures.standings(), strict=True
    ):
        texts.append(f"{name} {of.format(place, count)}")
        rows.append(f"{share} {mean}")
        texts.append(f"{low} - {high}")
    steps = figures.plan()
    foremost = sorted(steps, key=lambda each: -each[3])[:5]
    for indicator, low_level, high_level, gain in steps:
        rise, name = step.format(low_level, high_level), f"{indicator.code} {indicator.name}"
        assert gain == (high_level - low_level) * indicator.weight / 100
        rows.append(f"{name} {rise} {high_level - low_level} {fixed(gain, 4)}")
        if is_workbook:
            rows.append(f"{name} {low_level} {high_level} {fixed(gain, 4)}")
        else:
            texts.append(f"{name} {advice.format(rise, fixed(gain, 4))}")
    for indicator, low_level, high_level, gain in foremost:
        rise = step.format(low_level, high_level)
        rows.append(f"{indicator.code} {indicator.name} {rise} {nobody} +{fixed(gain, 4)}")
    if not is_workbook:
        kinds = figures.instrument.scale.names
        for each in whole:
            level = f"{now[each.code]} {kinds[each.capability or ''][now[each.code]]}"
            points = fixed(now[each.code] * each.weight / 100, 4)
            name = f"{each.code} {each.name} {fixed(each.weight)}"
            rows.append(f"{name} {level} {points} {before[each.code]}")
    index, earlier = figures.index(whole, now), figures.index(whole, before)
    gained = sum((gain for *_, gain in steps), Fraction(0))
    texts.append(reached.format(fixed(index + gained)))
    texts.append(change.format(fixed(earlier), f"+{fixed(index - earlier)}"))
    texts.append(f": {of.format(sum(now[each.code] < 3 for each in whole), len(whole))}")
    assert len(rows) > 40
    return rows, texts


DRAWN = {
    "html": ("data-values", r'data-values="([^"]*)"'),
    "docx": ("lineChart", r"<c:numLit>.*?</c:numLit>"),
    "xlsx": ("lineChart", r"<c:val>.*?</c:val>"),
}


@pytest.mark.parametrize("ending", list(DRAWN))
def test_the_change_is_drawn_with_the_same_figures(spbe: Spbe, tmp_path: Path, ending: str) -> None:
    path, figures = tmp_path / f"x.{ending}", Figures()
    assert spbe("report", *EVERYTHING[:3], "-o", str(path)).code == 0
    nodes = figures.instrument.node_by_code
    below = [figures.instrument.indicators, *(nodes[g.code] for g in figures.instrument.groups)]
    wanted = [[figures.index(each, at) for at in (figures.before, figures.now)] for each in below]
    kind, pattern = DRAWN[ending]
    if ending == "html":
        charts = [path.read_text("utf-8")]
    else:
        with zipfile.ZipFile(path) as archive:
            parts = [archive.read(n).decode() for n in archive.namelist() if "/chart" in n]
        charts = [part for part in parts if kind in part]
    (chart,) = charts
    drawn = re.findall(pattern, chart, re.DOTALL)
    if ending == "html":
        assert [[Fraction(value) for value in line.split()] for line in drawn] == wanted
        assert 'role="img"' in chart
        return
    values = [[float(v) for v in re.findall(r"<c:v>([-\d.]+)</c:v>", line)] for line in drawn]
    exactly = [[float(v if ending == "docx" else rounded(v)) for v in line] for line in wanted]
    assert values == exactly
