"""What groups of institutions look like, as tables for people."""

from collections.abc import Iterable, Iterator, Sequence

from spbe_cli.core.population import GroupProfile, Member, Profile, Spread
from spbe_cli.render.profile_data import share_of
from spbe_cli.render.rank_page import known_lines
from spbe_cli.render.score_page import tone_of
from spbe_cli.render.view import Cell, Column, Line, Page, Row, Tone
from spbe_cli.words import Words

__all__ = ["profile_pages"]

_BAR = 40
"""How many characters the longest bar of a distribution takes."""


def profile_pages(
    profile: Profile, members: Sequence[Member], words: Words, *, every_node: bool, unicode: bool
) -> list[Page]:
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
        yield group.name or "-", group, False
    yield words("All"), profile.whole, bool(profile.categories)


def _index_page(profile: Profile, members: Sequence[Member], words: Words) -> Page:
    heading = words("Index of {number} institutions", number=str(profile.whole.index.number))
    page = _spread_page(heading, _groups(profile, words), None, words)
    return page._replace(below=list(known_lines(members, words)))


def _spread_page(
    heading: str, groups: Iterable[tuple[str, GroupProfile, bool]], code: str | None, words: Words
) -> Page:
    """Return number, mean, median and range of the index, or of a node, per category."""
    headings = ["Number", "Mean", "Median", "Lowest", "Highest"]
    columns = [Column(words("Category")), *(Column(words(name), numeric=True) for name in headings)]
    rows = []
    for name, group, section in groups:
        spread = group.index if code is None else group.nodes.get(code)
        if spread is not None:
            cells = [Cell(name), Cell(str(spread.number)), *_spread(spread, group, words)]
            rows.append(Row(tuple(cells), section=section))
    return Page(heading, columns=columns, rows=rows)


def _levels_of_nodes(profile: Profile) -> Iterator[list[str]]:
    """Yield the codes of the domains that are known, then those of the aspects."""
    kinds: dict[str, list[str]] = {}
    for group, _, _ in profile.instrument.nodes:
        if group.code in profile.whole.nodes:
            kinds.setdefault(group.kind, []).append(group.code)
    yield from kinds.values()


def _nodes_page(profile: Profile, codes: Sequence[str], words: Words) -> Page:
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
    return Page(words("Means"), columns=columns, rows=rows, below=below)


def _predicate_pages(profile: Profile, words: Words) -> Iterator[Page]:
    """Yield how many institutions have each predicate, and which share of their category."""
    names = [predicate.name for predicate, _ in profile.whole.predicates]
    columns = [Column(words("Category")), *(Column(name, numeric=True) for name in names)]
    counts, shares = [], []
    for name, group, section in _groups(profile, words):
        found = [number for _, number in group.predicates]
        counts.append(Row((Cell(name), *(Cell(str(number)) for number in found)), section=section))
        parts = (words.number(share_of(number, group), 1) for number in found)
        shares.append(Row((Cell(name), *map(Cell, parts)), section=section))
    yield Page(words("Institutions per predicate"), columns=columns, rows=counts)
    yield Page(words("Share of the category, in percent"), columns=columns, rows=shares)


def _target_page(profile: Profile, words: Words) -> Iterator[Page]:
    if profile.target is None:
        return
    columns = [Column(words("Category")), Column(words("Number"), numeric=True)]
    columns.append(Column(words("Share"), numeric=True))
    rows = [
        Row(
            (
                Cell(name),
                Cell(words("{number} of {of}", number=str(met), of=str(group.index.number))),
                Cell(f"{words.number(share_of(met, group), 1)} %"),
            ),
            section=section,
        )
        for name, group, section in _groups(profile, words)
        for met in [group.at_target or 0]
    ]
    yield Page(
        words("At {target} or above", target=profile.target.text), columns=columns, rows=rows
    )


def _distribution(profile: Profile, words: Words, *, unicode: bool) -> Page:
    columns = [
        Column(words("Predicate")),
        Column(words("Number"), numeric=True),
        Column(words("Share"), numeric=True),
        Column(""),
    ]
    most = max(number for _, number in profile.whole.predicates)
    rows = []
    for predicate, number in profile.whole.predicates:
        tone = tone_of(profile.instrument, predicate)
        share = words.number(share_of(number, profile.whole), 1)
        bar = ("█" if unicode else "#") * ((2 * number * _BAR + most) // (2 * most))
        cells = (Cell(predicate.name), Cell(str(number)), Cell(f"{share} %"), Cell(bar, tone))
        rows.append(Row(cells))
    return Page(words("Distribution"), columns=columns, rows=rows)


def _spread(spread: Spread, group: GroupProfile, words: Words) -> Iterator[Cell]:
    for value in (spread.mean, spread.median, spread.lowest, spread.highest):
        yield Cell(words.number(value, group.places))
