"""In Indonesian nothing is said in English but keys and names, and in English nothing else.

A word that a run says must stand in what is translated into its language, or below. So a sentence
of the parser, of another library or of the operating system is found as well as one of ours.
"""

import ctypes
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from conftest import ROOT, Outcome, Spbe

from spbe_cli import words as spoken
from spbe_cli.cli.app import COMMANDS

FOLDER = Path(spoken.__file__).parent
INSTRUMENT = """\
id: zq
title: Zqtitle
index: Zqindex
scale: {lowest: 1, highest: 5}
predicates: [{name: Zqhigh, from: 2.6}, {name: Zqlow}]
basis: [{from: 2020, compare: exact}]
aspects:
  - code: A1
    name: Zqfirst
    weight: 40
    indicators: [{code: "1", weight: 10, name: Zqa}, {code: "2", weight: 30, name: Zqb}]
  - code: A2
    name: Zqsecond
    weight: 60
    indicators: [{code: "3", weight: 20, name: Zqc}, {code: "4", weight: 40, name: Zqd}]
"""
"""An instrument whose names are of no language."""
LEVELS = {"a": (1, 2, 3, 2), "b": (3, 4, 3, 5), "c": (2, 3, 3, 1)}
TABLE = "institution,index,A1,A2\nZqone,2.50,2.50,2.50\nZqtwo,3.75,3.00,4.25\n"
AS_ASKED = ("--instrument", "zq.yaml")
FULL = {
    "score": ["a.yaml", "b.yaml", "--detail", "indicator", *AS_ASKED],
    "check": ["a.yaml", "wide.csv", *AS_ASKED],
    "whatif": ["a.yaml", "--set", "all=+1", *AS_ASKED],
    "compare": ["a.yaml", "b.yaml", *AS_ASKED],
    "plan": ["a.yaml", "--target", "3", *AS_ASKED],
    "levers": ["a.yaml", *AS_ASKED],
    "outlook": ["b.yaml", "--calibrate", "pair.yaml", *AS_ASKED],
    "batch": ["wide.csv", "-o", "out.csv", *AS_ASKED],
    "rank": ["table.csv", *AS_ASKED],
    "profile": ["table.csv", "--target", "3", *AS_ASKED],
    "audit": ["table.csv", *AS_ASKED],
    "report": ["a.yaml", "--previous", "c.yaml", "--target", "4", *AS_ASKED],
    "init": ["form.yaml", "--year", "2023", *AS_ASKED],
    "merge": ["a.yaml", "-o", "merged.yaml", *AS_ASKED],
    "explain": ["level-off-scale"],
    "instrument": ["show", "zq.yaml"],
    "schema": [],
    "completion": ["bash"],
    "settings": [],
}
"""A run of each command that says most of what it has to say."""
TYPED = """\
agreements alias all always aspect aspects assessment audit auto bounds calibration carried costs
criteria diff doctype error evidence from highest index indicators install institution language
levels list lower lowest min my observed predicate predikat provisional scale scenarios show stage
stepwise table tables tingkat year yml
"""
"""Choices of options, keys of files and settings, kinds of files."""
NAMED = """\
bash emsp en fish panrb pemdi permenpan rb sha spbe stdin zq zsh
"""
"""Names: ours, of regulations, and what shortens names and numbers."""
KEYS = {*COMMANDS, *TYPED.split(), *NAMED.split()}
"""Words that need no translation."""
BOTH = """\
akhir anggaran april basis brier byte cm csv data diagram digital disk doc document docx domain
eksternal excel field file final folder format html id info init internal interviu ips json jsonl
level libreoffice md median model nip no november ods open opsional parquet pdf per pip polars
program python radar rho rich rtf sdi self september set sha shell status step strict tab tag
target terminal text toml tsv unit utf verifikasi web windows word xlsb xlsx xml ya yaml zip
"""
"""Words that both languages have, or that are keys and names in what is translated."""


def words_in(text: str) -> Iterator[str]:
    for word in re.findall(r"\b[^\W\d_]{2,}\b", text):
        if not word.startswith("Zq"):
            yield word.casefold()


def bare(text: str) -> str:
    """A text without what is typed or named: options, files, codes, texts in quotes, examples."""
    text = re.sub(r"(?m)^ {4}(spbe|cat) .*$", "", text)
    text = re.sub(r"\{(\w+:)?([^}]*)\}", lambda found: found[2] if found[1] else "", text)
    text = re.sub(r"spbe explain \S+", "", text)
    return re.sub(r"\[[a-z-]+\]|--?[a-z-]+|<[a-z|0-9-]+>|\S+[./=]\S*|\"[^\"]*\"", "", text)


def vocabulary(language: str) -> set[str]:
    sentences = yaml.safe_load((FOLDER / "sentences.id.yaml").read_text("utf-8"))
    problems = yaml.safe_load((FOLDER / f"problems.{language}.yaml").read_text("utf-8"))
    said = sentences.values() if language == "id" else sentences
    texts = [text for each in problems.values() for key, text in each.items() if key != "example"]
    return {word for text in (*said, *texts) for word in words_in(bare(text))}


KNOWN = {language: vocabulary(language) for language in ("id", "en")}


def foreign(outcome: Outcome, language: str) -> set[str]:
    """The words of a run that are not of its language."""
    assert outcome.code != 70, outcome.err
    return {
        word
        for stream in (outcome.out, outcome.err)
        for word in words_in(bare(stream))
        if word not in KNOWN[language] and word not in KEYS
    }


@pytest.fixture
def office(tmp_path: Path, spbe: Spbe, monkeypatch: pytest.MonkeyPatch) -> Spbe:
    """A folder with sheets and tables that hold no word of any language; LANG is not set."""
    (tmp_path / "zq.yaml").write_text(INSTRUMENT, encoding="utf-8")
    for name, levels in LEVELS.items():
        held = "".join(f"  {code}: {level}\n" for code, level in enumerate(levels, 1))
        year = 2023 + (name == "b")
        text = f"institution: Zqone\nyear: {year}\nstage: self\nlevels:\n{held}"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    pair = "institution: Zqone\nyear: 2022\nstages:\n"
    pair += "  self: {1: 3, 2: 4, 3: 3, 4: 5}\n  external: {1: 3, 2: 3, 3: 3, 4: 4}\n"
    (tmp_path / "pair.yaml").write_text(pair, encoding="utf-8")
    wide = "institution,year,1,2,3,4\nZqone,2023,1,2,3,2\nZqtwo,2023,3,3,3,3\n"
    (tmp_path / "wide.csv").write_text(wide, encoding="utf-8")
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LANG")
    monkeypatch.setenv("HOME", str(tmp_path))
    return spbe


@pytest.fixture(params=["windows-id", "settings-id", "windows-en", "settings-en"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The language of a run, from the menus of Windows or from spbe.toml."""
    source, language = str(request.param).split("-")
    request.getfixturevalue("office")
    if source == "settings":
        Path("spbe.toml").write_text(f'language = "{language}"\n', encoding="utf-8")
        return language
    number = {"id": 0x0421, "en": 0x0409}[language]
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: number)
    monkeypatch.setattr(spoken, "_ON_WINDOWS", True)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    return language


@pytest.mark.parametrize("command", COMMANDS)
def test_a_run_says_nothing_in_another_language(office: Spbe, language: str, command: str) -> None:
    wrong = {
        "completion": ["foo"],
        "init": ["x.foo"],
        "schema": ["foo"],
        "settings": ["foo"],
        "instrument": ["foo"],
    }
    named = wrong.get(command, ["nowhere.yaml"])
    to_file = {"merge": ["-o", "m.yaml"], "batch": ["-o", "-"]}.get(command, [])
    runs = {
        "help": ["--help"],
        "option": ["--foo"],
        "file": [*named, *to_file],
        "full": FULL[command],
    }
    found = {kind: office(command, *arguments, columns=200) for kind, arguments in runs.items()}
    assert found["full"].code in (0, 1), found["full"].err
    if command == "completion":  # a program for the shell, which is in no language
        found["full"] = found["full"]._replace(out="")
    said = {kind: foreign(outcome, language) for kind, outcome in found.items()}
    assert {kind: words for kind, words in said.items() if words} == {}
    expected = {"id": "Pemakaian: ", "en": "Usage: "}[language]
    assert found["help"].out.startswith(expected)


@pytest.mark.parametrize(
    "arguments",
    [
        ["score", "a.yaml", "-q", "-v", *AS_ASKED],
        ["compare", "a.yaml", "copy.yaml", *AS_ASKED],
        ["batch", "wide.csv", "a.yaml", "-v", "-o", "out.csv", *AS_ASKED],
        ["check", "a.yaml", "wide.csv", "-v", *AS_ASKED],
        ["score", "a.yaml", "b.yaml", "c.yaml", *AS_ASKED],
        ["settings", "--format", "markdown"],
    ],
)
def test_what_is_said_of_a_run_is_said_in_its_language(
    office: Spbe, language: str, arguments: list[str]
) -> None:
    Path("copy.yaml").write_bytes(Path("a.yaml").read_bytes())
    found = office(*arguments, columns=200)
    assert found.code in (0, 2), found.err
    assert found.out + found.err
    assert foreign(found, language) == set()


@pytest.mark.parametrize("value", ["Indonesia", "inggris", "xx"])
def test_a_wrong_language_is_said_in_that_of_the_system(
    office: Spbe, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    Path("spbe.toml").write_text(f'language = "{value}"\n', encoding="utf-8")
    for system, language in (("id_ID.UTF-8", "id"), ("en_US.UTF-8", "en")):
        monkeypatch.setenv("LANG", system)
        for command in (["settings"], ["score", "a.yaml", *AS_ASKED]):
            found = office(*command, columns=200)
            said = re.sub(r"(?m)^ +\d* \|.*$", "", found.err)  # the line as it stands in the file
            assert found.code == 2
            assert foreign(Outcome(2, "", said), language) - {value.casefold()} == set()


@pytest.mark.parametrize(
    "text",
    ["levels: [1", "levels:\n\t1: 3", "a: b: c", 'x: "\\q"', "a:\n b: 1\n  c: 2", "- a\nb: 1", "x"],
)
def test_why_a_file_is_none_is_said_in_its_language(office: Spbe, language: str, text: str) -> None:
    Path("x.yaml").write_text(text, encoding="utf-8")
    found = office("score", "x.yaml", columns=200)
    first = re.sub(r"(?m)^ +\d* \|.*$", "", found.err)  # the line as it stands in the file
    assert foreign(Outcome(found.code, "", first), language) == set()


@pytest.mark.parametrize(
    "output", ["nowhere/x.csv", "zq.yaml/x.csv", ".", "/dev/full", f"{'x' * 300}.csv"]
)
def test_why_nothing_is_written_is_said_in_its_language(
    office: Spbe, language: str, output: str
) -> None:
    for arguments in (["score", "a.yaml", *AS_ASKED, "-f", "csv"], ["init", "--year", "2023"]):
        name = [output] if arguments[0] == "init" else ["-o", output]
        found = office(*arguments, *name, columns=200)
        assert found.code in (2, 4)
        assert foreign(found, language) == set()


def test_without_a_locale_windows_decides(office: Spbe, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: 0x0421)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    assert office("--help").out.startswith("Usage: ")
    monkeypatch.setattr(spoken, "_ON_WINDOWS", True)
    assert office("--help").out.startswith("Pemakaian: ")
    assert office("--help", LANG="en_US.UTF-8").out.startswith("Usage: ")
    assert office("--help", "--lang", "en").out.startswith("Usage: ")


def test_what_is_translated_is_translated() -> None:
    """No English word stands in an Indonesian sentence, but those that both languages have."""
    official = {*words_in((ROOT / "docs" / "id" / "istilah.md").read_text("utf-8"))}
    assert KNOWN["id"] & KNOWN["en"] - {*BOTH.split()} - KEYS - official == set()
