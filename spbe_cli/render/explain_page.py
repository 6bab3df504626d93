"""Explanations as pages: a problem code, an indicator, a domain or aspect."""

from collections.abc import Iterator

from spbe_cli.core.instrument import Criteria, Instrument
from spbe_cli.render.view import Cell, Column, Line, Page, Row, Tone
from spbe_cli.words import Words
from spbe_cli.words.catalogue.entry import Explanation

__all__ = ["group_page", "indicator_page", "problem_page"]


def problem_page(code: str, entry: Explanation, words: Words) -> Page:
    """Return what a problem code means, why it is one, an example and the remedy."""
    language = words.language
    parts = [
        (words("what"), entry.title.in_language(language)),
        ("", entry.message.in_general(language)),
        (words("why"), entry.why.in_language(language)),
        (words("example"), entry.example),
        (words("remedy"), entry.hint.in_general(language)),
    ]
    if entry.near is not None:
        parts.append(("", entry.near.in_general(language)))
    rows = [Row((Cell(name, Tone.STRONG), Cell(text))) for name, text in parts]
    return Page(code, columns=[Column(""), Column("")], rows=rows)


def indicator_page(
    instrument: Instrument, code: str, criteria: Criteria | None, words: Words
) -> Page:
    """Return an indicator with its weight, scale, and what each level demands and proves."""
    indicator = instrument.indicator_by_code[code]
    path = [
        f"{group.code} {group.name}" for group, _, below in instrument.nodes if indicator in below
    ]
    above = [
        Line(" > ".join(path), Tone.FAINT),
        Line(
            words(
                "Weight {weight} of {whole}; scale {scale}; instrument {instrument}",
                weight=words.weight(indicator.weight),
                whole=words.weight(instrument.weight),
                scale=str(instrument.scale),
                instrument=instrument.id,
            ),
            Tone.FAINT,
        ),
    ]
    if criteria is not None:
        above.append(Line(criteria.about))
    rows = list(_level_rows(instrument, indicator.capability or "", criteria))
    below = [] if criteria else [Line(words("This instrument comes without level criteria"))]
    columns = [Column(words("Level")), Column(words("Criterion and evidence"))]
    heading = words("Indicator {code}: {name}", code=code, name=indicator.name)
    return Page(heading, above, columns if rows else [], rows, below)


def _level_rows(
    instrument: Instrument, capability: str, criteria: Criteria | None
) -> Iterator[Row]:
    names = instrument.scale.names.get(capability, {})
    levels = list(names or (criteria.levels if criteria else ()))
    for level in levels:
        says = criteria.levels.get(level, "") if criteria else ""
        name = f"{level} {names.get(level, '')}".strip()
        yield Row((Cell(name, Tone.STRONG), Cell(says)), section=True)
        for item in criteria.evidence.get(level, ()) if criteria else ():
            yield Row((Cell(""), Cell(f"- {item}", Tone.FAINT)))


def group_page(instrument: Instrument, code: str, words: Words) -> Page:
    """Return a domain or aspect with the indicators below it and their weights."""
    group, _, below = next(node for node in instrument.nodes if node[0].code == code)
    rows = [Row((Cell(i.code), Cell(i.name), Cell(words.weight(i.weight)))) for i in below]
    rows.append(Row((Cell(""), Cell(words("Sum")), Cell(words.weight(group.weight))), section=True))
    columns = [Column(""), Column(words("Indicator")), Column(words("Weight"), numeric=True)]
    return Page(f"{group.code} {group.name}", columns=columns, rows=rows)
