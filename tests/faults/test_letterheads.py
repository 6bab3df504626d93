"""Letterheads that come from elsewhere: what they lack, and what they multiply."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from conftest import Spbe
from support.sheets import BANDAR_LAMPUNG

MEBIBYTE = 1024 * 1024
SECTION = re.compile(rb"<w:sectPr.*?</w:sectPr>|<w:sectPr[^>]*/>", re.DOTALL)


def letterhead(*paragraphs: str) -> bytes:
    word = docx.Document()
    for text in paragraphs:
        word.add_paragraph(text)
    made = io.BytesIO()
    word.save(made)
    return made.getvalue()


def changed(content: bytes, change: Callable[[bytes], bytes], more: dict[str, bytes]) -> bytes:
    """Return a letterhead with its text changed, and with more parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w", 8) as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, change(data) if name == "word/document.xml" else data)
        for name, data in more.items():
            after.writestr(name, data)
    return made.getvalue()


def test_a_letterhead_without_section_properties(spbe: Spbe, tmp_path: Path) -> None:
    """They are optional in the standard."""
    for text in ("{{ institution }}", "{{ report }}"):
        bare = changed(letterhead(text), lambda data: SECTION.sub(b"", data), {})
        assert b"sectPr" not in zipfile.ZipFile(io.BytesIO(bare)).read("word/document.xml")
        (tmp_path / "bare.docx").write_bytes(bare)
        out = tmp_path / "x.docx"
        ran = spbe("report", BANDAR_LAMPUNG, "-o", str(out), "--force", "--template",
                   str(tmp_path / "bare.docx"))  # fmt: skip
        assert ran.code == 0, ran.err
        word = docx.Document(str(out))
        assert word.tables
        assert any("2.15" in paragraph.text for paragraph in word.paragraphs)


@pytest.mark.parametrize(
    "content",
    [
        letterhead("{{ 'x'*999999999 }}"),
        letterhead("{{ institution * 9 }}"),
        letterhead("{{ (institution ~ institution) ~ 'x' * 9999 }}"),
        letterhead("{{ '%999999999d' | format(1) }}"),
        letterhead("{% for a in range(999999999) %}x{% endfor %}"),
        letterhead(*["{{ institution }}" * 100] * 12),
        changed(letterhead("a"), bytes, {"word/media/a.png": bytes(65 * MEBIBYTE)}),
        changed(letterhead("a"), bytes, {"word/more.xml": b"<a>" + b" " * 9 * MEBIBYTE + b"</a>"}),
        changed(letterhead("a"), lambda data: data.replace(b"<w:p>", b"<w:p/>" * 2_000_000), {}),
        b"PK\x03\x04",
        b"no zip",
    ],
    ids=range(11),
)
def test_a_letterhead_that_multiplies_or_computes_is_refused(
    spbe: Spbe, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "kop.docx").write_bytes(content)
    out = tmp_path / "x.docx"
    ran = spbe("report", BANDAR_LAMPUNG, "-o", str(out), "--template", str(tmp_path / "kop.docx"))
    assert (ran.code, "[template-wrong]" in ran.err) == (3, True), ran.err
    assert not out.exists()


def test_properties_under_another_name_are_written_once(spbe: Spbe, tmp_path: Path) -> None:
    """LibreOffice saves "Office Open XML Text" so."""
    usual = b"package/2006/relationships/metadata/core-properties"
    other = b"officedocument/2006/relationships/metadata/core-properties"
    made, out = tmp_path / "kop.docx", tmp_path / "laporan.docx"
    with (
        zipfile.ZipFile(io.BytesIO(letterhead("Kop", "{{ report }}"))) as before,
        zipfile.ZipFile(made, "w") as after,
    ):
        for name in before.namelist():
            data = before.read(name)
            assert name != "_rels/.rels" or usual in data
            after.writestr(name, data.replace(usual, other))
    ran = spbe("report", BANDAR_LAMPUNG, "--template", str(made), "-o", str(out))
    assert (ran.code, "Warning" in ran.err) == (0, False)
    with zipfile.ZipFile(out) as archive:
        assert archive.namelist().count("docProps/core.xml") == 1
        assert archive.read("_rels/.rels").count(b"metadata/core-properties") == 1
    assert docx.Document(str(out)).core_properties.title


PLACES = {
    "packed": (rb"PK\x01\x02", 20, 4),
    "whole": (rb"PK\x01\x02", 24, 4),
    "begins": (rb"PK\x01\x02", 42, 4),
    "beside": (rb"PK\x03\x04", 28, 2),
}
"""Where a zip file says how long a part is, and where: after which sign, and in how many bytes."""


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", [0, 7, 5000, 65535])
def test_a_zip_file_that_says_other_sizes_and_places(
    spbe: Spbe, tmp_path: Path, place: str, value: int
) -> None:
    """The library meets the end of the file (EOFError) and more: it is no Word document."""
    whole = letterhead("{{ report }}")
    sign, offset, size = PLACES[place]
    for number, start in enumerate(match.start() for match in re.finditer(sign, whole)):
        content = bytearray(whole)
        content[start + offset : start + offset + size] = value.to_bytes(size, "little")
        path, out = tmp_path / "kop.docx", tmp_path / f"{number}.docx"
        path.write_bytes(content)
        ran = spbe("report", BANDAR_LAMPUNG, "-o", str(out), "--template", str(path))
        assert ran.code in (0, 3), ran.err
        assert ("[template-wrong]" in ran.err) == (ran.code == 3) == (not out.exists())
