"""What the tests share: the command line in this process, and as a process of its own."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from spbe_cli.cli.run import run
from spbe_cli.words import Words

ROOT = Path(__file__).parents[1]

# No timed assertion: a slow machine must not fail a law.
settings.register_profile("spbe", deadline=None, max_examples=100, print_blob=True)
settings.load_profile("spbe")

Words.strict = True  # a sentence without translation is a fault, in whatever language it is said


class Outcome(NamedTuple):
    """What a run left behind."""

    code: int
    out: str
    err: str


Spbe = Callable[..., Outcome]


@pytest.fixture
def spbe(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Spbe:
    """Return a function that runs `spbe ARGUMENTS` in the project's folder, 80 columns wide."""
    monkeypatch.chdir(ROOT)
    for name in ("NO_COLOR", "FORCE_COLOR", "GITHUB_ACTIONS", "SPBE_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")

    def call(*arguments: str, columns: int = 80, stdin: bytes = b"", **environment: str) -> Outcome:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        code = run(arguments)
        captured = capsys.readouterr()
        for name in environment:
            monkeypatch.delenv(name)
        return Outcome(int(code), captured.out, captured.err)

    return call


@pytest.fixture
def spbe_process() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Return a function that runs `spbe ARGUMENTS` as a process of its own."""

    def call(
        *arguments: str, stdin: bytes = b"", **environment: str
    ) -> subprocess.CompletedProcess[bytes]:
        clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
        return subprocess.run(
            [sys.executable, "-m", "spbe_cli", *arguments],
            input=stdin,
            capture_output=True,
            check=False,
            cwd=ROOT,
            env={**clean, "LANG": "C.UTF-8", **environment},
        )

    return call


class TextSnapshot(SingleFileSnapshotExtension):
    """One readable file a snapshot."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture
def text(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return a snapshot that is a text file of its own."""
    return snapshot.use_extension(TextSnapshot)
