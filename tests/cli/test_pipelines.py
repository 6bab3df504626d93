"""What pipelines take: the action's steps run here, hooks find files, five lines are five."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from conftest import ROOT, Spbe

ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
TEMPLATE = yaml.safe_load((ROOT / "templates/spbe.gitlab-ci.yml").read_text("utf-8"))
PAGE = (ROOT / "docs/ci.md").read_text("utf-8")
RIGHT, OTHER = "examples/kota-jambi-2023.yaml", "examples/bandar-lampung-2023.yaml"
WRONG = "tests/broken/level-off-scale.yaml"
_INPUT = re.compile(r"\$\{\{ inputs\.([a-z-]+) \}\}")


class Ran(NamedTuple):
    """What a step left behind."""

    code: int
    said: str
    outputs: dict[str, str]
    summary: str


def tools(folder: Path) -> None:
    """Put `spbe` and `python` where the first step of the action installs them."""
    folder.mkdir(parents=True)
    (folder / "python").symlink_to(sys.executable)
    program = folder / "spbe"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m spbe_cli "$@"\n')
    program.chmod(0o755)


def scored(tmp_path: Path, **given: str) -> Ran:
    """Run the step of the action that scores, as a runner does."""
    assert given.keys() <= {name.replace("-", "_") for name in ACTION["inputs"]}
    _, step = ACTION["runs"]["steps"]
    tools(tmp_path / "spbe-cli" / "bin")
    outputs, summary = tmp_path / "outputs", tmp_path / "summary"
    outputs.touch()
    summary.touch()
    inputs = {
        name: given.get(name.replace("-", "_"), about.get("default", ""))
        for name, about in ACTION["inputs"].items()
    }
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8",
        "GITHUB_ACTIONS": "true",
        "GITHUB_OUTPUT": str(outputs),
        "GITHUB_STEP_SUMMARY": str(summary),
        "RUNNER_TEMP": str(tmp_path),
        **{
            name: _INPUT.sub(lambda found: inputs[found[1]], text)
            for name, text in step["env"].items()
        },
    }
    script = tmp_path / "step.sh"
    script.write_text(step["run"], "utf-8")
    ran = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = outputs.read_text("utf-8").splitlines()
    told = dict(line.split("=", 1) for line in lines)
    return Ran(ran.returncode, ran.stdout + ran.stderr, told, summary.read_text("utf-8"))


def test_a_gate_that_is_met(tmp_path: Path) -> None:
    ran = scored(tmp_path, files=f"{RIGHT}\n{OTHER}\n", min_index="2")
    assert (ran.code, ran.said) == (0, "")
    assert (ran.outputs["index"], ran.outputs["exact-index"]) == ("2.15", "2.1545")
    assert ran.outputs["predicate"] == "Cukup"
    assert json.loads(Path(ran.outputs["json"]).read_text("utf-8"))["format"] == "spbe-score/1"
    assert ran.summary.count("\n## ") + ran.summary.startswith("## ") == 2
    assert set(ran.outputs) == set(ACTION["outputs"])


def test_a_gate_that_is_missed(tmp_path: Path) -> None:
    ran = scored(tmp_path, files=OTHER, min_predicate="baik", min="D4=3\nD1=1.5")
    assert ran.code == 1
    assert ran.said.count(f"::error file={OTHER},title=gate::gate not met") == 2
    assert ran.outputs["predicate"] == "Cukup"
    assert "## Gates that are not met" in ran.summary
    assert "short by" in ran.summary


def test_a_sheet_that_is_wrong(tmp_path: Path) -> None:
    ran = scored(tmp_path, files=WRONG, min_index="2", lang="id")
    assert ran.code == 3
    assert ran.said.count(f"::error file={WRONG},line=5,col=6,title=level-off-scale::") == 1
    assert set(ran.outputs) == {"json"}
    told = json.loads(Path(ran.outputs["json"]).read_text("utf-8"))
    assert (told["format"], len(told["problems"])) == ("spbe-problems/1", 3)
    assert f"{WRONG}:5:6" in ran.summary


def test_a_workbook_with_a_wrong_cell(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.active.append(["Indikator", "Nilai"])
    for code in range(1, 48):
        book.active.append([code, 9 if code == 7 else 3])
    path = tmp_path / "nilai kota $(touch x).xlsx"
    book.save(path)
    ran = scored(tmp_path, files=str(path), year="2023")
    assert ran.code == 3
    assert "title=level-off-scale::Sheet!B8: " in ran.said
    assert not (ROOT / "x").exists()


@pytest.mark.parametrize("hostile", ['"; touch hacked #', "$(touch hacked)", "--force", "`id`"])
def test_inputs_are_values_and_no_code(tmp_path: Path, hostile: str) -> None:
    names = ("files", "min_index", "min_predicate", "min", "instrument", "stage")
    for number, name in enumerate(names):
        folder = tmp_path / str(number)
        folder.mkdir()
        ran = scored(folder, **{"files": RIGHT, name: hostile})
        assert ran.code in (2, 4), (name, ran.said)
    assert not (ROOT / "hacked").exists()


def test_no_file_at_all_is_wrong_usage(tmp_path: Path) -> None:
    ran = scored(tmp_path, files="\n")
    assert (ran.code, ran.outputs) == (2, {})
    assert "title=argument-missing::" in ran.said


def test_inputs_reach_the_steps_through_the_environment_alone() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"
    used = {name for step in ACTION["runs"]["steps"] for name in _INPUT.findall(str(step["env"]))}
    assert used == set(ACTION["inputs"])
    install, _ = ACTION["runs"]["steps"]
    assert install["run"].splitlines()[-1].endswith('"$GITHUB_ACTION_PATH"')


def test_the_output_of_a_name_with_a_line_break_is_one_line(tmp_path: Path) -> None:
    text = (ROOT / "tests/broken/small-instrument.yaml").read_text("utf-8")
    own = text.replace("{name: Kurang}", '{name: "Kurang\\nindex=9"}')
    (tmp_path / "own.yaml").write_text(own, "utf-8")
    sheet = "instrument: own.yaml\nyear: 2024\nlevels: {1: 1, 2: 1, 3: 1, 4: 1}\n"
    (tmp_path / "s.yaml").write_text(sheet, "utf-8")
    ran = scored(tmp_path / "run", files=str(tmp_path / "s.yaml"))
    assert ran.outputs.get("index") in ("1.00", None), ran
    assert ran.outputs.get("predicate") in ("Kurang index=9", None), ran


def test_hooks_find_the_files_that_are_named_for_them() -> None:
    assert [hook["id"] for hook in HOOKS] == ["spbe-check", "spbe-gate"]
    for hook in HOOKS:
        assert (hook["language"], hook["require_serial"]) == ("python", True)
        found = re.compile(hook["files"])
        for name in ("a.spbe.yaml", "2024/kota.spbe.yml", "b.spbe.csv", "c.spbe.xlsx"):
            assert found.search(name)
        for name in ("a.yaml", "spbe.yaml.txt", "aspbe.yaml", "x.spbe.yaml.bak"):
            assert not found.search(name)


@pytest.mark.parametrize(
    ("hook", "arguments", "name", "code"),
    [
        ("spbe-check", [], RIGHT, 0),
        ("spbe-check", [], WRONG, 3),
        ("spbe-gate", ["--min-predicate", "baik"], OTHER, 1),
        ("spbe-gate", ["--min-index", "2"], OTHER, 0),
    ],
)
def test_a_hook_fails_where_it_should(
    spbe: Spbe, hook: str, arguments: list[str], name: str, code: int
) -> None:
    (entry,) = (each["entry"] for each in HOOKS if each["id"] == hook)
    program, *asked = entry.split()
    assert program == "spbe"
    assert spbe(*asked, *arguments, name).code == code


@pytest.mark.parametrize(
    ("files", "gates", "code", "count"),
    [(WRONG, "", 3, 3), (OTHER, "--min-predicate=baik", 1, 0), (OTHER, "--min-index 2", 0, 0)],
)
def test_the_template_of_gitlab(
    tmp_path: Path, files: str, gates: str, code: int, count: int
) -> None:
    tools(tmp_path / "bin")
    job = TEMPLATE["spbe"]
    variables = {**job["variables"], "SPBE_FILES": str(ROOT / files), "SPBE_GATES": gates}
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", **variables}
    ran = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", job["script"][-1]],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert ran.returncode == code, ran.stderr
    reports = job["artifacts"]["reports"]
    assert len(json.loads((tmp_path / reports["codequality"]).read_text("utf-8"))) == count
    assert (tmp_path / reports["junit"]).read_text("utf-8").count("<failure ") == count
    assert sorted(job["artifacts"]["paths"]) == sorted(reports.values())


def blocks() -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_a_gate_is_five_lines() -> None:
    action, hook, include, *_ = blocks()
    assert all(len(block.splitlines()) == 5 for block in (action, hook, include))
    _, step = yaml.safe_load(action)
    assert step["uses"].startswith("OWNER/")
    assert step["with"].keys() <= ACTION["inputs"].keys()
    assert {name for name, about in ACTION["inputs"].items() if about.get("required")} <= set(
        step["with"]
    )
    (repository,) = yaml.safe_load(hook)["repos"]
    assert {each["id"] for each in repository["hooks"]} <= {each["id"] for each in HOOKS}
    included = yaml.safe_load(include)
    assert included["include"][0]["remote"].endswith("/templates/spbe.gitlab-ci.yml")
    assert included["variables"].keys() <= TEMPLATE["spbe"]["variables"].keys()


def test_the_page_names_every_input_output_hook_and_variable() -> None:
    named = [*ACTION["inputs"], *ACTION["outputs"], *TEMPLATE["spbe"]["variables"]]
    for name in [*named, *(hook["id"] for hook in HOOKS)]:
        assert f"`{name}`" in PAGE, name
