"""A report: what it says, section by section."""

from collections.abc import Iterator
from datetime import date

from spbe_cli.answers.report_parts import (
    facts_of,
    findings_section,
    groups_section,
    indicators_section,
    level_lines,
    peers_section,
    stage_text,
)
from spbe_cli.answers.report_plan import change_section, plan_section, recommendations_section
from spbe_cli.answers.report_summary import first_sections
from spbe_cli.answers.report_whatif import whatif_of
from spbe_cli.answers.score import next_text, tone_of
from spbe_cli.core.assessment import Stage
from spbe_cli.core.instrument import Basis, Instrument
from spbe_cli.core.problem import notices_of
from spbe_cli.core.report import Formalities, Omission, Report
from spbe_cli.formats.blocks import (
    SIGNS,
    Block,
    Document,
    Headline,
    Ladder,
    Letter,
    Listing,
    Names,
    Section,
    Signing,
    Text,
    visible,
)
from spbe_cli.words import Words


def kind_text(stage: Stage | None, words: Words) -> str:
    """Return what a report on this stage is called: of an evaluation only if it is final."""
    return words(
        {
            None: "Assessment report",
            Stage.TARGET: "Report on a target",
            Stage.SELF: "Self-assessment report",
            Stage.VERIFICATION: "Result of the internal verification",
            Stage.DOCUMENT: "Result of the document assessment",
            Stage.HARMONISATION: "Result of the harmonisation",
            Stage.INTERVIEW: "Result of the interview assessment",
            Stage.VISIT: "Result of the visit assessment",
            Stage.EXTERNAL: "Result of the external assessment",
            Stage.FINAL: "Evaluation report",
        }[stage]
    )


def day_text(day: date, words: Words) -> str:
    """Return a day as it is written above a signature: 27 November 2026."""
    month = words(
        {
            1: "January",
            2: "February",
            3: "March",
            4: "April",
            5: "May",
            6: "June",
            7: "July",
            8: "August",
            9: "September",
            10: "October",
            11: "November",
            12: "December",
        }[day.month]
    )
    return f"{day.day} {month} {day.year}"


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
        *level_lines(instrument, words),
    ]
    return Section(words("Method"), blocks, "method")


def _basis_text(report: Report, words: Words) -> str:
    if report.card.verdict.basis is Basis.EXACT:
        return words("In this year the exact index decides the predicate.")
    return words("In this year the rounded index decides the predicate.")


def _references(instrument: Instrument, words: Words) -> Iterator[str]:
    yield f"{instrument.title} ({instrument.id})"
    for reference in instrument.references:
        yield ", ".join(
            filter(None, [reference.name or words.law(reference.title), reference.article])
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
        Omission.REST: words("Criteria, notes and evidence of the other indicators (--full)"),
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
    kind = kind_text(card.assessment.stage, words)
    letter = _letter(report.formalities, words)
    return Document(
        language=words.language,
        kind=kind,
        title=f"{kind}, {card.instrument.index_name}: {name}",
        headline=_headline(report, name, words),
        ladder=_ladder(report, words),
        sections=list(_sections(report, words)),
        contents=words("Contents"),
        whatif=lambda: whatif_of(report, words),
        ending=name,
        signing=_signing(report.formalities, letter),
        letter=letter,
        names=() if words.language == "id" else _names(card.instrument),
    )


def _names(instrument: Instrument) -> Names:
    """Return the Indonesian names that a report in another language says."""
    kinds = instrument.scale.names.values()
    return Names(
        (
            instrument.index_name,
            instrument.title,
            *(group.name for group, _, _ in instrument.nodes),
            *(indicator.name for indicator in instrument.indicators),
            *(predicate.name for predicate in instrument.predicates),
            *(name for of_kind in kinds for name in of_kind.values()),
            *(band.name for band in instrument.scale.bands),
            *(reference.name or reference.title for reference in instrument.references),
            *(reference.article for reference in instrument.references),
        )
    )


def _letter(formalities: Formalities, words: Words) -> Letter:
    day = "" if formalities.day is None else day_text(formalities.day, words)
    return Letter(visible(formalities.number), day, visible(formalities.place))


def _signing(formalities: Formalities, letter: Letter) -> Signing | None:
    """Return the place for signatures, None where nothing of it was given."""
    where = ", ".join(filter(None, [letter.place, letter.date]))
    signatories = [
        (visible(each.position), visible(each.name), _service_number(visible(each.number)))
        for each in formalities.signatories
    ]
    return Signing(where, signatories) if where or signatories else None


def _service_number(number: str) -> str:
    """Return the number of a civil servant under its name; another one says itself what it is."""
    return f"NIP {number}" if number[:1].isdigit() else number


def _sections(report: Report, words: Words) -> Iterator[Section]:
    yield from first_sections(report, words)
    yield groups_section(report, words)._replace(begins_page=True)
    yield findings_section(report, words)
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
    number = report.formalities.number
    tone = tone_of(instrument, card.predicate)
    shown = words.number(card.index, instrument.places)
    ends = {"lowest": words.exact(scale.lowest), "highest": words.exact(scale.highest)}
    on = words("on a scale from {lowest} to {highest}", **ends)
    exact = words.exact(card.index)
    if exact != shown.rstrip("0").rstrip(",."):
        on = words("{scale}; exactly {exact}", scale=on, exact=exact)
    return Headline(
        institution=name,
        when=", ".join(filter(None, [year, stage_text(assessment, words)])),
        index_name=instrument.index_name,
        value=shown,
        predicate=card.predicate.name,
        tone=tone,
        distance=next_text(card, words),
        scale=on,
        number=words("Number: {number}", number=visible(number)) if number else "",
        sign=SIGNS.get(tone, ""),
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
