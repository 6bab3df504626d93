"""Audits of tables as they are published: what cannot be is found, at the node that cannot be.

Each kind of fault of version 0.1.0 has its shapes here: a group that was never held against its
parts, columns that were not read and not named, values judged at two decimals whatever they have,
codes of an instrument that do not look like D1 or A1.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from conftest import Spbe

Row = Sequence[str]

DEEP = """id: deep
title: Deep
scale: {lowest: 1, highest: 3}
predicates: [{name: B, from: 2}, {name: C}]
domains:
  - code: D1
    name: Mutu
    weight: 100
    groups:
      - code: D2
        name: Proses
        weight: 100
        aspects:
          - {code: A1, name: Masukan, weight: 50, indicators: [
              {code: "1", name: x, weight: 25}, {code: "2", name: y, weight: 25}]}
          - {code: A2, name: Keluaran, weight: 50, indicators: [
              {code: "3", name: v, weight: 25}, {code: "4", name: w, weight: 25}]}
"""
OWN = """id: own
title: Own
scale: {{lowest: 1, highest: 3}}
predicates: [{{name: B, from: 2}}, {{name: C}}]
groups:
  - {{code: {one}, name: Pelayanan Publik, weight: 50, indicators: [
      {{code: "1", name: x, weight: 25}}, {{code: "2", name: y, weight: 25}}]}}
  - {{code: {other}, name: Tata Usaha, weight: 50, indicators: [
      {{code: "3", name: v, weight: 25}}, {{code: "4", name: w, weight: 25}}]}}
"""


class Audited:
    """Audits tables of one row or more, as text with each delimiter and as a workbook."""

    def __init__(self, spbe: Spbe, folder: Path, form: str) -> None:
        self._spbe, self._folder, self._form = spbe, folder, form

    def __call__(self, *rows: Row, instrument: str = "") -> list[dict[str, Any]]:
        path = self._write(rows)
        options = []
        if instrument:
            own = self._folder / "own.yaml"
            own.write_text(instrument, encoding="utf-8")
            options = ["--instrument", str(own)]
        done = self._spbe("audit", str(path), "--format", "json", *options)
        assert done.code in (0, 1), done.err
        self.document: dict[str, Any] = json.loads(done.out)
        assert done.code == any(row["findings"] for row in self.document["results"])
        return [each for row in self.document["results"] for each in row["findings"]]

    def blamed(self, *rows: Row, instrument: str = "") -> list[tuple[str, list[str]]]:
        return [(each["node"], each["parts"]) for each in self(*rows, instrument=instrument)]

    def _write(self, rows: Sequence[Row]) -> Path:
        if self._form != "xlsx":
            path = self._folder / "tabel.csv"
            path.write_text("\n".join(self._form.join(row) for row in rows), encoding="utf-8")
            return path
        path = self._folder / "tabel.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("Hasil")
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        return path


@pytest.fixture(params=[",", ";", "\t", "xlsx"])
def audited(request: pytest.FixtureRequest, spbe: Spbe, tmp_path: Path) -> Audited:
    return Audited(spbe, tmp_path, request.param)


# A node is held against its parts


@pytest.mark.parametrize(
    ("columns", "values", "found"),
    [
        ("D1 A1 D2 D3 D4", "5.00 3.00 3.00 3.00 3.00", [("D1", ["A1"])]),
        ("D1 A1 D2 D3 D4 Indeks", "5.00 3.00 3.00 3.00 3.00 3.26", [("D1", ["A1"])]),
        ("D1 A1 D2 D3 D4 Indeks", "5.00 3.00 3.00 3.00 3.00 3.00", [("D1", ["A1"])]),
        ("D1 A1", "3.00 3.00", []),
        ("D1 A1", "3.41 3.41", [("A1", []), ("D1", [])]),
        ("A2 A3 A4 D2", "3.00 3.00 3.00 4.00", [("D2", ["A2", "A3", "A4"])]),
        ("A2 A3 A4 D2", "3.00 3.00 3.00 3.00", []),
        ("A2 D2", "1.00 5.00", [("D2", ["A2"])]),
        ("A7 A8 D4", "5.00 5.00 4.94", [("D4", ["A7", "A8"])]),
        ("D1 D2 D3 D4 Indeks", "3.00 3.00 3.00 3.00 3.01", [("index", ["D1", "D2", "D3", "D4"])]),
        ("A1 Indeks", "1.00 5.00", [("index", ["A1"])]),
        ("D1 A1 D2 A2 A3 A4", "5.00 3.00 4.00 3.00 3.00 3.00", [("D1", 0), ("D2", 0)]),
        ("D1 A1 D4 Indeks", "5.00 3.00 1.00 4.90", [("D1", ["A1"]), ("index", ["A1", "D4"])]),
    ],
)
def test_a_node_is_held_against_its_parts(
    columns: str, values: str, found: list[tuple[str, Any]], audited: Audited
) -> None:
    head, row = ["Instansi", "Tahun", *columns.split()], ["A", "2025", *values.split()]
    blamed = audited.blamed(head, row)
    assert [node for node, _ in blamed] == [node for node, _ in found]
    for (_, parts), (_, expected) in zip(blamed, found, strict=True):
        assert expected in (0, parts)


@pytest.mark.parametrize(
    ("columns", "values", "found"),
    [
        ("index predicate D1 A1 A2", "3.00 B 3.00 1.00 1.00", [("D1", ["A1", "A2"])]),
        ("index D1 D2 A1 A2", "3.00 3.00 3.00 1.00 1.00", [("D2", ["A1", "A2"])]),
        ("index D2", "3.00 1.00", [("index", ["D2"])]),
        ("D1 D2", "2.00 2.50", [("D1", ["D2"])]),
        ("D1 A2", "1.50 3.00", [("D1", ["A2"])]),
        ("D1 A2", "2.00 3.00", []),
        ("index A1 A2", "1.25 1.00 1.50", []),
    ],
)
def test_at_any_depth(
    columns: str, values: str, found: list[tuple[str, list[str]]], audited: Audited
) -> None:
    head, row = ["institution", "year", *columns.split()], ["K0", "2024", *values.split()]
    assert audited.blamed(head, row, instrument=DEEP) == found


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ("2.71 2.67 2.70 2.64", []),
        ("2.71 2.66 2.70 2.64", ["A7"]),
        ("2.71 2.67 2.69 2.64", ["D3"]),
        ("2.71 2.67 2.70 4.64", ["index"]),
        ("5.00 2.67 2.70 2.64", ["D3"]),
        ("2.71 2.50 2.70 2.64", ["D3"]),
    ],
)
def test_weights_in_thirds(values: str, found: list[str], audited: Audited) -> None:
    head = ["instansi", "tahun", "A6", "A7", "D3", "indeks"]
    assert [node for node, _ in audited.blamed(head, ["A", "2018", *values.split()])] == found


# What was read, and what was not


NAMES = ["Kebijakan", "Tata Kelola", "Manajemen", "Layanan"]


@pytest.mark.parametrize(
    "columns",
    [
        NAMES,
        ["Domain 1", "Domain 2", "Domain 3", "Domain 4"],
        ["domain_1", "domain_2", "domain_3", "domain_4"],
        ["D2001", "D2002", "D2003", "D2004"],
        [f"{name} SPBE" for name in ("Kebijakan Internal", *NAMES[1:])],
        ["Indeks Domain 1", "Indeks Domain 2", "Indeks Domain 3", "Indeks Domain 4"],
    ],
)
def test_a_domain_is_audited_by_any_of_its_names(columns: list[str], audited: Audited) -> None:
    head = ["Instansi", "Tahun", *columns, "Indeks", "Predikat"]
    row = ["Kota A", "2023", "0.30", "4.00", "2.91", "4.69", "4.27", "Memuaskan"]
    (finding,) = audited(head, row)
    assert (finding["kind"], finding["node"], finding["found"]) == ("value-impossible", "D1", "0.3")


@pytest.mark.parametrize(
    ("columns", "judged"),
    [
        ("D1", "D1"),
        ("D1 D2 D3 D4", "D1 D2 D3 D4"),
        ("A1 A2 A3 A4 A5 A6 A7 A8", "A1 A2 A3 A4 A5 A6 A7 A8"),
        ("A7 D4 Indeks", "D4 A7 index"),
        ("D3 A1", "A1 D3"),
        ("Indeks A8", "A8 index"),
    ],
)
def test_any_columns_are_audited_and_the_others_named(
    columns: str, judged: str, audited: Audited
) -> None:
    head = ["Instansi", "Tahun", *columns.split(), "Warna"]
    row = ["A", "2024", *["3.00"] * len(columns.split()), "biru"]
    assert audited(head, row) == []
    document = audited.document
    assert [each["node"] for each in document["coverage"] if each["rows"]] == judged.split()
    assert [each["heading"] for each in document["unread"]] == ["Warna"]


# Each value is judged by half a unit of its own last place


@pytest.mark.parametrize(
    ("value", "possible"),
    [
        ("4.2123456789", False),
        ("4.2125000000", True),
        ("4.2125", True),
        ("4.2121", False),
        ("4.212", True),
        ("4.213", True),  # 4.2125 to three decimals
        ("4,2123456789", False),
        ("4,2125", True),
        ("4.2", True),
        ("4", True),
        ("3.00050", True),
        ("3.00051", False),
    ],
)
def test_a_value_is_judged_at_its_own_last_place(
    value: str, *, possible: bool, audited: Audited
) -> None:
    if "," in value and audited._form == ",":  # noqa: SLF001
        value = f'"{value}"'
    findings = audited(["Instansi", "Tahun", "Indeks"], ["A", "2025", value])
    assert (findings == []) == possible
    if findings:
        assert findings[0]["places"] == len(value.strip('"')) - 2


@pytest.mark.parametrize(
    ("row", "explained", "by_basis"),
    [
        ("2.594 2023 Baik", "neither", "Cukup, Cukup"),
        ("2.599 2024 Baik", "rounded", "Cukup, Baik"),
        ("2.599 2024 Cukup", "exact", "Cukup, Baik"),
        ("2.5955 2023 Baik", "rounded", "Cukup, Baik"),
        ("1.7995 2023 Cukup", "rounded", "Kurang, Cukup"),
        ("4.1945 2023 Memuaskan", "neither", "Sangat Baik, Sangat Baik"),
        ("3.5000 2024 Sangat Baik", "either", "Sangat Baik, Sangat Baik"),
    ],
)
def test_a_predicate_follows_from_all_decimals(
    row: str, explained: str, by_basis: str, audited: Audited
) -> None:
    head = ["institution", "year", "index", "predicate"]
    index, year, predicate = row.split(maxsplit=2)
    findings = audited(head, ["Kota D", year, index, predicate])
    (result,) = audited.document["results"]
    assert result["explained"] == explained
    assert result["by_exact"] + result["by_rounded"] == by_basis.split(", ")
    kinds = [each["kind"] for each in findings]
    assert kinds == (["predicate-impossible"] if explained == "neither" else [])


# Codes of the instrument


@pytest.mark.parametrize(
    ("one", "other"), [("G1", "G2"), ("P", "T"), ("X-1", "X-2"), ("PP", "TU"), ("D7", "A9")]
)
def test_codes_are_those_of_the_instrument(one: str, other: str, audited: Audited) -> None:
    head = ["institution", "year", "index", "predicate", one, other]
    first = ["K0", "2024", "1.50", "C", "1.00", "1.00"]
    second = ["K1", "2024", "2.00", "B", "1.23", "2.00"]
    instrument = OWN.format(one=one, other=other)
    blamed = audited.blamed(head, first, second, instrument=instrument)
    assert blamed == [("index", [one, other]), (one, [])]
    named = ["institution", "year", "Pelayanan Publik", "Tata Usaha"]
    blamed = audited.blamed(named, ["K1", "2024", "1.23", "2.00"], instrument=instrument)
    assert blamed == [(one, [])]
