"""A table of a Word document: its heading on every page, thin rules, bars of block characters.

Written as one piece of XML: cell by cell through the library it takes twenty times as long.
"""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from docx.oxml import parse_xml

from spbe_cli.render.report.blocks import Table
from spbe_cli.render.spark import bar_text
from spbe_cli.render.view import Cell, Column, Tone, harmless

__all__ = ["TONES", "table_element"]

TONES = {Tone.GOOD: "14663A", Tone.FAIR: "7A4B00", Tone.POOR: "A11D1D", Tone.FAINT: "55636F"}
"""The colours of tones."""

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
    found[table.row_heading] = max(_NARROWEST, width - others)
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
    if cell.tone in TONES:
        look += f'<w:color w:val="{TONES[cell.tone]}"/>'
    text = _run(cell.text, f'{look}<w:sz w:val="{_SIZE}"/>')
    if cell.bar is None:
        return text
    bar = f'<w:color w:val="{_BAR}"/><w:sz w:val="{_BAR_SIZE}"/>'
    return text + _run(f"  {bar_text(cell.bar)}", bar)


def _run(text: str, look: str) -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{_safe(text)}</w:t></w:r>'


def _safe(text: str) -> str:
    return escape(harmless(text))
