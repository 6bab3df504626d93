"""A table that is wrong in every row, by one mistake or ever another: said as ever, and fast."""

import tracemalloc
from pathlib import Path

import pytest
from conftest import Spbe
from support.bad_rows import ABOVE, BAD, LEVEL, YEAR
from support.tables import HEAD, cells_of, row, table_text

from spbe_cli.batch.output import Rejects
from spbe_cli.core.assessment import Source
from spbe_cli.core.problem import Problem
from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.grid import Grid
from spbe_cli.read.row_faults import text_faults
from spbe_cli.read.shapes import WideTable
from spbe_cli.read.stream import wide_table
from spbe_cli.read.stream_rows import OddRow, WideReader
from spbe_cli.read.tables import read_grids
from spbe_cli.read.text import File
from spbe_cli.words import Words

ROWS = 30


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("mixed", [False, True])
def test_bad_rows_are_said_as_ever(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, *, mixed: bool
) -> None:
    rows = []
    for number in range(ROWS):
        cells = row(f"Kota {number}")
        cells[4:4] = ["akhir", "spbe-2020"] if "another" not in kind else ["", ""]
        if not (mixed and number % 3):
            BAD[kind](cells, number)
        rows.append(cells)
    table, rejected = tmp_path / "nilai.csv", tmp_path / "rejects.csv"
    table.write_text(table_text([ABOVE, *rows]))
    read_whole = counted(monkeypatch)
    monkeypatch.setattr("spbe_cli.batch.run.BatchRun._block_scorer", lambda _: None)
    asked = ("batch", str(table), "-o", str(tmp_path / "o.csv"), "--rejects", str(rejected))
    ran = spbe(*asked, "--lang", "en")
    assert ran.code == (0 if mixed else 3), ran.err
    expected = [as_rejected(each) for each in read_file(str(table), Wishes()).problems]
    assert expected
    assert sorted(cells_of(rejected.read_text("utf-8"))[1:]) == sorted(expected)
    assert not read_whole


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the rows that are read as sheets."""
    read_whole: list[int] = []
    odd = WideReader._odd  # noqa: SLF001

    def counting(reader: WideReader, *given: object) -> object:
        read_whole.append(1)
        return odd(reader, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(WideReader, "_odd", counting)
    return read_whole


def as_rejected(problem: Problem) -> list[str]:
    """Return a problem as a line of the rejected rows."""
    place, texts = problem.place, Words("en").problem(problem)
    return [place.source, str(place.line), str(place.column), "", problem.code, *texts]


SMALL = """
id: kecil
title: Kecil
scale: {lowest: 1, highest: 5}
predicates: [{name: Baik, from: 2.6}, {name: Kurang}]
aspects:
- code: A1
  name: Aspek satu
  weight: 100
  indicators:
  - {code: "1", name: Hal pertama, weight: 40}
  - {code: "2", name: Hal kedua, weight: 60}
"""


@pytest.mark.parametrize("small", [40, 4000])  # in blocks, and as a whole
def test_a_repeated_heading_whose_codes_look_like_levels_is_no_institution(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    monkeypatch.setattr("spbe_cli.read.stream_rows.SMALL", small)
    table, out, own = tmp_path / "nilai.csv", tmp_path / "o.csv", tmp_path / "kecil.yaml"
    own.write_text(SMALL)
    heading = ["instansi", "1", "2"]
    body = [heading if n % 5 == 3 else [f"Kota {n}", "3", "3"] for n in range(30)]
    table.write_text(table_text([heading, *body]))
    ran = spbe("batch", str(table), "-o", str(out), "--instrument", str(own))
    assert ran.code == 0, ran.err
    names = [cells[0] for cells in cells_of(out.read_text("utf-8"))[1:]]
    assert names == [cells[0] for cells in body if cells != heading]


@pytest.mark.parametrize("levels", [["2.5"] * 20, ["2.5", *["3"] * 19]])
def test_levels_between_the_steps_tell_another_instrument(
    spbe: Spbe, tmp_path: Path, levels: list[str]
) -> None:
    table, rejected = tmp_path / "nilai.csv", tmp_path / "rejects.csv"
    rows = [["Kota A", "2023", *["3"] * 20], ["Kota B", "2023", *levels]]
    table.write_text(table_text([["instansi", "tahun", *map(str, range(1, 21))], *rows]))
    spbe("batch", str(table), "-o", str(tmp_path / "o.csv"), "--rejects", str(rejected))
    said = [cells[4] for cells in cells_of(rejected.read_text("utf-8"))[1:]]
    assert said == ["level-missing", "instrument-mismatch"]


@pytest.mark.parametrize(
    "codes",
    [
        range(1, 40),
        range(1, 49),
        [*range(1, 20), 99, *range(21, 48)],
        range(1, 56),
        [*range(1, 40), *range(90, 99)],
    ],
)
def test_rows_under_other_codes_are_said_as_ever(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codes: list[int]
) -> None:
    rows = [[f"Kota {n}", "2023", *"3" * len(codes)] for n in range(ROWS)]
    for number, cells in enumerate(rows):
        cells[2 + number] = ("3", "x", "", str(number))[number % 4]
    rows[-1][2:] = [""] * len(codes)
    table, rejected = tmp_path / "nilai.csv", tmp_path / "rejects.csv"
    table.write_text(table_text([["instansi", "tahun", *map(str, codes)], *rows]))
    read_whole = counted(monkeypatch)
    asked = ("batch", str(table), "-o", str(tmp_path / "o.csv"), "--rejects", str(rejected))
    ran = spbe(*asked, "--lang", "en")
    assert ran.code == 3, ran.err
    expected = [as_rejected(each) for each in read_file(str(table), Wishes()).problems]
    said = cells_of(rejected.read_text("utf-8"))[1:]
    assert sorted({*map(tuple, said)}) == sorted({*map(tuple, expected)})
    assert not read_whole


def test_rows_of_another_stage_are_left_out_however_wrong_they_are(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = []
    for number in range(ROWS):
        cells = row(f"Kota {number}")
        cells[4:4] = ["mandiri" if number % 3 else "akhir", ""]
        if number % 3 != 1:
            cells[YEAR] = f"19{number}"
        rows.append(cells)
    table, rejected = tmp_path / "nilai.csv", tmp_path / "rejects.csv"
    table.write_text(table_text([ABOVE, *rows]))
    read_whole = counted(monkeypatch)
    asked = ("batch", str(table), "-o", str(tmp_path / "o.csv"), "--rejects", str(rejected))
    ran = spbe(*asked, "--stage", "self")
    assert ran.code == 0, ran.err
    said = [int(cells[1]) - 2 for cells in cells_of(rejected.read_text("utf-8"))[1:]]
    assert said == [number for number in range(ROWS) if number % 3 == 2]
    assert not read_whole


def test_names_of_levels_that_are_right_are_no_fault(spbe: Spbe, tmp_path: Path) -> None:
    rows = [row("Kota A"), row("Kota B"), row("Total C")]
    rows[1][4:] = ["3 (Terdefinisi)", *["3"] * 46]
    table, rejected = tmp_path / "nilai.csv", tmp_path / "rejects.csv"
    table.write_text(table_text([HEAD, *rows]))
    out = tmp_path / "o.csv"
    ran = spbe("batch", str(table), "-o", str(out), "--rejects", str(rejected))
    assert ran.code == 0, ran.err
    assert [cells[0] for cells in cells_of(out.read_text("utf-8"))[1:]] == [
        "Kota A",
        "Kota B",
        "Total C",
    ]
    assert len(cells_of(rejected.read_text("utf-8"))) == 1


def test_long_texts_are_not_kept(tmp_path: Path) -> None:
    """A row after the other, each with long texts of its own."""
    wishes, long = Wishes(), "x" * 100_000
    reader = WideReader(wishes, Source("nilai.csv", b""))
    file = File("nilai.csv", table_text([ABOVE, [*row("Kota")[:4], "", "", *"3" * 47]]).encode())
    head, _ = wide_table(read_grids(file, wishes)[0][0])
    assert head is not None

    def reject(number: int, rejects: Rejects) -> None:
        cells = row(f"Kota {number}")
        cells[4:4] = [f"{number}{long}", ""]
        cells[LEVEL] = f"{number}{long}"
        grid = Grid([ABOVE, cells], head.grid.place_of)
        read = reader.read(WideTable.of(grid, head.header, head.above), 1)
        assert isinstance(read, OddRow)
        assert len(read.problems) == 2
        for problem in read.problems:
            rejects.write(problem)

    tracemalloc.start()
    with (tmp_path / "rejects.csv").open("wb") as stream:
        rejects = Rejects(stream, Words("en"))
        for number in range(120):
            reject(number, rejects)
        rejects.finish()
    text_faults.cache_clear()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 20 * len(long)
