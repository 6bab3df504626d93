"""The answers of `spbe instrument` and `spbe explain`."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial

from spbe_cli.answers.carried import external_lines
from spbe_cli.answers.shared import node_rows
from spbe_cli.core.compare import Difference, NodeFacts
from spbe_cli.core.instrument import (
    Basis,
    BasisPeriod,
    Criteria,
    Group,
    Indicator,
    Instrument,
    Predicate,
    Reason,
    Standing,
    Status,
)
from spbe_cli.formats.blocks import Cell, Column, Line, Row, Section, Table, Tone
from spbe_cli.words import Words


def list_page(instruments: Sequence[Instrument], words: Words) -> Section:
    """Return one row an instrument: id, legal basis, years, number of indicators, status."""
    columns = [
        Column(words("Id")),
        Column(words("Legal basis")),
        Column(words("Years")),
        Column(words("Indicators")),
        Column(words("Scale")),
        Column(words("Status")),
    ]
    rows = [
        Row(
            tuple(
                Cell(text)
                for text in (
                    instrument.id,
                    ", ".join(reference.title for reference in instrument.references[:1]),
                    _years(instrument),
                    str(len(instrument.indicators)),
                    words.scale(str(instrument.scale)),
                    words(instrument.status),
                )
            )
        )
        for instrument in instruments
    ]
    return Section(words("Instruments"), [Table(columns, rows)])


def show_page(instrument: Instrument, words: Words) -> Section:
    """Return an instrument with its legal basis, scale, predicates and all weights."""
    facts = (instrument.title, words(instrument.status), _years(instrument))
    above = [
        Line("; ".join(filter(None, facts))),
        *(
            Line(", ".join(filter(None, (r.title, r.article, r.link))), Tone.FAINT)
            for r in instrument.references
        ),
        Line(words("Scale {scale}", scale=words.scale(str(instrument.scale)))),
        *(Line(text) for text in _bands(instrument, words)),
        Line(_predicates(instrument, words)),
        *(_basis_lines(instrument, words)),
    ]
    if instrument.status is Status.PROVISIONAL:
        above.append(Line(_provisional(instrument, words), Tone.POOR))
        above += [Line(_reason(each, words)) for each in instrument.reasons]
    if instrument.external:
        above.append(Line(words("Indices of other evaluations:")))
        above += external_lines(instrument, words)
    columns = [Column(""), Column(words("Name")), Column(words("Weight"), numeric=True)]
    if instrument.shares:
        columns.append(Column(words("Share"), numeric=True))
    weights: dict[str | None, Fraction] = {None: instrument.weight}
    weights |= {group.code: group.weight for group, _, _ in instrument.nodes}

    def at_node(place: int, group: Group, tone: Tone) -> Iterator[Cell]:
        _, parent, _ = instrument.nodes[place]
        for text in _weights(instrument, group.weight, weights[parent], words):
            yield Cell(text, tone)

    def of_indicator(group: Group, each: Indicator) -> Iterator[Cell]:
        shown = _weights(instrument, each.weight, group.weight, words)
        for text in (_codes(each), each.name, *shown):
            yield Cell(text, Tone.FAINT)

    rows = list(node_rows(instrument, at_node, of_indicator))
    total = [Cell(""), Cell(words("Sum"), Tone.STRONG), Cell(words.weight(instrument.weight))]
    rows.append(Row((*total, *[Cell("")] * instrument.shares), section=True))
    return Section(instrument.id, [*above, Table(columns, rows)])


def _codes(indicator: Indicator) -> str:
    return " / ".join((indicator.code, *indicator.also))


def _bands(instrument: Instrument, words: Words) -> Iterator[str]:
    """Yield in one line which values belong to which level, where levels are bands."""
    bands = [
        words(
            "{predicate} from {threshold}",
            predicate=str(band),
            threshold=words.given(instrument, band.start),
        )
        for band in instrument.scale.bands
    ]
    if bands:
        yield words("Levels are bands of values: {bands}", bands=", ".join(bands))


def _provisional(instrument: Instrument, words: Words) -> str:
    if not instrument.reasons:
        return words("PROVISIONAL: the weights and thresholds are not confirmed")
    return words("PROVISIONAL, for these reasons:")


def _reason(reason: Reason, words: Words) -> str:
    """Return a statement about a provisional instrument, how sure it is, and its source."""
    says = {"text": reason.says[words.language], "source": reason.source}
    match reason.standing:
        case Standing.CONFIRMED if reason.sources is not None:
            sources = str(reason.sources)
            return words(
                "- confirmed by {sources} {sources:source|sources}: {text} ({source})",
                sources=sources,
                **says,
            )
        case Standing.CONFIRMED:
            return words("- confirmed: {text} ({source})", **says)
        case Standing.UNTESTED:
            return words("- untested: {text} ({source})", **says)
        case Standing.INFERRED:
            return words("- inferred: {text} ({source})", **says)


def difference_page(found: Difference, words: Words) -> Section:
    """Return a row for each node that differs, with its name and weight before and after."""
    before, after = found.before, found.after
    columns = [
        Column(""),
        Column(before.id),
        Column(words("Weight"), numeric=True),
        Column(after.id),
        Column(words("Weight"), numeric=True),
    ]
    rows = [
        Row((Cell(node.code), *_side(node.before, words), *_side(node.after, words)))
        for node in found.nodes
    ]
    above = [line for each in (before, after) for line in _method_lines(each, words)]
    if rows:
        return Section(f"{before.id} / {after.id}", [*above, Table(columns, rows)])
    same = [_method(instrument) for instrument in (before, after)]
    said = words("No difference in groups and indicators")
    if same[0] == same[1]:
        said = words("No difference")
    return Section(f"{before.id} / {after.id}", [*above, Line(said)])


def _method_lines(instrument: Instrument, words: Words) -> Iterator[Line]:
    """Yield how an instrument computes, and which index decides its predicate in which years."""
    counts = words(
        "groups: {groups}, indicators: {indicators}, scale {scale}",
        groups=str(len(instrument.nodes)),
        indicators=str(len(instrument.indicators)),
        scale=words.scale(str(instrument.scale)),
    )
    yield Line(f"{instrument.id}: {counts}; {_predicates(instrument, words)}")
    periods = "; ".join(_basis(period, words) for period in instrument.basis)
    yield Line(f"{instrument.id}: {periods}", Tone.FAINT)


def _method(instrument: Instrument) -> tuple[object, ...]:
    """Return what decides an index and its predicate beside the groups and indicators."""
    periods = [period._replace(evidence="") for period in instrument.basis]
    used = instrument.first_year, instrument.last_year
    places = instrument.places, instrument.index_name
    return instrument.scale, instrument.predicates, periods, used, places


def _side(facts: NodeFacts | None, words: Words) -> tuple[Cell, Cell]:
    if facts is None:
        return Cell("-", Tone.FAINT), Cell("-", Tone.FAINT)
    parent = f"{facts.parent} > " if facts.parent else ""
    return Cell(parent + facts.name), Cell(words.weight(facts.weight))


def _weights(
    instrument: Instrument, weight: Fraction, parent: Fraction, words: Words
) -> Iterator[str]:
    """Yield a weight, and the share of its parent where the regulation gives that."""
    if not instrument.shares:
        yield words.weight(weight)
        return
    yield words.exact(weight)
    yield words.percent(words.exact(weight * 100 / parent))


def _years(instrument: Instrument) -> str:
    first, last = instrument.first_year, instrument.last_year
    return f"{first or ''}-{last or ''}" if first != last else str(first or "")


def _predicates(instrument: Instrument, words: Words) -> str:
    return ", ".join(
        predicate.name
        if predicate.threshold is None
        else words(
            "{predicate} from {threshold}",
            predicate=predicate.name,
            threshold=words.number(predicate.threshold, instrument.places),
        )
        for predicate in instrument.predicates
    )


def _basis_lines(instrument: Instrument, words: Words) -> list[Line]:
    """Return a line for each period of the basis: which index decides the predicate, and why."""
    lines = []
    for period in instrument.basis:
        text = _basis(period, words)
        lines.append(Line(f"{text} ({period.evidence})" if period.evidence else text, Tone.FAINT))
    return lines


def _basis(period: BasisPeriod, words: Words) -> str:
    years = {"first": str(period.first_year), "last": str(period.last_year)}
    match period.first_year, period.last_year:
        case None, None:
            span = words("All years")
        case None, _:
            span = words("Up to {last}", **years)
        case _, None:
            span = words("From {first}", **years)
        case _:
            span = words("From {first} to {last}", **years)
    if period.basis is Basis.EXACT:
        return f"{span}: {words('the exact index decides the predicate')}"
    return f"{span}: {words('the rounded index decides the predicate')}"


def problem_page(code: str, words: Words) -> Section:
    """Return what a problem code means, why it is one, an example and the remedy."""
    entry = words.explanation(code)
    first, *further = entry.example.splitlines()
    parts = [
        (words("what"), entry.title),
        ("", entry.message),
        (words("why"), entry.why),
        (words("example"), first),
        *(("", line) for line in further),
        (words("remedy"), entry.hint),
    ]
    if entry.near is not None:
        parts.append(("", entry.near))
    rows = [Row((Cell(name, Tone.STRONG), Cell(text))) for name, text in parts]
    return Section(code, [Table([Column(""), Column("")], rows)])


def indicator_page(
    instrument: Instrument,
    code: str,
    criteria: Criteria | None,
    words: Words,
    serving: Sequence[Line] = (),
) -> Section:
    """Return an indicator with its weight, scale, and what each level demands and proves.

    `serving` says which old evidence serves it again, or what its own serves.
    """
    indicator = instrument.indicator_by_code[code]
    path = [
        f"{group.code} {group.name}" for group, _, below in instrument.nodes if indicator in below
    ]
    above = [
        Line(" > ".join(path), Tone.FAINT),
        Line(
            words(
                "Weight {weight} of {whole}; scale {scale}; instrument {instrument}",
                weight=words.weight(indicator.weight),
                whole=words.weight(instrument.weight),
                scale=words.scale(str(instrument.scale)),
                instrument=instrument.id,
            ),
            Tone.FAINT,
        ),
    ]
    if criteria is not None:
        above.append(Line(criteria.about))
    rows = list(_level_rows(instrument, indicator.capability or "", criteria, words))
    below = [] if criteria else [Line(words("This instrument comes without level criteria"))]
    if criteria is not None and criteria.doubtful:
        said = words("How many pieces a level has is in doubt ({source})", source=criteria.doubtful)
        below.append(Line(said, Tone.POOR))
    below += [*external_lines(instrument, words, code), *serving]
    columns = [Column(words("Level")), Column(words("Criterion and evidence"))]
    heading = words("Indicator {code}: {name}", code=code, name=indicator.name)
    tables = [Table(columns, rows)] if rows else []
    return Section(heading, [*above, *tables, *below])


def _level_rows(
    instrument: Instrument, capability: str, criteria: Criteria | None, words: Words
) -> Iterator[Row]:
    scale = instrument.scale
    names = {band.level: band.name for band in scale.bands} or scale.names.get(capability, {})
    shown = partial(words.given, instrument)
    spans = {band.level: f" ({shown(band.start)}-{shown(band.end)})" for band in scale.bands}
    levels = list(names or (criteria.levels if criteria else ()))
    for level in levels:
        says = criteria.levels.get(level, "") if criteria else ""
        name = f"{level} {names.get(level, '')}{spans.get(level, '')}".strip()
        yield Row((Cell(name, Tone.STRONG), Cell(says)), section=True)
        for number, item in enumerate(criteria.evidence.get(level, ()) if criteria else (), 1):
            yield Row((Cell(""), Cell(f"{number}. {item}", Tone.FAINT)))


def group_page(instrument: Instrument, code: str, words: Words) -> Section:
    """Return a domain or aspect with the indicators below it and their weights."""
    group, _, below = next(node for node in instrument.nodes if node[0].code == code)
    rows = [Row((Cell(i.code), Cell(i.name), Cell(words.weight(i.weight)))) for i in below]
    rows.append(Row((Cell(""), Cell(words("Sum")), Cell(words.weight(group.weight))), section=True))
    columns = [Column(""), Column(words("Indicator")), Column(words("Weight"), numeric=True)]
    return Section(f"{group.code} {group.name}", [Table(columns, rows)])


def predicate_page(instrument: Instrument, predicate: Predicate, words: Words) -> Section:
    """Return from which index on a predicate is given, and which index decides."""
    lines = [
        Line(words("Instrument {id}", id=instrument.id), Tone.FAINT),
        Line(_predicates(instrument, words)),
        *_basis_lines(instrument, words),
    ]
    columns = [Column(words("Predicate")), Column(words("Index from"), numeric=True)]
    least = predicate.threshold
    shown = words.number(instrument.scale.lowest if least is None else least, instrument.places)
    row = Row((Cell(predicate.name, Tone.STRONG), Cell(shown)))
    return Section(predicate.name, [Table(columns, [row]), *lines])
