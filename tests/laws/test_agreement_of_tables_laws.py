"""Every number of rank, profile, audit and the tables of a report, recomputed for many sheets.

The sheets are those of test_agreement_laws: on, just below and just above a threshold, on either
basis; SPBE_SHEETS says how many. All of one table have one instrument and year.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import Spbe
from support.agreement import KINDS, SHEETS, Answers, Sheet, hold_bases, hold_nothing_else, made
from support.said import Text, is_half_up, number

from spbe_cli.core.instrument import Basis, Predicate

EACH = 8
"""How many sheets a table has."""
CATEGORIES = ("Kota", "Kota", "Kabupaten", "Kota", "Kabupaten", "", "Kabupaten", "")


@dataclass(frozen=True)
class Institution:
    """An institution of a table: its name, its category, its score sheet."""

    name: str
    category: str
    sheet: Sheet

    @property
    def index(self) -> Fraction:
        return self.sheet.index


Table = Sequence[Institution]


def table_of(kind: tuple[str, int], seed: int, folder: Path, *, first: int = 0) -> Table:
    """Institutions on thresholds; `first` leaves some out, so that others come and go."""
    made_of = [made(kind, seed * EACH + at, folder) for at in range(EACH)]
    named = [Institution(f"Instansi {at}", CATEGORIES[at], s) for at, s in enumerate(made_of)]
    return named[first:]


def written(table: Table, year: int, path: Path) -> str:
    codes = list(table[0].sheet.levels)
    lines = [",".join(["institution", "category", "year", *codes])]
    for each in table:
        levels = [f"{float(level):g}" for level in each.sheet.levels.values()]
        lines.append(",".join([each.name, each.category, str(year), *levels]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def grid(text: Text) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield each table of a page in Markdown: the line above it, and its rows with the heading."""
    above, rows = "", list[list[str]]()
    for line in [*text.lines, ""]:
        if line.startswith("|"):
            cells = [cell.strip(" *") for cell in line.strip()[1:-1].split("|")]
            if not all(re.fullmatch("-+:?", cell) for cell in cells):
                rows.append(cells)
        elif rows:
            yield above, rows
            above, rows = line, []
        elif line:
            above = line


def place_of(index: Fraction, among: Table) -> int:
    return 1 + sum(each.index > index for each in among)


def groups_of(table: Table) -> dict[str, Table]:
    names = dict.fromkeys(each.category for each in table)
    return {name: [each for each in table if each.category == name] for name in names}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("seed", range(max(1, SHEETS // EACH)))
def test_no_two_numbers_of_tables_disagree(
    spbe: Spbe, tmp_path: Path, seed: int, language: str
) -> None:
    kind = KINDS[seed % len(KINDS)]
    now = table_of(kind, seed, tmp_path, first=1)
    answers = Answers(spbe, now[0].sheet, language)
    path = written(now, kind[1], tmp_path / "now.csv")
    before: Table = ()
    earlier: tuple[str, ...] = ()
    if kind[0] != "pemdi-2026":
        past = tmp_path / "past"
        past.mkdir()
        before = table_of(kind, seed + 500, past)[:-1]
        earlier = ("--previous", written(before, kind[1] - 1, tmp_path / "before.csv"))
    hold_ranks(answers.text("rank", path, *earlier), now, before, lambda _: "")
    by = answers.text("rank", path, *earlier, "--by", "category")
    hold_ranks(by, now, before, lambda each: each.category)
    for each in now[:2]:
        hold_found(answers.text("rank", path, *earlier, "--find", each.name), each, now, before)
    hold_profile(answers, path, now)
    hold_audit(answers, now, kind[1], tmp_path)
    hold_report(answers, now)


def hold_ranks(text: Text, now: Table, before: Table, group: Callable[[Institution], str]) -> None:
    by_name, was = {e.name: e for e in now}, {e.name: e for e in before}
    seen = 0
    for heading, (_, *rows) in grid(text):
        members = [each for each in now if group(each) == group(by_name[rows[0][1]])]
        past = [each for each in before if group(each) == group(members[0])]
        assert int(heading.rpartition(": ")[2]) == len(rows) == len(members)
        text.said.add(text.lines.index(heading))
        for cells in rows:
            each = by_name[cells[1]]
            seen += 1
            assert int(cells[0]) == place_of(each.index, members)
            assert is_half_up(cells[2], each.index)
            assert cells[3] == each.sheet.predicate
            if not before:
                continue
            if each.name not in was:
                assert cells[5] == ""
                continue
            old = was[each.name]
            assert is_half_up(cells[4], each.index - old.index)
            if cells[5]:
                assert int(cells[5]) == place_of(old.index, past) - int(cells[0])
        for one, other in pairwise(rows):
            apart = by_name[one[1]].index != by_name[other[1]].index
            assert (number(one[2]) > number(other[2])) == apart
    assert seen == len(now)
    hold_bases_of(text, now)
    gone = [e.name for e in before if e.name not in by_name]
    for found in text.find("Only in the earlier table: {names}") if before else ():
        assert sorted(found["names"].split(", ")) == sorted(gone)
    for line in text.lines:
        if "rank-without-group" in line:
            at = text.lines.index(line)
            text.said |= {at, at + 1}
            none = [each for each in now if not each.category]
            counts = re.search(r"(\d+) \w+ (\d+)", line.partition(": ")[2])
            assert counts is not None
            assert [int(each) for each in counts.groups()] == [len(none), len(now)]
    hold_nothing_else(text)


def hold_bases_of(text: Text, now: Table) -> None:
    hold_bases(text, *(each.sheet for each in now))
    sheets = [each.sheet for each in now]
    differing = sum(by(s, Basis.EXACT) != by(s, Basis.ROUNDED) for s in sheets)
    said = [line for line in text.lines if "ndeks eksak" in line or "exact index " in line]
    assert len(said) == differing


def by(sheet: Sheet, basis: Basis) -> str:
    """The predicate on a basis, from the thresholds alone."""
    index = sheet.index
    if basis is Basis.ROUNDED:
        index = Fraction(int(index * 200 + 1) // 2, 100)
    predicates = sheet.instrument.predicates
    return next(p.name for p in predicates if p.threshold is None or index >= p.threshold)


def hold_found(text: Text, each: Institution, now: Table, before: Table) -> None:
    found = text.one("Index {index}, {predicate}")
    assert is_half_up(found["index"], each.index)
    assert found["predicate"] == each.sheet.predicate
    old = next((e for e in before if e.name == each.name), None)
    if old is not None:
        said = text.one("Before: {index}, place {place}; change {change}, places gained {shift}")
        assert is_half_up(said["index"], old.index)
        assert int(said["place"]) == place_of(old.index, before)
        assert is_half_up(said["change"], each.index - old.index)
        assert int(said["shift"]) == int(said["place"]) - place_of(each.index, now)
    ((_, (_, every, category, _)),) = grid(text)
    for cells, among in ((every, now), (category, groups_of(now)[each.category])):
        assert int(cells[1]) == place_of(each.index, among)
        assert int(cells[2]) == len(among)
        share = Fraction(100 * sum(e.index <= each.index for e in among), len(among))
        assert is_half_up(cells[3], share)
    hold_bases(text, *(e.sheet for e in now))
    hold_nothing_else(text)


def hold_profile(answers: Answers, path: str, now: Table) -> None:
    instrument = now[0].sheet.instrument
    wanted = instrument.predicates[1]
    asked = ("profile", path, "--target", wanted.name, "--detail", "aspect")
    text = answers.text(*asked)
    assert text.one("Index of {number} {number:institution|institutions}")["number"] == str(
        len(now)
    )
    last = {"id": "Semua", "en": "All"}[answers.language]
    groups = {**groups_of(now), last: now}
    tables = list(grid(text))
    codes = [group.code for group, _, _ in instrument.nodes]
    names = [predicate.name for predicate in instrument.predicates]
    spreads = [rows for _, rows in tables if len(rows[0]) == 6 and rows[0][1:] != names]
    assert len(spreads) == 1 + len(codes)
    for code, (_, *rows) in zip([None, *codes], spreads, strict=True):
        for cells in rows:
            hold_spread(cells, groups[cells[0]], code)
    hold_means([rows for _, rows in tables if rows[0][1] in codes], groups)
    hold_counts([rows for _, rows in tables if rows[0][1:] == names], groups, names)
    known = [rows for _, rows in tables if len(rows[0]) == 3 and rows[1][0] in groups]
    hold_target([each for each in known if each[0][1] not in codes], groups, wanted)
    hold_bars([rows for _, rows in tables if len(rows[0]) == 4 and rows[0][3] == ""], now)


Rows = Sequence[Sequence[str]]


def hold_means(tables: Sequence[Rows], groups: dict[str, Table]) -> None:
    assert tables
    for heading, *rows in tables:
        for cells in rows:
            of = groups[cells[0]]
            for code, said in zip(heading[1:], cells[1:], strict=True):
                values = [node(each, code) for each in of]
                assert is_half_up(said, sum(values) / Fraction(len(of)))


def hold_counts(tables: Sequence[Rows], groups: dict[str, Table], names: Sequence[str]) -> None:
    (_, *counts), (_, *shares) = tables
    for one, other in zip(counts, shares, strict=True):
        of = groups[one[0]]
        for name, many, share in zip(names, one[1:], other[1:], strict=True):
            found = sum(each.sheet.predicate == name for each in of)
            assert int(many) == found
            assert is_half_up(share, Fraction(100 * found, len(of)))


def hold_target(tables: Sequence[Rows], groups: dict[str, Table], wanted: Predicate) -> None:
    ((_, *rows),) = tables
    for cells in rows:
        of = groups[cells[0]]
        met = sum(each.index >= each.sheet.least(wanted.threshold) for each in of)
        assert [int(n) for n in re.findall(r"\d+", cells[1])] == [met, len(of)]
        assert is_half_up(cells[2].rstrip(" %"), Fraction(100 * met, len(of)))


def hold_bars(tables: Sequence[Rows], now: Table) -> None:
    ((_, *rows),) = tables
    for cells in rows:
        found = sum(each.sheet.predicate == cells[0] for each in now)
        assert int(cells[1]) == found
        assert is_half_up(cells[2].rstrip(" %"), Fraction(100 * found, len(now)))


def node(each: Institution, code: str) -> Fraction:
    return each.sheet.mean(each.sheet.instrument.node_by_code[code])


def hold_spread(cells: Sequence[str], of: Table, code: str | None) -> None:
    values = sorted(each.index if code is None else node(each, code) for each in of)
    middle = values[(len(values) - 1) // 2] + values[len(values) // 2]
    assert int(cells[1]) == len(values)
    wanted = (sum(values) / Fraction(len(values)), middle / 2, values[0], values[-1])
    assert all(is_half_up(*pair) for pair in zip(cells[2:], wanted, strict=True))


def shown(value: Fraction) -> str:
    units = int(value * 200 + 1) // 2
    return f"{units // 100}.{units % 100:02d}"


def hold_audit(answers: Answers, now: Table, year: int, folder: Path) -> None:
    """What is rounded half up from levels is right; counts and bounds are those of the rows."""
    instrument = now[0].sheet.instrument
    codes = [group.code for group in instrument.groups]
    lines = [",".join(["institution", "year", *codes, "index", "predicate"])]
    for each in now:
        values = [shown(node(each, code)) for code in codes]
        cells = [each.name, str(year), *values, shown(each.index), each.sheet.predicate]
        lines.append(",".join(cells))
    path = folder / "published.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = answers.text("audit", str(path))
    assert text.one("Audit of {number} {number:row|rows}")["number"] == str(len(now))
    by_name = {each.name: each for each in now}
    telling = 0
    for _, (_, *rows) in grid(text):
        for cells in rows:
            each = by_name[cells[1]]
            telling += 1
            assert lines[int(cells[0]) - 1].startswith(f"{each.name},")
            assert cells[2].replace(",", ".") == f"{shown(each.index)} {each.sheet.predicate}"
            ends = [number(end) for end in cells[3].split(" - ")]
            assert ends[0] <= each.index <= ends[-1]
            assert by(each.sheet, Basis.EXACT) in cells[4].split(" - ")
            assert by(each.sheet, Basis.ROUNDED) in cells[5].split(" - ")
    found = text.one(
        "Predicates: {either} {either:follows|follow} on either basis, {rounded} only from the "
        "rounded index, {exact} only from the exact one, {neither} from neither"
    )
    counted = {name: int(found[name]) for name in ("either", "rounded", "exact", "neither")}
    assert counted["neither"] == 0
    assert sum(counted.values()) == len(now)
    assert counted["rounded"] + counted["exact"] == telling
    judged = text.one("Judged, with the number of rows: {columns}")["columns"].split(", ")
    assert [each.rpartition(" ")[2] for each in judged] == [str(len(now))] * (len(codes) + 2)
    list(text.find("Not judged, as no row has a published value: {columns}"))
    hold_nothing_else(text)


def hold_report(answers: Answers, now: Table) -> None:
    """The tables of a report against the one before it in the table."""
    before, sheet = now[0].sheet, now[-1].sheet
    text = answers.text("report", sheet.path, "--previous", before.path)
    whole = Fraction(sum(each.weight for each in sheet.instrument.indicators))
    for heading, *rows in [rows for _, rows in grid(text)]:
        if heading[0] and heading[3:4] not in (["Index"], ["Indeks"]):
            continue  # a table of indicators
        first = {cells[0].removeprefix("&emsp;").strip(): cells for cells in rows}
        for group, _, below in sheet.instrument.nodes:
            cells = first.get(group.code)
            if cells is None or cells[1] != group.name or len(heading) != 6:
                continue
            if heading[0]:  # weight, index, points, predicate
                assert is_half_up(cells[2], 100 * group.weight / whole)
                assert is_half_up(cells[3], sheet.mean(below))
                exact = sheet.mean(below) * group.weight / whole
                assert abs(number(cells[4]) - exact) < Fraction(1, 100)
            else:  # before, now, change, points
                assert is_half_up(cells[2], before.mean(below))
                assert is_half_up(cells[3], sheet.mean(below))
                assert is_half_up(cells[4], sheet.mean(below) - before.mean(below))
        total = next((c for c in rows if c[1] == sheet.instrument.index_name), None)
        if total is not None and heading[0]:
            assert is_half_up(total[3], sheet.index)
            assert is_half_up(total[4], sheet.index)
            assert total[5] == sheet.predicate
        elif total is not None:
            assert is_half_up(total[-4], before.index)
            assert is_half_up(total[-3], sheet.index)
            assert is_half_up(total[-2], sheet.index - before.index)
