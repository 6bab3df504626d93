"""The README and the command reference say what the program does, to the letter."""

import contextlib
import io
import re
import shlex

import pytest
from conftest import ROOT, Spbe

README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CONSOLE = [
    pytest.param(block, id=f"{page.name}-{number}")
    for page in PAGES
    for number, block in enumerate(
        re.findall(r"```console\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    )
]
PYTHON = [
    block
    for page in PAGES
    for block in re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
]


@pytest.mark.parametrize("block", CONSOLE)
def test_console_blocks(spbe: Spbe, block: str) -> None:
    said = []
    for line in block.splitlines():
        if line.startswith("$ "):
            words = shlex.split(line[2:])
            assert words[0] == "spbe"
            found = spbe(*words[1:])
            said.append(f"{line}\n{found.out}{found.err}")
    assert "".join(said) == block


@pytest.mark.parametrize("block", PYTHON, ids=range(len(PYTHON)))
def test_python_blocks(block: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A comment at the end of a print is what it prints."""
    monkeypatch.chdir(ROOT)
    expected = re.findall(r"^print\(.*\)  # (.*)$", block, re.MULTILINE)
    assert expected
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(block, "README.md", "exec"), {})  # noqa: S102
    assert printed.getvalue().splitlines() == expected


def test_the_two_commands_are_what_ci_runs() -> None:
    commands = re.findall(r"^python3 -m pip install .*$", README, re.MULTILINE)
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert len(commands) == 2
    for command in commands:
        assert command in script


def test_links_lead_somewhere() -> None:
    for page in (*PAGES, ROOT / "CONTRIBUTING.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
