"""What an instrument of one's own must not be, beyond its shape and its sums.

Codes that readers, options and tables could not tell apart, names that differ by case alone, years
that leave the basis of the predicate open, a scale whose levels no sheet can hold. Loaded for a
user's own instrument only: the tests hold the shipped ones to it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from spbe_cli.core.instrument import EVERYTHING, folded, indicator_code, spelled
from spbe_cli.core.number import NotANumberError, parse
from spbe_cli.read.grid import Location
from spbe_cli.read.header import Role, meaning_of

Report = Callable[..., None]
"""Takes a problem's code, its location and its values."""

_INNER = ("domains", "aspects", "groups")
_COLUMNS = ("index", "indeks", "predicate", "predikat", "notices")
_MOST_PLACES = 9


def check(data: Mapping[str, Any], report: Report) -> None:
    """Report all that is wrong in an instrument's data, which has the right shape."""
    _check_codes(data, report)
    _check_scale(data["scale"], report)
    _check_predicates(data["predicates"], data["scale"], report)
    _check_years(data, report)


def _check_codes(data: Mapping[str, Any], report: Report) -> None:
    """Report codes that mean something else, and codes that a reader would take for one."""
    first: dict[str, str] = {}
    for code, at in _codes(data, ()):
        if _is_reserved(code):
            report("code-reserved", at, found=code)
        other = first.setdefault(_key(code), code)
        if other != code:
            report("codes-alike", at, found=code, other=other)


def _codes(data: Mapping[str, Any], at: Location) -> Iterator[tuple[str, Location]]:
    """Yield every code of groups and indicators with its location."""
    for key in _INNER:
        for number, group in enumerate(data.get(key) or []):
            here = (*at, key, number)
            yield group["code"], (*here, "code")
            yield from _codes(group, here)
    for number, indicator in enumerate(data.get("indicators") or []):
        here = (*at, "indicators", number)
        yield indicator["code"], (*here, "code")
        yield from (
            (other, (*here, "also", place))
            for place, other in enumerate(indicator.get("also") or [])
        )


def _key(code: str) -> str:
    """Return what is left of a code when it is read: `1` of `01`, `I1` and `1.`."""
    return indicator_code(code).casefold()


def _is_reserved(code: str) -> bool:
    """Return whether a code is the name of a column or of everything."""
    name = folded(code)
    meaning = meaning_of(code)
    return (
        not name
        or name == EVERYTHING
        or name in _COLUMNS
        or (meaning is not None and meaning.role is not Role.LEVEL_OF)
    )


def _check_scale(data: Mapping[str, Any], report: Report) -> None:
    lowest = _number(data["lowest"])
    if lowest is not None and lowest < 0:
        report("scale-below-zero", ("scale", "lowest"), found=data["lowest"])
    for key in ("lowest", "step"):
        number = _number(data.get(key) or "1")
        if number is not None and number * 10**_MOST_PLACES % 1:
            report("scale-too-fine", ("scale", key), found=data[key], limit=str(_MOST_PLACES))


def _check_predicates(
    data: Sequence[Mapping[str, Any]], scale: Mapping[str, Any], report: Report
) -> None:
    """Report thresholds that no index lies on both sides of, and names that are one."""
    ends = _number(scale["lowest"]), _number(scale["highest"])
    first: dict[str, str] = {}
    for number, member in enumerate(data):
        at = ("predicates", number)
        start = _number(member.get("from") or "")
        if start is not None and not _parts(start, ends, number, data):
            values = {"name": member["name"], "found": member["from"]}
            report("threshold-off-scale", (*at, "from"), scale=_span(scale), **values)
        name = member["name"]
        spellings = [each for each in dict.fromkeys((spelled(name), _bare(name))) if each]
        others = [first.setdefault(each, name) for each in spellings]
        for other in [each for each in others if each != name][:1]:
            report("predicates-alike", (*at, "name"), found=name, other=other)


def _parts(
    start: Fraction,
    ends: Sequence[Fraction | None],
    number: int,
    data: Sequence[Mapping[str, Any]],
) -> bool:
    """Return whether a threshold parts the scale; the lowest predicate begins where it begins."""
    lowest, highest = ends
    if lowest is None or highest is None or lowest >= highest:
        return True  # the scale has been refused
    is_last = number == len(data) - 1
    return (lowest <= start if is_last else lowest < start) and start <= highest


def _bare(name: str) -> str:
    """Return a predicate's name without the remark in brackets, by which it is found as well."""
    return spelled(name.partition("(")[0])


def _span(scale: Mapping[str, Any]) -> str:
    return f"{scale['lowest']}-{scale['highest']}"


class _Period(NamedTuple):
    """The years of a basis, and where it stands in the file."""

    first: int | None
    last: int | None
    number: int


def _check_years(data: Mapping[str, Any], report: Report) -> None:
    """Report years that run backwards, and years of use without one basis."""
    used = _period(data.get("years") or {}, 0)
    if _is_reversed(used):
        report("years-reversed", ("years", "to"), first=str(used.first), last=str(used.last))
    periods = [_period(member, number) for number, member in enumerate(data.get("basis") or [])]
    wrong = [period for period in periods if _is_reversed(period)]
    for period in wrong:
        years = {"first": str(period.first), "last": str(period.last)}
        report("years-reversed", ("basis", period.number, "to"), **years)
    if periods and not wrong and not _is_reversed(used):
        _check_periods(sorted(periods, key=_begin), used, report)


def _check_periods(periods: Sequence[_Period], used: _Period, report: Report) -> None:
    """Report years of use that have no basis, and years that have two."""
    first, last = periods[0], periods[-1]
    if first.first is not None and used.first is not None and used.first < first.first:
        _gap(first, used.first, first.first - 1, report)
    before = first
    for after in periods[1:]:
        if after.first is None or before.first == after.first:
            _overlap(after, before, report)
            continue
        if before.last is not None and before.last >= after.first:
            _overlap(after, before, report)
        elif before.last is not None and before.last + 1 < after.first:
            _gap(after, before.last + 1, after.first - 1, report)
        before = after
    is_open = used.last is None and used.first is not None
    if last.last is not None and (is_open or (used.last is not None and last.last < used.last)):
        _gap(last, last.last + 1, used.last, report)


def _gap(period: _Period, first: int, last: int | None, report: Report) -> None:
    report("basis-gap", ("basis", period.number), years=_years(first, last))


def _overlap(period: _Period, other: _Period, report: Report) -> None:
    report("basis-overlap", ("basis", period.number), years=_years(other.first, other.last))


def _years(first: int | None, last: int | None) -> str:
    """Return `2021`, `2021-2023`, or with an open end `2024..`."""
    if first is None or last is None:
        return f"{first or ''}..{last or ''}"
    return str(first) if first == last else f"{first}-{last}"


def _period(data: Mapping[str, Any], number: int) -> _Period:
    return _Period(_year(data.get("from")), _year(data.get("to")), number)


def _year(text: str | None) -> int | None:
    return None if text is None else int(text)


def _is_reversed(period: _Period) -> bool:
    return period.first is not None and period.last is not None and period.last < period.first


def _begin(period: _Period) -> int:
    return period.first or 0


def _number(text: str) -> Fraction | None:
    """Return a number; None for what is none, which has been refused."""
    try:
        return parse(text)
    except NotANumberError:
        return None
