"""The catalogue of problem codes, and a problem said in a language."""

from spbe_cli.core.problem import Problem
from spbe_cli.words.catalogue import (
    batch,
    change,
    content,
    files,
    foresight,
    instrument,
    published,
    report,
    request,
    table,
    yaml,
)
from spbe_cli.words.catalogue.entry import Explanation

__all__ = ["CATALOGUE", "sentence_and_hint"]

CATALOGUE: dict[str, Explanation] = {
    **files.PROBLEMS,
    **yaml.PROBLEMS,
    **table.PROBLEMS,
    **content.PROBLEMS,
    **instrument.PROBLEMS,
    **request.PROBLEMS,
    **change.PROBLEMS,
    **foresight.PROBLEMS,
    **batch.PROBLEMS,
    **published.PROBLEMS,
    **report.PROBLEMS,
}
"""Every code there is, in the order of docs/problems.md."""


def sentence_and_hint(problem: Problem, language: str) -> tuple[str, str]:
    """Return what is wrong here and what to do about it, as two short sentences."""
    entry = CATALOGUE[problem.code]
    near = entry.near if "nearest" in problem.values else None
    hint = near or entry.hint
    message = entry.message.in_language(language).format(**problem.values)
    return message, hint.in_language(language).format(**problem.values)
