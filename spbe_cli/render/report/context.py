"""What other inputs add: an earlier assessment, other institutions, a target."""

from collections.abc import Iterator
from fractions import Fraction

from spbe_cli.core.population import Grouping, PeerGroup, Peers
from spbe_cli.core.report import Report
from spbe_cli.render.compare_page import Shown, compare_pages
from spbe_cli.render.plan import plan_page
from spbe_cli.render.report.blocks import Block, Section, Table, Text
from spbe_cli.render.view import Cell, Column, Page, Row, Tone
from spbe_cli.words import Words

__all__ = ["change_section", "grouping_text", "peers_section", "plan_section"]


def change_section(report: Report, words: Words) -> Iterator[Section]:
    """Yield what changed since the previous assessment, and what contributed how much."""
    if report.series is None:
        return
    blocks: list[Block] = []
    for page in compare_pages(report.series, words, Shown(every_indicator=True)):
        blocks += _blocks(page)
    yield Section("change", words("Change"), blocks)


def plan_section(report: Report, words: Words) -> Iterator[Section]:
    """Yield the cheapest plan to the target, with its proof."""
    if report.planned is None:
        return
    page = plan_page(report.planned, {}, words)
    aim = page.above[-1].text
    yield Section(
        "plan", words("The cheapest plan"), list(_blocks(page._replace(heading=aim, above=())))
    )


def _blocks(page: Page) -> Iterator[Block]:
    """Yield a page's table under its heading, and what is said below it."""
    if page.rows:
        columns = [column._replace(heading=_one_line(column.heading)) for column in page.columns]
        yield Table(page.heading, columns, page.rows)
    for line in page.below:
        if line.text:
            yield Text(line.text, line.tone)


def _one_line(heading: str) -> str:
    return " ".join(heading.split())


def grouping_text(group: PeerGroup, words: Words) -> str:
    """Return what a group is called: `category kota`."""
    name = group.name or ""
    match group.grouping:
        case Grouping.CATEGORY:
            return words("category {name}", name=name)
        case Grouping.PROVINCE:
            return words("province {name}", name=name)
        case _:
            return words("all institutions")


def peers_section(report: Report, words: Words) -> Iterator[Section]:
    """Yield place and percentile in category and province, and the averages of the groups."""
    peers = report.peers
    if peers is None:
        return
    blocks: list[Block] = [_standings(report, peers, words)]
    blocks.append(Text(words("Percentile: the share of the group that stands at or below")))
    blocks += _listed_otherwise(report, peers, words)
    averages = _averages(report, peers, words)
    yield Section("peers", words("Among other institutions"), [*blocks, averages])


def _standings(report: Report, peers: Peers, words: Words) -> Table:
    places = report.card.instrument.places
    columns = [
        Column(words("Among")),
        Column(words("Place"), numeric=True),
        Column(words("Percentile"), numeric=True),
        Column(words("Mean"), numeric=True),
        Column(words("Range"), numeric=True),
    ]
    rows = []
    for group in peers.groups:
        spread = group.profile.index
        place, of = str(group.standing.place), str(group.standing.of)
        ends = [words.number(value, places) for value in (spread.lowest, spread.highest)]
        texts = [
            grouping_text(group, words),
            words("{number} of {of}", number=place, of=of),
            words.number(group.standing.percentile),
            words.number(spread.mean, places),
            " - ".join(ends),
        ]
        rows.append(Row(tuple(Cell(text) for text in texts)))
    caption, year = words("Place among the others"), str(peers.year or "")
    if year:
        caption = words("Place among the results of {year}", year=year)
    return Table(caption, columns, rows, row_heading=0)


def _listed_otherwise(report: Report, peers: Peers, words: Words) -> Iterator[Text]:
    """Yield what must be said where the table has the institution differently, or not at all."""
    places = report.card.instrument.places
    own = words.number(report.card.index, places)
    if peers.held != report.card.index:
        yield Text(words("The table holds rounded indices; this one is compared as {own}", own=own))
    if peers.listed is None:
        yield Text(words("The table does not list this institution; it is counted in addition"))
    elif words.number(peers.listed.index, places) != own:
        listed = words.number(peers.listed.index, places)
        yield Text(
            words(
                "The table lists this institution with {listed}; its place is that of {own}",
                listed=listed,
                own=own,
            ),
            Tone.FAIR,
        )


def _averages(report: Report, peers: Peers, words: Words) -> Table:
    """Return the indices beside the means of the groups, as far as the table knows them."""
    card, places = report.card, report.card.instrument.places
    columns = [
        Column(words("Code")),
        Column(words("Name")),
        Column(words("This institution"), numeric=True),
        *(Column(grouping_text(group, words), numeric=True) for group in peers.groups),
    ]

    def row(code: str, name: str, own: Fraction, *, section: bool = False) -> Row:
        means = [
            group.profile.index if not code else group.profile.nodes.get(code)
            for group in peers.groups
        ]
        shown = [words.number(mean.mean, places) if mean else "-" for mean in means]
        texts = [code, name, words.number(own, places), *shown]
        return Row(tuple(Cell(text) for text in texts), section=section)

    known = peers.groups[0].profile.nodes
    rows = [
        row(node.group.code, node.group.name, node.index)
        for node in card.nodes
        if node.group.code in known
    ]
    rows.append(row("", card.instrument.index_name, card.index, section=True))
    return Table(words("Beside the averages of the groups"), columns, rows)
