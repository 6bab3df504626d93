"""Reading for Python callers: values come back, and what is wrong is raised with every reason."""

from os import PathLike, fspath

from spbe_cli.core.assessment import Assessment, Stage
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.population import Member
from spbe_cli.core.problem import InvalidInputError, Place, Problem, errors_of
from spbe_cli.read.assessments import Wishes, read_file
from spbe_cli.read.instruments import (
    DEFAULT,
    find_instrument,
    instrument_of_year,
    shipped_ids,
    shipped_instrument,
)

__all__ = ["load_instrument", "read_assessment", "read_assessments", "read_population"]


def load_instrument(
    name: str | PathLike[str] | None = None, *, year: int | None = None
) -> Instrument:
    """Return the instrument with this id, in this file, or of this year; else the default.

    Raises:
        InvalidInputError: if there is none, or if the file is not a right instrument.
    """
    if name is not None:
        instrument, problems = find_instrument(fspath(name))
    elif year is not None:
        instrument = instrument_of_year(year)
        values = {"year": str(year), "known": ", ".join(shipped_ids())}
        problems = [Problem("year-without-instrument", Place(), values)]
    else:
        return shipped_instrument(DEFAULT)
    if instrument is None:
        raise InvalidInputError(problems)
    return instrument


def read_assessments(
    path: str | PathLike[str],
    *,
    instrument: Instrument | None = None,
    stage: Stage | None = None,
    year: int | None = None,
    missing_allowed: bool = False,
) -> tuple[Assessment, ...]:
    """Return every assessment in a score sheet (YAML, CSV, TSV, XLSX), in the file's order.

    Args:
        path: the file.
        instrument: in place of the one that the file or its year chooses. Each assessment holds
            the id of the one it uses: `load_instrument(assessment.instrument)` gives a shipped
            one; load your own by its path and pass it here.
        stage: the stage to take; by default the last that is filled.
        year: the year, over the file's.
        missing_allowed: whether an indicator may have no level.

    Raises:
        InvalidInputError: if anything in the file is wrong, with all `problems` and their places.
    """
    wishes = Wishes(instrument, stage, year, missing_allowed=missing_allowed)
    found = read_file(fspath(path), wishes)
    problems = errors_of(found.problems)
    if problems:
        raise InvalidInputError(problems)
    return tuple(reading.assessment for reading in found.readings)


def read_assessment(
    path: str | PathLike[str],
    *,
    instrument: Instrument | None = None,
    stage: Stage | None = None,
    year: int | None = None,
    missing_allowed: bool = False,
) -> Assessment:
    """Return the one assessment in a score sheet; arguments and errors as `read_assessments`.

    Raises:
        ValueError: if the file holds several.
    """
    found = read_assessments(
        path, instrument=instrument, stage=stage, year=year, missing_allowed=missing_allowed
    )
    if len(found) != 1:
        raise ValueError(f"{fspath(path)} holds {len(found)} assessments: use read_assessments")
    return found[0]


def read_population(
    *paths: str | PathLike[str], instrument: Instrument | None = None, year: int | None = None
) -> tuple[Member, ...]:
    """Return the institutions in tables of published results or of levels, in their order.

    `rank`, `profile` and `audit` take them.

    Args:
        paths: the files.
        instrument: in place of the one that the year chooses.
        year: the year, over the files'.

    Raises:
        InvalidInputError: if anything in the files is wrong, with all `problems`.
    """
    from spbe_cli.read.published import read_population as read

    members, problems = read([fspath(path) for path in paths], Wishes(instrument, None, year))
    if errors_of(problems):
        raise InvalidInputError(errors_of(problems))
    return tuple(members)
