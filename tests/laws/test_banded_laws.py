"""Values without a step, on random instruments whose levels are bands: every command has the score.

The index is computed here anew, from values and weights alone. The instruments have bounds,
thresholds and weights without a finite decimal; values stand as `7/6`, `1.1667`, `1,1667`, bounds.
"""

import csv
import io
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from conftest import Spbe
from support.banded import instrument_text, number_of
from support.office import book_of, fill_in
from support.reports import hold_figures, plain_text

from spbe_cli import Instrument, fixed, load_instrument
from spbe_cli.batch import denominators, score_frame
from spbe_cli.core.instrument import Basis, Indicator, Predicate
from spbe_cli.core.number import exact
from spbe_cli.read import stream as blocks
from spbe_cli.read import stream_rows
from spbe_cli.words import Words

SEEDS = range(8)


@dataclass(frozen=True)
class Sheet:
    """An instrument in a file, values as an office writes them, and what they come to."""

    path: Path
    instrument: Instrument
    texts: Mapping[str, str]

    @cached_property
    def values(self) -> dict[str, Fraction]:
        return {code: Fraction(text.replace(",", ".")) for code, text in self.texts.items()}

    @property
    def how(self) -> tuple[str, ...]:
        return ("--instrument", str(self.instrument.path))

    def mean(self, among: Sequence[Indicator], **changed: Fraction) -> Fraction:
        values = self.values | {code.removeprefix("i"): level for code, level in changed.items()}
        weight = sum((each.weight for each in among), Fraction(0))
        return sum((values[each.code] * each.weight for each in among), Fraction(0)) / weight

    def index(self, **changed: Fraction) -> Fraction:
        return self.mean(self.instrument.indicators, **changed)

    @property
    def nodes(self) -> dict[str, Fraction]:
        return {group.code: self.mean(below) for group, _, below in self.instrument.nodes}

    def predicate_of(self, index: Fraction) -> Predicate:
        """Return the predicate of an index, on the instrument's one basis."""
        if self.instrument.basis[0].basis is Basis.ROUNDED:
            index = Fraction(fixed(index, self.instrument.places))
        thresholds = ((each, each.threshold) for each in self.instrument.predicates)
        return next(each for each, least in thresholds if least is None or index >= least)

    def level_of(self, value: Fraction) -> tuple[Fraction, str]:
        """Return the number and name of the band that a value lies in: a bound is the upper's."""
        bands = self.instrument.scale.bands
        band = next(each for each in reversed(bands) if each.start <= value)
        return band.level, band.name


def told(chance: random.Random, value: Fraction) -> str:
    """Return a value as an office may write it."""
    said = exact(value)
    if "/" in said and chance.random() < 0.3:
        said = fixed(value, 4)  # what a calculator shows is another value
    return said.replace(".", ",") if chance.random() < 0.3 else said


def drawn(seed: int, folder: Path) -> Sheet:
    chance, path = random.Random(seed), folder / "instrumen.yaml"
    path.write_text(instrument_text(chance), encoding="utf-8")
    instrument = load_instrument(path)
    scale = instrument.scale
    texts = {}
    for code in instrument.indicator_by_code:
        bound = chance.choice([*(band.start for band in scale.bands), scale.highest])
        value = number_of(chance, scale.lowest, scale.highest)
        texts[code] = told(chance, bound if chance.random() < 0.25 else value)
    sheet = Sheet(folder / "nilai.yaml", instrument, texts)
    written = {"institution": "Kota Contoh", "year": 2025, "levels": dict(sheet.texts)}
    sheet.path.write_text(yaml.safe_dump(written, sort_keys=False), encoding="utf-8")
    return sheet


@pytest.fixture(params=SEEDS)
def sheet(request: pytest.FixtureRequest, tmp_path: Path) -> Sheet:
    return drawn(request.param, tmp_path)


def answer(spbe: Spbe, *arguments: str) -> Any:  # noqa: ANN401
    found = spbe(*arguments, "--format", "json")
    assert found.code == 0, found.err
    return json.loads(found.out)["results"][0]


def hold(sheet: Sheet, result: Mapping[str, Any]) -> None:
    """That an answer's index, predicate and groups are those of the values."""
    assert Fraction(result["index"]["exact"]) == sheet.index()
    assert result["index"]["rounded"] == fixed(sheet.index(), sheet.instrument.places)
    assert result["predicate"]["name"] == sheet.predicate_of(sheet.index()).name
    groups = {each["code"]: Fraction(each["index"]["exact"]) for each in result["groups"]}
    assert groups == sheet.nodes


def test_score_has_each_value_and_its_level(spbe: Spbe, sheet: Sheet) -> None:
    result = answer(spbe, "score", str(sheet.path), *sheet.how)
    hold(sheet, result)
    found = {
        each["code"]: (Fraction(each["level"]), each["band"]["level"], each["band"]["name"] or "")
        for each in result["indicators"]
    }
    assert found == {
        code: (value, str(sheet.level_of(value)[0]), sheet.level_of(value)[1])
        for code, value in sheet.values.items()
    }


def test_levers_gain_what_they_say_and_decide_what_they_say(spbe: Spbe, sheet: Sheet) -> None:
    result = answer(spbe, "levers", str(sheet.path), *sheet.how)
    ends = [band.end for band in sheet.instrument.scale.bands]
    rises = {each["indicator"]: each for each in result["rises"]}
    assert rises.keys() == {c for c, value in sheet.values.items() if value < ends[-1]}
    for code, each in rises.items():
        value, after = sheet.values[code], Fraction(each["to"])
        assert Fraction(each["from"]) == value
        assert after == next(end for end in ends if end > value)
        assert Fraction(each["gain"]["exact"]) == sheet.index(**{f"i{code}": after}) - sheet.index()
    places = [each.name for each in sheet.instrument.predicates]
    own = places.index(sheet.predicate_of(sheet.index()).name)
    for kind, better in (("winners", True), ("losers", False)):
        listed = {each["indicator"]: each for each in result[kind]}
        for code, value in sheet.values.items():
            end = sheet.instrument.scale.highest if better else sheet.instrument.scale.lowest
            reached = sheet.predicate_of(sheet.index(**{f"i{code}": end})).name
            decides = places.index(reached) < own if better else places.index(reached) > own
            if code not in listed:
                step = Fraction(1, 10**sheet.instrument.places)
                last = end - step if better else end + step  # of those that lie on a shown place
                nearly = sheet.predicate_of(sheet.index(**{f"i{code}": last})).name
                assert not decides or nearly == places[own]
                continue
            each = listed[code]
            index = sheet.index(**{f"i{code}": Fraction(each["to"])})
            assert decides
            assert Fraction(each["from"]) == value
            assert Fraction(each["index"]["exact"]) == index
            assert each["predicate"] == sheet.predicate_of(index).name != places[own]


def test_plan_whatif_and_outlook_start_from_the_score(spbe: Spbe, sheet: Sheet) -> None:
    best = sheet.index() + (sheet.instrument.scale.highest - sheet.index()) / 2
    goal = ("--target", exact(Fraction(fixed(best, 3))))
    result = answer(spbe, "plan", str(sheet.path), *sheet.how, *goal)
    risen = {f"i{each['indicator']}": Fraction(each["to"]) for each in result["steps"]}
    assert Fraction(result["before"]["index"]["exact"]) == sheet.index()
    assert Fraction(result["after"]["index"]["exact"]) == sheet.index(**risen) >= Fraction(goal[1])
    sure = answer(spbe, "outlook", str(sheet.path), *sheet.how, "--agreement", "1")
    assert Fraction(sure["mean"]["exact"]) == sheet.index()
    assert sure["probabilities"][sheet.predicate_of(sheet.index()).name] == "1"


@pytest.mark.parametrize("ending", ["md", "html", "docx"])
def test_a_report_has_every_figure(spbe: Spbe, sheet: Sheet, tmp_path: Path, ending: str) -> None:
    language = "id" if len(sheet.values) % 2 else "en"
    path, words = tmp_path / f"laporan.{ending}", Words(language)
    how = (*sheet.how, "--lang", language)
    assert spbe("report", str(sheet.path), "-o", str(path), *how).code == 0
    text = plain_text(path)
    hold_figures(text, sheet.instrument, sheet.values, words)
    assert f"{words.number(sheet.index(), sheet.instrument.places)}" in text
    assert sheet.predicate_of(sheet.index()).name in text


def test_a_report_as_a_workbook_is_read_back_as_the_score(
    spbe: Spbe, sheet: Sheet, tmp_path: Path
) -> None:
    path = tmp_path / "laporan.xlsx"
    most = ("--full", "--target", exact(sheet.instrument.scale.highest))
    assert spbe("report", str(sheet.path), "-o", str(path), *sheet.how, *most).code == 0
    hold(sheet, answer(spbe, "score", str(path), *sheet.how))
    assert spbe("score", str(path), *sheet.how).err == ""


def test_what_is_filled_into_a_form_scores_the_same(
    spbe: Spbe, sheet: Sheet, tmp_path: Path
) -> None:
    for ending in ("xlsx", "csv", "yaml"):
        path = tmp_path / f"isian.{ending}"
        assert spbe("init", str(path), *sheet.how, "--year", "2025").code == 0
        if ending == "xlsx":
            book = book_of(path)
            fill_in(book.worksheets[0], sheet.values, 3)
            book.save(path)
        elif ending == "csv":
            rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
            filled = [
                [*row[:2], sheet.texts[row[0]], *row[3:]] if row and row[0] in sheet.texts else row
                for row in rows
            ]
            text = io.StringIO()
            csv.writer(text).writerows(filled)
            path.write_text(text.getvalue(), encoding="utf-8")
        else:
            form = yaml.safe_load(path.read_text("utf-8"))
            path.write_text(yaml.safe_dump(form | {"levels": dict(sheet.texts)}), encoding="utf-8")
        hold(sheet, answer(spbe, "score", str(path)))


@contextmanager
def in_blocks() -> Iterator[None]:
    """Read even small tables block by block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream_rows, "SMALL", 60)
        patch.setattr(blocks, "_BLOCK", 200)
        yield


def others(sheet: Sheet) -> list[Sheet]:
    """The sheet, and as many more as fill a few blocks, their values those of it moved about."""
    chance, found = random.Random(len(sheet.texts)), [sheet]
    for _ in range(9):
        texts = list(sheet.texts.values())
        chance.shuffle(texts)
        moved = dict(zip(sheet.texts, texts, strict=True))
        found.append(Sheet(sheet.path, sheet.instrument, moved))
    return found


@pytest.mark.parametrize("block_by_block", [False, True])
def test_batch_has_the_scores(
    spbe: Spbe, sheet: Sheet, tmp_path: Path, *, block_by_block: bool
) -> None:
    sheets = others(sheet)
    rows = [[f"Instansi {at}", "2025", *each.texts.values()] for at, each in enumerate(sheets)]
    source, out = tmp_path / "nilai.csv", tmp_path / "hasil.jsonl"
    with source.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows([["Instansi", "Tahun", *sheet.texts], *rows])
    with in_blocks() if block_by_block else nullcontext():
        ran = spbe("batch", str(source), *sheet.how, "-o", str(out))
    assert ran.code == 0, ran.err
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    found = [line for line in lines if "index" in line]
    assert len(found) == len(sheets)
    for each, result in zip(sheets, found, strict=True):
        hold(each, result)


@pytest.mark.parametrize("kind", ["float", "text"])
def test_a_frame_has_the_scores(sheet: Sheet, kind: str) -> None:
    sheets = others(sheet)
    cells = [
        [
            float(value) if kind == "float" else each.texts[code]
            for code, value in each.values.items()
        ]
        for each in sheets
    ]
    frame = pl.DataFrame(cells, schema=list(sheet.values), orient="row")
    found = score_frame(frame, sheet.instrument, year=2025).to_dicts()
    units, places = denominators(sheet.instrument), sheet.instrument.places
    for each, row in zip(sheets, found, strict=True):
        assert row["reason"] is None
        assert row["index_exact"] * units["index"] == each.index()
        assert row["index"] == float(fixed(each.index(), places))
        assert row["predicate"] == each.predicate_of(each.index()).name
        for code, index in each.nodes.items():
            assert row[f"{code}_exact"] * units[code] == index
