"""What is public is written down, and typed: mypy knows every call of a user."""

import json
import subprocess
import sys
from pathlib import Path

from conftest import ROOT

import spbe_cli
from spbe_cli import batch

USER = ROOT / "tests" / "support" / "user.py"


def test_every_public_name_has_its_section() -> None:
    page = (ROOT / "docs" / "python.md").read_text("utf-8")
    for name in (*spbe_cli.__all__, *batch.__all__):
        assert f"\n### {name}\n" in page or f"\n### {name}(" in page


def test_a_users_file_calls_every_public_function_and_is_typed(tmp_path: Path) -> None:
    text = USER.read_text("utf-8")
    names = [*spbe_cli.__all__, *batch.__all__]
    called = [name for name in names if not isinstance(getattr(spbe_cli, name, None), type)]
    assert [name for name in called if f"{name}(" not in text] == []
    copy = tmp_path / "user.py"
    copy.write_text(text, "utf-8")
    cache = str(tmp_path / "cache")
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", cache, "--config-file="]
    command += ["--ignore-missing-imports"]  # engines that are not installed
    found = subprocess.run([*command, str(copy)], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout
    copy.write_text(text + "\nplan('spbe-2020', assessment, target=3.1)\nscore(1, assessment)\n")
    wrong = subprocess.run([*command, str(copy)], capture_output=True, text=True, check=False)
    assert wrong.stdout.count("[arg-type]") == 2


def test_the_notebook_is_executed_and_shows_at_most_a_screen_a_cell() -> None:
    """test_generated holds it to what its cells give; here that they give what is wanted."""
    cells = json.loads((ROOT / "examples" / "nasional.ipynb").read_text("utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    called = "".join("".join(cell["source"]) for cell in code)
    for name in ("read_population", "rank", "profile", "audit", "compare", "plan", "score_frame"):
        assert f"{name}(" in called
    for cell in code:
        (shown,) = cell["outputs"]
        assert len(shown["data"]["text/plain"]) <= 24
        page = "".join(shown["data"].get("text/html", []))
        assert page.count("<tr>") + page.count("<p") <= 45
    assert any("image/svg+xml" in cell["outputs"][0]["data"] for cell in code)
