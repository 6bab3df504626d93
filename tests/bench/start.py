"""How long `spbe` takes to start, as ratios to a yardstick measured in the same run.

    python tests/bench/start.py [ROUNDS]

The yardstick is floor.py, the least that does the job with the same four libraries. Commands are
run in turn, so that whatever else the machine does falls on all alike; the first round is not
counted.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHEET = str(ROOT / "examples" / "bandar-lampung-2023.yaml")
SPBE = [str(Path(sys.executable).with_name("spbe"))]
COMMANDS = {
    "floor.py": ([sys.executable, str(HERE / "floor.py"), "score", SHEET], None),
    "spbe score FILE": ([*SPBE, "score", SHEET], 1.1),
    "spbe score FILE --format json": ([*SPBE, "score", SHEET, "--format", "json"], 0.95),
    "spbe --version": ([*SPBE, "--version"], 0.4),
}


def seconds(command: list[str]) -> float:
    """Return the wall time of a command."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main(rounds: int) -> None:
    """Print the median and the ratio of each command, with the budget it should keep."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for round_ in range(rounds + 1):
        for name, (command, _) in COMMANDS.items():
            taken = seconds(command)
            if round_:
                times[name].append(taken)
    yardstick = statistics.median(times["floor.py"])
    for name, (_, budget) in COMMANDS.items():
        median = statistics.median(times[name])
        limit = f"budget {budget}" if budget else "yardstick"
        print(f"{name:32} {median * 1000:7.1f} ms  {median / yardstick:5.2f}  {limit}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
