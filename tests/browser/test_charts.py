"""Charts in a real browser: no text on another, none outside, no page wider than a phone."""

from pathlib import Path

import pytest
from conftest import Spbe
from support.browser import AXE, FONTS, Browser, wider_than

NATIONAL = "examples/national-2023.csv"
LONG = "Pemerintah Kabupaten " + "Kepulauan Anak Agung Gde Raja Wijayakusumanegara " * 6
PAGES = {
    "rank": ("rank", NATIONAL, "--by", "category", "--top", "4"),
    "around": ("rank", NATIONAL, "--category", "kota", "--around", "kota jambi"),
    "profile": ("profile", NATIONAL, "--target", "baik"),
    "slope": ("compare", "examples/kota-jambi-2022.yaml", "examples/kota-jambi-2023.yaml"),
    "trend": ("compare", *(["examples/kota-jambi-2022.yaml", "examples/kota-jambi-2023.yaml"] * 5)),
    "two-indices": ("compare", "examples/kota-jambi-2023.yaml",
                    "examples/kab-aceh-tengah-2026.yaml"),
    "long": ("rank", "TABLE"),
}  # fmt: skip

# The texts of each picture that lie on one another by more than a hair, or outside of it.
OVERLAPS = """
const found = [];
for (const svg of document.querySelectorAll("svg.chart")) {
  const whole = svg.getBoundingClientRect(), em = whole.width / 420;
  const texts = [...svg.querySelectorAll("text")].map((t) => [t, t.getBoundingClientRect()]);
  texts.forEach(([text, box], at) => {
    if (box.left < whole.left - 1 || box.right > whole.right + 1 || box.bottom > whole.bottom + 1)
      found.push("outside: " + text.textContent);
    for (const [other, its] of texts.slice(at + 1)) {
      const across = Math.min(box.right, its.right) - Math.max(box.left, its.left);
      const down = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
      if (across > 1 && down > 4.5 * em)
        found.push(text.textContent + " | " + other.textContent);
    }
  });
}
return found;
"""


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("name", PAGES)
def test_charts_on_a_page(
    browser: Browser, spbe: Spbe, tmp_path: Path, name: str, language: str
) -> None:
    rows = [f"{each[:330]},kab,Jambi,2023,3.00\n" for each in (LONG + "A", "W" * 330, "Kota Satu")]
    table = tmp_path / "tabel.csv"
    table.write_text("institution,category,province,year,index\n" + "".join(rows), "utf-8")
    arguments = [str(table) if each == "TABLE" else each for each in PAGES[name]]
    path = tmp_path / "halaman.html"
    assert spbe(*arguments, "-o", str(path), "--lang", language).code == 0
    for width, media in ((390, ""), (1280, ""), (680, "print")):
        browser.open(path, width=width, media=media)
        assert browser.errors() == []
        assert browser.requests() == [path.as_uri()]
        for font, style in FONTS.items():
            browser.dressed(style)
            assert (font, wider_than(browser, width)) == (font, [])
            if font in ("as given", "wide"):
                assert (font, browser.run(OVERLAPS)) == (font, [])


@pytest.mark.parametrize("name", ["rank", "profile", "slope", "trend"])
def test_charts_are_accessible(
    browser: Browser, axe: str, spbe: Spbe, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "halaman.html"
    assert spbe(*PAGES[name], "-o", str(path), "--lang", "id").code == 0
    browser.open(path, width=390)
    browser.run(axe)
    assert browser.driver.execute_async_script(AXE) == []
