"""Which evidence serves again, from the file that an instrument names."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from spbe_cli.core.carried import Carried, CarriedTable, Use
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.problem import Problem, nearest
from spbe_cli.read.instrument_schema import SaysDocument
from spbe_cli.read.instruments import shipped_ids, shipped_instrument
from spbe_cli.read.schema import Document, Name
from spbe_cli.read.yaml import Found, read_document

if TYPE_CHECKING:
    from spbe_cli.read.grid import Location

UseName = Literal["reuse", "update", "partly", "new"]


class CarriedIndicatorDocument(Document):
    """The earlier indicators whose evidence serves one again, and how."""

    from_: Annotated[list[Name], Field(alias="from")]
    use: UseName
    another: UseName | None = None
    second: Annotated[list[Name], Field(default_factory=list)]


class CarriedDocument(Document):
    """Which evidence for an earlier instrument serves again, by the code of the later indicator."""

    from_: Annotated[Name, Field(alias="from")]
    standing: Literal["official", "unofficial"]
    source: SaysDocument
    second_source: Name | None = None
    indicators: dict[str, CarriedIndicatorDocument]


def read_carried(instrument: Instrument) -> tuple[CarriedTable | None, list[Problem]]:
    """Return what serves again for an instrument, None for one without, and all problems."""
    if instrument.carried is None:
        return None, []
    read = read_document(instrument.carried, CarriedDocument)
    if isinstance(read, list):
        return None, read
    document, found, problems = read
    problems += _unknown(instrument, document, found)
    by_code = {
        code: Carried(
            tuple(each.from_),
            Use(each.use),
            Use(each.another) if each.another is not None else None,
            tuple(each.second),
        )
        for code, each in document.indicators.items()
    }
    official = document.standing == "official"
    source = {"id": document.source.id, "en": document.source.en}
    second = document.second_source or ""
    return CarriedTable(document.from_, official, source, second, by_code), problems


def _unknown(instrument: Instrument, document: CarriedDocument, found: Found) -> Iterator[Problem]:
    """Yield the codes that are none of the two instruments, as far as both are known."""
    before = shipped_instrument(document.from_) if document.from_ in shipped_ids() else None
    for code, each in document.indicators.items():
        at: Location = ("indicators", code)
        if code not in instrument.indicator_by_code:
            values = {"found": code, **_known(instrument, code)}
            yield Problem("indicator-unknown", found.place_of(at, True), values)  # noqa: FBT003
        for key, codes in (("from", each.from_), ("second", each.second)):
            for place, old in enumerate(codes):
                if before is not None and old not in before.indicator_by_code:
                    here = found.place_of((*at, key, place))
                    yield Problem("indicator-unknown", here, {"found": old, **_known(before, old)})


def _known(instrument: Instrument, code: str) -> dict[str, str]:
    codes = tuple(instrument.indicator_by_code)
    return {"known": f"{codes[0]}-{codes[-1]}", **nearest(code, codes)}


def tables_from(instrument: Instrument) -> Iterator[tuple[Instrument, CarriedTable]]:
    """Yield the shipped instruments for which evidence for this one serves again."""
    for later in map(shipped_instrument, shipped_ids()):
        table, _ = read_carried(later)
        if table is not None and table.before == instrument.id:
            yield later, table
