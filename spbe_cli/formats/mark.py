"""The place of the report in a letterhead, and what stands around it there."""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from spbe_cli.formats.letterhead import (
    A4,
    FIELDS,
    MARGIN,
    MARGINS,
    MARK,
    NOTES,
    WRITTEN,
    PlacedError,
    above,
    filled,
)

_TAG = re.compile("<[^>]*>")
_DRAWINGS = ("/word/charts/", "/word/diagrams/")
_NARROWEST = 5670  # 10 cm, in which tables are still legible
_CELL_MARGIN = 108
_UNITS = {"": 1, "pt": 20, "pc": 240, "pi": 240, "in": 1440, "cm": 1440 / 2.54, "mm": 144 / 2.54}
_LENGTH = re.compile(r"(-?\d+(?:\.\d+)?)(pt|pc|pi|in|cm|mm)?", re.ASCII)
_COPIES = 1_000_000  # ids of what is there twice


class MisplacedReportError(PlacedError):
    """A letterhead wants the report where it cannot stand."""


def check_template(template: bytes) -> None:
    """Raise UnfitTemplateError if a letterhead cannot be filled in."""
    place_of(filled(template, dict.fromkeys(FIELDS, "")).word)


class Place(NamedTuple):
    """Where the report goes: how wide it may be there, and the text that holds the mark, if any."""

    width: int
    mark: Any = None

    def take(self, report: Sequence[Any]) -> None:
        """Put the elements of the report here; what stands beside the mark stays."""
        if self.mark is None:
            return
        paragraph = above(self.mark, "w:p")
        container = paragraph.getparent()
        before, after = _cut(paragraph, self.mark)
        if not _says_something(before) and report:
            _break_before(before, report[0])
        for each in [*_kept(before), *report, *_kept(after)]:
            paragraph.addprevious(each)
        container.remove(paragraph)
        if container.tag == qn("w:tc") and container[-1].tag != qn("w:p"):
            container.append(parse_xml(f"<w:p {nsdecls('w')}/>"))


def place_of(word: WordDocument) -> Place:
    """Return where a letterhead wants the report; at its end if it does not say.

    Raises:
        MisplacedReportError: if it wants it in a text box, a header, twice, or where it is narrow.
    """
    for part in word.part.package.iter_parts():
        _refuse_in(part)
    for name in ("subject", "comments", "keywords", "category", "identifier"):
        if MARK in (said := getattr(word.core_properties, name)):
            raise MisplacedReportError("the document's properties", said)
    body = word.element.body
    marks = list(_marks(body))
    if len(marks) > 1:
        raise MisplacedReportError("more than one place", _text_of(above(marks[1], "w:p")))
    mark = next(iter(marks), None)
    if mark is None:
        width = _width_of(body.sectPr)
    else:
        _unwrap(mark)
        paragraph = above(mark, "w:p")
        width = _width_at(paragraph)
        if (row := above(mark, "w:tr")) is not None:
            _let_flow(row)
    if width < _NARROWEST:
        said = "" if mark is None else _text_of(above(mark, "w:p"))
        raise MisplacedReportError("a column of less than 10 cm", said)
    return Place(width, mark)


def _refuse_in(part: Any) -> None:  # noqa: ANN401
    """Raise MisplacedReportError if a part beside the body holds the mark."""
    where = {**MARGINS, **NOTES}.get(part.content_type)
    if where is not None and MARK in (said := _TAG.sub("", part.blob.decode())):
        raise MisplacedReportError(where, said)
    if str(part.partname).startswith(_DRAWINGS) and isinstance(part.blob, bytes):
        said = _TAG.sub("", part.blob.decode("utf-8", "replace"))
        if any(re.search(rf"\{{\{{\s*{name}\b", said) for name in FIELDS):
            raise MisplacedReportError("a chart or diagram", said)


def _marks(body: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the texts that hold the mark, those that were deleted put back as they were.

    Raises:
        MisplacedReportError: if one stands where no paragraph can follow.
    """
    for found in body.xpath(f".//text()[contains(., '{MARK}')] | .//@*[contains(., '{MARK}')]"):
        element = found.getparent()
        if above(element, "w:del", "w:moveFrom") is not None and found.is_text:
            element.text = found.replace(MARK, WRITTEN)
            continue
        if where := _unfit_place(element, is_text=found.is_text):
            box = above(element, "w:txbxContent", "w:p")
            raise MisplacedReportError(where, _text_of(box) if box is not None else str(found))
        yield from [element] * found.count(MARK)


def _unfit_place(element: Any, *, is_text: bool) -> str:  # noqa: ANN401
    """Return why the report cannot stand at an element, empty if it can."""
    if element.tag != qn("w:t") or not is_text:
        return "something that is no plain text"
    paragraph = above(element, "w:p")
    framed = paragraph is not None and paragraph.find(f"{qn('w:pPr')}/{qn('w:framePr')}")
    boxes = ("w:txbxContent", "w:pict", "w:drawing")
    if paragraph is None or framed is not None or above(element, *boxes) is not None:
        return "a text box"
    if above(element, "w:fldSimple") is not None or _is_in_field(paragraph, element):
        return "a field of Word"
    return ""


def _is_in_field(paragraph: Any, element: Any) -> bool:  # noqa: ANN401
    """Return whether an element stands between the beginning and the end of a field."""
    depth = 0
    for each in paragraph.iter(qn("w:fldChar"), qn("w:t")):
        if each is element:
            return depth > 0
        if each.tag == qn("w:fldChar"):
            depth += {"begin": 1, "end": -1}.get(each.get(qn("w:fldCharType")), 0)
    return False


def _text_of(element: Any) -> str:  # noqa: ANN401
    return "".join(each.text or "" for each in element.iter(qn("w:t")))


def _unwrap(mark: Any) -> None:  # noqa: ANN401
    """Put what the content control of the mark holds in its place: it is filled in."""
    control = above(mark, "w:sdt")
    if control is None or above(control, "w:p") is None is above(mark, "w:p"):
        return
    content = control.find(qn("w:sdtContent"))
    for each in list(content):
        control.addprevious(each)
    control.getparent().remove(control)


def _let_flow(row: Any) -> None:  # noqa: ANN401
    """Let a row that holds the report go over several pages."""
    for name in ("w:cantSplit", "w:tblHeader", "w:trHeight"):
        for each in row.findall(f"{qn('w:trPr')}/{qn(name)}"):
            if name != "w:trHeight" or each.get(qn("w:hRule")) == "exact":
                each.getparent().remove(each)


def _width_at(element: Any) -> int:  # noqa: ANN401
    """Return how much room there is at an element: that of its cell, or of its section."""
    cell = above(element, "w:tc")
    if cell is not None:
        return _width_of_cell(cell)
    body = element.getroottree().getroot().find(qn("w:body"))
    found = False
    for each in body.iter():
        found = found or each is element
        if found and each.tag == qn("w:sectPr") and above(each, "w:sectPrChange") is None:
            return _width_of(each)
    return A4 - 2 * MARGIN


def _width_of(section: Any) -> int:  # noqa: ANN401
    """Return the width of a section's text, of its narrowest column if it has several."""
    size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    width = _length(size, "w:w", A4)
    width -= sum(_length(margins, f"w:{side}", MARGIN) for side in ("left", "right"))
    width -= _length(margins, "w:gutter", 0)
    columns = section.find(qn("w:cols"))
    if columns is None:
        return width
    if own := [_length(each, "w:w", width) for each in columns.findall(qn("w:col"))]:
        return min(own)
    number = max(_length(columns, "w:num", 1), 1)
    return (width - (number - 1) * _length(columns, "w:space", 720)) // number


def _width_of_cell(cell: Any) -> int:  # noqa: ANN401
    """Return the width of a cell's text: as it says, as the grid says, or its part of the row."""
    row, table = above(cell, "w:tr"), above(cell, "w:tbl")
    around = _width_at(table)
    grid = [
        _length(each, "w:w", 0) for each in table.findall(f"{qn('w:tblGrid')}/{qn('w:gridCol')}")
    ]
    cells = [each for each in row.iter(qn("w:tc")) if above(each, "w:tr") is row]
    first = _value(row, "w:trPr/w:gridBefore", 0)
    first += sum(_value(each, "w:tcPr/w:gridSpan", 1) for each in cells[: cells.index(cell)])
    spanned = sum(grid[first : first + _value(cell, "w:tcPr/w:gridSpan", 1)])
    own = cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}")
    kind = own.get(qn("w:type"), "dxa") if own is not None else "auto"
    said = _length(own, "w:w", 0) if kind == "dxa" else 0
    width = said or spanned or around // len(cells)
    sides = [_cell_margin(cell, table, side) for side in (("left", "start"), ("right", "end"))]
    return min(width, around) - sum(sides)


def _cell_margin(cell: Any, table: Any, names: Sequence[str]) -> int:  # noqa: ANN401
    for element, path in ((cell, "w:tcPr/w:tcMar"), (table, "w:tblPr/w:tblCellMar")):
        for name in names:
            found = element.find("/".join(map(qn, f"{path}/w:{name}".split("/"))))
            if found is not None:
                return _length(found, "w:w", _CELL_MARGIN)
    return _CELL_MARGIN


def _value(element: Any, path: str, default: int) -> int:  # noqa: ANN401
    return _length(element.find("/".join(map(qn, path.split("/")))), "w:val", default)


def _length(element: Any, name: str, default: int) -> int:  # noqa: ANN401
    """Return a length in twentieths of a point, or a number, however a program writes it."""
    found = None if element is None else _LENGTH.fullmatch(element.get(qn(name), ""))
    return default if found is None else round(float(found[1]) * _UNITS[found[2] or ""])


_RANGES = (
    *("w:bookmarkStart", "w:bookmarkEnd", "w:commentRangeStart", "w:commentRangeEnd"),
    *("w:permStart", "w:permEnd"),
)
"""What may also stand between paragraphs."""


def _cut(paragraph: Any, mark: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """Return what stands before the mark and what after it, each as a paragraph of its looks.

    The section that ends with the paragraph ends behind the report.
    """
    path = []
    while mark is not paragraph:
        parent = mark.getparent()
        path.append(parent.index(mark))
        mark = parent
    before, after = deepcopy(paragraph), deepcopy(paragraph)
    for whole, is_before in ((before, True), (after, False)):
        element = whole
        for at in reversed(path):
            inner = element[at]
            for each in list(element[at + 1 :] if is_before else element[:at]):
                if is_before or not str(each.tag).endswith("Pr"):
                    element.remove(each)
            element = inner
            if not is_before and element.get(qn("w:id"), "").isdigit():  # of a tracked change
                element.set(qn("w:id"), str(_COPIES + int(element.get(qn("w:id")))))
        head, _, tail = element.text.partition(MARK)
        element.text = head if is_before else tail
        element.set(qn("xml:space"), "preserve")
    _remove(before, "w:sectPr")
    _remove(after, "w:pageBreakBefore", "w:numPr")
    for name in [name for name in after.attrib if name.endswith(("}paraId", "}textId"))]:
        del after.attrib[name]  # they name one paragraph
    return before, after


def _remove(paragraph: Any, *names: str) -> None:  # noqa: ANN401
    for name in names:
        for each in paragraph.findall(f"{qn('w:pPr')}/{qn(name)}"):
            each.getparent().remove(each)


def _says_something(paragraph: Any) -> bool:  # noqa: ANN401
    """Return whether a paragraph holds text, a picture, a break, a field, or ends a section."""
    if paragraph.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
        return True
    silent = (qn("w:rPr"), qn("w:lastRenderedPageBreak"))
    for run in paragraph.iter(qn("w:r")):
        for each in run:
            is_blank = each.tag == qn("w:t") and not (each.text or "").strip()
            if each.tag not in silent and not is_blank:
                return True
    return any(str(each.tag).endswith("}oMath") for each in paragraph.iter())


def _kept(paragraph: Any) -> list[Any]:  # noqa: ANN401
    """Return the paragraph, or of an empty one the bookmarks that begin or end in it."""
    if _says_something(paragraph):
        return [paragraph]
    return list(paragraph.iter(*map(qn, _RANGES)))


def _break_before(paragraph: Any, first: Any) -> None:  # noqa: ANN401
    """Let the report begin a page if the paragraph of the mark did."""
    asked = paragraph.find(f"{qn('w:pPr')}/{qn('w:pageBreakBefore')}")
    if asked is not None and first.tag == qn("w:p"):
        first.get_or_add_pPr()._insert_pageBreakBefore(deepcopy(asked))  # noqa: SLF001
