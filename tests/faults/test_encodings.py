"""What machines read is UTF-8 whatever the locale says, and nothing in it is run."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Spbe

from spbe_cli.formats.data import neutral

NAME = "Kota Café ✓ 😀"
LEVELS = ", ".join(f"{number}: 3" for number in range(1, 48))
SHEET = f"institution: {NAME}\nyear: 2023\nlevels: {{{LEVELS}}}\n"
LOCALES = (
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "cp1252"},
    {"PYTHONIOENCODING": "utf-16"},
)


def ran(arguments: list[str], locale: dict[str, str], sheet: bytes = SHEET.encode()) -> bytes:
    found = subprocess.run(
        [sys.executable, "-m", "spbe_cli", *arguments],
        input=sheet,
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "SPBE_LANG": "en", **locale},
    )
    assert found.returncode == 0, found
    assert b"Traceback" not in found.stderr
    return found.stdout


@pytest.mark.parametrize("locale", LOCALES, ids=range(len(LOCALES)))
@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "markdown"])
def test_data_is_utf_8_on_every_stream(locale: dict[str, str], form: str) -> None:
    out = ran(["score", "-", "-f", form], locale).decode("utf-8")
    assert NAME in out
    if form.startswith("json"):
        assert NAME in str(json.loads(out))


@pytest.mark.parametrize("locale", LOCALES, ids=range(len(LOCALES)))
@pytest.mark.parametrize("form", ["html", "md"])
def test_a_page_is_in_the_charset_that_it_declares(locale: dict[str, str], form: str) -> None:
    out = ran(["report", "-", "-f", form], locale)
    assert NAME in out.decode("utf-8")
    assert form == "md" or b'charset="utf-8"' in out.lower()


def test_batch_to_standard_output_is_utf_8() -> None:
    assert NAME in ran(["batch", "-", "-o", "-"], LOCALES[0]).decode("utf-8")


def test_a_file_name_that_is_no_utf_8_stays_readable_in_json(spbe: Spbe, tmp_path: Path) -> None:
    name = os.fsdecode(os.fsencode(tmp_path) + b"/nilai-\xff.yaml")
    try:
        Path(name).write_text(SHEET, "utf-8")
    except OSError:
        pytest.skip("the file system takes no such name")
    for form in ("json", "jsonl"):
        found = spbe("score", name, "-f", form)
        assert found.code == 0
        document = json.loads(found.out)
        source = document["results"][0]["source"] if form == "json" else document["source"]
        assert source["path"] == name
    out = tmp_path / "out.json"
    assert spbe("score", name, "-f", "json", "-o", str(out)).code == 0
    assert json.loads(out.read_text("utf-8"))["results"][0]["source"]["path"] == name
    for locale in LOCALES[:2]:
        assert json.loads(ran(["score", name, "-f", "json"], locale))


SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212\u207a\u208b"


@pytest.mark.parametrize("sign", SIGNS)
def test_no_sign_that_a_spreadsheet_takes_for_a_formula_stands_first(spbe: Spbe, sign: str) -> None:
    for before in ("", "\u200b", "\ufeff", " ", "\u00a0"):
        name = f"{before}{sign}cmd|' /C calc'!A0"
        assert neutral(name) == f"'{name}"
        sheet = json.dumps({"institution": name, "year": "2023",
                            "levels": {str(n): "3" for n in range(1, 48)}}).encode()  # fmt: skip
        for arguments in (["score", "-", "-f", "csv"], ["batch", "-", "-o", "-"]):
            found = spbe(*arguments, stdin=sheet)
            assert found.code == 0, found.err
            first = list(csv.reader(io.StringIO(found.out)))[1][0]
            assert first.startswith("'"), first


@pytest.mark.parametrize("number", ["-1", "+2.5", "-2/15", "-0.1..0.2", "-1/3..+1/3"])
def test_a_number_stays_one(number: str) -> None:
    assert neutral(number) == number


def test_a_joined_emoji_in_a_name_comes_to_a_pdf(spbe: Spbe, tmp_path: Path) -> None:
    """Its pieces are joined by U+200D, which no font of the PDF shows."""
    pypdf = pytest.importorskip("pypdf")
    for name in ("Kota \U0001f468\u200d\U0001f469\u200d\U0001f467 A", "3\ufe0f\u20e3 B", "\u200dC"):
        out = tmp_path / "x.pdf"
        sheet = SHEET.replace(NAME, name).encode()
        found = spbe("report", "-", "-o", str(out), "--force", stdin=sheet)
        assert found.code == 0, found.err
        text = "".join(page.extract_text() for page in pypdf.PdfReader(out).pages)
        assert name[-1] in text


@pytest.mark.parametrize("mark", ["\ufeff", "\ufffe", "\uffff", "\ue000", "\U000e0001"])
def test_what_the_standard_forbids_keeps_no_pdf_back(spbe: Spbe, tmp_path: Path, mark: str) -> None:
    pytest.importorskip("typst")
    notes = {str(n): {"level": "3", "note": f"a {mark}{n}"} for n in range(1, 48)}
    sheet = {"institution": f"Kota {mark}A \U0001f600", "year": "2023", "levels": notes}
    out = tmp_path / "x.pdf"
    found = spbe("report", "-", "-o", str(out), stdin=json.dumps(sheet).encode())
    assert found.code == 0, found.err
    assert out.read_bytes().startswith(b"%PDF-")
