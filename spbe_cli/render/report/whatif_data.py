"""What the page's what-if works with: the instrument's whole numbers, and the levels as steps."""

import json
from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from spbe_cli.core.instrument import Indicator, Instrument
from spbe_cli.core.number import exact, fixed
from spbe_cli.core.report import Report
from spbe_cli.core.units import Units, least_index, units_of
from spbe_cli.render.score_page import tone_of
from spbe_cli.words import Words

__all__ = ["steps_json", "whatif_json"]

_MOST_CHOICES = 20  # levels in a drop-down; a finer scale takes a number


def whatif_json(instrument: Instrument, year: int | None, words: Words) -> str:
    """Return what the page must know of the instrument, as JSON for a script element."""
    text = json.dumps(_data(instrument, year, words), ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def steps_json(report: Report) -> str:
    """Return the level of each indicator as steps above the lowest, as JSON."""
    scale = report.card.instrument.scale
    return json.dumps([int((s.level - scale.lowest) / scale.step) for s in report.card.indicators])


def _data(instrument: Instrument, year: int | None, words: Words) -> dict[str, Any]:
    units = units_of(instrument)
    place = {indicator.code: at for at, indicator in enumerate(instrument.indicators)}
    return {
        "places": instrument.places,
        "point": words.number(Fraction(0), 1)[1],
        "scale": _scale(instrument, units),
        "predicates": [
            {
                "name": each.name,
                "least": units.least(least_index(instrument, each, year)),
                "tone": tone_of(instrument, each),
            }
            for each in instrument.predicates
        ],
        "whole": _node(units, place, instrument.indicators),
        "nodes": [
            {
                "code": group.code,
                "name": group.name,
                "holds": bool(group.indicators),
                **_node(units, place, below),
            }
            for group, _, below in instrument.nodes
        ],
        "indicators": [
            {
                "code": indicator.code,
                "name": indicator.name,
                "weight": weight,
                **_levels(instrument, indicator, words),
            }
            for indicator, weight in zip(instrument.indicators, units.weights, strict=True)
        ],
    }


def _node(units: Units, place: dict[str, int], below: Sequence[Indicator]) -> dict[str, Any]:
    """Return a node's index as (offset + units * factor) / divisor, in whole numbers."""
    at = [place[indicator.code] for indicator in below]
    size = units.scale.step / sum(units.weights[each] for each in at)
    divisor = lcm(size.denominator, units.scale.lowest.denominator)
    return {
        "indicators": at,
        "offset": int(units.scale.lowest * divisor),
        "factor": int(size * divisor),
        "divisor": divisor,
    }


def _is_fine(instrument: Instrument) -> bool:
    scale = instrument.scale
    return (scale.highest - scale.lowest) / scale.step >= _MOST_CHOICES


def _scale(instrument: Instrument, units: Units) -> dict[str, Any]:
    scale = instrument.scale
    target = {"target": units.steps(scale.target)} if scale.target is not None else {}
    if not _is_fine(instrument):
        return target
    decimals = len(exact(scale.step).partition(".")[2])
    return {
        **target,
        "decimals": decimals,
        "texts": [fixed(level, decimals) for level in scale.levels()],
        "attributes": {
            "min": exact(scale.lowest),
            "max": exact(scale.highest),
            "step": exact(scale.step),
        },
    }


def _levels(instrument: Instrument, indicator: Indicator, words: Words) -> dict[str, Any]:
    if _is_fine(instrument):
        return {}
    names = instrument.scale.names.get(indicator.capability or "", {})
    levels = instrument.scale.levels()
    return {"levels": [f"{words.exact(level)} {names.get(level, '')}".strip() for level in levels]}
