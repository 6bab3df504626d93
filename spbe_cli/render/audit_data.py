"""`spbe-audit/1`: whether published tables can be right, as JSON and CSV."""

from collections.abc import Iterator

from typing_extensions import TypedDict

from spbe_cli.core.audit import Audit, Explained, Finding, RowAudit
from spbe_cli.core.number import exact
from spbe_cli.render.population_data import MEMBER_HEAD, MemberShape, member_cells, member_shape

__all__ = ["AuditDocument", "audit_document", "audit_rows"]


class FindingShape(TypedDict):
    """What cannot be: the node (`index` is the whole), the value, the nearest possible values."""

    kind: str
    node: str
    found: str
    nearest: list[str]
    with_zeros: bool


class PossibleShape(TypedDict):
    """The lowest and highest exact index that the published values leave possible."""

    lowest: str
    highest: str


class RowShape(MemberShape):
    """A row, what cannot be in it, and which basis explains its predicate."""

    line: int | None
    findings: list[FindingShape]
    explained: str | None
    possible: PossibleShape | None


class SummaryShape(TypedDict):
    """How many rows have findings, and how many predicates follow on which basis."""

    rows: int
    faulty: int
    either: int
    exact: int
    rounded: int
    neither: int
    unknown: int


class AuditDocument(TypedDict):
    """The answer of `spbe audit`."""

    format: str
    summary: SummaryShape
    results: list[RowShape]
    gates: list[str]


def audit_document(found: Audit) -> AuditDocument:
    """Return an audit for JSON."""
    counted = {basis: len(found.explained_by(basis)) for basis in Explained}
    return {
        "format": "spbe-audit/1",
        "summary": {
            "rows": len(found.rows),
            "faulty": len(found.faulty),
            "either": counted[Explained.EITHER],
            "exact": counted[Explained.EXACT],
            "rounded": counted[Explained.ROUNDED],
            "neither": counted[Explained.NEITHER],
            "unknown": len(found.rows) - sum(counted.values()),
        },
        "results": [_row(row) for row in found.rows],
        "gates": [],
    }


def audit_rows(found: Audit) -> Iterator[list[str]]:
    """Yield a header and a row for each row of the table."""
    yield [*MEMBER_HEAD, "line", "explained", "lowest", "highest", "findings"]
    for row in found.rows:
        ends = ["" if end is None else exact(end) for end in (row.lowest, row.highest)]
        findings = "; ".join(f"{f.kind} {f.node} {exact(f.found)}" for f in row.findings)
        line = str(row.member.place.line or row.member.place.cell or "")
        yield [*member_cells(row.member), line, row.explained or "", *ends, findings]


def _row(row: RowAudit) -> RowShape:
    return {
        **member_shape(row.member),
        "line": row.member.place.line,
        "findings": [_finding(finding) for finding in row.findings],
        "explained": row.explained,
        "possible": None
        if row.lowest is None or row.highest is None
        else {"lowest": exact(row.lowest), "highest": exact(row.highest)},
    }


def _finding(finding: Finding) -> FindingShape:
    return {
        "kind": finding.kind,
        "node": finding.node,
        "found": exact(finding.found),
        "nearest": [exact(value) for value in finding.nearest],
        "with_zeros": finding.with_zeros,
    }
