"""The page to fill in as people use it: files, keys, paper; it says the same as the core."""

import base64
import json
import random
import time
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from conftest import ROOT, Spbe
from pypdf import PdfReader
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from support.browser import AXE, FONTS, Browser, wider_than

from spbe_cli import fixed, load_instrument, read_assessment, score
from spbe_cli.core.evidence import is_cumulative
from spbe_cli.read.instruments import read_criteria

READY = {"spbe-2020": 47, "pemdi-2026": 20}
SHEET = ROOT / "examples/kota-jambi-2023.yaml"
TEXT = "return document.getElementById(arguments[0]).textContent"
A4 = {"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": True}


def opened(browser: Browser, name: str, **how: Any) -> None:  # noqa: ANN401
    browser.open(ROOT / f"forms/{name}.html", **how)
    browser.run("localStorage.clear()")
    browser.driver.refresh()


@pytest.fixture(params=list(READY))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def told(browser: Browser) -> str:
    """What the page says once it has read a file."""
    for _ in range(100):
        said = str(browser.run(TEXT, "told"))
        if said:
            return said
        time.sleep(0.02)
    return ""


def load(browser: Browser, file: Path) -> str:
    browser.run("document.getElementById('told').textContent = ''")
    browser.driver.find_element(By.ID, "file").send_keys(str(file))
    return told(browser)


def drop(browser: Browser, *files: Path) -> str:
    """Drag files onto the page from outside, as a file manager does."""
    browser.run("document.getElementById('told').textContent = ''")
    data = {"items": [], "files": [str(each) for each in files], "dragOperationsMask": 1}
    for step in ("dragEnter", "dragOver", "drop"):
        event = {"type": step, "x": 200, "y": 200, "data": data}
        browser.driver.execute_cdp_cmd("Input.dispatchDragEvent", event)
        if step == "dragOver":
            assert browser.run("return document.body.className") == "dropping"
    return told(browser)


def form_csv(spbe: Spbe, folder: Path, name: str, language: str) -> Path:
    """The CSV form of `spbe init`, filled in as a spreadsheet program leaves it."""
    form = folder / f"isian-{language}.csv"
    assert spbe("init", str(form), "--instrument", name, "--lang", language).code == 0
    between = ";" if language == "id" else ","
    chance, lines = random.Random(name), []
    for line in form.read_text("utf-8-sig").splitlines():
        cells = line.split(between)
        if cells[0] in load_instrument(name).indicator_by_code:
            cells[2:] = [str(chance.randint(1, 5)), '"catatan; ""dua"", satu"', "SK 1", "Bappeda"]
        lines.append(between.join(cells))
    form.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    return form


@pytest.mark.parametrize("repeated", [False, True])
def test_a_csv_with_the_further_codes_of_the_field(
    browser: Browser, spbe: Spbe, tmp_path: Path, *, repeated: bool
) -> None:
    file = form_csv(spbe, tmp_path, "pemdi-2026", "id")
    other = {code: each for each, code in load_instrument("pemdi-2026").code_by_other.items()}
    lines = file.read_text("utf-8-sig").splitlines()
    between = next(each for each in (";", ",") if each in lines[-1])
    rows = [line.split(between) for line in lines]
    lines = [between.join([other.get(row[0], row[0]), *row[1:]]) for row in rows]
    lines += [between.join(rows[-1])] * repeated
    file.write_text("\n".join(lines), encoding="utf-8")
    opened(browser, "pemdi-2026")
    said = load(browser, file)
    assert (": 20 dari 20 nilai." in said) == (not repeated)
    if not repeated:
        card = score(load_instrument("pemdi-2026"), read_assessment(file))
        assert browser.run(TEXT, "index") == fixed(card.index, comma=True)


def test_a_number_beside_the_name_of_another_indicator_is_refused(
    browser: Browser, spbe: Spbe, tmp_path: Path, name: str
) -> None:
    file = form_csv(spbe, tmp_path, name, "id")
    first, second = load_instrument(name).indicators[:2]
    text = file.read_text("utf-8-sig")
    swapped = text.replace(first.name, "@").replace(second.name, first.name.upper())
    file.write_text(swapped.replace("@", second.name), encoding="utf-8")
    opened(browser, name)
    assert load(browser, file) == (
        f"{file.name} tidak dibuka: di samping indikator {first.code} tertulis nama indikator"
        f" lain: {second.name}."
    )
    assert browser.run(TEXT, "index") == "\N{EN DASH}"


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_csv_is_dropped_or_opened(
    browser: Browser, spbe: Spbe, tmp_path: Path, name: str, language: str
) -> None:
    file = form_csv(spbe, tmp_path, name, language)
    instrument, assessment = load_instrument(name), read_assessment(file)
    card = score(instrument, assessment)
    for way in (load, drop):
        opened(browser, name)
        assert way(browser, file) == f"{file.name} dibuka: {READY[name]} dari {READY[name]} nilai."
        assert browser.run("return document.body.className") == ""
        assert browser.run(TEXT, "index") == fixed(card.index, comma=True)
        assert browser.run(TEXT, "predicate") == card.predicate.name
        nodes = browser.run(
            "return [...document.querySelectorAll('#nodes dd')].map((e) => e.innerText)"
        )
        assert nodes == [fixed(node.index, comma=True) for node in card.nodes]
        said = browser.run("return document.querySelector('.choice .said').textContent")
        assert said == 'catatan; "dua", satu · SK 1 · Bappeda'
        assert browser.errors() == []


def test_a_drop_of_something_else_is_refused(browser: Browser, tmp_path: Path, name: str) -> None:
    opened(browser, name)
    picture = tmp_path / "gambar.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")
    assert "gambar.png tidak dibuka" in drop(browser, picture)
    assert browser.run("return document.body.className") == ""
    assert browser.errors() == []


def test_before_and_after(browser: Browser, tmp_path: Path, name: str) -> None:
    """Against the file that was opened: the whole, the groups, the rows, the chart; then anew."""
    instrument = load_instrument(name)
    codes = list(instrument.indicator_by_code)
    file = tmp_path / "lama.json"
    whole = {"year": 2025 if name == "spbe-2020" else 2026, "levels": dict.fromkeys(codes, 2)}
    file.write_text(json.dumps(whole), encoding="utf-8")
    opened(browser, name)
    moved = "return document.querySelectorAll('.choice.moved, #nodes .moved').length"
    shown = "return document.querySelectorAll('#radar .marker.line-square:not(.off)').length"
    assert browser.run(shown) == 0
    load(browser, file)
    assert (browser.run(TEXT, "change"), browser.run(moved)) == ("", 0)
    assert browser.run(shown) > 2
    control = browser.driver.find_element(By.ID, "choice-0")
    control.send_keys("5" if name == "spbe-2020" else Keys.CONTROL + "a")
    if name != "spbe-2020":
        control.send_keys("5")
    control.send_keys(Keys.TAB)
    before = read_assessment(file)
    after = score(instrument, before.with_levels({codes[0]: Fraction(5)}))
    gain = after.index - score(instrument, before).index
    for language, comma, was in (("id", True, "sebelum: 2,00"), ("en", False, "before: 2.00")):
        browser.run("document.querySelector(`[data-language=${arguments[0]}]`).click()", language)
        assert browser.run(TEXT, "index") == fixed(after.index, comma=comma)
        assert browser.run(TEXT, "change") == fixed(gain, 4, sign=True, comma=comma)
        assert browser.run(TEXT, "before") == was
    groups = sum(1 for node in after.nodes if fixed(node.index) != "2.00")
    assert browser.run(moved) == 1 + groups
    time.sleep(0.5)
    browser.driver.refresh()  # a draft has levels, and no state that was loaded
    assert browser.run(TEXT, "index") == fixed(after.index, comma=True)
    browser.run("window.scrollTo({top: 0, behavior: 'instant'})")
    browser.driver.find_element(By.ID, "clear").click()
    browser.driver.switch_to.alert.dismiss()
    assert browser.run(TEXT, "index") == fixed(after.index, comma=True)
    browser.driver.find_element(By.ID, "clear").click()
    browser.driver.switch_to.alert.accept()
    assert browser.run(TEXT, "index") == "\u2013"
    assert (browser.run(moved), browser.run(shown)) == (0, 0)


def test_a_draft_is_of_its_instrument_and_of_this_browser(browser: Browser) -> None:
    opened(browser, "spbe-2020")
    browser.driver.find_element(By.ID, "head-institution").send_keys("Kota Draf")
    browser.driver.find_element(By.ID, "choice-0").send_keys("4")
    time.sleep(0.5)
    browser.open(ROOT / "forms/pemdi-2026.html")
    assert browser.run("return document.getElementById('head-institution').value") == ""
    browser.open(ROOT / "forms/spbe-2020.html")
    assert browser.run("return document.getElementById('head-institution').value") == "Kota Draf"
    assert browser.run(TEXT, "told") == "Draf yang tersimpan di peramban ini dibuka."
    browser.run("localStorage.setItem('spbe spbe-2020', '{\"levels\": {\"1\": 99}}')")
    browser.run("window.addEventListener('pagehide', (e) => e.stopImmediatePropagation(), true)")
    browser.driver.refresh()  # what is no draft of this page is passed over
    assert browser.run(TEXT, "filled").startswith("0 dari 47")
    assert browser.errors() == []


def test_paper_has_what_is_filled_in(browser: Browser, name: str) -> None:
    """Unfolded or not, A4 has the levels, notes and ticked evidence, and not all that could be."""
    instrument = load_instrument(name)
    criteria, _ = read_criteria(instrument)
    opened(browser, name)
    browser.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    time.sleep(0.5)
    browser.run(
        "document.querySelectorAll('.more input[type=checkbox]').forEach("
        "(each, at) => { if (at % 3 === 0) each.click(); })"
    )
    browser.driver.find_element(By.ID, "note-2").send_keys("Menunggu SK")
    browser.driver.find_element(By.ID, "responsible-2").send_keys("Bagian Organisasi")
    pieces = [
        "".join(piece.split())
        for each in instrument.indicators
        for _, of_level in sorted(criteria[each.code].evidence.items())
        for piece in of_level
    ]
    pages = {}
    for state in ("open", "folded"):
        if state == "folded":
            browser.run("document.querySelectorAll('details').forEach((e) => { e.open = false; })")
        printed = browser.driver.execute_cdp_cmd("Page.printToPDF", A4)
        reader = PdfReader(BytesIO(base64.b64decode(printed["data"])))
        # lines break at hyphens as well: blanks tell nothing; fi may be one letter
        text = "".join("".join(page.extract_text().split()) for page in reader.pages)
        text = normalize("NFKC", text)
        pages[state] = len(reader.pages)
        width, height = (float(each) / 72 for each in reader.pages[0].mediabox[2:])
        assert (round(width, 1), round(height, 1)) == (8.3, 11.7)
        assert "MenungguSK·BagianOrganisasi" in text
        for at, piece in enumerate(pieces):
            if sum(piece in each for each in pieces) == 1:
                assert (piece, f":{piece}" in text) == (piece, at % 3 == 0)
        assert "Bukaberkas" not in text
    assert pages["open"] == pages["folded"] <= 12


def keys(browser: Browser, *pressed: str) -> int:
    for each in pressed:
        ActionChains(browser.driver).send_keys(each).perform()
    return len(pressed)


def focused(browser: Browser) -> str:
    return str(browser.run("return document.activeElement.id"))


def to(browser: Browser, wanted: str, most: int = 40) -> int:
    """Press Tab until the control is reached; return how often."""
    for count in range(1, most):
        keys(browser, Keys.TAB)
        if focused(browser) == wanted:
            return count
    raise AssertionError((wanted, focused(browser)))


def test_the_keyboard_alone_does_it_all(browser: Browser, tmp_path: Path, name: str) -> None:
    """From the top: who, levels, a tick, a note, the file that is saved; no mouse, no script."""
    opened(browser, name)
    folder = tmp_path / "unduhan"
    folder.mkdir()
    browser.driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)}
    )
    to(browser, "head-institution")
    keys(browser, *"Kota Kunci")
    to(browser, "choice-0")
    for at in range(READY[name]):
        keys(browser, "3")
        if at == 1:
            keys(browser, Keys.TAB, Keys.SPACE)
            time.sleep(0.3)
            first = "tick-1-1-1"
            to(browser, first)
            keys(browser, Keys.SPACE)
            to(browser, "note-1", 60)
            keys(browser, *"cek")
            to(browser, "choice-2", 6)
        elif at + 1 < READY[name]:
            to(browser, f"choice-{at + 1}", 4)
    keys(browser, Keys.TAB)
    assert browser.run(TEXT, "index") == "3,00"
    for _ in range(400):
        if focused(browser) == "save":
            break
        ActionChains(browser.driver).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(
            Keys.SHIFT
        ).perform()
    keys(browser, Keys.ENTER)
    saved = folder / f"kota-kunci-{2025 if name == 'spbe-2020' else 2026}.json"
    for _ in range(100):
        if saved.exists():
            break
        time.sleep(0.05)
    assessment = read_assessment(saved)
    entry = list(assessment.entries.values())[1]
    assert (assessment.institution, entry.note) == ("Kota Kunci", "cek")
    assert entry.accepted is not None
    assert score(load_instrument(name), assessment).index == 3
    assert browser.errors() == []


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_keeps_people_from_using_a_ready_form(
    browser: Browser, axe: str, name: str, language: str, *, dark: bool
) -> None:
    """Filled in, unfolded, with a before: in both languages and schemes, on a phone as well."""
    opened(browser, name, width=390)
    if dark:
        browser.in_dark()
    browser.run("document.querySelector(`[data-language=${arguments[0]}]`).click()", language)
    browser.run("document.querySelectorAll('details').forEach((e, at) => { e.open = at < 2; })")
    time.sleep(0.3)
    browser.run("document.querySelector('.more input[type=checkbox]').click()")
    browser.run(axe)
    assert browser.driver.execute_async_script(AXE) == []
    browser.dressed(FONTS["wide"])
    assert wider_than(browser, 390) == []
    assert browser.errors() == []


def test_all_of_it_is_there(browser: Browser, name: str) -> None:
    """Criteria and evidence of every indicator, note, unit, radar, worth of a level."""
    instrument = load_instrument(name)
    criteria, _ = read_criteria(instrument)
    opened(browser, name)
    browser.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    time.sleep(0.5)
    count = "return document.querySelectorAll(arguments[0]).length"
    pieces = [p for each in criteria.values() for of in each.evidence.values() for p in of]
    assert browser.run(count, ".more input[type=checkbox]") == len(pieces)
    said = browser.run(
        "return [...document.querySelectorAll('.more li label')].map((e) => e.textContent)"
    )
    assert sum("opsional" in each.casefold() for each in said) == sum(
        not is_cumulative(each) for each in pieces
    )
    for control in ("note", "evidence", "responsible"):
        assert browser.run(count, f"[id^={control}-]") == READY[name]
    assert browser.run(count, "#radar polygon.outline") == 2
    browser.run(
        "const control = document.getElementById('choice-0'); control.value = arguments[0];"
        "control.dispatchEvent(new Event('change'))",
        "0" if name == "spbe-2020" else "1",
    )
    gain = browser.run("return document.querySelector('.choice .gain').textContent")
    step = 1 if name == "spbe-2020" else load_instrument(name).scale.bands[1].start - 1
    weight = instrument.indicators[0].weight / 100
    assert gain == fixed(step * weight, 4, sign=True, comma=True)
    choices = {"category": 7, "province": 38}
    assert {key: browser.run(count, f"#list-{key} option") for key in choices} == choices
