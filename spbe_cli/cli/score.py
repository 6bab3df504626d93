"""`spbe score`: the index of one or more score sheets."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from spbe_cli.cli.command import Answer, Run, command, new_app
from spbe_cli.cli.options import (
    SET,
    Detail,
    GateOptions,
    MissingLevels,
    MissingOption,
    Sheets,
    WrittenScore,
)
from spbe_cli.core.problem import Place, Problem, errors_of, notices_of

if TYPE_CHECKING:
    from spbe_cli.core.assessment import Change
    from spbe_cli.core.score import Reading, Result
    from spbe_cli.formats.blocks import Section
    from spbe_cli.words import Words

app = new_app()


@command(app, written=WrittenScore)
def score(
    run: Run,
    *,
    sheets: Sheets,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="WHAT=LEVEL",
            help="Score as if: 12=4, A3=+1, D1=5, all=+1. May be given several times.",
        ),
    ] = None,
    missing: MissingOption = MissingLevels.ERROR,
    detail: Annotated[
        Detail, typer.Option("--detail", help="How far down the table goes.")
    ] = Detail.ASPECT,
    exact: Annotated[
        bool, typer.Option("--exact", help="Show every value exactly, not rounded.")
    ] = False,
    pages: Annotated[
        bool,
        typer.Option("--pages", help="Of several sheets show a page each, not a row each."),
    ] = False,
    gates: GateOptions,
) -> Answer:
    """Compute the index, the domains and aspects, and the predicate.

    \b
    Examples:
      spbe score examples/bandar-lampung-2023.yaml
      spbe score nilai.xlsx --stage self --detail indicator
      spbe score nilai.csv --year 2023 --set 12=4 --set A3=+1
      spbe score 2023.yaml 2024.yaml
      spbe score *.yaml --format csv --output hasil.csv
      spbe score nilai.yaml --min-predicate baik --min D2=3.0

    \b
    Exit codes: 0 done and every gate met, 1 a gate not met, 2 wrong usage,
    3 invalid data, 4 a file cannot be read or written.
    """
    asked = run.gates(gates)
    results = _results(run, sheets, changes or (), missing)
    outcomes = run.outcomes(asked, results)
    run.refuse_errors()
    from spbe_cli.answers.score import score_document, score_page, score_rows

    with_indicators = detail is Detail.INDICATOR
    at_a_glance = len(results) > 1 and not pages and not with_indicators
    return Answer(
        lambda: score_document(results, outcomes),
        lambda: score_rows(results, with_exact=exact),
        lambda: (
            [_overview(results, run.words, exact=exact)]
            if at_a_glance
            else [
                score_page(each, run.words, with_indicators=with_indicators, exact=exact)
                for each in results
            ]
        ),
        outcomes,
        exit_zero=gates.exit_zero,
    )


def _overview(results: "Sequence[Result]", words: "Words", *, exact: bool) -> "Section":
    from spbe_cli.answers.overview import overview_page

    return overview_page(results, words, exact=exact)


def _results(
    run: Run, sheets: Sheets, changes: Sequence[str], missing: MissingLevels
) -> "list[Result]":
    """Return the scores of all sheets that are right, changed as --set asks."""
    bounds = missing is MissingLevels.BOUNDS
    readings = run.readings(sheets, missing_allowed=bool(changes) or bounds)
    from spbe_cli.core.assessment import parse_change

    wanted = run.all_parsed(parse_change(text, SET) for text in changes)
    found = (_result(run, reading, wanted, bounds=bounds) for reading in readings)
    results = [result for result in found if result is not None]
    run.note_readings(result.reading for result in results)
    return results


def _result(
    run: Run, reading: "Reading", changes: "Sequence[Change]", *, bounds: bool
) -> "Result | None":
    from spbe_cli.core.assessment import apply_changes
    from spbe_cli.core.score import result_of

    assessment, changed, problems = apply_changes(
        reading.instrument, reading.assessment, changes, SET
    )
    if errors_of(problems):
        run.note(problems)
        return None
    if assessment.missing and not bounds:
        codes = assessment.missing
        source = assessment.source.path if assessment.source else ""
        values = {"indicators": reading.instrument.listed(codes), "count": str(len(codes))}
        run.note([*problems, Problem("level-missing", Place(source), values)])
        return None
    notices = (*reading.notices, *notices_of(problems))
    return result_of(reading._replace(assessment=assessment, notices=notices), changed)
