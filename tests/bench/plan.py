"""How long a plan on bands takes, as a ratio to one of spbe-2020: processor time of one process.

    python tests/bench/plan.py [SHEETS]

Plans are made in turn, so that whatever else the machine does falls on all alike; of each the
quickest of five counts, and of each kind the mean. The budget is 1.5.
"""

import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from statistics import mean

from spbe_cli.core.assessment import Assessment, Entry
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.plan import Stop, plan
from spbe_cli.read.instruments import read_criteria, shipped_instrument

ROUNDS = 5
BASE = "spbe-2020, levels"
PEMDI = shipped_instrument("pemdi-2026")
Job = Callable[[], object]


def assessed(instrument: Instrument, levels: Sequence[Fraction], year: int) -> Assessment:
    """Return a sheet with these levels."""
    entries = map(Entry, levels)
    codes = instrument.indicator_by_code
    return Assessment(instrument.id, dict(zip(codes, entries, strict=True)), year=year)


def of_levels(chance: random.Random) -> Job:
    """Return a plan of 47 levels to Memuaskan."""
    instrument = shipped_instrument("spbe-2020")
    levels = [Fraction(chance.randint(1, 3)) for _ in instrument.indicators]
    return partial(plan, instrument, assessed(instrument, levels, 2024), target=Fraction("4.2"))


def of_hundredths(chance: random.Random) -> Job:
    """Return a plan of 20 values with two decimals to Memuaskan."""
    values = [Fraction(chance.randint(100, 350), 100) for _ in PEMDI.indicators]
    return partial(plan, PEMDI, assessed(PEMDI, values, 2026), target=Fraction(4))


def of_fractions(chance: random.Random) -> Job:
    """Return a plan of 20 values such as 7/6 to Memuaskan."""
    values = [Fraction(chance.randint(6, 18), 6) for _ in PEMDI.indicators]
    return partial(plan, PEMDI, assessed(PEMDI, values, 2026), target=Fraction(4))


def of_pieces(chance: random.Random, *, empty: bool = False) -> Job:
    """Return a plan over every piece of evidence that the criteria name.

    Of a checklist that is nearly empty at most two pieces of an indicator are accepted.
    """
    criteria, _ = read_criteria(PEMDI)
    values, stops = [], {}
    for code in PEMDI.indicator_by_code:
        counts = [len(criteria[code].evidence[band.level]) for band in PEMDI.scale.bands]
        begun = chance.randrange(4)
        accepted = sum(counts[:begun]) + chance.randrange(counts[begun])
        if empty:
            accepted = chance.randrange(3)
        ladder = list(pieces(counts))
        values.append(ladder[accepted - 1].after if accepted else PEMDI.scale.lowest)
        stops[code] = ladder[accepted:]
    sheet = assessed(PEMDI, values, 2026)
    return partial(plan, PEMDI, sheet, target=Fraction(4), stops=stops)


def pieces(counts: Sequence[int]) -> Iterator[Stop]:
    """Yield a stop after every piece of evidence, band after band."""
    for band, count in zip(PEMDI.scale.bands, counts, strict=True):
        for number in range(1, count + 1):
            after = band.start + (band.end - band.start) * Fraction(number, count)
            yield Stop(after, int(band.level), Fraction(1, count))


KINDS: Mapping[str, Callable[[random.Random], Job]] = {
    BASE: of_levels,
    "pemdi-2026, two decimals": of_hundredths,
    "pemdi-2026, sixths": of_fractions,
    "pemdi-2026, piece by piece": of_pieces,
    "pemdi-2026, nearly empty": partial(of_pieces, empty=True),
}


def main(sheets: int) -> None:
    """Print the mean time of each kind of plan, and its ratio to one of spbe-2020."""
    jobs = {name: [make(random.Random(n)) for n in range(sheets)] for name, make in KINDS.items()}
    best: dict[tuple[str, int], float] = {}
    for _ in range(ROUNDS):
        for number in range(sheets):
            for name, of_kind in jobs.items():
                start = time.process_time()
                of_kind[number]()
                taken = time.process_time() - start
                best[name, number] = min(taken, best.get((name, number), taken))
    means = {name: mean(best[name, number] for number in range(sheets)) for name in jobs}
    for name, taken in means.items():
        ratio = "" if name == BASE else f"{taken / means[BASE]:6.2f} of {BASE}, budget 1.5"
        print(f"{name:28} {taken * 1000:6.1f} ms  {ratio}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
