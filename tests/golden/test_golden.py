"""Golden cases: YAML that a lawyer can read, every figure as published, tolerance 0."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT

from spbe_cli import (
    Assessment,
    Entry,
    Instrument,
    Scorecard,
    Stage,
    apply_changes,
    exact,
    fixed,
    load_instrument,
    parse_change,
    read_assessment,
    score,
)
from spbe_cli.core.assessment import Change

CASES = sorted(Path(__file__).parent.joinpath("cases").glob("*.yaml"))


def scored(case: dict[str, Any], folder: Path) -> Scorecard:
    if "sheet" in case:
        assessment = read_assessment(ROOT / case["sheet"])
        return score(load_instrument(assessment.instrument), assessment)
    instrument = instrument_of(case, folder)
    entries = {code: Entry(instrument.scale.lowest) for code in instrument.indicator_by_code}
    blank = Assessment(instrument.id, entries, year=case["year"], stage=Stage.FINAL)
    changes = [parse_change(f"{target}={level}") for target, level in case["levels"].items()]
    assert all(isinstance(change, Change) for change in changes)
    assessment, _, problems = apply_changes(
        instrument, blank, [change for change in changes if isinstance(change, Change)]
    )
    assert not problems
    return score(instrument, assessment)


def instrument_of(case: dict[str, Any], folder: Path) -> Instrument:
    if "instrument" in case:
        return load_instrument(case["instrument"])
    path = folder / "instrument.yaml"
    path.write_text(yaml.safe_dump(case["own_instrument"], sort_keys=False), encoding="utf-8")
    return load_instrument(path)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path, tmp_path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    card = scored(case, tmp_path)
    found = {
        "instrument": card.instrument.id,
        "index": fixed(card.index),
        "exact": exact(card.index),
        "predicate": card.predicate.name,
        "exact_predicate": card.verdict.by_exact.name,
        "rounded_predicate": card.verdict.by_rounded.name,
        "nodes": {node.group.code: fixed(node.index) for node in card.nodes},
    }
    expected = case["expect"]
    for key in expected.keys() - {"nodes"}:
        assert found[key] == expected[key], key
    assert {code: fixed(card.index_at(code)) for code in expected.get("nodes", {})} == expected.get(
        "nodes", {}
    )


@pytest.mark.parametrize(
    "name",
    ["bandar-lampung-2023", "kemenko-perekonomian-2021", "denpasar-2018", "aceh-tengah-2026"],
)
def test_published_cases_assert_every_domain_and_aspect(name: str) -> None:
    case = yaml.safe_load((Path(__file__).parent / "cases" / f"{name}.yaml").read_text("utf-8"))
    instrument = load_instrument(case["expect"]["instrument"])
    assert set(case["expect"]["nodes"]) == set(instrument.node_by_code)
