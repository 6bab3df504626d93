"""Every figure of the published report of Bandar Lampung 2023, in all five formats, tolerance 0."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Spbe
from support.reports import READERS, plain_text
from support.sheets import BANDAR_LAMPUNG, bandar_lampung, card_of

from spbe_cli import Scorecard, fixed

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


@pytest.mark.parametrize("ending", list(READERS))
def test_the_same_input_gives_the_same_bytes(spbe: Spbe, tmp_path: Path, ending: str) -> None:
    files = [tmp_path / f"{name}.{ending}" for name in ("a", "b")]
    for file in files:
        assert spbe("report", BANDAR_LAMPUNG, "-o", str(file), "--target", "baik").code == 0
    first, second = (file.read_bytes() for file in files)
    assert first == second
