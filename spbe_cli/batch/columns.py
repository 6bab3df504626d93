"""What score_frame makes of a frame, whatever its engine: columns, their names and their order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from functools import reduce
from types import ModuleType
from typing import Any, NamedTuple

from spbe_cli.core.instrument import Basis, Indicator, Instrument
from spbe_cli.core.shown import kind_of
from spbe_cli.core.units import WHOLE, Node, Units, in_ticks, step_of

Expression = Any
"""What computes a column: of narwhals, for any engine, or of polars, which has the same words."""

VALID, REASON, INSTRUMENT, EXACT = "valid", "reason", "instrument", "_exact"
PREDICATES = ("predicate", "predicate_by_exact", "predicate_by_rounded")
_BY = PREDICATES[1]
_NOISE, _NOISE_OF_STEPS = 1e-6, 1e-11
"""3.15 arrives as the binary number next to it: so little of a tick is taken for none.

Ticks without a step are small, and what a binary number adds to them is more of one.
"""

NUMBER = "^[+-]?[0-9]{1,15}(?:[.,][0-9]{1,15})?$"
"""A text that is a number, once the blanks around it are off."""

FRACTION = "^[+-]?[0-9]{1,9}/0{0,8}[1-9][0-9]{0,8}$"
"""A text that is a value too where a scale has no step; a date or a doubt where it has one.

A binary number tells fractions of so few digits from the ends of the scale.
"""

BLANKS = " \t\r\n\u00a0\u200b\ufeff"
FAR = 1_000_000_000
"""Beyond every scale and every year."""

NO_YEAR, WRONG_YEAR = 0, -1
NO_WHOLE_YEAR, YEAR_ABSENT = "not-a-whole-number year", "year-absent"
OTHER_YEAR, NO_INSTRUMENT = "instrument-other-year", "year-without-instrument"
"""What is said of a year, by the codes of problems."""


TICKS, OF_CODES = "spbe_ticks_", "spbe_of_codes"
"""The columns of levels in ticks, and of what is said of codes, which no one keeps."""

NO_CODE, UNKNOWN = "indicator-missing", "indicator-unknown"
"""What is said of an indicator's code in a frame with a row an indicator, by codes of problems."""


class Wrong(IntEnum):
    """Why a level is none: so many ticks below the scale stands what is no level."""

    OFF_STEP = 1
    OFF_SCALE = 2
    NOT_NUMBER = 3
    MISSING = 4
    TWICE = 5

    @property
    def code(self) -> str:
        """The code of the problem, which `spbe explain` explains."""
        if self is Wrong.TWICE:
            return "duplicate-indicator"
        return "level-" + self.name.lower().replace("_", "-")


class Rows(NamedTuple):
    """The columns of a frame with a row an indicator; `keys` say whose level it is."""

    keys: tuple[str, ...]
    code: str
    level: str


class Recipe(NamedTuple):
    """What one instrument makes of a frame.

    `levels` holds the column of each indicator by its code, None where there is none; `year` is
    that of every row, or the column that holds it. What is added is called with `prefix`. Of a
    frame with a row an indicator `rows` holds the columns, and `levels` none.
    """

    instrument: Instrument
    levels: Mapping[str, str | None]
    year: int | str | None
    prefix: str = ""
    decimals: bool = True
    rows: Rows | None = None

    @property
    def units(self) -> Units:
        """The instrument, its levels counted in ticks."""
        return in_ticks(self.instrument)

    @property
    def nodes(self) -> tuple[str, ...]:
        """The code of the whole, and those of the groups in the instrument's order."""
        return (WHOLE, *self.instrument.node_by_code)

    @property
    def added(self) -> list[str]:
        """What is added, in its order."""
        index, *groups = ((code, code + EXACT) for code in self.nodes)
        names = [VALID, REASON, *index, *PREDICATES, *(name for pair in groups for name in pair)]
        return [self.prefix + name for name in names]

    def reasons(self, code: str) -> dict[Wrong, str]:
        """Return what is said of an indicator's level that is none."""
        return {wrong: f"{wrong.code} {code}" for wrong in self.wrongs}

    @property
    def wrongs(self) -> list[Wrong]:
        """What can be wrong with a level: where it has a column of its own it stands once."""
        return [wrong for wrong in Wrong if wrong is not Wrong.TWICE or self.rows is not None]

    def places(self, *, numeric: bool) -> dict[str, int]:
        """Return the indicators by all texts that mean one, as `text_of` makes them of a cell.

        Where a column holds numbers, 4.1 and 4.10 are the same one, and mean neither.
        """
        every = [
            (_as_number(name) if numeric else name, place)
            for place, indicator in enumerate(self.instrument.indicators)
            for name in _names(indicator, {})
        ]
        meant: dict[str, set[int]] = {}
        for name, place in every:
            meant.setdefault(name, set()).add(place)
        return {name: places.pop() for name, places in meant.items() if len(places) == 1}


class Packed(NamedTuple):
    """How levels in ticks are added up so that the sum says whether there was one, and which.

    Each is a number from `flag` up to twice that, exclusively: the sum of none is 0, that of one
    below twice the flag, that of more above.
    """

    base: int
    flag: int

    @classmethod
    def of(cls, made: "IndexColumns") -> "Packed":
        """Return how the levels of an instrument are packed."""
        base = made.lowest - Wrong.MISSING
        return cls(base, 1 << (made.highest - base).bit_length())


class Several(NamedTuple):
    """Instruments of which each row has the one of its year: what they add together."""

    recipes: Sequence[Recipe]
    prefix: str

    @property
    def names(self) -> list[str]:
        """What is added, without the prefix; nodes stand in the order of the last instrument."""
        every = [n.removeprefix(r.prefix) for r in reversed(self.recipes) for n in r.added]
        return [INSTRUMENT, *dict.fromkeys(every)]

    @property
    def added(self) -> list[str]:
        """What is added, in its order."""
        return [self.prefix + name for name in self.names]

    @property
    def nodes(self) -> tuple[str, ...]:
        """The codes of all nodes, in the order in which they are added."""
        return tuple(n.removesuffix(EXACT) for n in self.names if n.endswith(EXACT) and n != _BY)


def rows_of(
    found: Sequence[str],
    institution: str | Sequence[str] | None,
    code: str | None,
    level: str | None,
    year: int | str | None,
) -> Rows | None:
    """Return the columns of a frame with a row an indicator; None where they are not asked for.

    The column of the year tells rows apart as those of the institution do.

    Raises:
        ValueError: if one is named and another is not, or is not there, or stands for two.
        TypeError: if one is no name.
    """
    given = {"institution": institution, "code": code, "level": level}
    if all(each is None for each in given.values()):
        return None
    lacking = [name for name, each in given.items() if each is None]
    if lacking:
        raise ValueError(
            "a frame with a row an indicator needs institution, code and level; "
            f"{' and '.join(lacking)} {'is' if len(lacking) == 1 else 'are'} not given"
        )
    for name, each in (("code", code), ("level", level)):
        if not isinstance(each, str):
            raise TypeError(f"{name}: expected the name of a column, got {kind_of(each)}")
    several = [institution] if isinstance(institution, str) else institution
    if not isinstance(several, Sequence) or not all(isinstance(each, str) for each in several):
        expected = "expected the name of a column or several names"
        raise TypeError(f"institution: {expected}, got {kind_of(institution)}")
    if not several:
        raise ValueError("institution: expected the name of a column or several names, got none")
    keys = tuple(dict.fromkeys([*several, *([year] if isinstance(year, str) else [])]))
    rows = Rows(keys, str(code), str(level))
    for name, each in [*(("institution", key) for key in keys), ("code", code), ("level", level)]:
        if each not in found:
            raise ValueError(f"no column {each!r} for the {name}")
    if len({*keys, *rows[1:]}) < len(keys) + 2:
        raise ValueError("institution, year, code and level need a column each")
    return rows


def long_names(added: Iterable[str], prefix: str) -> list[str]:
    """Return what is added to a row a node, in its order."""
    kept = {prefix + name for name in (INSTRUMENT, VALID, REASON, *PREDICATES)}
    own = (prefix + name for name in ("code", "value", "exact"))
    return [*(name for name in added if name in kept), *own]


def refuse_existing(found: Iterable[str], added: Iterable[str], prefix: str) -> None:
    """Raise a ValueError where a column that is to be added is there; engines fold capitals."""
    folded = {name.casefold() for name in found}
    there = [name for name in added if name.casefold() in folded]
    if there:
        named = ", ".join(map(repr, there))
        hint = "give another prefix" if prefix else "give a prefix, such as prefix='spbe_'"
        raise ValueError(f"the frame has {named} already: {hint}")


def level_columns(
    found: Iterable[str],
    instrument: Instrument,
    columns: Mapping[str, str],
    *,
    lacking: bool = False,
) -> dict[str, str | None]:
    """Return the name of each indicator's column, in the order of the instrument.

    Where columns may be `lacking` it is None; else that is a ValueError, as are two for one.
    """
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
    if absent and not lacking:
        raise ValueError(f"no column for indicator {instrument.listed(absent)}")
    for code, of_one in names.items():
        if len(of_one) > 1:
            several = ", ".join(map(repr, of_one))
            raise ValueError(
                f"several columns for indicator {code}: {several}; say which by columns"
            )
    return {code: of_one[0] if of_one else None for code, of_one in names.items()}


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

    `units` counts levels in ticks; every column's name begins with `prefix`.
    """

    def __init__(self, engine: ModuleType, units: Units, prefix: str = "") -> None:
        self._engine: Any = engine
        self._units = units
        self._prefix = prefix
        scale, self.tick = units.scale, units.counted.each
        self.lowest, self.highest = int(scale.lowest / self.tick), int(scale.highest / self.tick)
        self.step = int(step_of(scale) / self.tick)
        self.has_step = scale.step is not None
        self.noise = _NOISE_OF_STEPS if self.has_step else _NOISE

    def layers(self, ticks: Sequence[str], year: int | str | None) -> list[list[Expression]]:
        """Return the columns of `score_frame`, `valid` excepted: each layer needs those before.

        `ticks` names the columns of the levels in ticks, in the order of the instrument; each must
        be on the scale. A column of years holds 0 where none is known.
        """
        prefix = self._prefix
        sums = [[self._sum(node, ticks) for node in layer] for layer in _layers(self._units)]
        shown = [self._shown(node).alias(prefix + node.code) for node in self._units.nodes]
        names = [self._predicate(basis).alias(f"{prefix}predicate_by_{basis}") for basis in Basis]
        return [*sums, [*shown, *names], [self._by_year(year).alias(f"{prefix}predicate")]]

    def _exact(self, node: Node) -> Expression:
        return self._engine.col(self._prefix + node.code + EXACT)

    def _sum(self, node: Node, ticks: Sequence[str]) -> Expression:
        col, whole = self._engine.col, self._engine.Int64
        parts = [
            self._engine.sum_horizontal(*(col(ticks[at]) for at in places)).cast(whole) * weight
            for weight, places in node.weighted.items()
        ]
        parts += [col(self._prefix + code + EXACT) for code in node.inner]
        return reduce(lambda one, other: one + other, parts).alias(self._prefix + node.code + EXACT)

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
            return col(f"{self._prefix}predicate_by_{instrument.basis_in(year).basis}")
        said = col(f"{self._prefix}predicate_by_{instrument.basis[0].basis}")
        for period in instrument.basis[1:]:
            begun = (col(year) == NO_YEAR) | (col(year) >= (period.first_year or 0))
            by_period = col(f"{self._prefix}predicate_by_{period.basis}")
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


def _as_number(name: str) -> str:
    """Return a code as the text of a cell that holds it as a number; other names unchanged."""
    try:
        number = float(name)
    except ValueError:
        return name
    return str(int(number)) if number.is_integer() else repr(number)


def texts_of(series: Any) -> list[str | None]:  # noqa: ANN401
    """Return values of several types as texts; None for nothing and for NaN, which no value is."""
    every = zip(series.to_list(), series.is_null().to_list(), strict=True)
    return [None if is_null else str(each) for each, is_null in every]
