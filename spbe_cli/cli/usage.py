"""What the argument parser complains of, as problems like any other."""

from collections.abc import Sequence
from typing import Any

from spbe_cli.cli.app import COMMANDS
from spbe_cli.core.problem import Problem, Severity
from spbe_cli.read.shape import nearest

__all__ = ["is_call_for_help", "usage_problem"]


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
