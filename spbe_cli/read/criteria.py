"""Level criteria and evidence: a file of their own, read only when they are shown."""

from spbe_cli.core.instrument import Criteria, Instrument
from spbe_cli.core.number import is_number, parse
from spbe_cli.core.problem import Problem, errors_of

__all__ = ["read_criteria"]


def read_criteria(instrument: Instrument) -> tuple[dict[str, Criteria], list[Problem]]:
    """Return the criteria by indicator code, empty for an instrument without, and all problems."""
    if instrument.criteria is None:
        return {}, []
    from spbe_cli.read.instrument_schema import CriteriaDocument
    from spbe_cli.read.yaml_document import read_document

    read = read_document(instrument.criteria, CriteriaDocument)
    if isinstance(read, list):
        return {}, read
    document, found, problems = read
    problems += [
        Problem("not-a-number", found.place_of(at, True), {"found": level})  # noqa: FBT003
        for code, criteria in document.indicators.items()
        for key, members in (("levels", criteria.levels), ("evidence", criteria.evidence))
        for level in members
        if not is_number(level)
        for at in [("indicators", code, key, level)]
    ]
    if errors_of(problems):
        return {}, problems
    return {
        code: Criteria(
            about=criteria.about,
            levels={parse(level): says for level, says in criteria.levels.items()},
            evidence={parse(level): tuple(items) for level, items in criteria.evidence.items()},
        )
        for code, criteria in document.indicators.items()
    }, problems
