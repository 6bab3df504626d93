"""What is wrong with an input, as data: code, severity, place and the values of its sentence.

The sentences themselves, in both languages, stand in `spbe_cli/words` as data: a problem says
what and where, a renderer says it to a person.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from spbe_cli.core.shown import answering


class Severity(StrEnum):
    """How much a problem weighs."""

    ERROR = "error"  # no result is given
    UNREADABLE = "unreadable"  # the operating system or a limit keeps the file from us
    USAGE = "usage"  # the request is wrong, whatever the files hold
    NOTICE = "notice"  # a result is given, and this must be known with it


class Place(NamedTuple):
    """Where something stands: a file, and in it a line and column, or a sheet and cell.

    `line` and `column` count from 1, columns in characters. `excerpt` is the line's text and
    `width` the number of characters to underline, both for the caret.
    """

    source: str = ""
    line: int | None = None
    column: int | None = None
    sheet: str | None = None
    cell: str | None = None
    excerpt: str | None = None
    width: int = 1

    def __str__(self) -> str:
        """Return `file:line:column` or `file:sheet!cell`, as compilers write it."""
        if self.cell is not None:
            return (
                f"{self.source}:{self.sheet}!{self.cell}"
                if self.sheet
                else f"{self.source}:{self.cell}"
            )
        parts = [self.source, self.line, self.column]
        return ":".join(str(part) for part in parts if part is not None)


NOWHERE = Place()
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Problem(NamedTuple):
    """One thing that is wrong, or that must be known.

    `code` names its section in docs/problems.md; `values` are the words its sentence needs.
    """

    code: str
    place: Place = NOWHERE
    values: Mapping[str, str] = _NOTHING
    severity: Severity = Severity.ERROR

    def at(self, place: Place) -> "Problem":
        """Return the same problem at another place."""
        return self._replace(place=place)


class InvalidInputError(Exception):
    """An input cannot be used. `problems` holds every reason, none left out."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return a line a problem: its place, what is wrong, what to do; its code without words."""
        known = answering()
        if known is not None:
            return known.said(self.problems)
        return "; ".join(f"{problem.place}: {problem.code}" for problem in self.problems)


_LONGEST_NAME = 100
"""A longer word is no misspelt name; to compare two such takes their lengths multiplied."""

_ALIKE = 0.6
"""How alike two words are, of 1, so that one may have been meant by the other."""


def nearest(word: str, words: Iterable[str]) -> dict[str, str]:
    """Return `{"nearest": ...}` for the closest of `words`, or nothing where none is close.

    A problem takes it among its values: the hint then says what may have been meant.
    """
    if len(word) > _LONGEST_NAME:
        return {}
    folded = word.casefold()
    known = _folded(tuple(words))
    alike = {
        each: bound
        for each, (_, letters) in known.items()
        if (bound := _most_alike(folded, len(each), letters)) >= _ALIKE
    }
    if not alike:
        return {}
    from difflib import SequenceMatcher  # only where something is wrong

    matcher = SequenceMatcher()
    matcher.set_seq2(folded)
    best: tuple[float, str] = (_ALIKE, "")
    for each in sorted(alike, key=alike.__getitem__, reverse=True):
        if alike[each] < best[0]:
            break
        matcher.set_seq1(each)
        best = max(best, (matcher.ratio(), each))
    return {"nearest": known[best[1]][0]} if best[1] else {}


_Letters = tuple[tuple[str, int], ...]


@lru_cache(maxsize=32)
def _folded(words: tuple[str, ...]) -> dict[str, tuple[str, _Letters]]:
    """Return words by what they are without capitals, with their letters and how often each is."""
    known = {each.casefold(): each for each in words if len(each) <= _LONGEST_NAME}
    return {folded: (each, tuple(Counter(folded).items())) for folded, each in known.items()}


def _most_alike(word: str, length: int, letters: _Letters) -> float:
    """Return how alike two words are at most, by the letters that are in both."""
    whole = len(word) + length or 1
    most = 2.0 * min(len(word), length) / whole
    if most < _ALIKE:
        return most
    return 2.0 * sum([min(word.count(letter), times) for letter, times in letters]) / whole


def errors_of(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems that forbid a result."""
    return [problem for problem in problems if problem.severity is not Severity.NOTICE]


def notices_of(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems that go along with a result."""
    return [problem for problem in problems if problem.severity is Severity.NOTICE]


class Problems:
    """Everything that is wrong in a run or must be known, in the order in which it was found.

    Here alone is decided what is said once: a notice of 621 rows is one line. Of what is new beyond
    the first `most`, only the number is kept, as `more`.
    """

    def __init__(self, problems: Iterable[Problem] = (), *, most: int | None = None) -> None:
        self._kept: dict[tuple[object, ...], Problem] = {}
        self._most = most
        self.more = 0
        self.add(problems)

    def add(self, problems: Iterable[Problem]) -> None:
        """Keep what was not found before."""
        for problem in problems:
            key = (problem.severity, problem.code, problem.place, *problem.values.items())
            if key in self._kept:
                continue
            if self._most is not None and len(self._kept) >= self._most:
                self.more += 1
            else:
                self._kept[key] = problem

    def __iter__(self) -> Iterator[Problem]:
        """Yield each once."""
        return iter(self._kept.values())

    def __len__(self) -> int:
        """Return how many are kept."""
        return len(self._kept)
