"""What the harness found, each as small as it was made."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from conftest import Spbe
from support.sheets import BANDAR_LAMPUNG

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


class Counted(AssessmentDocument):
    """A document whose schema counts how often it is made."""

    made: ClassVar[list[str]] = []

    @classmethod
    def model_json_schema(cls, *_: object, **__: object) -> dict[str, Any]:
        """Return the schema."""
        cls.made.append("schema")
        return AssessmentDocument.model_json_schema()


def test_the_keys_that_are_allowed_are_found_once_for_all_sheets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("spbe_cli.read.sheet.AssessmentDocument", Counted)
    sheets = b"---\n{levels: {1: 3}, tingakt: 1}\n" * 50
    found = read_file(File("x.yaml", sheets), Wishes(missing_allowed=True))
    assert sum(problem.code == "unknown-key" for problem in found.problems) == 50
    assert len(Counted.made) == 1


def test_lines_of_json_are_found_once_whatever_is_wrong_with_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at: list[int] = []

    class Ends:
        @staticmethod
        def finditer(content: str) -> Iterator[re.Match[str]]:
            looked_at.append(len(content))
            return re.finditer("\n", content)

    monkeypatch.setattr("spbe_cli.read.text._LINE_END", Ends)
    lines = [f'{{"levels": {{"{number}": 3}}, "levels": {{}}}}' for number in range(200)]
    file = File("x.jsonl", "\n".join(lines).encode())
    assert len(read_file(file, Wishes(missing_allowed=True)).problems) >= 200
    assert len([size for size in looked_at if size > len(lines[-1])]) <= 2


def _of_text() -> None:
    """What pydantic makes of a Ctrl-C while it builds its validators."""
    raise ValueError('Error building "model" validator:\n  KeyboardInterrupt: ')


def _of_cause() -> None:
    raise RuntimeError("a library stopped") from KeyboardInterrupt()


def _bug() -> None:
    raise RuntimeError("KeyboardInterrupt is only named")


@pytest.mark.parametrize(("end", "code"), [(_of_text, 130), (_of_cause, 130), (_bug, 70)])
def test_an_interrupt_is_one_whatever_a_library_makes_of_it(
    spbe: Spbe, monkeypatch: pytest.MonkeyPatch, end: Callable[[], None], code: int
) -> None:
    monkeypatch.setattr("spbe_cli.cli.score._results", lambda *_: end())
    ran = spbe("score", BANDAR_LAMPUNG)
    assert (ran.code, "bug of ours" in ran.err) == (code, code == 70)
