"""`spbe-rank/1`: places as JSON and CSV."""

from collections.abc import Iterator, Sequence

from typing_extensions import TypedDict

from spbe_cli.core.number import fixed
from spbe_cli.core.population import Ranked, Ranking, Standing
from spbe_cli.render.data import Value, value_of
from spbe_cli.render.population_data import (
    MEMBER_HEAD,
    MemberShape,
    member_cells,
    member_shape,
    percent,
)

__all__ = ["RankDocument", "rank_document", "rank_rows"]


class StandingShape(TypedDict):
    """A place among so many; the share of the group that stands at or below, in percent."""

    place: int
    of: int
    percentile: str


class BeforeShape(TypedDict):
    """The index and place in the earlier table, what changed, and the places gained."""

    index: Value
    place: int
    change: Value
    shift: int


class RankedShape(MemberShape):
    """An institution and where it stands."""

    overall: StandingShape
    in_category: StandingShape | None
    in_province: StandingShape | None
    before: BeforeShape | None


class RankDocument(TypedDict):
    """The answer of `spbe rank`: highest index first; `gone` were in the earlier table only."""

    format: str
    results: list[RankedShape]
    gone: list[str]
    gates: list[str]


def rank_document(ranking: Ranking, ranked: Sequence[Ranked]) -> RankDocument:
    """Return these institutions of a ranking."""
    return {
        "format": "spbe-rank/1",
        "results": [_ranked(each) for each in ranked],
        "gone": [member.institution for member in ranking.gone],
        "gates": [],
    }


def rank_rows(ranked: Sequence[Ranked]) -> Iterator[list[str]]:
    """Yield a header and a row an institution."""
    standing = ["place", "of", "percentile"]
    groups = [f"{group}_{name}" for group in ("category", "province") for name in standing]
    before = ["previous_index", "change", "previous_place", "shift"]
    yield [*MEMBER_HEAD, "known", *standing, *groups, *before]
    for each in ranked:
        cells = [*member_cells(each.member), each.member.known.value]
        for where in (each.overall, each.in_category, each.in_province):
            cells += ["", "", ""] if where is None else _cells(where)
        yield [*cells, *_before_cells(each)]


def _ranked(each: Ranked) -> RankedShape:
    instrument, before = each.member.instrument, each.before
    return {
        **member_shape(each.member),
        "overall": _standing(each.overall),
        "in_category": _standing(each.in_category) if each.in_category else None,
        "in_province": _standing(each.in_province) if each.in_province else None,
        "before": None
        if before is None
        else {
            "index": value_of(instrument, before.index),
            "place": before.place,
            "change": value_of(instrument, before.change),
            "shift": before.shift,
        },
    }


def _standing(standing: Standing) -> StandingShape:
    return {
        "place": standing.place,
        "of": standing.of,
        "percentile": percent(standing.percentile),
    }


def _cells(standing: Standing) -> list[str]:
    return [str(standing.place), str(standing.of), percent(standing.percentile)]


def _before_cells(each: Ranked) -> list[str]:
    before, places = each.before, each.member.instrument.places
    if before is None:
        return ["", "", "", ""]
    shown = [fixed(before.index, places), fixed(before.change, places, sign=True)]
    return [*shown, str(before.place), f"{before.shift:+d}" if before.shift else "0"]
