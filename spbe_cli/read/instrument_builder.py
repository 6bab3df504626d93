"""From an instrument file's plain values to an `Instrument`, or to what is wrong with it.

Refused are weights that do not add up exactly at any node, repeated codes, gaps and overlaps in
the predicates, a scale without levels, empty groups. Nothing is repaired: COINr's users complain
that weights are silently rescaled.
"""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from spbe_cli.core.instrument import (
    Basis,
    BasisPeriod,
    Group,
    Indicator,
    Instrument,
    Predicate,
    Reference,
    Scale,
    Status,
)
from spbe_cli.core.number import NotANumberError, exact, parse
from spbe_cli.core.problem import Place, Problem
from spbe_cli.read.sheet import Location

__all__ = ["InstrumentBuilder"]

_KINDS = {"domains": "domain", "aspects": "aspect", "groups": "group"}
_WHOLE = Fraction(100)
_FINEST = Fraction(1, 1000)


class InstrumentBuilder:
    """Builds one instrument and keeps every problem on the way in `problems`."""

    def __init__(self, place_of: Callable[[Location], Place]) -> None:
        self.problems: list[Problem] = []
        self._place_of = place_of
        self._first_use: dict[str, Location] = {}

    def build(self, data: Mapping[str, Any]) -> Instrument:
        """Return the instrument; it may be used only if `problems` stays empty."""
        years = data.get("years") or {}
        groups = self._groups(data, (), None)
        self._adds_up(groups, _WHOLE, "100%", ())
        return Instrument(
            id=data["id"],
            title=data["title"],
            groups=groups,
            scale=self._scale(data["scale"]),
            predicates=self._predicates(data["predicates"], data["scale"]),
            basis=_basis(data.get("basis") or []),
            references=tuple(
                Reference(r["title"], r.get("article") or "", r.get("link") or "")
                for r in data.get("references") or []
            ),
            first_year=_year(years.get("from")),
            last_year=_year(years.get("to")),
            status=Status(data.get("status") or Status.IN_FORCE),
            places=int((data.get("rounding") or {}).get("places", 2)),
            index_name=data.get("index") or "Indeks",
            criteria=data.get("criteria"),
        )

    def _groups(
        self, data: Mapping[str, Any], at: Location, capability: str | None
    ) -> tuple[Group, ...]:
        return tuple(
            self._group(kind, member, (*at, key, number), capability)
            for key, kind in _KINDS.items()
            for number, member in enumerate(data.get(key) or [])
        )

    def _group(
        self, kind: str, data: Mapping[str, Any], at: Location, capability: str | None
    ) -> Group:
        capability = data.get("capability") or capability
        weight = self._weight(data, at)
        code = self._code(data, at)
        groups = self._groups(data, at, capability)
        indicators = tuple(
            self._indicator(member, (*at, "indicators", number), capability)
            for number, member in enumerate(data.get("indicators") or [])
        )
        if bool(groups) == bool(indicators):
            self._report("group-mixed" if groups else "group-empty", at, node=code)
        else:
            self._adds_up(groups or indicators, weight, code, (*at, "weight"))
        return Group(kind, code, data["name"], weight, groups, indicators)

    def _indicator(
        self, data: Mapping[str, Any], at: Location, capability: str | None
    ) -> Indicator:
        weight = self._weight(data, at)
        return Indicator(
            self._code(data, at), data["name"], weight, data.get("capability") or capability
        )

    def _adds_up(
        self, members: Iterable[Group | Indicator], expected: Fraction, code: str, at: Location
    ) -> None:
        found = sum((member.weight for member in members), Fraction(0))
        if found != expected:
            self._report(
                "weights-do-not-add-up",
                at,
                node=code,
                sum=exact(found),
                expected=exact(expected),
                difference=("+" if found > expected else "") + exact(found - expected),
            )

    def _code(self, data: Mapping[str, Any], at: Location) -> str:
        code: str = data["code"]
        if code in self._first_use:
            first = self._place_of(self._first_use[code])
            self._report("code-repeated", (*at, "code"), repeated=code, first=str(first.line))
        self._first_use.setdefault(code, (*at, "code"))
        return code

    def _weight(self, data: Mapping[str, Any], at: Location) -> Fraction:
        weight = self._number(data["weight"], (*at, "weight"))
        if weight <= 0:
            self._report("weight-not-positive", (*at, "weight"), found=data["weight"])
        return weight

    def _number(self, text: str, at: Location) -> Fraction:
        try:
            return parse(text)
        except NotANumberError:
            self._report("not-a-number", at, found=text)
            return Fraction(1)

    def _scale(self, data: Mapping[str, Any]) -> Scale:
        lowest, highest, step = (
            self._number(data.get(key) or "1", ("scale", key))
            for key in ("lowest", "highest", "step")
        )
        fits = step > 0 and lowest < highest and (highest - lowest) % step == 0
        if not fits or step < (highest - lowest) * _FINEST:
            self._report("scale-wrong", ("scale",))
            return Scale(lowest, highest, highest - lowest or Fraction(1))
        target = self._number(data["target"], ("scale", "target")) if data.get("target") else None
        names = {
            capability: {
                self._number(level, ("scale", "names", capability, level)): name
                for level, name in of_levels.items()
            }
            for capability, of_levels in (data.get("names") or {}).items()
        }
        return Scale(lowest, highest, step, names, target)

    def _predicates(
        self, data: list[Mapping[str, Any]], scale: Mapping[str, Any]
    ) -> tuple[Predicate, ...]:
        """Highest first; every index from the scale's lowest on has exactly one predicate."""
        found: list[Predicate] = []
        above: Fraction | None = None
        for number, member in enumerate(data):
            at = ("predicates", number)
            name, start, below = member["name"], member.get("from"), member.get("below")
            threshold = self._number(start, (*at, "from")) if start is not None else None
            if any(name == other.name for other in found):
                self._report("predicate-repeated", (*at, "name"), name=name)
            if above is not None and threshold is not None and threshold >= above:
                self._report("predicates-overlap", (*at, "from"), name=name, limit=exact(above))
            if below is not None and above is not None:
                self._meets(self._number(below, (*at, "below")), above, (*at, "below"), name)
            if threshold is None and number < len(data) - 1:
                self._report("predicates-overlap", at, name=name, limit=data[number + 1]["name"])
            above = threshold if threshold is not None else above
            found.append(Predicate(name, threshold))
        lowest = self._number(scale["lowest"], ("scale", "lowest"))
        last = found[-1].threshold
        if last is not None and last > lowest:
            self._report(
                "predicates-gap", ("predicates", len(data) - 1), start=exact(lowest), end=exact(last)
            )
        if last is not None:  # at the scale's lowest it covers all that is left
            found[-1] = Predicate(found[-1].name)
        return tuple(found)

    def _meets(self, below: Fraction, above: Fraction, at: Location, name: str) -> None:
        if below > above:
            self._report("predicates-overlap", at, name=name, limit=exact(above))
        elif below < above:
            self._report("predicates-gap", at, start=exact(below), end=exact(above))

    def _report(self, code: str, at: Location, **values: str) -> None:
        self.problems.append(Problem(code, self._place_of(at), values))


def _basis(data: list[Mapping[str, Any]]) -> tuple[BasisPeriod, ...]:
    """Return the periods in the order of the file; without any, the exact index decides."""
    periods = tuple(
        BasisPeriod(
            Basis(member["compare"]),
            _year(member.get("from")),
            _year(member.get("to")),
            member.get("evidence") or "",
        )
        for member in data
    )
    return periods or (BasisPeriod(Basis.EXACT),)


def _year(text: str | None) -> int | None:
    return int(text) if text is not None else None
