"""One catalogue of sentences: whatever is said in English is said in Indonesian."""

import ast
import string
from pathlib import Path

import pytest

import spbe_cli
from spbe_cli.cli.app import COMMANDS
from spbe_cli.core.assessment import Stage
from spbe_cli.core.instrument import Status
from spbe_cli.words.indonesian import SENTENCES

PACKAGE = Path(spbe_cli.__file__).parent
COMMAND_FILES = [PACKAGE / "cli" / f"{name}.py" for name in (*COMMANDS, "app", "options")]


def said_in(path: Path) -> set[str]:
    """The sentences that a module says: first arguments of words(...), and the help of options."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = node.args[:1] if name in ("words", "_words") else []
        texts += [k.value for k in node.keywords if k.arg == "help"]
        found |= {
            constant.value
            for text in texts
            for constant in ast.walk(text)
            if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
        }
    return found


def docstrings_of(path: Path) -> set[str]:
    """The paragraphs of the commands' help that are not examples."""
    paragraphs: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        decorators = getattr(node, "decorator_list", [])
        if isinstance(node, ast.FunctionDef) and any(map(_of_typer, decorators)):
            text = ast.get_docstring(node) or ""
            paragraphs |= {p for p in text.split("\n\n") if "Examples:" not in p}
    return paragraphs


def _of_typer(decorator: ast.expr) -> bool:
    return any(word in ast.dump(decorator) for word in ("command", "callback"))


SAID = set().union(
    *(said_in(path) for path in PACKAGE.rglob("*.py")),
    *(docstrings_of(path) for path in COMMAND_FILES if path.exists()),
    {f"stage {stage}" for stage in Stage},
    set(Status),
    {"Show this message and exit."},
) - {"", "stage "}


def test_every_sentence_is_translated() -> None:
    assert {sentence for sentence in SAID if len(sentence) > 1} - SENTENCES.keys() == set()


def test_no_translation_is_left_over() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    left = [
        sentence
        for sentence in SENTENCES
        if sentence not in SAID and sentence.split("\n")[-1].split("{")[0] not in sources
    ]
    assert left == []


@pytest.mark.parametrize("english", SENTENCES)
def test_both_languages_have_the_same_places(english: str) -> None:
    def places(sentence: str) -> set[str | None]:
        return {field for _, field, _, _ in string.Formatter().parse(sentence)} - {None}

    assert places(english) == places(SENTENCES[english])
