"""Checklists filled in by another program: read as the core says, and live in LibreOffice."""

import random
import re
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import Spbe
from support.office import book_of, office, recalculated
from support.reports import READERS, hold_figures, plain_text

from spbe_cli import Scorecard, fixed, load_instrument, read_assessment, score
from spbe_cli.core.assessment import Origin, Share
from spbe_cli.core.evidence import value_of
from spbe_cli.core.number import rounded
from spbe_cli.read.instruments import read_criteria
from spbe_cli.words import Words

MARKS: list[str | int | bool | None] = ["ya", "x", 1, "YA ", True, "diterima"]
NO_MARKS: list[str | int | bool | None] = ["tidak", None, 0, "-", False]


@pytest.mark.parametrize(
    ("name", "year", "chance"),
    [("pemdi-2026", 2026, 0.93), ("spbe-2020", 2023, 0.97), ("spbe-2020", 2024, 0.5)],
)
def test_a_checklist_shows_the_index_that_it_scores(
    spbe: Spbe, tmp_path: Path, name: str, year: int, chance: float
) -> None:
    office()
    path = tmp_path / "daftar.xlsx"
    assert spbe("init", "--checklist", str(path), "--year", str(year), "--lang", "id").code == 0
    instrument = load_instrument(name)
    criteria, _ = read_criteria(instrument)
    dice = random.Random(year)
    book = book_of(path)
    accepted: dict[str, dict[Fraction, set[int]]] = {}
    for row in book.worksheets[0].iter_rows():
        code, level, number = row[0].value, row[2].value, row[3].value
        if str(code) not in instrument.indicator_by_code or not isinstance(number, int):
            continue
        numbers = accepted.setdefault(str(code), {}).setdefault(Fraction(str(level)), set())
        is_accepted = dice.random() < chance
        row[5].value = dice.choice(MARKS if is_accepted else NO_MARKS)
        if is_accepted:
            numbers.add(number)
    book.save(path)
    assert accepted.keys() == set(instrument.indicator_by_code)
    values = {}
    for code, by_level in accepted.items():
        evidence = criteria[code].evidence
        shares = {
            level: Share(len(numbers), len(evidence[level]), frozenset(numbers))
            for level, numbers in by_level.items()
        }
        values[code] = value_of(instrument.scale, evidence, shares)
    found = recalculated(path, tmp_path / "office")
    for each in (path, tmp_path / "office" / path.name):
        assessment = read_assessment(each, instrument=instrument)
        assert {code: entry.level for code, entry in assessment.entries.items()} == values
        assert {entry.origin for entry in assessment.entries.values()} == {Origin.EVIDENCE}
        assert assessment.year == year
    card = score(instrument, assessment)
    rows = list(found.worksheets[1].iter_rows(values_only=True))
    whole = next(row for row in rows if row[1] == instrument.index_name)
    assert (f"{whole[4]:.2f}", whole[5]) == (fixed(card.index), card.predicate.name)
    shown = {str(row[0]): row[3] for row in rows if str(row[0]) in values}
    assert shown == {code: pytest.approx(float(value)) for code, value in values.items()}
    nodes = [(row[1], f"{row[4]:.2f}") for row in rows if row[0] is None and row[4] is not None]
    assert nodes[:-1] == [(node.group.name, fixed(node.index)) for node in card.nodes]
    hold_reports(spbe, path, card)


def hold_reports(spbe: Spbe, filled: Path, card: Scorecard) -> None:
    """That a report has what the checklist comes to, whatever its format."""
    values = {each.indicator.code: each.level for each in card.indicators}
    for ending in READERS:
        path, words = filled.with_name(f"laporan.{ending}"), Words("id")
        assert spbe("report", str(filled), "-o", str(path), "--lang", "id").code == 0
        if ending == "xlsx":
            hold_workbook(path, card)
            continue
        text = plain_text(path)
        hold_figures(text, card.instrument, values, words)
        index = words.number(card.index, card.instrument.places)
        whole = rf"{card.instrument.index_name} 100,00 {index} [0-9,]+ (.+)"
        found = re.search(whole, text)
        assert found is not None
        assert found[1].startswith(card.predicate.name.partition(" (")[0])


def hold_workbook(path: Path, card: Scorecard) -> None:
    """That LibreOffice's live index in a report's workbook is that of the checklist."""
    found = recalculated(path, path.parent / "laporan")
    index = float(rounded(card.index, card.instrument.places))
    assert (found["Ringkasan"]["C4"].value, found["Ringkasan"]["D4"].value) == (
        pytest.approx(index),
        card.predicate.name,
    )
    rows = {str(row[0]): row for row in found["Indikator"].iter_rows(values_only=True)}
    for each in card.indicators:
        row = rows[each.indicator.code]
        assert row[3] == pytest.approx(float(each.level))
        assert row[5] == pytest.approx(float(each.contribution))
    groups = {str(row[0]): row for row in found["Domain dan aspek"].iter_rows(values_only=True)}
    for node in card.nodes:
        shown = float(rounded(node.index, card.instrument.places))
        assert groups[node.group.code][3] == pytest.approx(shown)
    read = score(card.instrument, read_assessment(path, instrument=card.instrument))
    assert (read.index, read.predicate) == (card.index, card.predicate)


def test_a_checklist_that_nobody_filled_in_shows_no_index(spbe: Spbe, tmp_path: Path) -> None:
    office()
    path = tmp_path / "daftar.xlsx"
    assert spbe("init", "--checklist", str(path), "--year", "2026", "--lang", "en").code == 0
    rows = recalculated(path, tmp_path / "office").worksheets[1].iter_rows(values_only=True)
    whole = next(row for row in rows if row[1] == "Indeks Pemdi")
    assert whole[4] in (None, "")
    assert "checklist-blank" in spbe("score", str(path)).err
