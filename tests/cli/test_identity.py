"""What is written with levels in it is read back to the same institution, year, stage and index."""

import csv
import io
from pathlib import Path

import pytest
from conftest import ROOT, Spbe
from support.sheets import JUST_BY_ROUNDING

from spbe_cli.core.assessment import Stage
from spbe_cli.read.values import stage_of
from spbe_cli.words import Words

SHEETS = [
    "examples/bandar-lampung-2023.yaml",
    "examples/kota-jambi-2022.yaml",
    "examples/kota-jambi-2023.yaml",
    "examples/denpasar-2018.yaml",
]
KEPT = ("institution", "category", "province", "year", "stage", "instrument", "index", "predicate")


def scored(spbe: Spbe, *arguments: str) -> list[dict[str, str]]:
    found = spbe("score", *arguments, "--format", "csv", "--exact")
    assert found.code == 0, found.err
    return [{key: row[key] for key in KEPT} for row in csv.DictReader(io.StringIO(found.out))]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("sheet", SHEETS)
def test_the_workbook_of_a_report_keeps_who_and_when(
    spbe: Spbe, tmp_path: Path, sheet: str, language: str
) -> None:
    path = tmp_path / "laporan.xlsx"
    assert spbe("report", sheet, "-o", str(path), "--lang", language).code == 0
    assert scored(spbe, str(path)) == scored(spbe, sheet)


def test_a_year_decides_the_basis_in_a_report_read_back(spbe: Spbe, tmp_path: Path) -> None:
    """An index just below a threshold is above it by the rounded index of 2023 alone."""
    predicates = set()
    for year in (2023, 2024):
        sheet = tmp_path / f"nilai-{year}.yaml"
        text = "".join(f"  {code}: {level}\n" for code, level in JUST_BY_ROUNDING.items())
        sheet.write_text(f"institution: Kota A\nyear: {year}\nlevels:\n{text}", encoding="utf-8")
        report = tmp_path / f"laporan-{year}.xlsx"
        assert spbe("report", str(sheet), "-o", str(report)).code == 0
        (found,) = scored(spbe, str(report))
        assert [found] == scored(spbe, str(sheet))
        predicates.add(found["predicate"])
    assert len(predicates) == 2


def test_an_institution_without_a_name_or_year_stays_without(spbe: Spbe, tmp_path: Path) -> None:
    sheet, path = tmp_path / "nilai.yaml", tmp_path / "laporan.xlsx"
    sheet.write_text("levels:\n" + "".join(f"  {code}: 3\n" for code in range(1, 48)))
    assert spbe("report", str(sheet), "-o", str(path)).code == 0
    assert scored(spbe, str(path)) == scored(spbe, str(sheet))


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("language", ["id", "en"])
def test_what_we_call_a_stage_is_read_as_that_stage(language: str, stage: Stage) -> None:
    said = Words(language)(f"stage {stage}").removeprefix("stage ")
    assert stage_of(said) is stage
    assert stage_of(said.upper()) is stage


def test_an_asked_for_instrument_is_kept(spbe: Spbe, tmp_path: Path) -> None:
    path = tmp_path / "laporan.xlsx"
    asked = ("--instrument", "spbe-2020", "--year", "2026")
    sheet = str(ROOT / SHEETS[0])
    assert spbe("report", sheet, *asked, "-o", str(path)).code == 0
    assert scored(spbe, str(path)) == scored(spbe, sheet, *asked)


def test_a_folder_with_a_sheet_and_its_own_report_counts_it_once(
    spbe: Spbe, tmp_path: Path
) -> None:
    sheet = tmp_path / "kota-jambi.yaml"
    sheet.write_bytes((ROOT / SHEETS[2]).read_bytes())
    (tmp_path / "tahun-lalu.yaml").write_bytes((ROOT / SHEETS[1]).read_bytes())
    report = tmp_path / "laporan.xlsx"
    assert spbe("report", str(sheet), "-o", str(report)).code == 0
    found = spbe("score", str(tmp_path), "--format", "csv")
    assert found.code == 0
    years = [row["year"] for row in csv.DictReader(io.StringIO(found.out))]
    assert years == ["2023", "2022"]
    assert found.err.count("[assessment-repeated]") == 1
    assert f"laporan.xlsx: notice: Pemerintah Kota Jambi is in {sheet}" in found.err
    pattern = spbe("score", f"{tmp_path}/*a*", "--format", "csv")
    assert pattern.out == found.out
    named = spbe("score", str(sheet), str(report), "--format", "csv")
    assert named.out.count("2023") == 2
    assert "[assessment-repeated]" not in named.err


def test_what_differs_in_a_level_or_has_no_name_counts_by_itself(
    spbe: Spbe, tmp_path: Path
) -> None:
    text = (ROOT / SHEETS[2]).read_text("utf-8")
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(text.replace("1: 5", "1: 4", 1), encoding="utf-8")
    bare = "year: 2023\nlevels:\n" + "".join(f"  {code}: 3\n" for code in range(1, 48))
    for name in ("c.yaml", "d.yaml"):
        (tmp_path / name).write_text(bare, encoding="utf-8")
    found = spbe("score", str(tmp_path), "--format", "csv")
    assert len(list(csv.DictReader(io.StringIO(found.out)))) == 4
    assert "[assessment-repeated]" not in found.err
