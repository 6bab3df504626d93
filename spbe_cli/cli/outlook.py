"""`spbe outlook`: how safe a claim is, as the exact probability of every predicate."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spbe_cli.cli.answer import Answer, text_of
from spbe_cli.cli.console import Console
from spbe_cli.cli.options import (
    Colour,
    ColourOption,
    Format,
    FormatOption,
    InputOptions,
    InstrumentOption,
    LanguageOption,
    OutputOption,
    StageOption,
    YearOption,
)
from spbe_cli.cli.outlooking import MissingInOutlook, OutlookAnswer, Request
from spbe_cli.core.outlook import Model
from spbe_cli.core.problem import errors_of
from spbe_cli.render.view import Page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spbe_cli.core.calibration import Paired

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def outlook(
    context: typer.Context,
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE...", help="Score sheets: YAML, CSV, TSV or XLSX; - is standard input."
        ),
    ] = None,
    agreement: Annotated[
        str | None,
        typer.Option(
            "--agreement",
            metavar="PROBABILITY",
            help="How likely assessors confirm a level, such as 0.9.",
        ),
    ] = None,
    agreements: Annotated[
        str | None,
        typer.Option(
            "--agreements", metavar="FILE", help="The same by indicator, aspect or domain, as YAML."
        ),
    ] = None,
    calibrate: Annotated[
        list[str] | None,
        typer.Option(
            "--calibrate",
            metavar="FILE",
            help="Estimate it from earlier claims and what assessors found. "
            "May be given several times.",
        ),
    ] = None,
    model: Annotated[
        Model,
        typer.Option("--model", help="A level not confirmed falls by one, or falls or rises."),
    ] = Model.LOWER,
    missing: Annotated[
        MissingInOutlook,
        typer.Option(
            "--missing",
            help="A missing level is an error, any level alike, or the lowest and the highest.",
        ),
    ] = MissingInOutlook.ERROR,
    min_probability: Annotated[
        list[str] | None,
        typer.Option(
            "--min-probability",
            metavar="NAME=PROBABILITY",
            help="Gate: at least this predicate with this probability.",
        ),
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 even if a gate is not met.")
    ] = False,
    instrument: InstrumentOption = None,
    year: YearOption = None,
    stage: StageOption = None,
    format_: FormatOption = Format.TABLE,
    output: OutputOption = None,
    lang: LanguageOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Compute the exact probability of every predicate after the assessors have looked.

    \b
    Examples:
      spbe outlook nilai.yaml --stage self --agreement 0.9
      spbe outlook nilai.yaml --agreements keyakinan.yaml --model symmetric
      spbe outlook nilai.yaml --calibrate tahun-lalu.xlsx --min-probability baik=0.9
      spbe outlook --calibrate mandiri.yaml --calibrate akhir.yaml

    \b
    Each level is confirmed with the probability given and otherwise falls by one, each
    indicator by itself. --calibrate takes sheets with both stages, or one sheet a stage:
    self-assessments are compared with the last stage of the same institution and year.
    """
    from spbe_cli.cli.outlooking import answered

    console: Console = context.obj
    wishes = InputOptions(instrument, year, stage)
    request = Request(agreement, agreements, calibrate or (), model, missing, min_probability or ())
    found = answered(files or (), wishes, request)
    if errors_of(found.problems):
        return console.refuse(found.problems)
    console.report(found.problems)
    answer = _answer(found, console) if files else _calibration(found.paired, console)
    written = console.answer(text_of(answer, format_, console), output)
    return written or console.gates(found.gates, exit_zero=exit_zero)


def _answer(found: OutlookAnswer, console: Console) -> Answer:
    def document() -> "Mapping[str, Any]":
        from spbe_cli.render.outlook_data import outlook_document

        return outlook_document(found.foreseen, found.gates)

    def rows() -> Iterator[list[str]]:
        from spbe_cli.render.outlook_data import outlook_rows

        return outlook_rows(found.foreseen)

    def pages() -> list[Page]:
        from spbe_cli.render.outlook_page import outlook_page

        unicode = console.has_unicode()
        return [outlook_page(one, console.words, unicode=unicode) for one in found.foreseen]

    return Answer(document, rows, pages)


def _calibration(paired: "Paired | None", console: Console) -> Answer:
    if paired is None:
        raise AssertionError("without files there are pairs")

    def document() -> "Mapping[str, Any]":
        from spbe_cli.render.calibration import calibration_document

        return calibration_document(paired)

    def rows() -> Iterator[list[str]]:
        from spbe_cli.render.calibration import calibration_rows

        return calibration_rows(paired)

    def pages() -> list[Page]:
        from spbe_cli.render.calibration import calibration_page

        return [calibration_page(paired, console.words)]

    return Answer(document, rows, pages)
