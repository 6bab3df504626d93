"""Blocks as Markdown."""

import re
from collections.abc import Iterator, Sequence
from typing import assert_never

from spbe_cli.formats.blocks import (
    Block,
    Card,
    Cell,
    Column,
    Facts,
    Ladder,
    Listing,
    Made,
    Page,
    Radar,
    Row,
    Table,
    Text,
    Tone,
    harmless,
)

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_LIST = re.compile(r"^(\d{0,9})([-+=.)])")


def render_markdown(pages: list[Page]) -> str:
    """Return pages as headings and tables. Text from files is escaped, on one line."""
    return "\n".join(_page(page) for page in pages)


def _page(page: Page) -> str:
    blocks = [f"## {escaped(page.heading)}"]
    blocks += [escaped(line.text) for line in page.above]
    if page.columns:
        blocks.append(table_text(page.columns, page.rows))
    blocks += [escaped(line.text) for line in page.below]
    return "\n\n".join(blocks) + "\n"


def table_text(columns: Sequence[Column], rows: Sequence[Row]) -> str:
    """Return a table; a section's first row is bold, depth indents the first cell."""
    headings = [escaped(column.heading) for column in columns]
    rules = ["---:" if column.numeric else "---" for column in columns]
    lines = [headings, rules, *(_cells(row) for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cells(row: Row) -> list[str]:
    first, *others = (_cell(cell, strong=row.section) for cell in row.cells)
    return ["&emsp;" * row.depth + first, *others]


def _cell(cell: Cell, *, strong: bool) -> str:
    text = escaped(cell.text)
    return f"**{text}**" if strong and text else text


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def escaped_line(text: str) -> str:
    """Return text that Markdown shows as it is where a line begins: no list, rule or heading."""
    return _LIST.sub(r"\1\\\2", escaped(text))


def report_markdown(made: Made) -> str:
    """Return the report as headings, paragraphs, lists and tables; text of files is escaped."""
    document = made.document
    head = document.headline
    blocks = [
        f"# {escaped(document.title)}",
        f"**{escaped(head.institution)}**" + (f", {escaped(head.when)}" if head.when else ""),
        f"**{escaped(head.index_name)} {head.value}, {escaped(head.predicate)}**",
        f"{escaped(head.scale)}; {escaped(head.distance)}",
        escaped(document.ladder.description),
    ]
    for section in document.sections:
        blocks.append(f"## {escaped(section.title)}")
        for block in section.blocks:
            blocks += _block(block)
    blocks.append(f"*{escaped(document.ending)}*")
    return harmless("\n\n".join(blocks) + "\n")


def _block(block: Block) -> Iterator[str]:
    match block:
        case Text():
            bold = "**" if block.tone in (Tone.POOR, Tone.FAIR) else ""
            yield f"{bold}{escaped_line(block.text)}{bold}"
        case Facts():
            yield "\n".join(f"- {escaped(name)}: {escaped(said)}" for name, said in block.pairs)
        case Table():
            yield f"*{escaped(block.caption)}*"
            yield table_text(block.columns, block.rows)
        case Listing():
            yield from _listing(block)
        case Card():
            remark = f" ({escaped(block.remark)})" if block.remark else ""
            yield f"### {escaped(block.title)}{remark}"
            if block.text:
                yield escaped_line(block.text)
            for listing in block.listings:
                yield from _listing(listing)
        case Radar():
            yield f"*{escaped(block.title)}*: {escaped(block.description)}"
        case Ladder():
            yield escaped(block.description)
        case _:
            assert_never(block)


def _listing(listing: Listing) -> Iterator[str]:
    if listing.label:
        yield f"{escaped(listing.label)}:"
    if listing.items:
        yield "\n".join(f"- {escaped_line(item)}" for item in listing.items)
