"""The cheapest plan: as a page for people, as `spbe-plan/1`, and as rows."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from typing_extensions import TypedDict  # typing's own makes no JSON Schema before Python 3.12

from spbe_cli.answers.score import above_of, bases_lines, heading_of, step_text, tone_of
from spbe_cli.answers.shared import (
    WHO,
    Head,
    ScoreShape,
    Value,
    head_of,
    score_of,
    value_of,
    who_of,
)
from spbe_cli.core.instrument import Criteria, Indicator, Instrument, demands_between
from spbe_cli.core.number import exact, shown_apart
from spbe_cli.core.plan import Plan, Planned, Rise
from spbe_cli.formats.blocks import Cell, Column, Line, Page, Row, Tone
from spbe_cli.words import Words

AllCriteria = Mapping[str, Mapping[str, Criteria]]


class TargetShape(TypedDict):
    """What was to be reached: the least exact index, and the predicate that it earns, if any."""

    index: Value
    predicate: str | None


class DemandShape(TypedDict):
    """What one level demands, and the evidence that proves it."""

    level: str
    name: str | None
    criterion: str | None
    evidence: list[str]


StepShape = TypedDict(
    "StepShape",
    {
        "indicator": str,
        "name": str,
        "from": str,
        "to": str,
        "cost": str,
        "gain": Value,
        "demands": list[DemandShape],
    },
)


class EffortShape(TypedDict):
    """A cost, and the best index that it can reach."""

    cost: str
    index: Value


class PlanResult(Head):
    """The plan for one assessment. `proof` is the best that any cheaper plan can reach."""

    target: TargetShape | None
    reached: bool
    cost: str
    before: ScoreShape
    after: ScoreShape
    steps: list[StepShape]
    proof: EffortShape | None
    frontier: list[EffortShape]


class PlanDocument(TypedDict):
    """One run: a plan for every assessment."""

    format: str
    results: list[PlanResult]
    gates: list[str]


def plan_document(plans: Sequence[Planned], criteria: AllCriteria) -> PlanDocument:
    """Return the whole run in the shape of `spbe-plan/1`."""
    results = [_result(planned, criteria) for planned in plans]
    return {"format": "spbe-plan/1", "results": results, "gates": []}


def plan_rows(plans: Sequence[Planned]) -> Iterator[list[str]]:
    """Yield a header, and a row for each rise of each plan."""
    yield [*WHO, "indicator", "name", "from", "to", "cost", "gain"]
    for reading, plan, _ in plans:
        for step in plan.steps:
            values = [exact(v) for v in (step.before, step.after, step.cost, step.gain)]
            who = who_of(reading, plan.after)
            yield [*who, step.indicator.code, step.indicator.name, *values]


def plan_page(planned: Planned, criteria: AllCriteria, words: Words) -> Page:
    """Return the page of a plan: the rises, the result, the proof, and what each rise demands."""
    reading, plan, _ = planned
    layout = _Layout(reading.instrument, criteria.get(reading.instrument.id, {}), words)
    columns = [
        Column(""),
        Column(words("Name")),
        Column(words("Level")),
        Column(words("Effort"), numeric=True),
        Column(words("Gain"), numeric=True),
    ]
    rows = [layout.row(step) for step in plan.steps]
    if rows:
        rows.append(layout.total(plan))
    return Page(
        heading_of(reading, words),
        [*above_of(reading, words), Line(_aim(planned, words), Tone.STRONG)],
        columns if rows else (),
        rows,
        [*_below(planned, words), *(line for step in plan.steps for line in layout.demands(step))],
    )


class _Layout:
    """The rows of a plan, and what stands below them."""

    def __init__(
        self, instrument: Instrument, criteria: Mapping[str, Criteria], words: Words
    ) -> None:
        self._instrument = instrument
        self._criteria = criteria
        self._words = words

    def row(self, step: Rise) -> Row:
        """Return the row of one rise."""
        words, indicator = self._words, step.indicator
        texts = [
            indicator.code,
            indicator.name,
            step_text(step.before, step.after, words),
            words.exact(step.cost),
            words.number(step.gain, _places(self._instrument, step.gain)),
        ]
        return Row(tuple(Cell(text) for text in texts))

    def demands(self, step: Rise) -> Iterator[Line]:
        """Yield what the levels of one rise demand, each with its evidence."""
        indicator = step.indicator
        found = list(_demands(self._instrument, step, self._criteria.get(indicator.code)))
        if any(demand["criterion"] for demand in found):
            yield Line("")
            yield Line(f"{indicator.code} {indicator.name}", Tone.STRONG)
        for demand in found:
            if demand["criterion"]:
                title = f"{demand['level']} {demand['name'] or ''}".strip()
                yield Line(f"{title}: {demand['criterion']}", depth=1)
            for item in demand["evidence"]:
                yield Line(f"- {item}", Tone.FAINT, depth=2)

    def total(self, plan: Plan) -> Row:
        words = self._words
        gain = plan.after.index - plan.before.index
        texts = [
            words("Sum"),
            "",
            words.exact(plan.cost),
            words.number(gain, _places(self._instrument, gain)),
        ]
        return Row((Cell(""), *(Cell(text, Tone.STRONG) for text in texts)), section=True)


def _places(instrument: Instrument, gain: Fraction) -> int:
    """Return how many decimals show a gain: four, since one level is worth 0.013 to 0.03."""
    return max(instrument.places + 2, shown_apart(gain, Fraction(0), instrument.places))


def _aim(planned: Planned, words: Words) -> str:
    plan, predicate = planned.plan, planned.predicate
    if plan.target is None:
        return words("The best index for the effort")
    index = words.exact(plan.target)
    if predicate is None:
        return words("Target: index {index}", index=index)
    return words("Target: {predicate}, index {index}", predicate=predicate.name, index=index)


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
    proof = plan.next_best
    if plan.reached and proof is not None and plan.target is not None:
        yield Line(
            words(
                "Proof: whatever costs less than {cost} reaches {best} at most",
                cost=words.exact(plan.cost),
                best=words.number(
                    proof.best, shown_apart(proof.best, plan.target, instrument.places)
                ),
            ),
            Tone.FAINT,
        )


def _demands(
    instrument: Instrument, step: Rise, criteria: Criteria | None
) -> Iterator[DemandShape]:
    """Yield what each whole level on the way demands, with its name and evidence."""
    span = (step.before, step.after)
    for demand in demands_between(instrument, step.indicator, span, criteria):
        yield {
            "level": exact(demand.level),
            "name": demand.name,
            "criterion": demand.criterion,
            "evidence": list(demand.evidence),
        }


def _result(planned: Planned, criteria: AllCriteria) -> PlanResult:
    reading, plan, predicate = planned
    instrument = reading.instrument
    of_instrument = criteria.get(instrument.id, {})
    target: TargetShape | None = None
    if plan.target is not None:
        name = predicate.name if predicate else None
        target = {"index": value_of(instrument, plan.target), "predicate": name}
    proof = plan.next_best
    return {
        **head_of(reading),
        "target": target,
        "reached": plan.reached,
        "cost": exact(plan.cost),
        "before": score_of(plan.before),
        "after": score_of(plan.after),
        "steps": [_step(instrument, step, of_instrument) for step in plan.steps],
        "proof": _effort(instrument, proof.cost, proof.best) if proof else None,
        "frontier": [_effort(instrument, cost, best) for cost, best in plan.frontier],
    }


def _step(instrument: Instrument, step: Rise, criteria: Mapping[str, Criteria]) -> StepShape:
    indicator: Indicator = step.indicator
    return {
        "indicator": indicator.code,
        "name": indicator.name,
        "from": exact(step.before),
        "to": exact(step.after),
        "cost": exact(step.cost),
        "gain": value_of(instrument, step.gain),
        "demands": list(_demands(instrument, step, criteria.get(indicator.code))),
    }


def _effort(instrument: Instrument, cost: Fraction, best: Fraction) -> EffortShape:
    return {"cost": exact(cost), "index": value_of(instrument, best)}
