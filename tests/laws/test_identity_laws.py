"""Whatever we write with levels in it is read back as the same assessment: who, when, what, result.

Random sheets with awkward names, of every instrument and stage, go through every form, checklist,
report, answer and saved sheet, in both languages. SPBE_SHEETS=500 takes more of them. What the
page to fill in saves is in tests/browser/test_identity.py.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import Spbe
from support.identity import (
    Checked,
    Drawn,
    as_csv,
    as_workbook,
    as_yaml,
    checked_csv,
    checked_workbook,
    checked_yaml,
    identity,
)

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


FORMS = ("yaml", "csv", "xlsx")
TEXTS = {"yaml": as_yaml, "csv": as_csv}
CHECKED_TEXTS = {"yaml": checked_yaml, "csv": checked_csv}


def fill_in(form: Path, drawn: Drawn, language: str, *, is_checklist: bool) -> None:
    """Fill in a form or a checklist as an office would."""
    if form.suffix == ".xlsx":
        fill: Callable[..., None] = checked_workbook if is_checklist else as_workbook
        fill(form, drawn, language)
        return
    texts: Mapping[str, Callable[..., str]] = CHECKED_TEXTS if is_checklist else TEXTS
    text = texts[form.suffix[1:]](form.read_text("utf-8"), drawn, language)
    form.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("seed", range(SHEETS))
@pytest.mark.parametrize("kind", [Drawn, Checked], ids=["levels", "evidence"])
def test_nothing_loses_its_identity(
    spbe: Spbe, tmp_path: Path, kind: type[Drawn], seed: int
) -> None:
    drawn = kind(seed)
    named = ("--instrument", drawn.instrument.id)
    forms = [(ending, kind is Checked) for ending in FORMS]
    forms += [("xlsx", False)] * (kind is Checked)  # whose second sheet is a checklist
    sheet, predicates = tmp_path / "nilai.yaml", set()
    for language in ("id", "en"):
        for ending, is_checklist in forms:
            form = tmp_path / f"formulir-{language}-{is_checklist}.{ending}"
            asked = [*named, "--lang", language, *["--checklist"] * is_checklist]
            assert spbe("init", str(form), *asked).code == 0
            fill_in(form, drawn, language, is_checklist=is_checklist)
            found = identity(spbe, form)
            assert {**found, **drawn.expected()} == found, form.name
            predicates.add(found["predicate"])
        first = tmp_path / f"formulir-{language}-{kind is Checked}.yaml"
        sheet.write_bytes(first.read_bytes())
        for name, write in WRITTEN.items():
            path = write(spbe, sheet, language)
            assert identity(spbe, path) == identity(spbe, sheet), name
    assert len(predicates) == 1
