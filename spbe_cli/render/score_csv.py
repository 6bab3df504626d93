"""Results as CSV, one row each: who, when, index, predicate, and every domain and aspect."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from spbe_cli.core.number import exact, fixed
from spbe_cli.core.score import Bounds, Result
from spbe_cli.render.data import notices_of

__all__ = ["HEAD", "score_rows"]

HEAD = ("institution", "category", "province", "year", "stage", "instrument", "index", "predicate")
"""The headings before those of domains and aspects."""


def score_rows(results: Sequence[Result], *, with_exact: bool = False) -> Iterator[list[str]]:
    """Yield a header and a row a result, values rounded, or exact with `with_exact`.

    The last column holds the codes of the result's notices. Where levels are missing an index is
    a range, `2.15..2.31`, and so is the predicate.
    """
    codes = list(dict.fromkeys(n.group.code for r in results for n in r.lowest.nodes))
    yield [*HEAD, *codes, "notices"]
    for result in results:
        yield list(_cells(result, codes, with_exact=with_exact))


def _cells(result: Result, codes: Sequence[str], *, with_exact: bool) -> Iterator[str]:
    assessment, places = result.reading.assessment, result.reading.instrument.places
    show = exact if with_exact else lambda value: fixed(value, places)
    outcome = result.outcome
    cards = [outcome.lowest, outcome.highest] if isinstance(outcome, Bounds) else [outcome]
    yield from (str(part or "") for part in (assessment.institution, assessment.category))
    yield from (str(part or "") for part in (assessment.province, assessment.year))
    yield from (str(assessment.stage or ""), assessment.instrument)
    yield _span([card.index for card in cards], show)
    yield "..".join(dict.fromkeys(card.predicate.name for card in cards))
    by_code = [{node.group.code: node.index for node in card.nodes} for card in cards]
    for code in codes:
        yield _span([at[code] for at in by_code if code in at], show)
    yield notices_of(result.reading, *cards)


def _span(values: Sequence[Fraction], show: Callable[[Fraction], str]) -> str:
    return "..".join(dict.fromkeys(show(value) for value in values))
