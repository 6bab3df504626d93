"""Tables to score sheets: the door to CSV, TSV and XLSX."""

from spbe_cli.core.problem import Problem
from spbe_cli.read.delimited import delimiter_of_table, read_delimited
from spbe_cli.read.grid import Grid, Parsed
from spbe_cli.read.shapes import lay_out
from spbe_cli.read.text import File, decode


def read_table(file: File) -> Parsed:
    """Return the score sheets in a table and everything that is wrong with its form.

    Nothing is raised for what the file holds.
    """
    grid, problems = read_grid(file)
    if grid is None or (problems and not grid.rows):
        return Parsed(problems=tuple(problems))
    parsed = lay_out(grid)
    return Parsed(parsed.sheets, (*problems, *parsed.problems))


def read_grid(file: File) -> tuple[Grid | None, list[Problem]]:
    """Return the rows of a table, and what is wrong with the file.

    The first bytes say whether it is a workbook or text, not the name: a CSV named `.xlsx` is
    read as CSV.
    """
    if file.is_workbook:
        from spbe_cli.read.workbook import read_workbook

        return read_workbook(file)
    text, problems = decode(file)
    if text is None:
        return None, problems
    grid, faults = read_delimited(text)
    return grid, [*problems, *faults]


def looks_like_table(text: str) -> bool:
    """Return whether a text without a file ending is a table: a header holds the needed columns."""
    return delimiter_of_table(text) is not None
