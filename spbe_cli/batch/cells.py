"""Levels, years and codes as expressions of narwhals, whatever the cells hold."""

from types import ModuleType
from typing import Any

from spbe_cli.batch.columns import (
    BLANKS,
    FAR,
    FRACTION,
    NO_YEAR,
    NUMBER,
    WRONG_YEAR,
    Expression,
    IndexColumns,
    Wrong,
)


class Cells:
    """Levels and years, as expressions, whatever the cells hold."""

    def __init__(self, engine: ModuleType, made: IndexColumns) -> None:
        self._nw: Any = engine
        self._made = made

    def ticks(self, name: str, kind: Any) -> Expression:  # noqa: ANN401
        """Return a level in ticks; below the scale, by what is wrong, where it is none."""
        nw, made = self._nw, self._made
        missing, number = self._number(name, kind, fractions=not made.has_step)
        wrong = {each: nw.lit(made.lowest - each) for each in Wrong}
        if number is None:
            return nw.when(missing).then(wrong[Wrong.MISSING]).otherwise(wrong[Wrong.NOT_NUMBER])
        exact = number * made.tick.denominator / made.tick.numerator
        within = (exact > made.lowest - made.noise) & (exact < made.highest + made.noise)
        within = within.fill_null(value=False)
        whole = nw.when(within).then(exact + 0.5).otherwise(nw.lit(made.lowest + 0.5))
        ticks = whole.floor().cast(nw.Int64)
        if made.has_step:
            on_step = (exact - ticks).abs() < made.noise
            if made.step > 1:
                on_step &= (ticks - made.lowest) % made.step == 0
            ticks = nw.when(on_step).then(ticks).otherwise(wrong[Wrong.OFF_STEP])
        ticks = nw.when(within).then(ticks).otherwise(wrong[Wrong.OFF_SCALE])
        if not kind.is_numeric():
            ticks = nw.when(number.is_null()).then(wrong[Wrong.NOT_NUMBER]).otherwise(ticks)
        return nw.when(missing).then(wrong[Wrong.MISSING]).otherwise(ticks)

    def text(self, name: str, kind: Any) -> Expression:  # noqa: ANN401
        """Return a code as text without the blanks around it; empty where none stands there."""
        nw, cell = self._nw, self._nw.col(name)
        if kind.is_float() or kind.is_decimal():
            number = (cell if kind.is_float() else cell.cast(nw.Float64)).fill_nan(None)
            is_whole = (number.floor() == number) & (number.abs() < FAR)
            whole = nw.when(is_whole).then(number).otherwise(0).cast(nw.Int64).cast(nw.String)
            cell = nw.when(is_whole).then(whole).otherwise(number.cast(nw.String))
        return cell.cast(nw.String).fill_null("").str.strip_chars(BLANKS)

    def year(self, name: str, kind: Any) -> Expression:  # noqa: ANN401
        """Return a year, NO_YEAR where none stands there and WRONG_YEAR where that is none."""
        nw = self._nw
        if kind in (nw.Date, nw.Datetime):
            return nw.col(name).dt.year().fill_null(NO_YEAR).cast(nw.Int64)
        missing, number = self._number(name, kind)
        if number is None:
            return nw.when(missing).then(nw.lit(NO_YEAR)).otherwise(nw.lit(WRONG_YEAR))
        right = (number > 0) & (number < 10_000) & (number.floor() == number)  # noqa: PLR2004
        right = right.fill_null(value=False)
        whole = nw.when(right).then(number).otherwise(nw.lit(float(WRONG_YEAR))).cast(nw.Int64)
        return nw.when(missing).then(nw.lit(NO_YEAR)).otherwise(whole)

    def _number(
        self,
        name: str,
        kind: Any,  # noqa: ANN401
        *,
        fractions: bool = False,
    ) -> tuple[Expression, Expression | None]:
        """Return where nothing stands, and the number that stands there, null where it is none.

        In a column of another kind, no cell is a number.
        """
        nw, cell = self._nw, self._nw.col(name)
        if kind.is_numeric():
            if kind.is_integer() and kind not in (nw.Int8, nw.UInt8, nw.Int16, nw.UInt16):
                # pyarrow makes no float of what a float does not hold exactly
                cell = cell.clip(0 if kind.is_unsigned_integer() else -FAR, FAR)
            number = cell.cast(nw.Float64).fill_nan(None)
            return number.is_null(), number
        if kind not in (nw.String, nw.Categorical, nw.Enum):
            return cell.is_null(), None
        text = cell.cast(nw.String).fill_null("").str.strip_chars(BLANKS)
        number = nw.when(text.str.contains(NUMBER)).then(
            text.str.replace_all(",", ".", literal=True)
        )
        number = number.cast(nw.Float64)
        if fractions:
            upper, lower = (
                nw.when(text.str.contains(FRACTION)).then(text.str.replace_all(other, ""))
                for other in ("/.*", ".*/")
            )
            number = nw.coalesce(number, upper.cast(nw.Float64) / lower.cast(nw.Float64))
        return text == "", number
