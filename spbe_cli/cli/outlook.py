"""`spbe outlook`: what the assessors may find."""

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, NamedTuple

import typer

from spbe_cli.cli.command import Answer, RefusedError, Run, command, new_app
from spbe_cli.cli.options import ExitZeroOption, InputOptions, Sheets, misuse
from spbe_cli.core.assessment import Stage
from spbe_cli.core.calibration import (
    Estimated,
    Method,
    Paired,
    Prediction,
    Trial,
    estimated,
    pairs_of,
    predictions,
    record_of,
    trials,
)
from spbe_cli.core.number import is_number, parse
from spbe_cli.core.observed import STRENGTH
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
from spbe_cli.read.assessments import files_in, parsed_file, readings_in
from spbe_cli.read.choice import Wishes
from spbe_cli.read.text import load

_CHOSEN = "stage-chosen"
"""The notice of a sheet that holds several stages, of which one was taken."""

app = new_app()


class MissingInOutlook(StrEnum):
    """What to do about a missing level."""

    ERROR = "error"
    UNIFORM = "uniform"
    BOUNDS = "bounds"


class By(StrEnum):
    """What claims are told apart by, beside their level."""

    DOMAIN = "domain"


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
        Model | None,
        typer.Option(
            "--model",
            help="Claims go as those of the same level did (the default with --calibrate), "
            "or a level not confirmed falls by one (the default without), or falls or rises.",
        ),
    ] = None
    strength: Annotated[
        str | None,
        typer.Option(
            "--strength",
            metavar="CLAIMS",
            help="With observed: draw each level towards all claims with the weight of so many; "
            "2 by default.",
        ),
    ] = None
    by: Annotated[
        By | None,
        typer.Option("--by", help="With observed: each domain for itself where claims suffice."),
    ] = None
    correlation: Annotated[
        str | None,
        typer.Option(
            "--correlation",
            metavar="RHO",
            help="How much levels fall together, from 0 to 1; estimated from three pairs on.",
        ),
    ] = None
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
      spbe outlook nilai.yaml --calibrate pasangan/ --by domain --correlation 0.2
      spbe outlook --calibrate mandiri.yaml --calibrate akhir.yaml

    \b
    With --calibrate claims go as those of the same level went in earlier years; it takes
    sheets with both stages, or one sheet a stage: self-assessments are compared with the last
    stage of the same institution and year. With --agreement each level is confirmed with the
    probability given and otherwise falls by one, which is an assumption.
    """
    run.note(_problems_of(files or (), request))
    place = Place("--min-probability")
    asked = request.min_probability or ()
    gates = run.all_parsed(parse_chance_gate(text, place) for text in asked)
    paired = _paired(run, request.calibrate) if request.calibrate else None
    method = _method(request)
    if paired is not None and not files:
        return _calibration(run, paired, method)
    basis = None
    if paired is not None:
        tried = () if errors_of(run.problems) else trials(paired.pairs, method)
        basis = _basis(run, paired, method, tried)
    allowed = request.missing is not MissingInOutlook.ERROR
    readings = run.readings(Sheets(files, how), missing_allowed=allowed) if files else []
    found: list[Foreseen] = []
    outcomes: list[ChanceOutcome] = []
    for reading in readings:
        made = _foreseen(run, reading, request, basis)
        if made is not None:
            found.append(made)
            outcomes += run.all_parsed(chance_outcome(gate, made) for gate in gates)
    run.note_readings(readings)
    run.refuse_errors()
    from spbe_cli.answers.outlook import outlook_document, outlook_rows
    from spbe_cli.answers.outlook_page import outlook_page

    unicode = run.console.has_unicode()
    return Answer(
        lambda: outlook_document(found, outcomes),
        lambda: outlook_rows(found),
        lambda: [outlook_page(one, run.words, unicode=unicode) for one in found],
        outcomes,
        exit_zero=exit_zero,
    )


def _method(request: Request) -> Method:
    """Return how odds are to be estimated."""
    strength = _number(request.strength)
    return Method(
        request.model or Model.OBSERVED,
        STRENGTH if strength is None else strength,
        request.by is By.DOMAIN,
        _number(request.correlation),
    )


def _number(text: str | None) -> Fraction | None:
    """Return the number of an option, None without one; what is none is told elsewhere."""
    return parse(text) if text is not None and is_number(text) else None


def _calibration(run: Run, paired: Paired, method: Method) -> Answer:
    """Return what was estimated, which without score sheets is the answer."""
    predicted = _predictions(run, paired, method)
    basis = _basis(run, paired, method, predicted)
    if basis is None:
        raise RefusedError
    from spbe_cli.answers.calibration import (
        calibration_document,
        calibration_page,
        calibration_rows,
    )

    return Answer(
        lambda: calibration_document(paired, basis, predicted),
        lambda: calibration_rows(paired),
        lambda: [calibration_page(paired, basis, predicted, run.words)],
    )


def _predictions(run: Run, paired: Paired, method: Method) -> Sequence[Prediction]:
    """Return every pair predicted from the others, none where anything is wrong."""
    return () if errors_of(run.problems) else predictions(paired.pairs, method)


def _basis(
    run: Run, paired: Paired, method: Method, predicted: Sequence[Prediction | Trial]
) -> Estimated | None:
    """Return what the pairs give, None where anything is wrong."""
    if errors_of(run.problems):
        return None
    basis = estimated(paired.calibration, method)
    if basis is None:
        run.note([misuse("claims-cannot-fall", "--calibrate")])
        return None
    return basis._replace(estimate=basis.estimate._replace(record=record_of(predicted)))


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
    return problems + _problems_of_method(request)


def _problems_of_method(request: Request) -> list[Problem]:
    """Return what is wrong with the options of the model."""
    problems: list[Problem] = []
    rho, strength = request.correlation, request.strength
    if rho is not None and not (is_number(rho) and 0 <= parse(rho) <= 1):
        problems.append(misuse("correlation-wrong", "--correlation", found=rho))
    if strength is not None and not (is_number(strength) and parse(strength) >= 0):
        problems.append(misuse("amount-wrong", "--strength", found=strength))
    if request.model is Model.OBSERVED and not request.calibrate:
        problems.append(misuse("observed-needs-pairs", "--model"))
    elif not request.calibrate or request.model not in (None, Model.OBSERVED):
        for option, value in (("--strength", strength), ("--by", request.by)):
            if value is not None:
                problems.append(misuse("observed-only", option, option=option))
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
    wishes = Wishes(missing_allowed=True)
    parsed = parsed_file(file, wishes)
    last = readings_in(parsed, file, wishes)
    problems = [*last.problems]
    problems += [n for r in last.readings for n in r.notices if n.code != _CHOSEN]
    if not any(n.code == _CHOSEN for reading in last.readings for n in reading.notices):
        return list(last.readings), problems
    at_self = readings_in(parsed, file, wishes._replace(stage=Stage.SELF))
    alone = [_sheet_of(r) for r in last.readings if r.assessment.stage is Stage.SELF]
    claims = [reading for reading in at_self.readings if _sheet_of(reading) not in alone]
    return [*last.readings, *claims], problems


def _sheet_of(reading: Reading) -> tuple[str | None, int | None]:
    return reading.assessment.institution, reading.assessment.year


def _foreseen(
    run: Run, reading: Reading, request: Request, basis: Estimated | None
) -> Foreseen | None:
    """Return the outlook of an assessment, None where anything is wrong."""
    each, by = _agreed(request, basis)
    own: dict[str, Fraction] = {}
    if request.agreements is not None:
        from spbe_cli.read.requests import read_agreements

        (of_file, own), problems = read_agreements(request.agreements, reading.instrument)
        run.note(problems)
        if each is None:
            each, by = of_file, AgreedBy.FILE
        is_wrong = bool(errors_of(problems))
        if each is None and not is_wrong and not request.calibrate and request.agreement is None:
            run.note([misuse("agreement-missing", request.agreements)])
    if each is None or errors_of(run.problems):
        return None
    as_bounds = request.missing is MissingInOutlook.BOUNDS
    if basis is not None:
        agreement = basis.agreement._replace(by_indicator=own)
        return foreseen(reading, agreement, by, basis.estimate, as_bounds=as_bounds)
    correlation = _number(request.correlation) or Fraction(0)
    agreement = Agreement(each, own, request.model or Model.LOWER, correlation=correlation)
    return foreseen(reading, agreement, by, as_bounds=as_bounds)


def _agreed(request: Request, basis: Estimated | None) -> tuple[Fraction | None, AgreedBy]:
    """Return what the options alone say of the agreement, over any file of agreements."""
    if basis is not None:
        return basis.agreement.each, AgreedBy.CALIBRATION
    return _number(request.agreement), AgreedBy.OPTION
