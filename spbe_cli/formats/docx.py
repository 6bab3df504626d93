"""A report as a Word document: tables, a chart that Word draws, and the text.

Written as one piece of XML: cell by cell through the library it takes twenty times as long.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, assert_never

import docx
from docx.document import Document as WordDocument
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from spbe_cli.formats.blocks import (
    COLOURS,
    Block,
    Card,
    Cell,
    Column,
    Document,
    Facts,
    Ladder,
    Line,
    Listing,
    Made,
    Radar,
    RadarLine,
    Table,
    Text,
    Tone,
    bar_text,
    harmless,
)
from spbe_cli.formats.letterhead import FIELDS, UnfitTemplateError, filled, style_of
from spbe_cli.formats.mark import place_of

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RULE, _SHADE, _BAR = "AAB4BD", "F2F5F7", "0B4F72"
_RIGHT = '<w:jc w:val="right"/>'
_SIZE, _BAR_SIZE = 18, 12  # half points
_CHARACTER, _PADDING = 118, 240  # twentieths of a point
_WIDEST, _NARROWEST = 2600, 1700
_BAR_CHARACTERS = 10


def table_element(table: Table, width: int) -> Any:  # noqa: ANN401
    """Return the element of a table that is `width` twentieths of a point wide."""
    widths = _widths(table, width)
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{_RULE}"/>'
        for side in ("top", "bottom", "insideH")
    )
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    return parse_xml(
        f'<w:tbl xmlns:w="{_WORD}"><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
        'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblDescription w:val="{_safe(table.caption)}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(_rows(table, widths))}</w:tbl>"
    )


def _widths(table: Table, width: int) -> list[int]:
    """Share the width: columns get what their texts take, the one that names the rows the rest."""
    found = []
    for at, column in enumerate(table.columns):
        cells = [row.cells[at] for row in table.rows]
        longest = max([len(column.heading), *(len(cell.text) for cell in cells)])
        if any(cell.bar is not None for cell in cells):
            longest += _BAR_CHARACTERS // 2
        found.append(min(longest * _CHARACTER + _PADDING, _WIDEST))
    others = sum(found) - found[table.row_heading]
    room = width - min(_NARROWEST, width // 3)
    if others > room:  # in a narrow place words are broken, and nothing stands beside the page
        found = [each * room // others for each in found]
        others = sum(found) - found[table.row_heading]
    found[table.row_heading] = width - others
    return found


def _rows(table: Table, widths: Sequence[int]) -> Iterator[str]:
    headings = [Cell(column.heading) for column in table.columns]
    yield _row(headings, table.columns, widths, "<w:tblHeader/>", strong=True)
    for row in table.rows:
        yield _row(row.cells, table.columns, widths, strong=row.section, shaded=row.section)


def _row(  # noqa: PLR0913
    cells: Sequence[Cell],
    columns: Sequence[Column],
    widths: Sequence[int],
    header: str = "",
    *,
    strong: bool,
    shaded: bool = False,
) -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{_SHADE}"/>' if shaded else ""
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:before="20" w:after="20"/>'
        f"{_RIGHT if column.numeric else ''}</w:pPr>"
        f"{_runs(cell, strong=strong or cell.tone is Tone.STRONG)}</w:p></w:tc>"
        for cell, column, width in zip(cells, columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{made}</w:tr>"


def _runs(cell: Cell, *, strong: bool) -> str:
    look = "<w:b/>" if strong else ""
    if cell.tone in COLOURS:
        look += f'<w:color w:val="{COLOURS[cell.tone]}"/>'
    text = _run(cell.text, f'{look}<w:sz w:val="{_SIZE}"/>')
    if cell.bar is None:
        return text
    bar = f'<w:color w:val="{_BAR}"/><w:sz w:val="{_BAR_SIZE}"/>'
    return text + _run(f"  {bar_text(cell.bar)}", bar)


def _run(text: str, look: str) -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{_safe(text)}</w:t></w:r>'


def _safe(text: str) -> str:
    return escape(harmless(text))


_KIND = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart"
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_LOOKS = (
    ("0B5F8A", "solid", "circle"),
    ("B04A00", "dash", "square"),
    ("5B3A8E", "sysDot", "triangle"),
)
_HEIGHT = 3_200_000  # EMU, 8.9 cm


def add_radar(word: WordDocument, radar: Radar, number: int, width: int) -> None:
    """Add the chart as a paragraph at the end, `width` EMU wide, described for screen readers."""
    name = PackURI(f"/word/charts/spbe-chart{number}.xml")
    part = Part(name, _KIND, _chart(radar).encode(), word.part.package)
    relation = word.part.relate_to(part, _RELATION)
    run = word.add_paragraph().add_run()
    run._r.append(parse_xml(_drawing(radar, relation, number, width)))  # noqa: SLF001


def _drawing(radar: Radar, relation: str, number: int, width: int) -> str:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    frame = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        f'<w:drawing xmlns:w="{word}" xmlns:wp="{frame}" xmlns:a="{_MAIN}">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{_HEIGHT}"/>'
        f'<wp:docPr id="{9000 + number}" name="{_safe(radar.title)}" '
        f'descr="{_safe(radar.description)}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{_CHART}">'
        f'<c:chart xmlns:c="{_CHART}" xmlns:r="{relations}" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def _chart(radar: Radar) -> str:
    series = "".join(_series(radar, line, place) for place, line in enumerate(radar.lines))
    highest = f"{float(radar.rings[-1][0]):g}"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace xmlns:c="{_CHART}" xmlns:a="{_MAIN}">'
        '<c:roundedCorners val="0"/><c:chart>'
        f'<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1100" b="1"/></a:pPr><a:r>'
        f'<a:rPr sz="1100" b="1"/><a:t>{_safe(radar.title)}</a:t></a:r></a:p></c:rich></c:tx>'
        '<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>'
        f'<c:radarChart><c:radarStyle val="marker"/><c:varyColors val="0"/>{series}'
        '<c:axId val="101"/><c:axId val="102"/></c:radarChart>'
        '<c:catAx><c:axId val="101"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="b"/><c:majorGridlines/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:crossAx val="102"/></c:catAx>'
        '<c:valAx><c:axId val="102"/><c:scaling><c:orientation val="minMax"/>'
        f'<c:max val="{highest}"/><c:min val="0"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="l"/><c:majorGridlines/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        '<c:crossAx val="101"/><c:crossBetween val="between"/><c:majorUnit val="1"/></c:valAx>'
        '</c:plotArea><c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>'
        '<c:plotVisOnly val="1"/></c:chart></c:chartSpace>'
    )


def _series(radar: Radar, line: RadarLine, place: int) -> str:
    colour, dash, marker = _LOOKS[place % len(_LOOKS)]
    count = len(radar.axes)
    names = "".join(
        f'<c:pt idx="{at}"><c:v>{_safe(f"{code} {shown}")}</c:v></c:pt>'
        for at, ((code, _), shown) in enumerate(zip(radar.axes, radar.lines[0].shown, strict=True))
    )
    values = "".join(
        f'<c:pt idx="{at}"><c:v>{float(value)!r}</c:v></c:pt>'
        for at, value in enumerate(line.values)
    )
    ink = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>'
        f"<c:tx><c:v>{_safe(line.label)}</c:v></c:tx>"
        f'<c:spPr><a:ln w="25400">{ink}<a:prstDash val="{dash}"/></a:ln></c:spPr>'
        f'<c:marker><c:symbol val="{marker}"/><c:size val="6"/><c:spPr>{ink}</c:spPr></c:marker>'
        f'<c:cat><c:strLit><c:ptCount val="{count}"/>{names}</c:strLit></c:cat>'
        f"<c:val><c:numLit><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{count}"/>{values}</c:numLit></c:val></c:ser>'
    )


_ACCENT = RGBColor(0x0B, 0x4F, 0x72)
_TONES = {tone: RGBColor.from_string(colour) for tone, colour in COLOURS.items()}
_SIZES = {"Normal": 10.5, "Title": 22, "Heading 1": 15, "Heading 2": 11.5}
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
    word = _letterhead(template, document)
    try:
        return _written(word, document)
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
    footer = section.footer.paragraphs[0]
    footer.text = f"{document.ending}\t\t"
    footer.runs[0].font.size = Pt(8)
    page = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"/>')  # Word fills it in
    footer._p.append(page)  # noqa: SLF001  (python-docx knows no fields)
    return word


def _letterhead(template: bytes, document: Document) -> WordDocument:
    """Return the office's own document with its fields filled in."""
    head = document.headline
    shown = (document.title, head.institution, head.when, head.index_name, head.value)
    return filled(
        template, dict(zip(FIELDS, (*shown, head.predicate, head.distance, ""), strict=True))
    )


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
        self._styles: dict[str, str] = {}

    def write(self, document: Document) -> None:
        body = self._word.element.body
        begin = len(body) - 1  # the last is the properties of the section
        self._paragraph(document.headline.institution, "Title")
        self._headline(document)
        for section in document.sections:
            self._paragraph(section.title, "Heading 1")
            for block in section.blocks:
                self._block(block)
        self._place.take(body[begin:-1])

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
            case Text() | Line():
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
                add_radar(self._word, block, self._charts, self._place.width * _EMU)
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
        style, is_there = style_of(self._word, name)
        if is_there:
            return style
        if name in _SIZES:
            style.font.bold, style.font.size = True, Pt(_SIZES[name])
            style.paragraph_format.keep_with_next = True
        else:
            style.paragraph_format.left_indent = Mm(6)
        return style

    def _table(self, block: Table) -> None:
        if block.caption:
            caption = self._paragraph(block.caption)
            caption.runs[0].bold = True
            caption.paragraph_format.keep_with_next = True
        self._word.element.body.sectPr.addprevious(table_element(block, self._place.width))
        self._paragraph("").paragraph_format.space_after = Pt(2)
