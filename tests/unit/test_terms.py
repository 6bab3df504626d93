"""One word for one thing: the Indonesian sentences hold to the glossary."""

import re

import pytest
import yaml
from conftest import ROOT

GLOSSARY = (ROOT / "docs" / "id" / "istilah.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in GLOSSARY.splitlines()
    if line.startswith("| ")
][1:]
AVOIDED = [word for row in ROWS for word in row[3].split(", ") if word]
TEXTS = {
    f"{name}: {key}: {at}": text
    for name in ("sentences.id.yaml", "problems.id.yaml")
    for key, entry in yaml.safe_load(
        (ROOT / "spbe_cli" / "words" / name).read_text("utf-8")
    ).items()
    for at, text in (entry.items() if isinstance(entry, dict) else [("", entry)])
}


def test_the_glossary_is_a_table_of_four_columns() -> None:
    assert len(ROWS) > 20
    assert {len(row) for row in ROWS} == {4}
    terms = [row[0] for row in ROWS]
    assert len(set(terms)) == len(terms)


@pytest.mark.parametrize("word", [*AVOIDED, "termurah", "teringan", "Permenpan", "seketika"])
def test_no_sentence_has_another_word_for_it(word: str) -> None:
    whole = re.compile(rf"\b{word}\b", re.IGNORECASE)
    assert [key for key, text in TEXTS.items() if whole.search(text)] == []


def test_percentages_stand_close_and_no_english_menu_is_named() -> None:
    found = [key for key, text in TEXTS.items() if re.search(r"\d %|\} %|Protect ", text)]
    assert found == []


def test_no_word_was_replaced_within_another() -> None:
    """`bita` in `terbitan` is no unit of storage."""
    found = [key for key, text in TEXTS.items() if re.search(r"\Bbyte|byte\B", text)]
    assert found == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_term_is_said(row: list[str]) -> None:
    everything = "\n".join(TEXTS.values()).casefold()
    for term in row[0].split(", "):
        assert term.casefold() in everything, term
