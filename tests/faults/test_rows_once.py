"""Every row of a batch is written once: 0.1.0 could write rows twice, with exit code 0."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from conftest import Spbe
from support.tables import HEAD, row, table_text

ROWS = 20_000


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a plain table above 2 MiB in which some rows are odd, some bad."""
    rows = []
    for number in range(ROWS):
        cells = row(f"Kota {number}", str(1 + number % 5))
        if number % 97 == 0:
            cells[20] = "3.0"  # right, and not plain
        if number % 1013 == 0:
            cells[30] = "9"
        rows.append(cells)
    path = tmp_path_factory.mktemp("rows") / "nilai.csv"
    path.write_text(table_text([HEAD, *rows]))
    assert path.stat().st_size > 2 * 1024 * 1024
    return path


BAD = len(range(0, ROWS, 1013))


@pytest.mark.parametrize("options", [["--rejects", "r.csv"], ["--skip-invalid"]], ids=" ".join)
@pytest.mark.parametrize("time", range(3))
def test_every_row_is_written_once(
    spbe: Spbe, table: Path, tmp_path: Path, options: list[str], time: int
) -> None:
    out = tmp_path / f"{time}.csv"
    asked = [str(tmp_path / each) if each == "r.csv" else each for each in options]
    ran = spbe("batch", str(table), "-o", str(out), *asked)
    assert ran.code == 0, ran.err
    with out.open(encoding="utf-8", newline="") as stream:
        head, *rows = csv.reader(stream)
    assert head[0] == "institution"
    names = Counter(cells[0] for cells in rows)
    expected = [f"Kota {number}" for number in range(ROWS) if number % 1013]
    assert (len(rows), names.most_common(1)[0][1]) == (ROWS - BAD, 1)
    assert [cells[0] for cells in rows] == expected
    if len(asked) == 2:
        with Path(asked[1]).open(encoding="utf-8", newline="") as stream:
            assert len(list(csv.reader(stream))) == BAD + 1
