"""What batch scoring costs, as ratios to yardsticks measured in the same run.

    python tests/bench/batch.py [ROUNDS]

621 institutions against `spbe score` of one file; a million rows against the same job written by
hand with polars (batch_others.py: aspects first, levels read as bytes), and beside it a tuned one
(batch_by_hand.py), pandas, DuckDB and numpy; the peak of memory at four times the rows. Tables are
made in a temporary folder. Commands are run in turn.
"""

import random
import subprocess
import sys
import tempfile
from pathlib import Path

from timing import ROOT, SPBE, medians, report

HERE = Path(__file__).parent
ONE = str(ROOT / "examples" / "bandar-lampung-2023.yaml")
MILLION = 1_000_000


def table(path: Path, rows: int) -> None:
    """Write a wide table of random levels."""
    chance = random.Random(rows)
    head = ["institution", "category", "province", "year", *map(str, range(1, 48))]
    with path.open("w", encoding="utf-8") as stream:
        stream.write(",".join(head) + "\n")
        for number in range(rows):
            levels = ",".join(chance.choices("12345", k=47))
            stream.write(f"Kabupaten {number},kabupaten,Jawa Barat,2023,{levels}\n")


def peak(command: list[str]) -> float:
    """Return the most memory of a command, in MiB: run in a process of its own."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, "
        "stderr=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command], capture_output=True, check=True, text=True
    )
    return int(done.stdout) / 1024


def main(rounds: int) -> None:
    """Print all figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        out = str(folder / "out.csv")
        paths = {rows: folder / f"{rows}.csv" for rows in (621, MILLION, 4 * MILLION)}
        for rows, path in paths.items():
            table(path, rows)
        small, large = str(paths[621]), str(paths[MILLION])
        batch, score = "spbe batch, 621 x 47", "spbe score, one file"
        found = medians(
            {score: [*SPBE, "score", ONE], batch: [*SPBE, "batch", small, "-o", out]}, rounds
        )
        report(found, score, {batch: (1.25, score)})
        by_hand, batch_million = "by hand with polars", "spbe batch, 1,000,000 x 47"
        others = {
            f"by hand with {library}": [sys.executable, str(HERE / "batch_others.py"), library]
            for library in ("polars", "pandas", "duckdb", "numpy")
        }
        commands = {
            batch_million: [*SPBE, "batch", large, "-o", out],
            "by hand with polars, tuned, the same bytes": [
                sys.executable,
                str(HERE / "batch_by_hand.py"),
                large,
                out,
            ],
            **{name: [*command, large, out] for name, command in others.items()},
        }
        report(medians(commands, rounds), by_hand, {batch_million: (1.3, by_hand)})
        most = {
            rows: peak([*SPBE, "batch", str(paths[rows]), "-o", out])
            for rows in (MILLION, 4 * MILLION)
        }
        ratio = most[4 * MILLION] / most[MILLION]
        print(
            f"peak memory {most[MILLION]:.0f} MiB, at 4,000,000 rows {ratio:.2f} times, budget 1.3"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
