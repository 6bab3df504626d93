"""How long `spbe` takes to start, as ratios to a yardstick measured in the same run.

    python tests/bench/start.py [ROUNDS]

The yardstick is floor.py, the least that does the job with the same four libraries. Commands are
run in turn, so that whatever else the machine does falls on all alike; the first round is not
counted.
"""

import sys
from pathlib import Path

from timing import ROOT, SPBE, medians, report

HERE = Path(__file__).parent
SHEET = str(ROOT / "examples" / "bandar-lampung-2023.yaml")
NATIONAL = str(ROOT / "examples" / "national-2023.csv")
FLOOR, SCORE = "floor.py", "spbe score FILE"
COMMANDS = {
    FLOOR: [sys.executable, str(HERE / "floor.py"), "score", SHEET],
    SCORE: [*SPBE, "score", SHEET],
    "spbe score FILE --format json": [*SPBE, "score", SHEET, "--format", "json"],
    "spbe --version": [*SPBE, "--version"],
    "spbe plan FILE": [*SPBE, "plan", SHEET],
    "spbe outlook FILE": [*SPBE, "outlook", SHEET, "--agreement", "0.9"],
    "spbe rank, 621 institutions": [*SPBE, "rank", NATIONAL],
    "spbe profile, 621 institutions": [*SPBE, "profile", NATIONAL],
    "spbe audit, 621 institutions": [*SPBE, "audit", NATIONAL, "--exit-zero"],
}
BUDGETS = {  # what each should take at most, as a ratio to which
    SCORE: (1.1, FLOOR),
    "spbe score FILE --format json": (0.95, FLOOR),
    "spbe --version": (0.4, FLOOR),
    "spbe plan FILE": (1.3, SCORE),
    "spbe outlook FILE": (2, SCORE),
    "spbe rank, 621 institutions": (3, SCORE),
    "spbe profile, 621 institutions": (2, SCORE),
    "spbe audit, 621 institutions": (3, SCORE),
}


def main(rounds: int) -> None:
    """Print each command's median, and its ratio beside the budget that it should keep."""
    report(medians(COMMANDS, rounds), FLOOR, BUDGETS)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
