"""What a report on one assessment says: findings, recommendations, and where it stands.

The content follows the Laporan Hasil Evaluasi (Pedoman Menteri PANRB 3/2024): strengths are the
indicators at the upper levels, highest first, weaknesses those at the lower ones, lowest first;
the leading aspect is the one with the highest index, the lagging one with the lowest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.alternatives import Planned
from spbe_cli.core.compare import Comparison, Series
from spbe_cli.core.evidence import demands_of
from spbe_cli.core.instrument import Criteria, Demand
from spbe_cli.core.levers import Lever, rises_of
from spbe_cli.core.population import Grouping, Peers
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import IndicatorScore, NodeScore, Reading, Scorecard, score

_FEWEST_AXES = 3  # below, a radar chart is a line


class Omission(StrEnum):
    """What a report cannot say, because the inputs do not hold it."""

    RADAR = "radar"
    LEVEL_TARGET = "level target"
    CRITERIA = "criteria"
    DETAIL = "detail"
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
    """One level more of an indicator, what that level demands, and what the sheet says of it."""

    lever: Lever
    score: IndicatorScore
    demand: Demand | None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a report says. `omissions` names what the inputs leave out.

    `findings` has every group that holds indicators; `leading` and `lagging` several where they
    are equal, none where all are. `recommendations` stand in the order of gain.
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


def report_on(
    reading: Reading,
    criteria: Mapping[str, Criteria],
    *,
    series: Series | None = None,
    planned: Planned | None = None,
    peers: Peers | None = None,
) -> Report:
    """Return the report on one assessment, as far as the inputs allow.

    Args:
        reading: the assessment, without missing levels.
        criteria: the level criteria by indicator code; empty where the instrument has none.
        series: the previous assessment and this one, compared.
        planned: the cheapest plan to a target.
        peers: the institution among others, from a `spbe_cli.core.peers.PeerTable`.

    Raises:
        MissingLevelError: if a level is missing.
    """
    card = score(reading.instrument, reading.assessment)
    target = reading.instrument.scale.target
    scores = {score.indicator.code: score for score in card.indicators}
    findings = tuple(_findings(card, scores))
    return Report(
        reading,
        card,
        findings,
        _extreme(findings, highest=True),
        _extreme(findings, highest=False),
        tuple(s for s in card.indicators if target is not None and s.level < target),
        tuple(_recommendation(card, lever, scores, criteria) for lever in rises_of(card)),
        series,
        planned,
        peers,
        tuple(_omissions(card, criteria, series, planned, peers)),
    )


def _findings(card: Scorecard, scores: Mapping[str, IndicatorScore]) -> list[Finding]:
    scale = card.instrument.scale
    found = []
    for node in card.nodes:
        if node.group.indicators:
            below = [scores[indicator.code] for indicator in node.group.indicators]
            strong = [score for score in below if is_strength(scale, score.level)]
            weak = [score for score in below if is_weakness(scale, score.level)]
            found.append(
                Finding(
                    node,
                    tuple(sorted(strong, key=lambda score: -score.level)),
                    tuple(sorted(weak, key=lambda score: score.level)),
                )
            )
    return found


def _extreme(findings: Sequence[Finding], *, highest: bool) -> tuple[NodeScore, ...]:
    indices = {finding.node.index for finding in findings}
    if len(indices) < 2:  # noqa: PLR2004 - all alike: none leads, none lags
        return ()
    wanted = max(indices) if highest else min(indices)
    return tuple(finding.node for finding in findings if finding.node.index == wanted)


def _recommendation(
    card: Scorecard,
    lever: Lever,
    scores: Mapping[str, IndicatorScore],
    criteria: Mapping[str, Criteria],
) -> Recommendation:
    code = lever.indicator.code
    span = (lever.before, lever.after)
    accepted = card.assessment.entries[code].accepted
    demands = demands_of(card.instrument, lever.indicator, span, criteria.get(code), accepted)
    return Recommendation(lever, scores[code], next(demands, None))


def _omissions(
    card: Scorecard,
    criteria: Mapping[str, Criteria],
    series: Series | None,
    planned: Planned | None,
    peers: Peers | None,
) -> list[Omission]:
    inner = sum(1 for node in card.nodes if node.group.indicators)
    details = any(s.entry.note or s.entry.evidence or s.entry.responsible for s in card.indicators)
    groupings = {group.grouping for group in peers.groups} if peers else set(Grouping)
    whole = series.trend.whole if series is not None else None
    left_out = {
        Omission.RADAR: inner < _FEWEST_AXES,
        Omission.LEVEL_TARGET: card.instrument.scale.target is None,
        Omission.CRITERIA: not criteria,
        Omission.DETAIL: not details,
        Omission.PREVIOUS: series is None,
        Omission.STRUCTURE: whole is not None and whole.is_one_index and not whole.comparable,
        Omission.INDEX: whole is not None and not whole.is_one_index,
        Omission.PLAN: planned is None,
        Omission.PEERS: peers is None,
        Omission.CATEGORY: Grouping.CATEGORY not in groupings,
        Omission.PROVINCE: Grouping.PROVINCE not in groupings,
    }
    return [omission for omission, left in left_out.items() if left]
