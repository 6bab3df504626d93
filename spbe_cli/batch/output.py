"""Where the rows of batch scoring go: CSV, JSON Lines, Excel or Parquet, and a file of bad rows."""

import csv
import io
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol
from weakref import finalize

from spbe_cli.answers.batch import BatchRow, head_of_rows, json_line, row_cells
from spbe_cli.answers.shared import value_of
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import exact, fixed
from spbe_cli.core.problem import Problem
from spbe_cli.formats.data import neutral
from spbe_cli.formats.endings import BatchFormat
from spbe_cli.words import Words

if TYPE_CHECKING:
    from polars import DataFrame

    from spbe_cli.batch.blocks import ScoredBlock


_TEXTS = ("institution", "category", "province", "stage", "instrument", "predicate", "notices")
_LINES_HELD = 100
_MOST_SAID, _LONGEST_SAID = 10_000, 1000
_REJECTS_HEAD = ("file", "line", "column", "cell", "code", "sentence", "hint")


class Output(Protocol):
    """Takes rows in their order. `takes_blocks`: whether blocks of scored rows are welcome."""

    takes_blocks: bool
    with_exact: bool

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

    def finish(self) -> None:
        """Bring what was taken to its final form."""
        ...


@contextmanager
def finished(
    stream: BinaryIO, format_: BatchFormat, *, with_exact: bool, raw: bool
) -> Iterator[Output]:
    """Give the output to a stream; what it was given has its final form at the end."""
    output: Output = format_.writer()(stream, with_exact=with_exact, raw=raw)
    yield output
    output.finish()


class _Csv:
    """CSV as `spbe score --format csv` writes it.

    The heading follows from the first rows. Where later ones have other domains and aspects, the
    file is written anew at the end, under all headings.
    """

    takes_blocks = True

    def __init__(self, stream: BinaryIO, *, with_exact: bool, raw: bool) -> None:
        self._stream = stream
        self.with_exact = with_exact
        self._raw = raw
        self._parts: list[tuple[int, tuple[str, ...]]] = []  # where rows under headings begin

    def show(self, instrument: Instrument) -> Callable[[Fraction], str]:
        return _shown(instrument, with_exact=self.with_exact)

    def rows(self, rows: Sequence[BatchRow[str]]) -> None:
        self._begin(rows[0].codes)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([row_cells(row, raw=self._raw) for row in rows])
        self._stream.write(text.getvalue().encode())

    def prepare(self, block: "ScoredBlock") -> None:
        block.csv(raw=self._raw)

    def block(self, block: "ScoredBlock") -> None:
        self._begin(block.codes)
        self._stream.write(block.csv(raw=self._raw))

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
    with_exact = True

    def __init__(self, stream: BinaryIO, **_: bool) -> None:
        self._stream = stream

    def show(self, instrument: Instrument) -> Callable[[Fraction], Any]:
        return lambda value: value_of(instrument, value)

    def rows(self, rows: Sequence[BatchRow[Any]]) -> None:
        self._stream.write("".join(map(json_line, rows)).encode("utf-8", "backslashreplace"))

    def prepare(self, block: "ScoredBlock") -> None:
        raise TypeError(block)

    def block(self, block: "ScoredBlock") -> None:
        raise TypeError(block)

    def finish(self) -> None:
        """Nothing is left to do."""


class FullSheetError(Exception):
    """A workbook has no row left for what is written."""


class _Xlsx:
    """A workbook of one sheet, written from the CSV when all rows are there."""

    takes_blocks = True

    def __init__(self, stream: BinaryIO, *, with_exact: bool, **_: bool) -> None:
        from spbe_cli.formats.sheets import MOST_ROWS

        self._stream = stream
        self.with_exact = with_exact
        self._kept = tempfile.TemporaryFile()  # noqa: SIM115  (closed when nobody needs it)
        finalize(self, self._kept.close)
        self._csv = _Csv(self._kept, with_exact=with_exact, raw=True)
        self._left = MOST_ROWS - 1

    def show(self, instrument: Instrument) -> Callable[[Fraction], str]:
        return _shown(instrument, with_exact=self.with_exact)

    def rows(self, rows: Sequence[BatchRow[str]]) -> None:
        self._take(len(rows))
        self._csv.rows(rows)

    def prepare(self, block: "ScoredBlock") -> None:
        self._csv.prepare(block)

    def block(self, block: "ScoredBlock") -> None:
        self._take(len(block))
        self._csv.block(block)

    def finish(self) -> None:
        from spbe_cli.formats.sheets import write_long

        self._csv.finish()
        stop = self._kept.seek(0, io.SEEK_END)
        write_long(self._stream, _rows_between(self._kept, 0, stop))

    def _take(self, rows: int) -> None:
        self._left -= rows
        if self._left < 0:
            raise FullSheetError


class _Parquet:
    """Parquet in parts, each of its own columns, joined at the end without loading them."""

    takes_blocks = True

    def __init__(self, stream: BinaryIO, *, with_exact: bool, **_: bool) -> None:
        import polars as pl

        self._polars = pl
        self._stream = stream
        self.with_exact = with_exact
        self._folder = tempfile.TemporaryDirectory(prefix="spbe-")
        self._parts: list[Path] = []

    def show(self, instrument: Instrument) -> Callable[[Fraction], str]:
        return _shown(instrument, with_exact=self.with_exact)

    def rows(self, rows: Sequence[BatchRow[str]]) -> None:
        schema = dict.fromkeys(head_of_rows(rows[0].codes), self._polars.String)
        cells = [[cell or None for cell in row_cells(row, raw=True)] for row in rows]
        self._keep(self._polars.DataFrame(cells, schema=schema, orient="row"))

    def prepare(self, block: "ScoredBlock") -> None:
        """Nothing: a part is written when it is taken."""

    def block(self, block: "ScoredBlock") -> None:
        self._keep(block.rows)

    def finish(self) -> None:
        pl = self._polars
        with self._folder:
            if not self._parts:
                head = dict.fromkeys(head_of_rows(()), pl.String)
                pl.DataFrame(schema=head).write_parquet(self._stream)
                return
            whole = pl.concat(map(pl.scan_parquet, self._parts), how="diagonal_relaxed")
            names = [name for name in whole.collect_schema().names() if name != "notices"]
            whole.select(*names, "notices").sink_parquet(self._stream)

    def _keep(self, frame: "DataFrame") -> None:
        """Write a part: values are decimals as shown; exact ones stay text, some are fractions."""
        pl = self._polars
        numbers = [name for name in frame.columns if name not in (*_TEXTS, "year")]
        typed = frame.with_columns(pl.col("year").cast(pl.Int32), pl.col(_TEXTS).cast(pl.String))
        if not self.with_exact:
            shown = str(frame.get_column(numbers[0]).first() or "")
            places = len(shown.partition(".")[2])
            typed = typed.with_columns(pl.col(numbers).cast(pl.Decimal(18, places)))
        path = Path(self._folder.name) / f"{len(self._parts)}.parquet"
        typed.write_parquet(path)
        self._parts.append(path)


def _shown(instrument: Instrument, *, with_exact: bool) -> Callable[[Fraction], str]:
    return exact if with_exact else lambda value: fixed(value, instrument.places)


class Rejects:
    """Writes problems with their places and sentences as CSV, one a line; few are held back."""

    def __init__(self, stream: BinaryIO, words: Words) -> None:
        self._words = words
        self._stream = stream
        self._lines: list[Sequence[object]] = [_REJECTS_HEAD]
        self._said: dict[tuple[object, ...], tuple[str, str]] = {}

    def write(self, problem: Problem) -> None:
        """Write a problem."""
        place = problem.place
        cell = f"{place.sheet}!{place.cell}" if place.sheet and place.cell else place.cell or ""
        says, hint = self._texts(problem)
        source, cell = neutral(place.source), neutral(cell)
        line, column = place.line or "", place.column or ""
        self._lines.append((source, line, column, cell, problem.code, says, hint))
        if len(self._lines) >= _LINES_HELD:
            self.finish()

    def _texts(self, problem: Problem) -> tuple[str, str]:
        """Return what is said of a problem: in a table the same is wrong many times."""
        key = (problem.code, *problem.values.items())
        texts = self._said.get(key)
        if texts is None:
            says, hint = self._words.problem(problem)
            texts = neutral(says), neutral(hint)
            if len(self._said) < _MOST_SAID and len(says) <= _LONGEST_SAID:
                self._said[key] = texts
        return texts

    def finish(self) -> None:
        """Bring everything to the file, which stays open."""
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(self._lines)
        self._stream.write(text.getvalue().encode("utf-8", "backslashreplace"))
        self._lines.clear()
