"""LibreOffice opens reports in letterheads, and shows what stands around them."""

import subprocess
from pathlib import Path

from conftest import Spbe
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
