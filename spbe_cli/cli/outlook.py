"""`spbe outlook`: what the assessors may find."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

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
    MissingLevels,
    OutputOption,
    StageOption,
    YearOption,
)
from spbe_cli.core.assessment import Stage
from spbe_cli.core.calibration import Paired, pairs_of
from spbe_cli.core.number import parse
from spbe_cli.core.outlook import (
    AgreedBy,
    Agreement,
    Calibration,
    ChanceGate,
    ChanceOutcome,
    Foreseen,
    Model,
    agreement_problem,
    chance_outcome,
    foreseen,
    parse_chance_gate,
)
from spbe_cli.core.problem import Place, Problem, Severity, errors_of
from spbe_cli.core.score import Reading
from spbe_cli.formats.blocks import Page
from spbe_cli.read.assessments import read_file
from spbe_cli.read.sheet import Wishes
from spbe_cli.read.text import load

if TYPE_CHECKING:
    from collections.abc import Mapping


_CHOSEN = "stage-chosen"
"""The notice of a sheet that holds several stages, of which one was taken."""


def read_pairs(paths: Sequence[str]) -> tuple[Paired, list[Problem]]:
    """Return the pairs in some files, and everything that was wrong or must be known."""
    readings: list[Reading] = []
    problems: list[Problem] = []
    for path in paths:
        found, wrong = _read_stages(path)
        readings += found
        problems += wrong
    if errors_of(problems):
        return pairs_of(()), problems
    paired = pairs_of(readings)
    return paired, [*problems, *paired.problems]


def _read_stages(path: str) -> tuple[list[Reading], list[Problem]]:
    """Return the last stage of every sheet, and the self-assessment of those that hold both."""
    file = load(path)
    if isinstance(file, Problem):
        return [], [file]
    last = read_file(file, Wishes(missing_allowed=True))
    problems = [*last.problems]
    problems += [n for r in last.readings for n in r.notices if n.code != _CHOSEN]
    if not any(n.code == _CHOSEN for reading in last.readings for n in reading.notices):
        return list(last.readings), problems
    at_self = read_file(file, Wishes(stage=Stage.SELF, missing_allowed=True))
    alone = [_sheet_of(r) for r in last.readings if r.assessment.stage is Stage.SELF]
    claims = [reading for reading in at_self.readings if _sheet_of(reading) not in alone]
    return [*last.readings, *claims], problems


def _sheet_of(reading: Reading) -> tuple[str | None, int | None]:
    return reading.assessment.institution, reading.assessment.year


class MissingInOutlook(StrEnum):
    """What to do about a missing level."""

    ERROR = "error"
    UNIFORM = "uniform"
    BOUNDS = "bounds"


class Request(NamedTuple):
    """The options of an outlook, as the user wrote them."""

    agreement: str | None = None
    agreements: str | None = None
    calibrate: Sequence[str] = ()
    model: Model = Model.LOWER
    missing: MissingInOutlook = MissingInOutlook.ERROR
    min_probability: Sequence[str] = ()


class OutlookAnswer(NamedTuple):
    """Outlooks, how they stand to the gates, what was estimated, and all problems and notices."""

    foreseen: tuple[Foreseen, ...] = ()
    gates: tuple[ChanceOutcome, ...] = ()
    paired: Paired | None = None
    problems: tuple[Problem, ...] = ()


class _Agreed(NamedTuple):
    """What the options alone say of the agreement, before any file of agreements."""

    each: Fraction | None
    by: AgreedBy
    calibration: Calibration | None = None


def answered(files: Sequence[str], inputs: InputOptions, request: Request) -> OutlookAnswer:
    """Return the outlook of every assessment in the files, or why there is none."""
    problems = _problems_of(files, request)
    gates = [
        parse_chance_gate(text, Place("--min-probability")) for text in request.min_probability
    ]
    problems += [gate for gate in gates if isinstance(gate, Problem)]
    paired, found = _paired(request)
    problems += found
    readings: list[Reading] = []
    if files:
        from spbe_cli.cli.options import read_readings

        allowed = request.missing is not MissingInOutlook.ERROR
        missing = MissingLevels.BOUNDS if allowed else MissingLevels.ERROR
        readings, found = read_readings(files, inputs._replace(missing=missing))
        problems += found
    agreed = _agreed(request, paired)
    outlooks: list[Foreseen] = []
    outcomes: list[ChanceOutcome] = []
    for reading in readings:
        agreement, found = _agreement(reading, request, agreed)
        problems += [problem for problem in found if problem not in problems]
        if agreement is None or errors_of(problems):
            continue
        as_bounds = request.missing is MissingInOutlook.BOUNDS
        by = agreed.by if agreed.each is not None else AgreedBy.FILE
        made = foreseen(reading, agreement, by, agreed.calibration, as_bounds=as_bounds)
        outlooks.append(made)
        for gate in gates:
            outcome = chance_outcome(gate, made) if isinstance(gate, ChanceGate) else None
            if isinstance(outcome, ChanceOutcome):
                outcomes.append(outcome)
            elif outcome is not None and outcome not in problems:
                problems.append(outcome)
    problems += [n for reading in readings for n in reading.notices if n not in problems]
    return OutlookAnswer(tuple(outlooks), tuple(outcomes), paired, tuple(problems))


def _problems_of(files: Sequence[str], request: Request) -> list[Problem]:
    """Return what is wrong with the request, whatever the files hold."""
    problems: list[Problem] = []
    if not files and (request.min_probability or request.agreements or not request.calibrate):
        problems.append(Problem("argument-missing", Place(), {"argument": "FILE..."}))
    if request.agreement is not None:
        wrong = agreement_problem(request.agreement, Place("--agreement"))
        problems += [wrong] if wrong else []
        if request.calibrate:
            problems.append(Problem("agreement-twice", Place("--agreement")))
    elif request.agreements is None and not request.calibrate:
        problems.append(Problem("agreement-missing", Place()))
    return [problem._replace(severity=Severity.USAGE) for problem in problems]


def _paired(request: Request) -> tuple[Paired | None, list[Problem]]:
    if not request.calibrate:
        return None, []

    return read_pairs(request.calibrate)


def _agreed(request: Request, paired: Paired | None) -> _Agreed:
    if paired is not None:
        return _Agreed(paired.calibration.agreement, AgreedBy.CALIBRATION, paired.calibration)
    text = request.agreement
    usable = text is not None and agreement_problem(text, Place()) is None
    return _Agreed(parse(text) if text is not None and usable else None, AgreedBy.OPTION)


def _agreement(
    reading: Reading, request: Request, agreed: _Agreed
) -> tuple[Agreement | None, list[Problem]]:
    """Return the agreement for an assessment's instrument; the options speak over the file."""
    each, own, problems = agreed.each, dict[str, Fraction](), list[Problem]()
    if request.agreements is not None:
        from spbe_cli.read.requests import read_agreements

        (of_file, own), problems = read_agreements(request.agreements, reading.instrument)
        each = of_file if each is None else each
        if each is None and not problems and not request.calibrate and request.agreement is None:
            place = Place(request.agreements)
            problems.append(Problem("agreement-missing", place, severity=Severity.USAGE))
    return None if each is None else Agreement(each, own, request.model), problems


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
        from spbe_cli.answers.outlook import outlook_document

        return outlook_document(found.foreseen, found.gates)

    def rows() -> Iterator[list[str]]:
        from spbe_cli.answers.outlook import outlook_rows

        return outlook_rows(found.foreseen)

    def pages() -> list[Page]:
        from spbe_cli.answers.outlook import outlook_page

        unicode = console.has_unicode()
        return [outlook_page(one, console.words, unicode=unicode) for one in found.foreseen]

    return Answer(document, rows, pages)


def _calibration(paired: "Paired | None", console: Console) -> Answer:
    if paired is None:
        raise AssertionError("without files there are pairs")

    def document() -> "Mapping[str, Any]":
        from spbe_cli.answers.calibration import calibration_document

        return calibration_document(paired)

    def rows() -> Iterator[list[str]]:
        from spbe_cli.answers.calibration import calibration_rows

        return calibration_rows(paired)

    def pages() -> list[Page]:
        from spbe_cli.answers.calibration import calibration_page

        return [calibration_page(paired, console.words)]

    return Answer(document, rows, pages)
