"""The indices of other evaluations in an instrument's file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from spbe_cli.core.external import Condition, External
from spbe_cli.core.number import NotANumberError, parse
from spbe_cli.core.problem import nearest
from spbe_cli.core.scale import Scale
from spbe_cli.read.grid import Location

Report = Callable[..., None]
"""Takes a problem's code, its location and its values."""


def externals(
    data: Sequence[Mapping[str, Any]], codes: Sequence[str], scale: Scale, report: Report
) -> tuple[External, ...]:
    """Return the indices, right only if nothing is reported: codes, points, indicators."""
    found: list[External] = []
    for number, member in enumerate(data):
        at: Location = ("external", number)
        names = [each.code.casefold() for each in found]
        if member["code"].casefold() in names:
            first = str(names.index(member["code"].casefold()) + 1)
            report("external-repeated", (*at, "code"), found=member["code"], first=first)
        gives = list(_known(member.get("indicators") or [], codes, (*at, "indicators"), report))
        conditions = list(_conditions(member, codes, at, report))
        found.append(
            External(
                member["code"],
                member["name"],
                member.get("owner") or "",
                _points(member, scale, at, report),
                tuple(gives),
                tuple(conditions),
                member.get("between") == "inferred",
                member.get("source") or "",
            )
        )
    return tuple(found)


def _points(
    member: Mapping[str, Any], scale: Scale, at: Location, report: Report
) -> tuple[tuple[Fraction, Fraction], ...]:
    points: list[tuple[Fraction, Fraction]] = []
    for index, value in member["points"].items():
        here = (*at, "points", index)
        try:
            points.append((parse(index), parse(value)))
        except NotANumberError as error:
            report("not-a-number", here, found=str(error))
            continue
        last = points[-2:-1]
        rises = all(a < b for a, b in zip(last[0], points[-1], strict=True)) if last else True
        if not rises or not scale.lowest <= points[-1][1] <= scale.highest:
            values = {"external": member["code"], "found": f"{index}: {value}"}
            report("external-points-wrong", here, **values, scale=str(scale))
    if len(points) < 2:  # noqa: PLR2004
        values = {"external": member["code"], "found": str(len(points))}
        report("external-points-wrong", (*at, "points"), **values, scale=str(scale))
        return ((Fraction(0), scale.lowest), (Fraction(1), scale.highest))
    return tuple(points)


def _known(
    written: Sequence[str], codes: Sequence[str], at: Location, report: Report
) -> Iterator[str]:
    for place, code in enumerate(written):
        if code not in codes:
            known = f"{codes[0]}-{codes[-1]}" if codes else "-"  # they may be what is wrong
            values = {"found": code, "known": known, **nearest(code, codes)}
            report("indicator-unknown", (*at, place), **values)
        yield code


def _conditions(
    member: Mapping[str, Any], codes: Sequence[str], at: Location, report: Report
) -> Iterator[Condition]:
    for place, condition in enumerate(member.get("conditions") or []):
        here = (*at, "conditions", place)
        level = None
        if condition.get("level") is not None:
            try:
                level = parse(condition["level"])
            except NotANumberError:
                report("not-a-number", (*here, "level"), found=condition["level"])
        for code in _known([condition["indicator"]], codes, here, report):
            yield Condition(code, level)
