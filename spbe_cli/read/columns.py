"""What the headings of published tables mean: portals, decrees, news, the ministry's application.

A heading is read by its words, so that `Nilai Indeks SPBE Tahun 2024` needs no list of all names.
Which domain or aspect one means depends on the instrument, and so on the row's year.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from spbe_cli.core.assessment import Stage
from spbe_cli.core.instrument import Instrument, folded
from spbe_cli.read.header import METADATA, Meaning, Role, meaning_of
from spbe_cli.read.instruments import DEFAULT, shipped_ids, shipped_instrument
from spbe_cli.read.values import LONGEST_NAME, STAGE_BY_NAME

_INSTITUTION = (
    (
        "institution name",
        "nama instansi pemerintah",
        "nama institusi",
        "institusi",
        "kementerian lembaga",
        "nama kementerian lembaga",
        "kementerian lembaga pemerintah daerah",
        "nama kementerian lembaga pemerintah daerah",
        "k l pd",
        "k l d",
        "kl",
        "klpd",
        "kld",
        "ippd",
        "nama ippd",
        "instansi pusat pemerintah daerah",
        "instansi pusat dan pemerintah daerah",
        "agency",
        "agency name",
        "organisation",
        "organization",
        "nama organisasi",
        "government",
        "local government",
    ),
    (
        "nama kab kota",
        "kab kota",
        "kabupaten dan kota",
        "kota kabupaten",
        "nama kota kabupaten",
        "nama daerah",
        "regency city",
        "city regency",
        "regency",
        "municipality",
    ),
    (
        "opd",
        "nama opd",
        "perangkat daerah",
        "nama perangkat daerah",
        "organisasi perangkat daerah",
        "skpd",
        "nama skpd",
        "satker",
        "nama satker",
        "satuan kerja",
        "nama satuan kerja",
        "unit kerja",
        "nama unit kerja",
        "unit organisasi",
        "nama unit organisasi",
        "work unit",
    ),
    (
        "nama kementerian",
        "kementerian",
        "ministry",
        "nama lembaga",
        "lembaga",
        "nama kabupaten",
        "kabupaten",
        "nama kota",
        "kota",
        "city",
        "nama",
        "name",
        "daerah",
        "wilayah",
        "nama wilayah",
    ),
    ("provinsi", "nama provinsi", "province", "province name", "propinsi", "nama propinsi"),
    (
        "kode instansi",
        "kode pemda",
        "kode k l",
        "kode opd",
        "kode satker",
        "kode kabupaten kota",
        "kode kab kota",
        "kode wilayah",
        "kode daerah",
        "kode provinsi",
        "id instansi",
        "institution code",
    ),
)
"""Headings of the institution, the likeliest first: a province's own only where nothing else is."""
_PLACES = 1 + next(rank for rank, names in enumerate(_INSTITUTION) if "provinsi" in names)
_OTHER = {
    Role.CATEGORY: (
        "jenis",
        "tipe",
        "type",
        "kelompok",
        "kelompok instansi",
        "klaster",
        "cluster",
        "institution type",
        "jenis pemda",
        "jenis pemerintah daerah",
        "group",
    ),
    Role.PROVINCE: ("province name", "propinsi", "nama propinsi"),
    Role.YEAR: ("thn", "periode", "tahun data", "periode tahun", "tahun evaluasi spbe", "period"),
    Role.PREDICATE: (
        "predicate",
        "predikat",
        "predikat spbe",
        "predikat indeks",
        "predikat indeks spbe",
        "nilai predikat",
        "kategori predikat",
        "predikat kategori",
        "predikat nilai",
        "predikat penilaian",
        "predikat akhir",
        "predikat pemdi",
        "predikat tingkat kematangan",
        "spbe predicate",
        "rating",
    ),
}
MAY_BE_PREDICATE = frozenset(
    {
        *("kategori", "category", "kriteria", "kualifikasi", "keterangan", "klasifikasi"),
        *("tingkat", "level", "status", "capaian", "interpretasi", "hasil", "tingkat kematangan"),
        *("kategori nilai", "kategori indeks", "kategori spbe", "predikat tahun"),
    }
)
"""Headings under which a table may hold predicates: what stands there tells."""

STRONG, STAGED, WEAK = range(3)
"""How surely a heading means the index: by name, that of a stage, or by a word such as Nilai."""
_NAMING = {"indeks", "index"}
_VALUE = {"nilai", "skor", "score", "capaian", "hasil", "value", "result", "total", "poin"}
_OF_SPBE = {"spbe", "pemdi"}
_AROUND = {
    *("akhir", "final", "overall", "evaluasi", "evaluation", "pemantauan", "penilaian", "dan"),
    *("kematangan", "maturity", "maturitas", "tingkat", "digital", "pemerintah", "government"),
    *("keseluruhan", "umum", "of", "the", "published", "resmi", "official", "instansi", "pusat"),
    *("sistem", "pemerintahan", "berbasis", "elektronik", "nasional", "assessment", "daerah"),
    *("e", "gov", "egov", "egovernment", "kab", "kabupaten", "kota", "provinsi", "opd", "pada"),
}
_STAGE_WORDS = {
    **{word: STAGE_BY_NAME[word] for word in ("mandiri", "self", "eksternal", "external")},
    **{word: STAGE_BY_NAME[word] for word in ("interviu", "wawancara", "visitasi", "interview")},
    **{word: STAGE_BY_NAME[word] for word in ("verifikasi", "harmonisasi", "target")},
    "internal": Stage.SELF,
}
_YEAR = re.compile(
    r"(?<![^\W_])(?:(?:tahun|thn|th|ta|year|fy)[\s._:]*)?(?P<year>20[0-9]{2})(?![^\W_])",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^]]*\]")
_BEFORE = re.compile(
    r"^(?:(?:nilai|skor|score|indeks|index|capaian|hasil|value|rata rata|of|kode|pada|untuk|per) )+"
)
_NUMBERED = re.compile(
    r"(?P<kind>domain|dimensi|aspek|aspect|d|a) ?0*(?P<number>[0-9]{1,2}|(?<=[a-z]{3} )[ivx]{1,5})"
    r"(?: (?P<name>.+))?"
)
_ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_KINDED = re.compile(r"(?P<kind>domain|dimensi|aspek|aspect) (?P<name>.+)")
_OF_APPLICATION = re.compile(r"(?P<kind>[da]) ?20*(?P<number>[0-9]{2})(?: (?P<name>.+))?")
_LETTERS = {"domain": "d", "dimensi": "d", "d": "d", "aspek": "a", "aspect": "a", "a": "a"}
_LEFT_OUT_OF_NAMES = ("spbe", "pemdi", "internal", "penerapan", "pelaksanaan")
_ENDS = (" berbasis elektronik", " pemerintahan berbasis elektronik")
_ENGLISH = {
    "internal policy": "kebijakan internal",
    "policy": "kebijakan",
    "policies": "kebijakan",
    "governance": "tata kelola",
    "management": "manajemen",
    "service": "layanan",
    "services": "layanan",
    "tik": "teknologi informasi dan komunikasi",
}


def named(text: str) -> str:
    """Return a heading's words: without capitals, punctuation and the forms that Unicode allows."""
    return folded(unicodedata.normalize("NFKC", text))


_METADATA: Mapping[str, Meaning] = {
    **{name: Meaning(role) for role, names in _OTHER.items() for name in names},
    **{
        name: Meaning(Role.INSTITUTION, rank=rank)
        for rank in reversed(range(len(_INSTITUTION)))
        for name in _INSTITUTION[rank]
        if rank != _PLACES - 1
    },
}
MAY_BE_INSTITUTION = frozenset(_INSTITUTION[_PLACES - 1])
"""Headings of the province, which is the institution where no other column names one."""


@lru_cache(maxsize=4096)
def meaning_in_published(text: str) -> Meaning | None:
    """Return what a heading of a published table means but for nodes; None where it is unknown."""
    if len(text) > LONGEST_NAME:
        return None
    name = named(text)
    found = _METADATA.get(name) or _of_sheets(name)
    if found is not None:
        return found
    years = {match["year"] for match in _YEAR.finditer(text)}
    if len(years) > 1:
        return None
    rest = named(_YEAR.sub(" ", text)) if years else name
    year = int(years.pop()) if years else None
    if year is not None and not rest:
        return Meaning(Role.INDEX, rank=WEAK, year=year)
    of_year = _METADATA.get(rest)
    if of_year is not None and of_year.role is Role.PREDICATE:
        return of_year._replace(year=year)
    index = _index(rest)
    if index is None:
        index = _index(named(_IN_BRACKETS.sub(" ", _YEAR.sub(" ", text))))
    return None if index is None else index._replace(year=year)


def _of_sheets(name: str) -> Meaning | None:
    """Return what the heading means in a score sheet as well, where it describes the whole."""
    found = meaning_of(name)
    return found if found is not None and found.role in METADATA else None


def _index(name: str) -> Meaning | None:
    """Return whether words mean the index, and how surely; None where they do not."""
    words = name.split()
    stages = {_STAGE_WORDS[word] for word in words if word in _STAGE_WORDS}
    rest = [word for word in words if word not in _STAGE_WORDS]
    if not rest or Stage.TARGET in stages or len(stages) > 1:
        return None
    known = _NAMING | _VALUE | _OF_SPBE | _AROUND
    if any(word not in known for word in rest):
        return None
    if not _NAMING & set(rest) and not _VALUE & set(rest):
        return Meaning(Role.INDEX, rank=WEAK) if set(rest) <= _OF_SPBE else None
    if stages:
        return Meaning(Role.INDEX, stage=stages.pop(), rank=STAGED)
    sure = set(rest) & (_NAMING | _OF_SPBE) or "akhir" in words or "final" in words
    return Meaning(Role.INDEX, rank=STRONG if sure else WEAK)


class Nodes:
    """Which node of an instrument a heading names: by code, number, name, or the application's."""

    def __init__(self, instrument: Instrument) -> None:
        """Take the instrument."""
        groups = [group for group, _, _ in instrument.nodes]
        self._codes = {group.code.casefold(): group.code for group in groups}
        self._codes |= {named(group.code): group.code for group in groups}
        self._kinds = {group.code: group.kind for group in groups}
        self._has_application = instrument.id == DEFAULT
        self._by_name: dict[str, list[tuple[int, str]]] = {}
        for group in groups:
            for name in _spellings(group.name):
                shorter = len(named(group.name).split()) - len(name.split())
                self._by_name.setdefault(name, []).append((shorter, group.code))
        self._full = {named(group.name): group.code for group in reversed(groups)}
        self._found: dict[str, str | None] = {}

    def code(self, heading: str) -> str | None:
        """Return the code of the node that a heading names, a year in it left aside."""
        if heading not in self._found:
            self._found[heading] = self._find(heading)
        return self._found[heading]

    def _find(self, heading: str) -> str | None:
        if len(heading) > 2 * LONGEST_NAME:
            return None
        own = self._codes.get(heading.strip().casefold())
        if own is not None:
            return own
        name = named(_YEAR.sub(" ", heading))
        for words in dict.fromkeys((name, _BEFORE.sub("", name))):
            found = self._codes.get(words) or self._numbered(words) or self._named(words)
            if found is not None:
                return found
        bare = _IN_BRACKETS.sub(" ", heading)
        return self._find(bare) if bare != heading else None

    def _numbered(self, words: str) -> str | None:
        """Return the node of `Domain 1`, `D01`, `D2001`, `Aspek 3 Perencanaan`, if name agrees."""
        match = _OF_APPLICATION.fullmatch(words) if self._has_application else None
        match = match or _NUMBERED.fullmatch(words)
        if match is None:
            return None
        written = match["number"]
        number = _ROMANS.index(written) + 1 if written in _ROMANS else written.lstrip("0")
        code = self._codes.get(f"{_LETTERS[match['kind']]}{number}")
        said = self._named(match["name"]) if match["name"] else None
        return None if said is not None and said != code else code

    def _named(self, words: str) -> str | None:
        match = _KINDED.fullmatch(words)
        if match is not None:
            of_kind = self._shortest(match["name"], _LETTERS[match["kind"]])
            if len(of_kind) == 1:
                return of_kind[0]
        if words in self._full:
            return self._full[words]
        codes = self._shortest(words)
        return codes[0] if len(codes) == 1 else None

    def _shortest(self, words: str, letter: str = "") -> Sequence[str]:
        """Return the nodes that may have this name, of a kind; those that it shortens the least."""
        every = self._by_name.get(words) or self._by_name.get(_ENGLISH.get(words, "")) or []
        found = [each for each in every if self._kinds[each[1]].startswith(letter)]
        least = min((shorter for shorter, _ in found), default=0)
        return list(dict.fromkeys(code for shorter, code in found if shorter == least))


def _spellings(name: str) -> Iterable[str]:
    """Yield a node's name as tables shorten it: without SPBE, Internal, Berbasis Elektronik."""
    words = named(name).split()
    found = {" ".join(words)}
    for left_out in _LEFT_OUT_OF_NAMES:
        found |= {" ".join(word for word in each.split() if word != left_out) for each in found}
    found |= {each.removesuffix(end) for each in found for end in _ENDS}
    yield from found - {""}


class Headings:
    """What headings mean for a file: the instruments of its rows may be several."""

    def __init__(self, instrument: Instrument | None) -> None:
        """Take the instrument that was asked for; None for any that is shipped."""
        self._asked = instrument
        self._nodes: dict[str, Nodes] = {}

    def nodes(self, instrument: Instrument) -> Nodes:
        """Return how the headings name the nodes of an instrument."""
        if instrument.id not in self._nodes:
            self._nodes[instrument.id] = Nodes(instrument)
        return self._nodes[instrument.id]

    def meaning(self, text: str) -> Meaning | None:
        """Return what a heading means; of a node its code in the likeliest instrument."""
        if not text.strip() or len(text) > 2 * LONGEST_NAME:
            return None
        own = self._asked is not None and self.nodes(self._asked).code(text)
        if own:
            return Meaning(Role.NODE, indicator=own, year=_year_in(text))
        found = meaning_in_published(text)
        if found is not None or self._asked is not None:
            return found
        for id_ in sorted(shipped_ids(), key=lambda id_: id_ != DEFAULT):
            code = self.nodes(shipped_instrument(id_)).code(text)
            if code is not None:
                return Meaning(Role.NODE, indicator=code, year=_year_in(text))
        return None


def _year_in(text: str) -> int | None:
    years = {int(match["year"]) for match in _YEAR.finditer(text)}
    return years.pop() if len(years) == 1 else None
