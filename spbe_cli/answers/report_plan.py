"""What a report says of change: since an earlier assessment, and towards a target."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import dropwhile

from spbe_cli.answers.compare import Shown, compare_pages
from spbe_cli.answers.plan import aim_text, plan_blocks
from spbe_cli.answers.report_parts import level_text, title_of
from spbe_cli.answers.shared import step_text
from spbe_cli.core.assessment import Entry
from spbe_cli.core.compare import Series
from spbe_cli.core.instrument import Demand
from spbe_cli.core.number import shown_apart
from spbe_cli.core.report import Recommendation, Report
from spbe_cli.formats.blocks import (
    Block,
    Card,
    Line,
    Lines,
    Listing,
    Section,
    Table,
    Text,
    Tone,
    visible,
)
from spbe_cli.words import Words

_MOST_DEMANDS = 15
"""How many levels are shown with criterion and evidence: a page and a half of them."""


def change_section(report: Report, words: Words) -> Iterator[Section]:
    """Yield what changed since the previous assessment, and what contributed how much."""
    if report.series is None:
        return
    full = report.formalities.full
    pages = compare_pages(report.series, words, Shown(every_indicator=full))
    blocks: list[Block] = []
    for number, page in enumerate(pages):
        if number and not full:  # the table of all indicators has their levels before
            blocks.append(Text(page.title))
            continue
        # what stands above its table, the report says elsewhere
        below = dropwhile(lambda block: not isinstance(block, Table), page.blocks)
        blocks += _part(page.title, below)
        if not number and report.comparison is not None and report.comparison.comparable:
            blocks += _drawn(report.series, words)
    yield Section(words("Change"), blocks, "change")


def _drawn(series: Series, words: Words) -> Iterator[Lines]:
    """Yield the change of the index and its outermost groups as lines."""
    from spbe_cli.answers.charts import compare_charts  # only where something is compared

    for chart in compare_charts([series], words):
        yield chart._replace(title=chart.of_all)  # who and when stands above the table


def plan_section(report: Report, words: Words) -> Iterator[Section]:
    """Yield the cheapest plan to the target, with its proof."""
    if report.planned is None:
        return
    blocks = plan_blocks(report.planned, {}, words)
    part = list(_part(aim_text(report.planned, words), blocks))
    yield Section(words("The cheapest plan"), part, "plan")


def _part(heading: str, blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks of a page for a report: its table under its heading, notes as paragraphs."""
    for block in blocks:
        if isinstance(block, Table):
            columns = [each._replace(heading=_one_line(each.heading)) for each in block.columns]
            yield block._replace(columns=columns, caption=heading)
        elif isinstance(block, Line) and block.text:
            yield Text(block.text, block.tone)


def _one_line(heading: str) -> str:
    return " ".join(heading.split())


class _Chosen:
    """How much a report shows of what it recommends.

    With `full` all of it. Else, where that demands more levels than there is room for, the next
    level alone of the rises that bring most.
    """

    def __init__(self, report: Report) -> None:
        self.shown, self.next_alone = report.advised, False
        too_many = sum(len(each.demands) for each in self.shown) > _MOST_DEMANDS
        if too_many and not report.formalities.full:
            foremost = set(map(id, report.foremost[:_MOST_DEMANDS]))
            self.shown = [each for each in self.shown if id(each) in foremost]
            self.next_alone = True
        self.left = len(report.recommendations) - len(self.shown)

    def demands(self, each: Recommendation) -> Sequence[Demand]:
        """Return what is shown of a rise."""
        return each.demands[:1] if self.next_alone else each.demands


def recommendations_section(report: Report, words: Words) -> Section:
    """Return what the levels of the plan demand and which evidence proves it; with `full`, all."""
    chosen = _Chosen(report)
    blocks: list[Block] = list(_order(report, chosen, words))
    blocks += [_advice(report, each, chosen.demands(each), words) for each in chosen.shown]
    at_the_top = [
        Card(title_of(score), level_text(report.card.instrument, score, words), listings=given)
        for score in report.card.indicators
        if score.level == report.card.instrument.scale.highest
        and report.formalities.full
        and (given := list(_given(score.entry, words)))
    ]
    if at_the_top and report.recommendations:
        blocks.append(Text(words("At the highest level, with what the score sheet says of them")))
    return Section(words("Recommendations"), [*blocks, *at_the_top], "recommendations")


def _order(report: Report, chosen: _Chosen, words: Words) -> Iterator[Text]:
    """Yield in which order the recommendations stand, and which there are."""
    if not report.recommendations:
        yield Text(words("Every indicator is at the highest level."), Tone.GOOD)
        return
    planned = any(each.is_planned for each in report.recommendations)
    texts = []
    if planned and report.formalities.full:
        texts.append(
            words(
                "First the rises of the plan, then one level more of each other indicator, in the "
                "order of what it can still add to the index; those at the upper levels last."
            )
        )
    elif planned:
        texts.append(words("What the rises of the plan demand, and which evidence proves it."))
    else:
        texts.append(
            words(
                "One level more of each indicator, in the order of what it can still add to the "
                "index; those at the upper levels last."
            )
        )
    if chosen.next_alone:
        texts.append(
            words(
                "Of the {count} rises that bring most, the next level alone.",
                count=str(len(chosen.shown)),
            )
        )
    if chosen.left:
        texts.append(
            words(
                "{count} more {count:indicator has|indicators have} room to rise.",
                count=str(chosen.left),
            )
        )
    if any(demand.evidence for each in chosen.shown for demand in chosen.demands(each)):
        texts.append(
            words("Evidence that begins with Opsional, Dan/atau, Atau or Boleh is not cumulative.")
        )
    yield Text(" ".join(texts))


def _advice(report: Report, each: Recommendation, demands: Sequence[Demand], words: Words) -> Card:
    lever = each.lever
    places = max(report.card.instrument.places + 2, shown_apart(lever.gain, Fraction(0)))
    remark = words(
        "level {step}, +{points} points",
        step=step_text(report.card.instrument, lever.before, lever.after, words),
        points=words.number(lever.gain, places),
    )
    listings = [listing for demand in demands for listing in _demand(demand, words)]
    return Card(title_of(each.score), remark, "", [*listings, *_given(each.score.entry, words)])


def _demand(demand: Demand, words: Words) -> Iterator[Listing]:
    """Yield what a level demands, and the evidence for it, each as a line."""
    name = f"{words.exact(demand.level)} {demand.name or ''}".strip()
    if demand.criterion:
        yield Listing(words("Level {level}", level=name), [], demand.criterion, foreign=True)
    if demand.criterion and demand.evidence:
        label = words("Evidence")
        if demand.needed is not None and demand.needed < len(demand.evidence):
            label = words(
                "Evidence ({needed} of these {pieces})",
                needed=str(demand.needed),
                pieces=str(len(demand.evidence)),
            )
        yield Listing(label, [], "; ".join(demand.evidence), foreign=True)


def _given(entry: Entry, words: Words) -> Iterator[Listing]:
    """Yield what the score sheet itself says of an indicator."""
    if entry.responsible:
        yield Listing(words("Responsible"), [], visible(entry.responsible))
    if entry.note:
        yield Listing(words("Note"), [], visible(entry.note))
    if entry.evidence:
        given = "; ".join(visible(item) for item in entry.evidence)
        yield Listing(words("Evidence given"), [], given)
