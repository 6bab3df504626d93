"""What pairs of claims and findings give: their data in answers, and sentences about them."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from spbe_cli.answers.gates import percent, share
from spbe_cli.answers.shape import Count, Number, Shape, take
from spbe_cli.core.observed import Calibration
from spbe_cli.core.outlook import AgreedBy, Agreement, Estimate
from spbe_cli.formats.blocks import Line, Tone
from spbe_cli.words import Words


class CalibrationShape(Shape):
    """What became of claimed levels.

    `further` of the moved ones went more than one level, `within` of the confirmed ones changed
    inside their level. `agreement` is the share of those that `could_fall` and did not.
    """

    compared: Count
    confirmed: Count
    lowered: Count
    raised: Count
    further: Count
    within: Count
    could_fall: Count
    agreement: Number | None


class IntervalShape(Shape):
    """Between which two shares the agreement may lie: Wilson's interval of 90 percent."""

    low: Number
    high: Number


class RecordShape(Shape):
    """How outlooks of the pairs, each made from the others, stood the test.

    `covered` findings lay between the 5 and the 95 percent point.
    """

    pairs: Count
    covered: Count
    brier: Number


class OddsShape(Shape):
    """How likely claims of one level move by how many levels; `claims` were seen.

    `group` is the domain whose claims these are, null for all.
    """

    level: Number
    group: str | None
    claims: Count
    moves: dict[str, Number]


class EstimateShape(Shape):
    """What pairs give: the odds by claimed level, how sure they are, and how they did.

    `few_pairs` says that there are fewer than five: then nothing should be taken as surer than 1
    or 99 percent, whatever the numbers say.
    """

    pairs: Count = take(lambda each: len(each.estimate.calibration.pairs))
    few_pairs: bool = take("estimate.few_pairs")
    interval: IntervalShape | None = take("estimate.interval")
    strength: Number | None = take("agreement.falls.strength")
    odds: list[OddsShape] = take(lambda each: list(_odds(each.agreement, each.estimate)))
    record: RecordShape | None = take("estimate.record")


class _Odds(NamedTuple):
    level: Fraction
    group: str | None
    claims: int
    moves: Mapping[int, Fraction]


def _odds(agreement: Agreement, estimate: Estimate) -> Iterator[_Odds]:
    if agreement.falls is None:
        return
    counts = estimate.calibration.by_level()
    for level, moves in agreement.falls.by_level.items():
        yield _Odds(level, None, counts[level].total(), moves)
    for (_, group, level), moves in agreement.falls.by_group.items():
        claims = estimate.calibration.by_level(group)[level].total()
        yield _Odds(level, group, claims, moves)


def calibration_text(calibration: Calibration, words: Words) -> str:
    """Return from how many indicators an agreement was estimated, and what became of them."""
    return words(
        "estimated from {compared} {compared:indicator|indicators}: {confirmed} confirmed, "
        "{lowered} lowered, {raised} raised",
        compared=str(calibration.compared),
        confirmed=str(calibration.confirmed),
        lowered=str(calibration.lowered),
        raised=str(calibration.raised),
    )


def agreement_line(estimate: Estimate, words: Words) -> str:
    """Return the agreement with its interval."""
    calibration, interval = estimate.calibration, estimate.interval
    if interval is None:
        return words("No claim could fall: the agreement cannot be told")
    return words(
        "{stood} of {count} claims that could fall did not: agreement {share}, "
        "by the 90 % interval {low} to {high}",
        stood=str(calibration.stood),
        count=str(calibration.could_fall),
        share=share(interval.share, words),
        low=share(interval.low, words),
        high=share(interval.high, words),
    )


def observed_lines(agreement: Agreement, estimate: Estimate, words: Words) -> Iterator[Line]:
    """Yield what the odds rest on: changes inside a level, domains, strictness, few pairs."""
    if estimate.calibration.within:
        text = words(
            "Confirmed, but changed inside the level: {count}; the odds leave that out",
            count=str(estimate.calibration.within),
        )
        yield Line(text, Tone.FAIR, depth=1)
    if agreement.falls is not None and agreement.falls.by_domain:
        groups = dict.fromkeys(group for _, group, _ in agreement.falls.by_group)
        yield Line(
            words("Domains with odds of their own: {domains}", domains=", ".join(groups))
            if groups
            else words("No domain has enough claims for odds of its own"),
            depth=1,
        )
    yield from correlation_lines(agreement.correlation, estimate.correlated_by, words)
    if estimate.correlated_by is None:
        text = words(
            "Fewer than three pairs do not show whether assessors are strict throughout: each "
            "level is taken by itself. --correlation 0.2 shows what strictness would change"
        )
        yield Line(text, depth=1)
    if estimate.few_pairs:
        text = words("From fewer than five pairs nothing is called surer than 1 or 99 %")
        yield Line(text, Tone.FAIR, depth=1)


def correlation_lines(
    rho: Fraction, correlated_by: AgreedBy | None, words: Words
) -> Iterator[Line]:
    """Yield how much levels fall together, and who says so."""
    if correlated_by is AgreedBy.CALIBRATION:
        text = words("Levels fall together: correlation {rho}, estimated", rho=words.exact(rho))
        yield Line(text, depth=1)
    elif correlated_by is not None:
        text = words("Levels fall together: correlation {rho}, assumed", rho=words.exact(rho))
        yield Line(text, depth=1)


def record_line(estimate: Estimate, words: Words) -> Iterator[Line]:
    """Yield how outlooks of the pairs, each made from the others, stood the test."""
    record = estimate.record
    if record is not None:
        text = words(
            "Each pair predicted from the others: {covered} of {pairs} inside their 90 % range; "
            "Brier score {brier} (best 0, a coin 0.25)",
            covered=str(record.covered),
            pairs=str(record.pairs),
            brier=words.number(record.brier, 2),
        )
        yield Line(text)


def said_percent(probability: Fraction, words: Words, *, few: bool) -> str:
    """Return a probability in percent, from few pairs nothing beyond 1 and 99."""
    if few and probability < Fraction(1, 100):
        return f"< {words.percent(words.number(Fraction(1), 0))}"
    if few and probability > Fraction(99, 100):
        return f"> {words.percent(words.number(Fraction(99), 0))}"
    return percent(probability, words)
