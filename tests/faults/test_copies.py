"""Reports that copies of the process write: the same pages and faults, and nothing is left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from conftest import ROOT, Outcome, Spbe
from support.processes import is_left
from support.tables import HEAD, row, table_text

from spbe_cli.cli import copies, files, report
from spbe_cli.core.score import Reading
from spbe_cli.read.fork import copy_for

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no process of its own")

COUNT = 47
"""How many institutions: the last part is not a full one."""
FAULTY = "Kota 23"
HERE = os.getpid()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return a table of institutions with random levels."""
    chance = Random(18)
    rows = [row(f"Kota {number}") for number in range(COUNT)]
    for each in rows:
        each[4:] = [str(chance.randint(1, 5)) for _ in range(47)]
    made = tmp_path / "nilai.csv"
    made.write_text(table_text([HEAD, *rows]), encoding="utf-8")
    return made


@pytest.fixture
def written(
    spbe: Spbe, monkeypatch: pytest.MonkeyPatch, table: Path, tmp_path: Path
) -> Callable[..., tuple[Outcome, dict[str, bytes]]]:
    """Return a function that writes all reports with so many copies: how it ended, and the files.

    Nothing but the files is left, and no process.
    """

    def call(number: int, *options: str) -> tuple[Outcome, dict[str, bytes]]:
        folder = tmp_path / "laporan"
        begun: list[int] = []

        def noted(*asked: object) -> object:
            copy = copy_for(*asked)  # type: ignore[arg-type]
            assert copy is not None
            begun.append(copy.process)
            return copy

        with monkeypatch.context() as patched:
            patched.setattr(copies, "copies_for", lambda _: number)
            patched.setattr(copies, "copy_for", noted)
            ran = spbe("report", str(table), "--output-dir", str(folder), *options)
        assert len(begun) == number
        for process in begun:
            with pytest.raises(ChildProcessError):  # it is no child any more
                os.waitpid(process, os.WNOHANG)
        found = {path.name: path.read_bytes() for path in folder.glob("*")}
        for name in found:
            (folder / name).unlink()
        with suppress(FileNotFoundError):
            folder.rmdir()
        assert [path.name for path in tmp_path.iterdir()] == [table.name]
        return ran, found

    return call


Written = Callable[..., tuple[Outcome, dict[str, bytes]]]
Rendered = Callable[..., tuple[str | bytes, object]]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., object]], None]:
    """Return a function that lets the report of one institution go wrong in some way."""

    def call(fault: Callable[..., object]) -> None:
        rendered: Rendered = vars(report)["_rendered"]

        def faulty(run: object, source: object, render: object, reading: Reading) -> object:
            if reading.assessment.institution == FAULTY:
                fault(run)
            return rendered(run, source, render, reading)

        monkeypatch.setattr(report, "_rendered", faulty)

    return call


@pytest.mark.parametrize(
    "options",
    [
        ("--lang", "id"),
        ("--lang", "en", "--target", "memuaskan", "--peers", "examples/national-2023.csv"),
        ("-f", "md", "--full"),
        ("-f", "xlsx"),
    ],
    ids=" ".join,
)
def test_copies_write_what_one_process_writes(written: Written, options: tuple[str, ...]) -> None:
    alone, pages = written(0, *options)
    shared, others = written(3, *options)
    assert (alone.code, len(pages)) == (0, COUNT + 1)
    assert shared == alone
    assert others == pages


@pytest.mark.parametrize("number", [1, 2, 4])
def test_what_a_copy_dies_of_is_made_here(
    written: Written, failing: Callable[[Callable[..., object]], None], number: int
) -> None:
    alone, pages = written(0)

    def die(_: object) -> None:
        if os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)

    failing(die)
    shared, others = written(number)
    assert shared == alone
    assert others == pages


def full(_: object) -> None:
    raise OSError(28, os.strerror(28))


def of_ours(_: object) -> None:
    raise RuntimeError("never meant to be")


def refused(run: object) -> None:
    run.refuse(report.misuse("date-wrong", "--date", found="x"))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (full, 4, "[output-unwritable]"),
        (of_ours, 70, "RuntimeError"),
        (refused, 2, "[date-wrong]"),
    ],
)
def test_a_fault_is_said_as_if_there_were_no_copies(
    written: Written,
    failing: Callable[[Callable[..., object]], None],
    fault: Callable[[object], None],
    code: int,
    said: str,
) -> None:
    failing(fault)
    alone, none = written(0)
    shared, left = written(2)
    assert (alone.code, none, left) == (code, {}, {})
    assert said in alone.err
    assert shared == alone


@pytest.mark.parametrize("number", [1, 2, 64])
def test_copies_are_for_many_things_and_several_processors(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(number)), raising=False)
    assert copies.copies_for(copies.FEWEST - 1) == 0
    assert copies.copies_for(copies.FEWEST) == {1: 0, 2: 2, 64: 4}[number]
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: number)
    assert copies.copies_for(copies.FEWEST) == {1: 0, 2: 2, 64: 4}[number]
    monkeypatch.delattr(os, "fork")
    assert copies.copies_for(10_000) == 0


def test_where_the_system_gives_no_process_all_is_made_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    forks = iter([os.fork])

    def fork() -> int:
        for each in forks:
            return each()
        raise BlockingIOError(11, os.strerror(11))

    monkeypatch.setattr(copies, "copies_for", lambda _: 2)
    monkeypatch.setattr(os, "fork", fork)
    with copies.shared_out(lambda number: number, 13) as found:
        assert list(found) == list(range(13))
    with copies.shared_out(lambda number: number, 7) as found:
        assert list(found) == list(range(7))
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("a copy of what is to be alone"))
    with copies.shared_out(lambda number: number, 7, alone=True) as found:
        assert list(found) == list(range(7))


WITH_COPIES = """
import sys
from spbe_cli.cli import copies
from spbe_cli.cli.run import run
copies.copies_for = lambda count: 3
sys.exit(run(sys.argv[1:]))
"""


@pytest.fixture
def begun(table: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Return a run in a group of its own, of which some pages are written by copies."""
    rows = [row(f"Kota {number}") for number in range(1500)]
    table.write_text(table_text([HEAD, *rows]), encoding="utf-8")
    command = [sys.executable, "-c", WITH_COPIES, "report", str(table)]
    command += ["--output-dir", str(tmp_path / "laporan")]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as run:
        try:
            while run.poll() is None and len(list(tmp_path.glob(".spbe-*/*.html"))) < 9:
                time.sleep(0.01)
            yield run
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(run.pid, signal.SIGKILL)


@pytest.mark.parametrize("to_all", [True, False], ids=["Ctrl-C", "to the one"])
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_request_to_end_leaves_nothing(
    begun: subprocess.Popen[bytes], tmp_path: Path, ending: signal.Signals, *, to_all: bool
) -> None:
    (os.killpg if to_all else os.kill)(begun.pid, ending)
    _, said = begun.communicate(timeout=60)
    assert (begun.returncode, said) == (130, b"")
    assert not is_left(begun.pid)
    assert [path.name for path in tmp_path.iterdir()] == ["nilai.csv"]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_end_waits_until_what_was_replaced_is_removed(
    spbe: Spbe,
    monkeypatch: pytest.MonkeyPatch,
    table: Path,
    tmp_path: Path,
    ending: signal.Signals,
) -> None:
    """Nothing temporary is left, and the folder holds the new pages: the request came too late."""
    folder = tmp_path / "laporan"
    written = ("report", str(table), "--output-dir", str(folder), "--force", "-f", "md")
    assert spbe(*written, "--lang", "en").code == 0
    remove = Path.unlink

    def asked(path: Path) -> None:
        if path.parent.name == "kept":
            os.kill(os.getpid(), ending)
        remove(path)

    monkeypatch.setattr(files, "_MANY", 20)
    monkeypatch.setattr(Path, "unlink", asked)
    assert spbe(*written, "--lang", "id").code == 130
    found = list(folder.iterdir())
    assert len(found) == COUNT + 1
    assert all(path.suffix in (".md", ".html") for path in found)
    assert 'lang="id"' in (folder / "index.html").read_text("utf-8")


def test_copies_of_a_run_that_is_killed_end_as_well(begun: subprocess.Popen[bytes]) -> None:
    os.kill(begun.pid, signal.SIGKILL)
    assert begun.wait(60) == -signal.SIGKILL
    assert not is_left(begun.pid)
