"""An agreement estimated from pairs: as a page, as `spbe-calibration/1`, and as rows."""

from collections.abc import Iterator

from typing_extensions import TypedDict  # typing's own makes no JSON Schema before Python 3.12

from spbe_cli.answers.gates import share
from spbe_cli.answers.outlook import CalibrationShape, calibration_of
from spbe_cli.answers.score import heading_of
from spbe_cli.answers.shared import WHO, Head, head_of, who_of
from spbe_cli.core.calibration import Pair, Paired
from spbe_cli.core.number import fixed
from spbe_cli.core.outlook import Calibration
from spbe_cli.formats.blocks import Cell, Column, Line, Page, Row, Tone
from spbe_cli.words import Words


class PairResult(CalibrationShape):
    """What became of the claimed levels of one institution in one year."""

    claimed: Head
    found: Head


class CalibrationDocument(TypedDict):
    """One run: every pair, and all together."""

    format: str
    results: list[PairResult]
    total: CalibrationShape
    gates: list[str]


def calibration_document(paired: Paired) -> CalibrationDocument:
    """Return the whole run in the shape of `spbe-calibration/1`."""
    return {
        "format": "spbe-calibration/1",
        "results": [_result(pair) for pair in paired.pairs],
        "total": calibration_of(paired.calibration),
        "gates": [],
    }


def calibration_rows(paired: Paired) -> Iterator[list[str]]:
    """Yield a header, and a row for each pair."""
    yield [*WHO, "claimed_stage", "found_stage",
           "compared", "confirmed", "lowered", "raised", "further", "agreement"]  # fmt: skip
    for pair in paired.pairs:
        calibration = pair.calibration
        stages = [str(reading.assessment.stage) for reading in pair]
        counts = [str(count) for count in calibration]
        yield [*who_of(pair.found), *stages, *counts, _agreement(calibration)]


def calibration_page(paired: Paired, words: Words) -> Page:
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
                "Agreement {share}, from {count} indicators",
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
    return Page(words("What became of claimed levels"), (), columns, rows, below)


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


def _result(pair: Pair) -> PairResult:
    shape = calibration_of(pair.calibration)
    return {**shape, "claimed": head_of(pair.claimed), "found": head_of(pair.found)}
