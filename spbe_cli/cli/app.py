"""The commands, each in a module of its own that is imported only when it is used.

The parser's classes are its own affair and change with its versions. So an exception is told by its
name and its sentence, what the user wrote is found among the arguments, and what an option allows
stands in the command's own declaration. What is not known is passed on in the parser's words.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from importlib import import_module
from typing import Annotated, Any, get_args, get_type_hints

import typer
import typer.core
from typer.core import TyperGroup
from typer.main import get_command
from typer.models import OptionInfo

from spbe_cli import __version__
from spbe_cli.cli.defaults import COMPLETING, PARAMETERS, Defaults
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
    "merge",
    "explain",
    "instrument",
    "schema",
    "settings",
    "completion",
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
        console = ctx.find_root().obj
        translate(command, console.words)
        if COMPLETING in console.environment:
            from spbe_cli.cli.completion import complete

            complete(command)
        if console.defaults.settings:
            command.context_settings["default_map"] = _defaults_of(command, console.defaults)
        return command

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401
        """Return the command that the arguments name, refusing an unknown one with its nearest."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            raise UnknownCommandError(args[0])
        return super().resolve_command(ctx, args)


def _defaults_of(command: Any, defaults: Defaults) -> dict[str, str]:  # noqa: ANN401
    """Return what the settings say of a command's own parameters; a report has other formats."""
    kinds = {parameter.name: parameter.type for parameter in command.params}
    values = ((key, defaults.value(key)) for key in defaults.settings)
    found = {PARAMETERS[key]: value for key, value in values if value is not None}
    format_ = found.get("format_")
    if format_ and format_ not in getattr(kinds.get("format_"), "choices", ()):
        del found["format_"]
    return {name: value for name, value in found.items() if name in kinds and name != "lang"}


def translate(command: Any, words: Words) -> None:  # noqa: ANN401
    """Say a command's help, paragraph by paragraph, and that of its options."""
    paragraphs = [
        words(text) if text and "Examples:" not in text else text
        for text in (command.help or "").split("\n\n")
    ]
    command.help = "\n\n".join(paragraphs).replace("Examples:", words("Examples:"))
    for parameter in command.params:
        parameter.help = words(parameter.help) if parameter.help else ""
        parameter.metavar = words(parameter.metavar) if parameter.metavar else parameter.metavar
    _translate_frame(command, words)
    for inner in getattr(command, "commands", {}).values():
        translate(inner, words)


def _translate_frame(command: Any, words: Words) -> None:  # noqa: ANN401
    """Say what the parser itself puts around a command's help."""
    said = {
        "Arguments": words("Arguments"),
        "Options": words("Options"),
        "Commands": words("Commands"),
        "default: {default}": words("default: {default}"),
        "required": words("required"),
    }
    setattr(typer.core, "_", lambda text: said.get(text, text))  # noqa: B010  (its gettext)
    command.options_metavar = words("[OPTIONS]")
    if hasattr(command, "subcommand_metavar"):
        command.subcommand_metavar = words("COMMAND [ARGS]...")

    def format_usage(context: Any, formatter: Any) -> None:  # noqa: ANN401
        pieces = " ".join(command.collect_usage_pieces(context))
        formatter.write_usage(context.command_path, pieces, words("Usage:") + " ")

    def get_help_option(context: Any) -> Any:  # noqa: ANN401
        option = made(context)
        if option is not None:
            option.help = words("Show this message and exit.")
        return option

    made = command.get_help_option
    command.format_usage, command.get_help_option = format_usage, get_help_option


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


def usage_problem(error: Any, arguments: Sequence[str] = ()) -> Problem:  # noqa: ANN401
    """Return the problem for an exception that the parser raised over these arguments."""
    code, values = _code_and_values(error, str(getattr(error, "message", "")), arguments)
    return Problem(code, values=values, severity=Severity.USAGE)


def _code_and_values(
    error: Any,  # noqa: ANN401
    message: str,
    arguments: Sequence[str],
) -> tuple[str, dict[str, str]]:
    option = str(getattr(error, "option_name", ""))
    command: Any = getattr(getattr(error, "ctx", None), "command", None)
    parameter: Any = getattr(error, "param", None)
    name, choices = _name(parameter), _choices(command, parameter)
    match type(error).__name__:
        case "UnknownCommandError":
            result = "command-unknown", _near(message, COMMANDS)
        case "NoSuchOption" if option:
            result = "option-unknown", {"found": option, **nearest(option, _options(command))}
        case "BadOptionUsage" if option and "does not take a value" in message:
            result = "option-takes-no-value", {"option": option}
        case "BadOptionUsage" if option:
            result = "option-needs-value", {"option": option}
        case "MissingParameter" if name:
            result = "argument-missing", {"argument": name}
        case "BadParameter" if name and choices:
            said = next((word for word in arguments if repr(word) in message), "")
            found = _given(arguments, parameter.opts, choices) or said
            values = {"option": name, "found": found, "choices": ", ".join(choices)}
            result = "option-wrong-value", {**values, **nearest(found, choices)}
        case _ if message.startswith("No such command") and hasattr(command, "commands"):
            found = next((word for word in arguments if repr(word) in message), "")
            result = "command-unknown", _near(found, list(command.commands))
        case _ if message.startswith("Missing command") and hasattr(command, "commands"):
            result = "subcommand-missing", {"known": ", ".join(command.commands)}
        case _ if message.startswith("Got unexpected extra argument"):
            found = message.partition(" (")[2].removesuffix(")")
            result = "argument-unexpected", {"found": found}
        case _:
            result = "usage-wrong", {"reason": error.format_message().strip().rstrip(".")}
    return result


def _near(found: str, commands: Sequence[str]) -> dict[str, str]:
    return {"found": found, "known": ", ".join(commands), **nearest(found, commands)}


def _options(command: Any) -> list[str]:  # noqa: ANN401
    parameters = getattr(command, "params", ())
    return [name for parameter in parameters for name in parameter.opts if name.startswith("--")]


def _name(parameter: Any) -> str:  # noqa: ANN401
    """Return what the help calls a parameter; nothing if it is not told."""
    name = str(max(getattr(parameter, "opts", ()), key=len, default=""))
    if name.startswith("-"):
        return name
    return str(getattr(parameter, "metavar", None) or name.upper())


def _choices(command: Any, parameter: Any) -> list[str]:  # noqa: ANN401
    """Return what our own declaration of a parameter allows: its names, or its range."""
    declared: Callable[..., object] | None = getattr(command, "callback", None)
    hints = get_type_hints(declared, include_extras=True) if declared else {}
    return _allowed(hints.get(getattr(parameter, "name", "")))


def _allowed(hint: Any) -> list[str]:  # noqa: ANN401
    if isinstance(hint, type) and issubclass(hint, Enum):
        return [str(choice.value) for choice in hint]
    if isinstance(hint, OptionInfo) and hint.min is not None:
        return [f"{hint.min}-{hint.max}"]
    return next(filter(None, map(_allowed, get_args(hint))), [])


def _given(arguments: Sequence[str], names: Sequence[str], choices: Sequence[str]) -> str:
    """Return the last value given to an option that is none of its choices."""
    found = ""
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        for name in names:
            joined = f"{name}=" if name.startswith("--") else name
            if argument != name and not argument.startswith(joined):
                continue
            value = following if argument == name else argument.removeprefix(joined)
            found = found if value in choices else value
    return found
