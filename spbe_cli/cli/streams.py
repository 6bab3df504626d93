"""Standard output and error as they really are: closed, broken, full, or of another encoding."""

import os
import sys
from typing import BinaryIO, TextIO

__all__ = ["copy_to_stdout", "leave_stdout", "open_closed_streams", "write_answer", "write_safely"]


def open_closed_streams() -> None:
    """Give a stream that the caller has closed (`>&-`) somewhere to go."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


def leave_stdout() -> None:
    """Turn a broken stdout away, so that Python's flush at exit finds nothing to complain of."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_safely(stream: TextIO, text: str) -> None:
    """Write text; a character that the stream's encoding lacks is spelled out, never lost."""
    try:
        stream.write(text)
    except UnicodeEncodeError as error:
        stream.write(text.encode(error.encoding, "backslashreplace").decode(error.encoding))


def write_answer(answer: str | bytes) -> None:
    """Write an answer to standard output: text in its encoding, bytes as they are."""
    if isinstance(answer, str):
        write_safely(sys.stdout, answer)
    else:
        sys.stdout.buffer.write(answer)
    sys.stdout.flush()


def copy_to_stdout(content: BinaryIO) -> None:
    """Copy bytes to standard output as they are."""
    import shutil

    sys.stdout.flush()
    shutil.copyfileobj(content, sys.stdout.buffer)
    sys.stdout.flush()
