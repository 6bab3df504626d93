"""Gates that are not met: expected, found, and by how much."""

from fractions import Fraction

from spbe_cli.core.gates import GateOutcome, IndexGate
from spbe_cli.core.instrument import Predicate
from spbe_cli.core.number import shown_apart, telling_places
from spbe_cli.render.score_page import heading_of
from spbe_cli.words import Words

__all__ = ["gate_annotation", "gate_text"]


def gate_text(outcome: GateOutcome, words: Words) -> str:
    """Return one sentence. Where two decimals would print the same number twice, more are shown."""
    expected, found = outcome.expected, outcome.found
    short_by = outcome.short_by or Fraction(0)
    node = outcome.gate.node if isinstance(outcome.gate, IndexGate) else None
    who = heading_of(outcome.result.reading, words)
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
    places = shown_apart(found, expected)
    return words(
        "gate not met: {what}: expected at least {expected}, found {found}, short by {short_by}",
        what=what,
        expected=words.number(expected, places),
        found=words.number(found, places),
        short_by=_points(short_by, words),
    )


def gate_annotation(outcome: GateOutcome, words: Words) -> str:
    """Return the gate as a GitHub Actions workflow command."""
    source = outcome.result.reading.assessment.source
    where = f" file={source.path}," if source else " "
    return f"::error{where}title=gate::{gate_text(outcome, words)}"


def _name(value: Fraction | Predicate) -> str:
    return value.name if isinstance(value, Predicate) else ""


def _points(value: Fraction, words: Words) -> str:
    return words.number(value, telling_places(value))
