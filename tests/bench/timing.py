"""How the benchmarks time commands: in turn, so that what else the machine does falls on all."""

import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["ROOT", "SPBE", "Budget", "medians", "report"]

ROOT = Path(__file__).parents[2]
SPBE = [str(Path(sys.executable).with_name("spbe"))]

Budget = tuple[float, str]
"""What a command should take at most, as a ratio to which other."""


def medians(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, float]:
    """Return each command's median in seconds over rounds in turn, a first one not counted."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for round_ in range(rounds + 1):
        for name, command in commands.items():
            taken = _seconds(command)
            if round_:
                times[name].append(taken)
    return {name: statistics.median(taken) for name, taken in times.items()}


def _seconds(command: Sequence[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def report(found: Mapping[str, float], base: str, budgets: Mapping[str, Budget]) -> None:
    """Print each median with its ratio to the base, or to what its budget names."""
    for name, median in found.items():
        most, other = budgets.get(name, (None, base))
        ratio = f"{median / found[other]:6.2f} of {other}" if name != other else ""
        budget = f", budget {most}" if most is not None else ""
        print(f"{name:44} {median * 1000:8.1f} ms  {ratio}{budget}")
