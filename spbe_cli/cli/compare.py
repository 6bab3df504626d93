"""`spbe compare`: what changed between assessments."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from spbe_cli.cli.command import Answer, text_of
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
    read_readings,
    stage_from,
)
from spbe_cli.core.compare import (
    DropGate,
    Series,
    check_drops,
    matched,
    series_of,
    target_met,
)
from spbe_cli.core.number import NotANumberError, parse
from spbe_cli.core.problem import Place, Problem, Severity, errors_of
from spbe_cli.core.score import Reading, parse_target
from spbe_cli.formats.blocks import Page
from spbe_cli.read.text import File, load

if TYPE_CHECKING:
    from spbe_cli.answers.compare import CompareDocument

_TWO = 2

_BOTH_ARE_READ = "sheets-of-other-stages"
"""A notice of each stage's reading that is no news here: the other stage is the other side."""


class Asked(NamedTuple):
    """The options of a comparison, as the user wrote them."""

    stages: tuple[str, str] | None = None
    target: str | None = None
    fail_on_drop: bool = False
    max_drop: Sequence[str] = ()


def compared(
    files: Sequence[str], options: InputOptions, asked: Asked
) -> tuple[list[Series], list[Problem]]:
    """Return the comparison of every institution, and all problems at once."""
    gates, problems = _drop_gates(asked)
    sides, found = _sides(files, options, asked)
    problems += found
    if errors_of(found):
        return [], problems
    groups, unmatched = matched(sides)
    problems += unmatched
    finished = []
    for readings in groups:
        series, wrong = _finished(series_of(readings), asked, gates)
        problems += [problem for problem in wrong if problem not in problems]
        finished.append(series)
    for reading in (reading for readings in groups for reading in readings):
        problems += [notice for notice in reading.notices if notice not in problems]
    return finished, problems


def _sides(
    files: Sequence[str], options: InputOptions, asked: Asked
) -> tuple[list[list[Reading]], list[Problem]]:
    """Return the readings of each file, or of each stage; a file is loaded only once."""
    stages: Sequence[str | None] = [options.stage] * len(files)
    if asked.stages is not None:
        if len(files) > _TWO or options.stage is not None:
            return [], [Problem("compare-stages", Place("--stages"), severity=Severity.USAGE)]
        known = map(stage_from, asked.stages)
        wrong = [stage.at(Place("--stages")) for stage in known if isinstance(stage, Problem)]
        if wrong:
            return [], wrong
        files, stages = [files[0], files[-1]], asked.stages
    elif len(files) < _TWO:
        values = {"found": files[0]}
        return [], [Problem("compare-one-file", Place(), values, Severity.USAGE)]
    loaded = {path: _loaded(path) for path in dict.fromkeys(files)}
    sides: list[list[Reading]] = []
    problems: list[Problem] = []
    for path, stage in zip(files, stages, strict=True):
        readings, found = read_readings([loaded[path]], options._replace(stage=stage))
        sides.append(readings)
        problems += [p for p in found if p not in problems and p.code != _BOTH_ARE_READ]
    return sides, problems


def _loaded(path: str) -> str | File:
    """Return a file's bytes, or its path again, so that the reader says why there are none."""
    file = load(path)
    return path if isinstance(file, Problem) else file


def _finished(
    series: Series, asked: Asked, gates: Sequence[DropGate]
) -> tuple[Series, list[Problem]]:
    """Return the comparison held against target and gates, and which of them make no sense."""
    drops, problems = check_drops(gates, series.last_step)
    outcome = None
    if asked.target is not None:
        last = series.trend.cards[-1]
        target = parse_target(last.instrument, asked.target, Place("--target"))
        if isinstance(target, Problem):
            problems.append(target)
        else:
            outcome = target_met(target, last)
    return series._replace(target=outcome, drops=tuple(drops)), problems


def _drop_gates(asked: Asked) -> tuple[list[DropGate], list[Problem]]:
    gates, problems = list[DropGate](), list[Problem]()
    if asked.fail_on_drop:
        gates.append(DropGate(kind="fail-on-drop", place=Place("--fail-on-drop")))
    for text in asked.max_drop:
        node, equals, most = text.rpartition("=")
        points = _amount(most)
        if points is None or bool(equals) != bool(node.strip()):
            values = {"found": text}
            problems.append(Problem("drop-wrong", Place("--max-drop"), values, Severity.USAGE))
        else:
            gates.append(DropGate(points, node.strip() or None, place=Place("--max-drop")))
    return gates, problems


def _amount(text: str) -> Fraction | None:
    try:
        return value if (value := parse(text)) >= 0 else None
    except NotANumberError:
        return None


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
        from spbe_cli.answers.compare import compare_document

        return compare_document(series)

    def rows() -> Iterator[list[str]]:
        from spbe_cli.answers.compare import compare_rows

        return compare_rows(series)

    def pages() -> list[Page]:
        from spbe_cli.answers.compare import Shown, compare_pages

        room = None if unlimited else (console.width() - _NAME_COLUMNS) // _PERIOD_COLUMN
        every = detail is Detail.INDICATOR
        shown = Shown(room, every_indicator=every, unicode=console.has_unicode())
        return [page for one in series for page in compare_pages(one, console.words, shown)]

    return Answer(document, rows, pages)
