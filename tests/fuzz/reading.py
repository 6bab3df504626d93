"""Thousands of disturbed sheets: `python tests/fuzz/reading.py NUMBER [FIRST SEED]`.

Prints how many gave the known index, which were refused and why, and every one that gave another
index, or the old one in silence after a change, with the seed that makes it again. Then the same
sheets, as they are, as wide tables and several institutions in one, by `batch` against `score`.
"""

import sys
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))

from support.both_ways import compared
from support.disturbed import (
    CHANGE,
    disturbed,
    file_of,
    index_of,
    index_read,
    is_as_before,
    notices,
    read,
    refusal,
)

_MOST_SHOWN = 20


def kept(seed: int) -> tuple[str, str]:
    """Return what became of a sheet whose meaning was kept: right, refused, wrong, and why."""
    sheet = disturbed(Random(seed))
    found = read(file_of(sheet))
    index = index_read(found)
    if index is None:
        return "refused", f"{refusal(found)}: {', '.join(sheet.done)}"
    right = index == index_of(sheet.instrument, sheet.levels)
    return ("right", "") if right else ("wrong", f"seed {seed}: {', '.join(sheet.done)}")


def changed(seed: int) -> tuple[str, str]:
    """Return what became of a sheet whose meaning was changed: new, said, refused, silent."""
    sheet = disturbed(Random(seed), 3)
    random = Random(seed)
    before = read(file_of(sheet))
    change = random.choice(CHANGE)
    was = file_of(sheet).content
    change(sheet, random)
    after = file_of(sheet)
    if after.content == was:
        return "same file", change.__name__
    found = read(after)
    index = index_read(found)
    if index is None:
        return "refused", f"{change.__name__}: {refusal(found)}"
    if not is_as_before(found, sheet):
        return "new index", change.__name__
    said = notices(found) != notices(before)
    return ("said" if said else "silent"), f"seed {seed}: {change.__name__} after {sheet.done}"


def by_batch(first: int, number: int) -> None:
    """Print how the sheets went through batch, and every one that `score` reads otherwise."""
    outcomes: Counter[str] = Counter()
    with TemporaryDirectory() as folder:
        for seed in range(first, first + number):
            for most in (4, 3):
                random = Random(seed)
                sheet = disturbed(random, most)
                if most == 3:
                    random.choice(CHANGE)(sheet, random)
                for how, differs in compared(sheet, random, Path(folder)):
                    outcomes[how] += 1
                    if differs:
                        outcomes[f"{how}, and score differs"] += 1
                        print(f"  differs seed {seed}: {how} {sheet.done}: {differs}")  # noqa: T201
    for how, times in sorted(outcomes.items()):
        print(f"  {times:6} {how}")  # noqa: T201


def main() -> None:
    """Run as many of each as asked for, from the seed that is given on."""
    number, first = map(int, [*sys.argv[1:], *("1000", "0")[len(sys.argv) - 1 :]])
    for what in (kept, changed):
        outcomes: Counter[str] = Counter()
        reasons: dict[str, Counter[str]] = {}
        for seed in range(first, first + number):
            outcome, why = what(seed)
            outcomes[outcome] += 1
            reasons.setdefault(outcome, Counter())[why] += 1
        print(what.__name__, dict(outcomes))  # noqa: T201
        for outcome in ("wrong", "silent", "refused", "said", "new index"):
            for why, times in reasons.get(outcome, Counter()).most_common(_MOST_SHOWN):
                print(f"  {outcome:10} {times:6} {why}")  # noqa: T201

    print("batch against score")  # noqa: T201
    by_batch(first, number)


if __name__ == "__main__":
    main()
