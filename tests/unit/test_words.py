"""The sentences as data: whatever the source says is there in both languages, and nothing else."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
import yaml
from conftest import ROOT
from support.letterheads import REFUSED

import spbe_cli
from spbe_cli.cli.app import COMMANDS
from spbe_cli.cli.defaults import SAID_REASONS
from spbe_cli.core.assessment import Stage
from spbe_cli.core.instrument import Status
from spbe_cli.core.problem import Problem
from spbe_cli.read.text import DAMAGED, SYSTEM_REASONS, File, decode
from spbe_cli.read.yaml import YAML_REASONS, parse_yaml
from spbe_cli.words import Words

PACKAGE = Path(spbe_cli.__file__).parent
FOLDER = PACKAGE / "words"
FILES = ("problems.en.yaml", "problems.id.yaml", "sentences.id.yaml")
ENGLISH, INDONESIAN, SENTENCES = (
    yaml.safe_load((FOLDER / name).read_text("utf-8")) for name in FILES
)
SAMPLES = yaml.safe_load((FOLDER / "samples.yaml").read_text("utf-8"))
SOURCE = {
    path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text("utf-8"))
    for path in PACKAGE.rglob("*.py")
    if FOLDER not in path.parents
}
COMMAND_FILES = [f"cli/{name}.py" for name in (*COMMANDS, "app", "options")]
CALCULATED: dict[str, set[str]] = {  # said without standing there, and which sentences that are
    "cli/app.py: text": set(),  # the docstrings of commands: docstrings_of
    "cli/app.py: parameter.help": set(),  # said_in
    "cli/app.py: parameter.metavar": set(),
    "answers/instrument.py: instrument.status": {str(status) for status in Status},
    "cli/init.py: found.status": {str(status) for status in Status},
}
UNFIT = (
    "it is a PDF",
    "a field is not written as {{ name }}",
    "it is an old .doc or protected by a password",
    "it is of another kind",
    "it is rich text (.rtf)",
    "it is saved as Strict Open XML Document",
)
MISPLACED = {said.partition(": ")[0] for _, said in REFUSED.values()}
NAMES = {
    *(f"reason {reason}" for reason in UNFIT),
    *(f"where {place}" for place in (*MISPLACED, "the text")),
    *("column indicator", "column level", "column item"),
    *(f"stage {stage}" for stage in Stage),
    *(f"reason {reason}" for reason in (*SYSTEM_REASONS, DAMAGED, *YAML_REASONS, *SAID_REASONS)),
}
NO_CODES = {  # looks like the code of a problem and is something else
    "bases-differ",
    "covered-table-cell",
    "fail-on-drop",
    "half-up",
    "heading-not-known",
    "index-impossible",
    "parts-impossible",
    "max-drop",
    "mime-version",
    "min-index",
    "min-predicate",
    "min-probability",
    "no-heading",
    "not-needed",
    "predicate-impossible",
    "table-cell",
    "table-column",
    "table-row",
    "value-impossible",
    "target-level",
}


def sentences_of(expression: ast.expr) -> set[str]:
    """The sentences that an expression may give; a ValueError where they do not stand in it."""
    match expression:
        case ast.Constant(value=str(sentence)):
            return {sentence}
        case ast.IfExp():
            return sentences_of(expression.body) | sentences_of(expression.orelse)
        case ast.Subscript(value=ast.Dict(values=values)):
            return set[str]().union(*map(sentences_of, values))
        case ast.JoinedStr(values=[ast.Constant(value="stage "), _]):
            return NAMES
    raise ValueError(ast.unparse(expression))


def said_in(name: str) -> Iterator[ast.expr]:
    """What a module says: the first arguments of words(...), and the help of options."""
    for node in ast.walk(SOURCE[name]):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).rpartition(".")[2]
            yield from node.args[:1] if called in ("words", "_words") else []
            yield from (word.value for word in node.keywords if word.arg in ("help", "metavar"))


def docstrings_of(name: str) -> set[str]:
    """The paragraphs of the commands' help that are not examples."""
    paragraphs: set[str] = set()
    for node in SOURCE[name].body:
        decorators = getattr(node, "decorator_list", [])
        if isinstance(node, ast.FunctionDef) and any(map(_of_typer, decorators)):
            text = ast.get_docstring(node) or ""
            paragraphs |= {p for p in text.split("\n\n") if "Examples:" not in p}
    return paragraphs


def _of_typer(decorator: ast.expr) -> bool:
    return any(word in ast.dump(decorator) for word in ("command", "callback"))


def everything_said() -> tuple[set[str], set[str]]:
    """All sentences of the source, and what it says without their standing there."""
    said, calculated = NAMES.union(*map(docstrings_of, SOURCE.keys() & COMMAND_FILES)), set()
    for name in SOURCE:
        for expression in said_in(name):
            try:
                said |= sentences_of(expression)
            except ValueError as error:
                calculated.add(f"{name}: {error}")
    return said.union(*CALCULATED.values()), calculated


SAID, CALCULATED_IN_SOURCE = everything_said()


def fields(text: str) -> set[str]:
    """The values that a text says; not those that only choose between one and several."""
    parts = [(field, chosen) for _, field, chosen, _ in Formatter().parse(text) if field]
    return {field for field, chosen in parts if "|" not in (chosen or "")}


def fields_and_choices(text: str) -> set[str]:
    """The values that a text needs, also those that only choose between one and several."""
    return {field for _, field, _, _ in Formatter().parse(text) if field}


def test_every_sentence_stands_where_it_is_said() -> None:
    assert set(CALCULATED) == CALCULATED_IN_SOURCE


def test_every_sentence_is_translated() -> None:
    assert SAID - SENTENCES.keys() == set()


def test_no_translation_is_left_over() -> None:
    assert SENTENCES.keys() - SAID == set()


@pytest.mark.parametrize("english", SENTENCES)
def test_both_languages_have_the_same_places(english: str) -> None:
    assert fields(english) == fields(SENTENCES[english])


def test_every_code_of_the_source_is_explained_and_no_other() -> None:
    texts = {
        node.value
        for tree in SOURCE.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    codes = {text for text in texts if re.fullmatch("[a-z]+(-[a-z]+)+", text)}
    assert codes == ENGLISH.keys() | NO_CODES


def test_both_languages_have_the_same_codes_in_the_same_order() -> None:
    assert list(INDONESIAN) == list(ENGLISH) == list(Words("en").codes) == list(Words("id").codes)


@pytest.mark.parametrize("code", ENGLISH)
def test_every_sentence_of_an_explanation_has_its_values_and_no_other(code: str) -> None:
    texts = [ENGLISH[code][key] for key in ENGLISH[code].keys() & {"message", "hint", "near"}]
    assert set[str]().union(*map(fields_and_choices, texts)) == SAMPLES.get(code, {}).keys()


@pytest.mark.parametrize("code", ENGLISH)
def test_both_languages_say_the_same_in_the_house_style(code: str) -> None:
    english, indonesian = ENGLISH[code], INDONESIAN[code]
    assert english.keys() - {"near"} == {"title", "message", "hint", "why", "example"}
    assert indonesian.keys() == english.keys() - {"example"}
    for key in indonesian.keys() & {"message", "hint", "near"}:
        assert fields(english[key]) == fields(indonesian[key])
        for text in (english[key], indonesian[key]):
            assert not text.endswith("."), text
            first = text.split()[0]
            assert first == first.lower() or first in {"Anda", "Excel", "YAML"}, text
    for key in ("title", "why"):
        assert english[key] != indonesian[key]
    assert all(entry["why"].endswith(".") for entry in (english, indonesian))


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_sentences_says_nothing_twice_and_holds_texts_alone(name: str) -> None:
    text, problems = decode(File(name, (FOLDER / name).read_bytes()))
    assert text is not None
    (tree,), wrong = parse_yaml(text)
    assert [*problems, *wrong] == []
    held = yaml.safe_load((FOLDER / name).read_text("utf-8"))
    texts = [t for e in held.values() for t in (e.values() if isinstance(e, dict) else [e])]
    assert all(isinstance(text, str) and text.strip() == text != "" for text in [*held, *texts])
    assert tree.plain() == held


@pytest.mark.parametrize(
    ("values", "hint"), [({"nearest": "nilai"}, 'apakah maksudnya "nilai"?'), ({}, "beri judul")]
)
def test_a_problem_is_said_with_its_values(values: dict[str, str], hint: str) -> None:
    values = {"found": "x", "missing": "indicator, level", **values}
    problem = Problem("no-header", values=values)
    said, remedy = Words("id").problem(problem)
    assert "nomor indikator, tingkat kematangan (nilai) (yang ada: x)" in said
    assert remedy.startswith(hint)
    assert "missing here: indicator, level (found: x)" in Words("en").problem(problem)[0]


@pytest.mark.parametrize(
    ("code", "values", "said"),
    [
        (
            "metadata-twice",
            {"key": "year", "found": "2022", "first": "2023"},
            '"tahun" di sini 2022',
        ),
        (
            "merge-differs",
            {"key": "institution", "found": "A", "other": "B", "first": "b.csv"},
            "instansi di sini",
        ),
        ("not-a-whole-number", {"key": "year"}, '"tahun" seharusnya'),
        ("group-unknown", {"key": "province", "found": "x"}, 'provinsi "x"'),
        ("setting-wrong", {"key": "year", "found": "x", "example": "x"}, "year tidak"),
        ("unknown-key", {"key": "stage", "known": "x"}, 'kunci "stage"'),
    ],
)
def test_what_a_sheet_says_has_its_indonesian_name(
    code: str, values: dict[str, str], said: str
) -> None:
    assert said in Words("id").problem(Problem(code, values=values))[0]


def test_every_stage_has_its_indonesian_name() -> None:
    english = {stage.value for stage in Stage} - {"target"}
    for code, values in SAMPLES.items():
        said = Words("id").explanation(code).message
        if english.intersection(", ".join(values.values()).split(", ")):
            assert not english.intersection(re.findall(r"\w+", said)), said


def test_an_explanation_says_one_problem_and_has_its_example_as_it_is() -> None:
    english, indonesian = (Words(language).explanation("unknown-key") for language in ("en", "id"))
    sample = SAMPLES["unknown-key"]
    assert english.message == f'the key "{sample["key"]}" is unknown'
    assert english.near == f'did you mean "{sample["nearest"]}"?'
    assert indonesian.message == f'kunci "{sample["key"]}" tidak dikenal'
    assert english.example == indonesian.example != ""
    assert "{name: Layanan, set: {}}" in Words("id").explanation("scenario-empty").example
    assert "{{ report }}" in Words("en").explanation("template-wrong").why


@pytest.mark.parametrize("language", ["en", "id"])
def test_an_unknown_sentence_is_refused_where_that_is_asked_for(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Words, "strict", False)
    assert Words(language)("Nobody says {this}", this="that") == "Nobody says that"
    monkeypatch.setattr(Words, "strict", True)
    assert Words(language)("Index") == {"en": "Index", "id": "Indeks"}[language]
    with pytest.raises(LookupError, match="Nobody says"):
        Words(language)("Nobody says {this}", this="that")


def test_the_sentences_are_those_that_a_parser_of_yaml_finds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are read line by line; every line is in the one form that this is right for."""
    lines = (FOLDER / "sentences.id.yaml").read_text("utf-8").splitlines()
    said = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r'"(?:[^"\\]|\\.)+": "(?:[^"\\]|\\.)+"', line) for line in said)
    assert len(said) == len(SENTENCES)
    monkeypatch.setattr(Words, "strict", True)
    assert {sentence: Words("id")(sentence) for sentence in SENTENCES} == SENTENCES


@pytest.mark.parametrize(
    ("arguments", "opened"),
    [
        ("score examples/bandar-lampung-2023.yaml --lang en", set()),
        ("score examples/bandar-lampung-2023.yaml --lang id", {"sentences.id.yaml"}),
        ("score no.yaml --lang en", {"problems.en.yaml"}),
        ("score no.yaml --lang id", {"problems.id.yaml", "sentences.id.yaml"}),
        ("explain level-off-scale --lang en", {"problems.en.yaml"}),
        ("report --help --lang en", set()),
        ("--version", set()),
    ],
)
def test_only_what_is_said_is_opened(arguments: str, opened: set[str]) -> None:
    code = (
        "import sys; names = []; "
        "sys.addaudithook(lambda event, about: event == 'open' and names.append(str(about[0]))); "
        "from spbe_cli.cli.run import run; run(sys.argv[1:]); "
        "print('|', *names, sep='\\n')"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, *arguments.split()],
        cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    _, _, names = found.stdout.rpartition("|\n")
    paths = map(Path, names.splitlines())
    assert {path.name for path in paths if path.name in FILES} == opened
