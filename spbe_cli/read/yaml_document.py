"""One YAML document of a given shape from a file: costs, scenarios, agreements, criteria."""

from typing import NamedTuple, TypeVar

from pydantic import ValidationError

from spbe_cli.core.problem import Place, Problem
from spbe_cli.read.files import Text, decode, load
from spbe_cli.read.schema import Document
from spbe_cli.read.sheet import Location
from spbe_cli.read.yaml_tree import Node, parse_yaml

__all__ = ["Found", "read_document"]

Shape = TypeVar("Shape", bound=Document)


class Found(NamedTuple):
    """Where things stand in a document that was read."""

    text: Text
    tree: Node

    def place_of(self, location: Location, key: bool = False, /) -> Place:  # noqa: FBT001, FBT002
        """Return the place of a value, or of its key."""
        return self.tree.find(location, key=key).place(self.text)


def read_document(
    path: str, shape: type[Shape]
) -> tuple[Shape, Found, list[Problem]] | list[Problem]:
    """Return a file's one document, its places, and notices; or every problem, without it."""
    file = load(path)
    if isinstance(file, Problem):
        return [file]
    text, problems = decode(file)
    if text is None:
        return problems
    documents, in_form = parse_yaml(text)
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
