"""A problem as a person reads it on the terminal, and as GitHub Actions does.

Apart from what answers share, since wrong usage is told without loading the method.
"""

import textwrap
from collections.abc import Iterable

from spbe_cli.core.problem import Place, Problem, Severity
from spbe_cli.formats.blocks import harmless, visible
from spbe_cli.words import Words

_RED, _YELLOW, _BOLD, _FAINT, _END = "\x1b[31m", "\x1b[33m", "\x1b[1m", "\x1b[2m", "\x1b[0m"
_NARROWEST = 30
"""A terminal that is narrower breaks lines itself."""
_WIDEST = 100
"""How much of a long line is shown around the place, in characters."""


def problem_text(problem: Problem, words: Words, *, colour: bool, width: int | None = None) -> str:
    """Return place and sentence, the line with a caret under the place, and the hint.

    Lines of a terminal, which has a width, are broken between words.
    """
    notice = problem.severity is Severity.NOTICE
    kind = words("notice") if notice else words("error")
    sentence, hint = words.problem(problem)
    tone = _YELLOW if notice else _RED
    place = visible(str(problem.place))
    start = f"{place}: " if place else ""
    first = _wrapped(f"{start}{kind}: {visible(sentence)} [{problem.code}]", "", width)
    if first.startswith(f"{start}{kind}: "):
        shown = f"{_painted(place, _BOLD, colour)}: " if place else ""
        first = f"{shown}{_painted(kind, tone, colour)}{first[len(start) + len(kind) :]}"
    said = words("hint") + ":"
    last = _wrapped(f"{said} {visible(hint)}", "  ", width)
    last = f"  {_painted(said, _FAINT, colour)}{last[2 + len(said) :]}"
    return "\n".join([first, *_excerpt(problem.place, tone, colour=colour), last])


def _wrapped(text: str, indent: str, width: int | None) -> str:
    if width is None:
        return f"{indent}{text}"
    return textwrap.fill(
        text,
        max(width, _NARROWEST),
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def problem_annotations(problems: Iterable[Problem], words: Words) -> str:
    """Return the problems as GitHub Actions workflow commands, one a line."""
    lines = []
    for problem in problems:
        kind = "notice" if problem.severity is Severity.NOTICE else "error"
        text = "; ".join(words.problem(problem))
        lines.append(annotation(kind, problem.place, problem.code, text))
    return "\n".join(lines)


def annotation(kind: str, place: Place, title: str, text: str) -> str:
    """Return one workflow command of GitHub Actions; a cell, which has no line, is in its text."""
    from spbe_cli.formats.findings import command, located_text

    where = {"file": file_of(place), "line": place.line, "col": place.column, "title": title}
    return command(kind, where, located_text(text, place.sheet, place.cell))


def option_of(place: Place) -> str | None:
    """Return the option of the command line that a place is, None where it is in a file."""
    return place.source if place.source.startswith("--") else None


def file_of(place: Place) -> str | None:
    """Return the file of a place as it was given, None where there is none."""
    return None if option_of(place) else place.source or None


def _excerpt(place: Place, tone: str, *, colour: bool) -> list[str]:
    """Return the line and its caret; a long line is cut to the part around the place."""
    if place.excerpt is None or place.column is None or place.line is None:
        return []
    start = max(0, place.column - 1 - _WIDEST // 2)
    shown = harmless(place.excerpt[start : start + _WIDEST].replace("\t", " "))
    before = place.column - 1 - start
    width = max(1, min(place.width, len(shown) - before))
    number = str(place.line)
    margin = " " * len(number)
    caret = _painted("^" * width, tone, colour)
    return [f"  {number} | {shown}", f"  {margin} | {' ' * before}{caret}"]


def _painted(text: str, code: str, colour: bool) -> str:  # noqa: FBT001
    return f"{code}{text}{_END}" if colour and text else text
