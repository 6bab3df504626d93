"""Sentences for people, in Indonesian and English.

The English sentence stands in the code and is the key; `indonesian.py` holds the other language.
A test fails when a sentence has no translation. Problem codes have a catalogue of their own.
"""

from collections.abc import Mapping
from fractions import Fraction

from spbe_cli.core import number
from spbe_cli.core.problem import Problem

__all__ = ["LANGUAGES", "Words", "choose_language"]

LANGUAGES = ("id", "en")
_NAMED = {
    "stage": ("stage", "earlier", "found", "choices", "others"),
    "column": ("missing", "nearest"),
}
"""Which values of problems may hold names that have a translation, by the kind of name."""


def choose_language(wish: str | None, environment: Mapping[str, str]) -> str:
    """Return `id` or `en`: as wished, else by SPBE_LANG, else Indonesian in an Indonesian locale."""
    wished = (wish or environment.get("SPBE_LANG", "")).casefold()
    if wished in LANGUAGES:
        return wished
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return (
                "id"
                if environment[name].casefold().startswith(("id_", "id.", "ind"))
                or environment[name] == "id"
                else "en"
            )
    return "en"


class Words:
    """How things are said in one language: sentences, numbers and problems."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._comma = language == "id"
        if language == "id":
            from spbe_cli.words.indonesian import SENTENCES

            self._sentences: Mapping[str, str] = SENTENCES
        else:
            self._sentences = {}

    def __call__(self, sentence: str, **values: str) -> str:
        """Return the sentence in this language with its `{values}` filled in."""
        said = self._sentences.get(sentence, sentence)
        return said.format(**values) if values else said

    def number(self, value: Fraction, places: int = 2, *, sign: bool = False) -> str:
        """Return a value rounded half up: 4.27, or 4,27 in Indonesian."""
        return number.fixed(value, places, sign=sign, comma=self._comma)

    def exact(self, value: Fraction) -> str:
        """Return a value with nothing lost: 2.1545, 2,1545 or 991/300."""
        return number.exact(value, comma=self._comma)

    def weight(self, value: Fraction) -> str:
        """Return a weight as the regulations print it, 13.00, or 10/3 where decimals do not end."""
        return self.number(value) if number.rounded(value) == value else self.exact(value)

    def problem(self, problem: Problem) -> tuple[str, str]:
        """Return the sentence and the hint of a problem."""
        from spbe_cli.words.problems import sentence_and_hint

        if self.language == "id":
            values = {key: self._named(key, value) for key, value in problem.values.items()}
            problem = problem._replace(values=values)
        return sentence_and_hint(problem, self.language)

    def _named(self, key: str, value: str) -> str:
        """Say stages, and what a table needs, by their Indonesian names."""
        said = {
            word: self._sentences.get(f"{kind} {word}", word)
            for kind, keys in _NAMED.items()
            if key in keys
            for word in value.split(", ")
        }
        return ", ".join(said[word] for word in value.split(", ")) if said else value
