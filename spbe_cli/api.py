"""Reading and reports for Python callers: what is wrong is raised, with every reason."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from os import PathLike, fspath

from spbe_cli.core.alternatives import Planned
from spbe_cli.core.assessment import Assessment, Stage
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.plan import plan
from spbe_cli.core.population import Member
from spbe_cli.core.problem import InvalidInputError, errors_of
from spbe_cli.core.score import ChosenBy, Reading
from spbe_cli.core.units import least_index
from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.instruments import (
    instrument_of,
)


def load_instrument(
    name: str | PathLike[str] | None = None, *, year: int | None = None
) -> Instrument:
    """Return the instrument with this id, in this file, or of this year; else the default.

    Raises:
        InvalidInputError: if there is none, or if the file is not a right instrument.
    """
    instrument, problems = instrument_of(None if name is None else fspath(name), year)
    if instrument is None:
        raise InvalidInputError(problems)
    return instrument


def read_assessments(  # noqa: PLR0913 - a request, every part of it named
    path: str | PathLike[str],
    *,
    instrument: Instrument | None = None,
    stage: Stage | None = None,
    year: int | None = None,
    missing_allowed: bool = False,
    indices: Mapping[str, Fraction | int | str] | None = None,
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
        indices: those of other evaluations by name, over the file's: `{"SDI": "62.5"}`.

    Raises:
        InvalidInputError: if anything in the file is wrong, with all `problems` and their places.
    """
    asked = tuple((name, str(index)) for name, index in (indices or {}).items())
    wishes = Wishes(instrument, stage, year, missing_allowed, indices=asked)
    found = read_file(fspath(path), wishes)
    problems = errors_of(found.problems)
    if problems:
        raise InvalidInputError(problems)
    return tuple(reading.assessment for reading in found.readings)


def read_assessment(  # noqa: PLR0913 - a request, every part of it named
    path: str | PathLike[str],
    *,
    instrument: Instrument | None = None,
    stage: Stage | None = None,
    year: int | None = None,
    missing_allowed: bool = False,
    indices: Mapping[str, Fraction | int | str] | None = None,
) -> Assessment:
    """Return the one assessment in a score sheet; arguments and errors as `read_assessments`.

    Raises:
        ValueError: if the file holds several.
    """
    found = read_assessments(
        path,
        instrument=instrument,
        stage=stage,
        year=year,
        missing_allowed=missing_allowed,
        indices=indices,
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


def report(  # noqa: PLR0913 - what a report may hold, every part of it named
    assessment: Assessment,
    instrument: Instrument | None = None,
    *,
    format: str = "html",  # noqa: A002 - as the command calls it
    language: str = "en",
    previous: Assessment | None = None,
    target: str | Fraction | None = None,
    peers: Sequence[Member] = (),
    template: bytes | None = None,
) -> str | bytes:
    """Return the report on an assessment: text as `html` and `md`, bytes as `pdf`, `docx`, `xlsx`.

    Args:
        assessment: without missing levels.
        instrument: the instrument whose codes it uses; a shipped one is found by its id.
        format: `html`, `pdf`, `docx`, `xlsx` or `md`; the middle three need their extra.
        language: `en` or `id`.
        previous: an earlier assessment, to show what changed.
        target: a predicate's name or an index, to show the cheapest plan that reaches it.
        peers: other institutions of the same instrument and one year, from `read_population`.
        template: the bytes of a Word document to write a `docx` report into.

    Raises:
        MissingLevelError: if a level is missing.
        ValueError: for a format, language or predicate that does not exist.
        InvalidInputError: if the instrument's level criteria cannot be read.
    """
    from spbe_cli.answers.report import document_of
    from spbe_cli.core.compare import series_of
    from spbe_cli.core.population import PeerTable
    from spbe_cli.core.report import report_on
    from spbe_cli.core.score import score
    from spbe_cli.formats.blocks import Made
    from spbe_cli.formats.endings import ReportFormat, WriteReport
    from spbe_cli.read.instruments import read_criteria
    from spbe_cli.words import LANGUAGES, Words

    if language not in LANGUAGES:
        raise ValueError(f"no language {language!r}; there are {', '.join(LANGUAGES)}")
    render: WriteReport = ReportFormat(format).writer()
    reading = _reading_of(assessment, instrument)
    criteria, problems = read_criteria(reading.instrument)
    if errors_of(problems):
        raise InvalidInputError(errors_of(problems))
    found = report_on(
        reading,
        criteria,
        series=series_of([_reading_of(previous, instrument), reading]) if previous else None,
        planned=None if target is None else _planned(reading, target),
        peers=PeerTable(peers).peers_of(score(reading.instrument, assessment)) if peers else None,
    )
    words = Words(language)
    return render(Made(document_of(found, words), words, found, template))


def _reading_of(assessment: Assessment, instrument: Instrument | None) -> Reading:
    if instrument is None or instrument.id != assessment.instrument:
        return Reading(assessment, load_instrument(assessment.instrument), ChosenBy.FILE)
    return Reading(assessment, instrument, ChosenBy.OPTION)


def _planned(reading: Reading, target: str | Fraction) -> Planned:
    instrument, assessment = reading.instrument, reading.assessment
    predicate = None
    if isinstance(target, str):
        predicate = instrument.predicate_named(target)
        if predicate is None:
            names = ", ".join(each.name for each in instrument.predicates)
            raise ValueError(f"no predicate {target!r}; there are {names}")
        target = least_index(instrument, predicate, assessment.year)
    return Planned(reading, plan(instrument, assessment, target=target), predicate)
