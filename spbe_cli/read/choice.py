"""Which instrument a sheet is read with."""

from pathlib import Path

from spbe_cli.core.assessment import Source
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.problem import Problem
from spbe_cli.core.score import ChosenBy
from spbe_cli.read.grid import Sheet
from spbe_cli.read.instruments import (
    instrument_of,
    referenced_instrument,
    shipped_ids,
)
from spbe_cli.read.schema import AssessmentDocument
from spbe_cli.read.text import is_there


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
        instrument, problems = referenced_instrument(beside(document.instrument, source.path))
        here = sheet.place_of(("instrument",))  # what is wrong with the file as a whole
        at_name = [p if p.place.line else p.at(here) for p in problems]
        return instrument, ChosenBy.FILE, at_name
    instrument, problems = instrument_of(None, year, sheet.place_of(("year",)))
    return instrument, ChosenBy.DEFAULT if year is None else ChosenBy.YEAR, problems


def beside(name: str, source: str) -> str:
    """Return the path of an instrument named in a file, which counts from that file's folder."""
    path = Path(source).parent / name
    return str(path) if name not in shipped_ids() and is_there(path) else name
