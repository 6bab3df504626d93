"""Whether a whole file is plain text: then it need not be looked at row by row."""

import codecs
from pathlib import Path

__all__ = ["count_plain_rows", "has_lines"]

_CHUNK = 4 * 1024 * 1024


def count_plain_rows(path: str, start: int, delimiter: bytes, width: int) -> int | None:
    """Return how many rows of so many cells stand from a byte on; None if that is not so plain.

    A file is plain if it is UTF-8 without a quote, and has as many delimiters as its lines need.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = delimiters = returns = ends = 0
    last = b""
    chunk = bytearray(_CHUNK)
    with Path(path).open("rb", buffering=0) as stream:
        stream.seek(start)
        while size := stream.readinto(chunk):
            part = chunk if size == _CHUNK else chunk[:size]
            if b'"' in part:
                return None
            if not part.isascii() or decoder.getstate()[0]:
                try:
                    decoder.decode(part)
                except UnicodeDecodeError:
                    return None
            lines += part.count(b"\n")
            delimiters += part.count(delimiter)
            if b"\r" in part or last == b"\r":
                returns += part.count(b"\r")
                ends += part.count(b"\r\n") + (last == b"\r" and part.startswith(b"\n"))
            last = bytes(part[-1:])
    lines += last not in (b"", b"\n")
    plain = delimiters == lines * (width - 1) and returns == ends and not decoder.getstate()[0]
    return lines if plain else None


def has_lines(path: str) -> bool:
    """Return whether a file is cut into lines that memory can hold: far quicker than counting."""
    chunk = bytearray(_CHUNK)
    with Path(path).open("rb", buffering=0) as stream:
        while size := stream.readinto(chunk):
            if b"\n" not in chunk and size == _CHUNK:
                return False
    return True
