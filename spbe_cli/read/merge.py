"""From the score sheets of several desks, each with its indicators, to one.

Two that speak of one indicator must say the same level. Notes, evidence and who is responsible are
kept from all of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from spbe_cli.core.assessment import Assessment, Entry, Missing, Origin
from spbe_cli.core.institution import folded_name
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import exact
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.core.score import ChosenBy, Reading
from spbe_cli.read.assessments import parsed_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.grid import Sheet
from spbe_cli.read.sheet import code_in, read_sheet
from spbe_cli.read.text import File

PlaceOf = Callable[[Reading, str, str], Place]
_JOIN = "; "


class Owed(NamedTuple):
    """Who has yet to give the levels of which indicators; nobody is named as `responsible` ''."""

    responsible: str
    codes: tuple[str, ...]


def merged(readings: Sequence[Reading], wishes: Wishes) -> tuple[Reading | None, list[Problem]]:
    """Return one reading of all, or None and every place where two of them disagree."""
    merge = _Merge(readings, lambda reading, key, code: _place(reading, key, code, wishes))
    return merge.result(), merge.problems


def owed(reading: Reading) -> list[Owed]:
    """Return who owes which indicators, in the order of the instrument, nobody last."""
    codes: dict[str, list[str]] = {}
    for code in reading.assessment.missing:
        codes.setdefault(reading.assessment.entries[code].responsible, []).append(code)
    every = [Owed(name, tuple(found)) for name, found in codes.items()]
    return sorted(every, key=lambda each: not each.responsible)


def owed_problems(reading: Reading, path: str, severity: Severity) -> list[Problem]:
    """Return what is owed as problems, one for each who owes it."""
    problems = []
    for name, codes in owed(reading):
        values = {"indicators": reading.instrument.listed(codes), "count": str(len(codes))}
        code = "levels-owed" if name else "levels-owed-by-nobody"
        known = {"responsible": name} if name else {}
        problems.append(Problem(code, Place(path), {**values, **known}, severity))
    return problems


class _Merge:
    def __init__(self, readings: Sequence[Reading], place_of: PlaceOf) -> None:
        self.problems: list[Problem] = []
        self._readings, self._place_of = readings, place_of

    def result(self) -> Reading | None:
        first = self._readings[0]
        others = [each for each in self._readings if each.instrument.id != first.instrument.id]
        for other in others:
            self._differs("instrument", first, other, first.instrument.id, other.instrument.id)
        head = {key: self._one(key) for key in ("institution", "category", "province")}
        assessment = Assessment(
            first.instrument.id,
            {} if others else self._entries(first.instrument),
            **head,
            year=self._one("year"),
            stage=self._one("stage"),
            source=first.assessment.source,
            note=_JOIN.join(_once(each.assessment.note for each in self._readings)),
            indices=self._indices(),
        )
        if self.problems:
            return None
        repeated = tuple(self._repeated())
        told = {"year-absent"} if assessment.year is not None else set()  # another sheet tells it
        notices = tuple(
            notice for each in self._readings for notice in each.notices if notice.code not in told
        )
        dated = next((each for each in self._readings if each.assessment.year), first)
        named = next((e for e in self._readings if e.chosen_by is ChosenBy.FILE), dated)
        return named._replace(assessment=assessment, notices=(*notices, *repeated))

    def _repeated(self) -> Iterator[Problem]:
        """Yield which sheets say just what an earlier one says: one of them may be a mistake."""
        filled = [
            each
            for each in self._readings
            if any(entry != Entry(Missing.ABSENT) for entry in each.assessment.entries.values())
        ]
        for at, other in enumerate(filled):
            for first in filled[:at]:
                if other.assessment.entries == first.assessment.entries:
                    values = {"first": str(self._place_of(first, "", ""))}
                    place = self._place_of(other, "", "")
                    yield Problem("merge-repeated", place, values, Severity.NOTICE)
                    break

    def _one(self, key: str) -> Any:  # noqa: ANN401  (a name, a year or a stage)
        """Return what the sheets say of who and when; they must agree where they speak."""
        said = [(each, getattr(each.assessment, key)) for each in self._readings]
        said = [(each, value) for each, value in said if value is not None]
        if not said:
            return None
        first, kept = said[0]
        for other, value in said[1:]:
            if _folded(value) != _folded(kept):
                self._differs(key, first, other, str(kept), str(value))
        return kept

    def _differs(self, key: str, first: Reading, other: Reading, kept: str, found: str) -> None:
        at_first = str(self._place_of(first, key, ""))
        values = {"key": key, "found": found, "other": kept, "first": at_first}
        self.problems.append(Problem("merge-differs", self._place_of(other, key, ""), values))

    def _indices(self) -> Mapping[str, Any]:
        indices: dict[str, Any] = {}
        givers: dict[str, Reading] = {}
        for each in self._readings:
            for code, index in each.assessment.indices.items():
                first = givers.setdefault(code, each)
                if indices.setdefault(code, index) != index:
                    self._differs(code, first, each, exact(indices[code]), exact(index))
        return indices

    def _entries(self, instrument: Instrument) -> dict[str, Entry]:
        return {code: self._entry(code) for code in instrument.indicator_by_code}

    def _entry(self, code: str) -> Entry:
        """Return what all say of an indicator: one level, and every note and piece of evidence."""
        said = [(each, each.assessment.entries[code]) for each in self._readings]
        said = [(each, entry) for each, entry in said if entry != Entry(Missing.ABSENT)]
        if not said:
            return Entry(Missing.ABSENT)
        leveled = [(each, entry) for each, entry in said if not isinstance(entry.level, Missing)]
        self._agree(code, [(each, entry, entry.level) for each, entry in leveled])
        accepted = [(e, entry, entry.accepted) for e, entry in said if entry.accepted is not None]
        self._agree(code, accepted)
        entries = [entry for _, entry in said]
        by_index = [entry for _, entry in leveled if entry.origin is Origin.INDEX]
        kept = (by_index or [entry for _, entry in leveled] or entries)[0]
        return kept._replace(
            note=_JOIN.join(_once(entry.note for entry in entries)),
            evidence=tuple(_once(item for entry in entries for item in entry.evidence)),
            responsible=_JOIN.join(_once(entry.responsible for entry in entries)),
            accepted=accepted[0][2] if accepted else None,
        )

    def _agree(self, code: str, said: Sequence[tuple[Reading, Entry, Any]]) -> None:
        for other, entry, value in said[1:]:
            first, first_entry, kept = said[0]
            if value == kept:
                continue
            differs = entry.level != first_entry.level
            values = {"indicator": code, "first": str(self._place_of(first, "levels", code))}
            if differs:
                values |= {"found": _shown(entry), "other": _shown(first_entry)}
            problem = "merge-level-differs" if differs else "merge-evidence-differs"
            found = Problem(problem, self._place_of(other, "levels", code), values)
            if found not in self.problems:
                self.problems.append(found)


def _shown(entry: Entry) -> str:
    return "-" if isinstance(entry.level, Missing) else exact(entry.level)


def _folded(value: Any) -> Any:  # noqa: ANN401  (a name, a year or a stage)
    return folded_name(value) if isinstance(value, str) else value


def _once(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]


def _place(reading: Reading, key: str, code: str, wishes: Wishes) -> Place:
    """Return where a sheet says something. It is read once more: only two that disagree need it."""
    source = reading.assessment.source
    if source is None:
        return Place()
    for sheet in parsed_file(File(source.path, source.content), wishes).sheets:
        found, _ = read_sheet(sheet, wishes, source._replace(read=sheet.read))
        if found == reading:
            return _in_sheet(sheet, reading.instrument, key, code)
    return Place(source.path)


def _in_sheet(sheet: Sheet, instrument: Instrument, key: str, code: str) -> Place:
    if not code:
        return sheet.place_of((key,))
    for written in sheet.data.get("levels") or {}:
        if code_in(instrument, written) == code:
            return sheet.place_of(("levels", written))
    stages = sheet.data.get("stages") or {}
    for stage, levels in reversed(stages.items()):
        for written in levels or {}:
            if code_in(instrument, written) == code:
                return sheet.place_of(("stages", stage, written))
    return sheet.place_of(())
