"""The names of stages: one list for `stage:` in YAML, for --stage and for a table's headers."""

import re
from collections.abc import Mapping

from spbe_cli.core.assessment import Stage

__all__ = ["LONGEST_NAME", "NAMES", "STAGE_BY_NAME", "folded", "stage_of"]

LONGEST_NAME = 80
"""A longer text is no name of a stage or a column."""

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
_NOT_LETTERS = re.compile(r"[\W_]+")

STAGE_BY_NAME: Mapping[str, Stage] = {
    before + name: stage
    for stage, names in NAMES.items()
    for name in (*names, stage.value)
    for before in _BEFORE
}
"""Every name of a stage, folded: `penilaian mandiri`, `nilai akhir`."""


def folded(text: str) -> str:
    """Return a name without capitals, line breaks, underscores and punctuation."""
    return _NOT_LETTERS.sub(" ", text.casefold()).strip()


def stage_of(text: str) -> Stage | None:
    """Return the stage that a text names in either language, or None."""
    return STAGE_BY_NAME.get(folded(text)) if len(text) <= LONGEST_NAME else None
