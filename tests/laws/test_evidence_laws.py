"""Values from evidence: monotone in every piece, exact at the bounds, in the level that is open."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st
from support.strategies import BANDED, instruments, levels_on

from spbe_cli.core.assessment import Assessment, Entry, Share
from spbe_cli.core.evidence import Claim, claim_of, claims_of, is_cumulative, value_of
from spbe_cli.core.external import External
from spbe_cli.core.instrument import Criteria, Instrument
from spbe_cli.core.plan import Costs, Effort, plan, stops_by_pieces
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import score
from spbe_cli.read.instruments import shipped_instrument

Evidence = Mapping[Fraction, tuple[str, ...]]
Numbers = Mapping[Fraction, frozenset[int]]
TEXTS = [
    "Dokumen",
    "Laporan",
    "Opsional: undangan",
    "Dan/atau SOP",
    "Atau: SE",
    "Boleh dengan data",
]


def levels_of(scale: Scale) -> list[Fraction]:
    if scale.bands:
        return [band.level for band in scale.bands]
    return list(scale.levels())


@st.composite
def evidence_of(draw: st.DrawFn, scale: Scale) -> Evidence:
    """Pieces for every level, at least one of which must be there."""
    found = {}
    for level in levels_of(scale)[:6]:
        texts = draw(st.lists(st.sampled_from(TEXTS), max_size=4))
        place = draw(st.integers(0, len(texts)))
        found[level] = (*texts[:place], "Dokumen", *texts[place:])
    return found


@st.composite
def numbers_of(draw: st.DrawFn, evidence: Evidence) -> Numbers:
    """Accepted pieces: of the lower levels often all, so that the upper ones are reached."""
    full = draw(st.integers(0, len(evidence)))
    found = {}
    for place, (level, texts) in enumerate(evidence.items()):
        every = frozenset(range(1, len(texts) + 1))
        some = draw(st.frozensets(st.sampled_from(sorted(every))))
        found[level] = every if place < full else some
    return found


def shares_of(evidence: Evidence, numbers: Numbers) -> dict[Fraction, Share]:
    return {
        level: Share(len(chosen), len(evidence[level]), chosen) for level, chosen in numbers.items()
    }


@st.composite
def cases(draw: st.DrawFn) -> tuple[Instrument, Evidence, Numbers]:
    instrument = draw(instruments(most=2) | st.just(shipped_instrument("pemdi-2026")))
    evidence = draw(evidence_of(instrument.scale))
    return instrument, evidence, draw(numbers_of(evidence))


def steps_of(scale: Scale) -> list[Fraction]:
    found, step = [scale.lowest], scale.step or Fraction(1)
    while found[-1] < scale.highest:
        found.append(found[-1] + step)
    return found


def by_hand(scale: Scale, evidence: Evidence, numbers: Numbers) -> Fraction:
    """What the rule says, counted anew: pieces one by one from the bottom."""
    value = scale.lowest
    for level in levels_of(scale):
        texts = evidence.get(level, ())
        chosen = numbers.get(level, frozenset())
        if scale.bands:
            band = next(each for each in scale.bands if each.level == level)
            value = band.start + sum(
                ((band.end - band.start) / len(texts) for _ in chosen), Fraction(0)
            )
            if len(chosen) < len(texts) or not texts:
                if scale.step is None:
                    return value
                return max(each for each in steps_of(scale) if each <= value)
            continue
        needed = {number for number, text in enumerate(texts, 1) if is_cumulative(text)}
        if not needed or not needed <= chosen:
            return value
        value = level
    return value


@given(cases())
def test_a_value_is_what_the_rule_says(case: tuple[Instrument, Evidence, Numbers]) -> None:
    instrument, evidence, numbers = case
    found = value_of(instrument.scale, evidence, shares_of(evidence, numbers))
    assert found == by_hand(instrument.scale, evidence, numbers)
    assert instrument.scale.holds(found)


@given(cases())
def test_a_further_piece_never_lowers_a_value(case: tuple[Instrument, Evidence, Numbers]) -> None:
    instrument, evidence, numbers = case
    before = value_of(instrument.scale, evidence, shares_of(evidence, numbers))
    for level, texts in evidence.items():
        for number in range(1, len(texts) + 1):
            more = {**numbers, level: numbers[level] | {number}}
            after = value_of(instrument.scale, evidence, shares_of(evidence, more))
            assert after >= before
            count = Share(len(more[level]), len(texts))  # which ones is not said
            counted = {**shares_of(evidence, more), level: count}
            assert value_of(instrument.scale, evidence, counted) <= after
            if instrument.scale.bands:
                assert value_of(instrument.scale, evidence, counted) == after


@given(cases())
def test_full_levels_end_where_the_next_begins(case: tuple[Instrument, Evidence, Numbers]) -> None:
    instrument, evidence, _ = case
    scale = instrument.scale
    full: dict[Fraction, frozenset[int]] = {}
    for place, (level, texts) in enumerate(evidence.items()):
        value = value_of(scale, evidence, shares_of(evidence, full))
        if scale.bands:
            assert value == scale.bands[place].start
        else:
            assert value == (scale.lowest if place == 0 else levels_of(scale)[place - 1])
        full[level] = frozenset(range(1, len(texts) + 1))
    if len(evidence) == len(levels_of(scale)):
        assert value_of(scale, evidence, shares_of(evidence, full)) == scale.highest


@given(cases())
def test_the_level_of_a_value_is_the_first_that_is_not_full(
    case: tuple[Instrument, Evidence, Numbers],
) -> None:
    instrument, evidence, numbers = case
    scale = instrument.scale
    if not scale.bands:
        return
    not_full = (
        (
            band
            for band in scale.bands
            if len(numbers.get(band.level, ())) < len(evidence[band.level])
        )
        if len(evidence) == len(scale.bands)
        else iter(())
    )
    first = next(not_full, scale.bands[-1])
    if len(evidence) == len(scale.bands):
        found = value_of(scale, evidence, shares_of(evidence, numbers))
        assert scale.band_of(found) == first


def filled(claim: Claim, numbers: Numbers, less: int = -1) -> Numbers:
    """The accepted pieces with those that a claim lacks; one fewer of the gap `less`."""
    found = dict(numbers)
    for place, gap in enumerate(claim.gaps):
        wanted = gap.needed - (place == less)
        added = [number for number, _ in gap.pieces][:wanted]
        found[gap.level] = found.get(gap.level, frozenset()) | set(added)
    return found


@given(cases(), st.data())
def test_what_a_claim_lacks_carries_it_and_no_piece_less(
    case: tuple[Instrument, Evidence, Numbers], data: st.DataObject
) -> None:
    instrument, evidence, numbers = case
    scale, indicator = instrument.scale, instrument.indicators[0]
    if len(evidence) < len(levels_of(scale)):
        return
    claimed = data.draw(levels_on(scale))
    claim = claim_of(instrument, indicator, claimed, evidence, shares_of(evidence, numbers))
    worth = indicator.weight / instrument.weight
    assert claim.points == max(Fraction(0), claimed - claim.carried) * worth
    assert sum((gap.points for gap in claim.gaps), Fraction(0)) == claim.points
    assert all(0 < gap.needed <= len(gap.pieces) for gap in claim.gaps)
    assert bool(claim.gaps) == claim.is_cut
    enough = filled(claim, numbers)
    assert value_of(scale, evidence, shares_of(evidence, enough)) >= claimed
    for place in range(len(claim.gaps)):
        less = filled(claim, numbers, place)
        assert value_of(scale, evidence, shares_of(evidence, less)) < claimed


@given(instruments(most=3), st.data())
def test_the_cut_index_is_that_of_the_carried_levels(
    instrument: Instrument, data: st.DataObject
) -> None:
    criteria, entries = {}, {}
    for code in instrument.indicator_by_code:
        evidence = data.draw(evidence_of(instrument.scale))
        accepted = shares_of(evidence, data.draw(numbers_of(evidence)))
        criteria[code] = Criteria("", {}, evidence)
        given_too = data.draw(st.booleans())
        level = data.draw(levels_on(instrument.scale))
        entries[code] = Entry(level, accepted=accepted if given_too else None)
    assessment = Assessment(instrument.id, entries, year=2024)
    found = claims_of(instrument, assessment, criteria)
    if not found.claims:
        return
    assert found.claimed is not None
    assert found.carried is not None
    lost = sum((claim.points for claim in found.claims), Fraction(0))
    assert found.claimed.index - found.carried.index == lost
    assert found.claimed == score(instrument, assessment)
    assert {claim.indicator.code for claim in found.claims} == {
        code for code, entry in entries.items() if entry.accepted is not None
    }


@given(
    st.lists(st.fractions(0, 100, max_denominator=50), min_size=2, max_size=6, unique=True),
    st.lists(st.fractions(1, 5, max_denominator=50), min_size=6, max_size=6, unique=True),
    st.fractions(0, 1, max_denominator=100),
)
def test_an_index_leads_straight_from_point_to_point(
    indices: list[Fraction], values: list[Fraction], part: Fraction
) -> None:
    points = tuple(zip(sorted(indices), sorted(values), strict=False))
    external = External("X", "X", "", points)
    for index, value in points:
        assert external.value_of(index) == value
    for (left, low), (right, high) in pairwise(points):
        assert external.value_of(left + part * (right - left)) == low + part * (high - low)


def test_sdi_is_one_and_a_twenty_fifth() -> None:
    """As printed: 25 gives 2.00, 68.75 gives 3.75."""
    sdi = shipped_instrument("pemdi-2026").external[0]
    for quarter in range(401):
        index = Fraction(quarter, 4)
        assert sdi.value_of(index) == 1 + index / 25


@st.composite
def plannable(draw: st.DrawFn) -> tuple[Instrument, Assessment, dict[str, Evidence], Costs]:
    """A small instrument whose levels follow from evidence, but for some that are given."""
    instrument = draw(instruments(most=3))
    scale = draw(st.sampled_from([Scale(Fraction(1), Fraction(3), Fraction(1)), *BANDED]))
    instrument = replace(instrument, scale=scale)
    evidence: dict[str, Evidence] = {}
    entries, by_indicator = {}, {}
    for code in instrument.indicator_by_code:
        evidence[code] = {
            level: texts[:3] if "Dokumen" in texts[:3] else ("Dokumen",)
            for level, texts in draw(evidence_of(scale)).items()
        }
        accepted = shares_of(evidence[code], draw(numbers_of(evidence[code])))
        if draw(st.booleans()):
            accepted = {level: share._replace(numbers=None) for level, share in accepted.items()}
        value = value_of(scale, evidence[code], accepted)
        follows = draw(st.integers(0, 3)) > 0
        level = value if follows else draw(levels_on(scale))
        entries[code] = Entry(level, accepted=accepted if follows else None)
        by_indicator[code] = draw(st.sampled_from([Fraction(1), Fraction(2), Fraction(1, 3)]))
    return (
        instrument,
        Assessment(instrument.id, entries, year=2024),
        evidence,
        Costs(by_indicator=by_indicator),
    )


def rises_of(
    instrument: Instrument, code: str, entry: Entry, evidence: Evidence, costs: Costs
) -> list[tuple[Fraction, Fraction]]:
    """Every value that an indicator can rise to, with what that costs, piece by piece."""
    assert isinstance(entry.level, Fraction)
    scale, cost = instrument.scale, costs.by_indicator[code]
    found = [(entry.level, Fraction(0))]
    if entry.accepted is None:
        start = scale.position(entry.level)
        above = (level for level in scale.levels() if level > entry.level)
        return [*found, *((level, (scale.position(level) - start) * cost) for level in above)]
    spent, now = Fraction(0), dict(entry.accepted)
    for level, texts in evidence.items():
        needed = len(texts) if scale.bands else sum(map(is_cumulative, texts))
        share = now.get(level, Share(0, len(texts), frozenset()))
        if share.numbers is None:
            needed = len(texts)
        for number, text in enumerate(texts, 1):
            if share.numbers is None:
                if share.accepted == share.pieces:
                    break
                share = share._replace(accepted=share.accepted + 1)
            elif number in share.numbers or not (scale.bands or is_cumulative(text)):
                continue
            else:
                share = Share(share.accepted + 1, len(texts), share.numbers | {number})
            now[level] = share
            spent += cost / needed
            value = value_of(scale, evidence, now)
            if value > found[-1][0]:
                found.append((value, spent))
    return found


@settings(max_examples=60)
@given(plannable(), st.fractions(0, 6, max_denominator=60))
def test_a_plan_takes_the_very_pieces_that_are_missing(
    case: tuple[Instrument, Assessment, dict[str, Evidence], Costs], target: Fraction
) -> None:
    """Against every combination of rises: cost, number of risers, and the whole frontier."""
    instrument, assessment, evidence, costs = case
    stops = stops_by_pieces(instrument, assessment, evidence)
    found = plan(instrument, assessment, target=target, costs=costs, stops=stops)
    codes = list(instrument.indicator_by_code)
    every = [
        rises_of(instrument, code, assessment.entries[code], evidence[code], costs)
        for code in codes
    ]
    worth = {each.code: each.weight / instrument.weight for each in instrument.indicators}
    ways = []
    for way in product(*every):
        index = sum(
            (at * worth[code] for code, (at, _) in zip(codes, way, strict=True)), Fraction(0)
        )
        cost = sum((spent for _, spent in way), Fraction(0))
        risers = sum(at > first[0][0] for first, (at, _) in zip(every, way, strict=True))
        ways.append((cost, risers, index))
    best = max(index for _, _, index in ways)
    wanted = min(target, best)
    cost, risers = min((cost, risers) for cost, risers, index in ways if index >= wanted)
    assert (found.cost, len(found.steps)) == (cost, risers)
    assert found.after.index >= wanted
    assert found.reached is (target <= best)
    frontier: list[Effort] = []
    for cost, _, index in sorted(ways, key=lambda way: (way[0], -way[2])):
        if not frontier or index > frontier[-1].best:
            frontier.append(Effort(cost, index))
    assert list(found.frontier) == frontier
