"""A report as GitHub Markdown."""

from collections.abc import Iterator
from typing import assert_never

from spbe_cli.render.markdown import escaped, escaped_line, table_text
from spbe_cli.render.report.blocks import (
    Block,
    Card,
    Document,
    Facts,
    Ladder,
    Listing,
    Radar,
    Table,
    Text,
)
from spbe_cli.render.view import Tone, harmless

__all__ = ["report_markdown"]


def report_markdown(document: Document) -> str:
    """Return the report as headings, paragraphs, lists and tables; text of files is escaped."""
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
