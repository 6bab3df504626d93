"""Pages as small tables for notebooks: at most a screen, and what is left out is said."""

from collections.abc import Iterable, Iterator
from html import escape

from spbe_cli.formats.blocks import (
    Block,
    Card,
    Cell,
    Facts,
    Ladder,
    Line,
    Lines,
    Listing,
    Radar,
    Row,
    Section,
    Table,
    Text,
    Tone,
    visible,
)
from spbe_cli.words import Words

_SCREEN = 36
"""So many lines and rows are a screen."""

_STYLES = {Tone.STRONG: "font-weight:bold", Tone.FAINT: "opacity:.7"}
"""What a tone looks like; colours are left to the notebook, whose ground may be dark."""


class _Room:
    """The lines that are left on the screen."""

    def __init__(self, lines: int) -> None:
        self.left = lines

    def take(self, wanted: int) -> int:
        """Return how many of the lines wanted there is room for, and take them."""
        taken = max(0, min(wanted, self.left))
        self.left -= taken
        return taken


def notebook_html(pages: Iterable[Section], words: Words) -> str:
    """Return pages as HTML of at most a screen; texts from files are escaped."""
    room, parts, left_out = _Room(_SCREEN), list[str](), 0
    for page in pages:
        if not room.take(1):
            left_out += 1
            continue
        parts.append(f"<p><strong>{_escaped(page.title)}</strong></p>")
        for block in page.blocks:
            parts += _table(block, room, words) if isinstance(block, Table) else _lines(block, room)
    if left_out:
        said = words(
            "and {count} more {count:table|tables}: to_dict() has all", count=str(left_out)
        )
        parts.append(_paragraph(Line(said, Tone.FAINT)))
    return f"<div>{''.join(parts)}</div>"


def _table(block: Table, room: _Room, words: Words) -> Iterator[str]:
    """Yield a caption, as many rows as there is room for, and how many more there are."""
    shown = block.rows[: room.take(len(block.rows))]
    more = len(block.rows) - len(shown)
    if block.caption:
        yield _paragraph(Line(block.caption, Tone.STRONG))
    if shown:
        aligned = ["right" if column.numeric else "left" for column in block.columns]
        heads = (
            f'<th style="text-align:{side}">{_escaped(column.heading)}</th>'
            for side, column in zip(aligned, block.columns, strict=True)
        )
        body = "".join(_row(row, aligned) for row in shown)
        yield f"<table><thead><tr>{''.join(heads)}</tr></thead><tbody>{body}</tbody></table>"
    if more:
        said = words("and {count} more {count:row|rows}: to_frame() has all", count=str(more))
        yield _paragraph(Line(said, Tone.FAINT))


def _row(row: Row, aligned: list[str]) -> str:
    first, *others = row.cells
    indented = Cell("\u2003" * row.depth + first.text, first.tone)
    cells = (
        f'<td style="text-align:{side};{_STYLES.get(cell.tone, "")}">{_escaped(cell.text)}</td>'
        for side, cell in zip(aligned, (indented, *others), strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>"


def _lines(block: Block, room: _Room) -> Iterator[str]:
    """Yield what stands in lines, as long as there is room: of a chart what it shows."""
    for line in _said(block):
        if room.take(1):
            yield _paragraph(line)


def _said(block: Block) -> Iterator[Line]:
    match block:
        case Line():
            yield block
        case Text():
            yield Line(block.text, block.tone)
        case Facts():
            yield from (Line(f"{name}: {said}") for name, said in block.pairs)
        case Listing():
            yield from (Line(text) for text in (block.label, *block.items) if text)
        case Card():
            yield Line(" ".join(filter(None, (block.title, block.remark))), Tone.STRONG)
            yield from [Line(block.text)] if block.text else []
            for listing in block.listings:
                yield from _said(listing)
        case Radar() | Ladder() | Lines():
            yield Line(block.description)
        case Table():
            raise TypeError("a table stands by itself")


def _paragraph(line: Line) -> str:
    style = f"margin:0 0 0 {2 * line.depth}em;{_STYLES.get(line.tone, '')}"
    return f'<p style="{style}">{_escaped(line.text)}</p>'


def _escaped(text: str) -> str:
    return escape(visible(text)) if text.strip("\u2003") == text else escape(text)
