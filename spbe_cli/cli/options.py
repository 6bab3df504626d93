"""Options and arguments that commands share, and what they stand for.

A named tuple here is a group: a command that takes one has its fields among its options.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from spbe_cli.core.problem import Place, Problem, Severity, errors_of, nearest
from spbe_cli.formats.endings import AnswerFormat, ChartFormat, CheckFormat, Format, ScoreFormat

if TYPE_CHECKING:
    from spbe_cli.core.assessment import Stage
    from spbe_cli.core.instrument import Instrument
    from spbe_cli.core.population import Member, PeerTable
    from spbe_cli.core.score import IndexGate, PredicateGate, Reading
    from spbe_cli.read.choice import Wishes
    from spbe_cli.read.text import File


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


class Detail(StrEnum):
    """How far down an answer goes."""

    ASPECT = "aspect"
    INDICATOR = "indicator"


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
SheetOption = Annotated[
    str | None,
    typer.Option("--sheet", metavar="NAME", help="Read only this sheet of a workbook."),
]
IndexOption = Annotated[
    list[str] | None,
    typer.Option(
        "--index",
        metavar="NAME=VALUE",
        help="The index of another evaluation, over the file's: SDI=62.5. May be given several "
        "times.",
    ),
]
MissingOption = Annotated[
    MissingLevels,
    typer.Option("--missing", help="A missing level is an error, or leaves bounds of the index."),
]
MinIndexOption = Annotated[
    str | None, typer.Option("--min-index", metavar="INDEX", help="Gate: at least this index.")
]
MinPredicateOption = Annotated[
    str | None,
    typer.Option("--min-predicate", metavar="NAME", help="Gate: at least this predicate."),
]
ExitZeroOption = Annotated[
    bool, typer.Option("--exit-zero", help="Exit with 0 even if a gate is not met.")
]
ForceOption = Annotated[bool, typer.Option("--force", help="Overwrite what is there.")]
ReplaceOption = Annotated[
    bool, typer.Option("--force", help="Overwrite even a score sheet or a read-only file.")
]
LanguageOption = Annotated[
    Language | None, typer.Option("--lang", help="The language; by default that of the locale.")
]
ColourOption = Annotated[Colour, typer.Option("--color", help="When to colour.")]


class InputOptions(NamedTuple):
    """How score sheets are read.

    `assumed` is no option: of those that settings give in place of one, the notice that says so.
    """

    instrument: InstrumentOption = None
    year: YearOption = None
    stage: StageOption = None
    sheet: SheetOption = None
    indices: IndexOption = None
    assumed: Mapping[str, Problem] = {}


class Sheets(NamedTuple):
    """Score sheets, and how they are read."""

    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...", help="Score sheets: YAML, CSV, TSV or XLSX; - is standard input."
        ),
    ]
    how: InputOptions = InputOptions()


OnlyYearOption = Annotated[
    int | None,
    typer.Option(
        "--only-year",
        metavar="YEAR",
        min=2000,
        max=2999,
        help="Read only this year of tables that hold several.",
    ),
]


class Tables(NamedTuple):
    """Tables of many institutions, and how they are read."""

    files: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Tables with a row an institution (index, domains, predicate, or levels), or "
            "score sheets; - is standard input.",
        ),
    ]
    instrument: InstrumentOption = None
    year: YearOption = None
    only_year: OnlyYearOption = None
    assumed: Mapping[str, Problem] = {}


class GateOptions(NamedTuple):
    """What an index must be at least."""

    min_index: MinIndexOption = None
    min_predicate: MinPredicateOption = None
    minimum: Annotated[
        list[str] | None,
        typer.Option(
            "--min", metavar="CODE=INDEX", help="Gate: at least this index of a domain or aspect."
        ),
    ] = None
    exit_zero: ExitZeroOption = False


OutputOption = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write the answer to a file, whole or not at all.",
    ),
]


def _format_option() -> Any:  # noqa: ANN401  (what typer makes of it)
    return typer.Option(
        "--format", "-f", help="How the answer is written; into a file, as its ending says."
    )


class Written(NamedTuple):
    """How and where an answer is written."""

    format_: Annotated[AnswerFormat, _format_option()] = AnswerFormat.TABLE
    output: OutputOption = None
    force: ReplaceOption = False


class WrittenScore(NamedTuple):
    """How and where a score is written."""

    format_: Annotated[ScoreFormat, _format_option()] = ScoreFormat.TABLE
    output: OutputOption = None
    force: ReplaceOption = False


class WrittenCheck(NamedTuple):
    """How and where a check is written."""

    format_: Annotated[CheckFormat, _format_option()] = CheckFormat.TABLE
    output: OutputOption = None
    force: ReplaceOption = False


class WrittenChart(NamedTuple):
    """How and where an answer is written that is drawn as well."""

    format_: Annotated[ChartFormat, _format_option()] = ChartFormat.TABLE
    output: OutputOption = None
    force: ReplaceOption = False


AnyWritten = Written | WrittenScore | WrittenCheck | WrittenChart


class Speech(NamedTuple):
    """How a run speaks; it is known before the arguments are parsed."""

    lang: LanguageOption = None
    color: ColourOption = Colour.AUTO
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say only errors and unmet gates.")
    ] = False
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Say also what was read of each file.")
    ] = False

    @property
    def contradiction(self) -> list[Problem]:
        """What cannot be asked for at once."""
        values = {"option": "--quiet", "other": "--verbose"}
        return [misuse("options-exclude", **values)] * (self.quiet and self.verbose)


MOST_SHEETS = 5000
"""How many score sheets a command answers for, 130 kB each as JSON; `spbe batch` takes any."""

_INSTRUMENT = Place("--instrument")
SET = Place("--set")
"""Where changes are asked for, as problems name it."""


def misuse(code: str, place: str = "", **values: str) -> Problem:
    """Return the problem of a request that is wrong, whatever the files hold."""
    return Problem(code, Place(place), values, Severity.USAGE)


def repeated(parameters: Iterable[Any], arguments: Sequence[str]) -> list[Problem]:
    """Return each option that takes one value and was given several that differ.

    The last would be taken in silence. How a run speaks may be said again: an alias may say it.
    """
    problems = []
    for each in parameters:
        if getattr(each, "is_flag", True) or each.multiple or each.name in ("lang", "color"):
            continue
        values = dict.fromkeys(_values(each.opts, each.nargs, arguments))
        if len(values) > 1:
            option = max(each.opts, key=len)
            found = ", ".join(" ".join(value) for value in values)
            problems.append(misuse("option-repeated", option, option=option, found=found))
    return problems


def _values(
    names: Sequence[str], number: int, arguments: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    """Yield the values that were given to an option, each time it was given."""
    for at, argument in enumerate(arguments):
        if argument == "--":
            return
        name, joined, value = argument.partition("=")
        if argument in names:
            yield tuple(arguments[at + 1 : at + 1 + number])
        elif joined and name in names:
            yield (value,)


def named_instrument(name: str) -> "tuple[Instrument | None, list[Problem]]":
    """Return the instrument that an argument names; a name that is none is wrong usage."""
    from spbe_cli.read.instruments import find_instrument

    instrument, problems = find_instrument(name)
    return instrument, [
        problem._replace(severity=Severity.USAGE)
        if problem.code == "instrument-unknown"
        else problem
        for problem in problems
    ]


def stage_from(text: str | None) -> "Stage | Problem | None":
    """Return the stage of this name in either language, or why there is none."""
    if text is None:
        return None
    from spbe_cli.core.assessment import Stage
    from spbe_cli.read.schema import stage_name

    try:
        return Stage(stage_name(text))
    except ValueError:
        from spbe_cli.read.values import NAMES

        near = nearest(text, (name for names in NAMES.values() for name in names))
        return misuse("stage-unknown", "--stage", found=text, choices=", ".join(Stage), **near)


class Gates(NamedTuple):
    """The gates of a run, and what is wrong with their options."""

    gates: "Sequence[IndexGate | PredicateGate]"
    problems: Sequence[Problem]


def gates_from(
    min_index: str | None, min_predicate: str | None, minimums: Sequence[str] | None
) -> Gates:
    """Return the gates that the options ask for."""
    from spbe_cli.core.number import NotANumberError, parse
    from spbe_cli.core.score import IndexGate, PredicateGate, parse_node_gate

    gates: list[IndexGate | PredicateGate] = []
    problems: list[Problem] = []
    if min_index is not None:
        try:
            gates.append(IndexGate(parse(min_index), place=Place("--min-index")))
        except NotANumberError:
            problems.append(misuse("gate-wrong", "--min-index", found=min_index))
    if min_predicate is not None:
        gates.append(PredicateGate(min_predicate, place=Place("--min-predicate")))
    for text in minimums or ():
        found = parse_node_gate(text, Place("--min"))
        if isinstance(found, Problem):
            problems.append(found)
        else:
            gates.append(found)
    return Gates(gates, problems)


def wishes_from(
    how: InputOptions, *, missing_allowed: bool = False
) -> "tuple[Wishes | None, list[Problem]]":
    """Return how files are to be read, None where an option is wrong, and what is wrong."""
    from spbe_cli.read.choice import Assumed, Wishes

    problems: list[Problem] = []
    instrument, year = None, how.year
    if how.instrument is not None:
        instrument, problems = named_instrument(how.instrument)
        problems = [each if each.place.source else each.at(_INSTRUMENT) for each in problems]
    assumed = Assumed(
        year if "year" in how.assumed else None,
        instrument if "instrument" in how.assumed else None,
        how.assumed,
    )
    year = None if "year" in how.assumed else year
    instrument = None if "instrument" in how.assumed else instrument
    stage = stage_from(how.stage)
    if isinstance(stage, Problem):
        return None, [*problems, stage]
    indices = [tuple(map(str.strip, text.split("=", 1))) for text in how.indices or ()]
    problems += [
        misuse("index-wrong", "--index", found=text)
        for text, parts in zip(how.indices or (), indices, strict=True)
        if len(parts) < 2 or not all(parts)  # noqa: PLR2004
    ]
    if errors_of(problems):
        return None, problems
    named = tuple((name, value) for name, value in indices)
    wishes = Wishes(instrument, stage, year, missing_allowed, how.sheet, indices=named)
    return wishes._replace(assumed=assumed), problems


def read_readings(
    files: "Sequence[str | File]",
    how: InputOptions,
    *,
    missing_allowed: bool = False,
    watched: "Callable[[Sequence[str | File]], Iterable[str | File]]" = iter,
) -> "tuple[list[Reading], list[Problem]]":
    """Return the assessments of all files, by path or loaded already, and all problems.

    `watched` passes the files on, and may show how far it is.
    """
    from spbe_cli.read.assessments import each_once, read_file, sheets_too_many

    wishes, problems = wishes_from(how, missing_allowed=missing_allowed)
    readings: list[Reading] = []
    if wishes is None:
        return readings, problems
    opened = _opened(files, problems)
    if len(opened) > MOST_SHEETS:
        return [], [*problems, sheets_too_many(str(files[0]), MOST_SHEETS)]
    for path in watched(opened):
        found = read_file(path, wishes._replace(most=MOST_SHEETS))
        readings += found.readings
        problems += found.problems
        if len(readings) > MOST_SHEETS:
            name = path if isinstance(path, str) else path.path
            return [], [*problems, sheets_too_many(name, MOST_SHEETS)]
    gathered = {path for path in opened if isinstance(path, str) and path not in files}
    if gathered:
        readings, repeated = each_once(readings, gathered)
        problems += repeated
    return readings, problems


def read_members(
    tables: Tables, *, parts_allowed: bool = False
) -> "tuple[list[Member], list[Problem]]":
    """Return the institutions in all files, and all problems at once.

    `parts_allowed`: an institution may lack its index, as an audit takes it.
    """
    from spbe_cli.read.assessments import files_in
    from spbe_cli.read.published import read_population

    wishes, problems = wishes_from(
        InputOptions(tables.instrument, tables.year, assumed=tables.assumed)
    )
    if wishes is None:
        return [], problems
    wishes = wishes._replace(only_year=tables.only_year, parts_allowed=parts_allowed)
    opened, in_folders = files_in(tables.files)
    problems += in_folders
    members, found = read_population(opened, wishes) if opened else ([], [])
    return members, [*problems, *found]


def _opened(files: "Sequence[str | File]", problems: list[Problem]) -> "list[str | File]":
    """Return the files, and in place of folders and patterns what is in them."""
    from spbe_cli.read.assessments import files_in

    names = [file for file in files if isinstance(file, str)]
    if len(names) < len(files):  # loaded already, each of them
        return list(files)
    paths, found = files_in(names)
    problems += found
    return [*paths]


def not_alike(members: "Sequence[Member]", path: str) -> list[Problem]:
    """Return why institutions have no common order or mean: several instruments, several years."""
    instruments = dict.fromkeys(member.instrument.id for member in members)
    if len(instruments) > 1:
        values = {"instruments": ", ".join(instruments)}
        return [Problem("several-instruments", Place(path), values)]
    years = dict.fromkeys(str(member.year) for member in members if member.year is not None)
    if len(years) > 1:
        return [Problem("several-years", Place(path), {"years": ", ".join(sorted(years))})]
    return []


def read_peers(
    tables: Tables, instruments: "Iterable[Instrument]"
) -> "tuple[PeerTable | None, list[Problem]]":
    """Return the institutions to stand among, None where they cannot be compared with all."""
    from spbe_cli.core.population import PeerTable

    members, problems = read_members(tables)
    problems += not_alike(members, tables.files[0])
    if errors_of(problems) or not members:
        return None, problems
    peers = PeerTable(members)
    for instrument in instruments:
        if peers.instrument.groups != instrument.groups:
            values = {"found": peers.instrument.id, "instrument": instrument.id}
            place = Place(tables.files[0])
            other = Problem("peers-other-instrument", place, values, Severity.NOTICE)
            return None, [*problems, other]
    return peers, problems


def missing_extra(format_: Format, place: str) -> list[Problem]:
    """Return the problem that a format's extra is not installed, at the file of it; else none."""
    extra = format_.how.extra
    if extra is None or extra.is_there:
        return []
    return [misuse("extra-missing", place, extra=extra.name, purpose=extra.purpose)]
