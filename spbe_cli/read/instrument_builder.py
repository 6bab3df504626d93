"""From an instrument file's plain values to an `Instrument`, or to what is wrong with it.

Refused are weights that do not add up exactly at any node, repeated codes, gaps and overlaps in
the predicates, a scale without levels, empty groups. Nothing is repaired: COINr's users complain
that weights are silently rescaled.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
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
_NO_SCALE = Scale(Fraction(1), Fraction(1), Fraction(1))  # stands for one that was refused


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
        self._adds_up(groups, _WHOLE, data["id"], ())
        scale = self._scale(data["scale"])
        return Instrument(
            id=data["id"],
            title=data["title"],
            groups=groups,
            scale=scale,
            predicates=self._predicates(data["predicates"], scale),
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
        weights = [member.weight for member in members]
        found = sum(weights, Fraction(0))
        if not weights:
            self._report("group-empty", at, node=code)
        elif min(*weights, expected) <= 0:
            return  # a weight that has been refused: nothing can be said of the sum
        elif found != expected:
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
        """Return the weight; 0, which no weight is, for one that is no number."""
        weight = self._number(data["weight"], (*at, "weight"))
        if weight is not None and weight <= 0:
            self._report("weight-not-positive", (*at, "weight"), found=data["weight"])
        return weight or Fraction(0)

    def _number(self, text: str, at: Location) -> Fraction | None:
        try:
            return parse(text)
        except NotANumberError:
            self._report("not-a-number", at, found=text)
            return None

    def _scale(self, data: Mapping[str, Any]) -> Scale:
        lowest, highest, step = (
            self._number(data.get(key, "1"), ("scale", key))
            for key in ("lowest", "highest", "step")
        )
        if lowest is None or highest is None or step is None:
            return _NO_SCALE
        fits = step > 0 and lowest < highest and (highest - lowest) % step == 0
        if not fits or step < (highest - lowest) * _FINEST:
            self._report("scale-wrong", ("scale",))
            return _NO_SCALE
        scale = Scale(lowest, highest, step)
        target = data.get("target")
        names = {
            capability: {
                self._level(level, scale, ("scale", "names", capability, level)): name
                for level, name in of_levels.items()
            }
            for capability, of_levels in (data.get("names") or {}).items()
        }
        return scale._replace(
            names=names,
            target=None if target is None else self._level(target, scale, ("scale", "target")),
        )

    def _level(self, text: str, scale: Scale, at: Location) -> Fraction:
        level = self._number(text, at)
        if level is not None and not scale.holds(level):
            self._report("scale-level-wrong", at, found=text, scale=str(scale))
        return scale.lowest if level is None else level

    def _predicates(self, data: list[Mapping[str, Any]], scale: Scale) -> tuple[Predicate, ...]:
        """Highest first; every index from the scale's lowest on has exactly one predicate."""
        before = len(self.problems)
        names: list[str] = [member["name"] for member in data]
        starts = self._thresholds(data, "from")
        ends = self._thresholds(data, "below")
        if len(self.problems) == before and scale is not _NO_SCALE:
            self._check_ranges(names, starts, ends, scale)
        for number, name in enumerate(names):
            if name in names[:number]:
                self._report("predicate-repeated", ("predicates", number, "name"), name=name)
        starts[-1] = None  # at the scale's lowest: it covers all that is left
        return tuple(map(Predicate, names, starts))

    def _thresholds(self, data: list[Mapping[str, Any]], key: str) -> list[Fraction | None]:
        return [
            None
            if member.get(key) is None
            else self._number(member[key], ("predicates", number, key))
            for number, member in enumerate(data)
        ]

    def _check_ranges(
        self,
        names: Sequence[str],
        starts: Sequence[Fraction | None],
        ends: Sequence[Fraction | None],
        scale: Scale,
    ) -> None:
        above: Fraction | None = None
        for number, (name, start, end) in enumerate(zip(names, starts, ends, strict=True)):
            at = ("predicates", number)
            if above is not None and start is not None and start >= above:
                self._report("predicates-overlap", (*at, "from"), name=name, limit=exact(above))
            if end is not None and (above is not None or end <= scale.highest):
                self._meets(end, scale.highest if above is None else above, (*at, "below"), name)
            if start is None and number < len(names) - 1:
                self._report("predicates-overlap", at, name=name, limit=names[number + 1])
            above = above if start is None else start
        last = starts[-1]
        if last is not None and last > scale.lowest:
            at = ("predicates", len(names) - 1)
            self._report("predicates-gap", at, start=exact(scale.lowest), end=exact(last))

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
