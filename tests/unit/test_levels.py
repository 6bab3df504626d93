"""Levels of score sheets: what is a level, which stage counts, what is said of the rest."""

from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import ROOT
from support.sheets import SMALL_INSTRUMENT

from spbe_cli.cli.options import stage_from
from spbe_cli.core.assessment import Change, Stage, apply_changes, parse_change
from spbe_cli.core.number import exact
from spbe_cli.core.problem import Problem, Severity, errors_of
from spbe_cli.core.score import Reading
from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.instruments import instrument_from_file
from spbe_cli.read.text import File

SMALL = str(ROOT / SMALL_INSTRUMENT)
LETTERED = """\
id: huruf
title: Instrumen berkode huruf
scale: {lowest: 1, highest: 5}
predicates: [{name: Baik, from: 2.6}, {name: Kurang}]
aspects:
  - code: A1
    name: Semua
    weight: 100
    indicators:
      - {code: I1, weight: 40, name: Arsitektur}
      - {code: I2, weight: 30, name: Peta Rencana}
      - {code: X-3, weight: 30, name: Indeks Kepuasan}
"""


class Read(NamedTuple):
    """What a file gave."""

    readings: tuple[Reading, ...]
    problems: list[Problem]

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.problems]

    @property
    def levels(self) -> list[str]:
        (reading,) = self.readings
        return [str(exact(e.level)) for e in reading.assessment.entries.values()]  # type: ignore[arg-type]


def read(content: str, *, name: str = "nilai.csv", stage: Stage | None = None) -> Read:
    """Read a score sheet of the small instrument, of 2023."""
    wishes = Wishes(instrument_from_file(SMALL)[0], stage, 2023)
    return read_as(content, wishes, name)


def read_as(content: str, wishes: Wishes, name: str = "nilai.csv") -> Read:
    found = read_file(File(name, content.encode()), wishes)
    notices = [notice for reading in found.readings for notice in reading.notices]
    return Read(found.readings, [*found.problems, *notices])


@pytest.mark.parametrize("level", ["4/1", "10/2", "3/1 "])
def test_a_fraction_is_no_level(level: str) -> None:
    found = read(f"no;nilai\n1;{level}\n2;4\n3;2\n4;3\n")
    assert found.codes == ["level-not-number"]
    change = parse_change(f"1={level.strip()}")
    assert isinstance(change, Change)
    instrument, sheet = instrument_from_file(SMALL)[0], read("no;nilai\n1;1\n2;4\n3;2\n4;3\n")
    assert instrument is not None
    _, changed, problems = apply_changes(instrument, sheet.readings[0].assessment, [change])
    assert ([problem.code for problem in problems], changed) == (["change-wrong"], [])


def test_invisible_characters_around_a_level_or_code_are_passed_over() -> None:
    found = read("no;nilai\n\u200b1;3\u200b\n2\u2060;\ufeff4\n3;\u00a02\u00a0\n4;\u200e3\n")
    assert found.levels == ["3", "4", "2", "3"]
    tree = "levels: {1: 3\u200b, \u200b2: 4, 3: 2, 4: \u200b}\n"
    assert read(tree, name="nilai.yaml").codes == ["level-missing"]


def test_decimals_that_say_nothing_do_no_harm() -> None:
    table = "Tahun;2023,0\nno;nilai\n1,0;3,0\n2,0;4\n3.0;2\n4;3\n"
    small = instrument_from_file(SMALL)[0]
    found = read_as(table, Wishes(small))
    assert found.levels == ["3", "4", "2", "3"]
    assert found.readings[0].assessment.year == 2023
    assert read_as(table.replace("2023,0", "2023,5"), Wishes(small)).codes == ["not-a-whole-number"]


SHEETS = "".join(
    f"---\n{stage}levels: {{1: {level}, 2: 4, 3: 2, 4: 3}}\n"
    for stage, level in (("stage: final\n", 3), ("stage: self\n", 4), ("", 5))
)


def test_sheets_of_other_stages_are_left_out_and_counted() -> None:
    found = read(SHEETS, name="nilai.yaml", stage=Stage.SELF)
    assert found.levels == ["4", "4", "2", "3"]
    (problem,) = found.problems
    assert (problem.code, problem.severity) == ("sheets-of-other-stages", Severity.NOTICE)
    assert problem.values == {"count": "2", "stage": "self"}
    assert read(SHEETS, name="nilai.yaml").codes == []
    assert read(SHEETS, name="nilai.yaml", stage=Stage.VISIT).codes == ["stage-absent"]


BESIDE_A_TARGET = "No;TK;Target\n1;3;4\n2;4;4\n3;2;4\n4;3;4\n"


def test_no_stage_is_made_up_beside_a_target() -> None:
    found = read(BESIDE_A_TARGET)
    assert (found.levels, found.codes) == (["3", "4", "2", "3"], [])
    assert found.readings[0].assessment.stage is None
    target = read(BESIDE_A_TARGET, stage=Stage.TARGET)
    assert (target.levels, target.codes) == (["4"] * 4, [])
    assert target.readings[0].assessment.stage is Stage.TARGET
    assert read(BESIDE_A_TARGET, stage=Stage.FINAL).codes == ["stage-absent"]
    tree = "levels: {1: 3, 2: 4, 3: 2, 4: 3}\nstages: {target: {1: 4}}\n"
    assert read(tree, name="nilai.yaml").codes == []
    (missing,) = read(tree, name="nilai.yaml", stage=Stage.TARGET).problems
    assert (missing.code, missing.place.line) == ("level-missing", 2)
    wrong = read(BESIDE_A_TARGET.replace("1;3;4", "1;3;9"))
    assert (wrong.codes, wrong.problems[0].place.column) == (["level-off-scale"], 5)
    staged = BESIDE_A_TARGET.replace("TK;Target", "TK;Target;Tahap").replace(";4\n", ";4;Akhir\n")
    assert read(staged, stage=Stage.FINAL).levels == ["3", "4", "2", "3"]


def test_a_level_that_is_refused_is_not_called_kept() -> None:
    found = read("no;Mandiri;Akhir\n1;3;\n2;4;9\n3;2;2\n4;3;3\n")
    kept = [
        problem.values["indicators"] for problem in found.problems if problem.code == "level-kept"
    ]
    assert kept == ["1"]
    assert found.codes.count("level-off-scale") == 1


@pytest.mark.parametrize(
    "name",
    ["Verif", "Eks", "penilaian interviu", "penilaian visitasi", "Nilai Mandiri", "AKHIR", "self"],
)
def test_a_stage_has_the_same_names_everywhere(name: str) -> None:
    stage = stage_from(name)
    assert isinstance(stage, Stage)
    levels = "{1: 3, 2: 4, 3: 2, 4: 3}"
    tree = read(f"stage: {name}\nlevels: {levels}\n", name="nilai.yaml")
    assert tree.readings[0].assessment.stage is stage
    trees = read(f"stages:\n  {name}: {levels}\n", name="nilai.yaml", stage=stage)
    assert trees.readings[0].assessment.stage is stage
    table = read(f"no;{name}\n1;3\n2;4\n3;2\n4;3\n")
    assert table.readings[0].assessment.stage is stage


def lettered(folder: Path) -> Wishes:
    path = folder / "huruf.yaml"
    path.write_text(LETTERED, encoding="utf-8")
    return Wishes(instrument_from_file(str(path))[0], None, 2023)


@pytest.mark.parametrize(
    "content",
    [
        "Kode;Nilai\nI1;3\nI2;4\nX-3;5\n",
        "Kode;Nama;Nilai\nI1;Arsitektur;3\nI2;Peta;4\nX-3;Indeks Kepuasan;5\n",
        "Kode;Mandiri;Akhir\nI1;3;3\nI2;4;4\nX-3;4;5\n",
    ],
)
def test_codes_with_letters_are_those_of_the_instrument(content: str, tmp_path: Path) -> None:
    assert read_as(content, lettered(tmp_path)).levels == ["3", "4", "5"]


def test_a_blank_level_of_a_lettered_code_is_found_in_its_line(tmp_path: Path) -> None:
    tree = "levels:\n  I1: 3\n  I2:\n  X-3: 4\n"
    (problem,) = read_as(tree, lettered(tmp_path), "nilai.yaml").problems
    assert (problem.code, problem.place.line) == ("level-missing", 3)


def test_an_instrument_file_that_is_not_there_is_told_where_it_is_named() -> None:
    tree = "levels: {1: 3}\ninstrument: tiada.yaml\n"
    (problem,) = read_as(tree, Wishes(), "nilai.yaml").problems
    assert (problem.code, problem.place.line) == ("file-not-found", 2)
    assert problem.severity is Severity.UNREADABLE
    (problem,) = read_as("Instrumen;tiada.yaml\nno;nilai\n1;3\n", Wishes()).problems
    assert (problem.code, problem.place.line, problem.place.column) == ("file-not-found", 1, 11)


STAGES = """\
stages:
  target: {1: 5, 2: 5, 3: 5, 4: 5}
  self: {1: {level: 3, note: mandiri}, 2: 4, 3: {level: 2, note: mandiri}}
  final: {1: {level: 2, note: akhir}}
"""


@pytest.mark.parametrize("stage", [None, Stage.FINAL])
def test_nothing_is_kept_from_a_target(stage: Stage | None) -> None:
    found = read(STAGES, name="nilai.yaml", stage=stage)
    (missing,) = (problem for problem in found.problems if problem.code == "level-missing")
    assert missing.values["indicators"] == "4"


def test_the_last_note_of_the_stages_stands() -> None:
    whole = STAGES.replace("3: {level: 2, note: mandiri}", "3: {level: 2, note: mandiri}, 4: 3")
    (reading,) = read(whole, name="nilai.yaml", stage=Stage.FINAL).readings
    entries = reading.assessment.entries
    assert [entries[code].note for code in "1234"] == ["akhir", "", "mandiri", ""]
    assert [entries[code].kept_from for code in "1234"] == [None, *[Stage.SELF] * 3]


@pytest.mark.parametrize(("level", "nearest"), [("9", "5"), ("0", "1"), ("-3", "1"), ("5,1", "5")])
def test_a_level_off_the_scale_has_its_end_as_the_nearest(level: str, nearest: str) -> None:
    (problem,) = read(f"no;nilai\n1;{level}\n2;4\n3;2\n4;3\n").problems
    assert (problem.code, problem.values["nearest"]) == ("level-off-scale", nearest)


def test_every_one_of_a_few_unknown_indicators_has_its_nearest() -> None:
    tree = "levels: {1: 3, 2: 4, 3: 2, 4: 3, Arsitektr SPBE: 2, Peta Rencna: 4}\n"
    unknown = [p for p in read(tree, name="nilai.yaml").problems if p.code == "indicator-unknown"]
    assert len(unknown) == 2
    assert all(problem.values.get("nearest") for problem in unknown)


@pytest.mark.parametrize("name", ["nilai.yaml", "nilai.csv"])
@pytest.mark.parametrize("known", [0, 2])
@pytest.mark.parametrize("written", ["{}", "X-{}", "Indikator {}", "{}.5", "kode {}"])
def test_many_unknown_codes_have_one_cause(name: str, known: int, written: str) -> None:
    codes = [*map(str, range(1, known + 1)), *(written.format(n) for n in range(101, 139))]
    tree = "levels: {" + ", ".join(f"'{code}': 3" for code in codes) + "}\n"
    table = "kode;nilai\n" + "".join(f"{code};3\n" for code in codes)
    problems = errors_of(read(tree if name.endswith("yaml") else table, name=name).problems)
    (problem,) = (each for each in problems if each.code != "level-missing")
    assert (problem.code, problem.values["count"]) == ("indicators-unknown", "38")
    assert problem.values["found"].count(",") == 5
    assert len(problems) == 1 + bool(known)


def test_a_wrong_year_leaves_the_instrument_open() -> None:
    """Which indicators are missing or unknown, the year would have said."""
    for sheet in ("year: soon\nlevels: {1: 3}\n", "year: soon\nlevels: {99: 3}\n"):
        found = read_as(sheet, Wishes(), "nilai.yaml")
        assert (found.readings, found.codes) == ((), ["not-a-whole-number"])
    named = read_as("year: soon\ninstrument: spbe-2020\nlevels: {1: 3}\n", Wishes(), "x.yaml")
    assert named.codes == ["not-a-whole-number", "level-missing"]
