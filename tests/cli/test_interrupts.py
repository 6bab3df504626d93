"""Signals while `spbe batch` waits for its input: the first one is heard, and nothing is left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from support.tables import HEAD, cells_of, row, table_text


@pytest.fixture
def one_processor() -> Iterator[None]:
    """Let this process and those that it starts take turns, as on a busy machine."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(every)})
    yield
    os.sched_setaffinity(0, every)


@pytest.mark.usefixtures("one_processor")
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("given", ["in.csv", "-"])
def test_an_interrupted_run_leaves_no_half_file(
    tmp_path: Path, ending: signal.Signals, given: str
) -> None:
    """The signal comes together with the first bytes, and no others ever do."""
    os.mkfifo(tmp_path / "in.csv")
    command = [sys.executable, "-m", "spbe_cli", "batch", given, "-o", "out.csv"]
    with subprocess.Popen(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE
    ) as run:
        assert run.stdin is not None
        pipe = run.stdin if given == "-" else (tmp_path / given).open("wb")  # waits for the run
        with pipe:
            while not list(tmp_path.glob(".spbe-*")):
                time.sleep(0.01)
            time.sleep(0.2)  # by then it waits for them
            pipe.write(",".join(HEAD).encode())
            pipe.flush()
            run.send_signal(ending)
            assert run.wait(20) == 130
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_what_comes_through_a_pipe_in_pieces_is_read_to_its_end(tmp_path: Path) -> None:
    """A signal that ends nothing does not end the input either."""
    content = table_text([HEAD, *(row(f"Kota {n}") for n in range(5000))]).encode()
    out = tmp_path / "out.csv"
    heard = "import signal, sys; from spbe_cli.cli.run import run;"
    heard += "signal.signal(signal.SIGUSR1, lambda *_: None); sys.exit(run(sys.argv[1:]))"
    command = [sys.executable, "-c", heard, "batch", "-", "-o", str(out)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as run:
        assert run.stdin is not None
        while not list(tmp_path.glob(".spbe-*")):
            time.sleep(0.01)
        for piece in (content[:100], content[100:90_000], content[90_000:]):
            run.stdin.write(piece)
            run.stdin.flush()
            run.send_signal(signal.SIGUSR1)
        run.stdin.close()
        assert run.wait(20) == 0
    assert len(cells_of(out.read_text("utf-8"))) == 5001
