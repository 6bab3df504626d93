"""The files of a folder, and what batch writes: read by the commands that come after."""

import json
from pathlib import Path

import pytest
from conftest import Spbe
from support.office_sheets import HEADING, NAMES, SHEET, TOP, book, long, text

from spbe_cli.read.assessments import files_in


def named(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text(SHEET))


def found(*paths: Path) -> tuple[list[str], list[str]]:
    taken, problems = files_in([str(path) for path in paths])
    return [Path(path).name for path in taken], [problem.code for problem in problems]


def test_endings_of_all_kinds_are_one_folder(tmp_path: Path, spbe: Spbe) -> None:
    (tmp_path / "a.csv").write_bytes(text(SHEET, ";"))
    other = [["Instansi", "Kota Muara"], *TOP[1:], HEADING, *long()]
    (tmp_path / "b.xlsx").write_bytes(book({"Lembar": other}))
    whole = {"institution": "Kota Awan", "year": 2023, "levels": dict.fromkeys(NAMES, 3)}
    (tmp_path / "C.JSON").write_text(json.dumps(whole), encoding="utf-8")
    ran = spbe("batch", str(tmp_path), "-o", str(tmp_path / "keluar.jsonl"))
    assert ran.code == 0, ran.err
    lines = (tmp_path / "keluar.jsonl").read_text("utf-8").splitlines()
    assert sum('"index"' in line for line in lines) == 3


def test_lock_files_are_passed_over(tmp_path: Path) -> None:
    named(tmp_path, "a.csv", "~$a.xlsx", "~$b.ods", ".~lock.a.csv#")
    assert found(tmp_path) == (["a.csv"], [])


def test_a_pattern_takes_what_it_names(tmp_path: Path) -> None:
    named(tmp_path, "kota-a.csv", "kota-b.tsv", "kab-c.csv")
    assert found(tmp_path / "kota-*") == (["kota-a.csv", "kota-b.tsv"], [])


def test_folders_inside_are_searched(tmp_path: Path) -> None:
    named(tmp_path, "a.csv", "kota/b.csv", "kota/lama/c.csv", ".git/d.csv")
    assert found(tmp_path) == (["a.csv", "b.csv", "c.csv"], [])


def test_hidden_files_are_passed_over(tmp_path: Path) -> None:
    named(tmp_path, "a.csv", ".b.csv", ".c.xlsx")
    assert found(tmp_path) == (["a.csv"], [])


def test_kinds_that_are_not_read_are_named(tmp_path: Path) -> None:
    named(tmp_path, "a.csv", "b.pdf", "c.docx", "d.png")
    assert found(tmp_path) == (["a.csv"], ["files-not-read"])


def test_an_empty_folder_is_refused(tmp_path: Path, spbe: Spbe) -> None:
    (tmp_path / "kosong").mkdir()
    ran = spbe("score", str(tmp_path / "kosong"))
    assert ran.code in (2, 3)
    assert "kosong" in ran.err


def written(spbe: Spbe, folder: Path, ending: str, *how: str) -> str:
    rows = [["institution", "year", *NAMES]]
    rows += [[f"Kab. {n}", "2023", *(str(1 + (n + int(c)) % 5) for c in NAMES)] for n in range(4)]
    (folder / "nilai.csv").write_bytes(text(rows))
    out = folder / f"hasil.{ending}"
    ran = spbe("batch", str(folder / "nilai.csv"), "-o", str(out), *how)
    assert ran.code == 0, ran.err
    return str(out)


@pytest.mark.parametrize(
    ("ending", "how"),
    [("csv", ()), ("csv", ("--exact",)), ("xlsx", ()), ("jsonl", ()), ("parquet", ())],
)
def test_what_batch_writes_is_read_back(
    ending: str, how: tuple[str, ...], spbe: Spbe, tmp_path: Path
) -> None:
    out = written(spbe, tmp_path, ending, *how)
    for command in ("rank", "profile", "audit"):
        ran = spbe(command, out)
        assert (command, ran.code) == (command, 0), ran.err
    ranked = json.loads(spbe("rank", out, "--format", "json").out)
    assert json.dumps(ranked).count("Kab. ") >= 4
    (tmp_path / "a.csv").write_bytes(text(SHEET))
    report = str(tmp_path / "laporan.md")
    ran = spbe("report", str(tmp_path / "a.csv"), "--peers", out, "-o", report)
    assert ran.code == 0, ran.err
