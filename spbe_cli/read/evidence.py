"""Which column of a table says the indicator, judged by what it holds, and what was read.

Where two columns answer one question they must agree. Where they do not, it is refused, or, where
one is clearly about something else, said which was taken.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise, permutations
from typing import NamedTuple

from spbe_cli.core.assessment import ReadColumn, TableRead
from spbe_cli.core.instrument import Instrument, Meant, folded
from spbe_cli.core.number import NotANumberError, exact, parse
from spbe_cli.core.problem import Problem, Severity
from spbe_cli.read.grid import LONGEST_CODE, SHORTEST_NAME, Grid, column_letters
from spbe_cli.read.header import ID, NAME, Column, Header, Role

_DECIMALS = 2  # as many as a sheet shows
_PERCENT = (Fraction(1), Fraction(1, 100))  # how a weight of 1 percent may be written
_OF_A_FLOAT = 12  # so many decimals a program writes, and nobody types
_MOST_COMPARED = 200_000  # names with names: of large instruments the first rows tell
_FEW = 5  # of fewer rows nothing is said by what most of them hold


class Judgement:
    """What was found of the columns: problems, and the columns that are left out, with reasons."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.left_out: dict[int, str] = {}


class Identified(NamedTuple):
    """The column that says the indicator, and for each row the code or the text that it gives.

    `cells` holds the column in which a row says it: another where the first is empty.
    """

    column: Column
    codes: Mapping[int, str]
    cells: Mapping[int, int]


def identify(
    grid: Grid, header: Header, rows: Sequence[int], instrument: Instrument, found: Judgement
) -> Identified:
    """Return which indicator each row is of, by the column that names them one to one."""
    columns = sorted(header.of(Role.INDICATOR), key=lambda column: column.meaning.rank)
    meant = {
        column.index: {
            row: instrument.meant(text) for row in rows if (text := grid.text(row, column.index))
        }
        for column in columns
    }
    _refuse_inner(grid, meant, found)
    _refuse_moved(grid, columns, meant, found)
    known = {
        index: {row: each.code for row, each in of_rows.items() if each.code}
        for index, of_rows in meant.items()
    }
    taken = _taken(grid, columns, rows, known, meant, found)
    _refuse_nearly_another(grid, columns, taken, meant, instrument, found)
    codes: dict[int, str] = {}
    cells: dict[int, int] = {}
    own = known[taken.index]
    by_number = any(meant[taken.index][row].by_name is None for row in own) or not own
    for row in rows:
        group = _group_in(grid, row, columns, known, instrument)
        if group is not None:  # beside a number that is not the group's: the row says neither
            codes[row], cells[row] = grid.text(row, group), group
            continue
        text = grid.text(row, taken.index)
        if text:
            # what a code means, the instrument says once more: it stays as it is written
            codes[row] = (
                text if by_number and not meant[taken.index][row].by_name else own.get(row, text)
            )
            cells[row] = taken.index
            continue
        other = next((c for c in columns if known[c.index].get(row)), None)
        if other is not None and other.index not in found.left_out:
            codes[row] = known[other.index][row]
            cells[row] = other.index
    return Identified(taken, codes, cells)


def _group_in(
    grid: Grid,
    row: int,
    columns: Sequence[Column],
    known: Mapping[int, Mapping[int, str]],
    instrument: Instrument,
) -> int | None:
    """Return the column in which a row names a domain or aspect; None where none does."""
    unknown = (column.index for column in columns if row not in known[column.index])
    names = instrument.names_of_groups_alone
    return next((index for index in unknown if folded(grid.text(row, index)) in names), None)


def _refuse_inner(grid: Grid, meant: Mapping[int, Mapping[int, Meant]], found: Judgement) -> None:
    """Refuse a cell such as `12. NAME` whose number and name are of two indicators."""
    for index, of_rows in meant.items():
        for row, each in of_rows.items():
            if each.by_code and each.by_name and each.by_code != each.by_name:
                values = {"found": grid.text(row, index), "first": each.by_code}
                values |= {"second": each.by_name, "count": "1"}
                found.problems.append(grid.problem("indicators-disagree", (row, index), **values))


def _refuse_moved(
    grid: Grid,
    columns: Sequence[Column],
    meant: Mapping[int, Mapping[int, Meant]],
    found: Judgement,
) -> None:
    """Refuse a row whose name stands among the numbers of other rows, or number among their names.

    The column in which it should stand is empty there.
    """
    for here, other in permutations(columns, 2):
        of_rows = meant[here.index]
        named = {row for row, each in of_rows.items() if each.by_name}
        alone = {row for row in of_rows if row not in meant[other.index]}
        rest = alone - named
        odd = named & alone if len(named) * 2 < len(of_rows) else rest
        if len(odd) * _FEW >= len(of_rows):
            continue
        for row in sorted(odd):
            if of_rows[row].code:
                values = {"found": grid.text(row, here.index), "column": here.name.strip()}
                values["other"] = other.name.strip()
                found.problems.append(grid.problem("cells-moved", (row, here.index), **values))


def _refuse_nearly_another(  # noqa: PLR0913, PLR0917
    grid: Grid,
    columns: Sequence[Column],
    taken: Column,
    meant: Mapping[int, Mapping[int, Meant]],
    instrument: Instrument,
    found: Judgement,
) -> None:
    """Refuse numbers beside names that are no official ones, and nearly those of other indicators.

    Running numbers beside misspelt names in another order would else be taken for the indicators'.
    """
    others = [c.index for c in columns if c is not taken and c.index not in found.left_out]
    unnamed = [
        (row, index, each.by_code)
        for row, each in meant[taken.index].items()
        if each.by_code and not each.by_name
        if not any(meant[index][row].code for index in others if row in meant[index])
        for index in (taken.index, *others)
        if len(grid.text(row, index)) >= SHORTEST_NAME
    ]
    if not unnamed:
        return
    names = {code: _in_words(each.name) for code, each in instrument.indicator_by_code.items()}
    odd = [
        (row, index, code, other)
        for row, index, code in unnamed[: _MOST_COMPARED // len(names)]
        if (other := _nearly(grid.text(row, index), code, names)) is not None
    ]
    if not odd:
        return
    from spbe_cli.read.official import names_another

    if not names_another({grid.text(row, index) for row, index, *_ in odd}, instrument):
        row, index, first, second = odd[0]
        texts = dict.fromkeys(grid.text(row, at) for at in (taken.index, index))
        values = {"found": " | ".join(texts), "first": first, "second": second}
        values["count"] = str(len({row for row, *_ in odd}))
        found.problems.append(grid.problem("indicators-disagree", (row, index), **values))


def _nearly(text: str, code: str, names: Mapping[str, frozenset[str]]) -> str | None:
    """Return the other indicator whose name has most words of a text, and of this one's hardly any.

    At least three of five of both names' words are shared, and by three in ten more than with its
    own.
    """
    words = _in_words(text)
    own, in_own = len(words & names[code]), len(words | names[code])
    if own * 2 > in_own:
        return None
    for other, its_words in names.items():
        shared = len(words & its_words)
        every = len(words) + len(its_words) - shared
        if shared * 5 >= every * 3 and (shared * in_own - own * every) * 10 >= every * in_own * 3:
            return other
    return None


def _in_words(text: str) -> frozenset[str]:
    return frozenset(folded(text).split())


def _taken(  # noqa: PLR0913, PLR0917
    grid: Grid,
    columns: Sequence[Column],
    rows: Sequence[int],
    known: Mapping[int, Mapping[int, str]],
    meant: Mapping[int, Mapping[int, Meant]],
    found: Judgement,
) -> Column:
    """Return the column that is taken, and say of the others that they disagree with it."""
    filled = [column for column in columns if known[column.index]]
    if not filled:
        return columns[0]
    most = max(len(set(known[column.index].values())) for column in filled)
    enough = [c for c in filled if len(set(known[c.index].values())) * 10 >= most * 9]
    # a number goes before a name, which may be shortened; numbers that begin anew in every group
    # say no indicator
    enough.sort(key=lambda c: any(each.by_name for each in meant[c.index].values()))
    taken = next((c for c in enough if _is_nearly_one_to_one(known[c.index])), enough[0])
    for other in filled:
        if other.index == taken.index:
            continue
        taken = _held_against(grid, taken, other, known, meant, rows, found)
    for other in columns:
        if known[other.index] or other.meaning.rank == NAME or other.index in found.left_out:
            continue
        texts = [grid.text(row, other.index) for row in meant[other.index]]
        if texts and max(map(len, texts)) <= LONGEST_CODE:  # and no shortened names
            _leave_out(grid, other, taken, found)
    return taken


def _held_against(  # noqa: PLR0913, PLR0917
    grid: Grid,
    taken: Column,
    other: Column,
    known: Mapping[int, Mapping[int, str]],
    meant: Mapping[int, Mapping[int, Meant]],
    rows: Sequence[int],
    found: Judgement,
) -> Column:
    """Return the one of two columns that is taken; refuse where each could be."""
    both = [row for row in rows if row in known[taken.index] and row in known[other.index]]
    apart = [row for row in both if known[taken.index][row] != known[other.index][row]]
    if not apart:
        return taken
    if len(apart) * 2 > len(both):
        if _only_counts(taken, known, meant) and _is_one_to_one(known[other.index]):
            taken, other = other, taken
        if _only_counts(other, known, meant) or other.meaning.rank == ID:
            _leave_out(grid, other, taken, found)
            return taken
    first = apart[0]
    values = {"found": f"{grid.text(first, taken.index)} | {grid.text(first, other.index)}"}
    values |= {"first": known[taken.index][first], "second": known[other.index][first]}
    values["count"] = str(len(apart))
    problem = grid.problem("indicators-disagree", (first, taken.index), **values)
    found.problems.append(problem)
    return taken


def _leave_out(grid: Grid, other: Column, taken: Column, found: Judgement) -> None:
    values = {"column": other.name.strip(), "at": column_letters(other.index)}
    values |= {"taken": taken.name.strip(), "taken_at": column_letters(taken.index)}
    problem = grid.problem("identifier-left-out", other.header, **values)
    found.problems.append(problem._replace(severity=Severity.NOTICE))
    found.left_out[other.index] = "identifier-left-out"


def _is_nearly_one_to_one(codes: Mapping[int, str]) -> bool:
    """Return whether a column gives an indicator once, but for a slip."""
    return len(set(codes.values())) * 10 >= len(codes) * 8


def _is_one_to_one(codes: Mapping[int, str]) -> bool:
    return len(set(codes.values())) == len(codes)


def _only_counts(
    column: Column, known: Mapping[int, Mapping[int, str]], meant: Mapping[int, Mapping[int, Meant]]
) -> bool:
    """Return whether a column only numbers the rows: 1, 2, 3, ... from the top or in each group."""
    if any(each.by_name for each in meant[column.index].values()):
        return False
    codes = [known[column.index][row] for row in sorted(known[column.index])]
    if not all(map(str.isdecimal, codes)):
        return False
    numbers = list(map(int, codes))
    starts = numbers[:1] == [1]
    return starts and all(b in (a + 1, 1) for a, b in pairwise(numbers))


def heading(grid: Grid, header: Header, index: int) -> str:
    """Return what stands over a column."""
    rows = range(header.first_row, header.last_row + 1)
    return " ".join(text for row in rows if (text := grid.text(row, index)))


def split_decimals(
    grid: Grid, header: Header, column: int, rows: Sequence[int], *, any_value: bool
) -> bool:
    """Return whether a comma inside numbers cut a column in two: `3,25` in a file with commas.

    A column of whole numbers followed by one of one or two digits throughout, under a heading that
    expects text, or none. `any_value`: such numbers may have decimals; else they can only be `,0`.
    """
    if grid.delimiter != ",":
        return False
    following = next((c for c in header.columns if c.index == column + 1), None)
    expected = (Role.NOTE, Role.EVIDENCE, Role.RESPONSIBLE)
    if following is not None and following.role not in expected:
        return False
    pairs = [(grid.text(row, column), grid.text(row, column + 1)) for row in rows]
    if not pairs or not all(
        a.isdecimal() and b.isdecimal() and len(b) <= _DECIMALS for a, b in pairs
    ):
        return False
    return any_value or following is not None or all(not b.strip("0") for _, b in pairs)


def weights_apart(
    grid: Grid, header: Header, codes: Mapping[int, str], instrument: Instrument
) -> Iterator[Problem]:
    """Yield a problem for every row whose weight is not its indicator's, where most others are.

    A cell too many moves a row's cells, and a weight may come to stand where the level was.
    `codes` holds each row's indicator, as the instrument calls it.
    """
    weights = {row: instrument.indicator_by_code[code].weight for row, code in codes.items()}
    for column in header.of(Role.WEIGHT):
        texts = {row: grid.text(row, column.index).rstrip("% ") for row in weights}
        for percent in _PERCENT:
            apart = [row for row in weights if not _rounds_to(weights[row] * percent, texts[row])]
            if len(apart) * _FEW >= len(weights) or len(weights) < _FEW:
                continue
            for row in apart:
                values = {"found": texts[row], "indicator": codes[row]}
                values |= {"weight": exact(weights[row] * percent), "column": column.name.strip()}
                yield grid.problem("weight-disagrees", (row, column.index), **values)


def _rounds_to(value: Fraction, text: str) -> bool:
    """Return whether a text is this value, to as many decimals as it gives."""
    try:
        number = parse(text)
    except NotANumberError:
        return False
    decimals = text.replace(",", ".").partition(".")[2]
    unit = Fraction(1, 10 ** len(decimals))
    if len(decimals) >= _OF_A_FLOAT:  # rounded twice: to a binary number, and to its digits
        unit *= 2
    return abs(number - value) * 2 <= unit


def columns_read(
    grid: Grid, header: Header, taken: Mapping[int, str], left_out: Mapping[int, str]
) -> list[ReadColumn]:
    """Return every named column with its role, or why it was left out."""
    by_index = {column.index: column for column in header.columns}
    found = []
    for index in range(header.width):
        name = heading(grid, header, index)
        column = by_index.get(index)
        at = column_letters(index)
        if column is None or index in left_out or index not in taken:
            if name or index in left_out:
                found.append(
                    ReadColumn(at, name, left_out=left_out.get(index) or _why(name, column))
                )
            continue
        stage = str(column.meaning.stage or "")
        found.append(ReadColumn(at, name, taken[index], stage, column.meaning.indicator))
    return found


_OURS = re.compile(
    r"(criterion level|kriteria tingkat) [0-9 ]+|index|indeks|as assessed|sesuai penilaian"
    r"|points|poin|spbe",
    re.IGNORECASE,
)
"""The headings of what forms and workbooks of ours say or compute, beside what is read."""


def is_ours(name: str) -> bool:
    """Return whether a heading is one that we write over what is never read."""
    return _OURS.fullmatch(folded(name)) is not None


_RISES = (("adds to the index", "tambahan pada indeks"), ("gain", "tambahan"))
_BESIDE = ("to level", "ke tingkat", "effort", "upaya")


def says_rises(grid: Grid, header: Header) -> bool:
    """Return whether a table says what levels may rise to, as our reports do beside the levels."""
    names = {folded(heading(grid, header, index)) for index in range(header.width)}
    of_the_index, of_a_step = (bool(names & set(each)) for each in _RISES)
    return of_the_index or (of_a_step and bool(names & set(_BESIDE)))


def _why(name: str, column: Column | None) -> str:
    if column is not None or is_ours(name):
        return "not-needed"
    return "heading-not-known" if name else "no-heading"


def most_common(texts: Sequence[str]) -> tuple[str, int]:
    """Return the text that is there most often, and how often."""
    return Counter(texts).most_common(1)[0]


def read_of(grid: Grid, header: Header) -> TableRead:
    """Return an empty record of what is read under a header."""
    lines = [grid.line(header.first_row), grid.line(header.last_row)]
    sheet = grid.place_of(0, 0).sheet
    form = "wide" if header.wide else "long"
    return TableRead(form, "-".join(dict.fromkeys(lines)), (sheet,) if sheet else ())
