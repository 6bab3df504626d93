"""What came of a batch run, in a few lines."""

from collections.abc import Sequence
from fractions import Fraction

from spbe_cli.core.instrument import Instrument
from spbe_cli.words import Words

__all__ = ["counted_line", "instrument_line"]


def counted_line(scored: int, rejected: int, words: Words) -> str:
    """Return how many rows were scored, and how many were not."""
    if rejected:
        return words(
            "Scored: {scored}; rejected: {rejected}", scored=str(scored), rejected=str(rejected)
        )
    return words("Scored: {scored}", scored=str(scored))


def instrument_line(
    instrument: Instrument, mean: Fraction, predicates: Sequence[tuple[str, int]], words: Words
) -> str:
    """Return the mean index of an instrument's rows, and how many have each predicate."""
    return words(
        "{instrument}: mean index {mean}; {predicates}",
        instrument=instrument.id,
        mean=words.number(mean, instrument.places),
        predicates=", ".join(f"{name} {number}" for name, number in predicates),
    )
