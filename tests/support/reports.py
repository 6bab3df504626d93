"""The rows of tables in reports of every format, as plain text, to be held against the core."""

import io
import re
import warnings
from collections.abc import Callable
from pathlib import Path

import lxml.html
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

__all__ = ["READERS", "plain_text"]


def _plain(text: str) -> str:
    """Return text without signs and the marks of line breaking, blanks folded."""
    return " ".join(re.sub("\u00ad\\s*|[▲△▽▼]", "", text).split())


def _of_html(path: Path) -> str:
    page = lxml.html.fromstring(path.read_text("utf-8"))
    for hidden in page.xpath("//script | //style"):
        hidden.getparent().remove(hidden)
    kinds = ("tr", "caption", "dt", "dd", "h1", "h2", "h3", "p", "li")
    parts = (
        " ".join(node.itertext()) for node in page.xpath(" | ".join(f"//{kind}" for kind in kinds))
    )
    return _plain(" ".join(parts))


def _of_pdf(path: Path) -> str:
    text = _plain(" ".join(page.extract_text() for page in PdfReader(path).pages))
    # a line may end behind a slash, and where a very long word has an invisible mark
    return text.replace("/ ", "/").replace("\u200b", "")


def _of_docx(path: Path) -> str:
    document = Document(str(path))
    rows = (" ".join(c.text for c in row.cells) for t in document.tables for row in t.rows)
    parts = [*(paragraph.text for paragraph in document.paragraphs), *rows]
    # bars are drawn with block characters, which are no text
    return _plain(re.sub("[█░]+", "", " ".join(parts)))


def _of_markdown(path: Path) -> str:
    text = path.read_text("utf-8").replace("&emsp;", "")
    lines = (re.sub(r"\*\*|(?<!\\)\|", " ", line) for line in text.splitlines())
    return _plain(re.sub(r"\\(.)", r"\1", " ".join(lines)))


def _of_xlsx(path: Path) -> str:
    """Return all values as the workbook's formats show them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the reader does not know: bars of one colour
        book = load_workbook(io.BytesIO(path.read_bytes()), data_only=True)
    cells = (
        _shown(cell.value, cell.number_format)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and not sheet.column_dimensions[cell.column_letter].hidden
    )
    return _plain(" ".join(cells))


def _shown(value: object, number_format: str) -> str:
    if not isinstance(value, int | float):
        return str(value)
    decimals = re.fullmatch(r"\+?0(?:\.(0+))?(?:;.*)?", number_format)
    return f"{value:.{len(decimals[1] or '')}f}" if decimals else f"{value:g}"


READERS: dict[str, Callable[[Path], str]] = {
    "html": _of_html,
    "pdf": _of_pdf,
    "docx": _of_docx,
    "xlsx": _of_xlsx,
    "md": _of_markdown,
}


def plain_text(path: Path) -> str:
    """Return the text of a report, whatever its format, rows of tables in one piece."""
    return READERS[path.suffix[1:]](path)
