"""The commands, each in a module of its own that is imported only when it is used."""

from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from spbe_cli import __version__
from spbe_cli.cli.options import Colour, ColourOption, LanguageOption
from spbe_cli.core.problem import Problem, Severity, nearest
from spbe_cli.words import Words

COMMANDS = (
    "score",
    "check",
    "whatif",
    "compare",
    "plan",
    "levers",
    "outlook",
    "batch",
    "rank",
    "profile",
    "audit",
    "report",
    "init",
    "explain",
    "instrument",
)


class UnknownCommandError(typer.TyperException):
    """There is no such command."""


class LazyGroup(TyperGroup):
    """A group that finds `spbe NAME` in the module `spbe_cli.cli.NAME`."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002
        """Return the commands in the order of their use."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401
        """Return a command with its help in the user's language; None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"spbe_cli.cli.{cmd_name}")
        command = get_command(module.app)
        command.name = cmd_name
        translate(command, ctx.find_root().obj.words)
        return command

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401
        """Return the command that the arguments name, refusing an unknown one with its nearest."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            raise UnknownCommandError(args[0])
        return super().resolve_command(ctx, args)


def translate(command: Any, words: Words) -> None:  # noqa: ANN401
    """Say a command's help, paragraph by paragraph, and that of its options."""
    paragraphs = [
        words(text) if text and "Examples:" not in text else text
        for text in (command.help or "").split("\n\n")
    ]
    command.help = "\n\n".join(paragraphs).replace("Examples:", words("Examples:"))
    for parameter in command.params:
        parameter.help = words(parameter.help) if parameter.help else ""
    for inner in getattr(command, "commands", {}).values():
        translate(inner, words)


app = typer.Typer(
    name="spbe",
    cls=LazyGroup,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback()
def spbe(
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
    lang: LanguageOption = None,
    color: ColourOption = Colour.AUTO,
) -> None:
    """The SPBE index of Indonesian government institutions: exact, instant, explainable.

    \b
    Examples:
      spbe score examples/bandar-lampung-2023.yaml
      spbe score nilai.xlsx --detail indicator
      spbe score nilai.csv --year 2024 --set 12=4 --min-predicate baik
      spbe check *.yaml
      spbe report nilai.yaml -o laporan.html
      spbe explain 12
    """  # noqa: D401
    if version:
        typer.echo(f"spbe {__version__}")
        raise typer.Exit


def is_call_for_help(error: Any) -> bool:  # noqa: ANN401
    """Return whether nothing was asked for at all: the message is then the help."""
    return type(error).__name__ == "NoArgsIsHelpError"


def usage_problem(error: Any) -> Problem:  # noqa: ANN401  (the parser's own classes are private)
    """Return the problem for an exception of the parser, told apart by what it carries."""
    code, values = _code_and_values(error, str(getattr(error, "message", "")))
    return Problem(code, values=values, severity=Severity.USAGE)


def _code_and_values(error: Any, message: str) -> tuple[str, dict[str, str]]:  # noqa: ANN401
    option = str(getattr(error, "option_name", ""))
    parameter = getattr(error, "param", None)
    found = _quoted(message)
    match type(error).__name__:
        case "UnknownCommandError":
            result = "command-unknown", _near(found, COMMANDS)
        case "NoSuchOption":
            result = "option-unknown", {"found": option, **nearest(option, _options(error))}
        case "BadOptionUsage" if "does not take a value" in message:
            result = "option-takes-no-value", {"option": option}
        case "BadOptionUsage":
            result = "option-needs-value", {"option": option}
        case "MissingParameter":
            result = "argument-missing", {"argument": _name(parameter)}
        case "BadParameter" if parameter is not None and _choices(parameter):
            choices = _choices(parameter)
            values = {"option": _name(parameter), "found": found, "choices": ", ".join(choices)}
            result = "option-wrong-value", {**values, **nearest(found, choices)}
        case _ if message.startswith("No such command"):
            result = "command-unknown", _near(found, list(error.ctx.command.commands))
        case _ if message.startswith("Got unexpected extra argument"):
            result = "argument-unexpected", {"found": message.rpartition("(")[2].rstrip(")")}
        case _:
            result = "usage-wrong", {"reason": error.format_message().strip().rstrip(".")}
    return result


def _near(found: str, commands: Sequence[str]) -> dict[str, str]:
    return {"found": found, "known": ", ".join(commands), **nearest(found, commands)}


def _options(error: Any) -> list[str]:  # noqa: ANN401
    command = error.ctx.command if error.ctx else None
    parameters = command.params if command else []
    return [name for parameter in parameters for name in parameter.opts if name.startswith("--")]


def _name(parameter: Any) -> str:  # noqa: ANN401
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name.upper())
    return str(max(parameter.opts, key=len))


def _choices(parameter: Any) -> list[str]:  # noqa: ANN401
    kind = parameter.type
    if getattr(kind, "min", None) is not None:
        return [f"{kind.min}-{kind.max}"]
    return [str(getattr(choice, "value", choice)) for choice in getattr(kind, "choices", ())]


def _quoted(message: str) -> str:
    """Return the user's word, which the parser's sentence begins with in quotes."""
    return message.split("'")[1] if message.count("'") > 1 else message.partition(" ")[0]
