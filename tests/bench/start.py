"""How long `spbe` takes to start, as ratios to a yardstick measured in the same run.

    python tests/bench/start.py [ROUNDS]

The yardstick is floor.py, the least that does the job with the same four libraries. Commands are
run in turn, so that whatever else the machine does falls on all alike; the first round is not
counted. Outlooks from pairs stand beside the score of the same sheet: of mild pairs at most a third
of the claims fell, by one; of harsh ones up to two thirds moved, by one or by two.
"""

import random
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from timing import ROOT, SPBE, Budget, medians, report

from spbe_cli.read.instruments import shipped_instrument

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
BUDGETS: dict[str, Budget] = {  # what each should take at most, as a ratio to which
    SCORE: (1.1, FLOOR),
    "spbe score FILE --format json": (0.95, FLOOR),
    "spbe --version": (0.4, FLOOR),
    "spbe plan FILE": (1.3, SCORE),
    "spbe outlook FILE": (2, SCORE),
    "spbe rank, 621 institutions": (3, SCORE),
    "spbe profile, 621 institutions": (2, SCORE),
    "spbe audit, 621 institutions": (3, SCORE),
}

Found = Callable[[random.Random, float], int]
"""By how much a claim moved, with an assessor so strict, from 0 to 1."""


def mild(chance: random.Random, strict: float) -> int:
    """Return a move of at most one level down."""
    return -(chance.random() < 0.15 + 0.2 * strict)


def harsh(chance: random.Random, strict: float) -> int:
    """Return a move of one or two levels down, now and then one up."""
    drawn = chance.random()
    if drawn < 0.3 * strict:
        return -2
    return -1 if drawn < 0.2 + 0.4 * strict else int(drawn > 0.93)


OF_PAIRS = [
    ("spbe-2020", mild, 5),
    ("spbe-2020", harsh, 5),
    ("spbe-2020", harsh, 8),
    ("pemdi-2026", harsh, 5),
    ("epss-2022", mild, 5),
]


def of_pairs(folder: Path) -> tuple[dict[str, list[str]], dict[str, Budget]]:
    """Return outlooks from pairs and scores of the same sheets, and the budgets of the former."""
    commands: dict[str, list[str]] = {}
    budgets: dict[str, Budget] = {}
    for name, found, count in OF_PAIRS:
        chance = random.Random(name)
        paths = [folder / f"{name}-{found.__name__}-{number}.yaml" for number in range(count)]
        for path in paths:
            written(path, name, chance, found)
        claimed = folder / f"{name}.yaml"
        written(claimed, name, chance)
        base = f"spbe score, {name}"
        commands[base] = [*SPBE, "score", str(claimed)]
        given = [option for path in paths for option in ("--calibrate", str(path))]
        of = f"spbe outlook, {name}, {count} {found.__name__} pairs"
        commands[of] = [*SPBE, "outlook", str(claimed), *given]
        budgets[of] = 2, base
    return commands, budgets


def written(path: Path, name: str, chance: random.Random, found: Found | None = None) -> None:
    """Write a score sheet of claims, and with `found` what assessors found beside them."""
    codes = shipped_instrument(name).indicator_by_code
    claims = {code: chance.choice([1, 2, 3, 3, 4, 4, 5]) for code in codes}
    year = 2026 if name == "pemdi-2026" else 2023
    head = f"institution: {path.stem}\nyear: {year}\ninstrument: {name}\n"
    if found is None:
        path.write_text(f"{head}levels: {claims}\n".replace("'", '"'))
        return
    strict = chance.random()
    levels = {code: min(max(at + found(chance, strict), 1), 5) for code, at in claims.items()}
    stages = f"stages: {{self: {claims}, final: {levels}}}\n"
    path.write_text(f"{head}{stages}".replace("'", '"'))


def main(rounds: int) -> None:
    """Print each command's median, and its ratio beside the budget that it should keep."""
    with TemporaryDirectory() as folder:
        commands, budgets = of_pairs(Path(folder))
        report(medians({**COMMANDS, **commands}, rounds), FLOOR, {**BUDGETS, **budgets})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
