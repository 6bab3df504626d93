"""LibreOffice opens reports in letterheads, and shows what stands around them."""

import subprocess
from pathlib import Path

from conftest import Spbe
from docx import Document
from pypdf import PdfReader
from support.letterheads import PLACED
from support.office import office

SHAPES = ("texts-beside", "cell-beside-a-logo", "cell-within-a-cell", "control-in-a-line",
          "section-ends-with-text", "bare-cell", "dotx")  # fmt: skip


def test_libreoffice_shows_the_report_between_what_stands_beside_it(
    spbe: Spbe, tmp_path: Path
) -> None:
    paths = []
    for name in SHAPES:
        (tmp_path / "kop").write_bytes(PLACED[name].content)
        paths.append(tmp_path / f"{name}.docx")
        ran = spbe("report", "examples/bandar-lampung-2023.yaml", "-o", str(paths[-1]),
                   "--template", str(tmp_path / "kop"))  # fmt: skip
        assert ran.code == 0, ran.err
    command = [office(), "--headless", f"-env:UserInstallation={(tmp_path / 'user').as_uri()}"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    for name in SHAPES:
        pages = [page.extract_text() for page in PdfReader(tmp_path / f"{name}.pdf").pages]
        text, shape = " ".join(" ".join(pages).split()), PLACED[name]
        first = [*shape.before, "Evaluation report", "Administrasi Pemerintahan"]
        places = [text.find(each.strip()) for each in first]
        places += [text.rfind(each.strip()) for each in shape.after]
        assert len(pages) > 3, name
        assert places == sorted(places), (name, places)
        assert -1 not in places, (name, places)


def test_libreoffice_shows_a_letter_of_an_office(spbe: Spbe, tmp_path: Path) -> None:
    word = Document()
    word.sections[0].header.paragraphs[0].text = "{{ institution | upper }}"
    row = word.add_table(1, 2).rows[0].cells
    row[0].text, row[1].text = "Nomor: {{ number }}", "{{ place }}, {{ date }}"
    word.add_paragraph("Hal: {{ title }}")
    word.add_paragraph("{{ report }}")
    word.save(str(tmp_path / "kop.docx"))
    ran = spbe("report", "examples/bandar-lampung-2023.yaml", "-o", str(tmp_path / "x.docx"),
               "--lang", "id", "--template", str(tmp_path / "kop.docx"), "--number", "045/12",
               "--date", "7-8-2024", "--place", "Teluk", "--signatory", "Ani|Kepala",
               "--signatory", "Budi|Wali Kota")  # fmt: skip
    assert (ran.code, ran.err) == (0, "")
    command = [office(), "--headless", f"-env:UserInstallation={(tmp_path / 'user').as_uri()}"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "x.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    pages = [page.extract_text() for page in PdfReader(tmp_path / "x.pdf").pages]
    first, whole = " ".join(pages[0].split()), " ".join(" ".join(pages).split())
    said = ("PEMERINTAH KOTA BANDAR LAMPUNG", "Nomor: 045/12", "Teluk, 7 Agustus 2024", "Hal: Lap")
    assert [each for each in said if each not in first] == []
    assert whole.count("045/12") == whole.count("7 Agustus 2024") == 1
    assert " ".join(pages[-1].split()).endswith("Kepala Ani Wali Kota Budi")
