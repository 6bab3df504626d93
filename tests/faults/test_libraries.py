"""A library that dies of one workbook takes neither the run nor the other files with it."""

import csv
import faulthandler
import io
import os
import re
import shutil
import signal
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import ROOT, Spbe

from spbe_cli.read import fork, spreadsheet
from spbe_cli.read.text import File

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no process of its own")
DEADLY = b"deadly"


def no_memory() -> None:
    try:
        bytearray(16 << 30)  # a system that promises more than it has would give it
    except MemoryError:
        os.abort()  # as libraries in Rust do


def for_ever() -> None:
    while True:
        pass


WAYS: dict[str, tuple[Callable[[], object], str]] = {
    "abort": (os.abort, "SIGABRT"),
    "kill": (lambda: os.kill(os.getpid(), signal.SIGKILL), "SIGKILL"),
    "segfault": (lambda: os.kill(os.getpid(), signal.SIGSEGV), "SIGSEGV"),
    "memory": (no_memory, "SIGABRT"),
    "for ever": (for_ever, "SIG"),
    "exit": (lambda: os._exit(3), "MemoryError"),
}


@pytest.fixture(autouse=True)
def _silent_deaths() -> Iterator[None]:
    """Keep Python from printing where each of these processes stood when it died."""
    was = faulthandler.is_enabled()
    faulthandler.disable()
    yield
    if was:
        faulthandler.enable(sys.__stderr__ or 2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of two good sheets and a workbook that is deadly to a library."""
    made = tmp_path / "lembar"
    made.mkdir()
    shutil.copy(ROOT / "examples/bandar-lampung-2023.yaml", made / "a.yaml")
    for name in ("b.xlsx", "c.xlsx"):
        shutil.copy(ROOT / "examples/denpasar-2018.xlsx", made / name)
    with zipfile.ZipFile(made / "b.xlsx", "a") as archive:
        archive.comment = DEADLY
    return made


def dying(monkeypatch: pytest.MonkeyPatch, die: Callable[[], object]) -> None:
    """Let the reading of a workbook with the mark end in some way."""
    read = spreadsheet.read_spreadsheet

    def reading(file: File, wanted: str | None = None) -> object:
        if DEADLY in file.content:
            die()
        return read(file, wanted)

    monkeypatch.setattr(spreadsheet, "read_spreadsheet", reading)


@pytest.mark.parametrize("way", WAYS)
def test_a_batch_goes_on(
    spbe: Spbe, monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path: Path, way: str
) -> None:
    die, reason = WAYS[way]
    monkeypatch.setattr(fork, "LONGEST", 1)
    dying(monkeypatch, die)
    out, rejected = tmp_path / "out.csv", tmp_path / "rejects.csv"
    ran = spbe("batch", str(folder), "-o", str(out), "--rejects", str(rejected))
    assert ran.code == 0, ran.err
    with out.open(encoding="utf-8", newline="") as stream:
        names = [row["institution"] for row in csv.DictReader(stream)]
    assert len(names) == 2
    with rejected.open(encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert row["code"] == "workbook-reader-died"
    assert reason in str(row)
    assert "b.xlsx" in str(row)


def test_it_is_named_where_nothing_may_be_left_out(
    spbe: Spbe, monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path: Path
) -> None:
    dying(monkeypatch, os.abort)
    out = tmp_path / "out.csv"
    ran = spbe("batch", str(folder), "-o", str(out))
    assert (ran.code, out.exists()) == (3, False)
    assert "[workbook-reader-died]" in ran.err
    assert "b.xlsx" in ran.err


def test_a_library_that_really_dies(
    spbe: Spbe, monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path: Path
) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(folder / "c.xlsx") as before, zipfile.ZipFile(made, "w", 8) as after:
        for name in before.namelist():
            data = before.read(name)
            if name.endswith("sharedStrings.xml"):
                data = re.sub(rb'niqueCount="\d+"', b'niqueCount="99999999999"', data)
            after.writestr(name, data)
    (folder / "b.xlsx").write_bytes(made.getvalue())
    monkeypatch.setattr("spbe_cli.read.workbook._check_counts", lambda _: None)
    out = tmp_path / "out.csv"
    ran = spbe("batch", str(folder), "-o", str(out), "--skip-invalid")
    assert ran.code == 0, ran.err
    assert "workbook-reader-died" in ran.err
    assert "SIGABRT" in ran.err
    assert len(out.read_text().splitlines()) == 3


def test_what_is_read_apart_is_what_is_read_here() -> None:
    for path in sorted((ROOT / "examples").glob("*.xlsx")):
        file = File(str(path), path.read_bytes())
        grids, problems = spreadsheet.read_spreadsheet(file)
        with fork.apart():
            others, said = fork.grids_of_workbook(file, None)
        assert [(each.rows, each.marks, each.spans) for each in others] == [
            (each.rows, each.marks, each.spans) for each in grids
        ]
        assert [each.place_of(0, 0) for each in others] == [each.place_of(0, 0) for each in grids]
        assert said == problems


def test_no_process_is_left(spbe: Spbe, folder: Path, tmp_path: Path) -> None:
    before = children()
    spbe("batch", str(folder), "-o", str(tmp_path / "out.csv"), "--skip-invalid")
    assert children() == before


def children() -> set[str]:
    """Return the processes of which this one is the parent."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            parent = path.read_text().rpartition(")")[2].split()[1]
            found |= {path.parent.name} if parent == str(os.getpid()) else set()
    return found


def test_one_file_is_read_here(
    spbe: Spbe, monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("a process for a single file"))
    ran = spbe("batch", str(folder / "c.xlsx"), "-o", str(tmp_path / "out.csv"))
    assert ran.code == 0, ran.err


def test_without_such_processes_files_are_read_here(
    spbe: Spbe, monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path: Path
) -> None:
    monkeypatch.delattr(os, "fork")
    out = tmp_path / "out.csv"
    ran = spbe("batch", str(folder), "-o", str(out))
    assert ran.code == 0, ran.err
    assert len(out.read_text().splitlines()) == 4
