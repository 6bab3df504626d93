"""Pages as GitHub Markdown."""

import re
from collections.abc import Sequence

from spbe_cli.render.view import Cell, Column, Page, Row

__all__ = ["escaped", "escaped_line", "render_markdown", "table_text"]

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
