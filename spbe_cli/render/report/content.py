"""A report as a document: which sections it has, and what stands at its top."""

from collections.abc import Iterator

from spbe_cli.core.report import Report
from spbe_cli.render.report.blocks import Document, Headline, Ladder, Section
from spbe_cli.render.report.context import change_section, peers_section, plan_section
from spbe_cli.render.report.findings import (
    findings_section,
    recommendations_section,
    target_section,
)
from spbe_cli.render.report.overview import (
    groups_section,
    indicators_section,
    method_section,
    stage_text,
)
from spbe_cli.render.report.remarks import inputs_section, summary_section
from spbe_cli.render.score_page import next_text, tone_of
from spbe_cli.render.view import visible
from spbe_cli.words import Words

__all__ = ["document_of"]


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
        ending=words("Made with spbe: exact arithmetic, rounded half up only where it is shown"),
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
    return Ladder(
        title=words("The index among the predicates"),
        description=words(
            "{index} of {highest}: {predicate}. Thresholds: {thresholds}",
            index=marks[0][0],
            highest=words.exact(scale.highest),
            predicate=card.predicate.name,
            thresholds=", ".join(f"{name} {shown}" for name, _, shown in bands[1:]),
        ),
        bands=bands,
        marks=marks,
        top=(scale.highest, words.number(scale.highest, places)),
    )
