"""What several answers say: values, who and when, and the table of nodes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from spbe_cli.answers.shape import Columns, ProblemCode, Shape, Value, take
from spbe_cli.core.assessment import Stage
from spbe_cli.core.instrument import Basis, Group, Indicator, Instrument
from spbe_cli.core.number import (
    enough_places,
    exact,
    fixed,
    rounded,
    rounded_down,
    rounded_up,
    share_places,
)
from spbe_cli.core.score import ChosenBy, GateOutcome, Reading, Scorecard
from spbe_cli.formats.blocks import Cell, Row, Tone
from spbe_cli.words import Words

if TYPE_CHECKING:
    from spbe_cli.core.compare import DropOutcome
    from spbe_cli.core.outlook import ChanceOutcome


def step_text(instrument: Instrument, before: Fraction, after: Fraction, words: Words) -> str:
    """Return a change of level: `1 to 4`, or of a value: `1.17 to 1.50`."""
    return words(
        "{before} to {after}",
        before=words.given(instrument, before),
        after=words.given(instrument, after),
    )


def provisional_text(instrument: Instrument, words: Words) -> str:
    """Return in one sentence how much of a provisional instrument is sure."""
    if not instrument.reasons:
        return words("PROVISIONAL: the weights and thresholds are not confirmed")
    return words(
        "PROVISIONAL: {confirmed} {confirmed:statement about the instrument is|statements about "
        "the instrument are} confirmed, {untested} untested, {inferred} inferred; spbe instrument "
        "show {id} has them",
        id=instrument.id,
        **instrument.reasons_by_standing(),
    )


def at_least(value: Fraction, words: Words, places: int = 2) -> str:
    """Return what is needed: with as many decimals as it takes, and never less than enough."""
    places = enough_places(value, places)
    return _beside(rounded_up(value, places), value, words, places)


def at_most(value: Fraction, words: Words, places: int = 2) -> str:
    """Return what there is to lose: with as many decimals as it takes, and never more."""
    places = enough_places(value, places)
    return _beside(rounded_down(value, places), value, words, places)


def as_shown(value: Fraction, words: Words, places: int = 2) -> str:
    """Return a value rounded half up, and what it is exactly where that is another number."""
    return _beside(rounded(value, places), value, words, places)


def _beside(shown: Fraction, value: Fraction, words: Words, places: int) -> str:
    text = words.number(shown, places)
    if shown == value:
        return text
    return words("{shown} (exactly {exact})", shown=text, exact=words.exact(value))


class PredicateShape(Shape):
    """The predicate, the basis that decided it, and what each basis gives."""

    name: str
    basis: Basis
    exact_name: str = take("by_exact.name")
    rounded_name: str = take("by_rounded.name")


class ScoreShape(Shape):
    """An index and its predicate."""

    index: Value
    predicate: PredicateShape = take("verdict")


class NoticeShape(Shape):
    """What must be known with the result: a problem code and its values."""

    code: ProblemCode
    values: dict[str, str]


class ReadColumnShape(Shape):
    """A column of a table: where it stands, its heading, and its role, or why it was left out."""

    at: str
    heading: str
    role: str
    stage: str
    indicator: str
    left_out: str


class ReadRowsShape(Shape):
    """Rows that were left out: where they stand, what they say, and why."""

    at: str
    text: str
    left_out: str


class TableReadShape(Shape):
    """What was read of a table, and what was left: its form, its heading row, columns, rows.

    `instrument` is the one that official names of indicators told, where nothing else did.
    """

    form: str
    heading: str
    sheets: list[str]
    columns_: list[ReadColumnShape] = take("columns")
    rows_left_out: list[ReadRowsShape]
    instrument: str


class SourceShape(Shape):
    """The file, as named, the SHA-256 of its bytes, and what was read of it if it is a table."""

    path: str
    sha256: str
    read: TableReadShape | None


class Head(Shape, places="instrument.places"):
    """Whose assessment it is, and what it was scored with."""

    institution: str | None = take("assessment.institution")
    category: str | None = take("assessment.category")
    province: str | None = take("assessment.province")
    year: int | None = take("assessment.year")
    stage: Stage | None = take("assessment.stage")
    instrument: str = take("assessment.instrument")
    chosen_by: ChosenBy
    notices: list[NoticeShape]
    source: SourceShape | None = take("assessment.source")


def notices_of(reading: Reading, *cards: Scorecard) -> str:
    """Return the codes of what must be known with a row, `bases-differ` among them."""
    codes = [notice.code for notice in reading.notices]
    if any(card.verdict.bases_differ for card in cards):
        codes.append("bases-differ")
    return " ".join(dict.fromkeys(codes))


WHO: Columns = {
    "institution": lambda who: who[0].assessment.institution,
    "year": lambda who: who[0].assessment.year,
    "instrument": lambda who: who[0].assessment.instrument,
    "notices": lambda who: notices_of(*who),
}
"""The first columns of most tables, of a reading and the scorecards that bases may divide."""


def node_rows(
    instrument: Instrument,
    cells: Callable[[int, Group, Tone], Iterable[Cell]],
    of_indicator: Callable[[Group, Indicator], Iterable[Cell]] | None = None,
) -> Iterator[Row]:
    """Yield a row for each domain and aspect, by its place from 0: code, name, and these cells.

    With `of_indicator` one for each of its indicators as well, of these cells alone.
    """
    for place, (group, _, _) in enumerate(instrument.nodes):
        depth = instrument.depth_by_code[group.code]
        tone = Tone.STRONG if depth == 0 and group.groups else Tone.PLAIN
        named = Cell(group.code, tone), Cell(group.name, tone)
        yield Row((*named, *cells(place, group, tone)), depth)
        if of_indicator is not None:
            for indicator in group.indicators:
                yield Row(tuple(of_indicator(group, indicator)), depth + 1)


def whole_row(instrument: Instrument, cells: Iterable[Cell], *, section: bool = True) -> Row:
    """Return the row of the index below those of the nodes."""
    return Row((Cell(""), Cell(instrument.index_name, Tone.STRONG), *cells), section=section)


class Placed(NamedTuple):
    """How one result, by its place from 0, stands to a gate."""

    place: int
    outcome: "GateOutcome | DropOutcome | ChanceOutcome"

    @property
    def gate(self) -> str:
        """The gate as its option is called."""
        return self.outcome.gate.kind


def placed(
    results: Sequence[object], outcomes: "Iterable[GateOutcome | ChanceOutcome]"
) -> list[Placed]:
    """Return how each result stands to each gate."""
    places = {id(result): place for place, result in enumerate(results)}
    return [Placed(places[id(outcome.result)], outcome) for outcome in outcomes]


def span(values: Iterable[Fraction | str | None], show: Callable[[Fraction], str] = exact) -> str:
    """Return a value, or the two ends of what missing levels leave: `2.15..2.31`."""
    some = (value for value in values if value is not None)
    shown = (value if isinstance(value, str) else show(value) for value in some)
    return "..".join(dict.fromkeys(shown))


def value_of(instrument: Instrument, value: Fraction) -> dict[str, str]:
    """Return an index or points, exact and with the instrument's decimals."""
    return Value.of(value, instrument.places)


def percent(share: Fraction) -> str:
    """Return a percentage with its decimals where they end, else with two.

    With more where two would show 0 or 100 of what is neither.
    """
    return exact(share) if share == Fraction(fixed(share)) else fixed(share, share_places(share))
