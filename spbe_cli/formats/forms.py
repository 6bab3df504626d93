"""Forms to fill in, as YAML, CSV and Excel."""

import csv
import io
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import count
from typing import Any, NamedTuple

from spbe_cli.core.assessment import Entry, Missing, Origin, Share, Stage
from spbe_cli.core.instrument import Criteria, Group, Indicator, Instrument
from spbe_cli.core.number import exact
from spbe_cli.core.score import ChosenBy, Reading
from spbe_cli.core.units import WHOLE, units_of
from spbe_cli.formats.blocks import typed, visible
from spbe_cli.formats.workbook import Book, Sheet, book_bytes, level_rule
from spbe_cli.words import Words

_PLAIN = re.compile(r"[A-Za-z]{3,}[A-Za-z0-9.]*(?: [A-Za-z0-9.]+)*")
_WORDS = {"null", "true", "false", "yes", "off"}  # what some YAML readers do not take as text


def sheet_text(reading: Reading, folder: str, comments: Sequence[str] = ()) -> str:
    """Return the YAML of an assessment, to be saved in `folder`, under lines of comment.

    Who, when, notes, evidence and every level are kept; a user's own instrument is named by its
    path from the folder.
    """
    lines = [f"# {visible(comment)}" for comment in comments]
    assessment = reading.assessment
    head = {
        "institution": assessment.institution,
        "category": assessment.category,
        "province": assessment.province,
        "year": str(assessment.year) if assessment.year is not None else None,
        "stage": assessment.stage,
        "instrument": _instrument(reading, folder),
        "note": assessment.note or None,
    }
    lines += [f"{key}: {yaml_text(value)}" for key, value in head.items() if value is not None]
    indices = {code: exact(index) for code, index in _indices(reading).items()}
    if indices:
        lines.append(
            f"indices: {{{', '.join(f'{code}: {text}' for code, text in indices.items())}}}"
        )
    lines += ["levels:", *_levels(reading)]
    return "\n".join(lines) + "\n"


def _indices(reading: Reading) -> Mapping[str, Fraction]:
    """Return the indices of other evaluations, but those whose values were changed afterwards."""
    entries = reading.assessment.entries
    changed = {
        external.code
        for external in reading.instrument.external
        if any(entries[code].origin is not Origin.INDEX for code in external.gives)
    }
    given = reading.assessment.indices
    return {code: index for code, index in given.items() if code not in changed}


def _instrument(reading: Reading, folder: str) -> str | None:
    """Return the name by which a reader finds the instrument again; none where the year tells."""
    if reading.chosen_by in (ChosenBy.YEAR, ChosenBy.DEFAULT):
        return None
    path = reading.instrument.path
    return reading.instrument.id if path is None else os.path.relpath(path, folder)


def _levels(reading: Reading) -> Iterator[str]:
    for group, _, _ in reading.instrument.nodes:
        if group.indicators:
            yield f"  # {visible(f'{group.code}: {group.name}')}"
        for indicator in group.indicators:
            yield from _level(indicator, reading.assessment.entries[indicator.code])


def _level(indicator: Indicator, entry: Entry) -> Iterator[str]:
    if entry.level is Missing.ABSENT and entry == Entry(Missing.ABSENT):
        return
    level = "" if isinstance(entry.level, Missing) else exact(entry.level)
    parts = [f"level: {level}"] if level else []
    if entry.note:
        parts.append(f"note: {yaml_text(entry.note)}")
    if entry.evidence:
        parts.append(f"evidence: [{', '.join(yaml_text(item) for item in entry.evidence)}]")
    if entry.responsible:
        parts.append(f"responsible: {yaml_text(entry.responsible)}")
    if entry.accepted is not None:
        shares = (f"{exact(at)}: {_share(share)}" for at, share in entry.accepted.items())
        parts.append(f"accepted: {{{', '.join(shares)}}}")
    plain = bool(level) and len(parts) == 1
    value = level if plain else f"{{{', '.join(parts)}}}" if parts else ""
    yield f"  {yaml_text(indicator.code)}: {value}".rstrip()


def _share(share: Share) -> str:
    """Return the accepted pieces of a level as a score sheet has them."""
    if share.numbers is None:
        return f"{share.accepted}/{share.pieces}"
    return f"[{', '.join(map(str, sorted(share.numbers)))}]"


def yaml_text(text: str) -> str:
    """Return text as YAML: as it is where every reader takes it so, else quoted."""
    if text.replace(".", "", 1).isdecimal() and text.isascii():
        return text
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else _escaped(c) for c in quoted)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004


SCHEMA_NAME = "spbe-assessment.schema.json"
"""The file beside a YAML form by which editors check and complete it."""


class Form(NamedTuple):
    """What a form is about; `name` is the file's, for the line that says what to do next.

    `instrument_name` is what names the instrument in the file, None where the year tells;
    `criteria` by indicator code, empty for an instrument without.
    """

    name: str
    instrument: Instrument
    instrument_name: str | None = None
    institution: str = ""
    year: int | None = None
    criteria: Mapping[str, Criteria] = {}


def form_yaml(form: Form, words: Words) -> str:
    """Return the form as YAML, with every indicator's name beside its empty level."""
    instrument = form.instrument
    lines = yaml_head(
        form,
        _about(instrument, words),
        words(
            "Fill in a level ({scale}) after each colon; then: spbe score {name}",
            scale=words.scale(str(instrument.scale)),
            name=typed(visible(form.name)),
        ),
        words(
            "With a note, evidence and who is responsible: {example}",
            example=_example(words),
        ),
        words=words,
    )
    lines.append(f"{words('levels')}:")
    lines += _yaml_levels(instrument)
    return "\n".join(lines) + "\n"


def _example(words: Words) -> str:
    """Return all that may be said of a level, as YAML."""
    labels = words("Level"), words("Note"), words("Evidence"), words("Responsible")
    said = zip(map(str.casefold, labels), ("3", '"..."', '["..."]', '"..."'), strict=True)
    return f"{{{', '.join(f'{key}: {value}' for key, value in said)}}}"


def yaml_head(form: Form, *comments: str, words: Words) -> list[str]:
    """Return the first lines of a YAML form: comments, then who and when.

    The keys are the labels of other forms in lower case, which readers take in either language.
    """
    stages = ", ".join(_stage_name(stage, words) for stage in Stage)
    head = head_of(form, words)
    values = {
        words("Institution"): yaml_text(visible(form.institution)) if form.institution else "",
        words("Stage"): f"{_stage_name(Stage.SELF, words)}  # {stages}",
        words("Instrument"): yaml_text(form.instrument_name or ""),
    }
    return [
        f"# yaml-language-server: $schema={SCHEMA_NAME}",
        *(f"# {comment}" for comment in comments),
        *(f"{key.casefold()}: {values.get(key, value)}".rstrip() for key, value in head),
    ]


def _about(instrument: Instrument, words: Words) -> str:
    basis = instrument.references[0].title if instrument.references else instrument.title
    return visible(words("Score sheet, instrument {id} ({basis})", id=instrument.id, basis=basis))


def _yaml_levels(instrument: Instrument) -> Iterator[str]:
    width = max(len(yaml_text(code)) for code in instrument.indicator_by_code) + 2
    for group, _, _ in instrument.nodes:
        yield f"  # {visible(f'{group.code} {group.name}')}"
        for indicator in group.indicators:
            key = f"{yaml_text(indicator.code)}:"
            yield f"  {key:<{width}}  # {visible(indicator.name)}"


def form_csv(form: Form, words: Words) -> str:
    """Return the form as a table that a spreadsheet program opens.

    Indonesian ones take a semicolon between the cells. Names stand behind a label or a code, so
    that no cell begins as a formula does.
    """
    rows = [[f"{label}: {value}".rstrip()] for label, value in head_of(form, words)]
    headings = [words("Code"), words("Name of the indicator"), words("Level"), words("Note")]
    rows += [[], [*headings, words("Evidence"), words("Responsible")]]
    for indicator in form.instrument.indicators:
        name = visible(indicator.name)
        rows.append([indicator.code, f" {name}" if name[:1] in "=+-@" else name, "", "", "", ""])
    return csv_text(rows, words)


def head_of(form: Form, words: Words) -> list[tuple[str, str]]:
    """Return who and when, as labels and values above a table."""
    head = [
        (words("Institution"), visible(form.institution)),
        (words("Category"), ""),
        (words("Province"), ""),
        (words("Year"), str(form.year) if form.year is not None else ""),
        (words("Stage"), _stage_name(Stage.SELF, words)),
    ]
    if form.instrument_name is not None:
        head.append((words("Instrument"), form.instrument_name))
    return head


def csv_text(rows: Sequence[Sequence[str]], words: Words) -> str:
    """Return rows as CSV for spreadsheet programs; Indonesian ones take a semicolon."""
    written = io.StringIO()
    # the mark in front tells spreadsheet programs that this is UTF-8
    written.write("\ufeff")
    csv.writer(written, delimiter=";" if words.language == "id" else ",").writerows(rows)
    return written.getvalue()


_CODE, _NAME, _WEIGHT, _LEVEL, _INDEX, _NOTE, _EVIDENCE, _RESPONSIBLE = range(8)
_CRITERIA = 8
_WIDTHS = (13, 46, 8, 9, 9, 34, 34, 18)
_CRITERION_WIDTH = 36
_CRITERION_LINE, _NAME_LINE = 44, 48  # characters of a line in these columns
_CRITERION_HEIGHT, _NAME_HEIGHT = 11, 15  # points of a line
_HEAD = 3  # the first row of who and when
INPUT = "#FFF8E1"
"""The colour of a cell to fill in."""
_MESSAGE = 255  # characters of a message beside a cell


class _Columns(NamedTuple):
    """The columns behind the criteria, which are hidden: whole weights, and numerators."""

    levels: Sequence[Fraction]
    weight: int
    numerator: int


def form_xlsx(form: Form, words: Words) -> bytes:
    """Return the form as an Excel workbook; only what is to be filled in can be changed."""
    title = words("Score sheet, instrument {id}", id=form.instrument.id)
    return book_bytes(title, form.institution, lambda book: _FormSheet(book, form, words).write())


class _FormSheet:
    def __init__(self, book: Book, form: Form, words: Words) -> None:
        self._book, self._form, self._words = book, form, words
        instrument = form.instrument
        levels = sorted({lv for each in form.criteria.values() for lv in each.levels})
        behind = _CRITERIA + len(levels)
        self._columns = _Columns(levels, behind, behind + 1)
        self._head = [
            (words("Institution"), form.institution),
            (words("Category"), ""),
            (words("Province"), ""),
            (words("Year"), str(form.year or "")),
            (words("Stage"), _stage_name(Stage.SELF, words)),
        ]
        self._year_row = _HEAD + 3
        self._stage_row = _HEAD + 4
        self._result_row = _HEAD + len(self._head) + (form.instrument_name is not None)
        self._header_row = self._result_row + 2
        lines: list[Group | Indicator] = []
        for group, _, _ in instrument.nodes:
            lines += [group, *group.indicators]
        self._lines = list(zip(count(self._header_row + 1), lines, strict=False))
        rows = {line.code: row + 1 for row, line in self._lines if isinstance(line, Indicator)}
        self._levels = Sheet(
            units_of(instrument), rows, column_letter(_LEVEL), column_letter(behind)
        )

    def write(self) -> None:
        words, book, instrument = self._words, self._book, self._form.instrument
        widths = [*_WIDTHS, *(_CRITERION_WIDTH for _ in self._columns.levels)]
        sheet = book.sheet(words("Score sheet"), widths)
        for column in (self._columns.weight, self._columns.numerator):
            sheet.set_column(column, column, None, None, {"hidden": True})
        book.title(sheet, 0, words("Score sheet, instrument {id}", id=instrument.id))
        said = words(
            "Fill in the yellow cells; then: spbe score FILE. The scale is {scale}.",
            scale=words.scale(str(instrument.scale)),
        )
        book.text(sheet, 1, 0, said)
        self._write_head(sheet)
        self._write_result(sheet)
        headings = [words("Code"), words("Name of the indicator"), words("Weight"), words("Level")]
        headings += [words("Index"), words("Note"), words("Evidence"), words("Responsible")]
        headings += [
            words("Criterion, level {level}", level=exact(lv)) for lv in self._columns.levels
        ]
        # a program that saves the form as CSV shows what is hidden: a table has a name for it
        headings += [words("Calculation {number}", number=str(number)) for number in (1, 2)]
        book.header(sheet, self._header_row, headings)
        weights = iter(self._levels.units.weights)
        for row, line in self._lines:
            if isinstance(line, Indicator):
                self._write_indicator(sheet, row, line, next(weights))
            else:
                self._write_group(sheet, row, line)
        sheet.freeze_panes(self._header_row + 1, _NAME + 1)
        sheet.repeat_rows(self._header_row)
        sheet.print_area(0, 0, self._lines[-1][0], _RESPONSIBLE)
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def _input(self, **looks: Any) -> Any:  # noqa: ANN401
        return self._book.cell(locked=False, bg_color=INPUT, border=1, text_wrap=True, **looks)

    def _write_head(self, sheet: Any) -> None:  # noqa: ANN401
        for row, (label, value) in enumerate(self._head, _HEAD):
            self._book.text(sheet, row, 0, label, self._book.look(bold=True))
            if row == self._year_row and value:
                sheet.write_number(row, 1, int(value), self._input(align="left"))
            else:
                self._book.text(sheet, row, 1, value, self._input())
        stages = [_stage_name(stage, self._words) for stage in Stage]
        sheet.data_validation(
            self._stage_row, 1, self._stage_row, 1, {"validate": "list", "source": stages}
        )
        if self._form.instrument_name is not None:
            row = self._stage_row + 1
            self._book.text(sheet, row, 0, self._words("Instrument"), self._book.look(bold=True))
            self._book.text(sheet, row, 1, self._form.instrument_name)

    def _write_result(self, sheet: Any) -> None:  # noqa: ANN401
        """Write the live index, its predicate, and how many levels are filled in."""
        instrument, row = self._form.instrument, self._result_row
        number = len(instrument.indicators)
        at = f"{column_letter(self._columns.numerator)}{row + 1}"
        formulas = self._levels.node(WHOLE, at, f"$B${self._year_row + 1}")
        filled = self._levels.filled()
        strong = self._book.look(bold=True, font_size=14)
        self._book.text(sheet, row, 0, instrument.index_name, self._book.look(bold=True))
        shown = "0." + "0" * instrument.places if instrument.places else "0"
        index = f'=IF({filled}={number},{formulas.rounded[1:]},"")'
        look = self._book.look(bold=True, font_size=14, num_format=shown, align="left")
        sheet.write_formula(row, 1, index, look, "")
        predicate = f'=IF({filled}={number},{formulas.predicate[1:]},"")'
        sheet.write_formula(row, 5, predicate, strong, "")
        of = self._words("of {count} {count:level|levels}", count=str(number))
        sheet.write_formula(row, 6, f'={filled}&" {of}"', None, f"0 {of}")
        sheet.write_formula(row, self._columns.numerator, formulas.numerator)

    def _write_group(self, sheet: Any, row: int, group: Group) -> None:  # noqa: ANN401
        book, instrument = self._book, self._form.instrument
        below = instrument.node_by_code[group.code]
        at = f"{column_letter(self._columns.numerator)}{row + 1}"
        formulas = self._levels.node(group.code, at, None)
        filled = f"COUNT({self._levels.cells(below, column_letter(_LEVEL))})={len(below)}"
        for column in range(self._columns.weight):
            book.text(sheet, row, column, "", book.cell(strong=True))
        # the code stands with the name: a code of its own would be read as an indicator's
        book.text(sheet, row, _NAME, f"{group.code} {group.name}", book.cell(strong=True))
        sheet.write_number(row, _WEIGHT, float(group.weight), book.cell(places=2, strong=True))
        look = book.cell(places=instrument.places, strong=True)
        sheet.write_formula(row, _INDEX, f'=IF({filled},{formulas.rounded[1:]},"")', look, "")
        sheet.write_formula(row, self._columns.numerator, formulas.numerator)

    def _write_indicator(self, sheet: Any, row: int, indicator: Indicator, weight: int) -> None:  # noqa: ANN401
        book, words, instrument = self._book, self._words, self._form.instrument
        criteria = self._form.criteria.get(indicator.code)
        book.text(sheet, row, _CODE, indicator.code, book.cell())
        book.text(sheet, row, _NAME, indicator.name, book.cell(text_wrap=True))
        sheet.write_number(row, _WEIGHT, float(indicator.weight), book.cell(places=2))
        for column in (_LEVEL, _NOTE, _EVIDENCE, _RESPONSIBLE):
            book.text(sheet, row, column, "", self._input())
        book.text(sheet, row, _INDEX, "", book.cell())
        scale = words.scale(str(instrument.scale))
        rule = level_rule(instrument, words("Level"), words("The scale is {scale}", scale=scale))
        if criteria is not None:
            rule |= {"input_title": indicator.code, "input_message": criteria.about[:_MESSAGE]}
        sheet.data_validation(row, _LEVEL, row, _LEVEL, rule)
        small = book.cell(text_wrap=True, font_size=8)
        says = [criteria.levels.get(lv, "") if criteria else "" for lv in self._columns.levels]
        for column, text in enumerate(says, _CRITERIA):
            book.text(sheet, row, column, text, small)
        lines = 1 + max((len(text) // _CRITERION_LINE for text in says), default=0)
        height = _NAME_HEIGHT * (1 + len(indicator.name) // _NAME_LINE)
        sheet.set_row(row, max(height, _CRITERION_HEIGHT * lines + 4))
        sheet.write_number(row, self._columns.weight, weight)


def _stage_name(stage: Stage, words: Words) -> str:
    """Return a stage as a score sheet may name it."""
    return words(f"stage {stage}").removeprefix("stage ")


def column_letter(column: int) -> str:
    """Return a spreadsheet's name for a column counted from 0."""
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column))
