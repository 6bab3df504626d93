"""Every document follows the schema of its format, and a document that is none does not.

Runs are random: instruments, gaps, bounds, gates, failures. SPBE_RUNS=500 takes more of them.
"""

import copy
import json
import os
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import ROOT, Spbe
from jsonschema import Draft202012Validator

from spbe_cli.read.instruments import shipped_instrument

RUNS = int(os.environ.get("SPBE_RUNS", "4"))
INSTRUMENTS = {"spbe-2018": 2019, "spbe-2020": 2023, "pemdi-2026": 2026, "epss-2022": 2023}
NATIONAL = "examples/national-2023.csv"


GONE = object()
Where = tuple[str | int, ...]


class Change(NamedTuple):
    """A value that is put in, or taken out, below a path of keys."""

    path: Where
    key: str | int
    value: object

    def make(self, document: Any) -> None:  # noqa: ANN401
        for key in self.path:
            document = document[key]
        if self.value is GONE:
            del document[self.key]
        else:
            document[self.key] = self.value


@cache
def validator(format_: str) -> Draft202012Validator:
    path = ROOT / "schemas" / f"{format_.replace('/', '-')}.schema.json"
    return Draft202012Validator(json.loads(path.read_text("utf-8")))


def sheet(folder: Path, chance: random.Random, name: str, *, gaps: bool = True) -> str:
    """Return a random score sheet: of any instrument, some with gaps, few with what is wrong."""
    instrument = chance.choice(sorted(INSTRUMENTS))
    levels: dict[str, object] = {
        each.code: chance.randint(1, 5) for each in shipped_instrument(instrument).indicators
    }
    for code in chance.sample(sorted(levels), gaps * chance.choice([0, 0, 1, 4])):
        levels[code] = None
    if chance.random() < 0.15:
        levels[chance.choice(sorted(levels))] = chance.choice(["tiga", 9, "=1+1", -1])
    head = {
        "institution": chance.choice(["Kota Ä", "=Desa", None]),
        "year": INSTRUMENTS[instrument],
    }
    stage = {"stage": chance.choice(["self", "final", "target"])}
    path = folder / f"{name}.yaml"
    path.write_text(json.dumps({**head, **stage, "instrument": instrument, "levels": levels}))
    return str(path)


def arguments(command: str, folder: Path, chance: random.Random) -> list[str]:  # noqa: PLR0911
    gates = chance.choice(
        [[], ["--min-index", "3"], ["--min-predicate", "baik"], ["--min", "D9=2"]]
    )
    gaps = chance.choice([[], ["--missing", "bounds"]])
    one, two = sheet(folder, chance, "a"), sheet(folder, chance, "b", gaps=False)
    match command:
        case "score":
            return [one, *[two] * chance.randint(0, 1), *gaps, *gates]
        case "check":
            return [one, two, *gaps]
        case "whatif":
            return [one, "--set", chance.choice(["1=5", "1=9", "D1=4", "all=+1"]), *gaps]
        case "compare":
            return [two, one] if chance.random() < 0.5 else [*jambi(), "--max-drop", "0.1"]
        case "plan":
            wish = chance.choice([["--target", "3.1"], ["--target", "baik"], ["--budget", "4"]])
            return [two, *wish]
        case "levers":
            return [two, "--top", str(chance.randint(1, 9))]
        case "outlook":
            wish = ["--min-probability", "baik=0.4"] * chance.randint(0, 1)
            return [one, "--agreement", "0.9", *gaps, *wish]
        case "rank":
            return [NATIONAL, "--top", str(chance.randint(1, 5)), "--previous", small(folder)]
        case "profile":
            return [small(folder)]
        case _:
            return [small(folder), "--exit-zero"]


def jambi() -> list[str]:
    return ["examples/kota-jambi-2022.yaml", "examples/kota-jambi-2023.yaml"]


def small(folder: Path) -> str:
    lines = (ROOT / NATIONAL).read_text("utf-8").splitlines(keepends=True)
    path = folder / "some.csv"
    path.write_text("".join([lines[0], *random.Random(len(lines)).sample(lines[1:], 12)]))
    return str(path)


COMMANDS = ["score", "check", "whatif", "compare", "plan", "levers", "outlook", "rank", "profile",
            "audit"]  # fmt: skip


@pytest.mark.parametrize("seed", range(RUNS))
@pytest.mark.parametrize("command", COMMANDS)
def test_a_document_follows_its_schema_and_a_changed_one_does_not(
    spbe: Spbe, tmp_path: Path, command: str, seed: int
) -> None:
    chance = random.Random(f"{command} {seed}")
    answer = spbe(command, *arguments(command, tmp_path, chance), "--format", "json")
    document = json.loads(answer.out)
    assert answer.code in {0, 1} or document["format"] == "spbe-problems/1"
    right = validator(document["format"])
    right.validate(document)
    for change in chance.sample(sorted(changes(document), key=repr), 12):
        changed = copy.deepcopy(document)
        change.make(changed)
        assert not right.is_valid(changed)


def changes(document: dict[str, Any]) -> Iterator[Change]:
    """Yield what makes of a document one that is wrong, each in another place."""
    for path, value in places(document):
        match value:
            case dict() if not (path and path[-1] in FREE):
                yield Change(path, "further", 1)
            case int() if not isinstance(value, bool) and path[-1] not in {"year", "shift"}:
                yield Change(path[:-1], path[-1], -1)
                yield Change(path[:-1], path[-1], "1")
            case str() if path[-1] in {"exact", "rounded", "weight", "format", "severity"}:
                yield Change(path[:-1], path[-1], "abc")
            case str() if isinstance(path[-1], str):
                yield Change(path[:-1], path[-1], 1)
    yield Change((), "format", "spbe-xxx/9")
    for key in document.keys() - {"settings"}:
        yield Change((), key, GONE)


FREE = {"values", "levels", "probabilities", "at_least", "at_least_by_basis", "quantiles", "exact",
        "rounded", "moves", "indicators"}  # fmt: skip
"""Objects whose keys are names of the run: predicates, indicators, values of a problem."""


def places(value: Any, path: Where = ()) -> Iterator[tuple[Where, Any]]:  # noqa: ANN401
    yield path, value
    if isinstance(value, dict):
        for key, each in value.items():
            yield from places(each, (*path, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from places(each, (*path, number))


@pytest.mark.parametrize("command", COMMANDS)
def test_json_lines_say_all_that_json_does(spbe: Spbe, tmp_path: Path, command: str) -> None:
    asked = [command, *arguments(command, tmp_path, random.Random(command))]
    document = json.loads(spbe(*asked, "--format", "json").out)
    lines = [json.loads(line) for line in spbe(*asked, "--format", "jsonl").out.splitlines()]
    said = {key for line in lines for key in line}
    assert document.keys() - {"results", "problems"} <= said
    for result in document.get("results", []):
        assert any(result.items() <= line.items() for line in lines)
    whole = {
        key: value for key, value in document.items() if key not in {"results", "gates", "problems"}
    }
    if whole.keys() - {"format"}:
        assert lines[-1] == whole
