"""Frames of every engine, clean and dirty, and what the core makes of the same cells."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

import duckdb
import polars as pl
from hypothesis import strategies as st

from spbe_cli.batch import denominators
from spbe_cli.core.assessment import Assessment, Entry
from spbe_cli.core.instrument import Group, Instrument
from spbe_cli.core.number import exact, rounded
from spbe_cli.core.score import score
from support.strategies import levels_on

__all__ = [
    "ENGINES",
    "Dirty",
    "DirtyRows",
    "assert_institutions",
    "assert_rows",
    "dirty_frames",
    "dirty_rows",
    "dotted",
]

Made = tuple[Callable[[pl.DataFrame], Any], Callable[[Any], list[dict[str, Any]]]]

ENGINES: dict[str, Made] = {
    "polars": (lambda frame: frame, lambda found: found.to_dicts()),
    "polars lazy": (lambda frame: frame.lazy(), lambda found: found.collect().to_dicts()),
    "pyarrow": (lambda frame: frame.to_arrow(), lambda found: found.to_pylist()),
    "pandas": (lambda frame: frame.to_pandas(), lambda found: found.to_dict("records")),
    "duckdb": (
        lambda frame: duckdb.connect().from_arrow(frame.to_arrow()),
        lambda found: found.pl().to_dicts(),
    ),
}

_TEXTS = {
    "": "level-missing",
    "  ": "level-missing",
    "tiga": "level-not-number",
    "1e3": "level-not-number",
    "nan": "level-not-number",
    "3 4": "level-not-number",
    "999": "level-off-scale",
    "-7,5": "level-off-scale",
}
_FRACTIONS = {
    "7/0": "level-not-number",
    "7,0/6": "level-not-number",
    "7 / 6": "level-not-number",
    "7/6/1": "level-not-number",
    "/6": "level-not-number",
    "7/": "level-not-number",
    "7/-6": "level-not-number",
    "00/00": "level-not-number",
}
_FLOATS = {
    math.nan: "level-missing",
    math.inf: "level-off-scale",
    -math.inf: "level-off-scale",
    999.0: "level-off-scale",
    1e300: "level-off-scale",
}
_INTEGERS = {999: "level-off-scale", -7: "level-off-scale", 2**62: "level-off-scale"}
_YEARS = (None, 1999, 2018, 2020, 2021, 2023, 2024, 2026, 2099)


class Dirty(NamedTuple):
    """A frame; for each row its levels or what is wrong with them, by code; and its year."""

    frame: pl.DataFrame
    expected: Sequence[Mapping[str, Fraction | str]]
    years: Sequence[int | None]


@st.composite
def dirty_frames(draw: st.DrawFn, instrument: Instrument) -> Dirty:
    """Frames whose columns are numbers or texts, and hold whatever such columns hold."""
    rows = draw(st.integers(1, 6))
    columns: dict[str, pl.Series] = {}
    expected: list[dict[str, Fraction | str]] = [{} for _ in range(rows)]
    for code in instrument.indicator_by_code:
        kind = draw(st.sampled_from(_kinds(instrument)))
        cells = [draw(_cells(instrument, kind)) for _ in range(rows)]
        types = {"float": pl.Float64, "integer": pl.Int64, "text": pl.String}
        columns[code] = pl.Series(code, [cell for cell, _ in cells], dtype=types[kind])
        for row, (_, found) in zip(expected, cells, strict=True):
            row[code] = found
    years = [draw(st.sampled_from(_YEARS)) for _ in range(rows)]
    columns["tahun"] = pl.Series("tahun", years, dtype=pl.Int64)
    return Dirty(pl.DataFrame(columns), expected, years)


class DirtyRows(NamedTuple):
    """A frame with a row an indicator; what is expected of an institution by its name and year."""

    frame: pl.DataFrame
    expected: Mapping[tuple[str | None, int | None], tuple[Mapping[str, Fraction | str], list[str]]]


@st.composite
def dirty_rows(draw: st.DrawFn, instrument: Instrument) -> DirtyRows:
    """Frames with rows in any order, some of them lacking, twice or of no indicator."""
    kind = draw(st.sampled_from(_kinds(instrument)))
    names = st.sampled_from(["A", "B", 'C "x"', None])
    whose = draw(st.lists(st.tuples(names, st.sampled_from(_YEARS)), max_size=4, unique=True))
    rows: list[tuple[Any, ...]] = []
    expected: dict[tuple[str | None, int | None], Any] = {}
    for key in whose:
        found: dict[str, Fraction | str] = {}
        for indicator in instrument.indicators:
            cell, found[indicator.code] = draw(_cells(instrument, kind))
            named = [indicator.code, *indicator.also]
            spelled = st.sampled_from([*named, *(f"I{name}" for name in named)])
            blank = st.sampled_from(["{}", " {}", "{}\u00a0"])
            times = draw(st.sampled_from([1] * 30 + [0, 2, 3]))
            every = [draw(blank).format(draw(spelled)) for _ in range(times)]
            rows += [(*key, name, cell) for name in every]
            if times != 1:
                found[indicator.code] = "duplicate-indicator" if times else "level-missing"
        others, said = draw(_others(instrument, kind, is_empty=not any(r[:2] == key for r in rows)))
        rows += [(*key, *other) for other in others]
        expected[key] = found, said
    types = {"float": pl.Float64, "integer": pl.Int64, "text": pl.String}
    schema = {"nama": pl.String, "tahun": pl.Int64, "kode": pl.String, "nilai": types[kind]}
    shuffled = draw(st.permutations(rows))
    return DirtyRows(pl.DataFrame(shuffled, schema=schema, orient="row"), expected)


@st.composite
def _others(
    draw: st.DrawFn, instrument: Instrument, kind: str, *, is_empty: bool
) -> tuple[list[tuple[str | None, Any]], list[str]]:
    """Rows of no indicator, and what is said of them; a row of nothing where there is no other."""
    cell = draw(_cells(instrument, kind).filter(lambda each: each[1] != "level-missing"))[0]
    wrong = {
        (None, cell): "indicator-missing",
        ("  ", cell): "indicator-missing",
        ("99.9", cell): "indicator-unknown 99.9",
        ("99.9", None): "indicator-unknown 99.9",
        ("Indikator É", cell): "indicator-unknown Indikator É",
        (None, None): "",
    }
    some = st.sampled_from(list(wrong))
    chosen = draw(st.lists(some, max_size=3)) if draw(st.integers(0, 8)) == 0 else []
    chosen += [(None, None)] if is_empty and not chosen else []
    return chosen, sorted({wrong[each] for each in chosen} - {""})


@st.composite
def dotted(draw: st.DrawFn, instrument: Instrument) -> Instrument:
    """The same instrument with codes such as 4.1 and 4.10, some with a further one."""
    if not draw(st.booleans()):
        return instrument
    also = draw(st.booleans())

    def of(group: Group) -> Group:
        indicators = tuple(
            each._replace(code=f"{each.code}.{end}", also=(f"{each.code}.{end}0",) if also else ())
            for each, end in zip(group.indicators, "123456789" * 99, strict=False)
        )
        return group._replace(groups=tuple(map(of, group.groups)), indicators=indicators)

    return replace(instrument, groups=tuple(map(of, instrument.groups)))


def _kinds(instrument: Instrument) -> tuple[str, ...]:
    scale = instrument.scale
    whole = scale.step is not None and scale.step.denominator == scale.lowest.denominator == 1
    return ("float", "text", "integer") if whole else ("float", "text")


def _cells(instrument: Instrument, kind: str) -> st.SearchStrategy[tuple[Any, Fraction | str]]:
    """Cells of a kind, each with its level or what is wrong with it."""
    good = levels_on(instrument.scale)
    missing = (None, "level-missing")
    if kind == "integer":
        wrong = st.sampled_from([missing, *_INTEGERS.items()])
        return _mostly(good.map(lambda level: (int(level), level)), wrong)
    if kind == "float":
        wrong = st.sampled_from([missing, *_FLOATS.items(), *_between(instrument)])
        return _mostly(good.map(lambda level: (float(level), level)), wrong)
    fractions = dict.fromkeys(["4/1", "7/6"], "level-not-number")
    if instrument.scale.step is None:
        fractions = _just_outside(instrument)
    wrong = st.sampled_from([missing, *{**_TEXTS, **_FRACTIONS, **fractions}.items()])
    blanks = st.sampled_from(["{}", " {}", "{}\t"])
    drawn = st.tuples(good, blanks, st.booleans(), st.integers(0, 3), st.just(instrument))
    return _mostly(drawn.map(_text), wrong)


def _just_outside(instrument: Instrument) -> dict[str, str]:
    """Fractions that lie as near to an end of the scale as nine digits allow."""
    scale, least = instrument.scale, Fraction(1, 10**7)
    outside = (scale.lowest - least, scale.highest + least)
    return {f"{each.numerator}/{each.denominator}": "level-off-scale" for each in outside}


def _mostly(
    good: st.SearchStrategy[tuple[Any, Fraction | str]],
    wrong: st.SearchStrategy[tuple[Any, Fraction | str]],
) -> st.SearchStrategy[tuple[Any, Fraction | str]]:
    return st.integers(0, 30).flatmap(lambda number: good if number else wrong)


def _between(instrument: Instrument) -> list[tuple[float, str]]:
    scale = instrument.scale
    if scale.step is None:
        return []
    return [(float(scale.lowest + scale.step * share), "level-off-step") for share in (0.5, 0.999)]


def _text(drawn: tuple[Fraction, str, bool, int, Instrument]) -> tuple[str, Fraction | str]:
    level, blanks, comma, times, instrument = drawn
    if times and instrument.scale.step is None:  # not in its lowest terms either
        return blanks.format(f"{level.numerator * times}/{level.denominator * times}"), level
    said = exact(level)
    if "/" in said:
        said = f"{float(level):.15f}"
    return blanks.format(said.replace(".", ",") if comma else said), level


def assert_rows(instrument: Instrument, dirty: Dirty, found: Sequence[Mapping[str, Any]]) -> None:
    """Every row has what the core makes of its cells, or says all that is wrong with them."""
    for levels, year, row in zip(dirty.expected, dirty.years, found, strict=True):
        _assert_row(instrument, levels, [], year, row)


def assert_institutions(
    instrument: Instrument, dirty: DirtyRows, found: Sequence[Mapping[str, Any]]
) -> None:
    """Every institution has one row, with what the core makes of its cells."""
    columns = [
        [None if _is_nothing(row[n]) else row[n] for row in found] for n in ("nama", "tahun")
    ]
    keys = list(zip(*columns, strict=True))
    assert len(set(keys)) == len(keys)
    assert set(keys) == set(dirty.expected)
    for key, row in zip(keys, found, strict=True):
        levels, said = dirty.expected[key]
        _assert_row(instrument, levels, said, key[1], row)


def _assert_row(
    instrument: Instrument,
    levels: Mapping[str, Fraction | str],
    said: Sequence[str],
    year: int | None,
    row: Mapping[str, Any],
) -> None:
    wrong = [f"{level} {code}" for code, level in levels.items() if isinstance(level, str)]
    wrong += said
    if year is not None and not instrument.is_used_in(year):
        wrong.append("instrument-other-year")
    assert bool(row["valid"]) is not bool(wrong)
    if wrong:
        assert row["reason"] == "; ".join(wrong)
        assert all(_is_nothing(row[name]) for name in ("index", "index_exact", "predicate"))
        return
    assert _is_nothing(row["reason"])
    entries = {c: Entry(level) for c, level in levels.items() if isinstance(level, Fraction)}
    card = score(instrument, Assessment(instrument.id, entries, year=year))
    units = denominators(instrument)
    every = {"index": card.index, **{node.group.code: node.index for node in card.nodes}}
    for code, index in every.items():
        assert int(row[f"{code}_exact"]) * units[code] == index
        assert row[code] == float(rounded(index, instrument.places))
    assert row["predicate"] == card.predicate.name
    assert row["predicate_by_exact"] == card.verdict.by_exact.name
    assert row["predicate_by_rounded"] == card.verdict.by_rounded.name


def _is_nothing(value: object) -> bool:
    return value is None or value != value  # noqa: PLR0124  (NaN)
