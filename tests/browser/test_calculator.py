"""The page to fill in, in a real browser: it counts as the core does, and what it saves is read."""

import json
import random
import time
from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Any

import pytest
from conftest import Spbe
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from support.banded import instrument_text
from support.browser import AXE, CATCH, CAUGHT, FONTS, UNFOLD, Browser, wider_than

from spbe_cli import Assessment, Instrument, Scorecard, fixed, load_instrument, score
from spbe_cli.core.assessment import Entry, Share
from spbe_cli.core.evidence import value_of
from spbe_cli.core.instrument import Status
from spbe_cli.core.number import exact
from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.instruments import read_criteria
from spbe_cli.words import Words

THIRDS = """\
id: thirds
title: "Instrumen sepertiga"
scale: {lowest: 0, highest: 3, step: 0.5}
predicates:
  - {name: Baik, from: 2}
  - {name: Cukup, from: 7/6}
  - {name: Kurang}
aspects:
  - {code: A1, name: Satu, weight: 100/3, indicators: [{code: x, weight: 100/3, name: X}]}
  - code: A2
    name: Dua
    weight: 200/3
    indicators:
      - {code: y, weight: 50/3, name: Y}
      - {code: z, weight: 50, name: Z}
"""
YEARS = {"spbe-2020": 2023, "pemdi-2026": 2026, "spbe-2018": 2019, "thirds": None}
BANDED = {f"acak-{seed}": seed for seed in range(3)}
"""Random instruments whose levels are bands: bounds, weights and thresholds of any kind."""
MOST_BYTES = 400_000

# Fills in as a person does, one control after the other, and reads what the page then shows.
FILL = """
const text = (id) => document.getElementById(id).textContent;
return arguments[0].map((changes) => {
  for (const [at, value, ticks] of changes) {
    const control = document.getElementById("choice-" + at);
    control.value = value;
    control.dispatchEvent(new Event("change"));
    for (const [level, number] of ticks) document.getElementById(
      ["tick", at, level, number].join("-")).click();
  }
  return {index: text("index"), predicate: text("predicate"), distance: text("distance"),
    nodes: [...document.querySelectorAll("#nodes dd")].map((each) => each.textContent)};
});
"""


@pytest.fixture(params=[*YEARS, *BANDED])
def page(request: pytest.FixtureRequest, spbe: Spbe, tmp_path: Path) -> tuple[Path, Instrument]:
    name = str(request.param)
    path = tmp_path / "kalkulator.html"
    instrument = name
    if name == "thirds":
        instrument = str(tmp_path / "thirds.yaml")
        Path(instrument).write_text(THIRDS, encoding="utf-8")
    if name in BANDED:
        instrument = str(tmp_path / "acak.yaml")
        text = instrument_text(random.Random(BANDED[name]))
        Path(instrument).write_text(text, encoding="utf-8")
    year = ["--year", str(YEARS[name])] if YEARS.get(name) else []
    ran = spbe("init", str(path), "--instrument", instrument, *year, "--lang", "id")
    assert ran.code == 0, ran.err
    return path, load_instrument(instrument)


def opened(browser: Browser, path: Path, **how: Any) -> None:  # noqa: ANN401
    browser.open(path, **how)
    browser.run("localStorage.clear()")
    browser.driver.refresh()


class Desk:
    """What a person fills in, and what it must come to."""

    def __init__(self, instrument: Instrument, year: int | None, chance: random.Random) -> None:
        self.instrument, self.chance, self.year = instrument, chance, year
        self.criteria = read_criteria(instrument)[0]
        self.levels: dict[str, Fraction] = {}
        self.ticked: dict[str, dict[Fraction, set[int]]] = {
            each.code: {} for each in instrument.indicators
        }

    def change(self, at: int) -> list[Any]:
        """Give an indicator another level, or none and some of its evidence."""
        code = self.instrument.indicators[at].code
        chance = self.chance
        by_evidence = code in self.criteria and chance.random() < 0.4
        if not by_evidence:
            level, value = self.level()
            self.levels[code] = level
            return [at, value, []]
        self.levels.pop(code, None)
        ticks = []
        for level, pieces in sorted(self.criteria[code].evidence.items()):
            if chance.random() < 0.2 and any(self.ticked[code].values()):
                continue
            ticked = self.ticked[code].setdefault(level, set())
            wanted = {n for n in range(1, len(pieces) + 1) if chance.random() < 0.8}
            ticks += [[exact(level), number] for number in wanted ^ ticked]
            self.ticked[code][level] = wanted
        if not any(self.ticked[code].values()):
            lowest = min(self.criteria[code].evidence)
            self.ticked[code][lowest] = {1}
            ticks = [each for each in ticks if each != [exact(lowest), 1]]
            ticks.append([exact(lowest), 1])
        return [at, "", ticks]

    def level(self) -> tuple[Fraction, str]:
        scale = self.instrument.scale
        if scale.step is None:
            ends = ceil(scale.lowest * 10_000), floor(scale.highest * 10_000)
            level = Fraction(self.chance.randint(*ends), 10_000)
            return level, fixed(level, 4)
        levels = list(scale.levels())
        place = self.chance.randrange(len(levels))
        return levels[place], str(place)

    def card(self) -> Scorecard:
        entries = {each.code: Entry(self.value(each.code)) for each in self.instrument.indicators}
        return score(self.instrument, Assessment(self.instrument.id, entries, year=self.year))

    def value(self, code: str) -> Fraction:
        if code in self.levels:
            return self.levels[code]
        evidence = self.criteria[code].evidence
        accepted = {
            level: Share(len(numbers), len(evidence[level]), frozenset(numbers))
            for level, numbers in self.ticked[code].items()
        }
        return value_of(self.instrument.scale, evidence, accepted)

    def shown(self) -> dict[str, Any]:
        card, words = self.card(), Words("id")
        verdict = card.verdict
        assert (verdict.next is None) == (verdict.distance is None)
        return {
            "index": fixed(card.index, self.instrument.places, comma=True),
            "predicate": card.predicate.name,
            "distance": "predikat tertinggi"
            if verdict.next is None or verdict.distance is None
            else f"{words.full(verdict.distance)} poin lagi ke {verdict.next.name}",
            "nodes": [fixed(each.index, self.instrument.places, comma=True) for each in card.nodes],
        }

    def fillings(self, number: int) -> Iterator[tuple[list[list[Any]], dict[str, Any]]]:
        """Yield changes and what is then shown; the first fills in everything."""
        every = range(len(self.instrument.indicators))
        yield [self.change(at) for at in every], self.shown()
        for _ in range(number - 1):
            most = min(9, len(every))
            changes = [
                self.change(at) for at in self.chance.sample(every, self.chance.randint(1, most))
            ]
            yield changes, self.shown()


def test_it_counts_as_the_core_does(browser: Browser, page: tuple[Path, Instrument]) -> None:
    """500 random fillings of each instrument, levels and ticked evidence."""
    path, instrument = page
    opened(browser, path)
    browser.run(UNFOLD)
    time.sleep(0.3)
    fillings = list(Desk(instrument, YEARS.get(instrument.id), random.Random(16)).fillings(500))
    found = browser.run(FILL, [changes for changes, _ in fillings])
    assert browser.errors() == []
    for at, (shown, (_, wanted)) in enumerate(zip(found, fillings, strict=True)):
        assert (at, shown) == (at, wanted)


def test_what_it_saves_scores_the_same_and_loads_back(
    browser: Browser, page: tuple[Path, Instrument], tmp_path: Path
) -> None:
    """100 files of each instrument, as JSON and as CSV in both languages."""
    path, instrument = page
    opened(browser, path)
    browser.run(UNFOLD)
    time.sleep(0.3)
    browser.run(CATCH)
    desk = Desk(instrument, YEARS.get(instrument.id), random.Random(61))
    saved = tmp_path / "nilai.json"
    for at, (changes, _) in enumerate(desk.fillings(100)):
        browser.run(FILL, [changes])
        kind = ("save", "save-csv")[at % 2]
        text = browser.driver.execute_async_script(CAUGHT, kind)
        file = saved if kind == "save" else tmp_path / "nilai.csv"
        file.write_text(text, encoding="utf-8", newline="")
        read = read_file(str(file), Wishes())
        assert len(read.readings) == 1, (read.problems, text)
        assert read.readings[0].instrument == instrument
        card = score(instrument, read.readings[0].assessment)
        assert card.index == desk.card().index
        assert card.predicate == desk.card().predicate
        if at % 10 == 0:  # it loads back: saved once more it is the same, byte by byte
            load(browser, file)
            assert browser.driver.execute_async_script(CAUGHT, kind) == text
            browser.run(UNFOLD)
            time.sleep(0.2)
    assert browser.errors() == []


def load(browser: Browser, file: Path) -> str:
    """Open a file in the page, and return what it then says."""
    browser.run("document.getElementById('told').textContent = ''")
    browser.driver.find_element(By.ID, "file").send_keys(str(file))
    for _ in range(100):
        said = str(browser.run("return document.getElementById('told').textContent"))
        if said:
            return said
        time.sleep(0.02)
    return ""


@pytest.fixture
def known(spbe: Spbe, tmp_path: Path) -> Path:
    path = tmp_path / "kalkulator.html"
    assert spbe("init", str(path), "--year", "2023", "--lang", "id").code == 0
    return path


def test_it_stands_alone(browser: Browser, page: tuple[Path, Instrument]) -> None:
    path, _ = page
    opened(browser, path)
    browser.requests()
    browser.driver.refresh()
    assert browser.errors() == []
    assert browser.requests() == [path.as_uri()]
    assert path.stat().st_size < MOST_BYTES


def test_the_rule_is_that_of_the_year(browser: Browser, known: Path) -> None:
    """The rounded index decided up to 2023, the exact one since: the distance tells which."""
    opened(browser, known)
    browser.run(UNFOLD)
    time.sleep(0.3)
    desk = Desk(load_instrument("spbe-2020"), 2023, random.Random(5))
    distances = set()
    for year, (changes, _) in zip((2021, 2022, 2023, 2024, 2025), desk.fillings(5), strict=True):
        browser.run(
            "const year = document.getElementById('head-year'); year.value = arguments[0];"
            "year.dispatchEvent(new Event('input'))",
            str(year),
        )
        desk.year = year
        assert browser.run(FILL, [changes]) == [desk.shown()]
        distances.add(desk.card().verdict.basis)
    assert len(distances) == 2


def test_what_is_provisional_is_said(browser: Browser, page: tuple[Path, Instrument]) -> None:
    path, instrument = page
    opened(browser, path)
    said = browser.run("return document.querySelector('header').innerText")
    assert ("SEMENTARA" in said) == (instrument.status is Status.PROVISIONAL)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_keeps_people_from_using_it(
    browser: Browser, axe: str, known: Path, language: str, *, dark: bool
) -> None:
    opened(browser, known)
    if dark:
        browser.in_dark()
    browser.run("document.querySelector(`[data-language=${arguments[0]}]`).click()", language)
    assert browser.run("return document.documentElement.lang") == language
    browser.run("document.querySelectorAll('details').forEach((e, at) => { e.open = at < 3; })")
    time.sleep(0.3)
    browser.run(axe)
    assert browser.driver.execute_async_script(AXE) == []
    browser.in_dark() if dark else None
    said = browser.run("return document.body.innerText")
    assert ("Simpan" in said) == (language == "id")


def test_nothing_is_wider_than_a_phone(browser: Browser, page: tuple[Path, Instrument]) -> None:
    path, instrument = page
    opened(browser, path, width=390)
    browser.run(UNFOLD)
    time.sleep(0.3)
    desk = Desk(instrument, YEARS.get(instrument.id), random.Random(1))
    browser.run(FILL, [changes for changes, _ in desk.fillings(1)])
    for language in ("id", "en"):
        browser.run("document.querySelector(`[data-language=${arguments[0]}]`).click()", language)
        for font, style in FONTS.items():
            browser.dressed(style)
            assert (font, wider_than(browser, 390)) == (font, [])


def test_the_result_stays_in_sight(browser: Browser, known: Path) -> None:
    opened(browser, known, width=390)
    browser.run("document.documentElement.style.scrollBehavior = 'auto'")
    browser.run("document.getElementById('choice-40').scrollIntoView()")
    top = "return document.getElementById('index').getBoundingClientRect().top"
    assert 0 <= browser.run(top) < 100
    assert browser.run("return document.querySelector('.outcome').offsetHeight") < 300


def test_the_keyboard_alone_fills_it_in(browser: Browser, known: Path) -> None:
    """47 levels: a digit and two tabs each, over the criteria that stay folded."""
    opened(browser, known)
    browser.run("document.getElementById('choice-0').focus()")
    for _ in range(47):
        browser.driver.switch_to.active_element.send_keys("3")
        browser.driver.switch_to.active_element.send_keys(Keys.TAB)
        browser.driver.switch_to.active_element.send_keys(Keys.TAB)
    assert browser.run("return document.getElementById('index').textContent") == "3,00"


def test_gaps_leave_bounds_and_a_draft_is_kept(browser: Browser, known: Path) -> None:
    opened(browser, known)
    browser.run(FILL, [[[0, "4", []]]])
    assert browser.run("return document.getElementById('predicate').textContent") == ""
    said = "return document.getElementById('filled').textContent"
    assert browser.run(said) == "1 dari 47 nilai"
    time.sleep(0.5)
    browser.driver.refresh()
    assert browser.run(said) == "1 dari 47 nilai"


def test_what_was_opened_is_the_before(browser: Browser, known: Path, tmp_path: Path) -> None:
    opened(browser, known)
    file = tmp_path / "a.json"
    file.write_text(
        json.dumps({"year": 2023, "levels": {str(code): 3 for code in range(1, 48)}}),
        encoding="utf-8",
    )
    assert load(browser, file) == "a.json dibuka: 47 dari 47 nilai."
    browser.run(FILL, [[[46, "4", []]]])
    text = "return document.getElementById(arguments[0]).textContent"
    assert browser.run(text, "before") == "sebelum: 3,00"
    assert browser.run(text, "change").startswith("+0,0")


def test_the_chart_has_every_aspect_where_it_stands(
    browser: Browser, known: Path, tmp_path: Path
) -> None:
    """An outline ends so far from the centre as its index is of the scale's highest level."""
    opened(browser, known)
    file = tmp_path / "a.json"
    levels = {str(code): 1 + code % 5 for code in range(1, 48)}
    file.write_text(json.dumps({"year": 2023, "levels": levels}), encoding="utf-8")
    load(browser, file)
    browser.run(FILL, [[[at, str(at % 4), []] for at in range(47)]])
    instrument = load_instrument("spbe-2020")
    leaves = [group.code for group, _, _ in instrument.nodes if group.indicators]
    for shape, wanted in (
        ("circle", {str(at + 1): 1 + at % 4 for at in range(47)}),
        ("square", levels),
    ):
        entries = {code: Entry(Fraction(level)) for code, level in wanted.items()}
        card = score(instrument, Assessment(instrument.id, entries, year=2023))
        points = browser.run(
            "return document.querySelector('polygon.line-' + arguments[0]).getAttribute('points')",
            shape,
        )
        pairs = [tuple(map(float, pair.split(","))) for pair in points.split()]
        lengths = [((x - 280) ** 2 + (y - 196) ** 2) ** 0.5 for x, y in pairs]
        assert lengths == pytest.approx(
            [130 * float(card.index_at(code)) / 5 for code in leaves], abs=0.2
        )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("a.json", '{"levels": {"1": 6}}'), "indikator 1 bernilai 6"),
        (("a.json", '{"levels": {"1": 2.5}}'), "indikator 1 bernilai 2.5"),
        (("a.json", '{"levels": {"99": 3}}'), "tidak ada indikator 99"),
        (("a.json", '{"year": 2026, "levels": {"1": 3}}'), "bukan instrumen tahun itu"),
        (("a.json", '{"instrument": "spbe-2018", "levels": {"1": 3}}'), "spbe-2018"),
        (("a.json", '{"stage": "later", "levels": {"1": 3}}'), "later bukan tahap"),
        (("a.json", '{"indices": {"SDI": 3}, "levels": {"1": 3}}'), "indices"),
        (("a.json", '{"levels": {"1": 3, "1": 4}}'), "1 tertulis dua kali"),
        (
            ("a.json", '{"levels": {"1": {"note": "a{", "level": 3, "level": 4}}}'),
            "level",
        ),
        (("a.json", '{"stages": {"self": {"1": 3}}}'), "beberapa tahap"),
        (("a.json", '{"levels": {"1": {"accepted": {"1": [99]}}}}'), "data dukung"),
        (("a.json", '{"levels": '), "bukan lembar nilai"),
        (("a.csv", "Kode;Tingkat Kematangan\n"), "bukan lembar nilai"),
        (("a.csv", "Kode;Tingkat\n1;3\n1;3\n"), "indikator 1 tertulis dua kali"),
        (("a.csv", "Kode;Tingkat;Skor\n1;3;9\n"), "memuat Skor"),
        (("a.txt", "halo"), "bukan lembar nilai"),
    ],
)
def test_what_is_no_sheet_of_its_is_refused(
    browser: Browser, known: Path, tmp_path: Path, given: tuple[str, str], said: str
) -> None:
    opened(browser, known)
    browser.run(FILL, [[[0, "4", []]]])
    file = tmp_path / given[0]
    file.write_text(given[1], encoding="utf-8")
    assert said in load(browser, file)
    assert browser.run("return document.getElementById('choice-0').value") == "4"  # as it was
    assert browser.errors() == []


def test_a_form_that_spbe_wrote_is_opened(
    browser: Browser, known: Path, spbe: Spbe, tmp_path: Path
) -> None:
    opened(browser, known)
    form = tmp_path / "nilai.csv"
    for language in ("id", "en"):
        ran = spbe("init", str(form), "--year", "2023", "--lang", language, "--force")
        assert ran.code == 0
        assert load(browser, form) == "nilai.csv dibuka: 0 dari 47 nilai."


def test_a_file_is_saved_where_files_are_saved(
    browser: Browser, known: Path, spbe: Spbe, tmp_path: Path
) -> None:
    opened(browser, known)
    folder = tmp_path / "unduhan"
    folder.mkdir()
    browser.driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)}
    )
    browser.driver.find_element(By.ID, "head-institution").send_keys("Kota Contoh")
    browser.run(FILL, [[[at, "2", []] for at in range(47)]])
    browser.driver.find_element(By.ID, "save").click()
    saved = folder / "kota-contoh-2023.json"
    for _ in range(100):
        if saved.exists():
            break
        time.sleep(0.05)
    ran = spbe("score", str(saved), "-f", "json")
    assert ran.code == 0, ran.err
    result = json.loads(ran.out)["results"][0]
    assert result["index"]["rounded"] == "3.00"


def test_paper_has_the_levels_and_no_buttons(browser: Browser, known: Path) -> None:
    opened(browser, known)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    shown = "return getComputedStyle(document.querySelector(arguments[0])).display"
    assert browser.run(shown, ".buttons") == "none"
    assert browser.run(shown, ".choice details") == "none"
    assert browser.run(shown, "#choice-0") != "none"
