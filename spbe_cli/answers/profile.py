"""The answer of `spbe profile`: data and page."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from spbe_cli.answers.rank import known_lines
from spbe_cli.answers.score import predicate_cell
from spbe_cli.answers.shape import (
    Columns,
    Count,
    Document,
    Getter,
    Number,
    Shape,
    Value,
    csv_rows,
    take,
)
from spbe_cli.answers.shared import percent
from spbe_cli.core.number import fixed
from spbe_cli.core.population import GroupProfile, Member, Profile, Spread
from spbe_cli.formats.blocks import Cell, Column, Line, Row, Section, Table, Tone
from spbe_cli.words import Words


class SpreadShape(Shape):
    """Number, mean, median, lowest and highest of a value."""

    number: Count
    mean: Value
    median: Value
    lowest: Value
    highest: Value


class _Node(NamedTuple):
    code: str
    spread: Spread


class NodeSpreadShape(SpreadShape, within="spread", first="code"):
    """The spread of a domain or aspect."""

    code: str


class _Share(NamedTuple):
    """How many institutions of a group have or reach what is named, and their share in percent."""

    name: str
    number: int
    share: Fraction


class PredicateCountShape(Shape):
    """How many institutions have a predicate, and their share in percent."""

    name: str
    number: Count
    share: Number


class AtTargetShape(Shape):
    """How many institutions reach the target, and their share in percent."""

    target: str = take("name")
    number: Count
    share: Number


class GroupShape(Shape, places="group.places"):
    """A category; null is all institutions."""

    category: str | None = take("group.name")
    index: SpreadShape = take("group.index")
    groups: list[NodeSpreadShape] = take(
        lambda each: [_Node(*item) for item in each.group.nodes.items()]
    )
    predicates: list[PredicateCountShape]
    at_target: AtTargetShape | None


class ProfileDocument(Document):
    """The answer of `spbe profile`: all institutions first, then each category."""

    version = "spbe-profile/1"
    instrument: str
    results: list[GroupShape]
    gates: list[str]


class _Group(NamedTuple):
    """A group of a profile, with the share of each predicate and of those at the target."""

    group: GroupProfile
    predicates: list[_Share]
    at_target: _Share | None


def _groups_of(profile: Profile) -> Iterator[_Group]:
    for group in (profile.whole, *profile.categories):
        at_target = None
        if profile.target is not None and group.at_target is not None:
            at_target = _share(profile.target.text, group.at_target, group)
        counted = [_share(predicate.name, number, group) for predicate, number in group.predicates]
        yield _Group(group, counted, at_target)


def _share(name: str, number: int, group: GroupProfile) -> _Share:
    return _Share(name, number, share_of(number, group))


def share_of(number: int, group: GroupProfile) -> Fraction:
    """Return a number of institutions as a percentage of the group."""
    return Fraction(100 * number, group.index.number)


def profile_document(profile: Profile) -> dict[str, Any]:
    """Return a profile for JSON."""
    return ProfileDocument.holding(
        instrument=profile.instrument.id, results=list(_groups_of(profile))
    )


def profile_rows(profile: Profile) -> Iterator[list[str]]:
    """Yield a header, and a row for each value of all institutions and of each category."""
    places = profile.instrument.places

    def end(name: str) -> Getter:
        return lambda spread: fixed(getattr(spread, name), places)

    ends = {name: end(name) for name in ("mean", "median", "lowest", "highest")}
    named: Columns = {"value": lambda pair: pair[0], "number": lambda pair: pair[1].number}
    share: Columns = {"share": lambda each: percent(each.share)}
    return csv_rows([{"category": "group.name"}, named, ends, share], _rows(profile))


def _rows(profile: Profile) -> Iterator[tuple[object, ...]]:
    """Yield a group, a value's name and numbers, and its spread, or its share."""
    for each in _groups_of(profile):
        for name, spread in (("index", each.group.index), *each.group.nodes.items()):
            yield each, (name, spread), spread, None
        for part in each.predicates:
            yield each, (part.name, part), None, part
        if each.at_target is not None:
            yield each, (f">= {each.at_target.name}", each.at_target), None, each.at_target


_BAR = 40
"""How many characters the longest bar of a distribution takes."""


def profile_pages(
    profile: Profile, members: Sequence[Member], words: Words, *, every_node: bool, unicode: bool
) -> list[Section]:
    """Return the index per category, domains and aspects, predicates, and their distribution.

    With `every_node` the ranges of each domain and aspect as well, and not their means alone.
    """
    names = {group.code: group.name for group, _, _ in profile.instrument.nodes}
    return [
        _index_page(profile, members, words),
        *(
            _spread_page(f"{code}  {names[code]}", _groups(profile, words), code, words)
            for code in profile.whole.nodes
            if every_node
        ),
        *(_nodes_page(profile, codes, words) for codes in _levels_of_nodes(profile)),
        *_predicate_pages(profile, words),
        *_target_page(profile, words),
        _distribution(profile, words, unicode=unicode),
    ]


def _groups(profile: Profile, words: Words) -> Iterator[tuple[str, GroupProfile, bool]]:
    """Yield each group with its name, and last the whole."""
    for group in profile.categories:
        yield words.category(group.name or "-"), group, False
    yield words("All"), profile.whole, bool(profile.categories)


def _index_page(profile: Profile, members: Sequence[Member], words: Words) -> Section:
    heading = words(
        "Index of {number} {number:institution|institutions}",
        number=str(profile.whole.index.number),
    )
    page = _spread_page(heading, _groups(profile, words), None, words)
    return page.and_then(known_lines(members, words))


def _spread_page(
    heading: str, groups: Iterable[tuple[str, GroupProfile, bool]], code: str | None, words: Words
) -> Section:
    """Return number, mean, median and range of the index, or of a node, per category."""
    columns = [
        Column(words("Category")),
        Column(words("Number"), numeric=True),
        Column(words("Mean"), numeric=True),
        Column(words("Median"), numeric=True),
        Column(words("Lowest"), numeric=True),
        Column(words("Highest"), numeric=True),
    ]
    rows = []
    for name, group, section in groups:
        spread = group.index if code is None else group.nodes.get(code)
        if spread is not None:
            cells = [Cell(name), Cell(str(spread.number)), *_spread(spread, group, words)]
            rows.append(Row(tuple(cells), section=section))
    return Section(heading, [Table(columns, rows)])


def _levels_of_nodes(profile: Profile) -> Iterator[list[str]]:
    """Yield the codes of the domains that are known, then those of the aspects."""
    kinds: dict[str, list[str]] = {}
    for group, _, _ in profile.instrument.nodes:
        if group.code in profile.whole.nodes:
            kinds.setdefault(group.kind, []).append(group.code)
    yield from kinds.values()


def _nodes_page(profile: Profile, codes: Sequence[str], words: Words) -> Section:
    columns = [Column(words("Category")), *(Column(code, numeric=True) for code in codes)]
    rows = []
    for name, group, section in _groups(profile, words):
        cells = [
            Cell(words.number(group.nodes[code].mean, profile.instrument.places))
            if code in group.nodes
            else Cell("-")
            for code in codes
        ]
        rows.append(Row((Cell(name), *cells), section=section))
    names = {group.code: group.name for group, _, _ in profile.instrument.nodes}
    below = [Line(f"{code}  {names[code]}", Tone.FAINT) for code in codes]
    return Section(words("Means"), [Table(columns, rows), *below])


def _predicate_pages(profile: Profile, words: Words) -> Iterator[Section]:
    """Yield how many institutions have each predicate, and which share of their category."""
    names = [predicate.name for predicate, _ in profile.whole.predicates]
    columns = [Column(words("Category")), *(Column(name, numeric=True) for name in names)]
    counts, shares = [], []
    for name, group, section in _groups(profile, words):
        found = [number for _, number in group.predicates]
        counts.append(Row((Cell(name), *(Cell(str(number)) for number in found)), section=section))
        parts = (words.share(share_of(number, group), 1) for number in found)
        shares.append(Row((Cell(name), *map(Cell, parts)), section=section))
    yield Section(words("Institutions per predicate"), [Table(columns, counts)])
    yield Section(words("Share of the category, in percent"), [Table(columns, shares)])


def _target_page(profile: Profile, words: Words) -> Iterator[Section]:
    if profile.target is None:
        return
    columns = [Column(words("Category")), Column(words("Number"), numeric=True)]
    columns.append(Column(words("Share"), numeric=True))
    rows = [
        Row(
            (
                Cell(name),
                Cell(words("{number} of {of}", number=str(met), of=str(group.index.number))),
                Cell(words.percent(words.share(share_of(met, group), 1))),
            ),
            section=section,
        )
        for name, group, section in _groups(profile, words)
        for met in [group.at_target or 0]
    ]
    yield Section(words("At {target} or above", target=profile.target.text), [Table(columns, rows)])


def _distribution(profile: Profile, words: Words, *, unicode: bool) -> Section:
    columns = [
        Column(words("Predicate")),
        Column(words("Number"), numeric=True),
        Column(words("Share"), numeric=True),
        Column(""),
    ]
    most = max(number for _, number in profile.whole.predicates)
    rows = []
    for predicate, number in profile.whole.predicates:
        named = predicate_cell(profile.instrument, predicate)
        share = words.share(share_of(number, profile.whole), 1)
        bar = ("█" if unicode else "#") * ((2 * number * _BAR + most) // (2 * most))
        cells = (
            named,
            Cell(str(number)),
            Cell(words.percent(share)),
            Cell(bar, named.tone),
        )
        rows.append(Row(cells))
    return Section(words("Distribution"), [Table(columns, rows)])


def _spread(spread: Spread, group: GroupProfile, words: Words) -> Iterator[Cell]:
    for value in (spread.mean, spread.median, spread.lowest, spread.highest):
        yield Cell(words.number(value, group.places))
