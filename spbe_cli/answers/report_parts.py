"""The parts of a report: overview, and findings."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from spbe_cli.answers.change import labels_of
from spbe_cli.answers.score import tone_of
from spbe_cli.answers.shared import node_rows, step_text, whole_row
from spbe_cli.core.assessment import Assessment, Entry
from spbe_cli.core.instrument import Basis, Group, Instrument
from spbe_cli.core.number import shown_apart
from spbe_cli.core.report import Finding, Omission, Recommendation, Report
from spbe_cli.core.score import IndicatorScore, NodeScore, Points, Scorecard, points_in
from spbe_cli.formats.blocks import (
    Block,
    Card,
    Cell,
    Column,
    Facts,
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
        Column(words("Predicate")),
    ]
    points = points_in(card, with_indicators=False)

    def at_node(place: int, group: Group, tone: Tone) -> Iterator[Cell]:
        node = card.nodes[place]
        yield Cell(words.weight(group.weight))
        yield Cell(words.number(node.index, places), tone, _bar(card, node.index))
        yield Cell(words.number(points.groups[group.code], points.places))
        yield Cell(node.predicate.name, tone_of(instrument, node.predicate))

    total = [
        Cell(words.weight(instrument.weight)),
        Cell(words.number(card.index, places), Tone.STRONG, _bar(card, card.index)),
        Cell(words.number(points.total, points.places)),
        Cell(card.predicate.name, tone_of(instrument, card.predicate)),
    ]
    nodes = node_rows(instrument, at_node)
    rows = [row._replace(section=row.cells[0].tone is Tone.STRONG) for row in nodes]
    rows.append(whole_row(instrument, total))
    blocks: list[Block] = [Table(columns, rows, words("Domains and aspects"))]
    blocks.append(
        Text(
            words("Weights in percent; points are what each adds to the index, and add up to it"),
            Tone.FAINT,
        )
    )
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
    rings = [Fraction(ring) for ring in range(int(scale.lowest), int(scale.highest) + 1)]
    values = "; ".join(
        f"{node.group.code} {node.group.name} {shown}"
        for node, shown in zip(nodes, lines[0].shown, strict=True)
    )
    return Radar(
        words("Indices of the aspects"),
        words("Radar chart, one axis an aspect: {values}", values=values),
        [(node.group.code, node.group.name) for node in nodes],
        lines,
        [(ring, words.exact(ring)) for ring in rings if ring > 0],
    )


def _line(label: str, values: Sequence[Fraction], card: Scorecard, words: Words) -> RadarLine:
    return RadarLine(label, values, [words.number(v, card.instrument.places) for v in values])


def _peer_lines(report: Report, nodes: Sequence[NodeScore], words: Words) -> Iterator[RadarLine]:
    """Yield the means of the narrowest group of peers that the table knows for every aspect."""
    codes = [node.group.code for node in nodes]
    for group in report.peers.groups[::-1] if report.peers else ():
        means = group.profile.nodes
        if all(code in means for code in codes):
            name = group.name or words("all institutions")
            label = words("mean {group}", group=name)
            yield _line(label, [means[code].mean for code in codes], report.card, words)
            return


def indicators_section(report: Report, words: Words) -> Section:
    """Return every indicator with its level, a bar, and its contribution."""
    card = report.card
    points = points_in(card)
    scores = {score.indicator.code: score for score in card.indicators}
    has_units = any(score.entry.responsible for score in card.indicators)
    columns = [
        Column(words("Code")),
        Column(words("Indicator")),
        Column(words("Weight"), numeric=True),
        Column(words("Level")),
        Column(words("Points"), numeric=True),
        *([Column(words("Responsible"))] if has_units else []),
    ]
    rows = []
    for finding in report.findings:
        group = finding.node.group
        heading = [Cell(group.code, Tone.STRONG), Cell(group.name, Tone.STRONG)]
        heading.append(Cell(words.weight(group.weight), Tone.STRONG))
        index = words.number(finding.node.index, card.instrument.places)
        heading.append(Cell(words("index {index}", index=index), Tone.STRONG))
        shown = words.number(points.groups[group.code], points.places)
        heading.append(Cell(shown, Tone.STRONG))
        heading += [Cell("")] if has_units else []
        rows.append(Row(tuple(heading), section=True))
        rows += [
            _indicator_row(card, scores[indicator.code], words, points, has_units)
            for indicator in group.indicators
        ]
    return Section(
        words("Indicators"), [Table(columns, rows, words("All indicators"))], "indicators"
    )


def _indicator_row(
    card: Scorecard,
    score: IndicatorScore,
    words: Words,
    points: Points,
    has_units: bool,  # noqa: FBT001
) -> Row:
    target = card.instrument.scale.target
    below = target is not None and score.level < target
    cells = [
        Cell(score.indicator.code),
        Cell(score.indicator.name),
        Cell(words.weight(score.indicator.weight)),
        Cell(
            level_text(card.instrument, score, words),
            Tone.POOR if below else Tone.PLAIN,
            _bar(card, score.level),
        ),
        Cell(words.number(points.indicators[score.indicator.code], points.places)),
    ]
    return Row((*cells, *([Cell(score.entry.responsible)] if has_units else [])), depth=1)


def method_section(report: Report, words: Words) -> Section:
    """Return the method in short, with its legal basis."""
    instrument = report.card.instrument
    scale = instrument.scale
    blocks: list[Block] = [
        Text(
            words(
                "Each of {count} {count:indicator|indicators} has a maturity level on the scale "
                "{scale}. An index is the mean of the levels, weighted with the weights of the "
                "indicators, and nothing is rounded on the way; shown values are rounded half up "
                "to {places} {places:decimal|decimals}.",
                count=str(len(instrument.indicators)),
                scale=words.scale(str(scale)),
                places=str(instrument.places),
            )
        ),
        Text(_basis_text(report, words)),
        Text(words("Made with spbe: exact arithmetic, rounded half up only where it is shown.")),
        Listing(words("Legal basis"), list(_references(instrument, words))),
        _predicates_table(instrument, words),
    ]
    if scale.names:
        blocks.append(_names_table(instrument, words))
    if scale.bands:
        blocks.append(_bands_table(instrument, words))
    return Section(words("Method"), blocks, "method")


def _basis_text(report: Report, words: Words) -> str:
    if report.card.verdict.basis is Basis.EXACT:
        return words("In this year the exact index decides the predicate.")
    return words("In this year the rounded index decides the predicate.")


def _references(instrument: Instrument, words: Words) -> Iterator[str]:
    yield f"{instrument.title} ({instrument.id})"
    for reference in instrument.references:
        yield ", ".join(filter(None, [words.law(reference.title), reference.article]))


def _predicates_table(instrument: Instrument, words: Words) -> Table:
    columns = [Column(words("Predicate")), Column(words("Index from"), numeric=True)]
    rows = []
    for predicate in instrument.predicates:
        threshold = predicate.threshold
        lowest = instrument.scale.lowest if threshold is None else threshold
        shown = Cell(words.number(lowest, instrument.places))
        rows.append(Row((Cell(predicate.name, tone_of(instrument, predicate)), shown)))
    return Table(columns, rows, words("Predicates"), row_heading=0)


def _names_table(instrument: Instrument, words: Words) -> Table:
    names: Mapping[str, Mapping[Fraction, str]] = instrument.scale.names
    levels = sorted({level for of_kind in names.values() for level in of_kind})
    columns = [Column(words("Level"))]
    kinds = {"process": words("Process capability"), "service": words("Service capability")}
    columns += [Column(kinds.get(kind, kind)) for kind in names]
    rows = [
        Row((Cell(words.exact(lv)), *(Cell(of_kind.get(lv, "")) for of_kind in names.values())))
        for lv in levels
    ]
    return Table(columns, rows, words("Names of the levels"), row_heading=0)


def _bands_table(instrument: Instrument, words: Words) -> Table:
    columns = [Column(words("Level")), Column(words("Value from"), numeric=True)]
    rows = [
        Row((Cell(str(band)), Cell(words.given(instrument, band.start))))
        for band in instrument.scale.bands
    ]
    return Table(columns, rows, words("Levels are bands of values"), row_heading=0)


def facts_of(report: Report, words: Words) -> Facts:
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
    return Facts([pair for pair in pairs if pair[1]])


def named(nodes: Sequence[NodeScore], words: Words, places: int) -> str:
    """Return aspects with their indices: `A7 Layanan Administrasi ... (3.50)`."""
    return ", ".join(
        f"{node.group.code} {node.group.name} ({words.number(node.index, places)})"
        for node in nodes
    )


def findings_section(report: Report, words: Words) -> Section:
    """Return the leading and the lagging aspect, and each aspect's strengths and weaknesses."""
    places = report.card.instrument.places
    blocks: list[Block] = []
    if report.leading:
        leading = named(report.leading, words, places)
        lagging = named(report.lagging, words, places)
        blocks.append(Text(words("Leading: {aspects}", aspects=leading), Tone.GOOD))
        blocks.append(Text(words("Lagging: {aspects}", aspects=lagging), Tone.POOR))
    else:
        blocks.append(Text(words("All aspects have the same index: none leads and none lags")))
    blocks += [_finding(report, finding, words) for finding in report.findings]
    return Section(words("Strengths and weaknesses"), blocks, "findings")


def _finding(report: Report, finding: Finding, words: Words) -> Card:
    node = finding.node
    index = words.number(node.index, report.card.instrument.places)
    listings = [
        Listing(label, [_said(report, score, words) for score in scores])
        for label, scores in (
            (words("Strengths"), finding.strengths),
            (words("Weaknesses"), finding.weaknesses),
        )
        if scores
    ]
    return Card(
        f"{node.group.code} {node.group.name}",
        words("index {index}", index=index),
        "" if listings else words("No indicator is at the upper or the lower levels"),
        listings,
    )


def _said(report: Report, score: IndicatorScore, words: Words) -> str:
    level = level_text(report.card.instrument, score, words)
    indicator = score.indicator
    return words(
        "{code} {name}: level {level}", code=indicator.code, name=indicator.name, level=level
    )


def target_section(report: Report, words: Words) -> Iterator[Section]:
    """Yield the indicators below the level that each should reach, where there is one."""
    instrument = report.card.instrument
    target = instrument.scale.target
    if target is None:
        return
    title = words("Below the target of level {target}", target=words.exact(target))
    if not report.below_target:
        said = words("Every indicator has reached it.")
        yield Section(title, [Text(said, Tone.GOOD)], "target")
        return
    columns = [Column(words("Code")), Column(words("Indicator")), Column(words("Level"))]
    columns.append(Column(words("Short by"), numeric=True))
    rows = [
        Row(
            (
                Cell(score.indicator.code),
                Cell(score.indicator.name),
                Cell(
                    level_text(instrument, score, words),
                    bar=share_of_scale(instrument, score.level),
                ),
                Cell(words.exact(target - score.level)),
            )
        )
        for score in sorted(report.below_target, key=lambda score: score.level)
    ]
    count = words(
        "{count} of {of} {of:indicator|indicators}",
        count=str(len(report.below_target)),
        of=str(len(instrument.indicators)),
    )
    yield Section(title, [Text(count), Table(columns, rows, title)], "target")


def recommendations_section(report: Report, words: Words) -> Section:
    """Return what the next level of each indicator demands, in the order of what it gains."""
    if report.recommendations:
        blocks: list[Block] = [
            Text(
                words(
                    "The next level of each indicator, in the order of what it adds to the "
                    "index. Evidence that begins with Opsional, Dan/atau, Atau or Boleh is "
                    "not cumulative."
                )
            )
        ]
    else:
        blocks = [Text(words("Every indicator is at the highest level."), Tone.GOOD)]
    blocks += [_advice(report, each, words) for each in report.recommendations]
    at_the_top = [
        Card(_title(score), level_text(report.card.instrument, score, words), listings=given)
        for score in report.card.indicators
        if score.level == report.card.instrument.scale.highest
        and (given := list(_given(score.entry, words)))
    ]
    if at_the_top and report.recommendations:
        blocks.append(Text(words("At the highest level, with what the score sheet says of them")))
    return Section(words("Recommendations"), [*blocks, *at_the_top], "recommendations")


def _advice(report: Report, recommendation: Recommendation, words: Words) -> Card:
    lever, demand = recommendation.lever, recommendation.demand
    places = max(report.card.instrument.places + 2, shown_apart(lever.gain, Fraction(0)))
    remark = words(
        "level {step}, +{points} points",
        step=step_text(report.card.instrument, lever.before, lever.after, words),
        points=words.number(lever.gain, places),
    )
    text = ""
    listings = []
    if demand is not None and demand.criterion:
        name = f"{words.exact(demand.level)} {demand.name or ''}".strip()
        text = words("Level {level}: {criterion}", level=name, criterion=demand.criterion)
        if demand.evidence:
            listings.append(
                Listing(words("Evidence of level {level}", level=name), demand.evidence)
            )
    listings += _given(recommendation.score.entry, words)
    return Card(_title(recommendation.score), remark, text, listings)


def _title(score: IndicatorScore) -> str:
    return f"{score.indicator.code} {score.indicator.name}"


def _given(entry: Entry, words: Words) -> Iterator[Listing]:
    """Yield what the score sheet itself says of an indicator."""
    if entry.responsible:
        yield Listing(words("Responsible"), [visible(entry.responsible)])
    if entry.note:
        yield Listing(words("Note"), [visible(entry.note)])
    if entry.evidence:
        yield Listing(words("Evidence given"), [visible(item) for item in entry.evidence])
