"""Blocks as Markdown."""

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

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
    Row,
    Section,
    Signing,
    Table,
    Text,
    Tone,
    harmless,
)
from spbe_cli.formats.endings import Answered, Look

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_LIST = re.compile(r"^(\d{0,9})([-+=.)])")


def answer_markdown(answer: Answered, _: Look) -> str:
    """Return an answer as headings, notes and tables; text of files is escaped.

    Its predicates have no signs, which only a report has in Markdown.
    """
    return _joined(_sections(map(_unsigned, answer.pages())))


def _unsigned(section: Section) -> Section:
    """Return a section whose cells are their texts alone."""
    blocks = [_plain(block) if isinstance(block, Table) else block for block in section.blocks]
    return section._replace(blocks=blocks)


def _plain(table: Table) -> Table:
    cells = (tuple(cell._replace(sign="") for cell in row.cells) for row in table.rows)
    rows = [row._replace(cells=each) for row, each in zip(table.rows, cells, strict=True)]
    return table._replace(rows=rows)


def report_markdown(made: Made) -> str:
    """Return the report as headings, paragraphs, lists and tables; text of files is escaped."""
    document = made.document
    head = document.headline
    blocks = [
        f"# {escaped(document.title)}",
        escaped_line(head.number),
        f"**{escaped(head.institution)}**" + (f", {escaped(head.when)}" if head.when else ""),
        f"**{escaped(head.index_name)} {head.value}, {escaped(head.predicate)}**",
        f"{escaped(head.scale)}; {escaped(head.distance)}",
        escaped(document.ladder.description),
        *_sections(document.sections),
        *_signing(document.signing),
    ]
    return _joined(block for block in blocks if block)


def _signing(signing: Signing | None) -> Iterator[str]:
    """Yield where and when, and who signs."""
    if signing is None:
        return
    yield escaped_line(signing.where)
    for each in signing.signatories:
        yield "\\\n".join(escaped_line(line) for line in each if line)


def _joined(blocks: Iterable[str]) -> str:
    return harmless("\n".join(f"{block}\n" for block in blocks))


def _sections(sections: Iterable[Section]) -> Iterator[str]:
    for section in sections:
        yield f"## {escaped(section.title)}"
        for block in section.blocks:
            yield from _block(block)


def _table(table: Table) -> str:
    """Return a table; a section's first row is bold, depth indents the first cell."""
    headings = [escaped(column.heading) for column in table.columns]
    rules = ["---:" if column.numeric else "---" for column in table.columns]
    lines = [headings, rules, *(_cells(row) for row in table.rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cells(row: Row) -> list[str]:
    first, *others = (_cell(cell, strong=row.section) for cell in row.cells)
    return ["&emsp;" * row.depth + first, *others]


def _cell(cell: Cell, *, strong: bool) -> str:
    text = escaped(f"{cell.text} {cell.sign}" if cell.sign else cell.text)
    return f"**{text}**" if strong and text else text


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def escaped_line(text: str) -> str:
    """Return text that Markdown shows as it is where a line begins: no list, rule or heading."""
    return _LIST.sub(r"\1\\\2", escaped(text))


def _block(block: Block) -> Iterator[str]:
    match block:
        case Text():
            bold = "**" if block.tone in (Tone.POOR, Tone.FAIR) else ""
            yield f"{bold}{escaped_line(block.text)}{bold}"
        case Line():
            yield escaped(block.text)
        case Facts():
            yield "\n".join(f"- {escaped(name)}: {escaped(said)}" for name, said in block.pairs)
        case Table():
            if block.caption:
                yield f"*{escaped(block.caption)}*"
            yield _table(block)
        case Listing():
            yield from _listing(block)
        case Card():
            yield from _card(block)
        case Radar() | Lines():
            yield f"*{escaped(block.title)}*: {escaped(block.description)}"
        case Ladder():
            yield escaped(block.description)
        case _:
            assert_never(block)


def _card(card: Card) -> Iterator[str]:
    remark = f" ({escaped(card.remark)})" if card.remark else ""
    yield f"### {escaped(card.title)}{remark}"
    if card.text:
        yield escaped_line(card.text)
    for listing in card.listings:
        yield from _listing(listing)


def _listing(listing: Listing) -> Iterator[str]:
    if listing.label:
        yield f"{escaped(listing.label)}: {escaped(listing.text)}".rstrip()
    if listing.items:
        yield "\n".join(f"- {escaped_line(item)}" for item in listing.items)
