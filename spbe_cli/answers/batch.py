"""What a batch says: a row for each institution, and a summary."""

import json
from collections.abc import Sequence
from fractions import Fraction
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar

from spbe_cli.answers.score import HEAD
from spbe_cli.answers.shape import Document, ProblemCode, Shape, Value, take
from spbe_cli.core.assessment import Stage
from spbe_cli.core.instrument import Basis, Instrument
from spbe_cli.core.score import Reading
from spbe_cli.formats.data import neutral
from spbe_cli.words import Words

Shown = TypeVar("Shown")


class BatchRow(NamedTuple, Generic[Shown]):
    """A scored row: whose it is, and every value as it is to be shown.

    `groups` stand in the order of `codes`, the instrument's; `notices` are problem codes.
    """

    institution: str | None
    category: str | None
    province: str | None
    year: int | None
    stage: str | None
    instrument: str
    codes: tuple[str, ...]
    whole: Shown
    groups: Sequence[Shown]
    basis: str
    by_exact: str
    by_rounded: str
    notices: str

    @property
    def predicate(self) -> str:
        """The predicate on the basis of the year."""
        return self.by_exact if self.basis == "exact" else self.by_rounded


class PredicateShape(Shape):
    """The predicate, the basis that decided it, and what each basis gives."""

    name: str = take("predicate")
    basis: Basis
    exact_name: str = take("by_exact")
    rounded_name: str = take("by_rounded")


class GroupShape(Shape):
    """A domain's or aspect's index."""

    code: str = take(itemgetter(0))
    index: Value = take(itemgetter(1))


class BatchDocument(Document):
    """One line of `spbe batch` as JSON Lines: an institution's score."""

    version = "spbe-batch/1"
    institution: str | None
    category: str | None
    province: str | None
    year: int | None
    stage: Stage | None
    instrument: str
    index: Value = take("whole")
    predicate: PredicateShape = take(lambda row: row)
    groups: list[GroupShape] = take(lambda row: zip(row.codes, row.groups, strict=True))
    notices: list[ProblemCode] = take(lambda row: row.notices.split())


def head_of_rows(codes: Sequence[str]) -> list[str]:
    """Return the headings: those of `spbe score --format csv`."""
    return [*HEAD, *codes, "notices"]


def row_cells(row: BatchRow[str], *, raw: bool) -> list[str]:
    """Return a row's cells. Text that a spreadsheet program would run is neutralised, but `raw`."""
    who = [row.institution or "", row.category or "", row.province or ""]
    if not raw:
        who = [neutral(text) for text in who]
    year = str(row.year or "")
    head = [*who, year, row.stage or "", row.instrument, row.whole, row.predicate]
    return [*head, *row.groups, row.notices]


def json_line(row: BatchRow[Value]) -> str:
    """Return a row as one line of JSON (`spbe-batch/1`)."""
    document = BatchDocument.of(row)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def notice_codes(reading: Reading) -> str:
    """Return the codes of a reading's notices."""
    return " ".join(dict.fromkeys(notice.code for notice in reading.notices))


def counted_line(scored: int, rejected: int, words: Words) -> str:
    """Return how many rows were scored, and how many were not."""
    if rejected:
        return words(
            "Scored: {scored}; rejected: {rejected}", scored=str(scored), rejected=str(rejected)
        )
    return words("Scored: {scored}", scored=str(scored))


def instrument_line(
    instrument: Instrument, mean: Fraction, predicates: Sequence[tuple[str, int]], words: Words
) -> str:
    """Return the mean index of an instrument's rows, and how many have each predicate."""
    return words(
        "{instrument}: mean index {mean}; {predicates}",
        instrument=instrument.id,
        mean=words.number(mean, instrument.places),
        predicates=", ".join(f"{name} {number}" for name, number in predicates),
    )


def gates_line(met: int, unmet: int, words: Words) -> str:
    """Return how many rows meet the gates, and how many do not."""
    return words(
        "Gates: {met} {met:row meets|rows meet} them, {unmet} {unmet:does|do} not",
        met=str(met),
        unmet=str(unmet),
    )
