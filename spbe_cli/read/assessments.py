"""From files, folders and standard input to assessments."""

import os
import re
import stat
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from spbe_cli.core.assessment import Source, Stage
from spbe_cli.core.problem import Place, Problem, Severity, errors_of
from spbe_cli.core.score import Reading
from spbe_cli.read.choice import Wishes
from spbe_cli.read.grid import Parsed, Sheet
from spbe_cli.read.sheet import read_sheet
from spbe_cli.read.text import STDIN, File, Text, decode, is_there, load, os_problem

TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
"""The endings of files that are tables."""
TREES = (".yaml", ".yml", ".json", ".jsonl", ".ndjson")
"""The endings of files that are trees of keys."""


class FileReadings(NamedTuple):
    """What a file gave: an assessment for every sheet that is right, and all problems.

    `refused` counts the sheets that gave none.
    """

    readings: tuple[Reading, ...] = ()
    problems: tuple[Problem, ...] = ()
    refused: int = 0


def read_file(path: str | File, wishes: Wishes) -> FileReadings:
    """Return the assessments in a file (`-`: standard input) and every problem in it.

    A file that was loaded already is not loaded again: standard input can be read only once.

    Nothing is raised for what a user's file holds. Where `problems` has an error, the readings
    are those sheets that are right by themselves.
    """
    file = load(path) if isinstance(path, str) else path
    if isinstance(file, Problem):
        return FileReadings(problems=(file,))
    return readings_in(parsed_file(file, wishes), file, wishes)


def readings_in(parsed: Parsed, file: File, wishes: Wishes) -> FileReadings:
    """Return the assessments in what was read of a file, and every problem."""
    problems = list(parsed.problems)
    if not parsed.sheets and not errors_of(problems):
        problems.append(Problem("file-empty", Place(file.path)))
    source = Source(*file)
    sheets = _at_stage(parsed.sheets, wishes.stage)
    if wishes.stage is not None and len(sheets) < len(parsed.sheets):
        problems.append(_left_out(parsed.sheets, sheets, wishes.stage, file))
    if wishes.most is not None and len(sheets) > wishes.most:
        problems.append(sheets_too_many(file.path, wishes.most))
        return FileReadings(problems=tuple(problems))
    unreadable = {problem.place for problem in errors_of(parsed.problems)}
    readings = []
    for sheet in sheets:
        reading, found = read_sheet(sheet, wishes, source._replace(read=sheet.read))
        # What the file's form makes unreadable is not also called a wrong level.
        problems += [problem for problem in found if problem.place not in unreadable]
        if reading is not None:
            readings.append(reading)
    problems.sort(key=lambda problem: (problem.place.line or 0, problem.place.column or 0))
    return FileReadings(tuple(readings), tuple(problems), len(sheets) - len(readings))


def each_once(
    readings: Sequence[Reading], gathered: Collection[str]
) -> tuple[list[Reading], list[Problem]]:
    """Return the readings without what a gathered file repeats, and a notice for each left out.

    `gathered` are the files that no one named: beside a score sheet a folder may hold its report.
    The same institution, year, stage and levels are one assessment.
    """
    first: dict[object, str] = {}
    kept: list[Reading] = []
    problems: list[Problem] = []
    for reading in readings:
        each = reading.assessment
        path = each.source.path if each.source is not None else ""
        levels = tuple((code, entry.level) for code, entry in each.entries.items())
        who = (each.institution, each.year, each.stage, reading.instrument.id, levels)
        held = first.setdefault(who, path) if each.institution and path in gathered else path
        if held == path:
            kept.append(reading)
            continue
        values = {"institution": each.institution or "", "first": held}
        problems.append(Problem("assessment-repeated", Place(path), values, Severity.NOTICE))
    return kept, problems


def sheets_too_many(path: str, most: int) -> Problem:
    """Return that there are more score sheets than a command answers for at a time."""
    return Problem("sheets-too-many", Place(path), {"limit": str(most)})


def is_table(file: File) -> bool:
    """Return whether a file is read as a table, and not as a tree of keys."""
    if file.is_workbook or file.suffix in TABLES or file.suffix in TREES:
        return file.is_workbook or file.suffix in TABLES
    text, _ = decode(file)
    return text is not None and _looks_like_table(text)


def parsed_file(file: File, wishes: Wishes) -> Parsed:
    """Return the score sheets in a file as texts with their places, and what is wrong with it."""
    if file.is_workbook or file.suffix in TABLES:
        return _parse_table(file, wishes)
    text, notices = decode(file)
    if text is None:
        return Parsed(problems=tuple(notices))
    if file.suffix not in TREES and _looks_like_table(text):
        return _parse_table(file, wishes)
    from spbe_cli.read.trees import LINES, sheets_in

    lines = file.suffix in LINES
    if _may_be_rows(text):
        parsed = _rows_in(text, wishes, lines=lines)
        if parsed is not None:
            return Parsed(parsed.sheets, (*notices, *parsed.problems))
    parsed = sheets_in(text, lines=lines)
    return Parsed(parsed.sheets, (*notices, *parsed.problems))


def _may_be_rows(text: Text) -> bool:
    return text.content.lstrip()[:1] in ("[", "{")


def _rows_in(text: Text, wishes: Wishes, *, lines: bool) -> Parsed | None:
    """Return the score sheets in a JSON array of rows; None where it is none."""
    from spbe_cli.read.tables import laid_out
    from spbe_cli.read.trees import rows_in

    grid = rows_in(text, lines=lines)
    return None if grid is None else laid_out([grid], wishes)


def _parse_table(file: File, wishes: Wishes) -> Parsed:
    from spbe_cli.read.tables import read_table

    return read_table(file, wishes)


def _looks_like_table(text: Text) -> bool:
    from spbe_cli.read.tables import looks_like_table

    return looks_like_table(text.content)


def _at_stage(sheets: tuple[Sheet, ...], stage: Stage | None) -> list[Sheet]:
    """Leave out the sheets that are wholly of another stage than the one asked for."""
    if stage is None:
        return list(sheets)
    from spbe_cli.read.schema import stage_name

    return [
        sheet
        for sheet in sheets
        if sheet.data.get("stages") or stage_name(sheet.data.get("stage")) == stage
    ]


def _left_out(sheets: Sequence[Sheet], taken: Sequence[Sheet], stage: Stage, file: File) -> Problem:
    """Return what is to be said of sheets of other stages: a notice, unless none is left."""
    if not taken:
        return _stage_absent(sheets[0], stage, file)
    values = {"count": str(len(sheets) - len(taken)), "stage": stage}
    return Problem("sheets-of-other-stages", Place(file.path), values, Severity.NOTICE)


def _stage_absent(sheet: Sheet, stage: Stage, file: File) -> Problem:
    place = sheet.place_of(("stage",)) if sheet.data.get("stage") else Place(file.path)
    found = str(sheet.data.get("stage") or "-")
    return Problem("stage-absent", place, {"stage": stage, "found": found})


ENDINGS = (*TABLES, *TREES, ".parquet")
_PATTERN = re.compile(r"[*?\[]")
_ANY_FOLDERS = re.compile(r"(?<![^/\\])\*\*(?:[/\\]|$)")
_LOCK = "~$"  # the file that Excel keeps beside an open workbook
_LEFT_OUT = (".", _LOCK)


MOST_ENTRIES = 100_000
"""How many files and folders of a folder are looked at: what holds more is no folder of sheets."""
_MOST_NAMED = 20


def files_in(
    inputs: Sequence[str], without: Collection[str] = ()
) -> tuple[list[str], list[Problem]]:
    """Return the files among the inputs, below folders and of patterns, and what is to be said.

    A folder's files come in the order of their names, its own before those of folders in it.
    Hidden ones, lock files and those named in `without` are left out; files of other kinds too,
    which are named. A file that is given twice, by whatever name, is there once.
    """
    paths: list[str] = []
    problems: list[Problem] = []
    left_out = {os.path.realpath(name) for name in without}
    for name in _expanded(inputs):
        if name == STDIN or not _is_folder(Path(name)):
            paths.append(name)
            continue
        try:
            below = islice(_below(name), MOST_ENTRIES + 1)
            every = [file for file, real in below if real not in left_out]
        except OSError as error:
            problems.append(os_problem(error.filename or name, error))
            continue
        if len(every) > MOST_ENTRIES:
            values = {"limit": str(MOST_ENTRIES)}
            problems.append(Problem("folder-too-large", Place(name), values))
            continue
        files = [file for file in every if file]
        found = [file for file in files if _is_read(file)]
        endings = ", ".join(ENDINGS)
        if not found:
            problems.append(Problem("folder-empty", Place(name), {"endings": endings}))
        elif len(found) < len(files):
            others = [file for file in files if not _is_read(file)]
            more = f", ... ({len(others)})" if len(others) > _MOST_NAMED else ""
            values = {"found": ", ".join(others[:_MOST_NAMED]) + more, "endings": endings}
            problems.append(Problem("files-not-read", Place(name), values, Severity.NOTICE))
        paths += found
    once, repeated = _each_file_once(paths)
    return once, [*problems, *repeated]


def _each_file_once(paths: Sequence[str]) -> tuple[list[str], list[Problem]]:
    """Return paths that lead to different files, and a notice for every other."""
    first: dict[object, str] = {}
    problems = []
    for path in paths:
        if first.setdefault(_identity(path), path) is not path:
            values = {"first": first[_identity(path)]}
            problems.append(Problem("file-repeated", Place(path), values, Severity.NOTICE))
    return list(first.values()), problems


def _identity(path: str) -> object:
    """Return what is the same for every name of a file; for what is no regular file, its name."""
    with suppress(OSError, ValueError):
        status = os.stat(path)  # noqa: PTH116  (a path that may hold anything)
        if stat.S_ISREG(status.st_mode) and status.st_ino:
            return status.st_dev, status.st_ino
    return path


def _expanded(inputs: Sequence[str]) -> Iterator[str]:
    """Yield the inputs, and in place of a pattern the files it is of: not every shell does that."""
    for name in inputs:
        if name == STDIN or not _PATTERN.search(name) or is_there(Path(name)):
            yield name
            continue
        once: dict[str, str] = {}
        for each in sorted(_matching(name)):
            if not Path(each).name.startswith(_LOCK):
                once.setdefault(os.path.realpath(each), each)
        yield from once.values() or [name]


def _matching(pattern: str) -> Iterator[str]:
    """Yield what a pattern is of; `**` stands for folders, each once."""
    from glob import glob

    found = _ANY_FOLDERS.search(pattern)
    if found is None:
        yield from glob(pattern)  # noqa: PTH207  (it may hold a drive)
        return
    before, after = pattern[: found.start()], pattern[found.end() :]
    for base in glob(before) if before else ["."]:  # noqa: PTH207
        for folder in _folders(Path(base)) if after else [base]:
            yield from _matching(str(Path(folder, after)) if after else base)


def _is_read(name: str) -> bool:
    return Path(name.lower().removesuffix(".gz")).suffix in ENDINGS


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _below(folder: str) -> Iterator[tuple[str, str]]:
    """Yield the files below a folder, each once whatever links lead to it, with their real paths.

    What is no file is yielded as an empty name, so that whoever counts knows how far it goes.
    """
    seen: set[str] = set()
    for here in _folders(Path(folder)):
        real = os.path.realpath(here)
        for entry in _entries(here):
            leads_to = _real(entry, real)
            is_file = leads_to not in seen and _is(entry.is_file)
            seen.add(leads_to)
            yield (str(here / entry.name) if is_file else ""), leads_to


def _folders(folder: Path) -> Iterator[Path]:
    """Yield a folder and those below it, each once: links may lead in a circle."""
    seen: set[str] = set()
    folders = [folder]
    while folders:
        here = folders.pop()
        real = os.path.realpath(here)
        if real not in seen:
            seen.add(real)
            yield here
            folders += [here / each.name for each in reversed(_entries(here)) if _is(each.is_dir)]


def _entries(folder: Path) -> "list[os.DirEntry[str]]":
    """Return what is in a folder by name, as far as anyone looks."""
    with os.scandir(folder) as entries:
        shown = (each for each in entries if not each.name.startswith(_LEFT_OUT))
        return sorted(islice(shown, MOST_ENTRIES + 1), key=lambda each: each.name)


def _is(kind: Callable[[], bool]) -> bool:
    """Return whether an entry is of a kind; a link that leads in a circle is of none."""
    try:
        return kind()
    except OSError:
        return False


def _real(entry: "os.DirEntry[str]", folder: str) -> str:
    """Return where an entry of a folder leads to: only links lead elsewhere."""
    is_link = entry.is_symlink()
    return os.path.realpath(entry.path) if is_link else os.path.join(folder, entry.name)  # noqa: PTH118
