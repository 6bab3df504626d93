"""Level criteria and evidence: a file of their own, read only when they are shown."""

from spbe_cli.core.criteria import Criteria
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.number import is_number, parse
from spbe_cli.core.problem import Problem
from spbe_cli.read.files import Text, decode, load
from spbe_cli.read.yaml_tree import Node, parse_yaml

__all__ = ["read_criteria"]


def read_criteria(instrument: Instrument) -> tuple[dict[str, Criteria], list[Problem]]:
    """Return the criteria by indicator code, empty for an instrument without, and all problems."""
    if instrument.criteria is None:
        return {}, []
    file = load(instrument.criteria)
    if isinstance(file, Problem):
        return {}, [file]
    text, problems = decode(file)
    documents, in_form = parse_yaml(text) if text is not None else ([], [])
    if text is None or in_form or not documents:
        return {}, [*problems, *in_form]
    return _criteria(documents[0], text)


def _criteria(tree: Node, text: Text) -> tuple[dict[str, Criteria], list[Problem]]:
    from pydantic import ValidationError

    from spbe_cli.read.instrument_schema import CriteriaDocument

    try:
        document = CriteriaDocument.model_validate(tree.plain())
    except ValidationError as error:
        from spbe_cli.read.shape import shape_problems

        return {}, shape_problems(
            error, CriteriaDocument, lambda at, key=False: tree.find(at, key=key).place(text)
        )
    wrong = [
        Problem("not-a-number", tree.find(at, key=True).place(text), {"found": level})
        for code, found in document.indicators.items()
        for key, members in (("levels", found.levels), ("evidence", found.evidence))
        for level in members
        if not is_number(level)
        for at in [("indicators", code, key, level)]
    ]
    if wrong:
        return {}, wrong
    return {
        code: Criteria(
            about=found.about,
            levels={parse(level): says for level, says in found.levels.items()},
            evidence={parse(level): tuple(items) for level, items in found.evidence.items()},
        )
        for code, found in document.indicators.items()
    }, []
