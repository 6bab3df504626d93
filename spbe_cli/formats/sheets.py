"""Rows of an answer as a plain workbook: numbers as numbers, text as text."""

import re
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any, BinaryIO

from spbe_cli.formats.blocks import harmless
from spbe_cli.formats.data import FORMULA_SIGNS
from spbe_cli.formats.endings import Answered, Look
from spbe_cli.formats.workbook import Book, book_bytes

MOST_ROWS = 1_048_576
"""How many rows a sheet has, the headings included."""

TEXTS = frozenset(
    (
        *("institution", "category", "province", "stage", "instrument", "predicate", "notices"),
        *("known", "value", "kind", "code", "parent", "name", "before_stage", "after_stage"),
        *("before_instrument", "after_instrument"),
    )
)
"""Columns whose cells are text, whatever they look like."""

_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.(\d{1,15}))?", re.ASCII)
_MOST_DIGITS = 15  # that a spreadsheet keeps
_NARROWEST, _WIDEST, _LOOKED_AT = 8, 60, 500


def answer_xlsx(answer: Answered, _: Look) -> bytes:
    """Return the rows of an answer as a workbook with one sheet."""
    rows = list(answer.rows())
    return book_bytes("spbe", "spbe", lambda book: write_rows(book, rows))


def write_rows(book: Book, rows: Iterable[Sequence[str]]) -> None:
    """Write rows to a sheet, the first as headings; no cell of it becomes a formula."""
    rows = iter(rows)
    first = list(islice(rows, _LOOKED_AT))
    headings = first[0]
    widths = [max(len(row[at]) for row in first) + 2 for at in range(len(headings))]
    sheet = book.sheet("spbe", [min(max(width, _NARROWEST), _WIDEST) for width in widths])
    book.header(sheet, 0, headings)
    are_texts = [heading in TEXTS for heading in headings]
    number = 0
    for number, row in enumerate(chain(first[1:], rows), 1):
        for column, (text, is_text) in enumerate(zip(row, are_texts, strict=True)):
            if text:
                _write(book, sheet, (number, column), text, is_text=is_text)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, number, len(headings) - 1)


def _write(
    book: Book,
    sheet: Any,  # noqa: ANN401
    at: tuple[int, int],
    text: str,
    *,
    is_text: bool,
) -> None:
    found = None if is_text else _NUMBER.fullmatch(text)
    if found is not None and sum(map(str.isdigit, text)) <= _MOST_DIGITS:
        places = len(found[1] or "")
        look = book.cell(places=places, signed=text.startswith("+"))
        sheet.write_number(*at, float(text), look)
    else:
        runs = text.lstrip()[:1] in FORMULA_SIGNS
        sheet.write_string(*at, harmless(text)[:32_000], book.cell(quote_prefix=runs))


def write_long(stream: BinaryIO, rows: Iterable[Sequence[str]]) -> None:
    """Write rows of any number that a sheet may have, keeping few of them in memory."""
    from datetime import datetime

    from xlsxwriter import Workbook

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(stream, options) as workbook:
        workbook.set_properties({"title": "spbe", "created": datetime(2000, 1, 1)})  # noqa: DTZ001
        write_rows(Book(workbook), rows)
