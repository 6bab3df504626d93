"""`spbe-whatif/1`: what scenarios do, as JSON and as rows."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from typing_extensions import TypedDict  # typing's own makes no JSON Schema before Python 3.12

from spbe_cli.core.assessment import Missing
from spbe_cli.core.compare import NodeChange
from spbe_cli.core.instrument import Indicator, Instrument
from spbe_cli.core.number import exact
from spbe_cli.core.score import GateOutcome
from spbe_cli.core.whatif import Imagined, WhatIf
from spbe_cli.render.data import WHO, Head, ScoreShape, Value, head_of, score_of, value_of, who_of
from spbe_cli.render.score_json import GateShape, NextShape, gate_shapes, next_of

__all__ = ["WhatIfDocument", "whatif_document", "whatif_rows"]

GainShape = TypedDict(
    "GainShape",
    {"indicator": str, "name": str, "from": str | None, "to": str, "gain": Value | None},
)
"""A changed indicator. `from` and `gain` are null where it had no level before."""


class GroupChangeShape(TypedDict):
    """A domain or aspect. `contribution` is its part of the change of the whole index.

    Values that a missing level leaves open are null.
    """

    kind: str
    code: str
    parent: str | None
    name: str
    weight: str
    before: Value | None
    after: Value | None
    delta: Value | None
    contribution: Value | None


class EndShape(TypedDict):
    """The outcome with all missing levels lowest, or all highest."""

    before: ScoreShape
    after: ScoreShape
    delta: Value


class WhatIfBoundsShape(TypedDict):
    """What missing levels leave possible. `missing` are those that the scenario leaves."""

    missing: list[str]
    lowest: EndShape
    highest: EndShape


class WhatIfResult(Head):
    """What one scenario does to one assessment.

    `before`, `after`, `delta` and `next` are null where levels are missing: see `bounds`.
    """

    scenario: str | None
    changes: list[GainShape]
    before: ScoreShape | None
    after: ScoreShape | None
    delta: Value | None
    next: NextShape | None
    groups: list[GroupChangeShape]
    bounds: WhatIfBoundsShape | None


class WhatIfDocument(TypedDict):
    """One run: a result for every assessment and scenario."""

    format: str
    results: list[WhatIfResult]
    gates: list[GateShape]


def whatif_document(found: Sequence[Imagined], gates: Sequence[GateOutcome]) -> WhatIfDocument:
    """Return the whole run in the shape of `spbe-whatif/1`."""
    return {
        "format": "spbe-whatif/1",
        "results": [_result(imagined) for imagined in found],
        "gates": gate_shapes([imagined.result for imagined in found], gates),
    }


def whatif_rows(found: Sequence[Imagined]) -> Iterator[list[str]]:
    """Yield a header, and a row for the index, each group and each changed indicator.

    Values are exact. Where missing levels leave a range it is written `2.15..2.31`.
    """
    yield [
        *(*WHO, "scenario", "kind", "code", "name", "weight"),
        *("before", "after", "change", "contribution"),
    ]
    for imagined in found:
        who = [*who_of(imagined.result.reading), imagined.result.scenario or ""]
        for row in _rows(imagined):
            yield [*who, *row]


def _rows(imagined: Imagined) -> Iterator[list[str]]:
    instrument, ends = imagined.before.instrument, imagined.ends
    deltas = [end.delta for end in ends]
    yield [
        *("index", "", instrument.index_name, exact(instrument.weight)),
        *_texts([(e.before.index, e.after.index) for e in ends], deltas),
        _span(deltas),
    ]
    for nodes in zip(*(end.groups for end in ends), strict=True):
        group = nodes[0].group
        yield [
            *(group.kind, group.code, group.name, exact(group.weight)),
            *_texts([(n.before, n.after) for n in nodes], [n.delta for n in nodes]),
            _span([node.contribution for node in nodes]),
        ]
    for indicator, before, after, gain in _gains(imagined):
        yield [
            *("indicator", indicator.code, indicator.name, exact(indicator.weight)),
            exact(before) if before is not None else "",
            exact(after),
            exact(after - before) if before is not None else "",
            exact(gain) if gain is not None else "",
        ]


def _texts(pairs: Sequence[tuple[Fraction, Fraction]], deltas: Sequence[Fraction]) -> list[str]:
    return [_span([pair[0] for pair in pairs]), _span([pair[1] for pair in pairs]), _span(deltas)]


def _span(values: Sequence[Fraction]) -> str:
    return "..".join(dict.fromkeys(exact(value) for value in values))


def _gains(
    imagined: Imagined,
) -> Iterator[tuple[Indicator, Fraction | None, Fraction, Fraction | None]]:
    """Yield each changed indicator; no level before and no gain where its level was missing."""
    gains = {item.indicator.code: item.contribution for item in imagined.ends[0].changes}
    for changed in imagined.result.changes:
        if isinstance(changed.before, Missing):
            yield changed.indicator, None, changed.after, None
        else:
            gain = gains[changed.indicator.code]
            yield changed.indicator, changed.before, changed.after, gain


def _result(imagined: Imagined) -> WhatIfResult:
    instrument, ends = imagined.before.instrument, imagined.ends
    only = ends[0] if len(ends) == 1 else None
    return {
        **head_of(imagined.result.reading),
        "scenario": imagined.result.scenario,
        "changes": [_gain(instrument, *gain) for gain in _gains(imagined)],
        "before": score_of(only.before) if only else None,
        "after": score_of(only.after) if only else None,
        "delta": value_of(instrument, only.delta) if only else None,
        "next": next_of(only.after.verdict) if only else None,
        "groups": [
            _group(instrument, nodes) for nodes in zip(*(e.groups for e in ends), strict=True)
        ],
        "bounds": None if only else _bounds(imagined),
    }


def _gain(
    instrument: Instrument,
    indicator: Indicator,
    before: Fraction | None,
    after: Fraction,
    gain: Fraction | None,
) -> GainShape:
    return {
        "indicator": indicator.code,
        "name": indicator.name,
        "from": None if before is None else exact(before),
        "to": exact(after),
        "gain": None if gain is None else value_of(instrument, gain),
    }


def _group(instrument: Instrument, nodes: Sequence[NodeChange]) -> GroupChangeShape:
    group = nodes[0].group

    def alone(part: Callable[[NodeChange], Fraction]) -> Value | None:
        values = {part(node) for node in nodes}
        return value_of(instrument, values.pop()) if len(values) == 1 else None

    return {
        "kind": group.kind,
        "code": group.code,
        "parent": nodes[0].parent,
        "name": group.name,
        "weight": exact(group.weight),
        "before": alone(lambda node: node.before),
        "after": alone(lambda node: node.after),
        "delta": alone(lambda node: node.delta),
        "contribution": alone(lambda node: node.contribution),
    }


def _bounds(imagined: Imagined) -> WhatIfBoundsShape:
    lowest, highest = imagined.ends
    return {
        "missing": list(imagined.result.reading.assessment.missing),
        "lowest": _end(lowest),
        "highest": _end(highest),
    }


def _end(end: WhatIf) -> EndShape:
    return {
        "before": score_of(end.before),
        "after": score_of(end.after),
        "delta": value_of(end.after.instrument, end.delta),
    }
