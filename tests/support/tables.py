"""Tables as text, as the tests write and read them."""

import csv
import io
from collections.abc import Iterable, Sequence

from spbe_cli.read.grid import Parsed
from spbe_cli.read.tables import read_table
from spbe_cli.read.text import File

__all__ = ["HEAD", "cells_of", "read_content", "records_of", "row", "table_text"]

HEAD = ["instansi", "kategori", "provinsi", "tahun", *map(str, range(1, 48))]
"""The headings of a table with a row an institution."""


def row(name: str, level: str = "3", year: str = "2023") -> list[str]:
    """An institution's row below `HEAD`, all its levels alike."""
    return [name, "kota", "Lampung", year, *[level] * 47]


def table_text(
    rows: Iterable[Sequence[object]], *, delimiter: str = ",", end: str = "\n", top: str = ""
) -> str:
    """The rows as a spreadsheet program writes them, below a text."""
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter, lineterminator=end).writerows(rows)
    return top + target.getvalue()


def cells_of(text: str) -> list[list[str]]:
    """The rows of a CSV text, line ends within cells as they are."""
    return list(csv.reader(io.StringIO(text, newline="")))


def records_of(text: str) -> list[dict[str, str]]:
    """The rows of a CSV text by its headings."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def read_content(content: str | bytes) -> Parsed:
    """What the reader makes of a text as `nilai.csv`, or of bytes as `nilai.xlsx`."""
    if isinstance(content, str):
        return read_table(File("nilai.csv", content.encode()))
    return read_table(File("nilai.xlsx", content))
