"""What the single texts of a score sheet say: the stage and the level they name."""

import re
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import islice

from spbe_cli.core.assessment import Stage
from spbe_cli.core.instrument import Instrument, bare, folded
from spbe_cli.core.number import NotANumberError, exact, parse, unrounded
from spbe_cli.core.problem import Problem
from spbe_cli.core.scale import Scale

LONGEST_NAME = 80  # a longer text is no name of a stage or a column

NAMES: Mapping[Stage, tuple[str, ...]] = {
    Stage.TARGET: ("target",),
    Stage.SELF: ("mandiri", "penilaianmandiri", "self", "self assessment", "asesor internal"),
    Stage.VERIFICATION: ("verif", "verifikasi", "verifikator", "verifikator internal"),
    Stage.DOCUMENT: ("dokumen", "document"),
    Stage.HARMONISATION: ("harmonisasi", "harmonisation"),
    Stage.INTERVIEW: ("interviu", "wawancara", "interview"),
    Stage.VISIT: ("visitasi", "visit"),
    Stage.EXTERNAL: ("eks", "eksternal", "external", "pusat", "asesor external"),
    Stage.FINAL: ("akhir", "akhir external", "akhir eksternal", "final"),
}
"""What offices and applications call each stage."""

_BEFORE = ("", "nilai ", "penilaian ", "level ", "tingkat kematangan ", "skor ")
STAGE_BY_NAME: Mapping[str, Stage] = {
    before + name: stage
    for stage, names in NAMES.items()
    for name in (*names, stage.value)
    for before in _BEFORE
}
"""Every name of a stage, folded: `penilaian mandiri`, `nilai akhir`."""
_SAID = {"hasil akhir": Stage.FINAL, "verifikasi internal": Stage.VERIFICATION}
"""What forms and reports call a stage beside that, and no heading of a column of levels does."""

_WORDS = {
    word: str(number)
    for number, words in enumerate(
        ["nol zero", "satu one i", "dua two ii", "tiga three iii", "empat four iv", "lima five v"]
    )
    for word in words.split()
}


@cache
def _levels() -> re.Pattern[str]:
    """Return what a level is written with beside its number; compiled where one is."""
    return re.compile(
        r"(?:(?:level|tingkat kematangan|tingkat|tk|lv)[\s.:]*)?(?P<level>[0-9]+(?:[.,][0-9]+)?)"
        r"(?:\s*[-\u2013:=]?\s*(?P<name>\(?\s*[^\W\d_][^\d]*))?",
        re.IGNORECASE,
    )


def stage_of(text: str) -> Stage | None:
    """Return the stage that a text names in either language, or None."""
    if len(text) > LONGEST_NAME:
        return None
    name = folded(text)
    return STAGE_BY_NAME.get(name) or _SAID.get(name)


_NO_LEVEL = re.compile(r"[A-KM-SU-Za-km-su-z]")
"""How no level begins: `level`, `lv`, `tk` and `tingkat` may stand before its number."""

_MOST_DIGITS = 18


def _is_plainly_none(scale: Scale, text: str) -> bool:
    """Return whether a text is no level, seen at a glance; most that are none are."""
    if not text.isdecimal():
        return _NO_LEVEL.match(text) is not None
    highest = scale.highest
    return len(text) > _MOST_DIGITS or int(text) * highest.denominator > highest.numerator


def level_in(scale: Scale, text: str) -> Fraction | None:
    """Return the level that a text is of any indicator, None where it is none of the scale."""
    if _is_plainly_none(scale, text):
        return None
    try:
        level, name = _level(scale, bare(text))
    except NotANumberError:
        return None
    return level if not name and scale.holds(level) else None


def judged(instrument: Instrument, code: str, text: str) -> Fraction | Problem:
    """Return the level that an indicator's text is, or why it is none of the scale.

    `Level 3`, `TK 3` and `3 (Terdefinisi)` are read where the name is that of the level.
    """
    scale = instrument.scale
    values = {"indicator": code, "found": text, "scale": str(scale)}
    try:
        level, name = _level(scale, text)
    except NotANumberError:
        word = _WORDS.get(text.strip(" .").casefold().removeprefix("level ").strip())
        near = {"nearest": word} if word else {}
        return Problem("level-not-number", values={**values, **near})
    if not scale.lowest <= level <= scale.highest:
        near = {"nearest": exact(min(max(level, scale.lowest), scale.highest))}
        return Problem("level-off-scale", values={**values, **near})
    if scale.step is not None and not scale.holds(level):
        return Problem("level-off-step", values={**values, "step": exact(scale.step)})
    if name:
        capability = instrument.indicator_by_code[code].capability or ""
        named = scale.names.get(capability, {}).get(level, "")
        others = (other for of_levels in scale.names.values() for other in of_levels.values())
        if folded(name) not in map(folded, others):
            return Problem("level-not-number", values=values)
        if folded(name) != folded(named):
            return Problem("level-name-wrong", values={**values, "name": named or "-"})
    return level


_NONE_RIGHT = ("level-not-number", "level-off-scale", "level-off-step")
FEWEST = 5
"""Of fewer levels nothing is said as of all: each that is wrong is said by itself."""


def is_no_level(scale: Scale, text: str) -> bool:
    """Return whether a text is no level of any indicator, whatever name it gives."""
    if _is_plainly_none(scale, text):
        return True
    try:
        level, _ = _level(scale, bare(text))
    except NotANumberError:
        return True
    return not scale.holds(level)


def none_right(scale: Scale, texts: Collection[str]) -> dict[str, str] | None:
    """Return the values of the one problem that no level is right; None for but a few."""
    if len(texts) < FEWEST:
        return None
    found = ", ".join(text[:20] for text in islice(dict.fromkeys(texts), 3))
    return {"found": found, "scale": str(scale), "count": str(len(texts))}


def of_one_cause(scale: Scale, problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems of a sheet without any right level: that is one cause, said once."""
    wrong = [problem for problem in problems if problem.code in _NONE_RIGHT]
    values = none_right(scale, [problem.values["found"] for problem in wrong])
    if values is None:
        return list(problems)
    said = Problem("levels-off-scale", wrong[0].place, values)
    kept = (said if problem is wrong[0] else problem for problem in problems)
    return [problem for problem in kept if problem.code not in _NONE_RIGHT]


def _level(scale: Scale, text: str) -> tuple[Fraction, str]:
    """Return a level and the name that is given with it.

    On a scale with a step a fraction is none, for `4/1` is more likely a date or a doubt. On one
    without, `7/6` is a value, and so is what a spreadsheet makes of it.
    """
    if scale.step is None:
        return unrounded(parse(text), text), ""
    if "/" in text:
        raise NotANumberError(text)
    try:
        return parse(text), ""
    except NotANumberError:
        match = _levels().fullmatch(text)
        if match is None:
            raise
        return parse(match["level"]), (match["name"] or "").strip(" ()")
