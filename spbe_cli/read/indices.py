"""The indices of other evaluations that a sheet gives, or an option, and what becomes of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction

from spbe_cli.core.assessment import Entry, Missing, Origin, Stage
from spbe_cli.core.external import External
from spbe_cli.core.instrument import Instrument, bare, folded
from spbe_cli.core.number import NotANumberError, exact, fixed, parse, rounded
from spbe_cli.core.problem import Place, Problem, Severity, nearest
from spbe_cli.read.evidence import heading
from spbe_cli.read.grid import Grid, Sheet, column_letters
from spbe_cli.read.header import Header
from spbe_cli.read.rows import Places

_OPTION = Place("--index")


def external_named(instrument: Instrument, text: str) -> External | None:
    """Return the index that `SDI`, `Indeks SDI` or its name means; None for another text."""
    written = folded(text)
    short = written.removeprefix("nilai ").removeprefix("indeks ").removeprefix("index ")
    for external in instrument.external:
        if folded(external.code) in (written, short) or folded(external.name) == written:
            return external
    return None


def with_indices_above(sheet: Sheet, grid: Grid, header_row: int, instrument: Instrument) -> Sheet:
    """Return a table's sheet with the indices that stand in rows above its heading row."""
    places = sheet.place_of
    found: dict[str, str] = {}
    for row in range(header_row if instrument.external else 0):
        cells = [(i, text) for i in range(len(grid.rows[row])) if (text := grid.text(row, i))]
        for position, (index, text) in enumerate(cells):
            label, _, value = text.partition(":")
            if external_named(instrument, label) is None:
                continue
            at, value = index, bare(value)
            if not value:
                following = ((i, each.strip(" :")) for i, each in cells[position + 1 :])
                at, value = next(((i, each) for i, each in following if each), (index, ""))
            if value in ("", "-") or external_named(instrument, value) is not None:
                continue
            name = bare(label) if bare(label) not in found else f"{bare(label)} "
            found[name] = value
            if isinstance(places, Places):
                places.cells["indices", name] = (grid, row, at)
                places.keys["indices", name] = (grid, row, index)
    return sheet._replace(data={**sheet.data, "indices": found}) if found else sheet


def index_columns(grid: Grid, header: Header, instrument: Instrument) -> dict[int, str]:
    """Return the columns, of those that hold nothing else, that an index is the heading of."""
    if not instrument.external:
        return {}
    taken = {column.index for column in header.columns}
    names = {i: heading(grid, header, i) for i in range(header.width) if i not in taken}
    return {i: name for i, name in names.items() if external_named(instrument, name) is not None}


def with_indices_beside(
    sheet: Sheet, grid: Grid, header: Header, row: int, instrument: Instrument
) -> Sheet:
    """Return the sheet of a row with the indices in its own columns; they go before those above."""
    columns = index_columns(grid, header, instrument)
    places, read = sheet.place_of, sheet.read
    found: dict[str, str] = {}
    for index, written in columns.items():
        name = bare(written) if bare(written) not in found else f"{bare(written)} "
        found[name] = grid.text(row, index)
        if isinstance(places, Places):
            places.cells["indices", name] = (grid, row, index)
            places.keys["indices", name] = (grid, header.first_row, index)
    if not columns:
        return sheet
    here = {external_named(instrument, name) for name, text in found.items() if text}
    above = sheet.data.get("indices") or {}
    kept = {
        name: each for name, each in above.items() if external_named(instrument, name) not in here
    }
    if read is not None:
        letters = {column_letters(index) for index in columns}
        of_indices = (
            each._replace(role="index", left_out="") if each.at in letters else each
            for each in read.columns
        )
        read = read._replace(columns=tuple(of_indices))
    data = {**sheet.data, "indices": {**kept, **found}}
    return sheet._replace(data=data, place_of=places, read=read)


class IndexReader:
    """Reads the indices of one sheet; an option goes before the sheet. `problems` has all."""

    def __init__(
        self,
        sheet: Sheet,
        instrument: Instrument,
        asked: Sequence[tuple[str, str]],
        refused: Collection[str],
    ) -> None:
        self.problems: list[Problem] = []
        self._sheet, self._instrument = sheet, instrument
        self._asked, self._refused = asked, refused
        self._places: dict[str, Place] = {}

    def read(
        self, written: Mapping[str, str | None], entries: Mapping[str, Entry], stage: Stage | None
    ) -> tuple[dict[str, Entry], dict[str, Fraction]]:
        """Return the entries with the values that the indices give, and the indices by code.

        A target is a plan, of which an index says nothing.
        """
        given: dict[External, Fraction] = {}
        self._take(given, self._of_option())
        asked = set(given)
        self._take(given, self._of_sheet(written), asked)
        entries = dict(entries)
        if stage is not Stage.TARGET:
            for external, index in given.items():
                self._give(external, index, entries)
            for external, index in given.items():
                self._limit(external, index, entries)
        return entries, {external.code: index for external, index in given.items()}

    def _of_option(self) -> Iterator[tuple[str, str, Place, Place, Severity]]:
        for name, text in self._asked:
            yield name, text, _OPTION, _OPTION, Severity.USAGE

    def _of_sheet(
        self, written: Mapping[str, str | None]
    ) -> Iterator[tuple[str, str, Place, Place, Severity]]:
        for name, text in written.items():
            if not bare(text or ""):
                continue  # a form that was not filled in
            at = ("indices", name)
            key = self._sheet.place_of(at, True)  # noqa: FBT003
            yield name, text or "", key, self._sheet.place_of(at), Severity.ERROR

    def _take(
        self,
        given: dict[External, Fraction],
        written: Iterator[tuple[str, str, Place, Place, Severity]],
        asked: Collection[External] = (),
    ) -> None:
        """Take what is written of indices, but those that an option asks for."""
        for name, text, key, place, severity in written:
            external = external_named(self._instrument, name)
            if external is None:
                codes = [each.code for each in self._instrument.external]
                values = {"found": name, "instrument": self._instrument.id}
                code = "index-unknown" if codes else "index-not-taken"
                if codes:
                    values |= {"known": ", ".join(codes), **nearest(name, codes)}
                self.problems.append(Problem(code, key, values, severity))
            elif external in asked:
                continue
            elif external in given:
                first = self._places[external.code]
                values = {"found": external.code, "first": _where(first)}
                self.problems.append(Problem("index-repeated", key, values, severity))
            elif (index := self._index(external, text, place, severity)) is not None:
                given[external] = index
                self._places[external.code] = place

    def _index(
        self, external: External, text: str, place: Place, severity: Severity
    ) -> Fraction | None:
        try:
            index = parse(bare(text))
        except NotANumberError:
            self.problems.append(Problem("not-a-number", place, {"found": text}, severity))
            return None
        if external.lowest <= index <= external.highest:
            return index
        values = {"found": text, "index": external.code}
        values |= {"lowest": exact(external.lowest), "highest": exact(external.highest)}
        self.problems.append(Problem("index-off-range", place, values, severity))
        return None

    def _give(self, external: External, index: Fraction, entries: dict[str, Entry]) -> None:
        """Set the value of the indicators that an index gives; a level there must agree."""
        value, places = self._value(external, index), self._instrument.places
        taken = []
        for code in external.gives:
            entry = entries[code]
            if code in self._refused:
                continue
            given = entry.level if entry.origin is Origin.SHEET else Missing.BLANK
            if isinstance(given, Fraction) and rounded(given, places) != rounded(value, places):
                self._disagree(external, index, code, given)
                continue
            entries[code] = entry._replace(level=value, origin=Origin.INDEX, kept_from=None)
            taken.append(code)
        if taken:
            code = "value-from-index-read" if external.is_read(index) else "value-from-index"
            values = {"indicators": self._instrument.listed(taken), "index": external.code}
            values |= {"found": exact(index), "value": fixed(value, places)}
            values["source"] = external.source or "-"
            self._notice(code, external, values)

    def _value(self, external: External, index: Fraction) -> Fraction:
        """Return the value of an index; on a scale with a step, the level that it reaches."""
        scale, value = self._instrument.scale, external.value_of(index)
        if scale.step is None:
            return value
        return scale.lowest + (value - scale.lowest) // scale.step * scale.step

    def _disagree(self, external: External, index: Fraction, code: str, level: Fraction) -> None:
        levels = self._sheet.data.get("levels") or {}
        written = next((key for key in levels if self._instrument.meant(key).code == code), code)
        at = ("levels", written, "level") if levels else ("stages",)
        places = self._instrument.places
        values = {"indicator": code, "found": fixed(level, places), "index": external.code}
        values |= {"number": exact(index), "value": fixed(self._value(external, index), places)}
        values["at"] = _where(self._places[external.code])
        self.problems.append(Problem("index-disagrees", self._sheet.place_of(at), values))

    def _limit(self, external: External, index: Fraction, entries: Mapping[str, Entry]) -> None:
        """Say which values lie in a higher level than the index that conditions them."""
        exceeded = [
            condition.indicator
            for condition in external.conditions
            if isinstance(level := entries[condition.indicator].level, Fraction)
            and external.is_exceeded(self._instrument.scale, condition, index, level)
        ]
        if exceeded:
            values = {"indicators": self._instrument.listed(exceeded), "index": external.code}
            values |= {"found": exact(index), "source": external.source or "-"}
            self._notice("index-exceeded", external, values)

    def _notice(self, code: str, external: External, values: dict[str, str]) -> None:
        place = self._places[external.code]
        self.problems.append(Problem(code, place, values, Severity.NOTICE))


def _where(place: Place) -> str:
    """Return where an index stands, in a word: a cell, a line, or the option."""
    return place.cell or (f"{place.source}:{place.line}" if place.line else place.source)
