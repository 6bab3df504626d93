"""What rises cost: a YAML file of efforts for each indicator and level."""

from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import is_number, parse
from spbe_cli.core.plan import Costs
from spbe_cli.core.problem import Problem
from spbe_cli.read.schema import Document, Number
from spbe_cli.read.sheet import Location
from spbe_cli.read.yaml_document import Found, read_document

__all__ = ["CostsDocument", "read_costs"]

_EACH = "each"
_NUMBER = {"type": ["number", "string"]}


def _by_level(value: Any) -> Any:  # noqa: ANN401
    return value if isinstance(value, dict) else {_EACH: value}


LevelCosts = Annotated[
    dict[str, Number],
    BeforeValidator(_by_level),
    WithJsonSchema({"anyOf": [_NUMBER, {"type": "object", "additionalProperties": _NUMBER}]}),
]


class CostsDocument(Document):
    """What it takes to rise by one level: of any indicator, and of some.

    `indicators` maps an indicator, aspect or domain to a number for each of its levels, or to
    numbers by the level that is reached.
    """

    each: Number = "1"
    indicators: dict[str, LevelCosts] = {}


def read_costs(path: str, instrument: Instrument) -> tuple[Costs, list[Problem]]:
    """Return the costs in a file for an instrument's indicators, and every problem of it.

    A later entry speaks over an earlier one, so that an exception may follow its group.
    """
    read = read_document(path, CostsDocument)
    if isinstance(read, list):
        return Costs(), read
    document, found, problems = read
    collected = _Collected(instrument, found, problems)
    each = collected.cost(document.each, (_EACH,))
    for target, by_level in document.indicators.items():
        collected.add(target, by_level)
    return Costs(each, collected.by_indicator, collected.by_level), problems


class _Collected:
    """Costs by indicator and level; what is wrong with one goes to `problems`."""

    def __init__(self, instrument: Instrument, found: Found, problems: list[Problem]) -> None:
        self.by_indicator: dict[str, Fraction] = {}
        self.by_level: dict[tuple[str, int], Fraction] = {}
        self._instrument = instrument
        self._found = found
        self._problems = problems

    def add(self, target: str, by_level: dict[str, str]) -> None:
        """Take the costs of an indicator, an aspect, a domain or all."""
        indicators = self._instrument.indicators_at(target)
        at: Location = ("indicators", target)
        if not indicators:
            known = ", ".join(self._instrument.node_by_code)
            self._report("target-unknown", at, key=True, found=target, known=known)
        for level, text in by_level.items():
            cost = self.cost(text, (*at, level))
            if level != _EACH and not self._is_level(level):
                self._report("level-not-reached", (*at, level), key=True, found=level)
                continue
            for indicator in indicators:
                if level == _EACH:
                    self.by_indicator[indicator.code] = cost
                else:
                    self.by_level[indicator.code, int(parse(level))] = cost

    def cost(self, text: str, at: Location) -> Fraction:
        """Return a cost; what is none counts as 1 and is a problem."""
        if not is_number(text):
            self._report("not-a-number", at, found=text)
            return Fraction(1)
        if parse(text) < 0:
            self._report("cost-negative", at, found=text)
        return parse(text)

    def _is_level(self, text: str) -> bool:
        scale = self._instrument.scale
        return is_number(text) and scale.lowest < parse(text) <= scale.highest

    def _report(self, code: str, at: Location, *, key: bool = False, **values: str) -> None:
        self._problems.append(Problem(code, self._found.place_of(at, key), values))
