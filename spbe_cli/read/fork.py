"""Workbooks read in processes of their own: a library that dies there takes nothing else along.

What reads workbooks is compiled code, and what it does with a file made for it nobody can foresee:
it may end its process, take all memory or never come back. Where several files are to be read,
workbooks are read by a copy of this process, which has nothing to lose and is made anew if it dies.
A single file is read here: another process would cost each run.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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


class _Server(NamedTuple):
    """A copy of this process, and the way to it."""

    process: int
    way: "Connection"


_SERVERS: list[_Server] = []


@contextmanager
def apart() -> Iterator[None]:
    """Let workbooks be read in processes of their own while the block runs, where there are such.

    To be entered before threads begin, which a copy of a process would lack.
    """
    server = _server() if hasattr(os, "fork") else None
    if server is None:
        yield
        return
    _SERVERS.append(server)
    try:
        yield
    finally:
        _SERVERS.remove(server)
        server.way.close()
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(server.process, signal.SIGTERM)  # and with it a workbook that takes too long
            os.waitpid(server.process, 0)


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


def _server() -> _Server | None:
    import warnings
    from multiprocessing.connection import Pipe

    here, there = Pipe()
    try:
        with warnings.catch_warnings():  # threads of a program that calls us are none of the copy's
            warnings.simplefilter("ignore", DeprecationWarning)
            process = os.fork()
    except OSError:  # no more processes: it is read here
        here.close()
        there.close()
        return None
    if process == 0:
        here.close()
        _serve(there)
    there.close()
    return _Server(process, here)


def _serve(way: "Connection") -> NoReturn:
    """Hand one workbook after the other to a copy of this process, which is made anew if it dies.

    Nothing is read here, so that nothing can happen here.
    """
    reader: _Server | None = None
    try:
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # who asks hears it, and stops asking
        signal.signal(signal.SIGTERM, _end)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what a library says when it dies
        while True:
            asked = way.recv_bytes()
            reader = reader or _reader()
            try:
                reader.way.send_bytes(asked)
                answer = _WHOLE + reader.way.recv_bytes()
            except (EOFError, OSError):
                answer, reader = _end_of(reader), None
            way.send_bytes(answer)
    except (EOFError, OSError, SystemExit):
        if reader is not None:
            os.kill(reader.process, signal.SIGKILL)
    finally:
        os._exit(0)


def _end(*_: object) -> NoReturn:
    raise SystemExit


def _end_of(reader: _Server) -> bytes:
    """Return what has ended a process."""
    reader.way.close()
    _, status = os.waitpid(reader.process, 0)
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return (signal.Signals(number).name if number else "MemoryError").encode()


def _reader() -> _Server:
    from multiprocessing.connection import Pipe

    here, there = Pipe()
    process = os.fork()
    if process == 0:
        here.close()
        _read_for(there)
    there.close()
    return _Server(process, here)


def _read_for(way: "Connection") -> NoReturn:
    """Read one workbook after the other."""
    try:
        import pickle

        from spbe_cli.read.spreadsheet import read_spreadsheet

        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _bound()
        while True:
            file, wanted = way.recv()
            signal.setitimer(signal.ITIMER_PROF, LONGEST)
            way.send_bytes(pickle.dumps(read_spreadsheet(file, wanted), pickle.HIGHEST_PROTOCOL))
            signal.setitimer(signal.ITIMER_PROF, 0)
    finally:
        os._exit(1)


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
