"""Copies of this process, and workbooks read in some: a library that dies there dies alone.

What reads workbooks is compiled code, and what it does with a file made for it nobody can foresee:
it may end its process, take all memory or never come back. Where several files are to be read,
workbooks are read by a copy of this process, which has nothing to lose and is made anew if it dies.
A single file is read here: another process would cost each run.
"""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from spbe_cli.core.problem import Place, Problem
from spbe_cli.read.text import File

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from spbe_cli.read.grid import Grid

MOST_MEMORY = 2 * 1024**3
"""How many bytes a workbook may take beyond what is taken already."""

LONGEST = 120
"""How many seconds of a processor a workbook may take."""

_ENDING = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
"""The signals that ask a process to end; Windows lacks one."""


class Copy(NamedTuple):
    """A copy of this process, and the way to it."""

    process: int
    way: "Connection"


_SERVERS: list[Copy] = []


def copy_for(
    work: "Callable[[Connection], object]", others: "Sequence[Connection]" = ()
) -> Copy | None:
    """Return a copy of this process that does its work and ends; None where there can be none.

    It overhears who asks this process to end, for that ends the copy; says nothing, and undoes
    nothing of what was begun here. The `others` are the ways to copies that were made before.
    """
    import warnings
    from multiprocessing.connection import Pipe

    here, there = Pipe()
    try:
        with _signals_held(), warnings.catch_warnings():
            # threads of a program that calls us are none of the copy's
            warnings.simplefilter("ignore", DeprecationWarning)
            process = os.fork()
            if process == 0:
                _live(partial(work, there), (here, *others))
    except OSError:  # no more processes
        here.close()
        return None
    finally:
        there.close()
    return Copy(process, here)


def _live(work: "Callable[[], object]", others: "Sequence[Connection]") -> NoReturn:
    """Do the work of a copy, whose own signals are held until it knows how to take them."""
    try:
        for each in others:
            each.close()
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # who asks hears it, and stops asking
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what a library says when it dies
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        work()
    finally:
        os._exit(1)


def end(copy: Copy, number: int = signal.SIGTERM) -> None:
    """End a copy, whatever it is at."""
    copy.way.close()
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(copy.process, number)
        os.waitpid(copy.process, 0)


@contextmanager
def _signals_held() -> Iterator[None]:
    """Let signals that ask this process to end wait for the end of the block."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def apart() -> Iterator[None]:
    """Let workbooks be read in processes of their own while the block runs, where there are such.

    To be entered before threads begin, which a copy of a process would lack.
    """
    server = copy_for(_serve) if hasattr(os, "fork") else None
    if server is None:
        yield
        return
    _SERVERS.append(server)
    try:
        yield
    finally:
        _SERVERS.remove(server)
        end(server)  # and with it a workbook that takes too long


def grids_of_workbook(file: File, wanted: str | None) -> "tuple[list[Grid], list[Problem]]":
    """Return what `read_spreadsheet` does, or that what reads workbooks has died of this one."""
    import pickle

    if not _SERVERS:
        from spbe_cli.read.spreadsheet import read_spreadsheet

        return read_spreadsheet(file, wanted)
    try:
        _SERVERS[-1].way.send((file, wanted))
        content = _SERVERS[-1].way.recv_bytes()
    except (OSError, EOFError):  # somebody has ended the server
        return _died(file, "SIGKILL")
    if content[:1] == _WHOLE:
        found: tuple[list[Grid], list[Problem]] = pickle.loads(content[1:])  # noqa: S301  (ours)
        return found
    return _died(file, content.decode())


_WHOLE = b"\0"


def _died(file: File, reason: str) -> "tuple[list[Grid], list[Problem]]":
    return [], [Problem("workbook-reader-died", Place(file.path), {"reason": reason})]


def _serve(way: "Connection") -> None:
    """Hand one workbook after the other to a copy of this process, which is made anew if it dies.

    Nothing is read here, so that nothing can happen here.
    """
    reader: Copy | None = None
    try:
        signal.signal(signal.SIGTERM, _end)
        while True:
            asked = way.recv_bytes()
            reader = reader or copy_for(_read_for, [way])
            if reader is None:
                return
            try:
                reader.way.send_bytes(asked)
                answer = _WHOLE + reader.way.recv_bytes()
            except (EOFError, OSError):
                answer, reader = _end_of(reader), None
            way.send_bytes(answer)
    except (EOFError, OSError, SystemExit):
        if reader is not None:
            os.kill(reader.process, signal.SIGKILL)


def _end(*_: object) -> NoReturn:
    raise SystemExit


def _end_of(reader: Copy) -> bytes:
    """Return what has ended a process."""
    reader.way.close()
    _, status = os.waitpid(reader.process, 0)
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return (signal.Signals(number).name if number else "MemoryError").encode()


def _read_for(way: "Connection") -> NoReturn:
    """Read one workbook after the other."""
    import pickle

    from spbe_cli.read.spreadsheet import read_spreadsheet

    _bound()
    while True:
        file, wanted = way.recv()
        signal.setitimer(signal.ITIMER_PROF, LONGEST)
        way.send_bytes(pickle.dumps(read_spreadsheet(file, wanted), pickle.HIGHEST_PROTOCOL))
        signal.setitimer(signal.ITIMER_PROF, 0)


def _bound() -> None:
    """Bound what this process may take; it leaves no image of its memory when it dies."""
    import resource

    with suppress(OSError, ValueError):  # a lower bound is set already
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (_taken() + MOST_MEMORY,) * 2)


def _taken() -> int:
    """Return how many bytes of addresses this process has; an estimate where nothing tells."""
    try:
        with open("/proc/self/statm", encoding="ascii") as stream:  # noqa: PTH123
            return int(stream.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return MOST_MEMORY
