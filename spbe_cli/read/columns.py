"""What a column's header means: the names that offices and applications use."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from spbe_cli.core.assessment import Stage
from spbe_cli.read.sheet import indicator_code
from spbe_cli.read.stages import LONGEST_NAME, STAGE_BY_NAME, folded

__all__ = ["METADATA", "Meaning", "Role", "is_code", "meaning_of", "names_of"]


class Role(StrEnum):
    """What a column holds, named as the key in a sheet's data."""

    INDICATOR = "indicator"  # the indicator's code, one a row
    LEVEL = "level"  # the level, of one stage where the header says which
    LEVEL_OF = "level_of"  # the level of the one indicator that the header names
    NOTE = "note"
    EVIDENCE = "evidence"
    RESPONSIBLE = "responsible"
    INSTITUTION = "institution"
    CATEGORY = "category"
    PROVINCE = "province"
    YEAR = "year"
    STAGE = "stage"
    INSTRUMENT = "instrument"


METADATA = (
    Role.INSTITUTION,
    Role.CATEGORY,
    Role.PROVINCE,
    Role.YEAR,
    Role.STAGE,
    Role.INSTRUMENT,
)
"""The roles that describe a whole score sheet, and not one indicator."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A column's role; its stage or indicator where the header names one.

    Of several columns that may hold the code, the one with the lowest `rank` is tried first: a
    column "Indikator" often holds names and "No" the codes.
    """

    role: Role
    stage: Stage | None = None
    indicator: str = ""
    rank: int = 0


_INDICATOR = (
    ("kode", "kode indikator", "code", "indicator code", "id indikator"),
    ("no indikator", "nomor indikator", "indicator no", "indicator number"),
    ("indikator", "indicator"),
    ("no", "nomor", "number"),
)
_NAMES = {
    Role.LEVEL: (
        "level",
        "tingkat",
        "tingkat kematangan",
        "level kematangan",
        "nilai",
        "nilai tingkat kematangan",
        "nilai kematangan",
        "nilaikematangan",
        "skor",
        "score",
        "tk",
        "capaian",
        "maturity level",
    ),
    Role.NOTE: ("note", "notes", "catatan", "penjelasan", "keterangan"),
    Role.EVIDENCE: ("evidence", "data dukung", "bukti", "bukti dukung"),
    Role.RESPONSIBLE: ("responsible", "opd", "pic", "opd pic", "penanggung jawab"),
    Role.INSTITUTION: ("institution", "instansi", "nama instansi", "institution name"),
    Role.CATEGORY: ("category", "kategori"),
    Role.PROVINCE: ("province", "provinsi"),
    # "Tahun Anggaran" is not here: the budget's year is often not the year that is assessed
    Role.YEAR: ("year", "tahun", "tahun penilaian", "tahun evaluasi", "assessment year"),
    Role.STAGE: ("stage", "tahap", "tahapan"),
    Role.INSTRUMENT: ("instrument", "instrumen"),
}
_MEANINGS = {
    **{name: Meaning(Role.LEVEL, stage) for name, stage in STAGE_BY_NAME.items()},
    **{name: Meaning(role) for role, names in _NAMES.items() for name in names},
    **{
        name: Meaning(Role.INDICATOR, rank=rank)
        for rank, names in enumerate(_INDICATOR)
        for name in names
    },
}
_CODE = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
_CODE_IN_HEADER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,2})?", re.ASCII)  # a year is no indicator
_IN_BRACKETS = re.compile(r"\([^()]*\)")


def is_code(text: str) -> bool:
    """Return whether a text is an indicator's code, in whatever way it is written."""
    return _CODE.fullmatch(indicator_code(text)) is not None


@lru_cache(maxsize=4096)
def meaning_of(header: str) -> Meaning | None:
    """Return what a column with this header holds; None for a column that is not read.

    Capitals, line breaks, underscores and punctuation do not matter, nor does a remark in
    brackets: `Level (1-5)`.
    """
    if len(header) > LONGEST_NAME:
        return None
    found = _MEANINGS.get(folded(header)) or _MEANINGS.get(folded(_IN_BRACKETS.sub("", header)))
    if found is not None:
        return found
    code = indicator_code(header)
    return Meaning(Role.LEVEL_OF, indicator=code) if _CODE_IN_HEADER.fullmatch(code) else None


def names_of(role: Role) -> tuple[str, ...]:
    """Return the names under which a column of this role is found, to suggest the nearest."""
    if role is Role.INDICATOR:
        return tuple(name for names in _INDICATOR for name in names)
    return (*_NAMES[role], *(STAGE_BY_NAME if role is Role.LEVEL else ()))
