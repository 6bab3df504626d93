"""Rows of an answer as a plain workbook: numbers as numbers, text as text."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain, islice
from typing import BinaryIO

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
_MOST_CHARACTERS = 15  # of a number: no more digits than a spreadsheet keeps
_LONGEST = 32_000  # characters of a cell
_SIGNS = frozenset(FORMULA_SIGNS)
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
    number_look = cache(lambda places, signed: book.cell(places=places, signed=signed))
    text_looks = {runs: book.cell(quote_prefix=runs) for runs in (False, True)}
    number = 0
    for number, row in enumerate(chain(first[1:], rows), 1):
        for column, (text, is_text) in enumerate(zip(row, are_texts, strict=True)):
            if not text:
                continue
            found = None if is_text else _NUMBER.fullmatch(text)
            if found is not None and len(text) <= _MOST_CHARACTERS:
                look = number_look(len(found[1] or ""), text[0] == "+")
                sheet.write_number(number, column, float(text), look)
            else:
                look = text_looks[text.lstrip()[:1] in _SIGNS]
                sheet.write_string(number, column, harmless(text)[:_LONGEST], look)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, number, len(headings) - 1)


def write_long(stream: BinaryIO, rows: Iterable[Sequence[str]]) -> None:
    """Write rows of any number that a sheet may have, keeping few of them in memory."""
    from datetime import datetime

    from xlsxwriter import Workbook

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(stream, options) as workbook:
        workbook.set_properties({"title": "spbe", "created": datetime(2000, 1, 1)})  # noqa: DTZ001
        write_rows(Book(workbook), rows)
