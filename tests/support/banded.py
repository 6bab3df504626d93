"""Random instruments whose levels are bands, as files."""

import random
from fractions import Fraction
from typing import Any

import yaml

__all__ = ["instrument_text", "number_of"]

NAMES = ("Awal", "Terkelola", "Terpadu", "", "Optimum", "Unggul")


def number_of(chance: random.Random, low: Fraction, high: Fraction) -> Fraction:
    """Return a number between two others, with up to four decimals or a denominator up to 10."""
    divisor = chance.choice([*range(1, 11), 100, 10_000])
    least, most = -(-low * divisor // 1), high * divisor // 1
    return Fraction(chance.randint(int(least), int(most)), divisor) if least <= most else low


def instrument_text(chance: random.Random) -> str:
    """Return a random instrument whose levels are bands, as its file."""
    lowest = chance.choice([Fraction(0), Fraction(1), Fraction(1, 2)])
    highest = lowest + Fraction(chance.choice(["3", "4", "17/4"]))
    inside = {number_of(chance, lowest, highest) for _ in range(chance.randint(1, 4))}
    starts = [lowest, *sorted(inside - {lowest, highest})]
    parts = [chance.randint(1, 9) for _ in range(chance.randint(3, 9))]
    weights = [Fraction(100 * part, sum(parts)) for part in parts]
    indicators = [
        {"code": str(at), "name": f"Butir {at}", "weight": str(weight)}
        for at, weight in enumerate(weights, 1)
    ]
    cut = chance.randint(1, len(indicators) - 1)
    groups = [indicators[:cut], indicators[cut:]]
    thresholds = sorted({number_of(chance, lowest, highest) for _ in range(3)} - {lowest})
    predicates: list[dict[str, Any]] = [
        {"name": f"Predikat {at}", "from": str(each)} for at, each in enumerate(thresholds, 1)
    ]
    return yaml.safe_dump(
        {
            "id": "acak",
            "title": "Instrumen acak",
            "index": "Indeks Acak",
            "scale": {"lowest": str(lowest), "highest": str(highest), "step": "none"},
            "levels": [
                {"level": at, "from": str(start)} | ({"name": name} if name else {})
                for at, (start, name) in enumerate(zip(starts, NAMES, strict=False), 1)
            ],
            "predicates": [*reversed(predicates), {"name": "Predikat 0"}],
            "basis": [{"compare": chance.choice(["exact", "rounded"])}],
            "groups": [
                {
                    "code": f"G{at}",
                    "name": f"Kelompok {at}",
                    "weight": str(sum(Fraction(each["weight"]) for each in group)),
                    "indicators": group,
                }
                for at, group in enumerate(groups, 1)
            ],
        },
        sort_keys=False,
    )
