"""Tables to score sheets: which grid of a file, which heading row, which sheets of a workbook."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from spbe_cli.core.assessment import TableRead
from spbe_cli.core.instrument import folded, indicator_code
from spbe_cli.core.problem import Place, Problem, Severity, errors_of
from spbe_cli.read.choice import Wishes
from spbe_cli.read.delimited import delimiter_of_table, read_delimited, recognised
from spbe_cli.read.evidence import says_rises
from spbe_cli.read.grid import Grid, Parsed, Sheet
from spbe_cli.read.header import Header, Weight
from spbe_cli.read.official import no_header, weighed
from spbe_cli.read.rows import Places
from spbe_cli.read.shapes import sheets_under
from spbe_cli.read.text import File, decode

_KEYS = ("institution", "year", "stage")
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")


def read_table(file: File, wishes: Wishes | None = None) -> Parsed:
    """Return the score sheets in a table and everything that is wrong with its form.

    Nothing is raised for what the file holds.
    """
    wishes = wishes or Wishes()
    grids, problems = read_grids(file, wishes)
    if not grids or (problems and not any(grid.rows for grid in grids)):
        return Parsed(problems=tuple(problems))
    parsed = laid_out(grids, wishes)
    return Parsed(parsed.sheets, (*problems, *parsed.problems))


def read_grids(file: File, wishes: Wishes) -> tuple[list[Grid], list[Problem]]:
    """Return the tables of a file as they stand, and what is wrong with the file.

    The first bytes say whether it is a workbook or text, not the name: a CSV named `.xlsx` is
    read as CSV. A workbook has as many tables as visible sheets.
    """
    if file.is_workbook:
        from spbe_cli.read.fork import grids_of_workbook

        return grids_of_workbook(file, wishes.sheet)
    text, problems = decode(file)
    if text is None:
        return [], problems
    if text.content.lstrip()[:1] in ("[", "{"):
        from spbe_cli.read.trees import LINES, TREES, rows_in

        lines = file.suffix in LINES
        rows = rows_in(text, lines=lines)
        if rows is None and file.suffix not in (*LINES, *TREES):
            rows = rows_in(text, lines=True)
        if rows is not None:
            return [rows], problems
    grid, faults = read_delimited(text, wishes.likely)
    return [grid], [*problems, *faults]


def looks_like_table(text: str) -> bool:
    """Return whether a text without a file ending is a table: a header holds the needed columns."""
    return delimiter_of_table(text) is not None


class _Candidate(NamedTuple):
    """A grid with the heading row for which most speaks, and what is read below it."""

    grid: Grid
    weight: Weight
    header: Header

    @property
    def name(self) -> str:
        return self.grid.place_of(0, 0).sheet or ""


def laid_out(grids: Sequence[Grid], wishes: Wishes) -> Parsed:
    """Return the score sheets in the tables of a file, and every problem of their form.

    Of several the best is taken. Those that complement each other are one assessment, those of
    several institutions or years are several; the others are named.
    """
    filled = [grid for grid in grids if not all(map(grid.is_blank, range(len(grid.rows))))]
    if not filled:
        return Parsed(problems=(grids[0].problem("table-empty", (0, 0)),))
    found = _candidates(filled, wishes)
    if not found:
        nearest = max(filled, key=lambda grid: recognised(grid.rows))
        return Parsed(problems=(no_header(nearest),))
    if len(found) == 1:
        return sheets_under(found[0].grid, found[0].header, wishes)
    parsed = [(each, sheets_under(each.grid, each.header, wishes)) for each in found]
    with_evidence = _with_evidence(parsed)
    if with_evidence is not None:
        return with_evidence
    with_levels = [(each, made) for each, made in parsed if _has_levels(made)]
    if len(with_levels) < 2:  # noqa: PLR2004
        best = max(parsed, key=lambda pair: (pair[0].weight, -grids.index(pair[0].grid)))
        return (with_levels or [best])[0][1]
    return _of_several([(each, _dated(each, made)) for each, made in with_levels])


def _candidates(grids: Sequence[Grid], wishes: Wishes) -> list[_Candidate]:
    """Return the grids that may hold levels; beside others not one of what levels may rise to."""
    found, of_rises = list[_Candidate](), list[_Candidate]()
    for grid in grids:
        headings = weighed(grid.rows, grid.spans, wishes.likely)
        if headings:
            best = _Candidate(grid, *max(headings, key=lambda each: each[0]))
            rises = any(says_rises(grid, header) for _, header in headings)
            (of_rises if rises else found).append(best)
    return found or of_rises


def _with_evidence(found: Sequence[tuple[_Candidate, Parsed]]) -> Parsed | None:
    """Return a score sheet with the checklist that stands beside it, None where that is not so.

    The checklist says which evidence is accepted, the score sheet all else. An indicator without a
    mark has no evidence here: its level is that of the score sheet.
    """
    lists = [(each, made) for each, made in found if each.header.is_checklist]
    plain = [(each, made) for each, made in found if not each.header.is_checklist]
    if len(lists) != 1 or len(plain) != 1 or len(plain[0][1].sheets) != 1:
        return None
    [(beside, checked)], [(main, made)] = lists, plain
    if [problem.code for problem in checked.problems] == ["checklist-blank"]:
        return made
    if main.header.wide or len(checked.sheets) != 1 or "levels" not in made.sheets[0].data:
        return None
    sheet, checklist = made.sheets[0], checked.sheets[0]
    apart = zip(_identity(sheet), _identity(checklist), strict=True)
    if any(one and other and one != other for one, other in apart):
        return None
    joined = _accepting(sheet, checklist)
    if joined is None:
        return None
    place = Place(main.grid.place_of(0, 0).source)
    values = {"sheets": f"{main.name}, {beside.name}"}
    problems = [each for each in checked.problems if each.code != "evidence-none-marked"]
    problems.append(Problem("sheets-joined", place, values, Severity.NOTICE))
    return Parsed((joined,), (*made.problems, *problems))


def _accepting(sheet: Sheet, checklist: Sheet) -> Sheet | None:
    """Return a score sheet with what a checklist accepts; None where the two claim otherwise."""
    levels: dict[str, Any] = dict(sheet.data["levels"])
    written = {indicator_code(code): code for code in levels}
    names: dict[str, str] = {}  # the indicators as both of them write them
    for code, entry in checklist.data["levels"].items():
        if code in checklist.unmarked:
            entry = {key: value for key, value in entry.items() if key != "accepted"}  # noqa: PLW2901
        name = names[code] = written.get(indicator_code(code), code)
        known = levels.get(name, "")
        known = known if isinstance(known, dict) else {"level": known} if known else {}
        claims = {each["level"] for each in (known, entry) if each.get("level")}
        if len(claims) > 1:
            return None
        if entry:
            filled = {key: value for key, value in known.items() if value}
            levels[name] = {**entry, **filled} | _notes(known, entry)
    places = sheet.place_of
    if isinstance(places, Places) and isinstance(checklist.place_of, Places):
        beside, places = checklist.place_of, Places(places.top, places.cells, places.keys)
        for kept, more in ((places.cells, beside.cells), (places.keys, beside.keys)):
            for at, spot in more.items():
                if at[:1] == ("levels",) and len(at) > 1:
                    kept.setdefault(("levels", names.get(str(at[1]), at[1]), *at[2:]), spot)
    reads = [each.read for each in (sheet, checklist) if each.read is not None]
    data = {**sheet.data, "levels": levels}
    return Sheet(data, places, _one_read(reads), named=sheet.named)


def _notes(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, str]:
    notes = dict.fromkeys(each["note"] for each in (one, other) if each.get("note"))
    return {"note": "\n".join(notes)} if notes else {}


def _has_levels(parsed: Parsed) -> bool:
    return any(any(_codes(sheet).values()) for sheet in parsed.sheets)


def _codes(sheet: Sheet) -> dict[str, Any]:
    """Return what a sheet gives of each indicator at any stage, filled cells alone."""
    of_stages = [sheet.data.get("levels") or {}, *(sheet.data.get("stages") or {}).values()]
    return {
        indicator_code(code): level
        for levels in of_stages
        for code, level in levels.items()
        if (level.get("level") or "accepted" in level if isinstance(level, dict) else level)
    }


def _dated(each: _Candidate, parsed: Parsed) -> Parsed:
    """Take the year that a sheet is named by, where it says none itself."""
    years = _YEAR.findall(each.name)
    if len(years) != 1 or any(sheet.data.get("year") for sheet in parsed.sheets):
        return parsed
    dated = (s._replace(data={**s.data, "year": years[0]}) for s in parsed.sheets)
    return Parsed(tuple(dated), parsed.problems)


def _of_several(found: Sequence[tuple[_Candidate, Parsed]]) -> Parsed:
    """Return what several sheets of a workbook are together."""
    best, taken = max(found, key=lambda pair: pair[0].weight[:2])
    joined = _joined(found)
    if joined is not None:
        return joined
    sheets = list(taken.sheets)
    problems = list(taken.problems)
    others: list[str] = []
    identities = {_identity(sheet) for sheet in taken.sheets}
    read: list[tuple[int, Parsed]] = [(found.index((best, taken)), taken)]
    for number, (each, parsed) in enumerate(found):
        if each is best:
            continue
        own = {_identity(sheet) for sheet in parsed.sheets}
        if own & identities or not all(map(_is_apart, own)) or not all(map(_is_apart, identities)):
            others.append(each.name)
            continue
        identities |= own
        read.append((number, parsed))
    read.sort(key=lambda pair: pair[0])
    sheets = [sheet for _, parsed in read for sheet in parsed.sheets]
    problems = [problem for _, parsed in read for problem in parsed.problems]
    if others:
        values = {"sheet": best.name, "others": ", ".join(others)}
        place = Place(best.grid.place_of(0, 0).source)
        problems.append(Problem("sheets-not-read", place, values, Severity.NOTICE))
    return Parsed(tuple(sheets), tuple(problems))


def _identity(sheet: Sheet) -> tuple[str, ...]:
    return tuple(folded(str(sheet.data.get(key) or "")) for key in _KEYS)


def _is_apart(identity: tuple[str, ...]) -> bool:
    """Return whether an identity says whose or of which year a sheet is."""
    return any(identity[:2])


def _joined(found: Sequence[tuple[_Candidate, Parsed]]) -> Parsed | None:
    """Return sheets that complement each other, one a domain or aspect, as one; None if not so."""
    parts = [parsed.sheets[0] for each, parsed in found if len(parsed.sheets) == 1]
    if len(parts) < len(found) or any(each.header.wide for each, _ in found):
        return None
    seen: set[str] = set()
    for sheet in parts:
        codes = _codes(sheet).keys()
        if seen & codes:
            return None
        seen |= codes
    forms = {tuple(sorted({"levels", "stages"} & sheet.data.keys())) for sheet in parts}
    said = [{_identity(sheet)[place] for sheet in parts} - {""} for place in range(len(_KEYS))]
    if len(forms) > 1 or any(len(each) > 1 for each in said):
        return None
    problems = [problem for _, parsed in found for problem in parsed.problems]
    if not errors_of(problems):
        names = ", ".join(each.name for each, _ in found)
        place = Place(found[0][0].grid.place_of(0, 0).source)
        problems.append(Problem("sheets-joined", place, {"sheets": names}, Severity.NOTICE))
    return Parsed((_one_sheet(parts),), tuple(problems))


def _one_sheet(parts: Sequence[Sheet]) -> Sheet:
    data: dict[str, Any] = {}
    places: Places | None = None
    for sheet in parts:
        own = sheet.place_of
        for key, value in sheet.data.items():
            if key == "levels":
                data.setdefault(key, {}).update(value)
            elif key == "stages":
                _add_stages(data.setdefault(key, {}), value)
            else:
                data.setdefault(key, value)
        if isinstance(own, Places):
            if places is None:
                places = Places(own.top)
            places.cells = {**own.cells, **places.cells}
            places.keys = {**own.keys, **places.keys}
    reads = [sheet.read for sheet in parts if sheet.read is not None]
    named = next((each.named for each in parts if each.named), "")
    return Sheet(data, places or parts[0].place_of, _one_read(reads), named=named)


def _add_stages(stages: dict[str, Any], more: Mapping[str, Mapping[str, Any]]) -> None:
    for stage, levels in more.items():
        stages.setdefault(stage, {}).update(levels)


def _one_read(reads: Sequence[TableRead]) -> TableRead | None:
    if not reads:
        return None
    first = reads[0]
    sheets = tuple(name for read in reads for name in read.sheets)
    rows = tuple(entry for read in reads for entry in read.rows_left_out)
    return first._replace(sheets=sheets, rows_left_out=rows)
