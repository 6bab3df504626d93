"""Strengths and weaknesses, indicators below their target, and what to do next."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from spbe_cli.core.assessment import Entry
from spbe_cli.core.number import shown_apart
from spbe_cli.core.report import Finding, Recommendation, Report
from spbe_cli.core.score import IndicatorScore, NodeScore
from spbe_cli.render.report.blocks import Block, Card, Listing, Section, Table, Text
from spbe_cli.render.report.overview import level_text, share_of_scale
from spbe_cli.render.score_page import step_text
from spbe_cli.render.view import Cell, Column, Row, Tone, visible
from spbe_cli.words import Words

__all__ = [
    "findings_section",
    "named",
    "recommendations_section",
    "target_section",
]


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
    return Section("findings", words("Strengths and weaknesses"), blocks)


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
        yield Section("target", title, [Text(said, Tone.GOOD)])
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
        "{count} of {of} indicators",
        count=str(len(report.below_target)),
        of=str(len(instrument.indicators)),
    )
    yield Section("target", title, [Text(count), Table(title, columns, rows)])


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
    return Section("recommendations", words("Recommendations"), [*blocks, *at_the_top])


def _advice(report: Report, recommendation: Recommendation, words: Words) -> Card:
    lever, demand = recommendation.lever, recommendation.demand
    places = max(report.card.instrument.places + 2, shown_apart(lever.gain, Fraction(0)))
    remark = words(
        "level {step}, +{points} points",
        step=step_text(lever.before, lever.after, words),
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
