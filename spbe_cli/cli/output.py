"""Files that are written whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

__all__ = ["whole_file", "write_file"]


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
