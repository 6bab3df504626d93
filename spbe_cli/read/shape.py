"""From a pydantic model's complaints to problems with a place and the nearest right word."""

from functools import cache
from typing import TYPE_CHECKING, Any

from spbe_cli.core.problem import Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import BaseModel, ValidationError

    from spbe_cli.core.problem import Place
    from spbe_cli.read.grid import Location, PlaceOf

_KINDS = {
    "string_type": "not-text",
    "dict_type": "not-a-mapping",
    "model_type": "not-a-mapping",
    "list_type": "not-a-list",
    "string_too_short": "text-empty",
    "string_too_long": "text-too-long",
    "too_short": "list-empty",
    "missing": "missing-key",
    "literal_error": "not-text",
    "int_type": "not-a-whole-number",
    "int_parsing": "not-a-whole-number",
    "int_parsing_size": "not-a-whole-number",
}
_MOST_SEARCHES = 200
_IN_ENGLISH = {
    "instansi": "institution",
    "nama instansi": "institution",
    "kategori": "category",
    "provinsi": "province",
    "tahun": "year",
    "tahap": "stage",
    "instrumen": "instrument",
    "nilai": "levels",
    "tingkat": "levels",
    "tingkat kematangan": "levels",
    "catatan": "note",
    "data dukung": "evidence",
    "bukti": "evidence",
    "penanggung jawab": "responsible",
}
"""Keys as an Indonesian office would write them: no spelling is near enough to tell."""
_LIMITS = {
    "greater_than_equal": ("number-too-small", "ge"),
    "less_than_equal": ("number-too-large", "le"),
}


def without_keys(model: "type[BaseModel]", place: "Place") -> Problem:
    """Return the problem that a file holds a text, a list or a workbook in place of keys."""
    return Problem("document-without-keys", place, {"known": ", ".join(_Keys(model).at(()))})


def shape_problems(
    error: "ValidationError",
    model: "type[BaseModel]",
    place_of: "PlaceOf",
) -> list[Problem]:
    """Return a problem for each complaint of pydantic, at the key or the value it is about."""
    problems = []
    keys = _Keys(model)
    for complaint in error.errors(include_url=False, include_context=True):
        location = tuple(complaint["loc"])
        if not location:  # the document itself: a text or a list
            problems.append(without_keys(model, place_of((), False)))  # noqa: FBT003
            continue
        at_key = location[-1] == "[key]"
        if at_key:
            location = location[:-1]
        is_key = at_key or complaint["type"] == "extra_forbidden"
        problems.append(_problem(complaint, location, keys).at(place_of(location, is_key)))
    return problems


def without(data: "Mapping[str, Any]", locations: "Iterable[Location]") -> "dict[str, Any]":
    """Return nested data without what stands at the locations, to look at the rest."""
    rest = dict(data)
    for location in locations:
        *above, last = (step for step in location if step != "[key]")
        here: Any = rest
        for step in above:
            inside = here.get(step) if isinstance(here, dict) else None
            if isinstance(inside, list):  # a list goes as a whole
                last = step
                break
            if isinstance(inside, dict):
                here[step] = inside = dict(inside)  # what is above others is not changed for them
            here = inside
        if isinstance(here, dict):
            here.pop(last, None)
    return rest


def _problem(complaint: Any, location: "Location", keys: "_Keys") -> Problem:  # noqa: ANN401
    key = next((step for step in reversed(location) if isinstance(step, str)), "")
    found = complaint["input"] if isinstance(complaint["input"], str) else ""
    context: Mapping[str, Any] = complaint.get("ctx", {})
    match complaint["type"]:
        case "extra_forbidden":
            known = keys.at(location[:-1])
            values = {"key": key, "known": ", ".join(known), **keys.nearest(key, known)}
            return Problem("unknown-key", values=values)
        case "literal_error" if isinstance(complaint["input"], str):
            choices = [
                word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")
            ]
            values = {"key": key, "found": found, "choices": ", ".join(choices)}
            return Problem("unknown-choice", values={**values, **nearest(found, choices)})
        case "greater_than_equal" | "less_than_equal" as kind:
            code, limit = _LIMITS[kind]
            values = {"key": key, "found": found, "limit": str(context[limit])}
            return Problem(code, values=values)
        case kind:
            return Problem(_KINDS.get(kind, "value-wrong"), values={"key": key, "found": found})


class _Keys:
    """The keys that a model allows, and how many were compared with a wrong one."""

    def __init__(self, model: "type[BaseModel]") -> None:
        self._model = model
        self._searches = 0

    def at(self, location: "Location") -> list[str]:
        """Return the keys that are allowed at a location."""
        schema = _schema_of(self._model)
        here = schema
        for step in (None, *location):
            if step is not None:
                here = _inside(here, step)
            here = _resolved(here, schema)
        return list(here.get("properties", {}))

    def nearest(self, key: str, known: list[str]) -> dict[str, str]:
        """Return the nearest key, as far as anyone reads: behind that many none is looked for."""
        self._searches += 1
        if (meant := _IN_ENGLISH.get(key.strip().casefold())) in known:
            return {"nearest": str(meant)}
        if self._searches > _MOST_SEARCHES:
            return {}
        indonesian = [word for word, meant in _IN_ENGLISH.items() if meant in known]
        return nearest(key, [*known, *indonesian])


@cache
def _schema_of(model: "type[BaseModel]") -> Any:  # noqa: ANN401
    """Return a model's schema, made once: a file may hold thousands of sheets with complaints."""
    return model.model_json_schema()


def _inside(here: Any, step: str | int) -> Any:  # noqa: ANN401
    if isinstance(step, int):
        return here.get("items", {})
    properties = here.get("properties", {})
    return properties.get(step, here.get("additionalProperties") or {})


def _resolved(here: Any, schema: Any) -> Any:  # noqa: ANN401
    """Follow references, and of several possibilities take the one that has keys or items."""
    while True:
        if "$ref" in here:
            here = schema["$defs"][here["$ref"].rsplit("/", 1)[1]]
        elif "anyOf" in here:
            here = next(
                (s for s in here["anyOf"] if s.get("type") in (None, "object", "array")), {}
            )
        else:
            return here
