"""Named scenarios: a YAML file of changes, to be looked at side by side."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from spbe_cli.core.assessment import parse_change
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.core.whatif import Scenario, Wish
from spbe_cli.read.schema import Document, Name
from spbe_cli.read.sheet import Location
from spbe_cli.read.yaml_document import Found, read_document

__all__ = ["ScenarioDocument", "ScenariosDocument", "read_scenarios"]


def _as_texts(value: Any) -> Any:  # noqa: ANN401
    """Return a mapping as `WHAT=LEVEL`, the form of a list."""
    if isinstance(value, dict):
        return [_as_text(target, level) for target, level in value.items()]
    return [value] if isinstance(value, str) else value or []


def _as_text(target: str, level: Any) -> Any:  # noqa: ANN401
    return f"{target}={level or ''}" if isinstance(level, str | None) else level


Changes = Annotated[
    list[str],
    BeforeValidator(_as_texts),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "object", "additionalProperties": {"type": ["number", "string"]}},
                {"type": "array", "items": {"type": "string"}},
            ]
        }
    ),
]


class ScenarioDocument(Document):
    """A scenario: what is changed, as a mapping or as a list of `WHAT=LEVEL`."""

    name: Name
    note: str | None = None
    changes: Changes = Field(alias="set")


class ScenariosDocument(Document):
    """Scenarios that are looked at side by side."""

    note: str | None = None
    scenarios: Annotated[list[ScenarioDocument], Field(min_length=1)]


def read_scenarios(path: str) -> tuple[list[Scenario], list[Problem]]:
    """Return the scenarios in a file, and every problem of it; none with an error."""
    read = read_document(path, ScenariosDocument)
    if isinstance(read, list):
        return [], read
    document, found, problems = read
    scenarios: list[Scenario] = []
    lines: dict[str, str] = {}
    for number, scenario in enumerate(document.scenarios):
        at: Location = ("scenarios", number)
        here = found.place_of((*at, "name"))
        if scenario.name in lines:
            values = {"name": scenario.name, "first": lines[scenario.name]}
            problems.append(Problem("scenario-repeated", here, values))
        lines.setdefault(scenario.name, str(here.line))
        if not scenario.changes:
            problems.append(Problem("scenario-empty", here, {"name": scenario.name}))
        wishes = tuple(_wishes(scenario, found, (*at, "set"), problems))
        scenarios.append(Scenario(scenario.name, wishes, Severity.ERROR))
    return scenarios, problems


def _wishes(
    scenario: ScenarioDocument, found: Found, at: Location, problems: list[Problem]
) -> Iterator[Wish]:
    for text, place in zip(scenario.changes, _places(found, at), strict=False):
        change = parse_change(text)
        if isinstance(change, Problem):
            problems.append(change._replace(place=place, severity=Severity.ERROR))
        else:
            yield Wish(change, place)


def _places(found: Found, at: Location) -> Iterator[Place]:
    """Yield the place of every change: the key of a mapping, the item of a list."""
    node = found.tree.find(at)
    if isinstance(node.value, dict):
        yield from (found.place_of((*at, key), True) for key in node.value)  # noqa: FBT003
    elif isinstance(node.value, list):
        yield from (found.place_of((*at, number)) for number in range(len(node.value)))
    else:
        yield found.place_of(at)
