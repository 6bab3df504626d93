"""Blocks of a report one below the other on a sheet: paragraphs, lists and tables."""

from typing import Any, assert_never

from spbe_cli.core.number import NotANumberError, parse
from spbe_cli.render.report.blocks import (
    Block,
    Card,
    Facts,
    Ladder,
    Listing,
    Radar,
    Section,
    Table,
    Text,
)
from spbe_cli.render.view import Row, Tone
from spbe_cli.render.workbook import Book

__all__ = ["Flow"]

_TONES = {Tone.GOOD: "#14663A", Tone.FAIR: "#7A4B00", Tone.POOR: "#A11D1D", Tone.FAINT: "#55636F"}


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
            case Text():
                looks = {"font_color": _TONES[block.tone]} if block.tone in _TONES else {}
                self.paragraph(block.text, **looks)
            case Facts():
                for name, said in block.pairs:
                    self.paragraph(f"{name}: {said}")
            case Table():
                self._table(block)
            case Listing():
                self._listing(block)
            case Card():
                remark = f" ({block.remark})" if block.remark else ""
                self.paragraph(f"{block.title}{remark}", bold=True)
                if block.text:
                    self.paragraph(block.text)
                for listing in block.listings:
                    self._listing(listing)
            case Radar() | Ladder():
                self.paragraph(block.description)
            case _:
                assert_never(block)

    def _listing(self, listing: Listing) -> None:
        if listing.label:
            self.paragraph(listing.label, italic=True)
        for item in listing.items:
            self.paragraph(f"• {item}", indent=1)

    def _table(self, table: Table) -> None:
        self.paragraph(table.caption, bold=True)
        self._book.header(self._sheet, self.row, [column.heading for column in table.columns])
        for row in table.rows:
            self.row += 1
            self._line(table, row)
        self.row += 2

    def _line(self, table: Table, row: Row) -> None:
        for at, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
            looks: dict[str, Any] = {}
            if cell.tone in _TONES:
                looks["font_color"] = _TONES[cell.tone]
            number = _number(cell.text) if column.numeric else None
            if number is None:
                look = self._book.cell(strong=row.section, text_wrap=True, **looks)
                self._book.text(self._sheet, self.row, at, cell.text, look)
            else:
                value, looks["places"] = number
                looks["signed"] = cell.text.startswith("+")
                look = self._book.cell(strong=row.section, **looks)
                self._sheet.write_number(self.row, at, value, look)


def _number(text: str) -> tuple[float, int] | None:
    """Return a shown number as a number with as many decimals; None for other text."""
    try:
        value = parse(text)
    except NotANumberError:
        return None
    if "/" in text:
        return None
    return float(value), len(text.replace(",", ".").partition(".")[2])
