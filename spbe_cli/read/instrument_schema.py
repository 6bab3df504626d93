"""The shape of an instrument file.

Loaded for a user's own instrument: the shipped ones are held to it by the tests, so that scoring
does not pay for it (docs/decisions/0004).
"""

from typing import Annotated, Literal

from pydantic import Field

from spbe_cli.read.schema import Document, Name, Number

Year = Annotated[int, Field(ge=1900, le=2999)]
Code = Annotated[str, Field(min_length=1, max_length=20)]


class ReferenceDocument(Document):
    """One legal basis: its title in short, and its name in full."""

    title: Name
    name: Name | None = None
    article: str | None = None
    link: str | None = None


class YearsDocument(Document):
    """The years of use; an open end is left out."""

    from_: Annotated[Year | None, Field(alias="from")] = None
    to: Year | None = None


class ScaleDocument(Document):
    """The levels that may be given, and the names they have in each capability."""

    lowest: Number
    highest: Number
    step: Number | Literal["none"] = "1"
    target: Number | None = None
    names: dict[str, dict[str, Name]] = {}


class LevelDocument(Document):
    """A level that is a band of values, from one on up to where the next begins."""

    level: Number
    name: Name | None = None
    from_: Annotated[Number, Field(alias="from")]


class RoundingDocument(Document):
    """How an index is shown."""

    places: Annotated[int, Field(ge=0, le=9)] = 2
    mode: Literal["half-up"] = "half-up"


class PredicateDocument(Document):
    """A predicate from a threshold on; `below` may repeat the threshold of the one above."""

    name: Name
    from_: Annotated[Number | None, Field(alias="from")] = None
    below: Number | None = None


class BasisDocument(YearsDocument):
    """Which index decides the predicate, from when to when, and what shows it."""

    compare: Literal["exact", "rounded"]
    evidence: str | None = None


class IndicatorDocument(Document):
    """One indicator."""

    code: Code
    name: Name
    weight: Number
    capability: str | None = None
    also: list[Code] = []


class GroupDocument(Document):
    """A domain, an aspect or another group: it holds groups or indicators."""

    code: Code
    name: Name
    weight: Number
    capability: str | None = None
    domains: "list[GroupDocument] | None" = None
    aspects: "list[GroupDocument] | None" = None
    groups: "list[GroupDocument] | None" = None
    indicators: list[IndicatorDocument] | None = None


class SaysDocument(Document):
    """One statement in both languages."""

    id: Name
    en: Name


class ReasonDocument(Document):
    """One statement about a provisional instrument: how sure it is, and by what."""

    standing: Literal["confirmed", "untested", "inferred"]
    says: SaysDocument
    source: Name
    sources: Annotated[int | None, Field(ge=1, le=99)] = None


class ConditionDocument(Document):
    """An indicator whose levels, from one on, ask for an index of at least the same level."""

    indicator: Code
    level: Number | None = None


class ExternalDocument(Document):
    """An index of another evaluation: the indicators whose value it is, or which it limits.

    `points` lead from the index to the value, lowest first; `between` says whether the way from
    one to the next is printed or inferred.
    """

    code: Code
    name: Name
    owner: Name | None = None
    indicators: list[Code] = []
    conditions: list[ConditionDocument] = []
    points: Annotated[dict[str, Number], Field(min_length=1)]
    between: Literal["printed", "inferred"] = "printed"
    source: Name | None = None


class InstrumentDocument(Document):
    """An instrument: legal basis, years, scale, predicates and weighted indicators in groups."""

    id: Name
    title: Name
    index: Name = "Indeks"
    status: Literal["in force", "past", "provisional"] = "in force"
    provisional: list[ReasonDocument] = []
    years: YearsDocument = YearsDocument()
    references: list[ReferenceDocument] = []
    scale: ScaleDocument
    levels: list[LevelDocument] = []
    rounding: RoundingDocument = RoundingDocument()
    weights: Literal["of the whole", "shares"] = "of the whole"
    predicates: Annotated[list[PredicateDocument], Field(min_length=1)]
    basis: list[BasisDocument] = []
    criteria: str | None = None
    carried: str | None = None
    external: list[ExternalDocument] = []
    domains: list[GroupDocument] | None = None
    aspects: list[GroupDocument] | None = None
    groups: list[GroupDocument] | None = None


class IndicatorCriteriaDocument(Document):
    """What holds at each level of one indicator, and which evidence proves it."""

    about: str
    levels: dict[str, str]
    evidence: dict[str, list[str]]


class DoubtDocument(Document):
    """Indicators of which it is in doubt how many pieces of evidence a level has, and why."""

    indicators: list[Code]
    source: Name


class CriteriaDocument(Document):
    """The level criteria of an instrument, by indicator code."""

    instrument: Name
    doubtful_counts: DoubtDocument | None = None
    indicators: dict[str, IndicatorCriteriaDocument]
