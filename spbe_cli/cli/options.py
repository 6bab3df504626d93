"""The options that several commands share, each described once."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, NamedTuple

import typer

from spbe_cli.core.assessment import Stage
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import NotANumberError, parse
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.core.score import IndexGate, PredicateGate, parse_node_gate

__all__ = [
    "Colour",
    "ColourOption",
    "Files",
    "Format",
    "FormatOption",
    "InputOptions",
    "InstrumentOption",
    "Language",
    "LanguageOption",
    "MissingLevels",
    "MissingOption",
    "OutputOption",
    "StageOption",
    "YearOption",
    "gates_from",
    "named_instrument",
    "stage_from",
]


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
            gates.append(IndexGate(parse(min_index)))
        except NotANumberError:
            place = Place("--min-index")
            problems.append(Problem("gate-wrong", place, {"found": min_index}, Severity.USAGE))
    if min_predicate is not None:
        gates.append(PredicateGate(min_predicate))
    for text in minimums or ():
        gate = parse_node_gate(text)
        if isinstance(gate, Problem):
            problems.append(gate)
        else:
            gates.append(gate)
    return Gates(gates, problems)
