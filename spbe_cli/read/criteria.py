"""Level criteria and evidence: a file of their own, read only when they are shown."""

from spbe_cli.core.criteria import Criteria
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import parse
from spbe_cli.core.problem import Problem
from spbe_cli.read.files import decode, load
from spbe_cli.read.yaml_tree import parse_yaml

__all__ = ["read_criteria"]


def read_criteria(instrument: Instrument) -> tuple[dict[str, Criteria], list[Problem]]:
    """Return the criteria by indicator code, empty for an instrument without, and all problems."""
    if instrument.criteria is None:
        return {}, []
    file = load(instrument.criteria)
    if isinstance(file, Problem):
        return {}, [file]
    text, problems = decode(file)
    if text is None:
        return {}, problems
    documents, problems = parse_yaml(text)
    if problems or not documents:
        return {}, problems
    tree = documents[0]
    from pydantic import ValidationError

    from spbe_cli.read.instrument_schema import CriteriaDocument

    try:
        document = CriteriaDocument.model_validate(tree.plain())
    except ValidationError as error:
        from spbe_cli.read.shape import shape_problems

        return {}, shape_problems(
            error, CriteriaDocument, lambda at, key=False: tree.find(at, key=key).place(text)
        )
    return {
        code: Criteria(
            about=found.about,
            levels={parse(level): says for level, says in found.levels.items()},
            evidence={parse(level): tuple(items) for level, items in found.evidence.items()},
        )
        for code, found in document.indicators.items()
    }, []
