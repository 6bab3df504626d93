"""The house keeps its measure: rooms, lengths, no circle, and a core that knows no command line."""

import ast
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import spbe_cli

HOUSE = Path(spbe_cli.__file__).parent
ROOMS = sorted(HOUSE.rglob("*.py"))
MOST_LINES = 500
MOST_ROOMS = {"cli": 28, "answers": 32, "core": 29, "read": 43, "formats": 24}
MOST_ROOMS_ELSEWHERE = 16


def test_no_room_is_too_long() -> None:
    longer = {room.name: len(room.read_text().splitlines()) for room in ROOMS}
    assert {name: lines for name, lines in longer.items() if lines > MOST_LINES} == {}


def test_no_folder_has_too_many_rooms() -> None:
    counts = Counter(room.parent.name for room in ROOMS if room.name != "__init__.py")
    most = {name: MOST_ROOMS.get(name, MOST_ROOMS_ELSEWHERE) for name in counts}
    assert {name: count for name, count in counts.items() if count > most[name]} == {}


def test_no_import_circle_even_for_types() -> None:
    arrows = {_name(room): set(_imports(room)) for room in ROOMS}
    tuple(TopologicalSorter(arrows).static_order())  # raises CycleError, which names the circle


def test_the_core_knows_no_option() -> None:
    texts = [
        f"{room.name}: {node.value}"
        for room in (HOUSE / "core").glob("*.py")
        for node in ast.walk(ast.parse(room.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node.value.startswith("--")
    ]
    assert texts == []


def test_names_are_exported_only_where_something_is_promised() -> None:
    promising = {room.relative_to(HOUSE) for room in ROOMS if "\n__all__ = " in room.read_text()}
    assert promising == {Path("__init__.py"), Path("batch/__init__.py")}


def _name(room: Path) -> str:
    return ".".join(["spbe_cli", *room.relative_to(HOUSE).with_suffix("").parts])


def _imports(room: Path) -> Iterator[str]:
    """Yield the rooms that one imports, wherever the import stands."""
    known = {_name(each) for each in ROOMS}
    for node in ast.walk(ast.parse(room.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from (inner | {node.module}) & known


def test_every_text_in_the_code_can_be_written() -> None:
    """Python 3.13 compiles no docstring that holds half of a pair; 3.11 does not mind."""
    for room in ROOMS:
        for node in ast.walk(ast.parse(room.read_text())):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                (ast.get_docstring(node) or "").encode()
