"""What the harness found, each as small as it was made."""

from pathlib import Path

import pytest

from spbe_cli.read import shape, text
from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.instruments import instrument_from_file
from spbe_cli.read.published import read_population
from spbe_cli.read.schema import AssessmentDocument
from spbe_cli.read.text import File


@pytest.mark.parametrize("unseen", ["\ufeff", "\u200b", "\u2060"])
def test_a_row_of_characters_that_nobody_sees(tmp_path: Path, unseen: str) -> None:
    (tmp_path / "x.csv").write_bytes(f"instansi;predikat\n{unseen}\n".encode("utf-16-le"))
    members, problems = read_population([str(tmp_path / "x.csv")], Wishes())
    assert members == []
    assert problems


def test_an_index_of_an_instrument_without_indicators(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(
        "id: wh\ntitle: T\nscale: {lowest: 1, highest: 3}\n"
        "predicates: [{name: Baik, from: 2}, {name: Kurang}]\n"
        'external: [{code: SDI, name: S, indicators: ["2"], points: {0: 1, 5: 3}}]\n'
        "aspects: [{code: A1, name: K, weight: 100}]\n"
    )
    instrument, problems = instrument_from_file(str(tmp_path / "x.yaml"))
    assert instrument is None
    assert "indicator-unknown" in {problem.code for problem in problems}


def test_the_keys_that_are_allowed_are_found_once_for_all_sheets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[object] = []
    make = AssessmentDocument.model_json_schema

    def counting(*arguments: object, **more: object) -> object:
        made.append(arguments)
        return make(*arguments, **more)  # type: ignore[arg-type]

    shape._schema_of.cache_clear()
    monkeypatch.setattr(AssessmentDocument, "model_json_schema", counting)
    sheet = "{levels: {1: 3}, tingakt: 1}\n"
    found = read_file(File("x.yaml", f"---\n{sheet}".encode() * 50), Wishes(missing_allowed=True))
    assert sum(problem.code == "unknown-key" for problem in found.problems) == 50
    assert len(made) == 1


def test_lines_of_json_are_found_once_whatever_is_wrong_with_them() -> None:
    text._line_starts.cache_clear()
    content = '{"levels": {"1": 3}, "levels": {}}\n' * 200
    found = read_file(File("x.jsonl", content.encode()), Wishes(missing_allowed=True))
    assert len(found.problems) >= 200
    of_the_file = text._line_starts.cache_info().misses
    assert of_the_file <= 200 + 2  # one for each line that is read by itself
