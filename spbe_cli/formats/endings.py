"""The formats of a report, each loaded only when it is written."""

from collections.abc import Callable
from enum import StrEnum
from typing import assert_never

from spbe_cli.formats.blocks import Made

Renderer = Callable[[Made], str | bytes]


class ReportFormat(StrEnum):
    """How a report is written; also the file's ending."""

    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    MD = "md"


def renderer_of(format_: ReportFormat) -> Renderer:
    """Return the function that writes a report in a format."""
    match format_:
        case ReportFormat.HTML:
            from spbe_cli.formats.html import report_html

            return report_html
        case ReportFormat.PDF:
            from spbe_cli.formats.pdf import report_pdf

            return report_pdf
        case ReportFormat.DOCX:
            from spbe_cli.formats.docx import report_docx

            return report_docx
        case ReportFormat.XLSX:
            from spbe_cli.formats.xlsx import report_xlsx

            return report_xlsx
        case ReportFormat.MD:
            from spbe_cli.formats.markdown import report_markdown

            return report_markdown
        case _:
            assert_never(format_)
