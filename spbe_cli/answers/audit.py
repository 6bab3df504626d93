"""The answer of `spbe audit`: data and page."""

from collections.abc import Iterator
from typing import Any

from spbe_cli.answers.shape import Columns, Document, Shape, csv_rows, take
from spbe_cli.answers.shared import MEMBER, MemberShape
from spbe_cli.core.audit import Audit, Explained, Finding, FindingKind, RowAudit
from spbe_cli.core.number import exact
from spbe_cli.core.population import Member
from spbe_cli.formats.blocks import Cell, Column, Line, Row, Section, Table, Tone
from spbe_cli.words import Words


class FindingShape(Shape):
    """What cannot be: the node (`index` is the whole), the value, the nearest possible values."""

    kind: str
    node: str
    found: str
    nearest: list[str]
    with_zeros: bool


class PossibleShape(Shape):
    """The lowest and highest exact index that the published values leave possible."""

    lowest: str
    highest: str


class RowShape(MemberShape, within="member"):
    """A row, what cannot be in it, and which basis explains its predicate."""

    line: int | None = take("member.place.line")
    findings: list[FindingShape]
    explained: str | None
    possible: PossibleShape | None = take(
        lambda row: None if row.lowest is None or row.highest is None else row
    )


def _explained(basis: Explained) -> Any:  # noqa: ANN401  (it stands where the field's value would)
    return take(lambda found: len(found.explained_by(basis)))


class SummaryShape(Shape):
    """How many rows have findings, and how many predicates follow on which basis."""

    rows: int = take(lambda found: len(found.rows))
    faulty: int = take(lambda found: len(found.faulty))
    either: int = _explained(Explained.EITHER)
    exact: int = _explained(Explained.EXACT)
    rounded: int = _explained(Explained.ROUNDED)
    neither: int = _explained(Explained.NEITHER)
    unknown: int = take(lambda found: sum(row.explained is None for row in found.rows))


class AuditDocument(Document):
    """The answer of `spbe audit`."""

    version = "spbe-audit/1"
    summary: SummaryShape
    results: list[RowShape]
    gates: list[str]


def audit_document(found: Audit) -> dict[str, Any]:
    """Return an audit for JSON."""
    return AuditDocument.holding(summary=found, results=found.rows)


def audit_rows(found: Audit) -> Iterator[list[str]]:
    """Yield a header and a row for each row of the table."""
    columns: Columns = {
        "line": lambda row: _line(row.member),
        "explained": "explained",
        "lowest": "lowest",
        "highest": "highest",
        "findings": lambda row: "; ".join(
            f"{each.kind} {each.node} {exact(each.found)}" for each in row.findings
        ),
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
    return [*pages[:-1], pages[-1].and_then(_summary(found, words))]


def _findings_page(found: Audit, words: Words) -> Section:
    heading = words("Audit of {number} rows", number=str(len(found.rows)))
    if not found.faulty:
        return Section(heading, [Line(words("Every value can come from levels"), Tone.GOOD)])
    columns = [
        Column(words("Row"), numeric=True),
        Column(words("Institution")),
        Column(words("Value"), numeric=True),
        Column(words("What is wrong")),
    ]
    rows = [
        Row(
            (
                Cell(_line(row.member)),
                Cell(row.member.institution),
                Cell(_value(finding, row, words)),
                Cell(_sentence(finding, row, words), Tone.POOR),
            )
        )
        for row in found.faulty
        for finding in row.findings
    ]
    return Section(heading, [Table(columns, rows)])


def _telling_page(rows: list[RowAudit], words: Words) -> Section:
    columns = [
        Column(words("Row"), numeric=True),
        Column(words("Institution")),
        Column(words("Published")),
        Column(words("Exact index")),
        Column(words("Basis")),
    ]
    cells = (_telling_cells(row, words) for row in rows)
    table = Table(columns, [Row(tuple(each)) for each in cells])
    return Section(words("Predicates that tell the basis"), [table])


def _telling_cells(row: RowAudit, words: Words) -> Iterator[Cell]:
    member = row.member
    ends = dict.fromkeys(words.exact(end) for end in (row.lowest, row.highest) if end is not None)
    yield Cell(_line(member))
    yield Cell(member.institution)
    shown = words.number(member.index, member.instrument.places)
    yield Cell(f"{shown} {member.predicate.name}")
    yield Cell(" - ".join(ends))
    yield Cell(_basis(row.explained, words))


def _basis(explained: Explained | None, words: Words) -> str:
    match explained:
        case Explained.ROUNDED:
            return words("rounded")
        case Explained.EXACT:
            return words("exact")
        case _:
            return words("neither")


def _summary(found: Audit, words: Words) -> Iterator[Line]:
    counted = {basis: len(found.explained_by(basis)) for basis in Explained}
    judged = sum(counted.values())
    if not judged:
        return
    yield Line(
        words(
            "Predicates: {either} follow on either basis, {rounded} only from the rounded index, "
            "{exact} only from the exact one, {neither} from neither",
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


def _sentence(finding: Finding, row: RowAudit, words: Words) -> str:
    places = row.member.instrument.places
    if finding.kind is FindingKind.PREDICATE:
        return words("the predicate follows on no basis")
    nearest = ", ".join(words.number(value, places) for value in finding.nearest)
    said = words(
        "no levels give this; the nearest: {nearest}"
        if finding.kind is FindingKind.VALUE
        else "no levels give this index together with the published values; the nearest: {nearest}",
        nearest=nearest or "-",
    )
    zeros = words("missing levels counted as 0 at full weight would") if finding.with_zeros else ""
    return f"{said}; {zeros}" if zeros else said


def _value(finding: Finding, row: RowAudit, words: Words) -> str:
    shown = words.number(finding.found, row.member.instrument.places)
    if finding.kind is FindingKind.PREDICATE:
        return f"{shown} {row.member.predicate.name}"
    return shown if finding.node == "index" else f"{finding.node} {shown}"


def _line(member: Member) -> str:
    return str(member.place.line or member.place.cell or "")
