"""A text of any length in blocks of whole rows, so that memory does not grow with the file."""

import codecs
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol, cast

from spbe_cli.core.problem import Place, Problem
from spbe_cli.read.files import (
    GUESSED,
    STDIN,
    encoding_of,
    encoding_wrong,
    guessed_notice,
    os_problem,
)

__all__ = ["Block", "Readable", "Rest", "blocks_of", "opened"]

_BLOCK = 8 * 1024 * 1024
"""How many bytes are read at a time."""

_LONGEST_ROW = 16 * 1024 * 1024
"""A row of more bytes is refused: no institution's name is that long."""

_QUOTE, _LINE_FEED = b'"', b"\n"


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most so many bytes, all of them for -1; none at the end."""
        ...

    def readline(self, size: int = -1, /) -> bytes:
        """Return the bytes up to the next line end, at most so many."""
        ...


class Block(NamedTuple):
    """Whole rows in UTF-8, how many lines stand before and in them, and what must be known."""

    content: bytes
    lines_before: int
    lines: int
    notices: tuple[Problem, ...] = ()

    @classmethod
    def of(
        cls, content: bytes, lines_before: int = 0, notices: tuple[Problem, ...] = ()
    ) -> "Block":
        """Return a block whose lines are counted."""
        lines = content.count(_LINE_FEED) + (not content.endswith(_LINE_FEED))
        if b"\r" in content:
            lines += content.count(b"\r") - content.count(b"\r\n")
        return cls(content, lines_before, lines, notices)


@contextmanager
def opened(path: str) -> Iterator[BinaryIO | Problem]:
    """Give the bytes of `path` (`-` is standard input), or why they cannot be had."""
    if path == STDIN:
        yield sys.stdin.buffer
        return
    try:
        stream = Path(path).open("rb")  # noqa: SIM115  (closed below)
    except (OSError, ValueError) as error:
        yield os_problem(path, error)
        return
    with stream:
        yield stream


def blocks_of(stream: Readable, path: str) -> Iterator[Block | Problem]:
    """Yield a text in blocks of whole rows; a problem ends them.

    UTF-16 becomes UTF-8 on the way. So does Windows-1252, with a notice, where nothing before it
    was anything but ASCII.
    """
    encodings = _Encodings(path)
    lines = 0
    for rows in _rows_of(stream, path):
        if isinstance(rows, Problem):
            yield rows.at(Place(path, lines + (rows.place.line or 1), 1))
            return
        block = encodings.block(rows, lines)
        yield block
        if isinstance(block, Problem):
            return
        lines += block.lines


def _rows_of(stream: Readable, path: str) -> Iterator[bytes | Problem]:
    """Yield bytes that end where a row ends, in UTF-8 or in an encoding that has ASCII in it."""
    head = stream.read(_BLOCK)
    encoding = encoding_of(head)
    if encoding.startswith("utf-16"):
        wide = cast("BinaryIO", Rest(head, stream))
        stream = codecs.EncodedFile(wide, "utf-8", encoding)
        head = stream.read(_BLOCK)
    try:
        content = head.removeprefix(codecs.BOM_UTF8)
        while content:
            yield _to_row_end(content, stream)
            content = stream.read(_BLOCK)
    except UnicodeDecodeError as error:
        byte = error.object[error.start : error.start + 1].hex().upper()
        yield Problem("encoding-wrong", values={"byte": byte, "encoding": encoding})
    except OSError as error:
        yield os_problem(path, error)


def _to_row_end(content: bytes, stream: Readable) -> bytes | Problem:
    """Return bytes with those after them up to the end of the row.

    A row ends at a line end before which the quotes are even in number. Where that does not come,
    a quote is wrong, which the reader of the rows will name: any line end will do.
    """
    parts = [content]
    quotes = content.count(_QUOTE)
    read = 0
    while not parts[-1].endswith(_LINE_FEED) or (quotes % 2 and read < _LONGEST_ROW):
        line = stream.readline(_LONGEST_ROW)
        if not line:
            break
        if len(line) == _LONGEST_ROW:
            limit = f"{_LONGEST_ROW // 1024 // 1024} MiB"
            begun = Place(line=content.count(_LINE_FEED) + 1)
            return Problem("row-too-large", begun, {"limit": limit})
        parts.append(line)
        quotes += line.count(_QUOTE)
        read += len(line)
    return b"".join(parts) if len(parts) > 1 else content


class Rest:
    """A stream with what was already read of it put back."""

    def __init__(self, head: bytes, rest: Readable) -> None:
        self._head = head
        self._rest = rest

    def read(self, size: int = -1) -> bytes:
        """Return at most so many bytes, all of them for -1; none at the end."""
        if size < 0:
            return self.read(len(self._head)) + self._rest.read(size)
        head, self._head = self._head[:size], self._head[size:]
        return head + self._rest.read(size - len(head)) if len(head) < size else head

    def readline(self, size: int = -1) -> bytes:
        """Return the bytes up to the next line end, at most so many."""
        end = self._head.find(_LINE_FEED) + 1 or len(self._head)
        line, self._head = self._head[:end], self._head[end:]
        return line if line.endswith(_LINE_FEED) else line + self._rest.readline(size)


class _Encodings:
    """Tells UTF-8 from Windows-1252, block by block."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._encoding: str | None = None  # nothing but ASCII so far

    def block(self, rows: bytes, lines: int) -> Block | Problem:
        """Return rows as a block in UTF-8, or the problem of a byte that is none."""
        if rows.isascii():
            return Block.of(rows, lines)
        if self._encoding != GUESSED:
            try:
                rows.decode()
            except UnicodeDecodeError as error:
                if self._encoding is not None:
                    return self._wrong(error, "utf-8", lines)
            else:
                self._encoding = "utf-8"
                return Block.of(rows, lines)
        notices = () if self._encoding else (guessed_notice(self._path),)
        self._encoding = GUESSED
        try:
            return Block.of(rows.decode(GUESSED).encode(), lines, notices)
        except UnicodeDecodeError as error:
            return self._wrong(error, GUESSED, lines)

    def _wrong(self, error: UnicodeDecodeError, encoding: str, lines: int) -> Problem:
        problem = encoding_wrong(self._path, encoding, error)
        return problem.at(problem.place._replace(line=(problem.place.line or 1) + lines))
