"""Reports on paper: how many pages, what the first one says, what stands together, who signs."""

import re
from pathlib import Path

import lxml.html
import pytest
import yaml
from conftest import Spbe
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader
from support.reports import READERS, plain_text
from support.sheets import BANDAR_LAMPUNG, JAMBI_2022, JAMBI_2023, spbe_2020

from spbe_cli import read_assessment, score
from spbe_cli.core.report import Signatory, date_of, report_on, signatory_of
from spbe_cli.core.score import ChosenBy, Reading
from spbe_cli.formats.blocks import SIGNS, Tone

LAMPUNG = (BANDAR_LAMPUNG, "--peers", "examples/national-2023.csv", "--target")
JAMBI = (
    JAMBI_2023, "--previous", JAMBI_2022, "--peers", "examples/national-2023.csv",
    "--target", "4.5",
)  # fmt: skip
STAGES = {
    "self": "Laporan Penilaian Mandiri",
    "verification": "Hasil Verifikasi Internal",
    "document": "Hasil Penilaian Dokumen",
    "harmonisation": "Hasil Harmonisasi",
    "interview": "Hasil Penilaian Interviu",
    "visit": "Hasil Penilaian Visitasi",
    "external": "Hasil Penilaian Eksternal",
    "final": "Laporan Hasil Evaluasi",
    "target": "Laporan Target Penilaian",
    "": "Laporan Penilaian",
}


def sheet(path: Path, levels: dict[str, object], **head: object) -> str:
    whole = {"institution": "Kota X", "year": 2023, **head, "levels": levels}
    path.write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    return str(path)


def pages_of(spbe: Spbe, path: Path, *options: str) -> list[str]:
    ran = spbe("report", *options, "-o", str(path), "--force")
    assert ran.code == 0, ran.err
    return [page.extract_text() for page in PdfReader(path).pages]


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("target", ["baik", "memuaskan"])
def test_a_pdf_has_few_pages(spbe: Spbe, tmp_path: Path, language: str, target: str) -> None:
    path = tmp_path / "x.pdf"
    options = (*LAMPUNG, target, "--lang", language)
    assert len(pages_of(spbe, path, *options)) <= 6
    assert len(pages_of(spbe, path, *options, "--full")) <= 14


def test_the_first_page_is_whole_in_itself(spbe: Spbe, tmp_path: Path) -> None:
    first, second, *_ = pages_of(spbe, tmp_path / "x.pdf", *JAMBI, "--lang", "id")
    for said in (
        "4,27", "Memuaskan", "predikat tertinggi", "+1,48", "Peringkat 3 dari 94 kota",
        "Peringkat 1 dari 12", "sebelumnya 2,79", "Levels reconstructed",
    ):  # fmt: skip
        assert said in first, said
    strengths = first[first.index("Kekuatan") : first.index("Tindakan")]
    assert strengths.count(": 5 Optimum") == 3
    assert first.count("dari 4 ke 5") == 5
    assert "Domain dan aspek" in second


def test_who_does_it_stands_on_the_first_page(spbe: Spbe, tmp_path: Path) -> None:
    levels: dict[str, object] = {
        str(n): {"level": 2, "responsible": f"Dinas {n}"} for n in range(1, 48)
    }
    where = sheet(tmp_path / "x.yaml", levels)
    first = pages_of(spbe, tmp_path / "x.pdf", where, "--target", "baik", "--lang", "id")[0]
    assert len(re.findall(r"Dinas \d+", first)) == 5
    assert "Responsible" in pages_of(spbe, tmp_path / "x.pdf", where)[0]


@pytest.mark.parametrize("options", [(*LAMPUNG, "baik"), (*JAMBI, "--full"), (*LAMPUNG, "3.9")])
def test_nothing_is_stranded_at_the_end_of_a_page(
    spbe: Spbe, tmp_path: Path, options: tuple[str, ...]
) -> None:
    """No heading is the last line of a page, and no table begins with a single row on one."""
    pages = pages_of(spbe, tmp_path / "x.pdf", *options, "--lang", "id")
    spbe("report", *options, "--lang", "id", "-o", str(tmp_path / "x.md"), "--force")
    text = (tmp_path / "x.md").read_text("utf-8")
    headings = {re.sub(r"\\(.)", r"\1", h) for h in re.findall(r"^##+ (.+)$", text, re.MULTILINE)}
    heads = ("Kode", "Kelompok pembanding", "Nama Tingkat")
    for page in pages[:-1]:
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        body = [line for line in lines if not re.fullmatch(r"\d+ / \d+", line)]
        assert body[-1] not in headings
        assert not any(heading.startswith(body[-1]) for heading in headings if len(body[-1]) > 8)
        assert not any(line.startswith(heads) for line in body[-2:])


@pytest.mark.parametrize("stage", list(STAGES))
@pytest.mark.parametrize("ending", list(READERS))
def test_the_title_is_that_of_the_stage(
    spbe: Spbe, tmp_path: Path, stage: str, ending: str
) -> None:
    levels: dict[str, object] = dict.fromkeys(map(str, range(1, 48)), 3)
    head = {"stage": stage} if stage else {}
    where, path = sheet(tmp_path / "x.yaml", levels, **head), tmp_path / f"x.{ending}"
    assert spbe("report", where, "-o", str(path), "--lang", "id").code == 0
    text = plain_text(path)
    assert STAGES[stage] in text
    assert ("Laporan Hasil Evaluasi" in text) == (stage == "final")
    said = "Nomor 59 Tahun 2020 tentang Pemantauan dan Evaluasi Sistem Pemerintahan Berbasis"
    assert said in text
    assert "Pendayagunaan Aparatur Negara dan Reformasi Birokrasi Nomor 59" in text


@pytest.mark.parametrize("ending", list(READERS))
def test_what_an_office_adds_and_nothing_else(spbe: Spbe, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"x.{ending}"
    assert spbe("report", BANDAR_LAMPUNG, "-o", str(path), "--lang", "id").code == 0
    plain = plain_text(path)
    assert "NIP" not in plain
    assert "Nomor: " not in plain
    given = (
        "--number", "045/12/Diskominfo", "--date", "7-8-2024", "--place", "Bandar Lampung",
        "--signatory", "Budi <b>|Sekretaris Daerah|197001011995031001",
        "--signatory", "Siti|Kolonel|NRP 123", "--signatory", "Ani",
    )  # fmt: skip
    ran = spbe("report", BANDAR_LAMPUNG, "-o", str(path), "--lang", "id", "--force", *given)
    assert (ran.code, ran.err) == (0, "")
    text = plain_text(path)
    for said in (
        "Nomor: 045/12/Diskominfo", "Bandar Lampung, 7 Agustus 2024", "Budi <b>",
        "Sekretaris Daerah", "NIP 197001011995031001", "NRP 123", "Ani",
    ):  # fmt: skip
        assert said in text, said
    assert "NIP NRP" not in text


def test_dates_and_signatories_are_taken_as_they_are_or_not_at_all() -> None:
    for text in ("2026-11-27", "27-11-2026", "27/11/2026", "27.11.2026", " 27-11-2026 "):
        assert str(date_of(text)) == "2026-11-27"
    for text in ("31-02-2026", "2026", "27-11-26", "11-27-2026", "kemarin", ""):
        assert date_of(text) is None
    assert signatory_of(" A | B ") == Signatory("A", "B")
    assert signatory_of("A|B|C") == Signatory("A", "B", "C")
    assert signatory_of("|B") is signatory_of("A|B|C|D") is signatory_of("") is None


@pytest.mark.parametrize("ending", ["md", "html"])
def test_each_weak_indicator_has_its_name_once(spbe: Spbe, tmp_path: Path, ending: str) -> None:
    """But for what is to be done: the actions, the plan, and what it demands."""
    path = tmp_path / f"x.{ending}"
    assert spbe("report", *LAMPUNG, "baik", "-o", str(path), "--lang", "id").code == 0
    text = plain_text(path)
    card = score(spbe_2020(), read_assessment(BANDAR_LAMPUNG))
    planned = {"39", "45", "46", "47", "11"}  # the last fills the five actions up
    for item in card.indicators:
        if item.level < 3 and item.indicator.code not in planned:
            name = rf"(?<![\w;]){item.indicator.code} {re.escape(item.indicator.name)} \d"
            assert len(re.findall(name, text)) == 1, item.indicator.name


def test_recommendations_stand_in_the_order_of_the_plan_then_of_room(spbe: Spbe) -> None:
    out = spbe("report", *LAMPUNG, "baik", "--full").out
    cards = re.findall(r"^### (\d+) .*\(level (\d) to (\d)", out, re.MULTILINE)
    assert [code for code, _, _ in cards[:4]] == ["39", "45", "46", "47"]
    assert len(cards) == 47
    reading = Reading(read_assessment(BANDAR_LAMPUNG), spbe_2020(), ChosenBy.YEAR)
    assert report_on(reading, {}).recommendations[0].lever.before == 1
    room = [
        (int(before) >= 4, -(5 - int(before)) * spbe_2020().indicator_by_code[code].weight)
        for code, before, _ in cards[4:]
    ]
    assert room == sorted(room)


def test_indonesian_names_in_an_english_report_are_marked(spbe: Spbe, tmp_path: Path) -> None:
    name = "Layanan Kepegawaian"
    paths = {ending: tmp_path / f"x.{ending}" for ending in ("html", "docx", "pdf")}
    for path in paths.values():
        assert spbe("report", *LAMPUNG, "baik", "-o", str(path), "--lang", "en").code == 0
    page = lxml.html.fromstring(paths["html"].read_text("utf-8"))
    (cell,) = page.xpath(f"//section[@id='indicators']//th[normalize-space(.)='{name}']")
    assert cell.xpath("span/@lang") == ["id"]
    assert page.xpath("//section[@id='recommendations']//span[@lang='id']")
    assert page.xpath("//h1/@lang") == ["id"]
    document = Document(str(paths["docx"]))
    texts = document.element.body.iter(qn("w:t"))
    run = next(text.getparent() for text in texts if text.text == name)
    assert run.find(f"{qn('w:rPr')}/{qn('w:lang')}").get(qn("w:val")) == "id-ID"
    streams = [page.get_contents() for page in PdfReader(paths["pdf"]).pages]
    assert sum(stream.get_data().count(b"/Lang") for stream in streams if stream is not None) > 100
    assert spbe("report", *LAMPUNG, "baik", "-o", str(paths["html"]), "--force", "--lang", "id")
    page = lxml.html.fromstring(paths["html"].read_text("utf-8"))
    assert page.xpath("//body//@lang") == []


def test_cukup_and_baik_differ_in_colour_and_sign(spbe: Spbe, tmp_path: Path) -> None:
    found = {}
    for predicate, level in (("Cukup", 2), ("Baik", 3)):
        levels: dict[str, object] = dict.fromkeys(map(str, range(1, 48)), level)
        path = tmp_path / "x.html"
        where = sheet(tmp_path / "x.yaml", levels)
        assert spbe("report", where, "-o", str(path), "--force").code == 0
        page = lxml.html.fromstring(path.read_text("utf-8"))
        (shown,) = page.xpath("//header//strong")
        assert shown.text_content().split()[0] == predicate
        tone = Tone(shown.get("class").split()[-1])
        found[predicate] = (tone, SIGNS[tone])
        markdown = spbe("report", where).out
        assert f"{predicate} {SIGNS[tone]}" in markdown
    assert found["Cukup"][0] != found["Baik"][0]
    assert found["Cukup"][1] != found["Baik"][1]


def test_a_long_note_is_a_page_of_its_own(spbe: Spbe, tmp_path: Path) -> None:
    levels: dict[str, object] = dict.fromkeys(map(str, range(1, 48)), 2)
    where = sheet(tmp_path / "x.yaml", levels, note="Kata pengantar. " * 40)
    pages = pages_of(spbe, tmp_path / "x.pdf", where, "--lang", "id")
    assert "Kata pengantar" not in pages[0]
    assert "Pengantar" in pages[1]
    assert "Domain dan aspek" in pages[2]
