"""What reports cost, as ratios measured in the same run.

    python tests/bench/report.py [ROUNDS]

One report in each format against `spbe score` of the same file, and 621 pages in one run against
one. Commands are run in turn; the first round is not counted.
"""

import random
import sys
import tempfile
from pathlib import Path

from timing import ROOT, SPBE, medians, report

SHEET = str(ROOT / "examples" / "bandar-lampung-2023.yaml")
SCORE = "spbe score FILE"
FORMATS = ("html", "pdf", "docx", "xlsx", "md")
ONE, ALL = "spbe report, html", "spbe report, 621 pages in a folder"
BUDGETS = {ONE: (2.5, SCORE), ALL: (12, ONE)}
INSTITUTIONS = 621


def table(path: Path) -> None:
    """Write a table of 621 institutions with random levels."""
    chance = random.Random(2023)
    codes = range(1, 48)
    lines = ["instansi,kategori,provinsi,tahun," + ",".join(map(str, codes))]
    for number in range(INSTITUTIONS):
        levels = ",".join(str(chance.randint(1, 5)) for _ in codes)
        lines.append(f"Pemerintah Kota {number},kota,Provinsi {number % 34},2023,{levels}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(rounds: int) -> None:
    """Print each command's median, and its ratio beside the budget that it should keep."""
    with tempfile.TemporaryDirectory() as folder:
        everyone = Path(folder) / "nilai.csv"
        table(everyone)
        commands = {SCORE: [*SPBE, "score", SHEET]}
        for ending in FORMATS:
            output = str(Path(folder) / f"laporan.{ending}")
            commands[f"spbe report, {ending}"] = [*SPBE, "report", SHEET, "-o", output, "--force"]
        into = str(Path(folder) / "laporan")
        commands[ALL] = [*SPBE, "report", str(everyone), "--output-dir", into, "--force"]
        report(medians(commands, rounds), SCORE, BUDGETS)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
