"""A table that is wrong in every row by one mistake: said as ever, without a sheet for each row."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Spbe
from support.tables import HEAD, cells_of, row, table_text

from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.stream_rows import WideReader

YEAR = HEAD.index("tahun")
ROWS = 30


def with_cell(column: int, text: str) -> Callable[[list[str]], list[str]]:
    def changed(cells: list[str]) -> list[str]:
        return [*cells[:column], text, *cells[column + 1 :]]

    return changed


BAD: dict[str, Callable[[list[str]], list[str]]] = {
    "year": with_cell(YEAR, "dua ribu"),
    "old year": with_cell(YEAR, "1999"),
    "level": with_cell(20, "9"),
    "blank level": with_cell(20, ""),
    "too short": lambda cells: cells[:-3],
    "too long": lambda cells: [*cells, "3"],
}
TWICE: dict[str, Callable[[list[str]], list[str]]] = {
    "late year": with_cell(YEAR, "2999"),
    "year and level": lambda cells: BAD["year"](BAD["level"](cells)),
    "old year and too short": lambda cells: BAD["old year"](BAD["too short"](cells)),
    "level and too short": lambda cells: BAD["level"](BAD["too short"](cells)),
    "year and name": lambda cells: BAD["year"](["x" * 1001, *cells[1:]]),
}


@pytest.mark.parametrize("kind", [*BAD, *TWICE])
@pytest.mark.parametrize("mixed", [False, True])
def test_bad_rows_are_said_as_ever(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, *, mixed: bool
) -> None:
    change = {**BAD, **TWICE}[kind]
    rows = [row(f"Kota {number}") for number in range(ROWS)]
    rows = [cells if mixed and number % 3 else change(cells) for number, cells in enumerate(rows)]
    table, rejected = tmp_path / "nilai.csv", tmp_path / "rejects.csv"
    table.write_text(table_text([HEAD, *rows]))
    read_whole: list[int] = []
    odd = WideReader._odd  # noqa: SLF001

    def counting(reader: WideReader, *given: object) -> object:
        read_whole.append(1)
        return odd(reader, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(WideReader, "_odd", counting)
    monkeypatch.setattr("spbe_cli.batch.run.BatchRun._block_scorer", lambda _: None)
    ran = spbe("batch", str(table), "-o", str(tmp_path / "o.csv"), "--rejects", str(rejected))
    assert ran.code == (0 if mixed else 3), ran.err
    expected = [
        (str(each.place.line), str(each.place.column), each.code)
        for each in read_file(str(table), Wishes()).problems
    ]
    said = [(cells[1], cells[2], cells[4]) for cells in cells_of(rejected.read_text("utf-8"))[1:]]
    assert sorted(said) == sorted(expected)
    if kind in BAD:
        assert not read_whole
