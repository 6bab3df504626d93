"""One answer, in whichever format was asked for, computed no further than that format needs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, assert_never

from spbe_cli.cli.console import Console
from spbe_cli.cli.options import Format
from spbe_cli.formats.blocks import Page


class Answer(NamedTuple):
    """The three shapes of an answer: a JSON document, the rows of a table, and pages for people.

    A document has `format`, `results` and `gates`; the first row is the header.
    """

    document: Callable[[], Mapping[str, Any]]
    rows: Callable[[], Iterable[Sequence[str]]]
    pages: Callable[[], list[Page]]


def text_of(answer: Answer, format_: Format, console: Console) -> str:
    """Return the text of an answer in a format."""
    match format_:
        case Format.TABLE | Format.MARKDOWN:
            return console.pages(answer.pages(), markdown=format_ is Format.MARKDOWN)
        case Format.JSON:
            from spbe_cli.answers.shared import to_json

            return to_json(answer.document())
        case Format.JSONL:
            from spbe_cli.answers.shared import to_jsonl

            return to_jsonl(answer.document())
        case Format.CSV:
            from spbe_cli.answers.shared import to_csv

            return to_csv(answer.rows())
        case _:
            assert_never(format_)
