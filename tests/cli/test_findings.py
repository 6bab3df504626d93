"""Problems as data: every format has each of them, and every command tells them when it fails."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from conftest import ROOT, Spbe

WRONG, RIGHT = "tests/broken/level-off-scale.yaml", "examples/kota-jambi-2023.yaml"
TABLE = "examples/national-2023.csv"
NOTICED = "tests/broken/claim-beyond-evidence.yaml"
FAILING = {
    "score": [WRONG],
    "check": [WRONG],
    "whatif": [WRONG, "--set", "1=5"],
    "compare": [RIGHT, WRONG],
    "plan": [WRONG],
    "levers": [WRONG],
    "outlook": [WRONG, "--agreement", "0.9"],
    "rank": [WRONG],
    "profile": [WRONG],
    "audit": [WRONG],
}
DATA = ("json", "jsonl", "github", "gitlab", "junit", "sarif")


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / f"schemas/{name}.schema.json").read_text("utf-8"))
    return found


def problems_of(text: str) -> list[dict[str, Any]]:
    document = json.loads(text)
    jsonschema.validate(document, schema(document["format"].replace("/", "-")))
    found: list[dict[str, Any]] = document["problems"]
    return found


def said(spbe: Spbe, form: str, *arguments: str) -> str:
    return spbe("check", *arguments, "--format", form).out


def places(problems: list[dict[str, Any]]) -> list[tuple[object, ...]]:
    return [(each["file"], each["line"], each["column"], each["code"]) for each in problems]


@pytest.mark.parametrize("command", FAILING)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_command_tells_its_problems_when_it_fails(
    spbe: Spbe, command: str, language: str
) -> None:
    failed = spbe(command, *FAILING[command], "--format", "json", "--lang", language)
    assert failed.code == 3
    assert json.loads(failed.out)["exit_code"] == 3
    assert json.loads(failed.out)["valid"] == ([RIGHT] if command == "compare" else [])
    problems = problems_of(failed.out)
    assert (WRONG, 5, 6, "level-off-scale") in places(problems)
    assert all(each["sentence"] in failed.err and each["hint"] in failed.err for each in problems)
    assert failed.err == spbe(command, *FAILING[command], "--lang", language).err
    assert spbe(command, *FAILING[command], "--lang", language).out == ""


@pytest.mark.parametrize(
    ("arguments", "code", "found"),
    [
        (["score", "nowhere.yaml", "-fjson"], 4, ("nowhere.yaml", None, "file-not-found")),
        (["score", RIGHT, "--set", "x", "-f", "json"], 2, (None, "--set", "change-wrong")),
        (["score", RIGHT, "--format=json", "--bogus"], 2, (None, None, "option-unknown")),
        (["score", "--format", "json"], 2, (None, None, "argument-missing")),
        (["score", RIGHT, "--format", "json", "-o", "/"], 4, ("/", None, "output-unwritable")),
    ],
)
def test_every_failure_is_told(
    spbe: Spbe, arguments: list[str], code: int, found: tuple[str | None, str | None, str]
) -> None:
    failed = spbe(*arguments)
    assert failed.code == code
    if found[2] == "output-unwritable":
        assert failed.out == ""
        assert failed.err.count("[output-unwritable]") == 1
        return
    (problem,) = problems_of(failed.out)
    assert (problem["file"], problem["option"], problem["code"]) == found


def test_the_document_goes_where_the_answer_would(spbe: Spbe, tmp_path: Path) -> None:
    output = tmp_path / "hasil.json"
    failed = spbe("score", WRONG, "--format", "json", "-o", str(output))
    assert (failed.code, failed.out) == (3, "")
    assert len(problems_of(output.read_text("utf-8"))) == 3
    assert spbe("score", RIGHT, "--format", "json", "-o", str(output)).code == 0
    before = output.read_bytes()
    assert spbe("score", WRONG, "--format", "csv", "-o", str(output)).code == 2
    assert output.read_bytes() == before


def test_problems_are_written_over_no_score_sheet(spbe: Spbe, tmp_path: Path) -> None:
    sheet, other = tmp_path / "nilai.yaml", tmp_path / "lain.yaml"
    for path in (sheet, other):
        path.write_bytes((ROOT / WRONG).read_bytes())
    for output in (sheet, other):
        failed = spbe("score", str(sheet), "--format", "json", "-o", str(output))
        assert failed.code in (2, 3, 4)
        assert output.read_bytes() == (ROOT / WRONG).read_bytes()


def test_a_check_without_errors_has_its_notices(spbe: Spbe) -> None:
    found = spbe("check", NOTICED, "--format", "json")
    assert found.code == 0
    problems = problems_of(found.out)
    assert {each["severity"] for each in problems} == {"notice"}
    assert "claim-beyond-evidence" in {each["code"] for each in problems}
    lines = [json.loads(line) for line in said(spbe, "jsonl", NOTICED).splitlines()]
    assert [line["format"] for line in lines] == [
        "spbe-check/1",
        *["spbe-problems/1"] * len(problems),
    ]
    assert [line | {"format": None} for line in lines[1:]] == [
        each | {"format": None} for each in problems
    ]


@pytest.mark.parametrize("sheets", [[WRONG], [NOTICED], [WRONG, NOTICED, RIGHT]])
def test_every_format_has_every_problem(spbe: Spbe, sheets: list[str]) -> None:
    problems = problems_of(said(spbe, "json", *sheets))
    codes = [each["code"] for each in problems]
    github = said(spbe, "github", *sheets).splitlines()
    assert [re.findall(r",title=([a-z-]+)::", line)[0] for line in github] == codes
    gitlab = json.loads(said(spbe, "gitlab", *sheets))
    assert [each["check_name"] for each in gitlab] == codes
    assert len({each["fingerprint"] for each in gitlab}) == len(codes)
    (run,) = json.loads(said(spbe, "sarif", *sheets))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[each["ruleIndex"]]["id"] for each in run["results"]] == codes
    errors = [each for each in problems if each["severity"] != "notice"]
    root = ET.fromstring(said(spbe, "junit", *sheets))  # noqa: S314  (our own)
    assert [each.get("type") for each in root.iter("failure")] == [e["code"] for e in errors]
    failed = {each["file"] for each in errors}
    assert int(root.get("failures", "")) == len(failed)
    assert {case.get("name") for case in root.iter("testcase")} == set(sheets)
    assert int(root.get("tests", "")) == len(list(root.iter("testcase")))


def test_a_file_that_is_right_is_a_test_that_passes(spbe: Spbe) -> None:
    root = ET.fromstring(said(spbe, "junit", RIGHT))  # noqa: S314  (our own)
    (case,) = root.iter("testcase")
    assert (case.get("name"), list(case)) == (RIGHT, [])
    for form, empty in {"github": "", "gitlab": "[]\n"}.items():
        assert said(spbe, form, RIGHT) == empty


def test_sarif_says_line_column_and_a_path_as_a_uri(spbe: Spbe, tmp_path: Path) -> None:
    path = tmp_path / "nilai kota #1 é.yaml"
    path.write_bytes((ROOT / WRONG).read_bytes())
    instrument = (ROOT / "tests/broken/small-instrument.yaml").read_bytes()
    (tmp_path / "small-instrument.yaml").write_bytes(instrument)
    (run,) = json.loads(said(spbe, "sarif", str(path)))["runs"]
    results = [each for each in run["results"] if each["ruleId"] == "level-off-scale"]
    located = results[0]["locations"][0]["physicalLocation"]
    assert located["artifactLocation"]["uri"].endswith("/nilai%20kota%20%231%20%C3%A9.yaml")
    assert located["artifactLocation"]["uri"].startswith("file:///")
    assert located["region"] == {"startLine": 5, "startColumn": 6}


def test_a_workbook_is_annotated_by_its_cell(spbe: Spbe, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.active.title = "Nilai, 50%"
    book.active.append(["Indikator", "Nilai"])
    for code in range(1, 48):
        book.active.append([code, 9 if code == 7 else 3])
    path = tmp_path / "nilai.xlsx"
    book.save(path)
    (problem,) = (
        each
        for each in problems_of(said(spbe, "json", str(path), "--year", "2023"))
        if each["code"] == "level-off-scale"
    )
    assert (problem["sheet"], problem["cell"], problem["line"]) == ("Nilai, 50%", "B8", None)
    asked = [str(path), "--year", "2023"]
    annotated = spbe("score", *asked, GITHUB_ACTIONS="true").err
    for line in (said(spbe, "github", *asked), annotated):
        assert "title=level-off-scale::Nilai, 50%25!B8: " in line
    (run,) = json.loads(said(spbe, "sarif", *asked))["runs"]
    cells = [
        each["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]
        for each in run["results"]
        if each["ruleId"] == "level-off-scale"
    ]
    assert cells == ["Nilai, 50%!B8"]


def test_what_xml_cannot_hold_is_replaced() -> None:
    from spbe_cli.formats.endings import Look
    from spbe_cli.formats.findings import answer_junit

    problem: dict[str, object] = {
        **dict.fromkeys(["option", "sheet", "cell", "line", "column"]),
        "file": 'a"<\x0b>&.yaml',
        "code": "x",
        "severity": "error",
        "sentence": "\x00 ]]> \ud800 \ufffe",
        "hint": "'",
    }

    class Answered:
        def document(self) -> dict[str, Any]:
            return {"format": "spbe-problems/1", "problems": [problem]}

        def rows(self) -> list[list[str]]:
            return []

        pages = rows

    text = answer_junit(Answered(), Look(colour=False, width=80))  # type: ignore[arg-type]
    (case,) = ET.fromstring(text.encode()).iter("testcase")  # noqa: S314  (our own)
    assert case.get("name") == 'a"<\ufffd>&.yaml'
    assert case[0].get("message") == "\ufffd ]]> \ufffd \ufffd"


def test_annotations_stand_once(spbe: Spbe) -> None:
    found = spbe("check", WRONG, "--format", "github", GITHUB_ACTIONS="true")
    assert found.out.count("::error ") == 3
    assert "::error" not in found.err
    assert spbe("check", WRONG, GITHUB_ACTIONS="true").err.count("::error ") == 3


def test_every_exit_1_annotates(spbe: Spbe, tmp_path: Path) -> None:
    audited = tmp_path / "terbitan.csv"
    audited.write_text("Instansi,Tahun,Indeks,Predikat\nKota A,2023,2.60,Kurang\n", "utf-8")
    asked = {
        "audit": [str(audited)],
        "plan": [RIGHT, "--target", "4.9", "--only", "1"],
        "score": [RIGHT, "--min-index", "4.9"],
        "compare": [
            "examples/denpasar-2018.yaml",
            "--stages",
            "self",
            "external",
            "--fail-on-drop",
        ],
    }
    for command, arguments in asked.items():
        found = spbe(command, *arguments, GITHUB_ACTIONS="true")
        assert found.code == 1, (command, found.err)
        line = next(each for each in found.err.splitlines() if each.startswith("::error "))
        assert re.match(r"::error file=[^,]+(,line=2,col=1)?,title=gate::.", line)
        assert "::error" not in spbe(command, *arguments).err


def test_markdown_says_which_gates_are_unmet(spbe: Spbe) -> None:
    asked = ["score", RIGHT, "--format", "markdown", "--min-index", "4.9", "--min", "D1=1"]
    found = spbe(*asked)
    assert found.code == 1
    (sentence,) = (line for line in found.err.splitlines() if line.startswith("gate not met"))
    assert f"## Gates that are not met\n\n- {sentence}\n" in found.out
    assert "Gates that" not in spbe("score", RIGHT, "-f", "markdown", "--min-index", "1").out
    assert "Gates that" not in spbe("score", RIGHT, "--min-index", "4.9").out


def test_markdown_of_a_check_tells_problems_and_that_of_an_answer_does_not(spbe: Spbe) -> None:
    found = spbe("check", WRONG, "--format", "markdown")
    assert found.out.startswith("## Problems\n")
    assert found.out.count("| level-off-scale |") == 3
    assert spbe("score", WRONG, "--format", "markdown").out == ""


def test_every_schema_is_printed_by_its_name(spbe: Spbe) -> None:
    names = spbe("schema").out.split()
    files = {path.name for path in (ROOT / "schemas").glob("*.schema.json")}
    assert {f"{name.replace('/', '-')}.schema.json" for name in names} == files
    for name in names:
        text = (ROOT / f"schemas/{name.replace('/', '-')}.schema.json").read_text("utf-8")
        assert spbe("schema", name).out == text
        assert spbe("schema", name.replace("/", "-")).out == text
    wrong = spbe("schema", "spbe-scor/1")
    assert (wrong.code, "spbe-score/1" in wrong.err) == (2, True)


def test_a_file_with_a_wrong_sheet_beside_a_right_one_is_not_valid(spbe: Spbe) -> None:
    two = "tests/broken/level-off-scale--second-document.yaml"
    assert json.loads(said(spbe, "json", two, RIGHT))["valid"] == [RIGHT]
    root = ET.fromstring(said(spbe, "junit", two, RIGHT))  # noqa: S314  (our own)
    assert [(case.get("name"), len(case)) for case in root.iter("testcase")] == [
        (RIGHT, 0),
        (two, 1),
    ]


def test_an_option_is_no_file(spbe: Spbe) -> None:
    asked = ["score", RIGHT, "--min-index", "x"]
    assert "::error title=gate-wrong::" in spbe(*asked, GITHUB_ACTIONS="true").err
    (problem,) = problems_of(spbe(*asked, "--format", "json").out)
    assert (problem["file"], problem["option"]) == (None, "--min-index")
