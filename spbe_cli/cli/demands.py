"""The level criteria of the instruments in use, or the notice why there are none."""

from collections.abc import Iterable

from spbe_cli.cli.console import Console
from spbe_cli.core.instrument import Criteria, Instrument
from spbe_cli.core.problem import Severity
from spbe_cli.read.instruments import read_criteria

__all__ = ["criteria_by_instrument"]


def criteria_by_instrument(
    instruments: Iterable[Instrument], console: Console
) -> dict[str, dict[str, Criteria]]:
    """Return the criteria by instrument id and indicator code; what hinders them is a notice."""
    criteria: dict[str, dict[str, Criteria]] = {}
    for instrument in instruments:
        if instrument.id not in criteria:
            criteria[instrument.id], problems = read_criteria(instrument)
            console.report(problem._replace(severity=Severity.NOTICE) for problem in problems)
    return criteria
