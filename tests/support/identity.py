"""Random assessments with awkward names, as an office fills them in, and what is read of them."""

import csv
import io
import json
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml
from conftest import Spbe

from spbe_cli import Instrument
from spbe_cli.core.assessment import Stage
from spbe_cli.read.instruments import DEFAULT, shipped_ids, shipped_instrument
from spbe_cli.words import Words
from support.office import book_of, fill_in

__all__ = ["Drawn", "as_csv", "as_workbook", "as_yaml", "identity"]

KEPT = ("institution", "category", "province", "year", "stage", "instrument", "index", "predicate")
NAMES = [
    "Pemerintah Kota Contoh", 'Kab. "X", Y; Z', "=SUM(A1)", "@kota", "+62 kota", "-- kota",
    "Kota Café, Ñandú", "Badan 100%", "001", "2024", "ya", "null", "Kota: B", "Kota #1", "O'ong",
    "Dinas A & B <C>", "县 Ängström", "[kota]", "{kota}", "A | B", "*kota*",
]  # fmt: skip
PLACES = ["", "", "Jambi", "DKI Jakarta", "=1+1", "Kota; Kabupaten", "Papua, Barat Daya"]
STAGES = [None, *(stage for stage in Stage if stage is not Stage.TARGET)]


class Drawn:
    """A random assessment: who and when as texts by key, and a level for each indicator."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        self.instrument = shipped_instrument(shipped_ids()[seed % len(shipped_ids())])
        first, last = self.instrument.first_year, self.instrument.last_year
        years = [None, 2023, first, last or first]
        if self.instrument.id != DEFAULT:  # its workbook does not name it: the year does
            years.append(2019)
        self.year = chance.choice(years)
        self.stage = chance.choice(STAGES)
        self.who = {
            "institution": chance.choice([*NAMES, ""]),
            "category": chance.choice(["", "kota", "kabupaten", "lpnk", "lain, lain"]),
            "province": chance.choice(PLACES),
        }
        self.levels = {code: chance.choice(_levels(self.instrument)) for code in self.codes}

    @property
    def codes(self) -> list[str]:
        return list(self.instrument.indicator_by_code)

    def expected(self) -> dict[str, Any]:
        """What must be read, computed here anew."""
        weights = {each.code: each.weight for each in self.instrument.indicators}
        total = sum(level * weights[code] for code, level in self.levels.items())
        return {
            **{key: " ".join(value.split()) or None for key, value in self.who.items()},
            "year": self.year,
            "stage": self.stage,
            "instrument": self.instrument.id,
            "index": Fraction(total) / sum(weights.values()),
        }

    def said(self, language: str) -> dict[str, str]:
        """Who and when by the labels of a form, as an office would fill them in."""
        words = Words(language)
        stage = words(f"stage {self.stage}").removeprefix("stage ") if self.stage else ""
        labels = [words("Institution"), words("Category"), words("Province")]
        filled = dict(zip(labels, self.who.values(), strict=True))
        filled[words("Year")] = str(self.year or "")
        return {**filled, words("Stage"): stage, words("Instrument"): self.instrument.id}


def _levels(instrument: Instrument) -> list[Fraction]:
    scale = instrument.scale
    if scale.step is not None:
        return list(scale.levels())
    return [Fraction(each, 100) for each in range(100, 501, 7)] + [Fraction(7, 6), Fraction(10, 3)]


def shown(level: Fraction) -> str:
    """A level as a sheet has it: a decimal where it is one."""
    return f"{float(level):g}" if 100 % level.denominator == 0 else str(level)


def as_yaml(text: str, drawn: Drawn, language: str) -> str:
    form = yaml.safe_load(text)
    said = {key.casefold(): value or None for key, value in drawn.said(language).items()}
    form |= {key: value for key, value in said.items() if key in form or value}
    form[Words(language)("levels")] = {code: shown(lv) for code, lv in drawn.levels.items()}
    return yaml.safe_dump(form, sort_keys=False, allow_unicode=True)


def as_csv(text: str, drawn: Drawn, language: str) -> str:
    delimiter = ";" if language == "id" else ","
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter))
    head = [[f"{label}: {value}"] for label, value in drawn.said(language).items()]
    table = [row for row in rows if len(row) > 2]
    for row in table[1:]:
        row[2] = shown(drawn.levels[row[0]])
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows([*head, [], *table])
    return written.getvalue()


def as_workbook(path: Path, drawn: Drawn, language: str) -> None:
    book = book_of(path)
    sheet = book.worksheets[0]
    said = drawn.said(language)
    for row in sheet.iter_rows(min_row=3, max_row=6):
        for label, value in ((0, 1), (2, 5)):  # beside each other, to fit a screen
            if row[label].value in said and row[value].value != drawn.instrument.id:
                row[value].value, row[value].data_type = said[str(row[label].value)], "s"
    fill_in(sheet, drawn.levels, 3)
    book.save(path)


def identity(spbe: Spbe, path: Path, *asked: str) -> dict[str, Any]:
    found = spbe("score", str(path), *asked, "--format", "json")
    assert found.code == 0, found.err
    (result,) = json.loads(found.out)["results"]
    kept = {key: result[key] for key in KEPT[:6]}
    return {**kept, "index": Fraction(result["index"]["exact"]), **predicate(result)}


def predicate(result: dict[str, Any]) -> dict[str, str]:
    return {"predicate": result["predicate"]["name"]}
