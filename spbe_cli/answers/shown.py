"""What a value of the core is as an answer: its document, its rows, its page."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from spbe_cli.core.alternatives import EffortUnit, Planned, Style, alternatives, evidence_costs
from spbe_cli.core.audit import Audit
from spbe_cli.core.compare import Comparison, Series, Trend
from spbe_cli.core.instrument import Criteria
from spbe_cli.core.number import is_number, parse
from spbe_cli.core.outlook import AgreedBy, Foreseen, Outlook
from spbe_cli.core.places import Ranking
from spbe_cli.core.plan import EQUAL_COSTS, Plan
from spbe_cli.core.population import Profile
from spbe_cli.core.problem import Problem
from spbe_cli.core.score import ChosenBy, Reading, Result, Scorecard, result_of
from spbe_cli.core.units import least_index
from spbe_cli.formats.blocks import Section
from spbe_cli.words import Words

_TEXTS = {"institution", "category", "province", "stage", "instrument", "notices", "predicate"}
_TEXTS |= {"kind", "code", "parent", "name", "indicator", "value", "known", "model", "findings"}
_TEXTS |= {"before_stage", "before_instrument", "after_stage", "after_instrument", "judged"}
"""Columns whose cells are no numbers, even where they look like some: indicator 12, node 4.4."""

AllCriteria = Mapping[str, Mapping[str, Criteria]]


class Told(NamedTuple):
    """The three forms of an answer, each made when it is asked for."""

    document: Callable[[], dict[str, Any]]
    rows: Callable[[], Iterable[list[str]]]
    pages: Callable[[], Iterable[Section]]


def told(value: object, words: Words, criteria: AllCriteria) -> Told:
    """Return the answer that a value is; TypeError for what is no answer of a command.

    `criteria` are those of a plan's instrument: what each of its steps demands.
    """
    if isinstance(value, Plan):
        return _of_plan(value, words, criteria)
    of: Mapping[type, Callable[[Any, Words], Told]] = {
        Scorecard: _of_score,
        Comparison: _of_comparison,
        Outlook: _of_outlook,
        Ranking: _of_ranking,
        Profile: _of_profile,
        Audit: _of_audit,
    }
    if type(value) not in of:
        raise TypeError(f"no command answers with a {type(value).__name__}")
    return of[type(value)](value, words)


def reading_of(card: Scorecard) -> Reading:
    """Return the reading that a scorecard came from."""
    source = card.assessment.source
    chosen = source.chosen_by if source is not None else ""
    by = ChosenBy(chosen) if chosen else ChosenBy.OPTION
    return Reading(card.assessment, card.instrument, by, source.notices if source else ())


def sentences(problems: Iterable[Problem], words: Words) -> Iterator[str]:
    """Yield a line a problem: where, what is wrong, and what to do."""
    for problem in problems:
        message, hint = words.problem(problem)
        place = f"{problem.place}: " if str(problem.place) else ""
        yield f"{place}{message}; {hint}"


def columns_of(rows: Iterable[list[str]]) -> dict[str, list[Any]]:
    """Return the rows of a CSV as columns: numbers where every cell is one, None where empty."""
    heads, *body = rows
    cells = zip(*body, strict=True) if body else ((),) * len(heads)
    return {head: _column(head, list(column)) for head, column in zip(heads, cells, strict=True)}


def _column(head: str, cells: list[str]) -> list[Any]:
    given = [cell for cell in cells if cell]
    if head in _TEXTS or not given or not all(map(is_number, given)):
        return [cell or None for cell in cells]
    whole = all(cell.isdigit() for cell in given)
    number = int if whole else lambda cell: float(parse(cell))
    return [number(cell) if cell else None for cell in cells]


def _of_score(card: Scorecard, words: Words) -> Told:
    from spbe_cli.answers.score import score_document, score_page, score_rows

    result = Result(reading_of(card), card)
    return Told(
        lambda: score_document([result], []),
        lambda: score_rows([result]),
        lambda: [score_page(result, words)],
    )


def _of_comparison(found: Comparison, words: Words) -> Told:
    from spbe_cli.answers.compare import Shown, compare_document, compare_pages, compare_rows

    readings = tuple(reading_of(card) for card in (found.before, found.after))
    series = Series(readings, Trend((found.before, found.after), (found,), found))
    shown = Shown(None, every_indicator=False)
    return Told(
        lambda: compare_document([series]),
        lambda: compare_rows([series]),
        lambda: compare_pages(series, words, shown),
    )


def _of_plan(found: Plan, words: Words, criteria: AllCriteria) -> Told:
    from spbe_cli.answers.plan import plan_document, plan_page, plan_rows

    card = found.before
    year, instrument = card.assessment.year, card.instrument
    predicates = (p for p in instrument.predicates if p.threshold is not None)
    aim = next((p for p in predicates if least_index(instrument, p, year) == found.target), None)
    planned = Planned(reading_of(card), found, aim)

    def with_alternatives() -> Planned:
        """Return it with the plans of all styles, searched for as by the command."""
        wanted = found.wanted
        if wanted is None:
            return planned
        evidence = evidence_costs(criteria.get(instrument.id, {}))
        every = alternatives(instrument, card.assessment, wanted, evidence)
        style = Style.FEWEST if found.by_number else Style.CHEAPEST
        unit = EffortUnit.LEVELS if wanted.costs == EQUAL_COSTS else EffortUnit.COSTS
        return planned._replace(style=style, unit=unit, alternatives=every)

    return Told(
        lambda: plan_document([with_alternatives()], criteria),
        lambda: plan_rows([planned]),
        lambda: [plan_page(planned, {}, words)],
    )


def _of_outlook(found: Outlook, words: Words) -> Told:
    from spbe_cli.answers.outlook import outlook_document, outlook_rows
    from spbe_cli.answers.outlook_page import outlook_page

    source = found.assessment.source
    chosen = ChosenBy(source.chosen_by) if source and source.chosen_by else ChosenBy.OPTION
    notices = source.notices if source else ()
    reading = Reading(found.assessment, found.instrument, chosen, notices)
    claimed = result_of(reading).outcome
    foreseen = Foreseen(reading, found, claimed, found.agreement, AgreedBy.OPTION)
    return Told(
        lambda: outlook_document([foreseen], []),
        lambda: outlook_rows([foreseen]),
        lambda: [outlook_page(foreseen, words)],
    )


def _of_ranking(found: Ranking, words: Words) -> Told:
    from spbe_cli.answers.rank import GroupOf, rank_document, rank_pages, rank_rows

    ranked = found.ranked
    group = GroupOf("", len(ranked), [(each.overall.place, each) for each in ranked])
    return Told(
        lambda: rank_document(found, ranked),
        lambda: rank_rows(found, ranked),
        lambda: rank_pages(found, [group], words),
    )


def _of_profile(found: Profile, words: Words) -> Told:
    from spbe_cli.answers.profile import profile_document, profile_pages, profile_rows

    return Told(
        lambda: profile_document(found),
        lambda: profile_rows(found),
        lambda: profile_pages(found, found.members, words, every_node=False, unicode=True),
    )


def _of_audit(found: Audit, words: Words) -> Told:
    from spbe_cli.answers.audit import audit_document, audit_pages, audit_rows

    return Told(
        lambda: audit_document(found),
        lambda: audit_rows(found),
        lambda: audit_pages(found, words),
    )
