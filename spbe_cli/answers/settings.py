"""The settings of a run: as a page for people, as `spbe-settings/1`, and as rows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from spbe_cli.answers.problem_list import ProblemShape, said
from spbe_cli.answers.shape import Document, Shape, csv_rows
from spbe_cli.core.problem import Problem
from spbe_cli.formats.blocks import Cell, Column, Row, Section, Table
from spbe_cli.words import Words


class Held(NamedTuple):
    """A key of the settings, what stands for it, and where; None where nothing does."""

    key: str
    value: str | None
    source: str | None


class SettingResult(Shape):
    """A key of the settings: its value, and the place in a file or the variable that sets it.

    Both are null where nothing does, and the default is taken. A value that is wrong stands here
    as it is written, and among the problems.
    """

    key: str
    value: str | None
    source: str | None


class SettingsDocument(Document):
    """Every key of the settings, and what is wrong with them or must be known."""

    version = "spbe-settings/1"
    results: list[SettingResult]
    problems: list[ProblemShape]
    gates: list[str]


def settings_document(
    held: Sequence[Held], problems: Iterable[Problem], words: Words
) -> dict[str, Any]:
    """Return the settings in the shape of `spbe-settings/1`."""
    return SettingsDocument.holding(results=held, problems=said(problems, words))


def settings_rows(held: Sequence[Held]) -> Iterator[list[str]]:
    """Yield a header and a row a key; where nothing sets it two cells are empty."""
    return csv_rows([SettingResult.columns()], ([each] for each in held))


def settings_page(held: Sequence[Held], words: Words) -> Section:
    """Return a table with a row a key."""
    columns = [Column(words("Setting")), Column(words("Value")), Column(words("From"))]
    rows = [
        Row((Cell(key), Cell(value or "-"), Cell(source or words("the default"))))
        for key, value, source in held
    ]
    return Section(words("Settings"), [Table(columns, rows)])
