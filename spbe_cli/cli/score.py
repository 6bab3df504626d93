"""`spbe score`: the index of one or more score sheets."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from spbe_cli.cli.command import Answer, text_of
from spbe_cli.cli.console import Console
from spbe_cli.cli.options import (
    Colour,
    ColourOption,
    Files,
    Format,
    FormatOption,
    InputOptions,
    InstrumentOption,
    LanguageOption,
    MissingLevels,
    MissingOption,
    OutputOption,
    StageOption,
    YearOption,
    gates_from,
)
from spbe_cli.core.problem import errors_of
from spbe_cli.core.score import GateOutcome, Result, check_gates
from spbe_cli.formats.blocks import Page
from spbe_cli.words import Words

if TYPE_CHECKING:
    from spbe_cli.answers.score import ScoreDocument

app = typer.Typer(add_completion=False, rich_markup_mode=None)


class Detail(StrEnum):
    """How far down the table goes."""

    ASPECT = "aspect"
    INDICATOR = "indicator"


@app.command()
def score(
    context: typer.Context,
    files: Files,
    instrument: InstrumentOption = None,
    year: YearOption = None,
    stage: StageOption = None,
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
    min_index: Annotated[
        str | None, typer.Option("--min-index", metavar="INDEX", help="Gate: at least this index.")
    ] = None,
    min_predicate: Annotated[
        str | None,
        typer.Option("--min-predicate", metavar="NAME", help="Gate: at least this predicate."),
    ] = None,
    minimum: Annotated[
        list[str] | None,
        typer.Option(
            "--min", metavar="CODE=INDEX", help="Gate: at least this index of a domain or aspect."
        ),
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 even if a gate is not met.")
    ] = False,
    format_: FormatOption = Format.TABLE,
    output: OutputOption = None,
    lang: LanguageOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Compute the index, the domains and aspects, and the predicate.

    \b
    Examples:
      spbe score examples/bandar-lampung-2023.yaml
      spbe score nilai.xlsx --stage self --detail indicator
      spbe score nilai.csv --year 2023 --set 12=4 --set A3=+1
      spbe score *.yaml --format csv --output hasil.csv
      spbe score nilai.yaml --min-predicate baik --min D2=3.0

    \b
    Exit codes: 0 done and every gate met, 1 a gate not met, 2 wrong usage,
    3 invalid data, 4 a file cannot be read or written.
    """
    from spbe_cli.cli.options import read_inputs

    console: Console = context.obj
    gates = gates_from(min_index, min_predicate, minimum)
    wishes = InputOptions(instrument, year, stage, changes or (), missing)
    inputs = read_inputs(files, wishes)
    outcomes, misfits = check_gates(gates.gates, inputs.results)
    problems = [*gates.problems, *inputs.problems, *misfits]
    if errors_of(problems):
        return console.refuse(problems)
    console.report(problems)
    answer = _answer(inputs.results, outcomes, console.words, Shown(detail, exact=exact))
    written = console.answer(text_of(answer, format_, console), output)
    return written or console.gates(outcomes, exit_zero=exit_zero)


class Shown(NamedTuple):
    """How much is shown."""

    detail: Detail
    exact: bool


def _answer(
    results: Sequence[Result], outcomes: Sequence[GateOutcome], words: Words, shown: Shown
) -> Answer:
    def document() -> "ScoreDocument":
        from spbe_cli.answers.score import score_document

        return score_document(results, outcomes)

    def rows() -> Iterator[list[str]]:
        from spbe_cli.answers.score import score_rows

        return score_rows(results, with_exact=shown.exact)

    def pages() -> list[Page]:
        from spbe_cli.answers.score import score_page

        detail = shown.detail is Detail.INDICATOR
        return [score_page(r, words, with_indicators=detail, exact=shown.exact) for r in results]

    return Answer(document, rows, pages)
