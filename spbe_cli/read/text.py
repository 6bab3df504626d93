"""Bytes from a path or standard input, and text from bytes."""

import codecs
import errno
import io
import os
import re
import stat
import sys
from bisect import bisect_right
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from spbe_cli.core.problem import Place, Problem, Severity

if TYPE_CHECKING:
    from typing_extensions import Buffer

LARGEST = 16 * 1024 * 1024
"""The largest score sheet in bytes: a table of all 621 institutions takes 100 kB."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How old .xls files begin, and new ones under a password."""

GZIP = b"\x1f\x8b"
"""How compressed files begin."""

_PAGES = ("<!doctype html", "<html", "<table", "<?xml", "<meta", "mime-version")
_WORKBOOKS = (".xls", ".xlsx", ".xlsm", ".xlsb", ".ods")
STDIN = "-"
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
_UTF_8_SIGNATURE = codecs.BOM_UTF8
GUESSED = "windows-1252"
"""What a text is taken for that is neither UTF-8 nor UTF-16."""

_READ: set[tuple[int, int]] = set()
"""The files that were read since this was last cleared, by device and number."""

SYSTEM_REASONS = (
    "Connection timed out",
    "Device or resource busy",
    "Disk quota exceeded",
    "File exists",
    "File name too long",
    "File too large",
    "Host is down",
    "Input/output error",
    "Invalid argument",
    "Is a directory",
    "No route to host",
    "No space left on device",
    "No such device or address",
    "No such file or directory",
    "Not a directory",
    "Operation not permitted",
    "Permission denied",
    "Read-only file system",
    "Stale file handle",
    "Text file busy",
    "Too many levels of symbolic links",
    "Too many open files",
    "Transport endpoint is not connected",
)
"""What operating systems say of a file, and we in either language."""
_DENIED, _IN_USE = 5, (32, 33)
"""What Windows says of a file that may not be had, and of one that another program has open."""
DAMAGED = "the file is cut off or damaged"

_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LINE_END = re.compile("\r\n|\r|\n")


class File(NamedTuple):
    """A file as it was: the path as the user gave it, and all its bytes."""

    path: str
    content: bytes

    @property
    def suffix(self) -> str:
        """The path's ending in lower case, `.yaml`, without `.gz`; empty for standard input."""
        return Path(self.path.lower().removesuffix(".gz")).suffix

    @property
    def is_workbook(self) -> bool:
        """Whether the first bytes are those of a workbook; a CSV named `.xlsx` is none."""
        return self.content.startswith((*_ZIPS, OLE))


class Text(NamedTuple):
    """A file's text and the encoding it was found to have."""

    path: str
    content: str
    encoding: str

    def line(self, number: int) -> str:
        """Return a line without its end, counted from 1; empty beyond the last."""
        return _line(self.content, number)

    def place(self, line: int, column: int, width: int = 1) -> Place:
        """Return the place of a character, both counted from 1, with its line as excerpt."""
        return Place(self.path, line, column, excerpt=self.line(line), width=max(width, 1))

    def place_at(self, offset: int, width: int = 1) -> Place:
        """Return the place of the character at `offset`, counted from 0."""
        starts = _line_starts(self.content)
        line = bisect_right(starts, offset)
        return self.place(line, offset - starts[line - 1] + 1, width)

    def control_character(self, found: re.Match[str]) -> Problem:
        """Return the problem of an invisible character that was found."""
        values = {"character": f"U+{ord(found[0]):04X}"}
        return Problem("control-character", self.place_at(found.start()), values)


@lru_cache(maxsize=2)
def _line_starts(content: str) -> list[int]:
    """Find the lines once, of a file and of a line that is read by itself: each may be wrong."""
    return [0, *(end.end() for end in _LINE_END.finditer(content))]


@lru_cache(maxsize=8)
def _line(content: str, number: int) -> str:
    """Return a line; the problems of a very long one share its text."""
    starts = [*_line_starts(content)[number - 1 : number + 1], len(content)] if number > 0 else []
    return content[starts[0] : starts[1]].rstrip("\r\n") if len(starts) > 1 else ""


def is_there(path: Path) -> bool:
    """Return whether a path leads to something that can be looked at."""
    try:
        return path.exists()
    except (OSError, ValueError):  # a name too long, a folder closed to us, a NUL
        return False


def begin_reading() -> None:
    """Forget which files were read: another run begins."""
    _READ.clear()


def note_read(stream: BinaryIO) -> None:
    """Remember that a file is read, so that nothing is written over it."""
    note_status(os.fstat(stream.fileno()))


def note_status(status: os.stat_result) -> None:
    """Remember the same of a file by its status."""
    if stat.S_ISREG(status.st_mode):
        _READ.add((status.st_dev, status.st_ino))


def was_read(status: os.stat_result) -> bool:
    """Return whether the file of this status was read, under whatever name."""
    return (status.st_dev, status.st_ino) in _READ


def load(path: str, *, regular: bool = False) -> File | Problem:
    """Return the bytes of `path` (`-` is standard input), or why they cannot be had.

    With `regular`, what is no file on a disk is refused before it is opened: a pipe or a device
    that another file names may never end.
    """
    try:
        if path == STDIN:
            content = heeding_signals(sys.stdin.buffer).read(LARGEST + 1)
            path = "<stdin>"
        else:
            status = Path(path).stat()
            if stat.S_ISDIR(status.st_mode):
                return _unreadable("file-is-directory", path)
            if regular and not stat.S_ISREG(status.st_mode):
                return _unreadable("file-not-regular", path)
            if status.st_size > LARGEST:
                return _too_large(path, status.st_size)
            with Path(path).open("rb") as stream:
                note_read(stream)
                content = heeding_signals(stream).read(LARGEST + 1)
    except (OSError, ValueError) as error:
        return os_problem(path, error)
    return file_of(path, content)


def heeding_signals(stream: BinaryIO) -> BinaryIO:
    """Return a stream that Ctrl-C ends at once, whenever it comes: also a pipe or a terminal.

    A file on a disk keeps nobody waiting, and signals are for the main thread alone: there a
    stream is returned as it is, and so is one that no operating system stands behind.
    """
    try:
        may_wait = not stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except OSError:
        return stream
    import select
    import threading

    is_heard = threading.current_thread() is threading.main_thread()
    if not (may_wait and is_heard and hasattr(select, "poll")):
        return stream
    return io.BufferedReader(_HeedingSignals(cast("io.BufferedReader", stream)))


class _HeedingSignals(io.RawIOBase):
    """Reads only when there is something to read, and waits for it in a way that a signal ends.

    Python notes a signal and acts on it between two of its own steps. A read that begins to wait
    after the note, but before such a step, waits for its next bytes all the same: for ever, if
    none come. The descriptor that Python writes to when it notes a signal ends this wait.
    """

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer", /) -> int:
        self._wait()
        with memoryview(buffer) as view:
            found = self._stream.read1(len(view))
            view[: len(found)] = found
        return len(found)

    def _wait(self) -> None:
        import select
        import signal

        noted, note = os.pipe()
        os.set_blocking(note, False)
        before = signal.set_wakeup_fd(note, warn_on_full_buffer=False)
        try:
            poll = select.poll()
            poll.register(noted, select.POLLIN)
            poll.register(self._stream.fileno(), select.POLLIN)
            while [descriptor for descriptor, _ in poll.poll()] == [noted]:
                os.read(noted, 1)  # a signal that ends nothing
        finally:
            signal.set_wakeup_fd(before)
            os.close(noted)
            os.close(note)


def file_of(path: str, content: bytes) -> File | Problem:
    """Return the file of this content, or why it cannot be used: too much, or nothing.

    A compressed one (`nilai.csv.gz`) is unpacked, up to the size of the largest.
    """
    if content.startswith(GZIP):
        import zlib

        try:
            content = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(content, LARGEST + 1)
        except zlib.error:
            return _unreadable("file-unreadable", path, reason=DAMAGED)
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


def os_problem(path: str, error: OSError | ValueError) -> Problem:
    """Return why the operating system does not give a file."""
    if not isinstance(error, OSError):  # a path that no file system can hold: a NUL in it
        return _unreadable("file-not-found", path)
    if _winerror(error) in _IN_USE:
        return _unreadable("file-open", path)
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return _unreadable("file-not-found", path)
        case errno.EACCES | errno.EPERM:
            return _unreadable("file-no-permission", path)
        case _:
            return _unreadable("file-unreadable", path, reason=reason_of(error))


def unwritable(path: str, error: OSError) -> Problem:
    """Return why the operating system does not let a file be written.

    On Windows a workbook that is open in Excel cannot be replaced: access is denied.
    """
    number = _winerror(error)
    if number in _IN_USE or (number == _DENIED and is_there(Path(path))):
        return _unreadable("file-open", path)
    return _unreadable("output-unwritable", path, reason=reason_of(error))


def _winerror(error: OSError) -> int | None:
    return getattr(error, "winerror", None)  # there is none elsewhere


def reason_of(error: OSError) -> str:
    """Return why the operating system refuses a file: a reason that words know, else its name.

    On Windows the sentence of the error is in the system's language; its number is not.
    """
    if error.errno is None:
        return DAMAGED
    said = os.strerror(error.errno)
    return said if said in SYSTEM_REASONS else errno.errorcode.get(error.errno, str(error.errno))


def decode(file: File) -> tuple[Text | None, list[Problem]]:
    """Return a file's text, whatever an office's spreadsheet wrote, and what must be known of it.

    UTF-8 with or without its mark, UTF-16 with or without, else Windows-1252 with a notice.
    """
    text = _text(file)
    if isinstance(text, Problem):
        return None, [text]
    place = Place(file.path)
    head = text.content[:2000].lstrip().casefold()
    if head.startswith(_PAGES) and (file.suffix in _WORKBOOKS or "<html" in head):
        ending = file.suffix or ".xls"
        return None, [Problem("web-page", place, {"ending": ending})]
    if _is_binary(text.content):
        return None, [Problem("file-binary", place)]
    controls = [text.control_character(found) for found in _CONTROL.finditer(text.content)]
    if controls:
        return None, controls
    if text.encoding == GUESSED:
        return text, [guessed_notice(file.path)]
    return text, []


def _text(file: File) -> Text | Problem:
    path, content = file
    encoding = encoding_of(content)
    try:
        return Text(path, content.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            return encoding_wrong(path, encoding, error)
        if _is_binary(content.decode("latin-1")):
            return Problem("file-binary", Place(path))
    try:
        return Text(path, content.decode(GUESSED), GUESSED)
    except UnicodeDecodeError as error:
        return encoding_wrong(path, GUESSED, error)


def encoding_of(content: bytes) -> str:
    """Return the encoding that a text begins in: UTF-8, UTF-16, with its mark or without."""
    if content.startswith(_UTF_8_SIGNATURE):
        return "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return _without_mark(content)


def guessed_notice(path: str) -> Problem:
    """Return what must be known of a text that is taken for Windows-1252."""
    return Problem("encoding-guessed", Place(path), {"encoding": "Windows-1252"}, Severity.NOTICE)


def _is_binary(text: str) -> bool:
    """Tell by the control characters: a text has hardly any."""
    return len(_CONTROL.findall(text)) * 100 > len(text)


def _without_mark(content: bytes) -> str:
    """Tell UTF-16 without a mark by its zero bytes: one half of them, the other none."""
    head = content[:200]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) // 3 and not even:
        return "utf-16-le"
    if even > len(head) // 3 and not odd:
        return "utf-16-be"
    return "utf-8"


def encoding_wrong(path: str, encoding: str, error: UnicodeDecodeError) -> Problem:
    """Return the problem of a byte; the error counts it without a mark that the codec took off."""
    encoding = encoding.removesuffix("-sig")
    before = error.object[: error.start].decode(encoding, "replace")
    place = Text(path, before, encoding).place_at(len(before))
    found = error.object[error.start : error.start + 1].hex().upper()
    return Problem("encoding-wrong", place, {"byte": found, "encoding": encoding})
