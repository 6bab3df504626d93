"""An assessment: the levels of an institution's indicators, and changes to them.

An absolute level that is off the scale is a problem. A relative one is held at the scale's end,
and that is said: "one level more of everything" is a fair question of an indicator at the top.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from numbers import Integral, Rational
from os import PathLike
from types import MappingProxyType
from typing import Any, NamedTuple

from spbe_cli.core.instrument import EVERYTHING, Indicator, Instrument
from spbe_cli.core.number import NotANumberError, exact, parse, unrounded
from spbe_cli.core.problem import NOWHERE, InvalidInputError, Place, Problem, Severity, nearest
from spbe_cli.core.shown import answering, kind_of


class Stage(StrEnum):
    """The stages of an assessment, in their order. A target is a plan, not a finding."""

    TARGET = "target"
    SELF = "self"
    VERIFICATION = "verification"
    DOCUMENT = "document"
    HARMONISATION = "harmonisation"
    INTERVIEW = "interview"
    VISIT = "visit"
    EXTERNAL = "external"
    FINAL = "final"


class Missing(StrEnum):
    """Why an indicator has no level. It is never counted as 0 and never leaves the denominator."""

    ABSENT = "absent"  # the file does not name the indicator
    BLANK = "blank"  # the file names it and gives no level


class Origin(StrEnum):
    """Where the level of an indicator comes from."""

    SHEET = "sheet"
    EVIDENCE = "evidence"  # the accepted pieces, where no level is given
    INDEX = "index"  # that of another evaluation, converted


class Share(NamedTuple):
    """How many of a level's pieces of evidence are accepted, and which, by number from 1.

    `numbers` is None where only the count is known.
    """

    accepted: int
    pieces: int
    numbers: frozenset[int] | None = None


class Entry(NamedTuple):
    """What a score sheet says of one indicator.

    `accepted` holds the accepted pieces of evidence by level; None where nothing is said of them.
    """

    level: Fraction | Missing
    note: str = ""
    evidence: tuple[str, ...] = ()
    responsible: str = ""
    kept_from: Stage | None = None  # the earlier stage whose level stands here
    accepted: Mapping[Fraction, Share] | None = None
    origin: Origin = Origin.SHEET


HELPER = "spbe"
"""The heading of a hidden column that a workbook of ours computes with: no reader misses it."""


class ReadColumn(NamedTuple):
    """A column of a table: its letters, its heading, and its role, or why it was left out.

    `stage` and `indicator` say whose levels it holds, where it is of one.
    """

    at: str
    heading: str
    role: str = ""
    stage: str = ""
    indicator: str = ""
    left_out: str = ""


class ReadRows(NamedTuple):
    """Rows that were left out: where they stand, as in `48-51`, what they say, and why."""

    at: str
    text: str
    left_out: str


class TableRead(NamedTuple):
    """What was read of a table, and what was left.

    `form` is long (a row an indicator), wide (a row an institution) or published; `heading` names
    the lines of the heading row, `instrument` the one that official names of indicators told.
    """

    form: str
    heading: str
    sheets: tuple[str, ...] = ()
    columns: tuple[ReadColumn, ...] = ()
    rows_left_out: tuple[ReadRows, ...] = ()
    instrument: str = ""


class Source(NamedTuple):
    """Where an assessment was read: the path as given, and the bytes that were there.

    `read` says what was taken of a table; a tree of keys has no such record. `chosen_by` and
    `notices` are what a reading of it said, for those who keep the assessment alone.
    """

    path: str
    content: bytes
    read: TableRead | None = None
    chosen_by: str = ""
    notices: tuple[Problem, ...] = ()

    def __repr__(self) -> str:
        """Return the path, and how many bytes there were."""
        return f"<Source {self.path}: {len(self.content)} bytes>"

    @property
    def sha256(self) -> str:
        """The SHA-256 of the content, in hex."""
        return _sum_of(self.content)


@lru_cache(maxsize=1)
def _sum_of(content: bytes) -> str:
    """Return the SHA-256 of a table once, however many institutions it holds."""
    from hashlib import sha256  # loads OpenSSL: only where the sum is shown

    return sha256(content).hexdigest()


class Assessment(NamedTuple):
    """Levels by indicator code, in the order of the instrument, one entry for every indicator.

    `instrument` is the id of the instrument whose codes the entries use. Build one with
    `spbe_cli.read_assessment`; whatever it holds lies on the instrument's scale. `indices` are
    those of other evaluations that are given with it, by their code.
    """

    instrument: str
    entries: Mapping[str, Entry]
    institution: str | None = None
    category: str | None = None
    province: str | None = None
    year: int | None = None
    stage: Stage | None = None
    source: Source | None = None
    note: str = ""
    indices: Mapping[str, Fraction] = MappingProxyType({})

    def __repr__(self) -> str:
        """Return who, and how many levels of which instrument there are."""
        given = len(self.entries) - len(self.missing)
        return f"<Assessment {self.who}: {given} of {len(self.entries)} levels, {self.instrument}>"

    @property
    def who(self) -> str:
        """The institution, its year and its stage, as far as they are known."""
        parts = (self.institution or "-", self.year, self.stage)
        return ", ".join(str(part) for part in parts if part is not None)

    @classmethod
    def from_levels(  # noqa: PLR0913 - whose levels they are, every part of it named
        cls,
        levels: "Mapping[Any, Given] | Sequence[Given]",
        instrument: Instrument | str,
        *,
        institution: str | None = None,
        category: str | None = None,
        province: str | None = None,
        year: int | None = None,
        stage: Stage | None = None,
    ) -> "Assessment":
        """Return the assessment with these levels, each of them looked at.

        Args:
            levels: by indicator code, or all of them in the instrument's order; numbers or texts
                such as `3`, `3,5` or `7/6`. None, and an indicator that is left out, is missing.
            instrument: the instrument, its id or the path of its file.
            institution: whose levels they are.
            category: its category.
            province: its province.
            year: the year that is assessed.
            stage: the stage of the assessment.

        Raises:
            InvalidInputError: if a level is off the scale or of no indicator, with all `problems`.
            TypeError: if a level is no number, if the levels are neither mapping nor sequence, or
                if a year, a stage or a name is something else.
            ValueError: if there are more or fewer levels than indicators, or two for one.
        """
        found = instrument_from(instrument)
        year, stage = _year_from(year), _stage_from(stage)
        for name, text in (
            ("institution", institution),
            ("category", category),
            ("province", province),
        ):
            if not isinstance(text, str | None):
                raise TypeError(f"{name}: expected a text, got {kind_of(text)}")
        entries, problems = entries_of(found, levels)
        if problems:
            raise InvalidInputError(problems)
        return cls(found.id, entries, institution, category, province, year, stage)

    @property
    def missing(self) -> tuple[str, ...]:
        """The codes of the indicators without a level."""
        return tuple(c for c, entry in self.entries.items() if isinstance(entry.level, Missing))

    def with_levels(self, levels: Mapping[str, Fraction]) -> "Assessment":
        """Return the same assessment with other levels for some indicators.

        Raises:
            ValueError: if the assessment has no such indicator.
        """
        unknown = [repr(code) for code in levels if code not in self.entries]
        if unknown:
            raise ValueError(f"{self.instrument} has no indicator {', '.join(unknown)}")
        entries = {
            code: entry._replace(level=levels[code], kept_from=None, origin=Origin.SHEET)
            if code in levels
            else entry
            for code, entry in self.entries.items()
        }
        return self._replace(entries=entries)


def _year_from(given: object) -> int | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, Integral):
        raise TypeError(f"year: expected a whole number, got {kind_of(given)}")
    return int(given)


def _stage_from(given: object) -> Stage | None:
    if given is None:
        return None
    if given not in tuple(Stage):
        raise TypeError(f"stage: expected one of {', '.join(Stage)}, got {kind_of(given)}")
    return Stage(str(given))


Given = Fraction | int | float | str | Decimal | Missing | None
"""What a caller may give as a level; a float is the decimal number that it shows."""


def entries_of(
    instrument: Instrument, levels: Mapping[Any, Given] | Sequence[Given]
) -> tuple[dict[str, Entry], list[Problem]]:
    """Return an entry for each indicator, in the instrument's order, and what is wrong."""
    problems = []
    given: dict[str, Given] = {}
    if isinstance(levels, Mapping):
        for key, level in levels.items():
            found = instrument.find(str(key))
            if isinstance(found, Indicator):
                if found.code in given:
                    raise ValueError(f"indicator {found.code} has two levels; one is by {key!r}")
                given[found.code] = level
            else:
                problems.append(_unknown(instrument, str(key)))
    elif isinstance(levels, Sequence) and not isinstance(levels, str | bytes | bytearray):
        if len(levels) != len(instrument.indicators):
            expected = len(instrument.indicators)
            raise ValueError(f"{instrument.id} has {expected} indicators, got {len(levels)} levels")
        given = dict(zip(instrument.indicator_by_code, levels, strict=True))
    else:
        raise TypeError(
            f"levels: expected a mapping by indicator code or a sequence, got {kind_of(levels)}"
        )
    entries = {}
    for code in instrument.indicator_by_code:
        read = _level(instrument, code, given.get(code, Missing.ABSENT))
        if isinstance(read, Problem):
            problems.append(read)
        else:
            entries[code] = Entry(read)
    return entries, [*problems, *_off_scale(instrument, entries)]


def _level(instrument: Instrument, code: str, given: Given) -> Fraction | Missing | Problem:
    """Return a level as it is given, or why it is none; TypeError for what no level can be."""
    if isinstance(given, Missing):
        return given
    if given is None or given != given:  # noqa: PLR0124  (NaN, which frames have for nothing)
        return Missing.BLANK
    if isinstance(given, bool) or not isinstance(given, Rational | float | str | Decimal):
        expected = "expected a number or a text"
        raise TypeError(f"the level of indicator {code}: {expected}, got {kind_of(given)}")
    if isinstance(given, Rational):
        return Fraction(given.numerator, given.denominator)
    text = given.strip() if isinstance(given, str) else f"{Decimal(str(given)):f}"
    if not text:
        return Missing.BLANK
    try:
        return parse(text)
    except NotANumberError:
        values = {"indicator": code, "found": text, "scale": str(instrument.scale)}
        return Problem("level-not-number", values=values)


def wrong_in(instrument: Instrument, assessment: Assessment) -> list[Problem]:
    """Return the levels that are off the scale, and the codes that are not the instrument's."""
    if not isinstance(assessment, Assessment):
        raise TypeError(f"assessment: expected an Assessment, got {kind_of(assessment)}")
    known = instrument.indicator_by_code
    unknown = [_unknown(instrument, code) for code in assessment.entries if code not in known]
    return unknown + list(_off_scale(instrument, assessment.entries))


def _off_scale(instrument: Instrument, entries: Mapping[str, Entry]) -> Iterator[Problem]:
    scale = instrument.scale
    right: set[object] = set()
    for code, entry in entries.items():
        level: Any = entry.level  # a caller may have put in anything
        if level in right or isinstance(level, Missing):
            continue
        if isinstance(level, bool) or not isinstance(level, Fraction | int):
            expected = "expected a Fraction or a whole number"
            raise TypeError(f"the level of indicator {code}: {expected}, got {kind_of(level)}")
        if scale.holds(Fraction(level)):
            right.add(level)
            continue
        values = {"indicator": code, "found": exact(Fraction(level)), "scale": str(scale)}
        if scale.step is None or not scale.lowest <= level <= scale.highest:
            yield Problem("level-off-scale", values=values)
        else:
            yield Problem("level-off-step", values={**values, "step": exact(scale.step)})


def _unknown(instrument: Instrument, code: str) -> Problem:
    codes = instrument.indicator_by_code
    values = {"found": code, "known": instrument.listed(codes), **nearest(code, codes)}
    return Problem("indicator-unknown", values=values)


def instrument_from(given: object) -> Instrument:
    """Return an instrument, given as itself, by its id or by the path of its file.

    Raises:
        InvalidInputError: if there is none of this id, or the file is not a right one.
        TypeError: if it is given as anything else.
    """
    if isinstance(given, Instrument):
        return given
    rooms = answering()
    if rooms is None or not isinstance(given, str | PathLike):
        expected = "expected an Instrument, an id such as 'spbe-2020' or the path of a file"
        raise TypeError(f"instrument: {expected}, got {kind_of(given)}")
    found: Instrument = rooms.instrument(given)
    return found


_CHANGE = re.compile(r"\s*([^=\s]+)\s*=\s*([+-]?)\s*([0-9][0-9.,/]*)\s*")


class Change(NamedTuple):
    """A wish: every indicator of `target` to a level, or by a number of levels if `relative`."""

    target: str
    amount: Fraction
    relative: bool
    text: str


class Changed(NamedTuple):
    """What became of one indicator. `before` is Missing where there was no level."""

    indicator: Indicator
    before: Fraction | Missing
    after: Fraction


def parse_change(text: str, place: Place = NOWHERE) -> Change | Problem:
    """Return the change written as `TARGET=LEVEL` or `TARGET=+STEPS`, or why it is none."""
    match = _CHANGE.fullmatch(text)
    if match is not None:
        target, sign, amount = match.groups()
        try:
            return Change(target, parse(sign + amount), relative=bool(sign), text=text)
        except NotANumberError:
            pass
    return Problem("change-wrong", place, {"found": text}, Severity.USAGE)


def apply_changes(
    instrument: Instrument,
    assessment: Assessment,
    changes: Iterable[Change],
    place: Place = NOWHERE,
) -> tuple[Assessment, list[Changed], list[Problem]]:
    """Return the changed assessment, what changed, and problems and notices.

    Changes apply one after the other, so that a later one speaks last. Indicators whose level
    stays the same are left out of what changed.
    """
    before = {code: entry.level for code, entry in assessment.entries.items()}
    after = dict(before)
    problems: list[Problem] = []
    for change in changes:
        targets = instrument.indicators_at(change.target)
        if not targets:
            known = f"{EVERYTHING}, {', '.join(instrument.node_by_code)}"
            values = {"found": change.text, "target": change.target, "known": known}
            problems.append(Problem("change-unknown-target", place, values, Severity.USAGE))
        else:
            problems += _apply(instrument, change, targets, after, place)
    changed = [
        Changed(indicator, before[indicator.code], level)
        for indicator in instrument.indicators
        if not isinstance(level := after[indicator.code], Missing)
        and level != before[indicator.code]
    ]
    levels = {item.indicator.code: item.after for item in changed}
    return assessment.with_levels(levels), changed, problems


def _apply(
    instrument: Instrument,
    change: Change,
    targets: Sequence[Indicator],
    levels: dict[str, Fraction | Missing],
    place: Place,
) -> list[Problem]:
    scale = instrument.scale
    values = {"found": change.text, "scale": str(scale)}
    if scale.step is None:
        change = change._replace(amount=unrounded(change.amount, change.text))
    elif "/" in change.text:  # 4/1 is no level: a date, or a doubt
        return [Problem("change-wrong", place, {"found": change.text}, Severity.USAGE)]
    if not change.relative:
        if not scale.holds(change.amount):
            return [Problem("change-off-scale", place, values, Severity.USAGE)]
        levels.update({indicator.code: change.amount for indicator in targets})
        return []
    if scale.step is not None and change.amount % scale.step:
        return [Problem("change-off-scale", place, values, Severity.USAGE)]
    held: list[str] = []
    absent: list[str] = []
    for indicator in targets:
        level = levels[indicator.code]
        if isinstance(level, Missing):
            absent.append(indicator.code)
            continue
        wanted = level + change.amount
        levels[indicator.code] = min(max(wanted, scale.lowest), scale.highest)
        if levels[indicator.code] != wanted:
            held.append(indicator.code)
    return [
        Problem(
            code,
            place,
            {**values, "indicators": instrument.listed(codes), "count": str(len(codes))},
            Severity.NOTICE,
        )
        for code, codes in (("change-held", held), ("change-of-missing", absent))
        if codes
    ]
