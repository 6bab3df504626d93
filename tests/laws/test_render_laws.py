"""Every format takes every instrument: scales, weights and layers that no shipped one has."""

import io

import lxml.html
import pytest
from docx import Document
from hypothesis import given, settings
from openpyxl import load_workbook
from pypdf import PdfReader
from support.strategies import shipped_or_random

from spbe_cli.answers.report import document_of
from spbe_cli.core.alternatives import Planned
from spbe_cli.core.assessment import Assessment
from spbe_cli.core.compare import series_of
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import fixed
from spbe_cli.core.plan import plan
from spbe_cli.core.report import Report, report_on
from spbe_cli.core.score import ChosenBy, Reading
from spbe_cli.formats.blocks import Made
from spbe_cli.formats.endings import ReportFormat
from spbe_cli.words import Words


def full_report(instrument: Instrument, assessment: Assessment) -> Report:
    reading = Reading(assessment, instrument, ChosenBy.DEFAULT)
    lowest = dict.fromkeys(assessment.entries, instrument.scale.lowest)
    before = reading._replace(assessment=assessment.with_levels(lowest))
    target = instrument.scale.highest
    planned = Planned(reading, plan(instrument, assessment, target=target), None)
    return report_on(reading, {}, series=series_of([before, reading]), planned=planned)


def text_of(content: str | bytes, format_: ReportFormat) -> str:
    if isinstance(content, str):
        return content
    match format_:
        case ReportFormat.PDF:
            pages = PdfReader(io.BytesIO(content)).pages
            return " ".join(page.extract_text() for page in pages)
        case ReportFormat.DOCX:
            return " ".join(p.text for p in Document(io.BytesIO(content)).paragraphs)
        case _:
            book = load_workbook(io.BytesIO(content), data_only=True)
            rows = (r for s in book.worksheets for r in s.iter_rows(values_only=True))
            return " ".join(str(value) for row in rows for value in row if value is not None)


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
@pytest.mark.parametrize("format_", list(ReportFormat))
@settings(max_examples=15)
@given(found=shipped_or_random())
def test_every_format_says_the_index(
    format_: ReportFormat, found: tuple[Instrument, Assessment]
) -> None:
    report = full_report(*found)
    words = Words("en")
    content = format_.writer()(Made(document_of(report, words), words, report))
    text = text_of(content, format_)
    assert fixed(report.card.index, report.card.instrument.places) in text
    assert report.card.predicate.name in text
    if format_ is ReportFormat.HTML:
        page = lxml.html.fromstring(text)
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))
