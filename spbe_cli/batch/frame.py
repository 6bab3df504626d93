"""Scores of a whole frame: expressions on integers, run by whichever engine holds it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from os import PathLike, fspath
from types import ModuleType
from typing import Any

from spbe_cli.batch.cells import Cells
from spbe_cli.batch.columns import (
    EXACT,
    INSTRUMENT,
    NO_INSTRUMENT,
    NO_WHOLE_YEAR,
    NO_YEAR,
    OF_CODES,
    OTHER_YEAR,
    REASON,
    TICKS,
    VALID,
    WRONG_YEAR,
    YEAR_ABSENT,
    Expression,
    IndexColumns,
    Recipe,
    Rows,
    Several,
    Wrong,
    level_columns,
    long_names,
    refuse_existing,
    rows_of,
    texts_of,
)
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.problem import InvalidInputError
from spbe_cli.core.shown import kind_of
from spbe_cli.core.units import in_ticks

Named = Instrument | str | PathLike[str]
Wanted = Recipe | Several

_YEAR, _ONE = "spbe_year", "spbe_of_"


def score_frame(  # noqa: PLR0913 - one request, every part of it named
    frame: Any,  # noqa: ANN401
    instrument: Named | Sequence[Named] | None = None,
    *,
    year: int | str | None = None,
    columns: Mapping[str, str] | None = None,
    institution: str | Sequence[str] | None = None,
    code: str | None = None,
    level: str | None = None,
    prefix: str = "",
    decimals: bool = True,
    long: bool = False,
) -> Any:  # noqa: ANN401
    """Return the frame with the index, the predicate and every domain and aspect of each row.

    Nothing but whole numbers is computed with, so that every engine gives the same answer. Added
    are, in this order:

    - `valid`, and `reason` where it is false: `level-off-scale 12; level-missing 47`, the codes
      that `spbe explain` explains. The row then has no values: a missing level is never counted
      as 0 (Permenpan RB 59/2020, annex I);
    - `index`, the value as it is shown, 2.15, and `index_exact`, the exact value as a whole number
      of units; `denominators(instrument)["index"]` says what one unit is worth;
    - `predicate` on the basis of the year, `predicate_by_exact` and `predicate_by_rounded`;
    - each domain and aspect as the index, by its code, in the instrument's order;
    - with several instruments `instrument`, the id of the row's own.

    On a scale without a step (pemdi-2026) a level is taken to the nearest 630,000th, which holds
    every value with four decimals and every fraction with a denominator up to 10.

    Args:
        frame: any frame that narwhals knows (polars, pandas, pyarrow, DuckDB, PySpark), with one
            row an institution and one column an indicator, named by its code, or one that the
            field also has for it, or `I` and that code. A level is a number or a text such as
            `3`, `3,0` or ` 3.0 `; on a scale without a step `7/6` too, of up to nine digits a part.
        instrument: the instrument of every row, or its id or file; of several, or of the shipped
            ones with None, the one that is used in the row's year.
        year: the year of every row, or the name of the column that holds it; without a year the
            latest basis is taken. A row of a year in which its instrument is not used is not valid.
        columns: other names of level columns, by indicator code.
        institution: of a frame with a row an indicator, the column or the columns that say whose
            level it is (name, province, stage). What is returned has a row for each, with these,
            the column of the year and what is added; a level that stands twice is not valid.
        code: the name of the column that holds the indicator's code, as columns are named.
        level: the name of the column that holds its level.
        prefix: what the names of added columns begin with.
        decimals: whether values are decimals; else whole numbers of the last shown place, 215.
        long: whether each institution has a row a node, with `code`, `value` and `exact` in place
            of the columns of nodes; the whole's code is `index`.

    Raises:
        ValueError: if a level column is not there, or if two are and `columns` does not say which;
            or if a column is an index of another evaluation (SDI), which is not converted here;
            if the frame has a column that is to be added; if the instrument is not used in `year`.
        InvalidInputError: if there is no such instrument.
        TypeError: if an argument is something else.
        ImportError: if narwhals is not installed; it says how to install it.
    """
    try:
        import narwhals as nw
    except ImportError:
        from spbe_cli.formats.endings import BATCH

        raise BATCH.lacking("score_frame") from None

    table = nw.from_native(frame, pass_through=True)
    if not isinstance(table, nw.DataFrame | nw.LazyFrame):
        expected = "expected a frame of polars, pandas, pyarrow, DuckDB or PySpark"
        raise TypeError(f"frame: {expected}, got {kind_of(frame)}")
    names = table.collect_schema().names()
    if isinstance(year, str) and year not in names:
        raise ValueError(f"no column {year!r} for the year")
    rows = rows_of(names, institution, code, level, year)
    if rows is not None and columns:
        raise ValueError("columns: a frame with a row an indicator has one column of levels")
    wanted = _wanted(names, instrument, year, columns or {}, prefix, rows=rows, decimals=decimals)
    recipes = wanted.recipes if isinstance(wanted, Several) else [wanted]
    names = names if rows is None else list(rows.keys)
    refuse_existing(names, long_names(wanted.added, prefix) if long else wanted.added, prefix)
    if table.implementation.is_pyspark() or table.implementation.is_pyspark_connect():
        from spbe_cli.batch.spark import scored

        return scored(frame, wanted, long=long)
    if rows is not None:
        from spbe_cli.batch.spread import spread

        table = spread(nw, table, rows, recipes)
    table = _without_objects(nw, table, {name for each in recipes for name in _used(each)})
    for recipe in recipes:
        table = _scored(nw, table, recipe)
    if isinstance(wanted, Several):
        table = _of_year(nw, table, wanted)
    table = table.select(*map(nw.col, names), *map(nw.col, wanted.added))
    return (_long(nw, table, names, wanted) if long else table).to_native()


def _wanted(  # noqa: PLR0913 - the request, every part of it named
    names: Sequence[str],
    instrument: Named | Sequence[Named] | None,
    year: int | str | None,
    columns: Mapping[str, str],
    prefix: str,
    *,
    rows: Rows | None,
    decimals: bool,
) -> Wanted:
    """Return what is to be made of a frame's columns; `score_frame` says what is refused."""
    if isinstance(year, bool) or not isinstance(year, int | str | None):
        raise TypeError(f"year: expected a year or the name of a column, got {kind_of(year)}")
    if isinstance(year, str) and year not in names:
        raise ValueError(f"no column {year!r} for the year")
    found = _instruments(instrument)
    if not isinstance(columns, Mapping):
        raise TypeError(f"columns: expected a mapping by indicator code, got {kind_of(columns)}")
    codes = {indicator.code for each in found for indicator in each.indicators}
    if columns.keys() - codes:
        unknown = ", ".join(sorted(map(repr, columns.keys() - codes)))
        raise ValueError(f"columns: there is no indicator {unknown}")
    if isinstance(instrument, Instrument | str | PathLike):
        if isinstance(year, int) and not found[0].is_used_in(year):
            raise ValueError(f"{found[0].id} is not used in {year}")
        levels = _levels(names, found[0], columns, rows)
        return Recipe(found[0], levels, year, prefix, decimals, rows)
    if year is None or isinstance(year, int):
        raise ValueError("an instrument a row needs year, the column that holds the row's year")
    every = [_levels(names, each, columns, rows, lacking=True) for each in found]
    if rows is None and all(None in levels.values() for levels in every):
        level_columns(names, found[-1], columns)
    recipes = [
        Recipe(each, levels, year, f"{_ONE}{place}_", decimals, rows)
        for place, (each, levels) in enumerate(zip(found, every, strict=True))
    ]
    return Several(recipes, prefix)


def _levels(
    names: Sequence[str],
    instrument: Instrument,
    columns: Mapping[str, str],
    rows: Rows | None,
    *,
    lacking: bool = False,
) -> dict[str, str | None]:
    """Return the column of each indicator's level; with a row an indicator there is none."""
    if rows is not None:
        return dict.fromkeys(instrument.indicator_by_code)
    return level_columns(names, instrument, columns, lacking=lacking)


def denominators(instrument: Named) -> dict[str, Fraction]:
    """Return what one unit of each node is worth, by the node's code and `index` for the whole.

    `score_frame` gives exact values as whole numbers: the index is `index_exact` times this.
    """
    (found,) = _instruments(instrument)
    return {node.code: node.size for node in in_ticks(found).nodes}


def _instruments(given: Named | Sequence[Named] | None) -> list[Instrument]:
    """Return the instruments that are named; None names the shipped ones that have years."""
    from spbe_cli.read.instruments import instrument_of, instruments_of_years

    if given is None:
        return instruments_of_years()
    if isinstance(given, Instrument):
        return [given]
    if isinstance(given, str | PathLike):
        found, problems = instrument_of(fspath(given), None)
        if found is None:
            raise InvalidInputError(problems)
        return [found]
    if not isinstance(given, Sequence) or not given:
        expected = "expected an Instrument, an id, the path of a file or several of them"
        raise TypeError(f"instrument: {expected}, got {kind_of(given)}")
    return [each for one in given for each in _instruments(one)]


def _used(recipe: Recipe) -> Iterator[str]:
    """Yield the columns that are read."""
    yield from (name for name in recipe.levels.values() if name is not None)
    if isinstance(recipe.year, str):
        yield recipe.year


def _without_objects(nw: ModuleType, table: Any, names: Iterable[str]) -> Any:  # noqa: ANN401
    """Return the frame with texts in place of the values of several types that pandas may hold."""
    schema = table.collect_schema()
    series = []
    for name in names:
        if schema[name] == nw.Object:
            texts = texts_of(table[name])
            series.append(nw.new_series(name, texts, nw.String, backend=table.implementation))
    return table.with_columns(*series) if series else table


def _scored(nw: ModuleType, table: Any, recipe: Recipe) -> Any:  # noqa: ANN401
    """Return the frame with the columns of one instrument, and some besides."""
    schema = table.collect_schema()
    prefix, units = recipe.prefix, recipe.units
    made = IndexColumns(nw, units, prefix)
    cells = Cells(nw, made)
    ticks = {code: f"{prefix}{TICKS}{code}" for code in recipe.levels}
    levels = [
        (nw.lit(made.lowest - Wrong.MISSING) if name is None else cells.ticks(name, schema[name]))
        .cast(nw.Int64)
        .alias(ticks[code])
        for code, name in recipe.levels.items()
        if recipe.rows is None
    ]
    year, right_year = recipe.year, nw.lit(value=True)
    if isinstance(year, str):
        levels.append(cells.year(year, schema[year]).alias(prefix + _YEAR))
        year = prefix + _YEAR
        right_year = _in_years(nw.col(year), recipe.instrument)
    table = table.with_columns(*levels) if levels else table
    right = [right_year, *(nw.col(name) >= made.lowest for name in ticks.values())]
    if recipe.rows is not None:
        right.append(nw.col(prefix + OF_CODES).is_null())
    valid = nw.all_horizontal(*right, ignore_nulls=False).alias(prefix + VALID)
    table = table.with_columns(valid)
    reasons = [
        _reason(nw, nw.col(ticks[code]), made.lowest, recipe.reasons(code)) for code in ticks
    ]
    if recipe.rows is not None:
        reasons.append(nw.col(prefix + OF_CODES))
    if isinstance(year, str):
        reasons.append(_reason_of_year(nw, nw.col(year), recipe.instrument))
    said = nw.concat_str(*reasons, separator="; ", ignore_nulls=True)
    table = _with_reason(nw, table, said, prefix)
    for layer in made.layers(list(ticks.values()), year):
        table = table.with_columns(*layer)
    return table.with_columns(*_masked(nw, recipe))


def _in_years(year: Expression, instrument: Instrument) -> Expression:
    """Return whether the instrument is used in a year, which may not be known."""
    known = year >= NO_YEAR if instrument.first_year is None else year >= instrument.first_year
    if instrument.last_year is not None:
        known &= year <= instrument.last_year
    return known | (year == NO_YEAR)


def _reason(
    nw: ModuleType, ticks: Expression, lowest: int, reasons: Mapping[Wrong, str]
) -> Expression:
    said = nw.lit(None, dtype=nw.String)
    for wrong, text in reasons.items():
        said = nw.when(ticks == lowest - wrong).then(nw.lit(text)).otherwise(said)
    return said


def _reason_of_year(nw: ModuleType, year: Expression, instrument: Instrument) -> Expression:
    other = nw.when(~_in_years(year, instrument)).then(nw.lit(OTHER_YEAR))
    return nw.when(year == WRONG_YEAR).then(nw.lit(NO_WHOLE_YEAR)).otherwise(other)


def _with_reason(nw: ModuleType, table: Any, said: Expression, prefix: str) -> Any:  # noqa: ANN401
    """Return the frame with the reasons; of an eager one only rows that need one are looked at."""
    valid, name = nw.col(prefix + VALID), prefix + REASON
    if isinstance(table, nw.LazyFrame):
        return table.with_columns(nw.when(~valid).then(said).alias(name))
    places = (~table[prefix + VALID]).arg_true().to_list()
    reasons: list[str | None] = [None] * len(table)
    if places:
        found = table.filter(~valid).select(said.alias(name))[name].to_list()
        for place, reason in zip(places, found, strict=True):
            reasons[place] = reason
    series = nw.new_series(name, reasons, nw.String, backend=table.implementation)
    return table.with_columns(series)


def _masked(nw: ModuleType, recipe: Recipe) -> Iterator[Expression]:
    """Yield the columns of values, null in rows that are not valid."""
    prefix, valid = recipe.prefix, nw.col(recipe.prefix + VALID)
    unit = 10**recipe.instrument.places
    shown = {prefix + code for code in recipe.nodes}
    for name in recipe.added[2:]:
        value = nw.col(name)
        if name in shown and recipe.decimals:
            # polars multiplies by the inverse of a number, which misses the nearest: 326 / 100
            value = value.cast(nw.Float64) / (value * 0 + unit)
        yield nw.when(valid).then(value).alias(name)


def _of_year(nw: ModuleType, table: Any, several: Several) -> Any:  # noqa: ANN401
    """Return the frame with the columns of each row's own instrument."""
    recipes = several.recipes
    year = nw.col(recipes[0].prefix + _YEAR)
    mine = [_in_years(year, each.instrument) & (year != NO_YEAR) for each in recipes]
    no_year = nw.when(year == NO_YEAR).then(nw.lit(YEAR_ABSENT)).otherwise(nw.lit(NO_INSTRUMENT))
    no_year = nw.when(year == WRONG_YEAR).then(nw.lit(NO_WHOLE_YEAR)).otherwise(no_year)
    nothing = {VALID: nw.lit(value=False), REASON: no_year}
    columns = []
    for name in several.names:
        chosen = nothing.get(name, nw.lit(None))
        for own, recipe in zip(mine, recipes, strict=True):
            if name == INSTRUMENT:
                chosen = nw.when(own).then(nw.lit(recipe.instrument.id)).otherwise(chosen)
            elif recipe.prefix + name in recipe.added:
                chosen = nw.when(own).then(nw.col(recipe.prefix + name)).otherwise(chosen)
        columns.append(chosen.alias(several.prefix + name))
    return table.with_columns(*columns)


def _long(nw: ModuleType, table: Any, names: Sequence[str], wanted: Wanted) -> Any:  # noqa: ANN401
    """Return a row for each row and node, nodes in the order in which they are added."""
    prefix = wanted.prefix
    *kept, code, value, exact = long_names(wanted.added, prefix)
    parts = [
        table.select(
            *map(nw.col, (*names, *kept)),
            nw.lit(node).alias(code),
            nw.col(prefix + node).alias(value),
            nw.col(prefix + node + EXACT).alias(exact),
        )
        for node in wanted.nodes
    ]
    return nw.concat(parts, how="vertical")
