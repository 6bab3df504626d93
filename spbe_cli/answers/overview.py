"""Several score sheets at a glance: a row each, in place of a page."""

from collections.abc import Iterator, Sequence

from spbe_cli.answers.score import bases_text, heading_of, predicate_cell
from spbe_cli.answers.shared import at_least, provisional_text
from spbe_cli.core.assessment import Stage
from spbe_cli.core.institution import identity
from spbe_cli.core.instrument import Status
from spbe_cli.core.score import Result
from spbe_cli.formats.blocks import Cell, Column, Line, Row, Section, Table, Tone
from spbe_cli.words import Words


def overview_page(results: Sequence[Result], words: Words, *, exact: bool = False) -> Section:
    """Return a table with a row a sheet: whose, index, predicate, what lacks to the next one.

    With the change from the last year before that the same institution has among them.
    """
    befores = list(_befores(results))
    has_change = any(before is not None for before in befores)
    columns = [Column(words("Institution")), Column(words("Index"), numeric=True)]
    columns += [Column(words("Change"), numeric=True)] * has_change
    columns += [Column(words("Predicate")), Column(words("To the next"))]
    rows = [
        Row(
            (
                Cell(heading_of(result.reading, words)),
                Cell(_index(result, words, exact=exact), Tone.STRONG),
                *[Cell(_change(result, before, words))] * has_change,
                _predicate(result),
                Cell(_next(result, words)),
            )
        )
        for result, before in zip(results, befores, strict=True)
    ]
    title = words("{count} score sheets", count=str(len(results)))
    return Section(title, [Table(columns, rows), *_below(results, befores, words)])


_OfOne = dict[int, dict[Stage | None, Result | None]]
"""One institution's results with an instrument by year and stage; None where several differ."""


def _befores(results: Sequence[Result]) -> Iterator[Result | None]:
    """Yield for each the same institution's result of the last year before; None without one.

    Of that year the one of its own stage is taken, if there is one. Sought by name and year, not
    among all: there may be thousands.
    """
    known: dict[tuple[str | None, str], _OfOne] = {}
    for each in results:
        assessment = each.reading.assessment
        if assessment.year is not None and each.bounds is None:
            by_stage = known.setdefault(_key(each), {}).setdefault(assessment.year, {})
            first = by_stage.setdefault(assessment.stage, each)
            if first is not None and first.lowest.index != each.lowest.index:
                by_stage[assessment.stage] = None  # from which of them it changed is not known
    for each in results:
        yield None if each.bounds is not None else _before(each, known.get(_key(each), {}))


def _before(result: Result, of_one: _OfOne) -> Result | None:
    year, stage = result.reading.assessment.year, _stage(result)
    last = max((each for each in of_one if year is not None and each < year), default=None)
    if last is None or _who(result) is None:
        return None
    by_stage = of_one[last]
    found = by_stage[stage] if stage in by_stage else next(iter(by_stage.values()))
    if found is None or found.reading.instrument != result.reading.instrument:
        return None
    return found


def _key(result: Result) -> tuple[str | None, str]:
    return _who(result), result.reading.instrument.id


def _who(result: Result) -> str | None:
    assessment = result.reading.assessment
    name = assessment.institution
    return identity(name, assessment.category) if name else None


def _stage(result: Result) -> Stage | None:
    return result.reading.assessment.stage


def _index(result: Result, words: Words, *, exact: bool) -> str:
    places = result.reading.instrument.places
    values = dict.fromkeys(
        words.exact(card.index) if exact else words.number(card.index, places)
        for card in result.cards
    )
    return "..".join(values)


def _change(result: Result, before: Result | None, words: Words) -> str:
    if before is None:
        return ""
    change = result.lowest.index - before.lowest.index
    return words.number(change, result.reading.instrument.places, sign=True)


def _predicate(result: Result) -> Cell:
    lowest = result.lowest
    names = dict.fromkeys(card.predicate.name for card in result.cards)
    if len(names) == 1:
        return predicate_cell(lowest.instrument, lowest.predicate)
    return Cell("..".join(names), Tone.FAIR)


def _next(result: Result, words: Words) -> str:
    verdict = result.lowest.verdict
    if result.bounds is not None or verdict.next is None or verdict.distance is None:
        return ""
    points = at_least(verdict.distance, words, result.reading.instrument.places)
    name = words.predicate(verdict.next.name)
    return words("{points} to {predicate}", points=points, predicate=name)


def _below(
    results: Sequence[Result], befores: Sequence[Result | None], words: Words
) -> Iterator[Line]:
    """Yield what must be known of some of them, by name, and where the rest is."""
    instruments = {each.reading.instrument.id: each.reading.instrument for each in results}
    for instrument in instruments.values():
        if instrument.status is Status.PROVISIONAL:
            yield Line(f"{instrument.id}: {provisional_text(instrument, words)}", Tone.POOR)
    for each, before in zip(results, befores, strict=True):
        who = heading_of(each.reading, words)
        if before is not None and _stage(before) not in (None, _stage(each) or _stage(before)):
            than = heading_of(before.reading, words)
            yield Line(words("{who}: the change is from another stage: {than}", who=who, than=than))
        if each.bounds is not None:
            count = str(len(each.bounds.missing))
            text = words("{who}: levels missing: {count}", who=who, count=count)
            yield Line(text, Tone.FAIR)
        for card in each.cards:
            if card.verdict.bases_differ:
                yield Line(f"{who}: {bases_text(card, words)}", Tone.FAIR)
    yield Line(words("--pages shows the domains and aspects of each"), Tone.FAINT)
