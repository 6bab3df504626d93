"""What the tests of pages share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.browser import Browser, lacking, started_browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with started_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, which finds what keeps people from using a page."""
    path = os.environ.get("SPBE_AXE")
    if path is None:
        lacking("SPBE_AXE names no axe.min.js (npm install axe-core)")
    return Path(path or "").read_text("utf-8")
