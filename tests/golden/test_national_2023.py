"""All 621 institutions of 2023: the predicate follows from the published index."""

import csv
from collections import Counter
from pathlib import Path

from spbe_cli import load_instrument
from spbe_cli.core.number import parse
from spbe_cli.core.scoring import verdict_on

TABLE = Path(__file__).parents[2] / "examples" / "national-2023.csv"


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_published_predicate_follows_from_the_published_index() -> None:
    instrument = load_instrument(year=2023)
    wrong = [
        row["institution"]
        for row in rows()
        if verdict_on(instrument, parse(row["index"]), 2023).name != row["predicate"]
    ]
    assert wrong == []


def test_all_621_institutions_are_there() -> None:
    counted = Counter(row["predicate"] for row in rows())
    assert counted == {"Memuaskan": 24, "Sangat Baik": 90, "Baik": 274, "Cukup": 186, "Kurang": 47}
