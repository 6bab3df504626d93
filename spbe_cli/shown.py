"""What the core asks of the rooms around it: answers, sentences, instruments, frames."""

import os
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

from spbe_cli.answers.shown import columns_of, sentences, told
from spbe_cli.core.evidence import Evidence
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.plan import Plan
from spbe_cli.core.problem import InvalidInputError, Problem, errors_of
from spbe_cli.words import Words, choose_language


class Rooms:
    """The answers of the commands, in the language of `SPBE_LANG`, else of the locale."""

    def document(self, value: object) -> dict[str, Any]:
        """Return the JSON document that the command gives."""
        from spbe_cli.read.instruments import read_criteria

        criteria = {}
        if isinstance(value, Plan):
            instrument = value.before.instrument
            criteria[instrument.id] = read_criteria(instrument)[0]
        return told(value, _words(), criteria).document()

    def frame(self, value: object) -> Any:  # noqa: ANN401
        """Return the rows of the command's CSV as a frame of polars, else of pandas."""
        columns = columns_of(told(value, _words(), {}).rows())
        return frame_of(columns)

    def page(self, value: object) -> str:
        """Return the command's page as HTML, at most a screen of it."""
        from spbe_cli.formats.notebook import notebook_html

        words = _words()
        return notebook_html(told(value, words, {}).pages(), words)

    def said(self, problems: Iterable[Problem]) -> str:
        """Return a line a problem: where, what is wrong, and what to do."""
        return "\n".join(sentences(problems, _words()))

    def instrument(self, name: object) -> Instrument:
        """Return the instrument with this id or in this file."""
        from spbe_cli.api import load_instrument

        return load_instrument(name)  # type: ignore[arg-type]  # looked at by who asks

    def evidence(self, instrument: Instrument) -> dict[str, Evidence]:
        """Return the pieces of evidence of each level, by the indicator's code."""
        from spbe_cli.read.instruments import read_criteria

        criteria, problems = read_criteria(instrument)
        if errors_of(problems):
            raise InvalidInputError(problems)
        return {code: each.evidence for code, each in criteria.items()}


def frame_of(columns: dict[str, list[Any]]) -> Any:  # noqa: ANN401
    """Return columns as a frame of polars, else of pandas.

    Raises:
        ImportError: if neither is installed.
    """
    from spbe_cli.formats.endings import BATCH

    for engine in ("polars", "pandas"):
        if find_spec(engine) is not None and find_spec("narwhals") is not None:
            import narwhals as nw

            return nw.from_dict(columns, backend=engine).to_native()
    raise BATCH.lacking("to_frame")


def _words() -> Words:
    return Words(choose_language(None, os.environ))
