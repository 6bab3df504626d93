"""What an answer says, read back: its sentences by their templates, its tables, its numbers."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import yaml
from conftest import ROOT

__all__ = ["Text", "is_enough", "is_half_up", "is_spared", "number"]

_SENTENCES: dict[str, str] = yaml.safe_load(
    (ROOT / "spbe_cli/words/sentences.id.yaml").read_text("utf-8")
)
_EXACTLY = re.compile(r"(.*) \((?:exactly|tepatnya) (.*)\)")
_NUMBER = r"[-+]?\d[\d.,/]*(?: \((?:exactly|tepatnya) [-\d.,/]+\))?"
_NUMBERS = {"points", "exact", "rounded", "short_by", "over_by", "fall", "mean", "median", "low",
            "high", "best", "cost", "count", "of", "change", "number", "index"}  # fmt: skip
_PLURAL = re.compile(r"\{(\w+):([^|}]*)\|([^}]*)\}")


class Text:
    """What a run wrote, unwrapped: a line a sentence, cells of tables between two blanks or |."""

    def __init__(self, written: str, language: str) -> None:
        self._comma = language == "id"
        plain = written.replace("**", "").replace("\\", "").replace("&emsp;", "")
        plain = re.sub(r" [▲△▽▼]", "", plain)  # a verdict's sign beside its words
        self.lines = [line.strip().lstrip("#-* ").rstrip("*") for line in plain.splitlines()]
        self.said: set[int] = set()

    def find(self, sentence: str) -> Iterator[dict[str, str]]:
        """Yield the values of each line that says a sentence, and hold that its nouns agree."""
        pattern = _pattern(_SENTENCES[sentence] if self._comma else sentence)
        for at, line in enumerate(self.lines):
            found = pattern.search(line)
            if found is not None:
                values = found.groupdict()
                for name, word in list(values.items()):
                    base, _, place = name.partition("__")
                    if place:
                        one, several = _PLURALS[sentence][int(place)]
                        assert word == (one if values[base] == "1" else several), line
                self.said.add(at)
                if "predicate" in values:  # Indonesian says Cukup/Membangun beside a number
                    values["predicate"] = re.sub(r"/([^/()]+)$", r" (\1)", values["predicate"])
                yield values

    def one(self, sentence: str) -> dict[str, str]:
        """Return the values of the one line that says it."""
        found = list(self.find(sentence))
        assert len(found) >= 1, (sentence, self.lines)
        assert all(each == found[0] for each in found), found
        return found[0]

    def unsaid(self) -> list[str]:
        """Return the lines with a number that no sentence was found in and that are no table's."""
        return [
            line
            for at, line in enumerate(self.lines)
            if at not in self.said and re.search(r"\d", line) and not re.search(r"  |\|", line)
        ]

    def rows(self, first: str) -> Iterator[list[str]]:
        """Yield the cells of each row of a table that begins with a cell."""
        for line in self.lines:
            cells = [c.strip() for c in re.split(r"\s{2,}|\|", line.strip("| "))]
            if cells[0] == first:
                yield cells


_PLURALS: dict[str, list[tuple[str, str]]] = {}


def _pattern(sentence: str) -> re.Pattern[str]:
    """Return what a sentence looks like with whatever values."""
    choices = [(one, several) for _, one, several in _PLURAL.findall(sentence)]
    _PLURALS[sentence] = choices
    seen: set[str] = set()
    pattern, rest, count = "", sentence, 0
    while found := re.search(r"\{(\w+)(:[^}]*)?\}", rest):
        pattern += re.escape(rest[: found.start()])
        name, spec = found[1], found[2]
        if spec:
            one, several = choices[count]
            pattern += f"(?P<{name}__{count}>{re.escape(one)}|{re.escape(several)})"
            count += 1
        else:
            pattern += f"(?P={name})" if name in seen else f"(?P<{name}>{_form(name)})"
            seen.add(name)
        rest = rest[found.end() :]
    return re.compile(f"(?:^|: |; |\\. ){pattern}{re.escape(rest)}(?:[.]?$|[.] )")


def _form(name: str) -> str:
    if name in _NUMBERS:
        return _NUMBER
    return {"least": "[^()]+", "predicate": "[^;.:]+?", "indicators": ".+"}.get(name, ".+?")


class _Said(NamedTuple):
    shown: Fraction
    places: int
    exactly: Fraction | None


def _said(text: str) -> _Said:
    found = _EXACTLY.fullmatch(text)
    shown = found[1] if found else text
    digits = shown.replace(",", ".")
    places = len(digits.partition(".")[2]) if "/" not in digits else 0
    exactly = number(found[2]) if found else None
    return _Said(Fraction(digits), places, exactly)


def number(text: str) -> Fraction:
    """Return a number as it was written, with a point or a comma."""
    return Fraction(text.replace(",", "."))


def is_half_up(text: str, value: Fraction) -> bool:
    """Return whether a text is this value, rounded half up to its own decimals."""
    said = _said(text)
    if "/" in text.partition(" ")[0] or said.exactly not in (None, value):
        return said.shown == value
    scale = 10**said.places
    size = Fraction(int(2 * abs(value) * scale + 1) // 2, scale)
    return said.shown == (size if value >= 0 else -size)


def is_enough(text: str, value: Fraction) -> bool:
    """Return whether a text says a need: as it is, or above it, and then exactly what it is."""
    said = _said(text)
    if said.exactly is None:
        return said.shown == value
    return said.exactly == value and 0 < said.shown - value < Fraction(1, 10**said.places)


def is_spared(text: str, value: Fraction) -> bool:
    """Return whether a text says what can be lost: as it is, or below it, and then exactly."""
    said = _said(text)
    if said.exactly is None:
        return said.shown == value
    return said.exactly == value and 0 < value - said.shown < Fraction(1, 10**said.places)
