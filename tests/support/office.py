"""LibreOffice, which recalculates a workbook as an officer's own program would."""

import io
import os
import shutil
import subprocess
import warnings
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["book_of", "fill_in", "office", "recalculated"]


def office() -> str:
    """The program; without it a test is skipped, or fails where SPBE_REQUIRE_OFFICE asks for it."""
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("SPBE_REQUIRE_OFFICE") == "1":
            pytest.fail("SPBE_REQUIRE_OFFICE is set, and there is no LibreOffice")
        pytest.skip("LibreOffice is not installed")
    return program


def book_of(path: Path, *, values: bool = False) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the reader does not know: bars of one colour
        return load_workbook(io.BytesIO(path.read_bytes()), data_only=values)


def recalculated(path: Path, folder: Path) -> Workbook:
    """The workbook with every formula computed anew by LibreOffice."""
    folder.mkdir(exist_ok=True)
    command = [office(), "--headless", f"-env:UserInstallation={(folder / 'user').as_uri()}"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return book_of(folder / path.name, values=True)


def fill_in(sheet: Worksheet, levels: Mapping[str, Fraction], column: int) -> None:
    """Write the level of each indicator into its row, which begins with the indicator's code."""
    left = dict(levels)
    for row in sheet.iter_rows():
        code = str(row[0].value)
        if code in left and row[2].value is not None:
            row[column].value = float(left.pop(code))
    assert not left
