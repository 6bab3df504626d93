"""How a sheet is to be read, and with which instrument."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from spbe_cli.core.assessment import Source, Stage
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.problem import Place, Problem
from spbe_cli.core.score import ChosenBy
from spbe_cli.read.grid import Sheet
from spbe_cli.read.instruments import (
    DEFAULT,
    instrument_of,
    instrument_of_year,
    referenced_instrument,
    shipped_ids,
    shipped_instrument,
)
from spbe_cli.read.schema import AssessmentDocument
from spbe_cli.read.text import is_there


class Assumed(NamedTuple):
    """What settings give: it is taken where a sheet does not say it, and then `notices` say so."""

    year: int | None = None
    instrument: Instrument | None = None
    notices: Mapping[str, Problem] = {}


class Wishes(NamedTuple):
    """What the user asks of the reading, over what the file says; None leaves it to the file."""

    instrument: Instrument | None = None
    stage: Stage | None = None
    year: int | None = None
    missing_allowed: bool = False
    sheet: str | None = None  # of a workbook
    only_year: int | None = None  # of a published table of several years
    parts_allowed: bool = False  # an institution may lack its index, as an audit takes it
    indices: tuple[tuple[str, str], ...] = ()  # of other evaluations, by name
    most: int | None = None  # score sheets of a file
    assumed: Assumed = Assumed()

    @property
    def likely(self) -> Instrument | None:
        """The instrument whose indicators a table names: asked for, or of one's own by settings."""
        own = self.assumed.instrument
        return self.instrument or (own if own is not None and own.path else None)


def instrument_for(
    year: str | None, name: str | None, wishes: Wishes, source: str
) -> Instrument | None:
    """Return the instrument that a year and a name as written lead to; None where they do not.

    What is wrong with them is said when the sheet is read.
    """
    if wishes.instrument is not None:
        return wishes.instrument
    if name:
        return referenced_instrument(beside(name, source))[0]
    if wishes.assumed.instrument is not None:
        return wishes.assumed.instrument
    found = wishes.year
    if found is None and year:
        whole = year.strip().partition(".")[0].partition(",")[0]
        found = int(whole) if whole.isdecimal() else None
    elif found is None:
        found = wishes.assumed.year
    return shipped_instrument(DEFAULT) if found is None else instrument_of_year(found)


def filled_in(
    document: AssessmentDocument, year: int | None, wishes: Wishes
) -> tuple[int | None, Instrument | None, list[Problem]]:
    """Return the year and the instrument that is asked for, with what settings fill in, as said."""
    assumed, wished = wishes.assumed, wishes.instrument
    filled: list[Problem] = []
    if year is None and assumed.year is not None:
        year = assumed.year
        filled.append(assumed.notices["year"])
    if wished is None and document.instrument is None and assumed.instrument is not None:
        wished = assumed.instrument
        filled.append(assumed.notices["instrument"])
    return year, wished, filled


def choose_instrument(
    sheet: Sheet,
    document: AssessmentDocument,
    year: int | None,
    wished: Instrument | None,
    source: Source,
) -> tuple[Instrument | None, ChosenBy, list[Problem]]:
    """Return the instrument that is asked for, named in the file, of the year, or the default."""
    if wished is not None:
        return wished, ChosenBy.OPTION, []
    if document.instrument is not None:
        instrument, problems = instrument_named(document.instrument, source)
        here = sheet.place_of(("instrument",))  # what is wrong with the file as a whole
        at_name = [p if p.place.line else p.at(here) for p in problems]
        return instrument, ChosenBy.FILE, at_name
    instrument, problems = instrument_of(None, year, sheet.place_of(("year",)))
    return instrument, ChosenBy.DEFAULT if year is None else ChosenBy.YEAR, problems


def instrument_named(name: str, source: Source) -> tuple[Instrument | None, list[Problem]]:
    """Return the instrument that a file names, or why there is none."""
    return referenced_instrument(beside(name, source.path))


def beside(name: str, source: str) -> str:
    """Return the path of an instrument named in a file, which counts from that file's folder."""
    if name in shipped_ids():
        return name
    path = Path(source).parent / name
    return str(path) if is_there(path) else name


def is_as_named(named: str, instrument: Instrument, year: int | None) -> bool:
    """Return whether the instrument that names tell is the one, and used in the year."""
    used = year is None or instrument.is_used_in(year)
    return not named or (instrument.id == named and used)


def mismatch(sheet: Sheet, instrument: Instrument, year: int | None) -> Problem:
    """Return that the names of indicators are those of another instrument than the year's."""
    right = shipped_instrument(sheet.named)
    of_year = instrument_of_year(year) if year is not None and instrument is right else None
    with_ = instrument if instrument is not right else of_year
    place = sheet.place_of(("instrument",), True)  # noqa: FBT003
    return of_another(with_.id if with_ is not None else str(year), right, place)


def of_another(instrument: str, right: Instrument, place: Place) -> Problem:
    """Return that a sheet is read by one instrument and of another."""
    values = {"instrument": instrument, "right": right.id, "count": str(len(right.indicators))}
    return Problem("instrument-mismatch", place, values)
