"""Where the rows of batch scoring go: CSV, JSON Lines or Parquet, whole or not at all."""

import csv
import io
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from spbe_cli.answers.batch import BatchRow, head_of_rows, json_line, row_cells
from spbe_cli.cli.streams import whole_file
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import exact, fixed

if TYPE_CHECKING:
    from spbe_cli.batch.scored_block import ScoredBlock

__all__ = ["BatchFormat", "Output", "opened_output"]

Whole = tuple[BinaryIO, Callable[[], None]]


class BatchFormat(StrEnum):
    """What batch scoring writes, by the ending of the file."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


class Output(Protocol):
    """Takes rows in their order.

    `takes_blocks` says whether blocks of scored rows are welcome, `takes_whole` whether somebody
    else may write all rows of a file.
    """

    takes_blocks: bool
    takes_whole: bool
    with_exact: bool
    raw: bool

    def show(self, instrument: Instrument) -> Callable[[Fraction], Any]:
        """Return what makes of an exact value that which a row holds."""
        ...

    def rows(self, rows: Sequence[BatchRow[Any]]) -> None:
        """Take rows of one instrument."""
        ...

    def prepare(self, block: "ScoredBlock") -> None:
        """Do beforehand what can be done for a block that will be taken as it is."""
        ...

    def block(self, block: "ScoredBlock") -> None:
        """Take a block of rows that an engine scored."""
        ...

    def whole(self, codes: tuple[str, ...]) -> AbstractContextManager[Whole]:
        """Give the stream to write rows of one instrument to, and what undoes that."""
        ...

    def finish(self) -> None:
        """Bring what was taken to its final form."""
        ...


@contextmanager
def opened_output(
    path: Path | None, format_: BatchFormat, *, with_exact: bool, raw: bool
) -> Iterator[Output]:
    """Give the output for a file, None for standard output, which gets it whole at the end.

    Raises:
        OSError: if it cannot be written; the file is then as it was before.
    """
    with _target(path) as stream:
        output: Output
        match format_:
            case BatchFormat.CSV:
                output = _Csv(stream, with_exact=with_exact, raw=raw)
            case BatchFormat.JSONL:
                output = _JsonLines(stream)
            case BatchFormat.PARQUET:
                output = _Parquet(stream, with_exact=with_exact)
        yield output
        output.finish()


@contextmanager
def _target(path: Path | None) -> Iterator[BinaryIO]:
    if path is not None:
        with whole_file(path) as stream:
            yield stream
        return
    from spbe_cli.cli.streams import copy_to_stdout

    with tempfile.TemporaryFile() as stream:
        yield stream
        stream.seek(0)
        copy_to_stdout(stream)


class _Csv:
    """CSV as `spbe score --format csv` writes it.

    The heading follows from the first rows. Where later ones have other domains and aspects, the
    file is written anew at the end, under all headings.
    """

    takes_blocks = True

    def __init__(self, stream: BinaryIO, *, with_exact: bool, raw: bool) -> None:
        self._stream = stream
        self.with_exact = with_exact
        self.takes_whole = not with_exact
        self.raw = raw
        self._parts: list[tuple[int, tuple[str, ...]]] = []  # where rows under headings begin

    def show(self, instrument: Instrument) -> Callable[[Fraction], str]:
        return _shown(instrument, with_exact=self.with_exact)

    def rows(self, rows: Sequence[BatchRow[str]]) -> None:
        self._begin(rows[0].codes)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([row_cells(row, raw=self.raw) for row in rows])
        self._stream.write(text.getvalue().encode())

    def prepare(self, block: "ScoredBlock") -> None:
        block.csv(raw=self.raw)

    def block(self, block: "ScoredBlock") -> None:
        self._begin(block.codes)
        self._stream.write(block.csv(raw=self.raw))

    @contextmanager
    def whole(self, codes: tuple[str, ...]) -> Iterator[Whole]:
        start, parts = self._stream.tell(), list(self._parts)
        self._begin(codes)
        self._stream.flush()

        def undo() -> None:
            self._stream.seek(start)
            self._stream.truncate()
            self._parts = parts

        yield self._stream, undo
        self._stream.seek(0, io.SEEK_END)

    def finish(self) -> None:
        if not self._parts:
            self._begin(())
        every = tuple(dict.fromkeys(code for _, codes in self._parts for code in codes))
        if any(codes != every for _, codes in self._parts):
            self._rewrite(every)

    def _begin(self, codes: tuple[str, ...]) -> None:
        if self._parts and self._parts[-1][1] == codes:
            return
        if not self._parts:
            self._stream.write(_line(head_of_rows(codes)))
        self._parts.append((self._stream.tell(), codes))

    def _rewrite(self, every: tuple[str, ...]) -> None:
        """Write all rows again under the headings of all."""
        with tempfile.TemporaryFile() as before:
            self._stream.seek(0)
            shutil.copyfileobj(self._stream, before)
            self._stream.seek(0)
            self._stream.truncate()
            self._stream.write(_line(head_of_rows(every)))
            stops = [start for start, _ in self._parts[1:]] + [before.tell()]
            for (start, codes), stop in zip(self._parts, stops, strict=True):
                places = [codes.index(code) if code in codes else None for code in every]
                for row in _rows_between(before, start, stop):
                    first = len(row) - len(codes) - 1
                    cells = ["" if place is None else row[first + place] for place in places]
                    self._stream.write(_line([*row[:first], *cells, row[-1]]))


def _rows_between(stream: BinaryIO, start: int, stop: int) -> Iterator[list[str]]:
    stream.seek(start)

    def lines() -> Iterator[str]:
        while stream.tell() < stop:
            yield stream.readline().decode()

    yield from csv.reader(lines(), strict=True)


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()


class _JsonLines:
    """One JSON object a row."""

    takes_blocks = False
    takes_whole = False
    with_exact = True
    raw = True

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def show(self, instrument: Instrument) -> Callable[[Fraction], Any]:
        from spbe_cli.answers.shared import value_of

        return lambda value: value_of(instrument, value)

    def rows(self, rows: Sequence[BatchRow[Any]]) -> None:
        self._stream.write("".join(map(json_line, rows)).encode("utf-8", "backslashreplace"))

    def prepare(self, block: "ScoredBlock") -> None:
        raise TypeError(block)

    def block(self, block: "ScoredBlock") -> None:
        raise TypeError(block)

    def whole(self, codes: tuple[str, ...]) -> AbstractContextManager[Whole]:
        raise TypeError(codes)

    def finish(self) -> None:
        """Nothing is left to do."""


class _Parquet:
    """Parquet, its parts kept beside until all are there: a part has a schema of its own."""

    takes_blocks = True
    takes_whole = False
    raw = True

    def __init__(self, stream: BinaryIO, *, with_exact: bool) -> None:
        self._stream = stream
        self.with_exact = with_exact
        self._folder = tempfile.TemporaryDirectory(prefix="spbe-")
        self._parts: list[Path] = []

    def show(self, instrument: Instrument) -> Callable[[Fraction], str]:
        return _shown(instrument, with_exact=self.with_exact)

    def rows(self, rows: Sequence[BatchRow[str]]) -> None:
        from spbe_cli.batch.parquet import frame_of_cells

        head = head_of_rows(rows[0].codes)
        self._keep(frame_of_cells(head, [row_cells(row, raw=True) for row in rows]))

    def prepare(self, block: "ScoredBlock") -> None:
        """Nothing: a part is written when it is taken."""

    def block(self, block: "ScoredBlock") -> None:
        self._keep(block.rows)

    def whole(self, codes: tuple[str, ...]) -> AbstractContextManager[Whole]:
        raise TypeError(codes)

    def finish(self) -> None:
        from spbe_cli.batch.parquet import join_parts

        with self._folder:
            join_parts(self._parts, self._stream, head_of_rows(()))

    def _keep(self, frame: Any) -> None:  # noqa: ANN401  (a polars frame)
        from spbe_cli.batch.parquet import write_part

        path = Path(self._folder.name) / f"{len(self._parts)}.parquet"
        write_part(frame, path, with_exact=self.with_exact)
        self._parts.append(path)


def _shown(instrument: Instrument, *, with_exact: bool) -> Callable[[Fraction], str]:
    return exact if with_exact else lambda value: fixed(value, instrument.places)
