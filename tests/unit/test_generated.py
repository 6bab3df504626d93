"""What scripts/generate.py writes is up to date, and fits the files that the project ships."""

import json
import runpy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from conftest import ROOT

from spbe_cli.read.instrument_schema import CriteriaDocument
from spbe_cli.read.instruments import data_file, instrument_from_file
from spbe_cli.read.text import File, decode
from spbe_cli.read.yaml import parse_yaml
from spbe_cli.words import Words

GENERATE = runpy.run_path(str(ROOT / "scripts/generate.py"))
# wrong on purpose, or not a score sheet
NO_SHEETS = {"lembar-salah.yaml", "biaya.yaml", "skenario.yaml", "keyakinan.yaml"}
EXAMPLES = sorted(path for path in (ROOT / "examples").glob("*.yaml") if path.name not in NO_SHEETS)
SHIPPED = ["spbe-2018", "pemdi-2026", "epss-2022"]
INSTRUMENTS = ["indicators.yaml", *(f"instruments/{name}.yaml" for name in SHIPPED)]


def validator(kind: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((ROOT / f"schemas/{kind}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def documents(path: Path) -> list[Any]:
    with path.open(encoding="utf-8") as stream:
        return [with_text_keys(document) for document in yaml.safe_load_all(stream)]


def with_text_keys(value: Any) -> Any:  # noqa: ANN401  (whatever YAML holds)
    if isinstance(value, dict):
        return {str(key): with_text_keys(member) for key, member in value.items()}
    return [with_text_keys(item) for item in value] if isinstance(value, list) else value


def test_nothing_generated_is_stale() -> None:
    assert GENERATE["stale"]() == []


def test_a_stale_file_is_named(tmp_path: Path) -> None:
    for path, text in GENERATE["OUTPUTS"]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        made = text()
        (tmp_path / path).write_bytes(made if isinstance(made, bytes) else made.encode())
    (tmp_path / "docs/problems.md").write_text("old", encoding="utf-8")
    (tmp_path / "schemas/assessment.schema.json").unlink()
    (tmp_path / "forms/spbe-2020.xlsx").write_bytes((ROOT / "forms/pemdi-2026.xlsx").read_bytes())
    (tmp_path / "forms/pemdi-2026.html").write_bytes(b"<html></html>")
    stale = ["docs/problems.md", "schemas/assessment.schema.json"]
    forms = ["forms/spbe-2020.xlsx", "forms/pemdi-2026.html"]
    assert GENERATE["stale"](tmp_path) == [*stale, *forms]


def test_each_code_has_one_section() -> None:
    lines = (ROOT / "docs/problems.md").read_text(encoding="utf-8").splitlines()
    assert [line[3:] for line in lines if line.startswith("## ")] == list(Words("en").codes)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_fits_the_schema_of_score_sheets(path: Path) -> None:
    for document in documents(path):
        validator("assessment").validate(document)


def test_the_schema_of_score_sheets_refuses_what_spbe_refuses() -> None:
    wrong = [{"levles": {}}, {"year": "soon"}, {"stage": "finall"}, {"levels": {"1": {"x": 3}}}]
    assert not any(validator("assessment").is_valid(document) for document in wrong)


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_a_shipped_instrument_fits_its_schema(name: str) -> None:
    for document in documents(data_file(name)):
        validator("instrument").validate(document)


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_a_shipped_instrument_would_be_accepted_as_a_users_own(name: str) -> None:
    instrument, problems = instrument_from_file(str(data_file(name)))
    assert problems == []
    assert instrument is not None


def test_the_table_of_old_evidence_fits_its_schema() -> None:
    for document in documents(data_file("instruments/carried/pemdi-2026.yaml")):
        validator("carried").validate(document)


@pytest.mark.parametrize(("name", "count"), [("spbe-2020", 47), ("pemdi-2026", 20)])
def test_the_criteria_fit_their_schema_and_their_shape(name: str, count: int) -> None:
    path = data_file(f"instruments/criteria/{name}.yaml")
    for document in documents(path):
        validator("criteria").validate(document)
    text, _ = decode(File(str(path), path.read_bytes()))
    assert text is not None
    (tree,), problems = parse_yaml(text)
    assert problems == []
    assert len(CriteriaDocument.model_validate(tree.plain()).indicators) == count
