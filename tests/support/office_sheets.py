"""Score sheets as offices write them, and what was read of one."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

import xlsxwriter
import yaml
from conftest import ROOT

from spbe_cli.core.problem import errors_of
from spbe_cli.core.score import score
from spbe_cli.read.assessments import FileReadings, read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.text import File

Rows = list[list[Any]]


def weights_and_names(path: str) -> tuple[dict[str, Fraction], dict[str, str]]:
    """Read weights and names with another library, by another way than the program does."""
    data = yaml.load((ROOT / path).read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506
    found: list[dict[str, str]] = []

    def walk(node: dict[str, Any]) -> None:
        for key in ("domains", "aspects", "groups"):
            for inner in node.get(key, []):
                walk(inner)
        found.extend(node.get("indicators", []))

    walk(data)
    weights = {each["code"]: Fraction(each["weight"]) for each in found}
    return weights, {each["code"]: each["name"] for each in found}


WEIGHTS, NAMES = weights_and_names("indicators.yaml")
WEIGHTS_2018, NAMES_2018 = weights_and_names("instruments/spbe-2018.yaml")
WEIGHTS_PEMDI, NAMES_PEMDI = weights_and_names("instruments/pemdi-2026.yaml")
LEVELS = {code: 1 + (int(code) * 7 + 2) % 5 for code in NAMES}
OTHER = {code: 1 + (int(code) * 3 + 1) % 5 for code in NAMES}
PEMDI = {code: Fraction(100 + (int(code) * 37) % 400, 100) for code in NAMES_PEMDI}
TOP = [["Instansi", "Kabupaten Rimba"], ["Tahun", "2023"]]


def index(levels: dict[str, Any], weights: dict[str, Fraction] = WEIGHTS) -> Fraction:
    return sum((weights[code] * Fraction(levels[code]) for code in weights), Fraction(0)) / 100


INDEX = index(LEVELS)


def long(levels: dict[str, Any] = LEVELS, names: dict[str, str] = NAMES) -> Rows:
    return [[code, names[code], str(level)] for code, level in levels.items()]


HEADING = ["No", "Indikator", "Nilai"]
SHEET: Rows = [*TOP, HEADING, *long()]


def text(rows: Iterable[Sequence[Any]], delimiter: str = ",") -> bytes:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return target.getvalue().encode()


def book(sheets: dict[str, Rows], *then: Callable[[Any], None], hide: Sequence[str] = ()) -> bytes:
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = workbook.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value != "":
                    is_number = str(value).isdecimal()
                    sheet.write(number, column, int(value) if is_number else value)
        for each in then:
            each(sheet)
        if name in hide:
            sheet.hide()
    workbook.close()
    return target.getvalue()


def read(content: bytes, name: str = "lembar.csv", **wishes: Any) -> FileReadings:  # noqa: ANN401
    return read_file(File(name, content), Wishes(**wishes))


def errors(found: FileReadings) -> list[str]:
    return [problem.code for problem in errors_of(found.problems)]


def notices(found: FileReadings) -> list[str]:
    every = [*found.problems, *(n for reading in found.readings for n in reading.notices)]
    said = [problem.code for problem in every if problem.severity == "notice"]
    return [code for code in said if code not in ("instrument-provisional", "year-absent")]


def index_in(found: FileReadings) -> Fraction:
    assert errors(found) == []
    (reading,) = found.readings
    return score(reading.instrument, reading.assessment).index
