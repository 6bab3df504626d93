"""Random tables of levels, scored by batch into a file of each kind, and read back."""

import csv
import io
from collections.abc import Sequence
from contextlib import redirect_stderr
from fractions import Fraction
from pathlib import Path
from random import Random

from spbe_cli.cli.run import run
from spbe_cli.core.number import exact, fixed
from spbe_cli.core.population import Member
from spbe_cli.core.problem import errors_of
from spbe_cli.core.score import Scorecard, score
from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.instruments import instrument_of_year
from spbe_cli.read.published import read_population

_PAIRS = ((2019, 2020), (2021, 2023), (2023, 2024), (2024, 2025))  # each of one instrument
_SINGLE = (2018, 2020, 2021, 2022, 2023, 2024, 2025, 2026)
_NAMES = ("Kab. {}", "Kota {}", "Provinsi {}", "Kementerian {}", "={}", "{}, X", "'{}'", '"{}"')


def _table(random: Random, years: Sequence[int]) -> list[list[str]]:
    """Return a wide table of one year, or of two with the same institutions."""
    instrument = instrument_of_year(years[0])
    assert instrument is not None
    codes = list(instrument.indicator_by_code)
    optional = [name for name in ("category", "province", "stage") if random.random() < 0.6]
    if random.random() < 0.3:
        optional.append("instrument")
    rows = [["institution", "year", *optional, *(f"I{code}" for code in codes)]]
    levels = [exact(level) for level in instrument.scale.levels()]
    if len(levels) > 10:  # the bands of pemdi-2026
        levels = [fixed(Fraction(level)) for level in levels]
    for number in range(random.randint(1, 12)):
        name = random.choice(_NAMES).format(f"N{number}")
        values = {
            "category": random.choice(["kota", "kabupaten", "Kab.", ""]),
            "province": random.choice(["Jambi", "Prov. Jambi", "Riau", ""]),
            "stage": random.choice(["self", "final", "external", "mandiri"]),
            "instrument": instrument.id,
        }
        own = [values[key] for key in optional]
        rows += [[name, str(y), *own, *(random.choice(levels) for _ in codes)] for y in years]
    return rows


def batched(random: Random, folder: Path) -> tuple[str, list[Member]]:
    """Return what is wrong with reading back an output of batch, and institutions of one year."""
    years = random.choice(_PAIRS) if random.random() < 0.2 else (random.choice(_SINGLE),)
    source = folder / "nilai.csv"
    with source.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(_table(random, years))
    ending = random.choice([".csv", ".jsonl", ".parquet"])
    out = folder / f"hasil{ending}"
    options = [name for name in ("--exact", "--raw", "--skip-invalid") if random.random() < 0.3]
    if random.random() < 0.2:
        options += ["--rejects", str(folder / "ditolak.csv")]
    options += ["--lang", random.choice(["id", "en"])]
    said = io.StringIO()
    with redirect_stderr(said):
        code = run(["batch", str(source), "-o", str(out), *options])
    if code:
        return f"batch ended with {code}: {said.getvalue()[:200]}", []
    readings = read_file(str(source), Wishes()).readings
    members: list[Member] = []
    for year in years:
        members, problems = read_population([str(out)], Wishes(only_year=year))
        if errors_of(problems):
            return f"refused: {errors_of(problems)[0].code} in {ending} {options}", members
        of_year = [each for each in readings if each.assessment.year == year]
        cards = [score(each.instrument, each.assessment) for each in of_year]
        is_exact = ending == ".jsonl" or "--exact" in options
        wrong = _difference(cards, members, exact_=is_exact)
        if wrong:
            return f"{wrong} in {ending} {options}", members
    return "", members


def _difference(cards: Sequence[Scorecard], members: Sequence[Member], *, exact_: bool) -> str:
    if len(cards) != len(members):
        return f"{len(members)} of {len(cards)} institutions"
    for card, member in zip(cards, members, strict=True):
        own = card.assessment
        if member.institution.removeprefix("'") != (own.institution or "").removeprefix("'"):
            return f"{member.institution} is not {own.institution}"
        if member.year != own.year or member.instrument.id != card.instrument.id:
            return f"year or instrument of {own.institution}"
        pairs = [("index", card.index, member.index)]
        pairs += [(n.group.code, n.index, member.nodes[n.group.code]) for n in card.nodes]
        for code, right, found in pairs:
            if abs(right - found) > (0 if exact_ else Fraction(1, 200)):
                return f"{code} of {own.institution}"
        if member.predicate is not card.predicate:
            return f"predicate of {own.institution}"
    return ""
