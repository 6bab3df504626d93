"""The file of rejected rows: each problem with its place, code and sentence, as it is found."""

import csv
import io
from typing import BinaryIO

from spbe_cli.answers.shared import neutral
from spbe_cli.core.problem import Problem
from spbe_cli.words import Words

__all__ = ["Rejects"]

_HEAD = ("file", "line", "column", "cell", "code", "sentence", "hint")


class Rejects:
    """Writes problems as CSV, one a line; nothing is kept."""

    def __init__(self, stream: BinaryIO, words: Words) -> None:
        self._words = words
        self._text = io.TextIOWrapper(
            stream, encoding="utf-8", errors="backslashreplace", newline=""
        )
        self._writer = csv.writer(self._text, lineterminator="\n")
        self._writer.writerow(_HEAD)

    def write(self, problem: Problem) -> None:
        """Write a problem."""
        place = problem.place
        cell = f"{place.sheet}!{place.cell}" if place.sheet and place.cell else place.cell or ""
        line, column = (str(each or "") for each in (place.line, place.column))
        texts = (place.source, line, column, cell, problem.code, *self._words.problem(problem))
        self._writer.writerow([neutral(text) for text in texts])

    def finish(self) -> None:
        """Bring everything to the file, which stays open."""
        self._text.flush()
        self._text.detach()
