"""What the script of a page needs to know to score levels by itself, in whole numbers."""

from fractions import Fraction
from typing import Any

from spbe_cli.core.instrument import Indicator, Instrument
from spbe_cli.core.number import exact, fixed
from spbe_cli.core.units import Node, Units, step_of, units_of
from spbe_cli.formats.blocks import tone_at
from spbe_cli.words import Words

_MOST_CHOICES = 20  # levels in a drop-down; a finer scale takes a number


def instrument_data(instrument: Instrument, year: int | None, words: Words) -> dict[str, Any]:
    """Return what a script needs of an instrument to score levels in the rule of a year."""
    units = units_of(instrument)
    basis = instrument.basis_in(year).basis
    return {
        "places": instrument.places,
        "point": words.number(Fraction(0), 1)[1],
        "scale": _scale(instrument, units),
        "predicates": [
            {
                "name": each.name,
                "least": units.least_for(each, basis),
                "tone": tone_at(place, len(instrument.predicates)),
            }
            for place, each in enumerate(instrument.predicates)
        ],
        "whole": _node(units.whole),
        "nodes": [
            {
                "code": group.code,
                "name": group.name,
                "holds": bool(group.indicators),
                **_node(units.node_by_code[group.code]),
            }
            for group, _, _ in instrument.nodes
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


def _node(node: Node) -> dict[str, Any]:
    """Return a node's index as (offset + units * factor) / divisor, in whole numbers."""
    return {"indicators": node.below, **node.formula._asdict()}


def _is_fine(instrument: Instrument) -> bool:
    scale = instrument.scale
    return (scale.highest - scale.lowest) / step_of(scale) >= _MOST_CHOICES


def _scale(instrument: Instrument, units: Units) -> dict[str, Any]:
    scale = instrument.scale
    target = {"target": units.steps(scale.target)} if scale.target is not None else {}
    if not _is_fine(instrument):
        return target
    ends = {"min": exact(scale.lowest), "max": exact(scale.highest)}
    if scale.step is None:
        count = units.counted.each.denominator  # a value is (steps + lowest) / count
        return {
            **target,
            "decimals": instrument.places,
            "count": count,
            "lowest": int(scale.lowest * count),
            "attributes": {**ends, "step": "any"},
        }
    decimals = len(exact(scale.step).partition(".")[2])
    return {
        **target,
        "decimals": decimals,
        "texts": [fixed(level, decimals) for level in scale.levels()],
        "attributes": {**ends, "step": exact(scale.step)},
    }


def _levels(instrument: Instrument, indicator: Indicator, words: Words) -> dict[str, Any]:
    if _is_fine(instrument):
        return {}
    levels = instrument.scale.levels()
    return {"levels": [words.level(instrument, indicator, level) for level in levels]}
