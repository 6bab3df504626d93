"""How readers and renderers grow, n to 8n: `python tests/bench/doubling.py [SCALE [NAME ...]]`.

Readers read a file of so many institutions, renderers write so many institutions or a report on so
many indicators. A line a series: processor seconds at each size, the least of two, and the exponent
between the smallest and the largest, which is 1 where the time is linear. SCALE multiplies the
sizes; with 1 the largest take more than two seconds. Much larger ones meet the
limits of SECURITY.md, and are refused at once.
"""

import gc
import io
import json
import math
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import xlsxwriter

from spbe_cli.api import report
from spbe_cli.cli.run import run
from spbe_cli.core.assessment import Assessment, Entry
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import parse
from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.instruments import instrument_from_file
from spbe_cli.read.published import read_population
from spbe_cli.read.text import File

CODES = range(1, 48)
FOLDER = Path(tempfile.mkdtemp(prefix="spbe-bench-"))
Job = Callable[[int], Callable[[], Any]]
"""From a size to what is timed."""


def levels(number: int) -> list[int]:
    """Return the levels of an institution."""
    return [1 + (number + code) % 5 for code in CODES]


def reading(name: str, content: bytes) -> Callable[[], Any]:
    """Return the reading of a file."""
    return lambda: read_file(File(name, content), Wishes())


def wide(number: int) -> list[list[Any]]:
    """Return a table with a row an institution."""
    head = ["instansi", "tahun", *map(str, CODES)]
    return [head, *([f"Kota {n}", 2023, *levels(n)] for n in range(number))]


def csv_text(number: int) -> str:
    """Return the same as CSV."""
    return "\n".join(",".join(map(str, cells)) for cells in wide(number)) + "\n"


def documents(number: int) -> list[dict[str, Any]]:
    """Return score sheets as trees of keys."""
    return [
        {
            "institution": f"Kota {n}",
            "year": 2023,
            "levels": dict(zip(CODES, levels(n), strict=True)),
        }
        for n in range(number)
    ]


def read_yaml(number: int) -> Callable[[], Any]:
    """Read documents between `---`."""
    text = "---\n".join(
        "".join(
            [f"institution: Kota {n}\nyear: 2023\nlevels:\n"]
            + [f"  {code}: {level}\n" for code, level in zip(CODES, levels(n), strict=True)]
        )
        for n in range(number)
    )
    return reading("a.yaml", text.encode())


def read_jsonl(number: int) -> Callable[[], Any]:
    """Read a sheet a line."""
    return reading("a.jsonl", "\n".join(map(json.dumps, documents(number))).encode())


def read_rows(number: int) -> Callable[[], Any]:
    """Read a JSON array of rows."""
    head, *rows = wide(number)
    return reading("a.json", json.dumps([dict(zip(head, r, strict=True)) for r in rows]).encode())


def read_xlsx(number: int) -> Callable[[], Any]:
    """Read a sheet of a workbook with a row an institution."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, cells in enumerate(wide(number)):
            sheet.write_row(place, 0, cells)
    return reading("a.xlsx", made.getvalue())


def read_ods(number: int) -> Callable[[], Any]:
    """Read an .ods with a row an institution."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(
        f"<table:table-row>{''.join(map(cell.format, cells))}</table:table-row>"
        for cells in wide(number)
    )
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    names = "".join(f' xmlns:{each}="{space}{each}:1.0"' for each in ("office", "table", "text"))
    body = (
        '<office:body><office:spreadsheet><table:table table:name="A">'
        f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f"<office:document-content{names}>{body}")
    return reading("a.ods", made.getvalue())


def read_published(number: int) -> Callable[[], Any]:
    """Read a table of published indices."""
    path = FOLDER / f"published-{number}.csv"
    rows = (f"Kota {n},2023,{1 + n % 400 / 100:.2f}\n" for n in range(number))
    path.write_text("instansi,tahun,indeks\n" + "".join(rows))
    return lambda: read_population([str(path)], Wishes())


def scored(form: str) -> Job:
    """Write the scores of so many institutions in a format."""

    def job(number: int) -> Callable[[], Any]:
        path = FOLDER / f"wide-{number}.csv"
        path.write_text(csv_text(number))
        out = str(FOLDER / f"out.{form}")
        return lambda: silent(["score", str(path), "-f", form, "-o", out, "--force"])

    return job


def silent(arguments: list[str]) -> None:
    """Run a command that must not fail."""
    said = io.StringIO()
    with redirect_stderr(said), redirect_stdout(said):
        code = run(arguments)
    assert code == 0, said.getvalue()


def instrument_of(number: int) -> Instrument:
    """Return an instrument of so many indicators, ten in an aspect."""
    lines = [
        "id: large", "title: Large", "scale: {lowest: 1, highest: 5}",
        "predicates: [{name: Baik, from: 2.6}, {name: Kurang}]", "aspects:",
    ]  # fmt: skip
    for aspect in range(number // 10):
        lines.append(f"- {{code: A{aspect + 1}, name: Aspek {aspect}, weight: 1000/{number},")
        lines.append("   indicators: [")
        lines += [
            f'   {{code: "{code}", name: Indikator {code}, weight: 100/{number}}},'
            for code in range(aspect * 10 + 1, aspect * 10 + 11)
        ]
        lines.append("   ]}")
    path = FOLDER / f"large-{number}.yaml"
    path.write_text("\n".join(lines))
    found, problems = instrument_from_file(str(path))
    assert found is not None, problems[:3]
    return found


def reported(form: str) -> Job:
    """Write a report on so many indicators."""

    def job(number: int) -> Callable[[], Any]:
        instrument = instrument_of(number)
        entries = {
            code: Entry(parse(str(1 + place % 5)), note="Catatan")
            for place, code in enumerate(instrument.indicator_by_code)
        }
        assessment = Assessment(
            instrument=instrument.id, entries=entries, institution="Kota Contoh", year=2023
        )
        return lambda: report(assessment, instrument, format=form)

    return job


ANSWERS = {"table": 320, "json": 300, "jsonl": 430, "csv": 620, "markdown": 600}
REPORTS = {"html": 3000, "md": 4000, "xlsx": 1200, "docx": 1200, "pdf": 300}
SERIES: dict[str, tuple[Job, int]] = {
    "read yaml": (read_yaml, 760),
    "read jsonl": (read_jsonl, 640),
    "read json rows": (read_rows, 560),
    "read csv": (lambda number: reading("a.csv", csv_text(number).encode()), 900),
    "read xlsx": (read_xlsx, 800),
    "read ods": (read_ods, 2880),
    "read published": (read_published, 9000),
    **{f"score {form}": (scored(form), first) for form, first in ANSWERS.items()},
    **{f"report {form}": (reported(form), first) for form, first in REPORTS.items()},
}  # the charts of a page are its SVG


REMEMBERED = {"report pdf"}
"""What is done once: typst keeps what it set, and is done with the same at once."""


def seconds(job: Callable[[], Any], times: int) -> float:
    """Return the processor's time, the least of so many."""
    found = []
    for _ in range(times):
        begun = time.process_time()
        job()
        found.append(time.process_time() - begun)
    return min(found)


def main(scale: float, names: list[str]) -> None:
    """Print every series."""
    gc.set_threshold(100_000, 50, 50)  # as every run of the command line has it
    for name in names or SERIES:
        make, first = SERIES[name]
        sizes = [10 * max(int(first * scale * times) // 10, 1) for times in (1, 2, 4, 8)]
        make(10)()  # imports
        often = 1 if name in REMEMBERED else 2
        taken = [seconds(make(size), often) for size in sizes]
        exponent = math.log(taken[-1] / taken[0], sizes[-1] / sizes[0])
        shown = ", ".join(f"{size}: {t:.2f}" for size, t in zip(sizes, taken, strict=True))
        print(f"{name:16} {shown}; exponent {exponent:.2f}", flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1, sys.argv[2:])
