"""An agreement estimated from pairs: as a page, as `spbe-calibration/1`, and as rows."""

from collections.abc import Iterator, Sequence
from typing import Any

from spbe_cli.answers.estimate import (
    CalibrationShape,
    EstimateShape,
    agreement_line,
    observed_lines,
    record_line,
)
from spbe_cli.answers.gates import percent, share
from spbe_cli.answers.score import heading_of
from spbe_cli.answers.shape import Document, Number, Shape, Value, csv_rows, take
from spbe_cli.answers.shared import WHO, Head
from spbe_cli.core.calibration import Estimated, Paired, Prediction
from spbe_cli.core.number import fixed
from spbe_cli.core.observed import Calibration
from spbe_cli.formats.blocks import Cell, Column, Line, Row, Section, Table, Tone
from spbe_cli.words import Words


class PairResult(CalibrationShape, within="calibration"):
    """What became of the claimed levels of one institution in one year."""

    claimed: Head
    found: Head


class PredictionShape(Shape):
    """One pair, predicted from the others: the range of its index, and what came.

    `chance` is that of keeping at least the claimed predicate, and `kept` whether it was kept.
    """

    institution: str | None = take("pair.found.assessment.institution")
    year: int | None = take("pair.found.assessment.year")
    low: Value
    high: Value
    final: Value
    covered: bool
    chance: Number
    kept: bool


class CalibrationDocument(Document):
    """One run: every pair, all together, the odds that follow, and how well they predict."""

    version = "spbe-calibration/1"
    results: list[PairResult]
    total: CalibrationShape
    correlation: Number
    estimate: EstimateShape
    predictions: list[PredictionShape]
    gates: list[str]


def calibration_document(
    paired: Paired, basis: Estimated, predicted: Sequence[Prediction]
) -> dict[str, Any]:
    """Return the whole run in the shape of `spbe-calibration/1`."""
    return CalibrationDocument.holding(
        results=paired.pairs,
        total=paired.calibration,
        correlation=basis.agreement.correlation,
        estimate=basis,
        predictions=predicted,
    )


def calibration_rows(paired: Paired) -> Iterator[list[str]]:
    """Yield a header, and a row for each pair."""
    stages = {f"{side}_stage": f"{side}.assessment.stage" for side in ("claimed", "found")}
    counted = {**CalibrationShape.columns(), "agreement": _agreement}
    rows = (([pair.found], pair, pair.calibration) for pair in paired.pairs)
    return csv_rows([WHO, stages, counted], rows)


def calibration_page(
    paired: Paired, basis: Estimated, predicted: Sequence[Prediction], words: Words
) -> Section:
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
    below = [Line(agreement_line(basis.estimate, words), Tone.STRONG)]
    below += observed_lines(basis.agreement, basis.estimate, words)
    below += _levels(total, words)
    below += record_line(basis.estimate, words)
    below += (_prediction(each, words) for each in predicted)
    return Section(words("What became of claimed levels"), [Table(columns, rows), *below])


def _levels(total: Calibration, words: Words) -> Iterator[Line]:
    """Yield how claims of each level moved."""
    for level, moves in total.by_level().items():
        parts = [
            words("by {levels}: {count}", levels=_signed(move), count=str(count))
            for move, count in sorted(moves.items())
        ]
        text = words(
            "Claims of level {level}: {count}, moved {moves}",
            level=words.exact(level),
            count=str(moves.total()),
            moves=", ".join(parts),
        )
        yield Line(text)


def _signed(move: int) -> str:
    return f"+{move}" if move > 0 else str(move)


def _prediction(each: Prediction, words: Words) -> Line:
    places = each.pair.found.instrument.places
    text = words(
        "{who}: at least 90 % likely between {low} and {high}, came {final}; "
        "chance to keep the predicate {chance}",
        who=heading_of(each.pair.found, words),
        low=words.number(each.low, places),
        high=words.number(each.high, places),
        final=words.number(each.final, places),
        chance=percent(each.chance, words),
    )
    return Line(text, Tone.FAINT if each.covered else Tone.FAIR, depth=1)


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
