"""The cheapest plan: as a page for people, as `spbe-plan/1`, and as rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, NamedTuple, assert_never

from spbe_cli.answers.score import above_of, bases_lines, heading_of, predicate_cell, tone_of
from spbe_cli.answers.shape import OMITTED, Count, Document, Number, Shape, Value, csv_rows, take
from spbe_cli.answers.shared import WHO, Head, ScoreShape, step_text
from spbe_cli.core.alternatives import Alternative, EffortUnit, Planned, Style
from spbe_cli.core.evidence import demands_of
from spbe_cli.core.instrument import Criteria, Demand, Instrument
from spbe_cli.core.number import (
    apportioned,
    enough_places,
    exact,
    rounded,
    rounded_up,
    shown_apart,
    telling_places,
)
from spbe_cli.core.plan import Plan, Rise
from spbe_cli.core.problem import Place
from spbe_cli.core.score import Reading
from spbe_cli.formats.blocks import Cell, Column, Line, Row, Section, Table, Tone
from spbe_cli.words import Words

_MOST_PLACES = 9

AllCriteria = Mapping[str, Mapping[str, Criteria]]


class TargetShape(Shape):
    """What was to be reached: the least exact index, and the predicate that it earns, if any."""

    index: Value = take("plan.target")
    predicate: str | None = take("predicate.name")


class DemandShape(Shape):
    """What one level demands, and the evidence that proves it.

    Where it is known what is accepted, `evidence` is what is not, and `needed` how many of it lack.
    """

    level: Number
    name: str | None
    criterion: str | None
    evidence: list[str]
    needed: Annotated[int | None, OMITTED]


class StepShape(Shape):  # noqa: D101  (a docstring would stand in the schema)
    indicator: str = take("rise.indicator.code")
    name: str = take("rise.indicator.name")
    from_: Number = take("rise.before")
    to: Number = take("rise.after")
    cost: Number = take("rise.cost")
    gain: Value = take("rise.gain")
    demands: list[DemandShape]


class EffortShape(Shape):
    """A cost, and the best index that it can reach."""

    cost: Number
    index: Value = take("best")


class AlternativeShape(Shape):
    """The plan of one style in short; `levels` holds where each indicator ends that rises.

    `effort_levels` counts levels, `effort_evidence` pieces of evidence, null where they are not
    known. `proof` is the best that less effort of that style can reach: less cost, or with the
    style `fewest` fewer indicators.
    """

    style: Style
    reached: bool = take("plan.reached")
    cost: Number = take("plan.cost")
    effort_levels: Number = take("levels")
    effort_evidence: Number | None = take("pieces")
    indicators: Count = take(lambda each: len(each.plan.steps))
    index: Value = take("plan.after.index")
    predicate: str = take("plan.after.predicate.name")
    levels: dict[str, Number] = take(
        lambda each: {step.indicator.code: step.after for step in each.plan.steps}
    )
    proof: EffortShape | None = take("plan.next_best")


class YearShape(Shape):
    """One year of the plan, from 1: the levels of the indicators that rise in it, and its end."""

    year: int = take("number")
    levels: dict[str, Number]
    cost: Number
    index: Value = take("after.index")
    predicate: str = take("after.predicate.name")


class _Step(NamedTuple):
    """A rise, and what each whole level on the way demands."""

    rise: Rise
    demands: Sequence[Demand] = ()


class _Answered(NamedTuple):
    planned: Planned
    steps: Sequence[_Step]


class PlanResult(Head, within="planned.reading"):
    """The plan for one assessment. `proof` is the best that any cheaper plan can reach.

    `effort_unit` is what a cost of 1 is: `levels`, `evidence`, or `costs` of a file. With the style
    `fewest`, `proof` and `frontier` count indicators in place of the cost.
    """

    target: TargetShape | None = take(
        lambda each: None if each.planned.plan.target is None else each.planned
    )
    style: Style = take("planned.style")
    effort_unit: EffortUnit = take("planned.unit")
    reached: bool = take("planned.plan.reached")
    cost: Number = take("planned.plan.cost")
    before: ScoreShape = take("planned.plan.before")
    after: ScoreShape = take("planned.plan.after")
    steps: list[StepShape]
    proof: EffortShape | None = take("planned.plan.next_best")
    frontier: list[EffortShape] = take("planned.plan.frontier")
    alternatives: list[AlternativeShape] = take("planned.alternatives")
    years: list[YearShape] = take("planned.years")


class PlanDocument(Document):
    """One run: a plan for every assessment."""

    version = "spbe-plan/1"
    results: list[PlanResult]
    gates: list[str]


def plan_document(plans: Sequence[Planned], criteria: AllCriteria) -> dict[str, Any]:
    """Return the whole run in the shape of `spbe-plan/1`."""
    results = [
        _Answered(
            each, [_Step(rise, _demands(each.reading, rise, criteria)) for rise in each.plan.steps]
        )
        for each in plans
    ]
    return PlanDocument.holding(results=results)


def plan_unmet(plans: Iterable[Planned], words: Words) -> Iterator[tuple[Place, str]]:
    """Yield the score sheets whose target is out of reach, and what it is."""
    for each in plans:
        if not each.plan.reached:
            source = each.reading.assessment.source
            sentence = words("The target cannot be reached; this is the best that can")
            where = heading_of(each.reading, words)
            what = aim_text(each, words)
            yield Place(source.path if source else ""), f"{where}: {what}. {sentence}"


def plan_rows(plans: Sequence[Planned]) -> Iterator[list[str]]:
    """Yield a header, and a row for each rise of each plan."""
    columns = StepShape.columns("indicator", "name", "from", "to", "cost", "gain")
    rows = (
        ((each.reading, each.plan.after), _Step(rise)) for each in plans for rise in each.plan.steps
    )
    return csv_rows([WHO, columns], rows)


def _demands(reading: Reading, rise: Rise, criteria: AllCriteria) -> list[Demand]:
    own = criteria.get(reading.instrument.id, {}).get(rise.indicator.code)
    accepted = reading.assessment.entries[rise.indicator.code].accepted
    span = (rise.before, rise.after)
    return list(demands_of(reading.instrument, rise.indicator, span, own, accepted))


def plan_page(planned: Planned, criteria: AllCriteria, words: Words) -> Section:
    """Return the page of a plan: the rises, the result, the proof, and what each rise demands."""
    above = [*above_of(planned.reading, words), Line(aim_text(planned, words), Tone.STRONG)]
    blocks = plan_blocks(planned, criteria, words)
    return Section(heading_of(planned.reading, words), [*above, *blocks])


def plan_blocks(planned: Planned, criteria: AllCriteria, words: Words) -> Iterator[Table | Line]:
    """Yield the rises, if there are any, and what is said below them."""
    reading, plan = planned.reading, planned.plan
    layout = _Layout(reading, criteria, words)
    columns = [
        Column(""),
        Column(words("Name")),
        Column(words("Level")),
        Column(words("Effort"), numeric=True),
        Column(words("Gain"), numeric=True),
    ]
    if plan.steps:
        yield Table(columns, list(layout.rows(plan)))
    yield from _below(planned, words)
    if planned.years:
        yield _years(planned, words)
    yield from _alternatives(planned, words)
    for step in plan.steps:
        yield from layout.demands(step)


def _years(planned: Planned, words: Words) -> Table:
    """Return the plan year by year."""
    instrument, begin = planned.reading.instrument, planned.reading.assessment.year
    columns = [
        Column(words("Year")),
        Column(words("Indicators that rise in it")),
        Column(words("Effort"), numeric=True),
        Column(words("Index"), numeric=True),
        Column(words("Predicate")),
    ]
    rows = []
    for each in planned.years:
        predicate = each.after.predicate
        texts = [
            f"+{each.number}" if begin is None else str(begin + each.number),
            instrument.listed(each.levels),
            words.exact(each.cost),
            words.number(each.after.index, instrument.places),
        ]
        cells = (Cell(text) for text in texts)
        rows.append(Row((*cells, predicate_cell(instrument, predicate))))
    return Table(columns, rows)


def _alternatives(planned: Planned, words: Words) -> Iterator[Table | Line]:
    """Yield the plans of all styles side by side, and where pieces of evidence mislead."""
    for level, codes in planned.cheaper_above.items():
        text = words(
            "Level {level} asks for fewer pieces of evidence than the level below it: indicator "
            "{indicators}",
            level=str(level),
            indicators=planned.reading.instrument.listed(codes),
        )
        yield Line(text, Tone.FAIR)
    if len({each.plan.steps for each in planned.alternatives}) < 2:  # noqa: PLR2004
        return
    pieces = any(each.pieces is not None for each in planned.alternatives)
    costs = planned.unit is EffortUnit.COSTS
    columns = [
        Column(words("Other ways")),
        *([Column(words("Effort"), numeric=True)] if costs else []),
        Column(words("Levels"), numeric=True),
        *([Column(words("Evidence"), numeric=True)] if pieces else []),
        Column(words("Indicators"), numeric=True),
        Column(words("Index"), numeric=True),
        Column(words("Predicate")),
    ]
    yield Table(columns, [_way(each, planned, words) for each in planned.alternatives])


def _way(each: Alternative, planned: Planned, words: Words) -> Row:
    plan, instrument = each.plan, planned.reading.instrument
    tone = Tone.STRONG if each.style is planned.style else Tone.PLAIN
    texts = [
        _style_text(each, words),
        *([words.exact(plan.cost)] if planned.unit is EffortUnit.COSTS else []),
        _amount(each.levels, words),
        *([] if each.pieces is None else [_amount(each.pieces, words)]),
        str(len(plan.steps)),
        words.number(plan.after.index, instrument.places),
    ]
    cells = [Cell(text, tone) for text in texts]
    predicate = plan.after.predicate
    return Row((*cells, predicate_cell(instrument, predicate)))


def _amount(value: Fraction, words: Words) -> str:
    """Return how many levels or pieces: as they are where whole, else with telling decimals."""
    whole = value.denominator == 1
    return words.exact(value) if whole else words.number(value, telling_places(value))


def _style_text(each: Alternative, words: Words) -> str:
    match each.style:
        case Style.CHEAPEST:
            name = words("cheapest")
        case Style.STEPWISE:
            name = words("at most one level each")
        case Style.TARGET_LEVEL:
            name = words("first all to the target level")
        case Style.FEWEST:
            name = words("fewest indicators")
        case _:
            assert_never(each.style)
    return name if each.plan.reached else words("{name} (falls short)", name=name)


class _Layout:
    """The rows of a plan, and what stands below them."""

    def __init__(self, reading: Reading, criteria: AllCriteria, words: Words) -> None:
        self._reading = reading
        self._instrument = reading.instrument
        self._criteria = criteria
        self._words = words

    def rows(self, plan: Plan) -> Iterator[Row]:
        """Yield the rises and their sum; gains have four decimals at least, and add up."""
        if not plan.steps:
            return
        words, instrument = self._words, self._instrument
        gain = plan.after.index - plan.before.index
        gains = [step.gain for step in plan.steps]
        places = max(_places(instrument, each) for each in (gain, *gains))
        total = rounded(gain, places)
        for step, shown in zip(plan.steps, apportioned(gains, total, places), strict=True):
            yield self._row(step, words.number(shown, places))
        texts = [words("Sum"), "", words.exact(plan.cost), words.number(total, places)]
        yield Row((Cell(""), *(Cell(text, Tone.STRONG) for text in texts)), section=True)

    def _row(self, step: Rise, gain: str) -> Row:
        words, indicator = self._words, step.indicator
        levels = step_text(self._instrument, step.before, step.after, words)
        texts = [indicator.code, indicator.name, levels, words.exact(step.cost), gain]
        return Row(tuple(Cell(text) for text in texts))

    def demands(self, step: Rise) -> Iterator[Line]:
        """Yield what the levels of one rise demand, each with its evidence."""
        indicator = step.indicator
        found = _demands(self._reading, step, self._criteria)
        if any(demand.criterion for demand in found):
            yield Line("")
            yield Line(f"{indicator.code} {indicator.name}", Tone.STRONG)
        for demand in found:
            if demand.criterion:
                title = f"{exact(demand.level)} {demand.name or ''}".strip()
                yield Line(f"{title}: {demand.criterion}", depth=1)
            if demand.needed is not None and demand.needed < len(demand.evidence):
                said = self._words(
                    "{needed} of these {pieces}:",
                    needed=str(demand.needed),
                    pieces=str(len(demand.evidence)),
                )
                yield Line(said, depth=2)
            for item in demand.evidence:
                yield Line(f"- {item}", Tone.FAINT, depth=2)


def _places(instrument: Instrument, gain: Fraction) -> int:
    """Return how many decimals show a gain: four, since one level is worth 0.013 to 0.03."""
    return max(instrument.places + 2, shown_apart(gain, Fraction(0), instrument.places))


def aim_text(planned: Planned, words: Words) -> str:
    """Return what the plan is to reach."""
    plan, predicate = planned.plan, planned.predicate
    if plan.target is None:
        return words("The best index for the effort")
    index = words.full(plan.target, planned.reading.instrument.places)
    if predicate is None:
        return words("Target: index {index}", index=index)
    return words(
        "Target: {predicate}, index {index}", predicate=words.predicate(predicate.name), index=index
    )


def _below(planned: Planned, words: Words) -> Iterator[Line]:
    plan, instrument = planned.plan, planned.reading.instrument
    if not plan.reached:
        yield Line(words("The target cannot be reached; this is the best that can"), Tone.POOR)
    elif not plan.steps and plan.target is not None:
        yield Line(words("The target is reached already: nothing needs to rise"), Tone.GOOD)
    before, after = plan.before, plan.after
    places = shown_apart(before.index, after.index, instrument.places)
    sentence = words(
        "{before} {was} becomes {after} {now}; indicators that rise: {count}",
        count=str(len(plan.steps)),
        before=words.number(before.index, places),
        was=before.predicate.name,
        after=words.number(after.index, places),
        now=after.predicate.name,
    )
    yield Line(sentence, tone_of(instrument, after.predicate))
    yield from bases_lines(after, words)
    if plan.reached and plan.steps and not plan.frontier:
        text = words("Proof: nothing of less effort reaches what is wanted in every year")
        yield Line(text, Tone.FAINT)
    proof = plan.next_best
    if plan.reached and proof is not None and plan.target is not None:
        yield Line(
            words(
                "Proof: fewer indicators than {cost} reach {best} at most"
                if plan.by_number
                else "Proof: whatever costs less than {cost} reaches {best} at most",
                cost=words.exact(plan.effort),
                best=_at_most(proof.best, plan.target, words, instrument.places),
            ),
            Tone.FAINT,
        )


def _at_most(best: Fraction, target: Fraction, words: Words, places: int) -> str:
    """Return the best that a cheaper plan reaches: rounded up, and yet below the target."""
    places = enough_places(best, places)
    while places < _MOST_PLACES and rounded_up(best, places) >= target:
        places += 1
    return words.number(rounded_up(best, places), places)
