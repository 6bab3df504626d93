"""What differs between two instruments: structure and weights, node by node."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.instrument import Instrument

__all__ = ["Difference", "Facts", "NodeDifference", "difference"]


class Facts(NamedTuple):
    """What an instrument says of one node."""

    name: str
    weight: Fraction
    parent: str | None


class NodeDifference(NamedTuple):
    """A domain, aspect or indicator that is not the same in both; None where it is not there."""

    kind: str
    code: str
    before: Facts | None
    after: Facts | None


class Difference(NamedTuple):
    """Two instruments and every node that differs, groups first."""

    before: Instrument
    after: Instrument
    nodes: tuple[NodeDifference, ...]


def difference(before: Instrument, after: Instrument) -> Difference:
    """Return the nodes whose name, weight or parent differs, matched by kind and code."""
    old, new = dict(_facts(before)), dict(_facts(after))
    nodes = [
        NodeDifference(kind, code, old.get((kind, code)), new.get((kind, code)))
        for kind, code in dict.fromkeys([*old, *new])
        if old.get((kind, code)) != new.get((kind, code))
    ]
    nodes.sort(key=lambda node: node.kind == "indicator")
    return Difference(before, after, tuple(nodes))


def _facts(instrument: Instrument) -> Iterator[tuple[tuple[str, str], Facts]]:
    for group, parent, _ in instrument.nodes:
        yield (group.kind, group.code), Facts(group.name, group.weight, parent)
        for indicator in group.indicators:
            facts = Facts(indicator.name, indicator.weight, group.code)
            yield ("indicator", indicator.code), facts
