"""What commands answer as JSON: each has a schema, which it follows, and its version as data."""

import json
import re
import runpy
from fractions import Fraction
from typing import Any, NamedTuple

import jsonschema
import pytest
from conftest import ROOT, Spbe

from spbe_cli.answers.shape import Columns, Document, Shape, Value, csv_rows, take
from spbe_cli.cli.app import COMMANDS

GENERATE = runpy.run_path(str(ROOT / "scripts/generate.py"))
SHEET, TABLE = "examples/kota-jambi-2023.yaml", "examples/national-2023.csv"
ASKED = {  # what each command answers about; whoever adds a command adds a line
    "score": [SHEET],
    "check": [SHEET],
    "whatif": [SHEET, "--set", "1=5"],
    "compare": ["examples/kota-jambi-2022.yaml", SHEET],
    "plan": [SHEET, "--target", "3.6"],
    "levers": [SHEET],
    "outlook": [SHEET, "--agreement", "0.9"],
    "rank": [TABLE, "--top", "3"],
    "profile": [TABLE],
    "audit": [TABLE, "--exit-zero"],
    "settings": [],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_with_json_follows_the_schema_of_its_version(spbe: Spbe, command: str) -> None:
    if not re.search(r"--format <[a-z|]*\bjson\b", spbe(command, "--help", columns=200).out):
        assert command not in ASKED
        return
    answer = spbe(command, *ASKED[command], "--format", "json")
    document = json.loads(answer.out)
    assert re.fullmatch(rf"spbe-{command}/[0-9]+", document["format"])
    name = document["format"].replace("/", "-")
    schema = json.loads((ROOT / f"schemas/{name}.schema.json").read_text("utf-8"))
    jsonschema.validate(document, schema)
    assert document["results"]


def test_every_published_schema_is_of_a_document() -> None:
    published = {path.name for path in (ROOT / "schemas").glob("spbe-*.schema.json")}
    documents = GENERATE["documents"]()
    assert published == {f"{version.replace('/', '-')}.schema.json" for version in documents}


class Town(NamedTuple):
    name: str
    height: Fraction
    near: "Town | None" = None


class TownShape(Shape, places="places"):
    name: str = take("town.name")
    from_: Value = take("town.height")
    near: str | None = take("town.near.name")


class Answered(NamedTuple):
    town: Town
    places: int = 3


class TownDocument(Document):
    version = "spbe-town/1"
    results: list[TownShape]
    gates: list[str]


class NamedShape(TownShape, within="answered", first="rank"):
    rank: int


class Ranked(NamedTuple):
    answered: Answered
    rank: int


JAMBI = Answered(Town("Jambi", Fraction(10, 3), Town("Bungo", Fraction(3))))
ALONE = Answered(Town("=Alone", Fraction(5, 2)), places=1)


def test_a_field_is_taken_from_where_it_says() -> None:
    assert TownShape.of(JAMBI) == {
        "name": "Jambi",
        "from": {"exact": "10/3", "rounded": "3.333"},
        "near": "Bungo",
    }
    assert TownShape.of(ALONE)["near"] is None
    assert TownShape.of(ALONE)["from"] == {"exact": "2.5", "rounded": "2.5"}


def test_what_is_inherited_is_taken_from_the_part_that_is_named() -> None:
    found = NamedShape.of(Ranked(JAMBI, 1))
    assert list(found) == ["rank", "name", "from", "near"]
    assert found["from"] == {"exact": "10/3", "rounded": "3.333"}


def test_a_field_that_is_never_null_is_never_written_from_nothing() -> None:
    nameless: Any = None
    with pytest.raises(TypeError, match="never null"):
        TownShape.of(Answered(Town(nameless, Fraction(1))))


def test_a_document_carries_its_version_and_a_new_one_is_a_subclass() -> None:
    class ShortShape(Shape):
        called: str = take("town.name")

    class SecondDocument(TownDocument):
        version = "spbe-town/2"
        results: list[ShortShape]  # type: ignore[assignment]

    assert TownDocument.holding(results=[JAMBI])["format"] == "spbe-town/1"
    second = SecondDocument.holding(results=[JAMBI])
    assert second == {"format": "spbe-town/2", "results": [{"called": "Jambi"}], "gates": []}
    schema = json.loads(GENERATE["answer_schema"](SecondDocument))
    assert schema["title"] == "spbe-town/2"
    jsonschema.validate(second, schema)
    assert list(schema["properties"]) == ["format", "settings", "results", "gates"]
    held = [{"key": "year", "value": "2024", "source": "spbe.toml:1:1"}]
    jsonschema.validate({**second, "settings": held}, schema)


def test_columns_are_exact_and_empty_without_a_source() -> None:
    rows = [(JAMBI, JAMBI.town.near), (ALONE, ALONE.town.near)]
    near: Columns = {"near_height": "height", "half": lambda town: town.height / 2}
    assert list(csv_rows([TownShape.columns("name", "from"), near], rows)) == [
        ["name", "from", "near_height", "half"],
        ["Jambi", "10/3", "3", "1.5"],
        ["=Alone", "2.5", "", ""],
    ]
