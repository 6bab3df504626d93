"""Score sheets whose index is known, disturbed in ways that keep their meaning or change it."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random

from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import exact
from spbe_cli.core.problem import errors_of
from spbe_cli.core.score import score
from spbe_cli.read.assessments import FileReadings, read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.instruments import shipped_instrument
from spbe_cli.read.text import File

YEARS = {"spbe-2018": 2019, "spbe-2020": 2023, "pemdi-2026": 2026}
CODE_HEADINGS = ("No", "No.", "Nomor", "Kode", "KODE INDIKATOR", "No Indikator", "no_indikator")
NAME_HEADINGS = ("Indikator", "Nama Indikator", "NAMA INDIKATOR", "Uraian Indikator")
LEVEL_HEADINGS = (
    "Nilai",
    "NILAI",
    "Tingkat Kematangan",
    "Level",
    "TK",
    "Capaian",
    "Skor",
    "Nilai Tingkat\nKematangan",
)
NOTES = (
    "Bukti 1;2;3;4;5",
    "SK, Perwal; dan lampiran",
    "ada | lengkap",
    "12/2023",
    "",
    'kata "ini"',
)
OPDS = ("Diskominfo", "Bappeda", "Setda, Bagian Organisasi", "")


@dataclass
class Sheet:
    """A table in the making: titles, a heading row, and rows by column."""

    instrument: Instrument
    levels: dict[str, Fraction]
    above: list[list[str]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)  # what each holds
    headings: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, str]] = field(default_factory=list)
    between: dict[int, list[dict[str, str]]] = field(default_factory=dict)
    below: list[list[str]] = field(default_factory=list)
    repeats: int = 0
    numbered: bool = False
    hidden_rows: list[dict[str, str]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    sheets: list[tuple[str, list[list[str]], bool]] = field(default_factory=list)
    delimiter: str = ","
    workbook: bool = False
    done: list[str] = field(default_factory=list)

    def table(self) -> tuple[list[list[str]], list[int]]:
        """Return all rows, and the numbers of those that are hidden."""
        heading = [self.headings[column] for column in self.columns]
        rows = [*self.above, heading]
        if self.numbered:
            rows.append([f"({number})" for number in range(1, len(heading) + 1)])
        hidden: list[int] = []
        for number, row in enumerate(self.rows):
            rows += self._cells(self.between.get(number, []))
            if self.repeats and number and number % self.repeats == 0:
                rows.append(heading)
            rows.append([row.get(column, "") for column in self.columns])
        for row in self.hidden_rows:
            hidden.append(len(rows))
            rows.append([row.get(column, "") for column in self.columns])
        rows += self._cells(self.between.get(len(self.rows), []))
        return [*rows, *self.below], hidden

    def _cells(self, rows: Sequence[dict[str, str]]) -> list[list[str]]:
        return [[row.get(column, "") for column in self.columns] for row in rows]

    def file(self) -> File:
        """Return the file of the sheet."""
        rows, hidden = self.table()
        if self.workbook:
            return File("lembar.xlsx", book_of(self, rows, hidden))
        text = io.StringIO()
        csv.writer(text, delimiter=self.delimiter, lineterminator="\n").writerows(rows)
        return File("lembar.csv", text.getvalue().encode())


def book_of(sheet: Sheet, rows: list[list[str]], hidden: Sequence[int] = ()) -> bytes:
    """Return a workbook with rows, the sheets around them, and what is hidden."""
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    before = [each for each in sheet.sheets if each[2]]
    after = [each for each in sheet.sheets if not each[2]]
    for name, content, _ in before:
        _fill(book.add_worksheet(name), content)
    own = book.add_worksheet("Penilaian")
    _fill(own, rows)
    for row in hidden:
        own.set_row(row, None, None, {"hidden": True})
    for index, column in enumerate(sheet.columns if hidden else ()):
        if column in sheet.hidden:
            own.set_column(index, index, None, None, {"hidden": True})
    for name, content, _ in after:
        _fill(book.add_worksheet(name), content)
    book.close()
    return target.getvalue()


def _fill(sheet: object, rows: list[list[str]]) -> None:
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            value = float(text) if text.isdecimal() and len(text) < 6 else text
            if text:
                sheet.write(number, column, value)  # type: ignore[attr-defined]


def known_sheet(random: Random) -> Sheet:
    """Return a plain sheet with a number, a name and a level a row."""
    instrument = shipped_instrument(random.choice(["spbe-2020"] * 6 + ["spbe-2018", "pemdi-2026"]))
    scale = instrument.scale
    lowest = 1 if scale.lowest == 0 else int(scale.lowest)
    levels = {}
    for indicator in instrument.indicators:
        if scale.step is None or scale.step < 1:
            level = Fraction(random.randint(100, 500), 100)
        else:
            level = Fraction(random.randint(lowest, int(scale.highest)))
        levels[indicator.code] = level
    sheet = Sheet(instrument, levels)
    sheet.above = [
        ["Instansi", "Kabupaten Contoh"],
        [random.choice(["Tahun", "Tahun Penilaian", "TAHUN"]), str(YEARS[instrument.id])],
    ]
    sheet.columns = ["code", "name", "level"]
    sheet.headings = {"code": "No", "name": "Indikator", "level": "Nilai"}
    sheet.rows = [
        {"code": i.code, "name": i.name, "level": exact(levels[i.code])}
        for i in instrument.indicators
    ]
    sheet.delimiter = random.choice([",", ";", "\t", "|"])
    sheet.workbook = random.random() < 0.25
    return sheet


Disturbance = Callable[[Sheet, Random], None]


def synonyms(sheet: Sheet, random: Random) -> None:
    sheet.headings["code"] = random.choice(CODE_HEADINGS)
    sheet.headings["name"] = random.choice(NAME_HEADINGS)
    sheet.headings["level"] = random.choice(LEVEL_HEADINGS)


def order(sheet: Sheet, random: Random) -> None:
    random.shuffle(sheet.columns)


def row_order(sheet: Sheet, random: Random) -> None:
    random.shuffle(sheet.rows)


def notes(sheet: Sheet, random: Random) -> None:
    sheet.columns.append("note")
    sheet.headings["note"] = random.choice(["Catatan", "Penjelasan", "Data Dukung", "Bukti"])
    for row in sheet.rows:
        row["note"] = random.choice(NOTES)


def units(sheet: Sheet, random: Random) -> None:
    sheet.columns.insert(random.randint(0, len(sheet.columns)), "unit")
    sheet.headings["unit"] = random.choice(["OPD", "PIC", "Penanggung Jawab", "Instansi"])
    for row in sheet.rows:
        row["unit"] = random.choice(OPDS[:3])


def recommendations(sheet: Sheet, random: Random) -> None:
    sheet.columns.append("more")
    sheet.headings["more"] = random.choice(["Rekomendasi", "Tindak Lanjut", "Batas Waktu"])
    for row in sheet.rows:
        row["more"] = random.choice(["segera", "2024", "", "susun SK; tetapkan"])


def weights(sheet: Sheet, random: Random) -> None:
    sheet.columns.insert(random.randint(0, len(sheet.columns)), "weight")
    sheet.headings["weight"] = random.choice(["Bobot", "Bobot (%)"])
    by_code = sheet.instrument.indicator_by_code
    for row in sheet.rows:
        row["weight"] = exact(by_code[row["code"]].weight)


def aspects(sheet: Sheet, random: Random) -> None:
    name = random.choice(["Aspek", "Domain", "Nama Aspek"])
    sheet.columns.insert(0, "aspect")
    sheet.headings["aspect"] = name
    where = {
        indicator.code: group.name
        for group, _, _ in sheet.instrument.nodes
        for indicator in group.indicators
    }
    for row in sheet.rows:
        row["aspect"] = where[row["code"]]


def ids(sheet: Sheet, random: Random) -> None:
    sheet.columns.insert(0, "id")
    sheet.headings["id"] = random.choice(["id", "ID", "id_indikator"])
    base = random.choice([100, 2000])
    step = random.choice([1, 3])
    for number, row in enumerate(sheet.rows):
        row["id"] = str(base + number * step)


def running(sheet: Sheet, random: Random) -> None:
    """Number the rows beside a column Kode that says the indicator."""
    if "running" in sheet.columns:
        return
    sheet.headings["code"] = random.choice(["Kode", "Kode Indikator", "No Indikator"])
    sheet.columns.insert(0, "running")
    sheet.headings["running"] = "No"
    random.shuffle(sheet.rows)
    for number, row in enumerate(sheet.rows, 1):
        row["running"] = str(number)


def group_rows(sheet: Sheet, random: Random) -> None:
    numerals = ["I", "II", "III", "IV", "V", "VI", "VII"]
    letters = ["A", "B", "C", "D", "E", "F", "G"]
    style = random.choice(["roman", "letters", "code", "name"])
    first = {row["code"]: number for number, row in enumerate(sheet.rows)}
    for number, group in enumerate(sheet.instrument.groups):
        code = _first_code(group)
        label = {
            "roman": numerals[number],
            "letters": letters[number],
            "code": group.code,
            "name": "",
        }[style]
        mean = random.choice(["", "2,45", "3.10"])
        extra = {"code": label, "name": group.name, "level": mean}
        sheet.between.setdefault(first[code], []).append(extra)
    total = {"name": random.choice(["Indeks SPBE", "Jumlah", "Rata-rata"]), "level": "2,85"}
    sheet.between.setdefault(len(sheet.rows), []).append(total)


def _first_code(group: object) -> str:
    inner = group.groups  # type: ignore[attr-defined]
    return _first_code(inner[0]) if inner else group.indicators[0].code  # type: ignore[attr-defined]


def legend(sheet: Sheet, random: Random) -> None:
    sheet.above.append([random.choice(["Skala", "Keterangan", ""]), "1", "2", "3", "4", "5"])
    names = ["Rintisan", "Terkelola", "Terdefinisi", "Terpadu", "Optimum"]
    if random.random() < 0.5:
        sheet.above.append(["", *names])


def titles(sheet: Sheet, random: Random) -> None:
    sheet.above.insert(0, [random.choice(["LEMBAR KERJA EVALUASI", "HASIL PENILAIAN SPBE; draf"])])
    if random.random() < 0.5:
        sheet.above.append([])


def column_numbers(sheet: Sheet, random: Random) -> None:
    del random
    sheet.numbered = True


def repeated_headings(sheet: Sheet, random: Random) -> None:
    sheet.repeats = random.choice([10, 15, 20])


def signature(sheet: Sheet, random: Random) -> None:
    place = [""] * random.randint(0, 2)
    begins = random.choice(
        [["Kota Contoh, 12 Desember 2023"], ["Mengetahui,"], ["Mengetahui,", ""]]
    )
    signs = random.choice(
        ["Ketua Tim Asesor Internal,", "Plt. Kepala Dinas Kominfo", "a.n. Bupati"]
    )
    sheet.below = [
        [],
        [*place, *begins],
        [*place, signs],
        [*place, ""],
        [*place, "NAMA PEJABAT"],
        *([[*place, "Pembina Utama Muda"]] if random.random() < 0.5 else []),
        [*place, "NIP. 19700101 199001 1 001"],
    ]


def decimals(sheet: Sheet, random: Random) -> None:
    comma = random.random() < 0.5
    for row in sheet.rows:
        text = row["level"]
        text = text if "." in text else f"{text}.0"
        row["level"] = text.replace(".", ",") if comma else text


def words_around(sheet: Sheet, random: Random) -> None:
    step = sheet.instrument.scale.step
    if step is None or step < 1:
        return
    before = random.choice(["Level ", "TK ", "Tingkat "])
    for row in sheet.rows:
        row["level"] = before + row["level"]


def level_names(sheet: Sheet, random: Random) -> None:
    del random
    names = sheet.instrument.scale.names
    by_code = sheet.instrument.indicator_by_code
    for row in sheet.rows:
        of_levels = names.get(by_code[row["code"]].capability or "", {})
        name = of_levels.get(sheet.levels[row["code"]])
        if name and row["level"].isdecimal():
            row["level"] = f"{row['level']} ({name})"


def names_alone(sheet: Sheet, random: Random) -> None:
    del random
    if not sheet.between:
        sheet.columns.remove("code")


def numbers_in_names(sheet: Sheet, random: Random) -> None:
    style = random.choice(["{code}. {name}", "Indikator {code}: {name}", "{code} - {name}"])
    for row in sheet.rows:
        row["name"] = style.format(**row)


def decree_years(sheet: Sheet, random: Random) -> None:
    sheet.columns.append("year")
    sheet.headings["year"] = random.choice(["Tahun", "tahun"])
    for row in sheet.rows:
        row["year"] = random.choice(["2021", "2022", "2020"])


def later_stages(sheet: Sheet, random: Random) -> None:
    sheet.headings["level"] = random.choice(["Mandiri", "Penilaian Mandiri", "Nilai Mandiri"])
    fill = random.choice(["", "0"]) if sheet.instrument.id != "spbe-2018" else ""
    for key, name in (("verif", "Verif"), ("final", "Akhir")):
        sheet.columns.append(key)
        sheet.headings[key] = name
        for row in sheet.rows:
            row[key] = fill


def target(sheet: Sheet, random: Random) -> None:
    sheet.columns.insert(random.randint(0, len(sheet.columns)), "target")
    sheet.headings["target"] = "Target"
    for row in sheet.rows:
        row["target"] = random.choice(["3", "4", "5"])


def ticks(sheet: Sheet, random: Random) -> None:
    sheet.headings["level"] = "Mandiri"
    sheet.columns.append("tick")
    sheet.headings["tick"] = random.choice(["Verifikasi", "Dokumen"])
    mark = random.choice(["v", "x", "ada", "1"])
    for row in sheet.rows:
        row["tick"] = mark


def hidden(sheet: Sheet, random: Random) -> None:
    sheet.workbook = True
    sheet.columns.append("old")
    sheet.headings["old"] = "Akhir"
    sheet.hidden.append("old")
    for row in sheet.rows:
        row["old"] = random.choice("12345")
    sheet.hidden_rows = [{"code": "1", "name": "lama", "level": "5"}]


def other_sheets(sheet: Sheet, random: Random) -> None:
    sheet.workbook = True
    names = [indicator.name for indicator in sheet.instrument.indicators]
    criteria = [["KRITERIA"], ["Nama Indikator", "1", "2", "3", "4", "5"]]
    criteria += [[name, "a", "b", "c", "d", "e"] for name in names]
    recap = [["REKAP"], ["Domain", "D1", "D2", "D3", "D4"], ["Nilai", "1,4", "2,7", "3", "4,04"]]
    cover = [["LEMBAR KERJA EVALUASI"], ["Petunjuk pengisian"]]
    for name, content in (("Kriteria", criteria), ("Rekap", recap), ("Sampul", cover)):
        if random.random() < 0.6:
            sheet.sheets.append((name, content, random.random() < 0.7))


KEEP: tuple[Disturbance, ...] = (
    synonyms,
    order,
    notes,
    units,
    recommendations,
    weights,
    aspects,
    ids,
    running,
    group_rows,
    legend,
    titles,
    column_numbers,
    repeated_headings,
    signature,
    decimals,
    words_around,
    level_names,
    names_alone,
    numbers_in_names,
    decree_years,
    later_stages,
    target,
    ticks,
    hidden,
    other_sheets,
)
_LAST = {"decimals", "words_around", "level_names", "numbers_in_names", "names_alone", "order"}
_ONE_OF = ({"words_around", "level_names", "decimals"}, {"later_stages", "ticks", "hidden"})
_ROWS_MOVE = {"running"}


def disturbed(random: Random, most: int = 4) -> Sheet:
    """Return a known sheet with some disturbances that keep its meaning."""
    sheet = known_sheet(random)
    chosen = random.sample(KEEP, random.randint(1, most))
    for apart in _ONE_OF:
        inside = [each for each in chosen if each.__name__ in apart]
        for each in inside[1:]:
            chosen.remove(each)
    names = {each.__name__ for each in chosen}
    if "running" in names:  # the rows move, so nothing may stand between them
        chosen = [e for e in chosen if e.__name__ not in ("group_rows", "names_alone")]
    if "names_alone" in names:
        chosen = [e for e in chosen if e.__name__ != "group_rows"]
    chosen.sort(key=lambda each: each.__name__ in _LAST)
    for each in chosen:
        each(sheet, random)
    sheet.done = [each.__name__ for each in chosen]
    return sheet


# What changes the meaning


def change_level(sheet: Sheet, random: Random) -> None:
    row = random.choice(sheet.rows)
    choices = ["1", "2", "3", "4", "5"]
    held = exact(sheet.levels[row["code"]])
    if held in choices:
        choices.remove(held)
    row["level"] = random.choice(choices)


def lose_row(sheet: Sheet, random: Random) -> None:
    sheet.rows.remove(random.choice(sheet.rows))


def double_row(sheet: Sheet, random: Random) -> None:
    row = dict(random.choice(sheet.rows))
    if random.random() < 0.7:
        row["level"] = random.choice("12345")
    sheet.rows.insert(random.randint(0, len(sheet.rows)), row)


def shorten_row(sheet: Sheet, random: Random) -> None:
    """Lose a field in a row, so that those after it move."""
    sheet.workbook = False
    row = random.choice(sheet.rows)
    place = random.randrange(len(sheet.columns))
    cells = [row.get(column, "") for column in sheet.columns]
    cells.pop(place)
    row["__cells__"] = "\x00".join(cells)


def shift_row(sheet: Sheet, random: Random) -> None:
    row = random.choice(sheet.rows)
    cells = [row.get(column, "") for column in sheet.columns]
    level = sheet.columns.index("level")
    place = random.randint(0, level)
    cells.insert(place, "")
    was = row["level"]
    row.update(dict(zip(sheet.columns, cells, strict=False)))
    told = {"code", "name", "weight"} & set(sheet.columns[place:level])
    if row["level"] == was and not told:  # a target like the level: nothing else has changed
        row["level"] = ""


def swap_names(sheet: Sheet, random: Random) -> None:
    one, other = random.sample(sheet.rows, 2)
    if one["level"][-1] == other["level"][-1] or one["level"] == other["level"]:
        one["level"] = "1" if "1" not in other["level"] else "2"
    key = random.choice(["name", "code"] if "code" in sheet.columns else ["name"])
    one[key], other[key] = other[key], one[key]


CHANGE: tuple[Disturbance, ...] = (
    change_level,
    lose_row,
    double_row,
    shorten_row,
    shift_row,
    swap_names,
)


def file_of(sheet: Sheet) -> File:
    """Return the file of a sheet in which rows may have lost a field."""
    short = [row for row in sheet.rows if "__cells__" in row]
    if not short:
        return sheet.file()
    rows, _ = sheet.table()
    for row in short:
        whole = [row.get(column, "") for column in sheet.columns]
        rows[rows.index(whole)] = row["__cells__"].split("\x00")
    text = io.StringIO()
    csv.writer(text, delimiter=sheet.delimiter, lineterminator="\n").writerows(rows)
    return File("lembar.csv", text.getvalue().encode())


def index_of(instrument: Instrument, levels: dict[str, Fraction]) -> Fraction:
    weighted = (i.weight * levels[i.code] for i in instrument.indicators)
    return sum(weighted, Fraction(0)) / 100


def read(file: File) -> FileReadings:
    return read_file(file, Wishes())


def index_read(found: FileReadings) -> Fraction | None:
    """Return the index of the one reading; None for a refusal, an error for several."""
    if errors_of(found.problems) or not found.readings:
        return None
    (reading,) = found.readings
    return score(reading.instrument, reading.assessment).index


def is_as_before(found: FileReadings, sheet: Sheet) -> bool:
    """Return whether every indicator has the level that it had before something was changed."""
    (reading,) = found.readings
    levels = {code: entry.level for code, entry in reading.assessment.entries.items()}
    return levels == sheet.levels


def notices(found: FileReadings) -> list[str]:
    of_readings = [n.code for reading in found.readings for n in reading.notices]
    return sorted([*(problem.code for problem in found.problems), *of_readings])


def refusal(found: FileReadings) -> str:
    codes: Sequence[str] = [problem.code for problem in errors_of(found.problems)]
    return " + ".join(sorted(set(codes)))
