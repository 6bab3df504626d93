"""The same columns as expressions of Spark: three projections over one array of levels.

Spark makes one method of a whole stage, and Java compiles none above 8,000 bytes of code: with the
47 levels of an institution it is far longer, and runs interpreted. A projection that holds a
function which Spark evaluates and does not compile (`zip_with`) stands outside the stage's method,
and is made of many short ones. So each of the three holds one.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

from pyspark.sql import functions as F  # noqa: N812  (as everyone calls it)
from pyspark.sql import types

from spbe_cli.batch.columns import (
    BLANKS,
    EXACT,
    FAR,
    FRACTION,
    INSTRUMENT,
    NO_CODE,
    NO_INSTRUMENT,
    NO_WHOLE_YEAR,
    NO_YEAR,
    NUMBER,
    OF_CODES,
    OTHER_YEAR,
    PREDICATES,
    REASON,
    UNKNOWN,
    VALID,
    WRONG_YEAR,
    YEAR_ABSENT,
    IndexColumns,
    Recipe,
    Rows,
    Several,
    Wrong,
    long_names,
)
from spbe_cli.core.instrument import Basis, Instrument
from spbe_cli.core.units import Node

Column = Any

_LEVELS, _YEAR, _VALID, _NOTHING = "spbe_levels", "spbe_year", "spbe_valid", "spbe_nothing"
_ROWS, _PLACE, _LEVEL = "spbe_rows", "place", "level"


def scored(frame: Any, wanted: Recipe | Several, *, long: bool) -> Any:  # noqa: ANN401
    """Return a frame of Spark with the columns that are wanted."""
    recipes = wanted.recipes if isinstance(wanted, Several) else [wanted]
    rows = recipes[0].rows
    names = list(frame.columns if rows is None else rows.keys)
    if rows is not None:
        frame = _grouped(frame, rows, recipes)
    for recipe in recipes:
        frame = _scored(frame, recipe)
    if isinstance(wanted, Several):
        frame = frame.select("*", *_of_year(wanted))
    if not long:
        return frame.select(*map(_col, (*names, *wanted.added)))
    *kept, code, value, exact = long_names(wanted.added, wanted.prefix)
    nodes = [
        F.struct(
            F.lit(node).alias(code),
            _col(wanted.prefix + node).alias(value),
            _col(wanted.prefix + node + EXACT).alias(exact),
        )
        for node in wanted.nodes
    ]
    every = frame.select(*map(_col, (*names, *kept)), F.explode(F.array(*nodes)).alias(_NOTHING))
    inner = [F.col(f"{_NOTHING}.{_quoted(name)}") for name in (code, value, exact)]
    return every.select(*map(_col, (*names, *kept)), *inner)


def _scored(frame: Any, recipe: Recipe) -> Any:  # noqa: ANN401
    """Return the frame with the columns of one instrument, and some besides."""
    kinds = {field.name: field.dataType for field in frame.schema.fields}
    prefix, units = recipe.prefix, recipe.units
    made = IndexColumns(F, units)
    if recipe.rows is None:
        levels = F.array(*(_ticks(name, kinds, made) for name in recipe.levels.values()))
        first = next(name for name in recipe.levels.values() if name is not None)
        nothing = _col(first).isNull()
    else:
        levels = _by_place(_col(prefix + _ROWS), len(recipe.levels), made)
        nothing = _col(prefix + OF_CODES) != ""
    year = _year(recipe.year, kinds)
    frame = frame.select(
        "*",
        levels.alias(prefix + _LEVELS),
        year.alias(prefix + _YEAR),
        _apart(nothing).alias(prefix + _NOTHING),
    )
    array, year = _col(prefix + _LEVELS), _col(prefix + _YEAR)
    valid = ~_col(prefix + _NOTHING) & (F.array_min(array) >= F.lit(made.lowest))
    if isinstance(recipe.year, str):
        valid &= _in_years(year, recipe.instrument)
    valid = _apart(valid) & _unmoved()
    sums = _sums(recipe, [array[place] for place in range(len(recipe.levels))])
    frame = frame.select("*", valid.alias(prefix + _VALID), *sums)
    return frame.select("*", *_answers(recipe, made, array, year))


def _grouped(frame: Any, rows: Rows, recipes: Sequence[Recipe]) -> Any:  # noqa: ANN401
    """Return a row for each institution: its levels with their places, and what codes are not."""
    kinds = {field.name: field.dataType for field in frame.schema.fields}
    code, keys = _text(_col(rows.code), kinds[rows.code]), list(map(_col, rows.keys))
    found = []
    for recipe in recipes:
        made = IndexColumns(F, recipe.units)
        places = recipe.places(numeric=isinstance(kinds[rows.code], types.NumericType))
        known = F.create_map(*(F.lit(each) for pair in places.items() for each in pair))
        place, ticks = F.try_element_at(known, code), _ticks(rows.level, kinds, made)
        no_code = F.when(ticks != made.lowest - Wrong.MISSING, F.lit(NO_CODE))
        unknown = F.when(code != "", F.concat_ws(" ", F.lit(UNKNOWN), code)).otherwise(no_code)
        level = F.struct(place.alias(_PLACE), ticks.alias(_LEVEL))
        found += [
            F.collect_list(F.when(place.isNotNull(), level)).alias(recipe.prefix + _ROWS),
            F.array_join(F.array_sort(F.collect_set(F.when(place.isNull(), unknown))), "; ").alias(
                recipe.prefix + OF_CODES
            ),
        ]
    return frame.groupBy(*keys).agg(*found)


def _by_place(rows: Column, count: int, made: IndexColumns) -> Column:
    """Return the levels of an institution in the instrument's order: all of them need no search."""
    in_order = F.sort_array(rows)

    def found(place: Column) -> Column:
        there = F.filter(rows, lambda row: row[_PLACE] == place)
        missing, twice = (F.lit(made.lowest - each) for each in (Wrong.MISSING, Wrong.TWICE))
        one = F.when(F.size(there) == 1, there[0][_LEVEL]).when(F.size(there) > 1, twice)
        return one.otherwise(missing).cast("long")

    places = F.array(*map(F.lit, range(count)))
    is_full = F.transform(in_order, lambda row: row[_PLACE]) == places
    full = F.transform(in_order, lambda row: row[_LEVEL])
    return F.when(is_full, full).otherwise(F.transform(places, found))


def _sums(recipe: Recipe, levels: Sequence[Column]) -> Iterator[Column]:
    """Yield the units of each node."""
    found: dict[str, Column] = {}
    for node in recipe.units.nodes:
        parts = [
            reduce(add, [levels[at] for at in places]) * F.lit(weight)
            for weight, places in node.weighted.items()
        ]
        found[node.code] = reduce(add, [*parts, *(found[code] for code in node.inner)])
        yield found[node.code].alias(_units(recipe, node.code))


def _answers(recipe: Recipe, made: IndexColumns, array: Column, year: Column) -> Iterator[Column]:
    """Yield what is added, of the units of each node."""
    prefix, instrument, valid = recipe.prefix, recipe.instrument, _col(recipe.prefix + _VALID)
    yield _apart(valid).alias(prefix + VALID)
    yield F.when(~valid, _reason(recipe, made, array, year)).alias(prefix + REASON)
    for node in recipe.units.nodes:
        units = _col(_units(recipe, node.code))
        shown = _shown(node, units, instrument.places, has_sign=made.lowest < 0)
        if recipe.decimals:
            shown = shown.cast("double") / F.lit(float(10**instrument.places))
        yield F.when(valid, shown).alias(prefix + node.code)
        yield F.when(valid, units).alias(prefix + node.code + EXACT)
    whole = _col(_units(recipe, recipe.units.whole.code))
    by_basis = {basis: _predicate(recipe, basis, whole) for basis in Basis}
    for basis, name in by_basis.items():
        yield F.when(valid, name).alias(f"{prefix}predicate_by_{basis}")
    by_year = by_basis[instrument.basis_in(_fixed(recipe.year)).basis]
    if isinstance(recipe.year, str):
        by_year = by_basis[instrument.basis[0].basis]
        for period in instrument.basis[1:]:
            begun = (year == NO_YEAR) | (year >= (period.first_year or 0))
            by_year = F.when(begun, by_basis[period.basis]).otherwise(by_year)
    yield F.when(valid, by_year).alias(prefix + PREDICATES[0])


def _fixed(year: int | str | None) -> int | None:
    return None if isinstance(year, str) else year


def _units(recipe: Recipe, code: str) -> str:
    return f"{recipe.prefix}spbe_units_{code}"


def _apart(condition: Column) -> Column:
    """Return a condition as it is, and its projection outside the method of the whole stage."""
    one = F.array(condition)
    return F.zip_with(one, one, lambda value, _: value)[0]


def _unmoved() -> Column:
    """Return what is true and, as it counts rows, keeps a filter above its projection.

    Spark moves a filter down by repeating what it asks for: all levels would be looked at twice.
    """
    return F.monotonically_increasing_id() >= 0


def _shown(node: Node, units: Column, places: int, *, has_sign: bool) -> Column:
    """Return the value rounded half up by a whole division, in units of its last place."""
    formula = node.formula
    factor, divisor = F.lit(2 * formula.factor * 10**places), F.lit(2 * formula.divisor)

    def up(positive: Column) -> Column:
        wide = positive * factor + F.lit(formula.divisor)
        return ((wide - wide % divisor) / divisor).cast("long")  # without a remainder it is exact

    if not has_sign:
        return up(units)
    return F.when(units >= 0, up(units)).otherwise(-up(-units))


def _predicate(recipe: Recipe, basis: Basis, whole: Column) -> Column:
    """Return the predicate: as many of the thresholds, lowest first, as the index reaches."""
    names = [predicate.name for predicate in reversed(recipe.instrument.predicates)]
    least = [
        recipe.units.least_for(predicate, basis)
        for predicate in reversed(recipe.instrument.predicates[:-1])
    ]
    said = F.lit(names[0])
    for units, name in zip(least, names[1:], strict=True):
        said = F.when(whole >= F.lit(units), F.lit(name)).otherwise(said)
    return said


def _reason(recipe: Recipe, made: IndexColumns, array: Column, year: Column) -> Column:
    """Return what is wrong with a row, of its levels in the instrument's order, then its year."""
    codes = F.array(*map(F.lit, recipe.levels))
    texts = F.array(*(F.lit(wrong.code) for wrong in recipe.wrongs))

    def said_of(level: Column, code: Column) -> Column:
        place = (F.lit(made.lowest) - level).cast("int")
        said = F.concat_ws(" ", F.element_at(texts, place), code)
        return F.when(level < F.lit(made.lowest), said)

    wrong = F.zip_with(array, codes, said_of)
    said = [F.array_join(wrong, "; ")]
    if recipe.rows is not None:
        said.append(_col(recipe.prefix + OF_CODES))
    if isinstance(recipe.year, str):
        other = F.when(~_in_years(year, recipe.instrument), F.lit(OTHER_YEAR))
        said.append(F.when(year == WRONG_YEAR, F.lit(NO_WHOLE_YEAR)).otherwise(other))
    parts = F.filter(F.array(*said), lambda text: text != "")
    return F.array_join(parts, "; ")


def _ticks(name: str | None, kinds: Mapping[str, Any], made: IndexColumns) -> Column:
    """Return a level in ticks; below the scale, by what is wrong, where it is none."""
    wrong = {each: F.lit(made.lowest - each).cast("long") for each in Wrong}
    if name is None:
        return wrong[Wrong.MISSING]
    level, kind = _col(name), kinds[name]
    is_whole = isinstance(
        kind, types.ByteType | types.ShortType | types.IntegerType | types.LongType
    )
    if is_whole and made.has_step and made.step == made.tick == 1:
        on_scale = level.between(made.lowest, made.highest)
        ticks = F.when(on_scale, level.cast("long")).otherwise(wrong[Wrong.OFF_SCALE])
        return F.when(level.isNull(), wrong[Wrong.MISSING]).otherwise(ticks)
    missing, number = _number(level, kind, fractions=not made.has_step)
    if number is None:
        return F.when(missing, wrong[Wrong.MISSING]).otherwise(wrong[Wrong.NOT_NUMBER])
    exact = number * F.lit(float(made.tick.denominator)) / F.lit(float(made.tick.numerator))
    within = (exact > made.lowest - made.noise) & (exact < made.highest + made.noise)
    ticks = F.floor(F.when(within, exact + 0.5).otherwise(made.lowest + 0.5)).cast("long")
    found = F.when(missing, wrong[Wrong.MISSING]).when(number.isNull(), wrong[Wrong.NOT_NUMBER])
    found = found.when(~within, wrong[Wrong.OFF_SCALE])
    if made.has_step:
        off_step = (F.abs(exact - ticks) >= made.noise) | ((ticks - made.lowest) % made.step != 0)
        found = found.when(off_step, wrong[Wrong.OFF_STEP])
    return found.otherwise(ticks)


def _year(year: int | str | None, kinds: Mapping[str, Any]) -> Column:
    """Return a year, NO_YEAR where none stands there and WRONG_YEAR where that is none."""
    if not isinstance(year, str):
        return F.lit(year or NO_YEAR)
    cell = _col(year)
    if isinstance(kinds[year], types.DateType | types.TimestampType | types.TimestampNTZType):
        return F.coalesce(F.year(cell), F.lit(NO_YEAR))
    missing, number = _number(cell, kinds[year])
    if number is None:
        return F.when(missing, NO_YEAR).otherwise(WRONG_YEAR)
    right = (number > 0) & (number < 10_000) & (F.floor(number) == number)  # noqa: PLR2004
    whole = F.when(right, number).otherwise(float(WRONG_YEAR)).cast("int")
    return F.when(missing, NO_YEAR).otherwise(whole)


def _number(
    cell: Column,
    kind: Any,  # noqa: ANN401
    *,
    fractions: bool = False,
) -> tuple[Column, Column | None]:
    """Return where nothing stands, and the number that stands there, null where it is none."""
    if isinstance(kind, types.NumericType):
        number = F.nanvl(cell.cast("double"), F.lit(None).cast("double"))
        return number.isNull(), number
    if not isinstance(kind, types.StringType):
        return cell.isNull(), None
    text = F.btrim(F.coalesce(cell, F.lit("")), F.lit(BLANKS))
    number = F.when(text.rlike(NUMBER), F.translate(text, ",", ".")).cast("double")
    if fractions:
        is_one, parts = text.rlike(FRACTION), F.split(text, "/")
        upper, lower = (F.when(is_one, F.get(parts, at)).cast("double") for at in (0, 1))
        number = F.coalesce(number, upper / lower)
    return text == "", number


def _text(cell: Column, kind: Any) -> Column:  # noqa: ANN401
    """Return a code as text without the blanks around it; empty where none stands there."""
    if isinstance(kind, types.FractionalType):
        number = cell if not isinstance(kind, types.DecimalType) else cell.cast("double")
        is_whole = (F.floor(number) == number) & (F.abs(number) < FAR)
        whole = F.when(is_whole, number).otherwise(0).cast("long").cast("string")
        cell = F.when(F.isnan(number), "").when(is_whole, whole).otherwise(number.cast("string"))
    return F.btrim(F.coalesce(cell.cast("string"), F.lit("")), F.lit(BLANKS))


def _in_years(year: Column, instrument: Instrument) -> Column:
    """Return whether the instrument is used in a year, which may not be known."""
    known = year >= (NO_YEAR if instrument.first_year is None else instrument.first_year)
    if instrument.last_year is not None:
        known &= year <= instrument.last_year
    return known | (year == NO_YEAR)


def _of_year(several: Several) -> Iterator[Column]:
    """Yield the columns of each row's own instrument."""
    recipes = several.recipes
    year = _col(recipes[0].prefix + _YEAR)
    mine = [_in_years(year, each.instrument) & (year != NO_YEAR) for each in recipes]
    no_year = F.when(year == WRONG_YEAR, NO_WHOLE_YEAR).when(year == NO_YEAR, YEAR_ABSENT)
    nothing = {VALID: F.lit(False), REASON: no_year.otherwise(NO_INSTRUMENT)}  # noqa: FBT003
    for name in several.names:
        chosen = nothing.get(name, F.lit(None))
        for own, recipe in zip(mine, recipes, strict=True):
            if name == INSTRUMENT:
                chosen = F.when(own, F.lit(recipe.instrument.id)).otherwise(chosen)
            elif recipe.prefix + name in recipe.added:
                chosen = F.when(own, _col(recipe.prefix + name)).otherwise(chosen)
        yield chosen.alias(several.prefix + name)


def _col(name: str) -> Column:
    """Return a column by its name, be there dots in it."""
    return F.col(_quoted(name))


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
