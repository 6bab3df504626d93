"""The report's page in a real browser: it stands alone, fits, is accessible, and computes right."""

import io
import json
import random
from base64 import b64decode
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Spbe
from pypdf import PdfReader
from support.browser import AXE, FONTS, Browser, wider_than

from spbe_cli import Assessment, Instrument, fixed, load_instrument, read_assessment, score

SHEETS = {
    "spbe-2020": "examples/bandar-lampung-2023.yaml",
    "spbe-2018": "examples/denpasar-2018.yaml",
    "pemdi-2026": "",
}
WIDTHS = {"phone": (390, ""), "screen": (1280, ""), "paper": (680, "print")}
MOST_BYTES = 200_000

# Sets levels as a user does, one after the other, and reads what the page then shows.
PLAY = """
const shown = () => ({
  index: document.getElementById("whatif-index").textContent,
  predicate: document.getElementById("whatif-predicate").textContent,
  change: document.getElementById("whatif-change").textContent,
  nodes: [...document.querySelectorAll("#whatif-nodes dd")].map((each) => each.textContent),
});
return arguments[0].map((changes) => {
  document.getElementById("whatif-reset").click();
  for (const [at, value] of changes) {
    const control = document.getElementById("choice-" + at);
    control.value = value;
    control.dispatchEvent(new Event("change"));
  }
  return shown();
});
"""


@pytest.fixture
def full(spbe: Spbe, tmp_path: Path) -> Path:
    """A report with everything in it."""
    path = tmp_path / "laporan.html"
    ran = spbe(
        "report", "examples/kota-jambi-2023.yaml", "-o", str(path), "--lang", "id",
        "--previous", "examples/kota-jambi-2022.yaml", "--target", "4.5",
        "--peers", "examples/national-2023.csv",
    )  # fmt: skip
    assert ran.code == 0
    return path


def test_the_page_stands_alone(browser: Browser, full: Path) -> None:
    browser.open(full)
    assert browser.errors() == []
    assert browser.requests() == [full.as_uri()]
    assert full.stat().st_size < MOST_BYTES


def test_the_largest_page_is_small_enough(spbe: Spbe, tmp_path: Path) -> None:
    lowest = tmp_path / "lowest.yaml"
    levels = "".join(f"  {code}: 1\n" for code in range(1, 48))
    lowest.write_text(f"institution: X\nyear: 2023\nlevels:\n{levels}", encoding="utf-8")
    path = tmp_path / "laporan.html"
    ran = spbe("report", str(lowest), "-o", str(path), "--target", "memuaskan", "--full")
    assert ran.code == 0
    assert path.stat().st_size < MOST_BYTES


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("options", [(), ("--full",)], ids=["short", "full"])
def test_on_paper_the_page_has_few_sheets(
    browser: Browser, spbe: Spbe, tmp_path: Path, options: tuple[str, ...], language: str
) -> None:
    path = tmp_path / "laporan.html"
    ran = spbe(
        "report", SHEETS["spbe-2020"], "--peers", "examples/national-2023.csv", "--target", "baik",
        "--lang", language, *options, "-o", str(path),
    )  # fmt: skip
    assert ran.code == 0
    browser.open(path)
    printed = browser.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    pages = PdfReader(io.BytesIO(b64decode(printed["data"]))).pages
    assert len(pages) <= (14 if options else 6)
    first, second = (page.extract_text() for page in pages[:2])
    assert "+0" in first  # what the last of the five actions adds
    assert "A1" in second


@pytest.fixture
def endless(spbe: Spbe, tmp_path: Path) -> Path:
    """A report whose names and notes are words without an end."""
    word = "Mahapanjang" * 30
    entry = {"level": 2, "note": word, "responsible": word, "evidence": [word]}
    levels = {str(code): entry for code in range(1, 48)}
    sheet, path = tmp_path / "nilai.yaml", tmp_path / "laporan.html"
    whole = {"institution": word, "year": 2023, "levels": levels}
    sheet.write_text(json.dumps(whole), encoding="utf-8")
    assert spbe("report", str(sheet), "-o", str(path)).code == 0
    return path


@pytest.mark.parametrize("which", ["full", "endless"])
@pytest.mark.parametrize("where", list(WIDTHS))
def test_nothing_is_wider_than_the_page(
    browser: Browser, request: pytest.FixtureRequest, where: str, which: str
) -> None:
    width, media = WIDTHS[where]
    browser.open(request.getfixturevalue(which), width=width, media=media)
    for font, style in FONTS.items():
        browser.dressed(style)
        assert (font, wider_than(browser, width)) == (font, [])


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_keeps_people_from_using_it(
    browser: Browser, axe: str, full: Path, *, dark: bool
) -> None:
    browser.open(full)
    if dark:
        browser.in_dark()
    # the page forbids every script but its own; the driver's runs outside of that
    browser.run(axe)
    assert browser.driver.execute_async_script(AXE) == []
    browser.run("document.documentElement.removeAttribute('lang')")
    assert "html-has-lang" in str(browser.driver.execute_async_script(AXE))  # it does look


def test_paper_shows_the_report_and_no_controls(browser: Browser, full: Path) -> None:
    browser.open(full, media="print")
    hidden = "return getComputedStyle(document.querySelector(arguments[0])).display"
    assert browser.run(hidden, "#whatif") == "none"
    assert browser.run(hidden, "nav") == "none"
    assert browser.run(hidden, "#recommendations") != "none"


def test_the_keyboard_reaches_every_control(browser: Browser, full: Path) -> None:
    browser.open(full)
    unreachable = browser.run(
        "return [...document.querySelectorAll('a, button, select, input')]"
        ".filter((each) => each.tabIndex < 0).length"
    )
    assert unreachable == 0
    assert browser.run("return document.querySelectorAll('select').length") == 47


@pytest.mark.parametrize("name", list(SHEETS))
def test_the_what_if_agrees_with_the_core(
    browser: Browser, spbe: Spbe, tmp_path: Path, name: str
) -> None:
    """500 random changes for each instrument, from none to every indicator."""
    instrument = load_instrument(name)
    sheet = ROOT / SHEETS[name] if SHEETS[name] else provisional_sheet(tmp_path, instrument)
    assessment = read_assessment(sheet)
    path = tmp_path / "laporan.html"
    assert spbe("report", str(sheet), "-o", str(path), "--lang", "id").code == 0
    browser.open(path)
    chance = random.Random(20230817)
    plays = [random_changes(instrument, chance) for _ in range(500)]
    found = browser.run(PLAY, [shown_changes(instrument, play) for play in plays])
    assert browser.errors() == []
    wanted = [expected(instrument, assessment, play) for play in plays]
    assert found == wanted


def provisional_sheet(folder: Path, instrument: Instrument) -> Path:
    chance = random.Random(7)
    levels = [chance.choice(list(instrument.scale.levels())) for _ in instrument.indicators]
    lines = [
        f"  {indicator.code}: {fixed(level)}\n"
        for indicator, level in zip(instrument.indicators, levels, strict=True)
    ]
    path = folder / "pemdi.yaml"
    path.write_text(f"institution: X\nyear: 2026\nlevels:\n{''.join(lines)}", encoding="utf-8")
    return path


def random_changes(instrument: Instrument, chance: random.Random) -> dict[int, Fraction]:
    levels = list(instrument.scale.levels())
    number = chance.randint(0, len(instrument.indicators))
    places = chance.sample(range(len(instrument.indicators)), number)
    return {place: chance.choice(levels) for place in places}


def shown_changes(instrument: Instrument, changes: dict[int, Fraction]) -> list[list[Any]]:
    """The changes as the page's controls take them: a choice, or a number with its decimals."""
    scale = instrument.scale
    if scale.step is None or scale.step < 1:
        return [[at, fixed(level)] for at, level in changes.items()]
    return [[at, str((level - scale.lowest) / scale.step)] for at, level in changes.items()]


def expected(
    instrument: Instrument, assessment: Assessment, changes: dict[int, Fraction]
) -> dict[str, Any]:
    before = score(instrument, assessment)
    codes = [indicator.code for indicator in instrument.indicators]
    after = score(
        instrument, assessment.with_levels({codes[at]: level for at, level in changes.items()})
    )
    delta = after.index - before.index
    change = fixed(delta, 4, sign=True, comma=True).replace("-", "\u2212") if delta else ""
    return {
        "index": fixed(after.index, comma=True),
        "predicate": after.predicate.name,
        "change": change,
        "nodes": [fixed(node.index, comma=True) for node in after.nodes],
    }


def test_the_index_of_many_reports(browser: Browser, axe: str, spbe: Spbe, tmp_path: Path) -> None:
    """It fits a phone, keeps nobody out, asks for nothing, and its links lead to the reports."""
    folder = tmp_path / "laporan"
    assert spbe("report", SHEETS["spbe-2020"], "--output-dir", str(folder)).code == 0
    browser.open(folder / "index.html", width=390)
    assert browser.errors() == []
    assert browser.requests() == [(folder / "index.html").as_uri()]
    for style in FONTS.values():
        browser.dressed(style)
        assert wider_than(browser, 390) == []
    browser.run(axe)
    assert browser.driver.execute_async_script(AXE) == []
    browser.run("document.querySelector('tbody a').click()")
    assert browser.run("return document.title").endswith("Pemerintah Kota Bandar Lampung")
