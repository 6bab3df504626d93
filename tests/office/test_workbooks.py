"""Workbooks in LibreOffice: its index is ours, and a form that was filled in scores the same."""

import random
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import ROOT, Spbe
from pypdf import PdfReader
from support.office import book_of, fill_in, office, recalculated
from support.sheets import BANDAR_LAMPUNG, JUST_BY_ROUNDING, ON_THRESHOLD

from spbe_cli import Instrument, Scorecard, fixed, load_instrument, read_assessment, score

FORMS = {
    "spbe-2020": ("--year", "2024"),
    "spbe-2018": ("--year", "2018"),
    "pemdi-2026": ("--year", "2026"),
}


def random_levels(instrument: Instrument, seed: int) -> dict[str, Fraction]:
    chance = random.Random(seed)
    scale = instrument.scale
    levels = list(scale.levels())
    if scale.step is None:
        levels += [Fraction(sixth, 6) for sixth in range(int(scale.lowest) * 6, 18)]
    return {indicator.code: chance.choice(levels) for indicator in instrument.indicators}


def shown(card: Scorecard) -> list[tuple[str, str]]:
    """Each node with its index as shown, and the whole with its predicate."""
    nodes = [(f"{n.group.code} {n.group.name}", fixed(n.index)) for n in card.nodes]
    return [*nodes, (fixed(card.index), card.predicate.name)]


@pytest.mark.parametrize("seed", [None, 1, 2, 3])
def test_the_report_follows_its_levels(spbe: Spbe, tmp_path: Path, seed: int | None) -> None:
    """As handed in, and with other levels typed over it."""
    office()
    assessment = read_assessment(ROOT / BANDAR_LAMPUNG)
    instrument = load_instrument(assessment.instrument)
    path = tmp_path / "laporan.xlsx"
    assert spbe("report", BANDAR_LAMPUNG, "-o", str(path), "--lang", "en").code == 0
    if seed is not None:
        levels = random_levels(instrument, seed)
        assessment = assessment.with_levels(levels)
        book = book_of(path)
        fill_in(book["Indicators"], levels, 3)
        book.save(path)
    found = recalculated(path, tmp_path / "office")
    rows = list(found["Domains and aspects"].iter_rows(min_row=2, values_only=True))
    card = score(instrument, assessment)
    nodes = [(f"{row[0]} {row[1]}", f"{row[3]:.2f}") for row in rows if row[0]]
    whole = next(row for row in rows if row[1] == instrument.index_name)
    assert [*nodes, (f"{whole[3]:.2f}", whole[5])] == shown(card)
    assert found["Summary"]["C4"].value == pytest.approx(float(Fraction(fixed(card.index))))
    assert found["Summary"]["D4"].value == card.predicate.name


@pytest.mark.parametrize(
    ("levels", "year"), [(ON_THRESHOLD, 2024), (JUST_BY_ROUNDING, 2023), (JUST_BY_ROUNDING, 2024)]
)
def test_a_form_decides_thresholds_exactly(
    spbe: Spbe, tmp_path: Path, levels: dict[str, int], year: int
) -> None:
    filled = {code: Fraction(level) for code, level in levels.items()}
    check_form(spbe, tmp_path, "spbe-2020", ("--year", str(year)), filled)


@pytest.mark.parametrize("name", list(FORMS))
def test_a_form_shows_the_index_that_it_scores(spbe: Spbe, tmp_path: Path, name: str) -> None:
    check_form(spbe, tmp_path, name, FORMS[name], random_levels(load_instrument(name), 11))


SCALE = "scale: {lowest: 0, highest: 3, step: 0.5}\n"
HALVES = """\
id: halves
title: "Setengah tingkat, bobot sepertiga"
scale: {lowest: 0, highest: 3, step: 0.5}
predicates:
  - {name: 'Sangat "Baik"', from: 2.25}
  - {name: Baik, from: 4/3}
  - {name: Kurang}
aspects:
  - code: A1
    name: Satu
    weight: 100/3
    indicators:
      - {code: "1", weight: 100/9, name: Pertama}
      - {code: "2", weight: 200/9, name: Kedua}
  - code: A2
    name: Dua
    weight: 200/3
    indicators:
      - {code: "3", weight: 200/3, name: Ketiga}
"""


BANDS = """scale: {lowest: 0, highest: 3, step: none}
levels:
  - {level: 1, name: Awal, from: 0}
  - {level: 2, from: 2/3}
  - {level: 3, name: Akhir, from: 2.5}
"""


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("scale", [SCALE, BANDS], ids=["halves", "bands"])
def test_a_form_of_an_own_instrument(spbe: Spbe, tmp_path: Path, seed: int, scale: str) -> None:
    """Half levels, thirds as weights, a threshold without a finite decimal, a name in quotes."""
    own = tmp_path / "sendiri.yaml"
    own.write_text(HALVES.replace(SCALE, scale), encoding="utf-8")
    levels = random_levels(load_instrument(own), seed)
    check_form(spbe, tmp_path, str(own), ("--year", "2024"), levels)


def check_form(
    spbe: Spbe,
    folder: Path,
    name: str,
    options: tuple[str, ...],
    levels: dict[str, Fraction],
) -> None:
    office()
    form = folder / "nilai.xlsx"
    options = ("--instrument", name, *options) if name.endswith(".yaml") else options
    made = spbe("init", str(form), "--lang", "id", "--institution", "=1+1", *options)
    assert made.code == 0
    book = book_of(form)
    fill_in(book.worksheets[0], levels, 3)
    book.save(form)
    found = recalculated(form, folder / "office")
    instrument = load_instrument(name)
    for path in (form, folder / "office" / "nilai.xlsx"):
        assessment = read_assessment(path, instrument=instrument)
        assert assessment.institution == "=1+1"
        assert {code: entry.level for code, entry in assessment.entries.items()} == levels
        assert assessment.year == int(options[-1])
    card = score(instrument, assessment)
    rows = list(found.worksheets[0].iter_rows(values_only=True))
    whole = next(row for row in rows if row[0] == instrument.index_name)
    assert (f"{whole[1]:.2f}", whole[5]) == (fixed(card.index), card.predicate.name)
    codes = {f"{node.group.code} {node.group.name}" for node in card.nodes}
    nodes = [(row[1], f"{row[4]:.2f}") for row in rows if row[1] in codes]
    assert [*nodes, (f"{whole[1]:.2f}", whole[5])] == shown(card)


def test_an_unfinished_form_shows_no_index(spbe: Spbe, tmp_path: Path) -> None:
    office()
    form = tmp_path / "nilai.xlsx"
    assert spbe("init", str(form), "--year", "2024", "--lang", "en").code == 0
    book = book_of(form)
    fill_in(book.worksheets[0], {"1": Fraction(5)}, 3)
    book.save(form)
    rows = list(recalculated(form, tmp_path / "office").worksheets[0].iter_rows(values_only=True))
    whole = next(row for row in rows if row[0] == "Indeks SPBE")
    assert whole[1] in (None, "")
    assert whole[5] in (None, "")
    assert whole[6] == "1 of 47 levels"


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_office_opens_the_report(spbe: Spbe, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"laporan.{ending}"
    assert spbe("report", BANDAR_LAMPUNG, "-o", str(path)).code == 0
    user = f"-env:UserInstallation={(tmp_path / 'user').as_uri()}"
    command = [office(), "--headless", user, "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=180)
    text = " ".join(page.extract_text() for page in PdfReader(tmp_path / "laporan.pdf").pages)
    assert "2.15" in text
