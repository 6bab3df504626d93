"""Letterheads in the shapes that offices and their programs give them, made of XML."""

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import NamedTuple

from docx import Document
from docx.document import Document as WordDocument
from docx.shared import Mm

__all__ = ["MARK", "PLACED", "REFUSED", "Shape", "changed", "letterhead"]

MARK = "{{ report }}"
_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
_A4 = '<w:pgSz w:w="11906" w:h="16838"/>'
_ACROSS = '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
_MARGINS = (
    '<w:pgMar w:top="1440" w:right="1800" w:bottom="1440" w:left="1800" w:header="720" '
    'w:footer="720" w:gutter="0"/>'
)
UPRIGHT, ACROSS = 11906 - 3600, 16838 - 3600
"""The widths of the text, in twentieths of a point."""


class Shape(NamedTuple):
    """A letterhead, the texts that stay before and after the report, and how wide it may be."""

    content: bytes
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    width: int = UPRIGHT


def letterhead(body: str = "", change: Callable[[WordDocument], None] = lambda _: None) -> bytes:
    """Return a document with this body, its last section on A4 upright."""
    word = Document()
    change(word)
    made = io.BytesIO()
    word.save(made)
    section = "" if "<!-- bare -->" in body else f"<w:sectPr>{_A4}{_MARGINS}</w:sectPr>"
    if not body:
        return made.getvalue()
    text = f"<w:document {_NAMES}><w:body>{body}{section}</w:body></w:document>"
    return changed(made.getvalue(), {"word/document.xml": text.encode()})


def changed(
    content: bytes, parts: Mapping[str, bytes], replaced: Mapping[bytes, bytes] | None = None
) -> bytes:
    """Return a package with these parts, and with texts replaced in all of them."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w", 8) as after:
        named = {name: before.read(name) for name in before.namelist()} | dict(parts)
        for name, data in named.items():
            for old, new in (replaced or {}).items():
                data = data.replace(old, new)  # noqa: PLW2901
            after.writestr(name, data)
    return made.getvalue()


def _r(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _p(*inside: str, look: str = "") -> str:
    runs = "".join(each if each.startswith("<") else _r(each) for each in inside)
    return f"<w:p><w:pPr>{look}</w:pPr>{runs}</w:p>"


def _cell(inside: str, width: int | str = 0, kind: str = "dxa", more: str = "") -> str:
    own = f'<w:tcW w:w="{width}" w:type="{kind}"/>' if width else ""
    return f"<w:tc><w:tcPr>{own}{more}</w:tcPr>{inside}</w:tc>"


def _table(*rows: str, grid: tuple[int, ...], more: str = "") -> str:
    columns = "".join(f'<w:gridCol w:w="{each}"/>' for each in grid)
    whole = "".join(each if each.startswith("<w:tr") else f"<w:tr>{each}</w:tr>" for each in rows)
    return f"<w:tbl><w:tblPr>{more}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{whole}</w:tbl>"


def _control(inside: str, more: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{more}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def _section(size: str, more: str = "") -> str:
    return f"<w:sectPr>{size}{_MARGINS}{more}</w:sectPr>"


_SPLIT = (
    _r("{", "<w:b/>"), '<w:proofErr w:type="spellStart"/>', _r("{ rep", "<w:i/>"),
    '<w:bookmarkStart w:id="7" w:name="_GoBack"/>', _r("ort"), '<w:bookmarkEnd w:id="7"/>',
    _r(" }", '<w:u w:val="single"/>'), '<w:proofErr w:type="spellEnd"/>', _r("}"),
)  # fmt: skip
_PAGE = '<w:r><w:br w:type="page"/></w:r>'
_BOUND = '<w:alias w:val="Isi"/><w:dataBinding w:xpath="/a" w:storeItemID="{0}"/><w:text/>'
_FORM = (
    '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="a"/></w:ffData></w:fldChar>'
    "</w:r><w:r><w:instrText> FORMTEXT </w:instrText></w:r>"
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + _r(MARK)
    + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)  # fmt: skip
_VML = f"<v:textbox><w:txbxContent>{_p('Kotak ', MARK)}</w:txbxContent></v:textbox>"
_VML_BOX = f'<w:r><w:pict><v:shape style="width:200pt;height:99pt">{_VML}</v:shape></w:pict></w:r>'
_SHAPE = (
    '<w:drawing><wp:inline><wp:extent cx="2000000" cy="900000"/><wp:docPr id="1" name="Kotak"/>'
    '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/'
    'wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr/><wps:txbx>'
    f"<w:txbxContent>{_p('Kotak ', MARK)}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>"
    "</a:graphicData></a:graphic></wp:inline></w:drawing>"
)
_BOX = (
    f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{_SHAPE}</mc:Choice><mc:Fallback>'
    f"{_VML_BOX.removeprefix('<w:r>').removesuffix('</w:r>')}</mc:Fallback></mc:AlternateContent>"
    "</w:r>"
)
_PICTURED = _SHAPE.replace('name="Kotak"', 'name="Kotak" descr="{{ report }}"').replace(
    _p("Kotak ", MARK), _p("Kotak")
)
_WIDE, _NARROW = UPRIGHT - 2000, 2000
_DOCUMENT_RELATIONS = "word/_rels/document.xml.rels"
_CELL = 216
"""What a cell keeps free at both sides."""

_IN_CELLS = {
    "cell": Shape(
        letterhead(_p("Kop") + _table(_cell(_p(MARK)), grid=(UPRIGHT,)) + _p("Ttd")),
        ("Kop",), ("Ttd",), UPRIGHT - _CELL,
    ),
    "cell-beside-a-logo": Shape(
        letterhead(
            _table(_cell(_p("Logo"), _NARROW) + _cell(_p("Isi: ", MARK), _WIDE),
                   grid=(_NARROW, _WIDE)) + _p("Ttd")
        ),
        ("Logo", "Isi: "), ("Ttd",), _WIDE - _CELL,
    ),
    "cell-of-a-share": Shape(
        letterhead(
            _table(_cell(_p("Logo"), 1000, "pct") + _cell(_p(MARK), 4000, "pct"),
                   grid=(_NARROW, _WIDE)) + _p()
        ),
        ("Logo",), ("",), _WIDE - _CELL,
    ),
    "cell-over-two-columns": Shape(
        letterhead(
            _table(_cell(_p("a")) + _cell(_p("b")) + _cell(_p("c")),
                   _cell(_p("d")) + _cell(_p(MARK), more='<w:gridSpan w:val="2"/>'),
                   grid=(_NARROW, 3000, _WIDE - 3000)) + _p()
        ),
        ("a", "b", "c", "d"), ("",), _WIDE - _CELL,
    ),
    "cell-within-a-cell": Shape(
        letterhead(
            _table(_cell(_p("luar") + _table(_cell(_p(MARK)), grid=(7000,)) + _p("dalam")),
                   grid=(UPRIGHT,)) + _p("Ttd")
        ),
        ("luar",), ("dalam", "Ttd"), 7000 - _CELL,
    ),
    "cell-that-is-a-control": Shape(
        letterhead(
            _table(f"<w:tr>{_cell(_p('Logo'))}{_control(_cell(_p(MARK)), _BOUND)}</w:tr>",
                   grid=(_NARROW, _WIDE)) + _p()
        ),
        ("Logo",), ("",), _WIDE - _CELL,
    ),
    "cell-of-a-fixed-row": Shape(
        letterhead(
            _table(
                '<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="400" w:hRule="exact"/>'
                f"<w:tblHeader/></w:trPr>{_cell(_p(MARK))}</w:tr>", grid=(UPRIGHT,)) + _p()
        ),
        (), ("",), UPRIGHT - _CELL,
    ),
    "cell-of-the-first-section": Shape(
        letterhead(
            _table(_cell(_p(MARK), "100%", "pct"), grid=(ACROSS,))
            + _p(look=_section(_ACROSS)) + _p("Lampiran")
        ),
        (), ("", "Lampiran"), ACROSS - _CELL,
    ),
}  # fmt: skip
_BESIDE = {
    "paragraph": Shape(letterhead(_p("Kop") + _p(MARK) + _p("Ttd")), ("Kop",), ("Ttd",)),
    "texts-beside": Shape(
        letterhead(_p("Hasil: ", MARK, " demikian.")), ("Hasil: ",), (" demikian.",)
    ),
    "texts-in-one-run": Shape(letterhead(_p(f"Hasil: {MARK} usai")), ("Hasil: ",), (" usai",)),
    "split-over-runs": Shape(
        letterhead(_p("Nomor 1 ", *_SPLIT, " usai")), ("Nomor 1 ",), (" usai",)
    ),
    "split-alone": Shape(letterhead(_p("Kop") + _p(*_SPLIT) + _p("Ttd")), ("Kop",), ("Ttd",)),
    "break-before": Shape(letterhead(_p("Kop") + _p(_PAGE, MARK)), ("Kop", ""), ()),
    "begins-a-page": Shape(
        letterhead(_p("Kop") + _p(MARK, look="<w:pageBreakBefore/>") + _p("Ttd")),
        ("Kop",), ("Ttd",),
    ),
    "in-capitals": Shape(letterhead(_p("Kop") + _p("{{ report | upper }}")), ("Kop",)),
    "picture-beside": Shape(
        letterhead(_p(f"<w:r>{_SHAPE.replace(_p('Kotak ', MARK), _p('Kotak'))}</w:r>", MARK)),
        ("",),
    ),
    "inserted": Shape(
        letterhead(
            _p('<w:ins w:id="1" w:author="a" w:date="2026-01-01T00:00:00Z">'
               f"{_r('baru ')}{_r(MARK)}</w:ins>", " lama")
        ),
        ("baru ",), (" lama",),
    ),
    "deleted-elsewhere": Shape(
        letterhead(
            _p('<w:del w:id="1" w:author="a" w:date="2026-01-01T00:00:00Z"><w:r><w:delText>'
               f"{MARK}</w:delText></w:r></w:del>", "Kop") + _p(MARK)
        ),
        ("Kop",),
    ),
    "if-there-is-a-year": Shape(
        letterhead(_p("Kop") + _p("{% if index %}{{ report }}{% endif %}") + _p("Ttd")),
        ("Kop",), ("Ttd",),
    ),
    "at-the-end": Shape(letterhead(_p("Kop") + _p("Isi")), ("Kop", "Isi")),
}  # fmt: skip
_IN_CONTROLS = {
    "control": Shape(letterhead(_p("Kop") + _control(_p(MARK)) + _p("Ttd")), ("Kop",), ("Ttd",)),
    "control-of-two-paragraphs": Shape(
        letterhead(_control(_p("Kop") + _p(MARK)) + _p("Ttd")), ("Kop",), ("Ttd",)
    ),
    "control-in-a-line": Shape(
        letterhead(_p("Isi: ", _control(_r(MARK), "<w:showingPlcHdr/>"), " usai")),
        ("Isi: ",), (" usai",),
    ),
    "control-of-text": Shape(letterhead(_control(_p(MARK), _BOUND) + _p("Ttd")), (), ("Ttd",)),
    "control-within-a-control": Shape(
        letterhead(_control(_p("Kop") + _control(_p(MARK)), '<w:lock w:val="sdtContentLocked"/>')),
        ("Kop",),
    ),
    "control-split": Shape(letterhead(_control(_p(*_SPLIT)) + _p("Ttd")), (), ("Ttd",)),
    "element": Shape(
        letterhead(f'<w:customXml w:element="isi">{_p(MARK)}</w:customXml>' + _p("Ttd")),
        (), ("Ttd",),
    ),
}  # fmt: skip
_IN_SECTIONS = {
    "section-ends-at-the-mark": Shape(
        letterhead(_p(MARK, look=_section(_ACROSS)) + _p("Lampiran")), (), ("", "Lampiran"), ACROSS
    ),
    "section-ends-with-text": Shape(
        letterhead(_p("Isi ", MARK, " usai", look=_section(_ACROSS)) + _p("Lampiran")),
        ("Isi ",), (" usai", "Lampiran"), ACROSS,
    ),
    "second-of-three": Shape(
        letterhead(
            _p("Sampul", look=_section(_A4)) + _p(MARK) + _p("x", look=_section(_ACROSS))
            + _p("Lampiran")
        ),
        ("Sampul",), ("x", "Lampiran"), ACROSS,
    ),
    "after-one-across": Shape(
        letterhead(_p("Sampul", look=_section(_ACROSS)) + _p(MARK)), ("Sampul",), (), UPRIGHT
    ),
    "two-columns": Shape(
        letterhead(
            _p(MARK, look=_section('<w:pgSz w:w="23811" w:h="16838"/>',
                                   '<w:cols w:num="2" w:space="1000"/>')) + _p("x")
        ),
        (), ("", "x"), (23811 - 3600 - 1000) // 2,
    ),
    "margins-with-units": Shape(
        letterhead(
            _p(MARK, look='<w:sectPr><w:pgSz w:w="210mm" w:h="297mm"/><w:pgMar w:top="2cm" '
                          'w:right="30mm" w:bottom="2cm" w:left="1.5cm" w:header="720" '
                          'w:footer="720" w:gutter="5mm"/></w:sectPr>') + _p("x")
        ),
        (), ("", "x"), 9072,
    ),
    "old-properties-of-a-section": Shape(
        letterhead(
            _p("a") + _p(MARK)
            + _p("b", look=_section(_ACROSS, '<w:sectPrChange w:id="1" w:author="a">'
                                             f"<w:sectPr>{_A4}</w:sectPr></w:sectPrChange>"))
        ),
        ("a",), ("b",), ACROSS,
    ),
}  # fmt: skip
_A4_BARE = 11906 - 2 * 1134
_WITHOUT_PROPERTIES = {
    "bare": Shape(letterhead(_p(MARK) + "<!-- bare -->"), (), (), _A4_BARE),
    "bare-at-the-end": Shape(letterhead(_p("Kop") + "<!-- bare -->"), ("Kop",), (), _A4_BARE),
    "bare-cell": Shape(
        letterhead(_table(_cell(_p(MARK)), grid=(0,)) + _p("x") + "<!-- bare -->"),
        (), ("x",), _A4_BARE - _CELL,
    ),
    "bare-control": Shape(letterhead(_control(_p(MARK)) + "<!-- bare -->"), (), (), _A4_BARE),
    "bare-but-for-the-first": Shape(
        letterhead(_p("Sampul", look=_section(_ACROSS)) + _p(MARK) + "<!-- bare -->"),
        ("Sampul",), (), _A4_BARE,
    ),
    "bare-with-texts": Shape(
        letterhead(_p("a ", MARK, " b") + "<!-- bare -->"), ("a ",), (" b",), _A4_BARE
    ),
}  # fmt: skip


def _typed(kind: str, **parts: bytes) -> bytes:
    plain = b"openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return changed(
        letterhead(_p("Kop") + _p(MARK)),
        {name.replace("_", "/", 1).replace("_", "."): data for name, data in parts.items()},
        {b"application/vnd." + plain: f"application/vnd.{kind}+xml".encode()},
    )


def _with_macros() -> bytes:
    typed = _typed("ms-word.document.macroEnabled.main", word_vbaProject_bin=b"\xd0\xcf")
    related = (
        b'<Relationship Id="rIdM" Type="http://schemas.microsoft.com/office/2006/relationships/'
        b'vbaProject" Target="vbaProject.bin"/></Relationships>'
    )
    kind = b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    return _joined(typed, {_DOCUMENT_RELATIONS: related, "[Content_Types].xml": kind})


def _joined(content: bytes, ends: Mapping[str, bytes]) -> bytes:
    """Return a package in which the last tag of some parts is replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name).rpartition(b"</")[0] + end for name, end in ends.items()}
    return changed(content, parts)


_KINDS = {
    "dotx": Shape(_typed("openxmlformats-officedocument.wordprocessingml.template.main"), ("Kop",)),
    "docm": Shape(_typed("ms-word.document.macroEnabled.main"), ("Kop",)),
    "docm-with-macros": Shape(_with_macros(), ("Kop",)),
    "dotm": Shape(_typed("ms-word.template.macroEnabledTemplate.main"), ("Kop",)),
}

PLACED = {**_BESIDE, **_IN_CELLS, **_IN_CONTROLS, **_IN_SECTIONS, **_WITHOUT_PROPERTIES, **_KINDS}
"""Where the report goes, by the shape."""


def _in_header(word: WordDocument) -> None:
    word.sections[0].header.paragraphs[0].text = f"Kop {MARK}"


def _in_footer(word: WordDocument) -> None:
    word.sections[0].footer.paragraphs[0].text = MARK


def _in_first_header(word: WordDocument) -> None:
    word.sections[0].different_first_page_header_footer = True
    word.sections[0].first_page_header.paragraphs[0].text = MARK


def _in_table_of_header(word: WordDocument) -> None:
    header = word.sections[0].header
    header.add_table(1, 1, Mm(150)).cell(0, 0).text = MARK


def _in_property(word: WordDocument) -> None:
    word.core_properties.subject = MARK


def _noted(kind: str) -> bytes:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    note = f'<w:{kind}s xmlns:w="{word}"><w:{kind} w:id="1">{_p(MARK)}</w:{kind}></w:{kind}s>'
    related = (
        '<Relationship Id="rIdN" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/{kind}s" Target="{kind}s.xml"/></Relationships>'
    )
    typed = (
        f'<Override PartName="/word/{kind}s.xml" ContentType="application/vnd.openxmlformats-'
        f'officedocument.wordprocessingml.{kind}s+xml"/></Types>'
    )
    made = letterhead(_p("Kop", f'<w:r><w:{kind}Reference w:id="1"/></w:r>'))
    ends = {_DOCUMENT_RELATIONS: related.encode(), "[Content_Types].xml": typed.encode()}
    return changed(_joined(made, ends), {f"word/{kind}s.xml": note.encode()})


def _drawn() -> bytes:
    related = (
        b'<Relationship Id="rIdD" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/diagramData" Target="diagrams/data1.xml"/></Relationships>'
    )
    text = b"<d>Alur <t>{{</t><t> report }}</t></d>"
    made = letterhead(_p("Kop"))
    return changed(_joined(made, {_DOCUMENT_RELATIONS: related}), {"word/diagrams/data1.xml": text})


REFUSED = {
    "diagram": (_drawn(), "a chart or diagram: Alur {{ report }}"),
    "text-box": (letterhead(_p("Kop", _BOX)), "a text box: Kotak {{ report }}"),
    "old-text-box": (letterhead(_p("Kop", _VML_BOX)), "a text box: Kotak {{ report }}"),
    "text-box-in-a-cell": (
        letterhead(_table(_cell(_p(_BOX)), grid=(UPRIGHT,)) + _p()),
        "a text box: Kotak {{ report }}",
    ),
    "text-box-split": (
        letterhead(_p(_VML_BOX.replace(_p("Kotak ", MARK), _p(*_SPLIT)))),
        "a text box: {{ report }}",
    ),
    "frame": (
        letterhead(_p("Isi ", MARK, look='<w:framePr w:w="3000" w:hRule="exact"/>')),
        "a text box: Isi {{ report }}",
    ),
    "header": (letterhead(change=_in_header), "a header: Kop {{ report }}"),
    "header-of-the-first-page": (letterhead(change=_in_first_header), "a header: {{ report }}"),
    "header-in-a-table": (letterhead(change=_in_table_of_header), "a header: {{ report }}"),
    "footer": (letterhead(change=_in_footer), "a footer: {{ report }}"),
    "property": (letterhead(change=_in_property), "the document's properties: {{ report }}"),
    "footnote": (_noted("footnote"), "a footnote: {{ report }}"),
    "endnote": (_noted("endnote"), "an endnote: {{ report }}"),
    "twice": (letterhead(_p("a ", MARK) + _p("b ", MARK)), "more than one place: b {{ report }}"),
    "twice-in-a-run": (letterhead(_p(f"{MARK} {MARK}")), "more than one place"),
    "twice-in-cells": (
        letterhead(_table(_cell(_p(MARK)) + _cell(_p(MARK)), grid=(4000, 4000)) + _p()),
        "more than one place: {{ report }}",
    ),
    "form": (letterhead(_p("Isi: ", _FORM)), "a field of Word: Isi: {{ report }}"),
    "merge-field": (
        letterhead(_p(f'<w:fldSimple w:instr="TITLE">{_r(MARK)}</w:fldSimple>')),
        "a field of Word: {{ report }}",
    ),
    "instruction": (
        letterhead(_p(f"<w:r><w:instrText>{MARK}</w:instrText></w:r>")),
        "something that is no plain text",
    ),
    "formula": (
        letterhead(_p(f"<m:oMath><m:r><m:t>{MARK}</m:t></m:r></m:oMath>")),
        "something that is no plain text",
    ),
    "alternative-text": (
        letterhead(_p(f"<w:r>{_PICTURED}</w:r>")), "something that is no plain text"
    ),
    "narrow-cell": (
        letterhead(
            _table(_cell(_p("Isi ", MARK), _NARROW) + _cell(_p("x"), _WIDE), grid=(_NARROW, _WIDE))
            + _p()
        ),
        "a column of less than 10 cm: Isi {{ report }}",
    ),
    "narrow-columns": (
        letterhead(_p(MARK, look=_section(_A4, '<w:cols w:num="2" w:space="720"/>')) + _p("x")),
        "a column of less than 10 cm: {{ report }}",
    ),
    "narrow-at-the-end": (
        letterhead(_p("Kop") + "<!-- bare -->" + f"<w:sectPr>{_A4}{_MARGINS}"
                   '<w:cols w:num="3" w:space="720"/></w:sectPr>'),
        "a column of less than 10 cm",
    ),
}  # fmt: skip
"""Where the report cannot stand: the letterhead, and what is said."""
