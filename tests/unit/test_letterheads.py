"""Letterheads as offices have them: where the report goes, what stays, and what is refused."""

import io
import re
import zipfile
from datetime import date
from functools import cache
from typing import Any

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from support.letterheads import MARK, PLACED, REFUSED, changed, letterhead
from support.sheets import bandar_lampung

from spbe_cli.answers.report import document_of
from spbe_cli.core.problem import Place, Problem
from spbe_cli.core.report import Formalities, Signatory, report_on
from spbe_cli.formats.blocks import Made
from spbe_cli.formats.docx import report_docx
from spbe_cli.formats.letterhead import UnfitTemplateError, UnknownFieldError
from spbe_cli.formats.mark import MisplacedReportError, check_template
from spbe_cli.words import Words


@cache
def made() -> Made:
    report = report_on(bandar_lampung(), {})
    return Made(document_of(report, Words("en")), Words("en"), report)


def written(template: bytes | None) -> bytes:
    return report_docx(made()._replace(template=template))


def body_of(content: bytes) -> Any:  # noqa: ANN401
    return Document(io.BytesIO(content)).element.body


def texts_of(content: bytes) -> list[str]:
    """The text of each paragraph outside of text boxes, in the order of the document."""
    paragraphs = body_of(content).iter(qn("w:p"))
    return [_text(p) for p in paragraphs if not list(p.iterancestors(qn("w:txbxContent")))]


def _text(paragraph: Any) -> str:  # noqa: ANN401
    boxed = {each for box in paragraph.iter(qn("w:txbxContent")) for each in box.iter()}
    return "".join(each.text or "" for each in paragraph.iter(qn("w:t")) if each not in boxed)


@cache
def plain() -> tuple[str, ...]:
    """The report's own paragraphs."""
    return tuple(texts_of(written(None)))


def widths(content: bytes) -> set[int]:
    """How wide the report's own tables are, which have a description."""
    return {
        int(table.find(f"{qn('w:tblPr')}/{qn('w:tblW')}").get(qn("w:w")))
        for table in body_of(content).iter(qn("w:tbl"))
        if table.find(f"{qn('w:tblPr')}/{qn('w:tblDescription')}") is not None
    }


@pytest.mark.parametrize("name", PLACED)
def test_the_report_stands_where_the_letterhead_wants_it(name: str) -> None:
    shape = PLACED[name]
    check_template(shape.content)
    content = written(shape.content)
    texts = texts_of(content)
    begin, end = len(shape.before), len(texts) - len(shape.after)
    assert texts[:begin] == list(shape.before)
    assert texts[end:] == list(shape.after)
    inside = texts[begin:end]
    if inside[-1] == "" and len(inside) == len(plain()) + 1:
        inside.pop()  # a cell ends with a paragraph
    assert inside == list(plain())
    # no table is wider than its place, and those that fill it fill it
    assert max(widths(content)) == shape.width
    xml = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    (extent,) = set(re.findall(r'<wp:extent cx="(\d+)"(?=[^>]*/><wp:docPr[^>]*descr)', xml))
    assert int(extent) == shape.width * 635
    deleted = re.sub("<w:delText>.*?</w:delText>", "", xml)
    assert not re.search("[\u2061-\u2064]|{{|}}", re.sub("<[^>]*>", "", deleted))
    assert not re.search("\u2063", xml)


@pytest.mark.parametrize("name", REFUSED)
def test_elsewhere_it_is_refused_with_the_place(name: str) -> None:
    template, said = REFUSED[name]
    with pytest.raises(MisplacedReportError) as caught:
        check_template(template)
    values = {"where": caught.value.where, "found": caught.value.text}
    message, _ = Words("en").problem(Problem("report-misplaced", Place("kop.docx"), values))
    assert message.startswith(f"the report cannot stand in {said}")
    indonesian, _ = Words("id").problem(Problem("report-misplaced", Place("kop.docx"), values))
    assert caught.value.where not in indonesian
    with pytest.raises(MisplacedReportError):
        written(template)


def sections(content: bytes) -> list[tuple[int, str]]:
    word = Document(io.BytesIO(content))
    return [(int(s.page_width or 0), s.header.paragraphs[0].text) for s in word.sections]


def test_section_breaks_and_their_headers_stay() -> None:
    word = Document()
    word.sections[0].header.paragraphs[0].text = "Kop pertama"
    word.add_paragraph(MARK)
    second = word.add_section()
    second.header.is_linked_to_previous = False
    second.header.paragraphs[0].text = "Kop kedua"
    second.page_width, second.page_height = second.page_height, second.page_width
    word.add_paragraph("Lampiran")
    saved = io.BytesIO()
    word.save(saved)
    # the break moves into the paragraph of the mark, as Word has it when one presses Enter there
    body = word.element.body
    broken = next(p for p in body.iter(qn("w:p")) if p.pPr is not None and p.pPr.sectPr is not None)
    mark = next(p for p in body.iter(qn("w:p")) if p.text == MARK)
    mark.get_or_add_pPr().append(broken.pPr.sectPr)
    broken.getparent().remove(broken)
    moved = io.BytesIO()
    word.save(moved)
    for template in (saved.getvalue(), moved.getvalue()):
        content = written(template)
        assert sections(content) == sections(template)
        assert [header for _, header in sections(content)] == ["Kop pertama", "Kop kedua"]
        assert texts_of(content)[-1] == "Lampiran"


def test_what_stands_beside_the_mark_stays() -> None:
    """A bookmark, the page break of the paragraph, a picture; and no paragraph is named twice."""
    content = written(PLACED["begins-a-page"].content)
    breaks = [p for p in body_of(content).iter(qn("w:p")) if list(p.iter(qn("w:pageBreakBefore")))]
    assert [p.text for p in breaks] == [
        plain()[0],
        "Domains and aspects",
    ]  # its own, and a section's
    for name in ("split-alone", "split-over-runs"):
        body = body_of(written(PLACED[name].content))
        assert [len(list(body.iter(qn(f"w:bookmark{end}")))) for end in ("Start", "End")] == [1, 1]
    pictured = body_of(written(PLACED["picture-beside"].content))
    assert len(list(pictured.iter(qn("w:drawing")))) == 1 + sum(1 for _ in _charts(pictured))


def _charts(body: Any) -> Any:  # noqa: ANN401
    return (each for each in body.iter(qn("wp:docPr")) if int(each.get("id")) > 9000)


def test_a_row_with_the_report_goes_over_pages() -> None:
    body = body_of(written(PLACED["cell-of-a-fixed-row"].content))
    row = next(body.iter(qn("w:tr")))
    assert not row.findall(f"{qn('w:trPr')}/*")


def test_grids_of_other_tables_stay() -> None:
    """Also where a table stands within a cell, or a cell is a content control."""
    for name in ("cell-within-a-cell", "cell-that-is-a-control", "cell-over-two-columns"):
        before, after = (
            [int(each.get(qn("w:w"))) for each in next(body_of(c).iter(qn("w:tblGrid")))]
            for c in (PLACED[name].content, written(PLACED[name].content))
        )
        assert before == after, name


def test_no_macro_goes_into_the_report() -> None:
    content = written(PLACED["docm-with-macros"].content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if "vba" in name]
        types = archive.read("[Content_Types].xml").decode()
    assert "macro" not in types
    assert "wordprocessingml.document.main+xml" in types


OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", changed(letterhead(), {})
STRICT = changed(
    letterhead(),
    {},
    {
        b"http://schemas.openxmlformats.org/officeDocument/2006/": b"http://purl.oclc.org/ooxml/officeDocument/"
    },
)


def workbook() -> bytes:
    from openpyxl import Workbook

    saved = io.BytesIO()
    Workbook().save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("field", ["{{ date }", "{{}}", "{{ date place }}", "{{ date", "{% if %}"])
def test_a_field_that_is_not_whole_is_said_in_our_words(field: str) -> None:
    with pytest.raises(UnfitTemplateError, match=re.escape("not written as {{ name }}")):
        check_template(letter(f"Tanggal {field}"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (OLE + bytes(600), "it is an old .doc or protected by a password"),
        (b"{\\rtf1 {{ report }}}", "it is rich text (.rtf)"),
        (b"%PDF-1.7", "it is a PDF"),
        (b"<html>{{ report }}</html>", "it is of another kind"),
        (STRICT, "it is saved as Strict Open XML Document"),
        (workbook(), "it is of another kind"),
        (changed(b"PK\x05\x06" + bytes(18), {"mimetype": b"x", "content.xml": b"<a/>"}),
         "it is of another kind"),
        (b"", "it is of another kind"),
    ],
    ids=["doc", "rtf", "pdf", "html", "strict", "xlsx", "odt", "empty"],
)  # fmt: skip
def test_files_of_other_kinds_are_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(UnfitTemplateError, match=re.escape(said)):
        check_template(content)
    values = {"reason": said, "known": "report"}
    message, _ = Words("id").problem(Problem("template-wrong", Place("kop.docx"), values))
    assert said not in message


STYLES = ("Title", "Heading 1", "Heading 2", "List Bullet")


def styled(names: dict[str, tuple[str, int]]) -> bytes:
    """A letterhead whose usual styles are others: by name their new name and kind."""
    word = Document()
    for name in STYLES:
        element = word.styles[name].element
        element.getparent().remove(element)
    for name, (other, kind) in names.items():
        style = word.styles.add_style(other, kind)
        style.element.styleId = name
    word.add_paragraph(MARK)
    saved = io.BytesIO()
    word.save(saved)
    return saved.getvalue()


PARAGRAPH, CHARACTER, TABLE = (
    WD_STYLE_TYPE.PARAGRAPH, WD_STYLE_TYPE.CHARACTER, WD_STYLE_TYPE.TABLE,
)  # fmt: skip


@pytest.mark.parametrize(
    ("names", "used"),
    [
        ({}, {name: name for name in STYLES}),
        ({"Judul1": ("heading 1", PARAGRAPH)}, {"Heading 1": "Judul1"}),
        ({"a1": ("HEADING 1", PARAGRAPH), "a2": ("list bullet", PARAGRAPH)},
         {"Heading 1": "a1", "List Bullet": "a2"}),
        ({"Title": ("Title", CHARACTER)}, {"Title": "Titlespbe"}),
        ({"Heading1": ("Heading 1", TABLE)}, {"Heading 1": "Heading1spbe"}),
        ({"Title": ("Surat", PARAGRAPH)}, {"Title": "Title-spbe"}),
        ({"ListBullet": ("Lain", CHARACTER)}, {"List Bullet": "ListBullet-spbe"}),
    ],
    ids=["none", "id", "capitals", "of-characters", "of-a-table", "id-taken", "other-kind"],
)  # fmt: skip
def test_styles_are_found_by_name_and_kind(
    names: dict[str, tuple[str, int]], used: dict[str, str]
) -> None:
    content = written(styled(names))
    word = Document(io.BytesIO(content))
    kinds = {style.style_id: style.type for style in word.styles}
    assert len(kinds) == len(list(word.styles))
    assert len({(style.name or "").casefold() for style in word.styles}) == len(kinds)
    ids = {each.get(qn("w:val")) for each in word.element.body.iter(qn("w:pStyle"))}
    assert {kinds[each] for each in ids} == {PARAGRAPH}
    for name, style in used.items():
        assert style.replace(" ", "") in {each.replace(" ", "") for each in ids}, name


def letter(body: str, **parts: str) -> bytes:
    """A letterhead with a text in its body, a cell, its header, its footer, or its properties."""
    word = Document()
    word.add_paragraph(body)
    word.add_paragraph(MARK)
    word.add_table(1, 1).cell(0, 0).text = parts.get("cell", "")
    word.sections[0].header.paragraphs[0].text = parts.get("header", "")
    word.sections[0].footer.paragraphs[0].text = parts.get("footer", "")
    word.core_properties.subject = parts.get("subject", "")
    saved = io.BytesIO()
    word.save(saved)
    return saved.getvalue()


def handed_in(language: str, template: bytes, **given: Any) -> WordDocument:  # noqa: ANN401
    formalities = Formalities("045/12", date(2026, 5, 27), "Jambi", (Signatory("Ani", "Kepala"),))
    report = report_on(bandar_lampung(), {}, formalities=formalities._replace(**given))
    words = Words(language)
    written = report_docx(Made(document_of(report, words), words, report, template))
    return Document(io.BytesIO(written))


def said_in(word: WordDocument) -> list[str]:
    return [each.text or "" for each in word.element.body.iter(qn("w:t"))]


@pytest.mark.parametrize(("language", "month"), [("id", "Mei"), ("en", "May")])
def test_a_letter_has_its_own_places_for_number_date_and_place(language: str, month: str) -> None:
    template = letter("Perihal: {{ title }}", header="No. {{ number }}", cell="{{place}}, {{date}}")
    word = handed_in(language, template)
    assert word.sections[0].header.paragraphs[0].text == "No. 045/12"
    assert word.tables[-1].cell(0, 0).text == f"Jambi, 27 {month} 2026"
    assert word.paragraphs[0].text.startswith("Perihal: ")
    assert word.paragraphs[0].text.endswith(": Pemerintah Kota Bandar Lampung")
    texts = said_in(word)
    assert "Ani" in texts  # who signs, below the report
    assert not [each for each in texts if "045/12" in each]  # what the letter says, it says once
    assert len([each for each in texts if "Jambi" in each]) == 1
    own = said_in(handed_in(language, letter("")))
    assert f"Jambi, 27 {month} 2026" in own
    assert [each for each in own if each.endswith(": 045/12")]
    half = handed_in(language, letter("{{ date }}"))
    assert "Jambi" in said_in(half)


def test_who_signs_stands_side_by_side_the_last_on_the_right() -> None:
    where, ani, budi = "Jambi, 27 Mei 2026", Signatory("Ani", "Kepala"), Signatory("Budi", "Wali")
    for signatories, expected in (
        ((ani, budi), [["", where], ["Kepala\nAni", "Wali\nBudi"]]),
        ((ani,), [["", where], ["", "Kepala\nAni"]]),
        ((), [["", where]]),
    ):
        table = handed_in("id", letter(""), signatories=signatories).tables[-2]
        assert [[cell.text for cell in row.cells] for row in table.rows] == expected


def test_what_an_office_does_not_give_stands_nowhere() -> None:
    nothing = {"number": "", "day": None, "place": "", "signatories": ()}
    body = "No. {{ number }}|{{ place }}|{{ date }}|{% if number %}x{% endif %}"
    assert handed_in("id", letter(body), **nothing).paragraphs[0].text == "No. |||"


@pytest.mark.parametrize(
    ("part", "where"),
    [("body", "the text"), ("cell", "the text"), ("header", "a header"), ("footer", "a footer"),
     ("subject", "the document's properties")],
)  # fmt: skip
@pytest.mark.parametrize("text", ["{{ nomor }}", "{% if not nomor %}x{% endif %}"])
def test_an_unknown_field_is_refused_with_its_place(part: str, where: str, text: str) -> None:
    parts = {part: f"Nomor: {text}"}
    with pytest.raises(UnknownFieldError) as caught:
        check_template(letter(parts.pop("body", ""), **parts))
    assert (caught.value.field, caught.value.where) == ("nomor", where)
    assert caught.value.text == f"Nomor: {text}"
    values = {"field": "nomor", "where": where, "found": caught.value.text, "known": "number"}
    indonesian, _ = Words("id").problem(Problem("field-unknown", Place("kop.docx"), values))
    assert where not in indonesian
    assert "{{ nomor }}" in indonesian or "{%" in indonesian
