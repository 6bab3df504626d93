"""Problems as data: where each stands, what it is called, what is wrong and what to do about it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from spbe_cli.answers.problems import file_of, option_of
from spbe_cli.answers.shape import Count, Document, ProblemCode, Shape, take
from spbe_cli.core.problem import Place, Problem, Severity, errors_of
from spbe_cli.formats.blocks import Cell, Column, Row, Section, Table
from spbe_cli.words import Words


class Said(NamedTuple):
    """A problem, and what it says in the language of the run."""

    problem: Problem
    sentence: str
    hint: str

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.problem.place


class ProblemShape(Shape):
    """One thing that is wrong, or with the severity `notice` must be known.

    `file` is a path as it was given, null where an `option` is wrong or the whole request. A line
    and a column count from 1 and stand where the file is text, a cell and its sheet where it is a
    workbook.
    """

    file: str | None = take(lambda said: file_of(said.place))
    option: str | None = take(lambda said: option_of(said.place))
    sheet: str | None = take("place.sheet")
    cell: str | None = take("place.cell")
    line: Count | None = take("place.line")
    column: Count | None = take("place.column")
    code: ProblemCode = take("problem.code")
    severity: Severity = take("problem.severity")
    sentence: str
    hint: str


class ProblemsDocument(Document):
    """What a run answers that has no other answer: its problems, and the code it exits with.

    `valid` are the files, of those that the run is about, that were read and are right.
    """

    version = "spbe-problems/1"
    exit_code: Count
    valid: list[str]
    problems: list[ProblemShape]


def said(problems: Iterable[Problem], words: Words) -> list[Said]:
    """Return the problems with their sentences and hints."""
    return [Said(each, *words.problem(each)) for each in problems]


class NoAnswer(NamedTuple):
    """A run that has problems in place of an answer; a format takes of it what it takes of one."""

    problems: Sequence[Problem]
    exit_code: int
    words: Words
    files: Collection[str] = ()
    """The files that the run is about and that were read."""

    def document(self) -> dict[str, Any]:
        """Return it in the shape of `spbe-problems/1`."""
        problems = said(self.problems, self.words)
        wrong = {each.place.source for each in errors_of(self.problems)}
        valid = [file for file in self.files if file not in wrong]
        return ProblemsDocument.holding(exit_code=self.exit_code, valid=valid, problems=problems)

    def rows(self) -> Iterator[list[str]]:
        """Return no rows."""
        return iter(())

    def pages(self) -> Iterator[Section]:
        """Yield one page, with a row for each problem."""
        words = self.words
        headings = words("Where"), words("What is wrong"), words("What to do"), words("Code")
        rows = [
            Row(tuple(map(Cell, (str(each.place), each.sentence, each.hint, each.problem.code))))
            for each in said(self.problems, words)
        ]
        yield Section(words("Problems"), [Table([Column(each) for each in headings], rows)])
