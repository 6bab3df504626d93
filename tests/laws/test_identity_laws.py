"""Whatever we write with levels in it is read back as the same assessment: who, when, what, result.

Random sheets with awkward names, of every instrument and stage, go through every form, report,
answer and saved sheet, in both languages. SPBE_SHEETS=500 takes more of them.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Spbe
from support.identity import Drawn, as_csv, as_workbook, as_yaml, identity

SHEETS = int(os.environ.get("SPBE_SHEETS", "5"))
Write = Callable[[Spbe, Path, str], Path]


def written(*command: str, ending: str) -> Write:
    """Return what writes a sheet's answer by a command to a file of this ending."""

    def write(spbe: Spbe, sheet: Path, language: str) -> Path:
        path = sheet.with_name(f"written-{language}.{ending}")
        asked = [str(sheet) if each == "SHEET" else each for each in command]
        output = "--save" if command[0] == "whatif" else "-o"
        found = spbe(*asked, output, str(path), "--lang", language, "--force")
        assert found.code == 0, found.err
        return path

    return write


WRITTEN = {
    "report": written("report", "SHEET", ending="xlsx"),
    "save": written("whatif", "SHEET", "--set", "all=+0", ending="yaml"),
    "json": written("score", "SHEET", "--format", "json", ending="json"),
    "jsonl": written("score", "SHEET", "--format", "jsonl", ending="jsonl"),
    "merge": written("merge", "SHEET", ending="yaml"),
}


@pytest.mark.parametrize("seed", range(SHEETS))
def test_nothing_loses_its_identity(spbe: Spbe, tmp_path: Path, seed: int) -> None:
    drawn = Drawn(seed)
    sheet = tmp_path / "nilai.yaml"
    for language in ("id", "en"):
        for ending in ("yaml", "csv", "xlsx"):
            form = tmp_path / f"formulir-{language}.{ending}"
            asked = ("--instrument", drawn.instrument.id, "--lang", language)
            assert spbe("init", str(form), *asked).code == 0
            if ending == "xlsx":
                as_workbook(form, drawn, language)
            else:
                filled = {"yaml": as_yaml, "csv": as_csv}[ending]
                text = filled(form.read_text("utf-8"), drawn, language)
                form.write_text(text, encoding="utf-8")
            found = identity(spbe, form)
            assert {**found, **drawn.expected()} == found, form.name
        sheet.write_bytes((tmp_path / f"formulir-{language}.yaml").read_bytes())
        for name, write in WRITTEN.items():
            path = write(spbe, sheet, language)
            assert identity(spbe, path) == identity(spbe, sheet), name
