"""`spbe batch`: every way in, every way out, and nothing half done."""

import io
import json
import sys
from pathlib import Path

import polars as pl
import pytest
from conftest import ROOT, Spbe
from jsonschema import validate
from support.tables import HEAD, cells_of, row, table_text

from spbe_cli.batch.blocks import BlockScorer, Found
from spbe_cli.read import stream as blocks
from spbe_cli.read import stream as parquet
from spbe_cli.read import stream_rows as batch_parts
from spbe_cli.read import stream_rows as long_text
from spbe_cli.read.text import LARGEST


def write(path: Path, rows: list[list[str]]) -> str:
    path.write_text(table_text([HEAD, *rows]), encoding="utf-8", newline="")
    return str(path)


def cells(path: Path) -> list[list[str]]:
    return cells_of(path.read_bytes().decode())


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read every table block by block, as a large one is."""
    monkeypatch.setattr(batch_parts, "SMALL", 400)
    monkeypatch.setattr(blocks, "_BLOCK", 500)


def test_a_table_gives_what_score_gives(spbe: Spbe, tmp_path: Path) -> None:
    path = write(tmp_path / "in.csv", [row("A"), row("B, C", "4"), row("D", "1", "2024")])
    result = spbe("batch", path, "-o", str(tmp_path / "out.csv"))
    assert result.code == 0
    assert result.err == (
        "Scored: 3\n"
        "spbe-2020: mean index 2.67; Memuaskan 0, Sangat Baik 1, Baik 1, Cukup 0, Kurang 1\n"
    )
    assert (tmp_path / "out.csv").read_text() == spbe("score", path, "--format", "csv").out


def test_verbose_says_what_was_read_of_each_file(
    spbe: Spbe, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Once for a table, in one piece or in many, also where nothing is written for a bad row."""
    path = write(tmp_path / "in.csv", [row(f"Kota {n}") for n in range(40)])
    asked = ("batch", path, "examples/kota-jambi-2023.yaml", "-o", "-")
    plain = spbe(*asked)
    for name in (None, "streamed"):
        _ = name and request.getfixturevalue(name)
        told = spbe(*asked, "-v")
        assert told.out == plain.out
        assert told.err.endswith(plain.err)
        said = told.err.removesuffix(plain.err).splitlines()
        assert said[0] == f"{path}: a row an institution, headings in row 1"
        assert [line for line in said if line.endswith(": institution")] == [said[1]]
        assert said[-1].startswith("examples/kota-jambi-2023.yaml: Pemerintah Kota Jambi, 2023, ")
    bad = write(tmp_path / "bad.csv", [row("Kota", "9")])
    refused = spbe("batch", bad, "-o", "-", "-v")
    assert (refused.code, refused.out) == (3, "")
    assert refused.err.startswith(f"{bad}: a row an institution, headings in row 1\n")


@pytest.mark.usefixtures("streamed")
@pytest.mark.parametrize("options", [[], ["--exact"]])
def test_a_table_in_blocks_gives_what_score_gives(
    spbe: Spbe, tmp_path: Path, options: list[str]
) -> None:
    rows = [row(f"Kota {n}", str(n % 5 + 1), str(2023 + n % 2)) for n in range(40)]
    path = write(tmp_path / "in.csv", [*rows, row("-Kota, \n'lain'"), row("Rata-rata")])
    assert spbe("batch", path, "-o", str(tmp_path / "out.csv"), *options).code == 0
    assert (tmp_path / "out.csv").read_bytes().decode() == spbe(
        "score", path, "--format", "csv", *options
    ).out


def test_a_folder_of_score_sheets_of_several_instruments(spbe: Spbe, tmp_path: Path) -> None:
    names = ["denpasar-2018.yaml", "bandar-lampung-2023.yaml", "kota-jambi-2023.yaml"]
    folder = tmp_path / "lembar"
    (folder / "lain").mkdir(parents=True)
    for name in names:
        at = folder / "lain" if name.startswith("kota") else folder
        (at / name).write_bytes((ROOT / "examples" / name).read_bytes())
    (folder / "catatan.md").write_text("bukan lembar")
    out = folder / "hasil.csv"
    first = spbe("batch", str(folder), "-o", str(out), "--stage", "final")
    assert first.code == 3  # denpasar has no final stage
    assert not out.exists()
    for _ in range(2):  # the second time the result lies in the folder, and is no input
        assert spbe("batch", str(folder), "-o", str(out)).code == 0
        head, *rows = cells(out)
        assert head[8:-1] == [
            "D1",
            "A1",
            "D2",
            "A2",
            "A3",
            "A4",
            "D3",
            "A5",
            "A6",
            "D4",
            "A7",
            "A8",
        ]
        assert [line[0] for line in rows] == [
            "Pemerintah Kota Bandar Lampung",
            "Pemerintah Kota Denpasar",
            "Pemerintah Kota Jambi",
        ]
        assert dict(zip(head, rows[1], strict=True))["D4"] == ""
        assert dict(zip(head, rows[1], strict=True))["A7"] == "2.50"
        assert dict(zip(head, rows[2], strict=True))["index"] == "4.27"


def test_json_lines_have_a_schema_and_exact_values(spbe: Spbe, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert spbe("batch", "examples/bandar-lampung-2023.yaml", "-o", str(out)).code == 0
    (line,) = map(json.loads, out.read_text().splitlines())
    validate(line, json.loads((ROOT / "schemas" / "spbe-batch-1.schema.json").read_text()))
    assert line["index"] == {"exact": "2.1545", "rounded": "2.15"}
    assert line["predicate"]["name"] == "Cukup"
    groups = {group["code"]: group["index"] for group in line["groups"]}
    assert groups["D4"] == {"exact": "79/26", "rounded": "3.04"}


@pytest.mark.parametrize("size", [3, 300])
def test_parquet_out_and_in(spbe: Spbe, tmp_path: Path, size: int) -> None:
    rows = [row(f"Kota {n}", str(n % 5 + 1)) for n in range(size)]
    path = write(tmp_path / "in.csv", rows)
    levels = pl.read_csv(path).with_columns(pl.col("7").cast(pl.Float64))
    levels.write_parquet(tmp_path / "in.parquet")
    out, again = tmp_path / "out.parquet", tmp_path / "again.csv"
    assert spbe("batch", path, "-o", str(out)).code == 0
    assert spbe("batch", str(tmp_path / "in.parquet"), "-o", str(again)).code == 0
    assert again.read_text() == spbe("score", path, "--format", "csv").out
    frame = pl.read_parquet(out)
    assert frame.schema["index"] == pl.Decimal(18, 2)
    assert frame.schema["year"] == pl.Int32
    assert [str(index) for index in frame["index"]] == [line[6] for line in cells(again)[1:]]


def test_from_standard_input_to_standard_output(spbe: Spbe, tmp_path: Path) -> None:
    path = write(tmp_path / "in.csv", [row("A")])
    result = spbe("batch", "-", "-o", "-", stdin=Path(path).read_bytes())
    assert result.code == 0
    assert result.out.splitlines()[1].startswith("A,kota,Lampung,2023,,spbe-2020,3.00,Baik")


BAD = [row("A"), row("B", "6"), row("C", "x"), row("D")]


def test_a_bad_row_ends_the_run_and_nothing_is_written(spbe: Spbe, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("before")
    result = spbe("batch", write(tmp_path / "in.csv", BAD), "-o", str(out))
    assert result.code == 3
    assert result.err.count("[levels-off-scale]") == 2  # one cause, one problem
    assert "Problems: 2. Nothing was computed." in result.err
    assert out.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_bad_rows_are_skipped_and_still_said(spbe: Spbe, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    result = spbe("batch", write(tmp_path / "in.csv", BAD), "-o", str(out), "--skip-invalid")
    assert result.code == 0
    assert "Scored: 2; rejected: 2" in result.err
    assert result.err.count("[levels-off-scale]") == 2
    assert [line[0] for line in cells(out)[1:]] == ["A", "D"]


@pytest.mark.parametrize("language", ["en", "id"])
def test_bad_rows_go_to_a_file_of_their_own(spbe: Spbe, tmp_path: Path, language: str) -> None:
    out, rejects = tmp_path / "out.csv", tmp_path / "rejects.csv"
    path = write(tmp_path / "in.csv", BAD[1:3])
    given = ("batch", path, "-o", str(out), "--rejects", str(rejects), "--lang", language)
    result = spbe(*given)
    assert result.code == 3  # nothing was scored
    head, first, *rest = cells(rejects)
    assert head == ["file", "line", "column", "cell", "code", "sentence", "hint"]
    assert first[:5] == [path, "2", "21", "", "levels-off-scale"]
    assert ("skala" in first[5]) == (language == "id")
    assert [cells[4] for cells in rest] == ["levels-off-scale"]


def test_problems_of_very_many_rows_are_counted(spbe: Spbe, tmp_path: Path) -> None:
    rows = [[*row(f"K{n}", "6")[:-1], "3"] for n in range(20)]  # one level is right
    result = spbe("batch", write(tmp_path / "in.csv", rows), "-o", str(tmp_path / "out.csv"))
    assert result.code == 3
    assert "... and 720 more" in result.err
    assert "Problems: 920." in result.err


@pytest.mark.parametrize("wrong", [["6"] * 47, ["tiga"] * 47, [*"67890" * 9, "", ""], ["2.5"] * 47])
@pytest.mark.parametrize("right", [False, True])
def test_a_row_without_any_right_level_is_one_problem(
    spbe: Spbe, tmp_path: Path, wrong: list[str], *, right: bool
) -> None:
    cells_of_row = [*row("A")[:-47], *wrong]
    if right:
        cells_of_row[-47] = "3"
    path = write(tmp_path / "in.csv", [cells_of_row])
    found = spbe("batch", path, "-o", str(tmp_path / "out.csv")).err
    assert spbe("score", path).err == found.replace("spbe batch", "spbe score")
    assert found.count("[levels-off-scale]") == (not right)
    assert found.count("[level-missing]") == ("" in wrong)
    one_each = found.count("[level-off-scale]") + found.count("[level-not-number]")
    assert (one_each + found.count("[level-off-step]") > 0) == right


@pytest.mark.parametrize("in_blocks", [False, True])
def test_gates_look_at_every_row(
    spbe: Spbe, tmp_path: Path, request: pytest.FixtureRequest, *, in_blocks: bool
) -> None:
    if in_blocks:
        request.getfixturevalue("streamed")
    path = write(tmp_path / "in.csv", [row(f"Kota {n}", str(n % 5 + 1)) for n in range(10)])
    out = str(tmp_path / "out.csv")
    gates = ["--min-index", "3.5", "--min-predicate", "baik"]
    result = spbe("batch", path, "-o", out, *gates)
    assert result.code == 1
    assert "Kota 0, 2023: expected at least 3.50, found 1.00, short by 2.50" in result.err
    said = "Baik (2.595, shown as 2.60), found Cukup (2.00), short by 0.595 points"
    assert f"Kota 1, 2023: expected at least {said}" in result.err
    assert "Gates: 4 rows meet them, 6 do not" in result.err
    assert len(cells(Path(out))) == 11
    assert spbe("batch", path, "-o", out, *gates, "--exit-zero").code == 0
    assert spbe("batch", path, "-o", out, "--min-index", "9").code == 2
    assert spbe("batch", path, "-o", out, "--min-predicate", "bagus").code == 2


RUNNING = ["=HYPERLINK(0)", "-2-3", "@x", "\uff1d1+1", "\uff0bx", "\uff20x", "\u2212A1"]
HOSTILE = [*RUNNING, "+1", "[/]", "a\nb", "مدينة", "\u202eabc", 'x"y']


@pytest.mark.parametrize("in_blocks", [False, True])
def test_hostile_names_are_kept_and_never_run(
    spbe: Spbe, tmp_path: Path, request: pytest.FixtureRequest, *, in_blocks: bool
) -> None:
    if in_blocks:
        request.getfixturevalue("streamed")
    path = write(tmp_path / "in.csv", [row(name) for name in HOSTILE])
    out = tmp_path / "out.csv"
    assert spbe("batch", path, "-o", str(out)).code == 0
    neutral = [f"'{name}" if name in RUNNING else name for name in HOSTILE]
    assert [line[0] for line in cells(out)[1:]] == neutral
    assert spbe("batch", path, "-o", str(out), "--raw").code == 0
    assert [line[0] for line in cells(out)[1:]] == HOSTILE


@pytest.mark.usefixtures("streamed")
def test_without_polars_it_only_takes_longer(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "in.csv", [row(f"Kota {n}") for n in range(30)])
    spbe("batch", path, "-o", str(tmp_path / "with.csv"))
    for name in [name for name in sys.modules if name.startswith("spbe_cli.batch.blocks")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "polars", None)
    result = spbe("batch", path, "-o", str(tmp_path / "without.csv"))
    assert result.code == 0
    assert result.err.count("[batch-without-engine]") == 1
    assert (tmp_path / "with.csv").read_bytes() == (tmp_path / "without.csv").read_bytes()
    refused = spbe("batch", path, "-o", str(tmp_path / "x.parquet"))
    assert refused.code == 2
    assert "[extra-missing]" in refused.err
    (tmp_path / "in.parquet").write_bytes(b"PAR1")
    assert "[extra-missing]" in spbe("batch", str(tmp_path / "in.parquet"), "-o", "-").err


def test_a_damaged_parquet_file(spbe: Spbe, tmp_path: Path) -> None:
    (tmp_path / "in.parquet").write_bytes(b"PAR1 and then nothing")
    result = spbe("batch", str(tmp_path / "in.parquet"), "-o", "-")
    assert result.code == 3
    assert "[parquet-wrong]" in result.err


@pytest.mark.usefixtures("streamed")
def test_a_line_without_an_end(spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "_LONGEST_ROW", 1000)
    path = Path(write(tmp_path / "in.csv", [row("A")] * 20))
    path.write_bytes(path.read_bytes() + b"x" * 5000)
    result = spbe("batch", str(path), "-o", str(tmp_path / "out.csv"))
    assert result.code == 3
    assert "in.csv:22:1: error: a row that begins here is larger than" in result.err
    assert not (tmp_path / "out.csv").exists()


def test_a_table_that_scores_nothing_is_no_success(spbe: Spbe, tmp_path: Path) -> None:
    path = write(tmp_path / "in.csv", [row("Total")])
    result = spbe("batch", path, "-o", str(tmp_path / "out.csv"))
    assert result.code == 3
    assert "[batch-nothing-scored]" in result.err
    assert not (tmp_path / "out.csv").exists()


NOTHING: dict[str, list[list[str]]] = {
    "no line": [],
    "blank lines": [[]] * 40,
    "blank cells": [[""] * 51] * 40,
    "blanks": [["  ", "\u00a0"] + [""] * 49] * 40,
    "invisible characters": [["\u200b"] * 51] * 40,
    "a total without levels": [[""] * 51, ["Total"] + [""] * 50],
}


@pytest.mark.parametrize("block", [None, 300, 100_000])
@pytest.mark.parametrize("body", NOTHING)
def test_a_table_without_rows_is_empty_however_it_is_read(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int | None, body: str
) -> None:
    if block is not None:
        monkeypatch.setattr(batch_parts, "SMALL", 0)
        monkeypatch.setattr(blocks, "_BLOCK", block)
    path = write(tmp_path / "in.csv", NOTHING[body])
    result = spbe("batch", path, "-o", str(tmp_path / "out.csv"))
    assert result.code == 3
    assert result.err.count("in.csv:1:1: error: ") == result.err.count("[table-empty]") == 1
    assert result.err == spbe("score", path).err
    rows = [*NOTHING[body], row("A"), *NOTHING[body]]
    result = spbe("batch", write(tmp_path / "in.csv", rows), "-o", str(tmp_path / "out.csv"))
    assert (result.code, len(cells(tmp_path / "out.csv"))) == (0, 2)


def test_a_full_disk(spbe: Spbe, tmp_path: Path) -> None:
    path = write(tmp_path / "in.csv", [row(f"Kota {n}") for n in range(500)])
    full = tmp_path / "penuh.csv"
    full.symlink_to("/dev/full")
    result = spbe("batch", path, "-o", str(full))
    assert result.code == 4
    assert "[output-unwritable]" in result.err


def test_an_unreadable_input_among_good_ones_ends_the_run(spbe: Spbe, tmp_path: Path) -> None:
    good = write(tmp_path / "in.csv", [row("A")])
    out = tmp_path / "out.csv"
    result = spbe("batch", good, str(tmp_path / "nowhere.csv"), "-o", str(out), "--skip-invalid")
    assert result.code == 4
    assert not out.exists()


@pytest.mark.usefixtures("streamed")
@pytest.mark.parametrize("odd", [[], ["3.0"]])
def test_the_engine_scores_all_rows_but_odd_ones(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: list[str]
) -> None:
    found: list[Found | None] = []

    def score(self: BlockScorer, part: batch_parts.TextRows) -> Found | None:
        found.append(original(self, part))
        return found[-1]

    original = BlockScorer.score
    monkeypatch.setattr(BlockScorer, "score", score)
    monkeypatch.setattr(blocks, "_BLOCK", 4000)
    rows = [row(f"Kota {n}", str(n % 5 + 1)) for n in range(100)]
    path = write(tmp_path / "in.csv", [*rows, *(row("Kota x", level) for level in odd)])
    assert spbe("batch", path, "-o", str(tmp_path / "out.csv")).code == 0
    assert len(found) > 2
    assert sum(len(each.scored or ()) for each in found if each is not None) == 100
    assert sum(len(each.odd) for each in found if each is not None) == len(odd)
    assert (tmp_path / "out.csv").read_text() == spbe("score", path, "--format", "csv").out


def long_table(names: list[str], wrong: str = "") -> str:
    lines = ["instansi;tahun;no;nilai"]
    for name in names:
        for code in range(1, 48):
            level = "x" if name == wrong and code == 7 else str(code % 5 + 1)
            lines.append(f"{name if code == 1 else ''};2023;{code};{level}")
    return "\n".join(lines) + "\n"


def test_a_long_table_of_any_length(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"Kota {number}" for number in range(30)]
    path = tmp_path / "in.csv"
    path.write_text(long_table(names))
    whole = spbe("score", str(path), "--format", "csv").out
    monkeypatch.setattr(batch_parts, "SMALL", 400)
    monkeypatch.setattr(batch_parts, "LARGEST", 2000)
    monkeypatch.setattr(blocks, "_BLOCK", 1500)
    assert spbe("batch", str(path), "-o", str(tmp_path / "out.csv")).code == 0
    assert (tmp_path / "out.csv").read_text() == whole
    path.write_text(long_table(names, wrong="Kota 20"))
    result = spbe("batch", str(path), "-o", str(tmp_path / "x.csv"), "--skip-invalid")
    assert f"in.csv:{1 + 20 * 47 + 7}:9: error" in result.err
    assert "Scored: 29; rejected: 1" in result.err


@pytest.mark.parametrize("block", [1200, 1500, 1900, 2300, 2600])
def test_a_long_table_with_what_is_of_nobody(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    """Headings on every page, the years of decrees and a signature end no institution."""
    heading = "Instansi;No;Nilai;Tahun;Catatan"
    lines = ["Tahun Penilaian;2023", heading]
    for number in range(47 * 4):
        who, code = f"Kota {number // 47}", number % 47 + 1
        lines += [heading] * (number % 20 == 19)
        lines.append(f"{who};{code};{code % 5 + 1};{2019 + code % 4};SK")
    lines += ["", "Kota Contoh, 12 Desember 2023;;;;", "Ketua Tim Asesor,;;;;", "NIP. 1970;;;;"]
    path = tmp_path / "in.csv"
    path.write_text("\n".join(lines) + "\n")
    whole = spbe("score", str(path), "--format", "csv").out
    monkeypatch.setattr(batch_parts, "SMALL", 400)
    monkeypatch.setattr(batch_parts, "LARGEST", 2000)
    monkeypatch.setattr(blocks, "_BLOCK", block)
    assert spbe("batch", str(path), "-o", str(tmp_path / "out.csv")).code == 0
    assert (tmp_path / "out.csv").read_text() == whole


@pytest.mark.usefixtures("streamed")
@pytest.mark.parametrize(
    ("encoding", "notice"), [("utf-8-sig", 0), ("utf-16", 0), ("utf-16-le", 0), ("cp1252", 1)]
)
def test_a_large_table_in_what_spreadsheets_write(
    spbe: Spbe, tmp_path: Path, encoding: str, notice: int
) -> None:
    rows = [row(f"Kota {n}") for n in range(8)] + [row("Café"), row('Kota "Ö"'), row("Ende")]
    plain = Path(write(tmp_path / "in.csv", rows))
    content = plain.read_text("utf-8")
    other = tmp_path / "other.csv"
    other.write_bytes(content.replace("\n", "\r\n").encode(encoding))
    result = spbe("batch", str(other), "-o", str(tmp_path / "out.csv"))
    assert result.code == 0
    assert result.err.count("[encoding-guessed]") == notice
    assert (tmp_path / "out.csv").read_text() == spbe("score", str(plain), "--format", "csv").out


@pytest.mark.usefixtures("streamed")
def test_a_byte_that_belongs_to_no_encoding(spbe: Spbe, tmp_path: Path) -> None:
    path = Path(write(tmp_path / "in.csv", [row("Ö"), *[row("A")] * 30, row("Z")]))
    path.write_bytes(path.read_bytes().replace(b"Z,", b"\xd6,"))
    result = spbe("batch", str(path), "-o", str(tmp_path / "out.csv"))
    assert result.code == 3
    assert "in.csv:33:1: error: the byte 0xD6 does not belong in utf-8 text" in result.err


@pytest.mark.usefixtures("streamed")
def test_rows_of_other_stages_are_left_out(spbe: Spbe, tmp_path: Path) -> None:
    stages = ["mandiri", "akhir"] * 10
    lines = [[*row(f"Kota {n}"), stage] for n, stage in enumerate(stages)]
    path = Path(write(tmp_path / "in.csv", lines))
    path.write_text(path.read_text().replace("46,47\n", "46,47,tahap\n"))
    out = tmp_path / "out.csv"
    assert spbe("batch", str(path), "-o", str(out), "--stage", "final").code == 0
    assert [line[0] for line in cells(out)[1:]] == [f"Kota {n}" for n in range(1, 20, 2)]
    assert spbe("batch", str(path), "-o", str(out)).code == 0
    assert [line[4] for line in cells(out)[1:]] == ["self", "final"] * 10


def test_a_terminal_gets_a_progress_bar(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    path = write(tmp_path / "in.csv", [row("A")])
    result = spbe("batch", path, "-o", str(tmp_path / "out.csv"), TERM="xterm-256color")
    assert result.code == 0
    assert "100%" in result.err


@pytest.mark.usefixtures("streamed")
def test_a_row_that_fits_into_no_memory_in_a_long_table(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_parts, "LARGEST", 800)
    monkeypatch.setattr(long_text, "LARGEST", 2000)
    path = tmp_path / "in.csv"
    path.write_text(long_table(["Kota A"]) * 1 + "".join(f";2023;{n};3\n" for n in range(400)))
    result = spbe("batch", str(path), "-o", str(tmp_path / "out.csv"))
    assert result.code == 3
    assert "[row-too-large]" in result.err


@pytest.mark.parametrize("in_blocks", [False, True])
def test_a_column_named_twice_makes_no_row_certain(
    spbe: Spbe, tmp_path: Path, request: pytest.FixtureRequest, *, in_blocks: bool
) -> None:
    if in_blocks:
        request.getfixturevalue("streamed")
    path = Path(write(tmp_path / "in.csv", [row(f"Kota {n}") for n in range(9)]))
    path.write_text(path.read_text().replace("tahun,1,2", "tahun,1,1"))
    result = spbe("batch", str(path), "-o", str(tmp_path / "out.csv"), "--skip-invalid")
    assert result.code == 3
    assert "[duplicate-column]" in result.err
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("in_blocks", [False, True])
def test_a_row_with_a_wrong_quote_is_rejected(
    spbe: Spbe, tmp_path: Path, request: pytest.FixtureRequest, *, in_blocks: bool
) -> None:
    if in_blocks:
        request.getfixturevalue("streamed")
    path = Path(write(tmp_path / "in.csv", [row(f"Kota {n}") for n in range(9)]))
    path.write_text(path.read_text().replace("Kota 4,", '"Kota" 4,'))
    out, rejects = tmp_path / "out.csv", tmp_path / "rejects.csv"
    result = spbe("batch", str(path), "-o", str(out), "--rejects", str(rejects))
    assert result.code == 0
    assert "Scored: 8; rejected: 1" in result.err
    assert [line[4] for line in cells(rejects)[1:]] == ["quote-stray"]
    assert [line[0] for line in cells(out)[1:]] == [f"Kota {n}" for n in range(9) if n != 4]


def test_what_is_wrong_with_a_quote_in_a_long_table_is_said_once(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last institution of a block is read again with the next block."""
    monkeypatch.setattr(batch_parts, "SMALL", 400)
    monkeypatch.setattr(batch_parts, "LARGEST", 2000)
    monkeypatch.setattr(blocks, "_BLOCK", 1500)
    path, rejects = tmp_path / "in.csv", tmp_path / "rejects.csv"
    path.write_text(long_table([f"Kota {n}" for n in range(30)]).replace(";7;", ';"7"x;'))
    spbe("batch", str(path), "-o", str(tmp_path / "out.csv"), "--rejects", str(rejects))
    lines = [line[1] for line in cells(rejects)[1:] if line[4] == "quote-stray"]
    assert lines == [str(1 + 47 * number + 7) for number in range(30)]


def test_quotes_that_close_do_not_make_a_block_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "_BLOCK", 100)
    content = b'"Kota A",3\n"Kota, B",4\n' * 50
    found = list(blocks.blocks_of(io.BytesIO(content), "x.csv"))
    assert all(isinstance(block, blocks.Block) and len(block.content) < 150 for block in found)


def test_a_long_parquet_of_any_length(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "in.csv"
    path.write_text(long_table([f"Kota {number}" for number in range(9)]))
    whole = spbe("score", str(path), "--format", "csv").out
    pl.read_csv(path, separator=";").write_parquet(tmp_path / "in.parquet")
    for limit in (LARGEST, 2000):
        monkeypatch.setattr(batch_parts, "LARGEST", limit)
        monkeypatch.setattr(parquet, "_ROWS", 70)
        assert spbe("batch", str(tmp_path / "in.parquet"), "-o", str(tmp_path / "o.csv")).code == 0
        assert (tmp_path / "o.csv").read_text() == whole


@pytest.mark.usefixtures("streamed")
def test_very_many_years_in_one_block(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "_BLOCK", 1_000_000)
    path = write(tmp_path / "in.csv", [row(f"Kota {n}", year=str(2000 + n)) for n in range(90)])
    rejects = tmp_path / "rejects.csv"
    result = spbe("batch", path, "-o", str(tmp_path / "o.csv"), "--rejects", str(rejects))
    assert result.code == 0
    assert "Scored: 5; rejected: 85" in result.err  # 2021 to 2025
