"""`spbe completion`: a shell completes options, codes, instruments, stages, predicates."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

import typer

from spbe_cli.cli.command import Run, command, new_app
from spbe_cli.cli.defaults import COMPLETING
from spbe_cli.core.assessment import Stage
from spbe_cli.core.instrument import Instrument
from spbe_cli.read.instruments import DEFAULT, shipped_ids, shipped_instrument
from spbe_cli.words import Words

app = new_app()


class Shell(StrEnum):
    """The shells that are known."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


@command(app)
def completion(
    run: Run,
    *,
    shell: Annotated[
        Shell,
        typer.Argument(metavar="SHELL", help="The shell that completes: bash, zsh or fish."),
    ],
) -> str:
    """Print what makes a shell complete the commands of spbe, to be put into its start file.

    \b
    Examples:
      spbe completion bash >> ~/.bashrc
      spbe completion zsh >> ~/.zshrc
      spbe completion fish > ~/.config/fish/completions/spbe.fish
    """
    from typer.completion import get_completion_script  # type: ignore[attr-defined]

    script: str = get_completion_script(prog_name="spbe", complete_var=COMPLETING, shell=shell)
    return script + "\n"


class Item(NamedTuple):
    """A value that completes a word, as the parser's own items are."""

    value: str
    type: str = "plain"
    help: str | None = None


def _instrument(params: dict[str, Any]) -> Instrument:
    """Return the instrument whose codes are meant; of a file nothing is read while one types."""
    asked = params.get("instrument")
    return shipped_instrument(asked if asked in shipped_ids() else DEFAULT)


def _instruments(_: dict[str, Any]) -> Iterator[Item]:
    for each in shipped_ids():
        yield Item(each, "plain", shipped_instrument(each).title)


def _stages(_: dict[str, Any]) -> Iterator[Item]:
    yield from map(Item, Stage)


def _predicates(params: dict[str, Any]) -> Iterator[Item]:
    """Yield predicates by their first names, in one word: bash puts no quotes around a value."""
    for each in _instrument(params).predicates:
        first = each.name.partition(" (")[0]
        yield Item(first.replace(" ", "-"), "plain", each.name)


def _nodes(params: dict[str, Any]) -> Iterator[Item]:
    groups = _instrument(params).nodes
    yield from (Item(each.code, "plain", each.name) for each, _, _ in groups)


def _codes(params: dict[str, Any]) -> Iterator[Item]:
    yield from _nodes(params)
    yield from (Item(each.code, "plain", each.name) for each in _instrument(params).indicators)


def _explained(params: dict[str, Any]) -> Iterator[Item]:
    yield from _codes(params)
    yield from _predicates(params)
    yield from map(Item, Words("en").codes)


def _schemas(_: dict[str, Any]) -> Iterator[Item]:
    from spbe_cli.cli.schema import formats

    yield from map(Item, formats())


Values = Callable[[dict[str, Any]], Iterator[Item]]
_VALUES: dict[str, tuple[Values, str]] = {
    "--instrument": (_instruments, ""),
    "--stage": (_stages, ""),
    "--stages": (_stages, ""),
    "--min-predicate": (_predicates, ""),
    "--target": (_predicates, ""),
    "--min-probability": (_predicates, "="),
    "--min": (_nodes, "="),
    "--lock": (_codes, ""),
    "--only": (_codes, ""),
    "--set": (_codes, "="),
    "--cap": (_codes, "="),
    "--max-drop": (_nodes, "="),
    "explain what": (_explained, ""),
    "schema name": (_schemas, ""),
    "show name": (_instruments, ""),
    "diff before": (_instruments, ""),
    "diff after": (_instruments, ""),
}
"""What completes an option, or an argument of a command, and what follows it in the same word."""


def complete(command: Any) -> None:  # noqa: ANN401  (the parser's command)
    """Give the parameters of a command, and of those below it, the values that complete them."""
    for each in command.params:
        known = {*each.opts, f"{command.name} {each.name}"} & _VALUES.keys()
        for name in known:
            each.shell_complete = _completer(*_VALUES[name])
    for inner in getattr(command, "commands", {}).values():
        complete(inner)


def _completer(values: Values, following: str) -> Callable[[Any, str], list[Item]]:
    def completed(context: Any, incomplete: str) -> list[Item]:  # noqa: ANN401
        found = (each._replace(value=each.value + following) for each in values(context.params))
        return [each for each in found if each.value.casefold().startswith(incomplete.casefold())]

    return completed
