"""Instruments by id, by year and from files, with their level criteria."""

from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

from spbe_cli.core.instrument import (
    Criteria,
    Instrument,
)
from spbe_cli.core.number import is_number, parse
from spbe_cli.core.problem import (
    InvalidInputError,
    Place,
    Problem,
    Severity,
    errors_of,
    nearest,
)
from spbe_cli.read.instrument_builder import InstrumentBuilder
from spbe_cli.read.text import STDIN, File, Text, decode, is_there, load, note_status
from spbe_cli.read.yaml import Node, parse_yaml

_INSTRUMENT_KEYS = {"id", "scale", "predicates"}
"""What no file has that is no instrument."""

DEFAULT = "spbe-2020"
_SHIPPED = {
    "spbe-2018": "instruments/spbe-2018.yaml",
    "spbe-2020": "indicators.yaml",
    "pemdi-2026": "instruments/pemdi-2026.yaml",
    "epss-2022": "instruments/epss-2022.yaml",
}
_BESIDE = {"epss-2022"}  # used beside another instrument, so that no year means it


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
    own = (id_ for id_ in _SHIPPED if id_ not in _BESIDE)
    ids = sorted(own, key=lambda id_: id_ != DEFAULT)  # the likely one first: others stay unread
    candidates = (shipped_instrument(id_) for id_ in ids)
    return next((i for i in candidates if i.is_used_in(year)), None)


def instruments_of_years() -> list[Instrument]:
    """Return the shipped instruments that some year means, oldest first."""
    return [shipped_instrument(id_) for id_ in _SHIPPED if id_ not in _BESIDE]


def provisional_notice(instrument: Instrument, place: Place) -> Problem:
    """Return that an instrument is provisional, and how much of it is sure."""
    values = {"instrument": instrument.id}
    if not instrument.reasons:
        return Problem("instrument-unconfirmed", place, values, Severity.NOTICE)
    values |= instrument.reasons_by_standing()
    return Problem("instrument-provisional", place, values, Severity.NOTICE)


def instrument_of(
    name: str | None, year: int | None, at: Place | None = None
) -> tuple[Instrument | None, list[Problem]]:
    """Return the instrument that is named, else that of the year, else the default; or why none.

    `at` is where the year stands.
    """
    if name is not None:
        return find_instrument(name)
    found = shipped_instrument(DEFAULT) if year is None else instrument_of_year(year)
    if found is not None:
        return found, []
    values = {"year": str(year), "known": ", ".join(_SHIPPED)}
    return None, [Problem("year-without-instrument", at or Place(), values)]


def find_instrument(name: str) -> tuple[Instrument | None, list[Problem]]:
    """Return the instrument with this id or in the file of this path, or the reasons why not."""
    if name in _SHIPPED:
        return shipped_instrument(name), []
    if name == STDIN:
        return instrument_from_file(name)
    path = Path(name)
    return instrument_from_file(name) if _is_file(path) or is_there(path) else _unknown(name)


def _is_file(path: Path) -> bool:
    """Return whether a name is that of a file with an instrument, there or not."""
    return path.suffix.lower() in (".yaml", ".yml")


def _unknown(name: str) -> tuple[None, list[Problem]]:
    values = {"found": name, "known": ", ".join(_SHIPPED), **nearest(name, _SHIPPED)}
    return None, [Problem("instrument-unknown", Place(), values)]


def instrument_from_file(path: str) -> tuple[Instrument | None, list[Problem]]:
    """Return the instrument in a YAML file, or every reason why it cannot be used."""
    file = load(path, regular=True)
    if isinstance(file, Problem):
        return None, [file]
    return _read(file, trusted=False)


def referenced_instrument(name: str) -> tuple[Instrument | None, list[Problem]]:
    """Return the instrument that a score sheet names, or why there is none.

    Whoever wrote the sheet may have named any file of ours: nothing of it is shown unless it is an
    instrument. Standard input is nothing that a sheet can name.
    """
    if name == STDIN:
        return None, [Problem("instrument-not-one", Place())]
    path = Path(name)
    if name in _SHIPPED or not is_there(path):
        return find_instrument(name) if name in _SHIPPED or _is_file(path) else _unknown(name)
    status = path.stat()
    note_status(status)  # also where it is known from before
    instrument, problems = _referenced(name, status.st_ino, status.st_size, status.st_mtime_ns)
    return instrument, list(problems)


@lru_cache(maxsize=8)
def _referenced(name: str, *_status: int) -> tuple[Instrument | None, tuple[Problem, ...]]:
    """Read a file once, as long as it stays as it is: thousands of sheets may name it."""
    file = load(name, regular=True)
    if isinstance(file, Problem):
        return None, (file,)
    text, _ = decode(file)
    documents, _ = ([], []) if text is None else parse_yaml(text)
    keys = documents[0].value if documents else None
    if not isinstance(keys, dict) or not keys.keys() >= _INSTRUMENT_KEYS:
        return None, (Problem("instrument-not-one", Place(name)),)
    instrument, problems = _read(file, trusted=False)
    return instrument, tuple(problems)


def _read(file: File, *, trusted: bool) -> tuple[Instrument | None, list[Problem]]:
    text, problems = decode(file)
    if text is None:
        is_binary = any(problem.code == "file-binary" for problem in problems)
        return None, [Problem("instrument-not-one", Place(file.path))] if is_binary else problems
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
    if not trusted:
        _check_own(instrument, tree, builder)
    problems += builder.problems
    if errors_of(problems):
        return None, problems
    instrument = _with_paths(instrument, Path(file.path).parent)
    if not trusted:
        instrument = replace(instrument, path=file.path)
    return instrument, problems  # at most notices: the encoding, the id


def _with_paths(instrument: Instrument, folder: Path) -> Instrument:
    """Return the instrument with the paths in it, which count from its own folder."""
    names = (instrument.criteria, instrument.carried)
    criteria, carried = (None if name is None else str(folder / name) for name in names)
    return replace(instrument, criteria=criteria, carried=carried)


def _check_own(instrument: Instrument, tree: Node, builder: InstrumentBuilder) -> None:
    """Report what a user's own instrument must not be; a copy of a shipped one may keep its id."""
    from spbe_cli.read.instrument_checks import check

    check(tree.plain(), builder.report)
    shipped = next((id_ for id_ in _SHIPPED if id_ == instrument.id.casefold()), None)
    if shipped is None:
        return
    other = shipped_instrument(shipped)
    if instrument != replace(other, criteria=instrument.criteria, carried=instrument.carried):
        shared = instrument.indicator_by_code.keys() & other.indicator_by_code.keys()
        severity = Severity.ERROR if shared else Severity.NOTICE  # no sheet fits both
        builder.report("instrument-id-taken", ("id",), severity, found=instrument.id)


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


def read_criteria(instrument: Instrument) -> tuple[dict[str, Criteria], list[Problem]]:
    """Return the criteria by indicator code, empty for an instrument without, and all problems."""
    if instrument.criteria is None:
        return {}, []
    from spbe_cli.read.instrument_schema import CriteriaDocument
    from spbe_cli.read.yaml import read_document

    read = read_document(instrument.criteria, CriteriaDocument, named_by_file=True)
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
    doubt = document.doubtful_counts
    return {
        code: Criteria(
            about=criteria.about,
            levels={parse(level): says for level, says in criteria.levels.items()},
            evidence={parse(level): tuple(items) for level, items in criteria.evidence.items()},
            doubtful=doubt.source if doubt is not None and code in doubt.indicators else "",
        )
        for code, criteria in document.indicators.items()
    }, problems
