"""Tables that name the indicators by nothing but their official names, and signatures below them.

The names tell the instrument, and that is said. A year or an option that says otherwise is refused
with the right one: no row is ever read with the indicators of another.
"""

import json
import random
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, Spbe
from support.office_sheets import (
    NAMES,
    NAMES_2018,
    NAMES_PEMDI,
    WEIGHTS,
    WEIGHTS_2018,
    WEIGHTS_PEMDI,
    book,
    errors,
    notices,
    read,
    text,
    weights_and_names,
)

from spbe_cli.core.problem import errors_of
from spbe_cli.core.score import score
from spbe_cli.read.assessments import FileReadings
from spbe_cli.read.choice import Wishes
from spbe_cli.read.grid import SHORTEST_NAME
from spbe_cli.read.instruments import shipped_ids, shipped_instrument
from spbe_cli.read.published import read_population

Rows = list[list[Any]]
_, NAMES_EPSS = weights_and_names("instruments/epss-2022.yaml")


def _shares(path: str) -> dict[str, Fraction]:
    """Read weights that are shares of the group above, by another way than the program does."""
    found: dict[str, Fraction] = {}

    def walk(node: dict[str, Any], share: Fraction) -> None:
        for key in ("domains", "aspects", "groups"):
            for inner in node.get(key, []):
                walk(inner, share * Fraction(inner["weight"]) / 100)
        for each in node.get("indicators", []):
            found[each["code"]] = share * Fraction(each["weight"])

    walk(yaml.load((ROOT / path).read_text(encoding="utf-8"), yaml.BaseLoader), Fraction(1))  # noqa: S506
    return found


WEIGHTS_EPSS = _shares("instruments/epss-2022.yaml")
INSTRUMENTS = {
    "spbe-2018": (NAMES_2018, WEIGHTS_2018),
    "spbe-2020": (NAMES, WEIGHTS),
    "pemdi-2026": (NAMES_PEMDI, WEIGHTS_PEMDI),
    "epss-2022": (NAMES_EPSS, WEIGHTS_EPSS),
}
WHO = ("Kab. Rimba", "Kota Muara", "Provinsi Awan")


def levels_of(id_: str, institution: str) -> dict[str, int]:
    chance = random.Random(f"{id_} {institution}")
    return {code: chance.randint(1, 5) for code in INSTRUMENTS[id_][0]}


def index_of(id_: str, institution: str) -> Fraction:
    weights, levels = INSTRUMENTS[id_][1], levels_of(id_, institution)
    return sum((weights[code] * levels[code] for code in weights), Fraction(0)) / 100


def wide(
    id_: str, head: Sequence[str] = ("Instansi",), *more: str, codes: Sequence[str] = ()
) -> Rows:
    names = INSTRUMENTS[id_][0]
    order = list(codes or names)
    rows = [[*head, *(names[code] for code in order)]]
    return rows + [[who, *more, *(str(levels_of(id_, who)[code]) for code in order)] for who in WHO]


def indices(found: FileReadings) -> dict[str | None, Fraction]:
    assert errors(found) == []
    return {
        reading.assessment.institution: score(reading.instrument, reading.assessment).index
        for reading in found.readings
    }


def right(id_: str) -> dict[str, Fraction]:
    return {who: index_of(id_, who) for who in WHO}


def mismatches(found: FileReadings) -> set[tuple[str, str]]:
    """Return which instruments were refused and which is the right one; nothing else is wrong."""
    problems = errors_of(found.problems)
    assert {problem.code for problem in problems} == {"instrument-mismatch"}
    assert len({problem.place for problem in problems}) == 1  # one cause, one place: said once
    return {(problem.values["instrument"], problem.values["right"]) for problem in problems}


@pytest.mark.parametrize("id_", INSTRUMENTS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "xlsx"])
def test_names_alone_tell_the_instrument(id_: str, delimiter: str) -> None:
    codes = list(INSTRUMENTS[id_][0])
    random.Random(id_).shuffle(codes)
    rows = wide(id_, codes=codes)
    is_book = delimiter == "xlsx"
    content = book({"Rekap": rows}) if is_book else text(rows, delimiter)
    found = read(content, "rekap.xlsx" if is_book else "rekap.csv")
    assert indices(found) == right(id_)
    assert "instrument-by-names" in notices(found)
    source = found.readings[0].assessment.source
    assert source is not None
    assert source.read is not None
    assert source.read.instrument == id_


def test_no_name_is_shorter_than_is_looked_for() -> None:
    every = [each.name for id_ in shipped_ids() for each in shipped_instrument(id_).indicators]
    assert min(map(len, every)) >= SHORTEST_NAME


@pytest.mark.parametrize(
    "written",
    [
        "Indikator {code}: {name}",
        "{code}. {name}",
        "I{code} - {name}",
        "{name}\n",
        "  {NAME}  ",
    ],
)
def test_names_as_they_are_written(written: str) -> None:
    rows = wide("pemdi-2026")
    rows[0][1:] = [
        written.format(code=code, name=name, NAME=name.upper())
        for code, name in NAMES_PEMDI.items()
    ]
    assert indices(read(text(rows, ";"))) == right("pemdi-2026")


def test_a_number_that_contradicts_its_name_is_refused() -> None:
    rows = wide("pemdi-2026")
    rows[0][1:] = [f"{int(code) % 20 + 1}. {name}" for code, name in NAMES_PEMDI.items()]
    assert set(errors(read(text(rows)))) == {"indicators-disagree"}


@pytest.mark.parametrize("above", [[], [["Rekapitulasi"], []], [["Tahun", "2026"]]])
@pytest.mark.parametrize("head", [["Instansi"], ["Nama Instansi"], ["Pemda"]])
def test_titles_and_headings_around_names(above: Rows, head: list[str]) -> None:
    assert indices(read(text([*above, *wide("pemdi-2026", head)], ";"))) == right("pemdi-2026")


@pytest.mark.parametrize("allowed", [False, True])
@pytest.mark.parametrize("id_", ["pemdi-2026", "spbe-2018"])
def test_rows_of_another_year_are_never_read_by_these_names(id_: str, allowed: bool) -> None:  # noqa: FBT001
    wished: dict[str, Any] = {"missing_allowed": allowed}
    in_column = read(text(wide(id_, ("Instansi", "Tahun"), "2023")), **wished)
    assert mismatches(in_column) == {("spbe-2020", id_)}
    above = read(text([["Tahun", "2023"], *wide(id_)], ";"), **wished)
    assert mismatches(above) == {("spbe-2020", id_)}
    assert mismatches(read(text(wide(id_)), year=2023, **wished)) == {("spbe-2020", id_)}
    asked = read(text(wide(id_)), instrument=shipped_instrument("spbe-2020"), **wished)
    assert mismatches(asked) == {("spbe-2020", id_)}
    named = read(text(wide(id_, ("Instansi", "Instrumen"), "spbe-2020")), **wished)
    assert mismatches(named) == {("spbe-2020", id_)}
    assert not any(f.readings for f in (in_column, above, asked, named))


def test_only_the_rows_of_another_year_are_refused() -> None:
    rows = wide("pemdi-2026", ("Instansi", "Tahun"), "2026")
    rows[2][1] = "2023"
    found = read(text(rows))
    assert mismatches(found) == {("spbe-2020", "pemdi-2026")}
    assert [r.assessment.institution for r in found.readings] == [WHO[0], WHO[2]]


def test_names_of_two_instruments_are_refused_until_one_is_asked_for() -> None:
    pemdi, epss = wide("pemdi-2026"), wide("epss-2022")
    both = [[*left, *right_[1:]] for left, right_ in zip(pemdi, epss, strict=True)]
    for rows in (both, [[*row[:1], *reversed(row[1:])] for row in both]):
        (problem,) = errors_of(read(text(rows)).problems)
        assert problem.code == "instrument-ambiguous"
        assert "pemdi-2026 (20)" in problem.values["instruments"]
        for id_ in ("pemdi-2026", "epss-2022"):
            found = read(text(rows), instrument=shipped_instrument(id_))
            assert indices(found) == right(id_)


def test_a_few_names_of_another_are_left_out_and_said() -> None:
    rows = wide("spbe-2020")
    rows += [[f"Kota {number}", *rows[1][1:]] for number in range(9)]
    rows[0] += list(NAMES_PEMDI.values())[:5]
    rows[1:] = [[*row, *["4"] * 5] for row in rows[1:]]
    found = read(text(rows))
    assert indices(found).items() > right("spbe-2020").items()
    assert notices(found).count("column-unread") == 5


@pytest.mark.parametrize("number", [1, 4])
def test_few_names_are_no_instrument(number: int) -> None:
    rows = [row[: 1 + number] for row in wide("pemdi-2026")]
    assert errors(read(text(rows))) == ["no-header"]


@pytest.mark.parametrize("number", [7, 19])
def test_a_part_of_the_names_lacks_the_others(number: int) -> None:
    rows = [row[: 1 + number] for row in wide("pemdi-2026")]
    (first, *_) = errors_of(read(text(rows)).problems)
    assert (first.code, first.values["count"]) == ("level-missing", str(20 - number))


@pytest.mark.parametrize("missing_allowed", [False, True])
@pytest.mark.parametrize("id_", INSTRUMENTS)
def test_a_name_misspelt_in_a_heading_is_never_left_out(id_: str, missing_allowed: bool) -> None:  # noqa: FBT001
    rows = wide(id_)
    right_name = str(rows[0][5])
    rows[0][5] = right_name[:-2] + "xx"
    found = read(text(rows), missing_allowed=missing_allowed)
    (said,) = (each for each in found.problems if each.code == "indicator-unknown")
    assert (said.place.line, said.values["found"]) == (1, rows[0][5])
    assert right_name in said.values["nearest"]
    rows[0][5] = "Keterangan dari Asesor"  # of nobody's levels nothing is known
    assert "indicator-unknown" not in errors(read(text(rows), missing_allowed=missing_allowed))


def test_remarks_under_what_is_nearly_a_name_are_no_levels() -> None:
    rows = [[row[0], *row[2:], row[1]] for row in wide("spbe-2020")]
    for row in rows:
        row[-1] = f"{row[-1]} (catatan)" if row is rows[0] else "belum dinilai"
    assert set(errors(read(text(rows)))) == {"level-missing"}


@pytest.mark.parametrize("codes", [False, True])
@pytest.mark.parametrize("id_", INSTRUMENTS)
def test_names_row_by_row_tell_the_instrument(id_: str, codes: bool) -> None:  # noqa: FBT001
    names, levels = INSTRUMENTS[id_][0], levels_of(id_, WHO[0])
    head = ["Kode"] if codes else []
    rows = [[*head, "Indikator", "Nilai"]]
    rows += [[*([code] if codes else []), names[code], str(levels[code])] for code in names]
    shuffled = [rows[0], *random.Random(id_).sample(rows[1:], len(names))]
    for each in (rows, shuffled):
        found = read(text(each, ";"))
        assert indices(found) == {None: index_of(id_, WHO[0])}
        assert ("instrument-by-names" in notices(found)) == (id_ != "spbe-2020")


@pytest.mark.parametrize(
    ("id_", "year"),
    [("pemdi-2026", 2023), ("spbe-2018", 2022), ("spbe-2020", 2026), ("epss-2022", 2021)],
)
def test_names_row_by_row_of_another_year_are_refused(id_: str, year: int) -> None:
    rows = [["Indikator", "Nilai"], *([name, "3"] for name in INSTRUMENTS[id_][0].values())]
    for each in (read(text(rows), year=year), read(text([["Tahun", str(year)], *rows]))):
        assert {right_ for _, right_ in mismatches(each)} == {id_}


def test_codes_beside_names_of_another_year_are_never_read_as_codes() -> None:
    rows = [["Kode", "Indikator", "Nilai"], *([c, n, "3"] for c, n in NAMES_PEMDI.items())]
    for asked in ({"year": 2023}, {"instrument": shipped_instrument("spbe-2020")}):
        found = read(text(rows), missing_allowed=True, **asked)
        assert mismatches(found) == {("spbe-2020", "pemdi-2026")}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_every_command_reads_them_alike(spbe: Spbe, tmp_path: Path, ending: str) -> None:
    folder = tmp_path / "rekap"
    folder.mkdir()
    rows = wide("pemdi-2026")
    content = book({"Rekap": rows}) if ending == "xlsx" else text(rows, ";")
    (folder / f"rekap.{ending}").write_bytes(content)
    scored = spbe("score", str(folder), "--format", "json")
    assert scored.code == 0, scored.err
    answers = json.loads(scored.out)["results"]
    assert [each["source"]["read"]["instrument"] for each in answers] == ["pemdi-2026"] * 3
    assert "instrument-by-names" in {notice["code"] for notice in answers[0]["notices"]}
    page = spbe("score", str(folder), "--pages")
    assert page.out.count("(Permenpan RB 8/2026), told by its indicators' names") == 3
    checked = spbe("check", str(folder))
    assert "indicators told by the names of pemdi-2026" in checked.out
    batch = spbe("batch", str(folder), "-o", str(tmp_path / "hasil.jsonl"))
    assert batch.code == 0, batch.err
    given = [json.loads(line) for line in (tmp_path / "hasil.jsonl").read_text().splitlines()]
    assert [each["instrument"] for each in given] == ["pemdi-2026"] * 3


def test_levels_with_their_names_are_no_headings() -> None:
    names = ("Rintisan", "Terkelola", "Terdefinisi", "Terpadu dan Terukur", "Optimum")
    rows = wide("spbe-2020", ("Instansi", "Tahun"), "2023")
    rows[1][2:22] = [f"{level} ({names[int(level) - 1]})" for level in rows[1][2:22]]
    rows = [[*row, "2,61" if number else "Target"] for number, row in enumerate(rows)]
    for first in ([], rows[2:3], rows[3:4]):
        found = read(text([rows[0], *first, *(row for row in rows[1:] if row not in first)]))
        assert indices(found) == right("spbe-2020")


# Signatures below a table

SIGNATURES: dict[str, Rows] = {
    "of a head of office": [
        ["Mengetahui,"],
        ["Kepala Dinas Komunikasi dan Informatika"],
        [""],
        ["Budi Santoso, S.Kom., M.T."],
        ["Pembina Utama Muda"],
        ["NIP. 19700101 199001 1 001"],
    ],
    "with a place and a date": [
        ["Rimba, 12 Desember 2023"],
        ["Sekretaris Daerah,"],
        ["SITI AMINAH"],
        ["Pangkat: Pembina Tk. I"],
    ],
    "two side by side": [
        ["Mengetahui,", "", "", "Rimba, 12 Desember 2023"],
        ["Bupati Rimba", "", "", "Ketua Tim Asesor"],
        ["", "", "", ""],
        ["Budi Santoso", "", "", "Siti Aminah"],
        ["", "", "", "NIP. 197001011990011001"],
    ],
    "in another column": [
        ["", "", "Ditetapkan di Rimba"],
        ["", "", "a.n. Bupati Rimba"],
        ["", "", "Budi Santoso"],
        ["", "", "197001011990011001"],
    ],
    "without a date yet": [
        ["Rimba, .... Desember 2023"],
        ["Plt. Kepala Dinas Kominfo,"],
        ["(Budi Santoso)"],
    ],
    "after a source": [
        ["Sumber: hasil evaluasi"],
        ["Tim Asesor Internal"],
        ["1. Budi Santoso"],
        ["2. Siti Aminah"],
    ],
}


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES)
@pytest.mark.parametrize("delimiter", [";", "\t", "xlsx"])
@pytest.mark.parametrize("head", [("Instansi",), ("No", "Instansi", "Tahun")])
def test_a_signature_below_a_wide_table_is_left_out_and_said(
    signature: Rows, delimiter: str, head: tuple[str, ...]
) -> None:
    rows = [
        row[:]
        for row in wide(
            "spbe-2020", head[-2:] if len(head) > 1 else head, *(["2023"] * (len(head) > 1))
        )
    ]
    if len(head) > 1:
        rows = [["No", *rows[0]], *([str(n), *row] for n, row in enumerate(rows[1:], 1))]
    rows[0] = [*head, *NAMES]  # codes
    at = head.index("Instansi")
    width = len(rows[0])
    rows += [([""] * at + row + [""] * width)[:width] for row in [[], *signature]]
    is_book = delimiter == "xlsx"
    content = book({"Rekap": rows}) if is_book else text(rows, delimiter)
    found = read(content, "rekap.xlsx" if is_book else "rekap.csv")
    assert indices(found) == right("spbe-2020")
    source = found.readings[0].assessment.source
    assert source is not None
    assert source.read is not None
    said = " ".join(each.text for each in source.read.rows_left_out)
    assert next(cell for cell in signature[0] if cell) in said


@pytest.mark.parametrize("words", ["Mengetahui,", "Kepala Dinas Kominfo", "Catatan: sementara", ""])
def test_an_institution_without_levels_between_others_is_never_a_signature(words: str) -> None:
    rows = wide("spbe-2020")
    rows[0] = ["Instansi", *NAMES]
    empty = [""] * 47
    for after in ([["Kab. Sepi", *empty]], [["Kab. Sepi", *empty], ["", *empty]]):
        table = [*rows[:2], *([[words, *empty]] if words else []), *after, *rows[2:]]
        wrong = errors_of(read(text(table, ";")).problems)
        sepi = 3 + bool(words)
        assert "level-missing" in {each.code for each in wrong if each.place.line == sepi}


@pytest.mark.parametrize(
    "below", [["Mengetahui,"], ["Rimba, 12 Desember 2023"], ["Sumber: portal"]]
)
def test_an_institution_without_levels_above_a_signature_is_a_problem(below: list[str]) -> None:
    rows = wide("spbe-2020")
    rows[0] = ["Instansi", *NAMES]
    table = [*rows, ["Kab. Sepi", *[""] * 47], [*below, *[""] * 47], ["Kepala", *[""] * 47]]
    (problem,) = errors_of(read(text(table, ";")).problems)
    assert (problem.code, problem.place.line) == ("level-missing", 5)


def test_an_institution_of_a_year_or_number_below_a_signature_is_a_problem() -> None:
    for head, own in ((["Tahun"], ["2023"]), (["Kode"], ["12"])):
        rows = [["Instansi", *head, *NAMES]]
        rows += [[who, *own, *["3"] * 47] for who in WHO]
        rows += [["Mengetahui,", *[""] * 48], ["Kab. Sepi", *own, *[""] * 47]]
        wrong = errors_of(read(text(rows, ";")).problems)
        assert [(each.code, each.place.line) for each in wrong] == [("level-missing", 6)], head


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES)
def test_a_signature_at_the_foot_of_each_page(signature: Rows) -> None:
    rows = wide("spbe-2020")
    rows[0] = ["Instansi", *NAMES]
    foot = [(row + [""] * 48)[:48] for row in signature]
    pages = [*rows[:2], *foot, rows[0], *rows[2:], *foot]
    assert indices(read(text(pages, ";"))) == right("spbe-2020")


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES)
def test_a_signature_below_a_published_table(signature: Rows, tmp_path: Path) -> None:
    table = tmp_path / "hasil.csv"
    rows = [["Instansi", "Indeks", "Predikat", "Keterangan"]]
    rows += [["Kab. Rimba", "2.61", "Baik", ""], ["Kota Muara", "2.20", "Cukup", ""]]
    table.write_bytes(text([*rows, *((row + [""] * 4)[:4] for row in signature)], ";"))
    found, problems = read_population([str(table)], Wishes(year=2023))
    assert errors_of(problems) == []
    assert [member.institution for member in found] == ["Kab. Rimba", "Kota Muara"]
