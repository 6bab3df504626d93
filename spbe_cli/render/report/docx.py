"""A report as a Word document, on plain A4 or in an office's own letterhead."""

import io
import zipfile
from collections.abc import Sequence
from functools import cached_property
from typing import Any, assert_never

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from spbe_cli.render.report.blocks import (
    Block,
    Card,
    Document,
    Facts,
    Ladder,
    Listing,
    Radar,
    Table,
    Text,
)
from spbe_cli.render.report.docx_chart import add_radar
from spbe_cli.render.spark import bar_text
from spbe_cli.render.view import Column, Row, Tone, harmless

__all__ = ["FIELDS", "UnfitTemplateError", "check_template", "report_docx"]

FIELDS = ("title", "institution", "when", "index_name", "index", "predicate", "distance", "report")
"""What a letterhead may hold between double braces."""

_MARK = "\u2063report\u2063"  # invisible separators: no letterhead holds them
_ACCENT = RGBColor(0x0B, 0x4F, 0x72)
_TONES = {
    Tone.GOOD: RGBColor(0x14, 0x66, 0x3A),
    Tone.FAIR: RGBColor(0x7A, 0x4B, 0x00),
    Tone.POOR: RGBColor(0xA1, 0x1D, 0x1D),
    Tone.FAINT: RGBColor(0x55, 0x63, 0x6F),
}
_SIZES = {"Normal": 10.5, "Title": 22, "Heading 1": 15, "Heading 2": 11.5}
_LANGUAGES = {"id": "id-ID", "en": "en-GB"}
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can say
_SHADE = "F2F5F7"


class UnfitTemplateError(ValueError):
    """A letterhead is no Word document, or holds a field that is not known."""


def report_docx(document: Document, template: bytes | None = None) -> bytes:
    """Return the report as a Word document; the same bytes for the same input.

    Args:
        document: the report.
        template: the letterhead, a Word document; the report stands where it says
            `{{ report }}`, else at its end.

    Raises:
        UnfitTemplateError: if the letterhead cannot be filled in.
    """
    word = _plain(document) if template is None else _letterhead(template, document)
    _Writer(word).write(document)
    properties = word.core_properties
    properties.title, properties.author = document.title, document.headline.institution
    properties.language = _LANGUAGES[document.language]
    return _saved(word)


def _plain(document: Document) -> WordDocument:
    """Return an empty document on A4 with the report's own looks."""
    word = docx.Document()
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    for name, size in _SIZES.items():
        font = word.styles[name].font
        font.size, font.name = Pt(size), "Calibri"
        if name != "Normal":
            font.color.rgb = _ACCENT
            # the theme's font stands before the name in the default styles
            fonts = word.styles[name].element.rPr.rFonts
            for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{kind}"), None)
    word.styles["Normal"].paragraph_format.space_after = Pt(4)
    section.footer.paragraphs[0].text = document.ending
    section.footer.paragraphs[0].runs[0].font.size = Pt(8)
    return word


def check_template(template: bytes) -> None:
    """Raise UnfitTemplateError if a letterhead cannot be filled in."""
    _filled(template, dict.fromkeys(FIELDS, ""))


def _letterhead(template: bytes, document: Document) -> WordDocument:
    """Return the office's own document with its fields filled in."""
    head = document.headline
    shown = (document.title, head.institution, head.when, head.index_name, head.value)
    return _filled(
        template,
        dict(zip(FIELDS, (*shown, head.predicate, head.distance, _MARK), strict=True)),
    )


def _filled(template: bytes, values: dict[str, str]) -> WordDocument:
    """Return a letterhead with these values. It comes from elsewhere, and cannot run anything."""
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    try:
        letterhead = DocxTemplate(io.BytesIO(template))
        letterhead.render(values, jinja_env=environment, autoescape=True)
        word: WordDocument = letterhead.docx
    except TemplateError as error:
        raise UnfitTemplateError(str(error)) from error
    except Exception as error:  # what the libraries raise for a file of another kind is not theirs
        raise UnfitTemplateError(type(error).__name__) from error
    return word


def _saved(word: WordDocument) -> bytes:
    """Return the document's bytes without a time of writing."""
    for name in ("created", "modified"):
        for element in word.core_properties._element.findall(qn(f"dcterms:{name}")):  # noqa: SLF001
            word.core_properties._element.remove(element)  # noqa: SLF001
    written, packed = io.BytesIO(), io.BytesIO()
    word.save(written)
    with zipfile.ZipFile(written) as before, zipfile.ZipFile(packed, "w") as after:
        for part in before.infolist():
            entry = zipfile.ZipInfo(part.filename, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, before.read(part))
    return packed.getvalue()


class _Writer:
    """Writes blocks where the letterhead wants them, else at the end."""

    def __init__(self, word: WordDocument) -> None:
        self._word = word
        paragraphs = word.paragraphs
        self._mark = next((each for each in paragraphs if _MARK in each.text), None)
        self._charts = 0

    @cached_property
    def _width(self) -> int:
        """The width between the margins of the last section, in EMU."""
        section = self._word.sections[-1]
        page = section.page_width or Mm(210)
        return int(page - (section.left_margin or 0) - (section.right_margin or 0))

    def write(self, document: Document) -> None:
        body = self._word.element.body
        before = list(body)
        self._paragraph(document.headline.institution, "Title")
        self._headline(document)
        for section in document.sections:
            self._paragraph(section.title, "Heading 1")
            for block in section.blocks:
                self._block(block)
        if self._mark is not None:
            place = self._mark._p  # noqa: SLF001
            for element in [each for each in body if each not in before]:
                place.addprevious(element)
            place.getparent().remove(place)

    def _headline(self, document: Document) -> None:
        head = document.headline
        self._paragraph(", ".join(filter(None, [document.title.partition(":")[0], head.when])))
        line = self._paragraph("")
        index = line.add_run(f"{head.value}  ")
        index.bold, index.font.size, index.font.color.rgb = True, Pt(28), _ACCENT
        verdict = line.add_run(harmless(head.predicate))
        verdict.bold, verdict.font.size = True, Pt(16)
        verdict.font.color.rgb = _TONES.get(head.tone)
        self._paragraph(f"{head.index_name}, {head.scale}. {head.distance}.")
        self._block(document.ladder)

    def _block(self, block: Block) -> None:
        match block:
            case Text():
                self._paragraph(block.text, tone=block.tone)
            case Facts():
                for name, said in block.pairs:
                    self._item(f"{name}: {said}")
            case Table():
                self._table(block)
            case Listing():
                self._listing(block)
            case Card():
                self._card(block)
            case Radar():
                self._charts += 1
                add_radar(self._word, block, self._charts, self._width)
            case Ladder():
                self._paragraph(block.description, tone=Tone.FAINT)
            case _:
                assert_never(block)

    def _card(self, block: Card) -> None:
        heading = self._paragraph(block.title, "Heading 2")
        if block.remark:
            remark = heading.add_run(harmless(f"  {block.remark}"))
            remark.bold, remark.font.color.rgb = False, _TONES[Tone.FAINT]
        if block.text:
            self._paragraph(block.text)
        for listing in block.listings:
            self._listing(listing)

    def _listing(self, listing: Listing) -> None:
        if listing.label:
            label = self._paragraph(listing.label)
            label.runs[0].bold = True
            label.paragraph_format.keep_with_next = True
        for item in listing.items:
            self._item(item)

    def _item(self, text: str) -> None:
        item = self._paragraph(text, "List Bullet")
        item.paragraph_format.space_after = Pt(1)

    def _paragraph(self, text: str, style: str = "", tone: Tone = Tone.PLAIN) -> Paragraph:
        paragraph = self._word.add_paragraph(style=self._style(style) if style else None)
        if text:
            run = paragraph.add_run(harmless(text))
            if tone in _TONES:
                run.font.color.rgb = _TONES[tone]
        return paragraph

    def _style(self, name: str) -> Any:  # noqa: ANN401
        """Return a style of the document; a letterhead that lacks it gets a plain one."""
        styles = self._word.styles
        if name in styles:
            return styles[name]
        style: Any = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles.default(WD_STYLE_TYPE.PARAGRAPH)
        if name in _SIZES:
            style.font.bold, style.font.size = True, Pt(_SIZES[name])
            style.paragraph_format.keep_with_next = True
        else:
            style.paragraph_format.left_indent = Mm(6)
        return style

    def _table(self, block: Table) -> None:
        caption = self._paragraph(block.caption)
        caption.runs[0].bold = True
        caption.paragraph_format.keep_with_next = True
        table = self._word.add_table(len(block.rows) + 1, len(block.columns))
        properties = table._tbl.tblPr  # noqa: SLF001
        look = properties.find(qn("w:tblLook"))
        look.addprevious(_borders())  # the schema of a document has an order
        properties.append(_element("w:tblDescription", val=block.caption))
        _fill(table.rows[0], [column.heading for column in block.columns], block.columns)
        _set_header(table.rows[0])
        # rows of a table are looked up from its start each time: fetched once
        for line, row in zip(table.rows[1:] if len(block.rows) else [], block.rows, strict=True):
            _fill_row(line, row, block.columns)
        self._set_widths(table, block)
        self._paragraph("").paragraph_format.space_after = Pt(2)

    def _set_widths(self, table: Any, block: Table) -> None:  # noqa: ANN401
        """Share the page's width: columns of short texts get what those take, one the rest."""
        needs = [
            max(
                len(column.heading),
                *(
                    max(len(row.cells[at].text), 10 if row.cells[at].bar is not None else 0)
                    for row in block.rows
                ),
                3,
            )
            for at, column in enumerate(block.columns)
        ]
        letter = Pt(6.2)
        widths = [min(need * letter + Mm(4), Mm(46)) for need in needs]
        widest = block.row_heading
        others = sum(width for at, width in enumerate(widths) if at != widest)
        widths[widest] = max(Mm(30), self._width - others)
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = int(width)
        for line in table._tbl.tr_lst:  # noqa: SLF001
            for cell, width in zip(line.tc_lst, widths, strict=True):
                cell.width = int(width)


def _fill_row(line: Any, row: Row, columns: Sequence[Column]) -> None:  # noqa: ANN401
    _fill(line, [cell.text for cell in row.cells], columns)
    line._tr.get_or_add_trPr().append(_element("w:cantSplit"))  # noqa: SLF001
    for found, cell in zip(line.cells, row.cells, strict=True):
        paragraph = found.paragraphs[0]
        for run in paragraph.runs:
            run.bold = row.section or cell.tone is Tone.STRONG
            run.font.color.rgb = _TONES.get(cell.tone)
        if row.section:
            shade = _element("w:shd", val="clear", fill=_SHADE)
            found._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001
        if cell.bar is not None:
            bar = paragraph.add_run(f"  {bar_text(cell.bar)}")
            bar.font.size, bar.font.color.rgb = Pt(6), _ACCENT


def _fill(line: Any, texts: Sequence[str], columns: Sequence[Column]) -> None:  # noqa: ANN401
    for cell, text, column in zip(line.cells, texts, columns, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(1)
        paragraph.add_run(harmless(text)).font.size = Pt(9)
        if column.numeric:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _set_header(line: Any) -> None:  # noqa: ANN401
    """Make a row the heading that is repeated on every page."""
    line._tr.get_or_add_trPr().append(_element("w:tblHeader"))  # noqa: SLF001
    for cell in line.cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True


def _borders() -> Any:  # noqa: ANN401
    """Return a thin rule below every row, whatever styles a letterhead has."""
    borders = _element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(_element(f"w:{side}", val="single", sz="4", space="0", color="AAB4BD"))
    return borders


def _element(name: str, **attributes: str) -> Any:  # noqa: ANN401
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element
