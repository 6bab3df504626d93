"""`spbe init`: forms that are read back as they were filled in, and nothing that is overwritten."""

import json
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from conftest import ROOT, Spbe
from hypothesis import given
from hypothesis import strategies as st
from support.office import book_of, fill_in
from support.sheets import SMALL_INSTRUMENT
from syrupy.assertion import SnapshotAssertion

from spbe_cli import Instrument, Stage, load_instrument, read_assessment, score
from spbe_cli.formats.blocks import visible
from spbe_cli.formats.forms import SCHEMA_NAME, Form, form_yaml
from spbe_cli.read.text import File, decode
from spbe_cli.read.yaml import parse_yaml
from spbe_cli.words import Words

IDS = ("spbe-2018", "spbe-2020", "pemdi-2026", "epss-2022")


def filled_yaml(text: str, levels: dict[str, Fraction]) -> str:
    for code, level in levels.items():
        text, count = re.subn(
            rf'(?m)^(  "?{re.escape(code)}"?:)( +#)', rf"\g<1> {float(level):g}\g<2>", text
        )
        assert count == 1
    return text


def filled_csv(text: str, levels: dict[str, Fraction], delimiter: str) -> str:
    lines = []
    for line in text.splitlines():
        code = line.partition(delimiter)[0]
        if code in levels:
            cells = line.split(delimiter)
            cells[2] = f"{float(levels[code]):g}".replace(".", "," if delimiter == ";" else ".")
            line = delimiter.join(cells)  # noqa: PLW2901
        lines.append(line)
    return "\n".join(lines)


def some_levels(instrument: Instrument) -> dict[str, Fraction]:
    scale = list(instrument.scale.levels())
    codes = [indicator.code for indicator in instrument.indicators]
    return {code: scale[(7 * at) % len(scale)] for at, code in enumerate(codes)}


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("ending", ["yaml", "csv", "xlsx"])
def test_a_form_is_read_back_as_filled_in(
    spbe: Spbe, tmp_path: Path, ending: str, name: str, language: str
) -> None:
    form = tmp_path / f"nilai.{ending}"
    institution = 'Kota "Contoh": #1, =x'
    ran = spbe(
        "init", str(form), "--instrument", name, "--institution", institution, "--lang", language
    )
    assert ran.code == 0, ran.err
    instrument = load_instrument(name)
    levels = some_levels(instrument)
    if ending == "xlsx":
        book = book_of(form)
        fill_in(book.worksheets[0], levels, 3)
        book.save(form)
    elif ending == "csv":
        delimiter = ";" if language == "id" else ","
        text = filled_csv(form.read_text("utf-8"), levels, delimiter)
        form.write_text(text, encoding="utf-8")
    else:
        form.write_text(filled_yaml(form.read_text("utf-8"), levels), encoding="utf-8")
    assessment = read_assessment(form)
    assert {code: entry.level for code, entry in assessment.entries.items()} == levels
    assert assessment.institution == institution
    assert assessment.stage is Stage.SELF
    assert assessment.instrument == name
    scored = spbe("score", str(form), "--format", "json")
    index = json.loads(scored.out)["results"][0]["index"]["exact"]
    assert Fraction(index) == score(instrument, assessment).index
    said = set(re.findall(r"\[([a-z-]+)\]$", scored.err, re.MULTILINE))
    assert said <= {"instrument-provisional", "year-absent"}  # nothing of the form itself
    assert "heading not known" not in spbe("check", str(form), "--lang", "en").out


@pytest.mark.parametrize("ending", ["yaml", "csv"])
def test_a_form_looks_as_it_should(
    spbe: Spbe, tmp_path: Path, text: SnapshotAssertion, ending: str
) -> None:
    form = tmp_path / f"nilai.{ending}"
    assert spbe("init", str(form), "--year", "2024", "--lang", "id").code == 0
    assert form.read_text("utf-8") == text


def test_a_yaml_form_comes_with_its_schema(spbe: Spbe, tmp_path: Path) -> None:
    form = tmp_path / "nilai.yaml"
    assert spbe("init", str(form), "--year", "2024").code == 0
    assert form.read_text("utf-8").startswith(f"# yaml-language-server: $schema={SCHEMA_NAME}\n")
    schema = (tmp_path / SCHEMA_NAME).read_bytes()
    assert schema == (ROOT / "schemas" / "assessment.schema.json").read_bytes()
    other = tmp_path / "lain.yaml"
    assert spbe("init", str(other), "--year", "2024").code == 0  # the same schema is not in the way
    (tmp_path / SCHEMA_NAME).write_text("{}", encoding="utf-8")
    ran = spbe("init", str(tmp_path / "ketiga.yaml"), "--year", "2024")
    assert ran.code == 4
    assert not (tmp_path / "ketiga.yaml").exists()


@pytest.mark.parametrize("name", IDS)
def test_a_form_in_indonesian_has_indonesian_keys(spbe: Spbe, tmp_path: Path, name: str) -> None:
    """Every key and stage is one that editors offer, and that is read as what it says."""
    path = tmp_path / "nilai.yaml"
    assert spbe("init", str(path), "--instrument", name, "--lang", "id").code == 0
    form = yaml.safe_load(path.read_text("utf-8"))
    assert [*form][:5] == ["instansi", "kategori", "provinsi", "tahun", "tahap"]
    assert "nilai" in form
    text = path.read_text("utf-8")
    schema = json.loads((ROOT / "schemas" / "assessment.schema.json").read_text("utf-8"))
    (example,) = re.findall(r"\{tingkat.*\}", text)
    code, *others = load_instrument(name).indicators
    form["nilai"] = {each.code: 2 for each in others} | {code.code: yaml.safe_load(example)}
    form["tahun"] = 2023
    for stage in re.findall(r"(?m)^tahap: .*# (.*)$", text)[0].split(", "):
        jsonschema.validate({**form, "tahap": stage}, schema)
    path.write_text(yaml.safe_dump(form, allow_unicode=True), encoding="utf-8")
    read = read_assessment(path, instrument=load_instrument(name))
    entry = read.entries[code.code]
    assert entry.level == 3
    assert (entry.note, entry.evidence) == ("...", ("...",))
    assert (entry.responsible, read.stage) == ("...", Stage.SELF)


def test_nothing_is_overwritten_unasked(spbe: Spbe, tmp_path: Path) -> None:
    form = tmp_path / "nilai.csv"
    form.write_text("my work", encoding="utf-8")
    ran = spbe("init", str(form), "--year", "2024")
    assert ran.code == 4
    assert "[output-exists]" in ran.err
    assert form.read_text("utf-8") == "my work"
    assert spbe("init", str(form), "--year", "2024", "--force").code == 0
    assert "Indikator" in form.read_text("utf-8") or "Code" in form.read_text("utf-8")


def test_an_empty_form_is_said_to_be_empty(spbe: Spbe, tmp_path: Path) -> None:
    form = tmp_path / "nilai.xlsx"
    assert spbe("init", str(form), "--year", "2024").code == 0
    ran = spbe("score", str(form))
    assert ran.code == 3
    assert "47 without a level" in ran.err
    assert ran.err.count("error:") == 1


def test_a_workbook_guards_what_is_not_to_be_filled_in(spbe: Spbe, tmp_path: Path) -> None:
    form = tmp_path / "nilai.xlsx"
    assert spbe("init", str(form), "--year", "2024").code == 0
    sheet = book_of(form).worksheets[0]
    assert sheet.protection.sheet
    open_cells = {
        cell.coordinate.rstrip("0123456789")
        for row in sheet.iter_rows(min_row=13)
        for cell in row
        if not cell.protection.locked
    }
    assert open_cells == {"D", "F", "G", "H"}
    lists = [each for each in sheet.data_validations.dataValidation if each.type == "list"]
    assert sum(each.formula1 == '"1,2,3,4,5"' for each in lists) == 47
    criteria = [cell.value for cell in sheet[14][8:13]]
    assert all(criteria)


def test_an_own_instrument(spbe: Spbe, tmp_path: Path) -> None:
    own = ROOT / SMALL_INSTRUMENT
    for ending in ("yaml", "csv", "xlsx"):
        form = tmp_path / f"nilai.{ending}"
        assert spbe("init", str(form), "--instrument", str(own)).code == 0
        ran = spbe("score", str(form), "--missing", "bounds", "--year", "2023")
        assert ran.code == 0, ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (("nilai.docx", "--year", "2026"), 2, "output-ending"),
        (("nilai.csv",), 2, "form-without-year"),
        (("/nowhere/nilai.csv", "--year", "2026"), 4, "output-unwritable"),
        (("nilai.csv", "--year", "2012"), 2, "year-without-instrument"),
        (("nilai.csv", "--instrument", "spbe-2021"), 2, "instrument-unknown"),
        (("nilai.csv", "--instrument", "nowhere.yaml"), 4, "file-not-found"),
    ],
)
def test_what_cannot_be_written(
    spbe: Spbe, arguments: tuple[str, ...], code: int, problem: str
) -> None:
    ran = spbe("init", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert f"[{problem}]" in ran.err


def test_excel_forms_need_their_library(
    spbe: Spbe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spbe_cli.formats.endings.find_spec", lambda _: None)
    ran = spbe("init", str(tmp_path / "nilai.xlsx"), "--year", "2024")
    assert ran.code == 2
    assert 'pip install "spbe-cli[xlsx]"' in ran.err


def test_other_forms_do_without_that_library(tmp_path: Path) -> None:
    lines = "import sys; sys.modules['xlsxwriter'] = None; from spbe_cli.cli.run import run\n"
    lines += "for name in ('nilai.yaml', 'nilai.csv'):\n    run(['init', name, '--year', '2025'])"
    subprocess.run([sys.executable, "-c", lines], cwd=tmp_path, check=True)
    assert {path.name for path in tmp_path.iterdir()} >= {"nilai.yaml", "nilai.csv"}


def test_an_instrument_of_other_years_is_said(spbe: Spbe, tmp_path: Path) -> None:
    form = tmp_path / "nilai.csv"
    ran = spbe("init", str(form), "--instrument", "spbe-2018", "--year", "2024")
    assert ran.code == 0
    assert "[instrument-other-year]" in ran.err


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_name_comes_back_from_yaml(name: str) -> None:
    text = form_yaml(Form("nilai.yaml", load_instrument(), None, name, 2024), Words("en"))
    decoded, _ = decode(File("nilai.yaml", text.encode()))
    assert decoded is not None
    documents, problems = parse_yaml(decoded)
    assert not problems
    found: Any = documents[0].plain()
    assert (found["institution"] or "") == visible(name)
    assert (found["year"], found["stage"], len(found["levels"])) == ("2024", "self", 47)
