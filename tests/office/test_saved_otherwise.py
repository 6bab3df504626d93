"""A workbook of ours that LibreOffice saved as CSV or ODS is read as the workbook was."""

import subprocess
from pathlib import Path

import pytest
from conftest import Spbe
from support.identity import Checked, Drawn, as_workbook, checked_workbook, identity
from support.office import office

FILTERS = {
    "ods": "ods",
    "csv": "csv:Text - txt - csv (StarCalc):44,34,76,1",
    "semicolons": "csv:Text - txt - csv (StarCalc):59,34,76,1",
}


def saved(path: Path, kind: str) -> Path:
    """The workbook as LibreOffice saves it: of several sheets a CSV has the first."""
    folder = path.parent / kind
    command = [office(), "--headless", f"-env:UserInstallation={(path.parent / 'user').as_uri()}"]
    command += ["--convert-to", FILTERS[kind], "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    (made,) = folder.iterdir()
    return made


@pytest.mark.parametrize("kind", list(FILTERS))
@pytest.mark.parametrize("seed", range(4))
def test_a_form(spbe: Spbe, tmp_path: Path, seed: int, kind: str) -> None:
    office()
    drawn, form = Drawn(seed), tmp_path / "nilai.xlsx"
    language = ("id", "en")[seed % 2]
    asked = ("--instrument", drawn.instrument.id, "--lang", language)
    assert spbe("init", str(form), *asked).code == 0
    as_workbook(form, drawn, language)
    assert identity(spbe, saved(form, kind)) == identity(spbe, form)


@pytest.mark.parametrize("kind", list(FILTERS))
@pytest.mark.parametrize("seed", range(4))
def test_a_checklist(spbe: Spbe, tmp_path: Path, seed: int, kind: str) -> None:
    office()
    drawn, checklist = Checked(seed), tmp_path / "daftar-periksa.xlsx"
    language = ("id", "en")[seed // 2 % 2]
    asked = ("--instrument", drawn.instrument.id, "--lang", language)
    assert spbe("init", "--checklist", str(checklist), *asked).code == 0
    checked_workbook(checklist, drawn, language)
    found = identity(spbe, saved(checklist, kind))
    assert {**found, **drawn.expected()} == found == identity(spbe, checklist)


def test_a_form_with_a_checklist_behind_it(spbe: Spbe, tmp_path: Path) -> None:
    """As ODS it has both sheets; as CSV the first alone, whose levels were left to the second."""
    office()
    drawn, form = Checked(0), tmp_path / "nilai.xlsx"
    asked = ("--instrument", drawn.instrument.id, "--lang", "id")
    assert spbe("init", str(form), *asked).code == 0
    as_workbook(form, drawn, "id")
    found = identity(spbe, saved(form, "ods"))
    assert {**found, **drawn.expected()} == found == identity(spbe, form)
    refused = spbe("score", str(saved(form, "csv")))
    assert (refused.code, refused.out) == (3, "")
    assert "[level-missing]" in refused.err


@pytest.mark.parametrize("kind", ["ods", "csv"])
@pytest.mark.parametrize("seed", range(4))
def test_a_report(spbe: Spbe, tmp_path: Path, seed: int, kind: str) -> None:
    """Its first sheet has no levels: as CSV it is no score sheet, and is not taken for one."""
    office()
    drawn, form = Drawn(seed), tmp_path / "nilai.xlsx"
    asked = ("--instrument", drawn.instrument.id, "--lang", "id")
    assert spbe("init", str(form), *asked).code == 0
    as_workbook(form, drawn, "id")
    report = tmp_path / "laporan.xlsx"
    assert spbe("report", str(form), "-o", str(report), "--lang", "id").code == 0
    made = saved(report, kind)
    if kind == "ods":
        assert identity(spbe, made) == identity(spbe, form)
    else:
        assert spbe("score", str(made)).code == 3
