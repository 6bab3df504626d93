"""Random instruments and assessments for the laws."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from hypothesis import strategies as st

from spbe_cli.core.assessment import Assessment, Entry
from spbe_cli.core.instrument import Basis, BasisPeriod, Group, Indicator, Instrument, Predicate
from spbe_cli.core.scale import Band, Scale

__all__ = [
    "BANDED",
    "NAMED",
    "assessments",
    "banded_scales",
    "instruments",
    "levels_on",
    "shipped_or_random",
]

SCALES = [
    Scale(Fraction(1), Fraction(5), Fraction(1)),
    Scale(Fraction(0), Fraction(5), Fraction(1)),
    Scale(Fraction(1), Fraction(5), Fraction(1, 100)),
    Scale(Fraction(1), Fraction(3), Fraction(1, 2)),
]


def banded(lowest: str, *bounds: str) -> Scale:
    """A scale without a step, whose levels begin at the lowest and at all bounds but the last."""
    ends = [Fraction(bound) for bound in (lowest, *bounds)]
    bands = tuple(
        Band(Fraction(number), f"Level {number}", start, end)
        for number, (start, end) in enumerate(pairwise(ends), 1)
    )
    return Scale(ends[0], ends[-1], None, bands=bands)


BANDED = [banded("1", "1.5", "2.5", "3.5", "4", "5"), banded("0", "1/3", "2", "2.25")]
NAMED = Scale(Fraction(1), Fraction(5), Fraction(1, 4), bands=BANDED[0].bands)  # named, by steps


@st.composite
def banded_scales(draw: st.DrawFn) -> Scale:
    """Scales without a step, of any bands."""
    ends = st.sets(st.fractions(0, 6, max_denominator=10), min_size=2, max_size=6)
    return banded(*map(str, sorted(draw(ends))))


PREDICATES = (
    Predicate("Memuaskan", Fraction("4.2")),
    Predicate("Sangat Baik", Fraction("3.5")),
    Predicate("Baik", Fraction("2.6")),
    Predicate("Cukup", Fraction("1.8")),
    Predicate("Kurang"),
)


@st.composite
def instruments(draw: st.DrawFn, *, most: int = 12) -> Instrument:
    """Instruments of one to three layers, with weights such as 10/3 that have no finite decimal."""
    parts = draw(st.lists(st.integers(1, 9), min_size=1, max_size=most))
    unit = Fraction(100, sum(parts))
    members = [
        Indicator(str(number), f"Indikator {number}", unit * part)
        for number, part in enumerate(parts, start=1)
    ]
    aspects = _grouped(draw, members, "aspect", "A")
    groups = _grouped(draw, aspects, "domain", "D") if draw(st.booleans()) else aspects
    basis = draw(st.sampled_from(list(Basis)))
    return Instrument(
        id="random",
        title="Random",
        groups=tuple(groups),
        scale=draw(st.sampled_from([*SCALES, *BANDED, NAMED]) | banded_scales()),
        predicates=PREDICATES,
        basis=(BasisPeriod(basis),),
    )


def _grouped(
    draw: st.DrawFn, members: Sequence[Indicator | Group], kind: str, letter: str
) -> list[Group]:
    groups: list[Group] = []
    rest: list[Indicator | Group] = list(members)
    while rest:
        size = draw(st.integers(1, len(rest)))
        inside, rest = rest[:size], rest[size:]
        weight = sum((member.weight for member in inside), Fraction(0))
        code = f"{letter}{len(groups) + 1}"
        inner = tuple(m for m in inside if isinstance(m, Group))
        leaves = tuple(m for m in inside if isinstance(m, Indicator))
        groups.append(Group(kind, code, f"{kind} {code}", weight, inner, leaves))
    return groups


def levels_on(scale: Scale) -> st.SearchStrategy[Fraction]:
    """Levels on a scale; without a step, values that tables can hold exactly."""
    if scale.step is None:
        values = st.fractions(scale.lowest, scale.highest, max_denominator=10)
        hundredths = st.integers(ceil(scale.lowest * 100), floor(scale.highest * 100))
        bounds = st.sampled_from(list(scale.levels()))
        return values | bounds | hundredths.map(lambda each: Fraction(each, 100))
    step: Fraction = scale.step
    steps = int((scale.highest - scale.lowest) / step)
    return st.integers(0, steps).map(lambda count: scale.lowest + count * step)


@st.composite
def assessments(draw: st.DrawFn, instrument: Instrument) -> Assessment:
    """Assessments with a level for every indicator."""
    levels = levels_on(instrument.scale)
    entries = {code: Entry(draw(levels)) for code in instrument.indicator_by_code}
    year = draw(st.none() | st.integers(2018, 2026))
    return Assessment(instrument.id, entries, institution="Instansi", year=year)


@st.composite
def shipped_or_random(draw: st.DrawFn) -> tuple[Instrument, Assessment]:
    """A pair of an instrument, one of the shipped ones among them, and an assessment."""
    from spbe_cli.read.instruments import shipped_ids, shipped_instrument

    shipped = st.sampled_from([shipped_instrument(id_) for id_ in shipped_ids()])
    instrument = draw(shipped | instruments())
    return instrument, draw(assessments(instrument))
