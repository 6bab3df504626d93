"""`spbe-profile/1`: what groups of institutions look like, as JSON and CSV."""

from collections.abc import Iterator
from fractions import Fraction

from typing_extensions import TypedDict

from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import exact, fixed
from spbe_cli.core.population import GroupProfile, Profile, Spread
from spbe_cli.render.data import Value, value_of
from spbe_cli.render.population_data import percent

__all__ = ["ProfileDocument", "profile_document", "profile_rows", "share_of"]


class SpreadShape(TypedDict):
    """Number, mean, median, lowest and highest of a value."""

    number: int
    mean: Value
    median: Value
    lowest: Value
    highest: Value


class NodeSpreadShape(SpreadShape):
    """The spread of a domain or aspect."""

    code: str


class PredicateCountShape(TypedDict):
    """How many institutions have a predicate, and their share in percent."""

    name: str
    number: int
    share: str


class AtTargetShape(TypedDict):
    """How many institutions reach the target, and their share in percent."""

    target: str
    number: int
    share: str


class GroupShape(TypedDict):
    """A category; null is all institutions."""

    category: str | None
    index: SpreadShape
    groups: list[NodeSpreadShape]
    predicates: list[PredicateCountShape]
    at_target: AtTargetShape | None


class ProfileDocument(TypedDict):
    """The answer of `spbe profile`: all institutions first, then each category."""

    format: str
    instrument: str
    results: list[GroupShape]
    gates: list[str]


def profile_document(profile: Profile) -> ProfileDocument:
    """Return a profile for JSON."""
    groups = (profile.whole, *profile.categories)
    return {
        "format": "spbe-profile/1",
        "instrument": profile.instrument.id,
        "results": [_group(profile, each) for each in groups],
        "gates": [],
    }


def profile_rows(profile: Profile) -> Iterator[list[str]]:
    """Yield a header, and a row for each value of all institutions and of each category."""
    yield ["category", "value", "number", "mean", "median", "lowest", "highest", "share"]
    for group in (profile.whole, *profile.categories):
        name = group.name or ""
        for value, spread in (("index", group.index), *group.nodes.items()):
            yield [name, value, str(spread.number), *_cells(spread, profile.instrument), ""]
        for predicate, number in group.predicates:
            share = percent(share_of(number, group))
            yield [name, predicate.name, str(number), "", "", "", "", share]
        if profile.target is not None and group.at_target is not None:
            share = percent(share_of(group.at_target, group))
            yield [name, f">= {profile.target.text}", str(group.at_target), "", "", "", "", share]


def share_of(number: int, group: GroupProfile) -> Fraction:
    """Return a number of institutions as a percentage of the group."""
    return Fraction(100 * number, group.index.number)


def _cells(spread: Spread, instrument: Instrument) -> list[str]:
    values = (spread.mean, spread.median, spread.lowest, spread.highest)
    return [fixed(value, instrument.places) for value in values]


def _group(profile: Profile, group: GroupProfile) -> GroupShape:
    instrument = profile.instrument
    at_target: AtTargetShape | None = None
    if profile.target is not None and group.at_target is not None:
        share = exact(share_of(group.at_target, group))
        at_target = {"target": profile.target.text, "number": group.at_target, "share": share}
    return {
        "category": group.name,
        "index": _spread(group.index, instrument),
        "groups": [
            {"code": code, **_spread(spread, instrument)} for code, spread in group.nodes.items()
        ],
        "predicates": [
            {"name": predicate.name, "number": number, "share": exact(share_of(number, group))}
            for predicate, number in group.predicates
        ],
        "at_target": at_target,
    }


def _spread(spread: Spread, instrument: Instrument) -> SpreadShape:
    return {
        "number": spread.number,
        "mean": value_of(instrument, spread.mean),
        "median": value_of(instrument, spread.median),
        "lowest": value_of(instrument, spread.lowest),
        "highest": value_of(instrument, spread.highest),
    }
