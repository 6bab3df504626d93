"""A report as a workbook."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from textwrap import shorten
from typing import Any, NamedTuple

from spbe_cli.core.assessment import HELPER
from spbe_cli.core.instrument import Indicator
from spbe_cli.core.number import rounded
from spbe_cli.core.report import Recommendation, Report
from spbe_cli.core.units import WHOLE, units_of
from spbe_cli.formats.blocks import (
    SIGNS,
    Document,
    Made,
    Radar,
    Tone,
    visible,
)
from spbe_cli.formats.sheets import LOOKS, TONES, Flow
from spbe_cli.formats.svg import name_lines
from spbe_cli.formats.workbook import Book, Sheet, book_bytes, level_rule, sheet_name
from spbe_cli.words import Words

_TOP = 1  # the first row below a header
_SUMMARY_PARTS = ("foreword", "summary", "findings")
_OWN_SHEETS = ("change", "peers", "plan", "method")
_BELOW = "inputs"  # the part that stands below the one before it, on the same sheet
_PLACES = 4  # decimals of a contribution
_CHART = 8  # the first of the hidden columns that charts are drawn from
_CHART_ROWS, _CHART_HEIGHT = 14, 20.0  # rows that a chart covers, points of each
_ONE_LINE = 36  # characters of a name beside a bar


def report_xlsx(made: Made) -> bytes:
    """Return the workbook: summary, domains and aspects, indicators, recommendations, and more."""
    report, document, words = made.report, made.document, made.words
    author = document.headline.institution
    return book_bytes(
        document.title,
        author,
        lambda book: _Report(book, report, document, words).write(),
        measured=True,
    )


class _Node(NamedTuple):
    """A row of the table of domains and aspects, with the values that its formulas give."""

    code: str
    name: str
    weight: Fraction
    below: Sequence[Indicator]
    strong: bool
    values: tuple[Fraction, Fraction, str]  # index, contribution, predicate


class _Report:
    """The sheets of one report."""

    def __init__(self, book: Book, report: Report, document: Document, words: Words) -> None:
        self._book = book
        self._report = report
        self._document = document
        self._words = words
        self._card = report.card
        self._instrument = report.card.instrument
        self._groups_name = sheet_name(words("Domains and aspects"))
        self._indicators_name = sheet_name(words("Indicators"))
        self._who = self._identity()
        self._first = len(self._who) + 1 + _TOP
        """The first row of an indicator: who and when stand above, where a score sheet has them."""
        indicators = enumerate(self._instrument.indicators, self._first + 1)
        rows = {indicator.code: row for row, indicator in indicators}
        self._levels = Sheet(
            units_of(self._instrument), rows, "D", "H", f"'{self._indicators_name}'!"
        )

    def _identity(self) -> list[tuple[str, str]]:
        """Return who was assessed, when and with what, as labels and values that are read back."""
        words, each = self._words, self._card.assessment
        stage = each.stage
        pairs = [
            (words("Institution"), each.institution or ""),
            (words("Category"), each.category or ""),
            (words("Province"), each.province or ""),
            (words("Year"), str(each.year or "")),
            (words("Stage"), words(f"stage {stage}").removeprefix("stage ") if stage else ""),
            (words("Instrument"), self._instrument.id),
        ]
        return [(label, visible(value)) for label, value in pairs if value]

    def write(self) -> None:
        """Write the sheets in the order in which they are read."""
        words, book = self._words, self._book
        wide = [12, 40, 14, 14, 16, 16, 16]
        summary = book.sheet(words("Summary"), [10, 42, 18, 22, 28])
        summary.set_portrait()
        summary.set_margins(top=0.5, bottom=0.5)
        groups = book.sheet(self._groups_name, [8, 52, 10, 10, 13, 24])
        groups.set_portrait()  # table and chart on one page
        self._groups(groups)
        has_notes = any(
            each.entry.responsible or each.entry.note or each.entry.evidence
            for each in self._card.indicators
        )
        texts = [24, 40, 40] if has_notes else [18, 12, 18]
        indicators = book.sheet(self._indicators_name, [11, 58, 10, 8, 26, 13, 12, 9, *texts])
        if not has_notes:  # all of them on one page
            indicators.set_portrait()
            indicators.fit_to_pages(1, 1)
        self._indicators(indicators)
        widths = [8, 46, 8, 8, 11, 60, 60, 22, 40, 40]
        self._recommendations(book.sheet(words("Recommendations"), widths))
        self._summary(summary)
        flow = None
        for section in self._document.sections:
            if section.id in _OWN_SHEETS:
                # the whole title is too long for the name of a sheet
                name = words("Other institutions") if section.id == "peers" else section.title
                sheet = book.sheet(name, wide)
                if section.id == "change":
                    sheet.set_portrait()  # table and chart on one page
                flow = Flow(book, sheet)
            if flow is not None and section.id in (*_OWN_SHEETS, _BELOW):
                flow.section(section)

    def _groups(self, sheet: Any) -> None:  # noqa: ANN401
        words = self._words
        headings = [words("Code"), words("Name"), words("Weight"), words("Index")]
        headings += [words("Points"), words("Predicate (aid)"), HELPER]
        self._book.header(sheet, 0, headings, {2, 3, 4})
        sheet.set_column(6, 6, None, None, {"hidden": True})  # the numerators
        nodes = self._nodes()
        for row, node in enumerate(nodes, _TOP):
            self._node(sheet, row, node)
        sheet.freeze_panes(_TOP, 2)
        self._chart_data(sheet, nodes)
        self._radar(sheet, nodes)

    def _nodes(self) -> list[_Node]:
        card, instrument = self._card, self._instrument
        nodes = [
            _Node(
                group.code,
                group.name,
                group.weight,
                below,
                parent is None and bool(group.groups),
                (node.index, node.contribution, node.predicate.name),
            )
            for node, (group, parent, below) in zip(card.nodes, instrument.nodes, strict=True)
        ]
        whole = (card.index, card.index, card.predicate.name)
        everything = instrument.indicators
        return [
            *nodes,
            _Node("", instrument.index_name, instrument.weight, everything, True, whole),  # noqa: FBT003
        ]

    def _node(self, sheet: Any, row: int, node: _Node) -> None:  # noqa: ANN401
        book, places, strong = self._book, self._instrument.places, node.strong
        year = self._card.assessment.year
        formulas = self._levels.node(node.code or WHOLE, f"G{row + 1}", year)
        index, contribution, predicate = node.values
        parts = self._levels.cells(node.below, "F")
        book.text(sheet, row, 0, node.code, book.cell(strong=strong))
        book.text(sheet, row, 1, node.name, book.cell(strong=strong, text_wrap=True))
        book.fit(sheet, row, [node.code, node.name], bold=strong)
        sheet.write_number(row, 2, float(node.weight), book.cell(places=2, strong=strong))
        look = book.cell(places=places, strong=strong)
        sheet.write_formula(row, 3, formulas.rounded, look, float(rounded(index, places)))
        look = book.cell(places=_PLACES, strong=strong)
        sheet.write_formula(row, 4, f"=SUM({parts})", look, float(contribution))
        look = book.cell(strong=strong, indent=1)  # apart from the number beside it
        sheet.write_formula(row, 5, formulas.predicate, look, predicate)
        numerator = int(index * formulas.divisor)
        sheet.write_formula(row, 6, formulas.numerator, None, numerator)

    def _radar(self, sheet: Any, nodes: Sequence[_Node]) -> None:  # noqa: ANN401
        """Draw the aspects' indices, live, beside what they are compared with."""
        radar = self._radar_block
        if radar is None:
            return
        chart = self._chart({"type": "radar", "subtype": "with_markers"}, radar)
        chart.set_y_axis({"min": 0, "max": float(radar.rings[-1][0]), "major_unit": 1})
        chart.set_size({"width": 640, "height": 400})
        place = {"description": radar.description}
        sheet.insert_chart(_TOP + len(nodes) + 1, 1, chart, place)

    @cached_property
    def _radar_block(self) -> Radar | None:
        blocks = (block for section in self._document.sections for block in section.blocks)
        return next((block for block in blocks if isinstance(block, Radar)), None)

    def _chart_data(self, sheet: Any, nodes: Sequence[_Node]) -> None:  # noqa: ANN401
        """Write what the charts are drawn from into hidden columns: the first outline is live."""
        radar = self._radar_block
        if radar is None:
            return
        rows = {node.code: row for row, node in enumerate(nodes, _TOP)}
        places = self._instrument.places
        for at, (code, name) in enumerate(radar.axes):
            row = _TOP + at
            self._book.text(sheet, row, _CHART, f"{code} {name_lines(name)}")
            short = shorten(f"{code} {name}", _ONE_LINE, placeholder="…")
            self._book.text(sheet, row, _CHART + 1 + len(radar.lines), short)
            value = float(rounded(radar.lines[0].values[at], places))
            sheet.write_formula(row, _CHART + 1, f"=D{rows[code] + 1}", None, value)
            for column, line in enumerate(radar.lines[1:], _CHART + 2):
                sheet.write_number(row, column, float(rounded(line.values[at], places)))
        last = _CHART + 1 + len(radar.lines)
        for column in range(_CHART, last + 1):
            self._book.text(sheet, 0, column, HELPER)  # so that a reader knows them as ours
        sheet.set_column(_CHART, last, None, None, {"hidden": True})

    def _chart(self, kind: dict[str, str], radar: Radar) -> Any:  # noqa: ANN401
        """Return a chart with a series for each outline, told apart without colour."""
        chart = self._book.workbook.add_chart(kind)
        last = _TOP + len(radar.axes) - 1
        name = self._groups_name
        names = _CHART + (0 if kind["type"] == "radar" else 1 + len(radar.lines))
        for place, line in enumerate(radar.lines):
            colour, dash, marker, pattern = LOOKS[place % len(LOOKS)]
            series: dict[str, Any] = {
                "name": line.label,
                "categories": [name, _TOP, names, last, names],
                "values": [name, _TOP, _CHART + 1 + place, last, _CHART + 1 + place],
            }
            if kind["type"] == "radar":
                series["line"] = {"color": colour, "width": 2, "dash_type": dash}
                fill = {"color": colour}
                series["marker"] = {"type": marker, "size": 6, "fill": fill, "border": fill}
            else:
                series["border"] = {"color": colour}
                series |= (
                    {"pattern": {"pattern": pattern, "fg_color": colour, "bg_color": "#FFFFFF"}}
                    if pattern
                    else {"fill": {"color": colour}}
                )
            chart.add_series(series)
        chart.show_hidden_data()
        chart.set_title({"name": radar.title, "overlay": False, "name_font": {"size": 11}})
        chart.set_legend({"position": "bottom"})
        return chart

    def _columns(self, flow: Flow, sheet: Any) -> None:  # noqa: ANN401
        """Draw the aspects as columns over rows that are kept free for them."""
        radar = self._radar_block
        if radar is None:
            return
        chart = self._chart({"type": "bar"}, radar)
        names = {"interval_unit": 1, "num_font": {"size": 8}}
        chart.set_y_axis({"reverse": True, **names})  # the first aspect on top
        ends = {"min": 0, "max": float(radar.rings[-1][0]), "major_unit": 1}
        chart.set_x_axis({**ends, "label_position": "high"})
        chart.set_size({"width": 880, "height": int(_CHART_ROWS * _CHART_HEIGHT / 0.75) - 10})
        sheet.insert_chart(flow.row, 0, chart, {"description": radar.description})
        for _ in range(_CHART_ROWS):
            sheet.set_row(flow.row, _CHART_HEIGHT)
            flow.row += 1

    def _indicators(self, sheet: Any) -> None:  # noqa: ANN401
        words, book, card = self._words, self._book, self._card
        headings = [words("Code"), words("Indicator"), words("Weight"), words("Level")]
        headings += [words("As assessed"), words("Points"), words("Target"), HELPER]
        headings += [words("Responsible"), words("Note"), words("Evidence given")]
        for row, (label, value) in enumerate(self._who):
            book.text(sheet, row, 0, label, book.cell())
            book.text(sheet, row, 1, value, book.cell(bold=True))
        book.header(sheet, self._first - 1, headings, {2, 3, 5, 6})
        sheet.set_column(7, 7, None, None, {"hidden": True})  # the whole weights
        target = self._instrument.scale.target
        rule = level_rule(
            self._instrument,
            words("Level"),
            words("The scale is {scale}", scale=words.scale(str(self._instrument.scale))),
        )
        weights = self._levels.units.weights
        scores = zip(card.indicators, weights, strict=True)
        for row, (score, weight) in enumerate(scores, self._first):
            code, entry = score.indicator.code, score.entry
            book.text(sheet, row, 0, code, book.cell())
            book.text(sheet, row, 1, score.indicator.name, book.cell(text_wrap=True))
            sheet.write_number(row, 2, float(score.indicator.weight), book.cell(places=2))
            places = self._instrument.places if self._instrument.scale.step is None else None
            look = book.cell(bold=True, places=places)
            sheet.write_number(row, 3, float(score.level), look)
            sheet.data_validation(row, 3, row, 3, rule)
            assessed = words.level(self._instrument, score.indicator, score.level)
            below = target is not None and score.level < target
            looks: dict[str, Any] = {"font_color": TONES[Tone.POOR]} if below else {}
            sign = f" {SIGNS[Tone.POOR]}" if below else ""
            look = book.cell(text_wrap=True, indent=1, **looks)
            book.text(sheet, row, 4, f"{assessed}{sign}", look)
            formula, look = self._levels.contribution(code), book.cell(places=_PLACES)
            # on the sheet itself the formula needs no name of the sheet
            formula = formula.replace(self._levels.prefix, "")
            sheet.write_formula(row, 5, formula, look, float(score.contribution))
            if target is not None:
                sheet.write_number(row, 6, float(target), book.cell())
            sheet.write_number(row, 7, weight)
            given = [entry.responsible, entry.note, "\n".join(entry.evidence)]
            for column, text in enumerate(given, 8):
                look = book.cell(text_wrap=True, indent=int(column == 8))  # noqa: PLR2004
                book.text(sheet, row, column, text, look)
            texts = [code, score.indicator.name, "", "", assessed, "", "", "", *given]
            book.fit(sheet, row, texts)
        last = self._first + len(card.indicators) - 1
        bar = {"type": "data_bar", "bar_color": "#0B5F8A", "bar_solid": True, "min_type": "num"}
        ends = {
            "max_type": "num",
            "min_value": 0,
            "max_value": float(self._instrument.scale.highest),
        }
        sheet.conditional_format(self._first, 3, last, 3, {**bar, **ends})
        sheet.freeze_panes(self._first, 2)
        sheet.repeat_rows(self._first - 1)

    def _recommendations(self, sheet: Any) -> None:  # noqa: ANN401
        words, book = self._words, self._book
        headings = [words("Code"), words("Indicator"), words("Level"), words("To level")]
        headings += [words("Gain"), words("Criterion"), words("Evidence"), words("Responsible")]
        headings += [words("Note"), words("Evidence given")]
        book.header(sheet, 0, headings, {2, 3, 4})
        for row, each in enumerate(self._report.advised, _TOP):
            self._recommendation(sheet, row, each)
        sheet.freeze_panes(_TOP, 2)
        sheet.repeat_rows(0)

    def _recommendation(self, sheet: Any, row: int, each: Recommendation) -> None:  # noqa: ANN401
        book, lever, entry = self._book, each.lever, each.score.entry
        wrapped = book.cell(text_wrap=True)
        book.text(sheet, row, 0, lever.indicator.code, book.cell())
        book.text(sheet, row, 1, lever.indicator.name, wrapped)
        sheet.write_number(row, 2, float(lever.before), book.cell())
        sheet.write_number(row, 3, float(lever.after), book.cell())
        sheet.write_number(row, 4, float(lever.gain), book.cell(places=_PLACES))
        several = len(each.demands) > 1
        criteria, evidence = [], []
        for demand in each.demands:
            name = f"{self._words.exact(demand.level)} {demand.name or ''}".strip()
            prefix = f"{name}: " if several else ""
            criteria += [f"{prefix}{demand.criterion}"] if demand.criterion else []
            evidence += [f"{prefix}{piece}" for piece in demand.evidence]
        texts = ["\n".join(criteria), "\n".join(evidence), entry.responsible, entry.note]
        texts.append("\n".join(entry.evidence))
        for column, text in enumerate(texts, 5):
            look = book.cell(text_wrap=True, indent=int(column == 5))  # noqa: PLR2004
            book.text(sheet, row, column, text, look)
        book.fit(sheet, row, ["", lever.indicator.name, "", "", "", *texts])

    def _summary(self, sheet: Any) -> None:  # noqa: ANN401
        words, book, head = self._words, self._book, self._document.headline
        flow = Flow(book, sheet)
        flow.title(head.institution)
        flow.paragraph(", ".join(filter(None, [self._document.kind, head.when, head.number])))
        book.header(sheet, flow.row, ["", "", words("Index"), words("Predicate"), ""], {2})
        total = _TOP + len(self._card.nodes) + 1
        places, index = self._instrument.places, self._card.index
        live = f"'{self._groups_name}'!"
        row = flow.row + 1
        book.text(sheet, row, 0, head.index_name, book.cell(strong=True))
        look = book.cell(places=places, strong=True)
        sheet.write_formula(row, 2, f"={live}D{total}", look, float(rounded(index, places)))
        predicate = self._card.predicate.name
        sheet.write_formula(row, 3, f"={live}F{total}", book.cell(strong=True, indent=1), predicate)
        book.text(sheet, row + 1, 0, words("As assessed"), book.cell())
        sheet.write_number(row + 1, 2, float(rounded(index, places)), book.cell(places=places))
        book.text(sheet, row + 1, 3, predicate, book.cell(indent=1))
        flow.row = row + 2
        flow.paragraph(
            words(
                "The first line follows the levels on the sheet {name}: change them to see what "
                "becomes of the index. Everything below is as assessed.",
                name=self._indicators_name,
            )
        )
        flow.paragraph(f"{head.distance}. {self._document.ladder.description}")
        self._columns(flow, sheet)
        for section in self._document.sections:
            if section.id in _SUMMARY_PARTS:
                flow.section(section)
        self._signing(flow)

    def _signing(self, flow: Flow) -> None:
        """Write where and when, and who signs, with room for it."""
        signing = self._document.signing
        if signing is None:
            return
        flow.row += 1
        if signing.where:
            flow.paragraph(signing.where)
        for position, name, number in signing.signatories:
            if position:
                flow.paragraph(position)
            flow.row += 3
            flow.paragraph(name, bold=True)
            if number:
                flow.paragraph(number)
