"""The container of an old .xls, looked at before a library follows what it says.

It is a small file system: chains of sectors, which may lead in a circle, and sizes, which may be of
terabytes. Whoever follows them takes all memory, and is ended by the system with all that it holds.
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

_HEADER = struct.Struct("<30xH8xIIIIIIIII")  # up to the list of the sectors of the table
_LISTED = struct.Struct("<109I")
_LAST_SECTOR = 0xFFFFFFFA  # what is above marks an end or a free sector
_SHIFTS = (9, 12)
_ENTRY, _KIND, _START, _STREAM, _ROOT = 128, 66, 116, 2, 5
_SST, _BEGIN = 0xFC, 0x809
_CELLS = frozenset((0x06, 0xBD, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E))
_SEVERAL = 0xBD
_SMALLEST_CELL = 4


class UnsoundContainerError(Exception):
    """A container is not what it says."""


class Reach(NamedTuple):
    """How many rows and columns the cells of a sheet take."""

    height: int
    width: int


def reaches_of(content: bytes) -> list[Reach]:
    """Return how far the cells of each sheet reach, once chains and sizes were found sound.

    Raises:
        UnsoundContainerError: where following it would have no end, or take more than there is.
    """
    try:
        return [*_reaches(_workbook_stream(content))]
    except (struct.error, IndexError) as error:
        raise UnsoundContainerError("cut off") from error


def _workbook_stream(content: bytes) -> bytes:
    """Return the stream that holds the workbook; empty where there is none."""
    shift, directories, tables, directory, _, cutoff, mini, minis, listed, lists = (
        _HEADER.unpack_from(content)
    )
    if shift not in _SHIFTS or max(directories, tables, minis, lists) << shift > len(content):
        raise UnsoundContainerError("counts")
    size = 1 << shift

    def sector(number: int) -> bytes:
        return content[(number + 1) * size : (number + 2) * size]

    places = [*_LISTED.unpack_from(content, _HEADER.size), *_more_places(listed, sector)]
    table = [n for place in places if place < _LAST_SECTOR for n in _numbers(sector(place))]
    _check_chains(table)
    minitable = [n for place in _chain(mini, table) for n in _numbers(sector(place))]
    _check_chains(minitable)
    found, root = b"", b""
    for entry in _entries(b"".join(map(sector, _chain(directory, table)))):
        if entry.length > len(content):
            raise UnsoundContainerError("sizes")
        if entry.kind == _ROOT:
            root = b"".join(map(sector, _chain(entry.start, table)))
        elif entry.name in ("Workbook", "Book") and entry.length < cutoff:
            found = b"".join(root[n * 64 : n * 64 + 64] for n in _chain(entry.start, minitable))
        elif entry.name in ("Workbook", "Book"):
            found = b"".join(map(sector, _chain(entry.start, table)))[: entry.length]
    return found


class _Entry(NamedTuple):
    """A stream, or the root of all small ones."""

    name: str
    kind: int
    start: int
    length: int


def _entries(directory: bytes) -> Iterator[_Entry]:
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        entry = directory[at : at + _ENTRY]
        start, length = struct.unpack_from("<II", entry, _START)
        name = entry[:64].decode("utf-16-le", "replace").partition("\0")[0]
        if entry[_KIND] in (_STREAM, _ROOT):
            yield _Entry(name, entry[_KIND], start, length)


def _more_places(listed: int, sector: Callable[[int], bytes]) -> Iterator[int]:
    """Yield the sectors of the table that further lists name."""
    seen: set[int] = set()
    while listed < _LAST_SECTOR:
        if listed in seen:
            raise UnsoundContainerError("a circle of lists")
        seen.add(listed)
        *places, listed = _numbers(sector(listed))
        yield from places


def _numbers(sector: bytes) -> tuple[int, ...]:
    whole = len(sector) // 4
    if not whole:
        raise UnsoundContainerError("a sector that is not there")
    return struct.unpack_from(f"<{whole}I", sector)


def _check_chains(table: Sequence[int]) -> None:
    """Refuse a table in which a chain leads in a circle."""
    done = bytearray(len(table))
    for first in range(len(table)):
        here, passed = first, []
        while here < len(table) and not done[here]:
            done[here] = 1
            passed.append(here)
            here = table[here]
        if here < len(table) and done[here] == 1:
            raise UnsoundContainerError("a circle")
        for each in passed:
            done[each] = 2


def _chain(first: int, table: Sequence[int]) -> Iterator[int]:
    """Yield the sectors of a chain, which is known to end."""
    while first < len(table):
        yield first
        first = table[first]


def _reaches(stream: bytes) -> Iterator[Reach]:
    """Yield how far cells reach, sheet by sheet; refuse more strings than there are bytes."""
    at, height, width = 0, 0, 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        record = stream[at + 4 : at + 4 + size]
        at += 4 + size
        if kind == _BEGIN:
            yield Reach(height, width)
            height, width = 0, 0
        elif kind == _SST and int.from_bytes(record[4:8], "little") > len(stream):
            raise UnsoundContainerError("shared strings")
        elif kind in _CELLS and len(record) >= _SMALLEST_CELL:
            row, column = struct.unpack_from("<HH", record)
            if kind == _SEVERAL:
                column = max(column, int.from_bytes(record[-2:], "little"))
            height, width = max(height, row + 1), max(width, column + 1)
    yield Reach(height, width)
