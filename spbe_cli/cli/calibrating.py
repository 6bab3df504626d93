"""The pairs of claim and finding that `spbe outlook --calibrate` estimates the agreement from."""

from collections.abc import Sequence

from spbe_cli.core.assessment import Stage
from spbe_cli.core.calibration import Paired, pairs_of
from spbe_cli.core.problem import Problem, errors_of
from spbe_cli.core.score import Reading
from spbe_cli.read.assessments import read_file
from spbe_cli.read.sheet import Wishes
from spbe_cli.read.text import load

__all__ = ["read_pairs"]

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
