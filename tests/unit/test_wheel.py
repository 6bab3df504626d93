"""The wheel, built from the sdist, holds all that the program needs; it works by itself."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

WORDS = {"__init__.py", "problems.en.yaml", "problems.id.yaml", "samples.yaml", "sentences.id.yaml"}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_data_files_are_there(unpacked: Path) -> None:
    data = unpacked / "spbe_cli" / "data"
    found = {str(path.relative_to(data)) for path in data.rglob("*.yaml")}
    assert found == {
        "indicators.yaml",
        "instruments/carried/pemdi-2026.yaml",
        "instruments/spbe-2018.yaml",
        "instruments/pemdi-2026.yaml",
        "instruments/epss-2022.yaml",
        "instruments/criteria/spbe-2020.yaml",
        "instruments/criteria/pemdi-2026.yaml",
    }
    assert {path.name for path in (unpacked / "spbe_cli" / "words").glob("*.*")} == WORDS
    assert (unpacked / "spbe_cli" / "py.typed").exists()
    assert not (unpacked / "tests").exists()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["score", "sheet.yaml"], "2.15"),
        (["score", "sheet.yaml", "--lang", "id"], "Predikat"),
        (["explain", "level-off-scale", "--lang", "id"], "perbaikan"),
        (["instrument", "list"], "pemdi-2026"),
        (["explain", "12"], "Peta Rencana"),
        (["schema", "spbe-score/1"], '"title": "spbe-score/1"'),
    ],
)
def test_it_works_away_from_the_checkout(
    unpacked: Path, tmp_path: Path, arguments: list[str], expected: str
) -> None:
    (tmp_path / "sheet.yaml").write_bytes((ROOT / "examples/bandar-lampung-2023.yaml").read_bytes())
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); "
        "import spbe_cli; assert 'site' in spbe_cli.__file__; "
        "from spbe_cli.__main__ import main; main()"
    )
    found = subprocess.run(
        [sys.executable, "-I", "-c", code, str(unpacked), *arguments],
        cwd=tmp_path, capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert (found.returncode, found.stderr) == (0, "")
    assert expected in found.stdout
