"""From arguments to exit code: the one place that catches what escapes a command."""

import gc
import os
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING

from spbe_cli import __version__
from spbe_cli.cli.streams import ExitCode, leave_stdout, open_closed_streams, say

if TYPE_CHECKING:
    from spbe_cli.words import Words

_INTERRUPT = KeyboardInterrupt.__name__


def run(arguments: Sequence[str]) -> int:
    """Return the exit code of `spbe ARGUMENTS`. Nothing but the code comes out, never a traceback.

    A broken pipe (`spbe score x | head -1`) is silent: the reader has what it wanted. A stream that
    is closed or full from the start is no such reader: where an answer was to go there, it is said.
    """
    # Objects of a short run live to its end: looking for garbage among them costs 15 ms at start.
    gc.set_threshold(100_000, 50, 50)
    open_closed_streams()
    try:
        code = _version() if arguments == ["--version"] else _run(list(arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        leave_stdout()
        return ExitCode.DONE
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except MemoryError:
        say("spbe: out of memory / kehabisan memori\n")  # nothing more is loaded now
        return ExitCode.BUG
    except OSError as error:
        leave_stdout()
        from spbe_cli.read.text import reason_of

        reason = _spoken(arguments).reason(reason_of(error))
        say(f"spbe: {error.filename or 'stdout'}: {reason}\n")
        return ExitCode.UNREADABLE
    except Exception as error:  # noqa: BLE001  (the last line of defence)
        return ExitCode.INTERRUPTED if _is_interrupt(error) else _bug(error, arguments)
    return code


def _spoken(arguments: Sequence[str]) -> "Words":
    """Return how this run speaks, also where nothing else of it came about."""
    from spbe_cli.cli.console import Console

    return Console.from_arguments(arguments, os.environ).words


def _is_interrupt(error: BaseException | None) -> bool:
    """Return whether an error is what a library makes of Ctrl-C; pydantic keeps its text alone."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt) or str(error).rstrip(": ").endswith(_INTERRUPT):
            return True
        error = error.__cause__ or error.__context__
    return False


def _version() -> int:
    """Answer what scripts ask often, without loading a library."""
    sys.stdout.write(f"spbe {__version__}\n")
    return ExitCode.DONE


def _switch_off_pydantic_plugins() -> None:
    """Keep pydantic from looking for plugins among all installed packages: 16 ms at start.

    Its switch, PYDANTIC_DISABLE_PLUGINS, comes after the import of importlib.metadata that costs
    them. If the module is ever called otherwise, spbe only starts that much later.
    """
    loader = ModuleType("pydantic.plugin._loader")
    loader.get_plugins = tuple  # type: ignore[attr-defined]
    sys.modules.setdefault(loader.__name__, loader)


def _run(arguments: list[str]) -> int:
    _switch_off_pydantic_plugins()
    from typer import TyperException
    from typer.main import get_command

    from spbe_cli.cli.app import app, translate
    from spbe_cli.cli.console import Console, tells_problems
    from spbe_cli.cli.defaults import COMPLETING
    from spbe_cli.read.text import begin_reading

    begin_reading()
    if COMPLETING in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined]

        completion_init()
    console = Console.from_arguments(arguments, os.environ)
    command = get_command(app)
    translate(command, console.words)
    try:
        code = command.main(arguments, prog_name="spbe", standalone_mode=False, obj=console)
    except TyperException as error:
        from spbe_cli.cli.app import is_call_for_help, usage_problem

        if is_call_for_help(error):
            problem = console.write(f"{error.message}\n")
            return ExitCode.DONE if problem is None else console.refuse([problem])
        wrong = [usage_problem(error, arguments)]
        code = console.refuse(wrong)
        if form := tells_problems(arguments, console.defaults):
            console.write(console.told(wrong, code, form))
        return code
    return code if isinstance(code, int) else ExitCode.DONE


def _bug(error: Exception, arguments: Sequence[str]) -> int:
    """Say what happened in one line; SPBE_DEBUG shows the rest to whoever repairs it."""
    if os.environ.get("SPBE_DEBUG"):
        raise error
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    where = f"{frame.tb_frame.f_globals.get('__name__')}:{frame.tb_lineno}" if frame else "?"
    say(f"spbe: {_of_bug(f'{type(error).__name__}, {where}: {error}', arguments)}\n")
    return ExitCode.BUG


def _of_bug(what: str, arguments: Sequence[str]) -> str:
    """Return what is said of a bug; no more than itself where the bug is in how we speak."""
    try:
        words = _spoken(arguments)
        return words(
            "this is a bug of ours, not of yours: {what}\nPlease report it with the command and, "
            "if you may share it, the file; SPBE_DEBUG=1 shows more.",
            what=what,
        )
    except Exception:  # noqa: BLE001  (the last line of defence)
        return what
