"""Pairs of a claim and of what the assessors found, from assessments in any order."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from spbe_cli.core.assessment import Stage
from spbe_cli.core.outlook import Calibration, calibrate
from spbe_cli.core.problem import Place, Problem
from spbe_cli.core.score import Reading

_OF_ASSESSORS = (
    Stage.DOCUMENT,
    Stage.HARMONISATION,
    Stage.INTERVIEW,
    Stage.VISIT,
    Stage.EXTERNAL,
    Stage.FINAL,
)
"""The stages at which assessors decide, in their order."""

_Key = tuple[str, int | None, str]


class Pair(NamedTuple):
    """The self-assessment of an institution and year, and the last stage after it."""

    claimed: Reading
    found: Reading

    @property
    def calibration(self) -> Calibration:
        """What became of this pair's claimed levels."""
        return calibrate([(self.claimed.assessment, self.found.assessment)])


class Paired(NamedTuple):
    """All pairs, what became of their claimed levels together, and what gives no pair."""

    pairs: tuple[Pair, ...]
    calibration: Calibration
    problems: tuple[Problem, ...]


def pairs_of(readings: Iterable[Reading]) -> Paired:
    """Return the pairs in assessments of any institutions, years and stages.

    A pair is of one institution, year and instrument. Nothing is left out in silence: what gives
    no pair, or stands there twice, is a problem.
    """
    stages: dict[_Key, dict[Stage | None, Reading]] = {}
    problems: list[Problem] = []
    for reading in readings:
        at_key = stages.setdefault(_key(reading), {})
        stage = reading.assessment.stage
        first = at_key.setdefault(stage, reading)
        if first is not reading and stage is not None:
            values = {"who": _who(reading), "stage": stage, "first": _path(first)}
            problems.append(Problem("pair-repeated", Place(_path(reading)), values))
    pairs = []
    for at_key in stages.values():
        pair = _pair(at_key)
        if pair is not None and pair.calibration.compared:
            pairs.append(pair)
        else:
            problems.append(_incomplete(at_key))
    together = calibrate((pair.claimed.assessment, pair.found.assessment) for pair in pairs)
    return Paired(tuple(pairs), together, tuple(problems))


def _pair(stages: Mapping[Stage | None, Reading]) -> Pair | None:
    found = next((stages[stage] for stage in reversed(_OF_ASSESSORS) if stage in stages), None)
    claimed = stages.get(Stage.SELF)
    return Pair(claimed, found) if claimed is not None and found is not None else None


def _incomplete(stages: Mapping[Stage | None, Reading]) -> Problem:
    reading = next(iter(stages.values()))
    found = ", ".join(stage or "-" for stage in stages)
    return Problem("pair-incomplete", Place(_path(reading)), {"who": _who(reading), "found": found})


def _key(reading: Reading) -> _Key:
    assessment = reading.assessment
    name = " ".join((assessment.institution or "").casefold().split())
    return name, assessment.year, assessment.instrument


def _who(reading: Reading) -> str:
    assessment = reading.assessment
    parts = [assessment.institution or _path(reading), assessment.year]
    return ", ".join(str(part) for part in parts if part)


def _path(reading: Reading) -> str:
    return reading.assessment.source.path if reading.assessment.source else ""
