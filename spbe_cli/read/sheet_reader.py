"""One score sheet of plain text to an `Assessment` on its instrument's scale."""

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from spbe_cli.core.assessment import Assessment, Missing, Source, Stage
from spbe_cli.core.instrument import Instrument, Status
from spbe_cli.core.problem import Place, Problem, Severity, errors_of
from spbe_cli.core.score import ChosenBy, Reading
from spbe_cli.read.files import is_there
from spbe_cli.read.instruments import (
    DEFAULT,
    find_instrument,
    instrument_of_year,
    shipped_ids,
    shipped_instrument,
)
from spbe_cli.read.levels import LevelReader
from spbe_cli.read.schema import AssessmentDocument
from spbe_cli.read.sheet import Location, Sheet

__all__ = ["Wishes", "read_sheet"]


class Wishes(NamedTuple):
    """What the user asks of the reading, over what the file says; None leaves it to the file."""

    instrument: Instrument | None = None
    stage: Stage | None = None
    year: int | None = None
    missing_allowed: bool = False


def read_sheet(
    sheet: Sheet, wishes: Wishes, source: Source
) -> tuple[Reading | None, list[Problem]]:
    """Return the assessment with its notices, or None and every problem of the sheet."""
    document, problems = _validate(sheet)
    if document is None:
        return None, problems
    year = wishes.year if wishes.year is not None else document.year
    if year is None and wishes.instrument is None and _refused(sheet, document):
        return None, problems  # which instrument would be a guess, and so would every level
    instrument, chosen_by, in_choice = _choose_instrument(sheet, document, year, wishes, source)
    if instrument is None:
        return None, [*problems, *in_choice]
    levels = LevelReader(sheet, instrument)
    entries, stage = levels.read(document, wishes.stage)
    assessment = Assessment(
        instrument=instrument.id,
        entries=entries,
        institution=document.institution,
        category=document.category,
        province=document.province,
        year=year,
        stage=stage,
        source=source,
        note=document.note or "",
    )
    problems += levels.problems
    missing = [code for code in assessment.missing if code not in levels.refused]
    if missing and not levels.unusable and not wishes.missing_allowed:
        problems.append(_missing(sheet, levels, assessment, missing))
    if errors_of(problems):
        return None, problems
    notices = (*problems, *_notices(sheet, instrument, chosen_by, year))
    return Reading(assessment, instrument, chosen_by, notices), []


def _validate(sheet: Sheet) -> tuple[AssessmentDocument | None, list[Problem]]:
    """Return the document without what pydantic refuses, so that the rest is looked at as well."""
    try:
        return AssessmentDocument.model_validate(sheet.data), []
    except ValidationError as error:
        from spbe_cli.read.shape import shape_problems, without

        problems = shape_problems(error, AssessmentDocument, sheet.place_of)
        rest = without(sheet.data, (tuple(complaint["loc"]) for complaint in error.errors()))
    try:
        return AssessmentDocument.model_validate(rest), problems
    except ValidationError:
        return None, problems


def _refused(sheet: Sheet, document: AssessmentDocument) -> bool:
    """Return whether the sheet gives a year that was refused, and names no instrument."""
    return document.instrument is None and bool(sheet.data.get("year"))


def _choose_instrument(
    sheet: Sheet, document: AssessmentDocument, year: int | None, wishes: Wishes, source: Source
) -> tuple[Instrument | None, ChosenBy, list[Problem]]:
    if wishes.instrument is not None:
        return wishes.instrument, ChosenBy.OPTION, []
    if document.instrument is not None:
        instrument, problems = find_instrument(_beside(document.instrument, source))
        here = sheet.place_of(("instrument",))  # what is wrong with the file as a whole
        at_name = [p if p.place.line else p.at(here) for p in problems]
        return instrument, ChosenBy.FILE, at_name
    if year is None:
        return shipped_instrument(DEFAULT), ChosenBy.DEFAULT, []
    instrument = instrument_of_year(year)
    if instrument is None:
        values = {"year": str(year), "known": ", ".join(shipped_ids())}
        problem = Problem("year-without-instrument", sheet.place_of(("year",)), values)
        return None, ChosenBy.YEAR, [problem]
    return instrument, ChosenBy.YEAR, []


def _beside(name: str, source: Source) -> str:
    """Return the path of an instrument named in a file, which counts from that file's folder."""
    beside = Path(source.path).parent / name
    return str(beside) if name not in shipped_ids() and is_there(beside) else name


def _missing(
    sheet: Sheet, reader: LevelReader, assessment: Assessment, codes: Sequence[str]
) -> Problem:
    blank = {code for code in codes if assessment.entries[code].level is Missing.BLANK}
    of_target = assessment.stage is Stage.TARGET  # it may stand beside plain levels
    plain = sheet.data.get("levels") and not (of_target and sheet.data.get("stages"))
    at: Location = ("stages",) if sheet.data.get("stages") else ("levels",)
    if plain:
        written = (key for key in sheet.data["levels"] if reader.code_of(key) in blank)
        at = ("levels", *islice(written, 1))
    values = {"indicators": reader.instrument.listed(codes), "count": str(len(codes))}
    place, value = sheet.place_of(at, True), sheet.place_of(at)  # noqa: FBT003
    if (
        len(at) > 1 and value.line != place.line
    ):  # a wide table's heading, which stands over many rows
        place = value
    return Problem("level-missing", place, values)


def _notices(
    sheet: Sheet, instrument: Instrument, chosen_by: ChosenBy, year: int | None
) -> Iterable[Problem]:
    place = sheet.place_of(())
    whole = Place(place.source)
    if instrument.status is Status.PROVISIONAL:
        values = {"instrument": instrument.id}
        yield Problem("instrument-provisional", whole, values, Severity.NOTICE)
    if year is None:
        values = {"instrument": instrument.id, "basis": instrument.basis_in(None).basis}
        yield Problem("year-absent", whole, values, Severity.NOTICE)
    elif chosen_by is not ChosenBy.YEAR and not instrument.is_used_in(year):
        values = {"instrument": instrument.id, "year": str(year)}
        yield Problem("instrument-other-year", whole, values, Severity.NOTICE)
