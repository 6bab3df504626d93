"""Which institutions, categories and provinces are one, however they are written."""

import re
import unicodedata
from functools import lru_cache

from spbe_cli.core.instrument import folded

_KIND_BEHIND = re.compile(
    r"(?P<name>.*\S)\s*[,(]\s*(?P<kind>kab\.?|kabupaten|kota|prov\.?|provinsi)\s*\)?",
    re.IGNORECASE,
)
_GOVERNMENT = r"^(?:(?:pemerintah(?:an)?|pemda)(?: daerah)? )?"
_KINDS = (
    (re.compile(_GOVERNMENT + r"(?:kabupaten|kab)\b|^pemkab\b"), "kabupaten"),
    (re.compile(_GOVERNMENT + r"kota\b|^pemkot\b"), "kota"),
    (re.compile(_GOVERNMENT + r"(?:provinsi|prov|propinsi)\b|^pemprov\b"), "provinsi"),
    (re.compile(r"\bkep\b"), "kepulauan"),
    (re.compile(r"\badm\b"), "administrasi"),
    (re.compile(r"\b(?:d i|daerah istimewa)\b"), "di"),
    (re.compile(r"\b(?:d k i|daerah khusus ibukota|daerah khusus ibu kota)\b"), "dki"),
)

CATEGORIES = ("kementerian", "lpnk", "lns", "provinsi", "kabupaten", "kota", "lainnya")
"""The categories by which results are published."""

PROVINCES = (
    *("Aceh", "Sumatera Utara", "Sumatera Barat", "Riau", "Kepulauan Riau", "Jambi"),
    *("Sumatera Selatan", "Bangka Belitung", "Bengkulu", "Lampung", "Banten", "DKI Jakarta"),
    *("Jawa Barat", "Jawa Tengah", "DI Yogyakarta", "Jawa Timur", "Bali"),
    *("Nusa Tenggara Barat", "Nusa Tenggara Timur", "Kalimantan Barat", "Kalimantan Tengah"),
    *("Kalimantan Selatan", "Kalimantan Timur", "Kalimantan Utara", "Sulawesi Utara"),
    *("Gorontalo", "Sulawesi Tengah", "Sulawesi Barat", "Sulawesi Selatan", "Sulawesi Tenggara"),
    *("Maluku", "Maluku Utara", "Papua", "Papua Barat", "Papua Barat Daya", "Papua Tengah"),
    *("Papua Pegunungan", "Papua Selatan"),
)
"""The 38 provinces, from west to east, as results are published."""

_KIND_NAMES = frozenset({"kabupaten", "kota", "provinsi"})


@lru_cache(maxsize=10_000)
def folded_name(name: str) -> str:
    """Return a name by which institutions, categories and provinces are recognised.

    Capitals, blanks, punctuation, dashes and Unicode forms do not matter; `Kab.`, `Kabupaten` and
    `Pemerintah Kabupaten` are one, before the name or after it.
    """
    plain = unicodedata.normalize("NFKC", name)
    plain = "".join(each for each in plain if unicodedata.category(each) != "Cf")
    behind = _KIND_BEHIND.fullmatch(plain.strip())
    if behind is not None:
        plain = f"{behind['kind']} {behind['name']}"
    found = folded(plain) or " ".join(plain.casefold().split())
    for pattern, kind in _KINDS:
        found = pattern.sub(kind, found)
    return found


def folded_province(name: str) -> str:
    """Return a province's name, with or without the word itself."""
    return folded_name(name).removeprefix("provinsi ")


def same_place(one: str | None, other: str | None) -> bool:
    """Return whether two provinces may be one: one that is not known may be any."""
    return one is None or other is None or folded_province(one) == folded_province(other)


def identity(name: str, category: str | None) -> str:
    """Return a folded name with its kind: `Bogor` of the category Kota is `kota bogor`."""
    found = folded_name(name)
    kind = folded_name(category) if category else ""
    if kind not in _KIND_NAMES or found.partition(" ")[0] in _KIND_NAMES:
        return found
    return f"{kind} {found}"


def same_kind(one: str | None, other: str | None) -> bool:
    """Return whether two categories may be of one institution: only kinds of regions tell apart."""
    kinds = {folded_name(each) for each in (one, other) if each} & _KIND_NAMES
    return len(kinds) < 2  # noqa: PLR2004
