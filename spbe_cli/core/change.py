"""Changes to levels, as they are asked for: `12=4`, `A3=+1`, `D1=5`, `all=+1`.

An absolute level that is off the scale is a problem. A relative one is held at the scale's end,
and that is said: "one level more of everything" is a fair question of an indicator at the top.
"""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.assessment import Assessment, Missing
from spbe_cli.core.instrument import EVERYTHING, Indicator, Instrument
from spbe_cli.core.number import NotANumberError, parse
from spbe_cli.core.problem import Place, Problem, Severity

__all__ = ["Change", "Changed", "apply_changes", "parse_change"]

_CHANGE = re.compile(r"\s*([^=\s]+)\s*=\s*([+-]?)\s*([0-9][0-9.,]*)\s*")


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


def parse_change(text: str, source: str = "--set") -> Change | Problem:
    """Return the change written as `TARGET=LEVEL` or `TARGET=+STEPS`, or why it is none."""
    match = _CHANGE.fullmatch(text)
    if match is not None:
        target, sign, amount = match.groups()
        try:
            return Change(target, parse(sign + amount), relative=bool(sign), text=text)
        except NotANumberError:
            pass
    return Problem("change-wrong", Place(source), {"found": text}, Severity.USAGE)


def apply_changes(
    instrument: Instrument, assessment: Assessment, changes: Iterable[Change], source: str = "--set"
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
            problems.append(Problem("change-unknown-target", Place(source), values, Severity.USAGE))
        else:
            problems += _apply(instrument, change, targets, after, source)
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
    source: str,
) -> list[Problem]:
    scale = instrument.scale
    values = {"found": change.text, "scale": str(scale)}
    if not change.relative:
        if not scale.holds(change.amount):
            return [Problem("change-off-scale", Place(source), values, Severity.USAGE)]
        levels.update({indicator.code: change.amount for indicator in targets})
        return []
    if change.amount % scale.step:
        return [Problem("change-off-scale", Place(source), values, Severity.USAGE)]
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
            code, Place(source), {**values, "indicators": instrument.listed(codes)}, Severity.NOTICE
        )
        for code, codes in (("change-held", held), ("change-of-missing", absent))
        if codes
    ]
