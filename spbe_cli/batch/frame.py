"""Scores of a whole frame: expressions on integers, run by whichever engine holds it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from types import ModuleType
from typing import Any

from spbe_cli.core.instrument import Basis, Indicator, Instrument
from spbe_cli.core.units import Node, Units, in_ticks, step_of

Expression = Any
"""What computes a column: of narwhals, for any engine, or of polars, which has the same words."""

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
    others are null: a missing level is never counted as 0 (Permenpan RB 59/2020, annex I). On a
    scale without a step (pemdi-2026) a level is taken to the nearest 630,000th, which holds every
    value with four decimals and every fraction with a denominator up to 10.

    Args:
        frame: any frame that narwhals knows (polars, pandas, pyarrow, DuckDB, PySpark), with one
            row an institution and one numeric column an indicator, named by its code, or one that
            the field also has for it, or `I` and that code.
        instrument: the instrument of every row.
        year: the year of every row, or the name of the column that holds it; None takes the
            latest basis.
        columns: other names of level columns, by indicator code.

    Raises:
        ValueError: if a level column is not there, or if two are and `columns` does not say which;
            or if a column is an index of another evaluation (SDI), which is not converted here.
    """
    import narwhals as nw

    table = nw.from_native(frame)
    units = in_ticks(instrument)
    made = IndexColumns(nw, units)
    names = _level_columns(table.collect_schema().names(), instrument, columns or {})
    ticks = {code: f"{_TICKS}{code}" for code in names}
    levels = [made.nearest_ticks(nw.col(names[code])).alias(ticks[code]) for code in names]
    valid = [made.is_valid(nw.col(names[code]), nw.col(ticks[code])) for code in names]
    table = table.with_columns(*levels)
    table = table.with_columns(nw.all_horizontal(*valid, ignore_nulls=False).alias(VALID))
    for layer in made.layers(list(ticks.values()), year):
        table = table.with_columns(*layer)
    added = [name for node in units.nodes for name in (node.code, node.code + _EXACT)]
    added += ["predicate", "predicate_by_exact", "predicate_by_rounded"]
    masked = [nw.when(nw.col(VALID)).then(nw.col(name)).alias(name) for name in added]
    return table.with_columns(*masked).drop(*ticks.values()).to_native()


def denominators(instrument: Instrument) -> dict[str, Fraction]:
    """Return what one unit of each node is worth, by the node's code and `index` for the whole.

    `score_frame` gives exact values as whole numbers: the index is `index_exact` times this.
    """
    return {node.code: node.size for node in in_ticks(instrument).nodes}


def _level_columns(
    found: Iterable[str], instrument: Instrument, columns: Mapping[str, str]
) -> dict[str, str]:
    """Return the name of each indicator's column, in the order of the instrument."""
    there = set(found)
    given = {columns.get(each.code, each.code) for each in instrument.indicators}
    indices = [each.code for each in instrument.external if each.code in there - given]
    if indices:
        raise ValueError(
            f"{', '.join(indices)}: an index of another evaluation is not converted here; "
            "spbe batch converts it, or give its value as a level and drop the column"
        )
    names = {
        each.code: [name for name in _names(each, columns) if name in there]
        for each in instrument.indicators
    }
    absent = [code for code, of_one in names.items() if not of_one]
    if absent:
        raise ValueError(f"no column for indicator {instrument.listed(absent)}")
    for code, of_one in names.items():
        if len(of_one) > 1:
            several = ", ".join(map(repr, of_one))
            raise ValueError(
                f"several columns for indicator {code}: {several}; say which by columns"
            )
    return {code: of_one[0] for code, of_one in names.items()}


def _names(indicator: Indicator, columns: Mapping[str, str]) -> Iterator[str]:
    """Yield the names that an indicator's column may have; one that is given is the only one."""
    if indicator.code in columns:
        yield columns[indicator.code]
        return
    for code in (indicator.code, *indicator.also):
        yield code
        yield f"I{code}"


class IndexColumns:
    """The columns of scores as expressions of `engine`: the module narwhals or polars.

    `units` counts levels in ticks.
    """

    def __init__(self, engine: ModuleType, units: Units) -> None:
        self._engine: Any = engine
        self._units = units
        scale, tick = units.scale, units.counted.each
        self.lowest, self.highest = int(scale.lowest / tick), int(scale.highest / tick)
        self.step = int(step_of(scale) / tick)

    def nearest_ticks(self, level: Expression) -> Expression:
        """Return a level as a whole number of ticks, the nearest one where it is none."""
        return self._ticks(level).round(0).cast(self._engine.Int64)

    def is_valid(self, level: Expression, ticks: Expression) -> Expression:
        """Return whether a level is there, on the scale and on its step.

        3.15 arrives as the binary number next to it, and engines divide differently in its last
        digit: a millionth of a tick is taken for none.
        """
        exact = self._ticks(level)
        if self._units.scale.step is None:  # anything between the ends
            within = (exact > self.lowest - _NOISE) & (exact < self.highest + _NOISE)
            return within.fill_null(value=False)
        is_whole = (exact - ticks).abs() < _NOISE
        on_scale = (ticks >= self.lowest) & (ticks <= self.highest)
        on_step = (ticks - self.lowest) % self.step == 0
        return (is_whole & on_scale & on_step).fill_null(value=False)

    def layers(self, ticks: Sequence[str], year: int | str | None) -> list[list[Expression]]:
        """Return the columns of `score_frame`, `valid` excepted: each layer needs those before.

        `ticks` names the columns of the levels in ticks, in the order of the instrument; each must
        be on the scale.
        """
        sums = [[self._sum(node, ticks) for node in layer] for layer in _layers(self._units)]
        shown = [self._shown(node).alias(node.code) for node in self._units.nodes]
        names = [self._predicate(basis).alias(f"predicate_by_{basis}") for basis in Basis]
        return [*sums, [*shown, *names], [self._by_year(year).alias("predicate")]]

    def _ticks(self, level: Expression) -> Expression:
        """Return a level in ticks; one that is missing (null, NaN) lies a tick below the scale."""
        tick = self._units.counted.each
        ticks = level.cast(self._engine.Float64) * tick.denominator / tick.numerator
        return ticks.fill_nan(None).fill_null(self.lowest - 1)

    def _exact(self, node: Node) -> Expression:
        return self._engine.col(node.code + _EXACT)

    def _sum(self, node: Node, ticks: Sequence[str]) -> Expression:
        col, whole = self._engine.col, self._engine.Int64
        parts = [
            self._engine.sum_horizontal(*(col(ticks[at]) for at in places)).cast(whole) * weight
            for weight, places in node.weighted.items()
        ]
        parts += [col(code + _EXACT) for code in node.inner]
        return reduce(lambda one, other: one + other, parts).alias(node.code + _EXACT)

    def _shown(self, node: Node) -> Expression:
        """Return the value rounded half up by a whole division, in units of its last place."""
        units, formula = self._exact(node), node.formula
        factor = 2 * formula.factor * 10**self._units.instrument.places

        def up(positive: Expression) -> Expression:
            shown = (positive * factor + formula.divisor) // (2 * formula.divisor)
            return shown.cast(self._engine.Int64)

        if self.lowest >= 0:
            return up(units)
        return self._engine.when(units >= 0).then(up(units)).otherwise(0 - up(0 - units))

    def _predicate(self, basis: Basis) -> Expression:
        units, lit = self._exact(self._units.whole), self._engine.lit
        *upper, lowest = self._units.instrument.predicates
        said = lit(lowest.name)
        for predicate in reversed(upper):
            earned = units >= lit(self._units.least_for(predicate, basis))
            said = self._engine.when(earned).then(lit(predicate.name)).otherwise(said)
        return said

    def _by_year(self, year: int | str | None) -> Expression:
        """Return the predicate on the basis of the year, given once or in a column."""
        col, instrument = self._engine.col, self._units.instrument
        if not isinstance(year, str):
            return col(f"predicate_by_{instrument.basis_in(year).basis}")
        said = col(f"predicate_by_{instrument.basis[0].basis}")
        for period in instrument.basis[1:]:
            begun = col(year).is_null() | (col(year) >= (period.first_year or 0))
            by_period = col(f"predicate_by_{period.basis}")
            said = self._engine.when(begun).then(by_period).otherwise(said)
        return said


def _layers(units: Units) -> list[list[Node]]:
    """Return the nodes in layers: each needs only those before it."""
    layers: list[list[Node]] = []
    depth: dict[str, int] = {}
    for node in units.nodes:
        depth[node.code] = 1 + max((depth[code] for code in node.inner), default=-1)
        layers += [[]] * (depth[node.code] + 1 - len(layers))
        layers[depth[node.code]] = [*layers[depth[node.code]], node]
    return layers
