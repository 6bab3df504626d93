"""Every way to be wrong has a file here: all of it is found, at its place, and nothing else."""

import re
import runpy
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from conftest import ROOT
from pydantic import BaseModel, ValidationError
from support.sheets import bandar_lampung

from spbe_cli.cli.run import run
from spbe_cli.core.assessment import Stage
from spbe_cli.core.problem import Place, Problem
from spbe_cli.core.whatif import imagine
from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.instruments import instrument_from_file, shipped_instrument
from spbe_cli.read.published import read_population
from spbe_cli.read.requests import read_agreements, read_costs, read_scenarios
from spbe_cli.read.shape import shape_problems
from spbe_cli.words import LANGUAGES, Words

HERE = Path(__file__).parent
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load(
    (HERE / "expected.yaml").read_text(encoding="utf-8")
)
RECIPES: dict[str, Any] = runpy.run_path(str(HERE / "recipes.py"))["RECIPES"]
NOT_BROKEN = {
    "expected.yaml",
    "recipes.py",
    "test_broken.py",
    "small-instrument.yaml",
    "evidence-instrument.yaml",
    "evidence-criteria.yaml",
    "unconfirmed-instrument.yaml",
}
TABLE_OPTIONS = "--instrument small-instrument.yaml --year 2023"
SECTIONS = [section for section in EXPECTED if section != "requests"]
ELSEWHERE = {
    "value-wrong",  # test_what_pydantic_may_complain_of_one_day_is_a_problem_too
    "audit-too-fine",  # tests/unit/test_audit.py: an instrument that is made for it
    "sheet-full",  # tests/cli/test_charts.py: more rows than a sheet has
    "field-unknown",  # tests/cli/test_report_pages.py: as below
    "report-misplaced",  # tests/unit/test_letterheads.py: letterheads that are made for it
    "usage-wrong",  # tests/cli/test_manners.py: no request of today reaches it
    # tests/cli/test_batch.py: large, filtered or binary inputs, and libraries that are not there
    "row-too-large",
    "parquet-wrong",
    "batch-nothing-scored",
    "batch-without-engine",
    "extra-missing",
    "assessment-repeated",  # tests/cli/test_identity.py: of a folder
    "file-open",  # tests/cli/test_windows.py
    "compared-with-copy",  # tests/cli/test_compare.py: a copy that is made for it
    "setting-used",  # tests/cli/test_settings.py
    "setting-wrong",
    "settings-unreadable",
    "files-not-read",  # tests/trials: of a folder
    "sheet-unknown",  # tests/trials: of a sheet that is asked for
    "output-binary",  # tests/cli/test_report.py: only on a terminal
    # tests/faults: what is in the way of an output, pipes and devices
    "output-is-sheet",
    "output-read-only",
    "output-twice",
    "file-not-regular",
    "document-other",
    "yaml-too-large",
    "sheets-too-many",
    "workbook-reader-died",
    "folder-too-large",
    "file-repeated",
}


class Found(NamedTuple):
    """A problem as expected.yaml writes it."""

    line_or_sheet: int | str | None
    column_or_cell: int | str | None
    code: str


def expected(section: str, case: str) -> list[Found]:
    return sorted(_expected(EXPECTED[section][case]), key=str)


def _expected(entries: list[list[Any]]) -> Iterator[Found]:
    for *place, code in entries:
        line, columns = place or (None, None)
        for column in columns if isinstance(columns, list) else [columns]:
            yield Found(line, column, code)


def found(problems: list[Problem]) -> list[Found]:
    return sorted((Found(*_where(p.place), str(p.code)) for p in problems), key=str)


def _where(place: Place) -> tuple[int | str | None, int | str | None]:
    return (place.sheet, place.cell) if place.cell is not None else (place.line, place.column)


def problems_in_sheet(case: str) -> list[Problem]:
    """Return all problems of the file that a case names first, read with its options."""
    path, *options = shlex.split(case)
    return _read(path, _wishes(options))


def problems_from_recipe(case: str, folder: Path) -> list[Problem]:
    """Return all problems of the file that a recipe makes, read with the case's options."""
    recipe, *options = shlex.split(case)
    wishes = _wishes(options)
    with pytest.MonkeyPatch.context() as patch:
        return _read(str(RECIPES[recipe](folder, patch)), wishes)


def _wishes(options: list[str]) -> Wishes:
    chosen = dict(zip(options[::2], options[1::2], strict=True))
    own = chosen.get("--instrument")
    return Wishes(
        instrument=instrument_from_file(str(HERE / own))[0] if own else None,
        stage=Stage(chosen["--stage"]) if "--stage" in chosen else None,
        year=int(chosen["--year"]) if "--year" in chosen else None,
    )


def _read(path: str, wishes: Wishes) -> list[Problem]:
    result = read_file(path, wishes)
    return [*result.problems, *(n for reading in result.readings for n in reading.notices)]


def assert_said(problems: list[Problem]) -> None:
    """Hold that each problem can be said in both languages, with and without a nearest word."""
    for problem in problems:
        plain = {key: value for key, value in problem.values.items() if key != "nearest"}
        for values in (problem.values, plain, {**plain, "nearest": "near"}):
            for language in LANGUAGES:
                texts = Words(language).problem(problem._replace(values=values))
                assert all(text.strip() for text in texts)
                if not any(mark in value for mark in "{}" for value in values.values()):
                    assert not any(mark in text for mark in "{}" for text in texts)


@pytest.mark.parametrize("case", EXPECTED["score sheets"])
def test_all_problems_of_a_score_sheet_are_found(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE)
    problems = problems_in_sheet(case)
    assert found(problems) == expected("score sheets", case)
    assert_said(problems)


@pytest.mark.parametrize("case", EXPECTED["instruments"])
def test_all_problems_of_an_instrument_are_found(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE)
    instrument, problems = instrument_from_file(case)
    assert instrument is None
    assert found(problems) == expected("instruments", case)
    assert_said(problems)


@pytest.mark.parametrize("case", EXPECTED["recipes"])
def test_all_problems_of_a_made_file_are_found(case: str, tmp_path: Path) -> None:
    problems = problems_from_recipe(case, tmp_path)
    assert found(problems) == expected("recipes", case)
    assert_said(problems)


@pytest.mark.parametrize("case", EXPECTED["costs"])
def test_all_problems_of_costs_are_found(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    _, problems = read_costs(case, shipped_instrument("spbe-2020"))
    assert found(problems) == expected("costs", case)
    assert_said(problems)


@pytest.mark.parametrize("case", EXPECTED["scenarios"])
def test_all_problems_of_scenarios_are_found(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    scenarios, problems = read_scenarios(case)
    for scenario in scenarios:
        problems += imagine(bandar_lampung(), scenario)[1]
    assert found(problems) == expected("scenarios", case)
    assert_said(problems)


@pytest.mark.parametrize("case", EXPECTED["agreements"])
def test_all_problems_of_agreements_are_found(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    _, problems = read_agreements(case, shipped_instrument("spbe-2020"))
    assert found(problems) == expected("agreements", case)
    assert_said(problems)


@pytest.mark.parametrize("case", EXPECTED["published"])
def test_all_problems_of_published_tables_are_found(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE)
    _, problems = read_population([case], Wishes())
    assert found(problems) == expected("published", case)
    assert_said(problems)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", EXPECTED["requests"])
def test_a_wrong_request_is_refused_by_its_code(
    case: str,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SPBE_LANG", language)
    run(shlex.split(case))
    said = capsys.readouterr().err
    assert re.findall(r"\[([a-z-]+)\]$", said, re.MULTILINE) == EXPECTED["requests"][case]
    assert not set("{}") & set(said)


def test_the_small_instrument_is_not_broken() -> None:
    assert instrument_from_file(str(HERE / "small-instrument.yaml"))[1] == []


def test_as_many_problems_as_lines_are_found_in_one_go(tmp_path: Path) -> None:
    path = tmp_path / "nilai.yaml"
    path.write_text("levels:\n" + "  1: 3\n" * 20_000, encoding="utf-8")
    codes = [problem.code for problem in read_file(str(path), Wishes()).problems]
    assert codes.count("duplicate-key") == 19_999


def test_what_pydantic_may_complain_of_one_day_is_a_problem_too() -> None:
    class Later(BaseModel):
        year: bool

    with pytest.raises(ValidationError) as refused:
        Later.model_validate({"year": "?"})
    problems = shape_problems(refused.value, Later, lambda _location, _key=False: Place("x"))
    assert found(problems) == [Found(None, None, "value-wrong")]
    assert_said(problems)


def test_every_code_has_a_broken_input() -> None:
    entries = [
        entry
        for section in SECTIONS
        for found_in_file in EXPECTED[section].values()
        for *_, entry in found_in_file
    ]
    requested = [code for codes in EXPECTED["requests"].values() for code in codes]
    assert {*entries, *requested, *ELSEWHERE} == set(Words("en").codes)


def test_every_file_is_named_after_a_code_that_is_found_in_it() -> None:
    for section in SECTIONS:
        for case in EXPECTED[section]:
            code = Path(shlex.split(case)[0]).name.split(".")[0].partition("--")[0]
            assert code in {entry[-1] for entry in EXPECTED[section][case]}, case


def test_every_file_and_recipe_is_expected() -> None:
    named = {section: {shlex.split(case)[0] for case in EXPECTED[section]} for section in SECTIONS}
    files = {path.name for path in HERE.iterdir() if path.is_file()} - NOT_BROKEN
    assert set(RECIPES) == named.pop("recipes")
    assert files == set[str]().union(*named.values())


def test_nesting_deeper_than_the_parser_itself_allows(tmp_path: Path) -> None:
    path = tmp_path / "nilai.yaml"
    path.write_text("levels: " + "[" * 20_000 + "]" * 20_000)
    assert [problem.code for problem in _read(str(path), Wishes())] == ["yaml-too-deep"]
