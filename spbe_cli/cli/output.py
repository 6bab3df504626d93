"""Files that are written whole or not at all."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

__all__ = ["ended_like_an_interrupt", "whole_file", "whole_folder", "write_file"]


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
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
            shutil.copymode(path, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; OSError as for `whole_file`."""
    with whole_file(path) as stream:
        stream.write(content)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a folder to fill, whose files come to `path` only when the block ends without an error.

    Files of the same names are replaced, others that are there stay.

    Raises:
        OSError: if the folder or a file in it cannot be written.
    """
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

    def end(*_: Any) -> None:  # noqa: ANN401
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
