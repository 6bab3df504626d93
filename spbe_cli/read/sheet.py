"""From the texts of one sheet to an assessment."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from spbe_cli.core.assessment import Assessment, Entry, Missing, Source, Stage
from spbe_cli.core.instrument import Instrument, Status, bare, indicator_code
from spbe_cli.core.number import NotANumberError, parse
from spbe_cli.core.problem import Place, Problem, Severity, errors_of
from spbe_cli.core.score import ChosenBy, Reading
from spbe_cli.read.choice import (
    Wishes,
    choose_instrument,
    filled_in,
    is_as_named,
    mismatch,
    of_another,
)
from spbe_cli.read.grid import LONGEST_CODE, Location, Sheet
from spbe_cli.read.instruments import (
    instrument_of_year,
    provisional_notice,
    shipped_ids,
    shipped_instrument,
)
from spbe_cli.read.nearest import NearestIndicator
from spbe_cli.read.schema import AssessmentDocument, LevelDocument, stage_name
from spbe_cli.read.values import judged, of_one_cause

if TYPE_CHECKING:
    from spbe_cli.read.accepted import AcceptedReader

Levels = dict[str, LevelDocument]
_LEVELS = ("levels", "stages")
_FEW_UNKNOWN = 5  # codes; more have one cause
_NEARLY = 10  # one indicator in so many may lack, or be another's


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
        self.instrument = instrument
        self._written: dict[str, str] = {}  # the stages by the names that the sheet gives them
        self._said: set[tuple[str, Place]] = set()
        self._plain_levels: dict[str, Fraction] = {}  # what was seen to be right before
        self._nearest = NearestIndicator(instrument)

    def read(
        self, document: AssessmentDocument, wanted: Stage | None
    ) -> tuple[dict[str, Entry], Stage | None]:
        """Return an entry for every indicator of the instrument, and the stage they are of."""
        data = self._sheet.data
        if any(data.get(key) is not None and getattr(document, key) is None for key in _LEVELS):
            self.unusable = True  # what stands there was refused, and that has been said
            return self._complete({}), None
        stages = {Stage(s): levels for s, levels in (document.stages or {}).items()}
        if document.levels is not None and not stages.keys() - {Stage.TARGET}:
            if wanted is not Stage.TARGET or not stages:
                self._check_target(stages)
                return self._plain(document, document.levels, wanted)
        elif (document.levels is None) == (document.stages is None):
            both = document.levels is not None
            code = "levels-and-stages" if both else "levels-absent"
            self._report_key(code, ("stages",) if both else ())
            self.unusable = True
            return self._complete({}), None
        self._name_stages(data["stages"], stages)
        return self._staged(stages, wanted)

    def _check_target(self, stages: Mapping[Stage, Levels]) -> None:
        """Say what is wrong with the target beside plain levels, as with a stage not asked for."""
        if stages:
            self._name_stages(self._sheet.data["stages"], stages)
            self._entries(stages[Stage.TARGET], self._at_stage(Stage.TARGET))

    def _plain(
        self, document: AssessmentDocument, levels: Levels, wanted: Stage | None
    ) -> tuple[dict[str, Entry], Stage | None]:
        """Return the levels that no stage is given for but the sheet's own; a target may be beside.

        Sheets that are wholly of another stage than the one that is wanted were left out before.
        """
        stage = Stage(document.stage) if document.stage else None
        if document.stages is not None and wanted not in (None, stage):
            found = ", ".join([*filter(None, [stage]), *document.stages])
            self._report("stage-absent", ("stages",), stage=wanted, found=found)
            self.unusable = True
            return self._complete({}), wanted
        self._note_refused(self._sheet.data["levels"], levels)
        return self._complete(self._entries(levels, ("levels",))), stage

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
            if isinstance(levels, dict):  # it may be empty under one name, and a text
                self._note_refused(levels, stages[stage])

    def _note_refused(self, data: Mapping[str, Any], levels: Levels) -> None:
        """Note the indicators of which something was refused when the sheet was validated."""
        for written, detail in data.items():
            members = detail if isinstance(detail, dict) else {"level": detail}
            kept = levels.get(written)
            lost = kept is None or any(
                getattr(kept, key) is None and members.get(key) is not None
                for key in ("level", "accepted")
            )
            if lost or members.keys() - LevelDocument.model_fields.keys():
                self.refused.add(self.code_of(written))

    def _staged(
        self, stages: Mapping[Stage, Levels], wanted: Stage | None
    ) -> tuple[dict[str, Entry], Stage | None]:
        held = self._held(stages, wanted)
        given = {
            stage: self._entries(stages[stage], self._at_stage(stage))
            for stage in Stage
            if stage in held
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

    def _held(self, stages: Mapping[Stage, Levels], wanted: Stage | None) -> list[Stage]:
        """Return the stages that took place, and of these the ones up to the one asked for.

        One that is 0 throughout has not where the scale begins above 0, or after a filled one.
        """
        held: list[Stage] = []
        filled = False
        for stage in (stage for stage in Stage if stage in stages):
            texts = [detail.level for detail in stages[stage].values() if detail.level]
            is_zero = bool(texts) and all(_is_zero(text) for text in texts)
            if is_zero and (self.instrument.scale.lowest > 0 or filled) and stage is not wanted:
                if wanted is None:
                    self._notice("stage-not-held", stage)
                continue
            filled = filled or (bool(texts) and stage is not Stage.TARGET)
            if (
                wanted is None
                or stage is wanted
                or (stage is not Stage.TARGET and _not_after(stage, wanted))
            ):
                held.append(stage)
        return held

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
            if kept_from is not None and code not in self.refused:
                kept.setdefault(kept_from, []).append(code)
            details = _details(found.values())
            carried[code] = Entry(entry.level, *details, kept_from, entry.accepted, entry.origin)
        for earlier, codes in kept.items():
            self._notice(
                "level-kept",
                stage,
                earlier=earlier,
                indicators=self.instrument.listed(codes),
                count=str(len(codes)),
            )
        return carried

    def _entries(self, levels: Levels, at: Location) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        first: dict[str, str] = {}
        for written, detail in levels.items():
            code = self.code_of(written)
            here = (*at, written)
            if code not in self.instrument.indicator_by_code:
                self._report_key("indicator-unknown", here, found=written, **self._nearest(written))
            elif code in entries:
                place = self._sheet.place_of((*at, first[code]), True)  # noqa: FBT003
                at_first = place.cell or str(place.line)
                self._report_key("duplicate-indicator", here, indicator=code, first=at_first)
            else:
                first[code] = written
                entries[code] = self._entry(detail, here, code)
        return entries

    def _entry(self, detail: LevelDocument, at: Location, code: str) -> Entry:
        """Return what is said of an indicator; without a level, the one that its evidence carries.

        Beside a level, evidence is only kept.
        """
        level = self._level(detail.level, (*at, "level"), code)
        evidence = tuple(detail.evidence)
        entry = Entry(level, detail.note or "", evidence, detail.responsible or "")
        if all(given in (None, "") for given in (detail.accepted or {}).values()):
            return entry  # a form that was not filled in
        accepted = self._accepted.read(detail.accepted or {}, code, (*at, "accepted"))
        if accepted is None:
            self.refused.add(code)
            return entry
        entry = entry._replace(accepted=accepted)
        return entry if bare(detail.level or "") else self._accepted.valued(entry, code)

    @cached_property
    def _accepted(self) -> "AcceptedReader":
        from spbe_cli.read.accepted import AcceptedReader

        return AcceptedReader(self.instrument, self._sheet.place_of, self._say)

    def notices_of(self, entries: Mapping[str, Entry]) -> Iterable[Problem]:
        """Return what must be known of the levels that are taken."""
        if not any(entry.accepted is not None for entry in entries.values()):
            return []
        place = Place(self._sheet.place_of(()).source)
        return self._accepted.notices(entries, place)

    def _level(self, text: str | None, at: Location, code: str) -> Fraction | Missing:
        text = bare(text or "")
        if not text:
            return Missing.BLANK
        plain = self._plain_levels.get(text)
        if plain is not None:
            return plain
        level = judged(self.instrument, code, text)
        if isinstance(level, Fraction):
            if text.isdecimal():
                self._plain_levels[text] = level
            return level
        self._say(level.at(self._sheet.place_of(at)))
        self.refused.add(code)
        return Missing.BLANK

    @property
    def may_be_of_another(self) -> bool:
        """Whether indicators or levels are not the instrument's: it may be the wrong one."""
        codes = {problem.code for problem in self.problems}
        return "indicator-unknown" in codes or "level-off-step" in codes

    def by_cause(self) -> list[Problem]:
        """Return what is wrong; many unknown codes as one problem, but names that are misspelt."""
        unknown = [each for each in self.problems if _is_unknown_code(each)]
        if len(unknown) <= _FEW_UNKNOWN:
            return self.problems
        first = unknown[0]
        found = ", ".join(each.values["found"][:40] for each in unknown[:_FEW_UNKNOWN])
        values = {"count": str(len(unknown)), "found": f"{found}, ..."}
        values |= {"instrument": self.instrument.id, "known": first.values["known"]}
        one = Problem("indicators-unknown", first.place, values)
        kept = (each for each in self.problems if each is first or not _is_unknown_code(each))
        return [one if each is first else each for each in kept]

    def code_of(self, written: str) -> str:
        """Return the indicator's code: as the instrument writes it, else without ornament."""
        return code_in(self.instrument, written)

    def _complete(self, entries: Mapping[str, Entry]) -> dict[str, Entry]:
        absent = Entry(Missing.ABSENT)
        return {code: entries.get(code, absent) for code in self.instrument.indicator_by_code}

    def _at_stage(self, stage: Stage) -> Location:
        return ("stages", self._written.get(stage, stage))

    def _notice(self, code: str, stage: Stage, **values: str) -> None:
        place = self._sheet.place_of(self._at_stage(stage), True)  # noqa: FBT003
        self.problems.append(Problem(code, place, {"stage": stage, **values}, Severity.NOTICE))

    def _report(self, code: str, at: Location, **values: str) -> None:
        self._say(Problem(code, self._sheet.place_of(at), values))

    def _report_key(self, code: str, at: Location, **values: str) -> None:
        self._say(Problem(code, self._sheet.place_of(at, True), values))  # noqa: FBT003

    def _say(self, problem: Problem) -> None:
        """Add a problem once: in a table all stages of an indicator share the cell of its code."""
        key = (problem.code, problem.place)
        if key not in self._said:
            self._said.add(key)
            self.problems.append(problem)


def _is_unknown_code(problem: Problem) -> bool:
    """Return whether a problem is an unknown code, and no name that is nearly an indicator's."""
    found = problem.values.get("found", "")
    is_short = len(indicator_code(found)) <= LONGEST_CODE
    is_code = is_short or "nearest" not in problem.values
    return problem.code == "indicator-unknown" and is_code


def code_in(instrument: Instrument, written: str) -> str:
    """Return an indicator's code: as the instrument writes it, else without ornament.

    A further code that the field has for the indicator (`also`) means the same.
    """
    meant = instrument.meant(written)
    return meant.code or (written if meant.by_code else indicator_code(written))


def _is_zero(text: str) -> bool:
    try:
        return parse(bare(text)) == 0
    except NotANumberError:
        return False


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
    year, wished, filled = filled_in(document, year, wishes)
    instrument, chosen_by, in_choice = choose_instrument(sheet, document, year, wished, source)
    if instrument is not None and not is_as_named(sheet.named, instrument, year):
        in_choice = [mismatch(sheet, instrument, year)]
        instrument = None
    if instrument is None:
        return None, [*problems, *in_choice]
    levels = LevelReader(sheet, instrument)
    entries, stage = levels.read(document, wishes.stage)
    indices: Mapping[str, Fraction] = {}
    if document.indices or wishes.indices:
        from spbe_cli.read.indices import IndexReader

        reader = IndexReader(sheet, instrument, wishes.indices, levels.refused)
        entries, indices = reader.read(document.indices or {}, entries, stage)
        problems += reader.problems
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
        indices=indices,
    )
    other = other_instrument(sheet, instrument) if levels.may_be_of_another else None
    if other is not None:
        place = sheet.place_of(("levels",) if sheet.data.get("levels") else ("stages",))
        return None, [*problems, of_another(instrument.id, other, place)]
    found = levels.by_cause()
    has_one = any(map(_has_level, entries.values()))
    problems += found if has_one else of_one_cause(instrument.scale, found)
    missing = [code for code in assessment.missing if code not in levels.refused]
    if len(missing) == len(entries) and len(found) < len(levels.problems):
        missing = []  # all codes are unknown, which is said once
    if missing and not levels.unusable and not wishes.missing_allowed:
        problems.append(_missing(sheet, levels, assessment, missing))
    if errors_of(problems):
        return None, problems
    notices = (*filled, *problems, *levels.notices_of(entries))
    notices += tuple(_notices(sheet, instrument, chosen_by, year))
    return Reading(assessment, instrument, chosen_by, notices), []


def other_instrument(sheet: Sheet, instrument: Instrument) -> Instrument | None:
    """Return the shipped instrument whose indicators the sheet names, nearly all and no others."""
    stages = sheet.data.get("stages") or {}
    of_stages = [sheet.data.get("levels"), *(stages.values() if isinstance(stages, dict) else ())]
    given = {code for levels in of_stages if isinstance(levels, dict) for code in levels}

    def fits(other: Instrument) -> bool:
        known = {code_in(other, code) for code in given} & other.indicator_by_code.keys()
        return len(known) * _NEARLY >= max(len(given), len(other.indicators)) * (_NEARLY - 1)

    if fits(instrument):
        return None
    others = (shipped_instrument(each) for each in shipped_ids() if each != instrument.id)
    return next(filter(fits, others), None)


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
    if (
        sheet.named
        and chosen_by is ChosenBy.FILE
        and (year is None or instrument_of_year(year) is not instrument)
    ):
        values = {"instrument": instrument.id}
        yield Problem("instrument-by-names", whole, values, Severity.NOTICE)
    if instrument.status is Status.PROVISIONAL:
        yield provisional_notice(instrument, whole)
    if year is None:
        values = {"instrument": instrument.id, "basis": instrument.basis_in(None).basis}
        yield Problem("year-absent", whole, values, Severity.NOTICE)
    elif chosen_by is not ChosenBy.YEAR and not instrument.is_used_in(year):
        values = {"instrument": instrument.id, "year": str(year)}
        yield Problem("instrument-other-year", whole, values, Severity.NOTICE)
