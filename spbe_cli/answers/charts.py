"""The charts of `spbe compare`, `rank` and `profile`."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from spbe_cli.answers.change import labels_of, names_of
from spbe_cli.answers.profile import share_of
from spbe_cli.answers.rank import GroupOf
from spbe_cli.core.compare import Series
from spbe_cli.core.number import exact
from spbe_cli.core.population import GroupProfile, Profile
from spbe_cli.core.scale import Scale
from spbe_cli.formats.blocks import Bar, Bars, ChartLine, Lines, visible
from spbe_cli.formats.charts import MOST_BARS
from spbe_cli.words import Words

MOST_CHARTS = 40
"""How many charts an answer has: one for each institution, category or province."""


def compare_charts(series: Sequence[Series], words: Words) -> Iterator[Lines]:
    """Yield for each institution the lines of its index and its outermost groups."""
    more = len(series) - MOST_CHARTS
    for number, one in enumerate(series[:MOST_CHARTS]):
        chart = _lines(one, words)
        if more > 0 and number == MOST_CHARTS - 1:
            said = words(
                "{count} more {count:institution is|institutions are} not drawn", count=str(more)
            )
            chart = chart._replace(note=said)
        yield chart


def _lines(series: Series, words: Words) -> Lines:
    cards, whole = series.trend.cards, series.trend.whole
    last = cards[-1].instrument
    labels = labels_of(series.readings, words)
    name = " / ".join(dict.fromkeys(card.instrument.index_name for card in cards))
    lines = [_line("", name, [card.index for card in cards], last.places, words)]
    if whole.comparable and all(step.comparable for step in series.trend.changes):
        for group in last.groups:
            values = [card.index_at(group.code) for card in cards]
            lines.append(_line(group.code, group.name, values, last.places, words))
    breaks = [at for at, step in enumerate(series.trend.changes, 1) if not step.is_one_index]
    who = " / ".join(dict.fromkeys(names_of(series.readings)))
    span = words("{first} to {last}", first=labels[0], last=labels[-1])
    return Lines(
        visible(f"{who}: {span}"),
        "; ".join(_said(line, labels) for line in lines),
        labels,
        lines,
        _rings([card.instrument.scale for card in cards], words),
        frozenset(breaks),
        words("No line goes from one index to another") if breaks else "",
        words("Change of the index"),
    )


def _line(code: str, name: str, values: Sequence[Fraction], places: int, words: Words) -> ChartLine:
    exactly = [exact(value) for value in values]
    return ChartLine(code, name, values, exactly, [words.number(value, places) for value in values])


def _said(line: ChartLine, labels: Sequence[str]) -> str:
    values = ", ".join(
        f"{shown} ({label})" for shown, label in zip(line.shown, labels, strict=True)
    )
    return f"{line.code} {line.name}: {values}".strip()


def _rings(scales: Sequence[Scale], words: Words) -> list[tuple[Fraction, str]]:
    """Return whole values from the lowest to the highest of the scales, both included."""
    lowest = min(scale.lowest for scale in scales)
    highest = max(scale.highest for scale in scales)
    step = max(1, -(-int(highest - lowest) // 10))
    found = [lowest + at * step for at in range(int((highest - lowest) / step) + 1)]
    found += [highest] if found[-1] != highest else []
    return [(value, words.exact(value)) for value in found]


def rank_charts(
    groups: Sequence[GroupOf], words: Words, asked: Sequence[object] = ()
) -> Iterator[Bars]:
    """Yield for each group the bars of its first institutions; `asked` are those looked for."""
    wanted = {id(each) for each in asked}
    for group in groups[:MOST_CHARTS]:
        drawn = group.ranked[:MOST_BARS]
        more = len(group.ranked) - len(drawn)
        bars = [
            Bar(
                visible(each.member.institution),
                each.member.index,
                exact(each.member.index),
                f"{words.number(each.member.index, each.member.instrument.places)}  "
                f"{each.member.predicate.name}",
                strong=not wanted or id(each) in wanted,
                before=str(place),
            )
            for place, each in drawn
        ]
        name = group.name or words("All institutions")
        said = [f"{bar.before} {bar.name}: {bar.shown}" for bar in bars]
        note = words(
            "{count} more {count:institution is|institutions are} not drawn", count=str(more)
        )
        yield Bars(
            visible(words("{name}: {number}", name=name, number=str(group.size))),
            "; ".join(said),
            bars,
            Fraction(0),
            max(each.member.instrument.scale.highest for _, each in drawn),
            note if more else "",
            words("Institutions by index"),
        )


def profile_charts(profile: Profile, words: Words) -> Iterator[Bars]:
    """Yield how many institutions have each predicate: of all, and of each category."""
    for group in (profile.whole, *profile.categories)[:MOST_CHARTS]:
        name = words.category(group.name or "-")
        if group is profile.whole:
            name = words("All institutions")
        bars = [
            Bar(predicate.name, Fraction(number), str(number), _share(number, group, words))
            for predicate, number in group.predicates
        ]
        yield Bars(
            visible(words("{name}: {number}", name=name, number=str(group.index.number))),
            "; ".join(f"{bar.name}: {bar.shown}" for bar in bars),
            bars,
            Fraction(0),
            max(*(bar.value for bar in bars), Fraction(1)),
            of_all=words("Institutions per predicate"),
        )


def _share(number: int, group: GroupProfile, words: Words) -> str:
    return f"{number}  ({words.percent(words.share(share_of(number, group), 1))})"
