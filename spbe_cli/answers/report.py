"""A report: what it says, section by section."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import dropwhile

from spbe_cli.answers.change import bases_lines, no_difference_text, predicate_line, signed_whole
from spbe_cli.answers.compare import Shown, compare_pages
from spbe_cli.answers.plan import aim_text, plan_blocks
from spbe_cli.answers.report_parts import (
    facts_of,
    findings_section,
    groups_section,
    indicators_section,
    method_section,
    named,
    recommendations_section,
    stage_text,
    target_section,
)
from spbe_cli.answers.report_whatif import whatif_of
from spbe_cli.answers.score import next_text, tone_of
from spbe_cli.answers.shared import as_shown, provisional_text
from spbe_cli.core.instrument import Status
from spbe_cli.core.population import Grouping, PeerGroup, Peers
from spbe_cli.core.problem import notices_of
from spbe_cli.core.report import Omission, Report
from spbe_cli.formats.blocks import (
    Block,
    Cell,
    Column,
    Document,
    Headline,
    Ladder,
    Line,
    Listing,
    Row,
    Section,
    Table,
    Text,
    Tone,
    visible,
)
from spbe_cli.words import Words


def change_section(report: Report, words: Words) -> Iterator[Section]:
    """Yield what changed since the previous assessment, and what contributed how much."""
    if report.series is None:
        return
    pages = compare_pages(report.series, words, Shown(every_indicator=True))
    blocks: list[Block] = []
    for page in pages:  # what stands above its table, the report says elsewhere
        below = dropwhile(lambda block: not isinstance(block, Table), page.blocks)
        blocks += _part(page.title, below)
    yield Section(words("Change"), blocks, "change")


def plan_section(report: Report, words: Words) -> Iterator[Section]:
    """Yield the cheapest plan to the target, with its proof."""
    if report.planned is None:
        return
    blocks = plan_blocks(report.planned, {}, words)
    part = list(_part(aim_text(report.planned, words), blocks))
    yield Section(words("The cheapest plan"), part, "plan")


def _part(heading: str, blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks of a page for a report: its table under its heading, notes as paragraphs."""
    for block in blocks:
        if isinstance(block, Table):
            columns = [each._replace(heading=_one_line(each.heading)) for each in block.columns]
            yield block._replace(columns=columns, caption=heading)
        elif isinstance(block, Line) and block.text:
            yield Text(block.text, block.tone)


def _one_line(heading: str) -> str:
    return " ".join(heading.split())


def grouping_text(group: PeerGroup, words: Words) -> str:
    """Return what a group is called: `category kota`."""
    name = words.category(group.name or "")
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
    yield Section(words("Among other institutions"), [*blocks, averages], "peers")


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
            words.share(group.standing.percentile),
            words.number(spread.mean, places),
            " - ".join(ends),
        ]
        rows.append(Row(tuple(Cell(text) for text in texts)))
    caption, year = words("Place among the others"), str(peers.year or "")
    if year:
        caption = words("Place among the results of {year}", year=year)
    return Table(columns, rows, caption, row_heading=0)


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
    return Table(columns, rows, words("Beside the averages of the groups"))


def summary_section(report: Report, words: Words) -> Section:
    """Return the result and what matters most about it, in a few lines."""
    card = report.card
    result = words(
        "{name} {index}, predicate {predicate}. {next}.",
        name=card.instrument.index_name,
        index=as_shown(card.index, words, card.instrument.places),
        predicate=card.predicate.name,
        next=next_text(card, words),
    )
    blocks: list[Block] = [Text(result, tone_of(card.instrument, card.predicate))]
    if card.instrument.status is Status.PROVISIONAL:
        blocks.insert(0, Text(provisional_text(card.instrument, words), Tone.POOR))
    blocks += [Text(line.text, line.tone) for line in bases_lines([("", card)], words)]
    if card.assessment.note:
        blocks.append(Text(visible(card.assessment.note), Tone.FAIR))
    blocks.append(Listing("", [item for item in _highlights(report, words) if item]))
    return Section(words("Summary"), blocks, "summary")


def _highlights(report: Report, words: Words) -> Iterator[str]:
    places = report.card.instrument.places
    if report.leading:
        yield words("Leading: {aspects}", aspects=named(report.leading, words, places))
        yield words("Lagging: {aspects}", aspects=named(report.lagging, words, places))
    target = report.card.instrument.scale.target
    if target is not None:
        yield words(
            "Indicators below the target of level {target}: {count} of {of}",
            target=words.exact(target),
            count=str(len(report.below_target)),
            of=str(len(report.card.indicators)),
        )
    yield _change(report, words)
    yield _stages(report, words)
    yield from _places(report, words)
    yield _plan(report, words)


def _change(report: Report, words: Words) -> str:
    comparison = report.comparison
    if comparison is None:
        return ""
    before = comparison.before
    places = before.instrument.places
    if comparison.delta is None:
        return words(
            "Before: {name} {index}, {predicate}. {why}.",
            name=before.instrument.index_name,
            index=words.number(before.index, places),
            predicate=before.predicate.name,
            why=no_difference_text(comparison, words),
        )
    return words(
        "Before: {before}; change {change}. {predicate}.",
        before=words.number(before.index, places),
        change=signed_whole(comparison.delta, words, places),
        predicate=predicate_line(comparison.before, comparison.after, words).text,
    )


def _stages(report: Report, words: Words) -> str:
    """Return which stages are compared, where these differ."""
    readings = report.series.readings if report.series else ()
    stages = [reading.assessment.stage for reading in readings]
    if len({*stages} - {None}) < len(stages) or len(stages) < 2:  # noqa: PLR2004
        return ""
    return words(
        "Compared are two stages: before {before}, now {after}",
        before=words(f"stage {stages[0]}"),
        after=words(f"stage {stages[-1]}"),
    )


def _places(report: Report, words: Words) -> Iterator[str]:
    for group in report.peers.groups if report.peers else ():
        yield words(
            {
                Grouping.CATEGORY: "Place {place} of {of}, category {name}",
                Grouping.PROVINCE: "Place {place} of {of}, province {name}",
                Grouping.ALL: "Place {place} of {of}, all institutions",
            }[group.grouping],
            place=str(group.standing.place),
            of=str(group.standing.of),
            name=words.category(group.name or ""),
        )


def _plan(report: Report, words: Words) -> str:
    if report.planned is None or not report.planned.plan.steps:
        return ""
    plan = report.planned.plan
    after = words.number(plan.after.index, report.card.instrument.places)
    return words(
        "The cheapest plan raises {count} {count:indicator|indicators} by {levels} "
        "{levels:level|levels} and reaches {index}, {predicate}",
        count=str(len(plan.steps)),
        levels=words.exact(plan.cost),
        index=after,
        predicate=plan.after.predicate.name,
    )


def inputs_section(report: Report, words: Words) -> Section:
    """Return what the report rests on, what must be known of it, and what is left out."""
    assessment = report.card.assessment
    blocks: list[Block] = [facts_of(report, words)]
    if assessment.source is not None:
        source = words(
            "Read from {name}, SHA-256 {sum}",
            name=visible(assessment.source.path.replace("\\", "/").rsplit("/", 1)[-1]),
            sum=assessment.source.sha256,
        )
        blocks.append(Text(source))
    notices = [words.problem(notice)[0] for notice in notices_of(report.reading.notices)]
    if notices:
        blocks.append(Listing(words("To be known"), [visible(notice) for notice in notices]))
    left_out = [_left_out(omission, words) for omission in report.omissions]
    if left_out:
        blocks.append(Listing(words("Left out of this report"), left_out))
    return Section(words("Basis of this report"), blocks, "inputs")


def _left_out(omission: Omission, words: Words) -> str:
    return {
        Omission.RADAR: words("Radar chart: it takes at least three aspects"),
        Omission.LEVEL_TARGET: words(
            "Indicators below their target: the instrument states no target"
        ),
        Omission.CRITERIA: words("Criteria and evidence: the instrument comes without"),
        Omission.DETAIL: words("Notes, evidence and responsible units: the score sheet has none"),
        Omission.PREVIOUS: words("Change: no earlier assessment was given (--previous)"),
        Omission.STRUCTURE: words("Contributions to the change: the two instruments differ"),
        Omission.INDEX: words("Change: the earlier assessment is of another index"),
        Omission.PLAN: words("The cheapest plan: no target was given (--target)"),
        Omission.PEERS: words("Other institutions: no table of them was given (--peers)"),
        Omission.CATEGORY: words(
            "Place in the category: it is not known, or the table has none of it"
        ),
        Omission.PROVINCE: words(
            "Place in the province: it is not known, or the table has none of it"
        ),
    }[omission]


def document_of(report: Report, words: Words) -> Document:
    """Return the report in one language, every figure as it is shown."""
    card = report.card
    name = visible(card.assessment.institution or words("Institution without a name"))
    index_name = card.instrument.index_name
    return Document(
        language=words.language,
        title=words("Evaluation report, {index}: {name}", index=index_name, name=name),
        headline=_headline(report, name, words),
        ladder=_ladder(report, words),
        sections=list(_sections(report, words)),
        contents=words("Contents"),
        whatif=lambda: whatif_of(report, words),
        ending=name,
    )


def _sections(report: Report, words: Words) -> Iterator[Section]:
    yield summary_section(report, words)
    yield groups_section(report, words)
    yield findings_section(report, words)
    yield from target_section(report, words)
    yield from change_section(report, words)
    yield from peers_section(report, words)
    yield from plan_section(report, words)
    yield recommendations_section(report, words)
    yield indicators_section(report, words)
    yield method_section(report, words)
    yield inputs_section(report, words)


def _headline(report: Report, name: str, words: Words) -> Headline:
    card = report.card
    instrument, assessment = card.instrument, card.assessment
    year = str(assessment.year) if assessment.year is not None else ""
    scale = instrument.scale
    return Headline(
        institution=name,
        when=", ".join(filter(None, [year, stage_text(assessment, words)])),
        index_name=instrument.index_name,
        value=words.number(card.index, instrument.places),
        predicate=card.predicate.name,
        tone=tone_of(instrument, card.predicate),
        distance=next_text(card, words),
        scale=words(
            "on a scale from {lowest} to {highest}",
            lowest=words.exact(scale.lowest),
            highest=words.exact(scale.highest),
        ),
    )


def _ladder(report: Report, words: Words) -> Ladder:
    card = report.card
    instrument = card.instrument
    places, scale = instrument.places, instrument.scale
    bands = [
        (each.name, threshold, words.number(threshold, places))
        for each in reversed(instrument.predicates)
        for threshold in [each.threshold if each.threshold is not None else scale.lowest]
    ]
    marks = [(words.number(card.index, places), card.index)]
    comparison = report.comparison
    if comparison is not None and comparison.comparable:
        label = words.number(comparison.before.index, places)
        marks.append((words("before {index}", index=label), comparison.before.index))
    said = {
        "index": marks[0][0],
        "highest": words.exact(scale.highest),
        "predicate": card.predicate.name,
    }
    thresholds = ", ".join(f"{name} {shown}" for name, _, shown in bands[1:])
    return Ladder(
        title=words("The index among the predicates"),
        description=words(
            "{index} of {highest}: {predicate}. Thresholds: {thresholds}",
            **said,
            thresholds=thresholds,
        )
        if thresholds
        else words("{index} of {highest}: {predicate}", **said),
        bands=bands,
        marks=marks,
        top=(scale.highest, words.number(scale.highest, places)),
    )
