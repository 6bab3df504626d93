"""The first pages: each links the other, and what the officer's one tells to type can be typed."""

import re
import shlex
from pathlib import Path

import docx
import pytest
from conftest import ROOT, Spbe

PAGES = sorted((ROOT / "docs" / "id").glob("*.md"))
OFFICER = (ROOT / "README.id.md").read_text("utf-8")
ENGINEER = (ROOT / "README.md").read_text("utf-8")


def test_each_links_the_other() -> None:
    assert "](README.md)" in OFFICER
    assert "](README.id.md)" in ENGINEER


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", OFFICER))
def test_every_link_of_the_officer_is_there(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_in_indonesian_is_there(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_a_page_can_be_typed(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: Path
) -> None:
    """What answers stands below it, held by scripts/generate.py; what writes a file is run here."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    letterhead = docx.Document()
    letterhead.add_paragraph("{{ institution }}")
    letterhead.save(str(tmp_path / "kop-surat.docx"))
    for block in re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        for line in block.splitlines():
            program, *typed = shlex.split(line)
            assert program == "spbe"
            found = spbe(*typed, SPBE_LANG="id")
            assert found.code == 0, found.err
            assert (tmp_path / typed[typed.index("-o") + 1]).exists() if "-o" in typed else True


def test_every_file_of_a_page_is_read_as_it_says(spbe: Spbe, tmp_path: Path) -> None:
    """A sheet with the keys of formulir.md, and the costs of rencana.md."""
    texts = [page.read_text("utf-8") for page in PAGES]
    blocks = [b for text in texts for b in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)]
    sheets = [block for block in blocks if block.startswith("instansi:")]
    assert len(blocks) == 2
    for block in blocks:
        (tmp_path / "berkas.yaml").write_text(block, encoding="utf-8")
        if block in sheets:
            found = spbe("score", str(tmp_path / "berkas.yaml"), "--missing", "bounds")
            assert "Pemerintah Kota Contoh, 2024, stage self" in found.out
        else:
            plan = ("plan", "examples/bandar-lampung-2023.yaml", "--costs")
            found = spbe(*plan, str(tmp_path / "berkas.yaml"), "--brief")
        assert found.code == 0, found.err


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(block, id=f"{page.name}-{number}")
        for page in (*PAGES, ROOT / "README.id.md")
        for number, block in enumerate(
            re.findall(r"```console\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
        )
    ],
)
def test_a_block_in_indonesian_is_what_the_command_answers(spbe: Spbe, block: str) -> None:
    said = []
    for line in re.findall(r"(?m)^\$ spbe (.*)$", block):
        found = spbe(*shlex.split(line), SPBE_LANG="id")
        said.append(f"$ spbe {line}\n{found.out}{found.err}")
    assert "".join(said) == block


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
