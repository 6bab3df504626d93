"""`spbe outlook`: what the assessors may find."""

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, NamedTuple

import typer

from spbe_cli.cli.command import Answer, Run, command, new_app
from spbe_cli.cli.options import ExitZeroOption, InputOptions, Sheets, misuse
from spbe_cli.core.assessment import Stage
from spbe_cli.core.calibration import Paired, pairs_of
from spbe_cli.core.number import parse
from spbe_cli.core.outlook import (
    AgreedBy,
    Agreement,
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
from spbe_cli.read.assessments import files_in, read_file
from spbe_cli.read.sheet import Wishes
from spbe_cli.read.text import load

_CHOSEN = "stage-chosen"
"""The notice of a sheet that holds several stages, of which one was taken."""

app = new_app()


class MissingInOutlook(StrEnum):
    """What to do about a missing level."""

    ERROR = "error"
    UNIFORM = "uniform"
    BOUNDS = "bounds"


class Request(NamedTuple):
    """The options of an outlook, as the user wrote them."""

    agreement: Annotated[
        str | None,
        typer.Option(
            "--agreement",
            metavar="PROBABILITY",
            help="How likely assessors confirm a level, such as 0.9.",
        ),
    ] = None
    agreements: Annotated[
        str | None,
        typer.Option(
            "--agreements", metavar="FILE", help="The same by indicator, aspect or domain, as YAML."
        ),
    ] = None
    calibrate: Annotated[
        list[str] | None,
        typer.Option(
            "--calibrate",
            metavar="FILE",
            help="Estimate it from earlier claims and what assessors found. "
            "May be given several times.",
        ),
    ] = None
    model: Annotated[
        Model,
        typer.Option("--model", help="A level not confirmed falls by one, or falls or rises."),
    ] = Model.LOWER
    missing: Annotated[
        MissingInOutlook,
        typer.Option(
            "--missing",
            help="A missing level is an error, any level alike, or the lowest and the highest.",
        ),
    ] = MissingInOutlook.ERROR
    min_probability: Annotated[
        list[str] | None,
        typer.Option(
            "--min-probability",
            metavar="NAME=PROBABILITY",
            help="Gate: at least this predicate with this probability.",
        ),
    ] = None


@command(app)
def outlook(
    run: Run,
    *,
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE...", help="Score sheets: YAML, CSV, TSV or XLSX; - is standard input."
        ),
    ] = None,
    request: Request,
    exit_zero: ExitZeroOption = False,
    how: InputOptions,
) -> Answer:
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
    run.note(_problems_of(files or (), request))
    place = Place("--min-probability")
    asked = request.min_probability or ()
    gates = run.all_parsed(parse_chance_gate(text, place) for text in asked)
    paired = _paired(run, request.calibrate) if request.calibrate else None
    if paired is not None and not files:
        return _calibration(run, paired)
    allowed = request.missing is not MissingInOutlook.ERROR
    readings = run.readings(Sheets(files, how), missing_allowed=allowed) if files else []
    found: list[Foreseen] = []
    outcomes: list[ChanceOutcome] = []
    for reading in readings:
        made = _foreseen(run, reading, request, paired)
        if made is not None:
            found.append(made)
            outcomes += run.all_parsed(chance_outcome(gate, made) for gate in gates)
    run.note_readings(readings)
    run.refuse_errors()
    from spbe_cli.answers.outlook import outlook_document, outlook_page, outlook_rows

    unicode = run.console.has_unicode()
    return Answer(
        lambda: outlook_document(found, outcomes),
        lambda: outlook_rows(found),
        lambda: [outlook_page(one, run.words, unicode=unicode) for one in found],
        outcomes,
        exit_zero=exit_zero,
    )


def _calibration(run: Run, paired: Paired) -> Answer:
    """Return what was estimated, which without score sheets is the answer."""
    run.refuse_errors()
    from spbe_cli.answers.calibration import (
        calibration_document,
        calibration_page,
        calibration_rows,
    )

    return Answer(
        lambda: calibration_document(paired),
        lambda: calibration_rows(paired),
        lambda: [calibration_page(paired, run.words)],
    )


def _problems_of(files: Sequence[str], request: Request) -> list[Problem]:
    """Return what is wrong with the request, whatever the files hold."""
    problems: list[Problem] = []
    if not files and (request.min_probability or request.agreements or not request.calibrate):
        problems.append(misuse("argument-missing", argument="FILE..."))
    if request.agreement is not None:
        wrong = agreement_problem(request.agreement, Place("--agreement"))
        problems += [wrong._replace(severity=Severity.USAGE)] if wrong else []
        if request.calibrate:
            problems.append(misuse("agreement-twice", "--agreement"))
    elif request.agreements is None and not request.calibrate:
        problems.append(misuse("agreement-missing"))
    return problems


def _paired(run: Run, paths: Sequence[str]) -> Paired:
    """Return the pairs of claim and finding in some files, folders and patterns."""
    readings: list[Reading] = []
    opened, problems = files_in(paths)
    for path in opened:
        found, wrong = _read_stages(path)
        readings += found
        problems += wrong
    run.note(problems)
    if errors_of(problems):
        return pairs_of(())
    paired = pairs_of(readings)
    run.note(paired.problems)
    return paired


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


def _foreseen(
    run: Run, reading: Reading, request: Request, paired: Paired | None
) -> Foreseen | None:
    """Return the outlook of an assessment, None where anything is wrong."""
    each, by = _agreed(request, paired)
    own: dict[str, Fraction] = {}
    if request.agreements is not None:
        from spbe_cli.read.requests import read_agreements

        (of_file, own), problems = read_agreements(request.agreements, reading.instrument)
        run.note(problems)
        if each is None:
            each, by = of_file, AgreedBy.FILE
        if each is None and not problems and not request.calibrate and request.agreement is None:
            run.note([misuse("agreement-missing", request.agreements)])
    if each is None or errors_of(run.problems):
        return None
    agreement = Agreement(each, own, request.model)
    as_bounds = request.missing is MissingInOutlook.BOUNDS
    calibration = paired.calibration if paired is not None else None
    return foreseen(reading, agreement, by, calibration, as_bounds=as_bounds)


def _agreed(request: Request, paired: Paired | None) -> tuple[Fraction | None, AgreedBy]:
    """Return what the options alone say of the agreement, over any file of agreements."""
    if paired is not None:
        return paired.calibration.agreement, AgreedBy.CALIBRATION
    text = request.agreement
    usable = text is not None and agreement_problem(text, Place()) is None
    return parse(text) if text is not None and usable else None, AgreedBy.OPTION
