"""How reading grows: rows, columns, sheets and problems doubled. `python tests/bench/reading.py`.

A line a series: seconds at each size, and the worst ratio of one size to the one before, which is
2 where the time is linear.
"""

import io
import time
from collections.abc import Callable
from itertools import pairwise

import xlsxwriter

from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.text import File

_HEAD = "Instansi;Tahun;No;Nilai"


def rows(number: int) -> File:
    """Return a long table of so many institutions."""
    lines = [f"Kab. {n};2023;{c};{1 + c % 5}" for n in range(number) for c in range(1, 48)]
    return File("a.csv", "\n".join([_HEAD, *lines]).encode())


def columns(number: int) -> File:
    """Return a sheet with so many columns that are not read."""
    names = ";".join(f"Kolom {n}" for n in range(number))
    cells = ";".join("2" for _ in range(number))
    lines = [f"{c};{1 + c % 5};{cells}" for c in range(1, 48)]
    return File("a.csv", "\n".join([f"No;Nilai;{names}", *lines]).encode())


def sheets(number: int) -> File:
    """Return a workbook of so many institutions, a sheet each."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    for n in range(number):
        sheet = book.add_worksheet(f"S{n}")
        sheet.write_row(0, 0, ["Instansi", f"Kab. {n}"])
        sheet.write_row(1, 0, ["Tahun", 2023])
        sheet.write_row(2, 0, ["No", "Nilai"])
        for c in range(1, 48):
            sheet.write_row(2 + c, 0, [c, 1 + c % 5])
    book.close()
    return File("a.xlsx", target.getvalue())


def problems(number: int) -> File:
    """Return a table with so many institutions, a level of each off the scale."""
    lines = [
        f"Kab. {n};2023;{c};{9 if c == 7 else 1 + c % 5}"
        for n in range(number)
        for c in range(1, 48)
    ]
    return File("a.csv", "\n".join([_HEAD, *lines]).encode())


SERIES: dict[Callable[[int], File], list[int]] = {
    rows: [50, 100, 200, 400],
    columns: [100, 200, 400, 800],
    sheets: [5, 10, 20, 40],
    problems: [50, 100, 200, 400],
}


def seconds(file: File) -> float:
    """Return the processor's time that a file takes, the least of three."""
    found = []
    for _ in range(3):
        begun = time.process_time()
        read_file(file, Wishes())
        found.append(time.process_time() - begun)
    return min(found)


def main() -> None:
    """Print every series."""
    read_file(rows(1), Wishes())  # imports and the instrument
    for make, sizes in SERIES.items():
        taken = [seconds(make(size)) for size in sizes]
        worst = max(b / a for a, b in pairwise(taken))
        shown = ", ".join(f"{s}: {t:.3f}" for s, t in zip(sizes, taken, strict=True))
        print(f"{make.__name__:9} {shown}; worst ratio {worst:.2f}")


if __name__ == "__main__":
    main()
