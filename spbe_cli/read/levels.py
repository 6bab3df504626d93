"""Levels as text to levels on the instrument's scale, at one stage or carried through several."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from spbe_cli.core.assessment import Entry, Missing, Stage
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import NotANumberError, exact, parse
from spbe_cli.core.problem import Problem, Severity
from spbe_cli.read.schema import AssessmentDocument, LevelDocument, stage_name
from spbe_cli.read.sheet import Location, Sheet, indicator_code

__all__ = ["LevelReader"]

_WORDS = {
    word: str(number)
    for number, words in enumerate(
        ["nol zero", "satu one", "dua two", "tiga three", "empat four", "lima five"]
    )
    for word in words.split()
}
Levels = dict[str, LevelDocument]
_LEVELS = ("levels", "stages")


class LevelReader:
    """Reads one sheet's levels. `problems` holds all that is wrong or must be known.

    `refused` holds the indicators whose level is there and wrong, so that they are not also called
    missing; `unusable` says that the sheet has no levels at all.
    """

    def __init__(self, sheet: Sheet, instrument: Instrument) -> None:
        self.problems: list[Problem] = []
        self.refused: set[str] = set()
        self.unusable = False
        self._sheet = sheet
        self._instrument = instrument
        self._written: dict[str, str] = {}  # the stages by the names that the sheet gives them

    def read(
        self, document: AssessmentDocument, wanted: Stage | None
    ) -> tuple[dict[str, Entry], Stage | None]:
        """Return an entry for every indicator of the instrument, and the stage they are of."""
        data = self._sheet.data
        if any(data.get(key) is not None and getattr(document, key) is None for key in _LEVELS):
            self.unusable = True  # what stands there was refused, and that has been said
            return self._complete({}), None
        if (document.levels is None) == (document.stages is None):
            both = document.levels is not None
            code = "levels-and-stages" if both else "levels-absent"
            self._report_key(code, ("stages",) if both else ())
            self.unusable = True
            return self._complete({}), None
        if document.levels is not None:
            self._note_refused(data["levels"], document.levels)
            entries = self._entries(document.levels, ("levels",))
            return self._complete(entries), Stage(document.stage) if document.stage else None
        stages = {Stage(s): levels for s, levels in (document.stages or {}).items()}
        self._name_stages(data["stages"], stages)
        return self._staged(stages, wanted)

    def _name_stages(self, data: Mapping[str, Any], stages: Mapping[Stage, Levels]) -> None:
        """Note what the sheet calls its stages, and what of them was refused."""
        for name, levels in data.items():
            stage = stage_name(name)
            if stage not in stages:
                self.unusable = True  # refused: what is missing elsewhere may stand there
                continue
            if stage in self._written:
                first = self._sheet.place_of(self._at_stage(stage), True)  # noqa: FBT003
                at = ("stages", name)
                self._report_key("duplicate-stage", at, stage=stage, first=str(first.line))
            self._written[stage] = name  # of two the last is read
            self._note_refused(levels, stages[stage])

    def _note_refused(self, data: Mapping[str, Any], levels: Levels) -> None:
        """Note the indicators of which something was refused when the sheet was validated."""
        for written, detail in data.items():
            members = detail if isinstance(detail, dict) else {"level": detail}
            kept = levels.get(written)
            lost = kept is None or (kept.level is None and members.get("level") is not None)
            if lost or members.keys() - LevelDocument.model_fields.keys():
                self.refused.add(self._code(written))

    def _staged(
        self, stages: Mapping[Stage, Levels], wanted: Stage | None
    ) -> tuple[dict[str, Entry], Stage | None]:
        given = {
            stage: self._entries(stages[stage], self._at_stage(stage))
            for stage in Stage
            if stage in stages
        }
        filled = [
            stage for stage, entries in given.items() if any(map(_has_level, entries.values()))
        ]
        last = next((stage for stage in reversed(filled) if stage is not Stage.TARGET), None)
        stage = wanted or last
        found = ", ".join(filled) or "-"
        if stage is None or stage not in filled:
            if not self.unusable:
                self._report("stage-absent", ("stages",), stage=wanted or "-", found=found)
            self.unusable = True
            return self._complete({}), wanted
        if wanted is None and len(filled) > 1:
            self._notice("stage-chosen", stage, found=found)
        if stage is Stage.TARGET:
            return self._complete(given[stage]), stage
        given.pop(Stage.TARGET, None)  # a plan: nothing is carried from it
        until = {at: entries for at, entries in given.items() if _not_after(at, stage)}
        return self._complete(self._carried(until, stage)), stage

    def _carried(self, given: Mapping[Stage, dict[str, Entry]], stage: Stage) -> dict[str, Entry]:
        """Keep the level of the stage before for an indicator left untouched, and say so."""
        carried: dict[str, Entry] = {}
        kept: dict[Stage, list[str]] = {}
        for code in dict.fromkeys(code for entries in given.values() for code in entries):
            found = {at: entries[code] for at, entries in given.items() if code in entries}
            source, entry = next(
                ((at, entry) for at, entry in reversed(found.items()) if _has_level(entry)),
                next(reversed(found.items())),
            )
            kept_from = source if source is not stage and _has_level(entry) else None
            if kept_from is not None:
                kept.setdefault(kept_from, []).append(code)
            carried[code] = Entry(entry.level, *_details(found.values()), kept_from)
        for earlier, codes in kept.items():
            self._notice(
                "level-kept", stage, earlier=earlier, indicators=self._instrument.listed(codes)
            )
        return carried

    def _entries(self, levels: Levels, at: Location) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        first: dict[str, str] = {}
        for written, detail in levels.items():
            code = self._code(written)
            here = (*at, written)
            if code not in self._instrument.indicator_by_code:
                self._report_key("indicator-unknown", here, found=written, **self._near(written))
            elif code in entries:
                place = self._sheet.place_of((*at, first[code]), True)  # noqa: FBT003
                at_first = place.cell or str(place.line)
                self._report_key("duplicate-indicator", here, indicator=code, first=at_first)
            else:
                first[code] = written
                level = self._level(detail.level, (*here, "level"), code)
                evidence = tuple(detail.evidence)
                entries[code] = Entry(level, detail.note or "", evidence, detail.responsible or "")
        return entries

    def _level(self, text: str | None, at: Location, code: str) -> Fraction | Missing:
        if text is None or not text.strip():
            return Missing.BLANK
        scale = self._instrument.scale
        values = {"indicator": code, "found": text.strip(), "scale": str(scale)}
        try:
            level = parse(text)
        except NotANumberError:
            word = _WORDS.get(text.strip().casefold())
            self._report("level-not-number", at, **values, **({"nearest": word} if word else {}))
            self.refused.add(code)
            return Missing.BLANK
        if not scale.lowest <= level <= scale.highest:
            self._report(
                "level-off-scale",
                at,
                **values,
                nearest=exact(min(max(level, scale.lowest), scale.highest)),
            )
        elif not scale.holds(level):
            self._report("level-off-step", at, **values, step=exact(scale.step))
        else:
            return level
        self.refused.add(code)
        return Missing.BLANK

    def _code(self, written: str) -> str:
        """Return the indicator's code: as an instrument writes it, else without ornament."""
        known = self._instrument.indicator_by_code
        return written.strip() if written.strip() in known else indicator_code(written)

    def _near(self, written: str) -> dict[str, str]:
        """Return the nearest indicator: by number, else by the indicators' names."""
        by_name = {i.name: i.code for i in self._instrument.indicators}
        codes = tuple(self._instrument.indicator_by_code)
        known = {"known": f"{codes[0]}-{codes[-1]}"}
        try:
            number = parse(indicator_code(written))
        except NotANumberError:
            from spbe_cli.read.shape import nearest

            name = nearest(written, by_name).get("nearest")
            return {**known, "nearest": f"{by_name[name]} ({name})"} if name else known
        try:
            return {**known, "nearest": min(codes, key=lambda code: abs(parse(code) - number))}
        except NotANumberError:  # an instrument whose codes are no numbers
            return known

    def _complete(self, entries: Mapping[str, Entry]) -> dict[str, Entry]:
        absent = Entry(Missing.ABSENT)
        return {code: entries.get(code, absent) for code in self._instrument.indicator_by_code}

    def _at_stage(self, stage: Stage) -> Location:
        return ("stages", self._written.get(stage, stage))

    def _notice(self, code: str, stage: Stage, **values: str) -> None:
        place = self._sheet.place_of(self._at_stage(stage), True)  # noqa: FBT003
        self.problems.append(Problem(code, place, {"stage": stage, **values}, Severity.NOTICE))

    def _report(self, code: str, at: Location, **values: str) -> None:
        self.problems.append(Problem(code, self._sheet.place_of(at), values))

    def _report_key(self, code: str, at: Location, **values: str) -> None:
        self.problems.append(Problem(code, self._sheet.place_of(at, True), values))  # noqa: FBT003


def _has_level(entry: Entry) -> bool:
    return not isinstance(entry.level, Missing)


def _not_after(stage: Stage, other: Stage) -> bool:
    order = tuple(Stage)
    return order.index(stage) <= order.index(other)


def _details(entries: Iterable[Entry]) -> tuple[str, tuple[str, ...], str]:
    """Return the last note, evidence and responsible unit that any of the entries gives."""
    note = responsible = ""
    evidence: tuple[str, ...] = ()
    for entry in entries:
        note = entry.note or note
        evidence = entry.evidence or evidence
        responsible = entry.responsible or responsible
    return note, evidence, responsible
