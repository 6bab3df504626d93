"""Tables of any length as blocks of text."""

import codecs
import io
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol, cast

from spbe_cli.core.instrument import Instrument
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.read.delimited import Dialect, dialect_of, line_ends, read_delimited, read_rows
from spbe_cli.read.grid import Grid
from spbe_cli.read.header import Header
from spbe_cli.read.official import find_header
from spbe_cli.read.rows import Found, duplicate_columns
from spbe_cli.read.shapes import WideTable, metadata_over
from spbe_cli.read.text import (
    DAMAGED,
    GUESSED,
    STDIN,
    Text,
    encoding_of,
    encoding_wrong,
    guessed_notice,
    heeding_signals,
    is_there,
    note_read,
    os_problem,
    reason_of,
)

_BLOCK = 4 * 1024 * 1024
"""How many bytes are read at a time: the engine takes 6 % longer for half as many."""

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
        yield heeding_signals(sys.stdin.buffer)
        return
    try:
        stream = Path(path).open("rb")  # noqa: SIM115  (closed below)
    except (OSError, ValueError) as error:
        yield os_problem(path, error)
        return
    with stream:
        note_read(stream)
        yield heeding_signals(stream)


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


PARQUET = b"PAR1"
"""How a Parquet file begins."""

_ROWS = 60_000
"""How many rows are read at a time."""


def blocks_of_parquet(path: str, stream: Readable) -> Iterator[Block | Problem]:
    """Yield a table in blocks, the first with the columns' names as its header.

    Lines are counted as in that CSV: the first row is on line 2. A file is read as it is needed;
    what comes from standard input is held.
    """
    try:
        import polars as pl
    except ImportError:
        values = {"extra": "batch", "purpose": "Parquet"}
        yield Problem("extra-missing", Place(path), values, Severity.USAGE)
        return
    try:
        source = path if is_there(Path(path)) else io.BytesIO(stream.read())
        table = pl.scan_parquet(source)
        rows = table.select(pl.len()).collect().item()
        lines = 0
        for start in range(0, max(rows, 1), _ROWS):
            frame = table.slice(start, _ROWS).collect()
            content = frame.write_csv(include_header=not start).encode()
            yield Block.of(content, lines)
            lines += frame.height + (not start)
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else DAMAGED
        yield Problem("parquet-wrong", Place(path), {"reason": reason})


_HEAD = 256 * 1024
"""In how many characters the header is looked for."""

_UTF_8 = "utf-8"


class TableText(NamedTuple):
    """How the blocks of a text are read: what stands up to its header, and what that says.

    `head` is the text up to the last line of the header, `lines` the number of its lines.
    """

    path: str
    head: str
    lines: int
    dialect: Dialect
    header: Header
    above: Mapping[str, Found]

    def rows_in(self, block: Block) -> Block:
        """Return a block without the head, which the first one begins with."""
        if block.lines_before:
            return block
        content = block.content[len(self.head.encode()) :]
        return Block(content, self.lines, block.lines - self.lines, block.notices)

    def grid(self, rows: Block) -> tuple[Grid, list[Problem]]:
        """Return a block's rows, under the head, and what is wrong with its quotes.

        The first row of data is the one after the header's last.
        """
        text = Text(self.path, self.head + rows.content.decode(), _UTF_8)
        grid, problems = read_rows(text, self.dialect)
        moved = rows.lines_before - self.lines

        def place(found: Place) -> Place:
            if found.line is None or found.line <= self.lines:
                return found
            return found._replace(line=found.line + moved)

        def place_of(row: int, column: int) -> Place:
            return place(grid.place_of(row, column))

        placed = Grid(grid.rows, place_of, grid.delimiter)
        return placed, [problem.at(place(problem.place)) for problem in problems]

    def table(self, rows: Block) -> tuple[WideTable, list[Problem]]:
        """Return a block's rows as a wide table, and what is wrong with its quotes."""
        grid, problems = self.grid(rows)
        return WideTable.of(grid, self.header, self.above), problems


def table_text(
    block: Block, path: str, instrument: Instrument | None = None
) -> tuple[TableText | None, list[Problem]]:
    """Return how a text is read that begins with a block; None where it is no table."""
    content = block.content[:_HEAD]
    if len(content) < len(block.content):
        content = content[: content.rfind(b"\n") + 1]
    text = Text(path, content.decode(), _UTF_8)
    grid, _ = read_delimited(text, instrument)
    header = find_header(grid.rows, grid.spans, instrument) if grid.rows else None
    if header is None:
        return None, []
    begun = grid.place_of(header.last_row, 0).line or 1
    stop = begun + sum(map(line_ends, grid.rows[header.last_row]))  # a heading may break its line
    head = list(islice(StringIO(text.content, newline=""), stop))
    above, problems = metadata_over(grid, header)
    dialect = dialect_of(text, instrument)
    layout = TableText(path, "".join(head), len(head), dialect, header, above)
    return layout, [*duplicate_columns(grid, header), *problems]


def wide_table(
    grid: Grid, instrument: Instrument | None = None
) -> tuple[WideTable | None, list[Problem]]:
    """Return the wide table in a grid and what is wrong with its head; None where it is none."""
    header = find_header(grid.rows, grid.spans, instrument)
    if header is None or not header.wide:
        return None, []
    above, problems = metadata_over(grid, header)
    return WideTable.of(grid, header, above), [*duplicate_columns(grid, header), *problems]


_TAIL = 40
"""How many lines at the end of a block may wait for the next: a signature has fewer."""


def joined(held: Block, rows: Block) -> Block:
    """Return rows behind those that waited for them."""
    if not held.content:
        return rows
    content = held.content + rows.content
    return Block(content, held.lines_before, held.lines + rows.lines, rows.notices)


def from_line(rows: Block, line: int) -> Block:
    """Return the rows from a line of the file on."""
    passed = line - 1 - rows.lines_before
    return Block(rows.content.split(b"\n", passed)[passed], line - 1, rows.lines - passed)


def whole_tails(layout: TableText, blocks: Iterable[Block | Problem]) -> Iterator[Block | Problem]:
    """Yield the rows of blocks; those without levels at the end of one stand with what follows.

    Whether they are signatures or institutions, the rows before and after them tell.
    """
    held = Block(b"", layout.lines, 0)
    for block in blocks:
        if isinstance(block, Problem):
            yield block
            return
        rows = joined(held, layout.rows_in(block))
        line = _unfinished(layout, rows)
        held = Block(b"", 0, 0) if line is None else from_line(rows, line)
        ended = rows if line is None else _to_line(rows, line)
        if ended.content:
            yield ended
    if held.content:
        yield held


def _unfinished(layout: TableText, rows: Block) -> int | None:
    """Return the line from which on no row of a block has a level; None for none at its end."""
    ends = rows.content.count(b"\n") + (not rows.content.endswith(b"\n"))
    end = len(rows.content)
    for _ in range(_TAIL + 1):
        end = rows.content.rfind(b"\n", 0, max(end, 0))
    content = rows.content[end + 1 :]
    several = any(line.count(b'"') % 2 for line in content.split(b"\n"))  # a row of lines
    if not content or several or ends != rows.lines:
        return None
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    tail = Block(content, rows.lines_before + rows.lines - lines, lines)
    table, _ = layout.table(tail)
    grid, found = table.grid, None
    for row in range(len(grid.rows) - 1, layout.header.last_row, -1):
        if table.has_levels(row):
            break
        found = grid.place_of(row, 0).line
    return found


def _to_line(rows: Block, line: int) -> Block:
    """Return the rows up to a line of the file."""
    passed = line - 1 - rows.lines_before
    content = b"".join(each + b"\n" for each in rows.content.split(b"\n", passed)[:passed])
    return Block(content, rows.lines_before, passed, rows.notices)
