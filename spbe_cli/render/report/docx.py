"""A report as a Word document, on plain A4 or in an office's own letterhead."""

import io
import zipfile
from functools import cached_property
from typing import Any, assert_never

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
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
from spbe_cli.render.report.docx_table import TONES, table_element
from spbe_cli.render.view import Tone, harmless

__all__ = ["FIELDS", "UnfitTemplateError", "check_template", "report_docx"]

FIELDS = ("title", "institution", "when", "index_name", "index", "predicate", "distance", "report")
"""What a letterhead may hold between double braces."""

_MARK = "\u2063report\u2063"  # invisible separators: no letterhead holds them
_ACCENT = RGBColor(0x0B, 0x4F, 0x72)
_TONES = {tone: RGBColor.from_string(colour) for tone, colour in TONES.items()}
_SIZES = {"Normal": 10.5, "Title": 22, "Heading 1": 15, "Heading 2": 11.5}
_LANGUAGES = {"id": "id-ID", "en": "en-GB"}
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can say
_EMU = 635  # of a twentieth of a point
_PROPERTY = 255  # characters of a property of the document


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
    properties.title = harmless(document.title)[:_PROPERTY]
    properties.author = harmless(document.headline.institution)[:_PROPERTY]
    properties.language = _LANGUAGES[document.language]
    if template is None:
        properties.comments = ""
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
    for language in word.styles.element.iter(qn("w:lang")):  # for the spelling checker
        language.set(qn("w:val"), _LANGUAGES[document.language])
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
        self._styles: dict[str, str] = {}

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
        paragraph = self._word.add_paragraph()
        if style:  # by its id: the library would look for the default style each time
            paragraph._p.style = self._style(style)  # noqa: SLF001
        if text:
            run = paragraph.add_run(harmless(text))
            if tone in _TONES:
                run.font.color.rgb = _TONES[tone]
        return paragraph

    def _style(self, name: str) -> str:
        """Return the id of a style of the document, looked up once."""
        if name not in self._styles:
            self._styles[name] = self._style_of(name).style_id
        return self._styles[name]

    def _style_of(self, name: str) -> Any:  # noqa: ANN401
        """Return a style; a letterhead that lacks it gets a plain one."""
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
        body = self._word.element.body
        table = table_element(block, self._width // _EMU)
        if body.sectPr is None:
            body.append(table)
        else:
            body.sectPr.addprevious(table)
        self._paragraph("").paragraph_format.space_after = Pt(2)
