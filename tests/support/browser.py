"""A real browser for the tests of pages: Debian's Chromium, without a network."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

__all__ = [
    "AXE",
    "CATCH",
    "CAUGHT",
    "FONTS",
    "UNFOLD",
    "Browser",
    "lacking",
    "started_browser",
    "wider_than",
]

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Letters set apart make any font wide: also where the widest in use is not installed.
FONTS = {
    "as given": "",
    "wide": '* { font-family: "DejaVu Sans", Verdana, sans-serif !important; }',
    "wider": "* { font-family: sans-serif !important; letter-spacing: .1em !important; }",
    "fixed": "* { font-family: monospace !important; }",
}
AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations"]}).then((found) => done(found.violations.map(
  (each) => each.id + ": " + each.nodes.map((node) => node.html.slice(0, 120)).join(" | "))));
"""

# The page to fill in: everything unfolded, and what it saves caught on its way to a file.
UNFOLD = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
CATCH = """
window.caught = [];
URL.createObjectURL = (blob) => { window.caught.push(blob); return "#"; };
HTMLAnchorElement.prototype.click = () => {};
"""
CAUGHT = """
const done = arguments[arguments.length - 1];
document.getElementById(arguments[0]).click();
window.caught.pop().text().then(done);
"""


class Browser:
    """A page in the browser, with what it logged and asked the network for."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, path: Path, *, width: int = 1280, media: str = "") -> None:
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media})
        self._log("browser")  # what earlier pages logged
        self._log("performance")
        self.driver.get(path.as_uri())

    def in_dark(self) -> None:
        features = [{"name": "prefers-color-scheme", "value": "dark"}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def dressed(self, style: str) -> None:
        """Lay rules over the page's own, which forbids every style element but its own."""
        self.run(
            "const sheet = new CSSStyleSheet(); sheet.replaceSync(arguments[0]);"
            "document.adoptedStyleSheets = [sheet];",
            style,
        )

    def run(self, script: str, *values: object) -> Any:  # noqa: ANN401
        return self.driver.execute_script(script, *values)

    def _log(self, name: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.driver.get_log(name)  # type: ignore[no-untyped-call]
        return entries

    def errors(self) -> list[str]:
        return [entry["message"] for entry in self._log("browser")]

    def requests(self) -> list[str]:
        events = (json.loads(e["message"])["message"] for e in self._log("performance"))
        return [
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
        ]


@contextmanager
def started_browser() -> Iterator[Browser]:
    """Start the browser; without one the test is skipped, or fails where it is required."""
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or chromedriver is None:
        lacking("Chromium or ChromeDriver is not installed")
        return
    options = Options()
    options.binary_location = chromium
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(chromedriver))
    yield Browser(driver)
    driver.quit()


def lacking(what: str) -> None:
    """Skip a test that needs what is not there, or fail where SPBE_REQUIRE_BROWSER asks for it."""
    if os.environ.get("SPBE_REQUIRE_BROWSER") == "1":
        pytest.fail(f"SPBE_REQUIRE_BROWSER is set: {what}")
    pytest.skip(what)


def wider_than(browser: Browser, width: int) -> list[str]:
    """What stands beyond the page's right edge."""
    wide: list[str] = browser.run(
        "const most = document.documentElement.clientWidth;"
        "return [...document.querySelectorAll('body *')]"
        ".filter((each) => each.getBoundingClientRect().right > most + 1)"
        ".map((each) => each.tagName + ': ' + each.textContent.slice(0, 60));"
    )
    scrolled: int = browser.run("return document.documentElement.scrollWidth")
    return [*wide, *([f"page: {scrolled}"] if scrolled > width else [])]
