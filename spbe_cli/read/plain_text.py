"""Whether a whole file is plain text: then it need not be looked at row by row."""

import codecs
from pathlib import Path

__all__ = ["count_plain_rows"]

_CHUNK = 4 * 1024 * 1024


def count_plain_rows(path: str, start: int, delimiter: bytes, width: int) -> int | None:
    """Return how many rows of so many cells stand from a byte on; None if that is not so plain.

    A file is plain if it is UTF-8 without a quote or an endless line, and has as many delimiters
    as its lines need.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = delimiters = returns = ends = 0
    last = b""
    chunk = bytearray(_CHUNK)
    with Path(path).open("rb", buffering=0) as stream:
        stream.seek(start)
        while size := stream.readinto(chunk):
            part = chunk if size == _CHUNK else chunk[:size]
            fresh = part.count(b"\n")
            if b'"' in part or (size == _CHUNK and not fresh):  # a line without an end
                return None
            if not part.isascii() or decoder.getstate()[0]:
                try:
                    decoder.decode(part)
                except UnicodeDecodeError:
                    return None
            lines += fresh
            delimiters += part.count(delimiter)
            if b"\r" in part or last == b"\r":
                returns += part.count(b"\r")
                ends += part.count(b"\r\n") + (last == b"\r" and part.startswith(b"\n"))
            last = bytes(part[-1:])
    lines += last not in (b"", b"\n")
    plain = delimiters == lines * (width - 1) and returns == ends and not decoder.getstate()[0]
    return lines if plain else None
