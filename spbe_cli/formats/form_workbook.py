"""The form as an Excel workbook: levels, a checklist of evidence, and an index that is live."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any, NamedTuple

from spbe_cli.core.assessment import HELPER, Stage
from spbe_cli.core.institution import CATEGORIES, PROVINCES
from spbe_cli.core.instrument import Group, Indicator, Instrument
from spbe_cli.core.number import exact
from spbe_cli.core.units import WHOLE, units_of
from spbe_cli.formats.checklist import Checklist
from spbe_cli.formats.forms import Form, stage_name
from spbe_cli.formats.workbook import Book, Sheet, book_bytes, column_letter, level_rule, lines_in
from spbe_cli.words import Words

_CODE, _NAME, _WEIGHT, _LEVEL, _INDEX, _NOTE, _EVIDENCE, _RESPONSIBLE = range(8)
_CRITERIA = 8
_WIDTHS = (19, 46, 10, 10, 10, 34, 34, 26)
_CRITERION_WIDTH, _BEHIND_WIDTH = 60, 12
_HEAD, _RESULT, _HEADER = 2, 5, 6  # rows: who and when, the index, the headings
_LABEL, _VALUE, _LABEL_BESIDE, _VALUE_BESIDE = 0, 1, 2, 5  # columns of who and when
_YEAR_CELL = "$F$3"
# letters of a line in the widest of the usual fonts
_LABEL_LETTERS, _NAME_LETTERS, _CRITERION_LETTERS, _TEXT_LETTERS = 12, 32, 60, 140
# points of a line, of one of a criterion, and around it: whole pixels, three quarters of a point
_LINE, _SMALL_LINE, _MARGIN = 15, 11.25, 3.75
_MESSAGE = 255  # characters of a message beside a cell


class _Choice(NamedTuple):
    """Something of who and when: its label, what stands there, and what it is chosen from."""

    label: str
    value: str | int
    source: Sequence[str] | str | None = None
    is_strict: bool = False


def form_xlsx(form: Form, words: Words) -> bytes:
    """Return the form as an Excel workbook; only what is to be filled in can be changed.

    Sheets: the levels with the index, the pieces of evidence to mark with what they carry, and
    what the drop-downs offer.
    """
    title = words("Score sheet, instrument {id}", id=form.instrument.id)

    def write(book: Book) -> None:
        _FormSheet(book, form, words).write()
        if any(each.evidence for each in form.criteria.values()):
            year = f"'{words('Score sheet')}'!{_YEAR_CELL}"
            Checklist(book, form, words, year).write()
        _write_choices(book, words)

    return book_bytes(title, form.institution, write, grows=True)


def _write_choices(book: Book, words: Words) -> None:
    """Write what category and province are chosen from: too much for a drop-down of its own."""
    sheet = book.sheet(words("Choices"), (24, 30))
    book.header(sheet, 0, [words("Category"), words("Province")])
    for column, texts in enumerate((CATEGORIES, PROVINCES)):
        for row, text in enumerate(texts, 1):
            book.text(sheet, row, column, text, book.cell())
    sheet.repeat_rows(0)
    sheet.protect()


def _levels_in_words(instrument: Instrument, words: Words) -> Iterator[str]:
    """Yield what the levels are called, once for all indicators of which they are called so."""
    scale = instrument.scale
    if scale.bands:
        starts = [(str(band), words.number(band.start)) for band in scale.bands]
        names = [words("{level} from {start}", level=each, start=at) for each, at in starts]
        yield f"{', '.join(names)}."
        return
    codes: dict[str, list[str]] = {}
    for indicator in instrument.indicators:
        named = [(exact(lv), instrument.level_name(indicator, lv)) for lv in scale.levels()]
        if any(name for _, name in named):
            said = ", ".join(f"{level} {name}".strip() for level, name in named)
            codes.setdefault(said, []).append(indicator.code)
    for said, found in codes.items():
        if len(found) == len(instrument.indicators):
            yield f"{said}."
        else:
            yield words(
                "Indicators {codes}: {levels}.", codes=instrument.listed(found), levels=said
            )


class _FormSheet:
    def __init__(self, book: Book, form: Form, words: Words) -> None:
        self._book, self._form, self._words = book, form, words
        instrument = form.instrument
        self._criteria = sorted({lv for each in form.criteria.values() for lv in each.levels})
        # what the index is computed from stands behind the criteria: whole weights, numerators
        self._weights = _CRITERIA + len(self._criteria)
        self._numerators = self._weights + 1
        lines: list[Group | Indicator] = []
        for group, _, _ in instrument.nodes:
            lines += [group, *group.indicators]
        self._lines = list(zip(count(_HEADER + 1), lines, strict=False))
        rows = {line.code: row + 1 for row, line in self._lines if isinstance(line, Indicator)}
        level, weight = column_letter(_LEVEL), column_letter(self._weights)
        self._levels = Sheet(units_of(instrument), rows, level, weight)

    def write(self) -> None:
        words, book, instrument = self._words, self._book, self._form.instrument
        widths = [*_WIDTHS, *(_CRITERION_WIDTH for _ in self._criteria)]
        sheet = book.sheet(words("Score sheet"), [*widths, _BEHIND_WIDTH, _BEHIND_WIDTH])
        book.title(sheet, 0, words("Score sheet, instrument {id}", id=instrument.id))
        self._write_scale(sheet)
        self._write_head(sheet)
        self._write_result(sheet)
        headings = [words("Code"), words("Name of the indicator"), words("Weight"), words("Level")]
        headings += [words("Index"), words("Note"), words("Evidence"), words("Responsible")]
        headings += [words("Criterion, level {level}", level=exact(lv)) for lv in self._criteria]
        book.header(sheet, _HEADER, [*headings, HELPER, HELPER])
        weights = iter(self._levels.units.weights)
        for row, line in self._lines:
            if isinstance(line, Indicator):
                self._write_indicator(sheet, row, line, next(weights))
            else:
                self._write_group(sheet, row, line)
        sheet.freeze_panes(_HEADER + 1, _NAME + 1)
        sheet.repeat_rows(_HEADER)
        sheet.print_area(0, 0, self._lines[-1][0], _RESPONSIBLE)
        sheet.set_selection(_HEAD, _VALUE, _HEAD, _VALUE)
        book.guard(sheet)

    def _write_scale(self, sheet: Any) -> None:  # noqa: ANN401
        """Write what to do, and the scale in words, across the columns that are printed."""
        words, instrument = self._words, self._form.instrument
        parts = [words("Fill in the yellow cells; then: spbe score FILE.")]
        parts.append(words("Scale: {scale}.", scale=words.scale(str(instrument.scale))))
        parts += _levels_in_words(instrument, words)
        look = self._book.look(text_wrap=True)
        sheet.merge_range(1, 0, 1, _RESPONSIBLE, "", look)
        text = " ".join(parts)
        self._book.text(sheet, 1, 0, text, look)
        sheet.set_row(1, _MARGIN + _LINE * lines_in(text, _TEXT_LETTERS))

    def _write_head(self, sheet: Any) -> None:  # noqa: ANN401
        words, form = self._words, self._form
        choices = f"='{words('Choices')}'!"
        stages = [stage_name(stage, words) for stage in Stage]
        left = [
            _Choice(words("Institution"), form.institution),
            _Choice(words("Category"), "", f"{choices}$A$2:$A${len(CATEGORIES) + 1}"),
            _Choice(words("Province"), "", f"{choices}$B$2:$B${len(PROVINCES) + 1}"),
        ]
        right = [
            _Choice(words("Year"), form.year or ""),
            _Choice(words("Stage"), stage_name(Stage.SELF, words), stages, is_strict=True),
        ]
        for row, choice in enumerate(left, _HEAD):
            self._write_choice(sheet, row, _LABEL, _VALUE, choice)
        for row, choice in enumerate(right, _HEAD):
            self._write_choice(sheet, row, _LABEL_BESIDE, _VALUE_BESIDE, choice)
        if form.instrument_name is not None:
            row, bold = _HEAD + len(right), self._book.look(bold=True, align="left", indent=1)
            self._book.text(sheet, row, _LABEL_BESIDE, words("Instrument"), bold)
            look = self._book.look(text_wrap=True)
            self._book.text(sheet, row, _VALUE_BESIDE, form.instrument_name, look)

    def _write_choice(self, sheet: Any, row: int, label: int, at: int, choice: _Choice) -> None:  # noqa: ANN401
        look = self._book.input(align="left")
        bold = self._book.look(bold=True, align="left", indent=int(label > 0))
        self._book.text(sheet, row, label, choice.label, bold)
        if isinstance(choice.value, int):
            sheet.write_number(row, at, choice.value, look)
        else:
            self._book.text(sheet, row, at, choice.value, look)
        if choice.source is not None:
            rule = {"validate": "list", "source": choice.source, "show_error": choice.is_strict}
            sheet.data_validation(row, at, row, at, rule)

    def _write_result(self, sheet: Any) -> None:  # noqa: ANN401
        """Write the live index, its predicate, and how many levels are filled in."""
        instrument, row = self._form.instrument, _RESULT
        number = len(instrument.indicators)
        at = f"{column_letter(self._numerators)}{row + 1}"
        formulas = self._levels.node(WHOLE, at, _YEAR_CELL)
        filled = self._levels.filled()
        strong = self._book.look(bold=True, font_size=14, text_wrap=True)
        label = self._book.look(bold=True, text_wrap=True)
        self._book.text(sheet, row, _LABEL, instrument.index_name, label)
        lines = lines_in(instrument.index_name, _LABEL_LETTERS)
        sheet.set_row(row, _MARGIN + _LINE * max(lines, 2))
        shown = "0." + "0" * instrument.places if instrument.places else "0"
        index = f'=IF({filled}={number},{formulas.rounded[1:]},"")'
        look = self._book.look(bold=True, font_size=14, num_format=shown, align="left")
        sheet.write_formula(row, _VALUE, index, look, "")
        predicate = f'=IF({filled}={number},{formulas.predicate[1:]},"")'
        sheet.write_formula(row, 5, predicate, strong, "")
        of = self._words("of {count} {count:level|levels}", count=str(number))
        sheet.write_formula(row, 6, f'={filled}&" {of}"', None, f"0 {of}")
        sheet.write_formula(row, self._numerators, formulas.numerator, self._book.behind, 0)

    def _write_group(self, sheet: Any, row: int, group: Group) -> None:  # noqa: ANN401
        book, instrument = self._book, self._form.instrument
        below = instrument.node_by_code[group.code]
        at = f"{column_letter(self._numerators)}{row + 1}"
        formulas = self._levels.node(group.code, at, None)
        filled = f"COUNT({self._levels.cells(below, column_letter(_LEVEL))})={len(below)}"
        for column in range(self._weights):
            book.text(sheet, row, column, "", book.cell(strong=True))
        # the code stands with the name: a code of its own would be read as an indicator's
        name = f"{group.code} {group.name}"
        book.text(sheet, row, _NAME, name, book.cell(strong=True, text_wrap=True))
        sheet.set_row(row, _LINE * lines_in(name, _NAME_LETTERS))
        sheet.write_number(row, _WEIGHT, float(group.weight), book.cell(places=2, strong=True))
        look = book.cell(places=instrument.places, strong=True)
        sheet.write_formula(row, _INDEX, f'=IF({filled},{formulas.rounded[1:]},"")', look, "")
        sheet.write_formula(row, self._numerators, formulas.numerator, book.behind, 0)

    def _write_indicator(self, sheet: Any, row: int, indicator: Indicator, weight: int) -> None:  # noqa: ANN401
        book, words, instrument = self._book, self._words, self._form.instrument
        criteria = self._form.criteria.get(indicator.code)
        book.text(sheet, row, _CODE, indicator.code, book.cell())
        book.text(sheet, row, _NAME, indicator.name, book.cell(text_wrap=True))
        sheet.write_number(row, _WEIGHT, float(indicator.weight), book.cell(places=2))
        for column in (_NOTE, _EVIDENCE, _RESPONSIBLE):
            book.text(sheet, row, column, "", book.input())
        book.text(sheet, row, _LEVEL, "", book.input(align="center", bold=True))
        book.text(sheet, row, _INDEX, "", book.cell())
        scale = words.scale(str(instrument.scale))
        rule = level_rule(instrument, words("Level"), words("The scale is {scale}", scale=scale))
        if criteria is not None:
            rule |= {"input_title": indicator.code, "input_message": criteria.about[:_MESSAGE]}
        sheet.data_validation(row, _LEVEL, row, _LEVEL, rule)
        small = book.cell(text_wrap=True, font_size=8)
        says = [criteria.levels.get(lv, "") if criteria else "" for lv in self._criteria]
        for column, text in enumerate(says, _CRITERIA):
            book.text(sheet, row, column, text, small)
        sheet.write_number(row, self._weights, weight, book.behind)
        small_lines = max((lines_in(text, _CRITERION_LETTERS) for text in says), default=0)
        lines = lines_in(indicator.name, _NAME_LETTERS)
        sheet.set_row(row, _MARGIN + max(_LINE * lines, _SMALL_LINE * small_lines))
