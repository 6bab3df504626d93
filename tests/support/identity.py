"""Random assessments with awkward names, as an office fills them in, and what is read of them."""

import csv
import io
import json
import random
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml
from conftest import Spbe
from openpyxl.worksheet.worksheet import Worksheet

from spbe_cli import Instrument
from spbe_cli.core.assessment import Stage
from spbe_cli.read.instruments import DEFAULT, read_criteria, shipped_ids, shipped_instrument
from spbe_cli.words import Words
from support.office import book_of, fill_in

__all__ = [
    "CHECKED",
    "Checked",
    "Drawn",
    "as_csv",
    "as_workbook",
    "as_yaml",
    "checked_csv",
    "checked_workbook",
    "checked_yaml",
    "identity",
    "shown",
]

KEPT = ("institution", "category", "province", "year", "stage", "instrument", "index", "predicate")
NAMES = [
    "Pemerintah Kota Contoh", 'Kab. "X", Y; Z', "=SUM(A1)", "@kota", "+62 kota", "-- kota",
    "Kota Café, Ñandú", "Badan 100%", "001", "2024", "ya", "null", "Kota: B", "Kota #1", "O'ong",
    "Dinas A & B <C>", "县 Ängström", "[kota]", "{kota}", "A | B", "*kota*",
]  # fmt: skip
CHECKED = ("pemdi-2026", "spbe-2020")  # those that come with their evidence
NOT_NEEDED = ("Opsional", "Dan/atau", "Atau", "Boleh")
MARKS, NO_MARKS = ["ya", "x", "1", "v", "diterima"], ["", "", "tidak", "-", "0"]
PLACES = ["", "", "Jambi", "DKI Jakarta", "=1+1", "Kota; Kabupaten", "Papua, Barat Daya"]
STAGES = [None, *(stage for stage in Stage if stage is not Stage.TARGET)]


class Drawn:
    """A random assessment: who and when as texts by key, and a level for each indicator."""

    def __init__(self, seed: int, among: Sequence[str] = ()) -> None:
        chance, ids = random.Random(seed), among or shipped_ids()
        self.instrument = shipped_instrument(ids[seed % len(ids)])
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


class Checked(Drawn):
    """A random assessment whose levels follow from accepted pieces of evidence, or are claimed.

    `accepted` are the numbers of the pieces by indicator and level, `claimed` the levels of those
    of which nothing is marked.
    """

    def __init__(self, seed: int, among: Sequence[str] = CHECKED) -> None:
        super().__init__(seed, among)
        chance = random.Random(f"checked {seed}")
        likely = chance.choice([0.5, 0.9, 0.97, 1])
        criteria, _ = read_criteria(self.instrument)
        self.pieces = {code: criteria[code].evidence for code in self.codes}
        self.accepted = {
            code: {
                level: {n for n, _ in enumerate(texts, 1) if chance.random() < likely}
                for level, texts in self.pieces[code].items()
            }
            for code in self.codes
        }
        unmarked = [code for code in self.codes[1:] if chance.random() < 0.1]
        self.claimed = {code: self.levels[code] for code in unmarked}
        for code in self.codes:
            if code in self.claimed:
                self.accepted[code] = {level: set() for level in self.pieces[code]}
            else:
                self.levels[code] = self._carried(code)
        self._chance = chance

    def _carried(self, code: str) -> Fraction:
        """The level that the accepted pieces carry, counted up from the lowest."""
        scale = self.instrument.scale
        reached = scale.lowest
        for level, texts in sorted(self.pieces[code].items()):
            numbers = self.accepted[code][level]
            if scale.bands:
                (band,) = (each for each in scale.bands if each.level == level)
                if len(numbers) < len(texts):
                    width = band.end - band.start
                    return band.start + width * Fraction(len(numbers), len(texts))
                reached = band.end
            else:
                needed = [n for n, text in enumerate(texts, 1) if not text.startswith(NOT_NEEDED)]
                if not numbers >= set(needed):
                    break
                reached = level
        return reached

    def written(self, code: str, level: Fraction) -> object:
        """What is accepted of a level, as it may be written in YAML."""
        numbers, every = self.accepted[code][level], len(self.pieces[code][level])
        ways: list[object] = [sorted(numbers)]
        ways += ["semua", "all"] if len(numbers) == every else []
        ways += ["tidak ada", None] if not numbers else []
        ways += [f"{len(numbers)}/{every}"] if self.instrument.scale.bands else []
        return self._chance.choice(ways)

    def mark(self, code: str, level: Fraction, number: int) -> str:
        """What stands beside a piece in a table."""
        return self._chance.choice(MARKS if number in self.accepted[code][level] else NO_MARKS)


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


def checked_yaml(text: str, drawn: Checked, language: str) -> str:
    form = yaml.safe_load(text)
    said = {key.casefold(): value or None for key, value in drawn.said(language).items()}
    form |= {key: value for key, value in said.items() if key in form or value}
    words = Words(language)
    level, accepted = words("Level").casefold(), words("Accepted").casefold()
    for code, held in form[words("levels")].items():
        for at in held[accepted]:
            held[accepted][at] = drawn.written(str(code), Fraction(at))
        if str(code) in drawn.claimed:
            held[level] = shown(drawn.claimed[str(code)])
    return yaml.safe_dump(form, sort_keys=False, allow_unicode=True)


def as_csv(text: str, drawn: Drawn, language: str) -> str:
    def fill(row: list[str]) -> None:
        row[2] = shown(drawn.levels[row[0]])

    return _filled_csv(text, drawn, language, fill)


def checked_csv(text: str, drawn: Checked, language: str) -> str:
    left = dict(drawn.claimed)

    def fill(row: list[str]) -> None:
        row[5] = drawn.mark(row[0], Fraction(row[2]), int(row[3]))
        if row[0] in left:
            row[6] = shown(left.pop(row[0]))

    return _filled_csv(text, drawn, language, fill)


def _filled_csv(text: str, drawn: Drawn, language: str, fill: Callable[[list[str]], None]) -> str:
    delimiter = ";" if language == "id" else ","
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter))
    head = [[f"{label}: {value}"] for label, value in drawn.said(language).items()]
    table = [row for row in rows if len(row) > 2]
    for row in table[1:]:
        fill(row)
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows([*head, [], *table])
    return written.getvalue()


def as_workbook(path: Path, drawn: Drawn, language: str) -> None:
    """Fill in a form; where the levels follow from evidence, the checklist on its second sheet."""
    book = book_of(path)
    sheet = book.worksheets[0]
    said = drawn.said(language)
    for row in sheet.iter_rows(min_row=3, max_row=6):
        for label, value in ((0, 1), (2, 5)):  # beside each other, to fit a screen
            _say(row[label], row[value], said, drawn)
    if isinstance(drawn, Checked):
        fill_in(sheet, drawn.claimed, 3)
        _mark(book.worksheets[1], drawn)
    else:
        fill_in(sheet, drawn.levels, 3)
    book.save(path)


def checked_workbook(path: Path, drawn: Checked, language: str) -> None:
    book = book_of(path)
    sheet, said = book.worksheets[0], drawn.said(language)
    for row in sheet.iter_rows(max_row=9):
        _say(row[0], row[1], said, drawn)
    _mark(sheet, drawn)
    left = dict(drawn.claimed)
    for row in sheet.iter_rows(min_row=10):
        if str(row[0].value) in left:
            row[6].value = float(left.pop(str(row[0].value)))
    assert not left
    book.save(path)


def _mark(checklist: Worksheet, drawn: Checked) -> None:
    for row in checklist.iter_rows():
        code, number = str(row[0].value), row[3].value
        if code in drawn.pieces and isinstance(number, int):
            row[5].value = drawn.mark(code, Fraction(str(row[2].value)), number) or None


def _say(label: Any, value: Any, said: Mapping[str, str], drawn: Drawn) -> None:  # noqa: ANN401
    """Write who or when beside its label; the instrument stands there already."""
    if label.value in said and value.value != drawn.instrument.id:
        value.value, value.data_type = said[str(label.value)], "s"


def identity(spbe: Spbe, path: Path, *asked: str) -> dict[str, Any]:
    found = spbe("score", str(path), *asked, "--format", "json")
    assert found.code == 0, found.err
    (result,) = json.loads(found.out)["results"]
    kept = {key: result[key] for key in KEPT[:6]}
    return {**kept, "index": Fraction(result["index"]["exact"]), **predicate(result)}


def predicate(result: dict[str, Any]) -> dict[str, str]:
    return {"predicate": result["predicate"]["name"]}
