"""The table as its reader sees it: every width, both languages, piped and in colour."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from conftest import Spbe
from support.sheets import BANDAR_LAMPUNG, DENPASAR, JAMBI_2022, JAMBI_2023, NATIONAL
from syrupy.assertion import SnapshotAssertion

from spbe_cli.formats.blocks import SIGNS, Tone

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize("language", ["id", "en"])
def test_widths_and_languages(
    spbe: Spbe, text: SnapshotAssertion, columns: int, language: str
) -> None:
    found = spbe("score", BANDAR_LAMPUNG, "--lang", language, columns=columns)
    assert found.code == 0
    assert found.err == ""
    assert max(map(len, found.out.splitlines())) <= columns
    assert found.out == text


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_nothing_is_cut(spbe: Spbe, columns: int) -> None:
    """Every word of every name is there, however narrow the table."""
    found = spbe("score", BANDAR_LAMPUNG, "--detail", "indicator", columns=columns)
    assert "…" not in found.out
    for word in ("Pemerintahan", "Penyelenggara", "Keterpaduan", "Pengelolaan", "(JDIH)"):
        assert word in found.out
    assert found.out.count("\n") > 60


def test_every_indicator_under_its_aspect(spbe: Spbe, text: SnapshotAssertion) -> None:
    found = spbe("score", DENPASAR, "--detail", "indicator", "--lang", "id", columns=100)
    assert found.out == text


def test_stages_and_exact_values(spbe: Spbe, text: SnapshotAssertion) -> None:
    found = spbe("score", DENPASAR, "--stage", "mandiri", "--exact")
    assert found.code == 0
    assert found.out == text


def test_the_stage_that_was_taken_is_said(spbe: Spbe, text: SnapshotAssertion) -> None:
    found = spbe("score", DENPASAR)
    assert found.code == 0
    assert found.err == text


def test_bounds_of_missing_levels(spbe: Spbe, text: SnapshotAssertion) -> None:
    levels = "".join(f"  {number}: 3\n" for number in range(1, 46))
    sheet = f"institution: Kota Contoh\nyear: 2024\nlevels:\n{levels}".encode()
    found = spbe("score", "-", "--missing", "bounds", stdin=sheet)
    assert found.code == 0
    assert found.out == text


def test_bases_that_differ_are_said(spbe: Spbe, text: SnapshotAssertion) -> None:
    found = spbe("score", "tests/cli/threshold-by-rounding.yaml")
    exact = spbe("score", "tests/cli/threshold-by-rounding.yaml", "--year", "2024", "--lang", "id")
    assert "Baik" in found.out
    assert found.out + exact.out == text


def test_the_provisional_instrument_says_so(spbe: Spbe, text: SnapshotAssertion) -> None:
    levels = "".join(f"  {number}: {3 + number / 100:.2f}\n" for number in range(1, 21))
    sheet = f"institution: Kota Contoh\nyear: 2026\nlevels:\n{levels}".encode()
    found = spbe("score", "-", stdin=sheet)
    assert found.code == 0
    assert "instrument-provisional" in found.err
    assert found.out == text
    for format_ in ("json", "jsonl", "csv", "markdown"):
        again = spbe("score", "-", "--format", format_, stdin=sheet)
        assert "provisional" in again.out.casefold()


def test_colour_adds_nothing_but_colour(spbe: Spbe) -> None:
    plain = spbe("score", BANDAR_LAMPUNG)
    coloured = spbe("score", BANDAR_LAMPUNG, "--color", "always")
    assert "\x1b[" in coloured.out
    assert "\x1b[" not in plain.out
    stripped = ESCAPES.sub("", coloured.out)
    assert [line.rstrip() for line in stripped.splitlines()] == plain.out.splitlines()


@pytest.mark.parametrize(
    ("arguments", "environment", "coloured"),
    [
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color=never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_when_there_is_colour(
    spbe: Spbe, *, arguments: list[str], environment: dict[str, str], coloured: bool
) -> None:
    found = spbe("score", BANDAR_LAMPUNG, *arguments, **environment)
    assert ("\x1b[" in found.out) is coloured


@pytest.mark.parametrize(
    ("environment", "arguments", "indonesian"),
    [
        ({}, [], False),
        ({"LANG": "id_ID.UTF-8"}, [], True),
        ({"LC_ALL": "id_ID.UTF-8", "LANG": "en_US.UTF-8"}, [], True),
        ({"SPBE_LANG": "id"}, [], True),
        ({"SPBE_LANG": "id"}, ["--lang", "en"], False),
        ({"LANG": "id_ID.UTF-8", "SPBE_LANG": "en"}, [], False),
    ],
)
def test_which_language(
    spbe: Spbe, *, environment: dict[str, str], arguments: list[str], indonesian: bool
) -> None:
    found = spbe("score", BANDAR_LAMPUNG, *arguments, **environment)
    assert ("2,15" in found.out) is indonesian
    assert ("2.15" in found.out) is not indonesian


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_predicate_is_told_without_its_colour(spbe: Spbe, language: str) -> None:
    """By the signs of the report, one for each tone, also where many are a row each; piped too."""
    pages = [
        spbe("score", BANDAR_LAMPUNG, "--lang", language),
        spbe("score", BANDAR_LAMPUNG, JAMBI_2022, JAMBI_2023, "--lang", language),
        spbe("rank", NATIONAL, "--bottom", "4", "--lang", language),
        spbe("whatif", BANDAR_LAMPUNG, "--set", "all=+1", "--lang", language),
    ]
    said = re.compile(r"(Memuaskan|Sangat Baik|Baik|Cukup|Kurang) ([\u25a0-\u25ff])")
    found = {each.groups() for page in pages for each in said.finditer(page.out)}
    tones = {"Memuaskan": Tone.GOOD, "Sangat Baik": Tone.GOOD, "Baik": Tone.SOUND}
    tones |= {"Cukup": Tone.FAIR, "Kurang": Tone.POOR}
    assert found == {(name, SIGNS[tone]) for name, tone in tones.items()}
    markdown = spbe("score", BANDAR_LAMPUNG, "--format", "markdown", "--lang", language)
    assert "Cukup** |\n" in markdown.out
    assert not said.search(markdown.out)


def test_a_name_is_never_markup(spbe: Spbe) -> None:
    name = "[/] [red]Kota[/red] :smile: \\[x] https://contoh"
    sheet = f"institution: '{name}'\nyear: 2023\nlevels: {{1: 3}}\n".encode()
    found = spbe("score", "-", "--missing", "bounds", stdin=sheet)
    assert name in found.out


def test_a_name_steers_no_terminal(spbe: Spbe) -> None:
    """Escape sequences and changes of direction are shown, never sent."""
    sheet = rb"""{institution: "a\e[31mb\u202ec\nd", year: 2023, levels: {1: 3}}"""
    for arguments in (["--missing", "bounds"], ["--missing", "bounds", "--min-index", "4"], []):
        for colour in ("always", "never"):
            found = spbe("score", "-", *arguments, "--color", colour, stdin=sheet)
            for said in (found.out, found.err):
                assert "\x1b[31mb" not in said
                assert "\u202e" not in said
        assert arguments == [] or "a\ufffd[31mb\ufffdc d" in found.out


def test_several_files_are_several_tables(spbe: Spbe) -> None:
    found = spbe("score", "--pages", BANDAR_LAMPUNG, "examples/kota-jambi-2023.yaml")
    assert "2.15" in found.out
    assert "4.27" in found.out
    assert "Memuaskan is the highest predicate" in found.out


@pytest.mark.parametrize(
    ("language", "said"),
    [("id", "Indeks 2023: 4,27 Memuaskan"), ("en", "Index 2023: 4.27 Memuaskan")],
)
def test_a_badge_says_the_index_and_its_predicate(
    spbe: Spbe, tmp_path: Path, language: str, said: str
) -> None:
    path = tmp_path / "badge.svg"
    asked = ("score", JAMBI_2023, "--format", "badge", "-o", str(path), "--lang", language)
    assert spbe(*asked).code == 0
    badge = ET.parse(path).getroot()  # noqa: S314  (our own)
    assert badge.get("aria-label") == said
    texts = [each.text for each in badge.iter("{http://www.w3.org/2000/svg}text")]
    assert ": ".join(map(str, texts)) == said
    low = spbe("score", JAMBI_2023, BANDAR_LAMPUNG, "--format", "badge")
    assert "2.15 Cukup" in low.out


def test_a_badge_of_a_sheet_with_gaps_names_the_predicates_as_it_does_the_indices(
    spbe: Spbe, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.yaml"
    levels = "".join(f"  {code}: 3\n" for code in range(1, 32))
    sheet.write_text(f"institution: X\nyear: 2023\nlevels:\n{levels}", encoding="utf-8")
    said = spbe("score", str(sheet), "--missing", "bounds", "--format", "badge").out
    assert "Index 2023: 2.09-3.91 Cukup - Sangat Baik" in said


def test_no_change_is_told_from_one_of_several_sheets(spbe: Spbe, tmp_path: Path) -> None:
    sheets = [(2022, 2), (2022, 3), (2023, 4)]
    for number, (year, level) in enumerate(sheets):
        levels = {str(code): level for code in range(1, 48)}
        sheet = {"institution": "Kota Muara", "year": year, "stage": "final", "levels": levels}
        (tmp_path / f"{number}.json").write_text(json.dumps(sheet))
    assert "Change" not in spbe("score", str(tmp_path)).out
    (tmp_path / "0.json").write_text((tmp_path / "1.json").read_text())  # a copy says the same
    assert "+1.00" in spbe("score", str(tmp_path)).out


def test_a_change_from_another_stage_says_so(spbe: Spbe, tmp_path: Path) -> None:
    stages = {2021: "final", 2022: "final", 2023: "self", 2024: None}
    for year, stage in stages.items():
        levels = {str(code): year - 2020 for code in range(1, 48)}
        sheet = {"institution": "Kota Muara", "year": year, "stage": stage, "levels": levels}
        (tmp_path / f"{year}.json").write_text(json.dumps(sheet))
    said = spbe("score", str(tmp_path), columns=120).out
    than = "Kota Muara, 2022, stage final"
    line = f"Kota Muara, 2023, stage self: the change is from another stage: {than}"
    assert [each for each in said.splitlines() if "another stage" in each] == [line]
    assert "perubahannya dari tahap lain" in spbe("score", str(tmp_path), "--lang", "id").out
