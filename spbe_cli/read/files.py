"""Bytes from a path or standard input, and text from bytes."""

import codecs
import errno
import hashlib
import re
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from spbe_cli.core.problem import Place, Problem, Severity

__all__ = ["LARGEST", "File", "Text", "decode", "load"]

LARGEST = 16 * 1024 * 1024
"""The largest score sheet in bytes: a table of all 621 institutions takes 100 kB."""

STDIN = "-"
_UTF_8_SIGNATURE = codecs.BOM_UTF8
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LINE_END = re.compile("\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was: the path as the user gave it, and all its bytes."""

    path: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The SHA-256 of the content, in hex."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def suffix(self) -> str:
        """The path's ending in lower case, `.yaml`; empty for standard input."""
        return Path(self.path).suffix.lower()


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text and the encoding it was found to have."""

    path: str
    content: str
    encoding: str

    def line(self, number: int) -> str:
        """Return a line without its end, counted from 1; empty beyond the last."""
        lines = _LINE_END.split(self.content)
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def place(self, line: int, column: int, width: int = 1) -> Place:
        """Return the place of a character, both counted from 1, with its line as excerpt."""
        return Place(self.path, line, column, excerpt=self.line(line), width=max(width, 1))

    def place_at(self, offset: int, width: int = 1) -> Place:
        """Return the place of the character at `offset`, counted from 0."""
        before = _LINE_END.split(self.content[:offset])
        return self.place(len(before), len(before[-1]) + 1, width)


def load(path: str) -> File | Problem:
    """Return the bytes of `path` (`-` is standard input), or why they cannot be had."""
    try:
        if path == STDIN:
            content = sys.stdin.buffer.read(LARGEST + 1)
            path = "<stdin>"
        else:
            status = Path(path).stat()
            if stat.S_ISDIR(status.st_mode):
                return _unreadable("file-is-directory", path)
            if status.st_size > LARGEST:
                return _too_large(path, status.st_size)
            with Path(path).open("rb") as stream:
                content = stream.read(LARGEST + 1)
    except OSError as error:
        return _os_problem(path, error)
    if len(content) > LARGEST:
        return _too_large(path, len(content))
    if not content.strip():
        return Problem("file-empty", Place(path))
    return File(path, content)


def _unreadable(code: str, path: str, **values: str) -> Problem:
    return Problem(code, Place(path), values, Severity.UNREADABLE)


def _too_large(path: str, size: int) -> Problem:
    mebibyte = 1024 * 1024
    return _unreadable(
        "file-too-large",
        path,
        size=f"{-(-size // mebibyte)} MiB",
        limit=f"{LARGEST // mebibyte} MiB",
    )


def _os_problem(path: str, error: OSError) -> Problem:
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return _unreadable("file-not-found", path)
        case errno.EACCES | errno.EPERM:
            return _unreadable("file-no-permission", path)
        case _:
            return _unreadable("file-unreadable", path, reason=error.strerror or str(error))


def decode(file: File) -> tuple[Text | None, list[Problem]]:
    """Return a file's text, whatever an office's spreadsheet wrote, and what must be known of it.

    UTF-8 with or without its mark, UTF-16 with or without, else Windows-1252 with a notice.
    """
    content, place = file.content, Place(file.path)
    if content.startswith(_UTF_8_SIGNATURE):
        encoding = "utf-8-sig"
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = _without_mark(content)
    try:
        text = Text(file.path, content.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            return None, [_undecodable(file, encoding, error)]
        try:
            text = Text(file.path, content.decode("windows-1252"), "windows-1252")
        except UnicodeDecodeError as second:
            return None, [_undecodable(file, "windows-1252", second)]
    controls = _CONTROL.findall(text.content)
    if controls and len(controls) * 100 > len(text.content):
        return None, [Problem("file-binary", place)]
    if controls:
        return None, [
            Problem(
                "control-character", text.place_at(m.start()), {"character": f"U+{ord(m[0]):04X}"}
            )
            for m in _CONTROL.finditer(text.content)
        ]
    if text.encoding == "windows-1252":
        notice = Problem("encoding-guessed", place, {"encoding": "Windows-1252"}, Severity.NOTICE)
        return text, [notice]
    return text, []


def _without_mark(content: bytes) -> str:
    """Tell UTF-16 without a mark by its zero bytes: one half of them, the other none."""
    head = content[:200]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) // 3 and not even:
        return "utf-16-le"
    if even > len(head) // 3 and not odd:
        return "utf-16-be"
    return "utf-8"


def _undecodable(file: File, encoding: str, error: UnicodeDecodeError) -> Problem:
    before = file.content[: error.start].decode(encoding, "replace")
    place = Text(file.path, before, encoding).place_at(len(before))
    found = file.content[error.start : error.start + 1].hex().upper()
    return Problem("encoding-wrong", place, {"byte": found, "encoding": encoding})
