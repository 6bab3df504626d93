"""Text with delimiters to a grid: CSV and its relatives as spreadsheets write them.

The delimiter is the one under which a header row holds the columns of a score sheet; counting
characters would take the commas in names and decimal numbers for delimiters.
"""

import csv
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import StringIO
from itertools import islice, takewhile
from typing import TYPE_CHECKING, NamedTuple

from spbe_cli.core.instrument import Instrument
from spbe_cli.core.problem import Place, Problem
from spbe_cli.read.grid import HEADER_WITHIN, LARGEST_TABLE, WIDEST, Grid
from spbe_cli.read.header import Rows
from spbe_cli.read.official import find_header, kinds_in, weighed
from spbe_cli.read.text import Text

if TYPE_CHECKING:
    from _csv import Reader


DELIMITERS = (";", ",", "\t", "|")

_DECLARED = re.compile(r'"?sep=([^\w\s"]|\t)"?\s*', re.IGNORECASE)
_QUOTED = re.compile(r'"([^"]*(?:""[^"]*)*)("?)')
_LINE_ENDS = "\r\n"
_TOP = 90  # rows that tell the delimiter: a heading row among the first and an instrument below it
_MOST_FAULTS = 100  # a file with more faults in its quotes is no table, and the rest is not read


class Dialect(NamedTuple):
    """How a text is cut: the line to begin with, counted from 0, and the delimiter."""

    first: int
    delimiter: str


class _Span(NamedTuple):
    """Where a field's content stands in a text, without its quotes, and what is wrong there."""

    start: int
    stop: int
    fault: str = ""


@dataclass(slots=True)
class _Table:
    """A text cut into rows. `begun` holds the line on which each row begins, from 0."""

    path: str
    lines: Sequence[str]
    delimiter: str
    rows: list[list[str]] = field(default_factory=list)
    begun: list[int] = field(default_factory=list)
    unquoted: set[int] = field(default_factory=set)  # the lines whose quotes are no quotes

    def place_of(self, row: int, column: int) -> Place:
        """Return a field's place; that of the row's end where it has no such field."""
        if row >= len(self.begun):
            return Place(self.path)
        first = self.begun[row]
        line = self.lines[first]
        if '"' not in line:  # it is the whole row; blank rows that were left out may follow
            whole = line.rstrip(_LINE_ENDS)
            start, width = _nth(whole, self.delimiter, column)
            return Place(self.path, first + 1, start + 1, excerpt=whole, width=max(width, 1))
        last = self.begun[row + 1] if row + 1 < len(self.begun) else len(self.lines)
        text = "".join(self.lines[first:last])
        spans = _spans_of_row(text, self.delimiter, first not in self.unquoted)
        if column < len(spans):
            return self.place_in(first, text, spans[column])
        end = spans[-1].stop + text.startswith('"', spans[-1].stop) if spans else 0
        return self.place_in(first, text, _Span(end, end))

    def place_in(self, first: int, text: str, span: _Span) -> Place:
        """Return the place of a span in a text that begins with the line `first`."""
        before = text[: span.start]
        passed = line_ends(before)
        line = first + passed
        column = len(before) - sum(len(each) for each in self.lines[first:line])
        excerpt = self.lines[line].rstrip(_LINE_ENDS) if line < len(self.lines) else ""
        width = max(min(span.stop - span.start, len(excerpt) - column), 1)
        return Place(self.path, line + 1, column + 1, excerpt=excerpt, width=width)


def read_delimited(text: Text, instrument: Instrument | None = None) -> tuple[Grid, list[Problem]]:
    """Return the rows of a text and what is wrong with its quotes.

    A line whose quotes are wrong is cut at every delimiter, so that its other cells are looked at
    as well. A first line `sep=;` is obeyed and left out.
    """
    lines = _lines(text.content)
    return _read(text, lines, _dialect(lines, instrument))


def dialect_of(text: Text, instrument: Instrument | None = None) -> Dialect:
    """Return how a text is cut, by its first rows."""
    return _dialect(_lines(text.content), instrument)


def read_rows(text: Text, dialect: Dialect) -> tuple[Grid, list[Problem]]:
    """Return all rows of a text that is cut in a known way, and what is wrong with its quotes.

    It is part of a larger one, so that its size is for the caller to bound.
    """
    lines = list(StringIO(text.content, newline=""))
    return _read(text, lines, dialect, most=sys.maxsize)


def _read(
    text: Text, lines: Sequence[str], dialect: Dialect, most: int = LARGEST_TABLE
) -> tuple[Grid, list[Problem]]:
    first, delimiter = dialect
    table = _Table(text.path, lines, delimiter)
    too_long = len(lines) > most
    problems = [_too_large(table, most)] if too_long else _fill(table, first, most)
    return Grid(table.rows, table.place_of, delimiter), problems


def delimiter_of_table(content: str) -> str | None:
    """Return the delimiter under which a header holds the needed columns; None where none does."""
    lines = _lines(content)
    first, candidates = _candidates(lines)
    for delimiter in candidates:
        header = find_header(_top(lines[first:], delimiter))
        # a YAML comment or list, `# kode, nilai`, is no header
        if header and all(column.name.lstrip()[0].isalnum() for column in header.columns):
            return delimiter
    return None


def _lines(content: str) -> list[str]:
    """Return the lines with their ends, up to the first that is too many."""
    return list(islice(StringIO(content, newline=""), LARGEST_TABLE + 1))


def _dialect(lines: Sequence[str], instrument: Instrument | None = None) -> Dialect:
    """Return the line to begin with, and the delimiter: the right one, else the best guess.

    The right one is that under which most speaks for a heading row.
    """
    first, delimiters = _candidates(lines)
    tops = {
        delimiter: _top(lines[first:], delimiter, _TOP)
        for delimiter in delimiters
        if any(delimiter in line for line in lines[first : first + _TOP])
    } or {delimiters[0]: _top(lines[first:], delimiters[0], _TOP)}
    weights = {
        delimiter: max(weight for weight, _ in found)
        for delimiter, rows in tops.items()
        if (found := weighed(rows, None, instrument))
    }
    if weights:
        return Dialect(first, max(weights, key=lambda delimiter: weights[delimiter]))
    top = "".join(lines[first : first + HEADER_WITHIN])
    likeliest = max(tops, key=lambda delimiter: (recognised(tops[delimiter]), top.count(delimiter)))
    return Dialect(first, likeliest)


def _candidates(lines: Sequence[str]) -> tuple[int, Sequence[str]]:
    declared = _DECLARED.fullmatch(lines[0]) if lines else None
    return (1, (declared[1],)) if declared else (0, DELIMITERS)


def _top(lines: Sequence[str], delimiter: str, most: int = HEADER_WITHIN + 1) -> list[list[str]]:
    """Return the rows in which a header may stand, and some below, as far as they can be read."""
    rows: list[list[str]] = []
    try:
        for row in islice(filter(any, _reader(_narrow(lines, delimiter), delimiter)), most):
            rows.append(row)  # noqa: PERF402  (the rows before an error are kept)
    except csv.Error:  # reported when the table is read
        pass
    return rows


def _reader(lines: Sequence[str], delimiter: str) -> "Reader":
    return csv.reader(lines, delimiter=delimiter, strict=True)


def _narrow(lines: Sequence[str], delimiter: str) -> Sequence[str]:
    """Return the lines up to one that is too wide for any table."""
    if max(map(len, lines), default=0) < WIDEST:
        return lines
    return list(takewhile(lambda line: line.count(delimiter) < WIDEST, lines))


def _fill(table: _Table, line: int, most: int) -> list[Problem]:
    """Read all rows from a line on, and return what is wrong with their form."""
    problems: list[Problem] = []
    cells = 0
    lines = _narrow(table.lines, table.delimiter)
    while line < len(lines) and len(problems) < _MOST_FAULTS:
        reader = _reader(lines[line:], table.delimiter)
        begun = line
        try:
            for row in reader:
                cells += len(row)
                if cells > most:
                    break
                if any(row):
                    table.begun.append(begun)
                    table.rows.append(row)
                begun = line + reader.line_num
        except csv.Error:
            problem, line = _fault(table, begun, line + reader.line_num)
            problems.append(problem)
        else:
            line = begun
            if cells > most:
                break
    if line < len(table.lines) and len(problems) < _MOST_FAULTS:
        problems.append(_too_large(table, line))
    return problems


def _too_large(table: _Table, line: int) -> Problem:
    values = {"cells": str(LARGEST_TABLE), "columns": str(WIDEST)}
    return Problem("table-too-large", Place(table.path, line + 1, 1), values)


def _fault(table: _Table, begun: int, end: int) -> tuple[Problem, int]:
    """Return what is wrong with a row that begins on a line, and the line to go on with.

    The parser read up to the line `end` when it stumbled.

    Where a quote swallows line ends, the quote that opened is the likelier error, wherever the
    parser stumbled: the lines after it are read again.
    """
    text = "".join(table.lines[begun:end])
    spans = list(islice(_spans(text, table.delimiter), WIDEST))
    wrong = spans[-1] if spans[-1].fault else max(spans, key=lambda span: span.stop - span.start)
    here = begun + line_ends(text[: wrong.start])
    if wrong.fault and here == begun:
        table.begun.append(begun)
        table.rows.append(table.lines[begun].rstrip(_LINE_ENDS).split(table.delimiter))
        table.unquoted.add(begun)
    if line_ends(text[wrong.start : wrong.stop]) or wrong.fault == "unclosed":
        opening = table.place_in(begun, text, _Span(wrong.start - 1, wrong.start))
        return Problem("quote-unclosed", opening), here + 1
    if wrong.fault:
        stray = table.place_in(begun, text, _Span(wrong.stop + 1, wrong.stop + 2))
        return Problem("quote-stray", stray, {"found": text[wrong.stop + 1]}), here + 1
    limit = {"limit": str(csv.field_size_limit())}
    return Problem("field-too-long", table.place_in(begun, text, wrong), limit), here + 1


def _nth(line: str, delimiter: str, column: int) -> tuple[int, int]:
    """Return where a field begins in a line without quotes, and its width; else the line's end."""
    fields = line.split(delimiter, column + 1)
    if len(fields) <= column:
        return len(line), 0
    rest = len(fields[-1]) + 1 if len(fields) > column + 1 else 0
    width = len(fields[column])
    return len(line) - rest - width, width


@lru_cache(maxsize=4)
def _spans_of_row(text: str, delimiter: str, quotes: bool) -> tuple[_Span, ...]:  # noqa: FBT001
    """Return a row's fields, kept for the next problem in the same row."""
    return tuple(_spans(text, delimiter, quotes=quotes))


def _spans(text: str, delimiter: str, *, quotes: bool = True) -> Iterator[_Span]:
    """Yield the fields of the first row of a text, up to one that is wrong."""
    unquoted = re.compile(f"[^{re.escape(delimiter)}{_LINE_ENDS}]*")
    at = 0
    while True:
        match = _QUOTED.match(text, at) if quotes else None
        if match is None:
            end = stop = _end(unquoted, text, at)
            start = at
        elif not match[2]:
            yield _Span(at + 1, len(text), "unclosed")
            return
        else:
            (start, stop), end = match.span(1), match.end()
        if end < len(text) and text[end] not in _LINE_ENDS + delimiter:
            yield _Span(start, stop, "stray")
            return
        yield _Span(start, stop)
        if end >= len(text) or text[end] != delimiter:
            return
        at = end + 1


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def line_ends(text: str) -> int:
    """Return how many lines end in a text; a carriage return and its line feed are one."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def recognised(rows: Rows) -> tuple[int, int]:
    """Return how many needed columns, and how many kinds of columns, the best first row holds.

    To compare tables. `Instansi | Kota X` is nearer to metadata than to a header.
    """
    return max(map(kinds_in, rows[:HEADER_WITHIN]), default=(0, 0))
