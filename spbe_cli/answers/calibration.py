"""An agreement estimated from pairs: as a page, as `spbe-calibration/1`, and as rows."""

from collections.abc import Iterator
from typing import Any

from spbe_cli.answers.gates import share
from spbe_cli.answers.outlook import CalibrationShape
from spbe_cli.answers.score import heading_of
from spbe_cli.answers.shape import Document, csv_rows
from spbe_cli.answers.shared import WHO, Head
from spbe_cli.core.calibration import Paired
from spbe_cli.core.number import fixed
from spbe_cli.core.outlook import Calibration
from spbe_cli.formats.blocks import Cell, Column, Line, Row, Section, Table, Tone
from spbe_cli.words import Words


class PairResult(CalibrationShape, within="calibration"):
    """What became of the claimed levels of one institution in one year."""

    claimed: Head
    found: Head


class CalibrationDocument(Document):
    """One run: every pair, and all together."""

    version = "spbe-calibration/1"
    results: list[PairResult]
    total: CalibrationShape
    gates: list[str]


def calibration_document(paired: Paired) -> dict[str, Any]:
    """Return the whole run in the shape of `spbe-calibration/1`."""
    return CalibrationDocument.holding(results=paired.pairs, total=paired.calibration)


def calibration_rows(paired: Paired) -> Iterator[list[str]]:
    """Yield a header, and a row for each pair."""
    stages = {f"{side}_stage": f"{side}.assessment.stage" for side in ("claimed", "found")}
    counted = {**CalibrationShape.columns(), "agreement": _agreement}
    rows = (([pair.found], pair, pair.calibration) for pair in paired.pairs)
    return csv_rows([WHO, stages, counted], rows)


def calibration_page(paired: Paired, words: Words) -> Section:
    """Return the page: the pairs, and the agreement estimated from all of them."""
    columns = [
        Column(""),
        Column(words("Indicators"), numeric=True),
        Column(words("Confirmed"), numeric=True),
        Column(words("Lowered"), numeric=True),
        Column(words("Raised"), numeric=True),
        Column(words("Agreement"), numeric=True),
    ]
    rows = [_row(heading_of(pair.found, words), pair.calibration, words) for pair in paired.pairs]
    total = paired.calibration
    if len(rows) > 1:
        rows.append(_row(words("Sum"), total, words)._replace(section=True))
    agreement = share(total.agreement, words) if total.agreement is not None else words("none")
    below = [
        Line(
            words(
                "Agreement {share}, from {count} {count:indicator|indicators}",
                share=agreement,
                count=str(total.compared),
            ),
            Tone.STRONG,
        )
    ]
    if total.further:
        text = words(
            "{further} of them moved by more than one level, further than the model looks: "
            "the real range is wider",
            further=str(total.further),
        )
        below.append(Line(text, Tone.FAIR))
    return Section(words("What became of claimed levels"), [Table(columns, rows), *below])


def _row(name: str, calibration: Calibration, words: Words) -> Row:
    counts = (
        calibration.compared,
        calibration.confirmed,
        calibration.lowered,
        calibration.raised,
    )
    agreement = share(calibration.agreement, words) if calibration.agreement is not None else ""
    return Row((Cell(name), *(Cell(str(count)) for count in counts), Cell(agreement)))


def _agreement(calibration: Calibration) -> str:
    return fixed(calibration.agreement, 12) if calibration.agreement is not None else ""
