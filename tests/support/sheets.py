"""Real score sheets, and spbe-2020 sheets that lie exactly on a threshold or just below it."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from conftest import ROOT

from spbe_cli.core.assessment import Assessment, Entry, Missing, Stage
from spbe_cli.core.instrument import Indicator, Instrument
from spbe_cli.core.score import Reading, Scorecard, score
from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.instruments import shipped_instrument

__all__ = [
    "AMBANG",
    "BANDAR_LAMPUNG",
    "DENPASAR",
    "JAMBI_2022",
    "JAMBI_2023",
    "JUST_BY_ROUNDING",
    "NATIONAL",
    "ON_THRESHOLD",
    "SMALL_INSTRUMENT",
    "bandar_lampung",
    "card_of",
    "denpasar",
    "levels_of",
    "sheet",
    "spbe_2020",
    "weighted_mean",
]

# As they are named in the project's folder.
BANDAR_LAMPUNG = "examples/bandar-lampung-2023.yaml"
DENPASAR = "examples/denpasar-2018.yaml"
JAMBI_2022 = "examples/kota-jambi-2022.yaml"
JAMBI_2023 = "examples/kota-jambi-2023.yaml"
NATIONAL = "examples/national-2023.csv"
AMBANG = "tests/cli/threshold-by-rounding.yaml"  # exactly 2.595, shown 2.60
SMALL_INSTRUMENT = "tests/broken/small-instrument.yaml"

# 2.6 exactly: 1-31 at 1, 32 and 33 at 5, 34-41 at 4, 42-47 at 5.
ON_THRESHOLD = {
    **dict.fromkeys(map(str, range(1, 32)), 1),
    **dict.fromkeys(("32", "33"), 5),
    **dict.fromkeys(map(str, range(34, 42)), 4),
    **dict.fromkeys(map(str, range(42, 48)), 5),
}
# 2.595 exactly, shown as 2.60: one level of 3 percent less, one of 2.5 percent more.
JUST_BY_ROUNDING = {**ON_THRESHOLD, "47": 4, "11": 2}


def spbe_2020() -> Instrument:
    return shipped_instrument("spbe-2020")


def weighted_mean(indicators: Iterable[Indicator], levels: Mapping[str, Fraction]) -> Fraction:
    """Annex I in its shortest form, in fractions: levels times weights over the weights."""
    total = weights = Fraction(0)
    for indicator in indicators:
        total += levels[indicator.code] * indicator.weight
        weights += indicator.weight
    return total / weights


def sheet(levels: Mapping[str, int], year: int | None = None) -> Assessment:
    """A spbe-2020 score sheet with these levels."""
    entries = {code: Entry(Fraction(level)) for code, level in levels.items()}
    return Assessment("spbe-2020", entries, year=year)


def bandar_lampung() -> Reading:
    return _read(BANDAR_LAMPUNG, None)


def denpasar(stage: Stage) -> Reading:
    return _read(DENPASAR, stage)


def card_of(reading: Reading) -> Scorecard:
    return score(reading.instrument, reading.assessment)


def levels_of(assessment: Assessment) -> dict[str, Fraction | Missing]:
    return {code: entry.level for code, entry in assessment.entries.items()}


def _read(path: str, stage: Stage | None) -> Reading:
    (reading,) = read_file(str(ROOT / path), Wishes(stage=stage)).readings
    return reading
