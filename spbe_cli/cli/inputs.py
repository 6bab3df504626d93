"""From file arguments and options to results: what every command does first."""

from collections.abc import Sequence
from typing import NamedTuple

from spbe_cli.cli.options import InputOptions, MissingLevels, named_instrument, stage_from
from spbe_cli.core.assessment import Change, apply_changes, parse_change
from spbe_cli.core.problem import Place, Problem, errors_of, notices_of
from spbe_cli.core.score import Reading, Result, result_of
from spbe_cli.read.assessments import read_file
from spbe_cli.read.sheet import Wishes
from spbe_cli.read.text import File

__all__ = ["Inputs", "read_inputs", "read_readings", "wishes_from"]


class Inputs(NamedTuple):
    """A result for every sheet that is right, and every problem and notice of the run."""

    results: tuple[Result, ...]
    problems: tuple[Problem, ...]


def read_inputs(files: Sequence[str], options: InputOptions) -> Inputs:
    """Return the results of all files, changed as --set asks, and all problems at once."""
    readings, problems = read_readings(files, options)
    parsed = [parse_change(text) for text in options.changes]
    problems += [change for change in parsed if isinstance(change, Problem)]
    changes = [change for change in parsed if isinstance(change, Change)]
    results = []
    for reading in readings:
        result, found = _result(reading, changes, options.missing)
        problems += [problem for problem in found if problem not in problems]
        if result is not None:
            results.append(result)
    problems += [notice for result in results for notice in result.reading.notices]
    return Inputs(tuple(results), tuple(problems))


def read_readings(
    files: Sequence[str | File], options: InputOptions
) -> tuple[list[Reading], list[Problem]]:
    """Return the assessments of all files, by path or loaded already, and all problems."""
    wishes, problems = wishes_from(options)
    if wishes is None:
        return [], problems
    readings: list[Reading] = []
    for path in files:
        found = read_file(path, wishes)
        readings += found.readings
        problems += found.problems
    return readings, problems


def wishes_from(options: InputOptions) -> tuple[Wishes | None, list[Problem]]:
    """Return how files are to be read, None where an option is wrong, and what is wrong."""
    problems: list[Problem] = []
    instrument = None
    if options.instrument is not None:
        instrument, problems = named_instrument(options.instrument)
    stage = stage_from(options.stage)
    if isinstance(stage, Problem):
        problems.append(stage)
    if isinstance(stage, Problem) or errors_of(problems):
        return None, problems
    allowed = bool(options.changes) or options.missing is MissingLevels.BOUNDS
    return Wishes(instrument, stage, options.year, missing_allowed=allowed), problems


def _result(
    reading: Reading, changes: Sequence[Change], missing: MissingLevels
) -> tuple[Result | None, list[Problem]]:
    assessment, changed, problems = apply_changes(reading.instrument, reading.assessment, changes)
    if errors_of(problems):
        return None, problems
    if assessment.missing and missing is MissingLevels.ERROR:
        codes = assessment.missing
        source = assessment.source.path if assessment.source else ""
        values = {"indicators": reading.instrument.listed(codes), "count": str(len(codes))}
        return None, [*problems, Problem("level-missing", Place(source), values)]
    notices = (*reading.notices, *notices_of(problems))
    return result_of(reading._replace(assessment=assessment, notices=notices), changed), []
