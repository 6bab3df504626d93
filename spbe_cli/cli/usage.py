"""What the argument parser complains of, as problems like any other."""

from typing import Any

from spbe_cli.cli.app import COMMANDS
from spbe_cli.core.problem import Problem, Severity
from spbe_cli.read.shape import nearest

__all__ = ["usage_problem"]


def usage_problem(error: Any) -> Problem:  # noqa: ANN401  (the parser's own classes are private)
    """Return the problem for an exception of the parser, told apart by what it carries."""
    option = str(getattr(error, "option_name", ""))
    parameter = getattr(error, "param", None)
    match type(error).__name__:
        case "UnknownCommandError":
            found = error.message
            values = {"found": found, "known": ", ".join(COMMANDS), **nearest(found, COMMANDS)}
            return _usage("command-unknown", **values)
        case "NoSuchOption":
            return _usage("option-unknown", found=option, **nearest(option, _options(error)))
        case "BadOptionUsage":
            return _usage("option-needs-value", option=option)
        case "MissingParameter":
            return _usage("argument-missing", argument=_name(parameter))
        case "BadParameter" if parameter is not None and _choices(parameter):
            found = _quoted(error.message)
            choices = _choices(parameter)
            values = {"option": _name(parameter), "found": found, "choices": ", ".join(choices)}
            return _usage("option-wrong-value", **values, **nearest(found, choices))
        case _:
            return _usage("usage-wrong", reason=error.format_message().strip().rstrip("."))


def _usage(code: str, **values: str) -> Problem:
    return Problem(code, values=values, severity=Severity.USAGE)


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
    return message.split("'")[1] if message.count("'") > 1 else message
