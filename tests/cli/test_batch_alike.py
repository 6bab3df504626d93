"""`spbe batch` says the same of a row whether it is read by itself or within a block."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import Outcome, Spbe
from support.sheets import JUST_BY_ROUNDING
from support.tables import HEAD, cells_of, row, table_text

from spbe_cli.batch import run, tally
from spbe_cli.read import stream, stream_rows

IN_BLOCKS = pytest.mark.parametrize("in_blocks", [False, True], ids=["rows", "blocks"])


class Batch(NamedTuple):
    """What became of a batch: the run, its rows, and the places and codes of what is wrong."""

    run: Outcome
    rows: list[list[str]]
    rejects: list[tuple[str, str]]


@pytest.fixture
def batch(spbe: Spbe, tmp_path: Path, in_blocks: bool, monkeypatch: pytest.MonkeyPatch) -> "Run":  # noqa: FBT001
    if in_blocks:
        monkeypatch.setattr(stream_rows, "SMALL", 400)  # the head takes less
    return Run(spbe, tmp_path)


class Run:
    """Runs a batch on rows below a head."""

    def __init__(self, spbe: Spbe, folder: Path) -> None:
        self._spbe, self.folder = spbe, folder

    def __call__(
        self, rows: Sequence[Sequence[str]], *options: str, head: Sequence[str] = HEAD
    ) -> Batch:
        table, out, rejects = (self.folder / name for name in ("in.csv", "out.csv", "rejects.csv"))
        table.write_text(table_text([head, *rows]), encoding="utf-8")
        given = ("batch", str(table), "-o", str(out), "--rejects", str(rejects), *options)
        ran = self._spbe(*given)
        told = cells_of(rejects.read_text("utf-8"))[1:] if rejects.exists() else []
        scored = cells_of(out.read_text("utf-8"))[1:] if out.exists() else []
        return Batch(ran, scored, [(line[1], line[4]) for line in told])


GOOD = [row(f"Kota {number}") for number in range(30)]


@IN_BLOCKS
def test_cells_beyond_the_head_are_seen_behind_an_empty_one(batch: Run) -> None:
    found = batch([*GOOD, [*row("Lebih"), "", "9"], row("Akhir")])
    assert found.rejects == [("32", "row-too-long")]
    assert [line[0] for line in found.rows][-2:] == ["Kota 29", "Akhir"]


@IN_BLOCKS
def test_one_cell_too_many_does_not_make_up_for_one_too_few(batch: Run) -> None:
    found = batch([*GOOD, [*row("Lebih"), "9"], row("Kurang")[:-1]])
    assert found.rejects == [("32", "row-too-long"), ("33", "row-too-short")]
    assert len(found.rows) == len(GOOD)


@IN_BLOCKS
@pytest.mark.parametrize("mean", [["", "", "Rata-rata"], ["Rata-rata", "", ""]])
def test_a_mean_may_be_named_in_another_column(batch: Run, mean: list[str]) -> None:
    rows = [[str(number), *each] for number, each in enumerate(GOOD, 1)]
    found = batch([*rows, [*mean, *row("")[2:]]], head=["Urutan", *HEAD])
    assert found.run.err.count("[row-not-read]") == 1
    assert len(found.rows) == len(GOOD)


@IN_BLOCKS
@pytest.mark.parametrize("level", ["0", "6", ""])
def test_a_row_with_a_level_that_is_none_alone_in_its_table(batch: Run, level: str) -> None:
    found = batch([*GOOD, row("Salah", level)])
    assert {line for line, _ in found.rejects} == {"32"}
    assert len(found.rows) == len(GOOD)


@IN_BLOCKS
def test_a_name_is_as_long_as_it_may_be(batch: Run) -> None:
    found = batch([*GOOD, row("n" * 1000), row("n" * 1001), row("n" * 1100)])
    assert found.rejects == [("33", "text-too-long"), ("34", "text-too-long")]
    assert found.rows[-1][0] == "n" * 1000


@IN_BLOCKS
def test_a_table_that_ends_in_blank_rows_is_not_empty(
    batch: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "_BLOCK", 1000)
    found = batch([*GOOD, *[[""] * len(HEAD)] * 60])
    assert (found.run.code, found.rejects, len(found.rows)) == (0, [], len(GOOD))


@IN_BLOCKS
def test_a_gate_is_met_at_its_threshold(batch: Run) -> None:
    for gate in (("--min-index", "3"), ("--min-predicate", "baik")):
        found = batch(GOOD, *gate)
        assert found.run.code == 0
        assert "gate" not in found.run.err.casefold()
    assert batch(GOOD, "--min-index", "3.0001").run.code == 1


@IN_BLOCKS
def test_the_first_gates_that_are_not_met_are_explained(
    batch: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tally, "MOST_KEPT", 4)
    found = batch(GOOD, "--min-index", "4")
    assert found.run.err.count("gate not met") == 4
    assert "Gates: 0 rows meet them, 30 do not" in found.run.err


@IN_BLOCKS
def test_both_bases_are_held_and_the_one_of_the_year_counts(batch: Run) -> None:
    levels = [str(level) for _, level in sorted(JUST_BY_ROUNDING.items(), key=lambda e: int(e[0]))]
    rows = [[*row(f"Kota {year}", year=year)[:4], *levels] for year in ("2023", "2024")]
    found = batch([rows[0]] * 30, "--min-predicate", "baik")
    assert found.run.code == 0
    assert "Baik 30, Cukup 0" in found.run.err
    assert {line[-1] for line in found.rows} == {"bases-differ"}
    found = batch([rows[1]] * 30, "--min-predicate", "baik")
    assert found.run.code == 1
    assert "Baik 0, Cukup 30" in found.run.err
    assert {line[-1] for line in found.rows} == {"bases-differ"}


@IN_BLOCKS
def test_what_must_be_known_of_a_whole_table_is_said_once(
    batch: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And counted once, where only the first problems are kept."""
    monkeypatch.setattr(run, "MOST_KEPT", 1)
    head, rows = [*HEAD[:3], *HEAD[4:]], [[*r[:3], *r[4:]] for r in GOOD]
    found = batch([*rows, *([*each, ""] for each in rows)], head=head)
    assert (found.run.code, len(found.rows)) == (0, 60)
    assert found.run.err.count("[year-absent]") == 1
    assert "more" not in found.run.err.casefold().replace("more on each", "")


def own_instrument(
    folder: Path, name: str, *, number: int, scale: str = "lowest: 1, highest: 5", groups: int = 1
) -> Path:
    """An instrument with so many indicators of the same weight."""
    lines = [f"id: {name}", f"title: {name}", f"scale: {{{scale}}}"]
    lines += ["predicates: [{name: Baik, from: 2.6}, {name: Kurang}]", "aspects:"]
    for group in range(groups):
        codes = range(group * number // groups + 1, (group + 1) * number // groups + 1)
        weight = f"{100 * len(codes)}/{number}"
        lines += [f"  - code: A{group + 1}", f"    name: A{group + 1}", f'    weight: "{weight}"']
        lines += ["    indicators:"]
        lines += [f'      - {{code: "{c}", weight: "100/{number}", name: I{c}}}' for c in codes]
    path = folder / f"{name}.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def head_of(number: int) -> list[str]:
    return ["instansi", "tahun", *map(str, range(1, number + 1))]


@IN_BLOCKS
def test_many_levels_of_one_weight_add_up_beyond_a_byte(batch: Run) -> None:
    instrument = own_instrument(batch.folder, "panjang", number=60)
    rows = [[f"Kota {n}", "2023", *["5"] * (60 - n), *["4"] * n] for n in range(30)]
    found = batch(rows, "--instrument", str(instrument), "--exact", head=head_of(60))
    assert found.run.code == 0
    exact = [line[6] for line in found.rows]
    assert exact[:4] == ["5", "299/60", "149/30", "4.95"]


@IN_BLOCKS
def test_a_level_between_two_steps_is_rejected(batch: Run) -> None:
    scale = "lowest: 1, highest: 5, step: 2"
    instrument = own_instrument(batch.folder, "ganjil", number=10, scale=scale)
    rows = [[f"Kota {n}", "2023", *["3"] * 10] for n in range(30)]
    rows[7][2] = "2"
    found = batch(rows, "--instrument", str(instrument), head=head_of(10))
    assert found.rejects == [("9", "level-off-step")]
    assert len(found.rows) == 29


@IN_BLOCKS
def test_instruments_with_other_groups_may_stand_in_one_table(batch: Run) -> None:
    for name, groups in (("satu", 1), ("dua", 2)):
        own_instrument(batch.folder, name, number=10, groups=groups)
    names = ["satu.yaml", "dua.yaml"] * 15
    rows = [[f"Kota {n}", name, "2023", *["3"] * 10] for n, name in enumerate(names)]
    head = ["instansi", "instrumen", *head_of(10)[1:]]
    found = batch(rows, head=head)
    assert (found.run.code, found.rejects) == (0, [])
    assert [line[0] for line in found.rows] == [f"Kota {n}" for n in range(30)]
    assert {tuple(line[8:-1]) for line in found.rows} == {("3.00", ""), ("3.00", "3.00")}
