"""Every command that reads score sheets takes folders and patterns in place of files."""

import shutil
from pathlib import Path

import pytest
from conftest import ROOT, Spbe

JAMBI = ("kota-jambi-2022.yaml", "kota-jambi-2023.yaml")
COMMANDS = [
    ("score", "{now}"),
    ("plan", "{now}", "--target", "memuaskan"),
    ("levers", "{now}"),
    ("outlook", "{now}", "--agreement", "0.9"),
    ("outlook", "--calibrate", "{paired}"),
    ("rank", "{now}"),
    ("profile", "{now}"),
    ("whatif", "{now}", "--set", "12=4"),
    ("compare", "{before}", "{now}"),
]


@pytest.mark.parametrize("kind", ["folder", "pattern"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_folder_or_a_pattern_is_the_files_in_it(
    command: tuple[str, ...], kind: str, spbe: Spbe, tmp_path: Path
) -> None:
    here = {}
    pairs = zip(("before", "now", "paired"), (*JAMBI, "denpasar-2018.yaml"), strict=True)
    for folder, name in pairs:
        (tmp_path / folder).mkdir()
        shutil.copy(ROOT / "examples" / name, tmp_path / folder / name)
        (tmp_path / folder / "~$nilai.xlsx").write_bytes(b"")
        here[folder] = (tmp_path / folder / name, tmp_path / folder)
    asked = [
        [part.format(**{key: form(paths, kind) for key, paths in here.items()}) for part in command]
        for form in (lambda paths, _: paths[0], lambda paths, kind: opened(paths[1], kind))
    ]
    of_file, of_folder = (spbe(*each, "-f", "csv") for each in asked)
    assert (of_folder.code, of_folder.out) == (of_file.code, of_file.out)
    assert of_file.out


def opened(folder: Path, kind: str) -> str:
    return str(folder) if kind == "folder" else f"{folder}/*.yaml"


@pytest.mark.parametrize("kind", ["folder", "pattern"])
def test_check_counts_the_files_in_it(kind: str, spbe: Spbe, tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples" / JAMBI[1], tmp_path)
    found = spbe("check", opened(tmp_path, kind))
    assert found.code == 0
    assert "files: 1, score sheets: 1" in found.out
