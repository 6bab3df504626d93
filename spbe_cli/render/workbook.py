"""What the workbooks of reports and forms share: looks, headings, paragraphs."""

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from xlsxwriter import Workbook

from spbe_cli.render.view import harmless

__all__ = ["ACROSS", "Book", "book_bytes"]

ACROSS = 7
"""How many columns a paragraph spans."""

_ACCENT, _SHADE, _RULE = "#0B4F72", "#F2F5F7", "#CFD6DC"
_LONGEST = 32_000  # characters of a cell
_LINE, _LINE_HEIGHT = 100, 15.5  # characters of a line across all columns, points
_A4 = 9
_NO_TIME = datetime(2000, 1, 1)  # noqa: DTZ001 - the same bytes for the same input


def book_bytes(title: str, author: str, write: "Callable[[Book], None]") -> bytes:
    """Return the bytes of the workbook that `write` fills.

    Text is written as text, whatever it begins with: no cell of it becomes a formula or a link.
    """
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(content, options) as workbook:
        workbook.set_properties({"title": title, "author": author, "created": _NO_TIME})
        write(Book(workbook))
    return content.getvalue()


class Book:
    """A workbook with looks that are made once, and the ways in which sheets are filled."""

    def __init__(self, workbook: Any) -> None:  # noqa: ANN401
        self.workbook = workbook
        self._looks: dict[tuple[tuple[str, Any], ...], Any] = {}

    def sheet(self, name: str, widths: Sequence[int]) -> Any:  # noqa: ANN401
        """Return a new sheet on A4 across, with columns of these widths."""
        sheet = self.workbook.add_worksheet(sheet_name(name))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def look(self, **looks: Any) -> Any:  # noqa: ANN401
        """Return the format of these looks."""
        looks = {"valign": "top", **looks}
        key = tuple(sorted(looks.items()))
        if key not in self._looks:
            self._looks[key] = self.workbook.add_format(looks)
        return self._looks[key]

    def cell(
        self,
        *,
        places: int | None = None,
        strong: bool = False,
        signed: bool = False,
        **looks: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Return the look of a table's cell; `places` are the decimals of a number."""
        looks = {"bottom": 1, "bottom_color": _RULE, **looks}
        if places is not None:
            digits = "0." + "0" * places if places else "0"
            looks["num_format"] = f"+{digits};-{digits};{digits}" if signed else digits
        if strong:
            looks |= {"bold": True, "bg_color": _SHADE}
        return self.look(**looks)

    def header(self, sheet: Any, row: int, headings: Sequence[str]) -> None:  # noqa: ANN401
        """Write the headings of a table."""
        look = self.look(
            bold=True, text_wrap=True, bg_color=_ACCENT, font_color="#FFFFFF", border=1
        )
        for column, heading in enumerate(headings):
            self.text(sheet, row, column, heading, look)

    def text(self, sheet: Any, row: int, column: int, text: str, look: Any = None) -> None:  # noqa: ANN401
        """Write text as text."""
        text = harmless(text)[:_LONGEST]
        if text:
            sheet.write_string(row, column, text, look)
        else:
            sheet.write_blank(row, column, None, look)

    def paragraph(self, sheet: Any, row: int, text: str, **looks: Any) -> None:  # noqa: ANN401
        """Write a paragraph across the columns, as high as its text takes."""
        look = self.look(text_wrap=True, **looks)
        if ACROSS > 1:
            sheet.merge_range(row, 0, row, ACROSS - 1, "", look)
        self.text(sheet, row, 0, text, look)
        sheet.set_row(row, _LINE_HEIGHT * (1 + len(text) // _LINE))

    def title(self, sheet: Any, row: int, text: str) -> None:  # noqa: ANN401
        """Write the heading of a part."""
        sheet.set_row(row, 21)
        self.text(sheet, row, 0, text, self.look(bold=True, font_size=14, font_color=_ACCENT))


def sheet_name(name: str) -> str:
    """Return a name that a sheet may have: at most 31 characters, none of those in formulas."""
    return "".join(" " if character in "[]:*?/\\'" else character for character in name)[:31]
