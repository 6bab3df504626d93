"""An instrument and its level criteria.

An instrument is data with a date and a reference. The engine knows no regulation: it knows groups
whose weights add up, a scale, and predicates with thresholds.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from spbe_cli.core.external import External
from spbe_cli.core.number import rounded
from spbe_cli.core.scale import Scale

Thing = TypeVar("Thing")

EVERYTHING = "all"
"""The word for all indicators."""


_INVISIBLE = re.compile("^[\\s\u200b-\u200f\u2060\ufeff]+|[\\s\u200b-\u200f\u2060\ufeff]+$")
_CODE = re.compile(
    r"(?:i|ind|indikator|indicator|no)?[\s._:-]*0*([0-9]+)(?:[.,]([0-9]+))?\.?", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"(?P<code>(?:(?:i|ind|indikator|indicator|no)[\s._:-]*)?[0-9]+(?:\.[0-9]+)?)"
    r"[\s.:)_\u2013\u2014-]+(?P<name>.*[^\W\d_].*)",
    re.IGNORECASE | re.DOTALL,
)
_MOST_KEPT = 10_000
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NOT_LETTERS = re.compile(r"[\W_]+")


def bare(text: str) -> str:
    """Return a text without blanks and invisible characters around it, as web pages leave them."""
    return text.strip() if text.isascii() else _INVISIBLE.sub("", text)


def indicator_code(text: str) -> str:
    """Return the code in `12`, `12.`, `12,0`, `I12`, `Indikator 12`, `012`; other text unchanged.

    `35.1` stays as it is: spbe-2018 asks indicator 35 for three services.
    """
    match = _CODE.fullmatch(bare(text))
    if match is None:
        return bare(text)
    whole, part = match.groups()
    return f"{whole}.{part}" if part and part.strip("0") else str(whole)


def folded(text: str) -> str:
    """Return a name without capitals, line breaks, underscores and punctuation."""
    return _NOT_LETTERS.sub(" ", text.casefold()).strip()


class Meant(NamedTuple):
    """The indicators that a text means: by the code in it, and by the official name in it."""

    by_code: str | None = None
    by_name: str | None = None

    @property
    def code(self) -> str | None:
        """The one indicator that is meant; None for none, and where code and name disagree."""
        if self.by_code and self.by_name and self.by_code != self.by_name:
            return None
        return self.by_name or self.by_code


class Basis(StrEnum):
    """Which index is held against the thresholds: the exact one or the shown one."""

    EXACT = "exact"
    ROUNDED = "rounded"


class Status(StrEnum):
    """Whether an instrument is in use."""

    IN_FORCE = "in force"
    PAST = "past"
    PROVISIONAL = "provisional"


class Standing(StrEnum):
    """How sure a statement about a provisional instrument is."""

    CONFIRMED = "confirmed"
    UNTESTED = "untested"
    INFERRED = "inferred"


class Reason(NamedTuple):
    """One statement about a provisional instrument: how sure it is, and by what.

    `says` holds it by language (`id`, `en`); `sources` is how many independent ones agree, where
    they were counted.
    """

    standing: Standing
    says: Mapping[str, str]
    source: str
    sources: int | None = None


class Indicator(NamedTuple):
    """One indicator. `weight` is in percent of the whole instrument.

    `also` are further codes that the field has for it: the evaluators of pemdi-2026 count within
    the aspects, 1.1 to 7.2.
    """

    code: str
    name: str
    weight: Fraction
    capability: str | None = None
    also: tuple[str, ...] = ()


class Group(NamedTuple):
    """A domain, an aspect, or any other group. It holds groups or indicators, never both."""

    kind: str
    code: str
    name: str
    weight: Fraction
    groups: tuple["Group", ...] = ()
    indicators: tuple[Indicator, ...] = ()


class Predicate(NamedTuple):
    """A name for an index of at least `threshold`; the lowest predicate has none."""

    name: str
    threshold: Fraction | None = None


class BasisPeriod(NamedTuple):
    """Which index decides the predicate from which year to which (None: open), and the evidence."""

    basis: Basis
    first_year: int | None = None
    last_year: int | None = None
    evidence: str = ""


class Reference(NamedTuple):
    """The legal basis: title, article, link, and its name in full."""

    title: str
    article: str = ""
    link: str = ""
    name: str = ""


@dataclass(frozen=True, repr=False)
class Instrument:
    """An instrument, checked: weights add up exactly at every node, codes are unique.

    `predicates` stand highest first, `groups` in the order of the regulation, `places` is the
    number of decimals shown, `index_name` what the whole is called, `criteria` the path of the
    file with the level criteria, `carried` that of the evidence which serves again, `path` that of
    a user's own instrument. `reasons` say what a provisional one rests on, `external` which indices
    of other evaluations feed it, `shares` that the regulation gives weights as shares of a group;
    here every weight is one of the whole. Build one with `spbe_cli.load_instrument`.
    """

    id: str
    title: str
    groups: tuple[Group, ...]
    scale: Scale
    predicates: tuple[Predicate, ...]
    basis: tuple[BasisPeriod, ...]
    references: tuple[Reference, ...] = ()
    first_year: int | None = None
    last_year: int | None = None
    status: Status = Status.IN_FORCE
    places: int = 2
    index_name: str = "Indeks"
    criteria: str | None = None
    path: str | None = field(default=None, compare=False)
    reasons: tuple[Reason, ...] = ()
    external: tuple[External, ...] = ()
    carried: str | None = None
    shares: bool = False

    def __repr__(self) -> str:
        """Return the id, the title, and how many indicators there are."""
        return f"<Instrument {self.id}: {self.title}, {len(self.indicators)} indicators>"

    @cached_property
    def nodes(self) -> tuple[tuple[Group, str | None, tuple[Indicator, ...]], ...]:
        """Every group with its parent's code and all indicators below it, parents first."""
        return tuple(_walk(self.groups, None))

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators in the order of the regulation."""
        return tuple(indicator for group in self.groups for indicator in below(group))

    @cached_property
    def indicator_by_code(self) -> Mapping[str, Indicator]:
        """Every indicator by its code."""
        return {indicator.code: indicator for indicator in self.indicators}

    @cached_property
    def node_by_code(self) -> Mapping[str, tuple[Indicator, ...]]:
        """The indicators below every group, by the group's code."""
        return {group.code: below for group, _, below in self.nodes}

    @cached_property
    def depth_by_code(self) -> Mapping[str, int]:
        """How many groups stand above every group, by its code: none above a domain."""
        depths: dict[str | None, int] = {None: -1}
        for group, parent, _ in self.nodes:
            depths[group.code] = depths[parent] + 1
        return {group.code: depths[group.code] for group, _, _ in self.nodes}

    @cached_property
    def code_by_other(self) -> Mapping[str, str]:
        """Every indicator's code by the further codes that the field has for it."""
        return {other: each.code for each in self.indicators for other in each.also}

    def reasons_by_standing(self) -> dict[str, str]:
        """Return how many statements about a provisional instrument are confirmed, and so on."""
        return {
            standing.value: str(sum(each.standing is standing for each in self.reasons))
            for standing in Standing
        }

    def find(self, text: str) -> Indicator | Group | None:
        """Return the indicator or group that `12`, `I12`, `4.4`, `a3` or `D1` means; else None."""
        return self._by_spelling.get(text.strip().casefold())

    @cached_property
    def _by_spelling(self) -> Mapping[str, Indicator | Group]:
        """Indicators and groups by code, folded; `I12` is 12 where no node is called so."""
        indicators = self.indicator_by_code
        others = {other: indicators[code] for other, code in self.code_by_other.items()}
        codes = {**others, **indicators}
        lettered = {f"i{code}".casefold(): indicator for code, indicator in codes.items()}
        groups = {group.code.casefold(): group for group, _, _ in self.nodes}
        return {**lettered, **groups, **{code.casefold(): codes[code] for code in codes}}

    def indicators_at(self, text: str) -> tuple[Indicator, ...]:
        """Return the indicators that `12`, `I12`, `A3`, `D1` or `all` means; else none."""
        if text.casefold() == EVERYTHING:
            return self.indicators
        match self.find(text):
            case None:
                return ()
            case Group(code=code):
                return self.node_by_code[code]
            case indicator:
                return (indicator,)

    def predicate_named(self, name: str) -> Predicate | None:
        """Return the predicate of this name, however it is capitalised or hyphenated.

        `Baik`, `Berkembang` and `Baik/Berkembang` find `Baik (Berkembang)`, as pemdi-2026 calls it.
        """
        wanted = spelled(name)
        for predicate in self.predicates:
            parts = predicate.name.rstrip(")").split(" (")
            if wanted in map(spelled, (predicate.name, *parts, "/".join(parts))):
                return predicate
        return None

    @cached_property
    def _code_by_name(self) -> Mapping[str, str]:
        """Indicators by their names, folded; a name that two of them have tells neither."""
        codes: dict[str, list[str]] = {}
        for indicator in self.indicators:
            codes.setdefault(folded(indicator.name), []).append(indicator.code)
        return {name: found[0] for name, found in codes.items() if len(found) == 1}

    @cached_property
    def _code_by_folded(self) -> Mapping[str, str]:
        """The indicators' codes and the further ones that the field has for them, folded."""
        codes = {**self.code_by_other, **{code: code for code in self.indicator_by_code}}
        return {written.casefold(): code for written, code in codes.items()}

    @cached_property
    def _found(self) -> dict[str, Meant]:
        return {}

    def meant(self, text: str) -> Meant:
        """Return which indicator a text means: `12`, `I12`, its official name, `12. NAME`."""
        found = self._found.get(text)
        if found is None:
            found = self._find(bare(text))
            if len(self._found) < _MOST_KEPT:
                self._found[text] = found
        return found

    def _find(self, text: str) -> Meant:
        known = self._code_by_folded
        by_code = known.get(text.casefold()) or known.get(indicator_code(text).casefold())
        if by_code or not text:
            return Meant(by_code)
        by_name = self._code_by_name.get(folded(text))
        if by_name:
            return Meant(None, by_name)
        numbered = _NUMBERED.fullmatch(text)
        if numbered is None:
            return Meant()
        by_name = self._code_by_name.get(folded(numbered["name"]))
        return Meant(known.get(indicator_code(numbered["code"]).casefold()), by_name)

    @cached_property
    def group_numbers(self) -> Mapping[str, frozenset[str]]:
        """How domains and aspects are numbered, by folded name: A6 as 6, 2 (of its domain), 3.6."""
        found: dict[str, frozenset[str]] = {}
        places: dict[str | None, int] = {}
        for group, parent, _ in self.nodes:
            places[parent] = places.get(parent, 0) + 1
            own = {str(places[parent]), group.code.lstrip(_LETTERS)}
            own |= {f"{parent.lstrip(_LETTERS)}.{number}" for number in own} if parent else set()
            found[folded(group.name)] = found.get(folded(group.name), frozenset()) | own
        return found

    @cached_property
    def names_of_groups_alone(self) -> frozenset[str]:
        """The names of domains and aspects, folded, but those that are an indicator's too."""
        return frozenset(self.group_numbers.keys() - self._code_by_name.keys())

    @cached_property
    def _order(self) -> Mapping[str, int]:
        """The place of every indicator."""
        return {code: place for place, code in enumerate(self.indicator_by_code)}

    def listed(self, codes: Iterable[str]) -> str:
        """Return indicator codes as people list them: `1-3, 7`."""
        order = self._order
        runs: list[list[str]] = []
        for code in sorted(codes, key=order.__getitem__):
            if runs and order[code] == order[runs[-1][-1]] + 1:
                runs[-1].append(code)
            else:
                runs.append([code])
        return ", ".join(
            f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(run)  # noqa: PLR2004
            for run in runs
        )

    @cached_property
    def _kept(self) -> dict[str, Any]:
        return {}

    def once(self, name: str, make: Callable[[], Thing]) -> Thing:
        """Return what `make` makes of the instrument alone: made once, and kept under a name."""
        if name not in self._kept:
            self._kept[name] = make()
        made: Thing = self._kept[name]
        return made

    @cached_property
    def weight(self) -> Fraction:
        """The sum of all weights: 100 percent."""
        return sum((group.weight for group in self.groups), Fraction(0))

    def is_used_in(self, year: int) -> bool:
        """Return whether assessments of `year` use this instrument."""
        after = self.first_year is None or year >= self.first_year
        return after and (self.last_year is None or year <= self.last_year)

    def basis_in(self, year: int | None) -> BasisPeriod:
        """Return the basis of `year`: the last period begun by then, the latest without a year."""
        if year is None:
            return self.basis[-1]
        begun = [p for p in self.basis if p.first_year is None or p.first_year <= year]
        return begun[-1] if begun else self.basis[0]

    @property
    def shown_step(self) -> Fraction:
        """The step of the scale, or a unit of the last shown place where it has none."""
        return Fraction(1, 10**self.places) if self.scale.step is None else self.scale.step

    def level_name(self, indicator: Indicator, value: Fraction) -> str:
        """Return the name of the level that a value is or lies in; empty where it has none."""
        band = self.scale.band_of(value)
        if band is not None:
            return str(band)
        return self.scale.names.get(indicator.capability or "", {}).get(value, "")

    def predicate_of(self, index: Fraction, basis: Basis) -> Predicate:
        """Return the predicate of an index. A threshold belongs to the higher predicate."""
        held = rounded(index, self.places) if basis is Basis.ROUNDED else index
        return next(p for p in self.predicates if p.threshold is None or held >= p.threshold)


def spelled(name: str) -> str:
    """Return a predicate's name as it is recognised: without capitals, hyphens and underscores."""
    return " ".join(name.replace("-", " ").replace("_", " ").casefold().split())


def below(group: Group) -> Iterator[Indicator]:
    """Yield the indicators below a group, in the order of the regulation."""
    yield from group.indicators
    for inner in group.groups:
        yield from below(inner)


def _walk(
    groups: tuple[Group, ...], parent: str | None
) -> Iterator[tuple[Group, str | None, tuple[Indicator, ...]]]:
    for group in groups:
        yield group, parent, tuple(below(group))
        yield from _walk(group.groups, group.code)


class Criteria(NamedTuple):
    """One indicator's criteria and evidence (data dukung) by level, lowest first.

    Evidence that begins with Opsional, Dan/atau, Atau or Boleh is not cumulative. `doubtful` names
    the source by which the number of its pieces is in doubt; empty where it is not.
    """

    about: str
    levels: Mapping[Fraction, str]
    evidence: Mapping[Fraction, tuple[str, ...]]
    doubtful: str = ""


class Demand(NamedTuple):
    """What one level of an indicator demands: its name, criterion and evidence, where known.

    Where it is known what is accepted, the evidence is what is not, of which `needed` pieces lack.
    """

    level: Fraction
    name: str | None
    criterion: str | None
    evidence: tuple[str, ...]
    needed: int | None = None


def demands_between(
    instrument: Instrument,
    indicator: Indicator,
    span: tuple[Fraction, Fraction],
    criteria: Criteria | None,
) -> Iterator[Demand]:
    """Yield what every level above the first of `span` demands, up to and with the second.

    Where levels are bands, these are the levels in which the way from one to the other lies.
    """
    before, after = span
    names = instrument.scale.names.get(indicator.capability or "", {})
    bands = instrument.scale.bands
    if bands:
        names = {band.level: band.name for band in bands}
        wanted = [band.level for band in bands if band.start < after and band.end > before]
    else:
        levels = sorted(criteria.levels if criteria else names)
        wanted = [level for level in levels if before < level <= after]
    for level in wanted:
        yield Demand(
            level,
            names.get(level),
            criteria.levels.get(level) if criteria else None,
            criteria.evidence.get(level, ()) if criteria else (),
        )
