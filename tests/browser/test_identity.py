"""What the page to fill in saves is read back as who, when and what was filled in there.

The browser's own bytes, of random sheets with awkward names: tests/laws/test_identity_laws.py for
everything else that is written. SPBE_SHEETS=500 takes more of them.
"""

import os
import time
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import Spbe
from support.browser import CATCH, CAUGHT, UNFOLD, Browser
from support.identity import CHECKED, Checked, Drawn, identity, shown

from spbe_cli.core.number import exact
from spbe_cli.read.instruments import shipped_ids

SHEETS = int(os.environ.get("SPBE_SHEETS", "5"))

# As a person does: a field, a level, a tick after the other; what stood there before is replaced.
FILL = """
const [head, levels, ticks] = arguments;
for (const [key, value] of Object.entries(head)) {
  const field = document.getElementById("head-" + key);
  field.value = value;
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, {bubbles: true}));
}
levels.forEach((value, at) => {
  const control = document.getElementById("choice-" + at);
  control.value = value;
  control.dispatchEvent(new Event("change"));
});
const wanted = new Set(ticks);
for (const box of document.querySelectorAll("input[type=checkbox]")) {
  if (box.checked !== wanted.has(box.id)) box.click();
}
return wanted.size;
"""


def fill_in(browser: Browser, drawn: Drawn) -> None:
    head = {**drawn.who, "year": str(drawn.year or ""), "stage": drawn.stage or ""}
    given = drawn.claimed if isinstance(drawn, Checked) else drawn.levels
    levels = [typed(drawn, given[code]) if code in given else "" for code in drawn.codes]
    accepted = drawn.accepted if isinstance(drawn, Checked) else {}
    ticks = [
        f"tick-{drawn.codes.index(code)}-{exact(level)}-{number}"
        for code, by_level in accepted.items()
        for level, numbers in by_level.items()
        for number in numbers
    ]
    assert browser.run(FILL, head, levels, ticks) == len(ticks)


def typed(drawn: Drawn, level: Fraction) -> str:
    """A level as its control takes it: a place among the choices, or a number that is typed."""
    scale = drawn.instrument.scale
    return shown(level) if scale.step is None else str(list(scale.levels()).index(level))


def in_decimals(drawn: Drawn) -> Drawn:
    """The sheet without thirds, which nobody types into the page; its evidence carries them."""
    given = drawn.claimed if isinstance(drawn, Checked) else drawn.levels
    for code, level in given.items():
        drawn.levels[code] = given[code] = Fraction(int(level * 100), 100)
    return drawn


@pytest.mark.parametrize("name", shipped_ids())
def test_what_the_page_saves_keeps_its_identity(
    browser: Browser, spbe: Spbe, tmp_path: Path, name: str
) -> None:
    page = tmp_path / "kalkulator.html"
    assert spbe("init", str(page), "--instrument", name, "--lang", "id").code == 0
    browser.open(page)
    browser.run("localStorage.clear()")
    browser.driver.refresh()
    browser.run(UNFOLD)
    time.sleep(0.3)
    browser.run(CATCH)
    kinds = [Drawn, Checked] if name in CHECKED else [Drawn]
    for seed in range(SHEETS):
        language = ("id", "en")[seed % 2]
        browser.run("document.querySelector(`[data-language=${arguments[0]}]`).click()", language)
        browser.run(UNFOLD)
        time.sleep(0.1)
        for kind in kinds:
            drawn = in_decimals(kind(seed, [name]))
            fill_in(browser, drawn)
            for button, file in (("save", "nilai.json"), ("save-csv", "nilai.csv")):
                text = browser.driver.execute_async_script(CAUGHT, button)
                (tmp_path / file).write_text(text, encoding="utf-8", newline="")
                found = identity(spbe, tmp_path / file)
                assert {**found, **drawn.expected()} == found, (seed, kind, file)
    assert browser.errors() == []
