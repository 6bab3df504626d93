"""Checklists to fill in: a row a piece of evidence, as YAML, CSV and Excel with a live index."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from math import lcm
from typing import Any, NamedTuple

from spbe_cli.core.evidence import YES, is_cumulative
from spbe_cli.core.instrument import Group, Indicator
from spbe_cli.core.number import exact
from spbe_cli.core.scale import Scale
from spbe_cli.core.units import WHOLE, Count, units_of
from spbe_cli.formats.blocks import typed, visible
from spbe_cli.formats.forms import (
    Form,
    csv_text,
    head_of,
    yaml_head,
    yaml_text,
)
from spbe_cli.formats.workbook import Book, Sheet, book_bytes, column_letter, lines_in
from spbe_cli.words import Words


class _Line(NamedTuple):
    """One piece of evidence: whose, at which level, its number there, and its text."""

    indicator: Indicator
    level: Fraction
    number: int
    text: str


def _lines(form: Form) -> Iterator[_Line]:
    for indicator in form.instrument.indicators:
        criteria = form.criteria.get(indicator.code)
        for level, texts in sorted(criteria.evidence.items()) if criteria else ():
            for number, text in enumerate(texts, 1):
                yield _Line(indicator, level, number, text)


def checklist_yaml(form: Form, words: Words) -> str:
    """Return the checklist as YAML: under each level the pieces that may be accepted."""
    lines = yaml_head(
        form,
        words("Checklist of evidence, instrument {id}", id=form.instrument.id),
        words(
            "After each level: all, none, the numbers of the accepted pieces as [1, 3], or 2/4; "
            "then: spbe score {name}",
            name=typed(visible(form.name)),
        ),
        words("A claimed level may stand beside them: level: 3; then: spbe check"),
        words=words,
    )
    lines.append(f"{words('levels')}:")
    for indicator, of_one in groupby(_lines(form), key=lambda line: line.indicator):
        lines.append(f"  {yaml_text(indicator.code)}: # {visible(indicator.name)}")
        lines.append(f"    {words('Accepted').casefold()}:")
        for level, pieces in groupby(of_one, key=lambda line: line.level):
            lines.append(f"      {exact(level)}:")
            lines += [f"        # {piece.number}. {visible(piece.text)}" for piece in pieces]
    return "\n".join(lines) + "\n"


def _headings(words: Words) -> list[str]:
    return [
        words("Indicator"),
        words("Name of the indicator"),
        words("Level"),
        words("Item"),
        words("Evidence"),
        words("Accepted"),
        words("Claim"),
        words("Note"),
    ]


def checklist_csv(form: Form, words: Words) -> str:
    """Return the checklist as a table that a spreadsheet program opens."""
    rows = [[f"{label}: {value}".rstrip()] for label, value in head_of(form, words)]
    rows += [[], _headings(words)]
    for line in _lines(form):
        texts = (line.indicator.name, line.text)
        name, text = (f" {t}" if t[:1] in "=+-@" else t for t in map(visible, texts))
        number = str(line.number)
        rows.append([line.indicator.code, name, exact(line.level), number, text, "", "", ""])
    return csv_text(rows, words)


_CODE, _NAME, _LEVEL, _ITEM, _TEXT, _MARK, _CLAIM = range(7)
_WIDTHS = (17, 46, 12, 10, 76, 15, 11, 34)
_NAME_LETTERS, _TEXT_LETTERS, _LINE = 30, 54, 15  # letters of a line, points
_HEAD = 3  # the first row of who and when
_YEAR = 3  # how many rows below it the year stands


def checklist_xlsx(form: Form, words: Words) -> bytes:
    """Return the checklist as an Excel workbook; a second sheet has the values and the index."""
    title = words("Checklist of evidence, instrument {id}", id=form.instrument.id)

    def write(book: Book) -> None:
        Checklist(book, form, words).write()

    return book_bytes(title, form.institution, write, grows=True)


class Checklist:
    """The sheets of a checklist in a workbook.

    It stands alone, or beside a score sheet: then `year` is the cell that holds the year, who and
    when stand there, and the levels there are what is claimed.
    """

    def __init__(self, book: Book, form: Form, words: Words, year: str = "") -> None:
        self._book, self._form, self._words = book, form, words
        self._is_alone = not year
        named = [(words("Instrument"), form.instrument_name or form.instrument.id)]
        self._head = head_of(form, words) if self._is_alone else named
        self._first = _HEAD + len(self._head) + 2  # the row below the headings
        self._lines = list(_lines(form))
        self._name = words("Checklist")
        self._columns = [at for at in range(len(_WIDTHS)) if self._is_alone or at != _CLAIM]
        self._note = len(self._columns) - 1
        self._year = year or f"'{self._name}'!$B${_HEAD + _YEAR + 1}"

    def write(self) -> None:
        """Write the list, and the sheet with what it carries."""
        book, words, instrument = self._book, self._words, self._form.instrument
        sheet = book.sheet(self._name, [_WIDTHS[at] for at in self._columns])
        book.title(sheet, 0, words("Checklist of evidence, instrument {id}", id=instrument.id))
        book.text(sheet, 1, 0, words("Mark accepted pieces with ya or x; then: spbe score FILE."))
        for row, (label, value) in enumerate(self._head, _HEAD):
            look = book.input(align="left") if self._is_alone else book.look()
            book.text(sheet, row, 0, label, book.look(bold=True))
            if value.isdecimal():
                sheet.write_number(row, 1, int(value), look)
            else:
                book.text(sheet, row, 1, value, look)
        headings = _headings(words)
        book.header(sheet, self._first - 1, [headings[at] for at in self._columns])
        before = ""
        for row, line in enumerate(self._lines, self._first):
            self._write_line(sheet, row, line, first=line.indicator.code != before)
            before = line.indicator.code
        sheet.freeze_panes(self._first, _NAME + 1)
        sheet.repeat_rows(self._first - 1)
        sheet.print_area(0, 0, self._first + len(self._lines) - 1, self._note)
        sheet.autofilter(self._first - 1, 0, self._first + len(self._lines) - 1, self._note)
        at = (_HEAD, _NAME) if self._is_alone else (self._first, _MARK)
        sheet.set_selection(*at, *at)
        book.guard(sheet)
        self._write_values()

    def _write_line(self, sheet: Any, row: int, line: _Line, *, first: bool) -> None:  # noqa: ANN401
        book = self._book
        cell, wrapped = book.cell(strong=first), book.cell(text_wrap=True, strong=first)
        book.text(sheet, row, _CODE, line.indicator.code, cell)
        book.text(sheet, row, _NAME, line.indicator.name, wrapped)
        middle = book.cell(align="center", strong=first)
        sheet.write_number(row, _LEVEL, float(line.level), middle)
        sheet.write_number(row, _ITEM, line.number, middle)
        book.text(sheet, row, _TEXT, line.text, wrapped)
        for column in (_MARK, self._note, *([_CLAIM] if first and self._is_alone else [])):
            book.text(sheet, row, column, "", book.input())
        choices = [self._words("yes"), self._words("no")]
        rule = {"validate": "list", "source": choices, "show_error": False}
        sheet.data_validation(row, _MARK, row, _MARK, rule)
        lines = lines_in(line.indicator.name, _NAME_LETTERS), lines_in(line.text, _TEXT_LETTERS)
        sheet.set_row(row, _LINE * max(lines))

    def _write_values(self) -> None:
        """Write the sheet with the value of every indicator and the index, as formulas."""
        book, words, instrument = self._book, self._words, self._form.instrument
        sheet = book.sheet(words("Values from evidence"), (17, 46, 12, 24, 12, 26))
        rows: list[Group | Indicator] = []
        for group, _, _ in instrument.nodes:
            rows += [group, *group.indicators]
        placed = list(enumerate(rows, 4))
        at = {line.code: row + 1 for row, line in placed if isinstance(line, Indicator)}
        counted = Count(instrument.scale.lowest, Fraction(1, self._denominator))
        units = units_of(instrument, counted)
        values = Sheet(units, at, "D", "G")
        book.title(sheet, 0, words("Values from evidence"))
        wrapped = book.look(text_wrap=True)
        sheet.merge_range(1, 0, 1, 5, "", wrapped)
        book.text(sheet, 1, 0, self._rule(), wrapped)
        sheet.set_row(1, 2 * _LINE)
        headings = [words("Code"), words("Name of the indicator"), words("Weight")]
        headings += [words("From evidence"), words("Index"), words("Predicate")]
        book.header(sheet, 3, headings)
        weights = iter(units.weights)
        for row, line in placed:
            look = book.cell(places=instrument.places, strong=isinstance(line, Group))
            strong_name = book.cell(strong=isinstance(line, Group), text_wrap=True)
            book.text(sheet, row, 1, line.name, strong_name)
            sheet.set_row(row, _LINE * lines_in(line.name, _NAME_LETTERS))
            sheet.write_number(row, 2, float(line.weight), book.cell(places=2))
            if isinstance(line, Indicator):
                book.text(sheet, row, 0, line.code, book.cell())
                sheet.write_formula(row, 3, f"={self._value(line)}", look)
                sheet.write_number(row, 6, next(weights), book.behind)
            else:
                formulas = values.node(line.code, f"H{row + 1}", None)
                sheet.write_formula(row, 4, formulas.rounded, look)
                sheet.write_formula(row, 7, formulas.numerator, book.behind, 0)
        last = placed[-1][0] + 1
        formulas = values.node(WHOLE, f"H{last + 1}", self._year)
        strong = book.cell(places=instrument.places, strong=True)
        book.text(sheet, last, 1, instrument.index_name, book.cell(strong=True))
        marks = self._marks(self._first + 1, self._first + len(self._lines))
        marked = f"COUNTA({marks})>0"
        sheet.write_formula(last, 4, f'=IF({marked},{formulas.rounded[1:]},"")', strong, "")
        sheet.write_formula(last, 5, f'=IF({marked},{formulas.predicate[1:]},"")', strong, "")
        sheet.write_formula(last, 7, formulas.numerator, book.behind, 0)
        sheet.freeze_panes(4, 2)
        sheet.repeat_rows(3)
        sheet.print_area(0, 0, last, 5)
        book.guard(sheet)

    def _rule(self) -> str:
        """Return how a value follows, and how sure that is."""
        if self._form.instrument.scale.bands:
            return self._words(
                "Inferred, not printed in the regulation: the lower bound of the first level that "
                "is not full and, of its width, the part that is accepted."
            )
        return self._words(
            "The highest level up to which every piece that must be there is accepted."
        )

    @property
    def _prefix(self) -> str:
        return f"'{self._name}'!"

    @property
    def _denominator(self) -> int:
        """The number of which every value that evidence can carry is a whole part."""
        scale = self._form.instrument.scale
        ends = [band.end - band.start for band in scale.bands]
        counts = {len(list(of_one)) for _, of_one in self._by_level()}
        parts = [width / count for width in ends for count in counts]
        found = [scale.lowest, *scale.levels(), *(band.start for band in scale.bands), *parts]
        return lcm(*(each.denominator for each in found))

    def _by_level(self) -> Iterator[tuple[tuple[str, Fraction], Iterator[_Line]]]:
        return groupby(self._lines, key=lambda line: (line.indicator.code, line.level))

    def _value(self, indicator: Indicator) -> str:
        """Return the expression of the value that the marks of an indicator carry."""
        scale = self._form.instrument.scale
        found: dict[Fraction, tuple[str, int]] = {}
        row = self._first + 1
        for (code, level), of_one in self._by_level():
            lines = list(of_one)
            if code == indicator.code:
                counted = [bool(scale.bands) or is_cumulative(line.text) for line in lines]
                found[level] = self._accepted(row, counted), sum(counted)
            row += len(lines)
        return _banded(scale, found) if scale.bands else _stepped(scale, found)

    def _accepted(self, row: int, counted: Sequence[bool]) -> str:
        """Return the expression of how many pieces that count are accepted, from a row on."""
        marks = ",".join(f'"{mark}"' for mark in sorted(YES))
        cells = self._marks(row, row + len(counted) - 1)
        factors = ";".join(str(int(each)) for each in counted)
        return f"SUMPRODUCT(ISNUMBER(MATCH(LOWER(TRIM({cells})),{{{marks}}},0))*{{{factors}}})"

    def _marks(self, first: int, last: int) -> str:
        return f"{self._prefix}${column_letter(_MARK)}${first}:${column_letter(_MARK)}${last}"


def _banded(scale: Scale, found: Mapping[Fraction, tuple[str, int]]) -> str:
    formula = _plain(scale.highest)
    for band in reversed(scale.bands):
        if band.level not in found:
            formula = _plain(band.start)
            continue
        accepted, pieces = found[band.level]
        share = f"{_plain(band.start)}+{_plain((band.end - band.start) / pieces)}*{accepted}"
        formula = f"IF({accepted}<{pieces},{share},{formula})"
    return formula


def _stepped(scale: Scale, found: Mapping[Fraction, tuple[str, int]]) -> str:
    levels = list(scale.levels())
    formula = _plain(scale.highest)
    for before, level in reversed(list(zip([scale.lowest, *levels], levels, strict=False))):
        if level not in found:
            formula = _plain(before)
            continue
        accepted, needed = found[level]
        formula = f"IF({accepted}<{needed},{_plain(before)},{formula})"
    return formula


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"({value})"
