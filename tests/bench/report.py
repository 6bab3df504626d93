"""What reports cost, as ratios measured in the same run.

    python tests/bench/report.py [ROUNDS]

One report in each format against `spbe score` of the same file, and 621 pages in one run against
one. Commands are run in turn; the first round is not counted.
"""

import random
import statistics
import sys
import tempfile
from pathlib import Path

from start import (  # type: ignore[import-not-found]  # a neighbour of this script
    SCORE,
    SHEET,
    SPBE,
    seconds,
)

FORMATS = ("html", "pdf", "docx", "xlsx", "md")
ONE, ALL = "spbe report, html", "spbe report, 621 pages in a folder"
BUDGETS = {ONE: (2.5, SCORE), ALL: (20, ONE)}
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
        times: dict[str, list[float]] = {name: [] for name in commands}
        for round_ in range(rounds + 1):
            for name, command in commands.items():
                taken = seconds(command)
                if round_:
                    times[name].append(taken)
        medians = {name: statistics.median(taken) for name, taken in times.items()}
        for name, median in medians.items():
            most, base = BUDGETS.get(name, (None, SCORE))
            budget = f", budget {most}" if most else ""
            ratio = median / medians[base]
            print(f"{name:36} {median * 1000:8.1f} ms  {ratio:6.2f} of {base}{budget}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
