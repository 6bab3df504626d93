"""The rows of tables in reports of every format, as plain text, to be held against the core."""

import io
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import lxml.html
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from spbe_cli import Instrument
from spbe_cli.core.instrument import Indicator
from spbe_cli.words import Words

__all__ = ["READERS", "hold_figures", "plain_text"]


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


def hold_figures(
    text: str, instrument: Instrument, values: Mapping[str, Fraction], words: Words
) -> None:
    """That a report's text has every group's index, every value with its level, and their points.

    All is computed here from values and weights alone.
    """
    text = text.replace(" )", ")")
    for row, points in _rows(instrument, values, words):
        found = re.search(rf"{re.escape(row)} (\d+)[.,](\d{{2,4}})", text)
        assert found is not None, row
        # parts are rounded so that they add up to the whole
        unit = Fraction(1, 10 ** len(found[2]))
        assert abs(Fraction(found[1] + found[2]) * unit - points) < unit, row


def _rows(
    instrument: Instrument, values: Mapping[str, Fraction], words: Words
) -> Iterator[tuple[str, Fraction]]:
    """Yield the rows of a report, each with the points that it ends with."""
    whole = sum((each.weight for each in instrument.indicators), Fraction(0))
    for group, _, below in instrument.nodes:
        points = sum((values[each.code] * each.weight for each in below), Fraction(0)) / whole
        index = words.number(points * whole / group.weight, instrument.places)
        yield f"{group.code} {group.name} {_weight(group.weight, words)} {index}", points
    for each in instrument.indicators:
        value, weight = values[each.code], _weight(each.weight, words)
        said = _level(instrument, each, value, words)
        yield f"{each.code} {each.name} {weight} {said}", value * each.weight / whole


def _level(instrument: Instrument, indicator: Indicator, value: Fraction, words: Words) -> str:
    """Return a value with its band, a bound being the upper one's; or a level with its name."""
    scale = instrument.scale
    if scale.step is not None:
        return f"{value} {scale.names[indicator.capability or ''][value]}"
    band = next(each for each in reversed(scale.bands) if each.start <= value)
    name = f"{band.level} {band.name}".strip()
    return f"{words.number(value, instrument.places)} ({name})"


def _weight(weight: Fraction, words: Words) -> str:
    is_decimal = 100 % weight.denominator == 0
    return words.number(weight, 2) if is_decimal else words.exact(weight)
