"""Scores of a whole frame: narwhals expressions on integers, run by whichever engine holds it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

import narwhals as nw

from spbe_cli.batch.sums import NodeSum, Rounding, Step, Sums, sums_of
from spbe_cli.core.instrument import Basis, Instrument

__all__ = ["score_frame", "with_indices"]

Frame = Any
"""A narwhals frame: eager or lazy, of any engine."""

VALID = "valid"
_EXACT = "_exact"
_TICKS = "spbe_ticks_"
_NOISE = 1e-6


def score_frame(
    frame: Any,  # noqa: ANN401
    instrument: Instrument,
    *,
    year: int | str | None = None,
    columns: Mapping[str, str] | None = None,
) -> Any:  # noqa: ANN401
    """Return the frame with the index, the predicate and every domain and aspect of each row.

    Nothing but whole numbers is computed with, so that every engine gives the same answer. Added
    are, for the whole (`index`) and for each group's code (`D1`, `A1`, ...):

    - the code itself: the value rounded half up, as a whole number of its last shown place: 215
      is 2.15;
    - `CODE_exact`: the exact value as a whole number of units; `denominators(instrument)[CODE]`
      says what one unit is worth;

    then `predicate` on the basis of the year, `predicate_by_exact`, `predicate_by_rounded`, and
    `valid`. Where a level is missing, off the scale or off its step, `valid` is false and the
    others are null: a missing level is never counted as 0 (Permenpan RB 59/2020, annex I).

    Args:
        frame: any frame that narwhals knows (polars, pandas, pyarrow, DuckDB, PySpark), with one
            row an institution and one numeric column an indicator, named by its code or `I` and
            its code.
        instrument: the instrument of every row.
        year: the year of every row, or the name of the column that holds it; None takes the
            latest basis.
        columns: other names of level columns, by indicator code.

    Raises:
        ValueError: if a level column is not there.
    """
    table = nw.from_native(frame)
    sums = sums_of(instrument)
    names = _level_columns(table.collect_schema().names(), instrument, columns or {})
    ticks = {code: f"{_TICKS}{code}" for code in names}
    levels = [_as_ticks(nw.col(names[code]), sums).alias(ticks[code]) for code in names]
    valid = [_is_valid(nw.col(names[code]), nw.col(ticks[code]), sums) for code in names]
    table = table.with_columns(*levels)
    table = table.with_columns(nw.all_horizontal(*valid, ignore_nulls=False).alias(VALID))
    table = with_indices(table, sums, list(ticks.values()), year)
    added = [name for node in sums.nodes for name in (node.code, node.code + _EXACT)]
    added += ["predicate", "predicate_by_exact", "predicate_by_rounded"]
    masked = [nw.when(nw.col(VALID)).then(nw.col(name)).alias(name) for name in added]
    return table.with_columns(*masked).drop(*ticks.values()).to_native()


def with_indices(table: Frame, sums: Sums, ticks: Sequence[str], year: int | str | None) -> Frame:
    """Return a narwhals frame with the columns of `score_frame`, `valid` excepted.

    `ticks` names the columns of the levels in ticks, in the order of the instrument; each must be
    on the scale.
    """
    for layer in _layers(sums.nodes):
        table = table.with_columns(*(_units(node, ticks).alias(_exact(node)) for node in layer))
    shown = (_shown(nw.col(_exact(node)), node.rounding, sums) for node in sums.nodes)
    whole = nw.col(_exact(sums.whole))
    by = {basis: _predicate(whole, sums.steps[basis]) for basis in Basis}
    table = table.with_columns(
        *(value.alias(node.code) for value, node in zip(shown, sums.nodes, strict=True)),
        by[Basis.EXACT].alias("predicate_by_exact"),
        by[Basis.ROUNDED].alias("predicate_by_rounded"),
    )
    return table.with_columns(_by_year(sums.instrument, year).alias("predicate"))


def _level_columns(
    found: Iterable[str], instrument: Instrument, columns: Mapping[str, str]
) -> dict[str, str]:
    """Return the name of each indicator's column, in the order of the instrument."""
    there = set(found)
    names = {
        code: next((n for n in (columns.get(code), code, f"I{code}") if n in there), None)
        for code in instrument.indicator_by_code
    }
    absent = [code for code, name in names.items() if name is None]
    if absent:
        raise ValueError(f"no column for indicator {instrument.listed(absent)}")
    return {code: name for code, name in names.items() if name is not None}


def _in_ticks(level: nw.Expr, sums: Sums) -> nw.Expr:
    """Return a level in ticks; one that is missing (null, NaN) lies a tick below the scale."""
    ticks = level.cast(nw.Float64) * sums.tick.denominator / sums.tick.numerator
    return ticks.fill_nan(None).fill_null(sums.lowest - 1)


def _as_ticks(level: nw.Expr, sums: Sums) -> nw.Expr:
    """Return a level as a whole number of ticks, the nearest one where it is none."""
    return _in_ticks(level, sums).round(0).cast(nw.Int64)


def _is_valid(level: nw.Expr, ticks: nw.Expr, sums: Sums) -> nw.Expr:
    """Return whether a level is there, on the scale and on its step.

    3.15 arrives as the binary number next to it, and engines divide differently in its last digit:
    a millionth of a tick is taken for none.
    """
    is_whole = (_in_ticks(level, sums) - ticks).abs() < _NOISE
    on_scale = (ticks >= sums.lowest) & (ticks <= sums.highest)
    on_step = (ticks - sums.lowest) % sums.step == 0
    return (is_whole & on_scale & on_step).fill_null(value=False)


def _layers(nodes: Sequence[NodeSum]) -> list[list[NodeSum]]:
    """Return the nodes in layers: each needs only those before it."""
    layers: list[list[NodeSum]] = []
    depth: dict[str, int] = {}
    for node in nodes:
        depth[node.code] = 1 + max((depth[code] for code in node.inner), default=-1)
        layers += [[]] * (depth[node.code] + 1 - len(layers))
        layers[depth[node.code]] = [*layers[depth[node.code]], node]
    return layers


def _exact(node: NodeSum) -> str:
    return node.code + _EXACT


def _units(node: NodeSum, ticks: Sequence[str]) -> nw.Expr:
    parts = [
        nw.sum_horizontal(*(nw.col(ticks[place]) for place in places)).cast(nw.Int64) * weight
        for weight, places in node.weighted.items()
    ]
    parts += [nw.col(code + _EXACT) for code in node.inner]
    return reduce(lambda one, other: one + other, parts)


def _shown(units: nw.Expr, rounding: Rounding, sums: Sums) -> nw.Expr:
    """Return the value rounded half up, in whole numbers of its last place."""

    def up(positive: nw.Expr) -> nw.Expr:
        return ((positive * rounding.factor + rounding.half) // rounding.divisor).cast(nw.Int64)

    if sums.lowest >= 0:
        return up(units)
    return nw.when(units >= 0).then(up(units)).otherwise(-up(-units))


def _predicate(units: nw.Expr, steps: Sequence[Step]) -> nw.Expr:
    *upper, lowest = steps
    said = nw.lit(lowest.name)
    for step in reversed(upper):
        said = nw.when(units >= nw.lit(step.least)).then(nw.lit(step.name)).otherwise(said)
    return said


def _by_year(instrument: Instrument, year: int | str | None) -> nw.Expr:
    """Return the predicate on the basis of the year, given once or in a column."""
    if not isinstance(year, str):
        return nw.col(f"predicate_by_{instrument.basis_in(year).basis}")
    said = nw.col(f"predicate_by_{instrument.basis[0].basis}")
    for period in instrument.basis[1:]:
        begun = nw.col(year).is_null() | (nw.col(year) >= (period.first_year or 0))
        said = nw.when(begun).then(nw.col(f"predicate_by_{period.basis}")).otherwise(said)
    return said
