"""How likely assessors confirm a level: a YAML file of probabilities."""

from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import parse
from spbe_cli.core.outlook import agreement_problem
from spbe_cli.core.problem import Problem
from spbe_cli.read.schema import Document, Number
from spbe_cli.read.sheet import Location
from spbe_cli.read.yaml_document import Found, read_document

__all__ = ["Agreements", "AgreementsDocument", "read_agreements"]


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
