r"""YAML and JSON as trees whose nodes know where they stand.

`json.dumps` writes a smiling face as `\ud83d\ude00`, and YAML refuses either half. While it
parses, both halves stand in the private use area, so that every column stays as in the file.

The parser's events are walked directly, so that every key and value keeps its line and column, and
nothing is interpreted: YAML 1.1 would turn 1.10 into 1.1, `no` into False and 010 into 8. Aliases,
anchors and tags are refused (an alias bomb of 1 kB expands to 387 million leaves), and so are
duplicate keys and nesting deeper than any score sheet needs.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import yaml
from pydantic import ValidationError

from spbe_cli.core.problem import Place, Problem
from spbe_cli.read.grid import Location
from spbe_cli.read.schema import Document
from spbe_cli.read.text import STDIN, Text, decode, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Joined = Callable[[str], str]

_ESCAPE = re.compile(
    r"\\(?:u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|.)", re.IGNORECASE | re.DOTALL
)
_STAND_INS = re.compile("[\ue000-\ue3ff][\ue400-\ue7ff]")
_MOVED = 0xE000 - 0xD800


def with_stand_ins(text: Text) -> str | None:
    """Return a JSON text with its pairs of escapes replaced; None for other YAML."""
    content = text.content
    is_json = text.path.lower().endswith(".json") or content.lstrip().startswith("{")
    return _ESCAPE.sub(_stand_in, content) if is_json else None


def _stand_in(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return escape[0]
    return "".join(f"\\u{int(half, 16) + _MOVED:04x}" for half in escape.groups())


def joined(text: str) -> str:
    """Return a parsed text with each pair of stand-ins as the character that was meant."""
    return _STAND_INS.sub(_character, text)


def _character(pair: re.Match[str]) -> str:
    high, low = (ord(half) - _MOVED for half in pair[0])
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


DEEPEST = 20
"""The deepest nesting that is read; an instrument with domains and aspects needs eight."""

MOST_VALUES = 500_000
"""How many values and keys are read: the sheets of 621 institutions with notes hold 300,000."""

OTHER_REASON = "the form is wrong"
_REASONS = {
    "tab character": "a tab stands where only blanks may stand",
    "expected ':'": "a colon is missing",
    "mapping values": "a colon is one too many or the line is indented wrongly",
    "end of stream": "a quotation mark or bracket is not closed",
    "unexpected document": "a quotation mark or bracket is not closed",
    "expected ','": "a comma or a bracket is missing",
    "escape": "a backslash stands in double quotation marks",
    "node content": "a value is missing",
    "<document start>": "something stands after the end of the document",
    "cannot start any token": "a line begins with a sign that means something else",
    "not allowed in this context": "the line is indented wrongly",
    "expected key": "the line is indented wrongly",
    "expected '-'": "the line is indented wrongly",
    "<block end>": "the line is indented wrongly",
    "control characters": "an invisible character stands here",
    "special characters": "an invisible character stands here",
}
"""What a reason of the parser of YAML holds, and what we say in its place."""
YAML_REASONS = (*dict.fromkeys(_REASONS.values()), OTHER_REASON)

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OTHER_LINE_ENDS = str.maketrans("\x85\u2028\u2029", "   ")  # YAML counts them, editors do not


@dataclass(slots=True)
class Node:
    """A value with its position (from 0): text, None for an empty one, a list or a mapping.

    A mapping holds for every key the key's own node and its value's.
    """

    value: "str | list[Node] | dict[str, tuple[Node, Node]] | None"
    line: int
    column: int
    width: int = 1

    def plain(self) -> Any:  # noqa: ANN401  (the shape is the schema's business)
        """Return the same as plain Python values: text, None, lists and dicts."""
        if isinstance(self.value, dict):
            return {key: value.plain() for key, (_, value) in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value

    def find(self, location: Location, *, key: bool = False) -> "Node":
        """Return the node at `location` (its key's, with `key`), or the nearest one above."""
        node: Node = self
        for number, step in enumerate(location, 1):
            match node.value:
                case dict() as members if str(step) in members:
                    at_key, at_value = members[str(step)]
                    node = at_key if key and number == len(location) else at_value
                case list() as items if isinstance(step, int) and step < len(items):
                    node = items[step]
                case _:
                    break
        return node

    def place(self, text: Text) -> Place:
        """Return the node's place in its text."""
        return text.place(self.line + 1, self.column + 1, self.width)


def parse_yaml(text: Text) -> tuple[list[Node], list[Problem]]:
    """Return the documents of a YAML text as trees, and every problem of form.

    After a syntax error or too deep nesting nothing further can be read: the documents before it
    are returned. Empty documents are left out, and so are those with an alias for a list or a
    mapping: what they say is not known.
    """
    problems: list[Problem] = []
    documents: list[Node] = []
    left = MOST_VALUES
    try:
        content, joined = _as_yaml(text)
        events = yaml.parse(content.translate(_OTHER_LINE_ENDS), Loader=_Loader)
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                builder = _Builder(text, problems, joined, left)
                document = builder.build(events)
                left = builder.left
                if document.value is not None and builder.complete:
                    documents.append(document)
    except _TooLargeError as error:
        problems.append(Problem("yaml-too-large", error.place, {"limit": str(MOST_VALUES)}))
    except _TooDeepError as error:
        problems.append(Problem("yaml-too-deep", error.place, {"limit": str(DEEPEST)}))
    except yaml.MarkedYAMLError as error:
        problems.append(_syntax_problem(text, error))
    except yaml.reader.ReaderError:  # it names no line
        problems += [
            text.control_character(found)
            for found in yaml.reader.Reader.NON_PRINTABLE.finditer(text.content)
        ]
    return documents, problems


def _as_yaml(text: Text) -> "tuple[str, Joined | None]":
    """Return a text that YAML reads, and for JSON what makes its values whole again."""
    if "\\ud" not in text.content and "\\uD" not in text.content:
        return text.content, None

    content = with_stand_ins(text)
    return (text.content, None) if content is None else (content, joined)


class _TooLargeError(Exception):
    def __init__(self, place: Place) -> None:
        self.place = place
        super().__init__(place)


class _TooDeepError(Exception):
    def __init__(self, place: Place) -> None:
        self.place = place
        super().__init__(place)


class _Builder:
    """Builds one document from the parser's events, without recursion in the parser's depth."""

    def __init__(
        self, text: Text, problems: list[Problem], joined: "Joined | None", left: int
    ) -> None:
        self.text = text
        self.left = left
        """How many values may still come."""
        self._joined = joined
        self.problems = problems
        self.complete = True
        self._anchored: dict[str, str | None] = {}

    def build(self, events: "Iterator[Any]") -> Node:
        return self._value(events, next(events), 0)

    def _value(self, events: "Iterator[Any]", event: Any, depth: int) -> Node:  # noqa: ANN401
        start, end = event.start_mark, event.end_mark
        width = end.column - start.column if end.line == start.line else 1
        node = Node(None, start.line, start.column, width)
        self.left -= 1
        if self.left < 0:
            raise _TooLargeError(node.place(self.text))
        if isinstance(event, yaml.ScalarEvent):
            value = _text_of(event)
            node.value = self._joined(value) if value and self._joined else value
            self._anchored[str(event.anchor)] = node.value
        elif isinstance(event, yaml.AliasEvent):
            name = str(event.anchor)
            self._refuse("yaml-alias", node, name=name)
            node.value = self._anchored.get(name)  # so that it is not also called missing
            self.complete &= name in self._anchored
            return node
        elif depth == DEEPEST:
            raise _TooDeepError(node.place(self.text))
        elif isinstance(event, yaml.MappingStartEvent):
            node.value = self._mapping(events, depth + 1)
        else:
            node.value = self._list(events, depth + 1)
        if event.anchor is not None:
            self._refuse("yaml-anchor", node, name=str(event.anchor))
        if event.tag is not None:
            self._refuse("yaml-tag", node, name=event.tag.removeprefix("tag:yaml.org,2002:"))
        return node

    def _list(self, events: "Iterator[Any]", depth: int) -> list[Node]:
        items = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._value(events, event, depth))
        return items

    def _mapping(self, events: "Iterator[Any]", depth: int) -> dict[str, tuple[Node, Node]]:
        members: dict[str, tuple[Node, Node]] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._value(events, event, depth)
            value = self._value(events, next(events), depth)
            if not isinstance(key.value, str):
                if not isinstance(event, yaml.AliasEvent):
                    self._refuse("yaml-key", key)
            elif key.value in members:
                first = members[key.value][0].line + 1
                self._refuse("duplicate-key", key, key=key.value, first=str(first))
            else:
                members[key.value] = (key, value)
        return members

    def _refuse(self, code: str, node: Node, **values: str) -> None:
        self.problems.append(Problem(code, node.place(self.text), values))


def _text_of(event: yaml.ScalarEvent) -> str | None:
    """Return a scalar's text; None for nothing, `~` and `null` where they are not quoted."""
    if not event.style and event.value in ("", "~", "null"):
        return None
    value: str = event.value
    return value


def _syntax_problem(text: Text, error: yaml.MarkedYAMLError) -> Problem:
    marks = [error.problem_mark, error.context_mark]
    if "unexpected" in (error.problem or ""):  # the end, in a quote: it matters where that began
        marks.reverse()
    mark = marks[0] or marks[1]
    place = text.place(mark.line + 1, mark.column + 1) if mark else Place(text.path)
    if "nesting depth" in (error.problem or ""):  # newer parsers have a limit of their own
        return Problem("yaml-too-deep", place, {"limit": str(DEEPEST)})
    said = error.problem or error.context or ""
    reason = next((ours for theirs, ours in _REASONS.items() if theirs in said), OTHER_REASON)
    return Problem("yaml-syntax", place, {"reason": reason})


Shape = TypeVar("Shape", bound=Document)


def _has_keys(documents: list[Node], shape: type[Document]) -> bool:
    """Return whether a document has all keys that a shape cannot do without."""
    keys = documents[0].value if documents else None
    needed = [name for name, field in shape.model_fields.items() if field.is_required()]
    return isinstance(keys, dict) and all(name in keys for name in needed)


class Found(NamedTuple):
    """Where things stand in a document that was read."""

    text: Text
    tree: Node

    def place_of(self, location: Location, key: bool = False, /) -> Place:  # noqa: FBT001, FBT002
        """Return the place of a value, or of its key."""
        return self.tree.find(location, key=key).place(self.text)


def read_document(
    path: str, shape: type[Shape], *, named_by_file: bool = False
) -> tuple[Shape, Found, list[Problem]] | list[Problem]:
    """Return a file's one document, its places, and notices; or every problem, without it.

    Nothing of a file that another one names is shown unless it has the keys of its shape: whoever
    wrote that may have named any file of ours.
    """
    other = Problem("document-other", Place(path))
    file = other if named_by_file and path == STDIN else load(path, regular=True)
    if isinstance(file, Problem):
        return [file]
    text, problems = decode(file)
    documents, in_form = ([], []) if text is None else parse_yaml(text)
    if text is None or (named_by_file and not _has_keys(documents, shape)):
        return [other] if named_by_file else [_said_of(problem, shape) for problem in problems]
    if in_form or not documents:
        return [*problems, *in_form] if in_form else [Problem("file-empty", Place(path))]
    found = Found(text, documents[0])
    if len(documents) > 1:  # what stands in the others would be passed over in silence
        return [*problems, Problem("document-not-one", documents[1].place(text))]
    try:
        return shape.model_validate(found.tree.plain()), found, problems
    except ValidationError as error:
        from spbe_cli.read.shape import shape_problems

        return [*problems, *shape_problems(error, shape, found.place_of)]


def _said_of(problem: Problem, shape: type[Document]) -> Problem:
    """Return a problem of a text; of a workbook or a picture, that keys should be there."""
    if problem.code != "file-binary":
        return problem
    from spbe_cli.read.shape import without_keys

    return without_keys(shape, problem.place)
