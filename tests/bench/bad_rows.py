"""What bad rows cost without the block engine, as ratios to good ones: processor time, one process.

    python tests/bench/bad_rows.py [ROWS]

Tables are scored in turn, their rejects written, so that whatever else the machine does falls on
all alike; of each the quickest of five counts. The budget is 2; kinds above it have many problems
in a row, each of them a line of the rejects, or ever another text that names an instrument.
"""

import io
import sys
import tempfile
import time
from contextlib import redirect_stderr
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from support.bad_rows import ABOVE, BAD, Change
from support.tables import row, table_text

from spbe_cli.batch.run import BatchRun
from spbe_cli.cli.run import run

ROUNDS = 5
GOOD = "good"


def table(rows: int, change: Change) -> str:
    """Return a table in which each row is changed."""
    every = [ABOVE]
    for number in range(rows):
        cells = row(f"Pemerintah Kota {number}")
        cells[4:4] = ["akhir", "spbe-2020"]
        change(cells, number)
        every.append(cells)
    return table_text(every)


def seconds(path: Path, folder: Path) -> float:
    """Return the processor time of scoring a table."""
    rejects, output = str(folder / "rejects.csv"), str(folder / "output.csv")
    began = time.process_time()
    with redirect_stderr(io.StringIO()):
        run(["batch", str(path), "-o", output, "--rejects", rejects])
    return time.process_time() - began


def main(rows: int) -> None:
    """Print the time of each kind of table, and its ratio to the good one."""
    setattr(BatchRun, "_block_scorer", lambda _: None)  # noqa: B010  (private, and another type)
    changes: dict[str, Change] = {GOOD: lambda *_: None, **BAD}
    least = dict.fromkeys(changes, float("inf"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind, change in changes.items():
            (folder / f"{kind}.csv").write_text(table(rows, change), encoding="utf-8")
        for _ in range(ROUNDS):
            for kind in changes:
                least[kind] = min(least[kind], seconds(folder / f"{kind}.csv", folder))
    for kind, taken in least.items():
        print(f"{kind:28} {taken * 1000:8.1f} ms  {taken / least[GOOD]:6.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000)
