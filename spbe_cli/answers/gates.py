"""Gates and chances in words."""

from collections.abc import Sequence
from fractions import Fraction

from spbe_cli.answers.problems import annotation
from spbe_cli.answers.score import heading_of, least_text, name_of
from spbe_cli.answers.shared import at_least
from spbe_cli.core.compare import DropOutcome
from spbe_cli.core.instrument import Predicate
from spbe_cli.core.number import (
    adding_places,
    rounded,
    shown_apart,
    telling_places,
)
from spbe_cli.core.outlook import ChanceOutcome
from spbe_cli.core.problem import Place
from spbe_cli.core.score import GateOutcome, IndexGate
from spbe_cli.formats.blocks import Listing, Section, visible
from spbe_cli.words import Words

_BLOCKS = " ▏▎▍▌▋▊▉█"
_ASCII = " -#"
_CELLS = 10


def percent(probability: Fraction, words: Words, places: int = 2) -> str:
    """Return `12.34 %`; `0 %` and `100 %` only of what cannot be and of what is certain."""
    value, step = probability * 100, Fraction(1, 10**places)
    near = rounded(value, places)
    if probability in (0, 1):
        return words.percent(words.exact(value))
    if near == 0:
        return f"< {words.percent(words.number(step, places))}"
    if near == 100:  # noqa: PLR2004
        return f"> {words.percent(words.number(100 - step, places))}"
    return words.percent(words.number(value, places))


def share(probability: Fraction, words: Words) -> str:
    """Return a given probability in percent as it is: `90 %`, `99.999 %`; 43.24 of 16/37."""
    value = probability * 100
    places = adding_places([value], 2, 18)
    if rounded(value, places) == value:
        return words.percent(words.exact(value))
    return percent(probability, words)


def bar(probability: Fraction, *, unicode: bool = True) -> str:
    """Return a bar of up to ten blocks; what is possible has some, what is not certain not all."""
    marks = _BLOCKS if unicode else _ASCII
    parts = len(marks) - 1
    whole = _CELLS * parts
    filled = int(probability * whole)
    if 0 < probability < 1:
        filled = min(max(filled, 1), whole - 1)
    return (marks[-1] * (filled // parts) + marks[filled % parts]).rstrip()


def gate_text(outcome: GateOutcome | DropOutcome | ChanceOutcome, words: Words) -> str:
    """Return one sentence: the gate as given, and decimals enough to see why it is not met."""
    if isinstance(outcome, DropOutcome):
        return _drop_text(outcome, words)
    if isinstance(outcome, ChanceOutcome):
        return _chance_text(outcome, words)
    node = outcome.gate.node if isinstance(outcome.gate, IndexGate) else None
    who = heading_of(outcome.result.reading, words)
    if outcome.result.scenario is not None:
        who = f"{who}, {visible(outcome.result.scenario)}"
    what = f"{who}: {node}" if node else who
    places = outcome.result.reading.instrument.places
    expected, found = outcome.expected, outcome.found
    if isinstance(expected, Predicate) or isinstance(found, Predicate):
        return _predicate_text(outcome, what, words)
    return words(
        "gate not met: {what}: expected at least {expected}, found {found}, short by {short_by}",
        what=what,
        expected=words.full(expected, places),
        found=_found(found, expected, words, places),
        short_by=at_least(expected - found, words, places),
    )


def _found(found: Fraction, expected: Fraction, words: Words, places: int) -> str:
    """Return what was found, with decimals enough to see that it is not what was expected."""
    places = adding_places([found], places)
    return words.number(found, shown_apart(found, expected, places))


def _predicate_text(outcome: GateOutcome, what: str, words: Words) -> str:
    """Return the sentence of a gate on the predicate, with the indices that decide it."""
    card, expected, found = outcome.result.lowest, outcome.expected, outcome.found
    if not isinstance(expected, Predicate) or not isinstance(found, Predicate):
        raise TypeError(outcome)
    verdict, places = card.verdict, card.instrument.places
    return words(
        "gate not met: {what}: expected at least {expected} ({least}), found {found} ({index}), "
        "short by {short_by} points",
        what=what,
        expected=expected.name,
        least=least_text(verdict, expected, words),
        found=found.name,
        index=_found(card.index, verdict.least_for(expected), words, places),
        short_by=at_least(verdict.distance_to(expected), words, places),
    )


def _drop_text(outcome: DropOutcome, words: Words) -> str:
    after = outcome.comparison.after
    node, who = outcome.gate.node, name_of(after.assessment, words)
    most, fall = outcome.gate.most, outcome.fall
    places = adding_places([most, fall, outcome.before, outcome.after], after.instrument.places)
    places = max(places, shown_apart(fall, most, places), telling_places(fall))
    return words(
        "gate not met: {what}: expected a fall of at most {expected}, "
        "found {fall} ({before} to {after}), {over_by} too much",
        what=f"{who}: {node}" if node else who,
        expected=words.full(most, after.instrument.places),
        fall=words.number(fall, places),
        before=words.number(outcome.before, places),
        after=words.number(outcome.after, places),
        over_by=at_least(outcome.over_by or Fraction(0), words, after.instrument.places),
    )


def _chance_text(outcome: ChanceOutcome, words: Words) -> str:
    expected, found = outcome.expected * 100, outcome.found * 100
    places = shown_apart(found, expected, telling_places(expected - found))
    return words(
        "gate not met: {what}: {predicate} or better expected with at least {expected}, "
        "found {found}, short by {short_by} percentage points",
        what=heading_of(outcome.result.reading, words),
        predicate=outcome.predicate.name,
        expected=words.percent(words.exact(expected)),
        found=percent(outcome.found, words, places),
        short_by=words.number(expected - found, places),
    )


def gates_page(unmet: Sequence[GateOutcome | DropOutcome | ChanceOutcome], words: Words) -> Section:
    """Return the gates that are not met, and by how much."""
    said = [gate_text(outcome, words) for outcome in unmet]
    return Section(words("Gates that are not met"), [Listing("", said)])


def gate_annotation(outcome: GateOutcome | DropOutcome | ChanceOutcome, words: Words) -> str:
    """Return the gate as a GitHub Actions workflow command."""
    if isinstance(outcome, DropOutcome):
        source = outcome.comparison.after.assessment.source
    else:
        source = outcome.result.reading.assessment.source
    place = Place(source.path if source else "")
    return annotation("error", place, "gate", gate_text(outcome, words))
