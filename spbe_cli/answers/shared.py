"""What several answers say: values, who and when, problems, and the texts of the data formats."""

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
from spbe_cli.core.population import Member
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.core.score import Reading, Scorecard, Verdict
from spbe_cli.formats.blocks import harmless, visible
from spbe_cli.words import Words

_RED, _YELLOW, _BOLD, _FAINT, _END = "\x1b[31m", "\x1b[33m", "\x1b[1m", "\x1b[2m", "\x1b[0m"
_WIDEST = 100
"""How much of a long line is shown around the place, in characters."""


def problem_text(problem: Problem, words: Words, *, colour: bool) -> str:
    """Return place and sentence, the line with a caret under the place, and the hint."""
    notice = problem.severity is Severity.NOTICE
    kind = words("notice") if notice else words("error")
    sentence, hint = words.problem(problem)
    tone = _YELLOW if notice else _RED
    place = visible(str(problem.place))
    start = f"{_painted(place, _BOLD, colour)}: " if place else ""
    first = f"{start}{_painted(kind, tone, colour)}: {visible(sentence)} [{problem.code}]"
    last = f"  {_painted(words('hint') + ':', _FAINT, colour)} {visible(hint)}"
    return "\n".join([first, *_excerpt(problem.place, tone, colour=colour), last])


def problem_annotations(problems: Iterable[Problem], words: Words) -> str:
    """Return the problems as GitHub Actions workflow commands, one a line."""
    lines = []
    for problem in problems:
        command = "notice" if problem.severity is Severity.NOTICE else "error"
        text = "; ".join(words.problem(problem))
        lines.append(annotation(command, problem.place, problem.code, text))
    return "\n".join(lines)


def annotation(command: str, place: Place, title: str, text: str) -> str:
    """Return one workflow command of GitHub Actions, every part escaped as it asks."""
    where = {"file": place.source, "line": place.line, "col": place.column, "title": title}
    properties = ",".join(f"{key}={_property(str(v))}" for key, v in where.items() if v)
    return f"::{command} {properties}::{_data(text)}"


def _excerpt(place: Place, tone: str, *, colour: bool) -> list[str]:
    """Return the line and its caret; a long line is cut to the part around the place."""
    if place.excerpt is None or place.column is None or place.line is None:
        return []
    start = max(0, place.column - 1 - _WIDEST // 2)
    shown = harmless(place.excerpt[start : start + _WIDEST].replace("\t", " "))
    before = place.column - 1 - start
    width = max(1, min(place.width, len(shown) - before))
    number = str(place.line)
    margin = " " * len(number)
    caret = _painted("^" * width, tone, colour)
    return [f"  {number} | {shown}", f"  {margin} | {' ' * before}{caret}"]


def _painted(text: str, code: str, colour: bool) -> str:  # noqa: FBT001
    return f"{code}{text}{_END}" if colour and text else text


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


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


MEMBER_HEAD = ["institution", "category", "province", "year", "instrument", "index", "predicate"]
"""The headings of the cells that `member_cells` gives."""


class MemberShape(TypedDict):
    """An institution, its index and predicate, and what the index was taken from."""

    institution: str
    category: str | None
    province: str | None
    year: int | None
    instrument: str
    index: Value
    known: str
    predicate: str


def member_shape(member: Member) -> MemberShape:
    """Return an institution for JSON."""
    return {
        "institution": member.institution,
        "category": member.category,
        "province": member.province,
        "year": member.year,
        "instrument": member.instrument.id,
        "index": value_of(member.instrument, member.index),
        "known": member.known,
        "predicate": member.predicate.name,
    }


def member_cells(member: Member) -> list[str]:
    """Return an institution's first cells in CSV."""
    who = [member.institution, member.category or "", member.province or ""]
    index = fixed(member.index, member.instrument.places)
    year = str(member.year or "")
    return [*who, year, member.instrument.id, index, member.predicate.name]


def percent(share: Fraction) -> str:
    """Return a percentage with its decimals where they end, else with two."""
    return exact(share) if share == Fraction(fixed(share)) else fixed(share)
