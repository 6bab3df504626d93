"""A frame with a row an indicator as one with a row an institution, its levels in ticks.

In one grouping: levels are added up in such a way that a sum says whether there was one, and which.
"""

from collections.abc import Hashable, Iterator, Sequence
from types import ModuleType
from typing import Any

from spbe_cli.batch.cells import Cells
from spbe_cli.batch.columns import (
    NO_CODE,
    OF_CODES,
    TICKS,
    UNKNOWN,
    Expression,
    IndexColumns,
    Packed,
    Recipe,
    Rows,
    Wrong,
    texts_of,
)
from spbe_cli.core.shown import kind_of

_CODE, _PLACE, _LEVEL = "spbe_row_code", "spbe_row_place", "spbe_row_level"
_FIRST, _KEY = "spbe_row_first", "spbe_row_key_"
_NOWHERE = -1


def spread(nw: ModuleType, table: Any, rows: Rows, recipes: Sequence[Recipe]) -> Any:  # noqa: ANN401
    """Return a row for each institution, in the order of the first of each where rows have one.

    Beside the keys it holds the levels by each instrument, and what is said of codes.

    Raises:
        TypeError: if the frame is of another engine than polars, pandas, pyarrow, DuckDB, PySpark.
    """
    if isinstance(table, nw.LazyFrame):
        if not (table.implementation.is_polars() or table.implementation.is_duckdb()):
            expected = "a row an indicator: expected a frame of polars, pandas, pyarrow, DuckDB"
            raise TypeError(f"{expected} or PySpark, got {kind_of(table.to_native())}")
        return _grouped(nw, table, rows, recipes)
    held, keys = _in_polars(nw, table, rows)
    found = _grouped(nw, held, Rows(keys, rows.code, rows.level), recipes).collect()
    first = table.select(*map(nw.col, rows.keys))[found[_FIRST].to_list()]
    made = [
        nw.new_series(name, found[name].to_list(), kind, backend=table.implementation)
        for name, kind in found.schema.items()
        if name not in {*keys, _FIRST}
    ]
    return first.with_columns(*made)


def _in_polars(nw: ModuleType, table: Any, rows: Rows) -> tuple[Any, tuple[str, ...]]:  # noqa: ANN401
    """Return the columns that are read as a lazy frame of polars, each row with its number."""
    import polars as pl

    if table.implementation.is_polars() or table.implementation.is_pyarrow():
        held = table.select(*map(nw.col, (*rows.keys, rows.code, rows.level))).to_polars()
        keys = rows.keys
    else:
        named = {f"{_KEY}{place}": table[key] for place, key in enumerate(rows.keys)}
        columns = {name: _numbered(series) for name, series in named.items()}
        held = pl.DataFrame({**columns, **{name: _values(nw, table[name]) for name in rows[1:]}})
        keys = tuple(named)
    return nw.from_native(held.with_row_index(_FIRST).lazy()), keys


def _numbered(series: Any) -> list[int | None]:  # noqa: ANN401
    """Return a number for each of the different values, None for nothing."""
    known: dict[Hashable, int] = {}
    return [
        None if is_null else known.setdefault(each, len(known))
        for each, is_null in zip(series.to_list(), series.is_null().to_list(), strict=True)
    ]


def _values(nw: ModuleType, series: Any) -> Any:  # noqa: ANN401
    """Return numbers as they are and other values as texts, as pandas may hold several types."""
    if series.dtype.is_numeric():
        return series.to_numpy()
    if series.dtype in (nw.String, nw.Object, nw.Categorical, nw.Enum):
        return texts_of(series)
    return series.to_list()


def _grouped(nw: ModuleType, table: Any, rows: Rows, recipes: Sequence[Recipe]) -> Any:  # noqa: ANN401
    """Return a lazy frame with a row for each institution."""
    schema = table.collect_schema()
    code = Cells(nw, IndexColumns(nw, recipes[0].units)).text(rows.code, schema[rows.code])
    table = table.with_columns(code.alias(_CODE))
    numeric = schema[rows.code].is_numeric()
    for recipe in recipes:
        prefix, made = recipe.prefix, IndexColumns(nw, recipe.units)
        packed = Packed.of(made)
        places = recipe.places(numeric=numeric)
        ticks = Cells(nw, made).ticks(rows.level, schema[rows.level])
        place = nw.col(_CODE).replace_strict(places, default=_NOWHERE, return_dtype=nw.Int64)
        level = (ticks - packed.base + packed.flag).cast(nw.Int64)
        table = table.with_columns(place.alias(prefix + _PLACE), level.alias(prefix + _LEVEL))
        no_level = (
            nw.col(prefix + _LEVEL) == made.lowest - Wrong.MISSING - packed.base + packed.flag
        )
        table = table.with_columns(_of_code(nw, recipe, no_level).alias(prefix + OF_CODES))
    grouped = _added_up(nw, table, rows.keys, recipes)
    for recipe in recipes:
        grouped = grouped.with_columns(*_unpacked(nw, recipe))
    return grouped


def _of_code(nw: ModuleType, recipe: Recipe, no_level: Expression) -> Expression:
    """Return what is said of a row's code; a row with neither code nor level says nothing."""
    code = nw.col(_CODE)
    unknown = nw.concat_str(nw.lit(UNKNOWN), code, separator=" ")
    absent = nw.when(~no_level).then(nw.lit(NO_CODE)).otherwise(nw.lit(None, dtype=nw.String))
    wrong = nw.when(code == "").then(absent).otherwise(unknown)
    return nw.when(nw.col(recipe.prefix + _PLACE) == _NOWHERE).then(wrong)


def _added_up(nw: ModuleType, table: Any, keys: Sequence[str], recipes: Sequence[Recipe]) -> Any:  # noqa: ANN401
    """Return the sum of the packed levels of each indicator, and what is said of codes."""
    if table.implementation.is_duckdb():
        return nw.from_native(_by_duckdb(table.to_native(), keys, recipes))
    import polars as pl

    held, columns = table.to_native(), []
    for recipe in recipes:
        place, level = pl.col(recipe.prefix + _PLACE), pl.col(recipe.prefix + _LEVEL)
        columns += [
            pl.when(place == at).then(level).otherwise(0).sum().alias(recipe.prefix + TICKS + code)
            for at, code in enumerate(recipe.levels)
        ]
        said = pl.col(recipe.prefix + OF_CODES)
        columns.append(said.drop_nulls().unique().sort().str.join("; "))
    in_order = _FIRST in table.collect_schema()
    if in_order:
        columns.append(pl.col(_FIRST).first())
    return nw.from_native(held.group_by(keys, maintain_order=in_order).agg(*columns))


def _by_duckdb(relation: Any, keys: Sequence[str], recipes: Sequence[Recipe]) -> Any:  # noqa: ANN401
    columns = list(map(_quoted, keys))
    by = ", ".join(columns)
    for recipe in recipes:
        place, level = _quoted(recipe.prefix + _PLACE), _quoted(recipe.prefix + _LEVEL)
        for at, code in enumerate(recipe.levels):
            total = f"sum(case when {place} = {at} then {level} else 0 end)::bigint"
            columns.append(f"{total} as {_quoted(recipe.prefix + TICKS + code)}")
        said = _quoted(recipe.prefix + OF_CODES)
        columns.append(f"string_agg(distinct {said}, '; ' order by {said}) as {said}")
    return relation.aggregate(", ".join(columns), by)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _unpacked(nw: ModuleType, recipe: Recipe) -> Iterator[Expression]:
    """Yield the levels of each indicator in ticks, and what is said of codes, null for nothing."""
    made = IndexColumns(nw, recipe.units)
    base, flag = Packed.of(made)
    missing, twice = (nw.lit(made.lowest - each) for each in (Wrong.MISSING, Wrong.TWICE))
    for code in recipe.levels:
        total = nw.col(recipe.prefix + TICKS + code)
        one = nw.when(total == 0).then(missing).otherwise(total - flag + base)
        one = nw.when(total >= 2 * flag).then(twice).otherwise(one)
        yield one.cast(nw.Int64).alias(recipe.prefix + TICKS + code)
    said = nw.col(recipe.prefix + OF_CODES)
    yield nw.when(said != "").then(said).alias(recipe.prefix + OF_CODES)
