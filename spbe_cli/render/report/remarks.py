"""The summary at the top, and at the end what the report rests on and what it leaves out."""

from collections.abc import Iterator

from spbe_cli.core.instrument import Status
from spbe_cli.core.problem import notices_of
from spbe_cli.core.report import Omission, Report
from spbe_cli.render.change_text import bases_lines, predicate_line, signed
from spbe_cli.render.report.blocks import Block, Listing, Section, Text
from spbe_cli.render.report.context import grouping_text
from spbe_cli.render.report.findings import named
from spbe_cli.render.report.overview import facts_of
from spbe_cli.render.score_page import next_text, tone_of
from spbe_cli.render.view import Tone, visible
from spbe_cli.words import Words

__all__ = ["inputs_section", "summary_section"]


def summary_section(report: Report, words: Words) -> Section:
    """Return the result and what matters most about it, in a few lines."""
    card = report.card
    index = words.number(card.index, card.instrument.places)
    result = words(
        "{name} {index} (exactly {exact}), predicate {predicate}. {next}.",
        name=card.instrument.index_name,
        index=index,
        exact=words.exact(card.index),
        predicate=card.predicate.name,
        next=next_text(card, words),
    )
    blocks: list[Block] = [Text(result, tone_of(card.instrument, card.predicate))]
    if card.instrument.status is Status.PROVISIONAL:
        warning = words("PROVISIONAL: the weights and thresholds are not confirmed")
        blocks.insert(0, Text(warning, Tone.POOR))
    blocks += [Text(line.text, line.tone) for line in bases_lines([("", card)], words)]
    if card.assessment.note:
        blocks.append(Text(visible(card.assessment.note), Tone.FAIR))
    blocks.append(Listing("", [item for item in _highlights(report, words) if item]))
    return Section("summary", words("Summary"), blocks)


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
    yield from _places(report, words)
    yield _plan(report, words)


def _change(report: Report, words: Words) -> str:
    comparison = report.comparison
    if comparison is None:
        return ""
    places = report.card.instrument.places
    return words(
        "Before: {before}; change {change}. {predicate}.",
        before=words.number(comparison.before.index, places),
        change=signed(comparison.delta, words, places),
        predicate=predicate_line(comparison.before, comparison.after, words).text,
    )


def _places(report: Report, words: Words) -> Iterator[str]:
    for group in report.peers.groups if report.peers else ():
        yield words(
            "Place {place} of {of}, {group}",
            place=str(group.standing.place),
            of=str(group.standing.of),
            group=grouping_text(group, words),
        )


def _plan(report: Report, words: Words) -> str:
    if report.planned is None or not report.planned.plan.steps:
        return ""
    plan = report.planned.plan
    after = words.number(plan.after.index, report.card.instrument.places)
    return words(
        "The cheapest plan raises {count} indicators by {levels} levels and reaches {index}, "
        "{predicate}",
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
    return Section("inputs", words("Basis of this report"), blocks)


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
        Omission.PLAN: words("The cheapest plan: no target was given (--target)"),
        Omission.PEERS: words("Other institutions: no table of them was given (--peers)"),
        Omission.CATEGORY: words(
            "Place in the category: it is not known, or the table has none of it"
        ),
        Omission.PROVINCE: words(
            "Place in the province: it is not known, or the table has none of it"
        ),
    }[omission]
