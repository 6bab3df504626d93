"""Thousands of published tables and outputs of batch: `python tests/fuzz/published.py 1000`.

Each is read as rank, profile, audit and --peers read it. Prints how many gave the known values, and
every one that was refused or gave others, with the seed that makes it again.
"""

import sys
import tempfile
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent))

from support.batched import batched
from support.republished import difference, national, republished

from spbe_cli.core.audit import audit
from spbe_cli.core.places import rank
from spbe_cli.core.population import Member, PeerTable, profile
from spbe_cli.core.problem import errors_of
from spbe_cli.read.choice import Wishes
from spbe_cli.read.published import read_population

_NATIONAL = national()


def taken(members: list[Member]) -> None:
    """Take institutions as the four commands do, which raises where one cannot."""
    rank(members)
    profile(members)
    audit(members)
    PeerTable(members)


def of_the_nation(seed: int, folder: Path) -> str:
    """Return what is wrong with the reading of a subset of the national table; else nothing."""
    made = republished(Random(seed), _NATIONAL)
    path = folder / f"tabel{made.ending}"
    path.write_bytes(made.content)
    members, problems = read_population([str(path)], Wishes())
    if errors_of(problems):
        return f"refused: {errors_of(problems)[0].code}"
    if sum(problem.code == "row-not-read" for problem in problems) != made.left_out:
        return "rows of means not said"
    taken(members)
    return difference(made, members)


def of_batch(seed: int, folder: Path) -> str:
    """Return what is wrong with the reading of an output of batch; else nothing."""
    wrong, members = batched(Random(seed), folder)
    if not wrong:
        taken(members)
    return wrong


def main() -> int:
    """Run as many of each as asked for."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    failed = 0
    for what in (of_the_nation, of_batch):
        wrong = {}
        with tempfile.TemporaryDirectory() as folder:
            for seed in range(number):
                found = what(seed, Path(folder))
                if found:
                    wrong[seed] = found
        print(f"{what.__name__}: {number - len(wrong)} of {number} right")  # noqa: T201
        for seed, why in list(wrong.items())[:20]:
            print(f"  seed {seed}: {why}")  # noqa: T201
        failed += len(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
