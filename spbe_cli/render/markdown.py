"""Pages as GitHub Markdown."""

import re

from spbe_cli.render.view import Cell, Page, Row

__all__ = ["render_markdown"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def render_markdown(pages: list[Page]) -> str:
    """Return pages as headings and tables. Text from files is escaped, on one line."""
    return "\n".join(_page(page) for page in pages)


def _page(page: Page) -> str:
    blocks = [f"## {_escaped(page.heading)}"]
    blocks += [_escaped(line.text) for line in page.above]
    if page.columns:
        blocks.append(_table(page))
    blocks += [_escaped(line.text) for line in page.below]
    return "\n\n".join(blocks) + "\n"


def _table(page: Page) -> str:
    headings = [_escaped(column.heading) for column in page.columns]
    rules = ["---:" if column.numeric else "---" for column in page.columns]
    lines = [headings, rules, *(_cells(row) for row in page.rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cells(row: Row) -> list[str]:
    first, *others = (_cell(cell, strong=row.section) for cell in row.cells)
    return ["&emsp;" * row.depth + first, *others]


def _cell(cell: Cell, *, strong: bool) -> str:
    text = _escaped(cell.text)
    return f"**{text}**" if strong and text else text


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
