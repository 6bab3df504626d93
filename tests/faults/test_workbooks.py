"""Workbooks that multiply: what is shared by many sheets is looked at once."""

import io
import re
import zipfile

import pytest
from conftest import ROOT

from spbe_cli.read import workbook
from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.text import File

SOURCE = (ROOT / "examples" / "denpasar-2018.xlsx").read_bytes()


def with_sheets(count: int, *, own_parts: bool) -> File:
    """Return a workbook that lists a sheet as often, by one part or by parts of their own."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SOURCE)) as before, zipfile.ZipFile(made, "w", 8) as after:
        for name in before.namelist():
            data = before.read(name)
            if name == "xl/workbook.xml":
                sheet = re.search(rb"<sheet [^>]*/>", data)
                assert sheet is not None
                relation = re.search(rb'r:id="([^"]*)"', sheet[0])
                assert relation is not None
                more = b"".join(
                    sheet[0]
                    .replace(b'name="', b'name="%d ' % number)
                    .replace(relation[0], b'r:id="own%d"' % number if own_parts else relation[0])
                    for number in range(1, count)
                )
                data = data.replace(sheet[0], sheet[0] + more)
            if name == "xl/_rels/workbook.xml.rels" and own_parts:
                first = re.search(rb"<Relationship [^>]*worksheets/sheet1.xml[^>]*/>", data)
                assert first is not None
                more = b"".join(
                    re.sub(rb'Id="[^"]*"', b'Id="own%d"' % number, first[0]).replace(
                        b"sheet1.xml", b"own%d.xml" % number
                    )
                    for number in range(1, count)
                )
                data = data.replace(first[0], first[0] + more)
            after.writestr(name, data)
        if own_parts:
            with zipfile.ZipFile(io.BytesIO(SOURCE)) as first_sheet:
                for number in range(1, count):
                    part = first_sheet.read("xl/worksheets/sheet1.xml")
                    after.writestr(f"xl/worksheets/own{number}.xml", part)
    return File("x.xlsx", made.getvalue())


@pytest.mark.parametrize("own_parts", [True, False])
def test_shared_strings_are_looked_at_once_whatever_the_number_of_sheets(
    monkeypatch: pytest.MonkeyPatch, *, own_parts: bool
) -> None:
    opened: list[object] = []
    pytest.importorskip("python_calamine")
    import python_calamine

    class Counting:
        @staticmethod
        def from_object(content: object) -> object:
            opened.append(content)
            return CALAMINE.from_object(content)  # type: ignore[arg-type]

    read: list[str] = []
    look = workbook.read_sheet_xml

    def counting(content: bytes, *, recalculates: bool) -> object:
        read.append("sheet")
        return look(content, recalculates=recalculates)

    CALAMINE = python_calamine.CalamineWorkbook  # noqa: N806
    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Counting)
    monkeypatch.setattr(workbook, "read_sheet_xml", counting)
    file = with_sheets(20, own_parts=own_parts)
    assert read_file(file, Wishes()).problems is not None
    assert (len(opened), len(read)) == (1, 20 if own_parts else 1)


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        ("sheet1.xml", rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"'),
        ("sheet1.xml", rb"</sheetData>", b'</sheetData><mergeCells count="99999999999999"/>'),
        ("styles.xml", rb'count="[0-9]+"', b'count="99999999999999"'),
        ("sheet1.xml", rb'spans="[^"]*"', b'spans="1:99999999999"'),
        ("workbook.xml", rb"</sheets>", b'</sheets><definedNames count="4294967295"/>'),
    ],
)
def test_counts_of_a_part_reserve_nothing(part: str, before: bytes, after: bytes) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SOURCE)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, re.sub(before, after, data) if name.endswith(part) else data)
    found = read_file(File("x.xlsx", made.getvalue()), Wishes())
    (reading,) = found.readings
    (right,) = read_file(File("x.xlsx", SOURCE), Wishes()).readings
    assert reading.assessment.entries == right.assessment.entries
