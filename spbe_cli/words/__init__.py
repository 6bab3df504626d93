"""How things are said in Indonesian and English: sentences, numbers, problems.

The sentences are data beside this file, read when something is said and only in the language that
it is said in. An English sentence stands in the code and is the key of `sentences.id.yaml`; what
the code of a problem means stands in `problems.en.yaml` and `problems.id.yaml`.
"""

import os
import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from spbe_cli.core import number
from spbe_cli.core.problem import Problem

if TYPE_CHECKING:
    from spbe_cli.core.instrument import Indicator, Instrument

LANGUAGES = ("id", "en")
_ON_WINDOWS = os.name == "nt"
_LANGUAGE_ONLY, _INDONESIAN = 0x3FF, 0x21
"""The bits of a Windows language that leave its country out, and what they are for Indonesian."""
_NAMED = {
    "stage": ("stage", "stages", "earlier", "found", "other", "choices", "others"),
    "column": ("missing", "nearest"),
    "reason": ("reason",),
    "where": ("where",),
    "": ("key",),
}
"""Which values of problems may hold names that have a translation, by the kind of name."""
_AS_TYPED = ("missing-key", "setting-used", "setting-wrong", "rank-without-group", "unknown-key")
"""Problems whose key is to be written as it stands; of the others it says what a sheet says."""
_SCALE = re.compile(r"(?P<lowest>[\d.]+)-(?P<highest>[\d.]+)(?: \((?P<step>[\d./]+)\))?")
_ESCAPED = {"n": "\n", "b": "\b"}
_SECOND_NAME = re.compile(r" \(([^()]+)\)$")
_CATEGORIES = {"lpnk": "LPNK", "lns": "LNS", "lainnya": "Lembaga lainnya"}
_WITH_VALUES = {"message", "hint", "near"}
"""Which texts of a problem hold its values; what looks like one in the others is an example."""


def choose_language(wish: str | None, environment: Mapping[str, str]) -> str:
    """Return `id` or `en`: as wished, else by SPBE_LANG, else as the system speaks.

    That is the locale, and on Windows, where none is set, the language of its user interface.
    """
    wished = (wish or environment.get("SPBE_LANG", "")).casefold()
    if wished in LANGUAGES:
        return wished
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return (
                "id"
                if environment[name].casefold().startswith(("id_", "id.", "ind"))
                or environment[name] == "id"
                else "en"
            )
    return "id" if _ON_WINDOWS and _windows_speaks_indonesian() else "en"


def _windows_speaks_indonesian() -> bool:
    """Return whether the menus of Windows are in Indonesian, whatever variety."""
    import ctypes

    kernel: Any = getattr(ctypes, "windll").kernel32  # noqa: B009  (elsewhere there is none)
    return bool(kernel.GetUserDefaultUILanguage() & _LANGUAGE_ONLY == _INDONESIAN)


@cache
def _samples() -> Any:  # noqa: ANN401  (values by problem and name)
    """Return the values of the problems that are explained."""
    return _parsed((Path(__file__).parent / "samples.yaml").read_text("utf-8"))


@cache
def _sentences() -> dict[str, str]:
    """Return the translations by their sentence.

    The file is YAML of one form alone, a line a sentence, both in quotes: taken apart line by line
    it is there in a tenth of the time that a parser of YAML takes, which a start would feel.
    """
    lines = (Path(__file__).parent / "sentences.id.yaml").read_text("utf-8").splitlines()
    pairs = (line[1:-1].split('": "', 1) for line in lines if line.startswith('"'))
    return {_unquoted(sentence): _unquoted(said) for sentence, said in pairs}


def _unquoted(text: str) -> str:
    """Return a quoted text without its escapes."""
    if "\\" not in text:
        return text
    return re.sub(r"\\(.)", lambda found: _ESCAPED.get(found[1], found[1]), text)


def _parsed(text: str) -> Any:  # noqa: ANN401  (whatever it looks like, a value is a text)
    import yaml

    return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506


@cache
def _entries(name: str) -> dict[str, str]:
    """Return the text of each problem's entry by its code.

    Problems are shown by the few, so that entries are read one by one: all of them take longer
    than a sheet.
    """
    text = (Path(__file__).parent / name).read_text("utf-8")
    entry = r"^([a-z0-9-]+):\n(?:(?: .*)?\n)+"  # its code, and the indented lines below
    return {each[1]: each[0] for each in re.finditer(entry, text, re.MULTILINE)}


@cache
def _entry(name: str, code: str) -> dict[str, str]:
    return _parsed(_entries(name)[code])[code]  # type: ignore[no-any-return]


class Explanation(NamedTuple):
    """What the code of a problem means in general.

    `title` and `message` say what it is, `why` the reason for the rule, `example` shows input that
    has the problem, `hint` the remedy, and `near` the remedy where a nearest right form is known.
    The sentences that hold values say those of one input.
    """

    title: str
    message: str
    hint: str
    why: str
    example: str
    near: str | None = None


class _Value(str):
    """A value in a sentence; `{count:level is|levels are}` says the first of 1 of them."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        one, bar, several = spec.partition("|")
        if not bar:
            return super().__format__(spec)
        return one if self == "1" else several


def _filled(sentence: str, values: Mapping[str, str]) -> str:
    if "|" not in sentence:  # nothing to choose from
        return sentence.format_map(values)
    return sentence.format_map({name: _Value(value) for name, value in values.items()})


class Words:
    """How things are said in one language: sentences, numbers and problems."""

    strict = False
    """Whether a sentence without translation is refused, in English too: for the tests."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._is_indonesian = language == "id"

    def __call__(self, sentence: str, **values: str) -> str:
        """Return the sentence in this language with its `{values}` filled in."""
        said = self._translated(sentence) if self._is_indonesian or self.strict else sentence
        return _filled(said, values) if values else said

    def _translated(self, sentence: str) -> str:
        translations = _sentences()
        if self.strict and sentence not in translations:
            raise LookupError(f"sentences.id.yaml lacks {sentence!r}")
        return translations.get(sentence, sentence) if self._is_indonesian else sentence

    def number(self, value: Fraction, places: int = 2, *, sign: bool = False) -> str:
        """Return a value rounded half up: 4.27, or 4,27 in Indonesian."""
        return number.fixed(value, places, sign=sign, comma=self._is_indonesian)

    def full(self, value: Fraction, places: int = 2) -> str:
        """Return a value with nothing lost, and at least so many decimals: 2.60, 2.1545, 7/3."""
        places = number.adding_places([value], places, most=18)
        ends = number.rounded(value, places) == value
        return self.number(value, places) if ends else self.exact(value)

    def share(self, percent: Fraction, places: int = 2) -> str:
        """Return a percentage; it is 0 or 100 only if it is just that: 99.97 of 2,999 in 3,000."""
        return self.number(percent, number.share_places(percent, places))

    def exact(self, value: Fraction) -> str:
        """Return a value with nothing lost: 2.1545, 2,1545 or 991/300."""
        return number.exact(value, comma=self._is_indonesian)

    def given(self, instrument: "Instrument", value: Fraction) -> str:
        """Return a level as it was given, or a value with the decimals of its instrument."""
        if instrument.scale.step is None:
            return self.number(value, instrument.places)
        return self.exact(value)

    def level(self, instrument: "Instrument", indicator: "Indicator", value: Fraction) -> str:
        """Return a level with its name, `3 Terdefinisi`, or a value, `1.17 (1 Merintis)`."""
        given, name = self.given(instrument, value), instrument.level_name(indicator, value)
        return f"{given} ({name})" if instrument.scale.bands else f"{given} {name}".strip()

    def percent(self, number: str) -> str:
        """Return a percentage as the language spaces it: 89.35 %, or 89,35% in Indonesian."""
        return f"{number}%" if self._is_indonesian else f"{number} %"

    def scale(self, scale: str) -> str:
        """Return a scale: 1-5 (0.01), in Indonesian 1,00 sampai 5,00, dua angka di belakang koma.

        A scale of whole levels, 1-5, is the same in both.
        """
        found = _SCALE.fullmatch(scale) if self._is_indonesian else None
        if found is None or scale.replace("-", "").isdigit():
            return scale
        places = len(found["step"] or "") - 2
        ends = [number.parse(end) for end in (found["lowest"], found["highest"])]
        if found["step"] is not None and found["step"] != f"{'0.':0<{places + 1}}1":
            lowest, highest, step = (each.replace(".", ",") for each in found.groups())
            return f"{lowest} sampai {highest}, kelipatan {step}"
        lowest, highest = (self.number(end, max(places, 2)) for end in ends)
        digits = {1: ", satu angka di belakang koma", 2: ", dua angka di belakang koma"}
        return f"{lowest} sampai {highest}{digits.get(places, '')}"

    def law(self, title: str) -> str:
        """Return a regulation's title as it is cited in official Indonesian."""
        if not self._is_indonesian:
            return title
        return re.sub(
            r"\bPermenpan ?RB (\d+)/(\d{4})", r"Peraturan Menteri PANRB Nomor \1 Tahun \2", title
        )

    def predicate(self, name: str) -> str:
        """Return a predicate beside a number: Cukup (Membangun), or Cukup/Membangun."""
        return _SECOND_NAME.sub(r"/\1", name) if self._is_indonesian else name

    def category(self, name: str) -> str:
        """Return a category as it is written: acronyms in capitals, LPNK, in Indonesian."""
        return _CATEGORIES.get(name, name) if self._is_indonesian else name

    def weight(self, value: Fraction) -> str:
        """Return a weight as the regulations print it, 13.00, or 10/3 where decimals do not end."""
        return self.number(value) if number.rounded(value) == value else self.exact(value)

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the code of every problem there is, in the order of docs/problems.md."""
        return tuple(_entries(self._of_problems))

    @property
    def _of_problems(self) -> str:
        return f"problems.{self.language}.yaml"

    def problem(self, problem: Problem) -> tuple[str, str]:
        """Return what is wrong here and what to do about it, as two short sentences."""
        entry = _entry(self._of_problems, problem.code)
        hint = entry.get("near", entry["hint"]) if "nearest" in problem.values else entry["hint"]
        values = self._said_values(problem.code, problem.values)
        return _filled(entry["message"], values), _filled(hint, values)

    def explanation(self, code: str) -> Explanation:
        """Return what the code of a problem means in general."""
        entry = {
            "example": _entry("problems.en.yaml", code)["example"],
            **_entry(self._of_problems, code),
        }
        sample = self._said_values(code, _samples().get(code, {}))
        for key in _WITH_VALUES & entry.keys():
            entry[key] = _filled(entry[key], sample)
        return Explanation(**entry)

    def _said_values(self, code: str, values: Mapping[str, str]) -> Mapping[str, str]:
        """Return the values of a problem, those that a language translates in this one."""
        if not self._is_indonesian:
            return values
        typed = {"key"} if code in _AS_TYPED else set()
        said = {k: v if k in typed else self._named(k, v) for k, v in values.items()}
        return {**said, "scale": self.scale(said["scale"])} if "scale" in said else said

    def reason(self, text: str) -> str:
        """Return a reason of the operating system or of a parser."""
        return self._named("reason", text) if self._is_indonesian else text

    def _named(self, key: str, value: str) -> str:
        """Say stages, what a table needs and what a sheet says, by their Indonesian names."""
        kinds = [kind for kind, keys in _NAMED.items() if key in keys]
        if not kinds:
            return value
        sentences = _sentences()
        words = value.split(", ")
        said = {word: sentences.get(f"{kinds[-1]} {word}".strip(), word) for word in words}
        return ", ".join(said[word] for word in words)
