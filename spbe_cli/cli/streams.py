"""How a run ends: exit codes, streams, and files written whole."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from spbe_cli.core.problem import Problem, Severity

if TYPE_CHECKING:  # what answers before anything is read, `spbe --version`, pays for this module
    from pathlib import Path


class ExitCode(IntEnum):
    """The exit codes, all of them."""

    DONE = 0
    GATE_NOT_MET = 1
    USAGE = 2
    INVALID = 3
    UNREADABLE = 4
    BUG = 70
    INTERRUPTED = 130


def exit_code_of(problems: Iterable[Problem]) -> ExitCode:
    """Return the code of the gravest problem: wrong usage, then files, then data."""
    found = {problem.severity for problem in problems}
    if Severity.USAGE in found:
        return ExitCode.USAGE
    if Severity.UNREADABLE in found:
        return ExitCode.UNREADABLE
    return ExitCode.INVALID if Severity.ERROR in found else ExitCode.DONE


def open_closed_streams() -> None:
    """Give a stream that the caller has closed (`>&-`) somewhere to go."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


def leave_stdout() -> None:
    """Turn a broken stdout away, so that Python's flush at exit finds nothing to complain of."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_safely(stream: TextIO, text: str) -> None:
    """Write text; a character that the stream's encoding lacks is spelled out, never lost."""
    try:
        stream.write(text)
    except UnicodeEncodeError as error:
        stream.write(text.encode(error.encoding, "backslashreplace").decode(error.encoding))


def write_answer(answer: str | bytes) -> None:
    """Write an answer to standard output: text in its encoding, bytes as they are."""
    if isinstance(answer, str):
        write_safely(sys.stdout, answer)
    else:
        sys.stdout.buffer.write(answer)
    sys.stdout.flush()


def copy_to_stdout(content: BinaryIO) -> None:
    """Copy bytes to standard output as they are."""
    import shutil

    sys.stdout.flush()
    shutil.copyfileobj(content, sys.stdout.buffer)
    sys.stdout.flush()


@contextmanager
def whole_file(path: "Path") -> Iterator[BinaryIO]:
    """Give a file to write to that takes its final name only when the block ends without an error.

    It stands beside its final name until then, and is gone if anything goes wrong. A device or a
    named pipe cannot be replaced and is written to as it is.

    Raises:
        OSError: if the folder or the file cannot be written.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
        return
    path = path.resolve()  # through a link, to the file that it names
    temporary = path.with_name(f".spbe-{os.getpid()}-{path.name[:100]}.tmp")
    try:
        with temporary.open("w+b") as stream:
            yield stream
        if path.exists():
            import shutil

            shutil.copymode(path, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_file(path: "Path", content: bytes) -> None:
    """Write a file whole or not at all; OSError as for `whole_file`."""
    with whole_file(path) as stream:
        stream.write(content)


@contextmanager
def whole_folder(path: "Path") -> "Iterator[Path]":
    """Give a folder to fill, whose files come to `path` only when the block ends without an error.

    Files of the same names are replaced, others that are there stay.

    Raises:
        OSError: if the folder or a file in it cannot be written.
    """
    import shutil

    path = path.resolve()
    temporary = path.with_name(f".spbe-{os.getpid()}-{path.name[:100]}.tmp")
    temporary.mkdir()
    try:
        yield temporary
        if path.is_dir():
            for file in temporary.iterdir():
                file.replace(path / file.name)
        else:
            temporary.rename(path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def ended_like_an_interrupt() -> Iterator[None]:
    """Let a request to end undo what was begun, as Ctrl-C does: no half file is left."""
    import signal

    def end(*_: Any) -> None:  # noqa: ANN401
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
