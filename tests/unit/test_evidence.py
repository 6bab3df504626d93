"""Accepted evidence in score sheets and checklists, and what `spbe check` says of claims."""

import csv
import io
import json
import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import ROOT, Spbe

from spbe_cli.core.assessment import Origin, Share, Stage
from spbe_cli.core.evidence import is_cumulative
from spbe_cli.core.score import Reading
from spbe_cli.formats.forms import sheet_text
from spbe_cli.read.assessments import read_file
from spbe_cli.read.choice import Wishes
from spbe_cli.read.instruments import instrument_from_file, shipped_instrument
from spbe_cli.words import Words

SMALL = ROOT / "tests" / "broken" / "evidence-instrument.yaml"


class Found(NamedTuple):
    """What a file gave: its reading, and the codes of everything that is said."""

    reading: Reading | None
    codes: list[str]

    def level(self, code: str) -> object:
        assert self.reading is not None
        return self.reading.assessment.entries[code].level


def read(folder: Path, text: str, name: str = "nilai.yaml", **wishes: object) -> Found:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    instrument = instrument_from_file(str(SMALL))[0]
    found = read_file(str(path), Wishes(instrument, year=2023, **wishes))  # type: ignore[arg-type]
    reading = found.readings[0] if found.readings else None
    notices = reading.notices if reading is not None else ()
    return Found(reading, [each.code for each in (*found.problems, *notices)])


@pytest.mark.parametrize(
    ("accepted", "level"),
    [
        ("{1: all}", 1),
        ("{1: all, 2: [1]}", 1),
        ("{1: all, 2: [2, 1]}", 2),
        ("{1: semua, 2: 2/2}", 2),
        ("{2: all}", 1),  # a level counts only if the one below is full
        ("{1: all, 2: all, 3: [1]}", 3),  # the second piece of level 3 is optional
        ("{1: all, 2: all, 3: [2]}", 2),
        ("{1: all, 2: none, 3: all}", 1),
        ("{Tingkat 1: all, 2.0: ['1', '2.']}", 2),
    ],
)
def test_single_levels_take_every_piece_that_must_be_there(
    tmp_path: Path, accepted: str, level: int
) -> None:
    found = read(tmp_path, f"levels:\n  1: {{accepted: {accepted}}}\n  2: 3\n")
    assert found.level("1") == level
    assert "level-from-evidence" in found.codes
    assert found.reading is not None
    assert found.reading.assessment.entries["1"].origin is Origin.EVIDENCE
    assert found.reading.assessment.entries["2"].origin is Origin.SHEET


def test_a_level_goes_before_its_evidence(tmp_path: Path) -> None:
    found = read(tmp_path, "levels:\n  1: {level: 3, accepted: {1: all}}\n  2: 3\n")
    assert found.level("1") == 3
    assert found.codes == ["claim-beyond-evidence"]


@pytest.mark.parametrize("accepted", ["{1: , 2: }", "{}", "{1: ''}"])
def test_a_form_that_was_not_filled_in_gives_no_level(tmp_path: Path, accepted: str) -> None:
    found = read(tmp_path, f"levels:\n  1: {{accepted: {accepted}}}\n  2: 3\n")
    assert found.codes == ["level-missing"]


def test_evidence_of_a_later_stage_goes_before_a_level_of_an_earlier_one(tmp_path: Path) -> None:
    text = "stages:\n  self: {1: 3, 2: 3}\n  document:\n    1: {accepted: {1: all, 2: all}}\n"
    found = read(tmp_path, text)
    assert (found.level("1"), found.level("2")) == (2, 3)
    assert found.reading is not None
    entries = found.reading.assessment.entries
    assert entries["1"].accepted == {
        Fraction(1): Share(1, 1, frozenset({1})),
        Fraction(2): Share(2, 2, frozenset({1, 2})),
    }
    assert entries["2"].kept_from is Stage.SELF
    assert read(tmp_path, text, stage=Stage.SELF).level("1") == 3


def test_what_is_refused_is_not_also_missing(tmp_path: Path) -> None:
    found = read(tmp_path, "levels:\n  1: {accepted: {1: maybe}}\n  2: {accepted: 7}\n")
    assert found.codes == ["evidence-share-wrong", "not-a-mapping"]
    found = read(tmp_path, "levels:\n  1: {accepted: {1: [[1]]}}\n  2: {accepted: {1: {1: x}}}\n")
    assert found.codes == ["evidence-item-wrong", "evidence-share-wrong"]


ROWS = [
    ("1", "1", "1", "Rancangan", "ya"),
    ("1", "2", "1", "Keputusan", "x"),
    ("1", "2", "2", "Ketentuan", "1"),
    ("1", "3", "1", "Uraian lengkap", "tidak"),
    ("1", "3", "2", "Opsional: undangan rapat", ""),
    ("2", "1", "1", "Draf", "YA"),
    ("2", "2", "1", "Peta", "-"),
    ("2", "3", "1", "Reviu", "0"),
]
HEADINGS = {
    "id": "Indikator;Tingkat;Butir;Data Dukung;Diterima",
    "en": "Indicator;Level;Item;Evidence;Accepted",
    "other": "No Indikator;Level;No Butir;Bukti;Terpenuhi",
}


def table(rows: Sequence[tuple[str, ...]], heading: str = HEADINGS["id"], above: str = "") -> str:
    return f"{above}{heading}\n" + "\n".join(";".join(row) for row in rows) + "\n"


@pytest.mark.parametrize("heading", HEADINGS.values(), ids=HEADINGS)
def test_a_checklist_is_read_in_either_language(tmp_path: Path, heading: str) -> None:
    found = read(tmp_path, table(ROWS, heading), "daftar.csv")
    assert (found.level("1"), found.level("2")) == (2, 1)
    assert found.codes == ["level-from-evidence", "evidence-count-doubtful"]
    assert found.reading is not None
    source = found.reading.assessment.source
    assert source is not None
    assert source.read is not None
    assert source.read.form == "checklist"
    roles = [column.role for column in source.read.columns]
    assert roles == ["indicator", "level", "item", "evidence", "accepted"]


def test_rows_in_any_order_and_merged_cells_say_the_same(tmp_path: Path) -> None:
    expected = read(tmp_path, table(ROWS), "daftar.csv").reading
    turned = read(tmp_path, table(ROWS[::-1]), "daftar.csv").reading
    blanks = [row if place in (0, 5) else ("", *row[1:]) for place, row in enumerate(ROWS)]
    merged = read(tmp_path, table(blanks), "daftar.csv").reading
    assert expected is not None
    for each in (turned, merged):
        assert each is not None
        assert each.assessment.entries == expected.assessment.entries


def test_a_level_does_not_pass_from_one_indicator_to_the_next(tmp_path: Path) -> None:
    rows = [("1", "2", "1", "", "ya"), ("2", "", "1", "", "ya")]
    assert "checklist-row-incomplete" in read(tmp_path, table(rows), "daftar.csv").codes


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Opsional: undangan", False),
        ("Dan/atau SOP", False),
        ("Atau: surat edaran", False),
        ("Boleh dibuktikan dengan data", False),
        ("boleh dibuktikan", False),
        ("Ataupun yang lain", True),
        ("Laporan, atau notulensi", True),
        ("", True),
    ],
)
def test_what_begins_as_optional_need_not_be_there(text: str, counts: object) -> None:
    assert is_cumulative(text) is counts


def test_a_running_number_is_no_indicator(tmp_path: Path) -> None:
    rows = [(str(number), *row) for number, row in enumerate(ROWS, 1)]
    found = read(tmp_path, table(rows, f"No;{HEADINGS['id']}"), "daftar.csv")
    assert (found.level("1"), found.level("2")) == (2, 1)


def test_titles_totals_and_repeated_headings_are_left_out(tmp_path: Path) -> None:
    rows = [
        ("A1 Kebijakan", "", "", "", ""),
        *ROWS[:5],
        tuple(HEADINGS["id"].split(";")),
        *ROWS[5:],
        ("Jumlah", "", "8", "", ""),
        ("Mengetahui, Kepala Dinas", "", "", "", ""),
    ]
    found = read(tmp_path, table(rows), "daftar.csv")
    assert (found.level("1"), found.level("2")) == (2, 1)
    assert found.codes == ["level-from-evidence", "evidence-count-doubtful"]


def test_a_claim_beside_the_marks_is_the_level(tmp_path: Path) -> None:
    claims = ["3", "", "", "", "", "1", "", ""]
    rows = [(*row, claim) for row, claim in zip(ROWS, claims, strict=True)]
    found = read(tmp_path, table(rows, f"{HEADINGS['id']};Klaim"), "daftar.csv")
    assert (found.level("1"), found.level("2")) == (3, 1)
    assert found.codes == ["evidence-count-doubtful", "claim-beyond-evidence"]


def test_two_institutions_in_one_checklist_are_two(tmp_path: Path) -> None:
    rows = [(who, *row) for who in ("Kota A", "Kota B") for row in ROWS]
    path = tmp_path / "daftar.csv"
    path.write_text(table(rows, f"Instansi;{HEADINGS['id']}"), encoding="utf-8")
    found = read_file(str(path), Wishes(instrument_from_file(str(SMALL))[0], year=2023))
    assert not found.problems
    assert [each.assessment.institution for each in found.readings] == ["Kota A", "Kota B"]


def test_a_column_item_alone_makes_no_checklist(tmp_path: Path) -> None:
    text = "Indikator;Item;Nilai;Diterima oleh\n1;Arsitektur;3;Ani\n2;Peta Rencana;2;Budi\n"
    found = read(tmp_path, text, "nilai.csv")
    assert (found.level("1"), found.level("2"), found.codes) == (3, 2, [])


@pytest.mark.parametrize("stage", [each for each in Stage if each is not Stage.TARGET])
@pytest.mark.parametrize("language", ["en", "id"])
def test_what_is_written_reads_back_the_same(tmp_path: Path, language: str, stage: Stage) -> None:
    detail = "accepted: {1: all, 2: 2/2, 3: [2]}, note: catatan, evidence: [SK], responsible: Ani"
    text = f"indices: {{SDI: 50}}\nstage: {stage}\nlevels:\n  1: {{{detail}}}\n"
    first = read(tmp_path, text).reading
    assert first is not None
    written = sheet_text(first, str(tmp_path), Words(language))
    english = ("stage:", "levels:", "level:", "note:", "evidence:", "responsible:", "accepted:")
    assert all((key in written) is (language == "en") for key in english)
    again = read(tmp_path, written).reading
    assert again is not None
    assert again.assessment.stage == stage
    assert again.assessment.indices == first.assessment.indices == {"SDI": 50}
    for code, entry in first.assessment.entries.items():
        other = again.assessment.entries[code]
        assert (other.level, other.note, other.accepted) == (
            entry.level,
            entry.note,
            entry.accepted,
        )
        assert (other.evidence, other.responsible) == (entry.evidence, entry.responsible)


CLAIMED = """\
institution: Kab. Contoh
year: 2026
levels:
  1: {level: 2.25, accepted: {1: all, 2: [1]}}
  2: {level: 1, accepted: {1: all, 2: 1/3}}
  13: {level: 7/6, accepted: {1: 1/3}}
"""


@pytest.fixture
def claimed(tmp_path: Path) -> Path:
    path = tmp_path / "klaim.yaml"
    others = (code for code in range(3, 21) if code != 13)
    path.write_text(CLAIMED + "".join(f"  {code}: 1\n" for code in others), encoding="utf-8")
    return path


def test_check_lists_what_a_claim_lacks_and_what_it_is_worth(spbe: Spbe, claimed: Path) -> None:
    """Indicator 1: 1.75 carried of 2.25; of the three pieces left, two are needed: 0.025 points."""
    answer = spbe("check", str(claimed), "--format", "json")
    assert answer.code == 0
    (result,) = json.loads(answer.out)["results"]
    (cut,) = result["cut"]
    assert (cut["indicator"], cut["claimed"], cut["carried"]) == ("1", "2.25", "1.75")
    assert cut["points"]["exact"] == "0.025"
    (gap,) = cut["gaps"]
    assert (gap["level"], gap["needed"], gap["points"]["exact"]) == ("2", 2, "0.025")
    assert [piece["item"] for piece in gap["pieces"]] == [2, 3, 4]
    assert [each["indicator"] for each in result["exceeded"]] == ["2"]
    assert result["exceeded"][0]["carried"] == "11/6"  # 1/3 of a count that is in doubt
    before, after = (Fraction(result[key]["index"]["exact"]) for key in ("claimed", "carried"))
    assert before - after == Fraction("0.025")
    codes = [notice["code"] for notice in result["notices"]]
    assert codes[:2] == ["evidence-count-doubtful", "claim-beyond-evidence"]


def test_every_format_of_check_says_the_same(spbe: Spbe, claimed: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(spbe("check", str(claimed), "-f", "csv").out)))
    assert [(row["indicator"], row["level"], row["needed"], row["item"]) for row in rows] == [
        ("1", "2", "2", number) for number in "234"
    ]
    for language, lacks in (("id", "kurang 2 dari 3 butir ini"), ("en", "lacks 2 of these 3")):
        for format_ in ("table", "markdown"):
            said = spbe("check", str(claimed), "-f", format_, "--lang", language).out
            assert lacks in said
            assert "Pengisian Arsitektur Pemdi di SIAP untuk sebagian layanan" in " ".join(
                said.split()
            )


def test_check_without_evidence_answers_as_before(spbe: Spbe) -> None:
    answer = spbe("check", "examples/bandar-lampung-2023.yaml", "--lang", "en")
    assert answer.out == "valid (files: 1, score sheets: 1, levels: 47)\n"


@pytest.mark.parametrize("ending", ["yaml", "csv", "xlsx"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_checklist_form_has_every_piece(
    spbe: Spbe, tmp_path: Path, ending: str, language: str
) -> None:
    path = tmp_path / f"daftar.{ending}"
    asked = ("init", "--checklist", str(path), "--year", "2026", "--lang", language)
    assert spbe(*asked).code == 0
    refused = spbe("score", str(path))
    assert refused.code == 3
    assert ("level-missing" if ending == "yaml" else "checklist-blank") in refused.err
    if ending == "yaml":
        keyed = r"(    (?:accepted|diterima):\n      1:)\n"
        text = re.sub(keyed, r"\1 all\n", path.read_text("utf-8"))
        path.write_text(text, encoding="utf-8")
        assert '"1.50"' in spbe("score", str(path), "-f", "json").out
    if ending == "csv":
        lines = path.read_text("utf-8-sig").splitlines()
        mark = "ya" if language == "id" else "yes"
        between = ";" if language == "id" else ","
        filled = [
            line[: -len(between * 3)] + between + mark + between * 2
            if line.endswith(between * 3)
            else line
            for line in lines
        ]
        path.write_text("\n".join(filled), encoding="utf-8")
        assert '"5.00"' in spbe("score", str(path), "-f", "json").out


def test_the_doubt_is_said_where_the_count_matters(spbe: Spbe) -> None:
    said = spbe("explain", "4", "--instrument", "pemdi-2026", "--lang", "en").out
    assert "How many pieces a level has is in doubt" in said
    said = spbe("explain", "1", "--instrument", "pemdi-2026", "--lang", "en").out
    assert "in doubt" not in said


def test_the_instrument_says_which_counts_are_in_doubt() -> None:
    from spbe_cli.read.instruments import read_criteria

    criteria, problems = read_criteria(shipped_instrument("pemdi-2026"))
    assert not problems
    assert {code for code, each in criteria.items() if each.doubtful} == {
        "2",
        "4",
        "10",
        "19",
        "20",
    }
