# ruff: noqa: INP001  (a script, not a package)
"""Command lines run in a checkout, each in a fork of a process that is warm: for samebytes.py."""

import contextlib
import gc
import importlib
import io
import json
import os
import re
import runpy
import shutil
import signal
import subprocess
import sys
import termios
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Checkout", "Line", "Ran", "Step", "opened"]

MADE = ("schemas", "docs/commands.md", "docs/problems.md", "docs/score.svg")
WARM = "typer.main pydantic.main pydantic.fields pydantic.types pydantic.functional_validators yaml"
WARM += " rich.console rich.table rich.text jinja2 python_calamine docx docxtpl xlsxwriter typst"
SECONDS = 600


class Step(NamedTuple):
    """One command of a line: `NAME=VALUE command argument ... < stdin > stdout`."""

    environment: dict[str, str]
    arguments: list[str]
    stdin: str
    stdout: str


class Line(NamedTuple):
    """Commands that run one after the other in a folder of their own."""

    text: str
    steps: list[Step]


class Ran(NamedTuple):
    """What a line gave: exit codes, and by name the streams and the files that it wrote."""

    codes: list[int]
    parts: dict[str, bytes]


def opened(ran: Ran) -> dict[str, bytes]:
    """Return the parts, and the parts within those that are ZIP archives (Word, Excel)."""
    inner: dict[str, bytes] = {}
    for name, content in ran.parts.items():
        if content.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                inner |= {f"{name}/{part}": archive.read(part) for part in archive.namelist()}
    return ran.parts | inner


def serve(root: str, asking: int, answering: int) -> None:
    """Run what is asked for, each in a fork; in the fork, return when it is over."""
    sys.path[0] = root
    for name in WARM.split():
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    with os.fdopen(asking) as asked, os.fdopen(answering, "w") as answers:
        for text in asked:
            job = json.loads(text)
            screen, there = _terminal() if job["stdout"] == "tty" else (None, -1)
            child = os.fork()
            if child == 0:
                _run(job, there)
            if screen is not None:
                os.close(there)
                _copy(screen, job["parts"] + ".stdout")
            _, status = os.waitpid(child, 0)
            answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
            answers.flush()


def _terminal() -> tuple[int, int]:
    screen, there = os.openpty()
    termios.tcsetwinsize(there, (24, 100))
    return screen, there


def _copy(screen: int, path: str) -> None:
    """Copy what comes to the terminal, until nobody writes there any more."""
    with open(path, "wb") as file, contextlib.suppress(OSError):  # noqa: PTH123
        while content := os.read(screen, 65536):
            file.write(content)
    os.close(screen)


def _run(job: Mapping[str, Any], terminal: int) -> None:
    """Become `python -m spbe_cli ARGUMENTS` (or `python -c`), as if nothing had been before."""
    signal.alarm(SECONDS)
    os.chdir(job["folder"])
    os.environ.clear()
    os.environ.update(job["environment"])
    _redirect(job, terminal)
    arguments = job["arguments"]
    run = ["-c", *arguments[1:]] if arguments[:1] == ["python"] else ["-m", "spbe_cli", *arguments]
    if job["fresh"]:
        os.execv(sys.executable, [sys.executable, *run])  # noqa: S606
    if job["stdout"] == "closed":
        sys.stdout = None
    if encoding := os.environ.get("PYTHONIOENCODING"):
        for stream, errors in ((sys.stdout, "strict"), (sys.stderr, "backslashreplace")):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding=encoding, errors=errors)
    sys.argv[:] = ["-", *run[2:]]
    if run[0] == "-c":
        exec(compile(run[1], "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102
    else:
        runpy.run_module("spbe_cli", run_name="__main__", alter_sys=True)
    sys.exit()


def _redirect(job: Mapping[str, Any], terminal: int) -> None:
    writing = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    os.dup2(os.open(job["stdin"], os.O_RDONLY), 0)
    os.dup2(os.open(job["parts"] + ".stderr", writing), 2)
    if job["stdout"] == "closed":
        os.close(1)
    elif job["stdout"] == "tty":
        os.dup2(terminal, 1)
    elif job["stdout"] == "left":  # `| true`: a pipe that nobody reads
        reading, pipe = os.pipe()
        os.close(reading)
        os.dup2(pipe, 1)
    else:
        os.dup2(os.open(job["stdout"] or job["parts"] + ".stdout", writing), 1)


class Checkout:
    """A copy of a checkout with its process, and the folder in which its lines run."""

    def __init__(self, root: Path, inputs: Path, name: str) -> None:
        self._inputs, self._home = inputs, root.parent
        self._folder, self._parts = self._home / name, self._home / f"{name}.parts"
        self.environment = {"HOME": str(self._home), "LANG": "C.UTF-8", "PATH": os.environ["PATH"]}
        self.environment |= {"PYTHONPATH": str(root)}
        asked, asking = os.pipe()
        answered, answering = os.pipe()
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, __file__, str(root), str(asked), str(answering)],
            pass_fds=(asked, answering), env=self.environment, cwd=root,
        )  # fmt: skip
        os.close(asked)
        os.close(answering)
        self._asking, self._answers = os.fdopen(asking, "w"), os.fdopen(answered)

    def run(self, line: Line, *, fresh: bool = False) -> Ran:
        """Return what a line gives, in a folder with nothing but the inputs."""
        self._parts.mkdir()
        self._folder.mkdir()
        for given in self._inputs.iterdir():
            (self._folder / given.name).symlink_to(given)
        codes = [self._code(step, fresh=fresh) for step in line.steps]
        ran = Ran(codes, dict(self._found()))
        shutil.rmtree(self._folder)
        shutil.rmtree(self._parts)
        return ran

    def _code(self, step: Step, *, fresh: bool) -> int:
        job = step._asdict() | {"folder": str(self._folder), "fresh": fresh}
        job |= {"environment": self.environment | step.environment}
        job |= {"parts": str(self._parts / "all")}
        self._asking.write(json.dumps(job) + "\n")
        self._asking.flush()
        return int(self._answers.readline())

    def _found(self) -> Iterator[tuple[str, bytes]]:
        """Yield streams and written files, with the names of this checkout's folders left out."""
        for path in sorted(self._parts.iterdir()):
            said = path.read_bytes().replace(os.fsencode(self._home), b"HOME")
            yield path.suffix[1:], re.sub(rb"\.spbe-\d+-", b".spbe-PID-", said)
        for folder, folders, files in os.walk(self._folder):
            for path in (Path(folder, name) for name in sorted([*folders, *files])):
                name = str(path.relative_to(self._folder))
                if path.is_symlink():
                    if path.parent != self._folder or path.readlink().parent != self._inputs:
                        yield f"{name} ->", os.fsencode(path.readlink())
                elif path.is_file():
                    yield f"{name} {path.stat().st_mode & 0o777:o}", path.read_bytes()

    def made(self) -> Ran:
        """Return the files of the checkout that scripts/generate.py makes, before and after."""
        root = self._home / "house"
        before = dict(_files(root, "as it is: "))
        made = subprocess.run(
            [sys.executable, "scripts/generate.py"],
            cwd=root, env=self.environment, capture_output=True, check=False,
        )  # fmt: skip
        parts = {"stdout": made.stdout, "stderr": made.stderr.replace(os.fsencode(root), b"HOME")}
        return Ran([made.returncode], parts | before | dict(_files(root, "")))

    def end(self) -> None:
        """End the process."""
        self._asking.close()
        self._process.wait()
        self._answers.close()


def _files(root: Path, prefix: str) -> Iterator[tuple[str, bytes]]:
    for path in (root / name for name in MADE):
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            yield prefix + str(file.relative_to(root)), file.read_bytes()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
