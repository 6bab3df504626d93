"""Requests of a plan, and what each rise costs and may reach, said anew for the tests."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from spbe_cli.core.assessment import Assessment, Missing
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.plan import BY_BANDS, Costs, Limits, Plan, Stop, plan
from spbe_cli.core.scale import Scale


class Case(NamedTuple):
    """Everything a plan is asked with."""

    instrument: Instrument
    assessment: Assessment
    costs: Costs
    limits: Limits
    target: Fraction | None
    budget: Fraction | None
    stops: Mapping[str, Sequence[Stop]] = BY_BANDS

    def plan(self) -> Plan:
        return plan(
            self.instrument,
            self.assessment,
            target=self.target,
            budget=self.budget,
            costs=self.costs,
            limits=self.limits,
            stops=self.stops,
        )


def levels_in(assessment: Assessment) -> dict[str, Fraction]:
    entries = assessment.entries.items()
    return {code: e.level for code, e in entries if not isinstance(e.level, Missing)}


def may_rise(case: Case, code: str, before: Fraction, after: Fraction) -> bool:
    limits, scale = case.limits, case.instrument.scale
    return after == before or (
        code not in limits.locked
        and (limits.only is None or code in limits.only)
        and after <= scale.highest
        and (limits.cap is None or after <= limits.cap)
        and after <= limits.caps.get(code, after)
        and (limits.max_step is None or levels_up(scale, before, after) <= limits.max_step)
    )


def shares(scale: Scale, before: Fraction, after: Fraction) -> dict[int, Fraction]:
    """How much of each band lies between two values, by its level."""
    found = {
        int(band.level): (min(after, band.end) - max(before, band.start)) / (band.end - band.start)
        for band in scale.bands
    }
    return {level: share for level, share in found.items() if share > 0}


def levels_up(scale: Scale, before: Fraction, after: Fraction) -> Fraction:
    if scale.step is not None:
        return after - before
    return sum(shares(scale, before, after).values(), Fraction(0))


def pieces(case: Case, code: str, before: Fraction, after: Fraction) -> list[Stop]:
    """The stops of a ladder between two values."""
    return [stop for stop in case.stops[code] if before < stop.after <= after]


def cost_of(case: Case, code: str, before: Fraction, after: Fraction) -> Fraction:
    """The cost of a rise, step by step; a step costs its part of the level it leads to."""
    scale = case.instrument.scale
    if code in case.stops:
        between = pieces(case, code, before, after)
        return sum((p.share * case.costs.of_level(code, p.level) for p in between), Fraction(0))
    if scale.step is None:
        return sum(
            (share * case.costs.of_level(code, level))
            for level, share in shares(scale, before, after).items()
        ) or Fraction(0)
    total, level, step = Fraction(0), before, scale.step
    while level < after:
        level += step
        flat = case.costs.by_indicator.get(code, case.costs.each)
        total += step * case.costs.by_level.get((code, ceil(level)), flat)
    return total


def stops(case: Case, code: str, before: Fraction) -> list[Fraction]:
    """Where an indicator may end: at a level, at the end of a band, or inside one at its limit."""
    scale, limits = case.instrument.scale, case.limits
    ends = {before, *scale.levels()}
    if code in case.stops:
        afters = [stop.after for stop in pieces(case, code, before, scale.highest)]
        return [before, *(after for after in afters if may_rise(case, code, before, after))]
    if scale.step is None:
        ends.add(limits.caps.get(code, scale.highest))
        ends.add(scale.highest if limits.cap is None else limits.cap)
        rest = limits.max_step or Fraction(0)
        for band in scale.bands:
            share = (band.end - max(before, band.start)) / (band.end - band.start)
            if share > 0 and rest > 0:
                ends.add(max(before, band.start) + min(share, rest) * (band.end - band.start))
                rest -= min(share, rest)
        within = [end for end in ends if end >= before and may_rise(case, code, before, end)]
        inside = [end for end in within if end not in {*scale.levels(), before, max(within)}]
        return sorted(set(within) - set(inside))  # inside a band only the outermost limit counts
    return sorted(end for end in ends if end >= before and may_rise(case, code, before, end))
