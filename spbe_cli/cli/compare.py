"""`spbe compare`: what changed between score sheets, and what made it."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

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
from spbe_cli.core.problem import errors_of
from spbe_cli.render.view import Page

if TYPE_CHECKING:
    from spbe_cli.core.compare import Series
    from spbe_cli.render.compare_json import CompareDocument

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_NAME_COLUMNS = 44
_PERIOD_COLUMN = 6
"""How wide a table is without its periods, and what each adds."""


class Detail(StrEnum):
    """How much of what rose and fell is shown."""

    ASPECT = "aspect"
    INDICATOR = "indicator"


@app.command()
def compare(
    context: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="BEFORE AFTER...",
            help="Score sheets in the order of time; one is enough with --stages.",
        ),
    ],
    stages: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--stages",
            metavar="STAGE STAGE",
            help="Compare two stages of one sheet, or one of BEFORE with one of AFTER.",
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            metavar="INDEX|PREDICATE",
            help="Say by how much the last index exceeds or misses this.",
        ),
    ] = None,
    fail_on_drop: Annotated[
        bool,
        typer.Option("--fail-on-drop", help="Gate: the last index does not fall at all."),
    ] = False,
    max_drop: Annotated[
        list[str] | None,
        typer.Option(
            "--max-drop",
            metavar="POINTS|CODE=POINTS",
            help="Gate: it falls by no more; D3=0.1 of a domain or aspect.",
        ),
    ] = None,
    detail: Annotated[
        Detail,
        typer.Option("--detail", help="Show every indicator that changed, or the largest changes."),
    ] = Detail.ASPECT,
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
    """Split the change of the index into what each domain, aspect and indicator contributes.

    \b
    Examples:
      spbe compare 2022.yaml 2023.yaml --target 3.1
      spbe compare 2021.yaml 2022.yaml 2023.yaml
      spbe compare nilai.xlsx --stages self final --detail indicator
      spbe compare main.yaml baru.yaml --fail-on-drop --max-drop D3=0.1

    \b
    Gates look at the last two score sheets.
    """
    from spbe_cli.cli.comparing import Asked, compared

    console: Console = context.obj
    asked = Asked(stages, target, fail_on_drop, max_drop or ())
    series, problems = compared(files, InputOptions(instrument, year, stage), asked)
    if errors_of(problems):
        return console.refuse(problems)
    console.report(problems)
    answer = _answer(series, console, detail, unlimited=format_ is Format.MARKDOWN)
    written = console.answer(text_of(answer, format_, console), output)
    drops = [drop for one in series for drop in one.drops]
    return written or console.gates(drops, exit_zero=exit_zero)


def _answer(
    series: "Sequence[Series]", console: Console, detail: Detail, *, unlimited: bool
) -> Answer:
    def document() -> "CompareDocument":
        from spbe_cli.render.compare_json import compare_document

        return compare_document(series)

    def rows() -> Iterator[list[str]]:
        from spbe_cli.render.compare_json import compare_rows

        return compare_rows(series)

    def pages() -> list[Page]:
        from spbe_cli.render.compare_page import Shown, compare_pages

        room = None if unlimited else (console.width() - _NAME_COLUMNS) // _PERIOD_COLUMN
        every = detail is Detail.INDICATOR
        shown = Shown(room, every_indicator=every, unicode=console.has_unicode())
        return [page for one in series for page in compare_pages(one, console.words, shown)]

    return Answer(document, rows, pages)
