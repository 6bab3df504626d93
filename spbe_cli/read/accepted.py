"""Which pieces of evidence are accepted, held against the pieces that the criteria list."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from spbe_cli.core.assessment import Entry, Origin, Share
from spbe_cli.core.evidence import Accepted, is_cumulative, value_of
from spbe_cli.core.instrument import Criteria, Instrument, bare
from spbe_cli.core.number import NotANumberError, exact, parse
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.read.grid import Location, PlaceOf
from spbe_cli.read.instruments import read_criteria

_ALL = ("all", "semua")
_NONE = ("none", "tidak ada", "")
_SHARE = re.compile(r"([0-9]{1,4})\s*/\s*([0-9]{1,4})", re.ASCII)
_NUMBER = re.compile(r"\(?([0-9]{1,4})(?:[.,]0+)?[.)]?", re.ASCII)
_LEVEL = re.compile(r"(?:level|tingkat|tk|lv)?[\s.:]*([0-9].*)", re.IGNORECASE)


def level_of(text: str) -> Fraction | None:
    """Return the level in `2`, `2.0`, `Level 2`; None where there is none."""
    match = _LEVEL.fullmatch(bare(text))
    try:
        return parse(match[1]) if match is not None and "/" not in text else None
    except NotANumberError:
        return None


def number_of(text: str) -> int | None:
    """Return the number of a piece in `2`, `2.`, `(2)`, `2,0`; None where there is none."""
    match = _NUMBER.fullmatch(bare(text))
    return int(match[1]) if match is not None else None


class AcceptedReader:
    """Reads the accepted pieces of one sheet's indicators; what is wrong with them it says."""

    def __init__(
        self, instrument: Instrument, place_of: PlaceOf, say: Callable[[Problem], None]
    ) -> None:
        self._instrument = instrument
        self._place_of = place_of
        self._say = say

    @cached_property
    def _criteria(self) -> Mapping[str, Criteria]:
        found, problems = read_criteria(self._instrument)
        for problem in problems:
            self._say(problem)
        return found

    def read(
        self, written: Mapping[str, Sequence[str] | str | None], code: str, at: Location
    ) -> Accepted | None:
        """Return what is accepted of an indicator's evidence by level; None where it is wrong."""
        criteria = self._criteria.get(code)
        if criteria is None:
            values = {"indicator": code, "instrument": self._instrument.id}
            self._report("evidence-not-listed", at, values)
            return None
        right = True
        found: dict[Fraction, Share] = {}
        for text, given in written.items():
            level = level_of(text)
            here = (*at, text)
            pieces = criteria.evidence.get(level, ()) if level is not None else ()
            if level is None or not pieces or level in found:
                known = ", ".join(exact(each) for each in sorted(criteria.evidence))
                values = {"indicator": code, "found": text, "known": known}
                self._report("evidence-level-wrong", here, values, key=True)
                right = False
                continue
            share = self._share(given, pieces, here, code, criteria)
            if share is None:
                right = False
            else:
                found[level] = share
        return found if right else None

    def _share(
        self,
        given: Sequence[str] | str | None,
        pieces: Sequence[str],
        at: Location,
        code: str,
        criteria: Criteria,
    ) -> Share | None:
        if isinstance(given, Sequence) and not isinstance(given, str):
            return self._listed(given, pieces, at, code)
        text = bare(given or "")
        if text.casefold() in _ALL:
            return Share(len(pieces), len(pieces), frozenset(range(1, len(pieces) + 1)))
        if text.casefold() in _NONE:
            return Share(0, len(pieces), frozenset())
        match = _SHARE.fullmatch(text)
        accepted, every = map(int, match.groups()) if match is not None else (1, 0)
        # where the count itself is in doubt, the sheet's own goes before ours
        right = every == len(pieces) or (bool(criteria.doubtful) and every > 0)
        if not right or accepted > every:
            values = {"indicator": code, "found": text, "pieces": str(len(pieces))}
            self._report("evidence-share-wrong", at, values)
            return None
        needed = sum(map(is_cumulative, pieces))
        if not self._instrument.scale.bands and needed <= accepted < every:
            values = {"indicator": code, "found": text, "needed": str(needed)}
            self._report("evidence-share-unclear", at, values)
            return None
        return Share(accepted, every)

    def _listed(
        self, given: Sequence[str], pieces: Sequence[str], at: Location, code: str
    ) -> Share | None:
        numbers: set[int] = set()
        right = True
        for place, text in enumerate(given):
            number = number_of(text)
            wrong = ""
            if number is None or not 1 <= number <= len(pieces):
                wrong = "evidence-item-wrong"
            elif number in numbers:
                wrong = "evidence-item-repeated"
            else:
                numbers.add(number)
            if wrong:
                values = {"indicator": code, "found": text, "pieces": str(len(pieces))}
                self._report(wrong, (*at, place), values)
                right = False
        return Share(len(numbers), len(pieces), frozenset(numbers)) if right else None

    def valued(self, entry: Entry, code: str) -> Entry:
        """Return an entry with the value that its evidence carries."""
        return entry._replace(level=self._value(entry.accepted or {}, code), origin=Origin.EVIDENCE)

    def _value(self, accepted: Accepted, code: str) -> Fraction:
        return value_of(self._instrument.scale, self._criteria[code].evidence, accepted)

    def notices(self, entries: Mapping[str, Entry], place: Place) -> Iterator[Problem]:
        """Yield what must be known of levels from evidence, and of claims beside it."""
        given = {code: each for code, each in entries.items() if each.accepted is not None}
        valued = [code for code, each in given.items() if each.origin is Origin.EVIDENCE]
        doubtful = [code for code in given if self._criteria[code].doubtful]
        short = [
            code
            for code, each in given.items()
            if isinstance(each.level, Fraction)
            and self._value(each.accepted or {}, code) < each.level
        ]
        in_bands = bool(self._instrument.scale.bands)
        found = {"value-from-evidence" if in_bands else "level-from-evidence": valued}
        found |= {"evidence-count-doubtful": doubtful, "claim-beyond-evidence": short}
        for problem, codes in found.items():
            if codes:
                values = {"indicators": self._instrument.listed(codes)}
                if codes is doubtful:
                    values["source"] = self._criteria[codes[0]].doubtful
                yield Problem(problem, place, values, Severity.NOTICE)

    def _report(
        self, code: str, at: Location, values: Mapping[str, str], *, key: bool = False
    ) -> None:
        self._say(Problem(code, self._place_of(at, key), dict(values)))
