"""Audits held against a second method: all levels there are, at every node, one by one."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from math import floor
from typing import NamedTuple

from hypothesis import given, note
from hypothesis import strategies as st
from support.strategies import PREDICATES, instruments

from spbe_cli.core.assessment import Assessment, Entry
from spbe_cli.core.audit import (
    Explained,
    FindingKind,
    RowAudit,
    audit,
    indices_that_round_to,
)
from spbe_cli.core.instrument import Basis, BasisPeriod, Group, Indicator, Instrument
from spbe_cli.core.number import rounded
from spbe_cli.core.population import Known, Member
from spbe_cli.core.scale import Scale
from spbe_cli.core.score import Scorecard, score
from spbe_cli.read.instruments import shipped_instrument

Values = dict[str, Fraction]
SCALES = [
    Scale(Fraction(1), Fraction(5), Fraction(1)),
    Scale(Fraction(0), Fraction(2), Fraction(1)),
    Scale(Fraction(1), Fraction(3), Fraction(1, 2)),
    Scale(Fraction(3, 2), Fraction(7, 2), Fraction(1)),
]


@st.composite
def deep_instruments(draw: st.DrawFn) -> Instrument:
    """Trees of depth 1 to 4 over at most five indicators, with weights such as 100/3."""
    parts = draw(st.lists(st.integers(1, 7), min_size=1, max_size=5))
    unit = Fraction(100, sum(parts))
    members: Sequence[Indicator | Group] = [
        Indicator(str(number), f"I{number}", unit * part) for number, part in enumerate(parts, 1)
    ]
    for layer in range(draw(st.integers(1, 4))):
        members = _layer(draw, members, "PQRS"[layer])
    groups = tuple(each for each in members if isinstance(each, Group))
    scale = draw(st.sampled_from(SCALES[1:] if len(parts) > 3 else SCALES))
    return Instrument("deep", "Deep", groups, scale, PREDICATES, (BasisPeriod(Basis.EXACT),))


def _layer(
    draw: st.DrawFn, members: Sequence[Indicator | Group], letter: str
) -> list[Indicator | Group]:
    cuts = sorted(draw(st.sets(st.integers(1, len(members) - 1)))) if len(members) > 1 else []
    runs = [members[a:b] for a, b in itertools.pairwise([0, *cuts, len(members)])]
    return [
        Group(
            "group",
            f"{letter}{number}",
            letter,
            sum((each.weight for each in run), Fraction(0)),
            tuple(each for each in run if isinstance(each, Group)),
            tuple(each for each in run if isinstance(each, Indicator)),
        )
        for number, run in enumerate(runs, 1)
    ]


def shown(value: Fraction, places: int) -> Fraction:
    """Round half up by another way than the program does."""
    return Fraction(floor(value * 10**places + Fraction(1, 2)), 10**places)


class Row(NamedTuple):
    """What was published: the value and its places by node, and all nodes of all levels."""

    instrument: Instrument
    values: dict[str, tuple[Fraction, int]]
    every: list[Values]

    def fits(self, node: str, value: Fraction) -> bool:
        if node not in self.values:
            return True
        published, places = self.values[node]
        return shown(value, places) == published

    def fitting(self, *without: str) -> list[Values]:
        nodes = self.values.keys() - set(without)
        return [each for each in self.every if all(self.fits(n, each[n]) for n in nodes)]

    def audited(self, predicate: object = None) -> RowAudit:
        values = {node: value for node, (value, _) in self.values.items()}
        index = values.pop("index", None)
        member = Member(
            "A",
            self.instrument,
            index,
            Known.PARTS if index is None else Known.PUBLISHED,
            nodes=values,
            published_index=index,
            published=predicate,  # type: ignore[arg-type]
            places={node: places for node, (_, places) in self.values.items()},
        )
        (found,) = audit([member]).rows
        return found


def every_value(instrument: Instrument) -> list[Values]:
    """Return every node's index for every sheet that there can be, by the definition."""
    weights = {each.code: each.weight for each in instrument.indicators}
    below = {code: [i.code for i in inside] for code, inside in instrument.node_by_code.items()}
    below["index"] = list(weights)
    sheets = itertools.product(list(instrument.scale.levels()), repeat=len(weights))
    return [
        {
            node: sum((levels[code] * weights[code] for code in codes), Fraction(0))
            / sum((weights[code] for code in codes), Fraction(0))
            for node, codes in below.items()
        }
        for sheet in sheets
        for levels in [dict(zip(weights, sheet, strict=True))]
    ]


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """Rows of any subset of the nodes, each with its own decimals; some with one or two slips."""
    instrument = draw(deep_instruments())
    every = every_value(instrument)
    card = draw(st.sampled_from(every))
    kept = draw(st.lists(st.sampled_from(list(card)), unique=True, min_size=1))
    values = {}
    for node in kept:
        places = draw(st.sampled_from([2, 2, 2, 0, 1, 3, 5, 10]))
        values[node] = shown(card[node], places), places
    slips = draw(st.lists(st.sampled_from(kept), unique=True, max_size=2))
    for node in slips:
        value, places = values[node]
        other = draw(st.sampled_from(every))[node]
        last = Fraction(1, 10**places)
        values[node] = draw(st.sampled_from([shown(other, places), value + last])), places
    return Row(instrument, values, every)


def blamed(row: Row) -> dict[str, FindingKind]:
    """Return what an audit must blame, by sets of exact indices, from the parts upwards."""
    found: dict[str, FindingKind] = {}
    _reach(row, "index", row.instrument.groups, found)
    return found


def _reach(
    row: Row, node: str, groups: Sequence[Group], found: dict[str, FindingKind]
) -> set[Fraction]:
    """Return the indices that a node may have; one that is blamed may have both what it says."""
    alone = {each[node] for each in row.every}
    inner = alone
    if groups:
        weights = [group.weight for group in groups]
        parts = [_reach(row, group.code, group.groups, found) for group in groups]
        inner = {Fraction(0)}
        for part, weight in zip(parts, weights, strict=True):
            inner = {one + other * weight for one in inner for other in part}
        inner = {each / sum(weights) for each in inner}
    if node not in row.values:
        return inner
    own = {each for each in inner if row.fits(node, each)}
    by_itself = {each for each in alone if row.fits(node, each)}
    if by_itself and own:
        return own
    parts_kind = FindingKind.INDEX if node == "index" else FindingKind.PARTS
    alone_kind = FindingKind.INDEX if node == "index" else FindingKind.VALUE
    found[node] = parts_kind if by_itself else alone_kind
    return inner | (by_itself or _as_written(row, node))


def _as_written(row: Row, node: str) -> set[Fraction]:
    """Return the multiples of the index's unit, from 0 on, that are shown as the value."""
    weights = [each.weight for each in row.instrument.indicators]
    scale = row.instrument.scale
    whole = sum(weights, Fraction(0))
    node_weight = whole
    if node != "index":
        node_weight = sum((i.weight for i in row.instrument.node_by_code[node]), Fraction(0))
    ticks = [
        *(
            w * t / node_weight
            for w in weights
            for t in (row.instrument.shown_step, scale.lowest)
            if t
        )
    ]
    unit = _divisor(ticks)
    value, places = row.values[node]
    half = Fraction(1, 2 * 10**places)
    first = -((half - value) // unit) if value > half else 0
    found = set()
    number = max(0, int(first) - 1)
    while number * unit < value + half:
        if shown(number * unit, places) == value:
            found.add(number * unit)
        number += 1
    return found


def _divisor(values: Sequence[Fraction]) -> Fraction:
    whole = values[0]
    for other in values[1:]:
        while other:
            whole, other = other, whole % other  # noqa: PLW2901
    return whole


@given(rows(), st.sampled_from([*PREDICATES, None]))
def test_an_audit_finds_what_no_levels_give_and_nothing_else(row: Row, predicate: object) -> None:
    found = row.audited(predicate)
    fitting = row.fitting()
    kinds = {each.node: each.kind for each in found.findings if each.kind != "predicate-impossible"}
    note(f"{row.values} {found.findings}")
    assert bool(kinds) == (not fitting)
    assert kinds == blamed(row)
    if not fitting:
        assert (found.lowest, found.highest, found.explained) == (None, None, None)
        return
    indices = [each["index"] for each in fitting]
    assert (found.lowest, found.highest) == (min(indices), max(indices))
    for basis in Basis:
        named = {row.instrument.predicate_of(each, basis) for each in indices}
        assert set(found.by_basis[basis]) == named
    if predicate is not None:
        by = predicate in found.by_basis[Basis.EXACT], predicate in found.by_basis[Basis.ROUNDED]
        expected = {
            (True, True): Explained.EITHER,
            (True, False): Explained.EXACT,
            (False, True): Explained.ROUNDED,
            (False, False): Explained.NEITHER,
        }
        assert found.explained is expected[by]
        assert bool(found.findings) == (found.explained is Explained.NEITHER)


@given(rows())
def test_what_is_blamed_cannot_be_and_what_is_nearest_can(row: Row) -> None:
    found = row.audited()
    for finding in found.findings:
        alone = {each[finding.node] for each in row.every}
        if not finding.parts:
            assert not any(row.fits(finding.node, each) for each in alone)
        else:
            named = {finding.node, *finding.parts}
            others = row.values.keys() - named
            assert not row.fitting(*others)
            assert not {each.node for each in found.findings} & {*finding.parts}
        value, places = row.values[finding.node]
        assert value not in finding.nearest
        if len(found.findings) == 1:
            allowed = [each[finding.node] for each in row.fitting(*_above(row, finding.node))]
            if not finding.parts:
                allowed = list(alone)
            seen = {shown(each, places) for each in allowed}
            below = sorted(each for each in seen if each < value)
            above = sorted(each for each in seen if each > value)
            assert finding.nearest == (*below[-1:], *above[:1])


def _above(row: Row, node: str) -> Iterator[str]:
    """Yield a node and every node that it does not hold."""
    for group, _, _ in row.instrument.nodes:
        if group.code == node:
            inside = {inner.code for inner in _inside(group)}
            yield from ({"index", *row.instrument.node_by_code} - inside) | {node}
            return
    yield node


def _inside(group: Group) -> Iterator[Group]:
    for inner in group.groups:
        yield inner
        yield from _inside(inner)


def every_card(instrument: Instrument) -> list[Scorecard]:
    levels = list(instrument.scale.levels())
    codes = list(instrument.indicator_by_code)
    return [
        score(
            instrument, Assessment(instrument.id, dict(zip(codes, map(Entry, each), strict=True)))
        )
        for each in itertools.product(levels, repeat=len(codes))
    ]


def has_few_levels(instrument: Instrument) -> bool:
    return instrument.scale.step is not None and instrument.scale.step >= Fraction(1, 2)


SMALL = instruments(most=4).filter(has_few_levels)


@given(SMALL, st.data())
def test_what_a_value_may_be_is_what_all_levels_give(
    instrument: Instrument, data: st.DataObject
) -> None:
    cards = every_card(instrument)
    code = data.draw(st.sampled_from(["index", *instrument.node_by_code]))
    values = {card.index if code == "index" else card.index_at(code) for card in cards}
    shown = data.draw(st.sampled_from(sorted({rounded(value) for value in values})))
    for value in (shown, shown + Fraction(1, 100)):
        expected = sorted(each for each in values if rounded(each) == value)
        assert indices_that_round_to(instrument, code, value) == tuple(expected)


def test_what_stands_beside_a_domain_must_fit_it() -> None:
    """A5 and A6 at 3 leave D3 nothing but 3: each of the three alone could be."""
    instrument, index = shipped_instrument("spbe-2020"), Fraction("2.80")
    row = Member("A", instrument, index, Known.PUBLISHED, published_index=index)
    for domain, possible in (("3.00", True), ("3.09", False)):
        nodes = {"A5": Fraction(3), "A6": Fraction(3), "D3": Fraction(domain)}
        (found,) = audit([replace(row, nodes=nodes)]).rows
        assert (found.lowest is not None) == possible
        said = [(finding.kind, finding.node, finding.parts) for finding in found.findings]
        assert said == [(FindingKind.PARTS, "D3", ("A5", "A6"))] * (not possible)


@given(st.data())
def test_below_zero_a_tie_is_rounded_downwards(data: st.DataObject) -> None:
    scale = Scale(Fraction(-2), Fraction(2), Fraction(1, 2))
    instrument = replace(data.draw(instruments(most=2)), scale=scale)
    values = {card.index for card in every_card(instrument)}
    shown = data.draw(st.sampled_from(sorted({rounded(value) for value in values})))
    expected = sorted(each for each in values if rounded(each) == shown)
    assert indices_that_round_to(instrument, "index", shown) == tuple(expected)


def test_ties_below_zero() -> None:
    """-0.995 is shown as -1.00, and -1.005 as -1.01."""
    weights = {"1": Fraction("99.5"), "2": Fraction("0.5")}
    indicators = tuple(Indicator(code, code, weight) for code, weight in weights.items())
    group = Group("domain", "D1", "D1", Fraction(100), (), indicators)
    scale = Scale(Fraction(-2), Fraction(2), Fraction(1))
    instrument = replace(shipped_instrument("spbe-2020"), groups=(group,), scale=scale)
    for code in ("index", "D1"):
        found = indices_that_round_to(instrument, code, Fraction(-1))
        assert found == (Fraction(-1), Fraction("-0.995"))
        assert indices_that_round_to(instrument, code, Fraction("-1.01"))[-1] == Fraction("-1.005")
        assert indices_that_round_to(instrument, code, Fraction(0)) == (Fraction(0),)


# Scales without a step


class Bound(NamedTuple):
    """`factors` times the values is at most `limit`, or below it."""

    factors: tuple[Fraction, ...]
    limit: Fraction
    strict: bool


def is_feasible(bounds: list[Bound]) -> bool:
    """Eliminate one value after the other, after Fourier and Motzkin."""
    while bounds and bounds[0].factors:
        first = [(each.factors[0], each) for each in bounds]
        above = [_divided(each, factor) for factor, each in first if factor > 0]
        below = [_divided(each, -factor) for factor, each in first if factor < 0]
        rest = [each._replace(factors=each.factors[1:]) for factor, each in first if factor == 0]
        tightest: dict[tuple[Fraction, ...], tuple[Fraction, bool]] = {}
        for one, other in itertools.product(above, below):
            factors = tuple(a + b for a, b in zip(one.factors, other.factors, strict=True))
            rest.append(Bound(factors[1:], one.limit + other.limit, one.strict or other.strict))
        for each in rest:
            found = (each.limit, not each.strict)
            tightest[each.factors] = min(found, tightest.get(each.factors, found))
        bounds = [Bound(factors, limit, not ok) for factors, (limit, ok) in tightest.items()]
    return all(each.limit > 0 or (each.limit == 0 and not each.strict) for each in bounds)


def _divided(bound: Bound, by: Fraction) -> Bound:
    return Bound(tuple(each / by for each in bound.factors), bound.limit / by, bound.strict)


@st.composite
def rows_without_a_step(draw: st.DrawFn) -> tuple[Row, list[Bound]]:
    """Rows of at most three indicators, and what each published value says of their values."""
    instrument = draw(deep_instruments().filter(lambda each: len(each.indicators) <= 3))
    ends = draw(st.sampled_from([("1", "5"), ("0", "3"), ("1/3", "2")]))
    scale = Scale(Fraction(ends[0]), Fraction(ends[1]), None)
    instrument = replace(instrument, scale=scale)
    codes = [each.code for each in instrument.indicators]
    values = [draw(st.fractions(scale.lowest, scale.highest, max_denominator=60)) for _ in codes]
    below = {"index": instrument.indicators, **instrument.node_by_code}
    row: dict[str, tuple[Fraction, int]] = {}
    one, none = Fraction(1), Fraction(0)
    bounds = [
        Bound(
            tuple(sign if place == at else none for place in range(len(codes))), limit, strict=False
        )
        for at in range(len(codes))
        for sign, limit in ((one, scale.highest), (-one, -scale.lowest))
    ]
    for node in draw(st.lists(st.sampled_from(list(below)), unique=True, min_size=1)):
        places = draw(st.sampled_from([0, 1, 2, 2, 4]))
        weights = {each.code: each.weight for each in below[node]}
        whole = sum(weights.values(), none)
        factors = tuple(weights.get(code, none) / whole for code in codes)
        exact = sum((f * value for f, value in zip(factors, values, strict=True)), none)
        slip = draw(st.sampled_from([0, 0, 0, 1, -1, 3])) * Fraction(1, 10**places)
        value = max(shown(exact, places) + slip, none)
        row[node] = value, places
        half = Fraction(1, 2 * 10**places)
        bounds.append(Bound(factors, value + half, strict=True))
        bounds.append(Bound(tuple(-each for each in factors), half - value, strict=False))
    return Row(instrument, row, []), bounds


@given(rows_without_a_step())
def test_without_a_step_an_audit_finds_what_no_values_give(found: tuple[Row, list[Bound]]) -> None:
    row, bounds = found
    audited = row.audited()
    assert bool(audited.findings) == (not is_feasible(bounds))
    if audited.findings:
        for finding in audited.findings:
            assert finding.found is not None
            assert finding.found not in finding.nearest
        return
    weights = [each.weight / 100 for each in row.instrument.indicators]
    for end, sign in ((audited.lowest, 1), (audited.highest, -1)):
        assert end is not None
        factors = tuple(sign * each for each in weights)
        nothing_beyond = [*bounds, Bound(factors, sign * end, strict=True)]
        assert not is_feasible(nothing_beyond)
        nearly = [*bounds, Bound(factors, sign * end + Fraction(1, 10**9), strict=False)]
        assert is_feasible(nearly)
