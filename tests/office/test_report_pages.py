"""Reports as LibreOffice lays them out: pages in Word, and rows in Excel as high as their text."""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import typst
from conftest import Spbe
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader
from support.office import office
from support.sheets import BANDAR_LAMPUNG, JAMBI_2022, JAMBI_2023

LAMPUNG = (BANDAR_LAMPUNG, "--peers", "examples/national-2023.csv", "--target", "baik")
JAMBI = (JAMBI_2023, "--previous", JAMBI_2022, "--peers", "examples/national-2023.csv")
MEASURE = """
#let texts = json(bytes(sys.inputs.texts))
#set text(font: "Liberation Sans", size: 10pt, hyphenate: false)
#set par(leading: 0pt, spacing: 0pt)
#context [#metadata(texts.map(((body, width, bold)) => {
  let room = if width == none { auto } else { width * 1pt }
  let shown = text(weight: if bold { "bold" } else { "regular" }, body)
  let one = measure(text("X")).height
  calc.round(measure(block(width: room, shown)).height / one)
})) <lines>]
"""
_LINE = 11.5  # points: Liberation Sans has Arial's widths, and this height at size 10


def converted(path: Path, folder: Path) -> PdfReader:
    user = f"-env:UserInstallation={(folder / 'user').as_uri()}"
    command = [office(), "--headless", user, "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=180)
    return PdfReader(folder / f"{path.stem}.pdf")


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_word_document_has_few_pages(spbe: Spbe, tmp_path: Path, language: str) -> None:
    path = tmp_path / "x.docx"
    for options, most in (((), 6), (("--full",), 14)):
        ran = spbe("report", *LAMPUNG, "--lang", language, *options, "-o", str(path), "--force")
        assert ran.code == 0
        pages = [page.extract_text() for page in converted(path, tmp_path / language).pages]
        assert len(pages) <= most
        assert "2,15" in pages[0] or "2.15" in pages[0]
        assert "A1" in pages[1]  # the second begins with domains and aspects


def rows_of(sheet: Worksheet) -> Iterator[tuple[int, str, float, bool]]:
    """Every text that wraps, with its row, and the width in points that it has there."""
    widths = {  # columns of one width are held as one
        column: dimension.width
        for dimension in sheet.column_dimensions.values()
        for column in range(dimension.min or 0, (dimension.max or 0) + 1)
    }
    merged = {f"A{each.min_row}": each for each in sheet.merged_cells.ranges}
    for row in sheet.iter_rows():
        for cell in row:
            if not isinstance(cell.value, str) or not cell.alignment.wrap_text:
                continue
            area = merged.get(cell.coordinate)
            last = area.max_col if area else cell.column
            across = sum(widths[column] for column in range(cell.column, last + 1))
            points = (across * 7 - 6) * 0.75 - cell.alignment.indent * 9
            yield cell.row, cell.value, points, bool(cell.font.b)


def lines_of(texts: list[tuple[str, float, bool]]) -> list[int]:
    """How many lines typst sets each text in, in a font with Arial's widths."""
    with tempfile.NamedTemporaryFile("w", suffix=".typ", encoding="utf-8") as file:
        file.write(MEASURE)
        file.flush()
        compiler = typst.Compiler(file.name, sys_inputs={"texts": json.dumps(texts)})
        (found,) = json.loads(compiler.query("<lines>", field="value"))
    return [int(lines) for lines in found]


@pytest.mark.parametrize("options", [(*LAMPUNG, "--full"), JAMBI])
@pytest.mark.parametrize("language", ["en", "id"])
def test_rows_are_as_high_as_their_texts(
    spbe: Spbe, tmp_path: Path, options: tuple[str, ...], language: str
) -> None:
    """Nothing overlaps what stands below it: text is measured in a font with the same widths."""
    office()  # where it is, its fonts are
    path = tmp_path / "x.xlsx"
    assert spbe("report", *options, "--lang", language, "-o", str(path)).code == 0
    with path.open("rb") as stream, pytest.warns(UserWarning, match="extension"):
        book = load_workbook(stream)
    most = 0
    for sheet in book.worksheets:
        found = list(rows_of(sheet))
        assert found
        lines = lines_of([(text, width, bold) for _, text, width, bold in found])
        most = max(most, *lines)
        for (row, text, _, _), number in zip(found, lines, strict=True):
            height = sheet.row_dimensions[row].height or 0
            assert height >= number * _LINE, (sheet.title, row, text)
            assert height <= 409.5
    assert most > 2
