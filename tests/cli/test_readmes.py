"""The first pages: each links the other, and what the officer's one tells to type can be typed."""

import re
import shlex
from pathlib import Path

import pytest
from conftest import ROOT, Spbe

OFFICER = (ROOT / "README.id.md").read_text("utf-8")
ENGINEER = (ROOT / "README.md").read_text("utf-8")


def test_each_links_the_other() -> None:
    assert "](README.md)" in OFFICER
    assert "](README.id.md)" in ENGINEER


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", OFFICER))
def test_every_link_of_the_officer_is_there(link: str) -> None:
    assert (ROOT / link).exists()


def test_the_lines_for_windows_work_there() -> None:
    (block,) = re.findall(r"```powershell\n(.*?)```", OFFICER, re.DOTALL)
    assert block.splitlines()[0].startswith("py -m pip install ")
    assert not re.search(r"&&|python3|\\$|/", block)
    assert "&&" not in OFFICER


def test_form_and_report_are_written_as_told(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (form,) = re.findall(r"`spbe (init [^`]+)`", OFFICER)
    (report,) = re.findall(r"^spbe (report .*)$", OFFICER, re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for told in (form, report):
        assert spbe(*shlex.split(told), SPBE_LANG="id").code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"examples", "nilai.xlsx", "laporan.docx"}
    assert "[level-missing]" in spbe("score", "nilai.xlsx", SPBE_LANG="id").err
