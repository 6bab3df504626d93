"""What a run says with its exit code."""

from collections.abc import Iterable
from enum import IntEnum

from spbe_cli.core.problem import Problem, Severity

__all__ = ["ExitCode", "exit_code_of"]


class ExitCode(IntEnum):
    """The exit codes, all of them."""

    DONE = 0
    GATE_NOT_MET = 1
    USAGE = 2
    INVALID = 3
    UNREADABLE = 4
    BUG = 70
    INTERRUPTED = 130


def exit_code_of(problems: Iterable[Problem]) -> ExitCode:
    """Return the code of the gravest problem: wrong usage, then files, then data."""
    found = {problem.severity for problem in problems}
    if Severity.USAGE in found:
        return ExitCode.USAGE
    if Severity.UNREADABLE in found:
        return ExitCode.UNREADABLE
    return ExitCode.INVALID if Severity.ERROR in found else ExitCode.DONE
