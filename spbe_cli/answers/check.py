"""The answer of `spbe check`: what was read, and which claims the evidence does not carry.

The page lists what was taken of every table and what was left out; `spbe-check/1` and the rows have
a claim with the pieces that it lacks.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from spbe_cli.answers.problem_list import ProblemShape, said
from spbe_cli.answers.score import heading_of
from spbe_cli.answers.shape import Columns, Count, Document, Number, Shape, Value, csv_rows, take
from spbe_cli.answers.shared import WHO, Head, ScoreShape
from spbe_cli.core.assessment import ReadColumn, ReadRows, TableRead
from spbe_cli.core.evidence import Claim, Claims, Gap
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import telling_places
from spbe_cli.core.population import Member
from spbe_cli.core.problem import Problem
from spbe_cli.core.score import Reading
from spbe_cli.formats.blocks import Cell, Column, Line, Row, Section, Table, Tone
from spbe_cli.words import Words

_LONGEST = 60


class Checked(NamedTuple):
    """A reading, and how its claims stand to the evidence that is given with them."""

    reading: Reading
    claims: Claims

    @property
    def levels(self) -> int:
        """The number of levels that are there."""
        assessment = self.reading.assessment
        return len(assessment.entries) - len(assessment.missing)


class PieceShape(Shape):
    """A piece of evidence by its number at its level."""

    item: Count
    evidence: str


class GapShape(Shape):
    """What a level lacks: `needed` of these pieces; `points` is what they are worth together."""

    level: Number
    needed: Count
    points: Value
    pieces: list[PieceShape] = take(lambda gap: [_Piece(*each) for each in gap.pieces])


class _Piece(NamedTuple):
    item: int
    evidence: str


class ClaimShape(Shape):
    """A claimed level, the one that the evidence carries, and what the index loses by a cut."""

    indicator: str = take("indicator.code")
    name: str = take("indicator.name")
    claimed: Number
    carried: Number
    points: Value
    gaps: list[GapShape]


class CheckResult(Head, within="reading"):
    """One assessment: its levels, and its claims beside evidence.

    `cut` are those that the evidence does not carry, `exceeded` those below what it carries;
    `claimed` and `carried` are the scores, null where a level is missing or no evidence is given.
    """

    levels: Count
    claimed: ScoreShape | None = take("claims.claimed")
    carried: ScoreShape | None = take("claims.carried")
    cut: list[ClaimShape] = take("claims.cut")
    exceeded: list[ClaimShape] = take("claims.exceeded")


class CheckDocument(Document):
    """One run in which nothing is wrong: every assessment, and the notices as `problems`."""

    version = "spbe-check/1"
    results: list[CheckResult]
    problems: list[ProblemShape]
    gates: list[str]


def check_document(
    checked: Sequence[Checked], problems: Iterable[Problem], words: Words
) -> dict[str, Any]:
    """Return the whole run in the shape of `spbe-check/1`."""
    return CheckDocument.holding(results=checked, problems=said(problems, words))


_CLAIM: Columns = ClaimShape.columns("indicator", "name", "claimed", "carried", "points")
_GAP: Columns = {
    "level": "level",
    "needed": "needed",
    "level_points": "points",
}
_PIECE: Columns = PieceShape.columns()


def check_rows(checked: Sequence[Checked]) -> Iterator[list[str]]:
    """Yield a header, and a row for every piece that a claim lacks."""
    rows = (
        ((each.reading,), claim, gap, _Piece(*piece) if piece is not None else None)
        for each in checked
        for claim in each.claims.cut
        for gap in claim.gaps
        for piece in gap.pieces or (None,)
    )
    return csv_rows([WHO, _CLAIM, _GAP, _PIECE], rows)


def check_pages(checked: Sequence[Checked], files: int, words: Words) -> Iterator[Section]:
    """Yield what was read, and a page for each assessment whose claims are not what it carries."""
    sentence = words(
        "valid (files: {files}, score sheets: {sheets}, levels: {levels})",
        files=str(files),
        sheets=str(len(checked)),
        levels=str(sum(each.levels for each in checked)),
    )
    yield Section(
        sentence, list(read_lines([each.reading for each in checked], words, tables_only=True))
    )
    for each in checked:
        if each.claims.cut or each.claims.exceeded:
            yield _claims_page(each, words)


def _claims_page(checked: Checked, words: Words) -> Section:
    reading, claims = checked
    columns = [
        Column(""),
        Column(words("Claim, and what the evidence lacks")),
        Column(words("Claimed"), numeric=True),
        Column(words("Carried"), numeric=True),
        Column(words("Points"), numeric=True),
    ]
    rows = [row for claim in claims.cut for row in _claim_rows(claim, reading.instrument, words)]
    below = [_exceeded(claim, reading.instrument, words) for claim in claims.exceeded]
    if claims.claimed is not None and claims.carried is not None and claims.cut:
        below.insert(0, Line(_totals(claims, words), Tone.STRONG))
    table = [Table(columns, rows)] if rows else []
    return Section(heading_of(reading, words), [*table, *below])


def _totals(claims: Claims, words: Words) -> str:
    before, after = claims.claimed, claims.carried
    assert before is not None  # noqa: S101  (the caller looks)
    assert after is not None  # noqa: S101
    places = before.instrument.places
    return words(
        "Claimed {before} {first}; carried by the evidence {after} {second}: {points} points less",
        before=words.number(before.index, places),
        first=before.predicate.name,
        after=words.number(after.index, places),
        second=after.predicate.name,
        points=_points(before.index - after.index, words),
    )


def _claim_rows(claim: Claim, instrument: Instrument, words: Words) -> Iterator[Row]:
    levels = (words.given(instrument, level) for level in (claim.claimed, claim.carried))
    cells = (claim.indicator.code, claim.indicator.name, *levels, _points(claim.points, words))
    yield Row(tuple(Cell(text, Tone.STRONG) for text in cells), section=True)
    for gap in claim.gaps:
        points = Cell(_points(gap.points, words))
        yield Row((Cell(""), Cell(_gap(gap, words)), Cell(""), Cell(""), points))
        for number, text in gap.pieces:
            yield Row((Cell(""), Cell(f"{number}. {text}", Tone.FAINT), *[Cell("")] * 3))


def _gap(gap: Gap, words: Words) -> str:
    level, needed, pieces = words.exact(gap.level), str(gap.needed), str(len(gap.pieces))
    if not gap.pieces:
        return words("level {level}: the criteria list no evidence", level=level)
    if gap.needed == len(gap.pieces):
        return words("level {level} lacks:", level=level)
    return words(
        "level {level} lacks {needed} of these {pieces}:",
        level=level,
        needed=needed,
        pieces=pieces,
    )


def _exceeded(claim: Claim, instrument: Instrument, words: Words) -> Line:
    sentence = words(
        "Indicator {code} is claimed at {claimed}; its evidence carries {carried}",
        code=claim.indicator.code,
        claimed=words.given(instrument, claim.claimed),
        carried=words.given(instrument, claim.carried),
    )
    return Line(sentence)


def _points(value: Fraction, words: Words) -> str:
    return words.number(value, telling_places(value))


def read_lines(
    readings: Iterable[Reading],
    words: Words,
    *,
    tables_only: bool = False,
    with_tables: bool = True,
) -> Iterator[Line]:
    """Yield whose each assessment is and what it is scored with, then what was read of tables.

    Of a table its heading row, its columns, and what was left out.
    """
    told: set[int] = set()
    for reading in readings:
        source = reading.assessment.source
        if not tables_only:
            yield _sheet_line(reading, words)
        if not with_tables or source is None or source.read is None:
            continue
        if id(source.read) not in told:
            told.add(id(source.read))
            yield from table_lines(source.path, source.read, words)


def file_lines(readings: Sequence[Reading], words: Words) -> Iterator[Line]:
    """Yield what was read of a file: of tables their columns, of other sheets whose they are."""
    for reading in readings:
        if reading.assessment.source is None or reading.assessment.source.read is None:
            yield _sheet_line(reading, words)
    yield from read_lines(readings, words, tables_only=True)


def _sheet_line(reading: Reading, words: Words) -> Line:
    source, entries = reading.assessment.source, reading.assessment.entries
    return Line(
        words(
            "{path}: {who}, instrument {instrument}, {count} {count:level|levels}",
            path=source.path if source else "",
            who=heading_of(reading, words),
            instrument=reading.instrument.id,
            count=str(len(entries) - len(reading.assessment.missing)),
        )
    )


def members_lines(members: Iterable[Member], words: Words) -> Iterator[Line]:
    """Yield what was read of the tables that these institutions stand in."""
    told: set[int] = set()
    for member in members:
        if member.read is not None and id(member.read) not in told:
            told.add(id(member.read))
            yield from table_lines(member.place.source, member.read, words)


def table_lines(path: str, read: TableRead, words: Words) -> Iterator[Line]:
    """Yield what was read of a table: its heading row, its columns, and what was left out."""
    yield Line(f"{', '.join([path, *read.sheets])}: {_form(read, words)}")
    if read.instrument:
        told = words("indicators told by the names of {instrument}", instrument=read.instrument)
        yield Line(f"  {told}")
    role_of = _published_column if read.form == "published" else _column
    for column in read.columns:
        yield Line(f"  {column.at:>3}  {_short(column.heading)}: {role_of(column, words)}")
    for rows in read.rows_left_out:
        yield Line(f"  {rows.at:>3}  {_short(rows.text)}: {_rows(rows, words)}")


def _form(read: TableRead, words: Words) -> str:
    if read.form in {"wide", "published"}:
        return words("a row an institution, headings in row {rows}", rows=read.heading)
    if read.form == "checklist":
        return words("a row a piece of evidence, headings in row {rows}", rows=read.heading)
    return words("a row an indicator, headings in row {rows}", rows=read.heading)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."


def _published_column(column: ReadColumn, words: Words) -> str:
    """Return what a column of a published table holds, which has indices where sheets have levels.

    One of those is never that of another evaluation.
    """
    if column.left_out:
        return _column(column, words)
    match column.role:
        case "node":
            return words("index of {code}", code=column.indicator)
        case "index":
            return words("index")
        case "predicate":
            return words("predicate")
        case "place":
            return words("place")
        case _:
            return _column(column, words)


def _column(column: ReadColumn, words: Words) -> str:
    if column.left_out:
        return words("left out ({reason})", reason=_reason(column.left_out, words))
    if column.stage:
        role = _role(column.role, words)
        return f"{role}, {words(f'stage {column.stage}')}"
    if column.indicator:
        return words("level of indicator {code}", code=column.indicator)
    return _role(column.role, words)


def _role(role: str, words: Words) -> str:  # noqa: C901, PLR0911, PLR0912  (one line a role)
    match role:
        case "indicator":
            return words("indicator")
        case "level":
            return words("level")
        case "note":
            return words("note")
        case "evidence":
            return words("evidence")
        case "responsible":
            return words("responsible")
        case "item":
            return words("number of a piece of evidence")
        case "accepted":
            return words("whether it is accepted")
        case "claim":
            return words("claimed level")
        case "institution":
            return words("institution")
        case "category":
            return words("category")
        case "province":
            return words("province")
        case "year":
            return words("year")
        case "stage":
            return words("stage")
        case "index":
            return words("index of another evaluation")
        case _:
            return words("instrument")


def _reason(code: str, words: Words) -> str:  # noqa: C901, PLR0911  (one line a reason)
    match code:
        case "column-of-points":
            return words("levels times weights")
        case "column-of-marks":
            return words("marks, counts or texts")
        case "column-beside-stage":
            return words("names no stage beside one that does")
        case "stage-not-held":
            return words("a stage that was not held")
        case "identifier-left-out":
            return words("other numbers")
        case "column-beside-heading":
            return words("differs from what stands above the table")
        case "column-varies":
            return words("changes from indicator to indicator")
        case "column-unread":
            return words("heading not known, numbers on the scale")
        case "no-heading":
            return words("no heading")
        case "not-needed":
            return words("not needed")
        case _:
            return words("heading not known")


def _rows(rows: ReadRows, words: Words) -> str:
    match rows.left_out:
        case "heading repeated":
            return words("left out (heading repeated)")
        case "domain or aspect":
            return words("left out (domain, aspect or total)")
        case _:
            return words("left out (title, remark or signature)")
