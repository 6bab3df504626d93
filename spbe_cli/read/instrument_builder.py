"""From the data of an instrument's file to the instrument.

Refused are weights that do not add up exactly at any node, repeated codes, gaps and overlaps in
the predicates, a scale without levels, empty groups. Nothing is repaired: COINr's users complain
that weights are silently rescaled.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from spbe_cli.core.external import External
from spbe_cli.core.instrument import (
    Basis,
    BasisPeriod,
    Group,
    Indicator,
    Instrument,
    Predicate,
    Reason,
    Reference,
    Standing,
    Status,
    below,
)
from spbe_cli.core.number import NotANumberError, exact, parse
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.core.scale import Band, Scale
from spbe_cli.read.grid import Location

_KINDS = {"domains": "domain", "aspects": "aspect", "groups": "group"}
_WHOLE = Fraction(100)
_FINEST = Fraction(1, 1000)
_NO_STEP = "none"
_SHARES = "shares"
_NO_SCALE = Scale(Fraction(1), Fraction(1), Fraction(1))  # stands for one that was refused


class InstrumentBuilder:
    """Builds one instrument and keeps every problem on the way in `problems`."""

    def __init__(self, place_of: Callable[[Location], Place]) -> None:
        self.problems: list[Problem] = []
        self._place_of = place_of
        self._first_use: dict[str, Location] = {}
        self._shares = False

    def build(self, data: Mapping[str, Any]) -> Instrument:
        """Return the instrument; it may be used only if `problems` stays empty."""
        years, basis = data.get("years") or {}, _basis(data.get("basis") or [])
        self._shares = data.get("weights") == _SHARES
        groups = self._groups(data, (), None, _WHOLE)
        self._adds_up(groups, _WHOLE, data["id"], (), _WHOLE)
        scale = self._scale(data["scale"], data.get("levels") or [])
        return Instrument(
            external=self._external(data.get("external") or [], groups, scale),
            id=data["id"],
            title=data["title"],
            groups=groups,
            scale=scale,
            predicates=self._predicates(data["predicates"], scale),
            basis=basis,
            references=tuple(
                Reference(r["title"], *(r.get(key) or "" for key in ("article", "link", "name")))
                for r in data.get("references") or []
            ),
            first_year=_year(years.get("from")) or basis[0].first_year,
            last_year=_year(years.get("to")) or basis[-1].last_year,
            status=Status(data.get("status") or Status.IN_FORCE),
            places=int((data.get("rounding") or {}).get("places", 2)),
            index_name=data.get("index") or "Indeks",
            criteria=data.get("criteria"),
            carried=data.get("carried"),
            shares=self._shares,
            reasons=tuple(map(_reason, data.get("provisional") or [])),
        )

    def _external(
        self, data: Sequence[Mapping[str, Any]], groups: Sequence[Group], scale: Scale
    ) -> tuple[External, ...]:
        if not data:
            return ()
        from spbe_cli.read.external import externals

        codes = [indicator.code for group in groups for indicator in below(group)]
        return externals(data, codes, scale, self.report)

    def _groups(
        self, data: Mapping[str, Any], at: Location, capability: str | None, parent: Fraction
    ) -> tuple[Group, ...]:
        return tuple(
            self._group(kind, member, (*at, key, number), capability, parent)
            for key, kind in _KINDS.items()
            for number, member in enumerate(data.get(key) or [])
        )

    def _group(
        self,
        kind: str,
        data: Mapping[str, Any],
        at: Location,
        capability: str | None,
        parent: Fraction,
    ) -> Group:
        capability = data.get("capability") or capability
        weight = self._weight(data, at, parent)
        code = self._code(data["code"], (*at, "code"))
        groups = self._groups(data, at, capability, weight)
        indicators = tuple(
            self._indicator(member, (*at, "indicators", number), capability, weight)
            for number, member in enumerate(data.get("indicators") or [])
        )
        if bool(groups) == bool(indicators):
            self.report("group-mixed" if groups else "group-empty", at, node=code)
        else:
            self._adds_up(groups or indicators, weight, code, (*at, "weight"), weight)
        return Group(kind, code, data["name"], weight, groups, indicators)

    def _indicator(
        self, data: Mapping[str, Any], at: Location, capability: str | None, parent: Fraction
    ) -> Indicator:
        weight = self._weight(data, at, parent)
        code = self._code(data["code"], (*at, "code"))
        also = tuple(
            self._code(other, (*at, "also", number))
            for number, other in enumerate(data.get("also") or [])
        )
        return Indicator(code, data["name"], weight, data.get("capability") or capability, also)

    def _adds_up(
        self,
        members: Iterable[Group | Indicator],
        expected: Fraction,
        code: str,
        at: Location,
        parent: Fraction,
    ) -> None:
        """Hold that weights are what their parent weighs, or shares 100 percent of it."""
        weights = [member.weight for member in members]
        if self._shares and parent > 0:
            weights = [weight * _WHOLE / parent for weight in weights]
            expected = _WHOLE
        found = sum(weights, Fraction(0))
        if not weights:
            self.report("group-empty", at, node=code)
        elif min(*weights, expected) <= 0:
            return  # a weight that has been refused: nothing can be said of the sum
        elif found != expected:
            self.report(
                "weights-do-not-add-up",
                at,
                node=code,
                sum=exact(found),
                expected=exact(expected),
                difference=("+" if found > expected else "") + exact(found - expected),
            )

    def _code(self, code: str, at: Location) -> str:
        if code in self._first_use:
            first = self._place_of(self._first_use[code])
            self.report("code-repeated", at, repeated=code, first=str(first.line))
        self._first_use.setdefault(code, at)
        return code

    def _weight(self, data: Mapping[str, Any], at: Location, parent: Fraction) -> Fraction:
        """Return the weight in the whole; 0, which no weight is, for one that is no number."""
        weight = self._number(data["weight"], (*at, "weight"))
        if weight is not None and weight <= 0:
            self.report("weight-not-positive", (*at, "weight"), found=data["weight"])
        weight = weight or Fraction(0)
        return weight * parent / _WHOLE if self._shares else weight

    def _number(self, text: str, at: Location) -> Fraction | None:
        try:
            return parse(text)
        except NotANumberError:
            self.report("not-a-number", at, found=text)
            return None

    def _scale(self, data: Mapping[str, Any], levels: Sequence[Mapping[str, Any]]) -> Scale:
        lowest, highest = (self._number(data[key], ("scale", key)) for key in ("lowest", "highest"))
        endless = data.get("step") == _NO_STEP
        step = None if endless else self._number(data.get("step", "1"), ("scale", "step"))
        if lowest is None or highest is None or (step is None and not endless):
            return _NO_SCALE
        if lowest >= highest or (step is not None and not _fits(step, highest - lowest)):
            self.report("scale-wrong", ("scale",))
            return _NO_SCALE
        scale = Scale(lowest, highest, step)
        scale = scale._replace(bands=self._bands(levels, scale))
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

    def _bands(self, data: Sequence[Mapping[str, Any]], scale: Scale) -> tuple[Band, ...]:
        """Return the levels as bands of values; of a scale without a step, else one a point."""
        if not data:
            return tuple(_points(scale)) if scale.step is None else ()
        levels, starts = (
            [
                self._number(member[key], ("levels", number, key))
                for number, member in enumerate(data)
            ]
            for key in ("level", "from")
        )
        bands: list[Band] = []
        ends = [*starts[1:], scale.highest]
        for number, (level, start, end) in enumerate(zip(levels, starts, ends, strict=True)):
            if level is None or start is None or end is None:
                continue
            first = number > 0 or start == scale.lowest
            rising = not bands or bands[-1].level < level
            if not (first and rising and start < end):
                values = {"level": exact(level), "start": exact(start), "scale": str(scale)}
                self.report("bands-wrong", ("levels", number), **values)
            bands.append(Band(level, data[number].get("name") or "", start, end))
        return tuple(bands)

    def _level(self, text: str, scale: Scale, at: Location) -> Fraction:
        level = self._number(text, at)
        if level is not None and not scale.holds(level):
            self.report("scale-level-wrong", at, found=text, scale=str(scale))
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
                self.report("predicate-repeated", ("predicates", number, "name"), name=name)
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
                self.report("predicates-overlap", (*at, "from"), name=name, limit=exact(above))
            if end is not None and (above is not None or end <= scale.highest):
                self._meets(end, scale.highest if above is None else above, (*at, "below"), name)
            if start is None and number < len(names) - 1:
                self.report("predicates-overlap", at, name=name, limit=names[number + 1])
            above = above if start is None else start
        last = starts[-1]
        if last is not None and last > scale.lowest:
            at = ("predicates", len(names) - 1)
            self.report("predicates-gap", at, start=exact(scale.lowest), end=exact(last))

    def _meets(self, below: Fraction, above: Fraction, at: Location, name: str) -> None:
        if below > above:
            self.report("predicates-overlap", at, name=name, limit=exact(above))
        elif below < above:
            self.report("predicates-gap", at, start=exact(below), end=exact(above))

    def report(
        self, code: str, at: Location, severity: Severity = Severity.ERROR, /, **values: str
    ) -> None:
        """Keep a problem at a location of the file."""
        self.problems.append(Problem(code, self._place_of(at), values, severity))


def _basis(data: list[Mapping[str, Any]]) -> tuple[BasisPeriod, ...]:
    """Return the periods, earliest first; without any, the exact index decides."""
    periods = tuple(
        BasisPeriod(
            Basis(member["compare"]),
            _year(member.get("from")),
            _year(member.get("to")),
            member.get("evidence") or "",
        )
        for member in data
    )
    return tuple(sorted(periods, key=_begin)) or (BasisPeriod(Basis.EXACT),)


def _begin(period: BasisPeriod) -> int:
    return period.first_year or 0


def _fits(step: Fraction, span: Fraction) -> bool:
    return step > 0 and span % step == 0 and step >= span * _FINEST


def _points(scale: Scale) -> Iterator[Band]:
    """Yield a band from every point of a scale to the next."""
    start = scale.lowest
    while start < scale.highest:
        yield Band(start, "", start, min(start + 1, scale.highest))
        start += 1


def _reason(data: Mapping[str, Any]) -> Reason:
    sources = data.get("sources")
    return Reason(
        Standing(data["standing"]),
        data["says"],
        data["source"],
        None if sources is None else int(sources),
    )


def _year(text: str | None) -> int | None:
    return int(text) if text is not None else None
