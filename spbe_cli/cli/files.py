"""Files and folders that are written whole or not at all, and what is never written over."""

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.read.text import was_read

_OURS = (b'"format":"spbe-', b"spbewhatif")
"""What stands in the head of what was written by us, without blanks."""

_HEAD = 400
_FIRST_ROWS = 64 * 1024
_WRITABLE = 0o222
_MANY, _AT_A_TIME = 50, 8


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to that takes its final name only when the block ends without an error.

    It stands beside its final name until then, under a name that nobody can foresee, and is gone
    if anything goes wrong. A device or a named pipe cannot be replaced and is written to as it is.

    Raises:
        OSError: if the folder or the file cannot be written; it names `path`.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
        return
    target = _through_links(path)
    temporary = _beside(target)
    with ended_like_an_interrupt():
        try:
            with temporary.open("x+b") as stream:
                yield stream
            if target.exists():
                import shutil

                shutil.copymode(target, temporary)
            temporary.replace(target)
        except OSError as error:
            if error.filename in (None, str(temporary)):
                error.filename, error.filename2 = str(path), None
            raise
        finally:
            temporary.unlink(missing_ok=True)


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; OSError as for `whole_file`."""
    with whole_file(path) as stream:
        stream.write(content)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a folder to fill, whose files come to `path` only when the block ends without an error.

    Files of the same names are replaced, all of them or none; others that are there stay. It
    stands within `path`, where that is there already: beside it may be another file system, or
    a folder that is closed to us.

    Raises:
        OSError: if the folder or a file in it cannot be written.
    """
    target = _through_links(path)
    is_there = target.is_dir()
    temporary = _beside(target / "files" if is_there else target)
    with ended_like_an_interrupt():
        try:
            temporary.mkdir()
            yield temporary
            if is_there:
                _brought(temporary, target)
            else:
                temporary.rename(target)
        except OSError as error:
            if str(error.filename).startswith(str(temporary)):
                error.filename, error.filename2 = str(path), None
            raise
        finally:
            _remove(temporary)


def _remove(folder: Path) -> None:
    """Remove a folder with all its files, several at a time: a disk may take its time for each."""
    import shutil

    with requests_held():
        files = [Path(inner, name) for inner, _, names in os.walk(folder) for name in names]
        if len(files) > _MANY:
            from concurrent.futures import ThreadPoolExecutor

            with ThreadPoolExecutor(_AT_A_TIME) as pool, suppress(OSError):
                list(pool.map(Path.unlink, files))
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def requests_held() -> Iterator[None]:
    """Let requests to end wait for the end of the block, which is to be short."""
    import signal

    heard: list[int] = []
    try:
        with _handled(("SIGINT", "SIGTERM", "SIGHUP"), lambda one, _: heard.append(one), callable):
            yield
    finally:
        for number in heard[:1]:
            signal.raise_signal(number)


def _brought(made: Path, folder: Path) -> None:
    """Bring all files of a folder into another, or none; what they replace is kept until then."""
    kept = made / "kept"
    names = sorted(file.name for file in made.iterdir())
    for name in names:
        if (folder / name).is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(folder / name))
    kept.mkdir()
    begun: list[str] = []
    try:
        for name in names:
            begun.append(name)
            if os.path.lexists(folder / name):
                _keep(folder / name, kept / name)
            (made / name).replace(folder / name)
    except BaseException:
        for name in begun:
            if os.path.lexists(kept / name):
                (kept / name).replace(folder / name)
            elif not os.path.lexists(made / name):
                (folder / name).unlink(missing_ok=True)
        raise


def _keep(file: Path, copy: Path) -> None:
    """Give a file a second name; where the file system has none such, it is moved."""
    try:
        os.link(file, copy, follow_symlinks=False)
    except OSError:
        file.replace(copy)


def _through_links(path: Path) -> Path:
    """Return the path that links lead to; OSError where they lead in a circle."""
    target = os.path.realpath(path)
    if os.path.islink(target):  # noqa: PTH114  (as the line before)
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return Path(target)


def _beside(path: Path) -> Path:
    """Return a name in the same folder that nobody can foresee, nor put a link there before."""
    return path.with_name(f".spbe-{os.urandom(16).hex()}.tmp")


@contextmanager
def ended_like_an_interrupt() -> Iterator[None]:
    """Let a request to end undo what was begun, as Ctrl-C does: no half file is left.

    A request that is to be overheard, as under `nohup`, stays so; and signals are for the main
    thread alone.
    """
    import signal

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    with _handled(("SIGTERM", "SIGHUP"), end, lambda action: action is signal.SIG_DFL):
        yield


@contextmanager
def _handled(
    names: Sequence[str], action: Callable[[int, Any], object], is_replaced: Callable[[Any], bool]
) -> Iterator[None]:
    """Let an action answer signals while the block runs, where what did `is_replaced`."""
    import signal
    import threading

    before: dict[int, Any] = {}
    is_main = threading.current_thread() is threading.main_thread()
    known = [getattr(signal, name) for name in names if is_main and hasattr(signal, name)]
    try:
        for number in known:
            if is_replaced(signal.getsignal(number)):
                before[number] = signal.getsignal(number)
                signal.signal(number, action)
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)


def kept_files(paths: Iterable[str]) -> Iterator[Problem]:
    """Yield why files that are there are not written over unasked: a score sheet, a file to read.

    What an earlier run answered is: the same command may be given again.
    """
    for path in paths:
        target = Path(path)
        with suppress(OSError, ValueError):
            mode = target.stat().st_mode
            if not stat.S_ISREG(mode):
                continue
            if not mode & _WRITABLE or not os.access(target, os.W_OK):
                yield Problem("output-read-only", Place(path), severity=Severity.UNREADABLE)
            elif _holds_levels(target):
                yield Problem("output-is-sheet", Place(path), severity=Severity.UNREADABLE)


def _holds_levels(path: Path) -> bool:
    """Return whether a file reads as score sheets, right or wrong, and is no answer of ours."""
    from spbe_cli.read.assessments import TREES, read_file
    from spbe_cli.read.choice import Wishes
    from spbe_cli.read.text import LARGEST, File

    with path.open("rb") as stream:
        content = stream.read(LARGEST)
    head = b"".join(content[:_HEAD].split())
    if any(mark in head for mark in _OURS):
        return False
    file = File(str(path), content)
    if not file.is_workbook and file.suffix not in TREES:  # the first rows of a table tell
        file = file._replace(content=content[: content.rfind(b"\n", 0, _FIRST_ROWS) + 1 or None])
    found = read_file(file, Wishes(missing_allowed=True))
    is_other = any(each.code == "levels-absent" for each in found.problems)
    return bool(found.readings or (found.refused and not is_other))


def is_input(path: str) -> bool:
    """Return whether this run has read a file, under whatever name."""
    with suppress(OSError, ValueError):
        return was_read(os.stat(path))  # noqa: PTH116  (a path that may hold anything)
    return False
