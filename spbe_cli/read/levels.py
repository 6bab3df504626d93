"""Which columns of a table hold levels, and of which stage."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.assessment import Stage
from spbe_cli.core.instrument import Instrument, folded
from spbe_cli.core.number import NotANumberError, parse
from spbe_cli.core.problem import Problem, Severity
from spbe_cli.read.evidence import Identified, Judgement, heading, is_ours
from spbe_cli.read.grid import Grid, column_letters
from spbe_cli.read.header import CHECKLIST, Column, Header, Role
from spbe_cli.read.values import FEWEST, judged, level_in

_MARKED_BY_NAME = ("verif", "verifikasi", "dokumen", "document", "visitasi", "visit", "interviu")
"""Headings that name a stage, and as often a tick, a count or a date."""

_SLIPS = 10  # one cell in so many may be a slip


class _Contents(NamedTuple):
    """A level column with what it holds: its texts and its levels, by row."""

    column: Column
    texts: Mapping[int, str]
    levels: Mapping[int, Fraction]

    @property
    def stage(self) -> Stage | None:
        return self.column.meaning.stage

    @property
    def is_zero(self) -> bool:
        return bool(self.texts) and all(_is_zero(text) for text in self.texts.values())


def level_columns(  # noqa: PLR0913, PLR0917
    grid: Grid,
    header: Header,
    identified: Identified,
    instrument: Instrument,
    stage_above: Stage | None,
    found: Judgement,
) -> dict[Stage | None, Column]:
    """Return the level columns by stage; without stages, one under None.

    Beside stages, a column that names none is the stage named above the table, else the final
    one; where that has a column of its own and levels in it, that goes before. Beside a target
    alone it stays without a stage: a target is a plan, and tells nothing of the other column.
    """
    codes = {
        row: meant
        for row, text in identified.codes.items()
        if (meant := instrument.meant(text).code)
    }
    contents = [_contents(grid, column, codes, instrument) for column in header.of(Role.LEVEL)]
    contents = _without_second(grid, contents, found)
    good = _levels_only(grid, contents, codes, instrument, found)
    good = _one_each(grid, good, found)
    columns: dict[Stage | None, Column] = {each.stage: each.column for each in good}
    plain = columns.get(None)
    if (
        plain is None
        or len(columns) == 1
        or not (stage_above or columns.keys() - {None, Stage.TARGET})
    ):
        return columns
    stage = stage_above or Stage.FINAL
    if stage not in columns:
        columns[stage] = columns.pop(None)
        return columns
    return _plain_or_stage(grid, columns, {each.stage: each for each in good}, stage, found)


def _plain_or_stage(
    grid: Grid,
    columns: dict[Stage | None, Column],
    contents: Mapping[Stage | None, _Contents],
    stage: Stage,
    found: Judgement,
) -> dict[Stage | None, Column]:
    """Take the column of the stage before the one that names none, as far as both can be."""
    plain, named = contents[None], contents[stage]
    held = {row: text for row, text in named.texts.items() if text}
    if plain.texts and (not held or (named.is_zero and plain.levels)):
        _leave_out(grid, columns.pop(stage), "stage-not-held", found, stage=stage)
        others = columns.keys() - {None, Stage.TARGET}
        if others:
            columns[stage] = columns.pop(None)
        return columns
    if plain.texts.keys() - held.keys():
        values = {"first": plain.column.name.strip(), "column": named.column.name.strip()}
        problem = grid.problem("level-columns-disagree", named.column.header, **values)
        found.problems.append(problem)
    elif dict(plain.texts) != held and plain.texts:
        _leave_out(
            grid, plain.column, "column-beside-stage", found, taken=named.column.name.strip()
        )
    columns.pop(None)
    return columns


def _contents(
    grid: Grid, column: Column, codes: Mapping[int, str], instrument: Instrument
) -> _Contents:
    texts = {row: text for row in codes if (text := grid.text(row, column.index))}
    levels: dict[int, Fraction] = {}
    plain: dict[str, Fraction | None] = {}  # what says the same of every indicator
    for row, text in texts.items():
        if text not in plain:
            plain[text] = level_in(instrument.scale, text)
        level: Fraction | Problem | None = plain[text]
        if level is None and not text.isdecimal():
            level = judged(instrument, codes[row], text)
        if isinstance(level, Fraction):
            levels[row] = level
    return _Contents(column, texts, levels)


def _without_second(grid: Grid, contents: Sequence[_Contents], found: Judgement) -> list[_Contents]:
    """Refuse one heading over two filled columns; an empty one of the two is passed over."""
    first: dict[tuple[int, int], _Contents] = {}
    kept = []
    for each in contents:
        other = first.get(each.column.header)
        if other is None:
            first[each.column.header] = each
            kept.append(each)
        elif each.texts and other.texts and each.texts != other.texts:
            values = {"column": each.column.name.strip()}
            values |= {"first_at": column_letters(other.column.index)}
            values |= {"at": column_letters(each.column.index)}
            found.problems.append(grid.problem("heading-over-two", each.column.header, **values))
        elif each.texts and not other.texts:
            kept[kept.index(other)] = first[each.column.header] = each
    return kept


def _levels_only(
    grid: Grid,
    contents: Sequence[_Contents],
    codes: Mapping[int, str],
    instrument: Instrument,
    found: Judgement,
) -> list[_Contents]:
    """Return the columns that hold levels; the others are left out, which is said."""
    sound = [each for each in contents if each.levels and len(each.levels) == len(each.texts)]
    kept = []
    for each in contents:
        others = [other for other in sound if other is not each]
        reason = _no_levels(each, others, codes, instrument) if others else None
        if reason is None:
            kept.append(each)
        else:
            _leave_out(grid, each.column, reason, found, example=next(iter(each.texts.values())))
    return kept


def _no_levels(  # noqa: PLR0911  (one line a reason)
    each: _Contents, others: Sequence[_Contents], codes: Mapping[int, str], instrument: Instrument
) -> str | None:
    """Return the reason why a column beside sound ones holds no levels; None where it may."""
    if len(each.texts) < FEWEST or each.stage is Stage.TARGET:
        return None
    plan = Stage.TARGET
    if any(
        _is_points(each, other, codes, instrument) for other in others if other.stage is not plan
    ):
        return "column-of-points"
    if each.is_zero:
        return None  # a stage that has not taken place: said where the stages are weighed
    may_be_marks = folded(each.column.name) in _MARKED_BY_NAME or each.stage is None
    if len(each.levels) * 3 <= len(each.texts) and (may_be_marks or len(each.levels) < FEWEST):
        return "column-of-marks"
    if not may_be_marks or each.stage is None:
        return None
    off = [text for row, text in each.texts.items() if row not in each.levels]
    if len(off) * _SLIPS > len(each.texts) and not all(map(_is_zero, off)):
        return "column-of-marks"
    before = [
        o
        for o in others
        if o.stage is not plan and (o.stage is None or _is_before(o.stage, each.stage))
    ]
    if not before:
        return None
    was = before[-1]
    both = [row for row in each.levels if row in was.levels]
    same = set(each.levels.values())
    if len(same) == 1 and len(set(was.levels.values())) > 1:
        return "column-of-marks"
    raised = sum(1 for row in both if each.levels[row] > was.levels[row])
    return "column-of-marks" if raised * 2 > len(both) else None


def _is_before(stage: Stage, other: Stage) -> bool:
    order = tuple(Stage)
    return order.index(stage) < order.index(other)


def _is_points(
    each: _Contents, other: _Contents, codes: Mapping[int, str], instrument: Instrument
) -> bool:
    """Return whether a column holds another's levels times the weights, as far as it is rounded."""
    rows = [row for row in other.levels if row in each.texts]
    if len(rows) < max(FEWEST, len(each.texts)):
        return False
    try:
        points = {row: parse(each.texts[row].rstrip("%")) for row in rows}
    except NotANumberError:
        return False
    weights = {row: instrument.indicator_by_code[codes[row]].weight for row in rows}
    if len(set(weights.values())) == 1 or points == dict(other.levels):
        return False
    products = {row: other.levels[row] * weights[row] for row in rows}
    total = sum(products.values(), Fraction(0))
    share = sum(points.values(), Fraction(0)) / total if total else Fraction(0)
    off = max(abs(points[row] - share * products[row]) for row in rows)
    return share > 0 and off <= Fraction(1, 100)


def _one_each(grid: Grid, contents: Sequence[_Contents], found: Judgement) -> list[_Contents]:
    """Return one column a stage; a second one must say the same, or be empty."""
    first: dict[Stage | None, _Contents] = {}
    for each in contents:
        other = first.setdefault(each.stage, each)
        if other is each:
            continue
        if each.texts and not other.texts:
            first[each.stage] = each
        elif each.texts and dict(each.levels) != dict(other.levels):
            values = {"column": each.column.name.strip(), "at": column_letters(each.column.index)}
            values |= {"first": other.column.name.strip()}
            values |= {"first_at": column_letters(other.column.index)}
            found.problems.append(grid.problem("duplicate-column", each.column.header, **values))
    return list(first.values())


def _leave_out(grid: Grid, column: Column, code: str, found: Judgement, **values: str) -> None:
    said = {"column": column.name.strip(), "at": column_letters(column.index), **values}
    problem = grid.problem(code, column.header, **said)
    found.problems.append(problem._replace(severity=Severity.NOTICE))
    found.left_out[column.index] = code


def _is_zero(text: str) -> bool:
    try:
        return parse(text) == 0
    except NotANumberError:
        return False


def without_levels(
    grid: Grid,
    columns: Mapping[Stage | None, Column],
    identified: Identified,
    instrument: Instrument,
) -> list[Problem]:
    """Return one problem for the only level column if it is full of what is no level at all."""
    if len(columns) != 1:
        return []
    (column,) = columns.values()
    codes = {
        row: meant
        for row, text in identified.codes.items()
        if (meant := instrument.meant(text).code)
    }
    held = _contents(grid, column, codes, instrument)
    if len(held.texts) < FEWEST or held.levels:
        return []
    if any((row, column.index) in grid.marks for row in held.texts):
        return []
    examples = ", ".join(dict.fromkeys(text[:20] for text in list(held.texts.values())[:3]))
    values = {"column": column.name.strip(), "at": column_letters(column.index)}
    values |= {"found": examples, "scale": str(instrument.scale), "count": str(len(held.texts))}
    return [grid.problem("column-without-levels", column.header, **values)]


def unread(
    grid: Grid, header: Header, rows: Mapping[int, str], instrument: Instrument
) -> Iterator[tuple[int, str]]:
    """Yield every column without a meaning that holds levels for most indicators."""
    read = {column.index for column in header.columns if column.role not in CHECKLIST}
    for index in range(header.width):
        if index in read or len(rows) < FEWEST:
            continue
        texts = [text for row in rows if (text := grid.text(row, index))]
        name = heading(grid, header, index)
        if len(texts) * 2 <= len(rows) or not name or is_ours(name):
            continue
        levels = sum(
            isinstance(judged(instrument, rows[row], grid.text(row, index)), Fraction)
            for row in rows
            if grid.text(row, index)
        )
        if levels * 2 > len(rows):
            yield index, name


def unread_notice(grid: Grid, header: Header, index: int, name: str) -> Problem:
    """Return what is to be said of a column that is not read and holds numbers on the scale."""
    row = next(r for r in range(header.first_row, header.last_row + 1) if grid.text(r, index))
    values = {"column": name, "at": column_letters(index)}
    problem = grid.problem("column-unread", (row, index), **values)
    return problem._replace(severity=Severity.NOTICE)
