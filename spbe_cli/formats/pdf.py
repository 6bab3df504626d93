"""A report as PDF, by typst: tagged, and the same bytes for the same input.

It is set in fonts that typst carries. Only a text with characters that they lack takes fonts of the
machine.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, assert_never

import typst

from spbe_cli.formats.blocks import (
    Block,
    Card,
    Cell,
    Facts,
    Ladder,
    Line,
    Listing,
    Made,
    Radar,
    Table,
    Text,
    Tone,
    breakable,
    harmless,
)
from spbe_cli.formats.svg import ladder, radar

_TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
_LONGEST, _LONGEST_IN_CELL = 64, 24  # words that are not broken: a checksum is to be copied
_MOST_CODES = 20  # characters that no font shows: beyond, they are boxes, and no standard holds
_UNSHOWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_UNICODE = re.compile(r"\\u\{([0-9a-f]+)\}")
_BREAK = "\u200b"
_FONT = "Libertinus Serif"  # comes with typst
_RADAR_WIDTH, _LADDER_WIDTH = 330, 420  # in points


def report_pdf(made: Made) -> bytes:
    """Return the report as PDF/UA-1 on A4.

    A character that no font on the machine shows stands as its code.
    """
    document = made.document
    head = document.headline
    data = {
        "title": document.title,
        "kind": document.title.partition(":")[0],
        "language": document.language,
        "headline": {
            **head._asdict(),
            "institution": breakable(head.institution, _LONGEST_IN_CELL, _BREAK),
        },
        "ladder": _block(document.ladder),
        "sections": [
            {"title": section.title, "blocks": [_block(block) for block in section.blocks]}
            for section in document.sections
        ],
        "ending": document.ending,
    }
    harmless_data = _harmless(data)
    try:
        return _compiled(harmless_data, own_fonts=True)
    except typst.TypstError:  # a character that typst's own fonts lack: a picture, a Chinese one
        return _with_other_fonts(harmless_data)


def _with_other_fonts(data: Any) -> bytes:  # noqa: ANN401
    """Return the PDF with fonts of the machine; what they lack is written as its code, `U+2705`."""
    for _ in range(_MOST_CODES):
        try:
            return _compiled(data, own_fonts=False)
        except typst.TypstError as error:
            unshown = _UNSHOWN.search(str(error))
            if unshown is None:
                raise
            characters = set(_UNICODE.sub(lambda code: chr(int(code[1], 16)), unshown[1]))
            # A keycap is a digit and a sign on it: what is ASCII is never what no font shows.
            codes = {ord(each): f"[U+{ord(each):04X}]" for each in characters if each > "~"}
            data = _with_codes(data, codes)
    return _compiled(data, own_fonts=False, standard=False)


def _with_codes(value: Any, codes: dict[int, str]) -> Any:  # noqa: ANN401
    """Return data with codes in place of characters: in values alone, never in names of fields."""
    if isinstance(value, str):
        return value.translate(codes)
    if isinstance(value, dict):
        return {key: _with_codes(each, codes) for key, each in value.items()}
    return [_with_codes(each, codes) for each in value] if isinstance(value, list) else value


def _compiled(data: Any, *, own_fonts: bool, standard: bool = True) -> bytes:  # noqa: ANN401
    """Return the PDF; TypstError where the standard forbids it, as for text that no font shows."""
    made = _compiler(own_fonts=own_fonts).compile(
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards="ua-1" if standard else [],
        timestamp=0,
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no PDF")
    return made


@cache
def _compiler(*, own_fonts: bool) -> typst.Compiler:
    root = str(_TEMPLATE.parent)
    return typst.Compiler(str(_TEMPLATE), root=root, ignore_system_fonts=own_fonts)


def _harmless(value: Any) -> Any:  # noqa: ANN401
    """Return data without control characters, which no font can show; long words may be broken."""
    if isinstance(value, str):
        return breakable(harmless(value), _LONGEST, _BREAK)
    if isinstance(value, dict):
        return {key: each if key == "svg" else _harmless(each) for key, each in value.items()}
    return [_harmless(each) for each in value] if isinstance(value, list | tuple) else value


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Text() | Line():
            return {"kind": "text", "text": block.text, "tone": block.tone}
        case Facts():
            return {"kind": "facts", "pairs": block.pairs}
        case Table():
            return _table(block)
        case Listing():
            return {"kind": "listing", **block._asdict()}
        case Card():
            listings = [listing._asdict() for listing in block.listings]
            return {"kind": "card", **block._asdict(), "listings": listings}
        case Radar() | Ladder():
            return _chart(block)
        case _:
            assert_never(block)


def _chart(block: Radar | Ladder) -> dict[str, Any]:
    if isinstance(block, Radar):
        svg, width = radar(block, "chart", _FONT), _RADAR_WIDTH
    else:
        svg, width = ladder(block, "chart", _FONT), _LADDER_WIDTH
    return {"kind": "chart", "svg": harmless(svg), "description": block.description, "width": width}


def _table(table: Table) -> dict[str, Any]:
    with_bars = [
        any(row.cells[at].bar is not None for row in table.rows)
        for at, _ in enumerate(table.columns)
    ]
    columns = [
        {"heading": column.heading, "numeric": column.numeric, "bar": bar}
        for column, bar in zip(table.columns, with_bars, strict=True)
    ]
    rows = [
        {"section": row.section, "cells": [_cell(cell, section=row.section) for cell in row.cells]}
        for row in table.rows
    ]
    return {
        "kind": "table",
        "caption": table.caption,
        "columns": columns,
        "rows": rows,
        "wide": table.row_heading,
    }


def _cell(cell: Cell, *, section: bool) -> dict[str, Any]:
    strong = section or cell.tone is Tone.STRONG
    text = breakable(cell.text, _LONGEST_IN_CELL, _BREAK)
    found = {"text": text, "tone": cell.tone, "strong": strong}
    return found if cell.bar is None else {**found, "bar": float(cell.bar)}
