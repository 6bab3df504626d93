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
FILLING = ("instrument", "year")
"""What is taken where a score sheet does not say it; what the sheet says stands."""
_FORMATS = ("table", "json", "jsonl", "csv", "markdown")
CHOICES = {"language": LANGUAGES, "format": _FORMATS}
"""What some settings are one of."""
_CALLED = {"indonesia": "id", "indonesian": "id", "bahasa": "id", "english": "en", "inggris": "en"}
"""What languages are called, for whoever writes a name in place of its letters."""
_EXAMPLES = {
    "instrument": '"spbe-2020"',
    "stage": '"self"',
    "year": "2024",
    "min-index": "2.6",
    "min-predicate": '"Baik"',
    "costs": '"biaya.yaml"',
}
_YEAR = re.compile(r"2\d{3}")
_NAME = "spbe.toml"
_LARGEST = 1_000_000
"""Bytes of a settings file; a larger file is something else."""
_REASONS = {
    "Invalid value": "a value is neither a number nor a text in quotes",
    "Expected '=' after a key": "a key is not followed by =",
    "Expected newline or end of document": "more than one thing stands on a line",
    "Cannot overwrite": "a key stands twice",
    "Cannot declare": "a table stands twice",
    "Duplicate inline table key": "a key stands twice",
    "Unterminated string": "a text is not closed",
    "Unclosed": "a bracket is not closed",
    "Expected": "a bracket or quotation mark is missing",
    "Illegal character": "a text goes beyond its line or holds an invisible character",
    "Unescaped": "a backslash stands in a text that is not quoted with '",
}
"""What a reason of the parser of TOML begins with, and what we say in its place."""
_OTHER_REASON = "the form is wrong"
SAID_REASONS = (*dict.fromkeys(_REASONS.values()), _OTHER_REASON)
"""All that is said for a reason."""


class Setting(NamedTuple):
    """A value that stands for an option, and where it comes from."""

    key: str
    value: str
    place: Place

    @property
    def used(self) -> Problem:
        """The notice that this setting changes an answer."""
        values = {"key": self.key, "value": self.value}
        return Problem("setting-used", self.place, values, Severity.NOTICE)

    def wrong(self, choices: tuple[str, ...] = ()) -> Problem:
        """Return the problem that the value is none of this key."""
        return setting_wrong(self.key, self.value, self.place, choices)


class Defaults(NamedTuple):
    """The settings of a run by their keys.

    `problems` holds what is wrong with the files, `wrong` what with the value of a key, `unknown`
    the variables of the environment that are called like settings and are none.
    """

    settings: Mapping[str, Setting]
    problems: tuple[Problem, ...] = ()
    wrong: Mapping[str, Problem] = {}
    unknown: tuple[Problem, ...] = ()

    def value(self, key: str) -> str | None:
        """Return the value of a key; None where nothing sets it, or not rightly."""
        found = self.settings.get(key)
        return None if found is None or key in self.wrong else found.value


def find_defaults(environment: Mapping[str, str], folder: Path) -> Defaults:
    """Return what the environment and the settings files say, the first that says it."""
    problems: list[Problem] = []
    settings: dict[str, Setting] = {}
    wrong: dict[str, Problem] = {}
    for each in (*_from_environment(environment), *_from_files(environment, folder, problems)):
        if isinstance(each, Problem):
            key = each.values["key"]
            if key not in settings:
                wrong.setdefault(key, each)
        elif each.key not in settings and each.key not in wrong:
            settings[each.key] = each
            found = _wrong(each)
            if found is not None:
                wrong[each.key] = found
    of_files = [*problems, *(wrong.pop(key) for key in {*wrong} - {*PARAMETERS})]  # gates = 3
    return Defaults(settings, tuple(of_files), wrong, tuple(_unknown(environment)))


def setting_wrong(key: str, found: str, place: Place, choices: tuple[str, ...] = ()) -> Problem:
    """Return the problem of a value that a key cannot have, with what to write in its place."""
    values = {"key": key, "found": found, "example": _example(key, place)}
    values |= _nearest(key, found, choices)
    return Problem("setting-wrong", place, values, Severity.USAGE)


def _nearest(key: str, found: str, choices: tuple[str, ...]) -> dict[str, str]:
    """Return which of the choices may have been meant; a language also by what it is called."""
    called = nearest(found, _CALLED) if key == "language" else {}
    return {near: _CALLED[name] for near, name in called.items()} or nearest(found, choices)


def _example(key: str, place: Place) -> str:
    """Return how a setting is written, in a file or in the environment."""
    choices = [f'"{choice}"' for choice in CHOICES.get(key, ())]
    value = " | ".join(choices) if choices else _EXAMPLES.get(key, "")
    if key == "gates":
        return "[gates]"
    if place.source == variable_of(key):
        return f"{place.source}={value}".replace('"', "")
    return f"{key} = {value}"


def _wrong(setting: Setting) -> Problem | None:
    """Return what is wrong with a value as far as it can be told without reading an instrument."""
    key, value = setting.key, setting.value
    right, choices = bool(value), CHOICES.get(key, ())
    if choices:
        right = value in choices
    elif key == "year":
        right = bool(_YEAR.fullmatch(value))
    elif key == "min-index":
        from spbe_cli.core.number import is_number

        right = is_number(value)
    elif key == "stage":
        from spbe_cli.core.assessment import Stage
        from spbe_cli.read.schema import stage_name

        choices = tuple(Stage)
        right = stage_name(value) in choices
    elif key == "instrument" and right:
        from spbe_cli.read.instruments import shipped_ids
        from spbe_cli.read.text import is_there

        choices = shipped_ids()
        right = value in choices or is_there(Path(value))
    return None if right else setting.wrong(choices)


def variable_of(key: str) -> str:
    """Return the variable of the environment that stands for a key."""
    return "SPBE_LANG" if key == "language" else f"SPBE_{key.upper().replace('-', '_')}"


def _from_environment(environment: Mapping[str, str]) -> Iterator[Setting]:
    for key in PARAMETERS:
        name = variable_of(key)
        if value := environment.get(name, "").strip():
            value = value.casefold() if key in HARMLESS else value
            yield Setting(key, value, Place(name))


def _unknown(environment: Mapping[str, str]) -> Iterator[Problem]:
    """Yield the variables that are called like a setting and are none; ours are in the action."""
    names = [variable_of(key) for key in PARAMETERS]
    for name in environment:
        if name.startswith("SPBE_") and name not in (*names, "SPBE_DEBUG"):
            near = nearest(name[5:], [each[5:] for each in names])
            near = {key: f"SPBE_{each}" for key, each in near.items()}
            values = {"key": name, "known": ", ".join(names), **near}
            yield Problem("unknown-key", Place(name), values, Severity.NOTICE)


def _from_files(
    environment: Mapping[str, str], folder: Path, problems: list[Problem]
) -> Iterator[Setting | Problem]:
    for found in (_nearest_file(folder), _users_file(environment)):
        if isinstance(found, Problem):
            problems.append(found)
        elif found is not None:
            yield from _in_file(*found, problems)


def _nearest_file(folder: Path) -> tuple[Path, bytes] | Problem | None:
    for here in (folder, *folder.parents):
        own = _content(here / _NAME)
        if own is not None:
            return own if isinstance(own, Problem) else (here / _NAME, own)
        shared = _content(here / "pyproject.toml")  # others' too: unreadable, it says nothing to us
        if isinstance(shared, bytes) and b"[tool.spbe" in shared:
            return here / "pyproject.toml", shared
    return None


def _users_file(environment: Mapping[str, str]) -> tuple[Path, bytes] | Problem | None:
    home = environment.get("HOME") or environment.get("USERPROFILE")
    base = environment.get("XDG_CONFIG_HOME") or environment.get("APPDATA")
    if base is None and home is None:
        return None
    path = Path(base or Path(str(home), ".config"), "spbe", _NAME)
    found = _content(path)
    return (path, found) if isinstance(found, bytes) else found


def _content(path: Path) -> bytes | Problem | None:
    """Return what a file holds, or why it cannot be read; None where there is none to be seen."""
    try:
        path.stat()
    except (OSError, ValueError):  # also a folder above that is closed to us
        return None
    from spbe_cli.read.text import load

    found = load(str(path), regular=True)
    if not isinstance(found, Problem):
        return found.content[:_LARGEST]
    return b"" if found.code == "file-empty" else found._replace(severity=Severity.USAGE)


def _in_file(path: Path, content: bytes, problems: list[Problem]) -> Iterator[Setting | Problem]:
    import tomllib

    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    try:  # decimals stay text: 2.6 is 26/10, and no float
        data: dict[str, Any] = tomllib.loads(text, parse_float=str)
    except tomllib.TOMLDecodeError as error:
        problems.append(_no_toml(path, text, str(error)))
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
            yield setting_wrong(key, _as_toml(value), place)


def _no_toml(path: Path, text: str, said: str) -> Problem:
    """Return why a file is no TOML: in our words, at the line that the parser names."""
    reason = next((ours for start, ours in _REASONS.items() if said.startswith(start)), None)
    found = re.search(r"\(at line (\d+), column (\d+)\)", said)
    line = int(found[1]) if found else max(text.rstrip().count("\n") + 1, 1)
    column = int(found[2]) if found else 1
    excerpt = dict(enumerate(text.split("\n"), 1)).get(line)
    place = Place(str(path), line, column, excerpt=excerpt)
    values = {"reason": reason or _OTHER_REASON}
    return Problem("settings-unreadable", place, values, Severity.USAGE)


def _as_toml(value: object) -> str:
    """Return a value that no setting can have about as it was written."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_as_toml, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key} = {_as_toml(each)}' for key, each in value.items())}}}"
    return str(value)


def _beside(path: Path, key: str, value: str) -> str:
    """Return a file that a settings file names as it is reached from here."""
    is_file = key == "costs" or (key == "instrument" and value.endswith((".yaml", ".yml")))
    return str(path.parent / value) if is_file and value else value


def _place(path: Path, text: str, key: str) -> Place:
    wanted = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=|\[\s*[\"']?{re.escape(key)}\W")
    for number, line in enumerate(text.splitlines(), 1):
        if wanted.match(line):
            return Place(str(path), number, 1, excerpt=line, width=len(line.rstrip()))
    return Place(str(path))
