"""The heading row of a table, and which instrument its official names of indicators tell."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from spbe_cli.core.instrument import Instrument, folded
from spbe_cli.core.problem import Problem
from spbe_cli.read.grid import FEWEST_NAMES, HEADER_WITHIN, SHORTEST_NAME, Grid
from spbe_cli.read.header import (
    COLUMN_NAMES,
    INDICATOR_NAMES,
    NEEDED,
    Header,
    Role,
    Rows,
    Spans,
    Weight,
    candidates,
    is_code,
    meaning_of,
)
from spbe_cli.read.instruments import shipped_ids, shipped_instrument
from spbe_cli.read.values import STAGE_BY_NAME

_LOOKED_AT = 2_000
_SEARCHED = 200  # cells of a row that is searched for misspelt names
_SHORTEST_WORD = 4  # below, every word is near
_WORTH_SHOWING = 8
_SHARE = 3  # one heading in so many
_CLEARLY = 3  # as many times the names of any other instrument


def find_header(
    rows: Rows, spans: Spans | None = None, instrument: Instrument | None = None
) -> Header | None:
    """Return the row, or pair of rows, that best names the columns of a score sheet.

    These are an indicator's code and a level, or the indicators side by side: a third of those of
    `instrument`. None where no row holds them. See `weighed`.
    """
    found = weighed(rows, spans, instrument)
    return max(found, key=lambda each: each[0])[1] if found else None


def weighed(
    rows: Rows, spans: Spans | None = None, instrument: Instrument | None = None
) -> list[tuple[Weight, Header]]:
    """Return every row, or pair of rows, that may name the columns, with what speaks for it.

    Where no `instrument` is given, or no row names its indicators, official names tell another.
    """
    own = candidates(rows, spans, instrument)
    if instrument is not None and own:
        return own
    other = None
    if any(map(_may_name, rows[:HEADER_WITHIN])):
        other = instrument_in_heading(rows)
    elif not own:
        other = _instrument_in_codes(rows)
    if other is None:
        return own
    by_names = candidates(rows, spans, other)
    return [(w, each._replace(named=other.id)) for w, each in by_names if each.wide] or own


def _may_name(cells: Sequence[str]) -> bool:
    """Return whether a row has texts as long as official names; nearly every table has none."""
    return len(cells) >= FEWEST_NAMES and (
        sum(len(cell) >= SHORTEST_NAME for cell in cells) >= FEWEST_NAMES
    )


def instrument_in_heading(rows: Rows) -> Instrument | None:
    """Return the shipped instrument whose indicators a row names side by side; None for none.

    A third of the row's cells are official names, and clearly more of this one than of another.
    """
    for names in _rows_of_names(rows):
        found = _counted(names)
        most = max(found, key=lambda id_: found[id_], default=None)
        if most is not None and found[most] * _SHARE >= len(names) and _is_clear(most, found):
            return shipped_instrument(most)
    return None


def _instrument_in_codes(rows: Rows) -> Instrument | None:
    """Return the shipped instrument whose further codes a row holds, nearly all; None for none.

    Asked only of a row that names whose the levels are, and has codes with points: instruments
    are not loaded for any other.
    """
    for cells in rows[:HEADER_WITHIN]:
        texts = {cell.strip() for cell in cells[:_LOOKED_AT]}
        if sum(map(_is_pointed, texts)) < FEWEST_NAMES or not any(map(_says_whose, texts)):
            continue
        for id_ in shipped_ids():
            indicators = shipped_instrument(id_).indicators
            there = sum(1 for each in indicators if texts.intersection(each.also))
            if there * 10 >= len(indicators) * 9:
                return shipped_instrument(id_)
    return None


def _is_pointed(text: str) -> bool:
    return "." in text and is_code(text)


def _says_whose(text: str) -> bool:
    meaning = meaning_of(text)
    return meaning is not None and meaning.role in (Role.INSTITUTION, Role.YEAR)


def instruments_in_heading(rows: Rows) -> tuple[int, dict[str, int]] | None:
    """Return the row that names the indicators of several instruments, and how many of each.

    None where no row does.
    """
    for row, cells in enumerate(rows[:HEADER_WITHIN]):
        for names in _rows_of_names([cells]):
            found = {id_: count for id_, count in _counted(names).items() if count >= FEWEST_NAMES}
            if len(found) > 1:
                return row, found
    return None


def instrument_in_rows(texts: Collection[str], read_with: Instrument) -> Instrument | None:
    """Return the shipped instrument whose indicators rows name; None where `read_with` knows them.

    So is it where the codes are those of `read_with`, nearly all: then names may be shortened.
    """
    if read_with.path is not None:  # one's own may name its indicators like those of another
        return None
    meant = [read_with.meant(text) for text in texts]
    codes = {each.by_code for each in meant} - {None}
    if any(each.by_name for each in meant) or len(codes) * 10 >= len(read_with.indicators) * 9:
        return None
    found = _counted(texts)
    most = max(found, key=lambda id_: found[id_], default=None)
    return shipped_instrument(most) if most is not None and _is_clear(most, found) else None


def names_another(texts: Collection[str], instrument: Instrument) -> bool:
    """Return whether texts are official names of an instrument that is not this one."""
    others = (count for id_, count in _counted(texts).items() if id_ != instrument.id)
    return any(count * 2 >= len(texts) for count in others)


def _rows_of_names(rows: Rows) -> Iterable[list[str]]:
    """Yield the filled cells of the rows that may name indicators."""
    for cells in filter(_may_name, rows[:HEADER_WITHIN]):
        yield [text for cell in cells[:_LOOKED_AT] if (text := cell.strip())]


def _counted(texts: Iterable[str]) -> dict[str, int]:
    """Return how many indicators of each shipped instrument are named, of those that are at all."""
    different = {text for text in texts if len(text) >= SHORTEST_NAME}
    counts = {}
    for id_ in shipped_ids():
        meant = map(shipped_instrument(id_).meant, different)
        counts[id_] = len({each.by_name for each in meant} - {None})
    return {id_: count for id_, count in counts.items() if count}


def _is_clear(most: str, found: Mapping[str, int]) -> bool:
    others = (count for id_, count in found.items() if id_ != most)
    return found[most] >= max(FEWEST_NAMES, _CLEARLY * max(others, default=0))


def kinds_in(cells: Sequence[str]) -> tuple[int, int]:
    """Return how many needed columns and how many kinds of columns a row names."""
    roles = {meaning.role for cell in cells[:_SEARCHED] if cell and (meaning := meaning_of(cell))}
    return len(roles & NEEDED), len(roles - {Role.LEVEL_OF})


def _names_of(role: Role) -> tuple[str, ...]:
    """Return the names under which a column of this role is found, to suggest the nearest."""
    if role is Role.INDICATOR:
        return tuple(name for names in INDICATOR_NAMES for name in names)
    return (*COLUMN_NAMES[role], *(STAGE_BY_NAME if role is Role.LEVEL else ()))


def no_header(grid: Grid) -> Problem:
    """Return the problem that no row holds the needed columns, at the row that comes nearest.

    Where a row names the indicators of several instruments, it is that.
    """
    several = instruments_in_heading(grid.rows)
    if several is not None:
        heading, counts = several
        instruments = ", ".join(f"{id_} ({count})" for id_, count in counts.items())
        at = (heading, next(i for i in range(len(grid.rows[heading])) if grid.text(heading, i)))
        return grid.problem("instrument-ambiguous", at, instruments=instruments)
    filled = [row for row in range(min(len(grid.rows), HEADER_WITHIN)) if not grid.is_blank(row)]
    row = max(filled, key=lambda row: (kinds_in(grid.rows[row]), _cells(grid.rows[row]) > 1))
    cells = grid.rows[row][:_SEARCHED]
    named = [(index, cell.strip()) for index, cell in enumerate(cells) if cell.strip()]
    roles = {meaning.role for _, cell in named if (meaning := meaning_of(cell))}
    missing = [role for role in (Role.INDICATOR, Role.LEVEL) if role not in roles]
    index, near = _misspelt(named, missing)
    found = ", ".join(name[:40] for _, name in named[:_WORTH_SHOWING])
    values = {"found": found, "missing": ", ".join(missing), **near}
    return grid.problem("no-header", (row, named[0][0] if index is None else index), **values)


def _cells(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells[:_SEARCHED] if cell.strip())


def _misspelt(
    named: Sequence[tuple[int, str]], missing: Sequence[Role]
) -> tuple[int | None, dict[str, str]]:
    """Return the column that looks like a missing one misspelt, and the name it is nearest to.

    `Nilai Asesmen` says more than the name of a column of levels: it is nearest to that.
    """
    from spbe_cli.core.problem import nearest

    for index, name in named if list(missing) == [Role.LEVEL] else ():
        within = f" {folded(name)} "
        said = [each for each in _names_of(Role.LEVEL) if f" {each} " in within]
        if said and not meaning_of(name):
            return index, {"nearest": max(said, key=len)}
    wanted = [name for role in missing for name in _names_of(role) if len(name) >= _SHORTEST_WORD]
    for index, name in named:
        if len(name) <= max(map(len, wanted), default=0) and not meaning_of(name):
            near = nearest(name, wanted)
            if near:
                return index, near
    return None, {}
