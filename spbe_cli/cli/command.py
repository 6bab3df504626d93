"""A command: its own options, those that it shares with others, and the way to its exit code.

    app = new_app()

    @command(app)
    def levers(run: Run, *, top: Top = None, sheets: Sheets) -> Answer:

`Sheets` is a group: its fields are the arguments and options that it stands for, here FILE...,
--instrument, --year and --stage. Every command has --lang and --color as well, and one that returns
an `Answer` has --format and --output.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVar

import typer

from spbe_cli.cli.console import Console, progress_bar
from spbe_cli.cli.defaults import FILLING, HARMLESS, PARAMETERS
from spbe_cli.cli.options import (
    AnyWritten,
    GateOptions,
    Gates,
    Sheets,
    Speech,
    Tables,
    Written,
    gates_from,
    missing_extra,
    misuse,
    read_members,
    read_readings,
    repeated,
)
from spbe_cli.cli.streams import ExitCode, exit_code_of, in_utf_8
from spbe_cli.core.problem import Place, Problem, Problems, Severity, errors_of

if TYPE_CHECKING:
    from spbe_cli.core.compare import DropOutcome
    from spbe_cli.core.instrument import Criteria, Instrument
    from spbe_cli.core.outlook import ChanceOutcome
    from spbe_cli.core.population import Member
    from spbe_cli.core.score import GateOutcome, Reading, Result
    from spbe_cli.formats.blocks import Section
    from spbe_cli.formats.charts import Chart
    from spbe_cli.read.text import File


class Answer(NamedTuple):
    """The three shapes of an answer, of which one is made, and how it stands to what was asked.

    A document has `format`, `results` and `gates`; the first row is the header; pages are for
    people. `met` says whether something else than a gate was reached, `unmet` where it was not. One
    that `stands` is given whatever is wrong: that is among what it says.
    """

    document: Callable[[], Mapping[str, Any]]
    rows: Callable[[], Iterable[Sequence[str]]]
    pages: Callable[[], Iterable["Section"]]
    gates: "Sequence[GateOutcome | DropOutcome | ChanceOutcome]" = ()
    met: bool = True
    unmet: Callable[[], Iterable[tuple[Place, str]]] = tuple
    exit_zero: bool = False
    charts: "Callable[[], Iterable[Chart]]" = tuple
    stands: bool = False


_MANY = 20
"""From how many files on it is shown how far reading is."""

Ended = Answer | str | ExitCode
"""How a command ends: with an answer, with a text, or with an exit code, all written already."""
Function = TypeVar("Function", bound=Callable[..., Ended])
Group = TypeVar("Group")
Found = TypeVar("Found")


class RefusedError(Exception):
    """There is no answer; the run's problems say why."""


class Run:
    """One run of a command: how it speaks, and everything that is wrong or must be known."""

    def __init__(
        self,
        console: Console,
        written: AnyWritten,
        *,
        verbose: bool = False,
    ) -> None:
        self.console = console
        self.verbose = verbose
        self.words = console.words
        self.problems = Problems()
        self.written = written
        self._shown = 0
        self._files: dict[str, None] = {}
        console.annotates &= not written.format_.how.annotates
        self._places: dict[Place, Place] = {}

    def readings(self, sheets: Sheets, *, missing_allowed: bool = False) -> "list[Reading]":
        """Return the assessments in the files that are right; their notices are not kept yet."""
        found, problems = read_readings(
            *sheets, missing_allowed=missing_allowed, watched=self._watched
        )
        self.note(problems)
        self.note_files(found)
        return found

    def _watched(self, files: "Sequence[str | File]") -> "Iterator[str | File]":
        """Yield files, and show on a terminal how far it is, where there are many."""
        if len(files) < _MANY:
            yield from files
            return
        with progress_bar(len(files), colour=self.console.has_colour(on_stderr=True)) as advance:
            for file in files:
                yield file
                advance(1)

    def members(self, tables: Tables, *, parts_allowed: bool = False) -> "list[Member]":
        """Return the institutions in the files that are right."""
        found, problems = read_members(tables, parts_allowed=parts_allowed)
        self.note(problems)
        self._files |= dict.fromkeys(each.place.source for each in found if each.place.source)
        if self.verbose:
            from spbe_cli.answers.check import members_lines

            for line in members_lines(found, self.words):
                self.console.say(line.text)
        return found

    def found(self, found: tuple[Found | None, Sequence[Problem]]) -> Found:
        """Return what was found; the run ends here if nothing was."""
        value, problems = found
        self.note(problems)
        if value is None:
            raise RefusedError
        return value

    def parsed(self, found: Found | Problem) -> Found | None:
        """Return what was found; a problem in its place is kept."""
        if isinstance(found, Problem):
            self.note([found])
            return None
        return found

    def all_parsed(self, found: Iterable[Found | Problem]) -> list[Found]:
        """Return what was found; problems among it are kept."""
        kept = (self.parsed(each) for each in found)
        return [each for each in kept if each is not None]

    def criteria(self, instruments: "Iterable[Instrument]") -> "dict[str, dict[str, Criteria]]":
        """Return the criteria by instrument and indicator; what hinders them is a notice."""
        from spbe_cli.read.instruments import read_criteria

        found: dict[str, dict[str, Criteria]] = {}
        for instrument in instruments:
            if instrument.id not in found:
                found[instrument.id], problems = read_criteria(instrument)
                self.note(each._replace(severity=Severity.NOTICE) for each in problems)
        return found

    def gates(self, asked: GateOptions) -> Gates:
        """Return the gates that are asked for."""
        gates = gates_from(asked.min_index, asked.min_predicate, asked.minimum)
        self.note(gates.problems)
        return gates

    def outcomes(self, gates: Gates, results: "Sequence[Result]") -> "list[GateOutcome]":
        """Return how every result stands to every gate that makes sense for it."""
        from spbe_cli.core.score import check_gates

        outcomes, problems = check_gates(gates.gates, results)
        self.note(problems)
        return outcomes

    @property
    def width(self) -> int | None:
        """The columns that a table may take; None where nothing binds it."""
        how = self.written.format_.how
        return self.console.width() if how.is_bound else how.width

    def page(self, *pages: "Section") -> str:
        """Return pages as a terminal shows them."""
        from spbe_cli.formats.terminal import pages_text

        return pages_text(pages, self.console.look())

    def note(self, problems: Iterable[Problem]) -> None:
        """Keep what is wrong or must be known, each once; of an option where its setting stands."""
        self.problems.add(each.at(self._places.get(each.place, each.place)) for each in problems)

    def note_files(self, readings: "Iterable[Reading]") -> None:
        """Keep which files these readings are from: where nothing is wrong, they are valid."""
        sources = (reading.assessment.source for reading in readings)
        self._files |= dict.fromkeys(each.path for each in sources if each is not None)

    def note_settings(
        self, context: typer.Context, *, fills: bool, stops: bool
    ) -> dict[str, Problem]:
        """Keep what is to be known of the settings, and refuse what is wrong with those in use.

        Returned are the notices of those that a sheet may speak over (`fills`): they are kept when
        one is taken. A command that takes no setting, or explains (`stops` is false), goes on.
        """
        defaults = self.console.defaults
        sources = {key: context.get_parameter_source(name) for key, name in PARAMETERS.items()}
        taken = {key for key, source in sources.items() if source is not None}
        wrong = [
            problem
            for key, problem in defaults.wrong.items()
            if key in taken and getattr(sources[key], "name", "") != "COMMANDLINE"
        ]
        if taken - set(HARMLESS):
            wrong += defaults.problems
        stops = stops and bool(taken - set(HARMLESS))
        self.note(each if stops else each._replace(severity=Severity.NOTICE) for each in wrong)
        self.note(each for each in defaults.unknown if "nearest" in each.values)
        assumed = {}
        for key, each in defaults.settings.items():
            source = sources[key]
            if key in HARMLESS or source is None or source.name != "DEFAULT_MAP":
                continue
            self._places[Place(f"--{key}")] = each.place
            if fills and key in FILLING:
                assumed[key] = each.used
            else:
                self.note([each.used])
        self.refuse_errors()
        return assumed

    @property
    def used(self) -> list[dict[str, str]]:
        """The settings that change what this run answers, for machines."""
        used = [each for each in self.problems if each.code == "setting-used"]
        used.sort(key=lambda each: list(PARAMETERS).index(each.values["key"]))
        return [{**each.values, "source": str(each.place)} for each in used]

    def note_readings(
        self, readings: "Iterable[Reading]", *, are_tables_shown: bool = False
    ) -> None:
        """Keep what must be known of these readings, and say what was read if that is asked for.

        What an answer shows of tables is not said once more.
        """
        readings = list(readings)
        self.note(notice for reading in readings for notice in reading.notices)
        if self.verbose:
            from spbe_cli.answers.check import read_lines

            for line in read_lines(readings, self.words, with_tables=not are_tables_shown):
                self.console.say(line.text)

    def refuse(self, problem: Problem) -> NoReturn:
        """End the run here, because of this problem and those found so far."""
        self.note([problem])
        raise RefusedError

    def refuse_if(self, problems: Sequence[Problem]) -> None:
        """Keep these problems, and end the run here if one of them forbids an answer."""
        self.note(problems)
        if errors_of(problems):
            raise RefusedError

    def refuse_errors(self) -> None:
        """End the run here if anything is wrong."""
        if errors_of(self.problems):
            raise RefusedError

    def show(self) -> None:
        """Say what is to be known and was not yet said."""
        self.console.report(self._unshown())

    def answer(self, content: str | bytes, output: str | None = None) -> None:
        """Write an answer to a file, whole or not at all, or to stdout; never to a file read."""
        if output is not None and output != "-":
            if self.console.reads(output):
                self.refuse(misuse("output-is-input", output))
            if not self.written.force:
                from spbe_cli.cli.files import kept_files

                self.refuse_if([*kept_files([output])])
        self.write(content, output)

    def write(self, content: str | bytes, output: str | None = None) -> None:
        """Write to a file, whole or not at all, whatever it holds but an input; or to stdout."""
        if output is not None and output != "-" and self.console.has_read(output):
            self.refuse(misuse("output-is-input", output))
        problem = self.console.write(content, output)
        if problem is not None:
            self.refuse(problem)

    def refused(self) -> ExitCode:
        """Say why there is no answer, on stderr and in the format asked for; return the exit code.

        Nothing that was there and holds levels or is read is written over, even so.
        """
        self.console.refuse(self._unshown())
        code = exit_code_of(self.problems)
        if not self.written.format_.how.tells_problems:
            return code
        content = self.console.told(self.problems, code, self.written.format_, self._files)
        try:
            self.answer(content, self.written.output)
        except RefusedError:
            self.console.refuse(self._unshown())
        return code

    def ended(self, ended: Ended) -> ExitCode:
        """Say what must be known, write the answer, say which gates fail; return the exit code."""
        if not (isinstance(ended, Answer) and ended.stands):
            self.refuse_errors()
        self.show()
        match ended:
            case Answer():
                if used := self.used:
                    made = ended.document
                    ended = ended._replace(document=lambda: {**made(), "settings": used})
                self.answer(self._content(ended), self.written.output)
                gates = self.console.gates(ended.gates, exit_zero=ended.exit_zero)
                self.console.annotate(ended.unmet)
                unmet = not ended.met and not ended.exit_zero
                code = ExitCode.GATE_NOT_MET if unmet else gates
                return exit_code_of(self.problems) or code
            case str():
                self.answer(ended)
                return ExitCode.DONE
            case _:
                return ended

    def _content(self, answer: Answer) -> str | bytes:
        """Return an answer as it is written: for a terminal in its encoding, otherwise in UTF-8."""
        write: Callable[..., str | bytes] = self.written.format_.writer()
        unmet = [outcome for outcome in answer.gates if not outcome.met]
        if unmet and self.written.format_.how.says_gates:
            from spbe_cli.answers.gates import gates_page

            page, pages = gates_page(unmet, self.words), answer.pages
            answer = answer._replace(pages=lambda: [*pages(), page])
        content = write(answer, self.console.look())
        if isinstance(content, bytes) or self.written.format_.how.is_bound:
            return content
        return in_utf_8(content)

    def _unshown(self) -> list[Problem]:
        shown, self._shown = self._shown, len(self.problems)
        return list(self.problems)[shown:]


def new_app(**settings: Any) -> typer.Typer:  # noqa: ANN401
    """Return what a command is registered with."""
    return typer.Typer(add_completion=False, rich_markup_mode=None, **settings)


def command(
    app: typer.Typer,
    name: str | None = None,
    written: Callable[..., AnyWritten] = Written,
    *,
    judges_settings: bool = False,
) -> Callable[[Function], Function]:
    """Register a function as a command, with the options of its groups and those of every one.

    One that `judges_settings` takes none and says itself what is wrong with them.
    """

    def register(function: Function) -> Function:
        _, *own = signature(function).parameters.values()
        returned = signature(function).return_annotation
        answers = returned is Answer
        fills = _has_assumed(own)
        options = [*own, *_parameters(written) * answers, *_parameters(Speech)]

        def call(context: typer.Context, **values: Any) -> ExitCode:  # noqa: ANN401
            speech = _made(Speech, values)
            context.obj.quiet = speech.quiet
            form = _made(written, values) if answers else Written()
            form, wrong = _by_ending(form, context)
            run = Run(context.obj, form, verbose=speech.verbose)
            try:
                run.refuse_if([*wrong, *speech.contradiction])
                run.refuse_if(repeated(context.command.params, run.console.arguments))
                stops = returned is not str
                if not judges_settings:
                    values["assumed"] = run.note_settings(context, fills=fills, stops=stops)
                return run.ended(function(run, **_given(own, values)))
            except RefusedError:
                return run.refused()

        context = Parameter("context", Parameter.KEYWORD_ONLY, annotation=typer.Context)
        expanded = [context, *_expanded(options)]
        call.__signature__ = Signature(expanded)  # type: ignore[attr-defined]
        call.__annotations__ = {each.name: each.annotation for each in expanded}
        call.__name__, call.__doc__ = function.__name__, function.__doc__
        app.command(name)(call)
        return function

    return register


def _by_ending(form: AnyWritten, context: typer.Context) -> tuple[AnyWritten, list[Problem]]:
    """Return how the answer is written, by the ending of its file where nothing else is asked for.

    Where the two contradict each other nothing is written to the file, not even why. Nothing that
    is no text goes to a terminal.
    """
    if form.output in (None, "-"):
        if form.format_.how.is_text or not sys.stdout.isatty():
            return form, missing_extra(form.format_, "--format")
        return form, [misuse("output-binary", "--format", format=form.format_)]
    source = context.get_parameter_source("format_")
    is_asked = source is not None and source.name == "COMMANDLINE"
    found: Any = form.format_.for_file(form.output, is_asked=is_asked)
    if found is not None:
        return form._replace(format_=found), missing_extra(found, str(form.output))
    known = ", ".join(form.format_.endings) if is_asked else form.format_.every_ending()
    wrong = misuse("output-ending", form.output, known=known)
    return form._replace(output=None), [wrong]


def _is_group(parameter: Parameter) -> bool:
    return hasattr(parameter.annotation, "_fields")


def _parameters(group: Callable[..., Any]) -> list[Parameter]:
    return [each for each in signature(group).parameters.values() if each.name != "assumed"]


def _has_assumed(parameters: Iterable[Parameter]) -> bool:
    """Return whether sheets are read, which may say what settings only fill in."""
    groups = [each.annotation for each in parameters if _is_group(each)]
    return any("assumed" in group._fields or _has_assumed(_parameters(group)) for group in groups)


def _expanded(parameters: Iterable[Parameter]) -> Iterator[Parameter]:
    """Yield the parameters, in the place of a group those that it stands for."""
    for each in parameters:
        if _is_group(each):
            yield from _expanded(_parameters(each.annotation))
        else:
            yield each.replace(kind=Parameter.KEYWORD_ONLY)


def _given(parameters: Iterable[Parameter], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of parameters, groups put together."""
    return {
        each.name: _made(each.annotation, values) if _is_group(each) else values[each.name]
        for each in parameters
    }


def _made(group: Callable[..., Group], values: Mapping[str, Any]) -> Group:
    given = _given(_parameters(group), values)
    if "assumed" in getattr(group, "_fields", ()):
        given["assumed"] = values["assumed"]
    return group(**given)
