# ruff: noqa: INP001  (a script, not a package)
"""The picture of the house, from its own imports: the rooms, and the arrows between them."""

import ast
from collections.abc import Iterator
from pathlib import Path

__all__ = ["with_house"]

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "spbe_cli"
PAGE = ROOT / "docs" / "architecture.md"
BEGINS, ENDS = "```mermaid\n", "```\n"
ROOMS = {
    "cli": "commands: parse, call, answer",
    "batch": "the formula over tables",
    "answers": "what a command answers",
    "read": "bytes to values and problems",
    "formats": "blocks to bytes",
    "words": "sentences as data",
    "core": "the method",
}
"""The rooms, outermost first, and what each is for."""


def with_house() -> str:
    """Return docs/architecture.md with its picture drawn anew."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    return f"{before}{BEGINS}{_picture()}{ENDS}{after}"


def _picture() -> str:
    """Return the rooms and their arrows as Mermaid draws them."""
    lines = ["flowchart TD"]
    for room, purpose in ROOMS.items():
        lines.append(f'    {room}["<b>{room}</b><br/>{purpose}"]')
    lines += [f"    {room} --> {other}" for room, other in sorted(_arrows())]
    return "\n".join(lines) + "\n"


def _arrows() -> set[tuple[str, str]]:
    """Return which rooms import which others, wherever the import stands."""
    return {
        (room, other)
        for room in ROOMS
        for file in (PACKAGE / room).glob("*.py")
        for other in _rooms_in(ast.parse(file.read_text("utf-8")))
        if other != room
    }


def _rooms_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            package, _, room = node.module.partition(".")
            if package == PACKAGE.name and room:
                yield room.partition(".")[0]
