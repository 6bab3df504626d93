"""What `spbe outlook` is asked for: agreements and gates, from options to core values."""

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.cli.options import InputOptions, MissingLevels
from spbe_cli.core.calibration import Paired
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
from spbe_cli.core.score import Reading, find_predicate

__all__ = ["MissingInOutlook", "OutlookAnswer", "Request", "answered"]


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
    gates = [parse_chance_gate(text) for text in request.min_probability]
    problems += [gate for gate in gates if isinstance(gate, Problem)]
    paired, found = _paired(request)
    problems += found
    readings: list[Reading] = []
    if files:
        from spbe_cli.cli.inputs import read_readings

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
            outcome = _outcome(gate, made) if isinstance(gate, ChanceGate) else None
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
    from spbe_cli.cli.calibrating import read_pairs

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


def _outcome(gate: ChanceGate, made: Foreseen) -> ChanceOutcome | Problem:
    instrument = made.reading.instrument
    predicate = find_predicate(instrument, gate.name)
    if predicate is not None:
        return chance_outcome(gate, predicate, made)
    from spbe_cli.read.shape import nearest

    names = [predicate.name for predicate in instrument.predicates]
    values = {"found": gate.name, "known": ", ".join(names), **nearest(gate.name, names)}
    return Problem("predicate-unknown", Place(gate.option), values, Severity.USAGE)
