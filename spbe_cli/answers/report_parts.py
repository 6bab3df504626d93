"""The parts of a report that show how things stand: tables, radar, findings, peers."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from operator import attrgetter
from typing import Any

from spbe_cli.answers.change import labels_of
from spbe_cli.answers.score import predicate_cell
from spbe_cli.answers.shared import node_rows, whole_row
from spbe_cli.core.assessment import Assessment
from spbe_cli.core.instrument import Group, Instrument
from spbe_cli.core.population import Grouping, PeerGroup, Peers
from spbe_cli.core.report import Finding, Omission, Report
from spbe_cli.core.score import IndicatorScore, NodeScore, Scorecard, points_in
from spbe_cli.formats.blocks import (
    SIGNS,
    Block,
    Cell,
    Column,
    Listing,
    Radar,
    RadarLine,
    Row,
    Section,
    Table,
    Text,
    Tone,
    visible,
)
from spbe_cli.words import Words

_BELOW = SIGNS[Tone.POOR]


def stage_text(assessment: Assessment, words: Words) -> str:
    """Return the stage's name, empty where the assessment states none."""
    return words(f"stage {assessment.stage}") if assessment.stage else ""


def level_text(instrument: Instrument, score: IndicatorScore, words: Words) -> str:
    """Return a level with its name: `3 Terdefinisi`, or a value: `1.17 (1 Merintis)`."""
    return words.level(instrument, score.indicator, score.level)


def share_of_scale(instrument: Instrument, value: Fraction) -> Fraction:
    """Return the part of the scale, from 0 to its highest, that a level or index fills."""
    return value / instrument.scale.highest


def groups_section(report: Report, words: Words) -> Section:
    """Return domains and aspects with weights and indices, as a table and as a radar chart."""
    card = report.card
    instrument = card.instrument
    places = instrument.places
    columns = [
        Column(words("Code")),
        Column(words("Name")),
        Column(words("Weight"), numeric=True),
        Column(words("Index"), numeric=True),
        Column(words("Points"), numeric=True),
        Column(words("Predicate (aid)")),
    ]
    points = points_in(card, with_indicators=False)
    weights = weights_of(instrument, words)

    def at_node(place: int, group: Group, tone: Tone) -> Iterator[Cell]:
        node = card.nodes[place]
        yield Cell(weights[group.code])
        yield Cell(words.number(node.index, places), tone, _bar(card, node.index))
        yield Cell(words.number(points.groups[group.code], points.places))
        yield predicate_cell(instrument, node.predicate)

    total = [
        Cell(words.weight(instrument.weight)),
        Cell(words.number(card.index, places), Tone.STRONG, _bar(card, card.index)),
        Cell(words.number(points.total, points.places)),
        predicate_cell(instrument, card.predicate),
    ]
    nodes = node_rows(instrument, at_node)
    rows = [row._replace(section=row.cells[0].tone is Tone.STRONG) for row in nodes]
    rows.append(whole_row(instrument, total))
    blocks: list[Block] = [Table(columns, rows)]
    said = words(
        "Weights in percent; points are what each adds to the index, and add up to it. Only the "
        "index has a predicate by the regulation; those of domains and aspects, taken by the same "
        "thresholds, are an aid to reading."
    )
    blocks.append(Text(said, Tone.FAINT))
    if Omission.RADAR not in report.omissions:
        blocks.append(_radar(report, words))
    return Section(words("Domains and aspects"), blocks, "groups")


def _bar(card: Scorecard, value: Fraction) -> Fraction:
    return share_of_scale(card.instrument, value)


def _radar(report: Report, words: Words) -> Radar:
    card = report.card
    nodes = [finding.node for finding in report.findings]
    label = str(card.assessment.year or "") or words("Index")
    lines = [_line(label, [node.index for node in nodes], card, words)]
    comparison = report.comparison
    if comparison is not None and comparison.comparable and report.series is not None:
        before = [comparison.before.index_at(node.group.code) for node in nodes]
        labels = labels_of(report.series.readings, words)
        lines = [lines[0]._replace(label=labels[-1]), _line(labels[0], before, card, words)]
    lines += list(_peer_lines(report, nodes, words))
    scale = card.instrument.scale
    series = ""
    if len(lines) > 1:
        others = "; ".join(f"{line.label}: {', '.join(line.shown)}" for line in lines[1:])
        series = f". {others}"
    rings = [Fraction(ring) for ring in range(int(scale.lowest), int(scale.highest) + 1)]
    values = "; ".join(
        f"{node.group.code} {node.group.name} {shown}"
        for node, shown in zip(nodes, lines[0].shown, strict=True)
    )
    return Radar(
        words("Indices of the aspects"),
        words("Radar chart, one axis an aspect: {values}", values=values + series),
        [(node.group.code, node.group.name) for node in nodes],
        lines,
        [(ring, words.exact(ring)) for ring in rings if ring > 0],
    )


def _line(label: str, values: Sequence[Fraction], card: Scorecard, words: Words) -> RadarLine:
    return RadarLine(label, values, [words.number(v, card.instrument.places) for v in values])


def _peer_lines(report: Report, nodes: Sequence[NodeScore], words: Words) -> Iterator[RadarLine]:
    """Yield the means of the narrowest group of peers that the table knows for every aspect.

    Where it knows the domains alone, an aspect stands beside the mean of its domain.
    """
    parents = {group.code: parent for group, parent, _ in report.card.instrument.nodes}
    for group in report.peers.groups[::-1] if report.peers else ():
        means, name = group.profile.nodes, words.category(group.name or "")
        name = name or words("all institutions")
        codes = [node.group.code for node in nodes]
        label = words("mean {group}", group=name)
        if not all(code in means for code in codes):
            codes = [_known_above(code, means, parents) for code in codes]
            label = words("mean {group}, of the domain", group=name)
        if all(codes):
            yield _line(label, [means[code].mean for code in codes], report.card, words)
            return


def _known_above(code: str, known: Mapping[str, Any], parents: Mapping[str, str | None]) -> str:
    """Return the nearest group from this one upwards that is known, empty if there is none."""
    found: str | None = code
    while found is not None and found not in known:
        found = parents[found]
    return found or ""


def indicators_section(report: Report, words: Words) -> Section:
    """Return every indicator with its level, a bar, its contribution, and its level before."""
    card = report.card
    points = points_in(card)
    scores = {score.indicator.code: score for score in card.indicators}
    before = _levels_before(report)
    has_units = any(score.entry.responsible for score in card.indicators)
    columns = [
        Column(words("Code")),
        Column(words("Indicator")),
        Column(words("Weight"), numeric=True),
        Column(words("Level")),
        Column(words("Points"), numeric=True),
        *([Column(words("Before"), numeric=True)] if before else []),
        *([Column(words("Responsible"))] if has_units else []),
    ]

    def more(code: str | None) -> Iterator[Cell]:
        if before:
            yield Cell(words.given(card.instrument, before[code]) if code else "")
        if has_units:
            yield Cell(visible(scores[code].entry.responsible) if code else "")

    look = _Look(report, words)
    weights = weights_of(card.instrument, words)
    rows = []
    for finding in report.findings:
        group = finding.node.group
        index = words.number(finding.node.index, card.instrument.places)
        texts = [
            group.code,
            group.name,
            weights[group.code],
            words("index {index}", index=index),
            words.number(points.groups[group.code], points.places),
        ]
        rows.append(Row((*(Cell(text, Tone.STRONG) for text in texts), *more(None)), section=True))
        for indicator in group.indicators:
            code = indicator.code
            shown = Cell(words.number(points.indicators[code], points.places))
            cells = (*look.named[code], look.level(scores[code]), shown)
            rows.append(Row((*cells, *more(code)), depth=1))
    blocks: list[Block] = [Table(columns, rows)]
    target = card.instrument.scale.target
    if target is not None and report.below_target:
        level = words.exact(target)
        said = words("{sign} below the target of level {level}", sign=_BELOW, level=level)
        blocks.insert(0, Text(said, Tone.FAINT))
    return Section(words("All indicators"), blocks, "indicators")


def _levels_before(report: Report) -> dict[str, Fraction]:
    """Return the earlier level of each indicator, nothing where they cannot be compared."""
    comparison = report.comparison
    if comparison is None or not comparison.comparable:
        return {}
    return {each.indicator.code: each.level for each in comparison.before.indicators}


def weights_of(instrument: Instrument, words: Words) -> Mapping[str, str]:
    """Return how the weights of an instrument are shown, by code of group; said once a language."""
    return instrument.once(
        f"weights {words.language}",
        lambda: {group.code: words.weight(group.weight) for group, _, _ in instrument.nodes},
    )


class _Look:
    """How indicators and levels are shown: each once said.

    `named` has the cells of each indicator that are alike in every report: code, name and weight.
    """

    def __init__(self, report: Report, words: Words) -> None:
        self._card = report.card
        self._words = words
        self._below = {score.indicator.code for score in report.below_target}
        self._levels: dict[tuple[Fraction, str | None], Cell] = {}
        instrument = report.card.instrument
        self.named: Mapping[str, tuple[Cell, ...]] = instrument.once(
            f"indicators {words.language}",
            lambda: {
                each.code: (Cell(each.code), Cell(each.name), Cell(words.weight(each.weight)))
                for each in instrument.indicators
            },
        )

    def level(self, score: IndicatorScore) -> Cell:
        """Return the level of an indicator."""
        indicator = score.indicator
        key = (score.level, indicator.capability)
        level = self._levels.get(key)
        if level is None:
            is_below = indicator.code in self._below
            level = Cell(
                level_text(self._card.instrument, score, self._words),
                Tone.POOR if is_below else Tone.PLAIN,
                _bar(self._card, score.level),
                _BELOW if is_below else "",
            )
            self._levels[key] = level
        return level


def level_lines(instrument: Instrument, words: Words) -> Iterator[Listing]:
    """Yield from which index on each predicate is, and what the levels are called."""
    thresholds = (
        (each.name, instrument.scale.lowest if each.threshold is None else each.threshold)
        for each in instrument.predicates
    )
    said = (
        words("{name} from {index}", name=name, index=words.number(least, instrument.places))
        for name, least in thresholds
    )
    yield Listing(words("Predicates"), [], "; ".join(said))
    kinds = {"process": words("Process capability"), "service": words("Service capability")}
    for kind, names in instrument.scale.names.items():
        levels = ", ".join(f"{words.exact(level)} {name}" for level, name in names.items())
        yield Listing(kinds.get(kind, kind), [], levels)
    if instrument.scale.bands:
        bands = (
            words("{name} from {index}", name=str(band), index=words.given(instrument, band.start))
            for band in instrument.scale.bands
        )
        yield Listing(words("Levels are bands of values"), [], "; ".join(bands))


def facts_of(report: Report, words: Words) -> Listing:
    """Return who was assessed, when, and with what."""
    assessment, instrument = report.card.assessment, report.card.instrument
    pairs = [
        (words("Institution"), assessment.institution or ""),
        (words("Category"), words.category(assessment.category or "")),
        (words("Province"), assessment.province or ""),
        (words("Year"), str(assessment.year or "")),
        (words("Stage"), stage_text(assessment, words).removeprefix("stage ")),
        (words("Instrument"), instrument.id),
    ]
    said = (f"{label}: {visible(value)}" for label, value in pairs if value)
    return Listing(words("Assessment"), [], "; ".join(said))


def named(nodes: Sequence[NodeScore], words: Words, places: int) -> str:
    """Return aspects with their indices: `A7 Layanan Administrasi ... (3.50)`."""
    return ", ".join(
        f"{node.group.code} {node.group.name} ({words.number(node.index, places)})"
        for node in nodes
    )


def title_of(score: IndicatorScore) -> str:
    """Return the code and name of an indicator."""
    return f"{score.indicator.code} {score.indicator.name}"


def findings_section(report: Report, words: Words) -> Section:
    """Return the strengths of each aspect, and what is below the target, by level.

    Indicators stand here by their codes: each has its name once, in the table of all of them.
    Without a target, weaknesses stand in its place.
    """
    instrument = report.card.instrument
    places, target = instrument.places, instrument.scale.target
    blocks: list[Block] = []
    if report.leading:
        leading = named(report.leading, words, places)
        lagging = named(report.lagging, words, places)
        blocks.append(Text(words("Leading: {aspects}", aspects=leading), Tone.GOOD))
        blocks.append(Text(words("Lagging: {aspects}", aspects=lagging), Tone.POOR))
    else:
        blocks.append(Text(words("All aspects have the same index: none leads and none lags")))
    title = words("Strengths and weaknesses")
    low = words("Weaknesses, by level")
    if target is not None:
        level = words.exact(target)
        title = words("Strengths, and what is below the target of level {target}", target=level)
        low = words("Below the target, by level")
        if not report.below_target:
            blocks.append(Text(words("Every indicator has reached it."), Tone.GOOD))
    columns = [
        Column(words("Code")),
        Column(words("Aspect")),
        Column(words("Strengths")),
        Column(words("Number") if target is None else words("Below"), numeric=True),
        Column(low),
    ]
    rows = [_finding(report, finding, words) for finding in report.findings]
    blocks.append(Table(columns, rows))
    blocks.append(Text(words("Numbers are the codes of indicators."), Tone.FAINT))
    return Section(title, blocks, "findings")


def _finding(report: Report, finding: Finding, words: Words) -> Row:
    group = finding.node.group
    codes = {indicator.code for indicator in group.indicators}
    low: Sequence[IndicatorScore] = finding.weaknesses
    if report.card.instrument.scale.target is not None:
        below = (each for each in report.below_target if each.indicator.code in codes)
        low = sorted(below, key=attrgetter("level"))
    count = words("{number} of {of}", number=str(len(low)), of=str(len(codes)))
    return Row(
        (
            Cell(group.code),
            Cell(group.name),
            Cell(_by_level(report, finding.strengths, words)),
            Cell(count, Tone.POOR if low else Tone.PLAIN),
            Cell(_by_level(report, low, words)),
        )
    )


def _by_level(report: Report, scores: Sequence[IndicatorScore], words: Words) -> str:
    """Return the codes of indicators under their levels: `level 1: 1, 2, 7-9; level 2: 3`."""
    instrument = report.card.instrument
    of_level: dict[Fraction, list[str]] = {}
    for each in scores:
        band = instrument.scale.band_of(each.level)
        level = each.level if band is None else band.level
        of_level.setdefault(level, []).append(each.indicator.code)
    return "; ".join(
        words(
            "level {level}: {indicators}",
            level=words.exact(level),
            indicators=instrument.listed(codes),
        )
        for level, codes in of_level.items()
    )


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
