"""The answer of `spbe audit`: data and page."""

from collections.abc import Iterator
from typing import Any

from spbe_cli.answers.member import MEMBER, MemberShape, predicate_name
from spbe_cli.answers.shape import Columns, Count, Document, Number, Shape, Value, csv_rows, take
from spbe_cli.core.assessment import ReadColumn
from spbe_cli.core.audit import Audit, Explained, Finding, FindingKind, RowAudit
from spbe_cli.core.audit import Column as JudgedColumn
from spbe_cli.core.instrument import Basis
from spbe_cli.core.number import exact
from spbe_cli.core.population import Member
from spbe_cli.core.problem import Place
from spbe_cli.core.units import WHOLE
from spbe_cli.formats.blocks import Cell, Column, Line, Row, Section, Table, Tone, visible
from spbe_cli.words import Words


class FindingShape(Shape):
    """What cannot be: the node (`index` is the whole), the value, the nearest possible values.

    `places` is in how many decimals the value was written; `parts` are the nodes whose published
    values it contradicts.
    """

    kind: FindingKind
    node: str
    found: Number | None
    places: Count
    nearest: list[Number]
    parts: list[str]
    with_zeros: bool


class PossibleShape(Shape):
    """The lowest and highest exact index that the published values leave possible."""

    lowest: Number
    highest: Number


class ColumnShape(Shape):
    """A node (`index` is the whole), and in how many rows its published value was judged."""

    instrument: str = take("instrument.id")
    node: str = take("code")
    rows: Count


class UnreadShape(Shape):
    """A column of a table that was not read, so that nothing in it was judged."""

    at: str
    heading: str


def _predicates(basis: Basis) -> Any:  # noqa: ANN401  (it stands where the field's value would)
    return take(lambda row: [predicate.name for predicate in row.by_basis.get(basis, ())])


class RowShape(MemberShape, within="member"):
    """A row, its nodes that were judged, what cannot be in it, and what explains its predicate.

    `by_exact` and `by_rounded` are the predicates that the possible indices have on each basis.
    """

    index: Value | None = take("member.known_index")  # type: ignore[assignment]
    predicate: str | None = take(lambda row: predicate_name(row.member))  # type: ignore[assignment]
    line: Count | None = take("member.place.line")
    judged: list[str] = take(lambda row: list(row.published))
    findings: list[FindingShape]
    explained: Explained | None
    by_exact: list[str] = _predicates(Basis.EXACT)
    by_rounded: list[str] = _predicates(Basis.ROUNDED)
    possible: PossibleShape | None = take(
        lambda row: None if row.lowest is None or row.highest is None else row
    )


def _explained(basis: Explained) -> Any:  # noqa: ANN401  (it stands where the field's value would)
    return take(lambda found: len(found.explained_by(basis)))


class SummaryShape(Shape):
    """How many rows have findings, and how many predicates follow on which basis."""

    rows: Count = take(lambda found: len(found.rows))
    faulty: Count = take(lambda found: len(found.faulty))
    either: Count = _explained(Explained.EITHER)
    exact: Count = _explained(Explained.EXACT)
    rounded: Count = _explained(Explained.ROUNDED)
    neither: Count = _explained(Explained.NEITHER)
    unknown: Count = take(lambda found: sum(row.explained is None for row in found.rows))


class AuditDocument(Document):
    """The answer of `spbe audit`."""

    version = "spbe-audit/1"
    summary: SummaryShape
    coverage: list[ColumnShape]
    unread: list[UnreadShape]
    results: list[RowShape]
    gates: list[str]


def audit_document(found: Audit) -> dict[str, Any]:
    """Return an audit for JSON."""
    return AuditDocument.holding(
        summary=found, coverage=found.columns, unread=list(_unread(found)), results=found.rows
    )


def audit_rows(found: Audit) -> Iterator[list[str]]:
    """Yield a header and a row for each row of the table."""
    columns: Columns = {
        "line": lambda row: _line(row.member),
        "explained": "explained",
        "lowest": "lowest",
        "highest": "highest",
        "findings": lambda row: "; ".join(
            f"{each.kind} {each.node} {'' if each.found is None else exact(each.found)}".rstrip()
            for each in row.findings
        ),
        "judged": lambda row: " ".join(row.published),
    }
    return csv_rows([MEMBER, columns], ((row.member, row) for row in found.rows))


def audit_pages(found: Audit, words: Words) -> list[Section]:
    """Return what cannot be, row by row, and what the table shows about the basis."""
    pages = [_findings_page(found, words)]
    telling = [
        *found.explained_by(Explained.ROUNDED),
        *found.explained_by(Explained.EXACT),
        *found.explained_by(Explained.NEITHER),
    ]
    if telling:
        pages.append(_telling_page(telling, words))
    return [*pages[:-1], pages[-1].and_then((*_summary(found, words), *_coverage(found, words)))]


def _findings_page(found: Audit, words: Words) -> Section:
    heading = _heading(found, words)
    several = _has_years(found)
    lines = [Line(words("A row of several years counts once for each of them"), Tone.FAINT)]
    above = lines if several else []
    if not found.faulty:
        good = Line(words("Every value can come from levels"), Tone.GOOD)
        return Section(heading, [good, *above])
    columns = [
        Column(words("Row"), numeric=True),
        *([Column(words("Year"), numeric=True)] if several else []),
        Column(words("Institution")),
        Column(words("Value"), numeric=True),
        Column(words("What is wrong")),
    ]
    rows = [
        Row(
            (
                Cell(_line(row.member)),
                *([Cell(str(row.member.year or ""))] if several else []),
                Cell(row.member.institution),
                Cell(_value(finding, row, words)),
                Cell(_sentence(finding, row, words), Tone.POOR),
            )
        )
        for row in found.faulty
        for finding in row.findings
    ]
    return Section(heading, [*above, Table(columns, rows)])


def _heading(found: Audit, words: Words) -> str:
    """Return what was audited: rows, or institutions in each of their years."""
    number = str(len(found.rows))
    if not _has_years(found):
        return words("Audit of {number} {number:row|rows}", number=number)
    names = {
        (row.member.place.source, row.member.place.sheet, _line(row.member)) for row in found.rows
    }
    years = dict.fromkeys(sorted(str(row.member.year) for row in found.rows))
    return words(
        "Audit of {number} {number:result|results} in {rows} {rows:row|rows}, {years}",
        number=number,
        rows=str(len(names)),
        years=", ".join(years),
    )


def _has_years(found: Audit) -> bool:
    """Return whether a row of the table holds the values of several years."""
    places = [row.member.place for row in found.rows]
    return len(set(places)) < len(places)


def audit_unmet(found: Audit, words: Words) -> Iterator[tuple[Place, str]]:
    """Yield where something cannot be right, and what."""
    for row in found.faulty:
        for finding in row.findings:
            what = f"{row.member.institution}: {_value(finding, row, words)}"
            yield row.member.place, visible(f"{what}: {_sentence(finding, row, words)}")


def _telling_page(rows: list[RowAudit], words: Words) -> Section:
    columns = [
        Column(words("Row"), numeric=True),
        Column(words("Institution")),
        Column(words("Published")),
        Column(words("Exact index")),
        Column(words("Exact")),
        Column(words("Rounded")),
    ]
    cells = (_telling_cells(row, words) for row in rows)
    table = Table(columns, [Row(tuple(each)) for each in cells])
    return Section(words("Predicates that tell the basis"), [table])


def _telling_cells(row: RowAudit, words: Words) -> Iterator[Cell]:
    member, index = row.member, row.published.get(WHOLE)
    ends = dict.fromkeys(words.exact(end) for end in (row.lowest, row.highest) if end is not None)
    shown = "" if index is None else words.number(*index)
    yield Cell(_line(member))
    yield Cell(member.institution)
    yield Cell(f"{shown} {member.predicate.name}".strip())
    yield Cell(" - ".join(ends))
    for basis in Basis:
        yield Cell(" - ".join(each.name for each in reversed(row.by_basis[basis])))


def _summary(found: Audit, words: Words) -> Iterator[Line]:
    counted = {basis: len(found.explained_by(basis)) for basis in Explained}
    judged = sum(counted.values())
    if not judged:
        return
    yield Line(
        words(
            "Predicates: {either} {either:follows|follow} on either basis, {rounded} only from the "
            "rounded index, {exact} only from the exact one, {neither} from neither",
            **{basis.value: str(number) for basis, number in counted.items()},
        )
    )
    yield Line(_verdict(counted, words), Tone.STRONG)


def _verdict(counted: dict[Explained, int], words: Words) -> str:
    """Return what the table as a whole shows about the basis."""
    rounded, exact = counted[Explained.ROUNDED], counted[Explained.EXACT]
    if rounded and exact:
        return words("The table contradicts itself: no single basis gives all its predicates")
    if rounded:
        return words("The predicates of this table follow the rounded index")
    if exact:
        return words("The predicates of this table follow the exact index")
    if counted[Explained.NEITHER] and not counted[Explained.EITHER]:
        return words("No basis gives the predicates of this table")
    return words("The table does not tell the basis: both give the predicates that can follow")


def _coverage(found: Audit, words: Words) -> Iterator[Line]:
    """Yield what was judged, and what was not."""
    columns = found.columns
    instruments = list(dict.fromkeys(column.instrument.id for column in columns))
    for id_ in instruments:
        of = [column for column in columns if column.instrument.id == id_]
        before = f"{id_}: " if len(instruments) > 1 else ""
        judged = [f"{_called(column)} {column.rows}" for column in of if column.rows]
        if not before and found.predicates:
            judged.append(f"{words('predicate')} {found.predicates}")
        if judged:
            said = words("Judged, with the number of rows: {columns}", columns=", ".join(judged))
            yield Line(before + said, Tone.FAINT)
        absent = ", ".join(_called(column) for column in of if not column.rows)
        if absent:
            said = words("Not judged, as no row has a published value: {columns}", columns=absent)
            yield Line(before + said, Tone.FAINT)
    unread = ", ".join(f'{column.at} "{column.heading}"' for column in _unread(found))
    if unread:
        yield Line(words("Columns that were not read: {columns}", columns=unread))


def _called(column: JudgedColumn) -> str:
    return column.instrument.index_name if column.code == WHOLE else column.code


def _unread(found: Audit) -> Iterator[ReadColumn]:
    """Yield the columns with a heading that were left out, each once."""
    said: dict[ReadColumn, None] = {}
    for read in {id(row.member.read): row.member.read for row in found.rows}.values():
        for column in read.columns if read is not None else ():
            if column.left_out and column.heading.strip():
                said[column] = None
    yield from said


def _sentence(finding: Finding, row: RowAudit, words: Words) -> str:
    if finding.kind is FindingKind.PREDICATE:
        return words("the predicate follows on no basis")
    nearest = ", ".join(words.number(value, finding.places) for value in finding.nearest) or "-"
    if finding.parts:
        parts = ", ".join(f"{code} {words.number(*row.published[code])}" for code in finding.parts)
        return words(
            "no levels give this together with {parts}; the nearest: {nearest}",
            parts=parts,
            nearest=nearest,
        )
    said = words("no levels give this; the nearest: {nearest}", nearest=nearest)
    zeros = words("missing levels counted as 0 at full weight would") if finding.with_zeros else ""
    return f"{said}; {zeros}" if zeros else said


def _value(finding: Finding, row: RowAudit, words: Words) -> str:
    shown = "" if finding.found is None else words.number(finding.found, finding.places)
    if finding.kind is FindingKind.PREDICATE:
        return f"{shown} {row.member.predicate.name}".strip()
    return shown if finding.node == WHOLE else f"{finding.node} {shown}"


def _line(member: Member) -> str:
    return str(member.place.line or member.place.cell or "")
