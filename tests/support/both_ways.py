"""The same table by `score` and by `batch`: whole, by blocks, and by blocks without an engine."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import NamedTuple
from unittest.mock import patch

from spbe_cli.batch.run import BatchRun
from spbe_cli.cli.run import run
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import exact
from spbe_cli.core.problem import errors_of
from spbe_cli.core.score import Reading, score
from spbe_cli.read import stream, stream_rows
from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.text import File
from support.disturbed import Sheet, book_of, file_of

REFUSED = 3
_WHO = ("Kota Satu", "Kabupaten Dua", "Kota Tiga", "Provinsi Empat", "Kota Lima", "Kabupaten Enam")


class Way(StrEnum):
    """How a batch goes through a table."""

    ROWS = "rows"
    BLOCKS = "blocks"
    WITHOUT_ENGINE = "blocks without an engine"


Row = tuple[str, ...]
"""What is said of an institution."""
_COLUMNS = ("institution", "year", "stage", "instrument", "index", "predicate")
Outcome = tuple[Row, ...] | None
"""The rows of a file; None where it is refused."""


class Found(NamedTuple):
    """What a file gave: all rows or a refusal, the rows that are right by themselves, the codes."""

    outcome: Outcome
    right: tuple[Row, ...]
    codes: tuple[str, ...]


def _row(reading: Reading) -> Row:
    own, card = reading.assessment, score(reading.instrument, reading.assessment)
    whose = (own.institution or "", str(own.year or ""), own.stage or "", own.instrument)
    return (*whose, exact(card.index), card.predicate.name)


class Table(NamedTuple):
    """A table, and the instrument that is asked for."""

    file: File
    asked: Instrument | None = None


def scored(table: Table) -> Found:
    """Return what `score` makes of a table."""
    found = read_file(table.file, Wishes(table.asked))
    errors = errors_of(found.problems)
    rows = tuple(map(_row, found.readings))
    outcome = None if errors or not rows else rows
    return Found(outcome, rows, tuple(sorted({each.code for each in errors})))


def batched(table: Table, folder: Path, way: Way, later: int = 1) -> Found:
    """Return what `batch` makes of a table; in blocks, so many lines stand after the first."""
    file = table.file
    source, out, rejects = folder / file.path, folder / "hasil.csv", folder / "ditolak.csv"
    source.write_bytes(file.content)
    asked = ["batch", str(source), "-o", str(out), "--exact", "--raw", "--quiet"]
    asked += ["--instrument", table.asked.id] if table.asked is not None else []
    with going(way, file, later), redirect_stderr(io.StringIO()):
        code = run([*asked, "--rejects", str(rejects), "--force"])
    if code not in (0, REFUSED):
        return Found(None, (), (f"exit code {code}",))
    wrong = _below_head(rejects)
    rows = tuple(tuple(each[name] for name in _COLUMNS) for each in _below_head(out))
    refused = code == REFUSED or bool(wrong)
    return Found(None if refused else rows, rows, tuple(sorted({each["code"] for each in wrong})))


@contextmanager
def going(way: Way, file: File, later: int) -> Iterator[None]:
    """Let a batch take a small file as it takes one that does not fit into memory."""
    if way is Way.ROWS:
        yield
        return
    lines = file.content.splitlines(keepends=True)
    first = max(1, len(b"".join(lines[: len(lines) - later])))
    with ExitStack() as patched:
        patched.enter_context(patch.object(stream_rows, "SMALL", first))
        patched.enter_context(patch.object(stream_rows, "LARGEST", len(file.content) - 1))
        for name in ("_BLOCK", "_HEAD"):
            patched.enter_context(patch.object(stream, name, first))
        if way is Way.WITHOUT_ENGINE:
            patched.enter_context(patch.object(BatchRun, "_block_scorer", lambda _: None))
        yield


def _below_head(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    path.unlink()
    return rows


def difference(score_: Found, batch: Found) -> str:
    """Return how the two differ; the problems may have other codes, the rows may not."""
    if (score_.outcome is None) != (batch.outcome is None):
        one, other = ("refused by score", "scored by batch")
        if batch.outcome is None:
            one, other = ("scored by score", "refused by batch")
        return f"{one}, {other}: {' '.join(score_.codes or batch.codes)}"
    if score_.outcome != batch.outcome:
        return f"other rows: {set(score_.outcome or ()) ^ set(batch.outcome or ())}"
    more = set(batch.right) - set(score_.right)
    return f"more rows right by themselves: {more}" if more else ""


# The same sheet in other forms


def wide_of(sheet: Sheet, random: Random) -> Table:
    """Return a disturbed sheet as a table with a row an institution, among some others."""
    named = "code" not in sheet.columns or random.random() < 0.2
    codes = [row.get("name" if named else "code", "") for row in sheet.rows]
    levels = [row.get("level", "") for row in sheet.rows]
    plain = [level.partition(" (")[0] for level in levels]  # a name is that of its indicator
    who = [random.choice(["Instansi", "Nama Instansi", "Pemerintah Daerah", "institution"])]
    above = [row for row in sheet.above if row[:1] != ["Instansi"]]
    year = next((row[1] for row in above if row[:1] and row[0].casefold().startswith("tahun")), "")
    own: list[list[str]] = [[name] for name in random.sample(_WHO, random.randint(3, 6))]
    if random.random() < 0.5:
        who.append(random.choice(["Tahun", "tahun", "year"]))
        own = [[*each, year] for each in own]
        above = [row for row in above if year not in row] if random.random() < 0.5 else above
    if random.random() < 0.3:
        who.insert(0, random.choice(["No", "No."]))
        own = [[str(number), *each] for number, each in enumerate(own, 1)]
    after: list[str] = []
    more: list[str] = []
    if {"notes", "recommendations", "target", "ticks"} & set(sheet.done):
        after = [random.choice(["Catatan", "Target", "Indeks", "Keterangan"])]
        more = [random.choice(["", "3", "2,61", "ada; lengkap"])]
    rows = [[*each, *random.sample(plain, len(plain)), *more] for each in own]
    rows[0] = [*own[0], *levels, *more]
    heading = [*who, *codes, *after]
    table = [*above, heading]
    if sheet.numbered:
        table.append([f"({number})" for number in range(1, len(heading) + 1)])
    for number, row in enumerate(rows):
        if sheet.repeats and number == 2:
            table.append(heading)
        table.append(row)
    if sheet.between:
        mean = random.choice(["2,85", "3", ""])
        label = [random.choice(["Rata-rata", "Jumlah", "Total", "Indeks SPBE"])]
        table.append([*[""] * (len(who) - 1), *label, *[mean] * len(codes)][: len(heading)])
    short = [row for row in sheet.rows if "__cells__" in row]
    if short or random.random() < 0.15:
        _spoil(random.choice(rows), len(who), random)
    asked = sheet.instrument if named and random.random() < 0.5 else None
    return Table(_written(sheet, [*table, *sheet.below]), asked)


def _spoil(row: list[str], first: int, random: Random) -> None:
    """Lose, double, blank or move a cell of a row."""
    place = random.randrange(len(row))
    how = random.choice(["lost", "doubled", "blank", "moved", "word", "off"])
    if how == "lost":
        row.pop(place)
    elif how == "doubled":
        row.insert(place, row[place])
    elif how == "moved":
        row.insert(place, "")
        row.pop()
    else:
        row[max(place, first)] = {"blank": "", "word": "ada", "off": "9"}[how]


def stacked(sheet: Sheet, random: Random) -> Table:
    """Return a disturbed sheet below the same of other institutions, told apart by a column."""
    table: list[list[str]] = [row for row in sheet.above if row[:1] != ["Instansi"]]
    heading = [sheet.headings[column] for column in sheet.columns]
    heading.insert(0, random.choice(["Instansi", "Nama Pemda", "institution"]))
    table.append(heading)
    if sheet.numbered:
        table.append([f"({number})" for number in range(1, len(heading) + 1)])
    is_merged = random.random() < 0.3
    names = random.sample(_WHO, random.randint(2, 4))
    for at, name in enumerate(names):
        levels = [row.get("level", "") for row in sheet.rows]
        if at:
            random.shuffle(levels)
        for number, (row, level) in enumerate(zip(sheet.rows, levels, strict=True)):
            if sheet.repeats and number and number % sheet.repeats == 0:
                table.append(heading)
            between = sheet.between.get(number, [])
            table += [["", *(each.get(c, "") for c in sheet.columns)] for each in between]
            own = {**row, "level": level}
            cells = [own.get(column, "") for column in sheet.columns]
            if "__cells__" in row and not at:
                cells = row["__cells__"].split("\x00")
            table.append([name if not number or not is_merged else "", *cells])
    return Table(_written(sheet, [*table, *sheet.below]))


def _written(sheet: Sheet, rows: list[list[str]]) -> File:
    if sheet.workbook:
        return File("lembar.xlsx", book_of(sheet, rows))
    text = io.StringIO()
    csv.writer(text, delimiter=sheet.delimiter, lineterminator="\n").writerows(rows)
    return File("lembar.csv", text.getvalue().encode())


def as_it_is(sheet: Sheet, random: Random) -> Table:
    """Return a disturbed sheet."""
    del random
    return Table(file_of(sheet))


FORMS: dict[str, Callable[[Sheet, Random], Table]] = {
    "long": as_it_is,
    "wide": wide_of,
    "stacked": stacked,
}


def compared(sheet: Sheet, random: Random, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield how each form of a sheet went through each way, and what differs from `score`."""
    for form, made in FORMS.items():
        table = made(sheet, random)
        right = scored(table)
        rows = sheet.workbook or form != "wide"
        for way in Way:
            if (way is Way.BLOCKS and sheet.workbook) or (way is Way.WITHOUT_ENGINE and rows):
                continue
            later = random.randint(1, 2 if form == "wide" else 40)
            found = batched(table, folder, way, later)
            kind = "scored" if found.outcome else "refused"
            yield f"{form} {way}: {kind}", difference(right, found)
