"""LibreOffice, which recalculates a workbook as an officer's own program would."""

import io
import os
import shutil
import subprocess
import warnings
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["book_of", "fill_in", "office", "recalculated", "typed_in"]

# A macro of the user's own runs unasked. What it types goes through the program's own cells.
LIBRARY = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false"><library:element library:name="Typing"/>
</library:library>
"""
LIBRARIES = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library"
 xmlns:xlink="http://www.w3.org/1999/xlink"><library:library library:name="Standard"
 xlink:href="$(USER)/basic/Standard/script.xlb/" xlink:type="simple" library:link="false"/>
</library:libraries>
"""
MODULE = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Typing"
 script:language="StarBasic">
Sub Main
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, hidden())
  sheet = book.Sheets.getByIndex(0)
{typed}
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName"
  how(0).Value = "Calc MS Excel 2007 XML"
  book.storeToURL("{target}", how())
  book.close(True)
  StarDesktop.terminate()
End Sub
</script:module>
"""


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


def typed_in(form: Path, typed: Mapping[str, str | float], folder: Path) -> Path:
    """The form after LibreOffice opened it, wrote into cells of its first sheet, and saved it."""
    user, target = folder / "user", folder / f"diisi-{form.name}"
    basic = user / "user" / "basic"
    calls = [
        f'  sheet.getCellRangeByName("{at}").String = "{value}"'
        if isinstance(value, str)
        else f'  sheet.getCellRangeByName("{at}").Value = {value}'
        for at, value in typed.items()
    ]
    module = MODULE.format(
        source=form.as_uri(), target=target.as_uri(), typed="\n".join(calls)
    ).replace('"', "&quot;")
    head, _, body = module.partition("Sub Main")
    command = [office(), "--headless", "--norestore", f"-env:UserInstallation={user.as_uri()}"]
    how: dict[str, Any] = {"capture_output": True, "timeout": 180}
    # it writes its own libraries first
    subprocess.run([*command, "--terminate_after_init"], check=True, **how)
    (basic / "script.xlc").write_text(LIBRARIES, encoding="utf-8")
    (basic / "Standard" / "script.xlb").write_text(LIBRARY, encoding="utf-8")
    text = head.replace("&quot;", '"') + "Sub Main" + body
    (basic / "Standard" / "Typing.xba").write_text(text, encoding="utf-8")
    subprocess.run([*command, "macro:///Standard.Typing.Main"], check=True, **how)
    assert target.exists()
    return target


def fill_in(sheet: Worksheet, levels: Mapping[str, Fraction], column: int) -> None:
    """Write the level of each indicator into its row, which begins with the indicator's code."""
    left = dict(levels)
    for row in sheet.iter_rows():
        code = str(row[0].value)
        if code in left and row[2].value is not None:
            row[column].value = float(left.pop(code))
    assert not left
