"""What was read of a table: the columns by what they hold, and what was left out."""

from collections.abc import Iterable, Iterator

from spbe_cli.core.assessment import ReadColumn, ReadRows, TableRead
from spbe_cli.core.score import Reading
from spbe_cli.words import Words

_LONGEST = 60


def read_lines(readings: Iterable[Reading], words: Words) -> Iterator[str]:
    """Yield a paragraph for every table: its heading row, its columns, what was left out."""
    said: set[int] = set()
    for reading in readings:
        source = reading.assessment.source
        read = source.read if source is not None else None
        if source is None or read is None or id(read) in said:
            continue
        said.add(id(read))
        where = ", ".join([source.path, *read.sheets])
        yield f"{where}: {_form(read, words)}"
        for column in read.columns:
            yield f"  {column.at:>3}  {_short(column.heading)}: {_column(column, words)}"
        for rows in read.rows_left_out:
            yield f"  {rows.at:>3}  {_short(rows.text)}: {_rows(rows, words)}"


def _form(read: TableRead, words: Words) -> str:
    if read.form == "wide":
        return words("a row an institution, headings in row {rows}", rows=read.heading)
    return words("a row an indicator, headings in row {rows}", rows=read.heading)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."


def _column(column: ReadColumn, words: Words) -> str:
    if column.left_out:
        return words("left out ({reason})", reason=_reason(column.left_out, words))
    if column.stage:
        role = _role(column.role, words)
        return f"{role}, {words(f'stage {column.stage}')}"
    if column.indicator:
        return words("level of indicator {code}", code=column.indicator)
    return _role(column.role, words)


def _role(role: str, words: Words) -> str:  # noqa: C901, PLR0911  (one line a role)
    match role:
        case "indicator":
            return words("indicator")
        case "level":
            return words("level")
        case "note":
            return words("note")
        case "evidence":
            return words("evidence")
        case "responsible":
            return words("responsible")
        case "institution":
            return words("institution")
        case "category":
            return words("category")
        case "province":
            return words("province")
        case "year":
            return words("year")
        case "stage":
            return words("stage")
        case _:
            return words("instrument")


def _reason(code: str, words: Words) -> str:  # noqa: PLR0911  (one line a reason)
    match code:
        case "column-of-points":
            return words("levels times weights")
        case "column-of-marks":
            return words("marks, counts or texts")
        case "column-beside-stage":
            return words("names no stage beside one that does")
        case "stage-not-held":
            return words("a stage that was not held")
        case "identifier-left-out":
            return words("other numbers")
        case "column-beside-heading":
            return words("differs from what stands above the table")
        case "column-varies":
            return words("changes from indicator to indicator")
        case "column-unread":
            return words("heading not known, numbers on the scale")
        case "no-heading":
            return words("no heading")
        case _:
            return words("heading not known")


def _rows(rows: ReadRows, words: Words) -> str:
    match rows.left_out:
        case "heading repeated":
            return words("left out (heading repeated)")
        case "domain or aspect":
            return words("left out (domain, aspect or total)")
        case _:
            return words("left out (title, remark or signature)")
