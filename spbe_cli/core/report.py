"""What a report on one assessment says: findings, recommendations, and where it stands.

The content follows the Laporan Hasil Evaluasi (Pedoman Menteri PANRB 3/2024): strengths are the
indicators at the upper levels, highest first, weaknesses those at the lower ones, lowest first;
the leading aspect is the one with the highest index, the lagging one with the lowest.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

from spbe_cli.core.alternatives import Planned
from spbe_cli.core.compare import Comparison, Series
from spbe_cli.core.evidence import demands_of
from spbe_cli.core.instrument import Criteria, Demand
from spbe_cli.core.levers import Lever, rises_of, rooms_of
from spbe_cli.core.population import Grouping, Peers
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import IndicatorScore, NodeScore, Reading, Scorecard, score

_FEWEST_AXES = 3  # below, a radar chart is a line
_FOREMOST = 5  # recommendations without a plan


class Omission(StrEnum):
    """What a report cannot say, because the inputs do not hold it."""

    RADAR = "radar"
    LEVEL_TARGET = "level target"
    CRITERIA = "criteria"
    DETAIL = "detail"
    REST = "rest"
    PREVIOUS = "previous"
    STRUCTURE = "structure"
    INDEX = "index"
    PLAN = "plan"
    PEERS = "peers"
    CATEGORY = "category"
    PROVINCE = "province"


class Finding(NamedTuple):
    """An aspect with its strengths, highest level first, and its weaknesses, lowest first."""

    node: NodeScore
    strengths: tuple[IndicatorScore, ...]
    weaknesses: tuple[IndicatorScore, ...]


class Recommendation(NamedTuple):
    """A rise of an indicator, what each level on the way demands, and what the sheet says of it.

    Of an indicator that the plan raises it is the plan's whole rise, of another one level more.
    One that the report does not recommend itself, but counts, has no `demands`.
    """

    lever: Lever
    score: IndicatorScore
    demands: tuple[Demand, ...]
    is_planned: bool = False


class Signatory(NamedTuple):
    """Who signs a report: name, position, and the number of a civil servant (NIP)."""

    name: str
    position: str = ""
    number: str = ""


class Formalities(NamedTuple):
    """What an office adds to a report that it hands in. What is not given, the report has not.

    With `full` the report has the criteria of every indicator, not of the plan's alone.
    """

    number: str = ""
    day: date | None = None
    place: str = ""
    signatories: tuple[Signatory, ...] = ()
    full: bool = False


NO_FORMALITIES = Formalities()
_MOST_PARTS = 3
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


def signatory_of(text: str) -> Signatory | None:
    """Return who is written as `NAME|POSITION|NIP`, the last two left out or not; else None."""
    parts = [part.strip() for part in text.split("|")]
    return Signatory(*parts) if parts[0] and len(parts) <= _MOST_PARTS else None


def date_of(text: str) -> date | None:
    """Return the day written as `2026-11-27` or, day first, `27-11-2026`; None if it is none."""
    found = _DAY_FIRST.fullmatch(text.strip())
    try:
        if found is None:
            return date.fromisoformat(text.strip())
        day, month, year = map(int, found.groups())
        return date(year, month, day)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a report says. `omissions` names what the inputs leave out.

    `findings` has every group that holds indicators; `leading` and `lagging` several where they
    are equal, none where all are. `recommendations` has every indicator below the top: those of
    the plan in its order, then by what each can still add to the index, up to the highest level;
    those at the upper levels last.
    """

    reading: Reading
    card: Scorecard
    findings: tuple[Finding, ...]
    leading: tuple[NodeScore, ...]
    lagging: tuple[NodeScore, ...]
    below_target: tuple[IndicatorScore, ...]
    recommendations: tuple[Recommendation, ...]
    series: Series | None = None
    planned: Planned | None = None
    peers: Peers | None = None
    omissions: tuple[Omission, ...] = ()
    formalities: Formalities = NO_FORMALITIES

    @property
    def strongest(self) -> list[IndicatorScore]:
        """The indicators at the upper levels, highest first; of equals what adds most."""
        strong = [each for finding in self.findings for each in finding.strengths]
        return sorted(strong, key=attrgetter("level", "contribution"), reverse=True)

    @property
    def foremost(self) -> list[Recommendation]:
        """What brings most: the plan's rises by gain, then the others in their order."""
        planned = [each for each in self.recommendations if each.is_planned]
        others = [each for each in self.recommendations if not each.is_planned]
        return [*sorted(planned, key=lambda each: -each.lever.gain), *others]

    @property
    def advised(self) -> list[Recommendation]:
        """What the report recommends: the plan's rises, or the first without one; all if full."""
        planned = [each for each in self.recommendations if each.is_planned]
        if self.formalities.full:
            return list(self.recommendations)
        return planned or list(self.recommendations[:_FOREMOST])

    @property
    def comparison(self) -> Comparison | None:
        """The change since the previous assessment, None without one."""
        return self.series.trend.whole if self.series else None


def is_strength(scale: Scale, level: Fraction) -> bool:
    """Return whether a level is a strength: 4 of five and above."""
    place, highest = _place(scale, level)
    return place >= highest * Fraction(4, 5)


def is_weakness(scale: Scale, level: Fraction) -> bool:
    """Return whether a level is a weakness: 2 of five and below."""
    place, highest = _place(scale, level)
    return place <= highest * Fraction(2, 5)


def _place(scale: Scale, level: Fraction) -> tuple[Fraction, Fraction]:
    """Return a level and the highest one; of bands, how many there are up to it, and in all."""
    band = scale.band_of(level)
    if band is None:
        return level, scale.highest
    return Fraction(1 + scale.bands.index(band)), Fraction(len(scale.bands))


def report_on(  # noqa: PLR0913 - what a report may hold, every part of it named
    reading: Reading,
    criteria: Mapping[str, Criteria],
    *,
    series: Series | None = None,
    planned: Planned | None = None,
    peers: Peers | None = None,
    formalities: Formalities = NO_FORMALITIES,
) -> Report:
    """Return the report on one assessment, as far as the inputs allow.

    Args:
        reading: the assessment, without missing levels.
        criteria: the level criteria by indicator code; empty where the instrument has none.
        series: the previous assessment and this one, compared.
        planned: the cheapest plan to a target.
        peers: the institution among others, from a `spbe_cli.core.population.PeerTable`.
        formalities: what the office adds.

    Raises:
        MissingLevelError: if a level is missing.
    """
    card = score(reading.instrument, reading.assessment)
    target = reading.instrument.scale.target
    scores = {score.indicator.code: score for score in card.indicators}
    findings = tuple(_findings(card, scores))
    found = Report(
        reading,
        card,
        findings,
        _extreme(findings, highest=True),
        _extreme(findings, highest=False),
        tuple(s for s in card.indicators if target is not None and s.level < target),
        (),
        series,
        planned,
        peers,
        formalities=formalities,
    )
    return replace(
        found,
        recommendations=tuple(_recommendations(found, scores, criteria)),
        omissions=tuple(_omissions(found, criteria)),
    )


def _findings(card: Scorecard, scores: Mapping[str, IndicatorScore]) -> list[Finding]:
    scale = card.instrument.scale
    levels = sorted({score.level for score in card.indicators})
    order = {level: place for place, level in enumerate(levels)}
    strong = {level for level in levels if is_strength(scale, level)}
    weak = {level for level in levels if is_weakness(scale, level)}
    found = []
    for node in card.nodes:
        if node.group.indicators:
            below = [scores[indicator.code] for indicator in node.group.indicators]
            strengths = (score for score in below if score.level in strong)
            weaknesses = (score for score in below if score.level in weak)
            found.append(
                Finding(
                    node,
                    tuple(sorted(strengths, key=lambda score: -order[score.level])),
                    tuple(sorted(weaknesses, key=lambda score: order[score.level])),
                )
            )
    return found


def _extreme(findings: Sequence[Finding], *, highest: bool) -> tuple[NodeScore, ...]:
    indices = {finding.node.index for finding in findings}
    if len(indices) < 2:  # noqa: PLR2004 - all alike: none leads, none lags
        return ()
    wanted = max(indices) if highest else min(indices)
    return tuple(finding.node for finding in findings if finding.node.index == wanted)


def _recommendations(
    found: Report, scores: Mapping[str, IndicatorScore], criteria: Mapping[str, Criteria]
) -> Iterator[Recommendation]:
    """Yield the rises of the plan, then one level more of the other indicators."""
    card = found.card
    steps = found.planned.plan.steps if found.planned is not None else ()
    rises = [Lever(each.indicator, each.before, each.after, each.gain) for each in steps]
    taken = {lever.indicator.code for lever in rises}
    rooms = rooms_of(card)
    strong = {each.indicator.code for finding in found.findings for each in finding.strengths}

    def order(lever: Lever) -> tuple[bool, int]:
        code = lever.indicator.code
        return code in strong, -rooms[code]

    others = [each for each in rises_of(card) if each.indicator.code not in taken]
    every = [*rises, *sorted(others, key=order)]
    shown = len(every) if found.formalities.full else len(rises) or _FOREMOST
    for place, lever in enumerate(every):
        code = lever.indicator.code
        demands: tuple[Demand, ...] = ()
        if place < shown:
            span = (lever.before, lever.after)
            accepted = card.assessment.entries[code].accepted
            own = criteria.get(code)
            demands = tuple(demands_of(card.instrument, lever.indicator, span, own, accepted))
        yield Recommendation(lever, scores[code], demands, code in taken)


def _omissions(found: Report, criteria: Mapping[str, Criteria]) -> list[Omission]:
    card, series, peers = found.card, found.series, found.peers
    inner = sum(1 for node in card.nodes if node.group.indicators)
    details = any(s.entry.note or s.entry.evidence or s.entry.responsible for s in card.indicators)
    groupings = {group.grouping for group in peers.groups} if peers else set(Grouping)
    whole = series.trend.whole if series is not None else None
    left_out = {
        Omission.RADAR: inner < _FEWEST_AXES,
        Omission.LEVEL_TARGET: card.instrument.scale.target is None,
        Omission.CRITERIA: not criteria,
        Omission.DETAIL: not details,
        Omission.REST: not found.formalities.full and bool(criteria or details),
        Omission.PREVIOUS: series is None,
        Omission.STRUCTURE: whole is not None and whole.is_one_index and not whole.comparable,
        Omission.INDEX: whole is not None and not whole.is_one_index,
        Omission.PLAN: found.planned is None,
        Omission.PEERS: peers is None,
        Omission.CATEGORY: Grouping.CATEGORY not in groupings,
        Omission.PROVINCE: Grouping.PROVINCE not in groupings,
    }
    return [omission for omission, left in left_out.items() if left]
