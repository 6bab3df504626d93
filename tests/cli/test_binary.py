"""The program of scripts/build_binary.py, in an empty folder and without Python on the path.

It takes minutes to build: .ci/long does, and names it in SPBE_BINARY.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, Spbe

SHEET = "bandar-lampung-2023.yaml"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    named = os.environ.get("SPBE_BINARY")
    if named is None:
        pytest.skip("SPBE_BINARY names no program (scripts/build_binary.py)")
    folder = tmp_path_factory.mktemp("without python") / "program"
    shutil.copytree(Path(named).parent, folder, symlinks=True)  # it works wherever it lies
    return folder / Path(named).name


def run(program: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(ROOT / "examples" / SHEET, folder)
    nothing = folder / "nothing"
    nothing.mkdir(exist_ok=True)
    ran = subprocess.run(
        [program, *arguments],
        cwd=folder,
        env={"PATH": str(nothing), "HOME": str(folder)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert "Traceback" not in ran.stderr
    return ran


def test_it_scores_and_checks_as_the_checkout_does(
    program: Path, tmp_path: Path, spbe: Spbe
) -> None:
    ran = run(program, tmp_path, "score", SHEET, "--format", "json")
    assert ran.returncode == 0, ran.stderr
    here = json.loads(spbe("score", str(tmp_path / SHEET), "--format", "json").out)
    found = json.loads(ran.stdout)
    here["results"][0]["source"] = found["results"][0]["source"]
    assert found == here
    checked = run(program, tmp_path, "check", SHEET, "--lang", "id")
    assert checked.returncode == 0, checked.stderr
    assert "47" in checked.stdout
    (tmp_path / "salah.csv").write_text("Kode;Nilai\n1;9\n2;3\n3;3\n", encoding="utf-8")
    wrong = run(program, tmp_path, "check", "salah.csv", "--lang", "id")
    assert wrong.returncode == 3
    assert "[level-off-scale]" in wrong.stderr
    assert run(program, tmp_path, "explain", "level-off-scale").returncode == 0


@pytest.mark.parametrize("ending", ["html", "md", "pdf", "docx", "xlsx"])
def test_it_writes_every_report(program: Path, tmp_path: Path, ending: str) -> None:
    ran = run(program, tmp_path, "report", SHEET, "-o", f"laporan.{ending}", "--lang", "id")
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / f"laporan.{ending}").stat().st_size > 5_000


@pytest.mark.parametrize("ending", ["yaml", "csv", "xlsx", "html"])
def test_its_forms_are_those_of_the_checkout(
    program: Path, tmp_path: Path, spbe: Spbe, ending: str
) -> None:
    made, here = tmp_path / f"nilai.{ending}", tmp_path / "here" / f"nilai.{ending}"
    here.parent.mkdir()
    ran = run(program, tmp_path, "init", made.name, "--year", "2026", "--lang", "id")
    assert ran.returncode == 0, ran.stderr
    assert spbe("init", str(here), "--year", "2026", "--lang", "id").code == 0
    assert made.read_bytes() == here.read_bytes() or ending == "xlsx"


def test_it_scores_tables(program: Path, tmp_path: Path) -> None:
    heading = ",".join(["institution", "year", *map(str, range(1, 48))])
    row = ",".join(["Kota Contoh", "2023", *["3"] * 47])
    (tmp_path / "banyak.csv").write_text(f"{heading}\n{row}\n", encoding="utf-8")
    ran = run(program, tmp_path, "batch", "banyak.csv", "-o", "hasil.csv")
    assert ran.returncode == 0, ran.stderr
    assert "3.00" in (tmp_path / "hasil.csv").read_text("utf-8")
