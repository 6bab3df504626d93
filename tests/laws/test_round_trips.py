"""A score sheet says the same in every format, whatever the order of its rows and keys."""

import random
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.sheets import levels_of
from support.strategies import assessments
from support.tables import table_text

from spbe_cli import Assessment, Missing, exact, read_assessment
from spbe_cli.read.instruments import instrument_of_year, shipped_ids, shipped_instrument

Levels = dict[str, str]
CHOSEN_BY_YEAR = [
    each
    for each in map(shipped_instrument, shipped_ids())
    if each.first_year is not None and instrument_of_year(each.first_year) == each
]
ANY_FOLDER = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25
)


@st.composite
def shuffled(draw: st.DrawFn) -> tuple[Assessment, Levels]:
    """An assessment of an instrument that a year chooses and its levels as text, in any order."""
    instrument = draw(st.sampled_from(CHOSEN_BY_YEAR))
    assessment = draw(assessments(instrument))._replace(year=instrument.first_year)
    levels = {
        code: exact(entry.level)
        for code, entry in assessment.entries.items()
        if not isinstance(entry.level, Missing)
    }
    codes = list(levels)
    draw(st.randoms(use_true_random=False)).shuffle(codes)
    return assessment, {code: levels[code] for code in codes}


def read_levels(path: Path) -> dict[str, Fraction | Missing]:
    return levels_of(read_assessment(path))


@ANY_FOLDER
@given(shuffled())
def test_yaml(tmp_path: Path, pair: tuple[Assessment, Levels]) -> None:
    assessment, levels = pair
    path = tmp_path / "sheet.yaml"
    text = yaml.safe_dump({"levels": levels, "year": assessment.year}, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    assert read_levels(path) == levels_of(assessment)


@ANY_FOLDER
@given(shuffled(), st.sampled_from(";,\t"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_long_csv(
    tmp_path: Path, pair: tuple[Assessment, Levels], delimiter: str, encoding: str
) -> None:
    assessment, levels = pair
    path = tmp_path / "sheet.csv"
    rows = [[code, level, assessment.year] for code, level in levels.items()]
    content = table_text([["No", "Nilai", "Tahun"], *rows], delimiter=delimiter, end="\r\n")
    path.write_bytes(content.encode(encoding))
    assert read_levels(path) == levels_of(assessment)


@ANY_FOLDER
@given(shuffled())
def test_wide_csv(tmp_path: Path, pair: tuple[Assessment, Levels]) -> None:
    assessment, levels = pair
    path = tmp_path / "sheet.csv"
    head = ["Instansi", "Tahun", *(f"I{code}" for code in levels)]
    row = ["Kota Contoh", assessment.year, *levels.values()]
    path.write_bytes(table_text([head, row], end="\r\n").encode())
    assert read_levels(path) == levels_of(assessment)


@ANY_FOLDER
@given(pair=shuffled(), as_text=st.booleans())
def test_workbook(tmp_path: Path, pair: tuple[Assessment, Levels], *, as_text: bool) -> None:
    assessment, levels = pair
    path = tmp_path / "sheet.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["Tahun", assessment.year])
        sheet.write_row(1, 0, ["Kode", "Tingkat Kematangan"])
        for row, (code, level) in enumerate(levels.items(), start=2):
            sheet.write_string(row, 0, code)
            if as_text:
                sheet.write_string(row, 1, level)
            else:
                sheet.write_number(row, 1, float(Fraction(level)))
    assert read_levels(path) == levels_of(assessment)


@pytest.mark.parametrize("id_", shipped_ids())
def test_a_float_in_a_workbook_is_the_decimal_that_was_typed(tmp_path: Path, id_: str) -> None:
    """4.35 is 4.3499999... as a binary float; the sheet says 4.35, and 7/6 where values are any."""
    instrument = shipped_instrument(id_)
    chosen = random.Random(1)
    scale = list(instrument.scale.levels())
    if instrument.scale.step is None:
        scale += [Fraction(hundredth, 100) for hundredth in range(100, 501)]
        scale += [Fraction(sixth, 6) for sixth in range(6, 31)] * 10
    path = tmp_path / "sheet.xlsx"
    wanted = {code: chosen.choice(scale) for code in instrument.indicator_by_code}
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["Tahun", instrument.first_year])
        sheet.write_row(1, 0, ["No", "Nilai"])
        for row, (code, level) in enumerate(wanted.items(), start=2):
            sheet.write_string(row, 0, code)
            sheet.write_number(row, 1, float(level))
    assert levels_of(read_assessment(path, instrument=instrument)) == wanted
