"""The conversation with the user: language, colour, stdout for the answer, stderr for the rest."""

import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from spbe_cli.cli.defaults import Defaults, find_defaults
from spbe_cli.cli.streams import (
    ExitCode,
    exit_code_of,
    in_utf_8,
    leave_stdout,
    obeys_colour,
    say,
    write_answer,
)
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.formats.endings import CheckFormat, Format, Look, WriteAnswer
from spbe_cli.read.text import is_there, unwritable
from spbe_cli.words import LANGUAGES, Words, choose_language

if TYPE_CHECKING:
    from spbe_cli.core.compare import DropOutcome
    from spbe_cli.core.outlook import ChanceOutcome
    from spbe_cli.core.score import GateOutcome

_WIDEST = 120
"""Tables do not grow beyond this: a name and its index should stand together."""
_PIPED = 80
_WRITTEN = ("-o", "--output", "--output-dir", "--rejects", "--save")  # files after these: not read
_MOST_SHOWN = 200
"""How many problems are shown; the rest is counted."""


@dataclass(slots=True)
class Console:
    """How this run speaks. Language and colour are needed before the arguments are parsed."""

    words: Words
    colour: str
    environment: Mapping[str, str]
    arguments: Sequence[str]
    defaults: Defaults
    annotates: bool = False
    """Whether problems and unmet gates are told to GitHub Actions as well."""
    quiet: bool = False
    """Whether only what ends a run is said, and no notice."""

    @classmethod
    def from_arguments(cls, arguments: Sequence[str], environment: Mapping[str, str]) -> "Console":
        """Return the console that the arguments and the environment ask for."""
        language = _option(arguments, "--lang")
        defaults = find_defaults(environment, Path.cwd())
        wish = language if language in LANGUAGES else defaults.value("language")
        colour = _option(arguments, "--color") or "auto"
        words = Words(choose_language(wish, environment))
        annotates = environment.get("GITHUB_ACTIONS") == "true"
        return cls(words, colour, environment, arguments, defaults, annotates)

    @property
    def _to_file(self) -> bool:
        """Whether the answer goes to a file: then the terminal's looks do not concern it."""
        output = _option(self.arguments, "--output") or _option(self.arguments, "-o")
        return output not in (None, "-")

    def has_colour(self, *, on_stderr: bool = False) -> bool:
        """Return whether to colour: --color, then NO_COLOR, FORCE_COLOR, TERM, the terminal."""
        stream = sys.stderr if on_stderr else sys.stdout
        obeys = obeys_colour(stream)  # also where colours are asked for, to switch them on
        if self.colour in ("always", "never"):
            return self.colour == "always"
        if self.environment.get("NO_COLOR") or (self._to_file and not on_stderr):
            return False
        if self.environment.get("FORCE_COLOR"):
            return True
        return obeys and self.environment.get("TERM") != "dumb"

    def has_unicode(self) -> bool:
        """Return whether the answer may hold more than the characters of ASCII."""
        encoding = (sys.stdout.encoding or "utf-8").lower().replace("-", "")
        return self._to_file or encoding.startswith("utf")

    def width(self) -> int:
        """Return the width for tables: COLUMNS, else the terminal's, else 80 (pipes and files)."""
        if self._to_file and "COLUMNS" not in self.environment:
            return _PIPED
        return min(shutil.get_terminal_size((_PIPED, 24)).columns, _WIDEST)

    def look(self) -> Look:
        """Return how the answer is to look."""
        return Look(self.has_colour(), self.width(), self.has_unicode(), self.words.language)

    def write(self, text: str | bytes, output: str | None = None) -> Problem | None:
        """Write to stdout, or whole or not at all to a file; return what keeps it from that."""
        try:
            if output is None or output == "-":
                write_answer(text)
            else:
                text = in_utf_8(text) if isinstance(text, str) else text
                from spbe_cli.cli.files import write_file

                write_file(Path(output), text)
        except OSError as error:
            if output is None or output == "-":
                leave_stdout()
            return unwritable(output or "<stdout>", error)
        return None

    def reads(self, output: str) -> bool:
        """Return whether the file to be written is one that was read, or that arguments name."""
        return self.has_read(output) or _names(self.arguments, output)

    def has_read(self, output: str) -> bool:
        """Return whether the file to be written was read, also by another file's wish."""
        from spbe_cli.cli.files import is_input

        return is_input(output)

    def gates(
        self, outcomes: "Iterable[GateOutcome | DropOutcome | ChanceOutcome]", *, exit_zero: bool
    ) -> ExitCode:
        """Say which gates are not met and by how much, and return the exit code."""
        unmet = [outcome for outcome in outcomes if not outcome.met]
        for outcome in unmet:
            from spbe_cli.answers.gates import gate_annotation, gate_text

            self.say(gate_text(outcome, self.words))
            if self.annotates:
                self.say(gate_annotation(outcome, self.words))
        return ExitCode.GATE_NOT_MET if unmet and not exit_zero else ExitCode.DONE

    def annotate(self, unmet: Callable[[], Iterable[tuple[Place, str]]]) -> None:
        """Tell GitHub Actions, where it listens, what was not reached and where."""
        if self.annotates:
            from spbe_cli.answers.problems import annotation

            for place, text in unmet():
                self.say(annotation("error", place, "gate", text))

    def say(self, text: str) -> None:
        """Write a line of the conversation to stderr."""
        say(text + "\n")

    def tell(self, text: str) -> None:
        """Write a line that nobody misses who asked for quiet."""
        if not self.quiet:
            self.say(text)

    def report(self, problems: Iterable[Problem], *, more: int = 0) -> None:
        """Show problems on stderr, and how many more there are; in GitHub Actions also annotate."""
        problems = [
            each for each in problems if not self.quiet or each.severity is not Severity.NOTICE
        ]
        if not problems and not more:
            return
        from spbe_cli.answers.problems import problem_annotations, problem_text

        colour = self.has_colour(on_stderr=True)
        width = shutil.get_terminal_size().columns if sys.stderr.isatty() else None
        for problem in problems[:_MOST_SHOWN]:
            self.say(problem_text(problem, self.words, colour=colour, width=width))
        more += max(0, len(problems) - _MOST_SHOWN)
        if more:
            self.say(self.words("... and {more} more", more=str(more)))
        if self.annotates:
            self.say(problem_annotations(problems[:_MOST_SHOWN], self.words))

    def refuse(self, problems: Sequence[Problem], *, more: int = 0) -> ExitCode:
        """Show the problems that forbid an answer, and return the exit code for them."""
        self.report(problems, more=more)
        code = exit_code_of(problems)
        if code is ExitCode.INVALID:
            count = more + sum(p.severity is not Severity.NOTICE for p in problems)
            example = next(p.code for p in problems if p.severity is not Severity.NOTICE)
            self.say(
                self.words(
                    "Problems: {count}. Nothing was computed. More on each: spbe explain {code}",
                    count=str(count),
                    code=example,
                )
            )
        return code

    def told(
        self,
        problems: Iterable[Problem],
        code: ExitCode,
        form: Format,
        files: Collection[str] = (),
    ) -> bytes:
        """Return a run without an answer in a format that tells problems."""
        from spbe_cli.answers.problem_list import NoAnswer

        write: WriteAnswer = form.writer()
        return in_utf_8(write(NoAnswer(tuple(problems), code, self.words, files), self.look()))


def tells_problems(arguments: Sequence[str], defaults: Defaults) -> CheckFormat | None:
    """Return the format asked for, where it tells problems; the arguments need not be right."""
    short = next((each[2:] for each in arguments if each[:2] == "-f" and each[2:]), None)
    name = _option(arguments, "--format") or _option(arguments, "-f") or short
    name = name or defaults.value("format")
    found = next((each for each in CheckFormat if each == name), None)
    return found if found is not None and found.how.tells_problems else None


def _option(arguments: Sequence[str], name: str) -> str | None:
    """Return the last value given to an option, before anything is parsed."""
    value = None
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument.startswith(f"{name}="):
            value = argument.partition("=")[2]
        elif argument == name and place + 1 < len(arguments):
            value = arguments[place + 1]
    return value


def _names(arguments: Sequence[str], output: str) -> bool:
    """Return whether the file to be written is also one that the arguments read."""
    target = Path(output)
    others = [
        argument.partition("=")[2] if argument.startswith("--") else argument
        for before, argument in zip(["", *arguments], arguments, strict=False)
        if before not in _WRITTEN
        and not argument.startswith(("-o", *(f"{name}=" for name in _WRITTEN[1:])))
    ]
    return is_there(target) and any(
        is_there(Path(other)) and target.samefile(other) for other in others if other
    )


Advance = Callable[[int], None]


@contextmanager
def progress_bar(total: int, *, colour: bool, quiet: bool = False) -> Iterator[Advance]:
    """Give a function that says how much of `total` was done since it was last called."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True, no_color=not colour)
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda done: progress.advance(task, done)
