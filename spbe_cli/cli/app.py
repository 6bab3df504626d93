"""The commands, each in a module of its own that is imported only when it is used."""

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from spbe_cli import __version__
from spbe_cli.cli.options import Colour, ColourOption, LanguageOption
from spbe_cli.words import Words

__all__ = ["COMMANDS", "UnknownCommandError", "app", "translate"]

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
    paragraphs = [words(text) for text in (command.help or "").split("\n\n")]
    command.help = "\n\n".join(paragraphs).replace("Examples:", words("Examples:"))
    for parameter in command.params:
        parameter.help = words(parameter.help or "")
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
