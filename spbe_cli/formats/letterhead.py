"""Letterheads of offices: what they must not be, their fields, and the place of the report in them.

They come from elsewhere: Word documents of any program, with tables, content controls, text boxes
and section breaks, in which somebody wrote `{{ report }}`.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

FIELDS = (
    *("title", "institution", "when", "number", "date", "place"),
    *("index_name", "index", "predicate", "distance", "report"),
)
"""What a letterhead may hold between double braces."""

IN_INDONESIAN = {
    "judul": "title",
    "instansi": "institution",
    "nomor": "number",
    "tanggal": "date",
    "tempat": "place",
    "indeks": "index",
    "predikat": "predicate",
    "jarak": "distance",
    "laporan": "report",
    "nama_instansi": "institution",
}
"""What an Indonesian office writes for a field: no spelling is near enough to tell."""

_LARGEST, _LARGEST_TREES, _MOST_FIELDS = 64 * 1024 * 1024, 8 * 1024 * 1024, 1000
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(ValueError, RuntimeError, LookupError, OverflowError),
)
"""What zipfile raises for a file whose parts or directory are wrong."""

_TREES = (".xml", ".rels")
_RELATIONS, _TYPES = "_rels/.rels", "[Content_Types].xml"
_NAME = b"/package/2006/relationships/metadata/core-properties"
_OTHER_NAME = b"/officedocument/2006/relationships/metadata/core-properties"
_DOCUMENT = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OTHER_DOCUMENTS = (
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    b"application/vnd.ms-word.document.macroEnabled.main+xml",
    b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
)
"""A .dotx, .docm and .dotm."""
_MACROS = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
_STRICT = b"http://purl.oclc.org/ooxml/officeDocument"
_OTHER_FILES = {
    b"\xd0\xcf\x11\xe0": "it is an old .doc or protected by a password",
    b"{\\rtf": "it is rich text (.rtf)",
    b"%PDF": "it is a PDF",
}
_NO_WORD = "it is of another kind"
_BODY = "the text"

_HARMLESS = (
    *(nodes.Template, nodes.TemplateData, nodes.Output, nodes.Name, nodes.Const, nodes.Filter),
    *(nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
)
"""What a letterhead may write: its fields, and text that depends on them."""
_FILTERS = ("upper", "lower", "title", "capitalize", "trim")
_TAG = re.compile("<[^>]*>")
_FIELD = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_SHOWN = 80  # characters of what is refused

WRITTEN = "{{ report }}"
MARK = "\u2063\u2064\u2062\u2063"  # invisible, no letters for a filter
NOTES = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml": "a footnote",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.endnotes+xml": "an endnote",
}
MARGINS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml": "a header",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml": "a footer",
}
A4, MARGIN = 11906, 1134
"""The width and the margins of a page that a letterhead does not tell, in twentieths of a point."""


class UnfitTemplateError(ValueError):
    """A letterhead is no Word document, or holds a field that is not known."""


class PlacedError(UnfitTemplateError):
    """Something that a letterhead cannot ask for: `where` it does, and the text there."""

    def __init__(self, where: str, text: str) -> None:
        super().__init__(f"{where}: {text}")
        self.where, self.text = where, " ".join(text.replace(MARK, WRITTEN).split())[:_SHOWN]


class UnknownFieldError(PlacedError):
    """A letterhead holds a field of which nothing is known."""

    def __init__(self, field: str, where: str, text: str) -> None:
        super().__init__(where, text)
        self.field = field


class Filled(NamedTuple):
    """A letterhead with its fields filled in, and the names of those that it holds."""

    word: WordDocument
    named: frozenset[str]


class _Fields(SandboxedEnvironment):
    """Jinja for a letterhead, which comes from elsewhere: it names fields, and computes nothing.

    The sandbox alone has been left before, and lets a template count until the memory is full.
    """

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.named: set[str] = set()
        self.where = _BODY

    def from_string(self, source: str | nodes.Template, *rest: Any, **named: Any) -> Template:  # noqa: ANN401
        """Return a part of the letterhead, refusing what is more than a field."""
        tree = self.parse(source) if isinstance(source, str) else source
        for node in tree.find_all(nodes.Node):
            if not isinstance(node, _HARMLESS):
                lines = [_TAG.sub("", line) for line in str(source).splitlines()]
                said = lines[node.lineno - 1] if node.lineno else type(node).__name__
                raise SecurityError(said[:_SHOWN])
        for name in tree.find_all(nodes.Name):
            if name.name not in FIELDS:
                said = _TAG.sub("", str(source).splitlines()[name.lineno - 1])
                raise UnknownFieldError(name.name[:_SHOWN], self.where, said)
            self.named.add(name.name)
        return super().from_string(source, *rest, **named)


class _Letterhead(DocxTemplate):  # type: ignore[misc]
    """A letterhead whose fields are filled in and in which nothing else is changed."""

    def get_xml(self) -> str:
        """Return the body, each field in one piece."""
        return _in_one_piece(self.docx._element.body)  # noqa: SLF001

    def get_part_xml(self, part: Any) -> str:  # noqa: ANN401
        """Return a header, footer or part of notes, each field in one piece."""
        return _in_one_piece(parse_xml(part.blob))

    def render_xml_part(self, src_xml: str, part: Any, *rest: Any) -> str:  # noqa: ANN401
        """Return a part with its fields filled in; the fields are told where they stand."""
        rest[-1].where = {**MARGINS, **NOTES}.get(part.content_type, _BODY)
        return str(super().render_xml_part(src_xml, part, *rest))

    def render_properties(self, context: Mapping[str, str], jinja_env: Any = None) -> None:  # noqa: ANN401
        """Fill in the document's properties."""
        jinja_env.where = "the document's properties"
        super().render_properties(context, jinja_env)

    def fix_tables(self, xml: str) -> Any:  # noqa: ANN401
        """Return the tree as it is: no field adds cells, and the library miscounts nested ones."""
        return parse_xml(xml)

    def fix_docpr_ids(self, tree: Any) -> None:  # noqa: ANN401
        """Give the pictures numbers that no chart of the report has."""
        for number, picture in enumerate(tree.iter(qn("wp:docPr")), 1):
            picture.set("id", str(number))

    def render_footnotes(self, context: Mapping[str, str], jinja_env: Any = None) -> None:  # noqa: ANN401
        """Fill in the notes, footnotes and endnotes alike, each once."""
        for part in self.docx.part.package.iter_parts():
            if part.content_type in NOTES:
                xml = self.patch_xml(self.get_part_xml(part))
                part._blob = self.render_xml_part(xml, part, context, jinja_env).encode()  # noqa: SLF001


def filled(template: bytes, values: Mapping[str, str]) -> Filled:
    """Return a letterhead with these values. It comes from elsewhere, and cannot run anything.

    The place of the report is kept for `place_of`.
    """
    bound(template)
    try:
        letterhead = _Letterhead(io.BytesIO(_mended(template)))
        fields = _Fields()
        letterhead.render({**values, "report": MARK}, jinja_env=fields, autoescape=True)
        word: WordDocument = letterhead.docx
        for key in [key for key, each in word.part.rels.items() if each.reltype == _MACROS]:
            del word.part.rels[key]  # a .docx has none
        body = word.element.body
        if body.sectPr is None:
            body.append(_section_on_a4())
    except UnfitTemplateError:
        raise
    except TemplateSyntaxError as error:  # whose sentence is for who writes programs
        raise UnfitTemplateError("a field is not written as {{ name }}") from error
    except TemplateError as error:
        raise UnfitTemplateError(str(error)) from error
    except Exception as error:  # what the libraries raise for a file of another kind is not theirs
        raise UnfitTemplateError(type(error).__name__) from error
    return Filled(word, frozenset(fields.named))


def bound(template: bytes) -> None:
    """Raise UnfitTemplateError for a letterhead that unpacks to too much, or has too many fields.

    Each field is filled with a text, and each part becomes a tree that takes thirty times its size.
    """
    for head, said in _OTHER_FILES.items():
        if template.startswith(head):
            raise UnfitTemplateError(said)
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as archive:
            size = sum(part.file_size for part in archive.infolist())
            if size > _LARGEST:
                raise UnfitTemplateError(f"{size} > {_LARGEST} bytes")
            texts = [part for part in archive.infolist() if part.filename.endswith(_TREES)]
            if (size := sum(part.file_size for part in texts)) > _LARGEST_TREES:
                raise UnfitTemplateError(f"XML: {size} > {_LARGEST_TREES} bytes")
            fields = sum(archive.read(part).count(b"{") for part in texts) // 2
    except _DAMAGE as error:
        if isinstance(error, UnfitTemplateError):
            raise
        raise UnfitTemplateError(_NO_WORD) from error
    if fields > _MOST_FIELDS:
        raise UnfitTemplateError(f"{{{{ }}}}: {fields} > {_MOST_FIELDS}")


def _mended(template: bytes) -> bytes:
    """Return a letterhead as a plain .docx whose properties are named as the standard does.

    LibreOffice names them otherwise in "Office Open XML Text": python-docx would not find them, and
    write them a second time.
    """
    with zipfile.ZipFile(io.BytesIO(template)) as before:
        names = set(before.namelist())
        if not {_RELATIONS, _TYPES} <= names:
            raise UnfitTemplateError(_NO_WORD)
        relations, types = before.read(_RELATIONS), before.read(_TYPES)
        if _STRICT in relations:
            raise UnfitTemplateError("it is saved as Strict Open XML Document")
        changed = {_RELATIONS: relations.replace(_OTHER_NAME, _NAME), _TYPES: types}
        for other in _OTHER_DOCUMENTS:
            changed[_TYPES] = changed[_TYPES].replace(other, _DOCUMENT)
        if _DOCUMENT not in changed[_TYPES]:
            raise UnfitTemplateError(_NO_WORD)
        if changed == {_RELATIONS: relations, _TYPES: types}:
            return template
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as after:
            for part in before.infolist():
                content = changed.get(part.filename)
                after.writestr(part.filename, before.read(part) if content is None else content)
    return written.getvalue()


def _in_one_piece(tree: Any) -> str:  # noqa: ANN401
    """Return a tree as text, each field in the run in which it begins, whatever stands between."""
    for paragraph in tree.iter(qn("w:p")):
        texts = [each for each in paragraph.iter(qn("w:t")) if above(each, "w:p") is paragraph]
        whole = "".join(each.text or "" for each in texts)
        for field in reversed(list(_FIELD.finditer(whole)) if "{" in whole else ()):
            _gather(texts, field)
        if _FIELD.search(whole) and (control := above(paragraph, "w:sdt")) is not None:
            for name in ("w:dataBinding", "w:showingPlcHdr"):  # what Word would fill in itself
                for each in control.findall(f"{qn('w:sdtPr')}/{qn(name)}"):
                    each.getparent().remove(each)
    return str(etree.tostring(tree, encoding="unicode"))


def _gather(texts: Sequence[Any], field: re.Match[str]) -> None:
    """Write a field into the first of the texts over which it goes."""
    end, first = 0, None
    for each in texts:
        text = each.text or ""
        begin, end = end, end + len(text)
        if end <= field.start() or begin >= field.end():
            continue
        low, high = max(field.start() - begin, 0), min(field.end(), end) - begin
        each.text = text[:low] + (field[0] if first is None else "") + text[high:]
        each.set(qn("xml:space"), "preserve")
        first = each


def above(element: Any, *names: str) -> Any:  # noqa: ANN401
    """Return the nearest element above of one of these names, or None."""
    wanted = [qn(name) for name in names]
    return next((each for each in element.iterancestors() if each.tag in wanted), None)


def _section_on_a4() -> Any:  # noqa: ANN401
    """Return the section properties of a letterhead without: optional in the standard."""
    around = " ".join(f'w:{side}="{MARGIN}"' for side in ("top", "right", "bottom", "left"))
    rest = 'w:header="708" w:footer="708" w:gutter="0"'
    return parse_xml(
        f'<w:sectPr {nsdecls("w")}><w:pgSz w:w="{A4}" w:h="16838"/>'
        f"<w:pgMar {around} {rest}/></w:sectPr>"
    )


def style_of(word: WordDocument, name: str) -> tuple[Any, bool]:
    """Return the paragraph style of a name, and whether it was there; else a new one.

    Names are those of the standard whatever the language of Word, in capitals or not. A style of
    characters or of a table is no style of a paragraph, even if it is called so.
    """
    wanted = name.casefold()
    taken = {each.style_id for each in word.styles}
    for each in word.styles:
        if each.type == WD_STYLE_TYPE.PARAGRAPH and (each.name or "").casefold() == wanted:
            return each, True
    names = {(each.name or "").casefold() for each in word.styles}
    new = f"{name} spbe" if wanted in names else name
    style: Any = word.styles.add_style(new, WD_STYLE_TYPE.PARAGRAPH, builtin=new == name)
    while style.style_id in taken:
        style.element.styleId = f"{style.style_id}-spbe"
    with suppress(KeyError):
        style.base_style = word.styles.default(WD_STYLE_TYPE.PARAGRAPH)
    return style, False
