"""What `spbe whatif` is asked for: scenarios, what they do, and where a changed sheet goes."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from spbe_cli.cli.inputs import read_readings
from spbe_cli.cli.options import InputOptions
from spbe_cli.core.assessment import parse_change
from spbe_cli.core.problem import Place, Problem, Severity, errors_of
from spbe_cli.core.whatif import Imagined, Scenario, Wish, imagine

__all__ = ["Asked", "SaveTo", "imagined", "save_problems"]


class Asked(NamedTuple):
    """The options that say what is changed, as the user wrote them."""

    changes: Sequence[str] = ()
    scenario_file: str | None = None


class SaveTo(NamedTuple):
    """Where the changed assessment goes, and the files that it must not replace."""

    path: str
    others: Sequence[str | None]


def imagined(
    files: Sequence[str], options: InputOptions, asked: Asked
) -> tuple[list[Imagined], list[Problem]]:
    """Return what each scenario does to each assessment, and all problems at once."""
    scenarios, problems = _scenarios(asked)
    readings, in_files = read_readings(files, options)
    problems += in_files
    found: list[Imagined] = []
    for reading in readings:
        for scenario in scenarios:
            made, wrong = imagine(reading, scenario)
            problems += [problem for problem in wrong if problem not in problems]
            if made is not None:
                found.append(made)
    for made in found:
        problems += [n for n in made.result.reading.notices if n not in problems]
    return found, problems


def _scenarios(asked: Asked) -> tuple[list[Scenario], list[Problem]]:
    """Return the scenarios of a file, and one more of what the command line changes."""
    if not asked.changes and asked.scenario_file is None:
        return [], [Problem("whatif-nothing", Place("--set"), severity=Severity.USAGE)]
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    if asked.scenario_file is not None:
        from spbe_cli.read.requests import read_scenarios

        scenarios, problems = read_scenarios(asked.scenario_file)
        if errors_of(problems):
            scenarios = []
    wishes = []
    for text in asked.changes:
        change = parse_change(text)
        if isinstance(change, Problem):
            problems.append(change)
        else:
            wishes.append(Wish(change, Place("--set")))
    if wishes:
        scenarios.append(Scenario(None, tuple(wishes)))
    return scenarios, problems


def save_problems(save: SaveTo, found: Sequence[Imagined]) -> list[Problem]:
    """Return why a changed assessment cannot be saved: there are several, or it is in the way."""
    problems = []
    if any(other is not None and _same(save.path, other) for other in (*save.others, "-")):
        problems.append(
            Problem("save-in-use", Place("--save"), {"found": save.path}, Severity.USAGE)
        )
    if len(found) > 1:
        values = {"count": str(len(found))}
        problems.append(Problem("save-not-one", Place("--save"), values, Severity.USAGE))
    return problems


def _same(path: str, other: str) -> bool:
    """Return whether two paths are one file, by whatever link."""
    try:
        return path == other or Path(path).resolve() == Path(other).resolve()
    except (OSError, ValueError, RuntimeError):  # a NUL, a loop of links
        return False
