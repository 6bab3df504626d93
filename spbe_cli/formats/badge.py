"""A badge: the index and its predicate in one line, for the page of a repository."""

from collections.abc import Iterable
from fractions import Fraction
from html import escape
from typing import Any

from spbe_cli.formats.blocks import COLOURS, Cell, Table, Tone, harmless
from spbe_cli.formats.endings import Answered, Look
from spbe_cli.words import Words

_CHARACTER, _MARGIN, _HEIGHT = 6.8, 12, 20
_GROUND = "#3d4650"


def answer_badge(answer: Answered, look: Look) -> str:
    """Return a badge as SVG: of several score sheets that of the lowest index.

    The texts keep their widths whatever the font, and are the picture's name for screen readers.
    """
    words = Words(look.language)
    result = min(answer.document()["results"], key=_lowest)
    ends = _ends(result)
    value = "-".join(dict.fromkeys(_shown(end, words) for end, _ in ends))
    predicate = " - ".join(dict.fromkeys(name for _, name in ends))
    tones = (cell.tone for cell in _cells(answer) if cell.text == ends[0][1])
    colour = COLOURS[next((tone for tone in tones if tone in COLOURS), Tone.FAINT)]
    label = " ".join(filter(None, [words("Index"), str(result["year"] or "")]))
    return _svg(harmless(label), harmless(f"{value} {predicate}"), colour)


def _ends(result: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the shown index and its predicate, of a score with gaps the lowest and the highest."""
    bounds = result.get("bounds")
    if bounds is None:
        return [(result["index"]["rounded"], result["predicate"]["name"])]
    best, worst = bounds["predicates"][0], bounds["predicates"][-1]
    return [(bounds["lowest"]["rounded"], worst), (bounds["highest"]["rounded"], best)]


def _shown(end: str, words: Words) -> str:
    return words.number(Fraction(end), len(end.partition(".")[2]))


def _lowest(result: dict[str, Any]) -> Fraction:
    bounds = result.get("bounds")
    return Fraction((result["index"] if bounds is None else bounds["lowest"])["exact"])


def _cells(answer: Answered) -> Iterable[Cell]:
    """Yield the cells of the pages, which know how a predicate is to look."""
    for page in answer.pages():
        for block in page.blocks:
            if isinstance(block, Table):
                yield from (cell for row in block.rows for cell in row.cells)


def _svg(label: str, said: str, colour: str) -> str:
    widths = [len(text) * _CHARACTER for text in (label, said)]
    left, right = (round(width) + _MARGIN for width in widths)
    name = escape(f"{label}: {said}")
    texts = "".join(
        f'<text x="{at}" y="14" textLength="{width:.0f}" fill="#fff">{escape(text)}</text>'
        for at, width, text in zip((6, left + 6), widths, (label, said), strict=True)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" '
        f'role="img" aria-label="{name}"><title>{name}</title>'
        f'<rect width="{left + right}" height="{_HEIGHT}" rx="3" fill="#{colour}"/>'
        f'<path d="M3 0H{left}V{_HEIGHT}H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" fill="{_GROUND}"/>'
        f'<g font-family="Verdana, DejaVu Sans, sans-serif" font-size="11">{texts}</g></svg>\n'
    )
