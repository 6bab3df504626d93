"""Streams that are closed, full, gone or of another encoding: what is said, and how a run ends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from support.sheets import BANDAR_LAMPUNG
from support.tables import HEAD, row, table_text

SCORE = f"score {BANDAR_LAMPUNG}"
GATE = f"{SCORE} --min-index 5"


def shell(arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run `spbe ARGUMENTS` by a shell that opens and closes its streams."""
    command = f"{sys.executable} -m spbe_cli {arguments}"
    found = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=False,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "SPBE_LANG": "en", **environment},
        timeout=60,
    )
    assert b"Traceback" not in found.stderr
    assert b"bug" not in found.stderr
    return found


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (f"{SCORE} <&-", 0, b""),
        ("score - <&-", 4, b"[file-unreadable]"),
        ("batch - -o - <&-", 4, b"[file-unreadable]"),
        (f"{SCORE} >&-", 4, b"[output-unwritable]"),
        (f"{GATE} >&-", 4, b"[output-unwritable]"),
        ("--version >&-", 4, b"stdout"),
        ("--help >&-", 4, b"stdout"),
        (f"batch {BANDAR_LAMPUNG} -o - >&-", 4, b"[output-unwritable]"),
        (f"report {BANDAR_LAMPUNG} >&-", 4, b"[output-unwritable]"),
        ("score nowhere.yaml >&-", 4, b"[file-not-found]"),
        ("score tests/broken/level-off-scale.yaml >&-", 3, b"[level-off-scale]"),
        (f"{SCORE} 2>&-", 0, b""),
        (f"{GATE} 2>&-", 1, b""),
        ("score nowhere.yaml 2>&-", 4, b""),
        ("scor 2>&-", 2, b""),
        (f"{SCORE} 2>/dev/full", 0, b""),
        (f"{GATE} 2>/dev/full", 1, b""),
        ("score nowhere.yaml 2>/dev/full", 4, b""),
        ("check tests/broken/level-off-scale.yaml 2>/dev/full", 3, b""),
        ("scor 2>/dev/full", 2, b""),
        (f"{SCORE} >/dev/full 2>/dev/full", 4, b""),
        (f"{SCORE} <&- >&- 2>&-", 4, b""),
        (f"batch {BANDAR_LAMPUNG} -o - >/dev/full", 4, b"[output-unwritable]"),
        (f"{SCORE} | true", 0, b""),
        (f"{GATE} | true", 1, b"gate not met"),
        (f"batch {BANDAR_LAMPUNG} -o - --min-index 5 | true", 1, b"gate not met"),
        (f"report {BANDAR_LAMPUNG} | true", 0, b""),
    ],
)
def test_a_stream_that_cannot_be_used(arguments: str, code: int, said: bytes) -> None:
    found = shell(arguments)
    assert found.returncode == code, found
    assert said in found.stderr
    if not said and "2>" not in arguments:
        assert found.stderr == b""


def test_no_file_takes_the_place_of_a_closed_stream(tmp_path: Path) -> None:
    """A library that writes to the descriptor of stderr would write into it."""
    out = tmp_path / "out.json"
    found = shell(f"check nowhere.yaml {BANDAR_LAMPUNG} 2>&- >&-")
    assert found.returncode == 4
    found = shell(f"{SCORE} -f json -o {out} <&- >&- 2>&-")
    assert found.returncode == 0
    assert json.loads(out.read_text("utf-8"))["results"]


def test_a_table_through_a_reader_that_leaves(tmp_path: Path) -> None:
    table = tmp_path / "nilai.csv"
    table.write_text(table_text([HEAD, *(row(f"Kota {n}") for n in range(5000))]))
    found = shell(f"batch {table} -o - | head -1")
    assert (found.returncode, found.stdout.count(b"\n")) == (0, 1)
    assert b"5000" in found.stderr


def test_nothing_in_the_current_folder_is_run(tmp_path: Path) -> None:
    """A `typer.py` beside a score sheet is a file like any other."""
    planted = ("yaml", "typer", "rich", "pydantic", "json", "csv", "re", "enum", "typing", "polars")
    for name in planted:
        (tmp_path / f"{name}.py").write_text("raise SystemExit('run')")
    found = subprocess.run(
        [sys.executable, "-m", "spbe_cli", "batch", str(ROOT / BANDAR_LAMPUNG), "-o", "x.csv"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
    )
    assert (found.returncode, found.stdout) == (0, b""), found
    assert (tmp_path / "x.csv").exists()
