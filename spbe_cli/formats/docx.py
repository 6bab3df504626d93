"""A report as a Word document, on plain A4 or in the letterhead of an office."""

import io
import zipfile
from textwrap import shorten
from typing import Any, assert_never

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from spbe_cli.formats.blocks import (
    COLOURS,
    Block,
    Card,
    Document,
    Facts,
    Ladder,
    Line,
    Lines,
    Listing,
    Made,
    Radar,
    Section,
    Signing,
    Table,
    Text,
    Tone,
    harmless,
    spoken,
    title_size,
)
from spbe_cli.formats.docx_parts import (
    INDONESIAN,
    add_chart,
    ladder_element,
    signing_element,
    table_element,
)
from spbe_cli.formats.letterhead import FIELDS, Filled, UnfitTemplateError, filled, style_of
from spbe_cli.formats.mark import place_of

_ACCENT = RGBColor(0x0B, 0x4F, 0x72)
_TONES = {tone: RGBColor.from_string(colour) for tone, colour in COLOURS.items()}
_SIZES = {"Normal": 9, "Title": 20, "Heading 1": 13, "Heading 2": 10}
_RUNNING = 90  # characters of a name at the foot of a page
_LONG_TITLES = (15, 12)
_FONT = "Arial"  # there, or one of its widths, on every machine: pages end where they end here
_INDONESIAN = INDONESIAN.replace("/>", f" {nsdecls('w')}/>")
_LANGUAGES = {"id": "id-ID", "en": "en-GB"}
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can say
_EMU = 635  # of a twentieth of a point
_PROPERTY = 255  # characters of a property of the document


def report_docx(made: Made) -> bytes:
    """Return the report as a Word document; the same bytes for the same input.

    It stands where the letterhead says `{{ report }}`, else at its end.

    Raises:
        UnfitTemplateError: if the letterhead cannot be filled in.
    """
    document, template = made.document, made.template
    if template is None:
        word = _plain(document)
        word.core_properties.comments = ""
        return _written(word, document)
    letterhead = _letterhead(template, document)
    try:
        return _written(letterhead.word, _without(document, letterhead.named))
    except UnfitTemplateError:
        raise
    except Exception as error:  # it lacks a part that the libraries take for granted
        raise UnfitTemplateError(type(error).__name__) from error


def _written(word: WordDocument, document: Document) -> bytes:
    """Return the bytes of a document into which a report is written."""
    _Writer(word).write(document)
    properties = word.core_properties
    properties.title = harmless(document.title)[:_PROPERTY]
    properties.author = harmless(document.headline.institution)[:_PROPERTY]
    properties.language = _LANGUAGES[document.language]
    return _saved(word)


def _plain(document: Document) -> WordDocument:
    """Return an empty document on A4 with the report's own looks."""
    word = docx.Document()
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(19)
    section.top_margin = section.bottom_margin = Mm(17)
    section.footer_distance = Mm(9)
    for name, size in _SIZES.items():
        font = word.styles[name].font
        font.size, font.name = Pt(size), _FONT
        if name != "Normal":
            font.color.rgb = _ACCENT
            # the theme's font stands before the name in the default styles
            fonts = word.styles[name].element.rPr.rFonts
            for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{kind}"), None)
    word.styles["Normal"].paragraph_format.space_after = Pt(2)
    for name, above in (("Heading 1", 12), ("Heading 2", 6)):
        word.styles[name].paragraph_format.space_before = Pt(above)
        word.styles[name].paragraph_format.space_after = Pt(3)
    for language in word.styles.element.iter(qn("w:lang")):  # for the spelling checker
        language.set(qn("w:val"), _LANGUAGES[document.language])
    footer = section.footer.paragraphs[0]
    footer.text = f"{shorten(harmless(document.ending), _RUNNING, placeholder='…')}\t"
    stops = footer.paragraph_format.tab_stops
    for stop in word.styles["Footer"].paragraph_format.tab_stops:
        stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
    width = section.page_width - section.left_margin - section.right_margin
    stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    footer.runs[0].font.size = Pt(8)
    page = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"/>')  # Word fills it in
    footer._p.append(page)  # noqa: SLF001  (python-docx knows no fields)
    return word


def _letterhead(template: bytes, document: Document) -> Filled:
    """Return the office's own document with its fields filled in."""
    head = document.headline
    shown = [document.title, head.institution, head.when, *document.letter, head.index_name]
    shown += [head.value, head.predicate, head.distance, ""]
    return filled(template, dict(zip(FIELDS, shown, strict=True)))


def _without(document: Document, named: frozenset[str]) -> Document:
    """Return the report without number, place and day where the letterhead itself has them."""
    signing, letter = document.signing, document.letter
    if "number" in named:
        document = document._replace(headline=document.headline._replace(number=""))
    if signing is not None and named & {"place", "date"}:
        rest = ["" if "place" in named else letter.place, "" if "date" in named else letter.date]
        signing = signing._replace(where=", ".join(filter(None, rest)))
        empty = not (signing.where or signing.signatories)
        document = document._replace(signing=None if empty else signing)
    return document


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
        self._place = place_of(word)
        self._charts = 0
        self._names: tuple[str, ...] = ()
        self._styles: dict[str, str] = {}

    def write(self, document: Document) -> None:
        """Write the report, and put it where the mark is."""
        body = self._word.element.body
        begin = len(body) - 1  # the last is the properties of the section
        self._names = document.names
        name = document.headline.institution
        title = self._paragraph(name, "Title", foreign=bool(document.names))
        if title_size(name):
            for run in title.runs:
                run.font.size = Pt(_LONG_TITLES[title_size(name) - 1])
        self._headline(document)
        for section in document.sections:
            self._section(section)
        if document.signing is not None:
            self._signing(document.signing)
        self._place.take(body[begin:-1])

    def _headline(self, document: Document) -> None:
        head = document.headline
        self._paragraph(", ".join(filter(None, [document.kind, head.when])))
        if head.number:
            self._paragraph(head.number)
        line = self._paragraph("")
        index = line.add_run(f"{head.value}  ")
        index.bold, index.font.size, index.font.color.rgb = True, Pt(28), _ACCENT
        verdict = line.add_run(harmless(f"{head.predicate} {head.sign}".strip()))
        verdict.bold, verdict.font.size = True, Pt(16)
        verdict.font.color.rgb = _TONES.get(head.tone)
        self._paragraph(f"{head.index_name}, {head.scale}. {head.distance}.")
        self._put(ladder_element(document.ladder, self._place.width, self._names))

    def _section(self, section: Section) -> None:
        heading = self._paragraph(section.title, "Heading 1")
        if section.begins_page:
            heading.paragraph_format.page_break_before = True
        for place, block in enumerate(section.blocks):
            below = section.blocks[place + 1] if place + 1 < len(section.blocks) else None
            self._block(block, section.title, stays=isinstance(below, Text))
            rest = (each for each in section.blocks[place:] if not isinstance(each, Text))
            if isinstance(block, Text) and isinstance(next(rest, None), Table | Card):
                self._word.paragraphs[-1].paragraph_format.keep_with_next = True

    def _signing(self, signing: Signing) -> None:
        """Write where and when, and a place for each who signs, side by side."""
        above = self._paragraph("").paragraph_format
        above.space_after, above.keep_with_next = Pt(18), True
        self._put(signing_element(signing, self._place.width))

    def _block(self, block: Block, about: str, *, stays: bool = False) -> None:
        match block:
            case Text() | Line():
                self._paragraph(block.text, tone=block.tone)
            case Facts():
                for name, said in block.pairs:
                    self._item(f"{name}: {said}")
            case Table():
                self._table(block, about, stays=stays)
            case Listing():
                self._listing(block)
            case Card():
                self._card(block)
            case Radar() | Lines():
                self._charts += 1
                add_chart(self._word, block, self._charts, self._place.width * _EMU)
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
        foreign = listing.foreign and bool(self._names)
        if listing.label or listing.text:
            line = self._paragraph("")
            if listing.label:
                line.add_run(
                    harmless(
                        f"{listing.label}: ".rstrip() if not listing.text else f"{listing.label}: "
                    )
                ).bold = True
            self._say(line, listing.text, foreign=foreign)
            line.paragraph_format.space_after = Pt(1)
            line.paragraph_format.keep_with_next = bool(listing.items)
        for item in listing.items:
            self._item(item, foreign=foreign)

    def _item(self, text: str, *, foreign: bool = False) -> None:
        item = self._paragraph(text, "List Bullet", foreign=foreign)
        item.paragraph_format.space_after = Pt(1)

    def _say(
        self, paragraph: Paragraph, text: str, tone: Tone = Tone.PLAIN, *, foreign: bool = False
    ) -> None:
        """Add a text, what of it is Indonesian in another language marked as such."""
        for part, is_name in spoken(text, self._names):
            run = paragraph.add_run(harmless(part))
            if tone in _TONES:
                run.font.color.rgb = _TONES[tone]
            if is_name or foreign:
                run._r.get_or_add_rPr().append(parse_xml(_INDONESIAN))  # noqa: SLF001

    def _put(self, table: Any, *, stays: bool = False) -> None:  # noqa: ANN401
        """Put a table at the end, a small paragraph below it."""
        self._word.element.body.sectPr.addprevious(table)
        below = self._paragraph("").paragraph_format
        below.space_after, below.line_spacing = Pt(0), Pt(6)
        below.keep_with_next = stays or None

    def _paragraph(
        self, text: str, style: str = "", tone: Tone = Tone.PLAIN, *, foreign: bool = False
    ) -> Paragraph:
        paragraph = self._word.add_paragraph()
        if style:  # by its id: the library would look for the default style each time
            paragraph._p.style = self._style(style)  # noqa: SLF001
        self._say(paragraph, text, tone, foreign=foreign)
        return paragraph

    def _style(self, name: str) -> str:
        """Return the id of a style of the document, looked up once."""
        if name not in self._styles:
            self._styles[name] = self._style_of(name).style_id
        return self._styles[name]

    def _style_of(self, name: str) -> Any:  # noqa: ANN401
        """Return a style; a letterhead that lacks it gets a plain one."""
        style, is_there = style_of(self._word, name)
        if is_there:
            return style
        if name in _SIZES:
            style.font.bold, style.font.size = True, Pt(_SIZES[name])
            style.paragraph_format.keep_with_next = True
        else:
            style.paragraph_format.left_indent = Mm(6)
        return style

    def _table(self, block: Table, about: str, *, stays: bool) -> None:
        if block.caption:
            caption = self._paragraph(block.caption)
            for run in caption.runs:
                run.bold = True
            caption.paragraph_format.keep_with_next = True
        made = table_element(block, self._place.width, about, self._names, stays=stays)
        self._put(made, stays=stays)
