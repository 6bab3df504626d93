"""Tables as others publish them, made from one whose values are known, and our own outputs."""

import csv
import io
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import NamedTuple

from spbe_cli.core.population import Member

ROOT = Path(__file__).parent.parent.parent
Row = Mapping[str, str]

_NAMES: Mapping[str, Sequence[str]] = {
    "institution": [
        "Instansi",
        "Nama Instansi",
        "Nama Pemda",
        "K/L/PD",
        "Pemerintah Daerah",
        "OPD",
    ],
    "category": ["Kategori", "Jenis Instansi", "category", "KELOMPOK"],
    "province": ["Provinsi", "nama_provinsi", "PROVINCE"],
    "year": ["Tahun", "TAHUN PENILAIAN", "year", "Thn"],
    "index": [
        "Indeks",
        "Nilai",
        "Skor",
        "indeks_spbe",
        "Nilai SPBE",
        "Indeks Akhir",
        "Indeks 2023",
    ],
    "predicate": ["Predikat", "PREDIKAT SPBE", "Kriteria"],
    "domain_1": [
        "D1",
        "Kebijakan",
        "Domain 1",
        "D2001",
        "Kebijakan Internal SPBE",
        "indeks_domain_1",
    ],
    "domain_2": ["D2", "Tata Kelola", "Domain 2", "D2002", "Tata Kelola SPBE", "indeks_domain_2"],
    "domain_3": ["D3", "Manajemen", "Domain 3", "D2003", "Manajemen SPBE", "indeks_domain_3"],
    "domain_4": ["D4", "Layanan", "Domain 4", "D2004", "Layanan SPBE", "indeks_domain_4"],
}
_DOMAINS = ("domain_1", "domain_2", "domain_3", "domain_4")
_MEANS = (
    *("Rata-rata", "Rata-rata Nasional", "RATA - RATA KABUPATEN", "Mean", "National average"),
    *("Jumlah", "Total K/L", "Rerata Nilai", "Nilai rata-rata", "Rata-rata Provinsi Lampung"),
)
_REMARKS = ("Sumber: Kementerian PANRB", "Keterangan: data olahan", "*) angka sementara")


class Made(NamedTuple):
    """A table: the rows of the original in it, the columns that were kept, the means among them."""

    content: bytes
    ending: str
    rows: Sequence[Row]
    columns: Sequence[str]
    left_out: int


def national() -> list[Row]:
    """Return the national table of 2023."""
    with (ROOT / "examples/national-2023.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def republished(random: Random, rows: Sequence[Row]) -> Made:
    """Return some rows and columns in another order, under other headings, with means."""
    kept = random.sample(rows, random.randint(1, 40))
    values = ["index"] if random.random() < 0.7 else list(_DOMAINS)
    others = [name for name in _NAMES if name not in {*values, "institution"}]
    columns = ["institution", *values, *random.sample(others, random.randint(0, len(others)))]
    random.shuffle(columns)
    headings = [random.choice([column, *_NAMES[column]]) for column in columns]
    comma = random.random() < 0.5
    delimiter = random.choice([";", "\t", "|"] if comma else [";", ",", "\t", "|"])
    table = [[_cell(row, column, comma=comma) for column in columns] for row in kept]
    left_out = 0
    for name in random.sample(_MEANS, random.choice([0, 0, 1, 3])):
        place = random.randint(0, len(table))
        table.insert(place, [_of_mean(name, column, random) for column in columns])
        left_out += 1
    if random.random() < 0.3:
        remark = [random.choice(_REMARKS) if c == "institution" else "" for c in columns]
        table.append(remark)
    if random.random() < 0.4:
        headings.insert(0, random.choice(["No", "No.", "Peringkat", "id"]))
        table = [[str(number), *cells] for number, cells in enumerate(table, 1)]
        if random.random() < 0.3:
            table.insert(0, [f"({number + 1})" for number in range(len(headings))])
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=random.choice(["\n", "\r\n"]))
    writer.writerows([headings, *table])
    encoding = random.choice(["utf-8", "utf-8-sig", "utf-16"])
    return Made(text.getvalue().encode(encoding), ".csv", kept, columns, left_out)


def _cell(row: Row, column: str, *, comma: bool) -> str:
    is_value = column == "index" or column in _DOMAINS
    return row[column].replace(".", ",") if comma and is_value else row[column]


def _of_mean(name: str, column: str, random: Random) -> str:
    if column == "institution":
        return name
    is_value = column == "index" or column in _DOMAINS
    return f"{random.uniform(1, 5):.2f}" if is_value else ""


_WEIGHTS = {"domain_1": "13", "domain_2": "25", "domain_3": "16.5", "domain_4": "45.5"}


def difference(made: Made, members: Sequence[Member]) -> str:
    """Return what of a table was not read as it is; empty where all was."""
    if [each.institution for each in members] != [row["institution"] for row in made.rows]:
        return "institutions"
    for row, member in zip(made.rows, members, strict=True):
        for number, column in enumerate(_DOMAINS, 1):
            value = Fraction(row[column]) if column in made.columns else None
            if member.nodes.get(f"D{number}") != value:
                return f"{column} of {member.institution}"
        parts = (Fraction(row[name]) * Fraction(_WEIGHTS[name]) for name in _DOMAINS)
        right = Fraction(row["index"]) if "index" in made.columns else sum(parts, Fraction(0)) / 100
        if member.index != right:
            return f"index of {member.institution}"
        for column in ("category", "province"):
            said = getattr(member, column) or ""
            if said != (row[column] if column in made.columns else ""):
                return f"{column} of {member.institution}"
        if "predicate" in made.columns and member.predicate.name != row["predicate"]:
            return f"predicate of {member.institution}"
    return ""
