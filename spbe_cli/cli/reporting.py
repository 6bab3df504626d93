"""What `spbe report` is asked for: the assessments and what goes with each, to core values."""

from collections.abc import Sequence
from typing import NamedTuple

from spbe_cli.cli.console import Console
from spbe_cli.cli.demands import criteria_by_instrument
from spbe_cli.cli.inputs import read_readings
from spbe_cli.cli.options import InputOptions
from spbe_cli.cli.planning import Request, planned
from spbe_cli.cli.population import not_alike, read_members
from spbe_cli.core.compare import Series, matched, series_of
from spbe_cli.core.instrument import Criteria
from spbe_cli.core.population import PeerTable
from spbe_cli.core.problem import Place, Problem, Severity, errors_of
from spbe_cli.core.report import Report, report_on
from spbe_cli.core.score import Reading, score

__all__ = ["Asked", "Gathered", "gathered"]


class Asked(NamedTuple):
    """The options that add to a report, as the user wrote them."""

    previous: Sequence[str] = ()
    target: str | None = None
    peers: Sequence[str] = ()


class Gathered:
    """Everything that the reports of one run are made from."""

    def __init__(self, readings: Sequence[Reading], asked: Asked) -> None:
        self.readings = readings
        self._asked = asked
        self._criteria: dict[str, dict[str, Criteria]] = {}
        self._previous: dict[int, Reading] = {}
        self._peers: PeerTable | None = None

    def add_criteria(self, console: Console) -> None:
        """Read the level criteria of the instruments in use."""
        instruments = (reading.instrument for reading in self.readings)
        self._criteria = criteria_by_instrument(instruments, console)

    def add_previous(self, options: InputOptions) -> list[Problem]:
        """Read the earlier assessments and find for each reading its own; return the problems."""
        if not self._asked.previous:
            return []
        earlier, problems = read_readings(
            self._asked.previous, InputOptions(instrument=options.instrument)
        )
        if errors_of(problems) or not earlier or not self.readings:
            return problems
        groups, unmatched = matched([earlier, self.readings])
        self._previous = {id(now): before for before, now in groups}
        return [*problems, *unmatched]

    def add_peers(self, options: InputOptions) -> list[Problem]:
        """Read the table of other institutions; return the problems."""
        paths = self._asked.peers
        if not paths:
            return []
        members, problems = read_members(paths, InputOptions(instrument=options.instrument))
        problems += not_alike(members, paths[0])
        if errors_of(problems) or not members:
            return problems
        table = PeerTable(members)
        for reading in self.readings:
            if table.instrument.groups != reading.instrument.groups:
                values = {"found": table.instrument.id, "instrument": reading.instrument.id}
                problems.append(
                    Problem("peers-other-instrument", Place(paths[0]), values, Severity.NOTICE)
                )
                return problems
        self._peers = table
        return problems

    def report(self, reading: Reading) -> tuple[Report | None, list[Problem]]:
        """Return the report on one of the readings, or why there is none."""
        plan, problems = None, list[Problem]()
        if self._asked.target is not None:
            plan, problems = planned(reading, Request(target=self._asked.target))
            if problems:
                return None, problems
        peers = None
        if self._peers is not None:
            peers = self._peers.peers_of(score(reading.instrument, reading.assessment))
        return report_on(
            reading,
            self._criteria.get(reading.instrument.id, {}),
            series=self._series(reading),
            planned=plan,
            peers=peers,
        ), []

    def _series(self, reading: Reading) -> Series | None:
        before = self._previous.get(id(reading))
        return series_of([before, reading]) if before is not None else None


def gathered(
    files: Sequence[str], options: InputOptions, asked: Asked, console: Console
) -> tuple[Gathered, list[Problem]]:
    """Return what the reports are made from, and all problems at once."""
    readings, problems = read_readings(files, options)
    found = Gathered(readings, asked)
    problems += [p for p in found.add_previous(options) if p not in problems]
    problems += [p for p in found.add_peers(options) if p not in problems]
    problems += [notice for reading in readings for notice in reading.notices]
    if not errors_of(problems):
        found.add_criteria(console)
    return found, problems
