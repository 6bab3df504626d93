"""What is tried: how an input is made, and what must hold of whatever comes of it."""

import contextlib
import io
import json
import os
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import yaml

sys.path.insert(0, str(Path(__file__).parents[1]))

from fuzz import mutate
from support.disturbed import disturbed, file_of, index_of

from spbe_cli.cli.app import COMMANDS
from spbe_cli.cli.run import run
from spbe_cli.core.assessment import Missing
from spbe_cli.core.instrument import Criteria, Instrument
from spbe_cli.core.number import is_number, parse
from spbe_cli.core.problem import Problem, errors_of
from spbe_cli.core.score import Reading, score
from spbe_cli.read import instruments
from spbe_cli.read.assessments import FileReadings, read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.instruments import (
    instrument_from_file,
    read_criteria,
    shipped_ids,
    shipped_instrument,
)
from spbe_cli.read.published import read_population
from spbe_cli.read.requests import read_agreements, read_costs, read_scenarios
from spbe_cli.read.text import File
from spbe_cli.read.text import file_of as file_in
from spbe_cli.words import Words

ROOT = Path(__file__).parents[2]
WORDS = Words("en")
SPBE = shipped_instrument("spbe-2020")
_IN_MEMORY = Path("/dev/shm")  # noqa: S108  (a folder of our own in it, under a name of chance)
_FOLDER = tempfile.TemporaryDirectory(
    prefix="spbe-fuzz-", dir=_IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None
)
SCRATCH = Path(_FOLDER.name)
"""Where files are written to be read: in memory where that can be, which is much faster."""


class Target(NamedTuple):
    """How an input is made by chance, and what raises where something does not hold of it."""

    make: Callable[[Random], File]
    check: Callable[[File], object]


@cache
def corpus(*patterns: str) -> tuple[File, ...]:
    """Return the project's own files of some patterns."""
    paths = sorted(path for pattern in patterns for path in ROOT.glob(pattern))
    assert paths, patterns
    return tuple(File(path.name, path.read_bytes()) for path in paths)


def said(problems: Sequence[Problem]) -> None:
    """Hold that every problem has its sentence, and none of them is endless."""
    for problem in problems[:50]:
        sentence, hint = WORDS.problem(problem)
        assert sentence.strip(), problem
        assert hint.strip(), problem


def computed(readings: Sequence[Reading]) -> None:
    """Hold that every reading without a missing level has an index on its scale."""
    for reading in readings:
        entries = reading.assessment.entries.values()
        if any(isinstance(entry.level, Missing) for entry in entries):
            continue
        card = score(reading.instrument, reading.assessment)
        scale = reading.instrument.scale
        assert scale.lowest <= card.index <= scale.highest, card.index


def read_all(file: File) -> FileReadings:
    """Return what is read of a file, of which everything can be said and computed."""
    loaded = file_in(*file)
    if isinstance(loaded, Problem):
        said([loaded])
        return FileReadings()
    found = read_file(loaded, Wishes(missing_allowed=True))
    said(found.problems)
    computed(found.readings)
    return found


def _mutated(*patterns: str) -> Callable[[Random], File]:
    def make(random: Random) -> File:
        file = random.choice(corpus(*patterns))
        return file._replace(content=mutate.text_changed(file.content, random))

    return make


def check_yaml(file: File) -> None:
    """Hold what is read of a YAML sheet against what PyYAML makes of it."""
    found = read_all(file)
    if errors_of(found.problems) or len(found.readings) != 1:
        return
    try:
        text = file.content.decode("utf-8-sig")
        documents = [each for each in yaml.load_all(text, Loader=yaml.BaseLoader) if each]
    except (UnicodeDecodeError, yaml.YAMLError, ValueError):
        return
    if len(documents) != 1 or not isinstance(documents[0], dict):
        return
    levels = documents[0].get("levels")
    if not isinstance(levels, dict):
        return
    (reading,) = found.readings
    known = {entry.level for entry in reading.assessment.entries.values()}
    for detail in levels.values():
        level = detail.get("level") if isinstance(detail, dict) else detail
        if isinstance(level, str) and is_number(level):
            assert parse(level) in known, level


def make_disturbed(random: Random) -> File:
    """Return a table that keeps its meaning, its index written at the end of its name."""
    sheet = disturbed(random)
    index = index_of(sheet.instrument, sheet.levels)
    file = file_of(sheet)
    return file._replace(path=f"{index.numerator}-{index.denominator}-{file.path}")


def check_disturbed(file: File) -> None:
    """Hold that a table whose meaning was kept has its index, or is refused."""
    found = read_all(file)
    numerator, denominator, *_ = file.path.split("-")
    if errors_of(found.problems) or len(found.readings) != 1:
        return
    (reading,) = found.readings
    if reading.assessment.missing:
        return
    index = score(reading.instrument, reading.assessment).index
    assert index == Fraction(int(numerator), int(denominator)), index


def make_table(random: Random) -> File:
    """Return a table of a sheet or of many, its bytes or cells changed."""
    if random.random() < 0.5:
        file = file_of(disturbed(random))
        if file.is_workbook:
            file = random.choice(corpus("examples/lembar-nilai.csv"))
    else:
        file = random.choice(corpus("examples/*.csv", "tests/broken/*.csv", "tests/broken/*.tsv"))
    content = mutate.text_changed(file.content[:60_000], random)
    if random.random() < 0.03:
        content = mutate.packed(content)
    return File(random.choice(("x.csv", "x.tsv", "x.txt", "x.csv.gz", "x")), content)


def make_workbook(random: Random) -> File:
    """Return an XLSX workbook with a part changed."""
    file = random.choice(corpus("examples/*.xlsx"))
    if random.random() < 0.3:
        sheet = disturbed(random)
        sheet.workbook = True
        file = file_of(sheet)
    return File("x.xlsx", mutate.zip_changed(file.content, random))


def check_workbook(file: File) -> None:
    """Hold each level that is read against the values that openpyxl reads."""
    found = read_all(file)
    if errors_of(found.problems) or not found.readings:
        return
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(file.content), data_only=True, read_only=False)
        cells = [
            cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        ]
    except Exception:  # noqa: BLE001  (it reads less than others do)
        return
    if not book.sheetnames:  # it drops a sheet whose reference stands in a damaged namespace
        return
    texts = {str(cell).strip().replace(",", ".").removesuffix(".0") for cell in cells}
    numbers = {parse(text) for text in texts if is_number(text)}
    words = " ".join(texts)
    for reading in found.readings:
        for entry in reading.assessment.entries.values():
            if isinstance(entry.level, Fraction):
                assert entry.level in numbers or str(entry.level) in words, entry.level


def make_workbook_bytes(random: Random) -> File:
    """Return a workbook with its bytes, or what its directory tells, changed."""
    file = random.choice(corpus("examples/*.xlsx", "tests/broken/*.xls"))
    change = random.choice((mutate.bytes_changed, mutate.sizes_changed))
    return File(random.choice(("x.xlsx", "x.xls", "x")), change(file.content, random))


_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    "<office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>"
)


@cache
def ods() -> bytes:
    """Return an .ods of a sheet with all its levels."""
    rows = [("No", "Nilai"), *((str(number), "3") for number in range(1, 48))]
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p>'
            "</table:table-cell>"
            for text in row
        )
        + "</table:table-row>"
        for row in rows
    )
    table = f'<table:table table:name="Nilai">{cells}</table:table>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _ODS.format(table), zipfile.ZIP_DEFLATED)
        archive.writestr("META-INF/manifest.xml", "<x/>")
    return made.getvalue()


def make_ods(random: Random) -> File:
    """Return an .ods with a part, a repetition or a byte changed."""
    if random.random() < 0.2:
        return File("x.ods", mutate.bytes_changed(ods(), random))
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ods())) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            if name == "content.xml":
                data = mutate.xml_changed(_repeated(data, random), random)
            after.writestr(name, data, zipfile.ZIP_DEFLATED)
    return File("x.ods", made.getvalue())


def _repeated(data: bytes, random: Random) -> bytes:
    names = ("columns-repeated", "rows-repeated", "columns-spanned", "rows-spanned")
    times = random.choice(("2", "1048576", "16384", "99999999999", "-1", "x"))
    extra = f'<table:table-cell table:number-{random.choice(names)}="{times}" '.encode()
    at = data.find(b"<table:table-cell ", random.randrange(len(data)))
    return data if at < 0 else data[:at] + extra + data[at + len(b"<table:table-cell ") :]


@cache
def answers() -> tuple[bytes, ...]:
    """Return our own answers and rows as JSON, which are read again."""
    made = []
    for form in ("json", "jsonl"):
        code, out, _ = ran(["score", "examples/bandar-lampung-2023.yaml", "-f", form])
        assert code == 0
        made.append(out.encode())
    rows = [{"no": number, "nilai": 3} for number in range(1, 48)]
    wide = [{"instansi": "A", "tahun": 2023, **{str(n): 3 for n in range(1, 48)}}] * 3
    return (*made, json.dumps(rows).encode(), json.dumps(wide).encode())


def make_json(random: Random) -> File:
    """Return JSON with its text or its bytes changed."""
    content = random.choice(answers())
    if random.random() < 0.5:
        content = content.replace(b",", b",\n")
    return File(random.choice(("x.json", "x.jsonl", "x")), mutate.text_changed(content, random))


def on_disk(file: File) -> str:
    """Return the path of a file that is written to be read from there."""
    path = SCRATCH / file.path
    path.write_bytes(file.content)
    return str(path)


def make_published(random: Random) -> File:
    """Return a table of published results, changed."""
    file = random.choice(corpus("examples/national-2023.csv", "tests/broken/*published*.csv"))
    lines = file.content.splitlines(keepends=True)
    if len(lines) > 40:
        start = random.randrange(1, len(lines) - 20)
        lines = [lines[0], *lines[start : start + random.randint(1, 20)]]
    return File("x.csv", mutate.text_changed(b"".join(lines), random))


def check_published(file: File) -> None:
    """Hold that institutions have an index on their scale, and can be audited and ranked."""
    from spbe_cli.core.audit import audit
    from spbe_cli.core.places import rank
    from spbe_cli.core.population import profile

    members, problems = read_population([on_disk(file)], Wishes())
    said(problems)
    if errors_of(problems) or not members:
        return
    for member in members:
        # a published one may be too low, which the audit explains
        assert 0 <= member.index <= member.instrument.scale.highest, member.index
    if len({(member.instrument.id, member.year) for member in members}) == 1:
        rank(members)
        profile(members)
    audit(members[:3])


def check_documents(file: File) -> None:
    """Hold that each reader of small YAML documents reads or refuses it."""
    from dataclasses import replace

    path = on_disk(file)
    said(read_costs(path, SPBE)[1])
    said(read_agreements(path, SPBE)[1])
    said(read_scenarios(path)[1])
    said(read_criteria(replace(SPBE, criteria=path))[1])


def check_instrument(file: File) -> None:
    """Hold that an instrument that is taken has weights that add up."""
    instrument, problems = instrument_from_file(on_disk(file))
    said(problems)
    if instrument is None:
        assert errors_of(problems)
        return
    assert sum(group.weight for group in instrument.groups) == 100
    assert instrument.predicates[-1].threshold is None


def ran(arguments: Sequence[str], stdin: bytes = b"") -> tuple[int, str, str]:
    """Run `spbe ARGUMENTS` in this process; return its code and what it wrote."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    before = sys.stdin, os.getcwd()  # noqa: PTH109
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    os.chdir(ROOT)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(arguments)
            out.flush()
            err.flush()
    finally:
        sys.stdin = before[0]
        os.chdir(before[1])
    written = [each.buffer.getvalue().decode() for each in (out, err)]
    return int(code), written[0], written[1]


SHEET = "examples/bandar-lampung-2023.yaml"
_FILES = (
    SHEET, "examples/kota-jambi-2022.yaml", "examples/kota-jambi-2023.yaml", "-", "nowhere.yaml",
    "examples/lembar-nilai.csv", "examples/denpasar-2018.xlsx", "examples/national-2023.csv",
    "examples/biaya.yaml", "examples/skenario.yaml", "examples/keyakinan.yaml", "examples",
    "tests/broken/level-missing.yaml", "tests/broken/small-instrument.yaml", "",
)  # fmt: skip
_VALUES = (
    "12=4", "A3=+1", "D1=5", "all=+1", "1", "47", "D2=3.0", "baik", "Memuaskan", "2.6", "9", "-1",
    "0.9", "baik=0.9", "json", "jsonl", "csv", "markdown", "table", "html", "md", "self", "final",
    "target", "2023", "2018", "2030", "id", "en", "never", "always", "bounds", "uniform",
    "spbe-2018", "spbe-2020", "pemdi-2026", "lower", "symmetric", "indicator", "error",
    "level-missing", "list", "show", "check", "diff", "A1", "all", *_FILES,
)  # fmt: skip


@cache
def options(command: str) -> tuple[str, ...]:
    """Return the options of a command, as its help names them."""
    _, out, _ = ran([command, "--help"])
    words = out.replace(",", " ").replace("[", " ").split()
    kept = {word for word in words if word.startswith("-") and len(word) > 1}
    return tuple(sorted(kept - {"--output", "-o", "--output-dir", "--save", "--rejects"}))


def make_options(random: Random) -> File:
    """Return a command line by chance: most of it makes sense."""
    command = random.choice(COMMANDS)
    arguments = [command]
    if random.random() < 0.85:
        arguments.append(random.choice(_FILES[:8]) if command != "explain" else "12")
    for _ in range(random.randint(0, 4)):
        arguments.append(random.choice(options(command) or ("--lang",)))
        if random.random() < 0.8:
            arguments.append(random.choice(_VALUES if random.random() < 0.9 else mutate.HOSTILE))
    if command in ("score", "whatif", "plan", "levers") and random.random() < 0.4:
        arguments += ["--format", "json"]
    out = random.choice(("x.json", "x.csv", "x.html", "x.yaml", "x.xlsx", "x.md", "no/x.json"))
    if random.random() < 0.2 or command == "batch":
        arguments += [random.choice(("-o", "--output")), str(SCRATCH / out)]
    if command == "init":
        arguments = [command, str(SCRATCH / out), *arguments[2:], "--force"]
    random.shuffle(arguments[1:])
    content = "\n".join(each.replace("\n", " ").replace("\0", "") for each in arguments)
    return File("arguments", content.encode("utf-8", "surrogatepass"))


def check_options(file: File) -> None:
    """Hold that any command line ends with a code that is said, its JSON whole."""
    arguments = file.content.decode("utf-8", "surrogateescape").split("\n")
    sheet = (ROOT / SHEET).read_bytes()
    code, out, err = ran(arguments, sheet)
    assert code in (0, 1, 2, 3, 4), f"exit code {code}: {err}"
    assert "Traceback" not in err, err
    assert code in (0, 1) or err, arguments
    if code == 0 and out.startswith('{\n  "format"'):
        document: Any = json.loads(out)
        assert document["format"].startswith("spbe-")
    if code == 0 and arguments[0] == "score" and "--format" in arguments and "json" in arguments:
        agree(arguments, sheet)


def agree(arguments: Sequence[str], sheet: bytes) -> None:
    """Hold that the other formats, and a reading of the answer, give the index of the JSON."""
    others = [each for each in arguments if each not in ("-o", "--output")]
    others = [each for each in others if not each.startswith(str(SCRATCH))]
    code, out, _ = ran(others, sheet)
    if code or not out.startswith("{"):
        return
    shown = [each.get("index") for each in json.loads(out)["results"]]
    place = others.index("--format")  # an option is given once
    _, table, _ = ran([*others[: place + 1], "csv", *others[place + 2 :]], sheet)
    for index in shown:
        if index is not None and "rounded" in index:
            assert index["rounded"] in table, (index, table)


_CRITERIA: dict[str, tuple[dict[str, Criteria], list[Problem]]] = {}


def _criteria_once(instrument: Instrument) -> tuple[dict[str, Criteria], list[Problem]]:
    """Return the criteria that come with spbe, read once: it takes longer than most reports."""
    if instrument.id not in shipped_ids():
        return read_criteria(instrument)
    if instrument.id not in _CRITERIA:
        _CRITERIA[instrument.id] = read_criteria(instrument)
    return _CRITERIA[instrument.id]


instruments.read_criteria = _criteria_once

Name = Callable[[Random], str]


def make_report(random: Random) -> File:
    """Return a sheet with hostile texts, whose levels are right."""
    levels = {str(number): str(random.randint(1, 5)) for number in range(1, 48)}
    detail: dict[str, object] = dict(levels)
    for code in random.sample(sorted(levels), 5):
        detail[code] = {"level": levels[code], "note": _text(random), "evidence": [_text(random)]}
    document = {
        "institution": _text(random) or "A",
        "category": _text(random) or None,
        "year": "2023",
        "note": _text(random),
        "levels": detail,
    }
    return File("x.json", json.dumps(document).encode())


def _text(random: Random) -> str:
    pieces = [random.choice(mutate.HOSTILE) for _ in range(random.randint(1, 4))]
    pieces += [
        chr(random.choice((random.randrange(32, 0xD800), random.randrange(0xE000, 0x1FFFF))))
    ]
    random.shuffle(pieces)
    return " ".join(pieces)[:900]


def reported(file: File, form: str) -> bytes | None:
    """Return the report on a sheet in a format; None where the sheet is refused."""
    path = on_disk(file)
    out = SCRATCH / f"out.{form}"
    out.unlink(missing_ok=True)
    code, _, err = ran(["report", path, "-o", str(out)])
    assert code in (0, 3), err
    return out.read_bytes() if code == 0 else None


_TEXT_FORMS = ("html", "md", "xlsx")


def check_text_report(file: File) -> None:
    """Hold that a page or workbook can be read, and none of them runs what a name holds.

    Which one, the input decides; what is refused for one is refused for the next.
    """
    from xml.etree import ElementTree as ET

    chosen = len(file.content) % len(_TEXT_FORMS)
    form = _TEXT_FORMS[chosen]
    made = reported(file, form)
    if made is None:
        assert reported(file, _TEXT_FORMS[chosen - 1]) is None
        return
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            for name in archive.namelist():
                ET.fromstring(archive.read(name))  # noqa: S314
        return
    assert b"<b>" not in made or form == "md"
    made.decode("utf-8")


def check_word(file: File) -> None:
    """Hold that a Word file can be opened again."""
    import docx

    made = reported(file, "docx")
    if made is not None:
        assert docx.Document(io.BytesIO(made)).paragraphs


def check_pdf(file: File) -> None:
    """Hold that a PDF is one."""
    made = reported(file, "pdf")
    assert made is None or made.startswith(b"%PDF-")


@cache
def letterhead() -> bytes:
    """Return a letterhead with fields."""
    import docx

    word = docx.Document()
    word.add_paragraph("{{ institution }} {{ index }}")
    word.add_paragraph("{% if predicate == 'Baik' %}baik{% endif %}")
    word.add_paragraph("{{ report }}")
    made = io.BytesIO()
    word.save(made)
    return made.getvalue()


def make_letterhead(random: Random) -> File:
    """Return a letterhead with a part changed."""
    change = random.choice((mutate.zip_changed,) * 4 + (mutate.bytes_changed, mutate.sizes_changed))
    return File("x.docx", change(letterhead(), random))


def check_letterhead(file: File) -> None:
    """Hold that a letterhead is filled in or refused."""
    path = on_disk(file)
    out = SCRATCH / "letter.docx"
    code, _, err = ran(["report", SHEET, "-o", str(out), "--template", path, "--force"])
    assert code in (0, 3), err


TARGETS = {
    "yaml": Target(_mutated("examples/*-20*.yaml", "tests/golden/cases/*.yaml"), check_yaml),
    "broken yaml": Target(_mutated("tests/broken/*.yaml"), check_yaml),
    "disturbed": Target(make_disturbed, check_disturbed),
    "table": Target(make_table, read_all),
    "workbook": Target(make_workbook, check_workbook),
    "workbook bytes": Target(make_workbook_bytes, read_all),
    "ods": Target(make_ods, read_all),
    "json": Target(make_json, read_all),
    "published": Target(make_published, check_published),
    "documents": Target(
        _mutated("examples/biaya.yaml", "examples/keyakinan.yaml", "examples/skenario.yaml"),
        check_documents,
    ),
    "instrument": Target(
        _mutated("tests/broken/small-instrument.yaml", "tests/broken/*instrument*.yaml"),
        check_instrument,
    ),
    "options": Target(make_options, check_options),
    "report": Target(make_report, check_text_report),
    "word": Target(make_report, check_word),
    "letterhead": Target(make_letterhead, check_letterhead),
    "pdf": Target(make_report, check_pdf),
}
