"""The conversation with the user: language, colour, stdout for the answer, stderr for the rest."""

import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from spbe_cli.cli.exits import ExitCode, exit_code_of
from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.words import LANGUAGES, Words, choose_language

if TYPE_CHECKING:
    from spbe_cli.core.gates import GateOutcome
    from spbe_cli.render.view import Page

__all__ = ["Console"]

_WIDEST = 120
"""Tables do not grow beyond this: a name and its index should stand together."""
_PIPED = 80


@dataclass(slots=True)
class Console:
    """How this run speaks. Language and colour are needed before the arguments are parsed."""

    words: Words
    colour: str
    environment: Mapping[str, str]

    @classmethod
    def from_arguments(cls, arguments: Sequence[str], environment: Mapping[str, str]) -> "Console":
        """Return the console that the arguments and the environment ask for."""
        language = _option(arguments, "--lang")
        wish = language if language in LANGUAGES else None
        colour = _option(arguments, "--color") or "auto"
        return cls(Words(choose_language(wish, environment)), colour, environment)

    def has_colour(self, *, on_stderr: bool = False) -> bool:
        """Return whether to colour: --color, then NO_COLOR, FORCE_COLOR, TERM, the terminal."""
        if self.colour in ("always", "never"):
            return self.colour == "always"
        if self.environment.get("NO_COLOR"):
            return False
        if self.environment.get("FORCE_COLOR"):
            return True
        stream = sys.stderr if on_stderr else sys.stdout
        return stream.isatty() and self.environment.get("TERM") != "dumb"

    def width(self) -> int:
        """Return the width for tables: COLUMNS, else the terminal's, else 80 when piped."""
        return min(shutil.get_terminal_size((_PIPED, 24)).columns, _WIDEST)

    def pages(self, pages: "list[Page]", *, markdown: bool = False) -> str:
        """Return pages as a terminal or a Markdown reader shows them."""
        if markdown:
            from spbe_cli.render.markdown import render_markdown

            return render_markdown(pages)
        from spbe_cli.render.terminal import render_pages

        encoding = (sys.stdout.encoding or "utf-8").lower().replace("-", "")
        return render_pages(
            pages, colour=self.has_colour(), width=self.width(), unicode=encoding.startswith("utf")
        )

    def answer(self, text: str, output: str | None = None) -> ExitCode:
        """Write the answer to stdout, or whole or not at all to a file; return how that went."""
        if output is None or output == "-":
            _write_safely(sys.stdout, text)
            return ExitCode.DONE
        try:
            _write_file(Path(output), text)
        except OSError as error:
            values = {"reason": error.strerror or str(error)}
            problem = Problem("output-unwritable", Place(output), values, Severity.UNREADABLE)
            return self.refuse([problem])
        return ExitCode.DONE

    def gates(self, outcomes: "Iterable[GateOutcome]", *, exit_zero: bool) -> ExitCode:
        """Say which gates are not met and by how much, and return the exit code."""
        unmet = [outcome for outcome in outcomes if not outcome.met]
        for outcome in unmet:
            from spbe_cli.render.gate_text import gate_annotation, gate_text

            self.say(gate_text(outcome, self.words))
            if self.environment.get("GITHUB_ACTIONS") == "true":
                self.say(gate_annotation(outcome, self.words))
        return ExitCode.GATE_NOT_MET if unmet and not exit_zero else ExitCode.DONE

    def say(self, text: str) -> None:
        """Write a line of the conversation to stderr."""
        _write_safely(sys.stderr, text + "\n")

    def report(self, problems: Iterable[Problem]) -> None:
        """Show problems on stderr; in GitHub Actions also as annotations."""
        from spbe_cli.render.problem_text import problem_annotations, problem_text

        problems = list(problems)
        colour = self.has_colour(on_stderr=True)
        for problem in problems:
            self.say(problem_text(problem, self.words, colour=colour))
        if problems and self.environment.get("GITHUB_ACTIONS") == "true":
            self.say(problem_annotations(problems, self.words))

    def refuse(self, problems: Sequence[Problem]) -> ExitCode:
        """Show the problems that forbid an answer, and return the exit code for them."""
        self.report(problems)
        code = exit_code_of(problems)
        if code is ExitCode.INVALID:
            count = sum(problem.severity is not Severity.NOTICE for problem in problems)
            example = next(p.code for p in problems if p.severity is not Severity.NOTICE)
            self.say(
                self.words(
                    "Problems: {count}. Nothing was computed. More on each: spbe explain {code}",
                    count=str(count),
                    code=example,
                )
            )
        return code


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


def _write_safely(stream: TextIO, text: str) -> None:
    """Write text; a character that the stream's encoding lacks is spelled out, never lost."""
    try:
        stream.write(text)
    except UnicodeEncodeError as error:
        stream.write(text.encode(error.encoding, "backslashreplace").decode(error.encoding))


def _write_file(path: Path, text: str) -> None:
    """Write a file beside its final name and rename it, so that no half file is ever seen."""
    if path.exists() and not path.is_file():  # a device or a named pipe cannot be replaced
        path.write_text(text, encoding="utf-8", newline="")
        return
    path = path.resolve()  # through a link, to the file that it names
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", newline="")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
