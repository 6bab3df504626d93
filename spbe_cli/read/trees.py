"""Trees of keys to score sheets: YAML and JSON in either language, our answers, rows in JSON."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from spbe_cli.core.instrument import folded
from spbe_cli.core.problem import Place, Problem
from spbe_cli.read.grid import Cell, Grid, Location, Parsed, Sheet
from spbe_cli.read.text import Text
from spbe_cli.read.yaml import Node, parse_yaml

TREES = (".json", ".yaml", ".yml")
LINES = (".jsonl", ".ndjson")
"""The endings of files with a JSON value a line."""

_FORMAT = "spbe-score/1"
_OF_INSTITUTIONS = ("spbe-batch/1", "spbe-rank/1", "spbe-audit/1")
_ENVELOPES = ("results", "result", "data", "records", "rows", "items")  # around an API's rows
TOP_KEYS = {
    "instansi": "institution",
    "nama instansi": "institution",
    "kategori": "category",
    "provinsi": "province",
    "tahun": "year",
    "tahap": "stage",
    "tahapan": "stages",
    "instrumen": "instrument",
    "nilai": "levels",
    "catatan": "note",
    "indeks": "indices",
}
DETAIL_KEYS = {
    "nilai": "level",
    "tingkat": "level",
    "catatan": "note",
    "data dukung": "evidence",
    "bukti": "evidence",
    "penanggung jawab": "responsible",
    "diterima": "accepted",
    "bukti diterima": "accepted",
}
_TAKEN = ("institution", "category", "province", "year", "stage", "instrument")


def sheets_in(text: Text, *, lines: bool) -> Parsed:
    """Return the score sheets in a text of keys; those of one table of rows are another's."""
    documents, problems = documents_in(text, lines=lines)
    sheets: list[Sheet] = []
    for document in documents:
        for node in _answers(document) or [document]:
            if isinstance(node.value, dict):
                sheet, twice = _sheet(node, text)
                sheets.append(sheet)
                problems += twice
            else:
                problems.append(Problem("not-a-score-sheet", node.place(text)))
    return Parsed(tuple(sheets), tuple(problems))


def documents_in(text: Text, *, lines: bool) -> tuple[list[Node], list[Problem]]:
    """Return the documents of a text: in YAML between `---`, or one a line."""
    if not lines:
        return parse_yaml(text)
    documents: list[Node] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.content.splitlines()):
        if line.strip():
            found, wrong = parse_yaml(Text(text.path, line, text.encoding))
            documents += [_moved(node, number) for node in found]
            problems += [_moved_problem(problem, number, text) for problem in wrong]
    return documents, problems


def _moved(node: Node, lines: int) -> Node:
    node.line += lines
    if isinstance(node.value, dict):
        for key, value in node.value.values():
            key.line += lines
            _moved(value, lines)
    elif isinstance(node.value, list):
        for item in node.value:
            _moved(item, lines)
    return node


def _moved_problem(problem: Problem, lines: int, text: Text) -> Problem:
    place = problem.place
    return problem.at(text.place((place.line or 1) + lines, place.column or 1, place.width))


def _answers(document: Node) -> list[Node]:
    """Return the results of an answer that `spbe score` wrote; none for another document."""
    members = document.value
    if not isinstance(members, dict):
        return []
    if "format" in members and members["format"][1].value == _FORMAT and "results" in members:
        results = members["results"][1].value
        return results if isinstance(results, list) else []
    return []


def _is_answer(members: Mapping[str, tuple[Node, Node]]) -> bool:
    return "index" in members and isinstance(
        members.get("indicators", (None, _NONE))[1].value, list
    )


_NONE = Node(None, 0, 0)


def _sheet(node: Node, text: Text) -> tuple[Sheet, list[Problem]]:
    if isinstance(node.value, dict) and _is_answer(node.value):
        return _answer_sheet(node, text), []
    tree, problems = _in_english(node, TOP_KEYS, text)
    for key in ("levels", "stages"):
        if isinstance(tree.value, dict) and key in tree.value:
            at_key, levels = tree.value[key]
            depth = 1 if key == "levels" else 2
            tree.value[key] = (at_key, _details(levels, depth, text, problems))
    return (
        Sheet(tree.plain(), lambda at, key=False: tree.find(at, key=key).place(text)),
        problems,
    )


def _details(node: Node, depth: int, text: Text, problems: list[Problem]) -> Node:
    """Return levels with the keys of their details in English."""
    if not isinstance(node.value, dict):
        return node
    if depth == 0:
        tree, found = _in_english(node, DETAIL_KEYS, text)
        problems += found
        return tree
    members = {
        name: (key, _details(value, depth - 1, text, problems))
        for name, (key, value) in node.value.items()
    }
    return Node(members, node.line, node.column, node.width)


def _in_english(node: Node, names: Mapping[str, str], text: Text) -> tuple[Node, list[Problem]]:
    """Return a mapping with its keys in English, and a problem for a key that is there in both."""
    members: dict[str, tuple[Node, Node]] = {}
    problems = []
    assert isinstance(node.value, dict)  # noqa: S101  (the callers look)
    for name, (key, value) in node.value.items():
        english = names.get(folded(name), name)
        if english in members:
            first = members[english][0].line + 1
            values = {"key": name, "first": str(first)}
            problems.append(Problem("duplicate-key", key.place(text), values))
        else:
            members[english] = (key, value)
    return Node(members, node.line, node.column, node.width), problems


def _answer_sheet(node: Node, text: Text) -> Sheet:
    """Return the sheet of a result that `spbe score` wrote as JSON."""
    plain = node.plain()
    data: dict[str, Any] = {key: plain[key] for key in _TAKEN if plain.get(key) is not None}
    levels: dict[str, Any] = {}
    at: dict[str, int] = {}
    for number, indicator in enumerate(plain["indicators"]):
        if isinstance(indicator, dict) and isinstance(indicator.get("code"), str):
            levels[indicator["code"]] = indicator.get("level")
            at[indicator["code"]] = number
    data["levels"] = levels

    def place_of(location: Location, key: bool = False, /) -> Place:  # noqa: FBT001, FBT002
        if location[:1] == ("levels",):
            where: Location = ("indicators",)
            if len(location) > 1 and location[1] in at:
                where = ("indicators", at[str(location[1])], "code" if key else "level")
            return node.find(where).place(text)
        return node.find(location, key=key).place(text)

    return Sheet(data, place_of)


def rows_in(text: Text, *, lines: bool) -> Grid | None:
    """Return an array of rows, or a row a line, as a table; None for other trees."""
    if not _may_hold_rows(text.content, lines=lines):
        return None
    documents, problems = documents_in(text, lines=lines)
    if problems or not documents:
        return None
    rows = documents if lines else _results(documents[0]) if len(documents) == 1 else None
    if not rows or not all(isinstance(row.value, dict) for row in rows):
        return None
    if any(_is_answer(row.value) for row in rows if isinstance(row.value, dict)):
        return None
    return _grid(rows, text)


def _may_hold_rows(content: str, *, lines: bool) -> bool:
    head = content.lstrip()[:1]
    if head == "[":
        return not lines
    return head == "{" and (lines or any(f'"{key}"' in content for key in _ENVELOPES))


def _results(document: Node) -> list[Node] | None:
    """Return the rows of an array, of an answer of ours about institutions, or of an API's."""
    if isinstance(document.value, list):
        return document.value
    members = document.value
    if not isinstance(members, dict) or ("format" in members and not _is_ours(members)):
        return None
    inner = (members[key][1] for key in _ENVELOPES if key in members)
    return next((rows for each in inner if (rows := _results(each)) is not None), None)


def _is_ours(members: Mapping[str, tuple[Node, Node]]) -> bool:
    return "format" in members and members["format"][1].value in _OF_INSTITUTIONS


def _grid(rows: Sequence[Node], text: Text) -> Grid:
    """Return rows of keys as a table whose heading row holds the keys, in their first order."""
    flat = [dict(_flat(row)) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    nodes: dict[Cell, Node] = {}
    table = [names]
    for number, row in enumerate(flat, 1):
        cells = []
        for column, name in enumerate(names):
            key, value = row.get(name, (None, None))
            cells.append(_plain_text(value))
            if value is not None:
                nodes[number, column] = value
            if key is not None:
                nodes.setdefault((0, column), key)
        table.append(cells)

    def place_of(row: int, column: int, /) -> Place:
        node = nodes.get((row, column)) or (rows[row - 1] if 0 < row <= len(rows) else rows[0])
        return node.place(text)

    return Grid(table, place_of)


def _flat(row: Node) -> Iterator[tuple[str, tuple[Node, Node]]]:
    """Yield a row's values by key; what is nested stands among them."""
    assert isinstance(row.value, dict)  # noqa: S101  (looked at before)
    index = row.value.get("index", (None, _NONE))[1].value
    if _is_ours(row.value) or (isinstance(index, dict) and "exact" in index):
        yield from _flat_answer(row.value)
        return
    for name, (key, value) in row.value.items():
        if isinstance(value.value, dict):
            yield from _flat(value)
        else:
            yield name, (key, value)


def _flat_answer(
    members: Mapping[str, tuple[Node, Node]],
) -> Iterator[tuple[str, tuple[Node, Node]]]:
    """Yield what an answer of ours says of an institution, its values exactly, as its CSV does."""
    for name, (key, value) in members.items():
        inner = value.value
        if isinstance(inner, dict):
            found = inner.get("exact") or inner.get("name")
            if found is not None:
                yield name, (key, found[1])
        elif name == "groups" and isinstance(inner, list):
            for group in inner:
                if isinstance(group.value, dict) and {"code", "index"} <= group.value.keys():
                    code, (_, index) = group.value["code"], group.value["index"]
                    if isinstance(index.value, dict) and "exact" in index.value:
                        yield str(code[1].value), (code[1], index.value["exact"][1])
        else:
            yield name, (key, value)


def _plain_text(node: Node | None) -> str:
    if node is None or node.value is None:
        return ""
    if isinstance(node.value, str):
        return node.value
    plain = node.plain()
    return "\n".join(map(str, plain)) if isinstance(plain, list) else str(plain)
