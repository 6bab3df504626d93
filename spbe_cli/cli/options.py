"""Options and arguments that commands share, and what they stand for."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from importlib.util import find_spec
from typing import Annotated, NamedTuple

import typer

from spbe_cli.cli.console import Console
from spbe_cli.core.assessment import Change, Stage, apply_changes, parse_change
from spbe_cli.core.instrument import Criteria, Instrument
from spbe_cli.core.number import NotANumberError, parse
from spbe_cli.core.population import Member
from spbe_cli.core.problem import Place, Problem, Severity, errors_of, notices_of
from spbe_cli.core.score import (
    IndexGate,
    PredicateGate,
    Reading,
    Result,
    parse_node_gate,
    result_of,
)
from spbe_cli.read.assessments import read_file
from spbe_cli.read.instruments import read_criteria
from spbe_cli.read.published import read_population
from spbe_cli.read.sheet import Wishes
from spbe_cli.read.text import File


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "markdown"


class MissingLevels(StrEnum):
    """What to do about a missing level."""

    ERROR = "error"
    BOUNDS = "bounds"


class Language(StrEnum):
    """The languages."""

    ID = "id"
    EN = "en"


class Colour(StrEnum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE...", help="Score sheets: YAML, CSV, TSV or XLSX; - is standard input."
    ),
]
InstrumentOption = Annotated[
    str | None,
    typer.Option(
        "--instrument",
        metavar="ID|FILE",
        help="Score with this instrument in place of the one that the year chooses.",
    ),
]
YearOption = Annotated[
    int | None,
    typer.Option(
        "--year",
        metavar="YEAR",
        min=2000,
        max=2999,
        help="The year of the assessment, over the file's.",
    ),
]
StageOption = Annotated[
    str | None,
    typer.Option(
        "--stage",
        metavar="STAGE",
        help="The stage to take; by default the last that is filled.",
    ),
]
MissingOption = Annotated[
    MissingLevels,
    typer.Option("--missing", help="A missing level is an error, or leaves bounds of the index."),
]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How the answer is written.")]
OutputOption = Annotated[
    str | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Write the answer to a file, whole or not at all."
    ),
]
LanguageOption = Annotated[
    Language | None, typer.Option("--lang", help="The language; by default that of the locale.")
]
ColourOption = Annotated[Colour, typer.Option("--color", help="When to colour.")]


def named_instrument(name: str) -> tuple[Instrument | None, list[Problem]]:
    """Return the instrument that an argument names; a name that is none is wrong usage."""
    from spbe_cli.read.instruments import find_instrument

    instrument, problems = find_instrument(name)
    return instrument, [
        problem._replace(severity=Severity.USAGE)
        if problem.code == "instrument-unknown"
        else problem
        for problem in problems
    ]


def stage_from(text: str | None) -> Stage | Problem | None:
    """Return the stage of this name in either language, or why there is none."""
    if text is None:
        return None
    from spbe_cli.read.schema import stage_name

    try:
        return Stage(stage_name(text))
    except ValueError:
        values = {"found": text, "choices": ", ".join(Stage)}
        return Problem("stage-unknown", Place("--stage"), values, Severity.USAGE)


SET = Place("--set")
"""Where changes are asked for, as problems name it."""


class InputOptions(NamedTuple):
    """The options that say how files are read, as the user wrote them."""

    instrument: str | None = None
    year: int | None = None
    stage: str | None = None
    changes: Sequence[str] = ()
    missing: MissingLevels = MissingLevels.ERROR


class Gates(NamedTuple):
    """The gates of a run, or what is wrong with their options."""

    gates: Sequence[IndexGate | PredicateGate]
    problems: Sequence[Problem]


def gates_from(
    min_index: str | None, min_predicate: str | None, minimums: Sequence[str] | None
) -> Gates:
    """Return the gates that the options ask for."""
    gates: list[IndexGate | PredicateGate] = []
    problems: list[Problem] = []
    if min_index is not None:
        try:
            gates.append(IndexGate(parse(min_index), place=Place("--min-index")))
        except NotANumberError:
            place = Place("--min-index")
            problems.append(Problem("gate-wrong", place, {"found": min_index}, Severity.USAGE))
    if min_predicate is not None:
        gates.append(PredicateGate(min_predicate, place=Place("--min-predicate")))
    for text in minimums or ():
        gate = parse_node_gate(text, Place("--min"))
        if isinstance(gate, Problem):
            problems.append(gate)
        else:
            gates.append(gate)
    return Gates(gates, problems)


class Inputs(NamedTuple):
    """A result for every sheet that is right, and every problem and notice of the run."""

    results: tuple[Result, ...]
    problems: tuple[Problem, ...]


def read_inputs(files: Sequence[str], options: InputOptions) -> Inputs:
    """Return the results of all files, changed as --set asks, and all problems at once."""
    readings, problems = read_readings(files, options)
    parsed = [parse_change(text, SET) for text in options.changes]
    problems += [change for change in parsed if isinstance(change, Problem)]
    changes = [change for change in parsed if isinstance(change, Change)]
    results = []
    for reading in readings:
        result, found = _result(reading, changes, options.missing)
        problems += [problem for problem in found if problem not in problems]
        if result is not None:
            results.append(result)
    problems += [notice for result in results for notice in result.reading.notices]
    return Inputs(tuple(results), tuple(problems))


def read_readings(
    files: Sequence[str | File], options: InputOptions
) -> tuple[list[Reading], list[Problem]]:
    """Return the assessments of all files, by path or loaded already, and all problems."""
    wishes, problems = wishes_from(options)
    if wishes is None:
        return [], problems
    readings: list[Reading] = []
    for path in files:
        found = read_file(path, wishes)
        readings += found.readings
        problems += found.problems
    return readings, problems


def wishes_from(options: InputOptions) -> tuple[Wishes | None, list[Problem]]:
    """Return how files are to be read, None where an option is wrong, and what is wrong."""
    problems: list[Problem] = []
    instrument = None
    if options.instrument is not None:
        instrument, problems = named_instrument(options.instrument)
    stage = stage_from(options.stage)
    if isinstance(stage, Problem):
        problems.append(stage)
    if isinstance(stage, Problem) or errors_of(problems):
        return None, problems
    allowed = bool(options.changes) or options.missing is MissingLevels.BOUNDS
    return Wishes(instrument, stage, options.year, missing_allowed=allowed), problems


def _result(
    reading: Reading, changes: Sequence[Change], missing: MissingLevels
) -> tuple[Result | None, list[Problem]]:
    assessment, changed, problems = apply_changes(
        reading.instrument, reading.assessment, changes, SET
    )
    if errors_of(problems):
        return None, problems
    if assessment.missing and missing is MissingLevels.ERROR:
        codes = assessment.missing
        source = assessment.source.path if assessment.source else ""
        values = {"indicators": reading.instrument.listed(codes), "count": str(len(codes))}
        return None, [*problems, Problem("level-missing", Place(source), values)]
    notices = (*reading.notices, *notices_of(problems))
    return result_of(reading._replace(assessment=assessment, notices=notices), changed), []


class _Extra(NamedTuple):
    modules: tuple[str, ...]
    purpose: str


_EXTRAS = {
    "pdf": _Extra(("typst",), "PDF"),
    "docx": _Extra(("docxtpl", "docx"), "Word"),
    "xlsx": _Extra(("xlsxwriter",), "Excel"),
    "batch": _Extra(("polars", "narwhals"), "Parquet"),
}


def missing_extra(extra: str, place: str) -> list[Problem]:
    """Return the problem that an extra is not installed, at the file that needs it; else none."""
    wanted = _EXTRAS[extra]
    if all(find_spec(module) is not None for module in wanted.modules):
        return []
    values = {"extra": extra, "purpose": wanted.purpose}
    return [Problem("extra-missing", Place(place), values, Severity.USAGE)]


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


Tables = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...",
        help="Tables with a row an institution (index, domains, predicate, or levels), or score "
        "sheets; - is standard input.",
    ),
]


def read_members(paths: Sequence[str], options: InputOptions) -> tuple[list[Member], list[Problem]]:
    """Return the institutions in all files, and all problems at once."""
    wishes, problems = wishes_from(options)
    if wishes is None:
        return [], problems
    members, found = read_population(paths, wishes)
    return members, [*problems, *found]


def not_alike(members: Sequence[Member], path: str) -> list[Problem]:
    """Return why institutions have no common order or mean: several instruments, several years."""
    instruments = dict.fromkeys(member.instrument.id for member in members)
    if len(instruments) > 1:
        values = {"instruments": ", ".join(instruments)}
        return [Problem("several-instruments", Place(path), values)]
    years = dict.fromkeys(str(member.year) for member in members if member.year is not None)
    if len(years) > 1:
        return [Problem("several-years", Place(path), {"years": ", ".join(sorted(years))})]
    return []
