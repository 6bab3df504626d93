"""What goes with a sheet: agreements, costs, scenarios."""

import re
from collections.abc import Iterator
from fractions import Fraction
from math import ceil
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, Field, WithJsonSchema

from spbe_cli.core.assessment import parse_change
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import exact, is_number, parse
from spbe_cli.core.outlook import agreement_problem
from spbe_cli.core.plan import Costs
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.core.whatif import Scenario, Wish
from spbe_cli.read.grid import Location
from spbe_cli.read.schema import Document, Name, Number
from spbe_cli.read.yaml import Found, read_document


class AgreementsDocument(Document):
    """The probability that a level is confirmed: of any indicator, and of some.

    `indicators` maps an indicator, aspect or domain to its own probability.
    """

    agreement: Number | None = None
    indicators: dict[str, Number] = {}


class Agreements(NamedTuple):
    """What a file says: the probability of any indicator, if it has one, and of some by code."""

    each: Fraction | None
    by_indicator: dict[str, Fraction]


def read_agreements(path: str, instrument: Instrument) -> tuple[Agreements, list[Problem]]:
    """Return the probabilities in a file for an instrument's indicators, and every problem of it.

    A later entry speaks over an earlier one, so that an exception may follow its group.
    """
    read = read_document(path, AgreementsDocument)
    if isinstance(read, list):
        return Agreements(None, {}), read
    document, found, problems = read
    each = None
    if document.agreement is not None:
        each = _probability(document.agreement, ("agreement",), found, problems)
    by_indicator: dict[str, Fraction] = {}
    for target, text in document.indicators.items():
        at = ("indicators", target)
        indicators = instrument.indicators_at(target)
        if not indicators:
            values = {"found": target, "known": ", ".join(instrument.node_by_code)}
            problems.append(Problem("target-unknown", found.place_of(at, True), values))  # noqa: FBT003
        probability = _probability(text, at, found, problems)
        if probability is not None:
            by_indicator |= dict.fromkeys((i.code for i in indicators), probability)
    return Agreements(each, by_indicator), problems


def _probability(text: str, at: Location, found: Found, problems: list[Problem]) -> Fraction | None:
    wrong = agreement_problem(text, found.place_of(at))
    if wrong is None:
        return parse(text)
    problems.append(wrong)
    return None


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
    return Costs(each, collected.by_indicator, collected.by_level, collected.by_step), problems


_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


def thousands_notice(text: str, place: Place) -> Iterator[Problem]:
    """Yield what must be known of an effort that may have a separator of thousands: `50.000`."""
    if _THOUSANDS.fullmatch(text.strip()):
        values = {"found": text, "taken": exact(parse(text)), "other": re.sub("[.,]", "", text)}
        yield Problem("effort-with-thousands", place, values, Severity.NOTICE)


class _Collected:
    """Costs by indicator and level; what is wrong with one goes to `problems`."""

    def __init__(self, instrument: Instrument, found: Found, problems: list[Problem]) -> None:
        self.by_indicator: dict[str, Fraction] = {}
        self.by_level: dict[tuple[str, int], Fraction] = {}
        self.by_step: dict[tuple[str, Fraction], Fraction] = {}
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
        codes = {indicator.code for indicator in indicators}
        if _EACH in by_level:  # of every level: nothing that was said before holds
            self.by_level = {at: cost for at, cost in self.by_level.items() if at[0] not in codes}
        anew = {parse(level) for level in by_level if is_number(level)}  # with the steps to them
        self.by_step = {
            (code, step): cost
            for (code, step), cost in self.by_step.items()
            if code not in codes or (_EACH not in by_level and ceil(step) not in anew)
        }
        for level, text in by_level.items():
            cost = self.cost(text, (*at, level))
            if level != _EACH and not self._is_level(level):
                self._report("level-not-reached", (*at, level), key=True, found=level)
                continue
            for indicator in indicators:
                if level == _EACH:
                    self.by_indicator[indicator.code] = cost
                elif (reached := parse(level)).denominator == 1:
                    self.by_level[indicator.code, int(reached)] = cost
                else:
                    self.by_step[indicator.code, reached] = cost

    def cost(self, text: str, at: Location) -> Fraction:
        """Return a cost; what is none counts as 1 and is a problem."""
        if not is_number(text):
            self._report("not-a-number", at, found=text)
            return Fraction(1)
        if parse(text) < 0:
            self._report("cost-negative", at, found=text)
        self._problems.extend(thousands_notice(text, self._found.place_of(at)))
        return parse(text)

    def _is_level(self, text: str) -> bool:
        """Return whether a rise may end there: at a whole level, or at one of the scale's own."""
        scale = self._instrument.scale
        if not is_number(text) or not scale.lowest < parse(text) <= scale.highest:
            return False
        level = parse(text)
        return level.denominator == 1 or (scale.step is not None and scale.holds(level))

    def _report(self, code: str, at: Location, *, key: bool = False, **values: str) -> None:
        self._problems.append(Problem(code, self._found.place_of(at, key), values))


def _as_texts(value: Any) -> Any:  # noqa: ANN401
    """Return a mapping as `WHAT=LEVEL`, the form of a list."""
    if isinstance(value, dict):
        return [_as_text(target, level) for target, level in value.items()]
    return [value] if isinstance(value, str) else value or []


def _as_text(target: str, level: Any) -> Any:  # noqa: ANN401
    return f"{target}={level or ''}" if isinstance(level, str | None) else level


Changes = Annotated[
    list[str],
    BeforeValidator(_as_texts),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "object", "additionalProperties": {"type": ["number", "string"]}},
                {"type": "array", "items": {"type": "string"}},
            ]
        }
    ),
]


class ScenarioDocument(Document):
    """A scenario: what is changed, as a mapping or as a list of `WHAT=LEVEL`."""

    name: Name
    note: str | None = None
    changes: Changes = Field(alias="set")


class ScenariosDocument(Document):
    """Scenarios that are looked at side by side."""

    note: str | None = None
    scenarios: Annotated[list[ScenarioDocument], Field(min_length=1)]


def read_scenarios(path: str) -> tuple[list[Scenario], list[Problem]]:
    """Return the scenarios in a file, and every problem of it; none with an error."""
    read = read_document(path, ScenariosDocument)
    if isinstance(read, list):
        return [], read
    document, found, problems = read
    scenarios: list[Scenario] = []
    lines: dict[str, str] = {}
    for number, scenario in enumerate(document.scenarios):
        at: Location = ("scenarios", number)
        here = found.place_of((*at, "name"))
        if scenario.name in lines:
            values = {"name": scenario.name, "first": lines[scenario.name]}
            problems.append(Problem("scenario-repeated", here, values))
        lines.setdefault(scenario.name, str(here.line))
        if not scenario.changes:
            problems.append(Problem("scenario-empty", here, {"name": scenario.name}))
        wishes = tuple(_wishes(scenario, found, (*at, "set"), problems))
        scenarios.append(Scenario(scenario.name, wishes, Severity.ERROR))
    return scenarios, problems


def _wishes(
    scenario: ScenarioDocument, found: Found, at: Location, problems: list[Problem]
) -> Iterator[Wish]:
    for text, place in zip(scenario.changes, _places(found, at), strict=False):
        change = parse_change(text)
        if isinstance(change, Problem):
            problems.append(change._replace(place=place, severity=Severity.ERROR))
        else:
            yield Wish(change, place)


def _places(found: Found, at: Location) -> Iterator[Place]:
    """Yield the place of every change: the key of a mapping, the item of a list."""
    node = found.tree.find(at)
    if isinstance(node.value, dict):
        yield from (found.place_of((*at, key), True) for key in node.value)  # noqa: FBT003
    elif isinstance(node.value, list):
        yield from (found.place_of((*at, number)) for number in range(len(node.value)))
    else:
        yield found.place_of(at)
