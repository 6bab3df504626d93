"""All formats in one table: what each is called, what writes it, and what that needs.

A format is an entry here and a file with its writer, which is loaded only when it is used.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

if TYPE_CHECKING:
    from spbe_cli.formats.blocks import Made, Section


class Extra(NamedTuple):
    """What `pip install "spbe-cli[NAME]"` adds: modules, and what they are for."""

    name: str
    modules: tuple[str, ...]
    purpose: str

    @property
    def is_there(self) -> bool:
        """Whether it is installed."""
        return all(find_spec(module) is not None for module in self.modules)

    def lacking(self, purpose: str = "") -> ImportError:
        """Return what to raise where it is needed and not installed: it says how to get it."""
        command = f'python3 -m pip install "spbe-cli[{self.name}]"'
        return ImportError(f"{purpose or self.purpose} needs what is not installed: {command}")


_PDF = Extra("pdf", ("typst",), "PDF")
_DOCX = Extra("docx", ("docxtpl", "docx"), "Word")
_XLSX = Extra("xlsx", ("xlsxwriter",), "Excel")
BATCH = Extra("batch", ("polars", "narwhals"), "Parquet")


class How(NamedTuple):
    """How a format is written: `writer` is a function or class by its module and name."""

    writer: str
    extra: Extra | None = None
    other_endings: tuple[str, ...] = ()
    is_text: bool = True
    is_bound: bool = False
    """Whether a terminal's width binds it."""
    width: int | None = None
    """How many characters have room in a table, where that is no matter of a terminal."""
    has_letterhead: bool = False
    has_schema: bool = False
    """Whether a schema stands beside it, for editors."""
    tells_problems: bool = False
    """Whether it is written also where there is no answer, with the problems."""
    annotates: bool = False
    """Whether it annotates a change by itself."""
    is_threaded: bool = False
    """Whether what writes it keeps several processors busy by itself."""
    says_gates: bool = False
    """Whether the gates that are not met are said below the pages."""
    also: tuple[str, ...] = ()
    """Endings of another format that its files may have, where it is asked for."""
    is_ending: bool = True
    """Whether the name of the format is an ending of its files."""
    is_page: bool = False
    """Whether it is opened in a browser, and saves a score sheet from there."""


class Format(StrEnum):
    """Formats by their names, which are endings of files as well."""

    how: How

    def __new__(cls, name: str, *how: How) -> Self:
        """Return a format of this name."""
        made = str.__new__(cls, name)
        made._value_ = name
        (made.how,) = how
        return made

    @property
    def endings(self) -> tuple[str, ...]:
        """How files of the format end, the usual ending first."""
        return (*[f".{self}"] * self.how.is_ending, *self.how.other_endings)

    @classmethod
    def of(cls, path: str) -> Self | None:
        """Return the format that a file's ending tells."""
        ending = Path(path).suffix.lower()
        return next((each for each in cls if ending in each.endings), None)

    @classmethod
    def every_ending(cls) -> str:
        """Return the endings that tell a format, as a sentence lists them."""
        return ", ".join(ending for each in cls for ending in each.endings)

    def for_file(self, path: str, *, is_asked: bool) -> Self | None:
        """Return the format of a file to be written: this one, or that of the file's ending.

        None where the ending is that of another than the one asked for, or, with none asked for,
        of no format: what a file is to hold is not guessed. A file without an ending is anything.
        """
        ending = Path(path).suffix.lower()
        if not ending or ending in (*self.endings, *self.how.also * is_asked):
            return self
        if is_asked:
            return None if ending in known_endings() else self
        return self.of(path)

    def writer(self) -> Any:  # noqa: ANN401  (its type is that of the formats of its kind)
        """Return what writes the format."""
        module, _, name = self.how.writer.partition(":")
        return getattr(import_module(f"spbe_cli.{module}"), name)


class Look(NamedTuple):
    """How an answer is to look where it is shown: in colour, how wide, in which characters."""

    colour: bool
    width: int
    unicode: bool = True
    language: str = "en"


class Answered(Protocol):
    """The three shapes of an answer, of which a format takes one.

    The document of a run without an answer has `format` and `problems`, and there is nothing else.
    """

    @property
    def document(self) -> Callable[[], Mapping[str, Any]]:
        """What makes the document, with `format`, `results` and `gates`."""

    @property
    def rows(self) -> Callable[[], Iterable[Sequence[str]]]:
        """What makes the rows; the first is the header."""

    @property
    def pages(self) -> Callable[[], Iterable["Section"]]:
        """What makes the pages for people."""


WriteAnswer = Callable[[Answered, Look], str]


_TABLE = How(
    "formats.terminal:answer_text", other_endings=(".txt",), is_bound=True, is_ending=False
)
_JSON = How("formats.data:answer_json", tells_problems=True)
_JSONL = How("formats.data:answer_jsonl", other_endings=(".ndjson",), tells_problems=True)
_CSV = How("formats.data:answer_csv")
_MARKDOWN = How("formats.markdown:answer_markdown", other_endings=(".md",), says_gates=True)


class AnswerFormat(Format):
    """How an answer is written, each by a `WriteAnswer`."""

    TABLE = "table", _TABLE
    JSON = "json", _JSON
    JSONL = "jsonl", _JSONL
    CSV = "csv", _CSV
    MARKDOWN = "markdown", _MARKDOWN


class ScoreFormat(Format):
    """How a score is written, each by a `WriteAnswer`; the last is the index in one line."""

    TABLE = "table", _TABLE
    JSON = "json", _JSON
    JSONL = "jsonl", _JSONL
    CSV = "csv", _CSV
    MARKDOWN = "markdown", _MARKDOWN
    BADGE = "badge", How("formats.badge:answer_badge", None, (".svg",), is_ending=False)


class ChartFormat(Format):
    """How an answer is written that is drawn as well, each by a `WriteAnswer`."""

    TABLE = "table", _TABLE
    JSON = "json", _JSON
    JSONL = "jsonl", _JSONL
    CSV = "csv", _CSV
    MARKDOWN = "markdown", _MARKDOWN
    HTML = "html", How("formats.charts:answer_html", width=68)
    SVG = "svg", How("formats.charts:answer_svg")
    XLSX = "xlsx", How("formats.sheets:answer_xlsx", _XLSX, is_text=False)


class CheckFormat(Format):
    """How a check is written, each by a `WriteAnswer`; the last four tell its problems alone."""

    TABLE = "table", _TABLE
    JSON = "json", _JSON
    JSONL = "jsonl", _JSONL
    CSV = "csv", _CSV
    MARKDOWN = "markdown", _MARKDOWN._replace(tells_problems=True)
    GITHUB = (
        "github",
        How("formats.findings:answer_github", tells_problems=True, annotates=True, also=(".txt",)),
    )
    GITLAB = "gitlab", How("formats.findings:answer_gitlab", tells_problems=True, also=(".json",))
    JUNIT = "junit", How("formats.findings:answer_junit", None, (".xml",), tells_problems=True)
    SARIF = "sarif", How("formats.findings:answer_sarif", tells_problems=True, also=(".json",))


WriteReport = Callable[["Made"], str | bytes]


class ReportFormat(Format):
    """How a report is written, each by a `WriteReport`."""

    HTML = "html", How("formats.html:report_html")
    PDF = "pdf", How("formats.pdf:report_pdf", _PDF, is_text=False, is_threaded=True)
    DOCX = "docx", How("formats.docx:report_docx", _DOCX, is_text=False, has_letterhead=True)
    XLSX = "xlsx", How("formats.xlsx:report_xlsx", _XLSX, is_text=False)
    MD = "md", How("formats.markdown:report_markdown")


class FormFormat(Format):
    """How a form is written, each by a function of a `Form` and the words."""

    YAML = "yaml", How("formats.forms:form_yaml", other_endings=(".yml",), has_schema=True)
    CSV = "csv", How("formats.forms:form_csv")
    XLSX = "xlsx", How("formats.form_workbook:form_xlsx", _XLSX, is_text=False)
    HTML = "html", How("formats.calculator:form_html", is_page=True)


class ChecklistFormat(Format):
    """How a checklist is written, each by a function of a `Form` and the words."""

    YAML = "yaml", How("formats.checklist:checklist_yaml", other_endings=(".yml",), has_schema=True)
    CSV = "csv", How("formats.checklist:checklist_csv")
    XLSX = "xlsx", How("formats.checklist:checklist_xlsx", _XLSX, is_text=False)


class BatchFormat(Format):
    """What batch scoring writes, each by an `Output` of a stream and what it shows."""

    CSV = "csv", How("batch.output:_Csv")
    JSONL = "jsonl", How("batch.output:_JsonLines")
    XLSX = "xlsx", How("batch.output:_Xlsx", _XLSX, is_text=False)
    PARQUET = "parquet", How("batch.output:_Parquet", BATCH, is_text=False)


def known_endings() -> frozenset[str]:
    """Return the endings of everything that is written here."""
    kinds: tuple[type[Format], ...] = (
        AnswerFormat,
        ScoreFormat,
        CheckFormat,
        ChartFormat,
        ReportFormat,
        FormFormat,
        BatchFormat,
    )
    return frozenset(ending for kind in kinds for each in kind for ending in each.endings)
