"""Every format shows every block, whatever answer or report it stands in."""

import random
import re
from fractions import Fraction
from pathlib import Path

import pytest
from support.reports import plain_text

from spbe_cli import load_instrument, read_assessment
from spbe_cli.answers.report import document_of
from spbe_cli.cli.command import Answer
from spbe_cli.core.report import report_on
from spbe_cli.core.score import ChosenBy, Reading
from spbe_cli.formats.blocks import (
    COLOURS,
    Card,
    Cell,
    Column,
    Facts,
    Ladder,
    Line,
    Lines,
    Listing,
    Made,
    Names,
    Radar,
    RadarLine,
    Row,
    Section,
    Table,
    Text,
    Tone,
    spoken,
    tone_at,
)
from spbe_cli.formats.endings import AnswerFormat, Look, ReportFormat
from spbe_cli.words import Words

ONE = Fraction(1)
SECTION = Section(
    "heading-of-it",
    [
        Text("a-paragraph"),
        Line("a-note"),
        Facts([("a-name", "its-value")]),
        Table([Column("Kode"), Column("a-column")], [Row((Cell("cell-1"), Cell("cell-2")))]),
        Table([Column("Kode"), Column("")], [Row((Cell("cell-3"), Cell("cell-4")))], "a-caption"),
        Listing("a-label", ["an-item"]),
        Card("a-title", "a-remark", "its-text", [Listing("inner-label", ["inner-item"])]),
    ],
    "plan",
)
CHARTS: list[Radar | Ladder | Lines] = [
    Radar("radar", "what-the-radar-shows", [], [RadarLine("line", [], [])], [(ONE, "1")]),
    Ladder("ladder", "what-the-ladder-shows", [], [], (ONE, "1")),
    Lines("lines", "what-the-lines-show", ["2022"], [], [(ONE, "1"), (2 * ONE, "2")]),
]
TEXTS = (
    *("heading-of-it", "a-paragraph", "a-note", "a-name", "its-value", "a-column", "a-caption"),
    *("cell-1", "cell-2", "cell-3", "cell-4", "a-label", "an-item", "a-title", "a-remark"),
    *("its-text", "inner-label", "inner-item"),
)


def test_a_page_shows_every_block() -> None:
    page = SECTION._replace(blocks=[*SECTION.blocks, *CHARTS])
    answer = Answer(dict, list, lambda: [page])
    for format_ in (AnswerFormat.TABLE, AnswerFormat.MARKDOWN):
        shown = format_.writer()(answer, Look(colour=False, width=80)).replace("\\", "")
        for text in (
            *TEXTS,
            "what-the-radar-shows",
            "what-the-ladder-shows",
            "what-the-lines-show",
        ):
            assert shown.count(text) == 1, text


@pytest.mark.parametrize("format_", list(ReportFormat))
def test_a_report_shows_every_block(format_: ReportFormat, tmp_path: Path) -> None:
    assessment = read_assessment("examples/bandar-lampung-2023.yaml")
    reading = Reading(assessment, load_instrument(assessment.instrument), ChosenBy.FILE)
    report, words = report_on(reading, {}), Words("en")
    document = document_of(report, words)._replace(sections=[SECTION])
    content = format_.writer()(Made(document, words, report))
    file = tmp_path / f"report.{format_}"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    shown = plain_text(file)
    assert [text for text in TEXTS if text not in shown] == []


def test_neighbouring_predicates_look_different() -> None:
    """Baik is not shown as Cukup is, nor Cukup as Kurang; on paper every tone has a colour."""
    tones = [tone_at(place, 5) for place in range(5)]
    assert tones == [Tone.GOOD, Tone.GOOD, Tone.SOUND, Tone.FAIR, Tone.POOR]
    assert len({COLOURS[tone] for tone in tones}) == 4
    assert [tone_at(place, 2) for place in range(2)] == [Tone.GOOD, Tone.GOOD]
    assert tone_at(2, 3) is Tone.POOR


def by_pattern(text: str, names: list[str]) -> list[tuple[str, bool]]:
    """Find names as whole words by one pattern of all of them, the longest first."""
    longest = sorted(filter(None, names), key=lambda name: (-len(name), name))
    found = re.split(rf"(?<!\w)({'|'.join(map(re.escape, longest))})(?!\w)", text)
    return [(part, place % 2 == 1) for place, part in enumerate(found) if part]


def test_names_are_found_as_whole_words_and_the_longest_first() -> None:
    chance = random.Random(18)
    words = ["a", "b", "ab", "Data", "(a)", "(b", "Data-a", "\u00e9", "x1", "&"]
    seps = [" ", "", ", ", "-", "("]

    def made(most: int) -> str:
        parts = [chance.choice(words) for _ in range(chance.randint(1, most))]
        return "".join(part + chance.choice(seps) for part in parts).strip()

    for _ in range(5000):
        names = [made(3) for _ in range(chance.randint(1, 6))]
        names = [name for name in names if re.search(r"\w", name)]
        text = made(8)
        if not names:
            continue
        expected = by_pattern(text, names)
        assert list(spoken(text, Names(names))) == expected, (text, names)
        assert "".join(part for part, _ in expected) == text
