"""Workbooks: formats of cells, and the index as exact formulas.

A spreadsheet computes with binary floating point. Sums of whole numbers below 2**53 are exact in
it, and so is rounding half up by whole division; comparing a float with a threshold is not.
"""

import io
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

from spbe_cli.core.instrument import Basis, Indicator, Instrument
from spbe_cli.core.number import exact
from spbe_cli.core.units import Units, step_of
from spbe_cli.formats.blocks import harmless

ACROSS = 7
"""How many columns a paragraph spans, where there are as many."""

_ACCENT, _SHADE, _RULE = "#0B4F72", "#F2F5F7", "#CFD6DC"
_LONGEST = 32_000  # characters of a cell
_FONT, _SIZE = "Arial", 10  # there, or one of its widths, wherever a workbook is opened
_LINE_HEIGHT, _OTHER_LINE, _HIGHEST, _SPARE = (
    13.0,
    15.5,
    409.0,
    3.0,
)  # points: of a line, of a row, around its text
_DIGIT, _MARGIN, _POINT = 7, 10, 0.75  # pixels of a digit and beside a text, points of a pixel
_TITLE_SIZE, _TITLE_ROOM = 14, 560.0  # points, of a heading and of the line that it stands on
_A4 = 9
_INPUT = "#FFF8E1"  # a cell to fill in
_NO_TIME = datetime(2000, 1, 1)  # noqa: DTZ001 - the same bytes for the same input


def book_bytes(
    title: str,
    author: str,
    write: "Callable[[Book], None]",
    *,
    grows: bool = False,
    measured: bool = False,
) -> bytes:
    """Return the bytes of the workbook that `write` fills.

    Text is written as text, whatever it begins with: no cell of it becomes a formula or a link.
    A `measured` one is set in a font whose widths are known wherever it is opened.
    Where it `grows`, a row keeps its height only until somebody writes more into it.
    """
    from xlsxwriter import Workbook  # an extra: forms in YAML and CSV do without

    content = io.BytesIO()
    options: dict[str, Any] = {"in_memory": True, "strings_to_formulas": False}
    options["strings_to_urls"] = False
    if measured:
        options["default_format_properties"] = {"font_name": _FONT, "font_size": _SIZE}
    with Workbook(content, options) as workbook:
        workbook.set_properties({"title": title, "author": author, "created": _NO_TIME})
        write(Book(workbook, _LINE_HEIGHT if measured else _OTHER_LINE))
    return _growing(content) if grows else content.getvalue()


def _growing(content: io.BytesIO) -> bytes:
    """Return a workbook whose heights are those of its text, not wishes that hold for ever."""
    from zipfile import ZIP_DEFLATED, ZipFile

    written = io.BytesIO()
    with ZipFile(content) as book, ZipFile(written, "w", ZIP_DEFLATED) as grown:
        for each in book.infolist():
            part = book.read(each)
            if each.filename.startswith("xl/worksheets/sheet"):
                part = part.replace(b' customHeight="1"', b"")
            grown.writestr(each, part)
    return written.getvalue()


def lines_in(text: str, letters: int) -> int:
    """Return how many lines a text takes in a cell of so many letters, broken between words."""
    from textwrap import wrap

    return sum(len(wrap(line, letters)) or 1 for line in text.split("\n"))


class Book:
    """A workbook with looks that are made once, and the ways in which sheets are filled."""

    def __init__(self, workbook: Any, line: float = 15.5) -> None:  # noqa: ANN401
        self.workbook = workbook
        self._line = line
        self._looks: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._widths: dict[str, Sequence[float]] = {}

    def sheet(self, name: str, widths: Sequence[int]) -> Any:  # noqa: ANN401
        """Return a new sheet on A4 across, with columns of these widths."""
        sheet = self.workbook.add_worksheet(sheet_name(name))
        self._widths[sheet.get_name()] = widths
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def look(self, **looks: Any) -> Any:  # noqa: ANN401
        """Return the format of these looks."""
        looks = {"valign": "top", **({"align": "left"} if looks.get("indent") else {}), **looks}
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

    def input(self, **looks: Any) -> Any:  # noqa: ANN401
        """Return the look of a cell to fill in, which grows with its text."""
        return self.cell(locked=False, bg_color=_INPUT, border=1, text_wrap=True, **looks)

    @property
    def behind(self) -> Any:  # noqa: ANN401
        """The look of a number that others are computed from: it shows nothing.

        Its column is not hidden, so that a reader has nothing to say of it.
        """
        return self.look(num_format=";;;")

    @staticmethod
    def guard(sheet: Any) -> None:  # noqa: ANN401
        """Let only cells to fill in be changed; columns and rows may be made wider and higher."""
        sheet.set_footer("&L&F&C&A&R&P / &N")
        sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})

    def header(
        self,
        sheet: Any,  # noqa: ANN401
        row: int,
        headings: Sequence[str],
        numeric: Collection[int] = (),
    ) -> None:
        """Write the headings of a table, to the right where the columns hold numbers."""
        looks = {"bold": True, "text_wrap": True, "bg_color": _ACCENT, "font_color": "#FFFFFF"}
        for column, heading in enumerate(headings):
            side: dict[str, Any] = {"indent": int(column - 1 in numeric)}
            side = {"align": "right"} if column in numeric else side
            self.text(sheet, row, column, heading, self.look(border=1, **looks, **side))
        self.fit(sheet, row, headings, bold=True)

    def fit(self, sheet: Any, row: int, texts: Sequence[str], *, bold: bool = False) -> None:  # noqa: ANN401
        """Make a row as high as its texts take, each in its column."""
        columns = zip(texts, self._widths[sheet.get_name()], strict=False)
        lines = max((lines_across(text, width, bold=bold) for text, width in columns), default=1)
        sheet.set_row(row, min(self._line * lines + _SPARE, _HIGHEST))

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
        widths = self._widths[sheet.get_name()][:ACROSS]
        if len(widths) > 1:
            sheet.merge_range(row, 0, row, len(widths) - 1, "", look)
        self.text(sheet, row, 0, text, look)
        width = sum(widths) - looks.get("indent", 0) * _INDENT
        lines = lines_across(text, width, bold=bool(looks.get("bold")))
        sheet.set_row(row, min(self._line * lines + _SPARE, _HIGHEST))

    def title(self, sheet: Any, row: int, text: str) -> None:  # noqa: ANN401
        """Write the heading of a part; one that is too long for a line, as a paragraph."""
        looks = {"bold": True, "font_color": _ACCENT}
        if text_width(text, bold=True) * _TITLE_SIZE / _SIZE > _TITLE_ROOM:
            self.paragraph(sheet, row, text, **looks)
            return
        sheet.set_row(row, 22)
        self.text(sheet, row, 0, text, self.look(font_size=_TITLE_SIZE, **looks))


# What Arial's characters are wide, in thousandths of its size; most others are narrower than an em.
_WIDTHS = {
    each: width
    for width, characters in {
        191: "'",
        222: "ijl",
        260: "|",
        278: " !,./:;I[\\]ft",
        333: "()-`r",
        334: "{}",
        350: "•",
        355: '"',
        389: "*",
        469: "^",
        500: "Jcksvxyz",
        556: "#$0123456789?L_abdeghnopqu",
        584: "+<=>~",
        611: "FTZ",
        667: "&ABEKPSVXY",
        722: "CDHNRUw",
        778: "GOQ",
        833: "Mm",
        889: "%",
        944: "W",
        1015: "@",
    }.items()
    for each in characters
}
_BOLD, _INDENT = 1.1, 2  # of the width of plain text; digits


def text_width(text: str, *, bold: bool = False) -> float:
    """Return how many points a text takes on one line."""
    units = sum(_WIDTHS.get(each, 1000) for each in text)
    return units * _SIZE / 1000 * (_BOLD if bold else 1)


def lines_across(text: str, width: float, *, bold: bool = False) -> int:
    """Return how many lines a text takes in a column so many digits wide, at least one."""
    room = (width * _DIGIT + 5 - _MARGIN) * _POINT
    lines = 0
    for paragraph in text.split("\n"):
        lines, used = lines + 1, 0.0
        for word in paragraph.split():
            taken = text_width(f"{word} ", bold=bold)
            if used and used + taken > room:
                lines, used = lines + 1, 0.0
            used += taken
            while used > room:  # a word longer than the line goes on on the next
                lines, used = lines + 1, used - room
    return max(lines, 1)


def column_letter(column: int) -> str:
    """Return a spreadsheet's name for a column counted from 0."""
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column))


def sheet_name(name: str) -> str:
    """Return a name that a sheet may have: at most 31 characters, none of those in formulas."""
    return "".join(" " if character in "[]:*?/\\'" else character for character in name)[:31]


_MOST_CHOICES = 20  # levels in a drop-down


class NodeFormulas(NamedTuple):
    """The formulas of one node. `numerator` stands in a cell of its own, to which others refer.

    It holds the index times `divisor`.
    """

    divisor: int
    numerator: str
    exact: str
    rounded: str
    predicate: str


class Sheet(NamedTuple):
    """Where a sheet has the levels and the whole weights of the indicators.

    `rows` holds each indicator's row, counted from 1, by its code. Between the rows of a node's
    indicators there may be others whose level and weight are empty. `prefix` names the sheet for
    formulas on another one: `'Indikator'!`.
    """

    units: Units
    rows: Mapping[str, int]
    level: str
    weight: str
    prefix: str = ""

    @property
    def instrument(self) -> Instrument:
        """The instrument of the indicators."""
        return self.units.instrument

    def contribution(self, code: str) -> str:
        """Return the formula of what an indicator adds to the index, in points."""
        row, total = self.rows[code], self.units.whole.total
        return f"={self.prefix}{self.level}{row}*{self.prefix}{self.weight}{row}/{total}"

    def filled(self) -> str:
        """Return the expression of how many levels are filled in."""
        return f"COUNT({self.cells(self.instrument.indicators, self.level)})"

    def cells(self, below: Sequence[Indicator], column: str) -> str:
        """Return the cells of some indicators that follow each other, in a column."""
        first, last = self.rows[below[0].code], self.rows[below[-1].code]
        return f"{self.prefix}${column}${first}:${column}${last}"

    def node(self, code: str, numerator_at: str, year: int | str | None) -> NodeFormulas:
        """Return the formulas of a node by its code; `index` is the whole.

        `numerator_at` is the cell of its numerator; the year, or the cell that holds it, says what
        decides the predicate.
        """
        scale, places = self.instrument.scale, self.instrument.places
        node = self.units.node_by_code[code]
        below = [self.instrument.indicators[place] for place in node.below]
        offset, factor, divisor = node.formula
        levels, units = self.cells(below, self.level), self.cells(below, self.weight)
        steps = f"ROUND(({levels}-{_plain(scale.lowest)})/{_plain(self.units.counted.each)},0)"
        shown = 10**places
        hundredths = f"INT((2*{numerator_at}*{shown}+{divisor})/{2 * divisor})"
        return NodeFormulas(
            divisor,
            f"={offset}+SUMPRODUCT({steps},{units})*{factor}",
            f"={numerator_at}/{divisor}",
            f"={hundredths}/{shown}",
            "=" + self._predicate(numerator_at, hundredths, divisor, year),
        )

    def _predicate(
        self, numerator: str, hundredths: str, divisor: int, year: int | str | None
    ) -> str:
        """Return the predicate on the basis of the year; of a cell's year by asking the cell."""
        if not isinstance(year, str):
            basis = self.instrument.basis_in(year).basis
            return self._predicate_on(basis, numerator, hundredths, divisor)
        formula = ""
        for period in self.instrument.basis:
            here = self._predicate_on(period.basis, numerator, hundredths, divisor)
            if not formula:
                formula = here
            else:
                before = f"AND(ISNUMBER({year}),{year}<{period.first_year or 0})"
                formula = f"IF({before},{formula},{here})"
        return formula

    def _predicate_on(self, basis: Basis, numerator: str, hundredths: str, divisor: int) -> str:
        """Return nested conditions, the highest predicate first."""
        formula = '""'
        for predicate in reversed(self.instrument.predicates):
            name = '"' + predicate.name.replace('"', '""') + '"'
            least = predicate.threshold
            if least is None:
                formula = name
            elif basis is Basis.ROUNDED:
                enough = ceil(least * 10**self.instrument.places)
                formula = f"IF({hundredths}>={enough},{name},{formula})"
            else:
                enough = least.numerator * divisor
                formula = f"IF({numerator}*{least.denominator}>={enough},{name},{formula})"
        return formula


def level_rule(instrument: Instrument, title: str, message: str) -> dict[str, Any]:
    """Return the data validation of a level: a drop-down, or the ends of a fine scale."""
    scale = instrument.scale
    said = {"error_title": title[:32], "error_message": message[:255]}
    if (scale.highest - scale.lowest) / step_of(scale) < _MOST_CHOICES:
        return {"validate": "list", "source": [exact(level) for level in scale.levels()], **said}
    ends = {"minimum": float(scale.lowest), "maximum": float(scale.highest)}
    return {"validate": "decimal", "criteria": "between", **ends, **said}


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"({value})"
