"""How a run ends: exit codes, and the three streams."""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from enum import IntEnum
from typing import Any, BinaryIO, TextIO

from spbe_cli.core.problem import Problem, Severity


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
    """Put something in the place of streams that the caller has closed (`>&-`).

    Nobody hears what is said to a closed stderr. From a closed stdin nothing can be read and to a
    closed stdout nothing written: both fail as they did, but no file that is opened later takes
    their place, to be written into by whoever means the stream.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is not None:
            continue
        wrong_way = (os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)[number]
        descriptor = os.open(os.devnull, wrong_way)
        if descriptor != number:
            os.dup2(descriptor, number)
            os.close(descriptor)
        mode = "r" if name == "stdin" else "w"
        setattr(sys, name, open(number, mode, encoding="utf-8"))  # noqa: PTH123, SIM115


_ON_WINDOWS = os.name == "nt"
_HANDLES = {1: -11, 2: -12}
_OBEYS_ESCAPES = 4
"""What Windows calls stdout and stderr, and the bit of a console's mode that colours need."""


def obeys_colour(stream: TextIO) -> bool:
    """Return whether a stream is a terminal that takes colours, switched on where Windows has to.

    A console older than Windows 10 knows none, and would show the signs that ask for them.
    """
    if not stream.isatty():
        return False
    if not _ON_WINDOWS:
        return True
    import ctypes

    try:
        kernel: Any = getattr(ctypes, "windll").kernel32  # noqa: B009  (elsewhere there is none)
        handle, mode = kernel.GetStdHandle(_HANDLES[stream.fileno()]), ctypes.c_ulong()
        if not kernel.GetConsoleMode(handle, ctypes.byref(mode)):
            return False
        return bool(kernel.SetConsoleMode(handle, mode.value | _OBEYS_ESCAPES))
    except (OSError, ValueError, KeyError):  # a stream that stands on no console
        return False


def leave(stream: TextIO) -> None:
    """Turn a broken stream away, so that Python's flush at exit finds nothing to complain of."""
    with suppress(OSError, ValueError):  # a stream of a test stands on no descriptor
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def leave_stdout() -> None:
    """Turn a broken stdout away."""
    leave(sys.stdout)


def write_safely(stream: TextIO, text: str) -> None:
    """Write text; a character that the stream's encoding lacks is spelled out, never lost."""
    try:
        stream.write(text)
    except UnicodeEncodeError as error:
        stream.write(text.encode(error.encoding, "backslashreplace").decode(error.encoding))


def say(text: str) -> None:
    """Say something on stderr; where that is full or gone, the run goes on without it."""
    try:
        write_safely(sys.stderr, text)
        sys.stderr.flush()
    except (OSError, ValueError):
        leave(sys.stderr)


def in_utf_8(text: str) -> bytes:
    r"""Return text in UTF-8. What a file name may hold beside it is spelled out: `\udcff`.

    So JSON spells it as well, and it is read back as it was.
    """
    return text.encode("utf-8", "backslashreplace")


def write_answer(answer: str | bytes) -> None:
    """Write an answer to standard output: text in its encoding, bytes as they are.

    A reader that goes away has what it wanted; how the run ends is not its affair.
    """
    try:
        if isinstance(answer, str):
            write_safely(sys.stdout, answer)
        elif not hasattr(sys.stdout, "buffer"):  # a caller's own stream of text
            sys.stdout.write(answer.decode("utf-8", "replace"))
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(answer)
        sys.stdout.flush()
    except BrokenPipeError:
        leave_stdout()


def copy_to_stdout(content: BinaryIO) -> None:
    """Copy bytes to standard output as they are, as far as its reader wants them."""
    import shutil

    try:
        sys.stdout.flush()
        shutil.copyfileobj(content, sys.stdout.buffer)
        sys.stdout.flush()
    except BrokenPipeError:
        leave_stdout()
