"""`spbe report`: what it says, where it writes, and what it refuses."""

import json
import re
import signal
import subprocess
import sys
import zipfile
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from conftest import ROOT, Spbe
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader
from support.office import book_of, fill_in
from support.reports import READERS, plain_text
from support.sheets import BANDAR_LAMPUNG, JAMBI_2022, JAMBI_2023
from syrupy.assertion import SnapshotAssertion

from spbe_cli import InvalidInputError, read_assessment, read_population, report

JAMBI = (JAMBI_2022, JAMBI_2023)
EVERYTHING = (
    JAMBI[1], "--previous", JAMBI[0], "--peers", "examples/national-2023.csv", "--target", "4.5",
)  # fmt: skip
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "markup": "[/] [bold]x[/bold] & &amp; {{ 7*7 }}",
    "formula": "=1+1",
    "typst": '#panic("x") $x$ *a* _b_ @c <d> \\e `f`',
    "control": "bell\x07 escape\x1b[31m nil\u202e end",
    "markdown": "**bold** [link](x) | cell # head",
}


@pytest.mark.parametrize("language", ["en", "id"])
def test_markdown_says_everything(spbe: Spbe, text: SnapshotAssertion, language: str) -> None:
    ran = spbe("report", *EVERYTHING, "--lang", language)
    assert ran.code == 0
    assert ran.out == text


def test_a_report_says_what_is_left_out(spbe: Spbe) -> None:
    out = spbe("report", BANDAR_LAMPUNG).out
    left_out = out[out.index("Left out of this report") :]
    for option in ("--previous", "--target", "--peers"):
        assert option in left_out
    full = spbe("report", *EVERYTHING).out
    assert "Notes, evidence and responsible units" in full
    assert "--peers" not in full


def test_place_and_averages_are_those_of_the_published_table(spbe: Spbe) -> None:
    """As `spbe rank` and the announcement have it: 13th of 621, 3rd city, 1st in Jambi."""
    out = spbe("report", *EVERYTHING).out
    assert "| all institutions | 13 of 621 | 98.07 | 2.82 |" in out
    assert "| category kota | 3 of 94 | 97.87 |" in out
    assert "| province Jambi | 1 of 12 | 100.00 |" in out
    assert "| D1 | Kebijakan Internal SPBE | 5.00 |" in out


def test_another_instrument_has_no_peers_and_no_contributions(spbe: Spbe) -> None:
    ran = spbe(
        "report", JAMBI[1], "--previous", "examples/denpasar-2018.yaml",
        "--peers", "examples/denpasar-2018.yaml",
    )  # fmt: skip
    assert ran.code == 0
    assert "[peers-other-instrument]" in ran.err
    assert "Contributions to the change: the two instruments differ" in ran.out


@pytest.mark.parametrize("ending", list(READERS))
@pytest.mark.parametrize("kind", list(HOSTILE))
def test_hostile_text_is_text(spbe: Spbe, tmp_path: Path, ending: str, kind: str) -> None:
    said = HOSTILE[kind]
    sheet = tmp_path / "nilai.yaml"
    entry = {"level": 2, "note": said, "responsible": said, "evidence": [said]}
    levels = {str(code): entry for code in range(1, 48)}
    whole = {"institution": said, "year": 2023, "levels": levels}
    sheet.write_text(json.dumps(whole), encoding="utf-8")
    path = tmp_path / f"laporan.{ending}"
    ran = spbe("report", str(sheet), "-o", str(path), "--full")
    assert ran.code == 0, ran.err
    shown = re.sub("[\x00-\x1f\u202a-\u202e]", "\ufffd", said)
    text = plain_text(path).replace(" ", "")
    count = text.count(shown.replace(" ", ""))
    assert count > (1 if ending == "pdf" else 47)  # a line of the PDF may be hyphenated
    if ending == "html":
        page = lxml.html.fromstring(path.read_text("utf-8"))
        assert len(page.xpath("//script")) == 3
        assert not page.xpath("//@onerror | //d | //x")
    if ending == "xlsx":
        assert not [value for value in formulas(path) if "1+1" in value]
    if ending in ("docx", "xlsx"):
        assert zipfile.ZipFile(path).testzip() is None


@pytest.mark.parametrize("ending", list(READERS))
def test_words_without_an_end(spbe: Spbe, tmp_path: Path, ending: str) -> None:
    word = "Mahapanjang" * 60
    sheet, path = tmp_path / "nilai.yaml", tmp_path / f"laporan.{ending}"
    levels = {str(code): {"level": 2, "note": word * 3} for code in range(1, 48)}
    whole = {"institution": word, "year": 2023, "levels": levels}
    sheet.write_text(json.dumps(whole), encoding="utf-8")
    ran = spbe("report", str(sheet), "-o", str(path), "--full")
    assert ran.code == 0, ran.err
    text = re.sub("\\s|\u200b|\u00ad", "", plain_text(path))
    if ending == "pdf":  # pages break within such a word
        assert text.count("Mahapanjang") > 0.94 * 47 * 3 * 60
    else:
        assert text.count(word * 3) in (47, 94)  # a workbook has two sheets of them


def formulas(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        return [f for n in sheets for f in re.findall("<f>(.*?)</f>", package.read(n).decode())]


def test_an_existing_file_is_kept(spbe: Spbe, tmp_path: Path) -> None:
    path = tmp_path / "laporan.md"
    path.write_text("my work", encoding="utf-8")
    ran = spbe("report", BANDAR_LAMPUNG, "-o", str(path))
    assert ran.code == 4
    assert "[output-exists]" in ran.err
    assert path.read_text("utf-8") == "my work"
    assert spbe("report", BANDAR_LAMPUNG, "-o", str(path), "--force").code == 0
    assert path.read_text("utf-8").startswith("# Evaluation report")


def test_several_go_into_a_folder(spbe: Spbe, tmp_path: Path) -> None:
    folder = tmp_path / "laporan"
    ran = spbe("report", *JAMBI, BANDAR_LAMPUNG, "--output-dir", str(folder), "--lang", "id")
    assert ran.code == 0
    names = sorted(path.name for path in folder.iterdir())
    assert names == [
        "index.html",
        "pemerintah-kota-bandar-lampung-2023.html",
        "pemerintah-kota-jambi-2022.html",
        "pemerintah-kota-jambi-2023.html",
    ]
    page = lxml.html.fromstring((folder / "index.html").read_text("utf-8"))
    links = page.xpath("//a/@href")
    assert sorted(links) == names[1:]
    first = [cell.text_content() for cell in page.xpath("//tbody/tr[1]/*")]
    assert first == ["Pemerintah Kota Jambi", "2022, hasil akhir", "2,79", "Baik"]


def test_a_folder_keeps_other_files_and_refuses_its_own(spbe: Spbe, tmp_path: Path) -> None:
    other = tmp_path / "mine.txt"
    other.write_text("mine", encoding="utf-8")
    into = ("report", BANDAR_LAMPUNG, "--output-dir", str(tmp_path), "--format", "md")
    assert spbe(*into).code == 0
    assert spbe(*into).code == 4
    assert spbe(*into, "--force").code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "index.html", "mine.txt", "pemerintah-kota-bandar-lampung-2023.md",
    ]  # fmt: skip


def test_names_that_are_alike_get_files_of_their_own(spbe: Spbe, tmp_path: Path) -> None:
    table = tmp_path / "nilai.csv"
    codes = ",".join(map(str, range(1, 48)))
    threes = ",".join(["3"] * 47)
    names = ("Kota/A", "kota a", "???", "../../x", "Kota A" * 40)
    rows = [f'"{name}",2023,{threes}' for name in names]
    table.write_text(f"instansi,tahun,{codes}\n" + "\n".join(rows), encoding="utf-8")
    folder = tmp_path / "laporan"
    assert spbe("report", str(table), "--output-dir", str(folder), "-f", "md").code == 0
    found = sorted(path.name for path in folder.iterdir())
    assert len(found) == len(names) + 1
    assert {"kota-a-2023.md", "kota-a-2023-2.md", "2023.md", "x-2023.md"} <= set(found)
    assert all(re.fullmatch("[a-z0-9-]{1,90}[.](md|html)", name) for name in found)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["laporan", "nilai.csv"]


def test_a_folder_is_written_whole_or_not_at_all(spbe: Spbe, tmp_path: Path) -> None:
    folder = tmp_path / "laporan"
    ran = spbe("report", *JAMBI, "--output-dir", str(folder), "--target", "bagus")
    assert ran.code == 2
    assert "[predicate-unknown]" in ran.err
    assert not list(tmp_path.iterdir())


def test_ended_from_outside_nothing_is_left(tmp_path: Path) -> None:
    codes = ",".join(map(str, range(1, 48)))
    rows = "".join(f"K{n},2023,{','.join(['3'] * 47)}\n" for n in range(3000))
    table = tmp_path / "nilai.csv"
    table.write_text(f"instansi,tahun,{codes}\n{rows}", encoding="utf-8")
    command = [sys.executable, "-m", "spbe_cli", "report", str(table)]
    command += ["--output-dir", str(tmp_path / "laporan")]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    while process.poll() is None and not list(tmp_path.glob(".spbe-*/*.html")):
        pass
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 130
    assert [path.name for path in tmp_path.iterdir()] == ["nilai.csv"]


def test_a_folder_that_is_a_file(spbe: Spbe, tmp_path: Path) -> None:
    """What keeps the folder from being written is said, and nothing is left behind."""
    taken = tmp_path / "laporan"
    taken.write_text("mine", encoding="utf-8")
    ran = spbe("report", BANDAR_LAMPUNG, "--output-dir", str(taken), "--force")
    assert ran.code == 4
    assert "[output-unwritable]" in ran.err
    assert [path.read_text("utf-8") for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize(
    ("ending", "module"), [("pdf", "typst"), ("docx", "docxtpl"), ("xlsx", "xlsxwriter")]
)
def test_a_missing_extra_is_named(
    spbe: Spbe,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ending: str,
    module: str,
) -> None:
    def without(name: str) -> object:
        return None if name == module else find_spec(name)

    monkeypatch.setattr("spbe_cli.formats.endings.find_spec", without)
    path = tmp_path / f"laporan.{ending}"
    ran = spbe("report", BANDAR_LAMPUNG, "-o", str(path))
    assert ran.code == 2
    assert f'pip install "spbe-cli[{ending}]"' in ran.err
    assert not path.exists()


def letterhead(path: Path, *paragraphs: str) -> Path:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "PEMERINTAH KOTA, {{ institution }}"
    for each in paragraphs:
        document.add_paragraph(each)
    document.save(str(path))
    return path


def test_a_letterhead_takes_the_report_where_it_says(spbe: Spbe, tmp_path: Path) -> None:
    head = letterhead(tmp_path / "kop.docx", "Nomor: 1", "{{ report }}", "Tertanda, {{ index }}")
    path = tmp_path / "laporan.docx"
    assert spbe("report", BANDAR_LAMPUNG, "-o", str(path), "--template", str(head)).code == 0
    document = Document(str(path))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:2] == ["Nomor: 1", "Pemerintah Kota Bandar Lampung"]
    assert texts[-1] == "Tertanda, 2.15"
    header = document.sections[0].header.paragraphs[0].text
    assert header == "PEMERINTAH KOTA, Pemerintah Kota Bandar Lampung"


def test_a_letterhead_without_a_place_gets_the_report_at_its_end(
    spbe: Spbe, tmp_path: Path
) -> None:
    head = letterhead(tmp_path / "kop.docx", "Nomor: 1")
    path = tmp_path / "laporan.docx"
    assert spbe("report", BANDAR_LAMPUNG, "-o", str(path), "--template", str(head)).code == 0
    assert Document(str(path)).paragraphs[0].text == "Nomor: 1"
    assert "Made with spbe" not in Document(str(path)).paragraphs[0].text
    assert len(Document(str(path)).tables) > 4


def test_a_letterhead_without_the_usual_styles(spbe: Spbe, tmp_path: Path) -> None:
    document = Document()
    for name in ("Title", "Heading 1", "Heading 2", "List Bullet"):
        style = document.styles[name]
        style.element.getparent().remove(style.element)
    document.save(str(tmp_path / "kop.docx"))
    path = tmp_path / "laporan.docx"
    assert (
        spbe(
            "report", BANDAR_LAMPUNG, "-o", str(path), "--template", str(tmp_path / "kop.docx")
        ).code
        == 0
    )
    styles = {p.style.name for p in Document(str(path)).paragraphs if p.style}
    assert {"Title", "Heading 1", "Heading 2", "List Bullet"} <= styles


@pytest.mark.parametrize(
    "field",
    [
        "{{ wrong }}",
        "{% for %}",
        # what has left the sandbox, or was meant to
        "{{ ''.__class__.__mro__ }}",
        "{{ ''['__class__'] }}",
        "{{ ''|attr('__class__') }}",
        "{{ ('{0.__class__}'|attr('format'))(title) }}",
        "{{ '{0.__class__.__init__.__globals__}'.format(title) }}",
        "{% set say = '{0.__class__}'.format %}{{ say(title) }}",
        "{{ ['{0.__class__}']|map('format', title)|list }}",
        "{{ [title]|map(attribute='__class__')|list }}",
        "{{ [title]|map('{0.__class__}'.format)|list }}",
        "{{ '%s'|format(title) }}",
        "{{ '{x.__class__}'.format_map({'x': title}) }}",
        "{{ self.__init__.__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ lipsum.__globals__['os'] }}",
        "{{ namespace }}",
        "{{ range }}",
        "{{ title.encode() }}",
        "{% macro say() %}{% endmacro %}{{ say.__globals__ }}",
        "{% import 'CANARY' as secret %}",
        "{% include 'CANARY' %}",
        "{% extends 'CANARY' %}",
        "{% block report %}{% endblock %}",
        "{% call title() %}{% endcall %}",
        "{% filter attr('format') %}{0}{% endfilter %}",
        "{% autoescape false %}{{ title }}{% endautoescape %}",
        # what never ends, or fills the memory
        "{{ 9 ** 9 ** 9 }}",
        "{{ 'x' * 10000000000 }}",
        "{{ lipsum(n=100000000) }}",
        "{{ 'x'|center(10000000000) }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ title|safe }}",
    ],
    ids=lambda field: str(field)[:50],
)
@pytest.mark.parametrize("place", ["body", "header", "property"])
def test_a_letterhead_cannot_ask_for_more(
    spbe: Spbe, tmp_path: Path, field: str, place: str
) -> None:
    (tmp_path / "canary").write_text("canary", "utf-8")
    field = field.replace("CANARY", str(tmp_path / "canary"))
    head = letterhead(tmp_path / "kop.docx", field if place == "body" else "")
    document = Document(str(head))
    if place == "header":
        document.sections[0].header.paragraphs[0].text = field
    elif place == "property":
        document.core_properties.subject = field
    document.save(str(head))
    ran = spbe("report", BANDAR_LAMPUNG, "-o", str(tmp_path / "x.docx"), "--template", str(head))
    assert ran.code == 3
    assert "[template-wrong]" in ran.err or "[field-unknown]" in ran.err
    assert "Error" not in ran.err  # what is refused, not how
    assert "Traceback" not in ran.err
    assert len(ran.err) < 2000
    assert "canary\n" not in ran.err
    assert not (tmp_path / "x.docx").exists()


@pytest.mark.parametrize(("field", "near"), [("laporan", "report"), ("Instansi", "institution")])
def test_a_field_in_indonesian_is_told_its_name(
    field: str, near: str, spbe: Spbe, tmp_path: Path
) -> None:
    head = letterhead(tmp_path / "kop.docx", f"{{{{ {field} }}}}")
    ran = spbe("report", BANDAR_LAMPUNG, "-o", str(tmp_path / "x.docx"), "--template", str(head))
    assert (ran.code, f'did you mean "{near}"?' in ran.err) == (3, True)


@pytest.mark.parametrize(
    "field", ["(" * 20_000 + "title" + ")" * 20_000, "9" * 20_000], ids=["brackets", "digits"]
)
def test_a_letterhead_without_an_end_is_refused(spbe: Spbe, tmp_path: Path, field: str) -> None:
    head = letterhead(tmp_path / "kop.docx", "{{ " + field + " }}")
    ran = spbe("report", BANDAR_LAMPUNG, "-o", str(tmp_path / "x.docx"), "--template", str(head))
    assert ran.code == 3
    assert "[template-wrong]" in ran.err
    assert len(ran.err) < 2000


def test_a_letterhead_may_choose_by_a_field(spbe: Spbe, tmp_path: Path) -> None:
    head = letterhead(
        tmp_path / "kop.docx",
        "{{ institution|upper }}",
        "{% if index >= '2.6' or not when %}Naik{% else %}{{ 'Tetap' if when else '' }}{% endif %}",
        "{% if predicate == 'Cukup' %}Selamat{% endif %}",
    )
    path = tmp_path / "laporan.docx"
    ran = spbe("report", BANDAR_LAMPUNG, "-o", str(path), "--template", str(head))
    assert (ran.code, ran.err) == (0, "")
    texts = [paragraph.text for paragraph in Document(str(path)).paragraphs]
    assert texts[:3] == ["PEMERINTAH KOTA BANDAR LAMPUNG", "Tetap", "Selamat"]


def test_word_opens_what_is_written(spbe: Spbe, tmp_path: Path) -> None:
    """The parts of the package are there, and the chart has the index of each aspect."""
    path = tmp_path / "laporan.docx"
    assert spbe("report", *EVERYTHING, "-o", str(path)).code == 0
    with zipfile.ZipFile(path) as package:
        chart = package.read("word/charts/spbe-chart1.xml").decode()
        assert "spbe-chart1.xml" in package.read("[Content_Types].xml").decode()
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert "A1 5.00" in chart
    assert chart.count("<c:ser>") == 3
    headers = re.findall("<w:tblHeader/>", zipfile.ZipFile(path).read("word/document.xml").decode())
    assert len(headers) == len(Document(str(path)).tables) - 1  # the scale has no headings


def test_a_pdf_is_tagged_and_says_its_language(spbe: Spbe, tmp_path: Path) -> None:
    path = tmp_path / "laporan.pdf"
    assert spbe("report", BANDAR_LAMPUNG, "-o", str(path), "--lang", "id").code == 0
    reader = PdfReader(path)
    catalogue: Any = reader.root_object
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "id"
    assert reader.metadata is not None
    assert (
        reader.metadata.title
        == "Laporan Hasil Evaluasi, Indeks SPBE: Pemerintah Kota Bandar Lampung"
    )
    assert "/StructTreeRoot" in catalogue


def test_the_workbook_has_its_sheets(spbe: Spbe, tmp_path: Path) -> None:
    path = tmp_path / "laporan.xlsx"
    assert spbe("report", *EVERYTHING, "-o", str(path), "--lang", "id").code == 0
    with path.open("rb") as stream, pytest.warns(UserWarning, match="extension"):
        book = load_workbook(stream)
    assert book.sheetnames == [
        "Ringkasan", "Domain dan aspek", "Indikator", "Rekomendasi", "Perubahan",
        "Instansi lain", "Rencana dengan upaya terkecil", "Metode",
    ]  # fmt: skip


def test_a_report_to_a_pipe(spbe: Spbe) -> None:
    assert spbe("report", BANDAR_LAMPUNG, "-o", "-", "--format", "html").out.startswith(
        "<!doctype html>"
    )
    assert spbe("report", BANDAR_LAMPUNG).out.startswith("# Evaluation report")


def test_no_report_of_missing_levels(spbe: Spbe, tmp_path: Path) -> None:
    sheet = tmp_path / "nilai.yaml"
    sheet.write_text("year: 2023\nlevels: {1: 3}\n", encoding="utf-8")
    ran = spbe("report", str(sheet), "-o", str(tmp_path / "x.html"))
    assert ran.code == 3
    assert "[level-missing]" in ran.err
    assert not (tmp_path / "x.html").exists()


def test_what_the_sheet_says_goes_along(spbe: Spbe, tmp_path: Path) -> None:
    """Note, evidence and responsible unit of an indicator, also of one at the top."""
    sheet = tmp_path / "nilai.yaml"
    levels = "".join(f"  {code}: 5\n" for code in range(3, 48))
    sheet.write_text(
        "institution: X\nyear: 2023\nlevels:\n"
        '  1: {level: 2, note: "catatan satu", evidence: ["Perwali 7"], responsible: Diskominfo}\n'
        f'  2: {{level: 5, note: "catatan dua", evidence: ["SK 9"]}}\n{levels}',
        encoding="utf-8",
    )
    out = spbe("report", str(sheet), "--full").out
    recommended = out[out.index("## Recommendations") : out.index("## All indicators")]
    for said in ("catatan satu", "Perwali 7", "Diskominfo", "catatan dua", "SK 9"):
        assert said in recommended
    assert recommended.index("catatan satu") < recommended.index("At the highest level")


def test_the_example_report_is_what_the_command_writes(spbe: Spbe, tmp_path: Path) -> None:
    committed = ROOT / "examples" / "report"
    for path in sorted(committed.iterdir()):
        if path.suffix[1:] not in READERS:
            continue
        made = tmp_path / path.name
        assert spbe("report", *EVERYTHING, "-o", str(made), "--lang", "id").code == 0
        if path.suffix in (".html", ".md"):
            assert made.read_bytes() == path.read_bytes()
        else:
            assert plain_text(made) == plain_text(path)


@pytest.mark.parametrize("ending", list(READERS))
def test_python_gives_the_same_report(spbe: Spbe, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"laporan.{ending}"
    assert spbe("report", *EVERYTHING, "-o", str(path), "--lang", "id").code == 0
    made = report(
        read_assessment(ROOT / JAMBI[1]),
        previous=read_assessment(ROOT / JAMBI[0]),
        peers=read_population(ROOT / "examples" / "national-2023.csv"),
        target=Fraction("4.5"),
        format=ending,
        language="id",
    )
    content = made.encode() if isinstance(made, str) else made
    assert content == path.read_bytes()


@pytest.mark.parametrize(
    "wrong", [{"format": "doc"}, {"language": "de"}, {"target": "bagus"}], ids=str
)
def test_python_refuses_what_there_is_not(wrong: dict[str, Any]) -> None:
    with pytest.raises((ValueError, InvalidInputError), match=r"doc|de|bagus"):
        report(read_assessment(ROOT / BANDAR_LAMPUNG), **wrong)


def test_python_names_the_formats_that_there_are() -> None:
    with pytest.raises(ValueError, match=r"no format 'txt'; there are html, pdf, docx, xlsx, md$"):
        report(read_assessment(ROOT / BANDAR_LAMPUNG), format="txt")


def test_an_input_is_never_overwritten(spbe: Spbe, tmp_path: Path) -> None:
    """Not even with --force, and not in a folder either."""
    sheet = tmp_path / "x-2023.xlsx"
    assert spbe("init", str(sheet), "--institution", "X", "--year", "2023").code == 0
    book = book_of(sheet)
    levels = {str(code): Fraction(3) for code in range(1, 48)}
    fill_in(book.worksheets[0], levels, 3)
    book.save(sheet)
    before = sheet.read_bytes()
    for where in (("--output-dir", str(tmp_path), "-f", "xlsx"), ("-o", str(sheet))):
        ran = spbe("report", str(sheet), *where, "--force")
        assert ran.code == 2
        assert "[output-is-input]" in ran.err
    assert sheet.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["x-2023.xlsx"]


@pytest.mark.parametrize("ending", ["pdf", "docx", "xlsx"])
def test_bytes_do_not_go_to_a_terminal(
    spbe: Spbe, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    ran = spbe("report", BANDAR_LAMPUNG, "--format", ending)
    assert ran.code == 2
    assert ran.out == ""
    assert "[output-binary]" in ran.err


@pytest.mark.parametrize("ending", list(READERS))
def test_characters_that_fonts_may_lack(spbe: Spbe, tmp_path: Path, ending: str) -> None:
    """They are themselves in every format; in a PDF at least their code, and it is still tagged."""
    sheet, path = tmp_path / "nilai.yaml", tmp_path / f"laporan.{ending}"
    levels = {str(code): {"level": 2, "note": "selesai \u2705 \u6f22"} for code in range(1, 48)}
    whole = {"institution": "Kota \U000f1234", "year": 2023, "levels": levels}
    sheet.write_text(json.dumps(whole), encoding="utf-8")
    ran = spbe("report", str(sheet), "-o", str(path), "--full")
    assert ran.code == 0, ran.err
    text = plain_text(path)
    if ending == "pdf":
        assert re.search(r"selesai (\u2705|\[U\+2705\]) ?(\u6f22|\[U\+6F22\])", text)
        assert "Kota [U+F1234]" in text
        catalogue: Any = PdfReader(path).root_object
        assert catalogue["/MarkInfo"]["/Marked"]
    else:
        assert text.count("selesai \u2705 \u6f22") >= 47
        assert "Kota \U000f1234" in text


@pytest.mark.parametrize("name", ["Kota 1\ufe0f\u20e3", "Kota #\ufe0f\u20e3 \U000f1234\u20e3"])
def test_a_sign_joined_to_a_digit_leaves_the_figures_as_they_are(
    spbe: Spbe, tmp_path: Path, name: str
) -> None:
    """A keycap is a digit and two signs: none of the PDF's other digits is written as a code."""
    sheet, path = tmp_path / "nilai.yaml", tmp_path / "laporan.pdf"
    levels = {str(code): 2 for code in range(1, 48)}
    whole = {"institution": name, "year": 2023, "levels": levels}
    sheet.write_text(json.dumps(whole), encoding="utf-8")
    ran = spbe("report", str(sheet), "-o", str(path))
    assert ran.code == 0, ran.err
    text = plain_text(path)
    assert "2023" in text
    assert "[U+0031]" not in text
