"""Batch scoring is the same formula, and finds the same problems, whichever way rows go."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.both_ways import compared
from support.disturbed import CHANGE, disturbed
from support.frames import ENGINES
from support.strategies import assessments, shipped_or_random
from support.tables import cells_of, table_text

from spbe_cli.answers.score import score_rows
from spbe_cli.batch import denominators, score_frame
from spbe_cli.batch.rows import RowScorer
from spbe_cli.cli.run import run
from spbe_cli.core.assessment import Assessment, Missing
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import rounded
from spbe_cli.core.problem import errors_of
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import Scorecard, result_of, score
from spbe_cli.core.units import tick_of
from spbe_cli.read import stream as blocks
from spbe_cli.read import stream_rows as batch_parts
from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.instruments import shipped_instrument


def levels(assessment: Assessment) -> list[Any]:
    found = [entry.level for entry in assessment.entries.values()]
    return [level for level in found if not isinstance(level, Missing)]


def frame_of(instrument: Instrument, sheets: list[Assessment]) -> pl.DataFrame:
    whole = tick_of(instrument.scale) == 1
    rows = [[int(level) if whole else float(level) for level in levels(s)] for s in sheets]
    return pl.DataFrame(rows, schema=list(instrument.indicator_by_code), orient="row")


def assert_same(card: Scorecard, row: dict[str, Any]) -> None:
    units = denominators(card.instrument)
    assert row["valid"]
    assert row["index_exact"] * units["index"] == card.index
    assert row["predicate_by_exact"] == card.verdict.by_exact.name
    assert row["predicate_by_rounded"] == card.verdict.by_rounded.name
    assert row["predicate"] == card.predicate.name
    for node in card.nodes:
        code = node.group.code
        assert row[f"{code}_exact"] * units[code] == node.index
        assert row[code] == float(rounded(node.index, card.instrument.places))


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=25)  # some engines take a quarter of a second each time
@given(data=st.data())
def test_a_frame_of_any_engine_has_the_scores_of_the_core(engine: str, data: st.DataObject) -> None:
    instrument, first = data.draw(shipped_or_random())
    used = first.year is None or instrument.is_used_in(first.year)
    year = first.year if used else None
    others = data.draw(st.lists(assessments(instrument), max_size=3))
    sheets = [sheet._replace(year=year) for sheet in (first, *others)]
    made, read = ENGINES[engine]
    found = read(score_frame(made(frame_of(instrument, sheets)), instrument, year=year))
    for sheet, row in zip(sheets, found, strict=True):
        assert_same(score(instrument, sheet), row)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("wrong", [None, 0, 6, 2.5, 2.6, 2.999])
def test_a_level_that_is_none_leaves_the_row_without_a_score(
    engine: str, wrong: float | None
) -> None:
    instrument = shipped_instrument("spbe-2020")
    codes = list(instrument.indicator_by_code)
    columns = {code: [3.0, 3.0] for code in codes} | {"12": [3.0, wrong]}
    made, read = ENGINES[engine]
    right, row = read(score_frame(made(pl.DataFrame(columns, strict=False)), instrument))
    assert right["valid"]
    assert right["index"] == 3.0
    assert not row["valid"]
    assert row["index"] is None or math.isnan(row["index"])


@pytest.mark.parametrize("engine", ENGINES)
def test_the_basis_follows_a_column_of_years(engine: str) -> None:
    from support.sheets import JUST_BY_ROUNDING

    columns = {code: [level] * 3 for code, level in JUST_BY_ROUNDING.items()}
    made, read = ENGINES[engine]
    frame = made(pl.DataFrame({**columns, "tahun": [2023, 2024, None]}))
    found = read(score_frame(frame, shipped_instrument("spbe-2020"), year="tahun"))
    assert [row["predicate"] for row in found] == ["Baik", "Cukup", "Cukup"]


def with_scale(lowest: int, highest: int, step: int) -> Instrument:
    scale = Scale(Fraction(lowest), Fraction(highest), Fraction(step))
    return replace(shipped_instrument("spbe-2020"), scale=scale)


def test_a_level_between_two_steps_is_none() -> None:
    instrument = with_scale(1, 5, 2)
    columns = {code: [3, 3, 3] for code in instrument.indicator_by_code} | {"12": [1, 2, 5]}
    assert score_frame(pl.DataFrame(columns), instrument)["valid"].to_list() == [True, False, True]


@given(st.data())
def test_a_scale_may_go_below_zero(data: st.DataObject) -> None:
    instrument = with_scale(-3, 2, 1)
    sheets = [data.draw(assessments(instrument))._replace(year=2023) for _ in range(3)]
    frame = frame_of(instrument, sheets)
    for sheet, row in zip(
        sheets, score_frame(frame, instrument, year=2023).to_dicts(), strict=True
    ):
        assert_same(score(instrument, sheet), row)


def test_the_name_that_is_given_for_a_column_goes_first() -> None:
    instrument = shipped_instrument("spbe-2020")
    frame = pl.DataFrame({code: [3] for code in instrument.indicator_by_code} | {"own": [5]})
    found = score_frame(frame, instrument, columns={"12": "own"})
    assert found["index"].to_list() == [3.05]  # 3 + 2 x 2.5/100


@pytest.mark.parametrize(("code", "other"), [("1", "I1"), ("47", "I47")])
def test_two_columns_for_one_indicator_are_refused_unless_one_is_given(
    code: str, other: str
) -> None:
    instrument = shipped_instrument("spbe-2020")
    frame = pl.DataFrame({each: [3] for each in instrument.indicator_by_code} | {other: [5]})
    with pytest.raises(
        ValueError, match=f"several columns for indicator {code}: '{code}', '{other}'"
    ):
        score_frame(frame, instrument)
    assert score_frame(frame, instrument, columns={code: code})["index"].to_list() == [3.0]
    assert score_frame(frame, instrument, columns={code: other})["index"].to_list() > [3.0]


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="no column for indicator 2-47"):
        score_frame(pl.DataFrame({"1": [3]}), shipped_instrument("spbe-2020"))


@given(data=st.data())
def test_rows_without_any_library_have_the_scores_of_the_core(data: st.DataObject) -> None:
    instrument, sheet = data.draw(shipped_or_random())
    tick = tick_of(instrument.scale)
    scorer = RowScorer(instrument, lambda value: value)
    found = scorer.score([int(level / tick) for level in levels(sheet)])
    card = score(instrument, sheet)
    assert found.whole == card.index == found.units * scorer.units.size
    assert found.groups == [node.index for node in card.nodes]
    assert (found.by_exact, found.by_rounded) == (
        card.verdict.by_exact.name,
        card.verdict.by_rounded.name,
    )


# Tables with everything that offices and attackers put into cells
NAMES = st.sampled_from(
    [
        "Kota Contoh",
        "Kab. Pakpak Bharat",
        "=HYPERLINK(1)",
        "-5",
        "@x",
        "[/]",
        "a, b",
        'Kota "A"',
        "dua\nbaris",
        "مدينة",
        "Total",
        "Rata-rata nasional",
        "Jumlah",
        " spasi ",
        "\u200bKota",
        "n" * 1200,
        "",
    ]
)
ILL_FORMED = "cacat"  # the ordinary reader names the row and reads on; a batch rejects it
LEVELS = st.sampled_from(
    ["3"] * 30 + ["1", "5", "3.0", "3,0", " 4", "+2", "03", "2", "Level 3", "TK 4"]
)
WRONG = st.sampled_from(
    ["", "0", "6", "x", "2.5", "tiga", "300", "-1", "4/1", "3 4", "n/a", "3 (Transaksi)", "III"]
)
YEARS = st.sampled_from(["2023"] * 8 + ["2024", "", "2018", "1999", "abc", "2023,0", "2026"])
STAGES = st.sampled_from([""] * 8 + ["final", "akhir", "mandiri", "awal"])


@st.composite
def rows(draw: st.DrawFn) -> list[str]:
    row = [draw(NAMES), draw(st.sampled_from(["kota", "", "kabupaten"])), draw(YEARS), draw(STAGES)]
    row += [draw(LEVELS) for _ in range(47)]
    for place in draw(st.lists(st.integers(4, 50), max_size=2)):
        row[place] = draw(WRONG)
    if draw(st.integers(0, 9)) == 0:
        ill = [ILL_FORMED, *row[1:]]
        signed = ["", *[""] * 20, "Ketua Tim", *[""] * 29]
        left_out = [HEADER, signed, ["Kota Contoh, 12 Mei 2023", *[""] * 50]]
        longer = [[*ill, "9"], [*ill, "", "9"], [*row, ""]]
        row = draw(st.sampled_from([ill[:-1], ill[:20], *longer, [], [""] * 51, *left_out]))
    return row


HEADER = ["institution", "kategori", "tahun", "tahap", *map(str, range(1, 48))]


def table(body: list[list[str]], delimiter: str = ",") -> bytes:
    return table_text([HEADER, *body], delimiter=delimiter, end="\r\n").encode()


@contextmanager
def streaming(size: int) -> Iterator[None]:
    """Read even small files block by block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch_parts, "SMALL", 250)  # the header takes 150
        patch.setattr(blocks, "_BLOCK", size)
        yield


def outcome(content: bytes, folder: Path) -> tuple[int, list[list[str]], list[tuple[str, ...]]]:
    """Run a batch with rejects; return its code, its rows, and the places and codes of problems."""
    path, out, rejects = folder / "in.csv", folder / "out.csv", folder / "rejects.csv"
    path.write_bytes(content)
    code = run(["batch", str(path), "-o", str(out), "--rejects", str(rejects), "--raw"])
    wrong = below_head(rejects)
    return code, below_head(out), sorted((row[1], row[2], row[4]) for row in wrong)


def below_head(path: Path) -> list[list[str]]:
    return cells_of(path.read_bytes().decode())[1:]


def expected(content: bytes, folder: Path) -> tuple[list[list[str]], list[tuple[str, ...]]]:
    """Return what the ordinary reader and the core make of the same table."""
    path = folder / "in.csv"
    path.write_bytes(content)
    found = read_file(str(path), Wishes())
    every = list(score_rows([result_of(reading) for reading in found.readings]))
    codes = every[0][8:-1]
    own = [
        [*row[:8], *(cell for cell, code in zip(row[8:-1], codes, strict=True)), row[-1]]
        for row in every[1:]
        if row[0] != ILL_FORMED
    ]
    places = [(str(p.place.line or ""), str(p.place.column or ""), p.code) for p in found.problems]
    of_a_run = {"file-empty"}  # said of a whole run
    errors = {p.code for p in errors_of(found.problems)} - of_a_run
    return own, sorted(place for place in places if place[2] in errors)


ODD = ["cacat", "kota", "2023", "", "0", "-1", *["3"] * 42, "5", " 4", "2", "9"]
"""Levels off the scale, and a word that is a heading: no heading row all the same."""


@pytest.mark.parametrize("size", [None, 10_000_000, 700])
@example(body=[[""] * 51] * 20, delimiter=",")
@example(body=[ODD, ["Kota Contoh", "kota", "2023", "", *["3"] * 47]], delimiter=",")
@given(body=st.lists(rows(), min_size=1, max_size=12), delimiter=st.sampled_from([",", ";"]))
def test_batch_gives_the_rows_and_the_problems_of_the_ordinary_reader(
    size: int | None, body: list[list[str]], delimiter: str
) -> None:
    content = table(body, delimiter)
    with TemporaryDirectory() as name:
        folder = Path(name)
        scored, problems = expected(content, folder)
        if size is None:
            _, found, wrong = outcome(content, folder)
        else:
            with streaming(size):
                _, found, wrong = outcome(content, folder)
    assert found == scored
    assert wrong == problems


PLAIN_NAMES = st.sampled_from(
    ["Kota Contoh", "Kab. Pak-Pak", " مدينة ", "=1", "@x", "Indeksia", ""]
)
PLAIN_LEVELS = st.lists(st.sampled_from("12345"), min_size=47, max_size=47)


@given(
    names=st.lists(PLAIN_NAMES, min_size=1, max_size=8),
    data=st.data(),
    delimiter=st.sampled_from([",", ";"]),
    raw=st.booleans(),
)
def test_a_file_in_one_block_or_row_by_row_gives_the_same_bytes(
    names: list[str], data: st.DataObject, delimiter: str, *, raw: bool
) -> None:
    body = [[name, "kota", "2023", "", *data.draw(PLAIN_LEVELS)] for name in names]
    spoilt: bool = data.draw(st.booleans())
    if spoilt:
        row = data.draw(st.sampled_from(body))
        row[data.draw(st.integers(0, 50))] = data.draw(st.one_of(WRONG, NAMES, YEARS))
    content = table(body, delimiter)
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "in.csv"
        path.write_bytes(content)
        given = ["batch", str(path), "--skip-invalid", *(["--raw"] if raw else []), "-o"]
        with streaming(10_000_000):
            in_block = run([*given, str(folder / "block.csv")])
        code = run([*given, str(folder / "rows.csv")])
        found = [folder / name for name in ("block.csv", "rows.csv")]
        assert in_block == code
        assert [p.exists() for p in found] == [code == 0] * 2
        assert code or found[0].read_bytes() == found[1].read_bytes()


@pytest.mark.parametrize("most", [4, 3])
def test_a_disturbed_sheet_is_the_same_to_batch_and_to_score(tmp_path: Path, most: int) -> None:
    """Its meaning kept, or changed (3); `tests/fuzz/reading.py` does the same a thousand times."""
    for seed in (5, 11, 15, 1019, 1113):
        random = Random(seed)
        sheet = disturbed(random, most)
        if most == 3:
            random.choice(CHANGE)(sheet, random)
        differing = [each for each in compared(sheet, random, tmp_path) if each[1]]
        assert differing == [], (seed, sheet.done)
