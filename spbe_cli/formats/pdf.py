"""A report as PDF, by typst: tagged, and the same bytes for the same input.

It is set in fonts that typst carries. Only a text with characters that they lack takes fonts of the
machine.
"""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from textwrap import shorten
from typing import Any, assert_never

import typst

from spbe_cli.formats.blocks import (
    Block,
    Card,
    Cell,
    Facts,
    Ladder,
    Line,
    Lines,
    Listing,
    Made,
    Radar,
    Table,
    Text,
    Tone,
    breakable,
    harmless,
    spoken,
    title_size,
)
from spbe_cli.formats.svg import bars_or_lines, ladder, radar

_TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
_LONGEST, _LONGEST_IN_CELL = 64, 24  # words that are not broken: a checksum is to be copied
_MOST_CODES = 20  # characters that no font shows: beyond, they are boxes, and no standard holds
_UNSHOWN = re.compile(
    r'the text (?:`"(?P<unshown>.+?)"` could not be displayed'
    r'|contains the disallowed codepoint `"(?P<forbidden>.+?)"`)',
    re.DOTALL,
)
_MARKS = {0xFEFF: None, 0xFFFE: None}  # no text, and the standard forbids them
_UNICODE = re.compile(r"\\u\{([0-9a-f]+)\}")
_BREAK = "\u200b"
_FONT = "Libertinus Serif"  # comes with typst
_RADAR_WIDTH, _LINES_WIDTH, _LADDER_WIDTH = 340, 260, 430  # in points
_TITLES, _RUNNING = (22, 16, 12), 90  # points of a name; characters of it on later pages
_SHORT = 18  # rows of a table that is not divided
_TALL = 1200  # characters of a row that may be


def report_pdf(made: Made) -> bytes:
    """Return the report as PDF/UA-1 on A4.

    A character that no font on the machine shows stands as its code.
    """
    document = made.document
    names = document.names
    head = document.headline
    data = {
        "title": document.title,
        "kind": document.kind,
        "language": document.language,
        "foreign": bool(names),
        "headline": {
            **head._asdict(),
            "institution": breakable(head.institution, _LONGEST_IN_CELL, _BREAK),
            "size": _TITLES[title_size(head.institution)],
            "short": shorten(head.institution, _RUNNING, placeholder="…"),
            "distance": _said(head.distance, names),
        },
        "ladder": _chart(document.ladder),
        "sections": [
            {
                "title": section.title,
                "new": section.begins_page,
                "blocks": list(_blocks(section.blocks, names)),
            }
            for section in document.sections
        ],
        "signing": document.signing._asdict() if document.signing else None,
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
            characters = set(
                _UNICODE.sub(lambda code: chr(int(code[1], 16)), unshown[unshown.lastgroup or 0])
            )
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
        return breakable(harmless(value).translate(_MARKS), _LONGEST, _BREAK)
    if isinstance(value, dict):
        return {key: each if key == "svg" else _harmless(each) for key, each in value.items()}
    return [_harmless(each) for each in value] if isinstance(value, list | tuple) else value


def _said(text: str, names: tuple[str, ...]) -> list[tuple[str, bool]]:
    """Return a text in parts, each with whether it is in Indonesian in another language."""
    return list(spoken(text, names))


def _blocks(blocks: Sequence[Block], names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield blocks; text above a table or a card stays with it, and a table with what is below."""
    for place, block in enumerate(blocks):
        ahead = next((each for each in blocks[place:] if not isinstance(each, Text)), None)
        stays = isinstance(block, Text) and isinstance(ahead, Table | Card)
        stays = stays or (isinstance(block, Table) and isinstance(_after(blocks, place), Text))
        yield {**_block(block, names), "stays": stays}


def _after(blocks: Sequence[Block], place: int) -> Block | None:
    return blocks[place + 1] if place + 1 < len(blocks) else None


def _block(block: Block, names: tuple[str, ...]) -> dict[str, Any]:
    match block:
        case Text() | Line():
            return {"kind": "text", "text": _said(block.text, names), "tone": block.tone}
        case Facts():
            pairs = [(name, _said(said, names)) for name, said in block.pairs]
            return {"kind": "facts", "pairs": pairs}
        case Table():
            return _table(block, names)
        case Listing():
            return {"kind": "listing", **_listing(block, names)}
        case Card():
            listings = [_listing(listing, names) for listing in block.listings]
            title, text = _said(block.title, names), _said(block.text, names)
            return {
                "kind": "card",
                **block._asdict(),
                "title": title,
                "text": text,
                "listings": listings,
            }
        case Radar() | Ladder() | Lines():
            return _chart(block)
        case _:
            assert_never(block)


def _listing(listing: Listing, names: tuple[str, ...]) -> dict[str, Any]:
    def said(text: str) -> list[tuple[str, bool]]:
        return [(text, bool(names))] if listing.foreign else _said(text, names)

    items = [said(item) for item in listing.items]
    return {"label": listing.label, "items": items, "text": said(listing.text)}


def _chart(block: Radar | Ladder | Lines) -> dict[str, Any]:
    if isinstance(block, Radar):
        svg, width = radar(block, "chart", _FONT), _RADAR_WIDTH
    elif isinstance(block, Lines):
        svg, width = bars_or_lines(block, "chart", _FONT), _LINES_WIDTH
    else:
        svg, width = ladder(block, "chart", _FONT), _LADDER_WIDTH
    return {"kind": "chart", "svg": harmless(svg), "description": block.description, "width": width}


def _table(table: Table, names: tuple[str, ...]) -> dict[str, Any]:
    with_bars = [
        any(row.cells[at].bar is not None for row in table.rows)
        for at, _ in enumerate(table.columns)
    ]
    columns = [
        {
            "heading": _said(column.heading, names),
            "numeric": column.numeric,
            "bar": bar,
            "share": _share(table, at),
        }
        for at, (column, bar) in enumerate(zip(table.columns, with_bars, strict=True))
    ]
    rows = [
        {
            "section": row.section,
            "depth": row.depth,
            "leads": row.section and place < len(table.rows) and table.rows[place].depth > 0,
            "whole": sum(len(cell.text) for cell in row.cells) < _TALL,
            "cells": [_cell(cell, names, section=row.section) for cell in row.cells],
        }
        for place, row in enumerate(table.rows, 1)
    ]
    return {
        "kind": "table",
        "caption": _said(table.caption, names),
        "columns": columns,
        "rows": rows,
        "short": len(rows) <= _SHORT and all(row["whole"] for row in rows),
    }


def _share(table: Table, at: int) -> int:
    """Return which part of the width a column of long texts takes; 0 for what its texts take."""
    longest = max((len(row.cells[at].text) for row in table.rows), default=0)
    if at == table.row_heading:
        return min(max(longest, _LONGEST_IN_CELL), _LONGEST)
    return min(longest, _LONGEST) if longest > _LONGEST_IN_CELL else 0


def _cell(cell: Cell, names: tuple[str, ...], *, section: bool) -> dict[str, Any]:
    strong = section or cell.tone is Tone.STRONG
    text = _said(breakable(cell.text, _LONGEST_IN_CELL, _BREAK), names)
    found = {"text": text, "tone": cell.tone, "strong": strong, "sign": cell.sign}
    return found if cell.bar is None else {**found, "bar": float(cell.bar)}
