"""Reading and reports for Python callers: what is wrong is raised, with every reason."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from os import PathLike, fspath

from spbe_cli.core.alternatives import Planned
from spbe_cli.core.assessment import Assessment, Stage, instrument_from
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.plan import plan
from spbe_cli.core.population import Member
from spbe_cli.core.problem import InvalidInputError, errors_of
from spbe_cli.core.report import NO_FORMALITIES, Formalities
from spbe_cli.core.score import ChosenBy, Reading
from spbe_cli.core.shown import Several, kind_of
from spbe_cli.method import Named, Wished, target_from
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
    if name is not None and not isinstance(name, str | PathLike):
        raise TypeError(f"name: expected an id or the path of a file, got {kind_of(name)}")
    instrument, problems = instrument_of(None if name is None else fspath(name), year)
    if instrument is None:
        raise InvalidInputError(problems)
    return instrument


def read_assessments(  # noqa: PLR0913 - a request, every part of it named
    path: str | PathLike[str],
    *,
    instrument: Named | None = None,
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
    own = None if instrument is None else instrument_from(instrument)
    asked = tuple((name, str(index)) for name, index in (indices or {}).items())
    wishes = Wishes(own, stage, year, missing_allowed, indices=asked)
    found = read_file(fspath(path), wishes)
    problems = errors_of(found.problems)
    if problems:
        raise InvalidInputError(problems)
    return Several(map(_with_reading, found.readings))


def _with_reading(reading: Reading) -> Assessment:
    """Return the assessment, its source knowing what the reading said of it."""
    assessment = reading.assessment
    if assessment.source is None:
        return assessment
    source = assessment.source._replace(chosen_by=reading.chosen_by, notices=reading.notices)
    return assessment._replace(source=source)


def read_assessment(  # noqa: PLR0913 - a request, every part of it named
    path: str | PathLike[str],
    *,
    instrument: Named | None = None,
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
    *paths: str | PathLike[str], instrument: Named | None = None, year: int | None = None
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

    own = None if instrument is None else instrument_from(instrument)
    members, problems = read([fspath(path) for path in paths], Wishes(own, None, year))
    if errors_of(problems):
        raise InvalidInputError(errors_of(problems))
    return Several(members)


def report(  # noqa: PLR0913 - what a report may hold, every part of it named
    assessment: Assessment,
    instrument: Named | None = None,
    *,
    format: str = "html",  # noqa: A002 - as the command calls it
    language: str = "en",
    previous: Assessment | None = None,
    target: Wished | None = None,
    peers: Sequence[Member] = (),
    formalities: Formalities = NO_FORMALITIES,
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
        formalities: number, date, place and signatories of the report, and whether it is `full`.
        template: the bytes of a Word document to write a `docx` report into.

    Raises:
        MissingLevelError: if a level is missing.
        ValueError: for a format or language that does not exist.
        InvalidInputError: if a level is off the scale, if there is no such predicate, or if the
            instrument's level criteria cannot be read.
        ImportError: if the format's extra is not installed; it says how to install it.
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
    if format not in list(ReportFormat):
        raise ValueError(f"no format {format!r}; there are {', '.join(ReportFormat)}")
    wanted = ReportFormat(format)
    if wanted.how.extra is not None and not wanted.how.extra.is_there:
        raise wanted.how.extra.lacking()
    render: WriteReport = wanted.writer()
    own = None if instrument is None else instrument_from(instrument)
    reading = _reading_of(assessment, own)
    criteria, problems = read_criteria(reading.instrument)
    if errors_of(problems):
        raise InvalidInputError(errors_of(problems))
    found = report_on(
        reading,
        criteria,
        series=series_of([_reading_of(previous, own), reading]) if previous else None,
        planned=None if target is None else _planned(reading, target),
        peers=PeerTable(peers).peers_of(score(reading.instrument, assessment)) if peers else None,
        formalities=formalities,
    )
    words = Words(language)
    return render(Made(document_of(found, words), words, found, template))


def _reading_of(assessment: Assessment, instrument: Instrument | None) -> Reading:
    if instrument is None or instrument.id != assessment.instrument:
        return Reading(assessment, load_instrument(assessment.instrument), ChosenBy.FILE)
    return Reading(assessment, instrument, ChosenBy.OPTION)


def _planned(reading: Reading, wished: Wished) -> Planned:
    instrument, assessment = reading.instrument, reading.assessment
    target = target_from(instrument, wished)
    least = target.least(instrument, assessment.year)
    return Planned(reading, plan(instrument, assessment, target=least), target.predicate)
