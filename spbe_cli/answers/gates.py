"""Gates and chances in words."""

from fractions import Fraction

from spbe_cli.answers.problems import annotation
from spbe_cli.answers.score import heading_of, name_of
from spbe_cli.core.compare import DropOutcome
from spbe_cli.core.instrument import Predicate
from spbe_cli.core.number import rounded, shown_apart, telling_places
from spbe_cli.core.outlook import ChanceOutcome
from spbe_cli.core.problem import Place
from spbe_cli.core.score import GateOutcome, IndexGate
from spbe_cli.formats.blocks import visible
from spbe_cli.words import Words

_BLOCKS = " ▏▎▍▌▋▊▉█"
_ASCII = " -#"
_CELLS = 10


def percent(probability: Fraction, words: Words, places: int = 2) -> str:
    """Return `12.34 %`; `0 %` and `100 %` only of what cannot be and of what is certain."""
    value, step = probability * 100, Fraction(1, 10**places)
    near = rounded(value, places)
    if probability in (0, 1):
        return f"{words.exact(value)} %"
    if near == 0:
        return f"< {words.number(step, places)} %"
    if near == 100:  # noqa: PLR2004
        return f"> {words.number(100 - step, places)} %"
    return f"{words.number(value, places)} %"


def share(probability: Fraction, words: Words) -> str:
    """Return a given probability in percent as short as it is: `90 %`, `43.24 %`."""
    value = probability * 100
    if rounded(value) == value:
        return f"{words.exact(value)} %"
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
    """Return one sentence. Where two decimals would print the same number twice, more are shown."""
    if isinstance(outcome, DropOutcome):
        return _drop_text(outcome, words)
    if isinstance(outcome, ChanceOutcome):
        return _chance_text(outcome, words)
    expected, found = outcome.expected, outcome.found
    short_by = outcome.short_by or Fraction(0)
    node = outcome.gate.node if isinstance(outcome.gate, IndexGate) else None
    who = heading_of(outcome.result.reading, words)
    if outcome.result.scenario is not None:
        who = f"{who}, {visible(outcome.result.scenario)}"
    what = f"{who}: {node}" if node else who
    if isinstance(expected, Predicate) or isinstance(found, Predicate):
        return words(
            "gate not met: {what}: expected at least {expected}, found {found}, "
            "short by {short_by} points",
            what=what,
            expected=_name(expected),
            found=_name(found),
            short_by=_points(short_by, words),
        )
    places = shown_apart(found, expected, outcome.result.reading.instrument.places)
    return words(
        "gate not met: {what}: expected at least {expected}, found {found}, short by {short_by}",
        what=what,
        expected=words.number(expected, places),
        found=words.number(found, places),
        short_by=_points(short_by, words),
    )


def _drop_text(outcome: DropOutcome, words: Words) -> str:
    assessment = outcome.comparison.after.assessment
    node, who = outcome.gate.node, name_of(assessment, words)
    places = shown_apart(outcome.before, outcome.after)
    fall = outcome.fall
    return words(
        "gate not met: {what}: expected a fall of at most {expected}, "
        "found {fall} ({before} to {after}), {over_by} too much",
        what=f"{who}: {node}" if node else who,
        expected=words.number(outcome.gate.most, telling_places(outcome.gate.most)),
        fall=words.number(fall, max(telling_places(fall), shown_apart(fall, outcome.gate.most))),
        before=words.number(outcome.before, places),
        after=words.number(outcome.after, places),
        over_by=_points(outcome.over_by or Fraction(0), words),
    )


def _chance_text(outcome: ChanceOutcome, words: Words) -> str:
    short_by = (outcome.expected - outcome.found) * 100
    places = shown_apart(outcome.found * 100, outcome.expected * 100)
    return words(
        "gate not met: {what}: {predicate} or better expected with at least {expected}, "
        "found {found}, short by {short_by} percentage points",
        what=heading_of(outcome.result.reading, words),
        predicate=outcome.predicate.name,
        expected=percent(outcome.expected, words, places),
        found=percent(outcome.found, words, places),
        short_by=_points(short_by, words),
    )


def gate_annotation(outcome: GateOutcome | DropOutcome | ChanceOutcome, words: Words) -> str:
    """Return the gate as a GitHub Actions workflow command."""
    if isinstance(outcome, DropOutcome):
        source = outcome.comparison.after.assessment.source
    else:
        source = outcome.result.reading.assessment.source
    place = Place(source.path if source else "")
    return annotation("error", place, "gate", gate_text(outcome, words))


def _name(value: Fraction | Predicate) -> str:
    return value.name if isinstance(value, Predicate) else ""


def _points(value: Fraction, words: Words) -> str:
    return words.number(value, telling_places(value))
