"""Ways in which every row of a table is wrong: by the same mistake, or by ever another."""

from collections.abc import Callable

from support.tables import HEAD

__all__ = ["ABOVE", "BAD", "LEVEL", "YEAR", "Change"]

ABOVE = [*HEAD[:4], "tahap", "instrumen", *HEAD[4:]]
"""The headings of a table that says stage and instrument too."""
YEAR, STAGE, INSTRUMENT, LEVEL, LEVELS = 3, 4, 5, 20, slice(6, None)

Change = Callable[[list[str], int], None]
"""What is done to the cells of the row with a number."""


def set_to(place: int | slice, text: str) -> Change:
    """Write a text into a cell, or into several, with the number of the row for `{n}`."""

    def change(cells: list[str], number: int) -> None:
        said = text.format(n=number)
        if isinstance(place, slice):
            cells[place] = [said] * len(cells[place])
        else:
            cells[place] = said

    return change


def both(*changes: Change) -> Change:
    def change(cells: list[str], number: int) -> None:
        for each in changes:
            each(cells, number)

    return change


def short(cells: list[str], number: int) -> None:
    del cells[-1 - number % 9 :]


def blank(cells: list[str], number: int) -> None:
    cells[LEVEL + number % 9] = ""


def mixed_levels(cells: list[str], number: int) -> None:
    wrong = ("9", "x{n}", "", "7.{n}", "lima", "3 (Terdefinisi)", "3 (Salah)", "{n}9", "1/2")
    for place in range(6 + number % 3, len(cells), 2 + number % 5):
        cells[place] = wrong[(place * 7 + number) % len(wrong)].format(n=number)


BAD: dict[str, Change] = {
    "year": set_to(YEAR, "dua ribu"),
    "years": set_to(YEAR, "19{n:02}"),
    "years to come": set_to(YEAR, "3{n:03}"),
    "year of another instrument": set_to(YEAR, "2026"),
    "stages": set_to(STAGE, "tahap {n}"),
    "instruments": set_to(INSTRUMENT, "spbe-{n}"),
    "year, stage and instrument": both(
        set_to(YEAR, "{n}"), set_to(STAGE, "akir{n}"), set_to(INSTRUMENT, "{n}")
    ),
    "stage and level": both(set_to(STAGE, "tahap {n}"), set_to(LEVEL, "x{n}")),
    "level": set_to(LEVEL, "9"),
    "other levels": set_to(LEVEL, "1{n}"),
    "level as text": set_to(LEVEL, "x{n}"),
    "all levels": set_to(LEVELS, "7{n}"),
    "all levels with a name": set_to(LEVELS, "3 (Nama {n})"),
    "mixed levels": mixed_levels,
    "blank level": blank,
    "blank levels": set_to(LEVELS, ""),
    "too short": short,
    "too long": lambda cells, number: cells.extend(["", "3"] * (1 + number % 3)),
    "year and too short": both(set_to(YEAR, "19{n:02}"), short),
    "level and too short": both(set_to(LEVEL, "{n}9"), short),
    "blank and too short": both(blank, short),
    "long names": both(set_to(0, "x" * 1001 + "{n}"), set_to(1, "y" * 1500), set_to(YEAR, "")),
}
