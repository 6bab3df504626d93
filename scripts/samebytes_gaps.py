# ruff: noqa: INP001  (a script, not a package)
"""Options, problems and sentences that no line of samebytes.py reaches."""

import ast
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import yaml
from samebytes_run import Line, Ran, opened

__all__ = ["Reached"]


class Reached:
    """What lines have used and shown so far, to say what they have not."""

    def __init__(self, checkout: Path) -> None:
        page = (checkout / "docs" / "problems.md").read_text("utf-8")
        self._problems = set(re.findall("^## (.+)$", page, re.MULTILINE))
        said = {text: _squeezed(_fixed(text)) for text in _sentences(checkout)}
        self._sentences = {text: part for text, part in said.items() if len(part) > 3}  # noqa: PLR2004
        self._offered: dict[str, str] = {}
        self._used: list[str] = []

    def take(self, line: Line, ran: Ran) -> None:
        """Note what a line uses, says and shows."""
        self._used += [f"{' '.join(step.arguments)} " for step in line.steps]
        plain = [content.decode(errors="ignore") for content in opened(ran).values()]
        for page in plain:
            if found := re.match(r"Usage: spbe ([a-z ]+) ", page):
                self._offered[found[1]] = page
        self._problems -= {code for page in plain for code in re.findall(r"\[([a-z-]+)\]", page)}
        text = _squeezed(unescape(re.sub("</?[a-z!][^<>]*>", "", "".join(plain))))
        self._sentences = {s: part for s, part in self._sentences.items() if part not in text}

    def gaps(self) -> Iterator[str]:
        """Yield the options, problems and sentences that no line reaches."""
        for command, page in self._offered.items():
            used = "\n".join(text for text in self._used if f"{text} ".startswith(command))
            options = r"^  (?:(-\w), )?(--[a-z-]+)(?: <([^>]+)>)?"
            for short, option, choices in re.findall(options, page, re.MULTILINE):
                names = rf"(?:{option}|{short})" if short else option
                for choice in choices.split("|"):
                    if not re.search(rf" {names}[= ]?{choice}", used):
                        yield f"option: {command} {option} {choice}"
        yield from (f"problem: {code}" for code in sorted(self._problems))
        yield from (f"sentence: {text!r}" for text in self._sentences)


def _sentences(checkout: Path) -> Iterator[str]:
    """Yield the sentences in the folder `words`, whether they stand in YAML or in Python."""
    for path in sorted((checkout / "spbe_cli" / "words").rglob("*")):
        if path.suffix == ".yaml":
            yield from _texts(yaml.safe_load(path.read_text("utf-8")))
        elif path.suffix == ".py":
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                held: list[ast.expr | None] = []
                held += [*node.keys, *node.values] if isinstance(node, ast.Dict) else []
                held += node.args if isinstance(node, ast.Call) else []
                yield from (
                    part.value
                    for part in held
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                )


def _texts(tree: object) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for key, value in tree.items():
            yield from _texts(value)
            yield from [key] if isinstance(value, str) else []


def _fixed(sentence: str) -> str:
    """Return the longest part of a sentence that holds no value."""
    return max(re.split(r"\{[^}]*\}", sentence), key=len)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\b\u00ad\u200b*|\\]+", "", text)
