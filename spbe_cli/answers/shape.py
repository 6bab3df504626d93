"""Answers for machines, each field declared once: its name, its type, and what it is taken from.

    class LeverShape(Shape):
        indicator: str = take("indicator.code")
        from_: str = take("before")  # the key is `from`
        gain: Value  # the attribute of its own name, exact and rounded

JSON and the cells of CSV follow from that, and the JSON Schema in scripts/generate.py.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from inspect import get_annotations
from operator import attrgetter
from types import MappingProxyType, SimpleNamespace, UnionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from spbe_cli.core.number import exact, fixed

OMITTED = "left out where it is None"
"""Stands beside the type of a key that is not always there."""

Getter = Callable[[Any], Any]
Columns = Mapping[str, str | Getter]
"""Columns of a CSV: the heading, and what stands below it is taken from."""

_Writer = Callable[[Any, int], Any]


def take(source: str | Getter) -> Any:  # noqa: ANN401  (it stands where the field's value would)
    """Return what a field is taken from: attributes by their path, or a function of the source.

    A path goes no further than None: `source.path` of an assessment without a source is None.
    """
    if not isinstance(source, str):
        return source
    if "." not in source:
        return attrgetter(source)
    names = source.split(".")

    def get(value: object) -> object:
        for name in names:
            if value is None:
                return None
            value = getattr(value, name)
        return value

    return get


class Shape:
    """A JSON object; the docstring is its description in the schema.

    A field without `take` is the attribute of its own name. The fields of a shape that is
    inherited from are taken from the part of the source that `within` names, and values below are
    rounded to the decimals that `places` names. A key that is `first` in JSON may stand elsewhere
    in the schema. One that is annotated `OMITTED` is left out where its source is None.
    """

    _getters: Mapping[str, Getter] = MappingProxyType({})
    _places = ""

    def __init_subclass__(cls, *, within: str = "", places: str = "", first: str = "") -> None:
        """Keep what each field is taken from, by its name in Python."""
        found = dict(cls._getters)
        if within:
            part = take(within)
            found = {name: _chained(part, get) for name, get in found.items()}
            cls._places = cls._places and f"{within}.{cls._places}"
        found |= {name: vars(cls).get(name) or take(name) for name in get_annotations(cls)}
        cls._getters = {first: found[first], **found} if first else found
        cls._places = places or cls._places

    @classmethod
    def of(cls, source: object, places: int = 2) -> dict[str, Any]:
        """Return the object of a source: fractions as exact text, or as a `Value`."""
        kind: Any = cls
        written: dict[str, Any] = _writer(kind)(source, places)
        return written

    @classmethod
    def columns(cls, *keys: str) -> Columns:
        """Return the fields of these keys, or all, as columns of a CSV, every number exact."""
        found = {_key(name): get for name, get in cls._getters.items()}
        return {key: found[key] for key in keys or found}

    @classmethod
    def kinds(cls) -> dict[str, Any]:
        """Return the type of each key, in the order of the schema."""
        kinds = get_type_hints(cls, include_extras=True)
        return {_key(name): kind for name, kind in kinds.items() if name in cls._getters}


def _key(name: str) -> str:
    """Return the key of a field: that of `from_` is `from`, which Python keeps for itself."""
    return name.rstrip("_")


class Number(str):
    """An exact number as text: a decimal, or a fraction such as 991/300."""

    __slots__ = ()


class Count(int):
    """A number of things, or the place of one: never negative."""


class ProblemCode(str):
    """The code of a problem or notice."""

    __slots__ = ()


class Value(Shape):
    """A value: exact (a decimal, or a fraction such as 991/300) and as shown."""

    exact: Number
    rounded: Number


class SettingShape(Shape):
    """A setting that changed the answer, as no option said otherwise, and where it stands."""

    key: str
    value: str
    source: str


class Document(Shape):
    """What a command answers. `version` is its `format` and names its schema.

    A field that is renamed or removed makes a new version: a subclass beside the old one.
    """

    version = ""
    format: str
    settings: Annotated[list[SettingShape] | None, OMITTED]

    def __init_subclass__(cls) -> None:
        """Take the field `format` from the version."""
        super().__init_subclass__()
        of_all: Mapping[str, Getter] = {"format": lambda _: cls.version, "settings": lambda _: None}
        cls._getters = {**cls._getters, **of_all}

    @classmethod
    def holding(cls, **parts: object) -> dict[str, Any]:
        """Return the document whose fields are taken from these parts; it has no gates without."""
        return cls.of(SimpleNamespace(**{"gates": (), **parts}))


def csv_rows(parts: Sequence[Columns], rows: Iterable[Sequence[object]]) -> Iterator[list[str]]:
    """Yield a header and a row for each of `rows`, which holds a source for each part's columns.

    Where a source is None its cells are empty.
    """
    yield [heading for columns in parts for heading in columns]
    getters = [[take(source) for source in columns.values()] for columns in parts]
    for row in rows:
        yield [
            "" if source is None else _cell(get(source))
            for source, columns in zip(row, getters, strict=True)
            for get in columns
        ]


def _value(value: Fraction | dict[str, str], places: int) -> dict[str, str]:
    """Return a value exact and as shown; a batch shows the same value once for many rows."""
    if isinstance(value, dict):
        return value
    return {"exact": exact(value), "rounded": fixed(value, places)}


def _cell(value: object) -> str:
    return "" if value is None else _text(value)


def _text(value: object, _: int = 0) -> str:
    if type(value) is str:
        return value
    if value is None:
        raise TypeError("a field that is never null was taken from None")
    return exact(value) if isinstance(value, Fraction) else str(value)


def _chained(part: Getter, get: Getter) -> Getter:
    return lambda source: get(part(source))


@cache
def _writer(kind: Any) -> _Writer:  # noqa: ANN401  (whatever may be annotated)
    """Return what makes JSON of a value: a function of it and of the decimals shown."""
    if kind is Value:
        return _value
    if isinstance(kind, type) and issubclass(kind, str):
        return _text
    if isinstance(kind, UnionType) or get_origin(kind) is Annotated:
        some = _writer(get_args(kind)[0])
        return lambda value, places: None if value is None else some(value, places)
    if get_origin(kind) in (list, dict):
        return _collection_writer(kind)
    if isinstance(kind, type) and issubclass(kind, Shape):
        return _object_writer(kind)
    return lambda value, _: value


def _collection_writer(kind: Any) -> _Writer:  # noqa: ANN401
    item = _writer(get_args(kind)[-1])
    if get_origin(kind) is list:
        return lambda values, places: [item(value, places) for value in values]
    return lambda values, places: {str(key): item(each, places) for key, each in values.items()}


def _object_writer(shape: type[Shape]) -> _Writer:
    kinds = shape.kinds()
    fields = [(key, take(get), _writer(kinds[key])) for key, get in shape.columns().items()]
    left_out = [key for key, kind in kinds.items() if get_origin(kind) is Annotated]
    own_places = take(shape._places) if shape._places else None  # noqa: SLF001  (of its own module)

    def write(source: object, places: int) -> dict[str, Any]:
        if own_places is not None:
            places = own_places(source)
        written = {key: made(get(source), places) for key, get, made in fields}
        for key in left_out:
            if written[key] is None:
                del written[key]
        return written

    return write
