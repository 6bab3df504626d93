"""Sheets without formulas: rows of an answer, and blocks from the top of a sheet downwards."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain, islice
from typing import Any, BinaryIO, assert_never

from spbe_cli.formats.blocks import (
    COLOURS,
    Block,
    Card,
    Facts,
    Ladder,
    Line,
    Lines,
    Listing,
    Radar,
    Row,
    Section,
    Table,
    Text,
    harmless,
)
from spbe_cli.formats.data import FORMULA_SIGNS
from spbe_cli.formats.endings import Answered, Look
from spbe_cli.formats.workbook import ACROSS, Book, book_bytes

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
_CHART_ROWS, _CHART_HEIGHT = 14, 20.0  # rows that a chart covers, points of each
LOOKS = (
    ("#0B5F8A", "solid", "circle", ""),
    ("#B04A00", "dash", "square", "wide_upward_diagonal"),
    ("#5B3A8E", "square_dot", "triangle", "small_grid"),
    ("#0B5F8A", "long_dash_dot", "circle", "wide_downward_diagonal"),
    ("#B04A00", "round_dot", "square", "dotted_grid"),
    ("#5B3A8E", "long_dash", "triangle", "horizontal_brick"),
)
"""Colour, dashes, marker and pattern of what a chart shows, told apart without the first."""
TONES = {tone: f"#{colour}" for tone, colour in COLOURS.items()}
"""The colours of tones, as a workbook has them."""


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


class Flow:
    """Writes from the top of a sheet downwards; `row` is the next free one."""

    def __init__(self, book: Book, sheet: Any) -> None:  # noqa: ANN401
        self._book = book
        self._sheet = sheet
        self.row = 0

    def title(self, text: str) -> None:
        """Write a heading."""
        self._book.title(self._sheet, self.row, text)
        self.row += 1

    def paragraph(self, text: str, **looks: Any) -> None:  # noqa: ANN401
        """Write a paragraph."""
        self._book.paragraph(self._sheet, self.row, text, **looks)
        self.row += 1

    def section(self, section: Section) -> None:
        """Write a part of the report under its heading."""
        self.row += 1
        self.title(section.title)
        for block in section.blocks:
            self._block(block)

    def _block(self, block: Block) -> None:
        match block:
            case Text() | Line():
                looks = {"font_color": TONES[block.tone]} if block.tone in TONES else {}
                self.paragraph(block.text, **looks)
            case Facts():
                for name, said in block.pairs:
                    self.paragraph(f"{name}: {said}")
            case Table():
                self._table(block)
            case Listing():
                self._listing(block)
            case Card():
                self._card(block)
            case Lines():
                self._lines(block)
            case Radar() | Ladder():
                self.paragraph(block.description)
            case _:
                assert_never(block)

    def _card(self, card: Card) -> None:
        remark = f" ({card.remark})" if card.remark else ""
        self.paragraph(f"{card.title}{remark}", bold=True)
        if card.text:
            self.paragraph(card.text)
        for listing in card.listings:
            self._listing(listing)

    def _listing(self, listing: Listing) -> None:
        if listing.text:
            self.paragraph(f"{listing.label}: {listing.text}" if listing.label else listing.text)
        elif listing.label:
            self.paragraph(listing.label, italic=True)
        for item in listing.items:
            self.paragraph(f"• {item}", indent=1)

    def _table(self, table: Table) -> None:
        if table.caption:
            self.paragraph(table.caption, bold=True)
        headings = [column.heading for column in table.columns]
        numeric = {at for at, column in enumerate(table.columns) if column.numeric}
        self._book.header(self._sheet, self.row, headings, numeric)
        for row in table.rows:
            self.row += 1
            self._line(table, row)
        self.row += 2

    def _lines(self, chart: Lines) -> None:
        """Draw lines over rows that are kept free for them, from numbers in hidden columns."""
        first, name = ACROSS + 1, self._sheet.get_name()
        last = first + len(chart.periods)
        drawn = self._book.workbook.add_chart({"type": "line"})
        for at, period in enumerate(chart.periods, first + 1):
            self._book.text(self._sheet, self.row, at, period)
        for place, line in enumerate(chart.lines):
            row = self.row + 1 + place
            self._book.text(self._sheet, row, first, f"{line.code} {line.name}".strip())
            for at, shown in enumerate(line.shown, first + 1):
                self._sheet.write_number(row, at, float(shown.replace(",", ".")))
            colour, dash, marker, _ = LOOKS[place % len(LOOKS)]
            series = {
                "name": [name, row, first],
                "categories": [name, self.row, first + 1, self.row, last],
                "values": [name, row, first + 1, row, last],
                "line": {"color": colour, "width": 2, "dash_type": dash},
                "marker": {"type": marker, "size": 6, "fill": {"color": colour}},
            }
            drawn.add_series(series)
        self._sheet.set_column(first, last, None, None, {"hidden": True})
        drawn.show_hidden_data()
        drawn.set_title({"name": chart.title, "overlay": False, "name_font": {"size": 11}})
        ends = {"min": float(chart.rings[0][0]), "max": float(chart.rings[-1][0])}
        drawn.set_y_axis({**ends, "major_unit": 1, "num_font": {"size": 8}})
        drawn.set_legend({"position": "bottom"})
        drawn.set_size({"width": 640, "height": int(_CHART_ROWS * _CHART_HEIGHT / 0.75) - 10})
        self._sheet.insert_chart(self.row, 0, drawn, {"description": chart.description})
        for _ in range(_CHART_ROWS):
            self._sheet.set_row(self.row, _CHART_HEIGHT)
            self.row += 1

    def _line(self, table: Table, row: Row) -> None:
        for at, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
            looks: dict[str, Any] = {}
            text = f"{cell.text} {cell.sign}" if cell.sign else cell.text
            if cell.tone in TONES:
                looks["font_color"] = TONES[cell.tone]
            number = _number(cell.text) if column.numeric else None
            if number is None:
                beside = table.columns[at - 1].numeric if at else False
                looks |= {"align": "right"} if column.numeric else {"indent": int(beside)}
                look = self._book.cell(strong=row.section, text_wrap=True, **looks)
                self._book.text(self._sheet, self.row, at, text, look)
            else:
                value, looks["places"] = number
                looks["signed"] = cell.text.startswith("+")
                look = self._book.cell(strong=row.section, **looks)
                self._sheet.write_number(self.row, at, value, look)
        self._book.fit(self._sheet, self.row, [cell.text for cell in row.cells], bold=row.section)


def _number(text: str) -> tuple[float, int] | None:
    """Return a shown number as a number with as many decimals; None for other text."""
    said = text.replace(",", ".")
    shown = _NUMBER.fullmatch(said)
    return None if shown is None else (float(said), len(shown[1] or ""))
