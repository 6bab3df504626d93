"""A grid to score sheets: the long form with a row per indicator, the wide with one a column."""

from spbe_cli.read.grid import Grid
from spbe_cli.read.header import duplicate_columns, find_header, no_header
from spbe_cli.read.long_form import read_long
from spbe_cli.read.sheet import Parsed
from spbe_cli.read.table_data import metadata_above, metadata_problems
from spbe_cli.read.wide_form import read_wide

__all__ = ["lay_out"]


def lay_out(grid: Grid) -> Parsed:
    """Return the score sheets in a grid, and every problem of its form.

    The form is told by the header: an indicator and a level column make the long form, three
    indicators side by side the wide one.
    """
    if all(map(grid.is_blank, range(len(grid.rows)))):
        return Parsed(problems=(grid.problem("table-empty", (0, 0)),))
    header = find_header(grid.rows, grid.spans)
    if header is None:
        return Parsed(problems=(no_header(grid),))
    problems = duplicate_columns(grid, header)
    above = metadata_above(grid, header.first_row)
    problems += metadata_problems(grid, above)
    sheets, found = (read_wide if header.wide else read_long)(grid, header, above)
    if not sheets and not found:
        found = [grid.problem("table-empty", header.columns[0].header)]
    return Parsed(tuple(sheets), (*problems, *found))
