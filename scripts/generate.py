# ruff: noqa: INP001  (a script, not a package)
"""Write the files that follow from the code, or name those that no longer do.

    python scripts/generate.py          write them
    python scripts/generate.py --check  exit with 1 and name the stale ones

A new output is one more line in OUTPUTS: a path from the root, and the function that gives the
text, or the bytes. The same code gives the same bytes; of a workbook, the same parts.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from functools import cache, partial
from importlib import import_module
from io import BytesIO
from pathlib import Path
from pkgutil import iter_modules
from types import UnionType
from typing import Annotated, Any, Literal, NotRequired, get_args, get_origin
from zipfile import ZipFile

from house import with_house
from national import notebook
from public import python_page
from pydantic import BaseModel, Field, TypeAdapter
from ready_forms import ready_forms
from shown import (
    chart,
    commands_page,
    pages_with_console_blocks,
    picture,
    with_console_blocks,
)
from typing_extensions import TypedDict  # typing's own makes no JSON Schema before Python 3.12

from spbe_cli import answers
from spbe_cli.answers.shape import Count, Document, Number, ProblemCode, Shape
from spbe_cli.cli.defaults import CHOICES, GATES, PARAMETERS
from spbe_cli.read.carried import CarriedDocument
from spbe_cli.read.instrument_schema import CriteriaDocument, InstrumentDocument
from spbe_cli.read.requests import AgreementsDocument, CostsDocument, ScenariosDocument
from spbe_cli.read.schema import AssessmentDocument
from spbe_cli.read.trees import DETAIL_KEYS, TOP_KEYS
from spbe_cli.words import Words

__all__ = ["OUTPUTS", "main", "stale"]

ROOT = Path(__file__).parent.parent
DIALECT = "https://json-schema.org/draft/2020-12/schema"
INTRODUCTION = """\
# Problems

Every problem that `spbe` names has a code, and every code a section here, first in English, then
in Indonesian; `spbe explain CODE` shows the same, with the values of one input that has it.
This page is written by `scripts/generate.py` from `spbe_cli/words/problems.*.yaml`.

Setiap masalah yang disebut `spbe` memiliki kode, dan setiap kode memiliki bagian di sini, lebih
dulu dalam bahasa Inggris, lalu bahasa Indonesia; `spbe explain KODE` menampilkan hal yang sama.
Isinya berasal dari satu masukan yang bermasalah.
"""
LABELS = {
    "en": ("What", "Why", "Remedy"),
    "id": ("Apa", "Mengapa", "Perbaikan"),
}


def problems_page() -> str:
    """Return docs/problems.md: one section for each code, in the order of the data."""
    return "\n".join((INTRODUCTION, *map(_section, Words("en").codes)))


def _section(code: str) -> str:
    example = Words("en").explanation(code).example
    parts = (
        f"## {code}",
        _explanation(code, "en"),
        "*Bahasa Indonesia*",
        _explanation(code, "id"),
        "*Example / Contoh*",
        f"```text\n{example}\n```",
    )
    return "\n\n".join(parts) + "\n"


def _explanation(code: str, language: str) -> str:
    what, why, remedy = LABELS[language]
    entry = Words(language).explanation(code)
    hints = " / ".join(filter(None, (entry.hint, entry.near)))
    return (
        f"- **{what}:** {entry.title}: `{entry.message}`\n"
        f"- **{why}:** {entry.why}\n"
        f"- **{remedy}:** {hints}"
    )


BOUND = {
    Number: Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+|/[1-9][0-9]*)?$")],
    Count: Annotated[int, Field(ge=0)],
    ProblemCode: Literal[Words("en").codes],
}
"""What JSON Schema knows of the kinds of text and number that answers distinguish."""


def schema(model: type[BaseModel], name: str, title: str) -> str:
    """Return the JSON Schema of a kind of file, as its pydantic model has it."""
    head = {"$schema": DIALECT, "$id": schema_id(name)}
    found = {**head, **model.model_json_schema(), "title": title}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def sheet_schema() -> str:
    """Return the JSON Schema of a score sheet, with its keys in Indonesian as well."""
    found = json.loads(schema(AssessmentDocument, "assessment", "SPBE score sheet"))
    detail = found["$defs"]["LevelDocument"]["anyOf"][1]
    for keys, properties in ((TOP_KEYS, found["properties"]), (DETAIL_KEYS, detail["properties"])):
        properties |= {alias: properties[key] for alias, key in keys.items()}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def documents() -> dict[str, Any]:
    """Return what commands answer as JSON, by its version: every document in `answers`."""
    names = (module.name for module in iter_modules(answers.__path__, f"{answers.__name__}."))
    held = [each for name in names for each in vars(import_module(name)).values()]
    found = [each for each in held if isinstance(each, type) and issubclass(each, Document)]
    return {
        each.version: each for each in sorted(found, key=lambda each: each.version) if each.version
    }


def answer_schema(document: Any) -> str:  # noqa: ANN401  (a type of document)
    """Return the JSON Schema of what a command answers with --format json.

    A document has these keys and no others, and its own format.
    """
    shape = TypeAdapter(typed(document)).json_schema(mode="serialization")
    shape["properties"]["format"] = {"const": document.version}
    for each in (shape, *shape.get("$defs", {}).values()):
        if each.get("type") == "object":
            each["additionalProperties"] = False
    found = {"$schema": DIALECT, "$id": schema_id(document.version), **shape}
    return json.dumps(found | {"title": document.version}, indent=2, ensure_ascii=False) + "\n"


def schema_id(name: str) -> str:
    """Return what names a schema wherever it is: no address, so that it can be had offline."""
    return f"urn:spbe:schema:{name.replace('/', ':')}"


@cache
def typed(kind: Any) -> Any:  # noqa: ANN401  (whatever may be annotated)
    """Return a shape as a typed dictionary, which pydantic knows, and any other type as it is."""
    if get_origin(kind) is Annotated:  # a key that is not always there
        return NotRequired[typed(get_args(get_args(kind)[0])[0])]
    if isinstance(kind, UnionType):
        return typed(get_args(kind)[0]) | None
    if get_origin(kind) is not None:
        return get_origin(kind)[tuple(typed(part) for part in get_args(kind))]
    if not (isinstance(kind, type) and issubclass(kind, Shape)):
        return BOUND.get(kind, kind)
    fields = {key: typed(each) for key, each in kind.kinds().items()}
    made = TypedDict(kind.__name__, fields)  # type: ignore[misc]  # typed by what it is made of
    made.__doc__ = kind.__doc__
    return made


def settings_schema() -> str:
    """Return the JSON Schema of spbe.toml, which editors check it by."""
    kinds = {"year": {"type": "integer", "minimum": 2000, "maximum": 2999}}
    named = {"type": ["string", "number"]}
    properties: dict[str, Any] = {
        key: kinds.get(key, {"enum": list(CHOICES[key])} if key in CHOICES else named)
        for key in PARAMETERS
        if key not in GATES
    }
    gates = dict.fromkeys(GATES, named)
    properties["gates"] = {"type": "object", "properties": gates, "additionalProperties": False}
    found = {"$schema": DIALECT, "$id": schema_id("settings"), "title": "Settings of spbe"}
    found["type"] = "object"
    found |= {"properties": properties, "additionalProperties": False}  # type: ignore[dict-item]
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def file_schema(name: str, model: type[BaseModel], title: str) -> tuple[str, Callable[[], str]]:
    """Return the path of the schema of a kind of file, and what makes it."""
    return f"schemas/{name}.schema.json", partial(schema, model, name, title)


_JAMBI = ("examples/kota-jambi-2022.yaml", "examples/kota-jambi-2023.yaml")
_NATIONAL, _CITIES = "examples/national-2023.csv", ("--category", "kota")

LAMPUNG = "examples/bandar-lampung-2023.yaml"
OUTPUTS: list[tuple[str, Callable[[], str | bytes]]] = [
    *((page, partial(with_console_blocks, page)) for page in pages_with_console_blocks()),
    ("docs/architecture.md", with_house),
    ("docs/commands.md", commands_page),
    ("docs/compare.svg", partial(chart, "compare", *_JAMBI)),
    ("docs/problems.md", problems_page),
    ("docs/python.md", python_page),
    ("examples/nasional.ipynb", notebook),
    ("docs/rank.svg", partial(chart, "rank", _NATIONAL, "--around", "kota jambi", *_CITIES)),
    ("docs/score.svg", partial(picture, "score", LAMPUNG)),
    ("docs/id/nilai.svg", partial(picture, "score", LAMPUNG, language="id")),
    ("docs/id/rencana.svg", partial(picture, "plan", LAMPUNG, "--brief", language="id")),
    file_schema("agreements", AgreementsDocument, "SPBE agreements"),
    ("schemas/assessment.schema.json", sheet_schema),
    file_schema("carried", CarriedDocument, "Evidence that serves again"),
    file_schema("criteria", CriteriaDocument, "SPBE level criteria"),
    file_schema("instrument", InstrumentDocument, "SPBE instrument"),
    ("schemas/settings.schema.json", settings_schema),
    file_schema("costs", CostsDocument, "Costs of an SPBE plan"),
    file_schema("scenarios", ScenariosDocument, "Scenarios of whatif"),
    *(
        (f"schemas/{version.replace('/', '-')}.schema.json", partial(answer_schema, document))
        for version, document in documents().items()
    ),
    *ready_forms(),
]


def stale(root: Path = ROOT) -> list[str]:
    """Return the paths of the outputs below `root` that differ from what the code gives."""
    return [path for path, made in OUTPUTS if not _is_current(root / path, _bytes(made()))]


def _bytes(made: str | bytes) -> bytes:
    return made if isinstance(made, bytes) else made.encode()


def _is_current(path: Path, made: bytes) -> bool:
    if not path.is_file():
        return False
    there = path.read_bytes()
    return there == made or (path.suffix == ".xlsx" and parts_of(there) == parts_of(made))


def parts_of(book: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook: another library may compress them otherwise."""
    with ZipFile(BytesIO(book)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the outputs, or with --check name the stale ones; return the exit code."""
    parser = argparse.ArgumentParser(description="Write the files that follow from the code.")
    parser.add_argument("--check", action="store_true", help="name the stale ones, write nothing")
    if parser.parse_args(arguments).check:
        paths = stale()
        sys.stderr.writelines(f"stale, run scripts/generate.py: {path}\n" for path in paths)
        return 1 if paths else 0
    for path, made in OUTPUTS:
        content = _bytes(made())
        if not _is_current(ROOT / path, content):
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
