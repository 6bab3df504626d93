"""What is taken where an option is not given: SPBE_* of the environment, then settings files.

The nearest `spbe.toml`, or `[tool.spbe]` of a pyproject.toml, in this folder or above comes before
the user's own, `spbe/spbe.toml` in the folder for configuration.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from spbe_cli.core.problem import Place, Problem, Severity, nearest
from spbe_cli.words import LANGUAGES

COMPLETING = "_SPBE_COMPLETE"
"""The variable by which a shell asks for what completes its line."""
PARAMETERS = {
    "language": "lang",
    "format": "format_",
    "instrument": "instrument",
    "stage": "stage",
    "year": "year",
    "min-index": "min_index",
    "min-predicate": "min_predicate",
    "costs": "costs",
}
"""The keys of settings, and the parameter of a command that each stands for."""
GATES = ("min-index", "min-predicate")
HARMLESS = ("language", "format")
"""What changes how an answer looks, and not what it says."""
_FORMATS = ("table", "json", "jsonl", "csv", "markdown")
CHOICES = {"language": LANGUAGES, "format": _FORMATS}
"""What some settings are one of."""
_YEAR = re.compile(r"2\d{3}")
_NAME = "spbe.toml"
_LARGEST = 1_000_000
"""Bytes of a settings file; a larger file is something else."""


class Setting(NamedTuple):
    """A value that stands for an option, and where it comes from."""

    key: str
    value: str
    place: Place


class Defaults(NamedTuple):
    """The settings of a run by their keys, and what is wrong with them."""

    settings: Mapping[str, Setting]
    problems: tuple[Problem, ...] = ()

    def value(self, key: str) -> str | None:
        """Return the value of a key; None where nothing sets it."""
        found = self.settings.get(key)
        return None if found is None else found.value


def find_defaults(environment: Mapping[str, str], folder: Path) -> Defaults:
    """Return what the environment and the settings files say, the first that says it."""
    problems: list[Problem] = []
    settings: dict[str, Setting] = {}
    for each in (*_from_environment(environment), *_from_files(environment, folder, problems)):
        wrong = _wrong(each)
        if wrong is not None:
            problems.append(wrong)
        settings.setdefault(each.key, each)
    return Defaults(settings, tuple(problems))


def _wrong(setting: Setting) -> Problem | None:
    choices = CHOICES.get(setting.key, ())
    right = setting.value in choices if choices else bool(setting.value)
    if setting.key == "year":
        choices, right = ("2000-2999",), bool(_YEAR.fullmatch(setting.value))
    if right:
        return None
    values = {"key": setting.key, "found": setting.value, "choices": ", ".join(choices) or "-"}
    values |= nearest(setting.value, choices)
    return Problem("setting-wrong", setting.place, values, Severity.USAGE)


def _from_environment(environment: Mapping[str, str]) -> Iterator[Setting]:
    for key in PARAMETERS:
        name = "SPBE_LANG" if key == "language" else f"SPBE_{key.upper().replace('-', '_')}"
        if value := environment.get(name, "").strip():
            value = value.casefold() if key in HARMLESS else value
            yield Setting(key, value, Place(name))


def _from_files(
    environment: Mapping[str, str], folder: Path, problems: list[Problem]
) -> Iterator[Setting]:
    for path in (_nearest_file(folder), _users_file(environment)):
        content = None if path is None else _content(path)
        if path is not None and content is not None:
            yield from _in_file(path, content, problems)


def _nearest_file(folder: Path) -> Path | None:
    for here in (folder, *folder.parents):
        for path in (here / _NAME, here / "pyproject.toml"):
            content = _content(path)
            if content is not None and (path.name == _NAME or b"[tool.spbe" in content):
                return path
    return None


def _users_file(environment: Mapping[str, str]) -> Path | None:
    home = environment.get("HOME") or environment.get("USERPROFILE")
    base = environment.get("XDG_CONFIG_HOME") or environment.get("APPDATA")
    if base is None and home is None:
        return None
    return Path(base or Path(str(home), ".config"), "spbe", _NAME)


def _content(path: Path) -> bytes | None:
    """Return what a file holds; None where there is none, or it may not be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(_LARGEST)
    except (OSError, ValueError):
        return None


def _in_file(path: Path, content: bytes, problems: list[Problem]) -> Iterator[Setting]:
    import tomllib

    text = content.decode("utf-8", "replace")
    try:  # decimals stay text: 2.6 is 26/10, and no float
        data: dict[str, Any] = tomllib.loads(text, parse_float=str)
    except tomllib.TOMLDecodeError as error:
        values = {"reason": str(error)}
        problems.append(Problem("settings-unreadable", Place(str(path)), values, Severity.USAGE))
        return
    if path.name != _NAME:
        data = data["tool"].get("spbe", {})
    gates = data.pop("gates") if isinstance(data.get("gates"), dict) else {}
    outside = (*(key for key in PARAMETERS if key not in GATES), "gates")
    held = [(outside, *pair) for pair in data.items()] + [(GATES, *pair) for pair in gates.items()]
    for known, key, value in held:
        place = _place(path, text, key)
        if key not in known:
            values = {"key": key, "known": ", ".join(known), **nearest(key, known)}
            problems.append(Problem("unknown-key", place, values, Severity.USAGE))
        elif key != "gates" and isinstance(value, str | int) and not isinstance(value, bool):
            yield Setting(key, _beside(path, key, str(value).strip()), place)
        else:
            values = {"key": key, "found": str(value), "choices": "-"}
            problems.append(Problem("setting-wrong", place, values, Severity.USAGE))


def _beside(path: Path, key: str, value: str) -> str:
    """Return a file that a settings file names as it is reached from here."""
    is_file = key == "costs" or (key == "instrument" and value.endswith((".yaml", ".yml")))
    return str(path.parent / value) if is_file else value


def _place(path: Path, text: str, key: str) -> Place:
    wanted = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
    for number, line in enumerate(text.splitlines(), 1):
        if wanted.match(line):
            return Place(str(path), number, 1)
    return Place(str(path))
