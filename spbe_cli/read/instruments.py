"""Instruments: the shipped ones by id or year, a user's own by path."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from spbe_cli.core.instrument import Instrument
from spbe_cli.core.problem import InvalidInputError, Place, Problem
from spbe_cli.read.files import STDIN, File, Text, decode, is_there, load
from spbe_cli.read.instrument_builder import InstrumentBuilder
from spbe_cli.read.yaml_tree import Node, parse_yaml

__all__ = [
    "DEFAULT",
    "data_file",
    "find_instrument",
    "instrument_from_file",
    "instrument_of_year",
    "shipped_ids",
    "shipped_instrument",
]

DEFAULT = "spbe-2020"
_SHIPPED = {
    "spbe-2018": "instruments/spbe-2018.yaml",
    "spbe-2020": "indicators.yaml",
    "pemdi-2026": "instruments/pemdi-2026.yaml",
}


def data_file(name: str) -> Path:
    """Return the path of a data file: inside the package from a wheel, beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "data" / name
    return inside if inside.exists() else package.parent / name


def shipped_ids() -> tuple[str, ...]:
    """Return the ids of the shipped instruments, oldest first."""
    return tuple(_SHIPPED)


@cache
def shipped_instrument(id_: str) -> Instrument:
    """Return a shipped instrument; KeyError for another id.

    The tests hold its shape to the schema, so that scoring does not pay for that.
    """
    path = data_file(_SHIPPED[id_])
    instrument, problems = _read(File(str(path), path.read_bytes()), trusted=True)
    if instrument is None:
        raise InvalidInputError(problems)
    return instrument


def instrument_of_year(year: int) -> Instrument | None:
    """Return the shipped instrument that is used for the assessments of a year, if there is one."""
    ids = sorted(
        _SHIPPED, key=lambda id_: id_ != DEFAULT
    )  # the likely one first: others stay unread
    candidates = (shipped_instrument(id_) for id_ in ids)
    return next((i for i in candidates if i.is_used_in(year)), None)


def find_instrument(name: str) -> tuple[Instrument | None, list[Problem]]:
    """Return the instrument with this id or in the file of this path, or the reasons why not."""
    if name in _SHIPPED:
        return shipped_instrument(name), []
    if name == STDIN:
        return instrument_from_file(name)
    if Path(name).suffix.lower() not in (".yaml", ".yml") and not is_there(Path(name)):
        from spbe_cli.read.shape import nearest

        values = {"found": name, "known": ", ".join(_SHIPPED), **nearest(name, _SHIPPED)}
        return None, [Problem("instrument-unknown", Place(), values)]
    return instrument_from_file(name)


def instrument_from_file(path: str) -> tuple[Instrument | None, list[Problem]]:
    """Return the instrument in a YAML file, or every reason why it cannot be used."""
    file = load(path)
    if isinstance(file, Problem):
        return None, [file]
    return _read(file, trusted=False)


def _read(file: File, *, trusted: bool) -> tuple[Instrument | None, list[Problem]]:
    text, problems = decode(file)
    if text is None:
        return None, problems
    documents, in_form = parse_yaml(text)
    if in_form:
        return None, [*problems, *in_form]
    if len(documents) != 1 or not isinstance(documents[0].value, dict):
        return None, [Problem("instrument-not-one", Place(file.path))]
    tree = documents[0]
    if not trusted:
        in_shape = _shape_problems(tree, text)
        if in_shape:
            return None, in_shape
    builder = InstrumentBuilder(lambda location: tree.find(location).place(text))
    instrument = builder.build(tree.plain())
    if builder.problems:
        return None, builder.problems
    if instrument.criteria is not None:  # a path that counts from the instrument's own folder
        path = Path(file.path).parent / instrument.criteria
        instrument = replace(instrument, criteria=str(path))
    if not trusted:
        instrument = replace(instrument, path=file.path)
    return instrument, problems  # at most a notice on the encoding


def _shape_problems(tree: Node, text: Text) -> list[Problem]:
    from pydantic import ValidationError

    from spbe_cli.read.instrument_schema import InstrumentDocument
    from spbe_cli.read.shape import shape_problems

    try:
        InstrumentDocument.model_validate(tree.plain())
    except ValidationError as error:
        return shape_problems(
            error, InstrumentDocument, lambda at, key=False: tree.find(at, key=key).place(text)
        )
    return []
