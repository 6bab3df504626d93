"""What the JSON and CSV answers of all commands share. Numbers are strings: nothing is lost."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from typing_extensions import TypedDict  # typing's own makes no JSON Schema before Python 3.12

from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import exact, fixed
from spbe_cli.core.problem import Problem
from spbe_cli.core.score import Reading, Scorecard, Verdict

__all__ = [
    "WHO",
    "Head",
    "NoticeShape",
    "PredicateShape",
    "ScoreShape",
    "Value",
    "head_of",
    "neutral",
    "notices_of",
    "predicate_of",
    "score_of",
    "to_csv",
    "to_json",
    "to_jsonl",
    "value_of",
    "who_of",
]

WHO = ["institution", "year", "instrument", "notices"]
"""The headings of the cells that `who_of` gives."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?(?:/[0-9]+)?"
_NUMBERS = re.compile(rf"{_NUMBER}(?:\.\.{_NUMBER})?", re.ASCII)


class Value(TypedDict):
    """A value: exact (a decimal, or a fraction such as 991/300) and as shown."""

    exact: str
    rounded: str


class PredicateShape(TypedDict):
    """The predicate, the basis that decided it, and what each basis gives."""

    name: str
    basis: str
    exact_name: str
    rounded_name: str


class ScoreShape(TypedDict):
    """An index and its predicate."""

    index: Value
    predicate: PredicateShape


class NoticeShape(TypedDict):
    """What must be known with the result: a problem code and its values."""

    code: str
    values: dict[str, str]


class SourceShape(TypedDict):
    """The file, as named, and the SHA-256 of its bytes."""

    path: str
    sha256: str


class Head(TypedDict):
    """Whose assessment it is, and what it was scored with."""

    institution: str | None
    category: str | None
    province: str | None
    year: int | None
    stage: str | None
    instrument: str
    chosen_by: str
    notices: list[NoticeShape]
    source: SourceShape | None


def head_of(reading: Reading) -> Head:
    """Return who and when, the instrument and what chose it, and the source."""
    assessment = reading.assessment
    source = assessment.source
    return {
        "institution": assessment.institution,
        "category": assessment.category,
        "province": assessment.province,
        "year": assessment.year,
        "stage": assessment.stage,
        "instrument": assessment.instrument,
        "chosen_by": reading.chosen_by,
        "notices": [_notice(problem) for problem in reading.notices],
        "source": {"path": source.path, "sha256": source.sha256} if source else None,
    }


def notices_of(reading: Reading, *cards: Scorecard) -> str:
    """Return the codes of what must be known with a row, `bases-differ` among them."""
    codes = [notice.code for notice in reading.notices]
    if any(card.verdict.bases_differ for card in cards):
        codes.append("bases-differ")
    return " ".join(dict.fromkeys(codes))


def who_of(reading: Reading, *cards: Scorecard) -> list[str]:
    """Return the first cells of a row: institution, year, instrument, and codes of notices."""
    assessment = reading.assessment
    codes = notices_of(reading, *cards)
    year = str(assessment.year or "")
    return [assessment.institution or "", year, assessment.instrument, codes]


def value_of(instrument: Instrument, value: Fraction) -> Value:
    """Return an index or points, exact and with the instrument's decimals."""
    return {"exact": exact(value), "rounded": fixed(value, instrument.places)}


def predicate_of(verdict: Verdict) -> PredicateShape:
    """Return a predicate with its basis, and what each basis gives."""
    return {
        "name": verdict.name,
        "basis": verdict.basis,
        "exact_name": verdict.by_exact.name,
        "rounded_name": verdict.by_rounded.name,
    }


def score_of(card: Scorecard) -> ScoreShape:
    """Return a scorecard's index and predicate."""
    return {
        "index": value_of(card.instrument, card.index),
        "predicate": predicate_of(card.verdict),
    }


def to_json(document: Mapping[str, Any]) -> str:
    """Return one JSON object, indented, names as they are."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def to_jsonl(document: Mapping[str, Any]) -> str:
    """Return one line a result, each with the document's format and the gates that are its own."""
    lines = []
    for number, result in enumerate(document["results"]):
        gates = [gate for gate in document["gates"] if gate["result"] == number]
        line = {"format": document["format"], **result, "gates": gates}
        lines.append(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    return "".join(lines)


def to_csv(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV. Text that a spreadsheet program would run gets an apostrophe in front."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return stream.getvalue()


def neutral(text: str) -> str:
    """Return text that is shown and not run: `=1+1` becomes `'=1+1`; a number stays one.

    So do a fraction, `-2/15`, and a range, `-0.1..0.2`.
    """
    runs = text.startswith(_FORMULA) and not _NUMBERS.fullmatch(text)
    return f"'{text}" if runs else text


def _notice(problem: Problem) -> NoticeShape:
    values = {key: str(value) for key, value in problem.values.items()}
    return {"code": problem.code, "values": values}
