"""Every reader of YAML against every shape that YAML can have."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from conftest import Spbe
from support.sheets import BANDAR_LAMPUNG
from support.tables import HEAD, row, table_text

from spbe_cli.core.problem import Problem, errors_of, nearest
from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.instruments import instrument_from_file, read_criteria, shipped_instrument
from spbe_cli.read.published import read_population
from spbe_cli.read.requests import read_agreements, read_costs, read_scenarios
from spbe_cli.read.schema import AssessmentDocument
from spbe_cli.words import LANGUAGES, Words

SPBE = shipped_instrument("spbe-2020")
Reader = Callable[[str], list[Problem]]


READERS: dict[str, Reader] = {
    "sheet": lambda path: list(read_file(path, Wishes()).problems),
    "instrument": lambda path: instrument_from_file(path)[1],
    "costs": lambda path: read_costs(path, SPBE)[1],
    "agreements": lambda path: read_agreements(path, SPBE)[1],
    "scenarios": lambda path: read_scenarios(path)[1],
    "criteria": lambda path: read_criteria(replace(SPBE, criteria=path))[1],
    "population": lambda path: read_population([path], Wishes())[1],
}
KEYS: dict[str, tuple[str, ...]] = {
    "sheet": (
        "institution", "category", "province", "year", "stage", "instrument", "note", "levels",
        "stages", "instansi", "tahun", "nilai", "tahapan", "results", "format",
    ),
    "instrument": (
        "id", "title", "domains", "aspects", "groups", "scale", "predicates", "basis", "references",
        "years", "status", "rounding", "index", "criteria", "provisional",
    ),
    "costs": ("each", "indicators"),
    "agreements": ("agreement", "indicators"),
    "scenarios": ("note", "scenarios"),
    "criteria": ("instrument", "indicators"),
    "population": ("institution", "levels", "index"),
}  # fmt: skip
BELOW: dict[str, tuple[str, ...]] = {
    "sheet": ("levels: {{1: {}}}", "levels: {{1: {{level: {}}}}}",
              "levels: {{1: {{evidence: {}}}}}",
              "stages: {{self: {}}}", "stages: {{self: {{1: {}}}}}", "levels: {{{}: 3}}",
              "format: spbe-score/1\nresults: [{}]",
              "format: spbe-score/1\nresults: [{{index: {0}, indicators: [{0}]}}]",
              "index: {0}\nindicators: {0}", "index: 1\nindicators: [{{code: {0}, level: {0}}}]"),
    "instrument": ("domains: [{}]", "scale: {{lowest: {}}}", "scale: {{names: {}}}",
                   "scale: {{names: {{x: {}}}}}", "predicates: [{}]", "predicates: [{{from: {}}}]",
                   "domains: [{{indicators: [{}]}}]", "years: {{from: {}}}", "basis: [{}]",
                   "domains: [{{aspects: [{{indicators: [{{also: {}}}]}}]}}]",
                   "references: [{}]", "rounding: {{places: {}}}", "provisional: [{}]"),
    "costs": ("indicators: {{1: {}}}", "indicators: {{1: {{3: {}}}}}", "indicators: {{{}: 1}}",
              "indicators: {{1: {{{}: 1}}}}"),
    "agreements": ("indicators: {{1: {}}}", "indicators: {{{}: 1}}"),
    "scenarios": ("scenarios: [{}]", "scenarios: [{{name: {}, set: {{1: 3}}}}]",
                  "scenarios: [{{name: x, set: {}}}]", "scenarios: [{{name: x, set: [{}]}}]",
                  "scenarios: [{{name: x, set: {{1: {}}}}}]",
                  "scenarios: [{{name: x, set: {{{}: 3}}}}]"),
    "criteria": ("instrument: x\nindicators: {{1: {}}}",
                 "instrument: x\nindicators: {{1: {{levels: {}}}}}",
                 "instrument: x\nindicators: {{1: {{levels: {{1: {}}}}}}}",
                 "instrument: x\nindicators: {{1: {{evidence: {{1: {}}}}}}}"),
    "population": ("levels: {{1: {}}}",),
}  # fmt: skip
SHAPES = (
    "", "~", "null", "text", "3", "-1", "1e9", "1/3", "1/0", "0/0", ".inf", ".nan", "010", "0x1F",
    "true", "no", "2023-01-01", "12:30", "''", '" "', "[]", "{}", "[[]]", "[{}]", "[text]", "[~]",
    "{a: b}", "{1: 2}", "{a: {b: c}}", "{? [x] : y}", "{? {x: y} : z}", "{~: 1}", "{'': 1}",
    "[1, [2, [3, [4]]]]", "&a b", "*a", "!!set {a, b}", "!!python/none x", "!x y", "<<",
    "{<<: {a: b}}", '"\\U0001F600"', '"\\0"', "9" * 400, "1" + "0" * 5000, "x" * 3000,
    "-" + "9" * 30 + "/" + "7" * 30, "\u2163", "\uff13", "\u0663", "+3", "3,0", "=1+1",
)  # fmt: skip


def documents(reader: str) -> list[str]:
    """Return the documents that a reader meets: every shape as a whole, under a key, below one."""
    whole = [*SHAPES, *(f"- {shape}" for shape in SHAPES), "a: b\n---\nc: d", "--- \n...\n", "? x"]
    under = [f"{key}: {shape}" for key, shape in product(KEYS[reader], SHAPES)]
    below = [text.format(shape) for text, shape in product(BELOW[reader], SHAPES)]
    return [*whole, *under, *below]


@pytest.mark.parametrize("reader", READERS)
def test_every_shape_is_read_or_refused_with_a_sentence(reader: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    refused = 0
    for document in documents(reader):
        path.write_text(document, encoding="utf-8")
        try:
            problems = READERS[reader](str(path))
        except Exception as error:
            raise AssertionError(f"{type(error).__name__}: {error}: {document[:300]!r}") from error
        refused += bool(errors_of(problems))
        for problem in problems:
            for language in LANGUAGES:
                assert all(text.strip() for text in Words(language).problem(problem)), document
    assert refused > len(SHAPES)


@pytest.mark.parametrize(
    ("option", "command"),
    [
        ("--scenario", ("whatif",)),
        ("--costs", ("plan",)),
        ("--agreements", ("outlook",)),
        ("--instrument", ("score",)),
    ],
)
@pytest.mark.parametrize("text", ["text", "- a\n- b\n", "3", "[]", "{}", "~"])
def test_a_file_of_another_shape_is_a_problem_with_its_place(
    spbe: Spbe, tmp_path: Path, option: str, command: tuple[str, ...], text: str
) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)
    ran = spbe(*command, BANDAR_LAMPUNG, option, str(path))
    assert ran.code in (0, 2, 3), ran.err
    if ran.code:
        assert str(path) in ran.err


@pytest.mark.parametrize("reader", ["sheet", "instrument", "costs", "scenarios"])
def test_more_values_than_are_read(
    reader: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spbe_cli.read.yaml.MOST_VALUES", 100)
    path = tmp_path / "x.yaml"
    path.write_text("levels: [" + "3, " * 100 + "]")
    problems = READERS[reader](str(path))
    assert [(each.code, each.place.line) for each in problems][:1] == [("yaml-too-large", 1)]
    assert problems[0].place.column == 10 + 3 * 97  # the mapping, its key, the list and 97 values


def test_as_many_unknown_keys_as_values_are_told_without_making_the_schema_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = 0
    schema = AssessmentDocument.model_json_schema

    def counting() -> dict[str, Any]:
        nonlocal made
        made += 1
        return schema()

    monkeypatch.setattr(AssessmentDocument, "model_json_schema", counting)
    path = tmp_path / "x.yaml"
    path.write_text("year: 2023\n" + "".join(f"yaer{number}: 3\n" for number in range(3000)))
    problems = READERS["sheet"](str(path))
    unknown = [each for each in problems if each.code == "unknown-key"]
    assert len(unknown) == 3000
    assert made <= 1  # or kept from before
    assert [each.values.get("nearest") for each in unknown[:2]] == ["year", "year"]


def test_no_nearest_name_is_sought_for_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def unbounded(*_: object, **__: object) -> list[str]:
        raise AssertionError("compared")

    monkeypatch.setattr("difflib.get_close_matches", unbounded)
    assert nearest("x" * 101, ["y" * 90]) == {}
    monkeypatch.undo()
    assert nearest("yaer", ["year" * 1000, "year"]) == {"nearest": "year"}


@pytest.mark.parametrize("form", ["table", "yaml", "files"])
def test_more_score_sheets_than_a_command_answers_for(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr("spbe_cli.cli.options.MOST_SHEETS", 3)
    sheet = "year: 2023\nlevels: {" + ", ".join(f"{n}: 3" for n in range(1, 48)) + "}\n"
    given = [tmp_path / "x.yaml"]
    for count, code in ((3, 0), (4, 3)):
        if form == "table":
            given = [tmp_path / "x.csv"]
            given[0].write_text(table_text([HEAD, *(row(f"Kota {n}") for n in range(count))]))
        elif form == "yaml":
            given[0].write_text("---\n".join([sheet] * count))
        else:
            given = [tmp_path / f"{number}.yaml" for number in range(count)]
            for path in given:
                path.write_text(sheet)
        ran = spbe("score", *map(str, given))
        assert (ran.code, "[sheets-too-many]" in ran.err) == (code, bool(code)), ran.err
        out = str(tmp_path / "out.csv")
        assert spbe("batch", *map(str, given), "-o", out, "--force").code == 0


@pytest.mark.parametrize("other", ["", "text", "[1]", "3", "{}", "{1: 3}"])
@pytest.mark.parametrize("names", [("self", "mandiri"), ("mandiri", "self"), ("akhir", "final")])
def test_a_stage_under_two_names_of_which_one_is_no_levels(
    spbe: Spbe, tmp_path: Path, names: tuple[str, str], other: str
) -> None:
    path = tmp_path / "a.yaml"
    for stages in (
        (f"{names[0]}: {{1: 3}}", f"{names[1]}: {other}"),
        (f"{names[0]}: {other}", f"{names[1]}: {{1: 3}}"),
    ):
        path.write_text("year: 2023\nstages:\n" + "".join(f"  {each}\n" for each in stages))
        found = spbe("check", str(path))
        assert (found.code, "[duplicate-stage]" in found.err) == (3, True), found.err
        assert ("[not-a-mapping]" in found.err) == ("{" not in other)
