"""The first page of a report, whole in itself."""

from collections.abc import Iterator
from fractions import Fraction
from textwrap import shorten

from spbe_cli.answers.change import bases_lines, no_difference_text, predicate_line, signed_whole
from spbe_cli.answers.report_parts import level_text, named, title_of
from spbe_cli.answers.shared import provisional_text, step_text
from spbe_cli.core.instrument import Status
from spbe_cli.core.number import shown_apart
from spbe_cli.core.population import Grouping
from spbe_cli.core.report import Recommendation, Report
from spbe_cli.formats.blocks import (
    Block,
    Cell,
    Column,
    Listing,
    Row,
    Section,
    Table,
    Text,
    Tone,
    visible,
)
from spbe_cli.words import Words

_STRENGTHS, _ACTIONS = 3, 5
_WHO = 80  # characters of who is responsible: in full it stands in the table of all indicators
_LONG_NOTE = 400
"""Characters of an office's note beyond which it is a page of its own behind the first."""


def first_sections(report: Report, words: Words) -> Iterator[Section]:
    """Yield the summary, and before it, or on a page behind it if it is long, the foreword."""
    note = report.card.assessment.note
    foreword = Section(words("Foreword"), [Text(visible(note))], "foreword")
    is_long = len(note) > _LONG_NOTE
    if note and not is_long:
        yield foreword
    yield _summary(report, words)
    if is_long:
        yield foreword._replace(begins_page=True)


def _summary(report: Report, words: Words) -> Section:
    """Return what matters most: change, place, strengths, and the actions that bring most."""
    card = report.card
    blocks: list[Block] = []
    if card.instrument.status is Status.PROVISIONAL:
        blocks.append(Text(provisional_text(card.instrument, words), Tone.POOR))
    blocks += [Text(line.text, line.tone) for line in bases_lines([("", card)], words)]
    blocks.append(Listing("", [item for item in _highlights(report, words) if item]))
    blocks += _strengths(report, words)
    blocks += _actions(report, words)
    return Section(words("Summary"), blocks, "summary")


def _strengths(report: Report, words: Words) -> Iterator[Block]:
    """Yield the three strengths that add most, the highest level first."""
    strongest = report.strongest[:_STRENGTHS]
    instrument = report.card.instrument
    said = [f"{title_of(each)}: {level_text(instrument, each, words)}" for each in strongest]
    if said:
        yield Listing(words("Strengths"), said)
    else:
        yield Listing(words("Strengths"), [], words("No indicator is at the upper levels."))


def _actions(report: Report, words: Words) -> Iterator[Block]:
    """Yield the five rises that bring most, those of the plan first, with who is responsible."""
    foremost = report.foremost[:_ACTIONS]
    foremost.sort(key=lambda each: (not each.is_planned, -each.lever.gain))
    if not foremost:
        yield Text(words("Every indicator is at the highest level."), Tone.GOOD)
        return
    columns = [
        Column(words("Code")),
        Column(words("Indicator")),
        Column(words("Level")),
        Column(words("Responsible")),
        Column(words("Adds to the index"), numeric=True),
    ]
    rows = [_action(report, each, words) for each in foremost]
    caption = words("What brings most")
    if report.planned is not None and foremost[0].is_planned:
        caption = words("What brings most of the plan")
        if not all(each.is_planned for each in foremost):
            caption = words("What brings most, the plan's rises first")
    yield Table(columns, rows, caption)


def _action(report: Report, each: Recommendation, words: Words) -> Row:
    lever, instrument = each.lever, report.card.instrument
    who = shorten(visible(each.score.entry.responsible), _WHO, placeholder="…")
    places = max(instrument.places + 2, shown_apart(lever.gain, Fraction(0)))
    return Row(
        (
            Cell(lever.indicator.code),
            Cell(lever.indicator.name),
            Cell(step_text(instrument, lever.before, lever.after, words)),
            Cell(who) if who else Cell(words("not stated"), Tone.FAINT),
            Cell(f"+{words.number(lever.gain, places)}"),
        )
    )


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
