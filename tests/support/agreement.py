"""Score sheets on thresholds, and everything that is to be said of them, computed anew."""

import os
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from conftest import Outcome, Spbe

from spbe_cli.core.instrument import Basis, Indicator, Instrument
from spbe_cli.read.instruments import instrument_from_file, shipped_instrument
from support.said import Text, is_half_up, number

SHEETS = int(os.environ.get("SPBE_SHEETS") or ("200" if os.environ.get("WHOLE_SUITE") else "5"))
"""How many: few for every change, 200 where the whole suite runs."""
SEVENTHS = """\
id: sevenths
title: Weights without an end
scale: {lowest: 1, highest: 5}
predicates: [{name: Tinggi, from: 3.123}, {name: Sedang, from: 2.5}, {name: Rendah}]
basis: [{compare: exact}]
groups:
  - code: G1
    name: Satu
    weight: 300/7
    indicators: [{code: 1, name: a, weight: 100/7}, {code: 2, name: b, weight: 200/7}]
  - code: G2
    name: Dua
    weight: 400/7
    indicators: [{code: 3, name: c, weight: 100/7}, {code: 4, name: d, weight: 300/7}]
"""
KINDS = (("spbe-2020", 2023), ("spbe-2020", 2024), ("spbe-2018", 2019), ("pemdi-2026", 2026),
         ("sevenths", 2024))  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """A score sheet in a file, and everything that is to be said of it, computed here."""

    path: str
    instrument: Instrument
    year: int
    levels: Mapping[str, Fraction]

    @property
    def basis(self) -> Basis:
        return Basis.EXACT if self.year >= 2024 else Basis.ROUNDED

    def mean(self, indicators: Sequence[Indicator]) -> Fraction:
        weight = sum(each.weight for each in indicators)
        return sum(self.levels[each.code] * each.weight for each in indicators) / Fraction(weight)

    @property
    def index(self) -> Fraction:
        return self.mean(self.instrument.indicators)

    def least(self, threshold: Fraction | None) -> Fraction:
        """The least exact index of a predicate: half a hundredth below, where rounded decides."""
        if threshold is None:
            return self.instrument.scale.lowest
        return threshold - Fraction(1, 200) if self.basis is Basis.ROUNDED else threshold

    @property
    def place(self) -> int:
        leasts = [self.least(each.threshold) for each in self.instrument.predicates]
        return next(at for at, least in enumerate(leasts) if self.index >= least)

    @property
    def predicate(self) -> str:
        return self.instrument.predicates[self.place].name

    @property
    def need(self) -> Fraction | None:
        above = self.instrument.predicates[: self.place]
        return self.least(above[-1].threshold) - self.index if above else None


def made(kind: tuple[str, int], seed: int, folder: Path) -> Sheet:
    """A sheet whose index lies on a threshold of one basis, or next to it on either side."""
    chance, (name, year) = random.Random(f"{kind} {seed}"), kind
    if name == "sevenths":
        (folder / "sevenths.yaml").write_text(SEVENTHS, encoding="utf-8")
        found, _ = instrument_from_file(str(folder / "sevenths.yaml"))
        assert found is not None
        instrument = found
    else:
        instrument = shipped_instrument(name)
    fine = instrument.scale.step is None
    steps = [Fraction(n, 100) for n in range(100, 501)] if fine else [
        *instrument.scale.levels()
    ]  # fmt: skip
    levels = {code: chance.choice(steps) for code in instrument.indicator_by_code}
    sheet = Sheet(str(folder / f"{name}-{year}-{seed}.yaml"), instrument, year, levels)
    threshold = chance.choice([each.threshold for each in instrument.predicates if each.threshold])
    goal = threshold - chance.choice([Fraction(0), Fraction(1, 200)])
    goal += chance.choice([Fraction(-1, 2000), Fraction(0), Fraction(1, 2000)])
    sheet = nearer(sheet, goal, chance, steps)
    lines = "".join(f"  {code}: {float(level):g}\n" for code, level in sheet.levels.items())
    head = f"institution: Instansi {seed}\nyear: {year}\n"
    Path(sheet.path).write_text(f"{head}levels:\n{lines}", encoding="utf-8")
    return sheet


def nearer(sheet: Sheet, goal: Fraction, chance: random.Random, steps: Sequence[Fraction]) -> Sheet:
    """The sheet, level by level brought nearer to an index."""
    whole = Fraction(sum(each.weight for each in sheet.instrument.indicators))
    weights = {each.code: each.weight / whole for each in sheet.instrument.indicators}
    levels, index = dict(sheet.levels), sheet.index
    for _ in range(6000):
        if index == goal:
            break
        code, level = chance.choice(list(levels)), chance.choice(steps)
        moved = index + (level - levels[code]) * weights[code]
        if abs(moved - goal) <= abs(index - goal):
            levels[code], index = level, moved
    return replace(sheet, levels=levels)


class Answers:
    """Runs of the program on sheets of one instrument, in one language."""

    def __init__(self, spbe: Spbe, sheet: Sheet, language: str) -> None:
        self._spbe, self.language = spbe, language
        self.own = sheet.instrument.path
        self.how = ("--instrument", self.own) if self.own else ()

    def run(self, *arguments: str) -> Outcome:
        found = self._spbe(*arguments, *self.how, "--lang", self.language)
        assert found.code in (0, 1), found.err
        return found

    def text(self, *arguments: str) -> Text:
        """What a run says, unwrapped: as Markdown."""
        form = () if arguments[0] == "report" else ("--format", "markdown")
        found = self.run(*arguments, *form)
        return Text(found.out + found.err, self.language)


HEADINGS = re.compile(
    r"Instansi|Instrum|PROVISIONAL|SEMENTARA|/|hint|saran|sumber|source|\d{4}: Instansi|"
    r"Each level|Tiap tingkat"
)
"""How lines begin that hold a year, an instrument's name or a notice, and no result."""


def hold_nothing_else(text: Text) -> None:
    """That every other line with a number was looked at."""
    assert [line for line in text.unsaid() if not HEADINGS.match(line)] == []


def hold_bases(text: Text, *sheets: Sheet) -> None:
    """What is said where the bases differ: both indices of one of these sheets."""
    for basis in ("exact", "rounded"):
        sentence = (
            "The exact index {exact} gives {by_exact}, the rounded one {rounded} gives "
            f"{{by_rounded}}; the predicate of this year follows the {basis} index"
        )
        for found in text.find(sentence):
            assert number(found["exact"]) in [sheet.index for sheet in sheets]
            assert is_half_up(found["rounded"], number(found["exact"]))
            assert found["by_exact"] != found["by_rounded"]
